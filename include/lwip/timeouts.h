/**
 * @file
 * Timeouts of applications, and the calls by which a port drives all timers of a stack.
 *
 * Gossamer's own timers are one-shot and embedded in their owners (gossamer/timer.h): nothing
 * ticks, an idle stack asks for no wake-up. All functions: core lock held, or the one thread of
 * NO_SYS.
 */
#ifndef LWIP_HDR_TIMEOUTS_H
#define LWIP_HDR_TIMEOUTS_H

#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/sys.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef LWIP_DEBUG_TIMERNAMES
#ifdef LWIP_DEBUG
#define LWIP_DEBUG_TIMERNAMES SYS_DEBUG
#else
#define LWIP_DEBUG_TIMERNAMES 0
#endif
#endif

/** What sys_timeouts_sleeptime() returns when there is nothing to wake up for. */
#define SYS_TIMEOUTS_SLEEPTIME_INFINITE 0xFFFFFFFF

/** A function that lwIP calls at a fixed interval. */
typedef void (*lwip_cyclic_timer_handler)(void);

/** One periodic job. Gossamer has none: the table is empty and kept for programs that walk it. */
struct lwip_cyclic_timer {
  u32_t interval_ms;
  lwip_cyclic_timer_handler handler;
#if LWIP_DEBUG_TIMERNAMES
  const char *handler_name;
#endif
};

extern const struct lwip_cyclic_timer lwip_cyclic_timers[];
extern const int lwip_num_cyclic_timers;

#if LWIP_TIMERS

typedef void (*sys_timeout_handler)(void *arg);

/** One pending sys_timeout(). */
struct sys_timeo {
  struct sys_timeo *next; /* all pending ones of the instance, in no order */
  struct timer timer;
  sys_timeout_handler h;
  void *arg;
#if LWIP_DEBUG_TIMERNAMES
  const char *handler_name;
#endif
};

/** Start the timers, or let them go on after sys_timeouts_deinit() with the time they had left. */
void sys_timeouts_init(void);

/** Stop all timers: nothing runs, and sys_timeouts_sleeptime() is infinite, until the next init. */
void sys_timeouts_deinit(void);

/**
 * Call `handler(arg)` once in `msecs` milliseconds (at most TIMER_DELAY_MS_MAX; more is clamped).
 * Memory comes from the pool SYS_TIMEOUT; when that is empty the call is counted in the pool's
 * statistics and nothing is scheduled: code that must not lose a timeout embeds a struct timer.
 */
#if LWIP_DEBUG_TIMERNAMES
void sys_timeout_debug(u32_t msecs, sys_timeout_handler handler, void *arg,
                       const char *handler_name);
#define sys_timeout(msecs, handler, arg) sys_timeout_debug(msecs, handler, arg, #handler)
#else
void sys_timeout(u32_t msecs, sys_timeout_handler handler, void *arg);
#endif

/** Forget the soonest pending timeout of this handler and argument, if there is one. */
void sys_untimeout(sys_timeout_handler handler, void *arg);

/** After a sleep in which time should not count: the first timer is due now, the rest follow. */
void sys_restart_timeouts(void);

/**
 * Run all that is due. NO_SYS main loops call it whenever sys_timeouts_sleeptime() has passed.
 * @return as sys_timeouts_sleeptime(), after that
 */
u32_t sys_check_timeouts(void);

/** Milliseconds until something is due: 0 at once, SYS_TIMEOUTS_SLEEPTIME_INFINITE never. Exact. */
u32_t sys_timeouts_sleeptime(void);

#if LWIP_TESTMODE
/** The list of pending sys_timeout()s, for tests. */
struct sys_timeo **sys_timeouts_get_next_timeout(void);
void lwip_cyclic_timer(void *arg);
#endif

#endif /* LWIP_TIMERS */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_TIMEOUTS_H */
