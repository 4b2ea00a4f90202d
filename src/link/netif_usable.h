/**
 * @file
 * The questions that every floor asks about a netif.
 */
#ifndef LINK_NETIF_USABLE_H
#define LINK_NETIF_USABLE_H

#include <stdbool.h>
#include "lwip/netif.h"

/** May packets flow? Administratively up, and the link is up. */
static inline bool netif_is_usable(const struct netif *netif)
{
  return (netif->flags & (NETIF_FLAG_UP | NETIF_FLAG_LINK_UP)) ==
         (NETIF_FLAG_UP | NETIF_FLAG_LINK_UP);
}

/** Is it in the list of interfaces? Compares pointers only, so `netif` may be storage that is gone:
    for those who called something that may remove it. */
bool netif_is_listed(const struct netif *netif);

#endif /* LINK_NETIF_USABLE_H */
