/* A thousand instances on one LAN; a hub; a partitioned LAN. needs: ipv4 */
#include <time.h>
#include "sim_test.h"

#define NODES 1000

/** Each node talks to the next one, to one far away and to others drawn by lot. */
#define PARTNERS 8

static struct endpoint lan_end[NODES];
static u32_t expected[NODES];

static void node_ip(int i, char ip[16])
{
  snprintf(ip, 16, "10.0.%d.%d", i / 250, i % 250 + 1);
}

static void test_a_thousand_instances_resolve_each_other(void **state)
{
  (void)state;
  clock_t start = clock();
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  struct sim_random lot;
  char name[16], ip[16];
  sim_link_set_conditions(lan, &(struct sim_conditions){.rate_bps = 1000000000, .delay_us = 50});
  sim_random_init(&lot, sim, "partners");
  memset(expected, 0, sizeof expected);
  for (int i = 0; i < NODES; i++) {
    snprintf(name, sizeof name, "n%d", i);
    node_ip(i, ip);
    struct sim_node *node = sim_node_new(sim, name);
    sim_attach(node, lan, ip, "255.255.0.0", NULL);
    endpoint_open(&lan_end[i], node, 7);
  }
  for (int round = 0; round < PARTNERS; round++) {
    for (int i = 0; i < NODES; i++) {
      int far = round == 0   ? 1
                : round == 1 ? NODES / 2
                             : 1 + (int)sim_random_below(&lot, NODES - 1);
      int to = (i + far) % NODES;
      node_ip(to, ip);
      endpoint_send(&lan_end[i], ip, 7, 200);
      expected[to]++;
      sim_run_for(sim, 1000);
    }
    sim_run_for(sim, 5 * SIM_SECOND);
  }
  for (int i = 0; i < NODES; i++) {
    sim_assert(sim, lan_end[i].received == expected[i]);
    sim_assert(sim, lan_end[i].wrong == 0 && lan_end[i].send_errors == 0);
  }
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  printf("# %d instances, %d datagrams: %.2f s of one core, %llu events\n", NODES, NODES * PARTNERS,
         seconds, (unsigned long long)sim_event_count(sim));
  sim_free(sim);
}

static void test_a_hub_gives_every_frame_to_all_and_is_shared(void **state)
{
  (void)state;
  struct sim *sim = sim_new(test_seed());
  struct sim_link *hub = sim_link_new(sim, "hub", SIM_HUB);
  static struct endpoint e[3];
  struct sim_port *port[3];
  static const char *const ip[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
  for (int i = 0; i < 3; i++) {
    struct sim_node *node = sim_node_new(sim, ip[i]);
    port[i] = sim_attach(node, hub, ip[i], "255.255.255.0", NULL);
    endpoint_open(&e[i], node, 7);
  }
  endpoint_send(&e[0], ip[1], 7, 100);
  endpoint_send(&e[1], ip[0], 7, 100);
  sim_run_for(sim, SIM_SECOND);
  u64_t seen = sim_port_counters(port[2], SIM_RX)->delivered;
  sim_link_set_conditions(hub, &(struct sim_conditions){.rate_bps = 1000000});
  u64_t start_us = sim_now_us(sim);
  endpoint_send(&e[0], ip[1], 7, 100);
  endpoint_send(&e[1], ip[0], 7, 100);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, e[1].received == 2 && e[1].last_us == start_us + 1136);
  sim_assert(sim, e[0].received == 2 && e[0].last_us == start_us + 2 * 1136);
  sim_assert(sim, sim_port_counters(port[2], SIM_RX)->delivered == seen + 2);
  sim_assert(sim, e[2].received == 0);
  sim_free(sim);
}

static void test_a_switch_learns(void **state)
{
  (void)state;
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  static struct endpoint e[3];
  struct sim_port *port[3];
  static const char *const ip[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
  for (int i = 0; i < 3; i++) {
    struct sim_node *node = sim_node_new(sim, ip[i]);
    port[i] = sim_attach(node, lan, ip[i], "255.255.255.0", NULL);
    endpoint_open(&e[i], node, 7);
  }
  endpoint_send(&e[0], ip[1], 7, 100);
  sim_run_for(sim, SIM_SECOND);
  u64_t seen = sim_port_counters(port[2], SIM_RX)->delivered;
  endpoint_send(&e[0], ip[1], 7, 100);
  sim_run_for(sim, SIM_SECOND);
  sim_assert(sim, e[1].received == 2);
  sim_assert(sim, sim_port_counters(port[2], SIM_RX)->delivered == seen);
  sim_free(sim);
}

/** Two halves of a LAN do not hear each other until it heals. */
static void test_partitioned_lan(void **state)
{
  (void)state;
  enum { COUNT = 10 };
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  static struct endpoint e[COUNT];
  struct sim_port *port[COUNT];
  char ip[16];
  for (int i = 0; i < COUNT; i++) {
    node_ip(i, ip);
    struct sim_node *node = sim_node_new(sim, ip);
    port[i] = sim_attach(node, lan, ip, "255.255.0.0", NULL);
    endpoint_open(&e[i], node, 7);
    sim_port_set_group(port[i], (u32_t)(i % 2));
  }
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < COUNT; i++) {
      for (int to = 0; to < COUNT; to++) {
        if (to != i) {
          node_ip(to, ip);
          endpoint_send(&e[i], ip, 7, 100);
        }
      }
    }
    sim_run_for(sim, 60 * SIM_SECOND);
    for (int i = 0; i < COUNT; i++) {
      sim_assert(sim, e[i].received == (round == 0 ? COUNT / 2 - 1 : COUNT - 1));
      e[i].received = 0;
    }
    sim_link_heal(lan);
  }
  sim_free(sim);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_thousand_instances_resolve_each_other),
      cmocka_unit_test(test_a_hub_gives_every_frame_to_all_and_is_shared),
      cmocka_unit_test(test_a_switch_learns),
      cmocka_unit_test(test_partitioned_lan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
