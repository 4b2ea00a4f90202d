/**
 * @file
 * Options of router advertisements: parse and build (RFC 4861 4.2 and 4.6, RFC 4191 2, RFC 8106 5).
 */
#include <string.h>
#include "lwip/prot/icmp6.h"
#include "lwip/prot/nd6.h"
#include "wire/bytes.h"
#include "wire/nd6_ra.h"

enum {
  ADDR_LEN = 16,
  ROUTE_HEADER_LEN = 8,
  PREF_SHIFT = 3,
  LABEL_LEN_MAX = 63, /* RFC 1035 2.3.4; the two bits above it are compression's */
  NAME_LEN_MAX = 255  /* on the wire */
};

static void nd6_addr_get(ip6_addr_t *a, const u8_t *bytes, size_t len)
{
  memset(a, 0, sizeof *a);
  memcpy(a->addr, bytes, len);
}

static void nd6_option_head(u8_t *b, u8_t type, size_t len)
{
  memset(b, 0, len);
  b[0] = type;
  b[1] = (u8_t)(len / 8);
}

s8_t nd6_preference_get(u8_t bits)
{
  static const s8_t value[4] = {0, 1, -2, -1};
  return value[(bits & ND6_RA_PREFERENCE_MASK) >> PREF_SHIFT];
}

u8_t nd6_preference_bits(s8_t preference)
{
  return (u8_t)(((u8_t)preference << PREF_SHIFT) & ND6_RA_PREFERENCE_MASK);
}

void nd6_prefix_mask(ip6_addr_t *a, u8_t prefix_len)
{
  for (unsigned word = 0; word < 4; word++) {
    unsigned before = word * 32;
    if (prefix_len <= before) {
      a->addr[word] = 0;
    } else if (prefix_len < before + 32) {
      a->addr[word] &= lwip_htonl(0xffffffffUL << (before + 32 - prefix_len));
    }
  }
}

bool nd6_parse_prefix(struct nd6_prefix_info *info, const u8_t *bytes, size_t len)
{
  if (len != ND6_PREFIX_OPTION_LEN || bytes[2] > 128) {
    return false;
  }
  info->prefix_len = bytes[2];
  info->is_on_link = (bytes[3] & ND6_PREFIX_FLAG_ON_LINK) != 0;
  info->is_autonomous = (bytes[3] & ND6_PREFIX_FLAG_AUTONOMOUS) != 0;
  info->valid_s = bytes_get32(bytes + 4);
  info->preferred_s = bytes_get32(bytes + 8);
  nd6_addr_get(&info->prefix, bytes + 16, ADDR_LEN);
  nd6_prefix_mask(&info->prefix, info->prefix_len);
  return true;
}

bool nd6_parse_mtu(u32_t *mtu, const u8_t *bytes, size_t len)
{
  if (len != ND6_MTU_OPTION_LEN) {
    return false;
  }
  *mtu = bytes_get32(bytes + 4);
  return true;
}

bool nd6_parse_route(struct nd6_route_info *info, const u8_t *bytes, size_t len)
{
  if (len < ROUTE_HEADER_LEN || len > ND6_ROUTE_OPTION_LEN_MAX || bytes[2] > 128) {
    return false;
  }
  size_t prefix_bytes = len - ROUTE_HEADER_LEN; /* 0, 8 or 16 */
  info->prefix_len = bytes[2];
  info->preference = nd6_preference_get(bytes[3]);
  info->lifetime_s = bytes_get32(bytes + 4);
  if (prefix_bytes * 8 < info->prefix_len || info->preference < -1) {
    return false; /* reserved preference: the option MUST be ignored (RFC 4191 2.3) */
  }
  nd6_addr_get(&info->prefix, bytes + ROUTE_HEADER_LEN, prefix_bytes);
  nd6_prefix_mask(&info->prefix, info->prefix_len);
  return true;
}

