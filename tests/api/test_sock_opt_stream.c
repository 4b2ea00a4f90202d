/**
 * @file
 * Sockets: options that bound what streams buffer, send and announce. Also against the kernel
 * (peer.h), which doubles what one asks for and counts its own overhead: there, limits are wider.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"
#if !PEER_IS_KERNEL
#include "gossamer/tcp_info.h"
#endif

/** Most that a test here lets wait in a sender and its peer. */
#define PLENTY (8 * 1024 * 1024)

static void keeps(int s, int level, int name, int value)
{
  assert_int_equal(peer_set(s, level, name, value), 0);
  assert_int_equal(peer_get(s, level, name), value);
}

static int readable(int s)
{
  int len = -1;
  assert_int_equal(lwip_ioctl(s, FIONREAD, &len), 0);
  return len;
}

static bool is_writable(int s, int timeout_ms)
{
  struct pollfd fd = {.fd = s, .events = POLLOUT, .revents = 0};
  return lwip_poll(&fd, 1, timeout_ms) == 1;
}

/** Send until nothing more goes, for a while. @return bytes */
static int fill(int s)
{
  static const char data[1000];
  int sent = 0;
  do {
    ssize_t n;
    while ((n = lwip_send(s, data, sizeof data, MSG_DONTWAIT)) > 0) {
      sent += (int)n;
      assert_true(sent < PLENTY);
    }
    assert_int_equal(errno, EAGAIN);
  } while (is_writable(s, 50));
  return sent;
}

/** Read so many bytes, all zero. */
static void drain(int s, int len)
{
  char data[4000];
  while (len > 0) {
    ssize_t n = lwip_recv(s, data, sizeof data, 0);
    assert_true(n > 0 && n <= len);
    for (ssize_t i = 0; i < n; i++) {
      assert_int_equal(data[i], 0);
    }
    len -= (int)n;
  }
  assert_int_equal(readable(s), 0);
}

/** A connection whose receiving end is told by its listener how much it may take; 0: nothing. */
static void connected(int *a, int *b, int rcvbuf)
{
  struct sockaddr_in name;
  int listener = peer_socket(SOCK_STREAM);
  peer_bind(listener, &name);
  if (rcvbuf != 0) {
    assert_int_equal(peer_set(listener, SOL_SOCKET, SO_RCVBUF, rcvbuf), 0);
  }
  assert_int_equal(lwip_listen(listener, 4), 0);
  *a = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(*a, SA(name), sizeof name), 0);
  *b = lwip_accept(listener, NULL, NULL);
  assert_true(*b >= 0);
  assert_int_equal(lwip_close(listener), 0);
}

static void send_buffer(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  connected(&a, &b, 0);
  assert_true(peer_get(a, SOL_SOCKET, SO_SNDBUF) > 8192);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_SNDBUF, 8192), 0);
  assert_int_equal(peer_get(a, SOL_SOCKET, SO_SNDBUF), OURS_OR(8192, 16384));
  int sent = fill(a);
  assert_true(sent - readable(b) <= OURS_OR(8192, 256 * 1024));
  drain(b, sent);
  assert_int_equal(peer_poll(a, POLLOUT), POLLOUT);
  sent = fill(a);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_SNDBUF, 100000), 0); /* there is room again */
  assert_int_equal(peer_poll(a, POLLOUT), POLLOUT);
  drain(b, sent);
  peer_close(a, b);
}

/** A writer that waits goes on when SO_SNDBUF grows. */
struct writer {
  int s;
  ssize_t sent;
  peer_sem_t done;
};

static void write_much(void *arg)
{
  struct writer *w = (struct writer *)arg;
  static const char data[400000];
  w->sent = lwip_send(w->s, data, sizeof data, 0);
  peer_signal(&w->done);
}

