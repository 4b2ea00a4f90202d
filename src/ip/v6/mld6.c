/**
 * @file
 * MLD host: lwIP's calls, and what happens to interfaces (RFC 3810 3, 4; lwip/mld6.h).
 *
 * The state is that of src/ip/mcast_group.c: a list of groups per netif. ff02::1 needs no entry.
 */
#include "lwip/opt.h"
#include "lwip/ip6.h"
#include "lwip/stats.h"
#include "ip/v6/mld6_module.h"
#include "ip/v6/mld6_priv.h"
#include "link/netif_ip6.h"
#include "wire/mld6.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD

void mld6_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_run();
}

static struct mcast_link *mld6_link_of(struct netif *netif)
{
  return &netif->mld6;
}

/** Tell the driver, if it filters, which link addresses it shall receive. */
static void mld6_member_changed(struct mcast_group *g, bool is_member)
{
  struct netif *netif = g->link->netif;
  if (is_member) {
    MLD6_STATS_INC(mld6.tx_join);
  }
  netif_mld_mac_filter(netif, &((struct mld_group *)g)->group_address,
                       is_member ? NETIF_ADD_MAC_FILTER : NETIF_DEL_MAC_FILTER);
}

static const struct mcast_family mld6_family = {
    .addr_len = MLD6_ADDR_LEN,
    .netif_flag = NETIF_FLAG_MLD6,
    .has_filters = LWIP_MLD_V2,
    .group_len = sizeof(struct mld_group),
    .addr_offset = offsetof(struct mld_group, group_address),
    .sources_offset = offsetof(struct mld_group, pending_sources),
    .pool = MEMP_MLD6_GROUP,
    .link_of = mld6_link_of,
    .member_changed = mld6_member_changed,
    .report_len_max = mld6_report_len_max,
    .report_alloc = mld6_alloc,
    .report_send = mld6_send_v2_report,
    .old_report_send = mld6_send_report,
    .leave_send = mld6_send_done,
};

struct mcast_link *mld6_link(struct netif *netif)
{
  if (netif->mld6.family == NULL) { /* drivers join groups while netif_add() is still at work */
    mcast_link_start(&netif->mld6, &mld6_family, netif,
                     &netif->client_data[LWIP_NETIF_CLIENT_DATA_INDEX_MLD6]);
  }
  return &netif->mld6;
}

bool mld6_accepts(struct netif *netif, const ip6_addr_t *group, const ip6_addr_t *src)
{
  if (MLD6_IS_ALL_NODES(group)) {
    return true;
  }
  const struct mcast_group *g = mcast_group_find(&netif->mld6, group->addr);
  return g != NULL && mcast_group_accepts(g, src != NULL ? src->addr : NULL);
}

struct mld_group *mld6_lookfor_group(struct netif *ifp, const ip6_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct mcast_group *g = mcast_group_find(&ifp->mld6, addr->addr);
  return (g != NULL && g->group_state != MCAST_LEFT) ? (struct mld_group *)g : NULL;
}

err_t mld6_stop(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  mcast_link_stop(&netif->mld6);
  return ERR_OK;
}

void mld6_report_groups(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  mcast_link_report(&netif->mld6);
}

/** Can `addr` be joined on `netif`? */
static bool mld6_may_join(const struct netif *netif, const ip6_addr_t *addr)
{
  return netif != NULL && ip6_addr_ismulticast(addr) &&
         (!ip6_addr_has_zone(addr) || ip6_addr_test_zone(addr, netif));
}

/** Groups that the network must not hear of (RFC 3810 6): ff02::1, and scopes 0 and 1. */
static bool mld6_is_silent(const ip6_addr_t *addr)
{
  return ip6_addr_isallnodes_linklocal(addr) ||
         ip6_addr_multicast_scope(addr) <= IP6_MULTICAST_SCOPE_INTERFACE_LOCAL;
}

