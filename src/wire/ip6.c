/**
 * @file
 * The IPv6 header and its extension headers: RFC 8200 3, 4; RFC 2711 (router alert); RFC 8504 5.3
 * (bounds on options).
 *
 * No state. Nothing is read beyond the lengths given; every length is compared before it is used.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/def.h"
#include "wire/bytes.h"
#include "wire/ip6.h"

/** Extension headers that ip6_walk() follows; more than any sender of sense uses. */
#define WALK_MAX 16

enum drop_reason ip6_parse(struct ip6_header *h, const u8_t *bytes, size_t packet_len)
{
  if (packet_len < IP6_HLEN) {
    return DROP_IP6_SHORT;
  }
  if (bytes[0] >> 4 != 6) {
    return DROP_IP6_BAD_VERSION;
  }
  h->payload_len = bytes_get16(bytes + 4);
  if (h->payload_len > packet_len - IP6_HLEN) {
    return DROP_IP6_BAD_LENGTH;
  }
  h->tc = (u8_t)(bytes_get16(bytes) >> 4);
  h->flow_label = bytes_get32(bytes) & 0xfffffUL;
  h->nexth = bytes[6];
  h->hop_limit = bytes[7];
  memcpy(h->src.addr, bytes + 8, 16);
  memcpy(h->dst.addr, bytes + 24, 16);
  ip6_addr_clear_zone(&h->src);
  ip6_addr_clear_zone(&h->dst);
  return DROP_NONE;
}

void ip6_build(u8_t *bytes, const struct ip6_header *h)
{
  bytes_put32(bytes, 6UL << 28 | (u32_t)h->tc << 20 | (h->flow_label & 0xfffffUL));
  bytes_put16(bytes + 4, h->payload_len);
  bytes[6] = h->nexth;
  bytes[7] = h->hop_limit;
  memcpy(bytes + 8, h->src.addr, 16);
  memcpy(bytes + 24, h->dst.addr, 16);
}

/** One option that is no padding, all of whose `len` bytes are there. */
static enum drop_reason check_option(const u8_t *option, size_t len, bool is_hop_by_hop,
                                     struct ip6_options *found)
{
  if (option[0] == IP6_ROUTER_ALERT_OPTION && is_hop_by_hop) {
    found->router_alert = true;
    return len == IP6_OPT_HLEN + IP6_ROUTER_ALERT_DLEN ? DROP_NONE : DROP_IP6_BAD_OPTION;
  }
  return ip6_option_action(option[0]) == IP6_OPTION_SKIP ? DROP_NONE : DROP_IP6_OPTION_REFUSED;
}

/** Length of the option at the start of `option`; 0: it is longer than the `left` bytes. */
static size_t option_len(const u8_t *option, size_t left)
{
  if (option[0] == IP6_PAD1_OPTION) {
    return 1;
  }
  if (left < IP6_OPT_HLEN || option[1] > left - IP6_OPT_HLEN) {
    return 0;
  }
  return IP6_OPT_HLEN + (size_t)option[1];
}

enum drop_reason ip6_parse_options(const u8_t *header, size_t len, bool is_hop_by_hop,
                                   struct ip6_options *found)
{
  size_t padding_len = 0; /* in a row, up to here */
  unsigned count = 0;
  enum drop_reason bad = DROP_NONE;
  memset(found, 0, sizeof *found);
  for (size_t at = 2, n; at < len && bad == DROP_NONE; at += n) {
    found->bad_at = at;
    found->bad_type = header[at];
    n = option_len(header + at, len - at);
    if (n == 0) {
      bad = DROP_IP6_BAD_OPTION;
    } else if (header[at] == IP6_PAD1_OPTION || header[at] == IP6_PADN_OPTION) {
      padding_len += n;
      bad = padding_len > IP6_PADDING_MAX ? DROP_IP6_OPTION_LIMIT : DROP_NONE;
    } else {
      padding_len = 0;
      bad = ++count > IP6_OPTIONS_MAX ? DROP_IP6_OPTION_LIMIT
                                      : check_option(header + at, n, is_hop_by_hop, found);
    }
  }
  return bad;
}

void ip6_parse_fragment(struct ip6_fragment *f, const u8_t *header)
{
  u16_t offset = bytes_get16(header + 2);
  f->nexth = header[0];
  f->offset = offset & IP6_FRAG_OFFSET_MASK;
  f->more_fragments = (offset & IP6_FRAG_MORE_FLAG) != 0;
  f->id = bytes_get32(header + 4);
}

void ip6_build_fragment(u8_t *header, const struct ip6_fragment *f)
{
  header[0] = f->nexth;
  header[1] = 0;
  bytes_put16(header + 2, (u16_t)(f->offset | (f->more_fragments ? IP6_FRAG_MORE_FLAG : 0)));
  bytes_put32(header + 4, f->id);
}

void ip6_build_router_alert(u8_t *header, u8_t nexth, u16_t value)
{
  header[0] = nexth;
  header[1] = 0;
  header[2] = IP6_ROUTER_ALERT_OPTION;
  header[3] = IP6_ROUTER_ALERT_DLEN;
  bytes_put16(header + 4, value);
  header[6] = IP6_PADN_OPTION;
  header[7] = 0;
}

/** One extension header on; false: what is there ends in it. */
static bool walk_on(struct ip6_walk *w, const u8_t *packet, size_t len)
{
  size_t at = w->transport_at;
  if (len - at < IP6_FRAG_HLEN) {
    return false;
  }
  u16_t header_len = ip6_extension_len(w->proto, packet + at);
  if (header_len > len - at) {
    return false;
  }
  if (w->proto == IP6_NEXTH_FRAGMENT) {
    struct ip6_fragment f;
    ip6_parse_fragment(&f, packet + at);
    w->is_fragment = true;
    w->is_later_fragment = f.offset != 0;
  }
  bool is_for_all_hops = w->proto == IP6_NEXTH_HOPBYHOP || w->proto == IP6_NEXTH_ROUTING;
  w->nexth_at = w->transport_at;
  w->transport_at = (u16_t)(at + header_len);
  if (is_for_all_hops && !w->is_fragment) {
    w->fragmentable_at = w->transport_at;
    w->fragmentable_nexth_at = w->nexth_at;
  }
  w->proto = packet[at];
  return true;
}

bool ip6_walk(struct ip6_walk *w, const u8_t *packet, size_t len)
{
  if (len < IP6_HLEN) {
    return false;
  }
  *w = (struct ip6_walk){.transport_at = IP6_HLEN,
                         .fragmentable_at = IP6_HLEN,
                         .nexth_at = 6,
                         .fragmentable_nexth_at = 6,
                         .proto = packet[6]};
  for (unsigned i = 0; i < WALK_MAX; i++) {
    if (!ip6_is_extension(w->proto) || w->is_later_fragment) {
      return true;
    }
    if (!walk_on(w, packet, len)) {
      return false;
    }
  }
  return false;
}
