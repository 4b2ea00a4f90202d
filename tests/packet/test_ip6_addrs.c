/**
 * @file
 * The IPv6 slots of a netif: zones (RFC 4007), link-local forms, groups, what is on the link by
 * configuration (RFC 5942), addresses that a driver sets in its init function, loopback.
 * needs: ipv6
 */
#include "addr6.h"
#include "link/netif_ip6.h"

static void preferred(s8_t i, const char *text)
{
  ip6_addr_t addr = ip6_of(text);
  packet_at_end(addr6_end);
  netif_ip6_addr_set(&net.netif, i, &addr);
  netif_ip6_addr_set_state(&net.netif, i, IP6_ADDR_PREFERRED);
}

/* RFC 4007 6: link-local addresses belong to a link, global ones to none. */
static void test_zones(void)
{
  preferred(0, "fe80::77");
  preferred(1, "2001:db8::77");
  ip6_addr_t plain = ip6_of("fe80::77");
  assert_int_equal(ip6_addr_has_zone(netif_ip6_addr(&net.netif, 0)), LWIP_IPV6_SCOPES);
  assert_true(ip6_addr_test_zone(netif_ip6_addr(&net.netif, 0), &net.netif));
  assert_false(ip6_addr_has_zone(netif_ip6_addr(&net.netif, 1)));
  assert_int_equal(netif_get_ip6_addr_match(&net.netif, &plain), 0); /* zones aside */
  assert_true(netif_ip6_owns(&net.netif, &plain));
}

/* The same link-local address on two links is two addresses. */
static void test_owner_by_zone(void)
{
  struct packet_net *other = net_add_netif();
  ip6_addr_t addr = ip6_of("fe80::77");
  preferred(0, "fe80::77");
  netif_ip6_addr_set(&other->netif, 0, &addr);
  netif_ip6_addr_set_state(&other->netif, 0, IP6_ADDR_PREFERRED);
  ip6_addr_t here = ip6_on(&net, "fe80::77");
  ip6_addr_t there = ip6_on(other, "fe80::77");
  if (LWIP_IPV6_SCOPES) {
    assert_ptr_equal(netif_ip6_owner(&here), &net.netif);
    assert_ptr_equal(netif_ip6_owner(&there), &other->netif);
  }
  netif_set_down(&net.netif);
  assert_ptr_equal(netif_ip6_owner(&addr), &other->netif);
}

/* RFC 4007 11: the text names the zone by index or name. */
static void test_zones_in_text(void)
{
  ip6_addr_t addr;
  char text[IP6ADDR_STRLEN_MAX];
  char by_name[IP6ADDR_STRLEN_MAX];
  char by_index[IP6ADDR_STRLEN_MAX];
  char name[NETIF_NAMESIZE];
  u8_t index = netif_get_index(&net.netif);
  netif_index_to_name(index, name);
  snprintf(by_name, sizeof by_name, "fe80::77%%%s", name);
  snprintf(by_index, sizeof by_index, "fe80::77%%%u", index);
  assert_int_equal(ip6addr_aton(by_name, &addr), 1);
  assert_true(ip6_addr_test_zone(&addr, &net.netif));
  assert_string_equal(ip6addr_ntoa_r(&addr, text, sizeof text),
                      LWIP_IPV6_SCOPES ? by_index : "fe80::77");
  assert_int_equal(ip6addr_aton(by_index, &addr), 1);
  assert_true(ip6_addr_test_zone(&addr, &net.netif));
  if (LWIP_IPV6_SCOPES) {
    assert_int_equal(ip6addr_aton("fe80::77%xx9", &addr), 0);
    assert_int_equal(ip6addr_aton("fe80::77%0", &addr), 0);
    assert_int_equal(ip6addr_aton("fe80::77%256", &addr), 0);
    assert_int_equal(ip6addr_aton("fe80::77%", &addr), 0);
    assert_int_equal(ip6addr_aton("fe80::77%255", &addr), 1); /* may come yet */
  }
}

