/* mem_malloc() out of pools (MEM_USE_POOLS), and a pool of lwippools.h. */
#include "memory_alone.h"

#undef MEM_USE_POOLS
#define MEM_USE_POOLS 1
#undef MEMP_USE_CUSTOM_POOLS
#define MEMP_USE_CUSTOM_POOLS 1
#undef MEM_STATS
#define MEM_STATS 0
#undef MEM_OVERFLOW_CHECK
#define MEM_OVERFLOW_CHECK 0
/* Not a constant, so that both ways are tested. */
#undef MEM_USE_POOLS_TRY_BIGGER_POOL
#define MEM_USE_POOLS_TRY_BIGGER_POOL try_bigger
static bool try_bigger;
static int last_available = -1;
#undef LWIP_HOOK_MEMP_AVAILABLE
#define LWIP_HOOK_MEMP_AVAILABLE(type) (last_available = (int)(type))

#include "mem_sources.h"
#include "base/memp_check.c"
#include "base/memp.c"
#include "base/memp_pools.c"
#include "base/mem_pool.c"

static int setup(void **state)
{
  (void)state;
  try_bigger = false;
  last_available = -1;
  fault_arm(0);
  mem_init();
  memp_init();
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  assert_int_equal(memp_used_total(), 0);
  return 0;
}

static u16_t used(memp_t type)
{
  return (u16_t)lwip_stats.memp[type]->used;
}

static void test_numbers_of_the_pools(void **state)
{
  (void)state;
  assert_int_equal(MEMP_POOL_FIRST, MEMP_POOL_64);
  assert_int_equal(MEMP_POOL_256, MEMP_POOL_64 + 1);
  assert_int_equal(MEMP_POOL_LAST, MEMP_POOL_1024);
  assert_int_equal(MEMP_MAX, MEMP_POOL_LAST + 1);
  assert_int_equal(MEMP_POOL_FIRST, MEMP_APP_OWN + 1);
}

static void test_smallest_that_fits(void **state)
{
  static const struct {
    u16_t size;
    memp_t pool;
  } cases[] = {{1, MEMP_POOL_64},    {64, MEMP_POOL_64},    {65, MEMP_POOL_256},
               {256, MEMP_POOL_256}, {257, MEMP_POOL_1024}, {1024, MEMP_POOL_1024}};
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    u8_t *p = (u8_t *)mem_malloc(cases[i].size);
    assert_non_null(p);
    memset(p, 0xee, cases[i].size);
    assert_int_equal(used(cases[i].pool), 1);
    assert_ptr_equal(mem_trim(p, 1), p);
    mem_free(p);
    assert_int_equal(used(cases[i].pool), 0);
  }
  assert_null(mem_malloc(0));
  assert_null(mem_malloc(1025));
  assert_null(mem_malloc(0xffff));
  assert_null(mem_calloc(256, 256));
}

static void test_empty_pool(void **state)
{
  void *p[4];
  (void)state;
  for (int i = 0; i < 4; i++) {
    p[i] = mem_malloc(10);
    assert_non_null(p[i]);
  }
  assert_null(mem_malloc(10));
  try_bigger = true;
  void *bigger = mem_malloc(10);
  assert_non_null(bigger);
  assert_int_equal(used(MEMP_POOL_256), 1);
  assert_int_equal(last_available, -1);
  mem_free(p[0]);
  assert_int_equal(last_available, MEMP_POOL_64);
  p[0] = mem_calloc(2, 5);
  assert_int_equal(((u8_t *)p[0])[9], 0);
  for (int i = 0; i < 4; i++) {
    mem_free(p[i]);
  }
  mem_free(bigger);
}

static void test_exhausting_all(void **state)
{
  void *p[16];
  int n = 0;
  (void)state;
  try_bigger = true;
  while (n < 16 && (p[n] = mem_malloc(1)) != NULL) {
    n++;
  }
  assert_int_equal(n, 4 + 3 + 2);
  while (n > 0) {
    mem_free(p[--n]);
  }
}

static void test_pool_of_the_application(void **state)
{
  void *p[3];
  (void)state;
  for (int i = 0; i < 3; i++) {
    p[i] = memp_malloc(MEMP_APP_OWN);
    assert_non_null(p[i]);
    memset(p[i], i, 40);
  }
  assert_null(memp_malloc(MEMP_APP_OWN));
  for (int i = 0; i < 3; i++) {
    memp_free(MEMP_APP_OWN, p[i]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_numbers_of_the_pools, setup, teardown),
      cmocka_unit_test_setup_teardown(test_smallest_that_fits, setup, teardown),
      cmocka_unit_test_setup_teardown(test_empty_pool, setup, teardown),
      cmocka_unit_test_setup_teardown(test_exhausting_all, setup, teardown),
      cmocka_unit_test_setup_teardown(test_pool_of_the_application, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
