/**
 * @file
 * A hostile neighbor: floods that must not hurt those who talk already, link-layer addresses that
 * would make us send to everybody, answers that must not be given, duplicate address detection that
 * never succeeds (security.md B4 to B6, RFC 6583, RFC 4443 2.4, RFC 4862 5.4).
 * needs: ipv6
 */
#include <stdio.h>
#include "packet.h"
#include "gossamer/ip6_config.h"
#include "gossamer/timer.h"
#include "lwip/mem.h"
#include "lwip/memp.h"

#define FRIEND "fe80::2"
#define US     "fe80::ff:fe00:1"
#define GLOBAL "2001:db8::1"

static struct udp_pcb *server;

/** In fault runs every allocation costs one run. */
static unsigned flood_size(void)
{
  return packet_is_fault_run() ? 20 : 10000;
}

/** One datagram each way: at once, to the right station, without looking for it again. */
static void talk(void)
{
  ip_addr_t peer = ip_of(FRIEND "%tp0");
  rx(udp6(FRIEND, 4000, US, 7, "how are you", 11));
  expect_datagram(FRIEND, 4000, "how are you", 11);
  assert_int_equal(udp_sendto(server, app_pbuf("fine", 4), &peer, 4000), ERR_OK);
  struct frame *f = check_ip6(tx(), US, FRIEND, NH_UDP);
  check_eth(check_udp(f, 7, 4000, "fine", 4), peer_mac, our_mac, 0x86dd);
}

static void begin(void)
{
  net6_up();
  net.netif.ip6_autoconfig_enabled = 1;
  server = app_udp("::", 7);
  talk();
}

/** fe80::bad:<n> */
static const char *stranger(unsigned n)
{
  static char text[40];
  snprintf(text, sizeof text, "fe80::bad:%x", n + 1);
  return text;
}

/** What the stack holds after a flood, against before; a bound for the worst case of all tables. */
static void expect_bounded(u32_t elements, u32_t bytes)
{
  assert_true(memp_used_total() <= elements + 2000);
  assert_true(mem_used_bytes() <= bytes + 400000);
}

/** After each 16 packets of a flood the friend is still there; at the end, too, and time passes. */
static void flood(struct frame (*attack)(unsigned n))
{
  begin();
  u32_t elements = memp_used_total();
  u32_t bytes = mem_used_bytes();
  for (unsigned n = 0; n < flood_size(); n++) {
    rx(attack(n));
    tx_discard();
    if (n % 16 == 15) {
      advance(1);
      tx_discard();
      talk();
    }
  }
  expect_bounded(elements, bytes);
  advance(3600000);
  tx_discard();
  rx(ping6(FRIEND, US, 1, 1, "x", 1));
  check_pong6(tx(), 1, 1, "x", 1);
}

/* RFC 6583: answers to each of many would-be neighbors have to be looked up; nobody answers. */
static struct frame spoofed_ping(unsigned n)
{
  char text[40];
  snprintf(text, sizeof text, "2001:db8::5:%x", n);
  return ping6(text, GLOBAL, 1, 1, "x", 1);
}

static void test_pings_from_nowhere(void)
{
  flood(spoofed_ping);
}

/* B6-109 */
static struct frame solicitation(unsigned n)
{
  struct nd_options o = {0};
  u8_t mac[6] = {2, 1, 1, (u8_t)(n >> 16), (u8_t)(n >> 8), (u8_t)n};
  nd_opt_lladdr(&o, ND_SOURCE, mac);
  return ns(stranger(n), solicited_node(US), US, &o);
}

static void test_solicitations(void)
{
  flood(solicitation);
}

static struct frame advertisement(unsigned n)
{
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_TARGET, mac_of(9, (u8_t)n));
  return na(stranger(n), "ff02::1", stranger(n), NA_O | NA_R, &o);
}

static void test_advertisements(void)
{
  flood(advertisement);
}

