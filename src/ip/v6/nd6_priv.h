/**
 * @file
 * The neighbour cache, as the files of Neighbor Discovery share it.
 */
#ifndef IP_V6_ND6_PRIV_H
#define IP_V6_ND6_PRIV_H

#include <stdbool.h>
#include "lwip/ip6_addr.h"
#include "lwip/nd6.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/nd6.h"
#include "gossamer/drop.h"
#include "gossamer/neighbor.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "ip/v6/nd6_module.h"
#include "wire/nd6.h"

#if LWIP_IPV6 && LWIP_ND6

/*
 * Life of an entry (RFC 4861 7.3.2, appendix C):
 *
 *   FREE -- we send to it --> INCOMPLETE -- solicited answer --> REACHABLE <--------------+
 *     ^                        |      |                             |                     |
 *     |  asked 3 times,        |      | any other answer            | reachable time      |
 *     +-- nobody answers ------+      v                             v over (no timer)     |
 *     |                              STALE <------------------------+                     |
 *     |                               |                                                   |
 *     |                               | sent to          nobody confirms        answer,   |
 *     |                               v                  for 5 s                progress  |
 *     |                              DELAY -----------------> PROBE ----------------------+
 *     |                                                        | asked 3 times,
 *     +--------------------------------------------------------+ nobody answers
 *
 * What others say by themselves makes entries STALE. STATIC ones never change. Timers run for
 * INCOMPLETE, DELAY and PROBE alone, so that a silent network costs no wake-up.
 */
#define ND6_FREE 0 /* a state beside those of enum neighbor_state */

enum {
  /* A neighbour that we sent to within this time is alive: no stranger takes its entry. */
  ND6_LIVE_MS = 60000
};

struct nd6_neighbor {
  struct nd6_neighbor *next; /* in its bucket; entries that are not FREE are in one */
  struct netif *netif;
  void *queue;     /* INCOMPLETE: packets that wait (nd6_queue.c), else NULL */
  ip6_addr_t addr; /* with its zone */
  struct timer timer;
  u32_t confirmed_ms; /* REACHABLE: since then */
  u32_t used_ms;      /* we last sent to it, or made it */
  u8_t lladdr[NETIF_MAX_HWADDR_LEN];
  u8_t state;  /* enum neighbor_state; ND6_FREE */
  u8_t tries;  /* INCOMPLETE, PROBE: solicitations sent */
  u8_t queued; /* packets in `queue` */
  bool is_router;
  bool is_known_to_send; /* we sent to it ever */
};

/** What a message says of its sender's being a router. */
enum nd6_role { ND6_ROLE_UNSAID, ND6_ROLE_ROUTER, ND6_ROLE_HOST };

/** The neighbour's entry, or NULL. `addr` with or without zone: it is on the link of `netif`. */
struct nd6_neighbor *nd6_neighbor_find(const struct netif *netif, const ip6_addr_t *addr);

/**
 * Is it worth sending to this neighbour (RFC 4861 6.3.6)? Everything but "we are asking for it and
 * have no answer yet" is; so is one that nobody asked for yet.
 */
bool nd6_neighbor_may_be_reachable(const struct netif *netif, const ip6_addr_t *addr);

/**
 * A neighbour spoke of itself, in a solicitation, an advertisement of a router, or somebody else
 * did in a redirect (RFC 4861 6.2.6, 6.3.4, 7.2.3, 8.3). Not for neighbour advertisements.
 *
 * @param addr  unicast, not ours
 * @param ll    its link-layer address option; NULL or empty: none, so no entry is made
 */
void nd6_neighbor_learn(struct netif *netif, const ip6_addr_t *addr, const struct nd6_lladdr *ll,
                        enum nd6_role role);

#endif /* LWIP_IPV6 && LWIP_ND6 */

#endif /* IP_V6_ND6_PRIV_H */
