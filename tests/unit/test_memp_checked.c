/* Pools with guards and checks of every element at every step. */
#include "memory_alone.h"

#undef MEMP_OVERFLOW_CHECK
#define MEMP_OVERFLOW_CHECK 2
#undef MEMP_SANITY_CHECK
#define MEMP_SANITY_CHECK 1
#undef MEMP_MEM_INIT
#define MEMP_MEM_INIT 1

#include "mem_sources.h"
#include "base/memp_check.c"
#include "base/memp.c"
#include "base/memp_pools.c"

LWIP_MEMPOOL_DECLARE(own, 4, 21, "OWN")

static int setup(void **state)
{
  (void)state;
  fault_arm(0);
  memp_init();
  LWIP_MEMPOOL_INIT(own);
  return 0;
}

static void free_pbuf(void *p)
{
  memp_free(MEMP_PBUF, p);
}

static void malloc_any(void *p)
{
  (void)p;
  memp_malloc(MEMP_PBUF_POOL);
}

static void free_own(void *p)
{
  LWIP_MEMPOOL_FREE(own, p);
}

static void test_overrun_names_who_asked(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)memp_malloc(MEMP_PBUF);
  size_t size = memp_pools[MEMP_PBUF]->size;
  memset(p, 0, size);
  u8_t saved = p[size];
  p[size] = 0;
  assert_true(alone_asserts(free_pbuf, p));
  assert_non_null(strstr(alone_assert_text, "PBUF_REF/ROM"));
  assert_non_null(strstr(alone_assert_text, "test_memp_checked.c"));
  assert_true(alone_asserts(malloc_any, NULL)); /* level 2 looks at all pools */
  p[size] = saved;
  memp_free(MEMP_PBUF, p);
  assert_int_equal(memp_used_total(), 0);
}

static void test_underrun(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)memp_malloc(MEMP_PBUF);
  u8_t saved = p[-1];
  p[-1] = 0;
  assert_true(alone_asserts(free_pbuf, p));
  p[-1] = saved;
  memp_free(MEMP_PBUF, p);
}

static void test_free_element_is_watched(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)memp_malloc(MEMP_PBUF);
  memp_free(MEMP_PBUF, p);
  u8_t saved = p[-1];
  p[-1] = 0;
  assert_true(alone_asserts(malloc_any, NULL));
  p[-1] = saved;
}

static void test_private_pool(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)LWIP_MEMPOOL_ALLOC(own);
  u8_t saved = p[24];
  assert_int_equal(memp_own.size, 24); /* 21, aligned */
  p[24] = 0;
  assert_true(alone_asserts(free_own, p));
  p[24] = saved;
  LWIP_MEMPOOL_FREE(own, p);
  assert_int_equal(memp_pool_free_count(&memp_own), 4);
}

static void test_foreign_element(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)memp_malloc(MEMP_PBUF);
  assert_true(alone_asserts(free_own, p));
  memp_free(MEMP_PBUF, p);
}

static void test_double_free_breaks_the_list(void **state)
{
  (void)state;
  void *p[4];
  for (int i = 0; i < 4; i++) {
    p[i] = LWIP_MEMPOOL_ALLOC(own);
  }
  for (int i = 0; i < 4; i++) {
    LWIP_MEMPOOL_FREE(own, p[i]);
  }
  assert_true(memp_pool_is_sane(&memp_own));
  assert_true(alone_asserts(free_own, p[1]));
  assert_false(memp_pool_is_sane(&memp_own));
}

static void test_init_over_garbage(void **state)
{
  (void)state;
  memset(memp_memory_own_base, 0x77, sizeof memp_memory_own_base);
  *memp_own.tab = 0x7777;
  LWIP_MEMPOOL_INIT(own);
  assert_int_equal(memp_pool_free_count(&memp_own), 4);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_overrun_names_who_asked, setup),
      cmocka_unit_test_setup(test_underrun, setup),
      cmocka_unit_test_setup(test_free_element_is_watched, setup),
      cmocka_unit_test_setup(test_private_pool, setup),
      cmocka_unit_test_setup(test_foreign_element, setup),
      cmocka_unit_test_setup(test_double_free_breaks_the_list, setup),
      cmocka_unit_test_setup(test_init_over_garbage, setup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
