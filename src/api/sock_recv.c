/**
 * @file
 * Receiving from sockets.
 *
 * Data that have come are told before an error of a stream is; datagram sockets tell errors first.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include <limits.h>
#include "lwip/priv/sockaddr_hooks.h"
#include "api/sock.h"
#include "api/sock_cmsg.h"

/** Longest that a call can return. */
#define LEN_MAX ((size_t)-1 >> 1)

int iov_total(const struct iovec *iov, size_t iov_count, size_t *len)
{
  *len = 0;
  for (size_t i = 0; i < iov_count; i++) {
    if (iov[i].iov_len > LEN_MAX - *len) {
      return -EINVAL;
    }
    if (iov[i].iov_base == NULL && iov[i].iov_len > 0) {
      return -EFAULT;
    }
    *len += iov[i].iov_len;
  }
  return 0;
}

size_t iov_put(const struct iovec *iov, size_t iov_count, size_t at, const void *data, size_t len)
{
  size_t done = 0;
  for (size_t i = 0; i < iov_count && done < len; i++) {
    if (at >= iov[i].iov_len) {
      at -= iov[i].iov_len;
      continue;
    }
    size_t part_len = LWIP_MIN(iov[i].iov_len - at, len - done);
    memcpy((u8_t *)iov[i].iov_base + at, (const u8_t *)data + done, part_len);
    done += part_len;
    at = 0;
  }
  return done;
}

/* --- streams --- */

/** Copy what waits, up to the urgent byte or from behind it, and leave it where it is.
    @return bytes */
static size_t stream_peek(const struct netconn *conn, const struct sock_recv *r)
{
  size_t done = 0;
  bool is_behind = conn_urgent_is_in_the_way(conn);
  size_t offset = conn->queue_offset + (is_behind ? 1U : 0U);
  size_t len = is_behind ? r->len : LWIP_MIN(r->len, conn_urgent_limit(conn));
  const struct pbuf *p = conn->queue_count != 0 ? conn->queue.data : NULL;
  for (; p != NULL && done < len; p = p->next) {
    size_t part_len = LWIP_MIN((size_t)p->len - offset, len - done);
    done += iov_put(r->iov, r->iov_count, done, (const u8_t *)p->payload + offset, part_len);
    offset = 0;
  }
  return done;
}

/** The first pbuf of the queue has been read. */
static void queue_pop(struct netconn *conn)
{
  struct pbuf *p = conn->queue.data;
  bool is_end = p->tot_len == p->len;
  conn->queue.data = p->next;
  p->next = NULL;
  p->tot_len = p->len;
  conn->queue_offset = 0;
  if (is_end) {
    conn->queue_count--;
  }
  pbuf_free(p);
}

/** The next bytes of the first pbuf of the queue have been read. */
static void queue_advance(struct netconn *conn, size_t len)
{
  conn->queue_offset = (u16_t)(conn->queue_offset + len);
  if (conn->queue_offset == conn->queue.data->len) {
    queue_pop(conn);
  }
}

/** Bytes have left the queue. */
static void stream_consumed(struct netconn *conn, size_t len)
{
  conn->recv_avail -= (int)len;
  if (len > 0) {
    conn_urgent_passed(conn, len);
    conn_tcp_consumed(conn, len);
    conn_event(conn, NETCONN_EVT_RCVMINUS, (u16_t)LWIP_MIN(len, 0xffffU));
  }
}

/** Copy what waits behind byte `at` of the caller's memory, and free it. @return bytes */
static size_t stream_take(struct netconn *conn, const struct sock_recv *r, size_t at)
{
  size_t done = 0;
  if (conn_urgent_is_in_the_way(conn)) {
    queue_advance(conn, 1);
    stream_consumed(conn, 1);
  }
  size_t len = LWIP_MIN(r->len - at, conn_urgent_limit(conn));
  while (conn->queue_count != 0 && done < len) {
    const struct pbuf *p = conn->queue.data;
    size_t part_len = LWIP_MIN((size_t)(p->len - conn->queue_offset), len - done);
    iov_put(r->iov, r->iov_count, at + done, (const u8_t *)p->payload + conn->queue_offset,
            part_len);
    done += part_len;
    queue_advance(conn, part_len);
  }
  stream_consumed(conn, done);
  return done;
}

