/* An RTOS whose semaphores, mutexes and mailboxes are all queues, as FreeRTOS's are. */
#ifndef ARCH_SYS_ARCH_H
#define ARCH_SYS_ARCH_H

struct queue;

typedef struct {
  struct queue *queue;
} sys_sem_t, sys_mutex_t, sys_mbox_t;

typedef void *sys_thread_t;

#define sys_sem_valid(sem)           ((sem)->queue != NULL)
#define sys_sem_set_invalid(sem)     ((sem)->queue = NULL)
#define sys_mutex_valid(mutex)       ((mutex)->queue != NULL)
#define sys_mutex_set_invalid(mutex) ((mutex)->queue = NULL)
#define sys_mbox_valid(mbox)         ((mbox)->queue != NULL)
#define sys_mbox_set_invalid(mbox)   ((mbox)->queue = NULL)

#endif
