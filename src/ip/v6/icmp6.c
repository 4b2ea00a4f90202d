/**
 * @file
 * ICMP for IPv6: input, and output of the stack's own messages (RFC 4443). Echo: icmp6_echo.c.
 *
 * The checksum is not optional: with hardware that does not look at it, every message's is checked.
 * Types that nobody here handles are dropped (RFC 4443 2.4 (b)); among them are those that tell
 * strangers about us: node information (RFC 4620). Errors of unknown types go to whoever sent the
 * quoted packet, like any other (2.4 (a)). Raw pcbs have seen every message before it comes here.
 *
 * No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/icmp6.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip6.h"
#include "lwip/priv/build.h"
#include "lwip/priv/netif_fields.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/pmtu.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/icmp6_module.h"
#include "ip/v6/icmp6_priv.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/mld6_module.h"
#include "ip/v6/nd6_module.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ICMP6

/** MLDv2's report (RFC 3810 5.2); lwIP's enum icmp6_type ends before it. */
#define ICMP6_TYPE_MLR2 143

/** Does hardware put the checksum in? Only into what leaves in one packet. */
static bool icmp6_hardware_sums(const struct pbuf *p, const struct netif *netif,
                                const ip6_addr_t *dst)
{
  ip_addr_t generic;
  LWIP_UNUSED_ARG(netif);
  if (CHECKSUM_GEN_ICMP6 && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_ICMP6)) {
    return false;
  }
  ip_addr_copy_from_ip6(generic, *dst);
  return (u32_t)p->tot_len + IP6_HLEN <= pmtu_get(&generic, ip6_link_mtu(netif));
}

static void icmp6_fill_checksum(struct pbuf *p, const struct netif *netif, const ip6_addr_t *src,
                                const ip6_addr_t *dst)
{
  if (!icmp6_hardware_sums(p, netif, dst)) {
    u16_t sum = ip6_chksum_pseudo(p, IP6_NEXTH_ICMP6, p->tot_len, src, dst);
    memcpy((u8_t *)p->payload + ICMP6_CHECKSUM_AT, &sum, sizeof sum);
  }
  ICMP6_STATS_INC(icmp6.xmit);
}

err_t icmp6_output_tc(struct netif *netif, struct pbuf *p, const ip6_addr_t *src,
                      const ip6_addr_t *dst, u8_t hop_limit, u8_t tc)
{
  icmp6_fill_checksum(p, netif, src, dst);
  return ip6_output_if_src(p, src, dst, hop_limit, tc, IP6_NEXTH_ICMP6, netif);
}

err_t icmp6_output(struct netif *netif, struct pbuf *p, const ip6_addr_t *src,
                   const ip6_addr_t *dst, u8_t hop_limit, bool router_alert)
{
  if (!router_alert) {
    return icmp6_output_tc(netif, p, src, dst, hop_limit, 0);
  }
  icmp6_fill_checksum(p, netif, src, dst);
  err_t err = ip6_options_add_hbh_ra(p, IP6_NEXTH_ICMP6, IP6_ROUTER_ALERT_VALUE_MLD);
  if (err != ERR_OK) {
    return err;
  }
  return ip6_output_if_src(p, src, dst, hop_limit, 0, IP6_NEXTH_HOPBYHOP, netif);
}

/** May answers come from the address that was asked (RFC 4443 2.2)? */
static bool icmp6_was_sent_to_us_alone(const struct ip_rx *rx)
{
  const ip6_addr_t *dst = ip_2_ip6(&rx->dst);
  return (rx->flags & IP_RX_ANY_ADDRESS) || ip6_addr_isloopback(dst) ||
         netif_ip6_owner(dst) != NULL;
}

