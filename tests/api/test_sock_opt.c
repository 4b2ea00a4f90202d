/**
 * @file
 * Sockets: options are set and read back, wrong ones refused. Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

/** Set, and read the same back. */
static void keeps(int s, int level, int name, int value)
{
  assert_int_equal(peer_set(s, level, name, value), 0);
  assert_int_equal(peer_get(s, level, name), value);
}

static void what_a_socket_is(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_DOMAIN), AF_INET);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ACCEPTCONN), 0);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);
  assert_fails(peer_set(s, SOL_SOCKET, SO_TYPE, 1), ENOPROTOOPT);
  assert_fails(peer_set(s, SOL_SOCKET, SO_ERROR, 1), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
  s = peer_listener(&name);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ACCEPTCONN), 1);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDP);
  assert_int_equal(lwip_close(s), 0);
}

static void flags(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int names[] = {SO_BROADCAST, SO_KEEPALIVE, SO_REUSEADDR};
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    int s = peer_socket(types[t]);
    for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
      assert_int_equal(peer_get(s, SOL_SOCKET, names[i]), 0);
      keeps(s, SOL_SOCKET, names[i], 1);
      keeps(s, SOL_SOCKET, names[i], 0);
      assert_int_equal(peer_set(s, SOL_SOCKET, names[i], 77), 0);
      assert_int_equal(peer_get(s, SOL_SOCKET, names[i]), 1);
    }
    assert_int_equal(lwip_close(s), 0);
  }
}

static void unknown_ones(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 0;
  socklen_t len = sizeof value;
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(peer_set(s, SOL_SOCKET, 0x7aaa, 1), ENOPROTOOPT);
  assert_fails(peer_set(s, IPPROTO_IP, 0x7aaa, 1), ENOPROTOOPT);
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, 0x7aaa, &value, &len), ENOPROTOOPT);
  assert_fails(lwip_getsockopt(s, IPPROTO_IP, 0x7aaa, &value, &len), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_STREAM);
  assert_fails(peer_set(s, IPPROTO_TCP, 0x7aaa, 1), ENOPROTOOPT);
  assert_fails(lwip_getsockopt(s, IPPROTO_TCP, 0x7aaa, &value, &len), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

static void wrong_sizes(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 1;
  struct linger l = {.l_onoff = 0, .l_linger = 0};
  struct timeval t = {.tv_sec = 0, .tv_usec = 0};
  int s = peer_socket(SOCK_STREAM);
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, 0), EINVAL);
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, 3), EINVAL);
  assert_fails(lwip_setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, 2), EINVAL);
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l - 1), EINVAL);
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t - 1), EINVAL);
  t.tv_usec = 1000000;
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t), EDOM);
  assert_int_equal(lwip_close(s), 0);
}

/** What lwIP stores in 16 bits is kept as it is: 32,768 seconds are not "off". */
static void long_linger(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int seconds[] = {0, 1, 32767, 32768, 65535};
  struct linger l;
  socklen_t len = sizeof l;
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &len), 0);
  assert_int_equal(l.l_onoff, 0);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(seconds); i++) {
    l.l_onoff = 1;
    l.l_linger = seconds[i];
    assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
    memset(&l, 0, sizeof l);
    len = sizeof l;
    assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &len), 0);
    assert_int_equal(len, sizeof l);
    assert_int_equal(l.l_onoff, 1);
    assert_int_equal(l.l_linger, seconds[i]);
  }
  l.l_onoff = 0;
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &len), 0);
  assert_int_equal(l.l_onoff, 0);
  assert_int_equal(lwip_close(s), 0);
}

/** A close that lingers returns when the peer has everything. */
static void lingering_close(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  int a, b;
  struct linger l = {.l_onoff = 1, .l_linger = 50};
  peer_streams(&a, &b);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_send(a, "last", 4, 0), 4);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 4);
  assert_int_equal(lwip_recv(b, buf, sizeof buf, 0), 0);
  assert_int_equal(lwip_close(b), 0);
}

