/**
 * @file
 * TCP: loss recovery with a peer that has no SACK (RFC 5681 3.2, RFC 6582, RFC 3042), and NewReno's
 * window (RFC 5681 3.1).
 *
 * needs: tcp; also: lean
 */
#include "tcp_loss.h"

static void begin_with_flight(u32_t count)
{
  begin_without_sack(100);
  assert_int_equal(tcp_set_congestion_control(app.pcb, "newreno"), ERR_OK);
  write_segments(count);
  expect_numbers(0, 10);
  advance(100);
}

/** `count` duplicates. */
static void peer_repeats(u32_t k, u32_t count)
{
  for (u32_t i = 0; i < count; i++) {
    peer_acks(k);
  }
}

/* RFC 5681 3.2: the third duplicate means loss; ssthresh is half of what is in flight, cwnd that
   and three segments. */
PACKET_TEST(test_third_duplicate)
{
  begin_with_flight(10);
  peer_repeats(0, 2);
  expect_silence();
  peer_repeats(0, 1);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->ssthresh, 5 * MSS);
  assert_int_equal(app.pcb->cwnd, 8 * MSS);
}

/* RFC 3042: the first two duplicates let a new segment out each; RFC 5681 3.2 (2): they do not
   count for ssthresh. */
PACKET_TEST(test_limited_transmit)
{
  begin_with_flight(20);
  peer_repeats(0, 1);
  expect_number(10);
  expect_silence();
  peer_repeats(0, 1);
  expect_number(11);
  expect_silence();
  assert_int_equal(app.pcb->cwnd, 10 * MSS);
  peer_repeats(0, 1);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->ssthresh, 5 * MSS);
}

/* RFC 5681 3.2 (4): each further duplicate inflates cwnd by a segment. */
PACKET_TEST(test_inflation)
{
  begin_with_flight(30);
  peer_repeats(0, 3);
  assert_int_equal(tcp_peer_ignores(), 3); /* 10 and 11, and 0 again */
  peer_repeats(0, 4);
  assert_int_equal(app.pcb->cwnd, 12 * MSS);
  expect_silence(); /* twelve are out */
  peer_repeats(0, 2);
  expect_numbers(12, 14);
}

/* RFC 6582 3.2 (3): a partial acknowledgement names the next hole; cwnd shrinks by what was
   acknowledged and grows by one. */
PACKET_TEST(test_partial_acknowledgement)
{
  begin_with_flight(10);
  peer_repeats(0, 7);
  expect_number(0);
  assert_int_equal(app.pcb->cwnd, 12 * MSS);
  peer_acks(4);
  expect_number(4);
  expect_silence();
  assert_int_equal(app.pcb->cwnd, 9 * MSS);
  peer_acks(7);
  expect_number(7);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  assert_int_equal(app.pcb->ssthresh, 5 * MSS);
}

/* RFC 6582 3.2 (3): the full one ends it: cwnd is ssthresh, or less, to send no burst. */
PACKET_TEST(test_full_acknowledgement)
{
  begin_with_flight(10);
  peer_repeats(0, 3);
  expect_number(0);
  peer_acks(10);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_int_equal(app.pcb->cwnd, 2 * MSS); /* nothing in flight: one segment and one */
}

/* RFC 6582 3.2 (2): duplicates that the repairs themselves have caused are no new loss. */
PACKET_TEST(test_duplicates_behind_recovery)
{
  begin_with_flight(10);
  peer_repeats(0, 3);
  expect_number(0);
  peer_acks(10);
  write_segments(2);
  expect_numbers(10, 12);
  peer_repeats(10, 3);
  expect_silence();
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
}

/* ... but beyond them they are (RFC 6582 3.2). */
PACKET_TEST(test_next_loss_behind_recovery)
{
  begin_with_flight(10);
  peer_repeats(0, 3);
  expect_number(0);
  peer_acks(10);
  app.pcb->cwnd = 10 * MSS;
  write_segments(6);
  expect_numbers(10, 16);
  peer_acks(11);
  peer_repeats(11, 3);
  expect_number(11);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
}

/* RFC 6582 3.2 (4): the same after a timeout. */
PACKET_TEST(test_duplicates_behind_timeout)
{
  begin_with_flight(10);
  advance(300);
  expect_number(0);
  peer_repeats(0, 5);
  expect_silence();
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
}