static void send_buffer_of_one_that_waits(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct writer w;
  struct peer_thread t;
  int a, b;
  connected(&a, &b, 0);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_SNDBUF, 8192), 0);
  w.s = a;
  peer_sem_new(&w.done);
  peer_thread(&t, write_much, &w);
  drain(b, 400000);
  peer_await(&w.done);
  assert_int_equal(w.sent, 400000);
  peer_sem_free(&w.done);
  peer_close(a, b);
}

static void wrong_buffers(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 5000;
  const int names[] = {SO_SNDBUF, SO_RCVBUF};
  int s = peer_socket(SOCK_STREAM);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    assert_fails(lwip_setsockopt(s, SOL_SOCKET, names[i], &value, sizeof value - 1), EINVAL);
    assert_fails(lwip_setsockopt(s, SOL_SOCKET, names[i], &value, 0), EINVAL);
    assert_int_equal(peer_set(s, SOL_SOCKET, names[i], 0x7fffffff), 0); /* all there is */
    assert_true(peer_get(s, SOL_SOCKET, names[i]) > 8192);
#if !PEER_IS_KERNEL /* it takes the least that it has */
    assert_fails(peer_set(s, SOL_SOCKET, names[i], 0), EINVAL);
    assert_fails(peer_set(s, SOL_SOCKET, names[i], -1), EINVAL);
    keeps(s, SOL_SOCKET, names[i], 1234);
#endif
  }
  assert_int_equal(lwip_close(s), 0);
}

/** What a datagram may be at most. */
static void send_buffer_of_datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  peer_datagrams(&a, &b);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_SNDBUF, 5000), 0);
  assert_int_equal(peer_get(a, SOL_SOCKET, SO_SNDBUF), OURS_OR(5000, 10000));
#if !PEER_IS_KERNEL /* lets one through whatever its size */
  char data[5001] = "";
  assert_fails(lwip_send(a, data, 5001, 0), EMSGSIZE);
  assert_int_equal(lwip_send(a, data, 5000, 0), 5000);
  assert_int_equal(lwip_recv(b, data, sizeof data, 0), 5000);
#endif
  peer_close(a, b);
}

/** The window is what the program has asked for, from the first segment on. */
static void receive_buffer(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  connected(&a, &b, 5000);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_RCVBUF), OURS_OR(5000, 10000));
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_SNDBUF, 8192), 0);
  int sent = fill(a);
  assert_true(readable(b) <= OURS_OR(5000 + 2500, 64 * 1024));
  assert_true(sent <= OURS_OR(5000 + 2500 + 8192, 256 * 1024));
  drain(b, sent);
  assert_int_equal(peer_poll(a, POLLOUT), POLLOUT);
  assert_int_equal(peer_set(b, SOL_SOCKET, SO_RCVBUF, 20000), 0);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_RCVBUF), OURS_OR(20000, 40000));
  sent = fill(a);
  assert_true(readable(b) <= OURS_OR(20000 + 10000, 128 * 1024));
  drain(b, sent);
  peer_close(a, b);
}

/** ... also one so small that less than a segment fits. */
static void tiny_receive_buffer(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  connected(&a, &b, 100);
  int sent = fill(a);
  assert_true(readable(b) <= OURS_OR(128 + 64 + 128, 64 * 1024));
  if (sent > 20000) { /* no need to see it all trickle in */
    sent = 20000;
  }
  char data[1000];
  while (sent > 0) {
    ssize_t n = lwip_recv(b, data, sizeof data, 0);
    assert_true(n > 0);
    sent -= (int)n;
  }
  peer_close(a, b);
}

