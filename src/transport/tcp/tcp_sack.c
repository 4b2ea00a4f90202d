/**
 * @file
 * What the peer says has arrived: SACK blocks and D-SACK (RFC 2018, RFC 2883, RFC 6675).
 *
 * State: marks on the transmission records, sacks_seen[] (the last blocks, so that what is said
 * again costs nothing), xmit_hint, fack. Blocks that are no part of what is in flight are ignored
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
  struct tcp_xmit *x = pcb->xmit_first;
  while (x != NULL && seq_leq(x->end, pcb->snd_una)) {
    if (!(x->flags & TCP_XMIT_SACKED)) {
      delivered(pcb, x, sev);
    }
    tcp_xmit_pop(pcb);
    x = pcb->xmit_first;
  }
  if (x != NULL && seq_lt(x->seq, pcb->snd_una)) {
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

/** Mark what lies in the block. */
static void mark(struct tcp_pcb *pcb, struct tcp_range block, struct tcp_sack_event *sev)
{
  struct tcp_xmit *x = tcp_xmit_find(pcb, block.left);
  for (; x != NULL && seq_lt(x->seq, block.right); x = x->next) {
    if (x->flags & TCP_XMIT_SACKED) {
      pcb->xmit_hint = x;
      continue;
    }
    bool is_large = tcp_xmit_len(x) > pcb->mss;
    if (is_large && seq_lt(x->seq, block.left) && !tcp_xmit_split(pcb, x, block.left)) {
      continue;
    }
    if (seq_lt(x->seq, block.left)) {
      continue; /* a part of it, or the first half of it */
    }
    if (seq_gt(x->end, block.right) && (!is_large || !tcp_xmit_split(pcb, x, block.right))) {
      return;
    }
    delivered(pcb, x, sev);
    tcp_xmit_mark_sacked(pcb, x);
    sev->sacked += tcp_xmit_len(x);
    pcb->xmit_hint = x;
  }
}

/** Is the block, or the part of it that is new, worth looking at? Cuts off what was said before. */
static bool is_news(const struct tcp_pcb *pcb, struct tcp_range *block)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(pcb->sacks_seen); i++) {
    const struct tcp_range *seen = &pcb->sacks_seen[i];
    if (seen->left == seen->right || block->left != seen->left) {
      continue;
    }
    if (seq_leq(block->right, seen->right)) {
      return false;
    }
    /* A record that was covered in part may be covered now. */
    const struct tcp_xmit *x = tcp_xmit_find(pcb, seen->right - 1);
    bool is_whole = x == NULL || (x->flags & TCP_XMIT_SACKED);
    block->left = is_whole ? seen->right : seq_max(block->left, x->seq);
    return true;
  }
  return true;
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
  struct tcp_range news[TCP_SACK_BLOCKS_MAX];
  u8_t count = 0;
  sev->has_dsack = is_dsack(pcb, seg);
  if (sev->has_dsack) {
    sev->dsack = o->sack[0];
  }
  for (u8_t i = sev->has_dsack ? 1 : 0; i < o->num_sacks; i++) {
    struct tcp_range block = o->sack[i];
    if (is_in_flight(pcb, &block) && is_news(pcb, &block)) {
      insert_sorted(news, count++, block);
    }
  }
  for (u8_t i = 0; i < count; i++) {
    mark(pcb, news[i], sev);
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(pcb->sacks_seen); i++) {
    bool is_there = i < o->num_sacks && is_in_flight(pcb, &o->sack[i]);
    pcb->sacks_seen[i] = is_there ? o->sack[i] : (struct tcp_range){0, 0};
  }
}

bool tcp_sack_detect_loss(struct tcp_pcb *pcb)
{
  u32_t above = pcb->sacked;
  u32_t count = pcb->sacked_count;
  bool any = false;
  for (struct tcp_xmit *x = pcb->xmit_first; x != NULL && above > 0; x = x->next) {
    if (x->flags & TCP_XMIT_SACKED) {
      above -= tcp_xmit_len(x);
      count--;
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
