/**
 * @file
 * Transmission records: which stretch of sequence numbers was sent when, and what became of it.
 *
 * State: xmit_last (the ring by sequence number, without gaps from snd_una to snd_nxt),
 * sent_first.. (by time of the last transmission; records taken for lost are not in it until they
 * are sent again), and the sums sacked, lost, retrans. Where memory for records is short, the last
 * one grows: it then stands for several segments, and losses are found in coarser pieces.
 */
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "transport/tcp/tcp_recovery_priv.h"

#if LWIP_TCP_SACK_IN

/** May more be counted to it? Not once its length is a part of the sums. */
static bool may_grow(const struct tcp_xmit *x)
{
  return x != NULL && !(x->flags & (TCP_XMIT_SACKED | TCP_XMIT_LOST | TCP_XMIT_RTX_OUT));
}

/** For what is about to be sent. What was acknowledged stays here for that, until a connection
   ends: who asks and is answered needs one record at a time. */
struct tcp_xmit_spare {
  struct tcp_xmit *record;
};
STACK_STATE(struct tcp_xmit_spare, spare);

bool tcp_xmit_reserve(struct tcp_pcb *pcb)
{
  if (spare()->record == NULL) {
    spare()->record = (struct tcp_xmit *)memp_malloc(MEMP_TCP_XMIT);
  }
  return spare()->record != NULL || may_grow(pcb->xmit_last);
}

void tcp_xmit_unreserve(void)
{
  if (spare()->record != NULL) {
    memp_free(MEMP_TCP_XMIT, spare()->record);
    spare()->record = NULL;
  }
}

static bool is_in_time_list(const struct tcp_xmit *x)
{
  return x->sent_prev != NULL;
}

static void time_list_remove(struct tcp_pcb *pcb, struct tcp_xmit *x)
{
  if (!is_in_time_list(x)) {
    return;
  }
  if (pcb->sent_first == x) {
    pcb->sent_first = x->sent_next;
  } else {
    x->sent_prev->sent_next = x->sent_next;
  }
  struct tcp_xmit *behind = x->sent_next != NULL ? x->sent_next : pcb->sent_first;
  if (behind != NULL) {
    behind->sent_prev = x->sent_prev;
  }
  x->sent_next = x->sent_prev = NULL;
}

/** Behind `before` in the order of time. */
static void time_list_insert(struct tcp_pcb *pcb, struct tcp_xmit *x, struct tcp_xmit *before)
{
  struct tcp_xmit *behind = before->sent_next != NULL ? before->sent_next : pcb->sent_first;
  x->sent_prev = before;
  x->sent_next = before->sent_next;
  before->sent_next = x;
  behind->sent_prev = x;
}

static void time_list_append(struct tcp_pcb *pcb, struct tcp_xmit *x)
{
  if (pcb->sent_first != NULL) {
    time_list_insert(pcb, x, pcb->sent_first->sent_prev);
    return;
  }
  pcb->sent_first = x;
  x->sent_prev = x;
  x->sent_next = NULL;
}

/** A batch was cut by the netif (LWIP_OFFLOAD). */
static u16_t segments_of(const struct tcp_pcb *pcb, const struct tcp_xmit *x)
{
  u32_t full = tcp_xmit_len(x) / pcb->mss;
  return (u16_t)LWIP_MAX(LWIP_MIN(full, 0xffffU), 1U);
}

void tcp_xmit_add(struct tcp_pcb *pcb, u32_t seq, u32_t end)
{
  struct tcp_xmit *x = spare()->record;
  if (x == NULL) {
    pcb->xmit_last->end = end;
    return;
  }
  spare()->record = NULL;
  *x = (struct tcp_xmit){.seq = seq, .end = end, .time_us = tcp_now_us()};
  x->count = segments_of(pcb, x);
  x->next = x;
  if (pcb->xmit_last != NULL) {
    x->next = pcb->xmit_last->next;
    pcb->xmit_last->next = x;
  } else {
    pcb->fack = seq;
  }
  pcb->xmit_last = x;
  time_list_append(pcb, x);
}

