/**
 * @file
 * Threads of POSIX systems, as pthreads. A semaphore, mutex or mailbox is a pointer; NULL is the
 * invalid one.
 */
#ifndef LWIP_ARCH_SYS_ARCH_H
#define LWIP_ARCH_SYS_ARCH_H

#include <pthread.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sys_sem;
struct sys_mutex;
struct sys_mbox;

typedef struct sys_sem *sys_sem_t;
#define sys_sem_valid(sem)           (*(sem) != NULL)
#define sys_sem_valid_val(sem)       ((sem) != NULL)
#define sys_sem_set_invalid(sem)     (*(sem) = NULL)
#define sys_sem_set_invalid_val(sem) ((sem) = NULL)

typedef struct sys_mutex *sys_mutex_t;
#define sys_mutex_valid(mutex)       (*(mutex) != NULL)
#define sys_mutex_set_invalid(mutex) (*(mutex) = NULL)

typedef struct sys_mbox *sys_mbox_t;
#define sys_mbox_valid(mbox)           (*(mbox) != NULL)
#define sys_mbox_valid_val(mbox)       ((mbox) != NULL)
#define sys_mbox_set_invalid(mbox)     (*(mbox) = NULL)
#define sys_mbox_set_invalid_val(mbox) ((mbox) = NULL)

typedef pthread_t sys_thread_t;

/** This thread's own semaphore, made when first asked for; NULL when memory is short. */
sys_sem_t *sys_arch_netconn_sem_get(void);

/** Make it now. Needed by no thread, allowed in all. */
void sys_arch_netconn_sem_alloc(void);

/** Free it now rather than at the thread's end. */
void sys_arch_netconn_sem_free(void);

/** sys_arch_sem_wait() as a cancellation point of pthreads: see lwip/priv/api_core.h. */
unsigned int sys_arch_sem_wait_cancellable(sys_sem_t *sem, unsigned int timeout_ms,
                                           void (*abandon)(void *arg), void *arg);
#define LWIP_SEM_WAIT_CANCELLABLE(sem, timeout_ms, abandon, arg)                                   \
  sys_arch_sem_wait_cancellable(sem, timeout_ms, abandon, arg)

#define LWIP_NETCONN_THREAD_SEM_GET()   sys_arch_netconn_sem_get()
#define LWIP_NETCONN_THREAD_SEM_ALLOC() sys_arch_netconn_sem_alloc()
#define LWIP_NETCONN_THREAD_SEM_FREE()  sys_arch_netconn_sem_free()

/** Non-zero when standard input has something to read; example programs end then. */
int lwip_unix_keypressed(void);
#define LWIP_EXAMPLE_APP_ABORT() lwip_unix_keypressed()

#ifdef __cplusplus
}
#endif

#endif /* LWIP_ARCH_SYS_ARCH_H */
