/**
 * @file
 * Entering an instance and taking its core lock, for the API of threads.
 */
#ifndef LWIP_HDR_API_CORE_H
#define LWIP_HDR_API_CORE_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/priv/tcpip_priv.h"
#include "gossamer/stack.h"
#if LWIP_MULTI_INSTANCE
#include <stdatomic.h>
#endif

/**
 * A flag that threads of several instances set and clear.
 */
#if LWIP_MULTI_INSTANCE

typedef atomic_bool core_flag_t;

/** @return what it was */
static inline bool core_flag_set(core_flag_t *flag, bool value)
{
  return atomic_exchange(flag, value);
}

static inline bool core_flag_get(core_flag_t *flag)
{
  return atomic_load(flag);
}

#else

typedef bool core_flag_t;

static inline bool core_flag_set(core_flag_t *flag, bool value)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  bool before = *flag;
  *flag = value;
  SYS_ARCH_UNPROTECT(lev);
  return before;
}

static inline bool core_flag_get(core_flag_t *flag)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  bool value = *flag;
  SYS_ARCH_UNPROTECT(lev);
  return value;
}

#endif

/** A semaphore to wait by: the thread's, or one for this time. */
struct core_sem {
  sys_sem_t *sem;
#if !LWIP_NETCONN_SEM_PER_THREAD
  sys_sem_t own;
#endif
};

/** @return false: none could be had */
static inline bool core_sem_open(struct core_sem *s)
{
#if LWIP_NETCONN_SEM_PER_THREAD
  s->sem = LWIP_NETCONN_THREAD_SEM_GET();
  return s->sem != NULL;
#else
  s->sem = &s->own;
  return sys_sem_new(&s->own, 0) == ERR_OK;
#endif
}

static inline void core_sem_close(struct core_sem *s)
{
#if !LWIP_NETCONN_SEM_PER_THREAD
  sys_sem_free(&s->own);
#endif
  LWIP_UNUSED_ARG(s);
}

/**
 * sys_arch_sem_wait() of a thread that may be ended there by another one (pthread_cancel()); then
 * `abandon(arg)` is called, without the core lock, as the thread's last act in the stack. A port
 * without such a thing needs none. No other wait of the port may end a thread.
 */
#ifndef LWIP_SEM_WAIT_CANCELLABLE
#define LWIP_SEM_WAIT_CANCELLABLE(sem, timeout_ms, abandon, arg) sys_arch_sem_wait(sem, timeout_ms)
#endif

/** To be given back by core_leave(). */
struct core_hold {
#if LWIP_MULTI_INSTANCE
  struct stack *before;
#else
  u8_t nothing;
#endif
};

#if LWIP_MULTI_INSTANCE

/** Enter the object's instance and take its lock. */
#define core_enter(object) core_enter_stack((object)->stack)
#define CORE_OF_OBJECT     struct stack *stack /* the instance that it belongs to */
/** Note the current instance in the object. */
#define core_note(object) ((object)->stack = stack_current())

static inline struct core_hold core_enter_stack(struct stack *s)
{
  struct core_hold hold = {.before = stack_enter(s)};
  LOCK_TCPIP_CORE();
  return hold;
}

static inline void core_leave(struct core_hold hold)
{
  UNLOCK_TCPIP_CORE();
  stack_leave(hold.before);
}

#else

#define core_note(object)  LWIP_UNUSED_ARG(object)
#define core_enter(object) core_enter_stack()
#define CORE_OF_OBJECT     u8_t nothing

static inline struct core_hold core_enter_stack(void)
{
  struct core_hold hold = {0};
  LOCK_TCPIP_CORE();
  return hold;
}

static inline void core_leave(struct core_hold hold)
{
  LWIP_UNUSED_ARG(hold);
  UNLOCK_TCPIP_CORE();
}

#endif

/** May the calling thread give up the core lock and wait? Not in callbacks, which hold it twice. */
static inline bool core_may_wait(void)
{
  return tcpip_core_may_wait() != 0;
}

#endif /* LWIP_HDR_API_CORE_H */
