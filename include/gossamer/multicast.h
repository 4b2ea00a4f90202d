/**
 * @file
 * Multicast memberships with source filters (RFC 3376 2, RFC 3810 3, RFC 3678), for both IP
 * families.
 *
 * A membership is one listener's wish: from this group on this interface, packets from these
 * sources only (INCLUDE), or from all but these (EXCLUDE). It is an object of the caller's,
 * typically beside his pcb, and nothing is copied out of it. What an interface asks the network for
 * is the merge of all memberships in the group (RFC 3376 3.2, RFC 3810 4.2) and of lwIP's
 * igmp_joingroup() or mld6_joingroup(), which is EXCLUDE {}. IP input accepts what the merge
 * accepts; a listener that shares a group with others asks mcast_accepts() whether a packet is for
 * him.
 *
 * IPv4 groups are announced by IGMPv3, IPv6 groups by MLDv2; or by older versions where the network
 * has such queriers. These cannot carry source filters, which then hold within this host alone.
 * Zones of link-local sources do not matter: they are the membership's interface's.
 *
 * All functions: core lock held.
 */
#ifndef GOSSAMER_MULTICAST_H
#define GOSSAMER_MULTICAST_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mcast_group;
struct netif;

/** What a source list means. The values are RFC 3678's MCAST_INCLUDE and MCAST_EXCLUDE. */
enum mcast_mode {
  MCAST_MODE_EXCLUDE = 0, /* all sources but those listed */
  MCAST_MODE_INCLUDE = 1  /* the listed sources alone */
};

/**
 * One listener's membership. Zeroed: not a member. All members are read-only for the owner, who
 * must not move or free the object before mcast_leave().
 */
struct mcast_membership {
  struct mcast_membership *next; /* of the same group and interface */
  struct netif *netif;       /* NULL: not a member (any more: the netif may have been removed) */
  struct mcast_group *entry; /* the stack's own */
  ip_addr_t group;
  u8_t mode; /* enum mcast_mode */
  u8_t num_sources;
  ip_addr_t source[LWIP_MCAST_MAX_SOURCES]; /* no duplicates */
};

/**
 * Become a member.
 *
 * @param m        not a member now; linked in until mcast_leave()
 * @param netif    NULL: the one that packets to `group` would leave by
 * @param sources  `num_sources` addresses of the group's family; may be NULL when there are none.
 *                 EXCLUDE with none is the ordinary join of any source
 * @return ERR_OK; ERR_VAL: no multicast address, INCLUDE without sources, a source that is none, no
 *         interface or one without IGMP; ERR_USE: `m` is a member already; ERR_MEM: more than
 *         LWIP_MCAST_MAX_SOURCES sources, or MEMP_NUM_IGMP_GROUP (MEMP_NUM_MLD6_GROUP) groups are
 *         joined
 */
err_t mcast_join(struct mcast_membership *m, struct netif *netif, const ip_addr_t *group,
                 enum mcast_mode mode, const ip_addr_t *sources, u16_t num_sources);

/** Stop being a member; harmless when it is none. `m` may be freed or used again afterwards. */
void mcast_leave(struct mcast_membership *m);

/**
 * Replace mode and sources at once (RFC 3678 4.2.1: setsourcefilter). INCLUDE without sources is
 * mcast_leave().
 *
 * @return ERR_OK; ERR_VAL: not a member or a bad source; ERR_MEM: too many sources. On error
 * nothing has changed
 */
err_t mcast_set_filter(struct mcast_membership *m, enum mcast_mode mode, const ip_addr_t *sources,
                       u16_t num_sources);

/**
 * Add or take away one source of an INCLUDE membership (RFC 3678: MCAST_JOIN_SOURCE_GROUP on a
 * member, MCAST_LEAVE_SOURCE_GROUP). Taking the last one away is mcast_leave().
 *
 * @return ERR_OK; ERR_VAL: not a member, not in INCLUDE mode, or no source; ERR_USE: listed already
 *         (or not listed); ERR_MEM: too many sources
 */
err_t mcast_add_source(struct mcast_membership *m, const ip_addr_t *source);
err_t mcast_remove_source(struct mcast_membership *m, const ip_addr_t *source);

/**
 * Stop or start again to hear one source of an EXCLUDE membership (RFC 3678: MCAST_BLOCK_SOURCE,
 * MCAST_UNBLOCK_SOURCE). Errors as above, with EXCLUDE for INCLUDE.
 */
err_t mcast_block_source(struct mcast_membership *m, const ip_addr_t *source);
err_t mcast_unblock_source(struct mcast_membership *m, const ip_addr_t *source);

/** Does this membership want packets from `source`? False when it is none. */
bool mcast_accepts(const struct mcast_membership *m, const ip_addr_t *source);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_MULTICAST_H */
