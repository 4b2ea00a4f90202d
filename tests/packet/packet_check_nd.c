/**
 * @file
 * What messages of neighbor discovery and MLD must look like.
 */
#include "packet_priv.h"

/** Bytes of a message in front of its options. */
static size_t nd_head_len(u8_t type)
{
  switch (type) {
  case T6_RS:
    return 8;
  case T6_RA:
    return 16;
  case T6_REDIRECT:
    return 40;
  default:
    return 24;
  }
}

const u8_t *packet_nd_option(const struct frame *f, u8_t type, const char *file, int line)
{
  size_t len;
  const u8_t *m = packet_message6(f, NH_ICMP6, 8, &len, file, line);
  const u8_t *found = NULL;
  size_t option_len = 0;
  for (size_t at = nd_head_len(m[0]); at < len; at += option_len) {
    option_len = len - at >= 2 ? 8 * (size_t)m[at + 1] : 0;
    if (option_len == 0 || option_len > len - at) {
      packet_fail(file, line, "option of %zu bytes in %zu", option_len, len - at);
    }
    if (m[at] == type && found == NULL) {
      found = m + at;
    }
  }
  return found;
}

struct frame *packet_check_nd(struct frame *f, u8_t type, const char *src, const char *dst,
                              const char *target, u8_t flags, const char *file, int line)
{
  packet_check_ip6(f, src, dst, NH_ICMP6, file, line);
  packet_check_hop_limit(f, 255, file, line);
  packet_check_icmp6(f, type, 0, file, line);
  size_t len;
  const u8_t *m = packet_message6(f, NH_ICMP6, nd_head_len(type), &len, file, line);
  (void)packet_nd_option(f, 0, file, line); /* all options are well-formed */
  if (target != NULL) {
    u8_t bytes[16];
    ip6_bytes(target, bytes);
    check_bytes("target", m + 8, bytes, 16, file, line);
    check_number("flags", m[4], flags, file, line);
  }
  return f;
}

struct frame *packet_check_nd_lladdr(struct frame *f, u8_t type, const u8_t *mac, const char *file,
                                     int line)
{
  const u8_t *option = packet_nd_option(f, type, file, line);
  if ((option == NULL) != (mac == NULL)) {
    packet_fail(file, line, "link-layer address option %s", option == NULL ? "missing" : "there");
  }
  if (mac != NULL) {
    check_number("units of link-layer address option", option[1], 1, file, line);
    check_bytes("link-layer address", option + 2, mac, 6, file, line);
  }
  return f;
}

/** The headers of any MLD message we send (RFC 2710 3, RFC 3810 5). */
static void check_mld_headers(const struct frame *f, const char *dst, const char *file, int line)
{
  static const u8_t unspecified[16];
  static const u8_t linklocal[8] = {0xfe, 0x80};
  size_t at;
  packet_ether_type(f, &at, file, line);
  const u8_t *h = f->data + at;
  u8_t bytes[16];
  packet_ip6_payload_at(f, file, line);
  ip6_bytes(dst, bytes);
  check_bytes("MLD destination", h + 24, bytes, 16, file, line);
  check_number("hop limit of MLD", h[7], 1, file, line);
  check_number("hop-by-hop header", h[6], NH_HOP_BY_HOP, file, line);
  if (memcmp(h + 8, unspecified, 16) != 0) {
    check_bytes("MLD source", h + 8, linklocal, 8, file, line);
  }
  bool has_alert = false;
  size_t end = 40 + 8 + 8 * (size_t)h[41];
  for (size_t i = 42; i < end; i += h[i] == 0 ? 1 : 2 + (size_t)h[i + 1]) {
    has_alert = has_alert || (h[i] == 5 && h[i + 1] == 2 && h[i + 2] == 0 && h[i + 3] == 0);
  }
  check_number("router alert", has_alert, true, file, line);
}

struct frame *packet_check_mld1(struct frame *f, u8_t type, const char *group, const char *file,
                                int line)
{
  packet_check_icmp6(f, type, 0, file, line);
  size_t len;
  const u8_t *m = packet_message6(f, NH_ICMP6, 24, &len, file, line);
  check_mld_headers(f, type == T6_MLD1_DONE ? "ff02::2" : group, file, line);
  u8_t bytes[16];
  ip6_bytes(group, bytes);
  check_number("bytes of MLDv1", (u32_t)len, 24, file, line);
  check_bytes("MLD group", m + 8, bytes, 16, file, line);
  return f;
}

struct frame *packet_check_mld2(struct frame *f, u16_t count, const char *file, int line)
{
  packet_check_icmp6(f, T6_MLD2_REPORT, 0, file, line);
  size_t len;
  const u8_t *m = packet_message6(f, NH_ICMP6, 8, &len, file, line);
  check_mld_headers(f, "ff02::16", file, line);
  check_number("MLDv2 records", (u32_t)m[6] << 8 | m[7], count, file, line);
  return f;
}

/** Is `source` one of the words of `sources`? */
static bool is_listed(const u8_t *source, const char *sources)
{
  while (*sources != '\0') {
    char word[64] = {0};
    u8_t bytes[16];
    size_t len = strcspn(sources, " ");
    memcpy(word, sources, LWIP_MIN(len, sizeof word - 1));
    ip6_bytes(word, bytes);
    if (memcmp(bytes, source, 16) == 0) {
      return true;
    }
    sources += len + (sources[len] == ' ' ? 1 : 0);
  }
  return false;
}

static size_t count_words(const char *text)
{
  size_t n = *text != '\0' ? 1 : 0;
  for (; *text != '\0'; text++) {
    n += *text == ' ' ? 1 : 0;
  }
  return n;
}

struct frame *packet_check_mld2_record(struct frame *f, unsigned index, u8_t type,
                                       const char *group, const char *sources, const char *file,
                                       int line)
{
  size_t len;
  const u8_t *m = packet_message6(f, NH_ICMP6, 8, &len, file, line);
  size_t at = 8;
  size_t record_len = 0;
  for (unsigned i = 0; i <= index; i++) {
    at += record_len;
    if (at > len || len - at < 20) {
      packet_fail(file, line, "MLDv2 record %u is not within the message", i);
    }
    size_t source_count = (size_t)m[at + 2] << 8 | m[at + 3];
    record_len = 20 + 16 * source_count + 4 * (size_t)m[at + 1];
    if (record_len > len - at) {
      packet_fail(file, line, "MLDv2 record %u has %zu bytes, there are %zu", i, record_len,
                  len - at);
    }
  }
  u8_t bytes[16];
  ip6_bytes(group, bytes);
  sources = sources != NULL ? sources : "";
  check_number("type of MLDv2 record", m[at], type, file, line);
  check_bytes("group of MLDv2 record", m + at + 4, bytes, 16, file, line);
  size_t source_count = (size_t)m[at + 2] << 8 | m[at + 3];
  check_number("sources of MLDv2 record", (u32_t)source_count, (u32_t)count_words(sources), file,
               line);
  for (size_t i = 0; i < source_count; i++) {
    if (!is_listed(m + at + 20 + 16 * i, sources)) {
      packet_fail(file, line, "source %zu of the MLDv2 record is none of: %s", i, sources);
    }
  }
  return f;
}
