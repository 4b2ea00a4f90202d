/**
 * @file
 * The neighbour cache's life: resolving, waiting packets, refresh, expiry, who has to go when it is
 * full, static entries. RFC 826, RFC 1122 2.3.2; vectors B1 of the security list.
 * needs: ipv4
 */
#include <stdio.h>
#include "packet.h"
#include "lwip/prot/ieee.h"
#include "gossamer/timer.h"

static const u8_t nobody[6];
static const u8_t thief[6] = {2, 0, 0, 0, 0, 0x66};

/** A packet whose last byte is `mark`, to be told apart. */
static struct pbuf *packet(u8_t mark)
{
  u8_t bytes[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1};
  bytes[27] = mark;
  return app_pbuf(bytes, sizeof bytes);
}

static err_t send_marked(const char *dst, u8_t mark)
{
  ip4_addr_t d = ip4_of(dst);
  return etharp_output(&net.netif, packet(mark), &d);
}

static err_t send_to(const char *dst)
{
  return send_marked(dst, 0);
}

static const u8_t *cached(const char *ip)
{
  struct eth_addr *mac;
  const ip4_addr_t *found;
  ip4_addr_t a = ip4_of(ip);
  return etharp_find_addr(&net.netif, &a, &mac, &found) >= 0 ? mac->addr : NULL;
}

static void answer(const char *ip, const u8_t *mac)
{
  rx(arp(ARP_REPLY, mac, ip, our_mac, "10.0.0.1"));
}

static void expect_request(const char *ip)
{
  struct frame *f = check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, ip);
  check_eth(f, broadcast_mac, our_mac, ETHTYPE_ARP);
}

static void expect_unicast_request(const char *ip, const u8_t *mac)
{
  struct frame *f = check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", mac, ip);
  check_eth(f, mac, our_mac, ETHTYPE_ARP);
}

static void expect_sent(const u8_t *mac, u8_t mark)
{
  struct frame *f = check_eth(tx(), mac, our_mac, ETHTYPE_IP);
  assert_int_equal(get8(f, 14 + 27), mark);
}

static void resolve_peer(void)
{
  send_to("10.0.0.2");
  expect_sent(peer_mac, 0);
  net.peer_answers_arp = false;
}

static void test_request_then_packet(void)
{
  net.peer_answers_arp = false;
  assert_int_equal(send_marked("10.0.0.2", 7), ERR_OK);
  expect_request("10.0.0.2");
  expect_silence();
  answer("10.0.0.2", peer_mac);
  expect_sent(peer_mac, 7);
  send_marked("10.0.0.2", 8);
  expect_sent(peer_mac, 8);
  expect_silence();
  expect_no_drop();
}

