/**
 * @file
 * Echo, and errors about packets that are not there any more, for interfaces on which every address
 * is ours (gossamer/any_address.h).
 */
#ifndef IP_ANY_ECHO_H
#define IP_ANY_ECHO_H

#include <stdbool.h>
#include "lwip/pbuf.h"
#include "gossamer/any_address.h"
#include "gossamer/ip_rx.h"

/** An echo request to an address that is not ours. `p` at its ICMP header. @return false: it is to
    be answered as any; true: it was taken */
bool any_echo_takes(struct pbuf *p, const struct ip_rx *rx);

/** Bytes behind the IP header that an error quotes at least (RFC 792). */
#define ANY_QUOTE_LEN 8

/** Tell the sender of `flow` why its packet, of which only these bytes are known, did not arrive.
 */
void any_send_unreachable(struct any_address *a, const struct any_flow *flow, u8_t proto,
                          const u8_t l4[ANY_QUOTE_LEN], enum any_unreachable why);

#endif /* IP_ANY_ECHO_H */
