/**
 * @file
 * IGMP messages that come in: queries, and other hosts' reports (RFC 3376 5.2, 7; RFC 2236 3, 6,
 * 9).
 *
 * Accepted: TTL 1 only. Queries to an address or group of ours as RFC 3376 4.1.12 demands, but
 * those to our unicast address only from a neighbour (Deviation: routed ones can be sent by
 * anybody, who picks the TTL so that it arrives as 1). Reports only from neighbours and to the
 * group they are about (RFC 2236 9). The router alert option is not required: queriers of version 1
 * and many snooping switches do not send it, and a forger could.
 *
 * Floods of queries cost nothing: per group and per interface at most one answer is pending.
 */
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/v4/igmp_module.h"
#include "ip/v4/igmp_priv.h"
#include "link/netif_ip4.h"
#include "wire/igmp.h"

#if LWIP_IPV4 && LWIP_IGMP

/** Remember which sources were asked for; too many: the group as a whole (RFC 3376 5.2, 4 and 5).
 */
static void igmp_record_queried(struct igmp_group *g, const struct igmp_query *q,
                                const struct pbuf *p)
{
  struct igmp_pending *pending = &g->pending;
  bool is_due = timer_is_set(&g->report);
  bool is_whole_group_due = is_due && pending->num_queried == 0;
  if (!is_due) {
    pending->num_queried = 0;
  }
  if (q->num_sources == 0 || is_whole_group_due ||
      pending->num_queried + q->num_sources > IGMP_MAX_QUERIED_SOURCES) {
    pending->num_queried = 0;
    return;
  }
  pbuf_copy_partial(p, &pending->queried[pending->num_queried],
                    (u16_t)(q->num_sources * IGMP_SOURCE_LEN), IGMP_V3_QUERY_LEN);
  pending->num_queried = (u8_t)(pending->num_queried + q->num_sources);
}

/** A query about one group (RFC 3376 5.2). */
static enum drop_reason igmp_group_query_rx(struct igmp_group *all, const struct igmp_query *q,
                                            const struct pbuf *p)
{
  ip4_addr_t addr;
  ip4_addr_set_u32(&addr, q->group);
  struct igmp_group *g = igmp_group_find(all->netif, &addr);
  IGMP_STATS_INC(igmp.rx_group);
  if (g == NULL || g == all || !igmp_has_members(g)) {
    return DROP_IGMP_NOT_MEMBER;
  }
  if (igmp_version(all) == 3) {
    igmp_record_queried(g, q, p);
  }
  igmp_schedule_group(g, q->max_resp_ms);
  return DROP_NONE;
}

static enum drop_reason igmp_query_rx(struct igmp_group *all, const struct pbuf *p,
                                      const struct ip_rx *rx)
{
  u8_t bytes[IGMP_V3_QUERY_LEN] = {0};
  struct igmp_query q;
  pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  enum drop_reason bad = igmp_query_parse(&q, bytes, p->tot_len);
  if (bad) {
    return bad;
  }
  const ip4_addr_t *src = ip_2_ip4(&rx->src);
  if (rx->flags & IP_RX_BROADCAST) {
    return DROP_IGMP_BAD_DST;
  }
  if (!(rx->flags & IP_RX_MULTICAST) && !netif_ip4_on_link(rx->input_netif, src)) {
    return DROP_IGMP_BAD_SRC;
  }
  if (q.version == 3) {
    all->link.robustness = q.robustness != 0 ? q.robustness : IGMP_ROBUSTNESS;
    all->link.query_interval_s = q.interval_s != 0 ? q.interval_s : IGMP_QUERY_INTERVAL_S;
  } else if (q.group == 0) {
    igmp_querier_heard(all, q.version); /* before the answer is scheduled in its version */
  }
  if (q.version == 1) {
    IGMP_STATS_INC(igmp.rx_v1);
  }
  if (q.group != 0) {
    return igmp_group_query_rx(all, &q, p);
  }
  IGMP_STATS_INC(igmp.rx_general);
  igmp_schedule_general(all, q.max_resp_ms);
  return DROP_NONE;
}

/** Somebody else reported a group: in versions 1 and 2, once is enough (RFC 2236 3). */
static enum drop_reason igmp_report_rx(struct igmp_group *all, const struct pbuf *p,
                                       const struct ip_rx *rx)
{
  u8_t bytes[IGMP_HEADER_LEN];
  ip4_addr_t addr;
  IGMP_STATS_INC(igmp.rx_report);
  pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  ip4_addr_set_u32(&addr, igmp_group_get(bytes));
  if (!ip4_addr_eq(&addr, ip_2_ip4(&rx->dst))) {
    return DROP_IGMP_BAD_DST;
  }
  if (!netif_ip4_on_link(rx->input_netif, ip_2_ip4(&rx->src))) {
    return DROP_IGMP_BAD_SRC;
  }
  struct igmp_group *g = igmp_group_find(all->netif, &addr);
  if (g == NULL || g == all) {
    return DROP_IGMP_NOT_MEMBER;
  }
  /* Version 3 hosts may be suppressed as well (RFC 3376 7.2.2), but then queriers would not learn
     of their source filters, nor snooping switches of their ports. */
  if (igmp_version(all) != 3 && g->group_state == IGMP_GROUP_DELAYING_MEMBER) {
    timer_cancel(&g->report);
    igmp_pending_clear(g);
    g->group_state = IGMP_GROUP_IDLE_MEMBER;
    g->last_reporter_flag = 0;
  }
  return DROP_NONE;
}

static enum drop_reason igmp_process(struct pbuf *p, const struct ip_rx *rx)
{
  struct igmp_group *all = netif_igmp_data(rx->input_netif);
  u8_t type;
  if (p->tot_len < IGMP_HEADER_LEN) {
    return DROP_IGMP_SHORT;
  }
  if (inet_chksum_pbuf(p) != 0) {
    return DROP_IGMP_BAD_CHECKSUM;
  }
  if (rx->ttl != IGMP_TTL) {
    return DROP_IGMP_BAD_TTL;
  }
  if (all == NULL) {
    return DROP_IGMP_NOT_MEMBER;
  }
  pbuf_copy_partial(p, &type, 1, 0);
  switch (type) {
  case IGMP_MEMB_QUERY:
    return igmp_query_rx(all, p, rx);
  case IGMP_V1_MEMB_REPORT:
  case IGMP_V2_MEMB_REPORT:
    return igmp_report_rx(all, p, rx);
  default:
    return DROP_IGMP_UNKNOWN_TYPE; /* leaves and v3 reports are for routers */
  }
}

void igmp_rx(struct pbuf *p, const struct ip_rx *rx)
{
  IGMP_STATS_INC(igmp.recv);
  enum drop_reason bad = igmp_process(p, rx);
  if (bad) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

void igmp_input(struct pbuf *p, struct netif *inp, const ip4_addr_t *dest)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(inp);
  LWIP_UNUSED_ARG(dest);
  igmp_rx(p, ip_current());
}

#endif /* LWIP_IPV4 && LWIP_IGMP */
