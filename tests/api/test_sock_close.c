/**
 * @file
 * Sockets: a close, from any thread, ends the calls that wait in them, and what the descriptor is
 * next has nothing to do with them. A thread that is ended from outside while it waits leaves
 * nothing behind.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "peer.h"
#include "blocked.h"

/* --- calls that wait --- */

static int call_recv(struct blocked *b)
{
  char buf[8];
  return (int)lwip_recv(b->s, buf, sizeof buf, 0);
}

static int call_recv_all(struct blocked *b)
{
  char buf[8];
  return (int)lwip_recv(b->s, buf, sizeof buf, MSG_WAITALL);
}

static int call_recv_peek(struct blocked *b)
{
  char buf[8];
  return (int)lwip_recv(b->s, buf, sizeof buf, MSG_PEEK);
}

static int call_recvfrom(struct blocked *b)
{
  char buf[8];
  struct sockaddr_in from;
  socklen_t len = sizeof from;
  return (int)lwip_recvfrom(b->s, buf, sizeof buf, 0, SA(from), &len);
}

static int call_recvmsg(struct blocked *b)
{
  char buf[8];
  struct iovec iov = {.iov_base = buf, .iov_len = sizeof buf};
  struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
  return (int)lwip_recvmsg(b->s, &m, 0);
}

static int call_readv(struct blocked *b)
{
  char buf[8];
  struct iovec iov[2] = {{.iov_base = buf, .iov_len = 4}, {.iov_base = buf + 4, .iov_len = 4}};
  return (int)lwip_readv(b->s, iov, 2);
}

static int call_accept(struct blocked *b)
{
  return lwip_accept(b->s, NULL, NULL);
}

static int call_connect(struct blocked *b)
{
  struct sockaddr_in name = peer_loopback(9);
  name.sin_addr.s_addr = PP_HTONL(0x0a000009UL);
  return lwip_connect(b->s, SA(name), sizeof name);
}

static const char much[65536];

static void fill(int s)
{
  while (lwip_send(s, much, sizeof much, MSG_DONTWAIT) > 0) {
  }
}

/** A byte that there is no room for: nothing of it is written before the call waits. */
static int call_send(struct blocked *b)
{
  ssize_t n;
  do {
    fill(b->s);
    n = lwip_send(b->s, much, 1, 0);
  } while (n == 1);
  return (int)n;
}

static int call_sendmsg(struct blocked *b)
{
  char byte = 0;
  struct iovec iov[2] = {{.iov_base = &byte, .iov_len = 0}, {.iov_base = &byte, .iov_len = 1}};
  struct msghdr m = {.msg_iov = iov, .msg_iovlen = 2};
  ssize_t n;
  do {
    fill(b->s);
    n = lwip_sendmsg(b->s, &m, 0);
  } while (n == 1);
  return (int)n;
}

/** To 10.0.0.9, when the netif has no room. */
static int call_sendto(struct blocked *b)
{
  struct sockaddr_in name = peer_loopback(9);
  name.sin_addr.s_addr = PP_HTONL(0x0a000009UL);
  return (int)lwip_sendto(b->s, "x", 1, 0, SA(name), sizeof name);
}

static int call_poll(struct blocked *b)
{
  struct pollfd fd = {.fd = b->s, .events = POLLIN | POLLPRI, .revents = 0};
  return lwip_poll(&fd, 1, -1) == 1 ? fd.revents : -1;
}

/** More descriptors than need no memory. */
static int call_poll_many(struct blocked *b)
{
  struct pollfd fds[40];
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(fds); i++) {
    fds[i] = (struct pollfd){.fd = i == 20 ? b->s : -1, .events = POLLIN};
  }
  return lwip_poll(fds, LWIP_ARRAYSIZE(fds), -1) == 1 ? fds[20].revents : -1;
}

static int call_select(struct blocked *b)
{
  fd_set in;
  fd_set except;
  FD_ZERO(&in);
  FD_SET(b->s, &in);
  except = in;
  return lwip_select(b->s + 1, &in, NULL, &except, NULL);
}

/** All descriptors from `s` on: more than need no memory. */
static int call_select_many(struct blocked *b)
{
  fd_set in;
  FD_ZERO(&in);
  for (int i = 0; i < 12; i++) {
    FD_SET(b->s + i, &in);
  }
  return lwip_select(b->s + 12, &in, NULL, NULL, NULL);
}

