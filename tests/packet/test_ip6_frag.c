/*
 * Fragments of our own IPv6 packets (RFC 8200 4.5, 5, RFC 7739, RFC 8021).
 * needs: ipv6
 */
#include "packet.h"
#include <stdlib.h>
#include "base/fault.h"
#include "lwip/ip6.h"
#include "lwip/ip6_frag.h"
#include "lwip/memp.h"
#include "ip/v6/ip6_reass.h"

#define US    "2001:db8::1"
#define PEER  "2001:db8::2"
#define PROTO 253

#define FRAG_AT 54 /* in a frame without other extension headers */

static err_t send_packet(struct pbuf *p, const char *dst)
{
  ip6_addr_t us = ip6_of(US), to = ip6_of(dst);
  return ip6_output(p, &us, &to, 64, 0, PROTO);
}

static void begin(void)
{
  net6_up();
  assert_int_equal(send_packet(app_pbuf("x", 1), PEER), ERR_OK); /* the neighbour is known then */
  check_ip6(tx(), US, PEER, PROTO);
}

/** The fragments that were sent have these bytes, in order, each as long as can be. */
static u32_t expect_fragments(const u8_t *data, size_t len, u16_t mtu)
{
  size_t room = (mtu - 48u) / 8 * 8, last_room = mtu - 48u;
  u32_t id = 0;
  size_t at = 0;
  while (at < len) {
    size_t part_len = len - at <= last_room ? len - at : room;
    struct frame *f = check_ip6(tx(), US, PEER, NH_FRAGMENT);
    id = at == 0 ? get32(f, FRAG_AT + 4) : id;
    assert_int_equal(get8(f, FRAG_AT), PROTO);
    assert_int_equal(get8(f, FRAG_AT + 1), 0);
    assert_int_equal(get16(f, FRAG_AT + 2), at | (at + part_len < len ? 1 : 0));
    assert_int_equal(get32(f, FRAG_AT + 4), id);
    assert_int_equal(get16(f, IP6_AT + 4), 8 + part_len);
    check_hop_limit(f, 64);
    assert_memory_equal(f->data + FRAG_AT + 8, data + at, part_len);
    at += part_len;
  }
  expect_silence();
  return id;
}

PACKET_TEST(test_sizes_around_the_mtu)
{
  static const size_t sizes[] = {1461, 1468, 1469, 2896, 2897, 2900, 2901, 4344, 4345, 9000};
  begin();
  assert_int_equal(send_packet(app_pbuf(pattern(1460, 1), 1460), PEER), ERR_OK);
  check_ip6(tx(), US, PEER, PROTO); /* it fits: no fragment header (RFC 8021) */
  expect_silence();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    const u8_t *data = pattern(sizes[i], i);
    assert_int_equal(send_packet(app_pbuf(data, sizes[i]), PEER), ERR_OK);
    expect_fragments(data, sizes[i], 1500);
  }
}

PACKET_TEST(test_odd_mtus)
{
  static const u16_t mtus[] = {1280, 1281, 1287, 1288, 1400, 1499};
  begin();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(mtus); i++) {
    net.netif.mtu = mtus[i];
    const u8_t *data = pattern(5000, i);
    assert_int_equal(send_packet(app_pbuf(data, 5000), PEER), ERR_OK);
    expect_fragments(data, 5000, mtus[i]);
  }
}

/* gaps.md section 4: MTUs of 48 to 55 went round for ever, smaller ones sent an oversized packet.
   No link with IPv6 has such an MTU (RFC 8200 5); if one is set, nothing bad comes of it. */
PACKET_TEST(test_mtus_that_leave_no_room)
{
  static const u16_t mtus[] = {1, 39, 40, 47, 48, 55};
  begin();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(mtus); i++) {
    net.netif.mtu = mtus[i];
    assert_int_equal(send_packet(app_pbuf(pattern(100, 1), 100), PEER), ERR_VAL);
    expect_silence();
  }
  net.netif.mtu = 56;
  assert_int_equal(send_packet(app_pbuf(pattern(100, 1), 100), PEER), ERR_OK);
  expect_fragments(pattern(100, 1), 100, 56);
}