/* B6-112: with everything that an advertisement can bring */
static struct frame router(unsigned n)
{
  struct nd_options o = {0};
  char prefix[40], server_text[40], domain[40];
  snprintf(prefix, sizeof prefix, "2001:db8:%x:%x::", 1 + (n >> 16), n & 0xffff);
  snprintf(server_text, sizeof server_text, "2001:db8:%x:%x::53", 1 + (n >> 16), n & 0xffff);
  snprintf(domain, sizeof domain, "d%u.example", n);
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(9, (u8_t)n));
  nd_opt_prefix(&o, prefix, 64, ND_PREFIX_L | ND_PREFIX_A, 300, 200);
  nd_opt_route(&o, prefix, 48, 8, 300);
  nd_opt_rdnss(&o, 300, server_text);
  nd_opt_dnssl(&o, 300, domain);
  return ra((struct ra_spec){.src = stranger(n), .hop_limit = 64, .lifetime_s = 300}, &o);
}

static void test_routers(void)
{
  flood(router);
  /* What an administrator set is what it was. */
  assert_int_equal(netif_ip6_addr_state(&net.netif, 0), IP6_ADDR_PREFERRED);
  assert_int_equal(netif_ip6_addr_state(&net.netif, 1), IP6_ADDR_PREFERRED);
  ip6_addr_t global = ip6_of(GLOBAL);
  assert_true(ip6_addr_zoneless_eq(netif_ip6_addr(&net.netif, 1), &global));
}

/* B4-75 and on: one fragment each of ever new datagrams, first ones and later ones */
static struct frame fragment(unsigned n)
{
  return ip6_fragment(stranger(n % 97), US, n, n % 3 == 0 ? 0 : 800, true, NH_UDP, pattern(800, n),
                      800);
}

static void test_fragments(void)
{
  flood(fragment);
}

static struct frame listener(unsigned n)
{
  char group[40];
  snprintf(group, sizeof group, "ff02::bad:%x", n);
  switch (n % 3) {
  case 0:
    return mld1(stranger(n), T6_MLD1_REPORT, 0, group);
  case 1:
    return mld1(stranger(n), T6_MLD_QUERY, 1, group);
  default:
    return mld2_query(stranger(n), "ff02::1", 1, "::", 2, 1, NULL);
  }
}

static void test_listeners(void)
{
  flood(listener);
}

/* B5-94: path MTUs for the whole world, by the server's own (alleged) datagrams */
static struct frame too_big(unsigned n)
{
  char dst[40];
  snprintf(dst, sizeof dst, "2001:db8:%x::%x", 0x100 + (n >> 12), 1 + (n & 0xfff));
  struct frame alleged = udp6(GLOBAL, 7, dst, 4000, "x", 1);
  return icmp6_error("2001:db8::66", GLOBAL, T6_TOO_BIG, 0, 1280 + n % 100, &alleged, 0);
}

static void test_packets_too_big(void)
{
  flood(too_big);
}

#if LWIP_IPV6_FORWARD
/* RFC 6583 2.1: somebody looks for hosts on the other side of us, address by address. Those who
   talk across go on, and the scanner is not told about each address. */
static void test_a_scan_through_us(void)
{
  begin();
  struct packet_net *far = net_add_netif();
  net6_up_on(far);
  rx(udp6("2001:db8::2", 1, "2001:db8:1::2", 2, "x", 1)); /* they talk already */
  advance(2 * LWIP_ND6_RETRANS_TIMER);
  tx_discard();
  u32_t elements = memp_used_total();
  u32_t bytes = mem_used_bytes();
  unsigned told = 0;
  for (unsigned n = 0; n < flood_size(); n++) {
    char text[40];
    snprintf(text, sizeof text, "2001:db8:1::5:%x", n);
    rx(ping6("2001:db8::66", text, 1, 1, "x", 1));
    if (n % 16 == 15) {
      advance(1);
      while (tx() != NULL) {
        told++;
      }
      tx_discard();
      struct frame f = udp6("2001:db8::2", 1, "2001:db8:1::2", 2, "x", 1);
      rx(f);
      struct frame *out = tx_on(far);
      check_eth(check_udp(out, 1, 2, "x", 1), mac_of(1, 2), mac_of(1, 1), 0x86dd);
      tx_discard();
      talk();
    }
  }
  assert_true(told <= 1000 + flood_size() / 5);
  expect_bounded(elements, bytes);
}
#endif

