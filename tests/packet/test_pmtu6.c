/*
 * Path MTU discovery over IPv6 (RFC 8201, RFC 8200 5, RFC 8021; security vector B5-94; gaps.md
 * section 4, "Packet Too Big").
 * needs: ipv6
 */
#include "packet.h"
#include "gossamer/pmtu.h"

#define US      "2001:db8::1"
#define FAR     "2001:db8::9"
#define ROUTER  "2001:db8::fe"
#define ICMP_AT 54
#define FRAG_AT 54

static struct udp_pcb *pcb;

/** A datagram that makes an IPv6 packet of `total` bytes; its first frame. */
static struct frame *send_packet(const char *dst, size_t total)
{
  ip_addr_t to = ip_of(dst);
  size_t len = total - 48;
  pcb = pcb != NULL ? pcb : app_udp("::", 7);
  assert_int_equal(udp_sendto(pcb, app_pbuf(pattern(len, 1), len), &to, 9), ERR_OK);
  struct frame *f = tx();
  assert_non_null(f);
  return f;
}

static void begin(void)
{
  net6_up();
  pcb = NULL;
  send_packet(FAR, 100); /* the neighbour is known then */
}

static void too_big(const struct frame *f, u32_t mtu)
{
  rx(icmp6_error(ROUTER, US, T6_TOO_BIG, 0, mtu, f, 0));
}

static void expect_path_mtu(u16_t mtu)
{
  ip_addr_t dst = ip_of(FAR);
  assert_int_equal(pmtu_get(&dst, 1500), mtu);
}

/** One datagram, as long as the link allows, comes in so many packets, none longer than `mtu`. */
static void expect_packets(size_t count, size_t mtu)
{
  struct frame *f = send_packet(FAR, 1500);
  size_t n = 0;
  for (; f != NULL; f = tx()) {
    check_ip6(f, US, FAR, count == 1 ? NH_UDP : NH_FRAGMENT);
    assert_true(f->len - IP6_AT <= mtu);
    n++;
  }
  assert_int_equal(n, count);
}

/* RFC 8201 4: what fits goes whole, what does not in fragments; others have their own */
PACKET_TEST(test_lowered_path_mtu)
{
  begin();
  struct frame *f = check_ip6(send_packet(FAR, 1500), US, FAR, NH_UDP);
  too_big(f, 1400);
  expect_path_mtu(1400);
  check_ip6(send_packet(FAR, 1400), US, FAR, NH_UDP);
  f = check_ip6(send_packet(FAR, 1500), US, FAR, NH_FRAGMENT);
  assert_int_equal(get16(f, FRAG_AT + 2), 1);
  assert_int_equal(get16(f, IP6_AT + 4), 8 + 1352);
  f = check_ip6(tx(), US, FAR, NH_FRAGMENT);
  assert_int_equal(get16(f, FRAG_AT + 2), 1352);
  assert_int_equal(get16(f, IP6_AT + 4), 8 + 1460 - 1352);
  expect_silence();
  check_ip6(send_packet("2001:db8::8", 1500), US, "2001:db8::8", NH_UDP);
  expect_no_drop();
}

/* B5-94, gaps.md: nothing below 1280 is believed: no endless loop for 48 to 55, no crumbs for 56,
   no oversized packet below 48, no atomic fragments (RFC 8021) */
PACKET_TEST(test_floor)
{
  static const u16_t told[] = {0, 1, 40, 47, 48, 49, 55, 56, 68, 576, 1279, 1280};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(told); i++) {
    begin();
    too_big(send_packet(FAR, 1500), told[i]);
    expect_path_mtu(1280);
    check_ip6(send_packet(FAR, 1280), US, FAR, NH_UDP);
    expect_silence();
    expect_packets(2, 1280);
    udp_remove(pcb);
    advance(PMTU_AGE_MS);
    tx_discard();
  }
  ignore_drops();
}

/* B5-94: larger than today's: never up; 32 bits are not cut to 16 */
PACKET_TEST(test_never_increased)
{
  static const u32_t told[] = {1400, 1500, 65535, 65536, 0x10000U + 1281, 0xffffffffU};
  begin();
  struct frame *f = send_packet(FAR, 1500);
  too_big(f, 1300);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(told); i++) {
    too_big(f, told[i]);
    expect_path_mtu(1300);
  }
  too_big(f, 1290);
  expect_path_mtu(1290);
}

PACKET_TEST(test_larger_than_the_link)
{
  begin();
  struct frame *f = send_packet(FAR, 1500);
  too_big(f, 9000);
  expect_path_mtu(1500);
  too_big(f, 0x10000U + 1280);
  expect_path_mtu(1500);
  expect_packets(1, 1500);
}

/* By the public function, too, nothing counts that is below the floor; there are no plateaus. */
PACKET_TEST(test_floor_of_the_public_function)
{
  ip_addr_t dst = ip_of(FAR);
  net6_up();
  assert_true(pmtu_lower(&dst, 0));
  expect_path_mtu(1280);
  assert_false(pmtu_lower(&dst, 600));
  expect_path_mtu(1280);
}

/* RFC 8201 4: forgotten after ten minutes, counted from the last lowering (gaps.md: no ageing) */
PACKET_TEST(test_ageing)
{
  begin();
  struct frame *f = send_packet(FAR, 1500);
  too_big(f, 1400);
  advance(PMTU_AGE_MS / 2);
  tx_discard();
  too_big(f, 1300);
  too_big(f, 1400); /* does not prolong it */
  advance(PMTU_AGE_MS - 1);
  expect_path_mtu(1300);
  advance(1);
  expect_path_mtu(1500);
  tx_discard();
  send_packet(FAR, 100);
  tx_discard();
  expect_packets(1, 1500);
}

