/**
 * @file
 * The ARP queue without ARP_QUEUEING: the latest packet waits (RFC 1122 2.3.2.2). The program
 * brings its own build of the queue, so that the library's is not linked.
 * needs: ipv4
 */
#define ARP_QUEUEING 0
#include "packet.h"
#include "link/arp_queue.c"

static struct pbuf *packet(u8_t mark)
{
  u8_t bytes[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1};
  bytes[27] = mark;
  return app_pbuf(bytes, sizeof bytes);
}

static void test_latest_packet_waits(void)
{
  static const u8_t nobody[6];
  ip4_addr_t dst = ip4_of("10.0.0.2");
  net.peer_answers_arp = false;
  for (u8_t i = 1; i <= 3; i++) {
    assert_int_equal(etharp_output(&net.netif, packet(i), &dst), ERR_OK);
  }
  expect_drops(2, DROP_ARP_QUEUE_FULL);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.2");
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
  struct frame *f = check_eth(tx(), peer_mac, our_mac, ETHTYPE_IP);
  assert_int_equal(get8(f, 14 + 27), 3);
  expect_silence();
}

static void test_it_is_dropped_when_nobody_answers(void)
{
  ip4_addr_t dst = ip4_of("10.0.0.2");
  net.peer_answers_arp = false;
  etharp_output(&net.netif, packet(1), &dst);
  advance(5000);
  expect_drop(DROP_ARP_UNRESOLVED);
  tx_discard();
}

static const struct packet_test tests[] = {
    TEST(test_latest_packet_waits),
    TEST(test_it_is_dropped_when_nobody_answers),
};

PACKET_MAIN(tests)
