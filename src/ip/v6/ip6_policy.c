/**
 * @file
 * The policy table of address selection (RFC 6724 2.1), and scopes (3.1, 3.2).
 *
 * State: which table is in use.
 */
#include "lwip/opt.h"
#include "lwip/def.h"
#include "gossamer/state.h"
#include "ip/v6/ip6_select.h"

#define PREFIX(a, b, c, d)                                                                         \
  {                                                                                                \
    PP_HTONL(a), PP_HTONL(b), PP_HTONL(c), PP_HTONL(d)                                             \
  }

static const struct ip6_policy default_table[] = {
    {PREFIX(0, 0, 0, 1), 128, 50, 0},           /* ::1 */
    {PREFIX(0, 0, 0xffffUL, 0), 96, 35, 4},     /* IPv4 */
    {PREFIX(0x20020000UL, 0, 0, 0), 16, 30, 2}, /* 6to4 */
    {PREFIX(0x20010000UL, 0, 0, 0), 32, 5, 5},  /* Teredo */
    {PREFIX(0xfc000000UL, 0, 0, 0), 7, 3, 13},  /* unique local */
    {PREFIX(0, 0, 0, 0), 96, 1, 3},             /* IPv4-compatible */
    {PREFIX(0xfec00000UL, 0, 0, 0), 10, 1, 11}, /* site-local */
    {PREFIX(0x3ffe0000UL, 0, 0, 0), 16, 1, 12}, /* 6bone */
    {PREFIX(0, 0, 0, 0), 0, 40, 1},             /* everything else */
};

/** For what a table of the program says nothing about. */
static const struct ip6_policy no_policy = {PREFIX(0, 0, 0, 0), 0, 0, 0};

struct policy_state {
  const struct ip6_policy *table; /* NULL: the default */
  u8_t count;
};

STACK_STATE(struct policy_state, policy);

void ip6_policy_set(const struct ip6_policy *table, u8_t count)
{
  LWIP_ASSERT_CORE_LOCKED();
  policy()->table = table;
  policy()->count = count;
}

static bool matches(const struct ip6_policy *p, const ip6_addr_t *addr)
{
  unsigned left = p->prefix_len;
  for (unsigned i = 0; i < 4 && left > 0; i++) {
    unsigned bits = LWIP_MIN(left, 32U);
    u32_t mask = 0xffffffffUL << (32U - bits);
    if ((lwip_ntohl(p->prefix[i] ^ addr->addr[i]) & mask) != 0) {
      return false;
    }
    left -= bits;
  }
  return true;
}

const struct ip6_policy *ip6_policy_find(const ip6_addr_t *addr)
{
  const struct ip6_policy *table = policy()->table;
  unsigned count = policy()->count;
  const struct ip6_policy *best = &no_policy;
  if (table == NULL) {
    table = default_table;
    count = LWIP_ARRAYSIZE(default_table);
  }
  for (unsigned i = 0; i < count; i++) {
    if (matches(&table[i], addr) &&
        (best == &no_policy || table[i].prefix_len > best->prefix_len)) {
      best = &table[i];
    }
  }
  return best;
}

u8_t ip6_addr_scope(const ip6_addr_t *addr)
{
  if (ip6_addr_ismulticast(addr)) {
    return (u8_t)ip6_addr_multicast_scope(addr);
  }
  if (ip6_addr_isipv4mappedipv6(addr)) {
    u32_t v4 = lwip_ntohl(addr->addr[3]);
    return ((v4 >> 16) == 0xa9feU || (v4 >> 24) == 127U) ? IP6_SCOPE_LINK : IP6_SCOPE_GLOBAL;
  }
  if (ip6_addr_islinklocal(addr) || ip6_addr_isloopback(addr)) {
    return IP6_SCOPE_LINK;
  }
  return ip6_addr_issitelocal(addr) ? IP6_SCOPE_SITE : IP6_SCOPE_GLOBAL;
}
