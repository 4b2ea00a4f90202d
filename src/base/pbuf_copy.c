/**
 * @file
 * Packet buffers: copying in and out, cloning, making contiguous. No state.
 *
 * Chains are walked by their `len`s and may hold pbufs of length 0 anywhere.
 */
#include <stdbool.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/def.h"
#include "lwip/inet_chksum.h"
#include "lwip/pbuf.h"
#include "lwip/priv/offload_fields.h"
#include "base/pbuf_walk.h"

/* Without LWIP_CHECKSUM_ON_COPY nothing calls pbuf_fill_chksum(), and the linker leaves it out. */
#ifndef LWIP_CHKSUM_COPY
#define LWIP_CHKSUM_COPY(dst, src, len) lwip_chksum_copy(dst, src, len)
#endif

struct pbuf *pbuf_skip(struct pbuf *in, u16_t in_offset, u16_t *out_offset)
{
  while (in != NULL && in_offset >= in->len) {
    in_offset = (u16_t)(in_offset - in->len);
    in = in->next;
  }
  if (out_offset != NULL) {
    *out_offset = in_offset;
  }
  return in;
}

/** Copy between `len` bytes of a packet from `offset` on and `data`. @return bytes copied */
static u16_t pbuf_transfer(const struct pbuf *p, u8_t *data, size_t len, size_t offset, bool into)
{
  u8_t *const start = data;
  for (; p != NULL && len != 0; p = p->next) {
    if (offset >= p->len) {
      offset -= p->len;
      continue;
    }
    u8_t *bytes = (u8_t *)p->payload + offset;
    size_t n = LWIP_MIN(len, p->len - offset);
    MEMCPY(into ? bytes : data, into ? data : bytes, n);
    data += n;
    len -= n;
    offset = 0;
  }
  return (u16_t)(data - start);
}

u16_t pbuf_copy_partial(const struct pbuf *p, void *dataptr, u16_t len, u16_t offset)
{
  LWIP_ERROR("pbuf_copy_partial: no buffer", dataptr != NULL, return 0);
  return pbuf_transfer(p, (u8_t *)dataptr, len, offset, false);
}

err_t pbuf_take_at(struct pbuf *buf, const void *dataptr, u16_t len, u16_t offset)
{
  LWIP_ERROR("pbuf_take: no pbuf or data", buf != NULL && dataptr != NULL, return ERR_ARG);
  if ((u32_t)offset + len > buf->tot_len) {
    return ERR_MEM;
  }
  pbuf_transfer(buf, LWIP_CONST_CAST(u8_t *, dataptr), len, offset, true);
  return ERR_OK;
}

err_t pbuf_take(struct pbuf *buf, const void *dataptr, u16_t len)
{
  return pbuf_take_at(buf, dataptr, len, 0);
}

err_t pbuf_copy_partial_pbuf(struct pbuf *p_to, const struct pbuf *p_from, u16_t copy_len,
                             u16_t offset)
{
  LWIP_ERROR("pbuf_copy: no pbuf, or too short",
             p_to != NULL && p_from != NULL && copy_len <= p_from->tot_len &&
                 (u32_t)offset + copy_len <= p_to->tot_len,
             return ERR_ARG);
  for (const struct pbuf *p = p_from; copy_len != 0 && p != NULL; p = p->next) {
    u16_t n = LWIP_MIN(copy_len, p->len);
    pbuf_transfer(p_to, (u8_t *)p->payload, n, offset, true);
    offset = (u16_t)(offset + n);
    copy_len = (u16_t)(copy_len - n);
  }
  return ERR_OK;
}

err_t pbuf_copy(struct pbuf *p_to, const struct pbuf *p_from)
{
  LWIP_ERROR("pbuf_copy: no pbuf", p_from != NULL, return ERR_ARG);
  return pbuf_copy_partial_pbuf(p_to, p_from, p_from->tot_len, 0);
}

void *pbuf_get_contiguous(const struct pbuf *p, void *buffer, size_t bufsize, u16_t len,
                          u16_t offset)
{
  u16_t at = offset;
  const struct pbuf *q = pbuf_find(p, &at);
  if (q == NULL || (buffer != NULL && bufsize < len)) {
    return NULL;
  }
  if (len <= q->len - at) {
    return (u8_t *)q->payload + at;
  }
  if (buffer == NULL || pbuf_copy_partial(q, buffer, len, at) != len) {
    return NULL;
  }
  return buffer;
}

struct pbuf *pbuf_clone(pbuf_layer l, pbuf_type type, struct pbuf *p)
{
  LWIP_ERROR("pbuf_clone: no pbuf, or a type without memory",
             p != NULL && (type == PBUF_RAM || type == PBUF_POOL), return NULL);
  struct pbuf *q = pbuf_alloc(l, p->tot_len, type);
  if (q != NULL) {
    pbuf_copy(q, p);
    q->flags = (u8_t)(p->flags & ~PBUF_FLAG_IS_CUSTOM);
    q->if_idx = p->if_idx;
    pbuf_offload_copy(q, p);
  }
  return q;
}

struct pbuf *pbuf_coalesce(struct pbuf *p, pbuf_layer layer)
{
  if (p == NULL || p->next == NULL) {
    return p;
  }
  struct pbuf *q = pbuf_clone(layer, PBUF_RAM, p);
  if (q == NULL) {
    return p;
  }
  pbuf_free(p);
  return q;
}

err_t pbuf_fill_chksum(struct pbuf *p, u16_t start_offset, const void *dataptr, u16_t len,
                       u16_t *chksum)
{
  LWIP_ERROR("pbuf_fill_chksum: does not fit",
             p != NULL && dataptr != NULL && chksum != NULL && start_offset <= p->len &&
                 len <= p->len - start_offset,
             return ERR_ARG);
  u32_t sum = LWIP_CHKSUM_COPY((u8_t *)p->payload + start_offset, dataptr, len);
  if ((start_offset & 1) != 0) {
    sum = SWAP_BYTES_IN_WORD(sum);
  }
  sum += *chksum;
  *chksum = (u16_t)FOLD_U32T(sum);
  return ERR_OK;
}
