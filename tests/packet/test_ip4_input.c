/*
 * The IPv4 header: which packets come in, and why others do not (RFC 791, RFC 1122 3.2.1; security
 * vectors B2-25 to 43).
 * needs: ipv4
 */
#include "packet.h"
#include "base/fault.h"
#include "gossamer/netif_addr.h"

#define IP_AT 14

static void expect_refused(struct frame f, enum drop_reason why)
{
  rx_exact(f);
  expect_drop(why);
  expect_no_datagram();
  expect_silence();
}

static struct ip4_spec udp_from_peer(void)
{
  return ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
}

/** A datagram to port 7 with changes to its IP header. */
static struct frame datagram(struct ip4_spec ip, const void *data, size_t len)
{
  struct udp_spec spec = udp_spec_of(ip.src, 1234, ip.dst, 7);
  spec.ip = ip;
  return udp4_opts(spec, data, len);
}

PACKET_TEST(test_packets_shorter_than_a_header)
{
  struct frame f = datagram(udp_from_peer(), "x", 1);
  for (size_t len = 14; len < 14 + 20; len++) {
    expect_refused(frame_of(f.data, len), DROP_IP4_SHORT);
  }
}

PACKET_TEST(test_other_versions_in_an_ipv4_frame)
{
  for (u8_t version = 0; version < 16; version++) {
    struct ip4_spec spec = udp_from_peer();
    spec.version = version;
    if (version != 4) {
      expect_refused(datagram(spec, "x", 1), DROP_IP4_BAD_VERSION);
    }
  }
}

/* B2-25, B2-26 */
PACKET_TEST(test_header_lengths_that_cannot_be)
{
  app_udp(NULL, 7);
  for (int ihl = 0; ihl < 5; ihl++) {
    struct ip4_spec spec = udp_from_peer();
    spec.ihl = ihl;
    expect_refused(datagram(spec, "x", 1), DROP_IP4_BAD_IHL);
  }
  for (int ihl = 8; ihl < 16; ihl++) {
    struct ip4_spec spec = udp_from_peer();
    spec.ihl = ihl; /* 20 + 8 + 1 bytes are there */
    expect_refused(datagram(spec, "x", 1), DROP_IP4_BAD_IHL);
  }
}

/* B2-27 (CVE-2021-31401, CVE-2020-11909), B2-28 */
PACKET_TEST(test_total_lengths_that_cannot_be)
{
  static const int bad[] = {0, 1, 19, 20 + 8 + 4 + 1, 1500, 32768, 65535};
  app_udp(NULL, 7);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    struct ip4_spec spec = udp_from_peer();
    spec.total_len = bad[i];
    expect_refused(datagram(spec, "abcd", 4), DROP_IP4_BAD_LENGTH);
  }
}

/* B2-29: what stands behind the packet is no part of it */
PACKET_TEST(test_padding_is_cut_off)
{
  app_udp(NULL, 7);
  struct frame f = datagram(udp_from_peer(), "abc", 3);
  struct frame padded = frame_of(NULL, 60);
  memset(padded.data, 0xee, padded.len);
  memcpy(padded.data, f.data, f.len);
  rx(padded);
  expect_datagram("10.0.0.2", 1234, "abc", 3);
  expect_no_drop();
}

PACKET_TEST(test_header_checksum)
{
  app_udp(NULL, 7);
  struct frame good = datagram(udp_from_peer(), "x", 1);
  for (unsigned bit = 0; bit < 16; bit++) {
    struct frame f = frame_copy(good);
    put16(&f, IP_AT + 10, (u16_t)(get16(&f, IP_AT + 10) ^ 1u << bit));
    expect_refused(f, DROP_IP4_BAD_CHECKSUM);
  }
  struct ip4_spec spec = udp_from_peer();
  spec.checksum = 0; /* as stacks send it that leave it to hardware */
  expect_refused(datagram(spec, "x", 1), DROP_IP4_BAD_CHECKSUM);
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF
PACKET_TEST(test_header_checksum_that_hardware_checked)
{
  app_udp(NULL, 7);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_CHECK_IP);
  struct ip4_spec spec = udp_from_peer();
  spec.checksum = 0;
  rx(datagram(spec, "x", 1));
  expect_datagram("10.0.0.2", 1234, "x", 1);
}
#endif

