/**
 * @file
 * TCP on interfaces on which every address is ours (gossamer/any_address.h): SYNs that the program
 * decides about, at once or later.
 *
 * State: struct any_address: held SYNs, oldest first, a timer for the end of the first, and a
 * listener without a port, which no segment finds: it is what connections are opened by, each with
 * the port that its peer asked for. A SYN becomes a pcb when it is accepted, and a syncache knows
 * nothing of it; what has not finished its handshake is bounded by the listener's backlog.
 */
#include "lwip/opt.h"

#if LWIP_ANY_ADDRESS && LWIP_TCP

#include "lwip/mem.h"
#include "lwip/prot/ip.h"
#include "lwip/priv/any_fields.h"
#include "ip/any_echo.h"
#include "transport/any_address.h"
#include "transport/tcp/tcp_lists_priv.h"
#include "transport/tcp/tcp_syncache_priv.h"
#include "wire/bytes.h"

/** Of connections whose handshake is not over; all that the counter can hold. */
#define BACKLOG 255

static struct tcp_pcb_listen *listener_of(const struct any_address *a)
{
  return (struct tcp_pcb_listen *)(void *)a->listener;
}

static bool is_held(const struct any_address *a, const struct any_syn *syn)
{
  const struct any_syn *s = a->syns;
  while (s != NULL && s != syn) {
    s = s->next;
  }
  return s != NULL;
}

static void expire(struct timer *t);

static void timer_update(struct any_address *a)
{
  if (a->syns == NULL) {
    timer_cancel(&a->timer);
  } else {
    s32_t left = (s32_t)(a->syns->until_ms - stack_now());
    timer_set(&a->timer, expire, left > 0 ? (u32_t)left : 0);
  }
}

/** Off the list; the caller frees it. */
static void release(struct any_syn *syn)
{
  struct any_syn **at = &syn->any->syns;
  bool is_oldest = *at == syn;
  while (*at != syn) {
    at = &(*at)->next;
  }
  *at = syn->next;
  syn->any->syns_count--;
  if (is_oldest) {
    timer_update(syn->any);
  }
}

/** It ends without an answer of the program's. */
static void lose(struct any_syn *syn)
{
  struct any_address *a = syn->any;
  release(syn);
  if (a->tcp_syn_gone != NULL) {
    a->tcp_syn_gone(a->arg, syn);
  }
  mem_free(syn);
}

static void expire(struct timer *t)
{
  struct any_address *a = TIMER_OWNER(t, struct any_address, timer);
  while (a->syns != NULL && (s32_t)(stack_now() - a->syns->until_ms) >= 0) {
    lose(a->syns);
  }
  timer_update(a);
}

static struct any_syn *find(const struct any_address *a, const struct tcp_rx_segment *seg)
{
  struct any_syn *s = a->syns;
  while (s != NULL &&
         !(s->flow.remote_port == seg->h.src_port && s->flow.local_port == seg->h.dst_port &&
           ip_addr_eq(&s->flow.remote, &seg->rx->src) &&
           ip_addr_eq(&s->flow.local, &seg->rx->dst))) {
    s = s->next;
  }
  return s;
}

/** What the handshake will need. NULL: no memory */
static struct any_syn *hold(struct any_address *a, const struct tcp_rx_segment *seg)
{
  struct any_syn *syn = (struct any_syn *)mem_malloc(sizeof *syn);
  struct any_syn **at = &a->syns;
  if (syn == NULL) {
    return NULL;
  }
  memset(syn, 0, sizeof *syn);
  syn->any = a;
  syn->flow = (struct any_flow){.local = seg->rx->dst,
                                .remote = seg->rx->src,
                                .local_port = seg->h.dst_port,
                                .remote_port = seg->h.src_port};
  u32_t iss = tcp_isn(&seg->rx->dst, seg->h.dst_port, &seg->rx->src, seg->h.src_port);
  syn->options = (struct any_syn_options){.seq = seg->seq,
                                          .iss = tcp_timewait_iss(iss),
                                          .tsval = seg->opts.tsval,
                                          .wnd = seg->h.wnd,
                                          .mss = seg->opts.mss,
                                          .wnd_shift = seg->opts.wnd_shift,
                                          .has = seg->opts.has,
                                          .flags = seg->flags};
  syn->options.has &= (u8_t)~TCP_HAS_USER_TIMEOUT; /* told again when the connection stands */
  syn->until_ms = stack_now() + TCP_SYN_RCVD_TIMEOUT;
  while (*at != NULL) {
    at = &(*at)->next;
  }
  *at = syn;
  a->syns_count++;
  if (a->syns == syn) {
    timer_update(a);
  }
  return syn;
}

/** The segment again, as far as it was kept. */
static void segment_of(struct tcp_rx_segment *seg, struct ip_rx *rx, const struct any_syn *syn)
{
  memset(seg, 0, sizeof *seg);
  memset(rx, 0, sizeof *rx);
  rx->netif = rx->input_netif = syn->any->netif;
  ip_addr_copy(rx->src, syn->flow.remote);
  ip_addr_copy(rx->dst, syn->flow.local);
  seg->rx = rx;
  seg->h.src_port = syn->flow.remote_port;
  seg->h.dst_port = syn->flow.local_port;
  seg->h.seq = seg->seq = syn->options.seq;
  seg->h.flags = seg->flags = syn->options.flags;
  seg->h.wnd = syn->options.wnd;
  seg->wnd = syn->options.wnd;
  seg->opts.has = syn->options.has;
  seg->opts.mss = syn->options.mss;
  seg->opts.wnd_shift = syn->options.wnd_shift;
  seg->opts.tsval = syn->options.tsval;
}

