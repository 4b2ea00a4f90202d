/**
 * @file
 * TCP: what the peer says by SACK (RFC 2018, RFC 2883, RFC 6675): what is believed, what is not,
 * and what it costs to listen.
 *
 * needs: tcp
 */
#include "tcp_loss.h"

static u32_t record_count(void)
{
  u32_t n = 0;
  for (const struct tcp_xmit *x = tcp_xmit_first(app.pcb); x != NULL;
       x = tcp_xmit_next(app.pcb, x)) {
    n++;
  }
  return n;
}

/** Segments that are marked as arrived. */
static u32_t sacked_count(void)
{
  u32_t n = 0;
  for (const struct tcp_xmit *x = tcp_xmit_first(app.pcb); x != NULL;
       x = tcp_xmit_next(app.pcb, x)) {
    n += (x->flags & TCP_XMIT_SACKED) ? x->count : 0;
  }
  return n;
}

static void begin_with_flight(u32_t count)
{
  begin(100);
  write_segments(count);
  expect_numbers(0, count);
  advance(100);
}

/* RFC 6675 5: only the hole is sent again. */
PACKET_TEST(test_only_the_hole_is_sent_again)
{
  begin_with_flight(10);
  peer_sacks(0, 1, 4);
  expect_number(0);
  expect_silence();
  peer_sacks(4, 5, 10);
  expect_number(4);
  expect_silence();
  peer_acks(10);
  expect_silence();
  assert_int_equal(app.sent, 10 * MSS);
}

/* RFC 2018 3: several blocks, several holes. */
PACKET_TEST(test_two_holes)
{
  begin_with_flight(10);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{SEQ(5), SEQ(10)}, {SEQ(1), SEQ(4)}});
  assert_int_equal(app.pcb->sacked, 8 * MSS);
  expect_number(0);
  expect_number(4);
  expect_silence();
}

/* The order of blocks within a segment is no reordering (RFC 8985 6.2 step 3). */
PACKET_TEST(test_order_of_blocks_is_no_reordering)
{
  begin_with_flight(10);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1,
            .sack = {{SEQ(8), SEQ(9)}, {SEQ(5), SEQ(6)}, {SEQ(2), SEQ(3)}});
  assert_false(app.pcb->is_reordering_seen);
  assert_int_equal(sacked_count(), 3);
}

/* Security vector B9-148: blocks that are no part of what is in flight are ignored one by one. */
PACKET_TEST(test_bad_blocks_are_ignored)
{
  static const struct tcp_range bad[] = {
      {SEQ(5), SEQ(11)},             /* beyond what was sent */
      {SEQ(20), SEQ(30)},            /* all of it is */
      {SEQ(6), SEQ(3)},              /* backwards */
      {SEQ(1), SEQ(1) + 0x80000000U} /* half the number space */
  };
  begin_with_flight(10);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1,
              .sack = {{bad[i].left, bad[i].right}, {SEQ(2), SEQ(2) + 10}});
    assert_int_equal(app.pcb->sacked, 0);
    assert_int_equal(app.pcb->lost, 0);
  }
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{SEQ(20), SEQ(30)}, {SEQ(2), SEQ(4)}});
  assert_int_equal(app.pcb->sacked, 2 * MSS); /* the good one beside it counts */
}

/* A block is worth what is covered entirely; pieces of our segments are none (RFC 6675 4). */
PACKET_TEST(test_parts_of_segments_do_not_count)
{
  begin_with_flight(10);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{SEQ(2) + 1, SEQ(4) - 1}});
  assert_int_equal(app.pcb->sacked, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{SEQ(2) + 1, SEQ(4)}});
  assert_int_equal(app.pcb->sacked, MSS);
  expect_silence();
}

/* Security vectors B9-149, B10-185 (CVE-2019-11478): every other byte is reported; the peer cannot
   make us keep more records than segments. */
PACKET_TEST(test_sack_of_alternate_bytes_makes_no_records)
{
  begin_with_flight(10);
  for (u32_t at = SEQ(1); at + 7 < SEQ(10); at += 8) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1,
              .sack = {{at, at + 1}, {at + 2, at + 3}, {at + 4, at + 5}, {at + 6, at + 7}});
  }
  assert_int_equal(record_count(), 10);
  assert_int_equal(app.pcb->sacked, 0);
  expect_silence();
}

/* What was said before changes nothing (RFC 6675 4). */
PACKET_TEST(test_repeated_blocks)
{
  begin_with_flight(10);
  for (int i = 0; i < 5; i++) {
    peer_sacks(0, 5, 6);
    assert_int_equal(app.pcb->sacked, MSS);
    assert_int_equal(sacked_count(), 1);
  }
  peer_sacks(0, 5, 7); /* it has grown */
  assert_int_equal(app.pcb->sacked, 2 * MSS);
  peer_sacks(0, 4, 7); /* ... at the other end */
  assert_int_equal(app.pcb->sacked, 3 * MSS);
}

/* Security vector B10-185: what has arrived without a hole is one record, however it was told, so
   that long reports cost little. */
