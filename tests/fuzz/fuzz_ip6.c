/**
 * @file
 * IPv6 headers, chains of extension headers, their options and fragment headers.
 * needs: ipv6
 */
#include "common.h"
#include "lwip/def.h"
#include "wire/ip6.h"

static void check_fixed_header(const u8_t *data, size_t size)
{
  struct exact e = exact_copy(data, LWIP_MIN(size, IP6_HLEN));
  struct ip6_header h;
  if (ip6_parse(&h, e.bytes, size) == DROP_NONE) {
    u8_t built[IP6_HLEN];
    FUZZ_ASSERT(size >= IP6_HLEN && h.payload_len <= size - IP6_HLEN);
    FUZZ_ASSERT(h.flow_label <= 0xfffff);
    ip6_build(built, &h);
    FUZZ_ASSERT(memcmp(built, data, IP6_HLEN) == 0);
  }
  exact_free(e);
}

/** What an options header says about itself is found, whatever it says. */
static void check_options(const u8_t *data, size_t size, bool is_hop_by_hop)
{
  size_t len = LWIP_MIN(size / 8 * 8, 2048);
  if (len == 0) {
    return;
  }
  struct exact e = exact_copy(data, len);
  struct ip6_options found;
  enum drop_reason why = ip6_parse_options(e.bytes, len, is_hop_by_hop, &found);
  if (why == DROP_NONE) {
    FUZZ_ASSERT(is_hop_by_hop || !found.router_alert);
  } else {
    FUZZ_ASSERT(found.bad_at >= 2 && found.bad_at < len);
    FUZZ_ASSERT(found.bad_type == e.bytes[found.bad_at]);
  }
  exact_free(e);
}

static void check_fragment(const u8_t *data)
{
  struct exact e = exact_copy(data, IP6_FRAG_HLEN);
  struct ip6_fragment f, again;
  u8_t built[IP6_FRAG_HLEN];
  ip6_parse_fragment(&f, e.bytes);
  FUZZ_ASSERT(f.offset % 8 == 0);
  ip6_build_fragment(built, &f);
  ip6_parse_fragment(&again, built);
  FUZZ_ASSERT(again.offset == f.offset && again.more_fragments == f.more_fragments);
  FUZZ_ASSERT(again.id == f.id && again.nexth == f.nexth && built[1] == 0);
  exact_free(e);
}

/** Every place that the walk names lies within what is there, in order. */
static void check_walk(const u8_t *data, size_t size)
{
  struct exact e = exact_copy(data, size);
  struct ip6_walk w;
  if (ip6_walk(&w, e.bytes, size)) {
    FUZZ_ASSERT(w.fragmentable_at >= IP6_HLEN && w.fragmentable_at <= w.transport_at);
    FUZZ_ASSERT(w.transport_at <= size);
    FUZZ_ASSERT(w.nexth_at < w.transport_at && w.fragmentable_nexth_at < w.fragmentable_at);
    FUZZ_ASSERT(e.bytes[w.nexth_at] == w.proto);
    FUZZ_ASSERT(w.is_later_fragment || !ip6_is_extension(w.proto));
  }
  exact_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  check_fixed_header(data, size);
  check_walk(data, LWIP_MIN(size, 0xffff));
  check_options(data, size, true);
  check_options(data, size, false);
  if (size >= IP6_FRAG_HLEN) {
    check_fragment(data);
  }
  return 0;
}
