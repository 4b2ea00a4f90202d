/*
 * Where IPv6 packets leave and by which next hop (RFC 4861 5.2, RFC 4191 3.2, RFC 4007 9, RFC
 * 5942). needs: ipv6
 */
#include "packet.h"
#include "gossamer/route.h"
#include "ip/v6/ip6_module.h"

static const struct netif *way_from(const char *src, const char *dst)
{
  ip6_addr_t from = ip6_of(src), to = ip6_of(dst);
  return ip6_route(&from, &to);
}

static const struct netif *way(const char *dst)
{
  ip6_addr_t to = ip6_of(dst);
  assert_ptr_equal(way_from("::", dst), ip6_route(NULL, &to));
  return ip6_route(NULL, &to);
}

static struct packet_net *second;

static void up(void)
{
  net6_up();
  second = net_add_netif();
  net6_up_on(second);
}

#if LWIP_NUM_ROUTES > 0
static struct ip_route_entry route_of(const char *prefix, u8_t len, const char *gateway,
                                      struct netif *netif)
{
  struct ip_route_entry r = {.netif = netif, .prefix_len = len};
  r.prefix = ip_of(prefix);
  r.gateway = ip_of(gateway);
  return r;
}

static err_t add(const char *prefix, u8_t len, const char *gateway, struct netif *netif)
{
  struct ip_route_entry r = route_of(prefix, len, gateway, netif);
  return ip_route_add(&r);
}

static err_t take(const char *prefix, u8_t len, const char *gateway, struct netif *netif)
{
  struct ip_route_entry r = route_of(prefix, len, gateway, netif);
  return ip_route_remove(&r);
}

/** The next hop by `netif` is `expected`, with or without zone as it must be. */
static void expect_hop(struct netif *netif, const char *dst, const char *expected)
{
  ip6_addr_t to = ip6_of(dst), want = ip6_of(expected);
  ip6_addr_t hop = ip6_next_hop(netif, &to);
  ip6_addr_assign_zone(&want, IP6_UNKNOWN, netif);
  assert_memory_equal(hop.addr, want.addr, 16);
  assert_int_equal(ip6_addr_zone(&hop), ip6_addr_zone(&want));
}
#endif

PACKET_TEST(test_prefixes_then_the_default)
{
  up();
  assert_ptr_equal(way("2001:db8::9"), &net.netif);
  assert_ptr_equal(way("2001:db8:1::9"), &second->netif);
  assert_ptr_equal(way("2001:db8:2::9"), &net.netif);
  assert_ptr_equal(way("ff0e::1"), &net.netif);
  netif_set_default(&second->netif);
  assert_ptr_equal(way("2001:db8:2::9"), &second->netif);
  assert_ptr_equal(way("ff0e::1"), &second->netif);
  netif_set_default(NULL);
  assert_null(way("2001:db8:2::9"));
  assert_null(way("ff0e::1"));
}

PACKET_TEST(test_unusable_netifs_are_passed_over)
{
  up();
  netif_set_link_down(&second->netif);
  assert_ptr_equal(way("2001:db8:1::9"), &net.netif);
  netif_set_link_up(&second->netif);
  assert_ptr_equal(way("2001:db8:1::9"), &second->netif);
  netif_set_down(&second->netif);
  assert_ptr_equal(way("2001:db8:1::9"), &net.netif);
  netif_set_up(&second->netif);
  netif_set_down(&net.netif);
  tx_discard();
}

/* A program that names no default netif and has but one means that one. */
PACKET_TEST(test_the_only_netif)
{
  net6_up();
  netif_set_default(NULL);
  assert_ptr_equal(way("2001:db8:2::9"), &net.netif);
  assert_ptr_equal(way("fe80::9"), &net.netif);
  assert_ptr_equal(way("ff02::9"), &net.netif);
  netif_set_down(&net.netif);
  assert_null(way("2001:db8:2::9"));
}