PACKET_TEST(test_arrived_is_one_record)
{
  begin_with_flight(10);
  peer_sacks(0, 2, 4);
  peer_sacks(0, 6, 8);
  assert_int_equal(record_count(), 10 - 2);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{SEQ(2), SEQ(8)}});
  assert_int_equal(record_count(), 10 - 5);
  assert_int_equal(sacked_count(), 6);
  assert_int_equal(app.pcb->sacked, 6 * MSS);
  peer_acks(5); /* in the middle of it */
  assert_int_equal(app.pcb->sacked, 3 * MSS);
  peer_acks(10);
  assert_int_equal(record_count(), 0);
}

/* Every SACKed segment has left the network: one more may go (RFC 6675 5 (C), RFC 3042). */
PACKET_TEST(test_limited_transmit)
{
  begin(100);
  write_segments(20);
  expect_numbers(0, 10);
  advance(100);
  peer_sacks(0, 1, 2);
  expect_number(10);
  expect_silence();
  peer_sacks(0, 1, 3);
  expect_number(11);
  expect_silence();
}

/* RFC 2883 4: a first block below the acknowledgement, or inside of the second, is a D-SACK. */
PACKET_TEST(test_dsack_marks_nothing)
{
  begin_with_flight(10);
  peer_acks(3);
  peer_dsacks(3, 1, 2);
  assert_int_equal(app.pcb->sacked, 0);
  assert_int_equal(app.pcb->reo_wnd_mult, 1); /* heard */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(3),
            .sack = {{SEQ(6), SEQ(7)}, {SEQ(5), SEQ(8)}});
  assert_int_equal(app.pcb->sacked, 3 * MSS);
}

/* A D-SACK about what was never sent, or long ago, is none (RFC 2883 4). */
PACKET_TEST(test_bad_dsack)
{
  begin_with_flight(10);
  peer_acks(3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(3), .sack = {{0x90000000U, 0x90000100U}});
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(3),
            .sack = {{SEQ(20), SEQ(21)}, {SEQ(19), SEQ(22)}});
  assert_int_equal(app.pcb->reo_wnd_mult, 0);
  assert_int_equal(app.pcb->sacked, 0);
}

/* Security vector B10-185, RFC 2018 8: the peer throws away what it had reported; after a timeout
   it is sent again. */
PACKET_TEST(test_reneging)
{
  begin_with_flight(5);
  peer_sacks(0, 1, 5);
  expect_number(0);
  peer_acks(1); /* and no more: [1, 5) is gone */
  tcp_peer_ignores();
  assert_int_equal(app.pcb->sacked, 4 * MSS);
  u32_t got = 1;
  for (u32_t ms = 0; ms < 5000 && got < 5; ms += 50) {
    advance(50);
    for (struct tcp_seen *seen = tcp_peer_sees(); seen != NULL; seen = tcp_peer_sees()) {
      got += seen->seq == SEQ(got) ? 1 : 0;
    }
    peer_acks(got);
  }
  assert_int_equal(got, 5);
  assert_int_equal(app.sent, 5 * MSS);
  assert_int_equal(app.pcb->sacked, 0);
  assert_int_equal(app.pcb->lost, 0);
  assert_int_equal(app.pcb->retrans, 0);
}

/* A peer that has never agreed on SACK has its blocks ignored (RFC 2018 2). */
PACKET_TEST(test_sack_without_agreement)
{
  begin_without_sack(100);
  write_segments(10);
  expect_numbers(0, 10);
  peer_sacks(0, 5, 10);
  assert_int_equal(app.pcb->sacked, 0);
  expect_silence();
}

/* An acknowledgement in the middle of a segment cuts its record (RFC 9293 3.10.7.4 step 5). */
PACKET_TEST(test_acknowledgement_inside_of_a_segment)
{
  begin_with_flight(4);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(1) + 300);
  assert_int_equal(tcp_xmit_first(app.pcb)->seq - tcp_peer.stack_iss, SEQ(1) + 300);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(1) + 300, .sack = {{SEQ(2), SEQ(4)}});
  assert_int_equal(app.pcb->sacked, 2 * MSS);
  advance(30);
  expect_segment(.flags = TCP_ACK, .seq = SEQ(1) + 300, .len = MSS - 300);
  peer_acks(4);
  expect_silence();
  assert_int_equal(app.sent, 4 * MSS);
}

static const struct packet_test tests[] = {
    TEST(test_only_the_hole_is_sent_again),
    TEST(test_two_holes),
    TEST(test_order_of_blocks_is_no_reordering),
    TEST(test_bad_blocks_are_ignored),
    TEST(test_parts_of_segments_do_not_count),
    TEST_FLAGS(test_sack_of_alternate_bytes_makes_no_records, PACKET_ONCE),
    TEST(test_repeated_blocks),
    TEST(test_arrived_is_one_record),
    TEST(test_limited_transmit),
    TEST(test_dsack_marks_nothing),
    TEST(test_bad_dsack),
    TEST(test_reneging),
    TEST(test_sack_without_agreement),
    TEST(test_acknowledgement_inside_of_a_segment),
};

PACKET_MAIN(tests)