/* A request to us from the neighbour that we wait for answers our question, too (RFC 826). */
static void test_request_from_whom_we_wait_for(void)
{
  net.peer_answers_arp = false;
  send_marked("10.0.0.2", 7);
  expect_request("10.0.0.2");
  rx(arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1"));
  expect_sent(peer_mac, 7);
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", peer_mac, "10.0.0.2");
}

/* RFC 1122 2.3.2.1: once a second; given up after five */
static void test_unanswered_requests(void)
{
  net.peer_answers_arp = false;
  send_to("10.0.0.3");
  for (int i = 0; i < 5; i++) {
    expect_request("10.0.0.3");
    send_to("10.0.0.3");
    expect_silence();
    advance(999);
    expect_silence();
    advance(1);
  }
  expect_drops(6, DROP_ARP_UNRESOLVED);
  advance(100000);
  expect_silence();
  assert_int_equal(timers_count(), 0);
  send_to("10.0.0.3"); /* and from the start */
  expect_request("10.0.0.3");
}

static void test_queue_drops_its_oldest(void)
{
  net.peer_answers_arp = false;
  for (u8_t i = 0; i < ARP_QUEUE_LEN + 2; i++) {
    assert_int_equal(send_marked("10.0.0.2", i), ERR_OK);
  }
  expect_drops(2, DROP_ARP_QUEUE_FULL);
  expect_request("10.0.0.2");
  answer("10.0.0.2", peer_mac);
  for (u8_t i = 2; i < ARP_QUEUE_LEN + 2; i++) {
    expect_sent(peer_mac, i);
  }
  expect_silence();
}

/* What waits must not change when its sender reuses the memory. */
static void test_volatile_memory_is_copied(void)
{
  static u8_t memory[28];
  memset(memory, 0x45, sizeof memory);
  net.peer_answers_arp = false;
  struct pbuf *head = app_pbuf(memory, 20);
  struct pbuf *tail = pbuf_alloc(PBUF_RAW, 8, PBUF_REF);
  assert_non_null(tail);
  tail->payload = memory + 20;
  pbuf_cat(head, tail);
  ip4_addr_t dst = ip4_of("10.0.0.2");
  assert_int_equal(etharp_output(&net.netif, head, &dst), ERR_OK);
  memset(memory, 0, sizeof memory);
  expect_request("10.0.0.2");
  answer("10.0.0.2", peer_mac);
  expect_sent(peer_mac, 0x45);
}

static void test_queue_goes_with_the_link(void)
{
  advance(100000);
  u32_t timers = timers_count();
  net.peer_answers_arp = false;
  send_to("10.0.0.2");
  send_to("10.0.0.3");
  tx_discard();
  netif_set_link_down(&net.netif);
  expect_drops(2, DROP_NETIF_DOWN);
  advance(1000);
  assert_int_equal(timers_count(), timers);
}

/* Features 33: in its last 30 s an entry in use is checked, by unicast first, without a pause */
static void test_entry_in_use_is_refreshed(void)
{
  resolve_peer();
  advance(ARP_MAXAGE * 1000 - 30001);
  send_to("10.0.0.2");
  expect_sent(peer_mac, 0);
  expect_silence();
  advance(1);
  send_marked("10.0.0.2", 1);
  expect_unicast_request("10.0.0.2", peer_mac);
  expect_sent(peer_mac, 1);
  answer("10.0.0.2", peer_mac);
  advance(ARP_MAXAGE * 1000 - 30001);
  expect_silence();
  assert_non_null(cached("10.0.0.2"));
}

static void test_refresh_without_answer(void)
{
  resolve_peer();
  advance(ARP_MAXAGE * 1000 - 20000);
  send_marked("10.0.0.2", 1);
  expect_unicast_request("10.0.0.2", peer_mac);
  expect_sent(peer_mac, 1);
  advance(1000);
  expect_unicast_request("10.0.0.2", peer_mac);
  advance(1000);
  expect_request("10.0.0.2");
  send_marked("10.0.0.2", 2); /* goes on meanwhile */
  expect_sent(peer_mac, 2);
  advance(1000);
  expect_request("10.0.0.2");
  advance(1000);
  expect_request("10.0.0.2");
  advance(1000);
  expect_silence();
  assert_null(cached("10.0.0.2"));
  expect_no_drop();
}

/* An idle stack is silent and asks for no wake-up once its entries have aged. */
static void test_unused_entry_expires_silently(void)
{
  resolve_peer();
  advance(ARP_MAXAGE * 1000 - 1);
  assert_non_null(cached("10.0.0.2"));
  advance(1);
  assert_null(cached("10.0.0.2"));
  expect_silence();
  expect_no_drop();
  assert_int_equal(timers_count(), 0);
}

/* B1-8: a thousand strangers ask; live neighbours stay, everybody is answered */
static void test_storm_of_strangers(void)
{
  ip4_addr_t mask = ip4_of("255.255.0.0");
  netif_set_netmask(&net.netif, &mask);
  static const char *const live[] = {"10.0.0.2", "10.0.0.3", "10.0.0.4"};
  for (u8_t i = 0; i < 3; i++) {
    send_to(live[i]);
    expect_sent(mac_of(0, (u8_t)(2 + i)), 0);
  }
  net.peer_answers_arp = false;
  ignore_drops();
  for (unsigned i = 0; i < 1000; i++) {
    char ip[16];
    u8_t net_number = (u8_t)(100 + i / 250);
    u8_t host = (u8_t)(1 + i % 250);
    snprintf(ip, sizeof ip, "10.0.%u.%u", net_number, host);
    rx(arp(ARP_REQUEST, mac_of(net_number, host), ip, nobody, "10.0.0.1"));
    check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", mac_of(net_number, host), ip);
  }
  for (u8_t i = 0; i < 3; i++) {
    send_to(live[i]);
    expect_sent(mac_of(0, (u8_t)(2 + i)), 0);
  }
  expect_silence();
}

/* B1-13: sending to a hundred neighbours that do not exist holds back no other */
static void test_many_that_do_not_answer(void)
{
  resolve_peer();
  ip4_addr_t mask = ip4_of("255.255.0.0");
  netif_set_netmask(&net.netif, &mask);
  for (unsigned i = 0; i < 100; i++) {
    char ip[16];
    snprintf(ip, sizeof ip, "10.0.99.%u", 1 + i);
    assert_int_equal(send_to(ip), ERR_OK);
  }
  expect_drops(100 - (ARP_TABLE_SIZE - 1), DROP_ARP_EVICTED);
  tx_discard();
  send_marked("10.0.0.2", 5);
  expect_sent(peer_mac, 5);
  expect_silence();
  net.peer_answers_arp = true;
  send_marked("10.0.0.7", 6); /* one that does answer is still found, a second later at worst */
  advance(1000);
  struct frame *f = tx();
  while (f != NULL && get16(f, 12) != ETHTYPE_IP) {
    f = tx();
  }
  check_eth(f, mac_of(0, 7), our_mac, ETHTYPE_IP);
  advance(10000);
  ignore_drops();
}

/* B1-14: an entry that had to go does not allow a second request within the second */
static void test_eviction_keeps_the_request_limit(void)
{
  ip4_addr_t mask = ip4_of("255.255.0.0");
  netif_set_netmask(&net.netif, &mask);
  net.peer_answers_arp = false;
  for (unsigned round = 0; round < 3; round++) {
    for (unsigned i = 0; i < 2 * ARP_TABLE_SIZE; i++) {
      char ip[16];
      snprintf(ip, sizeof ip, "10.0.99.%u", 1 + i);
      send_to(ip);
    }
  }
  unsigned asked[256] = {0};
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    asked[get8(f, 41)]++;
  }
  for (unsigned i = 0; i < 256; i++) {
    assert_true(asked[i] <= 1);
  }
  ignore_drops();
}

