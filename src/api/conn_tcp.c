/**
 * @file
 * Connections over TCP: what the raw API calls back, and what programs do.
 *
 * What has come is a packet queue: pbufs linked by `next`, a packet ends where tot_len == len; so
 * each packet can be handed out as it is, and bytes can be copied across them.
 */
#include "lwip/opt.h"

#if (LWIP_NETCONN || LWIP_SOCKET) && LWIP_TCP

#include "gossamer/tcp_error.h"
#include "gossamer/tcp_linger.h"
#include "api/conn.h"

/** How often a connection without news is looked at, in half seconds: for memory that has come
 * back. */
#define POLL_INTERVAL 2

/** What SO_LINGER can say at most; a u32_t of milliseconds holds it. */
#define LINGER_MAX_S 65535

/* --- what TCP tells --- */

static struct pbuf *packet_end(struct pbuf *p)
{
  while (p->tot_len != p->len) {
    p = p->next;
  }
  return p;
}

static void queue_put(struct netconn *conn, struct pbuf *p)
{
  if (conn->queue_count == 0) {
    conn->queue.data = p;
  } else {
    conn->queue_last.data->next = p;
  }
  conn->queue_last.data = packet_end(p);
  conn->queue_count++;
  conn->recv_avail += p->tot_len;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct netconn *conn = (struct netconn *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    conn->conditions |= CONN_END;
    netconn_set_flags(conn, NETCONN_FIN_RX_PENDING);
    conn_event(conn, NETCONN_EVT_RCVPLUS, 0);
    return ERR_OK;
  }
  if ((conn->conditions & CONN_SHUT_RX) != 0) {
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
  }
  if (conn->queue_count == 0xffff) {
    return ERR_MEM; /* kept by TCP and offered again */
  }
  u16_t len = p->tot_len;
  queue_put(conn, p);
  conn_urgent_heard(conn);
  conn_event(conn, NETCONN_EVT_RCVPLUS, len);
  return ERR_OK;
}

/** Say that one may not write any more, unless that is known. */
static void tell_full(struct netconn *conn)
{
  if (!netconn_is_flag_set(conn, NETCONN_FLAG_CHECK_WRITESPACE)) {
    netconn_set_flags(conn, NETCONN_FLAG_CHECK_WRITESPACE);
    API_EVENT(conn, NETCONN_EVT_SENDMINUS, 0);
  }
}

/** Say that one may write, if so, and if somebody hears it. */
static void tell_writable(struct netconn *conn, u16_t len)
{
  bool is_heard = conn->waits != NULL || conn->callback != NULL ||
                  netconn_is_flag_set(conn, NETCONN_FLAG_CHECK_WRITESPACE);
  if (is_heard && conn_tcp_is_writable(conn)) {
    netconn_clear_flags(conn, NETCONN_FLAG_CHECK_WRITESPACE);
    conn_event(conn, NETCONN_EVT_SENDPLUS, len);
  }
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(pcb);
  tell_writable((struct netconn *)arg, len);
  return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  struct netconn *conn = (struct netconn *)arg;
  LWIP_UNUSED_ARG(pcb);
  if (netconn_is_flag_set(conn, NETCONN_FLAG_CHECK_WRITESPACE)) {
    tell_writable(conn, 0);
  }
  return ERR_OK;
}

/** errno of a connection's end, as POSIX and Linux have it. */
static int errno_of_end(const struct netconn *conn, enum tcp_end why)
{
  switch (why) {
  case TCP_END_RESET:
    if (conn->state == NETCONN_CONNECT) {
      return ECONNREFUSED;
    }
    return (conn->conditions & CONN_END) != 0 ? EPIPE : ECONNRESET;
  case TCP_END_REFUSED:
    return ECONNREFUSED;
  case TCP_END_PROHIBITED:
  case TCP_END_HOST_UNREACHABLE:
    return EHOSTUNREACH;
  case TCP_END_HOST_DOWN:
    return EHOSTDOWN;
  case TCP_END_NET_UNREACHABLE:
    return ENETUNREACH;
  case TCP_END_TIMEOUT:
  case TCP_END_KEEPALIVE:
    return ETIMEDOUT;
  default:
    return ECONNABORTED; /* by this host */
  }
}

