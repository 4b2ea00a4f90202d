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

enum { QUEUED_SEGMENTS = 48, QUEUED_LEN = 1400 };
static u8_t queued_bytes[QUEUED_LEN];

/** A connection in which more than one chain of pbufs holds (64 KiB) waits behind a hole: one
    segment. The last one has `last_flag`, too. @return false: the window is too small */
static bool queue_more_than_one_chain(bool is_shut, u8_t last_flag)
{
  static const u8_t scaled[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 7};
  if (TCP_WND <= (QUEUED_SEGMENTS + 1) * QUEUED_LEN) {
    return false;
  }
  tcp_establish(&(struct tcp_peer_setup){.opts = scaled, .opts_len = sizeof scaled});
  tcp_window_open();
  if (is_shut) {
    assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  }
  tcp_peer_ignores();
  for (u32_t i = 1; i <= QUEUED_SEGMENTS; i++) {
    u8_t flag = i == QUEUED_SEGMENTS ? last_flag : 0;
    peer_says(.flags = TCP_ACK | flag, .seq = 1 + i * QUEUED_LEN, .ack = 1U + is_shut,
              .data = queued_bytes, .len = QUEUED_LEN);
    tcp_peer_ignores();
  }
  return true;
}

/** RFC 9293 3.10.7.4, FIN: the FIN behind more than one chain is reached only while the program
    takes the data. That changed no state: a reset that belonged to TIME-WAIT (RFC 1337) ended the
    connection with an error. */
PACKET_TEST(test_fin_behind_more_than_one_chain)
{
  if (!queue_more_than_one_chain(true, TCP_FIN)) {
    return;
  }
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = queued_bytes, .len = QUEUED_LEN);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2 + (QUEUED_SEGMENTS + 1) * QUEUED_LEN);
  assert_int_equal(app.len, (QUEUED_SEGMENTS + 1) * QUEUED_LEN);
  assert_int_equal(app.fins, 1);
  assert_int_equal(app.pcb->state, TIME_WAIT);
  peer_says(.flags = TCP_RST, .seq = 2 + (QUEUED_SEGMENTS + 1) * QUEUED_LEN);
  assert_int_equal(app.errors, 0);
  expect_drop(DROP_TCP_TIMEWAIT);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  assert_null(tcp_active_pcbs);
}

static unsigned taken;

/** tcp_recv_fn of a program that wants no more than one chain. arg: not NULL: it closes; NULL: it
    only stops reading */
static err_t take_once(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(err);
  taken++;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return arg != NULL ? tcp_close(pcb) : tcp_shutdown(pcb, 1, 0);
}

/** What waits behind the hole is offered, in more than one chain. */
static void fill_the_hole(bool closes)
{
  taken = 0;
  tcp_arg(app.pcb, closes ? &taken : NULL);
  tcp_recv(app.pcb, take_once);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = queued_bytes, .len = QUEUED_LEN);
  assert_int_equal(taken, 1);
}

/** lwip/tcp.h, tcp_close(): a program that closes with the first chain was called for the second,
    after its end. Nobody will read that, which the peer is told (RFC 2525 2.17). */
PACKET_TEST(test_close_at_the_first_of_two_chains)
{
  if (!queue_more_than_one_chain(false, 0)) {
    return;
  }
  fill_the_hole(true);
  app.pcb = NULL;
  tcp_peer_ignores();
  assert_null(tcp_active_pcbs);
}

/** tcp_shutdown() there: what comes is acknowledged and thrown away. */
PACKET_TEST(test_stop_reading_at_the_first_of_two_chains)
{
  if (!queue_more_than_one_chain(false, 0)) {
    return;
  }
  fill_the_hole(false);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1 + (QUEUED_SEGMENTS + 1) * QUEUED_LEN);
  assert_null(app.pcb->refused_data);
  assert_int_equal(app.pcb->state, ESTABLISHED);
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
    TEST(test_close_at_the_first_of_two_chains),
    TEST(test_stop_reading_at_the_first_of_two_chains),
    TEST(test_fin_behind_a_hole_comes_again_alone),
    TEST(test_data_behind_a_fin_are_forgotten),
    TEST(test_written_without_tcp_output),
};

PACKET_MAIN(tests)
