/**
 * @file
 * Capturing what an interface sends and receives into a pcapng file, on and off at run time.
 *
 * A capture is one file; any number of interfaces can be tapped into it, also of several instances,
 * and one interface into several captures. Ethernet interfaces are captured as frames, others as IP
 * packets. Everything is passed on unchanged. In ports that have files (ports/unix). Threads: core
 * lock held.
 *
 *     struct capture *c = capture_open("/tmp/a.pcapng");
 *     capture_start(c, netif);
 *     ...
 *     capture_close(c);
 */
#ifndef GOSSAMER_CAPTURE_H
#define GOSSAMER_CAPTURE_H

#include "lwip/err.h"

#ifdef __cplusplus
extern "C" {
#endif

struct capture;
struct netif;

/** Create (or truncate) a capture file. NULL: it cannot be written, errno says why. */
struct capture *capture_open(const char *path);

/**
 * Capture `netif` from now on.
 *
 * @return ERR_OK; ERR_USE: it is in this capture already; ERR_MEM
 */
err_t capture_start(struct capture *c, struct netif *netif);

/** Stop all captures of `netif`, before it is removed at the latest; harmless when there are none.
 */
void capture_stop(struct netif *netif);

/** Write what has come so far, for somebody who reads along. From any thread. */
void capture_flush(struct capture *c);

/**
 * Stop all of this capture's interfaces in the current instance (those of others have been stopped)
 * and finish the file. ERR_BUF: not all was written.
 */
err_t capture_close(struct capture *c);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_CAPTURE_H */
