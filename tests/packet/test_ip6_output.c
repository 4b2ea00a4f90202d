/*
 * What packets of ours look like, where they go and what cannot be sent (RFC 8200, RFC 6437, RFC
 * 4007, RFC 4291 2.5; RFC 2711).
 * needs: ipv6
 */
#include "packet.h"
#include "base/fault.h"
#include "lwip/ip6.h"
#include "lwip/stats.h"
#include "gossamer/pmtu.h"
#include "gossamer/route.h"

#define OURS "2001:db8::1"
#define LINK "fe80::ff:fe00:1"
#define PEER "2001:db8::2"

static err_t send_by(struct netif *netif, const char *src, const char *dst, size_t len)
{
  ip6_addr_t from = ip6_of(src != NULL ? src : "::"), to = ip6_of(dst);
  return ip6_output_if(app_pbuf(pattern(len, 3), len), src != NULL ? &from : NULL, &to, 64, 0, 253,
                       netif);
}

static err_t send_src_by(struct netif *netif, const char *src, const char *dst)
{
  ip6_addr_t from = ip6_of(src), to = ip6_of(dst);
  return ip6_output_if_src(app_pbuf("abcd", 4), &from, &to, 64, 0, 253, netif);
}

static err_t send_to(const char *dst, size_t len)
{
  ip6_addr_t to = ip6_of(dst);
  return ip6_output(app_pbuf(pattern(len, 3), len), NULL, &to, 64, 0, 253);
}

PACKET_TEST(test_the_header)
{
  net6_up();
  ip6_addr_t from = ip6_of(OURS), to = ip6_of(PEER);
  assert_int_equal(ip6_output(app_pbuf("data", 4), &from, &to, 77, 0xb9, 253), ERR_OK);
  struct frame *f = check_ip6(tx(), OURS, PEER, 253);
  check_eth(f, peer_mac, our_mac, ETHTYPE_IPV6);
  check_hop_limit(f, 77);
  assert_int_equal(get16(f, IP6_AT) >> 4, 0x6b9);
  assert_int_equal(get16(f, IP6_AT + 4), 4);
  assert_memory_equal(f->data + IP6_PAYLOAD_AT, "data", 4);
  expect_silence();
}

/* RFC 4861 6.3.4: 0 means the hop limit of the link */
PACKET_TEST(test_hop_limit_of_the_link)
{
  net6_up();
  ip6_addr_t to = ip6_of(PEER);
  assert_int_equal(ip6_output(app_pbuf("data", 4), NULL, &to, 0, 0, 253), ERR_OK);
  check_hop_limit(check_ip6(tx(), OURS, PEER, 253), IP_DEFAULT_TTL);
#if LWIP_ND6 && LWIP_ND6_ALLOW_RA_UPDATES
  rx(ra((struct ra_spec){.src = "fe80::fe", .hop_limit = 99}, NULL));
  assert_int_equal(ip6_output(app_pbuf("data", 4), NULL, &to, 0, 0, 253), ERR_OK);
  check_hop_limit(check_ip6(tx(), OURS, PEER, 253), 99);
#endif
}

PACKET_TEST(test_source_is_chosen)
{
  net6_up();
  assert_int_equal(send_to(PEER, 4), ERR_OK);
  check_ip6(tx(), OURS, PEER, 253);
  assert_int_equal(send_by(&net.netif, "::", PEER, 4), ERR_OK);
  check_ip6(tx(), OURS, PEER, 253);
  assert_int_equal(send_to("fe80::2", 4), ERR_OK);
  check_ip6(tx(), LINK, "fe80::2", 253);
  assert_int_equal(send_to("ff02::1234", 4), ERR_OK);
  check_ip6(tx(), LINK, "ff02::1234", 253);
  assert_int_equal(send_src_by(&net.netif, "::", "ff02::1234"), ERR_OK);
  check_ip6(tx(), "::", "ff02::1234", 253); /* as it is */
}

PACKET_TEST(test_no_source_to_choose)
{
  net6_up();
  for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    netif_ip6_addr_set_state(&net.netif, i, IP6_ADDR_INVALID);
  }
  tx_discard();
  assert_int_equal(send_to(PEER, 4), ERR_RTE);
  assert_int_equal(send_by(&net.netif, NULL, PEER, 4), ERR_RTE);
  expect_silence();
}

