/**
 * @file
 * IPv6: routing, output and the entry point of received packets. The prototypes exist in IPv4-only
 * builds too, for code of both families that is not reached there.
 *
 * All functions run with the core lock held. Addresses are in network order, as ip6_addr_t is.
 * Beyond lwIP: routes with prefixes and gateways (gossamer/route.h), path MTU discovery
 * (gossamer/pmtu.h), source selection in full (gossamer/addr_select.h).
 */
#ifndef LWIP_HDR_IP6_H
#define LWIP_HDR_IP6_H

#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "lwip/ip_addr.h"
#include "lwip/prot/ip6.h"
#include "lwip/def.h"
#include "lwip/pbuf.h"
#include "lwip/netif.h"
#include "lwip/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Where a packet leaves. In this order: the netif that owns `dest`, LWIP_HOOK_IP6_ROUTE, the zone
 * of `dest`, the longest prefix among on-link prefixes, the routes of gossamer/route.h and those
 * that routers announced, a default route by the netif that owns `src`, any default route, the
 * netif that owns `src`, netif_default, the only netif there is. Only netifs that are up, with a
 * link and an output_ip6() count.
 *
 * @param src   NULL or ::: not chosen yet
 * @param dest  with its zone, if it has one; may lack it
 * @return the netif, or NULL: no route
 */
struct netif *ip6_route(const ip6_addr_t *src, const ip6_addr_t *dest);

/** The address of `netif` from which to send to `dest` (RFC 6724 5), or NULL. */
const ip_addr_t *ip6_select_source_address(struct netif *netif, const ip6_addr_t *dest);

/**
 * A packet came in.
 *
 * @param p    starts at the IPv6 header; taken over
 * @param inp  the netif it came in by
 * @return ERR_OK always: what is wrong with packets is told by drop reasons (gossamer/drop.h)
 */
err_t ip6_input(struct pbuf *p, struct netif *inp);

/**
 * Route and send a packet. This puts the IPv6 header in front of `p` and leaves it there. A packet
 * longer than the path's MTU is fragmented (LWIP_IPV6_FRAG).
 *
 * @param p      payload with room for the header in front, p->ref 1; stays the caller's
 * @param src    our address; NULL or ::: chosen by RFC 6724
 * @param dest   LWIP_IP_HDRINCL: `p` starts with a complete IPv6 header, which is sent as it is
 * @param hl     hop limit; 0: that of the link, which routers advertise
 * @param tc     traffic class, with the ECN bits
 * @param nexth  protocol of `p`
 * @return ERR_OK; ERR_RTE: no route, no source address, or `dest` is of another zone than the
 *         netif's; ERR_BUF: no room for the header, longer than 65,535 bytes, or no header where
 *         one was said to be; ERR_VAL: `dest` is :: or an IPv4-mapped address, or ::1 would leave
 *         the host; ERR_IF: longer than the MTU and not to be fragmented, or the netif is down or
 *         sends no IPv6; ERR_MEM; or what the netif says
 */
err_t ip6_output(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl, u8_t tc,
                 u8_t nexth);

/** As ip6_output(), by a netif of the caller's choice. */
err_t ip6_output_if(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl, u8_t tc,
                    u8_t nexth, struct netif *netif);

/** As ip6_output_if(), but `src` is used as it is, even when it is :: (DAD and MLD need that). */
err_t ip6_output_if_src(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl,
                        u8_t tc, u8_t nexth, struct netif *netif);

struct netif_hint;

/** As ip6_output(), with what a pcb knows for the link (VLAN tag, neighbour index). */
err_t ip6_output_hinted(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl,
                        u8_t tc, u8_t nexth, struct netif_hint *netif_hint);

/**
 * Put a hop-by-hop header with a router alert (RFC 2711) of `value` in front of `p`, in the room
 * that it has there; its protocol is IP6_NEXTH_HOPBYHOP afterwards.
 *
 * @param nexth  protocol of `p` so far
 * @return ERR_OK; ERR_BUF: no room
 */
err_t ip6_options_add_hbh_ra(struct pbuf *p, u8_t nexth, u8_t value);

/** Our address for packets to `dest` by `netif`, which may be NULL; or NULL. */
#define ip6_netif_get_local_ip(netif, dest)                                                        \
  (((netif) != NULL) ? ip6_select_source_address(netif, dest) : NULL)

#if IP6_DEBUG
/** Print the header at the start of `p`. */
void ip6_debug_print(struct pbuf *p);
#else
#define ip6_debug_print(p)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IP6_H */
