/** @file Threads of POSIX systems, as pthreads. */
#ifndef LWIP_ARCH_SYS_ARCH_H
#define LWIP_ARCH_SYS_ARCH_H

struct sys_sem;
struct sys_mutex;
struct sys_mbox;

typedef struct sys_sem *sys_sem_t;
typedef struct sys_mutex *sys_mutex_t;
typedef struct sys_mbox *sys_mbox_t;
typedef struct sys_thread *sys_thread_t;

#endif /* LWIP_ARCH_SYS_ARCH_H */
