/*
 * ICMP errors, sent and received (RFC 792, RFC 1122 3.2.2, RFC 1812 4.3.2, RFC 1191, RFC 5927;
 * security vectors B5-91, 94, 96, 98; features 106, 107, 111, 112).
 * needs: ipv4
 */
#include "packet.h"
#include "base/registry.h"
#include "gossamer/pmtu.h"
#include "gossamer/udp_err.h"
#include "ip/v4/icmp4.h"

#define IP_AT   14
#define ICMP_AT 34

/* --- sent --- */

PACKET_TEST(test_port_unreachable)
{
  struct frame datagram = udp4("10.0.0.2", 1234, "10.0.0.1", 9, "x", 1);
  rx(datagram);
  struct frame *f = check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_ICMP);
  check_icmp_error(f, ICMP_DUR, ICMP_DUR_PORT, &datagram);
  assert_int_equal(get16(f, 16), 20 + 8 + 20 + 8 + 1); /* all there was, and nothing else */
  assert_int_equal(get8(f, 15), 0xc0);                 /* RFC 1812 4.3.2.5 */
  assert_int_equal(get32(f, ICMP_AT + 4), 0);
  expect_drop(DROP_UDP_NO_PORT);
  expect_silence();
}

/* RFC 1812 4.3.2.3: as much as fits 576 bytes. */
PACKET_TEST(test_quote_is_cut_at_576_bytes)
{
  static const size_t sizes[] = {519, 520, 521, 1472};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    struct frame datagram = udp4("10.0.0.2", 1, "10.0.0.1", 9, pattern(sizes[i], 1), sizes[i]);
    rx(datagram);
    struct frame *f = check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PORT, &datagram);
    assert_int_equal(get16(f, 16), LWIP_MIN(sizes[i] + 56, 576));
  }
  ignore_drops();
}

PACKET_TEST(test_quote_has_ip_options)
{
  static const u8_t nops[8] = {1, 1, 1, 1, 1, 1, 1, 0};
  struct udp_spec spec = udp_spec_of("10.0.0.2", 1, "10.0.0.1", 9);
  spec.ip.options = nops;
  spec.ip.options_len = sizeof nops;
  struct frame datagram = udp4_opts(spec, "abc", 3);
  rx(datagram);
  if (IP_OPTIONS_ALLOWED) {
    check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PORT, &datagram);
  }
  expect_silence();
  ignore_drops();
}

PACKET_TEST(test_protocol_unreachable)
{
  struct frame packet = ip4("10.0.0.2", "10.0.0.1", 200, "abcdefgh", 8);
  rx(packet);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PROTO, &packet);
  expect_drop(DROP_IP4_NO_PROTO);
}

/* RFC 1122 3.2.2: never about broadcasts, groups, broadcast frames, and addresses of no host. */
PACKET_TEST(test_no_error_about_groups)
{
  rx(udp4("10.0.0.2", 1, "255.255.255.255", 9, "x", 1));
  rx(udp4("10.0.0.2", 1, "10.0.0.255", 9, "x", 1));
  rx(udp4("10.0.0.2", 1, "224.0.0.1", 9, "x", 1));
  rx(ip4("10.0.0.2", "255.255.255.255", 200, "x", 1));
  rx(ip4("0.0.0.0", "255.255.255.255", 200, "x", 1));
  struct frame smuggled = udp4("10.0.0.2", 1, "10.0.0.1", 9, "x", 1);
  memcpy(smuggled.data, broadcast_mac, 6);
  rx(smuggled);
  rx(udp4("127.0.0.1", 1, "10.0.0.1", 9, "x", 1));
  rx(udp4("240.0.0.1", 1, "10.0.0.1", 9, "x", 1));
  rx(udp4("224.0.0.9", 1, "10.0.0.1", 9, "x", 1));
  rx(udp4("10.0.0.255", 1, "10.0.0.1", 9, "x", 1));
  expect_silence();
  ignore_drops();
}

