/**
 * @file
 * What connections of datagrams share: their queue, ICMP errors, sending with back-pressure.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "gossamer/drop.h"
#include "gossamer/ip_rx.h"
#include "api/conn.h"

/** How long a sender waits before it asks a full driver again (it cannot tell when it has room). */
#define RETRY_MS 1U

void conn_packet_put(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port)
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

void conn_icmp_error(struct netconn *conn, err_t err)
{
  conn_fail(conn, err, errno_of_icmp(err));
}

static err_t send_once(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                       const struct conn_send_as *as)
{
  struct ip_pcb *pcb = conn->pcb.ip;
  u8_t ttl = pcb->ttl;
  u8_t tos = pcb->tos;
  pcb->ttl = as->has_ttl ? as->ttl : ttl;
  pcb->tos = as->has_tos ? as->tos : tos;
  err_t err = conn_proto_of(conn)->send(conn, p, addr, port, as);
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

err_t conn_datagram_send(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
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