PACKET_TEST(test_own_addresses_loop)
{
  up();
  assert_ptr_equal(way("2001:db8:1::1"), &second->netif);
  assert_ptr_equal(way("2001:db8::1"), &net.netif);
#if LWIP_HAVE_LOOPIF
  assert_ptr_equal(way("::1"), netif_find("lo0"));
  assert_ptr_equal(way("::2"), &net.netif);
#endif
}

/* The uplink that owns the source carries what no prefix has. */
PACKET_TEST(test_source)
{
  up();
  assert_ptr_equal(way_from("2001:db8:1::1", "2001:db8:9::9"), &second->netif);
  assert_ptr_equal(way_from("2001:db8::1", "2001:db8:9::9"), &net.netif);
  assert_ptr_equal(way_from("2001:db8:7::7", "2001:db8:9::9"), &net.netif);
  assert_ptr_equal(way_from("2001:db8:1::1", "2001:db8::9"), &net.netif);
  assert_ptr_equal(way_from("2001:db8:1::1", "ff0e::9"), &second->netif);
}

#if LWIP_IPV6_SCOPES
/* RFC 4007 9: a zone leaves no choice */
PACKET_TEST(test_zones)
{
  up();
  const char *const scoped[] = {"fe80::9", "ff02::9", "ff01::9", "ff12::9"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(scoped); i++) {
    ip6_addr_t dst = ip6_on(second, scoped[i]);
    assert_ptr_equal(ip6_route(NULL, &dst), &second->netif);
    dst = ip6_on(&net, scoped[i]);
    assert_ptr_equal(ip6_route(NULL, &dst), &net.netif);
    netif_set_link_down(&net.netif);
    assert_null(ip6_route(NULL, &dst)); /* no other link will do */
    netif_set_link_up(&net.netif);
    tx_discard();
  }
  ip6_addr_t nowhere = ip6_of("fe80::9");
  ip6_addr_set_zone(&nowhere, 99);
  assert_null(ip6_route(NULL, &nowhere));
}

/* Without zone, that of the source, then its owner's, then the default netif's. */
PACKET_TEST(test_scoped_destinations_without_zone)
{
  up();
  ip6_addr_t dst = ip6_of("fe80::9");
  ip6_addr_t src = ip6_on(second, "fe80::ff:fe00:101");
  assert_ptr_equal(ip6_route(&src, &dst), &second->netif);
  assert_ptr_equal(way_from("2001:db8:1::1", "fe80::9"), &second->netif);
  assert_ptr_equal(way_from("2001:db8:1::1", "ff02::9"), &second->netif);
  assert_ptr_equal(way("fe80::9"), &net.netif);
  netif_set_default(&second->netif);
  assert_ptr_equal(way("ff02::9"), &second->netif);
}
#endif

#if LWIP_NUM_ROUTES > 0

PACKET_TEST(test_longest_prefix_of_the_table)
{
  up();
  assert_int_equal(add("2001:db8:8000::", 33, "fe80::3", &net.netif), ERR_OK);
  assert_int_equal(add("2001:db8:9000::", 36, "fe80::4", &second->netif), ERR_OK);
  assert_int_equal(add("2001:db8:9000::7", 128, "fe80::5", &net.netif), ERR_OK);
  netif_set_default(NULL);
  assert_ptr_equal(way("2001:db8:8000::1"), &net.netif);
  assert_ptr_equal(way("2001:db8:9000::1"), &second->netif);
  assert_ptr_equal(way("2001:db8:9fff::1"), &second->netif);
  assert_ptr_equal(way("2001:db8:a000::1"), &net.netif);
  assert_ptr_equal(way("2001:db8:9000::7"), &net.netif);
  assert_null(way("2001:db8:7fff::1"));
  expect_hop(&second->netif, "2001:db8:9000::1", "fe80::4");
  expect_hop(&net.netif, "2001:db8:9000::7", "fe80::5");
  expect_hop(&net.netif, "2001:db8:9000::8", "fe80::3"); /* the best of this netif */
  expect_hop(&net.netif, "2001:db8:7fff::1", "2001:db8:7fff::1");
}