static void test_static_entry(void)
{
  struct eth_addr mac;
  memcpy(mac.addr, mac_of(0, 9), 6);
  ip4_addr_t ip = ip4_of("10.0.0.9");
  advance(100000);
  assert_int_equal(etharp_remove_static_entry(&ip), ERR_MEM);
  assert_int_equal(etharp_add_static_entry(&ip, &mac), ERR_OK);
  net.peer_answers_arp = false;
  advance(2 * ARP_MAXAGE * 1000);
  assert_int_equal(timers_count(), 0);
  send_to("10.0.0.9");
  expect_sent(mac_of(0, 9), 0);
  rx(arp(ARP_REPLY, thief, "10.0.0.9", our_mac, "10.0.0.1"));
  expect_drop(DROP_ARP_UNSOLICITED);
  rx(arp(ARP_REQUEST, thief, "10.0.0.9", nobody, "10.0.0.1"));
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", thief, "10.0.0.9");
  expect_silence();
  assert_memory_equal(cached("10.0.0.9"), mac_of(0, 9), 6);
  netif_set_link_down(&net.netif); /* a cable does not change what was configured */
  netif_set_link_up(&net.netif);
  assert_non_null(cached("10.0.0.9"));
  assert_int_equal(etharp_remove_static_entry(&ip), ERR_OK);
  assert_null(cached("10.0.0.9"));
}

static void test_static_entry_over_a_learnt_one(void)
{
  resolve_peer();
  struct eth_addr mac;
  memcpy(mac.addr, thief, 6);
  ip4_addr_t ip = ip4_of("10.0.0.2");
  assert_int_equal(etharp_remove_static_entry(&ip), ERR_ARG);
  assert_int_equal(etharp_add_static_entry(&ip, &mac), ERR_OK);
  send_to("10.0.0.2");
  expect_sent(thief, 0);
}

static void test_static_entry_without_interface(void)
{
  struct eth_addr mac = {{2, 0, 0, 0, 0, 9}};
  ip4_addr_t ip = ip4_of("10.9.9.9");
  netif_set_default(NULL);
  assert_int_equal(etharp_add_static_entry(&ip, &mac), ERR_RTE);
}

static void remove_static_entries(void)
{
  ip4_addr_t ip;
  for (int i = 0; i < ARP_TABLE_SIZE; i++) {
    IP4_ADDR(&ip, 10, 0, 0, 100 + i);
    etharp_remove_static_entry(&ip);
  }
}

