/**
 * @file
 * SYN flood against a server with a backlog of 16 (sim/flood.h): who is served meanwhile, and what
 * memory it takes.
 *
 *     flood [--rate SYNS_PER_SECOND] [--seconds N] [--clients N] [--seed K]
 *
 * Ends with 1 when less than 95 % of the genuine clients were served within 3 s, or memory was not
 * within its bound.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/flood.h"

static int usage(void)
{
  fprintf(stderr, "usage: flood [--rate SYNS_PER_SECOND] [--seconds N] [--clients N] [--seed K]\n");
  return 2;
}

int main(int argc, char **argv)
{
  struct flood_plan plan = {
      .syns_per_s = 100000, .duration_s = 30, .clients = 1000, .loss_ppm = 10000, .backlog = 16};
  u64_t seed = 1;
  struct flood_result r;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc) {
      return usage();
    }
    u32_t value = (u32_t)strtoul(argv[i + 1], NULL, 0);
    if (strcmp(argv[i], "--rate") == 0) {
      plan.syns_per_s = value;
    } else if (strcmp(argv[i], "--seconds") == 0 && value >= 4) {
      plan.duration_s = value;
    } else if (strcmp(argv[i], "--clients") == 0) {
      plan.clients = value;
    } else if (strcmp(argv[i], "--seed") == 0) {
      seed = value;
    } else {
      return usage();
    }
  }
  flood_run(seed, &plan, &r);
  printf("%u SYNs in %u s (%u answered), backlog %u, %u.%u %% loss\n", r.syns, plan.duration_s,
         r.syn_acks, plan.backlog, plan.loss_ppm / 10000, plan.loss_ppm / 1000 % 10);
  printf("%u genuine clients: %u connected within 3 s, %u served; the one from before: %s\n",
         plan.clients, r.connected, r.served, r.is_old_served ? "served" : "not served");
  printf(
      "most at once: %u half-open, %u connections, %llu bytes of pools; left over: %u elements\n",
      r.half_open_max, r.pcbs_max, (unsigned long long)r.bytes_max, r.left);
  bool is_ok = r.served >= plan.clients * 95ULL / 100 && r.is_old_served &&
               r.half_open_max <= plan.backlog && r.left == 0;
  return is_ok ? 0 : 1;
}