void tcp_xmit_again(struct tcp_pcb *pcb, struct tcp_xmit *x)
{
  if (x->flags & TCP_XMIT_SACKED) {
    return; /* a probe of what the peer says it has: that is not in flight */
  }
  if (!(x->flags & TCP_XMIT_RTX_OUT)) {
    pcb->retrans += tcp_xmit_len(x);
  }
  x->flags |= TCP_XMIT_RTX_OUT | TCP_XMIT_RTX;
  x->time_us = tcp_now_us();
  time_list_remove(pcb, x);
  time_list_append(pcb, x);
}

struct tcp_xmit *tcp_xmit_find(const struct tcp_pcb *pcb, u32_t seq)
{
  struct tcp_xmit *x = tcp_xmit_first(pcb);
  while (x != NULL && seq_leq(x->end, seq)) {
    x = tcp_xmit_next(pcb, x);
  }
  return x;
}

bool tcp_xmit_split(struct tcp_pcb *pcb, struct tcp_xmit *x, u32_t at)
{
  struct tcp_xmit *second = (struct tcp_xmit *)memp_malloc(MEMP_TCP_XMIT);
  if (second == NULL) {
    return false;
  }
  *second = *x;
  second->seq = at;
  if (x->count > 1) {
    x->count = (u16_t)LWIP_MAX((u64_t)x->count * (at - x->seq) / tcp_xmit_len(x), 1U);
    second->count = (u16_t)LWIP_MAX(second->count - x->count, 1);
  }
  second->sent_next = second->sent_prev = NULL;
  x->end = at;
  x->next = second;
  x->count = segments_of(pcb, x);
  second->count = segments_of(pcb, second);
  if (pcb->xmit_last == x) {
    pcb->xmit_last = second;
  }
  if (is_in_time_list(x)) {
    time_list_insert(pcb, second, x);
  }
  return true;
}

void tcp_xmit_mark_lost(struct tcp_pcb *pcb, struct tcp_xmit *x)
{
  if (!(x->flags & TCP_XMIT_LOST)) {
    pcb->lost += tcp_xmit_len(x);
    x->flags |= TCP_XMIT_LOST;
  }
  if (x->flags & TCP_XMIT_RTX_OUT) {
    pcb->retrans -= tcp_xmit_len(x);
    x->flags &= (u8_t)~TCP_XMIT_RTX_OUT;
  }
  time_list_remove(pcb, x);
}

/** Is it to be sent again, and has not been yet? */
static bool is_due(const struct tcp_xmit *x)
{
  return (x->flags & (TCP_XMIT_LOST | TCP_XMIT_RTX_OUT)) == TCP_XMIT_LOST;
}

void tcp_xmit_join(struct tcp_pcb *pcb, struct tcp_xmit *x, struct tcp_xmit *next)
{
  x->end = next->end;
  x->flags |= next->flags;
  x->count = (u16_t)LWIP_MIN((u32_t)x->count + next->count, 0xffffU);
  x->next = next->next;
  if (pcb->xmit_last == next) {
    pcb->xmit_last = x;
  }
  memp_free(MEMP_TCP_XMIT, next);
}

bool tcp_xmit_recut(struct tcp_pcb *pcb, u32_t len_max)
{
  u32_t data_end = tcp_snd_end(pcb); /* a FIN behind it takes no room */
  bool any = false;
  for (struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL; x = tcp_xmit_next(pcb, x)) {
    bool is_too_long = seq_gt(seq_min(x->end, data_end), x->seq + len_max);
    if (is_too_long && !(x->flags & TCP_XMIT_SACKED) && !is_due(x)) {
      tcp_xmit_mark_lost(pcb, x);
      any = true;
    }
  }
  struct tcp_xmit *x = any ? tcp_xmit_first(pcb) : NULL;
  while (x != NULL && x != pcb->xmit_last) {
    if (is_due(x) && is_due(x->next)) {
      tcp_xmit_join(pcb, x, x->next);
    } else {
      x = x->next;
    }
  }
  return any;
}