/* --- stations --- */

/* Whoever says such a thing of himself would make us send to everybody. */
static void test_link_layer_addresses_that_are_no_stations(void)
{
  static const u8_t bad[][6] = {{255, 255, 255, 255, 255, 255},
                                {0x33, 0x33, 0, 0, 0, 1},
                                {1, 0, 0x5e, 0, 0, 1},
                                {0, 0, 0, 0, 0, 0}};
  begin();
  for (size_t i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    struct nd_options source = {0}, target = {0};
    nd_opt_lladdr(&source, ND_SOURCE, bad[i]);
    nd_opt_lladdr(&target, ND_TARGET, bad[i]);
    rx(na(FRIEND, US, FRIEND, NA_S | NA_O, &target));
    rx(na(FRIEND, "ff02::1", FRIEND, NA_O, &target));
    rx(ns(FRIEND, solicited_node(US), US, &source));
    rx(ra((struct ra_spec){.src = FRIEND, .lifetime_s = 600}, &source));
    rx(rs(FRIEND, &source));
    tx_discard();
    talk();
  }
}

/* The group of our solicited-node address has others' addresses in it as well. */
static void test_solicited_for_another_address_of_our_group(void)
{
  struct nd_options o = {0};
  begin();
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 9));
  ignore_drops();
  rx(ns("fe80::9", solicited_node(US), "fe80::77:ff00:1", &o));
  expect_silence();
  expect_drop(DROP_ND6_NOT_FOR_US);
}

/* --- answers that are not given --- */

/** Something that asks for an ICMPv6 error when it comes from one host to another. */
struct trigger {
  const char *name;
  u8_t ext, nexth;
  u8_t body[8];
  size_t len;
};

static const struct trigger triggers[] = {
    {"unknown protocol", NH_NONE, 253, "payload", 8},
    {"no port", NH_NONE, NH_UDP, {0, 1, 0, 9, 0, 8, 0, 0}, 8},
    {"option to complain about to unicast alone", NH_DEST, NH_UDP, {0, 0, 0xc5, 4}, 8},
    {"routing header of an unknown type", NH_ROUTING, NH_UDP, {0, 0, 99, 1}, 8},
    {"fragment of 4 bytes", NH_FRAGMENT, NH_UDP, {0, 0, 0, 1, 0, 0, 0, 7}, 4},
};

static struct frame triggering(const struct trigger *t, const char *src, const char *dst)
{
  struct ip6_spec spec = ip6_spec_of(src, dst, t->nexth);
  if (t->ext == NH_NONE) {
    struct frame m = frame_of(t->body, t->len);
    if (t->nexth == NH_UDP) {
      put16(&m, 6, checksum6(src, dst, NH_UDP, m.data, m.len));
    }
    return ip6_opts(spec, m.data, m.len);
  }
  ip6_ext_raw(&spec, t->ext, t->body, 8);
  return ip6_opts(spec, "abcdefgh", t->len);
}

