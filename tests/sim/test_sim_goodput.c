/**
 * @file
 * What TCP gets out of a bottleneck: a fixed part of `./gossamer sim goodput` and `sim fairness`,
 * and ECN. Virtual time, so the numbers are the same in every run.
 *
 * needs: tcp
 */
#include <math.h>
#include "sim_test.h"
#include "gossamer/tcp_ecn.h"
#include "sim/tcp_flow.h"

#define FLOWS_MAX 10
/* A full frame without preamble and FCS, and what it carries besides headers and timestamps. */
#define FRAME_LEN   1514.0
#define PAYLOAD_LEN (LWIP_IPV4 ? 1448.0 : 1428.0)

static struct sim_flow flow[FLOWS_MAX];
static char to_addr[IPADDR_STRLEN_MAX];

/** Two nodes, and the cable between them. */
struct path {
  struct sim *sim;
  struct sim_node *a, *b;
  struct sim_port *port;
};

/** Its queue holds one bandwidth-delay product. */
static struct sim_conditions conditions(u32_t mbps, u32_t rtt_ms, u32_t loss_ppm)
{
  return (struct sim_conditions){.rate_bps = mbps * 1000000ULL,
                                 .delay_us = rtt_ms * 500ULL,
                                 .loss_ppm = loss_ppm,
                                 .queue_bytes_max = mbps * 125ULL * rtt_ms};
}

static void path_up(struct path *path, u64_t seed, bool is_v6, const struct sim_conditions *c)
{
  memset(flow, 0, sizeof flow);
  path->sim = sim_new(seed);
  struct sim_link *link = sim_link_new(path->sim, "path", SIM_P2P);
  path->a = sim_node_new(path->sim, "a");
  path->b = sim_node_new(path->sim, "b");
  const char *mask = LWIP_IPV4 ? "255.255.255.0" : NULL;
  path->port = sim_attach(path->a, link, LWIP_IPV4 ? "10.0.0.1" : NULL, mask, NULL);
  struct sim_port *b = sim_attach(path->b, link, LWIP_IPV4 ? "10.0.0.2" : NULL, mask, NULL);
  strcpy(to_addr, "10.0.0.2");
  if (is_v6) {
    sim_port_add_ip6(path->port, "fd00::1");
    sim_port_add_ip6(b, "fd00::2");
    strcpy(to_addr, "fd00::2");
  }
  sim_link_set_conditions(link, c);
}

static void path_down(struct path *path)
{
  for (int i = 0; i < FLOWS_MAX; i++) {
    sim_assert(path->sim, flow[i].corrupted == 0 && !flow[i].is_failed);
  }
  sim_free(path->sim);
}

/** Mbit/s of one flow. */
static double goodput(u64_t seed, const char *cc, u32_t seconds, struct sim_conditions c)
{
  struct path path;
  path_up(&path, seed, !LWIP_IPV4, &c);
  flow[0].cc = cc;
  sim_flow_start(&flow[0], path.a, path.b, to_addr, 5001);
  sim_run_for(path.sim, seconds * SIM_SECOND);
  double mbps = (double)flow[0].received * 8 / seconds / 1e6;
  path_down(&path);
  return mbps;
}

static double mean_goodput(const char *cc, u32_t seeds, struct sim_conditions c)
{
  double sum = 0;
  for (u64_t seed = 1; seed <= seeds; seed++) {
    sum += goodput(seed, cc, 60, c);
  }
  return sum / seeds;
}

/** Without loss: the link is full but for headers and slow start. */
static void test_full_links(void **state)
{
  static const struct {
    u32_t mbps, rtt_ms, seconds;
  } links[] = {{10, 20, 60}, {10, 100, 60}, {100, 20, 6}, {100, 100, 24}};
  (void)state;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(links); i++) {
    double limit = links[i].mbps * PAYLOAD_LEN / FRAME_LEN;
    double mbps =
        goodput(1, "cubic", links[i].seconds, conditions(links[i].mbps, links[i].rtt_ms, 0));
    print_message("# %u Mbit/s, %u ms: %.2f of %.2f\n", (unsigned)links[i].mbps,
                  (unsigned)links[i].rtt_ms, mbps, limit);
    assert_true(mbps >= 0.95 * limit);
  }
}

/** Random loss on 100 Mbit/s with 20 ms: as good as theory has it, and better than with Reno. */
static void test_random_loss(void **state)
{
  (void)state;
  struct sim_conditions one = conditions(100, 20, 10000);
  struct sim_conditions three = conditions(100, 20, 30000);
  assert_true(mean_goodput("cubic", 3, one) >= 6);
  assert_true(mean_goodput("cubic", 3, three) >= 3);
  assert_true(mean_goodput("newreno", 5, one) >= 1.5 * mean_goodput("reno", 5, one));
  assert_true(mean_goodput("newreno", 5, three) >= 2 * mean_goodput("reno", 5, three));
}