#if IP_FORWARD
/** An IPv4 packet that we should forward to 10.0.1.5, and cannot for its TTL of 1. */
static struct frame expiring(u8_t proto, u16_t frag, const void *payload, size_t len)
{
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.5", proto);
  spec.eth_dst = our_mac;
  spec.ttl = 1;
  spec.frag = frag;
  return ip4_opts(spec, payload, len);
}

PACKET_TEST(test_time_exceeded)
{
  net_add_netif();
  struct frame packet = expiring(IP_PROTO_UDP, 0, "12345678", 8);
  rx(packet);
  check_icmp_error(check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_ICMP), ICMP_TE, ICMP_TE_TTL,
                   &packet);
  expect_drop(DROP_IP4_FWD_TTL);
}

/* B5-98: never about an error, nor about ICMP that might be one; about queries it is. */
PACKET_TEST(test_no_error_about_errors)
{
  static const u8_t silent[] = {ICMP_DUR, ICMP_SQ, ICMP_RD, ICMP_TE, ICMP_PP, 1, 41, 255};
  static const u8_t queries[] = {ICMP_ECHO, ICMP_ER, ICMP_TS, ICMP_AM};
  net_add_netif();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(silent); i++) {
    u8_t message[40] = {silent[i]};
    rx(expiring(IP_PROTO_ICMP, 0, message, sizeof message));
    expect_drop(DROP_IP4_FWD_TTL);
    expect_silence();
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(queries); i++) {
    u8_t message[40] = {queries[i]};
    struct frame packet = expiring(IP_PROTO_ICMP, 0, message, sizeof message);
    rx(packet);
    check_icmp_error(tx(), ICMP_TE, ICMP_TE_TTL, &packet);
    expect_drop(DROP_IP4_FWD_TTL);
  }
}

PACKET_TEST(test_no_error_about_empty_icmp)
{
  net_add_netif();
  rx_exact(expiring(IP_PROTO_ICMP, 0, "", 0));
  expect_drop(DROP_IP4_FWD_TTL);
  expect_silence();
}

PACKET_TEST(test_no_error_about_later_fragments)
{
  net_add_netif();
  rx(expiring(IP_PROTO_UDP, 1, "12345678", 8));
  expect_drop(DROP_IP4_FWD_TTL);
  expect_silence();
  struct frame first = expiring(IP_PROTO_UDP, IP_MF, "12345678", 8);
  rx(first);
  check_icmp_error(tx(), ICMP_TE, ICMP_TE_TTL, &first);
  expect_drop(DROP_IP4_FWD_TTL);
}

/* RFC 1191 4: the next hop's MTU is told. */
PACKET_TEST(test_fragmentation_needed)
{
  struct packet_net *narrow = net_add_netif();
  narrow->netif.mtu = 1000;
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.5", IP_PROTO_UDP);
  spec.eth_dst = our_mac;
  spec.frag = IP_DF;
  struct frame packet = ip4_opts(spec, pattern(1200, 1), 1200);
  rx(packet);
  struct frame *f = check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_FRAG, &packet);
  assert_int_equal(get32(f, ICMP_AT + 4), 1000);
  expect_drop(DROP_IP4_FWD_TOO_BIG);
}
#endif /* IP_FORWARD */

/* From within a callback, with the payload where the callback finds it: at the datagram's data. */

static void complain_host(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                          u16_t port)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  switch (port) {
  case 1:
    icmp_dest_unreach(p, ICMP_DUR_HOST);
    break;
  case 2:
    icmp_time_exceeded(p, ICMP_TE_FRAG);
    break;
  case 3:
    icmp4_send_param_problem(p, ip_current(), 9);
    break;
  case 4:
    icmp_port_unreach(0, p);
    break;
  default:
    icmp4_send_unreachable(p, ip_current(), ICMP4_UNREACH_PROHIBITED, 0);
    break;
  }
  pbuf_free(p);
}

