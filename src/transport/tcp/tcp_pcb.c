/**
 * @file
 * Connections as objects: made, told apart by importance, freed; who is watching them meanwhile.
 *
 * State: struct tcp_state_all. RFC 793 leaves it open who must go when memory is short: first
 * connections that the program has closed, then the one of least priority that was idle longest.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/memp.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_priv.h"

STACK_STATE(struct tcp_state_all, tcp_instance);

struct tcp_state_all *tcp_all(void)
{
  return tcp_instance();
}

void tcp_guard_enter(struct tcp_guard *g, struct tcp_pcb *pcb)
{
  g->outer = tcp_all()->guards;
  g->pcb = pcb;
  tcp_all()->guards = g;
}

struct tcp_pcb *tcp_guard_leave(struct tcp_guard *g)
{
  tcp_all()->guards = g->outer;
  return g->pcb;
}

/** How readily a pcb is given up for a new one of priority `prio`; 0: never. */
static unsigned dispensability(const struct tcp_pcb *pcb, u8_t prio)
{
  if (pcb->flags & TF_CLOSED) {
    return (pcb->state == LAST_ACK || pcb->state == CLOSING) ? 1000 : 999;
  }
  return pcb->prio < prio ? 1U + TCP_PRIO_MAX - pcb->prio : 0;
}

/** Make room for a connection of priority `prio`. @return false: all are more important */
static bool recycle(u8_t prio)
{
  struct tcp_pcb *victim = NULL;
  unsigned best = 0;
  for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    unsigned d = dispensability(pcb, prio);
    if (d > best || (d == best && d > 0 && (s32_t)(victim->rcv_time_ms - pcb->rcv_time_ms) > 0)) {
      best = d;
      victim = pcb;
    }
  }
  if (victim == NULL) {
    return false;
  }
  tcp_pcb_abort(victim, TCP_END_RECYCLED);
  return true;
}

struct tcp_pcb *tcp_pcb_alloc(u8_t prio)
{
  struct tcp_pcb *pcb = (struct tcp_pcb *)memp_malloc(MEMP_TCP_PCB);
  if (pcb == NULL && recycle(prio)) {
    pcb = (struct tcp_pcb *)memp_malloc(MEMP_TCP_PCB);
  }
  if (pcb == NULL) {
    return NULL;
  }
  memset(pcb, 0, sizeof *pcb);
  pcb->prio = prio;
  pcb->snd_buf = TCP_SND_BUF;
  pcb->rcv_wnd = pcb->rcv_ann_wnd = TCPWND16(TCP_WND);
  pcb->ttl = TCP_TTL;
  pcb->mss = TCP_MSS_DEFAULT_IP4;
  pcb->rto_ms = (u16_t)LWIP_MIN(LWIP_TCP_RTO_TIME, TCP_RTO_MS_MAX);
  tcp_keep_init(pcb);
  tcp_ecn_init(pcb);
  pcb->rcv_time_ms = stack_now();
  pcb_tci_init(pcb);
  return pcb;
}

void tcp_pcb_free(struct tcp_pcb *pcb)
{
  for (struct tcp_guard *g = tcp_all()->guards; g != NULL; g = g->outer) {
    if (g->pcb == pcb) {
      g->pcb = NULL;
    }
  }
  if (tcp_all()->processing == pcb) {
    tcp_all()->processing = NULL;
  }
  tcp_backlog_accepted(pcb);
  tcp_timer_free(pcb);
  tcp_snd_free(pcb);
  tcp_rcv_free(pcb);
  tcp_recovery_free(pcb);
  if (pcb->state == CLOSED) {
    tcp_bound_remove(pcb);
  } else {
    tcp_active_remove(pcb);
  }
  tcp_ext_args_destroy(pcb);
  memp_free(MEMP_TCP_PCB, pcb);
}

/** What the error callback is told. */
static err_t error_of_end(const struct tcp_pcb *pcb, enum tcp_end why)
{
  switch (why) {
  case TCP_END_CLOSED:
    return (pcb->flags & TF_LINGER) ? ERR_OK : ERR_CLSD;
  case TCP_END_RESET:
    return ERR_RST;
  case TCP_END_REFUSED:
  case TCP_END_PROHIBITED:
    return tcp_is_synchronized(pcb) ? ERR_RTE : ERR_RST;
  case TCP_END_NET_UNREACHABLE:
  case TCP_END_HOST_UNREACHABLE:
  case TCP_END_HOST_DOWN:
    return ERR_RTE;
  case TCP_END_LINGER:
    return ERR_TIMEOUT;
  default:
    return ERR_ABRT;
  }
}

static void tell_end(tcp_err_fn errf, void *arg, err_t err, enum tcp_end why)
{
  enum tcp_end outer = tcp_all()->end;
  tcp_all()->end = why;
  tcp_event_err(errf, arg, err);
  tcp_all()->end = outer;
}

enum tcp_end tcp_end_cause(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  return tcp_all()->end;
}

void tcp_pcb_kill(struct tcp_pcb *pcb, enum tcp_end why)
{
  tcp_err_fn errf = tcp_errf_get(pcb);
  void *arg = pcb->callback_arg;
  err_t err = error_of_end(pcb, why);
  bool is_told = (pcb->flags & (TF_CLOSED | TF_LINGER)) != TF_CLOSED;
  if (pcb->state == SYN_SENT || pcb->state == SYN_RCVD) {
    MIB2_STATS_INC(mib2.tcpattemptfails);
  } else if (pcb->state == ESTABLISHED || pcb->state == CLOSE_WAIT) {
    MIB2_STATS_INC(mib2.tcpestabresets);
  }
  tcp_pcb_free(pcb);
  if (is_told) {
    tell_end(errf, arg, err, why);
  }
}

void tcp_pcb_abort(struct tcp_pcb *pcb, enum tcp_end why)
{
  if (pcb->state != CLOSED && pcb->state != SYN_SENT && pcb->state != TIME_WAIT) {
    tcp_send_rst(pcb);
  }
  tcp_pcb_kill(pcb, why);
}

void tcp_set_state(struct tcp_pcb *pcb, enum tcp_state state)
{
  LWIP_DEBUGF(TCP_DEBUG,
              ("tcp: %" U16_F " to %" U16_F ": %s, was %s\n", pcb->local_port, pcb->remote_port,
               tcp_debug_state_str(state), tcp_debug_state_str(pcb->state)));
  pcb->state = state;
  tcp_timer_state_changed(pcb);
}

const char *tcp_debug_state_str(enum tcp_state s)
{
  static const char *const names[] = {"CLOSED",      "LISTEN",     "SYN_SENT",   "SYN_RCVD",
                                      "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
                                      "CLOSING",     "LAST_ACK",   "TIME_WAIT"};
  return (unsigned)s < LWIP_ARRAYSIZE(names) ? names[s] : "?";
}
