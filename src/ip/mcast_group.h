/**
 * @file
 * The groups of an interface, their source filters and reports: what IGMP and MLD have in common
 * (RFC 3376 and RFC 3810, with RFC 2236 and RFC 2710). The two protocols are families of this; what
 * differs is in struct mcast_family: addresses, message formats and how messages are sent.
 *
 * Addresses are bytes in network order here, of the family's length; of an ip_addr_t they are the
 * first. Zones of IPv6 addresses are the interface's and are never compared.
 */
#ifndef IP_MCAST_GROUP_H
#define IP_MCAST_GROUP_H

#include "lwip/err.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/priv/mcast_priv.h"
#include "gossamer/multicast.h"
#include "wire/mcast.h"

/* Defaults of RFC 3376 8 and RFC 3810 9; queriers of the newest version tell theirs. */
#define MCAST_ROBUSTNESS        2
#define MCAST_QUERY_INTERVAL_S  125
#define MCAST_QUERY_RESPONSE_MS 10000

/* Between repetitions of unsolicited reports (RFC 3376 8.11, RFC 3810 9.11; RFC 2236 8.10, RFC 2710
   7.10). */
#define MCAST_UNSOLICITED_MS     1000
#define MCAST_OLD_UNSOLICITED_MS 10000

/** How soon all groups are reported after a change of link or address. */
#define MCAST_ANNOUNCE_MS 500

/** Unit of mcast_group.timer, lwIP's. */
#define MCAST_TIMER_UNIT_MS 100

/** mcast_group.group_state; the numbers are lwIP's. */
enum mcast_state {
  MCAST_LEFT = 0, /* no members; stays until that was announced */
  MCAST_DELAYING = 1,
  MCAST_IDLE = 2
};

/** What the interface speaks, which depends on the queriers that it heard. */
enum mcast_age {
  MCAST_NEWEST, /* IGMPv3, MLDv2: the ones with source filters */
  MCAST_OLDER,  /* IGMPv2, MLDv1 */
  MCAST_OLDEST  /* IGMPv1 */
};

/** What differs between IGMP and MLD. The functions that send take no packet but their own. */
struct mcast_family {
  u8_t addr_len;
  u8_t netif_flag;      /* interfaces without it report nothing */
  bool has_filters;     /* MCAST_NEWEST is in the build */
  u16_t group_len;      /* of struct igmp_group or struct mld_group ... */
  u16_t addr_offset;    /* ... and in it, of group_address ... */
  u16_t sources_offset; /* ... and of pending_sources */
  memp_t pool;
  struct mcast_link *(*link_of)(struct netif *netif);
  void (*member_changed)(struct mcast_group *g, bool is_member); /* for the driver's filter */
  u16_t (*report_len_max)(const struct netif *netif);
  struct pbuf *(*report_alloc)(u16_t len); /* NULL: no memory, counted */
  void (*report_send)(struct netif *netif, struct pbuf *p, u16_t num_records); /* takes `p` */
  void (*old_report_send)(struct mcast_group *g);
  void (*leave_send)(struct mcast_group *g);
};

/* mcast_group.c: groups and members */

/** @param first  where the first group is kept, NULL now; belongs to `link` until stopped */
void mcast_link_start(struct mcast_link *link, const struct mcast_family *family,
                      struct netif *netif, void **first);
/** Back to the state of a link that nothing is known of; members stay. */
void mcast_link_reset(struct mcast_link *link);
/** Forget all groups without a word; the owners of memberships find theirs ended. */
void mcast_link_stop(struct mcast_link *link);

static inline struct mcast_group *mcast_link_first(const struct mcast_link *link)
{
  return link->first != NULL ? (struct mcast_group *)*link->first : NULL;
}

static inline u8_t *mcast_group_addr(struct mcast_group *g)
{
  return (u8_t *)g + g->link->family->addr_offset;
}

/** The entry of a group, also one that was left; NULL: none. */
struct mcast_group *mcast_group_find(const struct mcast_link *link, const void *addr);
/** The same, made if there is none, behind the first; NULL without memory. */
struct mcast_group *mcast_group_get(struct mcast_link *link, const void *addr);
void mcast_group_free(struct mcast_group *g);

/** Another or one less join without filter. @return ERR_OK; ERR_MEM: too many */
err_t mcast_group_join(struct mcast_group *g);
/** @return ERR_OK; ERR_VAL: not joined. May free `g` */
err_t mcast_group_leave(struct mcast_group *g);

/** Link in a membership, whose group and filter are set. */
void mcast_member_join(struct mcast_group *g, struct mcast_membership *m);
/** Give a linked membership the mode and sources of `filter`, not INCLUDE {}. */
void mcast_member_set(struct mcast_membership *m, const struct mcast_membership *filter);
/** Take a membership out. */
void mcast_member_leave(struct mcast_membership *m);

/** Do its members want packets from `source`? NULL: from anybody at all. */
bool mcast_group_accepts(const struct mcast_group *g, const void *source);

/** False for groups that were left and are merely being announced as such. */
static inline bool mcast_group_has_members(const struct mcast_group *g)
{
  return g->use != 0 || g->memberships != NULL;
}

/** May the network hear of its members' coming and going? */
static inline bool mcast_group_is_public(const struct mcast_group *g)
{
  return !g->is_silent && (g->link->netif->flags & g->link->family->netif_flag) != 0;
}

static inline bool mcast_group_is_reported(const struct mcast_group *g)
{
  return mcast_group_has_members(g) && mcast_group_is_public(g);
}

/* mcast_timer.c: when to send */

enum mcast_age mcast_link_age(const struct mcast_link *link);
/** A querier of that age, not the newest, was heard; sets the interface's mode. */
void mcast_old_querier_heard(struct mcast_link *link, enum mcast_age age);
/**
 * Schedule the answer to a query; mcast_old_querier_heard() comes before, if at all.
 *
 * @param p           the message
 * @param sources_at  where in `p` the sources start
 * @return false: it is about a group that is not joined, or never reported
 */
bool mcast_query_heard(struct mcast_link *link, const struct mcast_query *q, const struct pbuf *p,
                       u16_t sources_at);
/** Somebody else reported the group in an older version, in which once is enough. */
void mcast_report_heard(struct mcast_group *g);
/** Report all groups soon. */
void mcast_link_report(struct mcast_link *link);

#endif /* IP_MCAST_GROUP_H */
