/**
 * @file
 * IPv6 neighbours: listing them, static ones, and addresses that we answer for on behalf of others
 * (RFC 4861 7.2.8) or share with them (anycast, RFC 4861 7.2.7).
 *
 * All functions run with the core lock held. With LWIP_ND6 0 there are no neighbours.
 */
#ifndef GOSSAMER_NEIGHBOR_H
#define GOSSAMER_NEIGHBOR_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_IPV6

/** What is known of a neighbour (RFC 4861 7.3.2). */
enum neighbor_state {
  NEIGHBOR_INCOMPLETE = 1, /* being asked for; no link-layer address yet */
  NEIGHBOR_STALE,          /* address known, nobody knows whether it still holds */
  NEIGHBOR_REACHABLE,      /* confirmed lately */
  NEIGHBOR_DELAY,          /* sent to when stale: somebody may confirm it by himself */
  NEIGHBOR_PROBE,          /* nobody did: being asked */
  NEIGHBOR_STATIC          /* configured, never changes */
};

struct neighbor_info {
  struct netif *netif;
  ip6_addr_t addr; /* with its zone */
  enum neighbor_state state;
  bool is_router;  /* said to be one in its last advertisement */
  u8_t lladdr_len; /* 0 while incomplete */
  u8_t lladdr[NETIF_MAX_HWADDR_LEN];
};

/** How an address is answered for that is asked for on a link. */
enum neighbor_publish {
  NEIGHBOR_PROXY,  /* somebody else's, to whom we forward */
  NEIGHBOR_ANYCAST /* assigned to us (netif_add_ip6_address()) and to others alike */
};

#if LWIP_ND6

/**
 * Entry number `i` of the cache, for listing it.
 *
 * @param i  from 0 on
 * @return 1: `info` is filled in; 0: nothing stands there; -1: there are no more
 */
int neighbor_get(unsigned i, struct neighbor_info *info);

/**
 * Add a neighbour whose link-layer address never changes and which is never probed; what the cache
 * has learnt of it is replaced. It goes away with its netif.
 *
 * @param addr    unicast; a link-local one without a zone gets that of `netif`
 * @param lladdr  netif->hwaddr_len bytes
 * @return ERR_OK; ERR_VAL: no unicast address or no netif; ERR_MEM: the cache is full of static
 *         entries and routers
 */
err_t neighbor_add_static(struct netif *netif, const ip6_addr_t *addr, const u8_t *lladdr);

/** @return ERR_OK; ERR_VAL: there is no such static neighbour */
err_t neighbor_remove_static(struct netif *netif, const ip6_addr_t *addr);

/**
 * Our link-layer address has changed (netif->hwaddr): tell all neighbours for every address of
 * `netif`, LWIP_ND6_MAX_NEIGHBOR_ADVERTISEMENT times (RFC 4861 7.2.6).
 */
void neighbor_announce(struct netif *netif);

#else

static inline int neighbor_get(unsigned i, struct neighbor_info *info)
{
  LWIP_UNUSED_ARG(i);
  LWIP_UNUSED_ARG(info);
  return -1;
}

static inline err_t neighbor_add_static(struct netif *netif, const ip6_addr_t *addr,
                                        const u8_t *lladdr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(lladdr);
  return ERR_VAL;
}

static inline err_t neighbor_remove_static(struct netif *netif, const ip6_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr);
  return ERR_VAL;
}

static inline void neighbor_announce(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}

#endif

#if LWIP_ND6 && LWIP_ND6_NUM_PROXIES > 0

/**
 * Answer neighbour solicitations for `addr` that come in by `netif` (with LWIP_IPV6_MLD 1: their
 * group is joined). Answers do not override what
 * others answered, and come after a random delay of up to LWIP_ND6_MAX_ANYCAST_DELAY_TIME.
 *
 * @return ERR_OK, also if it was published already; ERR_VAL: no unicast address; ERR_MEM: there are
 *         LWIP_ND6_NUM_PROXIES already, or no memory to join its solicited-node group
 */
err_t neighbor_publish(struct netif *netif, const ip6_addr_t *addr, enum neighbor_publish how);

/** @return ERR_OK; ERR_VAL: it was not published */
err_t neighbor_unpublish(struct netif *netif, const ip6_addr_t *addr);

#else

static inline err_t neighbor_publish(struct netif *netif, const ip6_addr_t *addr,
                                     enum neighbor_publish how)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(how);
  return ERR_MEM;
}

static inline err_t neighbor_unpublish(struct netif *netif, const ip6_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr);
  return ERR_VAL;
}

#endif

#endif /* LWIP_IPV6 */

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_NEIGHBOR_H */
