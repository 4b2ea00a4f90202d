/**
 * @file
 * Waiting: lists of waiters, and their sleep.
 *
 * Invariants: a semaphore has at most one unit, given by whoever sets is_woken and taken by the
 * sleeper who clears it, so that none is left when a thread's semaphore is used for the next wait.
 * It is given when the core lock is given back, so that the sleeper does not wake to wait for that.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "gossamer/stack.h"
#include "lwip/tcpip.h"
#include "api/wait.h"

struct api_deadline api_deadline_in(u32_t timeout_ms)
{
  struct api_deadline d = {.is_set = timeout_ms != 0, .len_ms = timeout_ms};
  d.start = d.is_set ? stack_now() : 0;
  return d;
}

bool api_waiter_init(struct api_waiter *waiter)
{
  memset(waiter, 0, sizeof *waiter); /* its flag is no flag yet */
  return core_sem_open(&waiter->sem);
}

void api_waiter_end(struct api_waiter *waiter)
{
  if (core_flag_set(&waiter->is_woken, false)) {
    core_signals_now();
    sys_sem_wait(waiter->sem.sem); /* nobody can give more: it stands on no list */
  }
  core_sem_close(&waiter->sem);
}

void api_wait_add(struct api_wait *wait, struct api_waiter *waiter, struct api_wait **list,
                  u8_t events)
{
  wait->waiter = waiter;
  wait->events = events;
  core_note(wait);
  wait->next = *list;
  wait->pprev = list;
  if (*list != NULL) {
    (*list)->pprev = &wait->next;
  }
  *list = wait;
}

void api_wait_remove(struct api_wait *wait)
{
  if (wait->pprev == NULL) {
    return;
  }
  *wait->pprev = wait->next;
  if (wait->next != NULL) {
    wait->next->pprev = wait->pprev;
  }
  wait->pprev = NULL;
}

void api_wait_leave(struct api_wait *wait)
{
  if (wait->waiter != NULL) {
    struct core_hold hold = core_enter(wait);
    api_wait_remove(wait);
    core_leave(hold);
    wait->waiter = NULL;
  }
}

/** Milliseconds that are left; 0: none. For ever: 0 means that to sys_arch_sem_wait(). */
static u32_t left_ms(const struct api_deadline *d)
{
  u32_t gone = stack_now() - d->start;
  return gone >= d->len_ms ? 0 : d->len_ms - gone;
}

bool api_deadline_is_over(const struct api_deadline *d)
{
  return d->is_set && left_ms(d) == 0;
}

/** Here, and nowhere else in a call, threads may be ended. */
static u32_t wait_for_unit(struct api_waiter *waiter, u32_t timeout_ms)
{
  if (waiter->abandon == NULL) {
    return sys_arch_sem_wait(waiter->sem.sem, timeout_ms);
  }
  return LWIP_SEM_WAIT_CANCELLABLE(waiter->sem.sem, timeout_ms, waiter->abandon,
                                   waiter->abandon_arg);
}

/** Take the unit, or be sure that none was to come when the time was over. @return whether there
    was one */
static bool take_unit(struct api_waiter *waiter, u32_t timeout_ms)
{
  bool is_taken = wait_for_unit(waiter, timeout_ms) != SYS_ARCH_TIMEOUT;
  if (!is_taken && core_flag_get(&waiter->is_woken)) {
    sys_sem_wait(waiter->sem.sem);
    is_taken = true;
  }
  if (is_taken) {
    core_flag_set(&waiter->is_woken, false); /* not before: `signal` is in somebody's list */
  }
  return is_taken;
}

bool api_waiter_sleep(struct api_waiter *waiter, const struct api_deadline *deadline,
                      bool is_locked)
{
  u32_t timeout_ms = 0;
  if (deadline->is_set) {
    timeout_ms = left_ms(deadline);
    if (timeout_ms == 0) {
      return false;
    }
  }
  if (is_locked) {
    UNLOCK_TCPIP_CORE();
  }
  bool is_woken = take_unit(waiter, timeout_ms);
  if (is_locked) {
    LOCK_TCPIP_CORE();
  }
  return is_woken;
}

static void wake(const struct api_wait *wait)
{
  struct api_waiter *waiter = wait->waiter;
  if (!core_flag_set(&waiter->is_woken, true)) {
    waiter->signal.sem = waiter->sem.sem;
    core_signal(&waiter->signal);
  }
}

void api_wake(struct api_wait *list, u8_t events)
{
  for (const struct api_wait *w = list; w != NULL; w = w->next) {
    if ((w->events & events) != 0) {
      wake(w);
    }
  }
}

void api_wake_and_empty(struct api_wait **list)
{
  while (*list != NULL) {
    struct api_wait *w = *list;
    api_wait_remove(w);
    wake(w);
  }
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
