/**
 * @file
 * Connections over raw IP.
 */
#include "lwip/opt.h"

#if (LWIP_NETCONN || LWIP_SOCKET) && LWIP_RAW

#include "gossamer/drop.h"
#include "gossamer/ip_rx.h"
#include "api/conn.h"
#include "transport/pcb_addr.h"

/** Raw endpoints see a copy: the stack and other endpoints go on with the packet. */
static u8_t heard(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  struct netconn *conn = (struct netconn *)arg;
  const struct ip_rx *rx = ip_current();
  if ((conn->conditions & CONN_SHUT_RX) != 0 || !conn_groups_accept(conn, rx) ||
      !conn_wants_icmp_type(conn, pcb->protocol, pbuf_get_at(p, rx->header_len))) {
    return 0;
  }
  struct pbuf *copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
  if (copy != NULL) {
    conn_packet_put(conn, copy, addr, pcb->protocol);
  }
  return 0;
}

static void failed(void *arg, struct raw_pcb *pcb, err_t err, const struct ip_error *e)
{
  if ((pcb->flags & RAW_FLAGS_CONNECTED) != 0) {
    conn_icmp_error((struct netconn *)arg, err, e);
  }
}

static bool open_pcb(struct netconn *conn, u8_t addr_type, u8_t proto)
{
  struct raw_pcb *pcb = raw_new_ip_type(addr_type, proto);
  if (pcb == NULL) {
    return false;
  }
  conn->pcb.raw = pcb;
  raw_recv(pcb, heard, conn);
  raw_err(pcb, failed);
  return true;
}

static void release(struct netconn *conn)
{
  conn_groups_leave(conn);
  raw_remove(conn->pcb.raw);
}

static err_t bind_pcb(struct netconn *conn, const ip_addr_t *local, u16_t port)
{
  LWIP_UNUSED_ARG(port);
  return raw_bind(conn->pcb.raw, local);
}

static void bind_netif(struct netconn *conn, const struct netif *netif)
{
  raw_bind_netif(conn->pcb.raw, netif);
}

static err_t connect_pcb(struct netconn *conn, const ip_addr_t *addr, u16_t port)
{
  LWIP_UNUSED_ARG(port);
  return raw_connect(conn->pcb.raw, addr);
}

static err_t disconnect(struct netconn *conn)
{
  raw_disconnect(conn->pcb.raw);
  return ERR_OK;
}

/** Our "port" is the protocol; the peer has none. */
static err_t get_port(const struct netconn *conn, u16_t *port, bool is_local)
{
  const struct raw_pcb *pcb = conn->pcb.raw;
  *port = is_local ? pcb->protocol : 0;
  return is_local || (pcb->flags & RAW_FLAGS_CONNECTED) != 0 ? ERR_OK : ERR_CONN;
}

static err_t send_datagram(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                           const struct conn_send_as *as)
{
  struct raw_pcb *pcb = conn->pcb.raw;
  LWIP_UNUSED_ARG(port);
  addr = addr != NULL ? addr : &pcb->remote_ip;
  if (as->netif == NULL) {
    return raw_sendto(pcb, p, addr);
  }
  ip_addr_t src;
  if (as->src == NULL && !pcb_source(&src, &pcb->local_ip, as->netif, addr)) {
    return ERR_RTE;
  }
  return raw_sendto_if_src(pcb, p, addr, as->netif, as->src != NULL ? as->src : &src);
}

const struct conn_proto conn_raw_proto = {
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
