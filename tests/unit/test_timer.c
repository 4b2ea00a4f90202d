/* Timers: order, wrap of the clock, setting and cancelling from callbacks, pausing, a model test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lwip/def.h"
#include "lwip/init.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"

static u32_t now_ms;

u32_t sys_now(void)
{
  return now_ms;
}

#define TIMERS 300

struct item {
  struct timer timer;
  int id;
  int fired;
};

static struct item items[TIMERS];
static int order[TIMERS * 4];
static int order_count;

static int setup(void **state)
{
  (void)state;
  now_ms = 1000;
  order_count = 0;
  for (int i = 0; i < TIMERS; i++) {
    items[i] = (struct item){.id = i};
  }
  lwip_init();
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  for (int i = 0; i < TIMERS; i++) {
    timer_cancel(&items[i].timer);
  }
  assert_int_equal(timers_count(), 0);
  lwip_deinit();
  return 0;
}

static void note(struct timer *t)
{
  struct item *item = TIMER_OWNER(t, struct item, timer);
  assert_false(timer_is_set(t));
  item->fired++;
  order[order_count++] = item->id;
}

static void test_fires_in_order_of_time(void **state)
{
  (void)state;
  timer_set(&items[0].timer, note, 30);
  timer_set(&items[1].timer, note, 10);
  timer_set(&items[2].timer, note, 20);
  assert_int_equal(timers_sleep_ms(), 10);
  now_ms += 9;
  assert_false(timers_run());
  assert_int_equal(order_count, 0);
  assert_int_equal(timers_sleep_ms(), 1);
  now_ms += 100;
  assert_int_equal(timers_sleep_ms(), 0);
  assert_true(timers_run());
  assert_int_equal(order_count, 3);
  assert_int_equal(order[0], 1);
  assert_int_equal(order[1], 2);
  assert_int_equal(order[2], 0);
  assert_int_equal(timers_sleep_ms(), TIMER_NEVER);
}

static void test_setting_again_moves_it(void **state)
{
  (void)state;
  timer_set(&items[0].timer, note, 10);
  timer_set(&items[0].timer, note, 50);
  assert_int_equal(timers_count(), 1);
  assert_int_equal(timer_remaining_ms(&items[0].timer), 50);
  timer_set_sooner(&items[0].timer, note, 60);
  assert_int_equal(timer_remaining_ms(&items[0].timer), 50);
  timer_set_sooner(&items[0].timer, note, 5);
  assert_int_equal(timer_remaining_ms(&items[0].timer), 5);
  timer_cancel(&items[0].timer);
  assert_int_equal(timer_remaining_ms(&items[0].timer), TIMER_NEVER);
  timer_cancel(&items[0].timer);
  assert_int_equal(timers_count(), 0);
}

static void test_clock_wraps(void **state)
{
  (void)state;
  now_ms = 0xfffffff0UL;
  timer_set(&items[0].timer, note, 0x20);
  timer_set(&items[1].timer, note, 0x08);
  assert_int_equal(timers_sleep_ms(), 8);
  now_ms += 8;
  timers_run();
  assert_int_equal(order_count, 1);
  now_ms += 0x18; /* now 0x10: past the wrap */
  timers_run();
  assert_int_equal(order_count, 2);
  assert_int_equal(order[1], 0);
}

static void set_again_at_once(struct timer *t)
{
  note(t);
  timer_set(t, set_again_at_once, 0);
}

static void test_a_callback_cannot_keep_run_from_returning(void **state)
{
  (void)state;
  timer_set(&items[0].timer, set_again_at_once, 0);
  timers_run();
  assert_int_equal(items[0].fired, 1);
  assert_int_equal(timers_sleep_ms(), 0);
  timers_run();
  assert_int_equal(items[0].fired, 2);
}

static void cancel_the_others(struct timer *t)
{
  note(t);
  timer_cancel(&items[1].timer);
  timer_cancel(&items[2].timer);
}

static void test_a_callback_may_cancel_what_is_due_too(void **state)
{
  (void)state;
  timer_set(&items[0].timer, cancel_the_others, 5);
  timer_set(&items[1].timer, note, 6);
  timer_set(&items[2].timer, note, 7);
  timer_set(&items[3].timer, note, 8);
  now_ms += 10;
  timers_run();
  assert_int_equal(order_count, 2);
  assert_int_equal(order[1], 3);
}

static void move_the_next(struct timer *t)
{
  note(t);
  timer_set(&items[1].timer, note, 100);
}

static void test_a_callback_may_move_what_is_due_too(void **state)
{
  (void)state;
  timer_set(&items[0].timer, move_the_next, 5);
  timer_set(&items[1].timer, note, 6);
  now_ms += 10;
  timers_run();
  assert_int_equal(order_count, 1);
  assert_int_equal(timer_remaining_ms(&items[1].timer), 100);
}

