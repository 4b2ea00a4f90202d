/**
 * @file
 * RACK-TLP (RFC 8985): a segment is lost when one that was sent sufficiently later has arrived; a
 * probe at the tail makes the peer say what is missing.
 *
 * State: rack_*, min_rtt_us, reo_wnd_*, dsack_round, tlp_* of the pcb. The reordering window is
 * 0 until reordering has been seen, then a quarter of the minimum round-trip time, more when
 * D-SACKs show that this was too little.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_recovery_priv.h"

#if LWIP_TCP_SACK_IN

/** Round trips without D-SACK after which the window shrinks again (RFC 8985 6.2 step 4). */
#define REO_WND_PERSIST 16U
/** Probe no sooner; the peer may delay its ACK (RFC 8985 7.2). */
#define TLP_MAX_ACK_DELAY_US (TCP_DELACK_MS * 1000U)
#define TLP_DEFAULT_MS       1000U

/** RFC 8985's RACK_sent_after(). */
static bool is_sent_after(u32_t time1_us, u32_t end1, u32_t time2_us, u32_t end2)
{
  s32_t d = (s32_t)(time1_us - time2_us);
  return d > 0 || (d == 0 && seq_gt(end1, end2));
}

/** Timestamps count milliseconds. */
#define TIMESTAMP_TICK_US 1000U

void tcp_rack_delivered(struct tcp_pcb *pcb, const struct tcp_xmit *x, u32_t echo_age_us)
{
  u32_t rtt_us = tcp_now_us() - x->time_us;
  bool is_rtx = (x->flags & TCP_XMIT_RTX) != 0;
  bool is_too_soon = pcb->min_rtt_us != 0 && rtt_us < pcb->min_rtt_us;
  if (is_rtx && (is_too_soon || echo_age_us > rtt_us + TIMESTAMP_TICK_US)) {
    return; /* the original has arrived, not what was sent again (step 2) */
  }
  if (!is_rtx && (pcb->min_rtt_us == 0 || rtt_us < pcb->min_rtt_us)) {
    pcb->min_rtt_us = LWIP_MAX(rtt_us, 1U);
  }
  if (!is_rtx && seq_lt(x->end, pcb->fack)) {
    pcb->is_reordering_seen = true; /* step 3 */
  }
  pcb->fack = seq_max(pcb->fack, x->end);
  if (pcb->rack_time_us == 0 ||
      is_sent_after(x->time_us, x->end, pcb->rack_time_us, pcb->rack_end)) {
    pcb->rack_time_us = x->time_us;
    pcb->rack_end = x->end;
    pcb->rack_rtt_us = rtt_us;
  }
}

void tcp_rack_dsack(struct tcp_pcb *pcb, const struct tcp_sack_event *sev)
{
  if (pcb->has_dsack_round && seq_geq(pcb->snd_una, pcb->dsack_round)) {
    pcb->has_dsack_round = false;
  }
  if (sev->has_dsack && !pcb->has_dsack_round) {
    pcb->has_dsack_round = true;
    pcb->dsack_round = pcb->snd_nxt;
    pcb->reo_wnd_mult = (u8_t)LWIP_MIN(pcb->reo_wnd_mult + 1U, 0xffU);
    pcb->reo_wnd_persist = REO_WND_PERSIST;
  }
}

void tcp_rack_recovered(struct tcp_pcb *pcb)
{
  if (pcb->reo_wnd_persist > 0) {
    pcb->reo_wnd_persist--;
  }
  if (pcb->reo_wnd_persist == 0) {
    pcb->reo_wnd_mult = 0;
  }
}

/** RFC 8985 6.2 step 4. */
static u32_t reo_wnd_us(const struct tcp_pcb *pcb)
{
  if (!pcb->is_reordering_seen) {
    if (pcb->ca_state != TCP_CA_OPEN || tcp_sack_is_enough(pcb)) {
      return 0;
    }
  }
  u32_t quarters = pcb->reo_wnd_mult + 1U;
  return LWIP_MIN(pcb->min_rtt_us / 4 * quarters, pcb->srtt_us8 / 8);
}

static void set_reorder_timer(struct tcp_pcb *pcb, u32_t wait_us)
{
  pcb->rtx_kind = TCP_RTX_REORDER;
  tcp_timer_set(pcb, TCP_TIMER_RTX, (wait_us + 999) / 1000);
}

