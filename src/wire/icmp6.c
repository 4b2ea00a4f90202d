/**
 * @file
 * ICMP messages for IPv6: parse and build (RFC 4443).
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/prot/ip6.h"
#include "wire/bytes.h"
#include "wire/icmp6.h"
#include "wire/ip6.h"

/** Of the fixed header. */
enum { PAYLOAD_LEN_AT = 4, SRC_AT = 8, DST_AT = 24, ADDR_LEN = 16 };

enum drop_reason icmp6_parse(struct icmp6_message *m, const u8_t *bytes, size_t len)
{
  if (len < ICMP6_HLEN) {
    return DROP_ICMP6_SHORT;
  }
  m->type = bytes[0];
  m->code = bytes[1];
  m->rest = bytes_get32(bytes + 4);
  return DROP_NONE;
}

enum drop_reason icmp6_quote_parse(struct icmp6_quote *q, const u8_t *packet, size_t len)
{
  struct ip6_walk w;
  if (len < IP6_HLEN || packet[0] >> 4 != 6) {
    return DROP_ICMP6_BAD_QUOTE;
  }
  /* It may say that it is longer than what is quoted, but what lies behind its end is not its. */
  len = LWIP_MIN(len, (size_t)IP6_HLEN + bytes_get16(packet + PAYLOAD_LEN_AT));
  if (!ip6_walk(&w, packet, len) || w.is_later_fragment ||
      len < (size_t)w.transport_at + ICMP6_QUOTE_L4_MIN) {
    return DROP_ICMP6_BAD_QUOTE;
  }
  memset(q, 0, sizeof *q);
  memcpy(q->src.addr, packet + SRC_AT, ADDR_LEN);
  memcpy(q->dst.addr, packet + DST_AT, ADDR_LEN);
  q->proto = w.proto;
  q->l4 = packet + w.transport_at;
  q->l4_len = (u16_t)(len - w.transport_at);
  return DROP_NONE;
}

bool icmp6_is_answerable(const u8_t *packet, size_t len)
{
  struct ip6_walk w;
  if (!ip6_walk(&w, packet, len) || w.proto != IP6_NEXTH_ICMP6) {
    return true;
  }
  if (w.is_later_fragment || w.transport_at >= len) {
    return false;
  }
  u8_t type = packet[w.transport_at];
  return !icmp6_is_error(type) && type != ICMP6_TYPE_RD;
}

void icmp6_build(u8_t bytes[ICMP6_HLEN], const struct icmp6_message *m)
{
  bytes[0] = m->type;
  bytes[1] = m->code;
  bytes_put16(bytes + ICMP6_CHECKSUM_AT, 0);
  bytes_put32(bytes + 4, m->rest);
}
