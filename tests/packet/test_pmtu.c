/*
 * Path MTU discovery (RFC 1191, RFC 1122 3.3.2; security vector B5-94).
 * needs: ipv4
 */
#include "packet.h"
#include "gossamer/pmtu.h"

#define FAR "192.0.2.1"

static struct udp_pcb *pcb;

/** A datagram that makes an IP packet of `total` bytes; its first frame. */
static struct frame *send_packet(const char *dst, size_t total)
{
  ip_addr_t to = ip_of(dst);
  size_t len = total - 28;
  pcb = pcb != NULL ? pcb : app_udp(NULL, 7);
  assert_int_equal(udp_sendto(pcb, app_pbuf(pattern(len, 1), len), &to, 9), ERR_OK);
  struct frame *f = tx();
  assert_non_null(f);
  return f;
}

static void begin(void)
{
  pcb = NULL;
  send_packet(FAR, 100); /* ARP */
}

static void too_big(const struct frame *f, u16_t mtu)
{
  rx(icmp4_error("198.51.100.1", "10.0.0.1", ICMP_DUR, ICMP_DUR_FRAG, mtu, f, 0));
}

static void expect_path_mtu(u16_t mtu)
{
  ip_addr_t dst = ip_of(FAR);
  assert_int_equal(pmtu_get(&dst, 1500), mtu);
}

/* RFC 1191 3: what fits goes with DF, what does not in fragments without */
PACKET_TEST(test_lowered_path_mtu)
{
  begin();
  struct frame *f = send_packet(FAR, 1500);
  assert_int_equal(get16(f, 20), IP_DF);
  too_big(f, 1400);
  expect_path_mtu(1400);
  f = send_packet(FAR, 1400);
  assert_int_equal(get16(f, 20), IP_DF);
  f = send_packet(FAR, 1500);
  assert_int_equal(get16(f, 20), IP_MF);
  assert_int_equal(get16(f, 16), 20 + 1376);
  f = tx();
  assert_int_equal(get16(f, 20), 1376 / 8);
  assert_int_equal(get16(f, 16), 20 + 1480 - 1376);
  expect_silence();
  f = send_packet("192.0.2.2", 1500); /* others have their own */
  assert_int_equal(get16(f, 20), IP_DF);
  expect_no_drop();
}

/* B5-94: 0 (the plateau below), 1, 67, 68, 575, 576: never below 576 */
PACKET_TEST(test_floor)
{
  static const u16_t told[] = {1, 67, 68, 575, 576};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(told); i++) {
    begin();
    struct frame *f = send_packet(FAR, 1500);
    too_big(f, told[i]);
    expect_path_mtu(576);
    f = send_packet(FAR, 576);
    /* a path that is narrower still: routers may fragment */
    assert_int_equal(get16(f, 20), told[i] < 576 ? 0 : IP_DF);
    udp_remove(pcb);
    advance(PMTU_AGE_MS);
    tx_discard();
  }
}

/* RFC 1191 5, 7.1: routers that do not tell: the plateau below what was sent */
PACKET_TEST(test_plateaus)
{
  static const u16_t plateau[] = {1492, 1006, 576, 576};
  begin();
  u16_t len = 1500;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(plateau); i++) {
    too_big(send_packet(FAR, len), 0);
    expect_path_mtu(plateau[i]);
    len = plateau[i];
  }
  assert_int_equal(pmtu_plateau_below(65535), 32000);
  assert_int_equal(pmtu_plateau_below(32000), 17914);
  assert_int_equal(pmtu_plateau_below(1500), 1492);
  assert_int_equal(pmtu_plateau_below(1007), 1006);
  assert_int_equal(pmtu_plateau_below(576), 576);
  assert_int_equal(pmtu_plateau_below(0), 576);
}

/* B5-94: larger than today's: never up */
PACKET_TEST(test_never_increased)
{
  begin();
  struct frame *f = send_packet(FAR, 1500);
  too_big(f, 1000);
  too_big(f, 1400);
  expect_path_mtu(1000);
  too_big(f, 65535);
  expect_path_mtu(1000);
  too_big(f, 900);
  expect_path_mtu(900);
}

PACKET_TEST(test_larger_than_the_link)
{
  begin();
  too_big(send_packet(FAR, 1500), 9000);
  expect_path_mtu(1500);
  assert_int_equal(get16(send_packet(FAR, 1500), 20), IP_DF);
}

/* RFC 1191 6.3: forgotten after ten minutes, counted from the last lowering */
PACKET_TEST(test_ageing)
{
  begin();
  struct frame *f = send_packet(FAR, 1500);
  too_big(f, 1400);
  advance(PMTU_AGE_MS / 2);
  too_big(f, 1300);
  too_big(f, 1400); /* does not prolong it */
  advance(PMTU_AGE_MS - 1);
  expect_path_mtu(1300);
  advance(1);
  expect_path_mtu(1500);
  tx_discard();
  assert_int_equal(get16(send_packet(FAR, 1500), 20), IP_DF);
}

