/*
 * We are the router: advertisements and answers to solicitations (RFC 4861 6.2, RFC 4191 2, RFC
 * 8106 5, gossamer/router_advert.h).
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_ND6 && LWIP_ROUTER_ADVERT

#include "gossamer/router_advert.h"
#include "router6.h"

#define US "fe80::ff:fe00:1"

static struct router_advert advert;
static struct router_advert_prefix prefixes[2];
static struct router_advert_route routes[1];
static ip6_addr_t dns_servers[2];
static const char *const dns_domains[] = {"example.com", "lan"};

static void end(void)
{
  router_advert_stop(&advert);
  routers_forget();
}

/** A router of two prefixes with everything, every 30 s at most. */
static void configure(void)
{
  packet_at_end(end);
  router_advert_defaults(&advert);
  memset(prefixes, 0, sizeof prefixes);
  prefixes[0].prefix = ip6_of("2001:db8:7::");
  prefixes[0].prefix_len = 64;
  prefixes[0].is_on_link = true;
  prefixes[0].is_autonomous = true;
  prefixes[0].valid_s = 86400;
  prefixes[0].preferred_s = 14400;
  prefixes[1].prefix = ip6_of("2001:db8:8::");
  prefixes[1].prefix_len = 63;
  prefixes[1].valid_s = 0xffffffff;
  routes[0].prefix = ip6_of("2600::");
  routes[0].prefix_len = 16;
  routes[0].preference = 1;
  routes[0].lifetime_s = 1234;
  dns_servers[0] = ip6_of("2001:db8:7::53");
  dns_servers[1] = ip6_of("2001:db8:7::54");
  advert.max_interval_s = 30;
  advert.min_interval_s = 10;
  advert.lifetime_s = 90;
  advert.prefixes = prefixes;
}

static void start(void)
{
  net6_up();
  configure();
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
}

static bool is_ra(const struct frame *f)
{
  return get16(f, 12) == ETHTYPE_IPV6 && ip6_payload_type(f) == NH_ICMP6 &&
         get8(f, IP6_PAYLOAD_AT) == T6_RA;
}

/** Let time pass until an advertisement comes to `dst`; other things (MLD) are thrown away. */
static struct frame *next_ra(const char *dst, u32_t max_ms, u32_t *waited_ms)
{
  for (u32_t ms = 0; ms <= max_ms; ms += 10) {
    for (struct frame *f = tx(); f != NULL; f = tx()) {
      if (is_ra(f)) {
        if (waited_ms != NULL) {
          *waited_ms = ms;
        }
        return check_ra(f, US, dst);
      }
    }
    advance(10);
  }
  packet_fail(__FILE__, __LINE__, "no advertisement within %lu ms", (unsigned long)max_ms);
  return NULL;
}

static void expect_no_ra(u32_t ms)
{
  advance(ms);
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    assert_false(is_ra(f));
  }
}

/** Past the quick ones at the beginning, just behind a regular one. */
static void settle_down(void)
{
  for (unsigned i = 0; i < 4; i++) {
    next_ra("ff02::1", 30000, NULL);
  }
}

static u32_t be32(const u8_t *b)
{
  return ((u32_t)b[0] << 24) | ((u32_t)b[1] << 16) | ((u32_t)b[2] << 8) | b[3];
}

/* --- what is said --- */

