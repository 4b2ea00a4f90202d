/**
 * @file
 * Addresses of either family. With LWIP_IPV4 and LWIP_IPV6 an ip_addr_t says of which family it is;
 * with one of them it is that family's type, and everything here is constant or free. The cast to
 * the family that is not built is a null pointer: only code that is never reached uses it.
 */
#ifndef LWIP_HDR_IP_ADDR_H
#define LWIP_HDR_IP_ADDR_H

#include "lwip/opt.h"
#include "lwip/def.h"
#include "lwip/ip4_addr.h"
#include "lwip/ip6_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Family of an address. */
enum lwip_ip_addr_type {
  IPADDR_TYPE_V4 = 0U,
  IPADDR_TYPE_V6 = 6U,
  IPADDR_TYPE_ANY = 46U /**< a pcb that takes both */
};

#if LWIP_IPV4 && LWIP_IPV6

typedef struct ip_addr {
  union {
    ip6_addr_t ip6;
    ip4_addr_t ip4;
  } u_addr;
  u8_t type; /* enum lwip_ip_addr_type */
} ip_addr_t;

/* Initialisers. IPADDR4_INIT() and IPADDR6_INIT() take network order. */
#define IPADDR4_INIT(u32val)                                                                       \
  {                                                                                                \
    {{{u32val, 0ul, 0ul, 0ul} IPADDR6_ZONE_INIT}}, IPADDR_TYPE_V4                                  \
  }
#define IPADDR6_INIT(a, b, c, d)                                                                   \
  {                                                                                                \
    {{{a, b, c, d} IPADDR6_ZONE_INIT}}, IPADDR_TYPE_V6                                             \
  }
#define IPADDR_ANY_TYPE_INIT                                                                       \
  {                                                                                                \
    {{{0ul, 0ul, 0ul, 0ul} IPADDR6_ZONE_INIT}}, IPADDR_TYPE_ANY                                    \
  }

#define IP_IS_ANY_TYPE_VAL(ipaddr) (IP_GET_TYPE(&ipaddr) == IPADDR_TYPE_ANY)
#define IP_IS_V4_VAL(ipaddr)       (IP_GET_TYPE(&ipaddr) == IPADDR_TYPE_V4)
#define IP_IS_V6_VAL(ipaddr)       (IP_GET_TYPE(&ipaddr) == IPADDR_TYPE_V6)
/** Is it NULL or an IPv4 address? */
#define IP_IS_V4(ipaddr) (((ipaddr) == NULL) || IP_IS_V4_VAL(*(ipaddr)))
#define IP_IS_V6(ipaddr) (((ipaddr) != NULL) && IP_IS_V6_VAL(*(ipaddr)))
/** Is it ::ffff:a.b.c.d? */
#define IP_IS_V4MAPPEDV6(ipaddr) (IP_IS_V6(ipaddr) && ip6_addr_isipv4mappedipv6(ip_2_ip6(ipaddr)))

/** Is word `WORD` of an IPv6 address `VAL` (host order)? */
#define IP_V6_EQ_PART(ipaddr, WORD, VAL) (ip_2_ip6(ipaddr)->addr[WORD] == lwip_htonl(VAL))

#define IP_SET_TYPE_VAL(ipaddr, iptype)                                                            \
  do {                                                                                             \
    (ipaddr).type = (iptype);                                                                      \
  } while (0)
#define IP_SET_TYPE(ipaddr, iptype)                                                                \
  do {                                                                                             \
    if ((ipaddr) != NULL) {                                                                        \
      IP_SET_TYPE_VAL(*(ipaddr), iptype);                                                          \
    }                                                                                              \
  } while (0)
#define IP_GET_TYPE(ipaddr) ((ipaddr)->type)
/** Bytes of the address itself. */
#define IP_ADDR_RAW_SIZE(ipaddr)                                                                   \
  (IP_GET_TYPE(&ipaddr) == IPADDR_TYPE_V4 ? sizeof(ip4_addr_t) : sizeof(ip6_addr_t))
/** May the pcb send to, or hear from, an address of this family? */
#define IP_ADDR_PCB_VERSION_MATCH_EXACT(pcb, ipaddr)                                               \
  (IP_GET_TYPE(&pcb->local_ip) == IP_GET_TYPE(ipaddr))
#define IP_ADDR_PCB_VERSION_MATCH(pcb, ipaddr)                                                     \
  (IP_IS_ANY_TYPE_VAL(pcb->local_ip) || IP_ADDR_PCB_VERSION_MATCH_EXACT(pcb, ipaddr))

