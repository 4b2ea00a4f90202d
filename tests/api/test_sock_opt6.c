/**
 * @file
 * Sockets: options of IPv6 (RFC 3493 5, RFC 3542, RFC 3678) are set and read back, wrong ones
 * refused. Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv6
 * variants: peer
 */
#include "peer.h"

#if !PEER_IS_KERNEL
#define IPV6_LO 1
#else
#define IPV6_LO (int)if_nametoindex("lo")
#endif

static int socket6(int type)
{
  int s = lwip_socket(AF_INET6, type, 0);
  assert_true(s >= 0);
  return s;
}

static void keeps(int s, int name, int value)
{
  assert_int_equal(peer_set(s, IPPROTO_IPV6, name, value), 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, name), value);
}

/** A datagram socket that talks to itself. */
static int selfish(void)
{
  struct sockaddr_in6 name;
  socklen_t len = sizeof name;
  int s = socket6(SOCK_DGRAM);
  memset(&name, 0, sizeof name);
  name.sin6_family = AF_INET6;
  assert_int_equal(lwip_inet_pton(AF_INET6, "::1", &name.sin6_addr), 1);
  assert_int_equal(lwip_bind(s, (struct sockaddr *)&name, sizeof name), 0);
  assert_int_equal(lwip_getsockname(s, (struct sockaddr *)&name, &len), 0);
  assert_int_equal(lwip_connect(s, (struct sockaddr *)&name, sizeof name), 0);
  return s;
}

static void path_mtu(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int modes[] = {IPV6_PMTUDISC_DONT, IPV6_PMTUDISC_DO, IPV6_PMTUDISC_PROBE,
                       IPV6_PMTUDISC_WANT};
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    int value;
    socklen_t len = sizeof value;
    int s = socket6(types[t]);
    for (unsigned i = 0; i < LWIP_ARRAYSIZE(modes); i++) {
      keeps(s, IPV6_MTU_DISCOVER, modes[i]);
    }
    assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_MTU_DISCOVER, 99), EINVAL);
    assert_fails(lwip_setsockopt(s, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &value, 3), EINVAL);
    assert_fails(lwip_getsockopt(s, IPPROTO_IPV6, IPV6_MTU, &value, &len), ENOTCONN);
    assert_int_equal(lwip_close(s), 0);
  }
  int s = selfish();
  assert_true(peer_get(s, IPPROTO_IPV6, IPV6_MTU) >= 1280);
  assert_int_equal(lwip_close(s), 0);
}

static void header_fields(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    int s = socket6(types[t]);
    keeps(s, IPV6_TCLASS, 0x28);
    keeps(s, IPV6_TCLASS, 0xfc);
    assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_TCLASS, 256), EINVAL);
    assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_TCLASS, -2), EINVAL);
    assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_TCLASS, -1), 0);
    assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_TCLASS), 0);
    keeps(s, IPV6_UNICAST_HOPS, 1);
    keeps(s, IPV6_UNICAST_HOPS, 255);
    assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 256), EINVAL);
    assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, -2), EINVAL);
    assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, -1), 0);
    assert_true(peer_get(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS) > 1);
    assert_int_equal(lwip_close(s), 0);
  }
}

static void what_is_told(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int names[] = {IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS};
  int s = socket6(SOCK_DGRAM);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    int value = 1;
    assert_int_equal(peer_get(s, IPPROTO_IPV6, names[i]), 0);
    keeps(s, names[i], 1);
    keeps(s, names[i], 0);
    assert_fails(lwip_setsockopt(s, IPPROTO_IPV6, names[i], &value, 3), EINVAL);
  }
  assert_int_equal(lwip_close(s), 0);
}

static void one_family(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = socket6(SOCK_STREAM);
  keeps(s, IPV6_V6ONLY, 1);
  keeps(s, IPV6_V6ONLY, 0);
  assert_int_equal(lwip_close(s), 0);
  s = selfish();
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_V6ONLY, 1), EINVAL); /* it is bound */
  assert_int_equal(lwip_close(s), 0);
}

