/*
 * DHCP server: what programs set and ask (ESP-IDF's dhcpserver.h; features 134, 135).
 * needs: ipv4
 */
#include "dhcps_text.h"
#include "lwip/etharp.h"

static void set_flag(u8_t option, dhcps_offer_t value)
{
  assert_int_equal(dhcps_set_option_info(server, option, &value, sizeof value), ERR_OK);
}

static void set_time(dhcps_time_t units)
{
  assert_int_equal(dhcps_set_option_info(server, IP_ADDRESS_LEASE_TIME, &units, sizeof units),
                   ERR_OK);
}

/* RFC 2131 2, figure 1: ESP-IDF's struct is a message as it is on the wire. */
PACKET_TEST(test_message_struct)
{
  assert_int_equal(offsetof(dhcps_msg, xid), 4);
  assert_int_equal(offsetof(dhcps_msg, flags), 10);
  assert_int_equal(offsetof(dhcps_msg, yiaddr), 16);
  assert_int_equal(offsetof(dhcps_msg, chaddr), 28);
  assert_int_equal(offsetof(dhcps_msg, sname), 44);
  assert_int_equal(offsetof(dhcps_msg, file), 108);
  assert_int_equal(offsetof(dhcps_msg, options), 236);
  assert_int_equal(sizeof(dhcps_msg), 548); /* what fits into a packet of 576 bytes */
  assert_int_equal(sizeof(dhcps_state), 2);
}

/* Mask 1, router 3, DNS 6, MTU 26, broadcast 28, router discovery 31. */
PACKET_TEST(test_told_by_default)
{
  u16_t mtu = 0;
  u8_t discovers = 9;
  serve();
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  expect_told_addr(DHCP_OPTION_SUBNET_MASK, "255.255.255.0");
  expect_told_addr(DHCP_OPTION_ROUTER, "10.0.0.254");
  expect_told_addr(DHCP_OPTION_DNS_SERVER, OUR);
  expect_told_addr(DHCP_OPTION_BROADCAST, "10.0.0.255");
  assert_true(dhcp_option_u16(&said.m, DHCP_OPTION_MTU, &mtu));
  assert_int_equal(mtu, 1500);
  assert_int_equal(dhcp_option_get(&said.m, PERFORM_ROUTER_DISCOVERY, &discovers, 1), 1);
  assert_int_equal(discovers, 0);
  assert_int_equal(dhcp_option_get(&said.m, CAPTIVEPORTAL_URI, NULL, 0), -1);
}

PACKET_TEST(test_router)
{
  serve();
  netif_set_gw(&net.netif, IP4_ADDR_ANY4);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  expect_told_addr(DHCP_OPTION_ROUTER, OUR);
  set_flag(ROUTER_SOLICITATION_ADDRESS, OFFER_START);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(dhcp_option_get(&said.m, DHCP_OPTION_ROUTER, NULL, 0), -1);
  assert_true(dhcps_router_enabled(OFFER_ROUTER) && !dhcps_router_enabled(OFFER_DNS));
}

/* Main and backup. */
PACKET_TEST(test_dns)
{
  ip4_addr_t list[3];
  ip4_addr_t got;
  ip_addr_t main_server = ip_of("10.0.0.53");
  ip_addr_t backup = ip_of("10.0.0.54");
  serve();
  set_flag(DOMAIN_NAME_SERVER, OFFER_DNS);
  assert_true(dhcps_dns_enabled(OFFER_DNS) && !dhcps_dns_enabled(OFFER_ROUTER));
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(dhcp_option_get(&said.m, DHCP_OPTION_DNS_SERVER, NULL, 0), -1);
  assert_int_equal(dhcps_dns_setserver_by_type(server, &backup, DNS_TYPE_BACKUP), ERR_OK);
  assert_int_equal(dhcps_dns_setserver(server, &main_server), ERR_OK);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(dhcp_option_addrs(&said.m, DHCP_OPTION_DNS_SERVER, list, 3), 2);
  assert_int_equal(list[0].addr, ip4_of("10.0.0.53").addr);
  assert_int_equal(list[1].addr, ip4_of("10.0.0.54").addr);
  assert_int_equal(dhcps_dns_getserver(server, &got), ERR_OK);
  assert_int_equal(got.addr, list[0].addr);
  assert_int_equal(dhcps_dns_getserver_by_type(server, &got, DNS_TYPE_BACKUP), ERR_OK);
  assert_int_equal(got.addr, list[1].addr);
  assert_int_equal(dhcps_dns_setserver(server, NULL), ERR_OK);
  assert_int_equal(dhcps_dns_getserver(server, &got), ERR_OK);
  assert_int_equal(got.addr, 0);
  assert_int_equal(dhcps_dns_setserver_by_type(server, &backup, DNS_TYPE_MAX), ERR_ARG);
  assert_int_equal(dhcps_dns_getserver_by_type(server, &got, DNS_TYPE_MAX), ERR_ARG);
}

