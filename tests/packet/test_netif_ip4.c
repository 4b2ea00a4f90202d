/**
 * @file
 * The IPv4 addresses of network interfaces: set, changed, several of them, callbacks with what was
 * before.
 * needs: ipv4
 */
#include "packet.h"
#include "gossamer/netif_addr.h"
#include "link/netif_ip4.h"

static err_t null_init(struct netif *netif)
{
  netif->name[0] = 'n';
  netif->name[1] = 'u';
  netif->mtu = 1500;
  return ERR_OK;
}

static struct netif *add(struct netif *netif, const char *ip, const char *mask, const char *gw)
{
  ip4_addr_t a = ip4_of(ip);
  ip4_addr_t m = ip4_of(mask);
  ip4_addr_t g = ip4_of(gw);
  memset(netif, 0xa5, sizeof *netif); /* nothing is expected of the storage */
  return netif_add(netif, &a, &m, &g, netif, null_init, netif_input);
}

static netif_nsc_reason_t reasons[16];
static u32_t old_addresses[16];
static u32_t old_masks[16];
static u32_t old_gateways[16];
static unsigned reason_count;

static void on_change(struct netif *netif, netif_nsc_reason_t reason,
                      const netif_ext_callback_args_t *args)
{
  const netif_nsc_reason_t ip4 = LWIP_NSC_IPV4_ADDRESS_CHANGED | LWIP_NSC_IPV4_NETMASK_CHANGED |
                                 LWIP_NSC_IPV4_GATEWAY_CHANGED | LWIP_NSC_IPV4_ADDR_VALID;
  unsigned i = reason_count % 16;
  LWIP_UNUSED_ARG(netif);
  reason_count++;
  reasons[i] = reason;
  if (reason & ip4) {
    old_addresses[i] = ip_2_ip4(args->ipv4_changed.old_address)->addr;
    old_masks[i] = ip_2_ip4(args->ipv4_changed.old_netmask)->addr;
    old_gateways[i] = ip_2_ip4(args->ipv4_changed.old_gw)->addr;
  }
}

static void expect_reason(unsigned i, unsigned reason)
{
  assert_true(i < reason_count);
  assert_int_equal(reasons[i], reason);
}

/* --- tests --- */

static void test_added_with_addresses(void)
{
  static netif_ext_callback_t listener;
  static struct netif n;
  reason_count = 0;
  netif_add_ext_callback(&listener, on_change);
  assert_ptr_equal(add(&n, "192.168.1.1", "255.255.255.0", "192.168.1.254"), &n);
  assert_int_equal(netif_ip4_addr(&n)->addr, ip4_of("192.168.1.1").addr);
  assert_int_equal(netif_ip4_netmask(&n)->addr, ip4_of("255.255.255.0").addr);
  assert_int_equal(netif_ip4_gw(&n)->addr, ip4_of("192.168.1.254").addr);
  expect_reason(0, LWIP_NSC_NETIF_ADDED);
  expect_reason(1, LWIP_NSC_IPV4_ADDRESS_CHANGED | LWIP_NSC_IPV4_NETMASK_CHANGED |
                       LWIP_NSC_IPV4_GATEWAY_CHANGED | LWIP_NSC_IPV4_SETTINGS_CHANGED |
                       LWIP_NSC_IPV4_ADDR_VALID);
  assert_int_equal(old_addresses[1], 0);
  netif_remove(&n);
  netif_remove_ext_callback(&listener);
}

static unsigned status_calls;

static void on_status(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  status_calls++;
}

static void test_status_callback(void)
{
  static struct netif n;
  add(&n, "192.168.1.1", "255.255.255.0", "0.0.0.0");
  netif_set_status_callback(&n, on_status);
  status_calls = 0;
  ip4_addr_t a = ip4_of("192.168.1.2");
  netif_set_ipaddr(&n, &a);
  netif_set_ipaddr(&n, &a); /* no change, no call */
  assert_int_equal(status_calls, 1);
  netif_set_status_callback(&n, NULL);
  netif_remove(&n);
}

