/**
 * @file
 * What netconns and sockets share: connections with queues of what has come, that threads wait for.
 *
 * All functions here want the core lock of the connection's instance. One that waits gives it up
 * meanwhile; when it returns ERR_CLSD the connection was deleted by another thread, and its memory
 * may be gone: do not touch it.
 *
 *   netconn.c    the public calls: enter the instance, take the lock, do, leave
 *   conn.c       life, errors, events, waiting
 *   conn_tcp.c   TCP: what the raw API calls back, connect, accept, reading, writing, closing
 *   conn_udp.c   UDP and raw
 *   conn_group.c memberships in groups
 *   wait.c       threads asleep
 */
#ifndef API_CONN_H
#define API_CONN_H

#include "lwip/opt.h"

#include "lwip/api.h"
#include "lwip/errno.h"
#include "lwip/ip.h"
#include "lwip/raw.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "lwip/priv/api_core.h"
#include "lwip/priv/conn_fields.h"
#include "api/wait.h"

/* struct netconn.conditions */
#define CONN_END      0x01U /* the peer has closed: nothing comes behind the queue */
#define CONN_SHUT_RX  0x02U /* the program reads no more */
#define CONN_SHUT_TX  0x04U /* the program writes no more */
#define CONN_DELETED  0x08U /* freed as soon as nobody is inside */
#define CONN_OPENED   0x10U /* TCP: has been connected */
#define CONN_OWNED    0x20U /* netconn_prepare_delete() was called: the program still holds it */
#define CONN_URGENT   0x40U /* urgent data are to come or in the queue */
#define CONN_LISTENED 0x80U /* is or was a listener */

/** Protocol of a connection. */
static inline bool conn_is_tcp(const struct netconn *conn)
{
  return NETCONNTYPE_GROUP(conn->type) == NETCONN_TCP;
}
static inline bool conn_is_udp(const struct netconn *conn)
{
  return NETCONNTYPE_GROUP(conn->type) == NETCONN_UDP;
}
static inline bool conn_is_raw(const struct netconn *conn)
{
  return NETCONNTYPE_GROUP(conn->type) == NETCONN_RAW;
}

/* --- life (conn.c) --- */

/** A connection without a pcb, in the current instance; NULL: no memory. */
struct netconn *conn_alloc(enum netconn_type type, netconn_callback callback);
/** The same with its pcb. */
struct netconn *conn_new(enum netconn_type type, u8_t proto, netconn_callback callback);
/** Let go of pcb and queue (TCP closes in the background) and wake whoever waits. */
void conn_end(struct netconn *conn);
/** conn_end(), then free it now or when the last waiting call has left. */
void conn_delete(struct netconn *conn);

/* --- events and errors --- */

/** Tell the callback and the threads that wait. */
void conn_event(struct netconn *conn, enum netconn_evt evt, u16_t len);
/** The connection has failed: remember why, and tell. `error`: errno */
void conn_fail(struct netconn *conn, err_t err, int error);
/** What has gone wrong, once. @param error  gets the errno; may be NULL */
err_t conn_take_error(struct netconn *conn, int *error);
/** API_* bits that are true now. */
u8_t conn_readiness(struct netconn *conn);

/* --- waiting --- */

/** May this call wait? `apiflags`: NETCONN_DONTBLOCK */
static inline bool conn_may_wait(const struct netconn *conn, u8_t apiflags)
{
  return !netconn_is_nonblocking(conn) && (apiflags & NETCONN_DONTBLOCK) == 0 && core_may_wait();
}
/**
 * Wait for one of the events (API_*); also ends when the connection fails.
 *
 * @return ERR_OK: look again; ERR_TIMEOUT; ERR_CLSD: deleted, do not touch it; ERR_MEM
 */
err_t conn_wait(struct netconn *conn, u8_t events, const struct api_deadline *deadline);
/** Deadlines of the connection's timeouts, from now. */
struct api_deadline conn_recv_deadline(const struct netconn *conn);
struct api_deadline conn_send_deadline(const struct netconn *conn);
/** Is there something in the queue, an end or an error? Waits for it. @return ERR_OK;
   ERR_WOULDBLOCK; ERR_TIMEOUT; ERR_CLSD: deleted; ERR_MEM */
