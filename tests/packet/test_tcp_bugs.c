/**
 * @file
 * TCP: what random scenarios (sim/soak.h) have found, each reduced to its segments.
 *
 * needs: tcp
 */
#include "packet_tcp.h"

/** Whatever fails: what was refused is not offered for ever. */
static void accept_again(void)
{
  app.refuses_data = false;
}

/** The retry shared a timer with delayed ACKs, and an ACK that left stopped it for good: here no
    other segment comes that would offer the data again (lwIP's tcp_recv(): "offered later"). */
PACKET_TEST(test_refused_data_are_offered_again_behind_an_ack)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  packet_at_end(accept_again);
  app.refuses_data = true;
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2, .data = "late");
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 6);
  expect_app_data("");
  app.refuses_data = false;
  advance(1000);
  expect_app_data("late");
  assert_int_equal(app.fins, 1);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  assert_null(tcp_active_pcbs);
}

/** RFC 9293 3.10.7.4, LAST-ACK: the connection ends, but data that were acknowledged to the peer
   and that the program has only put off were thrown away with it. */
PACKET_TEST(test_refused_data_outlive_the_last_ack)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  packet_at_end(accept_again);
  app.refuses_data = true;
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1, .data = "late");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 6);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 6);
  peer_says(.flags = TCP_ACK, .seq = 6, .ack = 2);
  expect_silence();
  assert_int_equal(app.errors, 0);
  app.refuses_data = false;
  advance(1000);
  expect_app_data("late");
  assert_int_equal(app.fins, 1);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  assert_null(tcp_active_pcbs);
}

/** RFC 9293 3.8.4: a program that has half-closed and waits for the other half has asked for
    keepalive, too; without it a peer that has lost power was waited for without end. */
PACKET_TEST(test_keepalive_when_half_closed)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  app.pcb->keep_idle = 10000;
#if LWIP_TCP_KEEPALIVE
  app.pcb->keep_intvl = 1000;
  app.pcb->keep_cnt = 2;
#endif
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  expect_silence();
  advance(10100);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  advance(10 * TCP_KEEPINTVL_DEFAULT);
  tcp_peer_ignores();
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  assert_null(tcp_active_pcbs);
}

static const struct packet_test tests[] = {
    TEST(test_refused_data_are_offered_again_behind_an_ack),
    TEST(test_refused_data_outlive_the_last_ack),
    TEST(test_keepalive_when_half_closed),
};

PACKET_MAIN(tests)
