/**
 * @file
 * Addresses of one family between struct sockaddr and ip_addr_t; functions of a family that this
 * build does not have are never called.
 */
#ifndef LWIP_HDR_SOCKADDR_HOOKS_H
#define LWIP_HDR_SOCKADDR_HOOKS_H

#include <stddef.h>
#include "lwip/sockets.h"
#include "lwip/netif.h"

#if LWIP_SOCKET

#if LWIP_IPV4

#define SOCKADDR_IN_LEN offsetof(struct sockaddr_in, sin_zero)

static inline void sockaddr_in_get(const struct sockaddr *name, ip_addr_t *addr, u16_t *port)
{
  struct sockaddr_in sin;
  memcpy(&sin, name, SOCKADDR_IN_LEN);
  ip_addr_set_ip4_u32(addr, sin.sin_addr.s_addr);
  *port = lwip_ntohs(sin.sin_port);
}

static inline socklen_t sockaddr_in_put(struct sockaddr_storage *ss, const ip_addr_t *addr,
                                        u16_t port)
{
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof sin);
#if LWIP_SOCKET_HAVE_SA_LEN
  sin.sin_len = sizeof sin;
#endif
  sin.sin_family = AF_INET;
  sin.sin_port = lwip_htons(port);
  sin.sin_addr.s_addr = IP_IS_V6(addr) ? 0 : ip4_addr_get_u32(ip_2_ip4(addr));
  memcpy(ss, &sin, sizeof sin);
  return sizeof sin;
}

#else

#define SOCKADDR_IN_LEN 1U

static inline void sockaddr_in_get(const struct sockaddr *name, ip_addr_t *addr, u16_t *port)
{
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
}
static inline socklen_t sockaddr_in_put(struct sockaddr_storage *ss, const ip_addr_t *addr,
                                        u16_t port)
{
  LWIP_UNUSED_ARG(ss);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  return 0;
}

#endif

#if LWIP_IPV6

#define SOCKADDR_IN6_LEN sizeof(struct sockaddr_in6)

/** A v4-mapped address becomes an IPv4 one. */
static inline void sockaddr_in6_get(const struct sockaddr *name, ip_addr_t *addr, u16_t *port)
{
  struct sockaddr_in6 sin6;
  memcpy(&sin6, name, sizeof sin6);
  *port = lwip_ntohs(sin6.sin6_port);
  inet6_addr_to_ip6addr(ip_2_ip6(addr), &sin6.sin6_addr);
  IP_SET_TYPE(addr, IPADDR_TYPE_V6);
#if LWIP_IPV4
  if (ip6_addr_isipv4mappedipv6(ip_2_ip6(addr))) {
    ip4_addr_t ip4;
    unmap_ipv4_mapped_ipv6(&ip4, ip_2_ip6(addr));
    ip_addr_copy_from_ip4(*addr, ip4);
    return;
  }
#endif
#if LWIP_IPV6_SCOPES
  if (ip6_addr_has_scope(ip_2_ip6(addr), IP6_UNKNOWN)) {
    ip6_addr_set_zone(ip_2_ip6(addr), (u8_t)sin6.sin6_scope_id);
  }
#endif
}

static inline socklen_t sockaddr_in6_put(struct sockaddr_storage *ss, const ip_addr_t *addr,
                                         u16_t port)
{
  struct sockaddr_in6 sin6;
  memset(&sin6, 0, sizeof sin6);
#if LWIP_SOCKET_HAVE_SA_LEN
  sin6.sin6_len = sizeof sin6;
#endif
  sin6.sin6_family = AF_INET6;
  sin6.sin6_port = lwip_htons(port);
  if (IP_IS_V6(addr)) {
    inet6_addr_from_ip6addr(&sin6.sin6_addr, ip_2_ip6(addr));
#if LWIP_IPV6_SCOPES
    sin6.sin6_scope_id = ip6_addr_zone(ip_2_ip6(addr));
#endif
  }
#if LWIP_IPV4
  if (IP_IS_V4_VAL(*addr) && !IP_IS_ANY_TYPE_VAL(*addr) && !ip_addr_isany(addr)) {
    ip6_addr_t mapped;
    ip4_2_ipv4_mapped_ipv6(&mapped, ip_2_ip4(addr));
    inet6_addr_from_ip6addr(&sin6.sin6_addr, &mapped);
  }
#endif
  memcpy(ss, &sin6, sizeof sin6);
  return sizeof sin6;
}

#else

#define SOCKADDR_IN6_LEN 1U

static inline void sockaddr_in6_get(const struct sockaddr *name, ip_addr_t *addr, u16_t *port)
{
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
}
static inline socklen_t sockaddr_in6_put(struct sockaddr_storage *ss, const ip_addr_t *addr,
                                         u16_t port)
{
  LWIP_UNUSED_ARG(ss);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  return 0;
}

#endif

#endif /* LWIP_SOCKET */

#endif /* LWIP_HDR_SOCKADDR_HOOKS_H */
