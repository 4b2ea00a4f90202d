/**
 * @file
 * The tcpip thread: one per instance, which runs the timers and serves a mailbox.
 *
 * State: the mailbox; three messages that are never allocated; whether the thread runs.
 *
 * Nothing ticks. The thread sleeps until the first timer is due or a message comes, and it counts
 * on the timers as they were when it went to sleep (timers_watch()). A thread that has the core
 * lock and sets an earlier one settles that when it gives the lock back: it runs what is due
 * already (LWIP_TCPIP_RUN_AT_UNLOCK: packets that were looped back, so that talking to ourselves
 * needs no other thread), and wakes the tcpip thread if an earlier time is left.
 *
 * Messages are served under the core lock, several in a row; the thread never waits with it held.
 * Calls that wait for their end run in the calling thread with core locking. Without it a message
 * on the caller's stack (LWIP_MPU_COMPATIBLE: of the pool) carries the call, and a semaphore its
 * end.
 *
 * As a module the thread stands last, so that it ends first, with the whole stack there for the
 * messages that are still in the mailbox.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/tcpip.h"
#include "lwip/priv/tcpip_call_hooks.h"
#include "lwip/priv/tcpip_priv.h"
#include "gossamer/state.h"
#include "gossamer/timer.h"
#include "api/tcpip_module.h"
#include "base/core.h"

#if !NO_SYS

/** Messages served before the timers and other threads get their turn. */
#define TCPIP_BATCH 16

/** Times that a thread which gives the lock back runs what is due before it leaves the rest. */
#define TCPIP_SETTLE_ROUNDS 8

struct tcpip_state {
  sys_mbox_t mbox;
  bool is_running; /* from tcpip_init() to the end of the instance */
  bool is_asked_to_end;
  sys_sem_t ended;
  tcpip_init_done_fn init_done;
  void *init_done_arg;
  struct tcpip_msg wake;
  struct tcpip_msg end;
};

STACK_STATE(struct tcpip_state, tcpip);

static void serve_wake(struct tcpip_msg *msg)
{
  LWIP_UNUSED_ARG(msg);
}

static void serve_end(struct tcpip_msg *msg)
{
  LWIP_UNUSED_ARG(msg);
  tcpip()->is_asked_to_end = true;
}

static void serve_in(struct tcpip_msg *msg)
{
  struct pbuf *p = msg->u.in.p;
  if (msg->u.in.input_fn(p, msg->u.in.netif) != ERR_OK) {
    pbuf_free(p);
  }
  tcpip_msg_in_free(msg);
}

/** A message that its sender keeps. */
static void serve_callback(struct tcpip_msg *msg)
{
  msg->u.callback.function(msg->u.callback.ctx);
}

static void serve_callback_once(struct tcpip_msg *msg)
{
  tcpip_callback_fn function = msg->u.callback.function;
  void *ctx = msg->u.callback.ctx;
  memp_free(MEMP_TCPIP_MSG_API, msg); /* first, so that the function can have it again */
  function(ctx);
}

static bool serve(struct tcpip_msg *msg)
{
  if (msg != NULL) {
    core_next_turn();
    msg->serve(msg);
  }
  return msg != NULL;
}

/** Serve what waits in the mailbox, a batch at most. @return how much there was */
static unsigned serve_waiting(struct tcpip_state *t)
{
  unsigned count = 0;
  void *msg;
  while (count < TCPIP_BATCH && sys_arch_mbox_tryfetch(&t->mbox, &msg) != SYS_MBOX_EMPTY) {
    serve((struct tcpip_msg *)msg);
    count++;
  }
  return count;
}

/** Under the lock of a thread that set an earlier timer: see core_call_server(). */
static bool settle(void)
{
  for (int i = 0; LWIP_TCPIP_RUN_AT_UNLOCK && i < TCPIP_SETTLE_ROUNDS && timers_run(); i++) {
  }
  bool wants_wake = timers_are_sooner();
  if (wants_wake) {
    timers_watch(NULL); /* one wake is enough: the thread looks at all timers then */
  }
  return wants_wake;
}

/** From any thread. A full mailbox does not matter: the thread is awake then. */
static void wake(void)
{
  sys_mbox_trypost(&tcpip()->mbox, &tcpip()->wake);
}

static const struct core_server tcpip_server = {.settle = settle, .wake = wake};

/** With the lock held: sleep, without it, until a timer is due or a message comes; serve that. */
static void sleep_and_serve(struct tcpip_state *t, u32_t sleep_ms)
{
  void *msg = NULL;
  timers_watch(core_call_server);
  UNLOCK_TCPIP_CORE();
  sys_arch_mbox_fetch(&t->mbox, &msg, sleep_ms == TIMER_NEVER ? 0 : sleep_ms);
  LOCK_TCPIP_CORE();
  timers_watch(NULL);
  serve((struct tcpip_msg *)msg);
}

