/*
 * ICMPv6 errors, sent and received (RFC 4443 2.4, 3; security vectors B4-69, 83, B5-91, 98).
 * needs: ipv6
 */
#include "packet.h"
#include "lwip/icmp6.h"
#include "base/registry.h"
#include "gossamer/udp_err.h"
#include "ip/v6/icmp6.h"

#define US   "2001:db8::1"
#define PEER "2001:db8::2"
#define FAR  "2001:db8::77" /* who complains */

#define ICMP_AT 54

/* --- sent --- */

PACKET_TEST(test_port_unreachable)
{
  net6_up();
  struct frame datagram = udp6(PEER, 1234, US, 9, "x", 1);
  rx(datagram);
  struct frame *f = check_ip6(tx(), US, PEER, NH_ICMP6);
  check_icmp6_error(f, T6_UNREACHABLE, ICMP6_DUR_PORT, &datagram);
  assert_int_equal(get16(f, 18), 8 + 40 + 8 + 1); /* all there was, and nothing else */
  assert_int_equal(get32(f, ICMP_AT + 4), 0);
  check_hop_limit(f, LWIP_ICMP6_HL);
  expect_drop(DROP_UDP_NO_PORT);
  expect_silence();
}

/* RFC 4443 2.4 (c): as much as fits 1280 bytes. */
PACKET_TEST(test_quote_is_cut_at_1280_bytes)
{
  static const size_t sizes[] = {1183, 1184, 1185, 1452};
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    struct frame datagram = udp6(PEER, 1, US, 9, pattern(sizes[i], 1), sizes[i]);
    rx(datagram);
    struct frame *f = check_icmp6_error(tx(), T6_UNREACHABLE, ICMP6_DUR_PORT, &datagram);
    assert_int_equal(get16(f, 18), LWIP_MIN(sizes[i] + 56, 1240));
  }
  ignore_drops();
}

PACKET_TEST(test_quote_has_extension_headers)
{
  net6_up();
  struct udp6_spec spec = udp6_spec_of(PEER, 1, US, 9);
  ip6_ext_add(&spec.ip, NH_DEST, "", 0);
  ip6_ext_add(&spec.ip, NH_DEST, pattern(20, 1), 0);
  struct frame datagram = udp6_opts(spec, "abc", 3);
  rx(datagram);
  check_icmp6_error(tx(), T6_UNREACHABLE, ICMP6_DUR_PORT, &datagram);
  expect_silence();
  ignore_drops();
}

/* B4-83: the pointer is at the next header field that names it. */
PACKET_TEST(test_protocol_unreachable)
{
  net6_up();
  struct frame packet = ip6(PEER, US, 200, "abcdefgh", 8);
  rx(packet);
  struct frame *f = check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_HEADER, &packet);
  assert_int_equal(get32(f, ICMP_AT + 4), 6);
  expect_drop(DROP_IP6_NO_PROTO);
  struct ip6_spec spec = ip6_spec_of(PEER, US, 200);
  ip6_ext_add(&spec, NH_DEST, "", 0);
  packet = ip6_opts(spec, "abcdefgh", 8);
  rx(packet);
  f = check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_HEADER, &packet);
  assert_int_equal(get32(f, ICMP_AT + 4), 40);
  expect_drop(DROP_IP6_NO_PROTO);
}

/* 2.4 (e.3) to (e.6), B4-83: never about groups, frames to groups, and addresses of no host. */
PACKET_TEST(test_no_error_about_groups)
{
  net6_up();
  rx(udp6("fe80::2", 1, "ff02::1", 9, "x", 1));
  rx(ip6("fe80::2", "ff02::1", 200, "x", 1));
  rx(udp6("::", 1, "ff02::1", 9, "x", 1));
  rx(udp6("::", 1, US, 9, "x", 1));
  rx(udp6("::1", 1, US, 9, "x", 1));
  rx(udp6("ff02::1", 1, US, 9, "x", 1));
  struct frame smuggled = udp6(PEER, 1, US, 9, "x", 1);
  memcpy(smuggled.data, broadcast_mac, 6);
  rx(smuggled);
  put8(&smuggled, 0, 0x33);
  rx(smuggled);
  expect_silence();
  ignore_drops();
}

/** A packet with an option that must be complained about (action 10), even to groups. */
static struct frame option_packet(const char *dst, u8_t nexth, const void *payload, size_t len)
{
  static const u8_t option[] = {0x9e, 4, 1, 2, 3, 4};
  struct ip6_spec spec = ip6_spec_of("fe80::2", dst, nexth);
  ip6_ext_add(&spec, NH_DEST, option, sizeof option);
  return ip6_opts(spec, payload, len);
}

