/**
 * @file
 * Redirects: which are believed, what follows, and those that we send (RFC 4861 8, vector B5-93).
 * needs: ipv6
 */
#include "nd6_text.h"
#include "gossamer/route.h"
#include "gossamer/router_advert.h"

#define ROUTER "fe80::fe"
#define BETTER "fe80::9"
#define FAR    "2001:db8:77::1"

static const u8_t *better_mac;

/** A default router at fe80::fe, by which FAR is reached. */
static void with_router(void)
{
  net6_up();
  better_mac = mac_of(0, 9);
  rx(ra((struct ra_spec){.src = ROUTER, .lifetime_s = 1800}, nd_source(gateway_mac)));
  advance(1000);
  tx_discard();
  ignore_drops();
  assert_int_equal(neighbor_send(FAR, 1), ERR_OK);
  neighbor_expect_sent(gateway_mac, 1);
}

static void expect_way(const char *dst, const u8_t *mac)
{
  assert_int_equal(neighbor_send(dst, 2), ERR_OK);
  neighbor_expect_sent(mac, 2);
}

/** That redirect changes nothing. */
static void expect_refused(struct frame f, enum drop_reason why)
{
  rx(f);
  expect_drop(why);
  expect_way(FAR, gateway_mac);
  expect_silence();
}

static void test_to_a_better_router(void)
{
  struct neighbor_info info;
  with_router();
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(better_mac)));
  expect_no_drop();
  assert_true(neighbor_look_up(BETTER, &info));
  assert_int_equal(info.state, NEIGHBOR_STALE);
  assert_true(info.is_router);
  expect_way(FAR, better_mac);
  expect_way("2001:db8:77::2", gateway_mac); /* only this destination */
  nd6_clear_destination_cache();
  expect_way(FAR, gateway_mac);
}

/* 8.3: target and destination the same: it is a neighbour, of which nobody says that it routes */
static void test_to_the_destination_itself(void)
{
  struct neighbor_info info;
  with_router();
  rx(redirect(ROUTER, US, FAR, FAR, nd_target(better_mac)));
  expect_no_drop();
  assert_true(neighbor_look_up(FAR, &info));
  assert_false(info.is_router);
  expect_way(FAR, better_mac);
}

/* Without link-layer address the target is resolved like any neighbour */
static void test_without_address(void)
{
  with_router();
  rx(redirect(ROUTER, US, BETTER, FAR, NULL));
  expect_no_drop();
  assert_false(neighbor_is_known(BETTER));
  net.peer_answers_nd = false;
  assert_int_equal(neighbor_send(FAR, 3), ERR_OK);
  neighbor_expect_multicast_ns(US, BETTER);
  rx(na(BETTER, US, BETTER, NA_S | NA_R, nd_target(better_mac)));
  neighbor_expect_sent(better_mac, 3);
}

/* 8.3, appendix C: a different address makes the target's entry stale, the same does not */
static void test_address_of_a_known_target(void)
{
  with_router();
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(better_mac)));
  net.peer_answers_nd = false;
  expect_way(FAR, better_mac);
  advance(LWIP_ND6_DELAY_FIRST_PROBE_TIME);
  rx(na(BETTER, US_LL, BETTER, NA_S | NA_R, NULL));
  tx_discard();
  assert_int_equal(neighbor_state_of(BETTER), NEIGHBOR_REACHABLE);
  rx(redirect(BETTER, US, "fe80::8", FAR, NULL)); /* by now it is our router for FAR */
  expect_no_drop();
  rx(redirect("fe80::8", US, BETTER, FAR, nd_target(better_mac)));
  expect_no_drop();
  assert_int_equal(neighbor_state_of(BETTER), NEIGHBOR_REACHABLE);
  rx(redirect(BETTER, US, BETTER, FAR, nd_target(mac_of(0, 7))));
  expect_no_drop();
  assert_int_equal(neighbor_state_of(BETTER), NEIGHBOR_STALE);
  assert_memory_equal(neighbor_mac_of(BETTER), mac_of(0, 7), 6);
}

