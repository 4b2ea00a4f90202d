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
#include "lwip/priv/mcast_priv.h"

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

/**
 * One group of one interface, from the pool IGMP_GROUP. Every interface's first is 224.0.0.1, which
 * is never reported. Read-only for programs.
 */
struct igmp_group {
  union {
    struct mcast_group base;
    struct { /* lwIP's names for the first members of `base` */
      struct igmp_group *next;
      u8_t last_reporter_flag; /* 1: nobody reported it after us, so leaving must be said */
      u8_t group_state;        /* IGMP_GROUP_*; NON_MEMBER: left, and still being announced */
      u16_t timer;             /* the last delay drawn for a report, in IGMP_TMR_INTERVALs */
      u8_t use;                /* joins without leaves, by igmp_joingroup() and its kin */
    };
  };
  ip4_addr_t group_address;
  u8_t pending_sources[MCAST_NUM_PENDING][4];
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
