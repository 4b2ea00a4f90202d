/**
 * @file
 * The ground floor's modules, for src/stack.c.
 */
#ifndef BASE_BASE_MODULE_H
#define BASE_BASE_MODULE_H

#include "base/registry.h"

extern const struct net_module timeouts_module;
extern const struct net_module random_module;

#endif /* BASE_BASE_MODULE_H */
