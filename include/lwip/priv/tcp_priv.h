/**
 * @file
 * TCP's own types that debuggers and ports look at: lists, records. Not for programs.
 */
#ifndef LWIP_HDR_TCP_PRIV_H
#define LWIP_HDR_TCP_PRIV_H

#include "lwip/opt.h"
#include "lwip/tcp.h"
#include "gossamer/state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Maximum segment lifetime in ms; TIME-WAIT lasts twice as long. */
#ifndef TCP_MSL
#define TCP_MSL 60000UL
#endif
/** How long a connection that the program has closed waits for the peer's FIN, in ms. */
#ifndef TCP_FIN_WAIT_TIMEOUT
#define TCP_FIN_WAIT_TIMEOUT 20000
#endif
/** How long a half-open connection waits, in ms. */
#ifndef TCP_SYN_RCVD_TIMEOUT
#define TCP_SYN_RCVD_TIMEOUT 20000
#endif
/** Has no effect here. lwIP throws away data behind a hole that are older than so many
    retransmission timeouts. Ours are bounded by memory, not by time: see TCP_OOSEQ_MAX_BYTES and
    TCP_OOSEQ_MAX_PBUFS, and all of them go when PBUF_POOL runs out; the peer, whose
    retransmissions decide how long a hole lasts, need not send them a second time. */
#ifndef TCP_OOSEQ_TIMEOUT
#define TCP_OOSEQ_TIMEOUT 6U
#endif
/** lwIP's unit of time; here nothing ticks. */
#define TCP_TMR_INTERVAL  250
#define TCP_FAST_INTERVAL TCP_TMR_INTERVAL
#define TCP_SLOW_INTERVAL (2 * TCP_TMR_INTERVAL)

#ifndef TCP_KEEPIDLE_DEFAULT
#define TCP_KEEPIDLE_DEFAULT 7200000UL
#endif
#ifndef TCP_KEEPINTVL_DEFAULT
#define TCP_KEEPINTVL_DEFAULT 75000UL
#endif
#ifndef TCP_KEEPCNT_DEFAULT
#define TCP_KEEPCNT_DEFAULT 9U
#endif

#define TCP_SEQ_LT(a, b)         ((s32_t)((u32_t)(a) - (u32_t)(b)) < 0)
#define TCP_SEQ_LEQ(a, b)        ((s32_t)((u32_t)(a) - (u32_t)(b)) <= 0)
#define TCP_SEQ_GT(a, b)         TCP_SEQ_LT(b, a)
#define TCP_SEQ_GEQ(a, b)        TCP_SEQ_LEQ(b, a)
#define TCP_SEQ_BETWEEN(a, b, c) (TCP_SEQ_GEQ(a, b) && TCP_SEQ_LEQ(a, c))

/** A segment that came out of order (MEMP_TCP_SEG). */
struct tcp_seg {
  struct tcp_seg *next; /* sequence numbers ascend and do not overlap */
  struct pbuf *p;       /* NULL: a FIN alone */
  u32_t seq;
  u32_t len;
  u16_t serial; /* later ones have come later; wraps */
  u8_t flags;   /* TCP_FIN, TCP_PSH */
};

/** A stretch of sequence numbers that was sent at one time (MEMP_TCP_XMIT). */
struct tcp_xmit {
  struct tcp_xmit *next;      /* a ring; numbers ascend, without gaps from snd_una to snd_nxt */
  struct tcp_xmit *sent_next; /* in the order of time_us; NULL: the last */
  struct tcp_xmit *sent_prev; /* of the first: the last; NULL: not in that list */
  u32_t seq;
  u32_t end;
  u32_t time_us; /* when it was sent last */
  u16_t count;   /* segments that it stands for */
  u8_t flags;    /* TCP_XMIT_* */
};

/** What was before a reduction of cwnd that may turn out to be needless (MEMP_TCP_XMIT, too). */
struct tcp_undo {
  u32_t una; /* snd_una then */
  u32_t cwnd;
  u32_t ssthresh;
  u32_t retrans;     /* bytes sent again that no D-SACK has called needless yet */
  u32_t rtx_time_us; /* when the first of them was sent; 0: nothing was */
};

