/**
 * @file
 * altcp's lowest layer: a TCP connection.
 *
 * State: conn->state is the struct tcp_pcb, whose argument is `conn`. The two live and die
 * together: closing hands the TCP pcb to TCP and frees `conn`; when TCP says that its pcb is gone,
 * `conn` is freed before the program hears of it (so that it may make a new one at once).
 */
#include "lwip/opt.h"

#if LWIP_ALTCP && LWIP_TCP

#include "lwip/altcp.h"
#include "lwip/altcp_tcp.h"
#include "lwip/tcp.h"
#include "lwip/priv/altcp_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "api/altcp_module.h"

static const struct altcp_functions functions;

static struct tcp_pcb *tcp_of(const struct altcp_pcb *conn)
{
  return (struct tcp_pcb *)conn->state;
}

/** NULL for a listener, which has little of what a connection has. */
static struct tcp_pcb *connection_of(const struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = tcp_of(conn);
  return pcb->state != LISTEN ? pcb : NULL;
}

/* --- what TCP says --- */

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  LWIP_UNUSED_ARG(pcb);
  return conn->connected != NULL ? conn->connected(conn->arg, conn, err) : ERR_OK;
}

/** With nobody to hear them, data are consumed; their end waits for the program to close. */
static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  if (conn->recv != NULL) {
    return conn->recv(conn->arg, conn, p, err);
  }
  if (p != NULL) {
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  LWIP_UNUSED_ARG(pcb);
  return conn->sent != NULL ? conn->sent(conn->arg, conn, len) : ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  LWIP_UNUSED_ARG(pcb);
  return conn->poll != NULL ? conn->poll(conn->arg, conn) : ERR_OK;
}

static void on_err(void *arg, err_t err)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  altcp_err_fn tell = conn->err;
  void *tell_arg = conn->arg;
  conn->state = NULL;
  altcp_free(conn);
  if (tell != NULL) {
    tell(tell_arg, err);
  }
}

static void attach(struct altcp_pcb *conn, struct tcp_pcb *pcb)
{
  conn->state = pcb;
  conn->fns = &functions;
  tcp_arg(pcb, conn);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
}

static void detach(struct tcp_pcb *pcb)
{
  tcp_arg(pcb, NULL);
  tcp_accept(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_err(pcb, NULL);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct altcp_pcb *listener = (struct altcp_pcb *)arg;
  if (listener->accept == NULL) {
    return ERR_ARG;
  }
  if (pcb == NULL) {
    return listener->accept(listener->arg, NULL, err);
  }
  struct altcp_pcb *conn = altcp_tcp_wrap(pcb);
  if (conn == NULL) {
    tcp_arg(pcb, NULL);
    return ERR_MEM;
  }
  return listener->accept(listener->arg, conn, err);
}

/* --- making --- */

struct altcp_pcb *altcp_tcp_wrap(struct tcp_pcb *tpcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct altcp_pcb *conn = tpcb != NULL ? altcp_alloc() : NULL;
  if (conn != NULL) {
    attach(conn, tpcb);
  }
  return conn;
}

struct altcp_pcb *altcp_tcp_new_ip_type(u8_t ip_type)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct tcp_pcb *pcb = tcp_new_ip_type(ip_type);
  struct altcp_pcb *conn = altcp_tcp_wrap(pcb);
  if (pcb != NULL && conn == NULL) {
    tcp_close(pcb);
  }
  return conn;
}

struct altcp_pcb *altcp_tcp_alloc(void *arg, u8_t ip_type)
{
  LWIP_UNUSED_ARG(arg);
  return altcp_tcp_new_ip_type(ip_type);
}

/* --- the end of an instance --- */

/** A connection or a listener that stands under a layer of ours; NULL: none. */
static struct tcp_pcb *find_wrapped(void)
{
  struct tcp_pcb *const lists[] = {tcp_active_pcbs, tcp_bound_pcbs};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lists); i++) {
    for (struct tcp_pcb *pcb = lists[i]; pcb != NULL; pcb = pcb->next) {
      if (pcb->errf == on_err) {
        return pcb;
      }
    }
  }
  struct tcp_pcb_listen *lpcb = tcp_listen_pcbs.listen_pcbs;
  while (lpcb != NULL && lpcb->accept != on_accept) {
    lpcb = lpcb->next;
  }
  return (struct tcp_pcb *)(void *)lpcb;
}

/** Layers above free themselves when they hear of the end. */
static void altcp_tcp_fini(void)
{
  struct tcp_pcb *pcb;
  while ((pcb = find_wrapped()) != NULL) {
    void *listener = pcb->state == LISTEN ? pcb->callback_arg : NULL;
    tcp_abort(pcb);
    if (listener != NULL) {
      on_err(listener, ERR_ABRT);
    }
  }
}

const struct net_module altcp_module = {.name = "altcp", .fini = altcp_tcp_fini};

/* --- what the program asks for --- */

static void set_poll(struct altcp_pcb *conn, u8_t interval)
{
  tcp_poll(tcp_of(conn), on_poll, interval);
}

static void recved(struct altcp_pcb *conn, u16_t len)
{
  tcp_recved(tcp_of(conn), len);
}

static err_t bind_to(struct altcp_pcb *conn, const ip_addr_t *ipaddr, u16_t port)
{
  return tcp_bind(tcp_of(conn), ipaddr, port);
}

