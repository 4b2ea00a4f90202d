/**
 * @file
 * Neighbor Discovery messages: bytes to structs and back. Pure functions.
 *
 * RFC 4861 4, 6.1, 7.1, 8.1 (forms and what makes them invalid), RFC 7527 4.1 (nonce).
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/prot/icmp6.h"
#include "lwip/prot/nd6.h"
#include "wire/bytes.h"
#include "wire/nd6.h"

/* Offsets in bytes. */
enum {
  TYPE = 0,
  CODE = 1,
  NA_FLAGS = 4,
  TARGET = 8,
  REDIRECT_DST = 24,
  RA_HOP_LIMIT = 4,
  RA_FLAGS = 5,
  RA_LIFETIME = 6,
  RA_REACHABLE = 8,
  RA_RETRANS = 12,
  ADDR_LEN = 16,
  OPTION_LEN = 1,
  OPTION_DATA = 2
};

static void addr_get(ip6_addr_t *a, const u8_t *bytes)
{
  memcpy(a->addr, bytes, ADDR_LEN);
  ip6_addr_clear_zone(a);
}

bool nd6_option_next(struct nd6_options *it, struct nd6_option *opt)
{
  if (it->len < ND6_OPTION_UNIT) {
    return false;
  }
  opt->type = it->bytes[TYPE];
  opt->len = (u16_t)(it->bytes[OPTION_LEN] * ND6_OPTION_UNIT);
  opt->bytes = it->bytes;
  if (opt->len == 0 || opt->len > it->len) {
    it->len = 0;
    return false;
  }
  it->bytes += opt->len;
  it->len -= opt->len;
  return true;
}

/** Code, fixed part, and options that fill the rest exactly (RFC 4861 6.1.1, 7.1.1, 8.1). */
static enum drop_reason check_form(struct nd6_options *options, const u8_t *bytes, size_t len,
                                   size_t fixed_len)
{
  struct nd6_option opt;
  if (len < fixed_len) {
    return DROP_ND6_SHORT;
  }
  if (bytes[CODE] != 0) {
    return DROP_ND6_BAD_CODE;
  }
  options->bytes = bytes + fixed_len;
  options->len = len - fixed_len;
  struct nd6_options rest = *options;
  while (nd6_option_next(&rest, &opt)) {
  }
  return (rest.bytes == bytes + len) ? DROP_NONE : DROP_ND6_BAD_OPTION;
}

/**
 * The first option of that type, a link-layer address. It has one length on each medium: another
 * one would have us read padding as address, or an address as padding.
 */
static enum drop_reason find_lladdr(struct nd6_lladdr *ll, struct nd6_options options, u8_t type,
                                    u8_t lladdr_len)
{
  struct nd6_option opt;
  ll->len = 0;
  while (lladdr_len != 0 && nd6_option_next(&options, &opt)) {
    if (opt.type != type) {
      continue;
    }
    if (opt.len != nd6_lladdr_option_len(lladdr_len) || lladdr_len > sizeof ll->addr) {
      return DROP_ND6_BAD_LLADDR;
    }
    ll->len = lladdr_len;
    memcpy(ll->addr, opt.bytes + OPTION_DATA, lladdr_len);
    break;
  }
  return DROP_NONE;
}

/** The first nonce, if it has the size that nodes are to send (RFC 7527 4.1). */
static void find_nonce(struct nd6_ns *ns, struct nd6_options options)
{
  struct nd6_option opt;
  ns->nonce_len = 0;
  while (ns->nonce_len == 0 && nd6_option_next(&options, &opt)) {
    if (opt.type == ND6_OPTION_TYPE_NONCE && opt.len == OPTION_DATA + ND6_NONCE_LEN) {
      ns->nonce_len = ND6_NONCE_LEN;
      memcpy(ns->nonce, opt.bytes + OPTION_DATA, ND6_NONCE_LEN);
    }
  }
}

enum drop_reason nd6_parse_ns(struct nd6_ns *ns, const u8_t *bytes, size_t len, u8_t lladdr_len)
{
  struct nd6_options options;
  enum drop_reason bad = check_form(&options, bytes, len, ND6_NS_LEN);
  if (bad != DROP_NONE) {
    return bad;
  }
  addr_get(&ns->target, bytes + TARGET);
  if (ip6_addr_ismulticast(&ns->target)) {
    return DROP_ND6_BAD_TARGET;
  }
  find_nonce(ns, options);
  return find_lladdr(&ns->source_ll, options, ND6_OPTION_TYPE_SOURCE_LLADDR, lladdr_len);
}

enum drop_reason nd6_parse_na(struct nd6_na *na, const u8_t *bytes, size_t len, u8_t lladdr_len)
{
  struct nd6_options options;
  enum drop_reason bad = check_form(&options, bytes, len, ND6_NA_LEN);
  if (bad != DROP_NONE) {
    return bad;
  }
  na->flags = bytes[NA_FLAGS];
  addr_get(&na->target, bytes + TARGET);
  if (ip6_addr_ismulticast(&na->target)) {
    return DROP_ND6_BAD_TARGET;
  }
  return find_lladdr(&na->target_ll, options, ND6_OPTION_TYPE_TARGET_LLADDR, lladdr_len);
}

