/**
 * @file
 * Who takes packets for any address that come in by a netif (LWIP_ANY_ADDRESS), for code that has
 * no #if.
 */
#ifndef LWIP_HDR_PRIV_ANY_FIELDS_H
#define LWIP_HDR_PRIV_ANY_FIELDS_H

#include "lwip/netif.h"
#include "gossamer/any_address.h"

#if LWIP_ANY_ADDRESS
static inline struct any_address *netif_any_address(const struct netif *netif)
{
  return netif->any_address;
}

static inline void netif_any_address_set(struct netif *netif, struct any_address *a)
{
  netif->any_address = a;
}
#else
static inline struct any_address *netif_any_address(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return NULL;
}

static inline void netif_any_address_set(struct netif *netif, struct any_address *a)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(a);
}
#endif

#endif /* LWIP_HDR_PRIV_ANY_FIELDS_H */
