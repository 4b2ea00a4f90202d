/**
 * @file
 * The neighbour cache, as the files of ARP share it.
 */
#ifndef LINK_ARP_PRIV_H
#define LINK_ARP_PRIV_H

#include <stdbool.h>
#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/etharp.h"
#include "gossamer/drop.h"
#include "gossamer/stack.h"
#include "wire/arp.h"

/*
 * Life of an entry:
 *
 *   FREE -- we send to it --> PENDING -- answer --> STABLE <-- same address again --+
 *     ^                         | 5 requests,         |                            |
 *     |                         v none answered       | sent to in its last 30 s,  |
 *     +-------------------------+                     | or somebody claims it      |
 *     |                                               v                            |
 *     +------ 5 requests, none answered --------- CHECKING -- answer --------------+
 *     |
 *     +-- request to us --> LEARNED -- we send to it --> STABLE
 *
 * STABLE and LEARNED end after ARP_MAXAGE; CHECKING goes on sending meanwhile. STATIC never
 * changes.
 */
enum arp_status { ARP_FREE, ARP_PENDING, ARP_LEARNED, ARP_STABLE, ARP_CHECKING, ARP_STATIC };

enum {
  /* Requests for one address are this far apart at least (RFC 1122 2.3.2.1). */
  ARP_ASK_INTERVAL_MS = 1000,
  /* Unanswered ones until a neighbour is given up. */
  ARP_MAXPENDING = 5,
  /* The first ones for a neighbour that is known go to it alone (RFC 1122 2.3.2.1 (2)). */
  ARP_UNICAST_TRIES = 2,
  /* So long before its end, an entry in use is checked. */
  ARP_CHECK_MS = LWIP_MIN(30, (ARP_MAXAGE) / 2) * 1000,
  ARP_MAXAGE_MS = (ARP_MAXAGE)*1000,
  /* A neighbour that we sent to within this time is alive: no stranger takes its entry. */
  ARP_LIVE_MS = 60000,
  /* RFC 5227 2.4 DEFEND_INTERVAL. */
  ARP_DEFEND_INTERVAL_MS = 10000
};

struct arp_entry {
  struct arp_entry *next; /* in its bucket; entries that are not FREE are in one */
  struct netif *netif;
  void *queue; /* PENDING: packets that wait (arp_queue.c), else NULL */
  ip4_addr_t ip;
  u32_t since_ms; /* PENDING, CHECKING: of the latest request; STABLE, LEARNED: confirmed */
  u32_t used_ms;  /* we last sent to it, or made it */
  struct eth_addr mac;
  u8_t status;
  u8_t tries; /* PENDING, CHECKING: requests sent */
};

/** How much an entry may take to be made: no more than the worth of who has to go for it. */
enum arp_worth {
  ARP_WORTH_FREE,
  ARP_WORTH_LEARNED, /* we never sent to it */
  ARP_WORTH_IDLE,    /* a stranger who talks to us may take entries of up to here */
  ARP_WORTH_PENDING,
  ARP_WORTH_LIVE, /* our own sending may take entries of up to here */
  ARP_WORTH_STATIC
};

static inline bool arp_is_resolved(const struct arp_entry *e)
{
  return e->status >= ARP_LEARNED;
}

static inline u32_t arp_elapsed_ms(u32_t since_ms)
{
  return stack_now() - since_ms;
}

/** Entry number `i` below ARP_TABLE_SIZE. */
struct arp_entry *arp_entry_at(unsigned i);

/** The neighbour's entry, or NULL. Other netifs' only where ETHARP_TABLE_MATCH_NETIF is 0. */
struct arp_entry *arp_find(const struct netif *netif, const ip4_addr_t *ip);

/** A new entry, PENDING and not asked for yet; NULL: all entries are worth more than `worth_max`.
 */
struct arp_entry *arp_create(struct netif *netif, const ip4_addr_t *ip, enum arp_worth worth_max);

/** Give it up; packets that wait are dropped for that reason. */
void arp_release(struct arp_entry *e, enum drop_reason why);

/** The address is known: note it and send what waits. */
void arp_resolve(struct arp_entry *e, const struct eth_addr *mac, enum arp_status status);

/** Heard once more from the same address. */
void arp_confirm(struct arp_entry *e);

/** Send a first request, unless the address was asked for less than ARP_ASK_INTERVAL_MS ago. */
void arp_ask_first(struct arp_entry *e);

/** Is the neighbour of a resolved entry still there? `tries`: so many requests are spared. */
void arp_check(struct arp_entry *e, u8_t tries);

/** Release all entries of a netif; NULL: of all. */
void arp_release_all(const struct netif *netif, bool with_static, enum drop_reason why);

/** Stop ageing: the instance ends. */
void arp_ageing_stop(void);

/**
 * Send an ARP message.
 *
 * @param mac  the frame's destination and the message's target; NULL: broadcast, target unknown
 */
err_t arp_transmit(struct netif *netif, enum etharp_opcode op, const ip4_addr_t *sender_ip,
                   const ip4_addr_t *target_ip, const struct eth_addr *mac);

/**
 * Let `p` wait; it is held by reference, or copied if its memory is volatile.
 *
 * @return ERR_OK; ERR_MEM: no memory, or ESP_LWIP_ARP and the queue is full (otherwise its oldest
 *         goes)
 */
err_t arp_queue_add(void **queue, struct pbuf *p);

/** The oldest packet that waits, the caller's now; NULL: none. */
struct pbuf *arp_queue_take(void **queue);

/** A packet waited in vain: if it is ours, tell whoever sent it (arp_report.c). */
void arp_report_unreachable(const struct pbuf *p);

#endif /* LINK_ARP_PRIV_H */
