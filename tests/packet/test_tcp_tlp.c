/**
 * @file
 * TCP: tail loss probes (RFC 8985 7).
 *
 * needs: tcp
 */
#include "sim/tcp_invariants.h"
#include "tcp_loss.h"

/* RFC 8985 7.2: two round trips after the last new data. */
PACKET_TEST(test_probe_after_two_round_trips)
{
  begin(100);
  write_segments(4);
  expect_numbers(0, 4);
  advance(199);
  expect_silence();
  advance(1);
  expect_number(3); /* 7.3: no new data, so the last segment again */
  expect_silence();
}

/* RFC 8985 7.2: with one segment in flight the peer may delay its ACK: 200 ms more. */
PACKET_TEST(test_single_segment_leaves_time_for_a_delayed_ack)
{
  begin(300);
  write_segments(1);
  expect_numbers(0, 1);
  advance(799);
  expect_silence();
  advance(1);
  expect_number(0);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
}

/* ... and when the timeout comes sooner, there is no probe (RFC 8985 7.2). */
PACKET_TEST(test_timeout_sooner_than_the_probe)
{
  begin(100);
  write_segments(1);
  expect_numbers(0, 1);
  advance(299);
  expect_silence();
  advance(1);
  expect_number(0);
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
}

/* RFC 8985 7.2: every new data start the time anew. */
PACKET_TEST(test_new_data_delay_the_probe)
{
  begin(100);
  write_segments(2);
  expect_numbers(0, 2);
  advance(150);
  write_segments(1);
  expect_numbers(2, 3);
  advance(199);
  expect_silence();
  advance(1);
  expect_number(2);
}

/* RFC 8985 7.3: new data, if there are some, beyond the congestion window. */
PACKET_TEST(test_probe_is_new_data_if_there_are_some)
{
  begin(100);
  write_segments(12);
  expect_numbers(0, 10);
  advance(200);
  expect_number(10);
  expect_silence();
  assert_int_equal(app.pcb->cwnd, 10 * MSS);
}

/* RFC 8985 7.3: but not beyond the peer's window. */
PACKET_TEST(test_probe_respects_the_peers_window)
{
  begin(100);
  tcp_peer.wnd = 32; /* times 128: 4096 bytes */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  write_segments(8);
  expect_numbers(0, 4);
  advance(200);
  struct tcp_seen *seen = tcp_peer_sees();
  assert_non_null(seen);
  assert_true(seen->seq + seen->len <= 1U + 4096U);
}

/* RFC 8985 7.3: one probe at a time; then the timeout. */
PACKET_TEST(test_one_probe_then_timeout)
{
  begin(100);
  write_segments(4);
  expect_numbers(0, 4);
  advance(200);
  expect_number(3);
  advance(299);
  expect_silence();
  advance(1);
  expect_number(0);
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
}

/* RFC 8985 7.1: what the probe is for: the peer reports the hole, and no timeout is needed. */
PACKET_TEST(test_probe_turns_timeout_into_recovery)
{
  begin(100);
  write_segments(4);
  expect_numbers(0, 4);
  advance(100);
  peer_acks(2); /* 2 and 3 are lost */
  advance(200);
  expect_number(3);
  advance(100);
  peer_sacks(2, 3, 4);
  expect_number(2);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  advance(100);
  peer_acks(4);
  expect_silence();
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
}

static void probe_of_single_segment(void)
{
  begin(300);
  write_segments(1);
  expect_numbers(0, 1);
  advance(800);
  expect_number(0);
  assert_true(app.pcb->tlp_is_out);
}

/* RFC 8985 7.4.2: the probe alone has arrived, so its original was lost: slow down, once. */
PACKET_TEST(test_repaired_loss_reduces_the_window)
{
  probe_of_single_segment();
  peer_acks(1);
  assert_int_equal(app.pcb->cwnd, 10 * MSS); /* not known yet: the second copy may still come */
  write_segments(1);
  expect_number(1);
  peer_acks(2);
  assert_int_equal(app.pcb->ssthresh, 7 * MSS); /* RFC 9438 4.6 */
  assert_int_equal(app.pcb->cwnd, 7 * MSS);
  assert_false(app.pcb->tlp_is_out);
}

/* ... with NewReno half of what was in flight, but two segments at least (RFC 5681 (4)). */
PACKET_TEST(test_repaired_loss_with_newreno)
{
  begin(300);
  assert_int_equal(tcp_set_congestion_control(app.pcb, "newreno"), ERR_OK);
  write_segments(1);
  expect_number(0);
  advance(800);
  expect_number(0);
  peer_acks(1);
  write_segments(8);
  expect_numbers(1, 9);
  peer_acks(9);
  assert_int_equal(app.pcb->ssthresh, 4 * MSS);
}

