/**
 * @file
 * IPv6 output: header, route, loop back what is ours, fragment, hand to the netif.
 *
 * State: the key of flow labels (RFC 6437 3).
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip.h"
#include "lwip/ip6.h"
#include "lwip/prot/ip6.h"
#include "lwip/stats.h"
#include "gossamer/pmtu.h"
#include "gossamer/state.h"
#include "base/random.h"
#include "base/siphash.h"
#include "link/netif_ip6.h"
#include "wire/ip6.h"
#include "ip/offload.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/ip6_priv.h"
#include "ip/v6/ip6_reass.h"
#include "ip/v6/nd6_router.h"

#if LWIP_IPV6

struct ip6_output_state {
  u8_t label_key[SIPHASH_KEY_LEN];
};

STACK_STATE(struct ip6_output_state, ip6_out);

/** Source and destination port begin every transport header that has ports. */
#define PORTS_LEN 4

/**
 * The same for all packets of one flow, and nobody without the key can guess another's (RFC 6437
 * 3). `p` starts behind the IPv6 header.
 */
static u32_t flow_label(const struct ip6_header *h, const struct pbuf *p)
{
  u32_t words[10] = {h->src.addr[0], h->src.addr[1], h->src.addr[2], h->src.addr[3], h->dst.addr[0],
                     h->dst.addr[1], h->dst.addr[2], h->dst.addr[3], h->nexth,       0};
  if (!LWIP_IPV6_FLOW_LABEL) {
    return 0;
  }
  if (h->nexth == IP6_NEXTH_TCP || h->nexth == IP6_NEXTH_UDP || h->nexth == IP6_NEXTH_UDPLITE) {
    pbuf_copy_partial(p, &words[9], PORTS_LEN, 0);
  }
  u32_t label = siphash_u32(ip6_out()->label_key, words, LWIP_ARRAYSIZE(words)) & 0xfffffUL;
  return label != 0 ? label : 1;
}

/** ::1 never appears on a wire (RFC 4291 2.5.3), nor do groups of interface scope (RFC 4007 4). */
bool ip6_stays_inside(const struct netif *netif, const ip6_addr_t *dst)
{
  return ip6_addr_isloopback(dst) || ip6_addr_ismulticast_iflocal(dst) ||
         netif_ip6_owns(netif, dst);
}

/** How long a packet to `dst` may be. `flags`: of the packet */
static u16_t path_mtu(const struct netif *netif, const ip6_addr_t *dst, u8_t flags)
{
  const u8_t probe = PBUF_FLAG_DF_ALWAYS | PBUF_FLAG_DF_NEVER;
  ip_addr_t generic;
  u16_t mtu = LWIP_SOCKET ? ip6_bounded(ip6_link_mtu(netif)) : ip6_link_mtu(netif);
  ip_addr_copy_from_ip6(generic, *dst);
  bool is_by_link = ip6_addr_ismulticast(dst) || (flags & probe) == probe;
  return is_by_link ? mtu : pmtu_get(&generic, mtu);
}

/** Is it too long, and not to be fragmented? */
static bool must_stay(const struct pbuf *p, const struct netif *netif, const ip6_addr_t *dst)
{
  return (p->flags & PBUF_FLAG_DF_ALWAYS) && !ip6_stays_inside(netif, dst) &&
         (u32_t)offload_transport_len(p) + IP6_HLEN > path_mtu(netif, dst, p->flags);
}

/** How a packet leaves. */
struct way_out {
  struct netif *netif;
  ip6_addr_t next;
  u16_t mtu;
  bool may_fragment;
};

static err_t leave(struct pbuf *p, void *arg)
{
  const struct way_out *by = (const struct way_out *)arg;
  if (p->tot_len <= by->mtu) {
    return by->netif->output_ip6(by->netif, p, &by->next);
  }
  if (LWIP_IPV6_FRAG && by->may_fragment) {
    return ip6_frag_to(p, by->netif, &by->next, by->mtu);
  }
  MIB2_STATS_INC(mib2.ipfragfails);
  return ERR_IF;
}

err_t ip6_leave(struct pbuf *p, struct netif *netif, const ip6_addr_t *next, u16_t mtu,
                bool may_fragment)
{
  struct way_out by = {netif, *next, mtu, may_fragment};
  if (!pbuf_has_offload(p)) {
    return leave(p, &by);
  }
  if (offload_is_done_by(p, netif) && offload_wire_len(p) <= mtu) {
    return netif->output_ip6(netif, p, next);
  }
  return offload_unfold(p, netif, leave, &by);
}

/** A complete packet: to ourselves, or by `netif`, in fragments if it must be. */
static err_t send(struct pbuf *p, struct netif *netif, const ip6_addr_t *dst, bool may_fragment)
{
  bool is_inside = ip6_stays_inside(netif, dst);
  IP6_STATS_INC(ip6.xmit);
  MIB2_STATS_INC(mib2.ipoutrequests);
  if (is_inside) {
    return ip6_loop_output(netif, p);
  }
  if (ENABLE_LOOPBACK && (p->flags & PBUF_FLAG_MCASTLOOP)) {
    p->flags &= (u8_t)~PBUF_FLAG_GIVEN; /* it goes on */
    (void)ip6_loop_output(netif, p);
  }
  ip6_addr_t next = ip6_next_hop(netif, dst);
  u16_t mtu = path_mtu(netif, dst, p->flags);
  return ip6_leave(p, netif, &next, mtu, may_fragment);
}

