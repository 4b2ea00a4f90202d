/**
 * @file
 * What TCP knows about its connections, for those who watch.
 *
 * No state, but for the count of retransmissions in the pcb (LWIP_TCP_INFO).
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/priv/tcp_syncache_fields.h"
#include "gossamer/tcp_cc.h"
#include "gossamer/tcp_info.h"
#include "transport/tcp/tcp_priv.h"

static void fill_options(const struct tcp_pcb *pcb, struct tcp_connection_info *info)
{
  info->options |= (pcb->flags & TF_TIMESTAMP) ? TCP_INFO_TIMESTAMPS : 0;
  info->options |= (pcb->flags & TF_SACK) ? TCP_INFO_SACK : 0;
  info->options |= (pcb->flags & TF_WND_SCALE) ? TCP_INFO_WINDOW_SCALE : 0;
  info->options |= (pcb->flags & TF_ECN) ? TCP_INFO_ECN : 0;
  info->snd_shift = tcp_snd_shift(pcb);
  info->rcv_shift = tcp_rcv_shift(pcb);
}

static void fill_path(const struct tcp_pcb *pcb, struct tcp_connection_info *info)
{
  struct pcb_route r = tcp_route(pcb);
  const struct netif *netif = pcb_route_find(&r, &pcb->remote_ip);
  info->pmtu = netif != NULL ? pcb_path_mtu(&pcb->remote_ip, netif) : 0;
  info->snd_mss = tcp_mss(pcb);
  info->srtt_us = pcb->srtt_us8 / 8;
  info->rttvar_us = pcb->rttvar_us4 / 4;
  info->rto_ms = pcb->rto_ms;
  info->last_sent_ms = stack_now() - pcb->send_time_ms;
  info->last_heard_ms = stack_now() - pcb->rcv_time_ms;
}

/** Bytes per second, without overflow; 0: no time has passed. */
static u32_t rate_of(u32_t bytes, u32_t time_us)
{
  u64_t rate = time_us != 0 ? (u64_t)bytes * 1000000U / time_us : 0;
  return (u32_t)LWIP_MIN(rate, 0xffffffffU);
}

static void fill_sending(const struct tcp_pcb *pcb, struct tcp_connection_info *info)
{
  struct tcp_marks marks = tcp_marks_get(pcb);
  u32_t end = tcp_snd_end(pcb);
  info->congestion_control = tcp_get_congestion_control(pcb);
  info->phase = pcb->ca_state == TCP_CA_OPEN       ? TCP_INFO_OPEN
                : pcb->ca_state == TCP_CA_RECOVERY ? TCP_INFO_RECOVERY
                                                   : TCP_INFO_LOSS;
  info->cwnd = pcb->cwnd;
  info->ssthresh = pcb->ssthresh == (tcpwnd_size_t)~0U ? TCP_INFO_NO_SSTHRESH : pcb->ssthresh;
  info->unsent = seq_lt(pcb->snd_nxt, end) ? end - pcb->snd_nxt : 0;
  info->unacked = tcp_flight(pcb);
  info->in_flight = tcp_flight(pcb) - marks.sacked - marks.lost + marks.retrans;
  info->sacked = marks.sacked;
  info->lost = marks.lost;
  info->min_rtt_us = marks.min_rtt_us;
  info->has_reordering = marks.is_reordering_seen;
  info->retransmits = tcp_retransmits(pcb);
  info->timeouts_in_a_row = pcb->nrtx;
  info->snd_wnd = pcb->snd_wnd;
  /* What is sent within half a round trip was a burst: it takes the whole for the next. */
  bool is_burst = marks.span_us < info->srtt_us / 2;
  info->delivery_rate =
      is_burst ? rate_of(info->in_flight, info->srtt_us) : rate_of(marks.spanned, marks.span_us);
}

err_t tcp_get_connection_info(const struct tcp_pcb *pcb, struct tcp_connection_info *info)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || info == NULL) {
    return ERR_ARG;
  }
  if (pcb->state == LISTEN) {
    return ERR_CONN;
  }
  memset(info, 0, sizeof *info);
  info->state = pcb->state;
  info->is_closed = (pcb->flags & TF_CLOSED) != 0;
  info->rcv_mss = pcb->rcv_mss;
  info->rcv_wnd = pcb->rcv_wnd;
  info->rcv_limit = tcp_rcv_limit(pcb);
  info->rcv_ann_wnd = pcb->rcv_ann_wnd;
  info->rcv_queued = pcb->refused_data != NULL ? pcb->refused_data->tot_len : 0;
  fill_options(pcb, info);
  fill_path(pcb, info);
  fill_sending(pcb, info);
  return ERR_OK;
}

/** Who is told, and how many lines so far. */
struct listing {
  tcp_list_fn fn;
  void *arg;
  unsigned count;
  bool is_over;
};

static void tell(struct listing *l, const struct tcp_listed *line)
{
  if (!l->is_over) {
    l->count++;
    l->is_over = !l->fn(line, l->arg);
  }
}

static void list_half_open(struct listing *l, struct tcp_pcb_listen *lpcb)
{
  struct tcp_half_open **list = tcp_half_open_list(lpcb);
  for (const struct tcp_half_open *h = list != NULL ? *list : NULL; h != NULL; h = h->next) {
    struct tcp_listed line = {.state = SYN_RCVD, .listener = lpcb};
    bool is_v6 = (h->has & TCP_HALF_OPEN_V6) != 0;
    tcp_half_open_unpack(&line.local, h->local, is_v6, h->local_zone);
    tcp_half_open_unpack(&line.remote, h->remote, is_v6, h->remote_zone);
    line.local_port = lpcb->local_port;
    line.remote_port = h->remote_port;
    tell(l, &line);
  }
}

static void list_listeners(struct listing *l)
{
  struct tcp_pcb_listen *lpcb = tcp_listen_pcbs.listen_pcbs;
  for (; lpcb != NULL && !l->is_over; lpcb = lpcb->next) {
    struct tcp_listed line = {.state = LISTEN, .listener = lpcb, .local_port = lpcb->local_port};
    ip_addr_copy(line.local, lpcb->local_ip);
    ip_addr_copy(line.remote, *pcb_any(&lpcb->local_ip));
    tell(l, &line);
    list_half_open(l, lpcb);
  }
}

static void list_active(struct listing *l)
{
  for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL && !l->is_over; pcb = pcb->next) {
    struct tcp_listed line = {.state = pcb->state,
                              .local_port = pcb->local_port,
                              .remote_port = pcb->remote_port,
                              .pcb = pcb};
    ip_addr_copy(line.local, pcb->local_ip);
    ip_addr_copy(line.remote, pcb->remote_ip);
    tell(l, &line);
  }
}

static void list_timewait(struct listing *l)
{
  const struct tcp_tw *tw = NULL;
  while (!l->is_over && (tw = tcp_timewait_next(tw)) != NULL) {
    struct tcp_listed line = {.state = TIME_WAIT,
                              .local_port = tw->local_port,
                              .remote_port = tw->remote_port,
                              .left_ms = tw->due_ms - stack_now()};
    tell(l, &line);
  }
}

unsigned tcp_list_connections(tcp_list_fn fn, void *arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct listing l = {.fn = fn, .arg = arg};
  list_listeners(&l);
  list_active(&l);
  list_timewait(&l);
  return l.count;
}
