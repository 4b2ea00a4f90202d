/** @file Ethernet and 802.1Q headers: the first byte says whether tags are accepted. */
#include "common.h"
#include "wire/eth.h"

static void check_parsed(const struct eth_frame *f, const struct exact *e, size_t len)
{
  u8_t built[ETH_HEADER_LEN_MAX];
  size_t want = f->is_tagged ? ETH_HEADER_LEN_MAX : ETH_HEADER_LEN;
  FUZZ_ASSERT(f->header_len == want && f->header_len <= len);
  eth_build(built, &f->dst, &f->src, f->type, f->is_tagged ? f->tci : -1);
  FUZZ_ASSERT(memcmp(built, e->bytes, f->header_len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0) {
    return 0;
  }
  struct exact e = exact_copy(data + 1, size - 1);
  struct eth_frame f;
  bool accept_tags = (data[0] & 1) != 0;
  enum drop_reason why = eth_parse(&f, e.bytes, size - 1, accept_tags);
  if (why == DROP_NONE) {
    check_parsed(&f, &e, size - 1);
    FUZZ_ASSERT(accept_tags || !f.is_tagged);
  } else {
    FUZZ_ASSERT(why == DROP_ETH_SHORT || why == DROP_VLAN_SHORT || why == DROP_VLAN_NESTED);
  }
  exact_free(e);
  return 0;
}