/** The connection's pcb is no more. */
static void forget_pcb(struct netconn *conn)
{
  conn->pcb.tcp = NULL;
  conn->state = NETCONN_NONE;
  conn->conditions |= CONN_END | CONN_SHUT_TX;
  netconn_clear_flags(conn, NETCONN_FLAG_IN_NONBLOCKING_CONNECT);
}

static void on_err(void *arg, err_t err)
{
  struct netconn *conn = (struct netconn *)arg;
  if (conn == NULL) {
    return;
  }
  int error = errno_of_end(conn, tcp_end_cause());
  if (error == ETIMEDOUT && conn->state == NETCONN_CONNECT) {
    err = ERR_TIMEOUT; /* not of a connection that stood: there it is a call's that gives up */
  }
  bool is_end_told = (conn->conditions & CONN_END) != 0;
  forget_pcb(conn);
  if (err == ERR_CLSD) { /* in order */
    if (!is_end_told) {
      conn_event(conn, NETCONN_EVT_RCVPLUS, 0);
    }
    conn_event(conn, NETCONN_EVT_SENDPLUS, 0);
    return;
  }
  conn_fail(conn, err, error);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct netconn *conn = (struct netconn *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  conn->state = NETCONN_NONE;
  conn->conditions |= CONN_OPENED;
  netconn_clear_flags(conn, NETCONN_FLAG_CHECK_WRITESPACE | NETCONN_FLAG_IN_NONBLOCKING_CONNECT);
  conn_event(conn, NETCONN_EVT_SENDPLUS, 0);
  return ERR_OK;
}

/** `pcb` is this connection's: callbacks come here. */
static void attach(struct netconn *conn, struct tcp_pcb *pcb)
{
  conn->pcb.tcp = pcb;
  tcp_arg(pcb, conn);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_poll(pcb, on_poll, POLL_INTERVAL);
  tcp_err(pcb, on_err);
  conn_urgent_attach(pcb);
}

/** `pcb` is about to be closed or aborted. Of the former no callback hears, of the latter one. */
static void detach(struct tcp_pcb *pcb)
{
  tcp_arg(pcb, NULL);
  tcp_err(pcb, NULL);
}

/* --- opening --- */

err_t conn_tcp_begin_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  if (conn->state == NETCONN_CONNECT) {
    return ERR_ALREADY;
  }
  if (conn->state != NETCONN_NONE || (conn->conditions & CONN_OPENED) != 0) {
    return ERR_ISCONN;
  }
  if (conn->pcb.tcp == NULL) {
    return ERR_CLSD;
  }
  if (conn_netif_is_down(conn)) {
    return ERR_RTE;
  }
  err_t err = tcp_connect(conn->pcb.tcp, addr, port, on_connected);
  if (err == ERR_OK) {
    conn->state = NETCONN_CONNECT;
    conn->pending_err = ERR_OK;
    netconn_set_flags(conn, NETCONN_FLAG_CHECK_WRITESPACE);
  }
  return err;
}

err_t conn_tcp_wait_connected(struct netconn *conn, u32_t limit_ms)
{
  struct api_deadline deadline =
      limit_ms != 0 ? api_deadline_in(limit_ms) : conn_send_deadline(conn);
  while (conn->state == NETCONN_CONNECT) {
    err_t err = conn_wait(conn, API_OUT, &deadline);
    if (err == ERR_TIMEOUT && limit_ms != 0 && conn->state == NETCONN_CONNECT) {
      conn_tcp_reset(conn);
      forget_pcb(conn);
      conn_fail(conn, ERR_TIMEOUT, ETIMEDOUT);
    } else if (err != ERR_OK) {
      return err;
    }
  }
  return ERR_OK;
}

static err_t connect_and_wait(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  err_t err = conn_tcp_begin_connect(conn, addr, port);
  if (err != ERR_OK) {
    return err;
  }
  if (!conn_may_wait(conn, 0)) {
    netconn_set_flags(conn, NETCONN_FLAG_IN_NONBLOCKING_CONNECT);
    return ERR_INPROGRESS;
  }
  err = conn_tcp_wait_connected(conn, 0);
  if (err != ERR_OK) {
    return err;
  }
  if ((conn->conditions & CONN_OPENED) != 0) {
    return ERR_OK;
  }
  if (netconn_is_flag_set(conn, NETCONN_FLAG_MBOXINVALID)) {
    return ERR_CLSD; /* by netconn_close() meanwhile */
  }
  err = conn_take_error(conn, NULL);
  return err != ERR_OK ? err : ERR_CLSD; /* ended here, or another thread was told why */
}

