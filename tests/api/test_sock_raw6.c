/**
 * @file
 * Raw sockets over IPv6 (RFC 3542 3): filters of ICMPv6, checksums. Also against the kernel
 * (peer.h), for who may have such.
 *
 * Others may send ICMPv6 to the kernel's loopback, too: a test takes no notice of what is not its
 * own.
 * needs: threads
 * needs: tcp
 * needs: ipv6
 * variants: peer
 */
#include "peer.h"
#ifdef PEER_KERNEL
#include <netinet/icmp6.h>
#endif

enum { REQUEST = 128, REPLY = 129, EXPERIMENT = 253 /* RFC 3692 */ };

/** lwIP gives the IPv6 header with the packet, as with IPv4; RFC 3542 does not. */
#define HEADER_LEN OURS_OR(40, 0)

static int raw_socket(int protocol)
{
  errno = 0;
  int s = lwip_socket(AF_INET6, SOCK_RAW, protocol);
  if (s < 0 && PEER_IS_KERNEL && (errno == EPERM || errno == EAFNOSUPPORT)) {
    skip();
  }
  assert_true(s >= 0);
  return s;
}

/** A number that tells this run's messages from others'; our own stack hears nobody else's. */
static uint16_t own_id(void)
{
  return (uint16_t)OURS_OR(0x1234, getpid());
}

/** The stack puts the checksum in (RFC 3542 3.1). */
static void ping(int s, unsigned char seq)
{
  struct sockaddr_in6 to = peer_name6("::1", 0);
  unsigned char m[12] = {REQUEST, 0, 0, 0, (unsigned char)(own_id() >> 8), (unsigned char)own_id()};
  m[7] = seq;
  memcpy(&m[8], "ping", 4);
  ssize_t n = lwip_sendto(s, m, sizeof m, 0, SA(to), sizeof to);
  if (n < 0 && PEER_IS_KERNEL) {
    skip(); /* no ::1 */
  }
  assert_int_equal(n, sizeof m);
}

/** Wait for one of our own messages with this sequence number. @return its type */
static int heard(int s, unsigned char seq)
{
  unsigned char p[256];
  struct sockaddr_in6 from;
  struct sockaddr_in6 expected = peer_name6("::1", 0);
  for (;;) {
    socklen_t len = sizeof from;
    ssize_t n = lwip_recvfrom(s, p, sizeof p, 0, SA(from), &len);
    assert_true(n >= HEADER_LEN + 8);
    const unsigned char *m = p + HEADER_LEN;
    if (m[4] != own_id() >> 8 || m[5] != (own_id() & 0xff) || m[7] != seq) {
      continue;
    }
    assert_int_equal(n, HEADER_LEN + 12);
    assert_int_equal(len, sizeof from);
    assert_int_equal(from.sin6_port, 0);
    assert_memory_equal(&from.sin6_addr, &expected.sin6_addr, 16);
    assert_true(m[0] != REQUEST || m[2] != 0 || m[3] != 0);
    assert_memory_equal(m + 8, "ping", 4);
    return m[0];
  }
}

static void pings(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = raw_socket(IPPROTO_ICMPV6);
  ping(s, 1);
  assert_int_equal(heard(s, 1), REQUEST);
  assert_int_equal(heard(s, 1), REPLY);
  assert_int_equal(lwip_close(s), 0);
}

static void set_filter(int s, const struct icmp6_filter *f)
{
  assert_int_equal(lwip_setsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, f, sizeof *f), 0);
}