/** The entry of a group, made if there is none; NULL without memory. */
static struct mcast_group *mld6_group_get(struct netif *netif, const ip6_addr_t *addr)
{
  struct mcast_group *g = mcast_group_get(mld6_link(netif), addr->addr);
  if (g != NULL) {
    ip6_addr_assign_zone(&((struct mld_group *)g)->group_address, IP6_MULTICAST, netif);
    g->is_silent = mld6_is_silent(addr);
  }
  return g;
}

err_t mld6_joingroup_netif(struct netif *netif, const ip6_addr_t *groupaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!mld6_may_join(netif, groupaddr)) {
    return ERR_VAL;
  }
  struct mcast_group *g = mld6_group_get(netif, groupaddr);
  return g != NULL ? mcast_group_join(g) : ERR_MEM;
}

err_t mld6_leavegroup_netif(struct netif *netif, const ip6_addr_t *groupaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!mld6_may_join(netif, groupaddr)) {
    return ERR_VAL;
  }
  struct mcast_group *g = mcast_group_find(&netif->mld6, groupaddr->addr);
  return g != NULL ? mcast_group_leave(g) : ERR_VAL;
}

static bool mld6_has_address(const struct netif *netif, const ip6_addr_t *addr)
{
  bool is_in_zone = !ip6_addr_has_zone(addr) || ip6_addr_test_zone(addr, netif);
  return is_in_zone && netif_ip6_index(netif, addr) >= 0;
}

/** Join or leave on the netif that has `srcaddr`, or on all; one success is success. */
static err_t mld6_for_address(const ip6_addr_t *srcaddr, const ip6_addr_t *groupaddr,
                              err_t (*fn)(struct netif *, const ip6_addr_t *))
{
  LWIP_ASSERT_CORE_LOCKED();
  err_t result = ERR_VAL;
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (ip6_addr_isany(srcaddr) || mld6_has_address(netif, srcaddr)) {
      err_t err = fn(netif, groupaddr);
      result = (result == ERR_OK) ? ERR_OK : err;
    }
  }
  return result;
}

err_t mld6_joingroup(const ip6_addr_t *srcaddr, const ip6_addr_t *groupaddr)
{
  return mld6_for_address(srcaddr, groupaddr, mld6_joingroup_netif);
}

err_t mld6_leavegroup(const ip6_addr_t *srcaddr, const ip6_addr_t *groupaddr)
{
  return mld6_for_address(srcaddr, groupaddr, mld6_leavegroup_netif);
}

err_t mld6_membership_join(struct mcast_membership *m, struct netif *netif)
{
  ip6_addr_t *addr = ip_2_ip6(&m->group);
  if (netif == NULL) {
    netif = ip6_route(IP6_ADDR_ANY6, addr);
  }
  if (!mld6_may_join(netif, addr)) {
    return ERR_VAL;
  }
  struct mcast_group *g = mld6_group_get(netif, addr);
  if (g == NULL) {
    return ERR_MEM;
  }
  ip6_addr_assign_zone(addr, IP6_MULTICAST, netif);
  mcast_member_join(g, m);
  return ERR_OK;
}

/** Report all once there is an address that routers accept reports from (RFC 3590 4). */
static void mld6_address_changed(struct netif *netif)
{
  bool has_source = netif_ip6_linklocal(netif) != NULL;
  if (has_source && !netif->mld6.had_source) {
    mld6_report_groups(netif);
  }
  netif->mld6.had_source = has_source;
}

static void mld6_netif_changed(struct netif *netif, enum netif_change what,
                               const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  switch (what) {
  case NETIF_CHANGE_REMOVED:
    mld6_stop(netif);
    break;
  case NETIF_CHANGE_DOWN:
    mcast_link_reset(&netif->mld6);
    break;
  case NETIF_CHANGE_UP:
    mld6_report_groups(netif);
    netif->mld6.had_source = netif_ip6_linklocal(netif) != NULL;
    break;
  case NETIF_CHANGE_IP6:
    mld6_address_changed(netif);
    break;
  default:
    break;
  }
}

static void mld6_fini(void)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    mld6_stop(netif);
  }
}

const struct net_module mld6_module = {
    .name = "mld6", .fini = mld6_fini, .netif_changed = mld6_netif_changed};

#endif /* LWIP_IPV6 && LWIP_IPV6_MLD */
