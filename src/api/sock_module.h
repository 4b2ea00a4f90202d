/** @file What the registry knows of sockets. */
#ifndef API_SOCK_MODULE_H
#define API_SOCK_MODULE_H

#include "base/registry.h"

extern const struct net_module sock_module;

#endif /* API_SOCK_MODULE_H */
