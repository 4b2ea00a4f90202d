/*
 * ICMP echo and everything that is refused (RFC 792, RFC 1122 3.2.2; security vectors B5-85..89,
 * 93, 99; features 110).
 * needs: ipv4
 */
#include "packet.h"
#include "base/fault.h"
#include "gossamer/netif_addr.h"

#define ICMP_AT 34 /* in a frame without VLAN tag and options */

PACKET_TEST(test_echo_of_all_sizes)
{
  static const size_t sizes[] = {0, 1, 2, 7, 8, 56, 255, 1471, 1472};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    const u8_t *data = pattern(sizes[i], i);
    rx(ping4("10.0.0.2", "10.0.0.1", 0x4321, (u16_t)i, data, sizes[i]));
    struct frame *f = check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_ICMP);
    check_pong(f, 0x4321, (u16_t)i, data, sizes[i]);
    assert_int_equal(get8(f, 22), ICMP_TTL);
  }
  expect_silence();
  expect_no_drop();
}

/* B5-88: MTU + 1 and the greatest size there is, both in fragments, answered in fragments. */
static void expect_fragmented_echo(size_t size)
{
  struct frame fragments[64];
  const u8_t *data = pattern(size, 9);
  struct frame whole = ping4("10.0.0.2", "10.0.0.1", 7, 8, data, size);
  size_t count = ip4_fragments(whole, 1480, fragments, LWIP_ARRAYSIZE(fragments));
  for (size_t i = 0; i < count; i++) {
    rx(fragments[i]);
  }
  u8_t *got = malloc(size + 8);
  size_t got_len = 0;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    size_t at = ip4_payload_at(f), len = ip4_payload_len(f);
    size_t offset = (size_t)(get16(f, 20) & 0x1fff) * 8;
    if (offset + len <= size + 8) {
      memcpy(got + offset, f->data + at, len);
    }
    got_len += len;
  }
  bool is_same = got_len == size + 8 && memcmp(got + 8, data, size) == 0;
  u8_t type = got[0];
  u16_t checksum = checksum_of(got, size + 8);
  free(got);
  assert_true(is_same);
  assert_int_equal(type, ICMP_ER);
  assert_int_equal(checksum, 0);
  expect_no_drop();
}

static void echo_in_fragments(size_t size)
{
  rx(ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1)); /* ARP queues fewer fragments than come */
  check_pong(tx(), 1, 1, "x", 1);
  expect_fragmented_echo(size);
}

PACKET_TEST(test_echo_of_mtu_plus_one)
{
  echo_in_fragments(1473);
}

PACKET_TEST(test_echo_of_65507_bytes)
{
  echo_in_fragments(65507);
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF
static void software_sums(void)
{
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL);
}

/* Hardware sums what leaves in one packet; the sum over fragments stays ours. */
PACKET_TEST(test_echo_in_fragments_by_hardware_with_checksums)
{
  packet_at_end(software_sums);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_GEN_ICMP);
  rx(ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1));
  assert_int_equal(get16(tx(), 14 + 20 + 2), 0);
  expect_fragmented_echo(4000);
}
#endif

/* B5-89 (CVE-2018-6939): the reply's code is 0, whatever the request's; checksums follow. */
PACKET_TEST(test_echo_code_is_zero_in_the_reply)
{
  rx(icmp4("10.0.0.2", "10.0.0.1", ICMP_ECHO, 0x5a, 0x00010002, "abc", 3));
  check_pong(tx(), 1, 2, "abc", 3);
}

/* RFC 1624: every value of the request's checksum gives a right reply, 0x0000 and 0xffff included.
 */
PACKET_TEST(test_echo_checksum_is_updated_right)
{
  for (u32_t id = 0xf700; id < 0xf910; id++) {
    for (u32_t code = 0; code < 2; code++) {
      rx(icmp4("10.0.0.2", "10.0.0.1", ICMP_ECHO, (u8_t)(code * 255), id << 16, NULL, 0));
      check_pong(tx(), (u16_t)id, 0, NULL, 0);
    }
    advance(5); /* the rate limit */
  }
}

/* An all-zero reply has the checksum 0xffff: found by fuzzing. */
PACKET_TEST(test_echo_of_zeros)
{
  static const u8_t zeros[8];
  rx(ping4("10.0.0.2", "10.0.0.1", 0, 0, zeros, sizeof zeros));
  check_pong(tx(), 0, 0, zeros, sizeof zeros);
}

