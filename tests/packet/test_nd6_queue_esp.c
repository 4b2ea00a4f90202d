/**
 * @file
 * Packets for unresolved neighbours with ESP_ND6_QUEUEING: too many of them, and the new one is
 * refused. The program brings its own build of the queue, so that the library's is not linked.
 * needs: ipv6
 */
#include "lwip/opt.h"
#undef ESP_ND6_QUEUEING
#define ESP_ND6_QUEUEING 1
#include "nd6_text.h"
#include "ip/v6/nd6_queue.c"

static void test_full_queue_refuses(void)
{
  net6_up();
  net.peer_answers_nd = false;
  for (u16_t i = 0; i < MEMP_NUM_ND6_QUEUE; i++) {
    assert_int_equal(neighbor_send(PEER, i), ERR_OK);
  }
  assert_int_equal(neighbor_send(PEER, 999), ERR_MEM);
  expect_drop(DROP_ND6_QUEUE_FULL);
  assert_int_equal(neighbor_send(PEER_9, 999), ERR_MEM);
  expect_drop(DROP_ND6_QUEUE_FULL);
  tx_discard();
  rx(na(PEER, US, PEER, NA_S, nd_target(peer_mac)));
  for (u16_t i = 0; i < MEMP_NUM_ND6_QUEUE; i++) {
    neighbor_expect_sent(peer_mac, i);
  }
  assert_int_equal(neighbor_send(PEER_9, 5), ERR_OK); /* there is room again */
  advance(LWIP_ND6_MAX_MULTICAST_SOLICIT * LWIP_ND6_RETRANS_TIMER);
  expect_drop(DROP_ND6_UNRESOLVED);
  tx_discard();
}

static const struct packet_test tests[] = {TEST(test_full_queue_refuses)};

PACKET_MAIN(tests)
