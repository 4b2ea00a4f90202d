/**
 * @file
 * Path MTUs: how long packets to a destination may be (RFC 1191, RFC 8201).
 *
 * Only what ICMP told us is stored: LWIP_PMTU_NUM_DESTINATIONS destinations, the least recently
 * used one makes room. What was learnt is forgotten after ten minutes, so that a better path is
 * found again (RFC 1191 6.3). A path MTU never goes up before that, and never below a floor:
 * 576 bytes for IPv4, 1280 for IPv6 (RFC 8200 5). An attacker who forges ICMP errors can hence not
 * make us send dust (security vector B5-94). Where an IPv4 path is really narrower, routers
 * fragment, because "don't fragment" is not set towards it any more.
 *
 * All functions run with the core lock held.
 */
#ifndef GOSSAMER_PMTU_H
#define GOSSAMER_PMTU_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Least path MTUs that are believed, in bytes. */
#define PMTU_IP4_FLOOR 576
#define PMTU_IP6_FLOOR 1280

/** How long a learnt path MTU is kept, in milliseconds. */
#define PMTU_AGE_MS 600000UL

#if LWIP_PMTU_DISCOVERY

/** Longest packet for `dst`, headers included: the path MTU if one is known, else `link_mtu`. */
u16_t pmtu_get(const ip_addr_t *dst, u16_t link_mtu);

/**
 * Routers are to fragment on the way to `dst`: its path MTU lies below the floor, so "don't
 * fragment" would lose every packet. IPv4 only: routers never fragment IPv6.
 */
bool pmtu_is_below_floor(const ip_addr_t *dst);

/**
 * A router said that `mtu` is what fits. Call it only for errors that quote a packet of ours.
 *
 * @param mtu  IPv4, 0 (RFC 1191 5, a router of before 1990): the plateau below today's path MTU;
 *             where the quoted packet's length is known, pass pmtu_plateau_below() of it instead.
 *             Less than the floor counts as the floor
 * @return true if the path MTU became smaller
 */
bool pmtu_lower(const ip_addr_t *dst, u16_t mtu);

/** The greatest common MTU smaller than `len` (RFC 1191 7.1), at least PMTU_IP4_FLOOR. */
u16_t pmtu_plateau_below(u16_t len);

#else

static inline u16_t pmtu_get(const ip_addr_t *dst, u16_t link_mtu)
{
  LWIP_UNUSED_ARG(dst);
  return link_mtu;
}

static inline bool pmtu_is_below_floor(const ip_addr_t *dst)
{
  LWIP_UNUSED_ARG(dst);
  return false;
}

static inline bool pmtu_lower(const ip_addr_t *dst, u16_t mtu)
{
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(mtu);
  return false;
}

static inline u16_t pmtu_plateau_below(u16_t len)
{
  return len;
}

#endif

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_PMTU_H */
