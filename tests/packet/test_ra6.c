/*
 * Router advertisements: which are believed, and what they set for a link (RFC 4861 6.1.2, 6.3.4;
 * security vectors B6-110, 113, 115, 116, 119).
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_ND6

#include "router6.h"

/* --- who may advertise --- */

/* B6-119, RFC 4861 6.1.2: routers speak from link-local addresses. */
PACKET_TEST(test_source_is_not_link_local)
{
  net6_up();
  struct ra_spec spec = ra_of(2, 1800);
  spec.src = "2001:db8::2";
  rx(ra(spec, NULL));
  expect_drop(DROP_ND6_BAD_SRC);
  assert_int_equal(router_count(), 0);
}

/* B6-119: an echo of our own, or somebody who takes our address for his. */
PACKET_TEST(test_source_is_our_own)
{
  net6_up();
  struct ra_spec spec = ra_of(2, 1800);
  spec.src = "fe80::ff:fe00:1";
  struct frame f = ra(spec, NULL);
  memcpy(f.data + 6, peer_mac, 6);
  rx(f);
  expect_drop(DROP_ND6_BAD_SRC);
  assert_int_equal(router_count(), 0);
}

/* B6-105: a router at a group's link-layer address would make us send everything to all. */
PACKET_TEST(test_link_address_of_a_group)
{
  struct nd_options o = {0};
  net6_up();
  nd_opt_lladdr(&o, ND_SOURCE, broadcast_mac);
  rx(ra(ra_of(2, 1800), &o));
  expect_drop(DROP_ND6_BAD_LLADDR);
  o.len = 0;
  nd_opt_lladdr(&o, ND_SOURCE, zero_mac);
  rx(ra(ra_of(2, 1800), &o));
  expect_drop(DROP_ND6_BAD_LLADDR);
  assert_int_equal(router_count(), 0);
}

PACKET_TEST(test_a_router_is_learnt_with_its_link_address)
{
  net6_up();
  net.peer_answers_nd = false;
  assert_int_equal(send_to(FAR), ERR_RTE);
  router(2, 1800, MEDIUM);
  assert_int_equal(router_count(), 1);
  assert_int_equal(router_info(2).lifetime_s, 1800);
  assert_int_equal(via(FAR), 2); /* no solicitation in front */
  expect_no_drop();
}

/* RFC 4861 6.3.4: without a source link-layer address option the router is resolved. */
PACKET_TEST(test_a_router_without_link_address_is_resolved)
{
  net6_up();
  packet_at_end(routers_forget);
  rx(ra(ra_of(2, 1800), NULL));
  net.peer_answers_nd = false;
  assert_int_equal(send_to(FAR), ERR_OK);
  check_ns(tx(), "2001:db8::1", solicited_node("fe80::2"), "fe80::2");
}

/* An advertisement may be sent to one host alone (RFC 4861 6.2.6). */
PACKET_TEST(test_unicast_advertisement)
{
  net6_up();
  struct ra_spec spec = ra_of(2, 1800);
  spec.dst = "fe80::ff:fe00:1";
  router_says(spec, NULL);
  assert_int_equal(router_count(), 1);
}

/* --- parameters --- */

/* B6-115: a hop limit that cuts us off is not believed. */
PACKET_TEST(test_hop_limit)
{
  static const struct {
    u8_t heard, used;
  } cases[] = {{0, IP_DEFAULT_TTL},
               {1, IP_DEFAULT_TTL},
               {LWIP_ND6_MIN_HOP_LIMIT - 1, IP_DEFAULT_TTL},
               {64, 64},
               {1, 64},
               {0, 64},
               {255, 255},
               {LWIP_ND6_MIN_HOP_LIMIT, LWIP_ND6_MIN_HOP_LIMIT}};
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    struct ra_spec spec = ra_of(2, 1800);
    spec.hop_limit = cases[i].heard;
    router_says(spec, NULL);
    assert_int_equal(nd6_hop_limit(&net.netif), cases[i].used);
  }
}

