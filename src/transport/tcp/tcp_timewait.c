/**
 * @file
 * TIME-WAIT: what remains of a connection for twice the segment lifetime (RFC 9293 3.6.1).
 *
 * State: records in the order in which they end, one timer for the first, and a hash over them. A
 * record is all that is needed to acknowledge the peer's FIN again and to tell old segments from a
 * new connection (RFC 6191, RFC 1122 4.2.2.13). RFC 1337: resets do not end it. When there is no
 * record left, the oldest makes room: with 2 * TCP_MSL behind it, it is the one that is needed
 * least.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/prot/ip.h"
#include "transport/tcp/tcp_lists_priv.h"

#define TIMEWAIT_MS (2 * (u32_t)TCP_MSL)
/** Answers of one record, so that two ends that disagree do not talk forever. */
#define ANSWERS_MAX 100
/** What a new connection begins behind the old one's last sequence number: as much as one window
    without scaling, which may still be under way. */
#define ISS_DISTANCE 0x10000U

struct timewait_state {
  struct tcp_tw *oldest;
  struct tcp_tw *youngest;
  struct timer expiry;
  bool has_successor; /* the present segment begins a new connection in place of an old one ... */
  u32_t iss_min;      /* ... with a sequence number from here on */
  struct tcp_tw *bucket[TCP_HASH_SIZE];
};
STACK_STATE(struct timewait_state, timewait);

/** All that tells a connection from others as 64 bits that nobody can make collide. */
static void hash_tuple(u32_t out[2], const ip_addr_t *local, u16_t local_port,
                       const ip_addr_t *remote, u16_t remote_port)
{
  u64_t hash = tcp_tuple_hash(local, local_port, remote, remote_port);
  out[0] = (u32_t)hash;
  out[1] = (u32_t)(hash >> 32);
}

/** Where the chain begins in which a record with this hash is: without a hash, the list. */
static struct tcp_tw **chain_of(const u32_t hash[2])
{
  struct timewait_state *s = timewait();
  return TCP_HASH_SIZE > 1 ? &s->bucket[hash[0] & (TCP_HASH_SIZE - 1)] : &s->oldest;
}

static void chain_remove(struct tcp_tw *tw)
{
  struct tcp_tw **at = chain_of(tw->hash);
  while (*at != tw) {
    at = tcp_tw_chain_link(*at);
  }
  *at = *tcp_tw_chain_link(tw);
}

/** Off the list of ages. */
static void unlink_tw(struct tcp_tw *tw)
{
  struct timewait_state *s = timewait();
  if (tw->prev != NULL) {
    tw->prev->next = tw->next;
  } else {
    s->oldest = tw->next;
  }
  if (tw->next != NULL) {
    tw->next->prev = tw->prev;
  } else {
    s->youngest = tw->prev;
  }
}

static void tw_free(struct tcp_tw *tw)
{
  if (TCP_HASH_SIZE > 1) {
    chain_remove(tw);
  }
  unlink_tw(tw);
  memp_free(MEMP_TCP_TW, tw);
  if (timewait()->oldest == NULL) {
    timer_cancel(&timewait()->expiry);
  }
}

static void expire(struct timer *t)
{
  struct tcp_tw *tw = timewait()->oldest;
  while (tw != NULL && (s32_t)(stack_now() - tw->due_ms) >= 0) {
    tw_free(tw);
    tw = timewait()->oldest;
  }
  if (tw != NULL) {
    timer_set(t, expire, tw->due_ms - stack_now());
  }
}

/** To the end of the list, with all the time again. */
static void append(struct tcp_tw *tw)
{
  struct timewait_state *s = timewait();
  tw->due_ms = stack_now() + TIMEWAIT_MS;
  tw->next = NULL;
  tw->prev = s->youngest;
  if (s->youngest == NULL) {
    s->oldest = tw;
  } else {
    s->youngest->next = tw;
  }
  s->youngest = tw;
  timer_set_sooner(&s->expiry, expire, TIMEWAIT_MS);
}

static void fill(struct tcp_tw *tw, const struct tcp_pcb *pcb)
{
  struct tcp_ts ts = tcp_ts_get(pcb);
  memset(tw, 0, sizeof *tw);
  hash_tuple(tw->hash, &pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port);
  tw->local_port = pcb->local_port;
  tw->remote_port = pcb->remote_port;
  tw->snd_nxt = pcb->snd_nxt;
  tw->rcv_nxt = pcb->rcv_nxt;
  tw->has_timestamps = (pcb->flags & TF_TIMESTAMP) != 0;
  tw->ts_recent = ts.recent;
  tw->ts_offset = ts.offset;
  tw->wnd = TCPWND16(RCV_WND_SCALE(pcb, pcb->rcv_ann_wnd));
  append(tw);
  if (TCP_HASH_SIZE > 1) {
    struct tcp_tw **chain = chain_of(tw->hash);
    *tcp_tw_chain_link(tw) = *chain;
    *chain = tw;
  }
}

