/**
 * @file
 * What the stack asks of the operating system. A port implements these in its sys_arch.c; types
 * come from its arch/sys_arch.h. With NO_SYS 1 only sys_now(), and sys_arch_protect() where
 * SYS_LIGHTWEIGHT_PROT is 1, are needed.
 */
#ifndef LWIP_HDR_SYS_H
#define LWIP_HDR_SYS_H

#include "lwip/opt.h"

#ifdef __cplusplus
extern "C" {
#endif

#if NO_SYS

/* No threads: everything is there, costs nothing and does nothing. */
typedef u8_t sys_sem_t;
typedef u8_t sys_mutex_t;
typedef u8_t sys_mbox_t;

#define sys_sem_new(s, c) ERR_OK
#define sys_sem_signal(s)
#define sys_sem_wait(s)
#define sys_arch_sem_wait(s, t)
#define sys_sem_free(s)
#define sys_sem_valid(s)     0
#define sys_sem_valid_val(s) 0
#define sys_sem_set_invalid(s)
#define sys_sem_set_invalid_val(s)
#define sys_mutex_new(mu) ERR_OK
#define sys_mutex_lock(mu)
#define sys_mutex_unlock(mu)
#define sys_mutex_free(mu)
#define sys_mutex_valid(mu) 0
#define sys_mutex_set_invalid(mu)
#define sys_mbox_new(m, s) ERR_OK
#define sys_mbox_fetch(m, d)
#define sys_mbox_tryfetch(m, d)
#define sys_mbox_post(m, d)
#define sys_mbox_trypost(m, d)
#define sys_mbox_free(m)
#define sys_mbox_valid(m)     0
#define sys_mbox_valid_val(m) 0
#define sys_mbox_set_invalid(m)
#define sys_mbox_set_invalid_val(m)
#define sys_thread_new(n, t, a, s, p)
#define sys_msleep(t)

#else /* NO_SYS */

/** What waits with a time-out return when it is over. */
#define SYS_ARCH_TIMEOUT 0xffffffffUL
/** What a fetch that does not wait returns when there is nothing. */
#define SYS_MBOX_EMPTY   SYS_ARCH_TIMEOUT

#include "lwip/err.h"
#include "arch/sys_arch.h"

/** The main function of a thread. */
typedef void (*lwip_thread_fn)(void *arg);

/* Mutexes. They must not be locked twice by one thread unless the port says so. */

/** 1: the port has no mutexes, binary semaphores stand in for them. */
#ifndef LWIP_COMPAT_MUTEX
#define LWIP_COMPAT_MUTEX 0
#endif

#if LWIP_COMPAT_MUTEX
#define sys_mutex_t                  sys_sem_t
#define sys_mutex_new(mutex)         sys_sem_new(mutex, 1)
#define sys_mutex_lock(mutex)        sys_sem_wait(mutex)
#define sys_mutex_unlock(mutex)      sys_sem_signal(mutex)
#define sys_mutex_free(mutex)        sys_sem_free(mutex)
#define sys_mutex_valid(mutex)       sys_sem_valid(mutex)
#define sys_mutex_set_invalid(mutex) sys_sem_set_invalid(mutex)
#else
/** Make an unlocked mutex; ERR_MEM when the system has none left. */
err_t sys_mutex_new(sys_mutex_t *mutex);
/** Wait until it is free and take it. */
void sys_mutex_lock(sys_mutex_t *mutex);
/** Give it back; the calling thread has it. */
void sys_mutex_unlock(sys_mutex_t *mutex);
/** End it; nobody waits for it. */
void sys_mutex_free(sys_mutex_t *mutex);
#ifndef sys_mutex_valid
/** Non-zero between sys_mutex_new() and sys_mutex_set_invalid(). */
int sys_mutex_valid(sys_mutex_t *mutex);
#endif
#ifndef sys_mutex_set_invalid
/** Mark as not existing. */
void sys_mutex_set_invalid(sys_mutex_t *mutex);
#endif
#endif

/* Semaphores. */

/** Make a semaphore with `count` units, 0 or 1; ERR_MEM when the system has none left. */
err_t sys_sem_new(sys_sem_t *sem, u8_t count);
/** Add one unit and wake one waiter. */
void sys_sem_signal(sys_sem_t *sem);
/**
 * Take one unit, waiting for it.
 *
 * @param timeout  milliseconds at most; 0: for ever
 * @return SYS_ARCH_TIMEOUT when none came in time, else any other value
 */
u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout);
/** End it; nobody waits for it. */
void sys_sem_free(sys_sem_t *sem);
/** Wait for ever. */
#define sys_sem_wait(sem) sys_arch_sem_wait(sem, 0)
#ifndef sys_sem_valid
/** Non-zero between sys_sem_new() and sys_sem_set_invalid(). */
int sys_sem_valid(sys_sem_t *sem);
#endif
#ifndef sys_sem_set_invalid
/** Mark as not existing. */
void sys_sem_set_invalid(sys_sem_t *sem);
#endif
#ifndef sys_sem_valid_val
#define sys_sem_valid_val(sem) sys_sem_valid(&(sem))
#endif
#ifndef sys_sem_set_invalid_val
#define sys_sem_set_invalid_val(sem) sys_sem_set_invalid(&(sem))
#endif