/* In units of CONFIG_LWIP_DHCPS_LEASE_UNIT; a client may wish for less (RFC 2131 4.3.1). */
PACKET_TEST(test_lease_time)
{
  serve();
  set_time(2);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(told_lease_s(), 2 * DHCPS_LEASE_UNIT);
  static const u32_t wish[][2] = {{90, 90}, {121, 120}, {0, 120}, {0xffffffff, 120}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wish); i++) {
    struct ask a = ask_of(DHCP_DISCOVER, 1);
    ask_u32(&a, DHCP_OPTION_LEASE_TIME, wish[i][0]);
    ask(&a);
    told(DHCP_OFFER, 1, "10.0.0.100");
    assert_int_equal(told_lease_s(), wish[i][1]);
  }
  set_time(0);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(told_lease_s(), DHCPS_LEASE_TIME_DEF * DHCPS_LEASE_UNIT);
  set_time(0xffffffff); /* longer than there are seconds, but with an end */
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_in_range(told_lease_s(), 0xfffffffeU - DHCPS_LEASE_UNIT, 0xfffffffeU);
}

PACKET_TEST(test_mask)
{
  ip4_addr_t mask = ip4_of("255.255.0.0");
  serve();
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_OK);
  assert_int_equal(dhcps_set_option_info(server, SUBNET_MASK, &mask, sizeof mask), ERR_OK);
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of(OUR)), ERR_OK);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  expect_told_addr(DHCP_OPTION_SUBNET_MASK, "255.255.0.0");
  expect_told_addr(DHCP_OPTION_BROADCAST, "10.0.255.255");
  mask = ip4_of("255.0.255.0");
  assert_int_equal(dhcps_set_option_info(server, SUBNET_MASK, &mask, sizeof mask), ERR_ARG);
}

/* RFC 8910 2.1. */
PACKET_TEST(test_captive_portal)
{
  char uri[] = "http://10.0.0.1/portal";
  char got[64];
  serve();
  assert_int_equal(dhcps_set_option_info(server, CAPTIVEPORTAL_URI, uri, 22), ERR_OK);
  assert_ptr_equal(dhcps_option_info(server, CAPTIVEPORTAL_URI, 22), uri);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(dhcp_option_get(&said.m, CAPTIVEPORTAL_URI, got, sizeof got), 22);
  assert_memory_equal(got, uri, 22);
  assert_int_equal(dhcps_set_option_info(server, CAPTIVEPORTAL_URI, NULL, 1), ERR_ARG);
  assert_int_equal(dhcps_set_option_info(server, CAPTIVEPORTAL_URI, uri, 256), ERR_ARG);
  assert_int_equal(dhcps_set_option_info(server, CAPTIVEPORTAL_URI, NULL, 0), ERR_OK);
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(dhcp_option_get(&said.m, CAPTIVEPORTAL_URI, NULL, 0), -1);
}

/* B12-205: out of the subnet, the wrong way round, more than DHCPS_MAX_LEASE: up to 2^32. */
PACKET_TEST(test_pool_refused)
{
  static const char *const bad[][2] = {{"10.0.0.103", "10.0.0.100"},   {"10.0.0.1", "10.0.0.101"},
                                       {"0.0.0.0", "255.255.255.255"}, {"10.0.1.1", "10.0.1.9"},
                                       {"10.0.0.250", "10.0.0.255"},   {"10.0.0.0", "10.0.0.9"},
                                       {"10.0.0.250", "10.0.1.5"}};
  serve();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    packet_note("pool %u", i);
    assert_int_equal(set_pool(bad[i][0], bad[i][1]), ERR_ARG);
  }
  const dhcps_lease_t *is =
      (const dhcps_lease_t *)dhcps_option_info(server, REQUESTED_IP_ADDRESS, sizeof *is);
  assert_int_equal(is->start_ip.addr, ip4_of(POOL_FIRST).addr);
  lease(1, "10.0.0.100");
  /* Set before the subnet is known. */
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_OK);
  assert_int_equal(set_pool("10.0.1.1", "10.0.1.9"), ERR_OK);
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of(OUR)), ERR_ARG);
}

