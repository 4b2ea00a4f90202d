/**
 * @file
 * Neighbour solicitations and advertisements that go out, and what is said of neighbours that do
 * not answer (RFC 4861 4.3, 4.4, 7.2.2, 7.2.4, 7.2.6; RFC 9131).
 *
 * No state, but a timer per netif for repeated advertisements.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/prot/icmp6.h"
#include "lwip/stats.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/nd6_priv.h"
#include "link/netif_ip6.h"
#include "wire/ip6.h"

#if LWIP_IPV6 && LWIP_ND6

enum {
  /* What is looked at of a packet that could not be delivered: all headers that we ever send. */
  ND6_REPORT_LEN = 128,
  IP_ERROR_QUOTE_MIN = 8 /* struct ip_error */
};

static const ip6_addr_t addr_any;

static struct pbuf *nd6_alloc(u16_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_IP, len, PBUF_RAM);
  if (p == NULL) {
    drop(NULL, DROP_ND6_NO_MEMORY);
  }
  return p;
}

/** Send and free. */
static err_t nd6_transmit(struct netif *netif, struct pbuf *p, const ip6_addr_t *src,
                          const ip6_addr_t *dst)
{
  ip6_addr_t to = *dst;
  ip6_addr_assign_zone(&to, IP6_UNKNOWN, netif);
  ND6_STATS_INC(nd6.xmit);
  err_t err = icmp6_output(netif, p, src, &to, ND6_HOP_LIMIT, false);
  pbuf_free(p);
  return err;
}

err_t nd6_send_ns(struct netif *netif, const ip6_addr_t *src, const ip6_addr_t *dst,
                  const ip6_addr_t *target, const u8_t *nonce)
{
  /* RFC 4429 3.3: nobody shall note our link-layer address for an optimistic address. */
  bool with_lladdr = src != NULL && !netif_ip6_is_optimistic(netif, src);
  u8_t lladdr_len = with_lladdr ? netif->hwaddr_len : 0;
  u16_t nonce_len = (nonce != NULL) ? ND6_OPTION_UNIT : 0;
  struct pbuf *p = nd6_alloc((u16_t)(ND6_NS_LEN + nd6_lladdr_option_len(lladdr_len) + nonce_len));
  if (p == NULL) {
    return ERR_MEM;
  }
  u8_t *b = (u8_t *)p->payload;
  b += nd6_build_ns(b, target);
  b += nd6_build_lladdr(b, ND6_OPTION_TYPE_SOURCE_LLADDR, netif->hwaddr, lladdr_len);
  if (nonce != NULL) {
    nd6_build_nonce(b, nonce);
  }
  return nd6_transmit(netif, p, (src != NULL) ? src : &addr_any, dst);
}

err_t nd6_send_na(struct netif *netif, const ip6_addr_t *src, const ip6_addr_t *dst,
                  const ip6_addr_t *target, u8_t flags, bool with_lladdr)
{
  u8_t lladdr_len = with_lladdr ? netif->hwaddr_len : 0;
  struct pbuf *p = nd6_alloc((u16_t)(ND6_NA_LEN + nd6_lladdr_option_len(lladdr_len)));
  if (p == NULL) {
    return ERR_MEM;
  }
  if (LWIP_IPV6_FORWARD || nd6_netif_is_router(netif)) {
    flags |= ND6_FLAG_ROUTER;
  }
  u8_t *b = (u8_t *)p->payload;
  b += nd6_build_na(b, flags, target);
  nd6_build_lladdr(b, ND6_OPTION_TYPE_TARGET_LLADDR, netif->hwaddr, lladdr_len);
  return nd6_transmit(netif, p, src, dst);
}

/** Any address of ours on the netif, link-local ones first; NULL: none is usable. */
static const ip6_addr_t *any_address(const struct netif *netif)
{
  const ip6_addr_t *found = netif_ip6_linklocal(netif);
  for (int i = 0; found == NULL && i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    found = netif_ip6_is_usable(netif, i) ? netif_ip6_addr(netif, i) : NULL;
  }
  return found;
}

/**
 * The source of a solicitation: that of the packet that waits, so that the neighbour learns the
 * address that it will answer to (RFC 4861 7.2.2), unless it is optimistic (RFC 4429 3.3).
 */
static const ip6_addr_t *solicitation_source(const struct nd6_neighbor *e, ip6_addr_t *buf)
{
  const struct pbuf *p = nd6_queue_first(e);
  ip6_addr_assign_zone(buf, IP6_UNICAST, e->netif);
  if (p != NULL &&
      pbuf_copy_partial(p, buf->addr, sizeof buf->addr, offsetof(struct ip6_hdr, src)) ==
          sizeof buf->addr &&
      netif_ip6_owns(e->netif, buf) && !netif_ip6_is_optimistic(e->netif, buf)) {
    ip6_addr_assign_zone(buf, IP6_UNICAST, e->netif);
    return buf;
  }
  return any_address(e->netif);
}

