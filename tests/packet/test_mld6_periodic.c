/*
 * Periodic reports (ESP_MLDV6_REPORT; feature 183). The program brings its own build of them, and
 * tells it what happens, since the registry of the library does not list it.
 * needs: ipv6
 */
#define ESP_MLDV6_REPORT 1
#include "packet.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD

#include "mld6_text.h"
#include "gossamer/timer.h"
#include "ip/v6/mld6_periodic.c"

static void start(void)
{
  packet_at_end(mld6_periodic_fini);
  up();
  assert_int_equal(join(G1), ERR_OK);
  advance(20000);
  tx_discard();
  mld6_periodic_module.netif_changed(&net.netif, NETIF_CHANGE_UP, NULL);
}

/* Access points and switches forget listeners. */
PACKET_TEST(test_groups_are_reported_periodically)
{
  u32_t since_ms = 0;
  start();
  for (unsigned i = 0; i < 3; i++) {
    advance(ESP_MLDV6_REPORT_INTERVAL - 1 - since_ms);
    expect_silence();
    advance(1 + 500); /* MCAST_ANNOUNCE_MS */
    expect_report(HAS_FILTERS ? "TO_EX " G1 " { }" : OLD " " G1);
    advance(20000);
    tx_discard();
    since_ms = 20500;
  }
}

/* Without anybody who could report, no timer runs; with the link it starts again. */
PACKET_TEST(test_ends_with_the_link)
{
  start();
  u32_t timers = timers_count();
  netif_set_link_down(&net.netif);
  advance(2 * ESP_MLDV6_REPORT_INTERVAL);
  expect_silence();
  assert_true(timers_count() < timers);
  mld6_periodic_module.netif_changed(&net.netif, NETIF_CHANGE_UP, NULL);
  assert_false(timer_is_set(mld6_periodic())); /* it is not up */
}

PACKET_TEST(test_interface_without_mld)
{
  up();
  net.netif.flags &= (u8_t)~NETIF_FLAG_MLD6;
  mld6_periodic_module.netif_changed(&net.netif, NETIF_CHANGE_UP, NULL);
  assert_false(timer_is_set(mld6_periodic()));
  mld6_periodic_module.netif_changed(&net.netif, NETIF_CHANGE_DOWN, NULL);
  assert_false(timer_is_set(mld6_periodic()));
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_groups_are_reported_periodically, PACKET_ONCE),
    TEST_FLAGS(test_ends_with_the_link, PACKET_ONCE),
    TEST_FLAGS(test_interface_without_mld, PACKET_ONCE),
};

#else

PACKET_TEST(test_without_mld)
{
  expect_silence();
}

static const struct packet_test tests[] = {TEST(test_without_mld)};

#endif

PACKET_MAIN(tests)
