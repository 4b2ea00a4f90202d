/**
 * @file
 * IGMP's clock: when reports are sent, and in which version (RFC 3376 5, 7.2, 8; RFC 2236 3, 6).
 *
 * Timers, all one-shot: per group `report` (a query about the group in every version; v1, v2: all
 * of its reports), per interface `query` (v3: a general query), `change` (v3: state changes to
 * repeat), `v1_querier` and `v2_querier` (older queriers are present). With nothing to say none is
 * set.
 */
#include "lwip/opt.h"
#include "base/random.h"
#include "ip/v4/igmp_priv.h"
#include "link/netif_ip4.h"

#if LWIP_IPV4 && LWIP_IGMP

u8_t igmp_version(const struct igmp_group *all)
{
  if (timer_is_set(&all->link.v1_querier)) {
    return 1;
  }
  return (!LWIP_IGMP_V3 || timer_is_set(&all->link.v2_querier)) ? 2 : 3;
}

static struct igmp_group *igmp_all_of(const struct igmp_group *g)
{
  return netif_igmp_data(g->netif);
}

/** Random in (0, max], so that hosts do not answer all at once. */
static u32_t igmp_delay_ms(u32_t max_ms)
{
  return 1 + random_jitter(max_ms);
}

/** The group's report is due. */
static void igmp_report_due(struct timer *t)
{
  struct igmp_group *g = TIMER_OWNER(t, struct igmp_group, report);
  g->group_state = IGMP_GROUP_IDLE_MEMBER;
  if (igmp_version(igmp_all_of(g)) == 3) {
    igmp_send_v3_group(g);
    g->pending.num_queried = 0;
    return;
  }
  igmp_send_report(g);
  igmp_pending_count_down(g);
  if (!igmp_pending_is_empty(g)) {
    igmp_schedule_group(g, IGMP_V2_UNSOLICITED_MS);
  }
}

void igmp_schedule_group(struct igmp_group *g, u32_t max_ms)
{
  u32_t delay_ms = igmp_delay_ms(max_ms);
  if (timer_remaining_ms(&igmp_all_of(g)->link.query) < delay_ms) {
    return; /* the answer to a general query will say it sooner (RFC 3376 5.2, 1) */
  }
  g->timer = (u16_t)(delay_ms / IGMP_TMR_INTERVAL);
  g->group_state = IGMP_GROUP_DELAYING_MEMBER;
  timer_set_sooner(&g->report, igmp_report_due, delay_ms);
}

static void igmp_query_due(struct timer *t)
{
  igmp_send_v3_general(TIMER_OWNER(t, struct igmp_group, link.query));
}

void igmp_schedule_general(struct igmp_group *all, u32_t max_ms)
{
  if (igmp_version(all) == 3) {
    timer_set_sooner(&all->link.query, igmp_query_due, igmp_delay_ms(max_ms));
    return;
  }
  for (struct igmp_group *g = all->next; g != NULL; g = g->next) {
    if (igmp_has_members(g)) {
      igmp_schedule_group(g, max_ms);
    }
  }
}

/** Groups that were left stay until that was announced; then they go. */
static void igmp_free_if_done(struct igmp_group *g)
{
  if (!igmp_has_members(g) && igmp_pending_is_empty(g)) {
    igmp_group_free(g);
  }
}

static void igmp_change_due(struct timer *t);

static void igmp_schedule_change(struct igmp_group *all, u32_t max_ms)
{
  timer_set_sooner(&all->link.change, igmp_change_due, igmp_delay_ms(max_ms));
}

/** State changes are due once more: those of all groups in one report. */
static void igmp_change_due(struct timer *t)
{
  struct igmp_group *all = TIMER_OWNER(t, struct igmp_group, link.change);
  struct igmp_group *next;
  bool is_more = false;
  igmp_send_v3_changes(all);
  for (struct igmp_group *g = all->next; g != NULL; g = next) {
    next = g->next;
    igmp_pending_count_down(g);
    is_more = is_more || !igmp_pending_is_empty(g);
    igmp_free_if_done(g);
  }
  if (is_more) {
    igmp_schedule_change(all, IGMP_V3_UNSOLICITED_MS);
  }
}

