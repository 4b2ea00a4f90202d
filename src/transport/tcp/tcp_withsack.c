/**
 * @file
 * Loss recovery with selective acknowledgements: the states (RFC 6675, RFC 8985, RFC 6937, RFC
 * 5682).
 *
 * State: ca_state, recover. An acknowledgement marks records, finds losses, changes the state and
 * sets cwnd, in that order; what is to be sent follows from the marks.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
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
  }
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    pcb->prr_out += len;
  }
}

static void enter_recovery(struct tcp_pcb *pcb, u32_t delivered)
{
  LWIP_DEBUGF(TCP_FR_DEBUG, ("tcp: %" U16_F " to %" U16_F ": losses, %" U32_F " bytes in flight\n",
                             pcb->local_port, pcb->remote_port, tcp_flight(pcb)));
  tcp_undo_remember(pcb);
  tcp_reduce_ssthresh(pcb, tcp_flight(pcb));
  pcb->recover = pcb->snd_nxt;
  pcb->ca_state = TCP_CA_RECOVERY;
  tcp_set_flags(pcb, TF_INFR);
  tcp_prr_start(pcb, delivered);
}

static void leave_recovery(struct tcp_pcb *pcb)
{
  pcb->ca_state = TCP_CA_OPEN;
  pcb->recover = pcb->snd_nxt; /* so far the last reduction may still be undone */
  pcb->frto = TCP_FRTO_OFF;
  tcp_clear_flags(pcb, TF_INFR | TF_RTO);
  tcp_rack_recovered(pcb);
}

/** A tail loss probe has repaired a loss: slow down once, without recovery (RFC 8985 7.4.2). */
static void reduce_for_probe(struct tcp_pcb *pcb, u32_t flight)
{
  if (pcb->ca_state == TCP_CA_OPEN) {
    tcp_reduce_ssthresh(pcb, flight);
    tcp_set_cwnd(pcb, pcb->ssthresh);
  }
}

/** Is there new data that would be sent whatever else (RFC 5682 3.1 step 2b)? */
static bool has_new_data(const struct tcp_pcb *pcb)
{
  u32_t right = seq_min(tcp_snd_end(pcb), pcb->snd_una + pcb->snd_wnd);
  return seq_geq(right, pcb->snd_nxt + pcb->mss);
}

/**
 * After a timeout: the first acknowledgement that moves snd_una lets new data out instead of old;
 * what comes then tells whether segments from before the timeout still arrive (RFC 5682 3.1).
 *
 * @return true: they do, so nothing but time was lost
 */
static bool is_timeout_spurious(struct tcp_pcb *pcb, const struct tcp_ack_event *ev,
                                const struct tcp_sack_event *sev)
{
  bool moves = ev->acked > 0;
  if (pcb->frto == TCP_FRTO_SENT && moves) {
    bool goes_on = seq_lt(pcb->snd_una, pcb->recover) && has_new_data(pcb);
    pcb->frto = goes_on ? TCP_FRTO_NEW_DATA : TCP_FRTO_OFF;
    if (goes_on) {
      tcp_set_cwnd(pcb, tcp_pipe(pcb) + 2U * pcb->mss);
    }
    return false;
  }
  if (pcb->frto != TCP_FRTO_NEW_DATA || (!moves && !sev->has_new && !ev->is_duplicate)) {
    return false;
  }
  pcb->frto = TCP_FRTO_OFF;
  if (sev->has_original && !sev->has_later) {
    return true;
  }
  tcp_set_cwnd(pcb, LWIP_MIN(pcb->cwnd, 3U * pcb->mss)); /* step 3a */
  return false;
}

static bool detect_loss(struct tcp_pcb *pcb)
{
  return LWIP_TCP_RACK ? tcp_rack_detect_loss(pcb) : tcp_sack_detect_loss(pcb);
}

/** A round-trip time from the records, or else from the timestamp that comes back. */
static void measure(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg, struct tcp_ack_event *ev,
                    const struct tcp_sack_event *sev)
{
  ev->rtt_us = sev->rtt_us;
  if (ev->rtt_us == 0 && ev->acked > 0) {
    ev->rtt_us = tcp_rtt_of_echo(pcb, seg);
  }
  if (ev->rtt_us != 0) {
    tcp_rtt_sample(pcb, ev->rtt_us);
  }
}

/** cwnd outside of recovery. */
static void open_window(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  bool is_watching = pcb->frto == TCP_FRTO_NEW_DATA;
  if (ev->acked > 0 && !ev->has_ece && !is_watching && tcp_cc_is_limited(pcb, ev->flight_before)) {
    tcp_cc_of(pcb)->acked(pcb, ev);
  }
}

/** What the acknowledgement does to records. */
static void take_marks(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                       struct tcp_ack_event *ev, struct tcp_sack_event *sev)
{
  u32_t sacked_before = pcb->sacked;
  tcp_sack_cumulative(pcb, sev);
  u32_t sacked_cumulated = sacked_before - pcb->sacked;
  tcp_sack_process(pcb, seg, sev);
  ev->delivered = ev->acked - LWIP_MIN(ev->acked, sacked_cumulated) + sev->sacked;
  measure(pcb, seg, ev, sev);
  tcp_rack_dsack(pcb, sev);
}

