/*
 * Extension headers of packets for us: order, bounds, options by their action bits, routes (RFC
 * 8200 4, RFC 8504 5.3, RFC 2711, RFC 5095, RFC 2675; security vectors B4-64 to 73, 79).
 * needs: ipv6
 */
#include "packet.h"
#include "base/fault.h"
#include "gossamer/ip_rx.h"
#include "gossamer/multicast.h"

#define OURS "2001:db8::1"
#define PEER "2001:db8::2"

static void expect_refused(struct frame f, enum drop_reason why)
{
  rx_exact(f);
  expect_drop(why);
  expect_no_datagram();
  expect_silence();
}

/** Refused with a parameter problem at `pointer`, counted from the IPv6 header. */
static void expect_problem(struct frame f, u8_t code, u32_t pointer, enum drop_reason why)
{
  rx_exact(f);
  struct frame *error =
      check_icmp6_error(check_ip6(tx(), OURS, PEER, NH_ICMP6), T6_PARAMETER, code, &f);
  assert_int_equal(get32(error, ip6_payload_at(error) + 4), pointer);
  expect_drop(why);
  expect_no_datagram();
  expect_silence();
  advance(1000); /* errors are rate-limited */
}

static void up(void)
{
  net6_up();
  app_udp("::", 7);
}

static struct ip6_spec spec_to(const char *dst)
{
  return ip6_spec_of(PEER, dst, NH_UDP);
}

/** A datagram to port 7 behind the headers of `ip`. */
static struct frame datagram(const struct ip6_spec *ip)
{
  struct udp6_spec spec = udp6_spec_of(ip->src, 1234, ip->dst, 7);
  spec.ip = *ip;
  return udp6_opts(spec, "x", 1);
}

static void expect_accepted(const struct ip6_spec *ip)
{
  rx(datagram(ip));
  expect_datagram(PEER, 1234, "x", 1);
  expect_no_drop();
  expect_silence();
}

/** One header with these options, padded. */
static struct frame with_options(u8_t type, const char *dst, const void *options, size_t len)
{
  struct ip6_spec ip = spec_to(dst);
  ip6_ext_add(&ip, type, options, len);
  return datagram(&ip);
}

/* RFC 8200 4.1: in any order and repeatedly */
PACKET_TEST(test_headers_in_any_order)
{
  static const u8_t route[6] = {0, 0}; /* type 0, no segments left */
  up();
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_add(&ip, NH_HOP_BY_HOP, NULL, 0);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  ip6_ext_add(&ip, NH_ROUTING, route, sizeof route);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  ip6_ext_add(&ip, NH_ROUTING, route, sizeof route);
  expect_accepted(&ip);
}

/* B4-71: eight headers and no more */
PACKET_TEST(test_chains_of_headers)
{
  up();
  struct ip6_spec ip = spec_to(OURS);
  for (unsigned i = 0; i < 8; i++) {
    ip6_ext_add(&ip, NH_DEST, NULL, 0);
    expect_accepted(&ip);
  }
  for (unsigned i = 8; i < 100; i++) {
    ip6_ext_add(&ip, NH_DEST, NULL, 0);
    expect_refused(datagram(&ip), DROP_IP6_EXT_LIMIT);
  }
}

/* B4-67 */
PACKET_TEST(test_hop_by_hop_not_first)
{
  up();
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  ip6_ext_add(&ip, NH_HOP_BY_HOP, NULL, 0);
  expect_problem(datagram(&ip), 1, 40, DROP_IP6_HBH_MISPLACED);
  ip = spec_to(OURS);
  ip6_ext_add(&ip, NH_HOP_BY_HOP, NULL, 0);
  ip6_ext_add(&ip, NH_HOP_BY_HOP, NULL, 0);
  expect_problem(datagram(&ip), 1, 40, DROP_IP6_HBH_MISPLACED);
}

/* B4-64, B4-67: length byte past the end; CVE-2020-13984, CVE-2020-17442, picoTCP e1d03052 */
PACKET_TEST(test_headers_longer_than_the_packet)
{
  static const u8_t types[] = {NH_HOP_BY_HOP, NH_DEST, NH_ROUTING};
  up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    for (unsigned units = 1; units < 256; units += (units < 4) ? 1 : 63) {
      u8_t header[8] = {0, (u8_t)units, 1, 4};
      struct ip6_spec ip = ip6_spec_of(PEER, OURS, NH_NONE);
      ip6_ext_raw(&ip, types[i], header, sizeof header);
      expect_refused(ip6_opts(ip, NULL, 0), DROP_IP6_EXT_TRUNCATED);
    }
  }
}