/* B5-93: only the router in use is believed */
static void test_from_somebody_else(void)
{
  with_router();
  expect_refused(redirect("fe80::66", US, BETTER, FAR, nd_target(better_mac)),
                 DROP_ND6_REDIRECT_NOT_ROUTER);
  assert_false(neighbor_is_known(BETTER));
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(better_mac)));
  rx(redirect(ROUTER, US, "fe80::8", FAR, nd_target(mac_of(0, 8)))); /* no more */
  expect_drop(DROP_ND6_REDIRECT_NOT_ROUTER);
  expect_way(FAR, better_mac);
}

/* 8.1 */
static void test_from_a_global_address(void)
{
  with_router();
  expect_refused(redirect("2001:db8::fe", US, BETTER, FAR, nd_target(better_mac)),
                 DROP_ND6_BAD_SRC);
}

/* 8.1, B5-93 */
static void test_targets_that_cannot_be(void)
{
  with_router();
  expect_refused(redirect(ROUTER, US, "2001:db8::9", FAR, nd_target(better_mac)),
                 DROP_ND6_REDIRECT_BAD_TARGET); /* a router is named by its link-local address */
  expect_refused(redirect(ROUTER, US, US_LL, FAR, nd_target(better_mac)),
                 DROP_ND6_REDIRECT_BAD_TARGET);
  expect_refused(redirect(ROUTER, US, BETTER, US, nd_target(better_mac)),
                 DROP_ND6_REDIRECT_BAD_TARGET);
  expect_refused(redirect(ROUTER, US, US, US, nd_target(better_mac)), DROP_ND6_REDIRECT_BAD_TARGET);
  expect_refused(redirect(ROUTER, US, "::", "::", nd_target(better_mac)),
                 DROP_ND6_REDIRECT_BAD_TARGET);
  expect_refused(redirect(ROUTER, US, BETTER, "::1", nd_target(better_mac)),
                 DROP_ND6_REDIRECT_BAD_TARGET);
  expect_refused(redirect(ROUTER, US, BETTER, "ff0e::1", nd_target(better_mac)),
                 DROP_ND6_BAD_TARGET);
  expect_refused(redirect(ROUTER, US, "ff02::2", FAR, nd_target(better_mac)), DROP_ND6_BAD_TARGET);
}

/* What is on the link is not reached by any router, so none may redirect it. */
static void test_for_a_neighbour(void)
{
  with_router();
  rx(redirect(ROUTER, US, BETTER, PEER, nd_target(better_mac)));
  expect_drop(DROP_ND6_REDIRECT_NOT_ROUTER);
  rx(redirect(ROUTER, US, BETTER, "fe80::2", nd_target(better_mac)));
  expect_drop(DROP_ND6_REDIRECT_NOT_ROUTER);
  expect_way(PEER, peer_mac);
}

/* Who configured a route gets it. */
static void test_for_a_static_route(void)
{
  with_router();
  struct ip_route_entry route = {.netif = &net.netif, .prefix_len = 64};
  ip_addr_copy_from_ip6(route.prefix, ip6_of("2001:db8:77::"));
  ip_addr_copy_from_ip6(route.gateway, ip6_on(&net, ROUTER));
  assert_int_equal(ip_route_add(&route), ERR_OK);
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(better_mac)));
  expect_drop(DROP_ND6_REDIRECT_NOT_ROUTER);
  assert_int_equal(ip_route_remove(&route), ERR_OK);
  expect_way(FAR, gateway_mac);
}

#if LWIP_ROUTER_ADVERT
static struct router_advert advert;

static void stop(void)
{
  router_advert_stop(&advert);
}

/* 8.3: routers do not take redirects */
static void test_to_a_router(void)
{
  net6_up();
  router_advert_defaults(&advert);
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  packet_at_end(stop);
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(mac_of(0, 9))));
  expect_drop(DROP_ND6_REDIRECT_REFUSED);
  router_advert_stop(&advert);
  tx_discard();
}
#else
static void test_to_a_router(void)
{
}
#endif