void nd6_solicit(struct nd6_neighbor *e, bool is_unicast)
{
  ip6_addr_t buf;
  ip6_addr_t group;
  ip6_addr_t target = e->addr;
  const ip6_addr_t *src = solicitation_source(e, &buf);
  ip6_addr_set_solicitednode(&group, target.addr[3]);
  if (src != NULL) {
    nd6_send_ns(e->netif, src, is_unicast ? &target : &group, &target, NULL);
  }
}

/** An own packet could not be sent: whoever sent it hears the error that a router would send. */
static void report_to_ourselves(const struct ip_rx *rx, const u8_t *bytes, u16_t len)
{
  const struct ip_error e = {.kind = IP_ERROR_HOST_UNREACH,
                             .type = ICMP6_TYPE_DUR,
                             .code = ICMP6_DUR_ADDRESS,
                             .from = &rx->src,
                             .src = &rx->src,
                             .dst = &rx->dst,
                             .proto = rx->proto,
                             .l4 = bytes + rx->header_len,
                             .l4_len = (u16_t)(len - rx->header_len),
                             .netif = rx->netif};
  const struct ip_proto *proto = ip_proto_find(rx->proto, true);
  if (proto != NULL && proto->error != NULL) {
    proto->error(&e);
  }
  if (ip_raw_error != NULL) {
    ip_raw_error(&e);
  }
}

void nd6_report_unreachable(struct pbuf *p)
{
  u8_t bytes[ND6_REPORT_LEN];
  struct ip6_header h;
  struct ip6_walk w;
  u16_t len = pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  if (ip6_parse(&h, bytes, p->tot_len) != DROP_NONE || !ip6_walk(&w, bytes, len) ||
      w.is_later_fragment || w.transport_at + IP_ERROR_QUOTE_MIN > len) {
    return;
  }
  struct ip_rx rx = {.proto = w.proto, .header_len = w.transport_at};
  ip_addr_copy_from_ip6(rx.src, h.src);
  ip_addr_copy_from_ip6(rx.dst, h.dst);
  rx.netif = netif_ip6_owner(&h.src);
  if (rx.netif != NULL) {
    report_to_ourselves(&rx, bytes, len);
    return;
  }
  rx.netif = rx.input_netif = netif_get_by_index(p->if_idx); /* it was forwarded */
  rx.ip6_hdr = (struct ip6_hdr *)p->payload;
  if (rx.input_netif != NULL) {
    icmp6_send_unreachable(p, &rx, ICMP6_DUR_ADDRESS);
  }
}

/** Tell all nodes of every address (RFC 4861 7.2.6). */
static void announce(struct netif *netif)
{
  ip6_addr_t all_nodes;
  ip6_addr_set_allnodes_linklocal(&all_nodes);
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    const ip6_addr_t *addr = netif_ip6_addr(netif, i);
    if (netif_ip6_is_usable(netif, i) && !netif_ip6_is_optimistic(netif, addr)) {
      nd6_send_na(netif, addr, &all_nodes, addr, ND6_FLAG_OVERRIDE, true);
    }
  }
}

static void announce_due(struct timer *t)
{
  struct netif *netif = TIMER_OWNER(t, struct netif, nd6.announce_timer);
  if (!netif_is_usable(netif)) {
    return;
  }
  if (--netif->nd6.announcements_left > 0) {
    timer_set(t, announce_due, nd6_retrans_ms(netif));
  }
  announce(netif);
}

void neighbor_announce(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("neighbor_announce: no netif", netif != NULL);
  netif->nd6.announcements_left = LWIP_ND6_MAX_NEIGHBOR_ADVERTISEMENT;
  if (netif->nd6.announcements_left > 0) {
    announce_due(&netif->nd6.announce_timer);
  }
}

void nd6_address_usable(struct netif *netif, u8_t addr_idx)
{
  ip6_addr_t all_routers;
  const ip6_addr_t *addr = netif_ip6_addr(netif, addr_idx);
  if (!LWIP_ND6_ANNOUNCE_ADDRESSES || ip6_addr_islinklocal(addr) || !netif_is_usable(netif) ||
      !netif_ip6_is_usable(netif, addr_idx)) {
    return;
  }
  ip6_addr_set_allrouters_linklocal(&all_routers);
  nd6_send_na(netif, addr, &all_routers, addr, 0, true);
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
