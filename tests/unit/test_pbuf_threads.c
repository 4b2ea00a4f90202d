/* needs: threads. Packet buffers, pools and heap from several threads at once (run with tsan, too).
 */
#include <pthread.h>
#include "pbuf_help.h"

enum { THREADS = 4, ROUNDS = 3000, SHARED = 8 };

static struct pbuf *shared[SHARED];

static void *worker(void *arg)
{
  u32_t rnd = (u32_t)(uintptr_t)arg;
  uintptr_t failures = 0;
  for (int i = 0; i < ROUNDS; i++) {
    rnd = rnd * 1664525U + 1013904223U;
    struct pbuf *common = shared[(rnd >> 8) % SHARED];
    pbuf_ref(common);
    struct pbuf *p =
        pbuf_alloc(PBUF_RAW, (u16_t)((rnd >> 16) % 4000), (rnd & 0x80) != 0 ? PBUF_RAM : PBUF_POOL);
    if (p != NULL) {
      struct pbuf *q = pbuf_alloc_reference(&rnd, sizeof rnd, PBUF_REF);
      if (q != NULL) {
        pbuf_cat(p, q);
      }
      pbuf_realloc(p, (u16_t)(p->tot_len / 2));
      pbuf_free(p);
    }
    void *m = mem_malloc((mem_size_t)(1 + (rnd >> 20) % 200));
    mem_free(m);
    failures += pbuf_free(common); /* the owner still holds it */
  }
  return (void *)failures;
}

static void test_threads_share_the_memory(void **state)
{
  pthread_t threads[THREADS];
  (void)state;
  for (int i = 0; i < SHARED; i++) {
    shared[i] = CHAIN(100, 20);
  }
  for (uintptr_t i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, worker, (void *)(i + 1)), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    void *failures;
    assert_int_equal(pthread_join(threads[i], &failures), 0);
    assert_null(failures);
  }
  for (int i = 0; i < SHARED; i++) {
    assert_int_equal(shared[i]->ref, 1);
    check_bytes(shared[i], 0, 120);
    assert_int_equal(pbuf_free(shared[i]), 2);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {TEST(test_threads_share_the_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
