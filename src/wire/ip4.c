/**
 * @file
 * The IPv4 header and its options: RFC 791, RFC 1122 3.2.1, RFC 2113 (router alert).
 *
 * No state. Nothing is read beyond the lengths given; every length is compared before it is used.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/def.h"
#include "lwip/inet_chksum.h"
#include "wire/bytes.h"
#include "wire/ip4.h"

#define OPTION_END          0
#define OPTION_NOP          1
#define OPTION_RECORD_ROUTE 7
#define OPTION_TIMESTAMP    68
#define OPTION_LSRR         131
#define OPTION_SSRR         137
#define OPTION_ROUTER_ALERT 148

/** The option belongs into every fragment. */
#define OPTION_COPIED 0x80U

enum drop_reason ip4_parse(struct ip4_header *h, const u8_t *bytes, size_t packet_len)
{
  if (packet_len < IP_HLEN) {
    return DROP_IP4_SHORT;
  }
  if (bytes[0] >> 4 != 4) {
    return DROP_IP4_BAD_VERSION;
  }
  h->header_len = (u16_t)((bytes[0] & 0x0f) * 4);
  if (h->header_len < IP_HLEN || h->header_len > packet_len) {
    return DROP_IP4_BAD_IHL;
  }
  h->total_len = bytes_get16(bytes + 2);
  if (h->total_len < h->header_len || h->total_len > packet_len) {
    return DROP_IP4_BAD_LENGTH;
  }
  h->tos = bytes[1];
  h->id = bytes_get16(bytes + 4);
  u16_t fragment = bytes_get16(bytes + 6);
  h->dont_fragment = (fragment & IP_DF) != 0;
  h->more_fragments = (fragment & IP_MF) != 0;
  h->offset = (u16_t)((fragment & IP_OFFMASK) * 8);
  h->ttl = bytes[8];
  h->proto = bytes[9];
  memcpy(&h->src.addr, bytes + 12, 4);
  memcpy(&h->dst.addr, bytes + 16, 4);
  return DROP_NONE;
}

/** One option of which all `len` bytes are there. */
static enum drop_reason check_option(const u8_t *option, size_t len, struct ip4_options *found)
{
  /* First pointer value that is legal, for options with a pointer in their third byte. */
  unsigned pointer_min = 0;
  switch (option[0]) {
  case OPTION_LSRR:
  case OPTION_SSRR:
    return DROP_IP4_SOURCE_ROUTE;
  case OPTION_RECORD_ROUTE:
    pointer_min = 4;
    break;
  case OPTION_TIMESTAMP:
    pointer_min = 5;
    break;
  case OPTION_ROUTER_ALERT:
    found->router_alert = len == 4 && option[2] == 0 && option[3] == 0;
    break;
  default:
    break;
  }
  /* A pointer behind the option says that it is full: one more than the length, not further. */
  if (pointer_min != 0 && (len < 3 || option[2] < pointer_min || option[2] > len + 1)) {
    return DROP_IP4_BAD_OPTION;
  }
  return DROP_NONE;
}

enum drop_reason ip4_parse_options(const u8_t *options, size_t len, struct ip4_options *found)
{
  size_t at = 0;
  found->router_alert = false;
  while (at < len && options[at] != OPTION_END) {
    if (options[at] == OPTION_NOP) {
      at++;
      continue;
    }
    if (len - at < 2 || options[at + 1] < 2 || options[at + 1] > len - at) {
      return DROP_IP4_BAD_OPTION;
    }
    size_t option_len = options[at + 1];
    enum drop_reason bad = check_option(options + at, option_len, found);
    if (bad != DROP_NONE) {
      return bad;
    }
    at += option_len;
  }
  return DROP_NONE;
}

size_t ip4_copied_options(u8_t *copied, const u8_t *options, size_t len)
{
  size_t at = 0;
  size_t n = 0;
  while (at < len && options[at] != OPTION_END) {
    size_t option_len = 1;
    if (options[at] != OPTION_NOP) {
      option_len = (len - at < 2) ? 0 : options[at + 1];
    }
    if (option_len == 0 || option_len > len - at) {
      break;
    }
    if (options[at] & OPTION_COPIED) {
      memcpy(copied + n, options + at, option_len);
      n += option_len;
    }
    at += option_len;
  }
  while (n % 4 != 0) {
    copied[n++] = OPTION_END;
  }
  return n;
}

void ip4_build(u8_t *bytes, const struct ip4_header *h)
{
  u16_t fragment =
      (u16_t)(h->offset / 8 | (h->dont_fragment ? IP_DF : 0) | (h->more_fragments ? IP_MF : 0));
  bytes[0] = (u8_t)(0x40 | h->header_len / 4);
  bytes[1] = h->tos;
  bytes_put16(bytes + 2, h->total_len);
  bytes_put16(bytes + 4, h->id);
  bytes_put16(bytes + 6, fragment);
  bytes[8] = h->ttl;
  bytes[9] = h->proto;
  bytes_put16(bytes + 10, 0);
  memcpy(bytes + 12, &h->src.addr, 4);
  memcpy(bytes + 16, &h->dst.addr, 4);
}

void ip4_put_checksum(u8_t *bytes, u16_t header_len)
{
  bytes_put16(bytes + 10, 0);
  u16_t sum = inet_chksum(bytes, header_len);
  memcpy(bytes + 10, &sum, 2);
}

void ip4_decrement_ttl(u8_t *bytes)
{
  u32_t before = bytes_get16(bytes + 8);
  bytes[8]--;
  /* HC' = ~(~HC + ~m + m') in one's complement */
  u32_t sum =
      (u32_t)(u16_t)~bytes_get16(bytes + 10) + (u32_t)(u16_t)~before + bytes_get16(bytes + 8);
  sum = (sum & 0xffffU) + (sum >> 16);
  sum = (sum & 0xffffU) + (sum >> 16);
  bytes_put16(bytes + 10, (u16_t)~sum);
}
