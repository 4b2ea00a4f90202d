/**
 * @file
 * Stateless address autoconfiguration: RFC 4862 5.5.3 with its two-hour rule, lifetimes (5.5.4),
 * stable identifiers (RFC 7217), and addresses with lifetimes that a program sets; security vectors
 * B6-111, B6-112.
 * needs: ipv6
 */
#include "addr6.h"

#define HOUR_S        3600U
#define DAY_S         (24U * HOUR_S)
#define FOR_EVER_S    0xffffffffU
#define MS(seconds)   ((u32_t)(seconds)*1000U)
#define NUM_ADDRESSES LWIP_IPV6_NUM_ADDRESSES

/** Slots in use. */
static int count_addresses(void)
{
  int count = 0;
  for (int i = 0; i < NUM_ADDRESSES; i++) {
    count += state_of(i) != IP6_ADDR_INVALID;
  }
  return count;
}

static void advance_s(u32_t seconds)
{
  for (; seconds > DAY_S; seconds -= DAY_S) {
    advance(MS(DAY_S));
  }
  advance(MS(seconds));
}

/** Our address of 2001:db8:0:1::/64 in slot 1, through DAD. */
static void autoconfigure(u32_t valid_s, u32_t preferred_s)
{
  linklocal_up();
  rx_prefix("2001:db8:0:1::", valid_s, preferred_s);
  advance(DAD_MS);
  tx_discard();
}

static u32_t valid_left(void)
{
  return netif_ip6_addr_valid_life(&net.netif, 1);
}

static u32_t preferred_left(void)
{
  return netif_ip6_addr_pref_life(&net.netif, 1);
}

static void test_address_of_a_prefix(void)
{
  autoconfigure(DAY_S, HOUR_S);
  ip6_addr_t prefix = ip6_of("2001:db8:0:1::");
  assert_int_equal(count_addresses(), 2);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_true(ip6_addr_net_zoneless_eq(netif_ip6_addr(&net.netif, 1), &prefix));
  assert_in_range(valid_left(), DAY_S - 2, DAY_S);
  assert_in_range(preferred_left(), HOUR_S - 2, HOUR_S);
  rx(ping6("2001:db8::2", text_of(1), 1, 1, "x", 1));
  check_pong6(tx_icmp6(T6_ECHO_REPLY), 1, 1, "x", 1);
}

/* RFC 4862 5.4: probed like any other. */
static void test_address_is_probed(void)
{
  linklocal_up();
  rx_prefix("2001:db8:0:1::", DAY_S, DAY_S);
  assert_true(ip6_addr_istentative(state_of(1)));
  advance(1000);
  check_ns(tx_icmp6(T6_NS), "::", solicited_node(text_of(1)), text_of(1));
}

/* RFC 7217: not the link-local's identifier; the same in this network, another in another. */
static void test_stable_identifier(void)
{
  autoconfigure(DAY_S, DAY_S);
  ip6_addr_t first = *netif_ip6_addr(&net.netif, 1);
  assert_false(ip6_addr_nethost_eq(&first, netif_ip6_addr(&net.netif, 0)));
  rx_prefix("2001:db8:0:2::", DAY_S, DAY_S);
  assert_false(ip6_addr_nethost_eq(&first, netif_ip6_addr(&net.netif, 2)));
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_INVALID);
  rx_prefix("2001:db8:0:1::", DAY_S, DAY_S);
  assert_true(ip6_addr_eq(&first, netif_ip6_addr(&net.netif, 1)));
}

/* RFC 7217 5: a secret that the program keeps gives the same addresses for ever. */
static void test_secret_of_the_program(void)
{
  static const u8_t one[16] = {1};
  static const u8_t two[16] = {2};
  const u8_t *secret[3] = {one, two, one};
  ip6_addr_t addr[3];
  linklocal_up();
  for (int i = 0; i < 3; i++) {
    ip6_stable_secret_set(secret[i]);
    rx_prefix("2001:db8:0:1::", DAY_S, DAY_S);
    addr[i] = *netif_ip6_addr(&net.netif, 1);
    netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_INVALID);
  }
  assert_false(ip6_addr_eq(&addr[0], &addr[1]));
  assert_true(ip6_addr_eq(&addr[0], &addr[2]));
}

static void test_eui64_by_configuration(void)
{
  netif_ip6_iid_set(&net.netif, IP6_IID_EUI64);
  autoconfigure(DAY_S, DAY_S);
  assert_string_equal(text_of(1), "2001:db8:0:1:0:ff:fe00:1");
}

