/**
 * @file
 * What TCP's sources share. One noun per file; the way of a segment:
 *
 *   tcp_rx (tcp_input.c) -> tcp_demux -> tcp_state (one function per group of states) -> tcp_ack
 *   (acknowledgement, window) -> tcp_recovery (what is lost) -> tcp_rcv (data) -> callbacks ->
 *   tcp_output (what may be sent) -> tcp_segment (built once) -> ip_output_if
 *
 * A pcb that a callback may have freed is not touched behind the callback: see struct tcp_guard.
 */
#ifndef TRANSPORT_TCP_TCP_PRIV_H
#define TRANSPORT_TCP_TCP_PRIV_H

#include <stdbool.h>
#include "lwip/tcp.h"
#include "lwip/priv/tcp_hooks.h"
#include "lwip/priv/tcp_priv.h"
#include "gossamer/ip_rx.h"
#include "gossamer/stack.h"
#include "gossamer/tcp_error.h"
#include "transport/pcb_addr.h"
#include "transport/tcp/tcp_module.h"
#include "wire/tcp.h"

/* --- constants, each with what it bounds --- */

/** An ACK is delayed no longer (RFC 9293 3.8.6.3 allows 500 ms). */
#define TCP_DELACK_MS 200U
/** Offered again so often, when the program refused data. */
#define TCP_REFUSED_RETRY_MS 250U
/** ACKs at the start and after loss that are sent at once, to open the peer's window quickly. */
#define TCP_QUICK_ACKS 15U
/** Keeps a lower bound under retransmission timeouts (RFC 6298 2.4 would have 1 s; as Linux). */
#define TCP_RTO_MS_MIN ((u32_t)LWIP_TCP_RTO_MIN_MS)
#define TCP_RTO_MS_MAX 60000UL
/** Clock granularity G of RFC 6298. */
#define TCP_CLOCK_GRANULARITY_US 1000UL
/** Longest payload that is copied into its segment, not referred to. */
#define TCP_COPY_MAX 128U
/** Smallest MSS that is believed, so that every segment carries data (security vector B9-145). */
#define TCP_MSS_MIN 64U
/** What a peer means who sends no MSS option (RFC 9293 3.7.1). */
#define TCP_MSS_DEFAULT_IP4 536U
#define TCP_MSS_DEFAULT_IP6 1220U
/** Duplicate ACKs that mean loss (RFC 5681 3.2). */
#define TCP_DUPACK_THRESHOLD 3U
/** A connection whose timestamps are older than this is not protected by them (RFC 7323 5.5). */
#define TCP_PAWS_IDLE_MS (24UL * 24 * 3600 * 1000)

/** Deadlines of a connection; see tcp_timer.c. */
enum tcp_timer_id {
  TCP_TIMER_RTX,  /* retransmission, probes: enum tcp_rtx_kind */
  TCP_TIMER_LIFE, /* keepalive, and the end of states that must not last */
  TCP_TIMER_ACK,  /* delayed ACK; from here on short times: struct tcp_pcb.due_ticks */
  TCP_TIMER_POLL,
  TCP_TIMER_COUNT
};

/** What TCP_TIMER_RTX is running for. */
enum tcp_rtx_kind {
  TCP_RTX_NONE,
  TCP_RTX_RTO,
  TCP_RTX_PERSIST,
  TCP_RTX_TLP,
  TCP_RTX_REORDER,
  TCP_RTX_ECN /* nothing is sent before it has passed (tcp_ecn.c) */
};

/** Congestion state (RFC 5681, RFC 6675): what the last events on the path were. */
enum tcp_ca_state {
  TCP_CA_OPEN,
  TCP_CA_RECOVERY, /* fast recovery, until `recover` */
  TCP_CA_LOSS      /* after a retransmission timeout, until `recover` */
};

/** A segment that is being processed: parsed once, then trimmed to the window. */
struct tcp_rx_segment {
  struct tcp_header h;
  struct tcp_options opts;
  const struct ip_rx *rx;
  struct pbuf *p; /* its payload; NULL once handed on */
  u32_t seq;      /* of the first byte of payload (or of SYN) */
  u32_t len;      /* of the payload */
  u32_t wnd;      /* scaled */
  u16_t unit;     /* payload of each of the segments that the driver has made one of; 0: unsaid */
  u8_t flags;
};

