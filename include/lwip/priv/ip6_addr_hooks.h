/**
 * @file
 * What options and hooks change about IPv6 addresses, as functions that always exist.
 */
#ifndef LWIP_HDR_PRIV_IP6_ADDR_HOOKS_H
#define LWIP_HDR_PRIV_IP6_ADDR_HOOKS_H

#include <stdbool.h>
#include "lwip/mld6.h"
#include "lwip/netif.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

/** Fill in the secret of stable identifiers (RFC 7217). False: the port has none stored. */
static inline bool hook_ip6_stable_secret(const struct netif *netif, u8_t key[16])
{
#ifdef LWIP_HOOK_IP6_STABLE_SECRET
  return LWIP_HOOK_IP6_STABLE_SECRET(netif, key) != 0;
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(key);
  return false;
#endif
}

#if LWIP_IPV6
/** The source address for a packet to `dest` by `netif`; NULL: let the rules decide. */
static inline const ip_addr_t *hook_ip6_select_src(struct netif *netif, const ip6_addr_t *dest)
{
#ifdef LWIP_HOOK_IP6_SELECT_SRC_ADDR
  return LWIP_HOOK_IP6_SELECT_SRC_ADDR(netif, dest);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dest);
  return NULL;
#endif
}
#endif

#if LWIP_IPV6 && LWIP_IPV6_MLD
/** Join a solicited-node group. False: no memory. */
static inline bool ip6_group_join(struct netif *netif, const ip6_addr_t *group)
{
  return mld6_joingroup_netif(netif, group) == ERR_OK;
}

static inline void ip6_group_leave(struct netif *netif, const ip6_addr_t *group)
{
  mld6_leavegroup_netif(netif, group);
}
#else
static inline bool ip6_group_join(struct netif *netif, const ip6_addr_t *group)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(group);
  return true;
}

static inline void ip6_group_leave(struct netif *netif, const ip6_addr_t *group)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(group);
}
#endif

#endif /* LWIP_HDR_PRIV_IP6_ADDR_HOOKS_H */
