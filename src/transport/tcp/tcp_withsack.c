/**
 * @file
 * Loss recovery with selective acknowledgements: the states (RFC 6675, RFC 8985, RFC 6937, RFC
 * 5682).
 *
 * State: ca_state, recover. An acknowledgement marks records, finds losses, changes the state and
 * sets cwnd, in that order; what is to be sent follows from the marks.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_recovery_priv.h"

#if LWIP_TCP_SACK_IN

static void withsack_sent(struct tcp_pcb *pcb, u32_t seq, u32_t len, bool is_rtx)
{
  if (!is_rtx) {
    tcp_xmit_add(pcb, seq, seq + len);
  } else {
    struct tcp_xmit *x = tcp_xmit_find(pcb, seq);
    if (x != NULL && seq_lt(seq + len, x->end)) {
      (void)tcp_xmit_split(pcb, x, seq + len);
    }
    if (x != NULL) {
      tcp_xmit_again(pcb, x);
    }
    tcp_undo_sent_again(pcb, len);
    pcb->rtx_nxt = seq + len;
  }
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    pcb->prr_out += len;
  }
}

static void enter_recovery(struct tcp_pcb *pcb)
{
  tcp_undo_remember(pcb);
  tcp_reduce_ssthresh(pcb);
  pcb->recover = pcb->snd_nxt;
  pcb->ca_state = TCP_CA_RECOVERY;
  tcp_set_flags(pcb, TF_INFR);
  tcp_prr_start(pcb);
}

static void leave_recovery(struct tcp_pcb *pcb)
{
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    tcp_set_cwnd(pcb, pcb->ssthresh);
  }
  pcb->ca_state = TCP_CA_OPEN;
  pcb->rtx_nxt = pcb->snd_nxt;
  pcb->frto = false;
  tcp_clear_flags(pcb, TF_INFR | TF_RTO);
  tcp_rack_recovered(pcb);
}

/** A tail loss probe has repaired a loss: slow down once, without recovery (RFC 8985 7.4.2). */
static void reduce_for_probe(struct tcp_pcb *pcb)
{
  if (pcb->ca_state == TCP_CA_OPEN) {
    tcp_reduce_ssthresh(pcb);
    tcp_set_cwnd(pcb, pcb->ssthresh);
  }
}

/** After a timeout: is it spurious (RFC 5682)? */
static void watch_timeout(struct tcp_pcb *pcb, const struct tcp_ack_event *ev,
                          const struct tcp_sack_event *sev)
{
  if (!pcb->frto) {
    return;
  }
  if (ev->acked == 0 && sev->sacked == 0) {
    pcb->frto = false; /* step 2a: a duplicate, so it was a loss */
    pcb->frto_new_data = false;
  } else if (ev->acked > 0 && !pcb->frto_new_data) {
    pcb->frto_new_data = seq_lt(pcb->snd_nxt, tcp_snd_end(pcb)); /* step 2b: new data first */
  } else {
    pcb->frto_new_data = false;
    pcb->frto = false;
  }
}

static bool detect_loss(struct tcp_pcb *pcb)
{
  return LWIP_TCP_RACK ? tcp_rack_detect_loss(pcb) : tcp_sack_detect_loss(pcb);
}

/** Take all round-trip times from the records. */
static void measure(struct tcp_pcb *pcb, struct tcp_ack_event *ev, const struct tcp_sack_event *sev)
{
  if (sev->rtt_us != 0) {
    ev->rtt_us = sev->rtt_us;
    tcp_rtt_sample(pcb, sev->rtt_us);
  }
}

/** cwnd outside of recovery. */
static void open_window(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  if (ev->acked > 0 && tcp_cc_is_limited(pcb, ev->flight_before)) {
    tcp_cc_of(pcb)->acked(pcb, ev);
  }
}

