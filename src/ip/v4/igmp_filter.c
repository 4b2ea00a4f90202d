/**
 * @file
 * Source filters of a group: the merge of all memberships (RFC 3376 3.2), and what has to be
 * announced when it changes (RFC 3376 5.1).
 *
 * The merged list is never stored. It follows from one question, "does anybody accept this
 * source?": when some membership is EXCLUDE, the merge excludes those sources of its list that
 * nobody accepts; otherwise it includes every listed source. So merging costs no memory and has no
 * bound of its own.
 */
#include <string.h>
#include "lwip/opt.h"
#include "ip/v4/igmp_module.h"
#include "ip/v4/igmp_priv.h"

#if LWIP_IPV4 && LWIP_IGMP

bool igmp_has_members(const struct igmp_group *g)
{
  return g->use != 0 || g->memberships != NULL;
}

struct igmp_view igmp_view_of(const struct igmp_group *g)
{
  return (struct igmp_view){.group = g, .is_used = g->use != 0};
}

static const struct mcast_membership *igmp_view_member(const struct igmp_view *v,
                                                       const struct mcast_membership *m)
{
  return m == v->swapped ? v->instead : m;
}

/** A membership in EXCLUDE mode; NULL: all are INCLUDE, or there is none. */
static const struct mcast_membership *igmp_view_excluder(const struct igmp_view *v)
{
  const struct mcast_membership *m;
  for (m = v->group->memberships; m != NULL; m = m->next) {
    const struct mcast_membership *is = igmp_view_member(v, m);
    if (is != NULL && is->mode == MCAST_MODE_EXCLUDE) {
      return is;
    }
  }
  return NULL;
}

enum mcast_mode igmp_view_mode(const struct igmp_view *v)
{
  return v->is_used || igmp_view_excluder(v) != NULL ? MCAST_MODE_EXCLUDE : MCAST_MODE_INCLUDE;
}

bool igmp_view_accepts(const struct igmp_view *v, const ip4_addr_t *source)
{
  const struct mcast_membership *m;
  ip_addr_t addr;
  ip_addr_copy_from_ip4(addr, *source);
  bool is_accepted = v->is_used;
  for (m = v->group->memberships; m != NULL && !is_accepted; m = m->next) {
    const struct mcast_membership *is = igmp_view_member(v, m);
    is_accepted = is != NULL && mcast_accepts(is, &addr);
  }
  return is_accepted;
}

/** Does a membership in front of `last` list this source? Then it was told already. */
static bool igmp_view_listed_before(const struct igmp_view *v, const struct mcast_membership *last,
                                    const ip_addr_t *source)
{
  const struct mcast_membership *m;
  for (m = v->group->memberships; m != last; m = m->next) {
    const struct mcast_membership *is = igmp_view_member(v, m);
    if (is != NULL && mcast_accepts(is, source)) {
      return true; /* all are INCLUDE where this is asked */
    }
  }
  return false;
}

static void igmp_view_excluded(const struct igmp_view *v, igmp_source_fn fn, void *arg)
{
  const struct mcast_membership *m = igmp_view_excluder(v);
  for (unsigned i = 0; m != NULL && i < m->num_sources; i++) {
    const ip4_addr_t *source = ip_2_ip4(&m->source[i]);
    if (!igmp_view_accepts(v, source)) {
      fn(arg, source);
    }
  }
}

static void igmp_view_included(const struct igmp_view *v, igmp_source_fn fn, void *arg)
{
  const struct mcast_membership *m;
  for (m = v->group->memberships; m != NULL; m = m->next) {
    const struct mcast_membership *is = igmp_view_member(v, m);
    for (unsigned i = 0; is != NULL && i < is->num_sources; i++) {
      if (!igmp_view_listed_before(v, m, &is->source[i])) {
        fn(arg, ip_2_ip4(&is->source[i]));
      }
    }
  }
}

void igmp_view_sources(const struct igmp_view *v, igmp_source_fn fn, void *arg)
{
  if (igmp_view_mode(v) == MCAST_MODE_EXCLUDE) {
    igmp_view_excluded(v, fn, arg);
  } else {
    igmp_view_included(v, fn, arg);
  }
}

/** Put one changed source on record; when there is no room, announce the whole state instead. */
static void igmp_pending_add(struct igmp_pending *p, const ip4_addr_t *source, u8_t robustness)
{
  unsigned i = 0;
  while (i < p->num_changed && !ip4_addr_eq(&p->changed[i], source)) {
    i++;
  }
  if (i == IGMP_MAX_CHANGED_SOURCES) {
    p->num_left = robustness;
    p->num_changed = 0;
    return;
  }
  if (i == p->num_changed) {
    p->changed[i] = *source;
    p->num_changed++;
  }
  p->changed_left[i] = robustness;
}

/** Put those sources of one list on record that are accepted on one side of the change only. */
static void igmp_pending_compare(struct igmp_group *g, const struct mcast_membership *list,
                                 const struct igmp_view *before, const struct igmp_view *after,
                                 u8_t robustness)
{
  for (unsigned i = 0; list != NULL && i < list->num_sources; i++) {
    const ip4_addr_t *source = ip_2_ip4(&list->source[i]);
    if (igmp_view_accepts(before, source) != igmp_view_accepts(after, source)) {
      igmp_pending_add(&g->pending, source, robustness);
    }
  }
}

void igmp_pending_note(struct igmp_group *g, const struct igmp_view *before,
                       const struct igmp_view *after, u8_t robustness)
{
  if (igmp_view_mode(before) != igmp_view_mode(after)) {
    g->pending.num_left = robustness; /* the whole list goes with it */
    g->pending.num_changed = 0;
    return;
  }
  const struct mcast_membership *m;
  for (m = g->memberships; m != NULL; m = m->next) {
    igmp_pending_compare(g, igmp_view_member(before, m), before, after, robustness);
    igmp_pending_compare(g, igmp_view_member(after, m), before, after, robustness);
  }
}

bool igmp_pending_is_empty(const struct igmp_group *g)
{
  return g->pending.num_left == 0 && g->pending.num_changed == 0;
}

void igmp_pending_count_down(struct igmp_group *g)
{
  struct igmp_pending *p = &g->pending;
  if (p->num_left > 0) {
    p->num_left--;
  }
  u8_t kept = 0;
  for (unsigned i = 0; i < p->num_changed; i++) {
    u8_t left = (u8_t)(p->changed_left[i] - 1);
    if (left > 0) {
      p->changed[kept] = p->changed[i];
      p->changed_left[kept] = left;
      kept++;
    }
  }
  p->num_changed = kept;
}

void igmp_pending_clear(struct igmp_group *g)
{
  memset(&g->pending, 0, sizeof g->pending);
}

bool igmp_accepts(struct netif *netif, const ip4_addr_t *group, const ip4_addr_t *src)
{
  if (ip4_addr_get_u32(group) == IGMP_ALL_SYSTEMS) {
    return true; /* RFC 1112 4: every host is a member */
  }
  const struct igmp_group *g = igmp_group_find(netif, group);
  if (g == NULL) {
    return false;
  }
  struct igmp_view now = igmp_view_of(g);
  return src != NULL ? igmp_view_accepts(&now, src) : igmp_has_members(g);
}

#endif /* LWIP_IPV4 && LWIP_IGMP */