/* RFC 4861 4.2, 6.2.3: every field and option. */
PACKET_TEST(test_content)
{
  static const u8_t prefix0[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 7};
  static const u8_t rio[] = {24, 2, 16, 0x08, 0, 0, 0x04, 0xd2, 0x26, 0, 0, 0, 0, 0, 0, 0};
  static const u8_t dnssl[] = {31,  4,   0,   0,   0,   0, 0,   90,  7,   'e', 'x',
                               'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0,   3,
                               'l', 'a', 'n', 0,   0,   0, 0,   0,   0,   0};
  net6_up();
  configure();
  advert.num_prefixes = 2;
  advert.num_routes = 1;
  advert.routes = routes;
  advert.num_dns_servers = 2;
  advert.dns_servers = dns_servers;
  advert.num_dns_domains = 2;
  advert.dns_domains = dns_domains;
  advert.is_managed = true;
  advert.preference = -1;
  advert.reachable_ms = 30000;
  advert.retrans_ms = 1000;
  advert.mtu = 1400;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  struct frame *f = next_ra("ff02::1", 1000, NULL);
  check_hop_limit(f, 255);
  size_t at = IP6_PAYLOAD_AT;
  assert_int_equal(get8(f, at + 4), 64);
  assert_int_equal(get8(f, at + 5), 0x80 | 0x18);
  assert_int_equal(get16(f, at + 6), 90);
  assert_int_equal(get32(f, at + 8), 30000);
  assert_int_equal(get32(f, at + 12), 1000);
  check_nd_lladdr(f, ND_SOURCE, our_mac);
  const u8_t *o = nd_option(f, 5);
  assert_non_null(o);
  assert_int_equal(be32(o + 4), 1400);
  o = nd_option(f, 3);
  assert_non_null(o);
  assert_int_equal(o[2], 64);
  assert_int_equal(o[3], 0xc0);
  assert_int_equal(be32(o + 4), 86400);
  assert_int_equal(be32(o + 8), 14400);
  assert_memory_equal(o + 16, prefix0, 16);
  o += 32; /* the second one follows */
  assert_int_equal(o[0], 3);
  assert_int_equal(o[2], 63);
  assert_int_equal(o[3], 0);
  assert_int_equal(be32(o + 4), 0xffffffff);
  o = nd_option(f, 24);
  assert_non_null(o);
  assert_memory_equal(o, rio, sizeof rio);
  o = nd_option(f, 25);
  assert_non_null(o);
  assert_int_equal(o[1], 5);
  assert_int_equal(be32(o + 4), 90); /* 3 * max_interval_s */
  o = nd_option(f, 31);
  assert_non_null(o);
  assert_memory_equal(o, dnssl, sizeof dnssl);
}

/* RFC 4191 2.2: who is no default router has no preference. */
PACKET_TEST(test_no_default_router)
{
  net6_up();
  configure();
  advert.lifetime_s = 0;
  advert.preference = 1;
  advert.is_other = true;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  struct frame *f = next_ra("ff02::1", 1000, NULL);
  assert_int_equal(get8(f, IP6_PAYLOAD_AT + 5), 0x40);
  assert_int_equal(get16(f, IP6_PAYLOAD_AT + 6), 0);
  assert_null(nd_option(f, 3));
  assert_null(nd_option(f, 5));
  assert_null(nd_option(f, 25));
  assert_null(nd_option(f, 31));
}

/* RFC 4861 6.2.1: constant lifetimes, and such as run down in real time. */
PACKET_TEST(test_decrementing_lifetimes)
{
  net6_up();
  configure();
  advert.num_prefixes = 2;
  prefixes[0].is_decrementing = true;
  prefixes[0].valid_s = 1000;
  prefixes[0].preferred_s = 500;
  prefixes[1].valid_s = 1000;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  u32_t begin_ms = now_ms();
  for (unsigned i = 0; i < 60; i++) {
    struct frame *f = next_ra("ff02::1", 31000, NULL);
    const u8_t *o = nd_option(f, 3);
    u32_t passed_s = (now_ms() - begin_ms) / 1000; /* it is up to 10 ms old */
    u32_t valid_s = passed_s < 1000 ? 1000 - passed_s : 0;
    u32_t preferred_s = passed_s < 500 ? 500 - passed_s : 0;
    assert_true(be32(o + 4) - valid_s <= 1);
    assert_true(be32(o + 8) - preferred_s <= 1);
    assert_int_equal(be32(o + 32 + 4), 1000);
  }
  assert_int_equal(router_advert_changed(&advert), ERR_OK); /* they begin anew */
  const u8_t *o = nd_option(next_ra("ff02::1", 4000, NULL), 3);
  assert_true(be32(o + 4) >= 996);
}

/* They run down for longer than the clock of milliseconds lasts. */
PACKET_TEST(test_decrementing_beyond_the_wrap)
{
  net6_up();
  configure();
  advert.num_prefixes = 1;
  advert.max_interval_s = 43200;
  advert.lifetime_s = 0;
  prefixes[0].is_decrementing = true;
  prefixes[0].valid_s = 100UL * 86400;
  prefixes[0].preferred_s = 60UL * 86400;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  for (unsigned day = 0; day < 99; day++) {
    advance(86400UL * 1000);
    tx_discard();
  }
  rx(rs("fe80::2", NULL));
  const u8_t *o = nd_option(next_ra("ff02::1", 3510, NULL), 3);
  assert_in_range(be32(o + 4), 86400 - 4, 86400);
  assert_int_equal(be32(o + 8), 0);
}

