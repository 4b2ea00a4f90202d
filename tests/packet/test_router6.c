/*
 * Default routers, more-specific routes and on-link prefixes: choice, lifetimes, fail-over, full
 * tables (RFC 4861 6.3.4 to 6.3.6, RFC 4191 3, RFC 5942; security vectors B6-110, 112, 113, 118,
 * 119).
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_ND6

#include "lwip/nd6.h"
#include "router6.h"

#define DAY_MS (24UL * 3600 * 1000)

/** Time passes; a clock of 32 bits of milliseconds wraps after 49 days. */
static void advance_days(unsigned days)
{
  while (days-- > 0) {
    advance(DAY_MS);
  }
}

/* --- lifetimes --- */

PACKET_TEST(test_lifetime_ends)
{
  net6_up();
  u32_t before = timers_count();
  router(2, 10, MEDIUM);
  advance(9999);
  assert_int_equal(router_count(), 1);
  advance(1);
  assert_int_equal(router_count(), 0);
  assert_int_equal(send_to(FAR), ERR_RTE);
  assert_int_equal(timers_count(), before);
}

PACKET_TEST(test_lifetime_is_renewed)
{
  net6_up();
  for (unsigned i = 0; i < 5; i++) {
    router(2, 10, MEDIUM);
    advance(9000);
  }
  assert_int_equal(router_count(), 1);
  assert_int_equal(router_info(2).lifetime_s, 1);
  router(2, 65535, MEDIUM); /* RFC 8319 */
  assert_int_equal(router_info(2).lifetime_s, 65535);
  router(2, 5, MEDIUM); /* and shortened */
  advance(5000);
  assert_int_equal(router_count(), 0);
}

/* B6-113: a router that stops being one may go on to tell of prefixes. */
PACKET_TEST(test_lifetime_zero_withdraws)
{
  struct nd_options o = {0};
  net6_up();
  net.netif.ip6_autoconfig_enabled = 0;
  router(2, 1800, HIGH);
  router(3, 1800, LOW);
  assert_int_equal(via(FAR), 2);
  nd_opt_prefix(&o, "2001:db8:7::", 64, ND_PREFIX_L, 3600, 1800);
  router_says(ra_of(2, 0), &o);
  assert_int_equal(router_count(), 1);
  assert_int_equal(via(FAR), 3);
  assert_int_equal(via("2001:db8:7::5"), 0); /* resolved on the link, where nobody has it */
  assert_int_equal(nd6_prefix_len_on_link(&net.netif, &(ip6_addr_t){0}), -1);
}

/* Lifetimes over a simulated year, and for ever (RFC 4861 4.6.2, RFC 4191 2.3). */
PACKET_TEST(test_a_year)
{
  struct nd_options o = {0};
  ip6_addr_t year = ip6_of("2001:db8:1111::5");
  ip6_addr_t ever = ip6_of("2001:db8:2222::5");
  net6_up();
  u32_t before = timers_count();
  net.netif.ip6_autoconfig_enabled = 0;
  nd_opt_prefix(&o, "2001:db8:1111::", 64, ND_PREFIX_L, 365UL * 24 * 3600, 0);
  nd_opt_prefix(&o, "2001:db8:2222::", 64, ND_PREFIX_L, 0xffffffff, 0);
  nd_opt_route(&o, "::", 0, HIGH, 364UL * 24 * 3600);
  nd_opt_route(&o, "2001:db8:8000::", 33, HIGH, 0xffffffff);
  router_says(ra_of(2, 0), &o);
  advance_days(363);
  assert_int_equal(router_info(2).lifetime_s, 24 * 3600);
  advance_days(1);
  assert_int_equal(router_count(), 0);
  assert_int_equal(nd6_prefix_len_on_link(&net.netif, &year), 64);
  advance_days(1);
  assert_int_equal(nd6_prefix_len_on_link(&net.netif, &year), -1);
  advance_days(135); /* far beyond the wrap */
  assert_int_equal(nd6_prefix_len_on_link(&net.netif, &ever), 64);
  assert_int_equal(via("2001:db8:8000::1"), 2);
  assert_int_equal(send_to(FAR), ERR_RTE);
  assert_int_equal(timers_count() - before, 1); /* the neighbour just sent to */
}

