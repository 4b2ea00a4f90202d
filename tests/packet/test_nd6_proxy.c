/**
 * @file
 * Addresses that we answer for though they are not ours alone (RFC 4861 7.2.7, 7.2.8), and those
 * that have just become ours (RFC 9131).
 * needs: ipv6
 */
#include "nd6_text.h"

#define THEIRS "2001:db8::1234:5678"

static void withdraw(void)
{
  ip6_addr_t addr = ip6_of(THEIRS);
  neighbor_unpublish(&net.netif, &addr);
  addr = ip6_of(US);
  neighbor_unpublish(&net.netif, &addr);
}

static void publish(const char *text, enum neighbor_publish how)
{
  ip6_addr_t addr = ip6_of(text);
  packet_at_end(withdraw);
  net6_up();
  assert_int_equal(neighbor_publish(&net.netif, &addr, how), ERR_OK);
  advance(12000); /* MLD reports the group */
  tx_discard();
}

/** Who asks, in whose name, and when it is answered: at most a second later. */
static struct frame *next_frame(u32_t ms_max)
{
  struct frame *f = tx();
  for (u32_t ms = 0; f == NULL && ms < ms_max; ms += 10) {
    advance(10);
    f = tx();
  }
  return f;
}

/* 7.2.8: without override, after a random time */
static void test_proxied_address(void)
{
  u32_t earliest = 0xffffffffUL;
  u32_t latest = 0;
  publish(THEIRS, NEIGHBOR_PROXY);
  rx(ns(PEER_9, solicited_node(THEIRS), THEIRS, nd_source(mac_of(0, 9))));
  expect_no_drop();
  for (int i = 0; i < 20; i++) {
    u32_t begin = now_ms();
    rx(ns(PEER_9, solicited_node(THEIRS), THEIRS, nd_source(mac_of(0, 9))));
    rx(ns(PEER_9, solicited_node(THEIRS), THEIRS, nd_source(mac_of(0, 9)))); /* once is enough */
    struct frame *f = next_frame(LWIP_ND6_MAX_ANYCAST_DELAY_TIME + 10);
    check_nd_lladdr(check_na(f, US_LL, PEER_9, THEIRS, OUR_R | NA_S), ND_TARGET, our_mac);
    earliest = LWIP_MIN(earliest, now_ms() - begin);
    latest = LWIP_MAX(latest, now_ms() - begin);
    advance(2000);
    expect_silence();
  }
  assert_true(earliest < LWIP_ND6_MAX_ANYCAST_DELAY_TIME / 3);
  assert_true(latest > LWIP_ND6_MAX_ANYCAST_DELAY_TIME / 2);
  assert_true(neighbor_is_known(PEER_9));
}

static void test_probe_for_a_proxied_address(void)
{
  publish(THEIRS, NEIGHBOR_PROXY);
  rx(ns("::", solicited_node(THEIRS), THEIRS, NULL));
  check_na(next_frame(2000), US_LL, "ff02::1", THEIRS, OUR_R);
}

/* Two who ask at the same time are both answered */
static void test_two_who_ask(void)
{
  publish(THEIRS, NEIGHBOR_PROXY);
  rx(ns(PEER_9, solicited_node(THEIRS), THEIRS, nd_source(mac_of(0, 9))));
  rx(ns(PEER, solicited_node(THEIRS), THEIRS, nd_source(peer_mac)));
  check_na(next_frame(2000), US_LL, PEER_9, THEIRS, OUR_R | NA_S);
  check_na(next_frame(2000), US_LL, PEER, THEIRS, OUR_R | NA_S);
  advance(2000);
  expect_silence();
}

/* 7.2.7: an address of ours that others have as well */
static void test_anycast_address(void)
{
  publish(US, NEIGHBOR_ANYCAST);
  rx(ns(PEER_9, solicited_node(US), US, nd_source(mac_of(0, 9))));
  check_na(next_frame(2000), US, PEER_9, US, OUR_R | NA_S);
  rx(na(PEER_9, "ff02::1", US, 0,
        nd_target(mac_of(0, 9)))); /* no conflict: that is another one's */
  expect_drop(DROP_ND6_CONFLICT);
  rx(ping6(PEER, US, 1, 1, "x", 1));
  check_pong6(tx(), 1, 1, "x", 1);
}

