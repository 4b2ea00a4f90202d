/**
 * @file
 * lwip/sys.h on pthreads: semaphores, mutexes, mailboxes, threads and the protection of counters
 * and free lists.
 *
 * State: one protection lock per stack instance, and in each thread how deep it holds it and its
 * semaphore for netconns. Waiting counts on the monotonic clock, so setting the wall clock does not
 * prolong it.
 *
 * pthread_cancel() ends a thread in no wait but sys_arch_sem_wait_cancellable(): elsewhere others
 * count on it.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/err.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "gossamer/stack.h"

struct sys_arch_state {
  atomic_bool is_locked;
};

STACK_STATE(struct sys_arch_state, sys_arch);

_Thread_local char lwip_port_thread;

void sys_init(void)
{
  atomic_store(&sys_arch()->is_locked, false);
}

#if SYS_LIGHTWEIGHT_PROT

/** How often this thread holds the lock: it nests, and is taken only once. */
static _Thread_local unsigned protect_depth;

/** Looks at a lock that is held for a few instructions before one sleeps instead. */
#define PROTECT_LOOKS 100

/** Somebody has it. One who does not run just now gets the processor, whatever his priority. */
static __attribute__((noinline)) void protect_wait(atomic_bool *is_locked)
{
  const struct timespec pause = {.tv_nsec = 20000};
  for (unsigned looks = 1; atomic_exchange_explicit(is_locked, true, memory_order_acquire);
       looks++) {
    if (looks % PROTECT_LOOKS == 0) {
      nanosleep(&pause, NULL);
    }
  }
}

sys_prot_t sys_arch_protect(void)
{
  atomic_bool *is_locked = &sys_arch()->is_locked;
  if (protect_depth == 0 && atomic_exchange_explicit(is_locked, true, memory_order_acquire)) {
    protect_wait(is_locked);
  }
  return protect_depth++;
}

void sys_arch_unprotect(sys_prot_t pval)
{
  LWIP_ASSERT("sys_arch_unprotect: as often as sys_arch_protect()", protect_depth == pval + 1);
  protect_depth = pval;
  if (pval == 0) {
    atomic_store_explicit(&sys_arch()->is_locked, false, memory_order_release);
  }
}

#endif

int lwip_unix_keypressed(void);

int lwip_unix_keypressed(void)
{
  struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&in, 1, 0) > 0;
}

#if !NO_SYS

/** What everything that can be waited for is made of. */
struct waitable {
  pthread_mutex_t lock;
  pthread_cond_t changed;
};

static bool waitable_init(struct waitable *w)
{
  pthread_condattr_t attr;
  if (pthread_condattr_init(&attr) != 0) {
    return false;
  }
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  int failed = pthread_cond_init(&w->changed, &attr);
  pthread_condattr_destroy(&attr);
  if (failed) {
    return false;
  }
  if (pthread_mutex_init(&w->lock, NULL) != 0) {
    pthread_cond_destroy(&w->changed);
    return false;
  }
  return true;
}

static void waitable_destroy(struct waitable *w)
{
  pthread_cond_destroy(&w->changed);
  pthread_mutex_destroy(&w->lock);
}

static struct timespec time_now(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now;
}

static struct timespec time_add_ms(struct timespec t, u32_t ms)
{
  t.tv_sec += (time_t)(ms / 1000);
  t.tv_nsec += (long)(ms % 1000) * 1000000;
  if (t.tv_nsec >= 1000000000) {
    t.tv_sec++;
    t.tv_nsec -= 1000000000;
  }
  return t;
}

