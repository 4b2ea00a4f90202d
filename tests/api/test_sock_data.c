/**
 * @file
 * Sockets: sending, receiving and their flags. Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

/** Wait until `len` bytes can be read. */
static void await_readable(int s, int len)
{
  int lowat = len;
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_RCVLOWAT, &lowat, sizeof lowat), 0);
  peer_poll(s, POLLIN);
  lowat = 1;
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_RCVLOWAT, &lowat, sizeof lowat), 0);
}

/** MSG_PEEK sees all that waits, however many segments it came in. */
static void peek_sees_everything(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[64];
  int a, b;
  int yes = 1;
  const char text[] = "0123456789";
  peer_streams(&a, &b);
  assert_int_equal(lwip_setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), 0);
  for (unsigned i = 0; i < 10; i++) {
    assert_int_equal(lwip_send(a, &text[i], 1, 0), 1);
  }
  await_readable(b, 10);
  int available = 0;
  assert_int_equal(lwip_ioctl(b, FIONREAD, &available), 0);
  assert_int_equal(available, 10);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_PEEK), 10);
  assert_memory_equal(buf, "0123456789", 10);
  assert_int_equal(lwip_recv(b, buf, 3, 0), 3);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_PEEK), 7);
  assert_memory_equal(buf, "3456789", 7);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 7);
  assert_memory_equal(buf, "3456789", 7);
  assert_fails(lwip_recv(b, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
  assert_fails(lwip_recv(b, buf, sizeof buf, MSG_DONTWAIT | MSG_PEEK), EAGAIN);
  peer_close(a, b);
}

struct sender {
  int s;
  peer_sem_t done;
  struct peer_thread thread;
};

static void send_in_parts(void *arg)
{
  struct sender *x = (struct sender *)arg;
  for (unsigned i = 0; i < 20; i++) {
    lwip_send(x->s, "abcdefghij", 10, 0);
  }
  peer_signal(&x->done);
}

static void wait_for_all(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[256];
  int a, b;
  struct sender x;
  peer_streams(&a, &b);
  x.s = a;
  peer_sem_new(&x.done);
  peer_thread(&x.thread, send_in_parts, &x);
  assert_int_equal(lwip_recv(b, buf, 150, MSG_WAITALL), 150);
  assert_int_equal(lwip_recv(b, buf, 40, MSG_WAITALL | MSG_PEEK), 40);
  peer_await(&x.done);
  peer_sem_free(&x.done);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_WAITALL), 50); /* the end ends it */
  assert_memory_equal(buf, "abcdefghij", 10);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_WAITALL), 0);
  peer_close(a, b);
}

/** POSIX: data that came before the end are given before it. */
static void end_of_file(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_send(a, "bye", 3, 0), 3);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(lwip_recv(b, buf, 2, MSG_WAITALL), 2);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_WAITALL), 1);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 0);
  assert_int_equal(lwip_send(b, "still", 5, 0), 5);
  assert_int_equal(lwip_recv(a, buf, 5, MSG_WAITALL), 5);
  peer_close(a, b);
}

static void reads_and_writes_of_nothing(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_read(b, buf, 0), 0);
  assert_int_equal(lwip_write(a, buf, 0), 0);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  assert_int_equal(lwip_recv(b, buf, 1, MSG_PEEK), 1);
  assert_int_equal(lwip_read(b, buf, 0), 0);
  assert_int_equal(lwip_recv(b, buf, 8, 0), 1); /* it was still there */
  peer_close(a, b);
}

static void empty_datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  int a, b;
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_send(a, buf, 0, 0), 0);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  assert_true((peer_poll(b, POLLIN) & POLLIN) != 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 1);
  assert_fails(lwip_recv(b, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
  peer_close(a, b);
}

static void datagrams_are_cut(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[4];
  int a, b;
  int available = -1;
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_ioctl(b, FIONREAD, &available), 0);
  assert_int_equal(available, 0);
  assert_int_equal(lwip_send(a, "123456", 6, 0), 6);
  assert_int_equal(lwip_send(a, "ab", 2, 0), 2);
  peer_poll(b, POLLIN);
  assert_int_equal(lwip_recv(b, buf, 4, MSG_PEEK), 4);
  assert_int_equal(lwip_recv(b, buf, 4, MSG_PEEK | MSG_TRUNC), 6);
  assert_int_equal(lwip_recv(b, buf, 4, 0), 4);
  assert_memory_equal(buf, "1234", 4);
  assert_int_equal(lwip_recv(b, buf, 4, 0), 2);
  assert_memory_equal(buf, "ab", 2);
  peer_close(a, b);
}