/* 2.4 (e.3): but an option of which the sender wants to know, and with an address of ours. */
PACKET_TEST(test_error_about_an_option_to_a_group)
{
  net6_up();
  struct frame packet = option_packet("ff02::1", NH_UDP, pattern(20, 1), 20);
  rx(packet);
  struct frame *f = check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6);
  check_icmp6_error(f, T6_PARAMETER, ICMP6_PP_OPTION, &packet);
  assert_int_equal(get32(f, ICMP_AT + 4), 42);
  ignore_drops();
}

/* 2.4 (e.1), (e.2), B5-98: never about errors, of unknown types too, redirects, and ICMPv6 whose
   type is cut off; about what informs it is. */
PACKET_TEST(test_no_error_about_errors)
{
  static const u8_t silent[] = {1, 2, 3, 4, 5, 100, 101, 127, T6_REDIRECT};
  static const u8_t answered[] = {T6_ECHO_REQUEST, T6_ECHO_REPLY, T6_NS, 200, 255};
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(silent); i++) {
    u8_t message[48] = {silent[i]};
    rx(option_packet("fe80::ff:fe00:1", NH_ICMP6, message, sizeof message));
    expect_silence();
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(answered); i++) {
    u8_t message[48] = {answered[i]};
    struct frame packet = option_packet("fe80::ff:fe00:1", NH_ICMP6, message, sizeof message);
    rx(packet);
    check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_OPTION, &packet);
  }
  rx_exact(option_packet("fe80::ff:fe00:1", NH_ICMP6, "", 0));
  expect_silence();
  ignore_drops();
}

/* Behind whatever it hides: the error is deep in the chain, or in a fragment. */
PACKET_TEST(test_no_error_about_hidden_errors)
{
  u8_t message[48] = {T6_UNREACHABLE};
  u8_t harmless[48] = {T6_ECHO_REQUEST};
  static const u8_t option[] = {0x9e, 4, 1, 2, 3, 4};
  u8_t padding[254] = {1, 5, 0, 0, 0, 0, 0};
  net6_up();
  struct ip6_spec spec = ip6_spec_of(PEER, US, NH_ICMP6);
  ip6_ext_add(&spec, NH_DEST, option, sizeof option);
  for (unsigned at = 0; at < sizeof padding; at += 6) {
    padding[at] = 0x1e; /* an option to skip */
    padding[at + 1] = (u8_t)LWIP_MIN(4, sizeof padding - at - 2);
  }
  ip6_ext_add(&spec, NH_DEST, padding, 6);
  for (unsigned i = 0; i < 3; i++) {
    ip6_ext_add(&spec, NH_DEST, padding, sizeof padding);
  }
  rx(ip6_opts(spec, message, sizeof message));
  expect_silence();
  spec = ip6_spec_of(PEER, US, NH_ICMP6);
  ip6_ext_add(&spec, NH_DEST, option, sizeof option);
  ip6_ext_fragment(&spec, 8, false, 1);
  rx(ip6_opts(spec, harmless, sizeof harmless)); /* the type is in another fragment */
  expect_silence();
  ignore_drops();
}

/* From within a callback, with the payload where the callback finds it: at the datagram's data. */

static void complain(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                     u16_t port)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  switch (port) {
  case 1:
    icmp6_dest_unreach(p, ICMP6_DUR_PROHIBITED);
    break;
  case 2:
    icmp6_time_exceeded(p, ICMP6_TE_FRAG);
    break;
  case 3:
    icmp6_param_problem(p, ICMP6_PP_FIELD, (const u8_t *)ip6_current_header() + 42);
    break;
  case 4:
    icmp_port_unreach(1, p);
    break;
  default:
    icmp6_packet_too_big(p, 1300);
    break;
  }
  pbuf_free(p);
}

PACKET_TEST(test_errors_from_callbacks)
{
  static const struct {
    u8_t type, code;
    u32_t rest;
  } want[] = {{T6_UNREACHABLE, ICMP6_DUR_PROHIBITED, 0},
              {T6_TIME_EXCEEDED, ICMP6_TE_FRAG, 0},
              {T6_PARAMETER, 0, 42},
              {T6_UNREACHABLE, ICMP6_DUR_PORT, 0},
              {T6_TOO_BIG, 0, 1300}};
  net6_up();
  struct udp_pcb *pcb = app_udp("::", 7);
  udp_recv(pcb, complain, NULL);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(want); i++) {
    struct frame datagram = udp6(PEER, (u16_t)(i + 1), US, 7, pattern(40, i), 40);
    rx(datagram);
    struct frame *f = check_icmp6_error(tx(), want[i].type, want[i].code, &datagram);
    assert_int_equal(get32(f, ICMP_AT + 4), want[i].rest);
  }
  expect_no_drop();
}

