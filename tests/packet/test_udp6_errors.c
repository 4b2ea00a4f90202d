/**
 * @file
 * ICMPv6 errors about datagrams, in and out (RFC 4443 3.1, RFC 5927, B8-136).
 * needs: ipv6
 */
#include "packet.h"
#include "gossamer/pmtu.h"

#define PEER   "2001:db8::2"
#define US     "2001:db8::1"
#define ROUTER "fe80::fe"

/* --- out --- */

static void test_no_port(void)
{
  net6_up();
  struct frame f = udp6(PEER, 4000, US, 9, "hello", 5);
  rx(f);
  struct frame *error = check_icmp6_error(tx(), T6_UNREACHABLE, 4, &f);
  check_ip6(error, US, PEER, NH_ICMP6);
  expect_drop(DROP_UDP_NO_PORT);
  expect_silence();
}

/* RFC 4443 2.4 (e) */
static void test_no_error_about_these(void)
{
  net6_up();
  rx(udp6(PEER, 4000, "ff02::1", 9, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  rx(udp6("::", 4000, "ff02::1", 9, "x", 1));
  expect_drop(DROP_UDP_NO_PORT);
  struct udp6_spec spec = udp6_spec_of(PEER, 4000, US, 9);
  spec.checksum = 0x1234;
  rx(udp6_opts(spec, "x", 1));
  expect_drop(DROP_UDP_BAD_CHECKSUM);
  expect_silence();
}

/* --- in --- */

#if LWIP_UDP_ERRORS

static int errors;
static err_t last_error;

static void on_error(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)arg;
  (void)pcb;
  (void)e;
  errors++;
  last_error = err;
}

static void on_error_close(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  on_error(arg, pcb, err, e);
  udp_remove(pcb);
}

/* A pcb on port 7 that sent "hello" to peer:4000. */
static struct udp_pcb *sender(const char *peer, bool connect, struct frame *sent)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("::", 7);
  ip_addr_t dst = ip_of(peer);
  errors = 0;
  udp_err(pcb, on_error);
  if (connect) {
    assert_int_equal(udp_connect(pcb, &dst, 4000), ERR_OK);
    assert_int_equal(udp_send(pcb, app_pbuf("hello", 5)), ERR_OK);
  } else {
    assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &dst, 4000), ERR_OK);
  }
  struct frame *f = tx();
  check_udp(f, 7, 4000, "hello", 5);
  *sent = frame_copy(*f);
  return pcb;
}

static void test_kinds(void)
{
  static const struct {
    u8_t type, code;
    err_t err;
  } kinds[] = {
      {T6_UNREACHABLE, 0, ERR_RTE}, {T6_UNREACHABLE, 1, ERR_RTE},   {T6_UNREACHABLE, 2, ERR_RTE},
      {T6_UNREACHABLE, 3, ERR_RTE}, {T6_UNREACHABLE, 4, ERR_CONN},  {T6_UNREACHABLE, 5, ERR_RTE},
      {T6_UNREACHABLE, 6, ERR_RTE}, {T6_TIME_EXCEEDED, 0, ERR_RTE}, {T6_PARAMETER, 0, ERR_VAL},
      {T6_PARAMETER, 2, ERR_VAL},
  };
  struct frame sent;
  sender(PEER, true, &sent);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(kinds); i++) {
    errors = 0;
    rx(icmp6_error(PEER, US, kinds[i].type, kinds[i].code, 0, &sent, 0));
    assert_int_equal(errors, 1);
    assert_int_equal(last_error, kinds[i].err);
  }
  expect_no_drop();
  expect_silence();
}

/* To a link-local peer: the quoted addresses have no zone, the pcb's have. */
static void test_about_a_link_local_peer(void)
{
  struct frame sent;
  sender("fe80::2", false, &sent);
  rx(icmp6_error("fe80::2", "fe80::ff:fe00:1", T6_UNREACHABLE, 4, 0, &sent, 0));
  assert_int_equal(errors, 1);
  assert_int_equal(last_error, ERR_CONN);
  expect_no_drop();
}

/* B8-136 */
static void test_error_for_nobody(void)
{
  struct frame sent;
  struct udp_pcb *pcb = sender(PEER, true, &sent);
  udp_remove(pcb);
  rx(icmp6_error(PEER, US, T6_UNREACHABLE, 4, 0, &sent, 0));
  assert_int_equal(errors, 0);
  expect_drop(DROP_ICMP6_NOT_OURS);
  expect_silence();
}

