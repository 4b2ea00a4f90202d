/* The own heap with 32-bit positions, guards and checks at every step, in the application's memory.
 */
#include "memory_alone.h"

#undef MEM_SIZE
#define MEM_SIZE 100000L
#undef MEM_OVERFLOW_CHECK
#define MEM_OVERFLOW_CHECK 2
#undef MEM_SANITY_CHECK
#define MEM_SANITY_CHECK           1
#define LWIP_MEM_ILLEGAL_FREE(msg) (illegal_frees++)
static int illegal_frees;

/* Sentinels behind: the heap may not touch more than MEM_SIZE bytes of a given memory. */
#define SENTINELS 64
static _Alignas(16) unsigned char given_ram[MEM_SIZE + SENTINELS];
#define LWIP_RAM_HEAP_POINTER given_ram

#include "mem_sources.h"
#include "mem_heap.h"

static int setup_given_ram(void **state)
{
  memset(given_ram, 0xa5, sizeof given_ram);
  return setup(state);
}

static void assert_sentinels(void)
{
  for (int i = 0; i < SENTINELS; i++) {
    assert_int_equal(given_ram[MEM_SIZE + i], 0xa5);
  }
}

static void test_given_memory_is_not_left(void **state)
{
  (void)state;
  void *p[1000];
  int n = 0;
  while (n < 1000 && (p[n] = mem_malloc(100)) != NULL) {
    memset(p[n], 0, 100);
    n++;
  }
  assert_true(n > 500);
  assert_sentinels();
  while (n > 0) {
    mem_free(p[--n]);
  }
  assert_all_free();
  assert_sentinels();
}

static void free_it(void *p)
{
  mem_free(p);
}

static void malloc_some(void *p)
{
  (void)p;
  mem_malloc(1);
}

static void test_overrun_is_found(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)mem_malloc(33);
  u8_t saved = p[33];
  p[33] = 1;
  assert_true(alone_asserts(free_it, p));
  assert_non_null(strstr(alone_assert_text, "behind"));
  assert_true(alone_asserts(malloc_some, NULL)); /* level 2 looks at all blocks */
  p[33] = saved;
  mem_free(p);
  assert_all_free();
}

static void test_underrun_is_found(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)mem_malloc(33);
  u8_t saved = p[-1];
  p[-1] = 1;
  assert_true(alone_asserts(free_it, p));
  assert_non_null(strstr(alone_assert_text, "in front of"));
  p[-1] = saved;
  mem_free(p);
  assert_all_free();
}

static void test_guard_moves_with_trim(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)mem_malloc(200);
  assert_ptr_equal(mem_trim(p, 50), p);
  u8_t saved = p[50];
  p[50] = 1;
  assert_true(alone_asserts(free_it, p));
  p[50] = saved;
  mem_free(p);
  assert_all_free();
}

static void test_broken_chain_is_found(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)mem_malloc(100);
  struct block *b = block_at(HEAP_FIRST);
  mem_size_t saved = b->size;
  b->size = (mem_size_t)(saved + 16);
  assert_true(alone_asserts(malloc_some, NULL));
  b->size = saved;
  mem_free(p);
  assert_all_free();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      MEM_HEAP_TESTS,
      cmocka_unit_test_setup(test_given_memory_is_not_left, setup_given_ram),
      cmocka_unit_test_setup(test_overrun_is_found, setup),
      cmocka_unit_test_setup(test_underrun_is_found, setup),
      cmocka_unit_test_setup(test_guard_moves_with_trim, setup),
      cmocka_unit_test_setup(test_broken_chain_is_found, setup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
