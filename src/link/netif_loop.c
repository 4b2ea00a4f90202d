/**
 * @file
 * Packets to ourselves: the queue that every netif has.
 *
 * State: a timer, set while a queue holds a packet; the queues themselves are in struct netif.
 *
 * Invariants: a queued packet is a single pbuf, so that `next` links the queue. It is delivered by
 * the timer or by netif_poll(), never by the call that queued it: however often two sockets of ours
 * answer each other, the C stack does not grow. netif->loop_last means nothing while loop_first is
 * NULL.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/priv/netif_fields.h"
#include "gossamer/drop.h"
#include "gossamer/timer.h"
#include "link/netif_priv.h"

#if ENABLE_LOOPBACK

STACK_STATE(struct timer, loop_delivery);

/** Deliver what waits now, at every netif. */
static void loop_deliver(struct timer *t)
{
  struct netif *netif = netif_first();
  while (netif != NULL && netif_is_listed(netif)) {
    struct netif *next = netif_next(netif);
    if (netif->loop_first != NULL) {
      netif_poll(netif);
    }
    netif = next;
  }
  if (netif != NULL) { /* a handler removed it, and who stands behind it is not known any more */
    timer_set_sooner(t, loop_deliver, 0);
  }
}

static err_t loop_refuse(struct netif *netif, enum drop_reason why)
{
  LWIP_UNUSED_ARG(netif);
  MIB2_STATS_NETIF_INC(netif, ifoutdiscards);
  drop(NULL, why);
  return ERR_MEM;
}

/** One pbuf, which nobody else looks at any more. */
static bool is_given(const struct pbuf *p)
{
  return (p->flags & (PBUF_FLAG_GIVEN | PBUF_FLAG_IS_CUSTOM)) == PBUF_FLAG_GIVEN && p->ref == 1 &&
         p->next == NULL;
}

/** What will be delivered: a copy, if the sender may change `p`, with room for an answer's headers
    in front. NULL: no memory. */
static struct pbuf *loop_hold(struct pbuf *p)
{
  if (!is_given(p)) {
    return pbuf_clone(PBUF_LINK, PBUF_RAM, p);
  }
  pbuf_ref(p);
  return p;
}

err_t netif_loop_output(struct netif *netif, struct pbuf *p)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (netif_loop_is_full(netif)) {
    return loop_refuse(netif, DROP_LOOP_FULL);
  }
  struct pbuf *held = loop_hold(p);
  if (held == NULL) {
    return loop_refuse(netif, DROP_LOOP_NO_MEMORY);
  }
  held->flags &= (u8_t)~PBUF_FLAG_GIVEN;
  held->flags |= PBUF_FLAG_LOOPED; /* tells IP that this never was on a wire */
  LINK_STATS_INC(link.xmit);
  MIB2_STATS_NETIF_ADD(netif, ifoutoctets, p->tot_len);
  MIB2_STATS_NETIF_INC(netif, ifoutucastpkts);
  if (netif->loop_first == NULL) {
    netif->loop_first = held;
  } else {
    netif->loop_last->next = held;
  }
  netif->loop_last = held;
  netif_loop_count(netif, 1);
  if (!timer_is_set(loop_delivery())) {
    timer_set(loop_delivery(), loop_deliver, 0);
  }
  return ERR_OK;
}

/** The oldest packet; NULL: the queue is empty. */
static struct pbuf *loop_take(struct netif *netif)
{
  struct pbuf *p = netif->loop_first;
  if (p != NULL) {
    netif->loop_first = p->next;
    p->next = NULL;
    netif_loop_count(netif, -1);
  }
  return p;
}

void netif_poll(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  /* What packets cause to be queued has to wait, or two sockets that answer each other never end.
   */
  unsigned count = 0;
  for (const struct pbuf *p = netif->loop_first; p != NULL; p = p->next) {
    count++;
  }
  while (count-- > 0 && netif_is_listed(netif)) {
    struct pbuf *p = loop_take(netif);
    if (p == NULL) {
      break;
    }
    LINK_STATS_INC(link.recv);
    MIB2_STATS_NETIF_ADD(netif, ifinoctets, p->tot_len);
    MIB2_STATS_NETIF_INC(netif, ifinucastpkts);
    netif_ip_rx(p, netif);
  }
}

void netif_poll_all(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  loop_deliver(loop_delivery());
}

void netif_loop_flush(struct netif *netif)
{
  struct pbuf *p;
  while ((p = loop_take(netif)) != NULL) {
    drop(p, DROP_NETIF_DOWN);
  }
}

void netif_loop_fini(void)
{
  timer_cancel(loop_delivery());
}

#endif /* ENABLE_LOOPBACK */