PACKET_TEST(test_what_cannot_be_sent)
{
  net6_up();
  assert_int_equal(send_by(&net.netif, OURS, "::", 4), ERR_VAL);
  assert_int_equal(send_by(&net.netif, OURS, "::ffff:10.0.0.2", 4), ERR_VAL);
  assert_int_equal(send_src_by(&net.netif, "::1", PEER), ERR_VAL);
  assert_int_equal(send_by(NULL, OURS, PEER, 4), ERR_IF);
  assert_int_equal(send_by(&net.netif, OURS, PEER, 65535 - 40 + 1), ERR_BUF);
  netif_set_down(&net.netif);
  tx_discard();
  assert_int_equal(send_by(&net.netif, OURS, PEER, 4), ERR_IF);
  assert_int_equal(send_to(PEER, 4), ERR_RTE);
  expect_silence();
}

PACKET_TEST(test_a_driver_without_ipv6)
{
  net6_up();
  net.netif.output_ip6 = NULL;
  assert_int_equal(send_by(&net.netif, OURS, PEER, 4), ERR_IF);
  assert_int_equal(send_to(PEER, 4), ERR_RTE);
  expect_silence();
}

#if LWIP_IPV6_SCOPES
/* RFC 4007 9 */
PACKET_TEST(test_zone_of_another_netif)
{
  net6_up();
  struct packet_net *second = net_add_netif();
  net6_up_on(second);
  ip6_addr_t to = ip6_on(second, "fe80::2");
  ip6_addr_t from = ip6_on(&net, LINK);
  assert_int_equal(ip6_output_if(app_pbuf("x", 1), &from, &to, 64, 0, 253, &net.netif), ERR_RTE);
  assert_int_equal(ip6_output(app_pbuf("x", 1), NULL, &to, 64, 0, 253), ERR_OK);
  check_ip6(tx_on(second), "fe80::ff:fe00:101", "fe80::2", 253);
  expect_silence();
}
#endif

#if LWIP_IPV6_FRAG
PACKET_TEST(test_packets_longer_than_the_mtu_are_fragmented)
{
  net6_up();
  assert_int_equal(send_to(PEER, 1500 - 40), ERR_OK);
  check_ip6(tx(), OURS, PEER, 253);
  assert_int_equal(send_to(PEER, 1500 - 39), ERR_OK);
  check_ip6(tx(), OURS, PEER, NH_FRAGMENT);
  check_ip6(tx(), OURS, PEER, NH_FRAGMENT);
  assert_int_equal(send_to("ff0e::5", 1500 - 39), ERR_OK);
  check_ip6(tx(), OURS, "ff0e::5", NH_FRAGMENT);
  check_ip6(tx(), OURS, "ff0e::5", NH_FRAGMENT);
  expect_silence();
}

#if LWIP_PMTU_DISCOVERY
PACKET_TEST(test_path_mtu)
{
  net6_up();
  ip_addr_t peer = ip_of(PEER);
  pmtu_lower(&peer, 1300);
  assert_int_equal(send_to(PEER, 1300 - 40), ERR_OK);
  check_ip6(tx(), OURS, PEER, 253);
  assert_int_equal(send_to(PEER, 1300 - 39), ERR_OK);
  check_ip6(tx(), OURS, PEER, NH_FRAGMENT);
  check_ip6(tx(), OURS, PEER, NH_FRAGMENT);
  assert_int_equal(send_to("2001:db8::3", 1300 - 39), ERR_OK);
  check_ip6(tx(), OURS, "2001:db8::3", 253);
}
#endif
#endif

#if LWIP_ND6_ALLOW_RA_UPDATES
/* What routers say lowers the MTU, but does not raise it beyond the driver's. */
PACKET_TEST(test_mtu_of_the_link)
{
  net6_up();
  net.netif.mtu6 = 1400;
  assert_int_equal(send_to(PEER, 1400 - 40), ERR_OK);
  check_ip6(tx(), OURS, PEER, 253);
  assert_int_equal(send_to(PEER, 1400 - 39), ERR_OK);
  check_ip6(tx(), OURS, PEER, NH_FRAGMENT);
  tx_discard();
  net.netif.mtu6 = 9000;
  assert_int_equal(send_to(PEER, 1500 - 39), ERR_OK);
  check_ip6(tx(), OURS, PEER, NH_FRAGMENT);
}
#endif

