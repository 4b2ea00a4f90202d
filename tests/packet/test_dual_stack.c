/**
 * @file
 * Endpoints for both IP versions, for one of them, and addresses of one in the other's clothes (RFC
 * 3493 3.7, RFC 4038 4.2, RFC 4291 2.5.5.2).
 * needs: ipv4
 * needs: ipv6
 */
#include "packet.h"

#define PEER4 "10.0.0.2"
#define US4   "10.0.0.1"
#define PEER6 "2001:db8::2"
#define US6   "2001:db8::1"

static err_t send_to(struct udp_pcb *pcb, const char *dst)
{
  ip_addr_t addr = ip_of(dst);
  return udp_sendto(pcb, app_pbuf("hello", 5), &addr, 4000);
}

static void expect_sent4(void)
{
  check_udp(check_ip4(tx(), US4, PEER4, IP_PROTO_UDP), 7, 4000, "hello", 5);
  expect_silence();
}

static void expect_sent6(void)
{
  check_udp(check_ip6(tx(), US6, PEER6, NH_UDP), 7, 4000, "hello", 5);
  expect_silence();
}

static void test_one_pcb_for_both(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("*", 7);
  rx(udp4(PEER4, 4000, US4, 7, "4", 1));
  expect_datagram(PEER4, 4000, "4", 1);
  rx(udp6(PEER6, 4000, US6, 7, "6", 1));
  expect_datagram(PEER6, 4000, "6", 1);
  assert_int_equal(send_to(pcb, PEER4), ERR_OK);
  expect_sent4();
  assert_int_equal(send_to(pcb, PEER6), ERR_OK);
  expect_sent6();
  expect_no_drop();
}

/* RFC 3493 5.3 */
static void test_for_ip6_alone(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("::", 7);
  struct frame f = udp4(PEER4, 4000, US4, 7, "4", 1);
  rx(f);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PORT, &f);
  expect_drop(DROP_UDP_NO_PORT);
  expect_no_datagram();
  assert_int_equal(send_to(pcb, PEER4), ERR_VAL);
  assert_int_equal(send_to(pcb, "::ffff:10.0.0.2"), ERR_VAL);
  expect_silence();
}

static void test_for_ip4_alone(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp(NULL, 7);
  struct frame f = udp6(PEER6, 4000, US6, 7, "6", 1);
  rx(f);
  check_icmp6_error(tx(), T6_UNREACHABLE, 4, &f);
  expect_drop(DROP_UDP_NO_PORT);
  expect_no_datagram();
  assert_int_equal(send_to(pcb, PEER6), ERR_VAL);
  expect_silence();
}

/* One port, one pcb for each; a third for both is in their way. */
static void test_a_port_is_shared_by_families(void)
{
  net6_up();
  app_udp(NULL, 7);
  app_udp("::", 7);
  struct udp_pcb *dual = udp_new_ip_type(IPADDR_TYPE_ANY);
  assert_non_null(dual);
  assert_int_equal(udp_bind(dual, IP_ANY_TYPE, 7), ERR_USE);
  rx(udp4(PEER4, 4000, US4, 7, "4", 1));
  expect_datagram(PEER4, 4000, "4", 1);
  rx(udp6(PEER6, 4000, US6, 7, "6", 1));
  expect_datagram(PEER6, 4000, "6", 1);
}

/* ::ffff:a.b.c.d at an API is a.b.c.d; it never appears on a wire (RFC 4038 4.2). */
static void test_mapped_destination(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("*", 7);
  assert_int_equal(send_to(pcb, "::ffff:10.0.0.2"), ERR_OK);
  expect_sent4();
  ip_addr_t mapped = ip_of("::ffff:10.0.0.2");
  ip_addr_t src = ip_of("::ffff:10.0.0.1");
  assert_int_equal(udp_sendto_if(pcb, app_pbuf("hello", 5), &mapped, 4000, &net.netif), ERR_OK);
  expect_sent4();
  assert_int_equal(udp_sendto_if_src(pcb, app_pbuf("hello", 5), &mapped, 4000, &net.netif, &src),
                   ERR_OK);
  expect_sent4();
  assert_int_equal(udp_connect(pcb, &mapped, 4000), ERR_OK);
  assert_true(IP_IS_V4(&pcb->remote_ip));
  assert_int_equal(udp_send(pcb, app_pbuf("hello", 5)), ERR_OK);
  expect_sent4();
  rx(udp4(PEER4, 4000, US4, 7, "4", 1));
  expect_datagram(PEER4, 4000, "4", 1);
}

static void test_bound_to_a_mapped_address(void)
{
  net6_up();
  ip_addr_t mapped = ip_of("::ffff:10.0.0.1");
  struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
  assert_non_null(pcb);
  udp_recv(pcb, app_udp_recv, NULL);
  assert_int_equal(udp_bind(pcb, &mapped, 7), ERR_OK);
  assert_true(IP_IS_V4(&pcb->local_ip));
  rx(udp4(PEER4, 4000, US4, 7, "4", 1));
  expect_datagram(PEER4, 4000, "4", 1);
  struct udp_pcb *v6only = udp_new_ip_type(IPADDR_TYPE_V6);
  assert_non_null(v6only);
  assert_int_equal(udp_bind(v6only, &mapped, 8), ERR_VAL);
}

