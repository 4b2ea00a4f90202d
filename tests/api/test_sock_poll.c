/**
 * @file
 * Sockets: poll() and select(). Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"
#include <time.h>

/** One descriptor that is none does not spoil the call. */
static void invalid_ones_are_counted(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  peer_datagrams(&a, &b);
  struct pollfd fds[] = {
      {.fd = 1 << 20, .events = POLLIN, .revents = 0},
      {.fd = -1, .events = POLLIN, .revents = POLLIN},
      {.fd = a, .events = POLLIN | POLLOUT, .revents = 0},
      {.fd = b, .events = POLLIN, .revents = POLLIN},
  };
  errno = EXDEV;
  assert_int_equal(lwip_poll(fds, LWIP_ARRAYSIZE(fds), PEER_PATIENCE_MS), 2);
  assert_int_equal(errno, EXDEV);
  assert_int_equal(fds[0].revents, POLLNVAL);
  assert_int_equal(fds[1].revents, 0);
  assert_int_equal(fds[2].revents, POLLOUT);
  assert_int_equal(fds[3].revents, 0);
  peer_close(a, b);
}

static void poll_of_nothing(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct timeval t = {.tv_sec = 0, .tv_usec = 1};
  assert_int_equal(lwip_poll(NULL, 0, 1), 0);
  assert_int_equal(lwip_select(0, NULL, NULL, NULL, &t), 0);
  t.tv_sec = -1;
  assert_fails(lwip_select(0, NULL, NULL, NULL, &t), EINVAL);
  t.tv_sec = 0;
  assert_fails(lwip_select(-1, NULL, NULL, NULL, &t), EINVAL);
}

static void same_one_twice(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  peer_datagrams(&a, &b);
  struct pollfd fds[] = {{.fd = b, .events = POLLIN, .revents = 0},
                         {.fd = b, .events = POLLIN | POLLOUT, .revents = 0}};
  assert_int_equal(lwip_poll(fds, 2, PEER_PATIENCE_MS), 1);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  assert_int_equal(lwip_poll(fds, 1, PEER_PATIENCE_MS), 1);
  assert_int_equal(lwip_poll(fds, 2, PEER_PATIENCE_MS), 2);
  assert_int_equal(fds[0].revents, POLLIN);
  assert_int_equal(fds[1].revents, POLLIN | POLLOUT);
  peer_close(a, b);
}

static void listener_becomes_readable(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int listener = peer_listener(&name);
  struct pollfd fd = {.fd = listener, .events = POLLIN | POLLOUT, .revents = 0};
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  assert_int_equal(peer_poll(listener, POLLIN | POLLOUT), POLLIN);
  int in = lwip_accept(listener, NULL, NULL);
  assert_true(in >= 0);
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  peer_close(s, in);
  assert_int_equal(lwip_close(listener), 0);
}

static void end_is_readable(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(peer_poll(b, POLLIN) & (POLLIN | POLLHUP | POLLERR), POLLIN);
  assert_int_equal(lwip_shutdown(b, SHUT_WR), 0);
  /* Both directions have ended. */
  assert_int_equal(peer_poll(a, POLLIN) & (POLLIN | POLLHUP), POLLIN | POLLHUP);
  peer_close(a, b);
}

static void select_tells(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  fd_set in, out, except;
  struct timeval t = {.tv_sec = 60, .tv_usec = 0};
  struct timeval none = {.tv_sec = 0, .tv_usec = 0};
  peer_datagrams(&a, &b);
  int max = (a > b ? a : b) + 1;
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  peer_poll(b, POLLIN);
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_ZERO(&except);
  FD_SET(a, &in);
  FD_SET(b, &in);
  FD_SET(a, &out);
  FD_SET(b, &out);
  FD_CLR(b, &out);
  assert_false(FD_ISSET(b, &out));
  FD_SET(a, &except);
  FD_SET(b, &except);
  assert_int_equal(lwip_select(max, &in, &out, &except, &t), 2);
  assert_false(FD_ISSET(a, &in));
  assert_true(FD_ISSET(b, &in));
  assert_true(FD_ISSET(a, &out));
  assert_false(FD_ISSET(b, &out));
  assert_false(FD_ISSET(a, &except));
  assert_false(FD_ISSET(b, &except));
  FD_ZERO(&in);
  FD_SET(a, &in);
  assert_int_equal(lwip_select(max, &in, NULL, NULL, &none), 0);
  assert_false(FD_ISSET(a, &in));
  peer_close(a, b);
  FD_SET(a, &in);
  assert_fails(lwip_select(max, &in, NULL, NULL, &none), EBADF);
}

/** A connection that failed: readable and writable, as both calls end at once. */
static void select_tells_failure(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  struct timeval t = {.tv_sec = 60, .tv_usec = 0};
  fd_set in, out;
  int nobody = peer_nobody(SOCK_STREAM, &name);
  int s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  assert_true(s >= 0);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), -1);
  if (errno == EINPROGRESS) {
    peer_poll(s, POLLOUT);
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(s, &in);
    FD_SET(s, &out);
    assert_int_equal(lwip_select(s + 1, &in, &out, NULL, &t), 2);
    assert_fails(lwip_connect(s, SA(name), sizeof name), ECONNREFUSED);
  }
  peer_close(s, nobody);
}

