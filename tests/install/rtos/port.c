/*
 * The port to an RTOS, as lwIP asks for it: queues of pointers are all that the RTOS has. Its own
 * part, the queue, stands here on pthreads. Semaphores are binary; threads cannot be told apart, so
 * the core lock does not nest.
 */
#include <pthread.h>
#include <time.h>
#include "lwip/sys.h"

/* --- the RTOS --- */

struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int size, count, first;
  void *item[];
};

static u32_t now_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (u32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

static struct queue *queue_new(int size)
{
  struct queue *q = calloc(1, sizeof *q + (size_t)size * sizeof(void *));
  if (q != NULL) {
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&q->mutex, NULL);
    pthread_cond_init(&q->changed, &attr);
    pthread_condattr_destroy(&attr);
    q->size = size;
  }
  return q;
}

static void queue_free(struct queue *q)
{
  pthread_mutex_destroy(&q->mutex);
  pthread_cond_destroy(&q->changed);
  free(q);
}

/** Wait until the count is not `unwanted`: 0, or -1 after `ms` (UINT32_MAX: never). Locked then. */
static int queue_enter(struct queue *q, int unwanted, u32_t ms)
{
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += ms / 1000;
  until.tv_nsec += (long)(ms % 1000) * 1000000;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_mutex_lock(&q->mutex);
  while (q->count == unwanted) {
    int error = ms == UINT32_MAX ? pthread_cond_wait(&q->changed, &q->mutex)
                                 : pthread_cond_timedwait(&q->changed, &q->mutex, &until);
    if (error != 0 && q->count == unwanted) {
      pthread_mutex_unlock(&q->mutex);
      return -1;
    }
  }
  return 0;
}

static int queue_send(struct queue *q, void *item, u32_t ms)
{
  if (queue_enter(q, q->size, ms) < 0) {
    return -1;
  }
  q->item[(q->first + q->count++) % q->size] = item;
  pthread_cond_broadcast(&q->changed);
  pthread_mutex_unlock(&q->mutex);
  return 0;
}

static int queue_receive(struct queue *q, void **item, u32_t ms)
{
  if (queue_enter(q, 0, ms) < 0) {
    return -1;
  }
  *item = q->item[q->first];
  q->first = (q->first + 1) % q->size;
  q->count--;
  pthread_cond_broadcast(&q->changed);
  pthread_mutex_unlock(&q->mutex);
  return 0;
}

/* --- the port --- */

static u32_t ms_of(u32_t timeout)
{
  return timeout == 0 ? UINT32_MAX : timeout;
}

err_t sys_sem_new(sys_sem_t *sem, u8_t count)
{
  sem->queue = queue_new(1);
  if (sem->queue != NULL && count > 0) {
    sys_sem_signal(sem);
  }
  return sem->queue != NULL ? ERR_OK : ERR_MEM;
}

void sys_sem_signal(sys_sem_t *sem)
{
  queue_send(sem->queue, NULL, 0); /* full: it is signalled already */
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout)
{
  void *unused;
  return queue_receive(sem->queue, &unused, ms_of(timeout)) < 0 ? SYS_ARCH_TIMEOUT : 0;
}

void sys_sem_free(sys_sem_t *sem)
{
  queue_free(sem->queue);
}

err_t sys_mutex_new(sys_mutex_t *mutex)
{
  return sys_sem_new(mutex, 1);
}

void sys_mutex_lock(sys_mutex_t *mutex)
{
  sys_arch_sem_wait(mutex, 0);
}

void sys_mutex_unlock(sys_mutex_t *mutex)
{
  sys_sem_signal(mutex);
}

void sys_mutex_free(sys_mutex_t *mutex)
{
  queue_free(mutex->queue);
}

err_t sys_mbox_new(sys_mbox_t *mbox, int size)
{
  mbox->queue = queue_new(size > 0 ? size : 8);
  return mbox->queue != NULL ? ERR_OK : ERR_MEM;
}

void sys_mbox_post(sys_mbox_t *mbox, void *msg)
{
  queue_send(mbox->queue, msg, UINT32_MAX);
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *msg)
{
  return queue_send(mbox->queue, msg, 0) < 0 ? ERR_MEM : ERR_OK;
}

err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *msg)
{
  return sys_mbox_trypost(mbox, msg);
}

u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **msg, u32_t timeout)
{
  return queue_receive(mbox->queue, msg, ms_of(timeout)) < 0 ? SYS_ARCH_TIMEOUT : 0;
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **msg)
{
  return queue_receive(mbox->queue, msg, 0) < 0 ? SYS_MBOX_EMPTY : 0;
}

void sys_mbox_free(sys_mbox_t *mbox)
{
  queue_free(mbox->queue);
}

struct start {
  lwip_thread_fn function;
  void *arg;
};

static void *thread_main(void *arg)
{
  struct start start = *(struct start *)arg;
  free(arg);
  start.function(start.arg);
  return NULL;
}

sys_thread_t sys_thread_new(const char *name, lwip_thread_fn thread, void *arg, int stacksize,
                            int prio)
{
  pthread_t id;
  struct start *start = malloc(sizeof *start);
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(stacksize);
  LWIP_UNUSED_ARG(prio);
  LWIP_ASSERT("sys_thread_new: memory", start != NULL);
  *start = (struct start){thread, arg};
  if (pthread_create(&id, NULL, thread_main, start) != 0) {
    LWIP_ASSERT("sys_thread_new: no thread", 0);
  }
  pthread_detach(id);
  return NULL;
}

/** A critical section of the RTOS, which nests. */
static pthread_mutex_t critical;

sys_prot_t sys_arch_protect(void)
{
  pthread_mutex_lock(&critical);
  return 0;
}

void sys_arch_unprotect(sys_prot_t before)
{
  LWIP_UNUSED_ARG(before);
  pthread_mutex_unlock(&critical);
}

void sys_init(void)
{
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&critical, &attr);
  pthread_mutexattr_destroy(&attr);
}

u32_t sys_now(void)
{
  return now_ms();
}

void sys_msleep(u32_t ms)
{
  struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
  nanosleep(&t, NULL);
}
