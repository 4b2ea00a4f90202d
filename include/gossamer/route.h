/**
 * @file
 * The routing table: prefixes that are reached through a gateway or directly by a netif.
 *
 * It stands beside the subnets of the netifs' own addresses and what routers advertise, which need
 * no entry. Routes of both IP versions share the table. The longest prefix wins; of equally long
 * ones a netif's own subnet, then the smallest metric, then the older entry, then what a router
 * advertised. Entries whose netif is down or without link are passed over, so that a route with a
 * greater metric is a standby. An entry of prefix length 0 goes before default routers and
 * netif_default.
 *
 * All functions run with the core lock held. LWIP_NUM_ROUTES is its size; 0: none.
 */
#ifndef GOSSAMER_ROUTE_H
#define GOSSAMER_ROUTE_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One route. */
struct ip_route_entry {
  ip_addr_t prefix;  /* network order; bits behind prefix_len are ignored */
  ip_addr_t gateway; /* next hop; "any": destinations are on the link itself. Of the prefix's IP
                        version; a link-local one is in the zone of `netif`, whatever it says */
  struct netif *netif;
  u16_t metric;    /* smaller is better */
  u8_t prefix_len; /* 0 to 32, IPv6: to 128 */
};

#if LWIP_NUM_ROUTES > 0

/**
 * Add a route. One with the same prefix, gateway and netif is replaced.
 *
 * @param route  copied; goes away with its netif
 * @return ERR_OK; ERR_VAL: no netif, a prefix that is too long, or a gateway that is no unicast
 *         address or of the other IP version; ERR_MEM: the table is full
 */
err_t ip_route_add(const struct ip_route_entry *route);

/**
 * Remove the route with this prefix, prefix length, gateway and netif; the metric is ignored.
 *
 * @return ERR_OK; ERR_VAL: there is none such
 */
err_t ip_route_remove(const struct ip_route_entry *route);

/**
 * Number `i` of the table, for listing it.
 *
 * @return false when there is no more
 */
bool ip_route_get(unsigned i, struct ip_route_entry *route);

/**
 * The entry that decides for `dst` among those of `netif` (NULL: of all netifs) and with a prefix
 * longer than `longer_than` bits (-1: any).
 *
 * @return NULL: none. Valid until the table changes
 */
const struct ip_route_entry *ip_route_lookup(const ip_addr_t *dst, const struct netif *netif,
                                             int longer_than);

/** Is `dst` in the route's prefix? */
bool ip_route_matches(const struct ip_route_entry *r, const ip_addr_t *dst);

#else

static inline err_t ip_route_add(const struct ip_route_entry *route)
{
  LWIP_UNUSED_ARG(route);
  return ERR_MEM;
}

static inline err_t ip_route_remove(const struct ip_route_entry *route)
{
  LWIP_UNUSED_ARG(route);
  return ERR_VAL;
}

static inline bool ip_route_get(unsigned i, struct ip_route_entry *route)
{
  LWIP_UNUSED_ARG(i);
  LWIP_UNUSED_ARG(route);
  return false;
}

static inline const struct ip_route_entry *
ip_route_lookup(const ip_addr_t *dst, const struct netif *netif, int longer_than)
{
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(longer_than);
  return NULL;
}

static inline bool ip_route_matches(const struct ip_route_entry *r, const ip_addr_t *dst)
{
  LWIP_UNUSED_ARG(r);
  LWIP_UNUSED_ARG(dst);
  return false;
}

#endif

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_ROUTE_H */
