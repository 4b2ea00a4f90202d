/**
 * @file
 * Neighbor Discovery: what the rest of IPv6 and the registry need. Public calls: lwip/nd6.h,
 * gossamer/neighbor.h. Routers and prefixes: nd6_router.h, included here.
 */
#ifndef IP_V6_ND6_MODULE_H
#define IP_V6_ND6_MODULE_H

#include <stdbool.h>
#include "lwip/err.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "gossamer/ip_rx.h"
#include "base/registry.h"
#include "ip/v6/nd6_router.h"

struct pbuf;

#if LWIP_IPV6 && LWIP_ND6

/** The neighbour cache. */
extern const struct net_module nd6_module;

/** Handler of the ICMPv6 types 133 to 137; the checksum is verified. Takes `p`, which is at the
    ICMPv6 header. */
void nd6_rx(struct pbuf *p, const struct ip_rx *rx);

/**
 * Send a neighbour solicitation.
 *
 * @param src    NULL: from ::, without our link-layer address; as is done for a tentative one
 * @param dst    solicited-node group of `target`, or `target` itself
 * @param nonce  ND6_NONCE_LEN bytes (RFC 7527), or NULL
 */
err_t nd6_send_ns(struct netif *netif, const ip6_addr_t *src, const ip6_addr_t *dst,
                  const ip6_addr_t *target, const u8_t *nonce);

/** Send a neighbour advertisement. `flags`: ND6_FLAG_SOLICITED, ND6_FLAG_OVERRIDE; ND6_FLAG_ROUTER
   is added where we are a router. */
err_t nd6_send_na(struct netif *netif, const ip6_addr_t *src, const ip6_addr_t *dst,
                  const ip6_addr_t *target, u8_t flags, bool with_lladdr);

/**
 * An address of ours has just become usable: routers are told (RFC 9131), where
 * LWIP_ND6_ANNOUNCE_ADDRESSES is 1.
 */
void nd6_address_usable(struct netif *netif, u8_t addr_idx);

/**
 * The neighbour to send to on `netif`: `dst` itself on the link and for groups, otherwise what a
 * redirect, LWIP_HOOK_ND6_GET_GW or the router list says.
 *
 * @param dst  destination, or gateway of its route
 * @return false: there is no way
 */
bool nd6_next_hop(struct netif *netif, const ip6_addr_t *dst, ip6_addr_t *next_hop);

/** Next hops by way of this neighbour are to be determined anew: it is gone or no router any more.
 */
void nd6_destinations_forget_via(const struct netif *netif, const ip6_addr_t *next_hop);

/**
 * A packet leaves by the netif that it came in by: tell its sender of the better first hop (RFC
 * 4861 8.2). Does nothing where that RFC forbids it or the rate limit is reached.
 *
 * @param p         starts at its IPv6 header; stays the caller's
 * @param rx        what input found out about it
 * @param next_hop  the neighbour it is sent to
 */
void nd6_send_redirect(const struct pbuf *p, const struct ip_rx *rx, const ip6_addr_t *next_hop);

#else

#if LWIP_IPV6

static inline void nd6_address_usable(struct netif *netif, u8_t addr_idx)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr_idx);
}

static inline bool nd6_next_hop(struct netif *netif, const ip6_addr_t *dst, ip6_addr_t *next_hop)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(next_hop);
  return false;
}

static inline void nd6_send_redirect(const struct pbuf *p, const struct ip_rx *rx,
                                     const ip6_addr_t *next_hop)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(rx);
  LWIP_UNUSED_ARG(next_hop);
}

static inline err_t nd6_send_ns(struct netif *netif, const ip6_addr_t *src, const ip6_addr_t *dst,
                                const ip6_addr_t *target, const u8_t *nonce)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(target);
  LWIP_UNUSED_ARG(nonce);
  return ERR_IF;
}

static inline err_t nd6_send_na(struct netif *netif, const ip6_addr_t *src, const ip6_addr_t *dst,
                                const ip6_addr_t *target, u8_t flags, bool with_lladdr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(target);
  LWIP_UNUSED_ARG(flags);
  LWIP_UNUSED_ARG(with_lladdr);
  return ERR_IF;
}

#endif

#endif

#endif /* IP_V6_ND6_MODULE_H */
