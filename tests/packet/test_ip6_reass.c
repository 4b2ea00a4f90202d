/*
 * Reassembly of IPv6 fragments (RFC 8200 4.5, 5722, 6946, 7112; security vectors B4-74 to 80 and
 * the IPv6 sides of B3-44 to 56).
 * needs: ipv6
 */
#include "packet.h"
#include "base/fault.h"
#include "lwip/ip6_frag.h"
#include "lwip/memp.h"
#include "gossamer/timer.h"

#define US    "2001:db8::1"
#define PEER  "2001:db8::2"
#define OTHER "2001:db8:ffff::9" /* another site */

#define SIZES_MAX 64

/** 72 bytes of UDP datagram, of which pieces are made: 64 bytes of data to port 7. */
static struct frame whole_of(const char *src)
{
  return udp6(src, 9, US, 7, pattern(64, 3), 64);
}

/** A piece of the payload of an IPv6 packet. */
static struct frame piece(const char *src, u32_t id, const struct frame *whole, size_t from,
                          size_t len, bool is_last)
{
  return ip6_fragment(src, US, id, (u16_t)from, !is_last, NH_UDP,
                      whole->data + IP6_PAYLOAD_AT + from, len);
}

static void begin(void)
{
  net6_up();
  app_udp("::", 7);
}

static void expect_whole(const char *src)
{
  expect_datagram(src, 9, pattern(64, 3), 64);
  expect_silence();
}

static struct {
  u8_t hop_limit, tc, proto;
  u16_t header_len, payload_len, flags;
  u8_t headers[128];
} seen;

static u8_t record_headers(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  const struct ip_rx *rx = ip_current();
  const u8_t *h = (const u8_t *)rx->ip6_hdr;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  seen.header_len = rx->header_len;
  seen.tc = rx->tos;
  seen.hop_limit = rx->ttl;
  seen.proto = rx->proto;
  seen.flags = rx->flags;
  seen.payload_len = (u16_t)(h[4] << 8 | h[5]);
  memcpy(seen.headers, h, LWIP_MIN(sizeof seen.headers, rx->header_len));
  return 0;
}

static void watch_headers(u8_t proto)
{
  struct raw_pcb *raw = raw_new_ip_type(IPADDR_TYPE_V6, proto);
  assert_non_null(raw);
  raw_recv(raw, record_headers, NULL);
  memset(&seen, 0, sizeof seen);
}

PACKET_TEST(test_two_fragments_in_order_and_not)
{
  begin();
  struct frame w = whole_of(PEER);
  for (int turn = 0; turn < 2; turn++) {
    rx(piece(PEER, 1, &w, turn ? 40 : 0, turn ? 32 : 40, turn));
    expect_no_datagram();
    rx(piece(PEER, 1, &w, turn ? 0 : 40, turn ? 40 : 32, !turn));
    expect_whole(PEER);
  }
  expect_no_drop();
}

/** 0 to count - 1 in a random order. */
static void shuffle(size_t *order, size_t count, u32_t *seed)
{
  for (size_t i = 0; i < count; i++) {
    order[i] = i;
  }
  for (size_t i = count; i > 1; i--) {
    *seed = *seed * 1664525U + 1013904223U;
    size_t k = (*seed >> 8) % i;
    size_t swapped = order[i - 1];
    order[i - 1] = order[k];
    order[k] = swapped;
  }
}

PACKET_TEST(test_any_order)
{
  u32_t seed = 42;
  size_t order[SIZES_MAX];
  struct frame fragments[SIZES_MAX];
  begin();
  for (unsigned round = 0; round < 60; round++) {
    size_t size = 100 + round * 29;
    const u8_t *data = pattern(size, round);
    struct frame whole = udp6(PEER, 9, US, 7, data, size);
    size_t count = ip6_fragments(whole, round, 8 + round / 10 * 40, fragments, SIZES_MAX);
    while (count == 0) {
      fail();
    }
    shuffle(order, count, &seed);
    for (size_t i = 0; i < count; i++) {
      expect_no_datagram();
      rx(fragments[order[i]]);
    }
    expect_datagram(PEER, 9, data, size);
  }
  expect_no_drop();
}

/* B4-74, RFC 6946: the only fragment is processed alone, though others have its identification. */
PACKET_TEST(test_atomic_fragments)
{
  begin();
  watch_headers(NH_UDP);
  struct frame w = whole_of(PEER);
  rx(piece(PEER, 1, &w, 0, 24, false));
  rx(piece(PEER, 1, &w, 0, 72, true));
  expect_whole(PEER);
  assert_int_equal(seen.flags & (IP_RX_ATOMIC | IP_RX_REASSEMBLED), IP_RX_ATOMIC);
  assert_int_equal(seen.header_len, 48);
  rx(piece(PEER, 1, &w, 24, 48, true)); /* what waits is still whole */
  expect_whole(PEER);
  assert_int_equal(seen.flags & (IP_RX_ATOMIC | IP_RX_REASSEMBLED), IP_RX_REASSEMBLED);
  assert_int_equal(seen.header_len, 40);
  expect_no_drop();
}

