/**
 * @file
 * UDP over IPv6: lengths and the mandatory checksum in, headers, zones and sources out (RFC 768,
 * RFC 8200 8.1, RFC 4007, security.md B8).
 * needs: ipv6
 */
#include "packet.h"
#include "lwip/inet_chksum.h"
#include "gossamer/ip6_config.h"

#define PEER    "2001:db8::2"
#define US      "2001:db8::1"
#define PEER_LL "fe80::2"
#define US_LL   "fe80::ff:fe00:1"

static struct frame datagram(int len_field, int checksum, const void *data, size_t len)
{
  struct udp6_spec spec = udp6_spec_of(PEER, 4000, US, 7);
  spec.len = len_field;
  spec.checksum = checksum;
  return udp6_opts(spec, data, len);
}

static struct udp_pcb *server(void)
{
  net6_up();
  return app_udp("::", 7);
}

static err_t send_to(struct udp_pcb *pcb, const char *dst, const char *text)
{
  ip_addr_t addr = ip_of(dst);
  return udp_sendto(pcb, app_pbuf(text, strlen(text)), &addr, 4000);
}

static void test_receive(void)
{
  server();
  rx(datagram(-1, -1, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  expect_no_drop();
  expect_silence();
}

/* B8-131 */
static void test_empty_datagram_is_delivered(void)
{
  server();
  rx(datagram(-1, -1, "", 0));
  expect_datagram(PEER, 4000, "", 0);
  expect_no_drop();
}

/* B8-130 */
static void test_shorter_than_a_header(void)
{
  server();
  for (size_t len = 0; len < 8; len++) {
    rx(ip6(PEER, US, NH_UDP, "\x0f\xa0\0\7\0\x08\0", len));
    expect_drop(DROP_UDP_SHORT);
  }
  expect_no_datagram();
}

/* B8-130; no jumbograms (RFC 2675 4 gives the length 0 a meaning) */
static void test_length_below_8(void)
{
  server();
  for (int len = 0; len < 8; len++) {
    rx(datagram(len, -1, "hello", 5));
    expect_drop(DROP_UDP_BAD_LENGTH);
  }
  expect_no_datagram();
}

/* B8-130 */
static void test_length_beyond_payload(void)
{
  server();
  rx(datagram(8 + 6, -1, "hello", 5));
  expect_drop(DROP_UDP_BAD_LENGTH);
  rx(datagram(0xFFFF, -1, "hello", 5));
  expect_drop(DROP_UDP_BAD_LENGTH);
  expect_no_datagram();
}

/* B8-130: what stands behind the datagram is nobody's, and its checksum does not cover it. */
static void test_bytes_behind_the_datagram_are_cut(void)
{
  struct frame right = datagram(-1, -1, "hey", 3);
  server();
  rx(datagram(8 + 3, get16(&right, IP6_PAYLOAD_AT + 6), "heysecret", 9));
  expect_datagram(PEER, 4000, "hey", 3);
  expect_no_drop();
}

/* B8-133, RFC 8200 8.1: without a checksum it is not IPv6's, vouched for by hardware or not. */
static void test_no_checksum(void)
{
  server();
  rx(datagram(-1, 0, "hello", 5));
  expect_drop(DROP_UDP_NO_CHECKSUM);
#if LWIP_CHECKSUM_CTRL_PER_NETIF
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_DISABLE_ALL);
  rx(datagram(-1, 0, "hello", 5));
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL);
  expect_drop(DROP_UDP_NO_CHECKSUM);
#endif
  expect_no_datagram();
  expect_silence();
}

static void test_wrong_checksum(void)
{
  server();
  rx(datagram(-1, 0x1234, "hello", 5));
  expect_drop(DROP_UDP_BAD_CHECKSUM);
  expect_no_datagram();
}

/* The pseudo-header, too: addresses, length and next header. */
static void test_every_bit_is_under_the_checksum(void)
{
  server();
  for (size_t bit = 0; bit < (8 + 5) * 8; bit++) {
    struct frame f = datagram(-1, -1, "hello", 5);
    f.data[IP6_PAYLOAD_AT + bit / 8] ^= (u8_t)(1U << (bit % 8));
    rx(f);
    expect_no_datagram();
  }
  struct frame f = datagram(-1, -1, "hello", 5);
  f.data[IP6_AT + 8 + 15] ^= 1; /* from another peer */
  ignore_drops();
  rx(f);
  expect_drop(DROP_UDP_BAD_CHECKSUM);
}

