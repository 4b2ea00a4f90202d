/**
 * @file
 * What a segment does to a connection (RFC 9293 3.10.7.3, 3.10.7.4).
 *
 * No state. Order for synchronized states: PAWS, sequence, RST, SYN, ACK, data, FIN; then the
 * program is called, then everything that is to be sent is sent, once.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_priv.h"

/** What is left to do when the segment has been understood. */
struct todo {
  u32_t data_acked;  /* to tell the program */
  bool is_connected; /* handshake completed by this segment */
  bool is_urgent;    /* the mark of urgent data has moved */
  bool has_lingered; /* all that the program left to be sent has arrived */
};

void tcp_segment_drop(struct tcp_rx_segment *seg, enum drop_reason why)
{
  LWIP_DEBUGF(TCP_INPUT_DEBUG, ("tcp: %" U16_F " from %" U16_F " dropped: %s\n", seg->h.dst_port,
                                seg->h.src_port, drop_name(why)));
  drop(seg->p, why);
  seg->p = NULL;
}

/** Sequence numbers it takes. */
static u32_t size_of(const struct tcp_rx_segment *seg)
{
  return seg->len + ((seg->flags & TCP_FIN) ? 1U : 0U);
}

/** Nothing in it counts but that somebody sent it: answer, within limits, and drop it. */
static void challenge(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, enum drop_reason why)
{
  if (tcp_challenge_allowed(pcb)) {
    tcp_set_flags(pcb, TF_ACK_NOW);
  }
  tcp_segment_drop(seg, why);
}

/**
 * It is none that we wait for: tell what we do wait for (RFC 9293 3.10.7.4). Always, if it carries
 * anything, because then it may be a probe of our window; within limits if it does not, otherwise
 * two ends that disagree would answer each other for ever (RFC 5961 10, security vector B10-175).
 */
static void correct(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, enum drop_reason why)
{
  if (size_of(seg) > 0 || tcp_challenge_allowed(pcb)) {
    tcp_set_flags(pcb, TF_ACK_NOW);
  }
  tcp_segment_drop(seg, why);
}

void tcp_take_syn_options(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  const struct tcp_options *o = &seg->opts;
  u16_t unsaid = IP_IS_V6(&pcb->remote_ip) ? TCP_MSS_DEFAULT_IP6 : TCP_MSS_DEFAULT_IP4;
  u16_t mss = (o->has & TCP_HAS_MSS) ? o->mss : unsaid;
  tcp_set_peer_mss(pcb, LWIP_MIN(mss, tcp_mss_bound(pcb)));
  if (LWIP_WND_SCALE && (o->has & TCP_HAS_WND_SHIFT)) {
    tcp_shifts_set(pcb, o->wnd_shift);
  }
  if (LWIP_TCP_TIMESTAMPS && (o->has & TCP_HAS_TIMESTAMP)) {
    tcp_ts_set_recent(pcb, o->tsval, stack_now());
    tcp_ts_set_lastacksent(pcb, pcb->rcv_nxt);
    tcp_set_flags(pcb, TF_TIMESTAMP);
  }
  if (LWIP_TCP_SACK_OUT && (o->has & TCP_HAS_SACK_OK) && !tcp_cc_is_plain(pcb)) {
    tcp_set_flags(pcb, TF_SACK);
  }
  tcp_ecn_syn_arrives(pcb, seg->flags);
  pcb->rcv_mss = TCP_MSS_MIN;
  pcb->quick_acks = TCP_QUICK_ACKS;
}

/** The handshake is complete. */
static void established(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  pcb->snd_wnd = (tcpwnd_size_t)seg->wnd;
  tcp_snd_wnd_max_note(pcb, seg->wnd);
  pcb->snd_wl1 = seg->seq;
  pcb->snd_una = seg->h.ack;
  if (pcb->nrtx == 0 && pcb->rtt_time_us != 0) {
    tcp_rtt_sample(pcb, tcp_now_us() - pcb->rtt_time_us);
  } else {
    pcb->rto_ms = LWIP_MAX(pcb->rto_ms, (u16_t)3000); /* RFC 6298 5.7 */
    pcb->nrtx = 0;
  }
  pcb->rtt_time_us = 0;
  tcp_clear_flags(pcb, TF_UNREACHABLE);
  tcp_user_timeout_established(pcb);
  tcp_set_state(pcb, (pcb->flags & TF_FIN) ? FIN_WAIT_1 : ESTABLISHED);
  tcp_recovery_init(pcb);
  tcp_cc_init(pcb);
  tcp_timer_data_acked(pcb);
  pcb->send_time_ms = stack_now();
}

