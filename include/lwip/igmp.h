/**
 * @file
 * IGMP: IPv4 group membership of this host (RFC 3376, with RFC 2236 and RFC 1112 queriers).
 *
 * Joins count: a group is left when it was left as often as it was joined. Source filters:
 * gossamer/multicast.h. All functions: core lock held.
 */
#ifndef LWIP_HDR_IGMP_H
#define LWIP_HDR_IGMP_H

#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

#if LWIP_IPV4 && LWIP_IGMP

#include "gossamer/multicast.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Milliseconds of one igmp_tmr(), the unit of igmp_group.timer. Nothing in here ticks. */
#define IGMP_TMR_INTERVAL             100
#define IGMP_V1_DELAYING_MEMBER_TMR   (1000 / IGMP_TMR_INTERVAL)
#define IGMP_JOIN_DELAYING_MEMBER_TMR (500 / IGMP_TMR_INTERVAL)

/* lwIP's older names. */
#define IGMP_DEL_MAC_FILTER NETIF_DEL_MAC_FILTER
#define IGMP_ADD_MAC_FILTER NETIF_ADD_MAC_FILTER

/** Sources whose change is still being announced, per group; beyond, the whole state is. */
#define IGMP_MAX_CHANGED_SOURCES (LWIP_IGMP_V3 ? LWIP_MCAST_MAX_SOURCES : 1)

/** Sources that queriers asked for, per group; beyond, the answer is about the whole group. */
#define IGMP_MAX_QUERIED_SOURCES (LWIP_IGMP_V3 ? LWIP_MCAST_MAX_SOURCES : 1)

/** What an interface has to say about one of its groups; igmp's own. */
struct igmp_pending {
  u8_t num_left; /* v3: mode change reports still to come; v1, v2: unsolicited reports */
  u8_t num_changed;
  u8_t num_queried; /* 0 while `report` is set: the group was asked for as a whole */
  u8_t changed_left[IGMP_MAX_CHANGED_SOURCES]; /* reports still to come about changed[i] */
  ip4_addr_t changed[IGMP_MAX_CHANGED_SOURCES];
  ip4_addr_t queried[IGMP_MAX_QUERIED_SOURCES];
};

/** IGMP state of an interface, in its entry for 224.0.0.1; igmp's own. */
struct igmp_link {
  struct timer query;      /* v3: a general query is to be answered */
  struct timer change;     /* v3: state changes are to be repeated */
  struct timer v1_querier; /* set: v1 mode (RFC 3376 7.2.1) */
  struct timer v2_querier; /* set: v2 mode, unless v1 */
  u16_t query_interval_s;
  u8_t robustness;
};

/**
 * One group of one interface. Every interface's first is 224.0.0.1, which is never reported.
 * The members of lwIP come first; all are read-only for programs.
 */
struct igmp_group {
  struct igmp_group *next;
  ip4_addr_t group_address;
  u8_t
      last_reporter_flag; /* 1: nobody reported it after us, so leaving must be said (RFC 2236 6) */
  u8_t group_state;       /* IGMP_GROUP_*; NON_MEMBER: left, and still being announced */
  u16_t timer;            /* the last delay drawn for a report, in IGMP_TMR_INTERVALs */
  u8_t use;               /* joins without leaves, by igmp_joingroup() and its kin */
  struct netif *netif;
  struct timer report; /* a report about this group is due */
  struct mcast_membership *memberships;
  union {
    struct igmp_pending pending;
    struct igmp_link link; /* of 224.0.0.1 */
  };
};

/** The first group of `netif`; NULL: IGMP was not started there. */
#define netif_igmp_data(netif)                                                                     \
  ((struct igmp_group *)netif_get_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_IGMP))

/** Nothing to do, kept for programs that call it. */
void igmp_init(void);

/**
 * Start IGMP on `netif`: it joins 224.0.0.1. netif_add() does it for those with NETIF_FLAG_IGMP.
 *
 * @return ERR_OK, also when started already; ERR_MEM: no entry left of MEMP_NUM_IGMP_GROUP
 */
err_t igmp_start(struct netif *netif);

/** Forget all groups of `netif` without a word. @return ERR_OK */
err_t igmp_stop(struct netif *netif);

/** Report all groups of `netif` within half a second: for links that were changed under us. */
void igmp_report_groups(struct netif *netif);

/** The entry of a group that `ifp` is in, 224.0.0.1 included; NULL otherwise. */
struct igmp_group *igmp_lookfor_group(struct netif *ifp, const ip4_addr_t *addr);

/** Process the IGMP message being received (ip_current()); takes `p`. IP input calls it. */
void igmp_input(struct pbuf *p, struct netif *inp, const ip4_addr_t *dest);

/**
 * Join a group on the netif whose address is `ifaddr`, or on all with IGMP when that is "any".
 *
 * @return ERR_OK: on one netif at least; ERR_VAL: `groupaddr` is no group or is 224.0.0.1, or no
 *         netif matches; ERR_MEM: no entry left of MEMP_NUM_IGMP_GROUP
 */
err_t igmp_joingroup(const ip4_addr_t *ifaddr, const ip4_addr_t *groupaddr);

/** Join on one netif. Errors as igmp_joingroup(). */
err_t igmp_joingroup_netif(struct netif *netif, const ip4_addr_t *groupaddr);

/** Undo one igmp_joingroup(). @return ERR_OK; ERR_VAL: not joined, or bad arguments */
err_t igmp_leavegroup(const ip4_addr_t *ifaddr, const ip4_addr_t *groupaddr);

/** Leave on one netif. Errors as igmp_leavegroup(). */
err_t igmp_leavegroup_netif(struct netif *netif, const ip4_addr_t *groupaddr);

/** Run what is due. Nobody needs to call it where sys_check_timeouts() runs. */
void igmp_tmr(void);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV4 && LWIP_IGMP */

#endif /* LWIP_HDR_IGMP_H */