/* RFC 8200 8.1: extension headers are no part of what is summed. */
static void test_behind_extension_headers(void)
{
  server();
  struct udp6_spec spec = udp6_spec_of(PEER, 4000, US, 7);
  ip6_ext_add(&spec.ip, NH_HOP_BY_HOP, "", 0);
  ip6_ext_add(&spec.ip, NH_DEST, "\x1e\x0c............", 14);
  rx(udp6_opts(spec, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  expect_no_drop();
}

static void test_send(void)
{
  struct udp_pcb *pcb = server();
  pcb->tos = 0xb8;
  pcb->ttl = 9;
  assert_int_equal(send_to(pcb, PEER, "hello"), ERR_OK);
  struct frame *f = check_udp(check_ip6(tx(), US, PEER, NH_UDP), 7, 4000, "hello", 5);
  check_eth(check_hop_limit(f, 9), peer_mac, our_mac, 0x86dd);
  assert_int_equal(get32(f, IP6_AT) >> 20 & 0xff, 0xb8);
  expect_silence();
}

/* B8-134: there is no checksum 0. */
static void test_computed_checksum_zero(void)
{
  struct udp_pcb *pcb = server();
  u8_t data[2] = {0, 0};
  assert_int_equal(send_to(pcb, PEER, "ab"), ERR_OK);
  struct frame *f = tx();
  check_udp(f, 7, 4000, "ab", 2);
  /* Add what is missing to all ones to the data: then the sum is 0xffff, its complement 0. */
  u32_t sum = (u32_t)get16(f, IP6_PAYLOAD_AT + 6) + 0x6162;
  sum = (sum & 0xffff) + (sum >> 16);
  data[0] = (u8_t)(sum >> 8);
  data[1] = (u8_t)sum;
  ip_addr_t dst = ip_of(PEER);
  assert_int_equal(udp_sendto(pcb, app_pbuf(data, 2), &dst, 4000), ERR_OK);
  f = tx();
  check_udp(f, 7, 4000, data, 2);
  assert_int_equal(get16(f, IP6_PAYLOAD_AT + 6), 0xffff);
}

/* The switch of IPv4 pcbs means nothing here. */
static void test_checksum_cannot_be_switched_off(void)
{
  struct udp_pcb *pcb = server();
  udp_set_flags(pcb, UDP_FLAGS_NOCHKSUM);
  assert_int_equal(send_to(pcb, PEER, "hello"), ERR_OK);
  check_udp(tx(), 7, 4000, "hello", 5);
}

static void test_checksum_known_before(void)
{
#if LWIP_CHECKSUM_ON_COPY
  struct udp_pcb *pcb = server();
  ip_addr_t dst = ip_of(PEER);
  u16_t sum = (u16_t)~inet_chksum("hello", 5);
  assert_int_equal(udp_sendto_chksum(pcb, app_pbuf("hello", 5), &dst, 4000, 1, sum), ERR_OK);
  check_udp(tx(), 7, 4000, "hello", 5);
#endif
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF
/* Hardware fills it in, but not into fragments: those have ours. */
static void test_checksum_left_to_hardware(void)
{
  struct udp_pcb *pcb = server();
  NETIF_SET_CHECKSUM_CTRL(&net.netif, (u16_t)(NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_GEN_UDP));
  assert_int_equal(send_to(pcb, PEER, "hello"), ERR_OK);
  assert_int_equal(get16(tx(), IP6_PAYLOAD_AT + 6), 0);
#if LWIP_IPV6_FRAG
  ip_addr_t dst = ip_of(PEER);
  const u8_t *data = pattern(1600, 1);
  assert_int_equal(udp_sendto(pcb, app_pbuf(data, 1600), &dst, 4000), ERR_OK);
  struct frame *f = check_ip6(tx(), US, PEER, NH_FRAGMENT);
  struct frame whole = udp6(US, 7, PEER, 4000, data, 1600);
  assert_int_equal(get16(f, IP6_PAYLOAD_AT + 8 + 6), get16(&whole, IP6_PAYLOAD_AT + 6));
#endif
}
#endif

/* RFC 8200 4.5: a datagram beyond the MTU goes in fragments that its peer can put together. */
static void test_larger_than_the_mtu(void)
{
#if LWIP_IPV6_FRAG && LWIP_IPV6_REASS
  struct udp_pcb *pcb = server();
  ip_addr_t dst = ip_of(PEER);
  const u8_t *data = pattern(4000, 1);
  struct frame part[4];
  u8_t whole[8 + 4000];
  assert_int_equal(udp_sendto(pcb, app_pbuf(data, 4000), &dst, 4000), ERR_OK);
  size_t total = 0;
  for (size_t i = 0; i < 3; i++) {
    part[i] = *check_ip6(tx(), US, PEER, NH_FRAGMENT);
    size_t len = ip6_payload_len(&part[i]) - 8;
    size_t offset = get16(&part[i], IP6_PAYLOAD_AT + 2) & 0xfff8;
    assert_true(offset + len <= sizeof whole);
    memcpy(whole + offset, part[i].data + IP6_PAYLOAD_AT + 8, len);
    total += len;
  }
  expect_silence();
  assert_int_equal(total, sizeof whole);
  struct frame f = ip6(US, PEER, NH_UDP, whole, sizeof whole);
  check_udp(&f, 7, 4000, data, 4000);
#endif
}

/* As long as a pbuf can be with its headers, and one byte more */
static void test_longest(void)
{
#if LWIP_IPV6_FRAG
  enum { LEN = 65535 - 40 - 8 };
  struct udp_pcb *pcb = server();
  ip_addr_t dst = ip_of(PEER);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, LEN, PBUF_ROM);
  assert_non_null(p);
  app_own(p);
  p->payload = (void *)(uintptr_t)pattern(LEN, 1);
  assert_int_equal(udp_sendto(pcb, p, &dst, 4000), ERR_OK);
  size_t total = 0;
  const struct frame *f;
  while ((f = tx()) != NULL) {
    total += ip6_payload_len(f) - 8;
  }
  assert_int_equal(total, LEN + 8);
#endif
}

static void test_too_long(void)
{
  struct udp_pcb *pcb = server();
  ip_addr_t dst = ip_of(PEER);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 65535 - 40 - 8 + 1, PBUF_ROM);
  assert_non_null(p);
  app_own(p);
  p->payload = (void *)(uintptr_t)pattern(p->len, 1);
  assert_int_equal(udp_sendto(pcb, p, &dst, 4000), ERR_VAL);
  expect_silence();
}

/* RFC 6724 rule 2: the scope of the source suits that of the destination. */
static void test_source_of_the_same_scope(void)
{
  struct udp_pcb *pcb = server();
  assert_int_equal(send_to(pcb, PEER_LL, "x"), ERR_OK);
  check_udp(check_ip6(tx(), US_LL, PEER_LL, NH_UDP), 7, 4000, "x", 1);
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_OK);
  check_udp(check_ip6(tx(), US, PEER, NH_UDP), 7, 4000, "x", 1);
}

