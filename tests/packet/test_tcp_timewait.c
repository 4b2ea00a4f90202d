/**
 * @file
 * TCP: TIME-WAIT (RFC 9293 3.6.1, 3.10.7.4; RFC 1122 4.2.2.13; RFC 1337; RFC 6191).
 *
 * needs: tcp; also: lean
 */
#include "packet_tcp.h"
#include "base/fault.h"

static const u8_t mss_and_timestamp[16] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 1, 8, 10, 0, 0, 0x10};

/** The stack has closed first: a record is left. The peer's next number is 2, the stack's 2. */
static void into_timewait(bool has_timestamps)
{
  struct tcp_peer_setup setup = {0};
  if (has_timestamps) {
    setup.opts = mss_and_timestamp;
    setup.opts_len = sizeof mss_and_timestamp;
  }
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = setup.opts, .opts_len = setup.opts_len);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  tcp_peer.has_timestamps = has_timestamps;
  tcp_peer.tsval = 0x1000 - now_ms();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  if (app.pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "no connection");
  }
  tcp_close(app.pcb);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_null(tcp_active_pcbs);
}

static bool is_in_timewait(void)
{
  tcp_peer_ignores();
  ignore_drops();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2); /* a keepalive probe, so to speak */
  struct tcp_seen *seen = tcp_peer_sees();
  ignore_drops();
  return seen != NULL && seen->h.flags == TCP_ACK;
}

/* RFC 9293 3.6.1. */
PACKET_TEST(test_timewait_lasts_two_msl)
{
  into_timewait(false);
  advance(2 * TCP_MSL - 10);
  assert_true(is_in_timewait());
  advance(10);
  assert_false(is_in_timewait());
}

/* RFC 9293 3.10.7.4 step 8, security vector B10-178. */
PACKET_TEST(test_second_fin_is_acknowledged_and_restarts_it)
{
  into_timewait(false);
  advance(TCP_MSL);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  expect_drop(DROP_TCP_TIMEWAIT);
  advance(2 * TCP_MSL - 10);
  assert_true(is_in_timewait());
  advance(10);
  assert_false(is_in_timewait());
}

PACKET_TEST(test_reset_does_not_end_it)
{
  into_timewait(false); /* RFC 1337 */
  peer_says(.flags = TCP_RST, .seq = 2);
  expect_drop(DROP_TCP_TIMEWAIT);
  expect_silence();
  assert_true(is_in_timewait());
}

/* RFC 9293 3.10.7.4, security vector B10-175. */
PACKET_TEST(test_acknowledgements_are_not_acknowledged)
{
  /* Two ends in TIME-WAIT would never end otherwise. */
  into_timewait(false);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 2);
  expect_drop(DROP_TCP_TIMEWAIT);
  expect_silence();
}

/* RFC 5961 10, security vector B10-175. */
PACKET_TEST(test_answers_are_bounded)
{
  into_timewait(false);
  unsigned answers = 0;
  for (int i = 0; i < 300; i++) {
    peer_says(.flags = TCP_ACK, .seq = 1000, .ack = 2);
    answers += tcp_peer_ignores();
  }
  assert_true(answers > 0 && answers <= 100);
  expect_drops(300, DROP_TCP_TIMEWAIT);
}

PACKET_TEST(test_new_syn_behind_the_old_numbers_begins_anew)
{
  into_timewait(false); /* RFC 1122 4.2.2.13 */
  u32_t old_end = tcp_peer.stack_iss + 2;
  u32_t accepted = app.accepted;
  peer_says(.flags = TCP_SYN, .seq = 2);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 3);
  assert_true((s32_t)(seen->h.seq - old_end) > 0); /* ours is beyond the old ones, too */
  peer_says(.flags = TCP_ACK, .seq = 3, .ack = 1);
  assert_int_equal(app.accepted, accepted + 1);
}

/* RFC 5961 4.2. */
PACKET_TEST(test_old_duplicate_of_a_syn_is_answered_with_the_acknowledgement)
{
  into_timewait(false);
  peer_says(.flags = TCP_SYN, .seq = 0);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  expect_drop(DROP_TCP_TIMEWAIT);
  assert_null(tcp_active_pcbs);
}

static void syn_with_tsval(u32_t seq, u32_t tsval)
{
  u8_t opts[10] = {8,          10, (u8_t)(tsval >> 24), (u8_t)(tsval >> 16), (u8_t)(tsval >> 8),
                   (u8_t)tsval};
  peer_says(.flags = TCP_SYN, .seq = seq, .opts = opts, .opts_len = sizeof opts);
}

PACKET_TEST(test_new_syn_with_a_later_timestamp_begins_anew)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  into_timewait(true); /* RFC 6191 2: whatever its sequence number */
  syn_with_tsval((u32_t)-100000, 0x2000);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = (u32_t)-99999);
}

PACKET_TEST(test_new_syn_with_an_earlier_timestamp_is_old)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  into_timewait(true); /* RFC 6191 2: whatever its sequence number */
  syn_with_tsval(5000, 0x0fff);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  expect_drop(DROP_TCP_TIMEWAIT);
}

/* RFC 6191 2. */
PACKET_TEST(test_with_equal_timestamps_the_sequence_number_decides)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  into_timewait(true);
  syn_with_tsval(1, 0x1000);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  expect_drop(DROP_TCP_TIMEWAIT);
  syn_with_tsval(2, 0x1000);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 3);
}