/* A reply of all zeros has the checksum 0xffff. */
PACKET_TEST(test_echo_reply_of_zeros)
{
  static const u8_t zeros[64];
  rx(ping4("10.0.0.2", "10.0.0.1", 0, 0, NULL, 0));
  check_pong(tx(), 0, 0, NULL, 0);
  rx(ping4("10.0.0.2", "10.0.0.1", 0, 0, zeros, sizeof zeros));
  check_pong(tx(), 0, 0, zeros, sizeof zeros);
}

PACKET_TEST(test_echo_keeps_dscp_and_clears_ecn)
{
  struct frame ping = ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1);
  put8(&ping, 15, 0xbb);
  ip4_fix_checksum(&ping);
  rx(ping);
  struct frame *f = tx();
  check_pong(f, 1, 1, "x", 1);
  assert_int_equal(get8(f, 15), 0xb8);
}

/* B5-86, smurf: broadcast and groups are not answered unless switched on. */
PACKET_TEST(test_echo_to_groups_is_silent)
{
  static const char *const groups[] = {"255.255.255.255", "10.0.0.255", "224.0.0.1"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(groups); i++) {
    rx(ping4("10.0.0.2", groups[i], 1, 1, "x", 1));
    expect_drop(DROP_ICMP_GROUP_ECHO);
    expect_silence();
  }
  rx(ping4("0.0.0.0", "255.255.255.255", 1, 1, "x", 1));
  expect_drop(DROP_ICMP_GROUP_ECHO);
}

/* B5-87: our MAC, not our address. */
PACKET_TEST(test_echo_to_another_address_is_not_answered)
{
  struct frame ping = ping4("10.0.0.2", "10.0.0.77", 1, 1, "x", 1);
  memcpy(ping.data, our_mac, 6);
  rx(ping);
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    assert_int_not_equal(get8(f, ICMP_AT), ICMP_ER);
  }
  ignore_drops();
}

#if LWIP_IPV4_NUM_ADDRESSES > 1
/* RFC 1122 3.2.2.6: the reply's source is the address that was asked. */
PACKET_TEST(test_echo_reply_comes_from_the_address_asked)
{
  ip4_addr_t addr = ip4_of("10.0.0.99"), mask = ip4_of("255.255.255.0");
  assert_int_equal(netif_add_ip4_address(&net.netif, &addr, &mask), ERR_OK);
  advance(10000);
  tx_discard();
  rx(ping4("10.0.0.2", "10.0.0.99", 1, 1, "x", 1));
  check_pong(check_ip4(tx(), "10.0.0.99", "10.0.0.2", IP_PROTO_ICMP), 1, 1, "x", 1);
}
#endif

/* Whoever else holds the packet finds the request in it, not the reply. */
PACKET_TEST(test_echo_leaves_shared_packets_alone)
{
  struct frame ping = ping4("10.0.0.2", "10.0.0.1", 1, 1, "shared", 6);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)ping.len, PBUF_POOL);
  if (p == NULL) {
    fail();
  }
  app_own(p);
  pbuf_take(p, ping.data, (u16_t)ping.len);
  pbuf_ref(p);
  if (net.netif.input(p, &net.netif) != ERR_OK) {
    pbuf_free(p);
  }
  check_pong(tx(), 1, 1, "shared", 6);
  assert_int_equal(pbuf_get_at(p, (u16_t)(p->tot_len - 14)), ICMP_ECHO);
}

/* B5-85 (CVE-2026-7423): shorter than its header, replies included. */
PACKET_TEST(test_short_messages)
{
  static const u8_t types[] = {ICMP_ECHO, ICMP_ER, ICMP_DUR, 200};
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    for (size_t len = 0; len < 8; len++) {
      u8_t bytes[8] = {types[t]};
      rx(ip4("10.0.0.2", "10.0.0.1", IP_PROTO_ICMP, bytes, len));
      expect_drop(DROP_ICMP_SHORT);
    }
  }
  expect_silence();
}

PACKET_TEST(test_bad_checksum)
{
  struct frame ping = ping4("10.0.0.2", "10.0.0.1", 1, 1, "abc", 3);
  put8(&ping, ping.len - 1, 'd');
  rx(ping);
  expect_drop(DROP_ICMP_BAD_CHECKSUM);
  expect_silence();
}

PACKET_TEST(test_echo_reply_that_nobody_waits_for)
{
  rx(icmp4("10.0.0.2", "10.0.0.1", ICMP_ER, 0, 0x00010001, "abc", 3));
  expect_drop(DROP_ICMP_UNWANTED_REPLY);
  expect_silence();
}

