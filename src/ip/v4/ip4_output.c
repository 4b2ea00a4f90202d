/**
 * @file
 * IPv4 output: header, route, loop back what is ours, fragment, hand to the netif.
 *
 * No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip.h"
#include "lwip/ip4.h"
#include "lwip/ip4_frag.h"
#include "lwip/prot/ip4.h"
#include "lwip/stats.h"
#include "gossamer/pmtu.h"
#include "link/netif_ip4.h"
#include "wire/ip4.h"
#include "ip/offload.h"
#include "ip/v4/ip4_module.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4

#define OPTIONS_LEN_MAX (IP_HLEN_MAX - IP_HLEN)

/** Loopback addresses never appear on a wire (RFC 1122 3.2.1.3 (g)). */
bool ip4_stays_inside(const struct netif *netif, const ip4_addr_t *dst)
{
  return ip4_addr_isloopback(dst) || netif_ip4_owns(netif, dst);
}

/** How long a packet to `dst` may be, and whether routers must leave it whole. `flags`: of the
    packet */
static u16_t path_mtu(const struct netif *netif, const ip4_addr_t *dst, u8_t flags,
                      bool *dont_fragment)
{
  ip_addr_t generic;
  u16_t mtu = ip4_link_mtu(netif);
  bool is_always = (flags & PBUF_FLAG_DF_ALWAYS) != 0;
  bool is_never = (flags & PBUF_FLAG_DF_NEVER) != 0;
  *dont_fragment = is_always;
  if (!LWIP_PMTU_DISCOVERY || ip4_addr_ismulticast(dst) || ip4_addr_isbroadcast(dst, netif) ||
      (is_always && is_never)) {
    return mtu;
  }
  ip_addr_copy_from_ip4(generic, *dst);
  *dont_fragment = is_always || (!is_never && !pmtu_is_below_floor(&generic));
  return pmtu_get(&generic, mtu);
}

/** How a packet leaves. */
struct way_out {
  struct netif *netif;
  ip4_addr_t next;
  u16_t mtu;
  bool may_fragment;
};

static err_t leave(struct pbuf *p, void *arg)
{
  const struct way_out *by = (const struct way_out *)arg;
  if (p->tot_len <= by->mtu) {
    return by->netif->output(by->netif, p, &by->next);
  }
  if (IP_FRAG && by->may_fragment) {
    return ip4_frag_to(p, by->netif, &by->next, by->mtu);
  }
  MIB2_STATS_INC(mib2.ipfragfails);
  return ERR_IF;
}

err_t ip4_leave(struct pbuf *p, struct netif *netif, const ip4_addr_t *next, u16_t mtu,
                bool may_fragment)
{
  struct way_out by = {netif, *next, mtu, may_fragment};
  if (!pbuf_has_offload(p)) {
    return leave(p, &by);
  }
  if (offload_is_done_by(p, netif) && offload_wire_len(p) <= mtu) {
    return netif->output(netif, p, next);
  }
  return offload_unfold(p, netif, leave, &by);
}

/** A complete packet comes back to ourselves. */
static err_t loop(struct pbuf *p, struct netif *netif)
{
  IP_STATS_INC(ip.xmit);
  MIB2_STATS_INC(mib2.ipoutrequests);
  return ip4_loop_output(netif, p);
}

/** A complete packet leaves by `netif`, in fragments if it must be. */
static err_t send(struct pbuf *p, struct netif *netif, const ip4_addr_t *dst, u16_t mtu,
                  bool may_fragment)
{
  IP_STATS_INC(ip.xmit);
  MIB2_STATS_INC(mib2.ipoutrequests);
  if (ENABLE_LOOPBACK && (p->flags & PBUF_FLAG_MCASTLOOP)) {
    p->flags &= (u8_t)~PBUF_FLAG_GIVEN; /* it goes on */
    (void)ip4_loop_output(netif, p);
  }
  if (ip4_addr_isloopback(dst)) {
    return ERR_VAL;
  }
  ip4_addr_t next = ip4_next_hop(netif, dst);
  return ip4_leave(p, netif, &next, mtu, may_fragment);
}

/** LWIP_IP_HDRINCL: the header is the caller's, who answers for it. */
static err_t send_with_header(struct pbuf *p, struct netif *netif)
{
  u8_t buf[IP_HLEN];
  struct ip4_header h;
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP_HLEN, 0);
  if (bytes == NULL || ip4_parse(&h, bytes, p->tot_len) != DROP_NONE) {
    return ERR_BUF;
  }
  if (ENABLE_LOOPBACK && ip4_stays_inside(netif, &h.dst)) {
    return loop(p, netif);
  }
  return send(p, netif, &h.dst, ip4_link_mtu(netif), !h.dont_fragment);
}

static err_t check_output(const struct pbuf *p, const ip4_addr_t *dst, const struct netif *netif,
                          u16_t optlen)
{
  if (netif == NULL || !netif_is_up(netif)) {
    return ERR_IF;
  }
  if (ip4_addr_isany_val(*dst) || optlen > (IP_OPTIONS_SEND ? OPTIONS_LEN_MAX : 0)) {
    return ERR_VAL;
  }
  return (u32_t)p->tot_len + IP_HLEN + optlen > 0xffffUL ? ERR_BUF : ERR_OK;
}