/* RFC 1122 3.2.1.3: sources that no host has */
PACKET_TEST(test_sources_that_cannot_be)
{
  static const char *const bad[] = {"0.0.0.0",   "0.1.2.3",         "127.0.0.1",
                                    "127.9.9.9", "224.0.0.1",       "239.255.255.250",
                                    "240.0.0.1", "255.255.255.255", "10.0.0.255"};
  app_udp(NULL, 7);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    struct ip4_spec spec = udp_from_peer();
    spec.src = bad[i];
    spec.eth_src = peer_mac;
    expect_refused(datagram(spec, "x", 1), DROP_IP4_BAD_SRC);
  }
}

/* B2-37, and class E, and network 0 */
PACKET_TEST(test_destinations_that_cannot_be)
{
  static const char *const bad[] = {"0.0.0.0",   "0.0.0.9",   "127.0.0.1",      "127.255.255.254",
                                    "240.0.0.1", "250.1.2.3", "255.255.255.254"};
  app_udp(NULL, 7);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    struct ip4_spec spec = udp_from_peer();
    spec.dst = bad[i];
    spec.eth_dst = our_mac;
    expect_refused(datagram(spec, "x", 1), DROP_IP4_BAD_DST);
  }
}

/* B2-38 */
PACKET_TEST(test_land)
{
  app_udp(NULL, 7);
  struct udp_spec spec = udp_spec_of("10.0.0.1", 7, "10.0.0.1", 7);
  spec.ip.eth_src = peer_mac;
  expect_refused(udp4_opts(spec, "x", 1), DROP_IP4_LAND);
  net_add_netif();
  spec = udp_spec_of("10.0.1.1", 7, "10.0.0.1", 7); /* ours, on another link */
  spec.ip.eth_src = peer_mac;
  spec.ip.eth_dst = our_mac;
  expect_refused(udp4_opts(spec, "x", 1), DROP_IP4_LAND);
}

/* RFC 1122 3.3.6 (security vector B1-23) */
PACKET_TEST(test_unicast_in_a_link_broadcast)
{
  static const u8_t group[6] = {1, 0, 0x5e, 0, 0, 1};
  app_udp(NULL, 7);
  struct ip4_spec spec = udp_from_peer();
  spec.eth_dst = broadcast_mac;
  expect_refused(datagram(spec, "x", 1), DROP_IP4_LINK_GROUP);
  spec.eth_dst = group;
  expect_refused(datagram(spec, "x", 1), DROP_IP4_LINK_GROUP);
  spec.dst = "10.0.7.7"; /* not ours: no forwarding either */
  expect_refused(datagram(spec, "x", 1), DROP_IP4_LINK_GROUP);
}

PACKET_TEST(test_broadcasts_are_for_us)
{
  static const char *const everybody[] = {"255.255.255.255", "10.0.0.255"};
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_set_option(pcb, SOF_BROADCAST); /* for IP_SOF_BROADCAST_RECV */
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(everybody); i++) {
    struct ip4_spec spec = udp_from_peer();
    spec.dst = everybody[i];
    rx(datagram(spec, "x", 1));
    struct datagram *d = app_received();
    assert_non_null(d);
    assert_int_equal(ip_2_ip4(&d->dst)->addr, ip4_of(everybody[i]).addr);
  }
  struct ip4_spec spec = udp_from_peer();
  spec.src = "0.0.0.0"; /* somebody without address asks all */
  spec.dst = "255.255.255.255";
  rx(datagram(spec, "x", 1));
  expect_datagram("0.0.0.0", 1234, "x", 1);
  expect_no_drop();
  expect_silence();
}

/* A /31 has no broadcast address (RFC 3021), so its other end is a neighbour. */
PACKET_TEST(test_point_to_point_prefix_has_no_broadcast)
{
  ip4_addr_t addr = ip4_of("10.0.0.1"), mask = ip4_of("255.255.255.254");
  netif_set_addr(&net.netif, &addr, &mask, NULL);
  tx_discard();
  app_udp(NULL, 7);
  struct ip4_spec spec = udp_from_peer();
  spec.src = "10.0.0.0";
  rx(datagram(spec, "x", 1));
  expect_datagram("10.0.0.0", 1234, "x", 1);
}

