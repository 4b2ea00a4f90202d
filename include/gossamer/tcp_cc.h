/**
 * @file
 * Which congestion control a connection uses: "cubic" (RFC 9438; LWIP_TCP_CUBIC), "newreno" (RFC
 * 5681) or, to compare with, "reno" (LWIP_TCP_RENO): newreno whose connections begin without
 * selective acknowledgements, and whose fast recovery ends with the first new acknowledgement (RFC
 * 5681 3.2 without RFC 6582). New connections have the first of this build, those of a listener the
 * listener's.
 *
 * Core lock held.
 */
#ifndef GOSSAMER_TCP_CC_H
#define GOSSAMER_TCP_CC_H

#include "lwip/err.h"
#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Choose, at any time; "reno" before the connection begins, or it keeps its selective
 * acknowledgements.
 *
 * @return ERR_OK; ERR_VAL: no such algorithm in this build
 */
err_t tcp_set_congestion_control(struct tcp_pcb *pcb, const char *name);

/** What is in use. Never NULL. */
const char *tcp_get_congestion_control(const struct tcp_pcb *pcb);

/** Name number `i` of those in this build, the default first; NULL: no more. */
const char *tcp_congestion_control_name(unsigned i);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_CC_H */