/* --- prefixes on the link --- */

static int on_link(const char *dst)
{
  ip6_addr_t addr = ip6_of(dst);
  return nd6_prefix_len_on_link(&net.netif, &addr);
}

static void prefix(const char *prefix, u8_t len, u8_t flags, u32_t valid_s)
{
  struct nd_options o = {0};
  nd_opt_prefix(&o, prefix, len, flags, valid_s, valid_s);
  router_says(ra_of(2, 1800), &o);
}

PACKET_TEST(test_prefixes_of_any_length)
{
  net6_up();
  net.netif.ip6_autoconfig_enabled = 0;
  prefix("2001:db8:8000::", 33, ND_PREFIX_L, 1000);
  prefix("2001:db8:8765:4321::", 63, ND_PREFIX_L, 1000);
  prefix("2001:db9::1", 128, ND_PREFIX_L, 1000);
  prefix("4000::", 2, ND_PREFIX_L, 1000);
  assert_int_equal(on_link("2001:db8:ffff::1"), 33);
  assert_int_equal(on_link("2001:db8:7fff::1"), -1);
  assert_int_equal(on_link("2001:db8:8765:4321::1"), 63);
  assert_int_equal(on_link("2001:db8:8765:4320::1"), 63);
  assert_int_equal(on_link("2001:db8:8765:4322::1"), 33);
  assert_int_equal(on_link("2001:db9::1"), 128);
  assert_int_equal(on_link("2001:db9::2"), -1);
  assert_int_equal(on_link("7fff::1"), 2);
  assert_int_equal(on_link("8000::1"), -1);
  assert_int_equal(on_link("fe80:1::1"), 10);
  assert_int_equal(via("2001:db9::2"), 2); /* by the router */
}

/* B6-110: lengths that are none; all or nothing; prefixes of groups and of the link itself. */
PACKET_TEST(test_prefixes_that_mean_nothing)
{
  net6_up();
  net.netif.ip6_autoconfig_enabled = 0;
  prefix("2001:db8:7::", 129, ND_PREFIX_L, 1000);
  prefix("2001:db8:7::", 255, ND_PREFIX_L, 1000);
  prefix("::", 0, ND_PREFIX_L, 1000);
  prefix("ff00::", 8, ND_PREFIX_L, 1000);
  prefix("fe80::", 64, ND_PREFIX_L, 1000);
  assert_int_equal(on_link("2001:db8:7::1"), -1);
  assert_int_equal(on_link(FAR), -1);
  assert_int_equal(on_link("ff05::1"), -1);
  prefix("fe80::", 64, ND_PREFIX_L, 0);
  assert_int_equal(on_link("fe80::1"), 10);
}

/* RFC 4861 6.3.4: valid lifetime 0 ends it; no L flag says nothing. */
PACKET_TEST(test_prefix_lifetimes)
{
  net6_up();
  net.netif.ip6_autoconfig_enabled = 0;
  prefix("2001:db8:7::", 64, ND_PREFIX_L, 100);
  prefix("2001:db8:7::", 64, 0, 0);
  assert_int_equal(on_link("2001:db8:7::1"), 64);
  prefix("2001:db8:7::", 64, ND_PREFIX_L, 0);
  assert_int_equal(on_link("2001:db8:7::1"), -1);
  prefix("2001:db8:7::", 64, ND_PREFIX_L, 100);
  advance(99999);
  assert_int_equal(on_link("2001:db8:7::1"), 64);
  advance(1);
  assert_int_equal(on_link("2001:db8:7::1"), -1);
}

/* RFC 5942 4: having an address in a prefix does not make the prefix a link's. */
PACKET_TEST(test_autoconfigured_is_not_on_link)
{
  net6_up();
  prefix("2001:db8:7::", 64, ND_PREFIX_A, 3600);
  advance(5000);
  tx_discard();
  assert_int_equal(netif_ip6_addr_state(&net.netif, 2), IP6_ADDR_PREFERRED);
  assert_int_equal(on_link("2001:db8:7::1"), -1);
  assert_int_equal(via("2001:db8:7::1"), 2);
}

