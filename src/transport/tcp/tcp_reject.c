/**
 * @file
 * Resets in answer to segments that nobody wants (RFC 9293 3.10.7.1, security vector B10-193).
 *
 * State: how many were sent lately, to whom: base/rate_limit.h says how that is counted, and why.
 * Resets of connections are not limited: there is one each.
 *
 * Deviation: RFC 9293 answers each such segment. But anybody can make us send resets to anybody.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/state.h"
#include "base/rate_limit.h"
#include "transport/tcp/tcp_priv.h"

/** To one destination: a reset per this many milliseconds (times one to two) ... */
#define DST_INTERVAL_MS 10
/** ... after a burst of about this many: a program that tries many ports wants to hear of each. */
#define DST_BURST 64

struct reject_state {
  struct rate_bucket all;
  struct rate_by_dst by_dst;
};
STACK_STATE(struct reject_state, rejects);

static bool is_allowed(const ip_addr_t *dst)
{
  return LWIP_TCP_RST_RATE_LIMIT == 0 ||
         (rate_by_dst_take(&rejects()->by_dst, dst, DST_INTERVAL_MS, DST_BURST) &&
          rate_bucket_take(&rejects()->all, LWIP_TCP_RST_RATE_LIMIT));
}

static void send_rst(const struct tcp_rx_segment *seg)
{
  struct tcp_bare s = {.local = &seg->rx->dst, .remote = &seg->rx->src};
  s.h.src_port = seg->h.dst_port;
  s.h.dst_port = seg->h.src_port;
  if (seg->h.flags & TCP_ACK) {
    s.h.seq = seg->h.ack;
    s.h.flags = TCP_RST;
  } else {
    u32_t syn_fin = ((seg->h.flags & TCP_SYN) ? 1U : 0U) + ((seg->h.flags & TCP_FIN) ? 1U : 0U);
    s.h.ack = seg->h.seq + seg->len + syn_fin;
    s.h.flags = TCP_RST | TCP_ACK;
  }
  LWIP_DEBUGF(TCP_RST_DEBUG, ("tcp: %" U16_F " to %" U16_F ": reset of no connection\n",
                              s.h.src_port, s.h.dst_port));
  MIB2_STATS_INC(mib2.tcpoutrsts);
  (void)tcp_send_bare(&s);
}

void tcp_segment_reject(struct tcp_rx_segment *seg, enum drop_reason why)
{
  if (!(seg->h.flags & TCP_RST)) {
    if (is_allowed(&seg->rx->src)) {
      send_rst(seg);
    } else {
      why = DROP_TCP_RST_LIMITED;
    }
  }
  tcp_segment_drop(seg, why);
}

void tcp_reject_fini(void)
{
  memset(rejects(), 0, sizeof *rejects());
}
