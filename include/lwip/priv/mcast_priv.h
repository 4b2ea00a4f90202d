/**
 * @file
 * What the group protocols of both families keep: per interface and family a link, per group an
 * entry. The stack's own; programs see struct igmp_group (lwip/igmp.h) and struct mld_group
 * (lwip/mld6.h), which begin with it. The code is in src/ip/mcast_*.c.
 */
#ifndef LWIP_HDR_PRIV_MCAST_PRIV_H
#define LWIP_HDR_PRIV_MCAST_PRIV_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "gossamer/timer.h"

struct netif;
struct mcast_family;
struct mcast_group;
struct mcast_membership;

/** Sources whose change is still being announced, and sources that queriers asked for, per group;
    beyond, the whole group's state is said. */
#define MCAST_MAX_PENDING (LWIP_IGMP_V3 || LWIP_MLD_V2 ? LWIP_MCAST_MAX_SOURCES : 1)

/** Both lists, the changed ones first: addresses as on the wire, behind the group's. */
#define MCAST_NUM_PENDING (2 * MCAST_MAX_PENDING)

/** What an interface has to say about one of its groups. */
struct mcast_pending {
  u8_t num_left; /* mode change reports still to come; older versions: unsolicited reports */
  u8_t num_changed;
  u8_t num_queried; /* 0 while `report` is set: the group was asked for as a whole */
  u8_t changed_left[MCAST_MAX_PENDING]; /* reports still to come about each changed source */
};

/** One interface in one family; zeroed: the protocol does not run there. */
struct mcast_link {
  const struct mcast_family *family;
  struct netif *netif;
  void **first;               /* where netif->client_data points to the first group */
  struct timer query;          /* newest version: a general query is to be answered */
  struct timer change;         /* newest version: state changes are to be repeated */
  struct timer older_querier;  /* set: one of IGMPv2 or MLDv1 is present */
  struct timer oldest_querier; /* set: one of IGMPv1 is */
  u16_t query_interval_s;
  u8_t robustness;
  bool had_source; /* reports had a source that routers accept (RFC 3590) */
};

/** One group of one interface. */
struct mcast_group {
  struct mcast_group *next;
  u8_t last_reporter_flag; /* 1: nobody reported it after us, so leaving must be said */
  u8_t group_state;        /* enum mcast_state */
  u16_t timer;             /* the last delay drawn for a report, in units of 100 ms */
  u8_t use;                /* joins without leaves, memberships aside */
  bool is_silent;          /* never reported: 224.0.0.1, ff02::1, interface-local scope */
  struct mcast_pending pending;
  struct mcast_link *link;
  struct mcast_membership *memberships;
  struct timer report; /* a report about this group is due */
};

#endif /* LWIP_HDR_PRIV_MCAST_PRIV_H */
