/**
 * @file
 * TCP's hooks, optional members and switched-off parts as functions: nothing where absent.
 */
#ifndef LWIP_HDR_PRIV_TCP_HOOKS_H
#define LWIP_HDR_PRIV_TCP_HOOKS_H

#include <stdbool.h>
#include <string.h>
#include "lwip/nd6.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_ecn_hooks.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

/* Without TCP its sources compile and are not linked; so there are no pools for them. */
#if !LWIP_TCP
#define MEMP_TCP_PCB        MEMP_MAX
#define MEMP_TCP_PCB_LISTEN MEMP_MAX
#define MEMP_TCP_SEG        MEMP_MAX
#define MEMP_TCP_SLICE      MEMP_MAX
#define MEMP_TCP_TW         MEMP_MAX
#define MEMP_TCP_XMIT       MEMP_MAX
#endif

/* --- windows --- */

#if LWIP_WND_SCALE
/** Shift of windows that we announce, 0 before the handshake has agreed on it. */
static inline u8_t tcp_rcv_shift(const struct tcp_pcb *pcb)
{
  return pcb->rcv_scale;
}
static inline u8_t tcp_snd_shift(const struct tcp_pcb *pcb)
{
  return pcb->snd_scale;
}
/** Both ends scale. */
static inline void tcp_shifts_set(struct tcp_pcb *pcb, u8_t snd_shift)
{
  pcb->snd_scale = snd_shift;
  pcb->rcv_scale = TCP_RCV_SCALE;
  tcp_set_flags(pcb, TF_WND_SCALE);
  pcb->rcv_wnd = TCP_WND;
}
#else
static inline u8_t tcp_rcv_shift(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return 0;
}
static inline u8_t tcp_snd_shift(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return 0;
}
static inline void tcp_shifts_set(struct tcp_pcb *pcb, u8_t snd_shift)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(snd_shift);
}
#endif

/* --- segment size --- */

/** What the peer takes in one segment. Where the path MTU is not watched, mss never grows. */
static inline u16_t tcp_mss_peer(const struct tcp_pcb *pcb)
{
#if LWIP_PMTU_DISCOVERY
  return pcb->mss_peer;
#else
  return pcb->mss;
#endif
}

static inline void tcp_mss_peer_set(struct tcp_pcb *pcb, u16_t mss)
{
#if LWIP_PMTU_DISCOVERY
  pcb->mss_peer = mss;
#else
  pcb->mss = mss;
#endif
}

/** The largest window that the peer has offered. */
static inline u32_t tcp_snd_wnd_max(const struct tcp_pcb *pcb)
{
  return (u32_t)pcb->snd_wnd_max << tcp_snd_shift(pcb);
}
static inline void tcp_snd_wnd_max_note(struct tcp_pcb *pcb, u32_t wnd)
{
  u32_t units = (wnd + (1UL << tcp_snd_shift(pcb)) - 1) >> tcp_snd_shift(pcb);
  pcb->snd_wnd_max = (u16_t)LWIP_MAX(pcb->snd_wnd_max, LWIP_MIN(units, 0xffffU));
}

/* --- autotuning of the receive window (tcp_autotune.c) --- */

/** The window that is announced first. */
#define TCP_RCV_FLOOR LWIP_MIN((u32_t)TCP_WND, 0xffffUL)

/** What a connection begins with that scales its windows. */
#define TCP_RCV_FIRST (LWIP_TCP_RCV_AUTOTUNE ? TCP_RCV_FLOOR : (u32_t)TCP_WND)

/** What the window may be at most, without data that wait for the program. */
static inline u32_t tcp_rcv_limit(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
#if LWIP_TCP_RCV_AUTOTUNE || LWIP_TCP_LIMITS
  if (pcb->rcv_limit != 0) {
    u32_t limit = (u32_t)pcb->rcv_limit << TCP_RCV_SCALE;
    return LWIP_MIN(limit, (u32_t)TCP_WND_MAX(pcb));
  }
#endif
  return LWIP_TCP_RCV_AUTOTUNE ? TCP_RCV_FLOOR : (u32_t)TCP_WND_MAX(pcb);
}

