/**
 * @file
 * Router solicitations: ask for advertisements when a link comes up (RFC 4861 6.3.7), and go on,
 * ever more seldom, until there is a router (RFC 7559).
 *
 * State: netif->rs_count, how many are still to be sent (a program may set it to 0 for none; with
 * LWIP_ND6_RS_BACKOFF the last one is repeated), and in struct nd6_interface the timer, the present
 * wait and when the link came up.
 *
 * They are sent from a link-local address, so they wait for one to be usable.
 */
#include "lwip/priv/netif_fields.h"
#include "lwip/stats.h"
#include "base/random.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/nd6_router_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6

enum {
  /* RFC 4861 10 MAX_RTR_SOLICITATION_DELAY, a second, exclusive. */
  ND6_RS_DELAY_MS = 1000,
  /* RFC 7559 2 MRT. Its IRT is ND6_RTR_SOLICITATION_INTERVAL. */
  ND6_RS_WAIT_MS_MAX = 3600000,
  ND6_RS_LEN_MAX = ND6_RS_LEN + ND6_OPTION_UNIT * (2 + NETIF_MAX_HWADDR_LEN / ND6_OPTION_UNIT)
};

/** RFC 7559: everybody's waits differ by up to a tenth either way. */
static u32_t nd6_rs_spread(u32_t ms)
{
  return ms - ms / 10 + random_jitter(ms / 5 + 1);
}

static void nd6_rs_send(struct netif *netif, const ip6_addr_t *src)
{
  u8_t bytes[ND6_RS_LEN_MAX];
  size_t len = nd6_build_rs(bytes);
  ip6_addr_t all_routers;
  /* A tentative address must not get into caches with our link-layer address (RFC 4429 3.3). */
  if (!netif_ip6_is_optimistic(netif, src)) {
    len += nd6_build_lladdr(bytes + len, ND6_OPTION_TYPE_SOURCE_LLADDR, netif->hwaddr,
                            netif->hwaddr_len);
  }
  struct pbuf *p = pbuf_alloc(PBUF_IP, (u16_t)len, PBUF_RAM);
  if (p == NULL) {
    ND6_STATS_INC(nd6.memerr);
    return; /* the next one may have more luck */
  }
  pbuf_take(p, bytes, (u16_t)len);
  ip6_addr_set_allrouters_linklocal(&all_routers);
  ip6_addr_assign_zone(&all_routers, IP6_MULTICAST, netif);
  ND6_STATS_INC(nd6.xmit);
  icmp6_output(netif, p, src, &all_routers, ND6_HOP_LIMIT, false);
  pbuf_free(p);
}

/** One was sent: how many are left? */
static void nd6_rs_count_down(struct netif *netif)
{
  u8_t count = netif_rs_count(netif);
  if (count > 1 || (count == 1 && !LWIP_ND6_RS_BACKOFF)) {
    netif_rs_count_set(netif, (u8_t)(count - 1));
  }
}

static bool nd6_has_default_router(struct netif *netif)
{
  ip6_addr_t addr;
  struct nd_ra_info info;
  return nd_router_at(netif, 0, &addr, &info);
}

static void nd6_rs_due(struct timer *t)
{
  struct netif *netif = TIMER_OWNER(t, struct netif, nd6.rs_timer);
  const ip6_addr_t *linklocal = netif_ip6_linklocal(netif);
  if (linklocal == NULL || netif_rs_count(netif) == 0 || ND6_ADVERT(netif) != NULL) {
    return; /* nd6_rs_go_on() when there is an address */
  }
  u32_t last_ms = netif->nd6.rs_wait_ms;
  nd6_rs_count_down(netif);
  if (nd6_has_default_router(netif)) {
    netif_rs_count_set(netif, 0); /* this one is for what a solicited answer says beyond */
  }
  netif->nd6.rs_wait_ms =
      nd6_rs_spread(last_ms == 0 ? ND6_RTR_SOLICITATION_INTERVAL
                                 : LWIP_MIN(2 * last_ms, (u32_t)ND6_RS_WAIT_MS_MAX));
  if (netif_rs_count(netif) > 0) {
    timer_set(t, nd6_rs_due, netif->nd6.rs_wait_ms);
  }
  ip6_addr_t src = *linklocal;
  nd6_rs_send(netif, &src);
}

void nd6_rs_go_on(struct netif *netif)
{
  struct nd6_interface *nd6 = &netif->nd6;
  if (!LWIP_IPV6_SEND_ROUTER_SOLICIT || timer_is_set(&nd6->rs_timer) ||
      netif_rs_count(netif) == 0 || !netif_is_usable(netif) || netif_ip6_linklocal(netif) == NULL ||
      ND6_ADVERT(netif) != NULL) {
    return;
  }
  /* Hosts that start together are spread by now if they looked for duplicates (RFC 4861 6.3.7). */
  bool is_spread = stack_now() - nd6->rs_since_ms >= ND6_RS_DELAY_MS;
  timer_set(&nd6->rs_timer, nd6_rs_due, is_spread ? 0 : random_jitter(ND6_RS_DELAY_MS));
}

void nd6_rs_start(struct netif *netif)
{
  if (!LWIP_IPV6_SEND_ROUTER_SOLICIT) {
    return;
  }
  timer_cancel(&netif->nd6.rs_timer);
  netif->nd6.rs_wait_ms = 0;
  netif->nd6.rs_since_ms = stack_now();
  netif_rs_count_set(netif, LWIP_ND6_MAX_MULTICAST_SOLICIT);
  nd6_rs_go_on(netif);
}

void nd6_rs_router_heard(struct netif *netif)
{
  if (netif->nd6.rs_wait_ms != 0) {
    netif_rs_count_set(netif, 0);
    timer_cancel(&netif->nd6.rs_timer);
  }
  /* else: one is sent all the same (RFC 4861 6.3.7), and then no more. */
}

void nd6_rs_stop(struct netif *netif)
{
  timer_cancel(&netif->nd6.rs_timer);
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
