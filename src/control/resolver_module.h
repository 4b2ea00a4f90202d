/** @file What the registry and the api floor know of names. */
#ifndef CONTROL_RESOLVER_MODULE_H
#define CONTROL_RESOLVER_MODULE_H

#include <stdbool.h>
#include "base/registry.h"

extern const struct net_module resolver_module;
extern const struct net_module dns_local_module;

/** "localhost", or below it (RFC 6761 6.3)? */
bool name_is_localhost(const char *name);

#endif /* CONTROL_RESOLVER_MODULE_H */
