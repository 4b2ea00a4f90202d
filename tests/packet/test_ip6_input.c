/*
 * The IPv6 header and addresses: which packets come in, and why others do not (RFC 8200 3, RFC 4291
 * 2, RFC 4007; security vectors B4-61 to 64, 81, 83, B1-23, B2-38).
 * needs: ipv6
 */
#include "packet.h"
#include "base/fault.h"
#include "lwip/mld6.h"
#include "lwip/stats.h"

#define LINK  "fe80::ff:fe00:1" /* ours */
#define OURS  "2001:db8::1"
#define PEER  "2001:db8::2"
#define LPEER "fe80::2"

static void expect_refused(struct frame f, enum drop_reason why)
{
  rx_exact(f);
  expect_drop(why);
  expect_no_datagram();
  expect_silence();
}

/** A datagram to port 7 with changes to its IP header. */
static struct frame datagram(struct ip6_spec ip, const void *data, size_t len)
{
  struct udp6_spec spec = udp6_spec_of(ip.src, 1234, ip.dst, 7);
  spec.ip = ip;
  return udp6_opts(spec, data, len);
}

static struct frame datagram_of(const char *src, const char *dst)
{
  return datagram(ip6_spec_of(src, dst, NH_UDP), "x", 1);
}

static void up(void)
{
  net6_up();
  app_udp("::", 7);
}

PACKET_TEST(test_packets_shorter_than_a_header)
{
  up();
  struct frame f = datagram_of(PEER, OURS);
  for (size_t len = 15; len < 14 + 40; len++) {
    expect_refused(frame_of(f.data, len), DROP_IP6_SHORT);
  }
}

/* B4-61 */
PACKET_TEST(test_other_versions_in_an_ipv6_frame)
{
  up();
  for (u8_t version = 0; version < 16; version++) {
    struct ip6_spec spec = ip6_spec_of(PEER, OURS, NH_UDP);
    spec.version = version;
    if (version != 6) {
      expect_refused(datagram(spec, "x", 1), DROP_IP6_BAD_VERSION);
    }
  }
}

/* B4-62 (CVE-2020-17441) */
PACKET_TEST(test_payload_lengths_beyond_the_packet)
{
  static const int bad[] = {8 + 4 + 1, 1500, 32768, 65495, 65496, 65535};
  up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    struct ip6_spec spec = ip6_spec_of(PEER, OURS, NH_UDP);
    spec.payload_len = bad[i];
    expect_refused(datagram(spec, "abcd", 4), DROP_IP6_BAD_LENGTH);
  }
}

/* B4-63: without payload there is no transport header, whatever stands in the frame */
PACKET_TEST(test_payload_length_zero)
{
  up();
  struct ip6_spec spec = ip6_spec_of(PEER, OURS, NH_UDP);
  spec.payload_len = 0;
  expect_refused(datagram(spec, "abcd", 4), DROP_UDP_SHORT);
}

/* B1-21: what stands behind the packet is no part of it */
PACKET_TEST(test_padding_is_cut_off)
{
  up();
  struct frame f = datagram(ip6_spec_of(PEER, OURS, NH_UDP), "abc", 3);
  struct frame padded = frame_of(NULL, f.len + 20);
  memset(padded.data, 0xee, padded.len);
  memcpy(padded.data, f.data, f.len);
  rx(padded);
  expect_datagram(PEER, 1234, "abc", 3);
  expect_no_drop();
}

/* RFC 8200 6, 7: any traffic class, ECN included, and any flow label */
PACKET_TEST(test_traffic_class_and_flow_label_never_matter)
{
  up();
  for (unsigned tc = 0; tc < 256; tc += 3) {
    struct ip6_spec spec = ip6_spec_of(PEER, OURS, NH_UDP);
    spec.tc = (u8_t)tc;
    spec.flow = 0xfffff - tc;
    rx(datagram(spec, "x", 1));
    expect_datagram(PEER, 1234, "x", 1);
  }
  expect_no_drop();
}

/* RFC 8200 3: the last hop limit is for routers to look at */
PACKET_TEST(test_hop_limit_does_not_matter_to_hosts)
{
  up();
  for (unsigned hop_limit = 0; hop_limit < 2; hop_limit++) {
    struct ip6_spec spec = ip6_spec_of(PEER, OURS, NH_UDP);
    spec.hop_limit = (u8_t)hop_limit;
    rx(datagram(spec, "x", 1));
    expect_datagram(PEER, 1234, "x", 1);
  }
}

