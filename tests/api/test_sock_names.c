/**
 * @file
 * Sockets by the names that BSD gave them: each function once, in builds where they are macros and
 * where they are functions (LWIP_COMPAT_SOCKETS 1 and 2), with the names that sockets share with
 * files and without (LWIP_POSIX_SOCKETS_IO_NAMES), and where they begin at another number
 * (LWIP_SOCKET_OFFSET). tests/CMakeLists.txt builds all four.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "api.h"
#include <stdlib.h>
#include "lwip/if_api.h"
#include "lwip/netdb.h"
#include "lwip/sockets.h"

#if LWIP_POSIX_SOCKETS_IO_NAMES
#define READ   read
#define READV  readv
#define WRITE  write
#define WRITEV writev
#define CLOSE  close
#define IOCTL  ioctl
#else
#define READ   lwip_read
#define READV  lwip_readv
#define WRITE  lwip_write
#define WRITEV lwip_writev
#define CLOSE  closesocket
#define IOCTL  ioctlsocket
#endif

/** The function itself, not a macro of it, as a program may hand it on. */
static void functions_have_addresses(void **state)
{
  LWIP_UNUSED_ARG(state);
  int (*make)(int, int, int) = lwip_socket;
  int (*end)(int) = lwip_close;
  ssize_t (*put)(int, const void *, size_t, int) = lwip_send;
#if LWIP_COMPAT_SOCKETS == 2
  assert_true(make == socket);
  assert_true(put == send);
#if LWIP_POSIX_SOCKETS_IO_NAMES
  assert_true(end == close);
#else
  assert_true(end == closesocket);
#endif
#endif
  int s = make(AF_INET, SOCK_DGRAM, 0);
  assert_int_equal(s, LWIP_SOCKET_OFFSET); /* the lowest free number */
  assert_int_equal(put(s, "x", 1, 0), -1);
  assert_int_equal(errno, EDESTADDRREQ);
  assert_int_equal(end(s), 0);
  assert_int_equal(end(s), -1);
  assert_int_equal(end(LWIP_SOCKET_OFFSET - 1), -1);
  assert_int_equal(errno, EBADF);
}

static int stream_to(struct sockaddr_in *name)
{
  int s = socket(AF_INET, SOCK_STREAM, 0);
  assert_true(s >= 0);
  assert_int_equal(connect(s, (struct sockaddr *)name, sizeof *name), 0);
  return s;
}

static int listener_at(struct sockaddr_in *name)
{
  socklen_t len = sizeof *name;
  int s = socket(AF_INET, SOCK_STREAM, 0);
  memset(name, 0, sizeof *name);
  name->sin_family = AF_INET;
  assert_int_equal(inet_pton(AF_INET, "127.0.0.1", &name->sin_addr), 1);
  assert_int_equal(bind(s, (struct sockaddr *)name, sizeof *name), 0);
  assert_int_equal(listen(s, 2), 0);
  assert_int_equal(getsockname(s, (struct sockaddr *)name, &len), 0);
  return s;
}

static void streams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  char text[INET_ADDRSTRLEN];
  struct sockaddr_in name;
  struct sockaddr_in peer;
  socklen_t len = sizeof peer;
  int listener = listener_at(&name);
  int a = stream_to(&name);
  int b = accept(listener, (struct sockaddr *)&peer, &len);
  assert_true(b >= 0);
  assert_non_null(inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text));
  assert_string_equal(text, "127.0.0.1");
  assert_int_equal(getpeername(a, (struct sockaddr *)&peer, &len), 0);
  assert_int_equal(peer.sin_port, name.sin_port);
  assert_int_equal(send(a, "1", 1, 0), 1);
  assert_int_equal(recv(b, buf, 1, 0), 1);
  assert_int_equal(WRITE(a, "2", 1), 1);
  assert_int_equal(READ(b, buf, 1), 1);
  struct iovec iov = {.iov_base = buf, .iov_len = 1};
  assert_int_equal(WRITEV(a, &iov, 1), 1);
  assert_int_equal(READV(b, &iov, 1), 1);
  assert_int_equal(buf[0], '2');
  assert_int_equal(shutdown(a, SHUT_WR), 0);
  assert_int_equal(recv(b, buf, 1, 0), 0);
  assert_int_equal(CLOSE(a), 0);
  assert_int_equal(closesocket(b), 0);
  assert_int_equal(CLOSE(listener), 0);
}

