/**
 * @file
 * Connections of netconns and sockets: life, events, errors, waiting, queues.
 *
 * Invariants: a connection is freed by the call that deletes it, or by the last of the calls that
 * waited in it then (users); a deleted one has no pcb, an empty queue, and no callback.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include <string.h>
#include "lwip/memp.h"
#include "gossamer/drop.h"
#include "api/conn.h"

/** Elements that may wait, by type; 0 in lwipopts.h: as many as here. */
#define QUEUE_LIMIT_DEFAULT 16

static u16_t queue_limit(enum netconn_type type)
{
  u16_t limit = NETCONNTYPE_GROUP(type) == NETCONN_UDP ? DEFAULT_UDP_RECVMBOX_SIZE
                                                       : DEFAULT_RAW_RECVMBOX_SIZE;
  return limit != 0 ? limit : QUEUE_LIMIT_DEFAULT;
}

struct netconn *conn_alloc(enum netconn_type type, netconn_callback callback)
{
  struct netconn *conn = (struct netconn *)memp_malloc(MEMP_NETCONN);
  if (conn == NULL) {
    return NULL;
  }
  memset(conn, 0, sizeof *conn);
  conn->type = type;
  conn->callback = callback;
  conn->queue_limit = queue_limit(type);
  core_note(conn);
  conn_fields_init(conn);
  return conn;
}

/** IPADDR_TYPE_* of a connection's pcb: those of IPv6 hear IPv4, too, unless told otherwise. */
static u8_t address_type(const struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return NETCONNTYPE_ISIPV6(conn->type) ? IPADDR_TYPE_ANY : IPADDR_TYPE_V4;
}

const struct conn_proto *conn_proto_of(const struct netconn *conn)
{
  switch (NETCONNTYPE_GROUP(conn->type)) {
  case NETCONN_TCP:
    return CONN_IF_TCP(&conn_tcp_proto, NULL);
  case NETCONN_UDP:
    return CONN_IF_UDP(&conn_udp_proto, NULL);
  case NETCONN_RAW:
    return CONN_IF_RAW(&conn_raw_proto, NULL);
  default:
    return NULL;
  }
}

struct netconn *conn_new(enum netconn_type type, u8_t proto, netconn_callback callback)
{
  struct netconn *conn = conn_alloc(type, callback);
  if (conn == NULL) {
    return NULL;
  }
  const struct conn_proto *p = conn_proto_of(conn);
  if (p == NULL || !p->open(conn, address_type(conn), proto)) {
    memp_free(MEMP_NETCONN, conn);
    return NULL;
  }
  return conn;
}

err_t conn_renew(struct netconn *conn)
{
  if (conn->pcb.ip != NULL || (conn->conditions & (CONN_OPENED | CONN_DELETED)) != 0) {
    return ERR_OK;
  }
  u8_t type = conn_is_v6only(conn) ? IPADDR_TYPE_V6 : address_type(conn);
  if (!conn_proto_of(conn)->open(conn, type, 0)) {
    return ERR_MEM;
  }
  conn->conditions &= (u8_t) ~(CONN_END | CONN_SHUT_TX);
  return ERR_OK;
}

static void release_pcb(struct netconn *conn)
{
  if (conn->pcb.ip != NULL) {
    conn_proto_of(conn)->release(conn);
    conn->pcb.ip = NULL;
  }
}

void conn_end(struct netconn *conn)
{
  conn->callback = NULL;
  timer_cancel(&conn->room);
  release_pcb(conn);
  conn_queue_free(conn);
  conn->state = NETCONN_NONE;
  conn->conditions |= CONN_END | CONN_SHUT_RX | CONN_SHUT_TX;
  netconn_set_flags(conn, NETCONN_FLAG_MBOXINVALID | NETCONN_FLAG_MBOXCLOSED);
  api_wake_and_empty(&conn->waits);
}

void conn_delete(struct netconn *conn)
{
  conn_end(conn);
  if (conn->users == 0) {
    memp_free(MEMP_NETCONN, conn);
  } else {
    conn->conditions |= CONN_DELETED;
  }
}

