/**
 * @file
 * The IPv4 header and its options: from bytes to a struct and back (RFC 791 3.1).
 *
 * Pure functions on contiguous bytes. Numbers are in host order, addresses in network order as
 * ip4_addr_t always is.
 */
#ifndef WIRE_IP4_H
#define WIRE_IP4_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip4_addr.h"
#include "lwip/prot/ip4.h"
#include "gossamer/drop.h"

struct ip4_header {
  ip4_addr_t src;
  ip4_addr_t dst;
  u16_t header_len; /* with options */
  u16_t total_len;
  u16_t id;
  u16_t offset; /* of a fragment's payload in the datagram's, in bytes */
  bool dont_fragment;
  bool more_fragments;
  u8_t tos;
  u8_t ttl;
  u8_t proto;
};

struct ip4_options {
  bool router_alert; /* RFC 2113 */
};

static inline bool ip4_is_fragment(const struct ip4_header *h)
{
  return h->more_fragments || h->offset != 0;
}

/**
 * Read and check the fixed header. Its checksum and options are not looked at.
 *
 * The reserved flag bit is ignored (RFC 791 wants 0, but what future use it may get is not ours to
 * decide; security vector B2-43), and so is every value of TOS and ECN.
 *
 * @param bytes       the first IP_HLEN bytes of the packet, or fewer if `packet_len` is less
 * @param packet_len  of the whole packet as received
 */
enum drop_reason ip4_parse(struct ip4_header *h, const u8_t *bytes, size_t packet_len);

/**
 * Check the options (RFC 791 3.1, RFC 1122 3.2.1.8): every length, the pointers of record route and
 * timestamp. Source routes are refused (security vector B2-32). Unknown options are skipped.
 *
 * @param options  what follows the fixed header
 */
enum drop_reason ip4_parse_options(const u8_t *options, size_t len, struct ip4_options *found);

/**
 * Copy the options that belong into every fragment, not only the first (RFC 791 3.1 "copied flag").
 *
 * @param options  checked by ip4_parse_options(), or our own
 * @return length of what was written to `copied`, padded with End-of-List to a multiple of 4
 */
size_t ip4_copied_options(u8_t *copied, const u8_t *options, size_t len);

/** Write the fixed header, IP_HLEN bytes, with a checksum of 0. */
void ip4_build(u8_t *bytes, const struct ip4_header *h);

/** Put the checksum of `header_len` bytes at its place. */
void ip4_put_checksum(u8_t *bytes, u16_t header_len);

/**
 * Decrement the TTL and correct the checksum without looking at the rest (RFC 1624 3, equation 3:
 * also right where the older equation gives 0xffff for 0).
 */
void ip4_decrement_ttl(u8_t *bytes);

#endif /* WIRE_IP4_H */
