/**
 * @file
 * Frames made from their fields. Written apart from the stack's own code, so that a mistake there
 * is not made here as well: everything is bytes and offsets.
 */
#include <stdio.h>
#include <stdlib.h>
#include "packet_priv.h"
#include "lwip/prot/ip4.h"

const u8_t our_mac[6] = {2, 0, 0, 0, 0, 1};
const u8_t peer_mac[6] = {2, 0, 0, 0, 0, 2};
const u8_t gateway_mac[6] = {2, 0, 0, 0, 0, 254};
const u8_t broadcast_mac[6] = {255, 255, 255, 255, 255, 255};
const u8_t zero_mac[6];

const u8_t *mac_of(u8_t net_number, u8_t host)
{
  static u8_t macs[256][256][6];
  u8_t *mac = macs[net_number][host];
  mac[0] = 2;
  mac[4] = net_number;
  mac[5] = host;
  return mac;
}

static void ip_bytes(const char *dotted, u8_t out[4])
{
  unsigned a, b, c, d;
  char rest;
  if (sscanf(dotted, "%u.%u.%u.%u%c", &a, &b, &c, &d, &rest) != 4 || (a | b | c | d) > 255) {
    packet_fail(__FILE__, __LINE__, "not an IPv4 address: %s", dotted);
  }
  out[0] = (u8_t)a;
  out[1] = (u8_t)b;
  out[2] = (u8_t)c;
  out[3] = (u8_t)d;
}

ip4_addr_t ip4_of(const char *dotted)
{
  ip4_addr_t addr;
  u8_t bytes[4];
  ip_bytes(dotted, bytes);
  memcpy(&addr.addr, bytes, 4);
  return addr;
}

ip_addr_t ip_of(const char *text)
{
  ip_addr_t addr;
  memset(&addr, 0, sizeof addr);
  if (strchr(text, ':') != NULL) {
    ip6_addr_t v6 = ip6_of(text);
    ip_addr_copy_from_ip6(addr, v6);
    return addr;
  }
  ip4_addr_t v4 = ip4_of(text);
  (void)v4; /* of no use without IPv4 */
  ip_addr_copy_from_ip4(addr, v4);
  return addr;
}

struct frame frame_of(const void *bytes, size_t len)
{
  struct frame f = {packet_alloc(len + 1), len};
  if (len > 0 && bytes != NULL) {
    memcpy(f.data, bytes, len);
  }
  return f;
}

struct frame frame_copy(struct frame f)
{
  return frame_of(f.data, f.len);
}

void put8(struct frame *f, size_t off, u8_t value)
{
  if (off >= f->len) {
    packet_fail(__FILE__, __LINE__, "byte %zu of a frame of %zu", off, f->len);
  }
  f->data[off] = value;
}

void put16(struct frame *f, size_t off, u16_t value)
{
  put8(f, off, (u8_t)(value >> 8));
  put8(f, off + 1, (u8_t)value);
}

void put32(struct frame *f, size_t off, u32_t value)
{
  put16(f, off, (u16_t)(value >> 16));
  put16(f, off + 2, (u16_t)value);
}

/** Ones' complement sum of 16-bit words, not complemented. */
static u32_t sum_of(const void *data, size_t len, u32_t sum)
{
  const u8_t *b = data;
  for (size_t i = 0; i + 1 < len; i += 2) {
    sum += (u32_t)b[i] << 8 | b[i + 1];
    sum = (sum & 0xffff) + (sum >> 16);
  }
  if (len % 2 != 0) {
    sum += (u32_t)b[len - 1] << 8;
  }
  return (sum & 0xffff) + (sum >> 16);
}

u16_t checksum_of(const void *data, size_t len)
{
  return (u16_t)~sum_of(data, len, 0);
}

/** Over pseudo-header (RFC 768) and message; 0 is not mapped to 0xffff. */
static u16_t transport_checksum(const char *src, const char *dst, u8_t proto, u16_t length_field,
                                const void *data, size_t len)
{
  u8_t pseudo[12] = {0};
  ip_bytes(src, pseudo);
  ip_bytes(dst, pseudo + 4);
  pseudo[9] = proto;
  pseudo[10] = (u8_t)(length_field >> 8);
  pseudo[11] = (u8_t)length_field;
  return (u16_t)~sum_of(data, len, sum_of(pseudo, sizeof pseudo, 0));
}

const u8_t *pattern(size_t len, u32_t seed)
{
  u8_t *bytes = packet_alloc(len + 1);
  u32_t x = seed * 2654435761U + 12345;
  for (size_t i = 0; i < len; i++) {
    x = x * 1664525U + 1013904223U;
    bytes[i] = (u8_t)(x >> 24);
  }
  return bytes;
}

