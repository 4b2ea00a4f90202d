/**
 * @file
 * The neighbour cache from inside: packets that wait, who has to go when it is full, floods, static
 * neighbours, and what senders hear of neighbours that do not answer. RFC 4861 7.2.2, vectors
 * B6-109 and B1-13, 14, 19. needs: ipv6
 */
#include "nd6_text.h"
#include "base/registry.h"

static const u8_t thief[6] = {2, 0, 0, 0, 0, 0x66};

enum { QUEUE_MAX = MEMP_NUM_ND6_QUEUE };

/** Neighbour number `i` of very many. Valid until the test ends. */
static const char *stranger(unsigned i)
{
  char text[40];
  snprintf(text, sizeof text, "2001:db8::5:%x", i + 1);
  return (const char *)frame_of(text, strlen(text) + 1).data;
}

static const u8_t *stranger_mac(unsigned i)
{
  const u8_t mac[6] = {2, 0, 0, 5, (u8_t)((i + 1) >> 8), (u8_t)(i + 1)};
  return frame_of(mac, sizeof mac).data;
}

/** A stranger asks for us, with its link-layer address. */
static void stranger_asks(unsigned i)
{
  struct frame f = ns(stranger(i), solicited_node(US), US, nd_source(stranger_mac(i)));
  memcpy(f.data + 6, stranger_mac(i), 6);
  rx(f);
}

static void answer(const char *who, const u8_t *mac)
{
  rx(na(who, US, who, NA_S, nd_target(mac)));
}

static void resolve(const char *who, const u8_t *mac)
{
  bool answers = net.peer_answers_nd;
  net.peer_answers_nd = false;
  assert_int_equal(neighbor_send(who, 1), ERR_OK);
  struct frame *f = tx();
  if (f == NULL) { /* it shares its memory of when it was asked with another neighbour */
    advance(LWIP_ND6_RETRANS_TIMER);
    f = tx();
  }
  check_ns(f, US, solicited_node(who), who);
  answer(who, mac);
  neighbor_expect_sent(mac, 1);
  net.peer_answers_nd = answers;
}

static void test_solicitation_then_packet(void)
{
  net6_up();
  net.peer_answers_nd = false;
  assert_int_equal(neighbor_send(PEER, 7), ERR_OK);
  neighbor_expect_multicast_ns(US, PEER);
  expect_silence();
  answer(PEER, peer_mac);
  neighbor_expect_sent(peer_mac, 7);
  assert_int_equal(neighbor_send(PEER, 8), ERR_OK);
  neighbor_expect_sent(peer_mac, 8);
  expect_silence();
  expect_no_drop();
}

/* 7.2.2: the source is that of the packet, if it is ours; any of ours otherwise */
static void test_source_of_solicitations(void)
{
  net6_up();
  net.peer_answers_nd = false;
  assert_int_equal(neighbor_send_from(US_LL, "2001:db8::2", 1), ERR_OK);
  neighbor_expect_multicast_ns(US_LL, "2001:db8::2");
  assert_int_equal(neighbor_send_from(US, "fe80::3", 1), ERR_OK);
  neighbor_expect_multicast_ns(US, "fe80::3");
  assert_int_equal(neighbor_send_from("2001:db8:9::9", "2001:db8::4", 1), ERR_OK); /* forwarded */
  neighbor_expect_multicast_ns(US_LL, "2001:db8::4");
  advance(4000);
  tx_discard();
  ignore_drops();
}

/* As many packets wait as MEMP_NUM_ND6_QUEUE says; the oldest goes first, and all in order */
static void test_queue_drops_its_oldest(void)
{
  net6_up();
  net.peer_answers_nd = false;
  for (u16_t i = 0; i < QUEUE_MAX + 3; i++) {
    assert_int_equal(neighbor_send(PEER, i), ERR_OK);
  }
  expect_drops(3, DROP_ND6_QUEUE_FULL);
  neighbor_expect_multicast_ns(US, PEER);
  expect_silence();
  answer(PEER, peer_mac);
  for (u16_t i = 3; i < QUEUE_MAX + 3; i++) {
    neighbor_expect_sent(peer_mac, i);
  }
  expect_silence();
}

