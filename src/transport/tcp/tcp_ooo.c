/**
 * @file
 * Data behind holes: kept in order, without overlaps, until the hole is filled.
 *
 * State: ooseq (struct tcp_seg, ascending), sack_out; what is told follows from the queue itself.
 * Bounds: TCP_OOSEQ_BYTES_LIMIT, TCP_OOSEQ_PBUFS_LIMIT and OOO_SEGS_MAX per connection,
 * MEMP_NUM_TCP_SEG per instance, and the promised window. At a bound the newcomer is dropped: it is
 * the stranger, and its sender still has it. RFC 9293 3.10.7.4, RFC 2018, RFC 2883.
 */
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_priv.h"

#if TCP_QUEUE_OOSEQ

/** Segments that one connection keeps: two windows of full ones, few enough to be looked through
    for each that comes (SegmentSmack, security vector B10-184). */
#define OOO_SEGS_MAX (2U * (TCP_WND / TCP_MSS) + 8U)

static u32_t seg_end(const struct tcp_seg *s)
{
  return s->seq + s->len + ((s->flags & TCP_FIN) ? 1U : 0U);
}

static void seg_free(struct tcp_seg *s)
{
  if (s->p != NULL) {
    pbuf_free(s->p);
  }
  memp_free(MEMP_TCP_SEG, s);
}

bool tcp_ooo_waits(const struct tcp_pcb *pcb)
{
  return pcb->ooseq != NULL;
}

void tcp_ooo_free(struct tcp_pcb *pcb)
{
  while (pcb->ooseq != NULL) {
    struct tcp_seg *s = pcb->ooseq;
    pcb->ooseq = s->next;
    seg_free(s);
  }
}

void pbuf_free_ooseq(void)
{
  tcp_autotune_pause();
  for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    tcp_ooo_free(pcb); /* none of it is acknowledged: the peers still have it (RFC 2018 8) */
  }
}

/** May `len` more bytes in `count` pbufs wait? */
static bool is_within_bounds(const struct tcp_pcb *pcb, u32_t len, u32_t count)
{
  u32_t bytes_max = TCP_OOSEQ_BYTES_LIMIT(pcb);
  u32_t pbufs_max = TCP_OOSEQ_PBUFS_LIMIT(pcb);
  u32_t segs = 1;
  for (const struct tcp_seg *s = pcb->ooseq; s != NULL; s = s->next) {
    segs++;
    len += s->len;
    count += (pbufs_max != 0 && s->p != NULL) ? pbuf_clen(s->p) : 0;
  }
  return segs <= OOO_SEGS_MAX && (bytes_max == 0 || len <= bytes_max) &&
         (pbufs_max == 0 || count <= pbufs_max);
}

/** Cut off what stands before `seq`. */
static void trim_front(struct tcp_rx_segment *seg, u32_t seq)
{
  u32_t surplus = seq - seg->seq;
  seg->p = pbuf_free_header(seg->p, (u16_t)surplus);
  seg->seq = seq;
  seg->len -= surplus;
}

/** Cut off what stands behind `end`, and with it the FIN. */
static void trim_back(struct tcp_rx_segment *seg, u32_t end)
{
  seg->len = end - seg->seq;
  seg->flags &= (u8_t)~TCP_FIN;
  pbuf_realloc(seg->p, (u16_t)seg->len);
}

/** `s` has just come, or come again: what it is part of is reported first (RFC 2018 4). */
static void note_arrival(struct tcp_pcb *pcb, struct tcp_seg *s)
{
  if (LWIP_TCP_SACK_OUT) {
    s->serial = ++tcp_sack_out(pcb)->serial;
  }
}

void tcp_ooo_note_duplicate(struct tcp_pcb *pcb, u32_t left, u32_t right)
{
  if (LWIP_TCP_SACK_OUT && left != right) {
    tcp_sack_out(pcb)->dsack_left = left;
    tcp_sack_out(pcb)->dsack_len = (u16_t)LWIP_MIN(right - left, 0xffffU);
  }
}

/** Segments in the queue that follow each other without a hole. */
struct run {
  struct tcp_range range;
  u16_t age; /* of the one that came last: how many have come since */
};

/** Take the run that begins at `s`. @return the segment behind it */
static const struct tcp_seg *run_take(u16_t serial, const struct tcp_seg *s, struct run *run)
{
  *run = (struct run){{s->seq, s->seq}, 0xffff};
  while (s != NULL && s->seq == run->range.right) {
    u16_t age = (u16_t)(serial - s->serial);
    run->age = LWIP_MIN(run->age, age);
    run->range.right = s->seq + s->len;
    s = s->next;
  }
  return s;
}

/** The newest `max` runs, in order of age. */
static u8_t newest_runs(struct tcp_pcb *pcb, struct run *out, u8_t max)
{
  u8_t n = 0;
  struct run run;
  const struct tcp_seg *s = pcb->ooseq;
  while (s != NULL) {
    s = run_take(tcp_sack_out(pcb)->serial, s, &run);
    bool is_told = seq_gt(run.range.left, pcb->rcv_nxt) && run.range.left != run.range.right;
    if (!is_told || max == 0 || (n == max && out[n - 1].age < run.age)) {
      continue;
    }
    n = (u8_t)(n < max ? n + 1 : n);
    u8_t at = (u8_t)(n - 1);
    for (; at > 0 && out[at - 1].age > run.age; at--) {
      out[at] = out[at - 1];
    }
    out[at] = run;
  }
  return n;
}

