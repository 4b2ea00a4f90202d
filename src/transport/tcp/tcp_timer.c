/**
 * @file
 * A connection's deadlines, and what happens when they pass.
 *
 * State: due_ms[], timers_set and one struct timer in the pcb, which is due no later than the first
 * deadline. Moving a deadline back leaves the timer where it is: it fires early, finds nothing due
 * and goes on. So an acknowledgement costs no work in the timers' heap. A connection without
 * deadlines has no timer and wakes nobody.
 *
 * RFC 6298 5 (retransmission), RFC 9293 3.8.4 (keepalive), 3.8.6.1 (zero window), 3.8.6.3 (delayed
 * ACKs), RFC 1122 4.2.3.5 (giving up).
 */
#include "lwip/opt.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_priv.h"

/** Half seconds of tcp_poll(). */
#define POLL_UNIT_MS 500U
/** Patience with a window that is small, but not closed (RFC 9293 3.8.6.2.1: 0.1 to 1 s). */
#define SWS_OVERRIDE_MS 200U

static void fire(struct timer *t);

void tcp_timer_set(struct tcp_pcb *pcb, enum tcp_timer_id id, u32_t delay_ms)
{
  delay_ms = LWIP_MIN(delay_ms, TIMER_DELAY_MS_MAX);
  pcb->due_ms[id] = stack_now() + delay_ms;
  pcb->timers_set |= (u8_t)(1U << id);
  timer_set_sooner(&pcb->timer, fire, delay_ms);
}

void tcp_timer_cancel(struct tcp_pcb *pcb, enum tcp_timer_id id)
{
  pcb->timers_set &= (u8_t) ~(1U << id);
  if (pcb->timers_set == 0) {
    timer_cancel(&pcb->timer);
  }
}

void tcp_timer_free(struct tcp_pcb *pcb)
{
  pcb->timers_set = 0;
  timer_cancel(&pcb->timer);
}

static void count_up(u8_t *n)
{
  *n = (u8_t)(*n + (*n < 0xff ? 1 : 0));
}

/**
 * Once more without an answer: is it enough? A peer that answers with a closed window is not given
 * up (RFC 1122 4.2.2.17): only tries since it was heard of last count then.
 */
static bool gives_up(struct tcp_pcb *pcb)
{
  bool is_syn = pcb->state == SYN_SENT || pcb->state == SYN_RCVD;
  u8_t tries = (is_syn || pcb->snd_wnd > 0) ? pcb->nrtx : pcb->keep_cnt_sent;
  if (tries >= (is_syn ? TCP_SYNMAXRTX : TCP_MAXRTX)) {
    tcp_pcb_kill(pcb, (pcb->flags & TF_UNREACHABLE) ? ERR_RTE : ERR_ABRT);
    return true;
  }
  count_up(&pcb->nrtx);
  count_up(&pcb->keep_cnt_sent);
  return false;
}

/** Nothing has come back in time. */
static void retransmit(struct tcp_pcb *pcb)
{
  if (gives_up(pcb)) {
    return;
  }
  tcp_recovery_timeout(pcb);
  tcp_timer_data_sent(pcb);
  tcp_output(pcb);
}

/**
 * The peer's window is closed: make it answer, ever more seldom. Or it is too small for what waits
 * (RFC 9293 3.8.6.2.1): it has been for so long that a small segment is better than none.
 *
 * Deviation: the probe is an empty segment at an old number, not a byte of new data (RFC 9293
 * 3.8.6.1): any TCP must answer it, and no byte is out that the peer had no room for.
 */
static void probe_window(struct tcp_pcb *pcb)
{
  tcp_mss_update(pcb);
  if (tcp_output_probe(pcb) || gives_up(pcb)) {
    return;
  }
  (void)tcp_send_probe(pcb);
  tcp_timer_window_closed(pcb);
}