#ifndef sys_msleep
/** Let the calling thread sleep for `ms` milliseconds. */
void sys_msleep(u32_t ms);
#endif

/* Mailboxes: bounded queues of pointers. */

/** Make a mailbox for `size` messages (0: the port chooses); ERR_MEM when that is impossible. */
err_t sys_mbox_new(sys_mbox_t *mbox, int size);
/** Post a message (NULL allowed), waiting while the mailbox is full. */
void sys_mbox_post(sys_mbox_t *mbox, void *msg);
/** Post a message without waiting; ERR_MEM when the mailbox is full. */
err_t sys_mbox_trypost(sys_mbox_t *mbox, void *msg);
/** As sys_mbox_trypost(), from an interrupt. */
err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *msg);
/**
 * Take the oldest message, waiting for one.
 *
 * @param msg      gets it, NULL on time-out; may itself be NULL
 * @param timeout  milliseconds at most; 0: for ever
 * @return SYS_ARCH_TIMEOUT when none came in time, else any other value
 */
u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **msg, u32_t timeout);
#ifndef sys_arch_mbox_tryfetch
/** Take the oldest message if there is one, else return SYS_MBOX_EMPTY. */
u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **msg);
#endif
#define sys_mbox_tryfetch(mbox, msg) sys_arch_mbox_tryfetch(mbox, msg)
/** Wait for ever. */
#define sys_mbox_fetch(mbox, msg)    sys_arch_mbox_fetch(mbox, msg, 0)
/** End it; it is empty and nobody waits. */
void sys_mbox_free(sys_mbox_t *mbox);
#ifndef sys_mbox_valid
/** Non-zero between sys_mbox_new() and sys_mbox_set_invalid(). */
int sys_mbox_valid(sys_mbox_t *mbox);
#endif
#ifndef sys_mbox_set_invalid
/** Mark as not existing. */
void sys_mbox_set_invalid(sys_mbox_t *mbox);
#endif
#ifndef sys_mbox_valid_val
#define sys_mbox_valid_val(mbox) sys_mbox_valid(&(mbox))
#endif
#ifndef sys_mbox_set_invalid_val
#define sys_mbox_set_invalid_val(mbox) sys_mbox_set_invalid(&(mbox))
#endif

/**
 * Start a thread.
 *
 * @param name       for people and debuggers
 * @param stacksize  bytes; 0: the port chooses
 * @param prio       as the system counts
 * @return its handle; a port without one to give stops the program
 */