/** A socket that is connected hears its peer alone. */
static void connected_datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in name;
  struct sockaddr_in from;
  socklen_t len = sizeof name;
  int a, b;
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_getsockname(b, SA(name), &len), 0);
  int c = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_sendto(c, "no", 2, 0, SA(name), sizeof name), 2);
  assert_int_equal(lwip_sendto(a, "yes", 3, 0, SA(name), sizeof name), 3);
  len = sizeof from;
  assert_int_equal(lwip_recvfrom(b, buf, sizeof buf, 0, SA(from), &len), 3);
  assert_int_equal(len, sizeof from);
  assert_int_equal(lwip_getpeername(b, SA(name), &len), 0);
  assert_int_equal(from.sin_port, name.sin_port);
  assert_int_equal(from.sin_addr.s_addr, lwip_htonl(INADDR_LOOPBACK));
  struct sockaddr none;
  memset(&none, 0, sizeof none);
  none.sa_family = AF_UNSPEC;
  assert_int_equal(lwip_connect(b, &none, sizeof none), 0);
  assert_fails(lwip_getpeername(b, SA(name), &len), ENOTCONN);
  assert_fails(lwip_send(b, "x", 1, 0), EDESTADDRREQ);
  peer_close(a, b);
  assert_int_equal(lwip_close(c), 0);
}

static void shut_for_reading(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_shutdown(b, SHUT_RD), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 0);
  assert_int_equal(lwip_send(b, "x", 1, 0), 1);
  assert_int_equal(lwip_recv(a, buf, sizeof buf, 0), 1);
  peer_close(a, b);
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_shutdown(b, SHUT_RD), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 0);
  peer_close(a, b);
}

/** The access mode tells what may still be done; the kernel's never changes. */
static void access_mode(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int mode = O_RDONLY | O_WRONLY | O_RDWR;
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_fcntl(a, F_GETFL, 0) & mode, O_RDWR);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(lwip_fcntl(a, F_GETFL, 0) & mode, OURS_OR(O_RDONLY, O_RDWR));
  assert_int_equal(lwip_shutdown(b, SHUT_RD), 0);
  assert_int_equal(lwip_fcntl(b, F_GETFL, 0) & mode, OURS_OR(O_WRONLY, O_RDWR));
  peer_close(a, b);
}

static void nonblocking(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  int yes = 1;
  struct sockaddr_in name;
  int listener = peer_listener(&name);
  assert_int_equal(lwip_fcntl(listener, F_SETFL, O_NONBLOCK), 0);
  assert_fails(lwip_accept(listener, NULL, NULL), EAGAIN);
  assert_int_equal(lwip_fcntl(listener, F_SETFL, 0), 0);
  assert_int_equal(lwip_fcntl(listener, F_GETFL, 0) & O_NONBLOCK, 0);
  int s = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_ioctl(s, FIONBIO, &yes), 0);
  assert_int_equal(lwip_fcntl(s, F_GETFL, 0) & O_NONBLOCK, O_NONBLOCK);
  assert_fails(lwip_recv(s, buf, sizeof buf, 0), EAGAIN);
  peer_close(s, listener);
}

/** A non-blocking send takes what there is room for, then says so; room makes it writable again. */
static void full_and_writable_again(void **state)
{
  LWIP_UNUSED_ARG(state);
  static char data[65536];
  size_t sent = 0;
  size_t heard = 0;
  ssize_t n;
  int a, b;
  peer_streams(&a, &b);
  while ((n = lwip_send(a, data, sizeof data, MSG_DONTWAIT)) > 0) {
    sent += (size_t)n;
  }
  assert_int_equal(n, -1);
  assert_int_equal(errno, EAGAIN);
  while (heard < sent) {
    n = lwip_recv(b, data, sizeof data, 0);
    assert_true(n > 0);
    heard += (size_t)n;
  }
  assert_true((peer_poll(a, POLLOUT) & POLLOUT) != 0);
  assert_true(lwip_send(a, data, 1, MSG_DONTWAIT) == 1);
  assert_int_equal(lwip_recv(b, data, sizeof data, 0), 1);
  peer_close(a, b);
}

static void timeouts(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct timeval t = {.tv_sec = 0, .tv_usec = 1000};
  struct sockaddr_in name;
  int s = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), 0);
  assert_fails(lwip_recv(s, buf, sizeof buf, 0), EAGAIN);
  int listener = peer_listener(&name);
  assert_int_equal(lwip_setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), 0);
  assert_fails(lwip_accept(listener, NULL, NULL), EAGAIN);
  peer_close(s, listener);
}

/** Whoever wants all of it gets what came in time. */
static void part_in_time(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct timeval t = {.tv_sec = 0, .tv_usec = 10000};
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_send(a, "abc", 3, 0), 3);
  await_readable(b, 3);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_WAITALL | MSG_PEEK | MSG_DONTWAIT), 3);
  assert_int_equal(lwip_recv(b, buf, 1, MSG_WAITALL | MSG_DONTWAIT), 1);
  assert_int_equal(lwip_setsockopt(b, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_WAITALL), 2);
  assert_memory_equal(buf, "bc", 2);
  assert_fails(lwip_recv(b, buf, sizeof buf, MSG_WAITALL), EAGAIN);
  assert_fails(lwip_recv(b, buf, sizeof buf, MSG_WAITALL | MSG_DONTWAIT), EAGAIN);
  peer_close(a, b);
}