/* gaps.md section 4: whatever path MTU a caller thinks it knows, fragments have 1280 bytes. */
PACKET_TEST(test_path_mtus_below_1280)
{
  static const u16_t mtus[] = {0, 47, 48, 55, 56, 576, 1279, 1280};
  begin();
  const u8_t *data = pattern(3000, 1);
  struct frame f = ip6(US, PEER, PROTO, data, 3000);
  struct pbuf *p = app_pbuf(f.data + IP6_AT, f.len - IP6_AT);
  ip6_addr_t peer = ip6_of(PEER);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(mtus); i++) {
    assert_int_equal(ip6_frag_to(p, &net.netif, &peer, mtus[i]), ERR_OK);
    expect_fragments(data, 3000, 1280);
  }
}

PACKET_TEST(test_greatest_packet)
{
  begin();
  const u8_t *data = pattern(65495, 1);
  assert_int_equal(send_packet(app_pbuf(data, 65495), PEER), ERR_OK);
  expect_fragments(data, 65495, 1500);
}

/* The packet lies in many buffers whose borders are no fragments' borders. */
PACKET_TEST(test_chained_packet)
{
  const u8_t *data = pattern(3000, 1);
  begin();
  struct pbuf *chain = app_pbuf(data, 1);
  for (size_t at = 1; at < 3000;) {
    size_t len = LWIP_MIN(3000 - at, 1 + at % 400);
    struct pbuf *part = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
    assert_non_null(part);
    memcpy(part->payload, data + at, len);
    pbuf_cat(chain, part);
    at += len;
  }
  assert_int_equal(send_packet(chain, PEER), ERR_OK);
  expect_fragments(data, 3000, 1500);
}

/* The fragments wait for the neighbour after the sender has let go of the packet. */
PACKET_TEST(test_fragments_outlive_the_packet)
{
  const u8_t *data = pattern(3000, 1);
  net6_up();
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 3000, PBUF_RAM);
  assert_non_null(p);
  memcpy(p->payload, data, 3000);
  err_t err = send_packet(p, PEER);
  pbuf_free(p);
  assert_int_equal(err, ERR_OK);
  expect_fragments(data, 3000, 1500);
}

/** Cut a packet with extension headers up by lwIP's function. */
static void send_with_headers(struct ip6_spec spec, size_t len)
{
  struct frame f = ip6_opts(spec, pattern(len, 1), len);
  ip6_addr_t peer = ip6_of(PEER);
  struct pbuf *p = app_pbuf(f.data + IP6_AT, f.len - IP6_AT);
  assert_int_equal(ip6_frag(p, &net.netif, &peer), ERR_OK);
}

/* gaps.md section 4: headers in front of the fragment header: what every hop reads is in every
   fragment, the rest only in the first (RFC 8200 4.5). */
PACKET_TEST(test_extension_headers)
{
  begin();
  struct ip6_spec spec = ip6_spec_of(US, PEER, PROTO);
  ip6_ext_add(&spec, NH_HOP_BY_HOP, "\x1e\x02zz", 4);
  ip6_ext_add(&spec, NH_DEST, "\x1e\x0ayyyyyyyyyy", 12);
  ip6_ext_add(&spec, NH_ROUTING, "\0\0\0\0\0\0", 6);
  ip6_ext_add(&spec, NH_DEST, "\x1e\x02xx", 4);
  send_with_headers(spec, 2000);
  struct frame sent = ip6_opts(spec, pattern(2000, 1), 2000);
  size_t all_hops = 40 + 8 + 16 + 8, first_len = (1500 - all_hops - 8) / 8 * 8;
  for (unsigned i = 0; i < 2; i++) {
    struct frame *f = tx();
    size_t len = i == 0 ? first_len : 2008 - first_len;
    size_t frag_at = IP6_AT + all_hops;
    assert_int_equal(f->len, frag_at + 8 + len);
    assert_int_equal(get16(f, IP6_AT + 4), all_hops - 40 + 8 + len);
    assert_int_equal(get8(f, frag_at - 8), NH_FRAGMENT);
    assert_memory_equal(f->data + IP6_AT + 6, sent.data + IP6_AT + 6, all_hops - 6 - 8);
    assert_memory_equal(f->data + frag_at - 7, sent.data + frag_at - 7, 7);
    assert_int_equal(get8(f, frag_at), NH_DEST);
    assert_int_equal(get16(f, frag_at + 2), i == 0 ? 1 : first_len);
    assert_memory_equal(f->data + frag_at + 8, sent.data + frag_at + i * first_len, len);
  }
  expect_silence();
}

