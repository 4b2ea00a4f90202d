/**
 * @file
 * TCP: losses found by time, RACK (RFC 8985 6).
 *
 * needs: tcp
 */
#include "tcp_loss.h"

static void begin_with_flight(u32_t count)
{
  begin(100);
  write_segments(count);
  expect_numbers(0, count);
  advance(100);
}

/* RFC 8985 6.2 step 4: three segments behind it, and reordering was never seen: no waiting. */
PACKET_TEST(test_third_sack_means_loss_at_once)
{
  begin_with_flight(10);
  peer_sacks(0, 1, 2);
  peer_sacks(0, 1, 3);
  expect_silence();
  peer_sacks(0, 1, 4);
  expect_number(0);
  expect_silence();
}

/* RFC 8985 6.2 step 4: segments are counted, however small they are. */
PACKET_TEST(test_three_small_segments_count_too)
{
  begin(100);
  for (int i = 0; i < 5; i++) {
    app_write("tiny", 4);
    expect_segment(.flags = TCP_ACK, .seq = 1 + 4U * (u32_t)i, .len = 4);
  }
  advance(100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{5, 17}});
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = 4);
  expect_silence();
}

/* RFC 8985 6.2 step 5: fewer than three: a quarter of the minimum RTT later. */
PACKET_TEST(test_one_sack_waits_for_the_reordering_window)
{
  begin_with_flight(3);
  peer_sacks(0, 1, 3);
  expect_silence();
  advance(24);
  expect_silence();
  advance(2);
  expect_number(0);
  expect_silence();
}

/* ... and what comes meanwhile was reordered, not lost: nothing is sent again, cwnd stays
   (RFC 8985 6.2). */
PACKET_TEST(test_reordering_within_the_window_is_harmless)
{
  begin_with_flight(10);
  u32_t cwnd = app.pcb->cwnd;
  peer_sacks(0, 1, 2);
  advance(20);
  peer_acks(2);
  assert_true(app.pcb->is_reordering_seen);
  advance(60);
  expect_silence();
  assert_in_range(app.pcb->cwnd, cwnd, 0xffffffffU);
}

/* Once reordering was seen, three segments are no reason not to wait (RFC 8985 6.2 step 4). */
PACKET_TEST(test_after_reordering_the_third_sack_waits)
{
  begin_with_flight(10);
  peer_sacks(0, 1, 2);
  peer_acks(2);
  peer_sacks(2, 3, 8);
  expect_silence();
  advance(24);
  expect_silence();
  advance(2);
  expect_number(2);
}

/* RFC 8985 6.2 step 4: a D-SACK widens the window by a quarter of the minimum RTT, once a round
   trip. */
PACKET_TEST(test_dsack_widens_the_window)
{
  begin_with_flight(10);
  peer_sacks(0, 1, 2);
  peer_acks(4); /* reordering seen */
  peer_dsacks(4, 2, 3);
  peer_dsacks(4, 3, 4); /* the same round trip */
  assert_int_equal(app.pcb->reo_wnd_mult, 1);
  peer_sacks(4, 5, 9);
  advance(48);
  expect_silence();
  advance(3);
  expect_number(4);
}

/* ... never beyond the smoothed RTT (RFC 8985 6.2 step 4). */
PACKET_TEST(test_window_is_at_most_srtt)
{
  begin_with_flight(10);
  peer_sacks(0, 1, 2);
  peer_acks(4);
  app.pcb->reo_wnd_mult = 200;
  peer_sacks(4, 5, 9);
  advance(99);
  expect_silence();
  advance(3);
  expect_number(4);
}

/* ... and wears off after 16 recoveries without (RFC 8985 6.2 step 4). */
PACKET_TEST(test_widening_wears_off)
{
  begin_with_flight(5);
  peer_acks(5);
  peer_dsacks(5, 3, 4);
  assert_int_equal(app.pcb->reo_wnd_mult, 1);
  for (u32_t k = 5, round = 1; round <= 16; round++, k += 5) {
    assert_int_equal(app.pcb->reo_wnd_mult, 1);
    app.pcb->cwnd = 10 * MSS;
    write_segments(5);
    expect_numbers(k, k + 5);
    advance(100);
    peer_sacks(k, k + 1, k + 5);
    advance(60);
    expect_number(k);
    advance(100);
    peer_acks(k + 5);
    expect_silence();
  }
  assert_int_equal(app.pcb->reo_wnd_mult, 0);
}

