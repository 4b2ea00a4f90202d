/**
 * @file
 * TCP: half-close both ways, simultaneous close, data around the end, and data out of order (RFC
 * 9293 3.6, 3.10.4, 3.10.7.4; RFC 1122 4.2.2.13; RFC 2525 2.17; RFC 1337).
 *
 * needs: tcp; also: lean
 */
#include "packet_tcp.h"
#include "lwip/priv/tcp_hooks.h"
#include "transport/tcp/tcp_priv.h"

#define FULL (LWIP_IPV4 ? 1460U : 1440U) /* payload of a full segment */

static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){0});
}

static void take_all(void)
{
  app.refuses_data = false;
}

/** The application takes nothing until the test ends, or says so before. */
static void refuse_data(void)
{
  app.refuses_data = true;
  packet_at_end(take_all);
}

static void shut_down(void)
{
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
}

/* --- half-close --- */

/* RFC 9293 3.6: whoever has closed goes on hearing (RFC 1122 4.2.2.13). */
PACKET_TEST(test_we_close_and_go_on_hearing)
{
  start();
  shut_down();
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "more");
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 5);
  expect_app_data("more");
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 5, .ack = 2, .data = "!");
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 7);
  expect_app_data("!");
  assert_int_equal(app.fins, 1);
}

/* RFC 9293 3.10.2. */
PACKET_TEST(test_nothing_is_written_behind_our_fin)
{
  start();
  shut_down();
  tcp_peer_ignores();
  assert_int_equal(tcp_write(app.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_CONN);
}

/* RFC 9293 3.10.4. */
PACKET_TEST(test_queued_data_go_before_our_fin)
{
  tcp_establish(&(struct tcp_peer_setup){.wnd = 1000});
  app_write(pattern(1500, 1), 1500);
  shut_down();
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = 1000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1001);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 1001, .len = 500);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1502);
  assert_int_equal(app.pcb->state, FIN_WAIT_2);
  assert_int_equal(app.sent, 1500);
}

/* RFC 9293 3.10.7.4 step 5. */
PACKET_TEST(test_part_of_our_fin_segment_is_acknowledged)
{
  start();
  app_write("abc", 3);
  shut_down();
  assert_int_equal(tcp_peer_ignores(), 2);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 4); /* the data, not the FIN */
  assert_int_equal(app.pcb->state, FIN_WAIT_1);
  assert_int_equal(app.sent, 3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  assert_int_equal(app.pcb->state, FIN_WAIT_2);
  assert_int_equal(app.sent, 3);
}

/* RFC 9293 3.10.8. */
PACKET_TEST(test_lost_fin_is_sent_again)
{
  start();
  shut_down();
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  advance(3000);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  tcp_peer_ignores();
  advance(100000);
  expect_silence();
}

/* RFC 9293 3.6: the peer has closed; we go on sending. */
PACKET_TEST(test_peer_closes_and_we_go_on_sending)
{
  start();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 2);
  app_write("more", 4);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "more");
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 5);
  assert_int_equal(app.sent, 4);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 5, .ack = 2);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 6);
  assert_null(tcp_active_pcbs);
  expect_silence();
}

/* RFC 9293 3.10.7.4 step 8. */
PACKET_TEST(test_data_come_before_the_end)
{
  start();
  refuse_data();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1, .data = "last");
  assert_int_equal(app.fins, 0);
  app.refuses_data = false;
  advance(1000); /* offered again */
  expect_app_data("last");
  assert_int_equal(app.fins, 1);
  tcp_peer_ignores();
}

/* RFC 9293 3.10.7.4 step 8. */
PACKET_TEST(test_end_is_told_once)
{
  start();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 1);
  assert_int_equal(app.fins, 1);
  tcp_peer_ignores();
}

/* --- both --- */

/* RFC 9293 3.6, figure 13: FINs cross. */
PACKET_TEST(test_simultaneous_close)
{
  start();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_int_equal(tcp_active_pcbs->state, CLOSING);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_null(tcp_active_pcbs); /* TIME-WAIT is a record */
  expect_silence();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  expect_drop(DROP_TCP_TIMEWAIT);
  advance(2 * TCP_MSL);
}

/* RFC 9293 3.6, figure 13. */
PACKET_TEST(test_simultaneous_close_with_data)
{
  start();
  app_write("bye", 3);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  tcp_peer_ignores();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1, .data = "ciao");
  expect_app_data("ciao");
  expect_segment(.flags = TCP_ACK, .seq = 5, .ack = 6);
  assert_int_equal(app.pcb->state, CLOSING);
  peer_says(.flags = TCP_ACK, .seq = 6, .ack = 5);
  assert_int_equal(app.pcb->state, TIME_WAIT);
}

/* RFC 9293 3.10.7.4 step 8, security vector B10-179. */
PACKET_TEST(test_lost_ack_of_the_last_fin)
{
  start();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  tcp_peer_ignores();
  advance(3000);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_null(tcp_active_pcbs);
}

/* --- data that nobody will read --- */

/* RFC 2525 2.17: a close with unread data is a reset. */
PACKET_TEST(test_close_with_data_not_taken)
{
  start();
  refuse_data();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "unread");
  tcp_peer_ignores();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 7);
  assert_null(tcp_active_pcbs);
}

