/**
 * @file
 * Which addresses are on a link (RFC 4861 5.1 prefix list, RFC 5942): link-local ones, those in
 * prefixes that routers advertise with the L flag or that we advertise ourselves, and what
 * addresses and routes set by hand declare. Nothing else is, our own autoconfigured addresses
 * included.
 *
 * State: LWIP_ND6_NUM_PREFIXES prefixes; one timer for the next end of a lifetime.
 *
 * When the list is full, a prefix that no address of ours is in goes for a new one, the one that
 * was silent for the longest. So a flood of prefixes cannot take away the network we live in, and
 * what it leaves behind does not keep out a router for long.
 */
#include <string.h>
#include "gossamer/state.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/nd6_router_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6

/** fe80::/10 (RFC 4291 2.5.6). */
#define ND6_LINKLOCAL_PREFIX_LEN 10

struct nd6_prefix {
  struct netif *netif; /* NULL: free */
  ip6_addr_t prefix;
  u8_t prefix_len;
  struct lifetime life;
  u32_t heard_ms;
};

struct nd6_prefix_state {
  struct nd6_prefix prefix[LWIP_ND6_NUM_PREFIXES];
  struct timer expiry;
};

STACK_STATE(struct nd6_prefix_state, nd6_prefixes);

static struct nd6_prefix *nd6_prefix_at(unsigned i)
{
  return &nd6_prefixes()->prefix[i];
}

/** Free what is over and set the timer for the rest. */
static void nd6_prefixes_expire(struct timer *t)
{
  u32_t wait_ms = TIMER_NEVER;
  for (unsigned i = 0; i < LWIP_ND6_NUM_PREFIXES; i++) {
    struct nd6_prefix *x = nd6_prefix_at(i);
    if (x->netif == NULL) {
      continue;
    }
    if (lifetime_is_over(&x->life)) {
      x->netif = NULL;
    } else {
      wait_ms = LWIP_MIN(wait_ms, lifetime_wait_ms(&x->life));
    }
  }
  lifetime_timer_set(t, nd6_prefixes_expire, wait_ms);
}

static bool nd6_prefix_holds(const struct nd6_prefix *x, const ip6_addr_t *addr)
{
  return ip6_addr_common_prefix(&x->prefix, addr) >= x->prefix_len;
}

/** Is an address of ours in it? */
static bool nd6_prefix_is_ours(const struct nd6_prefix *x)
{
  for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!ip6_addr_isinvalid(netif_ip6_addr_state(x->netif, i)) &&
        nd6_prefix_holds(x, netif_ip6_addr(x->netif, i))) {
      return true;
    }
  }
  return false;
}

static struct nd6_prefix *nd6_prefix_find(const struct netif *netif,
                                          const struct nd6_prefix_info *info)
{
  for (unsigned i = 0; i < LWIP_ND6_NUM_PREFIXES; i++) {
    struct nd6_prefix *x = nd6_prefix_at(i);
    if (x->netif == netif && x->prefix_len == info->prefix_len &&
        ip6_addr_zoneless_eq(&x->prefix, &info->prefix)) {
      return x;
    }
  }
  return NULL;
}

/** An entry for a new prefix; NULL: we have addresses in all of them. */
static struct nd6_prefix *nd6_prefix_new(void)
{
  struct nd6_prefix *victim = NULL;
  for (unsigned i = 0; i < LWIP_ND6_NUM_PREFIXES; i++) {
    struct nd6_prefix *x = nd6_prefix_at(i);
    if (x->netif == NULL) {
      return x;
    }
    if (!nd6_prefix_is_ours(x) &&
        (victim == NULL || stack_now() - x->heard_ms > stack_now() - victim->heard_ms)) {
      victim = x;
    }
  }
  return victim;
}

/**
 * Deviation: "everything is on the link" (a prefix of length 0) is ignored, which RFC 4861 6.3.4
 * does not ask for; one forged packet would cut off all that is behind routers. Groups are never
 * neighbours, so their prefixes mean nothing.
 */
static bool nd6_prefix_is_sane(const struct nd6_prefix_info *info)
{
  return info->prefix_len != 0 && !ip6_addr_islinklocal(&info->prefix) &&
         !ip6_addr_ismulticast(&info->prefix);
}

void nd6_prefix_heard(struct netif *netif, const struct nd6_prefix_info *info)
{
  if (!nd6_prefix_is_sane(info)) {
    return;
  }
  struct nd6_prefix *x = nd6_prefix_find(netif, info);
  if (x == NULL && info->valid_s != 0) {
    x = nd6_prefix_new();
  }
  if (x == NULL) {
    return;
  }
  x->netif = netif;
  x->prefix = info->prefix;
  x->prefix_len = info->prefix_len;
  x->heard_ms = stack_now();
  lifetime_start(&x->life, info->valid_s); /* 0: it is over at once (RFC 4861 6.3.4) */
  nd6_prefixes_expire(&nd6_prefixes()->expiry);
}

int nd6_prefix_len_on_link(const struct netif *netif, const ip6_addr_t *dst)
{
  if (ip6_addr_islinklocal(dst)) {
    return ND6_LINKLOCAL_PREFIX_LEN;
  }
  int best = netif_ip6_on_link_len(netif, dst);
  int by_route = ip6_static_on_link_len(netif, dst);
  best = LWIP_MAX(best, by_route);
  if (ND6_ADVERT(netif) != NULL) {
    int ours = ra_prefix_len_on_link(ND6_ADVERT(netif), dst);
    best = LWIP_MAX(best, ours);
  }
  for (unsigned i = 0; i < LWIP_ND6_NUM_PREFIXES; i++) {
    const struct nd6_prefix *x = nd6_prefix_at(i);
    if (x->netif == netif && x->prefix_len > best && nd6_prefix_holds(x, dst)) {
      best = x->prefix_len;
    }
  }
  return best;
}

void nd6_prefixes_remove(struct netif *netif)
{
  for (unsigned i = 0; i < LWIP_ND6_NUM_PREFIXES; i++) {
    struct nd6_prefix *x = nd6_prefix_at(i);
    if (x->netif == netif) {
      x->netif = NULL;
    }
  }
  nd6_prefixes_expire(&nd6_prefixes()->expiry);
}

void nd6_prefixes_fini(void)
{
  timer_cancel(&nd6_prefixes()->expiry);
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
