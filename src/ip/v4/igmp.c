/**
 * @file
 * IGMP host: the groups of each interface, joined and left (RFC 3376 3; lwip/igmp.h).
 *
 * State: a list of groups per netif, from the pool IGMP_GROUP, hung on the netif's client data.
 * Invariants: 224.0.0.1 is first while IGMP runs there; the driver's filter holds an address
 * exactly while its group has members; a membership is linked in its group exactly while its netif
 * is set.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/ip4.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "ip/v4/igmp_module.h"
#include "ip/v4/igmp_priv.h"
#include "link/netif_ip4.h"

#if LWIP_IPV4 && LWIP_IGMP

void igmp_init(void)
{
}

void igmp_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_run();
}

struct igmp_group *igmp_group_find(const struct netif *netif, const ip4_addr_t *addr)
{
  struct igmp_group *g = netif_igmp_data(netif);
  while (g != NULL && !ip4_addr_eq(&g->group_address, addr)) {
    g = g->next;
  }
  return g;
}

struct igmp_group *igmp_lookfor_group(struct netif *ifp, const ip4_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct igmp_group *g = igmp_group_find(ifp, addr);
  return (g != NULL && g->group_state != IGMP_GROUP_NON_MEMBER) ? g : NULL;
}

/** Tell the driver, if it filters, which link addresses it shall receive. */
static void igmp_mac_filter(const struct igmp_group *g, enum netif_mac_filter_action action)
{
  if (g->netif->igmp_mac_filter != NULL) {
    g->netif->igmp_mac_filter(g->netif, &g->group_address, action);
  }
}

void igmp_group_free(struct igmp_group *g)
{
  struct igmp_group *before = netif_igmp_data(g->netif);
  while (before->next != g) {
    before = before->next;
  }
  before->next = g->next;
  timer_cancel(&g->report);
  memp_free(MEMP_IGMP_GROUP, g);
}

/** Free a group that was left and is merely being announced as such. @return false: there is none
 */
static bool igmp_group_evict(void)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    for (struct igmp_group *g = netif_igmp_data(netif); g != NULL; g = g->next) {
      if (g->group_state == IGMP_GROUP_NON_MEMBER) {
        igmp_group_free(g);
        return true;
      }
    }
  }
  return false;
}

static struct igmp_group *igmp_group_new(struct netif *netif, const ip4_addr_t *addr)
{
  struct igmp_group *g = (struct igmp_group *)memp_malloc(MEMP_IGMP_GROUP);
  if (g == NULL && igmp_group_evict()) {
    g = (struct igmp_group *)memp_malloc(MEMP_IGMP_GROUP);
  }
  if (g != NULL) {
    memset(g, 0, sizeof *g);
    g->netif = netif;
    g->group_address = *addr;
  }
  return g;
}

err_t igmp_start(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip4_addr_t all_systems;
  if (netif_igmp_data(netif) != NULL) {
    return ERR_OK;
  }
  ip4_addr_set_u32(&all_systems, IGMP_ALL_SYSTEMS);
  struct igmp_group *all = igmp_group_new(netif, &all_systems);
  if (all == NULL) {
    return ERR_MEM;
  }
  all->use = 1;
  all->group_state = IGMP_GROUP_IDLE_MEMBER;
  all->link.robustness = IGMP_ROBUSTNESS;
  all->link.query_interval_s = IGMP_QUERY_INTERVAL_S;
  netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_IGMP, all);
  igmp_mac_filter(all, NETIF_ADD_MAC_FILTER);
  return ERR_OK;
}

/** The owners of memberships find theirs ended. */
static void igmp_memberships_end(struct igmp_group *g)
{
  while (g->memberships != NULL) {
    struct mcast_membership *m = g->memberships;
    g->memberships = m->next;
    m->next = NULL;
    m->netif = NULL;
  }
}

