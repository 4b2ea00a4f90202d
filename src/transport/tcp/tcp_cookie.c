/**
 * @file
 * SYN cookies (RFC 4987 3.6): when nobody more can be remembered, the SYN-ACK remembers.
 *
 * State: when the last one was sent. Our initial sequence number is the cookie:
 *
 *     31..27  when, in periods, modulo 32
 *     26..24  the peer's MSS, of a table
 *     23..0   SipHash of both addresses and ports, the peer's initial number, when, the MSS
 *
 * What else the SYN has offered stands in the low bits of our timestamp, which the peer echoes:
 * without timestamps there is neither window scaling nor SACK. Whoever acknowledges a cookie that
 * is not too old hears what was sent to that address, and gets a connection. Nothing is believed
 * when no cookie was sent lately, so that nobody guesses at leisure.
 *
 * Deviation: RFC 9293 3.10.7.2 resets what a listener does not know. While cookies hold, data are
 * dropped in silence instead: those in front of them may have been lost, or refused while nobody
 * accepted, and will come again with the number that the cookie is checked with.
 */
#include "lwip/opt.h"
#include "base/random.h"
#include "transport/tcp/tcp_lists_priv.h"
#include "transport/tcp/tcp_syncache_priv.h"

#define PERIOD_MS 64000UL
/** A cookie holds in the period that it was made in and in the next. */
#define PERIODS_VALID 2U

#define TIME_SHIFT 27
#define MSS_SHIFT  24
#define HASH_MASK  0xffffffUL

/* Low bits of the timestamp: the shift of the peer's windows, TS_NO_SHIFT: none; SACK; ECN. */
#define TS_BITS     0x3fUL
#define TS_NO_SHIFT 0xfUL
#define TS_SACK     0x10UL
#define TS_ECN      0x20UL

struct cookie_state {
  u32_t last_ms;
  bool was_sent;
};
STACK_STATE(struct cookie_state, cookies);

/** Those that are common; rounded down to. */
static const u16_t mss_table[8] = {TCP_MSS_MIN, 536, 1220, 1300, 1360, 1440, 1460, 8940};

static u32_t mss_index(u16_t mss)
{
  u32_t i = LWIP_ARRAYSIZE(mss_table) - 1;
  while (i > 0 && mss_table[i] > mss) {
    i--;
  }
  return i;
}

static u32_t period(void)
{
  return (u32_t)(stack_now() / PERIOD_MS);
}

static u32_t cookie(const struct ip_rx *rx, u16_t local_port, u16_t remote_port, u32_t irs,
                    u32_t when, u32_t mss)
{
  u8_t key[SIPHASH_KEY_LEN];
  u32_t words[TCP_TUPLE_WORDS + 3];
  unsigned n = tcp_tuple_words(words, &rx->dst, local_port, &rx->src, remote_port);
  words[n++] = irs;
  words[n++] = when;
  words[n++] = mss;
  random_key(key, "tcp syn cookie");
  u32_t hash = siphash_u32(key, words, n) & HASH_MASK;
  return (when << TIME_SHIFT) | (mss << MSS_SHIFT) | hash;
}

/** The clock, moved back by less than 2 * TS_BITS so that its low bits say what is offered. */
static u32_t timestamp(const struct tcp_half_open *h, u32_t now)
{
  u32_t bits = (h->has & TCP_HAS_WND_SHIFT) ? h->wnd_shift : TS_NO_SHIFT;
  bits |= (h->has & TCP_HAS_SACK_OK) ? TS_SACK : 0;
  bits |= (h->has & TCP_HALF_OPEN_ECN) ? TS_ECN : 0;
  u32_t ts = (now & ~TS_BITS) | bits;
  return seq_gt(ts, now) ? ts - TS_BITS - 1 : ts;
}

/** Only what will be remembered may be agreed on. */
static void reduce(struct tcp_half_open *h)
{
  if (!LWIP_TCP_TIMESTAMPS || !(h->has & TCP_HAS_TIMESTAMP)) {
    h->has &= (u8_t) ~(TCP_HAS_WND_SHIFT | TCP_HAS_SACK_OK | TCP_HALF_OPEN_ECN);
  }
}