#if LWIP_NUM_ROUTES > 0
PACKET_TEST(test_by_a_gateway)
{
  net6_up();
  struct ip_route_entry r = {.netif = &net.netif, .prefix_len = 48};
  r.prefix = ip_of("2001:db8:9::");
  r.gateway = ip_of("fe80::7");
  assert_int_equal(ip_route_add(&r), ERR_OK);
  assert_int_equal(send_to("2001:db8:9::9", 4), ERR_OK);
  check_eth(check_ip6(tx(), OURS, "2001:db8:9::9", 253), mac_of(0, 7), our_mac, ETHTYPE_IPV6);
}
#endif

/* The header is the caller's, who answers for it. */
PACKET_TEST(test_header_included)
{
  net6_up();
  struct frame f = ip6("2001:db8:7::7", PEER, 253, "data", 4);
  assert_int_equal(
      ip6_output_if(app_pbuf(f.data + 14, f.len - 14), NULL, LWIP_IP_HDRINCL, 0, 0, 0, &net.netif),
      ERR_OK);
  struct frame *out = check_ip6(tx(), "2001:db8:7::7", PEER, 253);
  assert_memory_equal(out->data + 14, f.data + 14, f.len - 14);
  assert_int_equal(ip6_output(app_pbuf(f.data + 14, f.len - 14), NULL, LWIP_IP_HDRINCL, 0, 0, 0),
                   ERR_OK);
  check_ip6(tx(), "2001:db8:7::7", PEER, 253);
}

PACKET_TEST(test_headers_included_that_cannot_be)
{
  net6_up();
  struct frame f = ip6(OURS, PEER, 253, "data", 4);
  assert_int_equal(
      ip6_output_if(app_pbuf(f.data + 14, 39), NULL, LWIP_IP_HDRINCL, 0, 0, 0, &net.netif),
      ERR_BUF);
  assert_int_equal(ip6_output(app_pbuf(f.data + 14, 43), NULL, LWIP_IP_HDRINCL, 0, 0, 0), ERR_RTE);
  f.data[14] = 0x45;
  assert_int_equal(
      ip6_output_if(app_pbuf(f.data + 14, f.len - 14), NULL, LWIP_IP_HDRINCL, 0, 0, 0, &net.netif),
      ERR_BUF);
  struct frame big = ip6(OURS, PEER, 253, pattern(1461, 1), 1461);
  assert_int_equal(
      ip6_output(app_pbuf(big.data + 14, big.len - 14), NULL, LWIP_IP_HDRINCL, 0, 0, 0), ERR_IF);
  expect_silence();
}

/** The flow label of a datagram between these ports. */
static u32_t label_of(u16_t sport, u16_t dport, const char *dst)
{
  u8_t ports[8] = {(u8_t)(sport >> 8), (u8_t)sport, (u8_t)(dport >> 8), (u8_t)dport};
  ip6_addr_t from = ip6_of(OURS), to = ip6_of(dst);
  assert_int_equal(ip6_output(app_pbuf(ports, sizeof ports), &from, &to, 64, 0, NH_TCP), ERR_OK);
  return get32(check_ip6(tx(), OURS, dst, NH_TCP), IP6_AT) & 0xfffff;
}

/* RFC 6437 3: one for each flow, always the same, and nobody can guess another's */
PACKET_TEST(test_flow_labels)
{
  net6_up();
  u32_t label = label_of(1234, 80, PEER);
  assert_int_equal(label_of(1234, 80, PEER), label);
  if (!LWIP_IPV6_FLOW_LABEL) {
    assert_int_equal(label, 0);
    return;
  }
  assert_int_not_equal(label, 0);
  assert_int_not_equal(label_of(1235, 80, PEER), label);
  assert_int_not_equal(label_of(1234, 81, PEER), label);
  assert_int_not_equal(label_of(1234, 80, "2001:db8::3"), label);
}

