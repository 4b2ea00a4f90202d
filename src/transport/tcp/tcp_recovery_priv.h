/**
 * @file
 * What loss recovery's sources share. With selective acknowledgements:
 *
 *   tcp_xmit.c  the record of what was sent when     tcp_sack.c  what the peer says has arrived
 *   tcp_rack.c  what is lost, by time; tail probes   tcp_prr.c   how fast to send meanwhile
 *   tcp_undo.c  losses that were none                tcp_withsack.c  the states
 *
 * Without: tcp_nosack.c. tcp_recovery.c chooses.
 */
#ifndef TRANSPORT_TCP_TCP_RECOVERY_PRIV_H
#define TRANSPORT_TCP_TCP_RECOVERY_PRIV_H

#include "transport/tcp/tcp_priv.h"

/* struct tcp_xmit.flags */
#define TCP_XMIT_SACKED  0x01U /* has arrived behind a hole */
#define TCP_XMIT_LOST    0x02U /* taken for lost */
#define TCP_XMIT_RTX_OUT 0x04U /* sent again, and not known as lost again */
#define TCP_XMIT_RTX     0x08U /* has ever been sent again: no RTT from it */

/* struct tcp_pcb.frto: RFC 5682 3.1 */
#define TCP_FRTO_OFF      0U
#define TCP_FRTO_SENT     1U /* step 2: the first segment was sent again */
#define TCP_FRTO_NEW_DATA 2U /* step 3: new data were sent */

/** What one kind of recovery does; see the functions of the same names in tcp_priv.h. */
struct tcp_recovery_ops {
  void (*sent)(struct tcp_pcb *pcb, u32_t seq, u32_t len, bool is_rtx);
  void (*acked)(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg, struct tcp_ack_event *ev);
  void (*timeout)(struct tcp_pcb *pcb);
  void (*recut)(struct tcp_pcb *pcb, u32_t len_max);
  bool (*next)(struct tcp_pcb *pcb, u32_t *seq, u32_t *len);
  u32_t (*quota)(const struct tcp_pcb *pcb);
  /* NULL where there are no such timers */
  u32_t (*probe_delay_ms)(const struct tcp_pcb *pcb);
  void (*probe)(struct tcp_pcb *pcb);
  void (*reorder)(struct tcp_pcb *pcb);
};
extern const struct tcp_recovery_ops tcp_nosack;
extern const struct tcp_recovery_ops tcp_withsack;

void tcp_set_cwnd(struct tcp_pcb *pcb, u32_t cwnd);
/** No less than two segments (RFC 5681 3.1). */
void tcp_set_ssthresh(struct tcp_pcb *pcb, u32_t ssthresh);
/** RFC 5681 3.1 (4), for a loss; asked before cwnd is changed. Not a second time for what a router
    has marked, too (RFC 3168 6.1.2). */
void tcp_reduce_ssthresh(struct tcp_pcb *pcb, u32_t flight);

#if LWIP_TCP_SACK_IN

/* tcp_xmit.c */
static inline u32_t tcp_xmit_len(const struct tcp_xmit *x)
{
  return x->end - x->seq;
}
/** By sequence number; NULL: nothing is in flight. */
static inline struct tcp_xmit *tcp_xmit_first(const struct tcp_pcb *pcb)
{
  return pcb->xmit_last != NULL ? pcb->xmit_last->next : NULL;
}
/** NULL: `x` is the last. */
static inline struct tcp_xmit *tcp_xmit_next(const struct tcp_pcb *pcb, const struct tcp_xmit *x)
{
  return x != pcb->xmit_last ? x->next : NULL;
}
/** A record for the next transmission, or one to be extended. @return false: no memory */
bool tcp_xmit_reserve(struct tcp_pcb *pcb);
/** There was none. */
void tcp_xmit_unreserve(void);
void tcp_xmit_add(struct tcp_pcb *pcb, u32_t seq, u32_t end);
/** `x` is sent again now. */
void tcp_xmit_again(struct tcp_pcb *pcb, struct tcp_xmit *x);
struct tcp_xmit *tcp_xmit_find(const struct tcp_pcb *pcb, u32_t seq);
/** One record of `x` and the next one, which is marked as `x` is. */
void tcp_xmit_join(struct tcp_pcb *pcb, struct tcp_xmit *x, struct tcp_xmit *next);
/** Two records of one, so that the first is [seq, at). @return false: no memory */
bool tcp_xmit_split(struct tcp_pcb *pcb, struct tcp_xmit *x, u32_t at);
void tcp_xmit_mark_lost(struct tcp_pcb *pcb, struct tcp_xmit *x);
void tcp_xmit_mark_sacked(struct tcp_pcb *pcb, struct tcp_xmit *x);
/** Nothing is taken for lost any more. */
void tcp_xmit_clear_lost(struct tcp_pcb *pcb);
/** After a timeout the peer may have discarded what it had reported (RFC 2018 8). */
void tcp_xmit_clear_sacked(struct tcp_pcb *pcb);
/** What was sent in pieces longer than `len_max` is taken for lost; what is to be sent again lies
   in records as long as can be. @return true: anything was */
