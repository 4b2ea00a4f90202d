/**
 * @file
 * TCP: losses that were none are taken back: Eifel (RFC 3522, RFC 4015), D-SACK (RFC 3708), F-RTO
 * (RFC 5682 3).
 *
 * needs: tcp
 */
#include "tcp_loss.h"

/** Segments 0..9 fly and 0 is sent again, in fast recovery. */
static void spurious_recovery(bool has_timestamps)
{
  if (has_timestamps) {
    begin_with_timestamps(100, true);
  } else {
    begin(100);
  }
  write_segments(10);
  expect_numbers(0, 10);
  advance(100);
}

/* RFC 3522 3.2 step 5: what is echoed is older than the repair, so the original has arrived. */
PACKET_TEST(test_eifel_undoes_fast_recovery)
{
  spurious_recovery(true);
  u32_t original = tcp_peer.stack_tsval;
  u32_t cwnd = app.pcb->cwnd;
  u32_t ssthresh = app.pcb->ssthresh;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .tsecr = original, .sack = {{SEQ(1), SEQ(6)}});
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  advance(5);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(6), .tsecr = original);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
  assert_int_equal(app.pcb->cwnd, cwnd); /* not more: ssthresh is no window */
  assert_int_equal(app.pcb->lost, 0);
}

/* ... and an echo of the repair means that it was needed (RFC 3522 3.2). */
PACKET_TEST(test_eifel_leaves_a_real_loss)
{
  spurious_recovery(true);
  u32_t original = tcp_peer.stack_tsval;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .tsecr = original, .sack = {{SEQ(1), SEQ(10)}});
  expect_number(0);
  advance(100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(10)); /* echoes the repair's */
  assert_int_equal(app.pcb->cwnd, app.pcb->ssthresh);
  assert_true(app.pcb->cwnd < 8 * (MSS + 12));
}

/* RFC 3708: D-SACKs for everything that was sent again. */
PACKET_TEST(test_dsack_undoes_fast_recovery)
{
  spurious_recovery(false);
  u32_t cwnd = app.pcb->cwnd;
  u32_t ssthresh = app.pcb->ssthresh;
  peer_sacks(0, 1, 6);
  expect_number(0);
  advance(5);
  peer_acks(6);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  peer_dsacks(6, 0, 1);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_int_equal(app.pcb->cwnd, cwnd);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
}

/* ... also when recovery has just ended (RFC 3708 2). */
PACKET_TEST(test_dsack_behind_recovery)
{
  spurious_recovery(false);
  u32_t cwnd = app.pcb->cwnd;
  peer_sacks(0, 1, 6);
  expect_number(0);
  advance(5);
  peer_acks(10);
  assert_int_equal(app.pcb->cwnd, 7 * MSS);
  peer_dsacks(10, 0, 1);
  assert_int_equal(app.pcb->cwnd, cwnd);
}

/* ... but not for ever: a round trip later it is about something else (RFC 3708 2). */
PACKET_TEST(test_late_dsack_undoes_nothing)
{
  spurious_recovery(false);
  peer_sacks(0, 1, 10);
  expect_number(0);
  peer_acks(10);
  write_segments(2);
  expect_numbers(10, 12);
  peer_acks(12);
  write_segments(2);
  expect_numbers(12, 14);
  peer_acks(14);
  peer_dsacks(14, 0, 1);
  assert_in_range(app.pcb->cwnd, 7 * MSS, 9 * MSS);
  assert_null(app.pcb->undo);
}

/* One D-SACK of two repairs is not enough (RFC 3708 2). */
PACKET_TEST(test_half_of_the_repairs_were_needed)
{
  spurious_recovery(false);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1,
            .sack = {{SEQ(2), SEQ(10)}}); /* 0 and 1 are missing */
  expect_numbers(0, 2);
  peer_acks(10);
  peer_dsacks(10, 0, 1);
  assert_int_equal(app.pcb->cwnd, 7 * MSS);
}

/** A window of ten and ten more to write; nothing is heard, the timer fires. */
static void timeout_with_ten_in_flight(void)
{
  begin(100);
  write_segments(30);
  expect_numbers(0, 10);
  advance(200); /* the probe: new data */
  expect_number(10);
  expect_silence();
  advance(300);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  assert_int_equal(app.pcb->frto, TCP_FRTO_SENT);
}

/* RFC 5682 3.1: step 2b sends two new segments, step 3b: what was sent before the timeout still
   arrives, so it was spurious. */
