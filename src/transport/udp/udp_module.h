/**
 * @file
 * UDP's module and handlers, for src/stack.c.
 */
#ifndef TRANSPORT_UDP_UDP_MODULE_H
#define TRANSPORT_UDP_UDP_MODULE_H

#include "base/registry.h"

extern const struct net_module udp_module;

/** A UDP or, by rx->proto, a UDP-Lite datagram; `p` at its header, consumed. */
void udp_rx(struct pbuf *p, const struct ip_rx *rx);

/** An ICMP error about one. True: it belongs to a pcb. */
bool udp_error(const struct ip_error *e);

#endif /* TRANSPORT_UDP_UDP_MODULE_H */
