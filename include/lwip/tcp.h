/**
 * @file
 * TCP's raw API: connections as objects with callbacks.
 *
 * A program makes a pcb (tcp_new()), names its callbacks, and connects or listens. All functions
 * run with the core lock held, and so do the callbacks, which may call anything here, on any pcb:
 * also tcp_close() and tcp_abort() on their own. A callback that has called tcp_abort() on its own
 * pcb must return ERR_ABRT. After tcp_close() has returned ERR_OK, after tcp_abort() and after the
 * error callback the pcb is not the program's any more.
 *
 * Where there is no TCP (LWIP_TCP 0) these functions are declared but not there.
 */
#ifndef LWIP_HDR_TCP_H
#define LWIP_HDR_TCP_H

#include "lwip/opt.h"
#include "lwip/tcpbase.h"
#include "lwip/mem.h"
#include "lwip/pbuf.h"
#include "lwip/ip.h"
#include "lwip/icmp.h"
#include "lwip/err.h"
#include "lwip/ip6.h"
#include "lwip/ip6_addr.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tcp_pcb;
struct tcp_pcb_listen;
struct tcp_seg;
struct tcp_cc;
struct tcp_xmit;
struct tcp_undo;

/**
 * A connection came in. `newpcb` has inherited the listener's argument, options and priority.
 *
 * @param arg  tcp_arg() of the listening pcb
 * @param err  ERR_OK; ERR_MEM: no pcb was left for it, `newpcb` is NULL
 * @return ERR_OK; anything else: the connection is reset; ERR_ABRT when tcp_abort() was called
 */
typedef err_t (*tcp_accept_fn)(void *arg, struct tcp_pcb *newpcb, err_t err);

/**
 * Data came, or the end of them.
 *
 * @param p  the data, now the program's to free, which says so to tcp_recved(); NULL: the peer has
 *           closed its side
 * @return ERR_OK; another error: not taken, offer them again later (the program must not have freed
 *         `p`); ERR_ABRT when tcp_abort() was called
 */
typedef err_t (*tcp_recv_fn)(void *arg, struct tcp_pcb *tpcb, struct pbuf *p, err_t err);

/** `len` more bytes have been acknowledged: there is room for new ones. ERR_ABRT as above. */
typedef err_t (*tcp_sent_fn)(void *arg, struct tcp_pcb *tpcb, u16_t len);

/** Called at intervals, see tcp_poll(). ERR_ABRT as above. */
typedef err_t (*tcp_poll_fn)(void *arg, struct tcp_pcb *tpcb);

/**
 * The connection has ended, and its pcb is gone.
 *
 * @param err  ERR_RST: reset by the peer; ERR_ABRT: aborted, timed out, or no memory; ERR_CLSD: the
 *             peer closed and everything is done; ERR_RTE: given up, and ICMP or a missing route
 *             explains it. tcp_end_cause() (gossamer/tcp_error.h) tells more
 */
typedef void (*tcp_err_fn)(void *arg, err_t err);

/** tcp_connect() succeeded (errors go to tcp_err_fn). ERR_ABRT as above. */
typedef err_t (*tcp_connected_fn)(void *arg, struct tcp_pcb *tpcb, err_t err);

#if LWIP_WND_SCALE
#define RCV_WND_SCALE(pcb, wnd) (((wnd) >> (pcb)->rcv_scale))
#define SND_WND_SCALE(pcb, wnd) (((wnd) << (pcb)->snd_scale))
#define TCPWND16(x)             ((u16_t)LWIP_MIN((x), 0xFFFF))
#define TCP_WND_MAX(pcb)                                                                           \
  ((tcpwnd_size_t)(((pcb)->flags & TF_WND_SCALE) ? TCP_WND : TCPWND16(TCP_WND)))
#else
#define RCV_WND_SCALE(pcb, wnd) (wnd)
#define SND_WND_SCALE(pcb, wnd) (wnd)
#define TCPWND16(x)             (x)
#define TCP_WND_MAX(pcb)        TCP_WND
#endif

