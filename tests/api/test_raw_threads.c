/**
 * @file
 * The raw API from a thread without a lock of its own (LWIP_THREAD_SAFE_API); many of them are in
 * test_stress_raw.c.
 * needs: threads
 * needs: ipv4
 */
#include "api.h"
#include "lwip/pbuf.h"
#include "lwip/udp.h"

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
      API_TEST(test_loopback_needs_no_other_thread),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