/* 7.3.3: when the better router is gone, the way is determined anew */
static void test_better_router_that_is_gone(void)
{
  with_router();
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(better_mac)));
  expect_way(FAR, better_mac);
  net.peer_answers_nd = false;
  rx(na(ROUTER, US_LL, ROUTER, NA_S | NA_R, NULL)); /* this one is alive */
  advance(LWIP_ND6_DELAY_FIRST_PROBE_TIME + LWIP_ND6_MAX_UNICAST_SOLICIT * LWIP_ND6_RETRANS_TIMER);
  tx_discard();
  assert_false(neighbor_is_known(BETTER));
  expect_way(FAR, gateway_mac);
}

/* The destination cache is bounded, and the least recently used redirect goes first (gaps 4) */
static void test_many_redirects(void)
{
  char dst[64];
  with_router();
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(better_mac)));
  for (unsigned i = 0; i < 2 * LWIP_ND6_NUM_DESTINATIONS; i++) {
    snprintf(dst, sizeof dst, "2001:db8:78::%x", i + 1);
    rx(redirect(ROUTER, US, BETTER, dst, NULL));
    advance(10);
    expect_way(FAR, better_mac); /* in use all the time */
  }
  expect_no_drop();
  expect_way("2001:db8:78::1", gateway_mac); /* forgotten */
  expect_way(dst, better_mac);
}

static void test_redirects_go_with_the_link(void)
{
  with_router();
  rx(redirect(ROUTER, US, BETTER, FAR, nd_target(better_mac)));
  netif_set_link_down(&net.netif);
  netif_set_link_up(&net.netif);
  advance(10000);
  rx(ra((struct ra_spec){.src = ROUTER, .lifetime_s = 1800}, nd_source(gateway_mac)));
  advance(10000);
  tx_discard();
  expect_way(FAR, gateway_mac);
}

/* --- sent by us --- */

#if LWIP_IPV6_FORWARD

static struct ip_route_entry far_route(void)
{
  struct ip_route_entry route = {.netif = &net.netif, .prefix_len = 64};
  ip_addr_copy_from_ip6(route.prefix, ip6_of("2001:db8:77::"));
  ip_addr_copy_from_ip6(route.gateway, ip6_on(&net, BETTER));
  return route;
}

/** FAR is behind BETTER, a neighbour that we know. */
static void with_far_route(void)
{
  net6_up();
  better_mac = mac_of(0, 9);
  struct ip_route_entry route = far_route();
  assert_int_equal(ip_route_add(&route), ERR_OK);
  expect_way(BETTER, better_mac);
  expect_way(PEER, peer_mac);
}

/** A redirect that quotes `about`, of which `quoted` bytes are there. */
static void expect_redirect(const char *dst, const char *target, const char *destination,
                            const u8_t *target_mac, const struct frame *about, size_t quoted)
{
  struct frame *f = packet_check_nd(tx(), T6_REDIRECT, US_LL, dst, target, 0, __FILE__, __LINE__);
  u8_t bytes[16];
  ip6_bytes(destination, bytes);
  assert_memory_equal(f->data + IP6_PAYLOAD_AT + 24, bytes, 16);
  check_nd_lladdr(f, ND_TARGET, target_mac);
  const u8_t *option = nd_option(f, ND6_OPTION_TYPE_REDIR_HDR);
  assert_non_null(option);
  assert_int_equal(option[1] * 8U, 8 + quoted);
  assert_memory_equal(option + 8, about->data + IP6_AT, 7); /* up to the hop limit */
  assert_memory_equal(option + 16, about->data + IP6_AT + 8, quoted - 8);
  assert_true(f->len <= 14 + 1280);
}

