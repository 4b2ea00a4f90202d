/**
 * @file
 * Reassembly of IPv4 fragments (RFC 791 3.2, RFC 815, RFC 1122 3.3.2).
 *
 * Fragments are attacks as often as traffic, so the rules are strict: no overlap (the datagram is
 * given up, as RFC 5722 wants for IPv6; the same bytes once more are ignored), no first fragment
 * too short for a transport header (RFC 1858), nothing beyond 65,535 bytes. Memory is bounded by
 * IP_REASS_MAX_PBUFS, IP_REASS_MAX_BYTES and MEMP_NUM_REASSDATA over all datagrams; at a bound the
 * oldest makes room, but a source that holds more than half of all displaces only its own. "Don't
 * fragment" on a fragment means nothing here: whoever sent it forbade routers to cut further
 * (RFC 6864 4).
 * Congestion marks survive (RFC 3168 5.3).
 *
 * State: the datagrams, oldest first, what they hold, and one timer for the oldest. Invariants:
 * fragments lie in the order of their offsets and do not overlap, so a datagram is complete when
 * its bytes are as many as its length. Each fragment keeps its IP header, contiguous, and is a
 * chain that ends where tot_len equals len.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/icmp.h"
#include "lwip/ip4_frag.h"
#include "lwip/memp.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "wire/ip4.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/ip4_module.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4 && IP_REASSEMBLY

/** Bytes of all fragments that wait. */
#ifndef IP_REASS_MAX_BYTES
#define IP_REASS_MAX_BYTES ((u32_t)IP_REASS_MAX_PBUFS * 1600)
#endif

#define REASS_MAX_AGE_MS ((u32_t)IP_REASS_MAXAGE * IP_TMR_INTERVAL)

/** A fragment in more pieces is copied into one, so that pieces are no way to hold memory. */
#define REASS_PIECES_MAX 2

/** ip_reassdata.flags: a fragment was marked "congestion experienced". */
#define REASS_SAW_CE 0x01U

/** The ECN field of the type of service (RFC 3168 5). */
#define ECN_MASK 0x03U
#define ECN_CE   0x03U

struct reass_state {
  struct ip_reassdata *oldest;
  u32_t pbuf_count;
  u32_t held_len;
  struct timer expiry;
};

STACK_STATE(struct reass_state, reass);

/** The last pbuf of the fragment that starts at `f`. */
static struct pbuf *fragment_tail(struct pbuf *f)
{
  while (f->tot_len != f->len) {
    f = f->next;
  }
  return f;
}

static void fragment_header(struct ip4_header *h, const struct pbuf *f)
{
  /* It was checked on the way in. */
  ip4_parse(h, (const u8_t *)f->payload, f->tot_len);
}

static u16_t payload_len(const struct ip4_header *h)
{
  return (u16_t)(h->total_len - h->header_len);
}

/** Forget a datagram whose fragments are gone or somebody else's. */
static void reass_unlink(struct ip_reassdata *d)
{
  struct ip_reassdata **link = &reass()->oldest;
  while (*link != d) {
    link = &(*link)->next;
  }
  *link = d->next;
  reass()->pbuf_count -= d->pbuf_count;
  reass()->held_len -= d->held_len;
  memp_free(MEMP_REASSDATA, d);
  if (reass()->oldest == NULL) {
    timer_cancel(&reass()->expiry);
  }
}

/** Give a datagram up. */
static void reass_drop(struct ip_reassdata *d, enum drop_reason why)
{
  struct pbuf *f = d->p;
  MIB2_STATS_INC(mib2.ipreasmfails);
  drop(NULL, why);
  while (f != NULL) {
    struct pbuf *tail = fragment_tail(f);
    struct pbuf *next = tail->next;
    tail->next = NULL;
    pbuf_free(f);
    f = next;
  }
  reass_unlink(d);
}

