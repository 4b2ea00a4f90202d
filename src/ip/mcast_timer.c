/**
 * @file
 * When groups are reported, and in which version (RFC 3376 5, 7.2, 8; RFC 3810 6, 8.2, 9; RFC 2236
 * 3, 6; RFC 2710 4, 5).
 *
 * Timers, all one-shot: per group `report` (a query about the group in every version; older ones:
 * all of its reports), per interface `query` (newest version: a general query), `change` (newest:
 * state changes to repeat), `older_querier` and `oldest_querier` (such are present). With nothing
 * to say none is set. So floods of queries cost nothing: at most one answer per group and one per
 * interface is pending.
 */
#include "lwip/opt.h"
#include "base/random.h"
#include "ip/mcast_priv.h"
#include "link/netif_usable.h"

enum mcast_age mcast_link_age(const struct mcast_link *link)
{
  if (timer_is_set(&link->oldest_querier)) {
    return MCAST_OLDEST;
  }
  bool is_older = !link->family->has_filters || timer_is_set(&link->older_querier);
  return is_older ? MCAST_OLDER : MCAST_NEWEST;
}

/** Random in (0, max], so that hosts do not answer all at once. */
static u32_t mcast_delay_ms(u32_t max_ms)
{
  return 1 + random_jitter(max_ms);
}

static void mcast_schedule_group(struct mcast_group *g, u32_t max_ms);

/** The group's report is due. */
static void mcast_report_due(struct timer *t)
{
  struct mcast_group *g = TIMER_OWNER(t, struct mcast_group, report);
  g->group_state = MCAST_IDLE;
  if (mcast_link_age(g->link) == MCAST_NEWEST) {
    mcast_send_group(g);
    g->pending.num_queried = 0;
    return;
  }
  g->last_reporter_flag = 1;
  g->link->family->old_report_send(g);
  mcast_pending_count_down(g);
  if (!mcast_pending_is_empty(g)) {
    mcast_schedule_group(g, MCAST_OLD_UNSOLICITED_MS);
  }
}

static void mcast_schedule_group(struct mcast_group *g, u32_t max_ms)
{
  u32_t delay_ms = mcast_delay_ms(max_ms);
  if (timer_remaining_ms(&g->link->query) < delay_ms) {
    return; /* the answer to a general query will say it sooner (RFC 3376 5.2, 1) */
  }
  g->timer = (u16_t)LWIP_MIN(delay_ms / MCAST_TIMER_UNIT_MS, 0xffff);
  g->group_state = MCAST_DELAYING;
  timer_set_sooner(&g->report, mcast_report_due, delay_ms);
}

static void mcast_query_due(struct timer *t)
{
  mcast_send_general(TIMER_OWNER(t, struct mcast_link, query));
}

static void mcast_schedule_general(struct mcast_link *link, u32_t max_ms)
{
  if (mcast_link_age(link) == MCAST_NEWEST) {
    timer_set_sooner(&link->query, mcast_query_due, mcast_delay_ms(max_ms));
    return;
  }
  for (struct mcast_group *g = mcast_link_first(link); g != NULL; g = g->next) {
    if (mcast_group_is_reported(g)) {
      mcast_schedule_group(g, max_ms);
    }
  }
}

/** Remember which sources were asked for; too many: the group as a whole (RFC 3376 5.2, 4 and 5).
 */
static void mcast_record_queried(struct mcast_group *g, const struct mcast_query *q,
                                 const struct pbuf *p, u16_t sources_at)
{
  struct mcast_pending *pending = &g->pending;
  bool is_due = timer_is_set(&g->report);
  bool is_whole_group_due = is_due && pending->num_queried == 0;
  if (!is_due) {
    pending->num_queried = 0;
  }
  if (q->num_sources == 0 || is_whole_group_due ||
      pending->num_queried + q->num_sources > MCAST_MAX_PENDING) {
    pending->num_queried = 0;
    return;
  }
  pbuf_copy_partial(p, mcast_pending_queried(g, pending->num_queried),
                    (u16_t)(q->num_sources * g->link->family->addr_len), sources_at);
  pending->num_queried = (u8_t)(pending->num_queried + q->num_sources);
}

bool mcast_query_heard(struct mcast_link *link, const struct mcast_query *q, const struct pbuf *p,
                       u16_t sources_at)
{
  if (q->is_newest) {
    link->robustness = q->robustness != 0 ? q->robustness : MCAST_ROBUSTNESS;
    link->query_interval_s = q->interval_s != 0 ? q->interval_s : MCAST_QUERY_INTERVAL_S;
  }
  if (q->is_general) {
    mcast_schedule_general(link, q->max_resp_ms);
    return true;
  }
  struct mcast_group *g = mcast_group_find(link, q->group);
  if (g == NULL || !mcast_group_is_reported(g)) {
    return false;
  }
  if (mcast_link_age(link) == MCAST_NEWEST) {
    mcast_record_queried(g, q, p, sources_at);
  }
  mcast_schedule_group(g, q->max_resp_ms);
  return true;
}

void mcast_report_heard(struct mcast_group *g)
{
  /* Hosts of the newest version may be suppressed as well (RFC 3376 7.2.2, RFC 3810 8.2.2), but
     then queriers would not learn of their source filters, nor snooping switches of their ports. */
  if (mcast_link_age(g->link) != MCAST_NEWEST && g->group_state == MCAST_DELAYING) {
    timer_cancel(&g->report);
    mcast_pending_clear(g);
    g->group_state = MCAST_IDLE;
    g->last_reporter_flag = 0;
  }
}