/** A connection in TIME-WAIT (MEMP_TCP_TW). Told from others by a keyed 64-bit hash. */
struct tcp_tw {
  struct tcp_tw *next; /* the next to end */
  struct tcp_tw *prev;
#if TCP_HASH_SIZE > 1
  struct tcp_tw *hash_next;
#endif
  u32_t due_ms;
  u32_t hash[2]; /* of both addresses and ports */
  u32_t snd_nxt;
  u32_t rcv_nxt;
  u32_t ts_recent;
  u32_t ts_offset;
  u16_t local_port;
  u16_t remote_port;
  u16_t wnd; /* as announced, not scaled */
  u8_t has_timestamps : 1;
  u8_t answers : 7; /* acknowledgements sent for it */
};

/** A piece of the send queue behind a header (MEMP_TCP_SLICE); holds a reference to its pbuf. */
struct tcp_slice {
  struct pbuf_custom pc;
  struct pbuf *origin;
};

union tcp_listen_pcbs_t {
  struct tcp_pcb_listen *listen_pcbs;
  struct tcp_pcb *pcbs;
};

STACK_GLOBAL_DECLARE(struct tcp_pcb *, tcp_bound_pcbs);
STACK_GLOBAL_DECLARE(union tcp_listen_pcbs_t, tcp_listen_pcbs);
STACK_GLOBAL_DECLARE(struct tcp_pcb *, tcp_active_pcbs);
/** Bound to a port, neither connected nor listening; and closed ones that nobody has bound. */
#define tcp_bound_pcbs  STACK_GLOBAL(struct tcp_pcb *, tcp_bound_pcbs)
#define tcp_listen_pcbs STACK_GLOBAL(union tcp_listen_pcbs_t, tcp_listen_pcbs)
#define tcp_active_pcbs STACK_GLOBAL(struct tcp_pcb *, tcp_active_pcbs)

/** None: a connection in TIME-WAIT is no pcb here, but a record (gossamer/tcp_info.h lists them).
 */
#define tcp_tw_pcbs ((struct tcp_pcb *)NULL)
/** Where the lists begin, for who looks through all of them. */
#define NUM_TCP_PCB_LISTS 4
#define tcp_pcb_lists                                                                              \
  ((struct tcp_pcb **const[NUM_TCP_PCB_LISTS]){&tcp_listen_pcbs.pcbs, &tcp_bound_pcbs,             \
                                               &tcp_active_pcbs, &(struct tcp_pcb *){NULL}})

/** Prints a tcpwnd_size_t. */
#if LWIP_WND_SCALE
#define TCPWNDSIZE_F U32_F
#else
#define TCPWNDSIZE_F U16_F
#endif

/* Options: kinds and lengths (RFC 9293 3.2, RFC 7323, RFC 2018). */
#define LWIP_TCP_OPT_EOL           0
#define LWIP_TCP_OPT_NOP           1
#define LWIP_TCP_OPT_MSS           2
#define LWIP_TCP_OPT_WS            3
#define LWIP_TCP_OPT_SACK_PERM     4
#define LWIP_TCP_OPT_TS            8
#define LWIP_TCP_OPT_LEN_MSS       4
#define LWIP_TCP_OPT_LEN_WS        3
#define LWIP_TCP_OPT_LEN_SACK_PERM 2
#define LWIP_TCP_OPT_LEN_TS        10

/** lwIP's periodic functions: nothing is left to do for them. */
#define tcp_tmr()
#define tcp_slowtmr()
#define tcp_fasttmr()

/** As tcp_rx() for code that calls lwIP's name; uses ip_current(). */
void tcp_input(struct pbuf *p, struct netif *inp);

/** Abort with (`reset`) or without telling the peer. */
void tcp_abandon(struct tcp_pcb *pcb, int reset);

/** Send a reset that belongs to no connection. */
void tcp_rst(const struct tcp_pcb *pcb, u32_t seqno, u32_t ackno, const ip_addr_t *local_ip,
             const ip_addr_t *remote_ip, u16_t local_port, u16_t remote_port);

/** The initial sequence number for this connection now. */
u32_t tcp_next_iss(struct tcp_pcb *pcb);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_TCP_PRIV_H */