err_t any_syn_accept(struct any_syn *syn)
{
  struct any_address *a = syn->any;
  struct tcp_pcb_listen *lpcb = listener_of(a);
  struct tcp_rx_segment seg;
  struct ip_rx rx;
  LWIP_ASSERT_CORE_LOCKED();
  struct tcp_pcb *pcb = tcp_backlog_is_full(lpcb) ? NULL : tcp_pcb_alloc(lpcb->prio);
  if (!is_held(a, syn)) { /* a connection has been aborted for it, whose program has stopped `a` */
    if (pcb != NULL) {
      tcp_pcb_free(pcb);
    }
    return ERR_MEM;
  }
  if (pcb != NULL) {
    segment_of(&seg, &rx, syn);
    lpcb->local_port = syn->flow.local_port;
    tcp_listen_open(pcb, lpcb, &seg, syn->options.iss);
    lpcb->local_port = 0;
    tcp_arg(pcb, syn->arg);
    tcp_err(pcb, a->tcp_err);
  }
  release(syn);
  mem_free(syn);
  if (pcb == NULL) {
    return ERR_MEM;
  }
  (void)tcp_output(pcb);
  return ERR_OK;
}

void any_syn_refuse(struct any_syn *syn)
{
  struct tcp_rx_segment seg;
  struct ip_rx rx;
  LWIP_ASSERT_CORE_LOCKED();
  segment_of(&seg, &rx, syn);
  release(syn);
  mem_free(syn);
  tcp_segment_reject(&seg, DROP_ANY_REFUSED);
}

void any_syn_unreachable(struct any_syn *syn, enum any_unreachable why)
{
  u8_t header[ANY_QUOTE_LEN];
  LWIP_ASSERT_CORE_LOCKED();
  bytes_put16(header, syn->flow.remote_port);
  bytes_put16(header + 2, syn->flow.local_port);
  bytes_put32(header + 4, syn->options.seq);
  any_send_unreachable(syn->any, &syn->flow, IP_PROTO_TCP, header, why);
  any_syn_ignore(syn);
}

void any_syn_ignore(struct any_syn *syn)
{
  LWIP_ASSERT_CORE_LOCKED();
  release(syn);
  mem_free(syn);
  drop(NULL, DROP_ANY_IGNORED);
}

/** A SYN of a connection that nobody knows. */
static void syn_arrives(struct any_address *a, struct tcp_rx_segment *seg)
{
  if (a->tcp_syn == NULL) {
    tcp_segment_reject(seg, DROP_ANY_REFUSED);
    return;
  }
  if (a->syns_count >= LWIP_ANY_ADDRESS_SYNS || tcp_backlog_is_full(listener_of(a))) {
    tcp_segment_drop(seg, DROP_TCP_BACKLOG);
    return;
  }
  struct any_syn *syn = hold(a, seg);
  if (syn == NULL) {
    TCP_STATS_INC(tcp.memerr);
    tcp_segment_drop(seg, DROP_TCP_NO_MEMORY);
    return;
  }
  enum any_answer answer = a->tcp_syn(a->arg, syn);
  if (answer == ANY_LATER || !is_held(a, syn)) {
    return; /* perhaps it has answered already, or has stopped */
  }
  if (answer == ANY_ACCEPT) {
    (void)any_syn_accept(syn);
  } else if (answer == ANY_REFUSE) {
    any_syn_refuse(syn);
  } else {
    any_syn_ignore(syn);
  }
}

bool tcp_any_segment(struct tcp_rx_segment *seg)
{
  struct any_address *a = netif_any_address(seg->rx->input_netif);
  u8_t flags = seg->flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN);
  if (a == NULL) {
    return false;
  }
  struct any_syn *syn = find(a, seg);
  if (syn != NULL && flags == TCP_SYN && seg->seq == syn->options.seq) {
    tcp_segment_drop(seg, DROP_TCP_DUPLICATE); /* the program still thinks */
    return true;
  }
  bool is_reset = (flags & TCP_RST) != 0;
  if (syn != NULL && is_reset && seg->seq != syn->options.seq + 1) {
    tcp_segment_drop(seg, DROP_TCP_BAD_RST); /* RFC 5961 3 */
    return true;
  }
  if (syn != NULL && (is_reset || flags == TCP_SYN)) {
    lose(syn); /* the peer has given up, or begun anew */
  }
  if (flags != TCP_SYN || netif_any_address(seg->rx->input_netif) != a) {
    return false;
  }
  syn_arrives(a, seg);
  return true;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct any_address *a = (struct any_address *)arg;
  if (pcb == NULL || err != ERR_OK || a->tcp_accept == NULL) {
    return ERR_VAL;
  }
  return a->tcp_accept(a->arg, pcb);
}

err_t tcp_any_start(struct any_address *a)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL) {
    return ERR_MEM;
  }
  tcp_bind_netif(pcb, a->netif);
  tcp_arg(pcb, a);
  a->listener = tcp_listen_with_backlog(pcb, BACKLOG);
  if (a->listener == NULL) {
    (void)tcp_close(pcb);
    return ERR_MEM;
  }
  tcp_accept(a->listener, on_accept);
  return ERR_OK;
}

void tcp_any_stop(struct any_address *a, bool is_told)
{
  while (a->syns != NULL) {
    if (is_told) {
      lose(a->syns);
    } else {
      struct any_syn *syn = a->syns;
      release(syn);
      mem_free(syn);
    }
  }
  (void)tcp_close(a->listener);
  a->listener = NULL;
}

#endif /* LWIP_ANY_ADDRESS && LWIP_TCP */
