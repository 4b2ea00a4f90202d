/**
 * @file
 * Receiving: data in sequence become the program's, the window says how much more may come.
 *
 * State: rcv_nxt, rcv_wnd (room, of which tcp_rcv_room() may be announced), rcv_ann_wnd (the part
 * of it that the peer has been promised),
 * refused_data (in sequence, to be offered again). Invariant: the right edge of the promised window
 * never moves to the left (RFC 9293 3.8.6, security vector B10-171).
 * RFC 9293 3.8.6.2.2 (silly windows), 3.8.6.3 and RFC 5681 4.2 (when to acknowledge).
 */
#include "lwip/opt.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_priv.h"

/** What is worth being told of a small window (RFC 9293 3.8.6.2.2). */
static u32_t half_window(const struct tcp_pcb *pcb)
{
  return tcp_rcv_limit(pcb) / 2U;
}

bool tcp_rcv_update_is_due(const struct tcp_pcb *pcb)
{
  u32_t room = tcp_rcv_room(pcb);
  u32_t opened = room > pcb->rcv_ann_wnd ? room - pcb->rcv_ann_wnd : 0;
  return opened >= LWIP_MIN(half_window(pcb), LWIP_MAX((u32_t)TCP_WND_UPDATE_THRESHOLD, 1U));
}

tcpwnd_size_t tcp_rcv_announce(struct tcp_pcb *pcb)
{
  u32_t room = tcp_rcv_room(pcb);
  u32_t opened = room > pcb->rcv_ann_wnd ? room - pcb->rcv_ann_wnd : 0;
  u32_t unit = 1UL << tcp_rcv_shift(pcb);
  if (opened >= LWIP_MIN(half_window(pcb), (u32_t)TCP_MSS)) {
    pcb->rcv_ann_wnd = (tcpwnd_size_t)LWIP_MIN(room, 0xffffUL << tcp_rcv_shift(pcb));
  }
  /* What the wire cannot say exactly is rounded up, lest the edge goes back; but not for ever, or
     it would run away from one who reads nothing, by less than a unit with each small segment. */
  u32_t up = (pcb->rcv_ann_wnd + unit - 1) & ~(unit - 1);
  bool is_too_far = up > room + half_window(pcb) && up > pcb->rcv_ann_wnd;
  pcb->rcv_ann_wnd = (tcpwnd_size_t)(is_too_far ? up - unit : up);
  return pcb->rcv_ann_wnd;
}

static void window_use(struct tcp_pcb *pcb, u32_t len)
{
  pcb->rcv_nxt += len;
  pcb->rcv_wnd = (tcpwnd_size_t)(pcb->rcv_wnd > len ? pcb->rcv_wnd - len : 0);
  pcb->rcv_ann_wnd = (tcpwnd_size_t)(pcb->rcv_ann_wnd > len ? pcb->rcv_ann_wnd - len : 0);
}

void tcp_recved(struct tcp_pcb *pcb, u16_t len)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || pcb->state == LISTEN) {
    return;
  }
  u32_t wnd = (u32_t)pcb->rcv_wnd + len;
  pcb->rcv_wnd = (tcpwnd_size_t)LWIP_MIN(wnd, (u32_t)TCP_WND_MAX(pcb));
  tcp_autotune(pcb);
  if (tcp_rcv_update_is_due(pcb) && tcp_is_synchronized(pcb)) {
    tcp_set_flags(pcb, TF_ACK_NOW);
    tcp_output(pcb);
  }
}

/** Remember what is to be acknowledged, and when (RFC 5681 4.2). The driver may have made one of
    several segments with `unit` bytes each. */
static void owe_ack(struct tcp_pcb *pcb, u32_t len, u16_t unit)
{
  u32_t one_len = unit != 0 ? unit : len;
  if (one_len <= TCP_MSS) { /* more than we announce is the work of several segments */
    pcb->rcv_mss = (u16_t)LWIP_MAX(pcb->rcv_mss, one_len);
  }
  if (len >= 2U * pcb->rcv_mss) {
    pcb->ack_segs = 2;
  } else if (len >= pcb->rcv_mss && pcb->ack_segs < 2) {
    pcb->ack_segs++;
  }
  if (pcb->quick_acks > 0 || pcb->ack_segs >= 2) {
    tcp_set_flags(pcb, TF_ACK_NOW);
  } else if (!(pcb->flags & TF_ACK_DELAY)) {
    tcp_set_flags(pcb, TF_ACK_DELAY);
    tcp_timer_set(pcb, TCP_TIMER_ACK, TCP_DELACK_MS);
  }
}

/** Put what is in sequence behind what waits already. */
static void keep(struct tcp_pcb *pcb, struct pbuf *p)
{
  if (pcb->refused_data == NULL) {
    pcb->refused_data = p;
  } else {
    pbuf_cat(pcb->refused_data, p);
  }
}

/** Is there room for `len` bytes in one chain of pbufs? */
static bool fits(const struct tcp_pcb *pcb, u32_t len)
{
  return pcb->refused_data == NULL || pcb->refused_data->tot_len + len <= 0xffffU;
}

/** The peer's FIN is in sequence, whether a segment brought it there or the program by taking data
    that were in its way. */
