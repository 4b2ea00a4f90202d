/**
 * @file
 * Ends of connections that the program wants: close, shutdown, abort; and those that netifs force.
 *
 * RFC 9293 3.6, 3.10.4, 3.10.5; RFC 2525 2.17 (unread data: reset).
 */
#include "lwip/opt.h"
#include "gossamer/tcp_linger.h"
#include "transport/tcp/tcp_priv.h"

/** The program has let go: it hears nothing any more. */
static void orphan(struct tcp_pcb *pcb)
{
  tcp_set_flags(pcb, TF_CLOSED | TF_RXCLOSED);
  tcp_timer_cancel(pcb, TCP_TIMER_POLL);
}

/** A FIN behind all that is queued. */
static void send_fin(struct tcp_pcb *pcb)
{
  tcp_set_flags(pcb, TF_FIN);
  tcp_clear_flags(pcb, TF_MORE | TF_CORK);
  if (pcb->state != SYN_RCVD) { /* it waits for the handshake there (RFC 9293 3.10.4) */
    tcp_set_state(pcb, pcb->state == CLOSE_WAIT ? LAST_ACK : FIN_WAIT_1);
  }
  tcp_output(pcb);
}

/**
 * Are received data lost (RFC 1122 4.2.2.13)? What the program has refused always; what it has had
 * and not reported as consumed only as long as one side is open: behind both FINs a program may
 * well do without tcp_recved().
 */
static bool has_unread(const struct tcp_pcb *pcb)
{
  if (pcb->refused_data != NULL) {
    return pcb->state != TIME_WAIT;
  }
  bool is_open = pcb->state == ESTABLISHED || pcb->state == CLOSE_WAIT ||
                 pcb->state == FIN_WAIT_1 || pcb->state == FIN_WAIT_2;
  return is_open && pcb->rcv_wnd < TCP_WND_MAX(pcb);
}

/** Let go of a connection that stands. */
static err_t close_connection(struct tcp_pcb *pcb, bool rst_on_unread)
{
  if (rst_on_unread && has_unread(pcb)) {
    orphan(pcb);
    tcp_send_rst(pcb);
    tcp_pcb_free(pcb);
    return ERR_OK;
  }
  orphan(pcb);
  if (pcb->state == ESTABLISHED || pcb->state == CLOSE_WAIT || pcb->state == SYN_RCVD) {
    send_fin(pcb);
  } else if (pcb->state == TIME_WAIT) {
    tcp_timewait_enter(pcb);
  } else {
    tcp_timer_state_changed(pcb); /* shut down before; now nobody waits for the rest */
  }
  return ERR_OK;
}

err_t tcp_close_ext(struct tcp_pcb *pcb, u8_t rst_on_unacked_data)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return ERR_ARG;
  }
  if (pcb->state == LISTEN) {
    tcp_listen_free((struct tcp_pcb_listen *)(void *)pcb);
    return ERR_OK;
  }
  if (pcb->state == CLOSED || pcb->state == SYN_SENT) {
    tcp_pcb_free(pcb);
    return ERR_OK;
  }
  return close_connection(pcb, rst_on_unacked_data != 0);
}

err_t tcp_close(struct tcp_pcb *pcb)
{
  return tcp_close_ext(pcb, 1);
}

/** Is there anything of ours that the peer has not acknowledged, the FIN if nothing else? */
static bool waits_for_fin(const struct tcp_pcb *pcb)
{
  return pcb->state == SYN_RCVD || pcb->state == FIN_WAIT_1 || pcb->state == CLOSING ||
         pcb->state == LAST_ACK;
}

err_t tcp_close_linger(struct tcp_pcb *pcb, u32_t linger_ms, tcp_err_fn done)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || pcb->state == LISTEN) {
    return tcp_close(pcb);
  }
  if (linger_ms == 0) {
    tcp_set_flags(pcb, TF_CLOSED);
    tcp_abandon(pcb, 1);
    return ERR_OK;
  }
  struct tcp_guard guard;
  tcp_guard_enter(&guard, pcb);
  (void)tcp_close(pcb);
  if (tcp_guard_leave(&guard) == NULL || !waits_for_fin(pcb)) {
    return ERR_OK;
  }
  tcp_set_flags(pcb, TF_LINGER);
  tcp_errf_set(pcb, done);
  tcp_timer_set(pcb, TCP_TIMER_LIFE, linger_ms);
  return ERR_INPROGRESS;
}