/* Whoever has most packets waiting gives one: others' stay */
static void test_queue_is_shared_fairly(void)
{
  net6_up();
  net.peer_answers_nd = false;
  assert_int_equal(neighbor_send(PEER, 1), ERR_OK);
  assert_int_equal(neighbor_send(PEER_9, 1), ERR_OK);
  for (u16_t i = 0; i < 3 * QUEUE_MAX; i++) {
    assert_int_equal(neighbor_send("2001:db8::99", i), ERR_OK);
  }
  expect_drops(2 * QUEUE_MAX + 2, DROP_ND6_QUEUE_FULL);
  assert_int_equal(neighbor_send("2001:db8::8", 1), ERR_OK);
  expect_drop(DROP_ND6_QUEUE_FULL);
  tx_discard();
  answer(PEER, peer_mac);
  neighbor_expect_sent(peer_mac, 1);
  answer(PEER_9, mac_of(0, 9));
  neighbor_expect_sent(mac_of(0, 9), 1);
  answer("2001:db8::8", mac_of(0, 8));
  neighbor_expect_sent(mac_of(0, 8), 1);
  expect_silence();
  advance(4000);
  tx_discard();
  ignore_drops();
}

static void test_volatile_memory_is_copied(void)
{
  static u8_t bytes[IP6_HLEN + 8];
  net6_up();
  net.peer_answers_nd = false;
  struct frame f = icmp6(US, PEER, T6_ECHO_REQUEST, 0, 7, NULL, 0);
  memcpy(bytes, f.data + IP6_AT, sizeof bytes);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, sizeof bytes, PBUF_REF);
  if (p == NULL) {
    fail_msg("no memory");
  }
  p->payload = bytes;
  ip6_addr_t dst = ip6_of(PEER);
  err_t err = net.netif.output_ip6(&net.netif, p, &dst);
  pbuf_free(p);
  assert_int_equal(err, ERR_OK);
  memset(bytes, 0xee, sizeof bytes);
  tx_discard();
  answer(PEER, peer_mac);
  neighbor_expect_sent(peer_mac, 7);
}

/* A driver that asks for itself gets the same */
static void test_call_for_drivers(void)
{
  const u8_t *hwaddr = broadcast_mac;
  net6_up();
  net.peer_answers_nd = false;
  ip6_addr_t dst = ip6_of(PEER);
  struct frame f = ping6(US, PEER, 1, 5, "x", 1);
  struct pbuf *p = app_pbuf(f.data + IP6_AT, f.len - IP6_AT);
  assert_int_equal(nd6_get_next_hop_addr_or_queue(&net.netif, p, &dst, &hwaddr), ERR_OK);
  assert_null(hwaddr); /* it waits */
  neighbor_expect_multicast_ns(US, PEER);
  answer(PEER, peer_mac);
  neighbor_expect_sent(peer_mac, 5);
  p = app_pbuf(f.data + IP6_AT, f.len - IP6_AT);
  assert_int_equal(nd6_get_next_hop_addr_or_queue(&net.netif, p, &dst, &hwaddr), ERR_OK);
  assert_memory_equal(hwaddr, peer_mac, 6);
  dst = ip6_of("2001:db8:77::1");
  assert_int_equal(nd6_get_next_hop_addr_or_queue(&net.netif, p, &dst, &hwaddr), ERR_RTE);
  assert_null(hwaddr);
  expect_silence();
}

/* --- failures are told --- */

#if LWIP_UDP_ERRORS
static int errors;
static u8_t error_code;
static enum ip_error_kind error_kind;

static void on_error(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)arg;
  (void)pcb;
  (void)err;
  errors++;
  error_kind = e->kind;
  error_code = e->code;
}

/* 7.2.2: for every packet that waits, as if a router had said it */
static void test_senders_hear_of_failure(void)
{
  errors = 0;
  net6_up();
  net.peer_answers_nd = false;
  struct udp_pcb *pcb = app_udp(US, 4000);
  udp_err(pcb, on_error);
  ip_addr_t dst;
  ip_addr_copy_from_ip6(dst, ip6_of(PEER));
  assert_int_equal(udp_connect(pcb, &dst, 9), ERR_OK);
  assert_int_equal(udp_send(pcb, app_pbuf("hello", 5)), ERR_OK);
  assert_int_equal(udp_send(pcb, app_pbuf("hello", 5)), ERR_OK);
  advance(LWIP_ND6_MAX_MULTICAST_SOLICIT * LWIP_ND6_RETRANS_TIMER - 1);
  assert_int_equal(errors, 0);
  advance(1);
  assert_int_equal(errors, 2);
  assert_int_equal(error_kind, IP_ERROR_HOST_UNREACH);
  assert_int_equal(error_code, 3);
  expect_drops(2, DROP_ND6_UNRESOLVED);
  tx_discard();
}
#else
static void test_senders_hear_of_failure(void)
{
}
#endif