/** Milliseconds since `start`: what waits return, and never SYS_ARCH_TIMEOUT. */
static u32_t time_since_ms(struct timespec start)
{
  struct timespec now = time_now();
  s64_t ms = (s64_t)(now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
  return ms >= (s64_t)SYS_ARCH_TIMEOUT ? (u32_t)SYS_ARCH_TIMEOUT - 1 : (u32_t)ms;
}

/** When a wait begins; of one without end nobody asks how long it was. */
static struct timespec time_to_wait(u32_t timeout)
{
  return timeout != 0 ? time_now() : (struct timespec){0};
}

static u32_t time_waited_ms(struct timespec start, u32_t timeout)
{
  return timeout != 0 ? time_since_ms(start) : 0;
}

static void unlock(void *lock)
{
  pthread_mutex_unlock((pthread_mutex_t *)lock);
}

/** Sleep, with the lock held, until something changes or `until` (NULL: for ever) has passed; a
    thread that is cancelled here gives the lock back. */
static bool waitable_wait_cancellable(struct waitable *w, const struct timespec *until)
{
  int error;
  pthread_cleanup_push(unlock, &w->lock);
  error = until == NULL ? pthread_cond_wait(&w->changed, &w->lock)
                        : pthread_cond_timedwait(&w->changed, &w->lock, until);
  pthread_cleanup_pop(0);
  return error != ETIMEDOUT;
}

/** The same, and no thread is cancelled. */
static bool waitable_wait(struct waitable *w, const struct timespec *until)
{
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  bool is_changed = waitable_wait_cancellable(w, until);
  pthread_setcancelstate(before, NULL);
  return is_changed;
}

struct sys_sem {
  struct waitable w;
  unsigned count;
};

/** Without counting it: threads outlive instances, and their semaphores with them. */
static struct sys_sem *sem_make(u8_t count)
{
  struct sys_sem *s = (struct sys_sem *)calloc(1, sizeof *s);
  if (s == NULL || !waitable_init(&s->w)) {
    free(s);
    return NULL;
  }
  s->count = count;
  return s;
}

static void sem_destroy(struct sys_sem *s)
{
  waitable_destroy(&s->w);
  free(s);
}

err_t sys_sem_new(sys_sem_t *sem, u8_t count)
{
  *sem = sem_make(count);
  if (*sem == NULL) {
    SYS_ARCH_LOCKED(SYS_STATS_INC(sem.err));
    return ERR_MEM;
  }
  SYS_ARCH_LOCKED(SYS_STATS_INC_USED(sem));
  return ERR_OK;
}

void sys_sem_signal(sys_sem_t *sem)
{
  struct sys_sem *s = *sem;
  pthread_mutex_lock(&s->w.lock);
  s->count++;
  /* Still locked: a waiter may free the semaphore as soon as it can go on. */
  pthread_cond_signal(&s->w.changed);
  pthread_mutex_unlock(&s->w.lock);
}

static u32_t sem_wait(struct sys_sem *s, u32_t timeout,
                      bool (*wait)(struct waitable *w, const struct timespec *until))
{
  struct timespec start = time_to_wait(timeout);
  struct timespec until = time_add_ms(start, timeout);
  bool in_time = true;
  pthread_mutex_lock(&s->w.lock);
  while (s->count == 0 && in_time) {
    in_time = wait(&s->w, timeout == 0 ? NULL : &until);
  }
  bool is_taken = s->count > 0;
  s->count -= is_taken ? 1 : 0;
  pthread_mutex_unlock(&s->w.lock);
  return is_taken ? time_waited_ms(start, timeout) : SYS_ARCH_TIMEOUT;
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout)
{
  return sem_wait(*sem, timeout, waitable_wait);
}

u32_t sys_arch_sem_wait_cancellable(sys_sem_t *sem, u32_t timeout, void (*abandon)(void *arg),
                                    void *arg)
{
  u32_t waited;
  pthread_cleanup_push(abandon, arg);
  waited = sem_wait(*sem, timeout, waitable_wait_cancellable);
  pthread_cleanup_pop(0);
  return waited;
}

void sys_sem_free(sys_sem_t *sem)
{
  if (*sem != NULL) {
    sem_destroy(*sem);
    SYS_ARCH_LOCKED(SYS_STATS_DEC(sem.used));
  }
}

#if ESP_LWIP
int sys_sem_signal_isr(sys_sem_t *sem)
{
  sys_sem_signal(sem);
  return 0;
}
#endif

struct sys_mutex {
  pthread_mutex_t lock;
};

err_t sys_mutex_new(sys_mutex_t *mutex)
{
  struct sys_mutex *m = (struct sys_mutex *)calloc(1, sizeof *m);
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
  if (m == NULL || pthread_mutex_init(&m->lock, &attr) != 0) {
    free(m);
    m = NULL;
    SYS_ARCH_LOCKED(SYS_STATS_INC(mutex.err));
  } else {
    SYS_ARCH_LOCKED(SYS_STATS_INC_USED(mutex));
  }
  pthread_mutexattr_destroy(&attr);
  *mutex = m;
  return m != NULL ? ERR_OK : ERR_MEM;
}

void sys_mutex_lock(sys_mutex_t *mutex)
{
  pthread_mutex_lock(&(*mutex)->lock);
}

void sys_mutex_unlock(sys_mutex_t *mutex)
{
  pthread_mutex_unlock(&(*mutex)->lock);
}

void sys_mutex_free(sys_mutex_t *mutex)
{
  if (*mutex != NULL) {
    pthread_mutex_destroy(&(*mutex)->lock);
    free(*mutex);
    SYS_ARCH_LOCKED(SYS_STATS_DEC(mutex.used));
  }
}

/** Slots of a mailbox whose user leaves the size to us. */
#define SYS_MBOX_SIZE_DEFAULT 128

/** `changed` means "no longer empty", `room` "no longer full". */
struct sys_mbox {
  struct waitable w;
  pthread_cond_t room;
  unsigned size;
  unsigned count;
  unsigned first;
  void *slot[];
};

err_t sys_mbox_new(sys_mbox_t *mbox, int size)
{
  unsigned slots = size > 0 ? (unsigned)size : SYS_MBOX_SIZE_DEFAULT;
  struct sys_mbox *m = (struct sys_mbox *)calloc(1, sizeof *m + slots * sizeof m->slot[0]);
  *mbox = NULL;
  if (m == NULL || !waitable_init(&m->w)) {
    free(m);
    SYS_ARCH_LOCKED(SYS_STATS_INC(mbox.err));
    return ERR_MEM;
  }
  pthread_cond_init(&m->room, NULL);
  m->size = slots;
  *mbox = m;
  SYS_ARCH_LOCKED(SYS_STATS_INC_USED(mbox));
  return ERR_OK;
}

void sys_mbox_free(sys_mbox_t *mbox)
{
  if (*mbox != NULL) {
    LWIP_ASSERT("sys_mbox_free: messages left", (*mbox)->count == 0);
    pthread_cond_destroy(&(*mbox)->room);
    waitable_destroy(&(*mbox)->w);
    free(*mbox);
    SYS_ARCH_LOCKED(SYS_STATS_DEC(mbox.used));
  }
}

/** Append, with the lock held and room there. */
static void mbox_put(struct sys_mbox *m, void *msg)
{
  m->slot[(m->first + m->count) % m->size] = msg;
  m->count++;
  pthread_cond_signal(&m->w.changed);
}

/** Take the oldest, with the lock held, if there is one. */
static bool mbox_get(struct sys_mbox *m, void **msg)
{
  if (msg != NULL) {
    *msg = m->count > 0 ? m->slot[m->first] : NULL;
  }
  if (m->count == 0) {
    return false;
  }
  m->first = (m->first + 1) % m->size;
  m->count--;
  pthread_cond_signal(&m->room);
  return true;
}

static void mbox_wait_for_room(struct sys_mbox *m)
{
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  pthread_cond_wait(&m->room, &m->w.lock);
  pthread_setcancelstate(before, NULL);
}

void sys_mbox_post(sys_mbox_t *mbox, void *msg)
{
  struct sys_mbox *m = *mbox;
  pthread_mutex_lock(&m->w.lock);
  while (m->count == m->size) {
    mbox_wait_for_room(m);
  }
  mbox_put(m, msg);
  pthread_mutex_unlock(&m->w.lock);
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *msg)
{
  struct sys_mbox *m = *mbox;
  pthread_mutex_lock(&m->w.lock);
  bool has_room = m->count < m->size;
  if (has_room) {
    mbox_put(m, msg);
  }
  pthread_mutex_unlock(&m->w.lock);
  if (!has_room) {
    SYS_ARCH_LOCKED(SYS_STATS_INC(mbox.err));
  }
  return has_room ? ERR_OK : ERR_MEM;
}

/** "Interrupts" are other threads here. Signal handlers must not call this. */
err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *msg)
{
  return sys_mbox_trypost(mbox, msg);
}

