/**
 * @file
 * The ARP cache as a list (gossamer/arp.h): every state that an entry can be in, and its age.
 * needs: ipv4
 */
#include "packet.h"
#include "gossamer/arp.h"

/** The entry of an address; its netif is NULL when there is none. */
static struct arp_neighbor listed(const char *ip)
{
  struct arp_neighbor n;
  int found;
  for (unsigned i = 0; (found = arp_neighbor_get(i, &n)) >= 0; i++) {
    if (found == 1 && n.addr.addr == ip4_of(ip).addr) {
      return n;
    }
  }
  return (struct arp_neighbor){.netif = NULL};
}

static void ask(const char *ip)
{
  ip4_addr_t a = ip4_of(ip);
  etharp_query(&net.netif, &a, NULL);
}

PACKET_TEST(test_states)
{
  net.peer_answers_arp = false;
  assert_null(listed("10.0.0.2").netif);
  ask("10.0.0.2");
  assert_int_equal(listed("10.0.0.2").state, ARP_NEIGHBOR_PENDING);
  assert_memory_equal(listed("10.0.0.2").mac.addr, zero_mac, 6);
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
  struct arp_neighbor n = listed("10.0.0.2");
  assert_int_equal(n.state, ARP_NEIGHBOR_STABLE);
  assert_ptr_equal(n.netif, &net.netif);
  assert_memory_equal(n.mac.addr, peer_mac, 6);
  advance(7000);
  assert_int_equal(listed("10.0.0.2").age_ms, 7000);
  rx(arp(ARP_REQUEST, mac_of(0, 3), "10.0.0.3", zero_mac, "10.0.0.1"));
  assert_int_equal(listed("10.0.0.3").state, ARP_NEIGHBOR_LEARNED);
}

PACKET_TEST(test_checking)
{
  ask("10.0.0.2");
  net.peer_answers_arp = false;
  advance(ARP_MAXAGE * 1000UL - 1000);
  ask("10.0.0.2"); /* in use near its end */
  assert_int_equal(listed("10.0.0.2").state, ARP_NEIGHBOR_CHECKING);
  assert_memory_equal(listed("10.0.0.2").mac.addr, peer_mac, 6);
}

PACKET_TEST(test_static)
{
  ip4_addr_t a = ip4_of("10.0.0.9");
  struct eth_addr mac;
  memcpy(mac.addr, peer_mac, sizeof mac.addr);
  assert_int_equal(etharp_add_static_entry(&a, &mac), ERR_OK);
  advance(60000);
  assert_int_equal(listed("10.0.0.9").state, ARP_NEIGHBOR_STATIC);
  assert_int_equal(listed("10.0.0.9").age_ms, 0);
}

PACKET_TEST(test_end_of_the_list)
{
  struct arp_neighbor n;
  for (unsigned i = 0; i < ARP_TABLE_SIZE; i++) {
    assert_true(arp_neighbor_get(i, &n) >= 0);
  }
  assert_int_equal(arp_neighbor_get(ARP_TABLE_SIZE, &n), -1);
}

static const struct packet_test tests[] = {
    TEST(test_states),
    TEST(test_checking),
    TEST(test_static),
    TEST(test_end_of_the_list),
};

PACKET_MAIN(tests)
