/**
 * @file
 * What connections of datagrams share: their queue, ICMP errors, sending with back-pressure.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "gossamer/drop.h"
#include "gossamer/ip_rx.h"
#include "api/conn.h"
#include "ip/ip_module.h"
#include "transport/pcb_addr.h"

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
  conn_note_info(buf, conn, ip_current());
  conn_datagram_put(conn, buf);
}

int conn_errno_of_icmp(const struct ip_error *e)
{
  switch (e->kind) {
  case IP_ERROR_PORT_UNREACH:
  case IP_ERROR_PROTO_UNREACH:
    return ECONNREFUSED;
  case IP_ERROR_NET_UNREACH:
    return ENETUNREACH;
  case IP_ERROR_TOO_BIG:
    return EMSGSIZE;
  case IP_ERROR_PARAM_PROBLEM:
    return EPROTO;
  default:
    return ip_error_is_host_down(e) ? EHOSTDOWN : EHOSTUNREACH;
  }
}

void conn_icmp_error(struct netconn *conn, err_t err, const struct ip_error *e)
{
  conn_fail(conn, err, conn_errno_of_icmp(e));
}

/** The driver may have room again. */
static void room_again(struct timer *t)
{
  conn_event(TIMER_OWNER(t, struct netconn, room), NETCONN_EVT_SENDPLUS, 0);
}

/** Nothing was sent for lack of room: not writable for a moment. */
static err_t would_block(struct netconn *conn)
{
  timer_set_sooner(&conn->room, room_again, RETRY_MS);
  API_EVENT(conn, NETCONN_EVT_SENDMINUS, 0);
  return ERR_WOULDBLOCK;
}

static err_t send_once(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                       const struct conn_send_as *as)
{
  struct ip_pcb *pcb = conn->pcb.ip;
  u8_t ttl = pcb->ttl;
  u8_t tos = pcb->tos;
  pcb->ttl = as->has_ttl ? as->ttl : ttl;
  pcb->tos = as->has_tos ? as->tos : tos;
  u16_t bound = as->mtu != 0 ? ip_bound_set(as->mtu) : 0;
  err_t err = conn_proto_of(conn)->send(conn, p, addr, port, as);
  if (as->mtu != 0) {
    (void)ip_bound_set(bound);
  }
  if (conn->pcb.ip != NULL) {
    pcb->ttl = ttl;
    pcb->tos = tos;
  }
  return err;
}

/** Wait a moment for the driver. @return ERR_OK; ERR_WOULDBLOCK: the time is over; ERR_CLSD:
    deleted */
static err_t wait_for_room(struct netconn *conn, const struct api_deadline *deadline,
                           struct pbuf *owned)
{
  struct api_deadline pause = api_deadline_in(RETRY_MS);
  if (api_deadline_is_over(deadline)) {
    return ERR_WOULDBLOCK;
  }
  err_t err = conn_wait_owning(conn, 0, &pause, owned);
  return err == ERR_TIMEOUT ? ERR_OK : err;
}

/** The interface to leave by where only a source address is asked for; NULL: there is none. */
static struct netif *netif_of_source(const struct netconn *conn, const ip_addr_t *src,
                                     const ip_addr_t *dst)
{
  const struct pcb_route r = {.netif_idx = conn->pcb.ip->netif_idx,
                              .is_direct = pcb_is_direct(conn->pcb.ip->so_options),
                              .local = src};
  return pcb_route_find(&r, dst != NULL ? dst : &conn->pcb.ip->remote_ip);
}

err_t conn_datagram_send(struct netconn *conn, struct pbuf *p, const ip_addr_t *addr, u16_t port,
                         u8_t apiflags, const struct conn_send_as *as)
{
  struct api_deadline deadline = conn_send_deadline(conn);
  for (;;) {
    if (conn->pcb.ip == NULL || (conn->conditions & CONN_SHUT_TX) != 0) {
      return ERR_CLSD;
    }
    if (conn_netif_is_down(conn)) {
      return ERR_RTE;
    }
    struct conn_send_as how = *as;
    if (how.src != NULL && how.netif == NULL) {
      how.netif = netif_of_source(conn, how.src, addr);
      if (how.netif == NULL) {
        return ERR_RTE;
      }
    }
    err_t err = send_once(conn, p, addr, port, &how);
    bool is_full = err == ERR_MEM || err == ERR_BUF || err == ERR_WOULDBLOCK;
    if (!is_full) {
      return err;
    }
    if (!conn_may_wait(conn, apiflags)) {
      return would_block(conn);
    }
    err = wait_for_room(conn, &deadline, as->owned);
    if (err != ERR_OK) {
      return err;
    }
  }
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