bool nd6_parse_rdnss(struct nd6_rdnss *rdnss, const u8_t *bytes, size_t len)
{
  if (len < ND6_RDNSS_HEADER_LEN + ADDR_LEN || (len - ND6_RDNSS_HEADER_LEN) % ADDR_LEN != 0) {
    return false;
  }
  rdnss->lifetime_s = bytes_get32(bytes + 4);
  rdnss->num_addrs = (len - ND6_RDNSS_HEADER_LEN) / ADDR_LEN;
  rdnss->addrs = bytes + ND6_RDNSS_HEADER_LEN;
  return true;
}

void nd6_rdnss_addr(const struct nd6_rdnss *rdnss, size_t i, ip6_addr_t *addr)
{
  nd6_addr_get(addr, rdnss->addrs + i * ADDR_LEN, ADDR_LEN);
}

bool nd6_parse_dnssl(struct nd6_dnssl *dnssl, const u8_t *bytes, size_t len)
{
  if (len < ND6_DNSSL_HEADER_LEN + 8) {
    return false;
  }
  dnssl->lifetime_s = bytes_get32(bytes + 4);
  dnssl->names = bytes + ND6_DNSSL_HEADER_LEN;
  dnssl->names_len = len - ND6_DNSSL_HEADER_LEN;
  return true;
}

