/**
 * @file
 * Ethernet devices of a Unix process: TAP interfaces and datagram sockets.
 *
 * Frames are read and written in batches: what a turn of the main loop sends leaves at its end
 * together. An open device is a struct port_source for the loop (port/loop.h) and, once added, a
 * netif like any other. One thread at a time, the stack's; or the device gets a thread of its own
 * (ethdev_start()) and needs no loop.
 */
#ifndef PORT_ETHDEV_H
#define PORT_ETHDEV_H

#include "lwip/netif.h"
#include "port/impair.h"
#include "port/loop.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for the one line that says why a device could not be opened. */
#define ETHDEV_ERROR_LEN 200

struct ethdev_batch;
struct ethdev_thread;
struct ethdev_vnet;

struct ethdev {
  struct port_source source;
  struct netif *netif; /* where frames go, and `own` for devices opened here */
  struct netif own;
  struct ethdev_batch *tx; /* frames not written yet */
  struct impair *line_tx;  /* what happens to frames under way; NULL: nothing */
  struct impair *line_rx;
  struct ethdev_vnet *vnet;     /* of ethdev_open_tap_offload(); NULL: plain frames */
  struct ethdev_thread *thread; /* ethdev_start()'s; NULL: a loop reads */
  char remote_path[108];        /* datagram socket: where frames are sent */
  char local_path[108];         /* datagram socket: our name, removed when closed */
  u8_t mac[6];
  u8_t is_socket;
  u8_t is_reading;  /* its thread is at work, and writes when it has read all */
  u8_t is_stalled;  /* datagram socket: the other side did not read when waited for */
  u32_t tx_dropped; /* frames that the other side had no room for */
};

/**
 * Open a TAP interface (Linux), creating it when it does not exist; needs CAP_NET_ADMIN or an
 * interface made for this user (`ip tuntap add NAME mode tap user USER`).
 *
 * @param name   interface
 * @param mac    our hardware address; NULL: a random local one
 * @param error  ETHDEV_ERROR_LEN bytes, set to one line when it fails
 * @return a device to close with ethdev_close(), or NULL
 */
struct ethdev *ethdev_open_tap(const char *name, const u8_t mac[6], char *error);

/**
 * The same, and the kernel and the stack leave work on TCP packets to each other: they cross in
 * pieces of up to 64 KiB and without checksums, which makes much data much cheaper. Who looks at
 * the interface (tcpdump, gossamer/capture.h) sees them like that, as on other interfaces that do
 * it. Not to be impaired. Where LWIP_OFFLOAD is 0 it is ethdev_open_tap().
 */
struct ethdev *ethdev_open_tap_offload(const char *name, const u8_t mac[6], char *error);

/**
 * Open a Unix datagram socket that carries one Ethernet frame per datagram. Needs no privileges;
 * the other side is another stack, QEMU (`-netdev dgram,id=n,local.type=unix,local.path=REMOTE,
 * remote.type=unix,remote.path=LOCAL`), user-mode Linux or a test.
 *
 * @param local   path of our end; a stale socket there is replaced
 * @param remote  path of the other end, which may come into being later
 */
struct ethdev *ethdev_open_unix(const char *local, const char *remote, const u8_t mac[6],
                                char *error);

/**
 * Make a device of a descriptor that carries one Ethernet frame per read() and write(): one end of a
 * pair of datagram sockets, such as a port of a private network (gossamer/hostnet.h). It is set
 * non-blocking, and is the device's from now on, to be closed with it, also when this fails.
 *
 * @param fd     negative: fails
 * @param mac    our hardware address; NULL: a random local one
 * @param error  as above
 */
struct ethdev *ethdev_open_fd(int fd, const u8_t mac[6], char *error);

/** netif_add() with these addresses (NULL: none; nothing else in a build without IPv4),
    administratively and link up. */
err_t ethdev_add(struct ethdev *dev, const ip4_addr_t *addr, const ip4_addr_t *mask,
                 const ip4_addr_t *gw);

/**
 * From now on frames of both directions, each for itself, meet with what `settings` say (the
 * mishaps of the two directions differ). Frames still under way are lost. NULL: nothing happens to
 * them.
 *
 * @return ERR_OK; ERR_MEM: nothing happens to frames; ERR_VAL: ethdev_open_tap_offload() opened it
 */
err_t ethdev_impair(struct ethdev *dev, const struct impair_settings *settings);

/**
 * Give an added device a thread that reads it and processes what it reads, under the core lock of
 * the current instance, until ethdev_close(). What is sent is written at once.
 *
 * @return ERR_OK; ERR_VAL: it has one already, or the core has no lock; ERR_MEM
 */
err_t ethdev_start(struct ethdev *dev);

/** Remove the netif if it was added, close, free. Without the core lock if it has a thread. */
void ethdev_close(struct ethdev *dev);

/** Netif functions of any ethdev: for drivers that add `dev` to a netif of their own. */
err_t ethdev_netif_init(struct netif *netif);

#ifdef __cplusplus
}
#endif

#endif /* PORT_ETHDEV_H */
