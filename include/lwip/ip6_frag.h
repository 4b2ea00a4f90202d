/**
 * @file
 * IPv6 fragments (RFC 8200 4.5): reassembly of received ones, and fragmentation of packets that are
 * longer than the path MTU.
 */
#ifndef LWIP_HDR_IP6_FRAG_H
#define LWIP_HDR_IP6_FRAG_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/ip6_addr.h"
#include "lwip/ip6.h"
#include "lwip/netif.h"
#include "lwip/priv/reass_data.h"

#if LWIP_IPV6

#ifdef __cplusplus
extern "C" {
#endif

/** Milliseconds in the unit of IPV6_REASS_MAXAGE. */
#define IP6_REASS_TMR_INTERVAL 1000

/** lwIP asks this where pointers are longer than 4 bytes; nothing depends on it here. */
#ifndef IPV6_FRAG_COPYHEADER
#define IPV6_FRAG_COPYHEADER 0
#endif

/** IPv4 and IPv6 datagrams are kept in one list, by one accounting. */
#define ip6_reassdata ip_reassdata

/** Source and destination of a datagram being reassembled. */
#define IPV6_FRAG_SRC(ipr)  (*ip_2_ip6(&(ipr)->src))
#define IPV6_FRAG_DEST(ipr) (*ip_2_ip6(&(ipr)->dest))

/** Kept for lwIP's sake: the module starts by itself. */
#define ip6_reass_init()

/** Expire what is due now. Kept for lwIP's sake: a timer runs while datagrams are incomplete. */
void ip6_reass_tmr(void);

/**
 * Take in one fragment of the packet being received (ip_current()). With LWIP_IPV6_REASS 0 all but
 * atomic ones are dropped. IPv6 input calls the like by
 * itself. Core lock held.
 *
 * @param p  starts at the fragment header, in one buffer with all in front of it; taken over
 * @return the datagram from its IPv6 header on, without the fragment header, when this was the
 *         missing piece; else NULL
 */
struct pbuf *ip6_reass(struct pbuf *p);

#if LWIP_IPV6_FRAG

/**
 * Send a packet in fragments that fit the path MTU to its destination, 1280 bytes at least. Core
 * lock held.
 *
 * @param p     starts at a complete IPv6 header; stays the caller's. Its extension headers up to
 *              the last routing or hop-by-hop header go into every fragment
 * @param dest  destination
 * @return ERR_OK; ERR_VAL: no room for the headers and 8 bytes; ERR_MEM: at most a part was sent;
 *         or what the netif says
 */
err_t ip6_frag(struct pbuf *p, struct netif *netif, const ip6_addr_t *dest);

#endif /* LWIP_IPV6_FRAG */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV6 */

#endif /* LWIP_HDR_IP6_FRAG_H */
