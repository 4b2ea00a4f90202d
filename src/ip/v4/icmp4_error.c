/**
 * @file
 * ICMP errors that come in: checked, normalised, and passed to whoever sent the packet they quote
 * (RFC 1122 3.2.2.1, RFC 1191, RFC 5927).
 *
 * An error is evidence that anybody can forge. It must be addressed to the address that the quoted
 * packet came from, and the transport must know that packet (ports, sequence number) before
 * anything is believed, the path MTU included.
 */
#include "lwip/opt.h"
#include "lwip/icmp.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/pmtu.h"
#include "base/registry.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/icmp4_priv.h"

#if LWIP_IPV4 && LWIP_ICMP

#define ICMP4_TE_CODES 2 /* RFC 792: 0, 1 */
#define ICMP4_PP_CODES 3 /* RFC 1108, 1122: 0, 1, 2 */

/** Codes of "destination unreachable" in order (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1). */
static const u8_t unreach_kinds[] = {
    IP_ERROR_NET_UNREACH,  IP_ERROR_HOST_UNREACH, IP_ERROR_PROTO_UNREACH, IP_ERROR_PORT_UNREACH,
    IP_ERROR_TOO_BIG,      IP_ERROR_SOURCE_ROUTE, IP_ERROR_NET_UNREACH,   IP_ERROR_HOST_UNREACH,
    IP_ERROR_HOST_UNREACH, IP_ERROR_PROHIBITED,   IP_ERROR_PROHIBITED,    IP_ERROR_NET_UNREACH,
    IP_ERROR_HOST_UNREACH, IP_ERROR_PROHIBITED,   IP_ERROR_PROHIBITED,    IP_ERROR_PROHIBITED,
};

static bool icmp4_error_kind(enum ip_error_kind *kind, const struct icmp4_message *m)
{
  switch (m->type) {
  case ICMP_DUR:
    if (m->code >= sizeof unreach_kinds) {
      return false;
    }
    *kind = (enum ip_error_kind)unreach_kinds[m->code];
    return true;
  case ICMP_TE:
    *kind = (m->code == ICMP_TE_TTL) ? IP_ERROR_TIME_EXCEEDED : IP_ERROR_REASSEMBLY;
    return m->code < ICMP4_TE_CODES;
  default:
    *kind = IP_ERROR_PARAM_PROBLEM;
    return m->code < ICMP4_PP_CODES;
  }
}

/** Raw pcbs hear of it as well as the protocol: both are asked. True: one of them sent it. */
static bool icmp4_error_deliver(const struct ip_error *e)
{
  const struct ip_proto *proto = ip_proto_find(e->proto, false);
  bool is_ours = ip_raw_error != NULL && ip_raw_error(e);
  if (proto != NULL && proto->error != NULL) {
    is_ours = proto->error(e) || is_ours;
  }
  return is_ours;
}

/** A next hop's MTU as it is in the message, or for routers that do not say it, the next lower
    plateau (RFC 1191 5). */
static u16_t icmp4_error_mtu(const struct icmp4_message *m, const struct icmp4_quote *q)
{
  u16_t mtu = (u16_t)m->rest;
  return mtu != 0 ? mtu : pmtu_plateau_below(q->total_len);
}

static enum drop_reason icmp4_error_process(struct pbuf *p, const struct ip_rx *rx,
                                            const struct icmp4_message *m)
{
  u8_t bytes[ICMP4_ERROR_BYTES_MAX];
  struct icmp4_quote q;
  struct ip_error e = {
      .type = m->type, .code = m->code, .from = &rx->src, .netif = rx->input_netif};
  if (!icmp4_error_kind(&e.kind, m)) {
    return DROP_ICMP_BAD_CODE;
  }
  enum drop_reason bad = icmp4_quote_parse(&q, bytes, pbuf_copy_partial(p, bytes, sizeof bytes, 0));
  if (bad) {
    return bad;
  }
  ip_addr_t src, dst;
  ip_addr_set_ip4_u32_val(src, q.src);
  ip_addr_set_ip4_u32_val(dst, q.dst);
  /* `rx->dst` is ours, IP input saw to that; errors go to one host. */
  if ((rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST)) || !ip_addr_eq(&src, &rx->dst)) {
    return DROP_ICMP_NOT_OURS;
  }
  u16_t mtu = icmp4_error_mtu(m, &q);
  e.src = &src;
  e.dst = &dst;
  e.proto = q.proto;
  e.l4 = q.l4;
  e.l4_len = q.l4_len;
  e.mtu_told = (e.kind == IP_ERROR_TOO_BIG) ? mtu : 0;
  e.mtu = (e.kind == IP_ERROR_TOO_BIG) ? LWIP_MAX(mtu, PMTU_IP4_FLOOR) : 0;
  if (!icmp4_error_deliver(&e)) {
    return DROP_ICMP_NOT_OURS;
  }
  if (e.kind == IP_ERROR_TOO_BIG) {
    pmtu_lower(&dst, mtu); /* below its floor, it lets routers fragment instead */
  }
  return DROP_NONE;
}

void icmp4_error_rx(struct pbuf *p, const struct ip_rx *rx, const struct icmp4_message *m)
{
  enum drop_reason bad = icmp4_error_process(p, rx, m);
  if (bad) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

#endif /* LWIP_IPV4 && LWIP_ICMP */
