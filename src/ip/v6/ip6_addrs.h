/**
 * @file
 * The life of our IPv6 addresses, for the registry and for Neighbor Discovery: duplicate address
 * detection (RFC 4862 5.4), autoconfiguration (5.5), lifetimes.
 */
#ifndef IP_V6_IP6_ADDRS_H
#define IP_V6_IP6_ADDRS_H

#include "base/registry.h"

struct nd6_prefix_info;

/** Behind nd6 and nd6_router in net_modules[]. */
extern const struct net_module ip6_addrs_module;

/**
 * A neighbour solicitation came for a target of ours that is tentative, optimistic or not (others
 * are not looked at). Call it before answering: an optimistic address may be lost by it.
 *
 * @param src    its source; ::: the sender, too, looks for duplicates
 * @param nonce  its nonce option (RFC 7527), or NULL
 */
void dad_ns_heard(struct netif *netif, const ip6_addr_t *target, const ip6_addr_t *src,
                  const u8_t *nonce, u8_t nonce_len);

/**
 * A neighbour advertisement came for a target of ours in any state, from somebody else. A tentative
 * address is lost; one in use is kept (RFC 4862 5.4.4), but listeners hear of it.
 */
void dad_na_heard(struct netif *netif, const ip6_addr_t *target);

/** A router advertised a prefix with the A flag by this netif (RFC 4862 5.5.3). */
void slaac_prefix_heard(struct netif *netif, const struct nd6_prefix_info *info);

#endif /* IP_V6_IP6_ADDRS_H */
