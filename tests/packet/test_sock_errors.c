/*
 * Errors that come while a socket sends, by ICMP or for want of a neighbour or an interface: which
 * errno, and that it is told once. In virtual time, so nothing here waits.
 *
 * needs: threads
 * needs: tcp
 */
#include "packet.h"
#include "lwip/sockets.h"
#include "gossamer/route.h"

#if LWIP_SOCKET

/** The family of a run. */
static bool is_v6;

static int test_socket = -1;

static void socket_close(void)
{
  lwip_close(test_socket);
  test_socket = -1;
}

/** @param host  of our network; 0: a host far away */
static socklen_t name_of(struct sockaddr_storage *name, u8_t host, u16_t port)
{
  memset(name, 0, sizeof *name);
#if LWIP_IPV6
  if (is_v6) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)name;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = lwip_htons(port);
    ip_addr_t addr = ip_of(host == 0 ? "2001:db8:ff::9" : "2001:db8::2");
    inet6_addr_from_ip6addr(&in6->sin6_addr, ip_2_ip6(&addr));
    return sizeof *in6;
  }
#endif
#if LWIP_IPV4
  struct sockaddr_in *in = (struct sockaddr_in *)(void *)name;
  in->sin_family = AF_INET;
  in->sin_port = lwip_htons(port);
  in->sin_addr.s_addr = ip4_of(host == 0 ? "192.0.2.9" : "10.0.0.2").addr;
  return sizeof *in;
#else
  return 0;
#endif
}

static void socket_open(int type, int protocol)
{
  packet_at_end(socket_close);
#if LWIP_IPV6
  if (is_v6) {
    net6_up();
  }
#endif
  test_socket = lwip_socket(is_v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK, protocol);
  if (test_socket < 0) {
    packet_fail(__FILE__, __LINE__, "no socket");
  }
}

/** @return errno of connect(), 0: it is done */
static int socket_connect(u8_t host)
{
  struct sockaddr_storage name;
  socklen_t len = name_of(&name, host, 4000);
  return lwip_connect(test_socket, (struct sockaddr *)&name, len) == 0 ? 0 : errno;
}

static int so_error(void)
{
  int error = -1;
  socklen_t len = sizeof error;
  assert_int_equal(lwip_getsockopt(test_socket, SOL_SOCKET, SO_ERROR, &error, &len), 0);
  return error;
}

static int errno_of_recv(void)
{
  char byte;
  assert_int_equal(lwip_recv(test_socket, &byte, 1, 0), -1);
  return errno;
}

static int errno_of_send(void)
{
  assert_int_equal(lwip_send(test_socket, "x", 1, 0), -1);
  return errno;
}

static int events(void)
{
  struct pollfd fd = {.fd = test_socket, .events = POLLIN | POLLOUT, .revents = 0};
  lwip_poll(&fd, 1, 0);
  return fd.revents;
}

/** Which error of ICMP is which errno. */
struct told {
  u8_t type, code;
  u32_t rest;
  int error;
};

static const struct told told4[] = {
    {3, 0, 0, ENETUNREACH},   {3, 1, 0, EHOSTUNREACH},     {3, 2, 0, ECONNREFUSED},
    {3, 3, 0, ECONNREFUSED},  {3, 4, 1000, EMSGSIZE},      {3, 5, 0, EHOSTUNREACH},
    {3, 6, 0, ENETUNREACH},   {3, 9, 0, EHOSTUNREACH},     {3, 13, 0, EHOSTUNREACH},
    {11, 0, 0, EHOSTUNREACH}, {12, 0, 0x14000000, EPROTO},
};

static const struct told told6[] = {
    {1, 0, 0, ENETUNREACH},  {1, 1, 0, EHOSTUNREACH}, {1, 3, 0, EHOSTUNREACH},
    {1, 4, 0, ECONNREFUSED}, {2, 0, 1300, EMSGSIZE},  {3, 0, 0, EHOSTUNREACH},
    {4, 0, 6, EPROTO},
};

/** Send one datagram, and an error about it comes. */
static void send_in_vain(const struct told *t)
{
  assert_int_equal(lwip_send(test_socket, "12345678", 8, 0), 8);
  struct frame *f = tx();
#if LWIP_IPV6
  if (is_v6) {
    rx(icmp6_error("2001:db8::2", "2001:db8::1", t->type, t->code, t->rest, f, 0));
    return;
  }
#endif
  rx(icmp4_error("10.0.0.2", "10.0.0.1", t->type, t->code, t->rest, f, 0));
}

static void told_once(const struct told *t, int type, int protocol)
{
  packet_note("type %d code %d", t->type, t->code);
  socket_open(type, protocol);
  tx_discard();
  assert_int_equal(socket_connect(2), 0);
  assert_int_equal(events(), POLLOUT);
  send_in_vain(t);
  assert_int_equal(events() & (POLLERR | POLLIN), POLLERR | POLLIN);
  assert_int_equal(errno_of_recv(), t->error);
  assert_int_equal(errno_of_recv(), EAGAIN);
  assert_int_equal(events(), POLLOUT);
  send_in_vain(t);
  assert_int_equal(errno_of_send(), t->error);
  send_in_vain(t);
  assert_int_equal(so_error(), t->error);
  assert_int_equal(so_error(), 0);
  assert_int_equal(errno_of_recv(), EAGAIN);
  socket_close();
  ignore_drops();
  tx_discard();
}

