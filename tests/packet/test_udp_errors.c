/**
 * @file
 * ICMP errors about datagrams: to the endpoint that sent them, and to nobody else (RFC 1122
 * 4.1.3.3, RFC 5927, B8-136).
 * needs: ipv4
 */
#include "packet.h"
#include "gossamer/pmtu.h"

#define PEER   "10.0.0.2"
#define US     "10.0.0.1"
#define ROUTER "10.0.0.254"

#if LWIP_UDP_ERRORS

static int errors;
static err_t last_error;

static void on_error(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)arg;
  (void)pcb;
  assert_non_null(e);
  errors++;
  last_error = err;
}

static void on_error_close(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  on_error(arg, pcb, err, e);
  udp_remove(pcb);
}

/* A pcb on port 7 that sent "hello" to PEER:4000. */
static struct udp_pcb *sender(bool connect, struct frame *sent)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t dst = ip_of(PEER);
  errors = 0;
  udp_err(pcb, on_error);
  if (connect) {
    assert_int_equal(udp_connect(pcb, &dst, 4000), ERR_OK);
    assert_int_equal(udp_send(pcb, app_pbuf("hello", 5)), ERR_OK);
  } else {
    assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &dst, 4000), ERR_OK);
  }
  *sent = frame_copy(*check_ip4(tx(), US, PEER, IP_PROTO_UDP));
  return pcb;
}

static void test_port_unreachable(void)
{
  struct frame sent;
  sender(true, &sent);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 1);
  assert_int_equal(last_error, ERR_CONN);
  expect_no_drop();
  expect_silence();
}

static void test_kinds(void)
{
  static const struct {
    u8_t type, code;
    err_t err;
  } kinds[] = {
      {ICMP_DUR, ICMP_DUR_NET, ERR_RTE},
      {ICMP_DUR, ICMP_DUR_HOST, ERR_RTE},
      {ICMP_DUR, ICMP_DUR_PROTO, ERR_CONN},
      {ICMP_DUR, ICMP_DUR_PORT, ERR_CONN},
      {ICMP_DUR, ICMP_DUR_SR, ERR_RTE},
      {ICMP_DUR, 13, ERR_RTE},
      {ICMP_TE, 0, ERR_RTE},
      {ICMP_PP, 0, ERR_VAL},
  };
  struct frame sent;
  sender(true, &sent);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(kinds); i++) {
    errors = 0;
    rx(icmp4_error(ROUTER, US, kinds[i].type, kinds[i].code, 0, &sent, 0));
    assert_int_equal(errors, 1);
    assert_int_equal(last_error, kinds[i].err);
  }
}

/* B8-136: an error about a datagram that nobody sent. */
static void test_error_for_nobody(void)
{
  struct frame sent;
  struct udp_pcb *pcb = sender(true, &sent);
  udp_remove(pcb);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 0);
  expect_drop(DROP_ICMP_NOT_OURS);
}

/* B8-136: right local port, another destination or destination port. */
static void test_error_about_another_peer(void)
{
  struct frame sent;
  sender(true, &sent);
  struct frame forged = frame_copy(sent);
  put16(&forged, 36, 4001);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &forged, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  forged = frame_copy(sent);
  put8(&forged, 33, 3);
  ip4_fix_checksum(&forged);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &forged, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  forged = frame_copy(sent);
  put16(&forged, 34, 8);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &forged, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  assert_int_equal(errors, 0);
}

/* An unconnected pcb is told about the destination that it sent to last. */
static void test_unconnected(void)
{
  struct frame sent;
  struct udp_pcb *pcb = sender(false, &sent);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 1);
  ip_addr_t other = ip_of("10.0.0.3");
  assert_int_equal(udp_sendto(pcb, app_pbuf("hello", 5), &other, 4000), ERR_OK);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 1);
  expect_no_drop();
}

static void test_no_callback(void)
{
  struct frame sent;
  udp_err(sender(true, &sent), NULL);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 0);
  expect_no_drop();
}

static void test_callback_closes(void)
{
  struct frame sent;
  udp_err(sender(true, &sent), on_error_close);
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 1);
  ignore_drops();
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PORT, 0, &sent, 0));
  assert_int_equal(errors, 1);
  expect_drop(DROP_ICMP_NOT_OURS);
}

#if LWIP_PMTU_DISCOVERY
/* RFC 1191: believed for what a pcb may have sent, not otherwise. */
static void test_too_big(void)
{
  struct frame sent;
  ip_addr_t peer = ip_of(PEER);
  struct udp_pcb *pcb = sender(true, &sent);
  struct frame forged = frame_copy(sent);
  put16(&forged, 34, 8);
  rx(icmp4_error(ROUTER, US, ICMP_DUR, ICMP_DUR_FRAG, 1000, &forged, 0));
  assert_int_equal(pmtu_get(&peer, 1500), 1500);
  assert_int_equal(errors, 0);
  rx(icmp4_error(ROUTER, US, ICMP_DUR, ICMP_DUR_FRAG, 1000, &sent, 0));
  assert_int_equal(pmtu_get(&peer, 1500), 1000);
  assert_int_equal(errors, 1);
  assert_int_equal(last_error, ERR_VAL);
  udp_remove(pcb);
}
#endif

static const struct packet_test tests[] = {
    TEST(test_port_unreachable), TEST(test_kinds),
    TEST(test_error_for_nobody), TEST(test_error_about_another_peer),
    TEST(test_unconnected),      TEST(test_no_callback),
    TEST(test_callback_closes),
#if LWIP_PMTU_DISCOVERY
    TEST(test_too_big),
#endif
};

#else

static void test_errors_are_off(void)
{
  udp_err(app_udp(NULL, 7), NULL);
  rx(udp4(PEER, 1, US, 7, "x", 1));
  expect_datagram(PEER, 1, "x", 1);
}

static const struct packet_test tests[] = {TEST(test_errors_are_off)};

#endif /* LWIP_UDP_ERRORS */

PACKET_MAIN(tests)
