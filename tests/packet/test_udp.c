/**
 * @file
 * UDP datagrams: lengths and checksums in, headers out (RFC 768, RFC 1122 4.1, security.md B8).
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/inet_chksum.h"
#include "lwip/prot/ip4.h"

#define PEER "10.0.0.2"
#define US   "10.0.0.1"

static struct frame datagram(int len_field, int checksum, const void *data, size_t len)
{
  struct udp_spec spec = udp_spec_of(PEER, 4000, US, 7);
  spec.len = len_field;
  spec.checksum = checksum;
  return udp4_opts(spec, data, len);
}

static void test_receive(void)
{
  app_udp(NULL, 7);
  rx(datagram(-1, -1, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  expect_no_drop();
  expect_silence();
}

/* B8-131 */
static void test_empty_datagram_is_delivered(void)
{
  app_udp(NULL, 7);
  rx(datagram(-1, -1, "", 0));
  expect_datagram(PEER, 4000, "", 0);
  expect_no_drop();
}

/* B8-130 */
static void test_shorter_than_a_header(void)
{
  app_udp(NULL, 7);
  for (size_t len = 0; len < UDP_HLEN; len++) {
    rx(ip4(PEER, US, IP_PROTO_UDP, "\x0f\xa0\0\7\0\x08\0", len));
    expect_drop(DROP_UDP_SHORT);
  }
  expect_no_datagram();
}

/* B8-130 */
static void test_length_below_8(void)
{
  app_udp(NULL, 7);
  for (int len = 0; len < UDP_HLEN; len++) {
    rx(datagram(len, 0, "hello", 5));
    expect_drop(DROP_UDP_BAD_LENGTH);
  }
  expect_no_datagram();
}

/* B8-130 */
static void test_length_beyond_payload(void)
{
  app_udp(NULL, 7);
  rx(datagram(UDP_HLEN + 6, 0, "hello", 5));
  expect_drop(DROP_UDP_BAD_LENGTH);
  rx(datagram(0xFFFF, 0, "hello", 5));
  expect_drop(DROP_UDP_BAD_LENGTH);
  expect_no_datagram();
}

/* B8-130, gaps.md section 5: what stands behind the datagram is nobody's */
static void test_bytes_behind_the_datagram_are_cut(void)
{
  app_udp(NULL, 7);
  rx(datagram(UDP_HLEN + 3, 0, "heysecret", 9));
  expect_datagram(PEER, 4000, "hey", 3);
  rx(datagram(UDP_HLEN, 0, "secret", 6));
  expect_datagram(PEER, 4000, "", 0);
  expect_no_drop();
}

/* The checksum is over the UDP length, not the IP payload. */
static void test_checksum_of_a_cut_datagram(void)
{
  struct frame right = datagram(-1, -1, "hey", 3);
  app_udp(NULL, 7);
  rx(datagram(UDP_HLEN + 3, get16(&right, 40), "heysecret", 9));
  expect_datagram(PEER, 4000, "hey", 3);
}

static void test_wrong_checksum(void)
{
  app_udp(NULL, 7);
  rx(datagram(-1, 0x1234, "hello", 5));
  expect_drop(DROP_UDP_BAD_CHECKSUM);
  expect_no_datagram();
}

/* B8-133 */
static void test_no_checksum_is_fine_in_ip4(void)
{
  app_udp(NULL, 7);
  rx(datagram(-1, 0, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
}

static void test_every_bit_is_under_the_checksum(void)
{
  app_udp(NULL, 7);
  for (size_t bit = 0; bit < (UDP_HLEN + 5) * 8; bit++) {
    struct frame f = datagram(-1, -1, "hello", 5);
    f.data[34 + bit / 8] ^= (u8_t)(1U << (bit % 8));
    rx(f);
    expect_no_datagram();
  }
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF
static void test_checksums_left_to_the_netif(void)
{
  app_udp(NULL, 7);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, NETIF_CHECKSUM_ENABLE_ALL &
                                          ~(NETIF_CHECKSUM_CHECK_UDP | NETIF_CHECKSUM_GEN_UDP));
  rx(datagram(-1, 0x1234, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  ip_addr_t dst = ip_of(PEER);
  assert_int_equal(udp_sendto(udp_pcbs, app_pbuf("x", 1), &dst, 9), ERR_OK);
  assert_int_equal(get16(tx(), 40), 0);
}
#endif

static void test_destination_port_0(void)
{
  struct udp_spec spec = udp_spec_of(PEER, 4000, US, 0);
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  rx(udp4_opts(spec, "x", 1));
  expect_drop(DROP_UDP_BAD_PORT);
  expect_silence();
}

/* RFC 768: a source port of 0 means that no answer is wanted. */
static void test_source_port_0(void)
{
  app_udp(NULL, 7);
  rx(udp4_opts(udp_spec_of(PEER, 0, US, 7), "x", 1));
  expect_datagram(PEER, 0, "x", 1);
}

/* RFC 1122 4.1.3.1 */
static void test_nobody_listens(void)
{
  struct frame f = datagram(-1, -1, "hello", 5);
  rx(f);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PORT, &f);
  expect_drop(DROP_UDP_NO_PORT);
  expect_silence();
}

static void test_no_receive_callback(void)
{
  udp_recv(app_udp(NULL, 7), NULL, NULL);
  rx(datagram(-1, -1, "hello", 5));
  expect_drop(DROP_UDP_NO_RECEIVER);
  expect_silence();
}

static void test_send(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  pcb->ttl = 9;
  pcb->tos = 0x10;
  assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &dst, 4000), ERR_OK);
  struct frame *f = check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4000, "hello", 5);
  assert_int_equal(get8(f, 22), 9);
  assert_int_equal(get8(f, 15), 0x10);
  expect_silence();
}

