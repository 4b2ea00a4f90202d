/*
 * Reassembly (RFC 791 3.2, RFC 815, RFC 1122 3.3.2, RFC 1858; security vectors B3-44 to 56).
 * needs: ipv4
 */
#include "packet.h"
#include "base/fault.h"
#include "lwip/ip4_frag.h"
#include "lwip/memp.h"
#include "gossamer/timer.h"

#define SIZES_MAX 64

/** A piece of the payload of an IP datagram. */
static struct frame piece(const char *src, u16_t id, const struct frame *whole, size_t from,
                          size_t len, bool is_last)
{
  struct ip4_spec spec = ip4_spec_of(src, "10.0.0.1", IP_PROTO_UDP);
  spec.id = id;
  spec.frag = (u16_t)(from / 8 | (is_last ? 0 : IP_MF));
  return ip4_opts(spec, whole->data + 34 + from, len);
}

/** 72 bytes of UDP datagram, of which pieces are made: 64 bytes of data to port 7. */
static struct frame whole_of(const char *src)
{
  app_udp(NULL, 7);
  return udp4(src, 9, "10.0.0.1", 7, pattern(64, 3), 64);
}

static void expect_whole(const char *src)
{
  expect_datagram(src, 9, pattern(64, 3), 64);
  expect_silence();
}

static struct {
  u8_t ttl, tos;
  u16_t header_len, total_len, frag, checksum;
} seen;

static u8_t record_header(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  const u8_t *h = p->payload;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  seen.header_len = (u16_t)((h[0] & 15) * 4);
  seen.tos = h[1];
  seen.ttl = h[8];
  seen.total_len = (u16_t)(h[2] << 8 | h[3]);
  seen.frag = (u16_t)(h[6] << 8 | h[7]);
  seen.checksum = checksum_of(h, seen.header_len);
  return 0;
}

PACKET_TEST(test_two_fragments_in_order_and_not)
{
  struct frame w = whole_of("10.0.0.2");
  for (int turn = 0; turn < 2; turn++) {
    rx(piece("10.0.0.2", 1, &w, turn ? 40 : 0, turn ? 32 : 40, turn));
    expect_no_datagram();
    rx(piece("10.0.0.2", 1, &w, turn ? 0 : 40, turn ? 40 : 32, !turn));
    expect_whole("10.0.0.2");
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
  app_udp(NULL, 7);
  for (unsigned round = 0; round < 60; round++) {
    size_t size = 100 + round * 29;
    const u8_t *data = pattern(size, round);
    struct udp_spec spec = udp_spec_of("10.0.0.2", 9, "10.0.0.1", 7);
    spec.ip.id = (u16_t)round;
    size_t count = ip4_fragments(udp4_opts(spec, data, size), 8 + round / 10 * 40, fragments,
                                 LWIP_ARRAYSIZE(fragments));
    shuffle(order, count, &seed);
    for (size_t i = 0; i < count; i++) {
      expect_no_datagram();
      rx(fragments[order[i]]);
    }
    expect_datagram("10.0.0.2", 9, data, size);
  }
  expect_no_drop();
}

/* B3-44: the smallest first fragment is kept, and alone no datagram */
PACKET_TEST(test_one_fragment_of_eight_bytes)
{
  struct frame w = whole_of("10.0.0.2");
  rx(piece("10.0.0.2", 1, &w, 0, 8, false));
  expect_no_drop();
  expect_no_datagram();
  rx(piece("10.0.0.2", 1, &w, 8, 64, true));
  expect_whole("10.0.0.2");
}

/* B3-45, ping of death: the end beyond 65,535 */
PACKET_TEST(test_ends_beyond_65535)
{
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_ICMP);
  spec.frag = 8191; /* 65,528 */
  rx(ip4_opts(spec, "12345678", 8));
  expect_drop(DROP_FRAG_TOO_BIG);
  spec.frag = 8189;              /* 65,512 */
  rx(ip4_opts(spec, "1234", 4)); /* with the header 65,536 */
  expect_drop(DROP_FRAG_TOO_BIG);
  rx(ip4_opts(spec, "123", 3));
  expect_no_drop();
  spec.frag = IP_MF | 8064;
  rx(ip4_opts(spec, pattern(1480, 1), 1480));
  expect_drop(DROP_FRAG_TOO_BIG);
}

