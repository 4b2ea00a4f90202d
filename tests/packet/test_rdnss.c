/*
 * DNS servers and search domains from router advertisements (RFC 8106; security vector B6-117).
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_ND6 && LWIP_ND6_RDNSS_MAX_DNS_SERVERS > 2 && LWIP_ND6_DNSSL_MAX_DOMAINS > 2

#include "router6.h"

static void rdnss(u32_t lifetime_s, const char *servers)
{
  struct nd_options o = {0};
  nd_opt_rdnss(&o, lifetime_s, servers);
  router_says(ra_of(2, 1800), &o);
}

static void dnssl(u32_t lifetime_s, const char *domains)
{
  struct nd_options o = {0};
  nd_opt_dnssl(&o, lifetime_s, domains);
  router_says(ra_of(2, 1800), &o);
}

/** All servers as text, a space between two of them. */
static const char *servers(void)
{
  static char text[LWIP_ND6_RDNSS_MAX_DNS_SERVERS * 48 + 1];
  const ip6_addr_t *a;
  text[0] = '\0';
  for (u8_t i = 0; (a = nd_dns_server(&net.netif, i, NULL)) != NULL; i++) {
    size_t used = strlen(text);
    ip6_addr_t zoneless = *a;
    ip6_addr_clear_zone(&zoneless);
    snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "", ip6addr_ntoa(&zoneless));
  }
  return text;
}

static const char *domains(void)
{
  static char text[2048];
  const char *d;
  text[0] = '\0';
  for (u8_t i = 0; (d = nd_dns_domain(&net.netif, i, NULL)) != NULL; i++) {
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "", d);
  }
  return text;
}

PACKET_TEST(test_servers)
{
  u32_t left_s = 0;
  net6_up();
  listen_to_events();
  assert_string_equal(servers(), "");
  rdnss(100, "2001:db8::53 2001:db8::54");
  assert_string_equal(servers(), "2001:db8::53 2001:db8::54");
  assert_int_equal(events(ND_EVENT_DNS), 1);
  advance(1000);
  rdnss(100, "2001:db8::54 2001:db8::53"); /* nothing new but the lifetime */
  assert_string_equal(servers(), "2001:db8::53 2001:db8::54");
  assert_int_equal(events(ND_EVENT_DNS), 0);
  assert_non_null(nd_dns_server(&net.netif, 0, &left_s));
  assert_int_equal(left_s, 100);
  assert_null(nd_dns_server(&net.netif, 2, &left_s));
  assert_null(nd_dns_server(&net.netif, 255, &left_s));
}

/* B6-117: lifetime 0 ends, one of all ones never does. */
PACKET_TEST(test_server_lifetimes)
{
  u32_t left_s = 0;
  net6_up();
  u32_t before = timers_count();
  rdnss(0, "2001:db8::52");
  assert_string_equal(servers(), "");
  rdnss(10, "2001:db8::53");
  rdnss(0xffffffff, "2001:db8::54");
  rdnss(20, "2001:db8::55");
  router(2, 0, MEDIUM);
  listen_to_events();
  advance(10000);
  assert_string_equal(servers(), "2001:db8::54 2001:db8::55");
  assert_int_equal(events(ND_EVENT_DNS), 1);
  rdnss(0, "2001:db8::55 2001:db8::56");
  assert_string_equal(servers(), "2001:db8::54");
  assert_int_equal(events(ND_EVENT_DNS), 1);
  router(2, 0, MEDIUM);
  for (unsigned day = 0; day < 100; day++) {
    advance(24 * 3600 * 1000);
  }
  assert_non_null(nd_dns_server(&net.netif, 0, &left_s));
  assert_int_equal(left_s, 0xffffffff);
  assert_int_equal(timers_count(), before);
  rdnss(0, "2001:db8::54");
  assert_string_equal(servers(), "");
}

/* B6-117: what no resolver can ask is not kept. */
PACKET_TEST(test_addresses_of_no_server)
{
  net6_up();
  rdnss(100, "ff02::fb :: ::1 2001:db8::53 ff05::1:3");
  assert_string_equal(servers(), "2001:db8::53");
}

PACKET_TEST(test_link_local_server_has_a_zone)
{
  net6_up();
  rdnss(100, "fe80::53");
  assert_string_equal(servers(), "fe80::53");
  assert_true(ip6_addr_test_zone(nd_dns_server(&net.netif, 0, NULL), &net.netif));
}

