/**
 * @file
 * Stack instances: as many independent stacks in one process as wanted.
 *
 * With LWIP_MULTI_INSTANCE 1 every thread has a current instance, like a network namespace. All of
 * lwIP's API works on the current one. A thread that enters none works on the default instance,
 * which lwip_init() starts: a program that wants one stack need not know this header.
 *
 *     struct stack *a = stack_new(NULL);
 *     struct stack *before = stack_enter(a);
 *     netif_add(...);
 *     stack_leave(before);
 */
#ifndef GOSSAMER_STACK_H
#define GOSSAMER_STACK_H

#include "gossamer/state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where one instance gets its time and randomness. A NULL member means the process-wide port. */
struct stack_port {
  /** Milliseconds, monotonic, wrapping at 2^32; NULL: sys_now(). */
  u32_t (*now_ms)(void *ctx);
  /** Microseconds of the same clock; NULL: milliseconds must do. */
  u32_t (*now_us)(void *ctx);
  /** Fill `buf` with `len` unpredictable bytes, used as a key once; NULL: LWIP_RAND(). */
  void (*entropy)(void *ctx, void *buf, size_t len);
  /** Passed to both. */
  void *ctx;
};

/** STACK_HAS_ENTROPY 0: the port has no LWIP_RAND(), so that all "random" numbers are guessable. */
#ifdef LWIP_RAND
#define STACK_HAS_ENTROPY 1
#define STACK_RAND()      LWIP_RAND()
#else
#define STACK_HAS_ENTROPY 0
#define STACK_RAND()      stack_now()
#endif

/**
 * Milliseconds of the current instance's clock (wraps at 2^32; compare by signed difference). For a
 * thread that has the core lock the process's clock stands still until it gives the lock back, or
 * the next timer or message begins: it is read once. Who waits under the lock reads sys_now().
 */
u32_t stack_now(void);

/**
 * Microseconds of the same clock, wrapping at 2^32; as coarse as milliseconds where neither the
 * instance nor the port (LWIP_SYS_NOW_US) has finer ones.
 */
u32_t stack_now_us(void);

/** Fill `buf` with `len` bytes of the current instance's entropy source, as struct stack_port. */
void stack_entropy(void *buf, size_t len);

#if LWIP_MULTI_INSTANCE

struct stack;

/**
 * Make and start an instance.
 *
 * @param port  copied; NULL: the process-wide time and entropy
 * @return the instance, not entered; NULL when memory is short
 */
struct stack *stack_new(const struct stack_port *port);

/**
 * End an instance: its netifs are removed, its connections, pcbs and packets freed. No thread may
 * be in it. `s` is invalid afterwards. The default instance cannot be ended.
 */
void stack_free(struct stack *s);

/**
 * Make `s` the calling thread's current instance; NULL means the default one.
 *
 * @return what was current before, for stack_leave()
 */
struct stack *stack_enter(struct stack *s);

/** Go back to what stack_enter() returned. */
void stack_leave(struct stack *before);

/** The calling thread's current instance; NULL for the default one. */
struct stack *stack_current(void);

#endif /* LWIP_MULTI_INSTANCE */

/** What an application that keeps state in an instance does when that ends (stack_at_exit()). */
struct stack_exit {
  struct stack_exit *next; /* the stack's */
  void (*fn)(void);        /* set by its owner; called as the instance, before anything is gone */
};

/** Have `e->fn` called once when the current instance ends; again is nothing new. `e` must stand in
    the instance's state or live as long. The last is called first. */
void stack_at_exit(struct stack_exit *e);

/**
 * End what lwip_init() started in the current instance, so that it may be started again. For tests
 * and for programs that must return all memory; firmware never calls it.
 */
void lwip_deinit(void);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_STACK_H */
