/**
 * @file
 * Packet buffers: single bytes, comparing, searching. No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/def.h"
#include "lwip/pbuf.h"
#include "base/pbuf_walk.h"

/** What the searching functions return for "nowhere". */
#define PBUF_NOWHERE 0xffffU

int pbuf_try_get_at(const struct pbuf *p, u16_t offset)
{
  p = pbuf_find(p, &offset);
  return (p == NULL) ? -1 : ((const u8_t *)p->payload)[offset];
}

u8_t pbuf_get_at(const struct pbuf *p, u16_t offset)
{
  int byte = pbuf_try_get_at(p, offset);
  return (byte < 0) ? 0 : (u8_t)byte;
}

void pbuf_put_at(struct pbuf *p, u16_t offset, u8_t data)
{
  p = pbuf_skip(p, offset, &offset);
  if (p != NULL) {
    ((u8_t *)p->payload)[offset] = data;
  }
}

u16_t pbuf_memcmp(const struct pbuf *p, u16_t offset, const void *s2, u16_t n)
{
  const u8_t *other = (const u8_t *)s2;
  LWIP_ERROR("pbuf_memcmp: no pbuf or data", p != NULL && (s2 != NULL || n == 0),
             return PBUF_NOWHERE);
  if ((u32_t)offset + n > p->tot_len) {
    return PBUF_NOWHERE;
  }
  for (u16_t i = 0; i < n; i++, offset++) {
    p = pbuf_find(p, &offset);
    if (p == NULL || ((const u8_t *)p->payload)[offset] != other[i]) {
      return (u16_t)LWIP_MIN(i + 1U, PBUF_NOWHERE - 1U);
    }
  }
  return 0;
}

u16_t pbuf_memfind(const struct pbuf *p, const void *mem, u16_t mem_len, u16_t start_offset)
{
  u16_t offset = start_offset;
  LWIP_ERROR("pbuf_memfind: no pbuf or data", p != NULL && (mem != NULL || mem_len == 0),
             return PBUF_NOWHERE);
  const u32_t end = p->tot_len;
  for (u32_t at = start_offset; at + mem_len <= end && at < PBUF_NOWHERE; at++, offset++) {
    const struct pbuf *q = pbuf_find(p, &offset);
    if (q != NULL) {
      p = q;
    }
    if (pbuf_memcmp(p, offset, mem, mem_len) == 0) {
      return (u16_t)at;
    }
  }
  return PBUF_NOWHERE;
}

u16_t pbuf_strstr(const struct pbuf *p, const char *substr)
{
  size_t len = (substr == NULL) ? 0 : strlen(substr);
  if (len == 0 || len >= PBUF_NOWHERE) {
    return PBUF_NOWHERE;
  }
  return pbuf_memfind(p, substr, (u16_t)len, 0);
}