/* RFC 2711 */
PACKET_TEST(test_router_alert)
{
  static const u8_t expected[8] = {NH_ICMP6, 0, 5, 2, 0, 7, 1, 0};
  net6_up();
  struct pbuf *p = app_pbuf("data", 4);
  assert_int_equal(ip6_options_add_hbh_ra(p, NH_ICMP6, 7), ERR_OK);
  assert_int_equal(p->tot_len, 12);
  assert_memory_equal(p->payload, expected, sizeof expected);
  u8_t tight[1];
  struct pbuf *full = pbuf_alloc_reference(tight, 1, PBUF_REF);
  if (full == NULL) {
    fail_msg("no memory");
  }
  assert_int_equal(ip6_options_add_hbh_ra(full, NH_ICMP6, 7), ERR_BUF);
  pbuf_free(full);
}

PACKET_TEST(test_no_room_for_the_header)
{
  static u8_t bytes[8];
  net6_up();
  struct pbuf *p = pbuf_alloc_reference(bytes, sizeof bytes, PBUF_REF);
  if (p == NULL) {
    fail_msg("no memory");
  }
  ip6_addr_t to = ip6_of(PEER);
  assert_int_equal(ip6_output(p, NULL, &to, 64, 0, 253), ERR_BUF);
  pbuf_free(p);
  expect_silence();
}

/* Addresses may lie in the packet itself, where the header goes. */
PACKET_TEST(test_addresses_inside_the_packet)
{
  net6_up();
  struct pbuf *p = app_pbuf("data", 4);
  struct ip6_addr *inside = (struct ip6_addr *)(void *)((u8_t *)p->payload - 24);
  *inside = ip6_of(PEER);
  assert_int_equal(ip6_output(p, NULL, inside, 64, 0, 253), ERR_OK);
  check_ip6(tx(), OURS, PEER, 253);
}

PACKET_TEST(test_counters)
{
  net6_up();
#if LWIP_STATS && IP6_STATS
  STAT_COUNTER xmit = lwip_stats.ip6.xmit;
  assert_int_equal(send_to(PEER, 4), ERR_OK); /* and a solicitation */
  assert_int_equal(send_to(PEER, 4), ERR_OK);
  assert_true(lwip_stats.ip6.xmit >= xmit + 2);
  STAT_COUNTER rterr = lwip_stats.ip6.rterr;
  netif_set_down(&net.netif);
  assert_int_equal(send_to(PEER, 4), ERR_RTE);
  assert_int_equal(lwip_stats.ip6.rterr, rterr + 1);
#endif
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_the_header, PACKET_ONCE),
    TEST_FLAGS(test_hop_limit_of_the_link, PACKET_ONCE),
    TEST_FLAGS(test_source_is_chosen, PACKET_ONCE),
    TEST_FLAGS(test_no_source_to_choose, PACKET_ONCE),
    TEST_FLAGS(test_what_cannot_be_sent, PACKET_ONCE),
    TEST_FLAGS(test_a_driver_without_ipv6, PACKET_ONCE),
#if LWIP_IPV6_SCOPES
    TEST_FLAGS(test_zone_of_another_netif, PACKET_ONCE),
#endif
#if LWIP_IPV6_FRAG
    TEST_FLAGS(test_packets_longer_than_the_mtu_are_fragmented, PACKET_ONCE),
#if LWIP_PMTU_DISCOVERY
    TEST_FLAGS(test_path_mtu, PACKET_ONCE),
#endif
#endif
#if LWIP_ND6_ALLOW_RA_UPDATES
    TEST_FLAGS(test_mtu_of_the_link, PACKET_ONCE),
#endif
#if LWIP_NUM_ROUTES > 0
    TEST_FLAGS(test_by_a_gateway, PACKET_ONCE),
#endif
    TEST_FLAGS(test_header_included, PACKET_ONCE),
    TEST_FLAGS(test_headers_included_that_cannot_be, PACKET_ONCE),
    TEST_FLAGS(test_flow_labels, PACKET_ONCE),
    TEST_FLAGS(test_router_alert, PACKET_ONCE),
    TEST_FLAGS(test_no_room_for_the_header, PACKET_ONCE),
    TEST_FLAGS(test_addresses_inside_the_packet, PACKET_ONCE),
    TEST_FLAGS(test_counters, PACKET_ONCE),
};

PACKET_MAIN(tests)
