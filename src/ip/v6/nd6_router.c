/**
 * @file
 * The ways that routers announced: default routers (RFC 4861 6.3.4) and more-specific routes (RFC
 * 4191 3.1), in one table.
 *
 * State: LWIP_ND6_NUM_ROUTERS entries for ::/0, behind them LWIP_ND6_NUM_ROUTES for the others; one
 * timer for the next end of a lifetime, set exactly while an entry has one.
 *
 * Anybody on a link can claim to be any number of routers. An entry that packets go by, and whose
 * router answers, is therefore never given to another; of the rest the one that was silent for the
 * longest goes, unless it is preferred to the newcomer.
 */
#include <string.h>
#include "gossamer/state.h"
#include "ip/v6/nd6_router_priv.h"

#if LWIP_IPV6 && LWIP_ND6

struct nd6_route_state {
  struct nd6_route route[ND6_ROUTES_MAX];
  struct timer expiry;
};

STACK_STATE(struct nd6_route_state, nd6_routes);

struct nd6_route *nd6_route_at(unsigned i)
{
  return &nd6_routes()->route[i];
}

void nd6_routers_changed(struct netif *netif, const ip6_addr_t *router)
{
  struct nd_event e = {.kind = ND_EVENT_ROUTERS, .netif = netif, .addr = router};
  nd6_event_raise(&e);
}

/** Next hops that were found by the table as it was are to be found anew (RFC 4191 3.3). */
static void nd6_routes_changed(void)
{
  nd6_clear_destination_cache();
}

static void nd6_routes_expire(struct timer *t);

static void nd6_routes_timer_set(void)
{
  u32_t wait_ms = TIMER_NEVER;
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (r->netif != NULL) {
      wait_ms = LWIP_MIN(wait_ms, lifetime_wait_ms(&r->life));
    }
  }
  lifetime_timer_set(&nd6_routes()->expiry, nd6_routes_expire, wait_ms);
}

static void nd6_routes_expire(struct timer *t)
{
  LWIP_UNUSED_ARG(t);
  bool is_changed = false;
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (r->netif != NULL && lifetime_is_over(&r->life)) {
      struct nd6_route gone = *r;
      r->netif = NULL;
      is_changed = true;
      if (gone.prefix_len == 0) {
        nd6_routers_changed(gone.netif, &gone.router);
      }
    }
  }
  if (is_changed) {
    nd6_routes_changed();
  }
  nd6_routes_timer_set();
}

static struct nd6_route *nd6_route_find(const struct netif *netif, const ip6_addr_t *router,
                                        const struct nd6_route_info *info)
{
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (r->netif == netif && r->prefix_len == info->prefix_len &&
        ip6_addr_zoneless_eq(&r->router, router) &&
        ip6_addr_zoneless_eq(&r->prefix, &info->prefix)) {
      return r;
    }
  }
  return NULL;
}

/** May `r` go for a new way of this preference? */
static bool nd6_route_is_expendable(const struct nd6_route *r, s8_t preference)
{
  return r->is_unreachable || (!r->is_used && r->preference <= preference);
}

/** Which of two expendable entries goes first? Unreachable ones, then the long silent. */
static bool nd6_route_goes_before(const struct nd6_route *a, const struct nd6_route *b)
{
  if (a->is_unreachable != b->is_unreachable) {
    return a->is_unreachable;
  }
  return stack_now() - a->heard_ms > stack_now() - b->heard_ms;
}

/** An entry for a new way, which may have been another's; NULL: all are worth more. */
static struct nd6_route *nd6_route_new(const struct nd6_route_info *info)
{
  unsigned first = (info->prefix_len == 0) ? 0 : LWIP_ND6_NUM_ROUTERS;
  unsigned end = (info->prefix_len == 0) ? LWIP_ND6_NUM_ROUTERS : ND6_ROUTES_MAX;
  struct nd6_route *victim = NULL;
  for (unsigned i = first; i < end; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (r->netif == NULL) {
      return r;
    }
    if (nd6_route_is_expendable(r, info->preference) &&
        (victim == NULL || nd6_route_goes_before(r, victim))) {
      victim = r;
    }
  }
  return victim;
}

/** What is known of a router's reachability holds for all of its ways. */
static void nd6_route_reachability_copy(struct nd6_route *to)
{
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    const struct nd6_route *r = nd6_route_at(i);
    if (r != to && r->netif == to->netif && ip6_addr_zoneless_eq(&r->router, &to->router)) {
      to->is_unreachable = r->is_unreachable;
      to->failed_ms = r->failed_ms;
      to->probed_ms = r->probed_ms;
    }
  }
}

static struct nd6_route *nd6_route_add(struct netif *netif, const ip6_addr_t *router,
                                       const struct nd6_route_info *info)
{
  struct nd6_route *r = nd6_route_new(info);
  if (r != NULL) {
    memset(r, 0, sizeof *r);
    r->netif = netif;
    r->router = *router;
    ip6_addr_assign_zone(&r->router, IP6_UNICAST, netif);
    r->prefix = info->prefix;
    r->prefix_len = info->prefix_len;
    nd6_route_reachability_copy(r);
  }
  return r;
}

bool nd6_route_heard(struct netif *netif, const ip6_addr_t *router,
                     const struct nd6_route_info *info)
{
  struct nd6_route *r = nd6_route_find(netif, router, info);
  bool is_changed = (r == NULL) || info->lifetime_s == 0 || r->preference != info->preference;
  if (r == NULL) {
    r = (info->lifetime_s != 0) ? nd6_route_add(netif, router, info) : NULL;
  }
  if (r == NULL) {
    return false; /* withdrawn and unknown, or no room */
  }
  if (info->lifetime_s == 0) {
    r->netif = NULL;
  } else {
    r->preference = info->preference;
    r->heard_ms = stack_now();
    lifetime_start(&r->life, info->lifetime_s);
  }
  if (is_changed) {
    nd6_routes_changed();
  }
  nd6_routes_timer_set();
  return is_changed;
}

bool nd6_routes_remove(struct netif *netif, const ip6_addr_t *router)
{
  bool is_changed = false;
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (r->netif == netif && (router == NULL || ip6_addr_zoneless_eq(&r->router, router))) {
      r->netif = NULL;
      is_changed = true;
    }
  }
  if (is_changed) {
    nd6_routes_changed();
    nd6_routes_timer_set();
  }
  return is_changed;
}

void nd6_routes_fini(void)
{
  timer_cancel(&nd6_routes()->expiry);
}

bool nd_router_at(struct netif *netif, u8_t i, ip6_addr_t *addr, struct nd_ra_info *info)
{
  LWIP_ASSERT_CORE_LOCKED();
  for (unsigned k = 0; k < LWIP_ND6_NUM_ROUTERS; k++) {
    const struct nd6_route *r = nd6_route_at(k);
    if (r->netif != netif || i-- != 0) {
      continue;
    }
    u32_t left_s = lifetime_left_s(&r->life);
    *addr = r->router;
    memset(info, 0, sizeof *info);
    info->is_managed = (netif->nd6.ra_flags & ND6_RA_FLAG_MANAGED_ADDR_CONFIG) != 0;
    info->is_other = (netif->nd6.ra_flags & ND6_RA_FLAG_OTHER_CONFIG) != 0;
    info->preference = r->preference;
    info->lifetime_s = left_s;
    return true;
  }
  return false;
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
