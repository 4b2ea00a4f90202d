/**
 * @file
 * A connection's deadlines, and what happens when they pass.
 *
 * State: due_ms[], due_ticks[], timers_set and one struct timer in the pcb, which is due no later
 * than the first deadline. Moving a deadline back leaves the timer where it is: it fires early,
 * finds nothing due and goes on. So an acknowledgement costs no work in the timers' heap. A
 * connection without deadlines has no timer and wakes nobody. Where there is no hash over
 * connections (TCP_HASH_SIZE 1), and so only a few of them, one timer serves all.
 *
 * RFC 6298 5 (retransmission), RFC 9293 3.8.4 (keepalive), 3.8.6.1 (zero window), 3.8.6.3 (delayed
 * ACKs), RFC 1122 4.2.3.5 (giving up).
 */
#include "lwip/opt.h"
#include "lwip/stats.h"
#include "lwip/priv/tcp_lists.h"
#include "transport/tcp/tcp_priv.h"

/** Half seconds of tcp_poll(). */
#define POLL_UNIT_MS 500U
/** Patience with a window that is small, but not closed (RFC 9293 3.8.6.2.1: 0.1 to 1 s). */
#define SWS_OVERRIDE_MS 200U

_Static_assert(TCP_TIMER_COUNT <= 5, "struct tcp_pcb.timers_set has a bit for each");
_Static_assert(TCP_RTX_ECN <= 7, "struct tcp_pcb.rtx_kind has 3 bits");

static void fire(struct timer *t);

/** Short times are kept as the lowest 16 bits of a clock of ticks, so that they fit. */
static bool is_short(enum tcp_timer_id id)
{
  return id >= TCP_TIMER_ACK;
}

/** Ticks of that clock are so many powers of 2 milliseconds. */
static unsigned tick_shift(enum tcp_timer_id id)
{
  return id == TCP_TIMER_POLL ? 1 : 0;
}

/** What seems to be farther off than it was ever set has passed. */
static u32_t short_max_ms(const struct tcp_pcb *pcb, enum tcp_timer_id id)
{
  return id == TCP_TIMER_POLL ? pcb->pollinterval * POLL_UNIT_MS : TCP_REFUSED_RETRY_MS;
}

u32_t tcp_timer_left_ms(const struct tcp_pcb *pcb, enum tcp_timer_id id)
{
  u32_t now_ms = stack_now();
  if (!is_short(id)) {
    s32_t left_ms = (s32_t)(pcb->due_ms[id] - now_ms);
    return left_ms > 0 ? (u32_t)left_ms : 0;
  }
  u16_t left = (u16_t)(pcb->due_ticks[id - TCP_TIMER_ACK] - (now_ms >> tick_shift(id)));
  u32_t left_ms = (u32_t)left << tick_shift(id);
  return left_ms <= short_max_ms(pcb, id) ? left_ms : 0;
}

static void due_set(struct tcp_pcb *pcb, enum tcp_timer_id id, u32_t delay_ms)
{
  u32_t due_ms = stack_now() + delay_ms;
  if (!is_short(id)) {
    pcb->due_ms[id] = due_ms;
  } else {
    pcb->due_ticks[id - TCP_TIMER_ACK] = (u16_t)(due_ms >> tick_shift(id));
  }
}

static struct timer *timer_of(struct tcp_pcb *pcb)
{
  return tcp_timer_of(pcb, &tcp_all()->timer);
}

void tcp_timer_set(struct tcp_pcb *pcb, enum tcp_timer_id id, u32_t delay_ms)
{
  delay_ms = LWIP_MIN(delay_ms, TIMER_DELAY_MS_MAX);
  if (id == TCP_TIMER_RTX) {
    delay_ms = tcp_user_timeout_cap(pcb, delay_ms);
  }
  due_set(pcb, id, delay_ms);
  pcb->timers_set |= (u8_t)(1U << id);
  timer_set_sooner(timer_of(pcb), fire, delay_ms);
}

