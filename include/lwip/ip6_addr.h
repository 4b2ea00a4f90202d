/**
 * @file
 * IPv6 addresses. An ip6_addr_t is four words in network order, and a zone where LWIP_IPV6_SCOPES
 * is 1. Macros take pointers unless their name ends in `_val` or `_copy`. The types exist in
 * IPv4-only builds too.
 */
#ifndef LWIP_HDR_IP6_ADDR_H
#define LWIP_HDR_IP6_ADDR_H

#include "lwip/opt.h"
#include "lwip/def.h"
#include "lwip/ip6_zone.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ip6_addr {
  u32_t addr[4]; /* network order */
#if LWIP_IPV6_SCOPES
  u8_t zone; /* netif index, or IP6_NO_ZONE */
#endif
};
typedef struct ip6_addr ip6_addr_t;

/** Set one word from its four bytes, `a` the first. */
#define IP6_ADDR_PART(ip6addr, index, a, b, c, d)                                                  \
  (ip6addr)->addr[index] = PP_HTONL(LWIP_MAKEU32(a, b, c, d))

/** Set an address from four words in network order. */
#define IP6_ADDR(ip6addr, idx0, idx1, idx2, idx3)                                                  \
  do {                                                                                             \
    (ip6addr)->addr[0] = idx0;                                                                     \
    (ip6addr)->addr[1] = idx1;                                                                     \
    (ip6addr)->addr[2] = idx2;                                                                     \
    (ip6addr)->addr[3] = idx3;                                                                     \
    ip6_addr_clear_zone(ip6addr);                                                                  \
  } while (0)

/* The eight 16-bit groups in host order. */
#define IP6_ADDR_BLOCK1(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[0]) >> 16) & 0xffff))
#define IP6_ADDR_BLOCK2(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[0])) & 0xffff))
#define IP6_ADDR_BLOCK3(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[1]) >> 16) & 0xffff))
#define IP6_ADDR_BLOCK4(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[1])) & 0xffff))
#define IP6_ADDR_BLOCK5(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[2]) >> 16) & 0xffff))
#define IP6_ADDR_BLOCK6(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[2])) & 0xffff))
#define IP6_ADDR_BLOCK7(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[3]) >> 16) & 0xffff))
#define IP6_ADDR_BLOCK8(ip6addr) ((u16_t)((lwip_htonl((ip6addr)->addr[3])) & 0xffff))

/** Copy an address (not a pointer) with its zone into another. */
#define ip6_addr_copy(dest, src)                                                                   \
  do {                                                                                             \
    (dest).addr[0] = (src).addr[0];                                                                \
    (dest).addr[1] = (src).addr[1];                                                                \
    (dest).addr[2] = (src).addr[2];                                                                \
    (dest).addr[3] = (src).addr[3];                                                                \
    ip6_addr_copy_zone((dest), (src));                                                             \
  } while (0)

/** Copy from a pointer; NULL counts as ::. */
#define ip6_addr_set(dest, src)                                                                    \
  do {                                                                                             \
    (dest)->addr[0] = (src) == NULL ? 0 : (src)->addr[0];                                          \
    (dest)->addr[1] = (src) == NULL ? 0 : (src)->addr[1];                                          \
    (dest)->addr[2] = (src) == NULL ? 0 : (src)->addr[2];                                          \
    (dest)->addr[3] = (src) == NULL ? 0 : (src)->addr[3];                                          \
    ip6_addr_set_zone((dest), (src) == NULL ? IP6_NO_ZONE : ip6_addr_zone(src));                   \
  } while (0)

/** Copy from an ip6_addr_p_t of a header; the result has no zone. */
#define ip6_addr_copy_from_packed(dest, src)                                                       \
  do {                                                                                             \
    (dest).addr[0] = (src).addr[0];                                                                \
    (dest).addr[1] = (src).addr[1];                                                                \
    (dest).addr[2] = (src).addr[2];                                                                \
    (dest).addr[3] = (src).addr[3];                                                                \
    ip6_addr_clear_zone(&dest);                                                                    \
  } while (0)

/** Copy into an ip6_addr_p_t of a header; the zone stays behind. */
#define ip6_addr_copy_to_packed(dest, src)                                                         \
  do {                                                                                             \
    (dest).addr[0] = (src).addr[0];                                                                \
    (dest).addr[1] = (src).addr[1];                                                                \
    (dest).addr[2] = (src).addr[2];                                                                \
    (dest).addr[3] = (src).addr[3];                                                                \
  } while (0)

