/**
 * @file
 * Reassembly of fragments, for both families (RFC 815, RFC 1122 3.3.2, RFC 5722, RFC 8200 4.5).
 *
 * Fragments are attacks as often as traffic, so the rules are strict: no overlap (the datagram is
 * given up; the same bytes once more are ignored), one length, nothing beyond 65,535 bytes. Memory
 * is bounded by IP_REASS_MAX_PBUFS, IP_REASS_MAX_BYTES and MEMP_NUM_REASSDATA over all datagrams of
 * both families; at a bound the oldest makes room, but a source that holds more than half of all
 * displaces only its own. Where addresses are for free, so that a source can be as many as it likes
 * (IPv6), the same holds for a /64. Congestion marks survive (RFC 3168 5.3).
 *
 * State: the datagrams, oldest first, what they hold, and one timer for whichever ends first.
 * Invariants: pieces lie in the order of their offsets and do not overlap, so a datagram is
 * complete when its bytes are as many as its length. A piece is a fragment's payload: a chain that
 * ends where tot_len equals len, whose headers lie in front of it in its first buffer, hidden. The
 * first fragment's stay as they came; in the last bytes of the others' stands the piece's offset.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "ip/pbuf_exclusive.h"
#include "ip/reass.h"
#include "wire/ecn.h"

#if REASS_ANY

/** A fragment in more pieces is copied into one, so that pieces are no way to hold memory. */
#define REASS_PIECES_MAX 2

/** Bytes of an IPv6 address that tell sites apart. */
#define SITE_PREFIX_LEN 8

struct reass_state {
  struct ip_reassdata *oldest;
  u32_t pbuf_count;
  u32_t held_len;
  struct timer expiry;
};

STACK_STATE(struct reass_state, reass);

/** The last pbuf of the piece that starts at `f`. */
static struct pbuf *piece_tail(struct pbuf *f)
{
  while (f->tot_len != f->len) {
    f = f->next;
  }
  return f;
}

/** Cut a piece off the list of its datagram. @return those behind it */
static struct pbuf *piece_detach(struct pbuf *f)
{
  struct pbuf *tail = piece_tail(f);
  struct pbuf *next = tail->next;
  tail->next = NULL;
  return next;
}

static void piece_set_offset(struct pbuf *f, u16_t offset)
{
  memcpy((u8_t *)f->payload - sizeof offset, &offset, sizeof offset);
}

static u16_t piece_offset(const struct ip_reassdata *d, const struct pbuf *f)
{
  u16_t offset = 0;
  if (f != d->p || d->first_header_len == 0) {
    memcpy(&offset, (const u8_t *)f->payload - sizeof offset, sizeof offset);
  }
  return offset;
}

/** Take a datagram off the list, the accounts and the clock. */
static void reass_unlink(struct ip_reassdata *d)
{
  struct ip_reassdata **link = &reass()->oldest;
  while (*link != d) {
    link = &(*link)->next;
  }
  *link = d->next;
  reass()->pbuf_count -= d->pbuf_count;
  reass()->held_len -= d->held_len;
  if (reass()->oldest == NULL) {
    timer_cancel(&reass()->expiry);
  }
}

/** Free a datagram that is unlinked, with its fragments. */
static void reass_free(struct ip_reassdata *d, u8_t why)
{
  struct pbuf *f = d->p;
  if (!IP_IS_V6(&d->src)) {
    MIB2_STATS_INC(mib2.ipreasmfails);
  }
  drop(NULL, (enum drop_reason)why);
  while (f != NULL) {
    struct pbuf *next = piece_detach(f);
    pbuf_free(f);
    f = next;
  }
  memp_free(MEMP_REASSDATA, d);
}

/** Give a datagram up. */
static void reass_drop(struct ip_reassdata *d, u8_t why)
{
  reass_unlink(d);
  reass_free(d, why);
}

