/**
 * @file
 * ARP as others see it: what is answered, what is believed, conflicts. The cache's own life is in
 * test_arp_cache.c. RFC 826, RFC 5227, RFC 3927; vectors B1 of the security list.
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/prot/ieee.h"
#include "gossamer/netif_addr.h"

static const u8_t nobody[6];
static const u8_t thief[6] = {2, 0, 0, 0, 0, 0x66};

/** Something that looks enough like an IPv4 packet. */
static err_t send_from(const char *src, const char *dst)
{
  u8_t bytes[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17};
  ip4_addr_t s = ip4_of(src);
  ip4_addr_t d = ip4_of(dst);
  memcpy(bytes + 12, &s.addr, 4);
  return etharp_output(&net.netif, app_pbuf(bytes, sizeof bytes), &d);
}

static err_t send_to(const char *dst)
{
  return send_from("10.0.0.1", dst);
}

/** The MAC that the cache has for a neighbour; NULL: none. */
static const u8_t *cached(const char *ip)
{
  struct eth_addr *mac;
  const ip4_addr_t *found;
  ip4_addr_t a = ip4_of(ip);
  return etharp_find_addr(&net.netif, &a, &mac, &found) >= 0 ? mac->addr : NULL;
}

static void test_request_is_answered_and_its_sender_learnt(void)
{
  net.peer_answers_arp = false;
  rx(arp(ARP_REQUEST, mac_of(0, 9), "10.0.0.9", nobody, "10.0.0.1"));
  struct frame *f = check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", mac_of(0, 9), "10.0.0.9");
  check_eth(f, mac_of(0, 9), our_mac, ETHTYPE_ARP);
  expect_no_drop();
  assert_int_equal(send_to("10.0.0.9"), ERR_OK);
  check_eth(tx(), mac_of(0, 9), our_mac, ETHTYPE_IP);
  expect_silence();
}

static void test_request_of_a_stranger_off_the_link_is_answered_but_not_learnt(void)
{
  rx(arp(ARP_REQUEST, mac_of(0, 9), "192.168.5.9", nobody, "10.0.0.1"));
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", mac_of(0, 9), "192.168.5.9");
  assert_null(cached("192.168.5.9"));
}

/* B1-3: every length up to 27; 28 bytes come in chains of all sorts by the framings */
static void test_short_messages(void)
{
  struct frame f = arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1");
  for (size_t len = 14; len < 14 + 28; len++) {
    rx_exact(frame_of(f.data, len));
    expect_drop(DROP_ARP_SHORT);
  }
  expect_silence();
  rx_exact(f);
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", peer_mac, "10.0.0.2");
}

/* B1-3, as it was reported: the message lies in two pbufs of 10 and 18 bytes */
static void test_message_in_two_parts(void)
{
  struct frame f = arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1");
  struct pbuf *head = pbuf_alloc(PBUF_RAW, 24, PBUF_RAM);
  struct pbuf *tail = pbuf_alloc(PBUF_RAW, 18, PBUF_RAM);
  if (head == NULL || tail == NULL) {
    pbuf_free(head != NULL ? head : tail);
    fail_msg("no memory");
  }
  memcpy(head->payload, f.data, 24);
  memcpy(tail->payload, f.data + 24, 18);
  pbuf_cat(head, tail);
  ethernet_input(head, &net.netif);
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", peer_mac, "10.0.0.2");
}

/* B1-4 */
static void test_formats_that_are_not_ethernet_and_ipv4(void)
{
  static const struct {
    size_t at;
    u8_t value;
  } changes[] = {{15, 6}, {14, 1}, {16, 0x86}, {17, 0xdd}, {18, 8}, {18, 0}, {19, 16}, {19, 0}};
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    struct frame f = arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1");
    put8(&f, changes[i].at, changes[i].value);
    rx(f);
    expect_drop(DROP_ARP_BAD_FORMAT);
  }
  expect_silence();
}

/* B1-16: RARP and InARP operations in an ARP frame (CVE-2019-12262) */
static void test_operations_that_are_neither_request_nor_reply(void)
{
  static const u16_t ops[] = {0, 3, 4, 8, 9, 0x0101, 0xffff};
  for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
    rx(arp(ops[i], peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
    expect_drop(DROP_ARP_BAD_OPCODE);
  }
  expect_silence();
  assert_null(cached("10.0.0.2"));
}

/* B1-5, and a sender that is not the frame's */
static void test_sender_hardware_addresses_that_cannot_be(void)
{
  static const u8_t group[6] = {1, 0, 0x5e, 0, 0, 1};
  const u8_t *bad[] = {group, broadcast_mac, nobody, thief};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct frame f = arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1");
    memcpy(f.data + 22, bad[i], 6);
    rx(f);
    expect_drop(DROP_ARP_BAD_SENDER_MAC);
  }
  expect_silence();
  assert_null(cached("10.0.0.2"));
}

