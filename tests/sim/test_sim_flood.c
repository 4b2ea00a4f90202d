/**
 * @file
 * A SYN flood of 100,000 a second against a backlog of 16 (B9-160, RFC 4987): who means it is
 * served, and the memory that it takes has a bound. sim/flood.h; `./gossamer sim flood` does it for
 * longer.
 * needs: tcp
 */
#include "sim_test.h"
#include "lwip/tcp.h"
#include "sim/flood.h"

#define SYNS_PER_S 100000U
#define DURATION_S 5U
#define CLIENTS    400U
#define BACKLOG    16U

static struct flood_result result;

static int flood_once(void **state)
{
  (void)state;
  struct flood_plan plan = {.syns_per_s = SYNS_PER_S,
                            .duration_s = DURATION_S,
                            .clients = CLIENTS,
                            .loss_ppm = 10000,
                            .backlog = BACKLOG};
  flood_run(test_seed(), &plan, &result);
  return 0;
}

static void test_genuine_clients_are_served(void **state)
{
  (void)state;
  assert_true(result.syns >= SYNS_PER_S * DURATION_S && result.syn_acks >= result.syns / 10 * 9);
  assert_true(result.connected >= CLIENTS / 100 * 95);
  assert_true(result.served >= CLIENTS / 100 * 95);
}

static void test_who_was_there_before_is_served(void **state)
{
  (void)state;
  assert_true(result.is_old_served);
}

/** A record per place in the backlog, and what genuine clients need: a pcb, buffers under way. */
static void test_memory_has_a_bound(void **state)
{
  (void)state;
  assert_true(result.half_open_max > 0 && result.half_open_max <= BACKLOG);
  assert_true(result.pcbs_max < CLIENTS);
  assert_true(result.bytes_max <=
              BACKLOG * 128 + result.pcbs_max * (sizeof(struct tcp_pcb) + 4096));
  assert_int_equal(result.left, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_genuine_clients_are_served),
      cmocka_unit_test(test_who_was_there_before_is_served),
      cmocka_unit_test(test_memory_has_a_bound),
  };
  return cmocka_run_group_tests(tests, flood_once, NULL);
}
