/**
 * @file
 * Sockets: urgent data by MSG_OOB, in line or not, the mark, the exception set. Also against the
 * kernel (peer.h). RFC 6093 says how sockets see it.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

#if PEER_IS_KERNEL
#include <linux/sockios.h>
#define lwip_sockatmark sockatmark
#endif

static void send_all(int s, const char *text, int flags)
{
  assert_int_equal(lwip_send(s, text, strlen(text), flags), strlen(text));
}

/** Exactly this is what one recv() returns. */
static void reads(int s, const char *text, int flags)
{
  char data[64];
  assert_int_equal(lwip_recv(s, data, sizeof data, flags), strlen(text));
  assert_memory_equal(data, text, strlen(text));
}

/** This is what several of them return. */
static void reads_all(int s, const char *text)
{
  for (size_t done = 0; done < strlen(text);) {
    char data[64];
    ssize_t n = lwip_recv(s, data, sizeof data, 0);
    assert_true(n > 0 && (size_t)n <= strlen(text) - done);
    assert_memory_equal(data, text + done, (size_t)n);
    done += (size_t)n;
  }
}

static int readable(int s)
{
  int len = -1;
  assert_int_equal(lwip_ioctl(s, FIONREAD, &len), 0);
  return len;
}

/** Wait until so many bytes can be read. */
static void await_readable(int s, int len)
{
  struct pollfd fd = {.fd = s, .events = POLLIN, .revents = 0};
  for (int ms = 0; readable(s) < len; ms++) {
    assert_true(ms < PEER_PATIENCE_MS);
    lwip_poll(&fd, 0, 1);
  }
}

static int events(int s)
{
  struct pollfd fd = {.fd = s, .events = POLLIN | POLLPRI, .revents = 0};
  lwip_poll(&fd, 1, 0);
  return fd.revents;
}

/** Not in line: read stops before it, MSG_OOB takes it, read goes on behind it. */
static void out_of_line(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  int a, b;
  peer_streams(&a, &b);
  assert_fails(lwip_recv(b, &byte, 1, MSG_OOB), EINVAL);
  assert_int_equal(lwip_sockatmark(b), 0);
  send_all(a, "abc!", MSG_OOB);
  assert_int_equal(peer_poll(b, POLLPRI) & POLLPRI, POLLPRI);
  send_all(a, "def", 0);
  await_readable(b, 3);
  assert_int_equal(readable(b), 3);
  assert_int_equal(lwip_sockatmark(b), 0);
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_OOB | MSG_PEEK), 1);
  assert_int_equal(byte, '!');
  reads(b, "abc", MSG_PEEK);
  reads(b, "abc", 0);
  assert_int_equal(lwip_sockatmark(b), 1);
  byte = 0;
  assert_int_equal(events(b) & POLLPRI, POLLPRI);
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_OOB), 1);
  assert_int_equal(byte, '!');
  assert_int_equal(lwip_sockatmark(b), 1);
  assert_int_equal(events(b) & POLLPRI, 0);
  assert_fails(lwip_recv(b, &byte, 1, MSG_OOB), EINVAL); /* it is taken */
  reads_all(b, "def");
  assert_int_equal(lwip_sockatmark(b), 0);
  assert_int_equal(readable(b), 0);
  peer_close(a, b);
}

/** Who does not ask for it loses it. */
static void stepped_over(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  int a, b;
  peer_streams(&a, &b);
  send_all(a, "ab!", MSG_OOB);
  assert_int_equal(peer_poll(b, POLLPRI) & POLLPRI, POLLPRI);
  send_all(a, "cd", 0);
  reads(b, "ab", MSG_WAITALL); /* the mark ends it, too */
  reads_all(b, "cd");
  assert_fails(lwip_recv(b, &byte, 1, MSG_OOB), EINVAL);
  assert_int_equal(lwip_sockatmark(b), 0);
  peer_close(a, b);
}

/** Alone it is not what poll() calls readable. */
static void nothing_else(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  int a, b;
  peer_streams(&a, &b);
  send_all(a, "!", MSG_OOB);
  assert_int_equal(peer_poll(b, POLLPRI), POLLPRI);
  assert_int_equal(events(b), POLLPRI);
  assert_int_equal(lwip_sockatmark(b), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_OOB), 1);
  assert_int_equal(byte, '!');
  assert_int_equal(events(b), 0);
  assert_fails(lwip_recv(b, &byte, 1, MSG_DONTWAIT), EAGAIN);
  send_all(a, "next", 0);
  reads_all(b, "next");
  peer_close(a, b);
}

/** SO_OOBINLINE: part of the stream, which stops at the mark. */
static void in_line(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_OOBINLINE), 0);
  assert_int_equal(peer_set(b, SOL_SOCKET, SO_OOBINLINE, 1), 0);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_OOBINLINE), 1);
  assert_fails(lwip_setsockopt(b, SOL_SOCKET, SO_OOBINLINE, &byte, 0), EINVAL);
  send_all(a, "abc!", MSG_OOB);
  assert_int_equal(peer_poll(b, POLLPRI) & POLLPRI, POLLPRI);
  send_all(a, "def", 0);
  assert_fails(lwip_recv(b, &byte, 1, MSG_OOB), EINVAL);
  reads(b, "abc", 0);
  assert_int_equal(lwip_sockatmark(b), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 1);
  assert_int_equal(byte, '!');
  assert_int_equal(lwip_sockatmark(b), 0);
  reads_all(b, "def");
  assert_int_equal(events(b), 0);
  assert_int_equal(peer_set(b, SOL_SOCKET, SO_OOBINLINE, 0), 0);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_OOBINLINE), 0);
  peer_close(a, b);
}