static void times(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int names[] = {SO_RCVTIMEO, SO_SNDTIMEO};
  int s = peer_socket(SOCK_STREAM);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    struct timeval t = {.tv_sec = 12, .tv_usec = 500000};
    socklen_t len = sizeof t;
    assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, names[i], &t, sizeof t), 0);
    memset(&t, 0xff, sizeof t);
    assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, names[i], &t, &len), 0);
    assert_int_equal(len, sizeof t);
    assert_int_equal(t.tv_sec, 12);
    assert_int_equal(t.tv_usec, 500000);
  }
  assert_int_equal(lwip_close(s), 0);
}

static void of_ip(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    int s = peer_socket(types[t]);
    assert_int_equal(peer_get(s, IPPROTO_IP, IP_TOS), 0);
    keeps(s, IPPROTO_IP, IP_TOS, 0x10);
    keeps(s, IPPROTO_IP, IP_TTL, 1);
    keeps(s, IPPROTO_IP, IP_TTL, 255);
    assert_fails(peer_set(s, IPPROTO_IP, IP_TTL, 256), EINVAL);
    assert_fails(peer_set(s, IPPROTO_IP, IP_TTL, 0), EINVAL);
#if !PEER_IS_KERNEL /* takes the byte of it */
    assert_fails(peer_set(s, IPPROTO_IP, IP_TOS, 256), EINVAL);
    assert_fails(peer_set(s, IPPROTO_IP, IP_TOS, -1), EINVAL);
#endif
    assert_int_equal(lwip_close(s), 0);
  }
}

static void path_mtu_discovery(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  const int modes[] = {IP_PMTUDISC_DONT, IP_PMTUDISC_DO, IP_PMTUDISC_PROBE, IP_PMTUDISC_WANT};
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    int s = peer_socket(types[t]);
    assert_int_equal(peer_get(s, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_WANT);
    for (unsigned i = 0; i < LWIP_ARRAYSIZE(modes); i++) {
      keeps(s, IPPROTO_IP, IP_MTU_DISCOVER, modes[i]);
    }
    assert_fails(peer_set(s, IPPROTO_IP, IP_MTU_DISCOVER, 99), EINVAL);
    assert_fails(peer_set(s, IPPROTO_IP, IP_MTU_DISCOVER, -1), EINVAL);
    assert_int_equal(peer_get(s, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_WANT);
#if !PEER_IS_KERNEL /* takes nothing for 0 */
    assert_fails(lwip_setsockopt(s, IPPROTO_IP, IP_MTU_DISCOVER, modes, 0), EINVAL);
#endif
    assert_int_equal(lwip_close(s), 0);
  }
}

/** What fits on the way to the peer; without one there is none. */
static void path_mtu(void **state)
{
  LWIP_UNUSED_ARG(state);
  int a, b;
  socklen_t len = sizeof a;
  int value;
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(lwip_getsockopt(s, IPPROTO_IP, IP_MTU, &value, &len), ENOTCONN);
  assert_fails(peer_set(s, IPPROTO_IP, IP_MTU, 1000), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
  peer_streams(&a, &b);
  assert_true(peer_get(a, IPPROTO_IP, IP_MTU) >= 1500);
  peer_close(a, b);
  peer_datagrams(&a, &b);
  assert_true(peer_get(a, IPPROTO_IP, IP_MTU) >= 1500);
  peer_close(a, b);
}

/** An int and a byte say the same, on any machine. */
static void multicast_takes_ints_and_bytes(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned char byte = 0;
  socklen_t len = sizeof byte;
  const int names[] = {IP_MULTICAST_TTL, IP_MULTICAST_LOOP};
  int s = peer_socket(SOCK_DGRAM);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    keeps(s, IPPROTO_IP, names[i], 1);
    keeps(s, IPPROTO_IP, names[i], 0);
    byte = 1;
    len = sizeof byte;
    assert_int_equal(lwip_setsockopt(s, IPPROTO_IP, names[i], &byte, sizeof byte), 0);
    assert_int_equal(peer_get(s, IPPROTO_IP, names[i]), 1);
    byte = 0;
    assert_int_equal(lwip_getsockopt(s, IPPROTO_IP, names[i], &byte, &len), 0);
    assert_int_equal(len, 1);
    assert_int_equal(byte, 1);
  }
  keeps(s, IPPROTO_IP, IP_MULTICAST_TTL, 255);
  assert_fails(peer_set(s, IPPROTO_IP, IP_MULTICAST_TTL, 256), EINVAL);
  assert_fails(peer_set(s, IPPROTO_IP, IP_MULTICAST_TTL, -2), EINVAL);
  assert_int_equal(peer_set(s, IPPROTO_IP, IP_MULTICAST_TTL, -1), 0);
  assert_int_equal(peer_get(s, IPPROTO_IP, IP_MULTICAST_TTL), 1);
  assert_int_equal(lwip_close(s), 0);
}

static void groups_that_are_none(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct ip_mreq r;
  memset(&r, 0, sizeof r);
  r.imr_multiaddr.s_addr = lwip_htonl(0x0a000001UL);
  int s = peer_socket(SOCK_DGRAM);
  assert_fails(lwip_setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof r), EINVAL);
  assert_fails(lwip_setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, 3), EINVAL);
  r.imr_multiaddr.s_addr = lwip_htonl(0xefff0102UL);
  r.imr_interface.s_addr = lwip_htonl(INADDR_LOOPBACK);
  assert_fails(lwip_setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &r, sizeof r), EADDRNOTAVAIL);
  assert_int_equal(lwip_close(s), 0);
}

