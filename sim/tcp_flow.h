/**
 * @file
 * Bulk TCP flows between nodes: a source that always has data, a sink that checks them.
 *
 * The byte at offset n of a flow is a function of the flow's number and n, so that the sink knows
 * at once when something was changed, lost or repeated.
 */
#ifndef SIM_TCP_FLOW_H
#define SIM_TCP_FLOW_H

#include "sim.h"
#include "lwip/tcp.h"

/** One flow. The first members may be set before sim_flow_start(), all are read-only behind it. */
struct sim_flow {
  u32_t number;
  const char *cc;                            /* of the source; NULL: the default */
  bool has_ecn;                              /* the source asks for it */
  u64_t total;                               /* bytes to send; 0: without end */
  u64_t written;                             /* handed to TCP */
  u64_t received;                            /* checked at the sink */
  u64_t corrupted;                           /* bytes that were not what they should be */
  bool is_connected, is_finished, is_failed; /* finished: the sink saw the end */
  err_t error;
  struct tcp_pcb *source, *sink; /* NULL when gone */
  struct sim_node *from, *to;
};

/**
 * Listen at `to` and connect from `from`; data flow from the connecting side. The flow must live as
 * long as the simulation.
 *
 * @param addr  of `to`
 */
void sim_flow_start(struct sim_flow *flow, struct sim_node *from, struct sim_node *to,
                    const char *addr, u16_t port);

#endif /* SIM_TCP_FLOW_H */
