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

/** An ICMPv6 message came in by `inp`; `p` begins with its header and is taken over. */
void icmp6_input(struct pbuf *p, struct netif *inp);

/*
 * Errors about the packet being processed. `p` is that packet, its payload at the IPv6 header or
 * behind; it stays the caller's.
 */

/** Destination unreachable. */
void icmp6_dest_unreach(struct pbuf *p, enum icmp6_dur_code c);
/** Packet too big for the next link, whose MTU is `mtu` bytes. */
void icmp6_packet_too_big(struct pbuf *p, u32_t mtu);
/** Hop limit or reassembly time exceeded. */
void icmp6_time_exceeded(struct pbuf *p, enum icmp6_te_code c);
/** The same about a packet that is not being processed, with its addresses. */
void icmp6_time_exceeded_with_addrs(struct pbuf *p, enum icmp6_te_code c,
                                    const ip6_addr_t *src_addr, const ip6_addr_t *dest_addr);
/** Parameter problem at `pointer`, an address inside the packet. */
void icmp6_param_problem(struct pbuf *p, enum icmp6_pp_code c, const void *pointer);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_ICMP6_H */
