/**
 * @file
 * Packets that stand for many, on their way out: who cuts them (gossamer/offload.h).
 */
#ifndef IP_OFFLOAD_H
#define IP_OFFLOAD_H

#include "gossamer/ip_rx.h"
#include "gossamer/offload.h"
#include "lwip/priv/offload_fields.h"

/** Hands on one packet that is ready for the wire; not consumed. */
typedef err_t (*offload_send_fn)(struct pbuf *packet, void *arg);

#if LWIP_OFFLOAD
/** Length of the longest packet that `p`, at its IP header, becomes on the wire. */
u16_t offload_wire_len(const struct pbuf *p);
/** Does `netif` do all that is left to do to `p`? */
bool offload_is_done_by(const struct pbuf *p, const struct netif *netif);
/**
 * Do it in software: `send` gets each segment, or `p` itself with its checksum completed.
 *
 * @return what `send` said of the first; those behind it may be lost as on any wire. ERR_BUF: it is
 *         no packet that could be cut; ERR_MEM: no memory, and nothing was sent
 */
err_t offload_unfold(struct pbuf *p, const struct netif *netif, offload_send_fn send, void *arg);
#else
static inline u16_t offload_wire_len(const struct pbuf *p)
{
  return p->tot_len;
}
static inline bool offload_is_done_by(const struct pbuf *p, const struct netif *netif)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(netif);
  return true;
}
static inline err_t offload_unfold(struct pbuf *p, const struct netif *netif, offload_send_fn send,
                                   void *arg)
{
  LWIP_UNUSED_ARG(netif);
  return send(p, arg);
}
#endif

/** Offset of the length in a TCP header, which is in front of all that is cut. */
#define OFFLOAD_TCP_LEN_AT 12

/** Length of the longest segment that `p`, at its transport header, becomes. */
static inline u16_t offload_transport_len(const struct pbuf *p)
{
  if (pbuf_segment_len(p) == 0) {
    return p->tot_len;
  }
  u16_t header_len = (u16_t)((((const u8_t *)p->payload)[OFFLOAD_TCP_LEN_AT] >> 4) * 4);
  return (u16_t)LWIP_MIN((u32_t)header_len + pbuf_segment_len(p), p->tot_len);
}

/** How many packets at most `p` becomes; 1 for most. */
static inline unsigned offload_count(const struct pbuf *p)
{
  return pbuf_segment_len(p) == 0 ? 1U : 1U + p->tot_len / pbuf_segment_len(p);
}

/** A packet is ours: what its driver said becomes a part of `rx`, and no more of the packet, which
    may be sent again as another. */
static inline void offload_take(struct pbuf *p, struct ip_rx *rx)
{
  if (pbuf_has_offload(p)) {
    rx->segment_len = pbuf_segment_len(p);
    rx->flags |= pbuf_offload(p) != 0 ? IP_RX_CHECKSUM_OK : 0;
    pbuf_offload_set(p, 0, 0);
  }
}

#endif /* IP_OFFLOAD_H */
