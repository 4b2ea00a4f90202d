/**
 * @file
 * Half-open connections as small records of their listener: no pcb before the peer has proved that
 * it hears us (RFC 4987 3.4).
 *
 * State: struct tcp_pcb_listen.half_open, oldest first, and one timer per listener for the next
 * SYN-ACK that is due. Every record counts in the listener's backlog; who comes with a cookie needs
 * none of their places, so that as many connections again may wait to be accepted. A record does
 * all that RFC 9293 3.10.7.4 says of SYN-RECEIVED, and becomes a pcb with the segment that
 * completes the handshake, which is then processed as a whole. When the backlog or the pool is
 * full, the oldest goes, or with LWIP_TCP_SYN_COOKIES the new one is not remembered.
 */
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_lists_priv.h"
#include "transport/tcp/tcp_syncache_priv.h"
#include "wire/ecn.h"

/** Answers to strangers per record (RFC 5961 10): more the peer itself would not need. */
#define CHALLENGES_MAX 10
/** More would not fit into the record. */
#define NRTX_MAX LWIP_MIN(TCP_SYNMAXRTX, 14)

static bool is_v6(const struct tcp_half_open *h)
{
  return (h->has & TCP_HALF_OPEN_V6) != 0;
}

/** RFC 3168 6.1.1. */
static bool asks_for_ecn(const struct tcp_rx_segment *seg)
{
  return (seg->flags & (TCP_ECE | TCP_CWR)) == (TCP_ECE | TCP_CWR);
}

void tcp_syncache_fill(struct tcp_half_open *h, const struct tcp_rx_segment *seg)
{
  const struct tcp_options *o = &seg->opts;
  bool v6 = IP_IS_V6(&seg->rx->dst);
  memset(h, 0, sizeof *h);
  h->irs = seg->seq;
  h->ts_recent = o->tsval;
  h->local_zone = tcp_half_open_pack(h->local, &seg->rx->dst) & 15U;
  h->remote_zone = tcp_half_open_pack(h->remote, &seg->rx->src) & 15U;
  h->remote_port = seg->h.src_port;
  h->mss = o->mss;
  h->has = (u8_t)(o->has | (v6 ? TCP_HALF_OPEN_V6 : 0));
  h->wnd_shift = o->wnd_shift & 15U;
  h->has |= asks_for_ecn(seg) ? TCP_HALF_OPEN_ECN : 0;
}

void tcp_syncache_agree(struct tcp_half_open *h, const struct tcp_pcb_listen *lpcb)
{
  if (!tcp_ecn_is_accepted(lpcb)) {
    h->has &= (u8_t)~TCP_HALF_OPEN_ECN;
  }
  if (tcp_cc_is_plain_at(lpcb)) {
    h->has &= (u8_t)~TCP_HAS_SACK_OK;
  }
}

/** Is it of the connection that the segment belongs to? `like` was filled from that. */
static bool is_same(const struct tcp_half_open *h, const struct tcp_half_open *like)
{
  return h->remote_port == like->remote_port && is_v6(h) == is_v6(like) &&
         h->remote_zone == like->remote_zone && h->local_zone == like->local_zone &&
         memcmp(h->remote, like->remote, sizeof h->remote) == 0 &&
         memcmp(h->local, like->local, sizeof h->local) == 0;
}

/** Where the pointer to it stands; NULL: there is none. */
static struct tcp_half_open **find(struct tcp_pcb_listen *lpcb, const struct tcp_rx_segment *seg)
{
  struct tcp_half_open like;
  struct tcp_half_open **at = tcp_half_open_list(lpcb);
  if (*at == NULL) {
    return NULL;
  }
  tcp_syncache_fill(&like, seg);
  while (*at != NULL && !is_same(*at, &like)) {
    at = &(*at)->next;
  }
  return *at != NULL ? at : NULL;
}

static void forget(struct tcp_pcb_listen *lpcb, struct tcp_half_open **at)
{
  struct tcp_half_open *h = *at;
  *at = h->next;
  memp_free(MEMP_TCP_HALF_OPEN, h);
  tcp_backlog_subtract(lpcb);
  if (*tcp_half_open_list(lpcb) == NULL) {
    timer_cancel(tcp_half_open_timer(lpcb));
  }
}

