/**
 * @file
 * Reassembly of IPv4 fragments: what one is, and the whole's header (RFC 791 3.2, RFC 1122 3.3.2).
 * The rest is reass.c's.
 *
 * No first fragment may be too short for a transport header (RFC 1858), and none may forbid
 * fragmentation.
 *
 * No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/icmp.h"
#include "lwip/ip4_frag.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/timer.h"
#include "wire/ecn.h"
#include "wire/ip4.h"
#include "ip/reass.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4 && IP_REASSEMBLY

/** Tell the sender, unless the packet was for many (RFC 1122 3.2.2). */
static void report_timeout(const struct ip_reassdata *d, struct pbuf *first)
{
  struct ip_rx rx;
  const ip4_addr_t *dst = ip_2_ip4(&d->dest);
  struct netif *netif = netif_get_by_index(first->if_idx);
  bool was_for_many = (first->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST)) ||
                      ip4_addr_ismulticast(dst) ||
                      (netif != NULL && ip4_addr_isbroadcast(dst, netif));
  if (!LWIP_ICMP || netif == NULL || was_for_many) {
    return;
  }
  memset(&rx, 0, sizeof rx);
  rx.netif = rx.input_netif = netif;
  rx.ip4_hdr = (const struct ip_hdr *)first->payload;
  rx.header_len = d->first_header_len;
  rx.proto = d->key_proto;
  ip_addr_copy(rx.src, d->src);
  ip_addr_copy(rx.dst, d->dest);
  icmp4_send_time_exceeded(first, &rx, ICMP_TE_FRAG);
}

static void finish(const struct ip_reassdata *d, struct pbuf *first, u16_t total_len)
{
  struct ip4_header h;
  u8_t *bytes = (u8_t *)first->payload;
  ip4_parse(&h, bytes, first->tot_len); /* it was checked on the way in */
  h.total_len = total_len;
  h.more_fragments = false;
  h.tos |= (d->flags & REASS_SAW_CE) ? ECN_CE : 0;
  ip4_build(bytes, &h);
  ip4_put_checksum(bytes, h.header_len);
  MIB2_STATS_INC(mib2.ipreasmoks);
}

static const struct reass_family ip4_family = {.max_age_ms =
                                                   (u32_t)IP_REASS_MAXAGE * IP_TMR_INTERVAL,
                                               .overlap = DROP_FRAG_OVERLAP,
                                               .duplicate = DROP_FRAG_DUPLICATE,
                                               .limit = DROP_FRAG_LIMIT,
                                               .timeout = DROP_FRAG_TIMEOUT,
                                               .no_memory = DROP_FRAG_NO_MEMORY,
                                               .too_big = DROP_FRAG_TOO_BIG,
                                               .mixed_ecn = DROP_FRAG_MIXED_ECN,
                                               .report_timeout = report_timeout,
                                               .finish = finish};

/** Least payload of a first fragment: the transport's header (RFC 1858). */
static u16_t first_len_min(u8_t proto)
{
  return proto == IP_PROTO_TCP ? 20 : IP_MIN_FRAG_LENGTH;
}

/**
 * One fragment by itself. "Don't fragment" on a fragment contradicts itself (security vector
 * B3-55); old NFS senders are known for it, and firewalls for dropping it.
 */
static enum drop_reason check_fragment(const struct ip4_header *h)
{
  u16_t len = (u16_t)(h->total_len - h->header_len);
  if (h->dont_fragment) {
    return DROP_FRAG_DF_SET;
  }
  if (len == 0 || (h->more_fragments && len % 8 != 0)) {
    return DROP_FRAG_BAD_LENGTH;
  }
  if ((u32_t)h->offset + len + h->header_len > 0xffffUL) {
    return DROP_FRAG_TOO_BIG;
  }
  bool is_tiny = h->offset == 0 && len < first_len_min(h->proto);
  bool hides_flags = h->proto == IP_PROTO_TCP && h->offset > 0 && h->offset < 20;
  return (is_tiny || hides_flags) ? DROP_FRAG_TINY_FIRST : DROP_NONE;
}

static enum drop_reason parse(struct ip4_header *h, const struct pbuf *p)
{
  u8_t buf[IP_HLEN];
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP_HLEN, 0);
  enum drop_reason bad = ip4_parse(h, bytes, bytes != NULL ? p->tot_len : 0);
  return bad == DROP_NONE ? check_fragment(h) : bad;
}

struct pbuf *ip4_reass(struct pbuf *p)
{
  struct ip4_header h;
  LWIP_ASSERT_CORE_LOCKED();
  IPFRAG_STATS_INC(ip_frag.recv);
  MIB2_STATS_INC(mib2.ipreasmreqds);
  enum drop_reason bad = parse(&h, p);
  if (bad != DROP_NONE) {
    drop(p, bad);
    return NULL;
  }
  pbuf_realloc(p, h.total_len);
  struct reass_fragment f = {.family = &ip4_family,
                             .id = h.id,
                             .offset = h.offset,
                             .header_len = h.header_len,
                             .key_proto = h.proto,
                             .more = h.more_fragments,
                             .ecn = h.tos & ECN_MASK};
  ip_addr_copy_from_ip4(f.src, h.src);
  ip_addr_copy_from_ip4(f.dst, h.dst);
  return reass_add(p, &f);
}

void ip_reass_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_run();
}

#endif