/* The first fragment's header counts, and it has options: 65,512 + 3 + 60 */
PACKET_TEST(test_first_header_makes_it_too_long)
{
  u8_t nops[40];
  struct frame fragments[64];
  memset(nops, 1, sizeof nops);
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", 253);
  struct frame big = ip4_opts(spec, pattern(65515, 1), 65515);
  size_t count = ip4_fragments(big, 1400, fragments, LWIP_ARRAYSIZE(fragments));
  spec.frag = IP_MF;
  spec.options = nops;
  spec.options_len = sizeof nops;
  rx(ip4_opts(spec, big.data + 34, 1400));
  for (size_t i = 1; i + 1 < count; i++) {
    rx(fragments[i]);
  }
  expect_no_drop();
  rx(fragments[count - 1]);
  expect_drop(DROP_FRAG_TOO_BIG);
  expect_silence();
}

PACKET_TEST(test_greatest_datagram)
{
  struct frame fragments[64];
  const u8_t *data = pattern(65507, 7);
  app_udp(NULL, 7);
  size_t count = ip4_fragments(udp4("10.0.0.2", 9, "10.0.0.1", 7, data, 65507), 1480, fragments,
                               LWIP_ARRAYSIZE(fragments));
  for (size_t i = count; i > 0; i--) {
    rx(fragments[i - 1]);
  }
  expect_datagram("10.0.0.2", 9, data, 65507);
  expect_no_drop();
}

/* B3-46, and nothing at all */
PACKET_TEST(test_lengths_that_are_no_multiple_of_eight)
{
  struct frame w = whole_of("10.0.0.2");
  for (size_t len = 17; len < 24; len++) {
    rx(piece("10.0.0.2", 1, &w, 8, len, false));
    expect_drop(DROP_FRAG_BAD_LENGTH);
  }
  rx(piece("10.0.0.2", 1, &w, 8, 0, false));
  expect_drop(DROP_FRAG_BAD_LENGTH);
  rx(piece("10.0.0.2", 1, &w, 8, 0, true));
  expect_drop(DROP_FRAG_BAD_LENGTH);
}

/* B3-47: the network repeats packets; that harms nothing */
PACKET_TEST(test_exact_duplicates)
{
  struct frame w = whole_of("10.0.0.2");
  for (int i = 0; i < 3; i++) {
    rx(piece("10.0.0.2", 1, &w, 0, 24, false));
  }
  expect_drops(2, DROP_FRAG_DUPLICATE);
  for (int i = 0; i < 3; i++) {
    rx(piece("10.0.0.2", 1, &w, 48, 24, true));
  }
  expect_drops(2, DROP_FRAG_DUPLICATE);
  rx(piece("10.0.0.2", 1, &w, 24, 24, false));
  expect_whole("10.0.0.2");
}

/* B3-47: every other overlap ends the datagram: partial, teardrop (inside), around, by one unit,
   a last fragment that ends before an earlier one's end, an end behind the last one's, two ends */
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
  struct frame w = whole_of("10.0.0.2");
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    u16_t id = (u16_t)(100 + i);
    rx(piece("10.0.0.2", id, &w, cases[i].from, cases[i].len, cases[i].is_last));
    expect_no_drop();
    rx(piece("10.0.0.2", id, &w, cases[i].from2, cases[i].len2, cases[i].is_last2));
    expect_drop(DROP_FRAG_OVERLAP);
    rx(piece("10.0.0.2", id, &w, 0, 72, true) /* whole: offset 0, no MF */);
    expect_whole("10.0.0.2"); /* it is no fragment, the identification means nothing */
  }
  expect_silence();
}

/* The same range with other bytes is no repetition. */
PACKET_TEST(test_repetition_with_other_bytes)
{
  struct frame w = whole_of("10.0.0.2");
  struct frame f = piece("10.0.0.2", 1, &w, 24, 24, false);
  rx(f);
  put8(&f, 34 + 23, (u8_t)~get8(&f, 34 + 23));
  rx(f);
  expect_drop(DROP_FRAG_OVERLAP);
  expect_silence();
}

/* RFC 3168 5.3: a congestion mark on any fragment is one on the datagram */
PACKET_TEST(test_congestion_mark)
{
  struct frame w = whole_of("10.0.0.2");
  struct raw_pcb *raw = raw_new(IP_PROTO_UDP);
  assert_non_null(raw);
  raw_recv(raw, record_header, NULL);
  memset(&seen, 0, sizeof seen);
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
  spec.tos = 2;
  spec.frag = IP_MF;
  rx(ip4_opts(spec, w.data + 34, 24));
  spec.tos = 3;
  spec.frag = 3;
  rx(ip4_opts(spec, w.data + 34 + 24, 48));
  expect_whole("10.0.0.2");
  assert_int_equal(seen.tos, 3);
  assert_int_equal(seen.checksum, 0);
}