static void incoming_put(struct netconn *listener, struct netconn *conn)
{
  conn->next_incoming = NULL;
  if (listener->queue_count == 0) {
    listener->queue.incoming = conn;
  } else {
    listener->queue_last.incoming->next_incoming = conn;
  }
  listener->queue_last.incoming = conn;
  listener->queue_count++;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct netconn *listener = (struct netconn *)arg;
  if (listener == NULL || pcb == NULL || err != ERR_OK) {
    return ERR_VAL; /* no memory for it: the peer tries again */
  }
  if (listener->queue_count >= listener->queue_limit) {
    return ERR_MEM;
  }
  struct netconn *conn = conn_alloc(listener->type, listener->callback);
  if (conn == NULL) {
    return ERR_MEM;
  }
  conn->conditions = CONN_OPENED;
  conn_fields_inherit(conn, listener);
  attach(conn, pcb);
  tcp_backlog_delayed(pcb);
  incoming_put(listener, conn);
  conn_event(listener, NETCONN_EVT_RCVPLUS, 0);
  return ERR_OK;
}

err_t conn_tcp_listen(struct netconn *conn, u16_t backlog)
{
  LWIP_UNUSED_ARG(backlog); /* without TCP_LISTEN_BACKLOG */
  if (conn->pcb.tcp == NULL) {
    return ERR_CLSD;
  }
  if (conn->state == NETCONN_LISTEN) {
    tcp_backlog_set(conn->pcb.tcp, backlog);
    return ERR_OK;
  }
  if (conn->state != NETCONN_NONE || (conn->conditions & CONN_OPENED) != 0) {
    return ERR_ISCONN;
  }
  err_t err;
  struct tcp_pcb *pcb = tcp_listen_with_backlog_and_err(conn->pcb.tcp, 1, &err);
  if (pcb == NULL) {
    return err;
  }
  tcp_backlog_set(pcb, backlog); /* which takes more than a byte */
  conn->pcb.tcp = pcb;
  conn->state = NETCONN_LISTEN;
  conn->conditions |= CONN_LISTENED;
  conn->queue_limit = DEFAULT_ACCEPTMBOX_SIZE != 0 ? DEFAULT_ACCEPTMBOX_SIZE : 0xffff;
  tcp_arg(pcb, conn);
  tcp_accept(pcb, on_accept);
  return ERR_OK;
}

err_t conn_tcp_accept(struct netconn *conn, u8_t apiflags, struct netconn **new_conn)
{
  *new_conn = NULL;
  if (conn->state != NETCONN_LISTEN) {
    return ERR_CLSD;
  }
  struct api_deadline deadline = conn_recv_deadline(conn);
  err_t err = conn_wait_readable(conn, apiflags, &deadline);
  if (err != ERR_OK) {
    return err;
  }
  if (conn->queue_count == 0) {
    return (conn->conditions & CONN_END) != 0 ? ERR_CLSD : conn_take_error(conn, NULL);
  }
  struct netconn *in = conn->queue.incoming;
  conn->queue.incoming = in->next_incoming;
  conn->queue_count--;
  if (in->pcb.tcp != NULL) {
    tcp_backlog_accepted(in->pcb.tcp);
  }
  conn_event(conn, NETCONN_EVT_RCVMINUS, 0);
  *new_conn = in;
  return ERR_OK;
}

void conn_tcp_unaccept(struct netconn *conn, struct netconn *in)
{
  in->next_incoming = conn->queue.incoming;
  conn->queue.incoming = in;
  if (conn->queue_count++ == 0) {
    conn->queue_last.incoming = in;
  }
  if (in->pcb.tcp != NULL) {
    tcp_backlog_delayed(in->pcb.tcp);
  }
  conn_event(conn, NETCONN_EVT_RCVPLUS, 0);
}

/* --- reading --- */

