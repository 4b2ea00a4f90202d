/**
 * @file
 * A SYN flood: a server with a small backlog, somebody who sends it SYNs from random addresses that
 * will never answer, and clients who mean it, all behind one gateway.
 *
 * A genuine client connects, asks, and is served when the answer has come; one that was connected
 * before the flood asks when it has lasted for a while.
 */
#ifndef SIM_FLOOD_H
#define SIM_FLOOD_H

#include "sim.h"

/** What to do. Both families take turns where the build has them. */
struct flood_plan {
  u32_t syns_per_s;
  u32_t duration_s; /* at least 4: clients come until 3 s before its end */
  u32_t clients;
  u32_t loss_ppm; /* of every frame, on the link of the server */
  u8_t backlog;
};

struct flood_result {
  u32_t syns;      /* sent by the attacker */
  u32_t syn_acks;  /* sent to nobody by the server */
  u32_t connected; /* clients that were connected within 3 s */
  u32_t served;    /* ... and had the answer by then */
  bool is_old_served;
  u32_t half_open_max, pcbs_max; /* most records and connections at once at the server */
  u64_t bytes_max;               /* of all its pools together beyond what was in use before */
  u32_t left; /* elements of its pools in use when all was over, beyond those from before */
};

void flood_run(u64_t seed, const struct flood_plan *plan, struct flood_result *result);

#endif /* SIM_FLOOD_H */
