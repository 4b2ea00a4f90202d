/** @file UDP and UDP-Lite headers: the first two bytes are the length of the IP payload. */
#include "common.h"
#include "wire/udp.h"

static void check_udp(const struct udp_header *h, u16_t payload_len)
{
  FUZZ_ASSERT(h->len >= UDP_HLEN && h->len <= payload_len);
  FUZZ_ASSERT(h->coverage == h->len);
  FUZZ_ASSERT(h->dst_port != 0);
}

static void check_udplite(const struct udp_header *h, u16_t payload_len)
{
  FUZZ_ASSERT(h->len == payload_len && h->len >= UDP_HLEN);
  FUZZ_ASSERT(h->coverage >= UDP_HLEN && h->coverage <= h->len);
  FUZZ_ASSERT(h->dst_port != 0 && h->checksum != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 2) {
    return 0;
  }
  u16_t payload_len = (u16_t)(data[0] << 8 | data[1]);
  size_t len = LWIP_MIN(size - 2, UDP_HLEN);
  struct exact e = exact_copy(data + 2, len);
  const u8_t *bytes = len < UDP_HLEN ? NULL : e.bytes;
  struct udp_header h;
  payload_len = bytes == NULL ? LWIP_MIN(payload_len, (u16_t)len) : LWIP_MAX(payload_len, UDP_HLEN);
  if (udp_parse(&h, bytes, payload_len) == DROP_NONE) {
    u8_t built[UDP_HLEN];
    check_udp(&h, payload_len);
    udp_build(built, &h, h.len);
    FUZZ_ASSERT(memcmp(built, bytes, UDP_HLEN) == 0);
  }
  if (udplite_parse(&h, bytes, payload_len) == DROP_NONE) {
    check_udplite(&h, payload_len);
  }
  exact_free(e);
  return 0;
}
