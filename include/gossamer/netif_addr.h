/**
 * @file
 * More IPv4 addresses on one netif than lwIP's main one (LWIP_IPV4_NUM_ADDRESSES > 1).
 *
 * An additional address is ours in every way: it answers ARP and pings, sockets bind to it, its
 * subnet is on the link. It has no gateway of its own (gossamer/route.h has routes).
 */
#ifndef GOSSAMER_NETIF_ADDR_H
#define GOSSAMER_NETIF_ADDR_H

#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How many there may be beside the main address. */
#define NETIF_IP4_NUM_EXTRA (LWIP_IPV4_NUM_ADDRESSES - 1)

/**
 * Add an address. Adding one again changes its mask. Core lock held.
 *
 * @return ERR_OK; ERR_VAL: no unicast address, or a mask with holes; ERR_MEM: all slots are in use;
 *         ERR_USE: it is the main address
 */
err_t netif_add_ip4_address(struct netif *netif, const ip4_addr_t *addr, const ip4_addr_t *mask);

/** Take an additional address away. Core lock held. @return ERR_OK; ERR_VAL: there is none such */
err_t netif_remove_ip4_address(struct netif *netif, const ip4_addr_t *addr);

/** Additional address number `i` below NETIF_IP4_NUM_EXTRA, and its mask; "any": a free slot. */
static inline const ip4_addr_t *netif_ip4_extra_addr(const struct netif *netif, int i)
{
#if LWIP_IPV4_NUM_ADDRESSES > 1
  return &netif->ip4_extra_addr[i];
#else
  LWIP_UNUSED_ARG(i);
  return netif_ip4_addr(netif); /* never asked for */
#endif
}

static inline const ip4_addr_t *netif_ip4_extra_mask(const struct netif *netif, int i)
{
#if LWIP_IPV4_NUM_ADDRESSES > 1
  return &netif->ip4_extra_mask[i];
#else
  LWIP_UNUSED_ARG(i);
  return netif_ip4_netmask(netif); /* never asked for */
#endif
}

/** Fill a slot, telling nobody: for the two functions above. */
static inline void netif_ip4_extra_set(struct netif *netif, int i, ip4_addr_t addr, ip4_addr_t mask)
{
#if LWIP_IPV4_NUM_ADDRESSES > 1
  netif->ip4_extra_addr[i] = addr;
  netif->ip4_extra_mask[i] = mask;
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(i);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(mask);
#endif
}

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_NETIF_ADDR_H */
