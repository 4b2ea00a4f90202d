/**
 * @file
 * IPv4 input: check a packet once, decide whose it is, hand it on.
 *
 * No state. Order: form of the header, checksum, options (RFC 791, RFC 1122 3.2.1.1 to 3.2.1.8);
 * addresses that may not come from a wire (RFC 1122 3.2.1.3, RFC 1812 5.3.7); ours or to be
 * forwarded; reassembly; raw pcbs, then the protocol's handler. What handlers get: the packet at
 * its transport header, cut to its total length, the IP header contiguous right before it, and a
 * struct ip_rx, which ip_current() also returns meanwhile.
 *
 * Host model: weak (RFC 1122 3.3.4.2), as lwIP's. An address of ours is accepted at any netif, but
 * loopback addresses at none that has a wire.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/ip4.h"
#include "lwip/ip4_frag.h"
#include "lwip/prot/iana.h"
#include "lwip/prot/ip4.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/priv/any_fields.h"
#include "gossamer/drop.h"
#include "link/netif_ip4.h"
#include "wire/ip4.h"
#include "ip/ip_module.h"
#include "ip/offload.h"
#include "ip/v4/igmp_module.h"
#include "ip/v4/ip4_module.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4

static enum drop_reason check_options(const struct ip4_header *h, const u8_t *options)
{
  struct ip4_options found;
  enum drop_reason bad = ip4_parse_options(options, h->header_len - IP_HLEN, &found);
  /* IGMP's router alert is no option that a user switched off (RFC 3376 4). */
  if (bad == DROP_NONE && !IP_OPTIONS_ALLOWED &&
      !(LWIP_IGMP && h->proto == IP_PROTO_IGMP && found.router_alert)) {
    return DROP_IP4_OPTIONS_REFUSED;
  }
  return bad;
}

/** Lengths, checksum and options. */
static enum drop_reason check_header(struct ip4_header *h, const struct pbuf *p,
                                     const struct netif *inp)
{
  u8_t buf[IP_HLEN_MAX];
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP_HLEN, 0);
  enum drop_reason bad = ip4_parse(h, bytes, bytes != NULL ? p->tot_len : 0);
  if (bad != DROP_NONE) {
    return bad;
  }
  bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, h->header_len, 0);
  LWIP_UNUSED_ARG(inp);
  if (CHECKSUM_CHECK_IP && NETIF_CHECKSUM_ENABLED(inp, NETIF_CHECKSUM_CHECK_IP) &&
      !ip_is_looped(p) && inet_chksum(bytes, h->header_len) != 0) {
    return DROP_IP4_BAD_CHECKSUM;
  }
  if (h->header_len > IP_HLEN) {
    return check_options(h, bytes + IP_HLEN);
  }
  return DROP_NONE;
}

/**
 * May a packet with this source come from a wire (RFC 1122 3.2.1.3, RFC 1812 5.3.7)? 0.0.0.0 may
 * where whoever has no address yet asks all: DHCP, and IGMP from switches (RFC 4541 2.1.1).
 */
static enum drop_reason check_source(const struct ip4_header *h, const struct ip_rx *rx)
{
  u8_t first = ip4_addr1_val(h->src);
  if (ip4_addr_isany_val(h->src)) {
    return (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST)) ? DROP_NONE : DROP_IP4_BAD_SRC;
  }
  if (first == 0 || first == IP_LOOPBACKNET || first >= 224 ||
      ip4_addr_isbroadcast(&h->src, rx->input_netif)) {
    return DROP_IP4_BAD_SRC;
  }
  if (netif_ip4_owner(&h->src) != NULL) {
    return DROP_IP4_LAND; /* security vector B2-38 */
  }
  return DROP_NONE;
}

/**
 * Datagrams to some UDP ports are ours before we have an address: DHCP's answers (RFC 2131 4.1) and
 * LWIP_IP_ACCEPT_UDP_PORT. A router with an address leaves port 68 to those it is meant for.
 */
static bool is_accepted_by_port(const struct ip4_header *h, const struct pbuf *p,
                                const struct netif *inp)
{
  u16_t port;
  if (!(LWIP_DHCP || HOOK_IP4_HAS_PORTS) || h->proto != IP_PROTO_UDP || h->offset != 0 ||
      pbuf_copy_partial(p, &port, 2, (u16_t)(h->header_len + 2)) != 2) {
    return false;
  }
  if (hook_ip4_accepts_port(port)) {
    return true;
  }
  const ip4_addr_t *own = netif_ip4_addr_toward(inp, &h->dst);
  return LWIP_DHCP && port == PP_HTONS(LWIP_IANA_PORT_DHCP_CLIENT) &&
         (!IP_FORWARD || ip4_addr_isany_val(*own) || ip4_addr_islinklocal(own));
}

/** Unicast: sets rx->netif if it is ours. */
static enum drop_reason find_owner(const struct ip4_header *h, const struct pbuf *p,
                                   struct ip_rx *rx)
{
  struct netif *inp = rx->input_netif;
  if (ip_is_looped(p) && ip4_addr_isloopback(&h->dst)) {
    rx->netif = inp;
  } else if (netif_ip4_owns(inp, &h->dst)) {
    rx->netif = inp;
  } else {
    rx->netif = netif_ip4_owner(&h->dst);
  }
  if (rx->netif == NULL && is_accepted_by_port(h, p, inp)) {
    rx->netif = inp;
    return DROP_NONE;
  }
  if (rx->netif == NULL && netif_any_address(inp) != NULL && !ip4_addr_islinklocal(&h->dst)) {
    rx->netif = inp;
    rx->flags |= IP_RX_ANY_ADDRESS;
  }
  /* RFC 1122 3.3.6: somebody smuggles unicast past switches and filters (security vector B1-23). */
  return (rx->flags & IP_RX_LINK_GROUP) ? DROP_IP4_LINK_GROUP : DROP_NONE;
}

