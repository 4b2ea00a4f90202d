/**
 * @file
 * IPv6 on Ethernet.
 */
#ifndef LWIP_HDR_ETHIP6_H
#define LWIP_HDR_ETHIP6_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/ip6.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"

#if LWIP_IPV6 && LWIP_ETHERNET

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Send an IPv6 packet on Ethernet: what a driver's init function puts into netif->output_ip6.
 * Groups go to the Ethernet group that belongs to them (RFC 2464 7), everything else to the
 * neighbour that Neighbor Discovery names; until its address is known, the packet waits.
 *
 * @param q        starts at its IPv6 header; stays the caller's
 * @param ip6addr  destination, or the gateway of its route
 * @return ERR_OK, also when the packet waits; ERR_RTE: no way there; ERR_MEM; what the driver says.
 *         With LWIP_ND6 0 there are no neighbours, so unicast always gets ERR_RTE
 */
err_t ethip6_output(struct netif *netif, struct pbuf *q, const ip6_addr_t *ip6addr);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV6 && LWIP_ETHERNET */

#endif /* LWIP_HDR_ETHIP6_H */