/* --- when --- */

/* RFC 4861 6.2.4: three quick ones, then at random between two bounds. */
PACKET_TEST(test_intervals)
{
  u32_t waited = 0;
  u32_t least = 60000;
  u32_t most = 0;
  start();
  next_ra("ff02::1", 500, NULL);
  for (unsigned i = 0; i < 2; i++) {
    next_ra("ff02::1", 16000, &waited);
    assert_in_range(waited, 9990, 16010);
  }
  next_ra("ff02::1", 16010, NULL); /* MAX_INITIAL_RTR_ADVERTISEMENTS intervals are short */
  for (unsigned i = 0; i < 60; i++) {
    next_ra("ff02::1", 30010, &waited);
    least = LWIP_MIN(least, waited);
    most = LWIP_MAX(most, waited);
  }
  assert_in_range(least, 9980, 12000);
  assert_in_range(most, 28000, 30010);
}

PACKET_TEST(test_default_intervals)
{
  u32_t waited = 0;
  net6_up();
  packet_at_end(end);
  router_advert_defaults(&advert);
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  for (unsigned i = 0; i < 4; i++) {
    next_ra("ff02::1", 16010, NULL);
  }
  for (unsigned i = 0; i < 5; i++) {
    next_ra("ff02::1", 600010, &waited);
    assert_in_range(waited, 199980, 600010);
  }
}

/* RFC 4861 6.2.6: within half a second, to all. */
PACKET_TEST(test_solicited)
{
  start();
  settle_down();
  advance(5000);
  rx(rs("fe80::2", NULL));
  next_ra("ff02::1", 510, NULL);
  expect_no_ra(2000);
  rx(rs("::", NULL));
  u32_t waited = 0;
  next_ra("ff02::1", 3010, &waited); /* MIN_DELAY_BETWEEN_RAS from the one before */
  assert_in_range(waited, 900, 1010);
}

/* However many ask, three seconds lie between two answers to all. */
PACKET_TEST(test_solicitation_flood)
{
  unsigned count = 0;
  start();
  settle_down();
  for (unsigned i = 0; i < (packet_is_fault_run() ? 30 : 1000); i++) {
    rx(rs(router_name(2 + i % 100), NULL));
    advance(10);
    for (struct frame *f = tx(); f != NULL; f = tx()) {
      count += is_ra(f);
    }
  }
  assert_true(count <= 4);
}

/* An answer to one alone (RFC 7772 5.1), bounded as well. */
PACKET_TEST(test_solicited_by_unicast)
{
  net6_up();
  configure();
  advert.solicited_by_unicast = true;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  settle_down();
  advance(5000);
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 2));
  rx(rs("fe80::2", &o));
  rx(rs("fe80::2", &o));
  check_eth(next_ra("fe80::2", 510, NULL), mac_of(0, 2), our_mac, ETHTYPE_IPV6);
  expect_no_ra(1000);
  rx(rs("::", NULL)); /* who has no address yet */
  next_ra("ff02::1", 510, NULL);
  advance(3000);
  tx_discard();
  rx(rs("fe80::2", NULL));
  rx(rs("fe80::3", NULL)); /* while another waits: for all */
  u32_t ones = 0, alls = 0;
  advance(500);
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    ones += is_ra(f) && get8(f, 0) == 0x02;
    alls += is_ra(f) && get8(f, 0) == 0x33;
  }
  assert_int_equal(ones, 1);
  assert_int_equal(alls, 1);
}

/* RFC 4861 6.1.1: from nobody, but with his link-layer address. And hosts do not answer. */
PACKET_TEST(test_bad_solicitations)
{
  struct nd_options o = {0};
  net6_up();
  rx(rs("fe80::2", NULL));
  ignore_drops(); /* not a member of ff02::2 */
  struct frame f = rs("fe80::2", NULL);
  struct ip6_spec spec = ip6_spec_of("fe80::2", US, NH_ICMP6);
  static const u8_t message[8] = {T6_RS};
  spec.hop_limit = 255;
  rx(icmp6_opts(spec, message, sizeof message));
  expect_drop(DROP_ND6_NOT_ROUTER);
  configure();
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  settle_down();
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 2));
  rx(rs("::", &o));
  expect_drop(DROP_ND6_BAD_LLADDR);
  o.len = 0;
  nd_opt_lladdr(&o, ND_SOURCE, broadcast_mac);
  rx(rs("fe80::2", &o));
  expect_drop(DROP_ND6_BAD_LLADDR);
  f = rs("fe80::2", NULL);
  put8(&f, IP6_HOP_LIMIT_AT, 254);
  rx(f);
  expect_drop(DROP_ND6_BAD_HOP_LIMIT);
  expect_no_ra(5000);
}