/** Back to the state of a link that nothing is known of. */
static void igmp_link_reset(struct igmp_group *all)
{
  timer_cancel(&all->link.v1_querier);
  timer_cancel(&all->link.v2_querier);
  all->link.robustness = IGMP_ROBUSTNESS;
  all->link.query_interval_s = IGMP_QUERY_INTERVAL_S;
  igmp_cancel_all(all);
}

err_t igmp_stop(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct igmp_group *all = netif_igmp_data(netif);
  if (all == NULL) {
    return ERR_OK;
  }
  igmp_link_reset(all);
  while (all->next != NULL) {
    igmp_mac_filter(all->next, NETIF_DEL_MAC_FILTER);
    igmp_memberships_end(all->next);
    igmp_group_free(all->next);
  }
  igmp_mac_filter(all, NETIF_DEL_MAC_FILTER);
  netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_IGMP, NULL);
  memp_free(MEMP_IGMP_GROUP, all);
  return ERR_OK;
}

/** May `addr` be joined on `netif`? Starts IGMP there if nobody did. */
static err_t igmp_check_args(struct netif *netif, const ip4_addr_t *addr)
{
  if (netif == NULL || !(netif->flags & NETIF_FLAG_IGMP) || !ip4_addr_ismulticast(addr) ||
      ip4_addr_get_u32(addr) == IGMP_ALL_SYSTEMS) {
    return ERR_VAL;
  }
  return igmp_start(netif);
}

/** The entry of a group, made if there is none; NULL without memory. */
static struct igmp_group *igmp_group_get(struct netif *netif, const ip4_addr_t *addr)
{
  struct igmp_group *all = netif_igmp_data(netif);
  struct igmp_group *g = igmp_group_find(netif, addr);
  if (g == NULL) {
    g = igmp_group_new(netif, addr);
    if (g != NULL) {
      g->next = all->next;
      all->next = g;
    }
  }
  return g;
}

/** `g` changed from `before` to `after`: driver and network hear of it. May free `g`. */
static void igmp_changed(struct igmp_group *g, bool was_member)
{
  bool is_member = igmp_has_members(g);
  if (is_member && !was_member) {
    IGMP_STATS_INC(igmp.tx_join);
    igmp_mac_filter(g, NETIF_ADD_MAC_FILTER);
  } else if (was_member && !is_member) {
    igmp_mac_filter(g, NETIF_DEL_MAC_FILTER);
  }
  igmp_announce(g, was_member);
}

static void igmp_note(struct igmp_group *g, const struct igmp_view *before,
                      const struct igmp_view *after)
{
  igmp_pending_note(g, before, after, netif_igmp_data(g->netif)->link.robustness);
}

/** Another or one less igmp_joingroup(). */
static void igmp_set_use(struct igmp_group *g, u8_t use)
{
  bool was_member = igmp_has_members(g);
  struct igmp_view before = igmp_view_of(g);
  g->use = use;
  struct igmp_view after = igmp_view_of(g);
  if (before.is_used != after.is_used) {
    igmp_note(g, &before, &after);
    igmp_changed(g, was_member);
  }
}

err_t igmp_joingroup_netif(struct netif *netif, const ip4_addr_t *groupaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  err_t err = igmp_check_args(netif, groupaddr);
  if (err != ERR_OK) {
    return err;
  }
  struct igmp_group *g = igmp_group_get(netif, groupaddr);
  if (g == NULL || g->use == 0xff) {
    return ERR_MEM;
  }
  igmp_set_use(g, (u8_t)(g->use + 1));
  return ERR_OK;
}

err_t igmp_leavegroup_netif(struct netif *netif, const ip4_addr_t *groupaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  err_t err = igmp_check_args(netif, groupaddr);
  if (err != ERR_OK) {
    return err;
  }
  struct igmp_group *g = igmp_group_find(netif, groupaddr);
  if (g == NULL || g->use == 0) {
    return ERR_VAL;
  }
  igmp_set_use(g, (u8_t)(g->use - 1));
  return ERR_OK;
}

