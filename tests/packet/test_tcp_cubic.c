/**
 * @file
 * TCP: CUBIC's window against RFC 9438's formulas in floating point.
 *
 * needs: tcp
 */
#include "tcp_loss.h"

#define C    0.4
#define BETA 0.7

static double distance(double a, double b)
{
  return a > b ? a - b : b - a;
}

/** Newton's. */
static double cube_root(double a)
{
  double x = a > 1 ? a : 1;
  for (int i = 0; i < 100; i++) {
    x -= (x * x * x - a) / (3 * x * x);
  }
  return x;
}

/** Segments. */
static double cwnd_now(void)
{
  return (double)app.pcb->cwnd / MSS;
}

/** A connection whose algorithm is asked directly; nothing is in flight. */
static void begin_cubic(double cwnd, u32_t rtt_ms)
{
  begin(rtt_ms);
  app.pcb->mss = MSS;
  app.pcb->cwnd = (tcpwnd_size_t)(cwnd * MSS);
}

static void lose(void)
{
  tcp_reduce_ssthresh(app.pcb, app.pcb->cwnd);
  app.pcb->cwnd = app.pcb->ssthresh;
}

/** A round trip in which all of cwnd is acknowledged, by two segments each. */
static void round_trip(u32_t rtt_ms)
{
  u32_t acks = app.pcb->cwnd / (2 * MSS);
  struct tcp_ack_event ev = {.acked = 2 * MSS, .rtt_us = rtt_ms * 1000};
  u32_t passed = 0;
  for (u32_t i = 0; i < acks; i++) {
    u32_t until = (i + 1) * rtt_ms / acks;
    advance(until - passed);
    passed = until;
    tcp_cc_cubic.acked(app.pcb, &ev);
  }
}

/* RFC 9438 4.6, 4.2: beta is 0.7; the concave part up to W_max, then the convex one: W(t) = C (t -
   K)^3 + W_max. */
PACKET_TEST(test_curve)
{
  const u32_t rtt_ms = 100;
  begin_cubic(400, rtt_ms);
  lose();
  assert_int_equal(app.pcb->ssthresh, 280 * MSS);
  double k = cube_root((400 - 280) / C);
  for (u32_t t_ms = rtt_ms; t_ms < 12000; t_ms += rtt_ms) {
    round_trip(rtt_ms);
    double t = t_ms / 1000.0;
    double w = C * (t - k) * (t - k) * (t - k) + 400;
    packet_note("after %u ms: %.2f, by the formula %.2f", t_ms, cwnd_now(), w);
    assert_true(distance(cwnd_now(), w) < 0.02 * w + 1);
  }
  assert_true(cwnd_now() > 440); /* beyond the plateau, which came after K = 6.7 s */
}

/* RFC 9438 4.3: with a short round trip Reno would be faster, so the window is W_est: 0.53 segments
   a round trip, one once W_max is reached again. */
PACKET_TEST(test_reno_friendly_region)
{
  const u32_t rtt_ms = 10;
  double w_est = 28;
  begin_cubic(40, rtt_ms);
  lose();
  assert_int_equal(app.pcb->cwnd, 28 * MSS);
  for (u32_t round = 0; round < 60; round++) {
    double alpha = w_est >= 40 ? 1 : 3 * (1 - BETA) / (1 + BETA);
    u32_t acks = app.pcb->cwnd / (2 * MSS);
    for (u32_t i = 0; i < acks; i++) {
      w_est += alpha * 2 / cwnd_now();
    }
    round_trip(rtt_ms);
    packet_note("round %u: %.2f, by the formula %.2f", round, cwnd_now(), w_est);
    assert_true(distance(cwnd_now(), w_est) < 0.03 * w_est + 0.2);
  }
  assert_true(cwnd_now() > 55);
}

/* RFC 9438 4.3: W_est of a large window loses nothing to rounding. */
PACKET_TEST(test_estimate_of_a_large_window)
{
  begin_cubic(700, 1);
  lose();
  for (u32_t round = 0; round < 50; round++) {
    round_trip(1);
  }
  double w_est = 490 + 50 * 3 * (1 - BETA) / (1 + BETA);
  assert_true(distance((double)app.pcb->cubic_west / MSS, w_est) < 1.5);
}

/* RFC 9438 4.7: losing below the last plateau gives room: W_max is 0.85 of where it was lost. */
PACKET_TEST(test_fast_convergence)
{
  begin_cubic(400, 100);
  lose();
  assert_int_equal(app.pcb->cubic_wmax, 400 * MSS);
  lose();
  assert_int_equal(app.pcb->cubic_wmax, 238 * MSS);
  assert_int_equal(app.pcb->cwnd, 196 * MSS);
}

/* RFC 9438 4.6: two segments at least (RFC 5681 (4)). */
PACKET_TEST(test_smallest_ssthresh)
{
  begin_cubic(2, 100);
  lose();
  assert_int_equal(app.pcb->ssthresh, 2 * MSS);
}

