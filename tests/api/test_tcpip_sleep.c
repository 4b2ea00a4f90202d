/**
 * @file
 * The tcpip thread sleeps exactly until something is due: no ticks, and a timer that another thread
 * sets for an earlier time is kept. needs: threads
 * variants: messages checked
 */
#include "api.h"
#include "lwip/timeouts.h"
#include "gossamer/timer.h"

/** The clock of the instance counts how often the tcpip thread looks at it. */
static unsigned looks;

static u32_t now_ms(void *ctx)
{
  LWIP_UNUSED_ARG(ctx);
  if (tcpip_thread_is_current()) {
    __atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED);
  }
  return sys_now();
}

static int setup(void **state)
{
  const struct stack_port port = {.now_ms = now_ms};
  struct stack *s = stack_new(&port);
  stack_enter(s);
  *state = s;
  api_start();
  return 0;
}

#define HOUR_MS (60 * 60 * 1000)

static void set_timeout(void *sem)
{
  sys_timeout(20, api_signal, sem);
}

static void set_hour(void *sem)
{
  sys_timeout(HOUR_MS, api_signal, sem);
}

static void unset(void *sem)
{
  sys_untimeout(api_signal, sem);
}

static void set_timeout_and_wait(sys_sem_t *soon)
{
  assert_int_equal(tcpip_callback_wait(set_timeout, soon), ERR_OK);
  api_await(soon);
}

/** A thread that sleeps for an hour, or for ever, keeps a timer that others set for sooner. */
static void test_earlier_timer_wakes(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t soon = api_sem();
  sys_sem_t never = api_sem();
  set_timeout_and_wait(&soon);
  assert_int_equal(tcpip_callback_wait(set_hour, &never), ERR_OK);
  for (int i = 0; i < 3; i++) {
    sys_msleep(20); /* it sleeps by now, or else soon */
    set_timeout_and_wait(&soon);
  }
  assert_int_equal(tcpip_callback_wait(unset, &never), ERR_OK);
  assert_int_equal(sys_arch_sem_wait(&never, 1), SYS_ARCH_TIMEOUT);
  sys_sem_free(&soon);
  sys_sem_free(&never);
}

#if LWIP_TCPIP_CORE_LOCKING

static unsigned looks_so_far(void)
{
  return __atomic_load_n(&looks, __ATOMIC_RELAXED);
}

/** Wait until the thread sleeps, with nothing left to do. @return its looks at the clock so far */
static unsigned await_sleep(void)
{
  bool is_asleep;
  api_settle();
  do {
    sys_msleep(1);
    LOCK_TCPIP_CORE();
    is_asleep = timers_are_watched();
    UNLOCK_TCPIP_CORE();
  } while (!is_asleep);
  return looks_so_far();
}

/** Without timers it never wakes; with one in an hour neither. */
static void test_nothing_ticks(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned before = await_sleep();
  sys_msleep(300);
  assert_int_equal(looks_so_far(), before);
  assert_int_equal(tcpip_callback_wait(set_hour, NULL), ERR_OK);
  before = await_sleep();
  sys_msleep(300);
  assert_int_equal(looks_so_far(), before);
  assert_int_equal(tcpip_callback_wait(unset, NULL), ERR_OK);
}

/** A timer behind the first one is none of the sleeper's business. */
static void test_later_timer_does_not_wake(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t never = api_sem();
  static struct timer late[8];
  LOCK_TCPIP_CORE();
  sys_timeout(HOUR_MS, api_signal, &never);
  UNLOCK_TCPIP_CORE();
  unsigned before = await_sleep();
  for (u32_t i = 0; i < 8; i++) {
    LOCK_TCPIP_CORE();
    timer_set(&late[i], NULL, HOUR_MS + i);
    UNLOCK_TCPIP_CORE();
  }
  sys_msleep(50);
  assert_int_equal(looks_so_far(), before);
  LOCK_TCPIP_CORE();
  for (int i = 0; i < 8; i++) {
    timer_cancel(&late[i]);
  }
  sys_untimeout(api_signal, &never);
  UNLOCK_TCPIP_CORE();
  sys_sem_free(&never);
}

static void hour_passed(struct timer *t)
{
  LWIP_UNUSED_ARG(t);
}

/** However many earlier timers are set in one hold of the lock, one wake is enough; and a change
    that is taken back before the lock is needs none. */
static void test_one_wake_for_many_changes(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct timer t[20];
  memset(t, 0, sizeof t);
  unsigned before = await_sleep();
  LOCK_TCPIP_CORE();
  for (u32_t i = 0; i < 20; i++) {
    timer_set(&t[i], hour_passed, HOUR_MS - i);
  }
  UNLOCK_TCPIP_CORE();
  unsigned after = await_sleep();
  assert_in_range(after - before, 1, 2 * 3); /* one turn and the one of await_sleep() */
  LOCK_TCPIP_CORE();
  timer_set(&t[0], hour_passed, 1000);
  timer_cancel(&t[0]);
  UNLOCK_TCPIP_CORE();
  sys_msleep(50);
  assert_int_equal(looks_so_far(), after);
  LOCK_TCPIP_CORE();
  for (int i = 0; i < 20; i++) {
    timer_cancel(&t[i]);
  }
  UNLOCK_TCPIP_CORE();
}

/** sys_timeouts_deinit() stops the clock; when it goes on, the sleeper hears of it. */
static void test_paused_timers_go_on(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t soon = api_sem();
  LOCK_TCPIP_CORE();
  sys_timeout(30, api_signal, &soon);
  sys_timeouts_deinit();
  UNLOCK_TCPIP_CORE();
  await_sleep();
  assert_int_equal(sys_arch_sem_wait(&soon, 60), SYS_ARCH_TIMEOUT);
  LOCK_TCPIP_CORE();
  sys_timeouts_init();
  UNLOCK_TCPIP_CORE();
  api_await(&soon);
  LOCK_TCPIP_CORE();
  sys_timeout(HOUR_MS, api_signal, &soon);
  UNLOCK_TCPIP_CORE();
  await_sleep();
  LOCK_TCPIP_CORE();
  sys_restart_timeouts(); /* a long sleep: the first one is due now */
  UNLOCK_TCPIP_CORE();
  api_await(&soon);
  sys_sem_free(&soon);
}

#endif

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, api_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(test_earlier_timer_wakes),
#if LWIP_TCPIP_CORE_LOCKING
    TEST(test_nothing_ticks),
    TEST(test_later_timer_does_not_wake),
    TEST(test_one_wake_for_many_changes),
    TEST(test_paused_timers_go_on),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