/** The address of one family inside; the caller knows which it is. */
#define ip_2_ip6(ipaddr) (&((ipaddr)->u_addr.ip6))
#define ip_2_ip4(ipaddr) (&((ipaddr)->u_addr.ip4))

/** Set from four bytes, or from four words in network order. */
#define IP_ADDR4(ipaddr, a, b, c, d)                                                               \
  do {                                                                                             \
    IP4_ADDR(ip_2_ip4(ipaddr), a, b, c, d);                                                        \
    IP_SET_TYPE_VAL(*(ipaddr), IPADDR_TYPE_V4);                                                    \
    ip_clear_no4(ipaddr);                                                                          \
  } while (0)
#define IP_ADDR6(ipaddr, i0, i1, i2, i3)                                                           \
  do {                                                                                             \
    IP6_ADDR(ip_2_ip6(ipaddr), i0, i1, i2, i3);                                                    \
    IP_SET_TYPE_VAL(*(ipaddr), IPADDR_TYPE_V6);                                                    \
  } while (0)

/** Clear what an IPv4 address does not use, so that addresses may be compared as memory. */
#define ip_clear_no4(ipaddr)                                                                       \
  do {                                                                                             \
    ip_2_ip6(ipaddr)->addr[1] = ip_2_ip6(ipaddr)->addr[2] = ip_2_ip6(ipaddr)->addr[3] = 0;         \
    ip6_addr_clear_zone(ip_2_ip6(ipaddr));                                                         \
  } while (0)

/** Copy an address (not a pointer) into another. */
#define ip_addr_copy(dest, src)                                                                    \
  do {                                                                                             \
    IP_SET_TYPE_VAL(dest, IP_GET_TYPE(&src));                                                      \
    if (IP_IS_V6_VAL(src)) {                                                                       \
      ip6_addr_copy(*ip_2_ip6(&(dest)), *ip_2_ip6(&(src)));                                        \
    } else {                                                                                       \
      ip4_addr_copy(*ip_2_ip4(&(dest)), *ip_2_ip4(&(src)));                                        \
      ip_clear_no4(&dest);                                                                         \
    }                                                                                              \
  } while (0)
#define ip_addr_copy_from_ip6(dest, src)                                                           \
  do {                                                                                             \
    ip6_addr_copy(*ip_2_ip6(&(dest)), src);                                                        \
    IP_SET_TYPE_VAL(dest, IPADDR_TYPE_V6);                                                         \
  } while (0)
#define ip_addr_copy_from_ip6_packed(dest, src)                                                    \
  do {                                                                                             \
    ip6_addr_copy_from_packed(*ip_2_ip6(&(dest)), src);                                            \
    IP_SET_TYPE_VAL(dest, IPADDR_TYPE_V6);                                                         \
  } while (0)
#define ip_addr_copy_from_ip4(dest, src)                                                           \
  do {                                                                                             \
    ip4_addr_copy(*ip_2_ip4(&(dest)), src);                                                        \
    IP_SET_TYPE_VAL(dest, IPADDR_TYPE_V4);                                                         \
    ip_clear_no4(&dest);                                                                           \
  } while (0)
/** Set to an IPv4 address in network order; nothing happens to NULL. */
#define ip_addr_set_ip4_u32(ipaddr, val)                                                           \
  do {                                                                                             \
    if ((ipaddr) != NULL) {                                                                        \
      ip4_addr_set_u32(ip_2_ip4(ipaddr), val);                                                     \
      IP_SET_TYPE(ipaddr, IPADDR_TYPE_V4);                                                         \
      ip_clear_no4(ipaddr);                                                                        \
    }                                                                                              \
  } while (0)
#define ip_addr_set_ip4_u32_val(ipaddr, val)                                                       \
  do {                                                                                             \
    ip4_addr_set_u32(ip_2_ip4(&(ipaddr)), val);                                                    \
    IP_SET_TYPE_VAL(ipaddr, IPADDR_TYPE_V4);                                                       \
    ip_clear_no4(&ipaddr);                                                                         \
  } while (0)
/** The IPv4 address in network order; 0 for NULL and other families. */
#define ip_addr_get_ip4_u32(ipaddr)                                                                \
  (((ipaddr) != NULL && IP_IS_V4(ipaddr)) ? ip4_addr_get_u32(ip_2_ip4(ipaddr)) : 0)