err_t tcp_shutdown(struct tcp_pcb *pcb, int shut_rx, int shut_tx)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return ERR_ARG;
  }
  if (pcb->state == LISTEN || pcb->state == CLOSED) {
    return ERR_CONN;
  }
  if (shut_rx && shut_tx) {
    return tcp_close(pcb);
  }
  if (shut_rx) {
    tcp_set_flags(pcb, TF_RXCLOSED);
    struct tcp_guard guard;
    tcp_guard_enter(&guard, pcb);
    (void)tcp_rcv_deliver(pcb);
    tcp_guard_leave(&guard);
    return ERR_OK;
  }
  if (!shut_tx || (pcb->flags & TF_FIN)) {
    return ERR_OK;
  }
  if (pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT && pcb->state != SYN_RCVD) {
    return ERR_CONN;
  }
  send_fin(pcb);
  return ERR_OK;
}

void tcp_abandon(struct tcp_pcb *pcb, int reset)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (reset) {
    tcp_pcb_abort(pcb, TCP_END_ABORTED);
  } else {
    tcp_pcb_kill(pcb, TCP_END_ABORTED);
  }
}

void tcp_abort(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL && pcb->state == LISTEN) {
    (void)tcp_close(pcb);
  } else if (pcb != NULL) {
    tcp_abandon(pcb, 1);
  }
}

/** Is its address one of a netif that goes, and of no other? */
static bool goes_with(const struct netif *going, const struct tcp_pcb *pcb)
{
  const struct netif *netif;
  const ip_addr_t *addr = &pcb->local_ip;
  if (LWIP_ANY_ADDRESS && pcb_netif_differs(pcb->netif_idx, going) && !pcb_addr_is_ours(addr)) {
    return false; /* it was taken for ours elsewhere (gossamer/any_address.h) */
  }
  NETIF_FOREACH(netif)
  {
    if (netif != going && pcb_addr_is_of(netif, addr)) {
      return false;
    }
  }
  return !ip_addr_isloopback(addr);
}

/** Connections whose address has gone cannot go on; listeners of it follow it. `old` NULL: all
    addresses that `netif` alone had. */
static void address_gone(const struct netif *netif, const ip_addr_t *old)
{
  struct tcp_pcb *pcb = tcp_active_pcbs;
  while (pcb != NULL) {
    struct tcp_pcb *next = pcb->next;
    bool ends = old != NULL ? ip_addr_eq(&pcb->local_ip, old) : goes_with(netif, pcb);
    if (ends) {
      tcp_pcb_kill(pcb, TCP_END_ADDRESS_GONE);
      next = tcp_active_pcbs; /* its callback may have ended others */
    }
    pcb = next;
  }
}

static void tcp_netif_changed(struct netif *netif, enum netif_change what, const ip_addr_t *old)
{
  bool is_address =
      what == NETIF_CHANGE_IP4 || what == NETIF_CHANGE_IP4_EXTRA || what == NETIF_CHANGE_IP6;
  if (what == NETIF_CHANGE_REMOVED) {
    address_gone(netif, NULL);
  } else if (is_address && old != NULL && !ip_addr_isany(old) && !pcb_addr_is_ours(old)) {
    address_gone(netif, old);
  }
}

static void tcp_fini(void)
{
  while (tcp_active_pcbs != NULL) {
    tcp_pcb_free(tcp_active_pcbs);
  }
  while (tcp_bound_pcbs != NULL) {
    tcp_pcb_free(tcp_bound_pcbs);
  }
  while (tcp_listen_pcbs.listen_pcbs != NULL) {
    tcp_listen_free(tcp_listen_pcbs.listen_pcbs);
  }
  if (LWIP_TCP_SYN_COOKIES) {
    tcp_cookie_fini();
  }
  tcp_timewait_fini();
  tcp_isn_fini();
  tcp_all()->ext_arg_ids = 0;
  tcp_reject_fini();
}

const struct net_module tcp_module = {
    .name = "tcp", .fini = tcp_fini, .netif_changed = tcp_netif_changed};
