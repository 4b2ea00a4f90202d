/**
 * @file
 * Sockets over loopback: life, data, waiting, closing.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "api.h"
#include "blocked.h"
#include "lwip/igmp.h"
#include "lwip/netbuf.h"
#include "lwip/sockets.h"
#include "gossamer/drop.h"

static struct sockaddr_in loopback(u16_t port)
{
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = lwip_htons(port)};
  a.sin_addr.s_addr = lwip_htonl(INADDR_LOOPBACK);
  return a;
}

static void bind_any(int s, struct sockaddr_in *name)
{
  socklen_t len = sizeof *name;
  *name = loopback(0);
  assert_int_equal(lwip_bind(s, (struct sockaddr *)name, sizeof *name), 0);
  assert_int_equal(lwip_getsockname(s, (struct sockaddr *)name, &len), 0);
  assert_int_equal(len, sizeof *name);
  assert_int_not_equal(name->sin_port, 0);
}

static void udp_echo(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[32];
  struct sockaddr_in to, from;
  socklen_t fromlen = sizeof from;
  int a = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  int b = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  assert_true(a >= 0 && b >= 0 && a != b);
  bind_any(b, &to);
  assert_int_equal(lwip_sendto(a, "hello", 5, 0, (struct sockaddr *)&to, sizeof to), 5);
  assert_int_equal(lwip_recvfrom(b, buf, sizeof buf, 0, (struct sockaddr *)&from, &fromlen), 5);
  assert_memory_equal(buf, "hello", 5);
  assert_int_equal(lwip_sendto(b, "yes", 3, 0, (struct sockaddr *)&from, fromlen), 3);
  assert_int_equal(lwip_recv(a, buf, sizeof buf, 0), 3);
  assert_int_equal(lwip_recv(a, buf, sizeof buf, MSG_DONTWAIT), -1);
  assert_int_equal(errno, EAGAIN);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(lwip_close(b), 0);
  assert_int_equal(lwip_close(b), -1);
  assert_int_equal(errno, EBADF);
}

/** A connected pair. */
static void stream_pair(int *a, int *b)
{
  struct sockaddr_in name;
  int listener = lwip_socket(AF_INET, SOCK_STREAM, 0);
  bind_any(listener, &name);
  assert_int_equal(lwip_listen(listener, 4), 0);
  *a = lwip_socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(lwip_connect(*a, (struct sockaddr *)&name, sizeof name), 0);
  *b = lwip_accept(listener, NULL, NULL);
  assert_true(*b >= 0);
  assert_int_equal(lwip_close(listener), 0);
}

static void tcp_echo(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[32];
  int a, b;
  stream_pair(&a, &b);
  assert_int_equal(lwip_send(a, "hello", 5, 0), 5);
  assert_int_equal(lwip_recv(b, buf, 2, MSG_PEEK), 2);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 5);
  assert_memory_equal(buf, "hello", 5);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 0);
  assert_int_equal(lwip_send(b, "bye", 3, 0), 3);
  assert_int_equal(lwip_recv(a, buf, sizeof buf, 0), 3);
  assert_int_equal(lwip_close(b), 0);
  assert_int_equal(lwip_recv(a, buf, sizeof buf, 0), 0);
  assert_int_equal(lwip_close(a), 0);
}

static void connect_is_refused(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name = loopback(9);
  int s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(lwip_connect(s, (struct sockaddr *)&name, sizeof name), -1);
  assert_int_equal(errno, ECONNREFUSED);
  assert_int_equal(lwip_close(s), 0);
}

struct closing {
  int s;
  sys_sem_t begun;
  sys_sem_t done;
  ssize_t result;
  int error;
};

static void block_in_recv(void *arg)
{
  struct closing *c = (struct closing *)arg;
  char buf[8];
  sys_sem_signal(&c->begun);
  c->result = lwip_recv(c->s, buf, sizeof buf, 0);
  c->error = errno;
  sys_sem_signal(&c->done);
}