static void send_lowat(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  connected(&a, &b, 0);
#if PEER_IS_KERNEL
  assert_int_equal(peer_get(a, SOL_SOCKET, SO_SNDLOWAT), 1);
  assert_fails(peer_set(a, SOL_SOCKET, SO_SNDLOWAT, 5), ENOPROTOOPT);
#else
  assert_true(peer_get(a, SOL_SOCKET, SO_SNDLOWAT) > 1);
  assert_fails(peer_set(a, SOL_SOCKET, SO_SNDLOWAT, -1), EINVAL);
  keeps(a, SOL_SOCKET, SO_SNDLOWAT, 1);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_SNDBUF, 9000), 0);
  int sent = fill(a);
  drain(b, sent);
  keeps(a, SOL_SOCKET, SO_SNDLOWAT, 9000);
  assert_int_equal(peer_poll(a, POLLOUT), POLLOUT); /* as soon as all has arrived */
  keeps(a, SOL_SOCKET, SO_SNDLOWAT, 1 << 30);
  assert_true(is_writable(a, 0)); /* more there cannot be */
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(peer_set(s, SOL_SOCKET, SO_SNDLOWAT, 5), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
#endif
  peer_close(a, b);
}

/** Little waits that was never sent, however large the buffer is. */
static void unsent_lowat(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  connected(&a, &b, 0);
  assert_int_equal(peer_get(a, IPPROTO_TCP, TCP_NOTSENT_LOWAT), 0);
  keeps(a, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 4096);
  int value = 5000;
  assert_fails(lwip_setsockopt(a, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &value, 3), EINVAL);
  int sent = fill(a);
  assert_true(sent - readable(b) <= OURS_OR(128 * 1024, 4 * 1024 * 1024));
  keeps(a, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 0);
  assert_int_equal(peer_poll(a, POLLOUT), POLLOUT);
  keeps(a, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 4096);
  drain(b, sent);
  assert_int_equal(peer_poll(a, POLLOUT), POLLOUT);
  peer_close(a, b);
}

static void segments(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int listener = peer_listener(&name);
  int a = peer_socket(SOCK_STREAM);
  assert_true(peer_get(a, IPPROTO_TCP, TCP_MAXSEG) > 0);
  assert_fails(peer_set(a, IPPROTO_TCP, TCP_MAXSEG, 10), EINVAL);
  assert_fails(peer_set(a, IPPROTO_TCP, TCP_MAXSEG, -1), EINVAL);
  assert_fails(peer_set(a, IPPROTO_TCP, TCP_MAXSEG, 0x10000), EINVAL);
  assert_int_equal(peer_set(a, IPPROTO_TCP, TCP_MAXSEG, 600), 0);
#if !PEER_IS_KERNEL /* old ones tell it only later */
  assert_int_equal(peer_get(a, IPPROTO_TCP, TCP_MAXSEG), 600);
#endif
  assert_int_equal(lwip_connect(a, SA(name), sizeof name), 0);
  int b = lwip_accept(listener, NULL, NULL);
  assert_true(b >= 0);
  assert_in_range(peer_get(a, IPPROTO_TCP, TCP_MAXSEG), 500, 600); /* without options */
  assert_in_range(peer_get(b, IPPROTO_TCP, TCP_MAXSEG), 500, 600);
  assert_true(peer_get(listener, IPPROTO_TCP, TCP_MAXSEG) > 0);
  assert_int_equal(lwip_close(listener), 0);
  peer_close(a, b);
}

static void quick_acks(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  connected(&a, &b, 0);
  assert_int_equal(peer_get(a, IPPROTO_TCP, TCP_QUICKACK), 1);
  keeps(a, IPPROTO_TCP, TCP_QUICKACK, 0);
  keeps(a, IPPROTO_TCP, TCP_QUICKACK, 1);
  peer_close(a, b);
}

/** poll() waits for so many bytes. */
static void receive_lowat(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct pollfd fd = {.events = POLLIN, .revents = 0};
  char data[8];
  int a, b;
  connected(&a, &b, 0);
  keeps(b, SOL_SOCKET, SO_RCVLOWAT, 5);
  assert_int_equal(lwip_send(a, "abc", 3, 0), 3);
  fd.fd = b;
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  assert_int_equal(lwip_send(a, "de", 2, 0), 2);
  assert_int_equal(peer_poll(b, POLLIN), POLLIN);
  assert_int_equal(lwip_recv(b, data, sizeof data, 0), 5);
  assert_int_equal(lwip_send(a, "f", 1, 0), 1);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(peer_poll(b, POLLIN) & POLLIN, POLLIN); /* the end counts */
  assert_int_equal(lwip_recv(b, data, sizeof data, 0), 1);
  peer_close(a, b);
}

