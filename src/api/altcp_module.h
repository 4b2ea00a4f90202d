/** @file altcp's module, for src/stack.c. */
#ifndef API_ALTCP_MODULE_H
#define API_ALTCP_MODULE_H

#include "base/registry.h"

extern const struct net_module altcp_module;

#endif /* API_ALTCP_MODULE_H */
