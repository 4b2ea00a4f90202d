/* Instances: their state, clocks and entropy are apart; the default one needs no setting up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/stack.h"
#include "base/random.h"
#include "gossamer/timer.h"

static void test_init_and_deinit_repeat(void **state)
{
  (void)state;
  for (int i = 0; i < 3; i++) {
    lwip_init();
    lwip_init(); /* a second call is harmless */
    lwip_deinit();
    lwip_deinit();
  }
  assert_int_equal(timers_count(), 0);
}

static void test_drop_counts_the_reason_and_the_protocol(void **state)
{
  (void)state;
  lwip_init();
  u32_t before = drop_count(DROP_ETH_SHORT);
  STAT_COUNTER drops = lwip_stats.link.drop;
  STAT_COUNTER lenerrs = lwip_stats.link.lenerr;
  drop(NULL, DROP_ETH_SHORT);
  assert_int_equal(drop_count(DROP_ETH_SHORT), before + 1);
  assert_int_equal(lwip_stats.link.drop, drops + 1);
  assert_int_equal(lwip_stats.link.lenerr, lenerrs + 1);
  drops = lwip_stats.link.drop;
  drop(NULL, DROP_ETH_NOT_FOR_US); /* its detail is `drop` itself: counted once */
  assert_int_equal(lwip_stats.link.drop, drops + 1);
  assert_string_equal(drop_name(DROP_ETH_SHORT), "ETH_SHORT");
  assert_string_equal(drop_name(DROP_REASON_COUNT), "?");
  assert_true(strlen(drop_text(DROP_UDP_NO_PORT)) > 0);
  lwip_deinit();
}

#if LWIP_MULTI_INSTANCE

static u32_t clock_of(void *ctx)
{
  return *(u32_t *)ctx;
}

static void entropy_of(void *ctx, void *buf, size_t len)
{
  memset(buf, (int)*(u32_t *)ctx, len);
}

static int fired;

static void count_fired(struct timer *t)
{
  (void)t;
  fired++;
}

static void test_instances_are_apart(void **state)
{
  (void)state;
  u32_t clock_a = 100, clock_b = 5000;
  struct stack_port port_a = {.now_ms = clock_of, .entropy = entropy_of, .ctx = &clock_a};
  struct stack_port port_b = {.now_ms = clock_of, .entropy = entropy_of, .ctx = &clock_b};
  struct stack *a = stack_new(&port_a);
  struct stack *b = stack_new(&port_b);
  assert_non_null(a);
  assert_non_null(b);
  assert_null(stack_current());

  struct stack *before = stack_enter(a);
  assert_null(before);
  assert_ptr_equal(stack_current(), a);
  assert_int_equal(stack_now(), 100);
  struct timer timer = {0};
  fired = 0;
  timer_set(&timer, count_fired, 10);
  drop(NULL, DROP_UDP_NO_PORT);
  u32_t random_a = random_u32();

  before = stack_enter(b);
  assert_ptr_equal(before, a);
  assert_int_equal(stack_now(), 5000);
  assert_int_equal(timers_count(), 0);
  assert_int_equal(drop_count(DROP_UDP_NO_PORT), 0);
  assert_int_not_equal(random_u32(), random_a);
  clock_a += 10;
  timers_run();
  assert_int_equal(fired, 0);
  stack_leave(before);

  assert_ptr_equal(stack_current(), a);
  timers_run();
  assert_int_equal(fired, 1);
  assert_int_equal(drop_count(DROP_UDP_NO_PORT), 1);
  stack_leave(NULL);
  assert_null(stack_current());
  stack_free(a);
  stack_free(b);
}

static void test_same_entropy_same_random_numbers(void **state)
{
  (void)state;
  u32_t clock = 7;
  u32_t first[2];
  for (int i = 0; i < 2; i++) {
    struct stack *s = stack_new(&(struct stack_port){.now_ms = clock_of, .entropy = entropy_of, .ctx = &clock});
    struct stack *before = stack_enter(s);
    first[i] = random_u32();
    stack_leave(before);
    stack_free(s);
  }
  assert_int_equal(first[0], first[1]);
}

static void test_a_thousand_instances(void **state)
{
  (void)state;
  static struct stack *many[1000];
  for (int i = 0; i < 1000; i++) {
    many[i] = stack_new(NULL);
    assert_non_null(many[i]);
  }
  for (int i = 0; i < 1000; i++) {
    struct stack *before = stack_enter(many[i]);
    for (int k = 0; k < i % 7; k++) {
      drop(NULL, DROP_NETIF_DOWN);
    }
    stack_leave(before);
  }
  for (int i = 0; i < 1000; i++) {
    struct stack *before = stack_enter(many[i]);
    assert_int_equal(drop_count(DROP_NETIF_DOWN), i % 7);
    assert_null(netif_list == NULL ? NULL : netif_list->next); /* at most the loopback */
    stack_leave(before);
    stack_free(many[i]);
  }
}

#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_init_and_deinit_repeat),
    cmocka_unit_test(test_drop_counts_the_reason_and_the_protocol),
#if LWIP_MULTI_INSTANCE
    cmocka_unit_test(test_instances_are_apart),
    cmocka_unit_test(test_same_entropy_same_random_numbers),
    cmocka_unit_test(test_a_thousand_instances),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
