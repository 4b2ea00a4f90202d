/**
 * @file
 * What the files mcast_*.c share.
 */
#ifndef IP_MCAST_PRIV_H
#define IP_MCAST_PRIV_H

#include "ip/mcast_group.h"

/**
 * A group's reception state as it is, was or will be: `swapped` counts as `instead` (NULL: not at
 * all). So the states before and after a change can be compared without a copy of either.
 */
struct mcast_view {
  const struct mcast_group *group;
  const struct mcast_membership *swapped;
  const struct mcast_membership *instead;
  bool is_used; /* by mcast_group_join(): EXCLUDE {} */
};

typedef void (*mcast_source_fn)(void *arg, const void *source);

/* mcast_filter.c: the merge of all memberships */

/** Where a source stands in the list; num_sources: nowhere. */
unsigned mcast_source_find(const struct mcast_membership *m, const void *source);
struct mcast_view mcast_view_of(const struct mcast_group *g);
enum mcast_mode mcast_view_mode(const struct mcast_view *v);
bool mcast_view_accepts(const struct mcast_view *v, const void *source);
/** Call `fn` once for each source of the merged list. */
void mcast_view_sources(const struct mcast_view *v, mcast_source_fn fn, void *arg);
/** Put what differs on record in `g->pending`, to be announced (RFC 3376 5.1, RFC 3810 6.1). */
void mcast_pending_note(struct mcast_group *g, const struct mcast_view *before,
                        const struct mcast_view *after);
bool mcast_pending_is_empty(const struct mcast_group *g);
/** One report with what is pending was sent. */
void mcast_pending_count_down(struct mcast_group *g);
void mcast_pending_clear(struct mcast_group *g);
/** Sources on record: the first num_changed, and those that queriers asked for. */
u8_t *mcast_pending_changed(struct mcast_group *g, unsigned index);
u8_t *mcast_pending_queried(struct mcast_group *g, unsigned index);

/* mcast_report.c: reports of the newest version */

void mcast_send_general(struct mcast_link *link);
void mcast_send_group(struct mcast_group *g);     /* its current state, or the queried sources' */
void mcast_send_change(struct mcast_group *g);    /* what is pending of one group */
void mcast_send_changes(struct mcast_link *link); /* what is pending of all */

/* mcast_timer.c */

/** Members came, went or changed their filters; pending is noted. May free `g`. */
void mcast_announce(struct mcast_group *g, bool was_member);
/** Forget all that was to be sent; groups that were left are freed. */
void mcast_link_cancel(struct mcast_link *link);

#endif /* IP_MCAST_PRIV_H */
