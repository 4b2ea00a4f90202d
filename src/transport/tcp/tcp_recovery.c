/**
 * @file
 * Loss recovery: the part that does not depend on what the peer tells, and which part does.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "transport/tcp/tcp_recovery_priv.h"

static const struct tcp_recovery_ops *ops_of(const struct tcp_pcb *pcb)
{
  return TCP_OPS_WITHSACK(pcb, &tcp_withsack, &tcp_nosack);
}

void tcp_set_cwnd(struct tcp_pcb *pcb, u32_t cwnd)
{
  LWIP_DEBUGF(TCP_CWND_DEBUG, ("tcp: %" U16_F " to %" U16_F ": cwnd %" U32_F "\n", pcb->local_port,
                               pcb->remote_port, cwnd));
  pcb->cwnd = (tcpwnd_size_t)LWIP_MIN(LWIP_MAX(cwnd, pcb->mss), (tcpwnd_size_t)~0U);
}

void tcp_set_ssthresh(struct tcp_pcb *pcb, u32_t ssthresh)
{
  ssthresh = LWIP_MAX(ssthresh, 2U * pcb->mss);
  pcb->ssthresh = (tcpwnd_size_t)LWIP_MIN(ssthresh, (tcpwnd_size_t)~0U);
}

void tcp_reduce_ssthresh(struct tcp_pcb *pcb, u32_t flight)
{
  if (!tcp_ecn_has_slowed_down(pcb)) {
    tcp_set_ssthresh(pcb, tcp_cc_of(pcb)->ssthresh(pcb, flight, false));
    tcp_ecn_slowed_down(pcb);
  } else {
    tcp_undo_forbid(pcb); /* what was reduced for a mark stays so */
  }
}

void tcp_recovery_init(struct tcp_pcb *pcb)
{
  pcb->rtx_nxt = pcb->snd_nxt;
  pcb->recover = pcb->snd_una - 1; /* the SYN */
  pcb->ca_state = TCP_CA_OPEN;
  tcp_ecn_begin(pcb);
}

bool tcp_recovery_reserve(struct tcp_pcb *pcb)
{
  return tcp_fields_reserve(pcb);
}

void tcp_recovery_unreserve(void)
{
  tcp_fields_unreserve();
}

void tcp_recovery_free(struct tcp_pcb *pcb)
{
  tcp_fields_free(pcb);
}

void tcp_recovery_sent(struct tcp_pcb *pcb, u32_t seq, u32_t len, bool is_rtx)
{
  ops_of(pcb)->sent(pcb, seq, len, is_rtx);
  if (is_rtx && seq == pcb->snd_una && pcb->rtx_kind == TCP_RTX_RTO) {
    tcp_timer_cancel(pcb,
                     TCP_TIMER_RTX); /* to start anew: the repair has its own time (RFC 6675 6) */
  }
}

void tcp_recovery_acked(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                        struct tcp_ack_event *ev)
{
  ev->is_after_timeout = pcb->ca_state == TCP_CA_LOSS;
  tcp_ecn_acked(pcb, ev);
  ops_of(pcb)->acked(pcb, seg, ev);
  bool is_waiting = pcb->rtx_kind == TCP_RTX_REORDER || pcb->rtx_kind == TCP_RTX_ECN;
  if (ev->acked > 0 && ev->rtt_us != 0 && !is_waiting) {
    tcp_timer_data_acked(pcb); /* by what was just measured */
  }
}

void tcp_recovery_timeout(struct tcp_pcb *pcb)
{
  LWIP_DEBUGF(TCP_RTO_DEBUG,
              ("tcp: %" U16_F " to %" U16_F ": timeout, %" U32_F " bytes in flight\n",
               pcb->local_port, pcb->remote_port, tcp_flight(pcb)));
  if (pcb->state < ESTABLISHED) {
    pcb->rtx_nxt = pcb->snd_una; /* the SYN again */
    return;
  }
  ops_of(pcb)->timeout(pcb);
}

void tcp_recovery_recut(struct tcp_pcb *pcb, u32_t len_max)
{
  if (tcp_is_synchronized(pcb)) {
    ops_of(pcb)->recut(pcb, len_max);
  }
}

bool tcp_recovery_next(struct tcp_pcb *pcb, u32_t *seq, u32_t *len)
{
  return ops_of(pcb)->next(pcb, seq, len);
}

u32_t tcp_recovery_quota(const struct tcp_pcb *pcb)
{
  return pcb->rtx_kind == TCP_RTX_ECN ? 0 : ops_of(pcb)->quota(pcb);
}

u32_t tcp_recovery_probe_delay_ms(const struct tcp_pcb *pcb)
{
  const struct tcp_recovery_ops *ops = ops_of(pcb);
  return (ops->probe_delay_ms != NULL && tcp_is_synchronized(pcb)) ? ops->probe_delay_ms(pcb) : 0;
}

void tcp_recovery_probe(struct tcp_pcb *pcb)
{
  tcp_mss_update(pcb);
  ops_of(pcb)->probe(pcb);
}

void tcp_recovery_reorder(struct tcp_pcb *pcb)
{
  ops_of(pcb)->reorder(pcb);
}