/* --- choice (RFC 4191 3) --- */

PACKET_TEST(test_preferences)
{
  net6_up();
  router(2, 1800, LOW);
  assert_int_equal(via(FAR), 2);
  router(3, 1800, RESERVED); /* counts as medium (RFC 4191 2.2) */
  assert_int_equal(router_info(3).preference, 0);
  assert_int_equal(via(FAR), 3);
  router(4, 1800, HIGH);
  assert_int_equal(via(FAR), 4);
  router(4, 1800, LOW);
  assert_int_equal(via(FAR), 3);
  router(2, 1800, HIGH);
  assert_int_equal(via(FAR), 2);
}

/* Who is in use stays in use; others that are as good do not take turns. */
PACKET_TEST(test_equals)
{
  net6_up();
  router(2, 1800, MEDIUM);
  router(3, 1800, MEDIUM);
  unsigned chosen = via(FAR);
  for (unsigned i = 0; i < 10; i++) {
    router(2 + (i & 1), 1800, MEDIUM);
    assert_int_equal(via(FAR), chosen);
  }
}

#if LWIP_ND6_SUPPORT_RIO

/* RFC 4191 3.1: an option for ::/0 goes before the header; the example there. */
PACKET_TEST(test_default_route_option)
{
  struct nd_options o = {0};
  net6_up();
  nd_opt_route(&o, "::", 0, LOW, 200);
  router_says(ra_of(2, 100), &o);
  assert_int_equal(router_info(2).lifetime_s, 200);
  assert_int_equal(router_info(2).preference, -1);
  o.len = 0;
  nd_opt_route(&o, "::", 0, LOW, 0); /* the header's lifetime does not count */
  router_says(ra_of(2, 100), &o);
  assert_int_equal(router_count(), 0);
}

/* RFC 4191 3.1, 3.2: longest prefix, then preference; updates and withdrawals. */
PACKET_TEST(test_routes)
{
  net6_up();
  router(2, 1800, MEDIUM);
  route(3, "2001:db8:8000::", 33, LOW, 1800);
  route(4, "2001:db8:8000::", 33, MEDIUM, 1800);
  route(5, "2001:db8:8000:1::", 64, LOW, 1800);
  assert_int_equal(router_count(), 1);
  assert_int_equal(via(FAR), 2);
  assert_int_equal(via("2001:db8:8000::1"), 4);
  assert_int_equal(via("2001:db8:8000:1::1"), 5);
  route(4, "2001:db8:8000::", 33, LOW, 1800);
  route(3, "2001:db8:8000::", 33, HIGH, 1800);
  assert_int_equal(via("2001:db8:8000::1"), 3);
  route(3, "2001:db8:8000::", 33, HIGH, 0);
  assert_int_equal(via("2001:db8:8000::1"), 4);
  route(5, "2001:db8:8000:1::", 64, LOW, 2);
  advance(2000);
  assert_int_equal(via("2001:db8:8000:1::1"), 4);
}

/* RFC 4191 3.3: a redirect holds until the routes change. */
PACKET_TEST(test_routes_go_before_older_redirects)
{
  struct nd_options o = {0};
  net6_up();
  router(2, 1800, MEDIUM);
  assert_int_equal(via(FAR), 2);
  nd_opt_lladdr(&o, ND_TARGET, mac_of(0, 3));
  rx(redirect("fe80::2", "2001:db8::1", "fe80::3", FAR, &o));
  assert_int_equal(via(FAR), 3);
  router(2, 1800, MEDIUM); /* nothing new */
  assert_int_equal(via(FAR), 3);
  route(4, "2001:4860::", 32, HIGH, 1800);
  assert_int_equal(via(FAR), 4);
}

