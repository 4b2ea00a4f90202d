/**
 * @file
 * Neighbor Discovery messages (RFC 4861 4): bytes to structs and back. Options that only router
 * advertisements have are in wire/nd6_ra.h.
 *
 * Parsers get a whole message from its ICMPv6 type on, contiguous, whose checksum was verified.
 * They check code, length, every option's length and the size of link-layer addresses (RFC
 * 4861 6.1, 7.1, 8.1); what depends on the IPv6 header (hop limit, source, destination) or on our
 * own addresses is the caller's. Unknown options are skipped, repeated ones count once, the first.
 * Addresses that come out have no zone.
 */
#ifndef WIRE_ND6_H
#define WIRE_ND6_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "gossamer/drop.h"

/* Fixed parts in bytes, ICMPv6 header included. */
#define ND6_RS_LEN       8
#define ND6_RA_LEN       16
#define ND6_NS_LEN       24
#define ND6_NA_LEN       24
#define ND6_REDIRECT_LEN 40

/** Option lengths are in these units (RFC 4861 4.6). */
#define ND6_OPTION_UNIT 8

/** Hop limit of every message: nobody has forwarded it (RFC 4861 3.1). */
#define ND6_HOP_LIMIT 255

/** Nonce of a DAD probe (RFC 7527, RFC 3971 5.3.2), and its option. */
#define ND6_NONCE_LEN         6
#define ND6_OPTION_TYPE_NONCE 14

/** Fixed part of a redirected header option. */
#define ND6_REDIRECTED_HEADER_LEN 8

/** A link-layer address; len 0: none. */
struct nd6_lladdr {
  u8_t len;
  u8_t addr[NETIF_MAX_HWADDR_LEN];
};

/** Options of a message, validated: get each with nd6_option_next(). */
struct nd6_options {
  const u8_t *bytes;
  size_t len;
};

/** One option as a whole, header included; `len` is a multiple of 8 and at least 8. */
struct nd6_option {
  u8_t type;
  u16_t len;
  const u8_t *bytes;
};

struct nd6_ns {
  ip6_addr_t target;
  struct nd6_lladdr source_ll;
  u8_t nonce_len; /* ND6_NONCE_LEN, or 0: no nonce, or one of another size */
  u8_t nonce[ND6_NONCE_LEN];
};

struct nd6_na {
  ip6_addr_t target;
  struct nd6_lladdr target_ll;
  u8_t flags; /* ND6_FLAG_* */
};

struct nd6_rs {
  struct nd6_lladdr source_ll;
};

struct nd6_ra {
  u8_t hop_limit; /* 0: unspecified */
  u8_t flags;     /* ND6_RA_FLAG_*, preference */
  u16_t lifetime_s;
  u32_t reachable_ms; /* 0: unspecified */
  u32_t retrans_ms;   /* 0: unspecified */
  struct nd6_lladdr source_ll;
  struct nd6_options options;
};

struct nd6_redirect {
  ip6_addr_t target;
  ip6_addr_t dst;
  struct nd6_lladdr target_ll;
};

/**
 * Parse a message.
 *
 * @param bytes       the message; struct nd6_ra goes on pointing into it
 * @param lladdr_len  length of this link's addresses; link-layer address options must have exactly
 *                    the length that follows from it. 0: the link has none, and they are skipped
 * @return DROP_NONE, DROP_ND6_SHORT, DROP_ND6_BAD_CODE, DROP_ND6_BAD_OPTION, DROP_ND6_BAD_LLADDR,
 * or DROP_ND6_BAD_TARGET for a target (redirect: or destination) that is a group
 */
enum drop_reason nd6_parse_ns(struct nd6_ns *ns, const u8_t *bytes, size_t len, u8_t lladdr_len);
enum drop_reason nd6_parse_na(struct nd6_na *na, const u8_t *bytes, size_t len, u8_t lladdr_len);
enum drop_reason nd6_parse_rs(struct nd6_rs *rs, const u8_t *bytes, size_t len, u8_t lladdr_len);
enum drop_reason nd6_parse_ra(struct nd6_ra *ra, const u8_t *bytes, size_t len, u8_t lladdr_len);
enum drop_reason nd6_parse_redirect(struct nd6_redirect *rd, const u8_t *bytes, size_t len,
                                    u8_t lladdr_len);

/** The next option, or false. `it` was filled in by a parser. */
bool nd6_option_next(struct nd6_options *it, struct nd6_option *opt);

/* Builders write at `b` and return how many bytes. Checksums are left 0. */
size_t nd6_build_ns(u8_t *b, const ip6_addr_t *target);
size_t nd6_build_na(u8_t *b, u8_t flags, const ip6_addr_t *target);
size_t nd6_build_rs(u8_t *b);
size_t nd6_build_redirect(u8_t *b, const ip6_addr_t *target, const ip6_addr_t *dst);

/** @param type  ND6_OPTION_TYPE_SOURCE_LLADDR or _TARGET_LLADDR; nothing for an `addr_len` of 0 */
size_t nd6_build_lladdr(u8_t *b, u8_t type, const u8_t *addr, u8_t addr_len);
size_t nd6_build_nonce(u8_t *b, const u8_t nonce[ND6_NONCE_LEN]);

/** Header of an option that quotes `quoted_len` bytes, a multiple of 8. */
size_t nd6_build_redirected_header(u8_t *b, size_t quoted_len);

/** Bytes of a link-layer address option: padded to a multiple of 8 (RFC 4861 4.6.1, RFC 4944 8). */
static inline u16_t nd6_lladdr_option_len(u8_t addr_len)
{
  return (addr_len == 0) ? 0 : (u16_t)((2U + addr_len + 7U) & ~7U);
}

#endif /* WIRE_ND6_H */
