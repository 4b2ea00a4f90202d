/**
 * @file
 * Neighbor Discovery's formats: what is built parses to the same; every length, every option.
 * RFC 4861 4, 6.1, 7.1, 8.1; security vectors B6-100 to 105, 122.
 * needs: ipv6
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/opt.h"
#include "lwip/def.h"
#include "lwip/prot/icmp6.h"
#include "lwip/prot/nd6.h"
#include "wire/nd6.h"

static const u8_t mac[6] = {2, 7, 8, 9, 10, 11};
static const u8_t nonce[ND6_NONCE_LEN] = {1, 2, 3, 4, 5, 6};

static ip6_addr_t addr_of(u32_t first, u32_t last)
{
  ip6_addr_t a;
  IP6_ADDR(&a, lwip_htonl(first), 0, 0, lwip_htonl(last));
  return a;
}

/** Any message, parsed as what its type says, from memory that ends where it ends. */
static enum drop_reason parse(const u8_t *bytes, size_t len, u8_t lladdr_len, u8_t type)
{
  union {
    struct nd6_ns ns;
    struct nd6_na na;
    struct nd6_rs rs;
    struct nd6_ra ra;
    struct nd6_redirect rd;
  } out;
  u8_t *exact = malloc(len > 0 ? len : 1);
  enum drop_reason why = DROP_NONE;
  memcpy(exact, bytes, len);
  switch (type) {
  case ICMP6_TYPE_NS:
    why = nd6_parse_ns(&out.ns, exact, len, lladdr_len);
    break;
  case ICMP6_TYPE_NA:
    why = nd6_parse_na(&out.na, exact, len, lladdr_len);
    break;
  case ICMP6_TYPE_RS:
    why = nd6_parse_rs(&out.rs, exact, len, lladdr_len);
    break;
  case ICMP6_TYPE_RA:
    why = nd6_parse_ra(&out.ra, exact, len, lladdr_len);
    break;
  default:
    why = nd6_parse_redirect(&out.rd, exact, len, lladdr_len);
    break;
  }
  free(exact);
  return why;
}

struct kind {
  u8_t type;
  size_t len;
  u8_t lladdr_option;
};

static const struct kind kinds[] = {
    {ICMP6_TYPE_RS, ND6_RS_LEN, ND6_OPTION_TYPE_SOURCE_LLADDR},
    {ICMP6_TYPE_RA, ND6_RA_LEN, ND6_OPTION_TYPE_SOURCE_LLADDR},
    {ICMP6_TYPE_NS, ND6_NS_LEN, ND6_OPTION_TYPE_SOURCE_LLADDR},
    {ICMP6_TYPE_NA, ND6_NA_LEN, ND6_OPTION_TYPE_TARGET_LLADDR},
    {ICMP6_TYPE_RD, ND6_REDIRECT_LEN, ND6_OPTION_TYPE_TARGET_LLADDR},
};

#define FOR_EACH_KIND(k)                                                                           \
  for (const struct kind *k = kinds; k < kinds + sizeof kinds / sizeof kinds[0]; k++)

/* B6-101: everything shorter than the fixed part */
static void test_short(void **state)
{
  (void)state;
  FOR_EACH_KIND(k)
  {
    u8_t bytes[ND6_REDIRECT_LEN] = {k->type};
    for (size_t len = 0; len < k->len; len++) {
      assert_int_equal(parse(bytes, len, 6, k->type), DROP_ND6_SHORT);
    }
    assert_int_equal(parse(bytes, k->len, 6, k->type), DROP_NONE);
  }
}

/* B6-100 */
static void test_every_code(void **state)
{
  (void)state;
  FOR_EACH_KIND(k)
  {
    u8_t bytes[ND6_REDIRECT_LEN] = {k->type};
    for (unsigned code = 1; code < 256; code++) {
      bytes[1] = (u8_t)code;
      assert_int_equal(parse(bytes, k->len, 6, k->type), DROP_ND6_BAD_CODE);
    }
  }
}

/* B6-102, 103: an option of every length in every room */
static void test_option_lengths(void **state)
{
  (void)state;
  FOR_EACH_KIND(k)
  {
    u8_t bytes[ND6_REDIRECT_LEN + 64] = {k->type};
    bytes[k->len] = 200; /* a type that nobody knows */
    for (unsigned units = 0; units < 256; units++) {
      bytes[k->len + 1] = (u8_t)units;
      for (size_t room = 1; room <= 64; room++) {
        bool is_whole = units * 8 == room;
        /* Behind a shorter option stand zeros: one of length 0. */
        assert_int_equal(parse(bytes, k->len + room, 6, k->type),
                         is_whole ? DROP_NONE : DROP_ND6_BAD_OPTION);
      }
    }
  }
}

