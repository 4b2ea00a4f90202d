/*
 * MLD version 2: the cases of multicast_cases.h, codes, sizes (RFC 3810 5 to 9; security vector
 * B6-121).
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD && LWIP_MLD_V2

#include "mld6_text.h"
#include "multicast_cases.h"
#include "wire/mld6.h"

PACKET_TEST(test_no_memory)
{
  no_memory(DROP_MLD6_NO_MEMORY);
}

/* B6-121: a source count beyond the packet. */
PACKET_TEST(test_sources_that_are_not_there)
{
  static const u16_t counts[] = {1, 2, 0x1000, 0xffff};
  two_groups();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(counts); i++) {
    u8_t m[28 + 15] = {T6_MLD_QUERY, 0, 0, 0, 0, 100};
    ip6_bytes(G1, m + 8);
    m[26] = (u8_t)(counts[i] >> 8);
    m[27] = (u8_t)counts[i];
    rx(mld(ROUTER, G1, m, sizeof m));
    expect_drop(DROP_MLD6_BAD_SOURCE_COUNT);
  }
  advance(20000);
  expect_silence();
}

/* B6-121: maximum response codes 0 and 0xffff (RFC 3810 5.1.3), and the interval's (5.1.9). */
PACKET_TEST(test_codes)
{
  u8_t m[28] = {T6_MLD_QUERY};
  struct mcast_query q;
  static const struct {
    u16_t code;
    u32_t v1_ms, v2_ms;
  } cases[] = {{0, 0, 0},
               {1, 1, 1},
               {0x7fff, 32767, 32767},
               {0x8000, 32768, 32768},
               {0x8001, 32769, 32776},
               {0x9000, 36864, 65536},
               {0xffff, 65535, 8387584}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    m[4] = (u8_t)(cases[i].code >> 8);
    m[5] = (u8_t)cases[i].code;
    assert_int_equal(mld6_query_parse(&q, m, 24), DROP_NONE);
    assert_int_equal(q.version, 1);
    assert_false(q.is_newest);
    assert_int_equal(q.max_resp_ms, cases[i].v1_ms);
    assert_int_equal(mld6_query_parse(&q, m, 28), DROP_NONE);
    assert_int_equal(q.version, 2);
    assert_true(q.is_newest);
    assert_int_equal(q.max_resp_ms, cases[i].v2_ms);
  }
  m[25] = 0xff;
  assert_int_equal(mld6_query_parse(&q, m, 28), DROP_NONE);
  assert_int_equal(q.interval_s, 31744);
}

/* Answers are not sent before their time, and the longest time is not forever. */
PACKET_TEST(test_response_times)
{
  two_groups();
  rx(mld2_query(ROUTER, "ff02::1", 0, "::", 2, 125, ""));
  advance(1);
  assert_int_not_equal(strlen(report_sent()), 0);
  rx(mld2_query(ROUTER, "ff02::1", 0xffff, "::", 2, 125, ""));
  expect_silence();
  advance(8387584);
  assert_int_not_equal(strlen(report_sent()), 0);
  expect_silence();
}

/* RFC 3810 8.2.1: any query of version 1 sets the mode, not only a general one. */
PACKET_TEST(test_v1_group_query_sets_the_mode)
{
  two_groups();
  rx(mld1(ROUTER, T6_MLD_QUERY, 1000, G1));
  advance(1000);
  expect_report("V1 " G1);
  expect_no_report();
}

/* More groups than fit: several reports, none beyond the MTU, no group forgotten. */
PACKET_TEST(test_reports_fit_the_mtu)
{
  enum { NUM = 150 };
  up();
  net.netif.mtu = 1280; /* 48 bytes of IP, 8 of MLD, room for 61 records of 20 bytes */
  for (unsigned i = 0; i < NUM && i + 4 < MEMP_NUM_MLD6_GROUP; i++) {
    char group[16];
    snprintf(group, sizeof group, "ff05::3:%x", i);
    assert_int_equal(join(group), ERR_OK);
  }
  advance(20000);
  tx_discard();
  rx(query(NULL, 10, 2, ""));
  advance(1000);
  unsigned num_records = 0, num_reports = 0;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    u16_t num = get16(f, ip6_payload_at(f) + 6);
    check_mld2(f, num);
    assert_true(f->len <= 14 + 1280);
    num_records += num;
    num_reports++;
  }
  assert_int_equal(num_records, LWIP_MIN(NUM, MEMP_NUM_MLD6_GROUP - 4) + OTHER_GROUPS);
  assert_int_equal(num_reports, (num_records + 60) / 61);
}

static const struct packet_test tests[] = {
    MULTICAST_CASES,
    TEST_FLAGS(test_no_memory, PACKET_ONCE), /* makes its own faults */
    TEST(test_sources_that_are_not_there),
    TEST_FLAGS(test_codes, PACKET_ONCE),
    TEST_FLAGS(test_response_times, PACKET_ONCE),
    TEST(test_v1_group_query_sets_the_mode),
    TEST_FLAGS(test_reports_fit_the_mtu, PACKET_ONCE),
};

#else

PACKET_TEST(test_without_version_2)
{
  net6_up();
  expect_no_drop();
  rx(ping6("fe80::2", "ff05::1:1", 1, 1, "x", 1));
  expect_drop(DROP_IP6_NOT_FOR_US);
}

static const struct packet_test tests[] = {TEST(test_without_version_2)};

#endif

PACKET_MAIN(tests)
