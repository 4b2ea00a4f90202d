/**
 * @file
 * TCP: how much is sent while losses are repaired: proportional rate reduction (RFC 9937, RFC
 * 6937).
 *
 * needs: tcp
 */
#include "tcp_loss.h"

static void begin_with_flight(const char *cc, u32_t count)
{
  begin(100);
  assert_int_equal(tcp_set_congestion_control(app.pcb, cc), ERR_OK);
  write_segments(count);
  expect_numbers(0, 10);
  advance(100);
}

/** RFC 9937 6.2, with losses that are none of the formula's business known. */
struct reference {
  u32_t delivered, out, recover_fs, ssthresh;
};

static u32_t quota(struct reference *r, u32_t delivered, u32_t inflight, bool is_safe)
{
  long long count;
  r->delivered += delivered;
  if (inflight > r->ssthresh) {
    long long all = (long long)r->delivered * r->ssthresh;
    count = (all + r->recover_fs - 1) / r->recover_fs - r->out;
  } else {
    count = LWIP_MAX((long long)r->delivered - r->out, (long long)delivered);
    count += is_safe ? MSS : 0;
    count = LWIP_MIN((long long)r->ssthresh - inflight, count);
  }
  count = (r->out == 0 && count < (long long)MSS) ? (long long)MSS : count;
  return count > 0 ? (u32_t)count / MSS : 0;
}

/* RFC 9937 6: one loss in ten; NewReno halves. What is sent for each SACK is what the formula says,
   and in the end the window is ssthresh. */
PACKET_TEST(test_one_loss_follows_the_formula)
{
  begin_with_flight("newreno", 40);
  peer_sacks(0, 1, 2);
  peer_sacks(0, 1, 3);
  expect_numbers(10, 12); /* limited transmit */
  struct reference r = {.recover_fs = 12 * MSS - 3 * MSS + MSS, .ssthresh = 6 * MSS};
  u32_t next = 12;
  u32_t inflight = 12 * MSS - 3 * MSS - MSS; /* 0 is lost */
  for (u32_t k = 3; k < 12; k++) {
    if (k > 3) {
      inflight -= MSS;
    }
    advance(k == 10 ? 90 : 1); /* those of limited transmit come a round trip later */
    peer_sacks(0, 1, k + 1);
    u32_t may_send = quota(&r, MSS, inflight, false);
    for (; may_send > 0; may_send--) {
      if (r.out == 0) {
        expect_number(0);
      } else {
        expect_number(next);
        next++;
      }
      r.out += MSS;
      inflight += MSS;
    }
    expect_silence();
    assert_int_equal(app.pcb->ssthresh, 6 * MSS);
    assert_int_equal(tcp_pipe(app.pcb), inflight);
  }
  assert_in_range(inflight, 5 * MSS, 6 * MSS);
  peer_acks(12);
  assert_in_range(app.pcb->cwnd, 6 * MSS, 7 * MSS);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
}

/* RFC 9937 6.2: six of ten lost: less is in flight than ssthresh, so as much goes as was delivered
   (conservative bound), one more for each safe acknowledgement. */
PACKET_TEST(test_many_losses_are_repaired_as_acks_come)
{
  begin_with_flight("newreno", 10);
  peer_sacks(0, 6, 10);
  expect_numbers(0, 4); /* 4 delivered, none in flight, ssthresh 5 */
  advance(100);
  peer_sacks(1, 6, 10);
  expect_numbers(4, 6); /* one delivered, and one because it is safe */
  peer_acks(10);
  assert_int_equal(app.pcb->cwnd, 5 * MSS);
}

/* RFC 9937 6.2: an acknowledgement that shows another loss is not safe. */
PACKET_TEST(test_further_loss_is_not_safe)
{
  begin_with_flight("newreno", 30);
  peer_sacks(0, 1, 4);
  expect_number(0);
  tcp_peer_ignores();
  struct tcp_pcb *pcb = app.pcb;
  u32_t out = pcb->prr_out;
  advance(100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(4), .sack = {{SEQ(9), SEQ(10)}});
  /* [4, 9) are lost now: 2 delivered (0 and 9), nothing on top of that. */
  assert_in_range(tcp_peer_ignores(), 1, 4);
  assert_in_range(pcb->prr_out, out + MSS, out + 4 * MSS);
  assert_true(pcb->prr_out <= pcb->prr_delivered + MSS);
}

/* RFC 9937 6.2: the first repair goes at once, whatever the formula says. */
PACKET_TEST(test_first_repair_always_goes)
{
  begin_with_flight("cubic", 40);
  peer_sacks(0, 1, 4);
  expect_number(0);
}

/* RFC 9937 6.4: the end sets the window to ssthresh. CUBIC: seven tenths (RFC 9438 4.6). */
PACKET_TEST(test_recovery_ends_at_ssthresh)
{
  begin_with_flight("cubic", 10);
  peer_sacks(0, 1, 10);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->ssthresh, 7 * MSS);
  peer_acks(10);
  assert_int_equal(app.pcb->cwnd, 7 * MSS);
}

/* RFC 6675 5: further losses of the same window reduce nothing again. */
PACKET_TEST(test_one_reduction_a_window)
{
  begin_with_flight("cubic", 10);
  peer_sacks(0, 1, 4);
  expect_number(0);
  peer_sacks(4, 5, 7);
  tcp_peer_ignores();
  peer_sacks(7, 8, 10);
  tcp_peer_ignores();
  assert_int_equal(app.pcb->ssthresh, 7 * MSS);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  peer_acks(10);
  assert_int_equal(app.pcb->cwnd, 7 * MSS);
}

/* A loss found by the reordering timer is paced in the same way: only the repair goes
   (RFC 6937 3). */
PACKET_TEST(test_loss_found_by_timer)
{
  begin_with_flight("cubic", 30);
  peer_sacks(0, 1, 2);
  expect_number(10);
  advance(26);
  expect_number(0);
  expect_silence();
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
}

static const struct packet_test tests[] = {
    TEST(test_one_loss_follows_the_formula), TEST(test_many_losses_are_repaired_as_acks_come),
    TEST(test_further_loss_is_not_safe),     TEST(test_first_repair_always_goes),
    TEST(test_recovery_ends_at_ssthresh),    TEST(test_one_reduction_a_window),
    TEST(test_loss_found_by_timer),
};

PACKET_MAIN(tests)