static void each_told(int type, int protocol)
{
  for (size_t i = 0; i < LWIP_ARRAYSIZE(told4) && LWIP_IPV4; i++) {
    is_v6 = false;
    told_once(&told4[i], type, protocol);
  }
  for (size_t i = 0; i < LWIP_ARRAYSIZE(told6) && LWIP_IPV6; i++) {
    is_v6 = true;
    told_once(&told6[i], type, protocol);
  }
}

/* RFC 1122 4.1.3.3, 3.2.2 */
PACKET_TEST(test_udp_errors)
{
  each_told(SOCK_DGRAM, 0);
}

/* RFC 1122 4.1.3.3; RFC 3542: raw sockets are no worse */
PACKET_TEST(test_raw_errors)
{
  each_told(SOCK_RAW, 253);
}

/** Run in each family of the build. */
static void each_family(void (*run)(void))
{
  if (LWIP_IPV4) {
    is_v6 = false;
    run();
  }
  if (LWIP_IPV6) {
    is_v6 = true;
    run();
  }
}

/* Who is not connected sends to many, and could not tell which of them it is about. */
static void unconnected(void)
{
  struct sockaddr_storage name;
  socket_open(SOCK_DGRAM, 0);
  tx_discard();
  socklen_t len = name_of(&name, 2, 4000);
  assert_int_equal(lwip_sendto(test_socket, "x", 1, 0, (struct sockaddr *)&name, len), 1);
  struct frame *f = tx();
#if LWIP_IPV6
  if (is_v6) {
    rx(icmp6_error("2001:db8::2", "2001:db8::1", 1, 4, 0, f, 0));
  }
#endif
#if LWIP_IPV4
  if (!is_v6) {
    rx(icmp4_error("10.0.0.2", "10.0.0.1", 3, 3, 0, f, 0));
  }
#endif
  assert_int_equal(events(), POLLOUT);
  assert_int_equal(errno_of_recv(), EAGAIN);
  assert_int_equal(so_error(), 0);
  socket_close();
}
PACKET_TEST(test_unconnected)
{
  each_family(unconnected);
}

static void nobody_answers(void)
{
  net.peer_answers_arp = false;
  net.peer_answers_nd = false;
}

/* A neighbour that answers no question for its address. */
static void silent_neighbour(void)
{
  socket_open(SOCK_DGRAM, 0);
  nobody_answers();
  assert_int_equal(socket_connect(2), 0);
  assert_int_equal(lwip_send(test_socket, "12345678", 8, 0), 8);
  advance(7000);
  assert_int_equal(errno_of_recv(), EHOSTDOWN);
  assert_int_equal(errno_of_recv(), EAGAIN);
  socket_close();
  tx_discard();
  ignore_drops();
}
PACKET_TEST(test_silent_neighbour)
{
  each_family(silent_neighbour);
}

static void silent_neighbour_of_stream(void)
{
  socket_open(SOCK_STREAM, 0);
  nobody_answers();
  assert_int_equal(socket_connect(2), EINPROGRESS);
  assert_int_equal(socket_connect(2), EALREADY);
  advance(15000);
  assert_int_equal(so_error(), EHOSTDOWN);
  assert_int_equal(so_error(), 0);
  socket_close();
  tx_discard();
  ignore_drops();
}
PACKET_TEST(test_silent_neighbour_of_stream)
{
  each_family(silent_neighbour_of_stream);
}

/* No interface, or one that is down, on the way of everything that begins. */
static void interface_down(void)
{
  socket_open(SOCK_DGRAM, 0);
  socket_close();
  netif_set_down(&net.netif);
  socket_open(SOCK_STREAM, 0);
  netif_set_down(&net.netif);
  assert_int_equal(socket_connect(2), ENETDOWN);
  assert_int_equal(socket_connect(2), ENETDOWN);
  assert_int_equal(socket_connect(0), ENETUNREACH);
  socket_close();
  struct sockaddr_storage name;
  const int types[] = {SOCK_DGRAM, SOCK_RAW};
  for (size_t i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    socket_open(types[i], types[i] == SOCK_RAW ? 253 : 0);
    netif_set_down(&net.netif);
    socklen_t len = name_of(&name, 2, 4000);
    assert_int_equal(lwip_sendto(test_socket, "x", 1, 0, (struct sockaddr *)&name, len), -1);
    assert_int_equal(errno, ENETDOWN);
    len = name_of(&name, 0, 4000);
    assert_int_equal(lwip_sendto(test_socket, "x", 1, 0, (struct sockaddr *)&name, len), -1);
    assert_int_equal(errno, ENETUNREACH);
    socket_close();
  }
  netif_set_up(&net.netif);
  tx_discard();
  ignore_drops();
}
PACKET_TEST(test_interface_down)
{
  each_family(interface_down);
}

