/*
 * The IPv6 header, extension headers and options: bytes to structs and back (RFC 8200 3, 4).
 * needs: ipv6
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/def.h"
#include "wire/ip6.h"

static const u8_t sample[40] = {
    0x6b, 0x91, 0x23, 0x45, 0x01, 0x02, 17, 64, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0,
    0,    0,    0,    2,    0xfe, 0x80, 0,  0,  0,    0,    0,    0,    0, 0, 0, 0, 0, 0, 0, 9};

static void header_there_and_back(void **state)
{
  struct ip6_header h;
  u8_t bytes[40];
  (void)state;
  assert_int_equal(ip6_parse(&h, sample, 40 + 0x102), DROP_NONE);
  assert_int_equal(h.tc, 0xb9);
  assert_int_equal(h.flow_label, 0x12345);
  assert_int_equal(h.payload_len, 0x102);
  assert_int_equal(h.nexth, 17);
  assert_int_equal(h.hop_limit, 64);
  assert_int_equal(h.src.addr[0], PP_HTONL(0x20010db8UL));
  assert_int_equal(h.dst.addr[3], PP_HTONL(9UL));
  assert_false(ip6_addr_has_zone(&h.dst));
  ip6_build(bytes, &h);
  assert_memory_equal(bytes, sample, 40);
}

static void header_lengths(void **state)
{
  struct ip6_header h;
  (void)state;
  for (size_t len = 0; len < 40; len++) {
    u8_t *exact = test_malloc(len + 1);
    memcpy(exact, sample, len);
    assert_int_equal(ip6_parse(&h, exact, len), DROP_IP6_SHORT);
    test_free(exact);
  }
  assert_int_equal(ip6_parse(&h, sample, 40 + 0x101), DROP_IP6_BAD_LENGTH);
  assert_int_equal(ip6_parse(&h, sample, 65535), DROP_NONE);
}

static void fragment_there_and_back(void **state)
{
  static const u8_t bytes[8] = {17, 0, 0x12, 0x39, 0xde, 0xad, 0xbe, 0xef};
  struct ip6_fragment f;
  u8_t built[8];
  (void)state;
  ip6_parse_fragment(&f, bytes);
  assert_int_equal(f.nexth, 17);
  assert_int_equal(f.offset, 0x1238);
  assert_true(f.more_fragments);
  assert_int_equal(f.id, 0xdeadbeef);
  assert_false(ip6_fragment_is_atomic(&f));
  ip6_build_fragment(built, &f);
  assert_memory_equal(built, bytes, 8);
  static const u8_t reserved_bits[8] = {17, 0xff, 0x00, 0x06};
  ip6_parse_fragment(&f, reserved_bits);
  assert_true(ip6_fragment_is_atomic(&f));
}

/* Every header of 8 bytes with two arbitrary bytes at every place: no read beyond, one verdict. */
static void options_of_every_kind(void **state)
{
  struct ip6_options found;
  unsigned verdicts[DROP_REASON_COUNT] = {0};
  (void)state;
  for (unsigned at = 2; at < 7; at++) {
    for (unsigned value = 0; value < 65536; value++) {
      u8_t *header = test_malloc(8);
      memset(header, 0, 8);
      header[at] = (u8_t)(value >> 8);
      header[at + 1] = (u8_t)value;
      enum drop_reason bad = ip6_parse_options(header, 8, true, &found);
      verdicts[bad]++;
      if (bad == DROP_IP6_OPTION_REFUSED) {
        assert_in_range(found.bad_at, 2, 7);
        assert_int_equal(found.bad_type, header[found.bad_at]);
        assert_int_not_equal(ip6_option_action(found.bad_type), IP6_OPTION_SKIP);
      }
      test_free(header);
    }
  }
  assert_true(verdicts[DROP_NONE] > 0);
  assert_true(verdicts[DROP_IP6_BAD_OPTION] > 0);
  assert_true(verdicts[DROP_IP6_OPTION_REFUSED] > 0);
  assert_int_equal(verdicts[DROP_NONE] + verdicts[DROP_IP6_BAD_OPTION] +
                       verdicts[DROP_IP6_OPTION_REFUSED],
                   5 * 65536);
}

static void router_alert(void **state)
{
  struct ip6_options found;
  u8_t header[8];
  (void)state;
  ip6_build_router_alert(header, 58, 0);
  assert_int_equal(ip6_parse_options(header, 8, true, &found), DROP_NONE);
  assert_true(found.router_alert);
  assert_int_equal(ip6_parse_options(header, 8, false, &found), DROP_NONE);
  assert_false(found.router_alert);
}

static void walk_without_extensions(void **state)
{
  struct ip6_walk w;
  (void)state;
  assert_false(ip6_walk(&w, sample, 39));
  assert_true(ip6_walk(&w, sample, 40));
  assert_int_equal(w.transport_at, 40);
  assert_int_equal(w.fragmentable_at, 40);
  assert_int_equal(w.nexth_at, 6);
  assert_int_equal(w.proto, 17);
}

/* Hop-by-hop and routing headers go into every fragment, what is behind them does not. */
static void walk_over_all_of_them(void **state)
{
  u8_t packet[40 + 8 + 16 + 8 + 8 + 8];
  struct ip6_walk w;
  (void)state;
  memset(packet, 0, sizeof packet);
  packet[6] = 0;   /* hop-by-hop at 40 */
  packet[40] = 60; /* destination options at 48, 16 bytes */
  packet[48] = 43; /* routing at 64 */
  packet[49] = 1;
  packet[64] = 44; /* fragment at 72 */
  packet[72] = 60; /* destination options at 80 */
  packet[80] = 58;
  assert_true(ip6_walk(&w, packet, sizeof packet));
  assert_int_equal(w.transport_at, 88);
  assert_int_equal(w.proto, 58);
  assert_int_equal(w.nexth_at, 80);
  assert_int_equal(w.fragmentable_at, 72);
  assert_int_equal(w.fragmentable_nexth_at, 64);
  assert_false(w.is_later_fragment);
  for (size_t len = 40; len < sizeof packet; len++) {
    u8_t *exact = test_malloc(len);
    memcpy(exact, packet, len);
    assert_false(ip6_walk(&w, exact, len));
    test_free(exact);
  }
  packet[74] = 1; /* the fragment's offset: what follows are no headers */
  assert_true(ip6_walk(&w, packet, sizeof packet));
  assert_true(w.is_later_fragment);
  assert_int_equal(w.transport_at, 80);
  assert_int_equal(w.proto, 60);
}

static void walk_ends(void **state)
{
  static u8_t packet[2048];
  struct ip6_walk w;
  (void)state;
  packet[6] = 60;
  memset(packet + 40, 0, sizeof packet - 40);
  for (size_t at = 40; at < sizeof packet; at += 8) {
    packet[at] = 60;
  }
  assert_false(ip6_walk(&w, packet, sizeof packet));
  packet[41] = 255; /* beyond the packet */
  assert_false(ip6_walk(&w, packet, sizeof packet));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(header_there_and_back),
      cmocka_unit_test(header_lengths),
      cmocka_unit_test(fragment_there_and_back),
      cmocka_unit_test(options_of_every_kind),
      cmocka_unit_test(router_alert),
      cmocka_unit_test(walk_without_extensions),
      cmocka_unit_test(walk_over_all_of_them),
      cmocka_unit_test(walk_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