/* A prefix on the link is at home there, whatever wider routes say; a narrower one may not be. */
PACKET_TEST(test_routes_and_on_link_prefixes)
{
  up();
  assert_int_equal(add("2001:db8::", 48, "fe80::3", &second->netif), ERR_OK);
  assert_ptr_equal(way("2001:db8::9"), &net.netif);
  assert_int_equal(add("2001:db8::8", 125, "fe80::3", &second->netif), ERR_OK);
  assert_ptr_equal(way("2001:db8::9"), &second->netif);
  assert_ptr_equal(way("2001:db8::10"), &net.netif);
  expect_hop(&net.netif, "2001:db8::9", "2001:db8::9");
  assert_int_equal(add("2001:db8::8", 125, "fe80::4", &net.netif), ERR_OK);
  expect_hop(&net.netif, "2001:db8::9", "fe80::4");
}

PACKET_TEST(test_routes_without_gateway)
{
  up();
  assert_int_equal(add("2001:db8:77::", 64, "::", &second->netif), ERR_OK);
  assert_ptr_equal(way("2001:db8:77::9"), &second->netif);
  expect_hop(&second->netif, "2001:db8:77::9", "2001:db8:77::9");
  ip6_addr_t dst = ip6_of("2001:db8:77::9");
  assert_int_equal(ip6_static_on_link_len(&second->netif, &dst), 64);
  assert_int_equal(ip6_static_on_link_len(&net.netif, &dst), -1);
}

/* B1-15 for IPv6: a gateway outside of all prefixes is a neighbour nevertheless */
PACKET_TEST(test_gateway_off_prefix)
{
  up();
  assert_int_equal(add("2001:db8:77::", 64, "2001:db8:66::1", &second->netif), ERR_OK);
  expect_hop(&second->netif, "2001:db8:77::9", "2001:db8:66::1");
  ip6_addr_t gateway = ip6_of("2001:db8:66::1");
  assert_int_equal(ip6_static_on_link_len(&second->netif, &gateway), 128);
}

PACKET_TEST(test_default_routes)
{
  up();
  netif_set_default(NULL);
  assert_int_equal(add("::", 0, "fe80::3", &net.netif), ERR_OK);
  assert_ptr_equal(way("2001:db8:9::9"), &net.netif);
  assert_null(way("ff0e::9")); /* nothing about groups */
  struct ip_route_entry second_best = route_of("::", 0, "fe80::4", &second->netif);
  second_best.metric = 5;
  assert_int_equal(ip_route_add(&second_best), ERR_OK);
  assert_ptr_equal(way("2001:db8:9::9"), &net.netif);
  /* each uplink carries the packets of its own addresses */
  assert_ptr_equal(way_from("2001:db8:1::1", "2001:db8:9::9"), &second->netif);
  netif_set_link_down(&net.netif);
  assert_ptr_equal(way("2001:db8:9::9"), &second->netif);
  tx_discard();
}

PACKET_TEST(test_routes_to_groups)
{
  up();
  assert_int_equal(add("ff0e::", 16, "::", &second->netif), ERR_OK);
  assert_ptr_equal(way("ff0e::9"), &second->netif);
  assert_ptr_equal(way("ff08::9"), &net.netif);
  assert_int_equal(add("ff00::", 8, "::", &second->netif), ERR_OK);
  assert_ptr_equal(way("ff08::9"), &second->netif);
}