/** Copy from a pointer; NULL counts as 0.0.0.0. */
#define ip_addr_set(dest, src)                                                                     \
  do {                                                                                             \
    IP_SET_TYPE(dest, (src) == NULL ? (u8_t)IPADDR_TYPE_V4 : IP_GET_TYPE(src));                    \
    if (IP_IS_V6(src)) {                                                                           \
      ip6_addr_set(ip_2_ip6(dest), ip_2_ip6(src));                                                 \
    } else {                                                                                       \
      ip4_addr_set_u32(ip_2_ip4(dest), (src) == NULL ? 0 : ip_2_ip4(src)->addr);                   \
      ip_clear_no4(dest);                                                                          \
    }                                                                                              \
  } while (0)
#define ip_addr_set_ipaddr(dest, src) ip_addr_set(dest, src)
#define ip_addr_set_zero(ipaddr)                                                                   \
  do {                                                                                             \
    ip6_addr_set_zero(ip_2_ip6(ipaddr));                                                           \
    IP_SET_TYPE(ipaddr, 0);                                                                        \
  } while (0)
#define ip_addr_set_zero_ip4(ipaddr)                                                               \
  do {                                                                                             \
    ip6_addr_set_zero(ip_2_ip6(ipaddr));                                                           \
    IP_SET_TYPE(ipaddr, IPADDR_TYPE_V4);                                                           \
  } while (0)
#define ip_addr_set_zero_ip6(ipaddr)                                                               \
  do {                                                                                             \
    ip6_addr_set_zero(ip_2_ip6(ipaddr));                                                           \
    IP_SET_TYPE(ipaddr, IPADDR_TYPE_V6);                                                           \
  } while (0)
#define ip_addr_set_any(is_ipv6, ipaddr)                                                           \
  do {                                                                                             \
    if (is_ipv6) {                                                                                 \
      ip6_addr_set_any(ip_2_ip6(ipaddr));                                                          \
      IP_SET_TYPE(ipaddr, IPADDR_TYPE_V6);                                                         \
    } else {                                                                                       \
      ip4_addr_set_any(ip_2_ip4(ipaddr));                                                          \
      IP_SET_TYPE(ipaddr, IPADDR_TYPE_V4);                                                         \
      ip_clear_no4(ipaddr);                                                                        \
    }                                                                                              \
  } while (0)
#define ip_addr_set_loopback(is_ipv6, ipaddr)                                                      \
  do {                                                                                             \
    if (is_ipv6) {                                                                                 \
      ip6_addr_set_loopback(ip_2_ip6(ipaddr));                                                     \
      IP_SET_TYPE(ipaddr, IPADDR_TYPE_V6);                                                         \
    } else {                                                                                       \
      ip4_addr_set_loopback(ip_2_ip4(ipaddr));                                                     \
      IP_SET_TYPE(ipaddr, IPADDR_TYPE_V4);                                                         \
      ip_clear_no4(ipaddr);                                                                        \
    }                                                                                              \
  } while (0)
/** Copy from a pointer to an address in host order. */
#define ip_addr_set_hton(dest, src)                                                                \
  do {                                                                                             \
    if (IP_IS_V6(src)) {                                                                           \
      ip6_addr_set_hton(ip_2_ip6(dest), ip_2_ip6(src));                                            \
      IP_SET_TYPE(dest, IPADDR_TYPE_V6);                                                           \
    } else {                                                                                       \
      ip4_addr_set_hton(ip_2_ip4(dest), ip_2_ip4(src));                                            \
      IP_SET_TYPE(dest, IPADDR_TYPE_V4);                                                           \
      ip_clear_no4(dest);                                                                          \
    }                                                                                              \
  } while (0)
/** `target` = network part of `host`; :: for an IPv6 address. `netmask` is an IPv4 one. */
#define ip_addr_get_network(target, host, netmask)                                                 \
  do {                                                                                             \
    if (IP_IS_V6(host)) {                                                                          \
      ip_addr_set_zero_ip6(target);                                                                \
    } else {                                                                                       \
      ip4_addr_get_network(ip_2_ip4(target), ip_2_ip4(host), ip_2_ip4(netmask));                   \
      IP_SET_TYPE(target, IPADDR_TYPE_V4);                                                         \
      ip_clear_no4(target);                                                                        \
    }                                                                                              \
  } while (0)