/** Tell the sender, if he sent the first fragment (RFC 792, RFC 8200 4.5; vector B3-50). */
static void report_timeout(struct ip_reassdata *d)
{
  struct pbuf *first = d->p;
  if (d->first_header_len == 0) {
    return;
  }
  struct pbuf *tail = piece_tail(first);
  struct pbuf *rest = piece_detach(first);
  pbuf_add_header_force(first, d->first_header_len);
  d->family->report_timeout(d, first);
  pbuf_remove_header(first, d->first_header_len);
  tail->next = rest;
}

static u32_t age_left_ms(const struct ip_reassdata *d)
{
  u32_t age_ms = stack_now() - d->started_ms;
  return age_ms < d->family->max_age_ms ? d->family->max_age_ms - age_ms : 0;
}

static struct ip_reassdata *find_expired(void)
{
  struct ip_reassdata *d = reass()->oldest;
  while (d != NULL && age_left_ms(d) > 0) {
    d = d->next;
  }
  return d;
}

/** Unlinked before their senders are told: whatever that leads to cannot touch them any more. */
static void reass_expire(struct timer *t)
{
  struct ip_reassdata *d = find_expired();
  while (d != NULL) {
    reass_unlink(d);
    report_timeout(d);
    reass_free(d, d->family->timeout);
    d = find_expired();
  }
  for (d = reass()->oldest; d != NULL; d = d->next) {
    timer_set_sooner(t, reass_expire, age_left_ms(d));
  }
}

static struct ip_reassdata *reass_find(const struct reass_fragment *f)
{
  struct ip_reassdata *d = reass()->oldest;
  while (d != NULL && !(d->id == f->id && d->key_proto == f->key_proto &&
                        ip_addr_eq(&d->src, &f->src) && ip_addr_eq(&d->dest, &f->dst))) {
    d = d->next;
  }
  return d;
}

/** What some of the datagrams hold together. */
struct share {
  struct ip_reassdata *oldest; /* that may be given up */
  u32_t pbuf_count;
  u32_t held_len;
  u32_t datagram_count;
};

static void share_add(struct share *s, struct ip_reassdata *d, const struct ip_reassdata *keep)
{
  s->pbuf_count += d->pbuf_count;
  s->held_len += d->held_len;
  s->datagram_count++;
  if (d != keep && s->oldest == NULL) {
    s->oldest = d;
  }
}

static bool share_is_greedy(const struct share *s)
{
  return s->pbuf_count * 2 > IP_REASS_MAX_PBUFS || s->held_len * 2 > IP_REASS_MAX_BYTES ||
         s->datagram_count * 2 > MEMP_NUM_REASSDATA;
}

/** Might one machine have both addresses at will? */
static bool is_same_site(const ip_addr_t *a, const ip_addr_t *b)
{
  if (!IP_IS_V6(a) || !IP_IS_V6(b)) {
    return ip_addr_eq(a, b);
  }
  return memcmp(ip_2_ip6(a)->addr, ip_2_ip6(b)->addr, SITE_PREFIX_LEN) == 0;
}

/** Who makes room for a fragment from `src`: never `keep`; NULL: nobody has to. */
static struct ip_reassdata *reass_victim(const ip_addr_t *src, const struct ip_reassdata *keep)
{
  struct share all = {0}, of_site = {0}, of_src = {0};
  for (struct ip_reassdata *d = reass()->oldest; d != NULL; d = d->next) {
    share_add(&all, d, keep);
    if (is_same_site(&d->src, src)) {
      share_add(&of_site, d, keep);
    }
    if (ip_addr_eq(&d->src, src)) {
      share_add(&of_src, d, keep);
    }
  }
  if (share_is_greedy(&of_src)) {
    return of_src.oldest;
  }
  return share_is_greedy(&of_site) ? of_site.oldest : all.oldest;
}

/** Is there room for the fragment now, or after the oldest have been given up? */
static bool reass_make_room(const struct pbuf *p, const struct reass_fragment *f,
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
    struct ip_reassdata *victim = IP_REASS_FREE_OLDEST ? reass_victim(&f->src, keep) : NULL;
    if (victim == NULL) {
      return false;
    }
    reass_drop(victim, victim->family->limit);
  }
  return true;
}