struct frame eth(const u8_t dst[6], const u8_t src[6], u16_t type, const void *payload, size_t len)
{
  struct frame f = frame_of(NULL, 14 + len);
  memcpy(f.data, dst, 6);
  memcpy(f.data + 6, src, 6);
  put16(&f, 12, type);
  if (len > 0) {
    memcpy(f.data + 14, payload, len);
  }
  return f;
}

struct frame vlan_tagged(struct frame f, u16_t tci)
{
  struct frame tagged = frame_of(NULL, f.len + 4);
  memcpy(tagged.data, f.data, 12);
  put16(&tagged, 12, 0x8100);
  put16(&tagged, 14, tci);
  memcpy(tagged.data + 16, f.data + 12, f.len - 12);
  return tagged;
}

struct frame arp(u16_t op, const u8_t smac[6], const char *sip, const u8_t tmac[6], const char *tip)
{
  static const u8_t nobody[6];
  u8_t m[28] = {0, 1, 8, 0, 6, 4, (u8_t)(op >> 8), (u8_t)op};
  memcpy(m + 8, smac, 6);
  ip_bytes(sip, m + 14);
  memcpy(m + 18, tmac, 6);
  ip_bytes(tip, m + 24);
  return eth(memcmp(tmac, nobody, 6) == 0 ? broadcast_mac : tmac, smac, 0x0806, m, sizeof m);
}

/** The Ethernet addresses of a packet that somebody at `src` sends. */
static void link_addresses(const char *src, const char *dst, u8_t out_dst[6], u8_t out_src[6])
{
  u8_t s[4], d[4];
  ip_bytes(src, s);
  ip_bytes(dst, d);
  bool is_near = s[0] == 10 && s[1] == 0;
  memcpy(out_src, is_near ? mac_of(s[2], s[3]) : gateway_mac, 6);
  if (d[0] >= 224 && d[0] < 240) {
    u8_t group[6] = {1, 0, 0x5e, (u8_t)(d[1] & 0x7f), d[2], d[3]};
    memcpy(out_dst, group, 6);
  } else if (d[3] == 255 && (d[0] == 255 || (d[0] == 10 && d[1] == 0))) {
    memcpy(out_dst, broadcast_mac, 6);
  } else {
    memcpy(out_dst, mac_of(is_near ? s[2] : 0, 1), 6);
  }
}

struct ip4_spec ip4_spec_of(const char *src, const char *dst, u8_t proto)
{
  struct ip4_spec spec = {0};
  spec.src = src;
  spec.dst = dst;
  spec.eth_type = 0x0800;
  spec.version = 4;
  spec.ihl = -1;
  spec.total_len = -1;
  spec.id = 0x4711;
  spec.ttl = 64;
  spec.proto = proto;
  spec.checksum = -1;
  return spec;
}

struct frame ip4_opts(struct ip4_spec spec, const void *payload, size_t len)
{
  size_t options_len = (spec.options_len + 3) / 4 * 4;
  size_t header_len = 20 + options_len;
  struct frame f = frame_of(NULL, 14 + header_len + len);
  u8_t *h = f.data + 14;
  link_addresses(spec.src, spec.dst, f.data, f.data + 6);
  if (spec.eth_dst != NULL) {
    memcpy(f.data, spec.eth_dst, 6);
  }
  if (spec.eth_src != NULL) {
    memcpy(f.data + 6, spec.eth_src, 6);
  }
  put16(&f, 12, spec.eth_type);
  h[0] = (u8_t)(spec.version << 4 | (spec.ihl >= 0 ? spec.ihl : (int)(header_len / 4)));
  h[1] = spec.tos;
  put16(&f, 16, (u16_t)(spec.total_len >= 0 ? (size_t)spec.total_len : header_len + len));
  put16(&f, 18, spec.id);
  put16(&f, 20, spec.frag);
  h[8] = spec.ttl;
  h[9] = spec.proto;
  ip_bytes(spec.src, h + 12);
  ip_bytes(spec.dst, h + 16);
  if (spec.options_len > 0) {
    memcpy(h + 20, spec.options, spec.options_len);
  }
  if (len > 0) {
    memcpy(h + header_len, payload, len);
  }
  /* Over as much as IHL says, if it is there: a wrong IHL shall not look like a wrong checksum. */
  size_t claimed_len = LWIP_MAX((size_t)(h[0] & 15) * 4, 20);
  put16(&f, 24,
        spec.checksum >= 0 ? (u16_t)spec.checksum
                           : checksum_of(h, LWIP_MIN(claimed_len, f.len - 14)));
  return f;
}

struct frame ip4(const char *src, const char *dst, u8_t proto, const void *payload, size_t len)
{
  return ip4_opts(ip4_spec_of(src, dst, proto), payload, len);
}