/** Are both IPv4 and in the same network? */
#define ip_addr_net_eq(addr1, addr2, mask)                                                         \
  ((IP_IS_V6(addr1) || IP_IS_V6(addr2)) ? 0                                                        \
                                        : ip4_addr_net_eq(ip_2_ip4(addr1), ip_2_ip4(addr2), mask))
/** Same family and same address (and zone)? */
#define ip_addr_eq(addr1, addr2)                                                                   \
  ((IP_GET_TYPE(addr1) != IP_GET_TYPE(addr2))                                                      \
       ? 0                                                                                         \
       : (IP_IS_V6_VAL(*(addr1)) ? ip6_addr_eq(ip_2_ip6(addr1), ip_2_ip6(addr2))                   \
                                 : ip4_addr_eq(ip_2_ip4(addr1), ip_2_ip4(addr2))))
#define ip_addr_zoneless_eq(addr1, addr2)                                                          \
  ((IP_GET_TYPE(addr1) != IP_GET_TYPE(addr2))                                                      \
       ? 0                                                                                         \
       : (IP_IS_V6_VAL(*(addr1)) ? ip6_addr_zoneless_eq(ip_2_ip6(addr1), ip_2_ip6(addr2))          \
                                 : ip4_addr_eq(ip_2_ip4(addr1), ip_2_ip4(addr2))))
/** Is it NULL, 0.0.0.0 or ::? */
#define ip_addr_isany(ipaddr)                                                                      \
  (((ipaddr) == NULL) ? 1                                                                          \
                      : ((IP_IS_V6(ipaddr)) ? ip6_addr_isany(ip_2_ip6(ipaddr))                     \
                                            : ip4_addr_isany(ip_2_ip4(ipaddr))))
#define ip_addr_isany_val(ipaddr)                                                                  \
  ((IP_IS_V6_VAL(ipaddr)) ? ip6_addr_isany_val(*ip_2_ip6(&(ipaddr)))                               \
                          : ip4_addr_isany_val(*ip_2_ip4(&(ipaddr))))
#define ip_addr_isbroadcast(ipaddr, netif)                                                         \
  ((IP_IS_V6(ipaddr)) ? 0 : ip4_addr_isbroadcast(ip_2_ip4(ipaddr), netif))
#define ip_addr_ismulticast(ipaddr)                                                                \
  ((IP_IS_V6(ipaddr)) ? ip6_addr_ismulticast(ip_2_ip6(ipaddr))                                     \
                      : ip4_addr_ismulticast(ip_2_ip4(ipaddr)))
#define ip_addr_isloopback(ipaddr)                                                                 \
  ((IP_IS_V6(ipaddr)) ? ip6_addr_isloopback(ip_2_ip6(ipaddr))                                      \
                      : ip4_addr_isloopback(ip_2_ip4(ipaddr)))
#define ip_addr_islinklocal(ipaddr)                                                                \
  ((IP_IS_V6(ipaddr)) ? ip6_addr_islinklocal(ip_2_ip6(ipaddr))                                     \
                      : ip4_addr_islinklocal(ip_2_ip4(ipaddr)))
#define ip_addr_debug_print(debug, ipaddr)                                                         \
  do {                                                                                             \
    if (IP_IS_V6(ipaddr)) {                                                                        \
      ip6_addr_debug_print(debug, ip_2_ip6(ipaddr));                                               \
    } else {                                                                                       \
      ip4_addr_debug_print(debug, ip_2_ip4(ipaddr));                                               \
    }                                                                                              \
  } while (0)
#define ip_addr_debug_print_val(debug, ipaddr)                                                     \
  do {                                                                                             \
    if (IP_IS_V6_VAL((ipaddr))) {                                                                  \
      ip6_addr_debug_print_val(debug, *ip_2_ip6(&(ipaddr)));                                       \
    } else {                                                                                       \
      ip4_addr_debug_print_val(debug, *ip_2_ip4(&(ipaddr)));                                       \
    }                                                                                              \
  } while (0)

/** a.b.c.d to ::ffff:a.b.c.d and back (RFC 4291 2.5.5.2). */
#define ip4_2_ipv4_mapped_ipv6(ip6addr, ip4addr)                                                   \
  do {                                                                                             \
    (ip6addr)->addr[3] = (ip4addr)->addr;                                                          \
    (ip6addr)->addr[2] = PP_HTONL(0x0000FFFFUL);                                                   \
    (ip6addr)->addr[1] = 0;                                                                        \
    (ip6addr)->addr[0] = 0;                                                                        \
    ip6_addr_clear_zone(ip6addr);                                                                  \
  } while (0)