/** Tell the sender, if he sent the first fragment (RFC 792; security vector B3-50). */
static void report_timeout(const struct ip_reassdata *d)
{
  struct ip4_header h;
  struct ip_rx rx;
  fragment_header(&h, d->p);
  struct netif *netif = netif_get_by_index(d->p->if_idx);
  bool was_for_many = (d->p->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST)) ||
                      ip4_addr_ismulticast(&h.dst) ||
                      (netif != NULL && ip4_addr_isbroadcast(&h.dst, netif));
  if (!LWIP_ICMP || h.offset != 0 || netif == NULL || was_for_many) {
    return;
  }
  memset(&rx, 0, sizeof rx);
  rx.netif = rx.input_netif = netif;
  rx.ip4_hdr = (const struct ip_hdr *)d->p->payload;
  rx.header_len = h.header_len;
  rx.proto = h.proto;
  ip_addr_copy_from_ip4(rx.src, h.src);
  ip_addr_copy_from_ip4(rx.dst, h.dst);
  struct pbuf *tail = fragment_tail(d->p);
  struct pbuf *rest = tail->next;
  tail->next = NULL; /* quote the first fragment alone */
  icmp4_send_time_exceeded(d->p, &rx, ICMP_TE_FRAG);
  tail->next = rest;
}

static void reass_expire(struct timer *t)
{
  struct ip_reassdata *d = reass()->oldest;
  while (d != NULL && stack_now() - d->started_ms >= REASS_MAX_AGE_MS) {
    report_timeout(d);
    reass_drop(d, DROP_FRAG_TIMEOUT);
    d = reass()->oldest;
  }
  if (d != NULL) {
    timer_set(t, reass_expire, REASS_MAX_AGE_MS - (stack_now() - d->started_ms));
  }
}

static struct ip_reassdata *reass_find(const struct ip4_header *h)
{
  struct ip_reassdata *d = reass()->oldest;
  while (d != NULL && !(d->id == h->id && d->proto == h->proto && ip4_addr_eq(&d->src, &h->src) &&
                        ip4_addr_eq(&d->dest, &h->dst))) {
    d = d->next;
  }
  return d;
}

/** Who makes room for a fragment from `src`: never `keep`; NULL: nobody has to. */
static struct ip_reassdata *reass_victim(const ip4_addr_t *src, const struct ip_reassdata *keep)
{
  struct ip_reassdata *oldest = NULL;
  struct ip_reassdata *oldest_of_src = NULL;
  u32_t pbufs_of_src = 0;
  u32_t datagrams_of_src = 0;
  for (struct ip_reassdata *d = reass()->oldest; d != NULL; d = d->next) {
    bool is_of_src = ip4_addr_eq(&d->src, src);
    pbufs_of_src += is_of_src ? d->pbuf_count : 0;
    datagrams_of_src += is_of_src ? 1 : 0;
    if (d != keep) {
      oldest = (oldest == NULL) ? d : oldest;
      oldest_of_src = (oldest_of_src == NULL && is_of_src) ? d : oldest_of_src;
    }
  }
  bool is_greedy =
      pbufs_of_src * 2 > IP_REASS_MAX_PBUFS || datagrams_of_src * 2 > MEMP_NUM_REASSDATA;
  return is_greedy ? oldest_of_src : oldest;
}

/** Is there room for the fragment now, or after the oldest have been given up? */
static bool reass_make_room(const struct pbuf *p, const struct ip4_header *h,
                            const struct ip_reassdata *keep)
{
  u16_t count = pbuf_clen(p);
  u32_t kept_count = (keep != NULL) ? keep->pbuf_count : 0;
  u32_t kept_len = (keep != NULL) ? keep->held_len : 0;
  if (kept_count + count > IP_REASS_MAX_PBUFS || kept_len + p->tot_len > IP_REASS_MAX_BYTES) {
    return false; /* too large a datagram, whoever makes room */
  }
  while (reass()->pbuf_count + count > IP_REASS_MAX_PBUFS ||
         reass()->held_len + p->tot_len > IP_REASS_MAX_BYTES) {
    struct ip_reassdata *victim = IP_REASS_FREE_OLDEST ? reass_victim(&h->src, keep) : NULL;
    if (victim == NULL) {
      return false;
    }
    reass_drop(victim, DROP_FRAG_LIMIT);
  }
  return true;
}