static void of_tcp(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(peer_get(s, IPPROTO_TCP, TCP_NODELAY), 0);
  keeps(s, IPPROTO_TCP, TCP_NODELAY, 1);
  keeps(s, IPPROTO_TCP, TCP_NODELAY, 0);
  keeps(s, IPPROTO_TCP, TCP_CORK, 1);
  keeps(s, IPPROTO_TCP, TCP_CORK, 0);
  keeps(s, IPPROTO_TCP, TCP_KEEPIDLE, 5);
  keeps(s, IPPROTO_TCP, TCP_KEEPINTVL, 7);
  keeps(s, IPPROTO_TCP, TCP_KEEPCNT, 9);
  const int names[] = {TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    assert_fails(peer_set(s, IPPROTO_TCP, names[i], 0), EINVAL);
    assert_fails(peer_set(s, IPPROTO_TCP, names[i], -1), EINVAL);
  }
  assert_fails(peer_set(s, IPPROTO_TCP, TCP_KEEPCNT, 128), EINVAL);
  assert_true(peer_get(s, IPPROTO_TCP, TCP_MAXSEG) > 0);
  keeps(s, IPPROTO_TCP, TCP_USER_TIMEOUT, 30000);
  keeps(s, IPPROTO_TCP, TCP_USER_TIMEOUT, 0);
  assert_fails(peer_set(s, IPPROTO_TCP, TCP_USER_TIMEOUT, -1), EINVAL);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  assert_int_equal(peer_set(s, IPPROTO_TCP, TCP_NODELAY, 1), -1);
  assert_true(errno == ENOPROTOOPT || errno == EOPNOTSUPP); /* the kernel: no such level */
  assert_int_equal(lwip_close(s), 0);
}

