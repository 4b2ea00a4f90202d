/**
 * @file
 * TCP's header and options (RFC 9293 3.1, 3.2; RFC 7323; RFC 2018): the first byte says whether the
 * segment is a SYN; what was parsed is built and parsed again.
 * needs: tcp
 */
#include "common.h"
#include "wire/tcp.h"

static void check_options(const struct tcp_options *o, bool is_syn)
{
  FUZZ_ASSERT(o->num_sacks <= TCP_SACK_BLOCKS_MAX);
  FUZZ_ASSERT(!(o->has & TCP_HAS_WND_SHIFT) || o->wnd_shift <= TCP_WND_SHIFT_MAX);
  FUZZ_ASSERT(is_syn || !(o->has & (TCP_HAS_MSS | TCP_HAS_WND_SHIFT | TCP_HAS_SACK_OK)));
}

static void check_again(const struct tcp_options *o, bool is_syn)
{
  struct tcp_options again;
  u8_t len = tcp_options_len(o);
  FUZZ_ASSERT(len % 4 == 0);
  if (len > TCP_MAX_OPTION_BYTES) {
    return; /* more than one header can have been in a longer input */
  }
  u8_t *built = malloc((size_t)len + 1);
  FUZZ_ASSERT(built != NULL && tcp_build_options(built, o) == len);
  memset(&again, 0xa5, sizeof again);
  tcp_parse_options(&again, built, len, is_syn);
  FUZZ_ASSERT(again.has == o->has && again.num_sacks == o->num_sacks);
  FUZZ_ASSERT(!(o->has & TCP_HAS_MSS) || again.mss == o->mss);
  FUZZ_ASSERT(!(o->has & TCP_HAS_WND_SHIFT) || again.wnd_shift == o->wnd_shift);
  FUZZ_ASSERT(!(o->has & TCP_HAS_TIMESTAMP) ||
              (again.tsval == o->tsval && again.tsecr == o->tsecr));
  for (unsigned i = 0; i < o->num_sacks; i++) {
    FUZZ_ASSERT(again.sack[i].left == o->sack[i].left && again.sack[i].right == o->sack[i].right);
  }
  free(built);
}

static void check_header(const u8_t *bytes, size_t len)
{
  struct tcp_header h;
  u16_t seg_len = (u16_t)LWIP_MIN(len, 0xffffU);
  if (tcp_parse(&h, len < TCP_HLEN ? NULL : bytes, seg_len) != DROP_NONE) {
    return;
  }
  u8_t built[TCP_HLEN];
  FUZZ_ASSERT(h.header_len >= TCP_HLEN && h.header_len <= TCP_HLEN_MAX && h.header_len <= len);
  FUZZ_ASSERT(h.src_port != 0 && h.dst_port != 0);
  tcp_build(built, &h);
  FUZZ_ASSERT(memcmp(built, bytes, 12) == 0 && built[13] == (bytes[13] & h.flags));
  FUZZ_ASSERT(memcmp(built + 14, bytes + 14, 2) == 0 && memcmp(built + 18, bytes + 18, 2) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct tcp_options o;
  if (size < 1) {
    return 0;
  }
  bool is_syn = (data[0] & 1) != 0;
  struct exact e = exact_copy(data + 1, size - 1);
  memset(&o, 0xa5, sizeof o);
  tcp_parse_options(&o, e.bytes, LWIP_MIN(size - 1, TCP_MAX_OPTION_BYTES), is_syn);
  check_options(&o, is_syn);
  check_again(&o, is_syn);
  check_header(e.bytes, size - 1);
  exact_free(e);
  return 0;
}
