/**
 * @file
 * Passive open in parts: listener, half-open connections, cookies.
 */
#ifndef TRANSPORT_TCP_TCP_SYNCACHE_PRIV_H
#define TRANSPORT_TCP_TCP_SYNCACHE_PRIV_H

#include "lwip/priv/tcp_syncache_fields.h"
#include "transport/tcp/tcp_priv.h"

/* --- tcp_listen.c --- */

/** `pcb` becomes a half-open connection for a SYN that begins with `iss`. */
void tcp_listen_open(struct tcp_pcb *pcb, struct tcp_pcb_listen *lpcb,
                     const struct tcp_rx_segment *seg, u32_t iss);
/** There was no memory: the program hears it, the segment is dropped. `lpcb` may be NULL. */
void tcp_listen_refuse(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg);

/* --- half-open connections (tcp_syncache.c, LWIP_TCP_SYNCACHE) --- */

/** A segment of one of the listener's half-open connections. @return false: it is of none */
bool tcp_syncache_segment(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg);
/** A SYN: begin one, and answer it. */
void tcp_syncache_syn(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg);
/** All that are left are reset. */
void tcp_syncache_free(struct tcp_pcb_listen *lpcb);
/** An ICMP error quotes this SYN-ACK. @return false: it is none of ours */
bool tcp_syncache_error(const struct ip_error *e, u16_t local_port, u16_t remote_port, u32_t seq);
/** Answer the SYN that `h` is about. */
void tcp_syncache_answer(struct tcp_pcb_listen *lpcb, const struct tcp_half_open *h, u32_t tsval);
/** Take from a SYN what has to be remembered. */
void tcp_syncache_fill(struct tcp_half_open *h, const struct tcp_rx_segment *seg);
/** ... and forget what the listener does not agree to. */
void tcp_syncache_agree(struct tcp_half_open *h, const struct tcp_pcb_listen *lpcb);
/** A place in the backlog for a client that has proved itself. @return false: there is none */
bool tcp_syncache_make_room(struct tcp_pcb_listen *lpcb);
/** `seg` completes the handshake of `h`, which is not on a list: now there is a pcb.
    @param pcb  fresh */
void tcp_syncache_complete(struct tcp_pcb_listen *lpcb, const struct tcp_half_open *h,
                           struct tcp_pcb *pcb, struct tcp_rx_segment *seg);

/* --- cookies (tcp_cookie.c, LWIP_TCP_SYN_COOKIES) --- */

/** Answer a SYN and forget it. */
void tcp_cookie_syn(struct tcp_pcb_listen *lpcb, const struct tcp_rx_segment *seg);
/** Does the segment acknowledge a cookie? Then it is done with. */
bool tcp_cookie_segment(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg);

#endif /* TRANSPORT_TCP_TCP_SYNCACHE_PRIV_H */