/* RFC 1122 4.1.3.5's rule for any family: who is bound to an address sends from it. */
static void test_bound_source(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp(US_LL, 7);
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_OK);
  check_udp(check_ip6(tx(), US_LL, PEER, NH_UDP), 7, 4000, "x", 1);
  rx(udp6(PEER_LL, 4000, US_LL, 7, "y", 1));
  expect_datagram(PEER_LL, 4000, "y", 1);
  ignore_drops();
  rx(udp6(PEER, 4000, US, 7, "y", 1));
  expect_drop(DROP_UDP_NO_PORT);
  expect_no_datagram();
}

/* An address that is not on the netif it would leave by */
static void test_bound_to_no_address_of_ours(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("2001:db8::77", 7);
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_RTE);
  expect_silence();
}

static void test_no_address_no_sending(void)
{
  struct udp_pcb *pcb = app_udp("::", 7);
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_RTE);
  expect_silence();
}

/* A tentative address is no source (RFC 4862 2). */
static void test_tentative_is_no_source(void)
{
  struct udp_pcb *pcb = server();
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_TENTATIVE);
  tx_discard();
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_OK);
  check_ip6(tx(), US_LL, PEER, NH_UDP);
}

#if LWIP_IPV6_SCOPES
/* RFC 4007 6: the zone of a link-local address decides, whatever routes say. */
static void test_zone_decides(void)
{
  struct udp_pcb *pcb = server();
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  ip_addr_t dst;
  ip6_addr_t on_other = ip6_on(other, PEER_LL);
  ip_addr_copy_from_ip6(dst, on_other);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 4000), ERR_OK);
  check_udp(check_ip6(tx_on(other), "fe80::ff:fe00:101", PEER_LL, NH_UDP), 7, 4000, "x", 1);
  expect_silence();
  /* Somebody insists on the wrong netif. */
  assert_int_equal(udp_sendto_if(pcb, app_pbuf("x", 1), &dst, 4000, &net.netif), ERR_RTE);
  udp_bind_netif(pcb, &net.netif);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 4000), ERR_RTE);
  expect_silence();
}