/** A second mark takes the place of the first one, whose byte is an ordinary one then. */
static void marks_move_on(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  int a, b;
  peer_streams(&a, &b);
  send_all(a, "a1", MSG_OOB);
  assert_int_equal(peer_poll(b, POLLPRI) & POLLPRI, POLLPRI);
  send_all(a, "b2", MSG_OOB);
  await_readable(b, 3);
  reads(b, "a1b", 0);
  assert_int_equal(lwip_sockatmark(b), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_OOB), 1);
  assert_int_equal(byte, '2');
  peer_close(a, b);
}

struct reader {
  int s;
  ssize_t len;
  char data[16];
  peer_sem_t done;
};

static void read_five(void *arg)
{
  struct reader *r = (struct reader *)arg;
  r->len = lwip_recv(r->s, r->data, 5, MSG_WAITALL);
  peer_signal(&r->done);
}

/** A thread that waits for more reads on when there is something behind the mark. */
static void a_reader_waits_at_the_mark(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct reader r;
  struct peer_thread t;
  char byte = 0;
  int a, b;
  peer_streams(&a, &b);
  send_all(a, "!", MSG_OOB);
  assert_int_equal(peer_poll(b, POLLPRI), POLLPRI);
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_OOB), 1);
  r.s = b;
  peer_sem_new(&r.done);
  peer_thread(&t, read_five, &r);
  send_all(a, "12345", 0);
  peer_await(&r.done);
  assert_int_equal(r.len, 5);
  assert_memory_equal(r.data, "12345", 5);
  peer_sem_free(&r.done);
  peer_close(a, b);
}

static void select_tells_exceptions(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  char byte;
  fd_set except;
  struct timeval t = {.tv_sec = 60, .tv_usec = 0};
  struct timeval none = {.tv_sec = 0, .tv_usec = 0};
  peer_streams(&a, &b);
  FD_ZERO(&except);
  FD_SET(b, &except);
  assert_int_equal(lwip_select(b + 1, NULL, NULL, &except, &none), 0);
  send_all(a, "!", MSG_OOB);
  FD_SET(b, &except);
  assert_int_equal(lwip_select(b + 1, NULL, NULL, &except, &t), 1);
  assert_true(FD_ISSET(b, &except));
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_OOB), 1);
  assert_int_equal(lwip_select(b + 1, NULL, NULL, &except, &none), 0);
  peer_close(a, b);
}

/** recvmsg() says what it was; in pieces it is sent whole. */
static void messages(void **state)
{
  LWIP_UNUSED_ARG(state);
  char one[] = "ab", two[] = "c!", byte = 0;
  struct iovec out[2] = {{.iov_base = one, .iov_len = 2}, {.iov_base = two, .iov_len = 2}};
  struct iovec in = {.iov_base = &byte, .iov_len = 1};
  struct msghdr m;
  int a, b;
  peer_streams(&a, &b);
  memset(&m, 0, sizeof m);
  m.msg_iov = out;
  m.msg_iovlen = 2;
  assert_int_equal(lwip_sendmsg(a, &m, MSG_OOB), 4);
  assert_int_equal(peer_poll(b, POLLPRI) & POLLPRI, POLLPRI);
  m.msg_iov = &in;
  m.msg_iovlen = 1;
  assert_int_equal(lwip_recvmsg(b, &m, MSG_OOB), 1);
  assert_int_equal(byte, '!');
  assert_int_equal(m.msg_flags & MSG_OOB, MSG_OOB);
  reads_all(b, "abc");
  peer_close(a, b);
}

/** What has no urgent data. */
static void others(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  char byte;
  int value;
  int a, b;
  peer_datagrams(&a, &b);
  assert_fails(lwip_send(a, "x", 1, MSG_OOB), EOPNOTSUPP);
  assert_fails(lwip_sockatmark(a), ENOTTY);
  assert_fails(lwip_ioctl(a, SIOCATMARK, &value), ENOTTY);
#if !PEER_IS_KERNEL /* it does not look at the flag */
  assert_fails(lwip_recv(a, &byte, 1, MSG_OOB), EOPNOTSUPP);
  assert_fails(peer_set(a, SOL_SOCKET, SO_OOBINLINE, 1), ENOPROTOOPT);
#endif
  peer_close(a, b);
  int s = peer_listener(&name);
  assert_int_equal(lwip_sockatmark(s), 0);
  assert_fails(lwip_recv(s, &byte, 1, MSG_OOB), OURS_OR(EINVAL, ENOTCONN));
  assert_int_equal(lwip_close(s), 0);
  assert_fails(lwip_sockatmark(s), EBADF);
  assert_fails(lwip_send(s, "x", 1, MSG_OOB), EBADF);
}

/** The end behind an urgent byte that nobody took. */
static void the_end(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  int a, b;
  peer_streams(&a, &b);
  send_all(a, "x!", MSG_OOB);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(peer_poll(b, POLLPRI) & POLLPRI, POLLPRI);
  reads(b, "x", 0);
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_OOB), 1);
  assert_int_equal(byte, '!');
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 0);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 0);
  peer_close(a, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(out_of_line),   API_TEST(stepped_over),
      API_TEST(nothing_else),  API_TEST(in_line),
      API_TEST(marks_move_on), API_TEST(a_reader_waits_at_the_mark),
      API_TEST(messages),      API_TEST(select_tells_exceptions),
      API_TEST(others),        API_TEST(the_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