static u8_t events_of(enum netconn_evt evt)
{
  switch (evt) {
  case NETCONN_EVT_RCVPLUS:
    return API_IN;
  case NETCONN_EVT_SENDPLUS:
    return API_OUT;
  case NETCONN_EVT_ERROR:
    return API_IN | API_OUT | API_ERR | API_HUP;
  default:
    return 0;
  }
}

void conn_event(struct netconn *conn, enum netconn_evt evt, u16_t len)
{
  u8_t events = events_of(evt);
  if (conn->waits != NULL && events != 0) {
    api_wake(conn->waits, events);
  }
  API_EVENT(conn, evt, len);
}

void conn_fail(struct netconn *conn, err_t err, int error)
{
  conn->pending_err = err;
  conn->pending_errno = (s16_t)error;
  conn_event(conn, NETCONN_EVT_ERROR, 0);
  API_EVENT(conn, NETCONN_EVT_RCVPLUS, 0); /* calls return at once, and tell */
  API_EVENT(conn, NETCONN_EVT_SENDPLUS, 0);
}

err_t conn_take_error(struct netconn *conn, int *error)
{
  err_t err = conn->pending_err;
  if (error != NULL) {
    *error = conn->pending_errno;
  }
  conn->pending_err = ERR_OK;
  conn->pending_errno = 0;
  return err;
}

u8_t conn_readiness(struct netconn *conn)
{
  u8_t events = 0;
  if (conn->queue_count != 0 || (conn->conditions & (CONN_END | CONN_SHUT_RX)) != 0) {
    events |= API_IN;
  }
  if (LWIP_TCP && conn_is_tcp(conn) ? conn_tcp_is_writable(conn) : !timer_is_set(&conn->room)) {
    events |= API_OUT;
  }
  if (conn->pending_err != ERR_OK) {
    events |= API_ERR | API_IN | API_OUT;
  }
  if (conn_is_tcp(conn) && conn->state == NETCONN_NONE &&
      (conn->pcb.tcp == NULL ||
       (conn->conditions & (CONN_END | CONN_SHUT_TX)) == (CONN_END | CONN_SHUT_TX))) {
    events |= API_HUP | API_IN | API_OUT;
  }
  if ((conn->conditions & CONN_URGENT) != 0) {
    events |= API_PRI;
  }
  return events;
}

/** A call that waits inside of a connection. */
struct conn_waiting {
  struct netconn *conn;
  struct api_waiter me;
  struct api_wait wait;
  struct pbuf *owned;
};

/** With the core lock. @return false: the connection was deleted, do not touch it */
static bool stop_waiting(struct conn_waiting *w)
{
  struct netconn *conn = w->conn;
  conn->users--;
  api_wait_remove(&w->wait);
  api_waiter_end(&w->me);
  if ((conn->conditions & CONN_DELETED) == 0) {
    return true;
  }
  if (conn->users == 0) {
    memp_free(MEMP_NETCONN, conn);
  }
  return false;
}

/** The thread was ended while it slept, in the connection's instance. */
static void abandon(void *arg)
{
  struct conn_waiting *w = (struct conn_waiting *)arg;
  LOCK_TCPIP_CORE();
  stop_waiting(w);
  UNLOCK_TCPIP_CORE();
  if (w->owned != NULL) {
    pbuf_free(w->owned);
  }
}

static err_t wait_in(struct conn_waiting *w, u8_t events, const struct api_deadline *deadline)
{
  struct netconn *conn = w->conn;
  api_wait_add(&w->wait, &w->me, &conn->waits, events | API_ERR | API_HUP | API_GONE);
  conn->users++;
  bool is_woken = api_waiter_sleep(&w->me, deadline, true);
  if (!stop_waiting(w)) {
    return ERR_CLSD;
  }
  return is_woken ? ERR_OK : ERR_TIMEOUT;
}

