/**
 * @file
 * TCP: the retransmission timeout: how it is computed, backed off and given up (RFC 6298, RFC 1122
 * 4.2.3.5, RFC 7323 4).
 *
 * needs: tcp; also: lean
 */
#include "tcp_loss.h"

/** RFC 6298 2.2, 2.3 in floating point, milliseconds. */
struct reference {
  double srtt, rttvar;
};

static double rto_of(struct reference *r, double rtt)
{
  if (r->srtt == 0) {
    r->srtt = rtt;
    r->rttvar = rtt / 2;
  } else {
    double error = r->srtt > rtt ? r->srtt - rtt : rtt - r->srtt;
    r->rttvar = 0.75 * r->rttvar + 0.25 * error;
    r->srtt = 0.875 * r->srtt + 0.125 * rtt;
  }
  double k = 4 * r->rttvar;
  double rto = r->srtt + (k > 1 ? k : 1);
  return rto < 200 ? 200 : rto;
}

/* RFC 6298 2.2, 2.3: samples of all kinds, against the formulas. */
PACKET_TEST(test_computation)
{
  static const u32_t rtts_ms[] = {100, 100, 150, 80, 300, 20, 20, 20, 500, 90, 90, 90, 2000, 10};
  struct reference r = {0};
  u32_t k = 0;
  begin_without_sack(120);
  double rto = rto_of(&r, 120);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(rtts_ms); i++) {
    assert_in_range((double)app.pcb->rto_ms, rto - 1, rto + 2);
    if (rtts_ms[i] >= rto) {
      continue;
    }
    write_segments(1);
    expect_number(k);
    advance(rtts_ms[i]);
    peer_acks(++k);
    rto = rto_of(&r, rtts_ms[i]);
  }
}

/* RFC 6298 2.4 would have at least a second; here it is 200 ms. */
PACKET_TEST(test_minimum)
{
  begin(1);
  assert_int_equal(app.pcb->rto_ms, LWIP_TCP_RTO_MIN_MS);
  write_segments(1);
  expect_number(0);
  advance(LWIP_TCP_RTO_MIN_MS - 1);
  expect_silence();
  advance(1);
  expect_number(0);
}

/* RFC 6298 2.1: one second before anything was measured. */
PACKET_TEST(test_initial)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  advance(999);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_SYN, .seq = 0);
}

/* RFC 6298 5.5: twice as long each time, 2.5: at most 60 s; after TCP_MAXRTX tries it is over. */
PACKET_TEST(test_back_off_and_give_up)
{
  u32_t rto_ms = 300;
  begin(100);
  write_segments(1);
  expect_number(0);
  for (int i = 0; i < TCP_MAXRTX; i++) {
    advance(rto_ms - 1);
    expect_silence();
    advance(1);
    expect_number(0);
    rto_ms = LWIP_MIN(2 * rto_ms, 60000U);
    assert_int_equal(app.errors, 0);
  }
  advance(rto_ms);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  expect_silence();
}

/* RFC 1122 4.2.3.5: a SYN has a limit of its own. */
PACKET_TEST(test_syn_gives_up)
{
  u32_t rto_ms = 1000;
  tcp_peer_reset();
  tcp_connect_up();
  for (int i = 0; i <= TCP_SYNMAXRTX; i++) {
    expect_segment(.flags = TCP_SYN, .seq = 0);
    assert_int_equal(app.errors, 0);
    advance(rto_ms);
    rto_ms *= 2;
  }
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
}

/* RFC 6298 5.7: the SYN had to be sent again: three seconds for data. */
PACKET_TEST(test_three_seconds_after_a_lost_syn)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  advance(1000);
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1, .opts = opts_plain,
            .opts_len = sizeof opts_plain);
  expect_segment(.flags = TCP_ACK, .seq = 1);
  write_segments(1);
  expect_number(0);
  advance(2999);
  expect_silence();
  advance(1);
  expect_number(0);
}

/* Karn: what was sent twice measures nothing, and the back-off stays until something does (RFC 6298
   3, 5). */
PACKET_TEST(test_karn)
{
  begin_without_sack(100);
  write_segments(1);
  expect_number(0);
  advance(300);
  expect_number(0);
  advance(600);
  expect_number(0);
  u32_t srtt = app.pcb->srtt_us8;
  advance(50);
  peer_acks(1);
  assert_int_equal(app.pcb->srtt_us8, srtt);
  assert_int_equal(app.pcb->nrtx, 0);
  write_segments(1);
  expect_number(1);
  advance(1199);
  expect_silence();
  advance(1);
  expect_number(1);
  peer_acks(2);
  write_segments(1);
  expect_number(2);
  advance(100);
  peer_acks(3); /* a sample at last */
  assert_int_equal(app.pcb->rto_ms, 250);
}

/* ... with SACK alike (RFC 6298 3). */
PACKET_TEST(test_karn_with_sack)
{
  begin(100);
  write_segments(1);
  expect_number(0);
  advance(300);
  expect_number(0);
  u32_t srtt = app.pcb->srtt_us8;
  advance(10);
  peer_acks(1);
  assert_int_equal(app.pcb->srtt_us8, srtt);
  assert_int_equal(app.pcb->rto_ms, 600);
}

