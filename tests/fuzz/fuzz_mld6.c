/** @file MLD queries: the first byte is what the length claims beyond the bytes that are there.
    needs: ipv6 */
#include "common.h"
#include "lwip/def.h"
#include "wire/mld6.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 1) {
    return 0;
  }
  size_t len = LWIP_MIN(size - 1, MLD6_V2_QUERY_LEN);
  /* Longer messages are not all in `bytes`; shorter ones are. */
  size_t msg_len = len < MLD6_V2_QUERY_LEN ? len : len + (size_t)data[0] * MLD6_ADDR_LEN;
  struct exact e = exact_copy(data + 1, len);
  struct mcast_query q;
  enum drop_reason why = mld6_query_parse(&q, e.bytes, msg_len);
  if (why == DROP_NONE) {
    static const u8_t none[MLD6_ADDR_LEN];
    FUZZ_ASSERT(msg_len >= MLD6_HEADER_LEN);
    FUZZ_ASSERT(q.version >= 1 && q.version <= 2 && q.is_newest == (q.version == 2));
    FUZZ_ASSERT((q.version == 2) == (msg_len >= MLD6_V2_QUERY_LEN));
    FUZZ_ASSERT(q.version == 2 || q.num_sources == 0);
    FUZZ_ASSERT(MLD6_V2_QUERY_LEN + (size_t)q.num_sources * MLD6_ADDR_LEN <= msg_len ||
                q.version == 1);
    FUZZ_ASSERT(memcmp(q.group, mld6_group(e.bytes), MLD6_ADDR_LEN) == 0);
    FUZZ_ASSERT(q.is_general == (memcmp(q.group, none, MLD6_ADDR_LEN) == 0));
    u8_t built[MLD6_HEADER_LEN];
    mld6_build(built, e.bytes[0], q.group);
    FUZZ_ASSERT(memcmp(built + 8, e.bytes + 8, MLD6_ADDR_LEN) == 0);
  }
  exact_free(e);
  return 0;
}
