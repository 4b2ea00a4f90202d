/**
 * @file
 * May a received packet be written to?
 */
#ifndef IP_PBUF_EXCLUSIVE_H
#define IP_PBUF_EXCLUSIVE_H

#include <stdbool.h>
#include "lwip/pbuf.h"

/** Nobody else holds any part of the packet, so that it may be changed. */
static inline bool pbuf_is_exclusive(const struct pbuf *p)
{
  while (p != NULL && p->ref == 1) {
    p = p->next;
  }
  return p == NULL;
}

#endif /* IP_PBUF_EXCLUSIVE_H */
