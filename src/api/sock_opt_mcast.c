/**
 * @file
 * Memberships of sockets in groups (RFC 3678 4, 5; RFC 3493 5.2).
 *
 * All options end in `apply()`: read which group, interface and perhaps source, find these, do it.
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

/** What an option is about. */
struct request {
  ip_addr_t group;
  ip_addr_t source;
  ip_addr_t local; /* of the interface, where `index` is 0; any: by route */
  unsigned index;
};

static int change(struct netconn *conn, struct netif *netif, const struct request *r,
                  enum change what)
{
  struct mcast_membership *m = conn_group_find(conn, netif, &r->group);
  if (what == JOIN) {
    return result_of(conn_group_join(conn, netif, &r->group, MCAST_MODE_EXCLUDE, NULL, 0),
                     -EADDRINUSE, -ENODEV);
  }
  if (what == LEAVE) {
    return result_of(conn_group_leave(conn, netif, &r->group), 0, -EADDRNOTAVAIL);
  }
  if (what == JOIN_SOURCE && m == NULL) {
    return result_of(conn_group_join(conn, netif, &r->group, MCAST_MODE_INCLUDE, &r->source, 1),
                     -EADDRINUSE, -ENODEV);
  }
  return change_source(conn, m, netif, &r->source, what);
}

/** `*netif` NULL: by route. @return false: no such interface */
static bool find_netif(const struct request *r, struct netif **netif)
{
  *netif = NULL;
  if (r->index == 0 && ip_addr_isany(&r->local)) {
    return true;
  }
  if (r->index == 0) {
    *netif = sock_netif_of(&r->local);
  } else if (r->index <= 255) {
    *netif = netif_get_by_index((u8_t)r->index);
  }
  return *netif != NULL;
}

/** From the value of an option. @return false: it is too short, or wrong */
typedef bool (*fill_fn)(const void *value, socklen_t len, struct request *r);

static int apply(struct sock *sock, const void *value, socklen_t len, fill_fn fill,
                 enum change what)
{
  struct request r;
  struct netif *netif;
  memset(&r, 0, sizeof r);
  if (!fill(value, len, &r) || !ip_addr_ismulticast(&r.group)) {
    return -EINVAL;
  }
  return find_netif(&r, &netif) ? change(sock->conn, netif, &r, what) : -ENODEV;
}

/* --- IPv4's structs --- */

static bool fill_mreq(const void *value, socklen_t len, struct request *r)
{
  struct ip_mreqn in = {.imr_ifindex = 0};
  if (len < sizeof(struct ip_mreq)) {
    return false;
  }
  memcpy(&in, value, len >= sizeof in ? sizeof in : sizeof(struct ip_mreq));
  sock_ip4_set(&r->group, in.imr_multiaddr.s_addr);
  sock_ip4_set(&r->local, in.imr_address.s_addr);
  r->index = (unsigned)in.imr_ifindex;
  return true;
}

int opt_add_membership(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq, JOIN);
}

int opt_drop_membership(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq, LEAVE);
}

static bool fill_mreq_source(const void *value, socklen_t len, struct request *r)
{
  struct ip_mreq_source in;
  if (len < sizeof in) {
    return false;
  }
  memcpy(&in, value, sizeof in);
  sock_ip4_set(&r->group, in.imr_multiaddr.s_addr);
  sock_ip4_set(&r->source, in.imr_sourceaddr.s_addr);
  sock_ip4_set(&r->local, in.imr_interface.s_addr);
  return true;
}

int opt_add_source(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq_source, JOIN_SOURCE);
}

int opt_drop_source(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq_source, LEAVE_SOURCE);
}

int opt_block_source(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq_source, BLOCK);
}

int opt_unblock_source(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq_source, UNBLOCK);
}

/* --- IPv6's --- */

static bool fill_mreq6(const void *value, socklen_t len, struct request *r)
{
  return sock_mreq6(value, len, &r->group, &r->index);
}

int opt_join_group6(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq6, JOIN);
}

int opt_leave_group6(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_mreq6, LEAVE);
}

/* --- both families' --- */

static bool fill_group(const void *value, socklen_t len, struct request *r)
{
  struct group_req in;
  if (len < sizeof in) {
    return false;
  }
  memcpy(&in, value, sizeof in);
  r->index = in.gr_interface;
  return sockaddr_ip(&in.gr_group, &r->group);
}

int opt_mcast_join(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_group, JOIN);
}

int opt_mcast_leave(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_group, LEAVE);
}

static bool fill_group_source(const void *value, socklen_t len, struct request *r)
{
  struct group_source_req in;
  if (len < sizeof in) {
    return false;
  }
  memcpy(&in, value, sizeof in);
  r->index = in.gsr_interface;
  return sockaddr_ip(&in.gsr_group, &r->group) && sockaddr_ip(&in.gsr_source, &r->source) &&
         IP_GET_TYPE(&r->group) == IP_GET_TYPE(&r->source);
}

int opt_mcast_join_source(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_group_source, JOIN_SOURCE);
}

int opt_mcast_leave_source(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_group_source, LEAVE_SOURCE);
}

int opt_mcast_block(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_group_source, BLOCK);
}

int opt_mcast_unblock(struct sock *sock, const void *value, socklen_t len)
{
  return apply(sock, value, len, fill_group_source, UNBLOCK);
}

#endif