/** A peek takes nothing: not the datagram, nor its sender, nor that it was cut. */
static void peek_at_datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in to;
  struct sockaddr_in mine;
  struct sockaddr_in from;
  int a = peer_socket(SOCK_DGRAM);
  int b = peer_socket(SOCK_DGRAM);
  peer_bind(a, &mine);
  peer_bind(b, &to);
  assert_int_equal(lwip_sendto(a, "first", 5, MSG_NOSIGNAL, SA(to), sizeof to), 5);
  assert_int_equal(lwip_sendto(a, "second", 6, 0, SA(to), sizeof to), 6);
  for (unsigned i = 0; i < 3; i++) {
    socklen_t len = sizeof from;
    memset(&from, 0, sizeof from);
    assert_int_equal(lwip_recvfrom(b, buf, sizeof buf, MSG_PEEK, SA(from), &len), 5);
    assert_memory_equal(buf, "first", 5);
    assert_int_equal(from.sin_port, mine.sin_port);
  }
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 5);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, MSG_PEEK | MSG_WAITALL), 6);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 6);
  peer_close(a, b);
}

/** Data of a datagram socket that go nowhere: none wanted, or nobody to send to but oneself. */
static void datagrams_to_oneself(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in name;
  int s = peer_socket(SOCK_DGRAM);
  peer_bind(s, &name);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  assert_int_equal(lwip_send(s, "12", 2, 0), 2);
  assert_int_equal(lwip_recv(s, buf, 0, 0), 0); /* takes the datagram all the same */
  assert_fails(lwip_recv(s, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
  assert_int_equal(lwip_close(s), 0);
}

/** Without a name of one's own: any address, no port; who listens gets one. */
static void names_by_themselves(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  socklen_t len = sizeof name;
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_getsockname(s, SA(name), &len), 0);
  assert_int_equal(name.sin_family, AF_INET);
  assert_int_equal(name.sin_addr.s_addr, INADDR_ANY);
  assert_int_equal(name.sin_port, 0);
  assert_int_equal(lwip_listen(s, 1), 0);
  assert_int_equal(lwip_getsockname(s, SA(name), &len), 0);
  assert_int_not_equal(name.sin_port, 0);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  name = peer_loopback(9);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  assert_int_equal(lwip_getsockname(s, SA(name), &len), 0);
  assert_int_equal(name.sin_addr.s_addr, lwip_htonl(INADDR_LOOPBACK)); /* that of the route */
  assert_int_not_equal(name.sin_port, 0);
  assert_int_equal(lwip_close(s), 0);
}

/** A stream goes to its peer, whatever name is given; a datagram goes where it is told. */
static void destinations(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[4];
  int a, b;
  struct sockaddr_in name = peer_loopback(9);
  peer_streams(&a, &b);
  assert_int_equal(lwip_sendto(a, "x", 1, 0, SA(name), sizeof name), 1);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 1);
  peer_close(a, b);
  peer_datagrams(&a, &b);
  int c = peer_socket(SOCK_DGRAM);
  peer_bind(c, &name);
  assert_int_equal(lwip_sendto(a, "x", 1, 0, SA(name), sizeof name), 1);
  assert_int_equal(lwip_recv(c, buf, sizeof buf, 0), 1);
  assert_int_equal(lwip_send(a, "yz", 2, 0), 2);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 2);
  peer_close(a, b);
  assert_int_equal(lwip_close(c), 0);
}

/** Unread data at a close: the peer hears a reset, not an end (RFC 2525 2.17). */
static void unread_data_reset(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte;
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  peer_poll(b, POLLIN);
  assert_int_equal(lwip_close(b), 0);
  peer_poll(a, POLLIN);
  assert_fails(lwip_recv(a, &byte, 1, 0), ECONNRESET);
  assert_int_equal(lwip_close(a), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(peek_sees_everything),
      API_TEST(wait_for_all),
      API_TEST(end_of_file),
      API_TEST(reads_and_writes_of_nothing),
      API_TEST(empty_datagrams),
      API_TEST(datagrams_are_cut),
      API_TEST(connected_datagrams),
      API_TEST(shut_for_reading),
      API_TEST(access_mode),
      API_TEST(nonblocking),
      API_TEST(full_and_writable_again),
      API_TEST(timeouts),
      API_TEST(names_by_themselves),
      API_TEST(destinations),
      API_TEST(part_in_time),
      API_TEST(peek_at_datagrams),
      API_TEST(datagrams_to_oneself),
      API_TEST(unread_data_reset),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
