/**
 * @file
 * What frames must look like: each check verifies everything below its own layer as well.
 */
#include <stdio.h>
#include "packet_priv.h"

#define ETHERTYPE_VLAN_TAG 0x8100
#define FRAME_LEN_MIN      60 /* shorter ones may be padded up to this */

void packet_assert_numbers(long long a, long long b, bool want_equal, const char *text,
                           const char *file, int line)
{
  if ((a == b) != want_equal) {
    packet_fail(file, line, "%s: %lld (0x%llx) %s %lld (0x%llx)", text, a, (unsigned long long)a,
                want_equal ? "is not" : "is", b, (unsigned long long)b);
  }
}

void packet_assert_memory(const void *a, const void *b, size_t len, bool want_equal,
                          const char *text, const char *file, int line)
{
  if (len > 0 && (a == NULL || b == NULL)) {
    packet_fail(file, line, "%s: NULL", text);
  }
  size_t i = 0;
  while (i < len && ((const u8_t *)a)[i] == ((const u8_t *)b)[i]) {
    i++;
  }
  if (want_equal && i < len) {
    packet_fail(file, line, "%s: byte %zu of %zu is %02x, not %02x", text, i, len,
                ((const u8_t *)a)[i], ((const u8_t *)b)[i]);
  }
  if (!want_equal && i == len) {
    packet_fail(file, line, "%s: %zu equal bytes", text, len);
  }
}

void packet_assert_strings(const char *a, const char *b, bool want_equal, const char *text,
                           const char *file, int line)
{
  if (a == NULL || b == NULL || (strcmp(a, b) == 0) != want_equal) {
    packet_fail(file, line, "%s: \"%s\" and \"%s\"", text, a != NULL ? a : "NULL",
                b != NULL ? b : "NULL");
  }
}

u32_t packet_get(const struct frame *f, size_t off, size_t size, const char *file, int line)
{
  if (f == NULL) {
    packet_fail(file, line, "no frame was sent");
  }
  if (off > f->len || f->len - off < size) {
    packet_fail(file, line, "byte %zu of a frame of %zu bytes", off, f->len);
  }
  u32_t value = 0;
  for (size_t i = 0; i < size; i++) {
    value = value << 8 | f->data[off + i];
  }
  return value;
}

void check_number(const char *what, u32_t found, u32_t want, const char *file, int line)
{
  if (found != want) {
    packet_fail(file, line, "%s is %u (0x%x), not %u (0x%x)", what, found, found, want, want);
  }
}

void check_bytes(const char *what, const u8_t *found, const void *want, size_t len,
                 const char *file, int line)
{
  packet_assert_memory(found, want, len, true, what, file, line);
}

static void check_ip(const char *what, const struct frame *f, size_t off, const char *want,
                     const char *file, int line)
{
  ip4_addr_t addr = ip4_of(want);
  u8_t b[4];
  memcpy(b, f->data + off, 4);
  if (memcmp(b, &addr.addr, 4) != 0) {
    packet_fail(file, line, "%s is %u.%u.%u.%u, not %s", what, b[0], b[1], b[2], b[3], want);
  }
}

struct frame *packet_check_eth(struct frame *f, const u8_t *dst, const u8_t *src, u16_t type,
                               const char *file, int line)
{
  check_number("EtherType", packet_get(f, 12, 2, file, line), type, file, line);
  check_bytes("Ethernet destination", f->data, dst, 6, file, line);
  check_bytes("Ethernet source", f->data + 6, src, 6, file, line);
  return f;
}

struct frame *packet_check_vlan(struct frame *f, u16_t tci, const char *file, int line)
{
  check_number("EtherType", packet_get(f, 12, 2, file, line), ETHERTYPE_VLAN_TAG, file, line);
  check_number("tag", packet_get(f, 14, 2, file, line), tci, file, line);
  struct frame *plain = packet_alloc(sizeof *plain);
  *plain = frame_of(f->data, f->len - 4);
  memcpy(plain->data + 12, f->data + 16, f->len - 16);
  return plain;
}

struct frame *packet_check_arp(struct frame *f, u16_t op, const u8_t *smac, const char *sip,
                               const u8_t *tmac, const char *tip, const char *file, int line)
{
  check_number("EtherType", packet_get(f, 12, 2, file, line), 0x0806, file, line);
  packet_get(f, 14, 28, file, line);
  static const u8_t fixed[] = {0, 1, 8, 0, 6, 4};
  check_bytes("ARP formats", f->data + 14, fixed, sizeof fixed, file, line);
  check_number("ARP operation", packet_get(f, 20, 2, file, line), op, file, line);
  check_bytes("Ethernet source", f->data + 6, smac, 6, file, line);
  check_bytes("ARP sender MAC", f->data + 22, smac, 6, file, line);
  check_ip("ARP sender IP", f, 28, sip, file, line);
  check_bytes("ARP target MAC", f->data + 32, tmac, 6, file, line);
  check_ip("ARP target IP", f, 38, tip, file, line);
  if (f->len > FRAME_LEN_MIN) {
    packet_fail(file, line, "an ARP frame of %zu bytes", f->len);
  }
  return f;
}