#if LWIP_IPV6_FORWARD
/* 7.2.2, and for those whose packets we forward */
static void test_forwarded_sources_hear_of_failure(void)
{
  struct packet_net *other = net_add_netif();
  net6_up();
  net6_up_on(other);
  net.peer_answers_nd = false;
  struct frame f = udp6("2001:db8:1::2", 4000, "2001:db8::99", 9, "hello", 5);
  rx_on(other, f);
  neighbor_expect_multicast_ns(US_LL, "2001:db8::99");
  advance(LWIP_ND6_MAX_MULTICAST_SOLICIT * LWIP_ND6_RETRANS_TIMER);
  check_ip6(check_icmp6_error(tx_on(other), T6_UNREACHABLE, 3, &f), "2001:db8:1::1",
            "2001:db8:1::2", NH_ICMP6);
  expect_drop(DROP_ND6_UNRESOLVED);
  tx_discard();
}
#else
static void test_forwarded_sources_hear_of_failure(void)
{
}
#endif

/* --- a full cache --- */

/* B6-109: ten thousand strangers solicit us: live neighbours stay, everybody is answered */
static void test_flood_of_solicitations(void)
{
  static const char *const live[] = {"2001:db8::2", "2001:db8::3", "fe80::4"};
  static const u8_t hosts[] = {2, 3, 4};
  net6_up();
  for (int i = 0; i < 3; i++) {
    assert_int_equal(neighbor_send(live[i], 1), ERR_OK);
    neighbor_expect_sent(mac_of(0, hosts[i]), 1);
  }
  net.peer_answers_nd = false;
  unsigned count = packet_is_fault_run() ? 100 : 10000;
  for (unsigned i = 0; i < count; i++) {
    stranger_asks(i);
    check_na(tx(), US, stranger(i), US, OUR_R | NA_S | NA_O);
  }
  ignore_drops();
  for (int i = 0; i < 3; i++) {
    assert_int_equal(neighbor_send(live[i], 2), ERR_OK);
    neighbor_expect_sent(mac_of(0, hosts[i]), 2);
  }
  expect_silence();
}

/* The same from strangers who do not say where they are */
static void test_flood_of_solicitations_without_address(void)
{
  net6_up();
  resolve(PEER, peer_mac);
  net.peer_answers_nd = false;
  for (unsigned i = 0; i < 4 * LWIP_ND6_NUM_NEIGHBORS; i++) {
    rx(ns(stranger(i), US, US, NULL));
  }
  expect_drops(3 * LWIP_ND6_NUM_NEIGHBORS + 1, DROP_ND6_CACHE_FULL);
  tx_discard();
  assert_int_equal(neighbor_send(PEER, 2), ERR_OK);
  neighbor_expect_sent(peer_mac, 2);
  advance(4000);
  tx_discard();
  ignore_drops();
}

/* B1-13: packets to a hundred neighbours that do not exist hold back no other */
static void test_many_that_do_not_answer(void)
{
  net6_up();
  resolve(PEER, peer_mac);
  net.peer_answers_nd = false;
  for (unsigned i = 0; i < 100; i++) {
    assert_int_equal(neighbor_send(stranger(i), 1), ERR_OK);
  }
  expect_drops(100 - (LWIP_ND6_NUM_NEIGHBORS - 1), DROP_ND6_EVICTED);
  tx_discard();
  assert_int_equal(neighbor_send(PEER, 5), ERR_OK);
  neighbor_expect_sent(peer_mac, 5);
  expect_silence();
  net.peer_answers_nd = true;
  assert_int_equal(neighbor_send(PEER_9, 6), ERR_OK); /* is found, a second later at worst */
  advance(LWIP_ND6_RETRANS_TIMER);
  struct frame *f = tx();
  while (f != NULL && get8(f, IP6_PAYLOAD_AT) != T6_ECHO_REQUEST) {
    f = tx();
  }
  check_eth(f, mac_of(0, 9), our_mac, ETHTYPE_IPV6);
  advance(4000);
  tx_discard();
  ignore_drops();
}

