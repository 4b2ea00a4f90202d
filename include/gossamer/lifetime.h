/**
 * @file
 * Lifetimes in seconds, up to 136 years or without end, on a clock of milliseconds that wraps after
 * 49.7 days (routers, prefixes, addresses, DNS servers: RFC 4861, 4862, 8106).
 *
 * A lifetime has no timer of its own: whoever owns some, one or a table of them, has a timer, sets
 * it with lifetime_wait_ms(), and looks which ones are over when it comes. Long waits come in
 * pieces, and each piece brings the lifetime up to date, which has to happen once in 24 days.
 *
 *     static void expire(struct timer *t)
 *     {
 *       u32_t wait_ms = TIMER_NEVER;
 *       (for every entry) if (lifetime_is_over(&e->life)) { free it }
 *       else { wait_ms = LWIP_MIN(wait_ms, lifetime_wait_ms(&e->life)); }
 *       lifetime_timer_set(t, expire, wait_ms);
 *     }
 */
#ifndef GOSSAMER_LIFETIME_H
#define GOSSAMER_LIFETIME_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What protocols use for "no end". */
#define LIFETIME_INFINITE 0xffffffffUL

/** Zeroed: over. The members are lifetime.c's own. */
struct lifetime {
  u32_t left_s;   /* LIFETIME_INFINITE, or seconds from since_ms on */
  u32_t since_ms; /* stack_now() */
};

/** It begins now and lasts `seconds`; LIFETIME_INFINITE: for ever. */
void lifetime_start(struct lifetime *l, u32_t seconds);

/** Likewise, but it began at `since_ms`, less than TIMER_DELAY_MS_MAX ago. */
void lifetime_start_at(struct lifetime *l, u32_t seconds, u32_t since_ms);

/** Whole seconds left, begun ones counted: 0 exactly when it is over. LIFETIME_INFINITE: no end. */
u32_t lifetime_left_s(const struct lifetime *l);

static inline bool lifetime_is_infinite(const struct lifetime *l)
{
  return l->left_s == LIFETIME_INFINITE;
}

static inline bool lifetime_is_over(const struct lifetime *l)
{
  return lifetime_left_s(l) == 0;
}

/**
 * How long to wait before looking again: until its end, but TIMER_DELAY_MS_MAX at most; 0: it is
 * over; TIMER_NEVER: it has no end. Brings `l` up to date.
 */
u32_t lifetime_wait_ms(struct lifetime *l);

/** timer_set(), or timer_cancel() for TIMER_NEVER. */
void lifetime_timer_set(struct timer *t, timer_fn fn, u32_t wait_ms);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_LIFETIME_H */
