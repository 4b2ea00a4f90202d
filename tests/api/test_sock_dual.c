/**
 * @file
 * Sockets of IPv6, which hear IPv4 too unless IPV6_V6ONLY says otherwise (RFC 3493 3.7, 5.3).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * needs: ipv6
 * variants: peer
 */
#include "peer.h"

static int socket6(int type, int is_v6only)
{
  int s = lwip_socket(AF_INET6, type, 0);
  assert_true(s >= 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_V6ONLY), 0);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_V6ONLY, is_v6only), 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_V6ONLY), is_v6only);
  return s;
}

/** Bound to any address. */
static unsigned bind6(int s)
{
  struct sockaddr_in6 name;
  socklen_t len = sizeof name;
  memset(&name, 0, sizeof name);
  name.sin6_family = AF_INET6;
  assert_int_equal(lwip_bind(s, SA(name), sizeof name), 0);
  assert_int_equal(lwip_getsockname(s, SA(name), &len), 0);
  assert_int_equal(len, sizeof name);
  return lwip_htons(name.sin6_port);
}

static void assert_is(const struct sockaddr_in6 *name, const char *text)
{
  struct sockaddr_in6 other = peer_name6(text, 0);
  assert_memory_equal(&name->sin6_addr, &other.sin6_addr, 16);
}

static void datagrams_of_both(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in6 from;
  socklen_t len = sizeof from;
  int s = socket6(SOCK_DGRAM, 0);
  unsigned port = bind6(s);
  struct sockaddr_in to4 = peer_loopback(port);
  struct sockaddr_in6 to6 = peer_name6("::1", port);
  int a = peer_socket(SOCK_DGRAM);
  int b = lwip_socket(AF_INET6, SOCK_DGRAM, 0);
  assert_int_equal(lwip_sendto(a, "4", 1, 0, SA(to4), sizeof to4), 1);
  assert_int_equal(lwip_recvfrom(s, buf, sizeof buf, 0, SA(from), &len), 1);
  assert_int_equal(len, sizeof from);
  assert_int_equal(from.sin6_family, AF_INET6);
  assert_is(&from, "::ffff:127.0.0.1");
  assert_int_equal(lwip_sendto(s, "re", 2, 0, SA(from), len), 2); /* and back */
  assert_int_equal(lwip_recv(a, buf, sizeof buf, 0), 2);
  len = sizeof from;
  assert_int_equal(lwip_sendto(b, "6", 1, 0, SA(to6), sizeof to6), 1);
  assert_int_equal(lwip_recvfrom(s, buf, sizeof buf, 0, SA(from), &len), 1);
  assert_is(&from, "::1");
  peer_close(a, b);
  assert_int_equal(lwip_close(s), 0);
}

static void datagrams_of_ipv6_alone(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  int s = socket6(SOCK_DGRAM, 1);
  unsigned port = bind6(s);
  struct sockaddr_in to4 = peer_loopback(port);
  struct sockaddr_in6 mapped = peer_name6("::ffff:127.0.0.1", port);
  int a = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_connect(a, SA(to4), sizeof to4), 0);
  assert_int_equal(lwip_send(a, "4", 1, 0), 1);
  assert_fails(lwip_recv(a, buf, sizeof buf, 0), ECONNREFUSED); /* nobody is there */
  assert_fails(lwip_recv(s, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
  assert_fails(lwip_sendto(s, "x", 1, 0, SA(mapped), sizeof mapped), ENETUNREACH);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_V6ONLY, 0), EINVAL); /* bound */
  peer_close(a, s);
}

static void streams_of_both(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in6 from;
  socklen_t len = sizeof from;
  int s = socket6(SOCK_STREAM, 0);
  unsigned port = bind6(s);
  assert_int_equal(lwip_listen(s, 4), 0);
  struct sockaddr_in to4 = peer_loopback(port);
  struct sockaddr_in6 mapped = peer_name6("::ffff:127.0.0.1", port);
  int a = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(a, SA(to4), sizeof to4), 0);
  int in = lwip_accept(s, SA(from), &len);
  assert_true(in >= 0);
  assert_int_equal(len, sizeof from);
  assert_is(&from, "::ffff:127.0.0.1");
  peer_close(a, in);
  a = lwip_socket(AF_INET6, SOCK_STREAM, 0);
  assert_int_equal(lwip_connect(a, SA(mapped), sizeof mapped), 0);
  len = sizeof from;
  assert_int_equal(lwip_getpeername(a, SA(from), &len), 0);
  assert_is(&from, "::ffff:127.0.0.1");
  in = lwip_accept(s, NULL, NULL);
  assert_true(in >= 0);
  peer_close(a, in);
  assert_int_equal(lwip_close(s), 0);
}