u8_t tcp_ooo_sack_blocks(struct tcp_pcb *pcb, struct tcp_range *out, u8_t max)
{
  struct run runs[LWIP_TCP_MAX_SACK_NUM];
  u8_t n = 0;
  if (!LWIP_TCP_SACK_OUT) {
    return 0;
  }
  const struct tcp_sack_out *s = tcp_sack_out(pcb);
  if (s->dsack_len > 0 && max > 0) {
    out[n].left = s->dsack_left; /* RFC 2883 4: first, and told once */
    out[n].right = s->dsack_left + s->dsack_len;
    n++;
  }
  u8_t count = newest_runs(pcb, runs, (u8_t)LWIP_MIN(max - n, LWIP_TCP_MAX_SACK_NUM));
  for (u8_t i = 0; i < count; i++) {
    out[n++] = runs[i].range;
  }
  return n;
}

void tcp_ooo_sacks_sent(struct tcp_pcb *pcb, u8_t count)
{
  if (LWIP_TCP_SACK_OUT && count > 0) {
    tcp_sack_out(pcb)->dsack_len = 0;
  }
}

/** Put a segment in front of `*at`; it touches no neighbour. */
static void insert_at(struct tcp_pcb *pcb, struct tcp_seg **at, struct tcp_rx_segment *seg)
{
  u32_t count = seg->p != NULL && seg->len > 0 ? pbuf_clen(seg->p) : 0;
  struct tcp_seg *s =
      is_within_bounds(pcb, seg->len, count) ? (struct tcp_seg *)memp_malloc(MEMP_TCP_SEG) : NULL;
  if (s == NULL) {
    tcp_segment_drop(seg, DROP_TCP_OOO_LIMIT);
    return;
  }
  s->seq = seg->seq;
  s->len = seg->len;
  s->flags = seg->flags;
  s->p = NULL;
  if (seg->len > 0) {
    s->p = seg->p;
    seg->p = NULL;
  }
  s->next = *at;
  *at = s;
  note_arrival(pcb, s);
}

/** A FIN without data where all is known: it came with data before, or nobody believes it. */
static bool is_known_fin(const struct tcp_seg *at, const struct tcp_rx_segment *seg)
{
  return seg->len == 0 && at != NULL && seq_leq(at->seq, seg->seq);
}

void tcp_ooo_insert(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  struct tcp_seg **at = &pcb->ooseq;
  u32_t end = seg->seq + seg->len;
  while (*at != NULL && seq_leq(seg_end(*at), seg->seq)) {
    at = &(*at)->next;
  }
  if (is_known_fin(*at, seg)) {
    tcp_segment_drop(seg, DROP_TCP_DUPLICATE);
    return;
  }
  if (*at != NULL && seq_leq((*at)->seq, seg->seq) && seg->len > 0) {
    u32_t known_to = (*at)->seq + (*at)->len;
    tcp_ooo_note_duplicate(pcb, seg->seq, seq_min(end, known_to));
    if (seq_leq(end, known_to)) {
      tcp_segment_drop(seg, DROP_TCP_DUPLICATE);
      note_arrival(pcb, *at);
      return;
    }
    trim_front(seg, known_to);
    at = &(*at)->next;
  }
  /* What lies wholly inside of the newcomer goes; what begins inside of it cuts its end. */
  while (*at != NULL && seq_lt((*at)->seq, end) && seq_leq(seg_end(*at), end) && seg->len > 0) {
    struct tcp_seg *covered = *at;
    *at = covered->next;
    tcp_ooo_note_duplicate(pcb, covered->seq, covered->seq + covered->len);
    seg_free(covered);
  }
  if (*at != NULL && seq_lt((*at)->seq, end) && seg->len > 0) {
    tcp_ooo_note_duplicate(pcb, (*at)->seq, end);
    trim_back(seg, (*at)->seq);
  }
  insert_at(pcb, at, seg);
}

/** `known` bytes have come in sequence meanwhile, maybe all. */
static void forget_front(struct tcp_seg *s, u32_t known)
{
  if (s->p != NULL && known > 0) {
    s->p = pbuf_free_header(s->p, (u16_t)known);
    s->seq += known;
    s->len -= known;
  }
}

struct pbuf *tcp_ooo_take(struct tcp_pcb *pcb, u32_t len_max, bool *fin)
{
  struct tcp_seg *s = pcb->ooseq;
  while (s != NULL && seq_leq(seg_end(s), pcb->rcv_nxt)) { /* came again in sequence */
    pcb->ooseq = s->next;
    seg_free(s);
    s = pcb->ooseq;
  }
  if (s == NULL || seq_gt(s->seq, pcb->rcv_nxt)) {
    return NULL;
  }
  forget_front(s, pcb->rcv_nxt - s->seq);
  if (s->len > len_max) {
    return NULL;
  }
  struct pbuf *p = s->p;
  s->p = NULL;
  *fin = (s->flags & TCP_FIN) != 0;
  pcb->ooseq = s->next;
  seg_free(s);
  return p;
}

#else

bool tcp_ooo_waits(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return false;
}

void tcp_ooo_free(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

void tcp_ooo_note_duplicate(struct tcp_pcb *pcb, u32_t left, u32_t right)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(left);
  LWIP_UNUSED_ARG(right);
}

u8_t tcp_ooo_sack_blocks(struct tcp_pcb *pcb, struct tcp_range *out, u8_t max)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(out);
  LWIP_UNUSED_ARG(max);
  return 0;
}

void tcp_ooo_sacks_sent(struct tcp_pcb *pcb, u8_t count)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(count);
}

void tcp_ooo_insert(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  LWIP_UNUSED_ARG(pcb);
  tcp_segment_drop(seg, DROP_TCP_OOO_LIMIT);
}

struct pbuf *tcp_ooo_take(struct tcp_pcb *pcb, u32_t len_max, bool *fin)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len_max);
  *fin = false;
  return NULL;
}

#endif
