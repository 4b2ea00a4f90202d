/*
 * Where packets leave and by which next hop (RFC 1122 3.3.1, RFC 1812 5.2.4.3).
 * needs: ipv4
 */
#include "packet.h"
#include "gossamer/netif_addr.h"
#include "gossamer/route.h"
#include "lwip/ip4.h"

static const struct netif *way(const char *dst)
{
  ip4_addr_t to = ip4_of(dst);
  return ip4_route(&to);
}

static const struct netif *way_from(const char *src, const char *dst)
{
  ip4_addr_t from = ip4_of(src), to = ip4_of(dst);
  return ip4_route_src(&from, &to);
}

PACKET_TEST(test_subnets_then_the_default)
{
  struct packet_net *second = net_add_netif();
  assert_ptr_equal(way("10.0.0.9"), &net.netif);
  assert_ptr_equal(way("10.0.1.9"), &second->netif);
  assert_ptr_equal(way("10.0.1.255"), &second->netif);
  assert_ptr_equal(way("192.0.2.1"), &net.netif);
  assert_ptr_equal(way("255.255.255.255"), &net.netif);
  netif_set_default(&second->netif);
  assert_ptr_equal(way("192.0.2.1"), &second->netif);
  netif_set_default(NULL);
  assert_null(way("192.0.2.1"));
}

PACKET_TEST(test_unusable_netifs_are_passed_over)
{
  struct packet_net *second = net_add_netif();
  netif_set_link_down(&second->netif);
  assert_ptr_equal(way("10.0.1.9"), &net.netif);
  netif_set_link_up(&second->netif);
  netif_set_down(&second->netif);
  assert_ptr_equal(way("10.0.1.9"), &net.netif);
  netif_set_up(&second->netif);
  assert_ptr_equal(way("10.0.1.9"), &second->netif);
  netif_set_ipaddr(&second->netif, NULL);
  assert_ptr_equal(way("10.0.1.9"), &net.netif);
  netif_set_down(&net.netif);
  assert_null(way("192.0.2.1"));
}

/* Of two subnets that contain an address the longer one has it, whichever netif came first. */
PACKET_TEST(test_longest_subnet)
{
  struct packet_net *second = net_add_netif();
  ip4_addr_t addr = ip4_of("10.0.0.129"), mask = ip4_of("255.255.255.128");
  netif_set_addr(&second->netif, &addr, &mask, NULL);
  assert_ptr_equal(way("10.0.0.200"), &second->netif);
  assert_ptr_equal(way("10.0.0.20"), &net.netif);
}

PACKET_TEST(test_own_addresses_loop)
{
  struct packet_net *second = net_add_netif();
  assert_ptr_equal(way("10.0.1.1"), &second->netif);
#if LWIP_HAVE_LOOPIF
  assert_non_null(way("127.0.0.1"));
  assert_string_equal(way("127.1.2.3")->name[0] == 'l' ? "lo" : "other", "lo");
#endif
}

/* The uplink that owns the source carries what no subnet has. */
PACKET_TEST(test_source)
{
  struct packet_net *second = net_add_netif();
  assert_ptr_equal(way_from("10.0.1.1", "192.0.2.1"), &second->netif);
  assert_ptr_equal(way_from("10.0.0.1", "192.0.2.1"), &net.netif);
  assert_ptr_equal(way_from("0.0.0.0", "192.0.2.1"), &net.netif);
  assert_ptr_equal(way_from("172.16.0.1", "192.0.2.1"), &net.netif);
  assert_ptr_equal(way_from("10.0.1.1", "10.0.0.9"), &net.netif);
  netif_set_down(&second->netif);
  assert_ptr_equal(way_from("10.0.1.1", "192.0.2.1"), &net.netif);
}

#if LWIP_MULTICAST_TX_OPTIONS
PACKET_TEST(test_default_netif_of_groups)
{
  struct packet_net *second = net_add_netif();
  assert_ptr_equal(way("239.1.2.3"), &net.netif);
  ip4_set_default_multicast_netif(&second->netif);
  assert_ptr_equal(way("239.1.2.3"), &second->netif);
  assert_ptr_equal(way("192.0.2.1"), &net.netif);
  netif_remove(&second->netif);
  assert_ptr_equal(way("239.1.2.3"), &net.netif);
}
#endif

