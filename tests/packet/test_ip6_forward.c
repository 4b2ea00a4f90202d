/*
 * Forwarding IPv6: what changes on the way and what does not, and what does not go through (RFC
 * 8200 3, 4.3, 5; RFC 4291 2.5; RFC 4007 9; RFC 4443 3; RFC 4861 8.2; security vector B1-23).
 * needs: ipv6
 */
#include "packet.h"
#include "base/fault.h"
#include "gossamer/route.h"

#define PEER "2001:db8::2"
#define FAR  "2001:db8:1::2" /* on the other side */

static struct packet_net *far;

static void up(void)
{
  net6_up();
  far = net_add_netif();
  net6_up_on(far);
}

#if LWIP_NUM_ROUTES > 0
static void add_route(const char *prefix, u8_t len, const char *gateway, struct netif *netif)
{
  struct ip_route_entry r = {.prefix = ip_of(prefix), .netif = netif, .prefix_len = len};
  r.gateway = ip_of(gateway);
  assert_int_equal(ip_route_add(&r), ERR_OK);
}
#endif

/** It went through: one hop less, all else as it was. */
static struct frame *expect_forwarded_by(struct packet_net *by, struct frame in)
{
  struct frame *out = tx_on(by);
  assert_non_null(out);
  assert_int_equal(out->len, in.len);
  assert_int_equal(get8(out, IP6_HOP_LIMIT_AT), get8(&in, IP6_HOP_LIMIT_AT) - 1);
  assert_memory_equal(out->data + 14, in.data + 14, 7);
  assert_memory_equal(out->data + IP6_HOP_LIMIT_AT + 1, in.data + IP6_HOP_LIMIT_AT + 1,
                      in.len - IP6_HOP_LIMIT_AT - 1);
  return out;
}

static struct frame *expect_forwarded(struct frame in)
{
  return expect_forwarded_by(far, in);
}

static void expect_refused(struct frame f, enum drop_reason why)
{
  rx(f);
  expect_drop(why);
  expect_silence();
}

/** A datagram to us on the first link, from its peer, whatever the addresses say. */
static struct frame near(const char *src, const char *dst)
{
  struct udp6_spec spec = udp6_spec_of(src, 1, dst, 7);
  spec.ip.eth_src = peer_mac;
  spec.ip.eth_dst = our_mac;
  return udp6_opts(spec, "x", 1);
}

PACKET_TEST(test_udp_goes_through)
{
  up();
  struct frame f = udp6(PEER, 1234, FAR, 7, "data", 4);
  rx(f);
  struct frame *out = expect_forwarded(f);
  check_eth(out, mac_of(1, 2), mac_of(1, 1), ETHTYPE_IPV6);
  check_udp(check_ip6(out, PEER, FAR, NH_UDP), 1234, 7, "data", 4);
  expect_no_drop();
  expect_silence();
}

PACKET_TEST(test_anything_goes_through)
{
  up();
  struct frame f = ping6(PEER, FAR, 1, 2, "ping", 4);
  rx(f);
  expect_forwarded(f);
  f = ip6(PEER, FAR, NH_TCP, pattern(40, 1), 40);
  rx(f);
  expect_forwarded(f);
  f = ip6(PEER, FAR, 253, pattern(1440, 1), 1440);
  rx(f);
  expect_forwarded(f);
  f = ip6(PEER, FAR, NH_NONE, NULL, 0);
  rx(f);
  expect_forwarded(f);
  f = udp6(PEER, 1, FAR, 2, "wrong", 5);
  put16(&f, IP6_PAYLOAD_AT + 6, 0xdead); /* a wrong checksum stays wrong */
  rx(f);
  expect_forwarded(f);
  expect_no_drop();
}

PACKET_TEST(test_traffic_class_and_flow_label_stay)
{
  up();
  for (unsigned tc = 0; tc < 256; tc += 17) {
    struct ip6_spec spec = ip6_spec_of(PEER, FAR, 253);
    spec.tc = (u8_t)tc;
    spec.flow = 0xfffff - tc * 4096;
    struct frame f = ip6_opts(spec, "x", 1);
    rx(f);
    expect_forwarded(f);
  }
}

