/**
 * @file
 * Slow start, and when to leave it before the queue overflows: HyStart++ (RFC 9406).
 *
 * State: hystart_* of the pcb. Round trips are told apart by hystart_end: a round ends when what
 * was sent first in it is acknowledged.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

/** Most segments by which one acknowledgement opens the window (RFC 9406 4.2, L). */
#define GROWTH_SEGMENTS 8U
/** ... after a timeout (RFC 3465 2.3). */
#define GROWTH_SEGMENTS_AFTER_TIMEOUT 1U

/** Open the window by what was acknowledged, up to ssthresh. @return what is left of that */
static u32_t grow(struct tcp_pcb *pcb, const struct tcp_ack_event *ev, u32_t divisor)
{
  u32_t acked = ev->acked;
  u32_t limit = ev->is_after_timeout ? GROWTH_SEGMENTS_AFTER_TIMEOUT : GROWTH_SEGMENTS;
  u32_t by = LWIP_MIN(acked, limit * pcb->mss) / divisor;
  u32_t room = pcb->ssthresh - pcb->cwnd;
  u32_t used = LWIP_MIN(by, room);
  u32_t cwnd = LWIP_MIN((u32_t)pcb->cwnd + used, (tcpwnd_size_t)~0U);
  pcb->cwnd = (tcpwnd_size_t)cwnd;
  return by > room ? acked - room * divisor : 0;
}

#if LWIP_TCP_HYSTART

/* RFC 9406 4.3 */
#define RTT_THRESH_US_MIN 4000U
#define RTT_THRESH_US_MAX 16000U
#define RTT_DIVISOR       8U
#define RTT_SAMPLES       8U
#define CSS_DIVISOR       4U
#define CSS_ROUNDS        5U

void tcp_slow_start_init(struct tcp_pcb *pcb)
{
  pcb->hystart_last_us = 0;
  pcb->hystart_now_us = 0;
  pcb->hystart_css_us = 0;
  pcb->hystart_end = pcb->snd_nxt;
  pcb->hystart_samples = 0;
  pcb->hystart_rounds = 0;
}

static void begin_round(struct tcp_pcb *pcb)
{
  pcb->hystart_last_us = pcb->hystart_now_us;
  pcb->hystart_now_us = 0;
  pcb->hystart_samples = 0;
  pcb->hystart_end = pcb->snd_nxt;
}

static u32_t threshold_us(const struct tcp_pcb *pcb)
{
  u32_t t = pcb->hystart_last_us / RTT_DIVISOR;
  return LWIP_MAX(RTT_THRESH_US_MIN, LWIP_MIN(t, RTT_THRESH_US_MAX));
}

static void sample(struct tcp_pcb *pcb, u32_t rtt_us)
{
  if (rtt_us == 0) {
    return;
  }
  if (pcb->hystart_now_us == 0 || rtt_us < pcb->hystart_now_us) {
    pcb->hystart_now_us = rtt_us;
  }
  pcb->hystart_samples = (u8_t)LWIP_MIN(pcb->hystart_samples + 1U, RTT_SAMPLES);
}

/** Has the round-trip time risen, or, in conservative slow start, was that a false alarm? */
static void judge(struct tcp_pcb *pcb)
{
  if (pcb->hystart_samples < RTT_SAMPLES || pcb->hystart_last_us == 0) {
    return;
  }
  if (pcb->hystart_css_us == 0) {
    if (pcb->hystart_now_us >= pcb->hystart_last_us + threshold_us(pcb)) {
      pcb->hystart_css_us = pcb->hystart_now_us;
      pcb->hystart_rounds = 0;
    }
  } else if (pcb->hystart_now_us < pcb->hystart_css_us) {
    pcb->hystart_css_us = 0;
  }
}

static void round_ended(struct tcp_pcb *pcb)
{
  begin_round(pcb);
  if (pcb->hystart_css_us != 0 && ++pcb->hystart_rounds >= CSS_ROUNDS) {
    pcb->ssthresh = pcb->cwnd;
  }
}

u32_t tcp_slow_start(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  if (pcb->cwnd >= pcb->ssthresh) {
    return ev->acked;
  }
  bool is_first = pcb->ssthresh == (tcpwnd_size_t)~0U; /* RFC 9406 4.2: the initial one alone */
  if (!is_first) {
    return grow(pcb, ev, 1);
  }
  sample(pcb, ev->rtt_us);
  judge(pcb);
  u32_t left = grow(pcb, ev, pcb->hystart_css_us != 0 ? CSS_DIVISOR : 1);
  if (seq_geq(pcb->snd_una, pcb->hystart_end)) {
    round_ended(pcb);
  }
  return left;
}

#else

void tcp_slow_start_init(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

u32_t tcp_slow_start(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  return pcb->cwnd >= pcb->ssthresh ? ev->acked : grow(pcb, ev, 1);
}

#endif