#if LWIP_TCP_PCB_NUM_EXT_ARGS
/** The pcb goes: `data` is its extension argument `id`. */
typedef void (*tcp_extarg_callback_pcb_destroyed_fn)(u8_t id, void *data);
/** `cpcb` is about to be made from `lpcb`. @return anything but ERR_OK refuses it */
typedef err_t (*tcp_extarg_callback_passive_open_fn)(u8_t id, struct tcp_pcb_listen *lpcb,
                                                     struct tcp_pcb *cpcb);
struct tcp_ext_arg_callbacks {
  tcp_extarg_callback_pcb_destroyed_fn destroy;
  tcp_extarg_callback_passive_open_fn passive_open;
};

#define LWIP_TCP_PCB_NUM_EXT_ARG_ID_INVALID 0xFF

struct tcp_pcb_ext_args {
  const struct tcp_ext_arg_callbacks *callbacks;
  void *data;
};
#define TCP_PCB_EXTARGS struct tcp_pcb_ext_args ext_args[LWIP_TCP_PCB_NUM_EXT_ARGS];
#else
#define TCP_PCB_EXTARGS
#endif

typedef u32_t tcpflags_t;
#define TCP_ALLFLAGS 0xffffffffUL

/** What every TCP pcb begins with, behind IP_PCB. */
#define TCP_PCB_COMMON(type)                                                                       \
  type *next; /* of tcp_active_pcbs, tcp_listen_pcbs or tcp_bound_pcbs */                          \
  void *callback_arg;                                                                              \
  TCP_PCB_EXTARGS                                                                                  \
  enum tcp_state state;                                                                            \
  u8_t prio;                                                                                       \
  u16_t local_port

/** A listener. Smaller than a connection. */
struct tcp_pcb_listen {
  IP_PCB;
  TCP_PCB_COMMON(struct tcp_pcb_listen);
#if LWIP_CALLBACK_API
  tcp_accept_fn accept;
#endif
#if LWIP_TCP_USER_TIMEOUT
  u32_t user_timeout_ms; /* of its connections, as in struct tcp_pcb */
  u16_t uto_told;
  bool uto_is_changeable;
#endif
#if LWIP_TCP_SYNCACHE
  struct tcp_half_open *half_open; /* oldest first */
  struct timer half_open_timer;
#endif
#if LWIP_TCP_LIMITS
  u16_t mss_max;   /* of its connections (tcp_limits.c); 0: no bound */
  u16_t rcv_limit; /* ... in units of 1 << TCP_RCV_SCALE; 0: none */
#endif
#if TCP_LISTEN_BACKLOG
  u16_t backlog;
  u16_t accepts_pending; /* half-open, or not yet accepted by the program */
#endif
#if LWIP_TCP_ECN
  u8_t ecn_mode; /* enum tcp_ecn_mode */
#endif
#if LWIP_TCP_CUBIC || LWIP_TCP_RENO
  u8_t cc_index; /* of tcp_ccs[] */
#endif
};

