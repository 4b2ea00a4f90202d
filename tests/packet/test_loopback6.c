/**
 * @file
 * IPv6 to ourselves: ::1 on "lo", own addresses on every netif, groups (RFC 4291 2.5.3, RFC 4007
 * 4). needs: ipv6
 */
#include "packet.h"
#include "gossamer/timer.h"
#include "lwip/mld6.h"

static struct netif *lo(void)
{
  return netif_find("lo0");
}

static void send_udp(struct udp_pcb *pcb, const char *to, u16_t port, const char *text)
{
  ip_addr_t dst = ip_of(to);
  assert_int_equal(udp_sendto(pcb, app_pbuf(text, strlen(text)), &dst, port), ERR_OK);
}

static void test_the_interface(void)
{
  assert_non_null(lo());
  ip6_addr_t loopback = ip6_of("::1");
  assert_int_equal(netif_get_ip6_addr_match(lo(), &loopback), 0);
  assert_int_equal(netif_ip6_addr_state(lo(), 0), IP6_ADDR_PREFERRED);
  for (s8_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    assert_int_equal(netif_ip6_addr_state(lo(), i), IP6_ADDR_INVALID);
  }
}

/* It works before any other netif has IPv6. */
static void test_localhost(void)
{
  struct udp_pcb *server = app_udp("::1", 7);
  struct udp_pcb *client = app_udp("::", 1000);
  send_udp(client, "::1", 7, "hello");
  assert_non_null(lo()->loop_first); /* never from within the call that sends */
  advance(0);
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_ptr_equal(d->pcb, server);
  ip_addr_t loopback = ip_of("::1");
  assert_true(ip_addr_eq(&d->src, &loopback));
  assert_true(ip_addr_eq(&d->dst, &loopback));
  assert_memory_equal(d->data, "hello", 5);
  expect_silence();
  expect_no_drop();
}

/* A ping to ourselves is answered over the loopback. */
static void test_ping_to_localhost(void)
{
  struct frame ping = ping6("::1", "::1", 1, 2, "self", 4);
  assert_int_equal(netif_loop_output(lo(), app_pbuf(ping.data + 14, ping.len - 14)), ERR_OK);
  advance(0);
  advance(0);
  assert_int_equal(drop_count(DROP_ICMP6_UNWANTED_REPLY), LWIP_DROP_STATS);
  ignore_drops();
  expect_silence();
}

static void test_closed_port_of_localhost(void)
{
  struct udp_pcb *client = app_udp("::", 1000);
  send_udp(client, "::1", 9, "x");
  advance(0);
  expect_drop(DROP_UDP_NO_PORT);
  advance(0); /* the error comes back and goes to the pcb */
  expect_no_drop();
  expect_silence();
}

static void test_own_address_of_a_netif(void)
{
  net6_up();
  app_udp("::", 7);
  struct udp_pcb *client = app_udp("::", 1000);
  send_udp(client, "2001:db8::1", 7, "me");
  advance(0);
  expect_datagram("2001:db8::1", 1000, "me", 2);
  send_udp(client, "fe80::ff:fe00:1", 7, "me");
  advance(0);
  expect_datagram("fe80::ff:fe00:1", 1000, "me", 2);
  expect_silence();
  expect_no_drop();
}

/* Another netif's address is ours as well, and its packets do not cross the wire. */
static void test_own_address_of_another_netif(void)
{
  net6_up();
  struct packet_net *second = net_add_netif();
  net6_up_on(second);
  app_udp("2001:db8:1::1", 7);
  struct udp_pcb *client = app_udp("2001:db8:1::1", 1000);
  send_udp(client, "2001:db8:1::1", 7, "me");
  advance(0);
  expect_datagram("2001:db8:1::1", 1000, "me", 2);
  expect_silence();
}

#if LWIP_MULTICAST_TX_OPTIONS
/* Whoever is in the group and wants to hear himself does; the others get it by the wire. */
static void test_groups(void)
{
  net6_up();
  app_udp("::", 7);
  struct udp_pcb *client = app_udp("::", 1000);
  udp_set_multicast_netif_index(client, netif_get_index(&net.netif));
  udp_set_flags(client, UDP_FLAGS_MULTICAST_LOOP);
  send_udp(client, "ff02::1", 7, "all");
  advance(0);
  expect_datagram("fe80::ff:fe00:1", 1000, "all", 3);
  check_udp(check_ip6(tx(), "fe80::ff:fe00:1", "ff02::1", NH_UDP), 1000, 7, "all", 3);
  udp_clear_flags(client, UDP_FLAGS_MULTICAST_LOOP);
  send_udp(client, "ff02::1", 7, "all");
  advance(0);
  expect_no_datagram();
  check_udp(check_ip6(tx(), "fe80::ff:fe00:1", "ff02::1", NH_UDP), 1000, 7, "all", 3);
  expect_silence();
  expect_no_drop();
}

/* RFC 4007 4: interface scope never reaches a wire */
static void test_groups_of_interface_scope(void)
{
  net6_up();
  app_udp("::", 7);
  struct udp_pcb *client = app_udp("::", 1000);
  udp_set_multicast_netif_index(client, netif_get_index(&net.netif));
  send_udp(client, "ff01::1", 7, "here");
  advance(0);
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_memory_equal(d->data, "here", 4);
  expect_silence();
}
#endif

/* ::1 as source would leave the host. */
static void test_the_loopback_address_stays_inside(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("::1", 1000);
  ip_addr_t dst = ip_of("2001:db8::2");
  assert_int_not_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 7), ERR_OK);
  expect_silence();
}

static void test_idle_loopback_needs_no_timer(void)
{
  assert_int_equal(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
  send_udp(app_udp("::", 1000), "::1", 7, "x");
  assert_int_equal(sys_timeouts_sleeptime(), 0);
  advance(0);
  advance(0);
  assert_int_equal(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_the_interface, PACKET_ONCE),
    TEST_FLAGS(test_localhost, PACKET_ONCE),
    TEST_FLAGS(test_ping_to_localhost, PACKET_ONCE),
    TEST_FLAGS(test_closed_port_of_localhost, PACKET_ONCE),
    TEST_FLAGS(test_own_address_of_a_netif, PACKET_ONCE),
    TEST_FLAGS(test_own_address_of_another_netif, PACKET_ONCE),
#if LWIP_MULTICAST_TX_OPTIONS
    TEST_FLAGS(test_groups, PACKET_ONCE),
    TEST_FLAGS(test_groups_of_interface_scope, PACKET_ONCE),
#endif
    TEST_FLAGS(test_the_loopback_address_stays_inside, PACKET_ONCE),
    TEST_FLAGS(test_idle_loopback_needs_no_timer, PACKET_ONCE),
};

PACKET_MAIN(tests)
