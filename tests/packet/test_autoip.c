/*
 * AutoIP (RFC 3927; features 124, 132): candidates, conflicts, and how it and DHCP work together.
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_AUTOIP && LWIP_DHCP

#include "dhcp_text.h"

static struct autoip *autoip(void)
{
  return netif_autoip_data(NETIF);
}

/** "169.254.x.y" of the candidate. */
static const char *candidate(void)
{
  static char text[IP4ADDR_STRLEN_MAX];
  return ip4addr_ntoa_r(&autoip()->llipaddr, text, sizeof text);
}

static void begin(void)
{
  packet_at_end(dhcp_off);
  netif_set_addr(NETIF, NULL, NULL, NULL);
  tx_discard();
  assert_int_equal(autoip_start(NETIF), ERR_OK);
}

static bool is_in_range(const ip4_addr_t *a)
{
  u32_t n = lwip_ntohl(a->addr);
  return n >= AUTOIP_RANGE_START && n <= AUTOIP_RANGE_END;
}

static bool has_link_local(void)
{
  return ip4_addr_islinklocal(netif_ip4_addr(NETIF));
}

static void bind_it(void)
{
  begin();
  advance(10000);
  assert_int_equal(autoip()->state, AUTOIP_STATE_BOUND);
  tx_discard();
}

PACKET_TEST(test_bind)
{
  begin();
  assert_int_equal(autoip()->state, AUTOIP_STATE_CHECKING);
  assert_true(is_in_range(&autoip()->llipaddr));
  assert_false(has_link_local());
  advance(1000);
  check_arp(tx(), ARP_REQUEST, our_mac, "0.0.0.0", zero_mac, candidate());
  advance(8000);
  tx_discard();
  assert_true(has_addr(candidate()));
  assert_int_equal(netif_ip4_netmask(NETIF)->addr, ip4_of("255.255.0.0").addr);
  assert_int_equal(netif_ip4_gw(NETIF)->addr, 0);
  assert_int_equal(autoip_supplied_address(NETIF), 1);
  assert_int_equal(autoip_accept_packet(NETIF, &autoip()->llipaddr), 1);
  assert_int_equal(autoip_start(NETIF), ERR_OK); /* again: nothing */
  advance(2000);
  tx_discard();
  advance(100000);
  expect_silence();
  assert_int_equal(timers_count(), 0);
}

/* RFC 3927 2.1: the same candidates every time, of each MAC address its own (gaps 3: lwIP counts).
 */
PACKET_TEST(test_candidates)
{
  ip4_addr_t seen[6];
  for (int round = 0; round < 2; round++) {
    begin();
    for (unsigned i = 0; i < LWIP_ARRAYSIZE(seen); i++) {
      ip4_addr_t now = autoip()->llipaddr;
      assert_true(is_in_range(&now));
      if (round == 1) {
        assert_int_equal(now.addr, seen[i].addr);
      }
      seen[i] = now;
      for (unsigned k = 0; k < i; k++) {
        assert_int_not_equal(lwip_ntohl(now.addr), lwip_ntohl(seen[k].addr));
        assert_int_not_equal(lwip_ntohl(now.addr), lwip_ntohl(seen[k].addr) + 1);
      }
      rx(arp(ARP_REPLY, peer_mac, candidate(), our_mac, "0.0.0.0"));
      advance(0);
    }
    dhcp_off();
  }
  struct packet_net *other = net_add_netif();
  assert_int_equal(autoip_start(&other->netif), ERR_OK);
  assert_int_not_equal(netif_autoip_data(&other->netif)->llipaddr.addr, seen[0].addr);
}

PACKET_TEST(test_conflict_in_use)
{
  bind_it();
  ip4_addr_t was = autoip()->llipaddr;
  rx(arp(ARP_REPLY, peer_mac, candidate(), our_mac, "10.0.0.9"));
  check_arp(tx(), ARP_REQUEST, our_mac, candidate(), zero_mac, candidate());
  rx(arp(ARP_REPLY, peer_mac, candidate(), our_mac, "10.0.0.9"));
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(autoip_supplied_address(NETIF), 0);
  advance(10000);
  assert_true(has_link_local());
  assert_int_not_equal(autoip()->llipaddr.addr, was.addr);
}

PACKET_TEST(test_stop_and_start)
{
  bind_it();
  ip4_addr_t was = autoip()->llipaddr;
  assert_int_equal(autoip_stop(NETIF), ERR_OK);
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(timers_count(), 0);
  assert_int_equal(autoip_stop(NETIF), ERR_OK);
  assert_int_equal(autoip_start(NETIF), ERR_OK);
  assert_int_equal(autoip()->llipaddr.addr, was.addr);
  advance(10000);
  assert_true(has_link_local());
}