/* --- what is said to the peer --- */

static void say(struct tcp_pcb_listen *lpcb, const struct tcp_half_open *h, u8_t flags, u32_t tsval)
{
  ip_addr_t local;
  ip_addr_t remote;
  u32_t window_max = LWIP_MIN((u32_t)TCP_WND, tcp_listen_rcv_limit(lpcb));
  struct tcp_bare s = {.pcb = (const struct tcp_pcb *)(const void *)lpcb,
                       .local = &local,
                       .remote = &remote,
                       .ttl = lpcb->ttl};
  s.tos = (u8_t)(lpcb->tos & ~ECN_MASK); /* RFC 3168 6.1.1: no SYN-ACK is marked */
  flags |= ((flags & TCP_SYN) && (h->has & TCP_HALF_OPEN_ECN)) ? TCP_ECE : 0;
  tcp_half_open_unpack(&local, h->local, is_v6(h), h->local_zone);
  tcp_half_open_unpack(&remote, h->remote, is_v6(h), h->remote_zone);
  struct pcb_route r = {
      .netif_idx = lpcb->netif_idx, .is_direct = pcb_is_direct(lpcb->so_options), .local = &local};
  s.netif = pcb_route_find(&r, &remote);
  if (s.netif == NULL) {
    TCP_STATS_INC(tcp.rterr);
    return;
  }
  s.h = (struct tcp_header){.src_port = lpcb->local_port,
                            .dst_port = h->remote_port,
                            .seq = h->iss + ((flags & TCP_SYN) ? 0U : 1U),
                            .ack = h->irs + 1,
                            .wnd = (flags & TCP_RST) ? 0U : (u16_t)LWIP_MIN(0xffffU, window_max),
                            .flags = flags};
  if (LWIP_TCP_TIMESTAMPS && (h->has & TCP_HAS_TIMESTAMP)) {
    s.opts.has = TCP_HAS_TIMESTAMP;
    s.opts.tsval = tsval;
    s.opts.tsecr = h->ts_recent;
  }
  if (flags & TCP_SYN) {
    u16_t mss = tcp_mss_to_announce(&remote, s.netif);
    s.opts.mss = LWIP_MIN(mss, tcp_listen_mss_bound(lpcb));
    s.opts.wnd_shift = TCP_RCV_SCALE;
    s.opts.has |= TCP_HAS_MSS;
    s.opts.has |= LWIP_WND_SCALE ? h->has & TCP_HAS_WND_SHIFT : 0;
    s.opts.has |= LWIP_TCP_SACK_OUT ? h->has & TCP_HAS_SACK_OK : 0;
    tcp_user_timeout_put_syn_ack(lpcb, &s.opts);
  } else if (LWIP_WND_SCALE && (h->has & TCP_HAS_WND_SHIFT)) {
    u32_t wnd = LWIP_MIN(TCP_RCV_FIRST, tcp_listen_rcv_limit(lpcb));
    s.h.wnd = TCPWND16((wnd + (1UL << TCP_RCV_SCALE) - 1) >> TCP_RCV_SCALE);
  }
  (void)tcp_send_bare(&s);
}

static u32_t ts_now(const struct tcp_half_open *h)
{
  ip_addr_t local;
  ip_addr_t remote;
  tcp_half_open_unpack(&local, h->local, is_v6(h), h->local_zone);
  tcp_half_open_unpack(&remote, h->remote, is_v6(h), h->remote_zone);
  return stack_now() + tcp_ts_offset(&local, &remote);
}

void tcp_syncache_answer(struct tcp_pcb_listen *lpcb, const struct tcp_half_open *h, u32_t tsval)
{
  say(lpcb, h, TCP_SYN | TCP_ACK, tsval);
}

static void send_syn_ack(struct tcp_pcb_listen *lpcb, struct tcp_half_open *h)
{
  h->sent_us = tcp_now_us();
  tcp_syncache_answer(lpcb, h, ts_now(h));
}

static void send_ack(struct tcp_pcb_listen *lpcb, const struct tcp_half_open *h)
{
  say(lpcb, h, TCP_ACK, ts_now(h));
}

static void challenge(struct tcp_pcb_listen *lpcb, struct tcp_half_open *h)
{
  if (h->challenges < CHALLENGES_MAX) {
    h->challenges++;
    send_ack(lpcb, h);
  }
}

