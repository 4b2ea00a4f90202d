/**
 * @file
 * A broadcast or multicast datagram for every UDP pcb that fits (SO_REUSE_RXTOALL).
 *
 * Each gets a datagram of its own: callbacks own what they get and may change it. The last gets the
 * original, so a single receiver costs no copy.
 */
#include "lwip/opt.h"
#include "gossamer/drop.h"
#include "transport/udp/udp_priv.h"

/** The next pcb that fits, from where the walk stands; NULL: none is left. */
static struct udp_pcb *next_match(struct udp_cursor *c, const struct udp_query *q)
{
  for (;;) {
    while (c->at != NULL && udp_score(c->at, q) == 0) {
      c->at = udp_chain_next(c->at, c->chain);
    }
    if (c->at != NULL || c->chain == UDP_CHAIN_OPEN) {
      return c->at;
    }
    c->chain = UDP_CHAIN_OPEN;
    c->at = udp_chain_first(c->chain, q);
  }
}

static struct udp_pcb *take_match(struct udp_cursor *c, const struct udp_query *q)
{
  struct udp_pcb *pcb = next_match(c, q);
  if (pcb != NULL) {
    c->at = udp_chain_next(pcb, c->chain);
  }
  return pcb;
}

void udp_deliver_to_all(struct pbuf *p, const struct udp_query *q, const struct udp_header *h)
{
  struct udp_cursor c = {.at = udp_chain_first(UDP_CHAIN_RX_FIRST, q), .chain = UDP_CHAIN_RX_FIRST};
  struct udp_pcb *pcb;
  udp_cursor_enter(&c);
  while (p != NULL && (pcb = take_match(&c, q)) != NULL) {
    struct pbuf *copy = p;
    if (next_match(&c, q) != NULL) {
      copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
    } else {
      p = NULL;
    }
    if (copy != NULL) {
      udp_deliver(pcb, copy, q, h);
    } else {
      drop(NULL, DROP_UDP_NO_MEMORY);
    }
  }
  udp_cursor_leave(&c);
  if (p != NULL) {
    pbuf_free(p); /* a callback closed all that were still to come */
  }
}
