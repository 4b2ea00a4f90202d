/**
 * @file
 * The core lock: one per instance, in front of everything that is not said to be for any thread.
 *
 * State: the mutex, who has it, how often, and which thread serves the instance.
 *
 * Invariants: `owner` is set and cleared by the thread that has the mutex, so a thread that reads
 * its own name there has it, and one that reads anything else has not, however old that is. Without
 * LWIP_THREAD_SELF() there is no owner and the lock does not nest, as in lwIP. Before lwip_init()
 * and after lwip_deinit() there is no lock, and taking it does nothing.
 *
 * A turn is what is done under the lock without a pause: a call, or one of the timers or messages
 * that the serving thread has. In a turn the clock stands still, so that it is read once, however
 * many timers are set; and threads that are woken are told at its end, so that they find the lock
 * free.
 *
 * With NO_SYS nothing refers to this file, and no program contains it.
 *
 * Lock order: core lock, then a port's own (mailboxes, SYS_ARCH_PROTECT()). Nobody waits under it.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/err.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "gossamer/state.h"
#include "base/core.h"

struct core_state {
  volatile mem_ptr_t owner;       /* who has the lock; 0: nobody, or it has no owner */
  volatile mem_ptr_t server_self; /* who serves the instance; 0: nobody, or the port cannot tell */
  const struct core_server *volatile server;
  u32_t depth;                 /* how often the owner has it */
  bool is_server_called;       /* core_call_server() since the lock was taken */
  struct core_signal *signals; /* to be given when it is given back */
};

STACK_STATE(struct core_state, core);

STACK_GLOBAL_DEFINE(struct core_clock, core_clock);

STACK_GLOBAL_DEFINE(sys_mutex_t, tcpip_core_mutex);
#define core_mutex STACK_GLOBAL(sys_mutex_t, tcpip_core_mutex)

void core_init(void)
{
  if (CORE_HAS_LOCK) {
    err_t err = sys_mutex_new(&core_mutex);
    LWIP_ASSERT("core lock: the system has no mutex left", err == ERR_OK);
    LWIP_UNUSED_ARG(err);
  }
}

void core_fini(void)
{
  if (CORE_HAS_LOCK && sys_mutex_valid(&core_mutex)) {
    sys_mutex_free(&core_mutex);
    sys_mutex_set_invalid(&core_mutex);
  }
}

int tcpip_core_is_held(void)
{
  return CORE_LOCK_HAS_OWNER && CORE_WORD_GET(core()->owner) == CORE_THREAD_SELF();
}

bool core_is_server(void)
{
  mem_ptr_t self = CORE_THREAD_SELF();
  return self != 0 && CORE_WORD_GET(core()->server_self) == self;
}

int tcpip_core_is_mine(void)
{
  if (CORE_LOCK_HAS_OWNER && tcpip_core_is_held()) {
    return 1;
  }
  if (CORE_WORD_GET(core()->server_self) == 0) {
    return 1; /* nobody serves the instance yet, or nobody can tell */
  }
  return !CORE_HAS_LOCK && core_is_server();
}

int tcpip_core_may_wait(void)
{
  if (core_is_server()) {
    return 0;
  }
  return !tcpip_core_is_held() || core()->depth == 1;
}

u32_t core_read_ms(void)
{
  u32_t now_ms = sys_now();
  if (tcpip_core_is_held()) {
    CORE_CLOCK(ms) = now_ms;
    CORE_WORD_SET(STACK_GLOBAL(struct core_clock, core_clock).reader_ms, CORE_THREAD_SELF());
  }
  return now_ms;
}

u32_t core_read_us(void)
{
  u32_t now_us = LWIP_SYS_NOW_US ? (u32_t)sys_now_us() : 0;
  if (tcpip_core_is_held()) {
    CORE_CLOCK(us) = now_us;
    CORE_WORD_SET(STACK_GLOBAL(struct core_clock, core_clock).reader_us, CORE_THREAD_SELF());
  }
  return now_us;
}

void core_next_turn(void)
{
  if (tcpip_core_is_held()) {
    CORE_WORD_SET(STACK_GLOBAL(struct core_clock, core_clock).reader_ms, 0);
    CORE_WORD_SET(STACK_GLOBAL(struct core_clock, core_clock).reader_us, 0);
  }
}

static void give_signals(struct core_signal *s)
{
  while (s != NULL) {
    struct core_signal *next = s->next; /* it may be gone as soon as it is given */
    sys_sem_signal(s->sem);
    s = next;
  }
}

void core_signal(struct core_signal *s)
{
  if (tcpip_core_is_held()) {
    s->next = core()->signals;
    core()->signals = s;
  } else {
    sys_sem_signal(s->sem);
  }
}

void core_signals_now(void)
{
  if (tcpip_core_is_held()) {
    struct core_signal *signals = core()->signals;
    core()->signals = NULL;
    give_signals(signals);
  }
}

/** The first one in. */
static CORE_SELDOM void core_take(struct core_state *c)
{
  if (CORE_HAS_LOCK && sys_mutex_valid(&core_mutex)) {
    sys_mutex_lock(&core_mutex);
    CORE_WORD_SET(c->owner, CORE_THREAD_SELF());
    c->depth = 1;
  }
}

char tcpip_core_enter(void)
{
  struct core_state *c = core();
  if (CORE_LOCK_HAS_OWNER && CORE_WORD_GET(c->owner) == CORE_THREAD_SELF()) {
    return 0;
  }
  core_take(c);
  return 1;
}

void tcpip_core_lock(void)
{
  struct core_state *c = core();
  if (CORE_LOCK_HAS_OWNER && CORE_WORD_GET(c->owner) == CORE_THREAD_SELF()) {
    c->depth++;
  } else {
    core_take(c);
  }
}

/** The last one out. */
static CORE_SELDOM void core_release(struct core_state *c)
{
  bool wants_wake = false;
  if (c->is_server_called) {
    const struct core_server *server = c->server;
    c->depth = 2; /* what settling calls takes it again, and may not wait */
    wants_wake = server != NULL && server->settle();
    c->is_server_called = false;
    c->depth = 0;
  }
  struct core_signal *signals = c->signals;
  c->signals = NULL;
  core_next_turn();
  CORE_WORD_SET(c->owner, 0);
  sys_mutex_unlock(&core_mutex);
  give_signals(signals);
  if (wants_wake) {
    core_wake_server();
  }
}

void tcpip_core_unlock(void)
{
  struct core_state *c = core();
  if (CORE_LOCK_HAS_OWNER) {
    /* Not ours: it was taken when there was no lock yet. */
    if (CORE_WORD_GET(c->owner) == CORE_THREAD_SELF() && --c->depth == 0) {
      core_release(c);
    }
  } else if (CORE_HAS_LOCK && sys_mutex_valid(&core_mutex)) {
    sys_mutex_unlock(&core_mutex);
  }
}

void core_serve(const struct core_server *server)
{
  CORE_WORD_SET(core()->server, server);
  CORE_WORD_SET(core()->server_self, server != NULL ? CORE_THREAD_SELF() : 0);
}

void core_call_server(void)
{
  if (tcpip_core_is_held()) {
    core()->is_server_called = true;
  } else {
    core_wake_server();
  }
}

void core_wake_server(void)
{
  const struct core_server *server = CORE_WORD_GET(core()->server);
  if (server != NULL) {
    server->wake();
  }
}
