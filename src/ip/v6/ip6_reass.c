/**
 * @file
 * Reassembly of IPv6 fragments: what one is, and the whole's headers (RFC 8200 4.5). The rest is
 * reass.c's.
 *
 * A packet that is its own only fragment is let through by itself, whatever else with its
 * identification waits (RFC 6946). First fragments must have all headers, the transport's included,
 * so that filters on the way could see them (RFC 7112, security vector B4-76). Fragments of one
 * packet may differ in all headers but source, destination and identification; those of the first
 * fragment count (RFC 8200 4.5). A whole that is a fragment itself is the caller's to refuse.
 *
 * Deviation: packets of more than 65,535 bytes, IPv6 header included, are dropped, though RFC 8200
 * allows 65,575: struct pbuf counts in 16 bits.
 *
 * No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/icmp6.h"
#include "lwip/ip.h"
#include "lwip/ip6_frag.h"
#include "lwip/prot/ip6.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/timer.h"
#include "wire/bytes.h"
#include "wire/ecn.h"
#include "wire/ip6.h"
#include "ip/ip_module.h"
#include "ip/reass.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/ip6_reass.h"

#if LWIP_IPV6

/** Fields of the fixed header. */
#define TC_AT          1
#define PAYLOAD_LEN_AT 4

/** Of the fragment header. */
#define FRAG_OFFSET_AT 2

static void report_timeout(const struct ip_reassdata *d, struct pbuf *first)
{
  if (LWIP_ICMP6) {
    icmp6_time_exceeded_with_addrs(first, ICMP6_TE_FRAG, ip_2_ip6(&d->src), ip_2_ip6(&d->dest));
  }
}

/** Take the fragment header away; headers in front of it move to where it was. */
static void finish(const struct ip_reassdata *d, struct pbuf *first, u16_t total_len)
{
  u8_t *bytes = (u8_t *)first->payload;
  bytes[d->nexth_at] = d->next_header;
  memmove(bytes + IP6_FRAG_HLEN, bytes, d->frag_at);
  pbuf_remove_header(first, IP6_FRAG_HLEN);
  bytes += IP6_FRAG_HLEN;
  bytes_put16(bytes + PAYLOAD_LEN_AT, (u16_t)(total_len - IP6_HLEN));
  bytes[TC_AT] |= (d->flags & REASS_SAW_CE) ? ECN_CE << 4 : 0;
}

static const struct reass_family ip6_family = {.max_age_ms = (u32_t)IPV6_REASS_MAXAGE * 1000,
                                               .cut_len = IP6_FRAG_HLEN,
                                               .overlap = DROP_FRAG6_OVERLAP,
                                               .duplicate = DROP_FRAG6_DUPLICATE,
                                               .limit = DROP_FRAG6_LIMIT,
                                               .timeout = DROP_FRAG6_TIMEOUT,
                                               .no_memory = DROP_FRAG6_NO_MEMORY,
                                               .too_big = DROP_FRAG6_TOO_BIG,
                                               .mixed_ecn = DROP_FRAG6_MIXED_ECN,
                                               .report_timeout = report_timeout,
                                               .finish = finish};

static void complain(struct pbuf *p, const struct ip_rx *rx, u8_t code, u32_t at)
{
  if (LWIP_ICMP6) {
    icmp6_send_param_problem(p, rx, code, at);
  }
}

/** Lengths of one fragment by itself (RFC 8200 4.5). */
static enum drop_reason check_lengths(struct pbuf *p, const struct ip_rx *rx,
                                      const struct reass_fragment *f)
{
  u16_t len = (u16_t)(p->tot_len - f->header_len);
  if (f->more && len % 8 != 0) {
    complain(p, rx, ICMP6_PARAM_FIELD, PAYLOAD_LEN_AT);
    return DROP_FRAG6_BAD_LENGTH;
  }
  if (len == 0) {
    return DROP_FRAG6_BAD_LENGTH;
  }
  if ((u32_t)f->frag_at - IP6_HLEN + f->offset + len > 0xffffUL) {
    complain(p, rx, ICMP6_PARAM_FIELD, f->frag_at + (u32_t)FRAG_OFFSET_AT);
    return DROP_FRAG6_TOO_BIG;
  }
  return (u32_t)f->offset + len > 0xffffUL - f->frag_at ? DROP_FRAG6_TOO_BIG : DROP_NONE;
}

/** Bytes that a transport's header has at least. */
static u16_t transport_len_min(u8_t proto)
{
  switch (proto) {
  case IP6_NEXTH_TCP:
    return 20;
  case IP6_NEXTH_UDP:
  case IP6_NEXTH_UDPLITE:
  case IP6_NEXTH_ICMP6:
    return 8;
  default:
    return 0;
  }
}