PACKET_TEST(test_routes_that_cannot_be)
{
  net6_up();
  assert_int_equal(add("2001:db8:9::", 129, "fe80::3", &net.netif), ERR_VAL);
  assert_int_equal(add("2001:db8:9::", 48, "ff02::2", &net.netif), ERR_VAL);
  assert_int_equal(add("2001:db8:9::", 48, "fe80::3", NULL), ERR_VAL);
#if LWIP_IPV4
  assert_int_equal(add("2001:db8:9::", 48, "10.0.0.3", &net.netif), ERR_VAL);
  assert_int_equal(add("10.1.0.0", 16, "fe80::3", &net.netif), ERR_VAL);
#endif
  struct ip_route_entry r;
  assert_false(ip_route_get(0, &r));
}

#if LWIP_IPV4
/* One table, two families: neither sees the other's. */
PACKET_TEST(test_families_do_not_mix)
{
  up();
  assert_int_equal(add("::", 0, "fe80::3", &second->netif), ERR_OK);
  assert_int_equal(add("0.0.0.0", 0, "10.0.0.7", &net.netif), ERR_OK);
  ip_addr_t v4 = ip_of("192.0.2.1"), v6 = ip_of("2001:db8:9::9");
  const struct ip_route_entry *r = ip_route_lookup(&v4, NULL, -1);
  assert_true(r != NULL && r->netif == &net.netif);
  r = ip_route_lookup(&v6, NULL, -1);
  assert_true(r != NULL && r->netif == &second->netif);
}
#endif

PACKET_TEST(test_replacing_removing_listing)
{
  struct ip_route_entry r;
  up();
  assert_int_equal(add("2001:db8:9::", 48, "fe80::3", &net.netif), ERR_OK);
  assert_int_equal(add("2001:db8:9:ffff::", 48, "fe80::3", &net.netif), ERR_OK); /* the same */
  assert_true(ip_route_get(0, &r));
  assert_false(ip_route_get(1, &r));
  assert_int_equal(r.prefix_len, 48);
  ip6_addr_t gateway = ip6_on(&net, "fe80::3");
  assert_true(ip6_addr_eq(ip_2_ip6(&r.gateway), &gateway));
  assert_int_equal(take("2001:db8:9::", 48, "fe80::4", &net.netif), ERR_VAL);
  assert_int_equal(take("2001:db8:9::", 48, "fe80::3", &net.netif), ERR_OK);
  assert_int_equal(add("2001:db8:9::", 48, "fe80::3", &second->netif), ERR_OK);
  netif_remove(&second->netif);
  assert_false(ip_route_get(0, &r));
}

#endif

static const struct packet_test tests[] = {
    TEST_FLAGS(test_prefixes_then_the_default, PACKET_ONCE),
    TEST_FLAGS(test_unusable_netifs_are_passed_over, PACKET_ONCE),
    TEST_FLAGS(test_the_only_netif, PACKET_ONCE),
    TEST_FLAGS(test_own_addresses_loop, PACKET_ONCE),
    TEST_FLAGS(test_source, PACKET_ONCE),
#if LWIP_IPV6_SCOPES
    TEST_FLAGS(test_zones, PACKET_ONCE),
    TEST_FLAGS(test_scoped_destinations_without_zone, PACKET_ONCE),
#endif
#if LWIP_NUM_ROUTES > 0
    TEST_FLAGS(test_longest_prefix_of_the_table, PACKET_ONCE),
    TEST_FLAGS(test_routes_and_on_link_prefixes, PACKET_ONCE),
    TEST_FLAGS(test_routes_without_gateway, PACKET_ONCE),
    TEST_FLAGS(test_gateway_off_prefix, PACKET_ONCE),
    TEST_FLAGS(test_default_routes, PACKET_ONCE),
    TEST_FLAGS(test_routes_to_groups, PACKET_ONCE),
    TEST_FLAGS(test_routes_that_cannot_be, PACKET_ONCE),
#if LWIP_IPV4
    TEST_FLAGS(test_families_do_not_mix, PACKET_ONCE),
#endif
    TEST_FLAGS(test_replacing_removing_listing, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
