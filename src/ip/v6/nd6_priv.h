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
#include "lwip/priv/nd6_hooks.h"
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
  u16_t queued;       /* packets in `queue` */
  u8_t lladdr[NETIF_MAX_HWADDR_LEN];
  u8_t state; /* enum neighbor_state; ND6_FREE */
  u8_t tries; /* INCOMPLETE, PROBE: solicitations sent */
  bool is_router;
  bool is_wanted; /* we sent to it ever, beyond answering its solicitations */
};

/** How much an entry may take to be made: no more than the worth of who has to go for it. */
enum nd6_worth {
  ND6_WORTH_FREE,
  ND6_WORTH_STRANGER, /* we never sent to it */
  ND6_WORTH_IDLE,     /* a stranger who talks to us may take entries of up to here */
  ND6_WORTH_PENDING,
  ND6_WORTH_LIVE, /* our own sending may take entries of up to here */
  ND6_WORTH_ROUTER,
  ND6_WORTH_STATIC
};

/** What a message says of its sender's being a router. */
enum nd6_role { ND6_ROLE_UNSAID, ND6_ROLE_ROUTER, ND6_ROLE_HOST };

static inline u32_t nd6_elapsed_ms(u32_t since_ms)
{
  return stack_now() - since_ms;
}

static inline bool nd6_is_resolved(const struct nd6_neighbor *e)
{
  return e->state >= NEIGHBOR_STALE;
}

/* --- the cache (nd6_cache.c) --- */

/** A hash that nobody outside can aim at. Zones do not count. */
u32_t nd6_hash(const ip6_addr_t *addr);

/** Entry number `i` below LWIP_ND6_NUM_NEIGHBORS. */
struct nd6_neighbor *nd6_neighbor_at(unsigned i);

/** The neighbour's entry, or NULL. `addr` with or without zone: it is on the link of `netif`. */
struct nd6_neighbor *nd6_neighbor_find(const struct netif *netif, const ip6_addr_t *addr);

/** A new entry, INCOMPLETE and not asked for yet; NULL: all are worth more than `worth_max`. */
struct nd6_neighbor *nd6_neighbor_create(struct netif *netif, const ip6_addr_t *addr,
                                         enum nd6_worth worth_max);

/** Give it up; packets that wait are dropped for that reason. */
void nd6_neighbor_release(struct nd6_neighbor *e, enum drop_reason why);

/** Release all entries of a netif; NULL: of all. */
void nd6_neighbors_release(const struct netif *netif, bool with_static, enum drop_reason why);

/** The instance ends: release all, forget when whom was asked. */
void nd6_cache_fini(void);

/** When the address was asked for last, also if its entry had to go in between: may it be now? */
bool nd6_may_ask(const struct nd6_neighbor *e);
void nd6_note_asked(const struct nd6_neighbor *e);

/* --- what becomes of entries (nd6_nud.c) --- */

/**
 * Is it worth sending to this neighbour (RFC 4861 6.3.6)? Everything but "we are asking for it and
 * have no answer yet" is; so is one that nobody asked for yet.
 */
bool nd6_neighbor_may_be_reachable(const struct netif *netif, const ip6_addr_t *addr);

/** Anything may be a link-layer address but a group's, and zeros, on media with such bits. */
bool nd6_lladdr_is_bad(const struct nd6_lladdr *ll);

/**
 * A neighbour spoke of itself, in a solicitation, an advertisement of a router, or somebody else
 * did in a redirect (RFC 4861 6.2.6, 6.3.4, 7.2.3, 8.3). Not for neighbour advertisements. With
 * ND6_ROLE_HOST listeners may hear of a router lost, so that the netif may be gone afterwards.
 *
 * @param addr  unicast, not ours
 * @param ll    its link-layer address option; NULL or empty: none, so no entry is made
 */
void nd6_neighbor_learn(struct netif *netif, const ip6_addr_t *addr, const struct nd6_lladdr *ll,
                        enum nd6_role role);

/** A neighbour advertisement (RFC 4861 7.2.5). The netif may be gone afterwards.
    @return why nothing came of it, or DROP_NONE */
enum drop_reason nd6_neighbor_advertised(struct nd6_neighbor *e, const struct nd6_na *na);

/** Its state now: REACHABLE becomes STALE here. */
enum neighbor_state nd6_neighbor_state(struct nd6_neighbor *e);

/** It is reachable: it answered us, or an upper layer makes progress (RFC 4861 7.3.1). */
void nd6_neighbor_confirm(struct nd6_neighbor *e);

/** A packet is sent to it now. */
void nd6_neighbor_use(struct nd6_neighbor *e);

/** A new INCOMPLETE entry: begin to ask. May end with the entry being resolved or gone. */
void nd6_neighbor_resolve(struct nd6_neighbor *e);

/** Find out whether it is there, without a packet to send. Nothing if that is under way. */
void nd6_neighbor_probe(struct netif *netif, const ip6_addr_t *addr);

/** Its link-layer address is known: send what waits. The entry may be gone afterwards. */
void nd6_neighbor_flush(struct nd6_neighbor *e);

/* --- packets that wait (nd6_queue.c) --- */

/**
 * Let `p` wait; it is held by reference, or copied if its memory is volatile.
 *
 * @return ERR_OK; ERR_MEM: no memory, or ESP_ND6_QUEUEING and too many wait
 */
err_t nd6_queue_add(struct nd6_neighbor *e, struct pbuf *p);

/** The oldest packet that waits, the caller's now; NULL: none. */
struct pbuf *nd6_queue_take(struct nd6_neighbor *e);

/** The same, to be looked at only. */
const struct pbuf *nd6_queue_first(const struct nd6_neighbor *e);

/* --- next hops (nd6_next_hop.c, nd6_redirect.c) --- */

/** While packets of a neighbour's queue are sent, `next_hop` is one: nobody asks for a way there.
 */
const ip6_addr_t *nd6_direct_set(const ip6_addr_t *next_hop);

/** A redirect says that `dst` is best reached by `next_hop`. */
void nd6_destination_set(struct netif *netif, const ip6_addr_t *dst, const ip6_addr_t *next_hop);

/** The next hop that a redirect told for `dst`, or NULL. */
const ip6_addr_t *nd6_destination_find(const struct netif *netif, const ip6_addr_t *dst);

/** Forget the redirects of a netif. */
void nd6_destinations_forget(const struct netif *netif);

/** The instance ends: forget everything, what upper layers said too. */
void nd6_next_hop_fini(void);

/** A redirect came. @return why it is not believed, or DROP_NONE */
enum drop_reason nd6_redirect_heard(const struct nd6_redirect *rd, const struct ip_rx *rx);

/* --- sending (nd6_send.c, nd6_proxy.c) --- */

/** Ask for a neighbour, by unicast or multicast (RFC 4861 7.2.2, 7.3.3). */
void nd6_solicit(struct nd6_neighbor *e, bool is_unicast);

/** Tell the sender of a packet that its neighbour does not answer (RFC 4861 7.2.2). `p` starts at
   its IPv6 header and stays the caller's. */
void nd6_report_unreachable(struct pbuf *p);

#endif /* LWIP_IPV6 && LWIP_ND6 */

#endif /* IP_V6_ND6_PRIV_H */