u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **msg, u32_t timeout)
{
  struct sys_mbox *m = *mbox;
  struct timespec start = time_to_wait(timeout);
  struct timespec until = time_add_ms(start, timeout);
  bool in_time = true;
  pthread_mutex_lock(&m->w.lock);
  while (m->count == 0 && in_time) {
    in_time = waitable_wait(&m->w, timeout == 0 ? NULL : &until);
  }
  bool is_taken = mbox_get(m, msg);
  pthread_mutex_unlock(&m->w.lock);
  return is_taken ? time_waited_ms(start, timeout) : SYS_ARCH_TIMEOUT;
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **msg)
{
  struct sys_mbox *m = *mbox;
  pthread_mutex_lock(&m->w.lock);
  bool is_taken = mbox_get(m, msg);
  pthread_mutex_unlock(&m->w.lock);
  return is_taken ? 0 : SYS_MBOX_EMPTY;
}

struct thread_start {
  lwip_thread_fn fn;
  void *arg;
#if LWIP_MULTI_INSTANCE
  struct stack *instance; /* of the thread that made it */
#endif
};

static void *thread_main(void *arg)
{
  struct thread_start start = *(struct thread_start *)arg;
  free(arg);
#if LWIP_MULTI_INSTANCE
  stack_enter(start.instance);
#endif
  start.fn(start.arg);
  return NULL;
}