#define unmap_ipv4_mapped_ipv6(ip4addr, ip6addr) ((ip4addr)->addr = (ip6addr)->addr[3])

/** The unspecified address of a family. */
#define IP46_ADDR_ANY(type) (((type) == IPADDR_TYPE_V6) ? IP6_ADDR_ANY : IP4_ADDR_ANY)

/** Bytes that every address in text fits into, terminator included. */
#define IPADDR_STRLEN_MAX IP6ADDR_STRLEN_MAX

#else /* LWIP_IPV4 && LWIP_IPV6 */

#define IP_ADDR_PCB_VERSION_MATCH(addr, pcb)         1
#define IP_ADDR_PCB_VERSION_MATCH_EXACT(pcb, ipaddr) 1
#define IP_IS_ANY_TYPE_VAL(ipaddr)                   0
#define IP_SET_TYPE_VAL(ipaddr, iptype)
#define IP_SET_TYPE(ipaddr, iptype)
#define IP_IS_V4MAPPEDV6(ipaddr) 0
#define ip_clear_no4(ipaddr)
#define ip_addr_set_ipaddr(dest, src) ip_addr_set(dest, src)
#define IPADDR_ANY_TYPE_INIT          IPADDR_ZERO_INIT

#if LWIP_IPV4

typedef ip4_addr_t ip_addr_t;

#define IPADDR_ZERO_INIT                                                                           \
  {                                                                                                \
    0                                                                                              \
  }
#define IPADDR4_INIT(u32val)                                                                       \
  {                                                                                                \
    u32val                                                                                         \
  }
#define IPADDR6_INIT(a, b, c, d) IPADDR_ZERO_INIT
#define IP_IS_V4_VAL(ipaddr)     1
#define IP_IS_V6_VAL(ipaddr)     0
#define IP_IS_V4(ipaddr)         1
#define IP_IS_V6(ipaddr)         0
#define IP_GET_TYPE(ipaddr)      IPADDR_TYPE_V4
#define IP_ADDR_RAW_SIZE(ipaddr) sizeof(ip4_addr_t)
#define ip_2_ip4(ipaddr)         (ipaddr)
#define ip_2_ip6(ipaddr)         ((void)sizeof(ipaddr), (ip6_addr_t *)NULL)

#define IP_ADDR4(ipaddr, a, b, c, d)            IP4_ADDR(ipaddr, a, b, c, d)
#define IP_ADDR6(ipaddr, i0, i1, i2, i3)        ip4_addr_set_zero(ipaddr)
#define ip_addr_copy(dest, src)                 ip4_addr_copy(dest, src)
#define ip_addr_copy_from_ip4(dest, src)        ip4_addr_copy(dest, src)
#define ip_addr_copy_from_ip6(dest, src)        ((void)sizeof(src), ip4_addr_set_zero(&(dest)))
#define ip_addr_copy_from_ip6_packed(dest, src) ((void)sizeof(src), ip4_addr_set_zero(&(dest)))
#define ip_addr_set_ip4_u32(ipaddr, val)        ip4_addr_set_u32(ipaddr, val)
#define ip_addr_set_ip4_u32_val(ipaddr, val)    ip_addr_set_ip4_u32(&(ipaddr), val)
#define ip_addr_get_ip4_u32(ipaddr)             ip4_addr_get_u32(ipaddr)
#define ip_addr_set(dest, src)                  ip4_addr_set(dest, src)
#define ip_addr_set_zero(ipaddr)                ip4_addr_set_zero(ipaddr)
#define ip_addr_set_zero_ip4(ipaddr)            ip4_addr_set_zero(ipaddr)
#define ip_addr_set_zero_ip6(ipaddr)            ip4_addr_set_zero(ipaddr)
#define ip_addr_set_any(is_ipv6, ipaddr)        ip4_addr_set_any(ipaddr)
#define ip_addr_set_loopback(is_ipv6, ipaddr)   ip4_addr_set_loopback(ipaddr)
#define ip_addr_set_hton(dest, src)             ip4_addr_set_hton(dest, src)
#define ip_addr_get_network(target, host, mask) ip4_addr_get_network(target, host, mask)
#define ip_addr_net_eq(addr1, addr2, mask)      ip4_addr_net_eq(addr1, addr2, mask)
#define ip_addr_eq(addr1, addr2)                ip4_addr_eq(addr1, addr2)
#define ip_addr_zoneless_eq(addr1, addr2)       ip4_addr_eq(addr1, addr2)
#define ip_addr_isany(ipaddr)                   ip4_addr_isany(ipaddr)
#define ip_addr_isany_val(ipaddr)               ip4_addr_isany_val(ipaddr)
#define ip_addr_isloopback(ipaddr)              ip4_addr_isloopback(ipaddr)
#define ip_addr_islinklocal(ipaddr)             ip4_addr_islinklocal(ipaddr)
#define ip_addr_isbroadcast(addr, netif)        ip4_addr_isbroadcast(addr, netif)
#define ip_addr_ismulticast(ipaddr)             ip4_addr_ismulticast(ipaddr)
#define ip_addr_debug_print(debug, ipaddr)      ip4_addr_debug_print(debug, ipaddr)
#define ip_addr_debug_print_val(debug, ipaddr)  ip4_addr_debug_print_val(debug, ipaddr)
#define IPADDR_STRLEN_MAX                       IP4ADDR_STRLEN_MAX
#define IP46_ADDR_ANY(type)                     (IP4_ADDR_ANY)