/* --- sockets to wait in --- */

static struct netif netif;
static int other;    /* the peer of a stream, or -1 */
static int many[11]; /* descriptors behind the first */

static int datagrams(void)
{
  return peer_socket(SOCK_DGRAM);
}

static int raw(void)
{
  return lwip_socket(AF_INET, SOCK_RAW, 253);
}

static int stream(void)
{
  int s;
  peer_streams(&s, &other);
  return s;
}

static int new_stream(void)
{
  return peer_socket(SOCK_STREAM);
}

static int listener(void)
{
  struct sockaddr_in name;
  return peer_listener(&name);
}

static int twelve(void)
{
  int s = datagrams();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(many); i++) {
    many[i] = datagrams();
    assert_int_equal(many[i], s + (int)i + 1);
  }
  return s;
}

/** Fill the descriptors that are free in front of `s`, which is in use. */
static void fill_below(int s)
{
  unsigned count = 0;
  int filler = datagrams();
  for (; filler < s; filler = datagrams()) {
    many[count++] = filler;
  }
  assert_int_equal(lwip_close(filler), 0);
}

static void close_others(void)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(many); i++) {
    if (many[i] >= 0) {
      assert_int_equal(lwip_close(many[i]), 0);
      many[i] = -1;
    }
  }
  if (other >= 0) {
    assert_int_equal(lwip_close(other), 0);
    other = -1;
  }
}

static const struct {
  const char *name;
  int (*open)(void);
  int (*call)(struct blocked *b);
  bool is_full; /* the netif to 10.0.0.9 */
  int result;   /* after a close; -1: with EBADF */
} matrix[] = {
    {"recv, stream", stream, call_recv, false, -1},
    {"recv MSG_WAITALL, stream", stream, call_recv_all, false, -1},
    {"recv MSG_PEEK, stream", stream, call_recv_peek, false, -1},
    {"recvfrom, stream", stream, call_recvfrom, false, -1},
    {"recvmsg, stream", stream, call_recvmsg, false, -1},
    {"readv, stream", stream, call_readv, false, -1},
    {"recv, datagrams", datagrams, call_recv, false, -1},
    {"recv MSG_PEEK, datagrams", datagrams, call_recv_peek, false, -1},
    {"recvfrom, datagrams", datagrams, call_recvfrom, false, -1},
    {"recvmsg, datagrams", datagrams, call_recvmsg, false, -1},
    {"readv, datagrams", datagrams, call_readv, false, -1},
    {"recvfrom, raw", raw, call_recvfrom, false, -1},
    {"recvmsg, raw", raw, call_recvmsg, false, -1},
    {"accept", listener, call_accept, false, -1},
    {"connect", new_stream, call_connect, false, -1},
    {"send, stream", stream, call_send, false, -1},
    {"sendmsg, stream", stream, call_sendmsg, false, -1},
    {"sendto, datagrams", datagrams, call_sendto, true, -1},
    {"sendto, raw", raw, call_sendto, true, -1},
    {"poll", datagrams, call_poll, false, POLLNVAL},
    {"poll, stream", stream, call_poll, false, POLLNVAL},
    {"poll, listener", listener, call_poll, false, POLLNVAL},
    {"poll of many", datagrams, call_poll_many, false, POLLNVAL},
    {"select", datagrams, call_select, false, -1},
    {"select, stream", stream, call_select, false, -1},
    {"select, listener", listener, call_select, false, -1},
    {"select of many", twelve, call_select_many, false, -1},
};

/** A thread in the call of row `i`, asleep. */
static void start_row(unsigned i, struct blocked *b)
{
  blocked_netif_up(&netif, matrix[i].is_full);
  *b = (struct blocked){.s = matrix[i].open(), .call = matrix[i].call};
  assert_true(b->s >= 0);
  blocked_start(b);
}

static void end_row(void)
{
  close_others();
  blocked_netif_down(&netif);
  assert_int_equal(api_pool_used(MEMP_NETCONN), 0);
  assert_int_equal(api_pool_used(MEMP_NETBUF), 0);
}

static void close_ends_each_call(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(matrix); i++) {
    struct blocked b;
    start_row(i, &b);
    u32_t start_ms = blocked_clock_ms();
    assert_int_equal(lwip_close(b.s), 0);
    blocked_end(&b, start_ms);
    printf("# %s: %u ms\n", matrix[i].name, (unsigned)b.took_ms);
    assert_int_equal(b.result, matrix[i].result);
    assert_true(b.result >= 0 || b.error == EBADF);
    end_row();
  }
}