/* What was sent into a window that closed is sent again soon after it opens, however long that
   took (RFC 6298 5). */
PACKET_TEST(test_back_off_ends_when_the_window_opens)
{
  begin(100);
  write_segments(1);
  expect_number(0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  for (int i = 0; i < 5; i++) {
    advance(10000);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  }
  tcp_peer_ignores();
  peer_acks(0);
  advance(500);
  expect_number(0);
}

/* RFC 7323 4.1: timestamps tell copies apart, also without SACK. */
PACKET_TEST(test_timestamp_measures_what_was_sent_twice)
{
  begin_with_timestamps(100, false);
  write_segments(1);
  expect_number(0);
  advance(300);
  expect_number(0);
  advance(100);
  peer_acks(1);
  assert_int_equal(app.pcb->srtt_us8 / 8000, 100);
  assert_int_equal(app.pcb->rto_ms, 250);
}

/* An echo of nothing, or from the future, measures nothing
   (RFC 7323 4.1, security vector B9-151). */
PACKET_TEST(test_impossible_echo)
{
  begin_with_timestamps(100, false);
  u32_t srtt = app.pcb->srtt_us8;
  write_segments(2);
  expect_numbers(0, 2);
  advance(300);
  expect_number(0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(1), .tsecr = tcp_peer.stack_tsval + 5000);
  tcp_peer_ignores();
  assert_int_equal(app.pcb->srtt_us8, srtt);
}

/* RFC 6298 5.3: an acknowledgement of new data starts the timer anew. */
PACKET_TEST(test_acknowledgement_restarts_the_timer)
{
  begin_without_sack(100);
  write_segments(2);
  expect_numbers(0, 2);
  advance(100);
  peer_acks(1); /* RTO is 250 ms now */
  advance(249);
  expect_silence();
  advance(1);
  expect_number(1);
}

/* RFC 6298 5.2: nothing in flight, no timer. */
PACKET_TEST(test_no_timer_when_all_is_acknowledged)
{
  begin(100);
  write_segments(2);
  expect_numbers(0, 2);
  peer_acks(2);
  assert_false(tcp_timer_is_set(app.pcb, TCP_TIMER_RTX));
  advance(100000);
  expect_silence();
}

/* RFC 5681 3.1: one segment after a timeout, ssthresh half of what was in flight; both only once
   for the same segment. */
PACKET_TEST(test_window_after_timeout)
{
  begin_without_sack(100);
  assert_int_equal(tcp_set_congestion_control(app.pcb, "newreno"), ERR_OK);
  write_segments(10);
  expect_numbers(0, 10);
  advance(300);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->cwnd, MSS);
  assert_int_equal(app.pcb->ssthresh, 5 * MSS);
  advance(600);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->ssthresh, 5 * MSS);
}

/* RFC 6298 5.4, RFC 5681 3.1: then slow start through what was in flight. */
PACKET_TEST(test_slow_start_after_timeout)
{
  begin_without_sack(100);
  write_segments(10);
  expect_numbers(0, 10);
  advance(300);
  expect_number(0);
  expect_silence();
  peer_acks(1);
  expect_numbers(1, 3);
  peer_acks(2);
  expect_numbers(3, 5);
  peer_acks(5); /* RFC 3465 2.3: an acknowledgement of three opens it by one */
  expect_numbers(5, 9);
  peer_acks(9);
  expect_numbers(9, 10);
  peer_acks(10);
  assert_int_equal(app.sent, 10 * MSS);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
}

/* ... and new data behind it, within the same window (RFC 6298 5.4). */
PACKET_TEST(test_new_data_after_timeout)
{
  begin_without_sack(100);
  write_segments(14);
  expect_numbers(0, 10);
  advance(300);
  expect_number(0);
  peer_acks(8); /* most had arrived */
  expect_numbers(8, 10);
  peer_acks(9);
  expect_numbers(10, 12); /* three in flight */
  assert_int_equal(app.pcb->cwnd, 3 * MSS);
}

static const struct packet_test tests[] = {
    TEST(test_computation),
    TEST(test_minimum),
    TEST(test_initial),
    TEST(test_back_off_and_give_up),
    TEST(test_syn_gives_up),
    TEST(test_three_seconds_after_a_lost_syn),
    TEST(test_karn),
    TEST(test_karn_with_sack),
    TEST(test_back_off_ends_when_the_window_opens),
    TEST_IF(LWIP_TCP_TIMESTAMPS, test_timestamp_measures_what_was_sent_twice),
    TEST_IF(LWIP_TCP_TIMESTAMPS, test_impossible_echo),
    TEST(test_acknowledgement_restarts_the_timer),
    TEST(test_no_timer_when_all_is_acknowledged),
    TEST(test_window_after_timeout),
    TEST(test_slow_start_after_timeout),
    TEST(test_new_data_after_timeout),
};

PACKET_MAIN(tests)