#else /* LWIP_IPV4 */

typedef ip6_addr_t ip_addr_t;

#define IPADDR_ZERO_INIT                                                                           \
  {                                                                                                \
    {0ul, 0ul, 0ul, 0ul} IPADDR6_ZONE_INIT                                                         \
  }
#define IPADDR4_INIT(u32val) IPADDR_ZERO_INIT
#define IPADDR6_INIT(a, b, c, d)                                                                   \
  {                                                                                                \
    {a, b, c, d} IPADDR6_ZONE_INIT                                                                 \
  }
#define IP_IS_V4_VAL(ipaddr)     0
#define IP_IS_V6_VAL(ipaddr)     1
#define IP_IS_V4(ipaddr)         0
#define IP_IS_V6(ipaddr)         1
#define IP_GET_TYPE(ipaddr)      IPADDR_TYPE_V6
#define IP_ADDR_RAW_SIZE(ipaddr) sizeof(ip6_addr_t)
#define ip_2_ip4(ipaddr)         ((void)sizeof(ipaddr), (ip4_addr_t *)NULL)
#define ip_2_ip6(ipaddr)         (ipaddr)

#define IP_ADDR4(ipaddr, a, b, c, d)            ip6_addr_set_zero(ipaddr)
#define IP_ADDR6(ipaddr, i0, i1, i2, i3)        IP6_ADDR(ipaddr, i0, i1, i2, i3)
#define ip_addr_copy(dest, src)                 ip6_addr_copy(dest, src)
#define ip_addr_copy_from_ip4(dest, src)        ip6_addr_set_zero(&(dest))
#define ip_addr_copy_from_ip6(dest, src)        ip6_addr_copy(dest, src)
#define ip_addr_copy_from_ip6_packed(dest, src) ip6_addr_copy_from_packed(dest, src)
#define ip_addr_set_ip4_u32(ipaddr, val)        ip6_addr_set_zero(ipaddr)
#define ip_addr_set_ip4_u32_val(ipaddr, val)    ip6_addr_set_zero(&(ipaddr))
#define ip_addr_get_ip4_u32(ipaddr)             ((void)sizeof(ipaddr), (u32_t)0)
#define ip_addr_set(dest, src)                  ip6_addr_set(dest, src)
#define ip_addr_set_zero(ipaddr)                ip6_addr_set_zero(ipaddr)
#define ip_addr_set_zero_ip4(ipaddr)            ip6_addr_set_zero(ipaddr)
#define ip_addr_set_zero_ip6(ipaddr)            ip6_addr_set_zero(ipaddr)
#define ip_addr_set_any(is_ipv6, ipaddr)        ip6_addr_set_any(ipaddr)
#define ip_addr_set_loopback(is_ipv6, ipaddr)   ip6_addr_set_loopback(ipaddr)
#define ip_addr_set_hton(dest, src)             ip6_addr_set_hton(dest, src)
#define ip_addr_get_network(target, host, mask) ip6_addr_set_zero(target)
#define ip_addr_net_eq(addr1, addr2, mask)      0
#define ip_addr_eq(addr1, addr2)                ip6_addr_eq(addr1, addr2)
#define ip_addr_zoneless_eq(addr1, addr2)       ip6_addr_zoneless_eq(addr1, addr2)
#define ip_addr_isany(ipaddr)                   ip6_addr_isany(ipaddr)
#define ip_addr_isany_val(ipaddr)               ip6_addr_isany_val(ipaddr)
#define ip_addr_isloopback(ipaddr)              ip6_addr_isloopback(ipaddr)
#define ip_addr_islinklocal(ipaddr)             ip6_addr_islinklocal(ipaddr)
#define ip_addr_isbroadcast(addr, netif)        0
#define ip_addr_ismulticast(ipaddr)             ip6_addr_ismulticast(ipaddr)
#define ip_addr_debug_print(debug, ipaddr)      ip6_addr_debug_print(debug, ipaddr)
#define ip_addr_debug_print_val(debug, ipaddr)  ip6_addr_debug_print_val(debug, ipaddr)
#define IPADDR_STRLEN_MAX                       IP6ADDR_STRLEN_MAX
#define IP46_ADDR_ANY(type)                     (IP6_ADDR_ANY)

