/**
 * @file
 * Congestion control: which algorithm, and what all have in common.
 *
 * RFC 5681 4.1 (restart after idle), RFC 6928 (initial window), RFC 7661 (a window that is not used
 * does not grow).
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

static const struct tcp_cc *const tcp_ccs[] = {&tcp_cc_newreno};

const struct tcp_cc *tcp_cc_of(const struct tcp_pcb *pcb)
{
  return tcp_ccs[pcb->cc_index];
}

u32_t tcp_cc_initial_cwnd(const struct tcp_pcb *pcb)
{
  u32_t cwnd = LWIP_MIN((u32_t)LWIP_TCP_INITIAL_CWND * pcb->mss,
                        LWIP_MAX(2U * pcb->mss, 1460U * LWIP_TCP_INITIAL_CWND));
  return LWIP_MIN(cwnd, (tcpwnd_size_t)~0U);
}

void tcp_cc_init(struct tcp_pcb *pcb)
{
  pcb->cwnd = (tcpwnd_size_t)tcp_cc_initial_cwnd(pcb);
  pcb->ssthresh = (tcpwnd_size_t)~0U;
  pcb->bytes_acked = 0;
  tcp_cc_of(pcb)->init(pcb);
}

bool tcp_cc_is_limited(const struct tcp_pcb *pcb, u32_t flight)
{
  if (pcb->cwnd < pcb->ssthresh) {
    return flight >= pcb->cwnd / 2U;
  }
  return flight + pcb->mss > pcb->cwnd;
}

void tcp_cc_restart(struct tcp_pcb *pcb)
{
  if (pcb->snd_nxt == pcb->snd_una && pcb->cwnd > tcp_cc_initial_cwnd(pcb) &&
      stack_now() - pcb->send_time_ms > tcp_rto_ms(pcb)) {
    pcb->cwnd = (tcpwnd_size_t)tcp_cc_initial_cwnd(pcb);
  }
}
