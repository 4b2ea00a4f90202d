/**
 * @file
 * Sockets: arguments that cannot be. Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

#define NEGATIVE ((socklen_t)-1)

/* A compiler that knows the functions would warn of what is tested here. */
static void *volatile const nowhere = NULL;

static struct msghdr message(struct iovec *iov, size_t count)
{
  struct msghdr m;
  memset(&m, 0, sizeof m);
  m.msg_iov = iov;
  m.msg_iovlen = (int)count;
  return m;
}

/** Data that are nowhere. */
static void no_data(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[4];
  struct sockaddr_in name;
  socklen_t len = sizeof name;
  struct iovec iov = {.iov_base = nowhere, .iov_len = 1};
  struct msghdr m = message(&iov, 1);
  for (unsigned i = 0; i < 2; i++) {
    int a, b;
    if (i == 0) {
      peer_streams(&a, &b);
    } else {
      peer_datagrams(&a, &b);
    }
    assert_int_equal(lwip_getsockname(b, SA(name), &len), 0);
    assert_fails(lwip_send(a, nowhere, 1, 0), EFAULT);
    assert_fails(lwip_write(a, nowhere, 1), EFAULT);
    assert_fails(lwip_writev(a, &iov, 1), EFAULT);
    assert_fails(lwip_writev(a, (struct iovec *)nowhere, 1), EFAULT);
    assert_fails(lwip_sendmsg(a, &m, 0), EFAULT);
    assert_fails(lwip_sendmsg(a, (struct msghdr *)nowhere, 0), EFAULT);
    for (unsigned k = 0; k < 5; k++) { /* the kernel loses a datagram with each try */
      assert_int_equal(lwip_send(a, "x", 1, 0), 1);
    }
    assert_true((peer_poll(b, POLLIN) & POLLIN) != 0);
    assert_fails(lwip_recv(b, nowhere, 1, 0), EFAULT);
    assert_fails(lwip_read(b, nowhere, 1), EFAULT);
    assert_fails(lwip_readv(b, &iov, 1), EFAULT);
    assert_fails(lwip_readv(b, (struct iovec *)nowhere, 1), EFAULT);
    assert_fails(lwip_recvmsg(b, &m, 0), EFAULT);
    assert_fails(lwip_recvmsg(b, (struct msghdr *)nowhere, 0), EFAULT);
    assert_true(lwip_recv(b, buf, 1, 0) == 1);
    peer_close(a, b);
  }
}

/** Numbers of pieces, and sizes that no result could tell. */
static void pieces(void **state)
{
  LWIP_UNUSED_ARG(state);
  static char bytes[1025];
  static struct iovec iov[1025];
  static struct iovec far_too_many[IOV_MAX + 1];
  int a, b;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(iov); i++) {
    iov[i].iov_base = &bytes[i];
    iov[i].iov_len = 1;
  }
  peer_streams(&a, &b);
  assert_int_equal(lwip_writev(a, iov, 1024), 1024);
  assert_int_equal(lwip_recv(b, bytes, 1024, MSG_WAITALL | MSG_PEEK), 1024);
  assert_int_equal(lwip_readv(b, iov, 1024), 1024);
  const int volatile counts[] = {-1, INT_MIN, IOV_MAX + 1, INT_MAX};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(counts); i++) {
    assert_fails(lwip_writev(a, far_too_many, counts[i]), EINVAL);
    assert_fails(lwip_readv(b, far_too_many, counts[i]), EINVAL);
  }
  struct msghdr m = message(far_too_many, (size_t)IOV_MAX + 1);
  assert_fails(lwip_sendmsg(a, &m, 0), EMSGSIZE);
  assert_fails(lwip_recvmsg(b, &m, 0), EMSGSIZE);
  /* POSIX: none is too few for readv() and writev(); Linux has nothing to do then. */
  errno = 0;
  assert_int_equal(lwip_writev(a, iov, 0), OURS_OR(-1, 0));
  assert_int_equal(errno, OURS_OR(EINVAL, 0));
  errno = 0;
  assert_int_equal(lwip_readv(b, iov, 0), OURS_OR(-1, 0));
  assert_int_equal(errno, OURS_OR(EINVAL, 0));
  m = message(iov, 0);
  assert_int_equal(lwip_sendmsg(a, &m, 0), 0);
  if (!PEER_IS_KERNEL) { /* which waits for data even to return none of them */
    assert_int_equal(lwip_recvmsg(b, &m, 0), 0);
  }
  iov[0].iov_len = (size_t)-1 >> 1;
  iov[1].iov_len = 1;
  errno = 0;
  assert_int_equal(lwip_writev(a, iov, 2), -1);
  assert_true(errno == EINVAL || PEER_IS_KERNEL); /* some kernels cut it instead: EFAULT */
  m = message(iov, 2);
  if (!PEER_IS_KERNEL) { /* which says one thing or another, or cuts it */
    assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
    assert_fails(lwip_recvmsg(b, &m, 0), EINVAL);
    assert_fails(lwip_readv(b, iov, 2), EINVAL);
  }
  peer_close(a, b);
}

