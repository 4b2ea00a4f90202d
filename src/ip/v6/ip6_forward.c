/**
 * @file
 * IPv6 forwarding (RFC 8200, RFC 4291 2, RFC 4007 9, RFC 4443 3): packets for others, from one
 * netif to another, or back by the same one with a redirect (RFC 4861 8.2).
 *
 * No state. The hop limit is decremented, nothing else changes; extension headers are not looked
 * at: hop-by-hop options are processed only by nodes that are set up to (RFC 8200 4.3), and we have
 * nothing to do for any of them. Packets are never fragmented on their way (RFC 8200 5). Where the
 * outgoing hardware computes a checksum, its field is zeroed, as for packets of our own.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip6.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "wire/ip6.h"
#include "ip/ip_module.h"
#include "ip/offload.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/ip6_priv.h"
#include "ip/v6/nd6_module.h"

#if LWIP_IPV6

/** Offset of the hop limit. */
#define HOP_LIMIT_AT 7

/** Tell the sender that his packet cannot go on. */
static void complain(struct pbuf *p, const struct ip_rx *rx, u8_t code)
{
  if (LWIP_ICMP6) {
    icmp6_send_unreachable(p, rx, code);
  }
}

/** Addresses that never go through a router (RFC 4291 2.5.2, 2.5.6); input's martians and groups do
    not come here. */
static bool is_forwardable(const struct ip6_header *h)
{
  return !ip6_addr_isany_val(h->src) && !ip6_addr_islinklocal(&h->dst);
}

/**
 * A link without addresses of neighbours has one other end, and that one sent the packet to us: it
 * would come back for ever (RFC 4443 3.1).
 */
static bool is_point_to_point(const struct netif *netif)
{
  return netif->hwaddr_len == 0;
}

/** May it leave there at all? Complains to the sender where RFC 4443 wants it. */
static enum drop_reason check_link(struct pbuf *p, const struct ip6_header *h,
                                   const struct ip_rx *rx, const struct netif *out)
{
  bool is_back = out == rx->input_netif;
  if (ip6_addr_islinklocal(&h->src) && !is_back) {
    complain(p, rx, ICMP6_DUR_SCOPE);
    return DROP_IP6_FWD_SCOPE;
  }
  if (is_back && is_point_to_point(out)) {
    complain(p, rx, ICMP6_DUR_ADDRESS);
    return DROP_IP6_FWD_SAME_LINK;
  }
  return DROP_NONE;
}

/** Choose the way, and complain to the sender where there is none. */
static enum drop_reason find_way(struct pbuf *p, const struct ip6_header *h, const struct ip_rx *rx,
                                 struct netif **out)
{
  if (!is_forwardable(h)) {
    return DROP_IP6_FWD_REFUSED;
  }
  *out = ip6_route(ip_2_ip6(&rx->src), &h->dst);
  if (*out == NULL) {
    complain(p, rx, ICMP6_DUR_NO_ROUTE);
    return DROP_IP6_FWD_NO_ROUTE;
  }
  enum drop_reason bad = check_link(p, h, rx, *out);
  if (bad != DROP_NONE) {
    return bad;
  }
  if (h->hop_limit <= 1) {
    if (LWIP_ICMP6) {
      icmp6_send_time_exceeded(p, rx, ICMP6_TE_HL);
    }
    return DROP_IP6_FWD_HOP_LIMIT;
  }
  u16_t mtu = ip6_link_mtu(*out);
  if (offload_wire_len(p) > mtu) {
    if (LWIP_ICMP6) {
      icmp6_send_too_big(p, rx, mtu);
    }
    return DROP_IP6_FWD_TOO_BIG;
  }
  return DROP_NONE;
}

/** Let the hardware of `netif` compute what it computes; of fragments it sees no whole datagram. */
static void clear_offloaded(struct pbuf *p, const struct ip6_header *h, const struct netif *netif)
{
  u16_t at = 0; /* of the transport's checksum */
  bool is_offloaded = false;
  LWIP_UNUSED_ARG(netif);
  if (h->nexth == IP6_NEXTH_UDP) {
    at = 6;
    is_offloaded = !IP6_GENERATES(UDP, netif);
  } else if (h->nexth == IP6_NEXTH_TCP) {
    at = 16;
    is_offloaded = !IP6_GENERATES(TCP, netif);
  } else if (h->nexth == IP6_NEXTH_ICMP6) {
    at = 2;
    is_offloaded = !IP6_GENERATES(ICMP6, netif);
  }
  if (is_offloaded && at + 2 <= h->payload_len) {
    const u8_t zero[2] = {0, 0};
    pbuf_take_at(p, zero, sizeof zero, (u16_t)(IP6_HLEN + at));
  }
}

/** By the link that it came by: its sender should have used somebody else. */
static void redirect(const struct pbuf *p, const struct ip_rx *rx, const ip6_addr_t *next)
{
  ip6_addr_t neighbor;
  if (nd6_next_hop(rx->input_netif, next, &neighbor)) {
    nd6_send_redirect(p, rx, &neighbor);
  }
}

void ip6_forward(struct pbuf *p, const struct ip6_header *h, const struct ip_rx *rx)
{
  struct netif *netif = NULL;
  enum drop_reason bad = find_way(p, h, rx, &netif);
  if (bad != DROP_NONE) {
    drop(p, bad);
    return;
  }
  struct pbuf *q = ip_make_writable(p);
  if (q == NULL) {
    drop(p, DROP_IP6_FWD_NO_MEMORY);
    return;
  }
  struct ip_rx now = *rx; /* the header may have moved with the packet */
  now.ip6_hdr = (struct ip6_hdr *)q->payload;
  ip6_addr_t next = ip6_next_hop(netif, &h->dst);
  if (netif == rx->input_netif) {
    redirect(q, &now, &next);
  }
  ((u8_t *)q->payload)[HOP_LIMIT_AT]--;
  clear_offloaded(q, h, netif);
  IP6_STATS_INC(ip6.fw);
  IP6_STATS_INC(ip6.xmit);
  MIB2_STATS_INC(mib2.ipforwdatagrams);
  err_t err = ip6_leave(q, netif, &next, ip6_link_mtu(netif), false);
  if (err == ERR_OK) {
    pbuf_free(q);
  } else if (err == ERR_RTE) {
    complain(q, &now, ICMP6_DUR_NO_ROUTE);
    drop(q, DROP_IP6_FWD_NO_ROUTE);
  } else {
    drop(q, DROP_IP6_FWD_NO_MEMORY);
  }
}

#endif
