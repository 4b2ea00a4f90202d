/**
 * @file
 * struct sockaddr and the stack's addresses.
 *
 * RFC 3493 3.2, 3.7 (IPv4 in IPv6's clothes), RFC 4007 (scope identifiers are interface indexes).
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "lwip/priv/sockaddr_hooks.h"
#include "api/sock.h"

int sockaddr_read(const struct sock *sock, const struct sockaddr *name, socklen_t namelen,
                  ip_addr_t *addr, u16_t *port)
{
  if (namelen < sizeof(sa_family_t) + offsetof(struct sockaddr, sa_family) ||
      namelen > SOCKADDR_LEN_MAX) {
    return -EINVAL;
  }
  if (name == NULL) {
    return -EFAULT;
  }
  if (LWIP_IPV4 && name->sa_family == AF_INET) {
    if (namelen < SOCKADDR_IN_LEN) {
      return -EINVAL;
    }
    sockaddr_in_get(name, addr, port);
    return sock->domain == AF_INET || !conn_is_v6only(sock->conn) ? 0 : -EAFNOSUPPORT;
  }
  if (LWIP_IPV6 && name->sa_family == AF_INET6) {
    if (namelen < SOCKADDR_IN6_LEN) {
      return -EINVAL;
    }
    if (sock->domain != AF_INET6) {
      return -EAFNOSUPPORT;
    }
    sockaddr_in6_get(name, addr, port);
    bool is_mapped = !IP_IS_V6_VAL(*addr);
    return is_mapped && conn_is_v6only(sock->conn) ? -ENETUNREACH : 0;
  }
  return -EAFNOSUPPORT;
}

void sockaddr_write(u8_t domain, const ip_addr_t *addr, u16_t port, struct sockaddr *name,
                    socklen_t *namelen)
{
  if (name == NULL || namelen == NULL) {
    return;
  }
  struct sockaddr_storage all;
  memset(&all, 0, sizeof all);
  socklen_t len = LWIP_IPV6 && domain == AF_INET6 ? sockaddr_in6_put(&all, addr, port)
                                                  : sockaddr_in_put(&all, addr, port);
  memcpy(name, &all, LWIP_MIN(len, *namelen));
  *namelen = len;
}

bool sockaddr_ip(const struct sockaddr_storage *ss, ip_addr_t *addr)
{
  u16_t port;
  if (LWIP_IPV4 && ss->ss_family == AF_INET) {
    sockaddr_in_get((const struct sockaddr *)(const void *)ss, addr, &port);
    return true;
  }
  if (LWIP_IPV6 && ss->ss_family == AF_INET6) {
    sockaddr_in6_get((const struct sockaddr *)(const void *)ss, addr, &port);
    return true;
  }
  return false;
}

#endif /* LWIP_SOCKET */
