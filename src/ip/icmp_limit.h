/**
 * @file
 * How many ICMP messages may be sent, for both families (RFC 1812 4.3.2.8, RFC 4443 2.4 (f)).
 */
#ifndef IP_ICMP_LIMIT_H
#define IP_ICMP_LIMIT_H

#include <stdbool.h>
#include "lwip/ip_addr.h"
#include "base/registry.h"

/** Starts the limits of an instance; both ICMPs share them. */
extern const struct net_module icmp_module;

/** May an error go to `dst` now? Asking counts as sending. */
bool icmp_limit_allows_error(const ip_addr_t *dst);

/** May an echo reply be sent now? Echo has a budget of its own, so floods of one cannot stop the
    other. Asking counts as sending. */
bool icmp_limit_allows_echo(void);

#endif /* IP_ICMP_LIMIT_H */