static void on_rtx(struct tcp_pcb *pcb)
{
  u8_t kind = pcb->rtx_kind;
  pcb->rtx_kind = TCP_RTX_NONE;
  if (kind == TCP_RTX_PERSIST) {
    probe_window(pcb);
  } else if (kind == TCP_RTX_RTO) {
    retransmit(pcb);
  } else if (kind == TCP_RTX_TLP) {
    tcp_recovery_probe(pcb);
    tcp_timer_data_sent(pcb);
  } else if (kind == TCP_RTX_REORDER) {
    tcp_recovery_reorder(pcb);
    tcp_timer_data_sent(pcb);
    tcp_output(pcb);
  }
}

static void on_delayed_ack(struct tcp_pcb *pcb)
{
  if (pcb->flags & TF_ACK_DELAY) {
    tcp_set_flags(pcb, TF_ACK_NOW);
  }
  if (pcb->refused_data == NULL || tcp_rcv_deliver(pcb)) {
    tcp_output(pcb);
  }
}

static bool keeps_alive(const struct tcp_pcb *pcb)
{
  bool is_half_closed = pcb->state == FIN_WAIT_2 && !(pcb->flags & TF_CLOSED);
  return ip_get_option(pcb, SOF_KEEPALIVE) &&
         (pcb->state == ESTABLISHED || pcb->state == CLOSE_WAIT || is_half_closed);
}

static void keep_alive(struct tcp_pcb *pcb)
{
  u32_t idle_ms = stack_now() - pcb->rcv_time_ms;
  if (tcp_snd_len(pcb) > 0 || pcb->snd_nxt != pcb->snd_una) {
    tcp_timer_set(pcb, TCP_TIMER_LIFE, pcb->keep_idle); /* retransmissions tell (RFC 9293 3.8.4) */
    return;
  }
  if (idle_ms < pcb->keep_idle) {
    tcp_timer_set(pcb, TCP_TIMER_LIFE, pcb->keep_idle - idle_ms);
    return;
  }
  if (pcb->keep_cnt_sent >= tcp_keep_count(pcb)) {
    tcp_send_rst(pcb);
    tcp_pcb_kill(pcb, ERR_ABRT);
    return;
  }
  pcb->keep_cnt_sent++;
  (void)tcp_send_probe(pcb);
  tcp_timer_set(pcb, TCP_TIMER_LIFE, tcp_keep_intvl_ms(pcb));
}

static void on_life(struct tcp_pcb *pcb)
{
  if (keeps_alive(pcb)) {
    keep_alive(pcb);
  } else if (pcb->state == SYN_RCVD || (pcb->state >= FIN_WAIT_1 && pcb->state != CLOSE_WAIT)) {
    tcp_pcb_kill(pcb, ERR_ABRT);
  }
}

static void on_poll(struct tcp_pcb *pcb)
{
  tcp_timer_set(pcb, TCP_TIMER_POLL, pcb->pollinterval * POLL_UNIT_MS);
  if (tcp_event_poll(pcb) == ERR_OK) {
    tcp_output(pcb);
  }
}

static void (*const on_due[TCP_TIMER_COUNT])(struct tcp_pcb *pcb) = {
    [TCP_TIMER_RTX] = on_rtx,
    [TCP_TIMER_ACK] = on_delayed_ack,
    [TCP_TIMER_LIFE] = on_life,
    [TCP_TIMER_POLL] = on_poll,
};

static void fire(struct timer *t)
{
  struct tcp_pcb *pcb = TIMER_OWNER(t, struct tcp_pcb, timer);
  struct tcp_guard guard;
  u32_t now_ms = stack_now();
  tcp_guard_enter(&guard, pcb);
  for (unsigned id = 0; id < TCP_TIMER_COUNT && guard.pcb != NULL; id++) {
    if (tcp_timer_is_set(pcb, (enum tcp_timer_id)id) && (s32_t)(now_ms - pcb->due_ms[id]) >= 0) {
      pcb->timers_set &= (u8_t) ~(1U << id);
      on_due[id](pcb);
    }
  }
  if (tcp_guard_leave(&guard) == NULL) {
    return;
  }
  for (unsigned id = 0; id < TCP_TIMER_COUNT; id++) {
    if (tcp_timer_is_set(pcb, (enum tcp_timer_id)id)) {
      s32_t left_ms = (s32_t)(pcb->due_ms[id] - stack_now());
      timer_set_sooner(&pcb->timer, fire, left_ms > 0 ? (u32_t)left_ms : 0);
    }
  }
}

