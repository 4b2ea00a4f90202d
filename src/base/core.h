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

/** From any thread, without the lock: wake the server, if there is one. */
void core_wake_server(void);

#endif /* BASE_CORE_H */
