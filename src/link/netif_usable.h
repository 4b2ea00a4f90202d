/**
 * @file
 * The one question that every floor asks a netif.
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

#endif /* LINK_NETIF_USABLE_H */
