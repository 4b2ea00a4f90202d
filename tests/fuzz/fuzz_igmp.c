/** @file IGMP queries: the first byte is what the length claims beyond the bytes that are there. */
#include "common.h"
#include "lwip/def.h"
#include "wire/igmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 1) {
    return 0;
  }
  size_t len = LWIP_MIN(size - 1, IGMP_V3_QUERY_LEN);
  /* Longer messages are not all in `bytes`; shorter ones are. */
  size_t msg_len = len < IGMP_V3_QUERY_LEN ? len : len + (size_t)data[0] * IGMP_ADDR_LEN;
  struct exact e = exact_copy(data + 1, len);
  struct mcast_query q;
  enum drop_reason why = igmp_query_parse(&q, e.bytes, msg_len);
  if (why == DROP_NONE) {
    FUZZ_ASSERT(msg_len >= IGMP_HEADER_LEN);
    FUZZ_ASSERT(q.version >= 1 && q.version <= 3);
    FUZZ_ASSERT(q.max_resp_ms >= 100);
    FUZZ_ASSERT(q.version == 3 || q.num_sources == 0);
    FUZZ_ASSERT(q.version < 3 ||
                IGMP_V3_QUERY_LEN + (size_t)q.num_sources * IGMP_ADDR_LEN <= msg_len);
    FUZZ_ASSERT(q.is_newest == (q.version == 3));
    FUZZ_ASSERT(q.is_general == (q.version == 1 || igmp_group_get(e.bytes) == 0));
  } else {
    FUZZ_ASSERT(why == DROP_IGMP_SHORT || why == DROP_IGMP_BAD_SOURCE_COUNT ||
                why == DROP_IGMP_UNKNOWN_TYPE || why == DROP_IGMP_BAD_DST);
  }
  exact_free(e);
  return 0;
}
