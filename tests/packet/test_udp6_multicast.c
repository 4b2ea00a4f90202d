/**
 * @file
 * Multicast datagrams over IPv6: hop limit, netif and loop of a pcb, delivery to members (RFC 3493
 * 5.2, features 191, 197).
 * needs: ipv6
 */
#include "packet.h"
#include "lwip/mld6.h"

#define PEER  "fe80::2"
#define US_LL "fe80::ff:fe00:1"
#define GROUP "ff02::1234"
#define WIDE  "ff0e::1234"

#if LWIP_IPV6_MLD

static void join(struct packet_net *on, const char *text)
{
  ip6_addr_t group = ip6_on(on, text);
  assert_int_equal(mld6_joingroup_netif(&on->netif, &group), ERR_OK);
  tx_discard();
}

static struct udp_pcb *hearer(const char *addr)
{
  struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_V6);
  assert_non_null(pcb);
  ip_addr_t local = ip_of(addr);
  ip_set_option(pcb, SOF_REUSEADDR);
  assert_int_equal(udp_bind(pcb, &local, 5353), ERR_OK);
  udp_recv(pcb, app_udp_recv, NULL);
  return pcb;
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
  net6_up();
  join(&net, GROUP);
  struct udp_pcb *any = hearer("::");
  rx(udp6(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 1);
  udp_remove(any);
  struct udp_pcb *group = hearer(GROUP);
  rx(udp6(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 1);
  udp_remove(group);
  hearer(US_LL);
  ignore_drops();
  rx(udp6(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 0);
  expect_drop(DROP_UDP_NO_PORT);
  tx_discard();
}

static void test_not_a_member(void)
{
  net6_up();
  hearer("::");
  rx(udp6(PEER, 5353, GROUP, 5353, "x", 1));
  expect_drop(DROP_IP6_NOT_FOR_US);
  rx(udp6("2001:db8::2", 5353, WIDE, 5353, "x", 1));
  expect_drop(DROP_IP6_NOT_FOR_US);
  assert_int_equal(received(), 0);
  expect_silence();
}

/* B8-135 */
#if SO_REUSE && SO_REUSE_RXTOALL
static void test_all_hear(void)
{
  net6_up();
  join(&net, GROUP);
  hearer("::");
  hearer(GROUP);
  hearer("::");
  rx(udp6(PEER, 5353, GROUP, 5353, "x", 1));
  assert_int_equal(received(), 3);
  expect_no_drop();
}
#endif

/* A pcb that is bound to a group sends from the netif's address. */
static void test_bound_to_a_group(void)
{
  net6_up();
  join(&net, GROUP);
  struct udp_pcb *pcb = hearer(GROUP);
  ip_addr_t dst = ip_of(PEER);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 4000), ERR_OK);
  check_udp(check_ip6(tx(), US_LL, PEER, NH_UDP), 5353, 4000, "x", 1);
}

#if LWIP_MULTICAST_TX_OPTIONS

static err_t send_to(struct udp_pcb *pcb, const char *group)
{
  ip_addr_t dst = ip_of(group);
  return udp_sendto(pcb, app_pbuf("x", 1), &dst, 5353);
}

static void test_hop_limit(void)
{
  net6_up();
  struct udp_pcb *pcb = hearer("::");
  pcb->ttl = 77;
  udp_set_multicast_ttl(pcb, 3);
  assert_int_equal(send_to(pcb, GROUP), ERR_OK);
  check_hop_limit(check_ip6(tx(), US_LL, GROUP, NH_UDP), 3);
  assert_int_equal(send_to(pcb, WIDE), ERR_OK);
  check_hop_limit(check_ip6(tx(), "2001:db8::1", WIDE, NH_UDP), 3);
  ip_addr_t peer = ip_of(PEER);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &peer, 1), ERR_OK);
  check_hop_limit(tx(), 77);
}

/* RFC 3493 5.2: IPV6_MULTICAST_IF */
static void test_netif(void)
{
  net6_up();
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  struct udp_pcb *pcb = hearer("::");
  assert_int_equal(send_to(pcb, GROUP), ERR_OK); /* by the default one */
  check_ip6(tx(), US_LL, GROUP, NH_UDP);
  udp_set_multicast_netif_index(pcb, netif_get_index(&other->netif));
  assert_int_equal(send_to(pcb, GROUP), ERR_OK);
  check_ip6(tx_on(other), "fe80::ff:fe00:101", GROUP, NH_UDP);
  assert_int_equal(send_to(pcb, WIDE), ERR_OK);
  check_ip6(tx_on(other), "2001:db8:1::1", WIDE, NH_UDP);
  expect_silence();
#if LWIP_IPV6_SCOPES
  ip_addr_t here;
  ip6_addr_t zoned = ip6_on(&net, GROUP);
  ip_addr_copy_from_ip6(here, zoned); /* two wishes that contradict each other */
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &here, 5353), ERR_RTE);
  expect_silence();
#endif
}

/* RFC 3493 5.2: IPV6_MULTICAST_LOOP. lwIP's pcbs begin without. */
static void test_loop(void)
{
  net6_up();
  join(&net, GROUP);
  struct udp_pcb *pcb = hearer("::");
  assert_int_equal(send_to(pcb, GROUP), ERR_OK);
  check_ip6(tx(), US_LL, GROUP, NH_UDP);
  assert_int_equal(received(), 0);
  udp_set_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
  assert_int_equal(send_to(pcb, GROUP), ERR_OK);
  check_udp(check_ip6(tx(), US_LL, GROUP, NH_UDP), 5353, 5353, "x", 1);
  assert_int_equal(received(), ENABLE_LOOPBACK ? 1 : 0);
  expect_silence();
}

/* RFC 4007 4: ff01:: never leaves the host, loop or not. */
static void test_interface_local_group(void)
{
  net6_up();
  join(&net, "ff01::1234");
  struct udp_pcb *pcb = hearer("::");
  ip6_addr_t group = ip6_on(&net, "ff01::1234");
  ip_addr_t dst;
  ip_addr_copy_from_ip6(dst, group);
  (void)udp_sendto(pcb, app_pbuf("x", 1), &dst, 5353);
  expect_silence();
  assert_int_equal(received(), LWIP_NETIF_LOOPBACK ? 1 : 0);
  ignore_drops();
  rx(udp6(PEER, 5353, "ff01::1234", 5353, "x", 1));
  expect_drop(DROP_IP6_BAD_DST);
}

#endif

#else

static void test_all_nodes(void)
{
  net6_up();
  app_udp("::", 5353);
  rx(udp6(PEER, 5353, "ff02::1", 5353, "x", 1));
  expect_datagram(PEER, 5353, "x", 1);
}

#endif

static const struct packet_test tests[] = {
#if LWIP_IPV6_MLD
    TEST(test_who_hears),
    TEST(test_not_a_member),
#if SO_REUSE && SO_REUSE_RXTOALL
    TEST(test_all_hear),
#endif
    TEST_FLAGS(test_bound_to_a_group, PACKET_ONCE),
#if LWIP_MULTICAST_TX_OPTIONS
    TEST_FLAGS(test_hop_limit, PACKET_ONCE),
    TEST_FLAGS(test_netif, PACKET_ONCE),
    TEST_FLAGS(test_loop, PACKET_ONCE),
    TEST(test_interface_local_group),
#endif
#else
    TEST(test_all_nodes),
#endif
};

PACKET_MAIN(tests)