/** Options are the socket's: they are there when the connection has ended. */
static void options_outlive_the_connection(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  int a, b;
  peer_streams(&a, &b);
  keeps(b, SOL_SOCKET, SO_KEEPALIVE, 1);
  keeps(b, IPPROTO_IP, IP_TOS, 0x10);
  keeps(b, IPPROTO_TCP, TCP_NODELAY, 1);
  keeps(b, IPPROTO_TCP, TCP_KEEPIDLE, 55);
  assert_int_equal(lwip_setsockopt(a, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(peer_poll(b, POLLIN) & POLLHUP, POLLHUP);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_ERROR), ECONNRESET);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_KEEPALIVE), 1);
  assert_int_equal(peer_get(b, IPPROTO_IP, IP_TOS), 0x10);
  assert_int_equal(peer_get(b, IPPROTO_TCP, TCP_NODELAY), 1);
  assert_int_equal(peer_get(b, IPPROTO_TCP, TCP_KEEPIDLE), 55);
  keeps(b, SOL_SOCKET, SO_KEEPALIVE, 0);
  keeps(b, IPPROTO_IP, IP_TTL, 99);
  keeps(b, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  keeps(b, IPPROTO_TCP, TCP_NODELAY, 0);
  keeps(b, IPPROTO_TCP, TCP_KEEPINTVL, 66);
  assert_int_equal(lwip_close(b), 0);
}

/** ... and when connect() has failed: the next attempt has them. */
static void options_outlive_an_attempt(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in nobody, name;
  int keeper = peer_nobody(SOCK_STREAM, &nobody);
  int listener = peer_listener(&name);
  int s = peer_socket(SOCK_STREAM);
  keeps(s, IPPROTO_TCP, TCP_NODELAY, 1);
  keeps(s, IPPROTO_IP, IP_TOS, 0x10);
  assert_fails(lwip_connect(s, SA(nobody), sizeof nobody), ECONNREFUSED);
  assert_int_equal(peer_get(s, IPPROTO_TCP, TCP_NODELAY), 1);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  assert_int_equal(peer_get(s, IPPROTO_TCP, TCP_NODELAY), 1);
  assert_int_equal(peer_get(s, IPPROTO_IP, IP_TOS), 0x10);
  assert_int_equal(lwip_close(s), 0);
  peer_close(keeper, listener);
}

/** What a listener has been told its connections begin with. */
static void listeners_hand_on(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int listener = peer_listener(&name);
  keeps(listener, IPPROTO_TCP, TCP_NODELAY, 1);
  keeps(listener, IPPROTO_TCP, TCP_KEEPIDLE, 44);
  keeps(listener, IPPROTO_TCP, TCP_KEEPCNT, 4);
  keeps(listener, IPPROTO_TCP, TCP_USER_TIMEOUT, 20000);
  keeps(listener, SOL_SOCKET, SO_KEEPALIVE, 1);
  keeps(listener, SOL_SOCKET, SO_OOBINLINE, 1);
  keeps(listener, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
  int a = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(a, SA(name), sizeof name), 0);
  int b = lwip_accept(listener, NULL, NULL);
  assert_true(b >= 0);
  assert_int_equal(peer_get(b, IPPROTO_TCP, TCP_NODELAY), 1);
  assert_int_equal(peer_get(b, IPPROTO_TCP, TCP_KEEPIDLE), 44);
  assert_int_equal(peer_get(b, IPPROTO_TCP, TCP_KEEPCNT), 4);
  assert_int_equal(peer_get(b, IPPROTO_TCP, TCP_USER_TIMEOUT), 20000);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_KEEPALIVE), 1);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_OOBINLINE), 1);
  assert_int_equal(peer_get(b, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_DO);
  assert_int_equal(lwip_close(listener), 0);
  peer_close(a, b);
}

#if !PEER_IS_KERNEL
/** No option: the value of another one. */
static void not_to_linger(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value;
  socklen_t len = sizeof value;
  int s = peer_socket(SOCK_STREAM);
  assert_fails(peer_set(s, SOL_SOCKET, SO_DONTLINGER, 1), ENOPROTOOPT);
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_DONTLINGER, &value, &len), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

