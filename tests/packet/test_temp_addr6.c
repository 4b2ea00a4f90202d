/**
 * @file
 * Temporary addresses, RFC 8981: made beside the stable one, replaced in time, gone in time.
 * needs: ipv6
 */
#include "addr6.h"

#if LWIP_IPV6_TEMPORARY

#define HOUR_S      3600U
#define DAY_S       (24U * HOUR_S)
#define MS(seconds) ((u32_t)(seconds)*1000U)
#define PREFIX      "2001:db8:0:1::"

/* RFC 8981 3.8 */
#define TEMP_VALID_S     LWIP_IPV6_TEMP_VALID_LIFETIME
#define TEMP_PREFERRED_S LWIP_IPV6_TEMP_PREFERRED_LIFETIME
#define MAX_DESYNC_S     (TEMP_PREFERRED_S * 2 / 5)
#define REGEN_ADVANCE_S  5U /* 2 s and three times one probe of a second */

static u8_t origin_of(int i)
{
  return net.netif.ip6_slot[i].origin;
}

/** The temporary address in use; -1: none. Fails when there are two. */
static int current(void)
{
  int found = -1;
  for (int i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (origin_of(i) == IP6_ORIGIN_TEMPORARY && state_of(i) == IP6_ADDR_PREFERRED) {
      assert_int_equal(found, -1);
      found = i;
    }
  }
  assert_int_not_equal(found, -1); /* a fault may have prevented it: the body ends */
  return found;
}

static int count_temporary(void)
{
  int count = 0;
  for (int i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    count += origin_of(i) == IP6_ORIGIN_TEMPORARY && state_of(i) != IP6_ADDR_INVALID;
  }
  return count;
}

static const ip6_addr_t *source(void)
{
  static ip6_addr_t remote;
  remote = ip6_of("2001:db8:ffff::1");
  return ip_2_ip6(ip6_select_source_address(&net.netif, &remote));
}

/** One prefix, a stable and a temporary address. */
static void autoconfigure(u32_t valid_s, u32_t preferred_s)
{
  netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_ON);
  linklocal_up();
  rx_prefix(PREFIX, valid_s, preferred_s);
  advance(DAD_MS);
  tx_discard();
}

static void test_beside_the_stable_address(void)
{
  autoconfigure(30 * DAY_S, 7 * DAY_S);
  int i = current();
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_int_equal(origin_of(1), IP6_ORIGIN_SLAAC);
  assert_int_equal(i, 2);
  assert_true(
      ip6_addr_net_zoneless_eq(netif_ip6_addr(&net.netif, 1), netif_ip6_addr(&net.netif, 2)));
  assert_false(ip6_addr_nethost_eq(netif_ip6_addr(&net.netif, 1), netif_ip6_addr(&net.netif, 2)));
  assert_in_range(netif_ip6_addr_valid_life(&net.netif, i), TEMP_VALID_S - 2, TEMP_VALID_S);
  assert_in_range(netif_ip6_addr_pref_life(&net.netif, i), TEMP_PREFERRED_S - MAX_DESYNC_S - 2,
                  TEMP_PREFERRED_S);
  assert_ptr_equal(source(), netif_ip6_addr(&net.netif, i));
}

/* 3.4 (3): no longer than the prefix. */
static void test_short_prefix(void)
{
  autoconfigure(HOUR_S, 600);
  int i = current();
  assert_in_range(netif_ip6_addr_valid_life(&net.netif, i), HOUR_S - 2, HOUR_S);
  assert_in_range(netif_ip6_addr_pref_life(&net.netif, i), 598, 600);
}

/* 3.4 (5): not worth it. */
static void test_too_short_prefix(void)
{
  autoconfigure(HOUR_S, REGEN_ADVANCE_S);
  assert_int_equal(count_temporary(), 0);
}

static void test_off_by_default(void)
{
  linklocal_up();
  rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S);
  advance(DAD_MS);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_int_equal(count_temporary(), 0);
}

