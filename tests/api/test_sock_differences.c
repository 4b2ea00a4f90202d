/**
 * @file
 * Sockets: where this stack and Linux differ, and mean to (docs/sockets.md); what other tests say
 * of it by OURS_OR() is not repeated here. Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

/** A flag that means nothing, or nothing here: the kernel does as if it were not there. */
static void flag_is_strange(int a, int b)
{
  char byte = 'x';
  const int strange = 0x01000000;
  struct sockaddr_in name;
  socklen_t len = sizeof name;
  struct iovec iov = {.iov_base = &byte, .iov_len = 1};
  struct msghdr m;
  memset(&m, 0, sizeof m);
  m.msg_iov = &iov;
  m.msg_iovlen = 1;
  for (unsigned how = 0; how < 3; how++) {
    errno = 0;
    ssize_t done = how == 0   ? lwip_send(a, &byte, 1, strange)
                   : how == 1 ? lwip_sendto(a, &byte, 1, strange, NULL, 0)
                              : lwip_sendmsg(a, &m, strange);
    assert_int_equal(done, OURS_OR(-1, 1));
    assert_int_equal(errno, OURS_OR(EOPNOTSUPP, 0));
    if (!PEER_IS_KERNEL) {
      assert_int_equal(lwip_send(a, &byte, 1, 0), 1);
    }
    assert_true((peer_poll(b, POLLIN) & POLLIN) != 0);
    errno = 0;
    done = how == 0   ? lwip_recv(b, &byte, 1, strange)
           : how == 1 ? lwip_recvfrom(b, &byte, 1, strange, SA(name), &len)
                      : lwip_recvmsg(b, &m, strange);
    assert_int_equal(done, OURS_OR(-1, 1));
    assert_int_equal(errno, OURS_OR(EOPNOTSUPP, 0));
    if (!PEER_IS_KERNEL) {
      assert_int_equal(lwip_recv(b, &byte, 1, 0), 1); /* it is still there */
    }
  }
}

static void unknown_flags(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  peer_datagrams(&a, &b);
  flag_is_strange(a, b);
  peer_close(a, b);
  peer_streams(&a, &b);
  flag_is_strange(a, b);
  peer_close(a, b);
}

static void streams_do_not_part(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  struct sockaddr none;
  memset(&none, 0, sizeof none);
  none.sa_family = AF_UNSPEC;
  peer_streams(&a, &b);
  errno = 0;
  assert_int_equal(lwip_connect(a, &none, sizeof none), OURS_OR(-1, 0));
  assert_int_equal(errno, OURS_OR(EOPNOTSUPP, 0));
  peer_close(a, b);
}

static void never_connected(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = peer_socket(SOCK_STREAM);
  struct pollfd fd = {.fd = s, .events = POLLIN | POLLOUT, .revents = 0};
  assert_int_equal(lwip_poll(&fd, 1, 0), OURS_OR(0, 1));
  assert_int_equal(fd.revents, OURS_OR(0, POLLOUT | POLLHUP));
  assert_int_equal(lwip_close(s), 0);
}

static void listeners(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int available = -1;
  int s = peer_listener(&name);
  errno = 0;
  assert_int_equal(lwip_ioctl(s, FIONREAD, &available), OURS_OR(0, -1));
  assert_int_equal(errno, OURS_OR(0, EINVAL));
  errno = 0;
  assert_int_equal(lwip_shutdown(s, SHUT_RDWR), OURS_OR(-1, 0));
  assert_int_equal(errno, OURS_OR(ENOTCONN, 0));
  assert_int_equal(lwip_close(s), 0);
}

static void names_behind_a_reset(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  struct sockaddr_in name;
  socklen_t len = sizeof name;
  struct linger l = {.l_onoff = 1, .l_linger = 0};
  peer_streams(&a, &b);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_close(a), 0);
  peer_poll(b, POLLIN);
  errno = 0;
  assert_int_equal(lwip_getsockname(b, SA(name), &len), OURS_OR(-1, 0));
  assert_int_equal(errno, OURS_OR(EINVAL, 0));
  assert_fails(lwip_getpeername(b, SA(name), &len), ENOTCONN);
  assert_int_equal(lwip_close(b), 0);
}

/** MSG_TRUNC of a stream: Linux throws the bytes away. */
static void bytes_of_streams_are_given(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  char buf[4] = "....";
  peer_streams(&a, &b);
  assert_int_equal(lwip_send(a, "abc", 3, 0), 3);
  assert_int_equal(lwip_recv(b, buf, 3, MSG_TRUNC | MSG_WAITALL), 3);
  assert_memory_equal(buf, OURS_OR("abc", "..."), 3);
  peer_close(a, b);
}

/** MSG_MORE of datagrams: Linux makes one of them. */
static void datagrams_do_not_wait(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  char buf[8];
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_send(a, "ab", 2, MSG_MORE), 2);
  assert_int_equal(lwip_send(a, "cd", 2, 0), 2);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), OURS_OR(2, 4));
  peer_close(a, b);
}

/** What a call takes from the queue before it finds that it may not be put there. */
static void nothing_is_lost_by_a_fault(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  char byte;
  void *volatile nowhere = NULL;
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  peer_poll(b, POLLIN);
  assert_fails(lwip_recv(b, nowhere, 1, 0), EFAULT);
  errno = 0;
  assert_int_equal(lwip_recv(b, &byte, 1, MSG_DONTWAIT), OURS_OR(1, -1));
  assert_int_equal(errno, OURS_OR(0, EAGAIN));
  peer_close(a, b);
}

/** A connection between these very ends exists. */
static void connection_exists(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  struct sockaddr_in mine;
  socklen_t len = sizeof mine;
  int listener = peer_listener(&name);
  int a = peer_socket(SOCK_STREAM);
  int b = peer_socket(SOCK_STREAM);
  assert_int_equal(peer_set(a, SOL_SOCKET, SO_REUSEADDR, 1), 0);
  assert_int_equal(peer_set(b, SOL_SOCKET, SO_REUSEADDR, 1), 0);
  mine = peer_loopback(0);
  assert_int_equal(lwip_bind(a, SA(mine), sizeof mine), 0);
  assert_int_equal(lwip_getsockname(a, SA(mine), &len), 0);
  assert_int_equal(lwip_bind(b, SA(mine), sizeof mine), 0);
  assert_int_equal(lwip_connect(a, SA(name), sizeof name), 0);
  assert_fails(lwip_connect(b, SA(name), sizeof name), OURS_OR(EADDRINUSE, EADDRNOTAVAIL));
  peer_close(a, b);
  assert_int_equal(lwip_close(listener), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(unknown_flags),         API_TEST(streams_do_not_part),
      API_TEST(never_connected),       API_TEST(listeners),
      API_TEST(names_behind_a_reset),  API_TEST(bytes_of_streams_are_given),
      API_TEST(datagrams_do_not_wait), API_TEST(nothing_is_lost_by_a_fault),
      API_TEST(connection_exists),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
