/**
 * @file
 * TCP: timestamps: which are sent, which are echoed, and protection by them against old segments
 * (RFC 7323 3, 4.3, 5; security vectors B10-176, 193).
 *
 * needs: tcp
 */
#include "packet_tcp.h"

#define NOW  5000000U                    /* the peer's clock */
#define FULL (LWIP_IPV4 ? 1460U : 1440U) /* payload of a full segment */
#define DAYS (24UL * 3600 * 1000)

/* MSS 1460, timestamp NOW */
static const u8_t opts[] = {2,  4,         1460 >> 8,        1460 & 0xff,     1,          1, 8,
                            10, NOW >> 24, NOW >> 16 & 0xff, NOW >> 8 & 0xff, NOW & 0xff, 0, 0,
                            0,  0};

/** An active open with timestamps. The peer says everything at NOW unless it says when. */
static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true, .opts = opts, .opts_len = sizeof opts});
  tcp_peer.has_timestamps = true;
  assert_true(app.pcb->flags & TF_TIMESTAMP);
}

#define says_at(tsval_, ...) peer_says(.flags = TCP_ACK, .ack = 1, .tsval = (tsval_), __VA_ARGS__)

/** The next segment, and that it echoes this. */
static void expect_echo(u32_t tsval)
{
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  assert_int_equal(s->opts.has & TCP_HAS_TIMESTAMP, TCP_HAS_TIMESTAMP);
  assert_int_equal(s->opts.tsecr, tsval);
}

/* RFC 7323 3.2: once agreed on, in every segment. */
PACKET_TEST(test_every_segment_has_a_timestamp)
{
  start();
  app_write("a", 1);
  expect_echo(NOW);
  says_at(NOW + 1, .seq = 1, .data = "x");
  expect_echo(NOW + 1);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_echo(NOW + 1);
}

/* RFC 7323 5.4. */
PACKET_TEST(test_our_clock_runs_in_milliseconds)
{
  start();
  u32_t before = tcp_peer.stack_tsval;
  advance(1234);
  app_write("a", 1);
  expect_echo(NOW);
  assert_int_equal(tcp_peer.stack_tsval - before, 1234);
}

/* RFC 7323 3.2: a reset mirrors, too (security vector B10-193). */
PACKET_TEST(test_our_reset_has_a_timestamp)
{
  start();
  tcp_abort(app.pcb);
  struct tcp_seen *s = expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(s->opts.tsecr, NOW);
}

/* RFC 6691: options count in the segment's size. */
PACKET_TEST(test_timestamp_takes_room_from_data)
{
  start();
  app_write(pattern(3000, 1), 3000);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = FULL - 12);
  expect_segment(.flags = TCP_ACK, .seq = 1 + FULL - 12, .len = FULL - 12);
}

/* RFC 7323 5.3 R1: older than the last one: answered, dropped. */
PACKET_TEST(test_old_timestamp_is_dropped)
{
  start();
  says_at(NOW - 1, .seq = 1, .data = "old");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_PAWS);
  expect_app_data("");
}

/* RFC 7323 5.2. */
PACKET_TEST(test_equal_timestamp_is_taken)
{
  start();
  says_at(NOW, .seq = 1, .data = "same");
  expect_app_data("same");
}

/* ... before the sequence is looked at (RFC 7323 5.3, security vector B10-176), */
PACKET_TEST(test_old_timestamp_out_of_window)
{
  start();
  says_at(NOW - 1, .seq = 1000000, .data = "old");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_PAWS);
}

/* ... and the acknowledgement (RFC 7323 5.3). */
PACKET_TEST(test_old_timestamp_acknowledges_nothing)
{
  start();
  app_write("a", 1);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .tsval = NOW - 1);
  expect_drop(DROP_TCP_PAWS);
  assert_int_equal(app.sent, 0);
}

/* RFC 7323 5.3. */
PACKET_TEST(test_old_fin_is_dropped)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1, .tsval = NOW - 1);
  expect_drop(DROP_TCP_PAWS);
  assert_int_equal(app.pcb->state, ESTABLISHED);
}

/* A timestamp half the number space ahead is old; less is new (RFC 7323 5.2). */
PACKET_TEST(test_timestamps_wrap)
{
  start();
  says_at(NOW + 0x7fffffffU, .seq = 1, .data = "a");
  says_at(NOW + 0xf0000000U, .seq = 2, .data = "b");
  says_at(NOW, .seq = 3, .data = "c");
  expect_app_data("abc");
  expect_no_drop();
  says_at(NOW + 0x80000000U, .seq = 4, .data = "d");
  expect_drop(DROP_TCP_PAWS);
}

/* RFC 7323 5.2: without one: dropped in silence. */
PACKET_TEST(test_missing_timestamp_is_dropped)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x", .no_timestamp = true);
  expect_drop(DROP_TCP_NO_TIMESTAMP);
  expect_silence();
  expect_app_data("");
}

/* RFC 7323 5.2: resets need none, */
PACKET_TEST(test_reset_without_timestamp_counts)
{
  start();
  peer_says(.flags = TCP_RST, .seq = 1, .no_timestamp = true);
  assert_int_equal(app.err, ERR_RST);
}