PACKET_TEST(test_packets_that_end_in_a_header)
{
  static const u8_t types[] = {NH_HOP_BY_HOP, NH_DEST, NH_ROUTING};
  up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    for (size_t len = (types[i] == NH_HOP_BY_HOP); len < 8; len++) {
      expect_refused(ip6(PEER, OURS, types[i], "\x3b\0\1\4\0\0\0", len), DROP_IP6_EXT_TRUNCATED);
    }
  }
}

/* B4-67: option length past the header */
PACKET_TEST(test_options_longer_than_their_header)
{
  up();
  for (unsigned len = 5; len < 256; len += 50) {
    u8_t options[6] = {0x1e, (u8_t)len}; /* an option to skip */
    expect_refused(with_options(NH_DEST, OURS, options, sizeof options), DROP_IP6_BAD_OPTION);
    expect_refused(with_options(NH_HOP_BY_HOP, OURS, options, sizeof options), DROP_IP6_BAD_OPTION);
  }
  u8_t type_only[6] = {1, 3, 0, 0, 0, 0x1e}; /* its length would be behind the header */
  expect_refused(with_options(NH_DEST, OURS, type_only, sizeof type_only), DROP_IP6_BAD_OPTION);
  u8_t pad_only[6] = {0x1e, 3, 0, 0, 0, 1};
  expect_refused(with_options(NH_DEST, OURS, pad_only, sizeof pad_only), DROP_IP6_BAD_OPTION);
}

/* B4-70 (CVE-2020-17445, picoTCP 55cbfcf6): lengths whose sum exceeds eight bits */
PACKET_TEST(test_option_lengths_that_wrap_a_byte)
{
  u8_t options[510];
  up();
  memset(options, 0, sizeof options);
  options[0] = 0x1e;
  options[1] = 250; /* up to 252 */
  options[252] = 0x1e;
  options[253] = 254; /* up to 508 */
  options[508] = 1;
  struct frame f = with_options(NH_DEST, OURS, options, sizeof options);
  rx(f);
  expect_datagram(PEER, 1234, "x", 1);
  options[253] = 255; /* up to 509: one byte is left */
  options[509] = 0;
  rx(with_options(NH_DEST, OURS, options, sizeof options));
  expect_datagram(PEER, 1234, "x", 1);
  options[509] = 0x1e; /* an option of one byte */
  expect_refused(with_options(NH_DEST, OURS, options, sizeof options), DROP_IP6_BAD_OPTION);
}

/* B4-68; RFC 8504 5.3: more than seven bytes of padding align nothing */
PACKET_TEST(test_padding_floods)
{
  static const u8_t pad1[998];
  up();
  expect_refused(with_options(NH_HOP_BY_HOP, OURS, pad1, sizeof pad1), DROP_IP6_OPTION_LIMIT);
  expect_refused(with_options(NH_DEST, OURS, pad1, 14), DROP_IP6_OPTION_LIMIT);
  u8_t padn[14] = {1, 12};
  expect_refused(with_options(NH_DEST, OURS, padn, sizeof padn), DROP_IP6_OPTION_LIMIT);
  u8_t mixed[14] = {1, 4, 0, 0, 0, 0, 0, 0x1e, 1, 0, 1, 2};
  rx(with_options(NH_DEST, OURS, mixed, sizeof mixed));
  expect_datagram(PEER, 1234, "x", 1);
  mixed[7] = 0; /* ... 6 + 2 bytes in a row */
  mixed[8] = 0;
  expect_refused(with_options(NH_DEST, OURS, mixed, sizeof mixed), DROP_IP6_OPTION_LIMIT);
}

/* 2,040 Pad1 in one header of 255 units */
PACKET_TEST(test_the_longest_header_full_of_padding)
{
  static u8_t packet[2048 + 8];
  up();
  packet[0] = NH_NONE;
  packet[1] = 255;
  expect_refused(ip6(PEER, OURS, NH_HOP_BY_HOP, packet, 2048), DROP_IP6_OPTION_LIMIT);
}

