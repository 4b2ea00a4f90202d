/**
 * @file
 * IGMP host: lwIP's calls, and what happens to interfaces (RFC 3376 3; lwip/igmp.h).
 *
 * The state is that of src/ip/mcast_group.c: a list of groups per netif. 224.0.0.1 is the first
 * while IGMP runs there.
 */
#include "lwip/opt.h"
#include "lwip/ip4.h"
#include "lwip/stats.h"
#include "ip/v4/igmp_module.h"
#include "ip/v4/igmp_priv.h"
#include "link/netif_ip4.h"
#include "wire/igmp.h"

#if LWIP_IPV4 && LWIP_IGMP

void igmp_init(void)
{
}

void igmp_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_run();
}

static struct mcast_link *igmp_link_of(struct netif *netif)
{
  return &netif->igmp;
}

/** Tell the driver, if it filters, which link addresses it shall receive. */
static void igmp_member_changed(struct mcast_group *g, bool is_member)
{
  struct netif *netif = g->link->netif;
  if (is_member && !g->is_silent) {
    IGMP_STATS_INC(igmp.tx_join);
  }
  if (netif->igmp_mac_filter != NULL) {
    netif->igmp_mac_filter(netif, &((struct igmp_group *)g)->group_address,
                           is_member ? NETIF_ADD_MAC_FILTER : NETIF_DEL_MAC_FILTER);
  }
}

static const struct mcast_family igmp_family = {
    .addr_len = IGMP_ADDR_LEN,
    .netif_flag = NETIF_FLAG_IGMP,
    .has_filters = LWIP_IGMP_V3,
    .group_len = sizeof(struct igmp_group),
    .addr_offset = offsetof(struct igmp_group, group_address),
    .sources_offset = offsetof(struct igmp_group, pending_sources),
    .pool = MEMP_IGMP_GROUP,
    .link_of = igmp_link_of,
    .member_changed = igmp_member_changed,
    .report_len_max = igmp_report_len_max,
    .report_alloc = igmp_alloc,
    .report_send = igmp_send_v3_report,
    .old_report_send = igmp_send_report,
    .leave_send = igmp_send_leave,
};

struct igmp_group *igmp_lookfor_group(struct netif *ifp, const ip4_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct mcast_group *g = mcast_group_find(&ifp->igmp, addr);
  return (g != NULL && g->group_state != MCAST_LEFT) ? (struct igmp_group *)g : NULL;
}

bool igmp_accepts(struct netif *netif, const ip4_addr_t *group, const ip4_addr_t *src)
{
  if (ip4_addr_get_u32(group) == IGMP_ALL_SYSTEMS) {
    return true; /* RFC 1112 4: every host is a member */
  }
  const struct mcast_group *g = mcast_group_find(&netif->igmp, group);
  return g != NULL && mcast_group_accepts(g, src);
}

err_t igmp_start(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip4_addr_t all_systems;
  struct mcast_link *link = &netif->igmp;
  if (mcast_link_first(link) != NULL) {
    return ERR_OK;
  }
  ip4_addr_set_u32(&all_systems, IGMP_ALL_SYSTEMS);
  mcast_link_start(link, &igmp_family, netif,
                   &netif->client_data[LWIP_NETIF_CLIENT_DATA_INDEX_IGMP]);
  struct mcast_group *all = mcast_group_get(link, &all_systems);
  if (all == NULL) {
    return ERR_MEM;
  }
  all->is_silent = true;
  return mcast_group_join(all);
}

err_t igmp_stop(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  mcast_link_stop(&netif->igmp);
  return ERR_OK;
}

void igmp_report_groups(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  mcast_link_report(&netif->igmp);
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

err_t igmp_joingroup_netif(struct netif *netif, const ip4_addr_t *groupaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  err_t err = igmp_check_args(netif, groupaddr);
  if (err != ERR_OK) {
    return err;
  }
  struct mcast_group *g = mcast_group_get(&netif->igmp, groupaddr);
  return g != NULL ? mcast_group_join(g) : ERR_MEM;
}

err_t igmp_leavegroup_netif(struct netif *netif, const ip4_addr_t *groupaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  err_t err = igmp_check_args(netif, groupaddr);
  if (err != ERR_OK) {
    return err;
  }
  struct mcast_group *g = mcast_group_find(&netif->igmp, groupaddr);
  return g != NULL ? mcast_group_leave(g) : ERR_VAL;
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
  struct mcast_group *g = mcast_group_get(&netif->igmp, addr);
  if (g == NULL) {
    return ERR_MEM;
  }
  mcast_member_join(g, m);
  return ERR_OK;
}

static void igmp_netif_changed(struct netif *netif, enum netif_change what,
                               const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
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
    mcast_link_reset(&netif->igmp);
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