static void test_send_empty_and_odd(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  for (size_t len = 0; len < 5; len++) {
    assert_int_equal(udp_sendto(pcb, app_pbuf("abcd", len), &dst, 4000), ERR_OK);
    check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4000, "abcd", len);
  }
}

/* B8-134: find data for which the sum is 0. */
static void test_checksum_0_is_sent_as_ffff(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  u8_t data[2] = {0, 0};
  assert_int_equal(udp_sendto(pcb, app_pbuf(data, 2), &dst, 4000), ERR_OK);
  u16_t sum = get16(tx(), 40);
  data[0] = (u8_t)(sum >> 8);
  data[1] = (u8_t)sum;
  assert_int_equal(udp_sendto(pcb, app_pbuf(data, 2), &dst, 4000), ERR_OK);
  assert_int_equal(get16(tx(), 40), 0xFFFF);
}

static void test_nochksum_flag(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  udp_set_flags(pcb, UDP_FLAGS_NOCHKSUM);
  assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &dst, 4000), ERR_OK);
  assert_int_equal(get16(tx(), 40), 0);
}

static void test_checksum_from_the_caller(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  for (size_t len = 1; len < 300; len += 37) {
    const u8_t *data = pattern(len, 1);
    u16_t sum = lwip_standard_chksum(data, (int)len);
    assert_int_equal(udp_sendto_chksum(pcb, app_pbuf(data, len), &dst, 4000, 1, sum), ERR_OK);
    check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4000, data, len);
  }
  assert_int_equal(udp_connect(pcb, &dst, 4001), ERR_OK);
  assert_int_equal(udp_send_chksum(pcb, app_pbuf("ab", 2), 1, lwip_standard_chksum("ab", 2)),
                   ERR_OK);
  check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4001, "ab", 2);
}

static void test_pbuf_is_as_before(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  struct pbuf *p = app_pbuf("hello", 5);
  const void *payload = p->payload;
  assert_int_equal(udp_sendto(pcb, app_pbuf("first", 5), &dst, 4000), ERR_OK); /* resolves ARP */
  assert_non_null(tx());
  for (int i = 0; i < 3; i++) {
    assert_int_equal(udp_sendto(pcb, p, &dst, 4000), ERR_OK);
    check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4000, "hello", 5);
    assert_ptr_equal(p->payload, payload);
    assert_int_equal(p->tot_len, 5);
    assert_int_equal(p->len, 5);
    assert_int_equal(p->ref, 1);
  }
}

/* Without headroom, and when somebody else holds the pbuf too, a pbuf is put in front. */
static void test_header_in_its_own_pbuf(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  static char text[] = "hello";
  struct pbuf *p = pbuf_alloc_reference(text, 5, PBUF_ROM);
  assert_non_null(p);
  app_own(p);
  assert_int_equal(udp_sendto(pcb, p, &dst, 4000), ERR_OK);
  check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4000, "hello", 5);
  assert_ptr_equal(p->payload, text);
  assert_int_equal(p->ref, 1);

  struct pbuf *shared = app_pbuf("world", 5);
  const void *payload = shared->payload;
  pbuf_ref(shared);
  app_own(shared);
  assert_int_equal(udp_sendto(pcb, shared, &dst, 4000), ERR_OK);
  check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4000, "world", 5);
  assert_ptr_equal(shared->payload, payload);
  assert_int_equal(shared->ref, 2);
}

