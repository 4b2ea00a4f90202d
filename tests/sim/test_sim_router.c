/* Hosts on two LANs and an instance that forwards between them, also under faults. needs: ipv4 */
#include "lwip/icmp.h"
#include "lwip/raw.h"
#include "sim_test.h"

static struct sim *sim;
static struct sim_link *left, *right;
static struct sim_port *port_a, *port_left, *port_right, *port_b;
static struct endpoint a, b;

/** a -- left -- router -- right -- b; the right side has an MTU of 600. */
static int setup(void **state)
{
  (void)state;
  sim = sim_new(test_seed());
  left = sim_link_new(sim, "left", SIM_SWITCH);
  right = sim_link_new(sim, "right", SIM_SWITCH);
  struct sim_node *na = sim_node_new(sim, "a");
  struct sim_node *router = sim_node_new(sim, "router");
  struct sim_node *nb = sim_node_new(sim, "b");
  port_a = sim_attach(na, left, "10.1.0.2", "255.255.255.0", "10.1.0.1");
  port_left = sim_attach(router, left, "10.1.0.1", "255.255.255.0", NULL);
  port_right = sim_attach(router, right, "10.2.0.1", "255.255.255.0", NULL);
  port_b = sim_attach(nb, right, "10.2.0.2", "255.255.255.0", "10.2.0.1");
  sim_port_set_mtu(port_right, 600);
  sim_port_set_mtu(port_b, 600);
  endpoint_open(&a, na, 7);
  endpoint_open(&b, nb, 7);
  b.does_echo = true;
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  sim_free(sim);
  return 0;
}

static void test_router_forwards_both_ways(void **state)
{
  (void)state;
  for (int i = 0; i < 20; i++) {
    endpoint_send(&a, "10.2.0.2", 7, (u16_t)(10 + i * 25));
    sim_run_for(sim, 100 * SIM_MS);
  }
  sim_assert(sim, b.received == 20 && a.received == 20 && a.wrong + b.wrong == 0);
}

/**
 * Larger than the right side's MTU: the router either fragments (no DF) or says so and the sender
 * fragments to the path MTU (RFC 1191); datagrams sent before a has learnt may be lost.
 */
static void test_datagrams_larger_than_the_path_arrive(void **state)
{
  (void)state;
  endpoint_send(&a, "10.2.0.2", 7, 1400);
  sim_run_for(sim, SIM_SECOND);
  b.received = a.received = 0;
  for (u16_t len = 500; len <= 9500; len = (u16_t)(len + 1000)) {
    endpoint_send(&a, "10.2.0.2", 7, len);
    sim_run_for(sim, SIM_SECOND);
  }
  sim_assert(sim, b.received == 10 && a.received == 10 && a.wrong + b.wrong == 0);
}

static u8_t count_time_exceeded(void *arg, struct raw_pcb *pcb, struct pbuf *p,
                                const ip_addr_t *addr)
{
  (void)pcb;
  ip_addr_t router;
  ipaddr_aton("10.1.0.1", &router);
  u8_t ihl = (u8_t)(pbuf_get_at(p, 0) & 15);
  if (pbuf_get_at(p, (u16_t)(ihl * 4)) == ICMP_TE && ip_addr_eq(addr, &router)) {
    ++*(int *)arg;
  }
  return 0;
}

static void test_router_reports_an_expired_ttl(void **state)
{
  (void)state;
  int reports = 0;
  sim_enter(a.node);
  struct raw_pcb *raw = raw_new(IP_PROTO_ICMP);
  assert_non_null(raw);
  raw_recv(raw, count_time_exceeded, &reports);
  a.pcb->ttl = 1;
  sim_leave(a.node);
  endpoint_send(&a, "10.2.0.2", 7, 100);
  sim_run_for(sim, 5 * SIM_SECOND);
  sim_assert(sim, reports == 1 && b.received == 0);
}

/** Lost fragments lose their datagram, and nothing that arrives is ever mixed up. */
static void test_fragments_under_loss_reordering_and_duplication(void **state)
{
  (void)state;
  const struct sim_conditions bad = {.delay_us = 1000,
                                     .loss_ppm = 20000,
                                     .duplicate_ppm = 50000,
                                     .reorder_ppm = 200000,
                                     .reorder_us = 3000};
  endpoint_send(&a, "10.2.0.2", 7, 1400);
  sim_run_for(sim, SIM_SECOND);
  b.received = a.received = 0;
  sim_link_set_conditions(left, &bad);
  sim_link_set_conditions(right, &bad);
  for (int i = 0; i < 500; i++) {
    endpoint_send(&a, "10.2.0.2", 7, 3000);
    sim_run_for(sim, 200 * SIM_MS);
  }
  sim_run_for(sim, 120 * SIM_SECOND);
  sim_assert(sim, a.wrong + b.wrong == 0);
  sim_assert(sim, b.received > 100 && b.received < 600);
  sim_assert(sim, a.received > 20 && a.received < 400);
}

static void test_partition_of_the_far_lan_heals(void **state)
{
  (void)state;
  endpoint_send(&a, "10.2.0.2", 7, 100);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, a.received == 1);
  sim_port_set_group(port_b, 1);
  for (int i = 0; i < 30; i++) {
    endpoint_send(&a, "10.2.0.2", 7, 100);
    sim_run_for(sim, 20 * SIM_SECOND);
  }
  sim_assert(sim, b.received == 1 && a.received == 1);
  sim_link_heal(right);
  endpoint_send(&a, "10.2.0.2", 7, 100);
  sim_run_for(sim, 10 * SIM_SECOND);
  sim_assert(sim, b.received >= 2 && a.received >= 2);
}

static void test_rebooted_router_forwards_again(void **state)
{
  (void)state;
  endpoint_send(&a, "10.2.0.2", 7, 100);
  sim_run_for(sim, SIM_SECOND);
  sim_node_reboot(sim_port_node(port_left));
  endpoint_send(&a, "10.2.0.2", 7, 100);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, b.received == 2 && a.received == 2);
}

static void test_flapping_router_port(void **state)
{
  (void)state;
  /* Longer than it takes to resolve each other again, at one ARP request a second. */
  sim_port_flap(port_left, 8 * SIM_SECOND, 500 * SIM_MS);
  for (int i = 0; i < 300; i++) {
    endpoint_send(&a, "10.2.0.2", 7, 1000);
    sim_run_for(sim, 200 * SIM_MS);
  }
  sim_assert(sim, a.received > 100 && a.received < 300 && a.wrong + b.wrong == 0);
  sim_port_flap(port_left, 0, 0);
  sim_run_for(sim, 120 * SIM_SECOND);
  a.received = 0;
  endpoint_send(&a, "10.2.0.2", 7, 100);
  sim_run_for(sim, 5 * SIM_SECOND);
  sim_assert(sim, a.received == 1);
}

#define ROUTER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      ROUTER_TEST(test_router_forwards_both_ways),
      ROUTER_TEST(test_datagrams_larger_than_the_path_arrive),
      ROUTER_TEST(test_router_reports_an_expired_ttl),
      ROUTER_TEST(test_fragments_under_loss_reordering_and_duplication),
      ROUTER_TEST(test_partition_of_the_far_lan_heals),
      ROUTER_TEST(test_rebooted_router_forwards_again),
      ROUTER_TEST(test_flapping_router_port),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
