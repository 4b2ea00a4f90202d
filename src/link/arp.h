/**
 * @file
 * What others may know of, and tell, the neighbour cache of IPv4.
 */
#ifndef LINK_ARP_H
#define LINK_ARP_H

#include <stdbool.h>
#include "lwip/netif.h"
#include "lwip/prot/ethernet.h"

#if LWIP_IPV4 && LWIP_ARP

/** Is a neighbour's address known? */
bool arp_lookup(const struct netif *netif, const ip4_addr_t *ip, struct eth_addr *mac);

/**
 * A neighbour told its address by other means than ARP. Unless `is_static` (that is as
 * etharp_add_static_entry()), no entry that is in use is given up for it and no static one changes.
 *
 * @return true: packets to `ip` go to `mac` now
 */
bool arp_learn(struct netif *netif, const ip4_addr_t *ip, const struct eth_addr *mac,
               bool is_static);

/** The neighbour at `mac` has `ip` no more. */
void arp_forget(const ip4_addr_t *ip, const struct eth_addr *mac);

#else

static inline bool arp_lookup(const struct netif *netif, const ip4_addr_t *ip, struct eth_addr *mac)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(ip);
  LWIP_UNUSED_ARG(mac);
  return false;
}

static inline bool arp_learn(struct netif *netif, const ip4_addr_t *ip, const struct eth_addr *mac,
                             bool is_static)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(ip);
  LWIP_UNUSED_ARG(mac);
  LWIP_UNUSED_ARG(is_static);
  return false;
}

static inline void arp_forget(const ip4_addr_t *ip, const struct eth_addr *mac)
{
  LWIP_UNUSED_ARG(ip);
  LWIP_UNUSED_ARG(mac);
}

#endif

#endif /* LINK_ARP_H */