/* 2.4 (e.3): about what went to a group, only "too big" is told. */
PACKET_TEST(test_errors_from_callbacks_about_groups)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("::", 7);
  udp_recv(pcb, complain, NULL);
  for (u16_t i = 1; i < 5; i++) {
    rx(udp6("fe80::2", i, "ff02::1", 7, "abc", 3));
    expect_silence();
  }
  struct frame datagram = udp6("fe80::2", 5, "ff02::1", 7, "abc", 3);
  rx(datagram);
  struct frame *f = check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6);
  check_icmp6_error(f, T6_TOO_BIG, 0, &datagram);
  expect_no_drop();
}

/* lwIP's calls outside of input processing have nothing to be about. */
PACKET_TEST(test_no_error_outside_of_input)
{
  net6_up();
  icmp6_dest_unreach(app_pbuf("abc", 3), ICMP6_DUR_ADDRESS);
  icmp6_time_exceeded(app_pbuf("abc", 3), ICMP6_TE_HL);
  icmp6_packet_too_big(app_pbuf("abc", 3), 1300);
  icmp6_param_problem(app_pbuf("abc", 3), ICMP6_PP_FIELD, NULL);
  expect_silence();
  expect_no_drop();
}

/* ... except for this one, which is told whose packet it is. */
PACKET_TEST(test_time_exceeded_with_addresses)
{
  net6_up();
  ip6_addr_t src = ip6_on(&net, "fe80::2"), dst = ip6_on(&net, "fe80::ff:fe00:1");
  struct frame packet = udp6("fe80::2", 1, "fe80::ff:fe00:1", 2, "abc", 3);
  struct pbuf *p = app_pbuf(packet.data + 14, packet.len - 14);
  p->if_idx = netif_get_index(&net.netif);
  icmp6_time_exceeded_with_addrs(p, ICMP6_TE_FRAG, &src, &dst);
  struct frame *f = check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6);
  check_icmp6_error(f, T6_TIME_EXCEEDED, ICMP6_TE_FRAG, &packet);
  ip6_addr_t group = ip6_on(&net, "ff02::1");
  icmp6_time_exceeded_with_addrs(p, ICMP6_TE_FRAG, &src, &group);
  p->if_idx = NETIF_NO_INDEX; /* its netif is gone */
  icmp6_time_exceeded_with_addrs(p, ICMP6_TE_FRAG, &src, &dst);
  p = app_pbuf("short", 5);
  p->if_idx = netif_get_index(&net.netif);
  icmp6_time_exceeded_with_addrs(p, ICMP6_TE_FRAG, &src, &dst);
  expect_silence();
}

/* --- received --- */

/* Too little, or no IPv6 header, is quoted. */
PACKET_TEST(test_bad_quotes)
{
  net6_up();
  struct frame sent = udp6(US, 5000, PEER, 6000, pattern(100, 1), 100);
  for (size_t len = 1; len < 48; len++) {
    rx_exact(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &sent, len));
    expect_drop(DROP_ICMP6_BAD_QUOTE);
  }
  rx_exact(icmp6(FAR, US, T6_UNREACHABLE, 4, 0, NULL, 0));
  expect_drop(DROP_ICMP6_BAD_QUOTE);
  struct frame quoted = frame_copy(sent);
  put8(&quoted, IP6_AT, 0x45);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &quoted, 0));
  expect_drop(DROP_ICMP6_BAD_QUOTE);
  quoted = frame_copy(sent);
  put16(&quoted, IP6_AT + 4, 7); /* says that it had no whole UDP header */
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &quoted, 148));
  expect_drop(DROP_ICMP6_BAD_QUOTE);
  /* a later fragment: what follows its header is no transport header */
  quoted = ip6_fragment(US, PEER, 1, 8, false, NH_UDP, pattern(20, 1), 20);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &quoted, 0));
  expect_drop(DROP_ICMP6_BAD_QUOTE);
  /* extension headers without end */
  struct ip6_spec spec = ip6_spec_of(US, PEER, NH_UDP);
  for (unsigned i = 0; i < 60; i++) {
    ip6_ext_add(&spec, NH_DEST, "", 0);
  }
  quoted = ip6_opts(spec, pattern(20, 1), 20);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &quoted, 0));
  expect_drop(DROP_ICMP6_BAD_QUOTE);
  expect_silence();
}

