/**
 * @file
 * TCP over IPv6 has the hop limit that a router names where nobody has set one (RFC 4861 6.3.4): in
 * each segment, with a connection or without.
 *
 * needs: ipv6
 * needs: tcp
 */
#include "packet_tcp.h"

#if LWIP_ND6
#include "router6.h"

static void router_names(u8_t hop_limit)
{
  struct ra_spec spec = ra_of(0xfe, 0);
  spec.hop_limit = hop_limit;
  router_says(spec, NULL);
  tx_discard();
}

#define expect_limit(limit, ...) assert_int_equal(expect_segment(__VA_ARGS__)->ttl, (limit))

static void begin(u8_t hop_limit)
{
  tcp_peer_reset();
  tcp_peer_use(true);
  router_names(hop_limit);
}

/* Handshake, data, FIN, the record of TIME-WAIT. */
PACKET_TEST(test_accepted)
{
  begin(99);
  tcp_listen_up();
  peer_says(.flags = TCP_SYN);
  expect_limit(99, .flags = TCP_SYN | TCP_ACK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  app_write("data", 4);
  expect_limit(99, .flags = TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  router_names(50); /* from now on */
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_limit(50, .flags = TCP_FIN | TCP_ACK, .seq = 5);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 6);
  expect_limit(50, .flags = TCP_ACK, .seq = 6, .ack = 2);
  router_names(51);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 6);
  expect_limit(51, .flags = TCP_ACK, .seq = 6, .ack = 2);
}

PACKET_TEST(test_connecting)
{
  begin(99);
  tcp_connect_up();
  expect_limit(99, .flags = TCP_SYN);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  expect_limit(99, .flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  tcp_abort(app.pcb);
  expect_limit(99, .flags = TCP_RST | TCP_ACK, .seq = 1);
}

PACKET_TEST(test_reset_of_nobody)
{
  begin(99);
  peer_says(.flags = TCP_SYN, .dst_port = 9);
  expect_limit(99, .flags = TCP_RST | TCP_ACK);
  expect_drop(DROP_TCP_NO_PORT);
}

/* What the program has set is what is sent; and a listener's is that of its connections. */
PACKET_TEST(test_set_by_the_program)
{
  begin(99);
  tcp_listen_up();
  app.listener->ttl = 7;
  peer_says(.flags = TCP_SYN);
  expect_limit(7, .flags = TCP_SYN | TCP_ACK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  app_write("data", 4);
  expect_limit(7, .flags = TCP_ACK, .seq = 1);
}

/* Without a router: the default. */
PACKET_TEST(test_default)
{
  tcp_establish(&(struct tcp_peer_setup){.is_v6 = true});
  app_write("data", 4);
  expect_limit(TCP_TTL, .flags = TCP_ACK, .seq = 1);
}

#if LWIP_IPV4
/* IPv4 has its own, on a listener for both families as well. */
PACKET_TEST(test_dual_stack)
{
  tcp_peer_reset();
  net6_up();
  router_names(99);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  assert_non_null(pcb);
  app.pcb = pcb;
  assert_int_equal(tcp_bind(pcb, NULL, 80), ERR_OK);
  app.listener = tcp_listen(pcb);
  assert_non_null(app.listener);
  peer_says(.flags = TCP_SYN);
  expect_limit(TCP_TTL, .flags = TCP_SYN | TCP_ACK);
  tcp_peer_use(true);
  peer_says(.flags = TCP_SYN);
  expect_limit(99, .flags = TCP_SYN | TCP_ACK);
}
#endif

static const struct packet_test tests[] = {
    TEST(test_accepted),           TEST(test_connecting), TEST(test_reset_of_nobody),
    TEST(test_set_by_the_program), TEST(test_default),
#if LWIP_IPV4
    TEST(test_dual_stack),
#endif
};
PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
