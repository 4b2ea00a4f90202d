/**
 * @file
 * Source filters of a group: the merge of all memberships (RFC 3376 3.2, RFC 3810 4.2), and what
 * has to be announced when it changes (RFC 3376 5.1, RFC 3810 6.1).
 *
 * The merged list is never stored. It follows from one question, "does anybody accept this
 * source?": when some membership is EXCLUDE, the merge excludes those sources of its list that
 * nobody accepts; otherwise it includes every listed source. So merging costs no memory and has no
 * bound of its own.
 */
#include <string.h>
#include "lwip/opt.h"
#include "ip/mcast_priv.h"

unsigned mcast_source_find(const struct mcast_membership *m, const void *source)
{
  size_t addr_len = IP_IS_V6(&m->group) ? sizeof(((ip6_addr_t *)0)->addr) : sizeof(ip4_addr_t);
  unsigned i = 0;
  while (i < m->num_sources && memcmp(&m->source[i], source, addr_len) != 0) {
    i++;
  }
  return i;
}

static bool mcast_member_accepts(const struct mcast_membership *m, const void *source)
{
  bool is_listed = mcast_source_find(m, source) < m->num_sources;
  return is_listed == (m->mode == MCAST_MODE_INCLUDE);
}

bool mcast_accepts(const struct mcast_membership *m, const ip_addr_t *source)
{
  return IP_IS_V6(source) == IP_IS_V6(&m->group) && mcast_member_accepts(m, source);
}

struct mcast_view mcast_view_of(const struct mcast_group *g)
{
  return (struct mcast_view){.group = g, .is_used = g->use != 0};
}

static const struct mcast_membership *mcast_view_member(const struct mcast_view *v,
                                                        const struct mcast_membership *m)
{
  return m == v->swapped ? v->instead : m;
}

/** A membership in EXCLUDE mode; NULL: all are INCLUDE, or there is none. */
static const struct mcast_membership *mcast_view_excluder(const struct mcast_view *v)
{
  const struct mcast_membership *m;
  for (m = v->group->memberships; m != NULL; m = m->next) {
    const struct mcast_membership *is = mcast_view_member(v, m);
    if (is != NULL && is->mode == MCAST_MODE_EXCLUDE) {
      return is;
    }
  }
  return NULL;
}

enum mcast_mode mcast_view_mode(const struct mcast_view *v)
{
  return v->is_used || mcast_view_excluder(v) != NULL ? MCAST_MODE_EXCLUDE : MCAST_MODE_INCLUDE;
}

bool mcast_view_accepts(const struct mcast_view *v, const void *source)
{
  const struct mcast_membership *m;
  bool is_accepted = v->is_used;
  for (m = v->group->memberships; m != NULL && !is_accepted; m = m->next) {
    const struct mcast_membership *is = mcast_view_member(v, m);
    is_accepted = is != NULL && mcast_member_accepts(is, source);
  }
  return is_accepted;
}

bool mcast_group_accepts(const struct mcast_group *g, const void *source)
{
  struct mcast_view now = mcast_view_of(g);
  return source != NULL ? mcast_view_accepts(&now, source) : mcast_group_has_members(g);
}

/** Does a membership in front of `last` list this source? Then it was told already. */
static bool mcast_view_listed_before(const struct mcast_view *v,
                                     const struct mcast_membership *last, const void *source)
{
  const struct mcast_membership *m;
  for (m = v->group->memberships; m != last; m = m->next) {
    const struct mcast_membership *is = mcast_view_member(v, m);
    if (is != NULL && mcast_member_accepts(is, source)) {
      return true; /* all are INCLUDE where this is asked */
    }
  }
  return false;
}

static void mcast_view_excluded(const struct mcast_view *v, mcast_source_fn fn, void *arg)
{
  const struct mcast_membership *m = mcast_view_excluder(v);
  for (unsigned i = 0; m != NULL && i < m->num_sources; i++) {
    if (!mcast_view_accepts(v, &m->source[i])) {
      fn(arg, &m->source[i]);
    }
  }
}

