/* The harness itself: what it builds it also accepts, framings are what they say, time is exact.
   needs: ipv4 */
#include "packet.h"
#include "gossamer/timer.h"
#include "lwip/prot/ip4.h"

/* An independent vector: the IPv4 header of RFC 1071 style worked examples, checksum b861. */
PACKET_TEST(test_checksum_of_a_known_header)
{
  static const u8_t header[] = {0x45, 0, 0,    0x73, 0, 0, 0x40, 0,    0x40, 0x11,
                                0,    0, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0,    0xc7};
  assert_int_equal(checksum_of(header, sizeof header), 0xb861);
  static const u8_t odd[] = {0x01, 0x02, 0x03};
  assert_int_equal(checksum_of(odd, sizeof odd), (u16_t)~0x0402);
}

PACKET_TEST(test_checks_accept_what_is_built)
{
  struct frame f = udp4("10.0.0.2", 1, "10.0.0.1", 2, "abc", 3);
  check_udp(check_ip4(&f, "10.0.0.2", "10.0.0.1", IP_PROTO_UDP), 1, 2, "abc", 3);
  check_eth(&f, our_mac, peer_mac, 0x0800);
  struct frame tagged = vlan_tagged(f, 0x2005);
  check_udp(check_vlan(&tagged, 0x2005), 1, 2, "abc", 3);
  check_udp(&tagged, 1, 2, NULL, (size_t)-1);
  f = ping4("10.0.0.2", "10.0.0.1", 5, 6, "data", 4);
  check_icmp(&f, 8, 0);
  struct frame error = icmp4_error("10.0.0.2", "10.0.0.1", 3, 3, 0, &f, 0);
  check_icmp_error(&error, 3, 3, &f);
  f = igmp4("10.0.0.2", "224.0.0.1", "\x11\x64\0\0\0\0\0\0", 8);
  check_igmp(&f, 0x11);
  static const u8_t all_hosts_mac[] = {1, 0, 0x5e, 0, 0, 1};
  check_eth(&f, all_hosts_mac, peer_mac, 0x0800);
  f = arp(1, peer_mac, "10.0.0.2", zero_mac, "10.0.0.1");
  check_arp(&f, 1, peer_mac, "10.0.0.2", zero_mac, "10.0.0.1");
  check_eth(&f, broadcast_mac, peer_mac, 0x0806);
}

PACKET_TEST(test_udplite_coverage)
{
  struct udp_spec spec = udp_spec_of("10.0.0.2", 1, "10.0.0.1", 2);
  spec.ip.proto = IP_PROTO_UDPLITE;
  spec.len = 10;
  struct frame f = udp4_opts(spec, "abcdef", 6);
  check_udp(&f, 1, 2, "abcdef", 6);
  put8(&f, f.len - 1, 'X'); /* not covered */
  check_udp(&f, 1, 2, "abcdeX", 6);
}