/** The stack is as large as the system makes them: sizes meant for microcontrollers do not do. */
sys_thread_t sys_thread_new(const char *name, lwip_thread_fn thread, void *arg, int stacksize,
                            int prio)
{
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(stacksize);
  LWIP_UNUSED_ARG(prio);
  struct thread_start *start = (struct thread_start *)calloc(1, sizeof *start);
  LWIP_ASSERT("sys_thread_new: out of memory", start != NULL);
  start->fn = thread;
  start->arg = arg;
#if LWIP_MULTI_INSTANCE
  start->instance = stack_current();
#endif
  pthread_t id;
  if (pthread_create(&id, NULL, thread_main, start) != 0) {
    LWIP_ASSERT("sys_thread_new: no thread to be had", false);
  }
  pthread_detach(id);
  return id;
}

void sys_msleep(u32_t ms)
{
  struct timespec until = time_add_ms(time_now(), ms);
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
  }
}

/** The key frees a thread's semaphore at its end; POSIX wants it to be one for the process. */
static pthread_key_t netconn_sem_key;
static pthread_once_t netconn_sem_once = PTHREAD_ONCE_INIT;

static void netconn_sem_destroy(void *value)
{
  sys_sem_t *sem = (sys_sem_t *)value;
  sem_destroy(*sem);
  free(sem);
}

static void netconn_sem_make_key(void)
{
  pthread_key_create(&netconn_sem_key, netconn_sem_destroy);
}

sys_sem_t *sys_arch_netconn_sem_get(void)
{
  pthread_once(&netconn_sem_once, netconn_sem_make_key);
  sys_sem_t *sem = (sys_sem_t *)pthread_getspecific(netconn_sem_key);
  if (sem != NULL) {
    return sem;
  }
  sem = (sys_sem_t *)calloc(1, sizeof *sem);
  if (sem == NULL) {
    return NULL;
  }
  *sem = sem_make(0);
  if (*sem == NULL) {
    free(sem);
    return NULL;
  }
  pthread_setspecific(netconn_sem_key, sem);
  return sem;
}

void sys_arch_netconn_sem_alloc(void)
{
  sys_arch_netconn_sem_get();
}

void sys_arch_netconn_sem_free(void)
{
  pthread_once(&netconn_sem_once, netconn_sem_make_key);
  void *sem = pthread_getspecific(netconn_sem_key);
  if (sem != NULL) {
    pthread_setspecific(netconn_sem_key, NULL);
    netconn_sem_destroy(sem);
  }
}

#endif /* !NO_SYS */