/* RFC 1122 4.2.2.13, RFC 2525 2.17: also when our side was closed before, whether or not the peer
   has heard of that. */
static void close_half(u32_t acked, enum tcp_state state)
{
  start();
  refuse_data();
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = acked, .data = "unread");
  assert_int_equal(app.pcb->state, state);
  tcp_peer_ignores();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 2, .ack = 7);
  assert_null(tcp_active_pcbs);
}

PACKET_TEST(test_close_in_fin_wait_1_with_data_not_taken)
{
  close_half(1, FIN_WAIT_1);
}

PACKET_TEST(test_close_in_fin_wait_2_with_data_not_taken)
{
  close_half(2, FIN_WAIT_2);
}

/* ... and when the peer has closed, too. */
PACKET_TEST(test_close_in_closing_with_data_not_taken)
{
  start();
  refuse_data();
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1, .data = "unread");
  assert_int_equal(app.pcb->state, CLOSING);
  tcp_peer_ignores();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 2, .ack = 8);
  assert_null(tcp_active_pcbs);
}

/* Data that the program had, but did not report as consumed: a reset while our side is closed and
   the peer's is open, none behind both FINs. */
PACKET_TEST(test_close_with_data_not_reported)
{
  start();
  app.keeps_window = true;
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "had");
  tcp_peer_ignores();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 2, .ack = 4);
}

PACKET_TEST(test_close_behind_both_fins_with_data_not_reported)
{
  start();
  app.keeps_window = true;
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1, .data = "had");
  tcp_peer_ignores();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 5, .ack = 2);
  expect_silence();
}

/* RFC 1122 4.2.2.13: data that come when the program has closed: reset. */
PACKET_TEST(test_data_behind_our_close)
{
  start();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "late");
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 2, .ack = 5);
  assert_null(tcp_active_pcbs);
}

/* RFC 9293 3.6. */
PACKET_TEST(test_data_are_thrown_away_where_receiving_is_shut_down)
{
  start();
  assert_int_equal(tcp_shutdown(app.pcb, 1, 0), ERR_OK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "unheard");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 8);
  expect_app_data("");
  app_write("still", 5);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 8, .data = "still");
}

/* --- refused data --- */

/* RFC 9293 3.10.3. */
PACKET_TEST(test_refused_data_are_offered_again)
{
  start();
  refuse_data();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 4);
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "def");
  app.refuses_data = false;
  advance(1000);
  expect_app_data("abcdef");
  tcp_peer_ignores();
}

/* More than a chain of pbufs can hold is not taken before the program takes some of it
   (RFC 9293 3.8.6). */
PACKET_TEST(test_refused_data_are_bounded)
{
  static const u8_t opts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 2};
  u32_t seq = 1;
  tcp_establish(&(struct tcp_peer_setup){.is_active = true, .opts = opts, .opts_len = sizeof opts});
  refuse_data();
  while (seq + FULL <= LWIP_MIN(0xffffU, TCP_WND_MAX(app.pcb))) {
    peer_says(.flags = TCP_ACK, .seq = seq, .ack = 1, .data = pattern(FULL, 1), .len = FULL);
    seq += FULL;
  }
  tcp_peer_ignores();
  expect_no_drop();
  peer_says(.flags = TCP_ACK, .seq = seq, .ack = 1, .data = pattern(FULL, 1), .len = FULL);
  expect_drop(DROP_TCP_REFUSED);
}

/* --- out of order --- */

/* RFC 9293 3.10.7.4 step 8. */
PACKET_TEST(test_fin_behind_a_hole)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 4, .ack = 1, .data = "def");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.pcb->state, ESTABLISHED);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 8);
  expect_app_data("abcdef");
  assert_int_equal(app.fins, 1);
  assert_int_equal(app.pcb->state, CLOSE_WAIT);
}

/* RFC 9293 3.10.7.4 step 8. */
PACKET_TEST(test_fin_alone_behind_a_hole)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 4, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 5);
  expect_app_data("abc");
  assert_int_equal(app.fins, 1);
}

/* Every order in which four pieces, some overlapping, can come gives the same stream. */
static void pieces_in_order(const unsigned order[4])
{
  static const struct {
    u32_t seq;
    const char *data;
  } piece[4] = {{1, "abc"}, {3, "cdef"}, {6, "fgh"}, {8, "hij"}};
  start();
  for (unsigned i = 0; i < 4; i++) {
    peer_says(.flags = TCP_ACK, .seq = piece[order[i]].seq, .ack = 1, .data = piece[order[i]].data);
  }
  expect_app_data("abcdefghij");
  assert_int_equal(app.pcb->rcv_nxt - tcp_peer.iss, 11);
  tcp_abort(app.pcb);
  tcp_close(app.listener);
  tcp_peer_ignores();
}