/** POSIX: the third set tells of errors; with Linux it does not. */
static void select_tells_exceptions(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  struct timeval t = {.tv_sec = PEER_IS_KERNEL ? 0 : 60, .tv_usec = 0};
  fd_set except;
  int nobody = peer_nobody(SOCK_DGRAM, &name);
  int s = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  assert_int_equal(lwip_send(s, "x", 1, 0), 1);
  peer_poll(s, POLLIN);
  FD_ZERO(&except);
  FD_SET(s, &except);
  assert_int_equal(lwip_select(s + 1, NULL, NULL, &except, &t), OURS_OR(1, 0));
  assert_int_equal(FD_ISSET(s, &except) != 0, OURS_OR(1, 0));
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
  t.tv_sec = 0;
  FD_SET(s, &except);
  assert_int_equal(lwip_select(s + 1, NULL, NULL, &except, &t), 0);
  assert_false(FD_ISSET(s, &except));
  peer_close(s, nobody);
}

/** select() wakes for what it is asked for: not for a connection's end in a set of its own kind. */
static void select_sleeps_on(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  fd_set set;
  struct timeval t = {.tv_sec = 0, .tv_usec = 30000};
  struct timespec before;
  struct timespec after;
  peer_streams(&a, &b);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(lwip_shutdown(b, SHUT_WR), 0);
  assert_true((peer_poll(a, POLLIN) & POLLHUP) != 0);
  FD_ZERO(&set);
  FD_SET(a, &set);
  clock_gettime(CLOCK_MONOTONIC, &before);
  assert_int_equal(lwip_select(a + 1, NULL, NULL, &set, &t), 0);
  clock_gettime(CLOCK_MONOTONIC, &after);
  long ms =
      (long)(after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
  assert_true(ms >= 20); /* it has slept; how long is nobody's business */
  peer_close(a, b);
}

/** The peer's end, both ends, an error: each has its bit, asked for or not. */
static void ends_have_bits(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  struct linger l = {.l_onoff = 1, .l_linger = 0};
  peer_streams(&a, &b);
  struct pollfd fd = {.fd = b, .events = POLLRDHUP, .revents = 0};
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(peer_poll(b, POLLRDHUP), POLLRDHUP);
  assert_int_equal(peer_poll(b, POLLRDHUP | POLLOUT | POLLIN), POLLRDHUP | POLLOUT | POLLIN);
  fd.events = POLLPRI;
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  assert_int_equal(lwip_shutdown(b, SHUT_WR), 0);
  assert_int_equal(peer_poll(b, 0), POLLHUP);
  peer_close(a, b);
  peer_streams(&a, &b);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(peer_poll(b, 0) & (POLLERR | POLLHUP), POLLERR | POLLHUP);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_ERROR), ECONNRESET);
  assert_int_equal(peer_poll(b, 0) & (POLLERR | POLLHUP), POLLHUP);
  assert_int_equal(lwip_close(b), 0);
}

/** Data of no band, as all are: the bits that say so; none of another band. */
static void bits_of_bands(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int all = POLLRDNORM | POLLRDBAND | POLLWRNORM | POLLWRBAND;
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(peer_poll(b, all), POLLWRNORM);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  assert_int_equal(peer_poll(b, POLLRDNORM), POLLRDNORM);
  assert_int_equal(peer_poll(b, all), POLLRDNORM | POLLWRNORM);
  assert_int_equal(peer_poll(b, all | POLLIN | POLLOUT),
                   POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM);
  peer_close(a, b);
}

struct poller {
  int s;
  short events;
  short revents;
  int result;
  peer_sem_t done;
  struct peer_thread thread;
};

static void poll_it(void *arg)
{
  struct poller *p = (struct poller *)arg;
  struct pollfd fd = {.fd = p->s, .events = p->events, .revents = 0};
  p->result = lwip_poll(&fd, 1, -1);
  p->revents = fd.revents;
  peer_signal(&p->done);
}

/** Several threads wait for the same: all are told. */
static void all_are_woken(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct poller p[3];
  int a, b;
  peer_streams(&a, &b);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(p); i++) {
    p[i].s = b;
    p[i].events = POLLIN;
    peer_sem_new(&p[i].done);
    peer_thread(&p[i].thread, poll_it, &p[i]);
  }
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(p); i++) {
    peer_await(&p[i].done);
    peer_sem_free(&p[i].done);
    assert_int_equal(p[i].result, 1);
    assert_int_equal(p[i].revents, POLLIN);
  }
  peer_close(a, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(invalid_ones_are_counted),
      API_TEST(poll_of_nothing),
      API_TEST(same_one_twice),
      API_TEST(listener_becomes_readable),
      API_TEST(end_is_readable),
      API_TEST(select_tells),
      API_TEST(select_tells_failure),
      API_TEST(select_tells_exceptions),
      API_TEST(select_sleeps_on),
      API_TEST(ends_have_bits),
      API_TEST(bits_of_bands),
      API_TEST(all_are_woken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
