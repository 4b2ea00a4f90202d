/**
 * @file
 * IPv4 forwarding (RFC 1812 5): packets for others, from one netif to another.
 *
 * No state. The TTL is decremented and the checksum corrected incrementally (RFC 1624), so damage
 * in our memory does not get a fresh checksum, and hardware offload makes no difference.
 */
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
  if (p->tot_len > mtu && (h->dont_fragment || !IP_FRAG)) {
    complain(p, rx, ICMP_DUR_FRAG, mtu);
    return DROP_IP4_FWD_TOO_BIG;
  }
  return DROP_NONE;
}

/** The header will be changed: in a buffer of our own if somebody else sees this one. */
static struct pbuf *make_writable(struct pbuf *p)
{
  if (p->ref == 1 && (pbuf_match_type(p, PBUF_RAM) || pbuf_match_type(p, PBUF_POOL))) {
    return p;
  }
  struct pbuf *copy = pbuf_clone(PBUF_LINK, PBUF_RAM, p);
  if (copy != NULL) {
    pbuf_free(p);
  }
  return copy;
}

void ip4_forward(struct pbuf *p, const struct ip4_header *h, const struct ip_rx *rx)
{
  struct netif *netif = NULL;
  enum drop_reason bad = find_way(p, h, rx, &netif);
  if (bad != DROP_NONE) {
    drop(p, bad);
    return;
  }
  struct pbuf *q = make_writable(p);
  if (q == NULL) {
    drop(p, DROP_IP4_FWD_NO_MEMORY);
    return;
  }
  ip4_decrement_ttl((u8_t *)q->payload);
  IP_STATS_INC(ip.fw);
  IP_STATS_INC(ip.xmit);
  MIB2_STATS_INC(mib2.ipforwdatagrams);
  ip4_addr_t next = ip4_next_hop(netif, &h->dst);
  if (IP_FRAG && q->tot_len > ip4_link_mtu(netif)) {
    ip4_frag_to(q, netif, &next, ip4_link_mtu(netif));
  } else {
    netif->output(netif, q, &next);
  }
  pbuf_free(q);
}

#endif
