/**
 * @file
 * IPv4 addresses. An ip4_addr_t is four bytes in network order; macros whose name ends in `_val`
 * take an address, the others a pointer to one. The types exist in IPv6-only builds too.
 */
#ifndef LWIP_HDR_IP4_ADDR_H
#define LWIP_HDR_IP4_ADDR_H

#include "lwip/opt.h"
#include "lwip/def.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ip4_addr {
  u32_t addr; /* network order */
};
typedef struct ip4_addr ip4_addr_t;

struct netif;

/* Special addresses as u32_t in host order. */
#define IPADDR_NONE      ((u32_t)0xffffffffUL)
#define IPADDR_LOOPBACK  ((u32_t)0x7f000001UL)
#define IPADDR_ANY       ((u32_t)0x00000000UL)
#define IPADDR_BROADCAST ((u32_t)0xffffffffUL)

/* Classes of addresses as they were before CIDR; `a` is in host order. */
#define IP_CLASSA(a)       ((((u32_t)(a)) & 0x80000000UL) == 0)
#define IP_CLASSA_NET      0xff000000
#define IP_CLASSA_NSHIFT   24
#define IP_CLASSA_HOST     (0xffffffff & ~IP_CLASSA_NET)
#define IP_CLASSA_MAX      128
#define IP_CLASSB(a)       ((((u32_t)(a)) & 0xc0000000UL) == 0x80000000UL)
#define IP_CLASSB_NET      0xffff0000
#define IP_CLASSB_NSHIFT   16
#define IP_CLASSB_HOST     (0xffffffff & ~IP_CLASSB_NET)
#define IP_CLASSB_MAX      65536
#define IP_CLASSC(a)       ((((u32_t)(a)) & 0xe0000000UL) == 0xc0000000UL)
#define IP_CLASSC_NET      0xffffff00
#define IP_CLASSC_NSHIFT   8
#define IP_CLASSC_HOST     (0xffffffff & ~IP_CLASSC_NET)
#define IP_CLASSD(a)       (((u32_t)(a)&0xf0000000UL) == 0xe0000000UL)
#define IP_CLASSD_NET      0xf0000000
#define IP_CLASSD_NSHIFT   28
#define IP_CLASSD_HOST     0x0fffffff
#define IP_MULTICAST(a)    IP_CLASSD(a)
#define IP_EXPERIMENTAL(a) (((u32_t)(a)&0xf0000000UL) == 0xf0000000UL)
#define IP_BADCLASS(a)     (((u32_t)(a)&0xf0000000UL) == 0xf0000000UL)
#define IP_LOOPBACKNET     127

/** Set an address from its four parts, `a` the first. */
#define IP4_ADDR(ipaddr, a, b, c, d) (ipaddr)->addr = PP_HTONL(LWIP_MAKEU32(a, b, c, d))

/** Copy an address (not a pointer) into another. */
#define ip4_addr_copy(dest, src) ((dest).addr = (src).addr)

/** Copy from a pointer; NULL counts as 0.0.0.0. */
#define ip4_addr_set(dest, src)                                                                    \
  ((dest)->addr = ((src) == NULL ? 0 : ((const ip4_addr_t *)(const void *)(src))->addr))
#define ip4_addr_set_zero(ipaddr)     ((ipaddr)->addr = 0)
#define ip4_addr_set_any(ipaddr)      ((ipaddr)->addr = IPADDR_ANY)
#define ip4_addr_set_loopback(ipaddr) ((ipaddr)->addr = PP_HTONL(IPADDR_LOOPBACK))
/** Is it in 127.0.0.0/8? */
#define ip4_addr_isloopback(ipaddr)                                                                \
  (((ipaddr)->addr & PP_HTONL(IP_CLASSA_NET)) == PP_HTONL(((u32_t)IP_LOOPBACKNET) << 24))
/** Copy from a pointer to an address in host order; NULL counts as 0.0.0.0. */
#define ip4_addr_set_hton(dest, src) ((dest)->addr = ((src) == NULL ? 0 : lwip_htonl((src)->addr)))
/** The address as a u32_t in network order. */
#define ip4_addr_set_u32(dest_ipaddr, src_u32) ((dest_ipaddr)->addr = (src_u32))
#define ip4_addr_get_u32(src_ipaddr)           ((src_ipaddr)->addr)

/** `target` = network part of `host`. */
#define ip4_addr_get_network(target, host, netmask)                                                \
  do {                                                                                             \
    ((target)->addr = ((host)->addr) & ((netmask)->addr));                                         \
  } while (0)
/** Are both in the same network? */
#define ip4_addr_net_eq(addr1, addr2, mask)                                                        \
  (((addr1)->addr & (mask)->addr) == ((addr2)->addr & (mask)->addr))
#define ip4_addr_netcmp(addr1, addr2, mask) ip4_addr_net_eq(addr1, addr2, mask)
#define ip4_addr_eq(addr1, addr2)           ((addr1)->addr == (addr2)->addr)
#define ip4_addr_cmp(addr1, addr2)          ip4_addr_eq(addr1, addr2)

#define ip4_addr_isany_val(addr1) ((addr1).addr == IPADDR_ANY)
/** Is it NULL or 0.0.0.0? */
#define ip4_addr_isany(addr1) ((addr1) == NULL || ip4_addr_isany_val(*(addr1)))

