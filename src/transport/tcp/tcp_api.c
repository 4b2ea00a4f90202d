/**
 * @file
 * The raw API: making, binding, connecting, writing; the module.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/stats.h"
#include "link/netif_usable.h"
#include "transport/tcp/tcp_priv.h"

struct tcp_pcb *tcp_new(void)
{
  return tcp_new_ip_type(IPADDR_TYPE_V4);
}

struct tcp_pcb *tcp_new_ip_type(u8_t type)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(type);
  struct tcp_pcb *pcb = tcp_pcb_alloc(TCP_PRIO_NORMAL);
  if (pcb != NULL) {
    IP_SET_TYPE_VAL(pcb->local_ip, type);
    IP_SET_TYPE_VAL(pcb->remote_ip, type);
    pcb->ttl = pcb_ttl_initial(type, TCP_TTL);
    tcp_bound_add(pcb);
  }
  return pcb;
}

void tcp_arg(struct tcp_pcb *pcb, void *arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL) {
    pcb->callback_arg = arg;
  }
}

#if LWIP_CALLBACK_API
void tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn recv)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL && pcb->state != LISTEN) {
    pcb->recv = recv;
  }
}

void tcp_sent(struct tcp_pcb *pcb, tcp_sent_fn sent)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL && pcb->state != LISTEN) {
    pcb->sent = sent;
  }
}

void tcp_err(struct tcp_pcb *pcb, tcp_err_fn err)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL && pcb->state != LISTEN) {
    pcb->errf = err;
  }
}

void tcp_accept(struct tcp_pcb *pcb, tcp_accept_fn accept)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL && pcb->state == LISTEN) {
    ((struct tcp_pcb_listen *)(void *)pcb)->accept = accept;
  }
}
#endif

void tcp_poll(struct tcp_pcb *pcb, tcp_poll_fn poll, u8_t interval)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || pcb->state == LISTEN) {
    return;
  }
  tcp_poll_set(pcb, poll);
  pcb->pollinterval = interval;
  tcp_timer_poll_changed(pcb);
}

void tcp_setprio(struct tcp_pcb *pcb, u8_t prio)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL) {
    pcb->prio = LWIP_MIN(prio, TCP_PRIO_MAX);
  }
}

err_t tcp_bind(struct tcp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port)
{
  ip_addr_t local;
  ip_addr_t buf;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return ERR_ARG;
  }
  if (pcb->state != CLOSED) {
    return ERR_VAL;
  }
  struct pcb_route r = tcp_route(pcb);
  ipaddr = ipaddr != NULL ? pcb_addr_unmapped(ipaddr, &buf) : pcb_any(&pcb->local_ip);
  if (ipaddr == NULL || ip_addr_ismulticast(ipaddr)) {
    return ERR_VAL;
  }
  pcb_local_set(&local, ipaddr, &r);
  if (port != 0 && tcp_port_is_taken(pcb, &local, port)) {
    return ERR_USE;
  }
  if (port == 0) {
    port = tcp_port_choose(pcb, &local, 0);
  }
  if (port == 0) {
    return ERR_BUF;
  }
  pcb->local_ip = local;
  pcb->local_port = port;
  return ERR_OK;
}

void tcp_bind_netif(struct tcp_pcb *pcb, const struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->netif_idx = netif != NULL ? netif_get_index(netif) : NETIF_NO_INDEX;
}

/** Where the peer is reached, and from which address and port. */
static err_t choose_path(struct tcp_pcb *pcb, const ip_addr_t *remote, u16_t port)
{
  ip_addr_t src;
  struct pcb_route r = tcp_route(pcb);
  struct netif *netif = pcb_route_find(&r, remote);
  if (netif == NULL || !pcb_source(&src, &pcb->local_ip, netif, remote) || ip_addr_isany(&src)) {
    return ERR_RTE;
  }
  if (ip_addr_isbroadcast(remote, netif)) {
    return ERR_VAL;
  }
  u16_t local_port = pcb->local_port != 0 ? pcb->local_port : tcp_port_choose(pcb, remote, port);
  if (local_port == 0) {
    return ERR_BUF;
  }
  if (tcp_active_find(&src, local_port, remote, port, NULL) != NULL ||
      tcp_timewait_holds(&src, local_port, remote, port) ||
      (ip_addr_eq(&src, remote) && local_port == port)) {
    return ERR_USE;
  }
  ip_addr_copy(pcb->local_ip, src);
  pcb->local_port = local_port;
  return ERR_OK;
}

