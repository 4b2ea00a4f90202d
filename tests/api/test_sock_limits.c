/**
 * @file
 * Sockets at their limits: no descriptor, no memory, no port, no way; and many of them.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "peer.h"
#include "blocked.h"
#include "lwip/udp.h"

/** Everything that can be opened. @return how many */
static unsigned open_all(int *s, unsigned count, int type, int protocol)
{
  unsigned i = 0;
  while (i < count && (s[i] = lwip_socket(AF_INET, type, protocol)) >= 0) {
    i++;
  }
  return i;
}

static void close_all(const int *s, unsigned count)
{
  for (unsigned i = 0; i < count; i++) {
    assert_int_equal(lwip_close(s[i]), 0);
  }
}

static void every_descriptor(void **state)
{
  LWIP_UNUSED_ARG(state);
  static int s[MEMP_NUM_NETCONN + 1];
  char byte = 0;
  struct sockaddr_in name;
  struct timeval t = {.tv_sec = 60, .tv_usec = 0};
  errno = 0;
  unsigned count = open_all(s, LWIP_ARRAYSIZE(s), SOCK_DGRAM, 0);
  assert_int_equal(errno, ENFILE);
  assert_int_equal(count, MEMP_NUM_NETCONN);
  assert_fails(lwip_dup(s[0]), EMFILE);
  assert_fails(lwip_fcntl(s[0], F_DUPFD, 0), EMFILE);
  assert_fails(lwip_fcntl(s[0], F_DUPFD_CLOEXEC, 0), EMFILE);
  int max = s[count - 1];
  assert_int_equal(max, LWIP_SOCKET_OFFSET + MEMP_NUM_NETCONN - 1);
  assert_true(max < LWIP_SELECT_MAXNFDS);
  /* The last of all hears; nobody else. */
  peer_bind(max, &name);
  static fd_set in;
  static struct pollfd fds[MEMP_NUM_NETCONN];
  FD_ZERO(&in);
  for (unsigned i = 0; i < count; i++) {
    FD_SET(s[i], &in);
    fds[i].fd = s[i];
    fds[i].events = POLLIN;
  }
  assert_int_equal(lwip_poll(fds, count, 0), 0);
  assert_int_equal(lwip_sendto(s[0], "x", 1, 0, SA(name), sizeof name), 1);
  assert_int_equal(lwip_select(max + 1, &in, NULL, NULL, &t), 1);
  for (unsigned i = 0; i < count; i++) {
    assert_int_equal(FD_ISSET(s[i], &in) != 0, s[i] == max);
  }
  assert_int_equal(lwip_poll(fds, count, PEER_PATIENCE_MS), 1);
  for (unsigned i = 0; i < count; i++) {
    assert_int_equal(fds[i].revents, s[i] == max ? POLLIN : 0);
  }
  assert_int_equal(lwip_recv(max, &byte, 1, MSG_DONTWAIT), 1);
  /* The lowest number that is free is the next one. */
  assert_int_equal(lwip_close(s[700]), 0);
  assert_int_equal(lwip_close(s[5]), 0);
  assert_int_equal(lwip_socket(AF_INET, SOCK_STREAM, 0), s[5]);
  assert_int_equal(lwip_socket(AF_INET, SOCK_STREAM, 0), s[700]);
  assert_fails(lwip_socket(AF_INET, SOCK_STREAM, 0), ENFILE);
  close_all(s, count);
}

static void sets_have_bounds(void **state)
{
  LWIP_UNUSED_ARG(state);
  fd_set set;
  struct timeval t = {.tv_sec = 0, .tv_usec = 0};
  FD_ZERO(&set);
  assert_fails(lwip_select(LWIP_SELECT_MAXNFDS + 1, &set, NULL, NULL, &t), EINVAL);
  assert_int_equal(lwip_select(LWIP_SELECT_MAXNFDS, &set, NULL, NULL, &t), 0);
}