/* ... destination options alone are of no concern on the way. */
PACKET_TEST(test_destination_options)
{
  begin();
  struct ip6_spec spec = ip6_spec_of(US, PEER, PROTO);
  ip6_ext_add(&spec, NH_DEST, "\x1e\x02xx", 4);
  send_with_headers(spec, 2000);
  struct frame *f = check_ip6(tx(), US, PEER, NH_FRAGMENT);
  assert_int_equal(get8(f, FRAG_AT), NH_DEST);
  assert_int_equal(get8(f, FRAG_AT + 8), PROTO);
  f = check_ip6(tx(), US, PEER, NH_FRAGMENT);
  assert_int_equal(get8(f, FRAG_AT), NH_DEST);
  expect_silence();
}

/* What cannot be fragmented: no IPv6 packet, a fragment, headers that never end. */
PACKET_TEST(test_packets_that_cannot_be_cut)
{
  begin();
  ip6_addr_t peer = ip6_of(PEER);
  struct frame f = ip6(US, PEER, PROTO, pattern(2000, 1), 2000);
  put8(&f, IP6_AT, 0x45);
  assert_int_equal(ip6_frag(app_pbuf(f.data + IP6_AT, f.len - IP6_AT), &net.netif, &peer), ERR_VAL);
  f = ip6_fragment(US, PEER, 1, 0, false, PROTO, pattern(2000, 1), 2000);
  assert_int_equal(ip6_frag(app_pbuf(f.data + IP6_AT, f.len - IP6_AT), &net.netif, &peer), ERR_VAL);
  struct ip6_spec spec = ip6_spec_of(US, PEER, PROTO);
  for (unsigned i = 0; i < 100; i++) {
    ip6_ext_add(&spec, NH_DEST, "", 0);
  }
  f = ip6_opts(spec, pattern(2000, 1), 2000);
  assert_int_equal(ip6_frag(app_pbuf(f.data + IP6_AT, f.len - IP6_AT), &net.netif, &peer), ERR_VAL);
  f = ip6(US, PEER, PROTO, "small", 5); /* it fits, and is sent as it is */
  assert_int_equal(ip6_frag(app_pbuf(f.data + IP6_AT, f.len - IP6_AT), &net.netif, &peer), ERR_OK);
  check_ip6(tx(), US, PEER, PROTO);
  expect_silence();
}

/* RFC 7739: identifications of one destination do not repeat soon, cannot be counted on, and tell
   nothing about those of another. */
PACKET_TEST(test_identifications)
{
  u32_t id[64], other[64], steps[9] = {0};
  begin();
  const u8_t *data = pattern(1600, 1);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(id); i++) {
    assert_int_equal(send_packet(app_pbuf(data, 1600), PEER), ERR_OK);
    id[i] = expect_fragments(data, 1600, 1500);
    assert_int_equal(send_packet(app_pbuf(data, 1600), "2001:db8::3"), ERR_OK);
    other[i] = get32(tx(), FRAG_AT + 4);
    tx_discard();
  }
  unsigned same_distance = 0;
  for (unsigned i = 1; i < LWIP_ARRAYSIZE(id); i++) {
    assert_in_range(id[i] - id[i - 1], 1, 8);
    steps[id[i] - id[i - 1]]++;
    same_distance += id[i] - other[i] == id[i - 1] - other[i - 1];
  }
  for (unsigned step = 1; step <= 8; step++) {
    assert_true(steps[step] < LWIP_ARRAYSIZE(id) / 2);
  }
  assert_true(same_distance < LWIP_ARRAYSIZE(id) / 2);
}

