/**
 * @file
 * The public calls of netconns: enter the connection's instance, take its lock, do, leave.
 *
 * No state. A connection that another thread deletes while a call waits is not touched any more.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "lwip/tcp.h"
#include "api/conn.h"

struct netconn *netconn_new_with_proto_and_callback(enum netconn_type t, u8_t proto,
                                                    netconn_callback callback)
{
  LOCK_TCPIP_CORE();
  struct netconn *conn = conn_new(t, proto, callback);
  UNLOCK_TCPIP_CORE();
  return conn;
}

static bool linger(struct netconn *conn)
{
  return !LWIP_TCP || !conn_is_tcp(conn) || conn_tcp_linger(conn);
}

err_t netconn_prepare_delete(struct netconn *conn)
{
  if (conn == NULL) {
    return ERR_OK;
  }
  struct core_hold hold = core_enter(conn);
  if (linger(conn)) {
    conn_end(conn);
  }
  core_leave(hold);
  return ERR_OK;
}

err_t netconn_delete(struct netconn *conn)
{
  if (conn == NULL) {
    return ERR_OK;
  }
  struct core_hold hold = core_enter(conn);
  if (linger(conn)) {
    conn_delete(conn);
  }
  core_leave(hold);
  return ERR_OK;
}

err_t netconn_getaddr(struct netconn *conn, ip_addr_t *addr, u16_t *port, u8_t local)
{
  LWIP_ERROR("netconn_getaddr: NULL", conn != NULL && addr != NULL && port != NULL, return ERR_ARG);
  struct core_hold hold = core_enter(conn);
  err_t err = conn_address(conn, addr, port, local != 0);
  core_leave(hold);
  return err;
}

err_t netconn_bind(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  LWIP_ERROR("netconn_bind: NULL", conn != NULL, return ERR_ARG);
  struct core_hold hold = core_enter(conn);
  err_t err = conn_bind(conn, addr, port);
  core_leave(hold);
  return err;
}

err_t netconn_bind_if(struct netconn *conn, u8_t if_idx)
{
  LWIP_ERROR("netconn_bind_if: NULL", conn != NULL, return ERR_ARG);
  struct core_hold hold = core_enter(conn);
  err_t err = conn_bind_if(conn, if_idx);
  core_leave(hold);
  return err;
}

err_t netconn_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  LWIP_ERROR("netconn_connect: NULL", conn != NULL, return ERR_ARG);
  struct core_hold hold = core_enter(conn);
  err_t err = conn_connect(conn, addr, port);
  core_leave(hold);
  return err;
}

err_t netconn_disconnect(struct netconn *conn)
{
  LWIP_ERROR("netconn_disconnect: NULL", conn != NULL, return ERR_ARG);
  struct core_hold hold = core_enter(conn);
  err_t err = conn_disconnect(conn);
  core_leave(hold);
  return err;
}

err_t netconn_listen_with_backlog(struct netconn *conn, u8_t backlog)
{
  LWIP_ERROR("netconn_listen: NULL", conn != NULL, return ERR_ARG);
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return ERR_ARG;
  }
  struct core_hold hold = core_enter(conn);
  err_t err = conn_tcp_listen(conn, backlog);
  core_leave(hold);
  return err;
}

err_t netconn_accept(struct netconn *conn, struct netconn **new_conn)
{
  LWIP_ERROR("netconn_accept: NULL", conn != NULL && new_conn != NULL, return ERR_ARG);
  *new_conn = NULL;
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return ERR_ARG;
  }
  struct core_hold hold = core_enter(conn);
  err_t err = conn_tcp_accept(conn, 0, new_conn);
  core_leave(hold);
  return err;
}

/** TCP's end or error, when the queue is empty. */
static err_t end_of_data(struct netconn *conn, u8_t apiflags)
{
  if (conn->pending_err != ERR_OK) {
    return conn_take_error(conn, NULL);
  }
  if ((apiflags & NETCONN_NOFIN) != 0) {
    return ERR_WOULDBLOCK;
  }
  if (netconn_is_flag_set(conn, NETCONN_FIN_RX_PENDING)) {
    netconn_clear_flags(conn, NETCONN_FIN_RX_PENDING);
    conn_event(conn, NETCONN_EVT_RCVMINUS, 0);
  }
  return ERR_CLSD;
}

