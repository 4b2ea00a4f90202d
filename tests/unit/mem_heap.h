/*
 * Tests of the own heap, included by programs that chose its options and included base/mem.c.
 * Everything that can be seen from inside is checked by heap_check() after each step.
 */
#ifndef TESTS_UNIT_MEM_HEAP_H
#define TESTS_UNIT_MEM_HEAP_H

static size_t free_bytes(void)
{
  size_t total = 0;
  for (size_t at = HEAP_FIRST; at < HEAP_END; at += block_size(block_at(at))) {
    total += block_is_used(block_at(at)) ? 0 : block_size(block_at(at));
  }
  return total;
}

static size_t largest_free(void)
{
  size_t largest = 0;
  for (size_t at = HEAP_FIRST; at < HEAP_END; at += block_size(block_at(at))) {
    size_t size = block_size(block_at(at));
    largest = (!block_is_used(block_at(at)) && size > largest) ? size : largest;
  }
  return largest;
}

/** All blocks that lists hold, which must be exactly the free ones. */
static unsigned listed_blocks(void)
{
  unsigned count = 0;
  for (unsigned i = 0; i < LISTS; i++) {
    for (size_t at = link_at(0)[i]; at != 0; at = next_of(at)) {
      assert_false(block_is_used(block_at(at)));
      assert_int_equal(list_of(block_at(at)->size), i);
      count++;
    }
  }
  return count;
}

static unsigned free_blocks(void)
{
  unsigned count = 0;
  for (size_t at = HEAP_FIRST; at < HEAP_END; at += block_size(block_at(at))) {
    count += block_is_used(block_at(at)) ? 0 : 1;
  }
  return count;
}

static void check_heap(void)
{
  size_t used = heap_check();
  assert_int_equal(used + free_bytes(), HEAP_END - HEAP_FIRST);
  assert_int_equal(used, lwip_stats.mem.used);
  assert_int_equal(listed_blocks(), free_blocks());
}

static void assert_all_free(void)
{
  check_heap();
  assert_int_equal(mem_used_bytes(), 0);
  assert_int_equal(free_blocks(), 1);
  assert_int_equal(largest_free(), HEAP_END - HEAP_FIRST);
}

static int setup(void **state)
{
  (void)state;
  memset(&lwip_stats, 0, sizeof lwip_stats);
  illegal_frees = 0;
  fault_arm(0);
  mem_init();
  return 0;
}

static void test_nothing_before_init(void **state)
{
  (void)state;
  memset(heap_ram(), 0, LISTS_BYTES);
  if (!MEM_SANITY_CHECK) {
    assert_null(mem_malloc(1));
  }
  mem_init();
  assert_all_free();
}

static void test_zero_and_null(void **state)
{
  (void)state;
  assert_null(mem_malloc(0));
  assert_null(mem_calloc(0, 5));
  assert_null(mem_calloc(5, 0));
  mem_free(NULL);
  assert_null(mem_trim(NULL, 1));
  assert_int_equal(lwip_stats.mem.err, 0);
  assert_int_equal(illegal_frees, 0);
  assert_all_free();
}

static void test_alignment_and_stats(void **state)
{
  void *p[60];
  size_t before = 0;
  (void)state;
  assert_true(lwip_stats.mem.avail >= MEM_SIZE - HEAP_OVERHEAD);
  for (mem_size_t i = 0; i < 60; i++) {
    p[i] = mem_malloc((mem_size_t)(i + 1));
    assert_non_null(p[i]);
    assert_int_equal((uintptr_t)p[i] % MEM_ALIGNMENT, 0);
    memset(p[i], i, i + 1U);
    assert_true(lwip_stats.mem.used >= before + i + 1U);
    before = lwip_stats.mem.used;
    check_heap();
  }
  assert_int_equal(lwip_stats.mem.max, before);
  assert_int_equal(mem_used_bytes(), before);
  for (int i = 0; i < 60; i++) {
    for (int k = 0; k <= i; k++) {
      assert_int_equal(((u8_t *)p[i])[k], i);
    }
    mem_free(p[i]);
  }
  assert_int_equal(lwip_stats.mem.max, before);
  assert_all_free();
}

