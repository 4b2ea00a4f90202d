/**
 * @file
 * Passive open: a segment for a listener (RFC 9293 3.10.7.2), the backlog.
 *
 * State: accepts_pending of the listener: connections that are half-open or not yet accepted.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_lists_priv.h"
#include "transport/tcp/tcp_syncache_priv.h"

#if TCP_LISTEN_BACKLOG
void tcp_backlog_delayed(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL && !(pcb->flags & TF_BACKLOGPEND) && tcp_listener_of(pcb) != NULL) {
    tcp_backlog_enter(pcb->listener, pcb);
  }
}

void tcp_backlog_accepted(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL && (pcb->flags & TF_BACKLOGPEND)) {
    if (tcp_listener_of(pcb) != NULL) {
      pcb->listener->accepts_pending--;
    }
    tcp_clear_flags(pcb, TF_BACKLOGPEND);
  }
}
#endif

void tcp_listen_open(struct tcp_pcb *pcb, struct tcp_pcb_listen *lpcb,
                     const struct tcp_rx_segment *seg, u32_t iss)
{
  ip_addr_copy(pcb->local_ip, seg->rx->dst);
  ip_addr_copy(pcb->remote_ip, seg->rx->src);
  pcb->local_port = lpcb->local_port;
  pcb->remote_port = seg->h.src_port;
  pcb->netif_idx = lpcb->netif_idx;
  pcb->so_options = lpcb->so_options & SOF_INHERITED;
  pcb->tos = lpcb->tos;
  pcb->ttl = lpcb->ttl;
  tcp_ecn_of_listener(pcb, lpcb);
  tcp_cc_index_set(pcb, tcp_listen_cc(lpcb));
  tcp_user_timeout_of_listener(pcb, lpcb);
  tcp_limits_of_listener(pcb, lpcb);
  pcb->callback_arg = lpcb->callback_arg;
  pcb->listener = lpcb;
  tcp_set_flags(pcb, TF_PASSIVE);
  pcb->rcv_nxt = seg->seq + 1;
  tcp_ts_set_offset(pcb, tcp_ts_offset(&pcb->local_ip, &pcb->remote_ip));
  tcp_set_state(pcb, SYN_RCVD);
  tcp_active_add(pcb);
  tcp_take_syn_options(pcb, seg);
  pcb->snd_una = iss;
  pcb->snd_nxt = pcb->snd_una + 1;
  pcb->rtx_nxt = pcb->snd_una;
  pcb->snd_wnd = (tcpwnd_size_t)seg->wnd;
  tcp_backlog_enter(lpcb, pcb);
}

void tcp_listen_refuse(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg)
{
  TCP_STATS_INC(tcp.memerr);
  if (lpcb != NULL) {
    (void)tcp_event_accept(lpcb, NULL, ERR_MEM);
  }
  tcp_segment_drop(seg, DROP_TCP_NO_MEMORY);
}

/** Without LWIP_TCP_SYNCACHE: a pcb for every SYN. */
static void syn_arrives(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg)
{
  if (tcp_backlog_is_full(lpcb)) {
    tcp_segment_drop(seg, DROP_TCP_BACKLOG);
    return;
  }
  struct tcp_pcb *pcb = tcp_pcb_alloc(lpcb->prio);
  /* Another connection may have been aborted for it, whose program may have closed the listener. */
  lpcb = tcp_listen_find(seg);
  if (pcb == NULL) {
    tcp_listen_refuse(lpcb, seg);
    return;
  }
  if (lpcb == NULL) {
    tcp_pcb_free(pcb);
    tcp_segment_reject(seg, DROP_TCP_NO_PORT);
    return;
  }
  u32_t iss = tcp_isn(&seg->rx->dst, lpcb->local_port, &seg->rx->src, seg->h.src_port);
  tcp_listen_open(pcb, lpcb, seg, tcp_timewait_iss(iss));
  if (!tcp_ext_args_inherit(lpcb, pcb)) {
    tcp_pcb_free(pcb);
    tcp_segment_drop(seg, DROP_TCP_REFUSED);
    return;
  }
  tcp_output(pcb);
}

void tcp_listen_segment(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg)
{
  if (LWIP_TCP_SYNCACHE && tcp_syncache_segment(lpcb, seg)) {
    return;
  }
  if (seg->flags & TCP_RST) {
    tcp_segment_drop(seg, DROP_TCP_BAD_RST);
  } else if (seg->flags & TCP_ACK) {
    if (LWIP_TCP_SYN_COOKIES && tcp_cookie_segment(lpcb, seg)) {
      return;
    }
    tcp_segment_reject(seg, DROP_TCP_BAD_ACK);
  } else if (!(seg->flags & TCP_SYN) || (seg->flags & TCP_FIN)) {
    tcp_segment_drop(seg, DROP_TCP_NO_SYN);
  } else if (LWIP_TCP_SYNCACHE) {
    tcp_syncache_syn(lpcb, seg);
  } else {
    syn_arrives(lpcb, seg);
  }
}