#define ip6_addr_set_zero(ip6addr)                                                                 \
  do {                                                                                             \
    (ip6addr)->addr[0] = 0;                                                                        \
    (ip6addr)->addr[1] = 0;                                                                        \
    (ip6addr)->addr[2] = 0;                                                                        \
    (ip6addr)->addr[3] = 0;                                                                        \
    ip6_addr_clear_zone(ip6addr);                                                                  \
  } while (0)
#define ip6_addr_set_any(ip6addr) ip6_addr_set_zero(ip6addr)
#define ip6_addr_set_loopback(ip6addr)                                                             \
  do {                                                                                             \
    (ip6addr)->addr[0] = 0;                                                                        \
    (ip6addr)->addr[1] = 0;                                                                        \
    (ip6addr)->addr[2] = 0;                                                                        \
    (ip6addr)->addr[3] = PP_HTONL(0x00000001UL);                                                   \
    ip6_addr_clear_zone(ip6addr);                                                                  \
  } while (0)

/** Copy from a pointer to words in host order; NULL counts as ::. */
#define ip6_addr_set_hton(dest, src)                                                               \
  do {                                                                                             \
    (dest)->addr[0] = (src) == NULL ? 0 : lwip_htonl((src)->addr[0]);                              \
    (dest)->addr[1] = (src) == NULL ? 0 : lwip_htonl((src)->addr[1]);                              \
    (dest)->addr[2] = (src) == NULL ? 0 : lwip_htonl((src)->addr[2]);                              \
    (dest)->addr[3] = (src) == NULL ? 0 : lwip_htonl((src)->addr[3]);                              \
    ip6_addr_set_zone((dest), (src) == NULL ? IP6_NO_ZONE : ip6_addr_zone(src));                   \
  } while (0)

/* Comparisons: of the first 64 bits (net), the last 64 (nethost), or all; with zones or without. */
#define ip6_addr_net_zoneless_eq(addr1, addr2)                                                     \
  (((addr1)->addr[0] == (addr2)->addr[0]) && ((addr1)->addr[1] == (addr2)->addr[1]))
#define ip6_addr_net_eq(addr1, addr2)                                                              \
  (ip6_addr_net_zoneless_eq((addr1), (addr2)) && ip6_addr_zone_eq((addr1), (addr2)))
#define ip6_addr_nethost_eq(addr1, addr2)                                                          \
  (((addr1)->addr[2] == (addr2)->addr[2]) && ((addr1)->addr[3] == (addr2)->addr[3]))
#define ip6_addr_zoneless_eq(addr1, addr2)                                                         \
  (((addr1)->addr[0] == (addr2)->addr[0]) && ((addr1)->addr[1] == (addr2)->addr[1]) &&             \
   ((addr1)->addr[2] == (addr2)->addr[2]) && ((addr1)->addr[3] == (addr2)->addr[3]))
#define ip6_addr_eq(addr1, addr2)                                                                  \
  (ip6_addr_zoneless_eq((addr1), (addr2)) && ip6_addr_zone_eq((addr1), (addr2)))
/** Is the address the packed `paddr` in zone `zone_idx`? */
#define ip6_addr_packed_eq(ip6addr, paddr, zone_idx)                                               \
  (((ip6addr)->addr[0] == (paddr)->addr[0]) && ((ip6addr)->addr[1] == (paddr)->addr[1]) &&         \
   ((ip6addr)->addr[2] == (paddr)->addr[2]) && ((ip6addr)->addr[3] == (paddr)->addr[3]) &&         \
   ip6_addr_equals_zone((ip6addr), (zone_idx)))

/* Old names of the same. */
#define ip6_addr_netcmp_zoneless(addr1, addr2)        ip6_addr_net_zoneless_eq(addr1, addr2)
#define ip6_addr_netcmp(addr1, addr2)                 ip6_addr_net_eq(addr1, addr2)
#define ip6_addr_nethostcmp(addr1, addr2)             ip6_addr_nethost_eq(addr1, addr2)
#define ip6_addr_cmp_zoneless(addr1, addr2)           ip6_addr_zoneless_eq(addr1, addr2)
#define ip6_addr_cmp(addr1, addr2)                    ip6_addr_eq(addr1, addr2)
#define ip6_addr_cmp_packed(ip6addr, paddr, zone_idx) ip6_addr_packed_eq(ip6addr, paddr, zone_idx)
#define ip6_addr_cmp_solicitednode(ip6addr, sn_addr)  ip6_addr_solicitednode_eq(ip6addr, sn_addr)

