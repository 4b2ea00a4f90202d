/**
 * @file
 * Which router to send by (RFC 4861 6.3.6, RFC 4191 3.2 and 3.5, host type C).
 *
 * A router is unreachable from when Neighbor Unreachability Detection, or its resolution, failed,
 * until it is heard as a neighbour again; until then nothing is known against it. Failing is noted
 * here, so that neighbour entries may come and go.
 *
 * Deviation: a router that is being resolved counts as reachable until that fails, though RFC 4861
 * 6.3.6 says that others should be preferred: packets would change routers and back at the start.
 *
 * Where all are unreachable the best route is used; among equals the one whose failure is the
 * longest ago, and as each attempt ends in another failure they take turns.
 */
#include "lwip/priv/netif_fields.h"
#include "ip/v6/nd6_router_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6

static bool nd6_route_matches(const struct nd6_route *r, const struct netif *only,
                              const ip6_addr_t *dst)
{
  return r->netif != NULL && (only == NULL || r->netif == only) && netif_is_usable(r->netif) &&
         ip6_addr_common_prefix(&r->prefix, dst) >= r->prefix_len;
}

static bool nd6_route_is_via(const struct nd6_route *r, const struct netif *netif,
                             const ip6_addr_t *router)
{
  return r->netif != NULL && r->netif == netif && ip6_addr_zoneless_eq(&r->router, router);
}

/** Above 0: `a` is better than `b`, reachability aside. */
static int nd6_route_compare(const struct nd6_route *a, const struct nd6_route *b)
{
  return (a->prefix_len != b->prefix_len) ? a->prefix_len - b->prefix_len
                                          : a->preference - b->preference;
}

static bool nd6_route_is_better(const struct nd6_route *a, const struct nd6_route *b)
{
  if (a->is_unreachable != b->is_unreachable) {
    return b->is_unreachable;
  }
  int difference = nd6_route_compare(a, b);
  if (difference != 0) {
    return difference > 0;
  }
  if (a->is_unreachable) {
    return stack_now() - a->failed_ms > stack_now() - b->failed_ms;
  }
  return a->is_used && !b->is_used; /* no reason to change */
}

static struct nd6_route *nd6_route_best(const struct netif *only, const ip6_addr_t *dst)
{
  struct nd6_route *best = NULL;
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (nd6_route_matches(r, only, dst) && (best == NULL || nd6_route_is_better(r, best))) {
      best = r;
    }
  }
  return best;
}

bool nd6_router_for(struct netif *only, const ip6_addr_t *dst, struct nd6_router_choice *out)
{
  const struct nd6_route *best = nd6_route_best(only, dst);
  if (best == NULL) {
    return false;
  }
  out->netif = best->netif;
  out->addr = best->router;
  out->prefix_len = best->prefix_len;
  out->preference = best->preference;
  return true;
}

struct netif *nd6_find_route(const ip6_addr_t *ip6addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct nd6_router_choice choice;
  struct netif *best = NULL;
  int best_len = -1;
  for (struct netif *netif = netif_first(); netif != NULL; netif = netif_next(netif)) {
    int len = netif_is_usable(netif) ? nd6_prefix_len_on_link(netif, ip6addr) : -1;
    if (len > best_len) {
      best = netif;
      best_len = len;
    }
  }
  if (best == NULL && nd6_router_for(NULL, ip6addr, &choice)) {
    best = choice.netif;
  }
  return best;
}

/** Ask an unreachable router whether it is back; all of its routes share the clock. */
static void nd6_route_probe(const struct nd6_route *r)
{
  if (stack_now() - r->probed_ms < ND6_ROUTER_PROBE_MS) {
    return;
  }
  struct netif *netif = r->netif;
  ip6_addr_t router = r->router;
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *same = nd6_route_at(i);
    if (nd6_route_is_via(same, netif, &router)) {
      same->probed_ms = stack_now();
    }
  }
  nd6_neighbor_probe(netif, &router);
}

void nd6_router_used(struct netif *netif, const ip6_addr_t *used, const ip6_addr_t *dst)
{
  struct nd6_route *by = NULL;
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (nd6_route_is_via(r, netif, used) && nd6_route_matches(r, netif, dst) &&
        (by == NULL || nd6_route_is_better(r, by))) {
      by = r;
    }
  }
  if (by == NULL) {
    return;
  }
  by->is_used = true;
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    const struct nd6_route *r = nd6_route_at(i);
    if (r->is_unreachable && nd6_route_matches(r, NULL, dst) && !nd6_route_is_via(r, netif, used) &&
        (by->is_unreachable || nd6_route_compare(r, by) > 0)) {
      nd6_route_probe(r);
    }
  }
}

void nd6_router_reachable(struct netif *netif, const ip6_addr_t *addr)
{
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (nd6_route_is_via(r, netif, addr)) {
      r->is_unreachable = false;
    }
  }
}

void nd6_router_unreachable(struct netif *netif, const ip6_addr_t *addr)
{
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    struct nd6_route *r = nd6_route_at(i);
    if (nd6_route_is_via(r, netif, addr)) {
      r->is_unreachable = true;
      r->is_used = false;
      r->failed_ms = stack_now();
      r->probed_ms = r->failed_ms; /* it was asked just now */
    }
  }
}

void nd6_router_lost(struct netif *netif, const ip6_addr_t *addr)
{
  ip6_addr_t router = *addr;
  if (nd6_routes_remove(netif, &router)) {
    nd6_routers_changed(netif, &router);
  }
}

bool nd6_is_router(const struct netif *netif, const ip6_addr_t *addr)
{
  for (unsigned i = 0; i < ND6_ROUTES_MAX; i++) {
    if (nd6_route_is_via(nd6_route_at(i), netif, addr)) {
      return true;
    }
  }
  return false;
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
