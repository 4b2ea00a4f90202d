/* The own heap with 16-bit positions: 4 bytes in front of each block. */
#include "memory_alone.h"

#undef MEM_ALIGNMENT
#define MEM_ALIGNMENT              4
#define LWIP_MEM_ILLEGAL_FREE(msg) (illegal_frees++)
static int illegal_frees;

#include "mem_sources.h"
#include "mem_heap.h"

static void test_overhead_is_four_bytes(void **state)
{
  (void)state;
  assert_int_equal(BLOCK_HEADER, 4);
  void *p = mem_malloc(60);
  assert_int_equal(mem_used_bytes(), 64);
  mem_free(p);
}

static void test_lists_stay_in_bounds(void **state)
{
  (void)state;
  assert_int_equal(list_of(BLOCK_MIN), 0);
  assert_true(list_of(HEAP_END) < LISTS);
  assert_true(list_of(0xffff) < LISTS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      MEM_HEAP_TESTS,
      cmocka_unit_test_setup(test_overhead_is_four_bytes, setup),
      cmocka_unit_test_setup(test_lists_stay_in_bounds, setup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