struct pbuf *conn_tcp_take(struct netconn *conn)
{
  if (conn->queue_count == 0) {
    return NULL;
  }
  struct pbuf *p = conn->queue.data;
  struct pbuf *end = packet_end(p);
  conn->queue.data = end->next;
  end->next = NULL;
  conn->queue_count--;
  conn->recv_avail -= p->tot_len - conn->queue_offset;
  if (conn->queue_offset != 0) {
    p = pbuf_free_header(p, conn->queue_offset);
    conn->queue_offset = 0;
  }
  conn_urgent_passed(conn, p->tot_len);
  conn_event(conn, NETCONN_EVT_RCVMINUS, p->tot_len);
  return p;
}

void conn_tcp_consumed(struct netconn *conn, size_t len)
{
  while (len > 0 && conn->pcb.tcp != NULL) {
    u16_t part_len = (u16_t)LWIP_MIN(len, 0xffffU);
    tcp_recved(conn->pcb.tcp, part_len);
    len -= part_len;
  }
}

/* --- writing --- */

/** How many bytes may wait to be sent. */
static u32_t buffer_len(const struct netconn *conn)
{
  u32_t bound = conn_send_bounds(conn).buf;
  return bound != 0 ? LWIP_MIN(bound, (u32_t)TCP_SND_BUF) : TCP_SND_BUF;
}

static u32_t buffer_room(const struct netconn *conn)
{
  u32_t queued = (u32_t)TCP_SND_BUF - conn->pcb.tcp->snd_buf;
  u32_t len = buffer_len(conn);
  return len > queued ? len - queued : 0;
}

/** The room that TCP_NOTSENT_LOWAT leaves: where there is any, that of a segment at least, lest all
    are small. */
static u32_t unsent_room(const struct netconn *conn)
{
  const struct tcp_pcb *pcb = conn->pcb.tcp;
  u32_t lowat = conn_send_bounds(conn).unsent_lowat;
  u32_t queued = (u32_t)TCP_SND_BUF - pcb->snd_buf;
  u32_t flight = pcb->snd_nxt - pcb->snd_una;
  u32_t unsent = queued > flight ? queued - flight : 0;
  if (lowat == 0) {
    return 0xffffffffUL;
  }
  return unsent < lowat ? LWIP_MAX(lowat - unsent, pcb->mss) : 0;
}

/** Room from which on poll() tells it; never more than there can be. */
static u32_t room_to_tell(const struct netconn *conn)
{
  u32_t len = buffer_len(conn);
  u32_t lowat = conn_send_bounds(conn).lowat;
  if (lowat != 0) {
    return LWIP_MIN(lowat, len);
  }
  return len < TCP_SND_BUF ? LWIP_MIN((u32_t)TCP_SNDLOWAT, len / 2U) + 1U
                           : (u32_t)TCP_SNDLOWAT + 1U;
}

bool conn_tcp_is_writable(const struct netconn *conn)
{
  const struct tcp_pcb *pcb = conn->pcb.tcp;
  if (pcb == NULL || (conn->conditions & CONN_SHUT_TX) != 0) {
    return true; /* an error can be had at once */
  }
  return conn->state == NETCONN_NONE && (conn->conditions & CONN_OPENED) != 0 &&
         buffer_room(conn) >= room_to_tell(conn) && unsent_room(conn) > 0 &&
         pcb->snd_queuelen < TCP_SNDQUEUELOWAT;
}

/** Why nothing can be written at all; ERR_OK: it can. An error stays to be told by the caller. */
static err_t write_error(const struct netconn *conn)
{
  if (conn->pending_err != ERR_OK) {
    return conn->pending_err;
  }
  if ((conn->conditions & CONN_SHUT_TX) != 0) {
    return ERR_CLSD;
  }
  if (conn->state == NETCONN_CONNECT) {
    return ERR_INPROGRESS;
  }
  return conn->pcb.tcp == NULL || (conn->conditions & CONN_OPENED) == 0 ? ERR_CONN : ERR_OK;
}

