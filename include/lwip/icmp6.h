/**
 * @file
 * ICMPv6 (RFC 4443). The prototypes exist in IPv4-only builds too, for code of both families that
 * is not reached there.
 */
#ifndef LWIP_HDR_ICMP6_H
#define LWIP_HDR_ICMP6_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "lwip/prot/icmp6.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Process the ICMPv6 message at `p->payload`, which is the one that is being received: addresses
 * and interface are ip_current()'s. Takes `p`. IPv6 input calls it by itself.
 */
void icmp6_input(struct pbuf *p, struct netif *inp);

/*
 * Errors about the packet being received, for callbacks that run during input processing; outside
 * of it nothing is sent. Nothing is sent either where RFC 4443 2.4 (e) forbids it (about errors,
 * redirects, packets to groups but for "too big" and unknown options, from ::), or beyond
 * LWIP_ICMP_RATE_LIMIT. They quote as much of the packet as makes 1280 bytes, or
 * LWIP_ICMP6_DATASIZE bytes of it.
 *
 * `p` is that packet, its payload anywhere at or behind the IPv6 header; it stays the caller's. All
 * functions: core lock held.
 */

/** Destination unreachable (RFC 4443 3.1). */
void icmp6_dest_unreach(struct pbuf *p, enum icmp6_dur_code c);

/** Packet too big for the next link, whose MTU is `mtu` bytes (RFC 4443 3.2). */
void icmp6_packet_too_big(struct pbuf *p, u32_t mtu);

/** Hop limit or reassembly time exceeded (RFC 4443 3.3). */
void icmp6_time_exceeded(struct pbuf *p, enum icmp6_te_code c);

/**
 * The same about a packet that is not being received.
 *
 * @param p          begins with the IPv6 header, contiguous; its if_idx tells the interface
 * @param src_addr   the packet's source, with its zone: who is told
 * @param dest_addr  the packet's destination, with its zone
 */
void icmp6_time_exceeded_with_addrs(struct pbuf *p, enum icmp6_te_code c,
                                    const ip6_addr_t *src_addr, const ip6_addr_t *dest_addr);

/** Parameter problem (RFC 4443 3.4) at `pointer`, an address in the buffer of the IPv6 header. */
void icmp6_param_problem(struct pbuf *p, enum icmp6_pp_code c, const void *pointer);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_ICMP6_H */
