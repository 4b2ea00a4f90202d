/**
 * @file
 * Sockets: what fails, and with which errno. Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

static void sockets_that_cannot_be(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_fails(lwip_socket(123, SOCK_STREAM, 0), EAFNOSUPPORT);
  assert_fails(lwip_socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
  assert_fails(lwip_socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
  assert_fails(lwip_socket(AF_INET, 99, 0), EINVAL);
}

static void no_such_descriptor(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name = peer_loopback(9);
  socklen_t len = sizeof name;
  int value = 0;
  char byte = 0;
  struct iovec iov = {.iov_base = &byte, .iov_len = 1};
  struct msghdr m;
  memset(&m, 0, sizeof m);
  m.msg_iov = &iov;
  m.msg_iovlen = 1;
  const int wrong[] = {-1, 1 << 20};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wrong); i++) {
    int s = wrong[i];
    assert_fails(lwip_bind(s, SA(name), len), EBADF);
    assert_fails(lwip_listen(s, 1), EBADF);
    assert_fails(lwip_accept(s, NULL, NULL), EBADF);
    assert_fails(lwip_connect(s, SA(name), len), EBADF);
    assert_fails(lwip_shutdown(s, SHUT_RDWR), EBADF);
    assert_fails(lwip_close(s), EBADF);
    assert_fails(lwip_getpeername(s, SA(name), &len), EBADF);
    assert_fails(lwip_getsockname(s, SA(name), &len), EBADF);
    len = sizeof value;
    assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_ERROR, &value, &len), EBADF);
    assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, len), EBADF);
    len = sizeof name;
    assert_fails(lwip_recv(s, &byte, 1, 0), EBADF);
    assert_fails(lwip_recvfrom(s, &byte, 1, 0, SA(name), &len), EBADF);
    assert_fails(lwip_read(s, &byte, 1), EBADF);
    assert_fails(lwip_readv(s, &iov, 1), EBADF);
    assert_fails(lwip_recvmsg(s, &m, 0), EBADF);
    assert_fails(lwip_send(s, &byte, 1, 0), EBADF);
    assert_fails(lwip_write(s, &byte, 1), EBADF);
    assert_fails(lwip_writev(s, &iov, 1), EBADF);
    assert_fails(lwip_sendto(s, &byte, 1, 0, SA(name), sizeof name), EBADF);
    assert_fails(lwip_sendmsg(s, &m, 0), EBADF);
    assert_fails(lwip_ioctl(s, FIONREAD, &value), EBADF);
    assert_fails(lwip_ioctl(s, FIONBIO, &value), EBADF);
    const int commands[] = {F_GETFL, F_SETFL, F_GETFD, F_SETFD, F_DUPFD};
    for (unsigned k = 0; k < LWIP_ARRAYSIZE(commands); k++) {
      assert_fails(lwip_fcntl(s, commands[k], 0), EBADF);
    }
    assert_fails(lwip_dup(s), EBADF);
    struct pollfd fd = {.fd = s, .events = POLLIN, .revents = 0};
    assert_int_equal(lwip_poll(&fd, 1, 0), s < 0 ? 0 : 1);
    assert_int_equal(fd.revents, s < 0 ? 0 : POLLNVAL);
  }
}

/** POSIX: no call sets errno where it succeeds. */
static void success_leaves_errno(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b, value = 0;
  char byte = 'x';
  struct sockaddr_in name;
  socklen_t len = sizeof name;
  errno = EXDEV;
  peer_streams(&a, &b);
  assert_int_equal(lwip_send(a, &byte, 1, 0), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 1);
  assert_int_equal(lwip_getpeername(a, SA(name), &len), 0);
  assert_int_equal(lwip_ioctl(a, FIONREAD, &value), 0);
  assert_true(lwip_fcntl(a, F_GETFL, 0) >= 0);
  assert_int_equal(peer_get(a, SOL_SOCKET, SO_ERROR), 0);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
  assert_true((peer_poll(a, POLLOUT) & POLLOUT) != 0);
  peer_close(a, b);
  assert_int_equal(errno, EXDEV);
}

