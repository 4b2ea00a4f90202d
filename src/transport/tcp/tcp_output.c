/**
 * @file
 * What may be sent now: lost data first, then new data, then a FIN, then an ACK that is still owed.
 *
 * No state. RFC 9293 3.8.6.2.1 (sender's silly window avoidance), 3.7.4 (Nagle), RFC 5681 (the
 * congestion window is asked by tcp_recovery_quota()).
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

/** Bytes behind snd_nxt that the peer's window has room for. */
static u32_t window_room(const struct tcp_pcb *pcb)
{
  u32_t right = pcb->snd_una + pcb->snd_wnd;
  return seq_gt(right, pcb->snd_nxt) ? right - pcb->snd_nxt : 0;
}

/** Most data for one segment beside the options it will have. */
static u16_t payload_max(struct tcp_pcb *pcb)
{
  return (u16_t)(pcb->mss - tcp_options_room(pcb));
}

/** Is less than a full segment, which is all there is, worth sending (RFC 9293 3.7.4)? */
static bool may_send_rest(const struct tcp_pcb *pcb)
{
  if (pcb->flags & (TF_FIN | TF_NAGLEMEMERR)) {
    return true;
  }
  if (pcb->flags & TF_CORK) {
    return false;
  }
  return (pcb->flags & TF_NODELAY) || pcb->snd_nxt == pcb->snd_una;
}

/**
 * As many full segments as the netif cuts by itself and `room` allows, and the rest of the queue
 * behind them if Nagle does not hold it back.
 */
static u16_t batch_len(struct tcp_pcb *pcb, u32_t queued, u16_t full, u32_t room)
{
  u32_t len = LWIP_MIN(LWIP_MIN(queued, room), tcp_send_max(pcb, full));
  bool is_rest_held = !(pcb->flags & (TF_FIN | TF_NAGLEMEMERR)) &&
                      ((pcb->flags & TF_CORK) || !(pcb->flags & TF_NODELAY));
  return (u16_t)(len < queued || is_rest_held ? len - len % full : len);
}

/** How much of what is queued to send now, in one segment or in what stands for several; 0:
    nothing. */
static u16_t next_len(struct tcp_pcb *pcb)
{
  u32_t end = tcp_snd_end(pcb);
  u32_t queued = seq_lt(pcb->snd_nxt, end) ? end - pcb->snd_nxt : 0; /* not behind the FIN */
  u32_t room = window_room(pcb);
  if (queued == 0 || room == 0) {
    return 0; /* how much fits beside the options is not asked for nothing: they take a while */
  }
  bool is_small = queued + TCP_MAX_OPTION_BYTES < pcb->mss;
  u16_t full = is_small ? (u16_t)(queued + 1) : payload_max(pcb);
  u32_t len = LWIP_MIN(LWIP_MIN(queued, full), room);
  u32_t quota = tcp_recovery_quota(pcb);
  if (quota < len) {
    return 0;
  }
  if (LWIP_OFFLOAD && len == full && LWIP_MIN(queued, quota) >= 2U * full) {
    return batch_len(pcb, queued, full, LWIP_MIN(room, quota));
  }
  if (len == full || (len == queued && may_send_rest(pcb))) {
    return (u16_t)len;
  }
  bool window_is_small = len < queued && len >= tcp_snd_wnd_max(pcb) / 2U;
  return window_is_small ? (u16_t)len : 0;
}

static void note_sent(struct tcp_pcb *pcb, u32_t seq, u32_t len, bool is_rtx)
{
  tcp_recovery_sent(pcb, seq, len, is_rtx);
  pcb->send_time_ms = stack_now();
  tcp_timer_data_sent(pcb);
}

/** `len` bytes of new data, and the FIN behind the last of them. @return false: nothing was sent */
static bool send_new(struct tcp_pcb *pcb, u16_t len, err_t *err)
{
  u32_t seq = pcb->snd_nxt;
  bool is_last = seq + len == tcp_snd_end(pcb);
  bool fin =
      is_last && (pcb->flags & TF_FIN) && !(pcb->flags & TF_FIN_SENT) && window_room(pcb) > len;
  if (len == 0 && !fin) {
    return false;
  }
  if (!tcp_recovery_reserve(pcb)) {
    *err = ERR_MEM;
    return false;
  }
  u8_t flags = TCP_ACK;
  flags |= (is_last && !(pcb->flags & TF_MORE)) ? TCP_PSH : 0;
  flags = (u8_t)(fin ? (flags | TCP_FIN) : flags);
  if (fin && len == 0) {
    flags = TCP_FIN | TCP_ACK;
  }
  *err = tcp_send(pcb, seq, len, flags);
  if (*err == ERR_MEM) {
    tcp_recovery_unreserve();
    return len > pcb->mss && send_new(pcb, payload_max(pcb), err); /* less may go */
  }
  pcb->snd_nxt = seq + len + (fin ? 1U : 0U);
  if (fin) {
    tcp_set_flags(pcb, TF_FIN_SENT);
  }
  note_sent(pcb, seq, pcb->snd_nxt - seq, false);
  return true;
}