/** Groups that were left stay until that was announced; then they go. */
static void mcast_free_if_done(struct mcast_group *g)
{
  if (!mcast_group_has_members(g) && mcast_pending_is_empty(g)) {
    mcast_group_free(g);
  }
}

static void mcast_change_due(struct timer *t);

static void mcast_schedule_change(struct mcast_link *link, u32_t max_ms)
{
  timer_set_sooner(&link->change, mcast_change_due, mcast_delay_ms(max_ms));
}

/** State changes are due once more: those of all groups in one report. */
static void mcast_change_due(struct timer *t)
{
  struct mcast_link *link = TIMER_OWNER(t, struct mcast_link, change);
  struct mcast_group *next;
  bool is_more = false;
  mcast_send_changes(link);
  for (struct mcast_group *g = mcast_link_first(link); g != NULL; g = next) {
    next = g->next;
    mcast_pending_count_down(g);
    is_more = is_more || !mcast_pending_is_empty(g);
    mcast_free_if_done(g);
  }
  if (is_more) {
    mcast_schedule_change(link, MCAST_UNSOLICITED_MS);
  }
}

/** Newest version: the first of several reports of what changed goes out at once (RFC 3376 5.1, RFC
    3810 6.1). */
static void mcast_announce_newest(struct mcast_group *g)
{
  if (mcast_pending_is_empty(g)) {
    return;
  }
  mcast_send_change(g);
  mcast_pending_count_down(g);
  if (!mcast_pending_is_empty(g)) {
    mcast_schedule_change(g->link, MCAST_UNSOLICITED_MS);
  }
}

/** Older versions know members only, not sources (RFC 2236 3, RFC 2710 4). */
static void mcast_announce_older(struct mcast_group *g, bool was_member)
{
  const struct mcast_family *f = g->link->family;
  bool is_member = mcast_group_has_members(g);
  mcast_pending_clear(g);
  if (is_member && !was_member) {
    g->pending.num_left = g->link->robustness - 1;
    g->last_reporter_flag = 1;
    f->old_report_send(g);
    if (g->pending.num_left > 0) {
      mcast_schedule_group(g, MCAST_OLD_UNSOLICITED_MS);
    }
  } else if (was_member && !is_member && g->last_reporter_flag &&
             mcast_link_age(g->link) == MCAST_OLDER) {
    f->leave_send(g);
  }
}

void mcast_announce(struct mcast_group *g, bool was_member)
{
  if (!mcast_group_has_members(g)) {
    timer_cancel(&g->report);
    g->group_state = MCAST_LEFT;
  } else if (!was_member) {
    g->group_state = MCAST_IDLE;
  }
  if (!netif_is_usable(g->link->netif) || !mcast_group_is_public(g)) {
    mcast_pending_clear(g); /* all groups are announced when the interface comes up */
  } else if (mcast_link_age(g->link) == MCAST_NEWEST) {
    mcast_announce_newest(g);
  } else {
    mcast_announce_older(g, was_member);
  }
  mcast_free_if_done(g);
}

void mcast_link_cancel(struct mcast_link *link)
{
  struct mcast_group *next;
  timer_cancel(&link->query);
  timer_cancel(&link->change);
  for (struct mcast_group *g = mcast_link_first(link); g != NULL; g = next) {
    next = g->next;
    timer_cancel(&g->report);
    mcast_pending_clear(g);
    if (mcast_group_has_members(g)) {
      g->group_state = MCAST_IDLE;
    }
    mcast_free_if_done(g);
  }
}

static void mcast_oldest_querier_gone(struct timer *t)
{
  mcast_link_cancel(TIMER_OWNER(t, struct mcast_link, oldest_querier));
}

static void mcast_older_querier_gone(struct timer *t)
{
  struct mcast_link *link = TIMER_OWNER(t, struct mcast_link, older_querier);
  if (mcast_link_age(link) == MCAST_NEWEST) {
    mcast_link_cancel(link);
  }
}

void mcast_old_querier_heard(struct mcast_link *link, enum mcast_age age)
{
  enum mcast_age before = mcast_link_age(link);
  /* Older version querier present timeout (RFC 3376 8.12, RFC 3810 9.12). */
  u32_t timeout_ms =
      (u32_t)link->robustness * link->query_interval_s * 1000 + MCAST_QUERY_RESPONSE_MS;
  if (age == MCAST_OLDEST) {
    timer_set(&link->oldest_querier, mcast_oldest_querier_gone, timeout_ms);
  } else if (link->family->has_filters) {
    timer_set(&link->older_querier, mcast_older_querier_gone, timeout_ms);
  }
  if (mcast_link_age(link) != before) {
    mcast_link_cancel(link); /* RFC 3376 7.2.1, RFC 3810 8.2.1 */
  }
}

void mcast_link_report(struct mcast_link *link)
{
  if (mcast_link_first(link) == NULL || !netif_is_usable(link->netif)) {
    return;
  }
  bool is_newest = mcast_link_age(link) == MCAST_NEWEST;
  bool is_any = false;
  for (struct mcast_group *g = mcast_link_first(link); g != NULL; g = g->next) {
    if (!mcast_group_is_reported(g)) {
      continue;
    }
    is_any = true;
    mcast_pending_clear(g);
    g->pending.num_left = link->robustness;
    if (!is_newest) {
      mcast_schedule_group(g, MCAST_ANNOUNCE_MS);
    }
  }
  if (is_newest && is_any) {
    mcast_schedule_change(link, MCAST_ANNOUNCE_MS);
  }
}