/* RFC 8200 4.3, 4.8: routers that have nothing to do with options pass them on */
PACKET_TEST(test_extension_headers_are_not_looked_at)
{
  static const u8_t options[6] = {0xde, 4};
  up();
  struct ip6_spec spec = ip6_spec_of(PEER, FAR, NH_UDP);
  ip6_ext_add(&spec, NH_HOP_BY_HOP, options, sizeof options);
  ip6_ext_add(&spec, NH_DEST, options, sizeof options);
  for (unsigned i = 0; i < 20; i++) {
    ip6_ext_add(&spec, NH_DEST, NULL, 0);
  }
  ip6_ext_fragment(&spec, 800, true, 99);
  struct frame f = ip6_opts(spec, "12345678", 8);
  rx(f);
  expect_forwarded(f);
  expect_no_drop();
}

/* B2-35 for IPv6; RFC 8200 3 */
PACKET_TEST(test_hop_limit_ends_here)
{
  up();
  for (u8_t hop_limit = 0; hop_limit < 2; hop_limit++) {
    struct udp6_spec spec = udp6_spec_of(PEER, 1, FAR, 7);
    spec.ip.hop_limit = hop_limit;
    struct frame f = udp6_opts(spec, "x", 1);
    rx(f);
    check_icmp6_error(check_ip6(tx(), "2001:db8::1", PEER, NH_ICMP6), T6_TIME_EXCEEDED, 0, &f);
    expect_drop(DROP_IP6_FWD_HOP_LIMIT);
    expect_silence();
  }
  struct udp6_spec spec = udp6_spec_of(PEER, 1, FAR, 7);
  spec.ip.hop_limit = 2;
  struct frame f = udp6_opts(spec, "x", 1);
  rx(f);
  expect_forwarded(f);
}

/* RFC 8200 5: routers do not fragment */
PACKET_TEST(test_packets_too_big_for_the_next_link)
{
  up();
  far->netif.mtu = 1400;
  struct frame f = udp6(PEER, 1, FAR, 7, pattern(1400 - 48, 1), 1400 - 48);
  rx(f);
  expect_forwarded(f);
  f = udp6(PEER, 1, FAR, 7, pattern(1400 - 47, 1), 1400 - 47);
  rx(f);
  struct frame *error =
      check_icmp6_error(check_ip6(tx(), "2001:db8::1", PEER, NH_ICMP6), T6_TOO_BIG, 0, &f);
  assert_int_equal(get32(error, ip6_payload_at(error) + 4), 1400);
  expect_drop(DROP_IP6_FWD_TOO_BIG);
  expect_silence();
}

PACKET_TEST(test_no_route)
{
  up();
  netif_set_default(NULL);
  struct frame f = udp6(PEER, 1, "2001:db8:99::2", 7, "x", 1);
  rx(f);
  check_icmp6_error(check_ip6(tx(), "2001:db8::1", PEER, NH_ICMP6), T6_UNREACHABLE, 0, &f);
  expect_drop(DROP_IP6_FWD_NO_ROUTE);
  expect_silence();
}

/* ND finds no router for the link that the packet would leave by. */
PACKET_TEST(test_no_router_on_the_next_link)
{
  up();
  netif_set_default(&far->netif);
  struct frame f = udp6(PEER, 1, "2001:db8:99::2", 7, "x", 1);
  rx(f);
  check_icmp6_error(check_ip6(tx(), "2001:db8::1", PEER, NH_ICMP6), T6_UNREACHABLE, 0, &f);
  expect_drop(DROP_IP6_FWD_NO_ROUTE);
}

#if LWIP_NUM_ROUTES > 0
PACKET_TEST(test_static_routes)
{
  up();
  add_route("2001:db8:99::", 48, "fe80::9", &far->netif);
  add_route("2001:db8:99:1::", 64, "2001:db8:1::8", &far->netif);
  add_route("2001:db8:77::", 64, "::", &far->netif);
  struct frame f = udp6(PEER, 1, "2001:db8:99::2", 7, "x", 1);
  rx(f);
  check_eth(expect_forwarded(f), mac_of(1, 9), mac_of(1, 1), ETHTYPE_IPV6);
  f = udp6(PEER, 1, "2001:db8:99:1::2", 7, "x", 1);
  rx(f);
  check_eth(expect_forwarded(f), mac_of(1, 8), mac_of(1, 1), ETHTYPE_IPV6);
  far->peer_answers_nd = false;
  rx(udp6(PEER, 1, "2001:db8:77::2", 7, "x", 1));
  struct frame *asked = tx_on(far);
  check_ns(asked, "fe80::ff:fe00:101", solicited_node("2001:db8:77::2"), "2001:db8:77::2");
}
#endif