/* RFC 3168 5.3: no mark may be put on a packet whose sender knows nothing of ECN, and none may get
   lost */
PACKET_TEST(test_congestion_mark_beside_not_ect)
{
  struct frame w = whole_of("10.0.0.2");
  for (u8_t turn = 0; turn < 2; turn++) {
    struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
    spec.tos = turn ? 3 : 0;
    spec.frag = IP_MF;
    rx(ip4_opts(spec, w.data + 34, 24));
    spec.tos = turn ? 0 : 3;
    spec.frag = 3;
    rx(ip4_opts(spec, w.data + 34 + 24, 48));
    expect_no_datagram();
    expect_drop(DROP_FRAG_MIXED_ECN);
  }
}

/* Of what overlapped nothing is left that later fragments could complete. */
PACKET_TEST(test_nothing_is_left_of_an_overlap)
{
  struct frame w = whole_of("10.0.0.2");
  rx(piece("10.0.0.2", 1, &w, 0, 24, false));
  rx(piece("10.0.0.2", 1, &w, 24, 24, false));
  rx(piece("10.0.0.2", 1, &w, 16, 16, false));
  expect_drop(DROP_FRAG_OVERLAP);
  rx(piece("10.0.0.2", 1, &w, 48, 24, true));
  expect_no_datagram();
}

/* B3-49, RFC 1858: the transport header must be in the first fragment */
PACKET_TEST(test_tiny_first_fragments)
{
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_TCP);
  const u8_t *tcp = pattern(40, 1);
  for (u8_t len = 8; len < 20; len = (u8_t)(len + 8)) {
    spec.frag = IP_MF;
    rx(ip4_opts(spec, tcp, len));
    expect_drop(DROP_FRAG_TINY_FIRST);
  }
  for (u8_t offset = 1; offset < 3; offset++) {
    spec.frag = (u16_t)(IP_MF | offset); /* the flags, over a harmless first fragment */
    rx(ip4_opts(spec, tcp, 24));
    expect_drop(DROP_FRAG_TINY_FIRST);
  }
  spec.frag = IP_MF;
  rx(ip4_opts(spec, tcp, 24));
  expect_no_drop();
  expect_silence();
}

/* B3-50: with the first fragment there is an error, quoting it alone */
PACKET_TEST(test_timeout_with_the_first_fragment)
{
  struct frame w = whole_of("10.0.0.2");
  struct frame first = piece("10.0.0.2", 1, &w, 0, 24, false);
  rx(piece("10.0.0.2", 1, &w, 48, 24, true));
  rx(first);
  expect_silence();
  advance(IP_REASS_MAXAGE * 1000 - 1);
  expect_silence();
  expect_no_drop();
  advance(1);
  struct frame *error = check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_ICMP);
  check_icmp_error(error, ICMP_TE, ICMP_TE_FRAG, &first);
  expect_drop(DROP_FRAG_TIMEOUT);
  expect_silence();
  rx(piece("10.0.0.2", 1, &w, 24, 24, false));
  expect_no_datagram();
}

/* B3-50: without it there is none */
PACKET_TEST(test_timeout_without_the_first_fragment)
{
  struct frame w = whole_of("10.0.0.2");
  rx(piece("10.0.0.2", 1, &w, 24, 24, false));
  rx(piece("10.0.0.2", 1, &w, 48, 24, true));
  advance(IP_REASS_MAXAGE * 1000);
  expect_drop(DROP_FRAG_TIMEOUT);
  expect_silence();
}

/* RFC 1122 3.2.2: nor about what was sent to many */
PACKET_TEST(test_timeout_of_what_many_got)
{
  static const char *const everybody[] = {"224.0.0.1", "10.0.0.255", "255.255.255.255"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(everybody); i++) {
    struct ip4_spec spec = ip4_spec_of("10.0.0.2", everybody[i], IP_PROTO_UDP);
    spec.frag = IP_MF;
    rx(ip4_opts(spec, pattern(24, 1), 24));
  }
  advance(IP_REASS_MAXAGE * 1000);
  expect_drops(3, DROP_FRAG_TIMEOUT);
  expect_silence();
}

/* Ages are counted from each datagram's first fragment to come, over the clock's wrap. */
PACKET_TEST(test_timeouts_one_after_the_other)
{
  struct frame w = whole_of("10.0.0.2");
  for (u16_t id = 0; id < 5; id++) {
    rx(piece("10.0.0.2", id, &w, 24, 24, false));
    advance(2000);
  }
  advance(IP_REASS_MAXAGE * 1000 - 10000 - 1);
  for (u16_t id = 0; id < 5; id++) {
    expect_no_drop();
    advance(1);
    expect_drop(DROP_FRAG_TIMEOUT);
    advance(1999);
  }
}