/* A pool that moves takes leases along that are in it. */
PACKET_TEST(test_pool_moves)
{
  serve();
  lease(1, "10.0.0.100");
  lease(2, "10.0.0.101");
  assert_int_equal(set_pool("10.0.0.101", "10.0.0.110"), ERR_OK);
  assert_false(is_leased(1, "10.0.0.100"));
  assert_true(is_leased(2, "10.0.0.101"));
  renew(1, "10.0.0.100", OUR);
  told_no(1);
  lease(1, "10.0.0.102");
}

/* Next to the server, on the side with more room; never the server itself. */
PACKET_TEST(test_default_pool)
{
  dhcps_lease_t none = {.enable = false};
  serve();
  assert_int_equal(dhcps_set_option_info(server, REQUESTED_IP_ADDRESS, &none, sizeof none), ERR_OK);
  lease(1, "10.0.0.2");
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_OK);
  ip4_addr_t high = ip4_of("10.0.0.200");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  netif_set_addr(&net.netif, &high, &mask, NULL);
  tx_discard();
  assert_int_equal(dhcps_start(server, &net.netif, high), ERR_OK);
  discover(2);
  said_in(tx(), DHCP_OFFER);
  expect_yiaddr("10.0.0.100");
}

PACKET_TEST(test_the_server_is_in_the_pool)
{
  serve();
  assert_int_equal(set_pool("10.0.0.1", "10.0.0.2"), ERR_OK);
  lease(1, "10.0.0.2");
  discover(2);
  expect_drop(DROP_DHCPS_NO_ADDRESS);
  reboot(1, OUR);
  told_no(1);
}

PACKET_TEST(test_wrong_arguments)
{
  ip4_addr_t ip;
  dhcps_time_t units = 1;
  ip_addr_t six = ip_of("10.0.0.53");
  char name[8];
  u8_t mac[6] = {2};
  serve();
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of(OUR)), ERR_USE);
  assert_int_equal(dhcps_stop(server, NULL), ERR_ARG);
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_OK);
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_ARG);
  assert_int_equal(dhcps_start(server, NULL, ip4_of(OUR)), ERR_ARG);
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of("10.0.0.9")), ERR_ARG);
  assert_int_equal(dhcps_start(NULL, &net.netif, ip4_of(OUR)), ERR_ARG);
  assert_int_equal(dhcps_set_option_info(server, IP_ADDRESS_LEASE_TIME, &units, 2), ERR_ARG);
  assert_int_equal(dhcps_set_option_info(server, IP_ADDRESS_LEASE_TIME, NULL, 4), ERR_ARG);
  assert_int_equal(dhcps_set_option_info(server, ROOT_PATH, &units, 4), ERR_ARG);
  assert_null(dhcps_option_info(server, IP_ADDRESS_LEASE_TIME, 2));
  assert_null(dhcps_option_info(server, ROOT_PATH, 4));
  assert_non_null(dhcps_option_info(server, IP_ADDRESS_LEASE_TIME, 4));
  assert_false(dhcp_search_ip_on_mac(server, NULL, &ip));
  assert_false(dhcp_search_ip_on_mac(server, mac, &ip));
  assert_false(dhcps_get_hostname_on_mac(server, mac, name, sizeof name));
  assert_false(dhcps_search_ip_on_hostname(server, "", &ip));
  dhcps_delete(NULL);
  assert_int_equal(dhcps_set_option_info(NULL, IP_ADDRESS_LEASE_TIME, &units, 4), ERR_ARG);
  assert_null(dhcps_option_info(NULL, IP_ADDRESS_LEASE_TIME, 4));
  assert_int_equal(dhcps_dns_setserver(NULL, &six), ERR_ARG);
  assert_int_equal(dhcps_dns_getserver(NULL, &ip), ERR_ARG);
  assert_int_equal(dhcps_set_new_lease_cb(NULL, NULL, NULL), ERR_ARG);
  struct dhcps_pool is;
  assert_false(dhcps_lease_get(NULL, 0, &is));
}