#define ip6_get_subnet_id(ip6addr) (lwip_htonl((ip6addr)->addr[2]) & 0x0000ffffUL)

/* Kinds of addresses (RFC 4291). */
#define ip6_addr_isany_val(ip6addr)                                                                \
  (((ip6addr).addr[0] == 0) && ((ip6addr).addr[1] == 0) && ((ip6addr).addr[2] == 0) &&             \
   ((ip6addr).addr[3] == 0))
/** Is it NULL or ::? */
#define ip6_addr_isany(ip6addr) (((ip6addr) == NULL) || ip6_addr_isany_val(*(ip6addr)))
#define ip6_addr_isloopback(ip6addr)                                                               \
  (((ip6addr)->addr[0] == 0UL) && ((ip6addr)->addr[1] == 0UL) && ((ip6addr)->addr[2] == 0UL) &&    \
   ((ip6addr)->addr[3] == PP_HTONL(0x00000001UL)))
/** Is it in 2000::/3? */
#define ip6_addr_isglobal(ip6addr)                                                                 \
  (((ip6addr)->addr[0] & PP_HTONL(0xe0000000UL)) == PP_HTONL(0x20000000UL))
#define ip6_addr_islinklocal(ip6addr)                                                              \
  (((ip6addr)->addr[0] & PP_HTONL(0xffc00000UL)) == PP_HTONL(0xfe800000UL))
#define ip6_addr_issitelocal(ip6addr)                                                              \
  (((ip6addr)->addr[0] & PP_HTONL(0xffc00000UL)) == PP_HTONL(0xfec00000UL))
/** Is it in fc00::/7 (RFC 4193)? */
#define ip6_addr_isuniquelocal(ip6addr)                                                            \
  (((ip6addr)->addr[0] & PP_HTONL(0xfe000000UL)) == PP_HTONL(0xfc000000UL))
#define ip6_addr_isipv4mappedipv6(ip6addr)                                                         \
  (((ip6addr)->addr[0] == 0) && ((ip6addr)->addr[1] == 0) &&                                       \
   (((ip6addr)->addr[2]) == PP_HTONL(0x0000FFFFUL)))
#define ip6_addr_isipv4compat(ip6addr)                                                             \
  (((ip6addr)->addr[0] == 0) && ((ip6addr)->addr[1] == 0) && ((ip6addr)->addr[2] == 0) &&          \
   (lwip_htonl((ip6addr)->addr[3]) > 1))
#define ip6_addr_ismulticast(ip6addr)                                                              \
  (((ip6addr)->addr[0] & PP_HTONL(0xff000000UL)) == PP_HTONL(0xff000000UL))
#define ip6_addr_multicast_transient_flag(ip6addr)  ((ip6addr)->addr[0] & PP_HTONL(0x00100000UL))
#define ip6_addr_multicast_prefix_flag(ip6addr)     ((ip6addr)->addr[0] & PP_HTONL(0x00200000UL))
#define ip6_addr_multicast_rendezvous_flag(ip6addr) ((ip6addr)->addr[0] & PP_HTONL(0x00400000UL))
/** Scope of a multicast address, one of the constants below. */
#define ip6_addr_multicast_scope(ip6addr) ((lwip_htonl((ip6addr)->addr[0]) >> 16) & 0xf)

#define IP6_MULTICAST_SCOPE_RESERVED           0x0
#define IP6_MULTICAST_SCOPE_RESERVED0          0x0
#define IP6_MULTICAST_SCOPE_INTERFACE_LOCAL    0x1
#define IP6_MULTICAST_SCOPE_LINK_LOCAL         0x2
#define IP6_MULTICAST_SCOPE_RESERVED3          0x3
#define IP6_MULTICAST_SCOPE_ADMIN_LOCAL        0x4
#define IP6_MULTICAST_SCOPE_SITE_LOCAL         0x5
#define IP6_MULTICAST_SCOPE_ORGANIZATION_LOCAL 0x8
#define IP6_MULTICAST_SCOPE_GLOBAL             0xe
#define IP6_MULTICAST_SCOPE_RESERVEDF          0xf

/* A scope test does not look at the flags: ff12:: is link-local as ff02:: is. */
#define ip6_addr_ismulticast_iflocal(ip6addr)                                                      \
  (((ip6addr)->addr[0] & PP_HTONL(0xff8f0000UL)) == PP_HTONL(0xff010000UL))
