/** @file The BSD names around addresses, over ours. */
#ifndef LWIP_HDR_INET_H
#define LWIP_HDR_INET_H

#include "lwip/opt.h"

#if LWIP_SOCKET_EXTERNAL_HEADERS
#include LWIP_SOCKET_EXTERNAL_HEADER_INET_H
#else

#include <string.h>
#include "lwip/def.h"
#include "lwip/ip_addr.h"
#include "lwip/ip6_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A port whose system has the type defines IN_ADDR_T_DEFINED. */
#if !defined(in_addr_t) && !defined(IN_ADDR_T_DEFINED)
typedef u32_t in_addr_t;
#endif

/** An IPv4 address in network order. */
struct in_addr {
  in_addr_t s_addr;
};

/** An IPv6 address in network order. */
struct in6_addr {
  union {
    u32_t u32_addr[4];
    u8_t u8_addr[16];
  } un;
#define s6_addr          un.u8_addr
};

/* Special addresses in host order. */
#define INADDR_NONE      IPADDR_NONE
#define INADDR_LOOPBACK  IPADDR_LOOPBACK
#define INADDR_ANY       IPADDR_ANY
#define INADDR_BROADCAST IPADDR_BROADCAST

/* clang-format off */
#define IN6ADDR_ANY_INIT      {{{0, 0, 0, 0}}}
#define IN6ADDR_LOOPBACK_INIT {{{0, 0, 0, PP_HTONL(1)}}}
/* clang-format on */

#if LWIP_IPV6
/** The unspecified address. */
extern const struct in6_addr in6addr_any;
#endif

#define IN_CLASSA(a)       IP_CLASSA(a)
#define IN_CLASSA_NET      IP_CLASSA_NET
#define IN_CLASSA_NSHIFT   IP_CLASSA_NSHIFT
#define IN_CLASSA_HOST     IP_CLASSA_HOST
#define IN_CLASSA_MAX      IP_CLASSA_MAX
#define IN_CLASSB(b)       IP_CLASSB(b)
#define IN_CLASSB_NET      IP_CLASSB_NET
#define IN_CLASSB_NSHIFT   IP_CLASSB_NSHIFT
#define IN_CLASSB_HOST     IP_CLASSB_HOST
#define IN_CLASSB_MAX      IP_CLASSB_MAX
#define IN_CLASSC(c)       IP_CLASSC(c)
#define IN_CLASSC_NET      IP_CLASSC_NET
#define IN_CLASSC_NSHIFT   IP_CLASSC_NSHIFT
#define IN_CLASSC_HOST     IP_CLASSC_HOST
#define IN_CLASSC_MAX      IP_CLASSC_MAX
#define IN_CLASSD(d)       IP_CLASSD(d)
#define IN_CLASSD_NET      IP_CLASSD_NET
#define IN_CLASSD_NSHIFT   IP_CLASSD_NSHIFT
#define IN_CLASSD_HOST     IP_CLASSD_HOST
#define IN_CLASSD_MAX      IP_CLASSD_MAX
#define IN_MULTICAST(a)    IP_MULTICAST(a)
#define IN_EXPERIMENTAL(a) IP_EXPERIMENTAL(a)
#define IN_BADCLASS(a)     IP_BADCLASS(a)
#define IN_LOOPBACKNET     IP_LOOPBACKNET

#ifndef INET_ADDRSTRLEN
#define INET_ADDRSTRLEN IP4ADDR_STRLEN_MAX
#endif
#if LWIP_IPV6
#ifndef INET6_ADDRSTRLEN
#define INET6_ADDRSTRLEN IP6ADDR_STRLEN_MAX
#endif
#endif

