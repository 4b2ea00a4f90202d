/**
 * @file
 * Memberships of sockets in groups (RFC 3678 4, 5; RFC 3493 5.2).
 *
 * All options end in `change()`: an interface, a group, perhaps a source, and what to do.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET && (LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD))

#include "lwip/priv/sock_hooks.h"
#include "api/sock_opt.h"
#include "api/sock_opt_ip.h"

enum change { JOIN, LEAVE, JOIN_SOURCE, LEAVE_SOURCE, BLOCK, UNBLOCK };

static int result_of(err_t err, int in_use, int not_there)
{
  switch (err) {
  case ERR_OK:
    return 0;
  case ERR_USE:
    return in_use;
  case ERR_VAL:
    return not_there;
  case ERR_MEM:
    return -ENOBUFS;
  default:
    return sock_error(err);
  }
}

/** The source filter of a membership. */
static int change_source(struct netconn *conn, struct mcast_membership *m,
                         const struct netif *netif, const ip_addr_t *source, enum change what)
{
  if (m == NULL) {
    return -EADDRNOTAVAIL;
  }
  if (what == LEAVE_SOURCE && m->mode == MCAST_MODE_INCLUDE && m->num_sources == 1 &&
      ip_addr_eq(&m->source[0], source)) {
    ip_addr_t group;
    ip_addr_copy(group, m->group);
    return result_of(conn_group_leave(conn, netif, &group), 0, -EADDRNOTAVAIL);
  }
  switch (what) {
  case JOIN_SOURCE:
    return result_of(mcast_add_source(m, source), -EADDRNOTAVAIL, -EINVAL);
  case LEAVE_SOURCE:
    return result_of(mcast_remove_source(m, source), -EADDRNOTAVAIL, -EINVAL);
  case BLOCK:
    return result_of(mcast_block_source(m, source), -EADDRNOTAVAIL, -EINVAL);
  default:
    return result_of(mcast_unblock_source(m, source), -EADDRNOTAVAIL, -EINVAL);
  }
}

static int change(struct sock *sock, struct netif *netif, const ip_addr_t *group,
                  const ip_addr_t *source, enum change what)
{
  struct netconn *conn = sock->conn;
  if (!ip_addr_ismulticast(group)) {
    return -EINVAL;
  }
  struct mcast_membership *m = conn_group_find(conn, netif, group);
  if (what == JOIN) {
    return result_of(conn_group_join(conn, netif, group, MCAST_MODE_EXCLUDE, NULL, 0), -EADDRINUSE,
                     -ENODEV);
  }
  if (what == LEAVE) {
    return result_of(conn_group_leave(conn, netif, group), 0, -EADDRNOTAVAIL);
  }
  if (what == JOIN_SOURCE && m == NULL) {
    return result_of(conn_group_join(conn, netif, group, MCAST_MODE_INCLUDE, source, 1),
                     -EADDRINUSE, -ENODEV);
  }
  return change_source(conn, m, netif, source, what);
}

/** `*netif` NULL: by route. @return false: no such interface */
static bool netif_of_index(unsigned index, struct netif **netif)
{
  *netif = index != 0 && index <= 255 ? netif_get_by_index((u8_t)index) : NULL;
  return index == 0 || *netif != NULL;
}

/* --- IPv4's structs --- */

/** The interface with this address; any: by route. */
static bool netif_of_address(u32_t address, struct netif **netif)
{
  ip_addr_t addr;
  sock_ip4_set(&addr, address);
  *netif = NULL;
  if (ip_addr_isany(&addr)) {
    return true;
  }
  *netif = sock_netif_of(&addr);
  return *netif != NULL;
}

static int membership(struct sock *sock, const void *value, socklen_t len, enum change what)
{
  struct ip_mreqn r = {.imr_ifindex = 0};
  struct netif *netif;
  ip_addr_t group;
  if (len < sizeof(struct ip_mreq)) {
    return -EINVAL;
  }
  memcpy(&r, value, len >= sizeof r ? sizeof r : sizeof(struct ip_mreq));
  bool is_there = r.imr_ifindex != 0 ? netif_of_index((unsigned)r.imr_ifindex, &netif)
                                     : netif_of_address(r.imr_address.s_addr, &netif);
  if (!is_there) {
    return -ENODEV;
  }
  sock_ip4_set(&group, r.imr_multiaddr.s_addr);
  return change(sock, netif, &group, NULL, what);
}