/* B6-104: lengths whose sum wraps a byte, and sixteen bits */
static void test_sum_of_lengths(void **state)
{
  (void)state;
  size_t room = 40 * 2040;
  u8_t *bytes = calloc(1, ND6_NS_LEN + room);
  bytes[0] = ICMP6_TYPE_NS;
  for (size_t at = 0; at < room; at += 2040) {
    bytes[ND6_NS_LEN + at] = 200;
    bytes[ND6_NS_LEN + at + 1] = 255;
  }
  assert_int_equal(parse(bytes, ND6_NS_LEN + room, 6, ICMP6_TYPE_NS), DROP_NONE);
  assert_int_equal(parse(bytes, ND6_NS_LEN + room - 8, 6, ICMP6_TYPE_NS), DROP_ND6_BAD_OPTION);
  assert_int_equal(parse(bytes, ND6_NS_LEN + 256, 6, ICMP6_TYPE_NS), DROP_ND6_BAD_OPTION);
  free(bytes);
}

/* B6-105: link-layer addresses of one size on each medium, padded to 8 */
static void test_lladdr_sizes(void **state)
{
  (void)state;
  for (u8_t lladdr_len = 1; lladdr_len <= NETIF_MAX_HWADDR_LEN; lladdr_len++) {
    size_t right = (2U + lladdr_len + 7U) / 8U;
    assert_int_equal(nd6_lladdr_option_len(lladdr_len), right * 8);
    FOR_EACH_KIND(k)
    {
      for (u8_t units = 1; units <= 4; units++) {
        u8_t bytes[ND6_REDIRECT_LEN + 32] = {k->type};
        bytes[k->len] = k->lladdr_option;
        bytes[k->len + 1] = units;
        assert_int_equal(parse(bytes, k->len + units * 8U, lladdr_len, k->type),
                         units == right ? DROP_NONE : DROP_ND6_BAD_LLADDR);
        assert_int_equal(parse(bytes, k->len + units * 8U, 0, k->type), DROP_NONE);
      }
    }
  }
  assert_int_equal(nd6_lladdr_option_len(8), 16); /* RFC 4944 8: 802.15.4 */
  assert_int_equal(nd6_lladdr_option_len(2), 8);
  assert_int_equal(nd6_lladdr_option_len(0), 0);
}

/* B6-106 */
static void test_group_as_target(void **state)
{
  (void)state;
  const ip6_addr_t group = addr_of(0xff020000, 1);
  const ip6_addr_t host = addr_of(0xfe800000, 1);
  u8_t bytes[ND6_REDIRECT_LEN];
  assert_int_equal(parse(bytes, nd6_build_ns(bytes, &group), 6, ICMP6_TYPE_NS),
                   DROP_ND6_BAD_TARGET);
  assert_int_equal(parse(bytes, nd6_build_na(bytes, 0, &group), 6, ICMP6_TYPE_NA),
                   DROP_ND6_BAD_TARGET);
  assert_int_equal(parse(bytes, nd6_build_redirect(bytes, &group, &host), 6, ICMP6_TYPE_RD),
                   DROP_ND6_BAD_TARGET);
  assert_int_equal(parse(bytes, nd6_build_redirect(bytes, &host, &group), 6, ICMP6_TYPE_RD),
                   DROP_ND6_BAD_TARGET);
}

/* B6-122: what we send has the form that we ask of others */
static void test_ns_back_and_forth(void **state)
{
  (void)state;
  const ip6_addr_t target = addr_of(0x20010db8, 0x1234);
  u8_t bytes[64];
  struct nd6_ns ns;
  size_t len = nd6_build_ns(bytes, &target);
  assert_int_equal(nd6_parse_ns(&ns, bytes, len, 6), DROP_NONE);
  assert_true(ip6_addr_zoneless_eq(&ns.target, &target));
  assert_int_equal(ns.source_ll.len, 0);
  assert_int_equal(ns.nonce_len, 0);
  len += nd6_build_nonce(bytes + len, nonce);
  len += nd6_build_lladdr(bytes + len, ND6_OPTION_TYPE_SOURCE_LLADDR, mac, sizeof mac);
  assert_int_equal(len, 40);
  assert_int_equal(nd6_parse_ns(&ns, bytes, len, 6), DROP_NONE);
  assert_int_equal(ns.source_ll.len, 6);
  assert_memory_equal(ns.source_ll.addr, mac, 6);
  assert_int_equal(ns.nonce_len, ND6_NONCE_LEN);
  assert_memory_equal(ns.nonce, nonce, ND6_NONCE_LEN);
  /* a nonce of 14 bytes is none of ours; the first address counts */
  bytes[ND6_NS_LEN + 1] = 2;
  assert_int_equal(nd6_parse_ns(&ns, bytes, len, 6), DROP_NONE);
  assert_int_equal(ns.nonce_len, 0);
}

