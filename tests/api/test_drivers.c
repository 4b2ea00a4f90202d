/**
 * @file
 * Drivers that are threads: two instances on an Ethernet in memory, one and many pairs of them.
 * needs: threads
 * needs: ipv4
 * variants: messages checked
 */
#include "wire.h"
#include "lwip/udp.h"

/** One side of a conversation; the pcb is used where the core may be used. */
struct talk {
  struct tcpip_api_call_data call;
  struct wire_end *end;
  struct udp_pcb *pcb;
  sys_sem_t answered;
  u16_t round;
  u16_t answer;
};

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  LWIP_UNUSED_ARG(arg);
  udp_sendto(pcb, p, addr, port);
  pbuf_free(p);
}

static void hear(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  struct talk *t = (struct talk *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  u16_t answer = 0;
  pbuf_copy_partial(p, &answer, sizeof answer, 0);
  __atomic_store_n(&t->answer, answer, __ATOMIC_RELAXED);
  pbuf_free(p);
  sys_sem_signal(&t->answered);
}

static err_t do_open(struct tcpip_api_call_data *call)
{
  struct talk *t = (struct talk *)(void *)call;
  t->pcb = udp_new();
  udp_recv(t->pcb, t->end->number == 1 ? hear : echo, t);
  return udp_bind(t->pcb, IP_ANY_TYPE, 7);
}

static err_t do_send(struct tcpip_api_call_data *call)
{
  struct talk *t = (struct talk *)(void *)call;
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, sizeof t->round, PBUF_RAM);
  pbuf_take(p, &t->round, sizeof t->round);
  err_t err = udp_sendto(t->pcb, p, &to, 7);
  pbuf_free(p);
  return err;
}

static void open_both(struct wire *w, struct talk *asks, struct talk *answers)
{
  struct talk *talk[2] = {asks, answers};
  for (int i = 0; i < 2; i++) {
    *talk[i] = (struct talk){.end = &w->end[i], .answered = api_sem()};
    struct stack *before = stack_enter(w->end[i].instance);
    assert_int_equal(tcpip_api_call(do_open, &talk[i]->call), ERR_OK);
    stack_leave(before);
  }
}

/** Wait for the answer to this question; those to earlier ones may come twice. */
static bool is_answered(struct talk *t)
{
  while (sys_arch_sem_wait(&t->answered, 1000) != SYS_ARCH_TIMEOUT) {
    if (__atomic_load_n(&t->answer, __ATOMIC_RELAXED) == t->round) {
      return true;
    }
  }
  return false;
}

/** Ask until it is answered: what is lost is asked again. */
static void ask(struct talk *t, u16_t round)
{
  t->round = round;
  for (int tries = 0; tries < API_PATIENCE_MS / 1000; tries++) {
    assert_int_equal(tcpip_api_call(do_send, &t->call), ERR_OK);
    if (is_answered(t)) {
      return;
    }
  }
  fail_msg("question %u is not answered", round);
}

static void test_echo_between_two(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct wire w;
  static struct talk asks, answers;
  wire_up(&w);
  open_both(&w, &asks, &answers);
  struct stack *before = stack_enter(w.end[0].instance);
  for (u16_t i = 1; i <= 200; i++) {
    ask(&asks, i);
  }
  stack_leave(before);
  wire_down(&w);
  assert_int_equal(asks.answer, 200);
  sys_sem_free(&asks.answered);
  sys_sem_free(&answers.answered);
}

enum { PAIRS = 8, QUESTIONS = 40 };

static struct wire wires[PAIRS];
static struct talk askers[PAIRS], answerers[PAIRS];
static sys_sem_t all_asked;

static void asker(void *arg)
{
  struct talk *t = (struct talk *)arg;
  stack_enter(t->end->instance);
  for (u16_t i = 1; i <= QUESTIONS; i++) {
    ask(t, i);
  }
  sys_sem_signal(&all_asked);
}

/** 16 instances, each with its tcpip thread, its driver and its lock; they do not meet. */
static void test_many_instances(void **state)
{
  LWIP_UNUSED_ARG(state);
  all_asked = api_sem();
  for (int i = 0; i < PAIRS; i++) {
    wire_up(&wires[i]);
    open_both(&wires[i], &askers[i], &answerers[i]);
  }
  for (int i = 0; i < PAIRS; i++) {
    sys_thread_new("asker", asker, &askers[i], 0, 0);
  }
  for (int i = 0; i < PAIRS; i++) {
    api_await(&all_asked);
  }
  for (int i = 0; i < PAIRS; i++) {
    wire_down(&wires[i]);
    assert_int_equal(askers[i].answer, QUESTIONS);
    sys_sem_free(&askers[i].answered);
    sys_sem_free(&answerers[i].answered);
  }
  sys_sem_free(&all_asked);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_echo_between_two),
      cmocka_unit_test(test_many_instances),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
