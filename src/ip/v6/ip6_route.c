/**
 * @file
 * Where an IPv6 packet leaves, and its next hop (RFC 4861 5.2, RFC 4191 3.2, RFC 4007 9).
 *
 * No state. Order: our own addresses; LWIP_HOOK_IP6_ROUTE; the zone of the destination, which
 * leaves no choice; the longest prefix among on-link prefixes, static routes and routes that
 * routers announced; among default routes one by the netif of the source, so that every uplink
 * carries the packets of its own addresses; that netif without any route; netif_default; the only
 * netif there is. Only netifs that are up, with a link, and able to send IPv6 count.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip6.h"
#include "lwip/stats.h"
#include "gossamer/route.h"
#include "link/netif_ip6.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/ip6_priv.h"
#include "ip/v6/nd6_router.h"

#if LWIP_IPV6

static bool can_send(const struct netif *netif)
{
  return netif_is_usable(netif) && netif->output_ip6 != NULL;
}

static int on_link_len(const struct netif *netif, const ip6_addr_t *dst)
{
  int len = nd6_prefix_len_on_link(netif, dst);
  if (!LWIP_ND6) {
    len = LWIP_MAX(len, netif_ip6_on_link_len(netif, dst));
    len = LWIP_MAX(len, ip6_static_on_link_len(netif, dst));
  }
  return len;
}

/** The netif with the longest on-link prefix that `dst` is in, and how long that is (-1: none). */
static struct netif *longest_on_link(const struct netif *only, const ip6_addr_t *dst, int *len)
{
  struct netif *best = NULL;
  struct netif *netif;
  *len = -1;
  NETIF_FOREACH(netif)
  {
    bool counts = (only == NULL || only == netif) && can_send(netif);
    int here = counts ? on_link_len(netif, dst) : -1;
    if (here > *len) {
      *len = here;
      best = netif;
    }
  }
  return best;
}

/**
 * The best route to a global unicast destination.
 *
 * @param only  by this netif only; NULL: by any
 * @param out   its netif
 * @return length of its prefix; -1: there is none
 */
static int best_route(struct netif *only, const ip6_addr_t *dst, struct netif **out)
{
  int len;
  ip_addr_t generic;
  struct nd6_router_choice router;
  *out = longest_on_link(only, dst, &len);
  ip_addr_copy_from_ip6(generic, *dst);
  const struct ip_route_entry *r = ip_route_lookup(&generic, only, len);
  if (r != NULL) {
    *out = r->netif;
    len = r->prefix_len;
  }
  if (len < 128 && nd6_router_for(only, dst, &router) && router.prefix_len > len) {
    *out = router.netif;
    len = router.prefix_len;
  }
  return len;
}

/** The netif that owns a source address that was chosen already. */
static struct netif *owner_of_source(const ip6_addr_t *src)
{
  struct netif *owner = ip6_addr_isany(src) ? NULL : netif_ip6_owner(src);
  return (owner != NULL && can_send(owner)) ? owner : NULL;
}

/** The netif of an address's zone, NULL: it is down or gone. */
static struct netif *netif_of_zone(const ip6_addr_t *addr)
{
  struct netif *netif;
  LWIP_UNUSED_ARG(addr);
  NETIF_FOREACH(netif)
  {
    if (ip6_addr_test_zone(addr, netif) && can_send(netif)) {
      return netif;
    }
  }
  return NULL;
}

/** The only netif that sends IPv6, not counting those whose only address is ::1. */
static struct netif *sole_netif(void)
{
  struct netif *sole = NULL;
  struct netif *netif;
  unsigned count = 0;
  NETIF_FOREACH(netif)
  {
    if (can_send(netif) && !ip6_addr_isloopback(netif_ip6_addr(netif, 0))) {
      sole = netif;
      count++;
    }
  }
  return count == 1 ? sole : NULL;
}

/** Nothing says anything about the destination: by the source's netif, or whatever there is. */
static struct netif *fallback(struct netif *owner)
{
  struct netif *netif = owner;
  if (netif == NULL && netif_default != NULL && can_send(netif_default)) {
    netif = netif_default;
  }
  if (netif == NULL) {
    netif = sole_netif();
  }
  if (netif == NULL) {
    IP6_STATS_INC(ip6.rterr);
    MIB2_STATS_INC(mib2.ipoutnoroutes);
  }
  return netif;
}