static struct ip_reassdata *reass_create(const struct reass_fragment *f)
{
  struct ip_reassdata *d = (struct ip_reassdata *)memp_malloc(MEMP_REASSDATA);
  if (d == NULL && IP_REASS_FREE_OLDEST && reass()->oldest != NULL) {
    /* Nobody is spared here, so there is one. */
    struct ip_reassdata *victim = reass_victim(&f->src, NULL);
    reass_drop(victim, victim->family->limit);
    d = (struct ip_reassdata *)memp_malloc(MEMP_REASSDATA);
  }
  if (d == NULL) {
    return NULL;
  }
  *d = (struct ip_reassdata){
      .family = f->family, .started_ms = stack_now(), .id = f->id, .key_proto = f->key_proto};
  ip_addr_copy(d->src, f->src);
  ip_addr_copy(d->dest, f->dst);
  struct ip_reassdata **link = &reass()->oldest;
  while (*link != NULL) {
    link = &(*link)->next;
  }
  *link = d;
  timer_set_sooner(&reass()->expiry, reass_expire, f->family->max_age_ms);
  return d;
}

/** What inserting came to. */
enum insertion { INSERTED, REPEATED, OVERLAPS };

/** Is the new piece `p` what `other` is: the same range of the datagram with the same bytes? */
static bool is_repetition(const struct ip_reassdata *d, const struct pbuf *p,
                          const struct reass_fragment *f, const struct pbuf *other)
{
  u16_t len = p->tot_len;
  bool other_is_last = f->offset + len == d->datagram_len;
  if (piece_offset(d, other) != f->offset || other->tot_len != len || f->more == other_is_last) {
    return false;
  }
  u16_t at = 0;
  while (at < len) {
    u8_t part[32];
    u16_t part_len = LWIP_MIN((u16_t)sizeof part, (u16_t)(len - at));
    pbuf_copy_partial(p, part, part_len, at);
    if (pbuf_memcmp(other, at, part, part_len) != 0) {
      return false;
    }
    at = (u16_t)(at + part_len);
  }
  return true;
}

/** Where the piece belongs: `*place` points at its successor. */
static enum insertion find_place(struct ip_reassdata *d, const struct pbuf *p,
                                 const struct reass_fragment *f, struct pbuf ***place)
{
  u32_t end = (u32_t)f->offset + p->tot_len;
  struct pbuf **link = &d->p;
  while (*link != NULL) {
    u32_t other_offset = piece_offset(d, *link);
    u32_t other_end = other_offset + (*link)->tot_len;
    if (other_offset < end && f->offset < other_end) {
      return is_repetition(d, p, f, *link) ? REPEATED : OVERLAPS;
    }
    if (other_offset >= end) {
      break;
    }
    link = &piece_tail(*link)->next;
  }
  *place = link;
  return INSERTED;
}

/** The length of the whole must be one, and nothing may lie beyond it. */
static bool agrees_on_length(const struct ip_reassdata *d, const struct reass_fragment *f,
                             u32_t end, bool is_behind_all)
{
  if (!f->more) {
    return d->datagram_len == 0 && is_behind_all;
  }
  return d->datagram_len == 0 || end <= d->datagram_len;
}

/** Put the piece `p`, whose headers are hidden already, to the others. */
static enum insertion reass_insert(struct ip_reassdata *d, struct pbuf *p,
                                   const struct reass_fragment *f)
{
  struct pbuf **place = NULL;
  enum insertion result = find_place(d, p, f, &place);
  if (result != INSERTED) {
    return result;
  }
  u32_t end = (u32_t)f->offset + p->tot_len;
  if (!agrees_on_length(d, f, end, *place == NULL)) {
    return OVERLAPS;
  }
  u16_t count = pbuf_clen(p);
  u32_t len = (u32_t)p->tot_len + f->header_len;
  d->pbuf_count = (u16_t)(d->pbuf_count + count);
  d->held_len += len;
  reass()->pbuf_count += count;
  reass()->held_len += len;
  d->have_len = (u16_t)(d->have_len + p->tot_len);
  d->flags |= f->ecn == ECN_CE ? REASS_SAW_CE : 0;
  d->flags |= f->ecn == ECN_NOT_ECT ? REASS_SAW_NOT_ECT : 0;
  if (!f->more) {
    d->datagram_len = (u16_t)end;
  }
  if (f->offset == 0) {
    d->first_header_len = f->header_len;
    d->frag_at = f->frag_at;
    d->nexth_at = f->nexth_at;
    d->next_header = f->next_header;
  } else {
    piece_set_offset(p, f->offset);
  }
  piece_tail(p)->next = *place;
  *place = p;
  return INSERTED;
}

