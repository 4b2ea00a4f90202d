/**
 * @file
 * How connections and TIME-WAIT records are linked, with and without a hash (TCP_HASH_SIZE).
 *
 * With a hash there may be many: lists have pointers back, chains are those of the hash. Without,
 * there are few: the list is the one chain, and what comes before is looked for.
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

#endif

#endif /* LWIP_HDR_PRIV_TCP_LISTS_H */