static void streams_of_ipv6_alone(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = socket6(SOCK_STREAM, 1);
  unsigned port = bind6(s);
  assert_int_equal(lwip_listen(s, 4), 0);
  struct sockaddr_in to4 = peer_loopback(port);
  struct sockaddr_in6 to6 = peer_name6("::1", port);
  int a = peer_socket(SOCK_STREAM);
  assert_fails(lwip_connect(a, SA(to4), sizeof to4), ECONNREFUSED);
  assert_int_equal(lwip_close(a), 0);
  a = lwip_socket(AF_INET6, SOCK_STREAM, 0);
  assert_int_equal(lwip_connect(a, SA(to6), sizeof to6), 0);
  int in = lwip_accept(s, NULL, NULL);
  assert_true(in >= 0);
  peer_close(a, in);
  assert_int_equal(lwip_close(s), 0);
}

/** A port may be IPv4's and IPv6's apart, but not IPv4's and everybody's. */
static void who_has_the_port(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_DGRAM, SOCK_STREAM};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    int both = socket6(types[i], 0);
    struct sockaddr_in any = peer_loopback(bind6(both));
    any.sin_addr.s_addr = INADDR_ANY;
    int a = peer_socket(types[i]);
    assert_fails(lwip_bind(a, SA(any), sizeof any), EADDRINUSE);
    assert_int_equal(lwip_close(both), 0);
    struct sockaddr_in6 any6 = peer_name6("::", lwip_htons(any.sin_port));
    int six = socket6(types[i], 1);
    assert_int_equal(lwip_bind(six, SA(any6), sizeof any6), 0);
    assert_int_equal(lwip_bind(a, SA(any), sizeof any), 0);
    both = socket6(types[i], 0);
    assert_fails(lwip_bind(both, SA(any6), sizeof any6), EADDRINUSE);
    peer_close(six, a);
    assert_int_equal(lwip_close(both), 0);
  }
}

/** Bound and connected by addresses of IPv4 in IPv6's clothes; all names are dressed so. */
static void mapped_names(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in6 name;
  struct sockaddr_in to;
  socklen_t len = sizeof name;
  int b = peer_socket(SOCK_DGRAM);
  peer_bind(b, &to);
  int a = socket6(SOCK_DGRAM, 0);
  name = peer_name6("::ffff:127.0.0.1", 0);
  assert_int_equal(lwip_bind(a, SA(name), sizeof name), 0);
  assert_int_equal(lwip_getsockname(a, SA(name), &len), 0);
  assert_int_equal(len, sizeof name);
  assert_is(&name, "::ffff:127.0.0.1");
  assert_int_not_equal(name.sin6_port, 0);
  struct sockaddr_in6 mapped = peer_name6("::ffff:127.0.0.1", lwip_htons(to.sin_port));
  assert_int_equal(lwip_connect(a, SA(mapped), sizeof mapped), 0);
  assert_int_equal(lwip_getpeername(a, SA(name), &len), 0);
  assert_is(&name, "::ffff:127.0.0.1");
  assert_int_equal(name.sin6_port, to.sin_port);
  assert_int_equal(lwip_send(a, "hello", 5, 0), 5);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 5);
  assert_int_equal(lwip_close(b), 0); /* the port is nobody's now */
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  assert_true((peer_poll(a, POLLIN) & POLLERR) != 0);
  assert_fails(lwip_recv(a, buf, sizeof buf, 0), ECONNREFUSED);
  assert_int_equal(lwip_close(a), 0);
  a = socket6(SOCK_DGRAM, 1);
  assert_int_equal(lwip_connect(a, SA(mapped), sizeof mapped), -1);
  assert_true(errno == ENETUNREACH || errno == EAFNOSUPPORT);
  assert_int_equal(lwip_bind(a, SA(mapped), sizeof mapped), -1);
  assert_true(errno == ENETUNREACH || errno == EADDRNOTAVAIL || errno == EINVAL);
  assert_int_equal(lwip_close(a), 0);
}

