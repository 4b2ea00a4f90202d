/* mem_malloc() over a custom allocator: what it is asked for, what is counted, how it fails. */
#include "memory_alone.h"

#undef MEM_CUSTOM_ALLOCATOR
#define MEM_CUSTOM_ALLOCATOR 1
#undef MEM_OVERFLOW_CHECK
#define MEM_OVERFLOW_CHECK 1
#undef MEM_CUSTOM_MALLOC
#define MEM_CUSTOM_MALLOC custom_get
#undef MEM_CUSTOM_FREE
#define MEM_CUSTOM_FREE custom_put

static int custom_live;
static size_t custom_asked;
static bool custom_is_empty;

static void *custom_get(size_t size)
{
  custom_asked = size;
  if (custom_is_empty) {
    return NULL;
  }
  custom_live++;
  return malloc(size);
}

static void custom_put(void *p)
{
  custom_live--;
  free(p);
}

#include "mem_sources.h"

static int setup(void **state)
{
  (void)state;
  memset(&lwip_stats, 0, sizeof lwip_stats);
  custom_is_empty = false;
  fault_arm(0);
  mem_init();
  return 0;
}

static void test_blocks_come_from_and_go_to_it(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)mem_malloc(100);
  assert_non_null(p);
  assert_true(custom_asked >= 100);
  assert_int_equal((uintptr_t)p % MEM_ALIGNMENT, 0);
  memset(p, 1, 100);
  u8_t *q = (u8_t *)mem_calloc(10, 10);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(q[i], 0);
  }
  assert_int_equal(custom_live, 2);
  assert_true(mem_used_bytes() >= 200);
  assert_int_equal(lwip_stats.mem.used, mem_used_bytes());
  assert_ptr_equal(mem_trim(p, 10), p);
  mem_free(p);
  mem_free(q);
  mem_free(NULL);
  assert_int_equal(custom_live, 0);
  assert_int_equal(mem_used_bytes(), 0);
  assert_int_equal(lwip_stats.mem.used, 0);
  assert_true(lwip_stats.mem.max >= 200);
}

static void test_failure_is_counted(void **state)
{
  (void)state;
  custom_is_empty = true;
  assert_null(mem_malloc(1));
  assert_null(mem_calloc(1, 1));
  assert_int_equal(lwip_stats.mem.err, 2);
  custom_is_empty = false;
  fault_arm(1);
  assert_null(mem_malloc(1));
  assert_int_equal(lwip_stats.mem.err, 3);
  assert_int_equal(custom_live, 0);
}

static void test_sizes_that_overflow(void **state)
{
  (void)state;
  custom_asked = 0;
  assert_null(mem_malloc(0));
  assert_null(mem_malloc((mem_size_t)-1));
  assert_null(mem_malloc((mem_size_t)-1 - CUSTOM_HEADER));
  assert_null(mem_malloc((mem_size_t)-1 - CUSTOM_HEADER - GUARD_FRONT - GUARD_BACK));
  assert_null(mem_calloc((mem_size_t)-1 / 2, 3));
  assert_null(mem_calloc((mem_size_t)1 << (sizeof(mem_size_t) * 4),
                         (mem_size_t)1 << (sizeof(mem_size_t) * 4)));
  assert_int_equal(custom_asked, 0);
}

static void free_it(void *p)
{
  mem_free(p);
}

static void test_overrun_is_found(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)mem_malloc(33);
  u8_t saved = p[33];
  p[33] = 0;
  assert_true(alone_asserts(free_it, p));
  p[33] = saved;
  mem_free(p);
  assert_int_equal(custom_live, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_blocks_come_from_and_go_to_it, setup),
      cmocka_unit_test_setup(test_failure_is_counted, setup),
      cmocka_unit_test_setup(test_sizes_that_overflow, setup),
      cmocka_unit_test_setup(test_overrun_is_found, setup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
