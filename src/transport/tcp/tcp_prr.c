/**
 * @file
 * Proportional rate reduction (RFC 6937, its revision's safe acknowledgements): while losses are
 * repaired, send in proportion to what arrives, so that cwnd reaches ssthresh just as recovery
 * ends.
 *
 * State: prr_delivered, prr_out, prr_flight.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_recovery_priv.h"

#if LWIP_TCP_SACK_IN

void tcp_prr_start(struct tcp_pcb *pcb, u32_t delivered)
{
  pcb->prr_delivered = 0;
  pcb->prr_out = 0;
  /* What was reported before will not be delivered during recovery. */
  pcb->prr_flight = LWIP_MAX(tcp_flight(pcb) - pcb->sacked + delivered, 1U);
}

void tcp_prr_acked(struct tcp_pcb *pcb, u32_t delivered, bool is_safe)
{
  u32_t pipe = tcp_pipe(pcb);
  u32_t may_send;
  pcb->prr_delivered += delivered;
  if (pipe > pcb->ssthresh) {
    u64_t share =
        ((u64_t)pcb->prr_delivered * pcb->ssthresh + pcb->prr_flight - 1) / pcb->prr_flight;
    may_send = share > pcb->prr_out ? (u32_t)(share - pcb->prr_out) : 0;
  } else {
    u32_t surplus = pcb->prr_delivered > pcb->prr_out ? pcb->prr_delivered - pcb->prr_out : 0;
    may_send = LWIP_MAX(surplus, delivered) + (is_safe ? pcb->mss : 0U);
    may_send = LWIP_MIN(may_send, pcb->ssthresh - pipe);
  }
  if (pcb->prr_out == 0 && may_send < pcb->mss) {
    may_send = pcb->mss; /* the first repair always goes */
  }
  pcb->cwnd = (tcpwnd_size_t)LWIP_MIN(pipe + may_send, (tcpwnd_size_t)~0U);
}

#endif
