/**
 * @file
 * Multicast datagrams: TTL, netif and loop of a pcb, delivery to members (features 191, 197).
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/igmp.h"

#define PEER  "10.0.0.2"
#define GROUP "239.1.2.3"

static struct udp_pcb *hearer(const char *addr)
{
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  ip_addr_t local = ip_of(addr);
  ip_set_option(pcb, SOF_REUSEADDR);
  assert_int_equal(udp_bind(pcb, &local, 5353), ERR_OK);
  udp_recv(pcb, app_udp_recv, NULL);
  return pcb;
}

static void join(struct netif *netif)
{
  ip4_addr_t group = ip4_of(GROUP);
  assert_int_equal(igmp_joingroup_netif(netif, &group), ERR_OK);
  tx_discard();
}

static int received(void)
{
  int n = 0;
  while (app_received() != NULL) {
    n++;
  }
  return n;
}

/* Bound to any or to the group: yes; bound to our address: no. */
static void test_who_hears(void)
{
  join(&net.netif);
  struct udp_pcb *any = hearer("0.0.0.0");
  rx(udp4(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 1);
  udp_remove(any);
  struct udp_pcb *group = hearer(GROUP);
  rx(udp4(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 1);
  udp_remove(group);
  hearer("10.0.0.1");
  ignore_drops();
  rx(udp4(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 0);
  expect_drop(DROP_UDP_NO_PORT);
}

/* RFC 1122 3.2.2 */
static void test_no_error_about_a_group(void)
{
  join(&net.netif);
  rx(udp4(PEER, 5353, GROUP, 5353, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  expect_silence();
}

#if SO_REUSE && SO_REUSE_RXTOALL
static void test_all_hear(void)
{
  join(&net.netif);
  hearer("0.0.0.0");
  hearer(GROUP);
  hearer("0.0.0.0");
  rx(udp4(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 3);
  expect_no_drop();
}
#endif

/* A pcb bound to a group sends from the netif's address. */
static void test_source_of_a_pcb_bound_to_a_group(void)
{
  struct udp_pcb *pcb = hearer(GROUP);
  ip_addr_t group = ip_of(GROUP);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &group, 5353), ERR_OK);
  check_udp(check_ip4(tx(), "10.0.0.1", GROUP, IP_PROTO_UDP), 5353, 5353, "x", 1);
}

#if LWIP_MULTICAST_TX_OPTIONS

static void test_ttl(void)
{
  struct udp_pcb *pcb = hearer("0.0.0.0");
  ip_addr_t group = ip_of(GROUP);
  ip_addr_t peer = ip_of(PEER);
  udp_set_multicast_ttl(pcb, 1);
  pcb->ttl = 99;
  assert_int_equal(udp_get_multicast_ttl(pcb), 1);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &group, 5353), ERR_OK);
  assert_int_equal(get8(check_ip4(tx(), "10.0.0.1", GROUP, IP_PROTO_UDP), 22), 1);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &peer, 5353), ERR_OK);
  assert_int_equal(get8(check_ip4(tx(), "10.0.0.1", PEER, IP_PROTO_UDP), 22), 99);
}

static void test_netif_by_index(void)
{
  struct packet_net *second = net_add_netif();
  struct udp_pcb *pcb = hearer("0.0.0.0");
  ip_addr_t group = ip_of(GROUP);
  udp_set_multicast_netif_index(pcb, netif_get_index(&second->netif));
  tx_discard();
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &group, 5353), ERR_OK);
  check_ip4(tx_on(second), "10.0.1.1", GROUP, IP_PROTO_UDP);
  expect_silence();
  udp_set_multicast_netif_index(pcb, 200); /* no such netif */
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &group, 5353), ERR_RTE);
}

static void test_netif_by_address(void)
{
  struct packet_net *second = net_add_netif();
  struct udp_pcb *pcb = hearer("0.0.0.0");
  ip_addr_t group = ip_of(GROUP);
  ip4_addr_t addr = ip4_of("10.0.1.1");
  udp_set_multicast_netif_addr(pcb, &addr);
  tx_discard();
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &group, 5353), ERR_OK);
  check_ip4(tx_on(second), "10.0.1.1", GROUP, IP_PROTO_UDP);
  expect_silence();
}

/* The pcb's netif comes before its multicast options. */
static void test_bound_netif_wins(void)
{
  struct packet_net *second = net_add_netif();
  struct udp_pcb *pcb = hearer("0.0.0.0");
  ip_addr_t group = ip_of(GROUP);
  udp_set_multicast_netif_index(pcb, netif_get_index(&second->netif));
  udp_bind_netif(pcb, &net.netif);
  tx_discard();
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &group, 5353), ERR_OK);
  check_ip4(tx(), "10.0.0.1", GROUP, IP_PROTO_UDP);
  expect_silence();
}

static void test_loop(void)
{
  join(&net.netif);
  struct udp_pcb *pcb = hearer("0.0.0.0");
  ip_addr_t group = ip_of(GROUP);
  struct pbuf *p = app_pbuf("x", 1);
  udp_set_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
  assert_int_equal(udp_sendto(pcb, p, &group, 5353), ERR_OK);
  assert_non_null(tx());
  advance(1);
  expect_datagram("10.0.0.1", 5353, "x", 1);
  udp_clear_flags(pcb, UDP_FLAGS_MULTICAST_LOOP); /* the same pbuf again */
  assert_int_equal(udp_sendto(pcb, p, &group, 5353), ERR_OK);
  assert_non_null(tx());
  advance(1);
  expect_no_datagram();
}

#endif /* LWIP_MULTICAST_TX_OPTIONS */

static const struct packet_test tests[] = {
    TEST(test_who_hears),
    TEST(test_no_error_about_a_group),
#if SO_REUSE && SO_REUSE_RXTOALL
    TEST(test_all_hear),
#endif
    TEST(test_source_of_a_pcb_bound_to_a_group),
#if LWIP_MULTICAST_TX_OPTIONS
    TEST(test_ttl),
    TEST(test_netif_by_index),
    TEST(test_netif_by_address),
    TEST(test_bound_netif_wins),
    TEST(test_loop),
#endif
};
PACKET_MAIN(tests)
