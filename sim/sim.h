/**
 * @file
 * Deterministic network simulator: any number of stack instances on virtual links, in virtual time,
 * in one thread.
 *
 *     struct sim *sim = sim_new(seed);
 *     struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
 *     struct sim_node *a = sim_node_new(sim, "a");
 *     struct sim_node *b = sim_node_new(sim, "b");
 *     sim_attach(a, lan, "10.0.0.1", "255.255.255.0", NULL);
 *     sim_attach(b, lan, "10.0.0.2", "255.255.255.0", NULL);
 *     sim_link_set_conditions(lan, &(struct sim_conditions){.delay_us = 500, .loss_ppm = 10000});
 *     sim_enter(a);
 *     ... any call of the stack's API, as node a ...
 *     sim_leave(a);
 *     sim_run_for(sim, 10 * SIM_SECOND);
 *     sim_free(sim);
 *
 * What a run does follows from its seed and the calls made: the same program with the same seed
 * sends the same bytes at the same microseconds. All that is random is drawn from named sub-streams
 * of the seed (sim_random_init()), one per purpose and place, so that switching on one fault does
 * not change what another one draws. Print sim_seed() when a test fails.
 *
 * Nothing costs time when nothing happens: the clock jumps from event to event, and a stack without
 * timers has no events.
 *
 * Callbacks of the stack (udp_recv() and so on) run as the node that they belong to. They may send,
 * sim_enter() other nodes, and sim_at(); they must not run or free the simulation.
 *
 * Needs LWIP_MULTI_INSTANCE 1. Memory that the simulator itself cannot get ends the program.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stdio.h>
#include "lwip/netif.h"
#include "gossamer/stack.h"

struct sim;
struct sim_node;
struct sim_link;
struct sim_port;
struct sim_capture;

/* Times are in microseconds from the start of the simulation. */
#define SIM_MS     1000ULL
#define SIM_SECOND 1000000ULL

/* --- the simulation --- */

struct sim *sim_new(u64_t seed);

/** Ends all stacks; links, nodes and captures are gone with it. Files stay the caller's. */
void sim_free(struct sim *sim);

u64_t sim_seed(const struct sim *sim);
u64_t sim_now_us(const struct sim *sim);

/** Events that have happened: a measure of work. */
u64_t sim_event_count(const struct sim *sim);

typedef void (*sim_fn)(struct sim *sim, void *ctx);

/** Call `fn` at a time (in the past: now). Events of one microsecond happen in the order of calls.
 */
void sim_at(struct sim *sim, u64_t at_us, sim_fn fn, void *ctx);
void sim_after(struct sim *sim, u64_t delay_us, sim_fn fn, void *ctx);

/** Let everything up to and including `until_us` happen; the clock then stands there. */
void sim_run_until(struct sim *sim, u64_t until_us);
void sim_run_for(struct sim *sim, u64_t duration_us);

/** Run until nothing is left to happen, but not beyond `until_us`. True: nothing is left. */
bool sim_run_until_idle(struct sim *sim, u64_t until_us);

/* --- randomness --- */

/** One sub-stream. */
struct sim_random {
  u64_t state;
};

