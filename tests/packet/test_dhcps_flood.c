/*
 * DHCP server: more clients than it can remember, and some that are malicious (security vector
 * B12-205; feature 135).
 * needs: ipv4
 */
#include <stdio.h>
#include "dhcps_text.h"

#define STATIONS CONFIG_LWIP_DHCPS_MAX_STATION_NUM
#define FIRST    100
#define BIG_POOL 100

static const char *ip_text(unsigned n)
{
  static char text[4][16];
  static unsigned turn;
  char *t = text[turn++ % 4];
  snprintf(t, sizeof text[0], "10.0.0.%u", FIRST + n % BIG_POOL);
  return t;
}

static bool is_of_pool(const ip4_addr_t *ip)
{
  return lwip_ntohl(ip->addr) - lwip_ntohl(ip4_of(ip_text(0)).addr) < BIG_POOL;
}

static void serve_many(void)
{
  serve();
  assert_int_equal(set_pool(ip_text(0), ip_text(BIG_POOL - 1)), ERR_OK);
}

static unsigned leases(void)
{
  struct dhcps_pool is;
  unsigned n = 0;
  while (dhcps_lease_get(server, n, &is)) {
    n++;
  }
  return n;
}

/** As told(), but to all where ARP has no room for the client. */
static void told_anyhow(u8_t type, const char *ip)
{
  said_in(tx(), type);
  expect_yiaddr(ip);
}

static void lease_anyhow(u8_t number, const char *ip)
{
  discover(number);
  told_anyhow(DHCP_OFFER, ip);
  request(number, ip);
  told_anyhow(DHCP_ACK, ip);
}

/** A request for whatever was offered. */
static void accept(u8_t number)
{
  char ip[16];
  assert_non_null(ip4addr_ntoa_r(&said.m.yiaddr, ip, sizeof ip));
  request(number, ip);
  told_anyhow(DHCP_ACK, ip);
}

/* The oldest lease is forgotten for a new client. Its address is not given to anybody yet, so who
   has it may go on with it. */
PACKET_TEST(test_the_oldest_goes)
{
  serve_many();
  for (u8_t i = 0; i < STATIONS; i++) {
    lease_anyhow(i, ip_text(i));
    advance(1000);
  }
  renew(0, ip_text(0), OUR); /* so number 1 is the oldest */
  told(DHCP_ACK, 0, ip_text(0));
  lease_anyhow(STATIONS, ip_text(STATIONS));
  assert_int_equal(leases(), STATIONS);
  assert_true(is_leased(0, ip_text(0)));
  assert_false(is_leased(1, ip_text(1)));
  renew(1, ip_text(1), OUR);
  told(DHCP_ACK, 1, ip_text(1));
  assert_false(is_leased(2, ip_text(2)));
}

/* A hundred discovers for each client: leases stay, and a new client is served behind them. */
PACKET_TEST(test_discover_flood)
{
  serve_many();
  for (u8_t i = 0; i < 4; i++) {
    lease_anyhow(i, ip_text(i));
  }
  for (unsigned i = 0; i < 4 * BIG_POOL; i++) {
    struct ask a = ask_of(DHCP_DISCOVER, (u8_t)(i & 0xf));
    a.bytes[31] = (u8_t)i;
    a.bytes[32] = (u8_t)(0x80 | i >> 8);
    ask(&a);
    tx_discard();
  }
  assert_int_equal(leases(), 4);
  ignore_drops();
  discover(9);
  assert_true(is_of_pool(&said_in(tx(), DHCP_OFFER)->yiaddr));
}

/* The same when all entries are leases: none is lost to an offer, only to a request. */
PACKET_TEST(test_discover_flood_when_full)
{
  serve_many();
  for (u8_t i = 0; i < STATIONS; i++) {
    lease_anyhow(i, ip_text(i));
  }
  for (unsigned i = 0; i < 20; i++) {
    discover((u8_t)(STATIONS + i));
    told_anyhow(DHCP_OFFER, ip_text(STATIONS + i));
  }
  for (u8_t i = 0; i < STATIONS; i++) {
    assert_true(is_leased(i, ip_text(i)));
  }
  accept(STATIONS + 19);
  assert_false(is_leased(0, ip_text(0)));
}

/* declining all that is offered takes no lease from anybody, and others get addresses. */
PACKET_TEST(test_decline_flood)
{
  serve_many();
  lease_anyhow(1, ip_text(0));
  for (unsigned i = 1; i < BIG_POOL - 10; i++) {
    discover(66);
    told_anyhow(DHCP_OFFER, ip_text(i));
    decline(66, ip_text(i), OUR);
  }
  expect_silence();
  assert_true(is_leased(1, ip_text(0)));
  lease_anyhow(2, ip_text(BIG_POOL - 10));
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_the_oldest_goes, PACKET_ONCE),
    TEST_FLAGS(test_discover_flood, PACKET_ONCE),
    TEST_FLAGS(test_discover_flood_when_full, PACKET_ONCE),
    TEST_FLAGS(test_decline_flood, PACKET_ONCE),
};

PACKET_MAIN(tests)