/** The descriptor is another socket before the thread has woken up: it does not notice that one,
    nor that one the thread. */
static void descriptor_is_reused(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(matrix); i++) {
    struct blocked b;
    struct sockaddr_in name;
    char buf[8];
    start_row(i, &b);
    fill_below(b.s);
    u32_t start_ms = blocked_clock_ms();
    LOCK_TCPIP_CORE();
    assert_int_equal(lwip_close(b.s), 0);
    int s = datagrams();
    assert_int_equal(s, b.s);
    peer_bind(s, &name);
    assert_int_equal(lwip_sendto(s, "new", 3, 0, SA(name), sizeof name), 3);
    UNLOCK_TCPIP_CORE();
    blocked_end(&b, start_ms);
    assert_int_equal(b.result, matrix[i].result);
    assert_true(b.result >= 0 || b.error == EBADF);
    assert_int_equal(lwip_recv(s, buf, sizeof buf, 0), 3);
    assert_int_equal(blocked_count(s), 0);
    assert_int_equal(lwip_close(s), 0);
    end_row();
  }
}

/** Start `b`; once it waits, close its socket: it fails with EBADF. */
static void close_ends(struct blocked *b)
{
  blocked_start(b);
  u32_t start_ms = blocked_clock_ms();
  assert_int_equal(lwip_close(b->s), 0);
  blocked_end(b, start_ms);
  assert_int_equal(b->result, -1);
  assert_int_equal(b->error, EBADF);
}