/* B5-93, B5-99: redirects, source quench; timestamp, information, address mask. */
PACKET_TEST(test_refused_types)
{
  static const u8_t types[] = {ICMP_SQ,  ICMP_RD, ICMP_TS, ICMP_TSR,
                               ICMP_IRQ, ICMP_IR, ICMP_AM, ICMP_AMR};
  struct frame about = udp4("10.0.0.1", 5, "10.0.0.2", 6, "x", 1);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    rx(icmp4("10.0.0.2", "10.0.0.1", types[i], 0, 0x0a000002, about.data + 14, 28));
    expect_drop(DROP_ICMP_REFUSED);
    expect_silence();
  }
}

PACKET_TEST(test_unknown_types)
{
  static const u8_t types[] = {1, 2, 7, 9, 10, 19, 30, 40, 41, 42, 128, 255};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    rx(icmp4("10.0.0.2", "10.0.0.1", types[i], 0, 0, "abcdefgh", 8));
    expect_drop(DROP_ICMP_UNKNOWN_TYPE);
    expect_silence();
  }
}

/* The answer's memory fails: one drop, no answer. The first allocation is the harness's. */
PACKET_TEST(test_no_memory)
{
  u32_t before = drop_count(DROP_ICMP_NO_MEMORY);
  for (u32_t nth = 2; nth < 40 && drop_count(DROP_ICMP_NO_MEMORY) == before; nth++) {
    struct frame datagram = udp4("10.0.0.2", 9, "10.0.0.1", 9, "x", 1);
    fault_arm(nth);
    rx(datagram);
    fault_arm(0);
    advance(1000);
  }
  assert_int_equal(drop_count(DROP_ICMP_NO_MEMORY) - before, 1);
  ignore_drops();
}

#if ICMP_STATS && MIB2_STATS
PACKET_TEST(test_counters)
{
  const struct stats_proto icmp = lwip_stats.icmp; /* builds of one instance never zero them */
  const struct stats_mib2 mib2 = lwip_stats.mib2;
  rx(ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1));
  rx(icmp4("10.0.0.2", "10.0.0.1", ICMP_RD, 0, 0, "abcdefgh", 8));
  rx(icmp4("10.0.0.2", "10.0.0.1", ICMP_TS, 0, 0, "abcdefgh", 8));
  assert_int_equal(lwip_stats.icmp.recv - icmp.recv, 3);
  assert_int_equal(lwip_stats.icmp.xmit - icmp.xmit, 1);
  assert_int_equal(lwip_stats.icmp.drop - icmp.drop, 2);
  assert_int_equal(lwip_stats.icmp.proterr - icmp.proterr, 2);
  assert_int_equal(lwip_stats.mib2.icmpinmsgs - mib2.icmpinmsgs, 3);
  assert_int_equal(lwip_stats.mib2.icmpinechos - mib2.icmpinechos, 1);
  assert_int_equal(lwip_stats.mib2.icmpinredirects - mib2.icmpinredirects, 1);
  assert_int_equal(lwip_stats.mib2.icmpintimestamps - mib2.icmpintimestamps, 1);
  assert_int_equal(lwip_stats.mib2.icmpoutmsgs - mib2.icmpoutmsgs, 1);
  assert_int_equal(lwip_stats.mib2.icmpoutechoreps - mib2.icmpoutechoreps, 1);
  ignore_drops();
}
#endif

static const struct packet_test tests[] = {
    TEST(test_echo_of_all_sizes),
    TEST(test_echo_of_mtu_plus_one),
    TEST_FLAGS(test_echo_of_65507_bytes, PACKET_NO_CHAINED), /* more pbufs than the pool has */
#if LWIP_CHECKSUM_CTRL_PER_NETIF
    TEST_FLAGS(test_echo_in_fragments_by_hardware_with_checksums, PACKET_NO_CHAINED),
#endif
    TEST(test_echo_code_is_zero_in_the_reply),
    TEST(test_echo_checksum_is_updated_right),
    TEST(test_echo_of_zeros),
    TEST(test_echo_reply_of_zeros),
    TEST(test_echo_keeps_dscp_and_clears_ecn),
    TEST(test_echo_to_groups_is_silent),
    TEST(test_echo_to_another_address_is_not_answered),
#if LWIP_IPV4_NUM_ADDRESSES > 1
    TEST(test_echo_reply_comes_from_the_address_asked),
#endif
    TEST_FLAGS(test_echo_leaves_shared_packets_alone, PACKET_ONCE),
    TEST(test_short_messages),
    TEST(test_bad_checksum),
    TEST(test_echo_reply_that_nobody_waits_for),
    TEST(test_refused_types),
    TEST(test_unknown_types),
    TEST_FLAGS(test_no_memory, PACKET_ONCE), /* makes its own faults */
#if ICMP_STATS && MIB2_STATS
    TEST(test_counters),
#endif
};

PACKET_MAIN(tests)