PACKET_TEST(test_groups_that_nobody_joined)
{
  app_udp(NULL, 7);
  struct ip4_spec spec = udp_from_peer();
  spec.dst = "239.1.2.3";
  rx_exact(datagram(spec, "x", 1));
  expect_drop(DROP_IP4_NOT_FOR_US); /* groups are not forwarded */
  expect_no_datagram();
  expect_silence();
}

/* The host model is weak: an address of ours is ours wherever the packet comes in. */
PACKET_TEST(test_address_of_another_netif)
{
  struct packet_net *second = net_add_netif();
  app_udp(NULL, 7);
  struct ip4_spec spec = udp_from_peer();
  spec.dst = "10.0.1.1";
  spec.eth_dst = our_mac;
  rx(datagram(spec, "x", 1));
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_int_equal(ip_2_ip4(&d->dst)->addr, ip4_of("10.0.1.1").addr);
  netif_set_down(&second->netif);
  rx(datagram(spec, "x", 1)); /* an address of a netif that is down is nobody's */
  expect_no_datagram();
  ignore_drops();
}

#if LWIP_IPV4_NUM_ADDRESSES > 1
PACKET_TEST(test_extra_addresses_and_their_broadcasts)
{
  ip4_addr_t addr = ip4_of("172.16.0.1"), mask = ip4_of("255.255.0.0");
  assert_int_equal(netif_add_ip4_address(&net.netif, &addr, &mask), ERR_OK);
  tx_discard();
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_set_option(pcb, SOF_BROADCAST); /* for IP_SOF_BROADCAST_RECV */
  static const char *const ours[] = {"172.16.0.1", "172.16.255.255"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(ours); i++) {
    struct ip4_spec spec = udp_from_peer();
    spec.src = "172.16.0.2";
    spec.dst = ours[i];
    rx(datagram(spec, "x", 1));
    expect_datagram("172.16.0.2", 1234, "x", 1);
  }
  struct ip4_spec spec = udp_from_peer();
  spec.src = "172.16.255.255";
  expect_refused(datagram(spec, "x", 1), DROP_IP4_BAD_SRC);
}
#endif

/* B2-35: for us, the TTL means nothing (RFC 1122 3.2.1.7) */
PACKET_TEST(test_ttl_of_what_is_for_us)
{
  app_udp(NULL, 7);
  for (u8_t ttl = 0; ttl < 2; ttl++) {
    struct ip4_spec spec = udp_from_peer();
    spec.ttl = ttl;
    rx(datagram(spec, "x", 1));
    expect_datagram("10.0.0.2", 1234, "x", 1);
  }
}

/* B2-40 */
PACKET_TEST(test_unknown_protocols)
{
  struct frame f = ip4("10.0.0.2", "10.0.0.1", 253, "12345678", 8);
  rx(f);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PROTO, &f);
  expect_drop(DROP_IP4_NO_PROTO);
  f = ip4("10.0.0.2", "10.0.0.255", 253, "12345678", 8);
  expect_refused(f, DROP_IP4_NO_PROTO);
  f = ip4("10.0.0.2", "224.0.0.1", 253, "12345678", 8);
  expect_refused(f, DROP_IP4_NO_PROTO);
}

/* B2-40: no flood of complaints */
PACKET_TEST(test_unknown_protocols_are_reported_rarely)
{
  unsigned errors = 0;
  for (unsigned i = 0; i < 50; i++) {
    rx(ip4("10.0.0.2", "10.0.0.1", 253, "12345678", 8));
    errors += tx() != NULL;
  }
  assert_in_range(errors, 1, 10);
  ignore_drops();
}

/* B2-39: TCP, which this build lacks, to all: no answer */
PACKET_TEST(test_tcp_to_everybody_is_silent)
{
  static const char *const everybody[] = {"10.0.0.255", "255.255.255.255", "224.0.0.1"};
  u8_t syn[20] = {4, 0, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0x20, 0};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(everybody); i++) {
    rx_exact(ip4("10.0.0.2", everybody[i], IP_PROTO_TCP, syn, sizeof syn));
    expect_silence();
  }
  ignore_drops();
}

