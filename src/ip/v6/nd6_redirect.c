/**
 * @file
 * Redirects, received and sent (RFC 4861 8).
 *
 * No state: what is believed becomes an entry of nd6_next_hop.c. Only the router that we would send
 * by at this moment is believed, and not at all where we are a router ourselves (RFC 4861 8.3).
 * Static routes are not overridden.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/ip6.h"
#include "lwip/stats.h"
#include "ip/icmp_limit.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/nd6_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6

/** An address that a packet of ours may be sent to, and that is not our own. */
static bool is_others(const struct netif *netif, const ip6_addr_t *addr)
{
  return !ip6_addr_isany(addr) && !ip6_addr_isloopback(addr) && !netif_ip6_claims(netif, addr);
}

/** Would we send to `dst` by this router? */
static bool is_first_hop(struct netif *netif, const ip6_addr_t *router, const ip6_addr_t *dst)
{
  ip6_addr_t next_hop = ip6_next_hop(netif, dst);
  return ip6_addr_zoneless_eq(&next_hop, dst) && nd6_next_hop(netif, dst, &next_hop) &&
         ip6_addr_zoneless_eq(&next_hop, router);
}

enum drop_reason nd6_redirect_heard(const struct nd6_redirect *rd, const struct ip_rx *rx)
{
  struct netif *netif = rx->input_netif;
  const ip6_addr_t *src = ip_2_ip6(&rx->src);
  ip6_addr_t target = rd->target;
  ip6_addr_t dst = rd->dst;
  ip6_addr_assign_zone(&target, IP6_UNICAST, netif);
  ip6_addr_assign_zone(&dst, IP6_UNICAST, netif);
  bool is_on_link = ip6_addr_zoneless_eq(&target, &dst);
  if (!ip6_addr_islinklocal(src)) {
    return DROP_ND6_BAD_SRC;
  }
  if (nd6_netif_is_router(netif)) {
    return DROP_ND6_REDIRECT_REFUSED;
  }
  if ((!is_on_link && !ip6_addr_islinklocal(&target)) || !is_others(netif, &target) ||
      !is_others(netif, &dst)) {
    return DROP_ND6_REDIRECT_BAD_TARGET;
  }
  if (!is_first_hop(netif, src, &dst)) {
    return DROP_ND6_REDIRECT_NOT_ROUTER;
  }
  nd6_destination_set(netif, &dst, &target);
  nd6_neighbor_learn(netif, &target, &rd->target_ll,
                     is_on_link ? ND6_ROLE_UNSAID : ND6_ROLE_ROUTER);
  return DROP_NONE;
}

/** May the sender of this packet be told of `next_hop` (RFC 4861 8.2)? */
static bool may_redirect(const struct ip_rx *rx, const ip6_addr_t *next_hop)
{
  const struct netif *netif = rx->input_netif;
  const ip6_addr_t *src = ip_2_ip6(&rx->src);
  const ip6_addr_t *dst = ip_2_ip6(&rx->dst);
  bool is_router_better = ip6_addr_islinklocal(next_hop) || ip6_addr_zoneless_eq(next_hop, dst);
  return is_router_better && !ip6_addr_ismulticast(dst) &&
         !(rx->flags & (IP_RX_MULTICAST | IP_RX_LINK_GROUP)) && is_others(netif, src) &&
         !ip6_addr_zoneless_eq(src, next_hop) && nd6_prefix_len_on_link(netif, src) >= 0 &&
         icmp_limit_allows_error(&rx->src);
}

/** How much of the packet is quoted: whole units, within the MTU that all links have. */
static u16_t quote_len(const struct pbuf *p, u16_t lladdr_option_len)
{
  u16_t room = (u16_t)(IP6_MIN_MTU_LENGTH - IP6_HLEN - ND6_REDIRECT_LEN - lladdr_option_len -
                       ND6_REDIRECTED_HEADER_LEN);
  return (u16_t)(LWIP_MIN(p->tot_len, room) / ND6_OPTION_UNIT * ND6_OPTION_UNIT);
}

void nd6_send_redirect(const struct pbuf *p, const struct ip_rx *rx, const ip6_addr_t *next_hop)
{
  struct netif *netif = rx->input_netif;
  const ip6_addr_t *src = netif_ip6_linklocal(netif);
  if (src == NULL || !may_redirect(rx, next_hop)) {
    return;
  }
  const struct nd6_neighbor *e = nd6_neighbor_find(netif, next_hop);
  u8_t lladdr_len = (e != NULL && nd6_is_resolved(e)) ? netif->hwaddr_len : 0;
  u16_t quoted = quote_len(p, nd6_lladdr_option_len(lladdr_len));
  u16_t len = (u16_t)(ND6_REDIRECT_LEN + nd6_lladdr_option_len(lladdr_len) +
                      ND6_REDIRECTED_HEADER_LEN + quoted);
  struct pbuf *q = pbuf_alloc(PBUF_IP, len, PBUF_RAM);
  if (q == NULL) {
    drop(NULL, DROP_ND6_NO_MEMORY);
    return;
  }
  u8_t *b = (u8_t *)q->payload;
  b += nd6_build_redirect(b, next_hop, ip_2_ip6(&rx->dst));
  if (lladdr_len != 0) {
    b += nd6_build_lladdr(b, ND6_OPTION_TYPE_TARGET_LLADDR, e->lladdr, lladdr_len);
  }
  b += nd6_build_redirected_header(b, quoted);
  pbuf_copy_partial(p, b, quoted, 0);
  ND6_STATS_INC(nd6.xmit);
  icmp6_output(netif, q, src, ip_2_ip6(&rx->src), ND6_HOP_LIMIT, false);
  pbuf_free(q);
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