/** Version 3: the first of several reports of what changed goes out at once (RFC 3376 5.1). */
static void igmp_announce_v3(struct igmp_group *g)
{
  struct igmp_group *all = igmp_all_of(g);
  if (igmp_pending_is_empty(g)) {
    return;
  }
  igmp_send_v3_change(g);
  igmp_pending_count_down(g);
  if (!igmp_pending_is_empty(g)) {
    igmp_schedule_change(all, IGMP_V3_UNSOLICITED_MS);
  }
}

/** Versions 1 and 2 know members only, not sources (RFC 2236 3). */
static void igmp_announce_v2(struct igmp_group *g, bool was_member)
{
  bool is_member = igmp_has_members(g);
  igmp_pending_clear(g);
  if (is_member && !was_member) {
    g->pending.num_left = igmp_all_of(g)->link.robustness - 1;
    igmp_send_report(g);
    if (g->pending.num_left > 0) {
      igmp_schedule_group(g, IGMP_V2_UNSOLICITED_MS);
    }
  } else if (was_member && !is_member && g->last_reporter_flag &&
             igmp_version(igmp_all_of(g)) == 2) {
    igmp_send_leave(g);
  }
}

void igmp_announce(struct igmp_group *g, bool was_member)
{
  if (!igmp_has_members(g)) {
    timer_cancel(&g->report);
    g->group_state = IGMP_GROUP_NON_MEMBER;
  } else if (!was_member) {
    g->group_state = IGMP_GROUP_IDLE_MEMBER;
  }
  if (!netif_is_usable(g->netif)) {
    igmp_pending_clear(g); /* all groups are announced when it comes up */
  } else if (igmp_version(igmp_all_of(g)) == 3) {
    igmp_announce_v3(g);
  } else {
    igmp_announce_v2(g, was_member);
  }
  igmp_free_if_done(g);
}

void igmp_cancel_all(struct igmp_group *all)
{
  struct igmp_group *next;
  timer_cancel(&all->link.query);
  timer_cancel(&all->link.change);
  for (struct igmp_group *g = all->next; g != NULL; g = next) {
    next = g->next;
    timer_cancel(&g->report);
    igmp_pending_clear(g);
    if (igmp_has_members(g)) {
      g->group_state = IGMP_GROUP_IDLE_MEMBER;
    }
    igmp_free_if_done(g);
  }
}

static void igmp_v1_querier_gone(struct timer *t)
{
  igmp_cancel_all(TIMER_OWNER(t, struct igmp_group, link.v1_querier));
}

static void igmp_v2_querier_gone(struct timer *t)
{
  struct igmp_group *all = TIMER_OWNER(t, struct igmp_group, link.v2_querier);
  if (igmp_version(all) == 3) {
    igmp_cancel_all(all);
  }
}

void igmp_querier_heard(struct igmp_group *all, u8_t version)
{
  u8_t before = igmp_version(all);
  /* RFC 3376 8.12: older version querier present timeout. */
  u32_t timeout_ms =
      (u32_t)all->link.robustness * all->link.query_interval_s * 1000 + IGMP_QUERY_RESPONSE_MS;
  if (version == 1) {
    timer_set(&all->link.v1_querier, igmp_v1_querier_gone, timeout_ms);
  } else if (version == 2 && LWIP_IGMP_V3) {
    timer_set(&all->link.v2_querier, igmp_v2_querier_gone, timeout_ms);
  }
  if (igmp_version(all) != before) {
    igmp_cancel_all(all);
  }
}

void igmp_report_groups(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct igmp_group *all = netif_igmp_data(netif);
  if (all == NULL || !netif_is_usable(netif)) {
    return;
  }
  bool is_v3 = igmp_version(all) == 3;
  for (struct igmp_group *g = all->next; g != NULL; g = g->next) {
    if (igmp_has_members(g)) {
      igmp_pending_clear(g);
      g->pending.num_left = all->link.robustness;
    }
    if (igmp_has_members(g) && !is_v3) {
      igmp_schedule_group(g, IGMP_ANNOUNCE_MS);
    }
  }
  if (is_v3 && all->next != NULL) {
    igmp_schedule_change(all, IGMP_ANNOUNCE_MS);
  }
}

#endif /* LWIP_IPV4 && LWIP_IGMP */
