/** @file What options take away from netdb.h, for code that has no #if. */
#ifndef LWIP_HDR_NETDB_HOOKS_H
#define LWIP_HDR_NETDB_HOOKS_H

#include "lwip/opt.h"

#if LWIP_DNS && LWIP_SOCKET

#include "lwip/netdb.h"
#include "lwip/netif.h"

/** Addresses of one IP version, one after the other; those that are no addresses are "any". NULL:
    there are no more. */
static inline const ip_addr_t *netif_address_at(const struct netif *netif, bool is_ip6, int i)
{
#if LWIP_IPV4
  if (!is_ip6 && i == 0) {
    return netif_ip_addr4(netif);
  }
#endif
#if LWIP_IPV6
  if (is_ip6 && i < LWIP_IPV6_NUM_ADDRESSES) {
    return ip6_addr_isvalid(netif_ip6_addr_state(netif, i)) ? netif_ip_addr6(netif, i)
                                                            : IP6_ADDR_ANY;
  }
#endif
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(is_ip6);
  LWIP_UNUSED_ARG(i);
  return NULL;
}

/** The bytes of an address of the family that gethostbyname() knows. */
static inline const void *host_addr_bytes(const ip_addr_t *addr)
{
#if LWIP_IPV4
  return ip_2_ip4(addr);
#else
  return ip_2_ip6(addr);
#endif
}

#if LWIP_IPV6
/** The address as text, without zone. @return its zone; 0: none */
static inline u32_t sockaddr_in6_text(const struct sockaddr *sa, char *text, int text_len)
{
  struct sockaddr_in6 sin6;
  ip6_addr_t addr;
  memcpy(&sin6, sa, sizeof sin6);
  memcpy(addr.addr, &sin6.sin6_addr, sizeof addr.addr);
  ip6_addr_clear_zone(&addr);
  ip6addr_ntoa_r(&addr, text, text_len);
  return sin6.sin6_scope_id;
}
#else
static inline u32_t sockaddr_in6_text(const struct sockaddr *sa, char *text, int text_len)
{
  LWIP_UNUSED_ARG(sa);
  LWIP_UNUSED_ARG(text);
  LWIP_UNUSED_ARG(text_len);
  return 0;
}
#endif

/* The port may have a place per thread for what gethostbyname() returns. */
#if defined(LWIP_DNS_API_HOSTENT_STORAGE) && LWIP_DNS_API_HOSTENT_STORAGE
struct hostent *sys_thread_hostent(struct hostent *h);
#define HOSTENT_OF_THREAD(h) sys_thread_hostent(h)
#else
#define HOSTENT_OF_THREAD(h) (h)
#endif

#endif

#endif /* LWIP_HDR_NETDB_HOOKS_H */
