/*
 * What IGMPv3 and MLDv2 messages have in common, and MLD's own (RFC 3376 4, RFC 3810 5 and 8.1;
 * security vector B6-121).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/def.h"
#include "lwip/prot/icmp6.h"
#include "wire/mcast.h"
#include "wire/mld6.h"

#define ALL_ONES 0xffU

/* RFC 3376 4.1.1: (mant | 0x10) << (exp + 3); RFC 3810 5.1.3: (mant | 0x1000) << (exp + 3). */
static void test_codes(void **state)
{
  (void)state;
  for (u32_t code = 0; code < 128; code++) {
    assert_int_equal(mcast_code_value((u16_t)code, 8), code);
  }
  for (u32_t code = 0; code < 32768; code++) {
    assert_int_equal(mcast_code_value((u16_t)code, 16), code);
  }
  assert_int_equal(mcast_code_value(0x80, 8), 128);
  assert_int_equal(mcast_code_value(0x8f, 8), 248);
  assert_int_equal(mcast_code_value(0x90, 8), 256);
  assert_int_equal(mcast_code_value(0xff, 8), 31744);
  assert_int_equal(mcast_code_value(0x8000, 16), 32768);
  assert_int_equal(mcast_code_value(0x8fff, 16), 65528);
  assert_int_equal(mcast_code_value(0x9000, 16), 65536);
  assert_int_equal(mcast_code_value(0xffff, 16), 8387584);
}

/* A greater code never means less. */
static void test_codes_are_in_order(void **state)
{
  (void)state;
  for (u32_t code = 1; code < 0x100; code++) {
    assert_true(mcast_code_value((u16_t)code, 8) > mcast_code_value((u16_t)(code - 1), 8));
  }
  for (u32_t code = 1; code < 0x10000; code++) {
    assert_true(mcast_code_value((u16_t)code, 16) > mcast_code_value((u16_t)(code - 1), 16));
  }
}

/* The number of sources is compared with the bytes that are there. */
static void test_source_counts(void **state)
{
  static const size_t addr_lens[] = {4, 16};
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(addr_lens); i++) {
    size_t addr_len = addr_lens[i];
    for (size_t num = 0; num < 300; num++) {
      u8_t tail[4] = {0x0f, 0x90, (u8_t)(num >> 8), (u8_t)num};
      struct mcast_query q;
      memset(&q, 0, sizeof q);
      assert_true(mcast_query_tail_parse(&q, tail, num * addr_len, addr_len));
      assert_int_equal(q.num_sources, num);
      assert_int_equal(q.robustness, 7); /* the S flag is for routers */
      assert_int_equal(q.interval_s, 256);
      assert_true(q.is_newest);
      assert_true(mcast_query_tail_parse(&q, tail, num * addr_len + 1, addr_len));
      if (num > 0) {
        assert_false(mcast_query_tail_parse(&q, tail, num * addr_len - 1, addr_len));
      }
    }
  }
}

static void test_records(void **state)
{
  static const u8_t group[16] = {0xff, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
  static const u8_t want[20] = {4, 0, 1, 2, 0xff, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
  static const u8_t report[8] = {143, 0, 0, 0, 0, 0, 0x12, 0x34};
  u8_t bytes[20];
  (void)state;
  memset(bytes, ALL_ONES, sizeof bytes);
  mcast_record_build(bytes, MCAST_TO_EXCLUDE, 0x102, group, 4);
  assert_memory_equal(bytes, want, 8);
  assert_int_equal(bytes[8], ALL_ONES);
  mcast_record_build(bytes, MCAST_TO_EXCLUDE, 0x102, group, 16);
  assert_memory_equal(bytes, want, 20);
  memset(bytes, ALL_ONES, sizeof bytes);
  mcast_report_build(bytes, MLD6_V2_REPORT, 0x1234);
  assert_memory_equal(bytes, report, sizeof report);
}

/* RFC 3810 8.1: 24 bytes are version 1, 28 and more version 2, all else is nothing. */
static void test_mld_versions(void **state)
{
  u8_t bytes[28] = {ICMP6_TYPE_MLQ, 0, 0, 0, 0x03, 0xe8};
  struct mcast_query q;
  (void)state;
  for (size_t len = 0; len < 64; len++) {
    enum drop_reason want = (len == 24 || len >= 28) ? DROP_NONE : DROP_MLD6_SHORT;
    assert_int_equal(mld6_query_parse(&q, bytes, len), want);
    if (want == DROP_NONE) {
      assert_int_equal(q.version, len == 24 ? 1 : 2);
      assert_int_equal(q.is_newest, len != 24);
      assert_true(q.is_general);
      assert_int_equal(q.max_resp_ms, 1000);
    }
  }
  bytes[23] = 1;
  assert_int_equal(mld6_query_parse(&q, bytes, 24), DROP_NONE);
  assert_false(q.is_general);
  assert_memory_equal(q.group, bytes + 8, 16);
  assert_ptr_equal(mld6_group(bytes), bytes + 8);
  bytes[27] = 1;
  assert_int_equal(mld6_query_parse(&q, bytes, 28 + 15), DROP_MLD6_BAD_SOURCE_COUNT);
  assert_int_equal(mld6_query_parse(&q, bytes, 28 + 16), DROP_NONE);
}

static void test_mld_build(void **state)
{
  static const u8_t group[16] = {0xff, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  u8_t bytes[24], want[24] = {ICMP6_TYPE_MLR};
  (void)state;
  memcpy(want + 8, group, sizeof group);
  memset(bytes, ALL_ONES, sizeof bytes);
  mld6_build(bytes, ICMP6_TYPE_MLR, group);
  assert_memory_equal(bytes, want, sizeof want);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_codes),         cmocka_unit_test(test_codes_are_in_order),
      cmocka_unit_test(test_source_counts), cmocka_unit_test(test_records),
      cmocka_unit_test(test_mld_versions),  cmocka_unit_test(test_mld_build),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
