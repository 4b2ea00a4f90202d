/*
 * Forwarding: what changes on the way and what does not, and what does not go through (RFC 1812 5,
 * RFC 1624, RFC 1191 4, RFC 2644; security vectors B2-32, 35; gaps section 3). The program brings
 * its own build of forwarding, with the hook that decides.
 * needs: ipv4
 */
#include "lwip/opt.h"
#include "lwip/pbuf.h"
static int hook_canforward(struct pbuf *p, u32_t dest);
#define LWIP_HOOK_IP4_CANFORWARD(p, dest) hook_canforward(p, dest)
#include "packet.h"
#include "base/fault.h"
#include "gossamer/route.h"
#include "ip/v4/ip4_forward.c"

/* Set by one test, which has no fault run. */
static int verdict = -1;
static u32_t asked_about;

static int hook_canforward(struct pbuf *p, u32_t dest)
{
  asked_about = p != NULL ? dest : 0;
  return verdict;
}

static struct packet_net *far;

static void two_netifs(void)
{
  far = net_add_netif();
}

/** It went through: one hop less, all else as it was, every checksum right. */
static struct frame *expect_forwarded(struct frame in)
{
  struct frame *out = tx_on(far);
  size_t at = ip4_payload_at(out); /* checks lengths and the header's checksum */
  assert_int_equal(get8(out, 22), get8(&in, 22) - 1);
  assert_int_equal(out->len, in.len);
  assert_memory_equal(out->data + 14, in.data + 14, 8);
  assert_memory_equal(out->data + 23, in.data + 23, 1);
  assert_memory_equal(out->data + 26, in.data + 26, 8);
  assert_memory_equal(out->data + at, in.data + at, in.len - at);
  return out;
}

PACKET_TEST(test_udp_goes_through)
{
  two_netifs();
  struct frame f = udp4("10.0.0.2", 1234, "10.0.1.2", 7, "data", 4);
  rx(f);
  struct frame *out = expect_forwarded(f);
  check_eth(out, mac_of(1, 2), mac_of(1, 1), ETHTYPE_IP);
  check_udp(check_ip4(out, "10.0.0.2", "10.0.1.2", IP_PROTO_UDP), 1234, 7, "data", 4);
  expect_no_drop();
  expect_silence();
}

/* gaps section 3: checksums of all protocols are the sender's, whatever we generate ourselves */
PACKET_TEST(test_icmp_and_others_go_through)
{
  two_netifs();
  struct frame f = ping4("10.0.0.2", "10.0.1.2", 1, 2, "ping", 4);
  rx(f);
  check_icmp(expect_forwarded(f), ICMP_ECHO, 0);
  f = ip4("10.0.0.2", "10.0.1.2", IP_PROTO_TCP, pattern(40, 1), 40);
  rx(f);
  expect_forwarded(f);
  f = udp4("10.0.0.2", 1, "10.0.1.2", 2, "none", 4);
  put16(&f, 40, 0); /* UDP without a checksum stays without */
  rx(f);
  expect_forwarded(f);
  put16(&f, 40, 0xdead); /* and a wrong one wrong */
  rx(f);
  expect_forwarded(f);
}

/* RFC 1624: the incremental update is right for every checksum, 0x0000 and 0xffff included */
PACKET_TEST(test_checksum_after_every_decrement)
{
  two_netifs();
  for (u32_t id = 0; id < 0x10000; id += 13) {
    struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.2", 253);
    spec.id = (u16_t)id;
    spec.ttl = (u8_t)(2 + id % 254);
    struct frame f = ip4_opts(spec, "12345678", 8);
    rx(f);
    expect_forwarded(f);
  }
  u16_t sum = 0;
  for (u32_t id = 0; id < 0x10000; id++) { /* the checksums at the edges of 16 bits */
    struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.2", 253);
    spec.id = (u16_t)id;
    if (id == 0) {
      struct frame f = ip4_opts(spec, "1", 1);
      sum = get16(&f, 24);
    }
    u16_t expected = (u16_t)(sum - id);
    if (expected < 3 || expected > 0xfefc) {
      struct frame f = ip4_opts(spec, "1", 1);
      rx(f);
      expect_forwarded(f);
    }
  }
}

/* B2-35 */
PACKET_TEST(test_ttl_ends_here)
{
  two_netifs();
  for (u8_t ttl = 0; ttl < 2; ttl++) {
    struct udp_spec spec = udp_spec_of("10.0.0.2", 1, "10.0.1.2", 7);
    spec.ip.ttl = ttl;
    struct frame f = udp4_opts(spec, "x", 1);
    rx(f);
    check_icmp_error(check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_ICMP), ICMP_TE, ICMP_TE_TTL,
                     &f);
    expect_drop(DROP_IP4_FWD_TTL);
  }
  struct udp_spec spec = udp_spec_of("10.0.0.2", 1, "10.0.1.2", 7);
  spec.ip.ttl = 2;
  struct frame f = udp4_opts(spec, "x", 1);
  rx(f);
  expect_forwarded(f);
}