/** Addresses too short, too long, of no family or of another one, and nowhere. */
static void addresses(void **state)
{
  LWIP_UNUSED_ARG(state);
  char byte = 'x';
  const int types[] = {SOCK_DGRAM, SOCK_STREAM};
  const socklen_t lengths[] = {0, 1, 2, 7, NEGATIVE};
  struct sockaddr_in name = peer_loopback(9);
  struct sockaddr_in other = peer_loopback(9);
  other.sin_family = 250;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    int s = peer_socket(types[i]);
    for (unsigned k = 0; k < LWIP_ARRAYSIZE(lengths); k++) {
      assert_fails(lwip_bind(s, SA(name), lengths[k]), EINVAL);
      assert_fails(lwip_connect(s, SA(name), lengths[k]), EINVAL);
      if (types[i] == SOCK_DGRAM && lengths[k] != 0) {
        assert_fails(lwip_sendto(s, &byte, 1, 0, SA(name), lengths[k]), EINVAL);
      }
    }
    assert_fails(lwip_bind(s, (struct sockaddr *)nowhere, sizeof name), EFAULT);
    assert_fails(lwip_connect(s, (struct sockaddr *)nowhere, sizeof name), EFAULT);
    assert_fails(lwip_bind(s, SA(other), sizeof other), EAFNOSUPPORT);
    assert_fails(lwip_connect(s, SA(other), sizeof other), EAFNOSUPPORT);
    if (types[i] == SOCK_DGRAM) {
      assert_fails(lwip_sendto(s, &byte, 1, 0, SA(other), sizeof other), EAFNOSUPPORT);
      assert_fails(lwip_sendto(s, &byte, 1, 0, (struct sockaddr *)nowhere, 16), EDESTADDRREQ);
    }
    assert_int_equal(lwip_close(s), 0);
  }
}

/** Room for names: cut, none, negative. The length that comes back is the true one. */
static void room_for_names(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  struct sockaddr_in whole;
  int a, b;
  peer_streams(&a, &b);
  int (*const calls[])(int, struct sockaddr *, socklen_t *) = {lwip_getsockname, lwip_getpeername};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(calls); i++) {
    socklen_t len = sizeof whole;
    assert_int_equal(calls[i](a, SA(whole), &len), 0);
    assert_int_equal(len, sizeof whole);
    memset(&name, 0xee, sizeof name);
    len = 4;
    assert_int_equal(calls[i](a, SA(name), &len), 0);
    assert_int_equal(len, sizeof name);
    assert_memory_equal(&name, &whole, 4);
    assert_int_equal(((unsigned char *)&name)[4], 0xee);
    len = 0;
    assert_int_equal(calls[i](a, SA(name), &len), 0);
    assert_int_equal(len, sizeof name);
    len = 100; /* more than there is */
    struct sockaddr_storage much[4];
    assert_int_equal(calls[i](a, SA(much), &len), 0);
    assert_int_equal(len, sizeof name);
    len = NEGATIVE;
    assert_fails(calls[i](a, SA(name), &len), EINVAL);
    len = sizeof name;
    assert_fails(calls[i](a, (struct sockaddr *)nowhere, &len), EFAULT);
    assert_fails(calls[i](a, SA(name), (socklen_t *)nowhere), EFAULT);
  }
  peer_close(a, b);
}

static void room_for_the_peer(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  struct sockaddr_in from;
  int listener = peer_listener(&name);
  int s[2];
  for (unsigned i = 0; i < 2; i++) {
    s[i] = peer_socket(SOCK_STREAM);
    assert_int_equal(lwip_connect(s[i], SA(name), sizeof name), 0);
  }
  socklen_t len = 2;
  memset(&from, 0, sizeof from);
  int in = lwip_accept(listener, SA(from), &len);
  assert_true(in >= 0);
  assert_int_equal(len, sizeof from);
  assert_int_equal(from.sin_family, AF_INET);
  assert_int_equal(from.sin_port, 0);
  assert_int_equal(lwip_close(in), 0);
  assert_fails(lwip_accept(listener, SA(from), (socklen_t *)nowhere), EFAULT);
  peer_close(s[0], s[1]);
  assert_int_equal(lwip_close(listener), 0);
}