static void close_wakes_recv(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct closing c = {.begun = api_sem(), .done = api_sem()};
  struct sockaddr_in name;
  c.s = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  bind_any(c.s, &name);
  sys_thread_new("recv", block_in_recv, &c, 0, 0);
  api_await(&c.begun);
  sys_msleep(20);
  assert_int_equal(lwip_close(c.s), 0);
  api_await(&c.done);
  assert_int_equal(c.result, -1);
  assert_int_equal(c.error, EBADF);
  sys_sem_free(&c.begun);
  sys_sem_free(&c.done);
}

static void poll_tells(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  char buf[8];
  stream_pair(&a, &b);
  struct pollfd fds[] = {{.fd = a, .events = POLLIN | POLLOUT}, {.fd = b, .events = POLLIN}};
  assert_int_equal(lwip_poll(fds, 2, -1), 1);
  assert_int_equal(fds[0].revents, POLLOUT);
  assert_int_equal(lwip_poll(&fds[1], 1, 10), 0);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  assert_int_equal(lwip_poll(&fds[1], 1, -1), 1);
  assert_int_equal(fds[1].revents, POLLIN);
  assert_int_equal(lwip_recv(b, buf, 8, 0), 1);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(lwip_poll(&fds[1], 1, -1), 1);
  assert_int_equal(fds[1].revents, POLLIN);
  fds[0].fd = a;
  assert_int_equal(lwip_poll(fds, 2, -1), 2);
  assert_int_equal(fds[0].revents, POLLNVAL);
  assert_int_equal(lwip_close(b), 0);
}

struct sending {
  int s;
  sys_sem_t done;
};

static void bulk(void *arg)
{
  struct sending *sending = (struct sending *)arg;
  int s = sending->s;
  static const u8_t block[10000];
  for (unsigned i = 0; i < 200; i++) {
    assert_int_equal(lwip_send(s, block, sizeof block, 0), sizeof block);
  }
  assert_int_equal(lwip_close(s), 0);
  sys_sem_signal(&sending->done);
}

static void much_data(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  static u8_t buf[7000];
  size_t total = 0;
  stream_pair(&a, &b);
  struct sending sending = {.s = a, .done = api_sem()};
  sys_thread_new("bulk", bulk, &sending, 0, 0);
  ssize_t n;
  while ((n = lwip_recv(b, buf, sizeof buf, 0)) > 0) {
    total += (size_t)n;
  }
  assert_int_equal(n, 0);
  assert_int_equal(total, 2000000);
  assert_int_equal(lwip_close(b), 0);
  api_await(&sending.done); /* it is not in the stack any more */
  sys_sem_free(&sending.done);
}

static u32_t drops(enum drop_reason reason)
{
  LOCK_TCPIP_CORE();
  u32_t count = drop_count(reason);
  UNLOCK_TCPIP_CORE();
  return count;
}

/** Wait until so many have been dropped: another thread may be delivering what was sent here. */
static void await_drops(enum drop_reason reason, u32_t count)
{
  for (unsigned i = 0; i < API_PATIENCE_MS && drops(reason) != count; i++) {
    sys_msleep(1);
  }
  assert_int_equal(drops(reason), count);
}

/** Datagrams that nobody takes wait up to a limit; the rest is dropped and counted. */
static void queue_has_a_limit(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  char buf[4];
  u32_t before = drops(DROP_API_QUEUE_FULL);
  int s = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  bind_any(s, &name);
  for (unsigned i = 0; i < DEFAULT_UDP_RECVMBOX_SIZE + 3; i++) {
    assert_int_equal(lwip_sendto(s, &i, 4, 0, (struct sockaddr *)&name, sizeof name), 4);
  }
  await_drops(DROP_API_QUEUE_FULL, before + 3);
  for (unsigned i = 0; i < DEFAULT_UDP_RECVMBOX_SIZE; i++) {
    assert_int_equal(lwip_recv(s, buf, sizeof buf, MSG_DONTWAIT), 4);
    assert_memory_equal(buf, &i, 4);
  }
  assert_int_equal(lwip_recv(s, buf, sizeof buf, MSG_DONTWAIT), -1);
  assert_int_equal(errno, EAGAIN);
  assert_int_equal(lwip_close(s), 0);
}

