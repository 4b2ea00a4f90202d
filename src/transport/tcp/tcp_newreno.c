/**
 * @file
 * NewReno's congestion window (RFC 5681 3.1, RFC 3465, RFC 8511). Plain Reno's is the same; what it
 * does without is told by is_plain.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

/** What marks of routers leave of the window in congestion avoidance (RFC 8511 3.1). */
#define ABE_PERCENT 80U

static void newreno_init(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

static void newreno_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  u32_t acked = tcp_slow_start(pcb, ev);
  pcb->bytes_acked = (tcpwnd_size_t)LWIP_MIN((u32_t)pcb->bytes_acked + acked, pcb->cwnd);
  if (acked > 0 && pcb->bytes_acked >= pcb->cwnd) {
    pcb->bytes_acked = 0;
    pcb->cwnd = (tcpwnd_size_t)LWIP_MIN((u32_t)pcb->cwnd + pcb->mss, (tcpwnd_size_t)~0U);
  }
}

static u32_t newreno_ssthresh(struct tcp_pcb *pcb, u32_t flight, bool is_mark)
{
  bool is_early = is_mark && LWIP_TCP_ABE && pcb->cwnd >= pcb->ssthresh;
  return is_early ? (u32_t)((u64_t)flight * ABE_PERCENT / 100) : flight / 2;
}

const struct tcp_cc tcp_cc_newreno = {
    .name = "newreno",
    .init = newreno_init,
    .acked = newreno_acked,
    .ssthresh = newreno_ssthresh,
};

const struct tcp_cc tcp_cc_reno = {
    .name = "reno",
    .init = newreno_init,
    .acked = newreno_acked,
    .ssthresh = newreno_ssthresh,
    .is_plain = true,
};
