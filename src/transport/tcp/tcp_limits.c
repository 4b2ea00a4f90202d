/**
 * @file
 * What programs bound: segment size, receive window, delayed acknowledgements.
 *
 * State: rcv_limit with rcv_is_limited; mss_peer, and before the handshake rcv_mss, which means
 * nothing there otherwise: the bound of segments, 0 for none. Listeners keep both in members of
 * their own.
 */
#include "lwip/opt.h"
#include "gossamer/tcp_limits.h"
#include "transport/tcp/tcp_priv.h"

void tcp_set_quick_ack(struct tcp_pcb *pcb, bool is_quick)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb->state == LISTEN) {
    return;
  }
  pcb->quick_acks = is_quick ? TCP_QUICK_ACKS : 0;
  if (is_quick && (pcb->flags & TF_ACK_DELAY)) {
    tcp_set_flags(pcb, TF_ACK_NOW);
    tcp_output(pcb);
  }
}

bool tcp_is_quick_ack(const struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  return pcb->state != LISTEN && pcb->quick_acks != 0;
}

#if LWIP_TCP_LIMITS

static struct tcp_pcb_listen *listener(struct tcp_pcb *pcb)
{
  return (struct tcp_pcb_listen *)(void *)pcb;
}

static const struct tcp_pcb_listen *const_listener(const struct tcp_pcb *pcb)
{
  return (const struct tcp_pcb_listen *)(const void *)pcb;
}

/* --- segments --- */

static bool is_before_handshake(const struct tcp_pcb *pcb)
{
  return pcb->state == CLOSED || pcb->state == SYN_SENT;
}

err_t tcp_set_max_segment(struct tcp_pcb *pcb, u16_t mss)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (mss < TCP_MAX_SEGMENT_MIN) {
    return ERR_VAL;
  }
  if (pcb->state == LISTEN) {
    listener(pcb)->mss_max = mss;
  } else if (is_before_handshake(pcb)) {
    pcb->rcv_mss = mss;
  } else {
    tcp_mss_peer_set(pcb, LWIP_MIN(mss, tcp_mss_peer(pcb)));
    tcp_mss_update(pcb);
  }
  return ERR_OK;
}

u16_t tcp_get_max_segment(const struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb->state != LISTEN && !is_before_handshake(pcb)) {
    return tcp_mss(pcb);
  }
  u16_t bound = pcb->state == LISTEN ? const_listener(pcb)->mss_max : pcb->rcv_mss;
  return bound != 0 ? LWIP_MIN(bound, TCP_MSS) : TCP_MSS;
}

u16_t tcp_mss_bound(const struct tcp_pcb *pcb)
{
  const struct tcp_pcb_listen *l = tcp_listener_of(pcb);
  u16_t bound = l != NULL ? l->mss_max : is_before_handshake(pcb) ? pcb->rcv_mss : 0;
  return bound != 0 ? bound : 0xffff;
}

/* --- the window --- */

/** As struct tcp_pcb.rcv_limit has it. */
static u16_t units_of(u32_t len)
{
  u32_t units = (LWIP_MIN(len, (u32_t)TCP_WND) + (1UL << TCP_RCV_SCALE) - 1) >> TCP_RCV_SCALE;
  return (u16_t)LWIP_MIN(LWIP_MAX(units, 1U), 0xffffU);
}

/** What the first window may be; nothing has been promised yet. */
static void limit_first_window(struct tcp_pcb *pcb)
{
  pcb->rcv_ann_wnd = (tcpwnd_size_t)LWIP_MIN((u32_t)pcb->rcv_ann_wnd, tcp_rcv_limit(pcb));
}

void tcp_set_receive_limit(struct tcp_pcb *pcb, u32_t len)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb->state == LISTEN) {
    listener(pcb)->rcv_limit = units_of(len);
    return;
  }
  tcp_autotune_fix(pcb, units_of(len));
  pcb->rcv_is_limited = true;
  if (pcb->state == CLOSED) {
    limit_first_window(pcb);
  } else {
    tcp_recved(pcb, 0); /* tells if there is more room now */
  }
}

bool tcp_has_receive_limit(const struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  return pcb->state == LISTEN ? const_listener(pcb)->rcv_limit != 0 : pcb->rcv_is_limited;
}

/* --- listeners --- */

void tcp_limits_to_listener(struct tcp_pcb_listen *lpcb, const struct tcp_pcb *pcb)
{
  lpcb->mss_max = pcb->rcv_mss;
  lpcb->rcv_limit = pcb->rcv_is_limited ? pcb->rcv_limit : 0;
}

void tcp_limits_of_listener(struct tcp_pcb *pcb, const struct tcp_pcb_listen *lpcb)
{
  if (lpcb->rcv_limit != 0) {
    tcp_autotune_fix(pcb, lpcb->rcv_limit);
    pcb->rcv_is_limited = true;
    limit_first_window(pcb);
  }
}

#endif
