/** @file IPv6 addresses as text, compared with the C library's inet_pton(3), and their predicates.
 */
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/ip6_addr.h"

static void read_ok(const char *text, u32_t a, u32_t b, u32_t c, u32_t d)
{
  ip6_addr_t addr;

  memset(&addr, 0x55, sizeof(addr));
  assert_int_equal(ip6addr_aton(text, &addr), 1);
  assert_int_equal(lwip_ntohl(addr.addr[0]), a);
  assert_int_equal(lwip_ntohl(addr.addr[1]), b);
  assert_int_equal(lwip_ntohl(addr.addr[2]), c);
  assert_int_equal(lwip_ntohl(addr.addr[3]), d);
  assert_false(ip6_addr_has_zone(&addr));
  assert_int_equal(ip6addr_aton(text, NULL), 1);
}

/** RFC 4291 2.2 */
static void aton_reads_all_three_forms(void **state)
{
  (void)state;
  read_ok("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", 0xabcdef01, 0x23456789, 0xabcdef01,
          0x23456789);
  read_ok("2001:db8:0:0:8:800:200c:417a", 0x20010db8, 0, 0x00080800, 0x200c417a);
  read_ok("2001:DB8::8:800:200C:417A", 0x20010db8, 0, 0x00080800, 0x200c417a);
  read_ok("FF01::101", 0xff010000, 0, 0, 0x101);
  read_ok("::1", 0, 0, 0, 1);
  read_ok("::", 0, 0, 0, 0);
  read_ok("1::", 0x10000, 0, 0, 0);
  read_ok("1:2:3:4:5:6:7::", 0x10002, 0x30004, 0x50006, 0x70000);
  read_ok("::2:3:4:5:6:7:8", 0x2, 0x30004, 0x50006, 0x70008);
  read_ok("0:0:0:0:0:0:13.1.68.3", 0, 0, 0, 0x0d014403);
  read_ok("::13.1.68.3", 0, 0, 0, 0x0d014403);
  read_ok("::FFFF:129.144.52.38", 0, 0, 0xffff, 0x81903426);
  read_ok("64:ff9b::192.0.2.33", 0x64ff9b, 0, 0, 0xc0000221);
  read_ok("1:2:3:4:5:6:1.2.3.4", 0x10002, 0x30004, 0x50006, 0x01020304);
  read_ok("::1 trailing", 0, 0, 0, 1);
  read_ok("fe80::1\n", 0xfe800000, 0, 0, 1);
}

static void aton_refuses_everything_else(void **state)
{
  static const char *const texts[] = {
      "",
      ":",
      ":::",
      "1",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7:8::",
      "::1:2:3:4:5:6:7:8",
      "1::2::3",
      "1:2:3:4:5:6:7:",
      ":1:2:3:4:5:6:7:8",
      "1:",
      ":1",
      "12345::",
      "g::",
      "1:2:3:4:5:6:7:1.2.3.4",
      "::1.2.3",
      "::1.2.3.4.5",
      "::1.2.3.256",
      "::01.2.3.4",
      "::1.2.3.4:5",
      "1.2.3.4::",
      "::1.2.3.4::",
      "1.2.3.4",
      "::1/64",
      "[::1]",
      " ::1",
      "::1x",
      "fe80::1%",
      "fe80::1%averyveryverylongname",
  };

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(texts); i++) {
    ip6_addr_t addr;
    memset(&addr, 0x55, sizeof(addr));
    if (ip6addr_aton(texts[i], &addr) != 0) {
      fail_msg("\"%s\" was accepted", texts[i]);
    }
    assert_int_equal(addr.addr[0], 0x55555555);
  }
  assert_int_equal(ip6addr_aton(NULL, NULL), 0);
}

/** Random texts of the characters that matter: we and the C library agree on every one. */
static void aton_agrees_with_the_c_library(void **state)
{
  static const char alphabet[] = ":::::01af.2";
  u32_t seed = 99;
  u32_t accepted = 0;

  (void)state;
  for (int round = 0; round < 400000; round++) {
    char text[18];
    size_t len = 2 + (size_t)round % 16;
    for (size_t i = 0; i < len; i++) {
      seed = seed * 1664525 + 1013904223;
      text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
    }
    text[len] = '\0';
    ip6_addr_t mine;
    u8_t theirs[16];
    int expected = inet_pton(AF_INET6, text, theirs);
    if (ip6addr_aton(text, &mine) != expected) {
      fail_msg("\"%s\": they say %d", text, expected);
    }
    if (expected) {
      assert_memory_equal(mine.addr, theirs, 16);
      accepted++;
    }
  }
  assert_true(accepted > 1000);
}

