/**
 * @file
 * ARP (RFC 826) for IPv4 over Ethernet. Drivers set netif->output = etharp_output and
 * NETIF_FLAG_ETHARP; the rest happens by itself.
 *
 * All functions are called with the core lock held.
 */
#ifndef LWIP_HDR_ETHARP_H
#define LWIP_HDR_ETHARP_H

#include "lwip/opt.h"

#if LWIP_ARP || LWIP_ETHERNET

#include "lwip/pbuf.h"
#include "lwip/ip4_addr.h"
#include "lwip/netif.h"
#include "lwip/ip4.h"
#include "lwip/prot/ethernet.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_IPV4 && LWIP_ARP

#include "lwip/prot/etharp.h"

/** How often lwIP calls etharp_tmr(), in ms. This stack's cache keeps its own time. */
#define ARP_TMR_INTERVAL 1000

#if ARP_QUEUEING
/** One packet that waits for a neighbour, of pool MEMP_ARP_QUEUE. */
struct etharp_q_entry {
  struct etharp_q_entry *next;
  struct pbuf *p;
};
#endif

/** For ports that call lwIP's initialisation by hand; there is nothing to do. */
#define etharp_init()

/** For ports that drive ARP by a tick of their own: harmless, timers do the work. */
void etharp_tmr(void);

/**
 * Look an address up without resolving it.
 *
 * @param netif    NULL: any (and always with ETHARP_TABLE_MATCH_NETIF 0)
 * @param eth_ret  set to the neighbour's address, the stack's: valid until the core lock is
 * released
 * @param ip_ret   likewise its IPv4 address
 * @return index of the entry, for etharp_get_entry(); -1 if it is not resolved
 */
ssize_t etharp_find_addr(struct netif *netif, const ip4_addr_t *ipaddr, struct eth_addr **eth_ret,
                         const ip4_addr_t **ip_ret);

/**
 * Read the cache.
 *
 * @param i  0 to ARP_TABLE_SIZE - 1
 * @return 1 and the three results for a resolved neighbour, else 0
 */
int etharp_get_entry(size_t i, ip4_addr_t **ipaddr, struct netif **netif,
                     struct eth_addr **eth_ret);

/**
 * Send an IPv4 packet on Ethernet: groups and broadcasts at once, others to the neighbour or to the
 * gateway, after resolving it. netif->output of Ethernet drivers.
 *
 * @param q       IPv4 header first; stays the caller's (kept by reference, or copied if volatile)
 * @param ipaddr  next hop or destination; one off the link goes by netif->gw
 * @return ERR_OK: sent or queued; ERR_RTE: no gateway; ERR_MEM: not queued; or the driver's error
 */
err_t etharp_output(struct netif *netif, struct pbuf *q, const ip4_addr_t *ipaddr);

/**
 * Resolve an address and send `q` to it when that is done.
 *
 * @param q  NULL: resolve only, anew even if it is known. Otherwise as etharp_output()
 * @return ERR_OK: sent or queued; ERR_ARG: no unicast address; ERR_MEM: not queued
 */
err_t etharp_query(struct netif *netif, const ip4_addr_t *ipaddr, struct pbuf *q);

/** Broadcast one ARP request, not rate-limited. */
err_t etharp_request(struct netif *netif, const ip4_addr_t *ipaddr);

/** Tell the neighbours our address (RFC 5227 3): an ARP announcement. */
#define etharp_gratuitous(netif) etharp_request((netif), netif_ip4_addr(netif))

/** Forget all neighbours of a netif and free what waits for them. */
void etharp_cleanup_netif(struct netif *netif);

/** Ask whether anybody has `ipaddr`, without claiming it (RFC 5227 2.1.1). */
err_t etharp_acd_probe(struct netif *netif, const ip4_addr_t *ipaddr);

/** Say that `ipaddr` is ours (RFC 5227 2.3). */
err_t etharp_acd_announce(struct netif *netif, const ip4_addr_t *ipaddr);

/**
 * Add a neighbour that is never asked, never expires and never changes.
 *
 * @return ERR_OK; ERR_RTE: no interface reaches `ipaddr`; ERR_MEM: the cache is full of such
 */
err_t etharp_add_static_entry(const ip4_addr_t *ipaddr, struct eth_addr *ethaddr);

/** @return ERR_OK; ERR_MEM: not in the cache; ERR_ARG: not static */
err_t etharp_remove_static_entry(const ip4_addr_t *ipaddr);

/** A received ARP message, `p` behind the Ethernet header; consumed. ethernet_input() calls it. */
void etharp_input(struct pbuf *p, struct netif *netif);

#if ESP_GRATUITOUS_ARP
/** Period of the announcements of NETIF_FLAG_GARP netifs, in ms. */
#define GARP_TMR_INTERVAL ESP_GRATUITOUS_ARP_INTERVAL

/** Announce the address of every usable netif with NETIF_FLAG_GARP now. */
void garp_tmr(void);
#endif

#endif /* LWIP_IPV4 && LWIP_ARP */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_ARP || LWIP_ETHERNET */

#endif /* LWIP_HDR_ETHARP_H */
