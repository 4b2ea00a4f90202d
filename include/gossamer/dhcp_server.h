/**
 * @file
 * DHCPv4 server, beyond ESP-IDF's dhcpserver/dhcpserver.h: listing leases, clients by name.
 *
 * All functions are called with the core lock held.
 */
#ifndef GOSSAMER_DHCP_SERVER_H
#define GOSSAMER_DHCP_SERVER_H

#include "dhcpserver/dhcpserver.h"

#if ESP_DHCPS

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The leases of a server, one by one, in no order.
 *
 * @param i  from 0 on
 * @return false: there are no more
 */
bool dhcps_lease_get(const dhcps_t *dhcps, unsigned i, struct dhcps_pool *lease);

/**
 * The address of the client that calls itself so (letters of either case are the same); of several
 * the one heard from last.
 *
 * @return false: none that has a lease
 */
bool dhcps_search_ip_on_hostname(const dhcps_t *dhcps, const char *hostname, ip4_addr_t *ip);

#ifdef __cplusplus
}
#endif

#endif /* ESP_DHCPS */

#endif /* GOSSAMER_DHCP_SERVER_H */