/** No memory to note a datagram that has come. */
static void queueing_may_fail(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  struct netbuf *all[MEMP_NUM_NETBUF];
  unsigned count = 0;
  u32_t before = drops(DROP_API_NO_MEMORY);
  int s = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  bind_any(s, &name);
  while (count < LWIP_ARRAYSIZE(all) && (all[count] = netbuf_new()) != NULL) {
    count++;
  }
  assert_int_equal(count, MEMP_NUM_NETBUF);
  assert_int_equal(lwip_sendto(s, "x", 1, 0, (struct sockaddr *)&name, sizeof name), 1);
  await_drops(DROP_API_NO_MEMORY, before + 1);
  while (count > 0) {
    netbuf_delete(all[--count]);
  }
  assert_int_equal(lwip_sendto(s, "x", 1, 0, (struct sockaddr *)&name, sizeof name), 1);
  assert_int_equal(lwip_close(s), 0);
}

/** RFC 3376 4.1: a socket's source filter is the socket's. */
static void source_filter_is_the_sockets(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  char buf[4];
  u32_t before = drops(DROP_API_FILTERED);
  const ip4_addr_t ours = {PP_HTONL(0x0a000001UL)};
  const ip4_addr_t mask = {PP_HTONL(0xffffff00UL)};
  struct netif netif;
  struct ip_mreq_source r = {.imr_multiaddr.s_addr = PP_HTONL(0xefff0101UL),
                             .imr_interface.s_addr = ours.addr,
                             .imr_sourceaddr.s_addr = PP_HTONL(0x0a000009UL)};
  struct ip_mreq any = {.imr_multiaddr = r.imr_multiaddr, .imr_interface = r.imr_interface};
  assert_non_null(netif_add(&netif, &ours, &mask, NULL, NULL, blocked_netif_init, netif_input));
  netif.flags |= NETIF_FLAG_IGMP | NETIF_FLAG_BROADCAST;
  netif_set_up(&netif);
  int a = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  int b = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  name = loopback(0);
  name.sin_addr.s_addr = INADDR_ANY;
  socklen_t len = sizeof name;
  assert_int_equal(lwip_bind(a, (struct sockaddr *)&name, len), 0);
  assert_int_equal(lwip_getsockname(a, (struct sockaddr *)&name, &len), 0);
  assert_int_equal(lwip_setsockopt(a, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &r, sizeof r), 0);
  assert_int_equal(lwip_setsockopt(b, IPPROTO_IP, IP_ADD_MEMBERSHIP, &any, sizeof any), 0);
  assert_int_equal(lwip_setsockopt(b, IPPROTO_IP, IP_MULTICAST_IF, &any.imr_interface, 4), 0);
  int yes = 1;
  assert_int_equal(lwip_setsockopt(b, IPPROTO_IP, IP_MULTICAST_LOOP, &yes, sizeof yes), 0);
  name.sin_addr = r.imr_multiaddr;
  if (lwip_sendto(b, "x", 1, 0, (struct sockaddr *)&name, len) != 1) {
    print_message("errno %d\n", errno);
    fail();
  }
  await_drops(DROP_API_FILTERED, before + 1);
  assert_int_equal(lwip_recv(a, buf, sizeof buf, MSG_DONTWAIT), -1);
  r.imr_sourceaddr.s_addr = ours.addr;
  assert_int_equal(lwip_setsockopt(a, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &r, sizeof r), 0);
  assert_int_equal(lwip_sendto(b, "y", 1, 0, (struct sockaddr *)&name, len), 1);
  assert_int_equal(lwip_recv(a, buf, sizeof buf, 0), 1);
  const ip4_addr_t group = {r.imr_multiaddr.s_addr};
  assert_int_equal(lwip_close(a), 0);
  assert_non_null(igmp_lookfor_group(&netif, &group));
  assert_int_equal(lwip_close(b), 0);
  assert_null(igmp_lookfor_group(&netif, &group)); /* the last member has left */
  netif_remove(&netif);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(udp_echo),
      API_TEST(tcp_echo),
      API_TEST(connect_is_refused),
      API_TEST(close_wakes_recv),
      API_TEST(poll_tells),
      API_TEST(much_data),
      API_TEST(queue_has_a_limit),
      API_TEST(queueing_may_fail),
      API_TEST(source_filter_is_the_sockets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
