/**
 * @file
 * Modules of both IP versions, for the registry.
 */
#ifndef IP_IP_MODULE_H
#define IP_IP_MODULE_H

#include "base/registry.h"

extern const struct net_module pmtu_module;
extern const struct net_module route_module;

/** Say which packet is being processed; input functions only. @return the one before, or NULL */
const struct ip_rx *ip_current_set(const struct ip_rx *rx);

#endif /* IP_IP_MODULE_H */