static void names_that_cannot_be(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name = peer_loopback(0);
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(lwip_bind(s, SA(name), 4), EINVAL);
  name.sin_family = 77;
  assert_fails(lwip_bind(s, SA(name), sizeof name), EAFNOSUPPORT);
  assert_fails(lwip_connect(s, SA(name), sizeof name), EAFNOSUPPORT);
  name = peer_loopback(0);
  name.sin_addr.s_addr = lwip_htonl(0xc0000201UL); /* 192.0.2.1: not ours */
  assert_fails(lwip_bind(s, SA(name), sizeof name), EADDRNOTAVAIL);
  name = peer_loopback(9);
  assert_fails(lwip_connect(s, SA(name), 4), EINVAL);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  peer_bind(s, &name);
  assert_fails(lwip_bind(s, SA(name), sizeof name), EINVAL); /* it has a name */
  assert_int_equal(lwip_close(s), 0);
}

static void names_in_use(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_DGRAM, SOCK_STREAM};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    struct sockaddr_in name;
    int a = peer_socket(types[i]);
    int b = peer_socket(types[i]);
    peer_bind(a, &name);
    assert_fails(lwip_bind(b, SA(name), sizeof name), EADDRINUSE);
    name.sin_addr.s_addr = INADDR_ANY;
    assert_fails(lwip_bind(b, SA(name), sizeof name), EADDRINUSE);
    peer_close(a, b);
  }
}

/** Who has a name gets no other one, whatever became of him. */
static void named_already(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  struct sockaddr_in other = peer_loopback(0);
  int listener = peer_socket(SOCK_STREAM);
  peer_bind(listener, &name);
  assert_fails(lwip_bind(listener, SA(other), sizeof other), EINVAL);
  assert_int_equal(lwip_listen(listener, 1), 0);
  assert_fails(lwip_bind(listener, SA(other), sizeof other), EINVAL);
  assert_fails(lwip_getpeername(listener, SA(other), &(socklen_t){sizeof other}), ENOTCONN);
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  other = peer_loopback(0);
  assert_fails(lwip_bind(s, SA(other), sizeof other), EINVAL);
  assert_fails(lwip_listen(s, 1), EINVAL);
  assert_fails(lwip_connect(s, SA(name), sizeof name), EISCONN);
  assert_fails(lwip_accept(s, NULL, NULL), EINVAL);
  peer_close(s, listener);
}

/** Two may have a name, but one listens at it. */
static void one_listens(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int a = peer_socket(SOCK_STREAM);
  int b = peer_socket(SOCK_STREAM);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_REUSEADDR, 1), 0);
  assert_int_equal(peer_set(b, SOL_SOCKET, SO_REUSEADDR, 1), 0);
  peer_bind(a, &name);
  assert_int_equal(lwip_bind(b, SA(name), sizeof name), 0);
  assert_int_equal(lwip_listen(a, 1), 0);
  assert_fails(lwip_listen(b, 1), EADDRINUSE);
  peer_close(a, b);
}

static void streams_without_peer(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  struct sockaddr_in name;
  socklen_t len = sizeof name;
  int s = peer_socket(SOCK_STREAM);
  assert_fails(lwip_recv(s, &byte, 1, 0), ENOTCONN);
  assert_fails(lwip_send(s, &byte, 1, MSG_NOSIGNAL), OURS_OR(ENOTCONN, EPIPE));
  assert_fails(lwip_getpeername(s, SA(name), &len), ENOTCONN);
  assert_fails(lwip_shutdown(s, SHUT_WR), ENOTCONN);
  assert_fails(lwip_shutdown(s, 17), EINVAL);
  assert_fails(lwip_accept(s, NULL, NULL), EINVAL);
  assert_int_equal(lwip_close(s), 0);
  s = peer_listener(&name);
  assert_fails(lwip_recv(s, &byte, 1, 0), ENOTCONN);
  assert_fails(lwip_connect(s, SA(name), sizeof name), EISCONN);
  assert_int_equal(lwip_close(s), 0);
}