/* B8-136: right local port, another destination, destination port or local port */
static void test_error_about_another_peer(void)
{
  static const size_t at[] = {IP6_PAYLOAD_AT + 3, IP6_AT + 39, IP6_PAYLOAD_AT + 1};
  struct frame sent;
  sender(PEER, true, &sent);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(at); i++) {
    struct frame forged = frame_copy(sent);
    forged.data[at[i]] ^= 4;
    rx(icmp6_error(PEER, US, T6_UNREACHABLE, 4, 0, &forged, 0));
    expect_drop(DROP_ICMP6_NOT_OURS);
  }
  assert_int_equal(errors, 0);
}

/* An unconnected pcb is told about the destination that it sent to last, and no other. */
static void test_unconnected(void)
{
  struct frame sent;
  struct udp_pcb *pcb = sender(PEER, false, &sent);
  rx(icmp6_error(PEER, US, T6_UNREACHABLE, 4, 0, &sent, 0));
  assert_int_equal(errors, 1);
  ip_addr_t other = ip_of("2001:db8::3");
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &other, 4000), ERR_OK);
  tx_discard();
  rx(icmp6_error(PEER, US, T6_UNREACHABLE, 4, 0, &sent, 0));
  assert_int_equal(errors, 1);
}

/* Behind extension headers the quote is found, too (RFC 8200 4.1). */
static void test_quote_with_extension_headers(void)
{
  struct frame sent;
  sender(PEER, true, &sent);
  struct ip6_spec spec = ip6_spec_of(US, PEER, NH_UDP);
  ip6_ext_add(&spec, NH_DEST, "\x01\x04\0\0\0\0", 6);
  struct frame with_options = ip6_opts(spec, sent.data + IP6_PAYLOAD_AT, sent.len - IP6_PAYLOAD_AT);
  rx(icmp6_error(PEER, US, T6_UNREACHABLE, 4, 0, &with_options, 0));
  assert_int_equal(errors, 1);
}

static void test_callback_closes_the_pcb(void)
{
  struct frame sent;
  struct udp_pcb *pcb = sender(PEER, true, &sent);
  udp_err(pcb, on_error_close);
  rx(icmp6_error(PEER, US, T6_UNREACHABLE, 4, 0, &sent, 0));
  assert_int_equal(errors, 1);
}

#if LWIP_PMTU_DISCOVERY
/* RFC 8201 4: the next datagrams fit, but below 1280 nothing is believed. */
static void test_packet_too_big(void)
{
  struct frame sent;
  struct udp_pcb *pcb = sender(PEER, true, &sent);
  ip_addr_t dst = ip_of(PEER);
  rx(icmp6_error(PEER, US, T6_TOO_BIG, 0, 1300, &sent, 0));
  assert_int_equal(errors, 1);
  assert_int_equal(last_error, ERR_VAL);
  assert_int_equal(pmtu_get(&dst, 1500), 1300);
#if LWIP_IPV6_FRAG
  assert_int_equal(udp_send(pcb, app_pbuf(pattern(1300, 1), 1300)), ERR_OK);
  assert_true(check_ip6(tx(), US, PEER, NH_FRAGMENT)->len <= 14 + 1300);
  check_ip6(tx(), US, PEER, NH_FRAGMENT);
  expect_silence();
#endif
  rx(icmp6_error(PEER, US, T6_TOO_BIG, 0, 600, &sent, 0));
  assert_true(pmtu_get(&dst, 1500) >= 1280);
  (void)pcb;
}
#endif

#endif /* LWIP_UDP_ERRORS */

static const struct packet_test tests[] = {
    TEST(test_no_port),
    TEST(test_no_error_about_these),
#if LWIP_UDP_ERRORS
    TEST(test_kinds),
    TEST(test_about_a_link_local_peer),
    TEST(test_error_for_nobody),
    TEST(test_error_about_another_peer),
    TEST(test_unconnected),
    TEST(test_quote_with_extension_headers),
    TEST(test_callback_closes_the_pcb),
#if LWIP_PMTU_DISCOVERY
    TEST(test_packet_too_big),
#endif
#endif
};

PACKET_MAIN(tests)