PACKET_TEST(test_errors_from_callbacks)
{
  static const u8_t want[][2] = {{ICMP_DUR, ICMP_DUR_HOST},
                                 {ICMP_TE, ICMP_TE_FRAG},
                                 {ICMP_PP, 0},
                                 {ICMP_DUR, ICMP_DUR_PORT},
                                 {ICMP_DUR, ICMP4_UNREACH_PROHIBITED}};
  struct udp_pcb *pcb = app_udp(NULL, 7);
  udp_recv(pcb, complain_host, NULL);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(want); i++) {
    struct frame datagram = udp4("10.0.0.2", (u16_t)(i + 1), "10.0.0.1", 7, pattern(40, i), 40);
    rx(datagram);
    struct frame *f = check_icmp_error(tx(), want[i][0], want[i][1], &datagram);
    assert_int_equal(get16(f, 16), 20 + 8 + 20 + 8 + 40);
    assert_int_equal(get32(f, ICMP_AT + 4), want[i][0] == ICMP_PP ? 9U << 24 : 0);
  }
  expect_no_drop();
}

/* lwIP's calls outside of input processing have nothing to be about. */
PACKET_TEST(test_no_error_outside_of_input)
{
  icmp_dest_unreach(app_pbuf("abc", 3), ICMP_DUR_HOST);
  icmp_time_exceeded(app_pbuf("abc", 3), ICMP_TE_TTL);
  expect_silence();
  expect_no_drop();
}

/* --- received --- */

PACKET_TEST(test_codes_that_do_not_exist)
{
  struct frame sent = udp4("10.0.0.1", 5000, "10.0.0.9", 6000, "x", 1);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 16, 0, &sent, 0));
  expect_drop(DROP_ICMP_BAD_CODE);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_TE, 2, 0, &sent, 0));
  expect_drop(DROP_ICMP_BAD_CODE);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_PP, 3, 0, &sent, 0));
  expect_drop(DROP_ICMP_BAD_CODE);
}

/* Too little, or no IPv4 header, is quoted. */
PACKET_TEST(test_bad_quotes)
{
  struct frame sent = udp4("10.0.0.1", 5000, "10.0.0.9", 6000, pattern(100, 1), 100);
  for (size_t len = 1; len < 28; len++) {
    rx_exact(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 3, 0, &sent, len));
    expect_drop(DROP_ICMP_BAD_QUOTE);
  }
  static const struct {
    u8_t at;
    u16_t value;
  } spoilt[] = {
      {0, 0x6500},       /* version 6 */
      {0, 0x4400},       /* header of 16 bytes */
      {0, 0x4f00},       /* header of 60 bytes: too little follows */
      {2, 27},           /* total length without 8 bytes of data */
      {6, 1},            /* a later fragment */
      {6, 0x2000 | 185}, /* ... */
  };
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(spoilt); i++) {
    struct frame quoted = frame_copy(sent);
    put16(&quoted, IP_AT + (size_t)spoilt[i].at, spoilt[i].value);
    rx_exact(icmp4("10.0.0.77", "10.0.0.1", ICMP_DUR, 3, 0, quoted.data + IP_AT, 40));
    expect_drop(DROP_ICMP_BAD_QUOTE);
  }
}

