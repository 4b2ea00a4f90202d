/**
 * @file
 * ICMP messages for IPv6 (RFC 4443 2.1, 3): bytes to structs and back, nothing else.
 */
#ifndef WIRE_ICMP6_H
#define WIRE_ICMP6_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "lwip/prot/icmp6.h"
#include "gossamer/drop.h"

/** Offset of the checksum. */
#define ICMP6_CHECKSUM_AT 2

/** Of the transport header that an error quotes, at least this much must be there: both ports and
    TCP's sequence number. */
#define ICMP6_QUOTE_L4_MIN 8

/** Errors make packets of 1280 bytes at most (RFC 4443 2.4 (c)), headers included. */
#define ICMP6_QUOTE_MAX (1280 - 40 - ICMP6_HLEN)

struct icmp6_message {
  u8_t type;
  u8_t code;
  u32_t rest; /* of the header: identifier and sequence, pointer, MTU ... */
};

/** The packet that an error is about. Addresses are in network order and have no zone. */
struct icmp6_quote {
  ip6_addr_t src;
  ip6_addr_t dst;
  u8_t proto;     /* behind all extension headers */
  const u8_t *l4; /* within the parsed bytes */
  u16_t l4_len;
};

/** Types below 128 are errors, those not yet invented too (RFC 4443 2.1). */
static inline bool icmp6_is_error(u8_t type)
{
  return type < 128;
}

/** The header; `len` may be more than it. */
enum drop_reason icmp6_parse(struct icmp6_message *m, const u8_t *bytes, size_t len);

/**
 * What an error quotes.
 *
 * @param packet  the quoted packet, its first `len` bytes
 */
enum drop_reason icmp6_quote_parse(struct icmp6_quote *q, const u8_t *packet, size_t len);

/**
 * May an error be sent about this packet, as far as what it carries goes (RFC 4443 2.4 (e.1),
 * (e.2))? Not about errors, redirects, and what might be one: ICMPv6 whose type cannot be seen.
 *
 * @param packet  from its IPv6 header on, the first `len` bytes
 */
bool icmp6_is_answerable(const u8_t *packet, size_t len);

/** Write the header with checksum 0. */
void icmp6_build(u8_t bytes[ICMP6_HLEN], const struct icmp6_message *m);

#endif /* WIRE_ICMP6_H */
