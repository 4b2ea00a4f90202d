/**
 * @file
 * What TCP knows about its connections, for programs and dashboards: one of them in detail, and all
 * of an instance as a list.
 *
 * Core lock held. Nothing here changes anything.
 */
#ifndef GOSSAMER_TCP_INFO_H
#define GOSSAMER_TCP_INFO_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"
#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* struct tcp_connection_info.options: what both ends have agreed on. */
#define TCP_INFO_TIMESTAMPS   0x01U /* RFC 7323 */
#define TCP_INFO_SACK         0x02U /* RFC 2018 */
#define TCP_INFO_WINDOW_SCALE 0x04U /* RFC 7323; see snd_shift, rcv_shift */
#define TCP_INFO_ECN          0x08U /* RFC 3168 */

/** What the last events on the path were. */
enum tcp_info_phase {
  TCP_INFO_OPEN,     /* nothing special */
  TCP_INFO_RECOVERY, /* fast recovery (RFC 6675) */
  TCP_INFO_LOSS      /* after a retransmission timeout */
};

/** ssthresh of a connection whose first slow start has not ended. */
#define TCP_INFO_NO_SSTHRESH 0xffffffffUL

/** Times in microseconds and milliseconds by their names, everything else in bytes, but for what
    says otherwise. What a build cannot know is 0. */
struct tcp_connection_info {
  enum tcp_state state;
  bool is_closed; /* the program has let go of it */
  u8_t options;   /* TCP_INFO_* */
  u8_t snd_shift; /* of the peer's windows */
  u8_t rcv_shift; /* of ours */

  /* Time */
  u32_t srtt_us;   /* smoothed round-trip time (RFC 6298); 0: not measured yet */
  u32_t rttvar_us; /* its mean deviation */
  u32_t min_rtt_us;
  u32_t rto_ms;        /* retransmission timeout, backed off as it is now */
  u32_t last_sent_ms;  /* since data were sent last */
  u32_t last_heard_ms; /* since the peer was heard of last */

  /* Congestion */
  const char *congestion_control; /* never NULL */
  enum tcp_info_phase phase;
  u32_t cwnd;
  u32_t ssthresh; /* TCP_INFO_NO_SSTHRESH: none */
  /* Bytes per second that are being sent, paced as they are by acknowledgements: so many arrive,
     but for losses. An estimate from what is in flight (transmission records, LWIP_TCP_SACK_IN;
     else from its amount and srtt_us); 0: nothing is. */
  u32_t delivery_rate;

  /* Sending */
  u32_t unsent;      /* queued by tcp_write(), not sent yet */
  u32_t unacked;     /* sent, not acknowledged cumulatively */
  u32_t in_flight;   /* of these, believed to be in the network (RFC 6675's pipe) */
  u32_t sacked;      /* of these, known to have arrived */
  u32_t lost;        /* of these, believed to be lost */
  u32_t retransmits; /* segments sent again since the connection began (LWIP_TCP_INFO) */
  u8_t timeouts_in_a_row;
  bool has_reordering; /* the path has been seen to reorder */
  u16_t snd_mss;       /* payload of a full segment now */
  u16_t pmtu;          /* of the path, as far as is known: longest IP packet */
  u32_t snd_wnd;       /* of the peer, from unacked data on */

  /* Receiving */
  u16_t rcv_mss;     /* payload of the peer's segments, the largest lately */
  u32_t rcv_wnd;     /* room for data from here on ... */
  u32_t rcv_limit;   /* what may be announced at most, by now (LWIP_TCP_RCV_AUTOTUNE) */
  u32_t rcv_ann_wnd; /* ... of which the peer has been told */
  u32_t rcv_queued;  /* in sequence, refused by the program */
};

/**
 * One connection in detail.
 *
 * @return ERR_OK; ERR_ARG: no pcb; ERR_CONN: it is a listener, which has no such thing
 */
err_t tcp_get_connection_info(const struct tcp_pcb *pcb, struct tcp_connection_info *info);

/** A line of the list. */
struct tcp_listed {
  enum tcp_state state;
  /* Addresses are "any" where none is known: the remote one of a listener, both of TIME-WAIT, of
     which only a hash is kept. */
  ip_addr_t local;
  ip_addr_t remote;
  u16_t local_port;
  u16_t remote_port;                     /* 0: none */
  const struct tcp_pcb *pcb;             /* of a connection; NULL: listener, half-open, TIME-WAIT */
  const struct tcp_pcb_listen *listener; /* of a listener, and of what is half-open there */
  u32_t left_ms;                         /* TIME-WAIT: until it ends */
};

/** @return false: enough */
typedef bool (*tcp_list_fn)(const struct tcp_listed *line, void *arg);

/**
 * All listeners, half-open connections (SYN_RCVD without a pcb, LWIP_TCP_SYNCACHE), connections and
 * TIME-WAITs of the current instance, in this order. `fn` must not make, end or change any.
 *
 * @return how many lines `fn` was given
 */
unsigned tcp_list_connections(tcp_list_fn fn, void *arg);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_INFO_H */