/** No part of the sums any more. */
static void unmark(struct tcp_pcb *pcb, struct tcp_xmit *x)
{
  u32_t len = tcp_xmit_len(x);
  pcb->sacked -= (x->flags & TCP_XMIT_SACKED) ? len : 0;
  pcb->lost -= (x->flags & TCP_XMIT_LOST) ? len : 0;
  pcb->retrans -= (x->flags & TCP_XMIT_RTX_OUT) ? len : 0;
  x->flags &= (u8_t) ~(TCP_XMIT_SACKED | TCP_XMIT_LOST | TCP_XMIT_RTX_OUT);
}

void tcp_xmit_mark_sacked(struct tcp_pcb *pcb, struct tcp_xmit *x)
{
  unmark(pcb, x);
  time_list_remove(pcb, x);
  x->flags |= TCP_XMIT_SACKED;
  pcb->sacked += tcp_xmit_len(x);
}

/** Into the list by time, where it was before it was taken for lost. Looks from `from` on if that
    can be: a record's successor was mostly sent behind it, and thousands may be restored at once.
 */
static void time_list_restore(struct tcp_pcb *pcb, struct tcp_xmit *x, struct tcp_xmit *from)
{
  bool is_behind = from != NULL && (s32_t)(from->time_us - x->time_us) <= 0;
  struct tcp_xmit *at = is_behind ? from : pcb->sent_first;
  while (at != NULL && (s32_t)(at->time_us - x->time_us) <= 0) {
    at = at->sent_next;
  }
  if (at == NULL) {
    time_list_append(pcb, x);
  } else if (at != pcb->sent_first) {
    time_list_insert(pcb, x, at->sent_prev);
  } else {
    x->sent_prev = at->sent_prev;
    x->sent_next = at;
    at->sent_prev = x;
    pcb->sent_first = x;
  }
}

void tcp_xmit_clear_lost(struct tcp_pcb *pcb)
{
  struct tcp_xmit *restored = NULL;
  for (struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL; x = tcp_xmit_next(pcb, x)) {
    if (x->flags & TCP_XMIT_LOST) {
      bool is_out = (x->flags & TCP_XMIT_RTX_OUT) != 0;
      pcb->lost -= tcp_xmit_len(x);
      x->flags &= (u8_t)~TCP_XMIT_LOST;
      if (!is_out) {
        time_list_restore(pcb, x, restored);
        restored = x;
      }
    }
  }
}

void tcp_xmit_clear_sacked(struct tcp_pcb *pcb)
{
  struct tcp_xmit *restored = NULL;
  for (struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL; x = tcp_xmit_next(pcb, x)) {
    if (x->flags & TCP_XMIT_SACKED) {
      unmark(pcb, x);
      x->count = segments_of(pcb, x);
      time_list_restore(pcb, x, restored);
      restored = x;
    }
  }
}

void tcp_xmit_pop(struct tcp_pcb *pcb)
{
  struct tcp_xmit *x = tcp_xmit_first(pcb);
  unmark(pcb, x);
  time_list_remove(pcb, x);
  pcb->xmit_last->next = x->next;
  if (pcb->xmit_last == x) {
    pcb->xmit_last = NULL;
  }
  if (spare()->record == NULL) {
    spare()->record = x;
  } else {
    memp_free(MEMP_TCP_XMIT, x);
  }
}

void tcp_xmit_free(struct tcp_pcb *pcb)
{
  while (tcp_xmit_first(pcb) != NULL) {
    tcp_xmit_pop(pcb);
  }
  tcp_xmit_unreserve();
  tcp_undo_forbid(pcb);
}

#endif
