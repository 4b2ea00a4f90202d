/**
 * @file
 * ICMPv6 errors that come in: checked, normalised, and passed to whoever sent the packet they quote
 * (RFC 4443 2.4, 3, RFC 8201, RFC 5927).
 *
 * An error is evidence that anybody can forge. It must be addressed to the address that the quoted
 * packet came from, and the transport must know that packet (ports, sequence number) before
 * anything is believed, the path MTU included.
 *
 * Deviation: RFC 8201 4 wants Packet Too Big below 1280 discarded. It is taken for 1280 instead, as
 * a message that says 1280 would be: then it tells the truth where the path is as narrow as IPv6
 * allows and a translator names its IPv4 link's MTU. There are no atomic fragments (RFC 8021).
 */
#include "lwip/opt.h"
#include "lwip/icmp6.h"
#include "gossamer/drop.h"
#include "gossamer/pmtu.h"
#include "base/registry.h"
#include "ip/v6/icmp6_priv.h"

#if LWIP_IPV6 && LWIP_ICMP6

/** What is looked at of a quoted packet: its header, extension headers, and the beginning of its
    transport header. */
#define QUOTE_BYTES_MAX 256

/** Codes of "destination unreachable" in order (RFC 4443 3.1, RFC 6550, RFC 8883). */
static const u8_t unreach_kinds[] = {
    IP_ERROR_NET_UNREACH,  IP_ERROR_PROHIBITED, IP_ERROR_NET_UNREACH, IP_ERROR_HOST_UNREACH,
    IP_ERROR_PORT_UNREACH, IP_ERROR_PROHIBITED, IP_ERROR_PROHIBITED,  IP_ERROR_SOURCE_ROUTE,
};

static enum ip_error_kind icmp6_error_kind(const struct icmp6_message *m)
{
  switch (m->type) {
  case ICMP6_TYPE_DUR:
    return m->code < sizeof unreach_kinds ? (enum ip_error_kind)unreach_kinds[m->code]
                                          : IP_ERROR_OTHER;
  case ICMP6_TYPE_PTB:
    return IP_ERROR_TOO_BIG; /* whatever the code (RFC 4443 3.2) */
  case ICMP6_TYPE_TE:
    return m->code == ICMP6_TE_FRAG ? IP_ERROR_REASSEMBLY : IP_ERROR_TIME_EXCEEDED;
  case ICMP6_TYPE_PP:
    return m->code == ICMP6_PP_HEADER ? IP_ERROR_PROTO_UNREACH : IP_ERROR_PARAM_PROBLEM;
  default:
    return IP_ERROR_OTHER;
  }
}

/** Raw pcbs hear of it as well as the protocol: both are asked. True: one of them sent it. */
static bool icmp6_error_deliver(const struct ip_error *e)
{
  const struct ip_proto *proto = ip_proto_find(e->proto, true);
  bool is_ours = ip_raw_error != NULL && ip_raw_error(e);
  if (proto != NULL && proto->error != NULL) {
    is_ours = proto->error(e) || is_ours;
  }
  return is_ours;
}

static enum drop_reason icmp6_error_process(struct pbuf *p, const struct ip_rx *rx,
                                            const struct icmp6_message *m)
{
  u8_t bytes[QUOTE_BYTES_MAX];
  struct icmp6_quote q;
  ip_addr_t src, dst;
  u16_t len = pbuf_copy_partial(p, bytes, sizeof bytes, ICMP6_HLEN);
  enum drop_reason bad = icmp6_quote_parse(&q, bytes, len);
  if (bad) {
    return bad;
  }
  ip6_addr_assign_zone(&q.src, IP6_UNICAST, rx->input_netif);
  ip6_addr_assign_zone(&q.dst, IP6_UNKNOWN, rx->input_netif);
  ip_addr_copy_from_ip6(src, q.src);
  ip_addr_copy_from_ip6(dst, q.dst);
  /* `rx->dst` is ours, IP input saw to that; errors go to one host. */
  if ((rx->flags & IP_RX_MULTICAST) || !ip_addr_eq(&src, &rx->dst)) {
    return DROP_ICMP6_NOT_OURS;
  }
  struct ip_error e = {.kind = icmp6_error_kind(m),
                       .type = m->type,
                       .code = m->code,
                       .from = &rx->src,
                       .src = &src,
                       .dst = &dst,
                       .proto = q.proto,
                       .l4 = q.l4,
                       .l4_len = q.l4_len,
                       .netif = rx->input_netif};
  if (e.kind == IP_ERROR_TOO_BIG) {
    e.mtu_told = e.mtu = (u16_t)LWIP_MAX(LWIP_MIN(m->rest, 0xffffUL), PMTU_IP6_FLOOR);
  }
  if (!icmp6_error_deliver(&e)) {
    return DROP_ICMP6_NOT_OURS;
  }
  if (e.kind == IP_ERROR_TOO_BIG) {
    pmtu_lower(&dst, e.mtu);
  }
  return DROP_NONE;
}

void icmp6_error_rx(struct pbuf *p, const struct ip_rx *rx, const struct icmp6_message *m)
{
  enum drop_reason bad = icmp6_error_process(p, rx, m);
  if (bad) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

#endif