/** What one acknowledgement did. */
struct tcp_ack_event {
  u32_t acked;      /* sequence numbers acknowledged cumulatively by this segment */
  u32_t data_acked; /* ... of which bytes of data */
  u32_t delivered;  /* bytes that are known to have arrived since the last one */
  u32_t una_before; /* snd_una before it */
  u32_t flight_before;
  u32_t rtt_us;          /* a round-trip time measured by it; 0: none */
  bool is_repeat;        /* says nothing new at all */
  bool is_duplicate;     /* ... while data are in flight: RFC 5681 2 */
  bool has_ece;          /* a mark is echoed; only where ECN was agreed on */
  bool is_after_timeout; /* came while losses after a timeout were repaired */
};

/** The pcb a callback or a whole input is about: `pcb` becomes NULL when it is freed meanwhile. */
struct tcp_guard {
  struct tcp_guard *outer;
  struct tcp_pcb *pcb;
};

/** State of one instance. */
struct tcp_state_all {
  struct tcp_guard *guards;   /* innermost first */
  struct tcp_pcb *processing; /* output for it waits until its input has ended */
  struct timer timer;         /* of all connections, where they have none of their own */
  u32_t rcv_granted;          /* bytes by which windows have grown (tcp_autotune.c) */
  u32_t rcv_paused_ms;        /* since when they do not, or 0 */
  u16_t ext_arg_ids;
  enum tcp_end end; /* why the pcb has ended whose error callback runs */
};
struct tcp_state_all *tcp_all(void);

void tcp_guard_enter(struct tcp_guard *g, struct tcp_pcb *pcb);
/** @return the pcb if it still lives */
struct tcp_pcb *tcp_guard_leave(struct tcp_guard *g);

/* --- clock (tcp_rtt.c) --- */

/** Microseconds that wrap; as fine as the port's clock is. Never 0. */
u32_t tcp_now_us(void);

/* --- pcbs (tcp_pcb.c) --- */

struct tcp_pcb *tcp_pcb_alloc(u8_t prio);
/** Off all lists, all its memory freed, nobody is told. */
void tcp_pcb_free(struct tcp_pcb *pcb);
/** tcp_pcb_free(), then the program's error callback. */
void tcp_pcb_kill(struct tcp_pcb *pcb, enum tcp_end why);
/** The same, telling the peer. */
void tcp_pcb_abort(struct tcp_pcb *pcb, enum tcp_end why);
/** Change the state, and with it lists and timers. */
void tcp_set_state(struct tcp_pcb *pcb, enum tcp_state state);
static inline bool tcp_is_synchronized(const struct tcp_pcb *pcb)
{
  return pcb->state >= ESTABLISHED;
}

/** What decides about the netif. */
static inline struct pcb_route tcp_route(const struct tcp_pcb *pcb)
{
  struct pcb_route r = {.netif_idx = pcb->netif_idx,
                        .is_direct = pcb_is_direct(pcb->so_options),
                        .local = &pcb->local_ip};
  return r;
}

/* --- lists and look-up (tcp_demux.c) --- */

void tcp_active_add(struct tcp_pcb *pcb);
void tcp_active_remove(struct tcp_pcb *pcb);
void tcp_bound_add(struct tcp_pcb *pcb);
void tcp_bound_remove(struct tcp_pcb *pcb);
struct tcp_pcb *tcp_active_find(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                                u16_t remote_port, const struct netif *netif);
struct tcp_pcb_listen *tcp_listen_find(const struct tcp_rx_segment *seg);
/** Is the port in use by anybody who is in the way of `pcb` with this address? */
bool tcp_port_is_taken(const struct tcp_pcb *pcb, const ip_addr_t *local, u16_t port);
/** A free local port towards the peer (RFC 6056); 0: none. */
u16_t tcp_port_choose(const struct tcp_pcb *pcb, const ip_addr_t *remote, u16_t remote_port);