/* struct tcp_pcb.flags. TF_NODELAY may be set by programs (tcp_nagle_disable()). */
#define TF_ACK_DELAY   0x01U       /* an ACK is due within 200 ms */
#define TF_ACK_NOW     0x02U       /* ... at once */
#define TF_INFR        0x04U       /* in fast recovery */
#define TF_CLOSEPEND   0x08U       /* closed, but no memory for the FIN yet */
#define TF_RXCLOSED    0x10U       /* the program wants no more data */
#define TF_FIN         0x20U       /* a FIN stands at the end of the send queue */
#define TF_NODELAY     0x40U       /* Nagle's algorithm is off */
#define TF_NAGLEMEMERR 0x80U       /* memory was short: send what there is */
#define TF_WND_SCALE   0x0100U     /* window scaling agreed on */
#define TF_BACKLOGPEND 0x0200U     /* counts in its listener's accepts_pending */
#define TF_TIMESTAMP   0x0400U     /* timestamps agreed on */
#define TF_RTO         0x0800U     /* recovering from a retransmission timeout */
#define TF_SACK        0x1000U     /* selective acknowledgements agreed on */
#define TF_ECN         0x2000U     /* ECN agreed on */
#define TF_ECN_ECHO    0x4000U     /* congestion was marked: tell until CWR comes */
#define TF_ECN_CWR     0x8000U     /* tell that we have slowed down */
#define TF_MORE        0x00010000U /* the last write announced more: no PSH */
#define TF_CLOSED      0x00020000U /* the program has let go of the pcb: no more callbacks */
#define TF_RCVD_FIN    0x00040000U /* the peer's FIN is in sequence */
#define TF_FIN_TOLD    0x00080000U /* ... and the program knows */
#define TF_FIN_SENT    0x00100000U
#define TF_WND_UPDATE  0x00200000U /* the window has opened enough to tell */
#define TF_CORK        0x00400000U /* hold partial segments until uncorked */
#define TF_UNREACHABLE 0x00800000U /* ICMP said so since anything was acknowledged last */
#define TF_LINGER      0x01000000U /* closed, and the program hears how that ends */
#define TF_PASSIVE     0x02000000U /* came from a listener */
#define TF_WHY_NET     0x04000000U /* with TF_UNREACHABLE: its net, not the host itself ... */
#define TF_WHY_REFUSED 0x08000000U /* ... nobody listens; both: prohibited */

/** A range of sequence numbers, [left, right). */
struct tcp_range {
  u32_t left;
  u32_t right;
};

/** What the blocks of acknowledgements need beside the queue behind holes (tcp_ooo.c). */
struct tcp_sack_out {
  u32_t dsack_left; /* dsack_len bytes came twice: to tell once */
  u16_t dsack_len;
  u16_t serial; /* of the segment that came last behind a hole */
};

/**
 * A connection. Programs may read the members that lwIP documents, and set keep_idle, keep_intvl,
 * keep_cnt, tos, ttl and so_options; all others are TCP's own.
 */
struct tcp_pcb {
  IP_PCB;
  TCP_PCB_COMMON(struct tcp_pcb);
  u16_t remote_port;
  u16_t mss; /* most payload of a segment that we send, options not counted */
  tcpflags_t flags;
#if TCP_HASH_SIZE > 1
  struct tcp_pcb *hash_next;
#endif
#if LWIP_CALLBACK_API
  tcp_sent_fn sent;
  tcp_recv_fn recv;
  tcp_poll_fn poll;
  tcp_err_fn errf;
#endif
  union {
    tcp_connected_fn connected;
    struct tcp_pcb_listen *listener; /* with TF_PASSIVE: where it came from; NULL: that is gone */
  };

  /* Time: one timer for the earliest of several deadlines (tcp_timer.c). */
#if TCP_HASH_SIZE > 1
  struct timer timer;
#endif
  u32_t due_ms[2];     /* of TCP_TIMER_RTX and _LIFE */
  u16_t due_ticks[2];  /* of TCP_TIMER_ACK and _POLL, the lowest bits */
  u8_t timers_set : 5; /* bits: enum tcp_timer_id */
  u8_t rtx_kind : 3;   /* enum tcp_rtx_kind: what TCP_TIMER_RTX does */
  u8_t nrtx;           /* timeouts in a row */
  u8_t pollinterval;
  u8_t keep_cnt_sent; /* probes, of idle peers or closed windows, since it was heard of last */
  u32_t rcv_time_ms;  /* when the peer was heard of last */
  u32_t send_time_ms; /* when data was sent last, to restart after idle */
  u32_t keep_idle;    /* milliseconds */
#if LWIP_TCP_KEEPALIVE
  u32_t keep_intvl; /* milliseconds */
#endif

