/**
 * @file
 * Sending by sockets.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "api/sock.h"
#include "api/sock_cmsg.h"

/** Pieces of a gathered write that are handed to TCP at a time. */
#define PIECES 8

/** Longest datagram of UDP: a length of 16 bits, with its header. */
#define UDP_DATA_MAX (0xffffU - 8U)
/** Longest packet of a raw endpoint behind the smallest IP header. */
#define RAW_DATA_MAX (0xffffU - 20U)

/** Fits into the least MTU of all (68, RFC 791) behind headers of 28 bytes. */
#define SHORT_DATA_MAX 40U

static u8_t apiflags_of(int flags)
{
  u8_t apiflags = NETCONN_COPY;
  if ((flags & MSG_MORE) != 0) {
    apiflags |= NETCONN_MORE;
  }
  if ((flags & MSG_DONTWAIT) != 0) {
    apiflags |= NETCONN_DONTBLOCK;
  }
  if ((flags & MSG_OOB) != 0) {
    apiflags |= CONN_WRITE_URGENT;
  }
  return apiflags;
}

/* --- streams --- */

/** errno of a write that queued nothing. */
static int write_error(struct netconn *conn, err_t err)
{
  if (conn->pending_err != ERR_OK) {
    return sock_take_error(conn);
  }
  switch (err) {
  case ERR_CLSD:
    return -EPIPE;
  case ERR_CONN:
    return (conn->conditions & CONN_OPENED) != 0 ? -EPIPE : -ENOTCONN;
  case ERR_INPROGRESS:
  case ERR_TIMEOUT:
  case ERR_WOULDBLOCK:
    return -EAGAIN;
  default:
    return sock_error(err);
  }
}

/** Why a stream cannot be written to; 0: it can. Errors of the connection are told once. */
static int stream_error(struct netconn *conn)
{
  if (conn->pending_err != ERR_OK) {
    return sock_take_error(conn);
  }
  return conn->state == NETCONN_LISTEN ? -ENOTCONN : 0;
}

/** Write up to PIECES pieces. @return ERR_CLSD_... as conn_tcp_write() */
static err_t write_pieces(struct netconn *conn, const struct iovec *iov, size_t count,
                          u8_t apiflags, size_t *written)
{
  struct netvector vec[PIECES];
  for (size_t i = 0; i < count; i++) {
    vec[i].ptr = iov[i].iov_base;
    vec[i].len = iov[i].iov_len;
  }
  return conn_tcp_write(conn, vec, count, apiflags, written);
}

static ssize_t send_stream(struct sock *sock, const struct sock_send *r)
{
  struct netconn *conn = sock->conn;
  size_t done = 0;
  int error = stream_error(conn);
  if (error != 0) {
    return error;
  }
  for (size_t i = 0; i < r->iov_count || i == 0; i += PIECES) {
    size_t count = LWIP_MIN(r->iov_count - i, PIECES);
    bool is_last = i + count >= r->iov_count;
    u8_t apiflags = apiflags_of(is_last ? r->flags : (r->flags | MSG_MORE) & ~MSG_OOB);
    size_t written;
    err_t err = write_pieces(conn, r->iov + i, count, apiflags, &written);
    done += written;
    if (err == ERR_OK) {
      continue;
    }
    if (done > 0) {
      return (ssize_t)done;
    }
    /* Deleted or shut down: only the latter leaves the connection to us. */
    return err == ERR_CLSD ? -EPIPE : write_error(conn, err);
  }
  return (ssize_t)done;
}

/* --- datagrams --- */

/** errno of a datagram that was not sent. */
static int datagram_error(const struct sock *sock, err_t err, const ip_addr_t *addr, size_t len)
{
  switch (err) {
  case ERR_CLSD:
    return -EPIPE;
  case ERR_MEM:
  case ERR_BUF:
    return -ENOBUFS;
  case ERR_RTE:
    return -conn_route_errno(sock->conn, addr);
  case ERR_VAL:
    if (conn_address_is_broadcast(sock->conn, addr)) {
      return -EACCES;
    }
    return len > SHORT_DATA_MAX ? -EMSGSIZE : -EINVAL;
  default:
    return sock_error(err);
  }
}

/** The data in one pbuf with room for all headers. */
static struct pbuf *gather(const struct sock *sock, const struct sock_send *r)
{
  pbuf_layer layer = conn_is_udp(sock->conn) ? PBUF_TRANSPORT : PBUF_IP;
  struct pbuf *p = pbuf_alloc(layer, (u16_t)r->len, PBUF_RAM);
  if (p == NULL) {
    return NULL;
  }
  u8_t *at = (u8_t *)p->payload;
  for (size_t i = 0; i < r->iov_count; i++) {
    if (r->iov[i].iov_len > 0) {
      memcpy(at, r->iov[i].iov_base, r->iov[i].iov_len);
      at += r->iov[i].iov_len;
    }
  }
  p->flags |= PBUF_FLAG_GIVEN;
  return p;
}