/** A route to groups of more than link scope may be in the table, from ff00::/8 on. */
static struct netif *multicast_route(const ip6_addr_t *dst)
{
  ip_addr_t generic;
  ip_addr_copy_from_ip6(generic, *dst);
  const struct ip_route_entry *r = ip_route_lookup(&generic, NULL, 7);
  return (r != NULL && can_send(r->netif)) ? r->netif : NULL;
}

static struct netif *unicast_route(const ip6_addr_t *dst, struct netif *owner)
{
  struct netif *netif;
  struct netif *by_owner;
  int len = best_route(NULL, dst, &netif);
  if (len == 0 && owner != NULL && best_route(owner, dst, &by_owner) == 0) {
    return owner;
  }
  return netif;
}

/** Where a scoped destination lacks its zone, the source may have it. */
static struct netif *netif_of_scope(const ip6_addr_t *src, const ip6_addr_t *dst)
{
  if (ip6_addr_has_zone(dst)) {
    return netif_of_zone(dst);
  }
  return (!ip6_addr_isany(src) && ip6_addr_has_zone(src)) ? netif_of_zone(src) : NULL;
}

static struct netif *route(const ip6_addr_t *src, const ip6_addr_t *dst)
{
  struct netif *owner = owner_of_source(src);
  struct netif *netif;
  if (ip6_addr_has_zone(dst) || ip6_addr_lacks_zone(dst, IP6_UNKNOWN)) {
    netif = netif_of_scope(src, dst);
    return (netif != NULL || ip6_addr_has_zone(dst)) ? netif : fallback(owner);
  }
  netif = ip6_addr_ismulticast(dst) ? multicast_route(dst) : unicast_route(dst, owner);
  return netif != NULL ? netif : fallback(owner);
}

/** Our own addresses, and ::1: by the netif that owns them, whose output loops. */
static struct netif *own_address(const ip6_addr_t *dst)
{
  struct netif *netif = netif_ip6_owner(dst);
  if (netif != NULL || !ip6_addr_isloopback(dst)) {
    return netif;
  }
  return (LWIP_NETIF_LOOPBACK && netif_default != NULL && netif_is_up(netif_default))
             ? netif_default
             : NULL;
}

struct netif *ip6_route(const ip6_addr_t *src, const ip6_addr_t *dest)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (src == NULL) {
    src = IP6_ADDR_ANY6;
  }
  struct netif *netif = own_address(dest);
  if (netif == NULL) {
    netif = hook_ip6_route(src, dest);
  }
  if (netif == NULL && !ip6_addr_isloopback(dest)) {
    netif = route(src, dest);
  }
  return netif;
}

int ip6_static_on_link_len(const struct netif *netif, const ip6_addr_t *dst)
{
  struct ip_route_entry r;
  ip_addr_t generic;
  int len = -1;
  ip_addr_copy_from_ip6(generic, *dst);
  for (unsigned i = 0; ip_route_get(i, &r); i++) {
    if (r.netif != netif || !IP_IS_V6(&r.prefix)) {
      continue;
    }
    if (ip_addr_zoneless_eq(&r.gateway, &generic)) {
      return 128;
    }
    if (ip_addr_isany_val(r.gateway) && ip_route_matches(&r, &generic)) {
      len = LWIP_MAX(len, r.prefix_len);
    }
  }
  return len;
}

bool ip6_is_on_link(const struct netif *netif, const ip6_addr_t *dst)
{
  return nd6_prefix_len_on_link(netif, dst) >= 0;
}

ip6_addr_t ip6_next_hop(struct netif *netif, const ip6_addr_t *dst)
{
  ip6_addr_t next;
  ip_addr_t generic;
  struct nd6_router_choice router;
  ip6_addr_copy(next, *dst);
  if (ip6_addr_lacks_zone(&next, IP6_UNKNOWN)) {
    ip6_addr_assign_zone(&next, IP6_UNKNOWN, netif);
  }
  if (LWIP_NUM_ROUTES == 0 || ip6_addr_ismulticast(dst) || ip6_addr_islinklocal(dst)) {
    return next;
  }
  ip_addr_copy_from_ip6(generic, *dst);
  const struct ip_route_entry *r = ip_route_lookup(&generic, netif, on_link_len(netif, dst));
  if (r != NULL && !ip_addr_isany_val(r->gateway) &&
      !(nd6_router_for(netif, dst, &router) && router.prefix_len > r->prefix_len)) {
    ip6_addr_copy(next, *ip_2_ip6(&r->gateway));
  }
  return next;
}

#endif