bool tcp_rack_detect_loss(struct tcp_pcb *pcb)
{
  u32_t reo_us = reo_wnd_us(pcb);
  u32_t wait_us = 0;
  bool any = false;
  if (pcb->rack_time_us == 0) {
    return false;
  }
  struct tcp_xmit *x = pcb->sent_first;
  while (x != NULL && is_sent_after(pcb->rack_time_us, pcb->rack_end, x->time_us, x->end)) {
    struct tcp_xmit *next = x->sent_next;
    u32_t age_us = tcp_now_us() - x->time_us;
    u32_t limit_us = pcb->rack_rtt_us + reo_us;
    if (age_us >= limit_us) {
      tcp_xmit_mark_lost(pcb, x);
      any = true;
    } else {
      wait_us = LWIP_MAX(wait_us, limit_us - age_us);
    }
    x = next;
  }
  if (wait_us > 0) {
    set_reorder_timer(pcb, wait_us);
  } else if (pcb->rtx_kind == TCP_RTX_REORDER) {
    pcb->rtx_kind = TCP_RTX_NONE; /* what it waited for has come */
    tcp_timer_cancel(pcb, TCP_TIMER_RTX);
    tcp_timer_data_sent(pcb);
  }
  return any;
}

void tcp_rack_timeout(struct tcp_pcb *pcb)
{
  u32_t rtt_us = pcb->rack_time_us != 0 ? pcb->rack_rtt_us : pcb->srtt_us8 / 8;
  u32_t limit_us = rtt_us + reo_wnd_us(pcb);
  for (struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL; x = tcp_xmit_next(pcb, x)) {
    bool is_first = x == tcp_xmit_first(pcb);
    if (!(x->flags & TCP_XMIT_SACKED) && (is_first || tcp_now_us() - x->time_us >= limit_us)) {
      tcp_xmit_mark_lost(pcb, x);
    }
  }
}

u32_t tcp_tlp_delay_ms(const struct tcp_pcb *pcb)
{
  bool may_probe =
      pcb->ca_state == TCP_CA_OPEN && !pcb->tlp_is_out && pcb->sacked == 0 && pcb->nrtx == 0;
  if (!may_probe) {
    return 0;
  }
  if (pcb->srtt_us8 == 0) {
    return TLP_DEFAULT_MS;
  }
  u32_t pto_us = pcb->srtt_us8 / 4;
  if (pcb->snd_nxt - pcb->snd_una <= pcb->mss) {
    pto_us += TLP_MAX_ACK_DELAY_US;
  }
  return LWIP_MAX((pto_us + 999) / 1000, 2U);
}

void tcp_tlp_send(struct tcp_pcb *pcb)
{
  u32_t end = tcp_snd_end(pcb);
  u32_t before = pcb->snd_nxt;
  struct tcp_xmit *x = pcb->xmit_last;
  pcb->tlp_is_out = true;
  pcb->tlp_is_retrans = false;
  if (seq_lt(pcb->snd_nxt, end) && tcp_output_probe(pcb)) {
    pcb->tlp_end = pcb->snd_nxt;
    return;
  }
  if (x == NULL || before != pcb->snd_nxt) {
    return;
  }
  if (tcp_xmit_len(x) > pcb->mss && tcp_xmit_split(pcb, x, x->end - pcb->mss)) {
    x = pcb->xmit_last;
  }
  pcb->tlp_is_retrans = true;
  pcb->tlp_end = pcb->snd_nxt;
  tcp_output_again(pcb, x->seq, tcp_xmit_len(x));
}

bool tcp_tlp_acked(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                   const struct tcp_ack_event *ev, const struct tcp_sack_event *sev)
{
  if (!pcb->tlp_is_out || seq_lt(seg->h.ack, pcb->tlp_end)) {
    return false;
  }
  bool is_repeated = sev->has_dsack && sev->dsack.right == pcb->tlp_end;
  bool is_plain_duplicate = ev->is_repeat && seg->opts.num_sacks == 0;
  if (!pcb->tlp_is_retrans || is_repeated) {
    pcb->tlp_is_out = false; /* nothing was missing */
    return false;
  }
  if (seq_gt(seg->h.ack, pcb->tlp_end)) {
    pcb->tlp_is_out = false;
    return true; /* the probe has filled a hole: RFC 8985 7.4.2 */
  }
  if (is_plain_duplicate) {
    pcb->tlp_is_out = false;
  }
  return false;
}

#endif