/* B1-11; a reply from 0.0.0.0 is none either */
static void test_sender_addresses_that_no_host_has(void)
{
  static const char *const bad[] = {"10.0.0.255", "255.255.255.255", "224.0.0.1", "239.1.2.3",
                                    "127.0.0.1",  "127.5.5.5",       "240.0.0.1"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    rx(arp(ARP_REQUEST, peer_mac, bad[i], nobody, "10.0.0.1"));
    expect_drop(DROP_ARP_BAD_SENDER_IP);
    rx(arp(ARP_REPLY, peer_mac, bad[i], our_mac, "10.0.0.1"));
    expect_drop(DROP_ARP_BAD_SENDER_IP);
  }
  rx(arp(ARP_REPLY, peer_mac, "0.0.0.0", our_mac, "10.0.0.1"));
  expect_drop(DROP_ARP_BAD_SENDER_IP);
  expect_silence();
}

/* B1-10, RFC 5227 2.1.1: a probe for our address is answered, its sender not learnt */
static void test_probe_for_our_address(void)
{
  rx(arp(ARP_REQUEST, mac_of(0, 9), "0.0.0.0", nobody, "10.0.0.1"));
  struct frame *f = check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", mac_of(0, 9), "0.0.0.0");
  check_eth(f, mac_of(0, 9), our_mac, ETHTYPE_ARP);
  assert_null(cached("0.0.0.0"));
  expect_no_drop();
}

