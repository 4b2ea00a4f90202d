/**
 * @file
 * TCP through the private network, from devices to the host.
 *
 * needs: threads, ipv4, ipv6, tcp
 */
#include "common.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lwip/tcp.h"
#include "lwip/tcpip.h"

/** By family of the host's server: what devices call it. */
static const struct {
  int family;
  const char *host;
} ways[] = {{AF_INET, HOST4}, {AF_INET6, HOST6}};

#define LONG_LEN ((size_t)10 * 1000 * 1000)
#define MANY     500

static unsigned tcp_now(void)
{
  struct hostnet_stats stats;
  hostnet_stats(net, &stats);
  return stats.tcp_now;
}

static void test_half_close(void **state)
{
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    struct server *s = server_new(ways[i].family, serve_echo, NULL);
    uint8_t data[16];
    struct netconn *conn = dial_and_write(ways[i].host, server_port(s), "hello", 5);
    assert_int_equal(netconn_shutdown(conn, 0, 1), ERR_OK); /* the answer comes still */
    assert_int_equal(conn_read_all(conn, data, sizeof data), 5);
    assert_memory_equal(data, "hello", 5);
    netconn_delete(conn);
    server_free(s);
  }
}

/** 10 MB there, and when they have arrived as they were sent, 10 MB back. */
static void test_long_both_ways(void **state)
{
  size_t back_len = LONG_LEN;
  uint8_t *data = (uint8_t *)malloc(LONG_LEN);
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    struct server *s = server_new(ways[i].family, serve_check_then_send, &back_len);
    pattern_fill(data, LONG_LEN, 0);
    struct netconn *conn = dial_and_write(ways[i].host, server_port(s), data, LONG_LEN);
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
}

/** What the host is told is what the device is told. */
static void test_refused(void **state)
{
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    struct server *s = server_new(ways[i].family, serve_echo, NULL);
    u16_t port = server_port(s);
    server_free(s);
    assert_int_equal(dial_error(ways[i].host, port), ERR_RST);
  }
  wait_until(tcp_now() == 0);
}

