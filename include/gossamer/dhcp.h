/**
 * @file
 * DHCP client, beyond lwIP: what a lease says, and remembering addresses across restarts.
 *
 * All functions are called with the core lock held.
 */
#ifndef GOSSAMER_DHCP_H
#define GOSSAMER_DHCP_H

#include <stdbool.h>
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_DHCP

#include "lwip/dhcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is known about a netif's lease. */
struct dhcp_lease {
  ip4_addr_t addr;
  ip4_addr_t mask;
  ip4_addr_t gateway; /* "any": none */
  ip4_addr_t server;
  u32_t left_s;   /* LIFETIME_INFINITE: no end */
  u32_t renew_s;  /* until T1; 0: that is over */
  u32_t rebind_s; /* until T2; likewise */
  /* Option 15 as the server sent it, up to a zero: any bytes. "": none. Valid until the lease
     changes */
  const char *domain;
};

/** @return false: the netif has no lease */
bool dhcp_lease_get(const struct netif *netif, struct dhcp_lease *lease);

/**
 * Where a port keeps the last address of each netif across restarts, so that the client asks for it
 * first (INIT-REBOOT, RFC 2131 3.2). Any member may be NULL. ESP-IDF has these as
 * dhcp_ip_addr_restore(), _store() and _erase().
 */
struct dhcp_storage {
  bool (*restore)(struct netif *netif, ip4_addr_t *addr); /* false: none is known */
  void (*store)(struct netif *netif, const ip4_addr_t *addr);
  void (*erase)(struct netif *netif); /* the server refused it, or somebody else has it */
};

/** For all netifs of the instance; NULL: none. It must stay. */
void dhcp_set_storage(const struct dhcp_storage *storage);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV4 && LWIP_DHCP */

#endif /* GOSSAMER_DHCP_H */
