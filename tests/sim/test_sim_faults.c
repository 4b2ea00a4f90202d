/* Each fault of a link, alone, at the configured rate; what arrives is what was sent. needs: ipv4 */
#include "sim_test.h"

#define COUNT 20000

static struct sim *sim;
static struct sim_link *cable;
static struct sim_port *port_a, *port_b;
static struct endpoint a, b;

/** Two nodes that know each other's addresses, on a cable without faults yet. */
static int setup(void **state)
{
  (void)state;
  sim = sim_new(test_seed());
  cable = sim_link_new(sim, "cable", SIM_P2P);
  struct sim_node *na = sim_node_new(sim, "a");
  struct sim_node *nb = sim_node_new(sim, "b");
  port_a = sim_attach(na, cable, "10.0.0.1", "255.255.255.0", NULL);
  port_b = sim_attach(nb, cable, "10.0.0.2", "255.255.255.0", NULL);
  endpoint_open(&a, na, 7);
  endpoint_open(&b, nb, 7);
  endpoint_send(&a, "10.0.0.2", 7, 10);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, b.received == 1);
  b.received = 0;
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  sim_free(sim);
  return 0;
}

/** One way only: ARP refreshes and the like must not count. */
static void set_conditions(struct sim_conditions c)
{
  sim_port_set_conditions(port_a, SIM_TX, &c);
}

static void send_many(u32_t count, u64_t gap_us)
{
  for (u32_t i = 0; i < count; i++) {
    endpoint_send(&a, "10.0.0.2", 7, 100);
    sim_run_for(sim, gap_us);
  }
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, a.send_errors == 0);
  sim_assert(sim, b.wrong == 0);
}

static void test_bernoulli_loss(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){.loss_ppm = 100000});
  send_many(COUNT, 100);
  sim_assert(sim, is_about(b.received, COUNT * 0.9, 1));
  const struct sim_counters *c = sim_port_counters(port_a, SIM_TX);
  sim_assert(sim, c->sent == c->delivered + c->lost);
  sim_assert(sim, b.out_of_order == 0);
}

/** Mean loss g/(g+b); mean length of a burst 1/b frames. */
static void test_gilbert_elliott_loss_comes_in_bursts(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){
      .good_to_bad_ppm = 10000, .bad_to_good_ppm = 200000, .loss_bad_ppm = 1000000});
  u32_t bursts = 0;
  u32_t lost = 0;
  bool was_lost = false;
  for (u32_t i = 0; i < COUNT; i++) {
    u32_t before = b.received;
    send_many(1, 100);
    bool is_lost = b.received == before;
    bursts += is_lost && !was_lost;
    lost += is_lost;
    was_lost = is_lost;
  }
  /* Some 190 bursts: one standard deviation is 10 %. */
  sim_assert(sim, is_about(lost, COUNT * 0.01 / 0.21, 30));
  sim_assert(sim, is_about((double)lost / bursts, 5, 20));
}

static void test_duplication(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){.duplicate_ppm = 50000});
  send_many(COUNT, 100);
  sim_assert(sim, is_about(b.received - COUNT, COUNT * 0.05, 10));
  sim_assert(sim, sim_port_counters(port_a, SIM_TX)->duplicated == b.received - COUNT);
}

/** Checksums find each single flipped bit, but for the source MAC, which nothing protects. */
static void test_corruption_is_never_delivered(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){.corrupt_ppm = 200000});
  send_many(COUNT, 100);
  const struct sim_counters *c = sim_port_counters(port_a, SIM_TX);
  sim_assert(sim, is_about((double)c->corrupted, COUNT * 0.2, 5));
  sim_assert(sim, b.received < COUNT - c->corrupted * 8 / 10);
  sim_assert(sim, b.received >= COUNT - c->corrupted);
}

static void test_jitter_keeps_order_unless_unfair(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){.delay_us = 2000, .jitter_us = 1000});
  u64_t sent_us = sim_now_us(sim);
  u64_t least = 1000000;
  u64_t most = 0;
  for (int i = 0; i < 500; i++) {
    sent_us = sim_now_us(sim);
    send_many(1, 10000);
    least = LWIP_MIN(least, b.last_us - sent_us);
    most = LWIP_MAX(most, b.last_us - sent_us);
  }
  sim_assert(sim, least >= 2000 && least < 2050 && most <= 3000 && most > 2950);
  send_many(2000, 50);
  sim_assert(sim, b.out_of_order == 0);
  set_conditions(
      (struct sim_conditions){.delay_us = 2000, .jitter_us = 1000, .is_jitter_unfair = true});
  send_many(2000, 50);
  sim_assert(sim, b.out_of_order > 500 && b.received == 4500);
}