static err_t connect_to(struct altcp_pcb *conn, const ip_addr_t *ipaddr, u16_t port,
                        altcp_connected_fn connected)
{
  conn->connected = connected;
  return tcp_connect(tcp_of(conn), ipaddr, port, on_connected);
}

static struct altcp_pcb *listen_with(struct altcp_pcb *conn, u8_t backlog, err_t *err)
{
  struct tcp_pcb *lpcb = tcp_listen_with_backlog_and_err(tcp_of(conn), backlog, err);
  if (lpcb == NULL) {
    return NULL;
  }
  conn->state = lpcb;
  tcp_arg(lpcb, conn);
  tcp_accept(lpcb, on_accept);
  return conn;
}

static void abort_it(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = tcp_of(conn);
  bool is_listener = pcb->state == LISTEN; /* TCP says nothing of the end of those */
  tcp_abort(pcb);
  if (is_listener) {
    altcp_free(conn);
  }
}

static err_t close_it(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = tcp_of(conn);
  detach(pcb);
  err_t err = tcp_close(pcb);
  if (err != ERR_OK) {
    attach(conn, pcb);
    return err;
  }
  altcp_free(conn);
  return ERR_OK;
}

static err_t shut_down(struct altcp_pcb *conn, int shut_rx, int shut_tx)
{
  return shut_rx && shut_tx ? close_it(conn) : tcp_shutdown(tcp_of(conn), shut_rx, shut_tx);
}

static err_t write_to(struct altcp_pcb *conn, const void *dataptr, u16_t len, u8_t apiflags)
{
  return tcp_write(tcp_of(conn), dataptr, len, apiflags);
}

static err_t output(struct altcp_pcb *conn)
{
  return tcp_output(tcp_of(conn));
}

static u16_t mss(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = connection_of(conn);
  return pcb != NULL ? tcp_mss(pcb) : 0;
}

static u16_t sndbuf(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = connection_of(conn);
  return pcb != NULL ? tcp_sndbuf(pcb) : 0;
}

static u16_t sndqueuelen(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = connection_of(conn);
  return pcb != NULL ? tcp_sndqueuelen(pcb) : 0;
}

static void nagle_disable(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = connection_of(conn);
  if (pcb != NULL) {
    tcp_nagle_disable(pcb);
  }
}

static void nagle_enable(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = connection_of(conn);
  if (pcb != NULL) {
    tcp_nagle_enable(pcb);
  }
}

static int nagle_disabled(struct altcp_pcb *conn)
{
  struct tcp_pcb *pcb = connection_of(conn);
  return pcb != NULL && tcp_nagle_disabled(pcb);
}

static void set_prio(struct altcp_pcb *conn, u8_t prio)
{
  tcp_setprio(tcp_of(conn), prio);
}

static err_t addrinfo(struct altcp_pcb *conn, int local, ip_addr_t *addr, u16_t *port)
{
  return tcp_tcp_get_tcp_addrinfo(tcp_of(conn), local, addr, port);
}

static ip_addr_t *get_ip(struct altcp_pcb *conn, int local)
{
  struct tcp_pcb *pcb = tcp_of(conn);
  return local ? &pcb->local_ip : &pcb->remote_ip;
}

static u16_t get_port(struct altcp_pcb *conn, int local)
{
  u16_t port = 0;
  (void)tcp_tcp_get_tcp_addrinfo(tcp_of(conn), local, NULL, &port);
  return port;
}

#if LWIP_TCP_KEEPALIVE
static void keepalive_disable(struct altcp_pcb *conn)
{
  ip_reset_option(tcp_of(conn), SOF_KEEPALIVE);
}

static void keepalive_enable(struct altcp_pcb *conn, u32_t idle, u32_t intvl, u32_t count)
{
  struct tcp_pcb *pcb = connection_of(conn);
  ip_set_option(tcp_of(conn), SOF_KEEPALIVE);
  if (pcb != NULL) {
    pcb->keep_idle = idle != 0 ? idle : TCP_KEEPIDLE_DEFAULT;
    pcb->keep_intvl = intvl != 0 ? intvl : TCP_KEEPINTVL_DEFAULT;
    pcb->keep_cnt = (u8_t)LWIP_MIN(count != 0 ? count : TCP_KEEPCNT_DEFAULT, 0xffU);
    (void)tcp_output(pcb); /* looks when to probe */
  }
}
#endif

static enum tcp_state dbg_get_tcp_state(struct altcp_pcb *conn)
{
  return tcp_of(conn)->state;
}

static const struct altcp_functions functions = {
    .set_poll = set_poll,
    .recved = recved,
    .bind = bind_to,
    .connect = connect_to,
    .listen = listen_with,
    .abort = abort_it,
    .close = close_it,
    .shutdown = shut_down,
    .write = write_to,
    .output = output,
    .mss = mss,
    .sndbuf = sndbuf,
    .sndqueuelen = sndqueuelen,
    .nagle_disable = nagle_disable,
    .nagle_enable = nagle_enable,
    .nagle_disabled = nagle_disabled,
    .setprio = set_prio,
    .addrinfo = addrinfo,
    .getip = get_ip,
    .getport = get_port,
#if LWIP_TCP_KEEPALIVE
    .keepalive_disable = keepalive_disable,
    .keepalive_enable = keepalive_enable,
#endif
    .dbg_get_tcp_state = dbg_get_tcp_state,
};

#endif /* LWIP_ALTCP && LWIP_TCP */
