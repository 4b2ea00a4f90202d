/**
 * @file
 * Ancillary data of messages: what came with a datagram, what one is to be sent with (RFC 3542 4,
 * 5).
 */
#ifndef API_SOCK_CMSG_H
#define API_SOCK_CMSG_H

#include "api/sock.h"

/** Tell what the socket has asked for about a datagram into r->msg. */
void cmsg_write(const struct sock *sock, const struct netbuf *buf, struct sock_recv *r);

/** Parsed for sending: `as` points into it. */
struct cmsg_send {
  struct conn_send_as as;
  ip_addr_t src;
};

/** @return 0; -EINVAL: malformed or unknown; -ENODEV: no such interface; -EADDRNOTAVAIL */
int cmsg_read(const struct sock *sock, const struct msghdr *msg, struct cmsg_send *out);

#endif /* API_SOCK_CMSG_H */
