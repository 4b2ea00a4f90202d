/**
 * @file
 * The tcpip thread's messages: callbacks, calls, packets, timeouts. needs: threads
 * variants: messages checked
 */
#include "api.h"
#include "lwip/mem.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

/** What callbacks write down. */
struct seen {
  unsigned count;
  int order[2000];
  bool was_tcpip_thread;
  bool was_core_mine;
  sys_sem_t done;
};

static struct seen seen;
static unsigned next_value;

static void see(void *ctx)
{
  seen.order[seen.count++] = (int)(uintptr_t)ctx;
  seen.was_tcpip_thread = tcpip_thread_is_current();
  seen.was_core_mine = tcpip_core_is_mine();
}

static int setup(void **state)
{
  memset(&seen, 0, sizeof seen);
  next_value = 0;
  return api_setup(state);
}

static void *number(unsigned n)
{
  return (void *)(uintptr_t)n;
}

static void note_and_signal(void *sem)
{
  see(NULL);
  sys_sem_signal((sys_sem_t *)sem);
}

static void test_init_is_done_in_the_thread(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stack *s = stack_new(NULL);
  struct stack *before = stack_enter(s);
  sys_sem_t ready = api_sem();
  tcpip_init(note_and_signal, &ready);
  api_await(&ready);
  assert_true(seen.was_tcpip_thread);
  assert_true(seen.was_core_mine);
  assert_false(tcpip_thread_is_current());
  tcpip_init(note_and_signal, &ready); /* again: only that */
  api_await(&ready);
  assert_int_equal(seen.count, 2);
  tcpip_init(NULL, NULL);
  sys_sem_free(&ready);
  stack_leave(before);
  stack_free(s);
}

static void test_init_wants_no_function(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stack *s = stack_new(NULL);
  struct stack *before = stack_enter(s);
  tcpip_init(NULL, NULL);
  api_settle();
  stack_leave(before);
  stack_free(s);
}

static err_t call_ok(struct tcpip_api_call_data *call)
{
  LWIP_UNUSED_ARG(call);
  see(NULL);
  return ERR_ISCONN;
}

static err_t take(struct pbuf *p, struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  see(number(p->tot_len));
  pbuf_free(p);
  return ERR_OK;
}

/** Without a tcpip thread nothing is taken that only it could serve. */
static void test_before_init(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stack *s = stack_new(NULL);
  struct stack *before = stack_enter(s);
  struct tcpip_api_call_data call;
  struct netif netif = {0};
  struct tcpip_callback_msg *msg = tcpip_callbackmsg_new(see, NULL);
  assert_int_equal(tcpip_callback(see, NULL), ERR_VAL);
  assert_int_equal(tcpip_try_callback(see, NULL), ERR_VAL);
  assert_int_equal(tcpip_callbackmsg_trycallback(msg), ERR_VAL);
  assert_int_equal(tcpip_callbackmsg_trycallback_fromisr(msg), ERR_VAL);
  assert_int_equal(pbuf_free_callback(NULL), ERR_VAL);
  assert_int_equal(tcpip_thread_poll_one(), 0);
  assert_int_equal(tcpip_callback_wait(see, NULL), LWIP_TCPIP_CORE_LOCKING ? ERR_OK : ERR_VAL);
  assert_int_equal(tcpip_api_call(call_ok, &call), LWIP_TCPIP_CORE_LOCKING ? ERR_ISCONN : ERR_VAL);
  assert_int_equal(seen.count, LWIP_TCPIP_CORE_LOCKING ? 2 : 0);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 4, PBUF_RAM);
  err_t err = tcpip_inpkt(p, &netif, take);
  assert_int_equal(err, LWIP_TCPIP_CORE_LOCKING_INPUT ? ERR_OK : ERR_VAL);
  if (err != ERR_OK) {
    pbuf_free(p);
  }
  tcpip_callbackmsg_delete(msg);
  assert_int_equal(api_messages_used(), 0);
  stack_leave(before);
  stack_free(s);
}