/* --- being a router --- */

/* RFC 4861 7.2.4, 6.2.7: the router flag; others' advertisements configure nothing. */
PACKET_TEST(test_is_a_router)
{
  net6_up();
  router(2, 1800, MEDIUM);
  assert_int_equal(router_count(), 1);
  configure();
  advert.num_prefixes = 2;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  assert_int_equal(router_count(), 0);
  settle_down();
  router(2, 1800, MEDIUM);
  packet_at_end(end);
  assert_int_equal(router_count(), 0);
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 2));
  rx(ns("fe80::2", solicited_node(US), US, &o));
  check_na(tx(), US, "fe80::2", US, NA_R | NA_S | NA_O);
  assert_int_equal(send_to("2001:db8:7::5"), ERR_OK); /* looked for on the link */
  assert_int_equal(send_to("2001:db8:8::5"), ERR_RTE);
  router_advert_stop(&advert);
  tx_discard();
  assert_int_equal(send_to("2001:db8:7::5"), ERR_RTE);
  rx(ns("fe80::2", solicited_node(US), US, &o));
  check_na(tx(), US, "fe80::2", US, NA_S | NA_O | (LWIP_IPV6_FORWARD ? NA_R : 0));
}

/* RFC 4861 6.2.7: others are compared with us, each difference counted. */
PACKET_TEST(test_conflicts)
{
  struct nd_options o = {0};
  struct ra_spec spec = ra_of(2, 1800);
  net6_up();
  configure();
  advert.num_prefixes = 2;
  advert.reachable_ms = 30000;
  advert.retrans_ms = 1000;
  advert.mtu = 1400;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  router_says(spec, NULL); /* says nothing of all that */
  packet_at_end(end);
  spec.hop_limit = 64;
  spec.reachable_ms = 30000;
  spec.retrans_ms = 1000;
  nd_opt_mtu(&o, 1400);
  nd_opt_prefix(&o, "2001:db8:7::", 64, 0xc0, 86400, 14400);
  nd_opt_prefix(&o, "2001:db8:9::", 64, 0xc0, 1, 1);
  router_says(spec, &o); /* says the same */
  packet_at_end(end);
  static const struct router_advert_conflicts none;
  assert_memory_equal(&advert.conflicts, &none, sizeof none);
  spec.hop_limit = 63;
  spec.reachable_ms = 1;
  spec.retrans_ms = 1;
  spec.flags = RA_O;
  o.len = 0;
  nd_opt_mtu(&o, 1500);
  nd_opt_prefix(&o, "2001:db8:7::", 64, 0xc0, 86400, 1);
  router_says(spec, &o);
  packet_at_end(end);
  assert_int_equal(advert.conflicts.hop_limit, 1);
  assert_int_equal(advert.conflicts.reachable, 1);
  assert_int_equal(advert.conflicts.retrans, 1);
  assert_int_equal(advert.conflicts.flags, 1);
  assert_int_equal(advert.conflicts.mtu, 1);
  assert_int_equal(advert.conflicts.prefix_lifetime, 1);
}

/* RFC 4861 6.2.5: the last words; then a host, which asks for routers. */
PACKET_TEST(test_stop)
{
  start();
  settle_down();
  u32_t sent = advert.num_sent;
  router_advert_stop(&advert);
  struct frame *f = check_ra(tx(), US, "ff02::1");
  assert_int_equal(get16(f, IP6_PAYLOAD_AT + 6), 0);
  assert_int_equal(advert.num_sent, sent + 1);
  router_advert_stop(&advert);
  bool has_solicited = false;
  advance(1000);
  for (f = tx(); f != NULL; f = tx()) {
    assert_false(is_ra(f));
    has_solicited = has_solicited || get8(f, IP6_PAYLOAD_AT) == T6_RS;
  }
  assert_true(has_solicited);
  net.netif.rs_count = 0;
  assert_int_equal(router_advert_changed(&advert), ERR_CONN);
}