  /* Receiving */
  u8_t ack_segs : 2;   /* full segments since the last ACK; 2: or more */
  u8_t quick_acks : 4; /* ACKs that are not delayed any more */
  u8_t ca_state : 2;   /* sending: enum tcp_ca_state */
  u8_t dupacks : 4;    /* sending: 15: or more */
  u8_t challenges : 4; /* challenge ACKs since challenge_ms, and those that chance took */
  u16_t challenge_ms;  /* the lowest bits */
  u32_t rcv_nxt;
  tcpwnd_size_t rcv_wnd;     /* room for data behind rcv_nxt */
  tcpwnd_size_t rcv_ann_wnd; /* ... of which the peer knows */
  struct pbuf *refused_data; /* in sequence, not yet taken by the program */
#if TCP_QUEUE_OOSEQ
  struct tcp_seg *ooseq; /* behind holes, in order, without overlaps */
#endif
  u16_t rcv_mss; /* largest segment lately: what "full" means for delayed ACKs (tcp_limits.c) */

  /* Sending: a stream of bytes from snd_una on; what is sent is cut from it */
  u16_t snd_queuelen; /* pbufs in the queue */
  u16_t snd_wnd_max;  /* largest snd_wnd so far, in units of 1 << snd_scale */
  u16_t rto_ms;
  union {
    u32_t snd_una;
    u32_t lastack;
  };
  u32_t snd_nxt; /* highest sequence number sent, plus one */
  u32_t snd_wl1; /* of the segment that snd_wnd is from; SND.WL2 is never beyond snd_una */
  tcpwnd_size_t snd_wnd;
  tcpwnd_size_t snd_buf; /* room for tcp_write() */
  struct pbuf *snd_last; /* end of the queue, a ring: each a pbuf by itself, linked by next */

  /* Loss recovery and congestion control */
  u32_t recover; /* recovery ends when this is acknowledged */
  tcpwnd_size_t cwnd;
  tcpwnd_size_t ssthresh;
  u32_t srtt_us8;   /* 8 times the smoothed round-trip time; 0: none yet */
  u32_t rttvar_us4; /* 4 times its variation */
  /* What one kind of recovery or congestion control has shares its place with what another has:
     in front that of handshakes and tcp_nosack.c or tcp_newreno.c, then that of tcp_withsack.c,
     tcp_cubic.c, tcp_prr.c. */
  union {
    u32_t rtx_nxt; /* next to be sent again; snd_nxt when nothing is */
#if LWIP_TCP_SACK_IN
    u32_t fack; /* highest sequence number known to have arrived */
#endif
  };
  union {
    u32_t rtt_time_us; /* when what is being timed was sent; 0: nothing is */
#if LWIP_TCP_SACK_IN
    u32_t rack_time_us; /* when the latest sent of what has arrived was sent; 0: nothing has */
#endif
  };
  union {
    tcpwnd_size_t rtt_left; /* bytes to be acknowledged until what is being timed is */
#if LWIP_TCP_SACK_IN
    u32_t rack_end; /* end of what was sent at rack_time_us */
#endif
  };
  union {
    tcpwnd_size_t bytes_acked; /* towards the next increase of cwnd */
#if LWIP_TCP_CUBIC
    u32_t cubic_rest; /* growth of cwnd below one byte */
#endif
  };
#include "lwip/priv/tcp_fields.h"
};

#if LWIP_EVENT_API
enum lwip_event {
  LWIP_EVENT_ACCEPT,
  LWIP_EVENT_SENT,
  LWIP_EVENT_RECV,
  LWIP_EVENT_CONNECTED,
  LWIP_EVENT_POLL,
  LWIP_EVENT_ERR
};
/** The program's: hears of everything instead of callbacks. */
err_t lwip_tcp_event(void *arg, struct tcp_pcb *pcb, enum lwip_event event, struct pbuf *p,
                     u16_t size, err_t err);
#endif

/** A new IPv4 connection, CLOSED. NULL: no memory, whoever had to go (tcp_setprio()). */
struct tcp_pcb *tcp_new(void);
/** The same for IPADDR_TYPE_V4, _V6 or _ANY (dual stack). */
struct tcp_pcb *tcp_new_ip_type(u8_t type);
#define tcp_new_ip6() tcp_new_ip_type(IPADDR_TYPE_V6)

