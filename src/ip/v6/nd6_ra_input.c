/**
 * @file
 * Router advertisements and solicitations come in (RFC 4861 6.1, 6.2.6, 6.3.4).
 *
 * Everything that an advertisement says is taken over before listeners hear of it, since they may
 * do anything, even remove the netif; so may callbacks that a new address calls.
 */
#include <string.h>
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/v6/ip6_addrs.h"
#include "ip/v6/nd6_router_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6

/** One advertisement being processed. */
struct nd6_ra_pass {
  struct netif *netif;
  ip6_addr_t router;
  struct nd6_ra ra;
  struct nd6_route_info default_route; /* the default route that it offers */
  bool is_routers_changed;
  bool is_dns_changed;
};

/**
 * Lifetime and preference of the router as a default router: the header's, unless an option for
 * ::/0 says otherwise (RFC 4191 3.1).
 */
static void nd6_ra_default_route(struct nd6_ra_pass *pass)
{
  struct nd6_options options = pass->ra.options;
  struct nd6_option opt;
  struct nd6_route_info info;
  memset(&pass->default_route, 0, sizeof pass->default_route);
  pass->default_route.lifetime_s = pass->ra.lifetime_s;
  pass->default_route.preference = nd6_preference_get(pass->ra.flags);
  if (pass->default_route.preference < -1) {
    pass->default_route.preference = 0; /* reserved counts as medium (RFC 4191 2.2) */
  }
  while (LWIP_ND6_SUPPORT_RIO && nd6_option_next(&options, &opt)) {
    if (opt.type == ND6_OPTION_TYPE_ROUTE_INFO && nd6_parse_route(&info, opt.bytes, opt.len) &&
        info.prefix_len == 0) {
      pass->default_route = info;
    }
  }
}

static bool nd6_ra_prefix(struct nd6_ra_pass *pass, const struct nd6_option *opt)
{
  struct nd6_prefix_info info;
  if (!nd6_parse_prefix(&info, opt->bytes, opt->len)) {
    return false;
  }
  if (ip6_addr_islinklocal(&info.prefix)) {
    return true; /* ignored (RFC 4861 6.3.4, RFC 4862 5.5.3 b) */
  }
  if (info.is_on_link) {
    nd6_prefix_heard(pass->netif, &info);
  }
  if (info.is_autonomous && netif_is_autoconfigured(pass->netif)) {
    slaac_prefix_heard(pass->netif, &info);
  }
  return true;
}

static bool nd6_ra_route(struct nd6_ra_pass *pass, const struct nd6_option *opt)
{
  struct nd6_route_info info;
  if (!nd6_parse_route(&info, opt->bytes, opt->len)) {
    return false;
  }
  if (LWIP_ND6_SUPPORT_RIO && info.prefix_len != 0) {
    nd6_route_heard(pass->netif, &pass->router, &info);
  }
  return true;
}

static bool nd6_ra_mtu(struct nd6_ra_pass *pass, const struct nd6_option *opt)
{
  u32_t mtu;
  if (!nd6_parse_mtu(&mtu, opt->bytes, opt->len)) {
    return false;
  }
  nd6_mtu_heard(pass->netif, mtu);
  return true;
}

static bool nd6_ra_dns(struct nd6_ra_pass *pass, const struct nd6_option *opt)
{
  struct nd6_rdnss rdnss;
  struct nd6_dnssl dnssl;
  if (opt->type == ND6_OPTION_TYPE_RDNSS) {
    if (!nd6_parse_rdnss(&rdnss, opt->bytes, opt->len)) {
      return false;
    }
    pass->is_dns_changed |= nd6_rdnss_heard(pass->netif, &rdnss);
    return true;
  }
  if (!nd6_parse_dnssl(&dnssl, opt->bytes, opt->len)) {
    return false;
  }
  pass->is_dns_changed |= nd6_dnssl_heard(pass->netif, &dnssl);
  return true;
}

/** @return false: the option has not its form, and was ignored */
static bool nd6_ra_option(struct nd6_ra_pass *pass, const struct nd6_option *opt)
{
  switch (opt->type) {
  case ND6_OPTION_TYPE_PREFIX_INFO:
    return nd6_ra_prefix(pass, opt);
  case ND6_OPTION_TYPE_MTU:
    return nd6_ra_mtu(pass, opt);
  case ND6_OPTION_TYPE_ROUTE_INFO:
    return nd6_ra_route(pass, opt);
  case ND6_OPTION_TYPE_RDNSS:
  case ND6_OPTION_TYPE_DNSSL:
    return nd6_ra_dns(pass, opt);
  default:
    return true; /* the link-layer address, or unknown: ignored (RFC 4861 6.1.2) */
  }
}