/* B1-14: an entry that had to go does not allow a second solicitation within the second */
static void test_eviction_keeps_the_rate_limit(void)
{
  enum { HOSTS = 2 * LWIP_ND6_NUM_NEIGHBORS };
  net6_up();
  net.peer_answers_nd = false;
  for (unsigned round = 0; round < 3; round++) {
    for (unsigned i = 0; i < HOSTS; i++) {
      neighbor_send(stranger(i), 1);
    }
  }
  unsigned asked[HOSTS + 1] = {0};
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    asked[get16(f, IP6_PAYLOAD_AT + 22)]++;
  }
  for (unsigned i = 1; i <= HOSTS; i++) {
    assert_true(asked[i] <= 1);
  }
  advance(4000);
  tx_discard();
  ignore_drops();
}

/* Among equals, the one that was not used for longest goes. */
static void test_least_recently_used_goes(void)
{
  net6_up();
  net.peer_answers_nd = false;
  for (unsigned i = 0; i < LWIP_ND6_NUM_NEIGHBORS; i++) {
    resolve(stranger(i), stranger_mac(i));
    advance(10);
  }
  assert_int_equal(neighbor_send(stranger(0), 2), ERR_OK); /* the oldest is in use again */
  neighbor_expect_sent(stranger_mac(0), 2);
  resolve(PEER, peer_mac);
  assert_true(neighbor_is_known(stranger(0)));
  assert_false(neighbor_is_known(stranger(1)));
  assert_true(neighbor_is_known(stranger(2)));
  advance(60000);
  tx_discard();
}

/* A router in use is not given up for neighbours, however many */
static void test_router_stays(void)
{
  net6_up();
  rx(ra((struct ra_spec){.src = "fe80::fe", .lifetime_s = 1800}, nd_source(gateway_mac)));
  tx_discard();
  net.peer_answers_nd = false;
  advance(100000);
  tx_discard();
  for (unsigned i = 0; i < 2 * LWIP_ND6_NUM_NEIGHBORS; i++) {
    resolve(stranger(i), stranger_mac(i));
  }
  assert_memory_equal(neighbor_mac_of("fe80::fe"), gateway_mac, 6);
  assert_int_equal(neighbor_send("2001:db8:77::1", 3), ERR_OK);
  neighbor_expect_sent(gateway_mac, 3);
  advance(60000);
  tx_discard();
}

/* --- static neighbours --- */

static void test_static_neighbour(void)
{
  net6_up();
  net.peer_answers_nd = false;
  ip6_addr_t addr = ip6_of(PEER_9);
  u32_t idle = timers_count();
  assert_int_equal(neighbor_remove_static(&net.netif, &addr), ERR_VAL);
  assert_int_equal(neighbor_add_static(&net.netif, &addr, mac_of(0, 9)), ERR_OK);
  advance(24 * 3600 * 1000);
  assert_int_equal(timers_count(), idle);
  assert_int_equal(neighbor_send(PEER_9, 1), ERR_OK);
  neighbor_expect_sent(mac_of(0, 9), 1);
  advance(60000);
  expect_silence(); /* never probed */
  rx(na(PEER_9, US, PEER_9, NA_S | NA_O, nd_target(thief)));
  expect_drop(DROP_ND6_STATIC);
  rx(ns(PEER_9, solicited_node(US), US, nd_source(thief)));
  check_eth(tx(), mac_of(0, 9), our_mac, ETHTYPE_IPV6);
  assert_memory_equal(neighbor_mac_of(PEER_9), mac_of(0, 9), 6);
  assert_int_equal(neighbor_state_of(PEER_9), NEIGHBOR_STATIC);
  netif_set_link_down(&net.netif); /* a cable does not change what was configured */
  netif_set_link_up(&net.netif);
  assert_int_equal(neighbor_state_of(PEER_9), NEIGHBOR_STATIC);
  assert_int_equal(neighbor_remove_static(&net.netif, &addr), ERR_OK);
  assert_false(neighbor_is_known(PEER_9));
  advance(20000);
  tx_discard();
}