/** Queue what there is room for. @return bytes */
static size_t write_some(struct netconn *conn, const u8_t *data, size_t len, u8_t apiflags)
{
  size_t done = 0;
  while (done < len) {
    size_t room = LWIP_MIN(buffer_room(conn), unsent_room(conn));
    u16_t part_len = (u16_t)LWIP_MIN(LWIP_MIN(room, len - done), 0xffffU);
    u8_t flags = apiflags & TCP_WRITE_FLAG_COPY;
    if ((apiflags & NETCONN_MORE) != 0 || done + part_len < len) {
      flags |= TCP_WRITE_FLAG_MORE;
    }
    if (part_len == 0 || tcp_write(conn->pcb.tcp, data + done, part_len, flags) != ERR_OK) {
      break;
    }
    done += part_len;
  }
  return done;
}

/** Queue as much of the pieces, from byte `offset` of all on, as there is room for. */
static size_t write_pieces(struct netconn *conn, const struct netvector *vec, size_t vec_count,
                           size_t offset, u8_t apiflags)
{
  size_t done = 0;
  for (size_t i = 0; i < vec_count; i++) {
    if (offset >= vec[i].len) {
      offset -= vec[i].len;
      continue;
    }
    size_t len = vec[i].len - offset;
    u8_t flags = i + 1 < vec_count ? apiflags | NETCONN_MORE : apiflags;
    size_t part_len = write_some(conn, (const u8_t *)vec[i].ptr + offset, len, flags);
    done += part_len;
    offset = 0;
    if (part_len < len) {
      break;
    }
  }
  return done;
}

/** Send what was queued. */
static void push(struct tcp_pcb *pcb, u8_t apiflags)
{
  if ((apiflags & CONN_WRITE_URGENT) != 0) {
    conn_urgent_send(pcb);
  } else {
    tcp_output(pcb);
  }
}

static size_t total_len(const struct netvector *vec, size_t vec_count)
{
  size_t len = 0;
  for (size_t i = 0; i < vec_count; i++) {
    len += vec[i].len;
  }
  return len;
}

err_t conn_tcp_write(struct netconn *conn, const struct netvector *vec, size_t vec_count,
                     u8_t apiflags, size_t *written)
{
  size_t len = total_len(vec, vec_count);
  struct api_deadline deadline = conn_send_deadline(conn);
  *written = 0;
  for (;;) {
    err_t err = write_error(conn);
    if (err == ERR_OK) {
      *written += write_pieces(conn, vec, vec_count, *written, apiflags);
      push(conn->pcb.tcp, *written == len ? apiflags : 0);
      if (*written == len) {
        if (!conn_tcp_is_writable(conn)) {
          tell_full(conn);
        }
        return ERR_OK;
      }
    } else if (err != ERR_INPROGRESS) {
      return err;
    }
    tell_full(conn);
    if (!conn_may_wait(conn, apiflags)) {
      return ERR_WOULDBLOCK;
    }
    err = conn_wait(conn, API_OUT, &deadline);
    if (err != ERR_OK) {
      return err;
    }
  }
}

/* --- closing --- */

err_t conn_tcp_shutdown(struct netconn *conn, bool rx, bool tx)
{
  if (conn->state == NETCONN_LISTEN || conn->pcb.tcp == NULL ||
      (conn->conditions & CONN_OPENED) == 0) {
    return ERR_CONN;
  }
  if (rx) {
    conn->conditions |= CONN_SHUT_RX;
    conn_event(conn, NETCONN_EVT_RCVPLUS, 0);
  }
  if (tx && (conn->conditions & CONN_SHUT_TX) == 0) {
    err_t err = tcp_shutdown(conn->pcb.tcp, 0, 1);
    if (err != ERR_OK) {
      return err;
    }
    conn->conditions |= CONN_SHUT_TX;
    conn_event(conn, NETCONN_EVT_SENDPLUS, 0);
  }
  return ERR_OK;
}

/** A call that waits for a connection's end. TCP does not know the connection but this, which is
    there as long as the call is, whoever deletes the connection meanwhile. */
struct lingering {
  struct netconn *conn;
  bool is_over;
};

/** The peer has everything, or never will: tcp_close_linger() has waited for it. */
static void on_lingered(void *arg, err_t err)
{
  struct lingering *l = (struct lingering *)arg;
  LWIP_UNUSED_ARG(err);
  if (l != NULL) {
    l->is_over = true;
    api_wake(l->conn->waits, API_OUT);
  }
}