u32_t packet_ether_type(const struct frame *f, size_t *at, const char *file, int line)
{
  u32_t type = packet_get(f, 12, 2, file, line);
  *at = 14;
  if (type == ETHERTYPE_VLAN_TAG) {
    type = packet_get(f, 16, 2, file, line);
    *at = 18;
  }
  return type;
}

/** Where the IPv4 header is. */
static size_t ip4_at(const struct frame *f, const char *file, int line)
{
  size_t at;
  check_number("EtherType", packet_ether_type(f, &at, file, line), 0x0800, file, line);
  return at;
}

/** All that can be wrong with an IPv4 header. @return where it begins */
static size_t check_ip4_header(const struct frame *f, const char *file, int line)
{
  size_t at = ip4_at(f, file, line);
  packet_get(f, at, 20, file, line);
  size_t header_len = (size_t)(f->data[at] & 15) * 4;
  size_t total_len = packet_get(f, at + 2, 2, file, line);
  check_number("IP version", f->data[at] >> 4, 4, file, line);
  if (header_len < 20 || header_len > total_len || total_len > f->len - at) {
    packet_fail(file, line, "IP header of %zu bytes, packet of %zu, in %zu", header_len, total_len,
                f->len - at);
  }
  if (f->len > FRAME_LEN_MIN && total_len != f->len - at) {
    packet_fail(file, line, "%zu bytes behind an IP packet of %zu", f->len - at - total_len,
                total_len);
  }
  check_number("IP checksum's complement", checksum_of(f->data + at, header_len), 0, file, line);
  return at;
}

size_t packet_ip4_payload_at(const struct frame *f, const char *file, int line)
{
  size_t at = check_ip4_header(f, file, line);
  return at + (size_t)(f->data[at] & 15) * 4;
}

size_t packet_ip4_payload_len(const struct frame *f, const char *file, int line)
{
  size_t at = check_ip4_header(f, file, line);
  return packet_get(f, at + 2, 2, file, line) - (size_t)(f->data[at] & 15) * 4;
}

struct frame *packet_check_ip4(struct frame *f, const char *src, const char *dst, u8_t proto,
                               const char *file, int line)
{
  size_t at = check_ip4_header(f, file, line);
  check_number("IP protocol", f->data[at + 9], proto, file, line);
  check_ip("IP source", f, at + 12, src, file, line);
  check_ip("IP destination", f, at + 16, dst, file, line);
  return f;
}

/** The transport message of an unfragmented packet of protocol `proto`. */
static const u8_t *message(const struct frame *f, u8_t proto, size_t min_len, size_t *len,
                           const char *file, int line)
{
  size_t at = check_ip4_header(f, file, line);
  check_number("IP protocol", f->data[at + 9], proto, file, line);
  if ((packet_get(f, at + 6, 2, file, line) & 0x3fff) != 0) {
    packet_fail(file, line, "a fragment, not a whole packet");
  }
  *len = packet_ip4_payload_len(f, file, line);
  if (*len < min_len) {
    packet_fail(file, line, "transport message of %zu bytes", *len);
  }
  return f->data + packet_ip4_payload_at(f, file, line);
}

/** The pseudo-header of RFC 768 or RFC 8200 8.1. @return its length */
static size_t pseudo_header(const struct frame *f, u8_t proto, size_t len, u8_t out[40],
                            const char *file, int line)
{
  size_t at;
  memset(out, 0, 40);
  if (packet_ether_type(f, &at, file, line) == 0x86dd) {
    memcpy(out, f->data + at + 8, 32);
    out[34] = (u8_t)(len >> 8);
    out[35] = (u8_t)len;
    out[39] = proto;
    return 40;
  }
  memcpy(out, f->data + at + 12, 8);
  out[9] = proto;
  out[10] = (u8_t)(len >> 8);
  out[11] = (u8_t)len;
  return 12;
}

void packet_check_transport_sum(const struct frame *f, u8_t proto, const u8_t *m, size_t len,
                                size_t covered_len, const char *file, int line)
{
  u8_t *all = packet_alloc(40 + covered_len);
  size_t pseudo_len = pseudo_header(f, proto, len, all, file, line);
  memcpy(all + pseudo_len, m, covered_len);
  check_number("transport checksum's complement", checksum_of(all, pseudo_len + covered_len), 0,
               file, line);
}

