/**
 * @file
 * The host that rightly has an address that we wanted as well is a neighbour like any other: it is
 * answered, resolved and redirected to (RFC 4862 5.4.5: the address is not assigned to us).
 * needs: ipv6
 */
#include "nd6_text.h"
#include "gossamer/ip6_config.h"

#define RIVAL "2001:db8::2"

/** Our slot for RIVAL turns out to be a duplicate. */
static void lose_address(void)
{
  struct ip6_address_spec spec = {.prefix_len = 64};
  struct nd_options o = {0};
  net6_up();
  ip6addr_aton(RIVAL, &spec.addr);
  assert_int_equal(netif_ip6_address_add(&net.netif, &spec, NULL), ERR_OK);
  advance(500);
  nd_opt_lladdr(&o, ND_TARGET, mac_of(0, 2));
  rx(na(RIVAL, "ff02::1", RIVAL, NA_O, &o));
  advance(5000);
  tx_discard();
  ignore_drops();
}

static void test_its_solicitation_is_answered(void)
{
  lose_address();
  rx(ns(RIVAL, solicited_node(US), US, nd_source(mac_of(0, 2))));
  check_na(tx(), US, RIVAL, US, OUR_R | NA_S | NA_O);
  expect_no_drop();
}

static void test_its_ping_is_answered(void)
{
  lose_address();
  rx(ping6(RIVAL, US, 1, 1, "hello", 5));
  check_pong6(tx(), 1, 1, "hello", 5);
  expect_no_drop();
}

static void test_its_advertisement_is_heard(void)
{
  struct neighbor_info info;
  lose_address();
  net.peer_answers_nd = false;
  rx(ping6(RIVAL, US, 1, 1, "hello", 5));
  check_ns(tx(), US, solicited_node(RIVAL), RIVAL);
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_TARGET, mac_of(0, 2));
  rx(na(RIVAL, US, RIVAL, NA_S | NA_O, &o));
  check_pong6(tx(), 1, 1, "hello", 5);
  assert_true(neighbor_look_up(RIVAL, &info));
  assert_int_equal(info.state, NEIGHBOR_REACHABLE);
}

static const struct packet_test tests[] = {
    TEST(test_its_solicitation_is_answered),
    TEST(test_its_ping_is_answered),
    TEST(test_its_advertisement_is_heard),
};

PACKET_MAIN(tests)
