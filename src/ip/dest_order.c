/**
 * @file
 * Destination address selection: which address of a name to try first (RFC 6724 6, all ten rules),
 * both IP versions together.
 *
 * State: none, so that an order is never out of date (RFC 6724 8).
 */
#include "lwip/opt.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "gossamer/addr_select.h"
#include "ip/v6/ip6_select.h"
#include "link/netif_ip4.h"

/** Of either family, as the policy table knows it. */
static void as_ip6(ip6_addr_t *ip6, const ip_addr_t *addr)
{
  if (IP_IS_V6(addr)) {
    ip6_addr_copy(*ip6, *ip_2_ip6(addr));
  } else {
    ip6_addr_set_zero(ip6);
    ip6->addr[2] = PP_HTONL(0xffffUL);
    ip6->addr[3] = ip_addr_get_ip4_u32(addr);
  }
}

static void find_source4(struct addr_choice *c)
{
  const ip4_addr_t *dst = ip_2_ip4(&c->dst);
  if (!LWIP_IPV4) {
    return;
  }
  c->netif = ip_route(&ip_addr_any, &c->dst);
  if (c->netif == NULL || ip4_addr_isany_val(*netif_ip4_addr(c->netif))) {
    return;
  }
  const ip4_addr_t *src = netif_ip4_addr_toward(c->netif, dst);
  u32_t differs = lwip_ntohl(src->addr ^ dst->addr);
  c->is_reachable = true;
  ip_addr_copy_from_ip4(c->src, *src);
  while (c->common_prefix < 32 && (differs & (0x80000000UL >> c->common_prefix)) == 0) {
    c->common_prefix++;
  }
}

/** Find out all that the rules ask for. */
static void choice_examine(struct addr_choice *c)
{
  ip6_addr_t dst, src;
  const struct addr_choice unknown = {.dst = c->dst};
  *c = unknown;
  if (LWIP_IPV6 && IP_IS_V6(&c->dst)) {
    ip6_choice_find_source(c);
  } else if (LWIP_IPV4) {
    find_source4(c);
  }
  as_ip6(&dst, &c->dst);
  const struct ip6_policy *policy = ip6_policy_find(&dst);
  c->precedence = policy->precedence;
  c->dst_scope = ip6_addr_scope(&dst);
  if (c->is_reachable) {
    as_ip6(&src, &c->src);
    c->has_scope_of_src = ip6_addr_scope(&src) == c->dst_scope;
    c->has_label_of_src = ip6_policy_find(&src)->label == policy->label;
  }
}

/** RFC 6724 6 rule 4, on ranks: 2 both, 1 home, -1 care-of, 0 neither. */
static int compare_home(int a, int b)
{
  if (a == 2 || b == 2) {
    return (int)(a == 2) - (int)(b == 2);
  }
  return (a * b < 0) ? a : 0;
}

/** Positive: `a` is better; 0: it does not matter. */
static int choice_compare(const struct addr_choice *a, const struct addr_choice *b)
{
  const int by_rule[] = {
      (int)a->is_reachable - (int)b->is_reachable,                                        /* 1 */
      (int)a->has_scope_of_src - (int)b->has_scope_of_src,                                /* 2 */
      (int)b->src_is_deprecated - (int)a->src_is_deprecated,                              /* 3 */
      compare_home(a->src_home_rank, b->src_home_rank),                                   /* 4 */
      (int)a->has_label_of_src - (int)b->has_label_of_src,                                /* 5 */
      a->precedence - b->precedence,                                                      /* 6 */
      (int)b->is_tunnelled - (int)a->is_tunnelled,                                        /* 7 */
      b->dst_scope - a->dst_scope,                                                        /* 8 */
      (IP_IS_V6(&a->dst) == IP_IS_V6(&b->dst)) ? a->common_prefix - b->common_prefix : 0, /* 9 */
  };
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(by_rule); i++) {
    if (by_rule[i] != 0) {
      return by_rule[i];
    }
  }
  return 0; /* 10: the order stays */
}

void addr_choices_sort(struct addr_choice *choice, size_t count)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("addr_choices_sort: no choices", choice != NULL || count == 0, return );
  for (size_t i = 0; i < count; i++) {
    choice_examine(&choice[i]);
  }
  /* Insertion: stable, and lists are short. */
  for (size_t i = 1; i < count; i++) {
    struct addr_choice moved = choice[i];
    size_t at = i;
    while (at > 0 && choice_compare(&moved, &choice[at - 1]) > 0) {
      choice[at] = choice[at - 1];
      at--;
    }
    choice[at] = moved;
  }
}