/* RFC 4291 2.5.2, 2.5.3, 2.7; mapped addresses live in APIs only */
PACKET_TEST(test_sources_that_cannot_be)
{
  static const char *const bad[] = {"::", "::1", "ff02::1", "ff0e::5", "::ffff:10.0.0.2"};
  up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    expect_refused(datagram_of(bad[i], OURS), DROP_IP6_BAD_SRC);
  }
  for (unsigned i = 1; i < LWIP_ARRAYSIZE(bad); i++) {
    expect_refused(datagram_of(bad[i], "ff02::1"), DROP_IP6_BAD_SRC);
  }
}

/* Who has no address yet may ask all: DAD, MLD. */
PACKET_TEST(test_the_unspecified_source_may_talk_to_groups)
{
  up();
  rx(datagram_of("::", "ff02::1"));
  expect_datagram("::", 1234, "x", 1);
}

PACKET_TEST(test_destinations_that_cannot_be)
{
  static const char *const bad[] = {"::",      "::1",     "::ffff:10.0.0.1",
                                    "ff00::1", "ff01::1", "ff10::5"};
  up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    expect_refused(datagram_of(PEER, bad[i]), DROP_IP6_BAD_DST);
  }
}

/** The same from another MAC than that of the source, which is ours. */
static struct frame forged(struct frame f)
{
  memcpy(f.data + 6, peer_mac, 6);
  return f;
}

/* B2-38 */
PACKET_TEST(test_our_own_source_address)
{
  up();
  expect_refused(forged(datagram_of(OURS, OURS)), DROP_IP6_LAND);
  expect_refused(forged(datagram_of(LINK, LINK)), DROP_IP6_LAND);
  expect_refused(forged(datagram_of(OURS, "ff02::1")), DROP_IP6_LAND);
  expect_refused(forged(ping6(LINK, OURS, 1, 1, "x", 1)), DROP_IP6_LAND);
}

/* A link-local address is ours on its own link only (RFC 4007 6). */
PACKET_TEST(test_our_link_local_address_on_another_link)
{
  up();
  struct packet_net *second = net_add_netif();
  net6_up_on(second);
  struct udp6_spec spec = udp6_spec_of(LPEER, 1234, LINK, 7);
  spec.ip.eth_dst = mac_of(1, 1);
  rx_on(second, udp6_opts(spec, "x", 1));
  expect_drop(LWIP_IPV6_FORWARD ? DROP_IP6_FWD_REFUSED : DROP_IP6_NOT_FOR_US);
  expect_no_datagram();
  spec.ip.src = LINK; /* somebody there may have it, too */
  spec.ip.dst = "fe80::ff:fe00:101";
  rx_on(second, udp6_opts(spec, "x", 1));
  expect_datagram(LINK, 1234, "x", 1);
  expect_no_drop();
}

/* The weak host model, for all but link-local addresses. */
PACKET_TEST(test_our_address_of_another_netif)
{
  up();
  struct packet_net *second = net_add_netif();
  net6_up_on(second);
  struct udp6_spec spec = udp6_spec_of("2001:db8:1::2", 1234, OURS, 7);
  rx_on(second, udp6_opts(spec, "x", 1));
  expect_datagram("2001:db8:1::2", 1234, "x", 1);
}

PACKET_TEST(test_destinations_of_others)
{
  up();
  struct ip6_spec spec = ip6_spec_of(PEER, "2001:db8::3", NH_UDP);
  if (!LWIP_IPV6_FORWARD) {
    expect_refused(datagram(spec, "x", 1), DROP_IP6_NOT_FOR_US);
  }
  spec.dst = "fe80::3";
  expect_refused(datagram(spec, "x", 1),
                 LWIP_IPV6_FORWARD ? DROP_IP6_FWD_REFUSED : DROP_IP6_NOT_FOR_US);
}

/* RFC 4862 5.4: a tentative address is not ours yet */
PACKET_TEST(test_addresses_in_every_state)
{
  static const struct {
    u8_t state;
    bool is_ours;
  } states[] = {{IP6_ADDR_PREFERRED, true},
                {IP6_ADDR_DEPRECATED, true},
                {IP6_ADDR_DUPLICATED, false},
                {IP6_ADDR_INVALID, false}};
  up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(states); i++) {
    netif_ip6_addr_set_state(&net.netif, 1, states[i].state);
    tx_discard();
    rx(datagram_of(LPEER, OURS));
    assert_int_equal(app_received() != NULL, states[i].is_ours);
  }
  ignore_drops();
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_TENTATIVE);
  rx(datagram_of(LPEER, OURS));
  expect_no_datagram();
}

