/*
 * Options of router advertisements: what is built parses to the same; every length and bad form
 * (security vectors B6-110, 117, 118; RFC 4191 2.3, RFC 8106 5).
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
#include "lwip/prot/nd6.h"
#include "wire/nd6_ra.h"

static ip6_addr_t addr_of(const char *text)
{
  ip6_addr_t a;
  assert_int_equal(ip6addr_aton(text, &a), 1);
  return a;
}

static void assert_addr(const ip6_addr_t *a, const char *text)
{
  ip6_addr_t want = addr_of(text);
  assert_memory_equal(a->addr, want.addr, sizeof want.addr);
}

/** A copy that ends where its memory ends, so that a sanitizer sees a byte too many. */
static u8_t *exact(const u8_t *bytes, size_t len)
{
  u8_t *copy = malloc(len);
  memcpy(copy, bytes, len);
  return copy;
}

static void test_prefix_round_trip(void **state)
{
  (void)state;
  u8_t b[ND6_PREFIX_OPTION_LEN];
  struct nd6_prefix_info in = {.prefix = addr_of("2001:db8:ffff:ffff:ffff::1"),
                               .prefix_len = 61,
                               .is_on_link = true,
                               .valid_s = 0xffffffff,
                               .preferred_s = 1};
  struct nd6_prefix_info out;
  assert_int_equal(nd6_build_prefix(NULL, &in), sizeof b);
  assert_int_equal(nd6_build_prefix(b, &in), sizeof b);
  assert_int_equal(b[0], ND6_OPTION_TYPE_PREFIX_INFO);
  assert_int_equal(b[1], 4);
  assert_true(nd6_parse_prefix(&out, b, sizeof b));
  assert_int_equal(out.prefix_len, 61);
  assert_true(out.is_on_link);
  assert_false(out.is_autonomous);
  assert_int_equal(out.valid_s, 0xffffffff);
  assert_int_equal(out.preferred_s, 1);
  assert_addr(&out.prefix, "2001:db8:ffff:fff8::");
}

/* B6-110: 129 and 255 are no prefix lengths; reserved bits mean nothing. */
static void test_prefix_lengths_and_reserved_bits(void **state)
{
  (void)state;
  u8_t b[ND6_PREFIX_OPTION_LEN];
  struct nd6_prefix_info info = {.prefix = addr_of("2001:db8::")};
  for (unsigned len = 0; len <= 255; len++) {
    info.prefix_len = 0;
    nd6_build_prefix(b, &info);
    b[2] = (u8_t)len;
    b[3] = 0x3f;
    memset(b + 12, 0xff, 4);
    u8_t *copy = exact(b, sizeof b);
    assert_int_equal(nd6_parse_prefix(&info, copy, sizeof b), len <= 128);
    assert_false(info.is_on_link);
    assert_false(info.is_autonomous);
    free(copy);
  }
  assert_false(nd6_parse_prefix(&info, b, 24));
  assert_false(nd6_parse_prefix(&info, b, 40));
}

static void test_prefix_mask(void **state)
{
  (void)state;
  for (unsigned len = 0; len <= 128; len++) {
    ip6_addr_t a = addr_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    const u8_t *bytes = (const u8_t *)a.addr;
    nd6_prefix_mask(&a, (u8_t)len);
    for (unsigned bit = 0; bit < 128; bit++) {
      assert_int_equal((bytes[bit / 8] >> (7 - bit % 8)) & 1, bit < len);
    }
  }
}

static void test_mtu(void **state)
{
  (void)state;
  u8_t b[ND6_MTU_OPTION_LEN];
  u32_t mtu;
  assert_int_equal(nd6_build_mtu(b, 0x12345678), sizeof b);
  assert_true(nd6_parse_mtu(&mtu, b, sizeof b));
  assert_int_equal(mtu, 0x12345678);
  assert_false(nd6_parse_mtu(&mtu, b, 16));
}