/** The destination of an IPv4 packet, as IPV6_PKTINFO tells it, is fit to answer from. */
static void mapped_ancillary_data(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  long control[32];
  struct sockaddr_in6 from;
  struct iovec iov = {.iov_base = buf, .iov_len = sizeof buf};
  struct msghdr m;
  int s = socket6(SOCK_DGRAM, 0);
  struct sockaddr_in to = peer_loopback(bind6(s));
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1), 0);
  int a = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_connect(a, SA(to), sizeof to), 0);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  memset(&m, 0, sizeof m);
  m.msg_name = &from;
  m.msg_namelen = sizeof from;
  m.msg_iov = &iov;
  m.msg_iovlen = 1;
  m.msg_control = control;
  m.msg_controllen = sizeof control;
  assert_int_equal(lwip_recvmsg(s, &m, 0), 1);
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  assert_non_null(c);
  assert_int_equal(c->cmsg_level, IPPROTO_IPV6);
  assert_int_equal(c->cmsg_type, IPV6_PKTINFO);
  struct in6_pktinfo info;
  memcpy(&info, CMSG_DATA(c), sizeof info);
  struct sockaddr_in6 loopback = peer_name6("::ffff:127.0.0.1", 0);
  assert_memory_equal(&info.ipi6_addr, &loopback.sin6_addr, 16);
  assert_int_equal(info.ipi6_ifindex, 1);
  iov.iov_len = 1;
  assert_int_equal(lwip_sendmsg(s, &m, 0), 1); /* as it came: from where it was sent to */
  assert_int_equal(lwip_recv(a, buf, sizeof buf, 0), 1);
  peer_close(a, s);
}

static void options(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct ipv6_mreq r;
  int s = lwip_socket(AF_INET6, SOCK_DGRAM, 0);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 7), 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS), 7);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, -1), 0);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 256), EINVAL);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 9), 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS), 9);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0), 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_MULTICAST_LOOP), 0);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, 256), ENODEV);
  /* An interface beyond what an index can be: an error, no assertion. */
  memset(&r, 0, sizeof r);
  assert_int_equal(lwip_inet_pton(AF_INET6, "ff02::1234", &r.ipv6mr_multiaddr), 1);
  r.ipv6mr_interface = 256;
  assert_fails(lwip_setsockopt(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof r), ENODEV);
  r.ipv6mr_interface = 0x80000001U;
  assert_fails(lwip_setsockopt(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof r), ENODEV);
  assert_fails(lwip_setsockopt(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof r - 1), EINVAL);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_V6ONLY, 1), ENOPROTOOPT);
  struct sockaddr_in6 name = peer_name6("::1", 9);
  assert_fails(lwip_connect(s, SA(name), sizeof name), EAFNOSUPPORT);
  assert_int_equal(lwip_close(s), 0);
}

static void addresses_in_text(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned char a[16];
  char text[64];
  const char *const wrong[] = {
      "",        ":",   ":::",  "1::2::3", "::12345",           "::1%1",      "1:2:3:4", "1.2.3.4",
      "::1.2.3", "::g", "::1 ", "::1/64",  "1:2:3:4:5:6:7:8:9", "::1.2.3.4.5"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wrong); i++) {
    if (lwip_inet_pton(AF_INET6, wrong[i], a) != 0) {
      fail_msg("'%s' was taken", wrong[i]);
    }
  }
  assert_int_equal(lwip_inet_pton(AF_INET6, "2001:db8::192.0.2.1", a), 1);
  assert_memory_equal(a, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\xc0\x00\x02\x01", 16);
  assert_int_equal(lwip_inet_pton(AF_INET6, "2001:DB8:0:0:1::1", a), 1);
  assert_non_null(lwip_inet_ntop(AF_INET6, a, text, sizeof text));
  unsigned char again[16];
  assert_int_equal(lwip_inet_pton(AF_INET6, text, again), 1);
  assert_memory_equal(a, again, 16);
  errno = 0;
  assert_null(lwip_inet_ntop(AF_INET6, a, text, 5));
  assert_int_equal(errno, ENOSPC);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(datagrams_of_both),     API_TEST(datagrams_of_ipv6_alone),
      API_TEST(streams_of_both),       API_TEST(streams_of_ipv6_alone),
      API_TEST(who_has_the_port),      API_TEST(mapped_names),
      API_TEST(mapped_ancillary_data), API_TEST(options),
      API_TEST(addresses_in_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
