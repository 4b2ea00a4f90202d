/**
 * @file
 * Flows that share one bottleneck, begun at random times: ten of CUBIC, then one of CUBIC with one
 * of NewReno. Prints what each got in the second half of the time, Jain's index, and the smallest
 * share of the link.
 *
 *     fairness [SEEDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/tcp_flow.h"

#define FLOWS_MAX 10
#define SECONDS   120
#define RATE_MBPS 50
#define RTT_MS    20

static struct sim_flow flow[FLOWS_MAX];

static void start(struct sim *sim, void *ctx)
{
  struct sim_flow *f = (struct sim_flow *)ctx;
  (void)sim;
  sim_flow_start(f, f->from, f->to, "10.0.0.2", (u16_t)(5001 + f->number));
}

/** Mbit/s of each in the second half. */
static void run(u64_t seed, int flows, const char *const *cc, double *mbps)
{
  struct sim *sim = sim_new(seed);
  struct sim_link *link = sim_link_new(sim, "path", SIM_P2P);
  struct sim_node *a = sim_node_new(sim, "a");
  struct sim_node *b = sim_node_new(sim, "b");
  struct sim_conditions c = {.rate_bps = RATE_MBPS * 1000000ULL,
                             .delay_us = RTT_MS * 500,
                             .queue_bytes_max = RATE_MBPS * 125ULL * RTT_MS};
  u64_t half[FLOWS_MAX];
  sim_attach(a, link, "10.0.0.1", "255.255.255.0", NULL);
  sim_attach(b, link, "10.0.0.2", "255.255.255.0", NULL);
  sim_link_set_conditions(link, &c);
  memset(flow, 0, sizeof flow);
  struct sim_random when;
  sim_random_init(&when, sim, "start of flows");
  for (int i = 0; i < flows; i++) {
    flow[i] = (struct sim_flow){.number = (u32_t)i, .cc = cc[i], .from = a, .to = b};
    sim_at(sim, sim_random_below(&when, 7 * SIM_SECOND), start, &flow[i]);
  }
  sim_run_for(sim, SECONDS / 2 * SIM_SECOND);
  for (int i = 0; i < flows; i++) {
    half[i] = flow[i].received;
  }
  sim_run_for(sim, SECONDS / 2 * SIM_SECOND);
  for (int i = 0; i < flows; i++) {
    mbps[i] = (double)(flow[i].received - half[i]) * 8 / (SECONDS / 2) / 1e6;
  }
  sim_free(sim);
}

static void report(const char *name, u64_t seed, int flows, const char *const *cc)
{
  double mbps[FLOWS_MAX];
  double sum = 0, squares = 0, least = 1e9;
  run(seed, flows, cc, mbps);
  printf("%-13s seed %2llu:", name, (unsigned long long)seed);
  for (int i = 0; i < flows; i++) {
    printf(" %5.2f", mbps[i]);
    sum += mbps[i];
    squares += mbps[i] * mbps[i];
    least = mbps[i] < least ? mbps[i] : least;
  }
  printf("  Jain %.3f, least %.1f %% of the link, together %.1f %%\n",
         sum * sum / (flows * squares), 100 * least / RATE_MBPS, 100 * sum / RATE_MBPS);
  fflush(stdout);
}

int main(int argc, char **argv)
{
  static const char *const cubic[FLOWS_MAX] = {"cubic", "cubic", "cubic", "cubic", "cubic",
                                               "cubic", "cubic", "cubic", "cubic", "cubic"};
  static const char *const mixed[] = {"cubic", "newreno"};
  int seeds = argc > 1 ? atoi(argv[1]) : 3;
  for (int seed = 1; seed <= seeds; seed++) {
    report("ten cubic", (u64_t)seed, FLOWS_MAX, cubic);
  }
  for (int seed = 1; seed <= seeds; seed++) {
    report("cubic newreno", (u64_t)seed, 2, mixed);
  }
  return 0;
}
