/**
 * @file
 * TCP's hooks and switched-off parts as functions: what happens where lwipopts.h defines none.
 */
#ifndef LWIP_HDR_PRIV_TCP_HOOKS_H
#define LWIP_HDR_PRIV_TCP_HOOKS_H

#include <stdbool.h>
#include "lwip/nd6.h"
#include "lwip/tcp.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

/** The peer answers, so its neighbour entry is good (RFC 4861 7.3.1). */
static inline void tcp_hint_reachable(const ip_addr_t *remote)
{
#if LWIP_IPV6 && LWIP_ND6_TCP_REACHABILITY_HINTS
  if (IP_IS_V6(remote)) {
    nd6_reachability_hint(ip_2_ip6(remote));
  }
#else
  LWIP_UNUSED_ARG(remote);
#endif
}

#if LWIP_TCP_SACK_IN
bool tcp_xmit_reserve(struct tcp_pcb *pcb);
void tcp_xmit_free(struct tcp_pcb *pcb);
/** `with` for connections that agreed on selective acknowledgements, else `without`. */
#define TCP_OPS_WITHSACK(pcb, with, without) (((pcb)->flags & TF_SACK) ? (with) : (without))
#else
#define TCP_OPS_WITHSACK(pcb, with, without) ((void)(pcb), (without))
#endif

/** Is there memory to note what is sent next? */
static inline bool tcp_fields_reserve(struct tcp_pcb *pcb)
{
#if LWIP_TCP_SACK_IN
  return !(pcb->flags & TF_SACK) || tcp_xmit_reserve(pcb);
#else
  LWIP_UNUSED_ARG(pcb);
  return true;
#endif
}

static inline void tcp_fields_free(struct tcp_pcb *pcb)
{
#if LWIP_TCP_SACK_IN
  tcp_xmit_free(pcb);
#else
  LWIP_UNUSED_ARG(pcb);
#endif
}

#endif /* LWIP_HDR_PRIV_TCP_HOOKS_H */
