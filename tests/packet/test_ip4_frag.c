/*
 * Fragments of our own packets (RFC 791 3.2, RFC 1122 3.3.5; security vector B3-57).
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/inet_chksum.h"
#include "base/fault.h"
#include "lwip/ip4.h"
#include "lwip/ip4_frag.h"
#include "lwip/memp.h"

#define PROTO 253

static err_t send_by_ip(const void *data, size_t len)
{
  ip4_addr_t us = ip4_of("10.0.0.1"), peer = ip4_of("10.0.0.2");
  return ip4_output(app_pbuf(data, len), &us, &peer, 64, 0, PROTO);
}

static void begin(void)
{
  assert_int_equal(send_by_ip("x", 1), ERR_OK); /* ARP */
  check_ip4(tx(), "10.0.0.1", "10.0.0.2", PROTO);
}

/** The fragments that were sent have these bytes, in order, each as long as can be. */
static void expect_fragments(const u8_t *data, size_t len)
{
  size_t room = (net.netif.mtu - 20u) / 8 * 8;
  u16_t id = 0;
  for (size_t at = 0; at < len; at += room) {
    size_t part_len = LWIP_MIN(room, len - at);
    struct frame *f = check_ip4(tx(), "10.0.0.1", "10.0.0.2", PROTO);
    id = at == 0 ? get16(f, 18) : id;
    assert_int_equal(get16(f, 18), id);
    assert_int_equal(get16(f, 20), at / 8 | (at + part_len < len ? IP_MF : 0));
    assert_int_equal(ip4_payload_len(f), part_len);
    assert_memory_equal(f->data + 34, data + at, part_len);
  }
  expect_silence();
}

PACKET_TEST(test_sizes_around_the_mtu)
{
  static const size_t sizes[] = {1481, 1487, 1488, 1489, 2959, 2960, 2961, 4440, 4441, 9000};
  begin();
  assert_int_equal(send_by_ip(pattern(1480, 1), 1480), ERR_OK);
  assert_int_equal(get16(tx(), 20), IP_DF);
  expect_silence();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    const u8_t *data = pattern(sizes[i], i);
    assert_int_equal(send_by_ip(data, sizes[i]), ERR_OK);
    expect_fragments(data, sizes[i]);
  }
}

PACKET_TEST(test_odd_mtus)
{
  static const u16_t mtus[] = {68, 69, 75, 76, 296, 577, 1006, 1499};
  begin();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(mtus); i++) {
    net.netif.mtu = mtus[i];
    const u8_t *data = pattern(1600, i);
    assert_int_equal(send_by_ip(data, 1600), ERR_OK);
    expect_fragments(data, 1600);
  }
}

PACKET_TEST(test_mtus_that_leave_no_room)
{
  static const u16_t mtus[] = {1, 19, 20, 27};
  begin();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(mtus); i++) {
    net.netif.mtu = mtus[i];
    assert_int_equal(send_by_ip(pattern(100, 1), 100), ERR_VAL);
  }
  net.netif.mtu = 28;
  assert_int_equal(send_by_ip(pattern(100, 1), 100), ERR_OK);
  expect_fragments(pattern(100, 1), 100);
}

PACKET_TEST(test_greatest_packet)
{
  begin();
  const u8_t *data = pattern(65515, 1);
  assert_int_equal(send_by_ip(data, 65515), ERR_OK);
  expect_fragments(data, 65515);
}

/* The packet lies in many buffers whose borders are no fragments' borders. */
PACKET_TEST(test_chained_packet)
{
  ip4_addr_t us = ip4_of("10.0.0.1"), peer = ip4_of("10.0.0.2");
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
  assert_int_equal(ip4_output(chain, &us, &peer, 64, 0, PROTO), ERR_OK);
  expect_fragments(data, 3000);
}

/* The fragments wait for ARP after the sender has let go of the packet. */
PACKET_TEST(test_fragments_outlive_the_packet)
{
  ip4_addr_t us = ip4_of("10.0.0.1"), peer = ip4_of("10.0.0.2");
  const u8_t *data = pattern(3000, 1);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 3000, PBUF_RAM);
  assert_non_null(p);
  memcpy(p->payload, data, 3000);
  err_t err = ip4_output(p, &us, &peer, 64, 0, PROTO);
  pbuf_free(p);
  assert_int_equal(err, ERR_OK);
  expect_fragments(data, 3000);
}

/* The public function: "don't fragment" is obeyed, and an MTU is needed. */
PACKET_TEST(test_public_function)
{
  ip4_addr_t peer = ip4_of("10.0.0.2");
  begin();
  for (int df = 0; df < 2; df++) {
    struct ip4_spec spec = ip4_spec_of("10.0.0.1", "10.0.0.2", PROTO);
    spec.frag = df ? IP_DF : 0;
    struct frame f = ip4_opts(spec, pattern(2000, 1), 2000);
    struct pbuf *p = app_pbuf(f.data + 14, f.len - 14);
    assert_int_equal(ip4_frag(p, &net.netif, &peer), df ? ERR_IF : ERR_OK);
    if (df) {
      expect_silence();
    } else {
      expect_fragments(pattern(2000, 1), 2000);
    }
  }
  assert_int_equal(ip4_frag(app_pbuf("short", 5), &net.netif, &peer), ERR_VAL);
  net.netif.mtu = 0;
  struct frame f = ip4("10.0.0.1", "10.0.0.2", PROTO, "x", 1);
  assert_int_equal(ip4_frag(app_pbuf(f.data + 14, f.len - 14), &net.netif, &peer), ERR_VAL);
}

/* Every allocation fails in turn: an error, no leak, and what was sent is right. */
PACKET_TEST(test_memory_runs_out)
{
  begin();
  const u8_t *data = pattern(4000, 1);
  struct pbuf *p = app_pbuf(data, 4000);
  ip4_addr_t us = ip4_of("10.0.0.1"), peer = ip4_of("10.0.0.2");
  u32_t used = memp_used_total();
  for (u32_t nth = 1; nth < 100; nth++) {
    fault_arm(nth);
    err_t err = ip4_output(p, &us, &peer, 64, 0, PROTO);
    u32_t count = fault_count();
    fault_arm(0);
    pbuf_remove_header(p, 20);
    if (count < nth) {
      assert_int_equal(err, ERR_OK);
      expect_fragments(data, 4000);
      return;
    }
    assert_int_equal(err, ERR_MEM);
    tx_discard();
    assert_int_equal(memp_used_total(), used);
  }
  fail();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_sizes_around_the_mtu, PACKET_ONCE),
    TEST_FLAGS(test_odd_mtus, PACKET_ONCE),
    TEST_FLAGS(test_mtus_that_leave_no_room, PACKET_ONCE),
    TEST_FLAGS(test_greatest_packet, PACKET_ONCE),
    TEST_FLAGS(test_chained_packet, PACKET_ONCE),
    TEST_FLAGS(test_fragments_outlive_the_packet, PACKET_ONCE),
    TEST_FLAGS(test_public_function, PACKET_ONCE),
    TEST_FLAGS(test_memory_runs_out, PACKET_ONCE), /* it has its own */
};

PACKET_MAIN(tests)
