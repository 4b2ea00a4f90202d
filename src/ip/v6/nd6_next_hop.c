/**
 * @file
 * From a destination to the neighbour to send to (RFC 4861 5.2, 7.2.2), and to its link-layer
 * address.
 *
 * State: redirects by destination (the only next hops worth storing: the rest follows from prefixes
 * and routers), the least recently used one makes room; buckets to find them by; for whom upper
 * layers spoke last.
 *
 * Order: a redirect; on the link; a static neighbour; LWIP_HOOK_ND6_GET_GW; a router. Static
 * routes come before all of this: IP gives us their gateway as destination.
 *
 * Neighbor Discovery's own messages go straight to their destination, which is on the link even if
 * no prefix says so (hop limit 255 got through to us).
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/ip6.h"
#include "lwip/prot/icmp6.h"
#include "lwip/stats.h"
#include "lwip/priv/nd6_hooks.h"
#include "gossamer/pmtu.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/nd6_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6

enum {
  ND6_DESTINATION_BUCKETS = (LWIP_ND6_NUM_DESTINATIONS) <= 16    ? 1
                            : (LWIP_ND6_NUM_DESTINATIONS) <= 256 ? 64
                                                                 : 1024,
  /* Upper layers confirm a neighbour as often as they like; once in this time counts. */
  ND6_HINT_MS = 1000
};

struct nd6_destination {
  struct nd6_destination *next; /* in its bucket */
  struct netif *netif;          /* NULL: free */
  ip6_addr_t dst;
  ip6_addr_t next_hop;
  u32_t used_ms;
};

struct nd6_next_hop_state {
  struct nd6_destination destination[LWIP_ND6_NUM_DESTINATIONS];
  struct nd6_destination *bucket[ND6_DESTINATION_BUCKETS];
  u32_t num_destinations; /* in use */
  const ip6_addr_t *direct;
  ip6_addr_t hinted; /* the destination of the last hint, and when it came */
  u32_t hinted_ms;
};

STACK_STATE(struct nd6_next_hop_state, nd6_next_hops);

const ip6_addr_t *nd6_direct_set(const ip6_addr_t *next_hop)
{
  const ip6_addr_t *before = nd6_next_hops()->direct;
  nd6_next_hops()->direct = next_hop;
  return before;
}

static struct nd6_destination **bucket_of(const ip6_addr_t *dst)
{
  return &nd6_next_hops()
              ->bucket[(ND6_DESTINATION_BUCKETS > 1) ? nd6_hash(dst) % ND6_DESTINATION_BUCKETS : 0];
}

static struct nd6_destination *destination_find(const struct netif *netif, const ip6_addr_t *dst)
{
  if (nd6_next_hops()->num_destinations == 0) {
    return NULL;
  }
  struct nd6_destination *d = *bucket_of(dst);
  while (d != NULL && (d->netif != netif || !ip6_addr_zoneless_eq(&d->dst, dst))) {
    d = d->next;
  }
  return d;
}

const ip6_addr_t *nd6_destination_find(const struct netif *netif, const ip6_addr_t *dst)
{
  struct nd6_destination *d = destination_find(netif, dst);
  if (d == NULL) {
    return NULL;
  }
  d->used_ms = stack_now();
  return &d->next_hop;
}

static void destination_release(struct nd6_destination *d)
{
  struct nd6_destination **at = bucket_of(&d->dst);
  while (*at != d) {
    at = &(*at)->next;
  }
  *at = d->next;
  d->netif = NULL;
  nd6_next_hops()->num_destinations--;
}

/** A free one, or the one that was not used for longest. */
static struct nd6_destination *destination_alloc(void)
{
  struct nd6_destination *victim = &nd6_next_hops()->destination[0];
  for (unsigned i = 1; i < LWIP_ND6_NUM_DESTINATIONS && victim->netif != NULL; i++) {
    struct nd6_destination *d = &nd6_next_hops()->destination[i];
    if (d->netif == NULL || (s32_t)(victim->used_ms - d->used_ms) > 0) {
      victim = d;
    }
  }
  if (victim->netif != NULL) {
    destination_release(victim);
  }
  return victim;
}

void nd6_destination_set(struct netif *netif, const ip6_addr_t *dst, const ip6_addr_t *next_hop)
{
  struct nd6_destination *d = destination_find(netif, dst);
  if (d == NULL) {
    d = destination_alloc();
    d->netif = netif;
    d->dst = *dst;
    struct nd6_destination **bucket = bucket_of(dst);
    d->next = *bucket;
    *bucket = d;
    nd6_next_hops()->num_destinations++;
  }
  d->next_hop = *next_hop;
  d->used_ms = stack_now();
}

/** Forget what matches; NULL: all netifs, all next hops. */
static void destinations_forget(const struct netif *netif, const ip6_addr_t *next_hop)
{
  for (unsigned i = 0; i < LWIP_ND6_NUM_DESTINATIONS; i++) {
    struct nd6_destination *d = &nd6_next_hops()->destination[i];
    if (d->netif != NULL && (netif == NULL || d->netif == netif) &&
        (next_hop == NULL || ip6_addr_zoneless_eq(&d->next_hop, next_hop))) {
      destination_release(d);
    }
  }
}

void nd6_destinations_forget(const struct netif *netif)
{
  destinations_forget(netif, NULL);
}

void nd6_destinations_forget_via(const struct netif *netif, const ip6_addr_t *next_hop)
{
  destinations_forget(netif, next_hop);
}

