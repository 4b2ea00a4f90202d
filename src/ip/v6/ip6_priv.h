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
 * Forward a packet that is for somebody else. `p` is consumed; it starts at its header, which is
 * contiguous, as is what `rx` says.
 */
void ip6_forward(struct pbuf *p, const struct ip6_header *h, const struct ip_rx *rx);

/**
 * A complete packet leaves by `netif`: in fragments if it is longer than `mtu` and may be cut, and
 * with all done that the netif does not do (gossamer/offload.h).
 */
err_t ip6_leave(struct pbuf *p, struct netif *netif, const ip6_addr_t *next, u16_t mtu,
                bool may_fragment);

#endif /* IP_V6_IP6_PRIV_H */
