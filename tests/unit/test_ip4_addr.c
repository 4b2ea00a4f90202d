/** @file IPv4 addresses as text, compared with the C library's inet_aton(3), and their predicates.
 */
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/ip4_addr.h"

#define HOST(a, b, c, d) LWIP_MAKEU32(a, b, c, d)

struct text_row {
  const char *text;
  u32_t host; /* host order */
};

static void aton_reads_all_classic_forms(void **state)
{
  static const struct text_row rows[] = {
      {"192.168.0.1", HOST(192, 168, 0, 1)},
      {"0.0.0.0", 0},
      {"255.255.255.255", 0xffffffff},
      {"127.1", HOST(127, 0, 0, 1)},
      {"10.65535", HOST(10, 0, 255, 255)},
      {"10.16777215", HOST(10, 255, 255, 255)},
      {"10.1.65535", HOST(10, 1, 255, 255)},
      {"0", 0},
      {"4294967295", 0xffffffff},
      {"2130706433", HOST(127, 0, 0, 1)},
      {"0x7f000001", HOST(127, 0, 0, 1)},
      {"0X7F.1", HOST(127, 0, 0, 1)},
      {"0300.0250.0.01", HOST(192, 168, 0, 1)},
      {"0xc0.0xa8.0x0.0x1", HOST(192, 168, 0, 1)},
      {"00000000000001.2.3.4", HOST(1, 2, 3, 4)},
      {"1.2.3.4 ", HOST(1, 2, 3, 4)},
      {"1.2.3.4\t5", HOST(1, 2, 3, 4)},
      {"1.2.3.4\r\n", HOST(1, 2, 3, 4)},
      {"1.2 rest", HOST(1, 0, 0, 2)},
  };

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(rows); i++) {
    ip4_addr_t addr = {0x55555555};
    assert_int_equal(ip4addr_aton(rows[i].text, &addr), 1);
    assert_int_equal(lwip_ntohl(addr.addr), rows[i].host);
    assert_int_equal(ip4addr_aton(rows[i].text, NULL), 1);
    assert_int_equal(ipaddr_addr(rows[i].text), addr.addr);
  }
}

static void aton_refuses_everything_else(void **state)
{
  static const char *const texts[] = {
      "",          " ",           "a",           "1.2.3.4.5",    "1.2.3.",
      "1..2.3",    ".1.2.3",      "1.2.3.4.",    "256.1.1.1",    "1.256.1.1",
      "1.1.256.1", "1.1.1.256",   "1.2.65536",   "1.16777216",   "4294967296",
      "08",        "09.1.1.1",    "018.1.1.1",   "0x",           "0xg",
      "1.2.3.4x",  "1.2.3.4/24",  "-1",          "+1",           " 1.2.3.4",
      "1.2.3.-4",  "1.0x100.1.1", "0x100000000", "040000000000", "99999999999999999999999999",
      "1,2,3,4",   "1.2.3.4\x01",
  };

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(texts); i++) {
    ip4_addr_t addr = {0x55555555};
    assert_int_equal(ip4addr_aton(texts[i], &addr), 0);
    assert_int_equal(addr.addr, 0x55555555);
    assert_int_equal(ipaddr_addr(texts[i]), IPADDR_NONE);
  }
  assert_int_equal(ip4addr_aton(NULL, NULL), 0);
}

/** Random texts of the characters that matter: we and the C library agree on every one. */
static void aton_agrees_with_the_c_library(void **state)
{
  static const char alphabet[] = "0123456789....xXaf 8";
  u32_t seed = 12345;
  u32_t accepted = 0;

  (void)state;
  for (int round = 0; round < 200000; round++) {
    char text[13];
    size_t len = 1 + (size_t)round % 12;
    for (size_t i = 0; i < len; i++) {
      seed = seed * 1664525 + 1013904223;
      text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
    }
    text[len] = '\0';
    ip4_addr_t mine = {0};
    struct in_addr theirs = {0};
    int expected = inet_aton(text, &theirs);
    if (ip4addr_aton(text, &mine) != expected || mine.addr != theirs.s_addr) {
      fail_msg("\"%s\": we say %08x, they say %d %08x", text, mine.addr, expected, theirs.s_addr);
    }
    accepted += (u32_t)expected;
  }
  assert_true(accepted > 1000);
}

static void ntoa_writes_dotted_decimals(void **state)
{
  static const struct text_row rows[] = {
      {"0.0.0.0", 0},
      {"1.2.3.4", HOST(1, 2, 3, 4)},
      {"10.20.30.40", HOST(10, 20, 30, 40)},
      {"100.101.109.110", HOST(100, 101, 109, 110)},
      {"255.255.255.255", 0xffffffff},
  };

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(rows); i++) {
    ip4_addr_t addr = {lwip_htonl(rows[i].host)};
    assert_string_equal(ip4addr_ntoa(&addr), rows[i].text);
  }
  assert_null(ip4addr_ntoa(NULL));
}