#endif /* LWIP_IPV4 */
#endif /* LWIP_IPV4 && LWIP_IPV6 */

/** Initialisers from bytes, and from four words in host order. */
#define IPADDR4_INIT_BYTES(a, b, c, d) IPADDR4_INIT(PP_HTONL(LWIP_MAKEU32(a, b, c, d)))
#define IPADDR6_INIT_HOST(a, b, c, d)                                                              \
  IPADDR6_INIT(PP_HTONL(a), PP_HTONL(b), PP_HTONL(c), PP_HTONL(d))
/** Set to an IPv6 address of four words in host order. */
#define IP_ADDR6_HOST(ipaddr, i0, i1, i2, i3)                                                      \
  IP_ADDR6(ipaddr, PP_HTONL(i0), PP_HTONL(i1), PP_HTONL(i2), PP_HTONL(i3))
#define ip_addr_set_any_val(is_ipv6, ipaddr)      ip_addr_set_any(is_ipv6, &(ipaddr))
#define ip_addr_set_loopback_val(is_ipv6, ipaddr) ip_addr_set_loopback(is_ipv6, &(ipaddr))

/* Old names. */
#define ip_addr_netcmp(addr1, addr2, mask) ip_addr_net_eq(addr1, addr2, mask)
#define ip_addr_cmp(addr1, addr2)          ip_addr_eq(addr1, addr2)
#define ip_addr_cmp_zoneless(addr1, addr2) ip_addr_zoneless_eq(addr1, addr2)

/* Constant addresses. One of a family that is not built is all zeros. */
extern const ip_addr_t ip_addr_any_type;  /* either family */
extern const ip_addr_t ip_addr_any;       /* 0.0.0.0 */
extern const ip_addr_t ip_addr_broadcast; /* 255.255.255.255 */
extern const ip_addr_t ip6_addr_any;      /* :: */

#define IP4_ADDR_ANY       (&ip_addr_any)
#define IP4_ADDR_ANY4      (ip_2_ip4(&ip_addr_any))
#define IP_ADDR_BROADCAST  (&ip_addr_broadcast)
#define IP4_ADDR_BROADCAST (ip_2_ip4(&ip_addr_broadcast))
#define IP6_ADDR_ANY       (&ip6_addr_any)
#define IP6_ADDR_ANY6      (ip_2_ip6(&ip6_addr_any))

#if LWIP_IPV4
#define IP_ADDR_ANY IP4_ADDR_ANY
#else
#define IP_ADDR_ANY IP6_ADDR_ANY
#endif

/** The local address of a pcb that takes both families where there are two. */
#if LWIP_IPV4 && LWIP_IPV6
#define IP_ANY_TYPE (&ip_addr_any_type)
#else
#define IP_ANY_TYPE IP_ADDR_ANY
#endif

/** Address to text in a buffer of the stack instance: valid until the next call. NULL for NULL. */
char *ipaddr_ntoa(const ip_addr_t *addr);
/** Address to text in `buf` of `buflen` bytes; returns it, or NULL when it is too small. */
char *ipaddr_ntoa_r(const ip_addr_t *addr, char *buf, int buflen);
/** Text of either family to address, see ip4addr_aton() and ip6addr_aton(): 1, or 0 for none. */
int ipaddr_aton(const char *cp, ip_addr_t *addr);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IP_ADDR_H */
