/**
 * @file
 * Packets that wait for a neighbour's address: ARP_QUEUE_LEN each with ARP_QUEUEING, else the
 * latest alone (RFC 1122 2.3.2.2).
 *
 * State: none but the queues, each a pointer in its entry.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/memp.h"
#include "link/arp_priv.h"
#include "link/pbuf_hold.h"

#if LWIP_IPV4 && LWIP_ARP && ARP_QUEUEING

struct pbuf *arp_queue_take(void **queue)
{
  struct etharp_q_entry *first = (struct etharp_q_entry *)*queue;
  if (first == NULL) {
    return NULL;
  }
  struct pbuf *p = first->p;
  *queue = first->next;
  memp_free(MEMP_ARP_QUEUE, first);
  return p;
}

/** Room for one more, at the cost of the oldest; false: there shall be none. */
static bool make_room(void **queue)
{
  unsigned count = 0;
  for (const struct etharp_q_entry *e = (struct etharp_q_entry *)*queue; e != NULL; e = e->next) {
    count++;
  }
  if (count < ARP_QUEUE_LEN) {
    return true;
  }
  if (ESP_LWIP_ARP) {
    drop(NULL, DROP_ARP_QUEUE_FULL);
    return false;
  }
  drop(arp_queue_take(queue), DROP_ARP_QUEUE_FULL);
  return true;
}

err_t arp_queue_add(void **queue, struct pbuf *p)
{
  if (!make_room(queue)) {
    return ERR_MEM;
  }
  struct etharp_q_entry *entry = (struct etharp_q_entry *)memp_malloc(MEMP_ARP_QUEUE);
  struct pbuf *held = (entry != NULL) ? pbuf_hold(p) : NULL;
  if (held == NULL) {
    if (entry != NULL) {
      memp_free(MEMP_ARP_QUEUE, entry);
    }
    ETHARP_STATS_INC(etharp.memerr);
    return ERR_MEM;
  }
  entry->p = held;
  entry->next = NULL;
  struct etharp_q_entry *last = (struct etharp_q_entry *)*queue;
  if (last == NULL) {
    *queue = entry;
    return ERR_OK;
  }
  while (last->next != NULL) {
    last = last->next;
  }
  last->next = entry;
  return ERR_OK;
}

#else

struct pbuf *arp_queue_take(void **queue)
{
  struct pbuf *p = (struct pbuf *)*queue;
  *queue = NULL;
  return p;
}

err_t arp_queue_add(void **queue, struct pbuf *p)
{
  if (ESP_LWIP_ARP && *queue != NULL) {
    drop(NULL, DROP_ARP_QUEUE_FULL);
    return ERR_MEM;
  }
  struct pbuf *held = pbuf_hold(p);
  if (held == NULL) {
    ETHARP_STATS_INC(etharp.memerr);
    return ERR_MEM;
  }
  if (*queue != NULL) {
    drop(arp_queue_take(queue), DROP_ARP_QUEUE_FULL);
  }
  *queue = held;
  return ERR_OK;
}

#endif /* LWIP_IPV4 && LWIP_ARP && ARP_QUEUEING */
