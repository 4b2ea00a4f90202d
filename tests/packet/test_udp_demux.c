/**
 * @file
 * Which UDP endpoint gets a datagram (RFC 1122 4.1.3.5): connected, bound to an address, to a
 * netif, to any; and what connect and disconnect do.
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/prot/etharp.h"
#include "gossamer/netif_addr.h"

#define PEER  "10.0.0.2"
#define OTHER "10.0.0.3"
#define US    "10.0.0.1"

static struct udp_pcb *shared(const char *addr, u16_t port)
{
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  ip_addr_t local = ip_of(addr);
  ip_set_option(pcb, SOF_REUSEADDR);
  assert_int_equal(udp_bind(pcb, &local, port), ERR_OK);
  udp_recv(pcb, app_udp_recv, NULL);
  return pcb;
}

static void expect_at(const struct udp_pcb *pcb)
{
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_ptr_equal(d->pcb, pcb);
  assert_null(app_received());
}

static void test_port_decides(void)
{
  struct udp_pcb *a = app_udp(NULL, 7);
  struct udp_pcb *b = app_udp(NULL, 8);
  rx(udp4(PEER, 1, US, 8, "x", 1));
  expect_at(b);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_at(a);
}

/* In both orders of creation. */
static void test_specific_address_before_any(void)
{
  struct udp_pcb *specific = shared(US, 7);
  shared("0.0.0.0", 7);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_at(specific);
  shared("0.0.0.0", 8);
  specific = shared(US, 8);
  rx(udp4(PEER, 1, US, 8, "x", 1));
  expect_at(specific);
}

static void test_another_address_of_ours(void)
{
  ip4_addr_t addr = ip4_of("10.0.0.77");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  assert_int_equal(netif_add_ip4_address(&net.netif, &addr, &mask), ERR_OK);
  app_udp("10.0.0.77", 7);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  rx(udp4(PEER, 1, "10.0.0.77", 7, "x", 1));
  expect_datagram(PEER, 1, "x", 1);
  ip_addr_t dst = ip_of(PEER);
  tx_discard();
  assert_int_equal(udp_sendto(udp_pcbs, app_pbuf("y", 1), &dst, 9), ERR_OK);
  check_udp(check_ip4(tx(), "10.0.0.77", PEER, IP_PROTO_UDP), 7, 9, "y", 1);
}

/* Unbound senders use the address in the destination's subnet. */
static void test_source_toward_an_additional_subnet(void)
{
  static const u8_t no_mac[6];
  ip4_addr_t addr = ip4_of("10.0.7.1");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  assert_int_equal(netif_add_ip4_address(&net.netif, &addr, &mask), ERR_OK);
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of("10.0.7.2");
  tx_discard(); /* the address's announcement */
  assert_int_equal(udp_sendto(pcb, app_pbuf("y", 1), &dst, 9), ERR_OK);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.7.1", no_mac, "10.0.7.2");
  rx(arp(ARP_REPLY, mac_of(7, 2), "10.0.7.2", our_mac, "10.0.7.1"));
  check_ip4(tx(), "10.0.7.1", "10.0.7.2", IP_PROTO_UDP);
}

