/**
 * @file
 * MLD messages that come in: queries, and other hosts' reports (RFC 3810 6.2, 8.2; RFC 2710 5).
 *
 * Accepted: hop limit 1, so from this link, and from a link-local source. Queries must have the
 * router alert option (RFC 3810 6.2) and may be sent to any address of ours (RFC 3810 5.1.15);
 * reports count only for the group that they were sent to.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/prot/icmp6.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/v6/mld6_module.h"
#include "ip/v6/mld6_priv.h"
#include "wire/mld6.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD

static enum drop_reason mld6_query_rx(struct mcast_link *link, const struct pbuf *p,
                                      const struct ip_rx *rx)
{
  u8_t bytes[MLD6_V2_QUERY_LEN] = {0};
  struct mcast_query q;
  if (!(rx->flags & IP_RX_ROUTER_ALERT)) {
    return DROP_MLD6_NO_ROUTER_ALERT;
  }
  pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  enum drop_reason bad = mld6_query_parse(&q, bytes, p->tot_len);
  if (bad) {
    return bad;
  }
  if (q.is_general) {
    MLD6_STATS_INC(mld6.rx_general);
  } else {
    MLD6_STATS_INC(mld6.rx_group);
  }
  if (!q.is_newest) {
    MLD6_STATS_INC(mld6.rx_v1);
    mcast_old_querier_heard(link, MCAST_OLDER);
  }
  bool is_ours = mcast_query_heard(link, &q, p, MLD6_V2_QUERY_LEN);
  return is_ours ? DROP_NONE : DROP_MLD6_NOT_MEMBER;
}

/** Somebody else reported a group: in version 1, once is enough (RFC 2710 4). */
static enum drop_reason mld6_report_rx(struct mcast_link *link, const struct pbuf *p,
                                       const struct ip_rx *rx)
{
  u8_t bytes[MLD6_HEADER_LEN];
  MLD6_STATS_INC(mld6.rx_report);
  pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  if (memcmp(mld6_group(bytes), ip_2_ip6(&rx->dst)->addr, MLD6_ADDR_LEN) != 0) {
    return DROP_MLD6_BAD_DST;
  }
  struct mcast_group *g = mcast_group_find(link, mld6_group(bytes));
  if (g == NULL || !mcast_group_is_public(g)) {
    return DROP_MLD6_NOT_MEMBER;
  }
  mcast_report_heard(g);
  return DROP_NONE;
}

static enum drop_reason mld6_process(struct pbuf *p, const struct ip_rx *rx)
{
  struct mcast_link *link = mld6_link(rx->input_netif);
  int type = pbuf_try_get_at(p, 0);
  if (type != ICMP6_TYPE_MLQ && type != ICMP6_TYPE_MLR) {
    return DROP_MLD6_FOR_ROUTERS; /* done, and reports of version 2 */
  }
  if (p->tot_len < MLD6_HEADER_LEN) {
    return DROP_MLD6_SHORT;
  }
  if (rx->ttl != MLD6_HOP_LIMIT) {
    return DROP_MLD6_BAD_HOP_LIMIT;
  }
  if (!ip6_addr_islinklocal(ip_2_ip6(&rx->src))) {
    return DROP_MLD6_BAD_SRC;
  }
  return type == ICMP6_TYPE_MLQ ? mld6_query_rx(link, p, rx) : mld6_report_rx(link, p, rx);
}

void mld6_rx(struct pbuf *p, const struct ip_rx *rx)
{
  MLD6_STATS_INC(mld6.recv);
  enum drop_reason bad = mld6_process(p, rx);
  if (bad) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

void mld6_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(inp);
  mld6_rx(p, ip_current());
}

#endif /* LWIP_IPV6 && LWIP_IPV6_MLD */