/* RFC 8504 5.3: eight options */
PACKET_TEST(test_floods_of_options)
{
  u8_t options[22];
  up();
  for (unsigned count = 1; count <= 11; count++) {
    size_t len = (count * 2 + 2 + 7) / 8 * 8 - 2;
    memset(options, 0, sizeof options);
    for (unsigned i = 0; i < count; i++) {
      options[2 * i] = 0x1e;
    }
    struct frame f = with_options(NH_DEST, OURS, options, len);
    if (count > 8) {
      expect_refused(f, DROP_IP6_OPTION_LIMIT);
    } else {
      rx(f);
      expect_datagram(PEER, 1234, "x", 1);
    }
  }
}

/* B4-69: the two highest bits of an unknown option */
PACKET_TEST(test_unknown_options_to_unicast)
{
  static const u8_t headers[] = {NH_HOP_BY_HOP, NH_DEST};
  up();
  for (unsigned i = 0; i < 2; i++) {
    u8_t options[6] = {1, 1, 0, 0x1e, 1, 0};
    rx(with_options(headers[i], OURS, options, 6));
    expect_datagram(PEER, 1234, "x", 1);
    options[3] = 0x5e;
    expect_refused(with_options(headers[i], OURS, options, 6), DROP_IP6_OPTION_REFUSED);
    options[3] = 0x9e;
    expect_problem(with_options(headers[i], OURS, options, 6), 2, 45, DROP_IP6_OPTION_REFUSED);
    options[3] = 0xde;
    expect_problem(with_options(headers[i], OURS, options, 6), 2, 45, DROP_IP6_OPTION_REFUSED);
  }
}

PACKET_TEST(test_unknown_options_to_groups)
{
  u8_t options[6] = {0x1e, 4};
  up();
  rx(with_options(NH_DEST, "ff02::1", options, 6));
  expect_datagram(PEER, 1234, "x", 1);
  options[0] = 0x5e;
  expect_refused(with_options(NH_DEST, "ff02::1", options, 6), DROP_IP6_OPTION_REFUSED);
  options[0] = 0xde;
  expect_refused(with_options(NH_DEST, "ff02::1", options, 6), DROP_IP6_OPTION_REFUSED);
  options[0] = 0x9e; /* the one error that groups may cause (RFC 4443 2.4 (e.3)) */
  expect_problem(with_options(NH_DEST, "ff02::1", options, 6), 2, 42, DROP_IP6_OPTION_REFUSED);
}

/* B4-65: the jumbo payload option is one that we do not know */
PACKET_TEST(test_jumbo_option)
{
  static const u8_t jumbo[6] = {0xc2, 4, 0, 1, 0, 0};
  up();
  expect_problem(with_options(NH_HOP_BY_HOP, OURS, jumbo, 6), 2, 42, DROP_IP6_OPTION_REFUSED);
}

/* ... and a real jumbogram has a payload length of 0 (RFC 2675 3). */
PACKET_TEST(test_jumbogram)
{
  static const u8_t jumbo[6] = {0xc2, 4, 0, 1, 0, 0};
  up();
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_add(&ip, NH_HOP_BY_HOP, jumbo, sizeof jumbo);
  ip.payload_len = 0;
  struct frame f = datagram(&ip);
  rx_exact(f);
  struct frame *error = check_icmp6(check_ip6(tx(), OURS, PEER, NH_ICMP6), T6_PARAMETER, 0);
  assert_int_equal(get32(error, ip6_payload_at(error) + 4), 4);
  expect_drop(DROP_IP6_JUMBO);
  ip.dst = "ff02::1";
  expect_refused(datagram(&ip), DROP_IP6_JUMBO);
}

/* RFC 2711 */
PACKET_TEST(test_router_alert)
{
  up();
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_router_alert(&ip, 0);
  expect_accepted(&ip); /* B2-34: nothing else comes of it */
  static const u8_t too_long[6] = {5, 3, 0, 0, 0, 0};
  expect_refused(with_options(NH_HOP_BY_HOP, OURS, too_long, 6), DROP_IP6_BAD_OPTION);
  static const u8_t too_short[6] = {5, 1, 0, 1, 1, 0};
  expect_refused(with_options(NH_HOP_BY_HOP, OURS, too_short, 6), DROP_IP6_BAD_OPTION);
  rx(with_options(NH_DEST, OURS, too_long, 6)); /* means nothing there, and may be skipped */
  expect_datagram(PEER, 1234, "x", 1);
}

