/**
 * @file
 * TCP: data out of order are given up when the pool of receive buffers ran empty, and not reported
 * any more (RFC 2018 8).
 *
 * needs: tcp
 */
#include "packet_tcp.h"

static const u8_t mss_sack[8] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 1, 4, 2};

/* RFC 2018 8. */
PACKET_TEST(test_out_of_order_data_are_given_up)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = mss_sack, .opts_len = sizeof mss_sack});
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "def");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .sacks = 1, .sack = {{4, 7}});
  pbuf_free_ooseq();
  assert_null(app.pcb->ooseq);
  peer_says(.flags = TCP_ACK, .seq = 8, .ack = 1, .data = "h");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .sacks = 1, .sack = {{8, 9}});
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abcdefg");
  expect_app_data("abcdefgh");
}

static const struct packet_test tests[] = {TEST(test_out_of_order_data_are_given_up)};

PACKET_MAIN(tests)
