/**
 * @file
 * ETHARP_VLAN_CHECK: one VLAN is ours. The program brings its own build of the Ethernet layer, so
 * that the library's is not linked.
 * needs: ipv4
 */
#define ETHARP_VLAN_CHECK 5
#include "packet.h"
#include "link/ethernet.c"

static void test_our_vlan_and_no_vlan_pass(void)
{
  rx(ping4("10.0.0.2", "10.0.0.1", 1, 1, "", 0));
  check_pong(tx(), 1, 1, "", 0);
  rx(vlan_tagged(ping4("10.0.0.2", "10.0.0.1", 1, 2, "", 0), 0xe005));
  check_pong(tx(), 1, 2, "", 0);
  rx(vlan_tagged(ping4("10.0.0.2", "10.0.0.1", 1, 3, "", 0), 0xe000)); /* priority alone */
  check_pong(tx(), 1, 3, "", 0);
  expect_no_drop();
}

static void test_other_vlans_do_not(void)
{
  static const u16_t tags[] = {4, 6, 0x0105, 0xf006, 0x0fff};
  for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
    rx(vlan_tagged(ping4("10.0.0.2", "10.0.0.1", 1, 1, "", 0), tags[i]));
    expect_drop(DROP_VLAN_FILTERED);
  }
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_our_vlan_and_no_vlan_pass),
    TEST(test_other_vlans_do_not),
};

PACKET_MAIN(tests)
