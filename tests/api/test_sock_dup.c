/**
 * @file
 * Sockets with several descriptors: dup(), F_DUPFD, FD_CLOEXEC. Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

/* What one descriptor is used for, all others see: it is one socket. */
static void one_socket(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 'x';
  int a, b;
  peer_datagrams(&a, &b);
  int c = lwip_dup(a);
  assert_true(c >= 0 && c != a && c != b);
  assert_int_equal(lwip_fcntl(c, F_SETFL, lwip_fcntl(c, F_GETFL, 0) | O_NONBLOCK), 0);
  assert_true((lwip_fcntl(a, F_GETFL, 0) & O_NONBLOCK) != 0);
  assert_int_equal(peer_set(a, IPPROTO_IP, IP_TTL, 9), 0);
  assert_int_equal(peer_get(c, IPPROTO_IP, IP_TTL), 9);
  assert_int_equal(lwip_send(c, &byte, 1, 0), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 1);
  assert_int_equal(lwip_send(b, &byte, 1, 0), 1);
  assert_true((peer_poll(a, POLLIN) & POLLIN) != 0);
  assert_true((peer_poll(c, POLLIN) & POLLIN) != 0);
  assert_int_equal(lwip_recv(a, &byte, 1, 0), 1);
  assert_fails(lwip_recv(c, &byte, 1, 0), EAGAIN);
  assert_int_equal(lwip_close(c), 0);
  peer_close(a, b);
}

/* A stream ends with its last descriptor, whichever that is. */
static void ends_with_the_last(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 'x';
  int a, b;
  peer_streams(&a, &b);
  int c = lwip_dup(a);
  int d = lwip_dup(c);
  assert_true(c >= 0 && d >= 0);
  assert_int_equal(lwip_close(a), 0);
  assert_fails(lwip_send(a, &byte, 1, 0), EBADF);
  assert_fails(lwip_close(a), EBADF);
  assert_int_equal(lwip_send(c, &byte, 1, 0), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 1);
  assert_int_equal(lwip_close(c), 0);
  assert_fails(lwip_recv(b, &byte, 1, MSG_DONTWAIT), EAGAIN);
  assert_int_equal(lwip_send(d, &byte, 1, 0), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 1);
  assert_int_equal(lwip_close(d), 0);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 0); /* the end */
  assert_int_equal(lwip_close(b), 0);
}

/* A descriptor that is closed while others of the socket are not may be any socket's next. */
static void numbers_come_back(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a = peer_socket(SOCK_DGRAM);
  int b = lwip_dup(a);
  assert_true(b >= 0);
  assert_int_equal(lwip_close(b), 0);
  int c = peer_socket(SOCK_STREAM);
  assert_int_equal(c, b);
  assert_int_equal(peer_get(c, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  assert_int_equal(peer_get(a, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
  peer_close(a, c);
}

static void numbered_by_the_caller(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a = peer_socket(SOCK_DGRAM);
  int b = lwip_fcntl(a, F_DUPFD, a + 20);
  assert_true(b >= a + 20);
  assert_fails(lwip_fcntl(a, F_DUPFD, -1), EINVAL);
  assert_fails(lwip_fcntl(a, F_DUPFD, INT_MAX), EINVAL);
  peer_close(a, b);
  assert_fails(lwip_fcntl(a, F_DUPFD, 0), EBADF);
  assert_fails(lwip_dup(b), EBADF);
  assert_fails(lwip_dup(-1), EBADF);
}

/* FD_CLOEXEC is the descriptor's, not the socket's. */
static void close_on_exec(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a = lwip_socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  assert_true(a >= 0);
  assert_int_equal(lwip_fcntl(a, F_GETFD, 0), FD_CLOEXEC);
  int b = lwip_dup(a);
  int c = lwip_fcntl(a, F_DUPFD_CLOEXEC, 0);
  assert_true(b >= 0 && c >= 0);
  assert_int_equal(lwip_fcntl(b, F_GETFD, 0), 0);
  assert_int_equal(lwip_fcntl(c, F_GETFD, 0), FD_CLOEXEC);
  assert_int_equal(lwip_fcntl(b, F_SETFD, FD_CLOEXEC), 0);
  assert_int_equal(lwip_fcntl(b, F_GETFD, 0), FD_CLOEXEC);
  assert_int_equal(lwip_fcntl(a, F_SETFD, 0), 0);
  assert_int_equal(lwip_fcntl(a, F_GETFD, 0), 0);
  assert_int_equal(lwip_fcntl(c, F_GETFD, 0), FD_CLOEXEC);
  assert_int_equal(lwip_close(c), 0);
  peer_close(a, b);
}

struct reader {
  int s;
  ssize_t got;
  peer_sem_t begun, done;
};

static void read_one(void *arg)
{
  struct reader *r = (struct reader *)arg;
  char byte;
  peer_signal(&r->begun);
  r->got = lwip_recv(r->s, &byte, 1, 0);
  peer_signal(&r->done);
}

/* Who waits by one descriptor goes on when another one of the socket is closed. */
static void others_wait_on(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct reader r;
  static struct peer_thread thread;
  char byte = 'x';
  int a, b;
  peer_streams(&a, &b);
  r.s = lwip_dup(a);
  assert_true(r.s >= 0);
  peer_sem_new(&r.begun);
  peer_sem_new(&r.done);
  peer_thread(&thread, read_one, &r);
  peer_await(&r.begun);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(lwip_send(b, &byte, 1, 0), 1);
  peer_await(&r.done);
  assert_int_equal(r.got, 1);
  peer_sem_free(&r.begun);
  peer_sem_free(&r.done);
  peer_close(r.s, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(one_socket),        API_TEST(ends_with_the_last),
      API_TEST(numbers_come_back), API_TEST(numbered_by_the_caller),
      API_TEST(close_on_exec),     API_TEST(others_wait_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
