/**
 * @file
 * Neighbor Discovery's hooks and switched-off parts as functions: what happens where lwipopts.h
 * defines none.
 */
#ifndef LWIP_HDR_PRIV_ND6_HOOKS_H
#define LWIP_HDR_PRIV_ND6_HOOKS_H

#include <stdbool.h>
#include "lwip/netif.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

#if LWIP_IPV6
/** The neighbour that leads to an off-link destination; NULL: no opinion. */
static inline const ip6_addr_t *hook_nd6_gateway(struct netif *netif, const ip6_addr_t *dest)
{
#ifdef LWIP_HOOK_ND6_GET_GW
  return LWIP_HOOK_ND6_GET_GW(netif, dest);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dest);
  return NULL;
#endif
}

#if LWIP_ND6_NUM_PROXIES > 0
/**
 * Somebody asks for an address that is perhaps not ours alone.
 *
 * @param asker  its address; :: for a DAD probe
 * @return whether it is published, and so will be answered
 */
bool nd6_published_asked(struct netif *netif, const ip6_addr_t *target, const ip6_addr_t *asker);

/** Is the address published as anycast? */
bool nd6_is_anycast(const struct netif *netif, const ip6_addr_t *addr);

/** Forget what is published by a netif; NULL: by all. */
void nd6_published_forget(const struct netif *netif);
#else
static inline bool nd6_published_asked(struct netif *netif, const ip6_addr_t *target,
                                       const ip6_addr_t *asker)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(target);
  LWIP_UNUSED_ARG(asker);
  return false;
}

static inline bool nd6_is_anycast(const struct netif *netif, const ip6_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr);
  return false;
}

static inline void nd6_published_forget(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}
#endif
#endif /* LWIP_IPV6 */

#endif /* LWIP_HDR_PRIV_ND6_HOOKS_H */
