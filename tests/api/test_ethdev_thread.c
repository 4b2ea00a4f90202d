/**
 * @file
 * Devices of the Unix port with threads of their own: two instances, a datagram socket between
 * them. needs: threads
 * needs: ipv4
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "api.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "port/ethdev.h"

struct side {
  struct stack *instance;
  struct ethdev *dev;
  char path[64];
};

static char folder[32];
static struct side side[2];

static void side_up(int i)
{
  char error[ETHDEV_ERROR_LEN] = "";
  ip4_addr_t addr, mask;
  IP4_ADDR(&addr, 10, 0, 0, 1 + i);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  side[i].instance = stack_new(NULL);
  struct stack *before = stack_enter(side[i].instance);
  api_start();
  side[i].dev = ethdev_open_unix(side[i].path, side[1 - i].path, NULL, error);
  assert_string_equal(error, "");
  LOCK_TCPIP_CORE();
  assert_int_equal(ethdev_add(side[i].dev, &addr, &mask, NULL), ERR_OK);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(ethdev_start(side[i].dev), ERR_OK);
  assert_int_equal(ethdev_start(side[i].dev), ERR_VAL); /* once is enough */
  stack_leave(before);
}

static int setup(void **state)
{
  LWIP_UNUSED_ARG(state);
  strcpy(folder, "/tmp/test_ethdev_XXXXXX");
  assert_non_null(mkdtemp(folder));
  for (int i = 0; i < 2; i++) {
    snprintf(side[i].path, sizeof side[i].path, "%s/%d", folder, i);
  }
  side_up(0);
  side_up(1);
  return 0;
}

static int teardown(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (int i = 0; i < 2; i++) {
    struct stack *before = stack_enter(side[i].instance);
    if (side[i].dev != NULL) {
      ethdev_close(side[i].dev);
    }
    stack_leave(before);
    stack_free(side[i].instance);
  }
  rmdir(folder);
  return 0;
}

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  LWIP_UNUSED_ARG(arg);
  udp_sendto(pcb, p, addr, port);
  pbuf_free(p);
}

static void hear(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  pbuf_free(p);
  sys_sem_signal((sys_sem_t *)arg);
}

static struct udp_pcb *open_udp(udp_recv_fn fn, void *arg)
{
  LOCK_TCPIP_CORE();
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  udp_recv(pcb, fn, arg);
  assert_int_equal(udp_bind(pcb, IP_ANY_TYPE, 7), ERR_OK);
  UNLOCK_TCPIP_CORE();
  return pcb;
}

static void test_datagrams_come_back(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t heard = api_sem();
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct stack *before = stack_enter(side[1].instance);
  open_udp(echo, NULL);
  stack_enter(side[0].instance);
  struct udp_pcb *pcb = open_udp(hear, &heard);
  for (int i = 0; i < 100; i++) {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 64, PBUF_RAM);
    do { /* what is lost is sent again */
      assert_int_equal(udp_sendto(pcb, p, &to, 7), ERR_OK);
    } while (sys_arch_sem_wait(&heard, 2000) == SYS_ARCH_TIMEOUT);
    pbuf_free(p);
  }
  udp_recv(pcb, NULL, NULL);
  stack_leave(before);
  sys_sem_free(&heard);
}

struct talker {
  struct udp_pcb *pcb;
  sys_sem_t ended;
};

/** Sends until there is no way to the other side any more. */
static void talk(void *arg)
{
  struct talker *t = (struct talker *)arg;
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  err_t err;
  do {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 64, PBUF_RAM);
    LOCK_TCPIP_CORE();
    err = udp_sendto(t->pcb, p, &to, 7);
    UNLOCK_TCPIP_CORE();
    pbuf_free(p);
  } while (err != ERR_RTE);
  sys_sem_signal(&t->ended);
}

/** Other threads may be sending when a device is closed. */
static void test_close_while_another_thread_sends(void **state)
{
  LWIP_UNUSED_ARG(state);
  sys_sem_t heard = api_sem();
  struct stack *before = stack_enter(side[1].instance);
  struct udp_pcb *there = open_udp(hear, &heard);
  stack_enter(side[0].instance);
  struct talker t = {.pcb = open_udp(echo, NULL), .ended = api_sem()};
  sys_thread_new("talker", talk, &t, 0, 0);
  for (int i = 0; i < 20; i++) {
    api_await(&heard);
  }
  ethdev_close(side[0].dev);
  side[0].dev = NULL;
  api_await(&t.ended);
  stack_enter(side[1].instance);
  LOCK_TCPIP_CORE();
  udp_recv(there, NULL, NULL);
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
  sys_sem_free(&t.ended);
  sys_sem_free(&heard);
}

#if LWIP_TCP

enum { STREAM_BYTES = 300 * 1000 };

/** A sender that is another thread than those which receive for it. */
struct stream {
  struct tcp_pcb *pcb;
  sys_sem_t room;
  sys_sem_t ended;
  u32_t received;
};

static err_t stream_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(pcb);
  sys_sem_signal(&((struct stream *)arg)->room);
  return err;
}

static err_t stream_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  sys_sem_signal(&((struct stream *)arg)->room);
  return ERR_OK;
}

static err_t stream_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct stream *s = (struct stream *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    sys_sem_signal(&s->ended);
    return tcp_close(pcb);
  }
  s->received += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t stream_accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
  tcp_arg(pcb, arg);
  tcp_recv(pcb, stream_received);
  return err;
}

static void stream_write_all(struct stream *s)
{
  static const u8_t data[10000];
  for (u32_t done = 0; done < STREAM_BYTES;) {
    LOCK_TCPIP_CORE();
    u16_t len = (u16_t)LWIP_MIN(sizeof data, tcp_sndbuf(s->pcb));
    if (len > 0 && tcp_write(s->pcb, data, len, 0) == ERR_OK) {
      done += len;
    } else {
      len = 0;
    }
    tcp_output(s->pcb);
    UNLOCK_TCPIP_CORE();
    if (len == 0) {
      api_await(&s->room);
    }
  }
}

static void test_stream_arrives(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct stream s = {.room = api_sem(), .ended = api_sem()};
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct stack *before = stack_enter(side[1].instance);
  LOCK_TCPIP_CORE();
  struct tcp_pcb *listener = tcp_new();
  assert_int_equal(tcp_bind(listener, IP_ANY_TYPE, 9), ERR_OK);
  listener = tcp_listen(listener);
  tcp_arg(listener, &s);
  tcp_accept(listener, stream_accepted);
  UNLOCK_TCPIP_CORE();
  stack_enter(side[0].instance);
  LOCK_TCPIP_CORE();
  s.pcb = tcp_new();
  tcp_arg(s.pcb, &s);
  tcp_sent(s.pcb, stream_sent);
  assert_int_equal(tcp_connect(s.pcb, &to, 9, stream_connected), ERR_OK);
  UNLOCK_TCPIP_CORE();
  api_await(&s.room);
  stream_write_all(&s);
  LOCK_TCPIP_CORE();
  tcp_arg(s.pcb, NULL);
  tcp_sent(s.pcb, NULL);
  assert_int_equal(tcp_close(s.pcb), ERR_OK);
  UNLOCK_TCPIP_CORE();
  api_await(&s.ended);
  stack_leave(before);
  assert_int_equal(s.received, STREAM_BYTES);
  sys_sem_free(&s.room);
  sys_sem_free(&s.ended);
}

#endif

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(test_datagrams_come_back),
    TEST(test_close_while_another_thread_sends),
#if LWIP_TCP
    TEST(test_stream_arrives),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
