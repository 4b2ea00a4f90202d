/**
 * @file
 * What the parts of IPv4 tell each other.
 */
#ifndef IP_V4_IP4_PRIV_H
#define IP_V4_IP4_PRIV_H

#include "lwip/ip4.h"
#include "lwip/netif.h"
#include "lwip/priv/ip4_hooks.h"
#include "gossamer/ip_rx.h"
#include "wire/ip4.h"

/** Does the stack, not the hardware, compute a checksum of this sort for packets by this netif? */
#define IP4_GENERATES(proto, netif)                                                                \
  (CHECKSUM_GEN_##proto && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_##proto))

/** Longest packet that the netif sends; an MTU of 0 means that the driver has no limit. */
static inline u16_t ip4_link_mtu(const struct netif *netif)
{
  return netif->mtu != 0 ? netif->mtu : 0xffff;
}

/** What netif->output() gets as next hop: the gateway of a route by `netif`, else `dst`. */
ip4_addr_t ip4_next_hop(const struct netif *netif, const ip4_addr_t *dst);

/**
 * Forward a packet that is for somebody else (RFC 1812). `p` is consumed; it starts at its header,
 * which is contiguous, as is what `rx` says.
 */
void ip4_forward(struct pbuf *p, const struct ip4_header *h, const struct ip_rx *rx);

/**
 * ip4_frag() for an MTU of the caller's choice, "don't fragment" notwithstanding.
 *
 * @param next  next hop
 */
err_t ip4_frag_to(struct pbuf *p, struct netif *netif, const ip4_addr_t *next, u16_t mtu);

/**
 * A complete packet leaves by `netif`: in fragments if it is longer than `mtu` and may be cut, and
 * with all done that the netif does not do (gossamer/offload.h).
 */
err_t ip4_leave(struct pbuf *p, struct netif *netif, const ip4_addr_t *next, u16_t mtu,
                bool may_fragment);

/** Draw the key of the identifications. */
void ip4_id_init(void);

#endif /* IP_V4_IP4_PRIV_H */
