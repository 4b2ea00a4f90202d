/**
 * @file
 * What the peer says has arrived: SACK blocks and D-SACK (RFC 2018, RFC 2883, RFC 6675).
 *
 * State: marks on the transmission records, fack. What has arrived without a hole is one record, so
 * that what is said again costs little. Blocks that are no part of what is in flight are ignored
 * one by one (security vector B9-148). A record that is covered in part counts as not arrived,
 * unless it stands for several segments: pieces smaller than those that we sent are no way to make
 * us keep more records (CVE-2019-11478).
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_recovery_priv.h"

#if LWIP_TCP_SACK_IN

/** `x` has arrived, by a block or by snd_una. */
static void delivered(struct tcp_pcb *pcb, struct tcp_xmit *x, struct tcp_sack_event *sev)
{
  sev->has_new = true;
  if (seq_gt(x->end, pcb->recover)) {
    sev->has_later = true;
  } else if (!(x->flags & TCP_XMIT_RTX)) {
    sev->has_original = true;
  }
  if (!(x->flags & TCP_XMIT_RTX)) {
    u32_t rtt_us = tcp_now_us() - x->time_us;
    if (sev->rtt_us == 0 || (s32_t)(x->time_us - sev->latest_us) > 0) {
      sev->rtt_us = LWIP_MAX(rtt_us, 1U);
      sev->latest_us = x->time_us;
    }
  }
  if (LWIP_TCP_RACK) {
    tcp_rack_delivered(pcb, x, sev->echo_age_us);
  }
}

void tcp_sack_cumulative(struct tcp_pcb *pcb, struct tcp_sack_event *sev)
{
  struct tcp_xmit *x = tcp_xmit_first(pcb);
  while (x != NULL && seq_leq(x->end, pcb->snd_una)) {
    if (!(x->flags & TCP_XMIT_SACKED)) {
      delivered(pcb, x, sev);
    }
    tcp_xmit_pop(pcb);
    x = tcp_xmit_first(pcb);
  }
  if (x != NULL && seq_lt(x->seq, pcb->snd_una)) {
    struct tcp_xmit front = *x;
    front.end = pcb->snd_una;
    if (!(x->flags & TCP_XMIT_SACKED) && tcp_xmit_len(x) > pcb->mss) { /* of several segments */
      delivered(pcb, &front, sev);
    }
    u32_t part = pcb->snd_una - x->seq;
    pcb->sacked -= (x->flags & TCP_XMIT_SACKED) ? part : 0;
    pcb->lost -= (x->flags & TCP_XMIT_LOST) ? part : 0;
    pcb->retrans -= (x->flags & TCP_XMIT_RTX_OUT) ? part : 0;
    x->seq = pcb->snd_una;
  }
  if (x == NULL) {
    pcb->rack_time_us = 0; /* it compares only what is in flight, and would wrap while idle */
  }
}

/** Has `x`, which the block touches, arrived as a whole? Marks it then. What counts is cut off from
    a large one; `x` may be the first half of it then, which has not arrived. */
static bool mark_one(struct tcp_pcb *pcb, struct tcp_xmit *x, const struct tcp_range *block,
                     struct tcp_sack_event *sev)
{
  if (x->flags & TCP_XMIT_SACKED) {
    return true;
  }
  bool is_large = tcp_xmit_len(x) > pcb->mss;
  if (seq_lt(x->seq, block->left)) {
    if (is_large) {
      (void)tcp_xmit_split(pcb, x, block->left);
    }
    return false;
  }
  if (seq_gt(x->end, block->right) && (!is_large || !tcp_xmit_split(pcb, x, block->right))) {
    return false;
  }
  delivered(pcb, x, sev);
  tcp_xmit_mark_sacked(pcb, x);
  sev->sacked += tcp_xmit_len(x);
  return true;
}

/**
 * Mark what lies in the block, and make it one record.
 *
 * @param x  at or before what the block begins with
 * @return where to look for a block behind it
 */
