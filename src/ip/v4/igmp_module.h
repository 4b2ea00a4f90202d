/**
 * @file
 * IGMP: what IP input and the registry need. Public calls: lwip/igmp.h, gossamer/multicast.h.
 */
#ifndef IP_V4_IGMP_MODULE_H
#define IP_V4_IGMP_MODULE_H

#include "base/registry.h"

extern const struct net_module igmp_module;

/** The ip_protos[] entry. */
void igmp_rx(struct pbuf *p, const struct ip_rx *rx);

/**
 * Does anybody on `netif` want packets that `src` sent to `group`? With LWIP_IGMP 0, or where IGMP
 * was not started, only 224.0.0.1.
 */
#if LWIP_IPV4 && LWIP_IGMP
bool igmp_accepts(struct netif *netif, const ip4_addr_t *group, const ip4_addr_t *src);
#elif LWIP_IPV4
static inline bool igmp_accepts(struct netif *netif, const ip4_addr_t *group, const ip4_addr_t *src)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(src);
  return ip4_addr_get_u32(group) == PP_HTONL(0xe0000001UL);
}
#endif

#endif /* IP_V4_IGMP_MODULE_H */