/** Bytes from rcv_nxt on that are taken. */
static u32_t window(const struct tcp_pcb *pcb)
{
  return LWIP_MAX(tcp_rcv_room(pcb), pcb->rcv_ann_wnd);
}

/** What the window has no room for is cut off behind. */
static void trim_back(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  u32_t right = pcb->rcv_nxt + window(pcb);
  u32_t end = seg->seq + seg->len;
  if (seq_leq(seg->seq + size_of(seg), right)) {
    return;
  }
  tcp_set_flags(pcb, TF_ACK_NOW);
  if (seq_gt(end, right)) {
    seg->len = right - seg->seq;
    seg->flags &= (u8_t)~TCP_FIN;
    pbuf_realloc(seg->p, (u16_t)seg->len);
  }
}

/** SYN_SENT (RFC 9293 3.10.7.3). */
static void syn_sent(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, struct todo *todo)
{
  bool has_ack = (seg->flags & TCP_ACK) != 0;
  if (has_ack && seg->h.ack != pcb->snd_nxt) {
    tcp_segment_reject(seg, DROP_TCP_BAD_ACK);
    return;
  }
  if (seg->flags & TCP_RST) {
    if (has_ack) {
      tcp_pcb_kill(pcb, TCP_END_RESET);
    } else {
      tcp_segment_drop(seg, DROP_TCP_BAD_RST);
    }
    return;
  }
  if (!(seg->flags & TCP_SYN)) {
    tcp_segment_drop(seg, DROP_TCP_NO_SYN);
    return;
  }
  tcp_timer_heard(pcb);
  pcb->rcv_nxt = seg->seq + 1;
  tcp_take_syn_options(pcb, seg);
  tcp_user_timeout_arrives(pcb, &seg->opts);
  if (has_ack) {
    established(pcb, seg);
    todo->is_connected = true;
    tcp_set_flags(pcb, TF_ACK_NOW);
    seg->seq++;
    seg->flags &= (u8_t)~TCP_SYN;
    trim_back(pcb, seg);
    tcp_rcv_segment(pcb, seg);
  } else { /* both ends have called each other (RFC 9293 3.5) */
    tcp_set_state(pcb, SYN_RCVD);
    pcb->rtx_nxt = pcb->snd_una;
  }
}

/** PAWS (RFC 7323 5.2). @return false: dropped */
static bool check_timestamp(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  if (!(pcb->flags & TF_TIMESTAMP) || (seg->flags & TCP_RST)) {
    return true;
  }
  if (!(seg->opts.has & TCP_HAS_TIMESTAMP)) {
    tcp_segment_drop(seg, DROP_TCP_NO_TIMESTAMP);
    return false;
  }
  struct tcp_ts ts = tcp_ts_get(pcb);
  bool is_stale = (u16_t)((stack_now() >> 16) - ts.recent_time) > (TCP_PAWS_IDLE_MS >> 16);
  if (seq_lt(seg->opts.tsval, ts.recent) && !is_stale) {
    correct(pcb, seg, DROP_TCP_PAWS);
    return false;
  }
  return true;
}

/**
 * Which timestamp to echo (RFC 7323 4.3). Only of a segment whose sequence and acknowledgement
 * have been believed: otherwise a stranger could set TS.Recent ahead, and PAWS would drop all that
 * the peer says.
 */
static void note_timestamp(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  if ((pcb->flags & TF_TIMESTAMP) && seq_leq(seg->h.seq, tcp_ts_get(pcb).lastacksent)) {
    tcp_ts_set_recent(pcb, seg->opts.tsval, stack_now());
  }
}

/** RFC 5961 3: only the exact sequence number resets; and nothing does so in TIME-WAIT (RFC 1337).
 */