PACKET_TEST(test_link)
{
  netif_set_link_down(NETIF);
  begin();
  advance(10000);
  expect_silence();
  netif_set_link_up(NETIF);
  advance(10000);
  assert_true(has_link_local());
  tx_discard();
  netif_set_link_down(NETIF);
  assert_int_equal(timers_count(), 0);
  netif_set_link_up(NETIF); /* looked for again, in use meanwhile */
  assert_true(has_link_local());
  tx_discard();
  rx(arp(ARP_REPLY, peer_mac, candidate(), our_mac, "0.0.0.0"));
  assert_true(has_addr("0.0.0.0"));
  advance(10000);
  assert_true(has_link_local());
}

/* The program's own address is not touched. */
PACKET_TEST(test_address_of_the_program)
{
  bind_it();
  ip4_addr_t addr = ip4_of("10.0.0.1");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  netif_set_addr(NETIF, &addr, &mask, NULL);
  assert_int_equal(autoip_supplied_address(NETIF), 0);
  netif_set_link_down(NETIF);
  netif_set_link_up(NETIF);
  advance(10000);
  assert_true(has_addr("10.0.0.1"));
  rx(arp(ARP_REPLY, peer_mac, candidate(), our_mac, "10.0.0.9"));
  autoip_stop(NETIF);
  assert_true(has_addr("10.0.0.1"));
}

PACKET_TEST(test_struct_of_the_program)
{
  static struct autoip mine;
  packet_at_end(dhcp_off);
  autoip_set_struct(NETIF, &mine);
  bind_it();
  assert_ptr_equal(autoip(), &mine);
  autoip_remove_struct(NETIF);
  assert_null(autoip());
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(timers_count(), 0);
}

/* --- with DHCP (LWIP_DHCP_AUTOIP_COOP) --- */

static void silent_server(void)
{
  dhcp_go();
  for (int i = 0; i < 120 && !has_link_local(); i++) {
    advance(1000);
  }
  assert_true(has_link_local());
  tx_discard();
}

/** Wait for the next DISCOVER; ARP passes. */
static void next_discover(void)
{
  struct frame *f = NULL;
  for (int i = 0; i < 200 && f == NULL; i++) {
    advance(500);
    for (f = tx(); f != NULL && get16(f, 12) == ETHTYPE_ARP; f = tx()) {
    }
  }
  check_udp(check_ip4(f, "0.0.0.0", "255.255.255.255", IP_PROTO_UDP), 68, 67, NULL, (size_t)-1);
  memcpy(last.bytes, f->data + 42, f->len - 42);
  assert_int_equal(dhcp_parse(&last.m, last.bytes, f->len - 42), DROP_NONE);
  last.at_ms = now_ms();
  assert_int_equal(last.m.type, DHCP_DISCOVER);
}

PACKET_TEST(test_no_server)
{
  silent_server();
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
  assert_int_equal(dhcp_supplied_address(NETIF), 0);
  for (int i = 0; i < 4; i++) {
    next_discover(); /* it goes on asking, from no address */
  }
}

PACKET_TEST(test_server_comes_later)
{
  silent_server();
  next_discover();
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
  say_simply(DHCP_ACK);
  assert_true(has_link_local()); /* until the other is known to be free */
  pass_check();
  assert_true(has_addr(GIVEN));
  assert_int_equal(autoip()->state, AUTOIP_STATE_OFF);
  advance(100000);
  assert_true(has_addr(GIVEN));
  expect_silence();
}

/* ... and when its lease ends, all begins anew. */
PACKET_TEST(test_server_goes)
{
  silent_server();
  next_discover();
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
  say_times(DHCP_ACK, 100, 0, 0);
  pass_check();
  for (int i = 0; i < 300 && !has_link_local(); i++) {
    advance(1000);
    tx_discard();
  }
  assert_true(has_link_local());
}

PACKET_TEST(test_dhcp_stops)
{
  silent_server();
  dhcp_stop(NETIF);
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(timers_count(), 0);
}

static const struct packet_test tests[] = {
    TEST(test_bind),
    TEST(test_candidates),
    TEST(test_conflict_in_use),
    TEST(test_stop_and_start),
    TEST(test_link),
    TEST(test_address_of_the_program),
    TEST(test_struct_of_the_program),
    TEST_IF(LWIP_DHCP_AUTOIP_COOP, test_no_server),
    TEST_IF(LWIP_DHCP_AUTOIP_COOP, test_server_comes_later),
    TEST_IF(LWIP_DHCP_AUTOIP_COOP, test_server_goes),
    TEST_IF(LWIP_DHCP_AUTOIP_COOP, test_dhcp_stops),
};

#else

static void test_no_autoip(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_autoip, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
