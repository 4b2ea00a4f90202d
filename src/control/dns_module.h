/** @file What the registry knows of DNS. */
#ifndef CONTROL_DNS_MODULE_H
#define CONTROL_DNS_MODULE_H

#include "base/registry.h"

extern const struct net_module dns_module;
extern const struct net_module dns_api_module;

#endif /* CONTROL_DNS_MODULE_H */
