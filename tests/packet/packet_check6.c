/**
 * @file
 * What IPv6 frames must look like, up to UDP and ICMPv6. MLD and neighbor discovery:
 * packet_check_nd.c.
 */
#include <stdio.h>
#include "packet_priv.h"
#include "packet_text6.h"

#define FRAME_LEN_MIN 60 /* shorter ones may be padded up to this */

static void check_ip(const char *what, const struct frame *f, size_t off, const char *want,
                     const char *file, int line)
{
  u8_t bytes[16];
  char found[48];
  ip6_bytes(want, bytes);
  packet_text6_print(f->data + off, found, sizeof found);
  if (memcmp(f->data + off, bytes, 16) != 0) {
    packet_fail(file, line, "%s is %s, not %s", what, found, want);
  }
}

/** All that can be wrong with an IPv6 header. @return where it begins */
static size_t check_header(const struct frame *f, size_t *payload_len, const char *file, int line)
{
  size_t at;
  check_number("EtherType", packet_ether_type(f, &at, file, line), 0x86dd, file, line);
  packet_get(f, at, 40, file, line);
  *payload_len = packet_get(f, at + 4, 2, file, line);
  check_number("IP version", f->data[at] >> 4, 6, file, line);
  if (*payload_len > f->len - at - 40) {
    packet_fail(file, line, "IPv6 payload of %zu bytes in %zu", *payload_len, f->len - at - 40);
  }
  if (f->len > FRAME_LEN_MIN && *payload_len != f->len - at - 40) {
    packet_fail(file, line, "%zu bytes behind an IPv6 payload of %zu",
                f->len - at - 40 - *payload_len, *payload_len);
  }
  return at;
}

/** What is behind the headers that can be walked over. */
struct payload {
  u8_t type;
  size_t at, len;
};

static struct payload payload_of(const struct frame *f, const char *file, int line)
{
  struct payload p;
  p.at = check_header(f, &p.len, file, line);
  p.type = f->data[p.at + 6];
  p.at += 40;
  while (p.type == NH_HOP_BY_HOP || p.type == NH_ROUTING || p.type == NH_DEST) {
    size_t len = p.len >= 8 ? 8 + 8 * (size_t)f->data[p.at + 1] : 8;
    if (len > p.len) {
      packet_fail(file, line, "extension header of %zu bytes in %zu", len, p.len);
    }
    p.type = f->data[p.at];
    p.at += len;
    p.len -= len;
  }
  return p;
}

size_t packet_ip6_payload_at(const struct frame *f, const char *file, int line)
{
  return payload_of(f, file, line).at;
}

size_t packet_ip6_payload_len(const struct frame *f, const char *file, int line)
{
  return payload_of(f, file, line).len;
}

u8_t packet_ip6_payload_type(const struct frame *f, const char *file, int line)
{
  return payload_of(f, file, line).type;
}

struct frame *packet_check_ip6(struct frame *f, const char *src, const char *dst, u8_t nexth,
                               const char *file, int line)
{
  size_t payload_len;
  size_t at = check_header(f, &payload_len, file, line);
  check_ip("IPv6 source", f, at + 8, src, file, line);
  check_ip("IPv6 destination", f, at + 24, dst, file, line);
  check_number("next header", payload_of(f, file, line).type, nexth, file, line);
  if (f->data[at + 24] == 0xff) {
    u8_t group[6] = {0x33, 0x33};
    memcpy(group + 2, f->data + at + 36, 4);
    check_bytes("Ethernet destination", f->data, group, 6, file, line);
  } else {
    check_number("group bit of Ethernet destination", f->data[0] & 1, 0, file, line);
  }
  return f;
}

struct frame *packet_check_hop_limit(struct frame *f, u8_t hop_limit, const char *file, int line)
{
  size_t payload_len;
  size_t at = check_header(f, &payload_len, file, line);
  check_number("hop limit", f->data[at + 7], hop_limit, file, line);
  return f;
}

const u8_t *packet_message6(const struct frame *f, u8_t nexth, size_t min_len, size_t *len,
                            const char *file, int line)
{
  struct payload p = payload_of(f, file, line);
  check_number("next header", p.type, nexth, file, line);
  if (p.len < min_len) {
    packet_fail(file, line, "transport message of %zu bytes", p.len);
  }
  *len = p.len;
  return f->data + p.at;
}

struct frame *packet_check_icmp6(struct frame *f, u8_t type, u8_t code, const char *file, int line)
{
  size_t len;
  const u8_t *m = packet_message6(f, NH_ICMP6, 8, &len, file, line);
  packet_check_transport_sum(f, NH_ICMP6, m, len, len, file, line);
  check_number("ICMPv6 type", m[0], type, file, line);
  check_number("ICMPv6 code", m[1], code, file, line);
  return f;
}

struct frame *packet_check_pong6(struct frame *f, u16_t id, u16_t seq, const void *data, size_t len,
                                 const char *file, int line)
{
  packet_check_icmp6(f, T6_ECHO_REPLY, 0, file, line);
  size_t m_len;
  const u8_t *m = packet_message6(f, NH_ICMP6, 8, &m_len, file, line);
  check_number("echo identifier", (u32_t)m[4] << 8 | m[5], id, file, line);
  check_number("echo sequence", (u32_t)m[6] << 8 | m[7], seq, file, line);
  check_number("bytes of data", (u32_t)(m_len - 8), (u32_t)len, file, line);
  check_bytes("data", m + 8, data, len, file, line);
  return f;
}

struct frame *packet_check_icmp6_error(struct frame *f, u8_t type, u8_t code,
                                       const struct frame *about, const char *file, int line)
{
  packet_check_icmp6(f, type, code, file, line);
  size_t len, about_at;
  const u8_t *m = packet_message6(f, NH_ICMP6, 8, &len, file, line);
  check_number("EtherType of the quoted", packet_ether_type(about, &about_at, file, line), 0x86dd,
               file, line);
  const u8_t *original = about->data + about_at;
  /* As much as fits into 1280 bytes, and without what trails the packet in its frame. */
  size_t about_len = 40 + ((size_t)original[4] << 8 | original[5]);
  about_len = LWIP_MIN(about_len, about->len - about_at);
  check_number("bytes quoted", (u32_t)(len - 8), (u32_t)LWIP_MIN(about_len, 1280 - 48), file, line);
  u8_t *quote = packet_alloc(len - 8);
  memcpy(quote, m + 8, len - 8);
  quote[7] = original[7]; /* the hop limit may be that of the time of the error */
  check_bytes("quoted packet", quote, original, len - 8, file, line);
  return f;
}
