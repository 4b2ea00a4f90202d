/**
 * @file
 * UDP-Lite over IPv6 (RFC 3828; security.md B8-140).
 * needs: ipv6
 */
#include "packet.h"

#define PEER "2001:db8::2"
#define US   "2001:db8::1"

#if LWIP_UDPLITE

static struct udp_pcb *lite_pcb(void)
{
  net6_up();
  struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_V6);
  assert_non_null(pcb);
  udp_set_flags(pcb, UDP_FLAGS_UDPLITE);
  assert_int_equal(udp_bind(pcb, NULL, 7), ERR_OK);
  udp_recv(pcb, app_udp_recv, NULL);
  return pcb;
}

static struct frame datagram(int coverage, int checksum, const void *data, size_t len)
{
  struct udp6_spec spec = udp6_spec_of(PEER, 4000, US, 7);
  spec.ip.nexth = NH_UDPLITE;
  spec.len = coverage;
  spec.checksum = checksum;
  return udp6_opts(spec, data, len);
}

static void test_whole_datagram(void)
{
  lite_pcb();
  rx(datagram(0, -1, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  rx(datagram(8 + 5, -1, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  expect_no_drop();
}

/* B8-140 */
static void test_coverage_out_of_range(void)
{
  lite_pcb();
  for (int coverage = 1; coverage < 8; coverage++) {
    rx(datagram(coverage, -1, "hello", 5));
    expect_drop(DROP_UDP_BAD_COVERAGE);
  }
  rx(datagram(8 + 6, -1, "hello", 5));
  expect_drop(DROP_UDP_BAD_COVERAGE);
  expect_no_datagram();
}

static void test_checksums(void)
{
  lite_pcb();
  rx(datagram(0, 0, "hello", 5));
  expect_drop(DROP_UDP_NO_CHECKSUM);
  rx(datagram(0, 0x1234, "hello", 5));
  expect_drop(DROP_UDP_BAD_CHECKSUM);
  expect_no_datagram();
}

/* Damage beyond the coverage is let through to whoever accepts that; to others it is not. */
static void test_damage_beyond_the_coverage(void)
{
  struct udp_pcb *pcb = lite_pcb();
  struct frame f = datagram(8 + 2, -1, "hello", 5);
  f.data[f.len - 1] = 'X';
  rx(f);
  expect_drop(DROP_UDP_BAD_COVERAGE);
  pcb->chksum_len_rx = 8 + 2;
  rx(f);
  expect_datagram(PEER, 4000, "hellX", 5);
  f.data[f.len - 5] = 'X';
  rx(f);
  expect_drop(DROP_UDP_BAD_CHECKSUM);
  expect_no_datagram();
}

static void test_send(void)
{
  struct udp_pcb *pcb = lite_pcb();
  ip_addr_t dst = ip_of(PEER);
  static const u16_t coverages[][2] = {{0, 13}, {8, 8}, {3, 8}, {10, 10}, {1000, 13}};
  for (size_t i = 0; i < LWIP_ARRAYSIZE(coverages); i++) {
    pcb->chksum_len_tx = coverages[i][0];
    assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &dst, 4000), ERR_OK);
    struct frame *f = check_ip6(tx(), US, PEER, NH_UDPLITE);
    check_udp(f, 7, 4000, "hello", 5);
    assert_int_equal(get16(f, IP6_PAYLOAD_AT + 4), coverages[i][1]);
  }
}

static const struct packet_test tests[] = {
    TEST(test_whole_datagram),
    TEST(test_coverage_out_of_range),
    TEST(test_checksums),
    TEST(test_damage_beyond_the_coverage),
    TEST_FLAGS(test_send, PACKET_ONCE),
};

#else

static void test_unknown_protocol(void)
{
  net6_up();
  struct frame f = ip6(PEER, US, NH_UDPLITE, "abcdefgh", 8);
  rx(f);
  check_icmp6_error(tx(), T6_PARAMETER, 1, &f);
  expect_drop(DROP_IP6_NO_PROTO);
}

static const struct packet_test tests[] = {TEST(test_unknown_protocol)};

#endif /* LWIP_UDPLITE */

PACKET_MAIN(tests)