#define ip6_addr_ismulticast_linklocal(ip6addr)                                                    \
  (((ip6addr)->addr[0] & PP_HTONL(0xff8f0000UL)) == PP_HTONL(0xff020000UL))
#define ip6_addr_ismulticast_adminlocal(ip6addr)                                                   \
  (((ip6addr)->addr[0] & PP_HTONL(0xff8f0000UL)) == PP_HTONL(0xff040000UL))
#define ip6_addr_ismulticast_sitelocal(ip6addr)                                                    \
  (((ip6addr)->addr[0] & PP_HTONL(0xff8f0000UL)) == PP_HTONL(0xff050000UL))
#define ip6_addr_ismulticast_orglocal(ip6addr)                                                     \
  (((ip6addr)->addr[0] & PP_HTONL(0xff8f0000UL)) == PP_HTONL(0xff080000UL))
#define ip6_addr_ismulticast_global(ip6addr)                                                       \
  (((ip6addr)->addr[0] & PP_HTONL(0xff8f0000UL)) == PP_HTONL(0xff0e0000UL))

/* ff01::1, ff02::1, ff02::2, ff02::1:ff00:0/104. */
#define ip6_addr_isallnodes_iflocal(ip6addr)                                                       \
  (((ip6addr)->addr[0] == PP_HTONL(0xff010000UL)) && ((ip6addr)->addr[1] == 0UL) &&                \
   ((ip6addr)->addr[2] == 0UL) && ((ip6addr)->addr[3] == PP_HTONL(0x00000001UL)))
#define ip6_addr_isallnodes_linklocal(ip6addr)                                                     \
  (((ip6addr)->addr[0] == PP_HTONL(0xff020000UL)) && ((ip6addr)->addr[1] == 0UL) &&                \
   ((ip6addr)->addr[2] == 0UL) && ((ip6addr)->addr[3] == PP_HTONL(0x00000001UL)))
#define ip6_addr_isallrouters_linklocal(ip6addr)                                                   \
  (((ip6addr)->addr[0] == PP_HTONL(0xff020000UL)) && ((ip6addr)->addr[1] == 0UL) &&                \
   ((ip6addr)->addr[2] == 0UL) && ((ip6addr)->addr[3] == PP_HTONL(0x00000002UL)))
#define ip6_addr_issolicitednode(ip6addr)                                                          \
  (((ip6addr)->addr[0] == PP_HTONL(0xff020000UL)) && ((ip6addr)->addr[1] == 0UL) &&                \
   ((ip6addr)->addr[2] == PP_HTONL(0x00000001UL)) &&                                               \
   (((ip6addr)->addr[3] & PP_HTONL(0xff000000UL)) == PP_HTONL(0xff000000UL)))
#define ip6_addr_set_allnodes_linklocal(ip6addr)                                                   \
  IP6_ADDR(ip6addr, PP_HTONL(0xff020000UL), 0, 0, PP_HTONL(0x00000001UL))
#define ip6_addr_set_allrouters_linklocal(ip6addr)                                                 \
  IP6_ADDR(ip6addr, PP_HTONL(0xff020000UL), 0, 0, PP_HTONL(0x00000002UL))
/** The solicited-node group of an address whose last word (network order) is `if_id`. */
#define ip6_addr_set_solicitednode(ip6addr, if_id)                                                 \
  IP6_ADDR(ip6addr, PP_HTONL(0xff020000UL), 0, PP_HTONL(0x00000001UL),                             \
           (PP_HTONL(0xff000000UL) | (if_id)))
/** Is `ip6addr` the solicited-node group of `sn_addr`? */
#define ip6_addr_solicitednode_eq(ip6addr, sn_addr)                                                \
  (((ip6addr)->addr[0] == PP_HTONL(0xff020000UL)) && ((ip6addr)->addr[1] == 0) &&                  \
   ((ip6addr)->addr[2] == PP_HTONL(0x00000001UL)) &&                                               \
   ((ip6addr)->addr[3] == (PP_HTONL(0xff000000UL) | (sn_addr)->addr[3])))

