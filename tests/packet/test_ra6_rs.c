/*
 * Router solicitations: when they are sent, how long, and when they stop (RFC 4861 6.3.7, RFC
 * 7559; security vector B6-113).
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_ND6 && LWIP_IPV6_SEND_ROUTER_SOLICIT

#include "lwip/nd6.h"
#include "router6.h"

/** Coming up sends other things too. */
static unsigned is_rs(const struct frame *f)
{
  return f->len > IP6_PAYLOAD_AT && get16(f, 12) == ETHTYPE_IPV6 &&
         ip6_payload_type(f) == NH_ICMP6 && get8(f, IP6_PAYLOAD_AT) == T6_RS;
}

/** Milliseconds until the next solicitation, which must come alone; `within` at most, else 0. */
static u32_t next_rs(u32_t within_ms)
{
  for (u32_t ms = 0; ms <= within_ms; ms += 10) {
    struct frame *f = tx();
    if (f != NULL) {
      check_rs(f, "fe80::ff:fe00:1");
      expect_silence();
      return LWIP_MAX(ms, 1);
    }
    advance(10);
  }
  return 0;
}

/** The next one comes after so long. @return the time exactly */
static u32_t expect_rs(u32_t min_ms, u32_t max_ms)
{
  u32_t ms = next_rs(max_ms);
  assert_in_range(ms, min_ms, max_ms);
  return ms;
}

static void expect_no_rs(u32_t ms)
{
  assert_int_equal(next_rs(ms), 0);
}

PACKET_TEST(test_format)
{
  net6_up();
  nd6_restart_netif(&net.netif);
  advance(1000);
  struct frame *f = tx();
  check_hop_limit(check_rs(f, "fe80::ff:fe00:1"), 255);
  check_nd_lladdr(f, ND_SOURCE, our_mac);
  assert_int_equal(ip6_payload_len(f), 16);
}

/* RFC 7559 2: 4 s, doubling up to an hour, each a tenth more or less. */
static void stop_soliciting(void)
{
  routers_forget();
  netif_set_down(&net.netif);
}

PACKET_TEST(test_back_off)
{
  net6_up();
  packet_at_end(stop_soliciting); /* it goes on for hours */
  nd6_restart_netif(&net.netif);
  expect_rs(1, 1000);
  u32_t expected = ND6_RTR_SOLICITATION_INTERVAL;
  u32_t wait = next_rs(5000);
  assert_in_range(wait, expected - expected / 10 - 10, expected + expected / 10 + 10);
  for (unsigned i = 0; i < 12; i++) {
    expected = LWIP_MIN(2 * wait, 3600000U);
    wait = next_rs(4000000);
    assert_in_range(wait, expected - expected / 10 - 20, expected + expected / 10 + 20);
  }
  assert_in_range(wait, 3200000, 4000000);
  router(2, 1800, MEDIUM);
  packet_at_end(stop_soliciting); /* also when a fault made it miss the answer */
  expect_no_rs(10000);
}

/* RFC 4861 6.3.7: an answer ends it. */
PACKET_TEST(test_a_router_ends_it)
{
  net6_up();
  u32_t before = timers_count();
  nd6_restart_netif(&net.netif);
  expect_rs(1, 1000);
  assert_int_equal(timers_count(), before + 1);
  router(2, 10, MEDIUM);
  expect_no_rs(60000);
  assert_int_equal(timers_count(), before);
  assert_int_equal(net.netif.rs_count, 0);
}

/* B6-113: who is no default router may tell of prefixes, but is no answer. */
PACKET_TEST(test_lifetime_zero_does_not_end_it)
{
  net6_up();
  nd6_restart_netif(&net.netif);
  expect_rs(1, 1000);
  router(2, 0, MEDIUM);
  expect_rs(3000, 5000);
}

/* RFC 4861 6.3.7: one goes out even if a router was heard before it. */
PACKET_TEST(test_one_is_sent_all_the_same)
{
  net6_up();
  nd6_restart_netif(&net.netif);
  router(2, 1800, MEDIUM);
  expect_rs(1, 1000);
  expect_no_rs(60000);
}

PACKET_TEST(test_link_up_starts_over)
{
  net6_up();
  nd6_restart_netif(&net.netif);
  expect_rs(1, 1000);
  router(2, 1800, MEDIUM);
  netif_set_link_down(&net.netif);
  expect_no_rs(10000);
  netif_set_link_up(&net.netif);
  advance(1000);
  unsigned solicitations = 0;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    solicitations += is_rs(f);
  }
  assert_int_equal(solicitations, 1);
}

/* lwIP: a program that wants none says so. */
PACKET_TEST(test_rs_count_zero)
{
  net6_up();
  nd6_restart_netif(&net.netif);
  net.netif.rs_count = 0;
  expect_no_rs(10000);
}

/* Without a link-local address there is nobody to answer to. */
PACKET_TEST(test_waits_for_an_address)
{
  net6_up();
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_INVALID);
  nd6_restart_netif(&net.netif);
  advance(10000);
  tx_discard();
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_PREFERRED);
  advance(0);
  unsigned solicitations = 0;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    solicitations += is_rs(f);
  }
  assert_int_equal(solicitations, 1); /* at once: hosts are spread by now */
}

/* Hosts that start together do not solicit together. */
PACKET_TEST(test_first_delay_is_random)
{
  u32_t least = 1000;
  u32_t most = 0;
  net6_up();
  for (unsigned i = 0; i < 50; i++) {
    nd6_restart_netif(&net.netif);
    u32_t ms = next_rs(1000);
    assert_in_range(ms, 1, 1000);
    least = LWIP_MIN(least, ms);
    most = LWIP_MAX(most, ms);
  }
  assert_in_range(least, 1, 150);
  assert_in_range(most, 850, 1000);
}

static const struct packet_test tests[] = {
    TEST(test_format),
#if LWIP_ND6_RS_BACKOFF
    TEST_FLAGS(test_back_off, PACKET_ONCE),
#endif
    TEST(test_a_router_ends_it),
    TEST(test_lifetime_zero_does_not_end_it),
    TEST(test_one_is_sent_all_the_same),
    TEST(test_link_up_starts_over),
    TEST(test_rs_count_zero),
    TEST(test_waits_for_an_address),
    TEST_FLAGS(test_first_delay_is_random, PACKET_ONCE),
};

PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
