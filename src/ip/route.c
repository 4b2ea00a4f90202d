/**
 * @file
 * The routing table (gossamer/route.h): a small array, longest prefix first.
 *
 * State: the entries of both IP versions in the order of preference: longer prefixes, then smaller
 * metrics, then older ones first. A look-up is hence a walk to the first match whose netif is
 * usable.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "gossamer/route.h"
#include "gossamer/state.h"
#include "link/netif_usable.h"
#include "ip/ip_module.h"

#if LWIP_NUM_ROUTES > 0

struct route_state {
  unsigned count;
  struct ip_route_entry entry[LWIP_NUM_ROUTES];
};

STACK_STATE(struct route_state, routes);

/** Bits of word `i` of an address that belong to the prefix, network order. */
static u32_t mask_of(unsigned prefix_len, unsigned i)
{
  unsigned before = 32 * i;
  if (prefix_len <= before) {
    return 0;
  }
  unsigned bits = LWIP_MIN(prefix_len - before, 32U);
  return lwip_htonl(0xffffffffUL << (32 - bits));
}

bool ip_route_matches(const struct ip_route_entry *r, const ip_addr_t *dst)
{
  if (IP_IS_V6(dst) != IP_IS_V6(&r->prefix)) {
    return false;
  }
  if (!IP_IS_V6(dst)) {
    u32_t difference = ip_addr_get_ip4_u32(&r->prefix) ^ ip_addr_get_ip4_u32(dst);
    return (difference & mask_of(r->prefix_len, 0)) == 0;
  }
  u32_t difference = 0;
  for (unsigned i = 0; i < 4; i++) {
    difference |=
        (ip_2_ip6(&r->prefix)->addr[i] ^ ip_2_ip6(dst)->addr[i]) & mask_of(r->prefix_len, i);
  }
  return difference == 0;
}

static bool is_same_route(const struct ip_route_entry *a, const struct ip_route_entry *b)
{
  return a->prefix_len == b->prefix_len && a->netif == b->netif &&
         ip_route_matches(a, &b->prefix) && ip_addr_zoneless_eq(&a->gateway, &b->gateway);
}

static void route_delete(struct route_state *s, unsigned i)
{
  s->count--;
  memmove(&s->entry[i], &s->entry[i + 1], (s->count - i) * sizeof s->entry[0]);
}

err_t ip_route_remove(const struct ip_route_entry *route)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct route_state *s = routes();
  for (unsigned i = 0; i < s->count; i++) {
    if (is_same_route(&s->entry[i], route)) {
      route_delete(s, i);
      return ERR_OK;
    }
  }
  return ERR_VAL;
}

static bool is_valid(const struct ip_route_entry *r)
{
  bool is_v6 = IP_IS_V6(&r->prefix);
  return r->netif != NULL && IP_GET_TYPE(&r->prefix) == IP_GET_TYPE(&r->gateway) &&
         r->prefix_len <= (is_v6 ? 128 : 32) && !ip_addr_ismulticast(&r->gateway) &&
         (is_v6 || ip_addr_get_ip4_u32(&r->gateway) != IPADDR_BROADCAST);
}

err_t ip_route_add(const struct ip_route_entry *route)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct route_state *s = routes();
  if (!is_valid(route)) {
    return ERR_VAL;
  }
  ip_route_remove(route);
  if (s->count == LWIP_NUM_ROUTES) {
    return ERR_MEM;
  }
  unsigned at = 0;
  while (at < s->count &&
         (s->entry[at].prefix_len > route->prefix_len ||
          (s->entry[at].prefix_len == route->prefix_len && s->entry[at].metric <= route->metric))) {
    at++;
  }
  memmove(&s->entry[at + 1], &s->entry[at], (s->count - at) * sizeof s->entry[0]);
  s->entry[at] = *route;
  if (IP_IS_V6(&route->prefix)) {
    ip6_addr_clear_zone(ip_2_ip6(&s->entry[at].prefix));
    ip6_addr_assign_zone(ip_2_ip6(&s->entry[at].gateway), IP6_UNICAST, route->netif);
  }
  s->count++;
  return ERR_OK;
}

bool ip_route_get(unsigned i, struct ip_route_entry *route)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (i >= routes()->count) {
    return false;
  }
  *route = routes()->entry[i];
  return true;
}

const struct ip_route_entry *ip_route_lookup(const ip_addr_t *dst, const struct netif *netif,
                                             int longer_than)
{
  LWIP_ASSERT_CORE_LOCKED();
  const struct route_state *s = routes();
  for (unsigned i = 0; i < s->count && s->entry[i].prefix_len > longer_than; i++) {
    const struct ip_route_entry *r = &s->entry[i];
    if ((netif == NULL || r->netif == netif) && netif_is_usable(r->netif) &&
        ip_route_matches(r, dst)) {
      return r;
    }
  }
  return NULL;
}

static void route_netif_changed(struct netif *netif, enum netif_change what,
                                const ip_addr_t *old_addr)
{
  struct route_state *s = routes();
  LWIP_UNUSED_ARG(old_addr);
  for (unsigned i = s->count; what == NETIF_CHANGE_REMOVED && i > 0; i--) {
    if (s->entry[i - 1].netif == netif) {
      route_delete(s, i - 1);
    }
  }
}

static void route_fini(void)
{
  routes()->count = 0;
}

const struct net_module route_module = {
    .name = "route", .fini = route_fini, .netif_changed = route_netif_changed};

#endif