static void reset(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  if (pcb->state == TIME_WAIT && seg->seq == pcb->rcv_nxt) {
    tcp_segment_drop(seg, DROP_TCP_TIMEWAIT);
  } else if (seg->seq == pcb->rcv_nxt) {
    bool is_half_open = pcb->state == SYN_RCVD && tcp_listener_of(pcb) != NULL;
    tcp_pcb_kill(pcb, is_half_open ? TCP_END_CLOSED : TCP_END_RESET);
  } else if (seq_gt(seg->seq, pcb->rcv_nxt) && seq_lt(seg->seq, pcb->rcv_nxt + window(pcb))) {
    challenge(pcb, seg, DROP_TCP_BAD_RST);
  } else {
    tcp_segment_drop(seg, DROP_TCP_BAD_RST);
  }
}

/** What we know already is cut off in front. @return false: nothing is left */
static bool trim_front(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  u32_t known = pcb->rcv_nxt - seg->seq;
  if (!seq_lt(seg->seq, pcb->rcv_nxt)) {
    return true;
  }
  tcp_ooo_note_duplicate(pcb, seg->seq, seg->seq + LWIP_MIN(known, seg->len));
  if (known >= size_of(seg)) {
    return false;
  }
  tcp_set_flags(pcb, TF_ACK_NOW);
  seg->p = pbuf_free_header(seg->p, (u16_t)known);
  seg->seq = pcb->rcv_nxt;
  seg->len -= known;
  return true;
}

/**
 * Is any of it in the window (RFC 9293 3.10.7.4 step 1)? Trims it to that.
 *
 * Deviation: an empty segment may stand at the right edge of the window: whoever has filled the
 * window sends its ACKs from there, and they must count when what fills it was lost.
 *
 * @return false: dropped
 */
static bool check_sequence(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  u32_t wnd = window(pcb);
  bool starts_behind = seq_gt(seg->seq, pcb->rcv_nxt + wnd) ||
                       (seg->seq == pcb->rcv_nxt + wnd && wnd != 0 && seg->len > 0);
  if (starts_behind || !trim_front(pcb, seg)) {
    correct(pcb, seg, starts_behind ? DROP_TCP_OUT_OF_WINDOW : DROP_TCP_DUPLICATE);
    return false;
  }
  trim_back(pcb, seg);
  return true;
}

/** A SYN where there is a connection. @return false: it is done with */
static bool check_syn(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  if (pcb->state != SYN_RCVD || seg->seq + 1 != pcb->rcv_nxt) {
    challenge(pcb, seg, DROP_TCP_BAD_SYN); /* RFC 5961 4 */
    return false;
  }
  tcp_ecn_syn_again(pcb, seg->flags);
  if (seg->flags & TCP_ACK) { /* simultaneous open: the ACK counts, the SYN is known */
    seg->seq++;
    seg->flags &= (u8_t)~TCP_SYN;
    return true;
  }
  pcb->rtx_nxt = pcb->snd_una; /* our SYN-ACK was lost */
  tcp_segment_drop(seg, DROP_TCP_DUPLICATE);
  return false;
}

/** RST, SYN and sequence: is the segment one of this connection? @return false: it is done with */
static bool is_acceptable(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  if (seg->flags & TCP_RST) {
    reset(pcb, seg);
    return false;
  }
  if (!check_timestamp(pcb, seg)) {
    return false;
  }
  if ((seg->flags & TCP_SYN) && !check_syn(pcb, seg)) {
    return false;
  }
  if (!check_sequence(pcb, seg)) {
    return false;
  }
  if (!(seg->flags & TCP_ACK)) {
    tcp_segment_drop(seg, DROP_TCP_NO_ACK);
    return false;
  }
  return true;
}

/** SYN_RCVD: does it acknowledge our SYN? @return false: done with */
static bool complete_handshake(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, struct todo *todo)
{
  if (!seq_gt(seg->h.ack, pcb->snd_una) || seq_gt(seg->h.ack, pcb->snd_nxt)) {
    tcp_segment_reject(seg, DROP_TCP_BAD_ACK);
    return false;
  }
  established(pcb, seg);
  todo->is_connected = true;
  return true;
}

/** Has the program refused what came before the peer's FIN? */
static bool has_more_to_hear(const struct tcp_pcb *pcb)
{
  return !(pcb->flags & (TF_CLOSED | TF_FIN_TOLD));
}

