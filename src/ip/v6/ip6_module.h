/**
 * @file
 * IPv6, for the registry and for the other modules of this floor.
 */
#ifndef IP_V6_IP6_MODULE_H
#define IP_V6_IP6_MODULE_H

#include "lwip/ip6.h"
#include "lwip/netif.h"
#include "base/registry.h"

/** Extension headers of one packet (security vector B4-71); a packet with more is dropped. */
#define IP6_EXTENSIONS_MAX 8

extern const struct net_module ip6_module;

/** The EtherType handler. `src_mac` may be NULL. */
void ip6_rx(struct pbuf *p, struct netif *netif, const struct eth_addr *src_mac);

/** Do packets to `dst` by `netif` come back to ourselves? */
bool ip6_stays_inside(const struct netif *netif, const ip6_addr_t *dst);
/** Until the next call packets are no longer than this, beside what links and paths say; 0: than
    those say. @return what it was before */
u16_t ip6_bound_set(u16_t mtu);
/** The smaller of both. */
u16_t ip6_bounded(u16_t mtu);
/** Is `dst` a neighbour at the netif, which needs no router? */
bool ip6_is_on_link(const struct netif *netif, const ip6_addr_t *dst);

#if LWIP_IPV6
/** Longest packet that the netif sends: the driver's MTU (0: it has no limit), lowered by router
    advertisements. */
static inline u16_t ip6_link_mtu(const struct netif *netif)
{
  u16_t mtu = netif->mtu != 0 ? netif->mtu : 0xffff;
  return (netif_mtu6(netif) != 0 && netif_mtu6(netif) < mtu) ? netif_mtu6(netif) : mtu;
}
#endif

/**
 * What netif->output_ip6() gets as next hop: the gateway of a static route by `netif`, else `dst`
 * with the zone of `netif` if it needs one.
 */
ip6_addr_t ip6_next_hop(struct netif *netif, const ip6_addr_t *dst);

/**
 * What static routes (gossamer/route.h) say about neighbours of `netif`: the length of the longest
 * route without gateway that `dst` is in; 128 where `dst` is a gateway itself; -1: nothing.
 */
int ip6_static_on_link_len(const struct netif *netif, const ip6_addr_t *dst);

#endif /* IP_V6_IP6_MODULE_H */
