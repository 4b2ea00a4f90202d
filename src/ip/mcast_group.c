/**
 * @file
 * The groups of an interface, joined and left (RFC 3376 3, RFC 3810 4).
 *
 * State: a list of groups per interface and family, from the family's pool, hung on the netif's
 * client data. Invariants: the driver's filter holds an address exactly while its group has
 * members; a membership is linked in its group exactly while its netif is set. Groups that were
 * left and are merely being announced as such give their place away when the pool is empty.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/priv/netif_fields.h"
#include "ip/mcast_priv.h"

struct mcast_group *mcast_group_find(const struct mcast_link *link, const void *addr)
{
  struct mcast_group *g = mcast_link_first(link);
  while (g != NULL && memcmp(mcast_group_addr(g), addr, link->family->addr_len) != 0) {
    g = g->next;
  }
  return g;
}

void mcast_group_free(struct mcast_group *g)
{
  struct mcast_link *link = g->link;
  struct mcast_group *before = mcast_link_first(link);
  if (before == g) {
    *link->first = g->next;
  } else {
    while (before->next != g) {
      before = before->next;
    }
    before->next = g->next;
  }
  timer_cancel(&g->report);
  memp_free(link->family->pool, g);
}

/** Free a group that was left. @return false: there is none */
static bool mcast_group_evict(const struct mcast_family *family)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    struct mcast_group *g = mcast_link_first(family->link_of(netif));
    while (g != NULL && g->group_state != MCAST_LEFT) {
      g = g->next;
    }
    if (g != NULL) {
      mcast_group_free(g);
      return true;
    }
  }
  return false;
}

static struct mcast_group *mcast_group_new(struct mcast_link *link, const void *addr)
{
  const struct mcast_family *family = link->family;
  struct mcast_group *g = (struct mcast_group *)memp_malloc(family->pool);
  if (g == NULL && mcast_group_evict(family)) {
    g = (struct mcast_group *)memp_malloc(family->pool);
  }
  if (g != NULL) {
    memset(g, 0, family->group_len);
    g->link = link;
    memcpy(mcast_group_addr(g), addr, family->addr_len);
  }
  return g;
}

struct mcast_group *mcast_group_get(struct mcast_link *link, const void *addr)
{
  struct mcast_group *g = mcast_group_find(link, addr);
  if (g != NULL) {
    return g;
  }
  g = mcast_group_new(link, addr);
  struct mcast_group *first = mcast_link_first(link);
  if (g != NULL && first != NULL) {
    g->next = first->next; /* IGMP's first is 224.0.0.1, and stays it */
    first->next = g;
  } else if (g != NULL) {
    *link->first = g;
  }
  return g;
}

/** `g` changed: driver and network hear of it. May free `g`. */
static void mcast_changed(struct mcast_group *g, bool was_member)
{
  bool is_member = mcast_group_has_members(g);
  if (is_member != was_member) {
    g->link->family->member_changed(g, is_member);
  }
  mcast_announce(g, was_member);
}

static void mcast_set_use(struct mcast_group *g, u8_t use)
{
  bool was_member = mcast_group_has_members(g);
  struct mcast_view before = mcast_view_of(g);
  g->use = use;
  struct mcast_view after = mcast_view_of(g);
  if (before.is_used != after.is_used) {
    mcast_pending_note(g, &before, &after);
    mcast_changed(g, was_member);
  }
}

err_t mcast_group_join(struct mcast_group *g)
{
  if (g->use == 0xff) {
    return ERR_MEM;
  }
  mcast_set_use(g, (u8_t)(g->use + 1));
  return ERR_OK;
}

err_t mcast_group_leave(struct mcast_group *g)
{
  if (g->use == 0) {
    return ERR_VAL;
  }
  mcast_set_use(g, (u8_t)(g->use - 1));
  return ERR_OK;
}

void mcast_member_join(struct mcast_group *g, struct mcast_membership *m)
{
  bool was_member = mcast_group_has_members(g);
  m->netif = g->link->netif;
  m->entry = g;
  m->next = g->memberships;
  g->memberships = m;
  struct mcast_view after = mcast_view_of(g);
  struct mcast_view before = after;
  before.swapped = m;
  mcast_pending_note(g, &before, &after);
  mcast_changed(g, was_member);
}

void mcast_member_set(struct mcast_membership *m, const struct mcast_membership *filter)
{
  struct mcast_group *g = m->entry;
  struct mcast_view before = mcast_view_of(g);
  struct mcast_view after = before;
  after.swapped = m;
  after.instead = filter;
  mcast_pending_note(g, &before, &after);
  m->mode = filter->mode;
  m->num_sources = filter->num_sources;
  memcpy(m->source, filter->source, sizeof m->source);
  mcast_changed(g, true);
}

static void mcast_member_end(struct mcast_membership *m)
{
  m->next = NULL;
  m->netif = NULL;
  m->entry = NULL;
}

void mcast_member_leave(struct mcast_membership *m)
{
  struct mcast_group *g = m->entry;
  struct mcast_view before = mcast_view_of(g);
  struct mcast_view after = before;
  after.swapped = m;
  mcast_pending_note(g, &before, &after);
  struct mcast_membership **at = &g->memberships;
  while (*at != m) {
    at = &(*at)->next;
  }
  *at = m->next;
  mcast_member_end(m);
  mcast_changed(g, true);
}

void mcast_link_start(struct mcast_link *link, const struct mcast_family *family,
                      struct netif *netif, void **first)
{
  link->family = family;
  link->netif = netif;
  link->first = first;
  mcast_link_reset(link);
}

void mcast_link_reset(struct mcast_link *link)
{
  timer_cancel(&link->older_querier);
  timer_cancel(&link->oldest_querier);
  link->robustness = MCAST_ROBUSTNESS;
  link->query_interval_s = MCAST_QUERY_INTERVAL_S;
  mcast_link_cancel(link);
}

void mcast_link_stop(struct mcast_link *link)
{
  mcast_link_reset(link);
  for (struct mcast_group *g = mcast_link_first(link); g != NULL; g = mcast_link_first(link)) {
    link->family->member_changed(g, false);
    while (g->memberships != NULL) {
      struct mcast_membership *m = g->memberships;
      g->memberships = m->next;
      mcast_member_end(m);
    }
    mcast_group_free(g);
  }
}