/** UDP or UDP-Lite, whichever the packet has. */
static u8_t udp_proto(const struct frame *f, bool *is_v6, const char *file, int line)
{
  size_t at;
  *is_v6 = packet_ether_type(f, &at, file, line) == 0x86dd;
  u8_t proto = *is_v6 ? packet_ip6_payload_type(f, file, line)
                      : f->data[check_ip4_header(f, file, line) + 9];
  return proto == IP_PROTO_UDPLITE ? IP_PROTO_UDPLITE : IP_PROTO_UDP;
}

struct frame *packet_check_udp(struct frame *f, u16_t sport, u16_t dport, const void *data,
                               size_t len, const char *file, int line)
{
  bool is_v6;
  u8_t proto = udp_proto(f, &is_v6, file, line);
  size_t m_len;
  const u8_t *m = is_v6 ? packet_message6(f, proto, 8, &m_len, file, line)
                        : message(f, proto, 8, &m_len, file, line);
  size_t length_field = (size_t)m[4] << 8 | m[5];
  size_t covered_len = m_len;
  check_number("source port", (u32_t)m[0] << 8 | m[1], sport, file, line);
  check_number("destination port", (u32_t)m[2] << 8 | m[3], dport, file, line);
  if (proto == IP_PROTO_UDP) {
    check_number("UDP length", (u32_t)length_field, (u32_t)m_len, file, line);
  } else if (length_field != 0) {
    covered_len = LWIP_MIN(length_field, m_len);
  }
  if (is_v6 || proto == IP_PROTO_UDPLITE || m[6] != 0 || m[7] != 0) {
    packet_check_transport_sum(f, proto, m, m_len, covered_len, file, line);
  }
  if (len != (size_t)-1) {
    check_number("bytes of data", (u32_t)(m_len - 8), (u32_t)len, file, line);
  }
  if (data != NULL) {
    check_bytes("data", m + 8, data, LWIP_MIN(len, m_len - 8), file, line);
  }
  return f;
}

struct frame *packet_check_icmp(struct frame *f, u8_t type, u8_t code, const char *file, int line)
{
  size_t len;
  const u8_t *m = message(f, IP_PROTO_ICMP, 8, &len, file, line);
  check_number("ICMP checksum's complement", checksum_of(m, len), 0, file, line);
  check_number("ICMP type", m[0], type, file, line);
  check_number("ICMP code", m[1], code, file, line);
  return f;
}

struct frame *packet_check_pong(struct frame *f, u16_t id, u16_t seq, const void *data, size_t len,
                                const char *file, int line)
{
  packet_check_icmp(f, 0, 0, file, line);
  size_t m_len;
  const u8_t *m = message(f, IP_PROTO_ICMP, 8, &m_len, file, line);
  check_number("echo identifier", (u32_t)m[4] << 8 | m[5], id, file, line);
  check_number("echo sequence", (u32_t)m[6] << 8 | m[7], seq, file, line);
  check_number("bytes of data", (u32_t)(m_len - 8), (u32_t)len, file, line);
  check_bytes("data", m + 8, data, len, file, line);
  return f;
}

struct frame *packet_check_icmp_error(struct frame *f, u8_t type, u8_t code,
                                      const struct frame *about, const char *file, int line)
{
  packet_check_icmp(f, type, code, file, line);
  size_t len;
  const u8_t *m = message(f, IP_PROTO_ICMP, 8 + 20 + 8, &len, file, line);
  size_t at = ip4_at(about, file, line);
  size_t quote_len = len - 8;
  if (quote_len > about->len - at) {
    packet_fail(file, line, "quotes %zu bytes of a packet of %zu", quote_len, about->len - at);
  }
  u8_t *quote = packet_alloc(quote_len);
  memcpy(quote, m + 8, quote_len);
  const u8_t *original = about->data + at;
  quote[8] = original[8]; /* TTL and checksum may be those of the time of the error */
  memcpy(quote + 10, original + 10, 2);
  check_bytes("quoted packet", quote, original, quote_len, file, line);
  return f;
}

struct frame *packet_check_igmp(struct frame *f, u8_t type, const char *file, int line)
{
  size_t len;
  const u8_t *m = message(f, IP_PROTO_IGMP, 8, &len, file, line);
  check_number("IGMP checksum's complement", checksum_of(m, len), 0, file, line);
  check_number("IGMP type", m[0], type, file, line);
  size_t at = ip4_at(f, file, line);
  check_number("IGMP TTL", f->data[at + 8], 1, file, line);
  check_number("IP header words: 5 and Router Alert", f->data[at] & 15, 6, file, line);
  check_number("Router Alert", packet_get(f, at + 20, 4, file, line), 0x94040000, file, line);
  return f;
}
