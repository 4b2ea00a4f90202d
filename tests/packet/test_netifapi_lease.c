/*
 * lwip/netifapi.h: DHCP and AutoIP with somebody at the other end: a lease is taken, renewed, and
 * given back, an address of the program's told, a link-local one claimed. Threads and arguments are
 * in api/test_netifapi.c. needs: threads needs: ipv4
 */
#include "packet.h"

#if LWIP_DHCP && LWIP_AUTOIP

#include "dhcp_text.h"
#include "lwip/netifapi.h"

static void lease_by_netifapi(void)
{
  netif_set_addr(NETIF, NULL, NULL, NULL);
  tx_discard();
  assert_int_equal(netifapi_dhcp_start(NETIF), ERR_OK);
  heard(DHCP_DISCOVER);
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
  say_times(DHCP_ACK, 800, 0, 0);
  pass_check();
  assert_true(has_addr(GIVEN));
  assert_int_equal(dhcp_supplied_address(NETIF), 1);
}

/** So that the server's address is resolved, and it can be told goodbye by unicast. */
static void renew_by_netifapi(void)
{
  assert_int_equal(netifapi_dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  say_times(DHCP_ACK, 800, 0, 0);
  assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
}

static void is_given_back(void)
{
  heard_by(DHCP_RELEASE, GIVEN, SERVER);
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(dhcp_state(), DHCP_STATE_OFF);
  advance(0);
  expect_silence();
  assert_int_equal(netifapi_dhcp_renew(NETIF), ERR_VAL);
}

/* RFC 2131 3.1, 4.4.5, 4.4.6. */
PACKET_TEST(test_lease)
{
  packet_at_end(dhcp_off);
  lease_by_netifapi();
  renew_by_netifapi();
  assert_int_equal(netifapi_dhcp_release(NETIF), ERR_OK);
  is_given_back();
  lease_by_netifapi();
  renew_by_netifapi();
  assert_int_equal(netifapi_dhcp_stop(NETIF), ERR_OK);
  is_given_back();
  lease_by_netifapi();
  renew_by_netifapi();
  assert_int_equal(netifapi_dhcp_release_and_stop(NETIF), ERR_OK);
  is_given_back();
}

/* RFC 2131 3.4, 4.4.3. */
PACKET_TEST(test_inform)
{
  packet_at_end(dhcp_off);
  assert_int_equal(netifapi_dhcp_inform(NETIF), ERR_OK);
  heard_by(DHCP_INFORM, "10.0.0.1", "255.255.255.255");
  struct answer a = plain_answer(DHCP_ACK, "0.0.0.0", SERVER);
  a.is_broadcast = true;
  say(&a);
  assert_int_equal(dhcp_state(), DHCP_STATE_PERMANENT);
  assert_true(has_addr("10.0.0.1"));
}

/* RFC 3927 2. */
PACKET_TEST(test_link_local)
{
  packet_at_end(dhcp_off);
  netif_set_addr(NETIF, NULL, NULL, NULL);
  assert_int_equal(netifapi_autoip_start(NETIF), ERR_OK);
  advance(10000);
  tx_discard();
  assert_int_equal(autoip_supplied_address(NETIF), 1);
  assert_true(ip4_addr_islinklocal(netif_ip4_addr(NETIF)));
  assert_int_equal(netifapi_autoip_stop(NETIF), ERR_OK);
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(autoip_supplied_address(NETIF), 0);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_lease, PACKET_ONCE),
    TEST_FLAGS(test_inform, PACKET_ONCE),
    TEST_FLAGS(test_link_local, PACKET_ONCE),
};

#else

static void test_no_dhcp(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_dhcp, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