static void test_reordering(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){.reorder_ppm = 100000, .reorder_us = 150});
  send_many(COUNT, 100);
  sim_assert(sim, b.received == COUNT);
  sim_assert(sim, is_about((double)sim_port_counters(port_a, SIM_TX)->reordered, COUNT * 0.1, 10));
  /* Held back by one and a half gaps, it is overtaken by one frame, unless that is held back too.
   */
  sim_assert(sim, is_about(b.out_of_order, COUNT * 0.1 * 0.9, 10));
}

/** 100 bytes of data are 142 on the wire, at 1,136 bit: 1 Mbit/s sends one in 1,136 us. */
static void test_rate_delay_and_queue(void **state)
{
  (void)state;
  set_conditions(
      (struct sim_conditions){.rate_bps = 1000000, .delay_us = 5000, .queue_frames_max = 10});
  u64_t start_us = sim_now_us(sim);
  for (int i = 0; i < 100; i++) {
    endpoint_send(&a, "10.0.0.2", 7, 100);
  }
  sim_run_for(sim, 5000 + 1136);
  sim_assert(sim, b.received == 1 && b.last_us == start_us + 1136 + 5000);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, b.received == 11); /* one was being sent, ten waited */
  sim_assert(sim, b.last_us == start_us + 11 * 1136 + 5000);
  sim_assert(sim, sim_port_counters(port_a, SIM_TX)->queue_full == 89);
  set_conditions((struct sim_conditions){.rate_bps = 1000000, .queue_bytes_max = 1500});
  for (int i = 0; i < 100; i++) {
    endpoint_send(&a, "10.0.0.2", 7, 100);
  }
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, b.received == 11 + 1 + 1500 / 142);
}

static void test_black_hole_swallows_long_frames(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){.frame_len_max = 500});
  endpoint_send(&a, "10.0.0.2", 7, 458); /* 500 on the wire */
  endpoint_send(&a, "10.0.0.2", 7, 459);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, b.received == 1);
  sim_assert(sim, sim_port_counters(port_a, SIM_TX)->too_long == 1);
}

static void test_unplugging_loses_what_is_under_way(void **state)
{
  (void)state;
  set_conditions((struct sim_conditions){.delay_us = 10000});
  endpoint_send(&a, "10.0.0.2", 7, 100);
  sim_run_for(sim, 5000);
  sim_port_set_carrier(port_a, false);
  sim_assert(sim, !netif_is_link_up(sim_port_netif(port_a)));
  sim_run_for(sim, 1000);
  sim_port_set_carrier(port_a, true);
  sim_assert(sim, netif_is_link_up(sim_port_netif(port_a)));
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, b.received == 0);
  endpoint_send(&a, "10.0.0.2", 7, 100);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, b.received == 1);
}

static void test_flapping_stops_and_the_link_works_again(void **state)
{
  (void)state;
  sim_port_flap(port_b, 100 * SIM_MS, 20 * SIM_MS);
  for (int i = 0; i < 1000; i++) {
    endpoint_send(&a, "10.0.0.2", 7, 100);
    sim_run_for(sim, 10 * SIM_MS);
  }
  sim_assert(sim, sim_port_counters(port_b, SIM_RX)->cut > 50);
  sim_assert(sim, b.received > 500 && b.received < 950);
  sim_port_flap(port_b, 0, 0);
  sim_run_for(sim, 120 * SIM_SECOND);
  u32_t before = b.received;
  send_many(10, 1000);
  sim_assert(sim, b.received == before + 10);
}

static void test_partition_is_silent_and_heals(void **state)
{
  (void)state;
  sim_port_set_group(port_b, 1);
  send_many(10, 1000);
  sim_assert(sim, b.received == 0);
  sim_assert(sim, netif_is_link_up(sim_port_netif(port_b)));
  sim_link_heal(cable);
  send_many(10, 1000);
  sim_assert(sim, b.received == 10);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      FAULT_TEST(test_bernoulli_loss),
      FAULT_TEST(test_gilbert_elliott_loss_comes_in_bursts),
      FAULT_TEST(test_duplication),
      FAULT_TEST(test_corruption_is_never_delivered),
      FAULT_TEST(test_jitter_keeps_order_unless_unfair),
      FAULT_TEST(test_reordering),
      FAULT_TEST(test_rate_delay_and_queue),
      FAULT_TEST(test_black_hole_swallows_long_frames),
      FAULT_TEST(test_unplugging_loses_what_is_under_way),
      FAULT_TEST(test_flapping_stops_and_the_link_works_again),
      FAULT_TEST(test_partition_is_silent_and_heals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
