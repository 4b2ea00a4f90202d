/* Pools, as the library was built: every pool, private pools, limits, failures, instances. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/opt.h"
#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "gossamer/stack.h"
#include "base/fault.h"

struct odd {
  u8_t bytes[13];
};

enum { PRIVATE_ELEMENTS = 5 };

LWIP_MEMPOOL_PROTOTYPE(mine);
LWIP_MEMPOOL_DECLARE(mine, PRIVATE_ELEMENTS, sizeof(struct odd), "MINE")
LWIP_MEMPOOL_DECLARE(never_started, PRIVATE_ELEMENTS, 1, "NEVER_STARTED")
LWIP_MEMPOOL_DECLARE(without_elements, 0, 8, "EMPTY")

static u32_t used_before;

static int setup(void **state)
{
  (void)state;
  fault_arm(0);
  lwip_init();
  used_before = memp_used_total();
  LWIP_MEMPOOL_INIT(mine);
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  fault_arm(0);
  assert_int_equal(memp_used_total(), used_before);
  lwip_deinit();
  return 0;
}

static void test_every_pool_holds_what_it_says(void **state)
{
  (void)state;
  for (int i = 0; i < MEMP_MAX; i++) {
    const struct memp_desc *desc = memp_pools[i];
    u32_t before = memp_used_total();
    void **p = (void **)calloc(desc->num + 1U, sizeof *p);
    u32_t n = 0;
    while (n <= desc->num && (p[n] = memp_malloc((memp_t)i)) != NULL) {
      assert_int_equal((uintptr_t)p[n] % MEM_ALIGNMENT, 0);
      memset(p[n], n & 0xff, desc->size);
      n++;
    }
    assert_true(n <= desc->num);
    assert_int_equal(memp_used_total() - before, n);
    assert_true(n + before >= desc->num); /* some may have been in use */
    for (u32_t k = 0; k < n; k++) {
      const u8_t *bytes = (const u8_t *)p[k];
      assert_int_equal(bytes[0], k & 0xff);
      assert_int_equal(bytes[desc->size - 1], k & 0xff);
      memp_free((memp_t)i, p[k]);
    }
    assert_int_equal(memp_used_total(), before);
    free(p);
  }
}

static void test_elements_are_told_apart(void **state)
{
  struct odd *p[PRIVATE_ELEMENTS];
  (void)state;
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
      p[i] = (struct odd *)LWIP_MEMPOOL_ALLOC(mine);
      assert_non_null(p[i]);
      memset(p[i], i, sizeof *p[i]);
    }
    assert_null(LWIP_MEMPOOL_ALLOC(mine));
    for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
      for (size_t k = 0; k < sizeof *p[i]; k++) {
        assert_int_equal(p[i]->bytes[k], i);
      }
    }
    for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
      LWIP_MEMPOOL_FREE(mine, p[(i * 3 + round) % PRIVATE_ELEMENTS]);
    }
  }
}

static void test_random_order_against_a_model(void **state)
{
  struct odd *live[PRIVATE_ELEMENTS] = {NULL};
  uint32_t rnd = 1;
  int count = 0;
  (void)state;
  for (int step = 0; step < 20000; step++) {
    rnd = rnd * 1664525U + 1013904223U;
    int i = (int)((rnd >> 16) % PRIVATE_ELEMENTS);
    if (live[i] == NULL) {
      live[i] = (struct odd *)LWIP_MEMPOOL_ALLOC(mine);
      assert_non_null(live[i]);
      memset(live[i], i + 1, sizeof *live[i]);
      count++;
      if (count == PRIVATE_ELEMENTS) {
        assert_null(LWIP_MEMPOOL_ALLOC(mine));
      }
      continue;
    }
    assert_int_equal(live[i]->bytes[12], i + 1);
    LWIP_MEMPOOL_FREE(mine, live[i]);
    live[i] = NULL;
    count--;
  }
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    LWIP_MEMPOOL_FREE(mine, live[i]); /* NULL is allowed */
  }
}

static void test_pool_without_init(void **state)
{
  void *p[PRIVATE_ELEMENTS];
  (void)state;
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    p[i] = LWIP_MEMPOOL_ALLOC(never_started);
    assert_non_null(p[i]);
  }
  assert_null(LWIP_MEMPOOL_ALLOC(never_started));
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    LWIP_MEMPOOL_FREE(never_started, p[i]);
  }
}

static void test_pool_without_elements(void **state)
{
  (void)state;
  LWIP_MEMPOOL_INIT(without_elements);
  assert_null(LWIP_MEMPOOL_ALLOC(without_elements));
}