static void test_callbacks_run_in_order(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < 20; i++) {
    err_t err = i % 2 ? tcpip_callback(see, number(i)) : tcpip_try_callback(see, number(i));
    assert_int_equal(err, ERR_OK);
  }
  assert_int_equal(tcpip_callback_with_block(see, number(20), 1), ERR_OK);
  assert_int_equal(tcpip_callback_with_block(see, number(21), 0), ERR_OK);
  api_settle();
  assert_int_equal(seen.count, 22);
  for (int i = 0; i < 22; i++) {
    assert_int_equal(seen.order[i], i);
  }
  assert_true(seen.was_tcpip_thread);
  assert_true(seen.was_core_mine);
  assert_int_equal(api_messages_used(), 0);
}

static void test_bad_arguments(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netif netif = {0};
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 4, PBUF_RAM);
  assert_int_equal(tcpip_callback(NULL, NULL), ERR_ARG);
  assert_int_equal(tcpip_try_callback(NULL, NULL), ERR_ARG);
  assert_int_equal(tcpip_callback_wait(NULL, NULL), ERR_ARG);
  assert_null(tcpip_callbackmsg_new(NULL, NULL));
  tcpip_callbackmsg_delete(NULL);
  assert_int_equal(tcpip_callbackmsg_trycallback(NULL), ERR_ARG);
  assert_int_equal(tcpip_callbackmsg_trycallback_fromisr(NULL), ERR_ARG);
  assert_int_equal(tcpip_inpkt(NULL, &netif, take), ERR_ARG);
  assert_int_equal(tcpip_inpkt(p, NULL, take), ERR_ARG);
  assert_int_equal(tcpip_inpkt(p, &netif, NULL), ERR_ARG);
  assert_int_equal(tcpip_input(NULL, &netif), ERR_ARG);
  assert_int_equal(tcpip_input(p, NULL), ERR_ARG);
  assert_int_equal(tcpip_timeout(1, NULL, NULL), ERR_ARG);
  assert_int_equal(tcpip_untimeout(NULL, NULL), ERR_ARG);
  assert_int_equal(tcpip_api_call(NULL, NULL), ERR_ARG);
  assert_int_equal(tcpip_send_msg_wait_sem(NULL, NULL, NULL), ERR_ARG);
  assert_int_equal(p->ref, 1);
  pbuf_free(p);
  assert_int_equal(api_messages_used(), 0);
}

static void test_no_memory_for_a_message(void **state)
{
  LWIP_UNUSED_ARG(state);
  fault_arm(1);
  assert_int_equal(tcpip_callback(see, NULL), ERR_MEM);
  fault_arm(1);
  assert_int_equal(tcpip_try_callback(see, NULL), ERR_MEM);
  fault_arm(1);
  assert_null(tcpip_callbackmsg_new(see, NULL));
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 4, PBUF_RAM);
  fault_arm(1);
  assert_int_equal(pbuf_free_callback(p), ERR_MEM);
  fault_arm(0);
  pbuf_free(p);
  assert_int_equal(api_messages_used(), 0);
}

/** A full mailbox is said at once by who may not wait; what was taken is all served. */
static void test_full_mailbox(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct api_halt halt;
  struct tcpip_callback_msg *msg = tcpip_callbackmsg_new(see, number(7));
  unsigned taken = 0;
  api_halt(&halt);
  while (tcpip_try_callback(see, number(1)) == ERR_OK) {
    taken++;
  }
  assert_int_equal(taken, TCPIP_MBOX_SIZE);
  assert_int_equal(tcpip_callbackmsg_trycallback(msg), ERR_MEM);
  assert_int_equal(tcpip_callbackmsg_trycallback_fromisr(msg), ERR_MEM);
  assert_int_equal(mem_free_callback(NULL), ERR_MEM);
  assert_int_equal(api_messages_used(), taken + 1);
  api_go_on(&halt);
  assert_int_equal(seen.count, taken);
  tcpip_callbackmsg_delete(msg);
  assert_int_equal(api_messages_used(), 0);
}

