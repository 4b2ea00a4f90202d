/**
 * @file
 * Urgent data by MSG_OOB, the mark by SIOCATMARK and sockatmark(), SO_OOBINLINE. The rest is in
 * conn_urgent.c.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "api/sock_opt.h"

ssize_t sock_recv_urgent(struct sock *sock, struct sock_recv *r)
{
  struct netconn *conn = sock->conn;
  u8_t byte;
  if (!LWIP_TCP_URGENT || !conn_is_tcp(conn)) {
    return -EOPNOTSUPP;
  }
  err_t err = conn_urgent_take(conn, &byte, (r->flags & MSG_PEEK) != 0 || r->len == 0);
  if (err == ERR_WOULDBLOCK) {
    return (conn->conditions & (CONN_END | CONN_SHUT_RX)) != 0 ? 0 : -EAGAIN;
  }
  if (err != ERR_OK) {
    return -EINVAL;
  }
  r->msg_flags |= MSG_OOB;
  return (ssize_t)iov_put(r->iov, r->iov_count, 0, &byte, LWIP_MIN(r->len, 1U));
}

int sock_at_mark(const struct sock *sock, int *is_at_mark)
{
  const struct netconn *conn = sock->conn;
  if (!LWIP_TCP_URGENT || !conn_is_tcp(conn)) {
    return -ENOTTY;
  }
  *is_at_mark = conn_urgent_is_at_mark(conn);
  return 0;
}

int opt_get_oobinline(struct sock *sock, int *value)
{
  *value = conn_urgent_inline(sock->conn);
  return 0;
}

int opt_set_oobinline(struct sock *sock, int value)
{
  conn_urgent_inline_set(sock->conn, value != 0);
  api_wake(sock->conn->waits, API_IN);
  return 0;
}

int lwip_sockatmark(int s)
{
  int is_at_mark;
  return lwip_ioctl(s, SIOCATMARK, &is_at_mark) == 0 ? is_at_mark : -1;
}

#endif /* LWIP_SOCKET */