/* B4-75, RFC 5722: every overlap ends the packet: partial, inside, around, by one unit, a last
   fragment that ends before an earlier one's end, an end behind the last one's, two ends */
PACKET_TEST(test_overlaps)
{
  static const struct {
    u8_t from, len, is_last;    /* comes first */
    u8_t from2, len2, is_last2; /* overlaps it */
  } cases[] = {
      {0, 24, 0, 16, 24, 0}, {16, 24, 0, 0, 24, 0}, {0, 40, 0, 8, 16, 0},   {8, 16, 0, 0, 40, 0},
      {0, 24, 0, 0, 32, 0},  {0, 32, 0, 0, 24, 0},  {8, 24, 0, 8, 24, 1},   {8, 24, 0, 24, 8, 0},
      {40, 24, 0, 16, 8, 1}, {16, 8, 1, 40, 24, 0}, {40, 32, 1, 40, 24, 1}, {40, 32, 1, 24, 24, 0},
      {40, 24, 1, 64, 8, 1}, {16, 8, 1, 24, 8, 0},
  };
  begin();
  struct frame w = whole_of(PEER);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    u32_t id = 100 + i;
    rx(piece(PEER, id, &w, cases[i].from, cases[i].len, cases[i].is_last));
    expect_no_drop();
    rx(piece(PEER, id, &w, cases[i].from2, cases[i].len2, cases[i].is_last2));
    expect_drop(DROP_FRAG6_OVERLAP);
  }
  expect_silence(); /* RFC 8200 4.5: no errors */
  expect_no_datagram();
}

/* Of what overlapped nothing is left that later fragments could complete. */
PACKET_TEST(test_nothing_is_left_of_an_overlap)
{
  begin();
  struct frame w = whole_of(PEER);
  rx(piece(PEER, 1, &w, 0, 24, false));
  rx(piece(PEER, 1, &w, 24, 24, false));
  rx(piece(PEER, 1, &w, 16, 16, false));
  expect_drop(DROP_FRAG6_OVERLAP);
  rx(piece(PEER, 1, &w, 48, 24, true));
  expect_no_datagram();
}

/* RFC 8200 4.5: exact duplicates are no overlap; the same range with other bytes is. */
PACKET_TEST(test_duplicates)
{
  begin();
  struct frame w = whole_of(PEER);
  for (int i = 0; i < 3; i++) {
    rx(piece(PEER, 1, &w, 0, 24, false));
    rx(piece(PEER, 1, &w, 48, 24, true));
  }
  expect_drops(4, DROP_FRAG6_DUPLICATE);
  rx(piece(PEER, 1, &w, 24, 24, false));
  expect_whole(PEER);
  struct frame f = piece(PEER, 2, &w, 24, 24, false);
  rx(f);
  put8(&f, f.len - 1, (u8_t)~get8(&f, f.len - 1));
  rx(f);
  expect_drop(DROP_FRAG6_OVERLAP);
}

/** A fragment whose chain ends too early is answered, quoted and dropped. */
static void expect_incomplete(struct frame f)
{
  rx_exact(f);
  struct frame *error = check_icmp6_error(tx(), T6_PARAMETER, 3, &f);
  assert_int_equal(get32(error, 58), 0);
  expect_drop(DROP_FRAG6_INCOMPLETE_CHAIN);
  advance(1000); /* the rate limit */
}

/* B4-76, RFC 7112: the first fragment must have all headers, and the transport's */
PACKET_TEST(test_first_fragments_without_all_headers)
{
  static const u8_t tcp[24] = {0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x50};
  begin();
  struct frame w = whole_of(PEER);
  expect_incomplete(ip6_fragment(PEER, US, 1, 0, true, NH_TCP, tcp, 8));
  expect_incomplete(ip6_fragment(PEER, US, 2, 0, true, NH_TCP, tcp, 16));
  expect_incomplete(ip6_fragment(PEER, US, 3, 0, true, NH_DEST, "\x11\x00\x01\x04\0\0\0\0", 8));
  expect_incomplete(ip6_fragment(PEER, US, 4, 0, true, NH_DEST, "\x11\x01\x01\x04\0\0\0\0", 8));
  expect_incomplete(ip6_fragment(PEER, US, 5, 0, true, NH_ROUTING, "\x11\x02\0\0\0\0\0\0", 8));
  rx(ip6_fragment(PEER, US, 6, 0, true, NH_TCP, tcp, 24));
  rx(piece(PEER, 7, &w, 0, 8, false)); /* the smallest that is all right */
  rx(ip6_fragment(PEER, US, 8, 0, true, 253, "abcdefgh", 8));
  rx(ip6_fragment(PEER, US, 9, 0, true, NH_NONE, "abcdefgh", 8));
  expect_no_drop();
  expect_silence();
  rx(piece(PEER, 7, &w, 8, 64, true));
  expect_whole(PEER);
}

