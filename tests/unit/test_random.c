/** @file Random numbers of an instance (security vector B11-196: independent keys from one source). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "lwip/def.h"
#include "lwip/init.h"
#include "gossamer/stack.h"
#include "base/base_module.h"
#include "base/random.h"

/** The port of this program: entropy that a test can choose. Takes the place of the library's. */
unsigned int lwip_port_rand(void);

static unsigned int entropy = 1;

unsigned int lwip_port_rand(void)
{
  entropy = entropy * 69069 + 1;
  return entropy;
}

static int fresh(void **state)
{
  LWIP_UNUSED_ARG(state);
  entropy = 1;
  random_module.init();
  return 0;
}

static void numbers_differ(void **state)
{
  LWIP_UNUSED_ARG(state);
  u32_t seen[200];
  for (size_t i = 0; i < LWIP_ARRAYSIZE(seen); i++) {
    seen[i] = random_u32();
    for (size_t k = 0; k < i; k++) {
      assert_int_not_equal(seen[i],
                           seen[k]); /* 200 of 2^32: once in 200,000 seeds, and ours is set */
    }
  }
}

static void same_entropy_same_numbers(void **state)
{
  u32_t first[8], again[8];
  for (int i = 0; i < 8; i++) {
    first[i] = random_u32();
  }
  fresh(state);
  for (int i = 0; i < 8; i++) {
    again[i] = random_u32();
  }
  assert_memory_equal(first, again, sizeof first);
  random_module.init(); /* entropy goes on */
  assert_int_not_equal(random_u32(), first[0]);
}

static void below_is_uniform_and_in_range(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(random_below(0), 0);
  assert_int_equal(random_below(1), 0);
  unsigned hits[6] = {0};
  for (int i = 0; i < 60000; i++) {
    u32_t r = random_below(6);
    assert_true(r < 6);
    hits[r]++;
  }
  for (int i = 0; i < 6; i++) {
    assert_in_range(hits[i], 9500, 10500); /* five standard deviations */
  }
  /* Two thirds of the range: without rejection the lower half would come twice as often. */
  unsigned lower = 0;
  for (int i = 0; i < 30000; i++) {
    lower += random_below(0xaaaaaaabUL) < 0x55555555UL;
  }
  assert_in_range(lower, 14500, 15500);
}

static void bytes_fill_exactly(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (size_t len = 0; len < 40; len++) {
    u8_t buf[48];
    memset(buf, 0, sizeof buf);
    u32_t ones = 0;
    for (int i = 0; i < 64; i++) {
      u8_t drawn[48] = {0};
      random_bytes(drawn, len);
      for (size_t k = 0; k < sizeof buf; k++) {
        buf[k] |= drawn[k];
      }
    }
    for (size_t k = 0; k < sizeof buf; k++) {
      ones += buf[k] == 0xff;
      assert_true(k < len || buf[k] == 0);
    }
    assert_int_equal(ones, len);
  }
}

static void keys_are_independent_and_stable(void **state)
{
  LWIP_UNUSED_ARG(state);
  u8_t isn[SIPHASH_KEY_LEN], port[SIPHASH_KEY_LEN], again[SIPHASH_KEY_LEN], none[SIPHASH_KEY_LEN];
  random_key(isn, "tcp isn");
  random_key(port, "udp port");
  random_key(none, "");
  random_u32();
  random_key(again, "tcp isn");
  assert_memory_equal(isn, again, sizeof isn);
  assert_memory_not_equal(isn, port, sizeof isn);
  assert_memory_not_equal(isn, none, sizeof isn);
  assert_memory_not_equal(isn, isn + 8, 8);
}

static void jitter_is_in_range(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(random_jitter(0), 0);
  assert_int_equal(random_jitter(1), 0);
  u32_t lowest = 100, highest = 0;
  for (int i = 0; i < 2000; i++) {
    u32_t r = random_jitter(100);
    assert_true(r < 100);
    lowest = LWIP_MIN(lowest, r);
    highest = LWIP_MAX(highest, r);
  }
  assert_int_equal(lowest, 0);
  assert_int_equal(highest, 99);
}

static void port_entropy_is_the_seed(void **state)
{
  LWIP_UNUSED_ARG(state);
  u8_t a[10], b[10];
  entropy = 5;
  stack_entropy(a, sizeof a);
  entropy = 5;
  stack_entropy(b, sizeof b);
  assert_memory_equal(a, b, sizeof a);
  assert_int_equal(STACK_HAS_ENTROPY, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(numbers_differ, fresh),
      cmocka_unit_test_setup(same_entropy_same_numbers, fresh),
      cmocka_unit_test_setup(below_is_uniform_and_in_range, fresh),
      cmocka_unit_test_setup(bytes_fill_exactly, fresh),
      cmocka_unit_test_setup(keys_are_independent_and_stable, fresh),
      cmocka_unit_test_setup(jitter_is_in_range, fresh),
      cmocka_unit_test_setup(port_entropy_is_the_seed, fresh),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