void tcp_timewait_enter(struct tcp_pcb *pcb)
{
  struct tcp_tw *tw = (struct tcp_tw *)memp_malloc(MEMP_TCP_TW);
  if (tw == NULL && timewait()->oldest != NULL) {
    tw_free(timewait()->oldest);
    tw = (struct tcp_tw *)memp_malloc(MEMP_TCP_TW);
  }
  if (pcb->flags & (TF_ACK_NOW | TF_ACK_DELAY)) {
    (void)tcp_send_ack(pcb); /* closed by the callback that told of the FIN */
  }
  if (tw != NULL) {
    fill(tw, pcb);
  }
  tcp_pcb_free(pcb);
}

static struct tcp_tw *find(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                           u16_t remote_port)
{
  u32_t hash[2];
  if (timewait()->oldest == NULL) {
    return NULL;
  }
  hash_tuple(hash, local, local_port, remote, remote_port);
  struct tcp_tw *tw = *chain_of(hash);
  while (tw != NULL && memcmp(tw->hash, hash, sizeof hash) != 0) {
    tw = *tcp_tw_chain_link(tw);
  }
  return tw;
}

bool tcp_timewait_holds(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                        u16_t remote_port)
{
  return find(local, local_port, remote, remote_port) != NULL;
}

bool tcp_timewait_is_new(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                         u16_t remote_port)
{
  const struct timewait_state *s = timewait();
  u32_t due_ms = stack_now() + TIMEWAIT_MS;
  if (s->youngest == NULL || s->youngest->due_ms != due_ms) {
    return false; /* none of all is: saves the search */
  }
  const struct tcp_tw *tw = find(local, local_port, remote, remote_port);
  return tw != NULL && tw->due_ms == due_ms;
}

/** Is this SYN the beginning of a new connection, not an old duplicate (RFC 6191 2)? */
static bool is_new_connection(const struct tcp_tw *tw, const struct tcp_rx_segment *seg)
{
  bool will_stamp = LWIP_TCP_TIMESTAMPS && (seg->opts.has & TCP_HAS_TIMESTAMP);
  if ((seg->flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) != TCP_SYN) {
    return false;
  }
  if (will_stamp && !tw->has_timestamps) {
    return true; /* an old one would have had none */
  }
  if (will_stamp && seg->opts.tsval != tw->ts_recent) {
    return seq_gt(seg->opts.tsval, tw->ts_recent);
  }
  return seq_geq(seg->seq, tw->rcv_nxt); /* rcv_nxt is one behind the last one used, the FIN's */
}

/**
 * Does the peer need to be told? Not when it says nothing new and agrees: otherwise two ends in
 * TIME-WAIT would acknowledge each other's acknowledgements.
 */
static bool wants_answer(struct tcp_tw *tw, const struct tcp_rx_segment *seg)
{
  bool says_something = seg->len > 0 || (seg->flags & (TCP_SYN | TCP_FIN));
  if ((!says_something && seg->seq == tw->rcv_nxt) || tw->answers >= ANSWERS_MAX) {
    return false;
  }
  tw->answers++;
  return true;
}

static void acknowledge(const struct tcp_tw *tw, const struct tcp_rx_segment *seg)
{
  struct tcp_bare s = {.local = &seg->rx->dst, .remote = &seg->rx->src};
  s.h = (struct tcp_header){.src_port = tw->local_port,
                            .dst_port = tw->remote_port,
                            .seq = tw->snd_nxt,
                            .ack = tw->rcv_nxt,
                            .wnd = tw->wnd,
                            .flags = TCP_ACK};
  if (tw->has_timestamps) {
    s.opts.has = TCP_HAS_TIMESTAMP;
    s.opts.tsval = stack_now() + tw->ts_offset;
    s.opts.tsecr = tw->ts_recent;
  }
  (void)tcp_send_bare(&s);
}

bool tcp_timewait_segment(struct tcp_rx_segment *seg)
{
  struct timewait_state *s = timewait();
  struct tcp_tw *tw = find(&seg->rx->dst, seg->h.dst_port, &seg->rx->src, seg->h.src_port);
  s->has_successor = false;
  if (tw == NULL) {
    return false;
  }
  if (is_new_connection(tw, seg)) {
    s->has_successor = true;
    s->iss_min = tw->snd_nxt + ISS_DISTANCE;
    tw_free(tw);
    return false;
  }
  if (!(seg->flags & TCP_RST) && wants_answer(tw, seg)) { /* RST: RFC 1337 */
    acknowledge(tw, seg);
  }
  if ((seg->flags & TCP_FIN) && seg->seq + seg->len + 1 == tw->rcv_nxt) {
    unlink_tw(tw); /* our last ACK was lost: all over again */
    append(tw);
  }
  tcp_segment_drop(seg, DROP_TCP_TIMEWAIT);
  return true;
}

u32_t tcp_timewait_iss(u32_t iss)
{
  struct timewait_state *s = timewait();
  return s->has_successor ? seq_max(iss, s->iss_min) : iss;
}

const struct tcp_tw *tcp_timewait_next(const struct tcp_tw *tw)
{
  return tw != NULL ? tw->next : timewait()->oldest;
}

void tcp_timewait_fini(void)
{
  while (timewait()->oldest != NULL) {
    tw_free(timewait()->oldest);
  }
}
