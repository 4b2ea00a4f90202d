/**
 * @file
 * Ethernet in and out: what is dropped and why, padding, groups, headers without room.
 * Vectors B1 of the security list; IEEE 802.3, RFC 894, RFC 1112 6.4, RFC 2464.
 */
#include "packet.h"
#include "families.h"
#include "lwip/ethip6.h"
#include "lwip/prot/ieee.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"

static const u8_t nobody[6];

/* B1-1 */
static void test_frames_shorter_than_a_header(void)
{
  u8_t bytes[13] = {0};
  memcpy(bytes, our_mac, 6);
  memcpy(bytes + 6, peer_mac, 6);
  for (size_t len = 1; len <= sizeof bytes; len++) {
    rx_exact(frame_of(bytes, len));
    expect_drop(DROP_ETH_SHORT);
  }
  expect_silence();
}

/* B1-1: a pbuf of no bytes at all */
static void test_empty_frame(void)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 0, PBUF_RAM);
  assert_non_null(p);
  ethernet_input(p, &net.netif);
  expect_drop(DROP_ETH_SHORT);
}

/* B1-2: header and nothing else, of every type that somebody handles */
static void test_header_without_payload(void)
{
  rx_exact(eth(our_mac, peer_mac, ETHTYPE_ARP, NULL, 0));
  expect_drop(LWIP_IPV4 ? DROP_ARP_SHORT : DROP_ETH_UNKNOWN_TYPE);
  rx_exact(eth(our_mac, peer_mac, ETHTYPE_IP, NULL, 0));
  expect_drop(LWIP_IPV4 ? DROP_IP4_SHORT : DROP_ETH_UNKNOWN_TYPE);
  rx_exact(eth(our_mac, peer_mac, ETHTYPE_IPV6, NULL, 0));
  expect_drop(LWIP_IPV6 ? DROP_IP6_SHORT : DROP_ETH_UNKNOWN_TYPE);
  expect_silence();
}

static void test_errors_are_counted_by_kind(void)
{
  u32_t drops = lwip_stats.link.drop;
  u32_t lenerr = lwip_stats.link.lenerr;
  u32_t inerrors = net.netif.mib2_counters.ifinerrors;
  rx_exact(frame_of("short", 5));
  assert_int_equal(lwip_stats.link.drop, drops + 1);
  assert_int_equal(lwip_stats.link.lenerr, lenerr + 1);
  assert_int_equal(net.netif.mib2_counters.ifinerrors, inerrors + 1);
  u32_t unknown = net.netif.mib2_counters.ifinunknownprotos;
  rx(eth(our_mac, peer_mac, 0x9999, "x", 1));
  assert_int_equal(net.netif.mib2_counters.ifinunknownprotos, unknown + 1);
}

/* B1-22 */
static void test_own_source_address(void)
{
  rx(eth(our_mac, our_mac, ETHTYPE_IP, "x", 1));
  expect_drop(DROP_ETH_FROM_US);
  rx(eth(broadcast_mac, our_mac, ETHTYPE_ARP, "x", 1));
  expect_drop(DROP_ETH_FROM_US);
}

static void test_group_as_source(void)
{
  static const u8_t group[6] = {0x03, 0, 0, 0, 0, 2};
  rx(eth(our_mac, group, ETHTYPE_IP, "x", 1));
  expect_drop(DROP_ETH_SRC_GROUP);
  rx(eth(our_mac, broadcast_mac, ETHTYPE_ARP, "x", 1));
  expect_drop(DROP_ETH_SRC_GROUP);
}

static void other_station(bool is_v6)
{
  struct frame f = ping(is_v6, 1, "x", 1);
  memcpy(f.data, mac_of(0, 99), 6);
  rx(f);
  expect_drop(DROP_ETH_NOT_FOR_US);
  expect_silence();
}

static void test_other_station(void)
{
  each_family(other_station);
}

/* B1-20: 802.3 frames whose length is less than, and more than, what follows; LLC and SNAP */
static void test_length_instead_of_type(void)
{
  static const u8_t bpdu[] = {0x42, 0x42, 0x03, 0, 0, 0};
  static const u8_t snap[] = {0xaa, 0xaa, 0x03, 0, 0, 0, 0x08, 0x00, 0x45};
  rx(eth(our_mac, peer_mac, 3, bpdu, sizeof bpdu));
  expect_drop(DROP_ETH_LLC);
  rx(eth(our_mac, peer_mac, 1500, bpdu, sizeof bpdu));
  expect_drop(DROP_ETH_LLC);
  rx(eth(our_mac, peer_mac, sizeof snap, snap, sizeof snap));
  expect_drop(DROP_ETH_LLC);
  rx(eth(our_mac, peer_mac, 0x05ff, bpdu, sizeof bpdu));
  expect_drop(DROP_ETH_LLC);
  rx(eth(our_mac, peer_mac, 0, bpdu, sizeof bpdu));
  expect_drop(DROP_ETH_LLC);
}