/* Kinds of IPv6 addresses; `a` is a pointer to a struct in6_addr. */
#define IN6_IS_ADDR_UNSPECIFIED(a) ip6_addr_isany((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_LOOPBACK(a)    ip6_addr_isloopback((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_MULTICAST(a)   ip6_addr_ismulticast((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_LINKLOCAL(a)   ip6_addr_islinklocal((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_SITELOCAL(a)   ip6_addr_issitelocal((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_V4MAPPED(a)    ip6_addr_isipv4mappedipv6((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_V4COMPAT(a)    ip6_addr_isipv4compat((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_MC_NODELOCAL(a)                                                                \
  ip6_addr_ismulticast_iflocal((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_MC_LINKLOCAL(a)                                                                \
  ip6_addr_ismulticast_linklocal((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_MC_SITELOCAL(a)                                                                \
  ip6_addr_ismulticast_sitelocal((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_MC_ORGLOCAL(a)                                                                 \
  ip6_addr_ismulticast_orglocal((const ip6_addr_t *)(const void *)(a))
#define IN6_IS_ADDR_MC_GLOBAL(a) ip6_addr_ismulticast_global((const ip6_addr_t *)(const void *)(a))

#if LWIP_IPV4

/** Between struct in_addr and ip4_addr_t; both are pointers. */
#define inet_addr_from_ip4addr(target_inaddr, source_ipaddr)                                       \
  ((target_inaddr)->s_addr = ip4_addr_get_u32(source_ipaddr))
#define inet_addr_to_ip4addr(target_ipaddr, source_inaddr)                                         \
  (ip4_addr_set_u32(target_ipaddr, (source_inaddr)->s_addr))

/* As ipaddr_addr(), ip4addr_aton(), ip4addr_ntoa() and ip4addr_ntoa_r(). */
#define inet_addr(cp)       ipaddr_addr(cp)
#define inet_aton(cp, addr) ip4addr_aton(cp, (ip4_addr_t *)(void *)addr)
#define inet_ntoa(addr)     ip4addr_ntoa((const ip4_addr_t *)(const void *)&(addr))
#define inet_ntoa_r(addr, buf, buflen)                                                             \
  ip4addr_ntoa_r((const ip4_addr_t *)(const void *)&(addr), buf, buflen)

#endif /* LWIP_IPV4 */

#if LWIP_IPV6

/** Between struct in6_addr and ip6_addr_t; both are pointers. The result has no zone. */
#define inet6_addr_from_ip6addr(target_in6addr, source_ip6addr)                                    \
  {                                                                                                \
    (target_in6addr)->un.u32_addr[0] = (source_ip6addr)->addr[0];                                  \
    (target_in6addr)->un.u32_addr[1] = (source_ip6addr)->addr[1];                                  \
    (target_in6addr)->un.u32_addr[2] = (source_ip6addr)->addr[2];                                  \
    (target_in6addr)->un.u32_addr[3] = (source_ip6addr)->addr[3];                                  \
  }
#define inet6_addr_to_ip6addr(target_ip6addr, source_in6addr)                                      \
  {                                                                                                \
    (target_ip6addr)->addr[0] = (source_in6addr)->un.u32_addr[0];                                  \
    (target_ip6addr)->addr[1] = (source_in6addr)->un.u32_addr[1];                                  \
    (target_ip6addr)->addr[2] = (source_in6addr)->un.u32_addr[2];                                  \
    (target_ip6addr)->addr[3] = (source_in6addr)->un.u32_addr[3];                                  \
    ip6_addr_clear_zone(target_ip6addr);                                                           \
  }

/* As ip6addr_aton(), ip6addr_ntoa() and ip6addr_ntoa_r(), but of the 16 bytes of a struct in6_addr,
   which has no place for a zone: one in the text is left out. */

static inline int lwip_inet6_aton(const char *cp, void *in6)
{
  ip6_addr_t addr;
  int is_address = ip6addr_aton(cp, &addr);
  if (is_address) {
    memcpy(in6, addr.addr, sizeof addr.addr);
  }
  return is_address;
}

static inline ip6_addr_t lwip_inet6_plain(const void *in6)
{
  ip6_addr_t addr;
  memcpy(addr.addr, in6, sizeof addr.addr);
  ip6_addr_clear_zone(&addr);
  return addr;
}

static inline char *lwip_inet6_ntoa(const void *in6)
{
  ip6_addr_t addr = lwip_inet6_plain(in6);
  return ip6addr_ntoa(&addr);
}

static inline char *lwip_inet6_ntoa_r(const void *in6, char *buf, int buflen)
{
  ip6_addr_t addr = lwip_inet6_plain(in6);
  return ip6addr_ntoa_r(&addr, buf, buflen);
}

#define inet6_aton(cp, addr)            lwip_inet6_aton(cp, addr)
#define inet6_ntoa(addr)                lwip_inet6_ntoa(&(addr))
#define inet6_ntoa_r(addr, buf, buflen) lwip_inet6_ntoa_r(&(addr), buf, buflen)

#endif /* LWIP_IPV6 */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_SOCKET_EXTERNAL_HEADERS */

#endif /* LWIP_HDR_INET_H */
