/**
 * @file
 * What the parts of IPv6 tell each other.
 */
#ifndef IP_V6_IP6_PRIV_H
#define IP_V6_IP6_PRIV_H

#include <stdbool.h>
#include "lwip/ip6.h"
#include "lwip/netif.h"
#include "lwip/priv/ip6_hooks.h"
#include "gossamer/ip_rx.h"
#include "wire/ip6.h"
#include "ip/v6/ip6_module.h"

/** Does the stack, not the hardware, compute a checksum of this sort for packets by this netif? */
#define IP6_GENERATES(proto, netif)                                                                \
  (CHECKSUM_GEN_##proto && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_##proto))

/**
 * Process the extension headers of a packet for us, in their order (RFC 8200 4.1): all that stands
 * in front of the transport header.
 *
 * `rx` says where it is: rx->header_len is the offset of the header to look at, rx->proto its type,
 * rx->nexth_at the offset of the field that named it. Afterwards that header is the transport's.
 *
 * @param p  starts at the IPv6 header; taken over
 * @return the packet, perhaps in other buffers or reassembled, rx->header_len bytes contiguous;
 *         NULL: dropped, or a fragment that waits for others
 */
struct pbuf *ip6_extensions_process(struct pbuf *p, struct ip_rx *rx);

/**
 * A fragment came in that is not atomic.
 *
 * @param p        starts at the IPv6 header; its headers up to and with the fragment header are
 *                 contiguous; taken over
 * @param rx       rx->header_len: offset of the fragment header; rx->nexth_at: of the field that
 *                 named it. When a datagram is complete: where its fragmentable part begins, and
 *                 rx->proto says with what; IP_RX_REASSEMBLED is set
 * @param f        the fragment header
 * @return NULL; or the datagram without fragment headers: the IPv6 header and the unfragmentable
 *         part of the first fragment, contiguous, then all parts
 */
struct pbuf *ip6_reass_fragment(struct pbuf *p, struct ip_rx *rx, const struct ip6_fragment *f);

/**
 * Send a packet that is too long in fragments.
 *
 * @param p         starts at its IPv6 header; stays the caller's
 * @param next_hop  what netif->output_ip6() gets
 * @param mtu       longest fragment, IP6_MIN_MTU_LENGTH at least
 */
err_t ip6_frag_to(struct pbuf *p, struct netif *netif, const ip6_addr_t *next_hop, u16_t mtu);

/**
 * Forward a packet that is for somebody else. `p` is consumed; it starts at its header, which is
 * contiguous, as is what `rx` says.
 */
void ip6_forward(struct pbuf *p, const struct ip6_header *h, const struct ip_rx *rx);

/** A flow label for a packet of ours (RFC 6437 3), 0 with LWIP_IPV6_FLOW_LABEL 0. `p` starts behind
    the IPv6 header `h`. */
u32_t ip6_flow_label(const struct ip6_header *h, const struct pbuf *p);

#endif /* IP_V6_IP6_PRIV_H */