static void unknown_ones(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value;
  socklen_t len = sizeof value;
  int s = socket6(SOCK_DGRAM);
  assert_fails(peer_set(s, IPPROTO_IPV6, 0x7aaa, 1), ENOPROTOOPT);
  assert_fails(lwip_getsockopt(s, IPPROTO_IPV6, 0x7aaa, &value, &len), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

static void to_groups(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = socket6(SOCK_DGRAM);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_MULTICAST_IF), 0);
  keeps(s, IPV6_MULTICAST_IF, IPV6_LO);
  keeps(s, IPV6_MULTICAST_IF, 0);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, 12345), ENODEV);
  keeps(s, IPV6_MULTICAST_HOPS, 0);
  keeps(s, IPV6_MULTICAST_HOPS, 255);
  assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 256), EINVAL);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, -1), 0);
  assert_int_equal(peer_get(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS), 1);
  keeps(s, IPV6_MULTICAST_LOOP, 1);
  keeps(s, IPV6_MULTICAST_LOOP, 0);
  assert_int_equal(lwip_close(s), 0);
}

static int option(int s, int name, const void *value, size_t size)
{
  return lwip_setsockopt(s, IPPROTO_IPV6, name, value, (socklen_t)size);
}

/** Joined once, left once. */
static void joined_and_left(int s, int join, int leave, const void *value, size_t size)
{
  assert_fails(option(s, join, value, size - 1), EINVAL);
  assert_int_equal(option(s, join, value, size), 0);
  assert_fails(option(s, join, value, size), EADDRINUSE);
  assert_fails(option(s, leave, value, 3), EINVAL);
  assert_int_equal(option(s, leave, value, size), 0);
  assert_fails(option(s, leave, value, size), EADDRNOTAVAIL);
}

static void address6(struct sockaddr_storage *ss, const char *text)
{
  struct sockaddr_in6 a;
  memset(&a, 0, sizeof a);
  a.sin6_family = AF_INET6;
  assert_int_equal(lwip_inet_pton(AF_INET6, text, &a.sin6_addr), 1);
  memset(ss, 0, sizeof *ss);
  memcpy(ss, &a, sizeof a);
}

static void memberships(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct ipv6_mreq r;
  struct group_req g;
  int s = socket6(SOCK_DGRAM);
  memset(&r, 0, sizeof r);
  assert_int_equal(lwip_inet_pton(AF_INET6, "ff02::1234", &r.ipv6mr_multiaddr), 1);
  r.ipv6mr_interface = (unsigned)IPV6_LO;
  joined_and_left(s, IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP, &r, sizeof r);
  joined_and_left(s, IPV6_ADD_MEMBERSHIP, IPV6_DROP_MEMBERSHIP, &r, sizeof r); /* older names */
  assert_int_equal(lwip_inet_pton(AF_INET6, "2001:db8::1", &r.ipv6mr_multiaddr), 1);
  assert_fails(option(s, IPV6_JOIN_GROUP, &r, sizeof r), EINVAL); /* no group */
  memset(&g, 0, sizeof g);
  g.gr_interface = (unsigned)IPV6_LO;
  address6(&g.gr_group, "ff02::1234");
  joined_and_left(s, MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP, &g, sizeof g);
  assert_int_equal(lwip_close(s), 0);
}

static void sources(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct group_source_req g;
  struct group_req any;
  int s = socket6(SOCK_DGRAM);
  memset(&g, 0, sizeof g);
  g.gsr_interface = (unsigned)IPV6_LO;
  address6(&g.gsr_group, "ff02::1234");
  address6(&g.gsr_source, "2001:db8::1");
  assert_fails(option(s, MCAST_JOIN_SOURCE_GROUP, &g, sizeof g - 1), EINVAL);
  assert_int_equal(option(s, MCAST_JOIN_SOURCE_GROUP, &g, sizeof g), 0);
  assert_fails(option(s, MCAST_JOIN_SOURCE_GROUP, &g, sizeof g), EADDRNOTAVAIL);
  assert_fails(option(s, MCAST_BLOCK_SOURCE, &g, sizeof g), EINVAL); /* it is of the other kind */
  assert_int_equal(option(s, MCAST_LEAVE_SOURCE_GROUP, &g, sizeof g), 0);
  memset(&any, 0, sizeof any);
  any.gr_interface = g.gsr_interface;
  any.gr_group = g.gsr_group;
  assert_int_equal(option(s, MCAST_JOIN_GROUP, &any, sizeof any), 0);
  assert_int_equal(option(s, MCAST_BLOCK_SOURCE, &g, sizeof g), 0);
  assert_int_equal(option(s, MCAST_UNBLOCK_SOURCE, &g, sizeof g), 0);
  assert_fails(option(s, MCAST_UNBLOCK_SOURCE, &g, sizeof g), EADDRNOTAVAIL);
  assert_int_equal(option(s, MCAST_LEAVE_GROUP, &any, sizeof any), 0);
  assert_int_equal(lwip_close(s), 0);
}