static void test_against_a_model(void **state)
{
  (void)state;
  u32_t due[TIMERS];
  u32_t seed = 12345;
  now_ms = 0xffff0000UL; /* wraps in the middle */
  for (int step = 0; step < 20000; step++) {
    seed = seed * 1664525UL + 1013904223UL;
    int i = (int)((seed >> 8) % TIMERS);
    if (order_count > TIMERS) {
      order_count = 0;
    }
    switch ((seed >> 28) & 3) {
    case 0:
    case 1:
      timer_set(&items[i].timer, note, (seed >> 4) % 5000);
      due[i] = now_ms + (seed >> 4) % 5000;
      break;
    case 2:
      timer_cancel(&items[i].timer);
      break;
    default:
      now_ms += (seed >> 20) % 40;
      order_count = 0;
      u32_t last_due = 0;
      int expected = 0;
      for (int k = 0; k < TIMERS; k++) {
        items[k].fired = 0;
        expected += timer_is_set(&items[k].timer) && (s32_t)(due[k] - now_ms) <= 0;
      }
      timers_run();
      assert_int_equal(order_count, expected);
      for (int k = 0; k < order_count; k++) {
        assert_true((s32_t)(due[order[k]] - now_ms) <= 0);
        assert_true(k == 0 || (s32_t)(due[order[k]] - last_due) >= 0);
        last_due = due[order[k]];
      }
    }
    u32_t first = TIMER_NEVER;
    u32_t count = 0;
    for (int k = 0; k < TIMERS; k++) {
      if (timer_is_set(&items[k].timer)) {
        u32_t left = (s32_t)(due[k] - now_ms) > 0 ? due[k] - now_ms : 0;
        first = LWIP_MIN(first, left);
        count++;
      }
    }
    if (step % 16 == 0) {
      assert_int_equal(timers_sleep_ms(), first);
      assert_int_equal(timers_count(), count);
    }
  }
}

static void test_pause_stops_the_clock(void **state)
{
  (void)state;
  timer_set(&items[0].timer, note, 100);
  now_ms += 40;
  sys_timeouts_deinit();
  assert_int_equal(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
  now_ms += 1000000;
  sys_check_timeouts();
  assert_int_equal(order_count, 0);
  sys_timeouts_init();
  assert_int_equal(sys_timeouts_sleeptime(), 60);
  now_ms += 60;
  sys_check_timeouts();
  assert_int_equal(order_count, 1);
}

static void test_restart_makes_the_first_due_now(void **state)
{
  (void)state;
  timer_set(&items[0].timer, note, 100);
  timer_set(&items[1].timer, note, 150);
  now_ms += 1000000;
  sys_restart_timeouts();
  assert_int_equal(sys_timeouts_sleeptime(), 0);
  sys_check_timeouts();
  assert_int_equal(order_count, 1);
  assert_int_equal(sys_timeouts_sleeptime(), 50);
}

static int handled[8];

static void handler(void *arg)
{
  handled[(intptr_t)arg]++;
}

static void test_sys_timeout(void **state)
{
  (void)state;
  for (int i = 0; i < 8; i++) {
    handled[i] = 0;
  }
  sys_timeout(10, handler, (void *)(intptr_t)1);
  sys_timeout(20, handler, (void *)(intptr_t)2);
  sys_timeout(30, handler, (void *)(intptr_t)2);
  assert_int_equal(sys_timeouts_sleeptime(), 10);
  sys_untimeout(handler, (void *)(intptr_t)2); /* the soonest of the two */
  sys_untimeout(handler, (void *)(intptr_t)7); /* none: harmless */
  now_ms += 25;
  assert_int_equal(sys_check_timeouts(), 5);
  assert_int_equal(handled[1], 1);
  assert_int_equal(handled[2], 0);
  now_ms += 5;
  sys_check_timeouts();
  assert_int_equal(handled[2], 1);
  assert_int_equal(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
}

static void test_sys_timeout_pool_runs_empty(void **state)
{
  (void)state;
  int n = 0;
  for (; n < 100000 && timers_count() == (u32_t)n; n++) {
    sys_timeout(1000, handler, NULL);
  }
  assert_int_equal(timers_count(), MEMP_NUM_SYS_TIMEOUT);
  while (timers_count() > 0) {
    sys_untimeout(handler, NULL);
  }
}

static void test_end_of_the_instance_frees_pending_timeouts(void **state)
{
  (void)state;
  sys_timeout(1000, handler, NULL);
  lwip_deinit();
  assert_int_equal(timers_count(), 0);
  lwip_init();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_fires_in_order_of_time, setup, teardown),
    cmocka_unit_test_setup_teardown(test_setting_again_moves_it, setup, teardown),
    cmocka_unit_test_setup_teardown(test_clock_wraps, setup, teardown),
    cmocka_unit_test_setup_teardown(test_a_callback_cannot_keep_run_from_returning, setup,
                                    teardown),
    cmocka_unit_test_setup_teardown(test_a_callback_may_cancel_what_is_due_too, setup, teardown),
    cmocka_unit_test_setup_teardown(test_a_callback_may_move_what_is_due_too, setup, teardown),
    cmocka_unit_test_setup_teardown(test_against_a_model, setup, teardown),
    cmocka_unit_test_setup_teardown(test_pause_stops_the_clock, setup, teardown),
    cmocka_unit_test_setup_teardown(test_restart_makes_the_first_due_now, setup, teardown),
    cmocka_unit_test_setup_teardown(test_sys_timeout, setup, teardown),
    cmocka_unit_test_setup_teardown(test_sys_timeout_pool_runs_empty, setup, teardown),
    cmocka_unit_test_setup_teardown(test_end_of_the_instance_frees_pending_timeouts, setup,
                                    teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