/**
 * Whose is it? Sets rx->netif, NULL if not ours, and rx->flags.
 *
 * Deviation: RFC 1122 3.3.6 wants the broadcast addresses of 4.2BSD, all zeros, to be accepted.
 * Nobody has sent them for decades; 0/8 is dropped.
 */
static enum drop_reason check_destination(const struct ip4_header *h, const struct pbuf *p,
                                          struct ip_rx *rx)
{
  u8_t first = ip4_addr1_val(h->dst);
  bool everybody = ip4_addr_get_u32(&h->dst) == IPADDR_BROADCAST;
  if (first == 0 || (first >= 240 && !everybody) || (first == IP_LOOPBACKNET && !ip_is_looped(p))) {
    return DROP_IP4_BAD_DST;
  }
  if (p->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST)) {
    rx->flags |= IP_RX_LINK_GROUP;
  }
  if (ip4_addr_ismulticast(&h->dst)) {
    rx->flags |= IP_RX_MULTICAST;
    /* IGMP itself is not subject to source filters: queriers ask the group. */
    const ip4_addr_t *src = (h->proto == IP_PROTO_IGMP) ? NULL : &h->src;
    if (igmp_accepts(rx->input_netif, &h->dst, src)) {
      rx->netif = rx->input_netif;
    }
    return DROP_NONE;
  }
  if (everybody || ip4_addr_isbroadcast(&h->dst, rx->input_netif)) {
    rx->flags |= IP_RX_BROADCAST;
    rx->netif = rx->input_netif;
    return DROP_NONE;
  }
  return find_owner(h, p, rx);
}

/** What the header says, for handlers. */
static void fill_rx(struct ip_rx *rx, const struct ip4_header *h, const struct pbuf *p)
{
  rx->ip4_hdr = (const struct ip_hdr *)p->payload;
  rx->header_len = h->header_len;
  rx->proto = h->proto;
  rx->ttl = h->ttl;
  rx->tos = h->tos;
  ip_addr_copy_from_ip4(rx->src, h->src);
  ip_addr_copy_from_ip4(rx->dst, h->dst);
}

/** A fragment came in, perhaps the last one that was missing. */
static void reassemble(struct pbuf *p, struct ip4_header *h, struct ip_rx *rx)
{
  p = ip4_reass_or_drop(p);
  if (p == NULL) {
    return;
  }
  ip4_parse(h, (const u8_t *)p->payload, p->tot_len);
  fill_rx(rx, h, p);
  if (p->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST)) {
    rx->flags |= IP_RX_LINK_GROUP;
  }
  rx->flags |= IP_RX_REASSEMBLED;
  ip_deliver(p, rx, DROP_IP4_NO_PROTO);
}

/** A packet whose header is all right. */
static void accept(struct pbuf *p, struct ip4_header *h, struct netif *inp)
{
  struct ip_rx rx;
  memset(&rx, 0, sizeof rx);
  rx.input_netif = inp;
  rx.flags = ip_is_looped(p) ? IP_RX_CHECKSUM_OK : 0; /* it was never on a wire */
  enum drop_reason bad = check_destination(h, p, &rx);
  if (bad == DROP_NONE && !ip_is_looped(p)) {
    bad = check_source(h, &rx);
  }
  if (bad != DROP_NONE) {
    MIB2_STATS_INC(mib2.ipinaddrerrors);
    drop(p, bad);
    return;
  }
  fill_rx(&rx, h, p);
  if (rx.netif == NULL) {
    if (IP_FORWARD && !(rx.flags & IP_RX_MULTICAST)) {
      ip4_forward(p, h, &rx);
    } else {
      MIB2_STATS_INC(mib2.ipinaddrerrors);
      drop(p, DROP_IP4_NOT_FOR_US);
    }
  } else if (ip4_is_fragment(h)) {
    pbuf_offload_set(p, 0, 0); /* no driver sees the whole */
    reassemble(p, h, &rx);
  } else {
    offload_take(p, &rx);
    ip_deliver(p, &rx, DROP_IP4_NO_PROTO);
  }
}

void ip4_rx(struct pbuf *p, struct netif *netif, const struct eth_addr *src_mac)
{
  struct ip4_header h;
  LWIP_UNUSED_ARG(src_mac);
  IP_STATS_INC(ip.recv);
  MIB2_STATS_INC(mib2.ipinreceives);
  if (!netif_is_up(netif)) {
    drop(p, DROP_NETIF_DOWN);
    return;
  }
  enum drop_reason bad = check_header(&h, p, netif);
  if (bad != DROP_NONE) {
    MIB2_STATS_INC(mib2.ipinhdrerrors);
    drop(p, bad);
    return;
  }
  if (h.total_len < p->tot_len) {
    pbuf_realloc(p, h.total_len); /* padding of short frames: security vector B1-21 */
  }
  struct pbuf *q = ip_pull_up(p, h.header_len);
  if (q == NULL) {
    MIB2_STATS_INC(mib2.ipindiscards);
    drop(p, DROP_IP4_TRUNCATED);
    return;
  }
  if (q->if_idx == NETIF_NO_INDEX) {
    q->if_idx = netif_get_index(netif);
  }
  if (!hook_ip4_input(q, netif)) {
    accept(q, &h, netif);
  }
}

err_t ip4_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip4_rx(p, inp, NULL);
  return ERR_OK;
}

#endif /* LWIP_IPV4 */