/* RFC 8985 6.2 step 5: what was sent again and lost again is found like anything else. */
PACKET_TEST(test_lost_retransmission)
{
  begin(100);
  write_segments(20);
  expect_numbers(0, 10);
  advance(100);
  peer_sacks(0, 1, 10);
  expect_number(0);
  u32_t sent = 10 + tcp_peer_ignores(); /* new data behind it */
  assert_in_range(sent, 11, 20);
  advance(100);
  peer_sacks(0, 1, sent); /* later than the repair, and there */
  expect_number(0);
  peer_acks(sent);
}

/* RFC 8985 6.2 step 2: an acknowledgement sooner than the minimum RTT after a repair is for the
   original: the repair tells nothing about when things are sent. */
PACKET_TEST(test_ambiguous_repair_is_no_reference)
{
  begin(100);
  write_segments(20);
  expect_numbers(0, 10);
  advance(100);
  peer_sacks(0, 1, 4);
  expect_number(0);
  advance(10);
  peer_sacks(1, 1, 4);
  tcp_peer_ignores();
  assert_int_equal(app.pcb->lost, 0); /* [4, 10) are as old, and not lost because of this */
}

/* ... or by the timestamp that comes back, however late it comes: where queues are long the minimum
   RTT says little, and each such repair would make all that was sent before it look lost
   (RFC 8985 6.2 step 2). */
PACKET_TEST(test_repair_that_the_timestamp_disowns_is_no_reference)
{
  begin_with_timestamps(100, true);
  write_segments(10);
  expect_numbers(0, 10);
  u32_t original = tcp_peer.stack_tsval;
  advance(100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .tsecr = original, .sack = {{SEQ(1), SEQ(4)}});
  expect_number(0);
  advance(150);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(4), .tsecr = original);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(5), .tsecr = original);
  expect_silence();
  assert_int_equal(app.pcb->lost, 0);
}

/* RFC 8985 6.3: a timeout does not mean that what was sent just now is lost. */
PACKET_TEST(test_timeout_spares_what_is_young)
{
  begin(100);
  write_segments(2);
  expect_numbers(0, 2);
  advance(200); /* the probe */
  expect_number(1);
  advance(250);
  write_segments(3);
  expect_numbers(2, 5);
  advance(50); /* RTO after the probe: 300 ms */
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->lost, 2 * MSS);
}

/* An idle hour does not make RACK's clock stand still (RFC 8985 6.2). */
PACKET_TEST(test_after_an_idle_hour)
{
  begin_with_flight(5);
  peer_acks(5);
  advance(3000UL * 1000);
  write_segments(5);
  expect_numbers(5, 10);
  advance(100);
  peer_sacks(5, 6, 10);
  expect_number(5);
  peer_acks(10);
}

/* The timer for reordered segments does not outlive what it waits for (RFC 8985 6.2 step 5). */
PACKET_TEST(test_reordering_timer_ends)
{
  begin_with_flight(3);
  peer_sacks(0, 1, 2);
  peer_acks(3);
  assert_false(tcp_timer_is_set(app.pcb, TCP_TIMER_RTX));
  advance(5000);
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_third_sack_means_loss_at_once),
    TEST(test_three_small_segments_count_too),
    TEST(test_one_sack_waits_for_the_reordering_window),
    TEST(test_reordering_within_the_window_is_harmless),
    TEST(test_after_reordering_the_third_sack_waits),
    TEST(test_dsack_widens_the_window),
    TEST(test_window_is_at_most_srtt),
    TEST_FLAGS(test_widening_wears_off, PACKET_ONCE),
    TEST(test_lost_retransmission),
    TEST(test_ambiguous_repair_is_no_reference),
    TEST(test_repair_that_the_timestamp_disowns_is_no_reference),
    TEST(test_timeout_spares_what_is_young),
    TEST(test_after_an_idle_hour),
    TEST(test_reordering_timer_ends),
};

PACKET_MAIN(tests)