/* B1-23: unicast in a frame to a group */
PACKET_TEST(test_unicast_in_a_group_frame)
{
  static const u8_t all_nodes[6] = {0x33, 0x33, 0, 0, 0, 1};
  up();
  const u8_t *const group[] = {all_nodes, broadcast_mac};
  for (unsigned i = 0; i < 2; i++) {
    struct ip6_spec spec = ip6_spec_of(PEER, OURS, NH_UDP);
    spec.eth_dst = group[i];
    expect_refused(datagram(spec, "x", 1), DROP_IP6_LINK_GROUP);
    spec.dst = "2001:db8:1::2"; /* would be forwarded */
    expect_refused(datagram(spec, "x", 1), DROP_IP6_LINK_GROUP);
  }
}

/* RFC 6085: a group in a unicast frame is all right */
PACKET_TEST(test_group_in_a_unicast_frame)
{
  up();
  struct ip6_spec spec = ip6_spec_of(PEER, "ff02::1", NH_UDP);
  spec.eth_dst = our_mac;
  rx(datagram(spec, "x", 1));
  expect_datagram(PEER, 1234, "x", 1);
}

PACKET_TEST(test_groups)
{
  up();
  rx(datagram_of(PEER, "ff02::1"));
  expect_datagram(PEER, 1234, "x", 1);
  rx(datagram_of(PEER, solicited_node(OURS)));
  expect_datagram(PEER, 1234, "x", 1);
  expect_refused(datagram_of(PEER, "ff02::1:ffaa:bbcc"), DROP_IP6_NOT_FOR_US);
  expect_refused(datagram_of(PEER, "ff02::1234"), DROP_IP6_NOT_FOR_US);
  expect_refused(datagram_of(PEER, "ff0e::1234"), DROP_IP6_NOT_FOR_US);
#if LWIP_IPV6_MLD
  ip6_addr_t group = ip6_of("ff0e::1234");
  assert_int_equal(mld6_joingroup_netif(&net.netif, &group), ERR_OK);
  tx_discard();
  rx(datagram_of(PEER, "ff0e::1234"));
  expect_datagram(PEER, 1234, "x", 1);
  expect_no_drop();
#endif
}

/* B4-81 */
PACKET_TEST(test_no_next_header)
{
  up();
  expect_refused(ip6(PEER, OURS, NH_NONE, "whatever", 8), DROP_IP6_NO_NEXT);
  expect_refused(ip6(PEER, OURS, NH_NONE, NULL, 0), DROP_IP6_NO_NEXT);
}

/* B4-83 */
PACKET_TEST(test_unknown_next_header)
{
  up();
  struct frame f = ip6(PEER, OURS, 253, "12345678", 8);
  rx(f);
  struct frame *error =
      check_icmp6_error(check_ip6(tx(), OURS, PEER, NH_ICMP6), T6_PARAMETER, 1, &f);
  assert_int_equal(get32(error, ip6_payload_at(error) + 4), 6); /* the next header field */
  expect_drop(DROP_IP6_NO_PROTO);
  expect_refused(ip6(PEER, "ff02::1", 253, "12345678", 8), DROP_IP6_NO_PROTO);
}

/* B4-82, B2-41: nothing that needs a tunnel or keys is opened; AH's length is not even looked at */
PACKET_TEST(test_ah_esp_and_tunnels_are_unknown_headers)
{
  static const u8_t ah[24] = {NH_UDP, 4, 0, 0, 0, 0, 0, 1};
  static const u8_t nexth[] = {NH_AH, NH_ESP, 4, 41, 47, 135, 139, 140};
  up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(nexth); i++) {
    for (size_t len = 0; len <= sizeof ah; len += 4) {
      struct frame f = ip6(PEER, OURS, nexth[i], ah, len);
      rx_exact(f);
      check_icmp6(check_ip6(tx(), OURS, PEER, NH_ICMP6), T6_PARAMETER, 1);
      expect_drop(DROP_IP6_NO_PROTO);
      advance(1000); /* errors are rate-limited */
    }
  }
  expect_no_datagram();
}