/* ... and an old one does not matter (RFC 7323 5.2). */
PACKET_TEST(test_reset_with_old_timestamp_counts)
{
  start();
  peer_says(.flags = TCP_RST, .seq = 1, .tsval = NOW - 100);
  assert_int_equal(app.err, ERR_RST);
}

/* RFC 7323 3.2. */
PACKET_TEST(test_timestamp_that_was_not_agreed_on)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  tcp_peer.has_timestamps = true;
  says_at(NOW, .seq = 1, .data = "a");
  says_at(NOW - 1000, .seq = 2, .data = "b");
  expect_app_data("ab");
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  assert_int_equal(s->opts.has, 0);
}

/* RFC 7323 4.3: behind a hole no timestamp is taken: the hole's is to be echoed. */
PACKET_TEST(test_echo_while_there_is_a_hole)
{
  start();
  says_at(NOW + 10, .seq = 2, .data = "b");
  expect_echo(NOW);
  says_at(NOW + 5, .seq = 1, .data = "a");
  expect_echo(NOW + 5);
  expect_app_data("ab");
}

/* RFC 7323 4.3: of several segments for one ACK the first is echoed. */
PACKET_TEST(test_echo_of_a_delayed_ack)
{
  u32_t seq = 1;
  start();
  says_at(NOW, .seq = seq++, .data = "x");
  while (tcp_peer_sees() != NULL) { /* until ACKs are delayed */
    says_at(NOW, .seq = seq++, .data = "x");
  }
  advance(200);
  tcp_peer_ignores();
  says_at(NOW + 1, .seq = seq++, .data = "y");
  says_at(NOW + 2, .seq = seq++, .data = "z");
  advance(200);
  expect_echo(NOW + 1);
}

/* A stranger who knows neither number does not set the clock ahead: what he says left of the
   window, beyond it, or with a wrong ACK, is not believed (RFC 7323 5.3: R2 before R3). */
PACKET_TEST(test_strangers_do_not_set_the_clock)
{
  start();
  says_at(NOW + 0x70000000U, .seq = 0U - 100000, .data = "left");
  expect_drop(DROP_TCP_DUPLICATE);
  says_at(NOW + 0x70000000U, .seq = 10000000, .data = "right");
  expect_drop(DROP_TCP_OUT_OF_WINDOW);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 7777, .tsval = NOW + 0x70000000U, .data = "ack");
  expect_drop(DROP_TCP_BAD_ACK);
  peer_says(.flags = TCP_SYN, .seq = 1, .tsval = NOW + 0x70000000U);
  expect_drop(DROP_TCP_BAD_SYN);
  peer_says(.flags = TCP_PSH, .seq = 1, .tsval = NOW + 0x70000000U, .data = "no ack");
  expect_drop(DROP_TCP_NO_ACK);
  tcp_peer_ignores();
  says_at(NOW + 1, .seq = 1, .data = "peer");
  expect_no_drop();
  expect_app_data("peer");
}

/* RFC 7323 5.5: after 24 days of silence the peer's clock may have wrapped. */
PACKET_TEST(test_timestamps_of_an_idle_connection_expire)
{
  start();
  advance(23 * DAYS);
  says_at(NOW - 1, .seq = 1, .data = "a");
  expect_drop(DROP_TCP_PAWS);
  advance(2 * DAYS);
  says_at(NOW - 1, .seq = 1, .data = "a");
  expect_no_drop();
  expect_app_data("a");
}

/* Data cut on the left come from a segment that began early: its timestamp counts
   (RFC 7323 4.3). */
PACKET_TEST(test_echo_of_a_segment_that_is_cut)
{
  start();
  says_at(NOW + 1, .seq = 1, .data = "abc");
  expect_echo(NOW + 1);
  says_at(NOW + 2, .seq = 3, .data = "cde");
  expect_echo(NOW + 2);
  expect_app_data("abcde");
}

static const struct packet_test tests[] = {
    TEST(test_every_segment_has_a_timestamp),
    TEST(test_our_clock_runs_in_milliseconds),
    TEST(test_our_reset_has_a_timestamp),
    TEST(test_timestamp_takes_room_from_data),
    TEST(test_old_timestamp_is_dropped),
    TEST(test_equal_timestamp_is_taken),
    TEST(test_old_timestamp_out_of_window),
    TEST(test_old_timestamp_acknowledges_nothing),
    TEST(test_old_fin_is_dropped),
    TEST(test_timestamps_wrap),
    TEST(test_missing_timestamp_is_dropped),
    TEST(test_reset_without_timestamp_counts),
    TEST(test_reset_with_old_timestamp_counts),
    TEST(test_timestamp_that_was_not_agreed_on),
    TEST(test_echo_while_there_is_a_hole),
    TEST(test_echo_of_a_delayed_ack),
    TEST(test_strangers_do_not_set_the_clock),
    TEST(test_timestamps_of_an_idle_connection_expire),
    TEST(test_echo_of_a_segment_that_is_cut),
};

PACKET_MAIN(tests)