/** By a router. */
static void route_far(void)
{
  struct ip_route_entry r = {.netif = &net.netif};
  r.prefix = ip_of(is_v6 ? "::" : "0.0.0.0");
  r.gateway = ip_of(is_v6 ? "2001:db8::fe" : "10.0.0.254");
  assert_int_equal(ip_route_add(&r), ERR_OK);
}

/** @return errno of sendto(), 0: it is done */
static int socket_sendto(u8_t host)
{
  struct sockaddr_storage name;
  socklen_t len = name_of(&name, host, 4000);
  ssize_t done = lwip_sendto(test_socket, "12345678", 8, 0, (struct sockaddr *)&name, len);
  return done == 8 ? 0 : errno;
}

/* SO_DONTROUTE: neighbours alone are reached, whoever else might be. */
static void neighbours_alone(void)
{
  const int types[] = {SOCK_DGRAM, SOCK_RAW};
  int value = 1;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    socket_open(types[i], types[i] == SOCK_RAW ? 253 : 0);
    route_far();
    assert_int_equal(socket_sendto(0), 0);
    assert_int_equal(lwip_setsockopt(test_socket, SOL_SOCKET, SO_DONTROUTE, &value, sizeof value),
                     0);
    tx_discard();
    assert_int_equal(socket_sendto(0), ENETUNREACH);
    expect_silence();
    assert_int_equal(socket_sendto(2), 0);
    assert_non_null(tx());
    assert_int_equal(socket_connect(2), 0);
    assert_int_equal(lwip_send(test_socket, "12345678", 8, 0), 8);
    assert_non_null(tx());
    value = 0;
    assert_int_equal(lwip_setsockopt(test_socket, SOL_SOCKET, SO_DONTROUTE, &value, sizeof value),
                     0);
    assert_int_equal(socket_sendto(0), 0);
    value = 1;
    socket_close();
    tx_discard();
  }
  socket_open(SOCK_STREAM, 0);
  route_far();
  assert_int_equal(lwip_setsockopt(test_socket, SOL_SOCKET, SO_DONTROUTE, &value, sizeof value), 0);
  tx_discard();
  assert_int_equal(socket_connect(0), ENETUNREACH);
  expect_silence();
  assert_int_equal(socket_connect(2), EINPROGRESS);
  assert_non_null(tx());
  socket_close();
  tx_discard();
}
PACKET_TEST(test_neighbours_alone)
{
  each_family(neighbours_alone);
}

#if LWIP_IPV6
/** One datagram of 3000 bytes. @return packets, none longer than `mtu` */
static unsigned packets_of_3000(size_t mtu)
{
  static const char data[3000];
  unsigned count = 0;
  assert_int_equal(lwip_send(test_socket, data, sizeof data, 0), sizeof data);
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    assert_in_range(f->len - 14U, 1, mtu);
    count++;
  }
  return count;
}

/* IPV6_MTU bounds what is sent, as a path would. */
PACKET_TEST(test_bound_of_packets)
{
  const int types[] = {SOCK_DGRAM, SOCK_RAW};
  int value = 1280;
  is_v6 = true;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    socket_open(types[i], types[i] == SOCK_RAW ? 253 : 0);
    assert_int_equal(socket_connect(2), 0);
    tx_discard();
    assert_int_equal(packets_of_3000(1500), 3);
    value = 1280;
    assert_int_equal(lwip_setsockopt(test_socket, IPPROTO_IPV6, IPV6_MTU, &value, sizeof value), 0);
    assert_int_equal(packets_of_3000(1280), 3);
    value = IPV6_PMTUDISC_DO; /* not cut at all */
    assert_int_equal(
        lwip_setsockopt(test_socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &value, sizeof value), 0);
    static const char data[1300];
    assert_int_equal(lwip_send(test_socket, data, sizeof data, 0), -1);
    assert_int_equal(errno, EMSGSIZE);
    expect_silence();
    value = 0;
    assert_int_equal(lwip_setsockopt(test_socket, IPPROTO_IPV6, IPV6_MTU, &value, sizeof value), 0);
    assert_int_equal(lwip_send(test_socket, data, sizeof data, 0), sizeof data);
    assert_non_null(tx());
    socket_close();
    tx_discard();
  }
}
#endif

#endif

static const struct packet_test tests[] = {
#if LWIP_SOCKET
    TEST_FLAGS(test_udp_errors, PACKET_ONCE),
    TEST_FLAGS(test_raw_errors, PACKET_ONCE),
    TEST_FLAGS(test_unconnected, PACKET_ONCE),
    TEST_FLAGS(test_silent_neighbour, PACKET_ONCE),
    TEST_FLAGS(test_silent_neighbour_of_stream, PACKET_ONCE),
    TEST_FLAGS(test_interface_down, PACKET_ONCE),
    TEST_FLAGS(test_neighbours_alone, PACKET_ONCE),
#if LWIP_IPV6
    TEST_FLAGS(test_bound_of_packets, PACKET_ONCE),
#endif
#endif
};
PACKET_MAIN(tests)
