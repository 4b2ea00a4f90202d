/** @file ICMPv6 messages, and the packets that ICMPv6 errors quote. needs: ipv6 */
#include "common.h"
#include "lwip/def.h"
#include "wire/icmp6.h"

static void check_quote(const u8_t *packet, size_t len)
{
  struct exact e = exact_copy(packet, len);
  struct icmp6_quote q;
  if (icmp6_quote_parse(&q, e.bytes, len) == DROP_NONE) {
    FUZZ_ASSERT(q.l4 >= e.bytes + 40);
    FUZZ_ASSERT(q.l4_len >= ICMP6_QUOTE_L4_MIN);
    FUZZ_ASSERT((size_t)(q.l4 - e.bytes) <= len && q.l4_len <= len - (size_t)(q.l4 - e.bytes));
    FUZZ_ASSERT(memcmp(q.src.addr, e.bytes + 8, 16) == 0);
  }
  (void)icmp6_is_answerable(e.bytes, len);
  exact_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct exact e = exact_copy(data, size);
  struct icmp6_message m;
  enum drop_reason why = icmp6_parse(&m, e.bytes, size);
  FUZZ_ASSERT((why != DROP_NONE) == (size < ICMP6_HLEN));
  if (why == DROP_NONE) {
    u8_t built[ICMP6_HLEN];
    icmp6_build(built, &m);
    FUZZ_ASSERT(memcmp(built, e.bytes, 2) == 0 && memcmp(built + 4, e.bytes + 4, 4) == 0);
    check_quote(e.bytes + ICMP6_HLEN, LWIP_MIN(size - ICMP6_HLEN, ICMP6_QUOTE_MAX));
  }
  exact_free(e);
  check_quote(data, size); /* any bytes as a packet */
  return 0;
}
