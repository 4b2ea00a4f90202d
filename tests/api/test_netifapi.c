/**
 * @file
 * lwip/netifapi.h and lwip/if_api.h: interfaces from any thread. needs: threads
 * variants: messages checked
 */
#include <errno.h>
#include "api.h"
#include "lwip/autoip.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/if_api.h"
#include "lwip/netif.h"
#include "lwip/netifapi.h"

static struct netif netif;
static err_t init_result;
static bool was_core_mine;

static err_t drop_frame(struct netif *n, struct pbuf *p)
{
  LWIP_UNUSED_ARG(n);
  LWIP_UNUSED_ARG(p);
  return ERR_OK;
}

static err_t netif_init_here(struct netif *n)
{
  was_core_mine = tcpip_core_is_mine();
  n->linkoutput = drop_frame;
#if LWIP_IPV4
  n->output = etharp_output;
#endif
#if LWIP_IPV6
  n->output_ip6 = ethip6_output;
#endif
  n->name[0] = 'n';
  n->name[1] = 'a';
  n->mtu = 1500;
  n->hwaddr_len = 6;
  n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  return init_result;
}

#if LWIP_IPV4
static err_t add_netif(netif_init_fn init)
{
  ip4_addr_t addr, mask, gw;
  memset(&netif, 0, sizeof netif);
  IP4_ADDR(&addr, 10, 0, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gw, 10, 0, 0, 254);
  return netifapi_netif_add(&netif, &addr, &mask, &gw, &netif, init, tcpip_input);
}
#else
static err_t add_netif(netif_init_fn init)
{
  memset(&netif, 0, sizeof netif);
  return netifapi_netif_add(&netif, &netif, init, tcpip_input);
}
#endif

static int setup(void **state)
{
  init_result = ERR_OK;
  if (api_setup(state) != 0) {
    return -1;
  }
  return add_netif(netif_init_here) == ERR_OK ? 0 : -1;
}

static int teardown(void **state)
{
  netifapi_netif_remove(&netif);
  return api_teardown(state);
}

static void test_add_and_remove(void **state)
{
  LWIP_UNUSED_ARG(state);
  u8_t index;
  assert_true(was_core_mine);
  assert_ptr_equal(netif.state, &netif);
  assert_ptr_equal(netif.input, tcpip_input);
  assert_int_equal(netifapi_netif_name_to_index("na1", &index), ERR_OK);
  assert_int_equal(index, netif_get_index(&netif));
  assert_int_equal(netifapi_netif_remove(&netif), ERR_OK);
  assert_int_equal(netifapi_netif_name_to_index("na1", &index), ERR_OK);
  assert_int_equal(index, NETIF_NO_INDEX);
}

static void test_add_fails(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(netifapi_netif_remove(&netif), ERR_OK);
  init_result = ERR_MEM;
  assert_int_equal(add_netif(netif_init_here), ERR_IF);
  assert_int_equal(add_netif(NULL), ERR_ARG);
  assert_int_equal(netifapi_netif_common(&netif, NULL, NULL), ERR_ARG);
}

static void test_up_and_down(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(netifapi_netif_set_up(&netif), ERR_OK);
  assert_true(netif_is_up(&netif));
  assert_int_equal(netifapi_netif_set_link_up(&netif), ERR_OK);
  assert_true(netif_is_link_up(&netif));
  assert_int_equal(netifapi_netif_set_default(&netif), ERR_OK);
  assert_ptr_equal(netif_default, &netif);
  assert_int_equal(netifapi_netif_set_link_down(&netif), ERR_OK);
  assert_false(netif_is_link_up(&netif));
  assert_int_equal(netifapi_netif_set_down(&netif), ERR_OK);
  assert_false(netif_is_up(&netif));
}

static err_t answer_down(struct netif *n)
{
  return netif_is_up(n) ? ERR_OK : ERR_CONN;
}

static void test_common_returns_what_the_function_does(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(netifapi_netif_common(&netif, NULL, answer_down), ERR_CONN);
  netifapi_netif_set_up(&netif);
  assert_int_equal(netifapi_netif_common(&netif, NULL, answer_down), ERR_OK);
}

static void test_names(void **state)
{
  LWIP_UNUSED_ARG(state);
  char name[NETIF_NAMESIZE] = "?";
  u8_t index = 99;
  assert_int_equal(netifapi_netif_index_to_name(netif_get_index(&netif), name), ERR_OK);
  assert_string_equal(name, "na1");
  assert_int_equal(netifapi_netif_index_to_name(200, name), ERR_OK);
  assert_string_equal(name, "");
  assert_int_equal(netifapi_netif_name_to_index("zz9", &index), ERR_OK);
  assert_int_equal(index, NETIF_NO_INDEX);
  assert_int_equal(netifapi_netif_name_to_index("a name longer than any", &index), ERR_OK);
  assert_int_equal(index, NETIF_NO_INDEX);
  assert_int_equal(netifapi_netif_name_to_index(NULL, &index), ERR_ARG);
  assert_int_equal(netifapi_netif_name_to_index("na1", NULL), ERR_ARG);
  assert_int_equal(netifapi_netif_index_to_name(1, NULL), ERR_ARG);
}