static void datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8] = "abc";
  struct sockaddr_in name;
  struct sockaddr_in from;
  socklen_t len = sizeof name;
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = lwip_htonl(INADDR_LOOPBACK);
  assert_int_equal(bind(s, (struct sockaddr *)&name, sizeof name), 0);
  assert_int_equal(getsockname(s, (struct sockaddr *)&name, &len), 0);
  assert_int_equal(sendto(s, buf, 3, 0, (struct sockaddr *)&name, len), 3);
  assert_int_equal(recvfrom(s, buf, sizeof buf, 0, (struct sockaddr *)&from, &len), 3);
  struct iovec iov = {.iov_base = buf, .iov_len = 3};
  struct msghdr m;
  memset(&m, 0, sizeof m);
  m.msg_iov = &iov;
  m.msg_iovlen = 1;
  m.msg_name = &name;
  m.msg_namelen = sizeof name;
  assert_int_equal(sendmsg(s, &m, 0), 3);
  assert_int_equal(recvmsg(s, &m, 0), 3);
  assert_int_equal(closesocket(s), 0);
}

static void waiting_and_options(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 1;
  socklen_t len = sizeof value;
  fd_set out;
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct pollfd fd = {.fd = s, .events = POLLOUT, .revents = 0};
  struct timeval t = {.tv_sec = 0, .tv_usec = 0};
  assert_int_equal(poll(&fd, 1, 0), 1);
  FD_ZERO(&out);
  FD_SET(s, &out);
  assert_int_equal(select(s + 1, NULL, &out, NULL, &t), 1);
  assert_int_equal(setsockopt(s, SOL_SOCKET, SO_BROADCAST, &value, sizeof value), 0);
  assert_int_equal(getsockopt(s, SOL_SOCKET, SO_BROADCAST, &value, &len), 0);
  assert_int_equal(value, 1);
  assert_int_equal(IOCTL(s, FIONBIO, &value), 0);
  assert_int_equal(ioctlsocket(s, FIONREAD, &value), 0);
#if LWIP_POSIX_SOCKETS_IO_NAMES
  assert_true((fcntl(s, F_GETFL) & O_NONBLOCK) != 0); /* two arguments or three */
  assert_true((fcntl(s, F_GETFL, 0) & O_NONBLOCK) != 0);
  assert_int_equal(fcntl(s, F_SETFL, 0), 0);
  assert_int_equal(fcntl(s, F_GETFD), 0);
  assert_int_equal(fcntl(s, F_SETFD, FD_CLOEXEC), 0);
  int other = fcntl(s, F_DUPFD, s + 1);
  assert_true(other > s);
  assert_int_equal(close(other), 0);
  other = dup(s);
  assert_true(other > s);
  assert_int_equal(close(other), 0);
#else
  assert_int_equal(lwip_fcntl(s, F_SETFL, 0), 0);
#endif
  assert_int_equal(lwip_fcntl(s, F_GETFL, 0) & O_NONBLOCK, 0);
  assert_int_equal(closesocket(s), 0);
}

static void interfaces(void **state)
{
  LWIP_UNUSED_ARG(state);
  char name[IF_NAMESIZE];
  assert_non_null(if_indextoname(1, name));
  assert_int_equal(if_nametoindex(name), 1);
}

