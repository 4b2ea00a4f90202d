/**
 * @file
 * What routers say of a link as a whole: hop limit, timers, MTU (RFC 4861 6.3.2, 6.3.4); and what
 * happens to all that routers said when an interface comes and goes.
 *
 * State: struct nd6_interface in every netif. Everything in it lasts until the link goes down: the
 * next link may be another.
 *
 * Deviation: RFC 4861 6.3.4 takes over every value but 0. Here they are bounded, since one forged
 * advertisement would otherwise cut a host off (hop limit 1), make it probe its neighbours without
 * pause, or never again.
 */
#include <string.h>
#include "lwip/priv/netif_fields.h"
#include "base/random.h"
#include "ip/v6/nd6_router_priv.h"

#if LWIP_IPV6 && LWIP_ND6

enum {
  /* Bounds of BaseReachableTime; the upper is AdvReachableTime's (RFC 4861 6.2.1). */
  ND6_REACHABLE_MS_MIN = 1000,
  ND6_REACHABLE_MS_MAX = 3600000,
  /* Bounds of RetransTimer, which has none in the RFC. */
  ND6_RETRANS_MS_MIN = 100,
  ND6_RETRANS_MS_MAX = 10000,
  /* A new random ReachableTime is drawn every few hours (RFC 4861 6.3.4). */
  ND6_REACHABLE_REDRAW_MS = 2 * 3600 * 1000,
  /* No IPv6 link carries less (RFC 8200 5). */
  ND6_MTU_MIN = 1280
};

u32_t nd6_reachable_ms(struct netif *netif)
{
  struct nd6_interface *nd6 = &netif->nd6;
  u32_t now_ms = stack_now();
  if (nd6->reachable_ms == 0 || now_ms - nd6->reachable_since_ms >= ND6_REACHABLE_REDRAW_MS) {
    u32_t base_ms = nd6->base_reachable_ms != 0 ? nd6->base_reachable_ms : LWIP_ND6_REACHABLE_TIME;
    nd6->reachable_ms = base_ms / 2 + random_jitter(base_ms) + 1; /* 0.5 to 1.5 of it */
    nd6->reachable_since_ms = now_ms;
  }
  return nd6->reachable_ms;
}

u32_t nd6_retrans_ms(const struct netif *netif)
{
  return netif->nd6.retrans_ms != 0 ? netif->nd6.retrans_ms : LWIP_ND6_RETRANS_TIMER;
}

u8_t nd6_hop_limit(const struct netif *netif)
{
  return netif->nd6.hop_limit != 0 ? netif->nd6.hop_limit : IP_DEFAULT_TTL;
}

bool nd6_netif_is_router(const struct netif *netif)
{
  return LWIP_FORCE_ROUTER_FORWARDING || ND6_ADVERT(netif) != NULL;
}

static u32_t nd6_bounded(u32_t value, u32_t min, u32_t max)
{
  return LWIP_MIN(LWIP_MAX(value, min), max);
}

void nd6_params_heard(struct netif *netif, const struct nd6_ra *ra)
{
  struct nd6_interface *nd6 = &netif->nd6;
  nd6->ra_flags = ra->flags & (ND6_RA_FLAG_MANAGED_ADDR_CONFIG | ND6_RA_FLAG_OTHER_CONFIG);
  if (!LWIP_ND6_ALLOW_RA_UPDATES) {
    return;
  }
  if (ra->hop_limit >= LWIP_ND6_MIN_HOP_LIMIT) {
    nd6->hop_limit = ra->hop_limit;
  }
  if (ra->reachable_ms != 0) {
    u32_t base_ms = nd6_bounded(ra->reachable_ms, ND6_REACHABLE_MS_MIN, ND6_REACHABLE_MS_MAX);
    if (base_ms != nd6->base_reachable_ms) {
      nd6->base_reachable_ms = base_ms;
      nd6->reachable_ms = 0;
    }
  }
  if (ra->retrans_ms != 0) {
    nd6->retrans_ms = nd6_bounded(ra->retrans_ms, ND6_RETRANS_MS_MIN, ND6_RETRANS_MS_MAX);
  }
}

void nd6_mtu_heard(struct netif *netif, u32_t mtu)
{
  u32_t link_mtu = netif->mtu != 0 ? netif->mtu : 0xffff;
  if (LWIP_ND6_ALLOW_RA_UPDATES && mtu >= ND6_MTU_MIN && mtu <= link_mtu) {
    netif_mtu6_set(netif, (u16_t)mtu);
    netif->nd6.mtu_by_ra = 1;
  }
}

bool nd6_netif_exists(const struct netif *netif)
{
  const struct netif *n = netif_first();
  while (n != NULL && n != netif) {
    n = netif_next(n);
  }
  return n != NULL;
}

static void nd6_params_forget(struct netif *netif)
{
  struct nd6_interface *nd6 = &netif->nd6;
  nd6->base_reachable_ms = 0;
  nd6->reachable_ms = 0;
  nd6->retrans_ms = 0;
  nd6->hop_limit = 0;
  nd6->ra_flags = 0;
  if (nd6->mtu_by_ra) {
    nd6->mtu_by_ra = 0;
    netif_mtu6_set(netif, 0);
  }
}

void nd6_routers_forget(struct netif *netif)
{
  nd6_params_forget(netif);
  nd6_prefixes_remove(netif);
  bool is_routers_changed = nd6_routes_remove(netif, NULL);
  bool is_dns_changed = nd6_dns_remove(netif);
  if (is_routers_changed) {
    nd6_routers_changed(netif, NULL);
  }
  if (is_dns_changed && nd6_netif_exists(netif)) {
    nd6_dns_changed(netif);
  }
}

static void nd6_router_netif_changed(struct netif *netif, enum netif_change what,
                                     const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  switch (what) {
  case NETIF_CHANGE_UP:
    nd6_rs_start(netif);
    if (ND6_ADVERT(netif) != NULL) {
      ra_go_on(ND6_ADVERT(netif));
    }
    break;
  case NETIF_CHANGE_IP6:
    nd6_rs_go_on(netif);
    if (ND6_ADVERT(netif) != NULL) {
      ra_go_on(ND6_ADVERT(netif));
    }
    break;
  case NETIF_CHANGE_DOWN:
    nd6_rs_stop(netif);
    if (ND6_ADVERT(netif) != NULL) {
      ra_pause(ND6_ADVERT(netif));
    }
    nd6_routers_forget(netif);
    break;
  case NETIF_CHANGE_REMOVED:
    nd6_rs_stop(netif);
    if (ND6_ADVERT(netif) != NULL) {
      ra_detach(ND6_ADVERT(netif));
    }
    nd6_routers_forget(netif);
    break;
  default:
    break;
  }
}

static void nd6_router_fini(void)
{
  nd6_routes_fini();
  nd6_prefixes_fini();
  nd6_listeners_fini();
}

const struct net_module nd6_router_module = {
    "nd6 router",
    NULL,
    nd6_router_fini,
    nd6_router_netif_changed,
};

#endif /* LWIP_IPV6 && LWIP_ND6 */