static void test_largest_and_too_large(void **state)
{
  (void)state;
  mem_size_t most = (mem_size_t)(HEAP_END - HEAP_FIRST - BLOCK_HEADER - GUARD_FRONT - GUARD_BACK);
  void *p = mem_malloc(most);
  assert_non_null(p);
  memset(p, 0x5a, most);
  assert_null(mem_malloc(1));
  assert_int_equal(lwip_stats.mem.err, 1);
  check_heap();
  mem_free(p);
  assert_null(mem_malloc((mem_size_t)(most + 1)));
  assert_null(mem_malloc((mem_size_t)-1));
  assert_null(mem_malloc((mem_size_t)((mem_size_t)-1 - BLOCK_HEADER)));
  assert_null(mem_calloc((mem_size_t)-1, 2));
  assert_null(mem_calloc((mem_size_t)1 << (sizeof(mem_size_t) * 4),
                         (mem_size_t)1 << (sizeof(mem_size_t) * 4)));
  assert_all_free();
}

static void test_calloc_zeroes(void **state)
{
  (void)state;
  u8_t *p = (u8_t *)mem_malloc(300);
  memset(p, 0xff, 300);
  mem_free(p);
  p = (u8_t *)mem_calloc(100, 3);
  assert_non_null(p);
  for (int i = 0; i < 300; i++) {
    assert_int_equal(p[i], 0);
  }
  mem_free(p);
  assert_all_free();
}

static void test_neighbours_join_in_any_order(void **state)
{
  static const u8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  (void)state;
  for (int o = 0; o < 6; o++) {
    void *p[3];
    for (int i = 0; i < 3; i++) {
      p[i] = mem_malloc((mem_size_t)(50 + 30 * i));
    }
    for (int i = 0; i < 3; i++) {
      mem_free(p[orders[o][i]]);
      check_heap();
    }
    assert_all_free();
  }
}

static void test_trim(void **state)
{
  (void)state;
  u8_t *behind = (u8_t *)mem_malloc(40); /* blocks are taken from the end */
  u8_t *p = (u8_t *)mem_malloc(400);
  memset(p, 7, 400);
  assert_ptr_equal(mem_trim(p, 400), p);
  assert_ptr_equal(mem_trim(p, 399), p); /* too little for a block of its own */
  assert_null(mem_trim(p, 1000));
  assert_ptr_equal(mem_trim(p, 100), p);
  check_heap();
  size_t free_then = free_bytes();
  assert_ptr_equal(mem_trim(p, 20), p); /* the rest joins what was cut before */
  assert_true(free_bytes() >= free_then + 64);
  check_heap();
  for (int i = 0; i < 20; i++) {
    assert_int_equal(p[i], 7);
  }
  void *in_the_gap = mem_malloc(300);
  assert_true((u8_t *)in_the_gap > p && (u8_t *)in_the_gap < behind);
  assert_ptr_equal(mem_trim(p, 0), p);
  mem_free(in_the_gap);
  mem_free(p);
  mem_free(behind);
  assert_all_free();
}

static void test_illegal_frees_change_nothing(void **state)
{
  (void)state;
  u8_t elsewhere[64] = {0};
  u8_t *p = (u8_t *)mem_malloc(200);
  u8_t *q = (u8_t *)mem_malloc(200);
  memset(p, 0xff, 200);
  memset(q, 0x01, 200);
  mem_free(p + 1);
  mem_free(p + 8);
  mem_free(q + 64);
  mem_free(elsewhere + 32);
  mem_free(heap_ram());
  mem_free(heap_ram() + HEAP_BYTES);
  mem_free(heap_ram() + HEAP_BYTES + 4096);
  assert_null(mem_trim(p + 8, 1));
  assert_int_equal(illegal_frees, 7);
  assert_int_equal(lwip_stats.mem.illegal, 8);
  mem_free(p);
  mem_free(p); /* twice */
  assert_int_equal(illegal_frees, 8);
  mem_free(q);
  mem_free(q); /* twice, joined with what was in front */
  assert_int_equal(illegal_frees, 9);
  assert_all_free();
}

static void test_a_block_is_found_when_there_is_one(void **state)
{
  /* Many too small blocks of the same list in front of the one that fits. */
  enum { N = 20 };
  void *p[N];
  void *wall[N];
  (void)state;
  for (int i = 0; i < N; i++) {
    p[i] = mem_malloc((mem_size_t)(i == 0 ? 120 : 70));
    wall[i] = mem_malloc(8);
  }
  mem_size_t fill = (mem_size_t)(largest_free() - BLOCK_HEADER - GUARD_FRONT - GUARD_BACK);
  void *rest = mem_malloc(fill);
  assert_non_null(rest);
  for (int i = 0; i < N; i++) {
    mem_free(p[i]);
  }
  check_heap();
  u8_t *found = (u8_t *)mem_malloc(112);
  assert_true(found >= (u8_t *)p[0] && found < (u8_t *)p[0] + 120);
  assert_null(mem_malloc(112));
  mem_free(found);
  for (int i = 0; i < N; i++) {
    mem_free(wall[i]);
  }
  mem_free(rest);
  assert_all_free();
}