/* ... and if the ICMPv6 type is missing, it may be an error, which is never answered */
PACKET_TEST(test_first_fragment_that_may_be_an_error)
{
  begin();
  rx_exact(ip6_fragment(PEER, US, 1, 0, true, NH_DEST, "\x3a\x00\x01\x04\0\0\0\0", 8));
  expect_drop(DROP_FRAG6_INCOMPLETE_CHAIN);
  expect_silence();
}

/* B4-77: not a multiple of 8, with more to come: the pointer is at the payload length */
PACKET_TEST(test_lengths_that_are_no_multiple_of_eight)
{
  begin();
  struct frame w = whole_of(PEER);
  for (size_t len = 17; len < 24; len++) {
    struct frame f = piece(PEER, 1, &w, 8, len, false);
    rx(f);
    struct frame *error = check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_FIELD, &f);
    assert_int_equal(get32(error, 58), 4);
    expect_drop(DROP_FRAG6_BAD_LENGTH);
    advance(1000);
  }
  rx(piece(PEER, 1, &w, 8, 0, false)); /* nothing at all is not worth an answer */
  expect_drop(DROP_FRAG6_BAD_LENGTH);
  rx(piece(PEER, 1, &w, 8, 0, true));
  expect_drop(DROP_FRAG6_BAD_LENGTH);
  expect_silence();
}

/* B4-78, ping of death: the end beyond 65,535: the pointer is at the fragment offset */
PACKET_TEST(test_ends_beyond_65535)
{
  begin();
  struct frame f = ip6_fragment(PEER, US, 1, 65528, false, 253, "12345678", 8);
  rx(f);
  struct frame *error = check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_FIELD, &f);
  assert_int_equal(get32(error, 58), 42);
  expect_drop(DROP_FRAG6_TOO_BIG);
  f = ip6_fragment(PEER, US, 1, 64512, true, 253, pattern(1440, 1), 1440);
  rx(f);
  check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_FIELD, &f);
  expect_drop(DROP_FRAG6_TOO_BIG);
  /* with a header in front the payload is longer */
  struct ip6_spec spec = ip6_spec_of(PEER, US, 253);
  ip6_ext_add(&spec, NH_DEST, "", 0);
  ip6_ext_fragment(&spec, 65520, false, 1);
  f = ip6_opts(spec, "12345678", 8);
  rx(f);
  error = check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_FIELD, &f);
  assert_int_equal(get32(error, 58), 50);
  expect_drop(DROP_FRAG6_TOO_BIG);
  /* legal, but no pbuf is that long: 65,528 + 40 */
  rx(ip6_fragment(PEER, US, 1, 65520, false, 253, "12345678", 8));
  expect_drop(DROP_FRAG6_TOO_BIG);
  expect_silence();
}

