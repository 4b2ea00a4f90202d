/**
 * @file
 * The core lock: it nests, it excludes, each instance has its own, and every function of the raw
 * API takes it or insists on it. needs: threads
 * variants: messages checked
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "api.h"
#include "lwip/netif.h"
#include "lwip/init.h"
#include "lwip/raw.h"
#include "lwip/udp.h"

/* A process with threads cannot be copied under ThreadSanitizer. */
#if defined(__has_feature)
#define TSAN __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define TSAN 1
#else
#define TSAN 0
#endif

/** What a thread of a test shares with it. */
struct shared {
  sys_sem_t done;
  struct stack *instance;
  unsigned counter;
  int was_held;
};

#if LWIP_TCPIP_CORE_LOCKING

static void look(void *arg)
{
  struct shared *s = (struct shared *)arg;
  s->was_held = tcpip_core_is_held() || tcpip_core_is_mine();
  sys_sem_signal(&s->done);
}

/* Under the lock the clock is read once; it goes on behind it. */
static void test_clock_stands_still_under_the_lock(void **state)
{
  LWIP_UNUSED_ARG(state);
  LOCK_TCPIP_CORE();
  u32_t before = stack_now();
  sys_msleep(5);
  u32_t still = stack_now();
  UNLOCK_TCPIP_CORE();
  assert_int_equal(still, before);
  assert_true(stack_now() - before >= 5);
  LOCK_TCPIP_CORE();
  u32_t later = stack_now();
  UNLOCK_TCPIP_CORE();
  assert_true(later - before >= 5);
}

static void test_lock_nests(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct shared s = {.done = api_sem()};
  assert_false(tcpip_core_is_held());
  for (int i = 0; i < 3; i++) {
    LOCK_TCPIP_CORE();
    assert_true(tcpip_core_is_held());
    assert_true(tcpip_core_is_mine());
  }
  sys_thread_new("look", look, &s, 0, 0);
  api_await(&s.done);
  assert_false(s.was_held); /* by that thread */
  for (int i = 0; i < 3; i++) {
    assert_true(tcpip_core_is_held());
    UNLOCK_TCPIP_CORE();
  }
  assert_false(tcpip_core_is_held());
  assert_false(tcpip_core_is_mine());
  sys_sem_free(&s.done);
}

/** The functions behind the macros, for who hands them on: they are the same lock. */
static void test_lock_by_its_functions(void **state)
{
  LWIP_UNUSED_ARG(state);
  void (*const lock)(void) = tcpip_core_lock;
  void (*const unlock)(void) = tcpip_core_unlock;
  lock();
  assert_true(tcpip_core_is_held());
  LOCK_TCPIP_CORE();
  unlock();
  assert_true(tcpip_core_is_held());
  UNLOCK_TCPIP_CORE();
  assert_false(tcpip_core_is_held());
  LOCK_TCPIP_CORE();
  unlock();
  assert_false(tcpip_core_is_held());
  unlock(); /* who does not have it cannot give it back */
  assert_false(tcpip_core_is_held());
  lock();
  assert_true(tcpip_core_is_held());
  unlock();
}

enum { THREADS = 4, ROUNDS = 2000 };

static void increment(void *arg)
{
  struct shared *s = (struct shared *)arg;
  for (int i = 0; i < ROUNDS; i++) {
    LOCK_TCPIP_CORE();
    s->counter++;
    LOCK_TCPIP_CORE();
    s->counter++;
    UNLOCK_TCPIP_CORE();
    UNLOCK_TCPIP_CORE();
  }
  sys_sem_signal(&s->done);
}

static void test_lock_excludes(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct shared s = {.done = api_sem()};
  for (int i = 0; i < THREADS; i++) {
    sys_thread_new("increment", increment, &s, 0, 0);
  }
  for (int i = 0; i < THREADS; i++) {
    api_await(&s.done);
  }
  assert_int_equal(s.counter, 2 * THREADS * ROUNDS);
  sys_sem_free(&s.done);
}

static void lock_once(void *arg)
{
  struct shared *s = (struct shared *)arg;
  struct stack *before = stack_enter(s->instance);
  LOCK_TCPIP_CORE();
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
  sys_sem_signal(&s->done);
}

static void test_instances_have_their_own(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stack *other = stack_new(NULL);
  struct shared s = {.done = api_sem(), .instance = other};
  LOCK_TCPIP_CORE();
  sys_thread_new("other", lock_once, &s, 0, 0);
  api_await(&s.done); /* ours is no obstacle */
  struct stack *before = stack_enter(other);
  assert_false(tcpip_core_is_held());
  stack_leave(before);
  assert_true(tcpip_core_is_held());
  s.instance = before;
  sys_thread_new("same", lock_once, &s, 0, 0);
  assert_int_equal(sys_arch_sem_wait(&s.done, 20), SYS_ARCH_TIMEOUT);
  UNLOCK_TCPIP_CORE();
  api_await(&s.done);
  stack_free(other);
  sys_sem_free(&s.done);
}

