/**
 * @file
 * Random TCP scenarios with fixed seeds (sim/soak.h says what must hold). A failure names its seed;
 * SIM_SEED=<seed> runs that one alone, as `./gossamer sim soak --seeds 1 --first <seed>` does.
 * needs: tcp
 */
#include "sim_test.h"
#include "sim/soak.h"

#define SEEDS 1000

struct totals {
  u64_t connections, completed, failed, bytes, reboots, failed_allocations;
};

static void run_one(u64_t seed, struct totals *t)
{
  struct soak_result r;
  soak_run(seed, &r, NULL);
  if (!r.is_ok) {
    printf("# %s (%s); run again with SIM_SEED=%llu\n", r.why, r.faults, (unsigned long long)seed);
    fflush(stdout);
    _fail(__FILE__, __LINE__);
  }
  t->connections += r.connections;
  t->completed += r.completed;
  t->failed += r.failed;
  t->bytes += r.bytes;
  t->reboots += r.reboots;
  t->failed_allocations += r.failed_allocations;
}

static void test_random_scenarios(void **state)
{
  (void)state;
  struct totals t = {0};
  bool is_replay = getenv("SIM_SEED") != NULL;
  u64_t first = is_replay ? test_seed() : 1;
  for (u64_t seed = first; seed < first + (is_replay ? 1 : SEEDS); seed++) {
    run_one(seed, &t);
  }
  if (!is_replay) { /* the scenarios are worth their name: most connections come through, not all */
    assert_true(t.connections > 2 * SEEDS && t.bytes > 25000000);
    assert_true(t.completed > t.connections && t.failed > t.connections / 20);
    assert_true(t.reboots > 50 && t.failed_allocations > 2500);
  }
}

static void test_a_seed_replays(void **state)
{
  (void)state;
  struct soak_result a, b;
  soak_run(4, &a, NULL);
  soak_run(4, &b, NULL);
  assert_true(a.events == b.events && a.bytes == b.bytes && a.virtual_us == b.virtual_us);
  assert_memory_equal(a.faults, b.faults, sizeof a.faults);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_scenarios),
      cmocka_unit_test(test_a_seed_replays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