/* --- sequence numbers that cannot be guessed (tcp_isn.c) --- */

u32_t tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote, u16_t remote_port);
u32_t tcp_ts_offset(const ip_addr_t *local, const ip_addr_t *remote);
/** The instance ends, and with it its keys. */
void tcp_isn_fini(void);

/* --- input (tcp_input.c, tcp_state.c, tcp_listen.c) --- */

/** A segment for a connection that is not LISTEN. Takes seg->p if it sets it to NULL. */
void tcp_segment_arrives(struct tcp_pcb *pcb, struct tcp_rx_segment *seg);
/** A segment for a listener. */
void tcp_listen_segment(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg);
/** A listener goes, with all that it has not handed over. */
void tcp_listen_free(struct tcp_pcb_listen *lpcb);
/** Drop what is left of the segment, counted. */
void tcp_segment_drop(struct tcp_rx_segment *seg, enum drop_reason why);
/** The same, and tell the sender by a reset, if it is none itself and there were not too many
    lately (tcp_reject.c). */
void tcp_segment_reject(struct tcp_rx_segment *seg, enum drop_reason why);
void tcp_reject_fini(void);
/** The instance ends: no cookie of it is out any more (tcp_cookie.c, LWIP_TCP_SYN_COOKIES). */
void tcp_cookie_fini(void);
/** A segment that is nobody's, perhaps for an interface on which every address is ours. @return
    false: for none (tcp_any.c, LWIP_ANY_ADDRESS) */
bool tcp_any_segment(struct tcp_rx_segment *seg);
/** Take the options of a SYN into the connection (RFC 7323 2.2, 3.2). */
void tcp_take_syn_options(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg);

/* --- segment size (tcp_pmtu.c) --- */

/** What is left of an MTU for data, options not counted (RFC 6691). */
u16_t tcp_mss_of_mtu(const ip_addr_t *remote, u16_t mtu);
/** What our MSS option says: by the link alone, since the path back may be another (RFC 9293 3.7.1,
    RFC 1191 3.1). */
u16_t tcp_mss_to_announce(const ip_addr_t *remote, const struct netif *netif);
/** The peer's MSS option, or what it means that there is none. */
void tcp_set_peer_mss(struct tcp_pcb *pcb, u16_t mss);
/** Does the path take more, or less, than it did? Before anything is cut from the send queue. */
void tcp_mss_update(struct tcp_pcb *pcb);

/* --- ICMP errors (tcp_error.c) --- */

/** Does an error of this kind end an attempt to connect, whose SYN was sent `nrtx` times again? */
bool tcp_error_is_final(enum ip_error_kind kind, u8_t nrtx);
/** What the last one told; with TF_UNREACHABLE. */
enum tcp_end tcp_error_noted(const struct tcp_pcb *pcb);

/* --- acknowledgements (tcp_ack.c) --- */

/** Process the ACK field. @return false: the segment is not to be processed further */
bool tcp_ack_arrives(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, struct tcp_ack_event *ev);
/** May a challenge ACK be sent now (RFC 5961 10)? Counts it. */
bool tcp_challenge_allowed(struct tcp_pcb *pcb);

/* --- receiving (tcp_rcv.c, tcp_ooo.c) --- */

/** Payload and FIN in or behind sequence. Takes seg->p. */
void tcp_rcv_segment(struct tcp_pcb *pcb, struct tcp_rx_segment *seg);
/** Take from the out-of-order queue what has become sequence. */
void tcp_rcv_connect(struct tcp_pcb *pcb);
/** Offer what has come to the program. @return false: the pcb is gone */
bool tcp_rcv_deliver(struct tcp_pcb *pcb);
/** Bytes to announce; updates what the peer is about to know. */
tcpwnd_size_t tcp_rcv_announce(struct tcp_pcb *pcb);
/** Does the window want to be told (RFC 9293 3.8.6.2.2)? */
bool tcp_rcv_update_is_due(const struct tcp_pcb *pcb);
void tcp_rcv_free(struct tcp_pcb *pcb);

