/**
 * @file
 * One-shot timers, embedded in whatever they belong to, on one intrusive heap per instance.
 *
 * A zeroed struct timer is one that is not set. Setting and cancelling never allocate and never
 * fail. Nothing ticks: an instance without a set timer asks for no wake-up.
 * Time is stack_now(): u32_t milliseconds that wrap, so no delay may exceed TIMER_DELAY_MS_MAX;
 * owners of longer times (leases, lifetimes) set the timer again.
 */
#ifndef GOSSAMER_TIMER_H
#define GOSSAMER_TIMER_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

struct timer;

/** Called once when due, with the timer already unset: it may be set again or its owner freed. */
typedef void (*timer_fn)(struct timer *t);

/** A pairing heap's node. The members are timer.c's own. */
struct timer {
  struct timer *child;  /* first of those due no sooner than this */
  struct timer *next;   /* next sibling */
  struct timer **pprev; /* what points here; NULL: not set */
  timer_fn fn;
  u32_t due_ms;
};

/** Half the clock's range, so that "due before" stays decidable. */
#define TIMER_DELAY_MS_MAX 0x3fffffffUL

/** What timer_sleep_ms() returns when no timer is set. */
#define TIMER_NEVER 0xffffffffUL

/** The struct of type `type` in which `t` is the member `member`. */
#define TIMER_OWNER(t, type, member) ((type *)(void *)((u8_t *)(t)-offsetof(type, member)))

/** Call `fn` in `delay_ms` milliseconds; a timer that is already set is moved. */
void timer_set(struct timer *t, timer_fn fn, u32_t delay_ms);

/** As timer_set(), but keeps an earlier due time that is already set. */
void timer_set_sooner(struct timer *t, timer_fn fn, u32_t delay_ms);

/** Forget it; harmless when it is not set. */
void timer_cancel(struct timer *t);

static inline bool timer_is_set(const struct timer *t)
{
  return t->pprev != NULL;
}

/** Milliseconds until `t` is due, 0 when overdue, TIMER_NEVER when not set. */
u32_t timer_remaining_ms(const struct timer *t);

/** Call everything due now. Timers that callbacks set for "now" wait for the next call.
    @return whether anything was due */
bool timers_run(void);

/** Milliseconds until the first timer is due: 0 now, TIMER_NEVER without any. */
u32_t timers_sleep_ms(void);

/**
 * For a thread that goes to sleep until the first timer while others may set timers (each under the
 * core lock): `sooner` is called when one is set, or the clock moved, so that the first is now due
 * before the one that was first at this call. It may be called several times. NULL: no more.
 */
void timers_watch(void (*sooner)(void));

/** Does a thread sleep and want to hear of it? For tests. */
bool timers_are_watched(void);

/** Is the first timer due before the one that was first at the last timers_watch()? */
bool timers_are_sooner(void);

/** Number of set timers: for tests that look for one left behind. */
u32_t timers_count(void);

/** Stop the timers' clock: nothing becomes due and nothing asks for a wake-up until it goes on. */
void timers_pause(void);

/** Go on after timers_pause(): every timer has as long to go as it had then. */
void timers_resume(void);

/** After a long sleep: the first timer is due now, the others as long after it as they were set. */
void timers_rebase(void);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TIMER_H */