/* --- time --- */

/** From the SYN to the n-th repetition. */
static u32_t age_ms(unsigned nrtx)
{
  u32_t age = (u32_t)LWIP_TCP_RTO_TIME * ((1UL << nrtx) - 1);
  return LWIP_MIN(age, (u32_t)TCP_SYN_RCVD_TIMEOUT);
}

static void set_due(struct tcp_half_open *h)
{
  h->due_ms = stack_now() + age_ms(h->nrtx + 1U) - age_ms(h->nrtx);
}

/** Its time has come: once more, or no more. @return false: it is gone */
static bool repeat(struct tcp_pcb_listen *lpcb, struct tcp_half_open **at)
{
  struct tcp_half_open *h = *at;
  if (h->nrtx >= NRTX_MAX || age_ms(h->nrtx + 1U) >= (u32_t)TCP_SYN_RCVD_TIMEOUT) {
    MIB2_STATS_INC(mib2.tcpattemptfails);
    forget(lpcb, at);
    return false;
  }
  h->nrtx++;
  MIB2_STATS_INC(mib2.tcpretranssegs);
  send_syn_ack(lpcb, h);
  set_due(h);
  return true;
}

static void fire(struct timer *t)
{
  struct tcp_pcb_listen *lpcb = tcp_half_open_listener(t);
  struct tcp_half_open **at = tcp_half_open_list(lpcb);
  while (*at != NULL) {
    struct tcp_half_open *h = *at;
    if ((s32_t)(stack_now() - h->due_ms) >= 0 && !repeat(lpcb, at)) {
      continue;
    }
    timer_set_sooner(t, fire, h->due_ms - stack_now());
    at = &h->next;
  }
}

/* --- SYN --- */

/** A record, if need be the oldest one's. NULL: none */
static struct tcp_half_open *record(struct tcp_pcb_listen *lpcb)
{
  struct tcp_half_open **oldest = tcp_half_open_list(lpcb);
  if (tcp_backlog_is_full(lpcb)) {
    forget(lpcb, oldest);
  }
  struct tcp_half_open *h = (struct tcp_half_open *)memp_malloc(MEMP_TCP_HALF_OPEN);
  if (h == NULL && *oldest != NULL) {
    forget(lpcb, oldest);
    h = (struct tcp_half_open *)memp_malloc(MEMP_TCP_HALF_OPEN);
  }
  return h;
}

/** As record(), but who is remembered stays. */
static struct tcp_half_open *spare_record(const struct tcp_pcb_listen *lpcb)
{
  return tcp_backlog_is_full(lpcb) ? NULL : (struct tcp_half_open *)memp_malloc(MEMP_TCP_HALF_OPEN);
}

static void append(struct tcp_pcb_listen *lpcb, struct tcp_half_open *h)
{
  struct tcp_half_open **at = tcp_half_open_list(lpcb);
  while (*at != NULL) {
    at = &(*at)->next;
  }
  *at = h;
  tcp_backlog_add(lpcb);
  set_due(h);
  timer_set_sooner(tcp_half_open_timer(lpcb), fire, h->due_ms - stack_now());
}

/** Is the backlog full of connections that only have to be accepted? */
static bool is_program_slow(struct tcp_pcb_listen *lpcb)
{
  unsigned records = 0;
  if (!tcp_backlog_is_full(lpcb)) {
    return false;
  }
  for (const struct tcp_half_open *h = *tcp_half_open_list(lpcb); h != NULL; h = h->next) {
    records++;
  }
  return tcp_backlog_is_waiting(lpcb, records);
}

void tcp_syncache_syn(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg)
{
  const struct ip_rx *rx = seg->rx;
  if (is_program_slow(lpcb)) {
    tcp_segment_drop(seg, DROP_TCP_BACKLOG);
    return;
  }
  struct tcp_half_open *h = LWIP_TCP_SYN_COOKIES ? spare_record(lpcb) : record(lpcb);
  if (h == NULL && LWIP_TCP_SYN_COOKIES) {
    tcp_cookie_syn(lpcb, seg);
    return;
  }
  if (h == NULL) {
    tcp_listen_refuse(lpcb, seg);
    return;
  }
  tcp_syncache_fill(h, seg);
  tcp_syncache_agree(h, lpcb);
  h->iss = tcp_timewait_iss(tcp_isn(&rx->dst, lpcb->local_port, &rx->src, h->remote_port));
  append(lpcb, h);
  send_syn_ack(lpcb, h);
}