/* B5-91: about packets of others, or of nobody, or sent to all. */
PACKET_TEST(test_errors_about_nobodys_packets)
{
  struct frame ours = udp4("10.0.0.1", 5001, "10.0.0.9", 6000, "x", 1);
  struct frame other = udp4("10.0.0.3", 5000, "10.0.0.9", 6000, "x", 1);
  struct frame unknown = ip4("10.0.0.1", "10.0.0.9", 200, "abcdefgh", 8);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 3, 0, &ours, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 3, 0, &other, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 2, 0, &unknown, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  rx(icmp4_error("10.0.0.77", "10.0.0.255", ICMP_DUR, 3, 0, &ours, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  expect_silence();
}

#if LWIP_UDP_ERRORS

/** What the pcb heard last. */
static struct heard {
  unsigned count;
  enum ip_error_kind kind;
  u8_t type, code;
  u16_t mtu, l4_len;
  char from[16], dst[16];
} heard;

static void hear(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  heard.count++;
  heard.kind = e->kind;
  heard.type = e->type;
  heard.code = e->code;
  heard.mtu = e->mtu;
  heard.l4_len = e->l4_len;
  ipaddr_ntoa_r(e->from, heard.from, sizeof heard.from);
  ipaddr_ntoa_r(e->dst, heard.dst, sizeof heard.dst);
}

/** A pcb at port 5000 that has sent `len` bytes to 10.0.0.9:6000, and the frame. */
static struct frame *sent_datagram(size_t len)
{
  ip_addr_t to = ip_of("10.0.0.9");
  struct udp_pcb *pcb = app_udp(NULL, 5000);
  memset(&heard, 0, sizeof heard);
  udp_err(pcb, hear);
  assert_int_equal(udp_connect(pcb, &to, 6000), ERR_OK);
  assert_int_equal(udp_send(pcb, app_pbuf(pattern(len, 1), len)), ERR_OK);
  return check_udp(tx(), 5000, 6000, NULL, len);
}

/* Every code reaches the sender's pcb, normalised. */
PACKET_TEST(test_errors_reach_the_sender)
{
  static const struct {
    u8_t type, code, kind;
  } cases[] = {
      {ICMP_DUR, 0, IP_ERROR_NET_UNREACH},   {ICMP_DUR, 1, IP_ERROR_HOST_UNREACH},
      {ICMP_DUR, 2, IP_ERROR_PROTO_UNREACH}, {ICMP_DUR, 3, IP_ERROR_PORT_UNREACH},
      {ICMP_DUR, 4, IP_ERROR_TOO_BIG},       {ICMP_DUR, 5, IP_ERROR_SOURCE_ROUTE},
      {ICMP_DUR, 6, IP_ERROR_NET_UNREACH},   {ICMP_DUR, 7, IP_ERROR_HOST_UNREACH},
      {ICMP_DUR, 8, IP_ERROR_HOST_UNREACH},  {ICMP_DUR, 9, IP_ERROR_PROHIBITED},
      {ICMP_DUR, 10, IP_ERROR_PROHIBITED},   {ICMP_DUR, 11, IP_ERROR_NET_UNREACH},
      {ICMP_DUR, 12, IP_ERROR_HOST_UNREACH}, {ICMP_DUR, 13, IP_ERROR_PROHIBITED},
      {ICMP_DUR, 14, IP_ERROR_PROHIBITED},   {ICMP_DUR, 15, IP_ERROR_PROHIBITED},
      {ICMP_TE, 0, IP_ERROR_TIME_EXCEEDED},  {ICMP_TE, 1, IP_ERROR_REASSEMBLY},
      {ICMP_PP, 0, IP_ERROR_PARAM_PROBLEM},  {ICMP_PP, 1, IP_ERROR_PARAM_PROBLEM},
      {ICMP_PP, 2, IP_ERROR_PARAM_PROBLEM},
  };
  struct frame *sent = sent_datagram(100);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    rx(icmp4_error("10.0.0.77", "10.0.0.1", cases[i].type, cases[i].code, 1400, sent, 0));
    assert_int_equal(heard.count, i + 1);
    assert_int_equal(heard.kind, cases[i].kind);
    assert_int_equal(heard.type, cases[i].type);
    assert_int_equal(heard.code, cases[i].code);
    assert_int_equal(heard.mtu, cases[i].kind == IP_ERROR_TOO_BIG ? 1400 : 0);
    assert_int_equal(heard.l4_len, 8);
    assert_string_equal(heard.from, "10.0.0.77");
    assert_string_equal(heard.dst, "10.0.0.9");
  }
  expect_no_drop();
  expect_silence();
}

/* B5-91: about packets of others, of nobody, or sent to all. */
PACKET_TEST(test_errors_that_are_not_ours)
{
  struct frame *sent = sent_datagram(100);
  struct frame other = udp4("10.0.0.3", 5000, "10.0.0.9", 6000, "x", 1);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 3, 0, &other, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  other = udp4("10.0.0.1", 5001, "10.0.0.9", 6000, "x", 1); /* no such port here */
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 3, 0, &other, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  other = udp4("10.0.0.1", 5000, "10.0.0.9", 6001, "x", 1); /* not whom we are connected with */
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 3, 0, &other, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  other = ip4("10.0.0.1", "10.0.0.9", 200, "abcdefgh", 8); /* no such protocol */
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, 2, 0, &other, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  rx(icmp4_error("10.0.0.77", "10.0.0.255", ICMP_DUR, 3, 0, sent, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  rx(icmp4_error("10.0.0.77", "224.0.0.1", ICMP_DUR, 3, 0, sent, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  assert_int_equal(heard.count, 0);
}

#if LWIP_PMTU_DISCOVERY
static u16_t pmtu_to(const char *dst)
{
  ip_addr_t addr = ip_of(dst);
  return pmtu_get(&addr, 1500);
}

/* B5-94: MTUs that are nonsense, tiny, or larger than today's; it never grows, nor below 576. */
PACKET_TEST(test_path_mtu_is_bounded)
{
  static const struct {
    u16_t told, is;
  } steps[] = {{1400, 1400}, {9000, 1400}, {1400, 1400}, {1000, 1000}, {1400, 1000},
               {577, 577},   {576, 576},   {575, 576},   {68, 576},    {67, 576},
               {1, 576},     {0, 576},     {1500, 576}};
  struct frame *sent = sent_datagram(1400);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(steps); i++) {
    rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, ICMP_DUR_FRAG, steps[i].told, sent, 0));
    assert_int_equal(pmtu_to("10.0.0.9"), steps[i].is);
    assert_in_range(heard.mtu, 576, 9000);
  }
  expect_no_drop();
}

/* RFC 1191 5, 7.1: a router that tells no MTU; the plateau below 1428 bytes is 1006. */
PACKET_TEST(test_path_mtu_of_old_routers)
{
  struct frame *sent = sent_datagram(1400);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, ICMP_DUR_FRAG, 0, sent, 0));
  assert_int_equal(heard.mtu, 1006);
  assert_int_equal(pmtu_to("10.0.0.9"), 1006);
}

