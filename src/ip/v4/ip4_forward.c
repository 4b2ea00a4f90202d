/**
 * @file
 * IPv4 forwarding (RFC 1812 5): packets for others, from one netif to another.
 *
 * No state. The TTL is decremented and the checksum corrected incrementally (RFC 1624), so damage
 * in our memory does not get a fresh checksum. Transport checksums stay as they are. Where the
 * outgoing hardware computes a checksum, its field is zeroed, as for packets of our own; that of a
 * fragment's transport is not, because no hardware sees the whole datagram.
 *
 * Deviation: record route and timestamp options (RFC 1812 5.3.13.4, 5.3.13.5) pass unchanged; RFC
 * 7126 4.6, 4.7 advises against filling them in. Redirects (RFC 1812 5.2.7.2) are not sent.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/icmp.h"
#include "lwip/ip.h"
#include "lwip/ip4.h"
#include "lwip/ip4_frag.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "link/netif_ip4.h"
#include "wire/ip4.h"
#include "ip/ip_module.h"
#include "ip/offload.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4

/** Link-local addresses stay on their link (RFC 3927 7); groups and the rest of input's martians
    do not come here. */
static bool is_forwardable(struct pbuf *p, const struct ip4_header *h)
{
  int verdict = hook_ip4_canforward(p, lwip_ntohl(ip4_addr_get_u32(&h->dst)));
  if (verdict >= 0) {
    return verdict != 0;
  }
  return !ip4_addr_islinklocal(&h->dst) && !ip4_addr_islinklocal(&h->src) &&
         !ip4_addr_ismulticast(&h->dst) && !ip4_addr_isany_val(h->src);
}

/** Tell the sender that his packet cannot go on. */
static void complain(struct pbuf *p, const struct ip_rx *rx, u8_t code, u16_t mtu)
{
  if (LWIP_ICMP) {
    icmp4_send_unreachable(p, rx, code, mtu);
  }
}

static void complain_about_ttl(struct pbuf *p, const struct ip_rx *rx)
{
  if (LWIP_ICMP) {
    icmp4_send_time_exceeded(p, rx, ICMP_TE_TTL);
  }
}

/** Choose the way, and complain to the sender where there is none. */
static enum drop_reason find_way(struct pbuf *p, const struct ip4_header *h, const struct ip_rx *rx,
                                 struct netif **out)
{
  if (!is_forwardable(p, h)) {
    return DROP_IP4_FWD_REFUSED;
  }
  *out = ip4_route_src(&h->src, &h->dst);
  if (*out == NULL) {
    complain(p, rx, ICMP_DUR_NET, 0);
    return DROP_IP4_FWD_NO_ROUTE;
  }
  if (*out == rx->input_netif && !IP_FORWARD_ALLOW_TX_ON_RX_NETIF) {
    return DROP_IP4_FWD_SAME_NETIF;
  }
  if (ip4_addr_isbroadcast(&h->dst, *out)) {
    return DROP_IP4_FWD_REFUSED; /* directed broadcasts (RFC 2644) */
  }
  if (h->ttl <= 1) {
    complain_about_ttl(p, rx);
    return DROP_IP4_FWD_TTL;
  }
  u16_t mtu = ip4_link_mtu(*out);
  if (offload_wire_len(p) > mtu && (h->dont_fragment || !IP_FRAG)) {
    complain(p, rx, ICMP_DUR_FRAG, mtu);
    return DROP_IP4_FWD_TOO_BIG;
  }
  return DROP_NONE;
}

/** Let the hardware of `netif` compute what it computes. */
static void clear_offloaded(struct pbuf *p, const struct ip4_header *h, const struct netif *netif)
{
  u8_t *bytes = (u8_t *)p->payload;
  u16_t at = 0; /* of the transport's checksum */
  bool is_offloaded = false;
  LWIP_UNUSED_ARG(netif);
  if (!IP4_GENERATES(IP, netif)) {
    memset(bytes + 10, 0, 2);
  }
  if (h->proto == IP_PROTO_UDP) {
    at = 6;
    is_offloaded = !IP4_GENERATES(UDP, netif);
  } else if (h->proto == IP_PROTO_TCP) {
    at = 16;
    is_offloaded = !IP4_GENERATES(TCP, netif);
  } else if (h->proto == IP_PROTO_ICMP) {
    at = 2;
    is_offloaded = !IP4_GENERATES(ICMP, netif);
  }
  if (is_offloaded && !ip4_is_fragment(h) && h->header_len + at + 2 <= h->total_len) {
    const u8_t zero[2] = {0, 0};
    pbuf_take_at(p, zero, sizeof zero, (u16_t)(h->header_len + at));
  }
}

static err_t send_on(struct pbuf *p, const struct ip4_header *h, struct netif *netif)
{
  ip4_addr_t next = ip4_next_hop(netif, &h->dst);
  u16_t mtu = ip4_link_mtu(netif);
  if (offload_wire_len(p) <= mtu) {
    clear_offloaded(p, h, netif);
  }
  return ip4_leave(p, netif, &next, mtu, true);
}

void ip4_forward(struct pbuf *p, const struct ip4_header *h, const struct ip_rx *rx)
{
  struct netif *netif = NULL;
  enum drop_reason bad = find_way(p, h, rx, &netif);
  if (bad != DROP_NONE) {
    drop(p, bad);
    return;
  }
  struct pbuf *q = ip_make_writable(p);
  if (q == NULL) {
    drop(p, DROP_IP4_FWD_NO_MEMORY);
    return;
  }
  ip4_decrement_ttl((u8_t *)q->payload);
  IP_STATS_INC(ip.fw);
  IP_STATS_INC(ip.xmit);
  MIB2_STATS_INC(mib2.ipforwdatagrams);
  err_t err = send_on(q, h, netif);
  if (err == ERR_OK) {
    pbuf_free(q);
  } else if (err == ERR_RTE) {
    struct ip_rx now = *rx; /* the header may have moved with the packet */
    now.ip4_hdr = (const struct ip_hdr *)q->payload;
    complain(q, &now, ICMP_DUR_HOST, 0);
    drop(q, DROP_IP4_FWD_NO_ROUTE);
  } else {
    drop(q, DROP_IP4_FWD_NO_MEMORY);
  }
}

#endif