static struct ip_reassdata *reass_create(const struct ip4_header *h)
{
  struct ip_reassdata *d = (struct ip_reassdata *)memp_malloc(MEMP_REASSDATA);
  if (d == NULL && IP_REASS_FREE_OLDEST && reass()->oldest != NULL) {
    /* Nobody is spared here, so there is one. */
    reass_drop(reass_victim(&h->src, NULL), DROP_FRAG_LIMIT);
    d = (struct ip_reassdata *)memp_malloc(MEMP_REASSDATA);
  }
  if (d == NULL) {
    return NULL;
  }
  *d = (struct ip_reassdata){
      .started_ms = stack_now(), .src = h->src, .dest = h->dst, .id = h->id, .proto = h->proto};
  struct ip_reassdata **link = &reass()->oldest;
  while (*link != NULL) {
    link = &(*link)->next;
  }
  *link = d;
  timer_set_sooner(&reass()->expiry, reass_expire, REASS_MAX_AGE_MS);
  return d;
}

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
  u16_t len = payload_len(h);
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

/** What inserting came to. */
enum insertion { INSERTED, REPEATED, OVERLAPS };

/** Is `p` what `other` is: the same range of the datagram with the same bytes? */
static bool is_repetition(const struct pbuf *p, const struct ip4_header *h,
                          const struct pbuf *other, const struct ip4_header *others)
{
  u16_t len = payload_len(h);
  if (others->offset != h->offset || payload_len(others) != len ||
      others->more_fragments != h->more_fragments) {
    return false;
  }
  u16_t at = 0;
  while (at < len) {
    u8_t part[32];
    u16_t part_len = LWIP_MIN((u16_t)sizeof part, (u16_t)(len - at));
    pbuf_copy_partial(p, part, part_len, (u16_t)(h->header_len + at));
    if (pbuf_memcmp(other, (u16_t)(others->header_len + at), part, part_len) != 0) {
      return false;
    }
    at = (u16_t)(at + part_len);
  }
  return true;
}

/** Where the fragment belongs: `*place` points at its successor. */
static enum insertion find_place(struct ip_reassdata *d, const struct pbuf *p,
                                 const struct ip4_header *h, struct pbuf ***place)
{
  u32_t end = (u32_t)h->offset + payload_len(h);
  struct pbuf **link = &d->p;
  while (*link != NULL) {
    struct ip4_header other;
    fragment_header(&other, *link);
    u32_t other_end = (u32_t)other.offset + payload_len(&other);
    if (other.offset < end && h->offset < other_end) {
      return is_repetition(p, h, *link, &other) ? REPEATED : OVERLAPS;
    }
    if (other.offset >= end) {
      break;
    }
    link = &fragment_tail(*link)->next;
  }
  *place = link;
  return INSERTED;
}

/** The length of the whole must be one, and nothing may lie beyond it. */
static bool agrees_on_length(const struct ip_reassdata *d, const struct ip4_header *h,
                             bool is_behind_all)
{
  u32_t end = (u32_t)h->offset + payload_len(h);
  if (!h->more_fragments) {
    return d->datagram_len == 0 && is_behind_all;
  }
  return d->datagram_len == 0 || end <= d->datagram_len;
}

static enum insertion reass_insert(struct ip_reassdata *d, struct pbuf *p,
                                   const struct ip4_header *h)
{
  struct pbuf **place = NULL;
  enum insertion result = find_place(d, p, h, &place);
  if (result != INSERTED) {
    return result;
  }
  if (!agrees_on_length(d, h, *place == NULL)) {
    return OVERLAPS;
  }
  u16_t count = pbuf_clen(p);
  d->pbuf_count = (u16_t)(d->pbuf_count + count);
  d->held_len += p->tot_len;
  reass()->pbuf_count += count;
  reass()->held_len += p->tot_len;
  d->have_len = (u16_t)(d->have_len + payload_len(h));
  d->flags |= ((h->tos & ECN_MASK) == ECN_CE) ? REASS_SAW_CE : 0;
  if (!h->more_fragments) {
    d->datagram_len = (u16_t)(h->offset + payload_len(h));
  }
  fragment_tail(p)->next = *place;
  *place = p;
  return INSERTED;
}

