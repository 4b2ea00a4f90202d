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
 *   conn_udp.c, conn_raw.c, conn_datagram.c   the others, and what they share
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
#include "lwip/priv/conn_tcp_hooks.h"
#include "api/wait.h"
#include "base/registry.h"

/* struct netconn.conditions */
#define CONN_END      0x01U /* the peer has closed: nothing comes behind the queue */
#define CONN_SHUT_RX  0x02U /* the program reads no more */
#define CONN_SHUT_TX  0x04U /* the program writes no more */
#define CONN_DELETED  0x08U /* freed as soon as nobody is inside */
#define CONN_OPENED   0x10U /* TCP: has been connected */
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

/** What one datagram has other than its connection has. Zeroed: nothing. */
struct conn_send_as {
  const struct netbuf *buf; /* may know the checksum */
  struct netif *netif;      /* to send by */
  const ip_addr_t *src;     /* to send from */
  struct pbuf *owned; /* freed if the thread is ended while it waits for room; NULL: nothing */
  bool has_ttl, has_tos;
  u8_t ttl, tos;
  u16_t mtu; /* over IPv6 in packets of at most so many bytes; 0: as the path takes them */
};

/** What a protocol does for its connections; the pcb is there in all but open(). */
struct conn_proto {
  /** Make the pcb. @return false: no memory */
  bool (*open)(struct netconn *conn, u8_t addr_type, u8_t proto);
  /** Let go of the pcb. */
  void (*release)(struct netconn *conn);
  err_t (*bind)(struct netconn *conn, const ip_addr_t *local, u16_t port);
  void (*bind_netif)(struct netconn *conn, const struct netif *netif);
  err_t (*connect)(struct netconn *conn, const ip_addr_t *addr, u16_t port);
  err_t (*disconnect)(struct netconn *conn);
  /** Our port, or the peer's. @return ERR_CONN: no peer */
  err_t (*port)(const struct netconn *conn, u16_t *port, bool is_local);
  /** Send one datagram; NULL: there are none. */
  err_t (*send)(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                const struct conn_send_as *as);
};
extern const struct conn_proto conn_tcp_proto;
extern const struct conn_proto conn_udp_proto;
extern const struct conn_proto conn_raw_proto;
/** NULL: not in this build. */
const struct conn_proto *conn_proto_of(const struct netconn *conn);

/* --- life (conn.c) --- */

/** A connection without a pcb, in the current instance; NULL: no memory. */
struct netconn *conn_alloc(enum netconn_type type, netconn_callback callback);
/** The same with its pcb. */
struct netconn *conn_new(enum netconn_type type, u8_t proto, netconn_callback callback);
/** After a connect() that failed: a pcb to try again with, unbound, with the options of a new one.
    @return ERR_OK: also when there was nothing to do; ERR_MEM */
err_t conn_renew(struct netconn *conn);
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
/** The same; a thread that is ended in here frees `owned`. */
err_t conn_wait_owning(struct netconn *conn, u8_t events, const struct api_deadline *deadline,
                       struct pbuf *owned);
/** The same, for a caller that cannot leave things as they are: the thread is not ended in here. */
err_t conn_wait_to_the_end(struct netconn *conn, u8_t events, const struct api_deadline *deadline);
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
/** Is it bound to an interface that is down? */
bool conn_netif_is_down(const struct netconn *conn);
/** errno where there is no way to `addr` (NULL: the connection's peer): ENETDOWN, ENETUNREACH. */
int conn_route_errno(const struct netconn *conn, const ip_addr_t *addr);
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

/* --- TCP (conn_tcp.c): lwip/priv/conn_tcp_hooks.h --- */

/* --- UDP and raw (conn_datagram.c) --- */

/** Put a packet, which is ours, into the queue. */
void conn_packet_put(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port);
/** An ICMP error has come about what we sent. */
void conn_icmp_error(struct netconn *conn, err_t err, const struct ip_error *e);
/** errno of an ICMP error. */
int conn_errno_of_icmp(const struct ip_error *e);
/** Send one datagram, waiting for room; `addr` NULL: to the peer. */
err_t conn_datagram_send(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                         u8_t apiflags, const struct conn_send_as *as);

#endif /* API_CONN_H */