/* ... or what stands in the link-local address, as IPV6CP negotiates it. */
static void test_identifier_of_the_linklocal_address(void)
{
  packet_at_end(addr6_end);
  ip6_addr_t linklocal = ip6_of("fe80::a:b:c:d");
  netif_ip6_iid_set(&net.netif, IP6_IID_EUI64);
  netif_ip6_addr_set(&net.netif, 0, &linklocal);
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_PREFERRED);
  rx_prefix("2001:db8:0:1::", DAY_S, DAY_S);
  assert_string_equal(text_of(1), "2001:db8:0:1:a:b:c:d");
}

/* RFC 7217 6: a duplicate has three successors; its lifetimes are theirs. */
static void test_duplicate_gets_another_identifier(void)
{
  linklocal_up();
  rx_prefix("2001:db8:0:1::", DAY_S, HOUR_S);
  for (int i = 0; i < 4; i++) {
    assert_true(ip6_addr_istentative(state_of(1)));
    const char *addr = text_of(1);
    rx(ns("::", solicited_node(addr), addr, NULL));
  }
  assert_int_equal(state_of(1), IP6_ADDR_DUPLICATED);
  rx_prefix("2001:db8:0:1::", DAY_S, HOUR_S); /* does not begin anew */
  assert_int_equal(count_addresses(), 2);
  assert_int_equal(state_of(1), IP6_ADDR_DUPLICATED);
  advance_s(DAY_S + 1);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
}

/* --- what is refused (RFC 4862 5.5.3, B6-111) --- */

static void expect_ignored(const char *prefix, u8_t len, u8_t flags, u32_t valid_s,
                           u32_t preferred_s)
{
  rx_prefix_from("fe80::fe", prefix, len, flags, valid_s, preferred_s);
  assert_int_equal(count_addresses(), 1);
}

static void test_refused_prefixes(void)
{
  const u8_t la = ND_PREFIX_L | ND_PREFIX_A;
  linklocal_up();
  expect_ignored("2001:db8:0:1::", 64, ND_PREFIX_L, DAY_S, DAY_S); /* a) A not set */
  expect_ignored("fe80::", 64, la, DAY_S, DAY_S);                  /* b) link-local */
  expect_ignored("2001:db8:0:1::", 64, la, HOUR_S, HOUR_S + 1);    /* c) preferred > valid */
  expect_ignored("2001:db8:0:1::", 64, la, HOUR_S, FOR_EVER_S);    /* c) */
  expect_ignored("2001:db8:0:1::", 64, la, 0, 0);                  /* d) over already */
  expect_ignored("2001:db8:0:1::", 63, la, DAY_S, DAY_S);          /* d) 63 + 64 is not 128 */
  expect_ignored("2001:db8:0:1::", 65, la, DAY_S, DAY_S);
  expect_ignored("2001:db8:0:1::", 0, la, DAY_S, DAY_S);
  expect_ignored("2001:db8:0:1::", 128, la, DAY_S, DAY_S);
  expect_ignored("ff05:0:0:1::", 64, la, DAY_S, DAY_S); /* a group's */
  expect_ignored("::", 64, la, DAY_S, DAY_S);
}

static void test_autoconfiguration_switched_off(void)
{
  linklocal_up();
  netif_set_ip6_autoconfig_enabled(&net.netif, 0);
  expect_ignored("2001:db8:0:1::", 64, ND_PREFIX_L | ND_PREFIX_A, DAY_S, DAY_S);
  netif_set_ip6_autoconfig_enabled(&net.netif, 1);
  rx_prefix("2001:db8:0:1::", DAY_S, DAY_S);
  assert_int_equal(count_addresses(), 2);
}

/* B6-111: A without L is an address all the same, but says nothing about neighbours (RFC 5942). */
static void test_prefix_that_is_not_on_link(void)
{
  linklocal_up();
  rx_prefix_from("fe80::fe", "2001:db8::", 64, ND_PREFIX_A, DAY_S, DAY_S);
  advance(DAD_MS);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  tx_discard();
  rx(ping6("2001:db8::2", text_of(1), 1, 1, "x", 1));
  struct frame *pong = tx_icmp6(T6_ECHO_REPLY);
  check_eth(pong, mac_of(0, 0xfe), our_mac, 0x86dd); /* by the router */
}