/** All is here: one packet with the first fragment's header. */
static struct pbuf *reass_finish(struct ip_reassdata *d)
{
  struct ip4_header h;
  struct pbuf *whole = d->p;
  struct pbuf *tail = fragment_tail(whole);
  struct pbuf *f = tail->next;
  fragment_header(&h, whole);
  if ((u32_t)h.header_len + d->datagram_len > 0xffffUL) {
    reass_drop(d, DROP_FRAG_TOO_BIG);
    return NULL;
  }
  tail->next = NULL;
  while (f != NULL) {
    struct ip4_header other;
    struct pbuf *last = fragment_tail(f);
    struct pbuf *next = last->next;
    last->next = NULL;
    fragment_header(&other, f);
    whole->flags |= (u8_t)(f->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST));
    pbuf_cat(whole, pbuf_free_header(f, other.header_len));
    f = next;
  }
  u8_t *bytes = (u8_t *)whole->payload;
  h.total_len = whole->tot_len;
  h.more_fragments = false;
  h.tos |= (d->flags & REASS_SAW_CE) ? ECN_CE : 0;
  ip4_build(bytes, &h);
  ip4_put_checksum(bytes, h.header_len);
  reass_unlink(d);
  MIB2_STATS_INC(mib2.ipreasmoks);
  return whole;
}

/** Free empty pbufs behind the last byte: a fragment ends where tot_len equals len. */
static void cut_empty_tail(struct pbuf *p)
{
  struct pbuf *tail = fragment_tail(p);
  if (tail->next != NULL) {
    pbuf_free(tail->next);
    tail->next = NULL;
  }
}

/** The fragment in few pieces, its header contiguous; NULL: no memory, dropped. */
static struct pbuf *make_compact(struct pbuf *p)
{
  u8_t header_len = (u8_t)((pbuf_get_at(p, 0) & 0x0f) * 4);
  if (pbuf_clen(p) > REASS_PIECES_MAX || p->len < header_len) {
    struct pbuf *q = pbuf_clone(PBUF_LINK, PBUF_RAM, p);
    if (q == NULL) {
      drop(p, DROP_FRAG_NO_MEMORY);
      return NULL;
    }
    pbuf_free(p);
    p = q;
  }
  cut_empty_tail(p);
  return p;
}

static struct pbuf *reass_accept(struct pbuf *p, const struct ip4_header *h)
{
  struct ip_reassdata *d = reass_find(h);
  if (!reass_make_room(p, h, d)) {
    drop(p, DROP_FRAG_LIMIT);
    return NULL;
  }
  if (d == NULL) {
    d = reass_create(h);
  }
  if (d == NULL) {
    drop(p, DROP_FRAG_NO_MEMORY);
    return NULL;
  }
  enum insertion result = reass_insert(d, p, h);
  if (result == REPEATED) {
    drop(p, DROP_FRAG_DUPLICATE);
    return NULL;
  }
  if (result == OVERLAPS) {
    pbuf_free(p); /* counted once, with its datagram */
    reass_drop(d, DROP_FRAG_OVERLAP);
    return NULL;
  }
  return (d->datagram_len != 0 && d->have_len == d->datagram_len) ? reass_finish(d) : NULL;
}

struct pbuf *ip4_reass(struct pbuf *p)
{
  struct ip4_header h;
  LWIP_ASSERT_CORE_LOCKED();
  IPFRAG_STATS_INC(ip_frag.recv);
  MIB2_STATS_INC(mib2.ipreasmreqds);
  p = make_compact(p);
  if (p == NULL) {
    return NULL;
  }
  enum drop_reason bad = ip4_parse(&h, (const u8_t *)p->payload, p->tot_len);
  if (bad == DROP_NONE) {
    bad = check_fragment(&h);
  }
  if (bad != DROP_NONE) {
    drop(p, bad);
    return NULL;
  }
  return reass_accept(p, &h);
}

void ip_reass_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_run();
}

static void reass_fini(void)
{
  while (reass()->oldest != NULL) {
    reass_drop(reass()->oldest, DROP_FRAG_TIMEOUT);
  }
}

const struct net_module ip4_reass_module = {.name = "ip4_reass", .fini = reass_fini};

#endif
