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

static struct sockaddr_in6 name6(const char *text, unsigned port)
{
  struct sockaddr_in6 name;
  memset(&name, 0, sizeof name);
  name.sin6_family = AF_INET6;
  name.sin6_port = lwip_htons((uint16_t)port);
  assert_int_equal(lwip_inet_pton(AF_INET6, text, &name.sin6_addr), 1);
  return name;
}

static void assert_is(const struct sockaddr_in6 *name, const char *text)
{
  struct sockaddr_in6 other = name6(text, 0);
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
  struct sockaddr_in6 to6 = name6("::1", port);
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
  struct sockaddr_in6 mapped = name6("::ffff:127.0.0.1", port);
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
  struct sockaddr_in6 mapped = name6("::ffff:127.0.0.1", port);
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
  struct sockaddr_in6 to6 = name6("::1", port);
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
  struct sockaddr_in6 name = name6("::1", 9);
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
  assert_null(lwip_inet_ntop(AF_INET6, a, text, 5));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(datagrams_of_both), API_TEST(datagrams_of_ipv6_alone),
      API_TEST(streams_of_both),   API_TEST(streams_of_ipv6_alone),
      API_TEST(options),           API_TEST(addresses_in_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
