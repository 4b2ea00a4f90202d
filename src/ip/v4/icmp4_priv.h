/**
 * @file
 * What ICMP's own files share.
 */
#ifndef IP_V4_ICMP4_PRIV_H
#define IP_V4_ICMP4_PRIV_H

#include <string.h>
#include "lwip/pbuf.h"
#include "gossamer/ip_rx.h"
#include "wire/icmp4.h"

/** An error came in: pass it to whoever sent the packet it quotes. Takes `p`. */
void icmp4_error_rx(struct pbuf *p, const struct ip_rx *rx, const struct icmp4_message *m);

/**
 * Send an ICMP message by the route to `dst`. `p` starts at the ICMP header, whose checksum is
 * right; it is not consumed. The source must be an address of ours.
 */
void icmp4_output(struct pbuf *p, const struct ip_rx *rx, const ip4_addr_t *src, u8_t tos);

/** The address to answer from: the one that was asked, or where that is a group's, the receiving
    interface's in the asker's subnet (RFC 1122 3.2.2, 3.2.2.6). */
const ip4_addr_t *icmp4_answer_src(const struct ip_rx *rx);

/** Store a checksum, which inet_chksum() gives in memory order, at any address. */
static inline void icmp4_store16(void *at, u16_t v)
{
  memcpy(at, &v, sizeof v);
}

#endif /* IP_V4_ICMP4_PRIV_H */