void tcp_cookie_syn(struct tcp_pcb_listen *lpcb, const struct tcp_rx_segment *seg)
{
  struct tcp_half_open h;
  const struct ip_rx *rx = seg->rx;
  tcp_syncache_fill(&h, seg);
  tcp_syncache_agree(&h, lpcb);
  reduce(&h);
  u16_t unsaid = IP_IS_V6(&rx->src) ? TCP_MSS_DEFAULT_IP6 : TCP_MSS_DEFAULT_IP4;
  u32_t mss = mss_index((h.has & TCP_HAS_MSS) ? h.mss : unsaid);
  h.iss = cookie(rx, lpcb->local_port, h.remote_port, h.irs, period(), mss);
  cookies()->last_ms = stack_now();
  cookies()->was_sent = true;
  u32_t now = stack_now() + tcp_ts_offset(&rx->dst, &rx->src);
  tcp_syncache_answer(lpcb, &h, timestamp(&h, now));
}

/** Take from the acknowledgement what the SYN had said. @return false: it is of no cookie */
static bool restore(struct tcp_half_open *h, const struct tcp_rx_segment *seg, u16_t local_port)
{
  u32_t iss = seg->h.ack - 1;
  u32_t age = (period() - (iss >> TIME_SHIFT)) & 31U;
  u32_t mss = (iss >> MSS_SHIFT) & 7U;
  if (age >= PERIODS_VALID ||
      cookie(seg->rx, local_port, seg->h.src_port, seg->seq - 1, period() - age, mss) != iss) {
    return false;
  }
  tcp_syncache_fill(h, seg);
  h->irs = seg->seq - 1;
  h->iss = iss;
  h->mss = mss_table[mss];
  h->has = (u8_t)((h->has & (TCP_HAS_TIMESTAMP | TCP_HALF_OPEN_V6)) | TCP_HAS_MSS);
  if (h->has & TCP_HAS_TIMESTAMP) {
    u32_t bits = seg->opts.tsecr & TS_BITS;
    h->wnd_shift = (u8_t)(bits & TS_NO_SHIFT) & 15U;
    h->has |= h->wnd_shift != TS_NO_SHIFT ? TCP_HAS_WND_SHIFT : 0;
    h->has |= (bits & TS_SACK) ? TCP_HAS_SACK_OK : 0;
    h->has |= (bits & TS_ECN) ? TCP_HALF_OPEN_ECN : 0;
  }
  return true;
}

/** May it follow a segment with a cookie? Then it is dropped. */
static bool follows(struct tcp_rx_segment *seg)
{
  if (seg->len == 0 && !(seg->flags & TCP_FIN)) {
    return false;
  }
  tcp_segment_drop(seg, DROP_TCP_BAD_ACK);
  return true;
}

bool tcp_cookie_segment(struct tcp_pcb_listen *lpcb, struct tcp_rx_segment *seg)
{
  struct tcp_half_open h;
  bool is_late = stack_now() - cookies()->last_ms >= PERIODS_VALID * PERIOD_MS;
  if (!cookies()->was_sent || is_late || (seg->flags & (TCP_SYN | TCP_RST))) {
    return false;
  }
  if (!restore(&h, seg, lpcb->local_port)) {
    return follows(seg);
  }
  struct tcp_pcb *pcb = tcp_pcb_alloc(lpcb->prio);
  lpcb = tcp_listen_find(seg);
  if (pcb == NULL || lpcb == NULL) {
    if (pcb != NULL) {
      tcp_pcb_free(pcb);
    }
    tcp_listen_refuse(lpcb, seg); /* it comes again, as data */
    return true;
  }
  if (!tcp_syncache_make_room(lpcb)) {
    tcp_pcb_free(pcb);
    tcp_segment_drop(seg, DROP_TCP_BACKLOG);
    return true;
  }
  h.sent_us = 0; /* the round-trip time is not known */
  tcp_syncache_complete(lpcb, &h, pcb, seg);
  return true;
}

void tcp_cookie_fini(void)
{
  cookies()->was_sent = false;
}