/* RFC 4291 2.5.6: link-local addresses stay on their link; RFC 4007 9, RFC 4443 3.1 code 2 */
PACKET_TEST(test_scopes)
{
  up();
  struct frame f = near("fe80::2", FAR);
  rx(f);
  check_icmp6_error(check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6), T6_UNREACHABLE, 2, &f);
  expect_drop(DROP_IP6_FWD_SCOPE);
  expect_silence();
  expect_refused(udp6(PEER, 1, "fe80::3", 7, "x", 1), DROP_IP6_FWD_REFUSED);
  expect_refused(udp6("fe80::2", 1, "fe80::3", 7, "x", 1), DROP_IP6_FWD_REFUSED);
}

PACKET_TEST(test_groups_are_not_forwarded)
{
  up();
  expect_refused(udp6(PEER, 1, "ff0e::1234", 7, "x", 1), DROP_IP6_NOT_FOR_US);
}

PACKET_TEST(test_martians_are_not_forwarded)
{
  up();
  expect_refused(near("::1", FAR), DROP_IP6_BAD_SRC);
  expect_refused(near("::", FAR), DROP_IP6_BAD_SRC);
  expect_refused(near("ff02::1", FAR), DROP_IP6_BAD_SRC);
  expect_refused(near("::ffff:10.0.0.2", FAR), DROP_IP6_BAD_SRC);
  expect_refused(near("2001:db8:1::1", FAR), DROP_IP6_LAND);
}

/* B1-23 */
PACKET_TEST(test_unicast_in_a_group_frame)
{
  up();
  struct udp6_spec spec = udp6_spec_of(PEER, 1, FAR, 7);
  spec.ip.eth_dst = broadcast_mac;
  expect_refused(udp6_opts(spec, "x", 1), DROP_IP6_LINK_GROUP);
}

/* B4-63, B4-65 */
PACKET_TEST(test_jumbograms_are_not_forwarded)
{
  static const u8_t jumbo[6] = {0xc2, 4, 0, 1, 0, 0};
  up();
  struct ip6_spec spec = ip6_spec_of(PEER, FAR, NH_UDP);
  ip6_ext_add(&spec, NH_HOP_BY_HOP, jumbo, sizeof jumbo);
  spec.payload_len = 0;
  rx(ip6_opts(spec, "12345678", 8));
  check_icmp6(check_ip6(tx(), "2001:db8::1", PEER, NH_ICMP6), T6_PARAMETER, 0);
  expect_drop(DROP_IP6_JUMBO);
  expect_silence();
}

/* Whoever should have sent directly is told so, and his packet goes on (RFC 4861 8.2). */
PACKET_TEST(test_back_by_the_link_it_came_by)
{
  up();
  struct frame f = udp6(PEER, 1, "2001:db8::9", 7, "x", 1);
  rx(f);
  bool is_forwarded = false;
  bool is_redirected = false;
  for (struct frame *out = tx(); out != NULL; out = tx()) {
    if (get8(out, IP6_AT + 6) == NH_UDP) {
      is_forwarded = true;
      assert_int_equal(get8(out, IP6_HOP_LIMIT_AT), 63);
      check_eth(out, mac_of(0, 9), our_mac, ETHTYPE_IPV6);
    } else {
      is_redirected = true;
      check_icmp6(check_ip6(out, "fe80::ff:fe00:1", PEER, NH_ICMP6), T6_REDIRECT, 0);
      u8_t target[16];
      ip6_bytes("2001:db8::9", target);
      assert_memory_equal(out->data + ip6_payload_at(out) + 8, target, 16);
      assert_memory_equal(out->data + ip6_payload_at(out) + 24, target, 16);
    }
  }
  assert_true(is_forwarded);
  assert_true(is_redirected);
  expect_no_drop();
}

static err_t sink_output(struct netif *netif, struct pbuf *p, const ip6_addr_t *next)
{
  (void)netif;
  (void)p;
  (void)next;
  return ERR_OK;
}

static err_t sink_init(struct netif *netif)
{
  netif->mtu = 1500;
  netif->output_ip6 = sink_output;
  return ERR_OK;
}