/** What callbacks are given as their first argument. */
void tcp_arg(struct tcp_pcb *pcb, void *arg);
#if LWIP_CALLBACK_API
void tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn recv);
void tcp_sent(struct tcp_pcb *pcb, tcp_sent_fn sent);
void tcp_err(struct tcp_pcb *pcb, tcp_err_fn err);
/** Only for a listening pcb. */
void tcp_accept(struct tcp_pcb *pcb, tcp_accept_fn accept);
#endif

/** Call `poll` every `interval` half seconds while the connection lives; 0: never. */
void tcp_poll(struct tcp_pcb *pcb, tcp_poll_fn poll, u8_t interval);

#define tcp_set_flags(pcb, set_flags)                                                              \
  do {                                                                                             \
    (pcb)->flags = (tcpflags_t)((pcb)->flags | (set_flags));                                       \
  } while (0)
#define tcp_clear_flags(pcb, clr_flags)                                                            \
  do {                                                                                             \
    (pcb)->flags = (tcpflags_t)((pcb)->flags & (tcpflags_t)(~(clr_flags)&TCP_ALLFLAGS));           \
  } while (0)
#define tcp_is_flag_set(pcb, flag) (((pcb)->flags & (flag)) != 0)

/** Most payload of one segment now. */
#if LWIP_TCP_TIMESTAMPS
#define tcp_mss(pcb) ((u16_t)(((pcb)->flags & TF_TIMESTAMP) ? (pcb)->mss - 12 : (pcb)->mss))
#else
#define tcp_mss(pcb) ((pcb)->mss)
#endif
/** Bytes that tcp_write() would take. */
#define tcp_sndbuf(pcb)          (TCPWND16((pcb)->snd_buf))
#define tcp_sndqueuelen(pcb)     ((pcb)->snd_queuelen)
#define tcp_nagle_disable(pcb)   tcp_set_flags(pcb, TF_NODELAY)
#define tcp_nagle_enable(pcb)    tcp_clear_flags(pcb, TF_NODELAY)
#define tcp_nagle_disabled(pcb)  tcp_is_flag_set(pcb, TF_NODELAY)
#define TCP_SNDQUEUELEN_OVERFLOW (0xffffU - 3)

#if TCP_LISTEN_BACKLOG
#define tcp_backlog_set(pcb, new_backlog)                                                          \
  do {                                                                                             \
    LWIP_ASSERT("pcb->state == LISTEN (called for wrong pcb?)", (pcb)->state == LISTEN);           \
    ((struct tcp_pcb_listen *)(pcb))->backlog = ((new_backlog) ? (new_backlog) : 1);               \
  } while (0)
/** From within the accept callback: the connection keeps its place in the backlog ... */
void tcp_backlog_delayed(struct tcp_pcb *pcb);
/** ... until this. */
void tcp_backlog_accepted(struct tcp_pcb *pcb);
#else
#define tcp_backlog_set(pcb, new_backlog)
#define tcp_backlog_delayed(pcb)
#define tcp_backlog_accepted(pcb)
#endif
#define tcp_accepted(pcb)                                                                          \
  do {                                                                                             \
    LWIP_UNUSED_ARG(pcb);                                                                          \
  } while (0) /* needed by old versions of the API only */

/** The program has consumed `len` bytes: the window opens by as many. */
void tcp_recved(struct tcp_pcb *pcb, u16_t len);

/**
 * Bind to a local address and port.
 *
 * @param ipaddr  NULL or any: all of the pcb's family
 * @param port    0: one that is free
 * @return ERR_OK; ERR_VAL: not CLOSED or a wrong address; ERR_USE: taken; ERR_BUF: no free port
 */
err_t tcp_bind(struct tcp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port);
/** Use this interface alone; NULL: any. */
void tcp_bind_netif(struct tcp_pcb *pcb, const struct netif *netif);

