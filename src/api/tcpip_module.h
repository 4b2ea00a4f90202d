/**
 * @file
 * The tcpip thread as a module, for src/stack.c.
 */
#ifndef API_TCPIP_MODULE_H
#define API_TCPIP_MODULE_H

#include "base/registry.h"

extern const struct net_module tcpip_module;

#endif /* API_TCPIP_MODULE_H */
