/**
 * @file
 * Address selection (RFC 6724): what source and destination selection have in common.
 */
#ifndef IP_V6_IP6_SELECT_H
#define IP_V6_IP6_SELECT_H

#include <stdbool.h>
#include "lwip/netif.h"
#include "gossamer/addr_select.h"
#include "gossamer/ip6_config.h"

/* Scopes, as multicast addresses have them (RFC 6724 3.1). */
enum ip6_scope { IP6_SCOPE_LINK = 0x2, IP6_SCOPE_SITE = 0x5, IP6_SCOPE_GLOBAL = 0xe };

/** Scope of an address of any kind; IPv4 ones as ::ffff:a.b.c.d (RFC 6724 3.1, 3.2). */
u8_t ip6_addr_scope(const ip6_addr_t *addr);

/** The policy for an address (RFC 6724 2.1); IPv4 ones as ::ffff:a.b.c.d. Never NULL. */
const struct ip6_policy *ip6_policy_find(const ip6_addr_t *addr);

/** Route, source and what the rules ask about them, for a choice whose IPv6 `dst` is set and whose
    other members are zero. */
void ip6_choice_find_source(struct addr_choice *c);

/** Slot of an address that a packet may be sent from. */
struct ip6_source {
  struct netif *netif;
  int i;
};

/**
 * The best source for a packet to `dest` by `netif` (RFC 6724 5).
 *
 * @param preferences  IP6_PREFER_*, beyond what the netif is set to
 * @return false: there is none
 */
bool ip6_source_find(struct netif *netif, const ip6_addr_t *dest, u8_t preferences,
                     struct ip6_source *out);

#endif /* IP_V6_IP6_SELECT_H */
