/**
 * @file
 * IPv4 fragments: reassembly of received ones (RFC 791, RFC 815) and fragmentation of packets that
 * are longer than the MTU.
 */
#ifndef LWIP_HDR_IP_FRAG_H
#define LWIP_HDR_IP_FRAG_H

#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/pbuf.h"
#include "lwip/netif.h"
#include "lwip/ip_addr.h"
#include "lwip/ip.h"
#include "lwip/priv/reass_data.h"

#if LWIP_IPV4

#ifdef __cplusplus
extern "C" {
#endif

#if IP_REASSEMBLY

/** Milliseconds in the unit of IP_REASS_MAXAGE. */
#define IP_TMR_INTERVAL 1000

/** Kept for lwIP's sake: the module starts by itself. */
#define ip_reass_init()

/** Expire what is due now. Kept for lwIP's sake: a timer runs while datagrams are incomplete. */
void ip_reass_tmr(void);

/**
 * Take in one fragment. Core lock held.
 *
 * @param p  starts at the IP header; taken over
 * @return the complete datagram, with the first fragment's header corrected, when this was the
 *         missing piece; else NULL
 */
struct pbuf *ip4_reass(struct pbuf *p);

#endif /* IP_REASSEMBLY */

#if IP_FRAG

/**
 * Send a packet in fragments that fit netif->mtu. Core lock held.
 *
 * @param p     starts at a complete IP header, which may itself be a fragment's; stays the caller's
 * @param dest  next hop, as for netif->output()
 * @return ERR_OK; ERR_IF: "don't fragment" is set; ERR_VAL: no MTU, or one with no room for the
 *         header and 8 bytes; ERR_MEM: at most a part was sent; or what the netif says
 */
err_t ip4_frag(struct pbuf *p, struct netif *netif, const ip4_addr_t *dest);

#endif /* IP_FRAG */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV4 */

#endif /* LWIP_HDR_IP_FRAG_H */