/** Room for data behind rcv_nxt that may be announced. */
static inline u32_t tcp_rcv_room(const struct tcp_pcb *pcb)
{
  u32_t limit = tcp_rcv_limit(pcb);
  u32_t unread = (u32_t)TCP_WND_MAX(pcb) - pcb->rcv_wnd;
  return limit > unread ? limit - unread : 0;
}

#if LWIP_TCP_RCV_AUTOTUNE
/** The program has consumed. */
void tcp_autotune(struct tcp_pcb *pcb);
/** The limit is the program's from now on; in units as struct tcp_pcb.rcv_limit. */
void tcp_autotune_fix(struct tcp_pcb *pcb, u16_t limit);
void tcp_autotune_free(const struct tcp_pcb *pcb);
/** Receive buffers have run out. */
void tcp_autotune_pause(void);
#else
static inline void tcp_autotune(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_autotune_fix(struct tcp_pcb *pcb, u16_t limit)
{
#if LWIP_TCP_LIMITS
  pcb->rcv_limit = limit;
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(limit);
#endif
}
static inline void tcp_autotune_free(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_autotune_pause(void)
{
}
#endif

/* --- what programs bound (tcp_limits.c) --- */

#if LWIP_TCP_LIMITS
/** The limit is the program's: it does not adapt. */
static inline bool tcp_rcv_is_limited(const struct tcp_pcb *pcb)
{
  return pcb->rcv_is_limited;
}
/** Payload of segments of which the program wants no more, of a handshake; 0xffff: it said none. */
u16_t tcp_mss_bound(const struct tcp_pcb *pcb);
/** A listener keeps what its connections shall have ... */
void tcp_limits_to_listener(struct tcp_pcb_listen *lpcb, const struct tcp_pcb *pcb);
void tcp_limits_of_listener(struct tcp_pcb *pcb, const struct tcp_pcb_listen *lpcb);
/** ... and tells it with its SYN-ACKs. */
static inline u16_t tcp_listen_mss_bound(const struct tcp_pcb_listen *lpcb)
{
  return lpcb->mss_max != 0 ? lpcb->mss_max : 0xffff;
}
static inline u32_t tcp_listen_rcv_limit(const struct tcp_pcb_listen *lpcb)
{
  return lpcb->rcv_limit != 0 ? (u32_t)lpcb->rcv_limit << TCP_RCV_SCALE : 0xffffffffUL;
}
#else
static inline bool tcp_rcv_is_limited(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return false;
}
static inline u16_t tcp_mss_bound(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return 0xffff;
}
static inline void tcp_limits_to_listener(struct tcp_pcb_listen *lpcb, const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_limits_of_listener(struct tcp_pcb *pcb, const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(lpcb);
}
static inline u16_t tcp_listen_mss_bound(const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
  return 0xffff;
}
static inline u32_t tcp_listen_rcv_limit(const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
  return 0xffffffffUL;
}
#endif

/* --- timestamps --- */

/** What a connection knows about timestamps, as one object. */
struct tcp_ts {
  u32_t lastacksent, recent, offset;
  u16_t recent_time; /* in units of 65536 ms */
};

static inline struct tcp_ts tcp_ts_get(const struct tcp_pcb *pcb)
{
#if LWIP_TCP_TIMESTAMPS
  struct tcp_ts ts = {pcb->ts_lastacksent, pcb->ts_recent, pcb->ts_offset, pcb->ts_recent_time};
#else
  struct tcp_ts ts = {0, 0, 0, 0};
  LWIP_UNUSED_ARG(pcb);
#endif
  return ts;
}

static inline void tcp_ts_set_recent(struct tcp_pcb *pcb, u32_t tsval, u32_t now_ms)
{
#if LWIP_TCP_TIMESTAMPS
  pcb->ts_recent = tsval;
  pcb->ts_recent_time = (u16_t)(now_ms >> 16);
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(tsval);
  LWIP_UNUSED_ARG(now_ms);
#endif
}

static inline void tcp_ts_set_lastacksent(struct tcp_pcb *pcb, u32_t ack)
{
#if LWIP_TCP_TIMESTAMPS
  pcb->ts_lastacksent = ack;
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(ack);
#endif
}

static inline void tcp_ts_set_offset(struct tcp_pcb *pcb, u32_t offset)
{
#if LWIP_TCP_TIMESTAMPS
  pcb->ts_offset = offset;
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(offset);
#endif
}

/* --- selective acknowledgements that we send --- */

/** Only where LWIP_TCP_SACK_OUT is on. */
static inline struct tcp_sack_out *tcp_sack_out(struct tcp_pcb *pcb)
{
#if LWIP_TCP_SACK_OUT
  return &pcb->sack_out;
#else
  LWIP_UNUSED_ARG(pcb);
  return NULL;
#endif
}

/* --- keepalive --- */

static inline u32_t tcp_keep_intvl_ms(const struct tcp_pcb *pcb)
{
#if LWIP_TCP_KEEPALIVE
  return pcb->keep_intvl;
#else
  LWIP_UNUSED_ARG(pcb);
  return TCP_KEEPINTVL_DEFAULT;
#endif
}

static inline u32_t tcp_keep_count(const struct tcp_pcb *pcb)
{
#if LWIP_TCP_KEEPALIVE
  return pcb->keep_cnt;
#else
  LWIP_UNUSED_ARG(pcb);
  return TCP_KEEPCNT_DEFAULT;
#endif
}

static inline void tcp_keep_init(struct tcp_pcb *pcb)
{
  pcb->keep_idle = TCP_KEEPIDLE_DEFAULT;
#if LWIP_TCP_KEEPALIVE
  pcb->keep_intvl = TCP_KEEPINTVL_DEFAULT;
  pcb->keep_cnt = TCP_KEEPCNT_DEFAULT;
#endif
}

/* --- callbacks --- */

#if LWIP_CALLBACK_API
static inline tcp_err_fn tcp_errf_get(const struct tcp_pcb *pcb)
{
  return pcb->errf;
}
static inline void tcp_errf_set(struct tcp_pcb *pcb, tcp_err_fn errf)
{
  pcb->errf = errf;
}
static inline void tcp_poll_set(struct tcp_pcb *pcb, tcp_poll_fn poll)
{
  pcb->poll = poll;
}
#else
static inline tcp_err_fn tcp_errf_get(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return NULL;
}
static inline void tcp_errf_set(struct tcp_pcb *pcb, tcp_err_fn errf)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(errf);
}
static inline void tcp_poll_set(struct tcp_pcb *pcb, tcp_poll_fn poll)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(poll);
}
#endif

/** The listener that a connection came from; NULL: it has come from none, or that is gone. */
static inline struct tcp_pcb_listen *tcp_listener_of(const struct tcp_pcb *pcb)
{
  return (pcb->flags & TF_PASSIVE) ? pcb->listener : NULL;
}

/* --- congestion control --- */

/** Which algorithm a connection has, an index of tcp_ccs[]. */
static inline u8_t tcp_cc_index(const struct tcp_pcb *pcb)
{
#if LWIP_TCP_CUBIC
  return pcb->cc_index;
#else
  LWIP_UNUSED_ARG(pcb);
  return 0; /* there is but one */
#endif
}
static inline void tcp_cc_index_set(struct tcp_pcb *pcb, u8_t index)
{
#if LWIP_TCP_CUBIC
  pcb->cc_index = index;
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(index);
#endif
}

/** Which algorithm the connections of a listener have. */
static inline u8_t tcp_listen_cc(const struct tcp_pcb_listen *lpcb)
{
#if LWIP_TCP_CUBIC || LWIP_TCP_RENO
  return lpcb->cc_index;
#else
  LWIP_UNUSED_ARG(lpcb);
  return 0; /* there is but one */
#endif
}
static inline void tcp_listen_cc_set(struct tcp_pcb_listen *lpcb, u8_t index)
{
#if LWIP_TCP_CUBIC || LWIP_TCP_RENO
  lpcb->cc_index = index;
#else
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(index);
#endif
}

/* --- backlog --- */

#if TCP_LISTEN_BACKLOG
static inline bool tcp_backlog_is_full(const struct tcp_pcb_listen *lpcb)
{
  return lpcb->accepts_pending >= lpcb->backlog;
}
static inline void tcp_backlog_enter(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  lpcb->accepts_pending++;
  tcp_set_flags(pcb, TF_BACKLOGPEND);
}
static inline void tcp_backlog_init(struct tcp_pcb_listen *lpcb, u8_t backlog)
{
  lpcb->backlog = LWIP_MAX(backlog, 1);
}
#else
static inline bool tcp_backlog_is_full(const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
  return false;
}
static inline void tcp_backlog_enter(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_backlog_init(struct tcp_pcb_listen *lpcb, u8_t backlog)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(backlog);
}
#endif

/* --- extension arguments --- */

#if LWIP_TCP_PCB_NUM_EXT_ARGS
static inline void tcp_ext_args_destroy(struct tcp_pcb *pcb)
{
  for (u8_t i = 0; i < LWIP_TCP_PCB_NUM_EXT_ARGS; i++) {
    const struct tcp_ext_arg_callbacks *cb = pcb->ext_args[i].callbacks;
    if (cb != NULL && cb->destroy != NULL) {
      cb->destroy(i, pcb->ext_args[i].data);
    }
  }
}
/** @return false: a module refuses the connection */
static inline bool tcp_ext_args_inherit(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  for (u8_t i = 0; i < LWIP_TCP_PCB_NUM_EXT_ARGS; i++) {
    const struct tcp_ext_arg_callbacks *cb = lpcb->ext_args[i].callbacks;
    if (cb != NULL && cb->passive_open != NULL && cb->passive_open(i, lpcb, pcb) != ERR_OK) {
      return false;
    }
  }
  return true;
}
/** They live on in the listener that `pcb` becomes. */
static inline void tcp_ext_args_move(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  memcpy(lpcb->ext_args, pcb->ext_args, sizeof lpcb->ext_args);
  memset(pcb->ext_args, 0, sizeof pcb->ext_args);
}
#else
static inline void tcp_ext_args_destroy(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline bool tcp_ext_args_inherit(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(pcb);
  return true;
}
static inline void tcp_ext_args_move(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(pcb);
}
#endif

/* --- hooks --- */

#ifdef LWIP_HOOK_TCP_ISN
#define HOOK_TCP_HAS_ISN 1
#else
#define HOOK_TCP_HAS_ISN                               0
#define LWIP_HOOK_TCP_ISN(local, lport, remote, rport) ((void)(lport), (void)(rport), 0U)
#endif

#ifdef LWIP_HOOK_TCP_INPACKET_PCB
#define HOOK_TCP_HAS_INPACKET 1
#else
#define HOOK_TCP_HAS_INPACKET 0
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p)                             \
  ((void)(pcb), (void)(hdr), (void)(optlen), (void)(p), ERR_OK)
#endif

/** Bytes of a segment's options, ours being `len`; what the hook wants more is in front of the
    data. @param pcb  who sends; may be a listener, or NULL for a reset of no connection */
static inline u8_t tcp_hook_options_len(const struct tcp_pcb *pcb, u8_t len)
{
#ifdef LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH
  u8_t with_hook = (u8_t)((LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, len) + 3) & ~3);
  return LWIP_MIN(LWIP_MAX(with_hook, len), TCP_MAX_OPTION_BYTES);
#else
  LWIP_UNUSED_ARG(pcb);
  return len;
#endif
}

