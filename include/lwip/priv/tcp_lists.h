/**
 * @file
 * How connections and TIME-WAIT records are linked, with and without a hash (TCP_HASH_SIZE).
 *
 * With a hash there may be many: lists have pointers back, chains are those of the hash, each
 * connection has a timer. Without, there are few: the list is the one chain, what comes before is
 * looked for, and one timer serves all.
 */
#ifndef LWIP_HDR_PRIV_TCP_LISTS_H
#define LWIP_HDR_PRIV_TCP_LISTS_H

#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"

#if TCP_HASH_SIZE > 1

static inline struct tcp_pcb *tcp_list_before(struct tcp_pcb *list, const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(list);
  return pcb->prev;
}
static inline void tcp_list_before_set(struct tcp_pcb *pcb, struct tcp_pcb *before)
{
  pcb->prev = before;
}
static inline struct tcp_pcb **tcp_chain_link(struct tcp_pcb *pcb)
{
  return &pcb->hash_next;
}
static inline struct tcp_tw **tcp_tw_chain_link(struct tcp_tw *tw)
{
  return &tw->hash_next;
}
/** The timer that serves `pcb`; `shared` where that is all connections'. */
static inline struct timer *tcp_timer_of(struct tcp_pcb *pcb, struct timer *shared)
{
  LWIP_UNUSED_ARG(shared);
  return &pcb->timer;
}
/** Whose timer is it? NULL: all connections'. */
static inline struct tcp_pcb *tcp_timer_owner(struct timer *t)
{
  return TIMER_OWNER(t, struct tcp_pcb, timer);
}

#else

static inline struct tcp_pcb *tcp_list_before(struct tcp_pcb *list, const struct tcp_pcb *pcb)
{
  while (list != NULL && list->next != pcb) {
    list = list->next;
  }
  return list;
}
static inline void tcp_list_before_set(struct tcp_pcb *pcb, struct tcp_pcb *before)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(before);
}
static inline struct tcp_pcb **tcp_chain_link(struct tcp_pcb *pcb)
{
  return &pcb->next;
}
static inline struct tcp_tw **tcp_tw_chain_link(struct tcp_tw *tw)
{
  return &tw->next;
}
static inline struct timer *tcp_timer_of(struct tcp_pcb *pcb, struct timer *shared)
{
  LWIP_UNUSED_ARG(pcb);
  return shared;
}
static inline struct tcp_pcb *tcp_timer_owner(struct timer *t)
{
  LWIP_UNUSED_ARG(t);
  return NULL;
}

#endif

#endif /* LWIP_HDR_PRIV_TCP_LISTS_H */