static void mcast_view_included(const struct mcast_view *v, mcast_source_fn fn, void *arg)
{
  const struct mcast_membership *m;
  for (m = v->group->memberships; m != NULL; m = m->next) {
    const struct mcast_membership *is = mcast_view_member(v, m);
    for (unsigned i = 0; is != NULL && i < is->num_sources; i++) {
      if (!mcast_view_listed_before(v, m, &is->source[i])) {
        fn(arg, &is->source[i]);
      }
    }
  }
}

void mcast_view_sources(const struct mcast_view *v, mcast_source_fn fn, void *arg)
{
  if (mcast_view_mode(v) == MCAST_MODE_EXCLUDE) {
    mcast_view_excluded(v, fn, arg);
  } else {
    mcast_view_included(v, fn, arg);
  }
}

u8_t *mcast_pending_changed(struct mcast_group *g, unsigned index)
{
  const struct mcast_family *f = g->link->family;
  return (u8_t *)g + f->sources_offset + index * f->addr_len;
}

u8_t *mcast_pending_queried(struct mcast_group *g, unsigned index)
{
  return mcast_pending_changed(g, MCAST_MAX_PENDING + index);
}

/** Announce the whole state, sources and all. */
static void mcast_pending_all(struct mcast_group *g)
{
  g->pending.num_left = g->link->robustness;
  g->pending.num_changed = 0;
}

/** Put one changed source on record; when there is no room, announce the whole state instead. */
static void mcast_pending_add(struct mcast_group *g, const void *source)
{
  struct mcast_pending *p = &g->pending;
  size_t addr_len = g->link->family->addr_len;
  unsigned i = 0;
  while (i < p->num_changed && memcmp(mcast_pending_changed(g, i), source, addr_len) != 0) {
    i++;
  }
  if (i == MCAST_MAX_PENDING) {
    mcast_pending_all(g);
    return;
  }
  if (i == p->num_changed) {
    memcpy(mcast_pending_changed(g, i), source, addr_len);
    p->num_changed++;
  }
  p->changed_left[i] = g->link->robustness;
}

/** Put those sources of one list on record that are accepted on one side of the change only. */
static void mcast_pending_compare(struct mcast_group *g, const struct mcast_membership *list,
                                  const struct mcast_view *before, const struct mcast_view *after)
{
  for (unsigned i = 0; list != NULL && i < list->num_sources; i++) {
    const void *source = &list->source[i];
    if (mcast_view_accepts(before, source) != mcast_view_accepts(after, source)) {
      mcast_pending_add(g, source);
    }
  }
}

void mcast_pending_note(struct mcast_group *g, const struct mcast_view *before,
                        const struct mcast_view *after)
{
  if (mcast_view_mode(before) != mcast_view_mode(after)) {
    mcast_pending_all(g);
    return;
  }
  const struct mcast_membership *m;
  for (m = g->memberships; m != NULL; m = m->next) {
    mcast_pending_compare(g, mcast_view_member(before, m), before, after);
    mcast_pending_compare(g, mcast_view_member(after, m), before, after);
  }
}

bool mcast_pending_is_empty(const struct mcast_group *g)
{
  return g->pending.num_left == 0 && g->pending.num_changed == 0;
}

void mcast_pending_count_down(struct mcast_group *g)
{
  struct mcast_pending *p = &g->pending;
  if (p->num_left > 0) {
    p->num_left--;
  }
  u8_t kept = 0;
  for (unsigned i = 0; i < p->num_changed; i++) {
    u8_t left = (u8_t)(p->changed_left[i] - 1);
    if (left > 0) {
      memmove(mcast_pending_changed(g, kept), mcast_pending_changed(g, i),
              g->link->family->addr_len);
      p->changed_left[kept] = left;
      kept++;
    }
  }
  p->num_changed = kept;
}

void mcast_pending_clear(struct mcast_group *g)
{
  memset(&g->pending, 0, sizeof g->pending);
}
