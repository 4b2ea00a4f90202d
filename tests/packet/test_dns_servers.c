/*
 * DNS servers: the program's, those of each interface, routers', and their union (gaps 6: others
 * share one list, whose places overwrite each other; feature 248).
 * needs: ipv4
 */
#include "dns_server.h"
#include "control/dns_servers.h"
#if LWIP_IPV6
#include "router6.h"
#endif

/** All servers as text: "-" for an empty place. */
static const char *servers(void)
{
  static char text[1024];
  char one[48];
  const struct dns_server *list;
  size_t count = dns_servers_list(&list);
  text[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    ipaddr_ntoa_r(&list[i].addr, one, sizeof one);
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "",
             ip_addr_isany(&list[i].addr) ? "-" : one);
  }
  while (strlen(text) > 2 && strcmp(text + strlen(text) - 2, " -") == 0) {
    text[strlen(text) - 2] = '\0'; /* empty places at the end */
  }
  return text;
}

static void learned(struct netif *netif, enum dns_origin origin, const char *a, const char *b)
{
  ip_addr_t addr[2];
  u8_t count = 0;
  if (a != NULL) {
    addr[count++] = ip_of(a);
  }
  if (b != NULL) {
    addr[count++] = ip_of(b);
  }
  dns_servers_of_netif(netif, origin, addr, count);
}

static void set(u8_t place, const char *addr)
{
  ip_addr_t a = ip_of(addr);
  packet_at_end(dns_quiet);
  dns_setserver(place, &a);
}

PACKET_TEST(test_program)
{
  packet_at_end(dns_quiet);
  assert_string_equal(servers(), "-");
  set(1, "10.0.0.54");
  assert_string_equal(servers(), "- 10.0.0.54");
  set(0, "10.0.0.53");
  assert_string_equal(servers(), "10.0.0.53 10.0.0.54");
  ip_addr_t want = ip_of("10.0.0.54");
  assert_true(ip_addr_eq(dns_getserver(1), &want));
  assert_true(ip_addr_isany(dns_getserver(2)));
  assert_true(ip_addr_isany(dns_getserver(255)));
  set(DNS_MAX_SERVERS, "10.0.0.55"); /* no such place */
  dns_setserver(0, NULL);
  assert_string_equal(servers(), "- 10.0.0.54");
  dns_clear_servers(false);
  assert_string_equal(servers(), "-");
}

/* One origin's whole list at a time; none overwrites another's. */
PACKET_TEST(test_of_interfaces)
{
  struct packet_net *second = net_add_netif();
  packet_at_end(dns_quiet);
  learned(&second->netif, DNS_ORIGIN_DHCP, "10.0.1.53", "10.0.1.54");
  learned(&net.netif, DNS_ORIGIN_PPP, "10.0.0.60", NULL);
  learned(&net.netif, DNS_ORIGIN_DHCP, "10.0.0.53", "10.0.0.54");
  assert_string_equal(servers(), "10.0.0.53 10.0.0.54 10.0.0.60 10.0.1.53 10.0.1.54");
  set(1, "192.0.2.53");
  assert_string_equal(servers(), "10.0.0.53 192.0.2.53 10.0.0.54 10.0.0.60 10.0.1.53 10.0.1.54");
  learned(&net.netif, DNS_ORIGIN_DHCP, "10.0.0.54", NULL);
  assert_string_equal(servers(), "10.0.0.54 192.0.2.53 10.0.0.60 10.0.1.53 10.0.1.54");
  netif_set_default(&second->netif);
  assert_string_equal(servers(), "10.0.1.53 192.0.2.53 10.0.1.54 10.0.0.54 10.0.0.60");
  netif_set_down(&second->netif);
  assert_string_equal(servers(), "10.0.0.54 192.0.2.53 10.0.0.60");
  netif_set_up(&second->netif);
  assert_string_equal(servers(), "10.0.1.53 192.0.2.53 10.0.1.54 10.0.0.54 10.0.0.60");
  netif_remove(&second->netif);
  learned(&net.netif, DNS_ORIGIN_PPP, NULL, NULL);
  assert_string_equal(servers(), "10.0.0.54 192.0.2.53");
  learned(&net.netif, DNS_ORIGIN_PPP, "192.0.2.53", "224.0.0.53"); /* twice; a group */
  assert_string_equal(servers(), "10.0.0.54 192.0.2.53");
}

PACKET_TEST(test_full_table)
{
  ip_addr_t addr[DNS_MAX_NETIF_SERVERS + 3];
  packet_at_end(dns_quiet);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(addr); i++) {
    char text[16];
    snprintf(text, sizeof text, "10.0.0.%u", 100 + i);
    addr[i] = ip_of(text);
  }
  dns_servers_of_netif(&net.netif, DNS_ORIGIN_DHCP, addr, LWIP_ARRAYSIZE(addr));
  assert_true(
      ip_addr_eq(dns_getserver(DNS_MAX_NETIF_SERVERS - 1), &addr[DNS_MAX_NETIF_SERVERS - 1]));
  assert_true(ip_addr_isany(dns_getserver(DNS_MAX_NETIF_SERVERS)));
}

