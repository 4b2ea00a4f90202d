/**
 * @file
 * NewReno's congestion window (RFC 5681 3.1, RFC 3465 with L = 2).
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

static void newreno_init(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

static void grow(struct tcp_pcb *pcb, u32_t by)
{
  u32_t cwnd = LWIP_MIN((u32_t)pcb->cwnd + by, (tcpwnd_size_t)~0U);
  pcb->cwnd = (tcpwnd_size_t)LWIP_MAX(cwnd, pcb->cwnd);
}

static void newreno_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  if (pcb->cwnd < pcb->ssthresh) {
    u32_t limit = (pcb->flags & TF_RTO ? 1U : 2U) * pcb->mss;
    grow(pcb, LWIP_MIN(ev->acked, limit));
    return;
  }
  pcb->bytes_acked = (tcpwnd_size_t)LWIP_MIN((u32_t)pcb->bytes_acked + ev->acked, pcb->cwnd);
  if (pcb->bytes_acked >= pcb->cwnd) {
    pcb->bytes_acked = 0;
    grow(pcb, pcb->mss);
  }
}

static u32_t newreno_ssthresh(struct tcp_pcb *pcb)
{
  return tcp_flight(pcb) / 2;
}

const struct tcp_cc tcp_cc_newreno = {
    .name = "newreno",
    .init = newreno_init,
    .acked = newreno_acked,
    .ssthresh = newreno_ssthresh,
};