static bool can_output(const struct netif *netif)
{
  return netif != NULL && netif_is_up(netif) && netif->output_ip6 != NULL;
}

/** LWIP_IP_HDRINCL: the header is the caller's, who answers for it. */
static err_t send_with_header(struct pbuf *p, struct netif *netif)
{
  u8_t buf[IP6_HLEN];
  struct ip6_header h;
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP6_HLEN, 0);
  if (bytes == NULL || ip6_parse(&h, bytes, p->tot_len) != DROP_NONE) {
    return ERR_BUF;
  }
  ip6_addr_assign_zone(&h.dst, IP6_UNKNOWN, netif);
  return send(p, netif, &h.dst, false);
}

/** Can a packet with these addresses be sent by `netif`? */
static err_t check_addresses(const ip6_addr_t *src, const ip6_addr_t *dst,
                             const struct netif *netif)
{
  if (ip6_addr_isany_val(*dst) || ip6_addr_isipv4mappedipv6(dst)) {
    return ERR_VAL;
  }
  if (ip6_addr_has_zone(dst) && !ip6_addr_test_zone(dst, netif)) {
    return ERR_RTE;
  }
  if (ip6_addr_isloopback(dst) || (src != NULL && ip6_addr_isloopback(src))) {
    /* it would leave the host, and nobody could answer */
    return (ENABLE_LOOPBACK && ip6_stays_inside(netif, dst)) ? ERR_OK : ERR_VAL;
  }
  return ERR_OK;
}

err_t ip6_output_if_src(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl,
                        u8_t tc, u8_t nexth, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_IP_CHECK_PBUF_REF_COUNT_FOR_TX(p);
  if (!can_output(netif)) {
    return ERR_IF;
  }
  if (dest == LWIP_IP_HDRINCL) {
    return send_with_header(p, netif);
  }
  IP6_ADDR_ZONECHECK_NETIF(dest, netif);
  err_t err = check_addresses(src, dest, netif);
  if (err == ERR_OK && must_stay(p, netif, dest)) {
    MIB2_STATS_INC(mib2.ipfragfails);
    err = ERR_VAL;
  }
  if (err != ERR_OK) {
    return err;
  }
  struct ip6_header h = {.dst = *dest,
                         .payload_len = p->tot_len,
                         .tc = tc,
                         .nexth = nexth,
                         .hop_limit = hl != 0 ? hl : nd6_hop_limit(netif)};
  ip6_addr_set(&h.src, src);
  h.flow_label = flow_label(&h, p);
  if (p->tot_len > 0xffffU - IP6_HLEN || pbuf_add_header(p, IP6_HLEN)) {
    return ERR_BUF;
  }
  ip6_build((u8_t *)p->payload, &h);
  return send(p, netif, &h.dst, true); /* `dest` may point into the packet */
}

err_t ip6_output_if(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl, u8_t tc,
                    u8_t nexth, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dest != LWIP_IP_HDRINCL && netif != NULL && ip6_addr_isany(src)) {
    const ip_addr_t *chosen = ip6_select_source_address(netif, dest);
    if (chosen == NULL) {
      IP6_STATS_INC(ip6.rterr);
      return ERR_RTE;
    }
    src = ip_2_ip6(chosen);
  }
  return ip6_output_if_src(p, src, dest, hl, tc, nexth, netif);
}

/** Where a packet goes whose header is there already. */
static struct netif *route_header(struct pbuf *p)
{
  u8_t buf[IP6_HLEN];
  struct ip6_header h;
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP6_HLEN, 0);
  if (bytes == NULL || ip6_parse(&h, bytes, p->tot_len) != DROP_NONE) {
    return NULL;
  }
  return ip6_route(&h.src, &h.dst);
}

err_t ip6_output(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl, u8_t tc,
                 u8_t nexth)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = (dest == LWIP_IP_HDRINCL) ? route_header(p) : ip6_route(src, dest);
  return netif == NULL ? ERR_RTE : ip6_output_if(p, src, dest, hl, tc, nexth, netif);
}

err_t ip6_output_hinted(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl,
                        u8_t tc, u8_t nexth, struct netif_hint *netif_hint)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = (dest == LWIP_IP_HDRINCL) ? route_header(p) : ip6_route(src, dest);
  if (netif == NULL) {
    return ERR_RTE;
  }
  LWIP_UNUSED_ARG(netif_hint);
  NETIF_SET_HINTS(netif, netif_hint);
  err_t err = ip6_output_if(p, src, dest, hl, tc, nexth, netif);
  NETIF_RESET_HINTS(netif);
  return err;
}

err_t ip6_options_add_hbh_ra(struct pbuf *p, u8_t nexth, u8_t value)
{
  if (pbuf_add_header(p, IP6_ROUTER_ALERT_HLEN)) {
    return ERR_BUF;
  }
  ip6_build_router_alert((u8_t *)p->payload, nexth, value);
  return ERR_OK;
}

static void ip6_init(void)
{
  if (LWIP_IPV6_FLOW_LABEL) {
    random_key(ip6_out()->label_key, "ip6 flow label");
  }
}

const struct net_module ip6_module = {.name = "ip6", .init = ip6_init};

#endif