static void test_each_allocation_can_fail(void **state)
{
  (void)state;
  fault_arm(2);
  void *p = mem_malloc(10);
  assert_non_null(p);
  assert_null(mem_malloc(10));
  void *q = mem_malloc(10);
  assert_non_null(q);
  assert_int_equal(fault_count(), 3);
  fault_arm(1);
  assert_null(mem_calloc(1, 10));
  assert_int_equal(lwip_stats.mem.err, 2);
  mem_free(p);
  mem_free(q);
  assert_all_free();
}

/* A model: what was asked for, where it lies, and which bytes are in it. */
enum { MODEL_BLOCKS = 200 };
static struct {
  u8_t *mem;
  size_t size;
  u8_t pattern;
} model[MODEL_BLOCKS];

static void model_fill(int i, u8_t pattern)
{
  model[i].pattern = pattern;
  memset(model[i].mem, pattern, model[i].size);
}

static void model_verify(int i)
{
  for (size_t k = 0; k < model[i].size; k++) {
    assert_int_equal(model[i].mem[k], model[i].pattern);
  }
}

static void model_alloc(int i, uint32_t *rnd)
{
  static const u16_t most[] = {16, 64, 128, 600, 1600, 5000};
  size_t size = 1 + alone_random(rnd, most[alone_random(rnd, 6)]);
  bool zeroed = alone_random(rnd, 4) == 0;
  model[i].size = size;
  model[i].mem = (u8_t *)(zeroed ? mem_calloc(1, (mem_size_t)size) : mem_malloc((mem_size_t)size));
  if (model[i].mem == NULL) {
    assert_true(largest_free() < block_size_for(size + GUARD_FRONT + GUARD_BACK));
    return;
  }
  if (zeroed) {
    model[i].pattern = 0;
    model_verify(i);
  }
  model_fill(i, (u8_t)alone_random(rnd, 256));
}

static void model_step(uint32_t *rnd)
{
  int i = (int)alone_random(rnd, MODEL_BLOCKS);
  if (model[i].mem == NULL) {
    model_alloc(i, rnd);
    return;
  }
  model_verify(i);
  if (alone_random(rnd, 4) == 0) {
    model[i].size = 1 + alone_random(rnd, (uint32_t)model[i].size);
    assert_ptr_equal(mem_trim(model[i].mem, (mem_size_t)model[i].size), model[i].mem);
    return;
  }
  mem_free(model[i].mem);
  model[i].mem = NULL;
}

static void test_random_operations_against_a_model(void **state)
{
  (void)state;
  for (uint32_t seed = 1; seed <= 20; seed++) {
    uint32_t rnd = seed;
    for (int step = 0; step < 3000; step++) {
      model_step(&rnd);
      if (step % 16 == 0) {
        check_heap();
      }
    }
    for (int i = 0; i < MODEL_BLOCKS; i++) {
      if (model[i].mem != NULL) {
        model_verify(i);
        mem_free(model[i].mem);
        model[i].mem = NULL;
      }
    }
    assert_all_free();
  }
  assert_int_equal(illegal_frees, 0);
}

#define MEM_HEAP_TESTS                                                                             \
  cmocka_unit_test_setup(test_nothing_before_init, setup),                                         \
      cmocka_unit_test_setup(test_zero_and_null, setup),                                           \
      cmocka_unit_test_setup(test_alignment_and_stats, setup),                                     \
      cmocka_unit_test_setup(test_largest_and_too_large, setup),                                   \
      cmocka_unit_test_setup(test_calloc_zeroes, setup),                                           \
      cmocka_unit_test_setup(test_neighbours_join_in_any_order, setup),                            \
      cmocka_unit_test_setup(test_trim, setup),                                                    \
      cmocka_unit_test_setup(test_illegal_frees_change_nothing, setup),                            \
      cmocka_unit_test_setup(test_a_block_is_found_when_there_is_one, setup),                      \
      cmocka_unit_test_setup(test_each_allocation_can_fail, setup),                                \
      cmocka_unit_test_setup(test_random_operations_against_a_model, setup)

#endif
