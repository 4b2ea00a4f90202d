/**
 * @file
 * The harness's IPv6 half itself: what it builds it also accepts, neighbors answer.
 * needs: ipv6
 */
#include "packet.h"

#define PEER "2001:db8::2"
#define US   "2001:db8::1"

/* A vector from elsewhere: the neighbor solicitation of RFC 4861's form, checksum by hand. */
static void test_checksum_of_a_known_message(void)
{
  /* fe80::1 -> fe80::2, echo request, identifier 0, sequence 0: 0x8000, 0xfe80 * 2, 1 + 2, 8, 58 */
  u32_t sum = 0x8000 + 0xfe80 * 2 + 1 + 2 + 8 + 58;
  sum = (sum & 0xffff) + (sum >> 16);
  static const u8_t message[8] = {0x80};
  assert_int_equal(checksum6("fe80::1", "fe80::2", NH_ICMP6, message, sizeof message), (u16_t)~sum);
}

static void test_checks_accept_what_is_built(void)
{
  struct frame f = udp6(PEER, 1, US, 2, "abc", 3);
  check_udp(check_ip6(&f, PEER, US, NH_UDP), 1, 2, "abc", 3);
  check_eth(&f, our_mac, peer_mac, 0x86dd);
  struct frame tagged = vlan_tagged(f, 0x2005);
  check_udp(check_ip6(&tagged, PEER, US, NH_UDP), 1, 2, "abc", 3);
  f = ping6(PEER, US, 5, 6, "data", 4);
  check_icmp6(&f, T6_ECHO_REQUEST, 0);
  struct frame error = icmp6_error(PEER, US, T6_UNREACHABLE, 4, 0, &f, 0);
  check_icmp6_error(&error, T6_UNREACHABLE, 4, &f);
  static const u8_t group_mac[] = {0x33, 0x33, 0xff, 0, 0, 1};
  f = ns(PEER, solicited_node(US), US, NULL);
  check_ns(&f, PEER, "ff02::1:ff00:1", US);
  check_eth(&f, group_mac, peer_mac, 0x86dd);
  check_nd_lladdr(&f, ND_SOURCE, NULL);
  assert_string_equal(solicited_node(US), "ff02::1:ff00:0001");
}

static void test_neighbor_discovery_messages(void)
{
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_SOURCE, peer_mac);
  nd_opt_prefix(&o, "2001:db8::", 64, ND_PREFIX_L | ND_PREFIX_A, 100, 50);
  nd_opt_mtu(&o, 1400);
  nd_opt_route(&o, "2001:db8:5::", 48, 8, 600);
  nd_opt_route(&o, "::", 0, 0, 600);
  nd_opt_rdnss(&o, 300, "2001:db8::53 fe80::53");
  nd_opt_dnssl(&o, 300, "example.com a.example");
  struct ra_spec spec = {.src = "fe80::fe", .hop_limit = 64, .lifetime_s = 1800};
  struct frame f = ra(spec, &o);
  check_ra(&f, "fe80::fe", "ff02::1");
  check_nd_lladdr(&f, ND_SOURCE, peer_mac);
  assert_int_equal(nd_option(&f, 3)[1], 4);
  assert_int_equal(nd_option(&f, 24)[1], 2);
  assert_int_equal(nd_option(&f, 25)[1], 5);
  assert_int_equal(nd_option(&f, 31)[1], 1 + 24 / 8);
  assert_null(nd_option(&f, 4));
  f = na("fe80::2", "ff02::1", "fe80::2", NA_R | NA_O, NULL);
  check_na(&f, "fe80::2", "ff02::1", "fe80::2", NA_R | NA_O);
  f = rs("::", NULL);
  check_rs(&f, "::");
  struct nd_options about = {0};
  struct frame sent = udp6(US, 1, PEER, 2, "abc", 3);
  nd_opt_redirected(&about, &sent);
  f = redirect("fe80::fe", US, "fe80::9", PEER, &about);
  check_icmp6(&f, T6_REDIRECT, 0);
  assert_int_equal(nd_option(&f, 4)[1], 1 + (40 + 8 + 3 + 7) / 8);
}

static void test_listener_messages(void)
{
  struct frame f = mld1("fe80::2", T6_MLD1_REPORT, 0, "ff02::1234");
  check_mld1(&f, T6_MLD1_REPORT, "ff02::1234");
  f = mld1("fe80::2", T6_MLD1_DONE, 0, "ff02::1234");
  check_mld1(&f, T6_MLD1_DONE, "ff02::1234");
  f = mld2_query("fe80::fe", "ff02::1", 1000, "::", 2, 125, "2001:db8::7 2001:db8::8");
  check_icmp6(&f, T6_MLD_QUERY, 0);
  assert_int_equal(ip6_payload_len(&f), 28 + 32);
  assert_int_equal(get16(&f, ip6_payload_at(&f) + 26), 2);
  u8_t report[8 + 20 + 16 + 20] = {T6_MLD2_REPORT, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 1};
  ip6_bytes("ff02::7", report + 12);
  ip6_bytes("2001:db8::7", report + 28);
  report[44] = 4;
  ip6_bytes("ff02::8", report + 48);
  f = mld("fe80::2", "ff02::16", report, sizeof report);
  check_mld2(&f, 2);
  check_mld2_record(&f, 0, 1, "ff02::7", "2001:db8::7");
  check_mld2_record(&f, 1, 4, "ff02::8", NULL);
}

