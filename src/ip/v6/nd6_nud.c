/**
 * @file
 * Neighbour unreachability detection and what messages do to entries: RFC 4861 7.2.2 to 7.2.6,
 * 7.3, appendix C. The states are drawn in nd6_priv.h.
 *
 * No state but the entries'. A timer runs while a neighbour is asked for or about to be probed.
 * REACHABLE ends by time stamp when somebody looks, so idle entries cost no wake-up. (One that
 * nobody looks at for the clock's 49 days may count as reachable for one more ReachableTime.)
 *
 * The address may be answered from within the call that sends a solicitation: before it, an entry
 * is as it shall be; behind it, it may be another's.
 *
 * Deviation: answering a solicitation is no use of the entry that it made. RFC 4861 7.3.3 would
 * have us probe every stranger who asks for us, and strangers' entries would look alive.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/stats.h"
#include "ip/v6/nd6_priv.h"

#if LWIP_IPV6 && LWIP_ND6

static void nd6_timeout(struct timer *t);

/** One more solicitation, to the group while INCOMPLETE, to the neighbour alone in PROBE. */
static void ask(struct nd6_neighbor *e)
{
  e->tries++;
  timer_set(&e->timer, nd6_timeout, nd6_retrans_ms(e->netif));
  nd6_note_asked(e);
  nd6_solicit(e, e->state == NEIGHBOR_PROBE);
}

void nd6_neighbor_resolve(struct nd6_neighbor *e)
{
  if (nd6_may_ask(e)) {
    ask(e);
  } else {
    timer_set(&e->timer, nd6_timeout, nd6_retrans_ms(e->netif));
  }
}

/** It does not answer: everything that leads there is determined anew (RFC 4861 7.3.3). */
static void give_up(struct nd6_neighbor *e)
{
  struct nd6_neighbor lost = *e; /* with the packets that wait */
  e->queue = NULL;
  e->queued = 0;
  nd6_neighbor_release(e, DROP_NONE);
  nd6_destinations_forget_via(lost.netif, &lost.addr);
  nd6_router_unreachable(lost.netif, &lost.addr);
  const struct nd_event gone = {
      .kind = ND_EVENT_NEIGHBOR_UNREACHABLE, .netif = lost.netif, .addr = &lost.addr};
  nd6_event_raise(&gone);
  struct pbuf *p; /* no word of the netif from here on: a listener may have removed it */
  while ((p = nd6_queue_take(&lost)) != NULL) {
    nd6_report_unreachable(p);
    drop(p, DROP_ND6_UNRESOLVED);
  }
}

static void nd6_timeout(struct timer *t)
{
  struct nd6_neighbor *e = TIMER_OWNER(t, struct nd6_neighbor, timer);
  if (e->state == NEIGHBOR_DELAY) {
    e->state = NEIGHBOR_PROBE;
    e->tries = 0;
  }
  u8_t tries_max =
      (e->state == NEIGHBOR_PROBE) ? LWIP_ND6_MAX_UNICAST_SOLICIT : LWIP_ND6_MAX_MULTICAST_SOLICIT;
  if (e->tries < tries_max) {
    ask(e);
  } else {
    give_up(e);
  }
}

enum neighbor_state nd6_neighbor_state(struct nd6_neighbor *e)
{
  if (e->state == NEIGHBOR_REACHABLE &&
      nd6_elapsed_ms(e->confirmed_ms) >= nd6_reachable_ms(e->netif)) {
    e->state = NEIGHBOR_STALE;
  }
  return (enum neighbor_state)e->state;
}

bool nd6_neighbor_may_be_reachable(const struct netif *netif, const ip6_addr_t *addr)
{
  const struct nd6_neighbor *e = nd6_neighbor_find(netif, addr);
  return e == NULL || e->state != NEIGHBOR_INCOMPLETE;
}

void nd6_neighbor_confirm(struct nd6_neighbor *e)
{
  if (!nd6_is_resolved(e) || e->state == NEIGHBOR_STATIC) {
    return;
  }
  timer_cancel(&e->timer);
  e->state = NEIGHBOR_REACHABLE;
  e->confirmed_ms = stack_now();
  if (e->is_router) {
    nd6_router_reachable(e->netif, &e->addr);
  }
}

void nd6_neighbor_use(struct nd6_neighbor *e)
{
  e->used_ms = stack_now();
  e->is_wanted = true;
  if (nd6_neighbor_state(e) == NEIGHBOR_STALE) {
    e->state = NEIGHBOR_DELAY;
    timer_set(&e->timer, nd6_timeout, LWIP_ND6_DELAY_FIRST_PROBE_TIME);
  }
}

void nd6_neighbor_probe(struct netif *netif, const ip6_addr_t *addr)
{
  struct nd6_neighbor *e = nd6_neighbor_find(netif, addr);
  if (e == NULL) {
    e = nd6_neighbor_create(netif, addr, ND6_WORTH_LIVE);
    if (e != NULL) {
      nd6_neighbor_resolve(e);
    }
  } else if (nd6_neighbor_state(e) == NEIGHBOR_STALE || e->state == NEIGHBOR_DELAY) {
    e->state = NEIGHBOR_PROBE;
    e->tries = 0;
    ask(e);
  }
}

