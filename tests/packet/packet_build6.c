/**
 * @file
 * IPv6 frames made from their fields: headers, extension headers, UDP, ICMPv6, fragments.
 */
#include <stdio.h>
#include <stdlib.h>
#include "packet_priv.h"
#include "packet_text6.h"

static const u8_t zeros[16];

void ip6_bytes(const char *text, u8_t out[16])
{
  char zone[16];
  if (!packet_text6_parse(text, out, zone, sizeof zone)) {
    packet_fail(__FILE__, __LINE__, "not an IPv6 address: %s", text);
  }
}

/** The number of the zone called `name`: a netif's index or name. */
static u8_t zone_of(const char *name)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    char full[8];
    snprintf(full, sizeof full, "%c%c%u", netif->name[0], netif->name[1], netif->num);
    if (strcmp(full, name) == 0) {
      return netif_get_index(netif);
    }
  }
  return (u8_t)atoi(name);
}

static void set_zone(ip6_addr_t *addr, u8_t zone)
{
  (void)addr;
  (void)zone;
  ip6_addr_set_zone(addr, zone);
}

ip6_addr_t ip6_of(const char *text)
{
  ip6_addr_t addr;
  u8_t bytes[16];
  char zone[16];
  if (!packet_text6_parse(text, bytes, zone, sizeof zone)) {
    packet_fail(__FILE__, __LINE__, "not an IPv6 address: %s", text);
  }
  memset(&addr, 0, sizeof addr);
  memcpy(addr.addr, bytes, 16);
  set_zone(&addr, zone[0] != '\0' ? zone_of(zone) : 0);
  return addr;
}

ip6_addr_t ip6_on(const struct packet_net *on, const char *text)
{
  ip6_addr_t addr = ip6_of(text);
  u8_t b[16];
  memcpy(b, addr.addr, 16);
  bool is_linklocal = b[0] == 0xfe && (b[1] & 0xc0) == 0x80;
  bool is_near_group = b[0] == 0xff && ((b[1] & 15) == 1 || (b[1] & 15) == 2);
  if (is_linklocal || is_near_group) {
    set_zone(&addr, netif_get_index(&on->netif));
  }
  return addr;
}

const char *solicited_node(const char *text)
{
  u8_t b[16];
  char *out = packet_alloc(32);
  ip6_bytes(text, b);
  snprintf(out, 32, "ff02::1:ff%02x:%02x%02x", b[13], b[14], b[15]);
  return out;
}

/** The net and host of an address in 2001:db8:<k>::<n> or fe80::<n>; of ours, too. */
static bool is_near(const u8_t b[16], u8_t *k, u8_t *n)
{
  static const u8_t ours[7] = {0, 0, 0, 0xff, 0xfe, 0, 0};
  static const u8_t global[5] = {0x20, 0x01, 0x0d, 0xb8, 0};
  if (b[0] == 0xfe && b[1] == 0x80 && memcmp(b + 2, zeros, 6) == 0) {
    if (memcmp(b + 8, ours, 6) == 0) {
      *k = b[14];
      *n = b[15];
      return true;
    }
    *n = b[15];
    return memcmp(b + 8, zeros, 7) == 0;
  }
  if (memcmp(b, global, 5) == 0 && memcmp(b + 6, zeros, 9) == 0) {
    *k = b[5];
    *n = b[15];
    return true;
  }
  return false;
}

/** The Ethernet addresses of a packet that somebody at `src` sends. */
static void link_addresses(const char *src, const char *dst, u8_t out_dst[6], u8_t out_src[6])
{
  u8_t s[16], d[16];
  u8_t k = 0, n = 0, ignored = 0;
  ip6_bytes(src, s);
  ip6_bytes(dst, d);
  (void)is_near(d, &k, &ignored);
  if (memcmp(s, zeros, 16) == 0) {
    n = 2;
  } else if (!is_near(s, &k, &n)) {
    n = 0xfe;
  }
  memcpy(out_src, mac_of(k, n), 6);
  if (d[0] == 0xff) {
    out_dst[0] = out_dst[1] = 0x33;
    memcpy(out_dst + 2, d + 12, 4);
  } else {
    memcpy(out_dst, mac_of(k, 1), 6);
  }
}

struct ip6_spec ip6_spec_of(const char *src, const char *dst, u8_t nexth)
{
  struct ip6_spec spec = {0};
  spec.src = src;
  spec.dst = dst;
  spec.eth_type = 0x86dd;
  spec.version = 6;
  spec.payload_len = -1;
  spec.hop_limit = 64;
  spec.nexth = nexth;
  return spec;
}

void ip6_ext_raw(struct ip6_spec *spec, u8_t type, const void *header, size_t len)
{
  if (len == 0 || len > sizeof spec->ext - spec->ext_len) {
    packet_fail(__FILE__, __LINE__, "no room for an extension header of %zu bytes", len);
  }
  if (spec->ext_len == 0) {
    spec->ext_first = type;
  } else {
    spec->ext[spec->ext_last] = type;
  }
  spec->ext_last = spec->ext_len;
  memcpy(spec->ext + spec->ext_len, header, len);
  spec->ext_len += len;
}