/** Text by the old names. */
static void addresses_in_text(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct in_addr in;
  ip4_addr_t ip4;
  char text[INET_ADDRSTRLEN];
  assert_int_equal(htonl(0x7f000001UL), inet_addr("127.0.0.1"));
  assert_int_equal(ntohl(inet_addr("192.0.2.9")), 0xc0000209UL);
  assert_int_equal(inet_addr("192.0.2.256"), INADDR_NONE);
  assert_int_equal(inet_addr("no address"), INADDR_NONE);
  assert_int_equal(htons(0x1234), PP_HTONS(0x1234));
  assert_int_equal(ntohs(htons(0x1234)), 0x1234);
  assert_int_equal(inet_aton("192.0.2.9", &in), 1);
  assert_int_equal(in.s_addr, inet_addr("192.0.2.9"));
  assert_int_equal(inet_aton("10.1", &in), 1); /* 10.0.0.1, as 4.3BSD has it */
  assert_int_equal(ntohl(in.s_addr), 0x0a000001UL);
  assert_int_equal(inet_aton("", &in), 0);
  assert_int_equal(inet_aton("1.2.3.4.5", &in), 0);
  assert_string_equal(inet_ntoa(in), "10.0.0.1");
  assert_string_equal(inet_ntoa_r(in, text, sizeof text), "10.0.0.1");
  assert_null(inet_ntoa_r(in, text, 8)); /* no room */
  inet_addr_to_ip4addr(&ip4, &in);
  in.s_addr = 0;
  inet_addr_from_ip4addr(&in, &ip4);
  assert_string_equal(inet_ntoa(in), "10.0.0.1");
}

#if LWIP_IPV6
/** struct in6_addr has no zone: nothing is read or written behind its 16 bytes. */
static void addresses_of_ip6_in_text(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip6_addr_t ip6;
  char text[INET6_ADDRSTRLEN];
  struct in6_addr *in = (struct in6_addr *)malloc(sizeof *in);
  struct in6_addr *other = (struct in6_addr *)malloc(sizeof *other);
  assert_non_null(in);
  assert_non_null(other);
  assert_int_equal(inet6_aton("2001:db8::9", in), 1);
  assert_int_equal(in->s6_addr[0], 0x20);
  assert_int_equal(in->s6_addr[15], 9);
  assert_string_equal(inet6_ntoa(*in), "2001:db8::9");
  assert_string_equal(inet6_ntoa_r(*in, text, sizeof text), "2001:db8::9");
  assert_null(inet6_ntoa_r(*in, text, 11)); /* no room */
  assert_int_equal(inet6_aton("2001:db8:::9", other), 0);
  assert_int_equal(inet6_aton("192.0.2.9", other), 0);
  inet6_addr_to_ip6addr(&ip6, in);
  assert_int_equal(ip6_addr_zone(&ip6), IP6_NO_ZONE);
  inet6_addr_from_ip6addr(other, &ip6);
  assert_memory_equal(in, other, sizeof *in);
  free(in);
  free(other);
}
#endif

static void hosts(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res;
  struct hostent h, *result;
  char host[NI_MAXHOST], buf[256];
  int error;
  int (*find)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
      lwip_getaddrinfo;
#if LWIP_COMPAT_SOCKETS == 2
  assert_true(find == getaddrinfo);
#endif
  assert_int_equal(find("127.0.0.1", NULL, NULL, &res), 0);
  freeaddrinfo(res);
  assert_int_equal(getaddrinfo("127.0.0.1", "http", NULL, &res), 0);
  assert_int_equal(
      getnameinfo(res->ai_addr, res->ai_addrlen, host, sizeof host, NULL, 0, NI_NUMERICHOST), 0);
  assert_string_equal(host, "127.0.0.1");
  freeaddrinfo(res);
  assert_non_null(gai_strerror(EAI_NONAME));
  assert_non_null(gethostbyname("127.0.0.1"));
  assert_int_equal(gethostbyname_r("127.0.0.1", &h, buf, sizeof buf, &result, &error), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    API_TEST(functions_have_addresses),
    API_TEST(streams),
    API_TEST(datagrams),
    API_TEST(waiting_and_options),
    API_TEST(interfaces),
    API_TEST(hosts),
    API_TEST(addresses_in_text),
#if LWIP_IPV6
    API_TEST(addresses_of_ip6_in_text),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
