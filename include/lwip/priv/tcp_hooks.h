/**
 * @file
 * TCP's hooks and switched-off parts as functions: what happens where lwipopts.h defines none.
 */
#ifndef LWIP_HDR_PRIV_TCP_HOOKS_H
#define LWIP_HDR_PRIV_TCP_HOOKS_H

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

#endif /* LWIP_HDR_PRIV_TCP_HOOKS_H */