/** Until there are data, their end or an error. */
static err_t wait_for_data(struct netconn *conn, u8_t apiflags)
{
  if (!LWIP_TCP || !conn_is_tcp(conn) || (conn->conditions & CONN_LISTENED) != 0) {
    return ERR_ARG;
  }
  if ((conn->conditions & (CONN_OPENED | CONN_END)) == 0 && conn->state != NETCONN_CONNECT) {
    return ERR_CONN;
  }
  struct api_deadline deadline = conn_recv_deadline(conn);
  return conn_wait_readable(conn, apiflags, &deadline);
}

static err_t take_pbuf(struct netconn *conn, struct pbuf **new_buf, u8_t apiflags)
{
  *new_buf = (conn->conditions & CONN_SHUT_RX) != 0 ? NULL : conn_tcp_take(conn);
  if (*new_buf == NULL) {
    return end_of_data(conn, apiflags);
  }
  if ((apiflags & NETCONN_NOAUTORCVD) == 0) {
    conn_tcp_consumed(conn, (*new_buf)->tot_len);
  }
  return ERR_OK;
}

err_t netconn_recv_tcp_pbuf_flags(struct netconn *conn, struct pbuf **new_buf, u8_t apiflags)
{
  LWIP_ERROR("netconn_recv_tcp_pbuf: NULL", conn != NULL && new_buf != NULL, return ERR_ARG);
  *new_buf = NULL;
  struct core_hold hold = core_enter(conn);
  err_t err = wait_for_data(conn, apiflags);
  if (err == ERR_OK) {
    err = take_pbuf(conn, new_buf, apiflags);
  }
  core_leave(hold);
  return err;
}

err_t netconn_recv_tcp_pbuf(struct netconn *conn, struct pbuf **new_buf)
{
  return netconn_recv_tcp_pbuf_flags(conn, new_buf, 0);
}

static err_t recv_netbuf(struct netconn *conn, struct netbuf **new_buf, u8_t apiflags)
{
  if (conn_is_tcp(conn)) {
    return ERR_ARG;
  }
  struct api_deadline deadline = conn_recv_deadline(conn);
  err_t err = conn_wait_readable(conn, apiflags, &deadline);
  if (err != ERR_OK) {
    return err;
  }
  if (conn->pending_err != ERR_OK) {
    return conn_take_error(conn, NULL);
  }
  *new_buf = conn_datagram_take(conn);
  return *new_buf != NULL ? ERR_OK : ERR_CLSD;
}

err_t netconn_recv_udp_raw_netbuf_flags(struct netconn *conn, struct netbuf **new_buf,
                                        u8_t apiflags)
{
  LWIP_ERROR("netconn_recv_udp_raw: NULL", conn != NULL && new_buf != NULL, return ERR_ARG);
  *new_buf = NULL;
  struct core_hold hold = core_enter(conn);
  err_t err = recv_netbuf(conn, new_buf, apiflags);
  core_leave(hold);
  return err;
}

err_t netconn_recv_udp_raw_netbuf(struct netconn *conn, struct netbuf **new_buf)
{
  return netconn_recv_udp_raw_netbuf_flags(conn, new_buf, 0);
}

/** TCP's data in a netbuf; without memory for one they stay. */
static err_t recv_stream(struct netconn *conn, struct netbuf **new_buf)
{
  err_t err = wait_for_data(conn, 0);
  if (err != ERR_OK) {
    return err;
  }
  struct netbuf *buf = netbuf_new(); /* not before: a thread that is ended above would leave it */
  if (buf == NULL) {
    return ERR_MEM;
  }
  err = take_pbuf(conn, &buf->p, 0);
  if (err != ERR_OK) {
    netbuf_delete(buf);
    return err;
  }
  buf->ptr = buf->p;
  if (conn->pcb.tcp != NULL) {
    ip_addr_copy(buf->addr, conn->pcb.tcp->remote_ip);
    buf->port = conn->pcb.tcp->remote_port;
  }
  *new_buf = buf;
  return ERR_OK;
}

err_t netconn_recv(struct netconn *conn, struct netbuf **new_buf)
{
  LWIP_ERROR("netconn_recv: NULL", conn != NULL && new_buf != NULL, return ERR_ARG);
  *new_buf = NULL;
  struct core_hold hold = core_enter(conn);
  err_t err =
      LWIP_TCP && conn_is_tcp(conn) ? recv_stream(conn, new_buf) : recv_netbuf(conn, new_buf, 0);
  core_leave(hold);
  return err;
}

err_t netconn_tcp_recvd(struct netconn *conn, size_t len)
{
  LWIP_ERROR("netconn_tcp_recvd: NULL", conn != NULL, return ERR_ARG);
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return ERR_ARG;
  }
  struct core_hold hold = core_enter(conn);
  conn_tcp_consumed(conn, len);
  core_leave(hold);
  return ERR_OK;
}