/** The hook writes its options to [at, end) of the header in front of `p`'s data. */
static inline void tcp_hook_options_add(struct pbuf *p, const struct tcp_pcb *pcb, u8_t *at,
                                        const u8_t *end)
{
#ifdef LWIP_HOOK_TCP_OUT_ADD_TCPOPTS
  memset(at, 0, (size_t)(end - at));
  u32_t *next =
      LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, (struct tcp_hdr *)p->payload, pcb, (u32_t *)(void *)at);
  LWIP_ASSERT("LWIP_HOOK_TCP_OUT_ADD_TCPOPTS wrote more than it had asked for",
              (const u8_t *)next <= end);
  LWIP_UNUSED_ARG(next);
#else
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(pcb);
  memset(at, 0, (size_t)(end - at));
#endif
}

/** The peer answers, so its neighbour entry is good (RFC 4861 7.3.1). */
static inline void tcp_hint_reachable(const ip_addr_t *remote)
{
#if LWIP_IPV6 && LWIP_ND6_TCP_REACHABILITY_HINTS
  if (IP_IS_V6(remote)) {
    nd6_reachability_hint(ip_2_ip6(remote));
  }
#else
  LWIP_UNUSED_ARG(remote);
#endif
}

/* --- urgent data --- */

#if LWIP_TCP_URGENT
/** A segment that is believed says where urgent data end. @return true: that is new */
bool tcp_urgent_arrives(struct tcp_pcb *pcb, u8_t flags, u32_t up);
/** Tell the program. @return false: the pcb is gone */
bool tcp_urgent_tell(struct tcp_pcb *pcb);
/** Are there urgent data that the peer has not acknowledged? */
static inline bool tcp_urgent_is_told(const struct tcp_pcb *pcb)
{
  return pcb->snd_is_urgent;
}
/** Flag and pointer of a segment that is sent from `seq` on. */
void tcp_urgent_put(struct tcp_pcb *pcb, u32_t seq, u8_t *flags, u16_t *urgent);
#else
static inline bool tcp_urgent_arrives(struct tcp_pcb *pcb, u8_t flags, u32_t up)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(flags);
  LWIP_UNUSED_ARG(up);
  return false;
}
static inline bool tcp_urgent_tell(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return true;
}
static inline bool tcp_urgent_is_told(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return false;
}
static inline void tcp_urgent_put(struct tcp_pcb *pcb, u32_t seq, u8_t *flags, u16_t *urgent)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(seq);
  LWIP_UNUSED_ARG(flags);
  LWIP_UNUSED_ARG(urgent);
}
#endif