static void test_na_back_and_forth(void **state)
{
  (void)state;
  const ip6_addr_t target = addr_of(0x20010db8, 0x1234);
  u8_t bytes[64];
  struct nd6_na na;
  size_t len = nd6_build_na(bytes, ND6_FLAG_ROUTER | ND6_FLAG_SOLICITED, &target);
  len += nd6_build_lladdr(bytes + len, ND6_OPTION_TYPE_TARGET_LLADDR, mac, sizeof mac);
  assert_int_equal(nd6_parse_na(&na, bytes, len, 6), DROP_NONE);
  assert_int_equal(na.flags, ND6_FLAG_ROUTER | ND6_FLAG_SOLICITED);
  assert_true(ip6_addr_zoneless_eq(&na.target, &target));
  assert_memory_equal(na.target_ll.addr, mac, 6);
  bytes[ND6_NA_LEN] = ND6_OPTION_TYPE_SOURCE_LLADDR; /* not its option */
  assert_int_equal(nd6_parse_na(&na, bytes, len, 6), DROP_NONE);
  assert_int_equal(na.target_ll.len, 0);
}

static void test_redirect_back_and_forth(void **state)
{
  (void)state;
  const ip6_addr_t target = addr_of(0xfe800000, 2);
  const ip6_addr_t dst = addr_of(0x20010db8, 0x9999);
  u8_t bytes[ND6_REDIRECT_LEN + 8 + 8 + 48] = {0};
  struct nd6_redirect rd;
  size_t len = nd6_build_redirect(bytes, &target, &dst);
  len += nd6_build_lladdr(bytes + len, ND6_OPTION_TYPE_TARGET_LLADDR, mac, sizeof mac);
  len += nd6_build_redirected_header(bytes + len, 48) + 48;
  assert_int_equal(len, sizeof bytes);
  assert_int_equal(nd6_parse_redirect(&rd, bytes, len, 6), DROP_NONE);
  assert_true(ip6_addr_zoneless_eq(&rd.target, &target));
  assert_true(ip6_addr_zoneless_eq(&rd.dst, &dst));
  assert_memory_equal(rd.target_ll.addr, mac, 6);
}

static void test_rs_and_ra(void **state)
{
  (void)state;
  u8_t bytes[64];
  struct nd6_rs rs;
  size_t len = nd6_build_rs(bytes);
  len += nd6_build_lladdr(bytes + len, ND6_OPTION_TYPE_SOURCE_LLADDR, mac, sizeof mac);
  assert_int_equal(nd6_parse_rs(&rs, bytes, len, 6), DROP_NONE);
  assert_memory_equal(rs.source_ll.addr, mac, 6);
  const u8_t ra_bytes[] = {134, 0, 0, 0, 64, 0xc8, 0x12, 0x34, 0, 1, 2, 3, 4, 5, 6,  7,
                           5,   1, 0, 0, 0,  0,    5,    0xdc, 1, 1, 2, 7, 8, 9, 10, 11};
  struct nd6_ra ra;
  struct nd6_option opt;
  assert_int_equal(nd6_parse_ra(&ra, ra_bytes, sizeof ra_bytes, 6), DROP_NONE);
  assert_int_equal(ra.hop_limit, 64);
  assert_int_equal(ra.flags, 0xc8);
  assert_int_equal(ra.lifetime_s, 0x1234);
  assert_int_equal(ra.reachable_ms, 0x00010203);
  assert_int_equal(ra.retrans_ms, 0x04050607);
  assert_memory_equal(ra.source_ll.addr, mac, 6);
  assert_true(nd6_option_next(&ra.options, &opt));
  assert_int_equal(opt.type, ND6_OPTION_TYPE_MTU);
  assert_int_equal(opt.len, 8);
  assert_ptr_equal(opt.bytes, ra_bytes + 16);
  assert_true(nd6_option_next(&ra.options, &opt));
  assert_int_equal(opt.type, ND6_OPTION_TYPE_SOURCE_LLADDR);
  assert_false(nd6_option_next(&ra.options, &opt));
  assert_false(nd6_option_next(&ra.options, &opt));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_short),
      cmocka_unit_test(test_every_code),
      cmocka_unit_test(test_option_lengths),
      cmocka_unit_test(test_sum_of_lengths),
      cmocka_unit_test(test_lladdr_sizes),
      cmocka_unit_test(test_group_as_target),
      cmocka_unit_test(test_ns_back_and_forth),
      cmocka_unit_test(test_na_back_and_forth),
      cmocka_unit_test(test_redirect_back_and_forth),
      cmocka_unit_test(test_rs_and_ra),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
