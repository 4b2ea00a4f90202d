/**
 * @file
 * ICMPv6 errors that we send (RFC 4443 2.4, 3).
 *
 * Each quotes as much of the packet as makes the whole 1280 bytes (2.4 (c)), or LWIP_ICMP6_DATASIZE
 * bytes of it, and never a byte that the packet did not have.
 *
 * No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/icmp6.h"
#include "lwip/ip.h"
#include "lwip/prot/ip6.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/icmp_limit.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/icmp6_priv.h"

#if LWIP_IPV6 && LWIP_ICMP6

/** The farthest behind its IP headers that a transport strips a packet, before it complains. */
#define TRANSPORT_HEADER_MAX 60

/** What an error quotes at most. */
#define QUOTE_MAX                                                                                  \
  ((LWIP_ICMP6_DATASIZE > 0) ? LWIP_MIN(LWIP_ICMP6_DATASIZE, ICMP6_QUOTE_MAX) : ICMP6_QUOTE_MAX)

/** Packets that went to many are answered only where path MTU discovery and the sender of an option
    need it (RFC 4443 2.4 (e.3)). */
static bool icmp6_may_answer_group(const struct icmp6_message *m)
{
  return m->type == ICMP6_TYPE_PTB || (m->type == ICMP6_TYPE_PP && m->code == ICMP6_PARAM_OPTION);
}

/** May this error be sent, as far as the packet's addresses go (RFC 4443 2.4 (e.3) to (e.6))? */
static bool icmp6_may_complain(const struct ip_rx *rx, const struct icmp6_message *m)
{
  const ip6_addr_t *src = ip_2_ip6(&rx->src);
  if (rx->ip6_hdr == NULL || rx->input_netif == NULL) {
    return false; /* not within input processing */
  }
  bool was_for_many = ip6_addr_ismulticast(ip_2_ip6(&rx->dst)) ||
                      (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST | IP_RX_LINK_GROUP));
  if (was_for_many && !icmp6_may_answer_group(m)) {
    return false;
  }
  return !ip6_addr_isany(src) && !ip6_addr_ismulticast(src);
}

/** Where in its IPv6 packet `p` starts: the bytes from the header up to there lie in front of it.
 */
static size_t icmp6_offset_of(const struct pbuf *p, const struct ip_rx *rx)
{
  mem_ptr_t header = (mem_ptr_t)rx->ip6_hdr;
  mem_ptr_t payload = (mem_ptr_t)p->payload;
  size_t farthest = (size_t)rx->header_len + TRANSPORT_HEADER_MAX;
  bool is_same_buffer = payload >= header && payload - header <= farthest;
  return is_same_buffer ? payload - header : rx->header_len;
}

/** Copy the first `len` bytes of the IPv6 packet that `p` is a part of. */
static void icmp6_quote(u8_t *to, size_t len, const struct pbuf *p, const struct ip_rx *rx)
{
  size_t in_front = LWIP_MIN(icmp6_offset_of(p, rx), len);
  memcpy(to, rx->ip6_hdr, in_front);
  if (len > in_front) {
    pbuf_copy_partial(p, to + in_front, (u16_t)(len - in_front), 0);
  }
}

/** The error, quoting the packet, with checksum 0; NULL: no memory. */
static struct pbuf *icmp6_error_build(const struct pbuf *p, const struct ip_rx *rx,
                                      const struct icmp6_message *m)
{
  size_t quote_len = LWIP_MIN(icmp6_offset_of(p, rx) + p->tot_len, (size_t)QUOTE_MAX);
  struct pbuf *q = pbuf_alloc(PBUF_IP, (u16_t)(ICMP6_HLEN + quote_len), PBUF_RAM);
  if (q == NULL) {
    drop(NULL, DROP_ICMP6_NO_MEMORY);
    return NULL;
  }
  icmp6_build((u8_t *)q->payload, m);
  icmp6_quote((u8_t *)q->payload + ICMP6_HLEN, quote_len, p, rx);
  return q;
}

