/*
 * Lifetimes in seconds on a clock that wraps after 49.7 days: a year, 136 years, for ever.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lwip/def.h"
#include "lwip/init.h"
#include "lwip/sys.h"
#include "gossamer/lifetime.h"
#include "gossamer/stack.h"

#define YEAR_S (365UL * 24 * 3600)

static u32_t now_ms;
static u64_t passed_ms; /* since setup(), without wrap */

u32_t sys_now(void)
{
  return now_ms;
}

struct owner {
  struct timer timer;
  struct lifetime life;
  u64_t over_ms; /* passed_ms when it ended; 0: not yet */
  unsigned wakeups;
};

static struct owner owner;

static void look(struct timer *t)
{
  struct owner *o = TIMER_OWNER(t, struct owner, timer);
  o->wakeups++;
  if (lifetime_is_over(&o->life)) {
    o->over_ms = passed_ms;
  } else {
    lifetime_timer_set(t, look, lifetime_wait_ms(&o->life));
  }
}

static int setup(void **state)
{
  (void)state;
  now_ms = 0xffffffffUL - 20000;
  passed_ms = 0;
  owner = (struct owner){.over_ms = 0};
  lwip_init();
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  timer_cancel(&owner.timer);
  assert_int_equal(timers_count(), 0);
  lwip_deinit();
  return 0;
}

static void pass(u32_t ms)
{
  now_ms += ms;
  passed_ms += ms;
  timers_run();
}

static void begin(u32_t seconds)
{
  lifetime_start(&owner.life, seconds);
  lifetime_timer_set(&owner.timer, look, lifetime_wait_ms(&owner.life));
}

/** Sleep as a port does, until it ends or `seconds` have passed. */
static void sleep_until_over(u64_t seconds)
{
  while (owner.over_ms == 0 && passed_ms < seconds * 1000 && timers_sleep_ms() != TIMER_NEVER) {
    pass(timers_sleep_ms());
  }
}

static void test_seconds(void **state)
{
  (void)state;
  begin(3);
  assert_int_equal(lifetime_left_s(&owner.life), 3);
  pass(1);
  assert_int_equal(lifetime_left_s(&owner.life), 3);
  pass(999);
  assert_int_equal(lifetime_left_s(&owner.life), 2);
  pass(1999);
  assert_int_equal(lifetime_left_s(&owner.life), 1);
  assert_false(lifetime_is_over(&owner.life));
  pass(1);
  assert_int_equal(lifetime_left_s(&owner.life), 0);
  assert_int_equal(owner.over_ms, 3000);
}

static void test_zero_is_over_at_once(void **state)
{
  (void)state;
  struct lifetime zeroed = {0};
  assert_true(lifetime_is_over(&zeroed));
  lifetime_start(&owner.life, 0);
  assert_true(lifetime_is_over(&owner.life));
  assert_int_equal(lifetime_wait_ms(&owner.life), 0);
}

/* The parts of seconds between looks must not add up to a drift. */
static void test_looking_often_loses_nothing(void **state)
{
  (void)state;
  begin(1000);
  while (owner.over_ms == 0) {
    pass(333);
    lifetime_wait_ms(&owner.life);
  }
  assert_in_range(owner.over_ms, 1000 * 1000, 1000 * 1000 + 332);
}

static void test_a_year(void **state)
{
  (void)state;
  begin(YEAR_S);
  sleep_until_over(2ULL * YEAR_S);
  assert_true(owner.over_ms == (u64_t)YEAR_S * 1000);
  assert_in_range(owner.wakeups, 1, 60);
}

static void test_the_longest(void **state)
{
  (void)state;
  begin(LIFETIME_INFINITE - 1);
  sleep_until_over(LIFETIME_INFINITE + 1000ULL);
  assert_true(owner.over_ms == (LIFETIME_INFINITE - 1ULL) * 1000);
}

static void test_for_ever(void **state)
{
  (void)state;
  begin(LIFETIME_INFINITE);
  assert_false(timer_is_set(&owner.timer));
  assert_true(lifetime_is_infinite(&owner.life));
  pass(0x7fffffff);
  pass(0x7fffffff);
  assert_int_equal(lifetime_left_s(&owner.life), LIFETIME_INFINITE);
  assert_false(lifetime_is_over(&owner.life));
}

static void test_infinite_replaces_an_end(void **state)
{
  (void)state;
  begin(10);
  assert_true(timer_is_set(&owner.timer));
  begin(LIFETIME_INFINITE);
  assert_false(timer_is_set(&owner.timer));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_seconds, setup, teardown),
      cmocka_unit_test_setup_teardown(test_zero_is_over_at_once, setup, teardown),
      cmocka_unit_test_setup_teardown(test_looking_often_loses_nothing, setup, teardown),
      cmocka_unit_test_setup_teardown(test_a_year, setup, teardown),
      cmocka_unit_test_setup_teardown(test_the_longest, setup, teardown),
      cmocka_unit_test_setup_teardown(test_for_ever, setup, teardown),
      cmocka_unit_test_setup_teardown(test_infinite_replaces_an_end, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