static void datagrams_are_no_streams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  struct sockaddr_in name;
  socklen_t len = sizeof name;
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(lwip_listen(s, 1), EOPNOTSUPP);
  assert_fails(lwip_accept(s, NULL, NULL), EOPNOTSUPP);
  assert_fails(lwip_send(s, &byte, 1, 0), EDESTADDRREQ);
  assert_fails(lwip_getpeername(s, SA(name), &len), ENOTCONN);
  assert_fails(lwip_shutdown(s, SHUT_RDWR), ENOTCONN);
  name = peer_loopback(0);
  assert_fails(lwip_sendto(s, &byte, 1, 0, SA(name), sizeof name), EINVAL);
  assert_fails(lwip_sendto(s, &byte, 1, 0, SA(name), 3), EINVAL);
  assert_int_equal(lwip_close(s), 0);
}

static void datagrams_too_long(void **state)
{
  LWIP_UNUSED_ARG(state);
  static char data[70000];
  struct sockaddr_in name;
  const size_t sizes[] = {65508, 65520, 65527, 65528, 65536, sizeof data};
  int s = peer_socket(SOCK_DGRAM);
  peer_bind(s, &name);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    assert_fails(lwip_sendto(s, data, sizes[i], 0, SA(name), sizeof name), EMSGSIZE);
  }
  assert_int_equal(lwip_close(s), 0);
}

static void broadcast_wants_permission(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name = peer_loopback(9);
  int s = peer_socket(SOCK_DGRAM);
  name.sin_addr.s_addr = INADDR_BROADCAST;
  errno = 0;
  assert_int_equal(lwip_sendto(s, "x", 1, 0, SA(name), sizeof name), -1);
  assert_true(errno == EACCES || errno == ENETUNREACH); /* no network at all */
  assert_int_equal(lwip_close(s), 0);
}

static void connect_is_refused(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int nobody = peer_nobody(SOCK_STREAM, &name);
  int s = peer_socket(SOCK_STREAM);
  assert_fails(lwip_connect(s, SA(name), sizeof name), ECONNREFUSED);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);             /* told once */
  assert_fails(lwip_connect(s, SA(name), sizeof name), ECONNREFUSED); /* one may try again */
  peer_close(s, nobody);
}

/** One that failed may try again on the same socket. */
static void refused_then_accepted(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[4];
  struct sockaddr_in name;
  int nobody = peer_nobody(SOCK_STREAM, &name);
  int s = peer_socket(SOCK_STREAM);
  assert_fails(lwip_connect(s, SA(name), sizeof name), ECONNREFUSED);
  assert_int_equal(lwip_listen(nobody, 4), 0);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  int in = lwip_accept(nobody, NULL, NULL);
  assert_true(in >= 0);
  assert_int_equal(lwip_send(s, "abc", 3, 0), 3);
  assert_int_equal(lwip_recv(in, buf, sizeof buf, 0), 3);
  assert_int_equal(lwip_send(in, "d", 1, 0), 1);
  assert_int_equal(lwip_recv(s, buf, sizeof buf, 0), 1);
  peer_close(s, in);
  assert_int_equal(lwip_close(nobody), 0);
}

static void connect_in_the_background(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int listener = peer_listener(&name);
  int s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  assert_true(s >= 0);
  assert_true((lwip_fcntl(s, F_GETFL, 0) & O_NONBLOCK) != 0);
  assert_fails(lwip_connect(s, SA(name), sizeof name), EINPROGRESS);
  assert_true((peer_poll(s, POLLOUT) & (POLLOUT | POLLERR | POLLHUP)) == POLLOUT);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);
  if (PEER_IS_KERNEL) {
    assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0); /* Linux: 0 once */
  }
  assert_fails(lwip_connect(s, SA(name), sizeof name), EISCONN);
  peer_close(s, listener);
}

static void refused_in_the_background(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int nobody = peer_nobody(SOCK_STREAM, &name);
  char byte;
  int s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  assert_true(s >= 0);
  int result = lwip_connect(s, SA(name), sizeof name);
  assert_int_equal(result, -1);
  if (errno == EINPROGRESS) { /* it may be over by now */
    int events = peer_poll(s, POLLIN | POLLOUT);
    assert_int_equal(events & (POLLERR | POLLHUP | POLLIN | POLLOUT),
                     POLLERR | POLLHUP | POLLIN | POLLOUT);
    assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
    assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);
  }
  assert_int_equal(lwip_recv(s, &byte, 1, 0), OURS_OR(0, 0));
  peer_close(s, nobody);
}