/** Sooner or later TCP ends this. @return false: deleted */
static bool wait_lingered(struct lingering *l, struct tcp_pcb *pcb)
{
  const struct api_deadline never = {.is_set = false};
  err_t err = ERR_OK;
  while (err == ERR_OK && !l->is_over && l->conn->state == NETCONN_CLOSE) {
    err = conn_wait_to_the_end(l->conn, API_OUT, &never);
  }
  if (!l->is_over) {
    tcp_arg(pcb, NULL); /* ended by others, or no semaphore: it lingers by itself */
  }
  return err != ERR_CLSD;
}

bool conn_tcp_linger(struct netconn *conn)
{
  s32_t linger_s = conn_linger_s(conn);
  struct tcp_pcb *pcb = conn->pcb.tcp;
  bool is_asked = linger_s > 0 && conn->state == NETCONN_NONE && conn->queue_count == 0 &&
                  !netconn_is_nonblocking(conn) && core_may_wait();
  if (!is_asked || pcb == NULL || (conn->conditions & CONN_OPENED) == 0) {
    return true;
  }
  conn->conditions |= CONN_SHUT_RX | CONN_SHUT_TX;
  conn->pcb.tcp = NULL;
  conn_event(conn, NETCONN_EVT_RCVPLUS, 0); /* who waits in it need not any more */
  conn_event(conn, NETCONN_EVT_SENDPLUS, 0);
  detach(pcb);
  struct lingering l = {.conn = conn, .is_over = false};
  tcp_arg(pcb, &l);
  u32_t linger_ms = (u32_t)LWIP_MIN(linger_s, LINGER_MAX_S) * 1000U;
  if (tcp_close_linger(pcb, linger_ms, on_lingered) != ERR_INPROGRESS) {
    return true;
  }
  conn->state = NETCONN_CLOSE;
  bool is_ours = wait_lingered(&l, pcb);
  if (is_ours) {
    conn->state = NETCONN_NONE;
  }
  return is_ours;
}

void conn_tcp_reset(struct netconn *conn)
{
  struct tcp_pcb *pcb = conn->pcb.tcp;
  if (pcb != NULL) {
    conn->pcb.tcp = NULL;
    detach(pcb);
    tcp_abort(pcb);
  }
}

/** Close, or reset where unread data or LWIP_SO_LINGER say so. */
static void release(struct netconn *conn)
{
  struct tcp_pcb *pcb = conn->pcb.tcp;
  bool has_unread = conn->queue_count != 0; /* RFC 2525 2.17 */
  if (pcb->state != LISTEN && (conn_linger_s(conn) == 0 || has_unread)) {
    conn_tcp_reset(conn);
    return;
  }
  conn->pcb.tcp = NULL;
  detach(pcb);
  if (tcp_close(pcb) != ERR_OK) {
    tcp_abort(pcb);
  }
}

/* --- the protocol --- */

static bool open_pcb(struct netconn *conn, u8_t addr_type, u8_t proto)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(addr_type);
  LWIP_UNUSED_ARG(proto);
  if (pcb != NULL) {
    attach(conn, pcb);
  }
  return pcb != NULL;
}

static err_t bind_pcb(struct netconn *conn, const ip_addr_t *local, u16_t port)
{
  bool is_new = conn->state == NETCONN_NONE && (conn->conditions & CONN_OPENED) == 0;
  return is_new ? tcp_bind(conn->pcb.tcp, local, port) : ERR_VAL;
}

static void bind_netif(struct netconn *conn, const struct netif *netif)
{
  tcp_bind_netif(conn->pcb.tcp, netif);
}

static err_t disconnect(struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
  return ERR_VAL;
}

static err_t get_port(const struct netconn *conn, u16_t *port, bool is_local)
{
  bool has_peer = (conn->conditions & CONN_OPENED) != 0;
  *port = conn->pcb.tcp->local_port;
  if (!is_local) {
    *port = has_peer ? conn->pcb.tcp->remote_port : 0;
  }
  return is_local || has_peer ? ERR_OK : ERR_CONN;
}

const struct conn_proto conn_tcp_proto = {
    .open = open_pcb,
    .release = release,
    .bind = bind_pcb,
    .bind_netif = bind_netif,
    .connect = connect_and_wait,
    .disconnect = disconnect,
    .port = get_port,
};

#endif /* (LWIP_NETCONN || LWIP_SOCKET) && LWIP_TCP */
