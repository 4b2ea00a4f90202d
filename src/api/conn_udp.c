/**
 * @file
 * Connections over UDP, UDP-Lite and raw IP.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "gossamer/drop.h"
#include "gossamer/ip_rx.h"
#include "api/conn.h"

/** How long a sender waits before it asks a full driver again (it cannot tell when it has room). */
#define RETRY_MS 1U

/** Put a packet, which is ours, into the queue. */
static void queue_packet(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  struct netbuf *buf = netbuf_new();
  if (buf == NULL) {
    drop(p, DROP_API_NO_MEMORY);
    return;
  }
  buf->p = p;
  buf->ptr = p;
  buf->port = port;
  ip_addr_copy(buf->addr, *addr);
  conn_note_info(buf, ip_current());
  conn_datagram_put(conn, buf);
}

static void udp_heard(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                      u16_t port)
{
  struct netconn *conn = (struct netconn *)arg;
  LWIP_UNUSED_ARG(pcb);
  if ((conn->conditions & CONN_SHUT_RX) != 0) {
    pbuf_free(p);
  } else if (!conn_groups_accept(conn, ip_current())) {
    drop(p, DROP_API_FILTERED);
  } else {
    queue_packet(conn, p, addr, port);
  }
}

/** Raw endpoints see a copy: the stack and other endpoints go on with the packet. */
static u8_t raw_heard(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  struct netconn *conn = (struct netconn *)arg;
  const struct ip_rx *rx = ip_current();
  if ((conn->conditions & CONN_SHUT_RX) != 0 || !conn_groups_accept(conn, rx) ||
      !conn_wants_icmp_type(conn, pcb->protocol, pbuf_get_at(p, rx->header_len))) {
    return 0;
  }
  struct pbuf *copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
  if (copy != NULL) {
    queue_packet(conn, copy, addr, pcb->protocol);
  }
  return 0;
}

/** errno of an ICMP error, which `err` sums up. */
static int errno_of_icmp(err_t err)
{
  switch (err) {
  case ERR_CONN:
    return ECONNREFUSED;
  case ERR_VAL:
    return EMSGSIZE;
  default:
    return EHOSTUNREACH;
  }
}

static void udp_failed(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  LWIP_UNUSED_ARG(e);
  if ((pcb->flags & UDP_FLAGS_CONNECTED) != 0) { /* RFC 1122 4.1.3.3; others cannot tell whose */
    conn_fail((struct netconn *)arg, err, errno_of_icmp(err));
  }
}

static void raw_failed(void *arg, struct raw_pcb *pcb, err_t err, const struct ip_error *e)
{
  LWIP_UNUSED_ARG(e);
  if ((pcb->flags & RAW_FLAGS_CONNECTED) != 0) {
    conn_fail((struct netconn *)arg, err, errno_of_icmp(err));
  }
}

void conn_udp_attach(struct netconn *conn, struct udp_pcb *pcb)
{
  conn->pcb.udp = pcb;
  if (NETCONNTYPE_ISUDPLITE(conn->type)) {
    udp_setflags(pcb, UDP_FLAGS_UDPLITE);
  } else if (NETCONNTYPE_ISUDPNOCHKSUM(conn->type)) {
    udp_setflags(pcb, UDP_FLAGS_NOCHKSUM);
  }
  udp_recv(pcb, udp_heard, conn);
  udp_err(pcb, udp_failed);
}

void conn_raw_attach(struct netconn *conn, struct raw_pcb *pcb)
{
  conn->pcb.raw = pcb;
  raw_recv(pcb, raw_heard, conn);
  raw_err(pcb, raw_failed);
}

void conn_udp_release(struct netconn *conn)
{
  conn_groups_leave(conn);
  if (LWIP_UDP && conn_is_udp(conn)) {
    udp_remove(conn->pcb.udp);
  } else if (LWIP_RAW && conn_is_raw(conn)) {
    raw_remove(conn->pcb.raw);
  }
}

static err_t send_udp(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                      const struct conn_send_as *as)
{
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

static err_t send_raw(struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                      const struct conn_send_as *as)
{
  if (as->src != NULL) {
    return raw_sendto_if_src(pcb, p, addr != NULL ? addr : &pcb->remote_ip, as->netif, as->src);
  }
  return addr == NULL ? raw_send(pcb, p) : raw_sendto(pcb, p, addr);
}

static err_t send_once(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                       const struct conn_send_as *as)
{
  struct ip_pcb *pcb = conn->pcb.ip;
  u8_t ttl = pcb->ttl;
  u8_t tos = pcb->tos;
  pcb->ttl = as->has_ttl ? as->ttl : ttl;
  pcb->tos = as->has_tos ? as->tos : tos;
  err_t err = LWIP_UDP && conn_is_udp(conn) ? send_udp(conn->pcb.udp, p, addr, port, as)
                                            : send_raw(conn->pcb.raw, p, addr, as);
  if (conn->pcb.ip != NULL) {
    pcb->ttl = ttl;
    pcb->tos = tos;
  }
  return err;
}

/** Wait a moment for the driver. @return ERR_OK; ERR_MEM: the time is over; ERR_CLSD: deleted */
static err_t wait_for_room(struct netconn *conn, const struct api_deadline *deadline)
{
  struct api_deadline pause = api_deadline_in(RETRY_MS);
  if (api_deadline_is_over(deadline)) {
    return ERR_MEM;
  }
  err_t err = conn_wait(conn, 0, &pause);
  return err == ERR_TIMEOUT ? ERR_OK : err;
}

err_t conn_udp_send(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                    u8_t apiflags, const struct conn_send_as *as)
{
  struct api_deadline deadline = conn_send_deadline(conn);
  for (;;) {
    if (conn->pcb.ip == NULL || (conn->conditions & CONN_SHUT_TX) != 0) {
      return ERR_CLSD;
    }
    err_t err = send_once(conn, p, addr, port, as);
    bool is_full = err == ERR_MEM || err == ERR_BUF || err == ERR_WOULDBLOCK;
    if (!is_full) {
      return err;
    }
    if (!conn_may_wait(conn, apiflags)) {
      return ERR_WOULDBLOCK;
    }
    err = wait_for_room(conn, &deadline);
    if (err != ERR_OK) {
      return err;
    }
  }
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
