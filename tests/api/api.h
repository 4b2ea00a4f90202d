/**
 * @file
 * What tests of the api floor share: an instance with its tcpip thread per test, and ways to wait
 * for other threads. Waiting has a deadline that only a defect reaches.
 */
#ifndef TESTS_API_API_H
#define TESTS_API_API_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/debug.h"
#include "lwip/def.h"
#include "lwip/memp.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/priv/tcpip_priv.h"
#include "gossamer/stack.h"
#include "base/fault.h"

/** Milliseconds after which a test gives up. */
#define API_PATIENCE_MS 60000

/** A test that has an instance of its own, entered, with its tcpip thread. */
#define API_TEST(function) cmocka_unit_test_setup_teardown(function, api_setup, api_teardown)

/** Wait for a semaphore that another thread is sure to signal. */
static inline void api_await(sys_sem_t *sem)
{
  assert_int_not_equal(sys_arch_sem_wait(sem, API_PATIENCE_MS), SYS_ARCH_TIMEOUT);
}

static inline void api_signal(void *sem)
{
  sys_sem_signal((sys_sem_t *)sem);
}

static inline sys_sem_t api_sem(void)
{
  sys_sem_t sem;
  assert_int_equal(sys_sem_new(&sem, 0), ERR_OK);
  return sem;
}

/** Start the tcpip thread of the current instance and wait until it serves. */
static inline void api_start(void)
{
  sys_sem_t ready = api_sem();
  tcpip_init(api_signal, &ready);
  api_await(&ready);
  sys_sem_free(&ready);
}

static inline int api_setup(void **state)
{
  struct stack *s = stack_new(NULL);
  if (s == NULL) {
    return -1;
  }
  stack_enter(s);
  *state = s;
  api_start();
  return 0;
}

/** End the instance: with nothing left over that its program should have freed. */
static inline int api_teardown(void **state)
{
  struct stack *s = (struct stack *)*state;
  stack_leave(NULL);
  stack_free(s);
  return 0;
}

/** Wait until the tcpip thread has served all that was sent before. */
static inline void api_settle(void)
{
  sys_sem_t done = api_sem();
  assert_int_equal(tcpip_callback(api_signal, &done), ERR_OK);
  api_await(&done);
  sys_sem_free(&done);
}

/** Elements of a pool that are not free (MEMP_MEM_MALLOC counts them). */
static inline unsigned api_pool_used(memp_t pool)
{
  unsigned used;
  SYS_ARCH_LOCKED(used = (unsigned)*STACK_SLOT(mem_ptr_t, memp_pools[pool]->tab));
  return used;
}

static inline unsigned api_messages_used(void)
{
  return api_pool_used(MEMP_TCPIP_MSG_API);
}

/** The tcpip thread at a halt, in a callback. */
struct api_halt {
  sys_sem_t halted;
  sys_sem_t go;
};

static inline void api_halt_here(void *arg)
{
  struct api_halt *h = (struct api_halt *)arg;
  sys_sem_signal(&h->halted);
  sys_sem_wait(&h->go);
}

static inline void api_halt(struct api_halt *h)
{
  h->halted = api_sem();
  h->go = api_sem();
  assert_int_equal(tcpip_callback(api_halt_here, h), ERR_OK);
  api_await(&h->halted);
}

static inline void api_go_on(struct api_halt *h)
{
  sys_sem_signal(&h->go);
  api_settle();
  sys_sem_free(&h->halted);
  sys_sem_free(&h->go);
}

#endif /* TESTS_API_API_H */