static int compare_u32(const void *a, const void *b)
{
  u32_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return x < y ? -1 : x > y;
}

/* ... nor do destinations that share a counter: among a thousand many do. */
PACKET_TEST(test_identifications_of_many_destinations)
{
  u32_t id[1000];
  begin();
  ip6_addr_t peer = ip6_of(PEER);
  struct frame f = ip6(US, "2001:db8:7::", PROTO, pattern(1600, 1), 1600);
  struct pbuf *p = app_pbuf(f.data + IP6_AT, f.len - IP6_AT);
  for (u32_t i = 0; i < LWIP_ARRAYSIZE(id); i++) {
    memcpy((u8_t *)p->payload + 36, &i, sizeof i);
    assert_int_equal(ip6_frag_to(p, &net.netif, &peer, 1500), ERR_OK);
    id[i] = get32(tx(), FRAG_AT + 4);
    tx();
  }
  qsort(id, LWIP_ARRAYSIZE(id), sizeof id[0], compare_u32);
  unsigned neighbours = 0;
  for (unsigned i = 1; i < LWIP_ARRAYSIZE(id); i++) {
    neighbours += id[i] - id[i - 1] < 64;
  }
  assert_true(neighbours < 10);
}

/* Every allocation fails in turn: an error, no leak, and what was sent is right. */
PACKET_TEST(test_memory_runs_out)
{
  begin();
  const u8_t *data = pattern(4000, 1);
  struct pbuf *p = app_pbuf(data, 4000);
  u32_t used = memp_used_total();
  for (u32_t nth = 1; nth < 100; nth++) {
    fault_arm(nth);
    err_t err = send_packet(p, PEER);
    u32_t count = fault_count();
    fault_arm(0);
    pbuf_remove_header(p, 40);
    if (count < nth) {
      assert_int_equal(err, ERR_OK);
      expect_fragments(data, 4000, 1500);
      return;
    }
    assert_int_equal(err, ERR_MEM);
    tx_discard();
    assert_int_equal(memp_used_total(), used);
  }
  fail();
}

#if IP6_FRAG_STATS
PACKET_TEST(test_counters)
{
  struct frame part[4];
  begin();
  const struct stats_proto before = lwip_stats.ip6_frag;
  assert_int_equal(send_packet(app_pbuf(pattern(4000, 1), 4000), PEER), ERR_OK);
  tx_discard();
  assert_int_equal(lwip_stats.ip6_frag.xmit - before.xmit, 3);
  size_t count = ip6_fragments(ip6(PEER, US, PROTO, pattern(80, 1), 80), 1, 40, part, 4);
  for (size_t i = 0; i < count; i++) {
    rx(part[i]);
    rx(part[0]);
  }
  assert_int_equal(lwip_stats.ip6_frag.recv - before.recv, 2 * count);
  assert_true(lwip_stats.ip6_frag.drop - before.drop >= 1);
  ignore_drops();
}
#endif

static const struct packet_test tests[] = {
    TEST_FLAGS(test_sizes_around_the_mtu, PACKET_ONCE),
    TEST_FLAGS(test_odd_mtus, PACKET_ONCE),
    TEST_FLAGS(test_mtus_that_leave_no_room, PACKET_ONCE),
    TEST_FLAGS(test_path_mtus_below_1280, PACKET_ONCE),
    TEST_FLAGS(test_greatest_packet, PACKET_ONCE),
    TEST_FLAGS(test_chained_packet, PACKET_ONCE),
    TEST_FLAGS(test_fragments_outlive_the_packet, PACKET_ONCE),
    TEST_FLAGS(test_extension_headers, PACKET_ONCE),
    TEST_FLAGS(test_destination_options, PACKET_ONCE),
    TEST_FLAGS(test_packets_that_cannot_be_cut, PACKET_ONCE),
    TEST_FLAGS(test_identifications, PACKET_ONCE),
    TEST_FLAGS(test_identifications_of_many_destinations, PACKET_ONCE),
    TEST_FLAGS(test_memory_runs_out, PACKET_ONCE), /* it has its own */
#if IP6_FRAG_STATS
    TEST_FLAGS(test_counters, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