/* B1-16: RARP among them (CVE-2019-12262) */
static void test_types_without_handler(void)
{
  static const u16_t types[] = {ETHTYPE_RARP, 0x0600, ETHTYPE_LLDP, ETHTYPE_QINQ, 0x88a8, 0xffff};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    rx(eth(our_mac, peer_mac, types[i], "payload", 7));
    expect_drop(DROP_ETH_UNKNOWN_TYPE);
  }
  expect_silence();
}

/* B1-21: what a minimum frame is padded with is nobody's data */
static void padding_is_invisible(bool is_v6)
{
  struct frame f = ping(is_v6, 9, "", 0);
  u8_t padded[64];
  memset(padded, 0xee, sizeof padded);
  memcpy(padded, f.data, f.len);
  rx(frame_of(padded, sizeof padded));
  check_ping_answer(is_v6, tx(), 9, "", 0);
  expect_no_drop();
}

static void test_padding_is_invisible(void)
{
  each_family(padding_is_invisible);
}

/* B1-23, RFC 1122 3.3.6 */
static void unicast_packet_in_a_broadcast_frame(bool is_v6)
{
  struct frame f = ping(is_v6, 1, "x", 1);
  memcpy(f.data, broadcast_mac, 6);
  rx(f);
  expect_drop(is_v6 ? DROP_IP6_LINK_GROUP : DROP_IP4_LINK_GROUP);
  expect_silence();
}

static void test_unicast_packet_in_a_broadcast_frame(void)
{
  each_family(unicast_packet_in_a_broadcast_frame);
}

static void interface_is_down(bool is_v6)
{
  netif_set_down(&net.netif);
  ignore_drops();
  rx(ping(is_v6, 1, "x", 1));
  expect_drop(DROP_NETIF_DOWN);
  rx(arp(1, peer_mac, "10.0.0.2", nobody, "10.0.0.1"));
  expect_drop(DROP_NETIF_DOWN);
  netif_set_up(&net.netif);
}

static void test_interface_is_down(void)
{
  each_family(interface_is_down);
}

static void input_without_ethernet(bool is_v6)
{
  struct frame f = ping(is_v6, 4, "raw", 3);
  netif_input_fn before = net.netif.input;
  rx(f); /* so that the peer is known: what it says of itself comes in frames */
  check_ping_answer(is_v6, tx(), 4, "raw", 3);
  u8_t flags = net.netif.flags;
  netif_clear_flags(&net.netif, NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET);
  net.netif.input = netif_input;
  rx(frame_of(f.data + 14, f.len - 14));
  netif_set_flags(&net.netif, flags);
  check_ping_answer(is_v6, tx(), 4, "raw", 3);
  rx(f); /* and with the flags it means frames */
  check_ping_answer(is_v6, tx(), 4, "raw", 3);
  net.netif.input = before;
}

static void test_input_without_ethernet(void)
{
  each_family(input_without_ethernet);
}

static void test_input_without_ethernet_while_down(void)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 20, PBUF_RAM);
  assert_non_null(p);
  memset(p->payload, 0x45, 20);
  netif_clear_flags(&net.netif, NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET);
  netif_set_down(&net.netif);
  netif_input(p, &net.netif);
  netif_set_flags(&net.netif, NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET);
  expect_drop(DROP_NETIF_DOWN);
}

static void test_output_with_explicit_addresses(void)
{
  static const u8_t src[6] = {2, 1, 1, 1, 1, 1};
  static const u8_t dst[6] = {2, 9, 9, 9, 9, 9};
  struct eth_addr s, d;
  memcpy(s.addr, src, 6);
  memcpy(d.addr, dst, 6);
  struct pbuf *p = app_pbuf("hello", 5);
  assert_int_equal(ethernet_output(&net.netif, p, &s, &d, 0x88b5), ERR_OK);
  struct frame *f = check_eth(tx(), dst, src, 0x88b5);
  assert_int_equal(f->len, 19);
  assert_memory_equal(f->data + 14, "hello", 5);
}

