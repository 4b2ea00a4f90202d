/**
 * @file
 * The device: a small networked product, made of the stack's applications and a dashboard.
 *
 * It configures its netif (DHCP with AutoIP, SLAAC), serves its page and JSON on port 80, iperf on
 * port 5001, and echoes TCP and UDP on port 7. The code is for any port and the raw API alone;
 * main.c puts it on Unix. All state is the current instance's, so that one process may hold many.
 *
 * All functions: core lock held.
 */
#ifndef EXAMPLES_DEVICE_H
#define EXAMPLES_DEVICE_H

#include <stdbool.h>
#include <stdio.h>
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How packets of a netif are captured and read back (pcapng). One capture at a time and instance;
 * what it has can be read while it runs and after, until the next begins.
 */
struct device_capture {
  err_t (*start)(struct netif *netif, const char *path); /* forgets what was captured before */
  void (*stop)(void);                                    /* harmless without a capture */
  void (*close)(void);                                   /* stop, and forget all */
  u32_t (*size)(void);                                   /* bytes that can be read by now */
  int (*read)(u32_t offset, void *buf, u32_t len);       /* @return bytes; -1: error */
};

/** Into a file; for ports with gossamer/capture.h (capture_file.c). */
extern const struct device_capture device_capture_file;

/** What a device is. Copied; what it points to must stay until device_stop(). */
struct device_config {
  struct netif *netif;                  /* added and up; its link may come later */
  const char *hostname;                 /* for DHCP and the page; NULL: "gossamer" */
  u16_t http_port;                      /* 0: 80 */
  u16_t iperf_public_port;              /* where the page's readers reach iperf; 0: as here, 5001 */
  const struct device_capture *capture; /* NULL: the page offers none */
  const char *capture_path;             /* for capture->start(); NULL: a temporary file */
  bool is_capturing;                    /* capture from the start on */
};

/**
 * Start everything.
 *
 * @return ERR_OK; ERR_ARG: no netif; ERR_ALREADY: there is a device in this instance; ERR_USE: a
 *         port is taken; ERR_MEM; the error of capture->start(). Nothing runs then
 */
err_t device_start(const struct device_config *config);

/** End what device_start() began: the lease is given back, all connections of the services end. */
void device_stop(void);

/**
 * Where a browser finds the device: "http://10.77.0.2/", "http://[2001:db8::1]/".
 *
 * @return false: it has no usable address yet (`url` is empty)
 */
bool device_url(char *url, size_t size);

/** One screen of text, 80 columns: what the page shows. */
void device_print(FILE *out);

#ifdef __cplusplus
}
#endif

#endif /* EXAMPLES_DEVICE_H */