void tcp_timer_data_sent(struct tcp_pcb *pcb)
{
  bool is_running = tcp_timer_is_set(pcb, TCP_TIMER_RTX);
  if (is_running && pcb->rtx_kind == TCP_RTX_REORDER) {
    return;
  }
  bool has_rto = is_running && pcb->rtx_kind == TCP_RTX_RTO;
  u32_t rto_ms = has_rto ? pcb->due_ms[TCP_TIMER_RTX] - stack_now() : tcp_rto_ms(pcb);
  u32_t probe_ms = tcp_recovery_probe_delay_ms(pcb);
  bool is_probe = probe_ms != 0 && probe_ms < rto_ms;
  if (has_rto && !is_probe) {
    return; /* it runs since the oldest was sent (RFC 6298 5.1) */
  }
  pcb->rtx_kind = is_probe ? TCP_RTX_TLP : TCP_RTX_RTO;
  tcp_timer_set(pcb, TCP_TIMER_RTX, is_probe ? probe_ms : rto_ms);
}

void tcp_timer_data_acked(struct tcp_pcb *pcb)
{
  pcb->nrtx = 0;
  tcp_timer_cancel(pcb, TCP_TIMER_RTX);
  pcb->rtx_kind = TCP_RTX_NONE;
  if (pcb->snd_nxt != pcb->snd_una) {
    tcp_timer_data_sent(pcb);
  }
}

void tcp_timer_window_closed(struct tcp_pcb *pcb)
{
  bool has_room = seq_gt(pcb->snd_una + pcb->snd_wnd, pcb->snd_nxt);
  if (!tcp_timer_is_set(pcb, TCP_TIMER_RTX)) {
    pcb->rtx_kind = TCP_RTX_PERSIST;
    tcp_timer_set(pcb, TCP_TIMER_RTX, has_room ? SWS_OVERRIDE_MS : tcp_rto_ms(pcb));
  }
}

void tcp_timer_heard(struct tcp_pcb *pcb)
{
  pcb->rcv_time_ms = stack_now();
  pcb->keep_cnt_sent = 0;
}

void tcp_timer_keep(struct tcp_pcb *pcb)
{
  if (keeps_alive(pcb) && !tcp_timer_is_set(pcb, TCP_TIMER_LIFE)) {
    tcp_timer_set(pcb, TCP_TIMER_LIFE, pcb->keep_idle);
  }
}

void tcp_timer_state_changed(struct tcp_pcb *pcb)
{
  bool is_orphan = (pcb->flags & TF_CLOSED) != 0;
  tcp_timer_cancel(pcb, TCP_TIMER_LIFE);
  if (pcb->state == SYN_RCVD) {
    tcp_timer_set(pcb, TCP_TIMER_LIFE, TCP_SYN_RCVD_TIMEOUT);
  } else if (pcb->state >= FIN_WAIT_1 && pcb->state != CLOSE_WAIT && is_orphan) {
    tcp_timer_set(pcb, TCP_TIMER_LIFE,
                  pcb->state == FIN_WAIT_2 ? TCP_FIN_WAIT_TIMEOUT : 2 * TCP_MSL);
  } else if (keeps_alive(pcb)) {
    tcp_timer_set(pcb, TCP_TIMER_LIFE, pcb->keep_idle);
  }
}

void tcp_timer_poll_changed(struct tcp_pcb *pcb)
{
  if (pcb->pollinterval == 0) {
    tcp_timer_cancel(pcb, TCP_TIMER_POLL);
  } else {
    tcp_timer_set(pcb, TCP_TIMER_POLL, pcb->pollinterval * POLL_UNIT_MS);
  }
}