/* RFC 4191 2.1: a signed number of two bits, of which one value is reserved. */
static void test_preferences(void **state)
{
  (void)state;
  assert_int_equal(nd6_preference_get(0x08), 1);
  assert_int_equal(nd6_preference_get(0x00), 0);
  assert_int_equal(nd6_preference_get(0x18), -1);
  assert_int_equal(nd6_preference_get(0x10), -2);
  assert_int_equal(nd6_preference_get(0xef), 1); /* other bits are not its */
  for (s8_t p = -1; p <= 1; p++) {
    assert_int_equal(nd6_preference_get(nd6_preference_bits(p)), p);
  }
}

/* B6-118, RFC 4191 2.3: which option lengths go with which prefix lengths. */
static void test_route_lengths(void **state)
{
  (void)state;
  struct nd6_route_info info;
  for (unsigned units = 1; units <= 4; units++) {
    for (unsigned prefix_len = 0; prefix_len <= 255; prefix_len++) {
      u8_t b[32] = {ND6_OPTION_TYPE_ROUTE_INFO, (u8_t)units, (u8_t)prefix_len};
      u8_t *copy = exact(b, units * 8);
      bool is_ok = units <= 3 && prefix_len <= 128 && prefix_len <= (units - 1) * 64;
      assert_int_equal(nd6_parse_route(&info, copy, units * 8), is_ok);
      free(copy);
    }
  }
}