static void waiting(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct pollfd fd = {.fd = -1, .events = POLLIN, .revents = 0};
  struct timeval t = {.tv_sec = 0, .tv_usec = 0};
  assert_fails(lwip_poll((struct pollfd *)nowhere, 1, 0), EFAULT);
  const nfds_t volatile too_many = (nfds_t)-1;
  assert_fails(lwip_poll(&fd, too_many, 0), EINVAL);
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  const int volatile counts[] = {-1, INT_MIN};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(counts); i++) {
    assert_fails(lwip_select(counts[i], NULL, NULL, NULL, &t), EINVAL);
  }
  t.tv_sec = -1;
  assert_fails(lwip_select(0, NULL, NULL, NULL, &t), EINVAL);
  fd_set set;
  FD_ZERO(&set);
  int s = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_close(s), 0);
  FD_SET(s, &set);
  t.tv_sec = 0;
  for (unsigned i = 0; i < 3; i++) {
    fd_set *sets[3] = {NULL, NULL, NULL};
    sets[i] = &set;
    assert_fails(lwip_select(s + 1, sets[0], sets[1], sets[2], &t), EBADF);
    assert_true(FD_ISSET(s, &set)); /* POSIX: an error leaves the sets */
  }
}

static void control(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 1;
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(lwip_ioctl(s, FIONREAD, nowhere), EFAULT);
  assert_fails(lwip_ioctl(s, FIONBIO, nowhere), EFAULT);
  assert_fails(lwip_ioctl(s, 0, &value), ENOTTY);
#if !PEER_IS_KERNEL /* names that lwIP has, without code */
  const long water[] = {SIOCSHIWAT, SIOCGHIWAT, SIOCSLOWAT, SIOCGLOWAT};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(water); i++) {
    assert_fails(lwip_ioctl(s, water[i], &value), ENOTTY);
  }
#endif
  assert_fails(lwip_fcntl(s, -1, 0), EINVAL);
  assert_fails(lwip_shutdown(s, -1), EINVAL);
  assert_fails(lwip_shutdown(s, 3), EINVAL);
  assert_int_equal(lwip_ioctl(s, FIONBIO, &value), 0);
  assert_true((lwip_fcntl(s, F_GETFL, 0) & O_NONBLOCK) != 0);
  assert_int_equal(lwip_fcntl(s, F_SETFL, 0), 0);
  assert_int_equal(lwip_fcntl(s, F_GETFL, 0) & O_NONBLOCK, 0);
  assert_int_equal(lwip_fcntl(s, F_SETFL, O_NDELAY), 0);
  assert_true((lwip_fcntl(s, F_GETFL, 0) & O_NONBLOCK) != 0);
  value = 0;
  assert_int_equal(lwip_ioctl(s, FIONBIO, &value), 0);
  assert_int_equal(lwip_fcntl(s, F_GETFL, 0) & O_NONBLOCK, 0);
  assert_int_equal(lwip_close(s), 0);
}

static void names_of_interfaces(void **state)
{
  LWIP_UNUSED_ARG(state);
  char name[IF_NAMESIZE];
  assert_int_equal(lwip_if_indextoname(1, name) == name, 1); /* the loopback interface */
  assert_int_equal(lwip_if_nametoindex(name), 1);
  errno = 0;
  assert_null(lwip_if_indextoname(0, name));
  assert_int_equal(errno, ENXIO);
  errno = 0;
  assert_null(lwip_if_indextoname(0x10001U, name)); /* more than an index can be */
  assert_int_equal(errno, ENXIO);
  errno = 0;
  assert_int_equal(lwip_if_nametoindex("nosuch0"), 0);
  assert_int_equal(errno, ENODEV);
  assert_int_equal(lwip_if_nametoindex(""), 0);
  assert_int_equal(lwip_if_nametoindex("a name longer than any can be"), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(no_data),           API_TEST(pieces),
      API_TEST(addresses),         API_TEST(room_for_names),
      API_TEST(room_for_the_peer), API_TEST(waiting),
      API_TEST(control),           API_TEST(names_of_interfaces),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
