/**
 * @file
 * Packets for unresolved neighbours without LWIP_ND6_QUEUEING: the latest of each waits (RFC 4861
 * 7.2.2). The program brings its own build of the queue, so that the library's is not linked.
 * needs: ipv6
 */
#include "lwip/opt.h"
#undef LWIP_ND6_QUEUEING
#define LWIP_ND6_QUEUEING 0
#include "nd6_text.h"
#include "ip/v6/nd6_queue.c"

static void test_latest_packet_waits(void)
{
  net6_up();
  net.peer_answers_nd = false;
  for (u16_t i = 1; i <= 3; i++) {
    assert_int_equal(neighbor_send(PEER, i), ERR_OK);
    assert_int_equal(neighbor_send(PEER_9, i), ERR_OK);
  }
  expect_drops(4, DROP_ND6_QUEUE_FULL);
  neighbor_expect_multicast_ns(US, PEER);
  neighbor_expect_multicast_ns(US, PEER_9);
  rx(na(PEER, US, PEER, NA_S, nd_target(peer_mac)));
  neighbor_expect_sent(peer_mac, 3);
  rx(na(PEER_9, US, PEER_9, NA_S, nd_target(mac_of(0, 9))));
  neighbor_expect_sent(mac_of(0, 9), 3);
  expect_silence();
}

static void test_it_is_dropped_when_nobody_answers(void)
{
  net6_up();
  net.peer_answers_nd = false;
  assert_int_equal(neighbor_send(PEER, 1), ERR_OK);
  advance(LWIP_ND6_MAX_MULTICAST_SOLICIT * LWIP_ND6_RETRANS_TIMER);
  expect_drop(DROP_ND6_UNRESOLVED);
  tx_discard();
}

static const struct packet_test tests[] = {
    TEST(test_latest_packet_waits),
    TEST(test_it_is_dropped_when_nobody_answers),
};

PACKET_MAIN(tests)