/* The first fragment's headers count, and it has more than the others: 65,488 + 40 + 64 */
PACKET_TEST(test_first_header_makes_it_too_long)
{
  struct frame fragments[64];
  begin();
  struct frame big = ip6(PEER, US, 253, pattern(65488, 1), 65488);
  size_t count = ip6_fragments(big, 5, 1400, fragments, LWIP_ARRAYSIZE(fragments));
  struct ip6_spec spec = ip6_spec_of(PEER, US, 253);
  for (unsigned i = 0; i < 2; i++) {
    ip6_ext_add(&spec, NH_DEST, "\x1e\x1c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                30);
  }
  ip6_ext_fragment(&spec, 0, true, 5);
  rx(ip6_opts(spec, big.data + IP6_PAYLOAD_AT, 1400));
  for (size_t i = 1; i + 1 < count; i++) {
    rx(fragments[i]);
  }
  expect_no_drop();
  rx(fragments[count - 1]);
  expect_drop(DROP_FRAG6_TOO_BIG);
  expect_silence();
}

PACKET_TEST(test_greatest_datagram)
{
  struct frame fragments[64];
  const u8_t *data = pattern(65487, 7);
  begin();
  size_t count = ip6_fragments(udp6(PEER, 9, US, 7, data, 65487), 1, 1448, fragments,
                               LWIP_ARRAYSIZE(fragments));
  for (size_t i = count; i > 0; i--) {
    rx(fragments[i - 1]);
  }
  expect_datagram(PEER, 9, data, 65487);
  expect_no_drop();
}

/* RFC 8200 4.5: the headers are the first fragment's, whichever came first, and next header too */
static void expect_headers_of_the_first(bool comes_first)
{
  struct frame w = whole_of(PEER);
  struct ip6_spec spec = ip6_spec_of(PEER, US, NH_TCP);
  spec.hop_limit = 11;
  ip6_ext_fragment(&spec, 24, false, 1);
  struct frame last = ip6_opts(spec, w.data + IP6_PAYLOAD_AT + 24, 48);
  spec = ip6_spec_of(PEER, US, NH_UDP);
  spec.hop_limit = 22;
  spec.tc = 0x20;
  spec.flow = 0x12345;
  ip6_ext_add(&spec, NH_HOP_BY_HOP, "\x1e\x02zz", 4);
  ip6_ext_add(&spec, NH_DEST, "\x1e\x02yy", 4);
  ip6_ext_fragment(&spec, 0, true, 1);
  struct frame first = ip6_opts(spec, w.data + IP6_PAYLOAD_AT, 24);
  rx(comes_first ? first : last);
  rx(comes_first ? last : first);
  expect_whole(PEER);
  assert_int_equal(seen.header_len, 56);
  assert_int_equal(seen.payload_len, 16 + 72);
  assert_int_equal(seen.hop_limit, 22);
  assert_int_equal(seen.tc, 0x20);
  assert_int_equal(seen.proto, NH_UDP);
  static const u8_t want[] = {0x62, 0x01, 0x23, 0x45, 0, 88, NH_HOP_BY_HOP, 22};
  assert_memory_equal(seen.headers, want, sizeof want);
  static const u8_t hop_by_hop[] = {NH_DEST, 0, 0x1e, 2, 'z', 'z', 1, 0};
  static const u8_t dest[] = {NH_UDP, 0, 0x1e, 2, 'y', 'y', 1, 0};
  assert_memory_equal(seen.headers + 40, hop_by_hop, 6);
  assert_memory_equal(seen.headers + 48, dest, 6);
  expect_no_drop();
}

PACKET_TEST(test_headers_come_from_the_first_fragment)
{
  begin();
  watch_headers(NH_UDP);
  expect_headers_of_the_first(false);
  watch_headers(NH_UDP);
  expect_headers_of_the_first(true);
}

/* Headers behind the fragment header, and an error that quotes the whole as it is then */
PACKET_TEST(test_headers_behind_the_fragment_header)
{
  static const u8_t part[] = {253, 0, 1, 4, 0, 0, 0, 0, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'};
  begin();
  rx(ip6_fragment(PEER, US, 1, 0, true, NH_DEST, part, 16));
  rx(ip6_fragment(PEER, US, 1, 16, false, NH_DEST, "ijkl", 4));
  struct ip6_spec spec = ip6_spec_of(PEER, US, 253);
  ip6_ext_raw(&spec, NH_DEST, part, 8);
  struct frame whole = ip6_opts(spec, "abcdefghijkl", 12);
  struct frame *error = check_icmp6_error(tx(), T6_PARAMETER, ICMP6_PP_HEADER, &whole);
  assert_int_equal(get32(error, 58), 40);
  expect_drop(DROP_IP6_NO_PROTO);
}

/* RFC 3168 5.3: a congestion mark on any fragment is one on the datagram */
PACKET_TEST(test_congestion_mark)
{
  begin();
  watch_headers(NH_UDP);
  struct frame w = whole_of(PEER);
  struct ip6_spec spec = ip6_spec_of(PEER, US, NH_UDP);
  spec.tc = 0xaa;
  ip6_ext_fragment(&spec, 0, true, 1);
  rx(ip6_opts(spec, w.data + IP6_PAYLOAD_AT, 24));
  spec = ip6_spec_of(PEER, US, NH_UDP);
  spec.tc = 0xab;
  ip6_ext_fragment(&spec, 24, false, 1);
  rx(ip6_opts(spec, w.data + IP6_PAYLOAD_AT + 24, 48));
  expect_whole(PEER);
  assert_int_equal(seen.tc, 0xab);
  assert_int_equal(seen.headers[0], 0x6a);
  assert_int_equal(seen.headers[1] >> 4, 0xb);
}

/* RFC 3168 5.3: no mark may be put on a packet whose sender knows nothing of ECN, and none may get
   lost */
PACKET_TEST(test_congestion_mark_beside_not_ect)
{
  begin();
  struct frame w = whole_of(PEER);
  for (u8_t turn = 0; turn < 2; turn++) {
    struct ip6_spec spec = ip6_spec_of(PEER, US, NH_UDP);
    spec.tc = turn ? 3 : 0;
    ip6_ext_fragment(&spec, 0, true, 1);
    rx(ip6_opts(spec, w.data + IP6_PAYLOAD_AT, 24));
    spec = ip6_spec_of(PEER, US, NH_UDP);
    spec.tc = turn ? 0 : 3;
    ip6_ext_fragment(&spec, 24, false, 1);
    rx(ip6_opts(spec, w.data + IP6_PAYLOAD_AT + 24, 48));
    expect_no_datagram();
    expect_drop(DROP_FRAG6_MIXED_ECN);
  }
}

/* Time is over after IPV6_REASS_MAXAGE seconds; the first fragment's sender is told. */
PACKET_TEST(test_timeout_with_the_first_fragment)
{
  begin();
  struct frame w = whole_of(PEER);
  struct frame first = piece(PEER, 1, &w, 0, 24, false);
  rx(piece(PEER, 1, &w, 48, 24, true));
  rx(first);
  expect_silence();
  advance(IPV6_REASS_MAXAGE * 1000 - 1);
  expect_no_drop();
  advance(1);
  struct frame *error = check_ip6(tx(), US, PEER, NH_ICMP6);
  check_icmp6_error(error, T6_TIME_EXCEEDED, ICMP6_TE_FRAG, &first);
  expect_drop(DROP_FRAG6_TIMEOUT);
  expect_silence();
  rx(piece(PEER, 1, &w, 24, 24, false));
  expect_no_datagram();
}

PACKET_TEST(test_timeout_of_a_link_local_sender)
{
  begin();
  struct frame w = udp6("fe80::2", 9, "fe80::ff:fe00:1", 7, "abcdefgh", 8);
  struct frame first =
      ip6_fragment("fe80::2", "fe80::ff:fe00:1", 1, 0, true, NH_UDP, w.data + IP6_PAYLOAD_AT, 16);
  rx(first);
  advance(IPV6_REASS_MAXAGE * 1000);
  struct frame *error = check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6);
  check_icmp6_error(error, T6_TIME_EXCEEDED, ICMP6_TE_FRAG, &first);
  expect_drop(DROP_FRAG6_TIMEOUT);
}

/* Without it, about what was sent to many, and about what may be an ICMPv6 error, there is none. */
PACKET_TEST(test_timeouts_that_nobody_is_told_of)
{
  static const u8_t error[24] = {T6_UNREACHABLE, 4};
  begin();
  struct frame w = whole_of(PEER);
  rx(piece(PEER, 1, &w, 24, 24, false));
  rx(ip6_fragment("fe80::2", "ff02::1", 1, 0, true, NH_UDP, w.data + IP6_PAYLOAD_AT, 24));
  rx(ip6_fragment(PEER, US, 2, 0, true, NH_ICMP6, error, 24));
  struct frame quoted = ip6(PEER, US, 253, pattern(60, 1), 60); /* looks like a packet */
  rx(ip6_fragment(PEER, US, 3, 8, true, 253, quoted.data + IP6_AT, 96));
  advance(IPV6_REASS_MAXAGE * 1000);
  expect_drops(4, DROP_FRAG6_TIMEOUT);
  expect_silence();
}

/* Ages are counted from each datagram's first fragment to come, over the clock's wrap. */
PACKET_TEST(test_timeouts_one_after_the_other)
{
  begin();
  struct frame w = whole_of(PEER);
  for (u32_t id = 0; id < 5; id++) {
    rx(piece(PEER, id, &w, 24, 24, false));
    advance(2000);
  }
  advance(IPV6_REASS_MAXAGE * 1000 - 10000 - 1);
  for (u32_t id = 0; id < 5; id++) {
    expect_no_drop();
    advance(1);
    expect_drop(DROP_FRAG6_TIMEOUT);
    advance(1999);
  }
}

PACKET_TEST(test_nothing_ticks_when_done)
{
  begin();
  struct frame w = whole_of(PEER);
  tx_discard();
  advance(400000);
  u32_t idle = timers_count();
  rx(piece(PEER, 1, &w, 0, 24, false));
  assert_int_equal(timers_count(), idle + 1);
  rx(piece(PEER, 1, &w, 24, 48, true));
  expect_whole(PEER);
  assert_int_equal(timers_count(), idle);
}

/* FragmentSmack: memory is bounded, and whoever floods displaces himself only */
PACKET_TEST(test_thousand_identifications)
{
  begin();
  struct frame w = whole_of(PEER), other = whole_of(OTHER);
  rx(piece(OTHER, 1, &other, 0, 24, false));
  for (u32_t id = 0; id < 1000; id++) {
    rx(piece(PEER, id, &w, 24, 24, false));
  }
  rx(piece(OTHER, 1, &other, 24, 48, true));
  expect_datagram(OTHER, 9, pattern(64, 3), 64);
  expect_drops(1000 - (MEMP_NUM_REASSDATA - 1), DROP_FRAG6_LIMIT);
  rx(piece(PEER, 999, &w, 0, 24, false)); /* the youngest are still there */
  rx(piece(PEER, 999, &w, 48, 24, true));
  expect_whole(PEER);
}

/* ... his neighbours in the same /64 too */
PACKET_TEST(test_flood_by_a_neighbour)
{
  begin();
  struct frame w = whole_of(PEER), other = whole_of("2001:db8::3");
  rx(piece("2001:db8::3", 1, &other, 0, 24, false));
  for (u32_t id = 0; id < 1000; id++) {
    rx(piece(PEER, id, &w, 24, 24, false));
  }
  rx(piece("2001:db8::3", 1, &other, 24, 48, true));
  expect_whole("2001:db8::3");
  ignore_drops();
}

/* Bytes are bounded as well as pbufs, and given back; who takes most of them displaces himself. */
PACKET_TEST(test_large_fragments)
{
  enum { LEN = 60000, COUNT = 20 };
  const u32_t fit = (u32_t)IP_REASS_MAX_PBUFS * 1600 / (LEN + 48);
  begin();
  struct frame other = whole_of(OTHER);
  for (u32_t round = 0; round < 2; round++) {
    rx(piece(OTHER, 1, &other, 0, 24, false));
    for (u32_t id = 0; id < COUNT; id++) {
      rx(ip6_fragment(PEER, US, id, 8, true, 253, pattern(LEN, id), LEN));
    }
    expect_drops(COUNT - fit, DROP_FRAG6_LIMIT);
    rx(piece(OTHER, 1, &other, 24, 48, true));
    expect_whole(OTHER);
    advance(IPV6_REASS_MAXAGE * 1000);
    expect_drops(fit, DROP_FRAG6_TIMEOUT);
  }
}

/* ... also when he has all addresses of a /64 */
PACKET_TEST(test_thousand_sources_of_one_site)
{
  char src[32];
  begin();
  struct frame w = whole_of(PEER), other = whole_of(OTHER);
  rx(piece(OTHER, 1, &other, 0, 24, false));
  for (unsigned n = 0; n < 1000; n++) {
    snprintf(src, sizeof src, "2001:db8:7777::%x", n + 1);
    rx(piece(src, 1, &w, 24, 24, false));
  }
  rx(piece(OTHER, 1, &other, 24, 48, true));
  expect_whole(OTHER);
  expect_drops(1000 - (MEMP_NUM_REASSDATA - 1), DROP_FRAG6_LIMIT);
}

/* One datagram in very many pieces does not displace others either. */
PACKET_TEST(test_one_datagram_of_thousands_of_fragments)
{
  begin();
  struct frame other = whole_of(OTHER);
  rx(piece(OTHER, 1, &other, 0, 24, false));
  u32_t before = drop_count(DROP_FRAG6_LIMIT);
  for (unsigned unit = 0; unit < 4000; unit++) {
    rx(ip6_fragment(PEER, US, 1, (u16_t)(unit * 16), true, 253, "12345678", 8));
  }
  u32_t refused = drop_count(DROP_FRAG6_LIMIT) - before;
  assert_in_range(refused, 4000 - IP_REASS_MAX_PBUFS, 4000);
  expect_drops(refused, DROP_FRAG6_LIMIT);
  rx(piece(OTHER, 1, &other, 24, 48, true));
  expect_whole(OTHER);
}

#if LWIP_IPV4
/* One accounting for both families: IPv6 fills it, and IPv4 finds the oldest making room. */
PACKET_TEST(test_both_families_share_the_bound)
{
  begin();
  app_udp("10.0.0.1", 7);
  struct frame w = whole_of(PEER);
  for (u32_t id = 0; id < MEMP_NUM_REASSDATA; id++) {
    rx(piece(PEER, id, &w, 24, 24, false));
  }
  expect_no_drop();
  struct frame fragments[4];
  size_t count = ip4_fragments(udp4("10.0.0.2", 9, "10.0.0.1", 7, pattern(64, 3), 64), 40,
                               fragments, LWIP_ARRAYSIZE(fragments));
  for (size_t i = 0; i < count; i++) {
    rx(fragments[i]);
  }
  expect_datagram("10.0.0.2", 9, pattern(64, 3), 64);
  expect_drop(DROP_FRAG6_LIMIT); /* the oldest of IPv6 */
  advance(IP_REASS_MAXAGE * 1000);
  expect_no_drop(); /* IPv6's are older than IPv4's may get */
  advance(IPV6_REASS_MAXAGE * 1000);
  expect_drops(MEMP_NUM_REASSDATA - 1, DROP_FRAG6_TIMEOUT);
}
#endif

/* What differs in source, destination or identification belongs to another packet. */
PACKET_TEST(test_same_identification_of_others)
{
  begin();
  struct frame w = whole_of(PEER);
  rx(piece(PEER, 1, &w, 0, 24, false));
  rx(piece("2001:db8::3", 1, &w, 24, 48, true));
  rx(piece(PEER, 2, &w, 24, 48, true));
  rx(piece(PEER, 0x10001, &w, 24, 48, true)); /* all 32 bits count */
  rx(ip6_fragment(PEER, "fe80::ff:fe00:1", 1, 24, false, NH_UDP, w.data + IP6_PAYLOAD_AT + 24, 48));
  expect_no_datagram();
  rx(piece(PEER, 1, &w, 24, 48, true));
  expect_whole(PEER);
  expect_no_drop();
}

/* The same link-local addresses on two links are two senders. */
PACKET_TEST(test_two_links)
{
  struct packet_net *second = net_add_netif();
  net6_up();
  net6_up_on(second);
  app_udp("::", 7);
  struct frame w = udp6("fe80::2", 9, "fe80::ff:fe00:1", 7, pattern(64, 3), 64);
  struct frame part[2];
  ip6_fragments(w, 1, 40, part, 2);
  struct frame elsewhere = frame_copy(part[1]);
  memcpy(elsewhere.data, second->netif.hwaddr, 6);
  rx(part[0]);
  rx_on(second, elsewhere);
  expect_no_datagram();
  rx(part[1]);
  expect_datagram("fe80::2", 9, pattern(64, 3), 64);
  ignore_drops();
}

/* B4-79: a whole that is a fragment itself, and a fragment of a fragment */
PACKET_TEST(test_nested_fragments)
{
  begin();
  struct frame w = whole_of(PEER);
  struct frame inner = piece(PEER, 1, &w, 0, 72, true);
  put16(&inner, IP6_PAYLOAD_AT + 2, 1); /* the first of more */
  rx(ip6_fragment(PEER, US, 2, 0, true, NH_FRAGMENT, inner.data + IP6_PAYLOAD_AT, 40));
  rx(ip6_fragment(PEER, US, 2, 40, false, NH_FRAGMENT, inner.data + IP6_PAYLOAD_AT + 40, 40));
  expect_drop(DROP_IP6_NESTED_FRAGMENT);
  struct ip6_spec spec = ip6_spec_of(PEER, US, NH_UDP);
  ip6_ext_fragment(&spec, 0, false, 3);
  ip6_ext_fragment(&spec, 0, false, 4);
  rx(ip6_opts(spec, w.data + IP6_PAYLOAD_AT, 72));
  expect_drop(DROP_IP6_NESTED_FRAGMENT);
  expect_no_datagram();
  advance(IPV6_REASS_MAXAGE * 1000);
  tx_discard();
  expect_no_drop(); /* nothing was kept */
}

/* The packet ends inside its fragment header. */
PACKET_TEST(test_cut_fragment_headers)
{
  begin();
  for (size_t len = 0; len < 8; len++) {
    rx(ip6(PEER, US, NH_FRAGMENT, "\x11\0\0\x01\0\0\0\1", len));
    expect_drop(DROP_FRAG6_SHORT);
  }
  expect_silence();
}

/* B4-80 (RFC 6980): neighbour and router messages in fragments, whole or atomic */
PACKET_TEST(test_nd_in_fragments)
{
  static const u8_t types[] = {T6_RS, T6_RA, T6_NS, T6_NA, T6_REDIRECT};
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    u8_t message[80] = {types[i]};
    for (unsigned is_atomic = 0; is_atomic < 2; is_atomic++) {
      struct ip6_spec spec = ip6_spec_of("fe80::2", "fe80::ff:fe00:1", NH_ICMP6);
      spec.hop_limit = 255;
      struct frame whole = icmp6_opts(spec, message, sizeof message);
      struct frame part[2];
      size_t count = ip6_fragments(whole, i, is_atomic ? 80 : 40, part, 2);
      for (size_t k = 0; k < count; k++) {
        expect_no_drop();
        rx(part[k]);
      }
      expect_drop(DROP_ND6_FRAGMENTED);
    }
  }
  expect_silence();
}