/* B5-91: about packets of others, or of nobody, or sent to all. */
PACKET_TEST(test_errors_about_nobodys_packets)
{
  net6_up();
  struct frame ours = udp6(US, 5001, PEER, 6000, "x", 1);
  struct frame other = udp6("2001:db8::3", 5000, PEER, 6000, "x", 1);
  struct frame unknown = ip6(US, PEER, 200, "abcdefgh", 8);
  struct frame local = udp6("fe80::ff:fe00:1", 5000, "fe80::2", 6000, "x", 1);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &ours, 0));
  expect_drop(DROP_ICMP6_NOT_OURS);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &other, 0));
  expect_drop(DROP_ICMP6_NOT_OURS);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &unknown, 0));
  expect_drop(DROP_ICMP6_NOT_OURS);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &local, 0)); /* ours, but not this address */
  expect_drop(DROP_ICMP6_NOT_OURS);
  rx(icmp6_error("fe80::2", "ff02::1", T6_UNREACHABLE, 4, 0, &ours, 0));
  expect_drop(DROP_ICMP6_NOT_OURS);
  expect_silence();
}

#if LWIP_UDP_ERRORS

/** What the pcb heard last. */
static struct heard {
  unsigned count;
  enum ip_error_kind kind;
  u8_t type, code;
  u16_t mtu, l4_len;
  char from[48], dst[48];
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

/** A pcb at port 5000 that has sent `len` bytes to port 6000 of `dst`, and the frame. */
static struct frame *sent_datagram(const char *dst, size_t len)
{
  ip_addr_t to = ip_of(dst);
  if (LWIP_IPV6_SCOPES) {
    ip_addr_copy_from_ip6(to, ip6_on(&net, dst));
  }
  struct udp_pcb *pcb = app_udp("::", 5000);
  memset(&heard, 0, sizeof heard);
  udp_err(pcb, hear);
  assert_int_equal(udp_connect(pcb, &to, 6000), ERR_OK);
  assert_int_equal(udp_send(pcb, app_pbuf(pattern(len, 1), len)), ERR_OK);
  return check_udp(tx(), 5000, 6000, NULL, len);
}

/* Every type and code reaches the sender's pcb, normalised, unknown ones too (RFC 4443 2.4 (a)). */
PACKET_TEST(test_errors_reach_the_sender)
{
  static const struct {
    u8_t type, code, kind;
  } cases[] = {
      {T6_UNREACHABLE, 0, IP_ERROR_NET_UNREACH},
      {T6_UNREACHABLE, 1, IP_ERROR_PROHIBITED},
      {T6_UNREACHABLE, 2, IP_ERROR_NET_UNREACH},
      {T6_UNREACHABLE, 3, IP_ERROR_HOST_UNREACH},
      {T6_UNREACHABLE, 4, IP_ERROR_PORT_UNREACH},
      {T6_UNREACHABLE, 5, IP_ERROR_PROHIBITED},
      {T6_UNREACHABLE, 6, IP_ERROR_PROHIBITED},
      {T6_UNREACHABLE, 7, IP_ERROR_SOURCE_ROUTE},
      {T6_UNREACHABLE, 8, IP_ERROR_OTHER},
      {T6_UNREACHABLE, 255, IP_ERROR_OTHER},
      {T6_TOO_BIG, 0, IP_ERROR_TOO_BIG},
      {T6_TOO_BIG, 77, IP_ERROR_TOO_BIG},
      {T6_TIME_EXCEEDED, 0, IP_ERROR_TIME_EXCEEDED},
      {T6_TIME_EXCEEDED, 1, IP_ERROR_REASSEMBLY},
      {T6_PARAMETER, 0, IP_ERROR_PARAM_PROBLEM},
      {T6_PARAMETER, 1, IP_ERROR_PROTO_UNREACH},
      {T6_PARAMETER, 2, IP_ERROR_PARAM_PROBLEM},
      {T6_PARAMETER, 3, IP_ERROR_PARAM_PROBLEM},
      {5, 0, IP_ERROR_OTHER},
      {100, 0, IP_ERROR_OTHER},
      {127, 9, IP_ERROR_OTHER},
  };
  net6_up();
  struct frame *sent = sent_datagram(PEER, 100);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    rx(icmp6_error(FAR, US, cases[i].type, cases[i].code, 1400, sent, 0));
    assert_int_equal(heard.count, i + 1);
    assert_int_equal(heard.kind, cases[i].kind);
    assert_int_equal(heard.type, cases[i].type);
    assert_int_equal(heard.code, cases[i].code);
    assert_int_equal(heard.mtu, cases[i].kind == IP_ERROR_TOO_BIG ? 1400 : 0);
    assert_int_equal(heard.l4_len, 108);
    assert_string_equal(heard.from, FAR);
    assert_string_equal(heard.dst, PEER);
  }
  expect_no_drop();
  expect_silence();
}

