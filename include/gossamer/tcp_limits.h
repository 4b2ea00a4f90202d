/**
 * @file
 * What a program may bound of a TCP connection: the size of segments, the window that the peer may
 * fill, and how long acknowledgements wait. Where the bounds are kept: LWIP_TCP_LIMITS.
 *
 * All with the core lock held; on a listener they are what its connections begin with.
 */
#ifndef GOSSAMER_TCP_LIMITS_H
#define GOSSAMER_TCP_LIMITS_H

#include <stdbool.h>
#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_TCP_LIMITS
/** Smallest bound of segments. */
#define TCP_MAX_SEGMENT_MIN 88

/**
 * Payload of segments, options not counted: what we send at most. Before the connection is opened
 * it is also what we tell the peer to send at most (RFC 9293 3.7.1). It cannot be raised again.
 *
 * @return ERR_OK; ERR_VAL: less than TCP_MAX_SEGMENT_MIN
 */
err_t tcp_set_max_segment(struct tcp_pcb *pcb, u16_t mss);
/** What a segment carries at most now; before the connection stands, what was set, or TCP_MSS. */
u16_t tcp_get_max_segment(const struct tcp_pcb *pcb);

/**
 * Bytes that the peer may send beyond what the program has consumed, up to TCP_WND. From then on
 * the window does not adapt any more. What was promised stays promised: a window that is larger
 * already shrinks as it is filled (RFC 9293 3.8.6). Rounded up to what the window's scale can say.
 */
void tcp_set_receive_limit(struct tcp_pcb *pcb, u32_t len);
/** Has it been set? */
bool tcp_has_receive_limit(const struct tcp_pcb *pcb);
#endif

/**
 * 1: the next acknowledgements are not delayed, and one that is owed goes out now; 0: delay them
 * (RFC 9293 3.8.6.3). Not for good: whether data come in order decides again later. Nothing on a
 * listener.
 */
void tcp_set_quick_ack(struct tcp_pcb *pcb, bool is_quick);
bool tcp_is_quick_ack(const struct tcp_pcb *pcb);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_LIMITS_H */
