/**
 * @file
 * TCP: connections open, carry data both ways and close (RFC 9293 3.5, 3.6).
 *
 * needs: tcp; also: lean
 */
#include "packet_tcp.h"

/* RFC 9293 3.5, 3.6. */
PACKET_TEST(test_passive_open_data_close)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(app.accepted, 1);
  peer_says(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .data = "hello");
  expect_app_data("hello");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 6);
  app_write("world!", 6);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 6, .data = "world!");
  peer_says(.flags = TCP_ACK, .seq = 6, .ack = 7);
  assert_int_equal(app.sent, 6);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 6, .ack = 7);
  expect_segment(.flags = TCP_ACK, .seq = 7, .ack = 7);
  assert_int_equal(app.fins, 1);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 7, .ack = 7);
  peer_says(.flags = TCP_ACK, .seq = 7, .ack = 8);
  expect_silence();
  assert_null(tcp_active_pcbs);
  expect_no_drop();
}

/* RFC 9293 3.5, 3.6. */
PACKET_TEST(test_active_open_data_close)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  assert_int_equal(app.connected, 1);
  app_write("ping", 4);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "ping");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5, .data = "pong");
  expect_app_data("pong");
  expect_segment(.flags = TCP_ACK, .seq = 5, .ack = 5);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 5, .ack = 5);
  peer_says(.flags = TCP_ACK, .seq = 5, .ack = 6);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 5, .ack = 6);
  expect_segment(.flags = TCP_ACK, .seq = 6, .ack = 6);
  assert_null(tcp_active_pcbs);
  advance(2 * TCP_MSL);
}

/* RFC 9293 3.1, RFC 8200 8.1. */
PACKET_TEST(test_over_ip6)
{
  tcp_establish(&(struct tcp_peer_setup){.is_v6 = LWIP_IPV6});
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "six");
  expect_app_data("six");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 4);
  app_write("seven", 5);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 4, .data = "seven");
}

/* RFC 6298 5. */
PACKET_TEST(test_lost_segment_is_sent_again)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  app_write("x", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  advance(199);
  expect_silence();
  advance(3000);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  tcp_peer_ignores();
  assert_int_equal(app.sent, 1);
  advance(60000);
  expect_silence();
}

/* RFC 9293 3.10.7.4 step 7. */
PACKET_TEST(test_out_of_order_data_wait_for_the_hole)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "def");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_app_data("");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 7);
  expect_app_data("abcdef");
}

/* RFC 9293 3.10.7.1. */
PACKET_TEST(test_closed_port_answers_with_reset)
{
  tcp_peer_reset();
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_RST | TCP_ACK, .ack = 1);
  expect_drop(DROP_TCP_NO_PORT);
}

/* RFC 9293 3.10.7.4 step 2. */
PACKET_TEST(test_reset_ends_the_connection)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_RST);
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_passive_open_data_close),
    TEST(test_active_open_data_close),
    TEST(test_over_ip6),
    TEST(test_lost_segment_is_sent_again),
    TEST_IF(TCP_QUEUE_OOSEQ, test_out_of_order_data_wait_for_the_hole),
    TEST(test_closed_port_answers_with_reset),
    TEST(test_reset_ends_the_connection),
};

PACKET_MAIN(tests)