/** The longest packets that are sent; told where a path is known. */
static void bound_of_packets(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  struct sockaddr_in6 name = peer_name6("::1", 0);
  socklen_t name_len = sizeof name;
  int value;
  socklen_t len = sizeof value;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    int listener = lwip_socket(AF_INET6, types[i], 0);
    name.sin6_port = 0;
    assert_int_equal(lwip_bind(listener, SA(name), sizeof name), 0);
    assert_int_equal(lwip_getsockname(listener, SA(name), &name_len), 0);
    assert_int_equal(types[i] == SOCK_STREAM ? lwip_listen(listener, 1) : 0, 0);
    int s = lwip_socket(AF_INET6, types[i], 0);
    assert_fails(lwip_getsockopt(s, IPPROTO_IPV6, IPV6_MTU, &value, &len), ENOTCONN);
    assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MTU, 1400), 0);
    assert_fails(lwip_getsockopt(s, IPPROTO_IPV6, IPV6_MTU, &value, &len), ENOTCONN);
    assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_MTU, 1279), EINVAL);
    assert_fails(peer_set(s, IPPROTO_IPV6, IPV6_MTU, -1), EINVAL);
    assert_fails(lwip_setsockopt(s, IPPROTO_IPV6, IPV6_MTU, &value, sizeof value - 1), EINVAL);
#if !PEER_IS_KERNEL
    assert_fails(lwip_setsockopt(s, IPPROTO_IPV6, IPV6_MTU, NULL, sizeof value), EFAULT);
#endif
    assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
    value = peer_get(s, IPPROTO_IPV6, IPV6_MTU);
    assert_true(OURS_OR(value == 1400, value > 1400));
    assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MTU, 1280), 0);
    value = peer_get(s, IPPROTO_IPV6, IPV6_MTU);
    assert_true(OURS_OR(value == 1280, value > 1280));
    assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MTU, 100000), 0);
    assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MTU, 0), 0);
    assert_true(peer_get(s, IPPROTO_IPV6, IPV6_MTU) > 1280);
    assert_int_equal(lwip_close(s), 0);
    assert_int_equal(lwip_close(listener), 0);
  }
#if LWIP_IPV4
  int v4 = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  assert_fails(peer_set(v4, IPPROTO_IPV6, IPV6_MTU, 1400), ENOPROTOOPT);
  assert_int_equal(lwip_close(v4), 0);
#endif
}

#if !PEER_IS_KERNEL
/** Segments of a stream are bounded, too. */
static void bound_of_segments(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = lwip_socket(AF_INET6, SOCK_STREAM, 0);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MTU, 1300), 0);
  assert_int_equal(peer_get(s, IPPROTO_TCP, TCP_MAXSEG), 1240);
  assert_int_equal(peer_set(s, IPPROTO_IPV6, IPV6_MTU, 1280), 0);
  assert_int_equal(peer_get(s, IPPROTO_TCP, TCP_MAXSEG), 1220);
  assert_int_equal(lwip_close(s), 0);
}
#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
#if !PEER_IS_KERNEL
    API_TEST(bound_of_segments),
#endif
    API_TEST(bound_of_packets),
    API_TEST(path_mtu),
    API_TEST(header_fields),
    API_TEST(what_is_told),
    API_TEST(one_family),
    API_TEST(unknown_ones),
    API_TEST(to_groups),
    API_TEST(memberships),
    API_TEST(sources),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
