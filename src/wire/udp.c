/**
 * @file
 * UDP and UDP-Lite headers: bytes to struct and back. Pure functions; RFC 768, RFC 3828 3.1.
 */
#include "lwip/opt.h"
#include <string.h>
#include "wire/bytes.h"
#include "wire/udp.h"

/* Offsets in bytes. */
enum { SRC_PORT = 0, DST_PORT = 2, LENGTH = 4, CHECKSUM = 6 };

/** All but lengths; the third field is left in `h->len`. */
static enum drop_reason parse_fields(struct udp_header *h, const u8_t *bytes)
{
  if (bytes == NULL) {
    return DROP_UDP_SHORT;
  }
  h->src_port = bytes_get16(bytes + SRC_PORT);
  h->dst_port = bytes_get16(bytes + DST_PORT);
  h->len = bytes_get16(bytes + LENGTH);
  memcpy(&h->checksum, bytes + CHECKSUM, sizeof h->checksum);
  return h->dst_port == 0 ? DROP_UDP_BAD_PORT : DROP_NONE;
}

enum drop_reason udp_parse(struct udp_header *h, const u8_t *bytes, u16_t payload_len)
{
  enum drop_reason bad = parse_fields(h, bytes);
  if (bad != DROP_NONE) {
    return bad;
  }
  h->coverage = h->len;
  return (h->len < UDP_HLEN || h->len > payload_len) ? DROP_UDP_BAD_LENGTH : DROP_NONE;
}

enum drop_reason udplite_parse(struct udp_header *h, const u8_t *bytes, u16_t payload_len)
{
  enum drop_reason bad = parse_fields(h, bytes);
  if (bad != DROP_NONE) {
    return bad;
  }
  h->coverage = h->len == 0 ? payload_len : h->len;
  h->len = payload_len;
  if (h->coverage < UDP_HLEN || h->coverage > payload_len) {
    return DROP_UDP_BAD_COVERAGE;
  }
  return h->checksum == 0 ? DROP_UDP_NO_CHECKSUM : DROP_NONE;
}

void udp_build(u8_t out[UDP_HLEN], const struct udp_header *h, u16_t third)
{
  bytes_put16(out + SRC_PORT, h->src_port);
  bytes_put16(out + DST_PORT, h->dst_port);
  bytes_put16(out + LENGTH, third);
  memcpy(out + CHECKSUM, &h->checksum, sizeof h->checksum);
}