/* Nobody can pass for an IPv4 host by a mapped source (RFC 4942 2.2, B4). */
static void test_mapped_addresses_from_the_wire(void)
{
  net6_up();
  app_udp("*", 7);
  rx(udp6("::ffff:10.0.0.2", 4000, US6, 7, "x", 1));
  expect_drop(DROP_IP6_BAD_SRC);
  struct udp6_spec spec = udp6_spec_of(PEER6, 4000, "::ffff:10.0.0.1", 7);
  rx(udp6_opts(spec, "x", 1));
  expect_drop(DROP_IP6_BAD_DST);
  expect_no_datagram();
  expect_silence();
}

/* Connected to a peer of one family it hears that peer, yet may still send to the other. */
static void test_connected_dual_pcb(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("*", 7);
  ip_addr_t peer6 = ip_of(PEER6);
  ip_addr_t peer4 = ip_of(PEER4);
  assert_int_equal(udp_connect(pcb, &peer6, 4000), ERR_OK);
  rx(udp4(PEER4, 4000, US4, 7, "4", 1));
  expect_no_datagram();
  tx_discard();
  rx(udp6(PEER6, 4000, US6, 7, "6", 1));
  expect_datagram(PEER6, 4000, "6", 1);
  assert_int_equal(send_to(pcb, PEER4), ERR_OK);
  expect_sent4();
  assert_int_equal(udp_connect(pcb, &peer4, 4000), ERR_OK); /* and to one of the other */
  assert_int_equal(udp_send(pcb, app_pbuf("hello", 5)), ERR_OK);
  expect_sent4();
  rx(udp4(PEER4, 4000, US4, 7, "4", 1));
  expect_datagram(PEER4, 4000, "4", 1);
  udp_disconnect(pcb);
  rx(udp6("2001:db8::9", 1, US6, 7, "6", 1));
  expect_datagram("2001:db8::9", 1, "6", 1);
  rx(udp4("10.0.0.9", 1, US4, 7, "4", 1));
  expect_datagram("10.0.0.9", 1, "4", 1);
}

#if LWIP_UDP_ERRORS
static int errors;

static void on_error(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)arg;
  (void)pcb;
  (void)err;
  (void)e;
  errors++;
}

static void test_errors_of_both(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("*", 7);
  errors = 0;
  udp_err(pcb, on_error);
  assert_int_equal(send_to(pcb, PEER4), ERR_OK);
  struct frame sent = frame_copy(*check_ip4(tx(), US4, PEER4, IP_PROTO_UDP));
  rx(icmp4_error(PEER4, US4, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 1);
  assert_int_equal(send_to(pcb, PEER6), ERR_OK);
  sent = frame_copy(*check_ip6(tx(), US6, PEER6, NH_UDP));
  rx(icmp6_error(PEER6, US6, T6_UNREACHABLE, 4, 0, &sent, 0));
  assert_int_equal(errors, 2);
  expect_no_drop();
}
#endif

static int raw_calls;

static u8_t on_raw(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  (void)arg;
  (void)pcb;
  (void)p;
  (void)addr;
  raw_calls++;
  return 0;
}

static void test_raw_pcb_for_both(void)
{
  net6_up();
  struct raw_pcb *pcb = raw_new_ip_type(IPADDR_TYPE_ANY, 200);
  assert_non_null(pcb);
  raw_calls = 0;
  raw_recv(pcb, on_raw, NULL);
  rx(ip4(PEER4, US4, 200, "x", 1));
  rx(ip6(PEER6, US6, 200, "x", 1));
  assert_int_equal(raw_calls, 2);
  ip_addr_t mapped = ip_of("::ffff:10.0.0.2");
  ip_addr_t peer6 = ip_of(PEER6);
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &mapped), ERR_OK);
  check_ip4(tx(), US4, PEER4, 200);
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &peer6), ERR_OK);
  check_ip6(tx(), US6, PEER6, 200);
  expect_silence();
}

/* A netif for IPv4 says nothing in IPv6 until it is told to, and the other way round. */
static void test_each_family_is_on_its_own(void)
{
  net6_up();
  ip4_addr_t none;
  ip4_addr_set_any(&none);
  netif_set_addr(&net.netif, &none, &none, &none);
  tx_discard();
  rx(ping6("fe80::2", "fe80::ff:fe00:1", 1, 1, "x", 1));
  check_pong6(tx(), 1, 1, "x", 1);
  struct udp_pcb *pcb = app_udp("*", 7);
  assert_int_equal(send_to(pcb, PEER6), ERR_OK);
  expect_sent6();
}

static const struct packet_test tests[] = {
    TEST(test_one_pcb_for_both),
    TEST(test_for_ip6_alone),
    TEST(test_for_ip4_alone),
    TEST(test_a_port_is_shared_by_families),
    TEST_FLAGS(test_mapped_destination, PACKET_ONCE),
    TEST(test_bound_to_a_mapped_address),
    TEST(test_mapped_addresses_from_the_wire),
    TEST(test_connected_dual_pcb),
#if LWIP_UDP_ERRORS
    TEST(test_errors_of_both),
#endif
    TEST(test_raw_pcb_for_both),
    TEST_FLAGS(test_each_family_is_on_its_own, PACKET_ONCE),
};

PACKET_MAIN(tests)
