/**
 * @file
 * Random TCP scenarios: some connections between two hosts, directly or through a router, under
 * faults of every kind that end after a while. What must hold whatever happened:
 *
 *  - each end is given a prefix of what the other wrote, unchanged, and the end of it only if that
 *    was said and all had come;
 *  - each end comes to its end in bounded time: both directions closed, or an error told;
 *  - where nothing but mild loss, delay, duplication, reordering, congestion marks and smaller
 *    links that say so happened, nothing fails;
 *  - afterwards no memory is in use;
 *  - the connections' own bookkeeping is right all the time (sim/tcp_invariants.h).
 *
 * A scenario follows from its seed alone.
 */
#ifndef SIM_SOAK_H
#define SIM_SOAK_H

#include "sim.h"

/** What one scenario did. */
struct soak_result {
  u64_t seed;
  bool is_ok;
  char why[200]; /* what did not hold first */
  u32_t connections;
  u32_t completed; /* ends that closed both directions */
  u32_t failed;    /* ends that were told an error */
  u32_t reboots, failed_allocations;
  u64_t bytes; /* delivered */
  u64_t events;
  u64_t virtual_us;
  char faults[200]; /* what was switched on, in words */
};

/** Run one. @param pcap  gets a capture of the first host's port; NULL: none */
void soak_run(u64_t seed, struct soak_result *result, FILE *pcap);

#endif /* SIM_SOAK_H */
