/**
 * @file
 * The stack with threads: the tcpip thread, its core lock, and how other threads, drivers and
 * interrupts hand it work. Not with NO_SYS.
 *
 * Every stack instance has a tcpip thread, a mailbox and a core lock of its own. All functions here
 * mean the instance that is current in the calling thread (gossamer/stack.h); threads that
 * sys_thread_new() starts begin in the one of their maker.
 *
 * Who may use the raw API: with LWIP_THREAD_SAFE_API every thread; else whoever has the core lock,
 * and the tcpip thread. Callbacks of the stack run with the lock held. The lock nests, but nothing
 * that waits (sys_arch_sem_wait(), a blocking socket call) may be called while it is held.
 */
#ifndef LWIP_HDR_TCPIP_H
#define LWIP_HDR_TCPIP_H

#include "lwip/opt.h"

#if !NO_SYS

#include "lwip/err.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "gossamer/state.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A port may define LOCK_TCPIP_CORE() and UNLOCK_TCPIP_CORE() in its lwipopts.h or arch/cc.h;
 * LWIP_THREAD_SAFE_API is then not to be had.
 */
#if CORE_HAS_LOCK
STACK_GLOBAL_DECLARE(sys_mutex_t, tcpip_core_mutex);
/** The mutex behind the lock. A thread that has it directly still has to LOCK_TCPIP_CORE(). */
#define lock_tcpip_core STACK_GLOBAL(sys_mutex_t, tcpip_core_mutex)
#ifndef LOCK_TCPIP_CORE
/** Take the core lock of the current instance; nests where the port has LWIP_THREAD_SELF(). */
#define LOCK_TCPIP_CORE() tcpip_core_lock()
/** Give it back. */
#define UNLOCK_TCPIP_CORE() tcpip_core_unlock()
#endif
#else
#ifndef LOCK_TCPIP_CORE
#define LOCK_TCPIP_CORE()
#define UNLOCK_TCPIP_CORE()
#endif
#endif

/** Called once in the tcpip thread, core lock held, when it is ready. */
typedef void (*tcpip_init_done_fn)(void *arg);

/** Called in the tcpip thread, core lock held. */
typedef void (*tcpip_callback_fn)(void *ctx);

/** A callback message made beforehand, for interrupts: they cannot allocate. */
struct tcpip_callback_msg;

/**
 * Start the current instance (lwip_init()) and its tcpip thread. Stops the program when the system
 * has no mailbox or thread to give. A second call only has its `tcpip_init_done` called.
 *
 * @param tcpip_init_done  called by the tcpip thread before it serves anything; NULL: nothing
 */
void tcpip_init(tcpip_init_done_fn tcpip_init_done, void *arg);

/**
 * Have a received packet processed by the tcpip thread; with LWIP_TCPIP_CORE_LOCKING_INPUT it is
 * processed here and now, under the lock. Never waits for room. From any thread.
 *
 * @param input_fn  what to call with it: ethernet_input, ip_input ...
 * @return ERR_OK: the stack owns `p`. ERR_MEM: no message or no room in the mailbox; ERR_VAL: no
 *         tcpip thread; ERR_ARG: an argument is NULL; or what `input_fn` returned. `p` is then
 *         still the caller's
 */
err_t tcpip_inpkt(struct pbuf *p, struct netif *inp, netif_input_fn input_fn);

/** The `input` of a netif whose driver is another thread: Ethernet or IP as netif_input(). */
err_t tcpip_input(struct pbuf *p, struct netif *inp);

/**
 * Have `function(ctx)` called by the tcpip thread, waiting while its mailbox is full. Where waiting
 * would be for ever (in the tcpip thread itself, or with the core lock held) it does not wait.
 *
 * @return ERR_OK; ERR_MEM: no message, or no room and no waiting; ERR_VAL: no tcpip thread;
 *         ERR_ARG: no function
 */
err_t tcpip_callback(tcpip_callback_fn function, void *ctx);

/** As tcpip_callback(), but never waits. */
err_t tcpip_try_callback(tcpip_callback_fn function, void *ctx);

/** Older name of both: `block` says which. */
#define tcpip_callback_with_block(function, ctx, block)                                            \
  (((block) != 0) ? tcpip_callback(function, ctx) : tcpip_try_callback(function, ctx))

/**
 * Have `function(ctx)` called with the core lock held and return when it is done. With core
 * locking it runs in the calling thread.
 *
 * @return ERR_OK; ERR_MEM, ERR_VAL, ERR_ARG: it was not called
 */
err_t tcpip_callback_wait(tcpip_callback_fn function, void *ctx);

/** Make a message that says "call function(ctx)", to be sent as often as wanted; NULL: no memory.
 */
struct tcpip_callback_msg *tcpip_callbackmsg_new(tcpip_callback_fn function, void *ctx);

/** Free a message that is in no mailbox; NULL is allowed. */
void tcpip_callbackmsg_delete(struct tcpip_callback_msg *msg);

/** Send it, without waiting: ERR_OK, ERR_MEM (mailbox full), ERR_VAL (no tcpip thread), ERR_ARG. */
err_t tcpip_callbackmsg_trycallback(struct tcpip_callback_msg *msg);

/**
 * The same from an interrupt; the port may return ERR_NEED_SCHED when it wants to switch threads.
 */
err_t tcpip_callbackmsg_trycallback_fromisr(struct tcpip_callback_msg *msg);

/** pbuf_free(p) in the tcpip thread: for threads and interrupts that may not free. Never waits. */
err_t pbuf_free_callback(struct pbuf *p);

/** mem_free(m), likewise. */
err_t mem_free_callback(void *m);

#if LWIP_TCPIP_TIMEOUT && LWIP_TIMERS
/** sys_timeout() from any thread: ERR_OK; ERR_MEM, ERR_VAL, ERR_ARG: as tcpip_callback_wait(). */
err_t tcpip_timeout(u32_t msecs, sys_timeout_handler h, void *arg);

/** sys_untimeout() from any thread; returns as tcpip_timeout(). */
err_t tcpip_untimeout(sys_timeout_handler h, void *arg);
#endif

/**
 * Serve one message of the mailbox in the calling thread; 1 if there was one, else 0. For tests
 * whose sys_thread_new() starts nothing (TCPIP_THREAD_TEST in lwIP).
 */
int tcpip_thread_poll_one(void);

#ifdef __cplusplus
}
#endif

#endif /* !NO_SYS */

#endif /* LWIP_HDR_TCPIP_H */
