/**
 * @file
 * Sockets with the types and numbers of the system's headers (LWIP_SOCKET_EXTERNAL_HEADERS):
 * programs call them by their lwip_ names, with what they have from those headers.
 */
#include "api.h"
#include "lwip/sockets.h"

#define SA(name) ((struct sockaddr *)(void *)&(name))

/* The system's, not lwIP's, which has a length in each. */
_Static_assert(offsetof(struct sockaddr_in, sin_family) == 0, "Linux's struct sockaddr_in");

static void streams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in name;
  struct sockaddr_in from;
  socklen_t len = sizeof name;
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  assert_int_equal(lwip_inet_pton(AF_INET, "127.0.0.1", &name.sin_addr), 1);
  int listener = lwip_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  assert_int_equal(lwip_bind(listener, SA(name), sizeof name), 0);
  assert_int_equal(lwip_listen(listener, SOMAXCONN), 0);
  assert_int_equal(lwip_getsockname(listener, SA(name), &len), 0);
  assert_int_equal(len, sizeof name);
  int a = lwip_socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(lwip_connect(a, SA(name), sizeof name), 0);
  int b = lwip_accept(listener, SA(from), &len);
  assert_true(b >= 0);
  assert_int_equal(from.sin_family, AF_INET);
  assert_int_equal(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
  assert_int_equal(lwip_send(a, "hello", 5, MSG_NOSIGNAL), 5);
  assert_int_equal(lwip_recv(b, buf, 5, MSG_WAITALL | MSG_PEEK), 5);
  assert_int_equal(lwip_recv(b, buf, 5, MSG_WAITALL), 5);
  assert_int_equal(lwip_recv(b, buf, 5, MSG_DONTWAIT), -1);
  assert_int_equal(errno, EAGAIN);
  int one = 1;
  assert_int_equal(lwip_setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), 0);
  assert_int_equal(lwip_ioctl(a, FIONBIO, &one), 0);
  assert_true((lwip_fcntl(a, F_GETFL, 0) & O_NONBLOCK) != 0);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  struct pollfd fd = {.fd = b, .events = POLLIN | POLLRDHUP};
  assert_int_equal(lwip_poll(&fd, 1, API_PATIENCE_MS), 1);
  assert_int_equal(fd.revents & POLLIN, POLLIN);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(lwip_close(b), 0);
  assert_int_equal(lwip_close(listener), 0);
}

/** Ancillary data in the system's layout. */
static void messages(void **state)
{
  LWIP_UNUSED_ARG(state);
  char text[] = "hello";
  char buf[8];
  long control[32];
  struct sockaddr_in6 name;
  struct sockaddr_in6 from;
  socklen_t len = sizeof name;
  memset(&name, 0, sizeof name);
  name.sin6_family = AF_INET6;
  name.sin6_addr = in6addr_loopback;
  int s = lwip_socket(AF_INET6, SOCK_DGRAM, 0);
  assert_int_equal(lwip_bind(s, SA(name), sizeof name), 0);
  assert_int_equal(lwip_getsockname(s, SA(name), &len), 0);
  assert_int_equal(len, sizeof name);
  int one = 1;
  assert_int_equal(lwip_setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one), 0);
  struct iovec iov = {.iov_base = text, .iov_len = 5};
  struct msghdr m;
  memset(&m, 0, sizeof m);
  m.msg_name = &name;
  m.msg_namelen = sizeof name;
  m.msg_iov = &iov;
  m.msg_iovlen = 1;
  assert_int_equal(lwip_sendmsg(s, &m, 0), 5);
  iov.iov_base = buf;
  iov.iov_len = sizeof buf;
  m.msg_name = &from;
  m.msg_control = control;
  m.msg_controllen = sizeof control;
  assert_int_equal(lwip_recvmsg(s, &m, 0), 5);
  assert_memory_equal(buf, text, 5);
  assert_memory_equal(&from.sin6_addr, &in6addr_loopback, 16);
  assert_int_equal(from.sin6_port, name.sin6_port);
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  assert_non_null(c);
  assert_int_equal(c->cmsg_level, IPPROTO_IPV6);
  assert_int_equal(c->cmsg_type, IPV6_PKTINFO);
  struct in6_pktinfo info;
  memcpy(&info, CMSG_DATA(c), sizeof info);
  assert_memory_equal(&info.ipi6_addr, &in6addr_loopback, 16);
  assert_null(CMSG_NXTHDR(&m, c));
  assert_int_equal(lwip_sendmsg(s, &m, 0), sizeof buf); /* ... and back again */
  assert_int_equal(lwip_recv(s, buf, sizeof buf, MSG_TRUNC), sizeof buf);
  assert_int_equal(lwip_close(s), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(streams),
      API_TEST(messages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
