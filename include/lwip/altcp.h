/**
 * @file
 * TCP's raw API over layers: one set of functions for programs that run over TCP, or over TLS or a
 * proxy above it, as is decided when the connection is made.
 *
 * A connection is a stack of struct altcp_pcb; programs hold the topmost. Everything means what it
 * means for TCP (lwip/tcp.h: callbacks, errors, who frees what, ERR_ABRT): after altcp_close() has
 * returned ERR_OK, after altcp_abort() and after the error callback the pcb is not the program's
 * any more. All functions run with the core lock held.
 *
 * With LWIP_ALTCP 0 the same names are TCP's own functions, at no cost, and every connection is one
 * over plain TCP. (The allocator that altcp_new() takes is ignored.)
 */
#ifndef LWIP_HDR_ALTCP_H
#define LWIP_HDR_ALTCP_H

#include "lwip/opt.h"

#if LWIP_ALTCP

#include "lwip/tcpbase.h"
#include "lwip/err.h"
#include "lwip/pbuf.h"
#include "lwip/ip_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

struct altcp_pcb;
struct altcp_functions;

/** A connection came in; `new_conn` NULL with ERR_MEM: there was no pcb for it. See tcp_accept_fn.
 */
typedef err_t (*altcp_accept_fn)(void *arg, struct altcp_pcb *new_conn, err_t err);
/** altcp_connect() has succeeded. See tcp_connected_fn. */
typedef err_t (*altcp_connected_fn)(void *arg, struct altcp_pcb *conn, err_t err);
/** Data came, or the end of them (`p` NULL). See tcp_recv_fn. */
typedef err_t (*altcp_recv_fn)(void *arg, struct altcp_pcb *conn, struct pbuf *p, err_t err);
/** `len` more bytes have been acknowledged. See tcp_sent_fn. */
typedef err_t (*altcp_sent_fn)(void *arg, struct altcp_pcb *conn, u16_t len);
/** Called at intervals. See tcp_poll_fn. */
typedef err_t (*altcp_poll_fn)(void *arg, struct altcp_pcb *conn);
/** The connection has ended, and its pcb is gone. See tcp_err_fn. */
typedef void (*altcp_err_fn)(void *arg, err_t err);

/** Makes the connection that an altcp_allocator_t stands for. */
typedef struct altcp_pcb *(*altcp_new_fn)(void *arg, u8_t ip_type);

/** One layer of a connection. Programs pass it around; layers use it (lwip/priv/altcp_priv.h). */
struct altcp_pcb {
  const struct altcp_functions *fns;
  struct altcp_pcb *inner_conn; /* the layer below; NULL: none */
  void *arg;
  void *state; /* the layer's own; over TCP: its struct tcp_pcb */
  /* what the program, or the layer above, wants to hear */
  altcp_accept_fn accept;
  altcp_connected_fn connected;
  altcp_recv_fn recv;
  altcp_sent_fn sent;
  altcp_poll_fn poll;
  altcp_err_fn err;
  u8_t pollinterval;
};

/** Which layers a connection is to have: altcp_tcp_alloc(), or that of TLS, and its argument. */
typedef struct altcp_allocator_s {
  altcp_new_fn alloc;
  void *arg;
} altcp_allocator_t;

/** A new IPv4 connection of the allocator's kind; NULL: over TCP. @return NULL: no memory */
struct altcp_pcb *altcp_new(altcp_allocator_t *allocator);
/** The same for IPv6. */
struct altcp_pcb *altcp_new_ip6(altcp_allocator_t *allocator);
/** The same for IPADDR_TYPE_V4, _V6 or _ANY (dual stack). */
struct altcp_pcb *altcp_new_ip_type(altcp_allocator_t *allocator, u8_t ip_type);

void altcp_arg(struct altcp_pcb *conn, void *arg);
void altcp_accept(struct altcp_pcb *conn, altcp_accept_fn accept);
void altcp_recv(struct altcp_pcb *conn, altcp_recv_fn recv);
void altcp_sent(struct altcp_pcb *conn, altcp_sent_fn sent);
/** Call `poll` every `interval` half seconds; 0: never. */
void altcp_poll(struct altcp_pcb *conn, altcp_poll_fn poll, u8_t interval);
void altcp_err(struct altcp_pcb *conn, altcp_err_fn err);

/** The program has consumed `len` bytes. */
void altcp_recved(struct altcp_pcb *conn, u16_t len);
/** As tcp_bind(). ERR_VAL: no connection (so with all functions that return an err_t) */
err_t altcp_bind(struct altcp_pcb *conn, const ip_addr_t *ipaddr, u16_t port);
/** As tcp_connect(). */
err_t altcp_connect(struct altcp_pcb *conn, const ip_addr_t *ipaddr, u16_t port,
                    altcp_connected_fn connected);

/** As tcp_listen_with_backlog_and_err(). @return `conn`, now a listener; NULL: error, still what it
    was */
struct altcp_pcb *altcp_listen_with_backlog_and_err(struct altcp_pcb *conn, u8_t backlog,
                                                    err_t *err);
#define altcp_listen_with_backlog(conn, backlog)                                                   \
  altcp_listen_with_backlog_and_err(conn, backlog, NULL)
#define altcp_listen(conn) altcp_listen_with_backlog_and_err(conn, TCP_DEFAULT_LISTEN_BACKLOG, NULL)

