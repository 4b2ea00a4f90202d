/**
 * @file
 * ICMP messages for IPv4: parse and build (RFC 792, RFC 1122 3.2.2).
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/prot/icmp.h"
#include "wire/bytes.h"
#include "wire/icmp4.h"

#define IP4_MIN_IHL 5

/* Offsets in a quoted IPv4 header. */
enum { QUOTE_TOTAL_LEN = 2, QUOTE_FRAG = 6, QUOTE_PROTO = 9, QUOTE_SRC = 12, QUOTE_DST = 16 };

enum icmp4_class icmp4_class_of(u8_t type)
{
  switch (type) {
  case ICMP_DUR:
  case ICMP_SQ:
  case ICMP_RD:
  case ICMP_TE:
  case ICMP_PP:
    return ICMP4_ERROR;
  case ICMP_ECHO:
  case ICMP_ER:
  case ICMP_TS:
  case ICMP_TSR:
  case ICMP_IRQ:
  case ICMP_IR:
  case ICMP_AM:
  case ICMP_AMR:
    return ICMP4_QUERY;
  default:
    return ICMP4_OTHER;
  }
}

enum drop_reason icmp4_parse(struct icmp4_message *m, const u8_t *bytes, size_t len)
{
  if (len < ICMP4_HEADER_LEN) {
    return DROP_ICMP_SHORT;
  }
  m->type = bytes[0];
  m->code = bytes[1];
  m->rest = bytes_get32(bytes + 4);
  return DROP_NONE;
}

enum drop_reason icmp4_quote_parse(struct icmp4_quote *q, const u8_t *bytes, size_t len)
{
  if (len < ICMP4_HEADER_LEN + 4 * IP4_MIN_IHL) {
    return DROP_ICMP_BAD_QUOTE;
  }
  const u8_t *ip = bytes + ICMP4_HEADER_LEN;
  size_t quoted_len = len - ICMP4_HEADER_LEN;
  size_t header_len = (size_t)4 * (ip[0] & 0x0f);
  if (ip[0] >> 4 != 4 || header_len < 4 * IP4_MIN_IHL ||
      quoted_len < header_len + ICMP4_QUOTE_L4_MIN) {
    return DROP_ICMP_BAD_QUOTE;
  }
  q->total_len = bytes_get16(ip + QUOTE_TOTAL_LEN);
  /* Nobody may send errors about later fragments, and their data is no transport header. */
  bool is_later_fragment = (bytes_get16(ip + QUOTE_FRAG) & 0x1fff) != 0;
  if (is_later_fragment || q->total_len < header_len + ICMP4_QUOTE_L4_MIN) {
    return DROP_ICMP_BAD_QUOTE;
  }
  q->proto = ip[QUOTE_PROTO];
  memcpy(&q->src, ip + QUOTE_SRC, sizeof q->src);
  memcpy(&q->dst, ip + QUOTE_DST, sizeof q->dst);
  q->l4 = ip + header_len;
  q->l4_len = (u16_t)LWIP_MIN(quoted_len, q->total_len) - (u16_t)header_len;
  return DROP_NONE;
}

void icmp4_build(u8_t bytes[ICMP4_HEADER_LEN], const struct icmp4_message *m)
{
  bytes[0] = m->type;
  bytes[1] = m->code;
  bytes_put16(bytes + 2, 0);
  bytes_put32(bytes + 4, m->rest);
}