/** serve_fn: a reset instead of an end. */
static void serve_reset(int fd, void *arg)
{
  struct linger now = {.l_onoff = 1};
  char byte;
  (void)arg;
  (void)recv(fd, &byte, 1, 0);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void test_resets_become_resets(void **state)
{
  struct server *s = server_new(AF_INET, serve_reset, NULL);
  struct pbuf *p;
  (void)state;
  struct netconn *conn = dial_and_write(HOST4, server_port(s), "x", 1);
  assert_int_equal(netconn_recv_tcp_pbuf(conn, &p), ERR_RST);
  netconn_delete(conn);
  server_free(s);
  wait_until(tcp_now() == 0);
}

/** serve_fn: tells what the device's reset looks like here. */
static void serve_read_errno(int fd, void *arg)
{
  char data[64];
  ssize_t n;
  while ((n = recv(fd, data, sizeof data, 0)) > 0) {
  }
  *(int *)arg = n < 0 ? errno : 0;
}

static void test_abort_of_a_device_is_a_reset_for_the_host(void **state)
{
  int seen = -1;
  struct server *s = server_new(AF_INET, serve_read_errno, &seen);
  (void)state;
  struct netconn *conn = dial_and_write(HOST4, server_port(s), "x", 1);
  wait_until(tcp_now() == 1);
  LOCK_TCPIP_CORE();
  tcp_abort(conn->pcb.tcp);
  UNLOCK_TCPIP_CORE();
  netconn_delete(conn);
  server_free(s);
  assert_int_equal(seen, ECONNRESET);
  wait_until(tcp_now() == 0);
}

/** Five hundred at once, each with bytes of its own. */
static void test_many(void **state)
{
  struct server *s[2] = {server_new(AF_INET, serve_echo, NULL),
                         server_new(AF_INET6, serve_echo, NULL)};
  static struct netconn *conns[MANY];
  (void)state;
  for (unsigned i = 0; i < MANY; i++) {
    conns[i] = dial_and_write(ways[i % 2].host, server_port(s[i % 2]), &i, sizeof i);
  }
  assert_int_equal(tcp_now(), MANY);
  for (unsigned i = 0; i < MANY; i++) {
    uint8_t data[16];
    assert_int_equal(netconn_shutdown(conns[i], 0, 1), ERR_OK);
    assert_int_equal(conn_read_all(conns[i], data, sizeof data), sizeof i);
    assert_memory_equal(data, &i, sizeof i);
    netconn_delete(conns[i]);
  }
  server_free(s[0]);
  server_free(s[1]);
  wait_until(tcp_now() == 0);
}

/** serve_fn: waits until it is told to read, then counts. */
struct slow {
  volatile int may_read;
  size_t count;
};

static void serve_slowly(int fd, void *arg)
{
  struct slow *slow = (struct slow *)arg;
  char data[4096];
  ssize_t n;
  while (!__atomic_load_n(&slow->may_read, __ATOMIC_ACQUIRE)) {
    pause_ms(5);
  }
  while ((n = recv(fd, data, sizeof data, 0)) > 0) {
    slow->count += (size_t)n;
  }
}

/** A server that does not read: the device has to wait, nothing is lost, and what lies in between
    is bounded. */
static void test_slow_server(void **state)
{
  struct slow slow = {0};
  struct server *s = server_new(AF_INET, serve_slowly, &slow);
  uint8_t *data = (uint8_t *)calloc(1, LONG_LEN);
  size_t total = 0;
  (void)state;
  struct netconn *conn = dial(HOST4, server_port(s));
  netconn_set_nonblocking(conn, 1);
  for (unsigned idle = 0; idle < 40;) { /* until nothing moves any more */
    size_t written = 0;
    (void)netconn_write_partly(conn, data, LONG_LEN, NETCONN_COPY, &written);
    total += written;
    idle = written > 0 ? 0 : idle + 1;
    assert_true(total < 4 * LONG_LEN);
    pause_ms(5);
  }
  assert_true(total > 0);
  __atomic_store_n(&slow.may_read, 1, __ATOMIC_RELEASE);
  netconn_set_nonblocking(conn, 0);
  assert_int_equal(netconn_shutdown(conn, 0, 1), ERR_OK);
  assert_int_equal(conn_read_all(conn, data, 1), 0);
  netconn_delete(conn);
  server_free(s);
  assert_int_equal(slow.count, total);
  free(data);
}

/** serve_fn: sends 10 MB at once. */
static void serve_long(int fd, void *arg)
{
  uint8_t *data = (uint8_t *)malloc(LONG_LEN);
  (void)arg;
  pattern_fill(data, LONG_LEN, 0);
  for (size_t sent = 0; sent < LONG_LEN;) {
    ssize_t n = send(fd, data + sent, LONG_LEN - sent, MSG_NOSIGNAL);
    if (n <= 0) {
      break;
    }
    sent += (size_t)n;
  }
  free(data);
}

/** A device that reads late and slowly. */
static void test_slow_device(void **state)
{
  struct server *s = server_new(AF_INET6, serve_long, NULL);
  struct hostnet_stats before, after;
  struct pbuf *p;
  size_t total = 0;
  err_t err;
  (void)state;
  hostnet_stats(net, &before);
  struct netconn *conn = dial(HOST6, server_port(s));
  pause_ms(300);
  hostnet_stats(net, &after);
  while ((err = netconn_recv_tcp_pbuf(conn, &p)) == ERR_OK) {
    total += p->tot_len;
    pbuf_free(p);
  }
  assert_int_equal(err, ERR_CLSD);
  assert_int_equal(total, LONG_LEN);
  netconn_delete(conn);
  server_free(s);
  assert_true(after.bytes_from_host - before.bytes_from_host < LONG_LEN); /* it had to wait */
}

/** The network ends while connections stand and a SYN is held. */
static void test_end_in_the_middle(void **state)
{
  struct hostnet *own = network_new();
  struct device *d = device_new(own, "middle");
  struct server *s = server_new(AF_INET, serve_echo, NULL);
  struct pbuf *p;
  (void)state;
  struct netconn *conn = dial_and_write(HOST4, server_port(s), "x", 1);
  assert_int_equal(netconn_recv_tcp_pbuf(conn, &p), ERR_OK);
  pbuf_free(p);
  hostnet_free(own);
  server_free(s); /* its connections have ended */
  netconn_delete(conn);
  device_free(d);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_half_close),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_resets_become_resets),
      cmocka_unit_test(test_abort_of_a_device_is_a_reset_for_the_host),
      cmocka_unit_test(test_many),
      cmocka_unit_test(test_slow_server),
      cmocka_unit_test(test_slow_device),
      cmocka_unit_test(test_long_both_ways),
      cmocka_unit_test(test_end_in_the_middle)};
  return cmocka_run_group_tests(tests, network_up, network_down);
}