/* RFC 9293 3.10.7.4 step 7. */
PACKET_TEST(test_pieces_in_any_order)
{
  for (unsigned n = packet_is_fault_run() ? 200 : 0; n < 256; n++) {
    unsigned order[4] = {n & 3, n >> 2 & 3, n >> 4 & 3, n >> 6};
    unsigned seen = 1U << order[0] | 1U << order[1] | 1U << order[2] | 1U << order[3];
    if (seen == 0xf) {
      packet_note("%u%u%u%u: ", order[0], order[1], order[2], order[3]);
      pieces_in_order(order);
    }
  }
}

/* RFC 9293 3.10.7.4 step 7. */
PACKET_TEST(test_large_piece_swallows_small_ones)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 3, .ack = 1, .data = "c");
  peer_says(.flags = TCP_ACK, .seq = 5, .ack = 1, .data = "e");
  peer_says(.flags = TCP_ACK, .seq = 7, .ack = 1, .data = "gh");
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 1, .data = "bcdefg");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "a");
  expect_app_data("abcdefgh");
  tcp_peer_ignores();
}

/* RFC 9293 3.10.7.4 step 7. */
PACKET_TEST(test_data_in_sequence_swallow_what_waits)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 3, .ack = 1, .data = "cd");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abcdef");
  expect_app_data("abcdef");
  assert_false(tcp_ooo_waits(tcp_active_pcbs));
  tcp_peer_ignores();
}

/* RFC 9293 3.10.7.4 step 8. */
PACKET_TEST(test_fin_comes_first_and_again_with_data)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 4, .ack = 1);
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1, .data = "abc");
  expect_app_data("abc");
  assert_int_equal(app.fins, 1);
  assert_int_equal(app.pcb->rcv_nxt - tcp_peer.iss, 5);
  tcp_peer_ignores();
}

/* RFC 9293 3.10.7.4 step 7. */
PACKET_TEST(test_data_beyond_a_queued_fin)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 4, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 6, .ack = 1, .data = "beyond");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  expect_app_data("abc");
  assert_int_equal(app.fins, 1);
  assert_int_equal(app.pcb->state, CLOSE_WAIT);
  tcp_peer_ignores();
}

/* SegmentSmack, security vector B10-184: single bytes with holes between them do not fill memory.
 */
PACKET_TEST(test_tiny_pieces_out_of_order_are_bounded)
{
  /* Only where the pool of receive buffers is not what ends first. */
  bool is_full = !packet_is_fault_run() && packet_framing() == FRAMING_GUARD;
  u32_t max = !is_full ? 8 : 2 * (TCP_WND / TCP_MSS) + 8;
  start();
  u32_t room = LWIP_MAX(app.pcb->rcv_wnd, app.pcb->rcv_ann_wnd);
  u32_t dropped = drop_count(DROP_TCP_OOO_LIMIT);
  for (u32_t i = 0; i <= max && 3 + 2 * i < room; i++) {
    peer_says(.flags = TCP_ACK, .seq = 3 + 2 * (max - i), .ack = 1, .data = "x");
  }
  tcp_peer_ignores();
  assert_true(!is_full || 3 + 2 * max >= room || drop_count(DROP_TCP_OOO_LIMIT) == dropped + 1);
  ignore_drops();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "a");
  expect_app_data("a"); /* what is in sequence is taken */
}

static const struct packet_test tests[] = {
    TEST(test_we_close_and_go_on_hearing),
    TEST(test_nothing_is_written_behind_our_fin),
    TEST(test_queued_data_go_before_our_fin),
    TEST(test_part_of_our_fin_segment_is_acknowledged),
    TEST(test_lost_fin_is_sent_again),
    TEST(test_peer_closes_and_we_go_on_sending),
    TEST(test_data_come_before_the_end),
    TEST(test_end_is_told_once),
    TEST(test_simultaneous_close),
    TEST(test_simultaneous_close_with_data),
    TEST(test_lost_ack_of_the_last_fin),
    TEST(test_close_with_data_not_taken),
    TEST(test_close_in_fin_wait_1_with_data_not_taken),
    TEST(test_close_in_fin_wait_2_with_data_not_taken),
    TEST(test_close_in_closing_with_data_not_taken),
    TEST(test_close_with_data_not_reported),
    TEST(test_close_behind_both_fins_with_data_not_reported),
    TEST(test_data_behind_our_close),
    TEST(test_data_are_thrown_away_where_receiving_is_shut_down),
    TEST(test_refused_data_are_offered_again),
    TEST_IF(LWIP_WND_SCALE, test_refused_data_are_bounded),
    TEST_IF(TCP_QUEUE_OOSEQ, test_fin_behind_a_hole),
    TEST_IF(TCP_QUEUE_OOSEQ, test_fin_alone_behind_a_hole),
    TEST_IF(TCP_QUEUE_OOSEQ, test_pieces_in_any_order),
    TEST_IF(TCP_QUEUE_OOSEQ, test_large_piece_swallows_small_ones),
    TEST(test_data_in_sequence_swallow_what_waits),
    TEST(test_fin_comes_first_and_again_with_data),
    TEST_IF(TCP_QUEUE_OOSEQ, test_data_beyond_a_queued_fin),
    TEST_IF(TCP_QUEUE_OOSEQ, test_tiny_pieces_out_of_order_are_bounded),
};

PACKET_MAIN(tests)