PACKET_TEST(test_frto_spurious)
{
  timeout_with_ten_in_flight();
  u32_t cwnd = 10 * MSS;
  peer_acks(1);
  expect_numbers(11, 13); /* not 1, which is taken for lost */
  assert_int_equal(app.pcb->frto, TCP_FRTO_NEW_DATA);
  peer_acks(2);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_int_equal(app.pcb->frto, TCP_FRTO_OFF);
  assert_in_range(app.pcb->cwnd, cwnd, cwnd + MSS);
  assert_int_equal(app.pcb->lost, 0);
  for (struct tcp_seen *seen = tcp_peer_sees(); seen != NULL; seen = tcp_peer_sees()) {
    assert_true(seen->seq >= SEQ(13)); /* nothing old is sent again */
  }
}

/* ... SACKs tell the same (3.1 step 3b) (RFC 5682 3.1 step 3b). */
PACKET_TEST(test_frto_spurious_by_sack)
{
  timeout_with_ten_in_flight();
  peer_acks(1);
  expect_numbers(11, 13);
  peer_sacks(1, 2, 3);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
}

/* RFC 5682 3.1 step 3a: the new data arrive and nothing older: the timeout was right. */
PACKET_TEST(test_frto_genuine)
{
  timeout_with_ten_in_flight();
  peer_acks(1);
  expect_numbers(11, 13);
  advance(100);
  peer_sacks(1, 11, 12);
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  assert_int_equal(app.pcb->frto, TCP_FRTO_OFF);
  assert_true(app.pcb->cwnd <= 3 * MSS);
  expect_number(1);
  tcp_peer_ignores();
  assert_int_equal(app.pcb->ssthresh, 7 * MSS);
}

/* RFC 5682 3.1 step 3a: a plain duplicate is no evidence. */
PACKET_TEST(test_frto_duplicate_in_step_3)
{
  timeout_with_ten_in_flight();
  peer_acks(1);
  expect_numbers(11, 13);
  peer_acks(1);
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  assert_int_equal(app.pcb->frto, TCP_FRTO_OFF);
}

/* RFC 5682 3.1 step 2a: everything is acknowledged at once: nothing is known, and nothing undone.
 */
PACKET_TEST(test_frto_all_acknowledged)
{
  timeout_with_ten_in_flight();
  peer_acks(11);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_int_equal(app.pcb->ssthresh, 7 * MSS);
  assert_true(app.pcb->cwnd <= 3 * MSS);
}

/* RFC 5682 3.1 step 2b: without new data to send, as usual: the next old one. */
PACKET_TEST(test_frto_without_new_data)
{
  begin(100);
  write_segments(5);
  expect_numbers(0, 5);
  advance(200);
  expect_number(4);
  advance(300);
  expect_number(0);
  peer_acks(1);
  expect_number(1);
  assert_int_equal(app.pcb->frto, TCP_FRTO_OFF);
}

/* RFC 5682 3.1 step 1: not when losses were being repaired already. */
PACKET_TEST(test_no_frto_in_recovery)
{
  begin(100);
  write_segments(30);
  expect_numbers(0, 10);
  advance(100);
  peer_sacks(0, 1, 10);
  expect_number(0);
  tcp_peer_ignores();
  advance(300);
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  assert_int_equal(app.pcb->frto, TCP_FRTO_OFF);
}

/* Eifel after a timeout: the first acknowledgement is enough (RFC 3522 3.2). */
PACKET_TEST(test_eifel_undoes_timeout)
{
  begin_with_timestamps(100, true);
  write_segments(5);
  expect_numbers(0, 5);
  u32_t original = tcp_peer.stack_tsval;
  u32_t cwnd = app.pcb->cwnd;
  advance(200);
  expect_number(4);
  advance(300);
  expect_number(0);
  advance(10);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(1), .tsecr = original);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_in_range(app.pcb->cwnd, cwnd, cwnd + MSS);
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_eifel_undoes_fast_recovery),
    TEST(test_eifel_leaves_a_real_loss),
    TEST(test_dsack_undoes_fast_recovery),
    TEST(test_dsack_behind_recovery),
    TEST(test_late_dsack_undoes_nothing),
    TEST(test_half_of_the_repairs_were_needed),
    TEST(test_frto_spurious),
    TEST(test_frto_spurious_by_sack),
    TEST(test_frto_genuine),
    TEST(test_frto_duplicate_in_step_3),
    TEST(test_frto_all_acknowledged),
    TEST(test_frto_without_new_data),
    TEST(test_no_frto_in_recovery),
    TEST(test_eifel_undoes_timeout),
};

PACKET_MAIN(tests)