PACKET_TEST(test_nothing_ticks_when_done)
{
  struct frame w = whole_of("10.0.0.2");
  tx_discard();
  advance(400000); /* ARP's timers end */
  u32_t idle = timers_count();
  rx(piece("10.0.0.2", 1, &w, 0, 24, false));
  assert_int_equal(timers_count(), idle + 1);
  rx(piece("10.0.0.2", 1, &w, 24, 48, true));
  expect_whole("10.0.0.2");
  assert_int_equal(timers_count(), idle);
}

/* B3-51, FragmentSmack: memory is bounded, and whoever floods displaces himself only */
PACKET_TEST(test_thousand_identifications)
{
  struct frame other = whole_of("10.0.0.9");
  struct frame w = udp4("10.0.0.2", 9, "10.0.0.1", 7, pattern(64, 3), 64);
  rx(piece("10.0.0.9", 1, &other, 0, 24, false));
  for (u16_t id = 0; id < 1000; id++) {
    rx(piece("10.0.0.2", id, &w, 24, 24, false));
  }
  rx(piece("10.0.0.9", 1, &other, 24, 48, true));
  expect_datagram("10.0.0.9", 9, pattern(64, 3), 64);
  expect_drops(1000 - (MEMP_NUM_REASSDATA - 1), DROP_FRAG_LIMIT);
  rx(udp4("10.0.0.2", 9, "10.0.0.1", 7, "small", 5)); /* other traffic flows */
  expect_datagram("10.0.0.2", 9, "small", 5);
  rx(piece("10.0.0.2", 999, &w, 0, 24, false)); /* the youngest are still there */
  rx(piece("10.0.0.2", 999, &w, 48, 24, true));
  expect_datagram("10.0.0.2", 9, pattern(64, 3), 64);
}

/* B3-51: one datagram in very many pieces does not displace others either */
PACKET_TEST(test_one_datagram_of_thousands_of_fragments)
{
  struct frame other = whole_of("10.0.0.9");
  rx(piece("10.0.0.9", 1, &other, 0, 24, false));
  u32_t before = drop_count(DROP_FRAG_LIMIT);
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
  for (u16_t unit = 0; unit < 4000; unit++) {
    spec.frag = (u16_t)(IP_MF | unit * 2);
    rx(ip4_opts(spec, "12345678", 8));
  }
  u32_t refused = drop_count(DROP_FRAG_LIMIT) - before;
  assert_in_range(refused, 4000 - IP_REASS_MAX_PBUFS, 4000);
  expect_drops(refused, DROP_FRAG_LIMIT);
  rx(piece("10.0.0.9", 1, &other, 24, 48, true));
  expect_whole("10.0.0.9");
}

/* B3-52 */
PACKET_TEST(test_same_identification_of_others)
{
  struct frame w = whole_of("10.0.0.2");
  rx(piece("10.0.0.2", 1, &w, 0, 24, false));
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", 253);
  spec.id = 1;
  spec.frag = 3;
  rx(ip4_opts(spec, pattern(48, 1), 48));
  rx(piece("10.0.0.3", 1, &w, 24, 48, true));
  rx(piece("10.0.0.2", 2, &w, 24, 48, true));
  spec.proto = IP_PROTO_UDP;
  spec.dst = "10.0.0.255";
  rx(ip4_opts(spec, pattern(48, 1), 48));
  expect_no_datagram();
  rx(piece("10.0.0.2", 1, &w, 24, 48, true));
  expect_whole("10.0.0.2");
  expect_no_drop();
}

