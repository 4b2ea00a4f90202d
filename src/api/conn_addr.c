/**
 * @file
 * Addresses of connections: bind, connect, disconnect, whatever they speak.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "lwip/netif.h"
#include "api/conn.h"
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
  const ip_addr_t *local = address_to_bind(conn, addr);
  if (LWIP_TCP && conn_is_tcp(conn)) {
    bool is_new = conn->state == NETCONN_NONE && (conn->conditions & CONN_OPENED) == 0;
    return is_new ? tcp_bind(conn->pcb.tcp, local, port) : ERR_VAL;
  }
  if (LWIP_UDP && conn_is_udp(conn)) {
    return udp_bind(conn->pcb.udp, local, port);
  }
  return raw_bind(conn->pcb.raw, local);
}

bool conn_may_bind(const struct netconn *conn)
{
  if (LWIP_TCP && conn_is_tcp(conn)) {
    return conn->pcb.tcp != NULL && conn->state == NETCONN_NONE &&
           (conn->conditions & CONN_OPENED) == 0 && conn->pcb.tcp->local_port == 0;
  }
  return conn->pcb.ip != NULL &&
         (!LWIP_UDP || !conn_is_udp(conn) || conn->pcb.udp->local_port == 0);
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

/** Address and port of a UDP or raw endpoint. */
static err_t datagram_address(const struct netconn *conn, u16_t *port, bool is_local)
{
  if (LWIP_UDP && conn_is_udp(conn)) {
    const struct udp_pcb *pcb = conn->pcb.udp;
    *port = is_local ? pcb->local_port : pcb->remote_port;
    return is_local || (pcb->flags & UDP_FLAGS_CONNECTED) != 0 ? ERR_OK : ERR_CONN;
  }
  *port = is_local ? conn->pcb.raw->protocol : 0;
  return is_local || (conn->pcb.raw->flags & RAW_FLAGS_CONNECTED) != 0 ? ERR_OK : ERR_CONN;
}

err_t conn_address(const struct netconn *conn, ip_addr_t *addr, u16_t *port, bool is_local)
{
  if (conn->pcb.ip == NULL) {
    return ERR_CONN;
  }
  const ip_addr_t *which = is_local ? &conn->pcb.ip->local_ip : &conn->pcb.ip->remote_ip;
  ip_addr_copy(*addr, *which);
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return datagram_address(conn, port, is_local);
  }
  *port = is_local ? conn->pcb.tcp->local_port : 0;
  if (is_local) {
    return ERR_OK;
  }
  if ((conn->conditions & CONN_OPENED) == 0) {
    return ERR_CONN;
  }
  *port = conn->pcb.tcp->remote_port;
  return ERR_OK;
}

err_t conn_bind_if(struct netconn *conn, u8_t if_idx)
{
  struct netif *netif = netif_get_by_index(if_idx);
  if (conn->pcb.ip == NULL || (netif == NULL && if_idx != NETIF_NO_INDEX)) {
    return ERR_VAL;
  }
  if (LWIP_TCP && conn_is_tcp(conn)) {
    tcp_bind_netif(conn->pcb.tcp, netif);
  } else if (LWIP_UDP && conn_is_udp(conn)) {
    udp_bind_netif(conn->pcb.udp, netif);
  } else {
    raw_bind_netif(conn->pcb.raw, netif);
  }
  return ERR_OK;
}

err_t conn_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  if (addr == NULL) {
    return ERR_ARG;
  }
  if (LWIP_TCP && conn_is_tcp(conn)) {
    return conn_tcp_connect(conn, addr, port);
  }
  if (conn->pcb.ip == NULL) {
    return ERR_CLSD;
  }
  if (LWIP_UDP && conn_is_udp(conn)) {
    return udp_connect(conn->pcb.udp, addr, port);
  }
  return raw_connect(conn->pcb.raw, addr);
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
  if (conn->pcb.ip == NULL || datagram_address(conn, &port, false) != ERR_OK) {
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
  if (conn_is_tcp(conn) || conn->pcb.ip == NULL) {
    return ERR_VAL;
  }
  if (LWIP_UDP && conn_is_udp(conn)) {
    udp_disconnect(conn->pcb.udp);
  } else {
    raw_disconnect(conn->pcb.raw);
  }
  return ERR_OK;
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
