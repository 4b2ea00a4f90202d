/**
 * @file
 * Periodic gratuitous ARP (ESP_GRATUITOUS_ARP). The program brings its own build of it, and ends it
 * itself, since the registry of the library does not list it.
 * needs: ipv4
 */
#define ESP_GRATUITOUS_ARP 1
#include "packet.h"
#include "link/garp.c"

static const u8_t nobody[6];

static void test_flagged_netif_is_announced_periodically(void)
{
  packet_at_end(garp_fini);
  advance(100000);
  tx_discard();
  netif_set_garp_flag(&net.netif);
  for (int i = 0; i < 3; i++) {
    advance(ESP_GRATUITOUS_ARP_INTERVAL - 1);
    expect_silence();
    advance(1);
    check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.1");
  }
}

static void test_only_while_it_can(void)
{
  packet_at_end(garp_fini);
  struct packet_net *other = net_add_netif(); /* has no such flag */
  advance(100000);
  netif_set_garp_flag(&net.netif);
  netif_set_link_down(&net.netif);
  tx_discard();
  advance(ESP_GRATUITOUS_ARP_INTERVAL);
  expect_silence();
  netif_set_link_up(&net.netif);
  tx_discard();
  advance(ESP_GRATUITOUS_ARP_INTERVAL);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.1");
  assert_null(tx_on(other));
  netif_clear_flags(&net.netif, NETIF_FLAG_GARP);
  advance(ESP_GRATUITOUS_ARP_INTERVAL);
  expect_silence();
  assert_false(timer_is_set(garp()));
}

static const struct packet_test tests[] = {
    TEST(test_flagged_netif_is_announced_periodically),
    TEST(test_only_while_it_can),
};

PACKET_MAIN(tests)