/* Equal addresses in two zones are two peers, and two local ends (RFC 4007 6). */
static void test_equal_addresses_in_two_zones(void)
{
  net6_up();
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  struct udp_pcb *here = app_udp("::", 7);
  struct udp_pcb *there = app_udp("::", 8);
  ip_addr_t a, b;
  ip6_addr_t on_net = ip6_on(&net, PEER_LL);
  ip6_addr_t on_other = ip6_on(other, PEER_LL);
  ip_addr_copy_from_ip6(a, on_net);
  ip_addr_copy_from_ip6(b, on_other);
  assert_int_equal(udp_connect(here, &a, 4000), ERR_OK);
  assert_int_equal(udp_connect(there, &b, 4000), ERR_OK);
  rx(udp6(PEER_LL, 4000, US_LL, 7, "1", 1));
  expect_datagram(PEER_LL, 4000, "1", 1);
  ignore_drops();
  rx(udp6(PEER_LL, 4000, US_LL, 8, "2", 1));
  expect_drop(DROP_UDP_NO_PORT);
  tx_discard();
  struct frame f = udp6(PEER_LL, 4000, "fe80::ff:fe00:101", 8, "3", 1);
  memcpy(f.data + 6, mac_of(1, 2), 6);
  rx_on(other, f);
  expect_datagram(PEER_LL, 4000, "3", 1);
}

/* What is bound without a zone gets that of the netif that has the address. */
static void test_bind_finds_the_zone(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp(US_LL, 7);
  assert_int_equal(ip6_addr_zone(ip_2_ip6(&pcb->local_ip)), netif_get_index(&net.netif));
  rx(udp6(PEER_LL, 4000, US_LL, 7, "y", 1));
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_int_equal(ip6_addr_zone(ip_2_ip6(&d->src)), netif_get_index(&net.netif));
  assert_int_equal(ip6_addr_zone(ip_2_ip6(&d->dst)), netif_get_index(&net.netif));
}
#endif

/* --- netifs --- */

static void test_bound_to_a_netif(void)
{
  net6_up();
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  struct udp_pcb *pcb = app_udp("::", 7);
  udp_bind_netif(pcb, &other->netif);
  rx(udp6(PEER, 4000, US, 7, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  expect_no_datagram();
  tx_discard();
  rx_on(other, udp6("2001:db8:1::2", 4000, "2001:db8:1::1", 7, "y", 1));
  expect_datagram("2001:db8:1::2", 4000, "y", 1);
  assert_int_equal(send_to(pcb, PEER_LL, "x"), ERR_OK); /* in that netif's zone, then */
  check_ip6(tx_on(other), "fe80::ff:fe00:101", PEER_LL, NH_UDP);
}

/* A netif that is removed takes its number along: the next one with it is a stranger. */
static void test_netif_is_removed(void)
{
  net6_up();
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  struct udp_pcb *pcb = app_udp("::", 7);
  udp_bind_netif(pcb, &other->netif);
#if LWIP_MULTICAST_TX_OPTIONS
  udp_set_multicast_netif_index(pcb, netif_get_index(&other->netif));
#endif
  netif_remove(&other->netif);
  assert_int_equal(pcb->netif_idx, NETIF_NO_INDEX);
  rx(udp6(PEER, 4000, US, 7, "x", 1)); /* it is not for everybody's ears now */
  expect_drop(DROP_UDP_NO_PORT);
  expect_no_datagram();
  tx_discard();
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_RTE);
  assert_int_equal(send_to(pcb, "ff02::1234", "x"), ERR_RTE);
  expect_silence();
  struct udp_pcb *heir = app_udp("::", 7); /* the port is free for others */
  udp_remove(heir);
  udp_bind_netif(pcb, NULL);
  rx(udp6(PEER, 4000, US, 7, "x", 1));
  expect_datagram(PEER, 4000, "x", 1);
  assert_int_equal(send_to(pcb, "ff02::1234", "x"), ERR_OK);
  check_ip6(tx(), US_LL, "ff02::1234", NH_UDP);
}

/* --- addresses that change --- */

/* As lwIP: who is bound to an address of a slot follows when the slot gets another one. */
static void test_bound_address_changes(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp(US, 7);
  ip6_addr_t next = ip6_of("2001:db8::99");
  netif_ip6_addr_set(&net.netif, 1, &next);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_PREFERRED);
  tx_discard();
  ip_addr_t want = ip_of("2001:db8::99");
  assert_true(ip_addr_eq(&pcb->local_ip, &want));
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_OK);
  check_ip6(tx(), "2001:db8::99", PEER, NH_UDP);
}