static u8_t seen_flags;
static u16_t seen_header_len;

static void note_rx(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                    u16_t port)
{
  (void)arg;
  (void)pcb;
  (void)addr;
  (void)port;
  const u8_t *transport = (const u8_t *)ip_current()->ip6_hdr + ip_current()->header_len;
  seen_flags = ip_current()->flags;
  seen_header_len = ip_current()->header_len;
  if (transport[0] != 1234 >> 8 || transport[1] != (u8_t)1234) {
    seen_header_len = 0;
  }
  pbuf_free(p);
}

/* The headers lie right in front of what handlers get, however they came. */
PACKET_TEST(test_what_handlers_are_told)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("::", 7);
  udp_recv(pcb, note_rx, NULL);
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_router_alert(&ip, 0);
  ip6_ext_add(&ip, NH_DEST, pattern(0, 0), 0);
  ip6_ext_fragment(&ip, 0, false, 1);
  rx(datagram(&ip));
  assert_int_equal(seen_header_len, 40 + 8 + 8 + 8);
  assert_true(seen_flags & IP_RX_ROUTER_ALERT);
  assert_true(seen_flags & IP_RX_ATOMIC);
  assert_false(seen_flags & (IP_RX_REASSEMBLED | IP_RX_MULTICAST));
}

/* RFC 8200 4.4, RFC 5095: without segments left a routing header says nothing, whatever its type;
   with some, nobody here is a router that follows it. B4-73 (CVE-2023-29001), Contiki PR 3242 */
PACKET_TEST(test_routing_headers)
{
  static const u8_t types[] = {0, 1, 2, 3, 4, 5, 253, 255};
  u8_t body[38];
  u8_t us[16];
  up();
  ip6_bytes(OURS, us);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    memset(body, 0, sizeof body);
    memcpy(body + 6, us, 16); /* the first segment: us */
    memcpy(body + 22, us, 16);
    body[0] = types[i];
    struct ip6_spec ip = spec_to(OURS);
    ip6_ext_add(&ip, NH_ROUTING, body, sizeof body);
    expect_accepted(&ip);
    for (unsigned left = 1; left < 256; left += left < 3 ? 1 : 126) {
      body[1] = (u8_t)left;
      body[2] = 0xff; /* RPL: CmprI and CmprE 15 */
      ip = spec_to(OURS);
      ip6_ext_add(&ip, NH_ROUTING, body, sizeof body);
      expect_problem(datagram(&ip), 0, 42, DROP_IP6_ROUTING_REFUSED);
    }
  }
}

/* The pointer of an unknown next header is that of the header before it. */
PACKET_TEST(test_unknown_header_behind_others)
{
  up();
  struct ip6_spec ip = ip6_spec_of(PEER, OURS, 253);
  ip6_ext_add(&ip, NH_HOP_BY_HOP, NULL, 0);
  ip6_ext_add(&ip, NH_DEST, pattern(14, 0), 0);
  expect_problem(ip6_opts(ip, "12345678", 8), 1, 48, DROP_IP6_NO_PROTO);
  ip6_ext_fragment(&ip, 0, false, 1);
  expect_problem(ip6_opts(ip, "12345678", 8), 1, 56, DROP_IP6_NO_PROTO);
}

PACKET_TEST(test_no_next_header_behind_others)
{
  up();
  struct ip6_spec ip = ip6_spec_of(PEER, OURS, NH_NONE);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  expect_refused(ip6_opts(ip, "12345678", 8), DROP_IP6_NO_NEXT);
}

/* RFC 6946 */
PACKET_TEST(test_atomic_fragment_behind_and_before_headers)
{
  up();
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  ip6_ext_fragment(&ip, 0, false, 77);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  expect_accepted(&ip);
}

/* B4-79 */
PACKET_TEST(test_fragment_header_behind_a_fragment_header)
{
  up();
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_fragment(&ip, 0, false, 77);
  ip6_ext_fragment(&ip, 0, false, 78);
  expect_refused(datagram(&ip), DROP_IP6_NESTED_FRAGMENT);
}