PACKET_TEST(test_fragments_carry_all_bytes)
{
  struct frame whole = udp4("10.0.0.2", 1, "10.0.0.1", 2, pattern(1000, 1), 1000);
  struct frame part[8];
  size_t count = ip4_fragments(whole, 256, part, 8);
  assert_int_equal(count, 4);
  for (size_t i = 0; i < count; i++) {
    check_ip4(&part[i], "10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
    assert_int_equal(get16(&part[i], 20), i * 32 | (i < 3 ? IP_MF : 0));
    assert_memory_equal(part[i].data + 34, whole.data + 34 + i * 256, part[i].len - 34);
  }
}

PACKET_TEST(test_options_are_padded_and_counted)
{
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", 17);
  spec.options = "\x01\x01\x01\x01\x01";
  spec.options_len = 5;
  struct frame f = ip4_opts(spec, "x", 1);
  assert_int_equal(get8(&f, 14), 0x47);
  assert_int_equal(ip4_payload_at(&f), 14 + 28);
  assert_int_equal(ip4_payload_len(&f), 1);
  spec.ihl = 15; /* beyond the packet: still with a checksum that is right for what is there */
  f = ip4_opts(spec, "x", 1);
  assert_int_equal(get8(&f, 14), 0x4f);
  assert_int_equal(checksum_of(f.data + 14, f.len - 14), 0);
}

static u16_t seen_len, seen_tot_len;
static u16_t seen_pbufs;
static u8_t seen_bytes[200];

static err_t look(struct pbuf *p, struct netif *netif)
{
  (void)netif;
  seen_len = p->len;
  seen_tot_len = p->tot_len;
  seen_pbufs = pbuf_clen(p);
  pbuf_copy_partial(p, seen_bytes, sizeof seen_bytes, 0);
  pbuf_free(p);
  return ERR_OK;
}

PACKET_TEST(test_framings)
{
  struct frame f = frame_of(pattern(100, 3), 100);
  net.netif.input = look;
  seen_pbufs = 0;
  rx(f);
  if (packet_is_fault_run() && seen_pbufs == 0) {
    return; /* no buffer to receive into */
  }
  assert_memory_equal(seen_bytes + ETH_PAD_SIZE, f.data, 100);
  assert_int_equal(seen_tot_len,
                   100 + ETH_PAD_SIZE + (packet_framing() == FRAMING_TRAILER ? 23 : 0));
  assert_int_equal(seen_len, packet_framing() == FRAMING_CHAINED ? 1 : seen_tot_len);
  assert_int_equal(seen_pbufs, packet_framing() == FRAMING_CHAINED ? seen_tot_len : 1);
  rx_exact(f);
  assert_int_equal(seen_tot_len, 100 + ETH_PAD_SIZE);
  rx(frame_of(NULL, 0));
}

static struct timer probe;
static u32_t fired_at;
static u32_t fired_count;

static void on_probe(struct timer *t)
{
  fired_at = now_ms();
  fired_count++;
  if (fired_count < 3) {
    timer_set(t, on_probe, 500);
  }
}

PACKET_TEST(test_time_stops_at_each_timer)
{
  u32_t start = now_ms();
  fired_count = 0;
  timer_set(&probe, on_probe, 250);
  advance(249);
  assert_int_equal(fired_count, 0);
  advance(1);
  assert_int_equal(fired_count, 1);
  assert_int_equal(fired_at, start + 250);
  advance(60000); /* over the wrap of the clock */
  assert_int_equal(fired_count, 3);
  assert_int_equal(fired_at, start + 1250);
  assert_int_equal(now_ms(), start + 60250);
}

/* Peers answer ARP by themselves unless told not to; probes and announcements they leave alone. */
PACKET_TEST(test_peers_answer_arp)
{
  ip4_addr_t peer = ip4_of("10.0.0.9");
  etharp_request(&net.netif, &peer);
  expect_silence();
  expect_drop(DROP_ARP_UNSOLICITED); /* the answer came; the cache had not asked for it */
  net.peer_answers_arp = false;
  etharp_request(&net.netif, &peer);
  check_arp(tx(), 1, our_mac, "10.0.0.1", zero_mac, "10.0.0.9");
  expect_silence();
  expect_no_drop();
}

PACKET_TEST(test_drops_are_counted_between_expectations)
{
  rx(eth(our_mac, peer_mac, 0x1234, "x", 1));
  expect_drop(DROP_ETH_UNKNOWN_TYPE);
  expect_no_drop();
  rx(eth(our_mac, peer_mac, 0x1234, "x", 1));
  rx(eth(our_mac, peer_mac, 0x1234, "x", 1));
  expect_drops(2, DROP_ETH_UNKNOWN_TYPE);
}

PACKET_TEST(test_a_second_netif_has_its_own_wire)
{
  struct packet_net *other = net_add_netif();
  assert_int_equal(other->number, 1);
  ip4_addr_t peer = ip4_of("10.0.1.7");
  other->peer_answers_arp = false;
  etharp_request(&other->netif, &peer);
  check_arp(tx_on(other), 1, mac_of(1, 1), "10.0.1.1", zero_mac, "10.0.1.7");
  expect_silence();
  struct frame f = udp4("10.0.1.7", 1, "10.0.1.1", 2, "x", 1);
  check_eth(&f, mac_of(1, 1), mac_of(1, 7), 0x0800);
}

PACKET_TEST(test_datagrams_reach_the_application)
{
  struct udp_pcb *pcb = app_udp(NULL, 2000);
  rx(udp4("10.0.0.2", 1000, "10.0.0.1", 2000, "hello", 5));
  expect_datagram("10.0.0.2", 1000, "hello", 5);
  expect_no_datagram();
  ip_addr_t peer = ip_of("10.0.0.2");
  assert_int_equal(udp_sendto(pcb, app_pbuf("answer", 6), &peer, 1000), ERR_OK);
  check_udp(check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_UDP), 2000, 1000, "answer", 6);
  expect_silence();
  expect_no_drop();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_checksum_of_a_known_header, PACKET_ONCE),
    TEST_FLAGS(test_checks_accept_what_is_built, PACKET_ONCE),
    TEST_FLAGS(test_udplite_coverage, PACKET_ONCE),
    TEST_FLAGS(test_fragments_carry_all_bytes, PACKET_ONCE),
    TEST_FLAGS(test_options_are_padded_and_counted, PACKET_ONCE),
    TEST(test_framings),
    TEST(test_time_stops_at_each_timer),
    TEST(test_peers_answer_arp),
    TEST(test_drops_are_counted_between_expectations),
    TEST(test_a_second_netif_has_its_own_wire),
    TEST(test_datagrams_reach_the_application),
};

PACKET_MAIN(tests)