/* B2-35: errors quote what there is (a header alone), and are not about errors */
PACKET_TEST(test_ttl_ends_of_short_packets_and_errors)
{
  two_netifs();
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.2", 253);
  spec.ttl = 1;
  rx(ip4_opts(spec, NULL, 0));
  expect_drop(DROP_IP4_FWD_TTL);
  struct frame *error = check_icmp(tx(), ICMP_TE, ICMP_TE_TTL);
  assert_int_equal(ip4_payload_len(error), 8 + 20);
  struct frame about = udp4("10.0.1.2", 1, "10.0.0.2", 2, "x", 1);
  struct frame f = icmp4_error("10.0.0.2", "10.0.1.2", ICMP_DUR, ICMP_DUR_PORT, 0, &about, 0);
  put8(&f, 22, 1);
  ip4_fix_checksum(&f);
  rx(f);
  expect_drop(DROP_IP4_FWD_TTL);
  expect_silence();
}

PACKET_TEST(test_no_route)
{
  netif_set_default(NULL);
  two_netifs();
  struct frame f = udp4("10.0.0.2", 1, "192.0.2.1", 7, "x", 1);
  rx(f);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_NET, &f);
  expect_drop(DROP_IP4_FWD_NO_ROUTE);
}

PACKET_TEST(test_back_where_it_came_from)
{
  rx(udp4("10.0.0.2", 1, "192.0.2.1", 7, "x", 1)); /* by the default netif: the same */
  expect_drop(DROP_IP4_FWD_SAME_NETIF);
  struct udp_spec spec = udp_spec_of("10.0.0.2", 1, "10.0.0.3", 7);
  rx(udp4_opts(spec, "x", 1));
  expect_drop(DROP_IP4_FWD_SAME_NETIF);
  expect_silence();
}

/* RFC 3927 7, RFC 2644 */
PACKET_TEST(test_addresses_that_stay_on_their_link)
{
  two_netifs();
  netif_set_default(&far->netif);
  static const char *const pairs[][2] = {
      {"169.254.1.1", "10.0.1.2"}, {"10.0.0.2", "169.254.1.1"}, {"10.0.0.2", "10.0.1.255"}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(pairs); i++) {
    struct udp_spec spec = udp_spec_of(pairs[i][0], 1, pairs[i][1], 7);
    spec.ip.eth_dst = our_mac;
    spec.ip.eth_src = peer_mac;
    rx(udp4_opts(spec, "x", 1));
    expect_drop(DROP_IP4_FWD_REFUSED);
  }
  expect_silence();
}

static void reset_verdict(void)
{
  verdict = -1;
}

PACKET_TEST(test_hook_decides)
{
  packet_at_end(reset_verdict);
  two_netifs();
  struct frame f = udp4("10.0.0.2", 1, "10.0.1.2", 7, "x", 1);
  verdict = 0;
  rx(f);
  expect_drop(DROP_IP4_FWD_REFUSED);
  assert_int_equal(asked_about, 0x0a000102);
  verdict = 1;
  f = udp4("169.254.1.1", 1, "10.0.1.2", 7, "x", 1);
  put8(&f, 5, 1);
  memcpy(f.data, our_mac, 6);
  rx(f);
  verdict = -1;
  expect_forwarded(f);
  expect_silence();
}

/* RFC 1191 4: the error says what would fit */
PACKET_TEST(test_too_big_and_not_to_be_fragmented)
{
  two_netifs();
  far->netif.mtu = 1000;
  struct udp_spec spec = udp_spec_of("10.0.0.2", 1, "10.0.1.2", 7);
  spec.ip.frag = IP_DF;
  struct frame f = udp4_opts(spec, pattern(1000 - 28 + 1, 1), 1000 - 28 + 1);
  rx(f);
  struct frame *error = check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_FRAG, &f);
  assert_int_equal(get32(error, 38), 1000);
  expect_drop(DROP_IP4_FWD_TOO_BIG);
  f = udp4_opts(spec, pattern(1000 - 28, 1), 1000 - 28);
  rx(f);
  expect_forwarded(f);
  expect_silence();
}