bool tcp_xmit_recut(struct tcp_pcb *pcb, u32_t len_max);
/** The first record is acknowledged and goes. */
void tcp_xmit_pop(struct tcp_pcb *pcb);
void tcp_xmit_free(struct tcp_pcb *pcb);
/** RFC 6675's pipe. */
static inline u32_t tcp_pipe(const struct tcp_pcb *pcb)
{
  return pcb->snd_nxt - pcb->snd_una - pcb->sacked - pcb->lost + pcb->retrans;
}

/** What an acknowledgement said about records, collected while they are marked. */
struct tcp_sack_event {
  u32_t sacked;      /* bytes newly reported behind holes */
  u32_t rtt_us;      /* by the latest sent, never repeated one; 0: none */
  u32_t latest_us;   /* when that was sent */
  u32_t echo_age_us; /* of the timestamp that came back; 0: none did */
  bool has_new;      /* anything newly delivered */
  bool has_dsack;
  bool has_original; /* newly delivered: sent below `recover`, never again */
  bool has_later;    /* newly delivered: sent behind `recover` */
  struct tcp_range dsack;
};

/* tcp_sack.c */
void tcp_sack_process(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                      struct tcp_sack_event *sev);
/** Records below snd_una have arrived. */
void tcp_sack_cumulative(struct tcp_pcb *pcb, struct tcp_sack_event *sev);
/** Have so many segments arrived behind holes that this is no reordering? */
bool tcp_sack_is_enough(const struct tcp_pcb *pcb);
/** Losses by RFC 6675 4: three segments behind it have arrived. For builds without RACK. */
bool tcp_sack_detect_loss(struct tcp_pcb *pcb);

/* tcp_rack.c */
/** `x` has arrived (RFC 8985 6.2 steps 1 to 3). @param echo_age_us  what caused the acknowledgement
    was sent so long ago, by the timestamp that came back; 0: not known */
void tcp_rack_delivered(struct tcp_pcb *pcb, const struct tcp_xmit *x, u32_t echo_age_us);
/** RFC 8985 6.2 step 4: D-SACKs widen the reordering window. */
void tcp_rack_dsack(struct tcp_pcb *pcb, const struct tcp_sack_event *sev);
/** RFC 8985 6.2 step 5. @return true: something is newly taken for lost */
bool tcp_rack_detect_loss(struct tcp_pcb *pcb);
/** RFC 8985 6.3: which are lost when the timer fires. */
void tcp_rack_timeout(struct tcp_pcb *pcb);
/** Recovery is over: the reordering window's widening wears off. */
void tcp_rack_recovered(struct tcp_pcb *pcb);
/** Delay of the tail loss probe in ms; 0: none now (RFC 8985 7.2). */
u32_t tcp_tlp_delay_ms(const struct tcp_pcb *pcb);
void tcp_tlp_send(struct tcp_pcb *pcb);
/** RFC 8985 7.4. @return true: the probe has repaired a loss */
bool tcp_tlp_acked(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                   const struct tcp_ack_event *ev, const struct tcp_sack_event *sev);

/* tcp_prr.c */
/** @param delivered  by the acknowledgement that starts recovery */
void tcp_prr_start(struct tcp_pcb *pcb, u32_t delivered);
/** Set cwnd for what was delivered (RFC 6937bis). */
void tcp_prr_acked(struct tcp_pcb *pcb, u32_t delivered, bool is_safe);

/* tcp_undo.c */
/** cwnd is about to be reduced: remember. */
void tcp_undo_remember(struct tcp_pcb *pcb);
void tcp_undo_sent_again(struct tcp_pcb *pcb, u32_t len);
/** Does the acknowledgement show that nothing had been lost (RFC 3522, RFC 3708)? */
bool tcp_undo_is_due(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                     const struct tcp_sack_event *sev);
void tcp_undo(struct tcp_pcb *pcb);
/** The reduction was called for after all. */
void tcp_undo_forbid(struct tcp_pcb *pcb);

#else

static inline void tcp_undo_forbid(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

#endif /* LWIP_TCP_SACK_IN */

#endif /* TRANSPORT_TCP_TCP_RECOVERY_PRIV_H */
