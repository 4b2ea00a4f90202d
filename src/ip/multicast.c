/**
 * @file
 * Multicast memberships of both families (gossamer/multicast.h): arguments are checked and source
 * lists edited here; the family's group protocol does the rest.
 *
 * A change is prepared in a copy, so that an error leaves the membership as it was.
 */
#include <string.h>
#include "lwip/opt.h"
#include "gossamer/multicast.h"
#include "ip/mcast_priv.h"
#include "ip/v4/igmp_module.h"
#include "ip/v6/mld6_module.h"

static err_t mcast_membership_join(struct mcast_membership *m, struct netif *netif)
{
  return IP_IS_V6(&m->group) ? mld6_membership_join(m, netif) : igmp_membership_join(m, netif);
}

static bool mcast_is_source(const struct mcast_membership *m, const ip_addr_t *source)
{
  LWIP_UNUSED_ARG(m); /* in builds of one family */
  return source != NULL && IP_IS_V6(source) == IP_IS_V6(&m->group) && !ip_addr_isany(source) &&
         !ip_addr_ismulticast(source);
}

static err_t mcast_list_add(struct mcast_membership *m, const ip_addr_t *source)
{
  if (!mcast_is_source(m, source)) {
    return ERR_VAL;
  }
  if (mcast_source_find(m, source) < m->num_sources) {
    return ERR_USE;
  }
  if (m->num_sources == LWIP_MCAST_MAX_SOURCES) {
    return ERR_MEM;
  }
  ip_addr_copy(m->source[m->num_sources], *source);
  m->num_sources++;
  return ERR_OK;
}

/** Mode and list; a source that is named twice counts once. */
static err_t mcast_list_set(struct mcast_membership *m, enum mcast_mode mode,
                            const ip_addr_t *sources, u16_t num_sources)
{
  m->mode = (u8_t)mode;
  m->num_sources = 0;
  for (u16_t i = 0; i < num_sources; i++) {
    err_t err = mcast_list_add(m, &sources[i]);
    if (err != ERR_OK && err != ERR_USE) {
      return err;
    }
  }
  return ERR_OK;
}

err_t mcast_join(struct mcast_membership *m, struct netif *netif, const ip_addr_t *group,
                 enum mcast_mode mode, const ip_addr_t *sources, u16_t num_sources)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (m->netif != NULL) {
    return ERR_USE;
  }
  if (!ip_addr_ismulticast(group) || (mode == MCAST_MODE_INCLUDE && num_sources == 0)) {
    return ERR_VAL;
  }
  memset(m, 0, sizeof *m);
  ip_addr_copy(m->group, *group);
  err_t err = mcast_list_set(m, mode, sources, num_sources);
  return err == ERR_OK ? mcast_membership_join(m, netif) : err;
}

void mcast_leave(struct mcast_membership *m)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (m->netif != NULL) {
    mcast_member_leave(m);
  }
}

/** Let `next`, a changed copy, become the membership's filter. */
static void mcast_commit(struct mcast_membership *m, const struct mcast_membership *next)
{
  if (next->mode == MCAST_MODE_INCLUDE && next->num_sources == 0) {
    mcast_leave(m);
  } else {
    mcast_member_set(m, next);
  }
}

err_t mcast_set_filter(struct mcast_membership *m, enum mcast_mode mode, const ip_addr_t *sources,
                       u16_t num_sources)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct mcast_membership next = *m;
  if (m->netif == NULL) {
    return ERR_VAL;
  }
  err_t err = mcast_list_set(&next, mode, sources, num_sources);
  if (err == ERR_OK) {
    mcast_commit(m, &next);
  }
  return err;
}

/** List one source more, in a membership of this mode. */
static err_t mcast_insert(struct mcast_membership *m, enum mcast_mode mode, const ip_addr_t *source)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct mcast_membership next = *m;
  if (m->netif == NULL || m->mode != mode) {
    return ERR_VAL;
  }
  err_t err = mcast_list_add(&next, source);
  if (err == ERR_OK) {
    mcast_commit(m, &next);
  }
  return err;
}

/** List one source less. */
static err_t mcast_delete(struct mcast_membership *m, enum mcast_mode mode, const ip_addr_t *source)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct mcast_membership next = *m;
  if (m->netif == NULL || m->mode != mode || !mcast_is_source(m, source)) {
    return ERR_VAL;
  }
  unsigned i = mcast_source_find(m, source);
  if (i == m->num_sources) {
    return ERR_USE;
  }
  next.num_sources--;
  ip_addr_copy(next.source[i], next.source[next.num_sources]);
  mcast_commit(m, &next);
  return ERR_OK;
}

err_t mcast_add_source(struct mcast_membership *m, const ip_addr_t *source)
{
  return mcast_insert(m, MCAST_MODE_INCLUDE, source);
}

err_t mcast_remove_source(struct mcast_membership *m, const ip_addr_t *source)
{
  return mcast_delete(m, MCAST_MODE_INCLUDE, source);
}

err_t mcast_block_source(struct mcast_membership *m, const ip_addr_t *source)
{
  return mcast_insert(m, MCAST_MODE_EXCLUDE, source);
}

err_t mcast_unblock_source(struct mcast_membership *m, const ip_addr_t *source)
{
  return mcast_delete(m, MCAST_MODE_EXCLUDE, source);
}