/* A full list takes who comes only for one that nobody announces any more. */
PACKET_TEST(test_more_servers_than_room)
{
  char first[LWIP_ND6_RDNSS_MAX_DNS_SERVERS * 24];
  size_t used = 0;
  net6_up();
  for (unsigned i = 0; i < LWIP_ND6_RDNSS_MAX_DNS_SERVERS; i++) {
    used +=
        (size_t)snprintf(first + used, sizeof first - used, "%s2001:db8::5%u", i > 0 ? " " : "", i);
  }
  rdnss(1800, first);
  assert_string_equal(servers(), first);
  for (unsigned i = 0; i < (packet_is_fault_run() ? 5 : 1000); i++) {
    char name[32];
    snprintf(name, sizeof name, "2001:db8:bad::%x", i);
    rdnss(1800, name);
  }
  assert_string_equal(servers(), first);
  advance(1000 * 1000);
  rdnss(1800, first + strlen("2001:db8::50 ")); /* all but the first are still announced */
  rdnss(1800, "2001:db8::99");
  assert_string_equal(servers() + strlen(first) - strlen("2001:db8::50"), "2001:db8::99");
  assert_memory_equal(servers(), first + strlen("2001:db8::50 "),
                      strlen(first) - strlen("2001:db8::50 "));
}

PACKET_TEST(test_domains)
{
  u32_t left_s = 0;
  net6_up();
  listen_to_events();
  dnssl(100, "example.com corp.example.org");
  assert_string_equal(domains(), "example.com corp.example.org");
  assert_int_equal(events(ND_EVENT_DNS), 1);
  dnssl(200, "EXAMPLE.com"); /* the same name */
  assert_int_equal(events(ND_EVENT_DNS), 0);
  assert_string_equal(nd_dns_domain(&net.netif, 0, &left_s), "example.com");
  assert_int_equal(left_s, 200);
  advance(100000);
  assert_string_equal(domains(), "example.com");
  assert_int_equal(events(ND_EVENT_DNS), 1);
  dnssl(0, "example.com");
  assert_string_equal(domains(), "");
  assert_int_equal(events(ND_EVENT_DNS), 1);
}

PACKET_TEST(test_more_domains_than_room)
{
  char first[LWIP_ND6_DNSSL_MAX_DOMAINS * 24];
  size_t used = 0;
  net6_up();
  for (unsigned i = 0; i < LWIP_ND6_DNSSL_MAX_DOMAINS; i++) {
    used +=
        (size_t)snprintf(first + used, sizeof first - used, "%sd%u.example", i > 0 ? " " : "", i);
  }
  dnssl(1800, first);
  for (unsigned i = 0; i < (packet_is_fault_run() ? 5 : 300); i++) {
    char name[32];
    snprintf(name, sizeof name, "bad%u.example", i);
    dnssl(1800, name);
  }
  assert_string_equal(domains(), first);
  advance(1000 * 1000);
  dnssl(1800, "new.example");
  assert_string_equal(domains() + strlen(first) - strlen("d0.example"), "new.example");
}

/* B6-117: malformed names end the option, and nothing else. */
PACKET_TEST(test_malformed_domains)
{
  static const u8_t bad[] = {31,   3, 0, 0,   0,   0,   1, 0, 2, 'o', 'k', 0,
                             0xc0, 8, 3, 'c', 'o', 'm', 0, 0, 0, 0,   0,   0};
  static const u8_t endless[] = {31, 2, 0, 0, 0, 0, 1, 0, 63, 'a', 'a', 'a', 'a', 'a', 'a', 'a'};
  struct nd_options o = {0};
  net6_up();
  nd_opt_raw(&o, bad, sizeof bad);
  nd_opt_raw(&o, endless, sizeof endless);
  nd_opt_rdnss(&o, 100, "2001:db8::53");
  router_says(ra_of(2, 1800), &o);
  assert_string_equal(domains(), "ok");
  assert_string_equal(servers(), "2001:db8::53");
}

/* The lists are each netif's own, and end with its link. */
PACKET_TEST(test_per_interface)
{
  struct packet_net *other = net_add_netif();
  struct nd_options o = {0};
  struct ra_spec spec = {.src = "fe80::2"};
  net6_up();
  net6_up_on(other);
  listen_to_events();
  rdnss(1800, "2001:db8::53");
  dnssl(1800, "example.com");
  nd_opt_rdnss(&o, 1800, "2001:db8::54");
  struct frame f = ra(spec, &o);
  packet_at_end(routers_forget);
  rx_on(other, f);
  assert_string_equal(servers(), "2001:db8::53");
  assert_null(nd_dns_domain(&other->netif, 0, NULL));
  assert_int_equal(events(ND_EVENT_DNS), 3);
  netif_set_down(&net.netif);
  assert_string_equal(servers(), "");
  assert_string_equal(domains(), "");
  assert_int_equal(events(ND_EVENT_DNS), 1);
  assert_non_null(nd_dns_server(&other->netif, 0, NULL));
}

static const struct packet_test tests[] = {
    TEST(test_servers),
    TEST(test_server_lifetimes),
    TEST(test_addresses_of_no_server),
    TEST(test_link_local_server_has_a_zone),
    TEST_FLAGS(test_more_servers_than_room, PACKET_ONCE),
    TEST(test_domains),
    TEST_FLAGS(test_more_domains_than_room, PACKET_ONCE),
    TEST(test_malformed_domains),
    TEST(test_per_interface),
};

PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