/* RFC 5681 2: with data, another window or FIN it is no duplicate (security vector B10-182). */
PACKET_TEST(test_what_is_no_duplicate)
{
  begin_with_flight(10);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "a");
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 1, .data = "b");
  peer_says(.flags = TCP_ACK, .seq = 3, .ack = 1, .data = "c");
  for (s32_t i = 1; i <= 3; i++) {
    peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .wnd = tcp_peer.wnd + i);
  }
  assert_int_equal(app.pcb->dupacks, 0);
  for (struct tcp_seen *seen = tcp_peer_sees(); seen != NULL; seen = tcp_peer_sees()) {
    assert_int_equal(seen->len, 0);
  }
}

/* Three duplicates with nothing in flight are no loss (RFC 5681 2). */
PACKET_TEST(test_duplicates_with_nothing_in_flight)
{
  begin_with_flight(10);
  peer_acks(10);
  u32_t cwnd = app.pcb->cwnd;
  peer_repeats(10, 5);
  expect_silence();
  assert_int_equal(app.pcb->cwnd, cwnd);
}

/* `recover` follows where nothing is lost: 2 GiB later it would seem to be ahead (RFC 6582 3.2). */
PACKET_TEST(test_recover_follows)
{
  begin_with_flight(20);
  for (u32_t k = 1; k <= 5; k++) {
    peer_acks(k);
    assert_int_equal(app.pcb->recover, app.pcb->snd_una - 1);
  }
}

/* RFC 5681 3.1: slow start opens the window by what is acknowledged, up to ssthresh. */
PACKET_TEST(test_slow_start_up_to_ssthresh)
{
  begin_with_flight(40);
  app.pcb->ssthresh = 12 * MSS;
  peer_acks(1);
  assert_int_equal(app.pcb->cwnd, 11 * MSS);
  peer_acks(2);
  assert_int_equal(app.pcb->cwnd, 12 * MSS);
  peer_acks(3);
  assert_int_equal(app.pcb->cwnd, 12 * MSS);
}

/* RFC 5681 3.1: then by one segment a round trip. */
PACKET_TEST(test_congestion_avoidance)
{
  begin_with_flight(60);
  app.pcb->ssthresh = 10 * MSS;
  for (u32_t k = 1; k < 10; k++) {
    peer_acks(k);
    assert_int_equal(app.pcb->cwnd, 10 * MSS);
  }
  peer_acks(10);
  assert_int_equal(app.pcb->cwnd, 11 * MSS);
  for (u32_t k = 11; k < 21; k++) {
    peer_acks(k);
    assert_int_equal(app.pcb->cwnd, 11 * MSS);
  }
  peer_acks(21);
  assert_int_equal(app.pcb->cwnd, 12 * MSS);
}

/* RFC 3465 2.1: what was acknowledged towards the next increase is not lost in recovery: half of
   the window needs half of it. */
PACKET_TEST(test_growth_goes_on_behind_recovery)
{
  begin(100);
  assert_int_equal(tcp_set_congestion_control(app.pcb, "newreno"), ERR_OK);
  write_segments(60);
  expect_numbers(0, 10);
  advance(100);
  app.pcb->ssthresh = 10 * MSS;
  peer_acks(6);
  expect_numbers(10, 16);
  peer_sacks(6, 7, 10);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  assert_int_equal(app.pcb->ssthresh, 5 * MSS);
  tcp_peer_ignores();
  peer_acks(16);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_int_equal(app.pcb->cwnd, 5 * MSS);
  peer_acks(17);
  assert_int_equal(app.pcb->cwnd, 5 * MSS);
  peer_acks(18);
  assert_int_equal(app.pcb->cwnd, 6 * MSS);
}

/* RFC 7661 1, RFC 9293: a window that is not used does not grow. */
PACKET_TEST(test_unused_window_does_not_grow)
{
  begin_without_sack(100);
  for (u32_t k = 0; k < 20; k++) {
    write_segments(1);
    expect_number(k);
    peer_acks(k + 1);
  }
  assert_int_equal(app.pcb->cwnd, 10 * MSS);
}

/* RFC 5681 4.1: after a timeout's length without sending, the initial window again. */
PACKET_TEST(test_restart_after_idle)
{
  begin_with_flight(10);
  peer_acks(10);
  app.pcb->cwnd = 50 * MSS;
  advance(1000);
  write_segments(40);
  expect_numbers(10, 20);
  assert_int_equal(app.pcb->cwnd, 10 * MSS);
}

/* ... and a pause that is shorter changes nothing (RFC 5681 4.1). */
PACKET_TEST(test_no_restart_after_a_short_pause)
{
  begin_with_flight(10);
  peer_acks(10);
  app.pcb->cwnd = 50 * MSS;
  advance(100);
  write_segments(40);
  expect_numbers(10, 50);
}

