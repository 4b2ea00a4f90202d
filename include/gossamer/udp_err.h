/**
 * @file
 * ICMP errors about datagrams that a UDP endpoint sent (RFC 1122 4.1.3.3: the application must be
 * told). Needs LWIP_UDP_ERRORS.
 */
#ifndef GOSSAMER_UDP_ERR_H
#define GOSSAMER_UDP_ERR_H

#include "lwip/opt.h"
#include "lwip/err.h"

#ifdef __cplusplus
extern "C" {
#endif

struct udp_pcb;
struct ip_error;

/**
 * An ICMP error about a datagram of `pcb` has come. The callback may close `pcb`.
 *
 * Only plausible errors come here: a connected pcb hears of its peer alone, another pcb of the
 * destination that it sent to last. An attacker who knows both could still forge one (RFC 5927):
 * treat it as a hint.
 *
 * @param arg  what udp_recv() was given
 * @param err  ERR_CONN: nobody listens at that port or protocol (ECONNREFUSED in BSD's terms);
 *             ERR_RTE: net or host is unreachable, refused, or the packet died on its way;
 *             ERR_VAL: packet too big for the path, or a parameter problem
 * @param e    the error, valid during the call
 */
typedef void (*udp_err_fn)(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e);

/** Set the callback for ICMP errors; NULL: none. lwip/udp.h has it when LWIP_UDP_ERRORS is 1. */
static inline void udp_err(struct udp_pcb *pcb, udp_err_fn err);

#if !LWIP_UDP_ERRORS
static inline void udp_err(struct udp_pcb *pcb, udp_err_fn err)
{
  (void)pcb;
  (void)err;
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_UDP_ERR_H */