/** One turn: timers, then messages; with neither, sleep. The lock is held, but while sleeping. */
static void tcpip_turn(struct tcpip_state *t)
{
  core_next_turn();
  LWIP_TCPIP_THREAD_ALIVE();
  PBUF_CHECK_FREE_OOSEQ();
  tcpip_timers_run();
  u32_t sleep_ms = tcpip_timers_sleep_ms();
  if (serve_waiting(t) > 0 || sleep_ms == 0) {
    UNLOCK_TCPIP_CORE(); /* others want it, too */
    LOCK_TCPIP_CORE();
  } else {
    sleep_and_serve(t, sleep_ms);
  }
}

static void tcpip_thread(void *arg)
{
  struct tcpip_state *t = tcpip();
  LWIP_UNUSED_ARG(arg);
  LWIP_MARK_TCPIP_THREAD();
  LOCK_TCPIP_CORE();
  core_serve(&tcpip_server);
  if (t->init_done != NULL) {
    t->init_done(t->init_done_arg);
  }
  while (!t->is_asked_to_end) {
    tcpip_turn(t);
  }
  while (serve_waiting(t) > 0) {
  }
  core_serve(NULL);
  UNLOCK_TCPIP_CORE();
  sys_sem_signal(&t->ended); /* the state may be gone from here on */
}

void tcpip_init(tcpip_init_done_fn tcpip_init_done, void *arg)
{
  struct tcpip_state *t = tcpip();
  if (t->is_running) {
    if (tcpip_init_done != NULL) {
      tcpip_callback(tcpip_init_done, arg);
    }
    return;
  }
  lwip_init();
  t->wake.serve = serve_wake;
  t->end.serve = serve_end;
  t->is_asked_to_end = false;
  t->init_done = tcpip_init_done;
  t->init_done_arg = arg;
  err_t err = sys_mbox_new(&t->mbox, TCPIP_MBOX_SIZE);
  LWIP_ASSERT("tcpip_init: the system has no mailbox left", err == ERR_OK);
  t->is_running = err == ERR_OK;
  if (t->is_running) {
    sys_thread_new(TCPIP_THREAD_NAME, tcpip_thread, NULL, TCPIP_THREAD_STACKSIZE,
                   TCPIP_THREAD_PRIO);
  }
}

/** An instance ends: its thread does what it was told so far, then ends. */
static void tcpip_fini(void)
{
  struct tcpip_state *t = tcpip();
  if (!t->is_running) {
    return;
  }
  LWIP_ASSERT("lwip_deinit: neither in the tcpip thread nor with the core lock",
              !core_is_server() && !tcpip_core_is_held());
  err_t err = sys_sem_new(&t->ended, 0);
  LWIP_ASSERT("lwip_deinit: the system has no semaphore left", err == ERR_OK);
  LWIP_UNUSED_ARG(err);
  sys_mbox_post(&t->mbox, &t->end);
  sys_sem_wait(&t->ended);
  sys_sem_free(&t->ended);
  sys_mbox_free(&t->mbox);
  sys_mbox_set_invalid(&t->mbox);
  t->is_running = false;
}

const struct net_module tcpip_module = {.name = "tcpip", .fini = tcpip_fini};

int tcpip_thread_is_current(void)
{
  return core_is_server();
}

/** Would a thread that waits for room in the mailbox wait for itself? */
static bool must_not_wait(void)
{
  return core_is_server() || tcpip_core_is_held();
}

enum posting {
  POST_TRY,
  POST_WAIT /* for room, unless the caller would wait for himself */
};

/** @return ERR_OK: the message is the tcpip thread's; ERR_VAL: there is none; ERR_MEM: no room */
static err_t post(struct tcpip_msg *msg, enum posting how)
{
  struct tcpip_state *t = tcpip();
  if (!t->is_running) {
    return ERR_VAL;
  }
  if (how == POST_WAIT && !must_not_wait()) {
    sys_mbox_post(&t->mbox, msg);
    return ERR_OK;
  }
  return sys_mbox_trypost(&t->mbox, msg) == ERR_OK ? ERR_OK : ERR_MEM;
}

/* ---- Packets ---- */

