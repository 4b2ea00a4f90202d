/**
 * @file
 * IPv6 fragments: what input and output call (RFC 8200 4.5).
 */
#ifndef IP_V6_IP6_REASS_H
#define IP_V6_IP6_REASS_H

#include "lwip/err.h"
#include "lwip/ip6_addr.h"
#include "base/registry.h"

/**
 * A fragment header was reached in the chain. Exists in every IPv6 build: without LWIP_IPV6_REASS
 * it drops all but atomic fragments.
 *
 * On success the caller goes on with the header of type rx->proto, rx->header_len bytes behind the
 * IPv6 header. That may be a fragment header again, which counts towards the caller's limit of
 * headers. In `rx`, ip6_hdr, proto, header_len, tos and flags are brought up to date:
 *  - IP_RX_ATOMIC: the fragment was the whole datagram (RFC 6946). The packet is as it was, its
 *    fragment header included.
 *  - IP_RX_REASSEMBLED: the headers are those of the first fragment without the fragment header,
 *    with payload length and next header corrected; headers in front have been processed, when this
 *    last fragment's were. The first header_len bytes are contiguous.
 *
 * @param p                      begins with the IPv6 header and ends where its payload length says;
 *                               the headers up to the fragment header are contiguous. Taken over
 * @param frag_offset_in_packet  of the fragment header from the IPv6 header; it may be cut off
 * @return a packet that begins with the IPv6 header, or NULL: kept, or dropped and answered as RFC
 *         8200 4.5 wants
 */
struct pbuf *ip6_reass_fragment(struct pbuf *p, struct ip_rx *rx, u16_t frag_offset_in_packet);

/**
 * Send a packet in fragments. Only with LWIP_IPV6_FRAG; callers say `if (LWIP_IPV6_FRAG)`, and
 * return ERR_IF where it is 0 and the packet is longer than the path MTU.
 *
 * @param p         begins with the IPv6 header, whose payload length is right; stays the caller's.
 *                  Hop-by-hop options, routing headers and destination options in front of one go
 *                  into every fragment
 * @param next_hop  as for netif->output_ip6()
 * @param mtu       pmtu_get() of the destination; less than 1280 counts as 1280 unless the link's
 *                  own MTU is smaller
 * @return ERR_OK; ERR_VAL: no IPv6 packet, or no room for its headers and 8 bytes; ERR_MEM: at most
 *         a part was sent; or what the netif says
 */
err_t ip6_frag_to(struct pbuf *p, struct netif *netif, const ip6_addr_t *next_hop, u16_t mtu);

#endif /* IP_V6_IP6_REASS_H */