/** Is it a broadcast address as seen from `netif` (255.255.255.255, or its subnet's)? */
#define ip4_addr_isbroadcast(addr1, netif) ip4_addr_isbroadcast_u32((addr1)->addr, netif)
/** The same for an address in network order; 1 or 0. */
u8_t ip4_addr_isbroadcast_u32(u32_t addr, const struct netif *netif);

#define ip_addr_netmask_valid(netmask) ip4_addr_netmask_valid((netmask)->addr)
/** 1 when the mask (network order) is ones followed by zeros; all ones and all zeros are. */
u8_t ip4_addr_netmask_valid(u32_t netmask);

#define ip4_addr_ismulticast(addr1)                                                                \
  (((addr1)->addr & PP_HTONL(0xf0000000UL)) == PP_HTONL(0xe0000000UL))
/** Is it in 169.254.0.0/16 (RFC 3927)? */
#define ip4_addr_islinklocal(addr1)                                                                \
  (((addr1)->addr & PP_HTONL(0xffff0000UL)) == PP_HTONL(0xa9fe0000UL))

#define ip4_addr_debug_print_parts(debug, a, b, c, d)                                              \
  LWIP_DEBUGF(debug, ("%" U16_F ".%" U16_F ".%" U16_F ".%" U16_F, a, b, c, d))
#define ip4_addr_debug_print(debug, ipaddr)                                                        \
  ip4_addr_debug_print_parts(debug, (u16_t)((ipaddr) != NULL ? ip4_addr1_16(ipaddr) : 0),          \
                             (u16_t)((ipaddr) != NULL ? ip4_addr2_16(ipaddr) : 0),                 \
                             (u16_t)((ipaddr) != NULL ? ip4_addr3_16(ipaddr) : 0),                 \
                             (u16_t)((ipaddr) != NULL ? ip4_addr4_16(ipaddr) : 0))
#define ip4_addr_debug_print_val(debug, ipaddr)                                                    \
  ip4_addr_debug_print_parts(debug, ip4_addr1_16_val(ipaddr), ip4_addr2_16_val(ipaddr),            \
                             ip4_addr3_16_val(ipaddr), ip4_addr4_16_val(ipaddr))

/* The parts of an address, 1 the first. */
#define ip4_addr_get_byte(ipaddr, idx)     (((const u8_t *)(&(ipaddr)->addr))[idx])
#define ip4_addr1(ipaddr)                  ip4_addr_get_byte(ipaddr, 0)
#define ip4_addr2(ipaddr)                  ip4_addr_get_byte(ipaddr, 1)
#define ip4_addr3(ipaddr)                  ip4_addr_get_byte(ipaddr, 2)
#define ip4_addr4(ipaddr)                  ip4_addr_get_byte(ipaddr, 3)
#define ip4_addr_get_byte_val(ipaddr, idx) ((u8_t)(((const u8_t *)(&(ipaddr).addr))[idx]))
#define ip4_addr1_val(ipaddr)              ip4_addr_get_byte_val(ipaddr, 0)
#define ip4_addr2_val(ipaddr)              ip4_addr_get_byte_val(ipaddr, 1)
#define ip4_addr3_val(ipaddr)              ip4_addr_get_byte_val(ipaddr, 2)
#define ip4_addr4_val(ipaddr)              ip4_addr_get_byte_val(ipaddr, 3)
#define ip4_addr1_16(ipaddr)               ((u16_t)ip4_addr1(ipaddr))
#define ip4_addr2_16(ipaddr)               ((u16_t)ip4_addr2(ipaddr))
#define ip4_addr3_16(ipaddr)               ((u16_t)ip4_addr3(ipaddr))
#define ip4_addr4_16(ipaddr)               ((u16_t)ip4_addr4(ipaddr))
#define ip4_addr1_16_val(ipaddr)           ((u16_t)ip4_addr1_val(ipaddr))
#define ip4_addr2_16_val(ipaddr)           ((u16_t)ip4_addr2_val(ipaddr))
#define ip4_addr3_16_val(ipaddr)           ((u16_t)ip4_addr3_val(ipaddr))
#define ip4_addr4_16_val(ipaddr)           ((u16_t)ip4_addr4_val(ipaddr))

/** Bytes that every address in text fits into, terminator included. */
#define IP4ADDR_STRLEN_MAX 16

/** Old name of ipaddr_ntoa(). */
#define ip_ntoa(ipaddr) ipaddr_ntoa(ipaddr)

/** Text to address in network order; IPADDR_NONE when it is none (and for 255.255.255.255). */
u32_t ipaddr_addr(const char *cp);

/**
 * Text to address, in all forms of BSD's inet_aton(): one to four parts, each decimal, octal (0...)
 * or hexadecimal (0x...); the last part fills the bytes that are left. White space may follow.
 *
 * @param addr  set on success; may be NULL
 * @return 1, or 0 when `cp` is no address
 */
int ip4addr_aton(const char *cp, ip4_addr_t *addr);

/** Address to text in a buffer of the stack instance, valid until the next call. */
char *ip4addr_ntoa(const ip4_addr_t *addr);

/** Address to text in `buf` of `buflen` bytes; returns it, or NULL when it is too small. */
char *ip4addr_ntoa_r(const ip4_addr_t *addr, char *buf, int buflen);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IP4_ADDR_H */