enum drop_reason nd6_parse_rs(struct nd6_rs *rs, const u8_t *bytes, size_t len, u8_t lladdr_len)
{
  struct nd6_options options;
  enum drop_reason bad = check_form(&options, bytes, len, ND6_RS_LEN);
  if (bad != DROP_NONE) {
    return bad;
  }
  return find_lladdr(&rs->source_ll, options, ND6_OPTION_TYPE_SOURCE_LLADDR, lladdr_len);
}

enum drop_reason nd6_parse_ra(struct nd6_ra *ra, const u8_t *bytes, size_t len, u8_t lladdr_len)
{
  enum drop_reason bad = check_form(&ra->options, bytes, len, ND6_RA_LEN);
  if (bad != DROP_NONE) {
    return bad;
  }
  ra->hop_limit = bytes[RA_HOP_LIMIT];
  ra->flags = bytes[RA_FLAGS];
  ra->lifetime_s = bytes_get16(bytes + RA_LIFETIME);
  ra->reachable_ms = bytes_get32(bytes + RA_REACHABLE);
  ra->retrans_ms = bytes_get32(bytes + RA_RETRANS);
  return find_lladdr(&ra->source_ll, ra->options, ND6_OPTION_TYPE_SOURCE_LLADDR, lladdr_len);
}

enum drop_reason nd6_parse_redirect(struct nd6_redirect *rd, const u8_t *bytes, size_t len,
                                    u8_t lladdr_len)
{
  struct nd6_options options;
  enum drop_reason bad = check_form(&options, bytes, len, ND6_REDIRECT_LEN);
  if (bad != DROP_NONE) {
    return bad;
  }
  addr_get(&rd->target, bytes + TARGET);
  addr_get(&rd->dst, bytes + REDIRECT_DST);
  if (ip6_addr_ismulticast(&rd->target) || ip6_addr_ismulticast(&rd->dst)) {
    return DROP_ND6_BAD_TARGET;
  }
  return find_lladdr(&rd->target_ll, options, ND6_OPTION_TYPE_TARGET_LLADDR, lladdr_len);
}

/** A message whose fixed part is all zeros but for its type and a target. */
static size_t build_targeted(u8_t *b, size_t len, u8_t type, const ip6_addr_t *target)
{
  memset(b, 0, len);
  b[TYPE] = type;
  memcpy(b + TARGET, target->addr, ADDR_LEN);
  return len;
}

size_t nd6_build_ns(u8_t *b, const ip6_addr_t *target)
{
  return build_targeted(b, ND6_NS_LEN, ICMP6_TYPE_NS, target);
}

size_t nd6_build_na(u8_t *b, u8_t flags, const ip6_addr_t *target)
{
  build_targeted(b, ND6_NA_LEN, ICMP6_TYPE_NA, target);
  b[NA_FLAGS] = flags;
  return ND6_NA_LEN;
}

size_t nd6_build_rs(u8_t *b)
{
  memset(b, 0, ND6_RS_LEN);
  b[TYPE] = ICMP6_TYPE_RS;
  return ND6_RS_LEN;
}

size_t nd6_build_redirect(u8_t *b, const ip6_addr_t *target, const ip6_addr_t *dst)
{
  build_targeted(b, ND6_REDIRECT_LEN, ICMP6_TYPE_RD, target);
  memcpy(b + REDIRECT_DST, dst->addr, ADDR_LEN);
  return ND6_REDIRECT_LEN;
}

size_t nd6_build_lladdr(u8_t *b, u8_t type, const u8_t *addr, u8_t addr_len)
{
  u16_t len = nd6_lladdr_option_len(addr_len);
  if (len != 0) {
    memset(b, 0, len);
    b[TYPE] = type;
    b[OPTION_LEN] = (u8_t)(len / ND6_OPTION_UNIT);
    memcpy(b + OPTION_DATA, addr, addr_len);
  }
  return len;
}

size_t nd6_build_nonce(u8_t *b, const u8_t nonce[ND6_NONCE_LEN])
{
  b[TYPE] = ND6_OPTION_TYPE_NONCE;
  b[OPTION_LEN] = (OPTION_DATA + ND6_NONCE_LEN) / ND6_OPTION_UNIT;
  memcpy(b + OPTION_DATA, nonce, ND6_NONCE_LEN);
  return OPTION_DATA + ND6_NONCE_LEN;
}

size_t nd6_build_redirected_header(u8_t *b, size_t quoted_len)
{
  memset(b, 0, ND6_REDIRECTED_HEADER_LEN);
  b[TYPE] = ND6_OPTION_TYPE_REDIR_HDR;
  b[OPTION_LEN] = (u8_t)((ND6_REDIRECTED_HEADER_LEN + quoted_len) / ND6_OPTION_UNIT);
  return ND6_REDIRECTED_HEADER_LEN;
}