/** Before lwip_init() there is no lock, and nobody to lock out. */
static void test_no_lock_yet(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stack *before = stack_enter(NULL); /* which nobody has started */
  LOCK_TCPIP_CORE();
  assert_false(tcpip_core_is_held());
  assert_true(tcpip_core_is_mine());
  UNLOCK_TCPIP_CORE();
  LOCK_TCPIP_CORE();
  lwip_init();
  UNLOCK_TCPIP_CORE(); /* of what was taken before there was any */
  LOCK_TCPIP_CORE();
  assert_true(tcpip_core_is_held());
  UNLOCK_TCPIP_CORE();
  assert_false(tcpip_core_is_held());
  assert_true(tcpip_core_is_mine()); /* no thread serves it */
  lwip_deinit();
  LOCK_TCPIP_CORE();
  assert_false(tcpip_core_is_held());
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
}

/** lwIP's name for the mutex; a port may look at it. */
static void test_the_mutex_has_its_name(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_true(sys_mutex_valid(&lock_tcpip_core));
}

#endif

static u8_t inside(u8_t what)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (what == 1) {
    return 1;
  }
  for (int i = 0; i < 3; i++) {
    LWIP_ASSERT_CORE_LOCKED();
    if (i == what) {
      return 2;
    }
  }
  return 0;
}

struct inside_call {
  struct tcpip_api_call_data call;
  u8_t what;
  u8_t result;
};

static err_t do_inside(struct tcpip_api_call_data *call)
{
  struct inside_call *c = (struct inside_call *)(void *)call;
  c->result = inside(c->what);
  return ERR_OK;
}

/** However a function is left, the lock is as it was. */
static void test_assertion_is_balanced(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct inside_call c = {.what = 0};
  for (c.what = 0; c.what < 9; c.what++) {
    assert_int_equal(tcpip_api_call(do_inside, &c.call), ERR_OK);
    assert_int_equal(c.result, c.what == 1 ? 1 : c.what < 3 ? 2 : 0);
    assert_false(tcpip_core_is_held());
  }
}

#if LWIP_THREAD_SAFE_API

static void make_pcb(void *arg)
{
  struct shared *s = (struct shared *)arg;
  udp_remove(udp_new());
  sys_sem_signal(&s->done);
}

/** A function of the raw API waits for the lock that another thread has. */
static void test_raw_api_takes_the_lock(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct shared s = {.done = api_sem()};
  LOCK_TCPIP_CORE();
  sys_thread_new("make_pcb", make_pcb, &s, 0, 0);
  assert_int_equal(sys_arch_sem_wait(&s.done, 20), SYS_ARCH_TIMEOUT);
  udp_remove(udp_new()); /* who has it goes ahead */
  assert_true(tcpip_core_is_held());
  UNLOCK_TCPIP_CORE();
  api_await(&s.done);
  assert_false(tcpip_core_is_held());
  sys_sem_free(&s.done);
}

/** ... and gives it back when it fails. */
static void test_failing_calls_give_it_back(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct udp_pcb *pcb = udp_new();
  assert_int_equal(udp_send(pcb, NULL), ERR_ARG);
  assert_false(tcpip_core_is_held());
  assert_int_equal(udp_bind(NULL, NULL, 1), ERR_ARG);
  assert_false(tcpip_core_is_held());
  fault_arm(1);
  assert_null(raw_new(1));
  fault_arm(0);
  assert_false(tcpip_core_is_held());
  udp_remove(pcb);
  netif_remove(NULL);
  assert_false(tcpip_core_is_held());
}

#else

/** Does `function` end in a failed assertion? Asked of a copy of this process. */
static bool ends_in_assertion(void (*function)(void))
{
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    close(STDERR_FILENO); /* its complaint is expected */
    signal(SIGABRT, SIG_DFL);
    function();
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void use_raw_api(void)
{
  udp_remove(udp_new());
}

static void use_raw_api_in_call(void *ctx)
{
  LWIP_UNUSED_ARG(ctx);
  use_raw_api();
}

static void use_netifs(void)
{
  netif_set_default(NULL);
}

/** LWIP_CHECK_THREAD_SAFETY: a call without the lock, or from the wrong thread, is a defect. */
static void test_missing_lock_is_found(void **state)
{
  LWIP_UNUSED_ARG(state);
  if (!TSAN) {
    assert_true(ends_in_assertion(use_raw_api));
    assert_true(ends_in_assertion(use_netifs));
  }
  assert_int_equal(tcpip_callback_wait(use_raw_api_in_call, NULL), ERR_OK);
}

#if LWIP_TCPIP_CORE_LOCKING
static void test_lock_is_enough(void **state)
{
  LWIP_UNUSED_ARG(state);
  LOCK_TCPIP_CORE();
  use_raw_api();
  use_netifs();
  UNLOCK_TCPIP_CORE();
  assert_false(tcpip_core_is_held());
}
#endif

#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
#if LWIP_TCPIP_CORE_LOCKING
    API_TEST(test_clock_stands_still_under_the_lock),
    API_TEST(test_lock_nests),
    API_TEST(test_lock_by_its_functions),
    API_TEST(test_lock_excludes),
    API_TEST(test_instances_have_their_own),
    API_TEST(test_no_lock_yet),
    API_TEST(test_the_mutex_has_its_name),
#endif
    API_TEST(test_assertion_is_balanced),
#if LWIP_THREAD_SAFE_API
    API_TEST(test_raw_api_takes_the_lock),
    API_TEST(test_failing_calls_give_it_back),
#else
    API_TEST(test_missing_lock_is_found),
#if LWIP_TCPIP_CORE_LOCKING
    API_TEST(test_lock_is_enough),
#endif
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
