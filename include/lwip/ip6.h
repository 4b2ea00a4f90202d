/**
 * @file
 * IPv6 input and output. The prototypes exist in IPv4-only builds too, for code of both families
 * that is not reached there.
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

/** The netif by which a packet from `src` (or ::) to `dest` leaves, or NULL. */
struct netif *ip6_route(const ip6_addr_t *src, const ip6_addr_t *dest);

/** The address of `netif` from which to send to `dest` (RFC 6724 5), or NULL. */
const ip_addr_t *ip6_select_source_address(struct netif *netif, const ip6_addr_t *dest);

/** A packet came in by `inp`; `p` begins with the IPv6 header and is taken over. */
err_t ip6_input(struct pbuf *p, struct netif *inp);

/**
 * Send a packet. `p` holds what follows the IPv6 header and stays the caller's.
 *
 * @param src    our address, or NULL to have one chosen
 * @param dest   destination; LWIP_IP_HDRINCL (NULL): `p` begins with its own IPv6 header
 * @param hl     hop limit
 * @param tc     traffic class, with the ECN bits
 * @param nexth  protocol of `p`
 * @return ERR_OK; ERR_RTE: no route; ERR_BUF: no room for headers; ERR_MEM; the driver's error
 */
err_t ip6_output(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl, u8_t tc,
                 u8_t nexth);

/** As ip6_output(), by `netif`. */
err_t ip6_output_if(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl, u8_t tc,
                    u8_t nexth, struct netif *netif);

/** As ip6_output_if(), but `src` goes out as it is, even when it is ::. */
err_t ip6_output_if_src(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl,
                        u8_t tc, u8_t nexth, struct netif *netif);

#if LWIP_NETIF_USE_HINTS
/** As ip6_output(), with the sender's netif hints. */
err_t ip6_output_hinted(struct pbuf *p, const ip6_addr_t *src, const ip6_addr_t *dest, u8_t hl,
                        u8_t tc, u8_t nexth, struct netif_hint *netif_hint);
#endif

/** Put a hop-by-hop header with a router alert of `value` (RFC 2711) in front of `p`. */
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
