/**
 * @file
 * Groups that a connection is a member of: left when it ends, and asked whether a packet's source
 * is wanted (RFC 3376 4.1, RFC 3810 4.1: filters are each socket's).
 */
#include "lwip/opt.h"

#if (LWIP_NETCONN || LWIP_SOCKET) && (LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD))

#include "lwip/mem.h"
#include "api/conn.h"
#include "transport/pcb_addr.h"

struct mcast_membership *conn_group_find(const struct netconn *conn, const struct netif *netif,
                                         const ip_addr_t *group)
{
  for (struct conn_group *g = conn->groups; g != NULL; g = g->next) {
    /* A membership knows the zone of its group, who asks need not. */
    if (ip_addr_zoneless_eq(&g->m.group, group) && (netif == NULL || g->m.netif == netif)) {
      return &g->m;
    }
  }
  return NULL;
}

err_t conn_group_join(struct netconn *conn, struct netif *netif, const ip_addr_t *group,
                      enum mcast_mode mode, const ip_addr_t *sources, u16_t num_sources)
{
  struct conn_group *g = (struct conn_group *)mem_calloc(1, sizeof *g);
  if (g == NULL) {
    return ERR_MEM;
  }
  err_t err = mcast_join(&g->m, netif, group, mode, sources, num_sources);
  if (err == ERR_OK && conn_group_find(conn, g->m.netif, group) != NULL) {
    mcast_leave(&g->m);
    err = ERR_USE;
  }
  if (err != ERR_OK) {
    mem_free(g);
    return err;
  }
  g->next = conn->groups;
  conn->groups = g;
  return ERR_OK;
}

err_t conn_group_leave(struct netconn *conn, const struct netif *netif, const ip_addr_t *group)
{
  struct mcast_membership *m = conn_group_find(conn, netif, group);
  if (m == NULL) {
    return ERR_VAL;
  }
  struct conn_group **at = &conn->groups;
  while (&(*at)->m != m) {
    at = &(*at)->next;
  }
  struct conn_group *g = *at;
  *at = g->next;
  mcast_leave(&g->m);
  mem_free(g);
  return ERR_OK;
}

void conn_groups_leave(struct netconn *conn)
{
  while (conn->groups != NULL) {
    struct conn_group *g = conn->groups;
    conn->groups = g->next;
    mcast_leave(&g->m);
    mem_free(g);
  }
}

bool conn_groups_accept(const struct netconn *conn, const struct ip_rx *rx)
{
  if ((rx->flags & IP_RX_MULTICAST) == 0) {
    return true;
  }
  const struct mcast_membership *m = conn_group_find(conn, rx->input_netif, &rx->dst);
  return m == NULL || mcast_accepts(m, &rx->src);
}

/* --- netconns --- */

static err_t change_group(struct netconn *conn, struct netif *netif, const ip_addr_t *group,
                          enum netconn_igmp join_or_leave)
{
  if (conn->pcb.ip == NULL) {
    return ERR_CONN;
  }
  if (join_or_leave == NETCONN_LEAVE) {
    return conn_group_leave(conn, netif, group);
  }
  err_t err = conn_group_join(conn, netif, group, MCAST_MODE_EXCLUDE, NULL, 0);
  return err == ERR_USE ? ERR_OK : err; /* it is what it is to be */
}

/** Can the netconn hear the group at all? */
static bool may_hear(const struct netconn *conn, const ip_addr_t *group)
{
  bool is_family = NETCONNTYPE_ISIPV6(conn->type) || !IP_IS_V6(group);
  return !conn_is_tcp(conn) && is_family && ip_addr_ismulticast(group);
}

static struct netif *netif_of_address(const ip_addr_t *addr)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (pcb_addr_is_of(netif, addr)) {
      return netif;
    }
  }
  return NULL;
}

err_t netconn_join_leave_group(struct netconn *conn, const ip_addr_t *multiaddr,
                               const ip_addr_t *netif_addr, enum netconn_igmp join_or_leave)
{
  LWIP_ERROR("netconn_join_leave_group: NULL", conn != NULL && multiaddr != NULL, return ERR_ARG);
  if (!may_hear(conn, multiaddr)) {
    return ERR_VAL;
  }
  bool is_any = netif_addr == NULL || ip_addr_isany(netif_addr);
  struct core_hold hold = core_enter(conn);
  struct netif *netif = is_any ? NULL : netif_of_address(netif_addr);
  err_t err =
      is_any || netif != NULL ? change_group(conn, netif, multiaddr, join_or_leave) : ERR_VAL;
  core_leave(hold);
  return err;
}

err_t netconn_join_leave_group_netif(struct netconn *conn, const ip_addr_t *multiaddr, u8_t if_idx,
                                     enum netconn_igmp join_or_leave)
{
  LWIP_ERROR("netconn_join_leave_group_netif: NULL", conn != NULL && multiaddr != NULL,
             return ERR_ARG);
  if (!may_hear(conn, multiaddr)) {
    return ERR_VAL;
  }
  bool is_any = if_idx == NETIF_NO_INDEX;
  struct core_hold hold = core_enter(conn);
  struct netif *netif = netif_get_by_index(if_idx);
  err_t err =
      is_any || netif != NULL ? change_group(conn, netif, multiaddr, join_or_leave) : ERR_VAL;
  core_leave(hold);
  return err;
}

#endif
