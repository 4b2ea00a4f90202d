/**
 * @file
 * Neighbor Discovery's hooks as functions: what happens where lwipopts.h defines none.
 */
#ifndef LWIP_HDR_PRIV_ND6_HOOKS_H
#define LWIP_HDR_PRIV_ND6_HOOKS_H

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
#endif

#endif /* LWIP_HDR_PRIV_ND6_HOOKS_H */