static void lease_named(u8_t number, const char *ip, const char *hostname)
{
  discover(number);
  told(DHCP_OFFER, number, ip);
  struct ask a = ask_of(DHCP_REQUEST, number);
  ask_addr(&a, DHCP_OPTION_SERVER_ID, OUR);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, ip);
  ask_bytes(&a, DHCP_OPTION_HOSTNAME, hostname, strlen(hostname));
  ask(&a);
  told(DHCP_ACK, number, ip);
}

PACKET_TEST(test_hostnames)
{
  char name[80];
  ip4_addr_t ip;
  u8_t mac[6];
  struct dhcps_pool is;
  serve();
  memcpy(mac, mac_of(CLIENT_NET, 1), 6);
  lease_named(1, "10.0.0.100", "Gossamer-1.lan");
  assert_true(dhcps_get_hostname_on_mac(server, mac, name, sizeof name));
  assert_string_equal(name, "Gossamer-1.lan");
  assert_true(dhcps_get_hostname_on_mac(server, mac, name, 4));
  assert_string_equal(name, "Gos");
  assert_true(dhcps_search_ip_on_hostname(server, "gossamer-1.LAN", &ip));
  assert_int_equal(ip.addr, ip4_of("10.0.0.100").addr);
  assert_false(dhcps_search_ip_on_hostname(server, "gossamer-2", &ip));
  /* Of two the newer. */
  lease_named(2, "10.0.0.101", "Gossamer-1.lan");
  assert_true(dhcps_search_ip_on_hostname(server, "gossamer-1.lan", &ip));
  assert_int_equal(ip.addr, ip4_of("10.0.0.101").addr);
  /* What is no name, or too long, is none. */
  lease_named(3, "10.0.0.102", "<script>");
  memcpy(mac, mac_of(CLIENT_NET, 3), 6);
  assert_false(dhcps_get_hostname_on_mac(server, mac, name, sizeof name));
  memset(name, 'x', sizeof name);
  name[CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN] = '\0';
  lease_named(3, "10.0.0.102", name);
  assert_false(dhcps_get_hostname_on_mac(server, mac, name, sizeof name));
  assert_true(dhcps_lease_get(server, 0, &is) && dhcps_lease_get(server, 2, &is));
  assert_false(dhcps_lease_get(server, 3, &is));
  /* Who has no lease any more has no name. */
  release(1, "10.0.0.100", OUR);
  release(2, "10.0.0.101", OUR);
  assert_false(dhcps_search_ip_on_hostname(server, "gossamer-1.lan", &ip));
}

static struct {
  unsigned calls;
  u8_t ip[4];
  u8_t mac[6];
  bool deletes;
} heard;

static void on_lease(void *arg, u8_t ip[4], u8_t mac[6])
{
  heard.calls += arg == &heard;
  memcpy(heard.ip, ip, 4);
  memcpy(heard.mac, mac, 6);
  if (heard.deletes) {
    server_off();
  }
}

PACKET_TEST(test_new_lease_callback)
{
  memset(&heard, 0, sizeof heard);
  serve();
  assert_int_equal(dhcps_set_new_lease_cb(server, on_lease, &heard), ERR_OK);
  lease(1, "10.0.0.100");
  assert_int_equal(heard.calls, 1);
  assert_memory_equal(heard.ip, "\x0a\0\0\x64", 4);
  assert_memory_equal(heard.mac, mac_of(CLIENT_NET, 1), 6);
  renew(1, "10.0.0.100", OUR);
  told(DHCP_ACK, 1, "10.0.0.100");
  assert_int_equal(heard.calls, 1);
  reboot(1, "10.0.0.100");
  told(DHCP_ACK, 1, "10.0.0.100");
  assert_int_equal(heard.calls, 2);
  heard.deletes = true;
  lease(2, "10.0.0.101");
  assert_int_equal(heard.calls, 3);
  assert_null(server);
  discover(3);
  expect_drop(DROP_UDP_NO_PORT);
}

