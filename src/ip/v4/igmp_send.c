/**
 * @file
 * IGMP messages that go out (RFC 3376 4.2; RFC 2236 3; RFC 1112 appendix I).
 *
 * Every message has TTL 1, precedence "internetwork control" and the router alert option (RFC 3376
 * 4, RFC 2113).
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/v4/igmp_priv.h"
#include "wire/igmp.h"

#if LWIP_IPV4 && LWIP_IGMP

#define IGMP_TOS         0xc0U
#define IGMP_CHECKSUM_AT 2

/** The smallest MTU there is (RFC 791), and what is assumed of links that tell none. */
#define IGMP_MTU_MIN     68
#define IGMP_MTU_DEFAULT 576

/** Send a message. Takes `p`. */
static void igmp_output(struct netif *netif, struct pbuf *p, u32_t dst)
{
  u8_t router_alert[ROUTER_ALERTLEN] = {ROUTER_ALERT >> 8, ROUTER_ALERT & 0xff, 0, 0};
  ip4_addr_t to;
  ip4_addr_set_u32(&to, dst);
  u16_t checksum = inet_chksum_pbuf(p);
  memcpy((u8_t *)p->payload + IGMP_CHECKSUM_AT, &checksum, sizeof checksum);
  IGMP_STATS_INC(igmp.xmit);
  /* The source may be 0.0.0.0 before there is an address (RFC 3376 4.2.13). */
  ip4_output_if_opt_src(p, netif_ip4_addr(netif), &to, IGMP_TTL, IGMP_TOS, IP_PROTO_IGMP, netif,
                        router_alert, sizeof router_alert);
  pbuf_free(p);
}

/** Room for a message of `len` bytes and all headers, router alert included. */
struct pbuf *igmp_alloc(u16_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, len, PBUF_RAM);
  if (p == NULL) {
    drop(NULL, DROP_IGMP_NO_MEMORY);
  }
  return p;
}

/** A version 1 or 2 message; `dst` 0: to the group it is about. */
static void igmp_send_simple(const struct mcast_group *g, u8_t type, u32_t dst)
{
  u32_t group = ip4_addr_get_u32(&((const struct igmp_group *)g)->group_address);
  struct pbuf *p = igmp_alloc(IGMP_HEADER_LEN);
  if (p != NULL) {
    igmp_build((u8_t *)p->payload, type, group);
    igmp_output(g->link->netif, p, dst != 0 ? dst : group);
  }
}

void igmp_send_report(struct mcast_group *g)
{
  bool is_v1 = mcast_link_age(g->link) == MCAST_OLDEST;
  IGMP_STATS_INC(igmp.tx_report);
  igmp_send_simple(g, is_v1 ? IGMP_V1_MEMB_REPORT : IGMP_V2_MEMB_REPORT, 0);
}

void igmp_send_leave(struct mcast_group *g)
{
  IGMP_STATS_INC(igmp.tx_leave);
  igmp_send_simple(g, IGMP_LEAVE_GROUP, IGMP_ALL_ROUTERS);
}

u16_t igmp_report_len_max(const struct netif *netif)
{
  u16_t mtu = netif->mtu != 0 ? netif->mtu : IGMP_MTU_DEFAULT;
  return (u16_t)(LWIP_MAX(mtu, IGMP_MTU_MIN) - IP_HLEN - ROUTER_ALERTLEN);
}

void igmp_send_v3_report(struct netif *netif, struct pbuf *p, u16_t num_records)
{
  mcast_report_build((u8_t *)p->payload, IGMP_V3_MEMB_REPORT, num_records);
  IGMP_STATS_INC(igmp.tx_report);
  igmp_output(netif, p, IGMP_V3_ALL_ROUTERS);
}

#endif /* LWIP_IPV4 && LWIP_IGMP */