static void datagrams_are_refused(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int nobody = peer_nobody(SOCK_DGRAM, &name);
  int s = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  peer_is_refused(s);
  peer_close(s, nobody);
}

static void reset_by_the_peer(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 'x';
  int a, b;
  struct linger l = {.l_onoff = 1, .l_linger = 0};
  peer_streams(&a, &b);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_close(a), 0);
  peer_poll(b, POLLIN); /* it has come */
  int events = peer_poll(b, POLLIN | POLLOUT);
  assert_int_equal(events & (POLLERR | POLLHUP | POLLIN | POLLOUT),
                   POLLERR | POLLHUP | POLLIN | POLLOUT);
  assert_fails(lwip_recv(b, &byte, 1, 0), ECONNRESET);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 0);
  assert_fails(lwip_send(b, &byte, 1, MSG_NOSIGNAL), EPIPE);
  assert_int_equal(lwip_close(b), 0);
}

/** A reset behind the end that the peer has told: readers had their end, writers hear of it. */
static void reset_behind_the_end(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 'x';
  int a, b;
  struct linger l = {.l_onoff = 1, .l_linger = 0};
  peer_streams(&a, &b);
  assert_int_equal(lwip_send(a, &byte, 1, 0), 1);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 1);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 0);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_close(a), 0);
  assert_true((peer_poll(b, 0) & POLLERR) != 0);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 0);
  assert_int_equal(lwip_recv(b, &byte, 1, 0), 0);
  assert_fails(lwip_send(b, &byte, 1, MSG_NOSIGNAL), EPIPE);
  assert_int_equal(lwip_close(b), 0);
}

static char much[70000];

/** Whichever function one reads with, it says the same. */
static void all_that_read(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct linger l = {.l_onoff = 1, .l_linger = 0};
  struct sockaddr_in name;
  char byte;
  void *volatile nowhere = NULL;
  for (unsigned how = 0; how < PEER_READERS; how++) {
    int a, b;
    assert_fails(peer_move(how, -1, &byte, 1), EBADF);
    int s = peer_socket(SOCK_STREAM);
    assert_fails(peer_move(how, s, &byte, 1), ENOTCONN);
    assert_int_equal(lwip_close(s), 0);
    peer_streams(&a, &b);
    assert_int_equal(lwip_fcntl(b, F_SETFL, O_NONBLOCK), 0);
    assert_fails(peer_move(how, b, &byte, 1), EAGAIN);
    assert_int_equal(lwip_send(a, "x", 1, 0), 1);
    assert_true((peer_poll(b, POLLIN) & POLLIN) != 0);
    assert_fails(peer_move(how, b, nowhere, 1), EFAULT);
    assert_int_equal(peer_move(how, b, &byte, 1), 1);
    assert_int_equal(byte, 'x');
    assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
    assert_int_equal(lwip_close(a), 0);
    peer_poll(b, POLLIN);
    assert_fails(peer_move(how, b, &byte, 1), ECONNRESET);
    assert_int_equal(peer_move(how, b, &byte, 1), 0);
    assert_int_equal(lwip_close(b), 0);
    int nobody = peer_nobody(SOCK_DGRAM, &name);
    s = peer_socket(SOCK_DGRAM);
    assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
    assert_int_equal(lwip_send(s, "x", 1, 0), 1);
    assert_true((peer_poll(s, POLLIN) & POLLERR) != 0);
    assert_fails(peer_move(how, s, &byte, 1), ECONNREFUSED);
    peer_close(s, nobody);
  }
}