void tcp_ooo_insert(struct tcp_pcb *pcb, struct tcp_rx_segment *seg);
bool tcp_ooo_waits(const struct tcp_pcb *pcb);
/** Take what follows on rcv_nxt from behind the hole, if it is no longer than `len_max`; NULL:
    nothing, or a FIN alone. @param fin  set if a FIN follows it */
struct pbuf *tcp_ooo_take(struct tcp_pcb *pcb, u32_t len_max, bool *fin);
/** [left, right) came twice: to be told by D-SACK. */
void tcp_ooo_note_duplicate(struct tcp_pcb *pcb, u32_t left, u32_t right);
void tcp_ooo_free(struct tcp_pcb *pcb);
/** Blocks to report, the most recent first (RFC 2018 4, RFC 2883). */
u8_t tcp_ooo_sack_blocks(struct tcp_pcb *pcb, struct tcp_range *out, u8_t max);
/** The first `count` of them are on their way. */
void tcp_ooo_sacks_sent(struct tcp_pcb *pcb, u8_t count);

/* --- send queue (tcp_snd.c) --- */

/** Bytes queued, from the first that is not acknowledged. */
static inline u32_t tcp_snd_len(const struct tcp_pcb *pcb)
{
  return (u32_t)TCP_SND_BUF - pcb->snd_buf;
}
/** Sequence number of the first byte of data that is queued. */
static inline u32_t tcp_snd_base(const struct tcp_pcb *pcb)
{
  bool syn_is_out = pcb->state == SYN_SENT || pcb->state == SYN_RCVD;
  return pcb->snd_una + (syn_is_out ? 1U : 0U);
}
/** Sequence number behind all queued data (where a FIN stands). */
static inline u32_t tcp_snd_end(const struct tcp_pcb *pcb)
{
  return tcp_snd_base(pcb) + tcp_snd_len(pcb);
}
/** Bytes and segments sent and not acknowledged. */
static inline u32_t tcp_flight(const struct tcp_pcb *pcb)
{
  return pcb->snd_nxt - pcb->snd_una;
}
err_t tcp_snd_append(struct tcp_pcb *pcb, const void *data, u16_t len, bool copy);
/** The first `len` bytes have arrived. */
void tcp_snd_remove(struct tcp_pcb *pcb, u32_t len);
void tcp_snd_free(struct tcp_pcb *pcb);
/** Are so many bytes copied behind a header? Few are: that costs less than a slice. */
static inline bool tcp_snd_copies(u16_t len)
{
  return LWIP_NETIF_TX_SINGLE_PBUF || len <= TCP_COPY_MAX;
}
/** Put bytes [seq, seq + len) of the queue behind a header. Where they are copied there is room for
    them behind header->len. @return false: no memory */
bool tcp_snd_attach(struct tcp_pcb *pcb, struct pbuf *header, u32_t seq, u16_t len);

/* --- segments out (tcp_segment.c) --- */

/** Send data and flags that belong to a connection. */
err_t tcp_send(struct tcp_pcb *pcb, u32_t seq, u16_t len, u8_t flags);
/** Bytes of data that may be sent at once, because the netif cuts them; `full` in one segment. */
u16_t tcp_send_max(const struct tcp_pcb *pcb, u16_t full);
/** Bytes of the options that the next segment with data will have. */
u8_t tcp_options_room(struct tcp_pcb *pcb);
/** Send an ACK by itself. */
err_t tcp_send_ack(struct tcp_pcb *pcb);
/** One byte (or none) below snd_una that makes the peer answer (RFC 9293 3.8.4). */
err_t tcp_send_probe(struct tcp_pcb *pcb);
/** RST of a connection. */
void tcp_send_rst(const struct tcp_pcb *pcb);
/** Any segment without a connection. */
struct tcp_bare {
  const struct tcp_pcb *pcb; /* whose it is, for hooks: a listener's, too; NULL: nobody's */
  const ip_addr_t *local, *remote;
  struct netif *netif; /* NULL: by route */
  struct tcp_header h;
  struct tcp_options opts;
  u8_t ttl, tos;
};
err_t tcp_send_bare(const struct tcp_bare *s);