/** All is here: one packet, with what the family makes of the first fragment's headers. */
static struct pbuf *reass_finish(struct ip_reassdata *d, struct reass_fragment *f)
{
  struct pbuf *whole = d->p;
  u32_t total_len = (u32_t)d->first_header_len - d->family->cut_len + d->datagram_len;
  if (total_len > 0xffffUL) {
    reass_drop(d, d->family->too_big);
    return NULL;
  }
  if ((d->flags & REASS_SAW_CE) && (d->flags & REASS_SAW_NOT_ECT)) {
    reass_drop(d, d->family->mixed_ecn); /* the mark must not get lost, nor be put on (5.3) */
    return NULL;
  }
  struct pbuf *piece = piece_detach(whole);
  pbuf_add_header_force(whole, d->first_header_len);
  d->family->finish(d, whole, (u16_t)total_len);
  while (piece != NULL) {
    struct pbuf *next = piece_detach(piece);
    pbuf_cat(whole, piece);
    piece = next;
  }
  f->header_len = d->first_header_len;
  f->frag_at = d->frag_at;
  f->nexth_at = d->nexth_at;
  f->next_header = d->next_header;
  reass_unlink(d);
  memp_free(MEMP_REASSDATA, d);
  return whole;
}

/** Free empty pbufs behind the last byte: a piece ends where tot_len equals len. */
static void cut_empty_tail(struct pbuf *p)
{
  struct pbuf *tail = piece_tail(p);
  if (tail->next != NULL) {
    pbuf_free(tail->next);
    tail->next = NULL;
  }
}

/** The fragment in few pieces that are ours alone, its headers in the first. NULL: no memory,
    dropped. */
static struct pbuf *make_compact(struct pbuf *p, const struct reass_fragment *f)
{
  if (pbuf_clen(p) > REASS_PIECES_MAX || p->len < f->header_len || !pbuf_is_exclusive(p)) {
    struct pbuf *q = pbuf_clone(PBUF_LINK, PBUF_RAM, p);
    if (q == NULL) {
      drop(p, (enum drop_reason)f->family->no_memory);
      return NULL;
    }
    pbuf_free(p);
    p = q;
  }
  cut_empty_tail(p);
  return p;
}

static struct pbuf *reass_accept(struct pbuf *p, struct reass_fragment *f)
{
  struct ip_reassdata *d = reass_find(f);
  if (!reass_make_room(p, f, d)) {
    drop(p, (enum drop_reason)f->family->limit);
    return NULL;
  }
  if (d == NULL) {
    d = reass_create(f);
  }
  if (d == NULL) {
    drop(p, (enum drop_reason)f->family->no_memory);
    return NULL;
  }
  pbuf_remove_header(p, f->header_len);
  enum insertion result = reass_insert(d, p, f);
  if (result == REPEATED) {
    drop(p, (enum drop_reason)f->family->duplicate);
    return NULL;
  }
  if (result == OVERLAPS) {
    pbuf_free(p); /* counted once, with its datagram */
    reass_drop(d, f->family->overlap);
    return NULL;
  }
  return (d->datagram_len != 0 && d->have_len == d->datagram_len) ? reass_finish(d, f) : NULL;
}

struct pbuf *reass_add(struct pbuf *p, struct reass_fragment *f)
{
  p = make_compact(p, f);
  return p != NULL ? reass_accept(p, f) : NULL;
}

static void reass_fini(void)
{
  while (reass()->oldest != NULL) {
    reass_drop(reass()->oldest, reass()->oldest->family->timeout);
  }
}

const struct net_module reass_module = {.name = "reass", .fini = reass_fini};

#endif