void ip6_ext_add(struct ip6_spec *spec, u8_t type, const void *body, size_t body_len)
{
  u8_t header[sizeof spec->ext + 8] = {0};
  size_t len = (2 + body_len + 7) / 8 * 8;
  size_t pad_len = len - 2 - body_len;
  if (len > sizeof spec->ext) {
    packet_fail(__FILE__, __LINE__, "an extension header of %zu bytes", len);
  }
  header[1] = (u8_t)(len / 8 - 1);
  if (body_len > 0) {
    memcpy(header + 2, body, body_len);
  }
  if ((type == NH_HOP_BY_HOP || type == NH_DEST) && pad_len > 1) {
    header[2 + body_len] = 1; /* PadN */
    header[3 + body_len] = (u8_t)(pad_len - 2);
  }
  ip6_ext_raw(spec, type, header, len);
}

void ip6_ext_fragment(struct ip6_spec *spec, u16_t offset, bool more, u32_t id)
{
  u16_t field = (u16_t)((offset & 0xfff8) | (more ? 1 : 0));
  u8_t header[8] = {0,
                    0,
                    (u8_t)(field >> 8),
                    (u8_t)field,
                    (u8_t)(id >> 24),
                    (u8_t)(id >> 16),
                    (u8_t)(id >> 8),
                    (u8_t)id};
  ip6_ext_raw(spec, NH_FRAGMENT, header, sizeof header);
}

void ip6_ext_router_alert(struct ip6_spec *spec, u16_t value)
{
  u8_t option[4] = {5, 2, (u8_t)(value >> 8), (u8_t)value};
  ip6_ext_add(spec, NH_HOP_BY_HOP, option, sizeof option);
}

struct frame ip6_opts(struct ip6_spec spec, const void *payload, size_t len)
{
  struct frame f = frame_of(NULL, IP6_PAYLOAD_AT + spec.ext_len + len);
  u8_t *h = f.data + IP6_AT;
  link_addresses(spec.src, spec.dst, f.data, f.data + 6);
  if (spec.eth_dst != NULL) {
    memcpy(f.data, spec.eth_dst, 6);
  }
  if (spec.eth_src != NULL) {
    memcpy(f.data + 6, spec.eth_src, 6);
  }
  put16(&f, 12, spec.eth_type);
  put32(&f, IP6_AT, (u32_t)spec.version << 28 | (u32_t)spec.tc << 20 | (spec.flow & 0xfffff));
  put16(&f, IP6_AT + 4,
        (u16_t)(spec.payload_len >= 0 ? (size_t)spec.payload_len : spec.ext_len + len));
  h[6] = spec.ext_len > 0 ? spec.ext_first : spec.nexth;
  h[7] = spec.hop_limit;
  ip6_bytes(spec.src, h + 8);
  ip6_bytes(spec.dst, h + 24);
  if (spec.ext_len > 0) {
    spec.ext[spec.ext_last] = spec.nexth;
    memcpy(h + 40, spec.ext, spec.ext_len);
  }
  if (len > 0) {
    memcpy(h + 40 + spec.ext_len, payload, len);
  }
  return f;
}

struct frame ip6(const char *src, const char *dst, u8_t nexth, const void *payload, size_t len)
{
  return ip6_opts(ip6_spec_of(src, dst, nexth), payload, len);
}

/** Of the first `covered_len` bytes of a message of `len`. */
static u16_t transport_checksum6(const char *src, const char *dst, u8_t nexth, size_t len,
                                 const void *data, size_t covered_len)
{
  struct frame all = frame_of(NULL, 40 + covered_len);
  ip6_bytes(src, all.data);
  ip6_bytes(dst, all.data + 16);
  put32(&all, 32, (u32_t)len);
  put8(&all, 39, nexth);
  if (covered_len > 0) {
    memcpy(all.data + 40, data, covered_len);
  }
  return checksum_of(all.data, all.len);
}

u16_t checksum6(const char *src, const char *dst, u8_t nexth, const void *data, size_t len)
{
  return transport_checksum6(src, dst, nexth, len, data, len);
}

struct udp6_spec udp6_spec_of(const char *src, u16_t sport, const char *dst, u16_t dport)
{
  struct udp6_spec spec = {ip6_spec_of(src, dst, NH_UDP), sport, dport, -1, -1};
  return spec;
}

