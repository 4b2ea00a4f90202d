/**
 * @file
 * Sockets: a close, from any thread, ends the calls that wait in them.
 *
 * A test cannot see when a thread sleeps; it says when it is about to. Either order ends the call.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "peer.h"

struct blocked {
  int s;
  ssize_t (*call)(int s);
  ssize_t result;
  int error;
  peer_sem_t begun;
  peer_sem_t done;
  struct peer_thread thread;
};

static void run_blocked(void *arg)
{
  struct blocked *c = (struct blocked *)arg;
  peer_signal(&c->begun);
  errno = 0;
  c->result = c->call(c->s);
  c->error = errno;
  peer_signal(&c->done);
}

static void block(struct blocked *c, int s, ssize_t (*call)(int s))
{
  c->s = s;
  c->call = call;
  peer_sem_new(&c->begun);
  peer_sem_new(&c->done);
  peer_thread(&c->thread, run_blocked, c);
  peer_await(&c->begun);
}

static void ended(struct blocked *c)
{
  peer_await(&c->done);
  peer_sem_free(&c->begun);
  peer_sem_free(&c->done);
}

static ssize_t call_recv(int s)
{
  char buf[8];
  return lwip_recv(s, buf, sizeof buf, 0);
}

static ssize_t call_recv_all(int s)
{
  char buf[8];
  return lwip_recv(s, buf, sizeof buf, MSG_WAITALL);
}

static ssize_t call_accept(int s)
{
  return lwip_accept(s, NULL, NULL);
}

static ssize_t call_send(int s)
{
  static const char data[65536];
  ssize_t n;
  do {
    n = lwip_send(s, data, sizeof data, 0);
  } while (n == (ssize_t)sizeof data);
  return n < 0 ? n : lwip_send(s, data, 1, 0); /* partly: what comes behind fails */
}

static ssize_t call_poll(int s)
{
  struct pollfd fd = {.fd = s, .events = POLLIN, .revents = 0};
  return lwip_poll(&fd, 1, -1) == 1 ? fd.revents : -1;
}

static ssize_t call_select(int s)
{
  fd_set in;
  FD_ZERO(&in);
  FD_SET(s, &in);
  return lwip_select(s + 1, &in, NULL, NULL, NULL);
}

/** All of these fail with EBADF, whether the thread slept or had not come so far. */
static void close_ends(int s, ssize_t (*call)(int s))
{
  struct blocked c;
  block(&c, s, call);
  assert_int_equal(lwip_close(s), 0);
  ended(&c);
  assert_int_equal(c.result, -1);
  assert_int_equal(c.error, EBADF);
}

static void recv_of_datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  close_ends(peer_socket(SOCK_DGRAM), call_recv);
}

static void recv_of_streams(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  peer_streams(&a, &b);
  close_ends(a, call_recv);
  assert_int_equal(lwip_close(b), 0);
  peer_streams(&a, &b);
  close_ends(a, call_recv_all);
  assert_int_equal(lwip_close(b), 0);
}

static void accept_of_connections(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  close_ends(peer_listener(&name), call_accept);
}

static void select_of_sockets(void **state)
{
  LWIP_UNUSED_ARG(state);
  close_ends(peer_socket(SOCK_DGRAM), call_select);
}

static void poll_of_sockets(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked c;
  int s = peer_socket(SOCK_DGRAM);
  block(&c, s, call_poll);
  assert_int_equal(lwip_close(s), 0);
  ended(&c);
  assert_int_equal(c.result, POLLNVAL);
}

static void send_of_streams(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked c;
  int a, b;
  peer_streams(&a, &b);
  block(&c, a, call_send);
  assert_int_equal(lwip_close(a), 0);
  ended(&c);
  assert_int_equal(c.result, -1);
  assert_true(c.error == EBADF || c.error == EPIPE);
  assert_int_equal(lwip_close(b), 0);
}

/** Many threads in one socket. */
static void many_in_one(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked c[6];
  ssize_t (*const calls[])(int s) = {call_recv, call_poll, call_select};
  int s = peer_socket(SOCK_DGRAM);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(c); i++) {
    block(&c[i], s, calls[i % LWIP_ARRAYSIZE(calls)]);
  }
  assert_int_equal(lwip_close(s), 0);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(c); i++) {
    ended(&c[i]);
  }
}

/** shutdown() ends the calls, too, and leaves the socket. */
static void shutdown_ends_recv(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked c;
  int a, b;
  peer_streams(&a, &b);
  block(&c, a, call_recv);
  assert_int_equal(lwip_shutdown(a, SHUT_RD), 0);
  ended(&c);
  assert_int_equal(c.result, 0);
  peer_close(a, b);
}

/** A connect() that nobody answers: its SYN goes where there is nobody. */
static err_t swallow(struct netif *netif, struct pbuf *p, const ip4_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  return ERR_OK;
}

static err_t swallower(struct netif *netif)
{
  netif->output = swallow;
  netif->mtu = 1500;
  netif->flags |= NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static ssize_t call_connect(int s)
{
  struct sockaddr_in name = peer_loopback(9);
  name.sin_addr.s_addr = PP_HTONL(0x0a000009UL);
  return lwip_connect(s, SA(name), sizeof name);
}

static void connect_to_nobody(void **state)
{
  LWIP_UNUSED_ARG(state);
  const ip4_addr_t ours = {PP_HTONL(0x0a000001UL)};
  const ip4_addr_t mask = {PP_HTONL(0xffffff00UL)};
  struct netif netif;
  LOCK_TCPIP_CORE();
  assert_non_null(netif_add(&netif, &ours, &mask, NULL, NULL, swallower, netif_input));
  netif_set_up(&netif);
  UNLOCK_TCPIP_CORE();
  close_ends(peer_socket(SOCK_STREAM), call_connect);
  /* Not waiting: the second call says that the first is under way. */
  int s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  errno = 0;
  assert_int_equal(call_connect(s), -1);
  assert_int_equal(errno, EINPROGRESS);
  assert_int_equal(call_connect(s), -1);
  assert_int_equal(errno, EALREADY);
  struct pollfd fd = {.fd = s, .events = POLLIN | POLLOUT, .revents = 0};
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  assert_fails(lwip_send(s, "x", 1, 0), EAGAIN);
  assert_int_equal(lwip_close(s), 0);
  LOCK_TCPIP_CORE();
  netif_remove(&netif);
  UNLOCK_TCPIP_CORE();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(recv_of_datagrams), API_TEST(recv_of_streams),    API_TEST(accept_of_connections),
      API_TEST(select_of_sockets), API_TEST(poll_of_sockets),    API_TEST(send_of_streams),
      API_TEST(many_in_one),       API_TEST(shutdown_ends_recv), API_TEST(connect_to_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
