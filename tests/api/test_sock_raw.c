/**
 * @file
 * Raw sockets and their filters of ICMP. Also against the kernel (peer.h), for who may have such.
 *
 * Others may send ICMP to the kernel's loopback, too: a test takes no notice of what is not its
 * own.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"
#ifdef PEER_KERNEL
#include <linux/icmp.h>
#define FILTER_LEVEL SOL_RAW
typedef struct icmp_filter filter_t;
#else
#define FILTER_LEVEL IPPROTO_RAW
typedef struct icmp_filter filter_t;
#endif

#define ECHO_REQUEST 8
#define ECHO_REPLY   0
#define EXPERIMENT   253 /* RFC 3692: a protocol that nobody has */

static int raw_socket(int protocol)
{
  errno = 0;
  int s = lwip_socket(AF_INET, SOCK_RAW, protocol);
  if (s < 0 && PEER_IS_KERNEL && errno == EPERM) {
    skip();
  }
  assert_true(s >= 0);
  return s;
}

static uint16_t checksum(const unsigned char *bytes, size_t len)
{
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < len; i += 2) {
    sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
  }
  sum = (sum >> 16) + (sum & 0xffff);
  return (uint16_t) ~(sum + (sum >> 16));
}

/** A number that tells this run's messages from others'; our own stack hears nobody else's. */
static uint16_t own_id(void)
{
  return (uint16_t)OURS_OR(0x1234, getpid());
}

static void ping(int s, uint16_t seq)
{
  struct sockaddr_in to = peer_loopback(0);
  uint16_t id = own_id();
  unsigned char m[12] = {ECHO_REQUEST, 0, 0, 0, (unsigned char)(id >> 8), (unsigned char)id};
  m[7] = (unsigned char)seq;
  memcpy(&m[8], "ping", 4);
  uint16_t sum = checksum(m, sizeof m);
  m[2] = (unsigned char)(sum >> 8);
  m[3] = (unsigned char)sum;
  assert_int_equal(lwip_sendto(s, m, sizeof m, 0, SA(to), sizeof to), sizeof m);
}

/** Wait for one of our own messages with this sequence number. @return its type */
static int heard(int s, uint16_t seq)
{
  unsigned char p[256];
  struct sockaddr_in from;
  for (;;) {
    socklen_t len = sizeof from;
    ssize_t n = lwip_recvfrom(s, p, sizeof p, 0, SA(from), &len);
    assert_true(n >= 28);
    const unsigned char *m = p + (p[0] & 15) * 4;
    if (m[4] != own_id() >> 8 || m[5] != (own_id() & 0xff) || m[7] != seq) {
      continue;
    }
    assert_int_equal(p[0] >> 4, 4); /* with its IP header */
    assert_int_equal(p[9], IPPROTO_ICMP);
    assert_int_equal(len, sizeof from);
    assert_int_equal(from.sin_family, AF_INET);
    assert_int_equal(from.sin_port, 0);
    assert_int_equal(from.sin_addr.s_addr, lwip_htonl(INADDR_LOOPBACK));
    assert_memory_equal(m + 8, "ping", 4);
    return m[0];
  }
}

static void what_sends_pings_hears_both(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = raw_socket(IPPROTO_ICMP);
  ping(s, 1);
  assert_int_equal(heard(s, 1), ECHO_REQUEST);
  assert_int_equal(heard(s, 1), ECHO_REPLY);
  assert_int_equal(lwip_close(s), 0);
}