/* lwIP's two ways to make one of a link address. */
static void test_linklocal_forms(void)
{
  packet_at_end(addr6_end);
  netif_create_ip6_linklocal_address(&net.netif, 1);
  assert_string_equal(text_of(0), "fe80::ff:fe00:1"); /* universal bit turned round */
  netif_create_ip6_linklocal_address(&net.netif, 0);
  assert_string_equal(text_of(0), "fe80::200:0:1");
  assert_int_equal(netif_ip6_linklocal_create(&net.netif, IP6_IID_EUI64), ERR_OK);
  assert_string_equal(text_of(0), "fe80::ff:fe00:1");
  assert_int_equal(netif_ip6_linklocal_create(&net.netif, IP6_IID_STABLE), ERR_OK);
  assert_string_not_equal(text_of(0), "fe80::ff:fe00:1");
  assert_true(ip6_addr_islinklocal(netif_ip6_addr(&net.netif, 0)));
  net.netif.hwaddr_len = 0;
  err_t err = netif_ip6_linklocal_create(&net.netif, IP6_IID_EUI64);
  net.netif.hwaddr_len = 6;
  assert_int_equal(err, ERR_VAL);
}

/* Two addresses, one solicited-node group: it is left with the second. */
static void test_shared_group(void)
{
  preferred(0, "fe80::77");
  preferred(1, "2001:db8::77");
  ip6_addr_t group = ip6_of(solicited_node("fe80::77"));
  assert_true(netif_ip6_is_solicited_node(&net.netif, &group));
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 2));
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_INVALID);
  tx_discard();
  rx(ns("2001:db8::2", solicited_node("2001:db8::77"), "2001:db8::77", &o));
  assert_non_null(tx_icmp6(T6_NA));
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_INVALID);
  assert_false(netif_ip6_is_solicited_node(&net.netif, &group));
}

/* RFC 5942 4: only addresses set by hand declare neighbours, and only if they are not told not to.
 */
static void test_on_link_by_configuration(void)
{
  packet_at_end(addr6_end);
  struct ip6_address_spec wide = {
      .addr = ip6_of("2001:db8:1::77"), .prefix_len = 48, .flags = IP6_ADDRESS_NO_DAD};
  struct ip6_address_spec lone = {.addr = ip6_of("2001:db8:2::77"),
                                  .flags = IP6_ADDRESS_NO_DAD | IP6_ADDRESS_NOT_ON_LINK};
  ip6_addr_t near = ip6_of("2001:db8:1:5::1");
  ip6_addr_t next = ip6_of("2001:db8:2::1");
  ip6_addr_t far = ip6_of("2001:db8:3::1");
  netif_ip6_address_add(&net.netif, &wide, NULL);
  netif_ip6_address_add(&net.netif, &lone, NULL);
  assert_int_equal(netif_ip6_on_link_len(&net.netif, &near), 48);
  assert_int_equal(netif_ip6_on_link_len(&net.netif, &next), -1);
  assert_int_equal(netif_ip6_on_link_len(&net.netif, &far), -1);
  preferred(3, "2001:db8:1:5::77"); /* lwIP: 64 bits */
  assert_int_equal(netif_ip6_on_link_len(&net.netif, &near), 64);
}

/** Which one is the link-local address that may be used? */
static void test_usable_linklocal(void)
{
  assert_null(netif_ip6_linklocal(&net.netif));
  packet_at_end(addr6_end);
  netif_create_ip6_linklocal_address(&net.netif, 1);
  assert_null(netif_ip6_linklocal(&net.netif)); /* tentative */
  preferred(2, "fe80::2:2");
  assert_ptr_equal(netif_ip6_linklocal(&net.netif), netif_ip6_addr(&net.netif, 2));
}

/* Wrong callers. */
static void test_indexes_out_of_range(void)
{
  ip6_addr_t addr = ip6_of("fe80::77");
  netif_ip6_addr_set(&net.netif, -1, &addr);
  netif_ip6_addr_set(&net.netif, LWIP_IPV6_NUM_ADDRESSES, &addr);
  netif_ip6_addr_set_state(&net.netif, LWIP_IPV6_NUM_ADDRESSES, IP6_ADDR_PREFERRED);
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    assert_int_equal(state_of(i), IP6_ADDR_INVALID);
  }
}

#if !LWIP_SINGLE_NETIF
static struct netif early;