/** Connections that have not been accepted go with their listener; accepted ones forget it. */
static void leave_children(const struct tcp_pcb_listen *lpcb)
{
  struct tcp_pcb *pcb = tcp_active_pcbs;
  while (pcb != NULL) {
    struct tcp_pcb *next = pcb->next;
    if (tcp_listener_of(pcb) == lpcb && pcb->state == SYN_RCVD) {
      tcp_send_rst(pcb);
      tcp_pcb_free(pcb);
    } else if (tcp_listener_of(pcb) == lpcb) {
      pcb->listener = NULL;
      tcp_clear_flags(pcb, TF_BACKLOGPEND);
    }
    pcb = next;
  }
}

static bool is_listening(const struct tcp_pcb *like)
{
  const struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs;
  for (; l != NULL; l = l->next) {
    bool may_share = PCB_SHARES_PORTS && (l->so_options & like->so_options & SOF_REUSEPORT);
    if (!may_share && l->local_port == like->local_port && l->netif_idx == like->netif_idx &&
        IP_GET_TYPE(&l->local_ip) == IP_GET_TYPE(&like->local_ip) &&
        ip_addr_eq(&l->local_ip, &like->local_ip)) {
      return true;
    }
  }
  return false;
}

void tcp_listen_free(struct tcp_pcb_listen *lpcb)
{
  struct tcp_pcb_listen **at = &tcp_listen_pcbs.listen_pcbs;
  while (*at != NULL && *at != lpcb) {
    at = &(*at)->next;
  }
  if (*at != NULL) {
    *at = lpcb->next;
  }
  leave_children(lpcb);
  if (LWIP_TCP_SYNCACHE) {
    tcp_syncache_free(lpcb);
  }
  tcp_ext_args_destroy((struct tcp_pcb *)(void *)lpcb); /* TCP_PCB_COMMON, as every pcb */
  memp_free(MEMP_TCP_PCB_LISTEN, lpcb);
}

/** What a listener keeps of the pcb it is made of. */
static struct tcp_pcb_listen *listener_of(const struct tcp_pcb *pcb, u8_t backlog)
{
  struct tcp_pcb_listen *l = (struct tcp_pcb_listen *)memp_malloc(MEMP_TCP_PCB_LISTEN);
  if (l == NULL) {
    return NULL;
  }
  memset(l, 0, sizeof *l);
  MEMCPY(l, pcb, sizeof(struct ip_pcb)); /* addresses and options */
  l->callback_arg = pcb->callback_arg;
  l->local_port = pcb->local_port;
  l->state = LISTEN;
  l->prio = pcb->prio;
  tcp_backlog_init(l, backlog);
  tcp_ecn_to_listener(l, pcb);
  tcp_listen_cc_set(l, tcp_cc_index(pcb));
  tcp_user_timeout_to_listener(l, pcb);
  tcp_limits_to_listener(l, pcb);
  return l;
}

struct tcp_pcb *tcp_listen_with_backlog_and_err(struct tcp_pcb *pcb, u8_t backlog, err_t *err)
{
  err_t ignored;
  LWIP_ASSERT_CORE_LOCKED();
  err = err != NULL ? err : &ignored;
  *err = ERR_ARG;
  if (pcb == NULL) {
    return NULL;
  }
  *err = ERR_CLSD;
  if (pcb->state != CLOSED) {
    return NULL;
  }
  *err = ERR_USE;
  if (is_listening(pcb)) {
    return NULL; /* also with SO_REUSEADDR: they could not be told apart */
  }
  struct tcp_pcb_listen *l = listener_of(pcb, backlog);
  *err = ERR_MEM;
  if (l == NULL) {
    return NULL;
  }
  tcp_ext_args_move(l, pcb);
  tcp_pcb_free(pcb);
  l->next = tcp_listen_pcbs.listen_pcbs;
  tcp_listen_pcbs.listen_pcbs = l;
  *err = ERR_OK;
  return (struct tcp_pcb *)(void *)l;
}

struct tcp_pcb *tcp_listen_with_backlog(struct tcp_pcb *pcb, u8_t backlog)
{
  return tcp_listen_with_backlog_and_err(pcb, backlog, NULL);
}
