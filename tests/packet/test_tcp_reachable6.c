/**
 * @file
 * TCP tells neighbour discovery that its peer is reachable, when it makes progress and only then
 * (RFC 4861 7.3.1, appendix E.1).
 *
 * needs: ipv6
 * needs: tcp
 */
#include "nd6_text.h"
#include "packet_tcp.h"

/* Longer than a neighbour counts as reachable, and than DELAY lasts. */
#define A_WHILE_MS (2U * LWIP_ND6_REACHABLE_TIME + LWIP_ND6_DELAY_FIRST_PROBE_TIME)

static void begin(void)
{
  tcp_establish(&(struct tcp_peer_setup){.is_v6 = true});
  net.peer_answers_nd = false;
}

/* New acknowledgements: nobody is asked, however long that goes on. */
PACKET_TEST(test_progress_confirms)
{
  begin();
  for (u32_t i = 0; i < 10; i++) {
    advance(A_WHILE_MS);
    app_write("x", 1);
    expect_segment(.flags = TCP_ACK, .seq = 1 + i, .len = 1);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2 + i);
    assert_int_equal(neighbor_state_of(PEER),
                     LWIP_ND6_TCP_REACHABILITY_HINTS ? NEIGHBOR_REACHABLE : NEIGHBOR_DELAY);
  }
  advance(A_WHILE_MS);
  expect_silence();
}

/* Repeated acknowledgements and those of what was not sent are none: the neighbour is asked. */
PACKET_TEST(test_no_progress_does_not_confirm)
{
  begin();
  advance(A_WHILE_MS);
  app_write("x", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = 1);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_DELAY);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 0x10000000);
  peer_says(.flags = TCP_ACK, .seq = 0x10000000, .ack = 2);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_DELAY);
  tx_discard();
  ignore_drops();
  advance(LWIP_ND6_DELAY_FIRST_PROBE_TIME);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_PROBE);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2); /* late, and as good as an answer */
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_REACHABLE);
}

static const struct packet_test tests[] = {
    TEST(test_progress_confirms),
    TEST(test_no_progress_does_not_confirm),
};
PACKET_MAIN(tests)
