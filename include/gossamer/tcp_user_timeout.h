/**
 * @file
 * How long a connection waits for its peer before it is given up (LWIP_TCP_USER_TIMEOUT; RFC 9293
 * 3.8.3, 3.10.8), and what the peers tell each other about that (RFC 5482).
 *
 * Without a user timeout a connection is given up after TCP_MAXRTX tries (TCP_SYNMAXRTX for a SYN),
 * and a peer that goes on answering with a closed window never is. With one, time counts alone: how
 * long data or a FIN wait without any progress, be it that nothing is acknowledged, be it that the
 * peer's window is closed. An attempt to connect ends by time or tries, whichever comes first. A
 * connection that probes an idle peer (SOF_KEEPALIVE) gives it up when it has not been heard of for
 * that time, and been probed at least once; the number of probes does not matter then. The error
 * callback hears ERR_ABRT, or ERR_RTE if routers have said that the peer cannot be reached.
 *
 * With the core lock held.
 */
#ifndef GOSSAMER_TCP_USER_TIMEOUT_H
#define GOSSAMER_TCP_USER_TIMEOUT_H

#include <stdbool.h>
#include "lwip/err.h"
#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_TCP_USER_TIMEOUT

/**
 * Set the user timeout, at any time. From now on the peer cannot change it. Of a listener: what its
 * connections begin with.
 *
 * @param timeout_ms  0: none, TCP_MAXRTX tries. What sockets know as TCP_USER_TIMEOUT
 */
void tcp_set_user_timeout(struct tcp_pcb *pcb, u32_t timeout_ms);

/** What applies now, in milliseconds: what was set, or what followed from the peer's option; 0:
    none. */
u32_t tcp_get_user_timeout(const struct tcp_pcb *pcb);

/**
 * Use the User Timeout option of RFC 5482: tell the peer a time, and hear what it tells. It is sent
 * with our SYN, with the first segment behind the handshake, and when the time changes. Of a
 * listener: what its connections begin with; it is in its SYN-ACKs, too.
 *
 * @param timeout_s      seconds to tell, at most 32767 * 60, beyond 32767 in whole minutes; 0: do
 *                       not use the option (what is so at first)
 * @param is_changeable  the peer's option changes our user timeout: to the longer of both times,
 *                       between LWIP_TCP_UTO_MIN_MS and LWIP_TCP_UTO_MAX_MS
 * @return ERR_OK; ERR_VAL: too long
 */
err_t tcp_advertise_user_timeout(struct tcp_pcb *pcb, u32_t timeout_s, bool is_changeable);

/** What the peer has told last, in seconds; 0: nothing. Also when it changes nothing here. */
u32_t tcp_get_peer_user_timeout(const struct tcp_pcb *pcb);

#endif

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_USER_TIMEOUT_H */