static void reachable(u32_t ms)
{
  struct ra_spec spec = ra_of(2, 1800);
  spec.reachable_ms = ms;
  router_says(spec, NULL);
}

static void expect_reachable_around(u32_t base_ms)
{
  assert_in_range(nd6_reachable_ms(&net.netif), base_ms / 2, base_ms + base_ms / 2 + 1);
}

/* B6-116, RFC 4861 6.3.4: 0 says nothing; what is absurd is cut to what is not. */
PACKET_TEST(test_reachable_time)
{
  net6_up();
  expect_reachable_around(LWIP_ND6_REACHABLE_TIME);
  reachable(5000);
  expect_reachable_around(5000);
  reachable(0);
  expect_reachable_around(5000);
  reachable(1);
  expect_reachable_around(1000);
  reachable(0xffffffff);
  expect_reachable_around(3600000);
}

/* RFC 4861 6.3.4: drawn anew every few hours, from 0.5 to 1.5 of the base, and only then. */
PACKET_TEST(test_reachable_time_is_random)
{
  u32_t least = 0xffffffff;
  u32_t most = 0;
  net6_up();
  reachable(100000);
  for (unsigned i = 0; i < 100; i++) {
    u32_t ms = nd6_reachable_ms(&net.netif);
    advance(3600 * 1000);
    assert_int_equal(nd6_reachable_ms(&net.netif), ms);
    expect_reachable_around(100000);
    least = LWIP_MIN(least, ms);
    most = LWIP_MAX(most, ms);
    advance(3600 * 1000 + 1000);
  }
  assert_in_range(least, 50000, 60000);
  assert_in_range(most, 140000, 150001);
}

/* B6-116 */
PACKET_TEST(test_retransmission_timer)
{
  static const u32_t cases[][2] = {{0, LWIP_ND6_RETRANS_TIMER},
                                   {1, 100},
                                   {99, 100},
                                   {1500, 1500},
                                   {0, 1500},
                                   {10000, 10000},
                                   {10001, 10000},
                                   {0xffffffff, 10000}};
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    struct ra_spec spec = ra_of(2, 1800);
    spec.retrans_ms = cases[i][0];
    router_says(spec, NULL);
    assert_int_equal(nd6_retrans_ms(&net.netif), cases[i][1]);
  }
}

static void mtu(u32_t mtu)
{
  struct nd_options o = {0};
  nd_opt_mtu(&o, mtu);
  router_says(ra_of(2, 1800), &o);
}

/* RFC 4861 6.3.4: between what every link carries and what this one does. */
PACKET_TEST(test_mtu)
{
  static const u32_t cases[][2] = {{1279, 1500},       {1280, 1280}, {1400, 1400},
                                   {0, 1400},          {1501, 1400}, {65536 + 1300, 1400},
                                   {0xffffffff, 1400}, {1500, 1500}};
  net6_up();
  assert_int_equal(netif_mtu6(&net.netif), 1500);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    mtu(cases[i][0]);
    assert_int_equal(netif_mtu6(&net.netif), cases[i][1]);
  }
  assert_int_equal(net.netif.mtu, 1500);
}

/* What a router said of one link says nothing of the next. */
PACKET_TEST(test_parameters_end_with_the_link)
{
  net6_up();
  struct ra_spec spec = ra_of(2, 1800);
  struct nd_options o = {0};
  spec.hop_limit = 77;
  spec.retrans_ms = 3000;
  spec.reachable_ms = 1000000;
  nd_opt_mtu(&o, 1300);
  router_says(spec, &o);
  assert_int_equal(netif_mtu6(&net.netif), 1300);
  netif_set_link_down(&net.netif);
  netif_set_link_up(&net.netif);
  assert_int_equal(netif_mtu6(&net.netif), 1500);
  assert_int_equal(nd6_hop_limit(&net.netif), IP_DEFAULT_TTL);
  assert_int_equal(nd6_retrans_ms(&net.netif), LWIP_ND6_RETRANS_TIMER);
  expect_reachable_around(LWIP_ND6_REACHABLE_TIME);
  assert_int_equal(router_count(), 0);
}