/** [seq, seq + len) once more, cut to a segment; the FIN behind the data if it is a part of that.
 */
static err_t repeat(struct tcp_pcb *pcb, u32_t seq, u32_t len)
{
  u32_t end = tcp_snd_end(pcb);
  u32_t data_len = seq_lt(seq, end) ? LWIP_MIN(LWIP_MIN(len, end - seq), payload_max(pcb)) : 0;
  bool fin = (pcb->flags & TF_FIN_SENT) && seq_gt(seq + len, end) && seq + data_len == end;
  u8_t flags = (u8_t)(TCP_ACK | (fin ? TCP_FIN : 0) | (data_len > 0 ? TCP_PSH : 0));
  err_t err = tcp_send(pcb, seq, (u16_t)data_len, flags);
  if (err != ERR_MEM) {
    MIB2_STATS_INC(mib2.tcpretranssegs);
    tcp_retransmits_count(pcb);
    note_sent(pcb, seq, data_len + (fin ? 1U : 0U), true);
  }
  return err;
}

/** What was lost. @return false: nothing to send again now */
static bool send_again(struct tcp_pcb *pcb, err_t *err)
{
  u32_t seq;
  u32_t len;
  if (!tcp_recovery_next(pcb, &seq, &len)) {
    return false;
  }
  *err = repeat(pcb, seq, len);
  return *err != ERR_MEM;
}

void tcp_output_again(struct tcp_pcb *pcb, u32_t seq, u32_t len)
{
  (void)repeat(pcb, seq, len);
}

bool tcp_output_probe(struct tcp_pcb *pcb)
{
  err_t err;
  u32_t queued = tcp_snd_end(pcb) - pcb->snd_nxt;
  u32_t len = LWIP_MIN(LWIP_MIN(queued, payload_max(pcb)), window_room(pcb));
  return len > 0 && send_new(pcb, (u16_t)len, &err);
}

static void send_syn(struct tcp_pcb *pcb)
{
  u8_t flags = pcb->state == SYN_RCVD ? TCP_SYN | TCP_ACK : TCP_SYN;
  if (pcb->rtx_nxt == pcb->snd_nxt) {
    return;
  }
  flags |= tcp_ecn_syn_flags(pcb);
  (void)tcp_send(pcb, pcb->snd_una, 0, flags); /* if not now, the timer tries again */
  pcb->rtx_nxt = pcb->snd_nxt;
  pcb->rtt_time_us = pcb->nrtx == 0 ? tcp_now_us() : 0; /* Karn */
  if (pcb->nrtx == 0) {
    tcp_user_timeout_start(pcb);
  }
  tcp_timer_data_sent(pcb);
}

/** SYN or SYN-ACK if it is due; answers to strangers in SYN_RCVD (RFC 5961). */
static void output_before_established(struct tcp_pcb *pcb)
{
  send_syn(pcb);
  if (pcb->state == SYN_RCVD && (pcb->flags & TF_ACK_NOW)) {
    (void)tcp_send_ack(pcb);
  }
}

/** Data or a FIN that have not been sent yet? */
static bool has_unsent(const struct tcp_pcb *pcb)
{
  return seq_lt(pcb->snd_nxt, tcp_snd_end(pcb)) || (pcb->flags & (TF_FIN | TF_FIN_SENT)) == TF_FIN;
}

/** All that the windows allow. */
static void send_waiting(struct tcp_pcb *pcb)
{
  err_t err = ERR_OK;
  if (pcb->snd_nxt == pcb->snd_una && !tcp_timer_is_set(pcb, TCP_TIMER_RTX)) {
    tcp_user_timeout_start(pcb); /* of what is sent now, or waits */
  }
  tcp_cc_restart(pcb);
  if (tcp_snd_len(pcb) > 0) {
    tcp_mss_update(pcb);
  }
  while (send_again(pcb, &err)) {
  }
  while (err != ERR_MEM && send_new(pcb, next_len(pcb), &err)) {
  }
  if (err == ERR_MEM) {
    tcp_set_flags(pcb, TF_NAGLEMEMERR);
    tcp_timer_data_sent(pcb); /* tries again */
  } else {
    tcp_clear_flags(pcb, TF_NAGLEMEMERR);
  }
  if (has_unsent(pcb) && pcb->snd_nxt == pcb->snd_una) {
    tcp_timer_window_closed(pcb);
  }
}

err_t tcp_output(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb->state == CLOSED || pcb->state == LISTEN || tcp_all()->processing == pcb) {
    return ERR_OK; /* the input that is running sends at its end */
  }
  if (pcb->state < ESTABLISHED) {
    output_before_established(pcb);
    return ERR_OK;
  }
  if (has_unsent(pcb) || pcb->snd_nxt != pcb->snd_una) {
    send_waiting(pcb);
  }
  if ((pcb->flags & TF_ACK_NOW) && tcp_send_ack(pcb) == ERR_MEM) {
    tcp_timer_set(pcb, TCP_TIMER_ACK, TCP_DELACK_MS); /* security vector B10-183 */
  }
  tcp_timer_keep(pcb);
  return ERR_OK;
}
