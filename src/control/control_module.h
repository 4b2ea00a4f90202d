/**
 * @file
 * The control floor's modules, for src/stack.c.
 */
#ifndef CONTROL_CONTROL_MODULE_H
#define CONTROL_CONTROL_MODULE_H

#include "base/registry.h"

/** Address conflict detection. */
extern const struct net_module acd_module;
extern const struct arp_guard acd_guard;

extern const struct net_module autoip_module;
extern const struct net_module dhcp_module;

#endif /* CONTROL_CONTROL_MODULE_H */
