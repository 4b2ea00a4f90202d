/**
 * @file
 * TCP through the private network, from devices to the host.
 *
 * needs: threads, ipv4, ipv6, tcp
 */
#include "common.h"
#include <stdlib.h>
#include <sys/socket.h>

/** By family of the host's server: what devices call it. */
static const struct {
  int family;
  const char *host;
} ways[] = {{AF_INET, HOST4}, {AF_INET6, HOST6}};

#define LONG_LEN ((size_t)10 * 1000 * 1000)

static void test_echo(void **state)
{
  struct hostnet *net = network_new();
  struct device *d = device_new(net, "echo");
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    struct server *s = server_new(ways[i].family, serve_echo, NULL);
    uint8_t data[16];
    err_t err;
    struct netconn *conn = dial(ways[i].host, server_port(s), &err);
    assert_int_equal(err, ERR_OK);
    conn_write(conn, "hello", 5);
    assert_int_equal(netconn_shutdown(conn, 0, 1), ERR_OK); /* half-close: the answer comes still */
    assert_int_equal(conn_read_all(conn, data, sizeof data), 5);
    assert_memory_equal(data, "hello", 5);
    netconn_delete(conn);
    server_free(s);
  }
  device_free(d);
  hostnet_free(net);
}

/** 10 MB there, and when they have arrived as they were sent, 10 MB back. */
static void test_long_both_ways(void **state)
{
  struct hostnet *net = network_new();
  struct device *d = device_new(net, "long");
  size_t back_len = LONG_LEN;
  uint8_t *data = (uint8_t *)malloc(LONG_LEN);
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    struct server *s = server_new(ways[i].family, serve_check_then_send, &back_len);
    err_t err;
    struct netconn *conn = dial(ways[i].host, server_port(s), &err);
    assert_int_equal(err, ERR_OK);
    pattern_fill(data, LONG_LEN, 0);
    conn_write(conn, data, LONG_LEN);
    assert_int_equal(netconn_shutdown(conn, 0, 1), ERR_OK);
    memset(data, 0, LONG_LEN);
    assert_int_equal(conn_read_all(conn, data, LONG_LEN), LONG_LEN);
    for (size_t j = 0; j < LONG_LEN; j++) {
      assert_true(data[j] == pattern_byte(j));
    }
    netconn_delete(conn);
    server_free(s);
  }
  free(data);
  device_free(d);
  hostnet_free(net);
}

/** What the host is told is what the device is told. */
static void test_refused(void **state)
{
  struct hostnet *net = network_new();
  struct device *d = device_new(net, "refused");
  struct hostnet_stats stats;
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    struct server *s = server_new(ways[i].family, serve_echo, NULL);
    u16_t port = server_port(s);
    err_t err;
    server_free(s);
    struct netconn *conn = dial(ways[i].host, port, &err);
    assert_int_equal(err, ERR_RST);
    netconn_delete(conn);
  }
  hostnet_stats(net, &stats);
  assert_int_equal(stats.tcp_failed, 2);
  assert_int_equal(stats.tcp_opened, 0);
  wait_until((hostnet_stats(net, &stats), stats.tcp_now == 0));
  device_free(d);
  hostnet_free(net);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_echo),
                                     cmocka_unit_test(test_long_both_ways),
                                     cmocka_unit_test(test_refused)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