err_t conn_wait_owning(struct netconn *conn, u8_t events, const struct api_deadline *deadline,
                       struct pbuf *owned)
{
  struct conn_waiting w;
  if (!api_waiter_init(&w.me)) {
    return ERR_MEM;
  }
  w.conn = conn;
  w.owned = owned;
  w.me.abandon = abandon;
  w.me.abandon_arg = &w;
  return wait_in(&w, events, deadline);
}

err_t conn_wait(struct netconn *conn, u8_t events, const struct api_deadline *deadline)
{
  return conn_wait_owning(conn, events, deadline, NULL);
}

err_t conn_wait_to_the_end(struct netconn *conn, u8_t events, const struct api_deadline *deadline)
{
  struct conn_waiting w;
  w.conn = conn;
  return api_waiter_init(&w.me) ? wait_in(&w, events, deadline) : ERR_MEM;
}

struct api_deadline conn_recv_deadline(const struct netconn *conn)
{
  return api_deadline_in(conn_recv_timeout_ms(conn));
}

struct api_deadline conn_send_deadline(const struct netconn *conn)
{
  return api_deadline_in(conn_send_timeout_ms(conn));
}

err_t conn_wait_readable(struct netconn *conn, u8_t apiflags, const struct api_deadline *deadline)
{
  while (conn->queue_count == 0 && conn->pending_err == ERR_OK &&
         (conn->conditions & (CONN_END | CONN_SHUT_RX)) == 0) {
    if (!conn_may_wait(conn, apiflags)) {
      return ERR_WOULDBLOCK;
    }
    err_t err = conn_wait(conn, API_IN, deadline);
    if (err != ERR_OK) {
      return err;
    }
  }
  return ERR_OK;
}

/** Is there room for one more element of `len` bytes? One is always let in. */
static bool queue_has_room(const struct netconn *conn, u16_t len)
{
  return conn->queue_count < conn->queue_limit &&
         (conn->queue_count == 0 || conn->recv_avail <= conn_recv_limit(conn) - len);
}

void conn_datagram_put(struct netconn *conn, struct netbuf *buf)
{
  u16_t len = buf->p->tot_len;
  if (!queue_has_room(conn, len)) {
    drop(buf->p, DROP_API_QUEUE_FULL);
    buf->p = NULL;
    netbuf_delete(buf);
    return;
  }
  buf->next = NULL;
  if (conn->queue_count == 0) {
    conn->queue.datagrams = buf;
  } else {
    conn->queue_last.datagrams->next = buf;
  }
  conn->queue_last.datagrams = buf;
  conn->queue_count++;
  conn->recv_avail += len;
  conn_event(conn, NETCONN_EVT_RCVPLUS, len);
}

struct netbuf *conn_datagram_take(struct netconn *conn)
{
  if (conn->queue_count == 0) {
    return NULL;
  }
  struct netbuf *buf = conn->queue.datagrams;
  conn->queue.datagrams = buf->next;
  buf->next = NULL;
  conn->queue_count--;
  conn->recv_avail -= buf->p->tot_len;
  conn_event(conn, NETCONN_EVT_RCVMINUS, buf->p->tot_len);
  return buf;
}

static void free_incoming(struct netconn *conn)
{
  while (conn->queue_count > 0) {
    struct netconn *in = conn->queue.incoming;
    conn->queue.incoming = in->next_incoming;
    conn->queue_count--;
    conn_tcp_reset(in);
    conn_delete(in);
  }
}

static void free_packets(struct netconn *conn)
{
  struct pbuf *p;
  while ((p = conn_tcp_take(conn)) != NULL) {
    pbuf_free(p);
  }
}

static void free_datagrams(struct netconn *conn)
{
  struct netbuf *buf;
  while ((buf = conn_datagram_take(conn)) != NULL) {
    netbuf_delete(buf);
  }
}

void conn_queue_free(struct netconn *conn)
{
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    free_datagrams(conn);
  } else if ((conn->conditions & CONN_LISTENED) != 0) {
    free_incoming(conn);
  } else {
    free_packets(conn);
  }
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
