/** @file ICMP messages, and the packets that ICMP errors quote. */
#include "common.h"
#include "lwip/def.h"
#include "wire/icmp4.h"

static void check_quote(const u8_t *bytes, size_t len)
{
  struct icmp4_quote q;
  if (icmp4_quote_parse(&q, bytes, len) == DROP_NONE) {
    FUZZ_ASSERT(q.l4 >= bytes + ICMP4_HEADER_LEN + 20);
    FUZZ_ASSERT(q.l4_len >= ICMP4_QUOTE_L4_MIN);
    FUZZ_ASSERT((size_t)(q.l4 - bytes) <= len && q.l4_len <= len - (size_t)(q.l4 - bytes));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct exact e = exact_copy(data, size);
  struct icmp4_message m;
  enum drop_reason why = icmp4_parse(&m, e.bytes, size);
  FUZZ_ASSERT((why == DROP_ICMP_SHORT) == (size < ICMP4_HEADER_LEN));
  if (why == DROP_NONE) {
    u8_t built[ICMP4_HEADER_LEN];
    icmp4_build(built, &m);
    FUZZ_ASSERT(memcmp(built, e.bytes, 2) == 0 && memcmp(built + 4, e.bytes + 4, 4) == 0);
    (void)icmp4_class_of(m.type);
  }
  exact_free(e);
  e = exact_copy(data, LWIP_MIN(size, ICMP4_ERROR_BYTES_MAX));
  check_quote(e.bytes, LWIP_MIN(size, ICMP4_ERROR_BYTES_MAX));
  exact_free(e);
  return 0;
}