static void filter_of_types(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct icmp6_filter f;
  struct icmp6_filter back;
  socklen_t len = sizeof back;
  int s = raw_socket(IPPROTO_ICMPV6);
  ICMP6_FILTER_SETBLOCKALL(&f);
  ICMP6_FILTER_SETPASS(REPLY, &f);
  assert_true(ICMP6_FILTER_WILLPASS(REPLY, &f));
  assert_true(ICMP6_FILTER_WILLBLOCK(REQUEST, &f));
  set_filter(s, &f);
  assert_int_equal(lwip_getsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, &back, &len), 0);
  assert_int_equal(len, sizeof back);
  assert_memory_equal(&f, &back, sizeof f);
  ping(s, 2);
  assert_int_equal(heard(s, 2), REPLY);
  ICMP6_FILTER_SETPASSALL(&f);
  ICMP6_FILTER_SETBLOCK(REPLY, &f);
  set_filter(s, &f);
  ping(s, 3);
  assert_int_equal(heard(s, 3), REQUEST);
  ICMP6_FILTER_SETPASSALL(&f);
  set_filter(s, &f);
  ping(s, 4);
  assert_int_equal(heard(s, 4), REQUEST);
  assert_int_equal(heard(s, 4), REPLY);
  assert_int_equal(lwip_close(s), 0);
}

static void filters_that_cannot_be(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct icmp6_filter f;
  socklen_t len = sizeof f;
  ICMP6_FILTER_SETBLOCKALL(&f);
  int s = raw_socket(IPPROTO_ICMPV6);
#if !PEER_IS_KERNEL /* which takes as many types as are told */
  assert_fails(lwip_setsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof f - 1), EINVAL);
  assert_fails(lwip_setsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, NULL, sizeof f), EFAULT);
  assert_fails(lwip_getsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, NULL, &len), EFAULT);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_CHECKSUM, 2), EINVAL); /* it has its own */
#endif
  len = 4; /* some of it */
  assert_int_equal(lwip_getsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, &f, &len), 0);
  assert_int_equal(len, 4);
  assert_int_equal(lwip_close(s), 0);
  s = lwip_socket(AF_INET6, SOCK_DGRAM, 0);
  assert_true(s >= 0);
  len = sizeof f;
  assert_fails(lwip_setsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof f), ENOPROTOOPT);
  assert_fails(lwip_getsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, &f, &len), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

/** A checksum where the program wants it: over the pseudo-header. */
static void checksums(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned char p[128];
  struct sockaddr_in6 to = peer_name6("::1", 0);
  int s = raw_socket(EXPERIMENT);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_CHECKSUM), -1);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_CHECKSUM, 3), EINVAL);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_CHECKSUM, 2), 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_CHECKSUM), 2);
  if (!PEER_IS_KERNEL) { /* lwIP's level */
    assert_fails(peer_set(s, IPPROTO_RAW, IPV6_CHECKSUM, 3), EINVAL);
    assert_int_equal(peer_set(s, IPPROTO_RAW, IPV6_CHECKSUM, 4), 0);
    assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_CHECKSUM), 4);
    assert_int_equal(peer_set(s, IPPROTO_RAW, IPV6_CHECKSUM, 2), 0);
    assert_int_equal(peer_get(s, IPPROTO_RAW, IPV6_CHECKSUM), 2);
  }
  ssize_t n = lwip_sendto(s, "ab\0\0cd", 6, 0, SA(to), sizeof to);
  if (n < 0 && PEER_IS_KERNEL) {
    skip();
  }
  assert_int_equal(n, 6);
  assert_int_equal(lwip_recv(s, p, sizeof p, 0), HEADER_LEN + 6);
  /* ::1, ::1, length 6, next header 253, "abcd": RFC 8200 8.1 */
  const uint32_t sum = 1 + 1 + 6 + EXPERIMENT + 0x6162 + 0x6364;
  const uint16_t expected = (uint16_t) ~((sum & 0xffff) + (sum >> 16));
  assert_int_equal(p[HEADER_LEN + 2], expected >> 8);
  assert_int_equal(p[HEADER_LEN + 3], expected & 0xff);
  assert_fails(lwip_sendto(s, "abc", 3, 0, SA(to), sizeof to), EINVAL); /* no room for it */
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_CHECKSUM, -1), 0);
  assert_int_equal(lwip_sendto(s, "abc", 3, 0, SA(to), sizeof to), 3);
  assert_int_equal(lwip_recv(s, p, sizeof p, 0), HEADER_LEN + 3);
  assert_int_equal(lwip_close(s), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(pings),
      API_TEST(filter_of_types),
      API_TEST(filters_that_cannot_be),
      API_TEST(checksums),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