/* B3-53: the header is the first fragment's, whichever came first */
PACKET_TEST(test_header_comes_from_the_first_fragment)
{
  static const u8_t nops[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  struct frame w = whole_of("10.0.0.2");
  struct raw_pcb *raw = raw_new(IP_PROTO_UDP);
  assert_non_null(raw);
  raw_recv(raw, record_header, NULL);
  memset(&seen, 0, sizeof seen);
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
  spec.frag = 3;
  spec.ttl = 11;
  rx(ip4_opts(spec, w.data + 34 + 24, 48));
  spec.frag = IP_MF;
  spec.ttl = 22;
  spec.tos = 0x20;
  spec.options = nops;
  spec.options_len = sizeof nops;
  rx(ip4_opts(spec, w.data + 34, 24));
  expect_whole("10.0.0.2");
  assert_int_equal(seen.header_len, 28);
  assert_int_equal(seen.total_len, 28 + 72);
  assert_int_equal(seen.ttl, 22);
  assert_int_equal(seen.tos, 0x20);
  assert_int_equal(seen.frag, 0);
  assert_int_equal(seen.checksum, 0);
}

/* B3-55: "don't fragment" on a fragment, first or later */
PACKET_TEST(test_fragments_with_df)
{
  struct frame w = whole_of("10.0.0.2");
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
  spec.frag = IP_DF | 3;
  rx(ip4_opts(spec, w.data + 34 + 24, 48));
  expect_drop(DROP_FRAG_DF_SET);
  spec.frag = IP_DF | IP_MF;
  rx(ip4_opts(spec, w.data + 34, 24));
  expect_drop(DROP_FRAG_DF_SET);
  expect_silence();
  assert_int_equal(timers_count(), 0);
}

/* B3-56: an error in fragments is an error; one that quotes a later fragment is about nobody */
PACKET_TEST(test_icmp_errors_and_fragments)
{
  struct frame fragments[8];
  struct frame about = udp4("10.0.0.1", 7, "10.0.0.2", 9, pattern(200, 1), 200);
  struct frame error = icmp4_error("10.0.0.2", "10.0.0.1", ICMP_DUR, ICMP_DUR_PORT, 0, &about, 200);
  size_t count = ip4_fragments(error, 64, fragments, LWIP_ARRAYSIZE(fragments));
  for (size_t i = 0; i < count; i++) {
    expect_no_drop();
    rx(fragments[i]);
  }
  expect_drop(DROP_ICMP_NOT_OURS);
  put16(&about, 20, IP_MF | 4);
  rx(icmp4_error("10.0.0.2", "10.0.0.1", ICMP_DUR, ICMP_DUR_PORT, 0, &about, 200));
  expect_drop(DROP_ICMP_BAD_QUOTE);
  expect_silence();
}

PACKET_TEST(test_no_memory_to_reassemble)
{
  struct frame w = whole_of("10.0.0.2");
  struct frame f = piece("10.0.0.2", 1, &w, 0, 24, false);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(f.len - 14), PBUF_RAM);
  assert_non_null(p);
  memcpy(p->payload, f.data + 14, f.len - 14);
  fault_arm(1);
  ip4_input(p, &net.netif);
  fault_arm(0);
  expect_drop(DROP_FRAG_NO_MEMORY);
  rx(f);
  rx(piece("10.0.0.2", 1, &w, 24, 48, true));
  expect_whole("10.0.0.2");
}

PACKET_TEST(test_unknown_protocol_in_fragments)
{
  struct frame fragments[8];
  struct frame whole = ip4("10.0.0.2", "10.0.0.1", 253, pattern(100, 1), 100);
  size_t count = ip4_fragments(whole, 40, fragments, LWIP_ARRAYSIZE(fragments));
  for (size_t i = 0; i < count; i++) {
    rx(fragments[i]);
  }
  check_icmp(tx(), ICMP_DUR, ICMP_DUR_PROTO);
  expect_drop(DROP_IP4_NO_PROTO);
}

static const struct packet_test tests[] = {
    TEST(test_two_fragments_in_order_and_not),
    TEST(test_any_order),
    TEST(test_one_fragment_of_eight_bytes),
    TEST(test_ends_beyond_65535),
    TEST_FLAGS(test_first_header_makes_it_too_long, PACKET_NO_CHAINED),
    TEST_FLAGS(test_greatest_datagram, PACKET_NO_CHAINED),
    TEST(test_lengths_that_are_no_multiple_of_eight),
    TEST(test_exact_duplicates),
    TEST(test_overlaps),
    TEST(test_repetition_with_other_bytes),
    TEST(test_congestion_mark),
    TEST(test_congestion_mark_beside_not_ect),
    TEST(test_nothing_is_left_of_an_overlap),
    TEST(test_tiny_first_fragments),
    TEST(test_timeout_with_the_first_fragment),
    TEST(test_timeout_without_the_first_fragment),
    TEST(test_timeout_of_what_many_got),
    TEST(test_timeouts_one_after_the_other),
    TEST(test_nothing_ticks_when_done),
    TEST(test_thousand_identifications),
    TEST(test_one_datagram_of_thousands_of_fragments),
    TEST(test_same_identification_of_others),
    TEST(test_header_comes_from_the_first_fragment),
    TEST(test_fragments_with_df),
    TEST(test_icmp_errors_and_fragments),
    TEST_FLAGS(test_no_memory_to_reassemble, PACKET_ONCE), /* its own */
    TEST(test_unknown_protocol_in_fragments),
};

PACKET_MAIN(tests)
