/**
 * @file
 * Keeping a packet beyond its sender's call, while a neighbour's address is looked for.
 */
#ifndef LINK_PBUF_HOLD_H
#define LINK_PBUF_HOLD_H

#include "lwip/pbuf.h"

/** What of `p` may be kept: `p` itself, held once more, or a copy where its memory is volatile.
    NULL: no memory. */
static inline struct pbuf *pbuf_hold(struct pbuf *p)
{
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    if (PBUF_NEEDS_COPY(q)) {
      return pbuf_clone(PBUF_LINK, PBUF_RAM, p);
    }
  }
  pbuf_ref(p);
  return p;
}

#endif /* LINK_PBUF_HOLD_H */