err_t tcpip_inpkt(struct pbuf *p, struct netif *inp, netif_input_fn input_fn)
{
  LWIP_ERROR("tcpip_inpkt: no packet, netif or function",
             p != NULL && inp != NULL && input_fn != NULL, return ERR_ARG);
  if (LWIP_TCPIP_CORE_LOCKING_INPUT) {
    LOCK_TCPIP_CORE();
    err_t err = input_fn(p, inp);
    UNLOCK_TCPIP_CORE();
    return err;
  }
  struct tcpip_msg *msg = tcpip_msg_in_alloc();
  if (msg == NULL) {
    return ERR_MEM;
  }
  msg->serve = serve_in;
  msg->u.in.p = p;
  msg->u.in.netif = inp;
  msg->u.in.input_fn = input_fn;
  err_t err = post(msg, POST_TRY);
  if (err != ERR_OK) {
    tcpip_msg_in_free(msg);
  }
  return err;
}

err_t tcpip_input(struct pbuf *p, struct netif *inp)
{
  return tcpip_inpkt(p, inp, netif_input);
}

/* ---- Callbacks ---- */

static struct tcpip_msg *callback_msg_new(tcpip_callback_fn function, void *ctx)
{
  struct tcpip_msg *msg = (struct tcpip_msg *)memp_malloc(MEMP_TCPIP_MSG_API);
  if (msg != NULL) {
    msg->u.callback.function = function;
    msg->u.callback.ctx = ctx;
  }
  return msg;
}

static err_t callback_send(tcpip_callback_fn function, void *ctx, enum posting how)
{
  LWIP_ERROR("tcpip_callback: no function", function != NULL, return ERR_ARG);
  struct tcpip_msg *msg = callback_msg_new(function, ctx);
  if (msg == NULL) {
    return ERR_MEM;
  }
  msg->serve = serve_callback_once;
  err_t err = post(msg, how);
  if (err != ERR_OK) {
    memp_free(MEMP_TCPIP_MSG_API, msg);
  }
  return err;
}

err_t tcpip_callback(tcpip_callback_fn function, void *ctx)
{
  return callback_send(function, ctx, POST_WAIT);
}

err_t tcpip_try_callback(tcpip_callback_fn function, void *ctx)
{
  return callback_send(function, ctx, POST_TRY);
}

struct tcpip_callback_msg *tcpip_callbackmsg_new(tcpip_callback_fn function, void *ctx)
{
  LWIP_ERROR("tcpip_callbackmsg_new: no function", function != NULL, return NULL);
  struct tcpip_msg *msg = callback_msg_new(function, ctx);
  if (msg != NULL) {
    msg->serve = serve_callback;
  }
  return (struct tcpip_callback_msg *)msg;
}

void tcpip_callbackmsg_delete(struct tcpip_callback_msg *msg)
{
  memp_free(MEMP_TCPIP_MSG_API, msg);
}

err_t tcpip_callbackmsg_trycallback(struct tcpip_callback_msg *msg)
{
  LWIP_ERROR("tcpip_callbackmsg_trycallback: no message", msg != NULL, return ERR_ARG);
  return post((struct tcpip_msg *)msg, POST_TRY);
}

err_t tcpip_callbackmsg_trycallback_fromisr(struct tcpip_callback_msg *msg)
{
  LWIP_ERROR("tcpip_callbackmsg_trycallback_fromisr: no message", msg != NULL, return ERR_ARG);
  return tcpip()->is_running ? sys_mbox_trypost_fromisr(&tcpip()->mbox, msg) : ERR_VAL;
}

static void free_pbuf(void *p)
{
  pbuf_free((struct pbuf *)p);
}

err_t pbuf_free_callback(struct pbuf *p)
{
  return tcpip_try_callback(free_pbuf, p);
}

err_t mem_free_callback(void *m)
{
  return tcpip_try_callback(mem_free, m);
}

int tcpip_thread_poll_one(void)
{
  void *msg = NULL;
  LOCK_TCPIP_CORE();
  bool is_served = tcpip()->is_running &&
                   sys_arch_mbox_tryfetch(&tcpip()->mbox, &msg) != SYS_MBOX_EMPTY &&
                   serve((struct tcpip_msg *)msg);
  UNLOCK_TCPIP_CORE();
  return is_served;
}
/* ---- Calls that wait for their end ---- */

/** May the caller go ahead, under the lock or because nobody else uses the core? */
static bool runs_here(void)
{
  return LWIP_TCPIP_CORE_LOCKING || core_is_server();
}

static void serve_call(struct tcpip_msg *msg)
{
  sys_sem_t *done = msg->u.call.sem;
  api_call_set_err(msg->u.call.data, msg->u.call.fn(msg->u.call.data));
  sys_sem_signal(done); /* the message may be gone from here on */
}

/** Send `msg` and wait for `done`. */
static err_t send_and_wait(struct tcpip_msg *msg, sys_sem_t *done)
{
  err_t err = post(msg, POST_WAIT);
  if (err == ERR_OK) {
    sys_arch_sem_wait(done, 0);
  }
  return err;
}