/* --- what else comes --- */

/** Bytes that are taken behind the SYN, as for a pcb in SYN-RECEIVED. */
static u32_t window(const struct tcp_half_open *h)
{
  return LWIP_WND_SCALE && (h->has & TCP_HAS_WND_SHIFT) ? TCP_RCV_FIRST : TCPWND16(TCP_WND);
}

static void reset(struct tcp_pcb_listen *lpcb, struct tcp_half_open **at,
                  struct tcp_rx_segment *seg)
{
  u32_t ahead = seg->seq - ((*at)->irs + 1); /* of the number that is expected */
  if (ahead == 0) {
    MIB2_STATS_INC(mib2.tcpattemptfails);
    forget(lpcb, at);
    return;
  }
  if (ahead < window(*at)) {
    challenge(lpcb, *at); /* RFC 5961 3 */
  }
  tcp_segment_drop(seg, DROP_TCP_BAD_RST);
}

static void syn_again(struct tcp_pcb_listen *lpcb, struct tcp_half_open *h,
                      struct tcp_rx_segment *seg)
{
  if (seg->seq == h->irs && !(seg->flags & TCP_ACK)) {
    if (!asks_for_ecn(seg)) {
      h->has &= (u8_t)~TCP_HALF_OPEN_ECN; /* it has lost its trust in it (RFC 3168 6.1.1.1) */
    }
    send_syn_ack(lpcb, h); /* ours was lost; the timer keeps its own count */
    tcp_segment_drop(seg, DROP_TCP_DUPLICATE);
  } else {
    challenge(lpcb, h); /* RFC 5961 4 */
    tcp_segment_drop(seg, DROP_TCP_BAD_SYN);
  }
}

/** PAWS (RFC 7323 5.2) and sequence. @return DROP_NONE, or why it is not acceptable */
static enum drop_reason check(const struct tcp_half_open *h, const struct tcp_rx_segment *seg)
{
  u32_t nxt = h->irs + 1;
  u32_t total = seg->len + ((seg->flags & TCP_FIN) ? 1U : 0U);
  if (LWIP_TCP_TIMESTAMPS && (h->has & TCP_HAS_TIMESTAMP)) {
    if (!(seg->opts.has & TCP_HAS_TIMESTAMP)) {
      return DROP_TCP_NO_TIMESTAMP;
    }
    if (seq_lt(seg->opts.tsval, h->ts_recent)) {
      return DROP_TCP_PAWS;
    }
  }
  if (seq_lt(seg->seq, nxt) && nxt - seg->seq >= total) {
    return DROP_TCP_DUPLICATE;
  }
  u32_t right = nxt + window(h);
  bool is_beyond = seq_gt(seg->seq, right) || (seg->seq == right && seg->len > 0);
  return is_beyond ? DROP_TCP_OUT_OF_WINDOW : DROP_NONE;
}

bool tcp_syncache_make_room(struct tcp_pcb_listen *lpcb)
{
  if (is_program_slow(lpcb)) {
    return false;
  }
  if (!tcp_backlog_has_number(lpcb)) {
    forget(lpcb, tcp_half_open_list(lpcb));
  }
  return true;
}