PACKET_TEST(test_no_memory_to_reassemble)
{
  begin();
  struct frame w = whole_of(PEER);
  struct frame f = piece(PEER, 1, &w, 0, 24, false);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14), PBUF_RAM);
  assert_non_null(p);
  memcpy(p->payload, f.data + 14, f.len - 14);
  fault_arm(1);
  ip6_input(p, &net.netif);
  fault_arm(0);
  expect_drop(DROP_FRAG6_NO_MEMORY);
  rx(f);
  rx(piece(PEER, 1, &w, 24, 48, true));
  expect_whole(PEER);
}

/* Somebody else's view of a fragment is not written to. */
PACKET_TEST(test_shared_fragments_are_left_alone)
{
  begin();
  struct frame w = whole_of(PEER);
  struct frame f = piece(PEER, 1, &w, 24, 48, true);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)f.len, PBUF_POOL);
  if (p == NULL) {
    fail();
  }
  app_own(p);
  pbuf_take(p, f.data, (u16_t)f.len);
  pbuf_ref(p);
  if (net.netif.input(p, &net.netif) != ERR_OK) {
    pbuf_free(p);
  }
  pbuf_add_header_force(p, (size_t)(f.len - p->tot_len));
  assert_memory_equal(p->payload, f.data, f.len);
  rx(piece(PEER, 1, &w, 0, 24, false));
  expect_whole(PEER);
}

