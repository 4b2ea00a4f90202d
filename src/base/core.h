/**
 * @file
 * The core lock's inner side: how it starts, and what the thread that serves an instance
 * (src/api/tcpip.c) wants to hear from others that use the core. Not with NO_SYS.
 */
#ifndef BASE_CORE_H
#define BASE_CORE_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "lwip/sys.h"
#include "gossamer/state.h"

/** The thread that serves an instance. */
struct core_server {
  /** Called by whoever gives the lock back, as the last thing under it, after core_call_server().
      @return whether `wake` is wanted */
  bool (*settle)(void);
  /** Called without the lock: see to it that the thread looks at its timers. */
  void (*wake)(void);
};

/** Make the lock; instance.c calls it first and core_fini() last. */
void core_init(void);
void core_fini(void);

/** The calling thread serves the current instance from now on; NULL: nobody does any more. */
void core_serve(const struct core_server *server);

/** Is that thread the calling one? False where the port cannot tell threads apart. */
bool core_is_server(void);

/** With the lock held: something became due sooner than the server knows. */
void core_call_server(void);

/** What the port's clocks said when they were read in this turn (core.c), for whoever reads under
    the lock: him the time belongs to. */
struct core_clock {
  volatile mem_ptr_t reader_ms, reader_us; /* 0: not read yet */
  u32_t ms, us;
};
STACK_GLOBAL_DECLARE(struct core_clock, core_clock);

/** Has the calling thread read the clock in this turn? */
#define CORE_CLOCK_HAS(unit)                                                                       \
  (CORE_LOCK_HAS_OWNER &&                                                                          \
   CORE_WORD_GET(STACK_GLOBAL(struct core_clock, core_clock).reader_##unit) == CORE_THREAD_SELF())
#define CORE_CLOCK(unit) (STACK_GLOBAL(struct core_clock, core_clock).unit)

/** Read it, and keep that for the rest of the turn. */
u32_t core_read_ms(void);
u32_t core_read_us(void);

/** With the lock held: the next timer or message begins. */
void core_next_turn(void);

/** A semaphore that is to be signalled; whose memory it is may free it behind that. */
struct core_signal {
  struct core_signal *next;
  sys_sem_t *sem;
};

/** Signal it as soon as the calling thread has given the lock back; now if it has it not. */
void core_signal(struct core_signal *s);

/** Do not wait for that: the caller is about to wait with the lock held for what he has given. */
void core_signals_now(void);

/** From any thread, without the lock: wake the server, if there is one. */
void core_wake_server(void);

#endif /* BASE_CORE_H */