#if LWIP_IPV4_NUM_ADDRESSES > 1
PACKET_TEST(test_subnets_of_extra_addresses)
{
  struct packet_net *second = net_add_netif();
  ip4_addr_t addr = ip4_of("172.16.0.1"), mask = ip4_of("255.255.0.0");
  assert_int_equal(netif_add_ip4_address(&second->netif, &addr, &mask), ERR_OK);
  assert_ptr_equal(way("172.16.9.9"), &second->netif);
  assert_int_equal(netif_remove_ip4_address(&second->netif, &addr), ERR_OK);
  assert_ptr_equal(way("172.16.9.9"), &net.netif);
}
#endif

#if LWIP_NUM_ROUTES > 0

static struct ip_route_entry entry(const char *prefix, u8_t len, const char *gateway,
                                   struct netif *netif, u16_t metric)
{
  struct ip_route_entry r = {.prefix = ip_of(prefix),
                             .gateway = ip_of(gateway),
                             .netif = netif,
                             .metric = metric,
                             .prefix_len = len};
  return r;
}

static err_t add(const char *prefix, u8_t len, const char *gateway, struct netif *netif,
                 u16_t metric)
{
  struct ip_route_entry r = entry(prefix, len, gateway, netif, metric);
  return ip_route_add(&r);
}

/** The MAC of the next hop of a datagram to `dst`, which leaves by `on`. */
static void expect_next_hop(struct packet_net *on, const char *dst, u8_t host)
{
  ip_addr_t to = ip_of(dst);
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &to, 9), ERR_OK);
  check_eth(tx_on(on), mac_of(on->number, host), mac_of(on->number, 1), ETHTYPE_IP);
  expect_silence();
  udp_remove(pcb);
}

PACKET_TEST(test_longest_prefix)
{
  struct packet_net *second = net_add_netif();
  assert_int_equal(add("192.0.2.0", 24, "10.0.1.7", &second->netif, 0), ERR_OK);
  assert_int_equal(add("192.0.0.0", 16, "10.0.0.8", &net.netif, 0), ERR_OK);
  assert_int_equal(add("192.0.2.128", 25, "10.0.0.9", &net.netif, 0), ERR_OK);
  assert_int_equal(add("192.0.2.200", 32, "10.0.1.10", &second->netif, 0), ERR_OK);
  expect_next_hop(second, "192.0.2.1", 7);
  expect_next_hop(&net, "192.0.3.1", 8);
  expect_next_hop(&net, "192.0.2.129", 9);
  expect_next_hop(second, "192.0.2.200", 10);
  expect_next_hop(&net, "198.51.100.1", 254); /* the default netif's gateway */
}

/* A prefix of length 0 goes before netif_default; a netif's own subnet before all shorter ones. */
PACKET_TEST(test_default_route)
{
  struct packet_net *second = net_add_netif();
  assert_int_equal(add("0.0.0.0", 0, "10.0.1.7", &second->netif, 0), ERR_OK);
  assert_int_equal(add("10.0.0.0", 8, "10.0.1.8", &second->netif, 0), ERR_OK);
  expect_next_hop(second, "198.51.100.1", 7);
  expect_next_hop(second, "10.77.0.1", 8);
  expect_next_hop(&net, "10.0.0.9", 9);
  assert_int_equal(add("10.0.0.0", 24, "10.0.1.8", &second->netif, 0), ERR_OK);
  expect_next_hop(&net, "10.0.0.9", 9); /* equally long: our subnet */
  assert_int_equal(add("10.0.0.9", 32, "10.0.1.8", &second->netif, 0), ERR_OK);
  expect_next_hop(second, "10.0.0.9", 8);
}

PACKET_TEST(test_metrics_and_standby)
{
  struct packet_net *second = net_add_netif();
  assert_int_equal(add("192.0.2.0", 24, "10.0.0.7", &net.netif, 20), ERR_OK);
  assert_int_equal(add("192.0.2.0", 24, "10.0.1.8", &second->netif, 10), ERR_OK);
  expect_next_hop(second, "192.0.2.1", 8);
  netif_set_link_down(&second->netif);
  tx_discard();
  expect_next_hop(&net, "192.0.2.1", 7);
  netif_set_link_up(&second->netif);
  advance(2000); /* IGMP and ARP announce themselves */
  tx_discard();
  expect_next_hop(second, "192.0.2.1", 8);
  assert_int_equal(add("192.0.2.0", 24, "10.0.0.7", &net.netif, 5), ERR_OK); /* replaced */
  expect_next_hop(&net, "192.0.2.1", 7);
}

