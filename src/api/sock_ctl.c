/**
 * @file
 * fcntl() and ioctl() of sockets, and the addresses in text.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include <stdarg.h>
#include <string.h>
#include "lwip/priv/sock_hooks.h"
#include "api/sock.h"

/** What one may do: what the halves of the connection that are open allow. */
static int access_mode(const struct netconn *conn)
{
  bool may_read = (conn->conditions & CONN_SHUT_RX) == 0;
  bool may_write = (conn->conditions & CONN_SHUT_TX) == 0;
  if (may_read && may_write) {
    return O_RDWR;
  }
  return may_write ? O_WRONLY : O_RDONLY;
}

static int get_flags(const struct netconn *conn)
{
  return (netconn_is_nonblocking(conn) ? O_NONBLOCK : 0) | access_mode(conn);
}

static int set_flags(struct netconn *conn, int val)
{
  const int mode = O_RDONLY | O_WRONLY | O_RDWR;
  if ((val & ~(O_NONBLOCK | O_NDELAY | mode)) != 0) {
    return -EINVAL;
  }
  netconn_set_nonblocking(conn, (val & O_NONBLOCK) != 0);
  return 0;
}

static int file_control(const struct sock_call *call, int cmd, int val)
{
  switch (cmd) {
  case F_GETFL:
    return get_flags(call->conn);
  case F_SETFL:
    return set_flags(call->conn, val);
  case F_GETFD:
    return call->fd->is_cloexec ? FD_CLOEXEC : 0;
  case F_SETFD:
    call->fd->is_cloexec = (val & FD_CLOEXEC) != 0;
    return 0;
  case F_DUPFD:
  case F_DUPFD_CLOEXEC:
    return sock_dup(call->sock, val, cmd == F_DUPFD_CLOEXEC);
  default:
    return -EINVAL;
  }
}

int lwip_fcntl(int s, int cmd, int val)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, file_control(&call, cmd, val));
}

int lwip_dup(int s)
{
  return lwip_fcntl(s, F_DUPFD, LWIP_SOCKET_OFFSET);
}

/** Bytes that the next recv() could return. */
static int readable_len(const struct netconn *conn)
{
  if (LWIP_TCP && conn_is_tcp(conn)) {
    return (conn->conditions & CONN_LISTENED) != 0 ? 0 : (int)conn_stream_avail(conn);
  }
  if (conn->queue_count == 0) {
    return 0;
  }
  return LWIP_FIONREAD_LINUXMODE ? conn->queue.datagrams->p->tot_len : conn->recv_avail;
}

static int control(struct sock *sock, long cmd, void *argp)
{
  struct netconn *conn = sock->conn;
  if (argp == NULL) {
    return -EFAULT;
  }
  switch (cmd) {
  case FIONREAD:
    *(int *)argp = readable_len(conn);
    return 0;
  case FIONBIO:
    netconn_set_nonblocking(conn, *(const int *)argp != 0);
    return 0;
  case SIOCATMARK:
    return sock_at_mark(sock, (int *)argp);
  default:
    return -ENOTTY;
  }
}

int lwip_ioctl(int s, long cmd, void *argp)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, control(call.sock, cmd, argp));
}

const char *lwip_inet_ntop(int af, const void *src, char *dst, socklen_t size)
{
  const char *text = NULL;
  if (LWIP_IPV4 && af == AF_INET) {
    text = sock_ntoa4(src, dst, size);
  } else if (LWIP_IPV6 && af == AF_INET6) {
    text = sock_ntoa6(src, dst, size);
  } else {
    set_errno(EAFNOSUPPORT);
    return NULL;
  }
  if (text == NULL) {
    set_errno(ENOSPC);
  }
  return text;
}

/** One part of a dotted quad: up to 255, no leading zero. @return what follows; NULL: it is none */
static const char *skip_part(const char *text)
{
  unsigned value = 0;
  const char *at = text;
  for (; *at >= '0' && *at <= '9' && at - text < 3; at++) {
    value = value * 10U + (unsigned)(*at - '0');
  }
  bool has_zero = text[0] == '0' && at - text > 1;
  return at == text || value > 255 || has_zero ? NULL : at;
}

/** RFC 3493 6.3: four decimal parts, and nothing behind them. */
static bool is_dotted_quad(const char *text)
{
  for (unsigned i = 0; i < 4; i++) {
    text = skip_part(text);
    if (text == NULL || (i < 3 && *text++ != '.')) {
      return false;
    }
  }
  return *text == '\0';
}

int lwip_inet_pton(int af, const char *src, void *dst)
{
  if (LWIP_IPV4 && af == AF_INET) {
    return is_dotted_quad(src) ? sock_aton4(src, dst) : 0;
  }
  if (LWIP_IPV6 && af == AF_INET6) {
    bool is_bare = src[strspn(src, "0123456789abcdefABCDEF:.")] == '\0'; /* no zone, no blanks */
    return is_bare ? sock_aton6(src, dst) : 0;
  }
  return sock_fail(EAFNOSUPPORT);
}

#if LWIP_COMPAT_SOCKETS == 2 && LWIP_POSIX_SOCKETS_IO_NAMES
int fcntl(int s, int cmd, ...)
{
  va_list more;
  va_start(more, cmd);
  int val = cmd != F_GETFL && cmd != F_GETFD ? va_arg(more, int) : 0;
  va_end(more);
  return lwip_fcntl(s, cmd, val);
}
#endif

#endif /* LWIP_SOCKET */