static void test_connected_hears_its_peer_only(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t peer = ip_of(PEER);
  assert_int_equal(udp_connect(pcb, &peer, 1), ERR_OK);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_datagram(PEER, 1, "x", 1);
  rx(udp4(PEER, 2, US, 7, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  rx(udp4(OTHER, 1, US, 7, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  udp_disconnect(pcb);
  rx(udp4(OTHER, 1, US, 7, "x", 1));
  expect_datagram(OTHER, 1, "x", 1);
}

static void test_connected_before_bound(void)
{
  struct udp_pcb *connected = shared("0.0.0.0", 7);
  struct udp_pcb *specific = shared(US, 7);
  ip_addr_t peer = ip_of(PEER);
  assert_int_equal(udp_connect(connected, &peer, 1), ERR_OK);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_at(connected);
  rx(udp4(PEER, 2, US, 7, "x", 1));
  expect_at(specific);
  udp_disconnect(connected);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_at(specific);
}

/* As lwIP's DHCP client: any address, one port. */
static void test_connected_to_any_address(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 68);
  ip_set_option(pcb, SOF_BROADCAST);
  assert_int_equal(udp_connect(pcb, IP4_ADDR_ANY, 67), ERR_OK);
  assert_true(ip_addr_isany_val(pcb->local_ip));
  rx(udp4(OTHER, 67, "255.255.255.255", 68, "offer", 5));
  expect_datagram(OTHER, 67, "offer", 5);
  rx(udp4(OTHER, 66, US, 68, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
}

static void test_connect_chooses_the_source(void)
{
  struct udp_pcb *pcb = udp_new();
  ip_addr_t peer = ip_of(PEER);
  ip_addr_t us = ip_of(US);
  assert_non_null(pcb);
  assert_int_equal(udp_connect(pcb, &peer, 9), ERR_OK);
  assert_true(ip_addr_eq(&pcb->local_ip, &us));
  assert_int_not_equal(pcb->local_port, 0);
  assert_int_equal(udp_send(pcb, app_pbuf("x", 1)), ERR_OK);
  check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), pcb->local_port, 9, "x", 1);
  udp_disconnect(pcb);
  assert_true(ip_addr_isany_val(pcb->local_ip));
}

/* The chosen source follows the route, and does not keep others from the port's other addresses. */
static void test_chosen_source_follows_the_netif(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t peer = ip_of(PEER);
  assert_int_equal(udp_connect(pcb, &peer, 9), ERR_OK);
  ip4_addr_t addr = ip4_of("10.0.0.9");
  netif_set_ipaddr(&net.netif, &addr);
  ip_addr_t now = ip_of("10.0.0.9");
  assert_true(ip_addr_eq(&pcb->local_ip, &now));
  tx_discard();
  assert_int_equal(udp_send(pcb, app_pbuf("x", 1)), ERR_OK);
  check_ip4(tx(), "10.0.0.9", PEER, IP_PROTO_UDP);
  addr = ip4_of("0.0.0.0");
  netif_set_ipaddr(&net.netif, &addr);
  assert_true(ip_addr_isany_val(pcb->local_ip));
}

/* A pcb bound by the application moves with its netif's address. */
static void test_bound_address_changes(void)
{
  struct udp_pcb *pcb = app_udp(US, 7);
  ip4_addr_t addr = ip4_of("10.0.0.9");
  netif_set_ipaddr(&net.netif, &addr);
  tx_discard();
  rx(udp4(PEER, 1, "10.0.0.9", 7, "x", 1));
  expect_at(pcb);
}

static void test_bound_to_a_netif(void)
{
  struct packet_net *second = net_add_netif();
  struct udp_pcb *first_pcb = udp_new();
  struct udp_pcb *second_pcb = udp_new();
  assert_non_null(first_pcb);
  assert_non_null(second_pcb);
  udp_bind_netif(first_pcb, &net.netif);
  udp_bind_netif(second_pcb, &second->netif);
  assert_int_equal(udp_bind(first_pcb, NULL, 7), ERR_OK);
  assert_int_equal(udp_bind(second_pcb, NULL, 7), ERR_OK);
  udp_recv(first_pcb, app_udp_recv, NULL);
  udp_recv(second_pcb, app_udp_recv, NULL);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_at(first_pcb);
  rx_on(second, udp4("10.0.1.2", 1, "10.0.1.1", 7, "x", 1));
  expect_at(second_pcb);
  ip_addr_t dst = ip_of("10.0.1.5");
  assert_int_equal(udp_sendto(second_pcb, app_pbuf("y", 1), &dst, 9), ERR_OK);
  check_ip4(tx_on(second), "10.0.1.1", "10.0.1.5", IP_PROTO_UDP);
  udp_bind_netif(second_pcb, NULL);
  assert_int_equal(second_pcb->netif_idx, NETIF_NO_INDEX);
}

static void test_bound_netif_before_unbound(void)
{
  struct udp_pcb *any = shared("0.0.0.0", 7);
  struct udp_pcb *bound = shared("0.0.0.0", 7);
  udp_bind_netif(bound, &net.netif);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_at(bound);
  udp_bind_netif(bound, NULL);
  udp_bind_netif(any, &net.netif);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_at(any);
}

/* udp_pcbs and `next` are API. */
static void test_list_of_pcbs(void)
{
  struct udp_pcb *a = app_udp(NULL, 7);
  struct udp_pcb *b = app_udp(NULL, 8);
  struct udp_pcb *c = app_udp(NULL, 9);
  assert_ptr_equal(udp_pcbs, c);
  assert_ptr_equal(c->next, b);
  assert_ptr_equal(b->next, a);
  assert_null(a->next);
  udp_remove(b);
  assert_ptr_equal(c->next, a);
  udp_remove(c);
  assert_ptr_equal(udp_pcbs, a);
  udp_remove(a);
  assert_null(udp_pcbs);
}

#undef udp_new_ip_type
#undef udp_remove

/* Many pcbs: each gets its own datagrams, and the search does not slow down with their number. */
static void test_many(void)
{
  enum { COUNT = LWIP_MIN(10000, MEMP_NUM_UDP_PCB - 1) };
  static struct udp_pcb *pcbs[COUNT];
  ip_addr_t peer = ip_of(PEER);
  for (u16_t i = 0; i < COUNT; i++) {
    pcbs[i] = udp_new_ip_type(IPADDR_TYPE_V4);
    assert_non_null(pcbs[i]);
    assert_int_equal(udp_bind(pcbs[i], NULL, (u16_t)(1000 + i)), ERR_OK);
    udp_recv(pcbs[i], app_udp_recv, NULL);
    if (i % 2 == 1) {
      assert_int_equal(udp_connect(pcbs[i], &peer, (u16_t)(20000 + i)), ERR_OK);
    }
  }
  for (u16_t i = 0; i < COUNT; i += 97) {
    rx(udp4(PEER, (u16_t)(20000 + i), US, (u16_t)(1000 + i), "x", 1));
    expect_at(pcbs[i]);
  }
  for (u16_t i = 0; i < COUNT; i += 2) {
    udp_remove(pcbs[i]);
  }
  rx(udp4(PEER, 20000, US, 1000, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  rx(udp4(PEER, 20001, US, 1001, "x", 1));
  expect_at(pcbs[1]);
  for (u16_t i = 1; i < COUNT; i += 2) {
    udp_remove(pcbs[i]);
  }
  assert_null(udp_pcbs);
}

/* A server with a connected pcb per client, all on one port, and an open one. */
static void test_many_peers_of_one_port(void)
{
  enum { COUNT = LWIP_MIN(2000, MEMP_NUM_UDP_PCB - 1) };
  static struct udp_pcb *pcbs[COUNT];
  struct udp_pcb *open = shared("0.0.0.0", 7);
  ip_addr_t peer = ip_of(PEER);
  for (u16_t i = 0; i < COUNT; i++) {
    pcbs[i] = udp_new_ip_type(IPADDR_TYPE_V4);
    assert_non_null(pcbs[i]);
    ip_set_option(pcbs[i], SOF_REUSEADDR);
    assert_int_equal(udp_bind(pcbs[i], NULL, 7), ERR_OK);
    assert_int_equal(udp_connect(pcbs[i], &peer, (u16_t)(1000 + i)), ERR_OK);
    udp_recv(pcbs[i], app_udp_recv, NULL);
  }
  for (u16_t i = 0; i < COUNT; i += 97) {
    rx(udp4(PEER, (u16_t)(1000 + i), US, 7, "x", 1));
    expect_at(pcbs[i]);
    rx(udp4(OTHER, (u16_t)(1000 + i), US, 7, "x", 1));
    expect_at(open);
  }
  for (u16_t i = 0; i < COUNT; i++) {
    udp_remove(pcbs[i]);
  }
  rx(udp4(PEER, 1000, US, 7, "x", 1));
  expect_at(open);
}

static const struct packet_test tests[] = {
    TEST(test_port_decides),
    TEST(test_specific_address_before_any),
    TEST(test_another_address_of_ours),
    TEST(test_source_toward_an_additional_subnet),
    TEST(test_connected_hears_its_peer_only),
    TEST(test_connected_before_bound),
    TEST(test_connected_to_any_address),
    TEST(test_connect_chooses_the_source),
    TEST(test_chosen_source_follows_the_netif),
    TEST(test_bound_address_changes),
    TEST(test_bound_to_a_netif),
    TEST(test_bound_netif_before_unbound),
    TEST(test_list_of_pcbs),
    /* thousands of allocations: one fault run each would take hours, and pcbs are not tracked */
    TEST_FLAGS(test_many, PACKET_ONCE),
    TEST_FLAGS(test_many_peers_of_one_port, PACKET_ONCE),
};
PACKET_MAIN(tests)
