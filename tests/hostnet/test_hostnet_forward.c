/**
 * @file
 * Ports of the host that lead to devices, and what connects networks and devices: names, busy
 * ports, two networks and many devices at once, unplugging.
 *
 * needs: threads, ipv4, ipv6, tcp
 */
#include "common.h"
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lwip/etharp.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/udp.h"
#include "lwip/tcp.h"
#include "port/ethdev.h"
#include "hostnet/hostnet_priv.h"

#define DEVICE_PORT 7
#define LONG_LEN    ((size_t)2 * 1000 * 1000)

/* --- a device's servers, by its raw API: echo --- */

static err_t echo_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  (void)arg;
  (void)err;
  if (p == NULL) {
    return tcp_close(pcb);
  }
  if (p->tot_len > tcp_sndbuf(pcb)) {
    return ERR_MEM; /* offered again */
  }
  for (struct pbuf *q = p; q != NULL; q = q->next) {
    if (tcp_write(pcb, q->payload, q->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      tcp_abort(pcb);
      return ERR_ABRT;
    }
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t echo_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  if (pcb != NULL && err == ERR_OK) {
    tcp_recv(pcb, echo_recv);
  }
  return ERR_OK;
}

static void udp_echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                     u16_t port)
{
  (void)arg;
  (void)udp_sendto(pcb, p, addr, port);
  pbuf_free(p);
}

/** Echo servers in the current instance, which ends them. */
static void serve(void)
{
  LOCK_TCPIP_CORE();
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  assert_int_equal(tcp_bind(pcb, IP_ANY_TYPE, DEVICE_PORT), ERR_OK);
  tcp_accept(tcp_listen(pcb), echo_accept);
  struct udp_pcb *udp = udp_new_ip_type(IPADDR_TYPE_ANY);
  assert_int_equal(udp_bind(udp, IP_ANY_TYPE, DEVICE_PORT), ERR_OK);
  udp_recv(udp, udp_echo, NULL);
  UNLOCK_TCPIP_CORE();
}

static int setup(void **state)
{
  network_up(state);
  serve();
  return 0;
}

/** It works, or the line that says why not is what the test shows. */
static u16_t forward(struct hostnet *to, const char *spec)
{
  char error[HOSTNET_ERROR_LEN] = "";
  int port = hostnet_forward(to, spec, error);
  assert_string_equal(error, "");
  assert_true(port > 0);
  return (u16_t)port;
}

static void check_echo(int fd)
{
  char data[8] = "";
  assert_true(fd >= 0);
  assert_int_equal(send(fd, "hello", 5, MSG_NOSIGNAL), 5);
  assert_int_equal(shutdown(fd, SHUT_WR), 0);
  assert_int_equal(recv(fd, data, 5, MSG_WAITALL), 5);
  assert_memory_equal(data, "hello", 5);
  assert_int_equal(recv(fd, data, 1, 0), 0);
  close(fd);
}

static void test_tcp(void **state)
{
  u16_t port = forward(net, "tcp:0=device:7");
  (void)state;
  check_echo(host_dial(AF_INET, port));
  check_echo(host_dial(AF_INET6, port));
  check_echo(host_dial(AF_INET, forward(net, "tcp:127.0.0.1:0=device.gossamer:7")));
}

static void test_tcp_by_address(void **state)
{
  char spec[64];
  ip4_addr_t addr = device_ip4(device);
  (void)state;
  snprintf(spec, sizeof spec, "tcp:[::1]:0=%s:7", ip4addr_ntoa(&addr));
  check_echo(host_dial(AF_INET6, forward(net, spec)));
}

static void *write_long(void *arg)
{
  uint8_t *data = (uint8_t *)malloc(LONG_LEN);
  int fd = *(int *)arg;
  pattern_fill(data, LONG_LEN, 0);
  for (size_t sent = 0; sent < LONG_LEN;) {
    ssize_t n = send(fd, data + sent, LONG_LEN - sent, MSG_NOSIGNAL);
    if (n <= 0) {
      break;
    }
    sent += (size_t)n;
  }
  shutdown(fd, SHUT_WR);
  free(data);
  return NULL;
}

