/**
 * @file
 * The raw API from many threads at once, without a lock of theirs (LWIP_THREAD_SAFE_API): TCP and
 * UDP to ourselves, with callbacks that write, close and abort. needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "api.h"
#include "lwip/pbuf.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"

enum { THREADS = 8, ROUNDS = 60, ECHO_PORT = 7, MESSAGE = 3000 };

/** Small numbers, the same in every run. */
static u32_t next_random(u32_t *seed)
{
  *seed = *seed * 1664525U + 1013904223U;
  return *seed >> 8;
}

/** One connection of a thread: `pcb` is NULL once the stack has freed it. Changed under the lock.
 */
struct client {
  struct tcp_pcb *pcb;
  sys_sem_t woken;
  u32_t heard;
  bool is_over; /* connected no more, or never */
};

static void client_error(void *arg, err_t err)
{
  struct client *c = (struct client *)arg;
  LWIP_UNUSED_ARG(err);
  c->pcb = NULL;
  c->is_over = true;
  sys_sem_signal(&c->woken);
}

static err_t client_heard(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct client *c = (struct client *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    c->is_over = true;
  } else {
    c->heard += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  sys_sem_signal(&c->woken);
  return ERR_OK;
}

static err_t client_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct client *c = (struct client *)arg;
  static const u8_t hello[MESSAGE];
  LWIP_UNUSED_ARG(err);
  sys_sem_signal(&c->woken);
  return tcp_write(pcb, hello, sizeof hello, 0);
}

/** The server echoes; of what a byte count says, it closes, aborts, or just goes on. */
static err_t server_heard(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(err);
  u32_t fate = (u32_t)(uintptr_t)arg % 8;
  if (p == NULL) {
    return tcp_close(pcb);
  }
  if (fate == 0) {
    pbuf_free(p);
    tcp_abort(pcb);
    return ERR_ABRT;
  }
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    tcp_write(pcb, q->payload, q->len, TCP_WRITE_FLAG_COPY);
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return fate == 1 ? tcp_close(pcb) : ERR_OK;
}

static u32_t accepted;

static err_t server_accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  tcp_arg(pcb, (void *)(uintptr_t)accepted++);
  tcp_recv(pcb, server_heard);
  return ERR_OK;
}

/** How a client ends, wherever the stack is with it. */
static void client_end(struct client *c, u32_t how)
{
  LOCK_TCPIP_CORE();
  if (c->pcb != NULL) {
    tcp_arg(c->pcb, NULL);
    tcp_recv(c->pcb, NULL);
    tcp_err(c->pcb, NULL);
    tcp_sent(c->pcb, NULL);
    if (how % 2 || tcp_close(c->pcb) != ERR_OK) {
      tcp_abort(c->pcb);
    }
  }
  UNLOCK_TCPIP_CORE();
}

/** Connect, be heard or not, end in one of the ways. */
static void talk_tcp(u32_t *seed)
{
  struct client c = {.woken = api_sem()};
  const ip_addr_t to = IPADDR4_INIT_BYTES(127, 0, 0, 1);
  LOCK_TCPIP_CORE(); /* until all callbacks are set */
  c.pcb = tcp_new();
  assert_non_null(c.pcb);
  tcp_arg(c.pcb, &c);
  tcp_err(c.pcb, client_error);
  tcp_recv(c.pcb, client_heard);
  err_t err = tcp_connect(c.pcb, &to, ECHO_PORT, client_connected);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(err, ERR_OK);
  u32_t patience = next_random(seed) % 4;
  for (u32_t i = 0; i < patience; i++) {
    sys_arch_sem_wait(&c.woken, 1);
    LOCK_TCPIP_CORE();
    if (c.pcb != NULL && !c.is_over) {
      tcp_write(c.pcb, "more", 4, TCP_WRITE_FLAG_COPY);
      tcp_output(c.pcb);
    }
    UNLOCK_TCPIP_CORE();
  }
  client_end(&c, next_random(seed));
  sys_sem_free(&c.woken);
}

static void udp_heard(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                      u16_t port)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  pbuf_free(p);
  sys_sem_signal((sys_sem_t *)arg);
}

/** To ourselves, without any lock: each function takes it. */
static void talk_udp(u32_t *seed)
{
  sys_sem_t heard = api_sem();
  const ip_addr_t to = IPADDR4_INIT_BYTES(127, 0, 0, 1);
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  udp_recv(pcb, udp_heard, &heard);
  assert_int_equal(udp_bind(pcb, IP_ANY_TYPE, 0), ERR_OK);
  for (u32_t i = next_random(seed) % 4; i > 0; i--) {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 100, PBUF_RAM);
    assert_non_null(p);
    err_t err = udp_sendto(pcb, p, &to, pcb->local_port);
    pbuf_free(p);
    if (err == ERR_OK) { /* else the loop is full */
      api_await(&heard);
    }
  }
  udp_remove(pcb);
  sys_sem_free(&heard);
}

struct worker {
  u32_t seed;
  sys_sem_t *done;
};

static void work(void *arg)
{
  struct worker *w = (struct worker *)arg;
  for (int i = 0; i < ROUNDS; i++) {
    if (next_random(&w->seed) % 3 == 0) {
      talk_udp(&w->seed);
    } else {
      talk_tcp(&w->seed);
    }
  }
  sys_sem_signal(w->done);
}

static void test_threads_share_the_stack(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct worker worker[THREADS];
  sys_sem_t done = api_sem();
  struct tcp_pcb *listener = tcp_new();
  accepted = 0;
  assert_int_equal(tcp_bind(listener, IP_ADDR_ANY, ECHO_PORT), ERR_OK);
  listener = tcp_listen(listener);
  assert_non_null(listener);
  tcp_accept(listener, server_accepted);
  for (u32_t i = 0; i < THREADS; i++) {
    worker[i] = (struct worker){.seed = i, .done = &done};
    sys_thread_new("worker", work, &worker[i], 0, 0);
  }
  for (int i = 0; i < THREADS; i++) {
    api_await(&done);
  }
  assert_int_equal(tcp_close(listener), ERR_OK);
  assert_int_not_equal(accepted, 0);
  assert_false(tcpip_core_is_held());
  sys_sem_free(&done);
}

struct udp_echo {
  sys_thread_t thread;
  bool is_mine;
};

static void note_thread(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                        u16_t port)
{
  struct udp_echo *e = (struct udp_echo *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  e->is_mine = pthread_equal(pthread_self(), e->thread);
  pbuf_free(p);
}

/** LWIP_TCPIP_RUN_AT_UNLOCK: while the tcpip thread sleeps, a packet to ourselves is delivered by
    who sent it, before its call returns. */
static void test_loopback_needs_no_other_thread(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct udp_echo e = {.thread = pthread_self()};
  const ip_addr_t to = IPADDR4_INIT_BYTES(127, 0, 0, 1);
  struct udp_pcb *pcb = udp_new();
  udp_recv(pcb, note_thread, &e);
  assert_int_equal(udp_bind(pcb, IP_ANY_TYPE, 5000), ERR_OK);
  bool is_mine = false;
  for (int i = 0; i < 10000 && !is_mine; i++) {
    api_settle(); /* it will sleep, sooner or later */
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 100, PBUF_RAM);
    udp_sendto(pcb, p, &to, 5000);
    pbuf_free(p);
    LOCK_TCPIP_CORE();
    is_mine = e.is_mine;
    UNLOCK_TCPIP_CORE();
  }
  assert_true(is_mine);
  udp_remove(pcb);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(test_threads_share_the_stack),
      API_TEST(test_loopback_needs_no_other_thread),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
