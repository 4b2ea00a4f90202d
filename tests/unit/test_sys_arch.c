/** @file Semaphores, mutexes, mailboxes, threads of the Unix port. needs: threads */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "lwip/def.h"
#include "lwip/init.h"
#include "lwip/sys.h"
#include "gossamer/stack.h"
#include "port/clock.h"

/** Milliseconds after which a test gives up. */
#define PATIENCE_MS 60000

/** What a thread of a test shares with it. */
struct shared {
  sys_sem_t go;
  sys_sem_t done;
  sys_mutex_t mutex;
  sys_mbox_t mbox;
  unsigned counter;
  struct stack *instance;
};

static void semaphore_counts(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t sem;
  assert_int_equal(sys_sem_new(&sem, 1), ERR_OK);
  assert_true(sys_sem_valid(&sem));
  assert_int_not_equal(sys_arch_sem_wait(&sem, 10), SYS_ARCH_TIMEOUT);
  assert_int_equal(sys_arch_sem_wait(&sem, 10), SYS_ARCH_TIMEOUT);
  sys_sem_signal(&sem);
  sys_sem_signal(&sem);
  assert_int_not_equal(sys_sem_wait(&sem), SYS_ARCH_TIMEOUT);
  assert_int_not_equal(sys_sem_wait(&sem), SYS_ARCH_TIMEOUT);
  sys_sem_free(&sem);
  sys_sem_set_invalid(&sem);
  assert_false(sys_sem_valid(&sem));
}

static void timeout_lasts_as_long_as_asked(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t sem;
  assert_int_equal(sys_sem_new(&sem, 0), ERR_OK);
  u64_t start_us = sys_now_us();
  assert_int_equal(sys_arch_sem_wait(&sem, 30), SYS_ARCH_TIMEOUT);
  assert_true(sys_now_us() - start_us >= 30000);
  sys_sem_free(&sem);
}

static void signal_later(void *arg)
{
  struct shared *s = (struct shared *)arg;
  sys_sem_wait(&s->go);
  sys_msleep(20);
  sys_sem_signal(&s->done);
}

/** @return how long the waiter was told that it waited */
static u32_t wait_for_a_signal(void)
{
  struct shared s = {.counter = 0};
  assert_int_equal(sys_sem_new(&s.go, 0), ERR_OK);
  assert_int_equal(sys_sem_new(&s.done, 0), ERR_OK);
  sys_thread_new("signal", signal_later, &s, 0, 0);
  sys_sem_signal(&s.go);
  u32_t waited_ms = sys_arch_sem_wait(&s.done, PATIENCE_MS);
  assert_int_not_equal(waited_ms, SYS_ARCH_TIMEOUT);
  sys_sem_free(&s.go);
  sys_sem_free(&s.done);
  return waited_ms;
}

/** Who is held up before he waits waits for less, so he may try again. */
static void semaphore_wakes_a_waiter(void **state)
{
  LWIP_UNUSED_ARG(state);
  u32_t waited_ms = 0;
  for (int tries = 0; tries < 1000 && waited_ms < 15; tries++) {
    waited_ms = wait_for_a_signal();
  }
  assert_in_range(waited_ms, 15, PATIENCE_MS);
}

enum { ROUNDS = 20000, WORKERS = 4 };

static void count_up(void *arg)
{
  struct shared *s = (struct shared *)arg;
  for (int i = 0; i < ROUNDS; i++) {
    sys_mutex_lock(&s->mutex);
    s->counter++;
    sys_mutex_unlock(&s->mutex);
  }
  sys_sem_signal(&s->done);
}

static void mutex_excludes(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct shared s = {.counter = 0};
  assert_int_equal(sys_mutex_new(&s.mutex), ERR_OK);
  assert_int_equal(sys_sem_new(&s.done, 0), ERR_OK);
  for (int i = 0; i < WORKERS; i++) {
    sys_thread_new("count", count_up, &s, 0, 0);
  }
  for (int i = 0; i < WORKERS; i++) {
    assert_int_not_equal(sys_arch_sem_wait(&s.done, PATIENCE_MS), SYS_ARCH_TIMEOUT);
  }
  assert_int_equal(s.counter, ROUNDS * WORKERS);
  sys_mutex_free(&s.mutex);
  sys_sem_free(&s.done);
}

static void protected_count_up(void *arg)
{
  struct shared *s = (struct shared *)arg;
  SYS_ARCH_DECL_PROTECT(outer);
  SYS_ARCH_DECL_PROTECT(inner);
  for (int i = 0; i < ROUNDS; i++) {
    SYS_ARCH_PROTECT(outer);
    SYS_ARCH_PROTECT(inner);
    s->counter++;
    SYS_ARCH_UNPROTECT(inner);
    s->counter++; /* still protected */
    SYS_ARCH_UNPROTECT(outer);
  }
  sys_sem_signal(&s->done);
}

static void protection_nests(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct shared s = {.counter = 0};
  assert_int_equal(sys_sem_new(&s.done, 0), ERR_OK);
  for (int i = 0; i < WORKERS; i++) {
    sys_thread_new("count", protected_count_up, &s, 0, 0);
  }
  for (int i = 0; i < WORKERS; i++) {
    assert_int_not_equal(sys_arch_sem_wait(&s.done, PATIENCE_MS), SYS_ARCH_TIMEOUT);
  }
  assert_int_equal(s.counter, 2 * ROUNDS * WORKERS);
  sys_sem_free(&s.done);
}

