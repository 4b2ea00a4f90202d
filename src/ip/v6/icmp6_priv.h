/**
 * @file
 * What ICMPv6's own files share.
 */
#ifndef IP_V6_ICMP6_PRIV_H
#define IP_V6_ICMP6_PRIV_H

#include "lwip/pbuf.h"
#include "gossamer/ip_rx.h"
#include "wire/icmp6.h"

/** An error came in: pass it to whoever sent the packet it quotes. Takes `p`. */
void icmp6_error_rx(struct pbuf *p, const struct ip_rx *rx, const struct icmp6_message *m);

/**
 * Send an answer to the sender of what came in; `p` as in icmp6_output().
 *
 * The source is the address that was asked if it is an unicast address of ours, else one that suits
 * the sender (RFC 4443 2.2). Without any nothing is sent.
 */
void icmp6_answer(struct pbuf *p, const struct ip_rx *rx, u8_t tc);

/** An echo request came in: answer it. Takes `p`. */
void icmp6_echo_rx(struct pbuf *p, const struct ip_rx *rx, const struct icmp6_message *m);

#endif /* IP_V6_ICMP6_PRIV_H */