/* A server of an interface is asked by that interface, whatever the routes say. */
PACKET_TEST(test_by_its_interface)
{
  struct packet_net *second = net_add_netif();
  dns_has_server(SERVER);
  dns_clear_servers(false);
  learned(&second->netif, DNS_ORIGIN_DHCP, "10.0.1.53", NULL);
  dns_ask("www.example", RESOLVE_IP4);
  struct frame *f = tx_on(second);
  assert_non_null(f);
  struct dns_question q = dns_question_of(f);
  assert_string_equal(q.server, "10.0.1.53");
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_addr(&r, NULL, 0, "192.0.2.1");
  rx_exact_on(second, udp4("10.0.1.53", 53, "10.0.1.1", q.port, r.bytes, r.len));
  dns_told_addrs("192.0.2.1", NULL);
}

/* --- as ESP-IDF has it --- */

static unsigned heard_count;
static u8_t heard_place;
static struct netif *heard_netif;
static void heard(struct netif *netif, u8_t numdns, const ip_addr_t *dnsserver)
{
  LWIP_UNUSED_ARG(dnsserver);
  heard_count++;
  heard_netif = netif;
  heard_place = numdns;
}

PACKET_TEST(test_with_netif)
{
  ip_addr_t a = ip_of("10.0.0.53");
  packet_at_end(dns_quiet);
  heard_count = 0;
  assert_int_equal(dns_setserver_callback(heard), ERR_OK);
  dns_setserver_with_netif(&net.netif, 0, &a);
  assert_int_equal(heard_count, 1);
  assert_ptr_equal(heard_netif, &net.netif);
  assert_string_equal(servers(), "10.0.0.53");
  learned(&net.netif, DNS_ORIGIN_DHCP, "10.0.0.60", "10.0.0.61");
  assert_int_equal(heard_count, 3);
  assert_int_equal(heard_place, 1);
  assert_string_equal(servers(), "10.0.0.53 10.0.0.60 10.0.0.61");
  dns_setserver_callback(NULL);
  dns_setserver_with_netif(&net.netif, 0, IP_ADDR_ANY);
  dns_setserver_with_netif(&net.netif, 0, NULL);
  assert_string_equal(servers(), "10.0.0.60 10.0.0.61");
  dns_setserver_with_netif(NULL, 0, &a);
  assert_string_equal(servers(), "10.0.0.53 10.0.0.60 10.0.0.61");
  dns_clear_servers(true);
  assert_int_equal(heard_count, 3);
}

#if LWIP_IPV6

/* RFC 8106: routers' servers are in the union for as long as they last, with their zone. */
PACKET_TEST(test_of_routers)
{
  struct nd_options o = {0};
  net6_up();
  nd_opt_rdnss(&o, 100, "2001:db8::53 fe80::53");
  heard_count = 0;
  dns_setserver_callback(heard);
  router_says(ra_of(2, 1800), &o);
  assert_int_equal(heard_count, 2);
  learned(&net.netif, DNS_ORIGIN_DHCP, "10.0.0.53", NULL);
  const struct dns_server *list;
  assert_true(dns_servers_list(&list) >= 3);
  assert_false(IP_IS_V6(&list[0].addr));
  assert_true(IP_IS_V6(&list[1].addr));
  assert_int_equal(ip6_addr_zone(ip_2_ip6(&list[2].addr)),
                   LWIP_IPV6_SCOPES ? netif_get_index(&net.netif) : 0);
  advance(101000);
  assert_string_equal(servers(), "10.0.0.53");
  dns_setserver_callback(NULL);
  dns_quiet();
}

/* A server on the link, asked over IPv6. */
PACKET_TEST(test_link_local_server)
{
  struct nd_options o = {0};
  net6_up();
  dns_has_server(SERVER);
  dns_clear_servers(false);
  nd_opt_rdnss(&o, 1000, "fe80::3");
  router_says(ra_of(2, 1800), &o);
  tx_discard();
  dns_ask("www.example", RESOLVE_IP6);
  struct frame *f = tx();
  assert_non_null(f);
  const u8_t *udp = f->data + 14 + 40;
  struct dns_question q;
  memset(&q, 0, sizeof q);
  assert_int_equal(bytes_get16(udp + 2), 53);
  q.port = bytes_get16(udp);
  q.id = bytes_get16(udp + 8);
  q.len = bytes_get16(udp + 4) - 8U - DNS_HEADER_LEN;
  memcpy(q.bytes, udp + 8 + DNS_HEADER_LEN, q.len);
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_addr(&r, NULL, 0, "2001:db8::7");
  rx_exact(udp6("fe80::3", 53, "fe80::ff:fe00:1", q.port, r.bytes, r.len));
  dns_told_addrs("2001:db8::7", NULL);
}

#endif

static const struct packet_test tests[] = {
    TEST(test_program),          TEST(test_of_interfaces),     TEST(test_full_table),
    TEST(test_by_its_interface), TEST(test_with_netif),
#if LWIP_IPV6
    TEST(test_of_routers),       TEST(test_link_local_server),
#endif
};

PACKET_MAIN(tests)
