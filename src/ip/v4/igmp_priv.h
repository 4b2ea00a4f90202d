/**
 * @file
 * What IGMP's own files share.
 *
 * Every netif with IGMP has a list of groups, whose first is 224.0.0.1 ("all" in the code below):
 * that entry carries the state of the interface (struct igmp_link). The others have members, or had
 * some and are still being announced as left (group_state NON_MEMBER).
 */
#ifndef IP_V4_IGMP_PRIV_H
#define IP_V4_IGMP_PRIV_H

#include <stdbool.h>
#include "lwip/igmp.h"
#include "lwip/prot/igmp.h"
#include "gossamer/multicast.h"

#define IGMP_ALL_SYSTEMS    PP_HTONL(0xe0000001UL) /* 224.0.0.1 */
#define IGMP_ALL_ROUTERS    PP_HTONL(0xe0000002UL) /* 224.0.0.2 */
#define IGMP_V3_ALL_ROUTERS PP_HTONL(0xe0000016UL) /* 224.0.0.22 */

/* Defaults of RFC 3376 8; queriers of version 3 tell theirs. */
#define IGMP_ROBUSTNESS        2
#define IGMP_QUERY_INTERVAL_S  125
#define IGMP_QUERY_RESPONSE_MS 10000

/* Between repetitions of unsolicited reports (RFC 3376 8.11, RFC 2236 8.10). */
#define IGMP_V3_UNSOLICITED_MS 1000
#define IGMP_V2_UNSOLICITED_MS 10000

/** How soon all groups are reported after a change of link or address. */
#define IGMP_ANNOUNCE_MS (IGMP_JOIN_DELAYING_MEMBER_TMR * IGMP_TMR_INTERVAL)

/**
 * A group's reception state as it is, was or will be: `swapped` counts as `instead` (NULL: not at
 * all). So the states before and after a change can be compared without a copy of either.
 */
struct igmp_view {
  const struct igmp_group *group;
  const struct mcast_membership *swapped;
  const struct mcast_membership *instead;
  bool is_used; /* by igmp_joingroup(): EXCLUDE {} */
};

typedef void (*igmp_source_fn)(void *arg, const ip4_addr_t *source);

/* igmp_filter.c: the merge of all memberships (RFC 3376 3.2) */

/** False for groups that were left and are merely being announced as such. */
bool igmp_has_members(const struct igmp_group *g);
struct igmp_view igmp_view_of(const struct igmp_group *g);
enum mcast_mode igmp_view_mode(const struct igmp_view *v);
bool igmp_view_accepts(const struct igmp_view *v, const ip4_addr_t *source);
/** Call `fn` once for each source of the merged list. */
void igmp_view_sources(const struct igmp_view *v, igmp_source_fn fn, void *arg);
/** Put what differs on record in `g->pending`, to be announced (RFC 3376 5.1). */
void igmp_pending_note(struct igmp_group *g, const struct igmp_view *before,
                       const struct igmp_view *after, u8_t robustness);
bool igmp_pending_is_empty(const struct igmp_group *g);
/** One report with what is pending was sent. */
void igmp_pending_count_down(struct igmp_group *g);
void igmp_pending_clear(struct igmp_group *g);

/* igmp_send.c: messages */

void igmp_send_v3_general(struct igmp_group *all);
void igmp_send_v3_group(struct igmp_group *g);     /* its current state, or the queried sources' */
void igmp_send_v3_change(struct igmp_group *g);    /* what is pending of one group */
void igmp_send_v3_changes(struct igmp_group *all); /* what is pending of all */
void igmp_send_report(struct igmp_group *g);       /* version 1 or 2 */
void igmp_send_leave(struct igmp_group *g);

/* igmp_timer.c: when to send */

u8_t igmp_version(const struct igmp_group *all);
void igmp_schedule_general(struct igmp_group *all, u32_t max_ms);
void igmp_schedule_group(struct igmp_group *g, u32_t max_ms);
/** Members came, went or changed their filters; pending is noted. May free `g`. */
void igmp_announce(struct igmp_group *g, bool was_member);
/** A querier of this version was heard; sets the interface's mode (RFC 3376 7.2.1). */
void igmp_querier_heard(struct igmp_group *all, u8_t version);
/** Forget all that was to be sent; groups that were left are freed. */
void igmp_cancel_all(struct igmp_group *all);

/* igmp.c: groups */

/** The entry of a group, also one that was left. */
struct igmp_group *igmp_group_find(const struct netif *netif, const ip4_addr_t *addr);
void igmp_group_free(struct igmp_group *g);

#endif /* IP_V4_IGMP_PRIV_H */
