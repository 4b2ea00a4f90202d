/**
 * @file
 * IGMP: what IP input, memberships and the registry need. Public calls: lwip/igmp.h,
 * gossamer/multicast.h.
 */
#ifndef IP_V4_IGMP_MODULE_H
#define IP_V4_IGMP_MODULE_H

#include "lwip/err.h"
#include "gossamer/multicast.h"
#include "base/registry.h"

#if LWIP_IPV4 && LWIP_IGMP

extern const struct net_module igmp_module;

/** The ip_protos[] entry. */
void igmp_rx(struct pbuf *p, const struct ip_rx *rx);

/**
 * Does anybody on `netif` want packets that `src` sent to `group`? 224.0.0.1: always.
 *
 * @param src  NULL: from anybody at all. For IGMP, which no source filter may keep out
 */
bool igmp_accepts(struct netif *netif, const ip4_addr_t *group, const ip4_addr_t *src);

/**
 * Link in a membership, whose group and filter are set.
 *
 * @param netif  NULL: the one that packets to the group leave by
 * @return as mcast_join()
 */
err_t igmp_membership_join(struct mcast_membership *m, struct netif *netif);

#else

#if LWIP_IPV4
static inline bool igmp_accepts(struct netif *netif, const ip4_addr_t *group, const ip4_addr_t *src)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(src);
  return ip4_addr_get_u32(group) == PP_HTONL(0xe0000001UL);
}
#endif

static inline err_t igmp_membership_join(struct mcast_membership *m, struct netif *netif)
{
  LWIP_UNUSED_ARG(m);
  LWIP_UNUSED_ARG(netif);
  return ERR_VAL;
}

#endif

#endif /* IP_V4_IGMP_MODULE_H */