static void test_requests_for_others(void)
{
  rx(arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.77"));
  expect_drop(DROP_ARP_NOT_FOR_US);
  rx(arp(ARP_REQUEST, peer_mac, "0.0.0.0", nobody, "10.0.0.77"));
  expect_drop(DROP_ARP_NOT_FOR_US);
  expect_silence();
  assert_null(cached("10.0.0.2"));
}

/* Our address on another link is not asked for here. */
static void test_request_for_an_address_of_another_netif(void)
{
  net_add_netif();
  tx_discard();
  rx(arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.1.1"));
  expect_drop(DROP_ARP_NOT_FOR_US);
  expect_silence();
}

/* B1-7 */
static void test_reply_that_nobody_asked_for(void)
{
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
  expect_drop(DROP_ARP_UNSOLICITED);
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", broadcast_mac, "10.0.0.2"));
  expect_drop(DROP_ARP_UNSOLICITED);
  assert_null(cached("10.0.0.2"));
}

/* A reply to somebody else does not end our own waiting. */
static void test_reply_to_somebody_else_while_we_wait(void)
{
  net.peer_answers_arp = false;
  send_to("10.0.0.2");
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.2");
  struct frame f = arp(ARP_REPLY, thief, "10.0.0.2", our_mac, "10.0.0.9");
  rx(f);
  expect_drop(DROP_ARP_UNSOLICITED);
  assert_null(cached("10.0.0.2"));
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
  check_eth(tx(), peer_mac, our_mac, ETHTYPE_IP);
}

/* B1-7: what is known may be confirmed without having been asked for */
static void test_known_neighbour_is_confirmed(void)
{
  send_to("10.0.0.2");
  tx_discard();
  advance(200000);
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", broadcast_mac, "10.0.0.2"));
  expect_no_drop();
  advance(200000);
  assert_memory_equal(cached("10.0.0.2"), peer_mac, 6);
  advance(110000);
  assert_null(cached("10.0.0.2"));
}

/** A known neighbour whom we shall ask when somebody claims its address. */
static void know_peer(void)
{
  send_to("10.0.0.2");
  check_eth(tx(), peer_mac, our_mac, ETHTYPE_IP);
  net.peer_answers_arp = false;
  advance(1500);
}

static struct frame claim(unsigned how)
{
  static const u8_t *const whom = nobody;
  switch (how) {
  case 0: /* announcement, RFC 5227 2.3 */
    return arp(ARP_REQUEST, thief, "10.0.0.2", whom, "10.0.0.2");
  case 1: /* reply out of the blue */
    return arp(ARP_REPLY, thief, "10.0.0.2", our_mac, "10.0.0.1");
  default: /* request to us */
    return arp(ARP_REQUEST, thief, "10.0.0.2", whom, "10.0.0.1");
  }
}

/* B1-7, poisoning: whoever claims a neighbour's address makes us ask the neighbour itself. */
static void test_live_neighbour_cannot_be_displaced(void)
{
  for (unsigned how = 0; how < 3; how++) {
    net.peer_answers_arp = true;
    know_peer();
    rx(claim(how));
    struct frame *f = check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", peer_mac, "10.0.0.2");
    check_eth(f, peer_mac, our_mac, ETHTYPE_ARP);
    rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
    advance(500); /* sooner than our next request may be */
    rx(claim(how));
    tx_discard();
    assert_memory_equal(cached("10.0.0.2"), peer_mac, 6);
    send_to("10.0.0.2");
    check_eth(tx(), peer_mac, our_mac, ETHTYPE_IP);
    advance(10000);
    tx_discard();
  }
}

static void test_neighbour_that_moved_is_found(void)
{
  know_peer();
  rx(claim(0));
  expect_drop(DROP_ARP_NOT_FOR_US);
  check_eth(tx(), peer_mac, our_mac, ETHTYPE_ARP);
  rx(claim(1)); /* the old one has a second to speak up */
  expect_drop(DROP_ARP_UNSOLICITED);
  advance(1000);
  struct frame *f = check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.2");
  check_eth(f, broadcast_mac, our_mac, ETHTYPE_ARP);
  rx(claim(1));
  expect_no_drop();
  assert_memory_equal(cached("10.0.0.2"), thief, 6);
  send_to("10.0.0.2");
  check_eth(tx(), thief, our_mac, ETHTYPE_IP);
}

/* B1-9, RFC 5227 2.4 (b): defended once in ten seconds, so two stacks cannot talk for ever */
static void test_conflict_is_defended_rarely(void)
{
  for (int round = 0; round < 2; round++) {
    rx(arp(ARP_REQUEST, thief, "10.0.0.1", nobody, "10.0.0.1"));
    expect_drop(DROP_ARP_CONFLICT);
    struct frame *f = check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.1");
    check_eth(f, broadcast_mac, our_mac, ETHTYPE_ARP);
    for (int i = 0; i < 9; i++) {
      rx(arp(ARP_REPLY, thief, "10.0.0.1", our_mac, "10.0.0.1"));
      expect_drop(DROP_ARP_CONFLICT);
      rx(arp(ARP_REQUEST, thief, "10.0.0.1", nobody, "10.0.0.2"));
      expect_drop(DROP_ARP_CONFLICT);
      expect_silence();
      advance(1000);
    }
    advance(1000);
  }
  assert_null(cached("10.0.0.1"));
}

/* RFC 3927 2.5: about link-local addresses all ARP is broadcast */
static void test_link_local_answers_are_broadcast(void)
{
  ip4_addr_t addr = ip4_of("169.254.1.1");
  ip4_addr_t mask = ip4_of("255.255.0.0");
  netif_set_addr(&net.netif, &addr, &mask, NULL);
  tx_discard();
  rx(arp(ARP_REQUEST, mac_of(0, 9), "169.254.1.9", nobody, "169.254.1.1"));
  struct frame *f = check_arp(tx(), ARP_REPLY, our_mac, "169.254.1.1", mac_of(0, 9), "169.254.1.9");
  check_eth(f, broadcast_mac, our_mac, ETHTYPE_ARP);
}

/* RFC 3927 2.6.2 */
static void test_link_local_source_never_goes_to_a_gateway(void)
{
  net.peer_answers_arp = false;
  send_from("169.254.1.1", "8.8.8.8");
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "8.8.8.8");
  send_to("169.254.9.9");
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "169.254.9.9");
}

static void test_off_link_goes_to_the_gateway(void)
{
  assert_int_equal(send_to("8.8.8.8"), ERR_OK);
  check_eth(tx(), gateway_mac, our_mac, ETHTYPE_IP);
  netif_set_gw(&net.netif, NULL);
  assert_int_equal(send_to("8.8.8.8"), ERR_RTE);
  expect_silence();
}

/* B1-15 */
static void test_gateway_outside_our_prefix(void)
{
  ip4_addr_t gw = ip4_of("192.168.77.1");
  netif_set_gw(&net.netif, &gw);
  assert_int_equal(send_to("8.8.8.8"), ERR_OK);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "192.168.77.1");
  rx(arp(ARP_REPLY, gateway_mac, "192.168.77.1", our_mac, "10.0.0.1"));
  check_eth(tx(), gateway_mac, our_mac, ETHTYPE_IP);
  rx(arp(ARP_REQUEST, mac_of(0, 253), "192.168.77.1", nobody, "10.0.0.1"));
  tx_discard();
  assert_memory_equal(cached("192.168.77.1"), gateway_mac, 6);
}