static void mailbox_keeps_order_and_size(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_mbox_t mbox;
  int msg[4];
  void *got = NULL;
  assert_int_equal(sys_mbox_new(&mbox, 3), ERR_OK);
  assert_true(sys_mbox_valid(&mbox));
  assert_int_equal(sys_mbox_tryfetch(&mbox, &got), SYS_MBOX_EMPTY);
  for (int round = 0; round < 3; round++) {
    assert_int_equal(sys_mbox_trypost(&mbox, &msg[0]), ERR_OK);
    assert_int_equal(sys_mbox_trypost(&mbox, NULL), ERR_OK);
    assert_int_equal(sys_mbox_trypost_fromisr(&mbox, &msg[2]), ERR_OK);
    assert_int_equal(sys_mbox_trypost(&mbox, &msg[3]), ERR_MEM);
    assert_int_equal(sys_mbox_tryfetch(&mbox, &got), 0);
    assert_ptr_equal(got, &msg[0]);
    assert_int_not_equal(sys_mbox_fetch(&mbox, &got), SYS_ARCH_TIMEOUT);
    assert_null(got);
    assert_int_not_equal(sys_mbox_fetch(&mbox, NULL), SYS_ARCH_TIMEOUT); /* looked at by nobody */
  }
  got = &msg[0];
  assert_int_equal(sys_arch_mbox_fetch(&mbox, &got, 10), SYS_ARCH_TIMEOUT);
  assert_null(got);
  sys_mbox_free(&mbox);
  sys_mbox_set_invalid(&mbox);
  assert_false(sys_mbox_valid(&mbox));
}

static void post_many(void *arg)
{
  struct shared *s = (struct shared *)arg;
  for (uintptr_t i = 1; i <= ROUNDS; i++) {
    sys_mbox_post(&s->mbox, (void *)i); /* waits: the mailbox holds two */
  }
}

static void full_mailbox_makes_posters_wait(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct shared s = {.counter = 0};
  assert_int_equal(sys_mbox_new(&s.mbox, 2), ERR_OK);
  sys_thread_new("post", post_many, &s, 0, 0);
  for (uintptr_t i = 1; i <= ROUNDS; i++) {
    void *got = NULL;
    assert_int_not_equal(sys_arch_mbox_fetch(&s.mbox, &got, PATIENCE_MS), SYS_ARCH_TIMEOUT);
    assert_ptr_equal(got, (void *)i);
  }
  sys_mbox_free(&s.mbox);
}

static void note_instance(void *arg)
{
  struct shared *s = (struct shared *)arg;
  s->instance = stack_current();
  sys_sem_signal(&s->done);
}

static void thread_starts_in_its_makers_instance(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stack *other = stack_new(NULL);
  assert_non_null(other);
  struct shared s = {.instance = NULL};
  struct stack *before = stack_enter(other);
  assert_int_equal(sys_sem_new(&s.done, 0), ERR_OK);
  sys_thread_new("note", note_instance, &s, 0, 0);
  assert_int_not_equal(sys_arch_sem_wait(&s.done, PATIENCE_MS), SYS_ARCH_TIMEOUT);
  assert_ptr_equal(s.instance, other);
  sys_sem_free(&s.done);
  stack_leave(before);
  stack_free(other);
}

static void own_semaphore(void *arg)
{
  struct shared *s = (struct shared *)arg;
  sys_sem_t *mine = LWIP_NETCONN_THREAD_SEM_GET();
  s->counter = mine != NULL && mine == LWIP_NETCONN_THREAD_SEM_GET();
  sys_sem_signal(mine);
  s->counter += sys_arch_sem_wait(mine, 1000) != SYS_ARCH_TIMEOUT;
  sys_sem_signal(&s->done); /* and end without freeing it: that happens by itself */
}

static void every_thread_has_its_semaphore(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct shared s = {.counter = 0};
  assert_int_equal(sys_sem_new(&s.done, 0), ERR_OK);
  sys_sem_t *mine = LWIP_NETCONN_THREAD_SEM_GET();
  assert_non_null(mine);
  sys_thread_new("own", own_semaphore, &s, 0, 0);
  assert_int_not_equal(sys_arch_sem_wait(&s.done, PATIENCE_MS), SYS_ARCH_TIMEOUT);
  assert_int_equal(s.counter, 2);
  assert_int_equal(sys_arch_sem_wait(mine, 1), SYS_ARCH_TIMEOUT); /* the other one was signalled */
  LWIP_NETCONN_THREAD_SEM_FREE();
  LWIP_NETCONN_THREAD_SEM_ALLOC();
  LWIP_NETCONN_THREAD_SEM_FREE();
  sys_sem_free(&s.done);
}

static void clock_goes_on(void **state)
{
  LWIP_UNUSED_ARG(state);
  u32_t before_ms = sys_now();
  u64_t before_us = sys_now_us();
  sys_msleep(15);
  assert_in_range(sys_now() - before_ms, 14, PATIENCE_MS);
  assert_in_range(sys_now_us() - before_us, 15000, PATIENCE_MS * 1000);
  assert_in_range(sys_jiffies() - before_ms, 14, PATIENCE_MS);
}

static int start(void **state)
{
  LWIP_UNUSED_ARG(state);
  lwip_init();
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(semaphore_counts),
      cmocka_unit_test(timeout_lasts_as_long_as_asked),
      cmocka_unit_test(semaphore_wakes_a_waiter),
      cmocka_unit_test(mutex_excludes),
      cmocka_unit_test(protection_nests),
      cmocka_unit_test(mailbox_keeps_order_and_size),
      cmocka_unit_test(full_mailbox_makes_posters_wait),
      cmocka_unit_test(thread_starts_in_its_makers_instance),
      cmocka_unit_test(every_thread_has_its_semaphore),
      cmocka_unit_test(clock_goes_on),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}
