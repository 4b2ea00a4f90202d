/**
 * @file
 * Cutting packets up into fragments: what both families share.
 *
 * No state. Fragments point into the original packet (struct pbuf_custom_ref), or are copies where
 * drivers want one buffer (LWIP_NETIF_TX_SINGLE_PBUF).
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/memp.h"
#include "ip/frag.h"

#if IP_FRAG || LWIP_IPV6_FRAG

struct pbuf *frag_alloc_head(u16_t header_len, u16_t len)
{
  u16_t head_len = (u16_t)(header_len + (LWIP_NETIF_TX_SINGLE_PBUF ? len : 0));
  return pbuf_alloc(PBUF_LINK, head_len, PBUF_RAM);
}

#if LWIP_NETIF_TX_SINGLE_PBUF

bool frag_append_payload(struct pbuf *head, struct pbuf *p, u16_t from, u16_t len)
{
  u16_t header_len = (u16_t)(head->len - len);
  return pbuf_copy_partial(p, (u8_t *)head->payload + header_len, len, from) == len;
}

#else

static void free_reference(struct pbuf *p)
{
  struct pbuf_custom_ref *ref = (struct pbuf_custom_ref *)(void *)p;
  pbuf_free(ref->original);
  memp_free(MEMP_FRAG_PBUF, ref);
}

/** A pbuf of `len` bytes at `data`, which keeps `original` alive. */
static struct pbuf *make_reference(struct pbuf *original, void *data, u16_t len)
{
  struct pbuf_custom_ref *ref = (struct pbuf_custom_ref *)memp_malloc(MEMP_FRAG_PBUF);
  if (ref == NULL) {
    return NULL;
  }
  ref->pc.custom_free_function = free_reference;
  struct pbuf *p = pbuf_alloced_custom(PBUF_RAW, len, PBUF_REF, &ref->pc, data, len);
  if (p == NULL) {
    memp_free(MEMP_FRAG_PBUF, ref);
    return NULL;
  }
  pbuf_ref(original);
  ref->original = original;
  return p;
}

bool frag_append_payload(struct pbuf *head, struct pbuf *p, u16_t from, u16_t len)
{
  u16_t offset;
  struct pbuf *q = pbuf_skip(p, from, &offset);
  while (len > 0) {
    u16_t part_len = LWIP_MIN(len, (u16_t)(q->len - offset));
    if (part_len > 0) {
      struct pbuf *part = make_reference(q, (u8_t *)q->payload + offset, part_len);
      if (part == NULL) {
        return false;
      }
      pbuf_cat(head, part);
    }
    len = (u16_t)(len - part_len);
    offset = 0;
    q = q->next;
  }
  return true;
}

#endif

#endif
