/**
 * @file
 * Options of router advertisements (RFC 4861 4.6, RFC 4191 2.3, RFC 8106 5): bytes to structs and
 * back, nothing else. Numbers are in host order; addresses have no zone.
 *
 * Parsers get one whole option: `len` bytes from its type on, `len` a multiple of 8 and at least 8.
 */
#ifndef WIRE_ND6_RA_H
#define WIRE_ND6_RA_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip6_addr.h"

/* Lengths in bytes. */
#define ND6_RA_HEADER_LEN        16 /* ICMPv6 header included */
#define ND6_PREFIX_OPTION_LEN    32
#define ND6_MTU_OPTION_LEN       8
#define ND6_RDNSS_HEADER_LEN     8 /* in front of the addresses */
#define ND6_DNSSL_HEADER_LEN     8 /* in front of the names */
#define ND6_ROUTE_OPTION_LEN_MAX 24

/** Longest domain name in text, without its end (RFC 1035 2.3.4: 255 on the wire). */
#define ND6_DOMAIN_TEXT_MAX 253

/* lwip/prot/nd6.h knows no DNSSL. */
#define ND6_OPTION_TYPE_DNSSL 31

struct nd6_prefix_info {
  ip6_addr_t prefix; /* bits behind prefix_len are 0 */
  u8_t prefix_len;   /* up to 128 */
  bool is_on_link;
  bool is_autonomous;
  u32_t valid_s; /* 0xffffffff: for ever */
  u32_t preferred_s;
};

struct nd6_route_info {
  ip6_addr_t prefix; /* bits behind prefix_len are 0 */
  u8_t prefix_len;
  s8_t preference; /* 1, 0, -1 */
  u32_t lifetime_s;
};

/** DNS servers of one option; get each with nd6_rdnss_addr(). */
struct nd6_rdnss {
  u32_t lifetime_s;
  size_t num_addrs; /* at least 1 */
  const u8_t *addrs;
};

/** Search domains of one option: iterate with nd6_dnssl_next(). */
struct nd6_dnssl {
  u32_t lifetime_s;
  const u8_t *names; /* what is left of them */
  size_t names_len;
};

/** Two bits of preference (RFC 4191 2.1) as 1, 0 or -1; reserved: -2. `bits` stand at 0x18. */
s8_t nd6_preference_get(u8_t bits);

/** ... and back. */
u8_t nd6_preference_bits(s8_t preference);

/** Clear all bits of `a` behind the first `prefix_len`. */
void nd6_prefix_mask(ip6_addr_t *a, u8_t prefix_len);

/** False: the option has not its form, and is to be ignored as a whole. */
bool nd6_parse_prefix(struct nd6_prefix_info *info, const u8_t *bytes, size_t len);
bool nd6_parse_mtu(u32_t *mtu, const u8_t *bytes, size_t len);
bool nd6_parse_route(struct nd6_route_info *info, const u8_t *bytes, size_t len);
bool nd6_parse_rdnss(struct nd6_rdnss *rdnss, const u8_t *bytes, size_t len);
bool nd6_parse_dnssl(struct nd6_dnssl *dnssl, const u8_t *bytes, size_t len);

void nd6_rdnss_addr(const struct nd6_rdnss *rdnss, size_t i, ip6_addr_t *addr);

/**
 * The next name as text with dots and without a last one. Compression is not allowed (RFC 8106
 * 5.2), so a name takes what it has. Labels hold letters, digits, `-` and `_` only, since they end
 * up in whatever the program does with names.
 *
 * @return false: there are no more, or what follows is malformed
 */
bool nd6_dnssl_next(struct nd6_dnssl *dnssl, char text[ND6_DOMAIN_TEXT_MAX + 1]);

/** The fixed part of an advertisement (RFC 4861 4.2). */
struct nd6_ra_fields {
  u8_t hop_limit;
  bool is_managed;
  bool is_other;
  s8_t preference;
  u16_t lifetime_s;
  u32_t reachable_ms;
  u32_t retrans_ms;
};

/* Builders write at `b` and return how many bytes; with `b` NULL they only say how many. */
size_t nd6_build_ra(u8_t *b, const struct nd6_ra_fields *ra); /* checksum 0 */
size_t nd6_build_prefix(u8_t *b, const struct nd6_prefix_info *info);
size_t nd6_build_mtu(u8_t *b, u32_t mtu);
size_t nd6_build_route(u8_t *b, const struct nd6_route_info *info);
size_t nd6_build_rdnss(u8_t *b, u32_t lifetime_s, const ip6_addr_t *addrs, size_t num_addrs);
/** 0: a name is no domain name, or none is there. */
size_t nd6_build_dnssl(u8_t *b, u32_t lifetime_s, const char *const *names, size_t num_names);

#endif /* WIRE_ND6_RA_H */