/** ... and writes with. */
static void all_that_write(void **state)
{
  LWIP_UNUSED_ARG(state);
  peer_ignore_signals();
  for (unsigned how = PEER_READERS; how < PEER_MOVERS; how++) {
    int a, b;
    assert_fails(peer_move(how, -1, much, 1), EBADF);
    int s = peer_socket(SOCK_DGRAM);
    assert_fails(peer_move(how, s, much, 1), EDESTADDRREQ);
    assert_int_equal(lwip_close(s), 0);
    peer_datagrams(&a, &b);
    assert_fails(peer_move(how, a, much, sizeof much), EMSGSIZE);
    peer_close(a, b);
    s = peer_socket(SOCK_STREAM);
    assert_fails(peer_move(how, s, much, 1), OURS_OR(ENOTCONN, EPIPE));
    assert_int_equal(lwip_close(s), 0);
    peer_streams(&a, &b);
    assert_int_equal(lwip_fcntl(a, F_SETFL, O_NONBLOCK), 0);
    errno = 0;
    while (peer_move(how, a, much, sizeof much) > 0) { /* nobody reads */
    }
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
    assert_fails(peer_move(how, a, much, 1), EPIPE);
    peer_close(a, b);
  }
}

/** Options are the socket's: they can be read and set also when its connection is gone. */
static void options_of_the_dead(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  char byte;
  struct linger l = {.l_onoff = 1, .l_linger = 0};
  peer_streams(&a, &b);
  assert_int_equal(peer_set(b, IPPROTO_TCP, TCP_NODELAY, 1), 0);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_close(a), 0);
  peer_poll(b, POLLIN);
  assert_fails(lwip_recv(b, &byte, 1, 0), ECONNRESET);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_ERROR), 0);
  assert_int_equal(peer_set(b, SOL_SOCKET, SO_RCVLOWAT, 1), 0);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_RCVLOWAT), 1);
  assert_int_equal(peer_set(b, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
  assert_int_equal(peer_set(b, IPPROTO_IP, IP_TTL, 9), 0);
  assert_int_equal(peer_set(b, IPPROTO_TCP, TCP_NODELAY, 0), 0);
  assert_int_equal(lwip_close(b), 0);
}

/** Any number will do, and may be said again. */
static void backlogs(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int numbers[] = {0, -1, 1, SOMAXCONN, 100000, INT_MAX, INT_MIN};
  struct sockaddr_in name;
  int s = peer_socket(SOCK_STREAM);
  peer_bind(s, &name);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(numbers); i++) {
    assert_int_equal(lwip_listen(s, numbers[i]), 0);
    int a = peer_socket(SOCK_STREAM);
    assert_int_equal(lwip_connect(a, SA(name), sizeof name), 0);
    int b = lwip_accept(s, NULL, NULL);
    assert_true(b >= 0);
    assert_fails(lwip_listen(b, 1), EINVAL); /* connected */
    peer_close(a, b);
  }
  assert_int_equal(lwip_close(s), 0);
}

static void shut_for_writing(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_fails(lwip_send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
  peer_close(a, b);
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_fails(lwip_send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
  peer_close(a, b);
}

static void bad_pointers_and_lengths(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 0;
  struct iovec iov = {.iov_base = &byte, .iov_len = 1};
  int a, b;
  peer_datagrams(&a, &b);
  const int volatile count = -1;
  assert_fails(lwip_readv(a, &iov, count), EINVAL);
  assert_fails(lwip_writev(a, &iov, count), EINVAL);
  iov.iov_len = (size_t)-1;
  assert_fails(lwip_writev(a, &iov, 1), EINVAL);
  assert_fails(lwip_fcntl(a, 12345, 0), EINVAL);
  int value;
  assert_fails(lwip_ioctl(a, 0x7777, &value), ENOTTY);
  peer_close(a, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(sockets_that_cannot_be),
      API_TEST(no_such_descriptor),
      API_TEST(success_leaves_errno),
      API_TEST(names_that_cannot_be),
      API_TEST(names_in_use),
      API_TEST(named_already),
      API_TEST(one_listens),
      API_TEST(streams_without_peer),
      API_TEST(datagrams_are_no_streams),
      API_TEST(datagrams_too_long),
      API_TEST(broadcast_wants_permission),
      API_TEST(connect_is_refused),
      API_TEST(refused_then_accepted),
      API_TEST(connect_in_the_background),
      API_TEST(refused_in_the_background),
      API_TEST(datagrams_are_refused),
      API_TEST(reset_by_the_peer),
      API_TEST(reset_behind_the_end),
      API_TEST(all_that_read),
      API_TEST(all_that_write),
      API_TEST(options_of_the_dead),
      API_TEST(backlogs),
      API_TEST(shut_for_writing),
      API_TEST(bad_pointers_and_lengths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
