/**
 * @file
 * The raw endpoints' module and handlers, for src/stack.c.
 */
#ifndef TRANSPORT_RAW_RAW_MODULE_H
#define TRANSPORT_RAW_RAW_MODULE_H

#include "base/registry.h"

extern const struct net_module raw_module;

/** Show a packet to raw pcbs; `p` behind the IP header. True: `p` is theirs. */
bool raw_rx(struct pbuf *p, const struct ip_rx *rx);

/** Show an ICMP error to raw pcbs. True: a connected one may have sent the packet. */
bool raw_error(const struct ip_error *e);

#endif /* TRANSPORT_RAW_RAW_MODULE_H */