static void test_withdrawn_address(void)
{
  publish(THEIRS, NEIGHBOR_PROXY);
  ip6_addr_t addr = ip6_of(THEIRS);
  rx(ns(PEER_9, solicited_node(THEIRS), THEIRS, nd_source(mac_of(0, 9))));
  assert_int_equal(neighbor_unpublish(&net.netif, &addr), ERR_OK);
  assert_int_equal(neighbor_unpublish(&net.netif, &addr), ERR_VAL);
  advance(12000);
  tx_discard(); /* the group is left */
  rx(ns(PEER_9, "ff02::1", THEIRS, nd_source(mac_of(0, 9))));
  expect_drop(DROP_ND6_NOT_FOR_US);
  advance(2000);
  expect_silence();
}

static void test_how_many(void)
{
  ip6_addr_t addr;
  publish(THEIRS, NEIGHBOR_PROXY);
  for (unsigned i = 1; i < LWIP_ND6_NUM_PROXIES; i++) {
    addr = ip6_of(THEIRS);
    addr.addr[3] += i;
    assert_int_equal(neighbor_publish(&net.netif, &addr, NEIGHBOR_PROXY), ERR_OK);
    assert_int_equal(neighbor_publish(&net.netif, &addr, NEIGHBOR_PROXY), ERR_OK); /* once more */
  }
  addr = ip6_of("2001:db8::99");
  assert_int_equal(neighbor_publish(&net.netif, &addr, NEIGHBOR_PROXY), ERR_MEM);
  addr = ip6_of("ff02::1");
  assert_int_equal(neighbor_publish(&net.netif, &addr, NEIGHBOR_PROXY), ERR_VAL);
  addr = ip6_of("::");
  assert_int_equal(neighbor_publish(&net.netif, &addr, NEIGHBOR_PROXY), ERR_VAL);
  assert_int_equal(neighbor_publish(NULL, &addr, NEIGHBOR_PROXY), ERR_VAL);
  for (unsigned i = 0; i < LWIP_ND6_NUM_PROXIES; i++) {
    addr = ip6_of(THEIRS);
    addr.addr[3] += i;
    assert_int_equal(neighbor_unpublish(&net.netif, &addr), ERR_OK);
  }
  advance(12000);
  tx_discard();
}

/* What is published goes with its netif */
static void test_removed_netif(void)
{
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  ip6_addr_t addr = ip6_of("2001:db8:1::55");
  assert_int_equal(neighbor_publish(&other->netif, &addr, NEIGHBOR_PROXY), ERR_OK);
  rx_on(other, ns("2001:db8:1::2", solicited_node("2001:db8:1::55"), "2001:db8:1::55",
                  nd_source(mac_of(1, 2))));
  netif_remove(&other->netif);
  assert_int_equal(neighbor_unpublish(&other->netif, &addr), ERR_VAL);
  advance(2000);
}

/* RFC 9131: routers hear of a new address at once, but not of a link-local one */
static void test_new_address_is_announced(void)
{
  net6_up();
  ip6_addr_t addr = ip6_of(THEIRS);
  s8_t idx;
  assert_int_equal(netif_add_ip6_address(&net.netif, &addr, &idx), ERR_OK);
  netif_ip6_addr_set_state(&net.netif, idx, IP6_ADDR_TENTATIVE);
  unsigned count = 0;
  for (u32_t ms = 0; ms < 12000; ms += 100) {
    advance(100);
    for (struct frame *f = tx(); f != NULL; f = tx()) {
      if (ip6_payload_type(f) == NH_ICMP6 && get8(f, ip6_payload_at(f)) == T6_NA) {
        check_nd_lladdr(check_na(f, THEIRS, "ff02::2", THEIRS, OUR_R), ND_TARGET, our_mac);
        count++;
      }
    }
  }
  assert_int_equal(count, LWIP_ND6_ANNOUNCE_ADDRESSES);
  netif_ip6_addr_set_state(&net.netif, idx, IP6_ADDR_INVALID);
  advance(12000);
  tx_discard();
}

static const struct packet_test tests[] = {
    TEST(test_proxied_address), TEST(test_probe_for_a_proxied_address), TEST(test_two_who_ask),
    TEST(test_anycast_address), TEST(test_withdrawn_address),           TEST(test_how_many),
    TEST(test_removed_netif),   TEST(test_new_address_is_announced),
};

PACKET_MAIN(tests)
