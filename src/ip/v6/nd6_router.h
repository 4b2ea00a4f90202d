/**
 * @file
 * Routers, prefixes and what routers say of a link: what the rest of IPv6 asks
 * (nd6_module.h includes this). Public calls: gossamer/nd_events.h, gossamer/router_advert.h.
 */
#ifndef IP_V6_ND6_ROUTER_H
#define IP_V6_ND6_ROUTER_H

#include <stdbool.h>
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "gossamer/ip_rx.h"
#include "gossamer/nd_events.h"
#include "base/registry.h"

struct pbuf;

/** The router to send by, as nd6_router_for() found it. */
struct nd6_router_choice {
  struct netif *netif;
  ip6_addr_t addr; /* link-local, with zone */
  u8_t prefix_len; /* of the route; 0: a default router */
  s8_t preference; /* 1 high, 0 medium, -1 low */
};

#if LWIP_IPV6 && LWIP_ND6

extern const struct net_module nd6_router_module;

/** How long a neighbour counts as reachable once confirmed, randomised (RFC 4861 6.3.2). */
u32_t nd6_reachable_ms(struct netif *netif);

/** Between solicitations (RFC 4861 RetransTimer); also DAD's (RFC 4862 5.1). */
u32_t nd6_retrans_ms(const struct netif *netif);

/** Hop limit of packets that leave by `netif` (RFC 4861 CurHopLimit). */
u8_t nd6_hop_limit(const struct netif *netif);

/** Does `netif` advertise itself as a router, or must it pass for one? */
bool nd6_netif_is_router(const struct netif *netif);

/**
 * Is `dst` on the link of `netif`?
 *
 * @return length of the longest prefix on the link that it is in (link-local: 10); -1: none, so it
 *         is reached by a router (RFC 5942)
 */
int nd6_prefix_len_on_link(const struct netif *netif, const ip6_addr_t *dst);

/**
 * The best router for a destination off link: the longest route that routers announced, then
 * reachability, then preference (RFC 4191 3.2 host type C, RFC 4861 6.3.6). Where none is known to
 * be reachable they take turns.
 *
 * @param only  consider its routers only; NULL: all netifs' that are up
 * @return false: there is none
 */
bool nd6_router_for(struct netif *only, const ip6_addr_t *dst, struct nd6_router_choice *out);

/**
 * A packet to `dst`, which is off link, goes to the router `used`. Better ones that are unreachable
 * are probed, each once a minute at most (RFC 4191 3.5). NULL: it goes to none of ours.
 */
void nd6_router_used(struct netif *netif, const ip6_addr_t *used, const ip6_addr_t *dst);

/** The neighbour was confirmed to be reachable. */
void nd6_router_reachable(struct netif *netif, const ip6_addr_t *addr);

/** The neighbour, listed as a router, said that it is none any more (RFC 4861 7.2.5). */
void nd6_router_lost(struct netif *netif, const ip6_addr_t *addr);

/** The neighbour does not answer (RFC 4861 7.3.3): those who may use another router do. */
void nd6_router_unreachable(struct netif *netif, const ip6_addr_t *addr);

/** Is it in the default router list, or does it have routes? Only its redirects are believed, and
    its neighbour entry is worth more than a stranger's. */
bool nd6_is_router(const struct netif *netif, const ip6_addr_t *addr);

/**
 * Handle a router solicitation or advertisement whose ICMPv6 checksum, code and hop limit 255 were
 * verified. `p` is at the ICMPv6 header, in one piece, and is ours.
 */
void nd6_rs_rx(struct pbuf *p, const struct ip_rx *rx);
void nd6_ra_rx(struct pbuf *p, const struct ip_rx *rx);

/** Start over with router solicitations (nd6_restart_netif()). */
void nd6_rs_start(struct netif *netif);

/** Forget all that routers on `netif` said (nd6_cleanup_netif()). */
void nd6_routers_forget(struct netif *netif);

/** Tell all listeners. */
void nd6_event_raise(const struct nd_event *e);

#elif LWIP_IPV6

static inline u8_t nd6_hop_limit(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return IP_DEFAULT_TTL;
}

static inline u32_t nd6_retrans_ms(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return LWIP_ND6_RETRANS_TIMER;
}

static inline bool nd6_netif_is_router(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return false;
}

static inline int nd6_prefix_len_on_link(const struct netif *netif, const ip6_addr_t *dst)
{
  LWIP_UNUSED_ARG(netif);
  return ip6_addr_islinklocal(dst) ? 10 : -1;
}

static inline bool nd6_router_for(struct netif *only, const ip6_addr_t *dst,
                                  struct nd6_router_choice *out)
{
  LWIP_UNUSED_ARG(only);
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(out);
  return false;
}

static inline void nd6_event_raise(const struct nd_event *e)
{
  LWIP_UNUSED_ARG(e);
}

static inline void nd6_rs_start(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}

#endif

#endif /* IP_V6_ND6_ROUTER_H */
