/**
 * @file
 * Losses that were none: reordering or a delay looked like one, and cwnd was reduced for nothing.
 *
 * State: undo_*, frto. Evidence: the acknowledgement echoes a timestamp from before the
 * retransmission (Eifel, RFC 3522); something arrived after a timeout that was never sent again
 * (F-RTO, RFC 5682); D-SACKs for all that was sent again (RFC 3708).
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
  u32_t age_ms = stack_now() + tcp_ts_get(pcb).offset - seg->opts.tsecr;
  u32_t rtx_age_ms = (tcp_now_us() - pcb->rtx_time_us) / 1000;
  return (s32_t)age_ms > (s32_t)(rtx_age_ms + 1);
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
  return is_echo_older(pcb, seg) || (pcb->frto && sev->has_original) || is_all_repeated(pcb, sev);
}

void tcp_undo(struct tcp_pcb *pcb)
{
  tcp_xmit_clear_lost(pcb);
  tcp_set_cwnd(pcb, LWIP_MAX(pcb->cwnd, pcb->undo_cwnd));
  pcb->ssthresh = (tcpwnd_size_t)LWIP_MAX(pcb->ssthresh, pcb->undo_ssthresh);
  pcb->undo_flags = 0;
  pcb->frto = false;
  if (tcp_cc_of(pcb)->undo != NULL) {
    tcp_cc_of(pcb)->undo(pcb);
  }
}

#endif