/** The connections that `t` serves, but `pcb`: has one of them a deadline? */
static bool is_shared(const struct tcp_pcb *pcb, struct timer *t)
{
  struct tcp_pcb *const lists[] = {tcp_active_pcbs, tcp_bound_pcbs};
  if (tcp_timer_owner(t) == pcb) {
    return false;
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lists); i++) {
    for (const struct tcp_pcb *other = lists[i]; other != NULL; other = other->next) {
      if (other != pcb && other->timers_set != 0) {
        return true;
      }
    }
  }
  return false;
}

static void timer_stop(struct tcp_pcb *pcb)
{
  if (!is_shared(pcb, timer_of(pcb))) {
    timer_cancel(timer_of(pcb));
  }
}

void tcp_timer_cancel(struct tcp_pcb *pcb, enum tcp_timer_id id)
{
  pcb->timers_set &= (u8_t) ~(1U << id);
  if (pcb->timers_set == 0) {
    timer_stop(pcb);
  }
}

void tcp_timer_free(struct tcp_pcb *pcb)
{
  pcb->timers_set = 0;
  timer_stop(pcb);
}

static void count_up(u8_t *n)
{
  *n = (u8_t)(*n + (*n < 0xff ? 1 : 0));
}

/** The peer has not answered; `why`: if nothing is known that explains it. */
static void give_up(struct tcp_pcb *pcb, enum tcp_end why)
{
  struct pcb_route r = tcp_route(pcb);
  if (pcb->flags & TF_UNREACHABLE) {
    why = tcp_error_noted(pcb);
  } else if (pcb_route_find(&r, &pcb->remote_ip) == NULL) {
    why = TCP_END_NET_UNREACHABLE;
  }
  tcp_pcb_kill(pcb, why);
}

/**
 * Once more without an answer: is it enough? A peer that answers with a closed window is not given
 * up (RFC 1122 4.2.2.17): only tries since it was heard of last count then.
 */
