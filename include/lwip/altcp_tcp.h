/** @file The lowest layer of altcp: TCP itself (lwip/altcp.h). */
#ifndef LWIP_HDR_ALTCP_TCP_H
#define LWIP_HDR_ALTCP_TCP_H

#include "lwip/opt.h"
#include "lwip/altcp.h"

#if LWIP_ALTCP

#ifdef __cplusplus
extern "C" {
#endif

struct tcp_pcb;

/** A connection over TCP, for IPADDR_TYPE_V4, _V6 or _ANY. @return NULL: no memory */
struct altcp_pcb *altcp_tcp_new_ip_type(u8_t ip_type);
#define altcp_tcp_new()     altcp_tcp_new_ip_type(IPADDR_TYPE_V4)
#define altcp_tcp_new_ip6() altcp_tcp_new_ip_type(IPADDR_TYPE_V6)

/** The same as an altcp_new_fn; `arg` is ignored. */
struct altcp_pcb *altcp_tcp_alloc(void *arg, u8_t ip_type);

/**
 * A connection over a TCP pcb that exists already, which becomes altcp's: its argument and its
 * callbacks are replaced. @return NULL: no memory (or no pcb); `tpcb` is then still the caller's
 */
struct altcp_pcb *altcp_tcp_wrap(struct tcp_pcb *tpcb);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_ALTCP */

#endif /* LWIP_HDR_ALTCP_TCP_H */
