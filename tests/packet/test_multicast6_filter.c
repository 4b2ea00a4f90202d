/*
 * Multicast memberships in IPv6 groups: the cases of multicast_filter_cases.h, zones, families.
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD

#include "mld6_text.h"
#include "multicast_filter_cases.h"

#if LWIP_IPV6_SCOPES
/* RFC 4007: groups and sources of link scope are those of the membership's link. */
PACKET_TEST(test_zones)
{
  ip_addr_t group, source;
  up();
  memset(&m1, 0, sizeof m1);
  ip_addr_copy_from_ip6(group, ip6_on(&net, "ff02::5"));
  ip_addr_copy_from_ip6(source, ip6_on(&net, C));
  ip6_addr_set_zone(ip_2_ip6(&group), (u8_t)(netif_get_index(&net.netif) + 1));
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_EXCLUDE, NULL, 0), ERR_VAL);
  ip6_addr_clear_zone(ip_2_ip6(&group));
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_INCLUDE, &source, 1), ERR_OK);
  assert_int_equal(ip6_addr_zone(ip_2_ip6(&m1.group)), netif_get_index(&net.netif));
  assert_true(accepts("ff02::5", C));
  assert_false(accepts("ff02::5", A));
  ip6_addr_clear_zone(ip_2_ip6(&source)); /* the same one */
  assert_true(mcast_accepts(&m1, &source));
  assert_int_equal(mcast_add_source(&m1, &source), ERR_USE);
  assert_int_equal(mcast_remove_source(&m1, &source), ERR_OK);
}
#endif

#if LWIP_IPV4
/* Sources are of the group's family. */
PACKET_TEST(test_families_do_not_mix)
{
  ip_addr_t v4 = ip_of("10.0.0.2"), group = ip_of(G1);
  up();
  memset(&m1, 0, sizeof m1);
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_INCLUDE, &v4, 1), ERR_VAL);
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_EXCLUDE, NULL, 0), ERR_OK);
  assert_int_equal(mcast_block_source(&m1, &v4), ERR_VAL);
  assert_false(mcast_accepts(&m1, &v4));
}
#endif

static const struct packet_test tests[] = {
    MULTICAST_FILTER_CASES,
    MULTICAST_FILTER_REPORT_CASES
#if LWIP_IPV6_SCOPES
        TEST_FLAGS(test_zones, PACKET_ONCE),
#endif
#if LWIP_IPV4
    TEST_FLAGS(test_families_do_not_mix, PACKET_ONCE),
#endif
};

#else

PACKET_TEST(test_without_mld)
{
  net6_up();
  rx(udp6("2001:db8::2", 1, "ff05::1:1", 7000, "x", 1));
  expect_drop(DROP_IP6_NOT_FOR_US);
}

static const struct packet_test tests[] = {TEST(test_without_mld)};

#endif

PACKET_MAIN(tests)