static void ntoa_r_needs_room_for_all_of_it(void **state)
{
  ip4_addr_t addr = {0xffffffff};

  (void)state;
  for (int size = -1; size <= IP4ADDR_STRLEN_MAX; size++) {
    char buf[IP4ADDR_STRLEN_MAX + 1];
    memset(buf, '#', sizeof(buf));
    char *end = ip4addr_ntoa_r(&addr, buf, size);
    if (size == IP4ADDR_STRLEN_MAX) {
      assert_ptr_equal(end, buf);
      assert_string_equal(buf, "255.255.255.255");
    } else {
      assert_null(end);
      assert_int_equal(buf[0], '#');
    }
  }
  assert_null(ip4addr_ntoa_r(&addr, NULL, 16));
  assert_null(ip4addr_ntoa_r(NULL, (char[16]){0}, 16));
}

static void text_survives_a_round_trip(void **state)
{
  u32_t value = 1;

  (void)state;
  for (int i = 0; i < 1000; i++) {
    ip4_addr_t addr = {value};
    ip4_addr_t back;
    value = value * 1664525 + 1013904223;
    assert_int_equal(ip4addr_aton(ip4addr_ntoa(&addr), &back), 1);
    assert_true(ip4_addr_eq(&addr, &back));
  }
}

static void netmask_is_ones_then_zeros(void **state)
{
  (void)state;
  for (int bits = 0; bits <= 32; bits++) {
    u32_t mask = bits == 0 ? 0 : 0xffffffffU << (32 - bits);
    assert_int_equal(ip4_addr_netmask_valid(lwip_htonl(mask)), 1);
    if (bits > 0 && bits < 32) {
      assert_int_equal(ip4_addr_netmask_valid(lwip_htonl(~mask)), 0);
      assert_int_equal(ip4_addr_netmask_valid(lwip_htonl(mask ^ 0x80000000U)), bits == 1);
    }
  }
  assert_int_equal(ip4_addr_netmask_valid(lwip_htonl(0xff00ff00)), 0);
  assert_int_equal(ip4_addr_netmask_valid(lwip_htonl(0xfffffffd)), 0);
}

static void predicates_look_at_the_right_bits(void **state)
{
  ip4_addr_t a;
  ip4_addr_t b;
  ip4_addr_t mask;

  (void)state;
  IP4_ADDR(&a, 127, 255, 0, 1);
  assert_true(ip4_addr_isloopback(&a));
  IP4_ADDR(&a, 128, 0, 0, 1);
  assert_false(ip4_addr_isloopback(&a));
  IP4_ADDR(&a, 224, 0, 0, 1);
  assert_true(ip4_addr_ismulticast(&a));
  IP4_ADDR(&a, 239, 255, 255, 255);
  assert_true(ip4_addr_ismulticast(&a));
  IP4_ADDR(&a, 240, 0, 0, 1);
  assert_false(ip4_addr_ismulticast(&a));
  IP4_ADDR(&a, 169, 254, 3, 4);
  assert_true(ip4_addr_islinklocal(&a));
  IP4_ADDR(&a, 169, 253, 3, 4);
  assert_false(ip4_addr_islinklocal(&a));
  IP4_ADDR(&a, 10, 1, 2, 3);
  IP4_ADDR(&b, 10, 1, 3, 3);
  IP4_ADDR(&mask, 255, 255, 254, 0);
  assert_true(ip4_addr_net_eq(&a, &b, &mask));
  IP4_ADDR(&mask, 255, 255, 255, 0);
  assert_false(ip4_addr_net_eq(&a, &b, &mask));
  assert_int_equal(ip4_addr1(&a), 10);
  assert_int_equal(ip4_addr4_16(&a), 3);
  ip4_addr_set_any(&a);
  assert_true(ip4_addr_isany(&a));
  assert_true(ip4_addr_isany((ip4_addr_t *)NULL));
  ip4_addr_set(&b, (const ip4_addr_t *)NULL);
  assert_true(ip4_addr_isany_val(b));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(aton_reads_all_classic_forms),
      cmocka_unit_test(aton_refuses_everything_else),
      cmocka_unit_test(aton_agrees_with_the_c_library),
      cmocka_unit_test(ntoa_writes_dotted_decimals),
      cmocka_unit_test(ntoa_r_needs_room_for_all_of_it),
      cmocka_unit_test(text_survives_a_round_trip),
      cmocka_unit_test(netmask_is_ones_then_zeros),
      cmocka_unit_test(predicates_look_at_the_right_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
