/**
 * @file
 * Zones of IPv6 addresses (RFC 4007): which link a link-local address belongs to. The zone of a
 * netif is its index. With LWIP_IPV6_SCOPES 0 no address has a zone and all of this costs nothing.
 */
#ifndef LWIP_HDR_IP6_ZONE_H
#define LWIP_HDR_IP6_ZONE_H

#include "lwip/opt.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The address has no zone; no netif has this index. */
#define IP6_NO_ZONE 0

#if LWIP_IPV6_SCOPES

/** Last part of an initialiser of an ip6_addr_t. */
#define IPADDR6_ZONE_INIT , IP6_NO_ZONE

#define ip6_addr_zone(ip6addr)                  ((ip6addr)->zone)
#define ip6_addr_has_zone(ip6addr)              (ip6_addr_zone(ip6addr) != IP6_NO_ZONE)
#define ip6_addr_set_zone(ip6addr, zone_idx)    ((ip6addr)->zone = (zone_idx))
#define ip6_addr_clear_zone(ip6addr)            ((ip6addr)->zone = IP6_NO_ZONE)
#define ip6_addr_copy_zone(ip6addr1, ip6addr2)  ((ip6addr1).zone = (ip6addr2).zone)
#define ip6_addr_equals_zone(ip6addr, zone_idx) ((ip6addr)->zone == (zone_idx))
#define ip6_addr_zone_eq(ip6addr1, ip6addr2)    ((ip6addr1)->zone == (ip6addr2)->zone)
#define ip6_addr_cmp_zone(addr1, addr2)         ip6_addr_zone_eq(addr1, addr2)

/** 1: the port defines the three macros below and its own rules of scopes. */
#ifndef IPV6_CUSTOM_SCOPES
#define IPV6_CUSTOM_SCOPES 0
#endif

/** What the caller knows of an address whose scope it asks for. */
enum lwip_ipv6_scope_type {
  IP6_UNKNOWN = 0,  /**< either kind */
  IP6_UNICAST = 1,  /**< surely unicast */
  IP6_MULTICAST = 2 /**< surely multicast */
};

#if !IPV6_CUSTOM_SCOPES
/** Does the address need a zone: is it link-local, or multicast of interface or link scope? */
#define ip6_addr_has_scope(ip6addr, type)                                                          \
  (ip6_addr_islinklocal(ip6addr) ||                                                                \
   (((type) != IP6_UNICAST) &&                                                                     \
    (ip6_addr_ismulticast_iflocal(ip6addr) || ip6_addr_ismulticast_linklocal(ip6addr))))
/** Give the address the zone of `netif` if it needs one, else none. */
#define ip6_addr_assign_zone(ip6addr, type, netif)                                                 \
  (ip6_addr_set_zone((ip6addr), ip6_addr_has_scope((ip6addr), (type)) ? netif_get_index(netif)     \
                                                                      : IP6_NO_ZONE))
/** Is the address, which has a zone, in that of `netif`? */
#define ip6_addr_test_zone(ip6addr, netif) (ip6_addr_equals_zone((ip6addr), netif_get_index(netif)))
#endif

/** Does the address need a zone that it does not have? */
#define ip6_addr_lacks_zone(ip6addr, type)                                                         \
  (!ip6_addr_has_zone(ip6addr) && ip6_addr_has_scope((ip6addr), (type)))
/** Give `dest`, which lacks a zone, that of `src`, or of the netif that a route to it leads to. */
#define ip6_addr_select_zone(dest, src)                                                            \
  do {                                                                                             \
    struct netif *selected_netif;                                                                  \
    selected_netif = ip6_route((src), (dest));                                                     \
    if (selected_netif != NULL) {                                                                  \
      ip6_addr_assign_zone((dest), IP6_UNKNOWN, selected_netif);                                   \
    }                                                                                              \
  } while (0)

#else /* LWIP_IPV6_SCOPES */

#define IPADDR6_ZONE_INIT
#define ip6_addr_zone(ip6addr)     (IP6_NO_ZONE)
#define ip6_addr_has_zone(ip6addr) (0)
#define ip6_addr_set_zone(ip6addr, zone_idx)
#define ip6_addr_clear_zone(ip6addr)
#define ip6_addr_copy_zone(ip6addr1, ip6addr2)
#define ip6_addr_equals_zone(ip6addr, zone_idx) (1)
#define ip6_addr_zone_eq(ip6addr1, ip6addr2)    (1)
#define ip6_addr_cmp_zone(addr1, addr2)         ip6_addr_zone_eq(addr1, addr2)
#define IPV6_CUSTOM_SCOPES                      0
#define ip6_addr_has_scope(ip6addr, type)       (0)
#define ip6_addr_assign_zone(ip6addr, type, netif)
#define ip6_addr_test_zone(ip6addr, netif) (1)
#define ip6_addr_lacks_zone(ip6addr, type) (0)
#define ip6_addr_select_zone(ip6addr, src)

#endif /* LWIP_IPV6_SCOPES */

/* With LWIP_IPV6_SCOPES_DEBUG 1: an address at an API has a zone exactly when it needs one. */
#if LWIP_IPV6_SCOPES && LWIP_IPV6_SCOPES_DEBUG
#define IP6_ADDR_ZONECHECK(ip6addr)                                                                \
  LWIP_ASSERT("IPv6 zone check failed",                                                            \
              ip6_addr_has_scope(ip6addr, IP6_UNKNOWN) == ip6_addr_has_zone(ip6addr))
#define IP6_ADDR_ZONECHECK_NETIF(ip6addr, netif)                                                   \
  LWIP_ASSERT("IPv6 netif zone check failed",                                                      \
              ip6_addr_has_scope(ip6addr, IP6_UNKNOWN)                                             \
                  ? (ip6_addr_has_zone(ip6addr) &&                                                 \
                     (((netif) == NULL) || ip6_addr_test_zone((ip6addr), (netif))))                \
                  : !ip6_addr_has_zone(ip6addr))
#else
#define IP6_ADDR_ZONECHECK(ip6addr)
#define IP6_ADDR_ZONECHECK_NETIF(ip6addr, netif)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IP6_ZONE_H */