/* --- user timeout --- */

#if LWIP_TCP_USER_TIMEOUT
/** Something begins to wait for the peer, or goes on waiting after some progress. */
void tcp_user_timeout_start(struct tcp_pcb *pcb);
/** A delay of TCP_TIMER_RTX that is no longer than patience. */
u32_t tcp_user_timeout_cap(const struct tcp_pcb *pcb, u32_t delay_ms);
/** Has it waited for too long? */
bool tcp_user_timeout_passed(const struct tcp_pcb *pcb);
/** With a user timeout: has a peer that is probed been silent for too long? */
bool tcp_user_timeout_gives_up_idle(const struct tcp_pcb *pcb);
u32_t tcp_user_timeout_cap_idle(const struct tcp_pcb *pcb, u32_t delay_ms);
static inline bool tcp_has_user_timeout(const struct tcp_pcb *pcb)
{
  return pcb->user_timeout_ms != 0;
}
#else
static inline void tcp_user_timeout_start(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline u32_t tcp_user_timeout_cap(const struct tcp_pcb *pcb, u32_t delay_ms)
{
  LWIP_UNUSED_ARG(pcb);
  return delay_ms;
}
static inline bool tcp_user_timeout_passed(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return false;
}
static inline bool tcp_user_timeout_gives_up_idle(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return false;
}
static inline u32_t tcp_user_timeout_cap_idle(const struct tcp_pcb *pcb, u32_t delay_ms)
{
  LWIP_UNUSED_ARG(pcb);
  return delay_ms;
}
static inline bool tcp_has_user_timeout(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return false;
}
#endif

struct tcp_options;

#if LWIP_TCP_USER_TIMEOUT
/** A listener keeps what its connections shall have ... */
void tcp_user_timeout_to_listener(struct tcp_pcb_listen *lpcb, const struct tcp_pcb *pcb);
void tcp_user_timeout_of_listener(struct tcp_pcb *pcb, const struct tcp_pcb_listen *lpcb);
/** ... and tells it with its SYN-ACKs. */
void tcp_user_timeout_put_syn_ack(const struct tcp_pcb_listen *lpcb, struct tcp_options *o);
/** The option, if it is to be told with this segment ... */
void tcp_user_timeout_put(const struct tcp_pcb *pcb, struct tcp_options *o, bool is_syn);
/** ... which has left. */
void tcp_user_timeout_told(struct tcp_pcb *pcb);
void tcp_user_timeout_established(struct tcp_pcb *pcb);
/** What the peer tells. */
void tcp_user_timeout_arrives(struct tcp_pcb *pcb, const struct tcp_options *o);
#else
static inline void tcp_user_timeout_to_listener(struct tcp_pcb_listen *lpcb,
                                                const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_user_timeout_of_listener(struct tcp_pcb *pcb,
                                                const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(lpcb);
}
static inline void tcp_user_timeout_put_syn_ack(const struct tcp_pcb_listen *lpcb,
                                                struct tcp_options *o)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(o);
}
static inline void tcp_user_timeout_put(const struct tcp_pcb *pcb, struct tcp_options *o,
                                        bool is_syn)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(o);
  LWIP_UNUSED_ARG(is_syn);
}
static inline void tcp_user_timeout_told(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_user_timeout_established(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_user_timeout_arrives(struct tcp_pcb *pcb, const struct tcp_options *o)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(o);
}
#endif

/* --- what those who watch want to know --- */

/** A segment was sent again. */
static inline void tcp_retransmits_count(struct tcp_pcb *pcb)
{
#if LWIP_TCP_INFO
  pcb->retransmits++;
#else
  LWIP_UNUSED_ARG(pcb);
#endif
}

static inline u32_t tcp_retransmits(const struct tcp_pcb *pcb)
{
#if LWIP_TCP_INFO
  return pcb->retransmits;
#else
  LWIP_UNUSED_ARG(pcb);
  return 0;
#endif
}

/** What transmission records say. */
struct tcp_marks {
  u32_t sacked, lost, retrans, min_rtt_us;
  u32_t span_us; /* between the first and the last that are in flight */
  u32_t spanned; /* bytes sent in that time */
  bool is_reordering_seen;
};

static inline struct tcp_marks tcp_marks_get(const struct tcp_pcb *pcb)
{
  struct tcp_marks m = {0, 0, 0, 0, 0, 0, false};
#if LWIP_TCP_SACK_IN
  const struct tcp_xmit *first = pcb->sent_first;
  m.sacked = pcb->sacked;
  m.lost = pcb->lost;
  m.retrans = pcb->retrans;
  m.min_rtt_us = pcb->min_rtt_us;
  m.is_reordering_seen = pcb->is_reordering_seen;
  if (first != NULL) {
    m.span_us = first->sent_prev->time_us - first->time_us;
    m.spanned = pcb->snd_nxt - pcb->snd_una - m.sacked - m.lost + m.retrans;
    m.spanned -= LWIP_MIN(m.spanned, first->end - first->seq);
  }
#else
  LWIP_UNUSED_ARG(pcb);
#endif
  return m;
}

/* --- transmission records --- */

#if LWIP_TCP_SACK_IN
bool tcp_xmit_reserve(struct tcp_pcb *pcb);
void tcp_xmit_unreserve(void);
void tcp_xmit_free(struct tcp_pcb *pcb);
/** `with` for connections that agreed on selective acknowledgements, else `without`. */
#define TCP_OPS_WITHSACK(pcb, with, without) (((pcb)->flags & TF_SACK) ? (with) : (without))
#else
#define TCP_OPS_WITHSACK(pcb, with, without) ((void)(pcb), (without))
#endif

/** Is there memory to note what is sent next? */
static inline bool tcp_fields_reserve(struct tcp_pcb *pcb)
{
#if LWIP_TCP_SACK_IN
  return !(pcb->flags & TF_SACK) || tcp_xmit_reserve(pcb);
#else
  LWIP_UNUSED_ARG(pcb);
  return true;
#endif
}

/** It was not sent after all. */
static inline void tcp_fields_unreserve(void)
{
#if LWIP_TCP_SACK_IN
  tcp_xmit_unreserve();
#endif
}

static inline void tcp_fields_free(struct tcp_pcb *pcb)
{
#if LWIP_TCP_SACK_IN
  tcp_xmit_free(pcb);
#else
  LWIP_UNUSED_ARG(pcb);
#endif
}

#endif /* LWIP_HDR_PRIV_TCP_HOOKS_H */
