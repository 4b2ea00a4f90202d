/**
 * @file
 * IPv6 input: check a packet once, decide whose it is, hand it on (RFC 8200).
 *
 * No state. Order: form of the header; addresses that may not come from a wire (RFC 4291 2, RFC
 * 4007); ours or to be forwarded; extension headers and reassembly (ip6_ext.c); raw pcbs, then the
 * protocol's handler. What handlers get: the packet at its transport header, cut to its payload
 * length, all IP headers contiguous right before it, and a struct ip_rx, which ip_current() also
 * returns meanwhile. Its addresses have the zone of the netif that the packet came in by.
 *
 * Host model: weak (RFC 1122 3.3.4.2), as IPv4's: an address of ours is accepted at any netif, a
 * link-local one only at its own.
 *
 * Deviation: RFC 4291 2.6.1 wants routers to accept the subnet-router anycast addresses.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip.h"
#include "lwip/ip6.h"
#include "lwip/prot/ip6.h"
#include "lwip/stats.h"
#include "lwip/priv/any_fields.h"
#include "gossamer/drop.h"
#include "link/netif_ip6.h"
#include "wire/ip6.h"
#include "ip/ip_module.h"
#include "ip/offload.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/ip6_priv.h"
#include "ip/v6/mld6_module.h"
#include "ip/v6/nd6_router.h"

#if LWIP_IPV6

/** Offset of the payload length field. */
#define PAYLOAD_LEN_AT 4
/** Offset of the next header field. */
#define NEXTH_AT 6

static enum drop_reason check_header(struct ip6_header *h, const struct pbuf *p)
{
  u8_t buf[IP6_HLEN];
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP6_HLEN, 0);
  return ip6_parse(h, bytes, bytes != NULL ? p->tot_len : 0);
}

/** Whose address `addr` is in a packet that came in by `inp`; NULL: nobody's here. Link-local
   addresses are those of `inp` alone (RFC 4007 6), with LWIP_IPV6_SCOPES or without. */
static struct netif *owner_of(struct netif *inp, const ip6_addr_t *addr)
{
  if (netif_ip6_owns(inp, addr)) {
    return inp;
  }
  return ip6_addr_islinklocal(addr) ? NULL : netif_ip6_owner(addr);
}

/**
 * May somebody who has our address say so? Neighbor Discovery wants to hear of it (RFC 4862 5.4.4);
 * its messages to groups start nothing else.
 */
static bool is_about_neighbours(const struct ip6_header *h)
{
  return h->nexth == IP6_NEXTH_ICMP6 && h->hop_limit == 255 &&
         ip6_addr_ismulticast_linklocal(&h->dst);
}

/** May a packet with this source come from a wire (RFC 4291 2.5.2, 2.5.3, 2.7)? */
static enum drop_reason check_source(const struct ip6_header *h, const struct ip_rx *rx)
{
  if (ip6_addr_isany_val(h->src)) {
    return (rx->flags & IP_RX_MULTICAST) ? DROP_NONE : DROP_IP6_BAD_SRC;
  }
  if (ip6_addr_ismulticast(&h->src) || ip6_addr_isloopback(&h->src) ||
      ip6_addr_isipv4mappedipv6(&h->src)) {
    return DROP_IP6_BAD_SRC;
  }
  if (owner_of(rx->input_netif, ip_2_ip6(&rx->src)) != NULL && !is_about_neighbours(h)) {
    return DROP_IP6_LAND; /* security vector B2-38 */
  }
  return DROP_NONE;
}

/** Is anybody here in the group? `src` NULL: whoever sends. */
static bool accepts_group(struct netif *netif, const ip6_addr_t *group, const ip6_addr_t *src)
{
  if (mld6_accepts(netif, group, src)) {
    return true;
  }
  if (netif_ip6_is_solicited_node(netif, group)) {
    return true; /* even before it is joined: RFC 4862 5.4.2 delays that, memory may be short */
  }
  /* Without MLD, or on a link without it, nobody could join that. */
  return ip6_addr_isallrouters_linklocal(group) && nd6_netif_is_router(netif);
}

/**
 * A group: sets rx->netif if anybody is in it.
 *
 * Source filters do not keep out ICMPv6, because routers query groups from their own addresses.
 * What stands behind extension headers is not known yet: passes_filter() asks again.
 */
static enum drop_reason check_group(const struct ip6_header *h, const struct pbuf *p,
                                    struct ip_rx *rx)
{
  unsigned scope = ip6_addr_multicast_scope(&h->dst);
  bool is_filtered = h->nexth != IP6_NEXTH_ICMP6 && !ip6_is_extension(h->nexth);
  if (scope == IP6_MULTICAST_SCOPE_RESERVED ||
      (scope == IP6_MULTICAST_SCOPE_INTERFACE_LOCAL && !ip_is_looped(p))) {
    return DROP_IP6_BAD_DST;
  }
  rx->flags |= IP_RX_MULTICAST;
  if (accepts_group(rx->input_netif, &h->dst, is_filtered ? &h->src : NULL)) {
    rx->netif = rx->input_netif;
  }
  return DROP_NONE;
}

static bool passes_filter(const struct ip_rx *rx)
{
  return !(rx->flags & IP_RX_MULTICAST) || rx->header_len == IP6_HLEN ||
         rx->proto == IP6_NEXTH_ICMP6 ||
         accepts_group(rx->input_netif, ip_2_ip6(&rx->dst), ip_2_ip6(&rx->src));
}