/* B6-112: a flood of prefixes takes no address from those that are there. */
static void test_full_table(void)
{
  autoconfigure(DAY_S, DAY_S);
  const char *first = text_of(1);
  for (int i = 2; i < 40; i++) {
    char prefix[32];
    snprintf(prefix, sizeof prefix, "2001:db8:0:%x::", i);
    rx_prefix(prefix, DAY_S, DAY_S);
  }
  assert_int_equal(count_addresses(), NUM_ADDRESSES);
  assert_string_equal(text_of(1), first);
  rx_prefix("2001:db8:0:1::", 2 * DAY_S, DAY_S); /* refreshed as ever */
  assert_in_range(valid_left(), 2 * DAY_S - 1, 2 * DAY_S);
}

/* --- lifetimes --- */

/* RFC 4862 5.5.4 */
static void test_deprecated_then_gone(void)
{
  autoconfigure(HOUR_S, 600);
  u32_t left_s = preferred_left();
  advance_s(left_s - 1);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  advance_s(1);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  assert_int_equal(preferred_left(), 0);
  rx(ping6("2001:db8::2", text_of(1), 1, 1, "x", 1)); /* still ours */
  check_pong6(tx_icmp6(T6_ECHO_REPLY), 1, 1, "x", 1);
  const char *addr = text_of(1);
  left_s = valid_left();
  advance_s(left_s - 1);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  advance_s(1);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
  tx_discard();
  rx(ping6("2001:db8::2", addr, 1, 1, "x", 1));
  expect_no_icmp6(T6_ECHO_REPLY);
}

static void test_refresh(void)
{
  autoconfigure(3 * HOUR_S, HOUR_S);
  advance_s(2 * HOUR_S);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  rx_prefix("2001:db8:0:1::", 3 * HOUR_S, HOUR_S);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_int_equal(valid_left(), 3 * HOUR_S);
  assert_int_equal(preferred_left(), HOUR_S);
  assert_int_equal(count_addresses(), 2);
}

static void test_deprecated_from_the_start(void)
{
  autoconfigure(DAY_S, 0);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
}

static void test_deprecated_by_an_advertisement(void)
{
  autoconfigure(DAY_S, HOUR_S);
  rx_prefix("2001:db8:0:1::", DAY_S, 0);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
}

/* RFC 4862 5.5.3 e), B6-111: nobody shortens a valid lifetime below two hours at once. */
static void test_two_hour_rule(void)
{
  autoconfigure(DAY_S, DAY_S);
  rx_prefix("2001:db8:0:1::", 2 * HOUR_S + 1, 0); /* 1: more than two hours */
  assert_int_equal(valid_left(), 2 * HOUR_S + 1);
  rx_prefix("2001:db8:0:1::", 60, 60); /* 3: two hours are left */
  assert_int_equal(valid_left(), 2 * HOUR_S);
  assert_int_equal(preferred_left(), 60);
  advance_s(HOUR_S);
  rx_prefix("2001:db8:0:1::", 0, 0); /* 2: less than two hours left: not shortened */
  assert_int_equal(valid_left(), HOUR_S);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED); /* that is heeded in any case */
  rx_prefix("2001:db8:0:1::", HOUR_S + 1, HOUR_S);    /* 1: more than is left */
  assert_int_equal(valid_left(), HOUR_S + 1);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  advance_s(HOUR_S + 1);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
}

/* An invalid option changes nothing of an existing address. */
static void test_bad_refresh(void)
{
  autoconfigure(DAY_S, DAY_S);
  rx_prefix("2001:db8:0:1::", 3 * HOUR_S, 4 * HOUR_S);
  assert_in_range(valid_left(), DAY_S - 2, DAY_S);
  assert_in_range(preferred_left(), DAY_S - 2, DAY_S);
}

static void test_infinite_lifetimes(void)
{
  autoconfigure(FOR_EVER_S, FOR_EVER_S);
  assert_int_equal(valid_left(), IP6_ADDR_LIFE_INFINITE);
  advance_s(400 * DAY_S);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_int_equal(valid_left(), IP6_ADDR_LIFE_INFINITE);
  rx_prefix("2001:db8:0:1::", 0, 0); /* infinite is more than two hours */
  assert_int_equal(valid_left(), 2 * HOUR_S);
}

/* A year on a clock that wraps every 49.7 days. */
static void test_lifetimes_of_a_year(void)
{
  autoconfigure(365 * DAY_S, 300 * DAY_S);
  for (u32_t day = 0; day < 299; day++) {
    advance(MS(DAY_S));
  }
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_in_range(preferred_left(), DAY_S - 3, DAY_S);
  assert_in_range(valid_left(), 66 * DAY_S - 3, 66 * DAY_S);
  advance_s(preferred_left() - 1);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  advance_s(1);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  advance_s(valid_left() - 1);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  advance_s(1);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
}