static err_t early_output(struct netif *netif, struct pbuf *p, const ip6_addr_t *addr)
{
  (void)p;
  (void)addr;
  netif->state = netif; /* something was sent */
  return ERR_OK;
}

/** lwIP's example drivers set the link-local address in here. */
static err_t early_init(struct netif *netif)
{
  netif->name[0] = 'e';
  netif->name[1] = 'a';
  netif->mtu = 1500;
  netif->hwaddr_len = 6;
  memcpy(netif->hwaddr, mac_of(9, 9), 6);
  netif->output_ip6 = early_output;
  netif_create_ip6_linklocal_address(netif, 1);
  return ERR_OK;
}

static void remove_early(void)
{
  netif_remove(&early);
}

/* Set before the netif is in the list: looked after once it can send. */
static void test_address_set_by_the_driver(void)
{
  packet_at_end(remove_early);
  memset(&early, 0, sizeof early);
  assert_ptr_equal(netif_add_noaddr(&early, NULL, early_init, ethernet_input), &early);
  assert_true(ip6_addr_istentative(netif_ip6_addr_state(&early, 0)));
  advance(60000);
  assert_true(ip6_addr_istentative(netif_ip6_addr_state(&early, 0)));
  assert_null(early.state);
  netif_set_up(&early);
  netif_set_link_up(&early);
  advance(DAD_MS);
  assert_int_equal(netif_ip6_addr_state(&early, 0), IP6_ADDR_PREFERRED);
  assert_non_null(early.state);
}
#endif

#if LWIP_HAVE_LOOPIF
/* RFC 4291 2.5.3 */
static void test_loopback(void)
{
  ip6_addr_t loopback;
  ip6_addr_set_loopback(&loopback);
  struct netif *lo = netif_ip6_owner(&loopback);
  assert_non_null(lo);
  assert_int_equal(lo->name[0], 'l');
  assert_int_equal(netif_ip6_addr_state(lo, 0), IP6_ADDR_PREFERRED);
  assert_ptr_equal(ip6_select_source_address(lo, &loopback), netif_ip_addr6(lo, 0));
}
#endif

#if LWIP_IPV4
/* RFC 4291 2.5.5.2 */
static void test_mapped_addresses(void)
{
  ip_addr_t mapped = IPADDR6_INIT(0, 0, 0, 0);
  ip4_addr_t v4 = ip4_of("192.0.2.33");
  ip4_addr_t back;
  ip4_2_ipv4_mapped_ipv6(ip_2_ip6(&mapped), &v4);
  assert_true(IP_IS_V4MAPPEDV6(&mapped));
  assert_string_equal(ipaddr_ntoa(&mapped), "::ffff:192.0.2.33");
  unmap_ipv4_mapped_ipv6(&back, ip_2_ip6(&mapped));
  assert_int_equal(back.addr, v4.addr);
  ip_addr_t compatible = IPADDR6_INIT_HOST(0, 0, 0, 0xc0000221);
  ip_addr_t plain = IPADDR4_INIT(v4.addr);
  assert_false(IP_IS_V4MAPPEDV6(&compatible));
  assert_false(IP_IS_V4MAPPEDV6(&plain));
}
#endif

static const struct packet_test tests[] = {
    TEST_FLAGS(test_zones, PACKET_ONCE),
    TEST_FLAGS(test_owner_by_zone, PACKET_ONCE),
    TEST_FLAGS(test_zones_in_text, PACKET_ONCE),
    TEST_FLAGS(test_linklocal_forms, PACKET_ONCE),
    TEST(test_shared_group),
    TEST_FLAGS(test_on_link_by_configuration, PACKET_ONCE),
    TEST_FLAGS(test_usable_linklocal, PACKET_ONCE),
    TEST_FLAGS(test_indexes_out_of_range, PACKET_ONCE),
#if !LWIP_SINGLE_NETIF
    TEST_FLAGS(test_address_set_by_the_driver, PACKET_ONCE),
#endif
#if LWIP_HAVE_LOOPIF
    TEST_FLAGS(test_loopback, PACKET_ONCE),
#endif
#if LWIP_IPV4
    TEST_FLAGS(test_mapped_addresses, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