void nd6_neighbor_flush(struct nd6_neighbor *e)
{
  struct nd6_neighbor waiting = *e;
  e->queue = NULL; /* ours now: the driver might come back to us from within the call */
  e->queued = 0;
  struct pbuf *p;
  while ((p = nd6_queue_take(&waiting)) != NULL) {
    const ip6_addr_t *before = nd6_direct_set(&waiting.addr);
    waiting.netif->output_ip6(waiting.netif, p, &waiting.addr);
    nd6_direct_set(before);
    pbuf_free(p);
  }
}

/** Does the address differ from what we have? Never so without one. */
static bool is_other_lladdr(const struct nd6_neighbor *e, const struct nd6_lladdr *ll)
{
  return ll->len != 0 && memcmp(e->lladdr, ll->addr, ll->len) != 0;
}

static void set_lladdr(struct nd6_neighbor *e, const struct nd6_lladdr *ll)
{
  memcpy(e->lladdr, ll->addr, ll->len);
}

/** Known, but by hearsay. */
static void become_stale(struct nd6_neighbor *e)
{
  timer_cancel(&e->timer);
  e->state = NEIGHBOR_STALE;
}

/** What it knows of itself: a new address makes it stale, and lets go what waits for one. */
static void learn_lladdr(struct nd6_neighbor *e, const struct nd6_lladdr *ll)
{
  if (e->state == NEIGHBOR_INCOMPLETE || (e->state != NEIGHBOR_STATIC && is_other_lladdr(e, ll))) {
    set_lladdr(e, ll);
    become_stale(e);
    nd6_neighbor_flush(e);
  }
}

void nd6_neighbor_learn(struct netif *netif, const ip6_addr_t *addr, const struct nd6_lladdr *ll,
                        enum nd6_role role)
{
  bool has_lladdr = ll != NULL && ll->len != 0;
  struct nd6_neighbor *e = nd6_neighbor_find(netif, addr);
  if (e == NULL && has_lladdr) {
    e = nd6_neighbor_create(netif, addr, ND6_WORTH_IDLE);
  }
  if (e == NULL) {
    return;
  }
  bool was_router = e->is_router;
  if (role != ND6_ROLE_UNSAID) {
    e->is_router = role == ND6_ROLE_ROUTER;
  }
  if (has_lladdr) {
    learn_lladdr(e, ll); /* the entry may be gone afterwards */
  }
  if (was_router && role == ND6_ROLE_HOST) {
    nd6_router_lost(netif, addr);
  }
}

/** RFC 4861 7.2.5 for a neighbour that we are asking for: the only doubt is whether it answers. */
static enum drop_reason advertised_incomplete(struct nd6_neighbor *e, const struct nd6_na *na)
{
  if (na->target_ll.len == 0 && e->netif->hwaddr_len != 0) {
    return DROP_ND6_NO_LLADDR;
  }
  set_lladdr(e, &na->target_ll);
  become_stale(e);
  return DROP_NONE;
}

/** ... for one whose link-layer address is known. */
static enum drop_reason advertised_known(struct nd6_neighbor *e, const struct nd6_na *na)
{
  bool is_other = is_other_lladdr(e, &na->target_ll);
  if (is_other && !(na->flags & ND6_FLAG_OVERRIDE)) {
    if (nd6_neighbor_state(e) == NEIGHBOR_REACHABLE) {
      become_stale(e);
    }
    return DROP_ND6_NOT_OVERRIDDEN;
  }
  if (is_other) {
    set_lladdr(e, &na->target_ll);
    become_stale(e);
  }
  return DROP_NONE;
}

enum drop_reason nd6_neighbor_advertised(struct nd6_neighbor *e, const struct nd6_na *na)
{
  struct netif *netif = e->netif;
  ip6_addr_t addr = e->addr;
  enum neighbor_state state = nd6_neighbor_state(e);
  if (state == NEIGHBOR_STATIC) {
    return DROP_ND6_STATIC;
  }
  enum drop_reason bad =
      (state == NEIGHBOR_INCOMPLETE) ? advertised_incomplete(e, na) : advertised_known(e, na);
  if (bad != DROP_NONE) {
    return bad;
  }
  bool was_router = e->is_router;
  e->is_router = (na->flags & ND6_FLAG_ROUTER) != 0;
  if (na->flags & ND6_FLAG_SOLICITED) {
    nd6_neighbor_confirm(e);
  }
  nd6_neighbor_flush(e); /* the entry may be gone afterwards */
  if (was_router && !(na->flags & ND6_FLAG_ROUTER)) {
    nd6_router_lost(netif, &addr);
  }
  return DROP_NONE;
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