static void test_longest(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  struct pbuf *p = app_pbuf(pattern(65508, 3), 65508);
  assert_int_equal(udp_sendto(pcb, p, &dst, 4000), ERR_VAL);
  expect_silence();
  pbuf_realloc(p, 65507);
  assert_int_equal(udp_sendto(pcb, p, &dst, 4000), ERR_OK);
  assert_non_null(tx()); /* the first fragment; the rest is test_ip4_frag's */
}

static void test_wrong_calls(void)
{
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  struct pbuf *p = app_pbuf("x", 1);
  ip_addr_t dst = ip_of(PEER);
  assert_int_equal(udp_sendto(NULL, p, &dst, 1), ERR_ARG);
  assert_int_equal(udp_sendto(pcb, NULL, &dst, 1), ERR_ARG);
  assert_int_equal(udp_sendto(pcb, p, NULL, 1), ERR_ARG);
  assert_int_equal(udp_sendto(pcb, p, &dst, 0), ERR_VAL);
  assert_int_equal(udp_sendto_if(pcb, p, &dst, 1, NULL), ERR_ARG);
  assert_int_equal(udp_sendto_if_src(pcb, p, &dst, 1, &net.netif, NULL), ERR_ARG);
  assert_int_not_equal(udp_send(pcb, p), ERR_OK); /* no peer */
  assert_int_equal(udp_send(NULL, p), ERR_ARG);
  assert_int_equal(udp_bind(NULL, NULL, 1), ERR_ARG);
  assert_int_equal(udp_connect(pcb, NULL, 1), ERR_ARG);
  assert_int_equal(udp_connect(NULL, &dst, 1), ERR_ARG);
  udp_disconnect(NULL);
  (udp_remove)(NULL);
  udp_recv(NULL, NULL, NULL);
  expect_silence();
}

static void test_no_route(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of("192.0.2.1");
  netif_set_default(NULL);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 4000), ERR_RTE);
  expect_silence();
}

static void test_driver_error_comes_back(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of("10.0.0.255");
  ip_set_option(pcb, SOF_BROADCAST);
  net.drops_tx = true;
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 4000), ERR_IF);
}

static void test_send_by_netif_and_source(void)
{
  struct packet_net *second = net_add_netif();
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of("10.0.1.2");
  ip_addr_t src = ip_of("10.0.0.1");
  assert_int_equal(udp_sendto_if(pcb, app_pbuf("a", 1), &dst, 9, &second->netif), ERR_OK);
  check_udp(check_ip4(tx_on(second), "10.0.1.1", "10.0.1.2", IP_PROTO_UDP), 7, 9, "a", 1);
  assert_int_equal(udp_sendto_if_src(pcb, app_pbuf("b", 1), &dst, 9, &second->netif, &src), ERR_OK);
  check_udp(check_ip4(tx_on(second), "10.0.0.1", "10.0.1.2", IP_PROTO_UDP), 7, 9, "b", 1);
  expect_silence();
}

/* The bound address is not one of the netif's. */
static void test_send_from_a_foreign_address(void)
{
  struct packet_net *second = net_add_netif();
  struct udp_pcb *pcb = app_udp("10.0.0.1", 7);
  ip_addr_t dst = ip_of("10.0.1.2");
  assert_int_equal(udp_sendto_if(pcb, app_pbuf("a", 1), &dst, 9, &second->netif), ERR_RTE);
  assert_null(tx_on(second));
}

#if LWIP_STATS && UDP_STATS
static void test_statistics(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  rx(datagram(-1, -1, "hello", 5));
  rx(datagram(-1, 0x1234, "hello", 5));
  rx(udp4(PEER, 1, US, 8, "x", 1));
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 9), ERR_OK);
  assert_int_equal(lwip_stats.udp.recv, 3);
  assert_int_equal(lwip_stats.udp.chkerr, 1);
  assert_int_equal(lwip_stats.udp.proterr, 1);
  assert_int_equal(lwip_stats.udp.drop, 2);
  assert_int_equal(lwip_stats.udp.xmit, 1);
#if MIB2_STATS
  assert_int_equal(lwip_stats.mib2.udpindatagrams, 1);
  assert_int_equal(lwip_stats.mib2.udpinerrors, 1);
  assert_int_equal(lwip_stats.mib2.udpnoports, 1);
  assert_int_equal(lwip_stats.mib2.udpoutdatagrams, 1);
#endif
}
#endif