/** The stream of this name in this simulation: equal names, equal numbers. */
void sim_random_init(struct sim_random *r, const struct sim *sim, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
u64_t sim_random_u64(struct sim_random *r);
/** 0 to n - 1, each equally likely; n at least 1. */
u64_t sim_random_below(struct sim_random *r, u64_t n);
/** True `ppm` times in a million. */
bool sim_random_hits(struct sim_random *r, u32_t ppm);

/* --- nodes: one stack each --- */

/** @param name  copied; names its sub-stream, so it should be unique */
struct sim_node *sim_node_new(struct sim *sim, const char *name);
const char *sim_node_name(const struct sim_node *node);
struct sim *sim_node_sim(const struct sim_node *node);

/** Make calls as this node; pairs nest, across nodes, too. */
void sim_enter(struct sim_node *node);
void sim_leave(struct sim_node *node);

/** The node that is entered now; NULL: none. */
struct sim_node *sim_current(struct sim *sim);

/** What a node does when it (re)starts: called as the node, by sim_node_reboot() after its netifs
    are back. */
void sim_node_set_boot(struct sim_node *node, void (*boot)(struct sim_node *node, void *ctx),
                       void *ctx);

/** Power cycle: all of its stack's state is gone, its netifs come back as they were attached. */
void sim_node_reboot(struct sim_node *node);

/* --- links --- */

enum sim_link_kind {
  SIM_P2P,   /* a cable: two ports */
  SIM_HUB,   /* one medium shared by all ports, every frame reaches all others */
  SIM_SWITCH /* learns where addresses are, a queue towards each port */
};

/**
 * What happens to frames on one way through a cable. All zero: nothing, at once.
 *
 * Order: too long, queue full (both lost at once), marked; then the transmitter sends frame after
 * frame at the rate, and each frame meets its fate: loss (Bernoulli, then Gilbert-Elliott),
 * corruption, duplication, delay. Probabilities are in parts per million.
 */
struct sim_conditions {
  u64_t rate_bps; /* bits per second of frames without preamble and FCS; 0: infinite */
  u64_t delay_us;
  u64_t jitter_us;        /* 0 to this is added to the delay, never reordering frames ... */
  bool is_jitter_unfair;  /* ... unless this is set */
  u32_t queue_frames_max; /* frames that wait, without the one being sent; 0: no limit */
  u64_t queue_bytes_max;  /* likewise their bytes */
  /* Active queue management: of frames that find from mark_bytes_min to mark_bytes_max waiting an
     ever larger part, of those that find more all, are marked "congestion experienced" (RFC 3168
     5), or lost if their sender knows nothing of ECN. Switched on by mark_bytes_max. */
  u64_t mark_bytes_min, mark_bytes_max;
  u32_t mark_ppm; /* marked whatever waits, if the sender knows ECN */
  u32_t loss_ppm;
  /* Gilbert-Elliott: a state per frame, good or bad, each with its loss (Gilbert: 0 and 1,000,000).
     Switched on by good_to_bad_ppm. */
  u32_t good_to_bad_ppm, bad_to_good_ppm, loss_good_ppm, loss_bad_ppm;
  u32_t duplicate_ppm; /* arrives twice, one right behind the other */
  u32_t corrupt_ppm;   /* one random bit is flipped */
  u32_t reorder_ppm;   /* held back by reorder_us, so that later ones overtake it */
  u64_t reorder_us;
  u32_t frame_len_max; /* longer frames vanish: a path MTU black hole; 0: no limit */
};

/** What happened so far. sent = delivered + all the losses - duplicated, once nothing is in flight.
 */
struct sim_counters {
  u64_t sent, sent_bytes;
  u64_t delivered, delivered_bytes;
  u64_t lost; /* by loss_ppm and Gilbert-Elliott */
  u64_t queue_full;
  u64_t marked, unmarkable; /* by mark_bytes_max, mark_ppm */
  u64_t too_long;
  u64_t cut; /* carrier down, partition */
  u64_t corrupted, duplicated, reordered;
};

struct sim_link *sim_link_new(struct sim *sim, const char *name, enum sim_link_kind kind);

/** Directions as a node sees them. */
enum sim_direction { SIM_TX, SIM_RX };

/**
 * Conditions for all ports, present and future. SIM_P2P and SIM_HUB: from a sender to a receiver
 * once; SIM_SWITCH: to the switch and again from it, so delays count twice.
 */
void sim_link_set_conditions(struct sim_link *link, const struct sim_conditions *conditions);

/** For one port and direction. SIM_TX of a SIM_HUB is shared by all ports. */
void sim_port_set_conditions(struct sim_port *port, enum sim_direction direction,
                             const struct sim_conditions *conditions);

const struct sim_counters *sim_port_counters(const struct sim_port *port,
                                             enum sim_direction direction);

/**
 * Attach a node by a new Ethernet netif, MTU 1500, with an IPv4 address; it is up, and the node's
 * default netif if `gw` is given.
 *
 * @param ip  NULL: none, nor mask; builds without IPv4 know no other
 * @param gw  NULL: none
 */
struct sim_port *sim_attach(struct sim_node *node, struct sim_link *link, const char *ip,
                            const char *mask, const char *gw);

/**
 * Switch IPv6 on, as a host does it: a link-local address made of the MAC, duplicate address
 * detection, router solicitations, autoconfiguration. Again after every reboot.
 */
void sim_port_start_ip6(struct sim_port *port);

/** sim_attach() without an IPv4 address, and sim_port_start_ip6(). */
struct sim_port *sim_attach_ip6(struct sim_node *node, struct sim_link *link);

/** A static IPv6 address with a prefix of 64 bits, without a look for duplicates; again after every
 * reboot. */
void sim_port_add_ip6(struct sim_port *port, const char *addr);

/** A static default route; again after every reboot. */
void sim_port_add_gateway6(struct sim_port *port, const char *gateway);

struct netif *sim_port_netif(struct sim_port *port);
struct sim_node *sim_port_node(const struct sim_port *port);

/** Lower the netif's MTU (not the link's). */
void sim_port_set_mtu(struct sim_port *port, u16_t mtu);

/** Have the port's hardware cut and sum TCP segments, of what it sends: NETIF_OFFLOAD_*
 * (gossamer/offload.h). Also after a reboot. */
void sim_port_offload(struct sim_port *port, u8_t features);

/** Plug the cable out or in: the netif's link goes down or up, frames under way are lost. */
void sim_port_set_carrier(struct sim_port *port, bool is_up);

/**
 * From now on plug out and in again and again, staying up and down for random times between half
 * and one and a half of these means. up_us 0: stop, plugged in.
 */
void sim_port_flap(struct sim_port *port, u64_t up_us, u64_t down_us);

/** Frames pass between ports of equal groups only; all are in group 0 at first. Nodes do not
 * notice. */
void sim_port_set_group(struct sim_port *port, u32_t group);

/** All ports in one group again. */
void sim_link_heal(struct sim_link *link);

/* --- capture --- */

/** A pcapng capture with virtual time stamps; `f` stays the caller's, to be closed after
 * sim_free(). */
struct sim_capture *sim_capture_new(struct sim *sim, FILE *f);

/** Everything that is sent into this link, lost or not, as it is sent. */
void sim_capture_link(struct sim_capture *c, struct sim_link *link);

/** What one port sends and what it receives. */
void sim_capture_port(struct sim_capture *c, struct sim_port *port);

#endif /* SIM_H */