/* gaps.md: the quoted packet must be one that we sent, to this destination, and alive. */
PACKET_TEST(test_forged_errors)
{
  begin();
  struct frame sent = frame_copy(*send_packet(FAR, 1500));
  struct frame f = frame_copy(sent);
  put16(&f, IP6_PAYLOAD_AT, 8); /* a port that nobody has */
  too_big(&f, 1280);
  expect_drop(DROP_ICMP6_NOT_OURS);
  f = udp6("2001:db8::77", 7, FAR, 9, "x", 1); /* not our address */
  too_big(&f, 1280);
  expect_drop(DROP_ICMP6_NOT_OURS);
  f = ip6(US, FAR, 200, pattern(100, 1), 100); /* not our protocol */
  too_big(&f, 1280);
  expect_drop(DROP_ICMP6_NOT_OURS);
  f = icmp6_error(ROUTER, US, T6_TOO_BIG, 0, 1280, &sent, 47); /* too little to tell */
  rx_exact(f);
  expect_drop(DROP_ICMP6_BAD_QUOTE);
  f = icmp6_error(ROUTER, US, T6_TOO_BIG, 0, 1280, &sent, 0);
  put16(&f, ICMP_AT + 6, 1300);
  rx(f);
  expect_drop(DROP_ICMP6_BAD_CHECKSUM);
  rx(icmp6_error("fe80::2", "ff02::1", T6_TOO_BIG, 0, 1280, &sent, 0));
  expect_drop(DROP_ICMP6_NOT_OURS);
  rx(icmp6_error(ROUTER, US, T6_UNREACHABLE, 0, 1280, &sent, 0));
  expect_no_drop(); /* believed, but says nothing about sizes */
  expect_path_mtu(1500);
  expect_silence();
}

#if LWIP_UDP_ERRORS
/* B5-94: a destination that we never sent to */
PACKET_TEST(test_destination_of_nobody)
{
  ip_addr_t to = ip_of(FAR), other = ip_of("2001:db8::8");
  begin();
  assert_int_equal(udp_connect(pcb, &to, 9), ERR_OK);
  struct frame f = udp6(US, 7, "2001:db8::8", 9, pattern(1400, 1), 1400);
  too_big(&f, 1280);
  expect_drop(DROP_ICMP6_NOT_OURS);
  assert_int_equal(pmtu_get(&other, 1500), 1500);
}
#endif

/* Of a fragmented packet the first fragment is quoted: its ports tell whose it was. */
PACKET_TEST(test_error_about_a_fragment)
{
  begin();
  struct frame *f = check_ip6(send_packet(FAR, 3000), US, FAR, NH_FRAGMENT);
  too_big(f, 1400);
  expect_path_mtu(1400);
  tx_discard();
  expect_packets(2, 1400);
  expect_no_drop();
}

/* The least recently used makes room; what is used stays. */
PACKET_TEST(test_more_destinations_than_entries)
{
  ip_addr_t used = ip_of(FAR);
  begin();
  assert_true(pmtu_lower(&used, 1300));
  for (unsigned i = 0; i < 3 * LWIP_PMTU_NUM_DESTINATIONS; i++) {
    ip_addr_t dst = ip_of("2001:db8:9::");
    ip_2_ip6(&dst)->addr[3] = lwip_htonl(i);
    advance(1);
    assert_true(pmtu_lower(&dst, 1400));
    assert_int_equal(pmtu_get(&used, 1500), 1300);
    assert_int_equal(pmtu_get(&dst, 1500), 1400);
  }
  ip_addr_t first = ip_of("2001:db8:9::");
  assert_int_equal(pmtu_get(&first, 1500), 1500);
}

/** Why a datagram that makes an IPv6 packet of `total` bytes is not sent. */
static err_t refusal(size_t total)
{
  ip_addr_t to = ip_of(FAR);
  size_t len = total - 48;
  return udp_sendto(pcb, app_pbuf(pattern(len, 1), len), &to, 9);
}

/** SOF_DF_ALWAYS: what the path does not take is not sent; with SOF_DF_NEVER what the link does
    not. */
PACKET_TEST(test_no_fragments)
{
  ip_addr_t dst = ip_of(FAR);
  begin();
  ip_set_option(pcb, SOF_DF_ALWAYS);
  expect_packets(1, 1500);
  assert_int_equal(refusal(1501), ERR_VAL);
  assert_true(pmtu_lower(&dst, 1400));
  assert_int_equal(refusal(1401), ERR_VAL);
  check_ip6(send_packet(FAR, 1400), US, FAR, NH_UDP);
  ip_set_option(pcb, SOF_DF_NEVER);
  expect_packets(1, 1500);
  assert_int_equal(refusal(1501), ERR_VAL);
  ip_reset_option(pcb, SOF_DF_ALWAYS);
  expect_packets(2, 1400); /* as without: routers never fragment IPv6 */
  expect_no_drop();
}

static const struct packet_test tests[] = {
    TEST(test_lowered_path_mtu),
    TEST(test_floor),
    TEST(test_never_increased),
    TEST(test_larger_than_the_link),
    TEST(test_floor_of_the_public_function),
    TEST(test_ageing),
    TEST(test_forged_errors),
#if LWIP_UDP_ERRORS
    TEST(test_destination_of_nobody),
#endif
    TEST(test_error_about_a_fragment),
    TEST(test_no_fragments),
    TEST_FLAGS(test_more_destinations_than_entries, PACKET_ONCE),
};

PACKET_MAIN(tests)
