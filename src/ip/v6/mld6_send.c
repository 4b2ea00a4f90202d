/**
 * @file
 * MLD messages that go out (RFC 3810 5.2, RFC 2710 3).
 *
 * Every message has hop limit 1 and a hop-by-hop header with the router alert option. The source is
 * link-local; while there is no such address it is :: (RFC 3590), which snooping switches heed and
 * routers do not, so all groups are reported again as soon as there is one (mld6.c).
 */
#include "lwip/opt.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/mld6_priv.h"
#include "link/netif_ip6.h"
#include "wire/mld6.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD

/** Send a message to ff02::`last` (0: to `group`). Takes `p`. */
static void mld6_output(struct netif *netif, struct pbuf *p, const ip6_addr_t *group, u8_t last)
{
  const ip6_addr_t *src = netif_ip6_linklocal(netif);
  ip6_addr_t dst;
  if (last != 0) {
    IP6_ADDR(&dst, PP_HTONL(0xff020000UL), 0, 0, lwip_htonl(last));
    ip6_addr_assign_zone(&dst, IP6_MULTICAST, netif);
  } else {
    ip6_addr_copy(dst, *group);
  }
  MLD6_STATS_INC(mld6.xmit);
  icmp6_output(netif, p, src != NULL ? src : IP6_ADDR_ANY6, &dst, MLD6_HOP_LIMIT, true);
  pbuf_free(p);
}

/** Room for a message of `len` bytes and all headers, router alert included. */
struct pbuf *mld6_alloc(u16_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, len, PBUF_RAM);
  if (p == NULL) {
    drop(NULL, DROP_MLD6_NO_MEMORY);
  }
  return p;
}

static void mld6_send_v1(const struct mcast_group *g, enum icmp6_type type, u8_t last)
{
  const struct mld_group *group = (const struct mld_group *)g;
  struct pbuf *p = mld6_alloc(MLD6_HEADER_LEN);
  if (p != NULL) {
    mld6_build((u8_t *)p->payload, (u8_t)type, group->group_address.addr);
    mld6_output(g->link->netif, p, &group->group_address, last);
  }
}

void mld6_send_report(struct mcast_group *g)
{
  MLD6_STATS_INC(mld6.tx_report);
  mld6_send_v1(g, ICMP6_TYPE_MLR, 0);
}

void mld6_send_done(struct mcast_group *g)
{
  MLD6_STATS_INC(mld6.tx_leave);
  mld6_send_v1(g, ICMP6_TYPE_MLD, MLD6_ALL_ROUTERS);
}

u16_t mld6_report_len_max(const struct netif *netif)
{
  u16_t mtu = LWIP_MAX(ip6_link_mtu(netif), IP6_MIN_MTU_LENGTH);
  return (u16_t)(mtu - IP6_HLEN - MLD6_HBH_HLEN);
}

void mld6_send_v2_report(struct netif *netif, struct pbuf *p, u16_t num_records)
{
  mcast_report_build((u8_t *)p->payload, MLD6_V2_REPORT, num_records);
  MLD6_STATS_INC(mld6.tx_report);
  mld6_output(netif, p, NULL, MLD6_V2_ALL_ROUTERS);
}

#endif /* LWIP_IPV6 && LWIP_IPV6_MLD */