/* State of an address of a netif: a set of bits. Tentative states count the probes sent. */
#define IP6_ADDR_INVALID              0x00
#define IP6_ADDR_TENTATIVE            0x08
#define IP6_ADDR_TENTATIVE_1          0x09
#define IP6_ADDR_TENTATIVE_2          0x0a
#define IP6_ADDR_TENTATIVE_3          0x0b
#define IP6_ADDR_TENTATIVE_4          0x0c
#define IP6_ADDR_TENTATIVE_5          0x0d
#define IP6_ADDR_TENTATIVE_6          0x0e
#define IP6_ADDR_TENTATIVE_7          0x0f
#define IP6_ADDR_VALID                0x10 /* may be used; preferred or deprecated */
#define IP6_ADDR_PREFERRED            0x30
#define IP6_ADDR_DEPRECATED           0x10
#define IP6_ADDR_DUPLICATED           0x40 /* another host has it */
#define IP6_ADDR_TENTATIVE_COUNT_MASK 0x07

#define ip6_addr_isinvalid(addr_state)    ((addr_state) == IP6_ADDR_INVALID)
#define ip6_addr_istentative(addr_state)  ((addr_state)&IP6_ADDR_TENTATIVE)
#define ip6_addr_isvalid(addr_state)      ((addr_state)&IP6_ADDR_VALID)
#define ip6_addr_ispreferred(addr_state)  ((addr_state) == IP6_ADDR_PREFERRED)
#define ip6_addr_isdeprecated(addr_state) ((addr_state) == IP6_ADDR_DEPRECATED)
#define ip6_addr_isduplicated(addr_state) ((addr_state) == IP6_ADDR_DUPLICATED)

/* Lifetimes in seconds. */
#define IP6_ADDR_LIFE_STATIC                (0) /* set by hand, does not age */
#define IP6_ADDR_LIFE_INFINITE              (0xffffffffUL)
#define ip6_addr_life_isstatic(addr_life)   ((addr_life) == IP6_ADDR_LIFE_STATIC)
#define ip6_addr_life_isinfinite(addr_life) ((addr_life) == IP6_ADDR_LIFE_INFINITE)

#define ip6_addr_debug_print_parts(debug, a, b, c, d, e, f, g, h)                                  \
  LWIP_DEBUGF(debug, ("%" X16_F ":%" X16_F ":%" X16_F ":%" X16_F ":%" X16_F ":%" X16_F ":%" X16_F  \
                      ":%" X16_F,                                                                  \
                      a, b, c, d, e, f, g, h))
#define ip6_addr_debug_print(debug, ipaddr)                                                        \
  ip6_addr_debug_print_parts(debug, (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK1(ipaddr) : 0),       \
                             (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK2(ipaddr) : 0),              \
                             (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK3(ipaddr) : 0),              \
                             (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK4(ipaddr) : 0),              \
                             (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK5(ipaddr) : 0),              \
                             (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK6(ipaddr) : 0),              \
                             (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK7(ipaddr) : 0),              \
                             (u16_t)((ipaddr) != NULL ? IP6_ADDR_BLOCK8(ipaddr) : 0))
#define ip6_addr_debug_print_val(debug, ipaddr)                                                    \
  ip6_addr_debug_print_parts(debug, IP6_ADDR_BLOCK1(&(ipaddr)), IP6_ADDR_BLOCK2(&(ipaddr)),        \
                             IP6_ADDR_BLOCK3(&(ipaddr)), IP6_ADDR_BLOCK4(&(ipaddr)),               \
                             IP6_ADDR_BLOCK5(&(ipaddr)), IP6_ADDR_BLOCK6(&(ipaddr)),               \
                             IP6_ADDR_BLOCK7(&(ipaddr)), IP6_ADDR_BLOCK8(&(ipaddr)))

/** Bytes that every address in text fits into, zone and terminator included. */
#define IP6ADDR_STRLEN_MAX 46

/**
 * Text to address (RFC 4291 2.2): eight groups, `::` once, the last two groups as dotted IPv4. A
 * zone may follow (RFC 4007 11): `%` and the index or the name of a netif; without LWIP_IPV6_SCOPES
 * it is ignored. White space may follow.
 *
 * @param addr  set on success, its zone IP6_NO_ZONE unless one is given; may be NULL
 * @return 1, or 0 when `cp` is no address
 */
int ip6addr_aton(const char *cp, ip6_addr_t *addr);

/** Address to text in a buffer of the stack instance, valid until the next call. */
char *ip6addr_ntoa(const ip6_addr_t *addr);

/**
 * Address to text as RFC 5952 wants it: lower case, no leading zeros, the longest run of zero
 * groups as `::`, v4-mapped addresses with a dotted end; `%` and the zone's number if it has one.
 *
 * @return `buf`, or NULL when its `buflen` bytes are too few
 */
char *ip6addr_ntoa_r(const ip6_addr_t *addr, char *buf, int buflen);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IP6_ADDR_H */