/* Drivers may leave empty buffers at a packet's end. */
PACKET_TEST(test_empty_buffers_behind_a_fragment)
{
  begin();
  struct frame w = whole_of(PEER);
  for (unsigned i = 0; i < 2; i++) {
    struct frame f = piece(PEER, 1, &w, i == 0 ? 24 : 0, i == 0 ? 48 : 24, i == 0);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)f.len, PBUF_POOL);
    struct pbuf *empty = pbuf_alloc(PBUF_RAW, 0, PBUF_RAM);
    if (p == NULL || empty == NULL) {
      (void)(p != NULL && pbuf_free(p));
      (void)(empty != NULL && pbuf_free(empty));
      fail();
    }
    pbuf_take(p, f.data, (u16_t)f.len);
    pbuf_cat(p, empty);
    if (net.netif.input(p, &net.netif) != ERR_OK) {
      pbuf_free(p);
    }
  }
  expect_whole(PEER);
}

/* lwIP's function: from the fragment header on; the whole comes from its IPv6 header on. */
static struct {
  struct pbuf *whole;
} old_style;

static u8_t feed_ip6_reass(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  pbuf_remove_header(p, 40); /* what came as protocol 253 is a fragment header and its payload */
  old_style.whole = ip6_reass(p);
  return 1;
}

