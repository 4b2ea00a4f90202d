/**
 * @file
 * Walks over UDP pcbs that survive what callbacks do: the next pcb of each walk is known here, and
 * a pcb that leaves its chain pushes the walk on.
 *
 * State: the innermost walk. Walks nest when a link delivers synchronously what a callback sends.
 */
#include "lwip/opt.h"
#include "transport/udp/udp_priv.h"

STACK_STATE(struct udp_cursor *, udp_cursors);

void udp_cursor_enter(struct udp_cursor *c)
{
  c->outer = *udp_cursors();
  *udp_cursors() = c;
}

void udp_cursor_leave(const struct udp_cursor *c)
{
  *udp_cursors() = c->outer;
}

void udp_cursors_skip(const struct udp_pcb *pcb, int chain)
{
  struct udp_cursor *c = UDP_RX_TO_ALL ? *udp_cursors() : NULL;
  for (; c != NULL; c = c->outer) {
    if (c->at == pcb && c->chain == chain) {
      c->at = udp_chain_next(pcb, chain);
    }
  }
}
