/* An empty PBUF_POOL leaves a note for TCP's out-of-order data, and frees nothing by itself.
 * needs: tcp */
#include "memory_alone.h"
#include "lwip/memp.h"

#include "mem_sources.h"
#include "base/memp_check.c"
#include "base/memp.c"
#include "base/memp_pools.c"
#include "base/pbuf.c"

static int freed;
static int woken;

void core_wake_server(void)
{
  woken++;
}

void pbuf_free_ooseq(void)
{
  freed++;
  pbuf_free_ooseq_pending = 0;
}

static void test_note_is_left_and_found(void **state)
{
  (void)state;
  fault_arm(0);
  mem_init();
  memp_init();
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 100, PBUF_POOL);
  assert_non_null(p);
  PBUF_CHECK_FREE_OOSEQ();
  assert_int_equal(freed, 0);
  fault_arm(1);
  assert_null(pbuf_alloc(PBUF_RAW, 100, PBUF_POOL));
  assert_int_equal(freed, 0);
  assert_int_equal(pbuf_free_ooseq_pending, 1);
  assert_int_equal(woken, !NO_SYS); /* once, for all that find it empty */
  PBUF_CHECK_FREE_OOSEQ();
  PBUF_CHECK_FREE_OOSEQ();
  assert_int_equal(freed, 1);
  fault_arm(1);
  assert_null(pbuf_alloc(PBUF_RAW, 100, PBUF_RAM)); /* the heap is not the pool */
  assert_int_equal(pbuf_free_ooseq_pending, 0);
  assert_int_equal(pbuf_free(p), 1);
  assert_int_equal(memp_used_total(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_note_is_left_and_found)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
