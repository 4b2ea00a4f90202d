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

static enum drop_reason igmp_query_rx(struct mcast_link *link, const struct pbuf *p,
                                      const struct ip_rx *rx)
{
  u8_t bytes[IGMP_V3_QUERY_LEN] = {0};
  struct mcast_query q;
  pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  enum drop_reason bad = igmp_query_parse(&q, bytes, p->tot_len);
  if (bad) {
    return bad;
  }
  if (rx->flags & IP_RX_BROADCAST) {
    return DROP_IGMP_BAD_DST;
  }
  if (!(rx->flags & IP_RX_MULTICAST) && !netif_ip4_on_link(rx->input_netif, ip_2_ip4(&rx->src))) {
    return DROP_IGMP_BAD_SRC;
  }
  if (q.version == 1) {
    IGMP_STATS_INC(igmp.rx_v1);
  }
  if (q.is_general) {
    IGMP_STATS_INC(igmp.rx_general);
  } else {
    IGMP_STATS_INC(igmp.rx_group);
  }
  if (q.is_general && !q.is_newest) {
    mcast_old_querier_heard(link, q.version == 1 ? MCAST_OLDEST : MCAST_OLDER);
  }
  bool is_ours = mcast_query_heard(link, &q, p, IGMP_V3_QUERY_LEN);
  return is_ours ? DROP_NONE : DROP_IGMP_NOT_MEMBER;
}

/** Somebody else reported a group: in versions 1 and 2, once is enough (RFC 2236 3). */
static enum drop_reason igmp_report_rx(struct mcast_link *link, const struct pbuf *p,
                                       const struct ip_rx *rx)
{
  u8_t bytes[IGMP_HEADER_LEN];
  IGMP_STATS_INC(igmp.rx_report);
  pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  u32_t addr = igmp_group_get(bytes);
  if (addr != ip4_addr_get_u32(ip_2_ip4(&rx->dst))) {
    return DROP_IGMP_BAD_DST;
  }
  if (!netif_ip4_on_link(rx->input_netif, ip_2_ip4(&rx->src))) {
    return DROP_IGMP_BAD_SRC;
  }
  struct mcast_group *g = mcast_group_find(link, &addr);
  if (g == NULL || !mcast_group_is_public(g)) {
    return DROP_IGMP_NOT_MEMBER;
  }
  mcast_report_heard(g);
  return DROP_NONE;
}

static enum drop_reason igmp_process(struct pbuf *p, const struct ip_rx *rx)
{
  struct mcast_link *link = &rx->input_netif->igmp;
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
  if (mcast_link_first(link) == NULL) {
    return DROP_IGMP_NOT_MEMBER;
  }
  pbuf_copy_partial(p, &type, 1, 0);
  switch (type) {
  case IGMP_MEMB_QUERY:
    return igmp_query_rx(link, p, rx);
  case IGMP_V1_MEMB_REPORT:
  case IGMP_V2_MEMB_REPORT:
    return igmp_report_rx(link, p, rx);
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