static void test_route_round_trip(void **state)
{
  (void)state;
  static const struct {
    u8_t prefix_len;
    size_t len;
    const char *prefix;
  } cases[] = {{0, 8, "::"},
               {1, 16, "8000::"},
               {32, 16, "ffff:ffff::"},
               {64, 16, "ffff:ffff:ffff:ffff::"},
               {65, 24, "ffff:ffff:ffff:ffff:8000::"},
               {128, 24, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    u8_t b[ND6_ROUTE_OPTION_LEN_MAX];
    struct nd6_route_info in = {.prefix = addr_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
                                .prefix_len = cases[i].prefix_len,
                                .preference = -1,
                                .lifetime_s = 0x01020304};
    struct nd6_route_info out;
    assert_int_equal(nd6_build_route(NULL, &in), cases[i].len);
    assert_int_equal(nd6_build_route(b, &in), cases[i].len);
    assert_true(nd6_parse_route(&out, b, cases[i].len));
    assert_int_equal(out.prefix_len, cases[i].prefix_len);
    assert_int_equal(out.preference, -1);
    assert_int_equal(out.lifetime_s, 0x01020304);
    assert_addr(&out.prefix, cases[i].prefix);
  }
}

/* RFC 4191 2.3: a reserved preference makes the option void. */
static void test_route_with_reserved_preference(void **state)
{
  (void)state;
  struct nd6_route_info info;
  u8_t b[16] = {ND6_OPTION_TYPE_ROUTE_INFO, 2, 32, 0x10};
  assert_false(nd6_parse_route(&info, b, sizeof b));
  b[3] = 0xe7; /* medium, other bits set */
  assert_true(nd6_parse_route(&info, b, sizeof b));
  assert_int_equal(info.preference, 0);
}

/* B6-117: no address, half an address, many. */
static void test_rdnss_lengths(void **state)
{
  (void)state;
  u8_t b[8 * 255] = {ND6_OPTION_TYPE_RDNSS};
  struct nd6_rdnss rdnss;
  for (unsigned units = 1; units <= 255; units++) {
    b[1] = (u8_t)units;
    u8_t *copy = exact(b, units * 8);
    bool is_ok = units >= 3 && units % 2 == 1;
    assert_int_equal(nd6_parse_rdnss(&rdnss, copy, units * 8), is_ok);
    if (is_ok) {
      ip6_addr_t a;
      assert_int_equal(rdnss.num_addrs, (units - 1) / 2);
      nd6_rdnss_addr(&rdnss, rdnss.num_addrs - 1, &a); /* the last is inside */
    }
    free(copy);
  }
}

static void test_rdnss_round_trip(void **state)
{
  (void)state;
  u8_t b[40];
  ip6_addr_t servers[2] = {addr_of("2001:db8::53"), addr_of("fe80::53")};
  struct nd6_rdnss rdnss;
  ip6_addr_t a;
  assert_int_equal(nd6_build_rdnss(b, 77, servers, 2), sizeof b);
  assert_true(nd6_parse_rdnss(&rdnss, b, sizeof b));
  assert_int_equal(rdnss.lifetime_s, 77);
  assert_int_equal(rdnss.num_addrs, 2);
  nd6_rdnss_addr(&rdnss, 1, &a);
  assert_addr(&a, "fe80::53");
}

static void test_dnssl_round_trip(void **state)
{
  (void)state;
  static const char *const names[] = {"example.com", "a.b-c.d_e.", "x"};
  char text[ND6_DOMAIN_TEXT_MAX + 1];
  u8_t b[128];
  struct nd6_dnssl it;
  size_t len = nd6_build_dnssl(NULL, 5, names, 3);
  assert_int_equal(len, 40); /* 8 + 13 + 11 + 3, padded */
  assert_int_equal(nd6_build_dnssl(b, 5, names, 3), len);
  u8_t *copy = exact(b, len);
  assert_true(nd6_parse_dnssl(&it, copy, len));
  assert_int_equal(it.lifetime_s, 5);
  assert_true(nd6_dnssl_next(&it, text));
  assert_string_equal(text, "example.com");
  assert_true(nd6_dnssl_next(&it, text));
  assert_string_equal(text, "a.b-c.d_e");
  assert_true(nd6_dnssl_next(&it, text));
  assert_string_equal(text, "x");
  assert_false(nd6_dnssl_next(&it, text));
  assert_false(nd6_dnssl_next(&it, text));
  free(copy);
}

/** How many names stand in these bytes, which are padded with `fill` to a multiple of 8? */
static unsigned count_names(const void *bytes, size_t len, u8_t fill)
{
  char text[ND6_DOMAIN_TEXT_MAX + 1];
  u8_t b[600] = {ND6_OPTION_TYPE_DNSSL};
  struct nd6_dnssl it;
  unsigned count = 0;
  size_t whole = (8 + len + 7) / 8 * 8;
  memset(b + 8, fill, whole - 8);
  memcpy(b + 8, bytes, len);
  u8_t *copy = exact(b, whole);
  assert_true(nd6_parse_dnssl(&it, copy, whole));
  while (nd6_dnssl_next(&it, text)) {
    assert_in_range(strlen(text), 1, ND6_DOMAIN_TEXT_MAX);
    count++;
  }
  free(copy);
  return count;
}

/* B6-117: names that run past the end, are compressed, empty, too long, or carry odd bytes. */
static void test_dnssl_malformed(void **state)
{
  (void)state;
  assert_int_equal(count_names("\3com\0", 5, 0), 1);
  assert_int_equal(count_names("\7example", 8, 0), 0);  /* no end */
  assert_int_equal(count_names("\77example", 8, 0), 0); /* 63 beyond the end */
  assert_int_equal(count_names("\10example", 8, 0), 0); /* one beyond */
  assert_int_equal(count_names("\300\10", 2, 0), 0);    /* compression */
  assert_int_equal(count_names("\100abc", 4, 'a'), 0);  /* label of 64 */
  assert_int_equal(count_names("\0\3com\0", 6, 0), 0);  /* padding comes last */
  assert_int_equal(count_names("\3c m\0", 5, 0), 0);
  assert_int_equal(count_names("\3c\0m\0", 5, 0), 0);
  assert_int_equal(count_names("\3c.m\0", 5, 0), 0);
  assert_int_equal(count_names("\3com\0\3c/m\0", 10, 0), 1); /* the good one counts */
  assert_int_equal(count_names("\0", 1, 0), 0);
}

static bool parse_all(const u8_t *bytes, size_t len);

static void test_dnssl_longest(void **state)
{
  (void)state;
  u8_t b[300];
  for (unsigned last = 59; last <= 62; last++) { /* 253 bytes of text are the most */
    size_t at = 0;
    for (unsigned i = 0; i < 4; i++) {
      u8_t label = (u8_t)(i < 3 ? 63 : last);
      b[at] = label;
      memset(b + at + 1, 'a', label);
      at += 1U + label;
    }
    b[at++] = 0;
    assert_int_equal(count_names(b, at, 0), last <= 61);
  }
  assert_true(parse_all(b, 0));
}

/** Every prefix of every option, with a sanitizer looking. */
static bool parse_all(const u8_t *bytes, size_t len)
{
  struct nd6_prefix_info prefix;
  struct nd6_route_info route;
  struct nd6_rdnss rdnss;
  struct nd6_dnssl dnssl;
  char text[ND6_DOMAIN_TEXT_MAX + 1];
  u32_t mtu;
  if (len == 0) {
    return true;
  }
  u8_t *copy = exact(bytes, len);
  nd6_parse_prefix(&prefix, copy, len);
  nd6_parse_route(&route, copy, len);
  nd6_parse_rdnss(&rdnss, copy, len);
  nd6_parse_mtu(&mtu, copy, len);
  if (nd6_parse_dnssl(&dnssl, copy, len)) {
    while (nd6_dnssl_next(&dnssl, text)) {
    }
  }
  free(copy);
  return true;
}

static void test_random_bytes_are_safe(void **state)
{
  (void)state;
  u32_t seed = 1;
  for (unsigned round = 0; round < 20000; round++) {
    u8_t b[64];
    for (unsigned i = 0; i < sizeof b; i++) {
      seed = seed * 1664525 + 1013904223;
      b[i] = (u8_t)((seed >> 24) & ((round & 1) ? 0x0f : 0xff));
    }
    assert_true(parse_all(b, (size_t)8 * (1 + round % 8)));
  }
}

/* What a builder refuses: names that are none, or too many for one option. */
static void test_dnssl_build_refuses(void **state)
{
  (void)state;
  static const char *const bad[] = {
      "",   ".",   "a..b",
      ".a", "a b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    assert_int_equal(nd6_build_dnssl(NULL, 1, &bad[i], 1), 0);
  }
  const char *many[200];
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(many); i++) {
    many[i] = "abcdefgh.example";
  }
  assert_int_equal(nd6_build_dnssl(NULL, 1, many, 200), 0);
  assert_int_equal(nd6_build_dnssl(NULL, 1, many, 0), 0);
}