/* B5-94: destinations that we never sent to, and datagrams of nobody, change nothing. */
PACKET_TEST(test_path_mtu_of_strangers_is_not_believed)
{
  sent_datagram(1400);
  struct frame other = udp4("10.0.0.1", 5000, "10.0.0.10", 6000, pattern(1400, 1), 1400);
  rx(icmp4_error("10.0.0.77", "10.0.0.1", ICMP_DUR, ICMP_DUR_FRAG, 600, &other, 0));
  expect_drop(DROP_ICMP_NOT_OURS);
  assert_int_equal(pmtu_to("10.0.0.10"), 1500);
  assert_int_equal(pmtu_to("10.0.0.9"), 1500);
}
#endif /* LWIP_PMTU_DISCOVERY */
#endif /* LWIP_UDP_ERRORS */

static const struct packet_test tests[] = {
    TEST(test_port_unreachable),
    TEST(test_quote_is_cut_at_576_bytes),
    TEST(test_quote_has_ip_options),
    TEST(test_protocol_unreachable),
    TEST(test_no_error_about_groups),
#if IP_FORWARD
    TEST(test_time_exceeded),
    TEST(test_no_error_about_errors),
    TEST(test_no_error_about_empty_icmp),
    TEST(test_no_error_about_later_fragments),
    TEST(test_fragmentation_needed),
#endif
    TEST(test_errors_from_callbacks),
    TEST(test_no_error_outside_of_input),
    TEST(test_codes_that_do_not_exist),
    TEST(test_bad_quotes),
    TEST(test_errors_about_nobodys_packets),
#if LWIP_UDP_ERRORS
    TEST(test_errors_reach_the_sender),
    TEST(test_errors_that_are_not_ours),
#if LWIP_PMTU_DISCOVERY
    TEST(test_path_mtu_is_bounded),
    TEST(test_path_mtu_of_old_routers),
    TEST(test_path_mtu_of_strangers_is_not_believed),
#endif
#endif
};

PACKET_MAIN(tests)