void ip4_fix_checksum(struct frame *f)
{
  size_t header_len = (size_t)(f->data[14] & 15) * 4;
  put16(f, 24, 0);
  put16(f, 24, checksum_of(f->data + 14, LWIP_MIN(LWIP_MAX(header_len, 20), f->len - 14)));
}

struct udp_spec udp_spec_of(const char *src, u16_t sport, const char *dst, u16_t dport)
{
  struct udp_spec spec = {ip4_spec_of(src, dst, IP_PROTO_UDP), sport, dport, -1, -1};
  return spec;
}

struct frame udp4_opts(struct udp_spec spec, const void *data, size_t len)
{
  struct frame m = frame_of(NULL, 8 + len);
  u16_t length_field = (u16_t)(spec.len >= 0 ? (size_t)spec.len : m.len);
  put16(&m, 0, spec.sport);
  put16(&m, 2, spec.dport);
  put16(&m, 4, length_field);
  if (len > 0) {
    memcpy(m.data + 8, data, len);
  }
  bool is_lite = spec.ip.proto == IP_PROTO_UDPLITE;
  size_t covered_len = is_lite && length_field != 0 ? LWIP_MIN(length_field, m.len) : m.len;
  /* RFC 3828 3.1: UDP-Lite's pseudo-header has the length of the message, not the coverage. */
  u16_t sum = transport_checksum(spec.ip.src, spec.ip.dst, spec.ip.proto,
                                 is_lite ? (u16_t)m.len : length_field, m.data, covered_len);
  sum = sum == 0 ? 0xffff : sum;
  put16(&m, 6, spec.checksum >= 0 ? (u16_t)spec.checksum : sum);
  return ip4_opts(spec.ip, m.data, m.len);
}

struct frame udp4(const char *src, u16_t sport, const char *dst, u16_t dport, const void *data,
                  size_t len)
{
  return udp4_opts(udp_spec_of(src, sport, dst, dport), data, len);
}

struct frame icmp4(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                   const void *data, size_t len)
{
  struct frame m = frame_of(NULL, 8 + len);
  m.data[0] = type;
  m.data[1] = code;
  put32(&m, 4, rest);
  if (len > 0) {
    memcpy(m.data + 8, data, len);
  }
  put16(&m, 2, checksum_of(m.data, m.len));
  return ip4(src, dst, IP_PROTO_ICMP, m.data, m.len);
}

struct frame ping4(const char *src, const char *dst, u16_t id, u16_t seq, const void *data,
                   size_t len)
{
  return icmp4(src, dst, 8, 0, (u32_t)id << 16 | seq, data, len);
}

struct frame icmp4_error(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                         const struct frame *about, size_t quote_len)
{
  if (about == NULL || about->len < 34) {
    packet_fail(__FILE__, __LINE__, "no packet to send an ICMP error about");
  }
  size_t header_len = (size_t)(about->data[14] & 15) * 4;
  size_t len = quote_len != 0 ? quote_len : header_len + 8;
  return icmp4(src, dst, type, code, rest, about->data + 14, LWIP_MIN(len, about->len - 14));
}

struct frame igmp4(const char *src, const char *dst, const void *msg, size_t len)
{
  static const u8_t router_alert[4] = {0x94, 4, 0, 0};
  struct ip4_spec spec = ip4_spec_of(src, dst, IP_PROTO_IGMP);
  spec.ttl = 1;
  spec.tos = 0xc0;
  spec.options = router_alert;
  spec.options_len = sizeof router_alert;
  struct frame m = frame_of(msg, len);
  if (len >= 4) {
    put16(&m, 2, 0);
    put16(&m, 2, checksum_of(m.data, m.len));
  }
  return ip4_opts(spec, m.data, m.len);
}

size_t ip4_fragments(struct frame f, size_t max_payload, struct frame *out, size_t max_count)
{
  size_t header_len = (size_t)(f.data[14] & 15) * 4;
  size_t start = 14 + header_len;
  size_t payload_len = f.len - start;
  size_t count = 0;
  for (size_t off = 0; off < payload_len; off += max_payload) {
    size_t len = LWIP_MIN(max_payload, payload_len - off);
    if (count == max_count || max_payload % 8 != 0) {
      packet_fail(__FILE__, __LINE__, "more than %zu fragments, or not by 8 bytes", max_count);
    }
    struct frame part = frame_of(f.data, start + len);
    memcpy(part.data + start, f.data + start + off, len);
    put16(&part, 16, (u16_t)(header_len + len));
    put16(&part, 20, (u16_t)(off / 8 | (off + len < payload_len ? IP_MF : 0)));
    ip4_fix_checksum(&part);
    out[count++] = part;
  }
  return count;
}