static void send_many(void *arg)
{
  sys_sem_t *done = (sys_sem_t *)arg;
  for (unsigned i = 0; i < TCPIP_MBOX_SIZE + 10; i++) {
    if (tcpip_callback(see, number(i)) != ERR_OK) {
      return;
    }
  }
  sys_sem_signal(done);
}

/** tcpip_callback() waits for room. */
static void test_callback_waits_for_room(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct api_halt halt;
  sys_sem_t done = api_sem();
  api_halt(&halt);
  sys_thread_new("sender", send_many, &done, 0, 0);
  while (api_messages_used() < TCPIP_MBOX_SIZE + 1) {
    sys_msleep(1);
  }
  assert_int_equal(sys_arch_sem_wait(&done, 20), SYS_ARCH_TIMEOUT);
  sys_sem_signal(&halt.go);
  api_await(&done);
  api_settle();
  assert_int_equal(seen.count, TCPIP_MBOX_SIZE + 10);
  for (unsigned i = 0; i < seen.count; i++) {
    assert_int_equal(seen.order[i], i);
  }
  sys_sem_free(&halt.halted);
  sys_sem_free(&halt.go);
  sys_sem_free(&done);
}

static err_t last_err;

static void fill_from_inside(void *sem)
{
  while ((last_err = tcpip_callback(see, NULL)) == ERR_OK) {
  }
  sys_sem_signal((sys_sem_t *)sem);
}

/** The tcpip thread does not wait for itself. */
static void test_callback_from_the_thread(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t done = api_sem();
  assert_int_equal(tcpip_callback(fill_from_inside, &done), ERR_OK);
  api_await(&done);
  assert_int_equal(last_err, ERR_MEM);
  api_settle();
  assert_int_equal(seen.count, TCPIP_MBOX_SIZE);
  sys_sem_free(&done);
}

#if LWIP_TCPIP_CORE_LOCKING
/** A thread that has the core lock does not wait for the thread that wants it. */
static void test_callback_with_the_lock_held(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned taken = 0;
  LOCK_TCPIP_CORE();
  while (tcpip_callback(see, NULL) == ERR_OK) {
    taken++;
  }
  UNLOCK_TCPIP_CORE();
  /* The thread may have fetched one message before it wanted the lock. */
  assert_in_range(taken, TCPIP_MBOX_SIZE, TCPIP_MBOX_SIZE + 1);
  api_settle();
  assert_int_equal(seen.count, taken);
}
#endif

static void test_message_is_sent_again(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct tcpip_callback_msg *msg = tcpip_callbackmsg_new(see, number(5));
  assert_non_null(msg);
  assert_int_equal(tcpip_callbackmsg_trycallback(msg), ERR_OK);
  assert_int_equal(tcpip_callbackmsg_trycallback(msg), ERR_OK);
  assert_int_equal(tcpip_callbackmsg_trycallback_fromisr(msg), ERR_OK);
  api_settle();
  assert_int_equal(seen.count, 3);
  assert_int_equal(seen.order[2], 5);
  assert_int_equal(api_messages_used(), 1);
  tcpip_callbackmsg_delete(msg);
  assert_int_equal(api_messages_used(), 0);
}

static void test_callback_wait(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < 100; i++) {
    assert_int_equal(tcpip_callback_wait(see, number(i)), ERR_OK);
    assert_int_equal(seen.count, i + 1);
  }
  assert_true(seen.was_core_mine);
  assert_int_equal(seen.was_tcpip_thread, !LWIP_TCPIP_CORE_LOCKING);
}

static void wait_inside(void *sem)
{
  last_err = tcpip_callback_wait(see, NULL);
  sys_sem_signal((sys_sem_t *)sem);
}

static void test_callback_wait_in_the_thread(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t done = api_sem();
  assert_int_equal(tcpip_callback(wait_inside, &done), ERR_OK);
  api_await(&done);
  assert_int_equal(last_err, ERR_OK);
  assert_int_equal(seen.count, 1);
  assert_true(seen.was_tcpip_thread);
  sys_sem_free(&done);
}

struct adding {
  struct tcpip_api_call_data call;
  int a;
  int b;
  int sum;
};