/** Whose is it? Sets rx->netif, NULL if not ours, and rx->flags. */
static enum drop_reason check_destination(const struct ip6_header *h, const struct pbuf *p,
                                          struct ip_rx *rx)
{
  const ip6_addr_t *dst = ip_2_ip6(&rx->dst);
  if (p->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST)) {
    rx->flags |= IP_RX_LINK_GROUP;
  }
  if (ip6_addr_ismulticast(dst)) {
    return check_group(h, p, rx);
  }
  if (ip6_addr_isany_val(*dst) || ip6_addr_isipv4mappedipv6(dst) ||
      (ip6_addr_isloopback(dst) && !ip_is_looped(p))) {
    return DROP_IP6_BAD_DST;
  }
  rx->netif = ip6_addr_isloopback(dst) ? rx->input_netif : owner_of(rx->input_netif, dst);
  if (rx->netif == NULL && netif_any_address(rx->input_netif) != NULL &&
      !ip6_addr_islinklocal(dst)) {
    rx->netif = rx->input_netif;
    rx->flags |= IP_RX_ANY_ADDRESS;
  }
  /* Somebody smuggles unicast past switches and filters (security vector B1-23). */
  return (rx->flags & IP_RX_LINK_GROUP) ? DROP_IP6_LINK_GROUP : DROP_NONE;
}

/** What the header says, for handlers. */
static void fill_rx(struct ip_rx *rx, const struct ip6_header *h, const struct pbuf *p,
                    struct netif *inp)
{
  memset(rx, 0, sizeof *rx);
  rx->input_netif = inp;
  rx->ip6_hdr = (struct ip6_hdr *)p->payload;
  rx->header_len = IP6_HLEN;
  rx->nexth_at = NEXTH_AT;
  rx->proto = h->nexth;
  rx->ttl = h->hop_limit;
  rx->tos = h->tc;
  rx->flags = ip_is_looped(p) ? IP_RX_CHECKSUM_OK : 0; /* it was never on a wire */
  ip_addr_copy_from_ip6(rx->src, h->src);
  ip_addr_copy_from_ip6(rx->dst, h->dst);
  ip6_addr_assign_zone(ip_2_ip6(&rx->src), IP6_UNICAST, inp);
  ip6_addr_assign_zone(ip_2_ip6(&rx->dst), IP6_UNKNOWN, inp);
}

/** A packet for us. */
static void receive(struct pbuf *p, struct ip_rx *rx)
{
  offload_take(p, rx);
  p = ip6_extensions_process(p, rx);
  if (p == NULL) {
    return;
  }
  if (rx->proto == IP6_NEXTH_NONE) {
    drop(p, DROP_IP6_NO_NEXT);
  } else if (!passes_filter(rx)) {
    drop(p, DROP_IP6_NOT_FOR_US);
  } else {
    ip_deliver(p, rx, DROP_IP6_NO_PROTO);
  }
}

/**
 * Its length is in an option that we do not know (RFC 2675), so nothing behind the header can be
 * trusted.
 */
static bool is_jumbo(const struct ip6_header *h)
{
  return h->payload_len == 0 && h->nexth == IP6_NEXTH_HOPBYHOP;
}

/** A packet whose header is all right. */
static void accept(struct pbuf *p, const struct ip6_header *h, struct netif *inp)
{
  struct ip_rx rx;
  fill_rx(&rx, h, p, inp);
  enum drop_reason bad = check_destination(h, p, &rx);
  if (bad == DROP_NONE && !ip_is_looped(p)) {
    bad = check_source(h, &rx);
  }
  if (bad != DROP_NONE) {
    MIB2_STATS_INC(mib2.ipinaddrerrors);
    drop(p, bad);
  } else if (rx.netif == NULL && (!LWIP_IPV6_FORWARD || (rx.flags & IP_RX_MULTICAST))) {
    MIB2_STATS_INC(mib2.ipinaddrerrors);
    drop(p, DROP_IP6_NOT_FOR_US);
  } else if (is_jumbo(h)) {
    if (LWIP_ICMP6) {
      icmp6_send_param_problem(p, &rx, ICMP6_PARAM_FIELD, PAYLOAD_LEN_AT);
    }
    drop(p, DROP_IP6_JUMBO);
  } else if (rx.netif == NULL) {
    ip6_forward(p, h, &rx);
  } else {
    receive(p, &rx);
  }
}

void ip6_rx(struct pbuf *p, struct netif *netif, const struct eth_addr *src_mac)
{
  struct ip6_header h;
  LWIP_UNUSED_ARG(src_mac);
  IP6_STATS_INC(ip6.recv);
  MIB2_STATS_INC(mib2.ipinreceives);
  if (!netif_is_up(netif)) {
    drop(p, DROP_NETIF_DOWN);
    return;
  }
  enum drop_reason bad = check_header(&h, p);
  if (bad != DROP_NONE) {
    MIB2_STATS_INC(mib2.ipinhdrerrors);
    drop(p, bad);
    return;
  }
  pbuf_realloc(p, (u16_t)(IP6_HLEN + h.payload_len)); /* padding: security vector B1-21 */
  struct pbuf *q = ip_pull_up(p, IP6_HLEN);
  if (q == NULL) {
    MIB2_STATS_INC(mib2.ipindiscards);
    drop(p, DROP_IP6_NO_MEMORY);
    return;
  }
  if (q->if_idx == NETIF_NO_INDEX) {
    q->if_idx = netif_get_index(netif);
  }
  if (!hook_ip6_input(q, netif)) {
    accept(q, &h, netif);
  }
}

err_t ip6_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip6_rx(p, inp, NULL);
  return ERR_OK;
}

#endif