/** What came out by `far`, put together; *count fragments. */
static struct frame rejoin(const struct frame *in, size_t *count)
{
  struct frame whole = frame_of(in->data, in->len);
  size_t at = 14 + (size_t)(in->data[14] & 15) * 4;
  size_t got = 0;
  memset(whole.data + at, 0xee, whole.len - at);
  *count = 0;
  for (struct frame *f = tx_on(far); f != NULL; f = tx_on(far)) {
    size_t len = ip4_payload_len(f);
    size_t offset = (size_t)(get16(f, 20) & IP_OFFMASK) * 8;
    bool is_last = (get16(f, 20) & IP_MF) == 0;
    assert_int_equal(get16(f, 18), get16(in, 18));
    assert_int_equal(get8(f, 22), get8(in, 22) - 1);
    assert_true(at + offset + len <= whole.len);
    assert_int_equal(is_last, at + offset + len == whole.len);
    memcpy(whole.data + at + offset, f->data + ip4_payload_at(f), len);
    got += len;
    ++*count;
  }
  assert_int_equal(got, in->len - at);
  return whole;
}

PACKET_TEST(test_too_big_is_fragmented)
{
  size_t count;
  two_netifs();
  rx(ping4("10.0.0.2", "10.0.1.2", 1, 1, "x", 1)); /* ARP */
  tx_discard();
  far->netif.mtu = 580; /* 560 bytes in each but the last */
  struct frame f = udp4("10.0.0.2", 1, "10.0.1.2", 7, pattern(1472, 1), 1472);
  rx(f);
  struct frame whole = rejoin(&f, &count);
  assert_int_equal(count, 3);
  assert_memory_equal(whole.data + 34, f.data + 34, f.len - 34);
  expect_no_drop();
  expect_silence();
}

/* A fragment gets cut again: offsets go on, its "more fragments" stays on the last piece. */
PACKET_TEST(test_fragments_are_fragmented_again)
{
  two_netifs();
  far->netif.mtu = 300;
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.2", IP_PROTO_UDP);
  spec.frag = IP_MF | 100;
  rx(ip4_opts(spec, pattern(800, 1), 800));
  u16_t at = 100;
  for (int i = 0; i < 3; i++) {
    struct frame *f = tx_on(far);
    assert_int_equal(get16(f, 20), IP_MF | at);
    at = (u16_t)(at + ip4_payload_len(f) / 8);
  }
  assert_int_equal(at, 200);
  expect_silence();
}

/* B3-57: options without the copied flag are in the first fragment alone */
PACKET_TEST(test_options_of_fragments)
{
  static const u8_t options[12] = {7, 7, 4, 0, 0, 0, 0, 148, 4, 0, 0, 0};
  static const u8_t copied[4] = {148, 4, 0, 0};
  two_netifs();
  far->netif.mtu = 300;
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.2", IP_PROTO_UDP);
  spec.options = options;
  spec.options_len = sizeof options;
  rx(ip4_opts(spec, pattern(500, 1), 500));
  struct frame *first = tx_on(far);
  assert_int_equal(ip4_payload_at(first), 34 + 12);
  assert_memory_equal(first->data + 34, options, sizeof options);
  assert_int_equal(get16(first, 20), IP_MF);
  struct frame *second = tx_on(far);
  assert_int_equal(ip4_payload_at(second), 34 + 4);
  assert_memory_equal(second->data + 34, copied, sizeof copied);
  assert_int_equal(get16(second, 20) & IP_OFFMASK, ip4_payload_len(first) / 8);
  assert_int_equal(ip4_payload_len(first) + ip4_payload_len(second), 500);
  expect_silence();
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF
/* Hardware that computes checksums finds zeros, as in packets of our own; others the sender's. */
PACKET_TEST(test_checksums_left_to_hardware)
{
  two_netifs();
  struct frame f = udp4("10.0.0.2", 1, "10.0.1.2", 7, "x", 1);
  NETIF_SET_CHECKSUM_CTRL(&far->netif, NETIF_CHECKSUM_ENABLE_ALL &
                                           ~(NETIF_CHECKSUM_GEN_IP | NETIF_CHECKSUM_GEN_UDP));
  rx(f);
  struct frame *out = tx_on(far);
  assert_int_equal(get16(out, 24), 0);
  assert_int_equal(get16(out, 40), 0);
  rx(ping4("10.0.0.2", "10.0.1.2", 1, 2, "ping", 4));
  out = tx_on(far);
  assert_int_equal(get16(out, 24), 0);
  ip4_fix_checksum(out);
  check_icmp(out, ICMP_ECHO, 0);
}
#endif

#if LWIP_NUM_ROUTES > 0
PACKET_TEST(test_gateway_of_a_route_is_the_next_hop)
{
  two_netifs();
  struct ip_route_entry route = {.prefix = ip_of("192.0.2.0"),
                                 .gateway = ip_of("10.0.1.77"),
                                 .netif = &far->netif,
                                 .prefix_len = 24};
  assert_int_equal(ip_route_add(&route), ERR_OK);
  struct frame f = udp4("10.0.0.2", 1, "192.0.2.1", 7, "x", 1);
  rx(f);
  check_eth(expect_forwarded(f), mac_of(1, 77), mac_of(1, 1), ETHTYPE_IP);
}
#endif

/* Somebody else holds the packet: his copy keeps its TTL. */
PACKET_TEST(test_shared_packet_is_copied)
{
  two_netifs();
  struct frame f = udp4("10.0.0.2", 1, "10.0.1.2", 7, "x", 1);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14), PBUF_POOL);
  assert_non_null(p);
  app_own(p);
  pbuf_take(p, f.data + 14, (u16_t)(f.len - 14));
  pbuf_ref(p);
  const u8_t *ttl = (const u8_t *)p->payload + 8;
  ip4_input(p, &net.netif);
  expect_forwarded(f);
  assert_int_equal(*ttl, 64);
}