static void nd6_ra_tell(const struct nd6_ra_pass *pass)
{
  struct nd_ra_info info = {
      .is_managed = (pass->ra.flags & ND6_RA_FLAG_MANAGED_ADDR_CONFIG) != 0,
      .is_other = (pass->ra.flags & ND6_RA_FLAG_OTHER_CONFIG) != 0,
      .preference = pass->default_route.preference,
      .lifetime_s = pass->default_route.lifetime_s,
  };
  struct nd_event e = {
      .kind = ND_EVENT_RA, .netif = pass->netif, .addr = &pass->router, .ra = &info};
  if (pass->is_routers_changed) {
    nd6_routers_changed(pass->netif, &pass->router);
  }
  if (pass->is_dns_changed && nd6_netif_exists(pass->netif)) {
    nd6_dns_changed(pass->netif);
  }
  if (nd6_netif_exists(pass->netif)) {
    nd6_event_raise(&e);
  }
}

static void nd6_ra_process(struct nd6_ra_pass *pass)
{
  struct nd6_options options = pass->ra.options;
  struct nd6_option opt;
  nd6_params_heard(pass->netif, &pass->ra);
  nd6_ra_default_route(pass);
  nd6_neighbor_learn(pass->netif, &pass->router, &pass->ra.source_ll, ND6_ROLE_ROUTER);
  pass->is_routers_changed = nd6_route_heard(pass->netif, &pass->router, &pass->default_route);
  if (pass->default_route.lifetime_s != 0) {
    nd6_rs_router_heard(pass->netif);
  }
  while (nd6_option_next(&options, &opt)) {
    if (!nd6_ra_option(pass, &opt)) {
      ND6_STATS_INC(nd6.opterr);
    }
    if (!nd6_netif_exists(pass->netif)) {
      return;
    }
  }
  nd6_ra_tell(pass);
}

static enum drop_reason nd6_ra_check(const struct nd6_ra_pass *pass)
{
  if (!ip6_addr_islinklocal(&pass->router) || netif_ip6_claims(pass->netif, &pass->router)) {
    return DROP_ND6_BAD_SRC; /* routers are known by link-local addresses (RFC 4861 6.1.2) */
  }
  return nd6_lladdr_is_bad(&pass->ra.source_ll) ? DROP_ND6_BAD_LLADDR : DROP_NONE;
}

void nd6_ra_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct nd6_ra_pass pass = {.netif = rx->input_netif, .router = *ip_2_ip6(&rx->src)};
  enum drop_reason bad =
      nd6_parse_ra(&pass.ra, (const u8_t *)p->payload, p->len, pass.netif->hwaddr_len);
  if (bad == DROP_NONE) {
    bad = nd6_ra_check(&pass);
  }
  if (bad != DROP_NONE) {
    drop(p, bad);
    return;
  }
  if (ND6_ADVERT(pass.netif) != NULL) {
    ra_compare(ND6_ADVERT(pass.netif), &pass.ra);
  } else {
    nd6_ra_process(&pass);
  }
  pbuf_free(p);
}

static enum drop_reason nd6_rs_check(const struct nd6_rs *rs, const struct ip_rx *rx)
{
  const ip6_addr_t *from = ip_2_ip6(&rx->src);
  if (nd6_lladdr_is_bad(&rs->source_ll) || (ip6_addr_isany(from) && rs->source_ll.len != 0)) {
    return DROP_ND6_BAD_LLADDR; /* RFC 4861 6.1.1 */
  }
  if (netif_ip6_claims(rx->input_netif, from)) {
    return DROP_ND6_BAD_SRC;
  }
  return ND6_ADVERT(rx->input_netif) == NULL ? DROP_ND6_NOT_ROUTER : DROP_NONE;
}

void nd6_rs_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct nd6_rs rs;
  struct netif *netif = rx->input_netif;
  const ip6_addr_t *from = ip_2_ip6(&rx->src);
  enum drop_reason bad = nd6_parse_rs(&rs, (const u8_t *)p->payload, p->len, netif->hwaddr_len);
  if (bad == DROP_NONE) {
    bad = nd6_rs_check(&rs, rx);
  }
  if (bad != DROP_NONE) {
    drop(p, bad);
    return;
  }
  if (!ip6_addr_isany(from)) {
    nd6_neighbor_learn(netif, from, &rs.source_ll, ND6_ROLE_HOST);
  }
  if (ND6_ADVERT(netif) != NULL) { /* it is: nd6_rs_check() */
    ra_solicited(ND6_ADVERT(netif), from);
  }
  pbuf_free(p);
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