static void test_switched_on_and_off(void)
{
  linklocal_up();
  rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S);
  advance(DAD_MS);
  netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_ON);
  advance(DAD_MS);
  int i = current();
  assert_int_equal(i, 2);
  netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_OFF);
  advance(0);
  assert_int_equal(state_of(i), IP6_ADDR_DEPRECATED);
  assert_ptr_equal(source(), netif_ip6_addr(&net.netif, 1));
  rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S); /* does not revive it */
  assert_int_equal(state_of(i), IP6_ADDR_DEPRECATED);
  advance(MS(TEMP_VALID_S));
  assert_int_equal(count_temporary(), 0);
}

/* 3.4, 3.5: the successor is ready before the old one is deprecated. */
static void test_successor(void)
{
  autoconfigure(30 * DAY_S, 7 * DAY_S);
  int old = current();
  u32_t left_s = netif_ip6_addr_pref_life(&net.netif, old);
  advance(MS(left_s - REGEN_ADVANCE_S - 1));
  assert_int_equal(count_temporary(), 1);
  advance(MS(2));
  assert_int_equal(count_temporary(), 2);
  int next = 5 - old;
  assert_true(ip6_addr_istentative(state_of(next)));
  assert_int_equal(state_of(old), IP6_ADDR_PREFERRED);
  advance(MS(REGEN_ADVANCE_S));
  assert_int_equal(state_of(old), IP6_ADDR_DEPRECATED);
  assert_int_equal(current(), next);
  assert_ptr_equal(source(), netif_ip6_addr(&net.netif, next));
}

/* 3.4: refreshing the prefix for ever does not keep a temporary address for ever. */
static void test_age_is_bounded(void)
{
  autoconfigure(30 * DAY_S, 7 * DAY_S);
  ip6_addr_t first = *netif_ip6_addr(&net.netif, current());
  bool was_deprecated = false;
  u32_t end_s = TEMP_VALID_S;
  for (u32_t age_s = 2; age_s < end_s - 600; age_s += 600) {
    advance(MS(600));
    rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S);
    int i = netif_get_ip6_addr_match(&net.netif, &first);
    assert_in_range(i, 1, LWIP_IPV6_NUM_ADDRESSES - 1);
    bool is_deprecated = state_of(i) == IP6_ADDR_DEPRECATED;
    assert_true(is_deprecated || !was_deprecated); /* once deprecated, always deprecated */
    assert_true(is_deprecated || age_s < TEMP_PREFERRED_S);
    assert_true(!is_deprecated || age_s > TEMP_PREFERRED_S - MAX_DESYNC_S - 600);
    was_deprecated = is_deprecated;
  }
  advance(MS(1200));
  assert_int_equal(netif_get_ip6_addr_match(&net.netif, &first), -1);
}

/* A month: always one that is preferred, never the same again, the number of them bounded. */
static void test_a_month(void)
{
  enum { STEP_S = 3600, STEPS = 30 * 24, SEEN_MAX = 64 };
  ip6_addr_t seen[SEEN_MAX];
  unsigned changes = 0;
  int most = 0;
  autoconfigure(30 * DAY_S, 7 * DAY_S);
  for (int step = 0; step < STEPS; step++) {
    advance(MS(STEP_S));
    rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S);
    tx_discard();
    const ip6_addr_t *now = source();
    int i = netif_get_ip6_addr_match(&net.netif, now);
    assert_int_equal(origin_of(i), IP6_ORIGIN_TEMPORARY);
    if (changes == 0 || !ip6_addr_eq(&seen[changes - 1], now)) {
      for (unsigned k = 0; k < changes; k++) {
        assert_false(ip6_addr_eq(&seen[k], now));
      }
      assert_true(changes < SEEN_MAX);
      seen[changes++] = *now;
    }
    most = LWIP_MAX(most, count_temporary());
  }
  /* Each is preferred for 0.6 to 1 day. */
  assert_in_range(changes, 30, 51);
  assert_in_range(most, 2, 4);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
}

