/**
 * @file
 * Urgent data of connections: where in the stream the urgent byte stands, as BSD's sockets see it.
 *
 * State: urgent, urgent_at, urgent_inline of struct netconn. TCP tells a mark (gossamer/
 * tcp_urgent.h); the byte before it is "the" urgent one. It stays in the queue: whoever reads
 * stops there, and, unless SO_OOBINLINE is set, steps over it. A mark that comes before the last
 * one was reached takes its place; the byte there is an ordinary one then (RFC 6093 3.2).
 */
#include "lwip/opt.h"

#if (LWIP_NETCONN || LWIP_SOCKET) && LWIP_TCP && LWIP_TCP_URGENT

#include "gossamer/tcp_urgent.h"
#include "api/conn.h"

static bool has_come(const struct netconn *conn)
{
  return conn->urgent != CONN_URGENT_NONE && conn->urgent_at < (u32_t)conn->recv_avail;
}

void conn_urgent_heard(struct netconn *conn)
{
  if (conn->urgent == CONN_URGENT_AHEAD && has_come(conn)) {
    conn->conditions |= CONN_URGENT;
  }
}

static void on_urgent(void *arg, struct tcp_pcb *pcb)
{
  struct netconn *conn = (struct netconn *)arg;
  u32_t ahead = tcp_urgent_ahead(pcb);
  if (conn != NULL && ahead > 0 && (conn->conditions & CONN_SHUT_RX) == 0) {
    conn->urgent_at = (u32_t)conn->recv_avail + ahead - 1;
    conn->urgent = CONN_URGENT_AHEAD;
    conn->conditions &= (u8_t)~CONN_URGENT;
  }
}

void conn_urgent_attach(struct tcp_pcb *pcb)
{
  tcp_urgent(pcb, on_urgent);
}

void conn_urgent_send(struct tcp_pcb *pcb)
{
  (void)tcp_urgent_send(pcb);
}

void conn_urgent_passed(struct netconn *conn, size_t len)
{
  if (conn->urgent == CONN_URGENT_NONE) {
    return;
  }
  if (len > conn->urgent_at) {
    conn->urgent = CONN_URGENT_NONE;
    conn->conditions &= (u8_t)~CONN_URGENT;
  } else {
    conn->urgent_at -= (u32_t)len;
  }
}

bool conn_urgent_is_at_mark(const struct netconn *conn)
{
  return conn->urgent != CONN_URGENT_NONE && conn->urgent_at == 0;
}

bool conn_urgent_is_in_the_way(const struct netconn *conn)
{
  bool is_wanted = conn->urgent == CONN_URGENT_AHEAD; /* by MSG_OOB, as long as nothing follows */
  return conn_urgent_is_at_mark(conn) && has_come(conn) && !conn->urgent_inline &&
         (!is_wanted || conn->recv_avail > 1);
}

size_t conn_urgent_limit(const struct netconn *conn)
{
  if (conn->urgent == CONN_URGENT_NONE || (conn->urgent_at == 0 && conn->urgent_inline)) {
    return (size_t)-1;
  }
  return conn->urgent_at;
}

size_t conn_stream_avail(const struct netconn *conn)
{
  size_t avail = (size_t)conn->recv_avail;
  if (has_come(conn) && !conn->urgent_inline) {
    avail--;
  }
  return conn->urgent != CONN_URGENT_NONE && conn->urgent_at > 0 ? LWIP_MIN(avail, conn->urgent_at)
                                                                 : avail;
}

/** The byte at this place of the queue. */
static u8_t byte_at(const struct netconn *conn, size_t at)
{
  const struct pbuf *p = conn->queue.data;
  at += conn->queue_offset;
  while (at >= p->len) {
    at -= p->len;
    p = p->next;
  }
  return ((const u8_t *)p->payload)[at];
}

err_t conn_urgent_take(struct netconn *conn, u8_t *byte, bool is_peek)
{
  if (conn->urgent != CONN_URGENT_AHEAD || conn->urgent_inline) {
    return ERR_VAL;
  }
  if (!has_come(conn)) {
    return ERR_WOULDBLOCK;
  }
  *byte = byte_at(conn, conn->urgent_at);
  if (!is_peek) {
    conn->urgent = CONN_URGENT_TAKEN;
    conn->conditions &= (u8_t)~CONN_URGENT;
  }
  return ERR_OK;
}

#endif
