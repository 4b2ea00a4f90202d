/**
 * @file
 * Many idle connections in one instance: what they wake, and what memory one takes.
 */
#ifndef SIM_IDLE_H
#define SIM_IDLE_H

#include "sim/sim.h"

struct idle_result {
  u32_t accepted;
  u32_t connected;
  u32_t failed;
  u64_t events;      /* of anything in an idle minute */
  u32_t timers;      /* that the server has set then */
  u32_t echoed;      /* of the connections asked for it afterwards, those that still stand */
  size_t heap_bytes; /* per connection, one end; 0: not known */
};

/** `count` connections from ten clients to one server; ask `probes` of them at the end. */
void idle_run(u32_t count, u32_t probes, struct idle_result *r);

#endif /* SIM_IDLE_H */
