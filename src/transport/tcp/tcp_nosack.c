/**
 * @file
 * Loss recovery without selective acknowledgements: NewReno (RFC 5681 3.2, RFC 6582), limited
 * transmit (RFC 3042), retransmission timeouts (RFC 6298 5, RFC 5681 3.1).
 *
 * State: ca_state, recover, rtx_nxt, dupacks, rtt_left, rtt_time_us. After a timeout everything in
 * flight counts as lost: rtx_nxt walks from snd_una to `recover`. In fast recovery each partial
 * acknowledgement names the next hole, unless Reno is to be plain (LWIP_TCP_RENO).
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "transport/tcp/tcp_recovery_priv.h"

static void nosack_sent(struct tcp_pcb *pcb, u32_t seq, u32_t len, bool is_rtx)
{
  if (is_rtx) {
    pcb->rtx_nxt = seq_max(pcb->rtx_nxt, seq + len);
    pcb->rtt_time_us = 0; /* Karn: an ACK could mean either copy */
  } else {
    pcb->rtx_nxt = pcb->rtx_nxt == seq ? seq + len : pcb->rtx_nxt;
    if (pcb->rtt_time_us == 0) {
      pcb->rtt_left = (tcpwnd_size_t)LWIP_MIN(seq + len - pcb->snd_una, (tcpwnd_size_t)~0U);
      pcb->rtt_time_us = tcp_now_us();
    }
  }
}

static void enter_recovery(struct tcp_pcb *pcb)
{
  LWIP_DEBUGF(TCP_FR_DEBUG, ("tcp: %" U16_F " to %" U16_F ": losses, %" U32_F " bytes in flight\n",
                             pcb->local_port, pcb->remote_port, tcp_flight(pcb)));
  /* RFC 5681 3.2 (2): what limited transmit has sent beyond cwnd does not count. */
  tcp_reduce_ssthresh(pcb, LWIP_MIN(tcp_flight(pcb), pcb->cwnd));
  pcb->recover = pcb->snd_nxt;
  pcb->ca_state = TCP_CA_RECOVERY;
  tcp_set_flags(pcb, TF_INFR);
  pcb->rtx_nxt = pcb->snd_una;
  pcb->bytes_acked = 0;
  tcp_set_cwnd(pcb, pcb->ssthresh + TCP_DUPACK_THRESHOLD * pcb->mss);
}

static void leave_recovery(struct tcp_pcb *pcb)
{
  pcb->ca_state = TCP_CA_OPEN;
  pcb->dupacks = 0;
  pcb->rtx_nxt = pcb->snd_nxt;
  tcp_clear_flags(pcb, TF_INFR | TF_RTO);
}

static void duplicate_acked(struct tcp_pcb *pcb)
{
  if (pcb->dupacks < 0xf) {
    pcb->dupacks++;
  }
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    tcp_set_cwnd(pcb, pcb->cwnd + pcb->mss); /* a segment has left the network */
  } else if (pcb->dupacks == TCP_DUPACK_THRESHOLD && pcb->ca_state == TCP_CA_OPEN &&
             seq_gt(pcb->snd_una, pcb->recover)) { /* RFC 6582 3.2 (2): not for the same losses */
    enter_recovery(pcb);
  }
}

static void partial_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  /* RFC 6582 3.2 (3): the next hole; deflate by what has arrived, keep one segment's worth. */
  pcb->rtx_nxt = pcb->snd_una;
  u32_t cwnd = pcb->cwnd > ev->acked ? pcb->cwnd - ev->acked : 0;
  tcp_set_cwnd(pcb, cwnd + (ev->acked >= pcb->mss ? pcb->mss : 0U));
}

static void new_acked_in_recovery(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  if (tcp_cc_is_plain(pcb)) { /* RFC 5681 3.2 (6), whatever else was lost */
    tcp_set_cwnd(pcb, pcb->ssthresh);
    pcb->recover = pcb->snd_una - 1;
    leave_recovery(pcb);
  } else if (seq_lt(pcb->snd_una, pcb->recover)) {
    partial_acked(pcb, ev);
  } else {
    /* RFC 6582 3.2 (3): no burst of all that was held back. */
    u32_t flight = LWIP_MAX(tcp_flight(pcb), pcb->mss);
    tcp_set_cwnd(pcb, LWIP_MIN(pcb->ssthresh, flight + pcb->mss));
    leave_recovery(pcb);
  }
}

/** By what was timed; what was sent again is not (Karn), but timestamps know (RFC 7323 4.1). */
static void measure_rtt(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                        struct tcp_ack_event *ev)
{
  if (pcb->rtt_time_us == 0) {
    ev->rtt_us = tcp_rtt_of_echo(pcb, seg);
  } else if (ev->acked >= pcb->rtt_left) {
    ev->rtt_us = LWIP_MAX(tcp_now_us() - pcb->rtt_time_us, 1U);
    pcb->rtt_time_us = 0;
  } else {
    pcb->rtt_left = (tcpwnd_size_t)(pcb->rtt_left - ev->acked);
  }
  if (ev->rtt_us != 0) {
    tcp_rtt_sample(pcb, ev->rtt_us);
  }
}