/** RFC 3493 4.1, 4.2. */
static void test_if_names(void **state)
{
  LWIP_UNUSED_ARG(state);
  char name[IF_NAMESIZE];
  unsigned index = lwip_if_nametoindex("na1");
  assert_int_equal(index, netif_get_index(&netif));
  assert_ptr_equal(lwip_if_indextoname(index, name), name);
  assert_string_equal(name, "na1");
  errno = 0;
  assert_int_equal(lwip_if_nametoindex("zz9"), 0);
  assert_int_equal(errno, ENODEV);
  assert_int_equal(lwip_if_nametoindex("a name longer than any"), 0);
  assert_int_equal(lwip_if_nametoindex(NULL), 0);
  errno = 0;
  assert_null(lwip_if_indextoname(0, name));
  assert_int_equal(errno, ENXIO);
  errno = 0;
  assert_null(lwip_if_indextoname(256 + index, name)); /* not cut to a byte */
  assert_int_equal(errno, ENXIO);
  assert_null(lwip_if_indextoname(index, NULL));
}

#if LWIP_IPV4

static void test_set_addr(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip4_addr_t addr, mask, gw;
  IP4_ADDR(&addr, 192, 168, 7, 5);
  IP4_ADDR(&mask, 255, 255, 0, 0);
  IP4_ADDR(&gw, 192, 168, 0, 1);
  assert_int_equal(netifapi_netif_set_addr(&netif, &addr, &mask, &gw), ERR_OK);
  assert_true(ip4_addr_eq(netif_ip4_addr(&netif), &addr));
  assert_true(ip4_addr_eq(netif_ip4_netmask(&netif), &mask));
  assert_true(ip4_addr_eq(netif_ip4_gw(&netif), &gw));
  assert_int_equal(netifapi_netif_set_addr(&netif, NULL, NULL, NULL), ERR_OK);
  assert_true(ip4_addr_isany(netif_ip4_addr(&netif)));
  assert_int_equal(netifapi_netif_set_addr(NULL, &addr, &mask, &gw), ERR_ARG);
}

static void test_dhcp(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(netifapi_dhcp_start(&netif), ERR_ARG); /* it is down */
  assert_int_equal(netifapi_dhcp_start(NULL), ERR_ARG);
  assert_int_equal(netifapi_dhcp_renew(NULL), ERR_ARG);
  assert_int_equal(netifapi_dhcp_renew(&netif), ERR_VAL);
  assert_int_equal(netifapi_netif_set_up(&netif), ERR_OK);
  assert_int_equal(netifapi_netif_set_link_up(&netif), ERR_OK);
  assert_int_equal(netifapi_dhcp_start(&netif), ERR_OK);
  assert_int_equal(netifapi_dhcp_renew(&netif), ERR_VAL); /* there is no lease */
  assert_int_equal(netifapi_dhcp_release(&netif), ERR_OK);
  assert_int_equal(netifapi_dhcp_start(&netif), ERR_OK);
  assert_int_equal(netifapi_dhcp_stop(&netif), ERR_OK);
  assert_int_equal(netifapi_dhcp_release_and_stop(&netif), ERR_OK);
  assert_int_equal(netifapi_dhcp_inform(&netif), ERR_OK);
  assert_int_equal(netifapi_dhcp_stop(&netif), ERR_OK);
}

static void test_autoip(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(netifapi_autoip_start(NULL), ERR_ARG);
  assert_int_equal(netifapi_autoip_stop(NULL), ERR_ARG);
  assert_int_equal(netifapi_netif_set_up(&netif), ERR_OK);
  assert_int_equal(netifapi_netif_set_link_up(&netif), ERR_OK);
  assert_int_equal(netifapi_autoip_start(&netif), ERR_OK);
  assert_int_equal(netifapi_autoip_stop(&netif), ERR_OK);
  assert_int_equal(netifapi_autoip_stop(&netif), ERR_OK); /* no harm */
}

static void test_static_neighbours(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct eth_addr mac = {{2, 0, 0, 0, 0, 9}};
  ip4_addr_t near, far;
  enum netifapi_arp_entry other = (enum netifapi_arp_entry)(NETIFAPI_ARP_PERM + 1);
  IP4_ADDR(&near, 10, 0, 0, 9);
  IP4_ADDR(&far, 9, 9, 9, 9);
  netifapi_netif_set_up(&netif);
  netifapi_netif_set_link_up(&netif);
  assert_int_equal(netifapi_arp_add(&near, &mac, NETIFAPI_ARP_PERM), ERR_OK);
  assert_int_equal(netifapi_arp_remove(&near, NETIFAPI_ARP_PERM), ERR_OK);
  assert_int_equal(netifapi_arp_remove(&near, NETIFAPI_ARP_PERM), ERR_MEM); /* it is gone */
  assert_int_equal(netifapi_arp_add(&far, &mac, NETIFAPI_ARP_PERM), ERR_RTE);
  assert_int_equal(netifapi_arp_add(&near, &mac, other), ERR_VAL);
  assert_int_equal(netifapi_arp_remove(&near, other), ERR_VAL);
  assert_int_equal(netifapi_arp_add(NULL, &mac, NETIFAPI_ARP_PERM), ERR_ARG);
  assert_int_equal(netifapi_arp_add(&near, NULL, NETIFAPI_ARP_PERM), ERR_ARG);
  assert_int_equal(netifapi_arp_remove(NULL, NETIFAPI_ARP_PERM), ERR_ARG);
}

#endif

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(test_add_and_remove),
    TEST(test_add_fails),
    TEST(test_up_and_down),
    TEST(test_common_returns_what_the_function_does),
    TEST(test_names),
    TEST(test_if_names),
#if LWIP_IPV4
    TEST(test_set_addr),
    TEST(test_dhcp),
    TEST(test_autoip),
    TEST(test_static_neighbours),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