PACKET_TEST(test_public_function)
{
  net6_up();
  struct raw_pcb *raw = raw_new_ip_type(IPADDR_TYPE_V6, 253);
  assert_non_null(raw);
  raw_recv(raw, feed_ip6_reass, NULL);
  old_style.whole = NULL;
  struct frame w = whole_of(PEER);
  struct frame part[2];
  ip6_fragments(w, 1, 40, part, 2);
  for (unsigned i = 0; i < 2; i++) {
    assert_null(old_style.whole);
    put8(&part[i], IP6_AT + 6, 253);
    rx(part[i]);
  }
  assert_non_null(old_style.whole);
  app_own(old_style.whole);
  assert_int_equal(old_style.whole->tot_len, 40 + 72);
  u8_t bytes[112];
  pbuf_copy_partial(old_style.whole, bytes, sizeof bytes, 0);
  assert_memory_equal(bytes, w.data + IP6_AT, sizeof bytes);
}

static const struct packet_test tests[] = {
    TEST(test_two_fragments_in_order_and_not),
    TEST(test_any_order),
    TEST(test_atomic_fragments),
    TEST(test_overlaps),
    TEST(test_nothing_is_left_of_an_overlap),
    TEST(test_duplicates),
    TEST(test_first_fragments_without_all_headers),
    TEST(test_first_fragment_that_may_be_an_error),
    TEST(test_lengths_that_are_no_multiple_of_eight),
    TEST(test_ends_beyond_65535),
    TEST_FLAGS(test_first_header_makes_it_too_long, PACKET_NO_CHAINED),
    TEST_FLAGS(test_greatest_datagram, PACKET_NO_CHAINED),
    TEST(test_headers_come_from_the_first_fragment),
    TEST(test_headers_behind_the_fragment_header),
    TEST(test_congestion_mark),
    TEST(test_congestion_mark_beside_not_ect),
    TEST(test_timeout_with_the_first_fragment),
    TEST(test_timeout_of_a_link_local_sender),
    TEST(test_timeouts_that_nobody_is_told_of),
    TEST(test_timeouts_one_after_the_other),
    TEST(test_nothing_ticks_when_done),
    TEST(test_thousand_identifications),
    TEST(test_flood_by_a_neighbour),
    TEST_FLAGS(test_large_fragments, PACKET_NO_CHAINED), /* more pbufs than the pool has */
    TEST(test_thousand_sources_of_one_site),
    TEST(test_one_datagram_of_thousands_of_fragments),
#if LWIP_IPV4
    TEST(test_both_families_share_the_bound),
#endif
    TEST(test_same_identification_of_others),
    TEST(test_two_links),
    TEST(test_nested_fragments),
    TEST(test_cut_fragment_headers),
    TEST(test_nd_in_fragments),
    TEST_FLAGS(test_no_memory_to_reassemble, PACKET_ONCE), /* its own */
    TEST_FLAGS(test_shared_fragments_are_left_alone, PACKET_ONCE),
    TEST_FLAGS(test_empty_buffers_behind_a_fragment, PACKET_ONCE),
    TEST(test_public_function),
};

PACKET_MAIN(tests)