void nd6_next_hop_fini(void)
{
  memset(nd6_next_hops(), 0, sizeof *nd6_next_hops());
}

void nd6_clear_destination_cache(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  destinations_forget(NULL, NULL);
}

/** Is `dst` itself the neighbour? */
static bool is_neighbor(const struct netif *netif, const ip6_addr_t *dst)
{
  if (ip6_addr_ismulticast(dst) || nd6_prefix_len_on_link(netif, dst) >= 0) {
    return true;
  }
  const struct nd6_neighbor *e = nd6_neighbor_find(netif, dst);
  return e != NULL && e->state == NEIGHBOR_STATIC;
}

bool nd6_next_hop(struct netif *netif, const ip6_addr_t *dst, ip6_addr_t *next_hop)
{
  struct nd6_router_choice router;
  const ip6_addr_t *known = nd6_destination_find(netif, dst);
  if (known == NULL && is_neighbor(netif, dst)) {
    known = dst;
  }
  if (known == NULL) {
    known = hook_nd6_gateway(netif, dst);
  }
  if (known == NULL && nd6_router_for(netif, dst, &router)) {
    known = &router.addr;
  }
  if (known == NULL) {
    return false;
  }
  *next_hop = *known;
  ip6_addr_assign_zone(next_hop, IP6_UNKNOWN, netif);
  return true;
}

/** Is the packet a message of Neighbor Discovery? */
static bool is_nd_message(const struct pbuf *q)
{
  if (pbuf_get_at(q, offsetof(struct ip6_hdr, _nexth)) != IP6_NEXTH_ICMP6 ||
      pbuf_get_at(q, offsetof(struct ip6_hdr, _hoplim)) != ND6_HOP_LIMIT) {
    return false;
  }
  u8_t type = pbuf_get_at(q, IP6_HLEN);
  return type >= ICMP6_TYPE_RS && type <= ICMP6_TYPE_RD;
}

/** The neighbour's entry, made if need be; NULL: the cache has no room. */
static struct nd6_neighbor *entry_for(struct netif *netif, const ip6_addr_t *next_hop,
                                      enum nd6_worth worth_max, bool *is_new)
{
  struct nd6_neighbor *e = nd6_neighbor_find(netif, next_hop);
  *is_new = e == NULL;
  if (*is_new) {
    e = nd6_neighbor_create(netif, next_hop, worth_max);
  }
  if (e == NULL) {
    drop(NULL, DROP_ND6_CACHE_FULL);
  }
  return e;
}

err_t nd6_get_next_hop_addr_or_queue(struct netif *netif, struct pbuf *q, const ip6_addr_t *ip6addr,
                                     const u8_t **hwaddrp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("nd6_get_next_hop_addr_or_queue: missing argument",
              netif != NULL && q != NULL && ip6addr != NULL && hwaddrp != NULL);
  ip6_addr_t next_hop = *ip6addr;
  bool is_ours = is_nd_message(q);
  *hwaddrp = NULL;
  if (!is_ours && ip6addr != nd6_next_hops()->direct) {
    if (!nd6_next_hop(netif, ip6addr, &next_hop)) {
      ND6_STATS_INC(nd6.rterr);
      return ERR_RTE;
    }
    if (!ip6_addr_zoneless_eq(&next_hop, ip6addr)) {
      nd6_router_used(netif, &next_hop, ip6addr);
    }
  }
  bool is_new;
  struct nd6_neighbor *e =
      entry_for(netif, &next_hop, is_ours ? ND6_WORTH_IDLE : ND6_WORTH_LIVE, &is_new);
  if (e == NULL) {
    return ERR_MEM;
  }
  if (!is_ours) {
    nd6_neighbor_use(e);
  }
  if (nd6_is_resolved(e)) {
    ND6_STATS_INC(nd6.cachehit);
    *hwaddrp = e->lladdr;
    return ERR_OK;
  }
  err_t err = nd6_queue_add(e, q);
  if (is_new) {
    nd6_neighbor_resolve(e); /* last, as the answer may come within the call */
  }
  return err;
}

u16_t nd6_get_destination_mtu(const ip6_addr_t *ip6addr, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip_addr_t dst;
  ip_addr_copy_from_ip6(dst, *ip6addr);
  return pmtu_get(&dst, (netif != NULL) ? ip6_link_mtu(netif) : IP6_MIN_MTU_LENGTH);
}

void nd6_reachability_hint(const ip6_addr_t *ip6addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct nd6_next_hop_state *s = nd6_next_hops();
  if (!LWIP_ND6_TCP_REACHABILITY_HINTS) {
    return;
  }
  if (ip6_addr_eq(&s->hinted, ip6addr) && nd6_elapsed_ms(s->hinted_ms) < ND6_HINT_MS) {
    return;
  }
  s->hinted = *ip6addr;
  s->hinted_ms = stack_now();
  ip6_addr_t next_hop;
  struct netif *netif = ip6_route(IP6_ADDR_ANY6, ip6addr);
  if (netif == NULL || ip6_addr_ismulticast(ip6addr)) {
    return;
  }
  next_hop = ip6_next_hop(netif, ip6addr);
  struct nd6_neighbor *e =
      nd6_next_hop(netif, &next_hop, &next_hop) ? nd6_neighbor_find(netif, &next_hop) : NULL;
  if (e != NULL) {
    nd6_neighbor_confirm(e);
  }
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
