/**
 * @file
 * LWIP_HOOK_ND6_GET_GW: whom to send to off the link, before routers are asked. The program brings
 * its own build of the next hop determination, so that the library's is not linked.
 * needs: ipv6
 */
#include "lwip/opt.h"
#include "lwip/netif.h"

static const ip6_addr_t *hook_gateway(struct netif *netif, const ip6_addr_t *dest);
#define LWIP_HOOK_ND6_GET_GW(netif, dest) hook_gateway(netif, dest)
#include "nd6_text.h"
#include "ip/v6/nd6_next_hop.c"

/* What the hook shall say, and what it saw; reset when a body ends, early or not. */
static const char *gateway;
static unsigned calls;
static ip6_addr_t asked;

static const ip6_addr_t *hook_gateway(struct netif *netif, const ip6_addr_t *dest)
{
  static ip6_addr_t addr;
  calls++;
  asked = *dest;
  if (gateway == NULL || netif != &net.netif) {
    return NULL;
  }
  addr = ip6_of(gateway); /* without zone */
  return &addr;
}

static void reset(void)
{
  gateway = NULL;
  calls = 0;
}

static void test_hook_names_a_router(void)
{
  packet_at_end(reset);
  net6_up();
  gateway = "fe80::9";
  assert_int_equal(neighbor_send("2001:db8:77::1", 1), ERR_OK);
  neighbor_expect_sent(mac_of(0, 9), 1);
  ip6_addr_t dst = ip6_of("2001:db8:77::1");
  assert_true(ip6_addr_eq(&asked, &dst));
  calls = 0;
  assert_int_equal(neighbor_send(PEER, 2), ERR_OK); /* on the link nobody asks it */
  neighbor_expect_sent(peer_mac, 2);
  assert_int_equal(calls, 0);
}

static void test_hook_without_opinion(void)
{
  packet_at_end(reset);
  net6_up();
  assert_int_equal(neighbor_send("2001:db8:77::1", 1), ERR_RTE);
  assert_true(calls > 0);
  rx(ra((struct ra_spec){.src = "fe80::fe", .lifetime_s = 1800}, nd_source(gateway_mac)));
  tx_discard();
  assert_int_equal(neighbor_send("2001:db8:77::1", 2), ERR_OK);
  neighbor_expect_sent(gateway_mac, 2);
  gateway = "fe80::9"; /* goes before routers */
  assert_int_equal(neighbor_send("2001:db8:77::1", 3), ERR_OK);
  neighbor_expect_sent(mac_of(0, 9), 3);
}

static const struct packet_test tests[] = {
    TEST(test_hook_names_a_router),
    TEST(test_hook_without_opinion),
};

PACKET_MAIN(tests)
