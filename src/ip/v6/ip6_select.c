/**
 * @file
 * Which of our addresses a packet is sent from (RFC 6724 4 and 5, all rules).
 *
 * State: none.
 *
 * Candidates are the addresses of the netif that the packet leaves by. A router whose netif has
 * none of sufficient scope (an unnumbered link) takes those of its other netifs (RFC 6724 4, for
 * routers), so that its errors and its own packets come back.
 */
#include "lwip/opt.h"
#include "lwip/ip6.h"
#include "lwip/netif.h"
#include "lwip/priv/ip6_addr_hooks.h"
#include "gossamer/ip6_config.h"
#include "ip/v6/ip6_select.h"
#include "ip/v6/nd6_module.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6

/** What is being chosen for. */
struct select {
  struct netif *netif;
  const ip6_addr_t *dest;
  u8_t dest_scope;
  u8_t preferences;
  u32_t
      router_id; /* rule 5.5: the next hop, looked for when two candidates come that far; 0: none */
  bool has_looked_for_router;
};

static const ip6_addr_t *address(const struct ip6_source *s)
{
  return netif_ip6_addr(s->netif, s->i);
}

static unsigned slot_flags(const struct ip6_source *s)
{
  return s->netif->ip6_slot[s->i].flags;
}

/** Is it deprecated, or treated like that because it is optimistic (RFC 4429 3.1)? */
static bool is_deprecated(const struct ip6_source *s)
{
  return !ip6_addr_ispreferred(netif_ip6_addr_state(s->netif, s->i));
}

/** Mobile IPv6: 2 home and care-of address at once, 1 home, -1 care-of address, 0 none of them. */
static int home_rank(const struct ip6_source *s)
{
  switch (slot_flags(s) & (IP6_SLOT_HOME | IP6_SLOT_CARE_OF)) {
  case IP6_SLOT_HOME | IP6_SLOT_CARE_OF:
    return 2;
  case IP6_SLOT_HOME:
    return 1;
  case IP6_SLOT_CARE_OF:
    return -1;
  default:
    return 0;
  }
}

/** Leading bits that source and `dest` share, within the source's prefix (RFC 6724 2.2). */
static int common_prefix(const struct ip6_source *s, const ip6_addr_t *dest)
{
  int common = ip6_addr_common_prefix(address(s), dest);
  return LWIP_MIN(common, netif_ip6_prefix_len(s->netif, s->i));
}

/** 1: only the first has it; -1: only the second; 0: the rule does not decide. */
static int prefer_true(bool a, bool b)
{
  return (int)a - (int)b;
}

/* Each rule: positive if `a` is better, negative if `b` is, 0 if it does not decide. */

static int rule_same_address(struct select *s, const struct ip6_source *a,
                             const struct ip6_source *b)
{
  return prefer_true(ip6_addr_zoneless_eq(address(a), s->dest),
                     ip6_addr_zoneless_eq(address(b), s->dest));
}

static int rule_appropriate_scope(struct select *s, const struct ip6_source *a,
                                  const struct ip6_source *b)
{
  int scope_a = ip6_addr_scope(address(a));
  int scope_b = ip6_addr_scope(address(b));
  if (scope_a == scope_b) {
    return 0;
  }
  int smaller = LWIP_MIN(scope_a, scope_b);
  bool prefers_larger = smaller < s->dest_scope;
  return ((scope_a > scope_b) == prefers_larger) ? 1 : -1;
}

static int rule_avoid_deprecated(struct select *s, const struct ip6_source *a,
                                 const struct ip6_source *b)
{
  LWIP_UNUSED_ARG(s);
  return prefer_true(!is_deprecated(a), !is_deprecated(b));
}

static int rule_home_address(struct select *s, const struct ip6_source *a,
                             const struct ip6_source *b)
{
  int rank_a = home_rank(a);
  int rank_b = home_rank(b);
  if (rank_a == 2 || rank_b == 2) {
    return prefer_true(rank_a == 2, rank_b == 2);
  }
  if (rank_a * rank_b >= 0) {
    return 0; /* decides between a home and a care-of address only */
  }
  return ((s->preferences & IP6_PREFER_CARE_OF) != 0) ? rank_b : rank_a;
}

static int rule_outgoing_netif(struct select *s, const struct ip6_source *a,
                               const struct ip6_source *b)
{
  return prefer_true(a->netif == s->netif, b->netif == s->netif);
}

static bool next_hop_advertised(struct select *s, const struct ip6_source *c)
{
  ip6_addr_t next_hop;
  if (!s->has_looked_for_router) {
    s->has_looked_for_router = true;
    s->router_id = nd6_next_hop(s->netif, s->dest, &next_hop) ? ip6_router_id(&next_hop) : 0;
  }
  for (int i = 0; i < IP6_SLOT_NUM_ROUTERS && s->router_id != 0; i++) {
    if (c->netif == s->netif && c->netif->ip6_slot[c->i].router[i] == s->router_id) {
      return true;
    }
  }
  return false;
}

static int rule_next_hop_prefix(struct select *s, const struct ip6_source *a,
                                const struct ip6_source *b)
{
  return prefer_true(next_hop_advertised(s, a), next_hop_advertised(s, b));
}

