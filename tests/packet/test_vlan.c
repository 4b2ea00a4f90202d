/**
 * @file
 * 802.1Q tags without hooks: every VLAN is accepted, one tag at most; priorities go out by hints.
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/prot/ieee.h"

/* B1-17 */
static void test_tag_cut_short(void)
{
  u8_t bytes[17] = {0};
  memcpy(bytes, our_mac, 6);
  memcpy(bytes + 6, peer_mac, 6);
  bytes[12] = 0x81;
  for (size_t len = 14; len <= sizeof bytes; len++) {
    rx_exact(frame_of(bytes, len));
    expect_drop(DROP_VLAN_SHORT);
  }
}

/* B1-17: ten tags cost what two do */
static void test_stack_of_tags(void)
{
  struct frame f = ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1);
  for (int i = 0; i < 10; i++) {
    f = vlan_tagged(f, 5);
    if (i > 0) {
      rx(f);
      expect_drop(DROP_VLAN_NESTED);
    }
  }
  expect_silence();
}

static void test_provider_tag_inside(void)
{
  static const u16_t types[] = {0x88a8, ETHTYPE_QINQ, ETHTYPE_VLAN};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    rx(vlan_tagged(eth(our_mac, peer_mac, types[i], "12345678", 8), 5));
    expect_drop(DROP_VLAN_NESTED);
  }
}

static void test_tagged_frames_are_accepted(void)
{
  static const u16_t tags[] = {5, 0xe005, 0, 0xe000, 0x0fff};
  for (u16_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
    rx(vlan_tagged(ping4("10.0.0.2", "10.0.0.1", 1, i, "tagged", 6), tags[i]));
    check_pong(tx(), 1, i, "tagged", 6);
  }
  expect_no_drop();
}

static void test_tagged_arp_is_answered(void)
{
  static const u8_t nobody[6];
  rx(vlan_tagged(arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1"), 0x2001));
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", peer_mac, "10.0.0.2");
}

static void test_length_behind_a_tag(void)
{
  rx(vlan_tagged(eth(our_mac, peer_mac, 8, "12345678", 8), 5));
  expect_drop(DROP_ETH_LLC);
}

static void test_hints_tag_what_is_sent(void)
{
  static struct netif_hint hint; /* a body that ends early leaves it with the netif */
  hint.tci = 0x6005;
  struct pbuf *p = app_pbuf("x", 1);
  NETIF_SET_HINTS(&net.netif, &hint);
  ethernet_output(&net.netif, p, &ethzero, &ethbroadcast, 0x88b5);
  NETIF_RESET_HINTS(&net.netif);
  static const u8_t nobody[6];
  struct frame *f = check_eth(check_vlan(tx(), 0x6005), broadcast_mac, nobody, 0x88b5);
  assert_int_equal(f->len, 15);
  hint.tci = -1;
  NETIF_SET_HINTS(&net.netif, &hint);
  ethernet_output(&net.netif, app_pbuf("y", 1), &ethzero, &ethbroadcast, 0x88b5);
  NETIF_RESET_HINTS(&net.netif);
  check_eth(tx(), broadcast_mac, nobody, 0x88b5);
}

static void test_hint_of_a_pcb(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 1000);
  ip_addr_t peer = ip_of("10.0.0.2");
  udp_sendto(pcb, app_pbuf("plain", 5), &peer, 2000);
  check_udp(tx(), 1000, 2000, "plain", 5);
  pcb->netif_hints.tci = 0xa00f;
  udp_sendto(pcb, app_pbuf("tag", 3), &peer, 2000);
  check_udp(check_vlan(tx(), 0xa00f), 1000, 2000, "tag", 3);
}

static const struct packet_test tests[] = {
    TEST(test_tag_cut_short),
    TEST(test_stack_of_tags),
    TEST(test_provider_tag_inside),
    TEST(test_tagged_frames_are_accepted),
    TEST(test_tagged_arp_is_answered),
    TEST(test_length_behind_a_tag),
    TEST(test_hints_tag_what_is_sent),
    TEST(test_hint_of_a_pcb),
};

PACKET_MAIN(tests)