static err_t send_netbuf(struct netconn *conn, struct netbuf *buf, const ip_addr_t *addr,
                         u16_t port)
{
  if (conn == NULL || buf == NULL || buf->p == NULL || conn_is_tcp(conn)) {
    return ERR_ARG;
  }
  const struct conn_send_as as = {.buf = buf};
  struct core_hold hold = core_enter(conn);
  err_t err = conn_datagram_send(conn, buf->p, addr, port, 0, &as);
  core_leave(hold);
  return err;
}

err_t netconn_sendto(struct netconn *conn, struct netbuf *buf, const ip_addr_t *addr, u16_t port)
{
  if (buf == NULL) {
    return ERR_VAL;
  }
  ip_addr_set(&buf->addr, addr);
  buf->port = port;
  return send_netbuf(conn, buf, &buf->addr, port);
}

err_t netconn_send(struct netconn *conn, struct netbuf *buf)
{
  bool has_addr = buf != NULL && !ip_addr_isany(&buf->addr);
  return send_netbuf(conn, buf, has_addr ? &buf->addr : NULL, has_addr ? buf->port : 0);
}

/** Fewer bytes than wanted are no error when some were written; nor is a time-out then. */
static err_t result_of_write(err_t err, size_t written)
{
  bool is_partly = written > 0 && (err == ERR_WOULDBLOCK || err == ERR_TIMEOUT);
  return is_partly ? ERR_OK : err;
}

static err_t write_vectors(struct netconn *conn, const struct netvector *vec, size_t vec_count,
                           u8_t apiflags, size_t *bytes_written)
{
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return ERR_VAL;
  }
  size_t written = 0;
  err_t err = ERR_VAL;
  struct core_hold hold = core_enter(conn);
  bool may_be_partly = netconn_is_nonblocking(conn) || (apiflags & NETCONN_DONTBLOCK) != 0 ||
                       conn_send_timeout_ms(conn) != 0;
  if (!may_be_partly || bytes_written != NULL) {
    err = conn_tcp_write(conn, vec, vec_count, apiflags, &written);
    if (err != ERR_OK && err != ERR_CLSD) {
      conn_take_error(conn, NULL); /* told now */
    }
  }
  core_leave(hold);
  if (bytes_written != NULL) {
    *bytes_written = written;
  }
  return result_of_write(err, written);
}

err_t netconn_write_vectors_partly(struct netconn *conn, struct netvector *vectors, u16_t vectorcnt,
                                   u8_t apiflags, size_t *bytes_written)
{
  LWIP_ERROR("netconn_write_vectors: NULL", conn != NULL && (vectors != NULL || vectorcnt == 0),
             return ERR_ARG);
  return write_vectors(conn, vectors, vectorcnt, apiflags, bytes_written);
}

err_t netconn_write_partly(struct netconn *conn, const void *dataptr, size_t size, u8_t apiflags,
                           size_t *bytes_written)
{
  LWIP_ERROR("netconn_write: NULL", conn != NULL && (dataptr != NULL || size == 0), return ERR_ARG);
  const struct netvector all = {.ptr = dataptr, .len = size};
  return write_vectors(conn, &all, 1, apiflags, bytes_written);
}

err_t netconn_shutdown(struct netconn *conn, u8_t shut_rx, u8_t shut_tx)
{
  LWIP_ERROR("netconn_shutdown: NULL", conn != NULL, return ERR_ARG);
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return ERR_VAL;
  }
  struct core_hold hold = core_enter(conn);
  err_t err = conn_tcp_shutdown(conn, shut_rx != 0, shut_tx != 0);
  core_leave(hold);
  return err;
}

/** Both directions of a connection; a listener, or what was never connected, ends. */
static err_t close_conn(struct netconn *conn)
{
  if (conn->pcb.ip == NULL || (conn->conditions & CONN_OPENED) != 0) {
    return conn_tcp_shutdown(conn, true, true);
  }
  conn_end(conn);
  return ERR_OK;
}

err_t netconn_close(struct netconn *conn)
{
  LWIP_ERROR("netconn_close: NULL", conn != NULL, return ERR_ARG);
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return ERR_VAL;
  }
  struct core_hold hold = core_enter(conn);
  err_t err = close_conn(conn);
  core_leave(hold);
  return err;
}

err_t netconn_err(struct netconn *conn)
{
  if (conn == NULL) {
    return ERR_OK;
  }
  struct core_hold hold = core_enter(conn);
  err_t err = conn_take_error(conn, NULL);
  core_leave(hold);
  return err;
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
