/**
 * @file
 * TCP's module and handlers, for src/stack.c.
 */
#ifndef TRANSPORT_TCP_TCP_MODULE_H
#define TRANSPORT_TCP_TCP_MODULE_H

#include "base/registry.h"

extern const struct net_module tcp_module;

/** A TCP segment; `p` at its header, consumed. */
void tcp_rx(struct pbuf *p, const struct ip_rx *rx);

/** An ICMP error about one. True: it belongs to a connection (RFC 5927). */
bool tcp_error(const struct ip_error *e);

#endif /* TRANSPORT_TCP_TCP_MODULE_H */