static void filter_of_types(void **state)
{
  LWIP_UNUSED_ARG(state);
  filter_t f = {.data = ~(1U << ECHO_REPLY)};
  filter_t back = {.data = 0};
  socklen_t len = sizeof back;
  int s = raw_socket(IPPROTO_ICMP);
  assert_int_equal(lwip_getsockopt(s, FILTER_LEVEL, ICMP_FILTER, &back, &len), 0);
  assert_int_equal(back.data, 0);
  assert_int_equal(lwip_setsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, sizeof f), 0);
  len = sizeof back;
  assert_int_equal(lwip_getsockopt(s, FILTER_LEVEL, ICMP_FILTER, &back, &len), 0);
  assert_int_equal(len, sizeof back);
  assert_int_equal(back.data, f.data);
  ping(s, 2);
  assert_int_equal(heard(s, 2), ECHO_REPLY);
  f.data = 1U << ECHO_REPLY;
  assert_int_equal(lwip_setsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, sizeof f), 0);
  ping(s, 3);
  assert_int_equal(heard(s, 3), ECHO_REQUEST);
  f.data = 0;
  assert_int_equal(lwip_setsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, sizeof f), 0);
  ping(s, 4);
  assert_int_equal(heard(s, 4), ECHO_REQUEST);
  assert_int_equal(heard(s, 4), ECHO_REPLY);
  assert_int_equal(lwip_close(s), 0);
  s = raw_socket(EXPERIMENT);
  assert_fails(lwip_setsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, sizeof f), EOPNOTSUPP);
  assert_int_equal(lwip_close(s), 0);
}

static void filters_that_cannot_be(void **state)
{
  LWIP_UNUSED_ARG(state);
  filter_t f = {.data = 0};
  socklen_t len = sizeof f;
  int s = raw_socket(IPPROTO_ICMP);
#if !PEER_IS_KERNEL /* which takes as many types as are told */
  assert_fails(lwip_setsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, sizeof f - 1), EINVAL);
  assert_fails(lwip_setsockopt(s, FILTER_LEVEL, ICMP_FILTER, NULL, sizeof f), EFAULT);
  assert_fails(lwip_getsockopt(s, FILTER_LEVEL, ICMP_FILTER, NULL, &len), EFAULT);
#endif
  len = 2; /* some of it */
  assert_int_equal(lwip_getsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, &len), 0);
  assert_int_equal(len, 2);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  len = sizeof f;
  assert_int_equal(lwip_setsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, sizeof f), -1);
  assert_true(errno == ENOPROTOOPT || (PEER_IS_KERNEL && errno == EOPNOTSUPP));
  assert_int_equal(lwip_getsockopt(s, FILTER_LEVEL, ICMP_FILTER, &f, &len), -1);
  assert_true(errno == ENOPROTOOPT || (PEER_IS_KERNEL && errno == EOPNOTSUPP));
  assert_int_equal(lwip_close(s), 0);
}

