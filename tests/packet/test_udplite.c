/**
 * @file
 * UDP-Lite (RFC 3828): coverage in both directions (B8-140).
 * needs: ipv4
 */
#include "packet.h"

#define PEER "10.0.0.2"
#define US   "10.0.0.1"

#if LWIP_UDPLITE

static struct udp_pcb *lite_pcb(u16_t port)
{
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  udp_setflags(pcb, UDP_FLAGS_UDPLITE);
  assert_int_equal(udp_bind(pcb, NULL, port), ERR_OK);
  udp_recv(pcb, app_udp_recv, NULL);
  return pcb;
}

static struct frame lite(int coverage, int checksum, const void *data, size_t len)
{
  struct udp_spec spec = udp_spec_of(PEER, 4000, US, 7);
  spec.ip.proto = IP_PROTO_UDPLITE;
  spec.len = coverage;
  spec.checksum = checksum;
  return udp4_opts(spec, data, len);
}

static void test_whole_datagram(void)
{
  lite_pcb(7);
  rx(lite(UDP_HLEN + 5, -1, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  rx(lite(0, -1, "hello", 5)); /* 0: all (RFC 3828 3.1) */
  expect_datagram(PEER, 4000, "hello", 5);
  expect_no_drop();
}

/* B8-140 */
static void test_coverage_1_to_7(void)
{
  lite_pcb(7);
  for (int coverage = 1; coverage < UDP_HLEN; coverage++) {
    rx(lite(coverage, 0x1234, "hello", 5));
    expect_drop(DROP_UDP_BAD_COVERAGE);
  }
  expect_no_datagram();
}

/* B8-140 */
static void test_coverage_beyond_the_datagram(void)
{
  lite_pcb(7);
  rx(lite(UDP_HLEN + 6, 0x1234, "hello", 5));
  expect_drop(DROP_UDP_BAD_COVERAGE);
  rx(lite(0xFFFF, 0x1234, "hello", 5));
  expect_drop(DROP_UDP_BAD_COVERAGE);
}

/* RFC 3828 3.1: the checksum is mandatory. */
static void test_no_checksum(void)
{
  lite_pcb(7);
  rx(lite(0, 0, "hello", 5));
  expect_drop(DROP_UDP_NO_CHECKSUM);
  expect_no_datagram();
}

static void test_wrong_checksum(void)
{
  lite_pcb(7);
  rx(lite(0, 0x1234, "hello", 5));
  expect_drop(DROP_UDP_BAD_CHECKSUM);
  rx(lite(UDP_HLEN, 0x1234, "hello", 5));
  expect_drop(DROP_UDP_BAD_CHECKSUM);
}

/* RFC 3828 3.2: who did not ask for less gets whole datagrams only. */
static void test_least_coverage(void)
{
  struct udp_pcb *pcb = lite_pcb(7);
  rx(lite(UDP_HLEN, -1, "hello", 5));
  expect_drop(DROP_UDP_BAD_COVERAGE);
  pcb->chksum_len_rx = UDP_HLEN + 2;
  rx(lite(UDP_HLEN + 1, -1, "hello", 5));
  expect_drop(DROP_UDP_BAD_COVERAGE);
  rx(lite(UDP_HLEN + 2, -1, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  rx(lite(0, -1, "h", 1)); /* shorter than asked for, but all of it is covered */
  expect_datagram(PEER, 4000, "h", 1);
}

/* Damage behind the coverage is delivered, damage within is not. */
static void test_damage(void)
{
  struct udp_pcb *pcb = lite_pcb(7);
  pcb->chksum_len_rx = UDP_HLEN;
  struct frame f = lite(UDP_HLEN + 2, -1, "hello", 5);
  f.data[34 + UDP_HLEN + 4] = 'X';
  rx(f);
  expect_datagram(PEER, 4000, "hellX", 5);
  f = lite(UDP_HLEN + 2, -1, "hello", 5);
  f.data[34 + UDP_HLEN + 1] = 'X';
  rx(f);
  expect_drop(DROP_UDP_BAD_CHECKSUM);
}

/* Its ports are not UDP's. */
static void test_ports_are_apart(void)
{
  struct udp_pcb *plain = app_udp(NULL, 7);
  struct udp_pcb *other = lite_pcb(7);
  rx(lite(0, -1, "lite", 4));
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_ptr_equal(d->pcb, other);
  rx(udp4(PEER, 4000, US, 7, "full", 4));
  d = app_received();
  assert_non_null(d);
  assert_ptr_equal(d->pcb, plain);
  udp_remove(other);
  rx(lite(0, -1, "lite", 4));
  expect_drop(DROP_UDP_NO_PORT);
}

static u16_t send_with(u16_t coverage, struct frame **sent)
{
  struct udp_pcb *pcb = lite_pcb(7);
  ip_addr_t dst = ip_of(PEER);
  pcb->chksum_len_tx = coverage;
  assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &dst, 4000), ERR_OK);
  *sent = tx();
  check_ip4(*sent, US, PEER, IP_PROTO_UDPLITE);
  udp_remove(pcb);
  return get16(*sent, 38);
}

/* The sum over pseudo header and the first `coverage` bytes must be all ones. */
static void check_sum(const struct frame *f, size_t coverage)
{
  u8_t bytes[12 + 64] = {0};
  assert_non_null(f);
  memcpy(bytes, f->data + 26, 8);
  bytes[9] = IP_PROTO_UDPLITE;
  bytes[11] = UDP_HLEN + 5;
  memcpy(bytes + 12, f->data + 34, coverage);
  assert_int_equal(checksum_of(bytes, 12 + coverage), 0);
}

static void test_send(void)
{
  struct frame *f;
  u16_t field = send_with(0, &f);
  assert_int_equal(field, UDP_HLEN + 5);
  check_sum(f, UDP_HLEN + 5);
  assert_int_equal(send_with(UDP_HLEN, &f), UDP_HLEN);
  check_sum(f, UDP_HLEN);
  assert_int_equal(send_with(UDP_HLEN + 3, &f), UDP_HLEN + 3);
  check_sum(f, UDP_HLEN + 3);
  assert_int_equal(send_with(3, &f), UDP_HLEN); /* the header is always covered */
  check_sum(f, UDP_HLEN);
  assert_int_equal(send_with(1000, &f), UDP_HLEN + 5);
  check_sum(f, UDP_HLEN + 5);
}

static void test_checksum_cannot_be_switched_off(void)
{
  struct udp_pcb *pcb = lite_pcb(7);
  ip_addr_t dst = ip_of(PEER);
  udp_set_flags(pcb, UDP_FLAGS_NOCHKSUM);
  assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &dst, 4000), ERR_OK);
  check_sum(tx(), UDP_HLEN + 5);
}

static const struct packet_test tests[] = {
    TEST(test_whole_datagram),
    TEST(test_coverage_1_to_7),
    TEST(test_coverage_beyond_the_datagram),
    TEST(test_no_checksum),
    TEST(test_wrong_checksum),
    TEST(test_least_coverage),
    TEST(test_damage),
    TEST(test_ports_are_apart),
    TEST(test_send),
    TEST(test_checksum_cannot_be_switched_off),
};

#else

static void test_unknown_protocol(void)
{
  struct frame f = ip4(PEER, US, IP_PROTO_UDPLITE, "abcdefgh", 8);
  rx(f);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PROTO, &f);
  expect_drop(DROP_IP4_NO_PROTO);
}

static const struct packet_test tests[] = {TEST(test_unknown_protocol)};

#endif /* LWIP_UDPLITE */

PACKET_MAIN(tests)
