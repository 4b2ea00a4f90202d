/**
 * @file
 * Neighbor Discovery for IPv6 (RFC 4861), lwIP's calls. Static and proxied neighbours, and reading
 * the neighbour cache: gossamer/neighbor.h. Events: gossamer/nd_events.h.
 *
 * All functions run with the core lock held.
 */
#ifndef LWIP_HDR_ND6_H
#define LWIP_HDR_ND6_H

#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "lwip/err.h"
#include "lwip/pbuf.h"
#include "lwip/netif.h"
#include "gossamer/neighbor.h"

#if LWIP_IPV6

#ifdef __cplusplus
extern "C" {
#endif

/** For code that calls nd6_tmr(); the stack needs no such call, since its timers run by themselves.
 */
#define ND6_TMR_INTERVAL 1000

/** Milliseconds between router solicitations, at first (RFC 4861 10). */
#ifndef ND6_RTR_SOLICITATION_INTERVAL
#define ND6_RTR_SOLICITATION_INTERVAL 4000
#endif

#if LWIP_ND6

/** Does nothing: every timeout of Neighbor Discovery is a timer of its own. For ports that call it.
 */
void nd6_tmr(void);

/**
 * Process the Neighbor Discovery message that is being received (its IPv6 header is what
 * ip_current_*() tell). The stack calls it by itself.
 *
 * @param p  starts at the ICMPv6 header; taken over
 */
void nd6_input(struct pbuf *p, struct netif *inp);

/** Forget all redirects, so that every next hop is determined anew. */
void nd6_clear_destination_cache(void);

/**
 * The netif that a destination is reached by, as far as Neighbor Discovery knows: one on whose link
 * it is, or one with a router for it.
 *
 * @return NULL: none
 */
struct netif *nd6_find_route(const ip6_addr_t *ip6addr);

/**
 * The link-layer address to send a packet to; or let the packet wait until it is known. For
 * drivers' netif->output_ip6 functions.
 *
 * @param q        starts at its IPv6 header; stays the caller's (a waiting one is held by
 * reference, or copied if its memory is volatile)
 * @param ip6addr  destination, or gateway of its route; no group
 * @param hwaddrp  set to the address (netif->hwaddr_len bytes, valid until the next call into the
 *                 stack); to NULL: the packet waits
 * @return ERR_OK; ERR_RTE: no router for it; ERR_MEM: no neighbour entry to be had, or (with
 *         ESP_ND6_QUEUEING) too many packets wait
 */
err_t nd6_get_next_hop_addr_or_queue(struct netif *netif, struct pbuf *q, const ip6_addr_t *ip6addr,
                                     const u8_t **hwaddrp);

/** Longest packet for a destination in bytes: its path MTU, or the link's MTU. */
u16_t nd6_get_destination_mtu(const ip6_addr_t *ip6addr, struct netif *netif);

/**
 * A connection to this address makes progress, so the neighbour that leads there is reachable
 * (RFC 4861 7.3.1) and need not be probed. Cheap enough to be called per acknowledgement. Does
 * nothing with LWIP_ND6_TCP_REACHABILITY_HINTS 0.
 */
void nd6_reachability_hint(const ip6_addr_t *ip6addr);

/** Forget what is known of a netif's neighbours, routers, prefixes and redirects. */
void nd6_cleanup_netif(struct netif *netif);

/** The netif has come up, or to another link: look for routers again. */
void nd6_restart_netif(struct netif *netif);

#else /* LWIP_ND6: there are no neighbours */

static inline void nd6_tmr(void)
{
}

static inline void nd6_input(struct pbuf *p, struct netif *inp)
{
  LWIP_UNUSED_ARG(inp);
  pbuf_free(p);
}

static inline void nd6_clear_destination_cache(void)
{
}

static inline struct netif *nd6_find_route(const ip6_addr_t *ip6addr)
{
  LWIP_UNUSED_ARG(ip6addr);
  return NULL;
}

static inline err_t nd6_get_next_hop_addr_or_queue(struct netif *netif, struct pbuf *q,
                                                   const ip6_addr_t *ip6addr, const u8_t **hwaddrp)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(q);
  LWIP_UNUSED_ARG(ip6addr);
  *hwaddrp = NULL;
  return ERR_RTE;
}

static inline u16_t nd6_get_destination_mtu(const ip6_addr_t *ip6addr, struct netif *netif)
{
  LWIP_UNUSED_ARG(ip6addr);
  LWIP_UNUSED_ARG(netif);
  return 1280; /* what every link carries (RFC 8200 5), as ESP-IDF has it */
}

static inline void nd6_reachability_hint(const ip6_addr_t *ip6addr)
{
  LWIP_UNUSED_ARG(ip6addr);
}

static inline void nd6_cleanup_netif(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}

static inline void nd6_restart_netif(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}

#endif /* LWIP_ND6 */

#if LWIP_IPV6_MLD
/** An address of a netif gets `new_state`: join or leave its solicited-node group. */
void nd6_adjust_mld_membership(struct netif *netif, s8_t addr_idx, u8_t new_state);
#endif

#if ESP_IPV6
/**
 * Have `cb` called whenever an address of the netif becomes usable (ESP-IDF).
 *
 * @param cb  gets the address's index; NULL: nobody
 */
void nd6_set_cb(struct netif *netif, void (*cb)(struct netif *netif, u8_t ip_index));
#endif

#if LWIP_ND6 && LWIP_ND6_SUPPORT_STATIC_ENTRIES
/** ESP-IDF's names of neighbor_add_static() and neighbor_remove_static() (gossamer/neighbor.h).
    `mac`: netif->hwaddr_len bytes. */
static inline err_t nd6_add_static_neighbor(struct netif *netif, const ip6_addr_t *ip6addr,
                                            const u8_t *mac)
{
  return neighbor_add_static(netif, ip6addr, mac);
}

static inline err_t nd6_remove_static_neighbor(struct netif *netif, const ip6_addr_t *ip6addr)
{
  return neighbor_remove_static(netif, ip6addr);
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV6 */

#endif /* LWIP_HDR_ND6_H */