/** What ARP knows of an address. */
static bool arp_has(const char *ip, const u8_t *mac)
{
  ip4_addr_t addr = ip4_of(ip);
  struct eth_addr *eth;
  const ip4_addr_t *found;
  return etharp_find_addr(&net.netif, &addr, &eth, &found) >= 0 && memcmp(eth, mac, 6) == 0;
}

/* Clients are static entries of the ARP cache while they have a lease, no longer (feature 135). */
PACKET_TEST(test_static_arp)
{
  const u8_t *mac = mac_of(CLIENT_NET, 1);
  serve();
  lease(1, "10.0.0.100");
  assert_true(arp_has("10.0.0.100", mac));
  rx(arp(ARP_REPLY, mac_of(0, 66), "10.0.0.100", our_mac, OUR));
  ignore_drops();
  advance(3600 * 1000);
  assert_true(arp_has("10.0.0.100", mac));
  release(1, "10.0.0.100", OUR);
  assert_false(arp_has("10.0.0.100", mac));
  lease(1, "10.0.0.100");
  advance(7201 * 1000);
  assert_false(arp_has("10.0.0.100", mac));
  lease(1, "10.0.0.100");
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_OK);
  assert_false(arp_has("10.0.0.100", mac));
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of(OUR)), ERR_OK);
  assert_true(arp_has("10.0.0.100", mac));
}

/* Somebody uses an address of the pool that we gave to nobody. */
PACKET_TEST(test_address_that_arp_knows)
{
  serve();
  rx(arp(ARP_REQUEST, mac_of(0, 66), "10.0.0.100", zero_mac, OUR));
  tx_discard();
  lease(1, "10.0.0.101");
}

/* Leases outlive dhcps_stop(), and end meanwhile if it is their time. */
PACKET_TEST(test_stop_and_start)
{
  serve();
  lease(1, "10.0.0.100");
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_OK);
  discover(2);
  expect_drop(DROP_UDP_NO_PORT);
  tx_discard();
  advance(3600 * 1000);
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of(OUR)), ERR_OK);
  assert_true(is_leased(1, "10.0.0.100"));
  lease(2, "10.0.0.101");
  assert_int_equal(dhcps_stop(server, &net.netif), ERR_OK);
  advance(4000 * 1000);
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of(OUR)), ERR_OK);
  assert_false(is_leased(1, "10.0.0.100"));
  assert_true(is_leased(2, "10.0.0.101"));
}

/* Each netif has its own. */
PACKET_TEST(test_two_servers)
{
  serve();
  struct packet_net *other = net_add_netif();
  dhcps_t *second = dhcps_new();
  assert_non_null(second);
  assert_int_equal(dhcps_start(second, &net.netif, ip4_of(OUR)), ERR_USE);
  assert_int_equal(dhcps_start(second, &other->netif, ip4_of("10.0.1.1")), ERR_OK);
  lease(1, "10.0.0.100");
  struct ask a = ask_of(DHCP_DISCOVER, 1);
  struct udp_spec spec = udp_spec_of("0.0.0.0", 68, EVERYBODY, 67);
  rx_on(other, udp4_opts(spec, a.bytes, a.len));
  struct frame *f = check_ip4(tx_on(other), "10.0.1.1", "10.0.1.2", IP_PROTO_UDP);
  check_udp(f, 67, 68, NULL, (size_t)-1);
  assert_int_equal(dhcps_stop(second, &other->netif), ERR_OK);
  lease(2, "10.0.0.101"); /* the first serves on */
  /* The instance's end ends the other. */
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_message_struct, PACKET_ONCE),
    TEST(test_told_by_default),
    TEST(test_router),
    TEST(test_dns),
    TEST(test_lease_time),
    TEST(test_mask),
    TEST(test_captive_portal),
    TEST(test_pool_refused),
    TEST(test_pool_moves),
    TEST(test_default_pool),
    TEST(test_the_server_is_in_the_pool),
    TEST(test_wrong_arguments),
    TEST(test_hostnames),
    TEST(test_new_lease_callback),
    TEST(test_static_arp),
    TEST(test_address_that_arp_knows),
    TEST(test_stop_and_start),
    TEST(test_two_servers),
};

PACKET_MAIN(tests)
