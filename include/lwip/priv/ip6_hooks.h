/**
 * @file
 * IPv6's hooks and switched-off parts as functions: what happens where lwipopts.h defines none.
 */
#ifndef LWIP_HDR_PRIV_IP6_HOOKS_H
#define LWIP_HDR_PRIV_IP6_HOOKS_H

#include <stdbool.h>
#include "lwip/def.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

/** True: the hook took the packet, whose fixed header has been checked. */
static inline bool hook_ip6_input(struct pbuf *p, struct netif *inp)
{
#ifdef LWIP_HOOK_IP6_INPUT
  return LWIP_HOOK_IP6_INPUT(p, inp) != 0;
#else
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(inp);
  return false;
#endif
}

/** A netif by source (:: where none is chosen yet) and destination, before all other rules but that
    our own addresses are ours; NULL: no opinion. */
static inline struct netif *hook_ip6_route(const ip6_addr_t *src, const ip6_addr_t *dest)
{
#ifdef LWIP_HOOK_IP6_ROUTE
  return LWIP_HOOK_IP6_ROUTE(src, dest);
#else
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dest);
  return NULL;
#endif
}

/** netif_loop_output(), also where there is none. */
static inline err_t ip6_loop_output(struct netif *netif, struct pbuf *p)
{
#if ENABLE_LOOPBACK
  return netif_loop_output(netif, p);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  return ERR_RTE;
#endif
}

#endif /* LWIP_HDR_PRIV_IP6_HOOKS_H */