static void test_extension_headers(void)
{
  struct ip6_spec spec = ip6_spec_of(PEER, US, NH_UDP);
  ip6_ext_router_alert(&spec, 0);
  ip6_ext_add(&spec, NH_DEST, "", 0);
  ip6_ext_add(&spec, NH_ROUTING, "\0\0....", 6);
  struct frame f = ip6_opts(spec, "payload", 7);
  assert_int_equal(get8(&f, IP6_AT + 6), NH_HOP_BY_HOP);
  assert_int_equal(get32(&f, IP6_PAYLOAD_AT), (u32_t)NH_DEST << 24 | 0x0502);
  assert_int_equal(get32(&f, IP6_PAYLOAD_AT + 4), 0x0100); /* value 0 and PadN of 2 */
  assert_int_equal(get32(&f, IP6_PAYLOAD_AT + 8), (u32_t)NH_ROUTING << 24 | 0x0104);
  assert_int_equal(get8(&f, IP6_PAYLOAD_AT + 16), NH_UDP);
  assert_int_equal(ip6_payload_at(&f), IP6_PAYLOAD_AT + 24);
  assert_int_equal(ip6_payload_len(&f), 7);
  assert_int_equal(ip6_payload_type(&f), NH_UDP);
}

static void test_fragments_carry_all_bytes(void)
{
  struct udp6_spec spec = udp6_spec_of(PEER, 1, US, 2);
  ip6_ext_router_alert(&spec.ip, 0);
  struct frame whole = udp6_opts(spec, pattern(1000, 1), 1000);
  struct frame part[8];
  size_t count = ip6_fragments(whole, 77, 256, part, 8);
  assert_int_equal(count, 4);
  for (size_t i = 0; i < count; i++) {
    check_ip6(&part[i], PEER, US, NH_FRAGMENT);
    size_t at = IP6_PAYLOAD_AT + 8;
    assert_int_equal(get8(&part[i], IP6_PAYLOAD_AT), NH_FRAGMENT);
    assert_int_equal(get16(&part[i], at), NH_UDP << 8);
    assert_int_equal(get16(&part[i], at + 2), i * 256 | (i < 3 ? 1 : 0));
    assert_int_equal(get32(&part[i], at + 4), 77);
    assert_memory_equal(part[i].data + at + 8, whole.data + at + i * 256, part[i].len - at - 8);
  }
}

/* Neighbors answer by themselves unless told not to. */
static void test_neighbors_answer(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("::", 7);
  ip_addr_t peer = ip_of("2001:db8::9");
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &peer, 1), ERR_OK);
  check_eth(check_ip6(tx(), US, "2001:db8::9", NH_UDP), mac_of(0, 9), our_mac, 0x86dd);
  net.peer_answers_nd = false;
  peer = ip_of("2001:db8::a");
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &peer, 1), ERR_OK);
  struct frame *f = tx();
  check_ns(f, US, solicited_node("2001:db8::a"), "2001:db8::a");
  check_nd_lladdr(f, ND_SOURCE, our_mac);
  expect_silence();
  expect_no_drop();
}

static void test_ping(void)
{
  net6_up();
  rx(ping6("fe80::2", "fe80::ff:fe00:1", 1, 2, "abc", 3));
  check_pong6(check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6), 1, 2, "abc", 3);
  rx(ping6(PEER, US, 1, 3, "abc", 3));
  check_pong6(check_ip6(tx(), US, PEER, NH_ICMP6), 1, 3, "abc", 3);
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  rx_on(other, ping6("2001:db8:1::5", "2001:db8:1::1", 1, 4, "abc", 3));
  struct frame *f = check_ip6(tx_on(other), "2001:db8:1::1", "2001:db8:1::5", NH_ICMP6);
  check_eth(check_pong6(f, 1, 4, "abc", 3), mac_of(1, 5), mac_of(1, 1), 0x86dd);
  expect_silence();
  expect_no_drop();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_checksum_of_a_known_message, PACKET_ONCE),
    TEST_FLAGS(test_checks_accept_what_is_built, PACKET_ONCE),
    TEST_FLAGS(test_neighbor_discovery_messages, PACKET_ONCE),
    TEST_FLAGS(test_listener_messages, PACKET_ONCE),
    TEST_FLAGS(test_extension_headers, PACKET_ONCE),
    TEST_FLAGS(test_fragments_carry_all_bytes, PACKET_ONCE),
    TEST(test_neighbors_answer),
    TEST(test_ping),
};

PACKET_MAIN(tests)