PACKET_TEST(test_what_handlers_are_told)
{
  up();
  struct udp6_spec spec = udp6_spec_of(LPEER, 1234, LINK, 7);
  rx(udp6_opts(spec, "x", 1));
  struct datagram *d = app_received();
  assert_non_null(d);
  ip6_addr_t src = ip6_on(&net, LPEER), dst = ip6_on(&net, LINK);
  assert_true(ip6_addr_eq(ip_2_ip6(&d->src), &src));
  assert_true(ip6_addr_eq(ip_2_ip6(&d->dst), &dst));
  assert_null(ip_current_netif()); /* zeroes again */
}

PACKET_TEST(test_counters)
{
  up();
#if LWIP_STATS && IP6_STATS
  STAT_COUNTER recv = lwip_stats.ip6.recv;
  STAT_COUNTER dropped = lwip_stats.ip6.drop;
  STAT_COUNTER lenerr = lwip_stats.ip6.lenerr;
  rx(datagram_of(PEER, OURS));
  expect_datagram(PEER, 1234, "x", 1);
  struct frame f = datagram_of(PEER, OURS);
  expect_refused(frame_of(f.data, 50), DROP_IP6_SHORT);
  assert_int_equal(lwip_stats.ip6.recv, recv + 2);
  assert_int_equal(lwip_stats.ip6.drop, dropped + 1);
  assert_int_equal(lwip_stats.ip6.lenerr, lenerr + 1);
#endif
}

PACKET_TEST(test_netif_that_is_down)
{
  up();
  netif_set_down(&net.netif);
  ignore_drops();
  tx_discard();
  struct frame f = datagram_of(PEER, OURS);
  struct pbuf *p = app_pbuf(f.data + 14, f.len - 14);
  pbuf_ref(p);
  assert_int_equal(ip6_input(p, &net.netif), ERR_OK);
  expect_drop(DROP_NETIF_DOWN);
  expect_no_datagram();
}

PACKET_TEST(test_input_without_ethernet)
{
  up();
  struct frame f = datagram_of(PEER, OURS);
  struct pbuf *p = app_pbuf(f.data + 14, f.len - 14);
  pbuf_ref(p);
  assert_int_equal(ip_input(p, &net.netif), ERR_OK);
  expect_datagram(PEER, 1234, "x", 1);
}

#if LWIP_FAULT_INJECTION
/* The header lies in pieces, and there is no memory to put it into one. */
PACKET_TEST(test_no_memory_for_the_header)
{
  up();
  if (packet_framing() != FRAMING_CHAINED || packet_is_fault_run()) {
    return;
  }
  fault_arm(1);
  expect_refused(datagram_of(PEER, OURS), DROP_IP6_NO_MEMORY);
  fault_arm(0);
}
#endif

static const struct packet_test tests[] = {
    TEST(test_packets_shorter_than_a_header),
    TEST(test_other_versions_in_an_ipv6_frame),
    TEST(test_payload_lengths_beyond_the_packet),
    TEST(test_payload_length_zero),
    TEST_FLAGS(test_padding_is_cut_off, PACKET_NO_TRAILER),
    TEST(test_traffic_class_and_flow_label_never_matter),
    TEST(test_hop_limit_does_not_matter_to_hosts),
    TEST(test_sources_that_cannot_be),
    TEST(test_the_unspecified_source_may_talk_to_groups),
    TEST(test_destinations_that_cannot_be),
    TEST(test_our_own_source_address),
    TEST(test_our_link_local_address_on_another_link),
    TEST(test_our_address_of_another_netif),
    TEST(test_destinations_of_others),
    TEST(test_addresses_in_every_state),
    TEST(test_unicast_in_a_group_frame),
    TEST(test_group_in_a_unicast_frame),
    TEST(test_groups),
    TEST(test_no_next_header),
    TEST(test_unknown_next_header),
    TEST(test_ah_esp_and_tunnels_are_unknown_headers),
    TEST_FLAGS(test_what_handlers_are_told, PACKET_ONCE),
    TEST_FLAGS(test_counters, PACKET_ONCE),
    TEST_FLAGS(test_netif_that_is_down, PACKET_ONCE),
    TEST_FLAGS(test_input_without_ethernet, PACKET_ONCE),
#if LWIP_FAULT_INJECTION
    TEST(test_no_memory_for_the_header),
#endif
};

PACKET_MAIN(tests)
