/*
 * ICMPv6 echo and input (RFC 4443 2, 4; security vectors B5-85 to 89, 97, 99).
 * needs: ipv6
 */
#include "packet.h"
#include "base/fault.h"

#define US   "2001:db8::1"
#define PEER "2001:db8::2"

#define ICMP_AT 54 /* in a frame without VLAN tag and extension headers */

PACKET_TEST(test_echo_of_all_sizes)
{
  static const size_t sizes[] = {0, 1, 2, 7, 8, 56, 255, 1451, 1452};
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    const u8_t *data = pattern(sizes[i], i);
    rx(ping6(PEER, US, 0x4321, (u16_t)i, data, sizes[i]));
    struct frame *f = check_ip6(tx(), US, PEER, NH_ICMP6);
    check_pong6(f, 0x4321, (u16_t)i, data, sizes[i]);
    check_hop_limit(f, LWIP_ICMP6_HL);
  }
  expect_silence();
  expect_no_drop();
}

PACKET_TEST(test_echo_between_link_local_addresses)
{
  net6_up();
  rx(ping6("fe80::2", "fe80::ff:fe00:1", 1, 2, "abc", 3));
  check_pong6(check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6), 1, 2, "abc", 3);
  rx(ping6("fe80::2", US, 1, 3, "abc", 3)); /* the source is what was asked */
  check_pong6(check_ip6(tx(), US, "fe80::2", NH_ICMP6), 1, 3, "abc", 3);
  expect_no_drop();
}

/* The same link-local peer by two links: answers go where requests came from. */
PACKET_TEST(test_echo_by_two_links)
{
  struct packet_net *second = net_add_netif();
  net6_up();
  net6_up_on(second);
  rx_on(second, ping6("fe80::2", "fe80::ff:fe00:101", 1, 1, "abc", 3));
  check_pong6(check_ip6(tx_on(second), "fe80::ff:fe00:101", "fe80::2", NH_ICMP6), 1, 1, "abc", 3);
  expect_silence();
  rx(ping6("fe80::2", "fe80::ff:fe00:1", 1, 2, "abc", 3));
  check_pong6(check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6), 1, 2, "abc", 3);
  expect_silence();
}

/* B5-88: MTU + 1 and the greatest size there is, in fragments, answered in fragments. */
static void expect_fragmented_echo(size_t size)
{
  struct frame fragments[64];
  const u8_t *data = pattern(size, 9);
  struct frame whole = ping6(PEER, US, 7, 8, data, size);
  size_t count = ip6_fragments(whole, 77, 1448, fragments, LWIP_ARRAYSIZE(fragments));
  for (size_t i = 0; i < count; i++) {
    rx(fragments[i]);
  }
  struct frame got = frame_of(NULL, size + 8);
  size_t got_len = 0;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    size_t offset = get16(f, ICMP_AT + 2) & 0xfff8U;
    size_t len = get16(f, 18) - 8U;
    assert_true(offset + len <= size + 8);
    memcpy(got.data + offset, f->data + ICMP_AT + 8, len);
    got_len += len;
  }
  assert_int_equal(got_len, size + 8);
  assert_memory_equal(got.data + 8, data, size);
  assert_int_equal(get8(&got, 0), T6_ECHO_REPLY);
  u16_t told = get16(&got, 2);
  put16(&got, 2, 0);
  assert_int_equal(checksum6(US, PEER, NH_ICMP6, got.data, got.len), told);
  expect_no_drop();
}

static void echo_in_fragments(size_t size)
{
  net6_up();
  rx(ping6(PEER, US, 1, 1, "x", 1)); /* the neighbour is known then */
  check_pong6(tx(), 1, 1, "x", 1);
  expect_fragmented_echo(size);
}

PACKET_TEST(test_echo_of_mtu_plus_one)
{
  echo_in_fragments(1453);
}

/* Packets of 65,535 bytes are the longest, IPv6 header included. */
PACKET_TEST(test_echo_of_65487_bytes)
{
  echo_in_fragments(65487);
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF
static void software_sums(void)
{
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL);
}

/* Hardware sums what leaves in one packet; the sum over fragments stays ours. */
PACKET_TEST(test_echo_by_hardware_with_checksums)
{
  net6_up();
  packet_at_end(software_sums);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_GEN_ICMP6);
  rx(ping6(PEER, US, 1, 1, "x", 1));
  assert_int_equal(get16(tx(), ICMP_AT + 2), 0);
  expect_fragmented_echo(4000);
}

/* B5-97: hardware that vouches for checksums is believed. */
PACKET_TEST(test_checksum_that_hardware_checks)
{
  net6_up();
  packet_at_end(software_sums);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_CHECK_ICMP6);
  struct frame ping = ping6(PEER, US, 1, 1, "x", 1);
  put16(&ping, ICMP_AT + 2, 0);
  rx(ping);
  check_pong6(tx(), 1, 1, "x", 1);
}
#endif