static int rule_matching_label(struct select *s, const struct ip6_source *a,
                               const struct ip6_source *b)
{
  u8_t label = ip6_policy_find(s->dest)->label;
  return prefer_true(ip6_policy_find(address(a))->label == label,
                     ip6_policy_find(address(b))->label == label);
}

static bool is_temporary(const struct ip6_source *s)
{
  return s->netif->ip6_slot[s->i].origin == IP6_ORIGIN_TEMPORARY;
}

static int rule_temporary(struct select *s, const struct ip6_source *a, const struct ip6_source *b)
{
  bool prefers_public = (s->netif->ip6_conf.flags & IP6_CONF_PREFER_PUBLIC) != 0;
  if ((s->preferences & (IP6_PREFER_PUBLIC | IP6_PREFER_TEMPORARY)) != 0) {
    prefers_public = (s->preferences & IP6_PREFER_PUBLIC) != 0;
  }
  int result = prefer_true(is_temporary(a), is_temporary(b));
  return prefers_public ? -result : result;
}

static int rule_longest_prefix(struct select *s, const struct ip6_source *a,
                               const struct ip6_source *b)
{
  return common_prefix(a, s->dest) - common_prefix(b, s->dest);
}

typedef int (*select_rule)(struct select *s, const struct ip6_source *a,
                           const struct ip6_source *b);

static const select_rule rules[] = {
    rule_same_address,      /* 1 */
    rule_appropriate_scope, /* 2 */
    rule_avoid_deprecated,  /* 3 */
    rule_home_address,      /* 4 */
    rule_outgoing_netif,    /* 5 */
    rule_next_hop_prefix,   /* 5.5 */
    rule_matching_label,    /* 6 */
    rule_temporary,         /* 7 */
    rule_longest_prefix     /* 8 */
};

static bool is_better(struct select *s, const struct ip6_source *a, const struct ip6_source *b)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(rules); i++) {
    int result = rules[i](s, a, b);
    if (result != 0) {
      return result > 0;
    }
  }
  return false; /* the lower slot stays */
}

static bool is_candidate(const struct select *s, const struct ip6_source *c)
{
  const ip6_addr_t *addr = address(c);
  if (!netif_ip6_is_usable(c->netif, c->i) || ip6_addr_ismulticast(addr) ||
      ip6_addr_isany_val(*addr)) {
    return false;
  }
  return c->netif == s->netif || ip6_addr_scope(addr) >= s->dest_scope;
}

static void consider(struct select *s, struct netif *netif, struct ip6_source *best)
{
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    struct ip6_source c = {netif, i};
    if (is_candidate(s, &c) && (best->netif == NULL || is_better(s, &c, best))) {
      *best = c;
    }
  }
}

/** May addresses of other netifs be used, since this one has none that reaches as far? */
static bool is_unnumbered(const struct select *s, const struct ip6_source *best)
{
  return LWIP_IPV6_FORWARD && !ip6_addr_ismulticast(s->dest) && s->dest_scope > IP6_SCOPE_LINK &&
         (best->netif == NULL || ip6_addr_scope(address(best)) < s->dest_scope);
}

bool ip6_source_find(struct netif *netif, const ip6_addr_t *dest, u8_t preferences,
                     struct ip6_source *out)
{
  struct select s = {
      .netif = netif, .dest = dest, .dest_scope = ip6_addr_scope(dest), .preferences = preferences};
  struct netif *other;
  out->netif = NULL;
  consider(&s, netif, out);
  if (!is_unnumbered(&s, out)) {
    return out->netif != NULL;
  }
  NETIF_FOREACH(other)
  {
    if (other != netif && netif_is_usable(other)) {
      consider(&s, other, out);
    }
  }
  return out->netif != NULL;
}

const ip_addr_t *ip6_select_source_preferring(struct netif *netif, const ip6_addr_t *dest,
                                              u8_t preferences)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct ip6_source source;
  LWIP_ERROR("ip6_select_source_address: missing argument", netif != NULL && dest != NULL,
             return NULL);
  const ip_addr_t *hooked = hook_ip6_select_src(netif, dest);
  if (hooked != NULL) {
    return hooked;
  }
  return ip6_source_find(netif, dest, preferences, &source) ? netif_ip_addr6(source.netif, source.i)
                                                            : NULL;
}

const ip_addr_t *ip6_select_source_address(struct netif *netif, const ip6_addr_t *dest)
{
  return ip6_select_source_preferring(netif, dest, 0);
}

void ip6_choice_find_source(struct addr_choice *c)
{
  const ip6_addr_t *dst = ip_2_ip6(&c->dst);
  struct ip6_source source;
  c->netif = ip6_route(ip_2_ip6(&ip6_addr_any), dst);
  if (c->netif == NULL || !ip6_source_find(c->netif, dst, 0, &source)) {
    return;
  }
  c->is_reachable = true;
  ip_addr_copy(c->src, *netif_ip_addr6(source.netif, source.i));
  c->src_is_deprecated = is_deprecated(&source);
  c->src_home_rank = (s8_t)home_rank(&source);
  c->common_prefix = (u8_t)common_prefix(&source, dst);
  c->is_tunnelled = (c->netif->ip6_conf.flags & IP6_CONF_TUNNEL) != 0;
}

#endif /* LWIP_IPV6 */