/* RFC 4443 2.4 (e.3) to (e.6): not to groups, not from nobody, not in link-layer broadcasts. */
static void test_no_error_where_none_may_be(void)
{
  begin();
  for (size_t i = 0; i < LWIP_ARRAYSIZE(triggers); i++) {
    const struct trigger *t = &triggers[i];
    rx(triggering(t, "fe80::3", US));
    struct frame *f = tx();
    if (f == NULL) {
      fail_msg("%s: no error to a host", t->name);
    }
    check_ip6(f, US, "fe80::3", NH_ICMP6);
    assert_true(get8(f, IP6_PAYLOAD_AT) < 128);
    advance(2000); /* beyond the rate limit */
    rx(triggering(t, "fe80::3", "ff02::1"));
    rx(triggering(t, "::", "ff02::1"));
    rx(triggering(t, "ff02::2", US));
    rx(triggering(t, "::", US));
    rx(triggering(t, "::1", US));
    struct frame in_broadcast = triggering(t, "fe80::3", US);
    memcpy(in_broadcast.data, broadcast_mac, 6);
    rx(in_broadcast);
    f = tx();
    if (f != NULL) {
      fail_msg("%s: an error of type %u", t->name, f->data[IP6_PAYLOAD_AT]);
    }
    advance(2000);
  }
}

/* RFC 4443 2.4 (e.1), (e.2), B4-83: about errors never, wherever their header hides */
static void test_no_error_about_an_error(void)
{
  static const u8_t types[] = {T6_UNREACHABLE, T6_TIME_EXCEEDED, 100, 127, T6_REDIRECT};
  begin();
  for (size_t i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    u8_t m[8] = {types[i]};
    struct ip6_spec spec = ip6_spec_of("fe80::3", US, NH_ICMP6);
    ip6_ext_add(&spec, NH_DEST, "", 0);
    ip6_ext_raw(&spec, NH_DEST, "\0\0\x85\4....", 8); /* "complain" */
    rx(icmp6_opts(spec, m, sizeof m));
    spec = ip6_spec_of("fe80::3", US, NH_ICMP6);
    ip6_ext_raw(&spec, NH_ROUTING, "\0\0\x63\1....", 8);
    rx(icmp6_opts(spec, m, sizeof m));
    expect_silence();
    advance(2000);
  }
  u8_t echo[8] = {T6_ECHO_REQUEST}; /* while about this one it is */
  struct ip6_spec spec = ip6_spec_of("fe80::3", US, NH_ICMP6);
  ip6_ext_raw(&spec, NH_DEST, "\0\0\x85\4....", 8);
  rx(icmp6_opts(spec, echo, sizeof echo));
  check_icmp6(tx(), T6_PARAMETER, 2);
}

/* B5-95: a thousand reasons for an error are not a thousand errors. */
static void test_errors_are_few(void)
{
  unsigned errors = 0;
  begin();
  for (unsigned n = 0; n < flood_size(); n++) {
    rx(udp6("fe80::3", (u16_t)(n + 1), US, 9, "x", 1));
    while (tx() != NULL) {
      errors++;
    }
  }
  assert_true(errors <= 1100); /* LWIP_ICMP_RATE_LIMIT, and what it lets by */
  talk();
}

/* --- addresses --- */

/* RFC 4862 5.4.5, RFC 7217 6: somebody has every address that we try. We give up, and say so. */
static void test_every_address_is_taken(void)
{
  struct nd_options o = {0};
  unsigned probes = 0;
  begin();
  nd_opt_prefix(&o, "2001:db8:9::", 64, ND_PREFIX_L | ND_PREFIX_A, 600, 300);
  rx(ra((struct ra_spec){.src = "fe80::fe", .lifetime_s = 600}, &o));
  for (unsigned step = 0; step < 600; step++) {
    advance(100);
    struct frame *f;
    while ((f = tx()) != NULL) {
      static const u8_t nobody[16];
      bool is_probe = f->len >= IP6_PAYLOAD_AT + 24 && f->data[IP6_AT + 6] == NH_ICMP6 &&
                      f->data[IP6_PAYLOAD_AT] == T6_NS &&
                      memcmp(f->data + IP6_AT + 8, nobody, 16) == 0;
      if (is_probe) {
        struct frame mine = na("fe80::66", "ff02::1", "fe80::66", NA_O, NULL);
        memcpy(mine.data + IP6_PAYLOAD_AT + 8, f->data + IP6_PAYLOAD_AT + 8, 16);
        icmp6_fix_checksum(&mine);
        probes++;
        rx(mine);
      }
    }
  }
  assert_in_range(probes, 1, 40);
  for (s8_t i = 2; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    u8_t state = netif_ip6_addr_state(&net.netif, i);
    assert_false(ip6_addr_isvalid(state));
    assert_false(ip6_addr_istentative(state));
  }
  talk();
}