static err_t add(struct tcpip_api_call_data *call)
{
  struct adding *m = (struct adding *)(void *)call;
  m->sum = m->a + m->b;
  see(NULL);
  return m->sum < 0 ? ERR_RTE : ERR_OK;
}

static void test_api_call(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct adding m = {.a = 3, .b = 4};
  assert_int_equal(tcpip_api_call(add, &m.call), ERR_OK);
  assert_int_equal(m.sum, 7);
  assert_true(seen.was_core_mine);
  m.a = -9;
  assert_int_equal(tcpip_api_call(add, &m.call), ERR_RTE);
}

struct answering {
  sys_sem_t *sem;
  int value;
};

static void answer(void *arg)
{
  struct answering *a = (struct answering *)arg;
  see(NULL);
  a->value = 42;
  sys_sem_signal(a->sem);
}

static void test_send_msg_wait_sem(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t sem = api_sem();
  struct answering a = {.sem = &sem};
  assert_int_equal(tcpip_send_msg_wait_sem(answer, &a, &sem), ERR_OK);
  assert_int_equal(a.value, 42);
  assert_true(seen.was_core_mine);
  /* With core locking the semaphore is left to the caller. */
  assert_int_equal(sys_arch_sem_wait(&sem, 1) != SYS_ARCH_TIMEOUT, LWIP_TCPIP_CORE_LOCKING);
  sys_sem_free(&sem);
}

static void test_free_callbacks(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 100, PBUF_POOL);
  void *m = mem_malloc(100);
  assert_non_null(m);
  assert_int_equal(api_pool_used(MEMP_PBUF_POOL), 1);
  assert_int_equal(pbuf_free_callback(p), ERR_OK);
  assert_int_equal(mem_free_callback(m), ERR_OK);
  api_settle();
  assert_int_equal(api_pool_used(MEMP_PBUF_POOL), 0); /* and the sanitizer sees `m` */
}

static void expire(void *sem)
{
  see(NULL);
  sys_sem_signal((sys_sem_t *)sem);
}

static void test_timeout(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t done = api_sem();
  assert_int_equal(tcpip_timeout(1, expire, &done), ERR_OK);
  api_await(&done);
  assert_true(seen.was_core_mine);
  assert_int_equal(tcpip_timeout(60 * 60 * 1000, expire, &done), ERR_OK);
  assert_int_equal(tcpip_untimeout(expire, &done), ERR_OK);
  assert_int_equal(tcpip_untimeout(expire, &done), ERR_OK); /* there is none: fine */
  assert_int_equal(tcpip_timeout(20, expire, &done), ERR_OK);
  api_await(&done);
  assert_int_equal(seen.count, 2);
  sys_sem_free(&done);
}

static void test_packet_goes_in(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netif netif = {0};
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 77, PBUF_POOL);
  assert_int_equal(tcpip_inpkt(p, &netif, take), ERR_OK);
  api_settle();
  assert_int_equal(seen.count, 1);
  assert_int_equal(seen.order[0], 77);
  assert_true(seen.was_core_mine);
  assert_int_equal(api_pool_used(MEMP_PBUF_POOL), 0);
}

static err_t refuse(struct pbuf *p, struct netif *netif)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(netif);
  see(NULL);
  return ERR_IF;
}

/** A packet that the input function does not want is freed, by whoever has it then. */
static void test_refused_packet(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netif netif = {0};
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 77, PBUF_POOL);
  err_t err = tcpip_inpkt(p, &netif, refuse);
  assert_int_equal(err, LWIP_TCPIP_CORE_LOCKING_INPUT ? ERR_IF : ERR_OK);
  if (err != ERR_OK) {
    pbuf_free(p);
  }
  api_settle();
  assert_int_equal(seen.count, 1);
  assert_int_equal(api_pool_used(MEMP_PBUF_POOL), 0);
}

