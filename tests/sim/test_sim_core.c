/* The simulation itself: time, randomness, reproducibility, the price of idleness. needs: ipv4 */
#include <time.h>
#include "sim_test.h"

static char order[8];

static void note(struct sim *sim, void *ctx)
{
  (void)sim;
  size_t len = strlen(order);
  order[len] = *(const char *)ctx;
  order[len + 1] = '\0';
}

static void test_events_happen_in_order_of_time_then_of_call(void **state)
{
  (void)state;
  struct sim *sim = sim_new(test_seed());
  char names[] = "abcdef";
  order[0] = '\0';
  sim_at(sim, 30, note, &names[0]);
  sim_at(sim, 10, note, &names[1]);
  sim_at(sim, 20, note, &names[2]);
  sim_at(sim, 10, note, &names[3]);
  sim_run_until(sim, 15);
  assert_string_equal(order, "bd");
  assert_int_equal(sim_now_us(sim), 15);
  sim_after(sim, 10, note, &names[4]);
  sim_at(sim, 3, note, &names[5]); /* the past is now */
  assert_true(sim_run_until_idle(sim, 1000));
  assert_string_equal(order, "bdfcea");
  assert_int_equal(sim_now_us(sim), 30);
  assert_int_equal(sim_event_count(sim), 6);
  sim_at(sim, 40, note, &names[0]);
  sim_free(sim); /* with a call still pending */
}

static void test_many_events_stay_sorted(void **state)
{
  (void)state;
  struct sim *sim = sim_new(test_seed());
  struct sim_random r;
  char name = 'x';
  sim_random_init(&r, sim, "times");
  for (int i = 0; i < 5000; i++) {
    sim_at(sim, sim_random_below(&r, 100000), note, &name);
  }
  u64_t before = 0;
  while (sim_event_count(sim) < 5000) {
    order[0] = '\0';
    sim_run_until(sim, sim_now_us(sim) + 1);
    sim_assert(sim, sim_now_us(sim) > before);
    before = sim_now_us(sim);
    sim_assert(sim, before <= 100000);
  }
  sim_free(sim);
}

static void test_streams_follow_from_seed_and_name(void **state)
{
  (void)state;
  struct sim *sim = sim_new(7);
  struct sim *other = sim_new(8);
  struct sim_random a, a_again, b, a_other;
  sim_random_init(&a, sim, "loss %d", 1);
  sim_random_init(&a_again, sim, "loss %d", 1);
  sim_random_init(&b, sim, "loss %d", 2);
  sim_random_init(&a_other, other, "loss %d", 1);
  u64_t first = sim_random_u64(&a);
  assert_true(first == sim_random_u64(&a_again));
  assert_true(first != sim_random_u64(&b));
  assert_true(first != sim_random_u64(&a_other));
  u32_t hits = 0;
  u32_t in_bin[6] = {0};
  for (int i = 0; i < 600000; i++) {
    hits += sim_random_hits(&a, 250000);
    in_bin[sim_random_below(&b, 6)]++;
  }
  assert_true(is_about(hits, 150000, 1));
  for (int i = 0; i < 6; i++) {
    assert_true(is_about(in_bin[i], 100000, 2));
  }
  sim_free(sim);
  sim_free(other);
}