static void test_we_redirect_to_a_router(void)
{
  with_far_route();
  struct frame f = udp6(PEER, 1, FAR, 2, "0123456789abcdef", 16);
  rx(f);
  expect_redirect(PEER, BETTER, FAR, better_mac, &f, 64);
  check_eth(check_ip6(tx(), PEER, FAR, NH_UDP), better_mac, our_mac, ETHTYPE_IPV6);
  expect_silence();
  expect_no_drop();
}

static void test_we_redirect_to_a_neighbour(void)
{
  net6_up();
  expect_way("2001:db8::3", mac_of(0, 3));
  expect_way(PEER, peer_mac);
  struct frame f = udp6(PEER, 1, "2001:db8::3", 2, pattern(1400, 1), 1400);
  rx(f);
  /* 1280 less IPv6 40, redirect 40, link-layer address 8, option header 8 */
  expect_redirect(PEER, "2001:db8::3", "2001:db8::3", mac_of(0, 3), &f, 1184);
  check_eth(check_ip6(tx(), PEER, "2001:db8::3", NH_UDP), mac_of(0, 3), our_mac, ETHTYPE_IPV6);
}

/* The target's address is told when it is known */
static void test_we_redirect_to_an_unknown_neighbour(void)
{
  net6_up();
  expect_way(PEER, peer_mac);
  struct frame f = udp6(PEER, 1, "2001:db8::3", 2, "01234567", 8);
  rx(f);
  expect_redirect(PEER, "2001:db8::3", "2001:db8::3", NULL, &f, 56);
  check_ip6(tx(), PEER, "2001:db8::3", NH_UDP);
}

/* 8.2: not for those who are no neighbours, nor for what is no better; and only so often */
static void test_when_we_do_not_redirect(void)
{
  with_far_route();
  struct ip6_spec spec = ip6_spec_of("2001:db9::2", FAR, NH_NONE);
  spec.eth_dst = our_mac;
  rx(ip6_opts(spec, NULL, 0)); /* from off the link */
  check_ip6(tx(), "2001:db9::2", FAR, NH_NONE);
  struct ip_route_entry route = far_route();
  ip_route_remove(&route);
  ip_addr_copy_from_ip6(route.gateway, ip6_of("2001:db8::9"));
  assert_int_equal(ip_route_add(&route), ERR_OK);
  rx(udp6(PEER, 1, FAR, 2, "x", 1)); /* to a router whose link-local address we do not know */
  check_ip6(tx(), PEER, FAR, NH_UDP);
  rx(udp6("2001:db8::9", 1, FAR, 2, "x", 1)); /* from that router itself */
  check_ip6(tx(), "2001:db8::9", FAR, NH_UDP);
  expect_silence();
}

static void test_redirects_are_rate_limited(void)
{
  with_far_route();
  unsigned count = 0;
  for (unsigned i = 0; i < 1000; i++) {
    rx(udp6(PEER, 1, FAR, 2, "x", 1));
    for (struct frame *f = tx(); f != NULL; f = tx()) {
      count += get8(f, IP6_AT + 6) == NH_ICMP6;
    }
  }
  assert_in_range(count, 1, 100);
}

#endif

static const struct packet_test tests[] = {
    TEST(test_to_a_better_router),
    TEST(test_to_the_destination_itself),
    TEST(test_without_address),
    TEST(test_address_of_a_known_target),
    TEST(test_from_somebody_else),
    TEST(test_from_a_global_address),
    TEST(test_targets_that_cannot_be),
    TEST(test_for_a_neighbour),
    TEST(test_for_a_static_route),
    TEST(test_to_a_router),
    TEST(test_better_router_that_is_gone),
    TEST(test_many_redirects),
    TEST(test_redirects_go_with_the_link),
#if LWIP_IPV6_FORWARD
    TEST(test_we_redirect_to_a_router),
    TEST(test_we_redirect_to_a_neighbour),
    TEST(test_we_redirect_to_an_unknown_neighbour),
    TEST(test_when_we_do_not_redirect),
    TEST_FLAGS(test_redirects_are_rate_limited, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