struct frame udp6_opts(struct udp6_spec spec, const void *data, size_t len)
{
  struct frame m = frame_of(NULL, 8 + len);
  u16_t length_field = (u16_t)(spec.len >= 0 ? (size_t)spec.len : m.len);
  put16(&m, 0, spec.sport);
  put16(&m, 2, spec.dport);
  put16(&m, 4, length_field);
  if (len > 0) {
    memcpy(m.data + 8, data, len);
  }
  bool is_lite = spec.ip.nexth == NH_UDPLITE;
  size_t covered_len = is_lite && length_field != 0 ? LWIP_MIN(length_field, m.len) : m.len;
  /* A wrong length field is in both headers, so that the checksum is right and the length is not.
   */
  size_t pseudo_len = is_lite ? m.len : length_field;
  u16_t sum =
      transport_checksum6(spec.ip.src, spec.ip.dst, spec.ip.nexth, pseudo_len, m.data, covered_len);
  sum = sum == 0 ? 0xffff : sum;
  put16(&m, 6, spec.checksum >= 0 ? (u16_t)spec.checksum : sum);
  return ip6_opts(spec.ip, m.data, m.len);
}

struct frame udp6(const char *src, u16_t sport, const char *dst, u16_t dport, const void *data,
                  size_t len)
{
  return udp6_opts(udp6_spec_of(src, sport, dst, dport), data, len);
}

struct frame icmp6_opts(struct ip6_spec spec, const void *msg, size_t len)
{
  struct frame m = frame_of(msg, len);
  if (len >= 4) {
    put16(&m, 2, 0);
    put16(&m, 2, checksum6(spec.src, spec.dst, NH_ICMP6, m.data, m.len));
  }
  return ip6_opts(spec, m.data, m.len);
}

void icmp6_fix_checksum(struct frame *f)
{
  struct frame all = frame_of(NULL, 40 + f->len - IP6_PAYLOAD_AT);
  put16(f, IP6_PAYLOAD_AT + 2, 0);
  memcpy(all.data, f->data + IP6_AT + 8, 32);
  put32(&all, 32, (u32_t)(f->len - IP6_PAYLOAD_AT));
  put8(&all, 39, NH_ICMP6);
  memcpy(all.data + 40, f->data + IP6_PAYLOAD_AT, f->len - IP6_PAYLOAD_AT);
  put16(f, IP6_PAYLOAD_AT + 2, checksum_of(all.data, all.len));
}

struct frame icmp6(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                   const void *data, size_t len)
{
  struct frame m = frame_of(NULL, 8 + len);
  m.data[0] = type;
  m.data[1] = code;
  put32(&m, 4, rest);
  if (len > 0) {
    memcpy(m.data + 8, data, len);
  }
  return icmp6_opts(ip6_spec_of(src, dst, NH_ICMP6), m.data, m.len);
}

struct frame ping6(const char *src, const char *dst, u16_t id, u16_t seq, const void *data,
                   size_t len)
{
  return icmp6(src, dst, T6_ECHO_REQUEST, 0, (u32_t)id << 16 | seq, data, len);
}

struct frame icmp6_error(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                         const struct frame *about, size_t quote_len)
{
  if (about == NULL || about->len < IP6_PAYLOAD_AT) {
    packet_fail(__FILE__, __LINE__, "no packet to send an ICMPv6 error about");
  }
  size_t len = quote_len != 0 ? quote_len : 1280 - 40 - 8;
  return icmp6(src, dst, type, code, rest, about->data + IP6_AT,
               LWIP_MIN(len, about->len - IP6_AT));
}

size_t ip6_fragments(struct frame f, u32_t id, size_t max_payload, struct frame *out,
                     size_t max_count)
{
  size_t nexth_at = IP6_AT + 6;
  size_t start = IP6_PAYLOAD_AT;
  if (f.data[nexth_at] == NH_HOP_BY_HOP) {
    nexth_at = start;
    start += 8 + 8 * (size_t)f.data[start + 1];
  }
  size_t payload_len = f.len - start;
  size_t count = 0;
  for (size_t off = 0; off < payload_len; off += max_payload) {
    size_t len = LWIP_MIN(max_payload, payload_len - off);
    if (count == max_count || max_payload % 8 != 0) {
      packet_fail(__FILE__, __LINE__, "more than %zu fragments, or not by 8 bytes", max_count);
    }
    struct frame part = frame_of(NULL, start + 8 + len);
    memcpy(part.data, f.data, start);
    memcpy(part.data + start + 8, f.data + start + off, len);
    put8(&part, start, f.data[nexth_at]);
    put16(&part, start + 2, (u16_t)(off | (off + len < payload_len ? 1 : 0)));
    put32(&part, start + 4, id);
    put8(&part, nexth_at, NH_FRAGMENT);
    put16(&part, IP6_AT + 4, (u16_t)(part.len - IP6_PAYLOAD_AT));
    out[count++] = part;
  }
  return count;
}

struct frame ip6_fragment(const char *src, const char *dst, u32_t id, u16_t offset, bool more,
                          u8_t nexth, const void *data, size_t len)
{
  struct ip6_spec spec = ip6_spec_of(src, dst, nexth);
  ip6_ext_fragment(&spec, offset, more, id);
  return ip6_opts(spec, data, len);
}
