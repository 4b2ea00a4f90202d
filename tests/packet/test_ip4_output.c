/*
 * IPv4 output: header, source, options, loopback, headers of the caller's own, and fragments
 * (RFC 791, RFC 1122 3.2.1, 3.3.3; RFC 6864; security vector B3-58).
 * needs: ipv4
 */
#include "packet.h"
#include "base/fault.h"
#include "gossamer/netif_addr.h"
#include "lwip/inet.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/ip4_frag.h"

#define PROTO 253

static err_t send(const char *src, const char *dst, const void *data, size_t len)
{
  ip4_addr_t from = ip4_of(src), to = ip4_of(dst);
  return ip4_output(app_pbuf(data, len), &from, &to, 33, 0x28, PROTO);
}

PACKET_TEST(test_header)
{
  assert_int_equal(send("10.0.0.1", "10.0.0.2", "data", 4), ERR_OK);
  struct frame *f = check_ip4(tx(), "10.0.0.1", "10.0.0.2", PROTO);
  assert_int_equal(get8(f, 14), 0x45);
  assert_int_equal(get8(f, 15), 0x28);
  assert_int_equal(get16(f, 16), 24);
  assert_int_equal(get16(f, 18), 0); /* RFC 6864 4.1: atomic */
  assert_int_equal(get16(f, 20), IP_DF);
  assert_int_equal(get8(f, 22), 33);
  assert_memory_equal(f->data + 34, "data", 4);
}

#if LWIP_IPV4_NUM_ADDRESSES > 1
PACKET_TEST(test_source_is_the_nearest_of_our_addresses)
{
  ip4_addr_t addr = ip4_of("172.16.0.1"), mask = ip4_of("255.255.0.0");
  assert_int_equal(netif_add_ip4_address(&net.netif, &addr, &mask), ERR_OK);
  net.peer_answers_arp = true;
  tx_discard();
  assert_int_equal(send("0.0.0.0", "10.0.0.2", "x", 1), ERR_OK);
  check_ip4(tx(), "10.0.0.1", "10.0.0.2", PROTO);
  assert_int_equal(send("0.0.0.0", "172.16.255.255", "x", 1), ERR_OK);
  check_ip4(tx(), "172.16.0.1", "172.16.255.255", PROTO);
  assert_int_equal(send("0.0.0.0", "192.0.2.1", "x", 1), ERR_OK);
  check_ip4(tx(), "10.0.0.1", "192.0.2.1", PROTO);
}
#endif

/* DHCP sends from nowhere. */
PACKET_TEST(test_source_as_it_is)
{
  ip4_addr_t any = ip4_of("0.0.0.0"), to = ip4_of("255.255.255.255");
  assert_int_equal(ip4_output_if_src(app_pbuf("x", 1), &any, &to, 64, 0, PROTO, &net.netif),
                   ERR_OK);
  struct frame *f = check_ip4(tx(), "0.0.0.0", "255.255.255.255", PROTO);
  assert_int_equal(get16(f, 20), 0);
  check_eth(f, broadcast_mac, our_mac, ETHTYPE_IP);
}

PACKET_TEST(test_what_cannot_be_sent)
{
  ip4_addr_t us = ip4_of("10.0.0.1"), peer = ip4_of("10.0.0.2");
  assert_int_equal(send("10.0.0.1", "0.0.0.0", "x", 1), ERR_VAL);
  netif_set_default(NULL);
  assert_int_equal(send("10.0.0.1", "0.0.0.0", "x", 1) != ERR_OK, true);
  struct pbuf *p = app_pbuf("x", 1);
  netif_set_down(&net.netif);
  assert_int_equal(ip4_output_if(p, &us, &peer, 64, 0, PROTO, &net.netif), ERR_IF);
  assert_int_equal(ip4_output_if(p, &us, &peer, 64, 0, PROTO, NULL), ERR_IF);
  assert_int_equal(send("0.0.0.0", "192.0.2.1", "x", 1), ERR_RTE);
  expect_silence();
}

/* RFC 1122 3.2.1.3 (g) */
PACKET_TEST(test_loopback_addresses_stay_inside)
{
  ip4_addr_t us = ip4_of("10.0.0.1"), lo = ip4_of("127.0.0.1"), peer = ip4_of("10.0.0.2");
  app_udp(NULL, 7);
  ip4_output_if(app_pbuf("x", 1), &us, &lo, 64, 0, PROTO, &net.netif);
  assert_int_equal(ip4_output_if(app_pbuf("x", 1), &lo, &peer, 64, 0, PROTO, &net.netif), ERR_VAL);
  expect_silence();
}

#if LWIP_NETIF_LOOPBACK
PACKET_TEST(test_packets_to_ourselves)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t us = ip_of("10.0.0.1");
  assert_int_equal(udp_sendto(pcb, app_pbuf("self", 4), &us, 7), ERR_OK);
  expect_datagram("10.0.0.1", 7, "self", 4);
  expect_silence();
  expect_no_drop();
}
#endif

