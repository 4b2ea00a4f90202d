/**
 * @file
 * Urgent data by MSG_OOB, SIOCATMARK.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "api/sock.h"

ssize_t sock_recv_urgent(struct sock *sock, struct sock_recv *r)
{
  LWIP_UNUSED_ARG(r);
  return conn_is_tcp(sock->conn) ? -EINVAL : -EOPNOTSUPP;
}

ssize_t sock_send_urgent(struct sock *sock, const struct sock_send *r)
{
  LWIP_UNUSED_ARG(sock);
  LWIP_UNUSED_ARG(r);
  return -EOPNOTSUPP;
}

int sock_at_mark(struct sock *sock, int *is_at_mark)
{
  LWIP_UNUSED_ARG(sock);
  LWIP_UNUSED_ARG(is_at_mark);
  return -ENOTTY;
}

#endif /* LWIP_SOCKET */
