/**
 * @file
 * The link floor's modules and handlers, for src/stack.c.
 */
#ifndef LINK_LINK_MODULE_H
#define LINK_LINK_MODULE_H

#include "base/registry.h"

/**
 * Comes last in net_modules[], though of a low floor: its init() adds the loopback interface, of
 * which all modules want to hear; its fini() removes all interfaces, while all modules live.
 */
extern const struct net_module netif_module;

extern const struct net_module arp_module;
extern const struct net_module garp_module;

/**
 * A received ARP message, `p` behind the Ethernet header; consumed.
 *
 * @param src_mac  source of its frame; NULL: not known, so not compared
 */
void arp_rx(struct pbuf *p, struct netif *netif, const struct eth_addr *src_mac);

#endif /* LINK_LINK_MODULE_H */
