/**
 * @file
 * Packets that wait for a neighbour's link-layer address (RFC 4861 7.2.2): MEMP_NUM_ND6_QUEUE over
 * all neighbours with LWIP_ND6_QUEUEING, else the latest of each.
 *
 * State: how many wait; and the queues, each a pointer in its neighbour's entry.
 *
 * At the bound, whoever has most packets waiting gives his oldest: many packets to one neighbour
 * that does not exist, or one to each of many such, hold back nobody else's. ESP_ND6_QUEUEING
 * refuses the newest instead, and its sender hears of it.
 */
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "lwip/priv/nd6_priv.h"
#include "ip/v6/nd6_priv.h"
#include "link/pbuf_hold.h"

#if LWIP_IPV6 && LWIP_ND6 && LWIP_ND6_QUEUEING

STACK_STATE(u32_t, num_waiting);

struct pbuf *nd6_queue_take(struct nd6_neighbor *e)
{
  struct nd6_q_entry *first = (struct nd6_q_entry *)e->queue;
  if (first == NULL) {
    return NULL;
  }
  struct pbuf *p = first->p;
  e->queue = first->next;
  e->queued--;
  (*num_waiting())--;
  memp_free(MEMP_ND6_QUEUE, first);
  return p;
}

const struct pbuf *nd6_queue_first(const struct nd6_neighbor *e)
{
  const struct nd6_q_entry *first = (const struct nd6_q_entry *)e->queue;
  return (first != NULL) ? first->p : NULL;
}

/** Whoever has most; `e` among equals, so that a single sender keeps his newest packets. */
static struct nd6_neighbor *find_longest(struct nd6_neighbor *e)
{
  for (unsigned i = 0; i < LWIP_ND6_NUM_NEIGHBORS; i++) {
    struct nd6_neighbor *other = nd6_neighbor_at(i);
    if (other->queued > e->queued) {
      e = other;
    }
  }
  return e;
}

/** Room for one more; false: there shall be none. */
static bool make_room(struct nd6_neighbor *e)
{
  if (*num_waiting() < (MEMP_NUM_ND6_QUEUE)) {
    return true;
  }
  if (ESP_ND6_QUEUEING) {
    drop(NULL, DROP_ND6_QUEUE_FULL);
    return false;
  }
  struct pbuf *oldest = nd6_queue_take(find_longest(e));
  drop(oldest, DROP_ND6_QUEUE_FULL);
  return oldest != NULL; /* else all are in the midst of being sent */
}

err_t nd6_queue_add(struct nd6_neighbor *e, struct pbuf *p)
{
  if (!make_room(e)) {
    return ERR_MEM;
  }
  struct nd6_q_entry *entry = (struct nd6_q_entry *)memp_malloc(MEMP_ND6_QUEUE);
  struct pbuf *held = (entry != NULL) ? pbuf_hold(p) : NULL;
  if (held == NULL) {
    if (entry != NULL) {
      memp_free(MEMP_ND6_QUEUE, entry);
    }
    ND6_STATS_INC(nd6.memerr);
    return ERR_MEM;
  }
  entry->p = held;
  entry->next = NULL;
  e->queued++;
  (*num_waiting())++;
  struct nd6_q_entry *last = (struct nd6_q_entry *)e->queue;
  if (last == NULL) {
    e->queue = entry;
    return ERR_OK;
  }
  while (last->next != NULL) {
    last = last->next;
  }
  last->next = entry;
  return ERR_OK;
}

#elif LWIP_IPV6 && LWIP_ND6

struct pbuf *nd6_queue_take(struct nd6_neighbor *e)
{
  struct pbuf *p = (struct pbuf *)e->queue;
  e->queue = NULL;
  e->queued = 0;
  return p;
}

const struct pbuf *nd6_queue_first(const struct nd6_neighbor *e)
{
  return (const struct pbuf *)e->queue;
}

err_t nd6_queue_add(struct nd6_neighbor *e, struct pbuf *p)
{
  if (ESP_ND6_QUEUEING && e->queue != NULL) {
    drop(NULL, DROP_ND6_QUEUE_FULL);
    return ERR_MEM;
  }
  struct pbuf *held = pbuf_hold(p);
  if (held == NULL) {
    ND6_STATS_INC(nd6.memerr);
    return ERR_MEM;
  }
  if (e->queue != NULL) {
    drop(nd6_queue_take(e), DROP_ND6_QUEUE_FULL);
  }
  e->queue = held;
  e->queued = 1;
  return ERR_OK;
}

#endif