static void withsack_acked(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                           struct tcp_ack_event *ev)
{
  struct tcp_sack_event sev = {0};
  u32_t sacked_before = pcb->sacked;
  tcp_sack_cumulative(pcb, &sev);
  u32_t sacked_cumulated = sacked_before - pcb->sacked;
  tcp_sack_process(pcb, seg, &sev);
  ev->delivered = ev->acked - LWIP_MIN(ev->acked, sacked_cumulated) + sev.sacked;
  measure(pcb, ev, &sev);
  pcb->rtx_nxt = seq_max(pcb->rtx_nxt, pcb->snd_una);
  tcp_rack_dsack(pcb, &sev, ev->una_before);
  if (tcp_undo_is_due(pcb, seg, &sev)) {
    tcp_undo(pcb);
    leave_recovery(pcb);
    return;
  }
  watch_timeout(pcb, ev, &sev);
  bool is_repaired = tcp_tlp_acked(pcb, seg, ev, &sev);
  bool has_lost = (sev.has_new || pcb->ca_state != TCP_CA_OPEN) && detect_loss(pcb);
  if (pcb->ca_state != TCP_CA_OPEN && seq_geq(pcb->snd_una, pcb->recover) && ev->acked > 0) {
    leave_recovery(pcb);
  }
  if (is_repaired) {
    reduce_for_probe(pcb);
  }
  if (pcb->lost > 0 && pcb->ca_state == TCP_CA_OPEN) {
    enter_recovery(pcb);
  }
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    tcp_prr_acked(pcb, ev->delivered, ev->acked > 0 && !has_lost);
  } else {
    open_window(pcb, ev);
  }
}

static void withsack_timeout(struct tcp_pcb *pcb)
{
  bool is_first = pcb->nrtx <= 1;
  if (is_first) {
    tcp_undo_remember(pcb);
    tcp_reduce_ssthresh(pcb);
  }
  if (pcb->xmit_first != NULL && (pcb->xmit_first->flags & TCP_XMIT_SACKED)) {
    tcp_xmit_clear_sacked(pcb); /* the peer has thrown away what it had reported */
  }
  pcb->frto = is_first && pcb->ca_state == TCP_CA_OPEN;
  pcb->frto_new_data = false;
  pcb->ca_state = TCP_CA_LOSS;
  pcb->recover = pcb->snd_nxt;
  pcb->tlp_is_out = false;
  pcb->bytes_acked = 0;
  pcb->rtx_nxt = pcb->snd_una;
  for (struct tcp_xmit *x = pcb->xmit_first; x != NULL; x = x->next) {
    if (!(x->flags & TCP_XMIT_SACKED)) {
      tcp_xmit_mark_lost(pcb, x);
    }
  }
  tcp_set_cwnd(pcb, tcp_pipe(pcb) + pcb->mss);
  tcp_clear_flags(pcb, TF_INFR);
  tcp_set_flags(pcb, TF_RTO);
}

static bool withsack_next(struct tcp_pcb *pcb, u32_t *seq, u32_t *len)
{
  if (pcb->lost == 0 || pcb->frto_new_data) {
    return false;
  }
  struct tcp_xmit *x = pcb->xmit_first;
  while (x != NULL && (!(x->flags & TCP_XMIT_LOST) || (x->flags & TCP_XMIT_RTX_OUT))) {
    x = x->next;
  }
  if (x == NULL) {
    return false;
  }
  *seq = x->seq;
  *len = LWIP_MIN(tcp_xmit_len(x), pcb->mss);
  u32_t pipe = tcp_pipe(pcb);
  return pipe == 0 || pipe + *len <= pcb->cwnd;
}

static u32_t withsack_quota(const struct tcp_pcb *pcb)
{
  u32_t pipe = tcp_pipe(pcb);
  u32_t cwnd = pcb->cwnd;
  if (pcb->frto_new_data) {
    cwnd = pipe + 2U * pcb->mss; /* RFC 5682 2.1 step 2b */
  }
  return cwnd > pipe ? cwnd - pipe : 0;
}

static void withsack_reorder(struct tcp_pcb *pcb)
{
  if (tcp_rack_detect_loss(pcb) && pcb->ca_state == TCP_CA_OPEN) {
    enter_recovery(pcb);
    tcp_prr_acked(pcb, 0, false);
  }
}

const struct tcp_recovery_ops tcp_withsack = {
    .sent = withsack_sent,
    .acked = withsack_acked,
    .timeout = withsack_timeout,
    .next = withsack_next,
    .quota = withsack_quota,
    .probe_delay_ms = LWIP_TCP_RACK ? tcp_tlp_delay_ms : NULL,
    .probe = tcp_tlp_send,
    .reorder = withsack_reorder,
};

#endif