static void test_address_changes_tell_what_was_before(void)
{
  static netif_ext_callback_t listener;
  ip4_addr_t a = ip4_of("10.0.0.9");
  ip4_addr_t m = ip4_of("255.255.0.0");
  ip4_addr_t g = ip4_of("10.0.0.253");
  reason_count = 0;
  netif_add_ext_callback(&listener, on_change);
  netif_set_gw(&net.netif, &g);
  netif_set_netmask(&net.netif, &m);
  netif_set_ipaddr(&net.netif, &a);
  netif_set_ipaddr(&net.netif, &a);
  expect_reason(0, LWIP_NSC_IPV4_GATEWAY_CHANGED);
  assert_int_equal(old_gateways[0], ip4_of("10.0.0.254").addr);
  expect_reason(1, LWIP_NSC_IPV4_NETMASK_CHANGED);
  assert_int_equal(old_masks[1], ip4_of("255.255.255.0").addr);
  expect_reason(2, LWIP_NSC_IPV4_ADDRESS_CHANGED);
  assert_int_equal(old_addresses[2], ip4_of("10.0.0.1").addr);
  assert_int_equal(reason_count, 3);
  netif_set_addr(&net.netif, &a, &m, &g); /* set again: still worth telling */
  expect_reason(3, LWIP_NSC_IPV4_ADDR_VALID);
  netif_set_addr(&net.netif, NULL, NULL, NULL);
  expect_reason(4, LWIP_NSC_IPV4_ADDRESS_CHANGED | LWIP_NSC_IPV4_NETMASK_CHANGED |
                       LWIP_NSC_IPV4_GATEWAY_CHANGED | LWIP_NSC_IPV4_SETTINGS_CHANGED);
  assert_int_equal(old_addresses[4], a.addr);
  assert_int_equal(old_masks[4], m.addr);
  assert_int_equal(old_gateways[4], g.addr);
  netif_set_addr(&net.netif, NULL, NULL, NULL);
  assert_int_equal(reason_count, 5);
  netif_remove_ext_callback(&listener);
}

static void test_several_addresses(void)
{
  ip4_addr_t mask = ip4_of("255.255.255.0");
  ip4_addr_t a = ip4_of("172.16.0.1");
  ip4_addr_t main_addr = ip4_of("10.0.0.1");
  assert_int_equal(netif_add_ip4_address(&net.netif, &a, &mask), ERR_OK);
  assert_int_equal(netif_add_ip4_address(&net.netif, &a, &mask), ERR_OK); /* the same slot */
  assert_int_equal(netif_add_ip4_address(&net.netif, &main_addr, &mask), ERR_USE);
  ip4_addr_t to = ip4_of("172.16.0.77");
  assert_true(netif_ip4_owns(&net.netif, &a));
  assert_true(netif_ip4_on_link(&net.netif, &to));
  assert_int_equal(netif_ip4_addr_toward(&net.netif, &to)->addr, a.addr);
  assert_ptr_equal(netif_ip4_owner(&a), &net.netif);
  to = ip4_of("8.8.8.8");
  assert_false(netif_ip4_on_link(&net.netif, &to));
  assert_int_equal(netif_ip4_addr_toward(&net.netif, &to)->addr, main_addr.addr);
  for (int i = 1; i < NETIF_IP4_NUM_EXTRA; i++) {
    IP4_ADDR(&to, 172, 17, i, 1);
    assert_int_equal(netif_add_ip4_address(&net.netif, &to, &mask), ERR_OK);
  }
  to = ip4_of("172.18.0.1");
  assert_int_equal(netif_add_ip4_address(&net.netif, &to, &mask), ERR_MEM);
  assert_int_equal(netif_remove_ip4_address(&net.netif, &to), ERR_VAL);
  assert_int_equal(netif_remove_ip4_address(&net.netif, &main_addr), ERR_VAL);
  assert_int_equal(netif_remove_ip4_address(&net.netif, &a), ERR_OK);
  assert_false(netif_ip4_owns(&net.netif, &a));
  assert_int_equal(netif_add_ip4_address(&net.netif, &to, &mask), ERR_OK);
  netif_set_ipaddr(&net.netif, &to); /* becomes the main one: its slot is free */
  assert_int_equal(netif_add_ip4_address(&net.netif, &a, &mask), ERR_OK);
  assert_int_equal(netif_remove_ip4_address(&net.netif, &to), ERR_VAL);
}