/* Constant data has no room in front: the header gets a pbuf of its own, and `p` is as it was. */
static void test_output_without_room(void)
{
  static const char text[] = "constant";
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 8, PBUF_ROM);
  assert_non_null(p);
  app_own(p);
  ((struct pbuf_rom *)p)->payload = text;
  assert_int_equal(ethernet_output(&net.netif, p, &ethzero, &ethbroadcast, 0x88b5), ERR_OK);
  struct frame *f = check_eth(tx(), broadcast_mac, nobody, 0x88b5);
  assert_int_equal(f->len, 14 + 8);
  assert_memory_equal(f->data + 14, text, 8);
  assert_ptr_equal(p->payload, text);
  assert_int_equal(p->ref, 1);
  assert_int_equal(p->tot_len, 8);
}

static void test_driver_error_is_reported(void)
{
  struct pbuf *p = app_pbuf("x", 1);
  net.drops_tx = true;
  assert_int_equal(ethernet_output(&net.netif, p, &ethzero, &ethbroadcast, 0x88b5), ERR_IF);
}

#if LWIP_IPV4

/** Something that looks enough like an IPv4 packet for the link floor. */
static struct pbuf *packet_from(const char *src)
{
  u8_t bytes[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17};
  ip4_addr_t a = ip4_of(src);
  memcpy(bytes + 12, &a.addr, 4);
  return app_pbuf(bytes, sizeof bytes);
}

/* RFC 1112 6.4: the low 23 bits of the group */
static void test_groups_and_broadcasts_map_to_stations(void)
{
  static const u8_t all_hosts[6] = {1, 0, 0x5e, 0, 0, 1};
  static const u8_t group[6] = {1, 0, 0x5e, 0x01, 0x02, 0x03};
  static const struct {
    const char *ip;
    const u8_t *mac;
  } cases[] = {
      {"224.0.0.1", all_hosts},
      {"239.129.2.3", group},
      {"255.255.255.255", broadcast_mac},
      {"10.0.0.255", broadcast_mac},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ip4_addr_t ip = ip4_of(cases[i].ip);
    assert_int_equal(etharp_output(&net.netif, packet_from("10.0.0.1"), &ip), ERR_OK);
    check_eth(tx(), cases[i].mac, our_mac, ETHTYPE_IP);
  }
  expect_silence();
}

#endif

#if LWIP_IPV6
/* RFC 2464 7: the last four bytes of the group; nobody is asked for it. */
static void test_groups_of_ip6_map_to_stations(void)
{
  static const u8_t all_nodes[6] = {0x33, 0x33, 0, 0, 0, 1};
  static const u8_t group[6] = {0x33, 0x33, 0xde, 0xad, 0xbe, 0xef};
  struct frame f = udp6("2001:db8::1", 1, "2001:db8::2", 2, "x", 1);
  struct pbuf *p = app_pbuf(f.data + IP6_AT, f.len - IP6_AT);
  ip6_addr_t to = ip6_on(&net, "ff02::1");
  assert_int_equal(ethip6_output(&net.netif, p, &to), ERR_OK);
  check_eth(tx(), all_nodes, our_mac, ETHTYPE_IPV6);
  p = app_pbuf(f.data + IP6_AT, f.len - IP6_AT);
  to = ip6_of("ff0e::1234:dead:beef");
  assert_int_equal(ethip6_output(&net.netif, p, &to), ERR_OK);
  check_eth(tx(), group, our_mac, ETHTYPE_IPV6);
  expect_silence();
}
#endif

static const struct packet_test tests[] = {
    TEST(test_frames_shorter_than_a_header),
    TEST(test_empty_frame),
    TEST(test_header_without_payload),
    TEST(test_errors_are_counted_by_kind),
    TEST(test_own_source_address),
    TEST(test_group_as_source),
    TEST(test_other_station),
    TEST(test_length_instead_of_type),
    TEST(test_types_without_handler),
    TEST(test_padding_is_invisible),
    TEST(test_unicast_packet_in_a_broadcast_frame),
    TEST(test_interface_is_down),
    TEST(test_input_without_ethernet),
    TEST(test_input_without_ethernet_while_down),
    TEST(test_output_with_explicit_addresses),
    TEST(test_output_without_room),
    TEST(test_driver_error_is_reported),
#if LWIP_IPV4
    TEST(test_groups_and_broadcasts_map_to_stations),
#endif
#if LWIP_IPV6
    TEST(test_groups_of_ip6_map_to_stations),
#endif
};

PACKET_MAIN(tests)