/* The link goes and comes: quick ones again. */
PACKET_TEST(test_link_down_and_up)
{
  start();
  settle_down();
  u32_t before = timers_count();
  netif_set_link_down(&net.netif);
  assert_true(timers_count() < before);
  expect_no_ra(100000);
  netif_set_link_up(&net.netif);
  next_ra("ff02::1", 510, NULL);
  next_ra("ff02::1", 16010, NULL);
}

/* Without a link-local address a router is silent; it begins when there is one. */
PACKET_TEST(test_waits_for_an_address)
{
  net6_up();
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_INVALID);
  configure();
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  rx(rs("fe80::2", NULL));
  expect_no_ra(10000);
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_PREFERRED);
  next_ra("ff02::1", 510, NULL);
}

PACKET_TEST(test_netif_is_removed)
{
  struct packet_net *other = net_add_netif();
  net6_up();
  net6_up_on(other);
  configure();
  assert_int_equal(router_advert_start(&advert, &other->netif), ERR_OK);
  netif_remove(&other->netif);
  assert_null(advert.netif);
  router_advert_stop(&advert);
}

/* --- configuration --- */

static void expect_refused(void)
{
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_VAL);
  assert_null(advert.netif);
  configure();
}

PACKET_TEST(test_bad_configuration)
{
  static const char *const bad_domain[] = {"a..b"};
  static struct router_advert_prefix many[50];
  net6_up();
  configure();
  advert.max_interval_s = 3;
  expect_refused();
  advert.min_interval_s = 2;
  expect_refused();
  advert.min_interval_s = 23; /* more than 0.75 of max */
  expect_refused();
  advert.lifetime_s = 29;
  expect_refused();
  advert.preference = -2;
  expect_refused();
  advert.reachable_ms = 3600001;
  expect_refused();
  advert.mtu = 1279;
  expect_refused();
  advert.mtu = 1501;
  expect_refused();
  advert.num_prefixes = 1;
  prefixes[0].prefix_len = 129;
  expect_refused();
  advert.num_prefixes = 1;
  prefixes[0].preferred_s = prefixes[0].valid_s + 1;
  expect_refused();
  advert.num_prefixes = 1;
  prefixes[0].prefix = ip6_of("fe80::");
  expect_refused();
  advert.num_routes = 1;
  advert.routes = routes;
  routes[0].preference = 2;
  expect_refused();
  advert.num_dns_domains = 1;
  advert.dns_domains = bad_domain;
  expect_refused();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(many); i++) {
    many[i] = prefixes[0];
  }
  advert.prefixes = many;
  advert.num_prefixes = LWIP_ARRAYSIZE(many);
  expect_refused();
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  struct router_advert second;
  router_advert_defaults(&second);
  assert_int_equal(router_advert_start(&second, &net.netif), ERR_USE);
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_USE);
  advert.mtu = 1;
  assert_int_equal(router_advert_changed(&advert), ERR_VAL);
}

/* The shortest interval that there is (RFC 4861 6.2.1). */
PACKET_TEST(test_shortest_interval)
{
  u32_t waited = 0;
  net6_up();
  packet_at_end(end);
  router_advert_defaults(&advert);
  advert.max_interval_s = 4;
  assert_int_equal(router_advert_start(&advert, &net.netif), ERR_OK);
  next_ra("ff02::1", 510, NULL);
  for (unsigned i = 0; i < 20; i++) {
    next_ra("ff02::1", 4010, &waited);
    assert_in_range(waited, 2980, 4010);
  }
}

static const struct packet_test tests[] = {
    TEST(test_content),
    TEST(test_no_default_router),
    TEST_FLAGS(test_decrementing_lifetimes, PACKET_ONCE),
    TEST_FLAGS(test_decrementing_beyond_the_wrap, PACKET_ONCE),
    TEST_FLAGS(test_intervals, PACKET_ONCE),
    TEST_FLAGS(test_default_intervals, PACKET_ONCE),
    TEST(test_solicited),
    TEST_FLAGS(test_solicitation_flood, PACKET_ONCE),
    TEST(test_solicited_by_unicast),
    TEST(test_bad_solicitations),
    TEST(test_is_a_router),
    TEST(test_conflicts),
    TEST(test_stop),
    TEST(test_link_down_and_up),
    TEST(test_waits_for_an_address),
    TEST(test_netif_is_removed),
    TEST(test_bad_configuration),
    TEST_FLAGS(test_shortest_interval, PACKET_ONCE),
};

PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
