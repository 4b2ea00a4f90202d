/**
 * @file
 * Walking a chain to an offset, private to the packet buffers.
 */
#ifndef BASE_PBUF_WALK_H
#define BASE_PBUF_WALK_H

#include "lwip/pbuf.h"

/** As pbuf_skip(), but for constant chains; `offset` is in and out. */
static inline const struct pbuf *pbuf_find(const struct pbuf *p, u16_t *offset)
{
  while (p != NULL && *offset >= p->len) {
    *offset = (u16_t)(*offset - p->len);
    p = p->next;
  }
  return p;
}

#endif /* BASE_PBUF_WALK_H */
