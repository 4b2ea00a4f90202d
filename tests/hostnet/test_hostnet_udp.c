/**
 * @file
 * UDP and names through the private network.
 *
 * needs: threads, ipv4, ipv6
 */
#include "common.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lwip/tcpip.h"
#include "lwip/udp.h"

static const struct {
  int family;
  const char *host;
  enum netconn_type type;
} ways[] = {{AF_INET, HOST4, NETCONN_UDP}, {AF_INET6, HOST6, NETCONN_UDP_IPV6}};

/** A connected netconn of the device's. */
static struct netconn *udp_to(size_t way, u16_t port)
{
  ip_addr_t addr = address(ways[way].host);
  struct netconn *conn = netconn_new(ways[way].type);
  assert_non_null(conn);
  netconn_set_recvtimeout(conn, PATIENCE_MS);
  assert_int_equal(netconn_connect(conn, &addr, port), ERR_OK);
  return conn;
}

static err_t send_bytes(struct netconn *conn, const void *data, u16_t len)
{
  struct netbuf *buf = netbuf_new();
  assert_non_null(buf);
  assert_int_equal(netbuf_ref(buf, data, len), ERR_OK);
  err_t err = netconn_send(conn, buf);
  netbuf_delete(buf);
  return err;
}

static void expect_bytes(struct netconn *conn, const void *data, u16_t len)
{
  struct netbuf *buf = NULL;
  assert_int_equal(netconn_recv(conn, &buf), ERR_OK);
  assert_int_equal(netbuf_len(buf), len);
  uint8_t *copy = (uint8_t *)malloc(len + 1U);
  netbuf_copy(buf, copy, len);
  assert_memory_equal(copy, data, len);
  free(copy);
  netbuf_delete(buf);
}

/** One datagram of the host's socket goes back to its sender. */
static void echo_once(int fd)
{
  static uint8_t data[65536];
  struct sockaddr_storage from;
  socklen_t from_len = sizeof from;
  ssize_t len = recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)&from, &from_len);
  assert_true(len >= 0);
  assert_int_equal(sendto(fd, data, (size_t)len, 0, (struct sockaddr *)&from, from_len), len);
}

static void test_echo(void **state)
{
  static uint8_t data[20000];
  (void)state;
  pattern_fill(data, sizeof data, 0);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    static const u16_t lens[] = {0, 1, 1400, sizeof data}; /* the last one in fragments */
    u16_t port;
    int fd = host_udp(ways[i].family, &port);
    struct netconn *conn = udp_to(i, port);
    for (size_t j = 0; j < LWIP_ARRAYSIZE(lens); j++) {
      assert_int_equal(send_bytes(conn, data, lens[j]), ERR_OK);
      echo_once(fd);
      expect_bytes(conn, data, lens[j]);
    }
    netconn_delete(conn);
    close(fd);
  }
}

/** Nobody is there: what the host hears, the device hears. */
static void test_unreachable(void **state)
{
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    u16_t port;
    struct netbuf *buf;
    int fd = host_udp(ways[i].family, &port);
    close(fd);
    struct netconn *conn = udp_to(i, port);
    assert_int_equal(send_bytes(conn, "x", 1), ERR_OK);
    err_t err = netconn_recv(conn, &buf);
    assert_true(err == ERR_CONN || err == ERR_RST); /* "refused" */
    netconn_delete(conn);
  }
}

