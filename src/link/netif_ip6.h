/**
 * @file
 * The IPv6 addresses of netifs: questions that ND, IP and transports ask, and the one way to change
 * a slot. Slot 0 is for the link-local address (lwIP).
 */
#ifndef LINK_NETIF_IP6_H
#define LINK_NETIF_IP6_H

#include <stdbool.h>
#include "lwip/netif.h"
#include "gossamer/ip6_config.h"
#include "link/netif_usable.h"

/** The slot that holds `addr` in any state but invalid, zones aside; -1: none. */
int netif_ip6_index(const struct netif *netif, const ip6_addr_t *addr);

/** Is `addr` in use here, or about to be? Not if another host turned out to have it. */
bool netif_ip6_claims(const struct netif *netif, const ip6_addr_t *addr);

/**
 * May packets be sent to and from the address in slot `i`? Preferred, deprecated or optimistic;
 * neither tentative nor duplicated.
 */
bool netif_ip6_is_usable(const struct netif *netif, int i);

/** Is `addr` (its zone aside) a usable address of `netif`? Never true for ::. */
bool netif_ip6_owns(const struct netif *netif, const ip6_addr_t *addr);

/** Is `addr` one of ours that is tentative but used already (RFC 4429)? */
bool netif_ip6_is_optimistic(const struct netif *netif, const ip6_addr_t *addr);

/** A netif that is up and owns `addr`, of the zone of `addr` if it has one; or NULL. */
struct netif *netif_ip6_owner(const ip6_addr_t *addr);

/** A usable link-local address, one that is not optimistic if there is any; or NULL. */
const ip6_addr_t *netif_ip6_linklocal(const struct netif *netif);

/** Is `group` the solicited-node group of an address of ours in any state but invalid? */
bool netif_ip6_is_solicited_node(const struct netif *netif, const ip6_addr_t *group);

/**
 * Length of the longest prefix with `dst` that an address set by hand declares to be on the link;
 * -1: none does. Addresses made from router advertisements never do (RFC 5942 4).
 */
int netif_ip6_on_link_len(const struct netif *netif, const ip6_addr_t *dst);

/** A free slot for `addr`: 0 for link-local ones if it is free, never for others; -1: none. */
int netif_ip6_free_slot(const struct netif *netif, const ip6_addr_t *addr);

/**
 * Set address and state of a slot at once, then tell callbacks and modules
 * (NETIF_CHANGE_IP6). What else shall hold for the new address (origin, lifetimes, flags) is set in
 * netif->ip6_slot[i] before; IP6_ADDR_INVALID clears it. IP6_ADDR_TENTATIVE starts DAD anew.
 * A netif that was not added yet is only written to.
 *
 * @param addr  its zone is set here; NULL: keep the address
 * @return false: a callback removed the netif, touch it no more
 */
bool netif_ip6_change(struct netif *netif, int i, const ip6_addr_t *addr, u8_t state);

/**
 * During NETIF_CHANGE_IP6: the address that took the place of old_addr in its slot, both of them
 * valid, for who follows (lwIP's pcbs do); NULL: there is none.
 */
const ip_addr_t *netif_ip6_replacement(const struct netif *netif);

/** Back to what a free slot is, except for what the ip floor still has to undo: timer, group. */
void netif_ip6_slot_clear(struct ip6_slot *slot);

#if LWIP_IPV6
/** Prefix length of the address in slot `i`. */
static inline int netif_ip6_prefix_len(const struct netif *netif, int i)
{
  return (netif->ip6_slot[i].prefix_len != 0) ? netif->ip6_slot[i].prefix_len : 64;
}
#endif

/** fe80:: with the identifier of a link address of 6 or 8 bytes (RFC 4291 appendix A). @return
    false: the netif has none such */
bool netif_ip6_eui64(const struct netif *netif, ip6_addr_t *addr);

/** Enough of a router's address to tell it from its rivals; never 0. */
static inline u32_t ip6_router_id(const ip6_addr_t *router)
{
  u32_t id = router->addr[2] ^ router->addr[3];
  return (id != 0) ? id : 1;
}

/** How many leading bits two addresses have in common (RFC 6724 2.2). */
int ip6_addr_common_prefix(const ip6_addr_t *a, const ip6_addr_t *b);

#endif /* LINK_NETIF_IP6_H */