static void start(struct sim *sim, void *ctx)
{
  struct sim_flow *f = (struct sim_flow *)ctx;
  (void)sim;
  sim_flow_start(f, f->from, f->to, to_addr, (u16_t)(5001 + f->number));
}

/** What `count` flows get of 20 Mbit/s in the second half of `seconds`. */
static void share(const char *const *cc, int count, u32_t seconds, double *mbps)
{
  struct path path;
  u64_t half[FLOWS_MAX];
  struct sim_conditions c = conditions(20, 20, 0);
  path_up(&path, 1, !LWIP_IPV4, &c);
  for (int i = 0; i < count; i++) {
    flow[i] = (struct sim_flow){.number = (u32_t)i, .cc = cc[i], .from = path.a, .to = path.b};
    sim_after(path.sim, (u64_t)i * 500 * SIM_MS, start, &flow[i]);
  }
  sim_run_for(path.sim, seconds / 2 * SIM_SECOND);
  for (int i = 0; i < count; i++) {
    half[i] = flow[i].received;
  }
  sim_run_for(path.sim, seconds / 2 * SIM_SECOND);
  for (int i = 0; i < count; i++) {
    mbps[i] = (double)(flow[i].received - half[i]) * 8 / (seconds / 2) / 1e6;
  }
  path_down(&path);
}

static void test_ten_cubic_flows_are_fair(void **state)
{
  static const char *const cc[FLOWS_MAX] = {"cubic", "cubic", "cubic", "cubic", "cubic",
                                            "cubic", "cubic", "cubic", "cubic", "cubic"};
  double mbps[FLOWS_MAX], sum = 0, squares = 0;
  (void)state;
  share(cc, FLOWS_MAX, 60, mbps);
  for (int i = 0; i < FLOWS_MAX; i++) {
    sum += mbps[i];
    squares += mbps[i] * mbps[i];
  }
  double jain = sum * sum / (FLOWS_MAX * squares);
  print_message("# Jain's index %.3f, together %.1f Mbit/s\n", jain, sum);
  assert_true(jain >= 0.9 && sum >= 0.9 * 20);
}

static void test_cubic_with_newreno(void **state)
{
  static const char *const cc[] = {"cubic", "newreno"};
  double mbps[2];
  (void)state;
  share(cc, 2, 40, mbps);
  print_message("# CUBIC %.1f, NewReno %.1f Mbit/s\n", mbps[0], mbps[1]);
  assert_true(mbps[0] >= 0.25 * 20 && mbps[1] >= 0.25 * 20);
}

/** RFC 3168: where the queue marks, nothing is lost, and the link is full nevertheless. */
static void run_ecn(bool is_v6, u64_t mark_min, u64_t mark_max)
{
  struct path path;
  struct sim_conditions c = conditions(50, 20, 0);
  c.queue_bytes_max *= 3;
  c.mark_bytes_min = mark_min;
  c.mark_bytes_max = mark_max;
  path_up(&path, 1, is_v6, &c);
  flow[0].has_ecn = true;
  sim_flow_start(&flow[0], path.a, path.b, to_addr, 5001);
  sim_run_for(path.sim, 10 * SIM_SECOND);
  const struct sim_counters *count = sim_port_counters(path.port, SIM_TX);
  double limit = 50 * (is_v6 ? 1428.0 : 1448.0) / FRAME_LEN;
  double mbps = (double)flow[0].received * 8 / 10 / 1e6;
  print_message("# %.2f of %.2f Mbit/s, %llu marked\n", mbps, limit,
                (unsigned long long)count->marked);
  sim_assert(path.sim, tcp_has_ecn(flow[0].source));
  sim_assert(path.sim, count->marked > 10);
  sim_assert(path.sim, count->queue_full == 0 && count->unmarkable == 0);
  sim_assert(path.sim, mbps >= 0.9 * limit);
  path_down(&path);
}

/** From half a bandwidth-delay product on all is marked. */
static void test_ecn_step(void **state)
{
  (void)state;
  run_ecn(!LWIP_IPV4, 62500, 62500);
}

/** The longer the queue, the more is marked. */
static void test_ecn_slope(void **state)
{
  (void)state;
  run_ecn(LWIP_IPV6, 60000, 250000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_full_links),
      cmocka_unit_test(test_random_loss),
      cmocka_unit_test(test_ten_cubic_flows_are_fair),
      cmocka_unit_test(test_cubic_with_newreno),
      cmocka_unit_test(test_ecn_step),
      cmocka_unit_test(test_ecn_slope),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
