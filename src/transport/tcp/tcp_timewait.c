/**
 * @file
 * TIME-WAIT: what remains of a connection for twice the segment lifetime (RFC 9293 3.6.1).
 *
 * State: records in the order in which they end, one timer for the first. A record is all that is
 * needed to acknowledge the peer's FIN again and to tell old segments from a new connection (RFC
 * 6191, RFC 1122 4.2.2.13). RFC 1337: resets do not end it. When there is no record left, the
 * oldest makes room: with 2 * TCP_MSL behind it, it is the one that is needed least.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/prot/ip.h"
#include "base/random.h"
#include "transport/tcp/tcp_priv.h"

#define TIMEWAIT_MS (2 * (u32_t)TCP_MSL)

struct timewait_state {
  struct tcp_tw *oldest;
  struct tcp_tw *youngest;
  struct timer expiry;
};
STACK_STATE(struct timewait_state, timewait);

static unsigned put_addr(u32_t *words, const ip_addr_t *addr)
{
  if (IP_IS_V6(addr)) {
    MEMCPY(words, ip_2_ip6(addr)->addr, 16);
    return 4;
  }
  words[0] = ip4_addr_get_u32(ip_2_ip4(addr));
  return 1;
}

/** Both addresses as 64 bits that nobody can make collide. */
static void hash_addrs(u32_t out[2], const ip_addr_t *local, const ip_addr_t *remote)
{
  u8_t key[SIPHASH_KEY_LEN];
  u32_t words[8];
  random_key(key, "tcp time-wait");
  unsigned n = put_addr(words, local);
  n += put_addr(words + n, remote);
  u64_t hash = siphash24(key, words, n * sizeof words[0]);
  out[0] = (u32_t)hash;
  out[1] = (u32_t)(hash >> 32);
}

static void unlink_tw(struct tcp_tw *tw, struct tcp_tw *before)
{
  struct timewait_state *s = timewait();
  if (before == NULL) {
    s->oldest = tw->next;
  } else {
    before->next = tw->next;
  }
  if (s->youngest == tw) {
    s->youngest = before;
  }
}

static void tw_free(struct tcp_tw *tw, struct tcp_tw *before)
{
  unlink_tw(tw, before);
  memp_free(MEMP_TCP_TW, tw);
  if (timewait()->oldest == NULL) {
    timer_cancel(&timewait()->expiry);
  }
}

static void expire(struct timer *t)
{
  struct tcp_tw *tw = timewait()->oldest;
  while (tw != NULL && (s32_t)(stack_now() - tw->due_ms) >= 0) {
    tw_free(tw, NULL);
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
  if (s->youngest == NULL) {
    s->oldest = tw;
  } else {
    s->youngest->next = tw;
  }
  s->youngest = tw;
  timer_set_sooner(&s->expiry, expire, TIMEWAIT_MS);
}

void tcp_timewait_enter(struct tcp_pcb *pcb)
{
  struct tcp_tw *tw = (struct tcp_tw *)memp_malloc(MEMP_TCP_TW);
  if (tw == NULL && timewait()->oldest != NULL) {
    tw_free(timewait()->oldest, NULL);
    tw = (struct tcp_tw *)memp_malloc(MEMP_TCP_TW);
  }
  if (tw != NULL) {
    memset(tw, 0, sizeof *tw);
    hash_addrs(tw->addr_hash, &pcb->local_ip, &pcb->remote_ip);
    tw->local_port = pcb->local_port;
    tw->remote_port = pcb->remote_port;
    tw->netif_idx = pcb->netif_idx;
    tw->snd_nxt = pcb->snd_nxt;
    tw->rcv_nxt = pcb->rcv_nxt;
    tw->has_timestamps = (pcb->flags & TF_TIMESTAMP) != 0;
    tw->ts_recent = tcp_ts_get(pcb).recent;
    tw->ts_offset = tcp_ts_get(pcb).offset;
    tw->wnd = TCPWND16(RCV_WND_SCALE(pcb, pcb->rcv_ann_wnd));
    append(tw);
  }
  tcp_pcb_free(pcb);
}

static struct tcp_tw *find(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                           u16_t remote_port, struct tcp_tw **before)
{
  u32_t hash[2];
  *before = NULL;
  if (timewait()->oldest == NULL) {
    return NULL;
  }
  hash_addrs(hash, local, remote);
  for (struct tcp_tw *tw = timewait()->oldest; tw != NULL; tw = tw->next) {
    if (tw->remote_port == remote_port && tw->local_port == local_port &&
        memcmp(tw->addr_hash, hash, sizeof hash) == 0) {
      return tw;
    }
    *before = tw;
  }
  return NULL;
}

bool tcp_timewait_holds(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                        u16_t remote_port)
{
  struct tcp_tw *before;
  return find(local, local_port, remote, remote_port, &before) != NULL;
}

/** Is this SYN the beginning of a new connection, not an old duplicate (RFC 6191 2)? */
static bool is_new_connection(const struct tcp_tw *tw, const struct tcp_rx_segment *seg)
{
  if ((seg->flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN) {
    return false;
  }
  if (tw->has_timestamps && (seg->opts.has & TCP_HAS_TIMESTAMP) &&
      seg->opts.tsval != tw->ts_recent) {
    return seq_gt(seg->opts.tsval, tw->ts_recent);
  }
  return seq_gt(seg->seq, tw->rcv_nxt);
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
  struct tcp_tw *before;
  struct tcp_tw *tw = find(&seg->rx->dst, seg->h.dst_port, &seg->rx->src, seg->h.src_port, &before);
  if (tw == NULL) {
    return false;
  }
  if (is_new_connection(tw, seg)) {
    tw_free(tw, before);
    return false;
  }
  if (seg->flags & TCP_RST) {
    tcp_segment_drop(seg, DROP_TCP_TIMEWAIT); /* RFC 1337 */
    return true;
  }
  acknowledge(tw, seg);
  if ((seg->flags & TCP_FIN) && seg->seq + seg->len + 1 == tw->rcv_nxt) {
    unlink_tw(tw, before); /* our last ACK was lost: all over again */
    append(tw);
  }
  tcp_segment_drop(seg, DROP_TCP_TIMEWAIT);
  return true;
}

void tcp_timewait_fini(void)
{
  while (timewait()->oldest != NULL) {
    tw_free(timewait()->oldest, NULL);
  }
}