/* --- what may be sent (tcp_output.c) --- */

/** One segment of new data beyond the congestion window. @return false: the peer has no room */
bool tcp_output_probe(struct tcp_pcb *pcb);
/** [seq, seq + len) again, whatever the windows say. */
void tcp_output_again(struct tcp_pcb *pcb, u32_t seq, u32_t len);

/* --- timers (tcp_timer.c) --- */

void tcp_timer_set(struct tcp_pcb *pcb, enum tcp_timer_id id, u32_t delay_ms);
void tcp_timer_cancel(struct tcp_pcb *pcb, enum tcp_timer_id id);
static inline bool tcp_timer_is_set(const struct tcp_pcb *pcb, enum tcp_timer_id id)
{
  return (pcb->timers_set >> id) & 1U;
}
/** Milliseconds until then, 0 when it has passed; only of one that is set. */
u32_t tcp_timer_left_ms(const struct tcp_pcb *pcb, enum tcp_timer_id id);
/** Something was sent that must be acknowledged. */
void tcp_timer_data_sent(struct tcp_pcb *pcb);
/** Something was acknowledged: start over, or stop when nothing is in flight. */
void tcp_timer_data_acked(struct tcp_pcb *pcb);
/** Data waits for the peer's window, or for the program to call tcp_output(). */
void tcp_timer_window_closed(struct tcp_pcb *pcb);
/** An acceptable segment came: the peer lives. Others prove nothing, anybody can send them. */
void tcp_timer_heard(struct tcp_pcb *pcb);
/** The program may have asked for keepalive. */
void tcp_timer_keep(struct tcp_pcb *pcb);
/** The state, or the program's hold on the pcb, has changed: what must not last? */
void tcp_timer_state_changed(struct tcp_pcb *pcb);
void tcp_timer_poll_changed(struct tcp_pcb *pcb);
void tcp_timer_free(struct tcp_pcb *pcb);

/* --- round-trip time (tcp_rtt.c) --- */

void tcp_rtt_sample(struct tcp_pcb *pcb, u32_t rtt_us);
/** By the timestamp that the segment echoes (RFC 7323 4), in us; 0: it tells none. */
u32_t tcp_rtt_of_echo(const struct tcp_pcb *pcb, const struct tcp_rx_segment *seg);
u32_t tcp_rto_ms(const struct tcp_pcb *pcb);

/* --- loss recovery (tcp_recovery.c) --- */

void tcp_recovery_init(struct tcp_pcb *pcb);
/** Is there memory to note a new transmission? To be asked before. */
bool tcp_recovery_reserve(struct tcp_pcb *pcb);
/** It was not sent after all. */
void tcp_recovery_unreserve(void);
/** [seq, seq + len) has been sent, for the first time or again. */
void tcp_recovery_sent(struct tcp_pcb *pcb, u32_t seq, u32_t len, bool is_rtx);
/** An acknowledgement has moved snd_una or was a duplicate. */
void tcp_recovery_acked(struct tcp_pcb *pcb, const struct tcp_rx_segment *seg,
                        struct tcp_ack_event *ev);
/** The retransmission timer has fired. */
void tcp_recovery_timeout(struct tcp_pcb *pcb);
/** When to probe for losses at the tail instead of waiting for the timeout, in ms; 0: not now. */
u32_t tcp_recovery_probe_delay_ms(const struct tcp_pcb *pcb);
/** That time has come. */
void tcp_recovery_probe(struct tcp_pcb *pcb);
/** Enough time for reordered segments has passed: what has not arrived is lost. */
void tcp_recovery_reorder(struct tcp_pcb *pcb);
/** Segments carry only `len_max` bytes from now on: what is in flight in longer ones will not
    arrive (RFC 1191 6.4, RFC 8201 5.4). */
void tcp_recovery_recut(struct tcp_pcb *pcb, u32_t len_max);
/** What is to be sent again now? @return false: nothing */
bool tcp_recovery_next(struct tcp_pcb *pcb, u32_t *seq, u32_t *len);
/** Bytes that the congestion window has room for now. */
u32_t tcp_recovery_quota(const struct tcp_pcb *pcb);
void tcp_recovery_free(struct tcp_pcb *pcb);