static void icmp6_send(const struct pbuf *p, const struct ip_rx *rx, u8_t type, u8_t code,
                       u32_t rest)
{
  const struct icmp6_message m = {.type = type, .code = code, .rest = rest};
  if (!icmp6_may_complain(rx, &m)) {
    return;
  }
  struct pbuf *q = icmp6_error_build(p, rx, &m);
  if (q == NULL) {
    return;
  }
  const u8_t *quote = (const u8_t *)q->payload + ICMP6_HLEN;
  if (!icmp6_is_answerable(quote, q->tot_len - (size_t)ICMP6_HLEN)) {
    pbuf_free(q);
    return;
  }
  if (!icmp_limit_allows_error(&rx->src)) {
    drop(q, DROP_ICMP6_RATE_LIMITED);
    return;
  }
  icmp6_answer(q, rx, 0);
  pbuf_free(q);
}

void icmp6_send_unreachable(struct pbuf *p, const struct ip_rx *rx, u8_t code)
{
  icmp6_send(p, rx, ICMP6_TYPE_DUR, code, 0);
}

void icmp6_send_time_exceeded(struct pbuf *p, const struct ip_rx *rx, u8_t code)
{
  icmp6_send(p, rx, ICMP6_TYPE_TE, code, 0);
}

void icmp6_send_param_problem(struct pbuf *p, const struct ip_rx *rx, u8_t code,
                              u32_t pointer_offset)
{
  icmp6_send(p, rx, ICMP6_TYPE_PP, code, pointer_offset);
}

void icmp6_send_too_big(struct pbuf *p, const struct ip_rx *rx, u32_t mtu)
{
  icmp6_send(p, rx, ICMP6_TYPE_PTB, 0, mtu);
}

void icmp6_send_proto_unreachable(struct pbuf *p, const struct ip_rx *rx)
{
  icmp6_send(p, rx, ICMP6_TYPE_PP, ICMP6_PP_HEADER, rx->nexth_at);
}

void icmp6_dest_unreach(struct pbuf *p, enum icmp6_dur_code c)
{
  LWIP_ASSERT_CORE_LOCKED();
  icmp6_send_unreachable(p, ip_current(), (u8_t)c);
}

void icmp6_packet_too_big(struct pbuf *p, u32_t mtu)
{
  LWIP_ASSERT_CORE_LOCKED();
  icmp6_send_too_big(p, ip_current(), mtu);
}

void icmp6_time_exceeded(struct pbuf *p, enum icmp6_te_code c)
{
  LWIP_ASSERT_CORE_LOCKED();
  icmp6_send_time_exceeded(p, ip_current(), (u8_t)c);
}

void icmp6_time_exceeded_with_addrs(struct pbuf *p, enum icmp6_te_code c,
                                    const ip6_addr_t *src_addr, const ip6_addr_t *dest_addr)
{
  struct ip_rx rx;
  LWIP_ASSERT_CORE_LOCKED();
  if (p->len < IP6_HLEN) {
    return;
  }
  memset(&rx, 0, sizeof rx);
  rx.netif = rx.input_netif = netif_get_by_index(p->if_idx);
  rx.ip6_hdr = (struct ip6_hdr *)p->payload;
  rx.header_len = IP6_HLEN;
  if (p->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST)) {
    rx.flags = IP_RX_LINK_GROUP;
  }
  ip_addr_copy_from_ip6(rx.src, *src_addr);
  ip_addr_copy_from_ip6(rx.dst, *dest_addr);
  icmp6_send_time_exceeded(p, &rx, (u8_t)c);
}

void icmp6_param_problem(struct pbuf *p, enum icmp6_pp_code c, const void *pointer)
{
  LWIP_ASSERT_CORE_LOCKED();
  mem_ptr_t header = (mem_ptr_t)ip_current()->ip6_hdr;
  mem_ptr_t at = (mem_ptr_t)pointer;
  icmp6_send_param_problem(p, ip_current(), (u8_t)c, at >= header ? (u32_t)(at - header) : 0);
}

#endif