void icmp6_answer(struct pbuf *p, const struct ip_rx *rx, u8_t tc)
{
  const ip6_addr_t *dst = ip_2_ip6(&rx->src);
  const ip6_addr_t *src = icmp6_was_sent_to_us_alone(rx) ? ip_2_ip6(&rx->dst) : NULL;
  struct netif *netif = NULL;
  if (!ip6_addr_islinklocal(dst)) {
    netif = ip6_route(src != NULL ? src : IP6_ADDR_ANY6, dst);
  }
  if (netif == NULL) {
    netif = rx->input_netif; /* whence it came, it may go back, route or not */
  }
  if (src == NULL) {
    const ip_addr_t *selected = ip6_select_source_address(netif, dst);
    if (selected == NULL) {
      return;
    }
    src = ip_2_ip6(selected);
  }
  (void)icmp6_output_tc(netif, p, src, dst, netif_hop_limit_or(netif, LWIP_ICMP6_HL), tc);
}

static void icmp6_reply_rx(struct pbuf *p, const struct ip_rx *rx)
{
  LWIP_UNUSED_ARG(rx);
  drop(p, DROP_ICMP6_UNWANTED_REPLY); /* a raw pcb that waited for it would have taken it */
}

/** Header and checksum. */
static enum drop_reason icmp6_check(struct icmp6_message *m, struct pbuf *p, const struct ip_rx *rx)
{
  u8_t bytes[ICMP6_HLEN];
  enum drop_reason bad = icmp6_parse(m, bytes, pbuf_copy_partial(p, bytes, sizeof bytes, 0));
  if (bad) {
    return bad;
  }
  bool is_verified = !CHECKSUM_CHECK_ICMP6 || (rx->flags & IP_RX_CHECKSUM_OK) ||
                     !NETIF_CHECKSUM_ENABLED(rx->input_netif, NETIF_CHECKSUM_CHECK_ICMP6);
  if (!is_verified && ip6_chksum_pseudo(p, IP6_NEXTH_ICMP6, p->tot_len, ip_2_ip6(&rx->src),
                                        ip_2_ip6(&rx->dst)) != 0) {
    return DROP_ICMP6_BAD_CHECKSUM;
  }
  return DROP_NONE;
}

/** Who handles a message that is no error and no echo request. */
static const struct icmp6_handler {
  u8_t type;
  void (*input)(struct pbuf *p, const struct ip_rx *rx);
} icmp6_handlers[] = {
    /* clang-format off: one row per line */
    {ICMP6_TYPE_EREP, icmp6_reply_rx},
    IF_MLD6({ICMP6_TYPE_MLQ, mld6_rx}, ) IF_MLD6({ICMP6_TYPE_MLR, mld6_rx}, )
        IF_MLD6({ICMP6_TYPE_MLD, mld6_rx}, ) IF_MLD6({ICMP6_TYPE_MLR2, mld6_rx}, )
            IF_ND6({ICMP6_TYPE_RS, nd6_rx}, ) IF_ND6({ICMP6_TYPE_RA, nd6_rx}, )
                IF_ND6({ICMP6_TYPE_NS, nd6_rx}, ) IF_ND6({ICMP6_TYPE_NA, nd6_rx}, )
                    IF_ND6({ICMP6_TYPE_RD, nd6_rx}, )
    /* clang-format on */
};

static void icmp6_dispatch(struct pbuf *p, const struct ip_rx *rx, u8_t type)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(icmp6_handlers); i++) {
    if (icmp6_handlers[i].type == type) {
      icmp6_handlers[i].input(p, rx);
      return;
    }
  }
  drop(p, DROP_ICMP6_UNKNOWN_TYPE);
}

void icmp6_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct icmp6_message m;
  ICMP6_STATS_INC(icmp6.recv);
  enum drop_reason bad = icmp6_check(&m, p, rx);
  if (bad) {
    drop(p, bad);
  } else if (icmp6_is_error(m.type)) {
    icmp6_error_rx(p, rx, &m);
  } else if (m.type == ICMP6_TYPE_EREQ) {
    icmp6_echo_rx(p, rx, &m);
  } else {
    icmp6_dispatch(p, rx, m.type);
  }
}

void icmp6_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(inp);
  icmp6_rx(p, ip_current());
}

#endif
