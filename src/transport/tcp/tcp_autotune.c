/**
 * @file
 * How large a window to announce: as large as the path needs, while there is memory for it.
 *
 * State: tune_seq, tune_ms, rcv_limit of the pcb; what all connections were granted, per instance.
 * A connection begins with TCP_RCV_FLOOR bytes. Whenever a round trip has passed, what the program
 * consumed in it is the least that the path carries in a round trip; four times as much may be
 * announced then: a sender in slow start sends twice as much in the next round trip, and again
 * twice until the one of which this is told ("dynamic right-sizing"). A program that reads slowly,
 * and a sender that has little to say, make nothing grow. The limit never falls: what the peer was
 * promised stays promised (RFC 9293 3.8.6.2.1, SHLD-14).
 *
 * The round-trip time is the sender's own, which the handshake has measured in any case.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

#if LWIP_TCP_RCV_AUTOTUNE

/** Windows over what was consumed in a round trip. */
#define HEADROOM 4U
/** Where the round-trip time is not known, because the SYN was lost. */
#define RTT_UNKNOWN_MS 200U
/** How long nothing grows after receive buffers have run out. */
#define PAUSE_MS 1000U

/** Up to here the program has consumed. */
static u32_t consumed_seq(const struct tcp_pcb *pcb)
{
  return pcb->rcv_nxt - ((u32_t)TCP_WND - pcb->rcv_wnd);
}

static u32_t rtt_ms(const struct tcp_pcb *pcb)
{
  return pcb->srtt_us8 != 0 ? LWIP_MAX(pcb->srtt_us8 / 8000U, 1U) : RTT_UNKNOWN_MS;
}

static bool is_paused(void)
{
  struct tcp_state_all *all = tcp_all();
  if (all->rcv_paused_ms != 0 && stack_now() - all->rcv_paused_ms >= PAUSE_MS) {
    all->rcv_paused_ms = 0;
  }
  return all->rcv_paused_ms != 0;
}

void tcp_autotune_pause(void)
{
  tcp_all()->rcv_paused_ms = stack_now() | 1U;
}

/** What the connection has been given beyond the floor. */
static u32_t granted(const struct tcp_pcb *pcb)
{
  u32_t limit = (u32_t)pcb->rcv_limit << TCP_RCV_SCALE;
  return limit > TCP_RCV_FLOOR ? limit - TCP_RCV_FLOOR : 0;
}

static void set_limit(struct tcp_pcb *pcb, u16_t limit)
{
  u32_t before = granted(pcb);
  pcb->rcv_limit = limit;
  tcp_all()->rcv_granted += granted(pcb) - before;
}

/** As much of `wanted` as there is memory for. */
static void grow(struct tcp_pcb *pcb, u32_t wanted)
{
  struct tcp_state_all *all = tcp_all();
  u32_t limit = tcp_rcv_limit(pcb);
  u32_t left = all->rcv_granted < LWIP_TCP_RCV_MEM ? LWIP_TCP_RCV_MEM - all->rcv_granted : 0;
  wanted = LWIP_MIN(wanted, LWIP_MIN((u32_t)TCP_WND, 0xffffUL << TCP_RCV_SCALE));
  if (wanted <= limit || is_paused()) {
    return;
  }
  wanted = limit + LWIP_MIN(wanted - limit, left);
  set_limit(pcb, (u16_t)(wanted >> TCP_RCV_SCALE));
}

void tcp_autotune_fix(struct tcp_pcb *pcb, u16_t limit)
{
  set_limit(pcb, limit);
}

static void begin(struct tcp_pcb *pcb)
{
  pcb->tune_seq = consumed_seq(pcb);
  pcb->tune_ms = (u16_t)stack_now();
}

void tcp_autotune(struct tcp_pcb *pcb)
{
  u32_t elapsed_ms = (u16_t)((u16_t)stack_now() - pcb->tune_ms);
  if (!(pcb->flags & TF_WND_SCALE) || !tcp_is_synchronized(pcb) || tcp_rcv_is_limited(pcb)) {
    return;
  }
  if (pcb->rcv_limit == 0) { /* the first data: from now on it is measured */
    pcb->rcv_limit = (u16_t)(TCP_RCV_FLOOR >> TCP_RCV_SCALE);
    begin(pcb);
  } else if (elapsed_ms >= rtt_ms(pcb)) {
    u32_t consumed = consumed_seq(pcb) - pcb->tune_seq;
    u64_t wanted = (u64_t)HEADROOM * consumed * rtt_ms(pcb) / elapsed_ms;
    grow(pcb, (u32_t)LWIP_MIN(wanted, (u32_t)TCP_WND));
    begin(pcb);
  }
}

void tcp_autotune_free(const struct tcp_pcb *pcb)
{
  tcp_all()->rcv_granted -= LWIP_MIN(tcp_all()->rcv_granted, granted(pcb));
}

#endif