/* Renumbering (RFC 4192): the old prefix is deprecated, the new one used at once. */
static void test_renumbering(void)
{
  autoconfigure(30 * DAY_S, 7 * DAY_S);
  ip6_addr_t remote = ip6_of("2001:db8:ffff::1");
  const char *old = text_of(1);
  rx_prefix("2001:db8:0:1::", 2 * HOUR_S, 0);
  rx_prefix("2001:db8:0:2::", 30 * DAY_S, 7 * DAY_S);
  advance(DAD_MS);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  assert_int_equal(state_of(2), IP6_ADDR_PREFERRED);
  assert_ptr_equal(ip6_select_source_address(&net.netif, &remote), netif_ip_addr6(&net.netif, 2));
  tx_discard();
  rx(ping6("2001:db8::2", old, 1, 1, "x", 1));
  check_pong6(tx_icmp6(T6_ECHO_REPLY), 1, 1, "x", 1);
  advance_s(2 * HOUR_S);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
  assert_int_equal(state_of(2), IP6_ADDR_PREFERRED);
}

/* Lifetimes go on while the link is down; what is left is probed again. */
static void test_new_link(void)
{
  autoconfigure(HOUR_S, 600);
  netif_set_link_down(&net.netif);
  advance_s(1000);
  netif_set_link_up(&net.netif);
  assert_true(ip6_addr_istentative(state_of(1)));
  advance(DAD_MS);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  netif_set_link_down(&net.netif);
  advance_s(HOUR_S);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
}

/* --- addresses of the program's --- */

static void test_lifetimes_of_lwip(void)
{
  linklocal_up();
  ip6_addr_t addr = ip6_of("2001:db8::77");
  netif_ip6_addr_set(&net.netif, 1, &addr);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_PREFERRED);
  assert_true(netif_ip6_addr_isstatic(&net.netif, 1));
  netif_ip6_addr_set_valid_life(&net.netif, 1, 100);
  netif_ip6_addr_set_pref_life(&net.netif, 1, 50);
  advance_s(49);
  assert_int_equal(preferred_left(), 1);
  assert_int_equal(valid_left(), 51);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  advance_s(1);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  netif_ip6_addr_set_valid_life(&net.netif, 1, IP6_ADDR_LIFE_STATIC);
  advance_s(1000);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  netif_ip6_addr_set_valid_life(&net.netif, 1, 100);
  advance_s(100);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
  assert_true(netif_ip6_addr_isstatic(&net.netif, 1)); /* the next one begins without */
}

static void test_address_with_lifetimes(void)
{
  struct ip6_address_spec spec = {
      .addr = ip6_of("2001:db8:5::77"), .prefix_len = 56, .valid_s = 1000, .preferred_s = 500};
  struct ip6_address_info info;
  s8_t idx;
  linklocal_up();
  assert_int_equal(netif_ip6_address_add(&net.netif, &spec, &idx), ERR_OK);
  assert_int_equal(idx, 1);
  advance(DAD_MS);
  assert_true(netif_ip6_address_get(&net.netif, 1, &info));
  assert_true(ip6_addr_eq(&info.addr, &spec.addr));
  assert_int_equal(info.state, IP6_ADDR_PREFERRED);
  assert_int_equal(info.prefix_len, 56);
  assert_int_equal(info.origin, IP6_ORIGIN_MANUAL);
  assert_int_equal(info.valid_s, 998);
  assert_int_equal(info.preferred_s, 498);
  advance_s(600);
  assert_int_equal(state_of(1), IP6_ADDR_DEPRECATED);
  assert_int_equal(netif_ip6_address_add(&net.netif, &spec, &idx), ERR_OK); /* renewed */
  assert_int_equal(idx, 1);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_int_equal(valid_left(), 1000);
  advance_s(1000);
  assert_false(netif_ip6_address_get(&net.netif, 1, &info));
}

static void test_address_without_detection(void)
{
  struct ip6_address_spec spec = {.addr = ip6_of("2001:db8::77"), .flags = IP6_ADDRESS_NO_DAD};
  linklocal_up();
  assert_int_equal(netif_ip6_address_add(&net.netif, &spec, NULL), ERR_OK);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_true(netif_ip6_addr_isstatic(&net.netif, 1));
  assert_int_equal(netif_ip6_address_remove(&net.netif, &spec.addr), ERR_OK);
  assert_int_equal(state_of(1), IP6_ADDR_INVALID);
  assert_int_equal(netif_ip6_address_remove(&net.netif, &spec.addr), ERR_VAL);
}