/* Our own addresses, claimed by somebody else: they stay ours (RFC 4862 5.4.4), packets flow. */
static void test_somebody_claims_our_addresses(void)
{
  static const char *const ours[] = {US, GLOBAL};
  begin();
  for (unsigned n = 0; n < 100; n++) {
    const char *claimed = ours[n % 2];
    struct nd_options o = {0};
    nd_opt_lladdr(&o, ND_TARGET, mac_of(9, 9));
    rx(na("fe80::66", "ff02::1", claimed, NA_O, &o));
    struct frame f = na(claimed, "ff02::1", claimed, NA_O, &o);
    memcpy(f.data + 6, mac_of(9, 9), 6);
    rx(f);
    f = ns("::", solicited_node(claimed), claimed, NULL);
    rx(f);
    advance(10);
    tx_discard();
  }
  assert_int_equal(netif_ip6_addr_state(&net.netif, 0), IP6_ADDR_PREFERRED);
  assert_int_equal(netif_ip6_addr_state(&net.netif, 1), IP6_ADDR_PREFERRED);
  talk();
}

/* --- waiting for a neighbor who never answers --- */

/* RFC 4861 7.2.2: what waits is bounded, and freed when nobody comes. */
static void test_a_thousand_datagrams_to_nobody(void)
{
  begin();
  net.peer_answers_nd = false;
  u32_t elements = memp_used_total();
  u32_t bytes = mem_used_bytes();
  unsigned count = packet_is_fault_run() ? 20 : 1000;
  for (unsigned n = 0; n < count; n++) {
    char text[40];
    snprintf(text, sizeof text, "2001:db8::7:%x", n % 200);
    ip_addr_t nobody = ip_of(text);
    (void)udp_sendto(server, app_pbuf("x", 1), &nobody, 4000);
  }
  expect_bounded(elements, bytes);
  advance(60000);
  tx_discard();
  net.peer_answers_nd = true;
  rx(ping6(FRIEND, US, 1, 1, "x", 1));
  check_pong6(tx(), 1, 1, "x", 1);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_pings_from_nowhere, PACKET_ONCE),
    TEST_FLAGS(test_solicitations, PACKET_ONCE),
    TEST_FLAGS(test_advertisements, PACKET_ONCE),
    TEST_FLAGS(test_routers, PACKET_ONCE),
    TEST_FLAGS(test_fragments, PACKET_ONCE),
    TEST_FLAGS(test_listeners, PACKET_ONCE),
    TEST_FLAGS(test_packets_too_big, PACKET_ONCE),
#if LWIP_IPV6_FORWARD
    TEST_FLAGS(test_a_scan_through_us, PACKET_ONCE),
#endif
    TEST(test_link_layer_addresses_that_are_no_stations),
    TEST(test_solicited_for_another_address_of_our_group),
    TEST(test_no_error_where_none_may_be),
    TEST(test_no_error_about_an_error),
    TEST_FLAGS(test_errors_are_few, PACKET_ONCE),
    TEST_FLAGS(test_every_address_is_taken, PACKET_ONCE),
    TEST(test_somebody_claims_our_addresses),
    TEST_FLAGS(test_a_thousand_datagrams_to_nobody, PACKET_ONCE),
};

PACKET_MAIN(tests)