static void test_fixed_part(void **state)
{
  (void)state;
  static const u8_t want[ND6_RA_HEADER_LEN] = {134, 0,    0,    0,    64,   0xd8, 0x12, 0x34,
                                               1,   0x02, 0x03, 0x04, 0xaa, 0xbb, 0xcc, 0xdd};
  u8_t b[ND6_RA_HEADER_LEN];
  struct nd6_ra_fields fields = {.hop_limit = 64,
                                 .is_managed = true,
                                 .is_other = true,
                                 .preference = -1,
                                 .lifetime_s = 0x1234,
                                 .reachable_ms = 0x01020304,
                                 .retrans_ms = 0xaabbccdd};
  assert_int_equal(nd6_build_ra(NULL, &fields), sizeof b);
  nd6_build_ra(b, &fields);
  assert_memory_equal(b, want, sizeof b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_prefix_round_trip),
      cmocka_unit_test(test_prefix_lengths_and_reserved_bits),
      cmocka_unit_test(test_prefix_mask),
      cmocka_unit_test(test_mtu),
      cmocka_unit_test(test_preferences),
      cmocka_unit_test(test_route_lengths),
      cmocka_unit_test(test_route_round_trip),
      cmocka_unit_test(test_route_with_reserved_preference),
      cmocka_unit_test(test_rdnss_lengths),
      cmocka_unit_test(test_rdnss_round_trip),
      cmocka_unit_test(test_dnssl_round_trip),
      cmocka_unit_test(test_dnssl_malformed),
      cmocka_unit_test(test_dnssl_longest),
      cmocka_unit_test(test_random_bytes_are_safe),
      cmocka_unit_test(test_dnssl_build_refuses),
      cmocka_unit_test(test_fixed_part),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