/** Too many flows: the most silent one goes. */
static void test_flows_are_bounded(void **state)
{
  struct hostnet_config config = {.resolv_conf = "/dev/null", .udp_max = 4};
  struct hostnet *small = hostnet_new(&config, NULL);
  struct hostnet_stats stats;
  struct netconn *conns[6];
  u16_t port;
  (void)state;
  assert_non_null(small);
  struct device *d = device_new(small, "small");
  int fd = host_udp(AF_INET, &port);
  for (int i = 0; i < 6; i++) {
    conns[i] = udp_to(0, port);
    assert_int_equal(send_bytes(conns[i], "x", 1), ERR_OK);
    echo_once(fd);
    expect_bytes(conns[i], "x", 1);
    hostnet_stats(small, &stats);
    assert_true(stats.udp_now <= 4);
  }
  assert_int_equal(stats.udp_flows, 6);
  for (int i = 0; i < 6; i++) {
    netconn_delete(conns[i]);
  }
  close(fd);
  device_free(d);
  hostnet_free(small);
}

/** A flow that is silent is forgotten, and is there again with the next datagram. */
static void test_silent_flow(void **state)
{
  struct hostnet_config config = {.resolv_conf = "/dev/null", .udp_idle_s = 1};
  struct hostnet *own = hostnet_new(&config, NULL);
  struct hostnet_stats stats;
  u16_t port;
  char byte;
  (void)state;
  assert_non_null(own);
  struct device *d = device_new(own, "silent");
  int fd = host_udp(AF_INET, &port);
  struct netconn *conn = udp_to(0, port);
  for (unsigned i = 1; i <= 2; i++) {
    assert_int_equal(send_bytes(conn, "x", 1), ERR_OK);
    assert_int_equal(recv(fd, &byte, 1, 0), 1);
    wait_until((hostnet_stats(own, &stats), stats.udp_now == 0));
    assert_int_equal(stats.udp_flows, i);
  }
  netconn_delete(conn);
  close(fd);
  device_free(d);
  hostnet_free(own);
}

/** Names of the host, of the gateway, of the device itself. */
static void test_names(void **state)
{
  static const char *const names[] = {"host.gossamer", "host", "gateway.gossamer"};
  ip4_addr_t own4 = device_ip4(device);
  ip_addr_t addr;
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    ip_addr_t host4 = address(HOST4);
    ip_addr_t host6 = address(HOST6);
    assert_int_equal(netconn_gethostbyname_addrtype(names[i], &addr, NETCONN_DNS_IPV4), ERR_OK);
    assert_true(ip_addr_eq(&addr, &host4));
    assert_int_equal(netconn_gethostbyname_addrtype(names[i], &addr, NETCONN_DNS_IPV6), ERR_OK);
    assert_true(ip_addr_eq(&addr, &host6));
  }
  assert_int_equal(netconn_gethostbyname_addrtype("device.gossamer", &addr, NETCONN_DNS_IPV4),
                   ERR_OK);
  assert_true(ip4_addr_eq(ip_2_ip4(&addr), &own4));
  assert_int_not_equal(netconn_gethostbyname_addrtype("nobody.gossamer", &addr, NETCONN_DNS_IPV4),
                       ERR_OK);
}

/** The gateway answers DNS at its own addresses only: who asks another server, asks that one. */
static void test_port_53_of_others(void **state)
{
  ip_addr_t addr = address("192.0.2.53"); /* nobody's (RFC 5737) */
  struct hostnet_stats before, after;
  struct netconn *conn = netconn_new(NETCONN_UDP);
  (void)state;
  assert_non_null(conn);
  hostnet_stats(net, &before);
  assert_int_equal(netconn_connect(conn, &addr, 53), ERR_OK);
  assert_int_equal(send_bytes(conn, "no query at all", 15), ERR_OK);
  wait_until((hostnet_stats(net, &after),
              after.udp_flows + after.udp_failed > before.udp_flows + before.udp_failed));
  assert_int_equal(after.dns_queries, before.dns_queries);
  netconn_delete(conn);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_echo),
                                     cmocka_unit_test(test_unreachable),
                                     cmocka_unit_test(test_names),
                                     cmocka_unit_test(test_port_53_of_others),
                                     cmocka_unit_test(test_flows_are_bounded),
                                     cmocka_unit_test(test_silent_flow)};
  return cmocka_run_group_tests(tests, network_up, network_down);
}