PACKET_TEST(test_timestamps_on_the_new_connection_alone_begin_anew)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  into_timewait(false); /* RFC 6191 2 */
  syn_with_tsval((u32_t)-100000, 0x2000);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = (u32_t)-99999);
}

/* RFC 6191 2. */
PACKET_TEST(test_without_timestamps_on_the_new_the_sequence_number_decides)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  into_timewait(true);
  tcp_peer.has_timestamps = false;
  peer_says(.flags = TCP_SYN, .seq = 1);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  peer_says(.flags = TCP_SYN, .seq = 2);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 3);
  ignore_drops();
}

PACKET_TEST(test_acknowledgement_in_timewait_has_a_timestamp)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  into_timewait(true); /* RFC 7323 3.2 */
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_true(seen->opts.has & TCP_HAS_TIMESTAMP);
  assert_int_equal(seen->opts.tsecr, 0x1000);
}

/* RFC 9293 3.6.1, security vector B10-178. */
PACKET_TEST(test_oldest_record_makes_room)
{
  if (packet_is_fault_run() || !LWIP_FAULT_INJECTION) {
    return;
  }
  into_timewait(false);
  tcp_close(app.listener);
  tcp_peer.port = 4001;
  tcp_listen_up();
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  tcp_close(app.pcb);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  struct tcp_pcb *pcb = tcp_active_pcbs;
  assert_non_null(pcb);
  /* Of the allocations that the FIN causes, the record is one: it takes the first one's place. */
  for (u32_t nth = 2; nth <= 5 && tcp_active_pcbs != NULL; nth++) {
    struct frame f =
        tcp_segment_of(&(struct tcp_said){.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2});
    fault_arm(nth);
    rx(f);
    fault_arm(0);
  }
  assert_null(tcp_active_pcbs);
  assert_true(is_in_timewait());
}

/* RFC 9293 3.6.1. */
PACKET_TEST(test_closed_by_the_callback_that_hears_of_the_fin)
{
  into_timewait(false); /* the ACK of the FIN must leave all the same */
  tcp_close(app.listener);
  advance(2 * TCP_MSL);
  tcp_establish(&(struct tcp_peer_setup){0});
  app.closes_at_fin = true;
  tcp_shutdown(app.pcb, 0, 1);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  expect_silence();
  assert_null(tcp_active_pcbs);
  assert_true(is_in_timewait());
}

/* RFC 9293 3.6.1, security vector B11-195. */
PACKET_TEST(test_connecting_avoids_the_record)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  tcp_close(app.pcb);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, tcp_peer.stack_port), ERR_OK);
  assert_int_equal(tcp_connect(pcb, &to, tcp_peer.port, NULL), ERR_USE);
  assert_int_equal(tcp_connect(pcb, &to, 4001, NULL), ERR_OK); /* another peer is no problem */
}

/* RFC 9293 3.10.7.4 step 7: data behind the end are answered; the answer has the clock and the echo
   (RFC 7323 3.2). */
PACKET_TEST(test_data_in_timewait)
{
  into_timewait(false);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 2, .data = "late");
  expect_drop(DROP_TCP_TIMEWAIT);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
}

PACKET_TEST(test_clock_in_timewait)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  into_timewait(true); /* RFC 7323 3.2, 5.4 */
  u32_t tsval = tcp_peer.stack_tsval;
  advance(250);
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 2);
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_true((seen->opts.has & TCP_HAS_TIMESTAMP) != 0);
  assert_int_equal(seen->opts.tsval, tsval + 250);
  ignore_drops();
}

/* RFC 9293 3.6.1: without memory for the record the connection ends all the same. */
PACKET_TEST(test_no_memory_for_timewait)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  if (packet_is_fault_run() || !LWIP_FAULT_INJECTION) {
    return;
  }
  tcp_close(app.pcb);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  struct frame f =
      tcp_segment_of(&(struct tcp_said){.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2});
  for (u32_t nth = 2; nth < 5 && tcp_active_pcbs != NULL; nth++) {
    fault_arm(nth); /* behind the frame: the ACK or the record */
    rx(f);
    fault_arm(0);
  }
  assert_null(tcp_active_pcbs);
  tcp_peer_ignores();
}

static const struct packet_test tests[] = {
    TEST(test_timewait_lasts_two_msl),
    TEST(test_second_fin_is_acknowledged_and_restarts_it),
    TEST(test_reset_does_not_end_it),
    TEST(test_acknowledgements_are_not_acknowledged),
    TEST_FLAGS(test_answers_are_bounded, PACKET_ONCE),
    TEST(test_new_syn_behind_the_old_numbers_begins_anew),
    TEST(test_old_duplicate_of_a_syn_is_answered_with_the_acknowledgement),
    TEST(test_new_syn_with_a_later_timestamp_begins_anew),
    TEST(test_new_syn_with_an_earlier_timestamp_is_old),
    TEST(test_with_equal_timestamps_the_sequence_number_decides),
    TEST(test_timestamps_on_the_new_connection_alone_begin_anew),
    TEST(test_without_timestamps_on_the_new_the_sequence_number_decides),
    TEST(test_acknowledgement_in_timewait_has_a_timestamp),
    TEST_FLAGS(test_oldest_record_makes_room, PACKET_ONCE),
    TEST(test_closed_by_the_callback_that_hears_of_the_fin),
    TEST(test_connecting_avoids_the_record),
    TEST(test_data_in_timewait),
    TEST(test_clock_in_timewait),
    TEST_FLAGS(test_no_memory_for_timewait, PACKET_ONCE),
};

PACKET_MAIN(tests)