static void test_additional_addresses_are_ours(void)
{
  ip4_addr_t addr = ip4_of("172.16.0.1");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  assert_int_equal(netif_add_ip4_address(&net.netif, &addr, &mask), ERR_OK);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.1");
  check_arp(tx(), ARP_REQUEST, our_mac, "172.16.0.1", nobody, "172.16.0.1");
  rx(arp(ARP_REQUEST, mac_of(0, 9), "172.16.0.9", nobody, "172.16.0.1"));
  check_arp(tx(), ARP_REPLY, our_mac, "172.16.0.1", mac_of(0, 9), "172.16.0.9");
  send_to("172.16.0.8"); /* on its link, asked for with its own address */
  check_arp(tx(), ARP_REQUEST, our_mac, "172.16.0.1", nobody, "172.16.0.8");
  rx(arp(ARP_REQUEST, thief, "172.16.0.1", nobody, "172.16.0.1"));
  expect_drop(DROP_ARP_CONFLICT);
  netif_remove_ip4_address(&net.netif, &addr);
  tx_discard();
  rx(arp(ARP_REQUEST, mac_of(0, 9), "172.16.0.10", nobody, "172.16.0.1"));
  expect_drop(DROP_ARP_NOT_FOR_US);
  expect_silence();
}

/* RFC 5227 3: announced when the address, the link or the interface comes */
static void test_announcements(void)
{
  netif_set_link_down(&net.netif);
  netif_set_link_up(&net.netif);
  struct frame *f = check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.1");
  check_eth(f, broadcast_mac, our_mac, ETHTYPE_ARP);
  netif_set_down(&net.netif);
  expect_silence();
  netif_set_up(&net.netif);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", nobody, "10.0.0.1");
  ip4_addr_t addr = ip4_of("10.0.0.5");
  netif_set_ipaddr(&net.netif, &addr);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.5", nobody, "10.0.0.5");
  netif_set_ipaddr(&net.netif, &addr); /* no change, no news */
  netif_set_gw(&net.netif, NULL);
  netif_set_ipaddr(&net.netif, NULL);
  expect_silence();
  netif_set_ipaddr(&net.netif, &addr);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.5", nobody, "10.0.0.5");
  etharp_gratuitous(&net.netif);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.5", nobody, "10.0.0.5");
}

static void test_public_input_function(void)
{
  struct frame f = arp(ARP_REQUEST, peer_mac, "10.0.0.2", nobody, "10.0.0.1");
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 28, PBUF_RAM);
  assert_non_null(p);
  memcpy(p->payload, f.data + 14, 28);
  etharp_input(p, &net.netif);
  check_arp(tx(), ARP_REPLY, our_mac, "10.0.0.1", peer_mac, "10.0.0.2");
}

static const struct packet_test tests[] = {
    TEST(test_request_is_answered_and_its_sender_learnt),
    TEST(test_request_of_a_stranger_off_the_link_is_answered_but_not_learnt),
    TEST(test_short_messages),
    TEST(test_message_in_two_parts),
    TEST(test_formats_that_are_not_ethernet_and_ipv4),
    TEST(test_operations_that_are_neither_request_nor_reply),
    TEST(test_sender_hardware_addresses_that_cannot_be),
    TEST(test_sender_addresses_that_no_host_has),
    TEST(test_probe_for_our_address),
    TEST(test_requests_for_others),
    TEST(test_request_for_an_address_of_another_netif),
    TEST(test_reply_that_nobody_asked_for),
    TEST(test_reply_to_somebody_else_while_we_wait),
    TEST(test_known_neighbour_is_confirmed),
    TEST(test_live_neighbour_cannot_be_displaced),
    TEST(test_neighbour_that_moved_is_found),
    TEST(test_conflict_is_defended_rarely),
    TEST(test_link_local_answers_are_broadcast),
    TEST(test_link_local_source_never_goes_to_a_gateway),
    TEST(test_off_link_goes_to_the_gateway),
    TEST(test_gateway_outside_our_prefix),
    TEST(test_additional_addresses_are_ours),
    TEST(test_announcements),
    TEST(test_public_input_function),
};

PACKET_MAIN(tests)