#if IP_OPTIONS_SEND
PACKET_TEST(test_options_are_padded)
{
  u8_t options[40];
  ip4_addr_t us = ip4_of("10.0.0.1"), peer = ip4_of("10.0.0.2");
  memset(options, 1, sizeof options);
  for (u16_t len = 0; len <= 40; len++) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, 64 + 60, PBUF_RAM);
    assert_non_null(p);
    app_own(p);
    memset(p->payload, 0x55, p->len);
    pbuf_remove_header(p, 120);
    assert_int_equal(ip4_output_if_opt(p, &us, &peer, 64, 0, PROTO, &net.netif, options, len),
                     ERR_OK);
    struct frame *f = check_ip4(tx(), "10.0.0.1", "10.0.0.2", PROTO);
    size_t padded_len = (len + 3u) / 4 * 4;
    assert_int_equal(ip4_payload_at(f), 34 + padded_len);
    assert_memory_equal(f->data + 34, options, len);
    for (size_t i = len; i < padded_len; i++) {
      assert_int_equal(get8(f, 34 + i), 0);
    }
  }
  assert_int_equal(
      ip4_output_if_opt(app_pbuf("x", 1), &us, &peer, 64, 0, PROTO, &net.netif, options, 41),
      ERR_VAL);
}
#endif

/** A packet with its header, as a raw socket with IP_HDRINCL brings it. */
static struct pbuf *own_packet(const char *dst, size_t len, u16_t frag)
{
  struct ip4_spec spec = ip4_spec_of("10.0.0.1", dst, PROTO);
  spec.frag = frag;
  struct frame f = ip4_opts(spec, pattern(len, 1), len);
  struct pbuf *p = pbuf_alloc(PBUF_RAW_TX, (u16_t)(f.len - 14), PBUF_RAM);
  app_own(p);
  assert_non_null(p);
  pbuf_take(p, f.data + 14, (u16_t)(f.len - 14));
  return p;
}

PACKET_TEST(test_headers_of_the_callers_own)
{
  assert_int_equal(ip4_output(own_packet("10.0.0.2", 40, 0), NULL, LWIP_IP_HDRINCL, 0, 0, 0),
                   ERR_OK);
  struct frame *f = check_ip4(tx(), "10.0.0.1", "10.0.0.2", PROTO);
  assert_int_equal(get16(f, 18), 0x4711);
  assert_int_equal(ip4_payload_len(f), 40);
  assert_int_equal(
      ip4_output_if(own_packet("10.0.0.2", 4, 0), NULL, LWIP_IP_HDRINCL, 0, 0, 0, &net.netif),
      ERR_OK);
  check_ip4(tx(), "10.0.0.1", "10.0.0.2", PROTO);
  assert_int_equal(ip4_output_if(app_pbuf("short", 5), NULL, LWIP_IP_HDRINCL, 0, 0, 0, &net.netif),
                   ERR_BUF);
  net.netif.mtu = 500;
  assert_int_equal(ip4_output(own_packet("10.0.0.2", 600, IP_DF), NULL, LWIP_IP_HDRINCL, 0, 0, 0),
                   ERR_IF);
  expect_silence();
  assert_int_equal(ip4_output(own_packet("10.0.0.2", 600, 0), NULL, LWIP_IP_HDRINCL, 0, 0, 0),
                   ERR_OK);
  assert_int_equal(get16(tx(), 20), IP_MF);
  assert_int_equal(get16(tx(), 20), 60);
}

/* B3-58 (CVE-2020-36516): identifications of one destination say nothing about another's */
PACKET_TEST(test_identifications)
{
  u16_t id[2][20];
  static const char *const dst[2] = {"10.0.0.255", "239.1.2.3"}; /* they go without DF */
  for (int i = 0; i < 20; i++) {
    for (int k = 0; k < 2; k++) {
      assert_int_equal(send("10.0.0.1", dst[k], "x", 1), ERR_OK);
      id[k][i] = get16(tx(), 18);
    }
  }
  int same_step = 0;
  for (int i = 1; i < 20; i++) {
    u16_t step[2] = {(u16_t)(id[0][i] - id[0][i - 1]), (u16_t)(id[1][i] - id[1][i - 1])};
    assert_in_range(step[0], 1, 16); /* no repetition soon: RFC 6864 5.2 */
    assert_in_range(step[1], 1, 16);
    same_step += step[0] == step[1];
  }
  assert_in_range(same_step, 0, 15);
  assert_int_not_equal(id[0][0], id[1][0]);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_header, PACKET_ONCE),
#if LWIP_IPV4_NUM_ADDRESSES > 1
    TEST_FLAGS(test_source_is_the_nearest_of_our_addresses, PACKET_ONCE),
#endif
    TEST_FLAGS(test_source_as_it_is, PACKET_ONCE),
    TEST_FLAGS(test_what_cannot_be_sent, PACKET_ONCE),
    TEST_FLAGS(test_loopback_addresses_stay_inside, PACKET_ONCE),
#if LWIP_NETIF_LOOPBACK
    TEST_FLAGS(test_packets_to_ourselves, PACKET_ONCE),
#endif
#if IP_OPTIONS_SEND
    TEST_FLAGS(test_options_are_padded, PACKET_ONCE), /* long */
#endif
    TEST_FLAGS(test_headers_of_the_callers_own, PACKET_ONCE),
    TEST_FLAGS(test_identifications, PACKET_ONCE),
};

PACKET_MAIN(tests)
