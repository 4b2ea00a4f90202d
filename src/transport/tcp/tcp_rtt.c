/**
 * @file
 * Round-trip time and retransmission timeout (RFC 6298), and TCP's clock.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

u32_t tcp_now_us(void)
{
  u32_t now_us = stack_now_us();
  return now_us != 0 ? now_us : 1;
}

/** Longest that is believed; eight times as much fits into 31 bits. */
#define RTT_US_MAX (240UL * 1000 * 1000)

u32_t tcp_rtt_of_echo(const struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  if (!(pcb->flags & TF_TIMESTAMP) || !(seg->opts.has & TCP_HAS_TIMESTAMP) ||
      seg->opts.tsecr == 0) {
    return 0;
  }
  u32_t rtt_ms = stack_now() + tcp_ts_get(pcb).offset - seg->opts.tsecr;
  return rtt_ms <= RTT_US_MAX / 1000 ? LWIP_MAX(rtt_ms, 1U) * 1000 : 0;
}

/** RFC 6298 2.4, for Reno as the RFCs have it. */
#define RTO_MS_MIN_PLAIN 1000UL

/** RFC 6298 2.2, 2.3, in Van Jacobson's fixed point. */
void tcp_rtt_sample(struct tcp_pcb *pcb, u32_t rtt_us)
{
  rtt_us = LWIP_MIN(LWIP_MAX(rtt_us, 1U), RTT_US_MAX);
  if (pcb->srtt_us8 == 0) {
    pcb->srtt_us8 = rtt_us * 8;
    pcb->rttvar_us4 = rtt_us * 2;
  } else {
    s32_t error = (s32_t)(rtt_us - pcb->srtt_us8 / 8);
    pcb->rttvar_us4 += (error < 0 ? (u32_t)-error : (u32_t)error) - pcb->rttvar_us4 / 4;
    pcb->srtt_us8 = (u32_t)((s32_t)pcb->srtt_us8 + error);
  }
  u32_t rto_us = pcb->srtt_us8 / 8 + LWIP_MAX(TCP_CLOCK_GRANULARITY_US, pcb->rttvar_us4);
  u32_t least_ms = tcp_cc_is_plain(pcb) ? RTO_MS_MIN_PLAIN : TCP_RTO_MS_MIN;
  u32_t rto_ms = LWIP_MIN(LWIP_MAX((rto_us + 999) / 1000, least_ms), TCP_RTO_MS_MAX);
  pcb->rto_ms = (u16_t)rto_ms;
}

u32_t tcp_rto_ms(const struct tcp_pcb *pcb)
{
  u32_t rto_ms = pcb->rto_ms;
  for (u8_t i = 0; i < pcb->nrtx && rto_ms < TCP_RTO_MS_MAX; i++) {
    rto_ms *= 2; /* RFC 6298 5.5 */
  }
  return LWIP_MIN(rto_ms, TCP_RTO_MS_MAX);
}