/* --- options --- */

/* RFC 4861 6.1.2: what is unknown is skipped; so is a known one of a wrong form, and it counts. */
PACKET_TEST(test_odd_options_do_not_spoil_the_others)
{
  static const u8_t unknown[] = {200, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
  static const u8_t short_prefix[] = {3, 1, 64, 0xc0, 0, 0, 0, 1};
  static const u8_t long_mtu[] = {5, 2, 0, 0, 0, 0, 5, 0x14, 0, 0, 0, 0, 0, 0, 0, 0};
  static const u8_t bad_route[] = {24, 1, 64, 0, 0, 0, 1, 0};
  static const u8_t empty_rdnss[] = {25, 1, 0, 0, 0, 0, 1, 0};
  static const u8_t empty_dnssl[] = {31, 1, 0, 0, 0, 0, 1, 0};
  struct nd_options o = {0};
  net6_up();
  nd_opt_raw(&o, unknown, sizeof unknown);
  nd_opt_raw(&o, short_prefix, sizeof short_prefix);
  nd_opt_raw(&o, long_mtu, sizeof long_mtu);
  nd_opt_raw(&o, bad_route, sizeof bad_route);
  nd_opt_raw(&o, empty_rdnss, sizeof empty_rdnss);
  nd_opt_raw(&o, empty_dnssl, sizeof empty_dnssl);
  nd_opt_mtu(&o, 1400);
  u32_t before = lwip_stats.nd6.opterr;
  router_says(ra_of(2, 1800), &o);
  assert_int_equal(lwip_stats.nd6.opterr - before, 5);
  assert_int_equal(netif_mtu6(&net.netif), 1400);
  assert_int_equal(router_count(), 1);
  expect_no_drop();
}

/* --- events --- */

PACKET_TEST(test_listeners_hear_the_flags)
{
  net6_up();
  listen_to_events();
  struct ra_spec spec = ra_of(2, 1800);
  spec.flags = RA_M | HIGH;
  router_says(spec, NULL);
  assert_int_equal(events(ND_EVENT_RA), 1);
  assert_int_equal(events(ND_EVENT_ROUTERS), 1);
  assert_true(event_ra.is_managed);
  assert_false(event_ra.is_other);
  assert_int_equal(event_ra.preference, 1);
  assert_int_equal(event_ra.lifetime_s, 1800);
  spec.flags = RA_O | HIGH;
  router_says(spec, NULL);
  assert_int_equal(events(ND_EVENT_RA), 1);
  assert_int_equal(events(ND_EVENT_ROUTERS), 0); /* nothing new of the router itself */
  assert_false(event_ra.is_managed);
  assert_true(event_ra.is_other);
  rx(ra((struct ra_spec){.src = "2001:db8::2"}, NULL));
  assert_int_equal(events(ND_EVENT_RA), 0);
  expect_drop(DROP_ND6_BAD_SRC);
}

static struct nd_listener first, second, third;
static unsigned heard[3];

static void hear_and_remove_next(struct nd_listener *l, const struct nd_event *e)
{
  LWIP_UNUSED_ARG(e);
  heard[0]++;
  nd_listener_remove(l);
  nd_listener_remove(&second); /* it would have been next */
}

static void hear_second(struct nd_listener *l, const struct nd_event *e)
{
  LWIP_UNUSED_ARG(l);
  LWIP_UNUSED_ARG(e);
  heard[1]++;
}

static void hear_third(struct nd_listener *l, const struct nd_event *e)
{
  LWIP_UNUSED_ARG(l);
  heard[2]++;
  if (e->kind == ND_EVENT_ROUTERS) {
    router_says(ra_of(3, 0), NULL); /* an event within an event */
  }
}

PACKET_TEST(test_listeners_may_remove_each_other)
{
  net6_up();
  memset(heard, 0, sizeof heard);
  first = (struct nd_listener){.event = hear_and_remove_next};
  second = (struct nd_listener){.event = hear_second};
  third = (struct nd_listener){.event = hear_third};
  nd_listener_add(&third);
  nd_listener_add(&second);
  nd_listener_add(&first);
  nd_listener_add(&first);
  router(2, 1800, MEDIUM);
  assert_int_equal(heard[0], 1);
  assert_int_equal(heard[1], 0);
  assert_int_equal(heard[2], 3); /* routers, router 3's advertisement, router 2's */
  nd_listener_remove(&first);
  nd_listener_remove(&third);
  router(2, 1800, LOW);
  assert_int_equal(heard[2], 3);
}

static void remove_netif(struct nd_listener *l, const struct nd_event *e)
{
  nd_listener_remove(l);
  netif_remove(e->netif);
}

/* A listener may do anything, and remove the netif in particular. */
PACKET_TEST(test_a_listener_removes_the_netif)
{
  struct packet_net *other = net_add_netif();
  static struct nd_listener listener;
  struct ra_spec spec = {.src = "fe80::2", .lifetime_s = 1800};
  net6_up();
  net6_up_on(other);
  listener = (struct nd_listener){.event = remove_netif};
  nd_listener_add(&listener);
  struct nd_options o = {0};
  nd_opt_rdnss(&o, 1800, "2001:db8::53");
  nd_opt_prefix(&o, "2001:db8:7::", 64, ND_PREFIX_L | ND_PREFIX_A, 3600, 1800);
  struct frame f = ra(spec, &o);
  packet_at_end(routers_forget);
  rx_on(other, f);
  assert_null(netif_get_by_index(netif_get_index(&other->netif)));
}

static struct packet_net *removed;

static void remove_when_addressed(struct netif *netif)
{
  netif_set_status_callback(netif, NULL);
  netif_remove(netif);
}

/* So may a callback that hears of an address: the rest of the advertisement falls away. */
PACKET_TEST(test_an_address_removes_the_netif)
{
  struct ra_spec spec = {.src = "fe80::2", .lifetime_s = 1800};
  struct nd_options o = {0};
  removed = net_add_netif();
  net6_up();
  net6_up_on(removed);
  listen_to_events();
  netif_set_status_callback(&removed->netif, remove_when_addressed);
  nd_opt_prefix(&o, "2001:db8:7::", 64, ND_PREFIX_L | ND_PREFIX_A, 3600, 1800);
  nd_opt_rdnss(&o, 1800, "2001:db8::53");
  nd_opt_prefix(&o, "2001:db8:8::", 64, ND_PREFIX_L | ND_PREFIX_A, 3600, 1800);
  struct frame f = ra(spec, &o);
  u32_t before = timers_count();
  packet_at_end(routers_forget);
  rx_on(removed, f);
  assert_null(netif_get_by_index(netif_get_index(&removed->netif)));
  assert_null(nd_dns_server(&removed->netif, 0, NULL));
  assert_int_equal(events(ND_EVENT_RA), 0);
  assert_true(timers_count() <= before);
}

static const struct packet_test tests[] = {
    TEST(test_source_is_not_link_local),
    TEST(test_source_is_our_own),
    TEST(test_link_address_of_a_group),
    TEST(test_a_router_is_learnt_with_its_link_address),
    TEST(test_a_router_without_link_address_is_resolved),
    TEST(test_unicast_advertisement),
    TEST(test_hop_limit),
    TEST(test_reachable_time),
    TEST_FLAGS(test_reachable_time_is_random, PACKET_ONCE),
    TEST(test_retransmission_timer),
    TEST(test_mtu),
    TEST(test_parameters_end_with_the_link),
    TEST(test_odd_options_do_not_spoil_the_others),
    TEST(test_listeners_hear_the_flags),
    TEST(test_listeners_may_remove_each_other),
    TEST(test_a_listener_removes_the_netif),
    TEST(test_an_address_removes_the_netif),
};

PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
