/**
 * @file
 * NewReno's congestion window (RFC 5681 3.1, RFC 3465, RFC 8511), and plain Reno's (RFC 5681);
 * what else that does without is told by is_plain.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_recovery_priv.h"

/** What marks of routers leave of the window in congestion avoidance (RFC 8511 3.1). */
#define ABE_PERCENT 80U

static void newreno_init(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

static void newreno_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  u32_t acked = pcb->bytes_acked + tcp_slow_start(pcb, ev);
  if (acked >= pcb->cwnd) {
    acked = LWIP_MIN(acked - pcb->cwnd, pcb->cwnd - 1U); /* RFC 3465 2.1: the rest counts on */
    tcp_set_cwnd(pcb, pcb->cwnd + pcb->mss);
  }
  pcb->bytes_acked = (tcpwnd_size_t)acked;
}

/** Plain Reno counts acknowledgements, not bytes: half as much where they are delayed. */
static void reno_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  if (tcp_slow_start(pcb, ev) > 0) { /* RFC 5681 3.1 (3) */
    tcp_set_cwnd(pcb, pcb->cwnd + LWIP_MAX((u32_t)pcb->mss * pcb->mss / pcb->cwnd, 1U));
  }
}

static u32_t newreno_ssthresh(struct tcp_pcb *pcb, u32_t flight, bool is_mark)
{
  pcb->bytes_acked /= 2; /* half the way to the next increase stays half of it */
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
    .acked = reno_acked,
    .ssthresh = newreno_ssthresh,
    .is_plain = true,
};