PACKET_TEST(test_route_without_gateway_is_on_the_link)
{
  struct packet_net *second = net_add_netif();
  second->peer_answers_arp = false;
  assert_int_equal(add("192.0.2.0", 24, "0.0.0.0", &second->netif, 0), ERR_OK);
  assert_ptr_equal(way("192.0.2.1"), &second->netif);
}

PACKET_TEST(test_listing_and_removal)
{
  struct packet_net *second = net_add_netif();
  struct ip_route_entry r = entry("192.0.2.99", 24, "10.0.1.7", &second->netif, 3);
  struct ip_route_entry found;
  assert_int_equal(ip_route_remove(&r), ERR_VAL);
  assert_int_equal(ip_route_add(&r), ERR_OK);
  assert_int_equal(add("203.0.113.0", 24, "10.0.0.7", &net.netif, 0), ERR_OK);
  assert_true(ip_route_get(0, &found));
  assert_true(ip_route_get(1, &found));
  assert_false(ip_route_get(2, &found));
  r = entry("192.0.2.0", 24, "10.0.1.7", &second->netif, 99); /* the same prefix, any metric */
  assert_int_equal(ip_route_remove(&r), ERR_OK);
  assert_ptr_equal(way("192.0.2.1"), &net.netif);
  assert_int_equal(ip_route_add(&r), ERR_OK);
  netif_remove(&second->netif);
  assert_false(ip_route_get(1, &found));
  assert_ptr_equal(way("192.0.2.1"), &net.netif);
}

PACKET_TEST(test_routes_that_cannot_be)
{
  assert_int_equal(add("192.0.2.0", 24, "10.0.0.7", NULL, 0), ERR_VAL);
  assert_int_equal(add("192.0.2.0", 33, "10.0.0.7", &net.netif, 0), ERR_VAL);
  assert_int_equal(add("192.0.2.0", 24, "224.0.0.1", &net.netif, 0), ERR_VAL);
  assert_int_equal(add("192.0.2.0", 24, "255.255.255.255", &net.netif, 0), ERR_VAL);
  for (unsigned i = 0; i < LWIP_NUM_ROUTES; i++) {
    struct ip_route_entry r = entry("192.0.2.0", 32, "10.0.0.7", &net.netif, 0);
    ip_2_ip4(&r.prefix)->addr = lwip_htonl(0xc0000200U + i);
    assert_int_equal(ip_route_add(&r), ERR_OK);
  }
  assert_int_equal(add("203.0.113.0", 24, "10.0.0.7", &net.netif, 0), ERR_MEM);
}

#endif

static const struct packet_test tests[] = {
    TEST_FLAGS(test_subnets_then_the_default, PACKET_ONCE),
    TEST_FLAGS(test_unusable_netifs_are_passed_over, PACKET_ONCE),
    TEST_FLAGS(test_longest_subnet, PACKET_ONCE),
    TEST_FLAGS(test_own_addresses_loop, PACKET_ONCE),
    TEST_FLAGS(test_source, PACKET_ONCE),
#if LWIP_MULTICAST_TX_OPTIONS
    TEST_FLAGS(test_default_netif_of_groups, PACKET_ONCE),
#endif
#if LWIP_IPV4_NUM_ADDRESSES > 1
    TEST_FLAGS(test_subnets_of_extra_addresses, PACKET_ONCE),
#endif
#if LWIP_NUM_ROUTES > 0
    TEST_FLAGS(test_longest_prefix, PACKET_ONCE),
    TEST_FLAGS(test_default_route, PACKET_ONCE),
    TEST_FLAGS(test_metrics_and_standby, PACKET_ONCE),
    TEST_FLAGS(test_route_without_gateway_is_on_the_link, PACKET_ONCE),
    TEST_FLAGS(test_listing_and_removal, PACKET_ONCE),
    TEST_FLAGS(test_routes_that_cannot_be, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
