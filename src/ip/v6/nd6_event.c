/**
 * @file
 * Who wants to hear of Neighbor Discovery (gossamer/nd_events.h).
 *
 * State: the list of listeners, the program's storage. A listener may remove itself or others, add
 * some, or cause another event while it is told of one: every walk through the list has a cursor at
 * the listener that comes next, and removing a listener moves all cursors on.
 */
#include "gossamer/state.h"
#include "ip/v6/nd6_router_priv.h"

#if LWIP_IPV6 && LWIP_ND6

struct nd6_event_cursor {
  struct nd_listener *next;
  struct nd6_event_cursor *outer; /* of the event during which this one was caused */
};

struct nd6_event_state {
  struct nd_listener *first;
  struct nd6_event_cursor *cursor; /* innermost */
};

STACK_STATE(struct nd6_event_state, nd6_events);

void nd_listener_add(struct nd_listener *l)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!l->is_linked) {
    l->is_linked = true;
    l->next = nd6_events()->first;
    nd6_events()->first = l;
  }
}

void nd_listener_remove(struct nd_listener *l)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct nd_listener **at = &nd6_events()->first;
  while (*at != NULL && *at != l) {
    at = &(*at)->next;
  }
  if (*at == NULL) {
    return;
  }
  for (struct nd6_event_cursor *c = nd6_events()->cursor; c != NULL; c = c->outer) {
    if (c->next == l) {
      c->next = l->next;
    }
  }
  *at = l->next;
  l->next = NULL;
  l->is_linked = false;
}

void nd6_event_raise(const struct nd_event *e)
{
  struct nd6_event_cursor c = {nd6_events()->first, nd6_events()->cursor};
  nd6_events()->cursor = &c;
  while (c.next != NULL) {
    struct nd_listener *l = c.next;
    c.next = l->next;
    l->event(l, e);
  }
  nd6_events()->cursor = c.outer;
}

void nd6_listeners_fini(void)
{
  while (nd6_events()->first != NULL) {
    nd_listener_remove(nd6_events()->first);
  }
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
