/*
 * IGMP version 3: the cases of multicast_cases.h, codes, sizes (RFC 3376 4 to 8; security vectors
 * B7-124, 125, 128).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_IPV4 && LWIP_IGMP && LWIP_IGMP_V3

#include "igmp_text.h"
#include "multicast_cases.h"
#include "wire/igmp.h"

PACKET_TEST(test_sources_that_are_not_there)
{
  static const u16_t counts[] = {1, 2, 0x4000, 0xffff};
  u8_t m[12] = {IGMP_MEMB_QUERY, 10, 0, 0, 239, 1, 1, 1, 2, 125};
  two_groups();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(counts); i++) {
    m[10] = (u8_t)(counts[i] >> 8);
    m[11] = (u8_t)counts[i];
    rx(igmp4(ROUTER, G1, m, sizeof m));
    expect_drop(DROP_IGMP_BAD_SOURCE_COUNT);
  }
  advance(20000);
  expect_silence();
}

PACKET_TEST(test_no_memory)
{
  no_memory(DROP_IGMP_NO_MEMORY);
}

/* B7-124: codes from 128 on are floating point in messages of 12 bytes, and only there. */
PACKET_TEST(test_codes)
{
  u8_t m[12] = {IGMP_MEMB_QUERY};
  struct mcast_query q;
  static const struct {
    u8_t code;
    u32_t v2_ms, v3_ms;
  } cases[] = {{1, 100, 100},       {100, 10000, 10000}, {127, 12700, 12700},
               {128, 12800, 12800}, {138, 13800, 20800}, {0xff, 25500, 3174400}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    m[1] = cases[i].code;
    m[9] = cases[i].code;
    assert_int_equal(igmp_query_parse(&q, m, 8), DROP_NONE);
    assert_int_equal(q.version, 2);
    assert_int_equal(q.max_resp_ms, cases[i].v2_ms);
    assert_int_equal(igmp_query_parse(&q, m, 12), DROP_NONE);
    assert_int_equal(q.version, 3);
    assert_int_equal(q.max_resp_ms, cases[i].v3_ms);
    assert_int_equal(q.interval_s, cases[i].v3_ms / 100);
  }
  m[1] = 0;
  assert_int_equal(igmp_query_parse(&q, m, 8), DROP_NONE);
  assert_int_equal(q.version, 1);
  assert_int_equal(igmp_query_parse(&q, m, 12), DROP_NONE);
  assert_int_equal(q.version, 3);
  assert_int_equal(q.max_resp_ms, 100);
}

/* Version 2 queries about one group do not change the mode (RFC 3376 7.2.1). */
PACKET_TEST(test_v2_group_query_keeps_the_mode)
{
  two_groups();
  rx(igmp_query(G1, G1, 10));
  advance(1000);
  expect_igmp("IS_IN " G1 " { " A " " B " }");
}

/* More groups than fit: several reports, none beyond the MTU, no group forgotten. */
PACKET_TEST(test_reports_fit_the_mtu)
{
  enum { NUM = 6 };
  net.netif.mtu = 68; /* 24 bytes of IP, 8 of IGMP, room for 4 records of 8 bytes */
  for (unsigned i = 0; i < NUM; i++) {
    char group[16];
    snprintf(group, sizeof group, "239.3.0.%u", i);
    assert_int_equal(join(group), ERR_OK);
  }
  advance(20000);
  tx_discard();
  rx(query(NULL, 10, 2, ""));
  advance(1000);
  unsigned records = 0;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    check_igmp(f, 0x22);
    assert_true(f->len <= 14 + 68);
    records += get16(f, ip4_payload_at(f) + 6);
  }
  assert_int_equal(records, NUM);
}

#if LWIP_MCAST_MAX_SOURCES >= 8
/* RFC 3376 4.2.16: lists of wanted sources are split, lists of unwanted ones are cut. */
PACKET_TEST(test_source_lists_fit_the_mtu)
{
  static const char *const eight =
      "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8";
  net.netif.mtu = 68;
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, eight), ERR_OK);
  expect_igmp("ALLOW " G1 " { 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 }");
  expect_igmp("ALLOW " G1 " { 1.1.1.8 }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, eight), ERR_OK);
  expect_igmp("TO_EX " G1 " { 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 }");
  expect_silence();
}
#endif

static const struct packet_test tests[] = {
    MULTICAST_CASES,
    TEST_FLAGS(test_no_memory, PACKET_ONCE), /* makes its own faults */
    TEST(test_sources_that_are_not_there),
    TEST_FLAGS(test_codes, PACKET_ONCE),
    TEST(test_v2_group_query_keeps_the_mode),
    TEST(test_reports_fit_the_mtu),
#if LWIP_MCAST_MAX_SOURCES >= 8
    TEST_FLAGS(test_source_lists_fit_the_mtu, PACKET_ONCE),
#endif
};

#else

PACKET_TEST(test_without_version_3)
{
  rx(ip4("10.0.0.2", "10.0.0.1", 2, "abcdefgh", 8));
  assert_true(drop_count(DROP_IGMP_BAD_CHECKSUM) + drop_count(DROP_IP4_NO_PROTO) == 1);
  ignore_drops();
}

static const struct packet_test tests[] = {TEST(test_without_version_3)};

#endif

PACKET_MAIN(tests)