static void test_cache_full_of_static_entries(void)
{
  packet_at_end(remove_static_entries);
  struct eth_addr mac = {{2, 0, 0, 0, 0, 9}};
  ip4_addr_t ip;
  for (int i = 0; i < ARP_TABLE_SIZE; i++) {
    IP4_ADDR(&ip, 10, 0, 0, 100 + i);
    assert_int_equal(etharp_add_static_entry(&ip, &mac), ERR_OK);
  }
  IP4_ADDR(&ip, 10, 0, 0, 99);
  assert_int_equal(etharp_add_static_entry(&ip, &mac), ERR_MEM);
  assert_int_equal(send_to("10.0.0.2"), ERR_MEM);
  expect_drop(DROP_ARP_CACHE_FULL);
  rx(arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1"));
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", peer_mac, "10.0.0.2");
}

static void test_query(void)
{
  ip4_addr_t ip = ip4_of("10.0.0.255");
  assert_int_equal(etharp_query(&net.netif, &ip, NULL), ERR_ARG);
  ip = ip4_of("224.0.0.5");
  assert_int_equal(etharp_query(&net.netif, &ip, NULL), ERR_ARG);
  ip = ip4_of("0.0.0.0");
  assert_int_equal(etharp_query(&net.netif, &ip, NULL), ERR_ARG);
  net.peer_answers_arp = false;
  ip = ip4_of("10.0.0.2");
  assert_int_equal(etharp_query(&net.netif, &ip, NULL), ERR_OK);
  expect_request("10.0.0.2");
  answer("10.0.0.2", peer_mac);
  assert_int_equal(etharp_query(&net.netif, &ip, NULL), ERR_OK);
  expect_silence(); /* asked just now */
  advance(1000);
  assert_int_equal(etharp_query(&net.netif, &ip, NULL), ERR_OK);
  expect_unicast_request("10.0.0.2", peer_mac);
  assert_int_equal(etharp_request(&net.netif, &ip), ERR_OK);
  expect_request("10.0.0.2");
}

static void test_reading_the_cache(void)
{
  resolve_peer();
  unsigned found = 0;
  for (size_t i = 0; i < ARP_TABLE_SIZE + 5; i++) {
    ip4_addr_t *ip;
    struct netif *netif;
    struct eth_addr *mac;
    if (etharp_get_entry(i, &ip, &netif, &mac)) {
      found++;
      assert_int_equal(ip->addr, ip4_of("10.0.0.2").addr);
      assert_ptr_equal(netif, &net.netif);
      assert_memory_equal(mac->addr, peer_mac, 6);
    }
  }
  assert_int_equal(found, 1);
}

/* Features 36: the same address on two links is two neighbours */
static void test_neighbours_are_per_netif(void)
{
  struct packet_net *other = net_add_netif();
  tx_discard();
  resolve_peer();
  other->peer_answers_arp = false;
  ip4_addr_t ip = ip4_of("10.0.0.2");
  struct eth_addr *mac;
  const ip4_addr_t *at;
  assert_int_equal(etharp_find_addr(&other->netif, &ip, &mac, &at), -1);
  assert_true(etharp_find_addr(NULL, &ip, &mac, &at) >= 0);
  etharp_query(&other->netif, &ip, packet(3));
  check_arp(tx_on(other), ARP_REQUEST, mac_of(1, 1), "10.0.1.1", nobody, "10.0.0.2");
  /* B1-19: what belonged to a netif goes with it */
  netif_remove(&other->netif);
  expect_drop(DROP_NETIF_DOWN);
  assert_memory_equal(cached("10.0.0.2"), peer_mac, 6);
}

/* Features 10: a pcb remembers where its neighbour is; a wrong guess does no harm */
static void test_hint(void)
{
  static struct netif_hint hint; /* a body that ends early leaves it with the netif */
  hint = (struct netif_hint){.addr_hint = NETIF_ADDR_IDX_MAX, .tci = -1};
  NETIF_SET_HINTS(&net.netif, &hint);
  send_to("10.0.0.2");
  expect_sent(peer_mac, 0);
  send_to("10.0.0.3");
  expect_sent(mac_of(0, 3), 0);
  ip4_addr_t ip = ip4_of("10.0.0.3");
  struct eth_addr *mac;
  const ip4_addr_t *at;
  assert_int_equal(hint.addr_hint, etharp_find_addr(&net.netif, &ip, &mac, &at));
  send_to("10.0.0.3");
  expect_sent(mac_of(0, 3), 0);
  send_to("10.0.0.2"); /* the hint says .3 */
  expect_sent(peer_mac, 0);
  NETIF_RESET_HINTS(&net.netif);
}

static const struct packet_test tests[] = {
    TEST(test_request_then_packet),
    TEST(test_request_from_whom_we_wait_for),
    TEST(test_unanswered_requests),
    TEST(test_queue_drops_its_oldest),
    TEST(test_volatile_memory_is_copied),
    TEST(test_queue_goes_with_the_link),
    TEST(test_entry_in_use_is_refreshed),
    TEST(test_refresh_without_answer),
    TEST(test_unused_entry_expires_silently),
    /* A fault run of these is as many storms as each has allocations. */
    TEST(test_storm_of_strangers),
    TEST(test_many_that_do_not_answer),
    TEST(test_eviction_keeps_the_request_limit),
    TEST(test_static_entry),
    TEST(test_static_entry_over_a_learnt_one),
    TEST(test_static_entry_without_interface),
    /* One that ends early leaves no entry for the ping. */
    TEST(test_cache_full_of_static_entries),
    TEST(test_query),
    TEST(test_reading_the_cache),
    TEST(test_neighbours_are_per_netif),
    TEST(test_hint),
};

PACKET_MAIN(tests)
