/**
 * @file
 * IPv4, for the registry and for the other modules of this floor.
 */
#ifndef IP_V4_IP4_MODULE_H
#define IP_V4_IP4_MODULE_H

#include "base/registry.h"

extern const struct net_module ip4_module;

/** The EtherType handler. `src_mac` may be NULL. */
void ip4_rx(struct pbuf *p, struct netif *netif, const struct eth_addr *src_mac);

/** Do packets to `dst` by `netif` come back to ourselves? */
bool ip4_stays_inside(const struct netif *netif, const ip4_addr_t *dst);
/** Is `dst` a neighbour at the netif, which needs no router? */
bool ip4_is_on_link(const struct netif *netif, const ip4_addr_t *dst);

/** The identification for a packet that may get fragmented (RFC 6864 4.1), host order. */
u16_t ip4_id_next(const ip4_addr_t *src, const ip4_addr_t *dst, u8_t proto);

#endif /* IP_V4_IP4_MODULE_H */