static struct tcp_xmit *mark(struct tcp_pcb *pcb, struct tcp_xmit *x, const struct tcp_range *block,
                             struct tcp_sack_event *sev)
{
  struct tcp_xmit *before = NULL; /* in front of `x`, and arrived */
  while (x != pcb->xmit_last && seq_leq(x->end, block->left)) {
    x = x->next;
  }
  struct tcp_xmit *last = x;
  for (; x != NULL && seq_lt(x->seq, block->right); x = tcp_xmit_next(pcb, last)) {
    bool has_arrived = mark_one(pcb, x, block, sev);
    last = x;
    if (has_arrived && before != NULL) {
      tcp_xmit_join(pcb, before, x);
      last = before;
    }
    before = has_arrived ? last : NULL;
  }
  if (before != NULL && x != NULL && (x->flags & TCP_XMIT_SACKED)) {
    tcp_xmit_join(pcb, before, x);
  }
  return last;
}

static bool is_in_flight(const struct tcp_pcb *pcb, const struct tcp_range *block)
{
  return seq_lt(block->left, block->right) && seq_geq(block->left, pcb->snd_una) &&
         seq_leq(block->right, pcb->snd_nxt);
}

/** RFC 2883 4: the first block is below the acknowledgement, or inside of the second. One about
    what was never sent, or so long ago that it cannot be, says nothing. */
static bool is_dsack(const struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  const struct tcp_range *b = seg->opts.sack;
  if (seg->opts.num_sacks == 0 || seq_geq(b[0].left, b[0].right) ||
      seq_gt(b[0].right, pcb->snd_nxt) || seq_lt(b[0].left, pcb->snd_una - tcp_snd_wnd_max(pcb))) {
    return false;
  }
  if (seq_leq(b[0].right, seg->h.ack)) {
    return true;
  }
  return seg->opts.num_sacks > 1 && seq_geq(b[0].left, b[1].left) &&
         seq_leq(b[0].right, b[1].right);
}

/** Ascending: the order of blocks in one segment is not that of arrival (RFC 8985 6.2 step 3). */
static void insert_sorted(struct tcp_range *blocks, u8_t count, struct tcp_range block)
{
  for (; count > 0 && seq_gt(blocks[count - 1].left, block.left); count--) {
    blocks[count] = blocks[count - 1];
  }
  blocks[count] = block;
}

void tcp_sack_process(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                      struct tcp_sack_event *sev)
{
  const struct tcp_options *o = &seg->opts;
  struct tcp_range blocks[TCP_SACK_BLOCKS_MAX];
  u8_t count = 0;
  sev->has_dsack = is_dsack(pcb, seg);
  if (sev->has_dsack) {
    sev->dsack = o->sack[0];
  }
  for (u8_t i = sev->has_dsack ? 1 : 0; i < o->num_sacks; i++) {
    if (is_in_flight(pcb, &o->sack[i])) {
      insert_sorted(blocks, count++, o->sack[i]);
    }
  }
  struct tcp_xmit *x = tcp_xmit_first(pcb);
  for (u8_t i = 0; i < count && x != NULL; i++) {
    x = mark(pcb, x, &blocks[i], sev);
  }
}

/** Segments that have arrived behind holes, as they were sent. */
static u32_t sacked_count(const struct tcp_pcb *pcb, u32_t enough)
{
  u32_t count = 0;
  u32_t left = pcb->sacked;
  for (const struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL && left > 0 && count < enough;
       x = tcp_xmit_next(pcb, x)) {
    if (x->flags & TCP_XMIT_SACKED) {
      left -= tcp_xmit_len(x);
      count += x->count;
    }
  }
  return count;
}

bool tcp_sack_is_enough(const struct tcp_pcb *pcb)
{
  return sacked_count(pcb, TCP_DUPACK_THRESHOLD) >= TCP_DUPACK_THRESHOLD;
}

bool tcp_sack_detect_loss(struct tcp_pcb *pcb)
{
  u32_t above = pcb->sacked;
  u32_t count = sacked_count(pcb, 0xffffffffU);
  bool any = false;
  for (struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL && above > 0;
       x = tcp_xmit_next(pcb, x)) {
    if (x->flags & TCP_XMIT_SACKED) {
      above -= tcp_xmit_len(x);
      count -= x->count;
    } else if (!(x->flags & (TCP_XMIT_LOST | TCP_XMIT_RTX)) &&
               (count >= TCP_DUPACK_THRESHOLD ||
                above > (TCP_DUPACK_THRESHOLD - 1) * (u32_t)pcb->mss)) {
      tcp_xmit_mark_lost(pcb, x);
      any = true;
    }
  }
  return any;
}

#endif
