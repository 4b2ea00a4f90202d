/**
 * @file
 * ICMP for IPv4: what programs may call. Echo requests are answered by the stack itself; errors
 * that arrive go to the pcbs that caused them (gossamer/udp_err.h, raw.h).
 *
 * All functions: core lock held.
 */
#ifndef LWIP_HDR_ICMP_H
#define LWIP_HDR_ICMP_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/prot/icmp.h"

#if LWIP_IPV6 && LWIP_ICMP6
#include "lwip/icmp6.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Codes of "destination unreachable" (RFC 792). */
enum icmp_dur_type {
  ICMP_DUR_NET = 0,   /* no route to the network */
  ICMP_DUR_HOST = 1,  /* the host does not answer */
  ICMP_DUR_PROTO = 2, /* nobody handles the protocol */
  ICMP_DUR_PORT = 3,  /* nobody listens at the port */
  ICMP_DUR_FRAG = 4,  /* too big, and DF is set */
  ICMP_DUR_SR = 5     /* the source route failed */
};

/** Codes of "time exceeded" (RFC 792). */
enum icmp_te_type {
  ICMP_TE_TTL = 0, /* the time to live ended in transit */
  ICMP_TE_FRAG = 1 /* fragments were missing for too long */
};

#if LWIP_IPV4 && LWIP_ICMP

/**
 * Process the ICMP message at `p->payload`, which is the one that is being received: addresses and
 * interface are ip_current()'s. Takes `p`. IP input calls it by itself.
 */
void icmp_input(struct pbuf *p, struct netif *inp);

/**
 * Tell the sender of the packet being received that it cannot be delivered. For callbacks that run
 * during input processing; outside of it nothing is sent.
 *
 * Nothing is sent either where RFC 1122 3.2.2 forbids it (about broadcasts, groups, errors, later
 * fragments) or beyond LWIP_ICMP_RATE_LIMIT.
 *
 * @param p  the packet; `p->payload` anywhere at or behind its IP header. Stays the caller's
 */
void icmp_dest_unreach(struct pbuf *p, enum icmp_dur_type t);

/** As icmp_dest_unreach(): its time ended. */
void icmp_time_exceeded(struct pbuf *p, enum icmp_te_type t);

#endif /* LWIP_IPV4 && LWIP_ICMP */

/* Say "port unreachable" in the packet's family; nothing where that family's ICMP is off. */
#if LWIP_IPV4 && LWIP_ICMP && LWIP_IPV6 && LWIP_ICMP6
#define icmp_port_unreach(isipv6, pbuf)                                                            \
  ((isipv6) ? icmp6_dest_unreach(pbuf, ICMP6_DUR_PORT) : icmp_dest_unreach(pbuf, ICMP_DUR_PORT))
#elif LWIP_IPV4 && LWIP_ICMP
#define icmp_port_unreach(isipv6, pbuf)                                                            \
  do {                                                                                             \
    if (!(isipv6)) {                                                                               \
      icmp_dest_unreach(pbuf, ICMP_DUR_PORT);                                                      \
    }                                                                                              \
  } while (0)
#elif LWIP_IPV6 && LWIP_ICMP6
#define icmp_port_unreach(isipv6, pbuf)                                                            \
  do {                                                                                             \
    if (isipv6) {                                                                                  \
      icmp6_dest_unreach(pbuf, ICMP6_DUR_PORT);                                                    \
    }                                                                                              \
  } while (0)
#else
#define icmp_port_unreach(isipv6, pbuf)                                                            \
  do {                                                                                             \
  } while (0)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_ICMP_H */