/* What waits is sent, what was learnt is replaced; off the link it makes a neighbour */
static void test_static_over_learnt(void)
{
  net6_up();
  net.peer_answers_nd = false;
  ip6_addr_t addr = ip6_of(PEER);
  assert_int_equal(neighbor_send(PEER, 4), ERR_OK);
  neighbor_expect_multicast_ns(US, PEER);
  assert_int_equal(neighbor_add_static(&net.netif, &addr, thief), ERR_OK);
  neighbor_expect_sent(thief, 4);
  advance(10000);
  expect_silence();
  assert_int_equal(neighbor_add_static(&net.netif, &addr, peer_mac), ERR_OK);
  assert_memory_equal(neighbor_mac_of(PEER), peer_mac, 6);
  addr = ip6_of("2001:db8:77::1");
  assert_int_equal(neighbor_send("2001:db8:77::1", 5), ERR_RTE);
  assert_int_equal(neighbor_add_static(&net.netif, &addr, mac_of(0, 9)), ERR_OK);
  assert_int_equal(neighbor_send("2001:db8:77::1", 6), ERR_OK);
  neighbor_expect_sent(mac_of(0, 9), 6);
  nd6_cleanup_netif(&net.netif); /* forgets these too */
  assert_false(neighbor_is_known(PEER));
}

static void test_static_that_cannot_be(void)
{
  static const char *const wrong[] = {"::", "ff02::1", "::1"};
  net6_up();
  ip6_addr_t addr;
  for (int i = 0; i < 3; i++) {
    addr = ip6_of(wrong[i]);
    assert_int_equal(neighbor_add_static(&net.netif, &addr, peer_mac), ERR_VAL);
  }
  addr = ip6_of(PEER);
  assert_int_equal(neighbor_add_static(NULL, &addr, peer_mac), ERR_VAL);
  assert_int_equal(neighbor_add_static(&net.netif, &addr, NULL), ERR_VAL);
  resolve(PEER, peer_mac);
  assert_int_equal(neighbor_remove_static(&net.netif, &addr), ERR_VAL);
}

static void remove_static(void)
{
  nd6_cleanup_netif(&net.netif);
}

static void test_cache_full_of_static_neighbours(void)
{
  net6_up();
  packet_at_end(remove_static);
  for (unsigned i = 0; i < LWIP_ND6_NUM_NEIGHBORS; i++) {
    ip6_addr_t addr = ip6_of(stranger(i));
    assert_int_equal(neighbor_add_static(&net.netif, &addr, stranger_mac(i)), ERR_OK);
  }
  ip6_addr_t addr = ip6_of(PEER);
  assert_int_equal(neighbor_add_static(&net.netif, &addr, peer_mac), ERR_MEM);
  assert_int_equal(neighbor_send(PEER, 1), ERR_MEM);
  expect_drop(DROP_ND6_CACHE_FULL);
  rx(ns(PEER, solicited_node(US), US, nd_source(peer_mac)));
  expect_drop(DROP_ND6_CACHE_FULL); /* there is no place for whom to answer */
  expect_silence();
}

#if LWIP_ND6_SUPPORT_STATIC_ENTRIES
static void test_names_of_esp_idf(void)
{
  net6_up();
  ip6_addr_t addr = ip6_of(PEER_9);
  assert_int_equal(nd6_add_static_neighbor(&net.netif, &addr, thief), ERR_OK);
  assert_int_equal(neighbor_state_of(PEER_9), NEIGHBOR_STATIC);
  assert_int_equal(nd6_remove_static_neighbor(&net.netif, &addr), ERR_OK);
  assert_int_equal(nd6_remove_static_neighbor(&net.netif, &addr), ERR_VAL);
}
#else
static void test_names_of_esp_idf(void)
{
}
#endif

/* --- interfaces come and go --- */

