/**
 * @file
 * What must hold in every TCP pcb between two events.
 */
#ifndef SIM_TCP_INVARIANTS_H
#define SIM_TCP_INVARIANTS_H

#include "transport/tcp/tcp_priv.h"
#include "transport/tcp/tcp_recovery_priv.h"
#include "transport/tcp/tcp_syncache_priv.h"

static inline const char *tcp_queue_fault(const struct tcp_pcb *pcb)
{
  u32_t len = 0;
  u32_t pbufs = 0;
  const struct pbuf *p = pcb->snd_last;
  for (; p != NULL && pbufs < pcb->snd_queuelen; p = p->next) {
    len += p->len;
    pbufs++;
  }
  if (p != pcb->snd_last) {
    return "the send queue is no ring";
  }
  if (pcb->snd_buf > TCP_SND_BUF || len != tcp_snd_len(pcb)) {
    return "the send queue is not as long as snd_buf says";
  }
  if (pbufs != pcb->snd_queuelen || pbufs > TCP_SND_QUEUELEN) {
    return "snd_queuelen is wrong";
  }
  return NULL;
}

static inline const char *tcp_window_fault(const struct tcp_pcb *pcb)
{
  u32_t end = tcp_snd_end(pcb) + 1; /* SYN or FIN */
  if (seq_gt(pcb->snd_una, pcb->snd_nxt)) {
    return "snd_una is beyond snd_nxt";
  }
  if (pcb->state > SYN_RCVD && seq_gt(pcb->snd_nxt, end)) {
    return "more was sent than written";
  }
  if (pcb->rcv_wnd > TCP_WND_MAX(pcb)) {
    return "rcv_wnd is larger than the buffer";
  }
  if (pcb->state >= ESTABLISHED && pcb->ca_state == TCP_CA_OPEN && pcb->cwnd == 0) {
    return "cwnd is 0";
  }
  return NULL;
}

static inline const char *tcp_ooseq_fault(const struct tcp_pcb *pcb)
{
#if TCP_QUEUE_OOSEQ
  u32_t at = pcb->rcv_nxt;
  for (const struct tcp_seg *s = pcb->ooseq; s != NULL; s = s->next) {
    if (seq_lt(s->seq, at)) {
      return "out-of-order segments overlap";
    }
    if ((s->p != NULL ? s->p->tot_len : 0) != s->len) {
      return "an out-of-order segment is not as long as it says";
    }
    at = s->seq + s->len;
  }
#else
  (void)pcb;
#endif
  return NULL;
}

#if LWIP_TCP_SACK_IN

/** What is in flight, and nothing else, is in the list by time, of which the first knows the last.
 */
static inline const char *tcp_time_list_fault(const struct tcp_pcb *pcb)
{
  u32_t in_flight = 0;
  for (const struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL; x = tcp_xmit_next(pcb, x)) {
    u8_t out = x->flags & (TCP_XMIT_SACKED | TCP_XMIT_LOST | TCP_XMIT_RTX_OUT);
    bool is_out = out == 0 || out == TCP_XMIT_RTX_OUT || out == (TCP_XMIT_LOST | TCP_XMIT_RTX_OUT);
    if ((x->sent_prev != NULL) != is_out) {
      return "a record is in flight and not in the list by time, or the other way round";
    }
    in_flight += is_out;
  }
  const struct tcp_xmit *last = NULL;
  for (const struct tcp_xmit *x = pcb->sent_first; x != NULL && in_flight > 0; x = x->sent_next) {
    if (last != NULL && x->sent_prev != last) {
      return "the list by time does not lead back";
    }
    last = x;
    in_flight--;
  }
  bool is_whole = last == NULL ? pcb->sent_first == NULL : last->sent_next == NULL;
  if (in_flight > 0 || !is_whole || (last != NULL && pcb->sent_first->sent_prev != last)) {
    return "the list by time has too few records, or too many, or another end";
  }
  return NULL;
}

