/**
 * @file
 * Multicast Listener Discovery: the IPv6 groups of this host (RFC 3810, with RFC 2710 queriers).
 *
 * Joins count: a group is left when it was left as often as it was joined. Source filters:
 * gossamer/multicast.h. On interfaces without NETIF_FLAG_MLD6 groups are received and never
 * reported. All functions: core lock held.
 */
#ifndef LWIP_HDR_MLD6_H
#define LWIP_HDR_MLD6_H

#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD

#include "gossamer/multicast.h"
#include "lwip/priv/mcast_priv.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Milliseconds of one mld6_tmr(), the unit of mld_group.timer. Nothing in here ticks. */
#define MLD6_TMR_INTERVAL 100

/**
 * One group of one interface, from the pool MLD6_GROUP. ff02::1 is not among them unless somebody
 * joins it. Read-only for programs.
 */
struct mld_group {
  union {
    struct mcast_group base;
    struct { /* lwIP's names for the first members of `base` */
      struct mld_group *next;
      u8_t last_reporter_flag; /* 1: we sent the last report, so leaving must be said */
      u8_t group_state;        /* 0: left, and still being announced; 1: a report is due; 2: idle */
      u16_t timer;             /* the last delay drawn for a report, in MLD6_TMR_INTERVALs */
      u8_t use;                /* joins without leaves, by mld6_joingroup() and its kin */
    };
  };
  ip6_addr_t group_address; /* with its zone */
  u8_t pending_sources[MCAST_NUM_PENDING][16];
};

/** The first group of `netif`; NULL: none. */
#define netif_mld6_data(netif)                                                                     \
  ((struct mld_group *)netif_get_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_MLD6))

/** Forget all groups of `netif` without a word. @return ERR_OK */
err_t mld6_stop(struct netif *netif);

/** Report all groups of `netif` within half a second: for links that were changed under us. */
void mld6_report_groups(struct netif *netif);

/** Run what is due. Nobody needs to call it where sys_check_timeouts() runs. */
void mld6_tmr(void);

/** The entry of a group that `ifp` is in; NULL otherwise. Zones do not matter: it is `ifp`'s. */
struct mld_group *mld6_lookfor_group(struct netif *ifp, const ip6_addr_t *addr);

/** Process the MLD message being received (ip_current()); takes `p`. ICMPv6 input calls it. */
void mld6_input(struct pbuf *p, struct netif *inp);

/**
 * Join a group on the netif that has the address `srcaddr`, or on all when that is "any" or NULL.
 *
 * @return ERR_OK: on one netif at least; ERR_VAL: `groupaddr` is no group or has another zone, or
 *         no netif matches; ERR_MEM: no entry left of MEMP_NUM_MLD6_GROUP
 */
err_t mld6_joingroup(const ip6_addr_t *srcaddr, const ip6_addr_t *groupaddr);

/** Join on one netif, which may be down and without an address. Errors as mld6_joingroup(). */
err_t mld6_joingroup_netif(struct netif *netif, const ip6_addr_t *groupaddr);

/** Undo one mld6_joingroup(). @return ERR_OK; ERR_VAL: not joined, or bad arguments */
err_t mld6_leavegroup(const ip6_addr_t *srcaddr, const ip6_addr_t *groupaddr);

/** Leave on one netif. Errors as mld6_leavegroup(). */
err_t mld6_leavegroup_netif(struct netif *netif, const ip6_addr_t *groupaddr);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV6 && LWIP_IPV6_MLD */

#endif /* LWIP_HDR_MLD6_H */
