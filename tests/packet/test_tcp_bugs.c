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
    other segment comes that would offer the data again (lwIP's tcp_recv(): "offered later")
   (RFC 9293 3.10.3). */
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

/** RFC 9293 3.10.7.4, FIN: more than one chain of pbufs holds (64 KiB) waits behind a hole, and the
    FIN behind it is reached only while the program takes the data. That changed no state: a reset
    that belonged to TIME-WAIT (RFC 1337) ended the connection with an error. */
PACKET_TEST(test_fin_behind_more_than_one_chain)
{
  enum { SEGMENTS = 48, LEN = 1400 };
  static u8_t bytes[LEN];
  if (TCP_WND <= (SEGMENTS + 1) * LEN) {
    return;
  }
  static const u8_t scaled[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 7};
  tcp_establish(&(struct tcp_peer_setup){.opts = scaled, .opts_len = sizeof scaled});
  tcp_window_open();
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  tcp_peer_ignores();
  for (u32_t i = 1; i <= SEGMENTS; i++) {
    u8_t fin = i == SEGMENTS ? TCP_FIN : 0;
    peer_says(.flags = TCP_ACK | fin, .seq = 1 + i * LEN, .ack = 2, .data = bytes, .len = LEN);
    tcp_peer_ignores();
  }
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = bytes, .len = LEN);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2 + (SEGMENTS + 1) * LEN);
  assert_int_equal(app.len, (SEGMENTS + 1) * LEN);
  assert_int_equal(app.fins, 1);
  assert_int_equal(app.pcb->state, TIME_WAIT);
  peer_says(.flags = TCP_RST, .seq = 2 + (SEGMENTS + 1) * LEN);
  assert_int_equal(app.errors, 0);
  expect_drop(DROP_TCP_TIMEWAIT);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  assert_null(tcp_active_pcbs);
}

/** RFC 9293 3.10.7.4, "segments with overlap": a FIN that comes again without the data that it came
    with before, both behind a hole, was queued twice, and the queue was in disorder. */
PACKET_TEST(test_fin_behind_a_hole_comes_again_alone)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 4, .ack = 1, .data = "def");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 7, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_DUPLICATE);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 6, .ack = 1); /* of somebody who cannot count */
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_DUPLICATE);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 8);
  expect_app_data("abcdef");
  assert_int_equal(app.fins, 1);
  assert_int_equal(app.pcb->state, CLOSE_WAIT);
}

/** RFC 9293 3.10.7.4, FIN: what a peer says behind its FIN is nothing; with the FIN reached by way
    of the queue it stayed there. */
PACKET_TEST(test_data_behind_a_fin_are_forgotten)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 4, .ack = 1, .data = "def");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 7, .ack = 1, .data = "ghi");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 8);
  expect_app_data("abcdef");
  assert_int_equal(app.fins, 1);
  assert_null(app.pcb->ooseq);
}

/** lwip/tcp.h, tcp_write(): a program that writes outside of the connection's callbacks and forgets
    tcp_output() was never heard, if nothing else happened (RFC 9293 3.10.2). */
PACKET_TEST(test_written_without_tcp_output)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(tcp_write(app.pcb, "late", 4, TCP_WRITE_FLAG_COPY), ERR_OK);
  expect_silence();
  advance(200);
  expect_segment(.flags = TCP_PSH | TCP_ACK, .seq = 1, .ack = 1, .data = "late");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  assert_int_equal(tcp_write(app.pcb, "at once", 7, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_output(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_PSH | TCP_ACK, .seq = 5, .ack = 1, .data = "at once");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 12);
  advance(10000);
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_refused_data_are_offered_again_behind_an_ack),
    TEST(test_refused_data_outlive_the_last_ack),
    TEST(test_keepalive_when_half_closed),
    TEST(test_fin_behind_more_than_one_chain),
    TEST(test_fin_behind_a_hole_comes_again_alone),
    TEST(test_data_behind_a_fin_are_forgotten),
    TEST(test_written_without_tcp_output),
};

PACKET_MAIN(tests)