err_t conn_wait_readable(struct netconn *conn, u8_t apiflags, const struct api_deadline *deadline);

/* --- addresses (conn_addr.c) --- */

err_t conn_bind(struct netconn *conn, const ip_addr_t *addr, u16_t port);
err_t conn_bind_if(struct netconn *conn, u8_t if_idx);
err_t conn_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port);
err_t conn_disconnect(struct netconn *conn);
/** Neither bound nor connected? */
bool conn_may_bind(const struct netconn *conn);
/** Could somebody be bound to it: any, a group, a broadcast, an address of ours? */
bool conn_address_is_ours(const ip_addr_t *addr);
/** Is `addr` (NULL: the connection's peer) a broadcast of one of our networks? */
bool conn_address_is_broadcast(const struct netconn *conn, const ip_addr_t *addr);
/** Ours or the peer's. @return ERR_CONN: there is none */
err_t conn_address(const struct netconn *conn, ip_addr_t *addr, u16_t *port, bool is_local);
/** Who connects to any address means this host (as BSD). */
void conn_any_is_loopback(ip_addr_t *addr);
/** UDP and raw; ERR_CONN: no peer. */
err_t conn_datagram_shutdown(struct netconn *conn, bool rx, bool tx);

/* --- queues (conn.c) --- */

void conn_datagram_put(struct netconn *conn, struct netbuf *buf);
/** @return NULL: none */
struct netbuf *conn_datagram_take(struct netconn *conn);
/** Free everything in the queue. */
void conn_queue_free(struct netconn *conn);

/* --- TCP (conn_tcp.c) --- */

/** `pcb` is this connection's: callbacks come here. */
void conn_tcp_attach(struct netconn *conn, struct tcp_pcb *pcb);
err_t conn_tcp_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port);
/** Only begin to; the connection is NETCONN_CONNECT then. */
err_t conn_tcp_begin_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port);
/** @return ERR_OK: it has ended, look at CONN_OPENED; ERR_TIMEOUT; ERR_CLSD: deleted; ERR_MEM */
err_t conn_tcp_wait_connected(struct netconn *conn);
err_t conn_tcp_listen(struct netconn *conn, u8_t backlog);
err_t conn_tcp_accept(struct netconn *conn, u8_t apiflags, struct netconn **new_conn);
/** The first packet of the queue; NULL: none. */
struct pbuf *conn_tcp_take(struct netconn *conn);
/** The program has consumed `len` bytes. */
void conn_tcp_consumed(struct netconn *conn, size_t len);
/** Queue data to be sent, waiting as allowed. @param written  gets how many, also on error */
err_t conn_tcp_write(struct netconn *conn, const struct netvector *vec, size_t vec_count,
                     u8_t apiflags, size_t *written);
/** Room for more bytes, as poll() understands it. */
bool conn_tcp_is_writable(const struct netconn *conn);
err_t conn_tcp_shutdown(struct netconn *conn, bool rx, bool tx);
/** Where lingering is asked for: send FIN and wait until the peer has everything, or for the time
   set.
    @return false: the connection was deleted meanwhile */
bool conn_tcp_linger(struct netconn *conn);
/** Reset: nobody has heard of it yet. */
void conn_tcp_reset(struct netconn *conn);
/** Let go of the pcb: close, or reset where unread data or LWIP_SO_LINGER say so. */
void conn_tcp_release(struct netconn *conn);

/* --- UDP and raw (conn_udp.c) --- */

void conn_udp_attach(struct netconn *conn, struct udp_pcb *pcb);
void conn_raw_attach(struct netconn *conn, struct raw_pcb *pcb);
void conn_udp_release(struct netconn *conn);
/** What one datagram has other than its connection has. Zeroed: nothing. */
struct conn_send_as {
  const struct netbuf *buf; /* may know the checksum */
  struct netif *netif;      /* to send by */
  const ip_addr_t *src;     /* to send from; needs netif */
  bool has_ttl, has_tos;
  u8_t ttl, tos;
};

/** Send one datagram; `addr` NULL: to the peer. */
err_t conn_udp_send(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                    u8_t apiflags, const struct conn_send_as *as);

#endif /* API_CONN_H */
