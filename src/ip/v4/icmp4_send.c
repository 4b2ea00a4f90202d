/**
 * @file
 * ICMP errors that we send (RFC 792, RFC 1122 3.2.2, RFC 1812 4.3.2, RFC 1191 4).
 *
 * Each quotes as much of the packet as makes the whole 576 bytes (RFC 1812 4.3.2.3), and never a
 * byte that the packet did not have. Type of service: RFC 1122 3.2.2 wants its TOS bits zero, RFC
 * 1812 4.3.2.5 precedence 6 ("internetwork control"): 0xC0 is both.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/icmp.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/icmp_limit.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/icmp4_priv.h"
#include "link/netif_ip4.h"

#if LWIP_IPV4 && LWIP_ICMP

#define ICMP4_ERROR_TOS 0xc0U

/** The farthest behind its IP header that a transport strips a packet, before it complains. */
#define TRANSPORT_HEADER_MAX 60

/** What an error quotes at most: 576 bytes less its own headers. */
#define ICMP4_QUOTE_MAX (576 - IP_HLEN - ICMP4_HEADER_LEN)

/** 0/8 has no hosts, class D is groups, class E is nobody's; loopback stays on its interface. */
static bool icmp4_may_answer_to(const struct ip_rx *rx)
{
  const ip4_addr_t *src = ip_2_ip4(&rx->src);
  u8_t first = ip4_addr1(src);
  if (first == 0 || first >= 224 || ip4_addr_isbroadcast(src, rx->input_netif)) {
    return false;
  }
  return !ip4_addr_isloopback(src) || netif_ip4_on_link(rx->input_netif, src);
}

/** Where in its IP packet `p` starts: the bytes from the header up to there lie in front of it. */
static size_t icmp4_offset_of(const struct pbuf *p, const struct ip_rx *rx)
{
  mem_ptr_t header = (mem_ptr_t)rx->ip4_hdr;
  mem_ptr_t payload = (mem_ptr_t)p->payload;
  size_t farthest = (size_t)rx->header_len + TRANSPORT_HEADER_MAX;
  bool is_same_buffer = payload >= header && payload - header <= farthest;
  return is_same_buffer ? payload - header : rx->header_len;
}

/** ICMP errors, and what might be one, are never answered by one (RFC 1122 3.2.2). */
static bool icmp4_is_answerable_icmp(const struct pbuf *p, const struct ip_rx *rx)
{
  size_t offset = icmp4_offset_of(p, rx);
  u8_t type;
  if (offset > rx->header_len) {
    type = ((const u8_t *)rx->ip4_hdr)[rx->header_len];
  } else if (pbuf_copy_partial(p, &type, 1, (u16_t)(rx->header_len - offset)) != 1) {
    return false;
  }
  return icmp4_class_of(type) == ICMP4_QUERY;
}

/** May any error be sent about this packet (RFC 1122 3.2.2, RFC 1812 4.3.2.7)? */
static bool icmp4_may_complain(const struct pbuf *p, const struct ip_rx *rx)
{
  if (rx->ip4_hdr == NULL || rx->input_netif == NULL) {
    return false; /* not within input processing */
  }
  if (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST | IP_RX_LINK_GROUP)) {
    return false;
  }
  if (lwip_ntohs(IPH_OFFSET(rx->ip4_hdr)) & IP_OFFMASK) {
    return false; /* one error for the first fragment is enough */
  }
  if (!icmp4_may_answer_to(rx)) {
    return false;
  }
  return IPH_PROTO(rx->ip4_hdr) != IP_PROTO_ICMP || icmp4_is_answerable_icmp(p, rx);
}

/** The source of an error: the address the packet was for if that is ours, otherwise (forwarding)
    ours in the sender's subnet (RFC 1812 4.3.2.4). */
