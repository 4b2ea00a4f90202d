/**
 * @file
 * The ARP cache as a list, with the states of its entries; etharp_get_entry() shows resolved ones
 * alone. IPv6 has gossamer/neighbor.h.
 *
 * Core lock held. With LWIP_ARP 0 there are no entries.
 */
#ifndef GOSSAMER_ARP_H
#define GOSSAMER_ARP_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/prot/ethernet.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_IPV4

/** What is known of a neighbour. */
enum arp_neighbor_state {
  ARP_NEIGHBOR_PENDING,  /* being asked for; no link address yet */
  ARP_NEIGHBOR_LEARNED,  /* it asked us; we have not sent to it */
  ARP_NEIGHBOR_STABLE,   /* it answered */
  ARP_NEIGHBOR_CHECKING, /* is it still there? Its address goes on being used */
  ARP_NEIGHBOR_STATIC    /* etharp_add_static_entry() */
};

struct arp_neighbor {
  struct netif *netif;
  ip4_addr_t addr;
  struct eth_addr mac; /* zero while PENDING */
  enum arp_neighbor_state state;
  u32_t age_ms; /* since it was asked or answered last; STATIC: 0 */
};

#if LWIP_ARP

/**
 * Entry number `i` of the cache, for listing it.
 *
 * @param i  from 0 on
 * @return 1: `neighbor` is filled in; 0: nothing stands there; -1: there are no more
 */
int arp_neighbor_get(unsigned i, struct arp_neighbor *neighbor);

#else

static inline int arp_neighbor_get(unsigned i, struct arp_neighbor *neighbor)
{
  LWIP_UNUSED_ARG(i);
  LWIP_UNUSED_ARG(neighbor);
  return -1;
}

#endif

#endif /* LWIP_IPV4 */

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_ARP_H */