/** Some traffic over links with every fault there is. The caller frees the capture. */
static char *captured_run(u64_t seed, size_t *len)
{
  char *bytes = NULL;
  FILE *f = open_memstream(&bytes, len);
  assert_non_null(f);
  struct sim *sim = sim_new(seed);
  struct sim_capture *capture = sim_capture_new(sim, f);
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  const struct sim_conditions bad = {.rate_bps = 10000000,
                                     .delay_us = 300,
                                     .jitter_us = 200,
                                     .queue_frames_max = 20,
                                     .loss_ppm = 20000,
                                     .good_to_bad_ppm = 5000,
                                     .bad_to_good_ppm = 200000,
                                     .loss_bad_ppm = 1000000,
                                     .duplicate_ppm = 10000,
                                     .corrupt_ppm = 10000,
                                     .reorder_ppm = 10000,
                                     .reorder_us = 2000};
  static struct endpoint e[4];
  static const char *const ip[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"};
  struct sim_port *port[4];
  sim_link_set_conditions(lan, &bad);
  for (int i = 0; i < 4; i++) {
    char name[2] = {(char)('a' + i), '\0'};
    struct sim_node *node = sim_node_new(sim, name);
    port[i] = sim_attach(node, lan, ip[i], "255.255.255.0", NULL);
    endpoint_open(&e[i], node, 7);
    e[i].does_echo = i == 0;
  }
  sim_capture_link(capture, lan);
  sim_capture_port(capture, port[0]);
  sim_port_flap(port[3], 300 * SIM_MS, 50 * SIM_MS);
  for (int round = 0; round < 200; round++) {
    for (int i = 1; i < 4; i++) {
      endpoint_send(&e[i], ip[round % 4], 7, (u16_t)(4 + (round * 37 + i) % 2000));
    }
    sim_run_for(sim, 10 * SIM_MS);
  }
  sim_run_for(sim, 60 * SIM_SECOND);
  sim_assert(sim, e[0].received > 50 && e[1].received > 20);
  for (int i = 0; i < 4; i++) {
    sim_assert(sim, e[i].wrong == 0);
  }
  sim_free(sim);
  fclose(f);
  return bytes;
}

static void test_same_seed_gives_the_same_capture_byte_for_byte(void **state)
{
  (void)state;
  size_t len, len_again, len_other;
  char *bytes = captured_run(test_seed(), &len);
  char *again = captured_run(test_seed(), &len_again);
  char *other = captured_run(test_seed() + 1, &len_other);
  assert_true(len > 20000);
  assert_int_equal(len, len_again);
  assert_memory_equal(bytes, again, len);
  assert_true(len != len_other || memcmp(bytes, other, len) != 0);
  free(bytes);
  free(again);
  free(other);
}

static void test_a_million_idle_seconds_cost_a_handful_of_events(void **state)
{
  (void)state;
  enum { NODES = 50 };
  static struct endpoint e[NODES];
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  for (int i = 0; i < NODES; i++) {
    char name[16], ip[16];
    snprintf(name, sizeof name, "n%d", i);
    snprintf(ip, sizeof ip, "10.0.0.%d", i + 1);
    struct sim_node *node = sim_node_new(sim, name);
    sim_attach(node, lan, ip, "255.255.255.0", NULL);
    endpoint_open(&e[i], node, 7);
  }
  for (int i = 0; i < NODES; i++) {
    char ip[16];
    snprintf(ip, sizeof ip, "10.0.0.%d", (i + 1) % NODES + 1);
    endpoint_send(&e[i], ip, 7, 100);
  }
  clock_t start = clock();
  sim_run_for(sim, 1000000 * SIM_SECOND);
  printf("# a million seconds of %d idle nodes: %.3f s, %llu events\n", NODES,
         (double)(clock() - start) / CLOCKS_PER_SEC, (unsigned long long)sim_event_count(sim));
  for (int i = 0; i < NODES; i++) {
    sim_assert(sim, e[i].received == 1);
  }
  sim_assert(sim, sim_event_count(sim) < 100 * NODES);
  sim_free(sim);
}

static int boots;

static void on_boot(struct sim_node *node, void *ctx)
{
  boots++;
  endpoint_open(ctx, node, 7);
}

static void test_a_rebooted_node_starts_afresh(void **state)
{
  (void)state;
  struct sim *sim = sim_new(test_seed());
  struct sim_link *cable = sim_link_new(sim, "cable", SIM_P2P);
  struct sim_node *a = sim_node_new(sim, "a");
  struct sim_node *b = sim_node_new(sim, "b");
  static struct endpoint ea, eb;
  sim_attach(a, cable, "10.0.0.1", "255.255.255.0", NULL);
  sim_attach(b, cable, "10.0.0.2", "255.255.255.0", NULL);
  endpoint_open(&ea, a, 7);
  endpoint_open(&eb, b, 7);
  sim_node_set_boot(b, on_boot, &eb);
  endpoint_send(&ea, "10.0.0.2", 7, 50);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, eb.received == 1);
  sim_node_reboot(b);
  sim_assert(sim, boots == 1 && eb.received == 0);
  endpoint_send(&ea, "10.0.0.2", 7, 50);
  endpoint_send(&eb, "10.0.0.1", 7, 50);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, eb.received == 1 && ea.received == 1);
  sim_free(sim);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_events_happen_in_order_of_time_then_of_call),
      cmocka_unit_test(test_many_events_stay_sorted),
      cmocka_unit_test(test_streams_follow_from_seed_and_name),
      cmocka_unit_test(test_same_seed_gives_the_same_capture_byte_for_byte),
      cmocka_unit_test(test_a_million_idle_seconds_cost_a_handful_of_events),
      cmocka_unit_test(test_a_rebooted_node_starts_afresh),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