static bool gives_up(struct tcp_pcb *pcb)
{
  bool is_syn = pcb->state == SYN_SENT || pcb->state == SYN_RCVD;
  u8_t tries = (is_syn || pcb->snd_wnd > 0) ? pcb->nrtx : pcb->keep_cnt_sent;
  bool tries_count = is_syn || !tcp_has_user_timeout(pcb);
  if (tries_count && tries >= (is_syn ? TCP_SYNMAXRTX : TCP_MAXRTX)) {
    give_up(pcb, TCP_END_TIMEOUT);
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

static void set_persist(struct tcp_pcb *pcb)
{
  bool has_room = seq_gt(pcb->snd_una + pcb->snd_wnd, pcb->snd_nxt);
  pcb->rtx_kind = TCP_RTX_PERSIST;
  tcp_timer_set(pcb, TCP_TIMER_RTX, has_room ? SWS_OVERRIDE_MS : tcp_rto_ms(pcb));
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
  set_persist(pcb);
}

static void on_rtx(struct tcp_pcb *pcb)
{
  u8_t kind = pcb->rtx_kind;
  pcb->rtx_kind = TCP_RTX_NONE;
  if (tcp_user_timeout_passed(pcb)) {
    give_up(pcb, TCP_END_TIMEOUT);
  } else if (kind == TCP_RTX_PERSIST) {
    probe_window(pcb);
  } else if (kind == TCP_RTX_RTO) {
    retransmit(pcb);
  } else if (kind == TCP_RTX_ECN) {
    tcp_output(pcb);
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
  if (tcp_has_user_timeout(pcb) ? tcp_user_timeout_gives_up_idle(pcb)
                                : pcb->keep_cnt_sent >= tcp_keep_count(pcb)) {
    tcp_send_rst(pcb);
    give_up(pcb, TCP_END_KEEPALIVE);
    return;
  }
  count_up(&pcb->keep_cnt_sent);
  (void)tcp_send_probe(pcb);
  tcp_timer_set(pcb, TCP_TIMER_LIFE, tcp_user_timeout_cap_idle(pcb, tcp_keep_intvl_ms(pcb)));
}

static void on_life(struct tcp_pcb *pcb)
{
  if (pcb->flags & TF_LINGER) {
    tcp_pcb_abort(pcb, TCP_END_LINGER);
  } else if (keeps_alive(pcb)) {
    keep_alive(pcb);
  } else if (pcb->state == SYN_RCVD || (pcb->state >= FIN_WAIT_1 && pcb->state != CLOSE_WAIT)) {
    tcp_pcb_kill(pcb, TCP_END_TIMEOUT);
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

/** Do what is due. @return the pcb, if it still lives */
static struct tcp_pcb *run_due(struct tcp_pcb *pcb)
{
  struct tcp_guard guard;
  tcp_guard_enter(&guard, pcb);
  for (unsigned i = 0; i < TCP_TIMER_COUNT && guard.pcb != NULL; i++) {
    enum tcp_timer_id id = (enum tcp_timer_id)i;
    if (tcp_timer_is_set(pcb, id) && tcp_timer_left_ms(pcb, id) == 0) {
      pcb->timers_set &= (u8_t) ~(1U << id);
      on_due[id](pcb);
    }
  }
  return tcp_guard_leave(&guard);
}

/** The timer has fired: see to it that it does so again in time. */
static void rearm(struct tcp_pcb *pcb)
{
  for (unsigned i = 0; i < TCP_TIMER_COUNT; i++) {
    enum tcp_timer_id id = (enum tcp_timer_id)i;
    if (tcp_timer_is_set(pcb, id)) {
      timer_set_sooner(timer_of(pcb), fire, tcp_timer_left_ms(pcb, id));
    }
  }
}

/** One timer for all of a list. One that is freed meanwhile may end the round: what is due is still
    due then, and rearm() sees it. */
static void run_list(struct tcp_pcb *pcb)
{
  while (pcb != NULL) {
    struct tcp_guard next;
    tcp_guard_enter(&next, pcb->next);
    (void)run_due(pcb);
    pcb = tcp_guard_leave(&next);
  }
}

static void rearm_list(struct tcp_pcb *pcb)
{
  for (; pcb != NULL; pcb = pcb->next) {
    rearm(pcb);
  }
}

static void fire(struct timer *t)
{
  struct tcp_pcb *pcb = tcp_timer_owner(t);
  if (pcb != NULL) {
    pcb = run_due(pcb);
    if (pcb != NULL) {
      rearm(pcb);
    }
    return;
  }
  run_list(tcp_active_pcbs);
  run_list(tcp_bound_pcbs);
  rearm_list(tcp_active_pcbs);
  rearm_list(tcp_bound_pcbs);
}

void tcp_timer_data_sent(struct tcp_pcb *pcb)
{
  bool is_running = tcp_timer_is_set(pcb, TCP_TIMER_RTX);
  if (is_running && pcb->rtx_kind == TCP_RTX_REORDER) {
    return;
  }
  bool has_rto = is_running && pcb->rtx_kind == TCP_RTX_RTO;
  u32_t rto_ms = has_rto ? tcp_timer_left_ms(pcb, TCP_TIMER_RTX) : tcp_rto_ms(pcb);
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
  if (!tcp_timer_is_set(pcb, TCP_TIMER_RTX)) {
    tcp_user_timeout_start(pcb);
    set_persist(pcb);
  }
}

void tcp_timer_heard(struct tcp_pcb *pcb)
{
  pcb->rcv_time_ms = stack_now();
  pcb->keep_cnt_sent = 0;
}

/** Does it stand at a time that was set before keep_idle was shortened? Probes have their own. */
static bool is_keep_too_late(const struct tcp_pcb *pcb)
{
  return pcb->keep_cnt_sent == 0 && !(pcb->flags & TF_LINGER) &&
         tcp_timer_left_ms(pcb, TCP_TIMER_LIFE) > pcb->keep_idle;
}

void tcp_timer_keep(struct tcp_pcb *pcb)
{
  if (keeps_alive(pcb) && (!tcp_timer_is_set(pcb, TCP_TIMER_LIFE) || is_keep_too_late(pcb))) {
    tcp_timer_set(pcb, TCP_TIMER_LIFE, pcb->keep_idle);
  }
}

void tcp_timer_state_changed(struct tcp_pcb *pcb)
{
  bool is_orphan = (pcb->flags & TF_CLOSED) != 0;
  if (pcb->flags & TF_LINGER) {
    return; /* it lasts as long as the program has said */
  }
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