#if LWIP_IPV6_REASS
PACKET_TEST(test_fragment_header_in_a_reassembled_datagram)
{
  struct frame part[4];
  up();
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_fragment(&ip, 0, false, 78);
  struct frame inner = datagram(&ip);
  size_t len = inner.len - IP6_PAYLOAD_AT;
  size_t half = 16;
  part[0] = ip6_fragment(PEER, OURS, 5, 0, true, NH_FRAGMENT, inner.data + IP6_PAYLOAD_AT, half);
  part[1] = ip6_fragment(PEER, OURS, 5, (u16_t)half, false, NH_FRAGMENT,
                         inner.data + IP6_PAYLOAD_AT + half, len - half);
  rx(part[0]);
  rx(part[1]);
  expect_drop(DROP_IP6_NESTED_FRAGMENT);
  expect_no_datagram();
  expect_silence();
}
#endif

#if LWIP_IPV6_MLD && LWIP_MLD_V2
/* An extension header is no way around a source filter (RFC 3810 3); ICMPv6 needs none. */
PACKET_TEST(test_source_filters)
{
  static struct mcast_membership m;
  up();
  memset(&m, 0, sizeof m);
  ip_addr_t group = ip_of("ff0e::1234"), peer = ip_of(PEER);
  assert_int_equal(mcast_join(&m, &net.netif, &group, MCAST_MODE_EXCLUDE, &peer, 1), ERR_OK);
  tx_discard();
  struct ip6_spec ip = spec_to("ff0e::1234");
  expect_refused(datagram(&ip), DROP_IP6_NOT_FOR_US);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  expect_refused(datagram(&ip), DROP_IP6_NOT_FOR_US);
  assert_int_equal(mcast_unblock_source(&m, &peer), ERR_OK);
  tx_discard();
  expect_accepted(&ip);
  mcast_leave(&m);
  tx_discard();
}
#endif

#if LWIP_FAULT_INJECTION
/* Headers in pieces, and no memory to put them into one. */
PACKET_TEST(test_no_memory_for_the_headers)
{
  up();
  if (packet_is_fault_run()) {
    return;
  }
  struct ip6_spec ip = spec_to(OURS);
  ip6_ext_add(&ip, NH_DEST, NULL, 0);
  struct frame f = datagram(&ip);
  struct pbuf *head = pbuf_alloc(PBUF_RAW, 44, PBUF_RAM);
  struct pbuf *tail = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14 - 44), PBUF_RAM);
  assert_true(head != NULL && tail != NULL);
  memcpy(head->payload, f.data + 14, 44);
  memcpy(tail->payload, f.data + 14 + 44, f.len - 14 - 44);
  pbuf_cat(head, tail);
  fault_arm(1);
  ip6_input(head, &net.netif);
  fault_arm(0);
  expect_drop(DROP_IP6_NO_MEMORY);
  expect_no_datagram();
}
#endif

static const struct packet_test tests[] = {
    TEST(test_headers_in_any_order),
    TEST(test_chains_of_headers),
    TEST(test_hop_by_hop_not_first),
    TEST(test_headers_longer_than_the_packet),
    TEST(test_packets_that_end_in_a_header),
    TEST(test_options_longer_than_their_header),
    TEST(test_option_lengths_that_wrap_a_byte),
    TEST(test_padding_floods),
    TEST(test_the_longest_header_full_of_padding),
    TEST(test_floods_of_options),
    TEST(test_unknown_options_to_unicast),
    TEST(test_unknown_options_to_groups),
    TEST(test_jumbo_option),
    TEST(test_jumbogram),
    TEST(test_router_alert),
    TEST(test_what_handlers_are_told),
    TEST(test_routing_headers),
    TEST(test_unknown_header_behind_others),
    TEST(test_no_next_header_behind_others),
    TEST(test_atomic_fragment_behind_and_before_headers),
    TEST(test_fragment_header_behind_a_fragment_header),
#if LWIP_IPV6_REASS
    TEST(test_fragment_header_in_a_reassembled_datagram),
#endif
#if LWIP_IPV6_MLD && LWIP_MLD_V2
    TEST(test_source_filters),
#endif
#if LWIP_FAULT_INJECTION
    TEST_FLAGS(test_no_memory_for_the_headers, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