/* B8-139: the callback closes its own pcb */
static void close_in_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                          u16_t port)
{
  (void)addr;
  (void)port;
  (*(int *)arg)++;
  pbuf_free(p);
  udp_remove(pcb);
}

static void test_close_in_callback(void)
{
  int calls = 0;
  udp_recv(app_udp(NULL, 7), close_in_recv, &calls);
  rx(datagram(-1, -1, "hello", 5));
  assert_int_equal(calls, 1);
  rx(datagram(-1, -1, "hello", 5));
  expect_drop(DROP_UDP_NO_PORT);
  assert_int_equal(calls, 1);
}

static void answer_in_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                           u16_t port)
{
  (void)arg;
  (void)udp_sendto(pcb, p, addr, port);
  pbuf_free(p);
}

/* What came in goes back out of the same pbuf. */
static void test_echo(void)
{
  udp_recv(app_udp(NULL, 7), answer_in_recv, NULL);
  rx(datagram(-1, -1, "hello", 5));
  check_udp(check_ip4(tx(), US, PEER, IP_PROTO_UDP), 7, 4000, "hello", 5);
  expect_silence();
}

/* A netif that is removed takes its number along: the next one with it is a stranger. */
static void test_netif_is_removed(void)
{
  struct packet_net *other = net_add_netif();
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  udp_bind_netif(pcb, &other->netif);
  netif_remove(&other->netif);
  assert_int_equal(pcb->netif_idx, NETIF_NO_INDEX);
  rx(datagram(-1, -1, "hello", 5)); /* it is not for everybody's ears now */
  expect_drop(DROP_UDP_NO_PORT);
  expect_no_datagram();
  tx_discard();
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 4000), ERR_RTE);
  expect_silence();
  udp_bind_netif(pcb, &net.netif);
  rx(datagram(-1, -1, "hello", 5));
  expect_datagram(PEER, 4000, "hello", 5);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 4000), ERR_OK);
  check_udp(tx(), 7, 4000, "x", 1);
}

#if LWIP_CHECKSUM_CTRL_PER_NETIF && IP_FRAG
/* Hardware does not see whole datagrams: those that go in fragments have our checksum. */
static void test_fragments_have_our_checksum(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  const u8_t *data = pattern(1600, 1);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, (u16_t)(NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_GEN_UDP));
  assert_int_equal(udp_sendto(pcb, app_pbuf(data, 1600), &dst, 4000), ERR_OK);
  struct frame whole = udp4(US, 7, PEER, 4000, data, 1600);
  assert_int_equal(get16(tx(), 40), get16(&whole, 40));
  tx_discard();
  assert_int_equal(udp_sendto(pcb, app_pbuf(data, 100), &dst, 4000), ERR_OK);
  assert_int_equal(get16(tx(), 40), 0);
}
#endif

static const struct packet_test tests[] = {
    TEST(test_netif_is_removed),
#if LWIP_CHECKSUM_CTRL_PER_NETIF && IP_FRAG
    TEST_FLAGS(test_fragments_have_our_checksum, PACKET_ONCE),
#endif
    TEST(test_receive),
    TEST(test_empty_datagram_is_delivered),
    TEST(test_shorter_than_a_header),
    TEST(test_length_below_8),
    TEST(test_length_beyond_payload),
    TEST(test_bytes_behind_the_datagram_are_cut),
    TEST(test_checksum_of_a_cut_datagram),
    TEST(test_wrong_checksum),
    TEST(test_no_checksum_is_fine_in_ip4),
    TEST(test_every_bit_is_under_the_checksum),
#if LWIP_CHECKSUM_CTRL_PER_NETIF
    TEST(test_checksums_left_to_the_netif),
#endif
    TEST(test_destination_port_0),
    TEST(test_source_port_0),
    TEST(test_nobody_listens),
    TEST(test_no_receive_callback),
    TEST(test_send),
    TEST(test_send_empty_and_odd),
    TEST(test_checksum_0_is_sent_as_ffff),
    TEST(test_nochksum_flag),
    TEST(test_checksum_from_the_caller),
    TEST(test_pbuf_is_as_before),
    TEST(test_header_in_its_own_pbuf),
    TEST(test_longest),
    TEST(test_wrong_calls),
    TEST(test_no_route),
    TEST(test_driver_error_comes_back),
    TEST(test_send_by_netif_and_source),
    TEST(test_send_from_a_foreign_address),
#if LWIP_STATS && UDP_STATS
    TEST(test_statistics),
#endif
    TEST(test_close_in_callback),
    TEST(test_echo),
};
PACKET_MAIN(tests)