static void test_queue_goes_with_the_link(void)
{
  net6_up();
  net.peer_answers_nd = false;
  neighbor_send(PEER, 1);
  neighbor_send(PEER, 2);
  tx_discard();
  netif_set_link_down(&net.netif);
  expect_drops(2, DROP_ND6_NETIF_DOWN);
  assert_false(neighbor_is_known(PEER));
  netif_set_link_up(&net.netif);
  advance(20000);
  tx_discard();
  answer(PEER, peer_mac);
  expect_drop(DROP_ND6_UNKNOWN_NEIGHBOR);
}

/* The same address on two links is two neighbours; what belonged to a netif goes with it (B1-19) */
static void test_neighbours_are_per_netif(void)
{
  struct packet_net *other = net_add_netif();
  net6_up();
  net6_up_on(other);
  resolve("fe80::2", peer_mac);
  other->peer_answers_nd = false;
  ip6_addr_t dst = ip6_on(other, "fe80::2");
  struct frame f = ping6("fe80::ff:fe00:101", "fe80::2", 1, 1, "x", 1);
  other->netif.output_ip6(&other->netif, app_pbuf(f.data + IP6_AT, f.len - IP6_AT), &dst);
  check_ns(tx_on(other), "fe80::ff:fe00:101", solicited_node("fe80::2"), "fe80::2");
  ip6_addr_t static_addr = ip6_on(other, "fe80::9");
  assert_int_equal(neighbor_add_static(&other->netif, &static_addr, thief), ERR_OK);
  netif_remove(&other->netif);
  expect_drop(DROP_ND6_NETIF_DOWN);
  assert_memory_equal(neighbor_mac_of("fe80::2"), peer_mac, 6);
  struct neighbor_info info;
  int there;
  for (unsigned i = 0; (there = neighbor_get(i, &info)) >= 0; i++) {
    assert_true(there == 0 || info.netif == &net.netif);
  }
}

/* --- Ethernet --- */

/* RFC 2464 7 */
static void test_groups(void)
{
  static const u8_t mac[6] = {0x33, 0x33, 0x12, 0x34, 0x56, 0x78};
  net6_up();
  ip6_addr_t dst = ip6_on(&net, "ff02::abcd:0:1234:5678");
  struct frame f = udp6(US_LL, 1, "ff02::abcd:0:1234:5678", 2, "x", 1);
  assert_int_equal(
      net.netif.output_ip6(&net.netif, app_pbuf(f.data + IP6_AT, f.len - IP6_AT), &dst), ERR_OK);
  check_eth(tx(), mac, our_mac, ETHTYPE_IPV6);
  expect_silence();
}

static void test_driver_that_refuses(void)
{
  net6_up();
  resolve(PEER, peer_mac);
  net.drops_tx = true;
  assert_int_equal(neighbor_send(PEER, 1), ERR_IF);
  net.drops_tx = false;
}

/* Path MTU and link MTU (lwIP's call) */
static void test_destination_mtu(void)
{
  net6_up();
  ip6_addr_t dst = ip6_of(PEER);
  assert_int_equal(nd6_get_destination_mtu(&dst, &net.netif), 1500);
  assert_int_equal(nd6_get_destination_mtu(&dst, NULL), 1280);
}

static const struct packet_test tests[] = {
    TEST(test_solicitation_then_packet),
    TEST(test_source_of_solicitations),
    TEST(test_queue_drops_its_oldest),
    TEST(test_queue_is_shared_fairly),
    TEST(test_volatile_memory_is_copied),
    TEST(test_call_for_drivers),
    TEST(test_senders_hear_of_failure),
    TEST(test_forwarded_sources_hear_of_failure),
    TEST_FLAGS(test_flood_of_solicitations, PACKET_ONCE),
    TEST(test_flood_of_solicitations_without_address),
    TEST(test_many_that_do_not_answer),
    TEST(test_eviction_keeps_the_rate_limit),
    TEST(test_least_recently_used_goes),
    TEST(test_router_stays),
    TEST(test_static_neighbour),
    TEST(test_static_over_learnt),
    TEST(test_static_that_cannot_be),
    TEST(test_cache_full_of_static_neighbours),
    TEST(test_names_of_esp_idf),
    TEST(test_queue_goes_with_the_link),
    TEST(test_neighbours_are_per_netif),
    TEST(test_groups),
    TEST(test_driver_that_refuses),
    TEST(test_destination_mtu),
};

PACKET_MAIN(tests)
