/**
 * @file
 * Groups that a connection is a member of: left when it ends, and asked whether a packet's source
 * is wanted (RFC 3376 4.1, RFC 3810 4.1: filters are each socket's).
 */
#include "lwip/opt.h"

#if (LWIP_NETCONN || LWIP_SOCKET) && (LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD))

#include "lwip/mem.h"
#include "api/conn.h"

struct mcast_membership *conn_group_find(const struct netconn *conn, const struct netif *netif,
                                         const ip_addr_t *group)
{
  for (struct conn_group *g = conn->groups; g != NULL; g = g->next) {
    if (ip_addr_eq(&g->m.group, group) && (netif == NULL || g->m.netif == netif)) {
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

#endif