/** Both ways at once. */
static void test_long_echo(void **state)
{
  int fd = host_dial(AF_INET, forward(net, "tcp:127.0.0.1:0=device:7"));
  uint8_t data[4096];
  pthread_t writer;
  size_t total = 0;
  ssize_t n;
  (void)state;
  assert_int_equal(pthread_create(&writer, NULL, write_long, &fd), 0);
  while ((n = recv(fd, data, sizeof data, 0)) > 0) {
    for (ssize_t i = 0; i < n; i++) {
      assert_true(data[i] == pattern_byte(total + (size_t)i));
    }
    total += (size_t)n;
  }
  pthread_join(writer, NULL);
  assert_int_equal(n, 0);
  assert_int_equal(total, LONG_LEN);
  close(fd);
}

static void test_refused(void **state)
{
  char byte;
  int fd = host_dial(AF_INET, forward(net, "tcp:127.0.0.1:0=device:9"));
  (void)state;
  assert_true(fd >= 0);
  assert_int_equal(recv(fd, &byte, 1, 0), -1); /* a reset, once the device has sent its own */
  close(fd);
}

static void test_udp(void **state)
{
  static const int families[] = {AF_INET, AF_INET6};
  u16_t to = forward(net, "udp:0=device:7");
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(families); i++) {
    for (int repeat = 0; repeat < 3; repeat++) { /* each from a port of its own */
      struct sockaddr_storage addr;
      socklen_t len = sizeof addr;
      u16_t own;
      char data[8];
      int fd = host_udp(families[i], &own);
      assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
      ((struct sockaddr_in *)(void *)&addr)->sin_port = lwip_htons(to);
      assert_int_equal(sendto(fd, "hello", 5, 0, (struct sockaddr *)&addr, len), 5);
      assert_int_equal(recv(fd, data, sizeof data, 0), 5);
      assert_memory_equal(data, "hello", 5);
      close(fd);
    }
  }
}

/** One line that says what to do. */
static void test_busy_port(void **state)
{
  char error[HOSTNET_ERROR_LEN] = "";
  char expected[HOSTNET_ERROR_LEN];
  char spec[64];
  (void)state;
  u16_t port = forward(net, "tcp:127.0.0.1:0=device:7");
  snprintf(spec, sizeof spec, "tcp:127.0.0.1:%u=device:7", port);
  assert_int_equal(hostnet_forward(net, spec, error), -1);
  snprintf(expected, sizeof expected,
           "TCP port %u of 127.0.0.1 is in use: end the program that has it, or choose another",
           port);
  assert_string_equal(error, expected);
  assert_int_equal(hostnet_forward(net, spec, NULL), -1);
}

/** The socket listens, but the kernel does not take it into the set that is waited for: as if there
    had been nothing. */
static void test_not_waited_for(void **state)
{
  struct hostnet *bare = (struct hostnet *)calloc(1, sizeof *bare);
  char error[HOSTNET_ERROR_LEN] = "";
  (void)state;
  assert_non_null(bare);
  bare->loop.epoll_fd = -1;
  LOCK_TCPIP_CORE();
  assert_int_equal(forward_add(bare, "tcp:0=device:7", error), -1);
  UNLOCK_TCPIP_CORE();
  assert_non_null(strstr(error, strerror(EBADF)));
  assert_null(bare->forwards);
  free(bare);
}

static void test_bad_specs(void **state)
{
  static const char *const bad[] = {"",
                                    "8080",
                                    "tcp:8080",
                                    "tcp:8080=",
                                    "tcp:8080=:80",
                                    "tcp:8080=gossamer",
                                    "tcp:8080=gossamer:0",
                                    "tcp:99999=gossamer:80",
                                    "tcp:x=gossamer:80",
                                    "sctp:8080=gossamer:80",
                                    "tcp:[::1:8080=gossamer:80"};
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    char error[HOSTNET_ERROR_LEN] = "";
    assert_int_equal(hostnet_forward(net, bad[i], error), -1);
    assert_true(strlen(error) > 0);
    assert_null(strchr(error, '\n'));
  }
}