/* RFC 4443 3.1: not back into a point-to-point link, or two routers play ping-pong */
PACKET_TEST(test_back_by_a_point_to_point_link)
{
  static struct netif tunnel;
  static ip6_addr_t ours;
  net6_up();
  memset(&tunnel, 0, sizeof tunnel);
  if (netif_add_noaddr(&tunnel, NULL, sink_init, netif_input) == NULL) {
    fail_msg("no netif");
  }
  netif_set_up(&tunnel);
  netif_set_link_up(&tunnel);
  ours = ip6_of("2001:db8:5::1");
  netif_ip6_addr_set(&tunnel, 0, &ours);
  netif_ip6_addr_set_state(&tunnel, 0, IP6_ADDR_PREFERRED);
  tx_discard();
  struct frame f = udp6("2001:db8:7::7", 1, "2001:db8:5::9", 7, "x", 1);
  struct pbuf *p = app_pbuf(f.data + 14, f.len - 14);
  pbuf_ref(p);
  tunnel.input(p, &tunnel);
  expect_drop(DROP_IP6_FWD_SAME_LINK);
  netif_remove(&tunnel);
}

/* Hop limit and bytes of a packet that somebody else holds must not change. */
PACKET_TEST(test_a_shared_packet_is_copied)
{
  up();
  struct frame f = udp6(PEER, 1234, FAR, 7, "data", 4);
  struct pbuf *p = app_pbuf(f.data + 14, f.len - 14);
  pbuf_ref(p);
  assert_int_equal(ip6_input(p, &net.netif), ERR_OK);
  expect_forwarded(f);
  assert_int_equal(((const u8_t *)p->payload)[7], 64);
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF
/* Hardware that computes checksums gets an empty field, as for packets of our own. */
PACKET_TEST(test_checksum_that_hardware_computes)
{
  up();
  NETIF_SET_CHECKSUM_CTRL(&far->netif, NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_GEN_UDP);
  rx(udp6(PEER, 1234, FAR, 7, "data", 4));
  struct frame *out = tx_on(far);
  assert_int_equal(get16(out, IP6_PAYLOAD_AT + 6), 0);
  struct frame f = ping6(PEER, FAR, 1, 2, "ping", 4);
  rx(f);
  expect_forwarded(f);
  rx(ip6(PEER, FAR, NH_UDP, "short", 5)); /* ends before the field */
  assert_non_null(tx_on(far));
  expect_no_drop();
}
#endif

PACKET_TEST(test_driver_refuses)
{
  up();
  rx(udp6(PEER, 1, FAR, 7, "x", 1)); /* the neighbour is known now */
  tx_discard();
  far->drops_tx = true;
  rx(udp6(PEER, 1, FAR, 7, "x", 1));
  expect_drop(DROP_IP6_FWD_NO_MEMORY);
  expect_silence();
}

#if LWIP_FAULT_INJECTION
PACKET_TEST(test_no_memory_to_copy)
{
  up();
  if (packet_is_fault_run()) {
    return;
  }
  struct frame f = udp6(PEER, 1234, FAR, 7, "data", 4);
  struct pbuf *p = app_pbuf(f.data + 14, f.len - 14);
  pbuf_ref(p);
  fault_arm(1);
  assert_int_equal(ip6_input(p, &net.netif), ERR_OK);
  fault_arm(0);
  expect_drop(DROP_IP6_FWD_NO_MEMORY);
  expect_silence();
}
#endif

static const struct packet_test tests[] = {
    TEST(test_udp_goes_through),
    TEST(test_anything_goes_through),
    TEST(test_traffic_class_and_flow_label_stay),
    TEST(test_extension_headers_are_not_looked_at),
    TEST(test_hop_limit_ends_here),
    TEST(test_packets_too_big_for_the_next_link),
    TEST(test_no_route),
    TEST(test_no_router_on_the_next_link),
#if LWIP_NUM_ROUTES > 0
    TEST(test_static_routes),
#endif
    TEST(test_scopes),
    TEST(test_groups_are_not_forwarded),
    TEST(test_martians_are_not_forwarded),
    TEST(test_unicast_in_a_group_frame),
    TEST(test_jumbograms_are_not_forwarded),
    TEST(test_back_by_the_link_it_came_by),
    TEST_FLAGS(test_back_by_a_point_to_point_link, PACKET_ONCE),
    TEST_FLAGS(test_a_shared_packet_is_copied, PACKET_ONCE),
#if LWIP_CHECKSUM_CTRL_PER_NETIF
    TEST(test_checksum_that_hardware_computes),
#endif
    TEST(test_driver_refuses),
#if LWIP_FAULT_INJECTION
    TEST_FLAGS(test_no_memory_to_copy, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