/** A packet goes as the program has written it, and comes so. */
static void header_of_ones_own(void **state)
{
  LWIP_UNUSED_ARG(state);
  static unsigned char much[70000];
  unsigned char in[64];
  unsigned char p[25] = {0x45, 0x10, 0, sizeof p, 0x42, 0x42, 0, 0,   77,  EXPERIMENT, 0,   0,  127,
                         0,    0,    1, 127,      0,    0,    1, 'h', 'e', 'l',        'l', 'o'};
  struct sockaddr_in name = peer_loopback(0);
  uint16_t sum = checksum(p, 20);
  p[10] = (unsigned char)(sum >> 8);
  p[11] = (unsigned char)sum;
  int s = raw_socket(EXPERIMENT);
  assert_int_equal(peer_get(s, IPPROTO_IP, IP_HDRINCL), 0);
  assert_int_equal(peer_set(s, IPPROTO_IP, IP_HDRINCL, 5), 0);
  assert_int_equal(peer_get(s, IPPROTO_IP, IP_HDRINCL), 1);
  assert_int_equal(lwip_sendto(s, p, sizeof p, 0, SA(name), sizeof name), sizeof p);
  assert_int_equal(lwip_recv(s, in, sizeof in, 0), sizeof p);
  assert_memory_equal(in, p, sizeof p);
  assert_fails(lwip_sendto(s, p, 19, 0, SA(name), sizeof name), EINVAL); /* no header */
  assert_fails(lwip_sendto(s, much, sizeof much, 0, SA(name), sizeof name), EMSGSIZE);
  assert_int_equal(peer_set(s, IPPROTO_IP, IP_HDRINCL, 0), 0);
  assert_int_equal(peer_get(s, IPPROTO_IP, IP_HDRINCL), 0);
  assert_int_equal(lwip_sendto(s, p, sizeof p, 0, SA(name), sizeof name), sizeof p);
  assert_int_equal(lwip_recv(s, in, sizeof in, 0), 20 + sizeof p); /* behind one of the stack's */
  assert_memory_equal(in + 20, p, sizeof p);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  assert_fails(peer_set(s, IPPROTO_IP, IP_HDRINCL, 1), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

/** Any protocol, connected or not, to all sockets that listen to it. */
static void protocols_of_ones_own(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned char p[64];
  struct sockaddr_in name = peer_loopback(0);
  struct sockaddr_in who;
  socklen_t len = sizeof who;
  int s = raw_socket(EXPERIMENT);
  int both[2] = {raw_socket(EXPERIMENT), raw_socket(EXPERIMENT)};
  assert_fails(lwip_send(s, "x", 1, 0), EDESTADDRREQ);
  assert_fails(lwip_getpeername(s, SA(who), &len), ENOTCONN);
  assert_fails(lwip_listen(s, 1), EOPNOTSUPP);
  assert_fails(lwip_accept(s, NULL, NULL), EOPNOTSUPP);
  assert_int_equal(lwip_bind(both[0], SA(name), sizeof name), 0);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  if (PEER_IS_KERNEL) { /* which looks at the port that there is not */
    assert_fails(lwip_getpeername(s, SA(who), &len), ENOTCONN);
  } else {
    assert_int_equal(lwip_getpeername(s, SA(who), &len), 0);
    assert_int_equal(who.sin_addr.s_addr, name.sin_addr.s_addr);
  }
  assert_int_equal(lwip_send(s, "hello", 5, 0), 5);
  for (unsigned i = 0; i < 2; i++) {
    assert_int_equal(lwip_recv(both[i], p, sizeof p, 0), 25);
    assert_int_equal(p[9], EXPERIMENT);
    assert_memory_equal(p + 20, "hello", 5);
  }
  peer_close(both[0], both[1]);
  assert_int_equal(lwip_close(s), 0);
}

static void without_data(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned char p[64];
  int available = -1;
  struct sockaddr_in name = peer_loopback(0);
  int s = raw_socket(EXPERIMENT);
  assert_int_equal(lwip_sendto(s, "", 0, 0, SA(name), sizeof name), 0);
  assert_true((peer_poll(s, POLLIN) & POLLIN) != 0);
  assert_int_equal(lwip_ioctl(s, FIONREAD, &available), 0);
  assert_int_equal(available, 20); /* the header alone */
  assert_int_equal(lwip_recv(s, p, sizeof p, 0), 20);
  assert_int_equal(lwip_close(s), 0);
}

static void too_long(void **state)
{
  LWIP_UNUSED_ARG(state);
  static char data[70000];
  struct sockaddr_in name = peer_loopback(0);
  const size_t sizes[] = {65516, 65536, sizeof data};
  int s = raw_socket(EXPERIMENT);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    assert_fails(lwip_sendto(s, data, sizes[i], 0, SA(name), sizeof name), EMSGSIZE);
  }
  assert_int_equal(lwip_close(s), 0);
}

static void protocols_that_cannot_be(void **state)
{
  LWIP_UNUSED_ARG(state);
  errno = 0;
  assert_int_equal(lwip_socket(AF_INET, SOCK_RAW, -1), -1);
  assert_true(errno == EPROTONOSUPPORT || errno == EINVAL);
  errno = 0;
  assert_int_equal(lwip_socket(AF_INET, SOCK_RAW, 1000), -1);
  assert_true(errno == EPROTONOSUPPORT || errno == EINVAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(what_sends_pings_hears_both),
      API_TEST(filter_of_types),
      API_TEST(filters_that_cannot_be),
      API_TEST(header_of_ones_own),
      API_TEST(protocols_of_ones_own),
      API_TEST(without_data),
      API_TEST(too_long),
      API_TEST(protocols_that_cannot_be),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