/* B5-94: what the sender hears is bounded, too. */
PACKET_TEST(test_mtu_that_the_sender_hears)
{
  static const struct {
    u32_t told;
    u16_t heard;
  } cases[] = {{600, 1280}, {0, 1280}, {1281, 1281}, {70000, 65535}};
  net6_up();
  struct frame *sent = sent_datagram(PEER, 100);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    rx(icmp6_error(FAR, US, T6_TOO_BIG, 0, cases[i].told, sent, 0));
    assert_int_equal(heard.mtu, cases[i].heard);
  }
}

/* The quoted packet is parsed through its extension headers: a fragment, options of every kind. */
PACKET_TEST(test_quotes_with_extension_headers)
{
  net6_up();
  sent_datagram(PEER, 100);
  struct udp6_spec spec = udp6_spec_of(US, 5000, PEER, 6000);
  ip6_ext_add(&spec.ip, NH_HOP_BY_HOP, "", 0);
  ip6_ext_add(&spec.ip, NH_DEST, "", 0);
  ip6_ext_fragment(&spec.ip, 0, true, 5);
  ip6_ext_add(&spec.ip, NH_DEST, "", 0);
  struct frame about = udp6_opts(spec, pattern(40, 1), 40);
  rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &about, 0));
  assert_int_equal(heard.count, 1);
  assert_int_equal(heard.kind, IP_ERROR_PORT_UNREACH);
  assert_int_equal(heard.l4_len, 48);
  expect_no_drop();
}

PACKET_TEST(test_error_about_a_link_local_destination)
{
  net6_up();
  struct frame *sent = sent_datagram("fe80::2", 10);
  rx(icmp6_error("fe80::2", "fe80::ff:fe00:1", T6_UNREACHABLE, 4, 0, sent, 0));
  assert_int_equal(heard.count, 1);
  expect_no_drop();
}

/* B5-91: about packets of others, of nobody, or sent to all. */
PACKET_TEST(test_errors_that_are_not_ours)
{
  net6_up();
  struct frame *sent = sent_datagram(PEER, 100);
  struct frame other[] = {
      udp6("2001:db8::3", 5000, PEER, 6000, "x", 1), /* not our address */
      udp6(US, 5001, PEER, 6000, "x", 1),            /* no such port here */
      udp6(US, 5000, PEER, 6001, "x", 1),            /* not whom we are connected with */
      udp6(US, 5000, "2001:db8::9", 6000, "x", 1),   /* nor there */
      ip6(US, PEER, 200, "abcdefgh", 8),             /* no such protocol */
  };
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(other); i++) {
    rx(icmp6_error(FAR, US, T6_UNREACHABLE, 4, 0, &other[i], 0));
    expect_drop(DROP_ICMP6_NOT_OURS);
  }
  rx(icmp6_error(FAR, "ff02::1", T6_UNREACHABLE, 4, 0, sent, 0));
  expect_drop(DROP_ICMP6_NOT_OURS);
  app_udp("::", 5002); /* nobody sends from a group, but this one takes from any address */
  struct frame to_all = udp6("ff02::1", 5002, PEER, 6000, "x", 1);
  rx(icmp6_error("fe80::2", "ff02::1", T6_UNREACHABLE, 4, 0, &to_all, 0));
  expect_drop(DROP_ICMP6_NOT_OURS);
  assert_int_equal(heard.count, 0);
}
#endif /* LWIP_UDP_ERRORS */

static const struct packet_test tests[] = {
    TEST(test_port_unreachable),
    TEST(test_quote_is_cut_at_1280_bytes),
    TEST(test_quote_has_extension_headers),
    TEST(test_protocol_unreachable),
    TEST(test_no_error_about_groups),
    TEST(test_error_about_an_option_to_a_group),
    TEST(test_no_error_about_errors),
    TEST(test_no_error_about_hidden_errors),
    TEST(test_errors_from_callbacks),
    TEST(test_errors_from_callbacks_about_groups),
    TEST(test_no_error_outside_of_input),
    TEST(test_time_exceeded_with_addresses),
    TEST(test_bad_quotes),
    TEST(test_errors_about_nobodys_packets),
#if LWIP_UDP_ERRORS
    TEST(test_errors_reach_the_sender),
    TEST(test_mtu_that_the_sender_hears),
    TEST(test_quotes_with_extension_headers),
    TEST(test_error_about_a_link_local_destination),
    TEST(test_errors_that_are_not_ours),
#endif
};

PACKET_MAIN(tests)