/** Join or leave on the netif that owns `ifaddr`, or on all; one success is success. */
static err_t igmp_for_address(const ip4_addr_t *ifaddr, const ip4_addr_t *groupaddr,
                              err_t (*fn)(struct netif *, const ip4_addr_t *))
{
  LWIP_ASSERT_CORE_LOCKED();
  err_t result = ERR_VAL;
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    bool is_meant = ip4_addr_isany(ifaddr) || netif_ip4_owns(netif, ifaddr);
    if ((netif->flags & NETIF_FLAG_IGMP) && is_meant) {
      err_t err = fn(netif, groupaddr);
      result = (result == ERR_OK) ? ERR_OK : err;
    }
  }
  return result;
}

err_t igmp_joingroup(const ip4_addr_t *ifaddr, const ip4_addr_t *groupaddr)
{
  return igmp_for_address(ifaddr, groupaddr, igmp_joingroup_netif);
}

err_t igmp_leavegroup(const ip4_addr_t *ifaddr, const ip4_addr_t *groupaddr)
{
  return igmp_for_address(ifaddr, groupaddr, igmp_leavegroup_netif);
}

err_t igmp_membership_join(struct mcast_membership *m, struct netif *netif)
{
  const ip4_addr_t *addr = ip_2_ip4(&m->group);
  if (netif == NULL) {
    netif = ip4_route(addr);
  }
  err_t err = igmp_check_args(netif, addr);
  if (err != ERR_OK) {
    return err;
  }
  struct igmp_group *g = igmp_group_get(netif, addr);
  if (g == NULL) {
    return ERR_MEM;
  }
  bool was_member = igmp_has_members(g);
  m->netif = netif;
  m->next = g->memberships;
  g->memberships = m;
  struct igmp_view after = igmp_view_of(g);
  struct igmp_view before = after;
  before.swapped = m;
  igmp_note(g, &before, &after);
  igmp_changed(g, was_member);
  return ERR_OK;
}

void igmp_membership_set(struct mcast_membership *m, const struct mcast_membership *filter)
{
  struct igmp_group *g = igmp_group_find(m->netif, ip_2_ip4(&m->group));
  struct igmp_view before = igmp_view_of(g);
  struct igmp_view after = before;
  after.swapped = m;
  after.instead = filter;
  igmp_note(g, &before, &after);
  m->mode = filter->mode;
  m->num_sources = filter->num_sources;
  memcpy(m->source, filter->source, sizeof m->source);
  igmp_changed(g, true);
}

void igmp_membership_leave(struct mcast_membership *m)
{
  struct igmp_group *g = igmp_group_find(m->netif, ip_2_ip4(&m->group));
  struct igmp_view before = igmp_view_of(g);
  struct igmp_view after = before;
  after.swapped = m;
  igmp_note(g, &before, &after);
  struct mcast_membership **link = &g->memberships;
  while (*link != m) {
    link = &(*link)->next;
  }
  *link = m->next;
  m->next = NULL;
  m->netif = NULL;
  igmp_changed(g, true);
}

static void igmp_netif_changed(struct netif *netif, enum netif_change what,
                               const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  struct igmp_group *all = netif_igmp_data(netif);
  switch (what) {
  case NETIF_CHANGE_ADDED:
    if (netif->flags & NETIF_FLAG_IGMP) {
      igmp_start(netif); /* without memory: tried again when a group is joined */
    }
    break;
  case NETIF_CHANGE_REMOVED:
    igmp_stop(netif);
    break;
  case NETIF_CHANGE_DOWN:
    if (all != NULL) {
      igmp_link_reset(all);
    }
    break;
  case NETIF_CHANGE_UP:
  case NETIF_CHANGE_IP4:
    igmp_report_groups(netif);
    break;
  default:
    break;
  }
}

static void igmp_fini(void)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    igmp_stop(netif);
  }
}

const struct net_module igmp_module = {
    .name = "igmp", .fini = igmp_fini, .netif_changed = igmp_netif_changed};

#endif /* LWIP_IPV4 && LWIP_IGMP */
