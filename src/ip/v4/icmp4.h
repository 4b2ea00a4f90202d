/**
 * @file
 * ICMP for IPv4: what IP input, forwarding and transports call. Public calls: lwip/icmp.h.
 *
 * The icmp4_send_* functions send nothing where RFC 1122 3.2.2 and RFC 1812 4.3.2.7 forbid it, when
 * the rate limit is reached, or without memory. Callers need no check of their own.
 *
 * `p` stays the caller's and is not changed. `p->payload` is anywhere at or behind the IP header of
 * `rx`, either in one buffer with that header, or exactly at the transport header. `rx->ip4_hdr`
 * has its total length as received.
 */
#ifndef IP_V4_ICMP4_H
#define IP_V4_ICMP4_H

#include "base/registry.h"

/** ICMP "destination unreachable" codes beyond lwIP's enum icmp_dur_type (RFC 1122 3.2.2.1, 1812).
 */
enum icmp4_unreach_code {
  ICMP4_UNREACH_NET = 0,
  ICMP4_UNREACH_HOST = 1,
  ICMP4_UNREACH_PROTO = 2,
  ICMP4_UNREACH_PORT = 3,
  ICMP4_UNREACH_FRAG_NEEDED = 4,
  ICMP4_UNREACH_SOURCE_ROUTE = 5,
  ICMP4_UNREACH_NET_UNKNOWN = 6,
  ICMP4_UNREACH_HOST_UNKNOWN = 7,
  ICMP4_UNREACH_ISOLATED = 8,
  ICMP4_UNREACH_NET_PROHIBITED = 9,
  ICMP4_UNREACH_HOST_PROHIBITED = 10,
  ICMP4_UNREACH_NET_TOS = 11,
  ICMP4_UNREACH_HOST_TOS = 12,
  ICMP4_UNREACH_PROHIBITED = 13,
  ICMP4_UNREACH_PRECEDENCE = 14,
  ICMP4_UNREACH_PRECEDENCE_CUTOFF = 15
};

/** The ip_protos[] entry. */
void icmp4_rx(struct pbuf *p, const struct ip_rx *rx);

/** @param mtu  the next hop's, with ICMP4_UNREACH_FRAG_NEEDED (RFC 1191 4); otherwise 0 */
void icmp4_send_unreachable(struct pbuf *p, const struct ip_rx *rx, u8_t code, u16_t mtu);

/** @param code  ICMP_TE_TTL or ICMP_TE_FRAG */
void icmp4_send_time_exceeded(struct pbuf *p, const struct ip_rx *rx, u8_t code);

/** @param pointer  offset in the IP header of the byte that is wrong */
void icmp4_send_param_problem(struct pbuf *p, const struct ip_rx *rx, u8_t pointer);

#endif /* IP_V4_ICMP4_H */
