/**
 * @file
 * What connections over TCP do beyond struct conn_proto (src/api/conn.h); nothing where there is no
 * TCP. Core lock held.
 */
#ifndef LWIP_HDR_CONN_TCP_HOOKS_H
#define LWIP_HDR_CONN_TCP_HOOKS_H

#include "lwip/api.h"
#include "lwip/priv/conn_fields.h"

#if LWIP_NETCONN || LWIP_SOCKET

/** A flag of conn_tcp_write(), beside NETCONN_*: the last byte is urgent. */
#define CONN_WRITE_URGENT 0x80U

#if LWIP_TCP

/** Only begin to; the connection is NETCONN_CONNECT then. */
err_t conn_tcp_begin_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port);
/** @param limit_ms  after so long the attempt is given up (ETIMEDOUT); 0: SO_SNDTIMEO bounds this
   call
    @return ERR_OK: it has ended, look at CONN_OPENED; ERR_TIMEOUT; ERR_CLSD: deleted; ERR_MEM */
err_t conn_tcp_wait_connected(struct netconn *conn, u32_t limit_ms);
err_t conn_tcp_listen(struct netconn *conn, u16_t backlog);
err_t conn_tcp_accept(struct netconn *conn, u8_t apiflags, struct netconn **new_conn);
/** It could not be taken after all: back to the head of the queue. */
void conn_tcp_unaccept(struct netconn *conn, struct netconn *in);
/** The first packet of the queue; NULL: none. */
struct pbuf *conn_tcp_take(struct netconn *conn);
/** The program has consumed `len` bytes. */
void conn_tcp_consumed(struct netconn *conn, size_t len);
/** Queue data to be sent, waiting as allowed. @param written  gets how many, also on error
    @return the connection's own error stays to be taken (conn_take_error()); ERR_CLSD: closed for
    writing, or deleted meanwhile: do not touch it */
err_t conn_tcp_write(struct netconn *conn, const struct netvector *vec, size_t vec_count,
                     u8_t apiflags, size_t *written);
/** Room for more bytes, as poll() understands it. */
bool conn_tcp_is_writable(const struct netconn *conn);
err_t conn_tcp_shutdown(struct netconn *conn, bool rx, bool tx);
/** Where lingering is asked for: send FIN and wait until the peer has everything, or for so long.
    @return false: the connection was deleted meanwhile */
bool conn_tcp_linger(struct netconn *conn);
/** Reset: nobody has heard of it yet. */
void conn_tcp_reset(struct netconn *conn);

#else

static inline err_t conn_tcp_begin_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  return ERR_VAL;
}
static inline err_t conn_tcp_wait_connected(struct netconn *conn, u32_t limit_ms)
{
  LWIP_UNUSED_ARG(limit_ms);
  LWIP_UNUSED_ARG(conn);
  return ERR_VAL;
}
static inline err_t conn_tcp_listen(struct netconn *conn, u16_t backlog)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(backlog);
  return ERR_VAL;
}
static inline err_t conn_tcp_accept(struct netconn *conn, u8_t apiflags, struct netconn **new_conn)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(apiflags);
  LWIP_UNUSED_ARG(new_conn);
  return ERR_VAL;
}
static inline void conn_tcp_unaccept(struct netconn *conn, struct netconn *in)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(in);
}
static inline struct pbuf *conn_tcp_take(struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return NULL;
}
static inline void conn_tcp_consumed(struct netconn *conn, size_t len)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(len);
}
static inline err_t conn_tcp_write(struct netconn *conn, const struct netvector *vec,
                                   size_t vec_count, u8_t apiflags, size_t *written)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(vec);
  LWIP_UNUSED_ARG(vec_count);
  LWIP_UNUSED_ARG(apiflags);
  LWIP_UNUSED_ARG(written);
  *written = 0;
  return ERR_VAL;
}
static inline bool conn_tcp_is_writable(const struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return true;
}
static inline err_t conn_tcp_shutdown(struct netconn *conn, bool rx, bool tx)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(rx);
  LWIP_UNUSED_ARG(tx);
  return ERR_VAL;
}
static inline bool conn_tcp_linger(struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return true;
}
static inline void conn_tcp_reset(struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
}

#endif

/* --- urgent data (conn_urgent.c) --- */

#if LWIP_TCP && LWIP_TCP_URGENT

/* struct netconn.urgent */
#define CONN_URGENT_NONE  0
#define CONN_URGENT_AHEAD 1 /* the byte at urgent_at, which may be to come yet */
#define CONN_URGENT_TAKEN 2 /* the same, and the program has had it */

void conn_urgent_attach(struct tcp_pcb *pcb);
/** All that was written is urgent. */
void conn_urgent_send(struct tcp_pcb *pcb);
/** Data have come into the queue. */
void conn_urgent_heard(struct netconn *conn);
/** So many bytes have left it. */
void conn_urgent_passed(struct netconn *conn, size_t len);
bool conn_urgent_is_at_mark(const struct netconn *conn);
/** Is the first byte of the queue one that is not read in line? It is to be dropped then. */
bool conn_urgent_is_in_the_way(const struct netconn *conn);
/** Bytes that one call may read. */
size_t conn_urgent_limit(const struct netconn *conn);
/** Bytes that the next call could read. */
size_t conn_stream_avail(const struct netconn *conn);
/** The urgent byte. @return ERR_VAL: there is none; ERR_WOULDBLOCK: it is to come */
err_t conn_urgent_take(struct netconn *conn, u8_t *byte, bool is_peek);
static inline bool conn_urgent_inline(const struct netconn *conn)
{
  return conn->urgent_inline != 0;
}
static inline void conn_urgent_inline_set(struct netconn *conn, bool is_inline)
{
  conn->urgent_inline = is_inline;
}

#else

static inline void conn_urgent_attach(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void conn_urgent_send(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void conn_urgent_heard(struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
}
static inline void conn_urgent_passed(struct netconn *conn, size_t len)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(len);
}
static inline bool conn_urgent_is_at_mark(const struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return false;
}
static inline bool conn_urgent_is_in_the_way(const struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return false;
}
static inline size_t conn_urgent_limit(const struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return (size_t)-1;
}
static inline size_t conn_stream_avail(const struct netconn *conn)
{
  return (size_t)conn->recv_avail;
}
static inline err_t conn_urgent_take(struct netconn *conn, u8_t *byte, bool is_peek)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(is_peek);
  *byte = 0;
  return ERR_VAL;
}
static inline bool conn_urgent_inline(const struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return true;
}
static inline void conn_urgent_inline_set(struct netconn *conn, bool is_inline)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(is_inline);
}

#endif

#endif /* LWIP_NETCONN || LWIP_SOCKET */

#endif /* LWIP_HDR_CONN_TCP_HOOKS_H */