/* RFC 8985 7.4.2: a D-SACK for the probe: both have arrived. */
PACKET_TEST(test_dsack_for_the_probe)
{
  probe_of_single_segment();
  peer_acks(1);
  peer_dsacks(1, 0, 1);
  assert_false(app.pcb->tlp_is_out);
  write_segments(1);
  expect_number(1);
  peer_acks(2);
  assert_int_equal(app.pcb->cwnd, 10 * MSS);
}

/* RFC 8985 7.4.2: a plain duplicate says the same where the peer has no D-SACK. */
PACKET_TEST(test_duplicate_ack_for_the_probe)
{
  probe_of_single_segment();
  peer_acks(1);
  peer_acks(1);
  assert_false(app.pcb->tlp_is_out);
  write_segments(1);
  expect_number(1);
  peer_acks(2);
  assert_int_equal(app.pcb->cwnd, 10 * MSS);
}

/* A new window is no duplicate (RFC 8985 7.4). */
PACKET_TEST(test_window_update_is_no_answer_to_the_probe)
{
  probe_of_single_segment();
  peer_acks(1);
  tcp_peer.wnd += 10;
  peer_acks(1);
  assert_true(app.pcb->tlp_is_out);
}

/* RFC 8985 7.4.2: new data as the probe: its acknowledgement tells of no loss. */
PACKET_TEST(test_probe_of_new_data_is_no_loss)
{
  begin(100);
  write_segments(11);
  expect_numbers(0, 10);
  advance(200);
  expect_number(10);
  peer_acks(11);
  assert_false(app.pcb->tlp_is_out);
  assert_in_range(app.pcb->cwnd, 10 * MSS, 21 * MSS);
}

/* RFC 8985 7.2: no probe while losses are being repaired. */
PACKET_TEST(test_no_probe_in_recovery)
{
  begin(100);
  write_segments(10);
  expect_numbers(0, 10);
  advance(100);
  peer_sacks(0, 1, 8);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->rtx_kind, TCP_RTX_RTO);
}

/* A FIN at the tail is probed for as well (RFC 8985 7.3). */
PACKET_TEST(test_fin_is_probed_for)
{
  begin(100);
  write_segments(3);
  expect_numbers(0, 3);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = SEQ(3), .len = 0);
  advance(200);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = SEQ(3), .len = 0);
}

/* RFC 2018 8: a peer says that it has all and acknowledges nothing. It may have changed its mind
   when the timeout comes, so all is sent again then; the probe before that must not be taken for in
   flight (found by the fuzz target: the order of sending was destroyed). */
PACKET_TEST(test_probe_of_what_the_peer_says_it_has)
{
  begin(100);
  write_segments(2);
  expect_numbers(0, 2);
  advance(100);
  peer_sacks(0, 0, 2);
  for (unsigned seconds = 0; seconds < 10; seconds++) {
    advance(1000);
    tcp_peer_ignores();
    assert_null(tcp_instance_fault(true));
  }
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  peer_acks(2);
  expect_silence();
  assert_int_equal(app.pcb->sacked + app.pcb->lost + app.pcb->retrans, 0);
}

/* RFC 8985 7: without SACK there are no probes. */
PACKET_TEST(test_no_probe_without_sack)
{
  begin_without_sack(100);
  write_segments(4);
  expect_numbers(0, 4);
  advance(299);
  expect_silence();
  advance(1);
  expect_number(0);
}

static const struct packet_test tests[] = {
    TEST(test_probe_after_two_round_trips),
    TEST(test_single_segment_leaves_time_for_a_delayed_ack),
    TEST(test_timeout_sooner_than_the_probe),
    TEST(test_new_data_delay_the_probe),
    TEST(test_probe_is_new_data_if_there_are_some),
    TEST(test_probe_respects_the_peers_window),
    TEST(test_one_probe_then_timeout),
    TEST(test_probe_turns_timeout_into_recovery),
    TEST(test_repaired_loss_reduces_the_window),
    TEST(test_repaired_loss_with_newreno),
    TEST(test_dsack_for_the_probe),
    TEST(test_duplicate_ack_for_the_probe),
    TEST(test_window_update_is_no_answer_to_the_probe),
    TEST(test_probe_of_new_data_is_no_loss),
    TEST(test_no_probe_in_recovery),
    TEST(test_fin_is_probed_for),
    TEST(test_probe_of_what_the_peer_says_it_has),
    TEST(test_no_probe_without_sack),
};

PACKET_MAIN(tests)