/* RFC 9438 4.2: slow start ends without loss: the window itself is the plateau, K = 0. */
PACKET_TEST(test_epoch_without_loss)
{
  begin_cubic(100, 100);
  app.pcb->ssthresh = 100 * MSS;
  round_trip(100);
  assert_true((s32_t)(stack_now() - app.pcb->cubic_plateau_ms) >= 0); /* it is there already */
  assert_int_equal(app.pcb->cubic_wmax, 100 * MSS);
  assert_true(cwnd_now() < 102);
}

/* RFC 9438 4.2, 5.8: time in which nothing was sent does not let the window leap. */
PACKET_TEST(test_idle_time_does_not_count)
{
  begin_cubic(100, 100);
  lose();
  round_trip(100);
  double before = cwnd_now();
  advance(60000);
  round_trip(100);
  assert_true(cwnd_now() < before * 1.1);
}

/* RFC 9438 4.2: at most half as much again in a round trip. */
PACKET_TEST(test_growth_is_bounded)
{
  begin_cubic(10, 100);
  app.pcb->ssthresh = 10 * MSS;
  round_trip(100);
  app.pcb->cubic_plateau_ms -= 100000; /* the curve is far above */
  double before = cwnd_now();
  round_trip(100);
  assert_true(cwnd_now() < before * 1.75); /* exp(1/2), as cwnd grows meanwhile */
  assert_true(cwnd_now() > before * 1.3);
}

/* RFC 9438 4.8: after a timeout ssthresh is by beta as well, and the plateau is where congestion
   avoidance begins, K = 0. */
PACKET_TEST(test_timeout)
{
  begin_cubic(40, 100);
  write_segments(200);
  tcp_peer_ignores();
  app.pcb->ssthresh = 40 * MSS;
  app.pcb->cubic_wmax = 400 * MSS;
  advance(5000);
  tcp_peer_ignores();
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  assert_int_equal(app.pcb->ssthresh, 28 * MSS);
  assert_int_equal(app.pcb->cwnd, MSS);
  app.pcb->nrtx = 0;
  app.pcb->cwnd = app.pcb->ssthresh; /* slow start has led here */
  round_trip(100);
  assert_int_equal(app.pcb->cubic_wmax, 28 * MSS);
  assert_true((s32_t)(stack_now() - app.pcb->cubic_plateau_ms) >= 0);
  assert_true(cwnd_now() < 30);
}

/* RFC 9438 4.6: a mark reduces the window as a loss does, by the factor for marks (RFC 8511 3.1),
   and W_max is where that was */
PACKET_TEST(test_mark)
{
  begin_cubic(400, 100);
  app.pcb->ssthresh = 400 * MSS;
  assert_int_equal(tcp_cc_cubic.ssthresh(app.pcb, 400 * MSS, true), 340 * MSS);
  assert_int_equal(app.pcb->cubic_wmax, 400 * MSS);
  assert_int_equal(app.pcb->cubic_prior, 400 * MSS);
  assert_false(app.pcb->cubic_has_epoch);
}

/* RFC 9438 4.10, 4.2: in slow start the window doubles; no epoch begins */
PACKET_TEST(test_slow_start)
{
  begin_cubic(10, 100);
  app.pcb->ssthresh = 400 * MSS;
  round_trip(100);
  assert_int_equal(app.pcb->cwnd, 20 * MSS);
  assert_false(app.pcb->cubic_has_epoch);
}

/* RFC 9438 4.9: a reduction that was undone leaves the curve where it was. */
PACKET_TEST(test_undo)
{
  begin_cubic(400, 100);
  lose();
  for (int i = 0; i < 20; i++) {
    round_trip(100);
  }
  u32_t cwnd = app.pcb->cwnd;
  u32_t plateau_ms = app.pcb->cubic_plateau_ms;
  lose();
  tcp_cc_cubic.undo(app.pcb);
  app.pcb->cwnd = cwnd;
  assert_true(app.pcb->cubic_has_epoch);
  assert_int_equal(app.pcb->cubic_wmax, 400 * MSS);
  assert_int_equal(app.pcb->cubic_plateau_ms, plateau_ms);
}

/* Large windows and long times overflow nothing (RFC 9438 4.2). */
PACKET_TEST(test_extremes)
{
  begin_cubic(1, 100);
  app.pcb->mss = 1460;
  app.pcb->cwnd = 0x40000000;
  lose();
  struct tcp_ack_event ev = {.acked = 2920};
  tcp_cc_cubic.acked(app.pcb, &ev);
  app.pcb->cubic_plateau_ms -= 0x7f000000U;
  tcp_cc_cubic.acked(app.pcb, &ev);
  assert_in_range(app.pcb->cwnd, 0x2cccccccU, 0x7fffffffU);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_curve, PACKET_ONCE),
    TEST_FLAGS(test_reno_friendly_region, PACKET_ONCE),
    TEST_FLAGS(test_estimate_of_a_large_window, PACKET_ONCE),
    TEST(test_fast_convergence),
    TEST(test_smallest_ssthresh),
    TEST(test_epoch_without_loss),
    TEST(test_idle_time_does_not_count),
    TEST(test_growth_is_bounded),
    TEST_FLAGS(test_timeout, PACKET_ONCE),
    TEST(test_mark),
    TEST(test_slow_start),
    TEST_FLAGS(test_undo, PACKET_ONCE),
    TEST(test_extremes),
};

PACKET_MAIN(tests)