/** Where the datagram goes; `*has_addr` false: to the peer. */
static int destination(const struct sock *sock, const struct sock_send *r, ip_addr_t *addr,
                       u16_t *port, bool *has_addr)
{
  ip_addr_t peer;
  u16_t peer_port;
  *has_addr = r->to != NULL && r->tolen != 0;
  if (!*has_addr) {
    bool is_connected = conn_address(sock->conn, &peer, &peer_port, false) == ERR_OK;
    return is_connected ? 0 : -EDESTADDRREQ;
  }
  int error = sockaddr_read(sock, r->to, r->tolen, addr, port);
  if (error != 0) {
    return error;
  }
  conn_any_is_loopback(addr);
  return conn_is_udp(sock->conn) && *port == 0 ? -EINVAL : 0;
}

static ssize_t send_datagram(struct sock *sock, const struct sock_send *r)
{
  struct netconn *conn = sock->conn;
  ip_addr_t addr;
  u16_t port = 0;
  bool has_addr;
  struct cmsg_send how;
  if (conn->pending_err != ERR_OK) {
    return sock_take_error(conn);
  }
  if (r->len > (conn_is_udp(conn) ? UDP_DATA_MAX : RAW_DATA_MAX) ||
      (conn->send_bounds.buf != 0 && r->len > conn->send_bounds.buf)) {
    return -EMSGSIZE;
  }
  int error = destination(sock, r, &addr, &port, &has_addr);
  error = error != 0 ? error : cmsg_read(sock, r->msg, &how);
  if (error != 0) {
    return error;
  }
  struct pbuf *p = gather(sock, r);
  if (p == NULL) {
    return -ENOBUFS;
  }
  how.as.owned = p;
  how.as.mtu = sock->mtu;
  err_t err =
      conn_datagram_send(conn, p, has_addr ? &addr : NULL, port, apiflags_of(r->flags), &how.as);
  pbuf_free(p);
  if (err == ERR_OK) {
    return (ssize_t)r->len;
  }
  return err == ERR_CLSD ? -EPIPE : datagram_error(sock, err, has_addr ? &addr : NULL, r->len);
}

/* --- calls --- */

ssize_t sock_send_do(struct sock *sock, const struct sock_send *r)
{
  int known = MSG_DONTWAIT | MSG_MORE | MSG_NOSIGNAL;
  known |= LWIP_TCP_URGENT && conn_is_tcp(sock->conn) ? MSG_OOB : 0;
  if ((r->flags & ~known) != 0) {
    return -EOPNOTSUPP;
  }
  if (!LWIP_TCP || !conn_is_tcp(sock->conn)) {
    return send_datagram(sock, r);
  }
  return send_stream(sock, r);
}

static ssize_t send_message(int s, struct sock_send *r)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  int error = iov_total(r->iov, r->iov_count, &r->len);
  if (error != 0) {
    return sock_leave(&call, error);
  }
  return sock_leave(&call, sock_send_do(call.sock, r));
}

ssize_t lwip_sendto(int s, const void *dataptr, size_t size, int flags, const struct sockaddr *to,
                    socklen_t tolen)
{
  struct iovec iov = {.iov_base = (void *)(mem_ptr_t)dataptr, .iov_len = size};
  struct sock_send r = {.iov = &iov, .iov_count = 1, .flags = flags, .to = to, .tolen = tolen};
  return send_message(s, &r);
}

ssize_t lwip_send(int s, const void *dataptr, size_t size, int flags)
{
  return lwip_sendto(s, dataptr, size, flags, NULL, 0);
}

ssize_t lwip_write(int s, const void *dataptr, size_t size)
{
  return lwip_sendto(s, dataptr, size, 0, NULL, 0);
}

ssize_t lwip_sendmsg(int s, const struct msghdr *message, int flags)
{
  if (message == NULL || (message->msg_iov == NULL && message->msg_iovlen != 0)) {
    return sock_fail(EFAULT);
  }
  if ((size_t)message->msg_iovlen > IOV_MAX) {
    return sock_fail(EMSGSIZE);
  }
  struct sock_send r = {.iov = message->msg_iov,
                        .iov_count = (size_t)message->msg_iovlen,
                        .flags = flags,
                        .to = (const struct sockaddr *)message->msg_name,
                        .tolen = message->msg_namelen,
                        .msg = message};
  return send_message(s, &r);
}

ssize_t lwip_writev(int s, const struct iovec *iov, int iovcnt)
{
  if (iovcnt <= 0 || iovcnt > IOV_MAX) {
    return sock_fail(EINVAL);
  }
  if (iov == NULL) {
    return sock_fail(EFAULT);
  }
  struct sock_send r = {.iov = iov, .iov_count = (size_t)iovcnt};
  return send_message(s, &r);
}

#endif /* LWIP_SOCKET */
