/**
 * @file
 * The acknowledgement field and the window of a segment.
 *
 * State: snd_una, snd_wl1, snd_wnd, snd_wnd_max, and challenge_* of the pcb. RFC 9293
 * 3.10.7.4 (step 5), RFC 5961 5 (which acknowledgements are believed) and 10 (how many answers
 * strangers get), RFC 5681 2 (what a duplicate is).
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/stats.h"
#include "base/random.h"
#include "transport/tcp/tcp_priv.h"

/** Challenge ACKs of one connection per second: between half as many and so many, at random. What
    is left of it tells nobody anything: neither about other connections, nor how many were sent
    (CVE-2016-5696). */
#define CHALLENGES_MAX      10U
#define CHALLENGE_PERIOD_MS 1000U

bool tcp_challenge_allowed(struct tcp_pcb *pcb)
{
  u16_t now_ms = (u16_t)stack_now();
  if (pcb->challenges == 0 || (u16_t)(now_ms - pcb->challenge_ms) >= CHALLENGE_PERIOD_MS) {
    pcb->challenge_ms = now_ms;
    pcb->challenges = 1U + random_below(CHALLENGES_MAX / 2 + 1); /* 0 is that none was sent ever */
  }
  if (pcb->challenges > CHALLENGES_MAX) {
    return false;
  }
  pcb->challenges++;
  return true;
}

/** RFC 5681 2: says nothing but that something else has arrived. */
static bool is_repeat(const struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  return seg->h.ack == pcb->snd_una && seg->len == 0 && !(seg->flags & (TCP_SYN | TCP_FIN)) &&
         seg->wnd == pcb->snd_wnd;
}

/** The newest segment says how large the peer's window is (RFC 9293 3.10.7.4). Its acknowledgement
   is none from before snd_una, so none from before SND.WL2 either. */
static void update_window(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg)
{
  if (seq_gt(pcb->snd_wl1, seg->seq)) {
    return;
  }
  bool is_reopened = pcb->snd_wnd == 0 && seg->wnd > 0;
  pcb->snd_wnd = (tcpwnd_size_t)seg->wnd;
  tcp_snd_wnd_max_note(pcb, seg->wnd);
  pcb->snd_wl1 = seg->seq;
  LWIP_DEBUGF(TCP_WND_DEBUG, ("tcp: %" U16_F " to %" U16_F ": peer's window %" U32_F "\n",
                              pcb->local_port, pcb->remote_port, seg->wnd));
  if (is_reopened) {
    pcb->nrtx = 0;             /* the path was not to blame */
    tcp_timer_data_acked(pcb); /* no more probes; what the window did not take is due now */
  }
}

/** snd_una moves: what was acknowledged leaves the queue. */
static void advance(struct tcp_pcb *pcb, u32_t ack, struct tcp_ack_event *ev)
{
  u32_t end = tcp_snd_end(pcb);
  u32_t data_end = seq_min(ack, end); /* the FIN's number is behind */
  u32_t data_begin = seq_min(end, pcb->snd_una);
  ev->acked = ack - pcb->snd_una;
  tcp_snd_remove(pcb, data_end - data_begin);
  ev->data_acked = data_end - data_begin;
  pcb->snd_una = ack;
  tcp_clear_flags(pcb, TF_UNREACHABLE);
  tcp_user_timeout_start(pcb);
  if (pcb->rtx_kind != TCP_RTX_PERSIST) {
    pcb->rto_ms = (u16_t)tcp_rto_ms(pcb); /* Karn: backed off until the next sample (RFC 6298 5) */
  }
  tcp_timer_data_acked(pcb);
  if (pcb->flags & TF_CLOSED) {
    tcp_timer_state_changed(pcb); /* as long as it goes on, a closed connection may last */
  }
  tcp_hint_reachable(&pcb->remote_ip);
}

bool tcp_ack_arrives(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, struct tcp_ack_event *ev)
{
  u32_t ack = seg->h.ack;
  ev->una_before = pcb->snd_una;
  ev->flight_before = tcp_flight(pcb);
  ev->has_ece = (pcb->flags & TF_ECN) && (seg->flags & TCP_ECE) && seq_geq(ack, pcb->snd_una);
  if (seq_gt(ack, pcb->snd_nxt) || seq_lt(ack, pcb->snd_una - tcp_snd_wnd_max(pcb))) {
    if (tcp_challenge_allowed(pcb)) {
      tcp_set_flags(pcb, TF_ACK_NOW);
    }
    tcp_segment_drop(seg, DROP_TCP_BAD_ACK);
    return false;
  }
  ev->is_repeat = is_repeat(pcb, seg);
  ev->is_duplicate = ev->is_repeat && pcb->snd_nxt != pcb->snd_una;
  if (seq_geq(ack, pcb->snd_una)) {
    update_window(pcb, seg);
  }
  if (seq_gt(ack, pcb->snd_una)) {
    advance(pcb, ack, ev);
  }
  tcp_recovery_acked(pcb, seg, ev);
  return true;
}