err_t tcp_connect(struct tcp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port,
                  tcp_connected_fn connected)
{
  ip_addr_t buf;
  ip_addr_t remote;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || ipaddr == NULL) {
    return ERR_ARG;
  }
  if (pcb->state != CLOSED) {
    return ERR_ISCONN;
  }
  ipaddr = pcb_addr_unmapped(ipaddr, &buf);
  if (ipaddr == NULL || !IP_ADDR_PCB_VERSION_MATCH(pcb, ipaddr) || ip_addr_isany(ipaddr) ||
      ip_addr_ismulticast(ipaddr) || port == 0) {
    return ERR_VAL;
  }
  struct pcb_route r = tcp_route(pcb);
  pcb_remote_set(&remote, ipaddr, &r);
  err_t err = choose_path(pcb, &remote, port);
  if (err != ERR_OK) {
    return err;
  }
  ip_addr_copy(pcb->remote_ip, remote);
  pcb->remote_port = port;
  pcb->connected = connected;
  tcp_ts_set_offset(pcb, tcp_ts_offset(&pcb->local_ip, &pcb->remote_ip));
  pcb->snd_una = tcp_next_iss(pcb);
  pcb->snd_nxt = pcb->snd_una + 1;
  pcb->rtx_nxt = pcb->snd_una;
  tcp_bound_remove(pcb);
  tcp_set_state(pcb, SYN_SENT);
  tcp_active_add(pcb);
  (void)tcp_output(pcb); /* what cannot leave now is repeated */
  return ERR_OK;
}

err_t tcp_write(struct tcp_pcb *pcb, const void *dataptr, u16_t len, u8_t apiflags)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || (dataptr == NULL && len > 0)) {
    return ERR_ARG;
  }
  if ((pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT && pcb->state != SYN_SENT &&
       pcb->state != SYN_RCVD) ||
      (pcb->flags & TF_FIN)) {
    return ERR_CONN;
  }
  if (len == 0) {
    return ERR_OK;
  }
  if (len > pcb->snd_buf ||
      tcp_snd_append(pcb, dataptr, len, (apiflags & TCP_WRITE_FLAG_COPY) != 0) != ERR_OK) {
    TCP_STATS_INC(tcp.memerr);
    tcp_set_flags(pcb, TF_NAGLEMEMERR);
    return ERR_MEM;
  }
  LWIP_DEBUGF(TCP_QLEN_DEBUG,
              ("tcp: %" U16_F " to %" U16_F ": %" U32_F " bytes in %" U32_F " pbufs queued\n",
               pcb->local_port, pcb->remote_port, tcp_snd_len(pcb), (u32_t)tcp_sndqueuelen(pcb)));
  if (apiflags & TCP_WRITE_FLAG_MORE) {
    tcp_set_flags(pcb, TF_MORE);
  } else {
    tcp_clear_flags(pcb, TF_MORE);
  }
  if (pcb->state >= ESTABLISHED && tcp_all()->processing != pcb) {
    tcp_timer_window_closed(pcb); /* unless the program calls tcp_output() */
  }
  return ERR_OK;
}

err_t tcp_tcp_get_tcp_addrinfo(struct tcp_pcb *pcb, int local, ip_addr_t *addr, u16_t *port)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return ERR_VAL;
  }
  if (addr != NULL) {
    const ip_addr_t *which = local ? &pcb->local_ip : &pcb->remote_ip;
    ip_addr_copy(*addr, *which);
  }
  if (port != NULL) {
    *port = local ? pcb->local_port : pcb->state == LISTEN ? 0 : pcb->remote_port;
  }
  return ERR_OK;
}

#if LWIP_TCP_PCB_NUM_EXT_ARGS
u8_t tcp_ext_arg_alloc_id(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("LWIP_TCP_PCB_NUM_EXT_ARGS is too small",
              tcp_all()->ext_arg_ids < LWIP_TCP_PCB_NUM_EXT_ARGS);
  return (u8_t)tcp_all()->ext_arg_ids++;
}

void tcp_ext_arg_set_callbacks(struct tcp_pcb *pcb, u8_t id,
                               const struct tcp_ext_arg_callbacks *const callbacks)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->ext_args[id].callbacks = callbacks;
}

void tcp_ext_arg_set(struct tcp_pcb *pcb, u8_t id, void *arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->ext_args[id].data = arg;
}

void *tcp_ext_arg_get(const struct tcp_pcb *pcb, u8_t id)
{
  LWIP_ASSERT_CORE_LOCKED();
  return pcb->ext_args[id].data;
}
#endif
