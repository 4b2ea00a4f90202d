/**
 * @file
 * What LWIP_OFFLOAD adds to struct pbuf and struct netif, for code that has no #if: nothing where
 * absent. gossamer/offload.h says what it means.
 */
#ifndef LWIP_HDR_PRIV_OFFLOAD_FIELDS_H
#define LWIP_HDR_PRIV_OFFLOAD_FIELDS_H

#include <stdbool.h>
#include "lwip/netif.h"
#include "lwip/pbuf.h"

#if LWIP_OFFLOAD

static inline u8_t pbuf_offload(const struct pbuf *p)
{
  return p->offload;
}
static inline u16_t pbuf_segment_len(const struct pbuf *p)
{
  return p->segment_len;
}
static inline void pbuf_offload_set(struct pbuf *p, u8_t flags, u16_t segment_len)
{
  p->offload = flags;
  p->segment_len = segment_len;
}
static inline u8_t netif_offload(const struct netif *netif)
{
  return netif->offload;
}
/** Longest IP packet that it segments. */
static inline u16_t netif_offload_max(const struct netif *netif)
{
  return netif->offload_max;
}
static inline void netif_offload_put(struct netif *netif, u8_t features, u16_t max_len)
{
  netif->offload = features;
  netif->offload_max = max_len;
}

#else

static inline u8_t pbuf_offload(const struct pbuf *p)
{
  LWIP_UNUSED_ARG(p);
  return 0;
}
static inline u16_t pbuf_segment_len(const struct pbuf *p)
{
  LWIP_UNUSED_ARG(p);
  return 0;
}
static inline void pbuf_offload_set(struct pbuf *p, u8_t flags, u16_t segment_len)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(flags);
  LWIP_UNUSED_ARG(segment_len);
}
static inline u8_t netif_offload(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return 0;
}
static inline u16_t netif_offload_max(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return 0;
}
static inline void netif_offload_put(struct netif *netif, u8_t features, u16_t max_len)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(features);
  LWIP_UNUSED_ARG(max_len);
}

#endif

/** `to` is the same packet as `from`, in another place or with more in front. */
static inline void pbuf_offload_copy(struct pbuf *to, const struct pbuf *from)
{
  pbuf_offload_set(to, pbuf_offload(from), pbuf_segment_len(from));
}

/** Is something left to be done to the packet before it can be on a wire? */
static inline bool pbuf_has_offload(const struct pbuf *p)
{
  return LWIP_OFFLOAD && (pbuf_segment_len(p) != 0 || pbuf_offload(p) != 0);
}

#endif /* LWIP_HDR_PRIV_OFFLOAD_FIELDS_H */
