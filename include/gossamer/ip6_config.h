/**
 * @file
 * IPv6 addresses of a netif beyond lwIP's functions: adding one with prefix length and lifetimes,
 * listing them, how addresses of routers' prefixes are made, and the policy table that decides
 * which source and destination addresses go together (RFC 6724).
 *
 * All functions run with the core lock held.
 */
#ifndef GOSSAMER_IP6_CONFIG_H
#define GOSSAMER_IP6_CONFIG_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where an address comes from. */
enum ip6_addr_origin {
  IP6_ORIGIN_MANUAL,    /**< lwIP's functions, netif_ip6_address_add() */
  IP6_ORIGIN_LINKLOCAL, /**< made of fe80:: and an identifier of ours */
  IP6_ORIGIN_SLAAC,     /**< made of a router's prefix (RFC 4862) */
  IP6_ORIGIN_TEMPORARY  /**< likewise, with a random identifier that changes (RFC 8981) */
};

/** How interface identifiers are made. */
enum ip6_iid {
  IP6_IID_STABLE, /**< a secret hash of the prefix (RFC 7217): the same in the same network only */
  IP6_IID_EUI64   /**< the link-local address's, else the link address's (RFC 4291 appendix A) */
};

/* struct ip6_address_spec.flags */
#define IP6_ADDRESS_NO_DAD      0x01U /* preferred at once, without a look for duplicates */
#define IP6_ADDRESS_NOT_ON_LINK 0x02U /* its prefix says nothing about neighbours (RFC 5942) */
#define IP6_ADDRESS_HOME        0x04U /* Mobile IPv6: home address */
#define IP6_ADDRESS_CARE_OF     0x08U /* Mobile IPv6: care-of address */

/** An address to add. */
struct ip6_address_spec {
  ip6_addr_t addr;
  u8_t prefix_len;   /* 1 to 128; 0 counts as 64 */
  u8_t flags;        /* IP6_ADDRESS_* */
  u32_t valid_s;     /* seconds; 0: static, no end; 0xffffffff: no end until said otherwise */
  u32_t preferred_s; /* at most valid_s; 0: deprecated from the start, unless valid_s is 0 */
};

/** What an address of a netif is. */
struct ip6_address_info {
  ip6_addr_t addr;
  u8_t state; /* IP6_ADDR_PREFERRED ... */
  u8_t prefix_len;
  enum ip6_addr_origin origin;
  bool is_optimistic; /* used although tentative */
  u32_t valid_s;      /* seconds left; IP6_ADDR_LIFE_STATIC: no end */
  u32_t preferred_s;
};

/**
 * Add an address, or give one that is there new lifetimes and a new prefix length (DHCPv6 renewing
 * a lease).
 *
 * @param idx  gets the slot; may be NULL
 * @return ERR_OK; ERR_VAL: no unicast address, a prefix longer than 128 bits, or preferred longer
 *         than valid; ERR_MEM: all slots are in use
 */
err_t netif_ip6_address_add(struct netif *netif, const struct ip6_address_spec *spec, s8_t *idx);

/** Take an address away, whoever made it. @return ERR_OK; ERR_VAL: there is none such */
err_t netif_ip6_address_remove(struct netif *netif, const ip6_addr_t *addr);

/** Slot `i` of LWIP_IPV6_NUM_ADDRESSES. @return false: it is free */
bool netif_ip6_address_get(struct netif *netif, unsigned i, struct ip6_address_info *info);

/**
 * Make the link-local address, in slot 0, and look for duplicates.
 * netif_create_ip6_linklocal_address() is the same with IP6_IID_EUI64.
 *
 * @return ERR_OK; ERR_VAL: the netif has no link address to make it of
 */
err_t netif_ip6_linklocal_create(struct netif *netif, enum ip6_iid iid);

/** Identifiers of autoconfigured addresses that are made from now on. LWIP_IPV6_STABLE_IID. */
void netif_ip6_iid_set(struct netif *netif, enum ip6_iid iid);

/** What a netif does with temporary addresses (RFC 8981). */
enum ip6_temporary {
  IP6_TEMPORARY_OFF,  /**< none; those that exist are deprecated and run out */
  IP6_TEMPORARY_ON,   /**< made, and preferred as source */
  IP6_TEMPORARY_SPARE /**< made, but the stable address is preferred as source */
};

#if LWIP_IPV6_TEMPORARY
/** For autoconfigured prefixes, from now on. */
void netif_ip6_temporary_set(struct netif *netif, enum ip6_temporary temporary);
#else
static inline void netif_ip6_temporary_set(struct netif *netif, enum ip6_temporary temporary)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(temporary);
}
#endif

/** Optimistic DAD (RFC 4429) for autoconfigured addresses. LWIP_IPV6_OPTIMISTIC_DAD. */
void netif_ip6_optimistic_set(struct netif *netif, bool is_on);

/** Packets by this netif are encapsulated: native transport is preferred (RFC 6724 6 rule 7). */
void netif_ip6_tunnel_set(struct netif *netif, bool is_tunnel);

/**
 * The secret of stable identifiers (RFC 7217 5): 16 random bytes that a program stores, so that
 * addresses are the same after a restart. Without, and without LWIP_HOOK_IP6_STABLE_SECRET(netif,
 * key), it is drawn when the stack starts. Counts for identifiers made from then on.
 */
void ip6_stable_secret_set(const u8_t key[16]);

/** One row of the policy table (RFC 6724 2.1). */
struct ip6_policy {
  u32_t prefix[4]; /* network order; IPv4 as ::ffff:a.b.c.d */
  u8_t prefix_len; /* 0 to 128 */
  u8_t precedence; /* of destinations: greater is better */
  u8_t label;      /* sources and destinations with the same label go together */
};

/**
 * Use this policy table from now on. The longest prefix decides; what no row matches has precedence
 * and label 0.
 *
 * @param table  not copied, stays the caller's and must live; NULL: the table of RFC 6724 2.1
 * @param count  its rows
 */
void ip6_policy_set(const struct ip6_policy *table, u8_t count);

/* What one packet or socket wants (RFC 5014 2), beyond what the netif is set to. */
#define IP6_PREFER_TEMPORARY 0x01U
#define IP6_PREFER_PUBLIC    0x02U
#define IP6_PREFER_HOME      0x04U /* the default */
#define IP6_PREFER_CARE_OF   0x08U

/**
 * ip6_select_source_address() with preferences.
 *
 * @return an address in `netif` (in another one's, if this is a router and `netif` has none that
 *         reaches as far); NULL: there is none
 */
const ip_addr_t *ip6_select_source_preferring(struct netif *netif, const ip6_addr_t *dest,
                                              u8_t preferences);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_IP6_CONFIG_H */
