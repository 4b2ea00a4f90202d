/**
 * @file
 * The ARP queue with ESP_LWIP_ARP: a full one refuses the new packet. The program brings its own
 * build of the queue, so that the library's is not linked.
 * needs: ipv4
 */
#define ESP_LWIP_ARP 1
#include "packet.h"
#include "link/arp_queue.c"

static void test_full_queue_refuses(void)
{
  u8_t bytes[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1};
  ip4_addr_t dst = ip4_of("10.0.0.2");
  net.peer_answers_arp = false;
  for (u8_t i = 0; i < ARP_QUEUE_LEN; i++) {
    bytes[27] = i;
    assert_int_equal(etharp_output(&net.netif, app_pbuf(bytes, sizeof bytes), &dst), ERR_OK);
  }
  assert_int_equal(etharp_output(&net.netif, app_pbuf(bytes, sizeof bytes), &dst), ERR_MEM);
  expect_drop(DROP_ARP_QUEUE_FULL);
  tx_discard();
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
  for (u8_t i = 0; i < ARP_QUEUE_LEN; i++) {
    struct frame *f = check_eth(tx(), peer_mac, our_mac, ETHTYPE_IP);
    assert_int_equal(get8(f, 14 + 27), i);
  }
  expect_silence();
}

static const struct packet_test tests[] = {TEST(test_full_queue_refuses)};

PACKET_MAIN(tests)