static void test_wrong_arguments(void **state)
{
  (void)state;
  assert_null(memp_malloc(MEMP_MAX));
  assert_null(memp_malloc((memp_t)(MEMP_MAX + 100)));
  memp_free(MEMP_MAX, NULL);
  memp_free(MEMP_PBUF, NULL);
  memp_free_pool(NULL, NULL);
  memp_free_pool(&memp_mine, NULL);
}

static void test_each_allocation_can_fail(void **state)
{
  (void)state;
  u32_t heap_before = mem_used_bytes();
  fault_arm(2);
  void *p = memp_malloc(MEMP_PBUF);
  assert_non_null(p);
  assert_null(memp_malloc(MEMP_PBUF));
  assert_int_equal(fault_count(), 2);
  assert_int_equal(memp_used_total() - used_before, 1);
  void *q = memp_malloc(MEMP_PBUF);
  assert_non_null(q);
  memp_free(MEMP_PBUF, p);
  memp_free(MEMP_PBUF, q);
  assert_int_equal(mem_used_bytes(), heap_before);
}

/* A failed heap must not eat from the limit of MEMP_MEM_MALLOC's pools. */
static void test_failures_leave_the_limit(void **state)
{
  void *p[PRIVATE_ELEMENTS];
  (void)state;
  for (int i = 0; i < 3 * PRIVATE_ELEMENTS; i++) {
    fault_arm(1);
    assert_null(LWIP_MEMPOOL_ALLOC(mine));
  }
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    p[i] = LWIP_MEMPOOL_ALLOC(mine);
    assert_non_null(p[i]);
  }
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    LWIP_MEMPOOL_FREE(mine, p[i]);
  }
}

static void test_stats(void **state)
{
  (void)state;
#if MEMP_STATS
  struct stats_mem *stats = lwip_stats.memp[MEMP_PBUF];
  u32_t err = stats->err;
  assert_int_equal(stats->avail, MEMP_NUM_PBUF);
  u32_t used = (u32_t)stats->used;
  void *p = memp_malloc(MEMP_PBUF);
  void *q = memp_malloc(MEMP_PBUF);
  assert_int_equal(MEMP_STATS_GET(used, MEMP_PBUF), used + 2);
  memp_free(MEMP_PBUF, p);
  assert_int_equal(stats->used, used + 1);
  assert_true(stats->max >= used + 2);
  fault_arm(1);
  assert_null(memp_malloc(MEMP_PBUF));
  assert_int_equal(stats->err, err + 1);
  memp_free(MEMP_PBUF, q);
#else
  skip();
#endif
}

#if LWIP_MULTI_INSTANCE
static void test_each_instance_has_its_own(void **state)
{
  void *p[PRIVATE_ELEMENTS];
  void *q[PRIVATE_ELEMENTS];
  (void)state;
  struct stack *s = stack_new(NULL);
  assert_non_null(s);
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    p[i] = LWIP_MEMPOOL_ALLOC(mine);
    assert_non_null(p[i]);
  }
  assert_null(LWIP_MEMPOOL_ALLOC(mine));
  u32_t used_here = memp_used_total();
  struct stack *before = stack_enter(s);
  u32_t used_there = memp_used_total();
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    q[i] = LWIP_MEMPOOL_ALLOC(mine); /* nobody started it here */
    assert_non_null(q[i]);
  }
  assert_null(LWIP_MEMPOOL_ALLOC(mine));
  void *pbuf = memp_malloc(MEMP_PBUF);
  assert_int_equal(memp_used_total(), used_there + 1);
  memp_free(MEMP_PBUF, pbuf);
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    LWIP_MEMPOOL_FREE(mine, q[i]);
  }
  stack_leave(before);
  assert_int_equal(memp_used_total(), used_here);
  for (int i = 0; i < PRIVATE_ELEMENTS; i++) {
    LWIP_MEMPOOL_FREE(mine, p[i]);
  }
  stack_free(s);
}
#else
static void test_each_instance_has_its_own(void **state)
{
  (void)state;
  skip();
}
#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_every_pool_holds_what_it_says, setup, teardown),
      cmocka_unit_test_setup_teardown(test_elements_are_told_apart, setup, teardown),
      cmocka_unit_test_setup_teardown(test_random_order_against_a_model, setup, teardown),
      cmocka_unit_test_setup_teardown(test_pool_without_init, setup, teardown),
      cmocka_unit_test_setup_teardown(test_pool_without_elements, setup, teardown),
      cmocka_unit_test_setup_teardown(test_wrong_arguments, setup, teardown),
      cmocka_unit_test_setup_teardown(test_each_allocation_can_fail, setup, teardown),
      cmocka_unit_test_setup_teardown(test_failures_leave_the_limit, setup, teardown),
      cmocka_unit_test_setup_teardown(test_stats, setup, teardown),
      cmocka_unit_test_setup_teardown(test_each_instance_has_its_own, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
