/**
 * @file
 * MLD: what IPv6 input, ICMPv6, memberships and the registry need. Public calls: lwip/mld6.h,
 * gossamer/multicast.h.
 */
#ifndef IP_V6_MLD6_MODULE_H
#define IP_V6_MLD6_MODULE_H

#include "lwip/err.h"
#include "lwip/mld6.h"
#include "gossamer/multicast.h"
#include "base/registry.h"

/** ff01::1 and ff02::1: every node is a member (RFC 4291 2.7.1). */
#define MLD6_IS_ALL_NODES(addr)                                                                    \
  (ip6_addr_isallnodes_iflocal(addr) || ip6_addr_isallnodes_linklocal(addr))

#if LWIP_IPV6 && LWIP_IPV6_MLD

extern const struct net_module mld6_module;
extern const struct net_module mld6_periodic_module; /* ESP_MLDV6_REPORT */

/** Handler of the ICMPv6 types 130, 131, 132 and 143; the checksum is verified. Takes `p`. */
void mld6_rx(struct pbuf *p, const struct ip_rx *rx);

/**
 * Does anybody on `netif` want packets that `src` sent to `group`? Zones are ignored.
 *
 * @param src  NULL: from anybody at all. For ICMPv6, which no source filter may keep out
 */
bool mld6_accepts(struct netif *netif, const ip6_addr_t *group, const ip6_addr_t *src);

/**
 * Link in a membership, whose group and filter are set.
 *
 * @param netif  NULL: the one that packets to the group leave by
 * @return as mcast_join()
 */
err_t mld6_membership_join(struct mcast_membership *m, struct netif *netif);

#else

#if LWIP_IPV6
static inline bool mld6_accepts(struct netif *netif, const ip6_addr_t *group, const ip6_addr_t *src)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(src);
  return MLD6_IS_ALL_NODES(group);
}
#endif

/** For the stack's own groups: IPv6 input asks whose they are, so that nobody has to join them. */
static inline err_t mld6_joingroup_netif(struct netif *netif, const ip6_addr_t *groupaddr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(groupaddr);
  return ERR_OK;
}

static inline err_t mld6_leavegroup_netif(struct netif *netif, const ip6_addr_t *groupaddr)
{
  return mld6_joingroup_netif(netif, groupaddr);
}

static inline err_t mld6_membership_join(struct mcast_membership *m, struct netif *netif)
{
  LWIP_UNUSED_ARG(m);
  LWIP_UNUSED_ARG(netif);
  return ERR_VAL;
}

#endif

#endif /* IP_V6_MLD6_MODULE_H */