#endif

static inline const char *tcp_records_fault(const struct tcp_pcb *pcb)
{
#if LWIP_TCP_SACK_IN
  u32_t sacked = 0;
  u32_t lost = 0;
  u32_t retrans = 0;
  u32_t at = pcb->snd_una;
  for (const struct tcp_xmit *x = tcp_xmit_first(pcb); x != NULL; x = tcp_xmit_next(pcb, x)) {
    u32_t len = tcp_xmit_len(x);
    if (x == tcp_xmit_first(pcb) ? seq_gt(x->seq, at) : x->seq != at) {
      return "transmission records have a gap";
    }
    at = x->end;
    sacked += (x->flags & TCP_XMIT_SACKED) ? len : 0;
    lost += (x->flags & TCP_XMIT_LOST) ? len : 0;
    retrans += (x->flags & TCP_XMIT_RTX_OUT) ? len : 0;
  }
  if (tcp_xmit_first(pcb) != NULL && at != pcb->snd_nxt) {
    return "transmission records do not end at snd_nxt";
  }
  if (sacked != pcb->sacked || lost != pcb->lost || retrans != pcb->retrans) {
    return "bytes sacked, lost or sent again are counted wrongly";
  }
  return tcp_time_list_fault(pcb);
#else
  (void)pcb;
  return NULL;
#endif
}

/** Something unacknowledged or unsent must have a timer that goes on with it. */
static inline const char *tcp_stuck_fault(const struct tcp_pcb *pcb)
{
  bool waits = pcb->snd_nxt != pcb->snd_una || tcp_snd_len(pcb) > 0;
  if (waits && pcb->state >= SYN_SENT && pcb->state != TIME_WAIT &&
      !tcp_timer_is_set(pcb, TCP_TIMER_RTX)) {
    return "data wait and no timer is set";
  }
  return NULL;
}

/** What stands in the list must be found by its numbers. */
static inline const char *tcp_lookup_fault(const struct tcp_pcb *pcb)
{
  const struct tcp_pcb *found =
      tcp_active_find(&pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port, NULL);
  return found == pcb ? NULL : "a connection is not found by its addresses and ports";
}

/** A listener's backlog holds what is half-open and what waits to be accepted, nothing else. */
static inline const char *tcp_backlog_fault(const struct tcp_pcb_listen *lpcb)
{
#if TCP_LISTEN_BACKLOG
  unsigned pending = 0;
#if LWIP_TCP_SYNCACHE
  for (const struct tcp_half_open *h = lpcb->half_open; h != NULL; h = h->next) {
    pending++;
  }
#endif
  for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    pending += pcb->listener == lpcb && (pcb->flags & TF_BACKLOGPEND);
  }
  if (pending != lpcb->accepts_pending) {
    return "accepts_pending is wrong";
  }
#else
  (void)lpcb;
#endif
  return NULL;
}

/** @return what is wrong with the pcb; NULL: nothing */
static inline const char *tcp_pcb_fault(const struct tcp_pcb *pcb)
{
  const char *why = tcp_queue_fault(pcb);
  why = why != NULL ? why : tcp_window_fault(pcb);
  why = why != NULL ? why : tcp_ooseq_fault(pcb);
  why = why != NULL ? why : tcp_lookup_fault(pcb);
  return why != NULL ? why : tcp_records_fault(pcb);
}

/** The same for all connections of the instance. Not from within a callback: `at_rest`. */
static inline const char *tcp_instance_fault(bool at_rest)
{
  for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    const char *why = tcp_pcb_fault(pcb);
    why = (why == NULL && at_rest) ? tcp_stuck_fault(pcb) : why;
    if (why != NULL) {
      return why;
    }
  }
  for (const struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l != NULL; l = l->next) {
    const char *why = tcp_backlog_fault(l);
    if (why != NULL) {
      return why;
    }
  }
  return NULL;
}

#endif /* SIM_TCP_INVARIANTS_H */