/* B6-118, RFC 4191 2.3: reserved preference, lengths that do not go together. */
PACKET_TEST(test_routes_that_are_none)
{
  static const u8_t bad[][16] = {
      {24, 2, 65, 0, 0, 0, 1, 0, 0x20, 0x01, 0x48, 0x60},
      {24, 2, 129, 0, 0, 0, 1, 0, 0x20, 0x01, 0x48, 0x60},
      {24, 2, 32, RESERVED, 0, 0, 1, 0, 0x20, 0x01, 0x48, 0x60},
      {24, 1, 1, 0, 0, 0, 1, 0, 5, 1, 0, 0, 0, 0, 5, 0xdc},
  };
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    struct nd_options o = {0};
    nd_opt_raw(&o, bad[i], sizeof bad[i]);
    router_says(ra_of(2, 0), &o);
    assert_int_equal(send_to(FAR), ERR_RTE);
  }
}

/* --- reachability --- */

/** Nobody answers but those whose bit is set. They do when they are asked. */
static void answer(u32_t routers)
{
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    if (ip6_payload_type(f) != NH_ICMP6 || get8(f, IP6_PAYLOAD_AT) != T6_NS) {
      continue;
    }
    unsigned n = get8(f, IP6_PAYLOAD_AT + 8 + 15);
    if (get16(f, IP6_PAYLOAD_AT + 8) == 0xfe80 && (routers & (1UL << n))) {
      struct nd_options o = {0};
      nd_opt_lladdr(&o, ND_TARGET, mac_of(0, (u8_t)n));
      rx(na(router_name(n), "fe80::ff:fe00:1", router_name(n), NA_R | NA_S | NA_O, &o));
    }
  }
}

/** Traffic to `dst` for so long; the routers in `routers` answer. */
static void talk(const char *dst, unsigned seconds, u32_t routers)
{
  for (unsigned i = 0; i < seconds * 2; i++) {
    send_to(dst);
    answer(routers);
    advance(500);
    answer(routers);
  }
}

#define BIT(n) (1UL << (n))
enum { W = 2, X = 3, Y = 4, Z = 5 };

/* RFC 4191 3.6: the example. */
PACKET_TEST(test_rfc4191_example)
{
  static const char dst[] = "2001:db8:8000::1";
  net6_up();
  net.peer_answers_nd = false;
  router(W, 9000, MEDIUM);
  route(X, "2002::", 16, MEDIUM, 9000);
  route(Y, "2001:db8:8000::", 33, HIGH, 9000);
  route(Z, "2001:db8:8000::", 33, LOW, 9000);
  talk(dst, 30, BIT(W) | BIT(X) | BIT(Y) | BIT(Z));
  assert_int_equal(via(dst), Y);
  talk(dst, 60, BIT(W) | BIT(X) | BIT(Z));
  assert_int_equal(via(dst), Z);
  talk(dst, 60, BIT(W) | BIT(X));
  assert_int_equal(via(dst), W);
  talk(dst, 180, BIT(X)); /* none of the three: the best */
  ip6_addr_t addr = ip6_of(dst);
  struct nd6_router_choice choice;
  assert_true(nd6_router_for(NULL, &addr, &choice));
  assert_int_equal(choice.prefix_len, 33);
  assert_int_equal(choice.preference, 1);
  talk(dst, 130, BIT(X) | BIT(Z)); /* Z is back, and noticed by a probe */
  assert_int_equal(via(dst), Z);
  talk(dst, 130, BIT(X) | BIT(Y) | BIT(Z));
  assert_int_equal(via(dst), Y);
}

/** Solicitations for fe80::<n> in these seconds of traffic. */
static unsigned probes_of(unsigned n, const char *dst, unsigned seconds, u32_t routers)
{
  unsigned count = 0;
  for (unsigned i = 0; i < seconds; i++) {
    if (dst != NULL) {
      send_to(dst);
    }
    advance(1000);
    for (struct frame *f = tx(); f != NULL; f = tx()) {
      bool is_ns = ip6_payload_type(f) == NH_ICMP6 && get8(f, IP6_PAYLOAD_AT) == T6_NS;
      unsigned target = is_ns ? get8(f, IP6_PAYLOAD_AT + 8 + 15) : 0;
      count += (target == n) ? 1 : 0;
      if (is_ns && (routers & BIT(target))) {
        rx(na(router_name(target), "fe80::ff:fe00:1", router_name(target), NA_R | NA_S, NULL));
      }
    }
  }
  return count;
}

