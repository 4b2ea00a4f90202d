/**
 * @file
 * ICMP messages for IPv4 (RFC 792, 1191): bytes to structs and back, nothing else.
 */
#ifndef WIRE_ICMP4_H
#define WIRE_ICMP4_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "gossamer/drop.h"

#define ICMP4_HEADER_LEN 8

/** The IP header that an error quotes is followed by at least this much (RFC 792). */
#define ICMP4_QUOTE_L4_MIN 8

/** Longest beginning of an error that icmp4_quote_parse() looks at: both headers at their longest,
    and as much of the transport header as fits in a minimal TCP header. */
#define ICMP4_ERROR_BYTES_MAX (ICMP4_HEADER_LEN + 60 + 20)

struct icmp4_message {
  u8_t type;
  u8_t code;
  u32_t rest; /* of the header: identifier and sequence, pointer, MTU ... */
};

/** The packet that an error is about. Addresses are in network order, as in ip4_addr_t. */
struct icmp4_quote {
  u32_t src;
  u32_t dst;
  u16_t total_len; /* as quoted, which may be more than is there */
  u8_t proto;
  const u8_t *l4; /* within the parsed bytes */
  u16_t l4_len;
};

/** What answers to each type there are. */
enum icmp4_class { ICMP4_QUERY, ICMP4_ERROR, ICMP4_OTHER };

/** Only queries may be answered by an error (RFC 1122 3.2.2): what is unknown might be one. */
enum icmp4_class icmp4_class_of(u8_t type);

/** The header; `len` may be more than it. */
enum drop_reason icmp4_parse(struct icmp4_message *m, const u8_t *bytes, size_t len);

/**
 * What an error quotes.
 *
 * @param bytes  the message from its ICMP header on, ICMP4_ERROR_BYTES_MAX bytes of it at most
 */
enum drop_reason icmp4_quote_parse(struct icmp4_quote *q, const u8_t *bytes, size_t len);

/** Write the header with checksum 0. */
void icmp4_build(u8_t bytes[ICMP4_HEADER_LEN], const struct icmp4_message *m);

#endif /* WIRE_ICMP4_H */