/**
 * Connect. `connected` is called when that is done; failure goes to the error callback.
 *
 * @return ERR_OK: the SYN is on its way; ERR_VAL: wrong address or port; ERR_ISCONN: not CLOSED;
 *         ERR_RTE: no route; ERR_USE: the same connection exists; ERR_MEM, ERR_BUF
 */
err_t tcp_connect(struct tcp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port,
                  tcp_connected_fn connected);

/**
 * Make a bound pcb a listener: `pcb` is freed and a smaller one returned.
 *
 * @param backlog  how many connections may wait (TCP_LISTEN_BACKLOG)
 * @param err      ERR_OK; ERR_CLSD: not CLOSED; ERR_USE: somebody listens there; ERR_MEM; or NULL
 * @return NULL on error, `pcb` is then still the program's
 */
struct tcp_pcb *tcp_listen_with_backlog_and_err(struct tcp_pcb *pcb, u8_t backlog, err_t *err);
struct tcp_pcb *tcp_listen_with_backlog(struct tcp_pcb *pcb, u8_t backlog);
#define tcp_listen(pcb) tcp_listen_with_backlog(pcb, TCP_DEFAULT_LISTEN_BACKLOG)

/** Reset the connection; the error callback hears ERR_ABRT. */
void tcp_abort(struct tcp_pcb *pcb);

/**
 * Close: send what is queued, then FIN. The pcb is not the program's any more and calls nobody.
 * With received data that the program has not taken, the connection is reset (RFC 2525 2.17), also
 * when our side was shut down before.
 *
 * @return ERR_OK; ERR_MEM: try again later (from tcp_poll_fn)
 */
err_t tcp_close(struct tcp_pcb *pcb);

/** As tcp_close(); `rst_on_unacked_data` 0: unread data is no reason for a reset. */
err_t tcp_close_ext(struct tcp_pcb *pcb, u8_t rst_on_unacked_data);

/** Close one direction, or both, which is tcp_close(). @return ERR_OK, ERR_CONN: not connected */
err_t tcp_shutdown(struct tcp_pcb *pcb, int shut_rx, int shut_tx);

/**
 * Queue data to be sent; tcp_output() sends them at once, otherwise the end of the running callback
 * does, the next event or, in the end, a timer of 200 ms.
 *
 * @param dataptr   with TCP_WRITE_FLAG_COPY free to change after the call, else to be left alone
 *                  until acknowledged
 * @param apiflags  TCP_WRITE_FLAG_*
 * @return ERR_OK; ERR_MEM: more than tcp_sndbuf() or no memory, nothing was queued; ERR_CONN: not
 *         connected, or closed
 */
err_t tcp_write(struct tcp_pcb *pcb, const void *dataptr, u16_t len, u8_t apiflags);

/** TCP_PRIO_MIN to TCP_PRIO_MAX: who has to go when a new connection finds no pcb. */
void tcp_setprio(struct tcp_pcb *pcb, u8_t prio);

/** Send what is queued and may be sent. @return ERR_OK, also when nothing could be sent */
err_t tcp_output(struct tcp_pcb *pcb);

/** Our (`local`) or the peer's address and port; NULL members are skipped. ERR_VAL: no pcb */
err_t tcp_tcp_get_tcp_addrinfo(struct tcp_pcb *pcb, int local, ip_addr_t *addr, u16_t *port);
#define tcp_get_tcp_addrinfo tcp_tcp_get_tcp_addrinfo

#define tcp_dbg_get_tcp_state(pcb) ((pcb)->state)

#if LWIP_TCP_PCB_NUM_EXT_ARGS
/** A slot of ext_args for one module; never given back. */
u8_t tcp_ext_arg_alloc_id(void);
void tcp_ext_arg_set_callbacks(struct tcp_pcb *pcb, u8_t id,
                               const struct tcp_ext_arg_callbacks *const callbacks);
void tcp_ext_arg_set(struct tcp_pcb *pcb, u8_t id, void *arg);
void *tcp_ext_arg_get(const struct tcp_pcb *pcb, u8_t id);
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_TCP_H */