sys_thread_t sys_thread_new(const char *name, lwip_thread_fn thread, void *arg, int stacksize,
                            int prio);

/* Names of Espressif's fork. */

#if ESP_LWIP_LOCK
/* Netconns and sockets of this stack lock by themselves. */
#define SYS_ARCH_PROTECT_CONN(_conn)   (void)(_conn)
#define SYS_ARCH_UNPROTECT_CONN(_conn) (void)(_conn)
#define SYS_ARCH_PROTECT_SOCK(_sock)   (void)(_sock)
#define SYS_ARCH_UNPROTECT_SOCK(_sock) (void)(_sock)
#endif
#if ESP_LWIP
/** As sys_sem_signal(), from an interrupt; non-zero: a thread of higher priority was woken. */
int sys_sem_signal_isr(sys_sem_t *sem);
#endif

#endif /* NO_SYS */

/** The port may note here, in the stack's own thread, which thread that is. */
#ifndef LWIP_MARK_TCPIP_THREAD
#define LWIP_MARK_TCPIP_THREAD()
#endif

/** Called once by lwip_init(), before anything else of the port. */
void sys_init(void);

#ifndef sys_jiffies
/** Ticks since start, of a length that the port chooses. */
u32_t sys_jiffies(void);
#endif

/** Milliseconds since some start, monotonic, wrapping at 2^32. */
u32_t sys_now(void);

/** Microseconds of the same clock, for ports that have LWIP_SYS_NOW_US 1. */
u64_t sys_now_us(void);

#ifdef LWIP_FUZZ_SYS_NOW
/** Added to sys_now() by fuzzers that want time to pass. */
extern u32_t sys_now_offset;
#endif

/*
 * Short critical sections that protect counters and free lists, also against interrupts:
 *
 *     SYS_ARCH_DECL_PROTECT(lev);
 *     SYS_ARCH_PROTECT(lev);
 *     ...
 *     SYS_ARCH_UNPROTECT(lev);
 *
 * They nest. A port defines the three macros in arch/cc.h or arch/sys_arch.h, or the two functions
 * and sys_prot_t.
 */
#ifndef SYS_ARCH_PROTECT
#if SYS_LIGHTWEIGHT_PROT
#define SYS_ARCH_DECL_PROTECT(lev) sys_prot_t lev
#define SYS_ARCH_PROTECT(lev)      lev = sys_arch_protect()
#define SYS_ARCH_UNPROTECT(lev)    sys_arch_unprotect(lev)
/** Begin a critical section; returns what sys_arch_unprotect() wants back. */
sys_prot_t sys_arch_protect(void);
/** End it. */
void sys_arch_unprotect(sys_prot_t pval);
#else
#define SYS_ARCH_DECL_PROTECT(lev)
#define SYS_ARCH_PROTECT(lev)
#define SYS_ARCH_UNPROTECT(lev)
#endif
#endif

#ifndef SYS_ARCH_LOCKED
#define SYS_ARCH_LOCKED(code)                                                                      \
  do {                                                                                             \
    SYS_ARCH_DECL_PROTECT(old_level);                                                              \
    SYS_ARCH_PROTECT(old_level);                                                                   \
    code;                                                                                          \
    SYS_ARCH_UNPROTECT(old_level);                                                                 \
  } while (0)
#endif
#ifndef SYS_ARCH_INC
#define SYS_ARCH_INC(var, val) SYS_ARCH_LOCKED(var += val)
#endif
#ifndef SYS_ARCH_DEC
#define SYS_ARCH_DEC(var, val) SYS_ARCH_LOCKED(var -= val)
#endif
#ifndef SYS_ARCH_GET
#define SYS_ARCH_GET(var, ret) SYS_ARCH_LOCKED(ret = var)
#endif
#ifndef SYS_ARCH_SET
#define SYS_ARCH_SET(var, val) SYS_ARCH_LOCKED(var = val)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_SYS_H */