static void test_bad_specs(void)
{
  struct ip6_address_spec group = {.addr = ip6_of("ff02::77")};
  struct ip6_address_spec any = {.addr = ip6_of("::")};
  struct ip6_address_spec mapped = {.addr = ip6_of("::ffff:10.0.0.1")};
  struct ip6_address_spec wide = {.addr = ip6_of("2001:db8::77"), .prefix_len = 129};
  struct ip6_address_spec lives = {
      .addr = ip6_of("2001:db8::77"), .valid_s = 10, .preferred_s = 11};
  assert_int_equal(netif_ip6_address_add(&net.netif, &group, NULL), ERR_VAL);
  assert_int_equal(netif_ip6_address_add(&net.netif, &any, NULL), ERR_VAL);
  assert_int_equal(netif_ip6_address_add(&net.netif, &mapped, NULL), ERR_VAL);
  assert_int_equal(netif_ip6_address_add(&net.netif, &wide, NULL), ERR_VAL);
  assert_int_equal(netif_ip6_address_add(&net.netif, &lives, NULL), ERR_VAL);
  assert_int_equal(count_addresses(), 0);
}

/* lwIP: one slot is for the link-local address, however full the others are. */
static void test_slots(void)
{
  packet_at_end(addr6_end);
  ip6_addr_t addr = ip6_of("2001:db8::1:0");
  s8_t idx;
  for (int i = 1; i < NUM_ADDRESSES; i++) {
    addr.addr[3] = lwip_htonl(0x10000U + (u32_t)i);
    assert_int_equal(netif_add_ip6_address(&net.netif, &addr, &idx), ERR_OK);
    assert_int_equal(idx, i);
  }
  addr.addr[3] = lwip_htonl(0x20000U);
  assert_int_equal(netif_add_ip6_address(&net.netif, &addr, &idx), ERR_VAL);
  assert_int_equal(idx, -1);
  addr = ip6_of("fe80::77");
  assert_int_equal(netif_add_ip6_address(&net.netif, &addr, &idx), ERR_OK);
  assert_int_equal(idx, 0);
  assert_int_equal(netif_get_ip6_addr_match(&net.netif, &addr), 0);
}

/* A slot that the program sets is its own: the advertisement's lifetimes do not touch it. */
static void test_slot_taken_over(void)
{
  autoconfigure(HOUR_S, HOUR_S);
  ip6_addr_t addr = ip6_of("2001:db8:0:1::77");
  netif_ip6_addr_set(&net.netif, 1, &addr);
  assert_true(netif_ip6_addr_isstatic(&net.netif, 1));
  advance_s(2 * HOUR_S);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
}

/* An idle netif with addresses that do not age needs no timer. */
static void test_no_timer_when_idle(void)
{
  net6_up();
  assert_int_equal(timers_count(), 0);
}

static const struct packet_test tests[] = {
    TEST(test_address_of_a_prefix),
    TEST(test_address_is_probed),
    TEST(test_stable_identifier),
    TEST(test_secret_of_the_program),
    TEST(test_eui64_by_configuration),
    TEST(test_identifier_of_the_linklocal_address),
    TEST(test_duplicate_gets_another_identifier),
    TEST(test_refused_prefixes),
    TEST(test_autoconfiguration_switched_off),
    TEST(test_prefix_that_is_not_on_link),
    TEST(test_full_table),
    TEST(test_deprecated_then_gone),
    TEST(test_refresh),
    TEST(test_deprecated_from_the_start),
    TEST(test_deprecated_by_an_advertisement),
    TEST(test_two_hour_rule),
    TEST(test_bad_refresh),
    TEST_FLAGS(test_infinite_lifetimes, PACKET_ONCE),
    TEST_FLAGS(test_lifetimes_of_a_year, PACKET_ONCE),
    TEST(test_renumbering),
    TEST(test_new_link),
    TEST(test_lifetimes_of_lwip),
    TEST(test_address_with_lifetimes),
    TEST(test_address_without_detection),
    TEST(test_bad_specs),
    TEST(test_slots),
    TEST(test_slot_taken_over),
    TEST_FLAGS(test_no_timer_when_idle, PACKET_ONCE),
};

PACKET_MAIN(tests)
