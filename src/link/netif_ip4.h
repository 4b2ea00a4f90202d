/**
 * @file
 * Questions about the IPv4 addresses of netifs, asked by ARP, IP and transports.
 */
#ifndef LINK_NETIF_IP4_H
#define LINK_NETIF_IP4_H

#include <stdbool.h>
#include "lwip/netif.h"
#include "link/netif_usable.h"

/** Is `addr` the main or an additional address of `netif`? Never true for 0.0.0.0. */
bool netif_ip4_owns(const struct netif *netif, const ip4_addr_t *addr);

/** A netif that is up and owns `addr`, or NULL. */
struct netif *netif_ip4_owner(const ip4_addr_t *addr);

/** Our address in `dst`'s subnet; the main address if `dst` is in none. */
const ip4_addr_t *netif_ip4_addr_toward(const struct netif *netif, const ip4_addr_t *dst);

/** Is `dst` in the subnet of an address of `netif`? */
bool netif_ip4_on_link(const struct netif *netif, const ip4_addr_t *dst);

#endif /* LINK_NETIF_IP4_H */
