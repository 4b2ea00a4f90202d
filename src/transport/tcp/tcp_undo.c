/**
 * @file
 * Losses that were none: reordering or a delay looked like one, and cwnd was reduced for nothing.
 *
 * State: undo_*, frto. Evidence: the acknowledgement echoes a timestamp from before the
 * retransmission (Eifel, RFC 3522); D-SACKs for all that was sent again (RFC 3708), until a round
 * trip after recovery. F-RTO (RFC 5682) is in tcp_withsack.c.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_recovery_priv.h"

#if LWIP_TCP_SACK_IN

void tcp_undo_remember(struct tcp_pcb *pcb)
{
  if (pcb->ca_state == TCP_CA_RECOVERY || pcb->ca_state == TCP_CA_LOSS) {
    return; /* the first reduction of several counts */
  }
  pcb->undo_flags = TCP_UNDO_POSSIBLE;
  pcb->undo_una = pcb->snd_una;
  pcb->undo_cwnd = pcb->cwnd;
  pcb->undo_ssthresh = pcb->ssthresh;
  pcb->undo_retrans = 0;
  pcb->rtx_time_us = 0;
}

void tcp_undo_sent_again(struct tcp_pcb *pcb, u32_t len)
{
  if (pcb->undo_flags & TCP_UNDO_POSSIBLE) {
    pcb->undo_retrans += len;
    if (pcb->rtx_time_us == 0) {
      pcb->rtx_time_us = tcp_now_us();
    }
  }
}

/** Was the acknowledgement caused by something sent before the first retransmission? */
static bool is_echo_older(const struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  if (!(pcb->flags & TF_TIMESTAMP) || !(seg->opts.has & TCP_HAS_TIMESTAMP) ||
      pcb->rtx_time_us == 0 || !seq_gt(seg->h.ack, pcb->undo_una)) {
    return false;
  }
  u32_t age_us = tcp_rtt_of_echo(pcb, seg);
  return pcb->ca_state != TCP_CA_OPEN && age_us > tcp_now_us() - pcb->rtx_time_us + 1000U;
}

/** D-SACKs have called all that was sent again needless. */
static bool is_all_repeated(struct tcp_pcb *pcb, const struct tcp_sack_event *sev)
{
  if (!sev->has_dsack || pcb->undo_retrans == 0 || seq_lt(sev->dsack.left, pcb->undo_una)) {
    return false;
  }
  u32_t len = sev->dsack.right - sev->dsack.left;
  pcb->undo_retrans -= LWIP_MIN(len, pcb->undo_retrans);
  return pcb->undo_retrans == 0;
}

bool tcp_undo_is_due(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                     const struct tcp_sack_event *sev)
{
  if (!(pcb->undo_flags & TCP_UNDO_POSSIBLE)) {
    return false;
  }
  if (pcb->ca_state == TCP_CA_OPEN && seq_gt(pcb->snd_una, pcb->recover)) {
    pcb->undo_flags = 0;
    return false;
  }
  return is_echo_older(pcb, seg) || is_all_repeated(pcb, sev);
}

void tcp_undo(struct tcp_pcb *pcb)
{
  tcp_xmit_clear_lost(pcb);
  tcp_set_cwnd(pcb, LWIP_MAX(pcb->cwnd, pcb->undo_cwnd));
  pcb->ssthresh = (tcpwnd_size_t)LWIP_MAX(pcb->ssthresh, pcb->undo_ssthresh);
  pcb->undo_flags = 0;
  if (pcb->undo_cwnd != 0) {
    tcp_ecn_begin_again(pcb);
  }
  if (pcb->undo_cwnd != 0 && tcp_cc_of(pcb)->undo != NULL) {
    tcp_cc_of(pcb)->undo(pcb);
  }
  if (pcb->ssthresh == (tcpwnd_size_t)~0U) {
    tcp_slow_start_init(pcb); /* the first slow start goes on; what it knew is gone */
  }
}

void tcp_undo_forbid(struct tcp_pcb *pcb)
{
  pcb->undo_flags = 0;
  pcb->undo_cwnd = 0;
  pcb->undo_ssthresh = 0;
}

#endif
