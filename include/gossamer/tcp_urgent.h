/**
 * @file
 * Urgent data of TCP (LWIP_TCP_URGENT; RFC 9293 3.8.5): a mark in the stream, up to which it is
 * urgent. The data themselves stay in the stream ("in line"). For protocols that have always used
 * it, such as Telnet; new ones should not (RFC 6093 5).
 */
#ifndef GOSSAMER_TCP_URGENT_H
#define GOSSAMER_TCP_URGENT_H

#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_TCP_URGENT
/** There is urgent data, or the mark has moved on: see tcp_urgent_ahead(). */
typedef void (*tcp_urgent_fn)(void *arg, struct tcp_pcb *pcb);

/** Have `urgent` called with tcp_arg(); NULL: nobody. With the core lock held. */
void tcp_urgent(struct tcp_pcb *pcb, tcp_urgent_fn urgent);

/**
 * How much of what the program has not been given yet is urgent. With the core lock held.
 *
 * @return bytes up to the end of the urgent data; 0: nothing ahead is urgent
 */
u32_t tcp_urgent_ahead(struct tcp_pcb *pcb);

/**
 * All that has been written so far and is not acknowledged is urgent: say so with each segment
 * until it is, and at once, whether or not the peer's window is open. With the core lock held.
 *
 * @return ERR_OK; ERR_CONN: not connected, or closed for sending; ERR_VAL: nothing is on its way
 */
err_t tcp_urgent_send(struct tcp_pcb *pcb);
#endif

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_URGENT_H */
