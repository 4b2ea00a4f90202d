/**
 * @file
 * Congestion control: which algorithm, and what all have in common.
 *
 * RFC 5681 4.1 (restart after idle), RFC 6928 (initial window), RFC 7661 (a window that is not used
 * does not grow).
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/priv/build.h"
#include "gossamer/tcp_cc.h"
#include "transport/tcp/tcp_priv.h"

/** The first is the default. */
static const struct tcp_cc *const tcp_ccs[] = {IF_TCP_CUBIC(&tcp_cc_cubic, ) & tcp_cc_newreno,
                                               IF_TCP_RENO(&tcp_cc_reno, )};

const struct tcp_cc *tcp_cc_of(const struct tcp_pcb *pcb)
{
  return tcp_ccs[tcp_cc_index(pcb)];
}

bool tcp_cc_is_plain(const struct tcp_pcb *pcb)
{
  return LWIP_TCP_RENO && tcp_cc_of(pcb)->is_plain;
}

bool tcp_cc_is_plain_at(const struct tcp_pcb_listen *lpcb)
{
  return LWIP_TCP_RENO && tcp_ccs[tcp_listen_cc(lpcb)]->is_plain;
}

u32_t tcp_cc_initial_cwnd(const struct tcp_pcb *pcb)
{
  return LWIP_MIN((u32_t)LWIP_TCP_CALC_INITIAL_CWND(pcb->mss), (tcpwnd_size_t)~0U);
}

void tcp_cc_init(struct tcp_pcb *pcb)
{
  pcb->cwnd = (tcpwnd_size_t)tcp_cc_initial_cwnd(pcb);
  pcb->ssthresh = (tcpwnd_size_t)~0U;
  pcb->bytes_acked = 0;
  tcp_slow_start_init(pcb);
  tcp_cc_of(pcb)->init(pcb);
}

err_t tcp_set_congestion_control(struct tcp_pcb *pcb, const char *name)
{
  LWIP_ASSERT_CORE_LOCKED();
  for (u8_t i = 0; i < LWIP_ARRAYSIZE(tcp_ccs); i++) {
    if (strcmp(tcp_ccs[i]->name, name) != 0) {
      continue;
    }
    if (pcb->state == LISTEN) {
      tcp_listen_cc_set((struct tcp_pcb_listen *)(void *)pcb, i);
    } else {
      tcp_cc_index_set(pcb, i);
      tcp_ccs[i]->init(pcb);
    }
    return ERR_OK;
  }
  return ERR_VAL;
}

const char *tcp_get_congestion_control(const struct tcp_pcb *pcb)
{
  bool is_listener = pcb->state == LISTEN;
  return is_listener
             ? tcp_ccs[tcp_listen_cc((const struct tcp_pcb_listen *)(const void *)pcb)]->name
             : tcp_cc_of(pcb)->name;
}

const char *tcp_congestion_control_name(unsigned i)
{
  return i < LWIP_ARRAYSIZE(tcp_ccs) ? tcp_ccs[i]->name : NULL;
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
