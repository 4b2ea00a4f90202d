/**
 * @file
 * iPerf 2 over TCP: a server that measures what arrives, and a client that sends for ten seconds.
 * Works with iperf 2.0 and 2.1. An application of the raw API: its thread, or with the core lock.
 */
#ifndef LWIP_HDR_APPS_LWIPERF_H
#define LWIP_HDR_APPS_LWIPERF_H

#include "lwip/opt.h"
#include "lwip/ip_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LWIPERF_TCP_PORT_DEFAULT 5001

/** How a session ended. */
enum lwiperf_report_type {
  LWIPERF_TCP_DONE_SERVER,   /* the client has sent all */
  LWIPERF_TCP_DONE_CLIENT,   /* our time is over */
  LWIPERF_TCP_ABORTED_LOCAL, /* lwiperf_abort(), or the other side was silent for too long */
  LWIPERF_TCP_ABORTED_LOCAL_DATAERROR, /* not the bytes that were expected */
  LWIPERF_TCP_ABORTED_LOCAL_TXERROR,   /* tcp_write() failed */
  LWIPERF_TCP_ABORTED_REMOTE           /* reset, or never connected */
};

enum lwiperf_client_type {
  LWIPERF_CLIENT,  /* we send */
  LWIPERF_DUAL,    /* ... and the other side sends to us at the same time */
  LWIPERF_TRADEOFF /* ... and the other side sends to us afterwards */
};

/**
 * Told when a connection ends.
 *
 * @param bytes_transferred  of payload; 0xffffffff: that or more
 * @param ms_duration        since the connection stands
 * @param bandwidth_kbitpsec 1,000 bit/s, of all bytes
 */
typedef void (*lwiperf_report_fn)(void *arg, enum lwiperf_report_type report_type,
                                  const ip_addr_t *local_addr, u16_t local_port,
                                  const ip_addr_t *remote_addr, u16_t remote_port,
                                  u32_t bytes_transferred, u32_t ms_duration,
                                  u32_t bandwidth_kbitpsec);

/**
 * Listen. Each connection is reported when it ends; where a client asks for the way back (iperf -d
 * and -r), we send to it, and that is reported, too.
 *
 * @return handle for lwiperf_abort(); NULL: the port is taken, or memory is short
 */
void *lwiperf_start_tcp_server(const ip_addr_t *local_addr, u16_t local_port,
                               lwiperf_report_fn report_fn, void *report_arg);

/** The same on port 5001 of LWIPERF_SERVER_IP_TYPE's wildcard. */
void *lwiperf_start_tcp_server_default(lwiperf_report_fn report_fn, void *report_arg);

/**
 * Connect and send for ten seconds. With LWIPERF_DUAL and LWIPERF_TRADEOFF a port of our own is
 * opened to that host, and told, until its connection has come and gone.
 *
 * @return handle for lwiperf_abort(), valid until the report; NULL: no route, or memory is short
 */
void *lwiperf_start_tcp_client(const ip_addr_t *remote_addr, u16_t remote_port,
                               enum lwiperf_client_type type, lwiperf_report_fn report_fn,
                               void *report_arg);

/** The same to port 5001, LWIPERF_CLIENT. */
void *lwiperf_start_tcp_client_default(const ip_addr_t *remote_addr, lwiperf_report_fn report_fn,
                                       void *report_arg);

/** End a session and those that came from it; the connections are reported as
    LWIPERF_TCP_ABORTED_LOCAL. A handle that is not valid any more does nothing. */
void lwiperf_abort(void *lwiperf_session);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_APPS_LWIPERF_H */
