/**
 * @file
 * Addresses of connections: bind, connect, disconnect, whatever they speak.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "lwip/netif.h"
#include "api/conn.h"
#include "link/netif_usable.h"
#include "transport/pcb_addr.h"

/** NULL or any means any address of what the connection speaks. */
static const ip_addr_t *address_to_bind(const struct netconn *conn, const ip_addr_t *addr)
{
  bool is_any = addr == NULL || ip_addr_isany(addr);
  if (!is_any) {
    return addr;
  }
  if (!NETCONNTYPE_ISIPV6(conn->type)) {
    return IP4_ADDR_ANY;
  }
  bool is_v4 = addr != NULL && IP_IS_V4_VAL(*addr) && !IP_IS_ANY_TYPE_VAL(*addr);
  if (is_v4) {
    return addr;
  }
  return conn_is_v6only(conn) ? IP6_ADDR_ANY : IP_ANY_TYPE;
}

err_t conn_bind(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  if (conn->pcb.ip == NULL) {
    return ERR_VAL;
  }
  return conn_proto_of(conn)->bind(conn, address_to_bind(conn, addr), port);
}

bool conn_may_bind(const struct netconn *conn)
{
  u16_t port;
  bool is_free =
      conn->pcb.ip != NULL && conn->state == NETCONN_NONE && (conn->conditions & CONN_OPENED) == 0;
  return is_free && (conn_is_raw(conn) ||
                     (conn_proto_of(conn)->port(conn, &port, true) == ERR_OK && port == 0));
}

bool conn_address_is_ours(const ip_addr_t *addr)
{
  if (ip_addr_isany(addr) || ip_addr_ismulticast(addr) || pcb_addr_is_ours(addr)) {
    return true;
  }
  return conn_address_is_broadcast(NULL, addr);
}

bool conn_address_is_broadcast(const struct netconn *conn, const ip_addr_t *addr)
{
  if (addr == NULL && conn != NULL && conn->pcb.ip != NULL) {
    addr = &conn->pcb.ip->remote_ip;
  }
  const struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (addr != NULL && ip_addr_isbroadcast(addr, netif)) {
      return true;
    }
  }
  return false;
}

/** Would packets to `addr` leave by this interface, if they could? */
static bool is_way_to(const struct netconn *conn, const struct netif *netif, const ip_addr_t *addr)
{
  u8_t bound_to = conn->pcb.ip->netif_idx;
  return bound_to != NETIF_NO_INDEX ? bound_to == netif_get_index(netif)
                                    : conn_netif_has_net(netif, addr);
}

bool conn_netif_is_down(const struct netconn *conn)
{
  u8_t index = conn->pcb.ip != NULL ? conn->pcb.ip->netif_idx : NETIF_NO_INDEX;
  const struct netif *netif = index != NETIF_NO_INDEX ? netif_get_by_index(index) : NULL;
  return netif != NULL && !netif_is_usable(netif);
}

int conn_route_errno(const struct netconn *conn, const ip_addr_t *addr)
{
  if (conn->pcb.ip == NULL) {
    return ENETUNREACH;
  }
  addr = addr != NULL ? addr : &conn->pcb.ip->remote_ip;
  const struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (!netif_is_usable(netif) && is_way_to(conn, netif, addr)) {
      return ENETDOWN;
    }
  }
  return ENETUNREACH;
}

err_t conn_address(const struct netconn *conn, ip_addr_t *addr, u16_t *port, bool is_local)
{
  if (conn->pcb.ip == NULL) {
    return ERR_CONN;
  }
  const ip_addr_t *which = is_local ? &conn->pcb.ip->local_ip : &conn->pcb.ip->remote_ip;
  ip_addr_copy(*addr, *which);
  return conn_proto_of(conn)->port(conn, port, is_local);
}

err_t conn_bind_if(struct netconn *conn, u8_t if_idx)
{
  struct netif *netif = netif_get_by_index(if_idx);
  if (conn->pcb.ip == NULL || (netif == NULL && if_idx != NETIF_NO_INDEX)) {
    return ERR_VAL;
  }
  conn_proto_of(conn)->bind_netif(conn, netif);
  return ERR_OK;
}

err_t conn_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  if (addr == NULL) {
    return ERR_ARG;
  }
  return conn->pcb.ip == NULL ? ERR_CLSD : conn_proto_of(conn)->connect(conn, addr, port);
}

void conn_any_is_loopback(ip_addr_t *addr)
{
  if (ip_addr_isany(addr)) {
    ip_addr_set_loopback(IP_IS_V6(addr), addr);
  }
}

err_t conn_datagram_shutdown(struct netconn *conn, bool rx, bool tx)
{
  u16_t port;
  if (conn->pcb.ip == NULL || conn_proto_of(conn)->port(conn, &port, false) != ERR_OK) {
    return ERR_CONN;
  }
  if (rx) {
    conn->conditions |= CONN_SHUT_RX;
    conn_event(conn, NETCONN_EVT_RCVPLUS, 0);
  }
  if (tx) {
    conn->conditions |= CONN_SHUT_TX;
    conn_event(conn, NETCONN_EVT_SENDPLUS, 0);
  }
  return ERR_OK;
}

err_t conn_disconnect(struct netconn *conn)
{
  return conn->pcb.ip == NULL ? ERR_VAL : conn_proto_of(conn)->disconnect(conn);
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