static void withsack_acked(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                           struct tcp_ack_event *ev)
{
  struct tcp_sack_event sev = {.echo_age_us = tcp_rtt_of_echo(pcb, seg)};
  take_marks(pcb, seg, ev, &sev);
  if (tcp_undo_is_due(pcb, seg, &sev) || is_timeout_spurious(pcb, ev, &sev)) {
    tcp_undo(pcb);
    leave_recovery(pcb);
    return;
  }
  bool is_repaired = tcp_tlp_acked(pcb, seg, ev, &sev);
  bool has_lost = (sev.has_new || pcb->ca_state != TCP_CA_OPEN) && detect_loss(pcb);
  bool was_recovery = pcb->ca_state == TCP_CA_RECOVERY;
  if (pcb->ca_state != TCP_CA_OPEN && seq_geq(pcb->snd_una, pcb->recover) && ev->acked > 0) {
    leave_recovery(pcb);
  }
  if (is_repaired) {
    reduce_for_probe(pcb, ev->flight_before);
  }
  if (pcb->lost > 0 && pcb->ca_state == TCP_CA_OPEN) {
    enter_recovery(pcb, ev->delivered);
  }
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    tcp_prr_acked(pcb, ev->delivered, ev->acked > 0 && !has_lost);
  } else if (was_recovery) {
    tcp_set_cwnd(pcb, pcb->ssthresh); /* RFC 9937 6.4 */
  } else {
    open_window(pcb, ev);
  }
}

/** What was sent too long ago, or all where that cannot be told. */
static void mark_lost_by_timeout(struct tcp_pcb *pcb)
{
  if (LWIP_TCP_RACK) {
    tcp_rack_timeout(pcb);
    return;
  }
  for (struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL; x = tcp_xmit_next(pcb, x)) {
    if (!(x->flags & TCP_XMIT_SACKED)) {
      tcp_xmit_mark_lost(pcb, x);
    }
  }
}

static void withsack_timeout(struct tcp_pcb *pcb)
{
  bool is_first = pcb->nrtx <= 1;
  if (is_first) {
    tcp_undo_remember(pcb);
    tcp_reduce_ssthresh(pcb, tcp_flight(pcb));
  }
  if (tcp_xmit_first(pcb) != NULL && (tcp_xmit_first(pcb)->flags & TCP_XMIT_SACKED)) {
    tcp_xmit_clear_sacked(pcb); /* the peer has thrown away what it had reported */
  }
  /* RFC 5682 3.1 step 1: not while losses of before are repaired. */
  pcb->frto = (is_first && pcb->ca_state == TCP_CA_OPEN) ? TCP_FRTO_SENT : TCP_FRTO_OFF;
  pcb->ca_state = TCP_CA_LOSS;
  pcb->recover = pcb->snd_nxt;
  pcb->tlp_is_out = false;
  pcb->bytes_acked = 0;
  mark_lost_by_timeout(pcb);
  tcp_set_cwnd(pcb, tcp_pipe(pcb) + pcb->mss);
  tcp_clear_flags(pcb, TF_INFR);
  tcp_set_flags(pcb, TF_RTO);
}

/**
 * What was too long did not arrive, and this was not for congestion: cwnd is to be what it was. But
 * nothing may be under way any more that keeps the pace, so slow start leads back there, beginning
 * with one segment (RFC 1191 6.4, RFC 8201 5.4). In recovery cwnd follows what arrives anyway.
 */
static void withsack_recut(struct tcp_pcb *pcb, u32_t len_max)
{
  if (!tcp_xmit_recut(pcb, len_max)) {
    return;
  }
  if (pcb->ca_state == TCP_CA_OPEN) {
    pcb->ssthresh = LWIP_MAX(pcb->ssthresh, pcb->cwnd);
    pcb->ca_state = TCP_CA_LOSS;
    pcb->recover = pcb->snd_nxt;
  }
  pcb->frto = TCP_FRTO_OFF;
  tcp_undo_forbid(pcb); /* whatever comes back, this was sent again for a reason */
  pcb->tlp_is_out = false;
  tcp_set_cwnd(pcb, LWIP_MIN(pcb->cwnd, tcp_pipe(pcb) + pcb->mss));
}

static bool withsack_next(struct tcp_pcb *pcb, u32_t *seq, u32_t *len)
{
  if (pcb->lost == 0 || pcb->frto == TCP_FRTO_NEW_DATA) {
    return false;
  }
  struct tcp_xmit *x = tcp_xmit_first(pcb);
  while (x != NULL && (!(x->flags & TCP_XMIT_LOST) || (x->flags & TCP_XMIT_RTX_OUT))) {
    x = tcp_xmit_next(pcb, x);
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
  return pcb->cwnd > pipe ? pcb->cwnd - pipe : 0;
}

static void withsack_reorder(struct tcp_pcb *pcb)
{
  bool has_lost = tcp_rack_detect_loss(pcb);
  if (has_lost && pcb->ca_state == TCP_CA_OPEN) {
    enter_recovery(pcb, 0);
  }
  if (has_lost && pcb->ca_state == TCP_CA_RECOVERY) {
    tcp_prr_acked(pcb, 0, false); /* for what is in flight now */
  }
}

const struct tcp_recovery_ops tcp_withsack = {
    .sent = withsack_sent,
    .acked = withsack_acked,
    .timeout = withsack_timeout,
    .recut = withsack_recut,
    .next = withsack_next,
    .quota = withsack_quota,
    .probe_delay_ms = LWIP_TCP_RACK ? tcp_tlp_delay_ms : NULL,
    .probe = tcp_tlp_send,
    .reorder = withsack_reorder,
};

#endif
