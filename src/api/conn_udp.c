/**
 * @file
 * Connections over UDP and UDP-Lite.
 */
#include "lwip/opt.h"

#if (LWIP_NETCONN || LWIP_SOCKET) && LWIP_UDP

#include "gossamer/drop.h"
#include "gossamer/ip_rx.h"
#include "api/conn.h"

static void heard(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  struct netconn *conn = (struct netconn *)arg;
  LWIP_UNUSED_ARG(pcb);
  if ((conn->conditions & CONN_SHUT_RX) != 0) {
    pbuf_free(p);
  } else if (!conn_groups_accept(conn, ip_current())) {
    drop(p, DROP_API_FILTERED);
  } else {
    conn_packet_put(conn, p, addr, port);
  }
}

static void failed(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  if ((pcb->flags & UDP_FLAGS_CONNECTED) != 0) { /* RFC 1122 4.1.3.3; others cannot tell whose */
    conn_icmp_error((struct netconn *)arg, err, e);
  }
}

static bool open_pcb(struct netconn *conn, u8_t addr_type, u8_t proto)
{
  struct udp_pcb *pcb = udp_new_ip_type(addr_type);
  LWIP_UNUSED_ARG(proto);
  if (pcb == NULL) {
    return false;
  }
  conn->pcb.udp = pcb;
  if (NETCONNTYPE_ISUDPLITE(conn->type)) {
    udp_setflags(pcb, UDP_FLAGS_UDPLITE);
  } else if (NETCONNTYPE_ISUDPNOCHKSUM(conn->type)) {
    udp_setflags(pcb, UDP_FLAGS_NOCHKSUM);
  }
  udp_recv(pcb, heard, conn);
  udp_err(pcb, failed);
  return true;
}

static void release(struct netconn *conn)
{
  conn_groups_leave(conn);
  udp_remove(conn->pcb.udp);
}

static err_t bind_pcb(struct netconn *conn, const ip_addr_t *local, u16_t port)
{
  return udp_bind(conn->pcb.udp, local, port);
}

static void bind_netif(struct netconn *conn, const struct netif *netif)
{
  udp_bind_netif(conn->pcb.udp, netif);
}

static err_t connect_pcb(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  return udp_connect(conn->pcb.udp, addr, port);
}

static err_t disconnect(struct netconn *conn)
{
  udp_disconnect(conn->pcb.udp);
  return ERR_OK;
}

static err_t get_port(const struct netconn *conn, u16_t *port, bool is_local)
{
  const struct udp_pcb *pcb = conn->pcb.udp;
  *port = is_local ? pcb->local_port : pcb->remote_port;
  return is_local || (pcb->flags & UDP_FLAGS_CONNECTED) != 0 ? ERR_OK : ERR_CONN;
}

static err_t send_datagram(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                           const struct conn_send_as *as)
{
  struct udp_pcb *pcb = conn->pcb.udp;
  bool has_sum;
  u16_t sum = conn_noted_checksum(as->buf, &has_sum);
  if (addr == NULL && as->netif == NULL) {
    return udp_send_chksum(pcb, p, has_sum, sum);
  }
  if (addr == NULL) {
    addr = &pcb->remote_ip;
    port = pcb->remote_port;
  }
  if (as->src != NULL) {
    return udp_sendto_if_src_chksum(pcb, p, addr, port, as->netif, has_sum, sum, as->src);
  }
  if (as->netif != NULL) {
    return udp_sendto_if_chksum(pcb, p, addr, port, as->netif, has_sum, sum);
  }
  return udp_sendto_chksum(pcb, p, addr, port, has_sum, sum);
}

const struct conn_proto conn_udp_proto = {
    .open = open_pcb,
    .release = release,
    .bind = bind_pcb,
    .bind_netif = bind_netif,
    .connect = connect_pcb,
    .disconnect = disconnect,
    .port = get_port,
    .send = send_datagram,
};

#endif