int opt_add_membership(struct sock *sock, const void *value, socklen_t len)
{
  return membership(sock, value, len, JOIN);
}

int opt_drop_membership(struct sock *sock, const void *value, socklen_t len)
{
  return membership(sock, value, len, LEAVE);
}

static int source_membership(struct sock *sock, const void *value, socklen_t len, enum change what)
{
  struct ip_mreq_source r;
  struct netif *netif;
  ip_addr_t group;
  ip_addr_t source;
  if (len < sizeof r) {
    return -EINVAL;
  }
  memcpy(&r, value, sizeof r);
  if (!netif_of_address(r.imr_interface.s_addr, &netif)) {
    return -ENODEV;
  }
  sock_ip4_set(&group, r.imr_multiaddr.s_addr);
  sock_ip4_set(&source, r.imr_sourceaddr.s_addr);
  return change(sock, netif, &group, &source, what);
}

int opt_add_source(struct sock *sock, const void *value, socklen_t len)
{
  return source_membership(sock, value, len, JOIN_SOURCE);
}

int opt_drop_source(struct sock *sock, const void *value, socklen_t len)
{
  return source_membership(sock, value, len, LEAVE_SOURCE);
}

int opt_block_source(struct sock *sock, const void *value, socklen_t len)
{
  return source_membership(sock, value, len, BLOCK);
}

int opt_unblock_source(struct sock *sock, const void *value, socklen_t len)
{
  return source_membership(sock, value, len, UNBLOCK);
}

/* --- IPv6's --- */

static int membership6(struct sock *sock, const void *value, socklen_t len, enum change what)
{
  ip_addr_t group;
  unsigned index;
  struct netif *netif;
  if (!sock_mreq6(value, len, &group, &index)) {
    return -EINVAL;
  }
  return netif_of_index(index, &netif) ? change(sock, netif, &group, NULL, what) : -ENODEV;
}

int opt_join_group6(struct sock *sock, const void *value, socklen_t len)
{
  return membership6(sock, value, len, JOIN);
}

int opt_leave_group6(struct sock *sock, const void *value, socklen_t len)
{
  return membership6(sock, value, len, LEAVE);
}

/* --- both families' --- */

static int group_request(struct sock *sock, const void *value, socklen_t len, enum change what)
{
  struct group_req r;
  struct netif *netif;
  ip_addr_t group;
  if (len < sizeof r) {
    return -EINVAL;
  }
  memcpy(&r, value, sizeof r);
  if (!sockaddr_ip(&r.gr_group, &group)) {
    return -EINVAL;
  }
  return netif_of_index(r.gr_interface, &netif) ? change(sock, netif, &group, NULL, what) : -ENODEV;
}

int opt_mcast_join(struct sock *sock, const void *value, socklen_t len)
{
  return group_request(sock, value, len, JOIN);
}

int opt_mcast_leave(struct sock *sock, const void *value, socklen_t len)
{
  return group_request(sock, value, len, LEAVE);
}

static int source_request(struct sock *sock, const void *value, socklen_t len, enum change what)
{
  struct group_source_req r;
  struct netif *netif;
  ip_addr_t group;
  ip_addr_t source;
  if (len < sizeof r) {
    return -EINVAL;
  }
  memcpy(&r, value, sizeof r);
  if (!sockaddr_ip(&r.gsr_group, &group) || !sockaddr_ip(&r.gsr_source, &source) ||
      IP_GET_TYPE(&group) != IP_GET_TYPE(&source)) {
    return -EINVAL;
  }
  return netif_of_index(r.gsr_interface, &netif) ? change(sock, netif, &group, &source, what)
                                                 : -ENODEV;
}

int opt_mcast_join_source(struct sock *sock, const void *value, socklen_t len)
{
  return source_request(sock, value, len, JOIN_SOURCE);
}

int opt_mcast_leave_source(struct sock *sock, const void *value, socklen_t len)
{
  return source_request(sock, value, len, LEAVE_SOURCE);
}

int opt_mcast_block(struct sock *sock, const void *value, socklen_t len)
{
  return source_request(sock, value, len, BLOCK);
}

int opt_mcast_unblock(struct sock *sock, const void *value, socklen_t len)
{
  return source_request(sock, value, len, UNBLOCK);
}

#endif
