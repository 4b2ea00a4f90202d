/**
 * @file
 * We are the router: what router advertisements say (RFC 4861 6.2.3, RFC 4191, RFC 8106), and what
 * we find in those of other routers (6.2.7).
 */
#include <string.h>
#include "lwip/pbuf.h"
#include "ip/v6/nd6_router_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6 && LWIP_ROUTER_ADVERT

/** Constant, or running down (RFC 4861 6.2.1 AdvValidLifetime). */
static u32_t ra_lifetime_s(const struct router_advert_prefix *x, struct lifetime *life, u32_t fixed)
{
  if (!x->is_decrementing) {
    return fixed;
  }
  lifetime_wait_ms(life); /* brings it up to date: we come here more often than the clock wraps */
  return lifetime_left_s(life);
}

static u32_t ra_dns_lifetime_s(const struct router_advert *ra)
{
  return ra->dns_lifetime_s != 0 ? ra->dns_lifetime_s : 3UL * ra->max_interval_s;
}

/** Where the next `len` bytes go; NULL while lengths are counted only. */
static u8_t *ra_at(u8_t *b, size_t at)
{
  return b != NULL ? b + at : NULL;
}

static size_t ra_build_fixed(const struct router_advert *ra, bool is_final, u8_t *b)
{
  struct nd6_ra_fields fields = {
      .hop_limit = ra->hop_limit,
      .is_managed = ra->is_managed,
      .is_other = ra->is_other,
      .lifetime_s = is_final ? 0 : ra->lifetime_s,
      .reachable_ms = ra->reachable_ms,
      .retrans_ms = ra->retrans_ms,
  };
  /* RFC 4191 2.2: medium where there is no lifetime. */
  fields.preference = (fields.lifetime_s != 0) ? ra->preference : 0;
  return nd6_build_ra(b, &fields);
}

static size_t ra_build_prefixes(struct router_advert *ra, u8_t *b)
{
  size_t at = 0;
  for (unsigned i = 0; i < ra->num_prefixes; i++) {
    struct router_advert_prefix *x = &ra->prefixes[i];
    struct nd6_prefix_info info = {
        .prefix = x->prefix,
        .prefix_len = x->prefix_len,
        .is_on_link = x->is_on_link,
        .is_autonomous = x->is_autonomous,
        .valid_s = ra_lifetime_s(x, &x->valid, x->valid_s),
        .preferred_s = ra_lifetime_s(x, &x->preferred, x->preferred_s),
    };
    at += nd6_build_prefix(ra_at(b, at), &info);
  }
  return at;
}

static size_t ra_build_routes(const struct router_advert *ra, bool is_final, u8_t *b)
{
  size_t at = 0;
  for (unsigned i = 0; i < ra->num_routes; i++) {
    struct nd6_route_info info = {
        .prefix = ra->routes[i].prefix,
        .prefix_len = ra->routes[i].prefix_len,
        .preference = ra->routes[i].preference,
        .lifetime_s = is_final ? 0 : ra->routes[i].lifetime_s,
    };
    at += nd6_build_route(ra_at(b, at), &info);
  }
  return at;
}

/** All of the message at `b`, or merely its length; a domain that is none leaves no DNSSL. */
static size_t ra_build_bytes(struct router_advert *ra, bool is_final, u8_t *b)
{
  u32_t dns_s = is_final ? 0 : ra_dns_lifetime_s(ra);
  size_t at = ra_build_fixed(ra, is_final, b);
  if (ra->mtu != 0) {
    at += nd6_build_mtu(ra_at(b, at), ra->mtu);
  }
  at += ra_build_prefixes(ra, ra_at(b, at));
  at += ra_build_routes(ra, is_final, ra_at(b, at));
  if (ra->num_dns_servers != 0) {
    at += nd6_build_rdnss(ra_at(b, at), dns_s, ra->dns_servers, ra->num_dns_servers);
  }
  if (ra->num_dns_domains != 0) {
    at += nd6_build_dnssl(ra_at(b, at), dns_s, ra->dns_domains, ra->num_dns_domains);
  }
  return at;
}