/** Are all headers there, in the first `len` bytes? */
static bool has_all_headers(const u8_t *packet, u16_t len)
{
  struct ip6_walk w;
  return ip6_walk(&w, packet, len) && len - w.transport_at >= transport_len_min(w.proto);
}

/** A first fragment: all its headers, contiguous if they are there. NULL: dropped. */
static struct pbuf *check_first(struct pbuf *p, struct ip_rx *rx)
{
  if (has_all_headers((const u8_t *)p->payload, p->len)) {
    return p;
  }
  struct pbuf *q = ip_pull_up(p, p->tot_len);
  if (q == NULL) {
    drop(p, DROP_FRAG6_NO_MEMORY);
    return NULL;
  }
  rx->ip6_hdr = (struct ip6_hdr *)q->payload;
  if (!has_all_headers((const u8_t *)q->payload, q->len)) {
    complain(q, rx, ICMP6_PARAM_INCOMPLETE_CHAIN, 0);
    drop(q, DROP_FRAG6_INCOMPLETE_CHAIN);
    return NULL;
  }
  return q;
}

/** What `rx` says of a packet whose headers are those of `f` but for the fragment header. */
static void rx_of_whole(struct ip_rx *rx, struct pbuf *p, const struct reass_fragment *f)
{
  const u8_t *bytes = (const u8_t *)p->payload;
  rx->ip6_hdr = (struct ip6_hdr *)p->payload;
  rx->header_len = f->frag_at;
  rx->nexth_at = f->nexth_at;
  rx->proto = f->next_header;
  rx->tos = (u8_t)(bytes_get16(bytes) >> 4);
  rx->ttl = bytes[7];
  rx->flags |= IP_RX_REASSEMBLED;
}

/** A fragment that is not all of its packet. */
static struct pbuf *reassemble(struct pbuf *p, struct ip_rx *rx, const struct ip6_fragment *h)
{
  struct reass_fragment f = {.family = &ip6_family,
                             .id = h->id,
                             .offset = h->offset,
                             .header_len = (u16_t)(rx->header_len + IP6_FRAG_HLEN),
                             .frag_at = rx->header_len,
                             .nexth_at = rx->nexth_at,
                             .next_header = h->nexth,
                             .more = h->more_fragments,
                             .ecn = rx->tos & ECN_MASK};
  enum drop_reason bad = check_lengths(p, rx, &f);
  if (bad != DROP_NONE) {
    drop(p, bad);
    return NULL;
  }
  if (f.offset == 0) {
    p = check_first(p, rx);
    if (p == NULL) {
      return NULL;
    }
  }
  ip_addr_copy(f.src, rx->src);
  ip_addr_copy(f.dst, rx->dst);
  p = LWIP_IPV6_REASS ? reass_add(p, &f) : NULL; /* not called without */
  if (p != NULL) {
    rx_of_whole(rx, p, &f);
  }
  return p;
}

struct pbuf *ip6_reass_fragment(struct pbuf *p, struct ip_rx *rx, u16_t frag_offset_in_packet)
{
  u8_t buf[IP6_FRAG_HLEN];
  struct ip6_fragment h;
  const u8_t *bytes =
      (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP6_FRAG_HLEN, frag_offset_in_packet);
  IP6_FRAG_STATS_INC(ip6_frag.recv);
  if (bytes == NULL) {
    drop(p, DROP_FRAG6_SHORT);
    return NULL;
  }
  ip6_parse_fragment(&h, bytes);
  rx->header_len = frag_offset_in_packet;
  if (ip6_fragment_is_atomic(&h)) {
    rx->nexth_at = frag_offset_in_packet;
    rx->header_len = (u16_t)(frag_offset_in_packet + IP6_FRAG_HLEN);
    rx->proto = h.nexth;
    rx->flags |= IP_RX_ATOMIC;
    return p;
  }
  if (!LWIP_IPV6_REASS) {
    drop(p, DROP_FRAG6_DISABLED);
    return NULL;
  }
  return reassemble(p, rx, &h);
}

struct pbuf *ip6_reass(struct pbuf *p)
{
  struct ip_rx rx = *ip_current();
  LWIP_ASSERT_CORE_LOCKED();
  u16_t at = (u16_t)((const u8_t *)p->payload - (const u8_t *)rx.ip6_hdr);
  pbuf_add_header_force(p, at);
  return ip6_reass_fragment(p, &rx, at);
}

void ip6_reass_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_run();
}

#endif