/* B5-89: the reply's code is 0, whatever the request's. */
PACKET_TEST(test_echo_code_is_zero_in_the_reply)
{
  net6_up();
  rx(icmp6(PEER, US, T6_ECHO_REQUEST, 0x5a, 0x00010002, "abc", 3));
  check_pong6(tx(), 1, 2, "abc", 3);
}

PACKET_TEST(test_echo_keeps_dscp_and_clears_ecn)
{
  net6_up();
  struct frame ping = ping6(PEER, US, 1, 1, "x", 1);
  put16(&ping, IP6_AT, 0x6bb0);
  rx(ping);
  struct frame *f = check_pong6(tx(), 1, 1, "x", 1);
  assert_int_equal(get16(f, IP6_AT) >> 4, 0x6b8);
}

/* B5-86: groups are not answered unless switched on. */
PACKET_TEST(test_echo_to_groups)
{
  net6_up();
  rx(ping6("fe80::2", "ff02::1", 1, 1, "x", 1));
  if (LWIP_MULTICAST_PING) {
    check_pong6(check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6), 1, 1, "x", 1);
  } else {
    expect_drop(DROP_ICMP6_GROUP_ECHO);
  }
  rx(ping6("::", "ff02::1", 1, 1, "x", 1));
  expect_drop(LWIP_MULTICAST_PING ? DROP_ICMP6_BAD_SRC : DROP_ICMP6_GROUP_ECHO);
  expect_silence();
}

/* B5-87: our MAC, not our address. */
PACKET_TEST(test_echo_to_another_address_is_not_answered)
{
  net6_up();
  struct frame ping = ping6(PEER, "2001:db8::77", 1, 1, "x", 1);
  memcpy(ping.data, our_mac, 6);
  rx(ping);
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    assert_int_not_equal(get8(f, ICMP_AT), T6_ECHO_REPLY);
  }
  ignore_drops();
}

/* Behind extension headers the request is found as well, and the reply has none. */
PACKET_TEST(test_echo_behind_extension_headers)
{
  static const u8_t message[] = {T6_ECHO_REQUEST, 0, 0, 0, 0, 1, 0, 2, 'a', 'b', 'c'};
  net6_up();
  struct ip6_spec spec = ip6_spec_of(PEER, US, NH_ICMP6);
  ip6_ext_add(&spec, NH_HOP_BY_HOP, "", 0);
  ip6_ext_add(&spec, NH_DEST, "", 0);
  rx(icmp6_opts(spec, message, sizeof message));
  check_pong6(check_ip6(tx(), US, PEER, NH_ICMP6), 1, 2, "abc", 3);
  expect_no_drop();
}

/* Whoever else holds the packet finds the request in it, not the reply. */
PACKET_TEST(test_echo_leaves_shared_packets_alone)
{
  net6_up();
  struct frame ping = ping6(PEER, US, 1, 1, "shared", 6);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)ping.len, PBUF_POOL); /* room in front */
  if (p == NULL) {
    fail();
  }
  app_own(p);
  pbuf_take(p, ping.data, (u16_t)ping.len);
  pbuf_ref(p);
  if (net.netif.input(p, &net.netif) != ERR_OK) {
    pbuf_free(p);
  }
  check_pong6(tx(), 1, 1, "shared", 6);
  assert_int_equal(pbuf_get_at(p, (u16_t)(p->tot_len - 14)), T6_ECHO_REQUEST);
}

/* The ICMPv6 header lies in another buffer than what is in front of it, or in two. */
PACKET_TEST(test_echo_in_two_buffers)
{
  net6_up();
  struct frame ping = ping6(PEER, US, 1, 1, "split", 5);
  for (u16_t at = ICMP_AT; at < ICMP_AT + 8; at++) {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, at, PBUF_POOL);
    if (p == NULL) {
      fail();
    }
    struct pbuf *q = pbuf_alloc(PBUF_RAW, (u16_t)(ping.len - at), PBUF_POOL);
    if (q == NULL) {
      pbuf_free(p);
      fail();
    }
    memcpy(p->payload, ping.data, at);
    memcpy(q->payload, ping.data + at, ping.len - at);
    pbuf_cat(p, q);
    if (net.netif.input(p, &net.netif) != ERR_OK) {
      pbuf_free(p);
    }
    check_pong6(tx(), 1, 1, "split", 5);
  }
}

/* B5-85: shorter than a header, replies, errors and ND included. */
PACKET_TEST(test_short_messages)
{
  static const u8_t types[] = {
      T6_ECHO_REQUEST, T6_ECHO_REPLY, T6_UNREACHABLE, T6_NS, T6_RA, T6_MLD_QUERY, 200};
  net6_up();
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    for (size_t len = 0; len < 8; len++) {
      u8_t bytes[8] = {types[t]};
      rx(icmp6_opts(ip6_spec_of(PEER, US, NH_ICMP6), bytes, len));
      expect_drop(DROP_ICMP6_SHORT);
    }
  }
  expect_silence();
}

