/**
 * @file
 * CUBIC (RFC 9438), in integers: windows in bytes, time in milliseconds, C = 0.4, beta = 0.7.
 *
 * State: cubic_* of the pcb. An epoch begins with the first acknowledgement in congestion avoidance
 * after a reduction. Time in which nothing was sent, or the program had nothing to send, does not
 * count (RFC 9438 4.2, 5.8).
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

#if LWIP_TCP_CUBIC

/** 1 / C in units of ms^3 per segment: a window of one segment more after this to the third. */
#define CUBE_MS_PER_SEGMENT 2500000000ULL
/** Farther from the plateau than this the curve is cut off, so that cubes fit into 64 bits. */
#define DISTANCE_MS_MAX 150000
/** beta and, for fast convergence, (1 + beta) / 2, in percent; alpha of RFC 9438 4.3 in per mille.
 */
#define BETA_PERCENT        70U
#define CONVERGENCE_PERCENT 85U
#define ALPHA_PER_MILLE     529U
/** beta for marks of routers in congestion avoidance (RFC 8511 3.1). */
#define ABE_PERCENT 85U

static u32_t cube_root(u64_t a)
{
  u64_t x = 0;
  for (int bit = 20; bit >= 0; bit--) {
    u64_t y = x | (1ULL << bit);
    if (y * y * y <= a) {
      x = y;
    }
  }
  return (u32_t)x;
}

static void cubic_init(struct tcp_pcb *pcb)
{
  pcb->cubic_has_epoch = false;
  pcb->cubic_wmax = 0;
}

/** RFC 9438 4.2: where the plateau is, and when it is reached. */
static void begin_epoch(struct tcp_pcb *pcb)
{
  pcb->cubic_has_epoch = true;
  pcb->cubic_plateau_ms = stack_now();
  pcb->cubic_west = pcb->cwnd;
  pcb->cubic_rest = 0;
  pcb->cubic_west_rest = 0;
  if (pcb->cwnd < pcb->cubic_wmax) {
    u64_t gap = pcb->cubic_wmax - pcb->cwnd;
    pcb->cubic_plateau_ms += cube_root(gap * CUBE_MS_PER_SEGMENT / pcb->mss);
  } else {
    pcb->cubic_wmax = pcb->cwnd;
  }
}

/** W_cubic at a time (RFC 9438 4.2, figure 1). */
static u32_t window_at(const struct tcp_pcb *pcb, u32_t at_ms)
{
  s64_t d = (s32_t)(at_ms - pcb->cubic_plateau_ms);
  d = LWIP_MAX(LWIP_MIN(d, DISTANCE_MS_MAX), -DISTANCE_MS_MAX);
  s64_t delta = d * d * d / 1000 * pcb->mss / (s64_t)(CUBE_MS_PER_SEGMENT / 1000);
  s64_t w = (s64_t)pcb->cubic_wmax + delta;
  return (u32_t)LWIP_MAX(LWIP_MIN(w, (s64_t)0x7fffffff), (s64_t)pcb->mss);
}

/** What Reno would have by now (RFC 9438 4.3). */
static void estimate_reno(struct tcp_pcb *pcb, u32_t acked)
{
  u32_t alpha = pcb->cubic_west >= pcb->cubic_prior ? 1000U : ALPHA_PER_MILLE;
  u64_t by = (u64_t)pcb->mss * acked * alpha / 1000 + pcb->cubic_west_rest;
  pcb->cubic_west = (u32_t)LWIP_MIN(pcb->cubic_west + by / pcb->cwnd, (u64_t)0x7fffffff);
  pcb->cubic_west_rest = (u32_t)(by % pcb->cwnd);
}

static void avoid_congestion(struct tcp_pcb *pcb, u32_t acked)
{
  u32_t now_ms = stack_now();
  if (!pcb->cubic_has_epoch) {
    begin_epoch(pcb);
  } else if (now_ms - pcb->cubic_acked_ms > tcp_rto_ms(pcb)) {
    pcb->cubic_plateau_ms += now_ms - pcb->cubic_acked_ms; /* an idle time */
  }
  pcb->cubic_acked_ms = now_ms;
  estimate_reno(pcb, acked);
  u32_t cwnd = pcb->cwnd;
  u32_t target = window_at(pcb, now_ms + pcb->srtt_us8 / 8000);
  target = LWIP_MAX(LWIP_MIN(target, cwnd + cwnd / 2), cwnd);
  u64_t growth = (u64_t)(target - cwnd) * acked + pcb->cubic_rest;
  cwnd += (u32_t)(growth / pcb->cwnd);
  pcb->cubic_rest = (u32_t)(growth % pcb->cwnd);
  cwnd = LWIP_MAX(cwnd, window_at(pcb, now_ms) < pcb->cubic_west ? pcb->cubic_west : 0);
  pcb->cwnd = (tcpwnd_size_t)LWIP_MIN(cwnd, (tcpwnd_size_t)~0U);
}

static void cubic_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  u32_t acked = tcp_slow_start(pcb, ev);
  if (acked > 0) {
    avoid_congestion(pcb, acked);
  }
}

static u32_t cubic_ssthresh(struct tcp_pcb *pcb, u32_t flight, bool is_mark)
{
  u32_t cwnd = pcb->cwnd;
  LWIP_UNUSED_ARG(flight); /* a window that is not used does not grow (RFC 9438 4.6) */
  pcb->cubic_had_epoch = pcb->cubic_has_epoch;
  pcb->cubic_wmax_before = pcb->cubic_wmax;
  pcb->cubic_has_epoch = false;
  pcb->cubic_prior = cwnd;
  /* Fast convergence (RFC 9438 4.7): somebody new wants a share. */
  pcb->cubic_wmax =
      cwnd < pcb->cubic_wmax ? (u32_t)((u64_t)cwnd * CONVERGENCE_PERCENT / 100) : cwnd;
  if (pcb->nrtx > 0) {
    pcb->cubic_wmax = 0; /* a timeout: the plateau is where slow start will lead (RFC 9438 4.8) */
  }
  bool is_early = is_mark && LWIP_TCP_ABE && cwnd >= pcb->ssthresh;
  return (u32_t)((u64_t)cwnd * (is_early ? ABE_PERCENT : BETA_PERCENT) / 100);
}

/** RFC 9438 4.9: the curve goes on where it was, unless a new one has begun. */
static void cubic_undo(struct tcp_pcb *pcb)
{
  if (!pcb->cubic_has_epoch) {
    pcb->cubic_has_epoch = pcb->cubic_had_epoch;
    pcb->cubic_wmax = pcb->cubic_wmax_before;
    pcb->cubic_rest = 0; /* the places of these were fast recovery's meanwhile */
    pcb->cubic_west_rest = 0;
    pcb->cubic_acked_ms = stack_now();
  } else {
    pcb->cubic_has_epoch = false;
    pcb->cubic_wmax = LWIP_MAX(pcb->cubic_wmax_before, pcb->cubic_prior);
  }
}

const struct tcp_cc tcp_cc_cubic = {
    .name = "cubic",
    .init = cubic_init,
    .acked = cubic_acked,
    .ssthresh = cubic_ssthresh,
    .undo = cubic_undo,
};

#endif