/** As tcp_abort(): the error callback hears ERR_ABRT. */
void altcp_abort(struct altcp_pcb *conn);
/** As tcp_close(). @return ERR_OK: the pcb is gone; otherwise it is as before */
err_t altcp_close(struct altcp_pcb *conn);
/** As tcp_shutdown(): both directions are altcp_close(). */
err_t altcp_shutdown(struct altcp_pcb *conn, int shut_rx, int shut_tx);

err_t altcp_write(struct altcp_pcb *conn, const void *dataptr, u16_t len, u8_t apiflags);
err_t altcp_output(struct altcp_pcb *conn);

/* What TCP says; 0 where there is no connection. */
u16_t altcp_mss(struct altcp_pcb *conn);
u16_t altcp_sndbuf(struct altcp_pcb *conn);
u16_t altcp_sndqueuelen(struct altcp_pcb *conn);
void altcp_nagle_disable(struct altcp_pcb *conn);
void altcp_nagle_enable(struct altcp_pcb *conn);
int altcp_nagle_disabled(struct altcp_pcb *conn);
void altcp_setprio(struct altcp_pcb *conn, u8_t prio);

/** Our (`local`) or the peer's address and port. ERR_VAL: there is none */
err_t altcp_get_tcp_addrinfo(struct altcp_pcb *conn, int local, ip_addr_t *addr, u16_t *port);
/** The address alone, inside of the connection; NULL: there is none. */
ip_addr_t *altcp_get_ip(struct altcp_pcb *conn, int local);
/** The port alone. */
u16_t altcp_get_port(struct altcp_pcb *conn, int local);

#if LWIP_TCP_KEEPALIVE
void altcp_keepalive_disable(struct altcp_pcb *conn);
/** Probe after `idle` ms without a word, every `intvl` ms, `count` times; 0: TCP's default. */
void altcp_keepalive_enable(struct altcp_pcb *conn, u32_t idle, u32_t intvl, u32_t count);
#endif

enum tcp_state altcp_dbg_get_tcp_state(struct altcp_pcb *conn);

#ifdef __cplusplus
}
#endif

#else /* LWIP_ALTCP */

#include "lwip/tcp.h"

#define altcp_accept_fn                       tcp_accept_fn
#define altcp_connected_fn                    tcp_connected_fn
#define altcp_recv_fn                         tcp_recv_fn
#define altcp_sent_fn                         tcp_sent_fn
#define altcp_poll_fn                         tcp_poll_fn
#define altcp_err_fn                          tcp_err_fn
#define altcp_pcb                             tcp_pcb
#define altcp_tcp_new_ip_type                 tcp_new_ip_type
#define altcp_tcp_new                         tcp_new
#define altcp_tcp_new_ip6                     tcp_new_ip6
#define altcp_new(allocator)                  tcp_new()
#define altcp_new_ip6(allocator)              tcp_new_ip6()
#define altcp_new_ip_type(allocator, ip_type) tcp_new_ip_type(ip_type)
#define altcp_arg                             tcp_arg
#define altcp_accept                          tcp_accept
#define altcp_recv                            tcp_recv
#define altcp_sent                            tcp_sent
#define altcp_poll                            tcp_poll
#define altcp_err                             tcp_err
#define altcp_recved                          tcp_recved
#define altcp_bind                            tcp_bind
#define altcp_connect                         tcp_connect
#define altcp_listen_with_backlog_and_err     tcp_listen_with_backlog_and_err
#define altcp_listen_with_backlog             tcp_listen_with_backlog
#define altcp_listen                          tcp_listen
#define altcp_abort                           tcp_abort
#define altcp_close                           tcp_close
#define altcp_shutdown                        tcp_shutdown
#define altcp_write                           tcp_write
#define altcp_output                          tcp_output
#define altcp_mss                             tcp_mss
#define altcp_sndbuf                          tcp_sndbuf
#define altcp_sndqueuelen                     tcp_sndqueuelen
#define altcp_nagle_disable                   tcp_nagle_disable
#define altcp_nagle_enable                    tcp_nagle_enable
#define altcp_nagle_disabled                  tcp_nagle_disabled
#define altcp_setprio                         tcp_setprio
#define altcp_get_tcp_addrinfo                tcp_get_tcp_addrinfo
#define altcp_get_ip(pcb, local)              ((local) ? (&(pcb)->local_ip) : (&(pcb)->remote_ip))
#define altcp_get_port(pcb, local)            ((local) ? (pcb)->local_port : (pcb)->remote_port)

#if LWIP_TCP_KEEPALIVE
#define altcp_keepalive_disable(pcb) ip_reset_option(pcb, SOF_KEEPALIVE)
#define altcp_keepalive_enable(pcb, idle, intvl, count)                                            \
  do {                                                                                             \
    ip_set_option(pcb, SOF_KEEPALIVE);                                                             \
    (pcb)->keep_idle = (idle) ? (idle) : TCP_KEEPIDLE_DEFAULT;                                     \
    (pcb)->keep_intvl = (intvl) ? (intvl) : TCP_KEEPINTVL_DEFAULT;                                 \
    (pcb)->keep_cnt = (u8_t)LWIP_MIN((count) ? (count) : TCP_KEEPCNT_DEFAULT, 0xffU);              \
    tcp_output(pcb);                                                                               \
  } while (0)
#endif

#define altcp_dbg_get_tcp_state tcp_dbg_get_tcp_state

#endif /* LWIP_ALTCP */

#endif /* LWIP_HDR_ALTCP_H */
