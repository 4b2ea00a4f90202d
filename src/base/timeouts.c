/**
 * @file
 * lwIP's sys_timeout() family on top of the timers (gossamer/timer.h).
 *
 * LWIP_TIMERS_CUSTOM 1: the port supplies this file's functions; it calls timers_run() when
 * timers_sleep_ms() has passed. LWIP_TIMERS 0: applications have no sys_timeout(), and whichever
 * of lwIP's *_tmr() functions they call runs what is due.
 */
#include "lwip/opt.h"
#include "lwip/timeouts.h"
#include "lwip/memp.h"
#include "base/base_module.h"
#include "base/core.h"
#include "gossamer/timer.h"

const struct lwip_cyclic_timer lwip_cyclic_timers[1] = {{0}};
const int lwip_num_cyclic_timers = 0;

#if LWIP_TIMERS && !LWIP_TIMERS_CUSTOM

struct timeouts_state {
  struct sys_timeo *pending;
};

STACK_STATE(struct timeouts_state, timeouts);

void sys_timeouts_init(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_resume();
}

void sys_timeouts_deinit(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_pause();
}

/** Take `timeo` off the list of the pending. */
static void timeout_unlink(struct sys_timeo *timeo)
{
  struct sys_timeo **link = &timeouts()->pending;
  while (*link != timeo) {
    link = &(*link)->next;
  }
  *link = timeo->next;
}

static void timeout_expired(struct timer *t)
{
  struct sys_timeo *timeo = TIMER_OWNER(t, struct sys_timeo, timer);
  sys_timeout_handler handler = timeo->h;
  void *arg = timeo->arg;
  timeout_unlink(timeo);
  memp_free(MEMP_SYS_TIMEOUT, timeo); /* first, so that the handler can have it again */
  if (handler != NULL) {
    handler(arg);
  }
  LWIP_TCPIP_THREAD_ALIVE();
}

static struct sys_timeo *timeout_add(u32_t msecs, sys_timeout_handler handler, void *arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct sys_timeo *timeo = (struct sys_timeo *)memp_malloc(MEMP_SYS_TIMEOUT);
  if (timeo == NULL) {
    return NULL;
  }
  *timeo = (struct sys_timeo){.next = timeouts()->pending, .h = handler, .arg = arg};
  timeouts()->pending = timeo;
  timer_set(&timeo->timer, timeout_expired, LWIP_MIN(msecs, TIMER_DELAY_MS_MAX));
  return timeo;
}

#if LWIP_DEBUG_TIMERNAMES
void sys_timeout_debug(u32_t msecs, sys_timeout_handler handler, void *arg,
                       const char *handler_name)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct sys_timeo *timeo = timeout_add(msecs, handler, arg);
  if (timeo != NULL) {
    timeo->handler_name = handler_name;
  }
}
#else
void sys_timeout(u32_t msecs, sys_timeout_handler handler, void *arg)
{
  timeout_add(msecs, handler, arg);
}
#endif

void sys_untimeout(sys_timeout_handler handler, void *arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct sys_timeo *soonest = NULL;
  for (struct sys_timeo *t = timeouts()->pending; t != NULL; t = t->next) {
    if (t->h == handler && t->arg == arg &&
        (soonest == NULL ||
         timer_remaining_ms(&t->timer) <= timer_remaining_ms(&soonest->timer))) {
      soonest = t;
    }
  }
  if (soonest != NULL) {
    timer_cancel(&soonest->timer);
    timeout_unlink(soonest);
    memp_free(MEMP_SYS_TIMEOUT, soonest);
  }
}

void sys_restart_timeouts(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  timers_rebase();
}

u32_t sys_check_timeouts(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!NO_SYS) {
    core_next_turn(); /* for who loops with the lock held */
  }
  timers_run();
  return timers_sleep_ms();
}

u32_t sys_timeouts_sleeptime(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  return timers_sleep_ms();
}

/** An instance ends: give the pending timeouts back. */
static void timeouts_fini(void)
{
  while (timeouts()->pending != NULL) {
    struct sys_timeo *timeo = timeouts()->pending;
    timer_cancel(&timeo->timer);
    timeouts()->pending = timeo->next;
    memp_free(MEMP_SYS_TIMEOUT, timeo);
  }
}

const struct net_module timeouts_module = {.name = "timeouts", .fini = timeouts_fini};

#endif

#if LWIP_TESTMODE && LWIP_TIMERS && !LWIP_TIMERS_CUSTOM
struct sys_timeo **sys_timeouts_get_next_timeout(void)
{
  return &timeouts()->pending;
}

void lwip_cyclic_timer(void *arg)
{
  LWIP_UNUSED_ARG(arg);
  timers_run();
}
#endif