static bool nd6_is_label_char(u8_t c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

static bool nd6_label_ok(const u8_t *label, size_t len)
{
  if (len == 0 || len > LABEL_LEN_MAX) {
    return false;
  }
  for (size_t i = 0; i < len; i++) {
    if (!nd6_is_label_char(label[i])) {
      return false;
    }
  }
  return true;
}

bool nd6_dnssl_next(struct nd6_dnssl *dnssl, char text[ND6_DOMAIN_TEXT_MAX + 1])
{
  const u8_t *b = dnssl->names;
  size_t left = dnssl->names_len;
  size_t text_len = 0;
  dnssl->names_len = 0; /* nothing more, unless this name proves right */
  while (left > 0 && b[0] != 0) {
    size_t label_len = b[0];
    size_t dot_len = (text_len > 0) ? 1 : 0;
    if (label_len >= left || !nd6_label_ok(b + 1, label_len) ||
        label_len + dot_len > ND6_DOMAIN_TEXT_MAX - text_len) {
      return false;
    }
    if (dot_len > 0) {
      text[text_len++] = '.';
    }
    memcpy(text + text_len, b + 1, label_len);
    text_len += label_len;
    b += 1 + label_len;
    left -= 1 + label_len;
  }
  if (left == 0 || text_len == 0) {
    return false; /* no end, or padding */
  }
  text[text_len] = '\0';
  dnssl->names = b + 1;
  dnssl->names_len = left - 1;
  return true;
}

size_t nd6_build_ra(u8_t *b, const struct nd6_ra_fields *ra)
{
  if (b != NULL) {
    memset(b, 0, ND6_RA_HEADER_LEN);
    b[0] = ICMP6_TYPE_RA;
    b[4] = ra->hop_limit;
    b[5] =
        (u8_t)((ra->is_managed ? ND6_RA_FLAG_MANAGED_ADDR_CONFIG : 0) |
               (ra->is_other ? ND6_RA_FLAG_OTHER_CONFIG : 0) | nd6_preference_bits(ra->preference));
    bytes_put16(b + 6, ra->lifetime_s);
    bytes_put32(b + 8, ra->reachable_ms);
    bytes_put32(b + 12, ra->retrans_ms);
  }
  return ND6_RA_HEADER_LEN;
}

size_t nd6_build_prefix(u8_t *b, const struct nd6_prefix_info *info)
{
  if (b != NULL) {
    ip6_addr_t prefix = info->prefix;
    nd6_prefix_mask(&prefix, info->prefix_len);
    nd6_option_head(b, ND6_OPTION_TYPE_PREFIX_INFO, ND6_PREFIX_OPTION_LEN);
    b[2] = info->prefix_len;
    b[3] = (u8_t)((info->is_on_link ? ND6_PREFIX_FLAG_ON_LINK : 0) |
                  (info->is_autonomous ? ND6_PREFIX_FLAG_AUTONOMOUS : 0));
    bytes_put32(b + 4, info->valid_s);
    bytes_put32(b + 8, info->preferred_s);
    memcpy(b + 16, prefix.addr, ADDR_LEN);
  }
  return ND6_PREFIX_OPTION_LEN;
}

size_t nd6_build_mtu(u8_t *b, u32_t mtu)
{
  if (b != NULL) {
    nd6_option_head(b, ND6_OPTION_TYPE_MTU, ND6_MTU_OPTION_LEN);
    bytes_put32(b + 4, mtu);
  }
  return ND6_MTU_OPTION_LEN;
}

size_t nd6_build_route(u8_t *b, const struct nd6_route_info *info)
{
  size_t prefix_bytes = (info->prefix_len + 63U) / 64 * 8;
  if (b != NULL) {
    ip6_addr_t prefix = info->prefix;
    nd6_prefix_mask(&prefix, info->prefix_len);
    nd6_option_head(b, ND6_OPTION_TYPE_ROUTE_INFO, ROUTE_HEADER_LEN + prefix_bytes);
    b[2] = info->prefix_len;
    b[3] = nd6_preference_bits(info->preference);
    bytes_put32(b + 4, info->lifetime_s);
    memcpy(b + ROUTE_HEADER_LEN, prefix.addr, prefix_bytes);
  }
  return ROUTE_HEADER_LEN + prefix_bytes;
}

size_t nd6_build_rdnss(u8_t *b, u32_t lifetime_s, const ip6_addr_t *addrs, size_t num_addrs)
{
  size_t len = ND6_RDNSS_HEADER_LEN + num_addrs * ADDR_LEN;
  if (b != NULL) {
    nd6_option_head(b, ND6_OPTION_TYPE_RDNSS, len);
    bytes_put32(b + 4, lifetime_s);
    for (size_t i = 0; i < num_addrs; i++) {
      memcpy(b + ND6_RDNSS_HEADER_LEN + i * ADDR_LEN, addrs[i].addr, ADDR_LEN);
    }
  }
  return len;
}

/** One name in labels, at `b` unless that is NULL. @return bytes; 0: it is no name */
static size_t nd6_build_name(u8_t *b, const char *name)
{
  size_t at = 0;
  for (;;) {
    size_t label_len = strcspn(name, ".");
    if (!nd6_label_ok((const u8_t *)name, label_len) || at + label_len + 2 > NAME_LEN_MAX) {
      return 0;
    }
    if (b != NULL) {
      b[at] = (u8_t)label_len;
      memcpy(b + at + 1, name, label_len);
    }
    at += 1 + label_len;
    name += label_len;
    if (name[0] == '.') {
      name++;
    }
    if (name[0] == '\0') {
      break;
    }
  }
  if (b != NULL) {
    b[at] = 0;
  }
  return at + 1;
}

size_t nd6_build_dnssl(u8_t *b, u32_t lifetime_s, const char *const *names, size_t num_names)
{
  size_t names_len = 0;
  for (size_t i = 0; i < num_names; i++) {
    size_t name_len = nd6_build_name(NULL, names[i]);
    if (name_len == 0) {
      return 0;
    }
    names_len += name_len;
  }
  size_t len = (ND6_DNSSL_HEADER_LEN + names_len + 7) / 8 * 8;
  if (num_names == 0 || len / 8 > 0xff) {
    return 0;
  }
  if (b != NULL) {
    nd6_option_head(b, ND6_OPTION_TYPE_DNSSL, len);
    bytes_put32(b + 4, lifetime_s);
    size_t at = ND6_DNSSL_HEADER_LEN;
    for (size_t i = 0; i < num_names; i++) {
      at += nd6_build_name(b + at, names[i]);
    }
  }
  return len;
}