static void fin_arrived(struct tcp_pcb *pcb)
{
  pcb->rcv_nxt++;
  tcp_set_flags(pcb, TF_RCVD_FIN | TF_ACK_NOW);
  if (pcb->state == ESTABLISHED) {
    tcp_set_state(pcb, CLOSE_WAIT);
  } else if (pcb->state == FIN_WAIT_1) {
    tcp_set_state(pcb, CLOSING);
  } else if (pcb->state == FIN_WAIT_2) {
    tcp_set_state(pcb, TIME_WAIT);
  }
}

/** Data in sequence: take them, and what they connect to. */
static void take_in_sequence(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  bool fin = (seg->flags & TCP_FIN) != 0;
  bool had_hole = TCP_QUEUE_OOSEQ && tcp_ooo_waits(pcb);
  if (seg->len > 0) {
    window_use(pcb, seg->len);
    owe_ack(pcb, seg->len, seg->unit);
    keep(pcb, seg->p);
    seg->p = NULL;
  }
  if (fin) {
    tcp_ooo_free(pcb);
    fin_arrived(pcb);
  } else if (had_hole) {
    tcp_set_flags(pcb, TF_ACK_NOW); /* RFC 5681 4.2: what fills a hole is acknowledged at once */
    tcp_rcv_connect(pcb);
  }
}

void tcp_rcv_connect(struct tcp_pcb *pcb)
{
  bool fin = false;
  u32_t room;
  struct pbuf *p;
  do {
    room = pcb->refused_data != NULL ? 0xffffU - pcb->refused_data->tot_len : 0xffffU;
    p = tcp_ooo_take(pcb, room, &fin);
    if (p != NULL) {
      window_use(pcb, p->tot_len);
      keep(pcb, p);
    }
  } while (p != NULL && !fin);
  if (fin) {
    tcp_ooo_free(pcb); /* nobody may say more behind it */
    fin_arrived(pcb);
  }
}

void tcp_rcv_segment(struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  if (seg->len == 0 && !(seg->flags & TCP_FIN)) {
    return;
  }
  if (pcb->flags & TF_RCVD_FIN) {
    tcp_set_flags(pcb, TF_ACK_NOW); /* the end of the stream is the end of the window */
    tcp_segment_drop(seg, DROP_TCP_OUT_OF_WINDOW);
    return;
  }
  if (seg->seq != pcb->rcv_nxt) {
    pcb->quick_acks = TCP_QUICK_ACKS;
    tcp_set_flags(pcb, TF_ACK_NOW);
    tcp_ooo_insert(pcb, seg);
  } else if (fits(pcb, seg->len)) {
    take_in_sequence(pcb, seg);
  } else {
    tcp_segment_drop(seg, DROP_TCP_REFUSED);
  }
}

/** Nobody will read them. Where nobody ever will, TCP says so (RFC 2525 2.17). */
static void discard(struct tcp_pcb *pcb)
{
  tcp_recved(pcb, pcb->refused_data->tot_len);
  pbuf_free(pcb->refused_data);
  pcb->refused_data = NULL;
  if (pcb->flags & TF_CLOSED) {
    tcp_send_rst(pcb);
    tcp_pcb_kill(pcb, TCP_END_ABORTED); /* heard by who waits for the end (TF_LINGER) */
  }
}

/** @return false: the pcb is gone, or the program wants nothing now */
static bool offer_data(struct tcp_pcb *pcb)
{
  struct pbuf *p = pcb->refused_data;
  pcb->refused_data = NULL;
  err_t err = tcp_event_recv(pcb, p);
  if (err != ERR_OK && err != ERR_ABRT) {
    pcb->refused_data = p;
    tcp_timer_set(pcb, TCP_TIMER_ACK, TCP_REFUSED_RETRY_MS);
  }
  return err == ERR_OK;
}

bool tcp_rcv_deliver(struct tcp_pcb *pcb)
{
  struct tcp_guard guard;
  bool is_wanted = true;
  tcp_guard_enter(&guard, pcb);
  while (guard.pcb != NULL && pcb->refused_data != NULL && is_wanted) {
    if (pcb->flags & (TF_RXCLOSED | TF_CLOSED)) { /* maybe since the chain before */
      discard(pcb);
    } else {
      is_wanted = offer_data(pcb);
    }
    if (guard.pcb != NULL && is_wanted) {
      tcp_rcv_connect(pcb); /* what did not fit in one chain */
    }
  }
  if (guard.pcb != NULL && pcb->refused_data == NULL && (pcb->flags & TF_RCVD_FIN) &&
      !(pcb->flags & (TF_FIN_TOLD | TF_CLOSED))) {
    tcp_set_flags(pcb, TF_FIN_TOLD);
    (void)tcp_event_recv(pcb, NULL);
  }
  return tcp_guard_leave(&guard) != NULL;
}

void tcp_rcv_free(struct tcp_pcb *pcb)
{
  tcp_autotune_free(pcb);
  if (pcb->refused_data != NULL) {
    pbuf_free(pcb->refused_data);
    pcb->refused_data = NULL;
  }
  tcp_ooo_free(pcb);
}