/** Our FIN has been acknowledged. @return false: the pcb is gone */
static bool fin_acked(struct tcp_pcb *pcb, struct todo *todo)
{
  todo->has_lingered = (pcb->flags & TF_LINGER) != 0 && pcb->state != LAST_ACK;
  if (todo->has_lingered) {
    tcp_clear_flags(pcb, TF_LINGER);
  }
  if (pcb->state == FIN_WAIT_1) {
    tcp_set_state(pcb, FIN_WAIT_2);
  } else if (pcb->state == CLOSING) {
    tcp_set_state(pcb, TIME_WAIT);
  } else if (pcb->state == LAST_ACK && has_more_to_hear(pcb)) {
    tcp_set_state(pcb, TIME_WAIT); /* the pcb stays until the program has taken all and closes */
  } else if (pcb->state == LAST_ACK) {
    tcp_pcb_kill(pcb, TCP_END_CLOSED);
    return false;
  }
  return true;
}

static void synchronized(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, struct todo *todo)
{
  struct tcp_ack_event ev = {0};
  bool has_data = seg->len > 0; /* also for whom there is no room: a probe (RFC 3168 6.1.6) */
  if (!is_acceptable(pcb, seg)) {
    return;
  }
  if (pcb->state == SYN_RCVD && !complete_handshake(pcb, seg, todo)) {
    return;
  }
  if (!tcp_ack_arrives(pcb, seg, &ev)) {
    return;
  }
  tcp_timer_heard(pcb);
  todo->data_acked = ev.data_acked;
  if ((pcb->flags & TF_FIN_SENT) && pcb->snd_una == pcb->snd_nxt && !fin_acked(pcb, todo)) {
    return;
  }
  note_timestamp(pcb, seg);
  tcp_user_timeout_arrives(pcb, &seg->opts);
  if (has_data) {
    tcp_ecn_data_arrives(pcb, seg->h.flags, seg->rx->tos);
  }
  todo->is_urgent = tcp_urgent_arrives(pcb, seg->flags, seg->h.seq + seg->h.urgent);
  tcp_rcv_segment(pcb, seg);
}

/** The program hears that the connection stands. @return false: the pcb is gone */
static bool tell_connected(struct tcp_pcb *pcb)
{
  struct tcp_pcb_listen *listener = tcp_listener_of(pcb);
  if (listener == NULL) {
    MIB2_STATS_INC(mib2.tcpactiveopens);
    return tcp_event_connected(pcb) != ERR_ABRT;
  }
  MIB2_STATS_INC(mib2.tcppassiveopens);
  tcp_backlog_accepted(pcb);
  err_t err = tcp_event_accept(listener, pcb, ERR_OK);
  if (err != ERR_OK && err != ERR_ABRT) {
    tcp_abort(pcb);
    return false;
  }
  return err == ERR_OK;
}

/** Call the program, then send. The pcb may go at any step. */
static void finish(struct tcp_pcb *pcb, const struct todo *todo)
{
  if (todo->is_connected && !tell_connected(pcb)) {
    return;
  }
  if (todo->has_lingered && tcp_event_lingered(pcb) == ERR_ABRT) {
    return;
  }
  if (todo->data_acked > 0 && tcp_event_sent(pcb, todo->data_acked) == ERR_ABRT) {
    return;
  }
  if ((todo->is_urgent && !tcp_urgent_tell(pcb)) || !tcp_rcv_deliver(pcb)) {
    return;
  }
  tcp_all()->processing = NULL;
  tcp_output(pcb);
  if (pcb->state == TIME_WAIT && (pcb->flags & TF_CLOSED)) {
    tcp_timewait_enter(pcb);
  }
}

void tcp_segment_arrives(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  struct todo todo = {0};
  struct tcp_guard guard;
  tcp_guard_enter(&guard, pcb);
  tcp_all()->processing = pcb;
  if (pcb->state == SYN_SENT) {
    syn_sent(pcb, seg, &todo);
  } else {
    synchronized(pcb, seg, &todo);
  }
  if (guard.pcb != NULL) {
    finish(pcb, &todo);
  }
  tcp_guard_leave(&guard);
  tcp_all()->processing = NULL;
}