/** The peer had said that it sends no more: what came then matters to senders alone. */
static bool is_reset_behind_end(const struct netconn *conn)
{
  return conn->pending_errno == EPIPE;
}

/** Nothing more to be had without waiting: what does the call return, if it has to now? */
static ssize_t stream_nothing(struct netconn *conn, size_t len, size_t done)
{
  if (done > 0) {
    return (ssize_t)done;
  }
  if (conn->pending_err != ERR_OK && !is_reset_behind_end(conn)) {
    return sock_take_error(conn);
  }
  if (len == 0 || (conn->conditions & (CONN_END | CONN_SHUT_RX)) != 0) {
    return 0;
  }
  return -EAGAIN;
}

/** Does a call that has read `done` bytes return although there may be more? */
static bool stream_has_ended(const struct netconn *conn, size_t done, bool is_peek)
{
  if (done > 0 && (is_peek ? done == conn_urgent_limit(conn) : conn_urgent_is_at_mark(conn))) {
    return true;
  }
  return conn->pending_err != ERR_OK || (conn->conditions & (CONN_END | CONN_SHUT_RX)) != 0;
}

/** How many bytes the call waits for. */
static size_t stream_goal(const struct sock *sock, const struct sock_recv *r)
{
  if ((r->flags & MSG_WAITALL) != 0) {
    return r->len;
  }
  return LWIP_MIN(r->len, (size_t)LWIP_MAX(sock->recv_lowat, 1));
}

static ssize_t recv_stream(struct sock *sock, struct sock_recv *r)
{
  struct netconn *conn = sock->conn;
  bool is_peek = (r->flags & MSG_PEEK) != 0;
  u8_t apiflags = (r->flags & MSG_DONTWAIT) != 0 ? NETCONN_DONTBLOCK : 0;
  struct api_deadline deadline = conn_recv_deadline(conn);
  const size_t goal = stream_goal(sock, r);
  size_t done = 0;
  for (;;) {
    done = is_peek ? stream_peek(conn, r) : done + stream_take(conn, r, done);
    if (done >= goal || stream_has_ended(conn, done, is_peek) || !conn_may_wait(conn, apiflags)) {
      return done >= goal && goal > 0 ? (ssize_t)done : stream_nothing(conn, r->len, done);
    }
    err_t err = conn_wait(conn, API_IN, &deadline);
    if (err == ERR_CLSD) {
      return done > 0 && !is_peek ? (ssize_t)done : -EBADF;
    }
    if (err != ERR_OK) {
      return done > 0 ? (ssize_t)done : sock_error(err);
    }
  }
}

/** Why a stream cannot be read at all; 0: it can. */
static int stream_error(const struct netconn *conn)
{
  bool was_opened = (conn->conditions & (CONN_OPENED | CONN_END)) != 0;
  if (conn->state == NETCONN_LISTEN || (!was_opened && conn->state != NETCONN_CONNECT)) {
    return conn->pending_err != ERR_OK ? 0 : -ENOTCONN;
  }
  return 0;
}

/* --- datagrams --- */

static size_t datagram_copy(const struct netbuf *buf, const struct sock_recv *r)
{
  size_t done = 0;
  for (const struct pbuf *p = buf->p; p != NULL && done < r->len; p = p->next) {
    done += iov_put(r->iov, r->iov_count, done, p->payload, LWIP_MIN(p->len, r->len - done));
  }
  return done;
}

/** Give the caller the first datagram of the queue. */
static ssize_t datagram_give(struct sock *sock, struct sock_recv *r)
{
  struct netconn *conn = sock->conn;
  const struct netbuf *buf = conn->queue.datagrams;
  size_t len = buf->p->tot_len;
  size_t done = datagram_copy(buf, r);
  ip_addr_copy(r->addr, buf->addr);
  r->port = conn_is_raw(conn) ? 0 : buf->port;
  r->has_addr = true;
  if (done < len) {
    r->msg_flags |= MSG_TRUNC;
  }
  if (r->msg != NULL) {
    cmsg_write(sock, buf, r);
  }
  if ((r->flags & MSG_PEEK) == 0) {
    netbuf_delete(conn_datagram_take(conn));
  }
  return (ssize_t)((r->flags & MSG_TRUNC) != 0 ? len : done);
}

