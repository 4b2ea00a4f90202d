/**
 * @file
 * Sockets of UDP-Lite (RFC 3828): coverage of checksums, and that it is not UDP. Also against the
 * kernel (peer.h), where it still has the protocol.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"
#ifdef PEER_KERNEL
#define UDPLITE_SEND_CSCOV 10
#define UDPLITE_RECV_CSCOV 11
#endif

static int lite_socket(struct sockaddr_in *name)
{
  errno = 0;
  int s = lwip_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
  if (s < 0 && PEER_IS_KERNEL && (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT)) {
    skip();
  }
  assert_true(s >= 0);
  peer_bind(s, name);
  return s;
}

static void coverage_is_kept(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  const int names[] = {UDPLITE_SEND_CSCOV, UDPLITE_RECV_CSCOV};
  int s = lite_socket(&name);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    assert_int_equal(peer_get(s, IPPROTO_UDPLITE, names[i]), 0);
    assert_int_equal(peer_set(s, IPPROTO_UDPLITE, names[i], 8), 0);
    assert_int_equal(peer_get(s, IPPROTO_UDPLITE, names[i]), 8);
    assert_int_equal(peer_set(s, IPPROTO_UDPLITE, names[i], 20), 0);
    assert_int_equal(peer_get(s, IPPROTO_UDPLITE, names[i]), 20);
    /* RFC 3828 3.1: at least the header; the kernel takes 8 then. */
    const int wrong[] = {-1, 1, 7};
    for (unsigned k = 0; k < LWIP_ARRAYSIZE(wrong) && !PEER_IS_KERNEL; k++) {
      assert_fails(peer_set(s, IPPROTO_UDPLITE, names[i], wrong[k]), EINVAL);
    }
  }
  int value = 8;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    assert_fails(lwip_setsockopt(s, IPPROTO_UDPLITE, names[i], &value, sizeof value - 1), EINVAL);
    assert_fails(lwip_setsockopt(s, IPPROTO_UDPLITE, names[i], &value, 0), EINVAL);
#if !PEER_IS_KERNEL
    socklen_t len = sizeof value;
    assert_fails(lwip_setsockopt(s, IPPROTO_UDPLITE, names[i], NULL, sizeof value), EFAULT);
    assert_fails(lwip_getsockopt(s, IPPROTO_UDPLITE, names[i], NULL, &len), EFAULT);
    len = 0;
    assert_fails(lwip_getsockopt(s, IPPROTO_UDPLITE, names[i], &value, &len), EINVAL);
#endif
  }
  assert_fails(lwip_setsockopt(s, IPPROTO_UDPLITE, 0x7aaa, &value, sizeof value), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  assert_int_equal(peer_set(s, IPPROTO_UDPLITE, UDPLITE_SEND_CSCOV, 8), -1);
  assert_true(errno == ENOPROTOOPT || errno == EOPNOTSUPP);
  assert_int_equal(lwip_close(s), 0);
}

static void data_go_with_any_coverage(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[32];
  struct sockaddr_in to;
  struct sockaddr_in from;
  struct sockaddr_in mine;
  const int coverages[] = {0, 8, 12, 18, 1000};
  int a = lite_socket(&mine);
  int b = lite_socket(&to);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(coverages); i++) {
    socklen_t len = sizeof from;
    assert_int_equal(peer_set(a, IPPROTO_UDPLITE, UDPLITE_SEND_CSCOV, coverages[i]), 0);
    assert_int_equal(peer_set(b, IPPROTO_UDPLITE, UDPLITE_RECV_CSCOV, i == 0 ? 0 : 8), 0);
    assert_int_equal(lwip_sendto(a, "0123456789", 10, 0, SA(to), sizeof to), 10);
    assert_int_equal(lwip_recvfrom(b, buf, sizeof buf, 0, SA(from), &len), 10);
    assert_memory_equal(buf, "0123456789", 10);
    assert_int_equal(from.sin_port, mine.sin_port);
  }
  peer_close(a, b);
}

/** The receiver wants more covered than the sender covers: it does not hear it. */
static void too_little_is_covered(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[32];
  struct sockaddr_in to;
  struct sockaddr_in mine;
  int a = lite_socket(&mine);
  int b = lite_socket(&to);
  assert_int_equal(peer_set(b, IPPROTO_UDPLITE, UDPLITE_RECV_CSCOV, 16), 0);
  assert_int_equal(peer_set(a, IPPROTO_UDPLITE, UDPLITE_SEND_CSCOV, 8), 0);
  assert_int_equal(lwip_sendto(a, "lost", 4, 0, SA(to), sizeof to), 4);
  assert_int_equal(peer_set(a, IPPROTO_UDPLITE, UDPLITE_SEND_CSCOV, 16), 0);
  assert_int_equal(lwip_sendto(a, "0123456789", 10, 0, SA(to), sizeof to), 10);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 10);
  assert_fails(lwip_recv(b, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
  peer_close(a, b);
}

/** Ports are UDP-Lite's own. */
static void it_is_not_udp(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in name;
  int lite = lite_socket(&name);
  int udp = peer_socket(SOCK_DGRAM);
  int sender = peer_socket(SOCK_DGRAM);
  assert_int_equal(lwip_bind(udp, SA(name), sizeof name), 0);
  assert_int_equal(lwip_sendto(sender, "udp", 3, 0, SA(name), sizeof name), 3);
  assert_int_equal(lwip_recv(udp, buf, sizeof buf, 0), 3);
  assert_fails(lwip_recv(lite, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
  peer_close(lite, udp);
  assert_int_equal(lwip_close(sender), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(coverage_is_kept),
      API_TEST(data_go_with_any_coverage),
      API_TEST(too_little_is_covered),
      API_TEST(it_is_not_udp),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
