/**
 * @file
 * Losses that were none: reordering or a delay looked like one, and cwnd was reduced for nothing.
 *
 * State: undo, a record of its own, which only connections in or just behind recovery have: without
 * memory for it the reduction is final; frto. Evidence: the acknowledgement echoes a timestamp from
 * before the retransmission (Eifel, RFC 3522); D-SACKs for all that was sent again (RFC 3708),
 * until a round trip after recovery. F-RTO (RFC 5682) is in tcp_withsack.c.
 */
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "transport/tcp/tcp_recovery_priv.h"

#if LWIP_TCP_SACK_IN

_Static_assert(sizeof(struct tcp_undo) <= sizeof(struct tcp_xmit), "both come from one pool");

void tcp_undo_forbid(struct tcp_pcb *pcb)
{
  if (pcb->undo != NULL) {
    memp_free(MEMP_TCP_XMIT, pcb->undo);
    pcb->undo = NULL;
  }
}

void tcp_undo_remember(struct tcp_pcb *pcb)
{
  if (pcb->ca_state == TCP_CA_RECOVERY || pcb->ca_state == TCP_CA_LOSS) {
    return; /* the first reduction of several counts */
  }
  if (pcb->undo == NULL) {
    pcb->undo = (struct tcp_undo *)memp_malloc(MEMP_TCP_XMIT);
  }
  if (pcb->undo != NULL) {
    *pcb->undo =
        (struct tcp_undo){.una = pcb->snd_una, .cwnd = pcb->cwnd, .ssthresh = pcb->ssthresh};
  }
}

void tcp_undo_sent_again(struct tcp_pcb *pcb, u32_t len)
{
  if (pcb->undo != NULL) {
    pcb->undo->retrans += len;
    if (pcb->undo->rtx_time_us == 0) {
      pcb->undo->rtx_time_us = tcp_now_us();
    }
  }
}

/** Was the acknowledgement caused by something sent before the first retransmission? */
static bool is_echo_older(const struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  const struct tcp_undo *u = pcb->undo;
  if (!(pcb->flags & TF_TIMESTAMP) || !(seg->opts.has & TCP_HAS_TIMESTAMP) || u->rtx_time_us == 0 ||
      !seq_gt(seg->h.ack, u->una)) {
    return false;
  }
  u32_t age_us = tcp_rtt_of_echo(pcb, seg);
  return pcb->ca_state != TCP_CA_OPEN && age_us > tcp_now_us() - u->rtx_time_us + 1000U;
}

/** D-SACKs have called all that was sent again needless. */
static bool is_all_repeated(struct tcp_undo *u, const struct tcp_sack_event *sev)
{
  if (!sev->has_dsack || u->retrans == 0 || seq_lt(sev->dsack.left, u->una)) {
    return false;
  }
  u32_t len = sev->dsack.right - sev->dsack.left;
  u->retrans -= LWIP_MIN(len, u->retrans);
  return u->retrans == 0;
}

bool tcp_undo_is_due(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                     const struct tcp_sack_event *sev)
{
  if (pcb->undo == NULL) {
    return false;
  }
  if (pcb->ca_state == TCP_CA_OPEN && seq_gt(pcb->snd_una, pcb->recover)) {
    tcp_undo_forbid(pcb);
    return false;
  }
  return is_echo_older(pcb, seg) || is_all_repeated(pcb->undo, sev);
}

/** cwnd and all that led to it, as if nothing had happened. */
static void restore(struct tcp_pcb *pcb)
{
  tcp_set_cwnd(pcb, LWIP_MAX(pcb->cwnd, pcb->undo->cwnd));
  pcb->ssthresh = (tcpwnd_size_t)LWIP_MAX(pcb->ssthresh, pcb->undo->ssthresh);
  tcp_undo_forbid(pcb);
  tcp_ecn_begin(pcb);
  if (tcp_cc_of(pcb)->undo != NULL) {
    tcp_cc_of(pcb)->undo(pcb);
  }
  if (pcb->ssthresh == (tcpwnd_size_t)~0U) {
    tcp_slow_start_init(pcb); /* the first slow start goes on; what it knew is gone */
  }
}

void tcp_undo(struct tcp_pcb *pcb)
{
  tcp_xmit_clear_lost(pcb);
  if (pcb->undo != NULL) {
    restore(pcb);
  }
}

#endif