static ssize_t recv_datagram(struct sock *sock, struct sock_recv *r)
{
  struct netconn *conn = sock->conn;
  u8_t apiflags = (r->flags & MSG_DONTWAIT) != 0 ? NETCONN_DONTBLOCK : 0;
  struct api_deadline deadline = conn_recv_deadline(conn);
  err_t err = conn_wait_readable(conn, apiflags, &deadline);
  if (err != ERR_OK) {
    return err == ERR_CLSD ? -EBADF : sock_error(err);
  }
  if (conn->pending_err != ERR_OK) {
    return sock_take_error(conn);
  }
  return conn->queue_count != 0 ? datagram_give(sock, r) : 0;
}

/* --- calls --- */

ssize_t sock_recv_do(struct sock *sock, struct sock_recv *r)
{
  const int known = MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT | MSG_NOSIGNAL | MSG_TRUNC;
  int error = iov_total(r->iov, r->iov_count, &r->len);
  if (error != 0) {
    return error;
  }
  if ((r->flags & MSG_OOB) != 0) {
    return sock_recv_urgent(sock, r);
  }
  if ((r->flags & ~known) != 0) {
    return -EOPNOTSUPP;
  }
  if (!LWIP_TCP || !conn_is_tcp(sock->conn)) {
    return recv_datagram(sock, r);
  }
  error = stream_error(sock->conn);
  return error != 0 ? error : recv_stream(sock, r);
}

ssize_t lwip_recvfrom(int s, void *mem, size_t len, int flags, struct sockaddr *from,
                      socklen_t *fromlen)
{
  struct sock_call call;
  struct iovec iov = {.iov_base = mem, .iov_len = len};
  struct sock_recv r = {.iov = &iov, .iov_count = 1, .flags = flags};
  if (!sock_enter(s, &call)) {
    return -1;
  }
  u8_t domain = call.sock->domain;
  ssize_t done = sock_recv_do(call.sock, &r);
  if (done >= 0 && fromlen != NULL && !r.has_addr) {
    *fromlen = 0; /* streams: POSIX leaves it open */
  } else if (done >= 0 && from != NULL && fromlen != NULL) {
    sockaddr_write(domain, &r.addr, r.port, from, fromlen);
  }
  return sock_leave(&call, done);
}

ssize_t lwip_recv(int s, void *mem, size_t len, int flags)
{
  return lwip_recvfrom(s, mem, len, flags, NULL, NULL);
}

ssize_t lwip_read(int s, void *mem, size_t len)
{
  return lwip_recvfrom(s, mem, len, 0, NULL, NULL);
}

ssize_t lwip_recvmsg(int s, struct msghdr *message, int flags)
{
  struct sock_call call;
  if (message == NULL || (message->msg_iov == NULL && message->msg_iovlen != 0)) {
    return sock_fail(EFAULT);
  }
  if ((size_t)message->msg_iovlen > IOV_MAX) {
    return sock_fail(EMSGSIZE);
  }
  struct sock_recv r = {.iov = message->msg_iov,
                        .iov_count = (size_t)message->msg_iovlen,
                        .flags = flags,
                        .msg = message->msg_control != NULL ? message : NULL};
  if (!sock_enter(s, &call)) {
    return -1;
  }
  u8_t domain = call.sock->domain;
  ssize_t done = sock_recv_do(call.sock, &r);
  if (done >= 0) {
    message->msg_flags = r.msg_flags;
    message->msg_controllen = r.control_len;
    if (r.has_addr) {
      sockaddr_write(domain, &r.addr, r.port, (struct sockaddr *)message->msg_name,
                     &message->msg_namelen);
    } else {
      message->msg_namelen = 0;
    }
  }
  return sock_leave(&call, done);
}

ssize_t lwip_readv(int s, const struct iovec *iov, int iovcnt)
{
  struct msghdr message = {0};
  if (iovcnt <= 0 || iovcnt > IOV_MAX) {
    return sock_fail(EINVAL);
  }
  message.msg_iov = (struct iovec *)(mem_ptr_t)iov;
  message.msg_iovlen = iovcnt;
  return lwip_recvmsg(s, &message, 0);
}

#endif /* LWIP_SOCKET */