/** accept() that has no descriptor leaves the connection where it is. */
static void accepted_later(void **state)
{
  static int s[MEMP_NUM_NETCONN];
  struct stack *first = (struct stack *)*state;
  struct stack *other = stack_new(NULL);
  char buf[8];
  struct sockaddr_in name;
  assert_non_null(other);
  stack_enter(other);
  api_start();
  int listener = peer_listener(&name);
  int client[2];
  for (unsigned i = 0; i < 2; i++) {
    client[i] = peer_socket(SOCK_STREAM);
    assert_int_equal(lwip_connect(client[i], SA(name), sizeof name), 0);
  }
  stack_enter(first);
  unsigned count = open_all(s, LWIP_ARRAYSIZE(s), SOCK_DGRAM, 0);
  assert_int_equal(count, MEMP_NUM_NETCONN - 3);
  stack_enter(other);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(peer_poll(listener, POLLIN), POLLIN);
    assert_fails(lwip_accept(listener, NULL, NULL), ENFILE);
  }
  assert_int_equal(lwip_close(s[--count]), 0); /* of the other instance */
  assert_int_equal(lwip_close(s[--count]), 0);
  for (unsigned i = 0; i < 2; i++) {
    int in = lwip_accept(listener, NULL, NULL);
    assert_true(in >= 0);
    assert_int_equal(lwip_send(client[i], "hello", 5, 0), 5);
    assert_int_equal(lwip_recv(in, buf, 5, MSG_WAITALL), 5); /* in their order, both alive */
    peer_close(in, client[i]);
  }
  assert_int_equal(lwip_close(listener), 0);
  close_all(s, count);
  stack_enter(first);
  stack_free(other);
}

/** More raw endpoints than there is memory for. */
static void no_memory_for_endpoints(void **state)
{
  LWIP_UNUSED_ARG(state);
  static int s[MEMP_NUM_NETCONN];
  errno = 0;
  unsigned count = open_all(s, LWIP_ARRAYSIZE(s), SOCK_RAW, 253);
  assert_int_equal(count, MEMP_NUM_RAW_PCB);
  assert_int_equal(errno, ENOBUFS);
  close_all(s, count);
  s[0] = lwip_socket(AF_INET, SOCK_RAW, 253);
  assert_true(s[0] >= 0);
  close_all(s, 1);
}

/** Did the call fail for lack of memory, as POSIX has it? */
static bool lacked_memory(void)
{
  return errno == ENOMEM || errno == ENOBUFS;
}

/** A life of datagrams while an allocation fails. */
static void datagram_life(void)
{
  char byte = 0;
  struct sockaddr_in name = peer_loopback(0);
  int s = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  if (s < 0) {
    assert_true(lacked_memory());
    return;
  }
  socklen_t len = sizeof name;
  if (lwip_bind(s, SA(name), sizeof name) != 0) {
    assert_true(lacked_memory());
  } else {
    assert_int_equal(lwip_getsockname(s, SA(name), &len), 0);
    ssize_t n = lwip_sendto(s, "x", 1, MSG_DONTWAIT, SA(name), sizeof name);
    assert_true(n == 1 || lacked_memory() || errno == EAGAIN);
    n = lwip_recv(s, &byte, 1, MSG_DONTWAIT);
    assert_true(n == 1 || errno == EAGAIN); /* lost, or still to come */
    struct pollfd fds[12];
    for (unsigned i = 0; i < LWIP_ARRAYSIZE(fds); i++) {
      fds[i].fd = s;
      fds[i].events = POLLPRI;
    }
    assert_true(lwip_poll(fds, LWIP_ARRAYSIZE(fds), 1) == 0 || lacked_memory());
  }
  assert_int_equal(lwip_close(s), 0);
}

static void stream_life(void)
{
  struct sockaddr_in name = peer_loopback(0);
  socklen_t len = sizeof name;
  int s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int client = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (s < 0 || client < 0) {
    assert_true(lacked_memory());
  } else if (lwip_bind(s, SA(name), sizeof name) != 0 || lwip_listen(s, 2) != 0) {
    assert_true(lacked_memory());
  } else {
    assert_int_equal(lwip_getsockname(s, SA(name), &len), 0);
    if (lwip_connect(client, SA(name), sizeof name) != 0) {
      assert_true(lacked_memory() || errno == EINPROGRESS);
    }
    int in = lwip_accept(s, NULL, NULL);
    assert_true(in >= 0 || lacked_memory() || errno == EAGAIN);
    assert_true(in < 0 || lwip_close(in) == 0);
  }
  assert_true(s < 0 || lwip_close(s) == 0);
  assert_true(client < 0 || lwip_close(client) == 0);
}

/** Each allocation fails once: an error, never a crash; the instance ends without a leak. */
static void each_allocation_fails(void **state)
{
  LWIP_UNUSED_ARG(state);
  void (*const lives[])(void) = {datagram_life, stream_life};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lives); i++) {
    for (u32_t nth = 1; nth < 60; nth++) {
      LOCK_TCPIP_CORE();
      fault_arm(nth);
      UNLOCK_TCPIP_CORE();
      lives[i]();
    }
  }
  LOCK_TCPIP_CORE();
  fault_arm(0);
  UNLOCK_TCPIP_CORE();
  int a, b;
  char byte;
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 1);
  peer_close(a, b);
}

