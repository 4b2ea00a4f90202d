/*
 * Multicast memberships in IPv4 groups: the cases of multicast_filter_cases.h.
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_IPV4 && LWIP_IGMP

#include "igmp_text.h"
#include "multicast_filter_cases.h"

/* 224.0.0.1 is always joined and never by a membership (RFC 1112 4). */
PACKET_TEST(test_all_systems)
{
  ip_addr_t all = ip_of(ALL_NODES);
  memset(&m1, 0, sizeof m1);
  assert_int_equal(mcast_join(&m1, &net.netif, &all, MCAST_MODE_EXCLUDE, NULL, 0), ERR_VAL);
  assert_null(m1.netif);
}

static const struct packet_test tests[] = {
    MULTICAST_FILTER_CASES,
    MULTICAST_FILTER_REPORT_CASES TEST_FLAGS(test_all_systems, PACKET_ONCE),
};

#else

PACKET_TEST(test_without_igmp)
{
  rx(udp4("10.0.0.2", 1, "239.1.1.1", 7000, "x", 1));
  expect_drop(DROP_IP4_NOT_FOR_US);
}

static const struct packet_test tests[] = {TEST(test_without_igmp)};

#endif

PACKET_MAIN(tests)
