/**
 * @file
 * altcp's functions for programs: each asks the topmost layer of the connection.
 *
 * No state. A layer that lacks a function is asked in vain: ERR_VAL, 0, NULL.
 */
#include "lwip/opt.h"

#if LWIP_ALTCP && LWIP_TCP

#include "lwip/altcp.h"
#include "lwip/altcp_tcp.h"
#include "lwip/sys.h"
#include "lwip/priv/altcp_priv.h"

#define CAN(conn, function) ((conn) != NULL && (conn)->fns != NULL && (conn)->fns->function != NULL)

struct altcp_pcb *altcp_new_ip_type(altcp_allocator_t *allocator, u8_t ip_type)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (allocator == NULL) {
    return altcp_tcp_new_ip_type(ip_type);
  }
  return allocator->alloc != NULL ? allocator->alloc(allocator->arg, ip_type) : NULL;
}

struct altcp_pcb *altcp_new(altcp_allocator_t *allocator)
{
  return altcp_new_ip_type(allocator, IPADDR_TYPE_V4);
}

struct altcp_pcb *altcp_new_ip6(altcp_allocator_t *allocator)
{
  return altcp_new_ip_type(allocator, IPADDR_TYPE_V6);
}

void altcp_arg(struct altcp_pcb *conn, void *arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (conn != NULL) {
    conn->arg = arg;
  }
}

void altcp_accept(struct altcp_pcb *conn, altcp_accept_fn accept)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (conn != NULL) {
    conn->accept = accept;
  }
}

void altcp_recv(struct altcp_pcb *conn, altcp_recv_fn recv)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (conn != NULL) {
    conn->recv = recv;
  }
}

void altcp_sent(struct altcp_pcb *conn, altcp_sent_fn sent)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (conn != NULL) {
    conn->sent = sent;
  }
}

void altcp_poll(struct altcp_pcb *conn, altcp_poll_fn poll, u8_t interval)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (conn == NULL) {
    return;
  }
  conn->poll = poll;
  conn->pollinterval = interval;
  if (CAN(conn, set_poll)) {
    conn->fns->set_poll(conn, interval);
  }
}

void altcp_err(struct altcp_pcb *conn, altcp_err_fn err)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (conn != NULL) {
    conn->err = err;
  }
}

void altcp_recved(struct altcp_pcb *conn, u16_t len)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (CAN(conn, recved)) {
    conn->fns->recved(conn, len);
  }
}

err_t altcp_bind(struct altcp_pcb *conn, const ip_addr_t *ipaddr, u16_t port)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, bind) ? conn->fns->bind(conn, ipaddr, port) : ERR_VAL;
}

err_t altcp_connect(struct altcp_pcb *conn, const ip_addr_t *ipaddr, u16_t port,
                    altcp_connected_fn connected)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, connect) ? conn->fns->connect(conn, ipaddr, port, connected) : ERR_VAL;
}

struct altcp_pcb *altcp_listen_with_backlog_and_err(struct altcp_pcb *conn, u8_t backlog,
                                                    err_t *err)
{
  err_t unused;
  LWIP_ASSERT_CORE_LOCKED();
  err = err != NULL ? err : &unused;
  if (!CAN(conn, listen)) {
    *err = ERR_VAL;
    return NULL;
  }
  return conn->fns->listen(conn, backlog, err);
}

void altcp_abort(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (CAN(conn, abort)) {
    conn->fns->abort(conn);
  }
}

err_t altcp_close(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, close) ? conn->fns->close(conn) : ERR_VAL;
}

err_t altcp_shutdown(struct altcp_pcb *conn, int shut_rx, int shut_tx)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, shutdown) ? conn->fns->shutdown(conn, shut_rx, shut_tx) : ERR_VAL;
}

err_t altcp_write(struct altcp_pcb *conn, const void *dataptr, u16_t len, u8_t apiflags)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, write) ? conn->fns->write(conn, dataptr, len, apiflags) : ERR_VAL;
}

err_t altcp_output(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, output) ? conn->fns->output(conn) : ERR_VAL;
}

u16_t altcp_mss(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, mss) ? conn->fns->mss(conn) : 0;
}

u16_t altcp_sndbuf(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, sndbuf) ? conn->fns->sndbuf(conn) : 0;
}

u16_t altcp_sndqueuelen(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, sndqueuelen) ? conn->fns->sndqueuelen(conn) : 0;
}

void altcp_nagle_disable(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (CAN(conn, nagle_disable)) {
    conn->fns->nagle_disable(conn);
  }
}

void altcp_nagle_enable(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (CAN(conn, nagle_enable)) {
    conn->fns->nagle_enable(conn);
  }
}

int altcp_nagle_disabled(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, nagle_disabled) ? conn->fns->nagle_disabled(conn) : 0;
}

void altcp_setprio(struct altcp_pcb *conn, u8_t prio)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (CAN(conn, setprio)) {
    conn->fns->setprio(conn, prio);
  }
}

err_t altcp_get_tcp_addrinfo(struct altcp_pcb *conn, int local, ip_addr_t *addr, u16_t *port)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, addrinfo) ? conn->fns->addrinfo(conn, local, addr, port) : ERR_VAL;
}

ip_addr_t *altcp_get_ip(struct altcp_pcb *conn, int local)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, getip) ? conn->fns->getip(conn, local) : NULL;
}

u16_t altcp_get_port(struct altcp_pcb *conn, int local)
{
  LWIP_ASSERT_CORE_LOCKED();
  return CAN(conn, getport) ? conn->fns->getport(conn, local) : 0;
}

#if LWIP_TCP_KEEPALIVE
void altcp_keepalive_disable(struct altcp_pcb *conn)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (CAN(conn, keepalive_disable)) {
    conn->fns->keepalive_disable(conn);
  }
}

void altcp_keepalive_enable(struct altcp_pcb *conn, u32_t idle, u32_t intvl, u32_t count)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (CAN(conn, keepalive_enable)) {
    conn->fns->keepalive_enable(conn, idle, intvl, count);
  }
}
#endif

enum tcp_state altcp_dbg_get_tcp_state(struct altcp_pcb *conn)
{
  return CAN(conn, dbg_get_tcp_state) ? conn->fns->dbg_get_tcp_state(conn) : CLOSED;
}

#endif /* LWIP_ALTCP && LWIP_TCP */