#if !LWIP_TCPIP_CORE_LOCKING_INPUT
/** What does not fit into the mailbox stays the driver's. */
static void test_too_many_packets(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netif netif = {0};
  struct api_halt halt;
  unsigned taken = 0;
  api_halt(&halt);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 10, PBUF_POOL);
  while (tcpip_inpkt(p, &netif, take) == ERR_OK) {
    taken++;
    p = pbuf_alloc(PBUF_RAW, 10, PBUF_POOL);
  }
  assert_int_equal(tcpip_inpkt(p, &netif, take), ERR_MEM);
  assert_int_equal(taken, TCPIP_MBOX_SIZE);
  assert_int_equal(p->ref, 1);
  api_go_on(&halt);
  assert_int_equal(seen.count, taken);
  fault_arm(1);
  assert_int_equal(tcpip_inpkt(p, &netif, take), ERR_MEM);
  fault_arm(0);
  pbuf_free(p);
  api_settle();
  assert_int_equal(api_pool_used(MEMP_PBUF_POOL), 0);
}
#endif

#if LWIP_TCP && TCP_QUEUE_OOSEQ && PBUF_POOL_FREE_OOSEQ

/** A driver that finds no buffer wakes the tcpip thread, which gives up what TCP can do without. */
static void test_empty_pool_wakes_the_thread(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct pbuf *all = NULL;
  struct pbuf *p;
  while ((p = pbuf_alloc(PBUF_RAW, 1, PBUF_POOL)) != NULL) {
    p->next = all;
    all = p;
  }
  for (int ms = 0; CORE_WORD_GET(pbuf_free_ooseq_pending) && ms < API_PATIENCE_MS; ms++) {
    sys_msleep(1);
  }
  assert_false(CORE_WORD_GET(pbuf_free_ooseq_pending));
  while ((p = all) != NULL) {
    all = p->next;
    p->next = NULL;
    pbuf_free(p);
  }
}

#endif

/** What was sent before the end of an instance is served; then its thread is gone. */
static void test_end_serves_what_waits(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stack *s = stack_new(NULL);
  struct stack *before = stack_enter(s);
  api_start();
  struct api_halt halt = {.halted = api_sem(), .go = api_sem()};
  assert_int_equal(tcpip_callback(api_halt_here, &halt), ERR_OK);
  api_await(&halt.halted);
  for (unsigned i = 0; i < 20; i++) {
    assert_int_equal(tcpip_try_callback(see, number(i)), ERR_OK);
  }
  sys_sem_signal(&halt.go);
  stack_leave(before);
  stack_free(s);
  assert_int_equal(seen.count, 20);
  sys_sem_free(&halt.halted);
  sys_sem_free(&halt.go);
}

/** lwip_deinit() and tcpip_init() again, in one instance. */
static void test_start_again(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < 5; i++) {
    lwip_deinit();
    assert_int_equal(tcpip_callback(see, NULL), ERR_VAL);
    api_start();
    assert_int_equal(tcpip_callback(see, NULL), ERR_OK);
  }
  api_settle();
  assert_int_equal(seen.count, 5);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, api_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(test_init_is_done_in_the_thread),
    TEST(test_init_wants_no_function),
    TEST(test_before_init),
    TEST(test_callbacks_run_in_order),
    TEST(test_bad_arguments),
    TEST(test_no_memory_for_a_message),
    TEST(test_full_mailbox),
    TEST(test_callback_waits_for_room),
    TEST(test_callback_from_the_thread),
#if LWIP_TCPIP_CORE_LOCKING
    TEST(test_callback_with_the_lock_held),
#endif
    TEST(test_message_is_sent_again),
    TEST(test_callback_wait),
    TEST(test_callback_wait_in_the_thread),
    TEST(test_api_call),
    TEST(test_send_msg_wait_sem),
    TEST(test_free_callbacks),
    TEST(test_timeout),
    TEST(test_packet_goes_in),
    TEST(test_refused_packet),
#if !LWIP_TCPIP_CORE_LOCKING_INPUT
    TEST(test_too_many_packets),
#endif
#if LWIP_TCP && TCP_QUEUE_OOSEQ && PBUF_POOL_FREE_OOSEQ
    TEST(test_empty_pool_wakes_the_thread),
#endif
    TEST(test_end_serves_what_waits),
    TEST(test_start_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