/* B5-94: errors about what nobody sent, to the wrong address, with wrong sums are not believed */
PACKET_TEST(test_forged_errors)
{
  begin();
  struct frame sent = frame_copy(*send_packet(FAR, 1500));
  struct frame f = frame_copy(sent);
  put16(&f, 34, 8); /* a port that nobody has */
  too_big(&f, 600);
  expect_drop(DROP_ICMP_NOT_OURS);
  f = udp4("10.0.0.77", 7, FAR, 9, "x", 1); /* not our address */
  too_big(&f, 600);
  expect_drop(DROP_ICMP_NOT_OURS);
  f = icmp4_error("198.51.100.1", "10.0.0.1", ICMP_DUR, ICMP_DUR_FRAG, 600, &sent, 0);
  put8(&f, 41, (u8_t)~get8(&f, 41));
  rx(f);
  expect_drop(DROP_ICMP_BAD_CHECKSUM);
  f = icmp4_error("198.51.100.1", "10.0.0.255", ICMP_DUR, ICMP_DUR_FRAG, 600, &sent, 0);
  rx(f);
  expect_drop(DROP_ICMP_NOT_OURS);
  rx(icmp4_error("198.51.100.1", "10.0.0.1", ICMP_DUR, ICMP_DUR_HOST, 600, &sent, 0));
  expect_no_drop(); /* believed, but says nothing about sizes */
  expect_path_mtu(1500);
  expect_silence();
}

/* The least recently used makes room; what is used stays. */
PACKET_TEST(test_more_destinations_than_entries)
{
  ip_addr_t used = ip_of(FAR);
  begin();
  assert_true(pmtu_lower(&used, 1000));
  for (unsigned i = 0; i < 3 * LWIP_PMTU_NUM_DESTINATIONS; i++) {
    ip_addr_t dst = ip_of("203.0.113.0");
    ip_2_ip4(&dst)->addr = lwip_htonl(0xcb007100U + i);
    advance(1);
    assert_true(pmtu_lower(&dst, 1200));
    assert_int_equal(pmtu_get(&used, 1500), 1000);
    assert_int_equal(pmtu_get(&dst, 1500), 1200);
  }
  ip_addr_t first = ip_of("203.0.113.0");
  assert_int_equal(pmtu_get(&first, 1500), 1500);
}

/* Routers do not tell about groups (RFC 1122 3.2.2): no DF. */
PACKET_TEST(test_groups_go_without_df)
{
  begin();
  ip_set_option(pcb, SOF_BROADCAST);
  assert_int_equal(get16(send_packet("10.0.0.255", 100), 20), 0);
  assert_int_equal(get16(send_packet("239.1.2.3", 100), 20), 0);
  assert_int_equal(get16(send_packet("10.0.0.2", 100), 20), IP_DF);
}

/** A datagram that makes an IP packet of `total` bytes is not sent. */
static void expect_too_long(size_t total)
{
  ip_addr_t to = ip_of(FAR);
  size_t len = total - 28;
  assert_int_equal(udp_sendto(pcb, app_pbuf(pattern(len, 1), len), &to, 9), ERR_VAL);
  expect_silence();
}

static void learn(u16_t mtu)
{
  ip_addr_t dst = ip_of(FAR);
  assert_true(pmtu_lower(&dst, mtu));
}

/** SOF_DF_NEVER: routers may fragment; what the path does not take we do. */
PACKET_TEST(test_never_df)
{
  begin();
  ip_set_option(pcb, SOF_DF_NEVER);
  assert_int_equal(get16(send_packet(FAR, 1500), 20), 0);
  learn(1400);
  assert_int_equal(get16(send_packet(FAR, 1400), 20), 0);
  assert_int_equal(get16(send_packet(FAR, 1500), 20), IP_MF);
  assert_int_equal(get16(tx(), 20), 1376 / 8);
  ip_reset_option(pcb, SOF_DF_NEVER);
  assert_int_equal(get16(send_packet(FAR, 1400), 20), IP_DF);
}

/** SOF_DF_ALWAYS: what the path does not take is not sent. */
PACKET_TEST(test_always_df)
{
  begin();
  ip_set_option(pcb, SOF_DF_ALWAYS);
  assert_int_equal(get16(send_packet(FAR, 1500), 20), IP_DF);
  expect_too_long(1501);
  learn(1400);
  assert_int_equal(get16(send_packet(FAR, 1400), 20), IP_DF);
  expect_too_long(1401);
  ip_set_option(pcb, SOF_BROADCAST);
  assert_int_equal(get16(send_packet("10.0.0.255", 1500), 20), IP_DF);
  expect_no_drop();
}

/** ... also where routers are believed to lose it, because the path is narrower than the floor. */
PACKET_TEST(test_always_df_below_the_floor)
{
  begin();
  learn(100);
  assert_int_equal(get16(send_packet(FAR, 576), 20), 0);
  ip_set_option(pcb, SOF_DF_ALWAYS);
  assert_int_equal(get16(send_packet(FAR, 576), 20), IP_DF);
}

/** Both: whatever is known of the path, as far as the link goes. */
PACKET_TEST(test_probing)
{
  begin();
  ip_set_option(pcb, SOF_DF_ALWAYS | SOF_DF_NEVER);
  learn(1000);
  struct frame *f = send_packet(FAR, 1500);
  assert_int_equal(get16(f, 20), IP_DF);
  assert_int_equal(get16(f, 16), 1500);
  expect_too_long(1501);
}

static const struct packet_test tests[] = {
    TEST(test_lowered_path_mtu),
    TEST(test_floor),
    TEST(test_plateaus),
    TEST(test_never_increased),
    TEST(test_larger_than_the_link),
    TEST(test_ageing),
    TEST(test_forged_errors),
    TEST_FLAGS(test_more_destinations_than_entries, PACKET_ONCE),
    TEST(test_groups_go_without_df),
    TEST(test_never_df),
    TEST(test_always_df),
    TEST(test_always_df_below_the_floor),
    TEST(test_probing),
};

PACKET_MAIN(tests)