size_t ra_build_len(struct router_advert *ra)
{
  if (ra->num_dns_domains != 0 &&
      nd6_build_dnssl(NULL, 0, ra->dns_domains, ra->num_dns_domains) == 0) {
    return 0;
  }
  return ra_build_bytes(ra, false, NULL);
}

struct pbuf *ra_build(struct router_advert *ra, bool is_final)
{
  const struct netif *netif = ra->netif;
  size_t len = ra_build_bytes(ra, is_final, NULL);
  u16_t ll_len = nd6_lladdr_option_len(netif->hwaddr_len);
  struct pbuf *p = pbuf_alloc(PBUF_IP, (u16_t)(len + ll_len), PBUF_RAM);
  if (p != NULL) {
    u8_t *b = (u8_t *)p->payload;
    ra_build_bytes(ra, is_final, b);
    nd6_build_lladdr(b + len, ND6_OPTION_TYPE_SOURCE_LLADDR, netif->hwaddr, netif->hwaddr_len);
  }
  return p;
}

int ra_prefix_len_on_link(const struct router_advert *ra, const ip6_addr_t *dst)
{
  int best = -1;
  for (unsigned i = 0; i < ra->num_prefixes; i++) {
    const struct router_advert_prefix *x = &ra->prefixes[i];
    if (x->is_on_link && x->prefix_len > best && x->valid_s != 0 &&
        ip6_addr_common_prefix(&x->prefix, dst) >= x->prefix_len) {
      best = x->prefix_len;
    }
  }
  return best;
}

/* --- other routers (RFC 4861 6.2.7) --- */

/** Two routers may differ where one of them does not say. */
static bool ra_differs(u32_t ours, u32_t theirs)
{
  return ours != 0 && theirs != 0 && ours != theirs;
}

static void ra_compare_prefix(struct router_advert *ra, const struct nd6_prefix_info *theirs)
{
  for (unsigned i = 0; i < ra->num_prefixes; i++) {
    const struct router_advert_prefix *ours = &ra->prefixes[i];
    /* Lifetimes that run down differ by nature. */
    if (ours->prefix_len == theirs->prefix_len && !ours->is_decrementing &&
        ip6_addr_common_prefix(&ours->prefix, &theirs->prefix) >= ours->prefix_len &&
        (ours->valid_s != theirs->valid_s || ours->preferred_s != theirs->preferred_s)) {
      ra->conflicts.prefix_lifetime++;
    }
  }
}

static void ra_compare_option(struct router_advert *ra, const struct nd6_option *opt)
{
  struct nd6_prefix_info info;
  u32_t mtu;
  if (opt->type == ND6_OPTION_TYPE_PREFIX_INFO && nd6_parse_prefix(&info, opt->bytes, opt->len)) {
    ra_compare_prefix(ra, &info);
  }
  if (opt->type == ND6_OPTION_TYPE_MTU && nd6_parse_mtu(&mtu, opt->bytes, opt->len) &&
      ra_differs(ra->mtu, mtu)) {
    ra->conflicts.mtu++;
  }
}

void ra_compare(struct router_advert *ra, const struct nd6_ra *other)
{
  struct nd6_options options = other->options;
  struct nd6_option opt;
  bool is_managed = (other->flags & ND6_RA_FLAG_MANAGED_ADDR_CONFIG) != 0;
  bool is_other = (other->flags & ND6_RA_FLAG_OTHER_CONFIG) != 0;
  if (ra_differs(ra->hop_limit, other->hop_limit)) {
    ra->conflicts.hop_limit++;
  }
  if (ra->is_managed != is_managed || ra->is_other != is_other) {
    ra->conflicts.flags++;
  }
  if (ra_differs(ra->reachable_ms, other->reachable_ms)) {
    ra->conflicts.reachable++;
  }
  if (ra_differs(ra->retrans_ms, other->retrans_ms)) {
    ra->conflicts.retrans++;
  }
  while (nd6_option_next(&options, &opt)) {
    ra_compare_option(ra, &opt);
  }
}

#endif /* LWIP_IPV6 && LWIP_ND6 && LWIP_ROUTER_ADVERT */
