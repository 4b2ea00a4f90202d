/**
 * @file
 * IPv4: routing, output and the entry point of received packets.
 *
 * All functions run with the core lock held. Addresses are in network order, as ip4_addr_t is.
 * Beyond lwIP: routes with prefixes and gateways (gossamer/route.h), several addresses per netif
 * (gossamer/netif_addr.h), path MTU discovery (gossamer/pmtu.h).
 */
#ifndef LWIP_HDR_IP4_H
#define LWIP_HDR_IP4_H

#include "lwip/opt.h"

#if LWIP_IPV4

#include "lwip/def.h"
#include "lwip/pbuf.h"
#include "lwip/ip4_addr.h"
#include "lwip/err.h"
#include "lwip/netif.h"
#include "lwip/prot/ip4.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 1: a packet's source address takes part in routing, so ip4_route_src() is more than a name. */
#if defined(LWIP_HOOK_IP4_ROUTE_SRC) || !LWIP_SINGLE_NETIF
#define LWIP_IPV4_SRC_ROUTING 1
#else
#define LWIP_IPV4_SRC_ROUTING 0
#endif

/** 1: packets can be sent with IP options; IGMP needs router alert. */
#define IP_OPTIONS_SEND (LWIP_IPV4 && LWIP_IGMP)

/** Kept for lwIP's sake: modules start by themselves. */
#define ip_init()

/**
 * Where a packet to `dest` leaves. In this order: the netif that owns `dest`, the multicast default
 * for groups, the longest prefix among the netifs' subnets and the routes of gossamer/route.h, the
 * peer of a point-to-point netif, LWIP_HOOK_IP4_ROUTE_SRC (with a NULL source) or
 * LWIP_HOOK_IP4_ROUTE, netif_default. Only netifs that are up, with a link and an address count.
 *
 * @return the netif, or NULL: no route
 */
struct netif *ip4_route(const ip4_addr_t *dest);

#if LWIP_IPV4_SRC_ROUTING
/**
 * The same for a packet whose source is chosen already: where `dest` has no subnet or route of its
 * own, the netif that owns `src` is preferred to netif_default, so that every uplink carries the
 * packets of its own address. With ESP_IP4_ROUTE 1 the netif that owns `src` wins over everything
 * but LWIP_HOOK_IP4_ROUTE_SRC.
 *
 * @param src  NULL or "any": as ip4_route()
 */
struct netif *ip4_route_src(const ip4_addr_t *src, const ip4_addr_t *dest);
#else
#define ip4_route_src(src, dest) ip4_route(dest)
#endif

/**
 * A packet came in.
 *
 * @param p    starts at the IP header; taken over
 * @param inp  the netif it came in by
 * @return ERR_OK always: what is wrong with packets is told by drop reasons (gossamer/drop.h)
 */
err_t ip4_input(struct pbuf *p, struct netif *inp);

/**
 * Route and send a packet. This puts the IP header in front of `p` and leaves it there.
 *
 * A packet longer than the path's MTU is fragmented (IP_FRAG); others go with "don't fragment" set
 * while path MTU discovery is on, except to groups and broadcast addresses (RFC 1191 3).
 *
 * @param p     payload with room for the header in front, p->ref 1; stays the caller's
 * @param src   NULL or "any": our address nearest to `dest`
 * @param dest  LWIP_IP_HDRINCL: `p` starts with a complete IP header, which is sent as it is
 * @return ERR_OK; ERR_RTE: no route; ERR_BUF: no room for the header, or longer than 65,535 bytes;
 *         ERR_VAL: `dest` is 0.0.0.0, or a loopback address would leave the host; ERR_IF: longer
 *         than the MTU and not to be fragmented, or the netif is down; ERR_MEM; or what the netif
 *         says
 */
err_t ip4_output(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl, u8_t tos,
                 u8_t proto);

/** As ip4_output(), by a netif of the caller's choice. */
err_t ip4_output_if(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                    u8_t tos, u8_t proto, struct netif *netif);

/** As ip4_output_if(), but `src` is used as it is, even "any" (DHCP needs that). */
err_t ip4_output_if_src(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                        u8_t tos, u8_t proto, struct netif *netif);

struct netif_hint;

/** As ip4_output(), with what a pcb knows for the link (VLAN tag, neighbour index). */
err_t ip4_output_hinted(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                        u8_t tos, u8_t proto, struct netif_hint *netif_hint);

/**
 * As ip4_output_if(), with IP options.
 *
 * @param ip_options  as on the wire; copied; padded with End-of-List to a multiple of 4
 * @param optlen      at most 40 bytes, 0 without IP_OPTIONS_SEND; else ERR_VAL
 */
err_t ip4_output_if_opt(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                        u8_t tos, u8_t proto, struct netif *netif, void *ip_options, u16_t optlen);

/** Both: `src` as it is, and options. */
err_t ip4_output_if_opt_src(struct pbuf *p, const ip4_addr_t *src, const ip4_addr_t *dest, u8_t ttl,
                            u8_t tos, u8_t proto, struct netif *netif, void *ip_options,
                            u16_t optlen);

/** Packets to groups leave by this netif unless their pcb names another; NULL: routed as usual. */
void ip4_set_default_multicast_netif(struct netif *default_multicast_netif);

/** The main address of `netif`, as a generic one; NULL for no netif. */
#define ip4_netif_get_local_ip(netif) (((netif) != NULL) ? netif_ip_addr4(netif) : NULL)

#if IP_DEBUG
/** Print the header at the start of `p`. */
void ip4_debug_print(struct pbuf *p);
#else
#define ip4_debug_print(p)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV4 */

#endif /* LWIP_HDR_IP4_H */