/* RFC 4191 3.5: probes once a minute at most, of better routers only, and with traffic only. */
PACKET_TEST(test_probing_of_better_routers)
{
  net6_up();
  advance(100000); /* away from the clock's zero */
  net.peer_answers_nd = false;
  router(2, 9000, HIGH);
  router(3, 9000, MEDIUM);
  router(4, 9000, LOW);
  /* Given up, and not asked again within a minute of that. */
  unsigned asked = probes_of(2, FAR, 50, BIT(3) | BIT(4));
  assert_int_equal(asked, LWIP_ND6_MAX_UNICAST_SOLICIT);
  assert_int_equal(via(FAR), 3);
  tx_discard();
  unsigned probes = probes_of(2, FAR, 600, BIT(3));
  assert_in_range(probes, 10, 10 * (LWIP_ND6_MAX_MULTICAST_SOLICIT));
  tx_discard();
  assert_int_equal(probes_of(2, NULL, 600, BIT(3)), 0);
}

/* RFC 4191 3.5: who would not be used is not looked for. */
PACKET_TEST(test_no_probing_of_worse_routers)
{
  net6_up();
  net.peer_answers_nd = false;
  router(2, 9000, MEDIUM);
  router(3, 9000, LOW);
  talk(FAR, 60, 0); /* both are unreachable now */
  talk(FAR, 130, BIT(2));
  assert_int_equal(via(FAR), 2);
  tx_discard();
  assert_int_equal(probes_of(3, FAR, 600, BIT(2)), 0);
}

/* What is known of a router holds for a route of its that comes later. */
PACKET_TEST(test_new_route_of_an_unreachable_router)
{
  net6_up();
  net.peer_answers_nd = false;
  router(2, 9000, HIGH);
  router(3, 9000, MEDIUM);
  talk("2001:db8:8000::1", 60, BIT(3));
  assert_int_equal(via("2001:db8:8000::1"), 3);
  struct nd_options o = {0};
  struct ra_spec spec = ra_of(2, 9000);
  spec.flags = HIGH;
  nd_opt_route(&o, "2001:db8:8000::", 33, HIGH, 9000);
  router_says(spec, &o);
  assert_int_equal(via("2001:db8:8000::1"), 3);
}

/* RFC 4861 6.3.6: where all are unreachable they take turns. */
PACKET_TEST(test_unreachable_routers_take_turns)
{
  unsigned seen = 0;
  net6_up();
  net.peer_answers_nd = false;
  router(2, 9000, MEDIUM);
  router(3, 9000, MEDIUM);
  router(4, 9000, MEDIUM);
  talk(FAR, 60, 0);
  for (unsigned i = 0; i < 60; i++) {
    ip6_addr_t addr = ip6_of(FAR);
    struct nd6_router_choice choice;
    send_to(FAR);
    advance(1000);
    tx_discard();
    assert_true(nd6_router_for(NULL, &addr, &choice));
    seen |= 1U << (lwip_ntohl(choice.addr.addr[3]) & 0xff);
  }
  assert_int_equal(seen, BIT(2) | BIT(3) | BIT(4));
  ignore_drops();
  talk(FAR, 130, BIT(3));
  assert_int_equal(via(FAR), 3);
  ignore_drops();
}

#endif /* LWIP_ND6_SUPPORT_RIO */

/* B6-119, RFC 4861 7.3.3: one of two routers dies; packets go by the other within seconds. */
PACKET_TEST(test_fail_over)
{
  net6_up();
  net.peer_answers_nd = false;
  router(2, 9000, MEDIUM);
  unsigned before = via(FAR);
  assert_int_equal(before, 2);
  router(3, 9000, MEDIUM);
  unsigned seconds = 0;
  unsigned now = 2;
  while (now == 2 && seconds < 60) {
    now = via(FAR);
    advance(1000);
    tx_discard(); /* nobody answers */
    seconds++;
  }
  assert_int_equal(now, 3);
  /* DELAY_FIRST_PROBE_TIME and three probes a second apart. */
  assert_in_range(seconds, 5, 5 + LWIP_ND6_MAX_UNICAST_SOLICIT + 3);
}