static err_t call_by_message(tcpip_api_call_fn fn, struct tcpip_api_call_data *call)
{
  struct tcpip_msg on_stack;
  struct tcpip_msg *msg =
      LWIP_MPU_COMPATIBLE ? (struct tcpip_msg *)memp_malloc(MEMP_TCPIP_MSG_API) : &on_stack;
  sys_sem_t *done = msg != NULL ? api_call_sem_get(call) : NULL;
  err_t err = ERR_MEM;
  if (done != NULL) {
    msg->serve = serve_call;
    msg->u.call.fn = fn;
    msg->u.call.data = call;
    msg->u.call.sem = done;
    err = send_and_wait(msg, done);
    api_call_sem_put(call);
  }
  if (LWIP_MPU_COMPATIBLE) {
    memp_free(MEMP_TCPIP_MSG_API, msg);
  }
  return err == ERR_OK ? api_call_err(call) : err;
}

err_t tcpip_api_call(tcpip_api_call_fn fn, struct tcpip_api_call_data *call)
{
  LWIP_ERROR("tcpip_api_call: no function", fn != NULL, return ERR_ARG);
  if (!runs_here()) {
    return call_by_message(fn, call);
  }
  LOCK_TCPIP_CORE();
  err_t err = fn(call);
  UNLOCK_TCPIP_CORE();
  return err;
}

static err_t send_by_message(tcpip_callback_fn fn, void *apimsg, sys_sem_t *sem)
{
  struct tcpip_msg on_stack;
  struct tcpip_msg *msg =
      LWIP_MPU_COMPATIBLE ? (struct tcpip_msg *)memp_malloc(MEMP_TCPIP_MSG_API) : &on_stack;
  if (msg == NULL) {
    return ERR_MEM;
  }
  msg->serve = serve_callback;
  msg->u.callback.function = fn;
  msg->u.callback.ctx = apimsg;
  err_t err = send_and_wait(msg, sem);
  if (LWIP_MPU_COMPATIBLE) {
    memp_free(MEMP_TCPIP_MSG_API, msg);
  }
  return err;
}

err_t tcpip_send_msg_wait_sem(tcpip_callback_fn fn, void *apimsg, sys_sem_t *sem)
{
  LWIP_ERROR("tcpip_send_msg_wait_sem: no function", fn != NULL, return ERR_ARG);
  if (!runs_here()) {
    LWIP_ERROR("tcpip_send_msg_wait_sem: no semaphore", sem != NULL, return ERR_ARG);
    return send_by_message(fn, apimsg, sem);
  }
  LOCK_TCPIP_CORE();
  fn(apimsg);
  UNLOCK_TCPIP_CORE();
  return ERR_OK;
}

/** A plain callback as an API call. */
struct wait_call {
  struct tcpip_api_call_data call;
  tcpip_callback_fn function;
  void *ctx;
};

static err_t wait_call_do(struct tcpip_api_call_data *data)
{
  struct wait_call *w = (struct wait_call *)(void *)data;
  w->function(w->ctx);
  return ERR_OK;
}

err_t tcpip_callback_wait(tcpip_callback_fn function, void *ctx)
{
  LWIP_ERROR("tcpip_callback_wait: no function", function != NULL, return ERR_ARG);
  struct wait_call w = {.function = function, .ctx = ctx};
  return tcpip_api_call(wait_call_do, &w.call);
}

#if LWIP_TCPIP_TIMEOUT && LWIP_TIMERS

struct timeout_call {
  struct tcpip_api_call_data call;
  sys_timeout_handler handler;
  void *arg;
  u32_t msecs;
};

static err_t timeout_do(struct tcpip_api_call_data *data)
{
  const struct timeout_call *t = (const struct timeout_call *)(void *)data;
  sys_timeout(t->msecs, t->handler, t->arg);
  return ERR_OK;
}

static err_t untimeout_do(struct tcpip_api_call_data *data)
{
  const struct timeout_call *t = (const struct timeout_call *)(void *)data;
  sys_untimeout(t->handler, t->arg);
  return ERR_OK;
}

err_t tcpip_timeout(u32_t msecs, sys_timeout_handler h, void *arg)
{
  LWIP_ERROR("tcpip_timeout: no handler", h != NULL, return ERR_ARG);
  struct timeout_call t = {.handler = h, .arg = arg, .msecs = msecs};
  return tcpip_api_call(timeout_do, &t.call);
}

err_t tcpip_untimeout(sys_timeout_handler h, void *arg)
{
  LWIP_ERROR("tcpip_untimeout: no handler", h != NULL, return ERR_ARG);
  struct timeout_call t = {.handler = h, .arg = arg};
  return tcpip_api_call(untimeout_do, &t.call);
}

#endif

#endif /* !NO_SYS */
