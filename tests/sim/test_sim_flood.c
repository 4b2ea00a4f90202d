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

/* The sanitizer makes it ten times as expensive. */
#if defined(__SANITIZE_ADDRESS__)
#define SYNS_PER_S 20000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SYNS_PER_S 20000
#endif
#endif
#ifndef SYNS_PER_S
#define SYNS_PER_S 100000
#endif

static void test_genuine_clients_are_served(void **state)
{
  (void)state;
  struct flood_plan plan = {
      .syns_per_s = SYNS_PER_S, .duration_s = 5, .clients = 400, .loss_ppm = 10000, .backlog = 16};
  struct flood_result r;
  flood_run(test_seed(), &plan, &r);
  assert_true(r.syns >= SYNS_PER_S * 5U && r.syn_acks >= r.syns / 10 * 9);
  assert_true(r.connected >= plan.clients / 100 * 95);
  assert_true(r.served >= plan.clients / 100 * 95);
  assert_true(r.is_old_served);
}

static void test_memory_has_a_bound(void **state)
{
  (void)state;
  struct flood_plan plan = {
      .syns_per_s = SYNS_PER_S, .duration_s = 4, .clients = 20, .backlog = 16};
  struct flood_result r;
  flood_run(test_seed(), &plan, &r);
  assert_int_equal(r.served, plan.clients);
  assert_int_equal(r.half_open_max, plan.backlog);
  assert_true(r.pcbs_max <= plan.clients + 1);
  /* a record per place, and what genuine clients need: a pcb, and buffers under way */
  assert_true(r.bytes_max <= 16 * 128 + (plan.clients + 1) * (sizeof(struct tcp_pcb) + 4096));
  assert_int_equal(r.left, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_genuine_clients_are_served),
      cmocka_unit_test(test_memory_has_a_bound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