#if !PEER_IS_KERNEL /* which has other numbers, and opens the cork by itself */

static void cork(void **state)
{
  LWIP_UNUSED_ARG(state);
  char data[8];
  int a, b;
  connected(&a, &b, 0);
  keeps(a, IPPROTO_TCP, TCP_CORK, 1);
  assert_int_equal(lwip_send(a, "ab", 2, 0), 2);
  assert_int_equal(lwip_send(a, "cd", 2, 0), 2);
  assert_int_equal(readable(b), 0);
  keeps(a, IPPROTO_TCP, TCP_CORK, 0);
  assert_int_equal(lwip_recv(b, data, sizeof data, 0), 4);
  peer_close(a, b);
}

/** What has not arrived when the time of SO_LINGER is over never will, and the peer hears of it. */
static void lingering_ends(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct linger one_second = {.l_onoff = 1, .l_linger = 1};
  char data[4000];
  ssize_t n;
  int a, b;
  connected(&a, &b, 5000);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_SNDBUF, 8192), 0);
  int sent = fill(a);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &one_second, sizeof one_second), 0);
  assert_int_equal(lwip_close(a), 0);
  while ((n = lwip_recv(b, data, sizeof data, 0)) > 0) {
    sent -= (int)n;
  }
  assert_int_equal(n, -1);
  assert_int_equal(errno, ECONNRESET);
  assert_true(sent > 0);
  assert_int_equal(lwip_close(b), 0);
}

static void keepalive_in_milliseconds(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = peer_socket(SOCK_STREAM);
  keeps(s, IPPROTO_TCP, TCP_KEEPALIVE, 5500);
  assert_int_equal(peer_get(s, IPPROTO_TCP, TCP_KEEPIDLE), 5);
  assert_fails(peer_set(s, IPPROTO_TCP, TCP_KEEPALIVE, 0), EINVAL);
  keeps(s, IPPROTO_TCP, TCP_KEEPIDLE, 7);
  assert_int_equal(peer_get(s, IPPROTO_TCP, TCP_KEEPALIVE), 7000);
  assert_int_equal(lwip_close(s), 0);
}

static void information(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct tcp_connection_info info;
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  struct sockaddr_in name;
  socklen_t len = sizeof info;
  int a, b;
  int listener = peer_listener(&name);
  assert_int_equal(lwip_getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
  assert_int_equal(info.state, LISTEN);
  assert_int_equal(lwip_close(listener), 0);
  connected(&a, &b, 0);
  memset(&info, 0xff, sizeof info);
  assert_int_equal(lwip_getsockopt(b, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
  assert_int_equal(len, sizeof info);
  assert_int_equal(info.state, ESTABLISHED);
  assert_fails(lwip_setsockopt(b, IPPROTO_TCP, TCP_INFO, &info, len), ENOPROTOOPT);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(peer_poll(b, POLLIN) & POLLHUP, POLLHUP);
  assert_int_equal(lwip_getsockopt(b, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
  assert_int_equal(info.state, CLOSED);
  assert_int_equal(lwip_close(b), 0);
}

#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
    API_TEST(send_buffer),
    API_TEST(send_buffer_of_one_that_waits),
    API_TEST(wrong_buffers),
    API_TEST(send_buffer_of_datagrams),
    API_TEST(receive_buffer),
    API_TEST(tiny_receive_buffer),
    API_TEST(send_lowat),
    API_TEST(unsent_lowat),
    API_TEST(segments),
    API_TEST(quick_acks),
    API_TEST(receive_lowat),
#if !PEER_IS_KERNEL
    API_TEST(cork),
    API_TEST(lingering_ends),
    API_TEST(keepalive_in_milliseconds),
    API_TEST(information),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
