/**
 * @file
 * TCP: slow start and when it is left: HyStart++ (RFC 9406).
 *
 * needs: tcp
 */
#include "tcp_loss.h"

static u32_t acked; /* segments */
static u32_t sent;

static void begin_slow_start(void)
{
  begin(100);
  acked = 0;
  sent = 0;
  write_segments(600);
  sent += tcp_peer_ignores();
  assert_int_equal(sent, 10);
}

/** All that is in flight is acknowledged, segment by segment, `rtt_ms` after it was sent. */
static void round_trip(u32_t rtt_ms)
{
  u32_t end = sent;
  advance(rtt_ms);
  while (acked < end) {
    peer_acks(++acked);
    sent += tcp_peer_ignores();
  }
}

/* RFC 9406 4.2: as long as the round-trip time stays, the window doubles. */
PACKET_TEST(test_steady_rtt_doubles)
{
  begin_slow_start();
  u32_t cwnd = 10 * MSS;
  for (int i = 0; i < 4; i++) {
    round_trip(100);
    cwnd *= 2;
    assert_int_equal(app.pcb->cwnd, cwnd);
  }
}

/* RFC 9406 4.2: an eighth of the RTT is the threshold (4 ms to 16 ms): below it nothing happens. */
PACKET_TEST(test_small_increase_is_noise)
{
  begin_slow_start();
  round_trip(100);
  round_trip(112);
  assert_int_equal(app.pcb->hystart_css_us, 0);
  assert_int_equal(app.pcb->cwnd, 40 * MSS);
}

/* RFC 9406 4.2: from it on, and with the eighth sample, growth is a quarter. */
PACKET_TEST(test_conservative_slow_start)
{
  begin_slow_start();
  round_trip(100);
  advance(113);
  for (u32_t i = 1; i <= 7; i++) {
    peer_acks(++acked);
    assert_int_equal(app.pcb->cwnd, 20 * MSS + i * MSS);
  }
  peer_acks(++acked); /* N_RTT_SAMPLE */
  assert_int_equal(app.pcb->hystart_css_us, 113000);
  assert_int_equal(app.pcb->cwnd, 27 * MSS + MSS / 4);
  peer_acks(++acked);
  assert_int_equal(app.pcb->cwnd, 27 * MSS + MSS / 2);
}

/* RFC 9406 4.2: five round trips of it, counting the one it began in, and slow start is over. */
PACKET_TEST(test_exit)
{
  begin_slow_start();
  round_trip(100);
  for (int i = 1; i <= 4; i++) {
    round_trip(120);
    assert_true(app.pcb->ssthresh == (tcpwnd_size_t)~0U);
    assert_int_equal(app.pcb->hystart_rounds, i);
  }
  round_trip(120);
  assert_true(app.pcb->ssthresh != (tcpwnd_size_t)~0U);
  assert_in_range(app.pcb->ssthresh, 40 * MSS, 80 * MSS);
  assert_true(app.pcb->cwnd >= app.pcb->ssthresh);
}

/* RFC 9406 4.2: the time falls again: it was a false alarm, and slow start goes on. */
PACKET_TEST(test_false_alarm)
{
  begin_slow_start();
  round_trip(100);
  round_trip(130);
  assert_int_equal(app.pcb->hystart_css_us, 130000);
  u32_t cwnd = app.pcb->cwnd;
  advance(101);
  for (u32_t i = 1; i <= 8; i++) {
    peer_acks(++acked);
  }
  assert_int_equal(app.pcb->hystart_css_us, 0);
  assert_true(app.pcb->ssthresh == (tcpwnd_size_t)~0U);
  cwnd = app.pcb->cwnd;
  peer_acks(++acked);
  assert_int_equal(app.pcb->cwnd, cwnd + MSS);
}

/* RFC 9406 4.3: 4 ms at least: short round trips are noisy. */
PACKET_TEST(test_threshold_of_short_round_trips)
{
  begin_slow_start();
  round_trip(10);
  round_trip(13); /* an eighth would be 1.25 ms */
  assert_int_equal(app.pcb->hystart_css_us, 0);
}

/* RFC 9406 4.3: 16 ms at most: long ones have deep queues. */
PACKET_TEST(test_threshold_of_long_round_trips)
{
  begin_slow_start();
  round_trip(200);
  round_trip(217); /* an eighth would be 25 ms */
  assert_int_equal(app.pcb->hystart_css_us, 217000);
}

/* RFC 9406 4.2: only the first slow start, whose ssthresh nobody knows. */
PACKET_TEST(test_later_slow_start)
{
  begin_slow_start();
  app.pcb->ssthresh = 200 * MSS;
  round_trip(100);
  round_trip(190);
  assert_int_equal(app.pcb->cwnd, 40 * MSS);
}

/* RFC 9406 4.2: one acknowledgement opens the window by eight segments at most. */
PACKET_TEST(test_stretch_acknowledgement)
{
  begin_slow_start();
  peer_acks(10);
  assert_int_equal(app.pcb->cwnd, 18 * MSS);
}

/* The exit is followed by congestion avoidance from there (RFC 9438 4.2: K = 0). */
PACKET_TEST(test_congestion_avoidance_behind_exit)
{
  begin_slow_start();
  round_trip(100);
  for (int i = 0; i < 5; i++) {
    round_trip(120);
  }
  u32_t cwnd = app.pcb->cwnd;
  round_trip(120);
  assert_in_range(app.pcb->cwnd, cwnd, cwnd + 2 * MSS);
}

static const struct packet_test tests[] = {
    TEST(test_steady_rtt_doubles),
    TEST(test_small_increase_is_noise),
    TEST(test_conservative_slow_start),
    TEST_FLAGS(test_exit, PACKET_ONCE),
    TEST(test_false_alarm),
    TEST(test_threshold_of_short_round_trips),
    TEST(test_threshold_of_long_round_trips),
    TEST(test_later_slow_start),
    TEST(test_stretch_acknowledgement),
    TEST_FLAGS(test_congestion_avoidance_behind_exit, PACKET_ONCE),
};

PACKET_MAIN(tests)
