/**
 * @file
 * Interfaces on which every address is ours (gossamer/any_address.h): the module, and TCP's part.
 */
#ifndef TRANSPORT_ANY_ADDRESS_H
#define TRANSPORT_ANY_ADDRESS_H

#include <stdbool.h>
#include "base/registry.h"
#include "gossamer/any_address.h"

extern const struct net_module any_address_module;

/** Listen for all of what comes in by a->netif. */
err_t tcp_any_start(struct any_address *a);
/** The end of that. `is_told`: held SYNs are gone, and the program hears it. */
void tcp_any_stop(struct any_address *a, bool is_told);

#endif /* TRANSPORT_ANY_ADDRESS_H */