void tcp_syncache_complete(struct tcp_pcb_listen *lpcb, const struct tcp_half_open *h,
                           struct tcp_pcb *pcb, struct tcp_rx_segment *seg)
{
  struct tcp_rx_segment syn = {.rx = seg->rx, .seq = h->irs, .flags = TCP_SYN};
  syn.h.src_port = h->remote_port;
  syn.h.seq = h->irs;
  syn.opts.has =
      (u8_t)(h->has & (TCP_HAS_MSS | TCP_HAS_WND_SHIFT | TCP_HAS_SACK_OK | TCP_HAS_TIMESTAMP));
  syn.opts.mss = h->mss;
  syn.opts.wnd_shift = h->wnd_shift;
  syn.opts.tsval = h->ts_recent;
  syn.flags |= (h->has & TCP_HALF_OPEN_ECN) ? TCP_ECE | TCP_CWR : 0;
  tcp_listen_open(pcb, lpcb, &syn, h->iss);
  pcb->rtx_nxt = pcb->snd_nxt; /* the SYN-ACK has been sent */
  pcb->nrtx = h->nrtx;
  pcb->rtt_time_us = h->nrtx == 0 ? h->sent_us : 0;
  if (!tcp_ext_args_inherit(lpcb, pcb)) {
    tcp_send_rst(pcb);
    tcp_pcb_free(pcb);
    tcp_segment_drop(seg, DROP_TCP_REFUSED);
    return;
  }
  tcp_timer_data_sent(pcb); /* the segment may not be acceptable: the SYN-ACK is out still */
  seg->wnd <<= tcp_snd_shift(pcb);
  tcp_segment_arrives(pcb, seg);
}

/** The handshake is complete, if there is memory for a pcb; if not, the record waits for more. */
static void complete(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg)
{
  struct tcp_pcb *pcb = tcp_pcb_alloc(lpcb->prio);
  /* A connection may have been aborted for it, whose program may have closed the listener. */
  lpcb = tcp_listen_find(seg);
  struct tcp_half_open **at = lpcb != NULL ? find(lpcb, seg) : NULL;
  if (pcb == NULL) {
    tcp_listen_refuse(lpcb, seg);
    return;
  }
  if (at == NULL) {
    tcp_pcb_free(pcb);
    tcp_segment_reject(seg, DROP_TCP_NO_PORT);
    return;
  }
  struct tcp_half_open h = **at;
  forget(lpcb, at);
  tcp_syncache_complete(lpcb, &h, pcb, seg);
}

/** Neither RST nor SYN. */
static void other(struct tcp_pcb_listen *lpcb, struct tcp_half_open *h, struct tcp_rx_segment *seg)
{
  enum drop_reason bad = check(h, seg);
  if (bad != DROP_NONE) {
    if (bad != DROP_TCP_NO_TIMESTAMP) {
      send_ack(lpcb, h); /* RFC 9293 3.10.7.4 */
    }
    tcp_segment_drop(seg, bad);
  } else if (!(seg->flags & TCP_ACK)) {
    tcp_segment_drop(seg, DROP_TCP_NO_ACK);
  } else if (seg->h.ack != h->iss + 1) {
    tcp_segment_reject(seg, DROP_TCP_BAD_ACK);
  } else {
    complete(lpcb, seg);
  }
}

bool tcp_syncache_segment(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg)
{
  struct tcp_half_open **at = find(lpcb, seg);
  if (at == NULL) {
    return false;
  }
  if (seg->flags & TCP_RST) {
    reset(lpcb, at, seg);
  } else if (seg->flags & TCP_SYN) {
    syn_again(lpcb, *at, seg);
  } else {
    other(lpcb, *at, seg);
  }
  return true;
}

void tcp_syncache_free(struct tcp_pcb_listen *lpcb)
{
  struct tcp_half_open **oldest = tcp_half_open_list(lpcb);
  while (*oldest != NULL) {
    say(lpcb, *oldest, TCP_RST | TCP_ACK, ts_now(*oldest));
    forget(lpcb, oldest);
  }
}

/** Who sends the error must know the sequence number (RFC 5927 4.1). */
bool tcp_syncache_error(const struct ip_error *e, u16_t local_port, u16_t remote_port, u32_t seq)
{
  struct ip_rx rx = {.src = *e->dst, .dst = *e->src};
  struct tcp_rx_segment seg = {.rx = &rx};
  seg.h.src_port = remote_port;
  struct tcp_pcb_listen *lpcb = tcp_listen_pcbs.listen_pcbs;
  for (; lpcb != NULL; lpcb = lpcb->next) {
    struct tcp_half_open **at = lpcb->local_port == local_port ? find(lpcb, &seg) : NULL;
    if (at == NULL || (*at)->iss != seq) {
      continue;
    }
    if (tcp_error_is_final(e->kind, (*at)->nrtx)) {
      MIB2_STATS_INC(mib2.tcpattemptfails);
      forget(lpcb, at);
    }
    return true;
  }
  return false;
}