/** RFC 5952 4 and 5 */
static void ntoa_writes_the_canonical_form(void **state)
{
  static const char *const rows[][2] = {
      {"2001:0db8::0001", "2001:db8::1"},
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:DB8::ABCD", "2001:db8::abcd"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"1:0:0:0:0:0:0:0", "1::"},
      {"0:1:0:1:0:1:0:0", "0:1:0:1:0:1::"},
      {"0:0:1:1:1:1:1:0", "::1:1:1:1:1:0"},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      {"::ffff:0:0", "::ffff:0.0.0.0"},
      {"::192.0.2.1", "::c000:201"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
  };

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(rows); i++) {
    ip6_addr_t addr;
    assert_int_equal(ip6addr_aton(rows[i][0], &addr), 1);
    assert_string_equal(ip6addr_ntoa(&addr), rows[i][1]);
  }
  assert_null(ip6addr_ntoa(NULL));
}

static void ntoa_r_needs_room_for_all_of_it(void **state)
{
  static const char text[] = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  ip6_addr_t addr;

  (void)state;
  assert_int_equal(ip6addr_aton(text, &addr), 1);
  for (int size = -1; size <= (int)sizeof(text); size++) {
    char buf[sizeof(text) + 1];
    memset(buf, '#', sizeof(buf));
    char *end = ip6addr_ntoa_r(&addr, buf, size);
    if (size == (int)sizeof(text)) {
      assert_ptr_equal(end, buf);
      assert_string_equal(buf, text);
    } else {
      assert_null(end);
      assert_int_equal(buf[0], '#');
    }
  }
}

static void text_survives_a_round_trip(void **state)
{
  u32_t value = 7;

  (void)state;
  for (int i = 0; i < 2000; i++) {
    ip6_addr_t addr = {{0, 0, 0, 0} IPADDR6_ZONE_INIT};
    ip6_addr_t back;
    for (int w = 0; w < 4; w++) {
      value = value * 1664525 + 1013904223;
      addr.addr[w] = value & (value >> 7 & 1 ? 0xffffffffU : value >> 8 & 1 ? 0x0000ffffU : 0);
    }
    assert_int_equal(ip6addr_aton(ip6addr_ntoa(&addr), &back), 1);
    assert_true(ip6_addr_eq(&addr, &back));
  }
}

/** A zone in text (RFC 4007 11.2) is ignored where addresses have none. */
static void zone_is_ignored_without_scopes(void **state)
{
  ip6_addr_t addr;

  (void)state;
  if (LWIP_IPV6_SCOPES) {
    skip();
  }
  assert_int_equal(ip6addr_aton("fe80::1%en0", &addr), 1);
  assert_true(ip6_addr_islinklocal(&addr));
  assert_int_equal(ip6addr_aton("fe80::1%12", &addr), 1);
  assert_string_equal(ip6addr_ntoa(&addr), "fe80::1");
}

static bool is_kind(const char *text, int kind)
{
  ip6_addr_t a;

  assert_int_equal(ip6addr_aton(text, &a), 1);
  switch (kind) {
  case 0:
    return ip6_addr_isany(&a);
  case 1:
    return ip6_addr_isloopback(&a);
  case 2:
    return ip6_addr_isglobal(&a);
  case 3:
    return ip6_addr_islinklocal(&a);
  case 4:
    return ip6_addr_issitelocal(&a);
  case 5:
    return ip6_addr_isuniquelocal(&a);
  case 6:
    return ip6_addr_ismulticast(&a);
  case 7:
    return ip6_addr_isipv4mappedipv6(&a);
  case 8:
    return ip6_addr_issolicitednode(&a);
  default:
    return ip6_addr_ismulticast_linklocal(&a);
  }
}

static void predicates_look_at_the_right_bits(void **state)
{
  static const struct {
    const char *text;
    unsigned kinds; /* bit per kind */
  } rows[] = {
      {"::", 1U << 0},
      {"::1", 1U << 1},
      {"2001:db8::1", 1U << 2},
      {"4000::", 0},
      {"fe80::1", 1U << 3},
      {"febf::1", 1U << 3},
      {"fec0::1", 1U << 4},
      {"fc00::1", 1U << 5},
      {"fdff::1", 1U << 5},
      {"ff02::1", 1U << 6 | 1U << 9},
      {"ff12::1", 1U << 6 | 1U << 9},
      {"ff05::1", 1U << 6},
      {"ff02::1:ff01:203", 1U << 6 | 1U << 8 | 1U << 9},
      {"::ffff:1.2.3.4", 1U << 7},
  };

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(rows); i++) {
    for (int kind = 0; kind < 10; kind++) {
      if (is_kind(rows[i].text, kind) != (rows[i].kinds >> kind & 1)) {
        fail_msg("%s, kind %d", rows[i].text, kind);
      }
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(aton_reads_all_three_forms),
      cmocka_unit_test(aton_refuses_everything_else),
      cmocka_unit_test(aton_agrees_with_the_c_library),
      cmocka_unit_test(ntoa_writes_the_canonical_form),
      cmocka_unit_test(ntoa_r_needs_room_for_all_of_it),
      cmocka_unit_test(text_survives_a_round_trip),
      cmocka_unit_test(zone_is_ignored_without_scopes),
      cmocka_unit_test(predicates_look_at_the_right_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
