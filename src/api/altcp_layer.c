/**
 * @file
 * What layers of altcp stand on: their memory, and what a layer does by leaving it to the one
 * below.
 *
 * State: the pool ALTCP_PCB.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_ALTCP && LWIP_TCP

#include "lwip/altcp.h"
#include "lwip/memp.h"
#include "lwip/priv/altcp_priv.h"

struct altcp_pcb *altcp_alloc(void)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)memp_malloc(MEMP_ALTCP_PCB);
  if (conn != NULL) {
    memset(conn, 0, sizeof *conn);
  }
  return conn;
}

void altcp_free(struct altcp_pcb *conn)
{
  if (conn == NULL) {
    return;
  }
  if (conn->fns != NULL && conn->fns->dealloc != NULL) {
    conn->fns->dealloc(conn);
  }
  memp_free(MEMP_ALTCP_PCB, conn);
}

/** The layer below; NULL: none (any more). */
static struct altcp_pcb *inner(const struct altcp_pcb *conn)
{
  return conn != NULL ? conn->inner_conn : NULL;
}

void altcp_default_set_poll(struct altcp_pcb *conn, u8_t interval)
{
  if (inner(conn) != NULL) {
    altcp_poll(inner(conn), inner(conn)->poll, interval);
  }
}

void altcp_default_recved(struct altcp_pcb *conn, u16_t len)
{
  altcp_recved(inner(conn), len);
}

err_t altcp_default_bind(struct altcp_pcb *conn, const ip_addr_t *ipaddr, u16_t port)
{
  return altcp_bind(inner(conn), ipaddr, port);
}

err_t altcp_default_shutdown(struct altcp_pcb *conn, int shut_rx, int shut_tx)
{
  return shut_rx && shut_tx ? altcp_close(conn) : altcp_shutdown(inner(conn), shut_rx, shut_tx);
}

err_t altcp_default_write(struct altcp_pcb *conn, const void *dataptr, u16_t len, u8_t apiflags)
{
  return altcp_write(inner(conn), dataptr, len, apiflags);
}

err_t altcp_default_output(struct altcp_pcb *conn)
{
  return altcp_output(inner(conn));
}

u16_t altcp_default_mss(struct altcp_pcb *conn)
{
  return altcp_mss(inner(conn));
}

u16_t altcp_default_sndbuf(struct altcp_pcb *conn)
{
  return altcp_sndbuf(inner(conn));
}

u16_t altcp_default_sndqueuelen(struct altcp_pcb *conn)
{
  return altcp_sndqueuelen(inner(conn));
}

void altcp_default_nagle_disable(struct altcp_pcb *conn)
{
  altcp_nagle_disable(inner(conn));
}

void altcp_default_nagle_enable(struct altcp_pcb *conn)
{
  altcp_nagle_enable(inner(conn));
}

int altcp_default_nagle_disabled(struct altcp_pcb *conn)
{
  return altcp_nagle_disabled(inner(conn));
}

void altcp_default_setprio(struct altcp_pcb *conn, u8_t prio)
{
  altcp_setprio(inner(conn), prio);
}

void altcp_default_dealloc(struct altcp_pcb *conn)
{
  LWIP_UNUSED_ARG(conn);
}

err_t altcp_default_get_tcp_addrinfo(struct altcp_pcb *conn, int local, ip_addr_t *addr,
                                     u16_t *port)
{
  return altcp_get_tcp_addrinfo(inner(conn), local, addr, port);
}

ip_addr_t *altcp_default_get_ip(struct altcp_pcb *conn, int local)
{
  return altcp_get_ip(inner(conn), local);
}

u16_t altcp_default_get_port(struct altcp_pcb *conn, int local)
{
  return altcp_get_port(inner(conn), local);
}

#if LWIP_TCP_KEEPALIVE
void altcp_default_keepalive_disable(struct altcp_pcb *conn)
{
  altcp_keepalive_disable(inner(conn));
}

void altcp_default_keepalive_enable(struct altcp_pcb *conn, u32_t idle, u32_t intvl, u32_t count)
{
  altcp_keepalive_enable(inner(conn), idle, intvl, count);
}
#endif

enum tcp_state altcp_default_dbg_get_tcp_state(struct altcp_pcb *conn)
{
  return altcp_dbg_get_tcp_state(inner(conn));
}

#endif /* LWIP_ALTCP && LWIP_TCP */
