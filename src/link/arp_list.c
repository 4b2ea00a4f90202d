/**
 * @file
 * The neighbour cache, for those who watch. No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "gossamer/arp.h"
#include "link/arp_priv.h"

#if LWIP_IPV4 && LWIP_ARP

int arp_neighbor_get(unsigned i, struct arp_neighbor *neighbor)
{
  static const u8_t states[] = {
      [ARP_PENDING] = ARP_NEIGHBOR_PENDING, [ARP_LEARNED] = ARP_NEIGHBOR_LEARNED,
      [ARP_STABLE] = ARP_NEIGHBOR_STABLE,   [ARP_CHECKING] = ARP_NEIGHBOR_CHECKING,
      [ARP_STATIC] = ARP_NEIGHBOR_STATIC,
  };
  LWIP_ASSERT_CORE_LOCKED();
  if (i >= ARP_TABLE_SIZE) {
    return -1;
  }
  const struct arp_entry *e = arp_entry_at(i);
  if (e->status == ARP_FREE) {
    return 0;
  }
  memset(neighbor, 0, sizeof *neighbor);
  neighbor->netif = e->netif;
  neighbor->addr = e->ip;
  neighbor->state = (enum arp_neighbor_state)states[e->status];
  neighbor->age_ms = e->status != ARP_STATIC ? arp_elapsed_ms(e->since_ms) : 0;
  if (arp_is_resolved(e)) {
    neighbor->mac = e->mac;
  }
  return 1;
}

#endif