static void nosack_acked(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                         struct tcp_ack_event *ev)
{
  if (ev->is_duplicate) {
    duplicate_acked(pcb);
    return;
  }
  if (ev->acked == 0) {
    return;
  }
  measure_rtt(pcb, seg, ev);
  pcb->rtx_nxt = seq_max(pcb->rtx_nxt, pcb->snd_una);
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    new_acked_in_recovery(pcb, ev);
    return;
  }
  if (pcb->ca_state == TCP_CA_LOSS && seq_geq(pcb->snd_una, pcb->recover)) {
    leave_recovery(pcb);
  }
  pcb->dupacks = 0;
  if (pcb->ca_state == TCP_CA_OPEN && seq_gt(pcb->snd_una, pcb->recover)) {
    pcb->recover = pcb->snd_una - 1; /* so that it is never half the number space behind */
  }
  if (!ev->has_ece && tcp_cc_is_limited(pcb, ev->flight_before)) {
    tcp_cc_of(pcb)->acked(pcb, ev);
  }
}

static void nosack_timeout(struct tcp_pcb *pcb)
{
  if (pcb->nrtx <= 1) { /* RFC 5681 3.1: not again for the same loss */
    tcp_reduce_ssthresh(pcb, tcp_flight(pcb));
  }
  tcp_set_cwnd(pcb, pcb->mss);
  pcb->bytes_acked = 0;
  pcb->ca_state = TCP_CA_LOSS;
  pcb->recover = pcb->snd_nxt;
  pcb->rtx_nxt = pcb->snd_una;
  pcb->dupacks = 0;
  pcb->rtt_time_us = 0;
  tcp_clear_flags(pcb, TF_INFR);
  tcp_set_flags(pcb, TF_RTO);
}

/**
 * All of it again, as after a timeout: which segments were too long is not known. But nothing says
 * that the network is congested: slow start leads back to where cwnd was (RFC 8201 5.4).
 */
static void nosack_recut(struct tcp_pcb *pcb, u32_t len_max)
{
  u32_t data_end = seq_min(pcb->snd_nxt, tcp_snd_end(pcb)); /* the FIN takes no room */
  if (seq_leq(data_end, pcb->snd_una + len_max)) {
    return; /* no segment has more */
  }
  if (pcb->ca_state == TCP_CA_OPEN) {
    pcb->ssthresh = LWIP_MAX(pcb->ssthresh, pcb->cwnd);
  }
  pcb->ca_state = TCP_CA_LOSS;
  pcb->recover = pcb->snd_nxt;
  pcb->rtx_nxt = pcb->snd_una;
  pcb->dupacks = 0;
  pcb->rtt_time_us = 0;
  tcp_set_cwnd(pcb, pcb->mss);
  tcp_clear_flags(pcb, TF_INFR);
}

/** Sent and not yet known to have arrived or to be lost (RFC 6675's pipe, without SACK). */
static u32_t pipe(const struct tcp_pcb *pcb)
{
  if (pcb->ca_state == TCP_CA_LOSS) {
    u32_t again_end = seq_min(pcb->rtx_nxt, pcb->recover);
    u32_t again = seq_gt(again_end, pcb->snd_una) ? again_end - pcb->snd_una : 0;
    return again + (pcb->snd_nxt - seq_max(pcb->recover, pcb->snd_una));
  }
  return tcp_flight(pcb);
}

static bool nosack_next(struct tcp_pcb *pcb, u32_t *seq, u32_t *len)
{
  if (pcb->ca_state == TCP_CA_RECOVERY) {
    if (pcb->rtx_nxt != pcb->snd_una) {
      return false; /* this hole is being filled */
    }
    *seq = pcb->snd_una;
    *len = LWIP_MIN(pcb->mss, pcb->recover - pcb->snd_una);
    return true;
  }
  if (pcb->ca_state != TCP_CA_LOSS || seq_geq(pcb->rtx_nxt, pcb->recover)) {
    return false;
  }
  *seq = pcb->rtx_nxt;
  *len = LWIP_MIN(pcb->mss, pcb->recover - pcb->rtx_nxt);
  return pipe(pcb) == 0 || pipe(pcb) + *len <= pcb->cwnd;
}

static u32_t nosack_quota(const struct tcp_pcb *pcb)
{
  u32_t cwnd = pcb->cwnd;
  if (pcb->ca_state == TCP_CA_OPEN && pcb->dupacks > 0) {
    cwnd += LWIP_MIN(pcb->dupacks, 2U) * pcb->mss; /* limited transmit (RFC 3042) */
  }
  u32_t in_network = pipe(pcb);
  return cwnd > in_network ? cwnd - in_network : 0;
}

const struct tcp_recovery_ops tcp_nosack = {
    .sent = nosack_sent,
    .acked = nosack_acked,
    .timeout = nosack_timeout,
    .recut = nosack_recut,
    .next = nosack_next,
    .quota = nosack_quota,
};
