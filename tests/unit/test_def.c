/** @file String helpers of lwip/def.h at their bounds. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/def.h"

static void itoa_writes_every_kind_of_int(void **state)
{
  static const int numbers[] = {0, 7, -1, 10, -10, 99, 65535, INT_MAX, INT_MIN, INT_MIN + 1};
  char mine[16];
  char theirs[16];

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(numbers); i++) {
    lwip_itoa(mine, sizeof(mine), numbers[i]);
    snprintf(theirs, sizeof(theirs), "%d", numbers[i]);
    assert_string_equal(mine, theirs);
  }
}

static void itoa_never_passes_the_end_of_its_buffer(void **state)
{
  (void)state;
  for (size_t size = 0; size <= 12; size++) {
    char buf[16];
    memset(buf, '#', sizeof(buf));
    lwip_itoa(buf, size, INT_MIN);
    for (size_t i = size; i < sizeof(buf); i++) {
      assert_int_equal(buf[i], '#');
    }
    if (size > 0) {
      assert_string_equal(buf, size == 12 ? "-2147483648" : "");
    }
  }
}

static void stricmp_ignores_ascii_case_only(void **state)
{
  (void)state;
  assert_int_equal(lwip_stricmp("Content-Length", "content-lENGTH"), 0);
  assert_true(lwip_stricmp("abc", "ABD") < 0);
  assert_true(lwip_stricmp("abd", "ABC") > 0);
  assert_true(lwip_stricmp("ab", "abc") < 0);
  assert_true(lwip_stricmp("abc", "ab") > 0);
  assert_int_equal(lwip_stricmp("", ""), 0);
  /* '@' and '`', '[' and '{' differ by the bit that letters differ by. */
  assert_int_not_equal(lwip_stricmp("@", "`"), 0);
  assert_int_not_equal(lwip_stricmp("[", "{"), 0);
  assert_int_not_equal(lwip_stricmp("\xc4", "\xe4"), 0);
}

static void strnicmp_stops_at_length_and_at_terminator(void **state)
{
  (void)state;
  assert_int_equal(lwip_strnicmp("GETx", "gety", 3), 0);
  assert_int_not_equal(lwip_strnicmp("GETx", "gety", 4), 0);
  assert_int_equal(lwip_strnicmp("a", "b", 0), 0);
  assert_int_equal(lwip_strnicmp("ab\0x", "AB\0y", 4), 0);
}

static void strnstr_finds_inside_the_length_only(void **state)
{
  static const char text[] = "GET / HTTP/1.1\r\n\r\n";

  (void)state;
  assert_ptr_equal(lwip_strnstr(text, "HTTP", sizeof(text)), text + 6);
  assert_ptr_equal(lwip_strnstr(text, "HTTP", 10), text + 6);
  assert_null(lwip_strnstr(text, "HTTP", 9));
  assert_null(lwip_strnstr(text, "http", sizeof(text)));
  assert_ptr_equal(lwip_strnstr(text, "", sizeof(text)), text);
  assert_ptr_equal(lwip_strnstr(text, "", 0), text);
  assert_null(lwip_strnstr("ab\0cd", "cd", 5));
  assert_null(lwip_strnstr("a", "abc", 1));
  assert_ptr_equal(lwip_strnistr(text, "http", sizeof(text)), text + 6);
  assert_null(lwip_strnistr(text, "http", 9));
}

static void strnstr_does_not_read_behind_the_length(void **state)
{
  /* No terminator: a sanitizer sees a read of byte 4. */
  const char text[4] = {'a', 'b', 'c', 'd'};

  (void)state;
  assert_ptr_equal(lwip_strnstr(text, "cd", sizeof(text)), text + 2);
  assert_null(lwip_strnstr(text, "cde", sizeof(text)));
}

static void memcmp_consttime_sees_every_byte(void **state)
{
  u8_t a[16] = {0};
  u8_t b[16] = {0};

  (void)state;
  assert_int_equal(lwip_memcmp_consttime(a, b, sizeof(a)), 0);
  for (size_t i = 0; i < sizeof(a); i++) {
    b[i] = 0x80;
    assert_int_not_equal(lwip_memcmp_consttime(a, b, sizeof(a)), 0);
    assert_int_equal(lwip_memcmp_consttime(a, b, i), 0);
    b[i] = 0;
  }
}

static void byte_order_macros_agree_with_functions(void **state)
{
  const u8_t bytes[4] = {0x12, 0x34, 0x56, 0x78};
  u32_t word;
  u16_t half;

  (void)state;
  memcpy(&word, bytes, 4);
  memcpy(&half, bytes, 2);
  assert_int_equal(lwip_ntohl(word), 0x12345678);
  assert_int_equal(lwip_htonl(0x12345678UL), word);
  assert_int_equal(PP_HTONL(0x12345678UL), word);
  assert_int_equal(PP_NTOHL(word), 0x12345678);
  assert_int_equal(lwip_ntohs(half), 0x1234);
  assert_int_equal(lwip_htons(0x1234), half);
  assert_int_equal(PP_HTONS(0x1234), half);
  assert_int_equal(LWIP_MAKEU32(0x12, 0x34, 0x56, 0x78), 0x12345678);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(itoa_writes_every_kind_of_int),
      cmocka_unit_test(itoa_never_passes_the_end_of_its_buffer),
      cmocka_unit_test(stricmp_ignores_ascii_case_only),
      cmocka_unit_test(strnicmp_stops_at_length_and_at_terminator),
      cmocka_unit_test(strnstr_finds_inside_the_length_only),
      cmocka_unit_test(strnstr_does_not_read_behind_the_length),
      cmocka_unit_test(memcmp_consttime_sees_every_byte),
      cmocka_unit_test(byte_order_macros_agree_with_functions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