static void test_addresses_that_cannot_be_added(void)
{
  static const char *const bad[] = {"0.0.0.0", "224.0.0.1", "255.255.255.255"};
  ip4_addr_t mask = ip4_of("255.255.255.0");
  ip4_addr_t holes = ip4_of("255.0.255.0");
  ip4_addr_t a;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    a = ip4_of(bad[i]);
    assert_int_equal(netif_add_ip4_address(&net.netif, &a, &mask), ERR_VAL);
  }
  a = ip4_of("172.16.0.1");
  assert_int_equal(netif_add_ip4_address(&net.netif, &a, &holes), ERR_VAL);
  a = ip4_of("0.0.0.0");
  assert_int_equal(netif_remove_ip4_address(&net.netif, &a), ERR_VAL);
  assert_false(netif_ip4_owns(&net.netif, &a));
}

/* RFC 1122 3.2.1.3, RFC 3021 */
static void test_broadcast_addresses(void)
{
  static const struct {
    const char *own, *mask, *addr;
    bool is;
  } cases[] = {
      {"10.0.0.1", "255.255.255.0", "10.0.0.255", true},
      {"10.0.0.1", "255.255.255.0", "255.255.255.255", true},
      {"10.0.0.1", "255.255.255.0", "0.0.0.0", true},
      {"10.0.0.1", "255.255.255.0", "10.0.0.254", false},
      {"10.0.0.1", "255.255.255.0", "10.0.1.255", false},
      {"10.0.0.1", "255.255.0.0", "10.0.0.255", false},
      {"10.0.0.1", "255.255.0.0", "10.0.255.255", true},
      {"10.0.0.1", "255.255.255.252", "10.0.0.3", true},
      {"10.0.0.2", "255.255.255.254", "10.0.0.3", false},
      {"10.0.0.3", "255.255.255.255", "10.0.0.3", false},
      {"0.0.0.0", "0.0.0.0", "1.2.3.4", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ip4_addr_t own = ip4_of(cases[i].own);
    ip4_addr_t mask = ip4_of(cases[i].mask);
    ip4_addr_t addr = ip4_of(cases[i].addr);
    netif_set_addr(&net.netif, &own, &mask, NULL);
    assert_int_equal(ip4_addr_isbroadcast(&addr, &net.netif), cases[i].is);
  }
  ip4_addr_t addr = ip4_of("172.16.0.1");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  netif_add_ip4_address(&net.netif, &addr, &mask);
  addr = ip4_of("172.16.0.255");
  assert_int_equal(ip4_addr_isbroadcast(&addr, &net.netif), 1);
  netif_clear_flags(&net.netif, NETIF_FLAG_BROADCAST);
  assert_int_equal(ip4_addr_isbroadcast(&addr, &net.netif), 0);
  netif_set_flags(&net.netif, NETIF_FLAG_BROADCAST);
}

/* None of these sends anything that could not be sent: no fault runs, they are about pointers. */
static const struct packet_test tests[] = {
    TEST_FLAGS(test_added_with_addresses, PACKET_ONCE),
    TEST_FLAGS(test_status_callback, PACKET_ONCE),
    TEST_FLAGS(test_address_changes_tell_what_was_before, PACKET_ONCE),
    TEST_FLAGS(test_several_addresses, PACKET_ONCE),
    TEST_FLAGS(test_addresses_that_cannot_be_added, PACKET_ONCE),
    TEST_FLAGS(test_broadcast_addresses, PACKET_ONCE),
};

PACKET_MAIN(tests)
