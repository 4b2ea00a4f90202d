/**
 * @file
 * The core lock of a stack instance, and what every function of the core begins with. lwip/opt.h
 * includes this file last; programs use LOCK_TCPIP_CORE() of lwip/tcpip.h.
 *
 * The lock belongs to the instance that is current in the calling thread. Where the port tells
 * threads apart (LWIP_THREAD_SELF() in arch/cc.h) it may be taken again by the thread that has it,
 * and it knows whether somebody does.
 */
#ifndef LWIP_HDR_PRIV_CORE_LOCK_H
#define LWIP_HDR_PRIV_CORE_LOCK_H

/** Has the core a lock? Netconns and sockets work under it, also where nobody else does. */
#define CORE_HAS_LOCK (!NO_SYS && (LWIP_TCPIP_CORE_LOCKING || LWIP_NETCONN || LWIP_SOCKET))

/** Does it know who has it? A port with a lock of its own (LOCK_TCPIP_CORE) knows that itself. */
#if CORE_HAS_LOCK && defined(LWIP_THREAD_SELF) && !defined(LOCK_TCPIP_CORE)
#define CORE_LOCK_HAS_OWNER 1
#else
#define CORE_LOCK_HAS_OWNER 0
#endif

/** Which thread this is; 0 where the port cannot tell. */
#ifdef LWIP_THREAD_SELF
#define CORE_THREAD_SELF() LWIP_THREAD_SELF()
#else
#define CORE_THREAD_SELF() ((mem_ptr_t)0)
#endif

/** Out of the way of those who find the lock theirs already: most calls are nested. */
#ifdef __GNUC__
#define CORE_SELDOM __attribute__((noinline))
#else
#define CORE_SELDOM
#endif

/* A volatile word that one thread writes and others look at. */
#ifdef __GNUC__
#define CORE_WORD_GET(word)        __atomic_load_n(&(word), __ATOMIC_RELAXED)
#define CORE_WORD_SET(word, value) __atomic_store_n(&(word), (value), __ATOMIC_RELAXED)
#else
#define CORE_WORD_GET(word)        (word)
#define CORE_WORD_SET(word, value) ((word) = (value))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Wait until the core is free and take it: LOCK_TCPIP_CORE(). Nests with CORE_LOCK_HAS_OWNER. */
void tcpip_core_lock(void);

/**
 * Give it back: UNLOCK_TCPIP_CORE(). With LWIP_TCPIP_RUN_AT_UNLOCK the last one out delivers what
 * was looped back meanwhile.
 */
void tcpip_core_unlock(void);

/**
 * May the calling thread use the core now? It has the lock or, without core locking, is the tcpip
 * thread. Also 1 where nobody can tell: as long as no tcpip thread serves the instance, or where
 * the port has neither LWIP_THREAD_SELF() nor a lock of ours.
 */
int tcpip_core_is_mine(void);

/** Has the calling thread the core lock? 0 also where CORE_LOCK_HAS_OWNER is 0. */
int tcpip_core_is_held(void);

/**
 * May the calling thread, which has the core lock, give it up to wait? Not where it was taken more
 * than once, as in callbacks, and not in the thread that serves the instance.
 */
int tcpip_core_may_wait(void);

/** tcpip_core_lock() for LWIP_ASSERT_CORE_LOCKED(). @return 0: the caller had it already */
char tcpip_core_enter(void);

static inline void tcpip_core_leave(char *scope)
{
  if (*scope) {
    tcpip_core_unlock();
  }
}

#ifdef __cplusplus
}
#endif

#define CORE_SCOPE_NAME(line) core_scope_##line
#define CORE_SCOPE(line)                                                                           \
  char CORE_SCOPE_NAME(line) __attribute__((unused, cleanup(tcpip_core_leave))) = tcpip_core_enter()

/**
 * Stands first in every function of the core. LWIP_THREAD_SAFE_API: takes the core lock until the
 * block that it stands in is left, by whatever way. LWIP_CHECK_THREAD_SAFETY: asserts that the
 * caller has it. Otherwise, and with NO_SYS, nothing.
 */
#ifndef LWIP_ASSERT_CORE_LOCKED
#if LWIP_THREAD_SAFE_API
#define LWIP_ASSERT_CORE_LOCKED() CORE_SCOPE(__LINE__)
#elif LWIP_CHECK_THREAD_SAFETY && !NO_SYS
#define LWIP_ASSERT_CORE_LOCKED()                                                                  \
  LWIP_ASSERT("the core lock is held (LOCK_TCPIP_CORE())", tcpip_core_is_mine())
#else
#define LWIP_ASSERT_CORE_LOCKED()
#endif
#endif

#endif /* LWIP_HDR_PRIV_CORE_LOCK_H */