/* The route's netif knows no gateway (RFC 1812 5.2.7.1), and the packet had to be copied. */
PACKET_TEST(test_next_hop_that_nobody_knows)
{
  two_netifs();
  netif_set_default(&far->netif);
  struct frame f = udp4("10.0.0.2", 1, "192.0.2.1", 7, "x", 1);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14), PBUF_POOL);
  assert_non_null(p);
  app_own(p);
  pbuf_take(p, f.data + 14, (u16_t)(f.len - 14));
  pbuf_ref(p);
  ip4_input(p, &net.netif);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_HOST, &f);
  expect_drop(DROP_IP4_FWD_NO_ROUTE);
  rx(f);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_HOST, &f);
  expect_drop(DROP_IP4_FWD_NO_ROUTE);
  expect_silence();
}

PACKET_TEST(test_no_memory_for_a_copy)
{
  two_netifs();
  struct frame f = udp4("10.0.0.2", 1, "10.0.1.2", 7, "x", 1);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14), PBUF_POOL);
  assert_non_null(p);
  app_own(p);
  pbuf_take(p, f.data + 14, (u16_t)(f.len - 14));
  pbuf_ref(p);
  fault_arm(1);
  ip4_input(p, &net.netif);
  fault_arm(0);
  expect_drop(DROP_IP4_FWD_NO_MEMORY);
  expect_silence();
}

PACKET_TEST(test_no_memory_for_a_fragment)
{
  two_netifs();
  rx(ping4("10.0.0.2", "10.0.1.2", 1, 1, "x", 1)); /* ARP */
  tx_discard();
  far->netif.mtu = 600;
  struct frame f = udp4("10.0.0.2", 1, "10.0.1.2", 7, pattern(1400, 1), 1400);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14), PBUF_POOL);
  assert_non_null(p);
  pbuf_take(p, f.data + 14, (u16_t)(f.len - 14));
  fault_arm(1);
  ip4_input(p, &net.netif);
  fault_arm(0);
  expect_drop(DROP_IP4_FWD_NO_MEMORY);
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_udp_goes_through),
    TEST(test_icmp_and_others_go_through),
    TEST_FLAGS(test_checksum_after_every_decrement, PACKET_ONCE), /* long */
    TEST(test_ttl_ends_here),
    TEST(test_ttl_ends_of_short_packets_and_errors),
    TEST(test_no_route),
    TEST(test_back_where_it_came_from),
    TEST(test_addresses_that_stay_on_their_link),
    TEST(test_hook_decides),
    TEST(test_too_big_and_not_to_be_fragmented),
    TEST_FLAGS(test_too_big_is_fragmented, PACKET_NO_CHAINED), /* a MEMP_FRAG_PBUF per byte */
    TEST_FLAGS(test_fragments_are_fragmented_again,
               PACKET_NO_CHAINED),                            /* a MEMP_FRAG_PBUF per byte */
    TEST_FLAGS(test_options_of_fragments, PACKET_NO_CHAINED), /* a MEMP_FRAG_PBUF per byte */
#if LWIP_CHECKSUM_CTRL_PER_NETIF
    TEST(test_checksums_left_to_hardware),
#endif
#if LWIP_NUM_ROUTES > 0
    TEST(test_gateway_of_a_route_is_the_next_hop),
#endif
    TEST_FLAGS(test_shared_packet_is_copied, PACKET_ONCE),
    TEST_FLAGS(test_next_hop_that_nobody_knows, PACKET_ONCE),
    TEST_FLAGS(test_no_memory_for_a_copy, PACKET_ONCE), /* they have their own */
    TEST_FLAGS(test_no_memory_for_a_fragment, PACKET_ONCE),
};

PACKET_MAIN(tests)