/* RFC 6928 2: the initial window is ten segments. */
PACKET_TEST(test_initial_window)
{
  begin_without_sack(100);
  write_segments(40);
  expect_numbers(0, LWIP_TCP_INITIAL_CWND);
}

/** By congestion control "reno" of the listener; ten segments are out. */
static void begin_plain(void)
{
  tcp_peer_reset();
  tcp_listen_up();
  assert_int_equal(tcp_set_congestion_control(app.listener, "reno"), ERR_OK);
  assert_string_equal(tcp_get_congestion_control(app.listener), "reno");
  peer_says(.flags = TCP_SYN, .opts = opts_sack, .opts_len = sizeof opts_sack);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(seen->opts.has & TCP_HAS_SACK_OK, 0);
  advance(100);
  tcp_peer.wnd = 8000;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_string_equal(tcp_get_congestion_control(app.pcb), "reno");
  write_segments(40);
  expect_numbers(0, 10);
  advance(100);
}

/* RFC 5681 3.2 (6): plain Reno leaves fast recovery with the first new acknowledgement, cwnd is
   ssthresh; a second loss of the window is found, and answered, anew. */
PACKET_TEST(test_plain_reno)
{
  begin_plain();
  peer_repeats(0, 2);
  expect_numbers(10, 12); /* limited transmit */
  peer_repeats(0, 1);
  expect_number(0);
  assert_int_equal(app.pcb->ssthresh, 5 * MSS);
  peer_acks(3); /* 3 was lost, too */
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_int_equal(app.pcb->cwnd, 5 * MSS);
  expect_silence();
  peer_repeats(3, 3);
  expect_number(3);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  assert_int_equal(app.pcb->ssthresh, 2 * MSS + MSS / 2);
}

/* RFC 5681 3.1: after a timeout duplicates of before are no new loss, for plain Reno either */
PACKET_TEST(test_plain_reno_after_timeout)
{
  begin_plain();
  advance(1000);
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  tcp_peer_ignores();
  peer_repeats(0, 5);
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
}

/* Plain Reno connects without offering selective acknowledgements */
PACKET_TEST(test_plain_reno_connects)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(pcb);
  tcp_peer_reset();
  ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  assert_int_equal(tcp_set_congestion_control(pcb, "reno"), ERR_OK);
  err_t err = tcp_connect(pcb, &to, tcp_peer.port, NULL);
  if (err != ERR_OK) {
    tcp_abort(pcb);
  }
  assert_int_equal(err, ERR_OK);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_int_equal(seen->opts.has & TCP_HAS_SACK_OK, 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .opts = opts_sack,
            .opts_len = sizeof opts_sack);
  assert_int_equal(pcb->flags & TF_SACK, 0);
}

/* All names are known, others are not (RFC 5681 3). */
PACKET_TEST(test_choice)
{
  begin_without_sack(100);
  assert_string_equal(tcp_get_congestion_control(app.pcb), "cubic");
  assert_int_equal(tcp_set_congestion_control(app.pcb, "newreno"), ERR_OK);
  assert_string_equal(tcp_get_congestion_control(app.pcb), "newreno");
  assert_int_equal(tcp_set_congestion_control(app.pcb, "vegas"), ERR_VAL);
  assert_string_equal(tcp_congestion_control_name(0), "cubic");
  assert_string_equal(tcp_congestion_control_name(2), "reno");
  assert_null(tcp_congestion_control_name(3));
}

static const struct packet_test tests[] = {
    TEST(test_third_duplicate),
    TEST(test_limited_transmit),
    TEST(test_inflation),
    TEST(test_partial_acknowledgement),
    TEST(test_full_acknowledgement),
    TEST(test_duplicates_behind_recovery),
    TEST(test_next_loss_behind_recovery),
    TEST(test_duplicates_behind_timeout),
    TEST(test_what_is_no_duplicate),
    TEST(test_duplicates_with_nothing_in_flight),
    TEST(test_recover_follows),
    TEST(test_slow_start_up_to_ssthresh),
    TEST(test_congestion_avoidance),
    TEST_IF(LWIP_TCP_SACK_IN, test_growth_goes_on_behind_recovery),
    TEST(test_unused_window_does_not_grow),
    TEST(test_restart_after_idle),
    TEST(test_no_restart_after_a_short_pause),
    TEST(test_initial_window),
    TEST_IF(LWIP_TCP_SACK_IN, test_plain_reno),
    TEST_IF(LWIP_TCP_SACK_IN, test_plain_reno_after_timeout),
    TEST(test_plain_reno_connects),
    TEST_IF(LWIP_TCP_CUBIC, test_choice),
};

PACKET_MAIN(tests)