/* B5-97: wrong, and none, which is wrong too. */
PACKET_TEST(test_bad_checksums)
{
  net6_up();
  struct frame ping = ping6(PEER, US, 1, 1, "abc", 3);
  u16_t right = get16(&ping, ICMP_AT + 2);
  static const u16_t spoilt[] = {0x0001, 0x0100, 0x8000, 0xffff};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(spoilt); i++) {
    put16(&ping, ICMP_AT + 2, right ^ spoilt[i]);
    rx(ping);
    expect_drop(DROP_ICMP6_BAD_CHECKSUM);
  }
  put16(&ping, ICMP_AT + 2, 0);
  rx(ping);
  expect_drop(DROP_ICMP6_BAD_CHECKSUM);
  /* the sum covers the addresses: the same message for somebody else */
  ping = ping6(PEER, "2001:db8::3", 1, 1, "abc", 3);
  put8(&ping, IP6_AT + 39, 1);
  memcpy(ping.data, our_mac, 6);
  rx(ping);
  expect_drop(DROP_ICMP6_BAD_CHECKSUM);
  expect_silence();
}

PACKET_TEST(test_echo_reply_that_nobody_waits_for)
{
  net6_up();
  rx(icmp6(PEER, US, T6_ECHO_REPLY, 0, 0x00010001, "abc", 3));
  expect_drop(DROP_ICMP6_UNWANTED_REPLY);
  expect_silence();
}

/* B5-99, RFC 4443 2.4 (b): node information, renumbering, experiments and what does not exist */
PACKET_TEST(test_types_that_nobody_handles)
{
  static const u8_t types[] = {138, 139, 140, 141, 144, 148, 151, 152, 153, 155, 200, 201, 255};
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    rx(icmp6(PEER, US, types[i], 0, 0, pattern(40, i), 40));
    expect_drop(DROP_ICMP6_UNKNOWN_TYPE);
    expect_silence();
  }
}

/* The answer's memory fails: one drop, no answer. */
PACKET_TEST(test_no_memory)
{
  net6_up();
  rx(ping6(PEER, US, 1, 1, "x", 1));
  tx_discard();
  ignore_drops();
  u32_t before = drop_count(DROP_ICMP6_NO_MEMORY);
  for (u32_t nth = 2; nth < 40 && drop_count(DROP_ICMP6_NO_MEMORY) == before; nth++) {
    struct frame datagram = udp6(PEER, 9, US, 9, "x", 1);
    fault_arm(nth);
    rx(datagram);
    fault_arm(0);
    advance(1000);
  }
  assert_int_equal(drop_count(DROP_ICMP6_NO_MEMORY) - before, 1);
  ignore_drops();
}

#if ICMP6_STATS
PACKET_TEST(test_counters)
{
  net6_up();
  rx(ping6(PEER, US, 1, 0, "x", 1));
  tx_discard();
  const struct stats_proto icmp = lwip_stats.icmp6; /* builds of one instance never zero them */
  rx(ping6(PEER, US, 1, 1, "x", 1));
  rx(icmp6(PEER, US, 200, 0, 0, "abcdefgh", 8));
  struct frame bad = ping6(PEER, US, 1, 1, "x", 1);
  put16(&bad, ICMP_AT + 2, 0);
  rx(bad);
  assert_int_equal(lwip_stats.icmp6.recv - icmp.recv, 3);
  assert_int_equal(lwip_stats.icmp6.xmit - icmp.xmit, 1);
  assert_int_equal(lwip_stats.icmp6.drop - icmp.drop, 2);
  assert_int_equal(lwip_stats.icmp6.proterr - icmp.proterr, 1);
  assert_int_equal(lwip_stats.icmp6.chkerr - icmp.chkerr, 1);
  ignore_drops();
}
#endif

static const struct packet_test tests[] = {
    TEST(test_echo_of_all_sizes),
    TEST(test_echo_between_link_local_addresses),
    TEST(test_echo_by_two_links),
    TEST(test_echo_of_mtu_plus_one),
    TEST_FLAGS(test_echo_of_65487_bytes, PACKET_NO_CHAINED), /* more pbufs than the pool has */
#if LWIP_CHECKSUM_CTRL_PER_NETIF
    TEST_FLAGS(test_echo_by_hardware_with_checksums, PACKET_NO_CHAINED),
    TEST(test_checksum_that_hardware_checks),
#endif
    TEST(test_echo_code_is_zero_in_the_reply),
    TEST(test_echo_keeps_dscp_and_clears_ecn),
    TEST(test_echo_to_groups),
    TEST(test_echo_to_another_address_is_not_answered),
    TEST(test_echo_behind_extension_headers),
    TEST_FLAGS(test_echo_leaves_shared_packets_alone, PACKET_ONCE),
    TEST_FLAGS(test_echo_in_two_buffers, PACKET_ONCE),
    TEST(test_short_messages),
    TEST(test_bad_checksums),
    TEST(test_echo_reply_that_nobody_waits_for),
    TEST(test_types_that_nobody_handles),
    TEST_FLAGS(test_no_memory, PACKET_ONCE), /* makes its own faults */
#if ICMP6_STATS
    TEST(test_counters),
#endif
};

PACKET_MAIN(tests)