/* RFC 4861 7.2.5: a router that says it is none is one no more. */
PACKET_TEST(test_router_becomes_a_host)
{
  net6_up();
  router(2, 9000, HIGH);
  router(3, 9000, MEDIUM);
  assert_int_equal(via(FAR), 2);
  rx(na("fe80::2", "ff02::1", "fe80::2", NA_O, NULL));
  assert_int_equal(router_count(), 1);
  assert_int_equal(via(FAR), 3);
}

/* --- full tables (B6-112) --- */

static unsigned flood_size(void)
{
  return packet_is_fault_run() ? 40 : 10000;
}

/** An advertisement of fe80::1:<i>, whose link-layer address is a peer's, with other things. */
static void flood(unsigned i, u16_t lifetime_s, u8_t preference)
{
  char src[40];
  char prefix_text[40];
  char route_text[40];
  struct nd_options o = {0};
  struct ra_spec spec = {.src = src, .lifetime_s = lifetime_s, .flags = preference};
  snprintf(src, sizeof src, "fe80::1:%x", i + 1);
  snprintf(prefix_text, sizeof prefix_text, "2001:db8:%x::", 0x8000 + i);
  snprintf(route_text, sizeof route_text, "2400:%x::", 0x8000 + i);
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 77));
  nd_opt_prefix(&o, prefix_text, 64, ND_PREFIX_L, 0xffffffff, 0xffffffff);
  nd_opt_route(&o, route_text, 32, preference, 0xffffffff);
  packet_at_end(routers_forget);
  rx(ra(spec, &o));
}

PACKET_TEST(test_flood)
{
  struct nd_options o = {0};
  net6_up();
  net.netif.ip6_autoconfig_enabled = 1;
  nd_opt_prefix(&o, "2001:db8:7::", 64, ND_PREFIX_L | ND_PREFIX_A, 86400, 86400);
  nd_opt_route(&o, "2600::", 16, MEDIUM, 86400);
  router_says(ra_of(2, 9000), &o);
  advance(5000);
  tx_discard();
  assert_int_equal(via(FAR), 2);
  assert_int_equal(via("2600::1"), 2);
  for (unsigned i = 0; i < flood_size(); i++) {
    flood(i, 9000, MEDIUM);
  }
  assert_int_equal(router_count(), LWIP_ND6_NUM_ROUTERS);
  assert_int_equal(via(FAR), 2); /* in use: stays, and is not left for an equal */
  assert_int_equal(on_link("2001:db8:7::1"), 64);
  assert_int_equal(via("2600::1"), 2);
  ip6_addr_t ours = ip6_of("2001:db8::1");
  assert_int_equal(netif_get_ip6_addr_match(&net.netif, &ours), 1); /* set by hand */
  assert_int_equal(on_link("2001:db8::2"), 64);
  /* When it is over, a newcomer gets in. */
  router(9, 9000, MEDIUM);
  router_info(9);
  prefix("2001:db8:9::", 64, ND_PREFIX_L, 1000);
  assert_int_equal(on_link("2001:db8:9::1"), 64);
}

/* Of routers that are as good and not in use, the one that was silent for the longest goes. */
PACKET_TEST(test_the_long_silent_goes)
{
  net6_up();
  for (unsigned i = 0; i < LWIP_ND6_NUM_ROUTERS; i++) {
    router(2 + i, 9000, MEDIUM);
    advance(1000);
  }
  router(2, 9000, MEDIUM);
  advance(1000);
  router(99, 9000, MEDIUM);
  router_info(99);
  router_info(2);
  assert_int_equal(router_count(), LWIP_ND6_NUM_ROUTERS);
  if (LWIP_ND6_NUM_ROUTERS > 1) {
    ip6_addr_t silent = ip6_of("fe80::3");
    assert_false(nd6_is_router(&net.netif, &silent));
  }
}

