/**
 * @file
 * The user timeout (RFC 9293 3.8.3) and its option (RFC 5482).
 *
 * State: user_timeout_ms; waits_since_ms: since when something has waited for the peer without
 * progress, valid while TCP_TIMER_RTX is set; uto_* for the option. There is no timer of its own:
 * whatever TCP_TIMER_RTX waits for, it fires when patience ends. The option's USER_TIMEOUT, ADV_UTO
 * and CHANGEABLE are user_timeout_ms, uto_told and uto_is_changeable; ENABLED is uto_told not being
 * 0.
 *
 * Listeners have what their connections begin with. Half-open connections do not remember what the
 * peer's SYN told: its first segment behind the handshake tells it again (RFC 5482 3).
 */
#include "lwip/opt.h"
#include "gossamer/tcp_user_timeout.h"
#include "transport/tcp/tcp_priv.h"

#if LWIP_TCP_USER_TIMEOUT

/** The granularity bit of the option: minutes, not seconds. */
#define UTO_MINUTES 0x8000U
#define UTO_MAX     0x7fffU

static u32_t seconds_of(u16_t uto)
{
  return (uto & UTO_MINUTES) ? (uto & UTO_MAX) * 60UL : uto;
}

void tcp_user_timeout_start(struct tcp_pcb *pcb)
{
  pcb->waits_since_ms = stack_now();
}

/** How much longer to wait; valid while something does. */
static u32_t left_ms(const struct tcp_pcb *pcb, u32_t since_ms)
{
  u32_t passed_ms = stack_now() - since_ms;
  return passed_ms < pcb->user_timeout_ms ? pcb->user_timeout_ms - passed_ms : 0;
}

u32_t tcp_user_timeout_cap(const struct tcp_pcb *pcb, u32_t delay_ms)
{
  return pcb->user_timeout_ms != 0 ? LWIP_MIN(delay_ms, left_ms(pcb, pcb->waits_since_ms))
                                   : delay_ms;
}

bool tcp_user_timeout_passed(const struct tcp_pcb *pcb)
{
  return pcb->user_timeout_ms != 0 && left_ms(pcb, pcb->waits_since_ms) == 0;
}

bool tcp_user_timeout_gives_up_idle(const struct tcp_pcb *pcb)
{
  return pcb->keep_cnt_sent > 0 && left_ms(pcb, pcb->rcv_time_ms) == 0;
}

u32_t tcp_user_timeout_cap_idle(const struct tcp_pcb *pcb, u32_t delay_ms)
{
  if (pcb->user_timeout_ms == 0) {
    return delay_ms;
  }
  u32_t left = left_ms(pcb, pcb->rcv_time_ms);
  return LWIP_MIN(delay_ms, LWIP_MAX(left, 1U));
}

static void change(struct tcp_pcb *pcb, u32_t timeout_ms)
{
  pcb->user_timeout_ms = timeout_ms;
  if (tcp_timer_is_set(pcb, TCP_TIMER_RTX)) {
    tcp_timer_set(pcb, TCP_TIMER_RTX, tcp_timer_left_ms(pcb, TCP_TIMER_RTX));
  }
}

static struct tcp_pcb_listen *listener(struct tcp_pcb *pcb)
{
  return (struct tcp_pcb_listen *)(void *)pcb;
}

void tcp_user_timeout_to_listener(struct tcp_pcb_listen *lpcb, const struct tcp_pcb *pcb)
{
  lpcb->user_timeout_ms = pcb->user_timeout_ms;
  lpcb->uto_told = pcb->uto_told;
  lpcb->uto_is_changeable = pcb->uto_is_changeable;
}

void tcp_user_timeout_of_listener(struct tcp_pcb *pcb, const struct tcp_pcb_listen *lpcb)
{
  pcb->user_timeout_ms = lpcb->user_timeout_ms;
  pcb->uto_told = lpcb->uto_told;
  pcb->uto_is_changeable = lpcb->uto_is_changeable;
}

void tcp_set_user_timeout(struct tcp_pcb *pcb, u32_t timeout_ms)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb->state == LISTEN) {
    listener(pcb)->uto_is_changeable = false;
    listener(pcb)->user_timeout_ms = timeout_ms;
    return;
  }
  pcb->uto_is_changeable = 0;
  change(pcb, timeout_ms);
}

u32_t tcp_get_user_timeout(const struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  return pcb->state == LISTEN ? ((const struct tcp_pcb_listen *)(const void *)pcb)->user_timeout_ms
                              : pcb->user_timeout_ms;
}

err_t tcp_advertise_user_timeout(struct tcp_pcb *pcb, u32_t timeout_s, bool is_changeable)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (timeout_s > UTO_MAX * 60UL) {
    return ERR_VAL;
  }
  u16_t uto = (u16_t)(timeout_s > UTO_MAX ? UTO_MINUTES | (timeout_s / 60) : timeout_s);
  if (pcb->state == LISTEN) {
    listener(pcb)->uto_told = uto;
    listener(pcb)->uto_is_changeable = is_changeable;
    return ERR_OK;
  }
  pcb->uto_is_due = uto != 0 && uto != pcb->uto_told;
  pcb->uto_told = uto;
  pcb->uto_is_changeable = is_changeable;
  return ERR_OK;
}

u32_t tcp_get_peer_user_timeout(const struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  return pcb->state == LISTEN ? 0 : seconds_of(pcb->uto_heard);
}

/* --- on the wire --- */

void tcp_user_timeout_put(const struct tcp_pcb *pcb, struct tcp_options *o, bool is_syn)
{
  if (pcb->uto_told != 0 && (is_syn || pcb->uto_is_due)) {
    o->has |= TCP_HAS_USER_TIMEOUT;
    o->user_timeout = pcb->uto_told;
  }
}

void tcp_user_timeout_put_syn_ack(const struct tcp_pcb_listen *lpcb, struct tcp_options *o)
{
  if (lpcb->uto_told != 0) {
    o->has |= TCP_HAS_USER_TIMEOUT;
    o->user_timeout = lpcb->uto_told;
  }
}

void tcp_user_timeout_told(struct tcp_pcb *pcb)
{
  pcb->uto_is_due = 0;
}

void tcp_user_timeout_established(struct tcp_pcb *pcb)
{
  pcb->uto_is_due = pcb->uto_told != 0; /* RFC 5482 3: once more, when cookies remember nothing */
}

void tcp_user_timeout_arrives(struct tcp_pcb *pcb, const struct tcp_options *o)
{
  if (!(o->has & TCP_HAS_USER_TIMEOUT) || pcb->uto_told == 0 || seconds_of(o->user_timeout) == 0) {
    return; /* not asked for; or 0, which is reserved (RFC 5482 3.4) */
  }
  pcb->uto_heard = o->user_timeout;
  if (pcb->uto_is_changeable) { /* RFC 5482 3.1 */
    u32_t longer_s = LWIP_MAX(seconds_of(pcb->uto_told), seconds_of(pcb->uto_heard));
    u32_t longer_ms = LWIP_MAX(longer_s * 1000, LWIP_TCP_UTO_MIN_MS);
    change(pcb, LWIP_MIN(longer_ms, LWIP_TCP_UTO_MAX_MS));
  }
}

#endif