/* 3.4 (7): another identifier for a duplicate, three times; then none on this link. */
static void test_duplicates(void)
{
  netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_ON);
  linklocal_up();
  rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S);
  for (int i = 0; i < 4; i++) {
    assert_true(ip6_addr_istentative(state_of(2)));
    const char *addr = text_of(2);
    rx(ns("::", solicited_node(addr), addr, NULL));
    assert_string_not_equal(text_of(2), i < 3 ? addr : "");
  }
  assert_int_equal(state_of(2), IP6_ADDR_DUPLICATED);
  assert_int_equal(count_temporary(), 1);
  advance(MS(3 * DAY_S));
  assert_int_equal(count_temporary(), 0);
  netif_set_link_down(&net.netif);
  netif_set_link_up(&net.netif);
  advance(DAD_MS);
  assert_int_equal(count_temporary(), 1);
}

/* One that worked forgives the duplicates before it. */
static void test_duplicates_in_a_row(void)
{
  netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_ON);
  linklocal_up();
  rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S);
  for (int i = 0; i < 3; i++) {
    const char *addr = text_of(2);
    rx(ns("::", solicited_node(addr), addr, NULL));
  }
  advance(DAD_MS);
  assert_int_equal(state_of(2), IP6_ADDR_PREFERRED);
  assert_int_equal(count_temporary(), 1);
  assert_int_equal(net.netif.ip6_conf.temp_retries, 0);
}

/* Renumbering: the temporary addresses go with their prefix. */
static void test_renumbering(void)
{
  autoconfigure(30 * DAY_S, 7 * DAY_S);
  int old = current();
  rx_prefix(PREFIX, 2 * HOUR_S, 0);
  assert_int_equal(state_of(old), IP6_ADDR_DEPRECATED);
  rx_prefix("2001:db8:0:2::", 30 * DAY_S, 7 * DAY_S);
  advance(DAD_MS);
  ip6_addr_t prefix = ip6_of("2001:db8:0:2::");
  assert_true(ip6_addr_net_zoneless_eq(source(), &prefix));
  advance(MS(2 * HOUR_S));
  assert_int_equal(state_of(old), IP6_ADDR_INVALID);
}

/* Full: no temporary address, until there is room. */
static void test_no_room(void)
{
  netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_ON);
  linklocal_up();
  ip6_addr_t addr = ip6_of("2001:db8:9::1:0");
  for (int i = 2; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    addr.addr[3] = lwip_htonl(0x10000U + (u32_t)i);
    netif_ip6_addr_set(&net.netif, (s8_t)i, &addr);
    netif_ip6_addr_set_state(&net.netif, (s8_t)i, IP6_ADDR_PREFERRED);
  }
  rx_prefix(PREFIX, 30 * DAY_S, 7 * DAY_S);
  advance(DAD_MS);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_int_equal(count_temporary(), 0);
  netif_ip6_addr_set_state(&net.netif, 4, IP6_ADDR_INVALID);
  advance(DAD_MS);
  assert_int_equal(current(), 4);
}

static const struct packet_test tests[] = {
    TEST(test_beside_the_stable_address),
    TEST(test_short_prefix),
    TEST(test_too_short_prefix),
    TEST(test_off_by_default),
    TEST(test_switched_on_and_off),
    TEST_FLAGS(test_successor, PACKET_ONCE),
    TEST_FLAGS(test_age_is_bounded, PACKET_ONCE),
    TEST_FLAGS(test_a_month, PACKET_ONCE),
    TEST(test_duplicates),
    TEST(test_duplicates_in_a_row),
    TEST(test_renumbering),
    TEST(test_no_room),
};

PACKET_MAIN(tests)

#else

/** Built without them, the switch exists and does nothing. */
static void test_not_built(void)
{
  linklocal_up();
  netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_ON);
  assert_int_equal(net.netif.ip6_conf.flags & IP6_CONF_TEMPORARY, 0);
}

static const struct packet_test tests[] = {TEST(test_not_built)};

PACKET_MAIN(tests)

#endif
