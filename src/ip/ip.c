/**
 * @file
 * What both IP versions share: the packet being processed, and input for links that carry both.
 *
 * State: the pointer to what is known of the current packet, NULL outside of input. The struct lies
 * on the stack of the input function, which resets the pointer before it returns.
 */
#include "lwip/opt.h"
#include "lwip/ip.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/ip_rx.h"
#include "lwip/priv/offload_fields.h"
#include "ip/ip_module.h"

STACK_GLOBAL_DEFINE(const struct ip_rx *, ip_current_rx);

static const struct ip_rx no_packet;

const struct ip_rx *ip_current(void)
{
  const struct ip_rx *rx = STACK_GLOBAL(const struct ip_rx *, ip_current_rx);
  return rx != NULL ? rx : &no_packet;
}

/** @return the one before, or NULL */
static const struct ip_rx *current_set(const struct ip_rx *rx)
{
  const struct ip_rx *before = STACK_GLOBAL(const struct ip_rx *, ip_current_rx);
  STACK_GLOBAL(const struct ip_rx *, ip_current_rx) = rx;
  return before;
}

void ip_deliver(struct pbuf *p, const struct ip_rx *rx, enum drop_reason unknown)
{
  const struct ip_rx *before = current_set(rx);
  const struct ip_proto *proto = ip_proto_find(rx->proto, IP_IS_V6(&rx->dst));
  pbuf_remove_header(p, rx->header_len);
  if (ip_raw_input != NULL && ip_raw_input(p, rx)) {
    MIB2_STATS_INC(mib2.ipindelivers);
  } else if (proto != NULL) {
    MIB2_STATS_INC(mib2.ipindelivers);
    proto->input(p, rx);
  } else {
    MIB2_STATS_INC(mib2.ipinunknownprotos);
    ip_send_proto_unreachable(p, rx);
    drop(p, unknown);
  }
  (void)current_set(before);
}

/** Bytes behind the IP headers that ip_pull_up() makes contiguous too: the longest TCP header. */
#define PULL_UP_EXTRA 60

struct pbuf *ip_pull_up(struct pbuf *p, u16_t len)
{
  if (p->len >= len) {
    return p;
  }
  u16_t n = (u16_t)LWIP_MIN(p->tot_len, (u32_t)len + PULL_UP_EXTRA);
  struct pbuf *q = pbuf_alloc(PBUF_LINK, n, PBUF_RAM);
  if (q == NULL) {
    return NULL;
  }
  pbuf_copy_partial(p, q->payload, n, 0);
  q->flags |= (u8_t)(p->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST | PBUF_FLAG_LOOPED));
  q->if_idx = p->if_idx;
  pbuf_offload_copy(q, p);
  p = pbuf_free_header(p, n);
  if (p != NULL) {
    pbuf_cat(q, p);
  }
  return q;
}

struct pbuf *ip_make_writable(struct pbuf *p)
{
  bool is_drivers = (p->flags & PBUF_FLAG_IS_CUSTOM) != 0; /* a receive buffer */
  if (p->ref == 1 &&
      (is_drivers || pbuf_match_type(p, PBUF_RAM) || pbuf_match_type(p, PBUF_POOL))) {
    return p;
  }
  struct pbuf *copy = pbuf_clone(PBUF_LINK, PBUF_RAM, p);
  if (copy != NULL) {
    pbuf_free(p);
  }
  return copy;
}

#if LWIP_IPV4 && LWIP_IPV6
err_t ip_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (p->tot_len > 0 && pbuf_get_at(p, 0) >> 4 == 6) {
    return ip6_input(p, inp);
  }
  return ip4_input(p, inp);
}
#endif