/* An address that is gone: nothing is sent from it, until it comes back. */
static void test_bound_address_goes_and_comes_back(void)
{
  net6_up();
  struct udp_pcb *pcb = app_udp(US, 7);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_INVALID);
  tx_discard();
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_RTE);
  expect_silence();
  ip6_addr_t again = ip6_of(US);
  netif_ip6_addr_set(&net.netif, 1, &again);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_PREFERRED);
  tx_discard();
  assert_int_equal(send_to(pcb, PEER, "x"), ERR_OK);
  check_ip6(tx(), US, PEER, NH_UDP);
  rx(udp6(PEER, 4000, US, 7, "y", 1));
  expect_datagram(PEER, 4000, "y", 1);
}

/* What udp_connect() chose is chosen anew. */
static void test_chosen_address_follows(void)
{
  struct udp_pcb *pcb = server();
  ip_addr_t peer = ip_of(PEER);
  assert_int_equal(udp_connect(pcb, &peer, 4000), ERR_OK);
  ip_addr_t chosen = ip_of(US);
  assert_true(ip_addr_eq(&pcb->local_ip, &chosen));
  struct ip6_address_spec spec = {.addr = ip6_of("2001:db8::55"), .flags = IP6_ADDRESS_NO_DAD};
  assert_int_equal(netif_ip6_address_add(&net.netif, &spec, NULL), ERR_OK);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_INVALID);
  tx_discard();
  chosen = ip_of("2001:db8::55");
  assert_true(ip_addr_eq(&pcb->local_ip, &chosen));
  assert_int_equal(udp_send(pcb, app_pbuf("x", 1)), ERR_OK);
  check_ip6(tx(), "2001:db8::55", PEER, NH_UDP);
  rx(udp6(PEER, 4000, "2001:db8::55", 7, "y", 1));
  expect_datagram(PEER, 4000, "y", 1);
}

/* --- to ourselves --- */

#if LWIP_NETIF_LOOPBACK
static void test_to_ourselves(void)
{
  static const char *const ours[] = {US, US_LL, "::1"};
  struct udp_pcb *pcb = server();
  ip_addr_t dst;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ours); i++) {
    dst = ip_of(ours[i]);
    assert_int_equal(udp_sendto(pcb, app_pbuf("self", 4), &dst, 7), ERR_OK);
    expect_datagram(ours[i], 7, "self", 4);
  }
  expect_silence();
  expect_no_drop();
}
#endif

static const struct packet_test tests[] = {
    TEST(test_receive),
    TEST(test_empty_datagram_is_delivered),
    TEST(test_shorter_than_a_header),
    TEST(test_length_below_8),
    TEST(test_length_beyond_payload),
    TEST(test_bytes_behind_the_datagram_are_cut),
    TEST(test_no_checksum),
    TEST(test_wrong_checksum),
    TEST(test_every_bit_is_under_the_checksum),
    TEST(test_behind_extension_headers),
    TEST_FLAGS(test_send, PACKET_ONCE),
    TEST_FLAGS(test_computed_checksum_zero, PACKET_ONCE),
    TEST_FLAGS(test_checksum_cannot_be_switched_off, PACKET_ONCE),
    TEST_FLAGS(test_checksum_known_before, PACKET_ONCE),
#if LWIP_CHECKSUM_CTRL_PER_NETIF
    TEST_FLAGS(test_checksum_left_to_hardware, PACKET_ONCE),
#endif
    TEST_FLAGS(test_larger_than_the_mtu, PACKET_ONCE),
    TEST_FLAGS(test_longest, PACKET_ONCE),
    TEST_FLAGS(test_too_long, PACKET_ONCE),
    TEST_FLAGS(test_source_of_the_same_scope, PACKET_ONCE),
    TEST(test_bound_source),
    TEST_FLAGS(test_bound_to_no_address_of_ours, PACKET_ONCE),
    TEST_FLAGS(test_no_address_no_sending, PACKET_ONCE),
    TEST_FLAGS(test_tentative_is_no_source, PACKET_ONCE),
#if LWIP_IPV6_SCOPES
    TEST_FLAGS(test_zone_decides, PACKET_ONCE),
    TEST(test_equal_addresses_in_two_zones),
    TEST(test_bind_finds_the_zone),
#endif
    TEST(test_bound_to_a_netif),
    TEST(test_netif_is_removed),
    TEST_FLAGS(test_bound_address_changes, PACKET_ONCE),
    TEST(test_bound_address_goes_and_comes_back),
    TEST(test_chosen_address_follows),
#if LWIP_NETIF_LOOPBACK
    TEST_FLAGS(test_to_ourselves, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