/** Who waits in a socket that lingers is told at once. */
static void close_that_lingers_ends_recv(void **state)
{
  LWIP_UNUSED_ARG(state);
  const struct linger l = {.l_onoff = 1, .l_linger = 1};
  struct blocked b = {.s = stream(), .call = call_recv};
  fill(b.s);
  assert_int_equal(lwip_setsockopt(b.s, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  close_ends(&b);
  close_others();
}

/** A close that lingers ends on its own; to others the descriptor is free at once. */
static int call_close(struct blocked *b)
{
  return lwip_close(b->s);
}

static void lingering_close(void **state)
{
  LWIP_UNUSED_ARG(state);
  const struct linger l = {.l_onoff = 1, .l_linger = 1};
  struct blocked b = {.s = stream(), .call = call_close, .instance = stack_current()};
  fill(b.s);
  assert_int_equal(lwip_setsockopt(b.s, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  u32_t start_ms = blocked_clock_ms();
  assert_int_equal(pthread_create(&b.id, NULL, blocked_run, &b), 0);
  while (lwip_fcntl(b.s, F_GETFL, 0) >= 0) {
    assert_true(blocked_clock_ms() - start_ms < API_PATIENCE_MS);
    blocked_pause();
  }
  assert_fails(lwip_close(b.s), EBADF);
  u32_t worst_ms = blocked_worst_ms;
  blocked_end(&b, start_ms);
  blocked_worst_ms = worst_ms; /* this one was asked to take its time */
  assert_int_equal(b.result, 0);
  close_others();
}

/** Many threads in one socket. */
static void many_in_one(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked b[8];
  int (*const calls[])(struct blocked * b) = {call_recv, call_poll, call_select, call_recv_all};
  int s = stream();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(b); i++) {
    b[i] = (struct blocked){.s = s, .call = calls[i % LWIP_ARRAYSIZE(calls)]};
    blocked_start(&b[i]);
  }
  assert_int_equal(blocked_count(s), LWIP_ARRAYSIZE(b));
  u32_t start_ms = blocked_clock_ms();
  assert_int_equal(lwip_close(s), 0);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(b); i++) {
    blocked_end(&b[i], start_ms);
  }
  close_others();
}

/** shutdown() ends the calls, too, and leaves the socket. */
static void shutdown_ends_recv(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked b = {.s = stream(), .call = call_recv};
  blocked_start(&b);
  u32_t start_ms = blocked_clock_ms();
  assert_int_equal(lwip_shutdown(b.s, SHUT_RD), 0);
  blocked_end(&b, start_ms);
  assert_int_equal(b.result, 0);
  assert_int_equal(lwip_close(b.s), 0);
  close_others();
}

/** A thread that is cancelled in its sleep stands on no list any more, and holds no memory. */
static void thread_ends_in_each_call(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(matrix); i++) {
    struct blocked b;
    void *result;
    start_row(i, &b);
    assert_int_equal(pthread_cancel(b.id), 0);
    assert_int_equal(pthread_join(b.id, &result), 0);
    assert_ptr_equal(result, PTHREAD_CANCELED);
    assert_int_equal(blocked_count(b.s), 0);
    assert_false(tcpip_core_is_held());
    assert_int_equal(lwip_close(b.s), 0);
    end_row();
  }
}

/** The last of those who wait in a closed socket is cancelled: the connection is freed all the
    same. */
static void thread_ends_in_a_closed_socket(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (int i = 0; i < 20; i++) {
    struct blocked b = {.s = datagrams(), .call = call_recv};
    blocked_start(&b);
    LOCK_TCPIP_CORE();
    assert_int_equal(lwip_close(b.s), 0);
    pthread_cancel(b.id);
    UNLOCK_TCPIP_CORE();
    pthread_join(b.id, NULL);
    assert_int_equal(api_pool_used(MEMP_NETCONN), 0);
  }
}

/** A thread that says when it begins and ends, as lwIP wants it, often enough to do harm: its
    semaphore is made and unmade around a call that waits. */
static int call_in_prepared_thread(struct blocked *b)
{
  lwip_socket_thread_cleanup(); /* of nothing */
  lwip_socket_thread_init();
  lwip_socket_thread_init();
  int result = call_recv(b);
  int error = errno;
  lwip_socket_thread_cleanup();
  lwip_socket_thread_cleanup();
  errno = error;
  return result;
}

static void threads_are_prepared(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked b = {.s = datagrams(), .call = call_in_prepared_thread};
  close_ends(&b);
  lwip_socket_thread_init(); /* this one, too */
  struct pollfd none = {.fd = -1, .events = POLLIN, .revents = 0};
  assert_int_equal(lwip_poll(&none, 1, 1), 0);
  lwip_socket_thread_cleanup();
  assert_int_equal(lwip_poll(&none, 1, 1), 0); /* and without */
}

/** Two threads connect the same socket; one failure, one error to be told, and nobody is told that
    it succeeded. */
static void refused_while_another_asks(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked b = {.s = new_stream(), .call = call_connect};
  int error;
  socklen_t len = sizeof error;
  blocked_netif_up(&netif, false);
  blocked_start(&b);
  u32_t start_ms = blocked_clock_ms();
  LOCK_TCPIP_CORE();
  struct sock_call call;
  assert_true(sock_enter(b.s, &call));
  tcp_abort(call.conn->pcb.tcp);
  sock_leave(&call, 0);
  assert_int_equal(lwip_getsockopt(b.s, SOL_SOCKET, SO_ERROR, &error, &len), 0);
  UNLOCK_TCPIP_CORE();
  blocked_end(&b, start_ms);
  assert_int_not_equal(error, 0);
  assert_int_equal(b.result, -1);
  assert_int_equal(b.error, ECONNABORTED);
  assert_int_equal(lwip_close(b.s), 0);
  blocked_netif_down(&netif);
}

/** A connect() that nobody answers, without waiting: the second says that the first is under way.
 */
static void connect_to_nobody(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked b = {.s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
  blocked_netif_up(&netif, false);
  assert_fails(call_connect(&b), EINPROGRESS);
  assert_fails(call_connect(&b), EALREADY);
  struct pollfd fd = {.fd = b.s, .events = POLLIN | POLLOUT, .revents = 0};
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  assert_fails(lwip_send(b.s, "x", 1, 0), EAGAIN);
  assert_int_equal(lwip_close(b.s), 0);
  blocked_netif_down(&netif);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(close_ends_each_call),
      API_TEST(descriptor_is_reused),
      API_TEST(close_that_lingers_ends_recv),
      API_TEST(lingering_close),
      API_TEST(many_in_one),
      API_TEST(shutdown_ends_recv),
      API_TEST(thread_ends_in_each_call),
      API_TEST(thread_ends_in_a_closed_socket),
      API_TEST(threads_are_prepared),
      API_TEST(refused_while_another_asks),
      API_TEST(connect_to_nobody),
  };
  other = -1;
  memset(many, -1, sizeof many);
  return cmocka_run_group_tests(tests, NULL, blocked_print_worst);
}
