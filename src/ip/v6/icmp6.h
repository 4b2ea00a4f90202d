/**
 * @file
 * ICMP for IPv6: what IP input, forwarding, MLD, ND and transports call. Public calls:
 * lwip/icmp6.h.
 *
 * The icmp6_send_* functions send nothing where RFC 4443 2.4 (e) forbids it, when the rate limit is
 * reached, or without memory. Callers need no check of their own.
 *
 * `p` stays the caller's and is not changed. `p->payload` is anywhere at or behind the IPv6 header
 * of `rx`, either in one buffer with that header, or exactly rx->header_len bytes behind it. Of
 * `rx` are read: ip6_hdr (as received), header_len, input_netif, flags, src and dst.
 */
#ifndef IP_V6_ICMP6_H
#define IP_V6_ICMP6_H

#include <stdbool.h>
#include "lwip/err.h"
#include "lwip/ip6_addr.h"
#include "lwip/prot/icmp6.h"
#include "base/registry.h"

/** "Parameter problem" codes beyond lwIP's enum icmp6_pp_code. */
enum icmp6_param_code {
  ICMP6_PARAM_FIELD = 0,
  ICMP6_PARAM_NEXT_HEADER = 1,
  ICMP6_PARAM_OPTION = 2,
  ICMP6_PARAM_INCOMPLETE_CHAIN = 3, /* in a first fragment (RFC 7112 5) */
  ICMP6_PARAM_TOO_MANY_HEADERS = 8  /* the chain is longer than the host's limit (RFC 8883 4.1) */
};

/** @param code  enum icmp6_dur_code */
void icmp6_send_unreachable(struct pbuf *p, const struct ip_rx *rx, u8_t code);

/** @param code  ICMP6_TE_HL or ICMP6_TE_FRAG */
void icmp6_send_time_exceeded(struct pbuf *p, const struct ip_rx *rx, u8_t code);

/**
 * @param code            enum icmp6_param_code; about packets to groups only ICMP6_PARAM_OPTION
 *                        is sent
 * @param pointer_offset  from the beginning of the IPv6 header to the byte that is wrong
 */
void icmp6_send_param_problem(struct pbuf *p, const struct ip_rx *rx, u8_t code,
                              u32_t pointer_offset);

/** Nobody handles the packet's protocol: "parameter problem" that points to its next header field.
 */
void icmp6_send_proto_unreachable(struct pbuf *p, const struct ip_rx *rx);

/** @param mtu  the next link's, in bytes */
void icmp6_send_too_big(struct pbuf *p, const struct ip_rx *rx, u32_t mtu);

/**
 * Send an ICMPv6 message of the stack's own: fills in the checksum unless hardware does, adds a
 * hop-by-hop header with MLD's router alert if `router_alert`, and hands it to IPv6 output.
 *
 * @param p          starts at the ICMPv6 header, whose checksum field is 0, with room in front for
 *                   headers (PBUF_IP); stays the caller's to free, where its payload points
 *                   afterwards is undefined
 * @param src        goes out as it is, :: too; with its zone
 * @param dst        with its zone
 * @param hop_limit  255 for ND, 1 for MLD
 * @return ERR_OK; ERR_MEM or ERR_BUF: no room for headers; or what ip6_output_if_src() says
 */
err_t icmp6_output(struct netif *netif, struct pbuf *p, const ip6_addr_t *src,
                   const ip6_addr_t *dst, u8_t hop_limit, bool router_alert);

/** As icmp6_output() without router alert, with a traffic class. */
err_t icmp6_output_tc(struct netif *netif, struct pbuf *p, const ip6_addr_t *src,
                      const ip6_addr_t *dst, u8_t hop_limit, u8_t tc);

#endif /* IP_V6_ICMP6_H */
