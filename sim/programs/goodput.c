/**
 * @file
 * One bulk flow over one bottleneck with a queue of one bandwidth-delay product, 60 s of virtual
 * time: what arrives, per rate, round trip, loss and sender, the mean of several seeds. Prints one
 * line per case: rate, RTT, loss, sender, goodput, its share of the link, what is to be expected.
 *
 *     goodput [SEEDS [RATE_MBPS RTT_MS LOSS_PPM [SENDER]]]
 *
 * Senders: cubic, newreno (both with SACK), reno-nosack (RFC 5681 alone). The share is of what the
 * link carries of payload when every frame is full and none is sent in vain. To be expected is
 * that, or less where a sender's response to random loss says so: Reno's by Mathis et al. (1997),
 * CUBIC's by RFC 9438 5, or Reno's where that is more (4.3). Both know nothing of timeouts.
 *
 * Without loss nothing is random, so one seed is run.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/tcp_flow.h"

#define SECONDS 60
/* A full frame without preamble and FCS, and what it carries besides headers and timestamps. */
#define FRAME_LEN   1514.0
#define PAYLOAD_LEN 1448.0

struct path {
  double mbps, rtt_ms;
  u32_t loss_ppm;
};

/** Mbit/s that the link carries of payload. */
static double capacity(const struct path *path)
{
  return path->mbps * PAYLOAD_LEN / FRAME_LEN * (1 - path->loss_ppm / 1e6);
}

/** Segments per round trip of Reno with loss rate p, which counts bytes (RFC 3465). */
static double reno_window(const struct path *path, double p)
{
  (void)path;
  return sqrt(1.5 / p);
}

static double cubic_window(const struct path *path, double p)
{
  const double c = 0.4, beta = 0.7;
  double w = pow(c * (3 + beta) / (4 * (1 - beta)), 0.25) * pow(path->rtt_ms / 1e3 / p, 0.75);
  return fmax(w, reno_window(path, p));
}

struct sender {
  const char *name, *cc;
  double (*window)(const struct path *path, double p);
};

static const struct sender senders[] = {{"cubic", "cubic", cubic_window},
                                        {"newreno", "newreno", reno_window},
                                        {"reno-nosack", "reno", reno_window}};

/** Mbit/s to be expected. */
static double expectation(const struct path *path, const struct sender *sender)
{
  if (path->loss_ppm == 0) {
    return capacity(path);
  }
  double rtt_ms = path->rtt_ms + FRAME_LEN * 8 / 1e3 / path->mbps;
  double w = sender->window(path, path->loss_ppm / 1e6);
  return fmin(capacity(path), w * PAYLOAD_LEN * 8 / rtt_ms / 1e3);
}

static double run(const struct path *path, const struct sender *sender, u64_t seed)
{
  static struct sim_flow flow;
  memset(&flow, 0, sizeof flow);
  flow.cc = sender->cc;
  struct sim *sim = sim_new(seed);
  struct sim_link *link = sim_link_new(sim, "path", SIM_P2P);
  struct sim_node *a = sim_node_new(sim, "a");
  struct sim_node *b = sim_node_new(sim, "b");
  sim_attach(a, link, "10.0.0.1", "255.255.255.0", NULL);
  sim_attach(b, link, "10.0.0.2", "255.255.255.0", NULL);
  struct sim_conditions c = {.rate_bps = (u64_t)(path->mbps * 1e6),
                             .delay_us = (u64_t)(path->rtt_ms * 500),
                             .loss_ppm = path->loss_ppm,
                             .queue_bytes_max = (u64_t)(path->mbps * 1e3 * path->rtt_ms / 8)};
  sim_link_set_conditions(link, &c);
  sim_flow_start(&flow, a, b, "10.0.0.2", 5001);
  sim_run_for(sim, SECONDS * SIM_SECOND);
  double goodput = (double)flow.received * 8 / SECONDS / 1e6;
  if (flow.corrupted != 0 || flow.is_failed) {
    printf("seed %llu: %llu bytes corrupted, error %d\n", (unsigned long long)seed,
           (unsigned long long)flow.corrupted, flow.error);
    exit(1);
  }
  sim_free(sim);
  return goodput;
}

static void report(const struct path *path, const struct sender *sender, int seeds)
{
  double sum = 0;
  seeds = path->loss_ppm == 0 ? 1 : seeds;
  for (int seed = 1; seed <= seeds; seed++) {
    sum += run(path, sender, (u64_t)seed);
  }
  double mean = sum / seeds;
  double limit = capacity(path);
  printf("%5.0f Mbit/s %4.0f ms %5.2f %%  %-11s %7.2f Mbit/s %6.1f %% of %6.2f, expected %6.2f\n",
         path->mbps, path->rtt_ms, path->loss_ppm / 1e4, sender->name, mean, 100 * mean / limit,
         limit, expectation(path, sender));
  fflush(stdout);
}

static void report_all(const struct path *path, const char *name, int seeds)
{
  for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++) {
    if (name == NULL || strcmp(name, senders[i].name) == 0) {
      report(path, &senders[i], seeds);
    }
  }
}

int main(int argc, char **argv)
{
  static const double rates[] = {10, 100};
  static const double rtts[] = {20, 100};
  static const u32_t losses[] = {0, 1000, 10000, 30000};
  int seeds = argc > 1 ? atoi(argv[1]) : 10;
  if (argc >= 5) {
    report_all(&(struct path){atof(argv[2]), atof(argv[3]), (u32_t)atoi(argv[4])},
               argc > 5 ? argv[5] : NULL, seeds);
    return 0;
  }
  for (size_t i = 0; i < 16; i++) {
    report_all(&(struct path){rates[i / 8], rtts[i / 4 % 2], losses[i % 4]}, NULL, seeds);
  }
  return 0;
}
