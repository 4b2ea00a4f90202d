/** @file What the registry knows of netdb. */
#ifndef API_NETDB_MODULE_H
#define API_NETDB_MODULE_H

#include "base/registry.h"

extern const struct net_module netdb_module;

#endif /* API_NETDB_MODULE_H */