/** Every port that is given out by itself is taken. */
static void no_port(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct udp_pcb *pcbs[0x10000 - 49152];
  struct sockaddr_in name = peer_loopback(0);
  LOCK_TCPIP_CORE();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(pcbs); i++) {
    pcbs[i] = udp_new();
    assert_non_null(pcbs[i]);
    assert_int_equal(udp_bind(pcbs[i], IP4_ADDR_ANY, (u16_t)(49152 + i)), ERR_OK);
  }
  UNLOCK_TCPIP_CORE();
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(lwip_bind(s, SA(name), sizeof name), EADDRINUSE);
  name.sin_port = PP_HTONS(9);
  assert_fails(lwip_connect(s, SA(name), sizeof name), EADDRNOTAVAIL);
  assert_int_equal(lwip_close(s), 0);
  LOCK_TCPIP_CORE();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(pcbs); i++) {
    udp_remove(pcbs[i]);
  }
  UNLOCK_TCPIP_CORE();
}

/** All ways to begin to talk to 10.0.0.9 fail so. */
static void no_way(int error, const char *device)
{
  struct sockaddr_in to = peer_loopback(9);
  to.sin_addr.s_addr = PP_HTONL(0x0a000009UL);
  const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    int s = lwip_socket(AF_INET, types[i], types[i] == SOCK_RAW ? 253 : 0);
    if (device != NULL) {
      assert_int_equal(
          lwip_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device)), 0);
    }
    if (types[i] != SOCK_STREAM) {
      assert_fails(lwip_sendto(s, "x", 1, 0, SA(to), sizeof to), error);
    } else {
      assert_fails(lwip_connect(s, SA(to), sizeof to), error);
      assert_fails(lwip_connect(s, SA(to), sizeof to), error); /* and may be tried again */
    }
    assert_int_equal(lwip_close(s), 0);
  }
}

static void no_network_or_one_that_is_down(void **state)
{
  LWIP_UNUSED_ARG(state);
  const ip4_addr_t ours = {PP_HTONL(0x0a000001UL)};
  const ip4_addr_t mask = {PP_HTONL(0xffffff00UL)};
  struct netif netif;
  char device[NETIF_NAMESIZE];
  no_way(ENETUNREACH, NULL);
  LOCK_TCPIP_CORE();
  assert_non_null(netif_add(&netif, &ours, &mask, NULL, NULL, blocked_netif_init, netif_input));
  memcpy(netif.name, "sw", 2);
  UNLOCK_TCPIP_CORE();
  no_way(ENETDOWN, NULL);
  assert_non_null(lwip_if_indextoname(netif_get_index(&netif), device));
  no_way(ENETDOWN, device);
  LOCK_TCPIP_CORE();
  netif_set_up(&netif);
  UNLOCK_TCPIP_CORE();
  int s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in to = peer_loopback(9);
  to.sin_addr.s_addr = PP_HTONL(0x0a000009UL);
  assert_fails(lwip_connect(s, SA(to), sizeof to), EINPROGRESS);
  assert_int_equal(lwip_close(s), 0);
  LOCK_TCPIP_CORE();
  netif_set_link_down(&netif);
  UNLOCK_TCPIP_CORE();
  no_way(ENETDOWN, NULL);
  LOCK_TCPIP_CORE();
  netif_remove(&netif);
  UNLOCK_TCPIP_CORE();
  no_way(ENETUNREACH, NULL);
}

/** What can be no peer of a stream. */
static void no_such_peer(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in to = peer_loopback(0);
  int s = peer_socket(SOCK_STREAM);
  assert_fails(lwip_connect(s, SA(to), sizeof to), EADDRNOTAVAIL);
  to.sin_port = PP_HTONS(9);
  to.sin_addr.s_addr = PP_HTONL(0xe0000001UL);
  assert_fails(lwip_connect(s, SA(to), sizeof to), ENETUNREACH);
  to.sin_addr.s_addr = INADDR_BROADCAST;
  errno = 0;
  assert_int_equal(lwip_connect(s, SA(to), sizeof to), -1);
  assert_true(errno == ENETUNREACH || errno == EADDRNOTAVAIL || errno == EACCES);
  assert_int_equal(lwip_close(s), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(every_descriptor),
      API_TEST(sets_have_bounds),
      API_TEST(accepted_later),
      API_TEST(no_memory_for_endpoints),
      API_TEST(each_allocation_fails),
      API_TEST(no_port),
      API_TEST(no_network_or_one_that_is_down),

      API_TEST(no_such_peer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