/* B2-41 (CVE-2020-11896, 11902, 2020-10136): tunnels that nobody set up */
PACKET_TEST(test_tunnels_are_not_opened)
{
  app_udp(NULL, 7);
  struct frame inner = datagram(udp_from_peer(), "x", 1);
  static const u8_t protos[] = {4, 41, 47};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(protos); i++) {
    rx(ip4("10.0.0.2", "10.0.0.1", protos[i], inner.data + 14, inner.len - 14));
    expect_drop(DROP_IP4_NO_PROTO);
    check_icmp(tx(), ICMP_DUR, ICMP_DUR_PROTO);
    expect_no_datagram();
  }
}

/* B2-43: every TOS and ECN is taken, and the reserved bit is ignored */
PACKET_TEST(test_tos_and_reserved_bit)
{
  app_udp(NULL, 7);
  for (unsigned tos = 0; tos < 256; tos += (tos < 8 || tos > 247) ? 1 : 8) {
    struct ip4_spec spec = udp_from_peer();
    spec.tos = (u8_t)tos;
    rx(datagram(spec, "x", 1));
    expect_datagram("10.0.0.2", 1234, "x", 1);
  }
  struct ip4_spec spec = udp_from_peer();
  spec.frag = IP_RF;
  rx(datagram(spec, "x", 1));
  expect_datagram("10.0.0.2", 1234, "x", 1);
  spec.frag = IP_RF | IP_DF;
  rx(datagram(spec, "x", 1));
  expect_datagram("10.0.0.2", 1234, "x", 1);
  expect_no_drop();
}

/* The header in two pbufs needs a buffer of its own; one without is dropped. */
PACKET_TEST(test_no_memory_for_a_contiguous_header)
{
  struct frame f = datagram(udp_from_peer(), "x", 1);
  struct pbuf *head = pbuf_alloc(PBUF_RAW, 10, PBUF_RAM);
  struct pbuf *tail = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 24), PBUF_RAM);
  if (head == NULL || tail == NULL) {
    pbuf_free(head != NULL ? head : tail);
    fail_msg("no memory");
  }
  memcpy(head->payload, f.data + 14, 10);
  memcpy(tail->payload, f.data + 24, f.len - 24);
  pbuf_cat(head, tail);
  fault_arm(1);
  ip4_input(head, &net.netif);
  fault_arm(0);
  expect_drop(DROP_IP4_TRUNCATED);
}

PACKET_TEST(test_netif_that_is_down)
{
  app_udp(NULL, 7);
  netif_set_down(&net.netif);
  struct frame f = datagram(udp_from_peer(), "x", 1);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14), PBUF_RAM);
  assert_non_null(p);
  memcpy(p->payload, f.data + 14, f.len - 14);
  ip4_input(p, &net.netif);
  expect_drop(DROP_NETIF_DOWN);
  expect_no_datagram();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_packets_shorter_than_a_header, PACKET_NO_TRAILER),
    TEST(test_other_versions_in_an_ipv4_frame),
    TEST(test_header_lengths_that_cannot_be),
    TEST(test_total_lengths_that_cannot_be),
    TEST(test_padding_is_cut_off),
    TEST(test_header_checksum),
#if LWIP_CHECKSUM_CTRL_PER_NETIF
    TEST(test_header_checksum_that_hardware_checked),
#endif
    TEST(test_sources_that_cannot_be),
    TEST(test_destinations_that_cannot_be),
    TEST(test_land),
    TEST(test_unicast_in_a_link_broadcast),
    TEST(test_broadcasts_are_for_us),
    TEST(test_point_to_point_prefix_has_no_broadcast),
    TEST(test_groups_that_nobody_joined),
    TEST(test_address_of_another_netif),
#if LWIP_IPV4_NUM_ADDRESSES > 1
    TEST(test_extra_addresses_and_their_broadcasts),
#endif
    TEST(test_ttl_of_what_is_for_us),
    TEST(test_unknown_protocols),
    TEST(test_unknown_protocols_are_reported_rarely),
    TEST(test_tcp_to_everybody_is_silent),
    TEST(test_tunnels_are_not_opened),
    TEST(test_tos_and_reserved_bit),
    TEST_FLAGS(test_no_memory_for_a_contiguous_header, PACKET_ONCE), /* its own */
    TEST_FLAGS(test_netif_that_is_down, PACKET_ONCE),
};

PACKET_MAIN(tests)
