/**
 * @file
 * What the raw endpoints' sources share.
 */
#ifndef TRANSPORT_RAW_RAW_PRIV_H
#define TRANSPORT_RAW_RAW_PRIV_H

#include "lwip/raw.h"

/** The netif for packets of `pcb` to `dst`, or NULL. */
struct netif *raw_route(const struct raw_pcb *pcb, const ip_addr_t *dst);

/** A walk over all pcbs during which callbacks may remove any. */
struct raw_cursor {
  struct raw_pcb *at; /* the pcb to look at next */
  struct raw_cursor *outer;
};

/** Begin at the first pcb. */
void raw_cursor_enter(struct raw_cursor *c);
/** The next pcb, or NULL. */
struct raw_pcb *raw_cursor_next(struct raw_cursor *c);
void raw_cursor_leave(const struct raw_cursor *c);

#endif /* TRANSPORT_RAW_RAW_PRIV_H */