/** How long connect() may take. */
static void time_to_connect(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct timeval t = {.tv_sec = 3, .tv_usec = 250000};
  socklen_t len = sizeof t;
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, sizeof t), 0);
  memset(&t, 0, sizeof t);
  assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, &len), 0);
  assert_int_equal(len, sizeof t);
  assert_int_equal(t.tv_sec, 3);
  assert_int_equal(t.tv_usec, 250000);
  t.tv_usec = 1000000;
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, sizeof t), EDOM);
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, sizeof t - 1), EINVAL);
  len = sizeof t - 1;
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, &len), EINVAL);
  assert_int_equal(lwip_close(s), 0);
  s = peer_socket(SOCK_DGRAM);
  t.tv_usec = 0;
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, sizeof t), ENOPROTOOPT);
  len = sizeof t;
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, &len), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}
#endif

/** Options that are there or not. */
static void yes_or_no(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int names[] = {
    SO_REUSEPORT,
    SO_DONTROUTE,
#if !PEER_IS_KERNEL
    SO_DEBUG, /* of root alone */
    SO_USELOOPBACK,
#endif
  };
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    int s = peer_socket(types[t]);
    for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
      int value = 1;
      assert_int_equal(peer_get(s, SOL_SOCKET, names[i]), 0);
      assert_int_equal(peer_set(s, SOL_SOCKET, names[i], 5), 0);
      assert_int_equal(peer_get(s, SOL_SOCKET, names[i]), 1);
      assert_int_equal(peer_set(s, SOL_SOCKET, names[i], 0), 0);
      assert_int_equal(peer_get(s, SOL_SOCKET, names[i]), 0);
      assert_fails(lwip_setsockopt(s, SOL_SOCKET, names[i], &value, sizeof value - 1), EINVAL);
      assert_fails(lwip_setsockopt(s, SOL_SOCKET, names[i], &value, 0), EINVAL);
      assert_fails(lwip_setsockopt(s, SOL_SOCKET, names[i], NULL, sizeof value), EFAULT);
      assert_fails(lwip_getsockopt(s, SOL_SOCKET, names[i], NULL, NULL), EFAULT);
    }
    assert_int_equal(lwip_close(s), 0);
  }
}

/** ... and taken over from the listener. */
static void yes_or_no_is_inherited(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name;
  int listener = peer_listener(&name);
  assert_int_equal(peer_set(listener, SOL_SOCKET, SO_REUSEPORT, 1), 0);
  assert_int_equal(peer_set(listener, SOL_SOCKET, SO_DONTROUTE, 1), 0);
#if !PEER_IS_KERNEL
  assert_int_equal(peer_set(listener, SOL_SOCKET, SO_DEBUG, 1), 0);
  assert_int_equal(peer_set(listener, SOL_SOCKET, SO_USELOOPBACK, 1), 0);
#endif
  int a = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(a, SA(name), sizeof name), 0);
  int b = lwip_accept(listener, NULL, NULL);
  assert_true(b >= 0);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_REUSEPORT), 1);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_DONTROUTE), 1);
#if !PEER_IS_KERNEL
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_DEBUG), 1);
  assert_int_equal(peer_get(b, SOL_SOCKET, SO_USELOOPBACK), 1);
#endif
  assert_int_equal(lwip_close(listener), 0);
  peer_close(a, b);
}

/** Neither sockets that are closed nor memory that is not there. */
static void bad_arguments(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 1;
  socklen_t len = 0;
  int s = peer_socket(SOCK_STREAM);
#if !PEER_IS_KERNEL /* gives nothing for nothing */
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, &len), EINVAL);
  len = sizeof value;
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, NULL, &len), EFAULT);
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, NULL), EFAULT);
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, NULL, sizeof value), EFAULT);
#endif
  assert_int_equal(lwip_close(s), 0);
  len = sizeof value;
  assert_fails(peer_set(s, SOL_SOCKET, SO_KEEPALIVE, 1), EBADF);
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, &len), EBADF);
  assert_fails(lwip_ioctl(s, FIONREAD, &value), EBADF);
  assert_fails(lwip_fcntl(s, F_GETFL, 0), EBADF);
}