/* Less preferred newcomers do not push out who is preferred. */
PACKET_TEST(test_preferred_ones_stay)
{
  net6_up();
  router(2, 9000, HIGH);
  advance(1000);
  for (unsigned i = 0; i < 3 * LWIP_ND6_NUM_ROUTERS; i++) {
    flood(i, 9000, LOW);
  }
  assert_int_equal(router_count(), LWIP_ND6_NUM_ROUTERS);
  assert_int_equal(router_info(2).preference, 1);
  flood(1000, 9000, HIGH); /* the oldest goes, if it is no better and not in use */
  flood(1001, 9000, HIGH);
  assert_int_equal(router_count(), LWIP_ND6_NUM_ROUTERS);
}

/* --- interfaces --- */

PACKET_TEST(test_the_link_goes)
{
  net6_up();
  u32_t before = timers_count();
  listen_to_events();
  router(2, 1800, MEDIUM);
  prefix("2001:db8:7::", 64, ND_PREFIX_L, 1000);
  assert_int_equal(events(ND_EVENT_ROUTERS), 1);
  netif_set_link_down(&net.netif);
  assert_int_equal(events(ND_EVENT_ROUTERS), 1);
  assert_int_equal(router_count(), 0);
  assert_int_equal(on_link("2001:db8:7::1"), -1);
  assert_true(timers_count() <= before);
}

/* Two uplinks: preference decides between them, and the one whose link goes is left. */
PACKET_TEST(test_two_interfaces)
{
  struct packet_net *other = net_add_netif();
  ip6_addr_t far = ip6_of(FAR);
  net6_up();
  net6_up_on(other);
  struct ra_spec spec = {.src = "fe80::3", .lifetime_s = 1800, .flags = HIGH};
  router(2, 1800, MEDIUM);
  assert_ptr_equal(nd6_find_route(&far), &net.netif);
  struct frame f = ra(spec, NULL);
  packet_at_end(routers_forget);
  rx_on(other, f);
  assert_ptr_equal(nd6_find_route(&far), &other->netif);
  assert_int_equal(router_count(), 1);
  ip6_addr_t near = ip6_of("2001:db8::77");
  assert_ptr_equal(nd6_find_route(&near), &net.netif);
  netif_set_down(&other->netif);
  assert_ptr_equal(nd6_find_route(&far), &net.netif);
  netif_set_down(&net.netif);
  assert_null(nd6_find_route(&far));
}

static const struct packet_test tests[] = {
    TEST(test_lifetime_ends),
    TEST(test_lifetime_is_renewed),
    TEST(test_lifetime_zero_withdraws),
    TEST_FLAGS(test_a_year, PACKET_ONCE),
    TEST(test_prefixes_of_any_length),
    TEST(test_prefixes_that_mean_nothing),
    TEST(test_prefix_lifetimes),
    TEST(test_autoconfigured_is_not_on_link),
    TEST(test_preferences),
    TEST(test_equals),
#if LWIP_ND6_SUPPORT_RIO
    TEST(test_default_route_option),
    TEST(test_routes),
    TEST(test_routes_go_before_older_redirects),
    TEST(test_routes_that_are_none),
    TEST_FLAGS(test_rfc4191_example, PACKET_ONCE),
    TEST_FLAGS(test_probing_of_better_routers, PACKET_ONCE),
    TEST_FLAGS(test_no_probing_of_worse_routers, PACKET_ONCE),
    TEST_FLAGS(test_new_route_of_an_unreachable_router, PACKET_ONCE),
    TEST_FLAGS(test_unreachable_routers_take_turns, PACKET_ONCE),
#endif
    TEST(test_fail_over),
    TEST(test_router_becomes_a_host),
    TEST_FLAGS(test_flood, PACKET_ONCE),
    TEST(test_the_long_silent_goes),
    TEST(test_preferred_ones_stay),
    TEST(test_the_link_goes),
    TEST(test_two_interfaces),
};

PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
