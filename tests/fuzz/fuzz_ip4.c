/** @file IPv4 headers with their options, and what is built from them. */
#include "common.h"
#include "wire/ip4.h"

/** What goes into every fragment is again a valid list of options, no longer than the original. */
static void check_options(const u8_t *options, size_t len)
{
  struct exact e = exact_copy(options, len);
  struct ip4_options found = {false};
  if (ip4_parse_options(e.bytes, len, &found) == DROP_NONE) {
    struct exact copied = exact_copy(e.bytes, len);
    size_t copied_len = ip4_copied_options(copied.bytes, e.bytes, len);
    struct ip4_options again = {false};
    FUZZ_ASSERT(copied_len <= len && copied_len % 4 == 0);
    FUZZ_ASSERT(ip4_parse_options(copied.bytes, copied_len, &again) == DROP_NONE);
    FUZZ_ASSERT(again.router_alert == found.router_alert);
    exact_free(copied);
  }
  exact_free(e);
}

static void check_built(const struct ip4_header *h, const u8_t *bytes)
{
  u8_t built[IP_HLEN];
  ip4_build(built, h);
  /* But for what a struct ip4_header does not hold: IHL's value, reserved bit, checksum. */
  FUZZ_ASSERT(memcmp(built + 1, bytes + 1, 5) == 0);
  FUZZ_ASSERT(((built[6] ^ bytes[6]) & 0x7f) == 0 && built[7] == bytes[7]);
  FUZZ_ASSERT(memcmp(built + 8, bytes + 8, 2) == 0 && memcmp(built + 12, bytes + 12, 8) == 0);
  ip4_put_checksum(built, IP_HLEN);
  FUZZ_ASSERT(reference_checksum(built, IP_HLEN, 0) == 0);
  if (h->ttl > 0) {
    ip4_decrement_ttl(built);
    FUZZ_ASSERT(built[8] == h->ttl - 1);
    FUZZ_ASSERT(reference_checksum(built, IP_HLEN, 0) == 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct exact e = exact_copy(data, LWIP_MIN(size, IP_HLEN));
  struct ip4_header h;
  if (ip4_parse(&h, e.bytes, size) == DROP_NONE) {
    FUZZ_ASSERT(h.header_len >= IP_HLEN && h.header_len <= 60 && h.header_len % 4 == 0);
    FUZZ_ASSERT(h.header_len <= h.total_len && h.total_len <= size);
    FUZZ_ASSERT(h.offset % 8 == 0);
    check_options(data + IP_HLEN, (size_t)h.header_len - IP_HLEN);
    check_built(&h, data);
  }
  exact_free(e);
  if (size > 0) { /* any bytes as options */
    check_options(data, LWIP_MIN(size / 4 * 4, 40));
  }
  return 0;
}