static void test_bad_configuration(void **state)
{
  static const struct hostnet_config bad[] = {
      {.ip4 = "10.77.0"}, {.ip4 = "ten"}, {.ip6_prefix = "fd00::1"}, {.ip6_prefix = "ff02::"}};
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    char error[HOSTNET_ERROR_LEN] = "";
    assert_null(hostnet_new(&bad[i], error));
    assert_true(strlen(error) > 0);
  }
}

/** Another network knows other devices. Who connects to one that is not there yet is in nobody's
    way. */
static void test_two_networks(void **state)
{
  struct hostnet_config config = {
      .ip4 = "192.168.44.1", .ip6_prefix = "fd00:44::", .resolv_conf = "/dev/null"};
  struct hostnet *other = hostnet_new(&config, NULL);
  (void)state;
  assert_non_null(other);
  int early = host_dial(AF_INET, forward(other, "tcp:127.0.0.1:0=late:7"));
  struct device *d = device_new(other, "late");
  ip4_addr_t addr = device_ip4(d);
  assert_int_equal(ip4_addr1(&addr), 192);
  serve();
  check_echo(host_dial(AF_INET, forward(other, "tcp:127.0.0.1:0=late:7")));
  check_echo(host_dial(AF_INET, forward(net, "tcp:127.0.0.1:0=device:7")));
  close(early);
  device_free(d);
  hostnet_free(other);
}

/** A frame for everybody: by the next one that cannot be handed over the switch learns that a
   device is gone, and the gateway's own may be minutes apart. */
static void call_everybody(void)
{
  LOCK_TCPIP_CORE();
  (void)etharp_gratuitous(&device->dev->own);
  UNLOCK_TCPIP_CORE();
}

/** Devices talk to each other by the switch, without the gateway. */
static void test_device_to_device(void **state)
{
  struct device *d = device_new(net, "second");
  char text[IP4ADDR_STRLEN_MAX];
  ip4_addr_t addr = device_ip4(device);
  struct hostnet_stats before, after;
  uint8_t data[8];
  (void)state;
  hostnet_stats(net, &before);
  struct netconn *conn =
      dial_and_write(ip4addr_ntoa_r(&addr, text, sizeof text), DEVICE_PORT, "hello", 5);
  assert_int_equal(netconn_shutdown(conn, 0, 1), ERR_OK);
  assert_int_equal(conn_read_all(conn, data, sizeof data), 5);
  netconn_delete(conn);
  hostnet_stats(net, &after);
  assert_int_equal(after.bytes_to_host, before.bytes_to_host);
  assert_int_equal(after.ports_now, 2);
  device_free(d);
  wait_until((call_everybody(), hostnet_stats(net, &after), after.ports_now == 1)); /* unplugged */
}

static void test_all_ports(void **state)
{
  int fds[HOSTNET_PORTS_MAX];
  struct hostnet *own = network_new();
  (void)state;
  for (int i = 0; i < HOSTNET_PORTS_MAX; i++) {
    fds[i] = hostnet_port(own);
    assert_true(fds[i] >= 0);
  }
  assert_int_equal(hostnet_port(own), -1);
  for (int i = 0; i < HOSTNET_PORTS_MAX; i++) {
    close(fds[i]);
  }
  struct hostnet_stats stats;
  wait_until((hostnet_stats(own, &stats), stats.ports_now == 0));
  int again = hostnet_port(own); /* the place of one that was unplugged */
  assert_true(again >= 0);
  hostnet_free(own);
  close(again);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_tcp),
                                     cmocka_unit_test(test_tcp_by_address),
                                     cmocka_unit_test(test_long_echo),
                                     cmocka_unit_test(test_refused),
                                     cmocka_unit_test(test_udp),
                                     cmocka_unit_test(test_busy_port),
                                     cmocka_unit_test(test_not_waited_for),
                                     cmocka_unit_test(test_bad_specs),
                                     cmocka_unit_test(test_bad_configuration),
                                     cmocka_unit_test(test_two_networks),
                                     cmocka_unit_test(test_device_to_device),
                                     cmocka_unit_test(test_all_ports)};
  return cmocka_run_group_tests(tests, setup, network_down);
}