/* --- congestion control (tcp_cc.c) --- */

/**
 * One algorithm; all its state is in the pcb. RFC 5681 terms, bytes.
 *
 * One that models the path, as BBR does, would add two functions here: what was delivered by when,
 * told from tcp_recovery_acked(), where the transmission records know it, also during recovery; and
 * when the next segment may go, asked by tcp_recovery_quota(), with one more enum tcp_rtx_kind for
 * the wait, as TCP_RTX_ECN is one.
 */
struct tcp_cc {
  const char *name;
  void (*init)(struct tcp_pcb *pcb);
  /** `ev->acked` bytes were acknowledged outside of recovery: open the window. */
  void (*acked)(struct tcp_pcb *pcb, const struct tcp_ack_event *ev);
  /** Something was lost, or only marked (ECN), with `flight` bytes in flight: what is ssthresh to
      be? */
  u32_t (*ssthresh)(struct tcp_pcb *pcb, u32_t flight, bool is_mark);
  /** The loss was none: take the last reduction back. May be NULL. */
  void (*undo)(struct tcp_pcb *pcb);
  bool is_plain; /* no SACK, no partial acknowledgements (RFC 5681 3.2 alone) */
};
extern const struct tcp_cc tcp_cc_cubic;
extern const struct tcp_cc tcp_cc_newreno;
extern const struct tcp_cc tcp_cc_reno;
/** Slow start begins (tcp_hystart.c). */
void tcp_slow_start_init(struct tcp_pcb *pcb);
/** Open the window exponentially while that is the phase. @return bytes of ev->acked that are left
    for congestion avoidance */
u32_t tcp_slow_start(struct tcp_pcb *pcb, const struct tcp_ack_event *ev);
const struct tcp_cc *tcp_cc_of(const struct tcp_pcb *pcb);
bool tcp_cc_is_plain(const struct tcp_pcb *pcb);
/** ... of a listener's connections. */
bool tcp_cc_is_plain_at(const struct tcp_pcb_listen *lpcb);
void tcp_cc_init(struct tcp_pcb *pcb);
/** Is the window what holds us back (RFC 9293, RFC 7661)? Otherwise it must not grow. */
bool tcp_cc_is_limited(const struct tcp_pcb *pcb, u32_t flight);
/** Nothing was sent for long: start anew (RFC 5681 4.1). */
void tcp_cc_restart(struct tcp_pcb *pcb);
u32_t tcp_cc_initial_cwnd(const struct tcp_pcb *pcb);

/* --- TIME-WAIT (tcp_timewait.c) --- */

/** The connection becomes a record, and the pcb is freed. */
void tcp_timewait_enter(struct tcp_pcb *pcb);
/** @return true: the segment was for a connection in TIME-WAIT and is done with; false: there is
    none, or it has made room for a new one (RFC 6191) */
bool tcp_timewait_segment(struct tcp_rx_segment *seg);
bool tcp_timewait_holds(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                        u16_t remote_port);
/** ... and did it end within this very millisecond? */
bool tcp_timewait_is_new(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                         u16_t remote_port);
/** The record behind `tw` in the order in which they end, the first for NULL; NULL: no more. */
const struct tcp_tw *tcp_timewait_next(const struct tcp_tw *tw);
void tcp_timewait_fini(void);

/* --- what the program hears (tcp_event.c); all may free the pcb: ERR_ABRT then --- */

err_t tcp_event_sent(struct tcp_pcb *pcb, u32_t len);
err_t tcp_event_recv(struct tcp_pcb *pcb, struct pbuf *p);
err_t tcp_event_connected(struct tcp_pcb *pcb);
err_t tcp_event_poll(struct tcp_pcb *pcb);
/** What the program has closed has arrived (tcp_close_linger()). */
err_t tcp_event_lingered(struct tcp_pcb *pcb);
err_t tcp_event_accept(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb, err_t err);
void tcp_event_err(tcp_err_fn errf, void *arg, err_t err);

#endif /* TRANSPORT_TCP_TCP_PRIV_H */