static const ip4_addr_t *icmp4_error_src(const struct ip_rx *rx)
{
  const ip4_addr_t *dst = ip_2_ip4(&rx->dst);
  bool is_for_us = (rx->flags & IP_RX_ANY_ADDRESS) || netif_ip4_owner(dst) != NULL ||
                   ip4_addr_isloopback(dst);
  return is_for_us ? dst : netif_ip4_addr_toward(rx->input_netif, ip_2_ip4(&rx->src));
}

/** Copy the first `len` bytes of the IP packet that `p` is a part of. */
static void icmp4_quote(u8_t *to, size_t len, const struct pbuf *p, const struct ip_rx *rx)
{
  size_t in_front = LWIP_MIN(icmp4_offset_of(p, rx), len);
  memcpy(to, rx->ip4_hdr, in_front);
  if (len > in_front) {
    pbuf_copy_partial(p, to + in_front, (u16_t)(len - in_front), 0);
  }
}

/** Build and send an error; the caller knows that it may be sent. */
static void icmp4_error_output(const struct pbuf *p, const struct ip_rx *rx, const ip4_addr_t *src,
                               const struct icmp4_message *m)
{
  size_t quote_len = LWIP_MIN(icmp4_offset_of(p, rx) + p->tot_len, ICMP4_QUOTE_MAX);
  u16_t len = (u16_t)(ICMP4_HEADER_LEN + quote_len);
  struct pbuf *q = pbuf_alloc(PBUF_IP, len, PBUF_RAM);
  if (q == NULL) {
    drop(NULL, DROP_ICMP_NO_MEMORY);
    return;
  }
  u8_t *bytes = (u8_t *)q->payload;
  icmp4_build(bytes, m);
  icmp4_quote(bytes + ICMP4_HEADER_LEN, quote_len, p, rx);
  icmp4_store16(bytes + 2, inet_chksum(bytes, len));
  icmp4_output(q, rx, src, ICMP4_ERROR_TOS);
  pbuf_free(q);
}

static void icmp4_send(struct pbuf *p, const struct ip_rx *rx, u8_t type, u8_t code, u32_t rest)
{
  const struct icmp4_message m = {.type = type, .code = code, .rest = rest};
  if (!icmp4_may_complain(p, rx)) {
    return;
  }
  const ip4_addr_t *src = icmp4_error_src(rx);
  if (ip4_addr_isany(src)) {
    return;
  }
  if (!icmp_limit_allows_error(&rx->src)) {
    drop(NULL, DROP_ICMP_RATE_LIMITED);
    return;
  }
  if (type == ICMP_DUR) {
    MIB2_STATS_INC(mib2.icmpoutdestunreachs);
  } else if (type == ICMP_TE) {
    MIB2_STATS_INC(mib2.icmpouttimeexcds);
  }
  icmp4_error_output(p, rx, src, &m);
}

void icmp4_send_unreachable(struct pbuf *p, const struct ip_rx *rx, u8_t code, u16_t mtu)
{
  icmp4_send(p, rx, ICMP_DUR, code, mtu);
}

void icmp4_send_time_exceeded(struct pbuf *p, const struct ip_rx *rx, u8_t code)
{
  icmp4_send(p, rx, ICMP_TE, code, 0);
}

void icmp4_send_param_problem(struct pbuf *p, const struct ip_rx *rx, u8_t pointer)
{
  icmp4_send(p, rx, ICMP_PP, 0, (u32_t)pointer << 24);
}

void icmp_dest_unreach(struct pbuf *p, enum icmp_dur_type t)
{
  LWIP_ASSERT_CORE_LOCKED();
  icmp4_send_unreachable(p, ip_current(), (u8_t)t, 0);
}

void icmp_time_exceeded(struct pbuf *p, enum icmp_te_type t)
{
  LWIP_ASSERT_CORE_LOCKED();
  icmp4_send_time_exceeded(p, ip_current(), (u8_t)t);
}

#endif /* LWIP_IPV4 && LWIP_ICMP */
