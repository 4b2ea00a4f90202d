/** @file ARP messages. */
#include "common.h"
#include "wire/arp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct exact e = exact_copy(data, size);
  struct arp_message m;
  enum drop_reason why = arp_parse(&m, e.bytes, size);
  if (why == DROP_NONE) {
    u8_t built[ARP_LEN];
    arp_build(built, &m);
    FUZZ_ASSERT(size >= ARP_LEN && memcmp(built, e.bytes, ARP_LEN) == 0);
  } else {
    FUZZ_ASSERT(why == DROP_ARP_SHORT || why == DROP_ARP_BAD_FORMAT || why == DROP_ARP_BAD_OPCODE);
    FUZZ_ASSERT((why == DROP_ARP_SHORT) == (size < ARP_LEN));
  }
  exact_free(e);
  return 0;
}