static void congestion_control_by_name(void **state)
{
  LWIP_UNUSED_ARG(state);
  char name[16] = "";
  socklen_t len = sizeof name;
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, &len), 0);
  assert_true(len <= sizeof name && strlen(name) > 0);
  assert_int_equal(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name)),
                   0);
  assert_fails(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "nonesuch", 8), ENOENT);
  assert_fails(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, 0), EINVAL);
  assert_int_equal(lwip_close(s), 0);
}

/** Some of the information is fine, too; each stack has its own structure. */
static void information(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned char info[16];
  socklen_t len = sizeof info;
  int a, b;
  peer_streams(&a, &b);
  assert_int_equal(lwip_getsockopt(a, IPPROTO_TCP, TCP_INFO, info, &len), 0);
  assert_int_equal(len, sizeof info);
  peer_close(a, b);
}

static void lowat(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_RCVLOWAT), 1);
  keeps(s, SOL_SOCKET, SO_RCVLOWAT, 100);
  assert_int_equal(peer_set(s, SOL_SOCKET, SO_RCVLOWAT, 0), 0);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_RCVLOWAT), 1);
  assert_int_equal(lwip_close(s), 0);
}

static void addresses_in_text(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned char a[16];
  char text[64];
  const char *const wrong[] = {"",         "1",      "1.2.3",      "1.2.3.4.5", "1.2.3.256",
                               "1.2.3.",   ".1.2.3", "0x1.2.3.4",  "1.2.3.4 ",  " 1.2.3.4",
                               "1.2.3.04", "1..2.3", "1.2.3.0004", "1.2.3.-4",  "1.2.3.4x"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wrong); i++) {
    assert_int_equal(lwip_inet_pton(AF_INET, wrong[i], a), 0);
  }
  assert_int_equal(lwip_inet_pton(AF_INET, "192.0.2.255", a), 1);
  assert_memory_equal(a, "\xc0\x00\x02\xff", 4);
  assert_string_equal(lwip_inet_ntop(AF_INET, a, text, sizeof text), "192.0.2.255");
  errno = 0;
  assert_null(lwip_inet_ntop(AF_INET, a, text, 11));
  assert_int_equal(errno, ENOSPC);
  assert_non_null(lwip_inet_ntop(AF_INET, a, text, 12));
  errno = 0;
  assert_null(lwip_inet_ntop(77, a, text, sizeof text));
  assert_int_equal(errno, EAFNOSUPPORT);
  assert_fails(lwip_inet_pton(77, "1.2.3.4", a), EAFNOSUPPORT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    API_TEST(what_a_socket_is),
    API_TEST(flags),
    API_TEST(unknown_ones),
    API_TEST(wrong_sizes),
    API_TEST(long_linger),
    API_TEST(lingering_close),
    API_TEST(times),
    API_TEST(of_ip),
    API_TEST(path_mtu_discovery),
    API_TEST(path_mtu),
    API_TEST(multicast_takes_ints_and_bytes),
    API_TEST(groups_that_are_none),
    API_TEST(of_tcp),
    API_TEST(options_outlive_the_connection),
    API_TEST(options_outlive_an_attempt),
    API_TEST(listeners_hand_on),
#if !PEER_IS_KERNEL
    API_TEST(not_to_linger),
    API_TEST(time_to_connect),
#endif
    API_TEST(yes_or_no),
    API_TEST(yes_or_no_is_inherited),
    API_TEST(bad_arguments),
    API_TEST(congestion_control_by_name),
    API_TEST(information),
    API_TEST(lowat),
    API_TEST(addresses_in_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