/** @param has_sum  with the checksum that the hardware does not make */
static err_t add_header(struct pbuf *p, struct ip4_header *h, bool has_sum, const void *options,
                        u16_t optlen)
{
  u16_t padded_len = (u16_t)((optlen + 3) & ~3);
  h->header_len = (u16_t)(IP_HLEN + padded_len);
  if (pbuf_add_header(p, h->header_len)) {
    return ERR_BUF;
  }
  u8_t *bytes = (u8_t *)p->payload;
  h->total_len = p->tot_len;
  ip4_build(bytes, h);
  if (optlen > 0) {
    memset(bytes + IP_HLEN, 0, padded_len);
    memcpy(bytes + IP_HLEN, options, optlen);
  }
  if (has_sum) {
    ip4_put_checksum(bytes, h->header_len);
  }
  return ERR_OK;
}

/** An identification, and as many behind it as the packet will be cut into. */
static u16_t draw_id(const struct ip4_header *h, const struct pbuf *p)
{
  u16_t first = ip4_id_next(&h->src, &h->dst, h->proto);
  for (unsigned i = offload_count(p); i > 1; i--) {
    (void)ip4_id_next(&h->src, &h->dst, h->proto);
  }
  return first;
}

/** To ourselves. */
static err_t output_inside(struct pbuf *p, struct ip4_header *h, struct netif *netif,
                           const void *options, u16_t optlen)
{
  h->dont_fragment = true;
  err_t err = add_header(p, h, false, options, optlen);
  if (err != ERR_OK) {
    return err;
  }
  return loop(p, netif);
}

err_t ip4_output_if_opt_src(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                            u8_t tos, u8_t proto, struct netif *netif, void *ip_options,
                            u16_t optlen)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_IP_CHECK_PBUF_REF_COUNT_FOR_TX(p);
  if (dest == LWIP_IP_HDRINCL) {
    return (netif == NULL || !netif_is_up(netif)) ? ERR_IF : send_with_header(p, netif);
  }
  err_t err = check_output(p, dest, netif, optlen);
  if (err != ERR_OK) {
    return err;
  }
  struct ip4_header h = {.dst = *dest, .tos = tos, .ttl = ttl, .proto = proto};
  if (src != NULL) {
    h.src = *src;
  }
  if (ENABLE_LOOPBACK && ip4_stays_inside(netif, dest)) {
    return output_inside(p, &h, netif, ip_options, optlen);
  }
  if (ip4_addr_isloopback(&h.src)) {
    return ERR_VAL; /* it would leave the host, and nobody could answer */
  }
  u16_t mtu = path_mtu(netif, dest, p->flags, &h.dont_fragment);
  bool fits = (u32_t)offload_transport_len(p) + IP_HLEN + ((optlen + 3U) & ~3U) <= mtu;
  if (!fits && (p->flags & PBUF_FLAG_DF_ALWAYS)) {
    MIB2_STATS_INC(mib2.ipfragfails);
    return ERR_VAL;
  }
  h.dont_fragment = h.dont_fragment && fits;
  /* RFC 6864 4.1: the identification of a packet that cannot be fragmented means nothing. */
  h.id = h.dont_fragment ? 0 : draw_id(&h, p);
  err = add_header(p, &h, IP4_GENERATES(IP, netif), ip_options, optlen);
  if (err != ERR_OK) {
    return err;
  }
  return send(p, netif, &h.dst, mtu, true); /* `dest` may point into the packet */
}

err_t ip4_output_if_opt(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                        u8_t tos, u8_t proto, struct netif *netif, void *ip_options, u16_t optlen)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dest != LWIP_IP_HDRINCL && netif != NULL && (src == NULL || ip4_addr_isany_val(*src))) {
    src = netif_ip4_addr_toward(netif, dest);
  }
  return ip4_output_if_opt_src(p, src, dest, ttl, tos, proto, netif, ip_options, optlen);
}

err_t ip4_output_if(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                    u8_t tos, u8_t proto, struct netif *netif)
{
  return ip4_output_if_opt(p, src, dest, ttl, tos, proto, netif, NULL, 0);
}

err_t ip4_output_if_src(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                        u8_t tos, u8_t proto, struct netif *netif)
{
  return ip4_output_if_opt_src(p, src, dest, ttl, tos, proto, netif, NULL, 0);
}

/** Where a packet goes whose header is there already. */
static struct netif *route_header(struct pbuf *p)
{
  u8_t buf[IP_HLEN];
  struct ip4_header h;
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP_HLEN, 0);
  if (bytes == NULL || ip4_parse(&h, bytes, p->tot_len) != DROP_NONE) {
    return NULL;
  }
  return ip4_route_src(&h.src, &h.dst);
}

err_t ip4_output(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl, u8_t tos,
                 u8_t proto)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = (dest == LWIP_IP_HDRINCL) ? route_header(p) : ip4_route_src(src, dest);
  return netif == NULL ? ERR_RTE : ip4_output_if(p, src, dest, ttl, tos, proto, netif);
}

#if LWIP_NETIF_USE_HINTS
err_t ip4_output_hinted(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                        u8_t tos, u8_t proto, struct netif_hint *netif_hint)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = (dest == LWIP_IP_HDRINCL) ? route_header(p) : ip4_route_src(src, dest);
  if (netif == NULL) {
    return ERR_RTE;
  }
  NETIF_SET_HINTS(netif, netif_hint);
  err_t err = ip4_output_if(p, src, dest, ttl, tos, proto, netif);
  NETIF_RESET_HINTS(netif);
  return err;
}
#endif

#endif
