/**
 * @file
 * Formats of the link floor: what is built parses to the same; every length and every tag.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/opt.h"
#include "lwip/prot/etharp.h"
#include "lwip/prot/ieee.h"
#include "wire/arp.h"
#include "wire/eth.h"

static const struct eth_addr dst = {{1, 2, 3, 4, 5, 6}};
static const struct eth_addr src = {{2, 7, 8, 9, 10, 11}};

/** A copy that ends where its memory ends, so that a sanitizer sees a byte too many. */
static enum drop_reason parse_eth(struct eth_frame *f, const u8_t *bytes, size_t len, bool tags)
{
  u8_t *exact = malloc(len > 0 ? len : 1);
  memcpy(exact, bytes, len);
  enum drop_reason why = eth_parse(f, exact, len, tags);
  free(exact);
  return why;
}

static void test_plain_header(void **state)
{
  (void)state;
  u8_t bytes[ETH_HEADER_LEN_MAX] = {0};
  struct eth_frame f;
  eth_build(bytes, &dst, &src, ETHTYPE_IPV6, -1);
  assert_int_equal(parse_eth(&f, bytes, ETH_HEADER_LEN, true), DROP_NONE);
  assert_memory_equal(&f.dst, &dst, sizeof dst);
  assert_memory_equal(&f.src, &src, sizeof src);
  assert_int_equal(f.type, ETHTYPE_IPV6);
  assert_int_equal(f.header_len, ETH_HEADER_LEN);
  assert_false(f.is_tagged);
  assert_true(eth_is_group(&f.dst));
  assert_false(eth_is_group(&f.src));
}

static void test_every_tag(void **state)
{
  (void)state;
  for (s32_t tci = 0; tci <= 0xffff; tci++) {
    u8_t bytes[ETH_HEADER_LEN_MAX];
    struct eth_frame f;
    eth_build(bytes, &dst, &src, ETHTYPE_ARP, tci);
    assert_int_equal(eth_parse(&f, bytes, sizeof bytes, true), DROP_NONE);
    assert_true(f.is_tagged);
    assert_int_equal(f.tci, tci);
    assert_int_equal(f.type, ETHTYPE_ARP);
    assert_int_equal(f.header_len, ETH_HEADER_LEN_MAX);
  }
}

static void test_tag_as_a_type(void **state)
{
  (void)state;
  u8_t bytes[ETH_HEADER_LEN_MAX];
  struct eth_frame f;
  eth_build(bytes, &dst, &src, ETHTYPE_ARP, 5);
  assert_int_equal(parse_eth(&f, bytes, ETH_HEADER_LEN, false), DROP_NONE);
  assert_int_equal(f.type, ETHTYPE_VLAN);
  assert_false(f.is_tagged);
}

static void test_every_length(void **state)
{
  (void)state;
  u8_t bytes[ETH_HEADER_LEN_MAX];
  struct eth_frame f;
  eth_build(bytes, &dst, &src, ETHTYPE_ARP, 5);
  for (size_t len = 0; len < sizeof bytes; len++) {
    assert_int_equal(parse_eth(&f, bytes, len, true),
                     len < ETH_HEADER_LEN ? DROP_ETH_SHORT : DROP_VLAN_SHORT);
  }
}

static void test_every_inner_type(void **state)
{
  (void)state;
  for (unsigned type = 0; type <= 0xffff; type++) {
    u8_t bytes[ETH_HEADER_LEN_MAX];
    struct eth_frame f;
    eth_build(bytes, &dst, &src, (u16_t)type, 5);
    bool is_tag = type == ETHTYPE_VLAN || type == ETHTYPE_QINQ || type == 0x88a8;
    assert_int_equal(eth_parse(&f, bytes, sizeof bytes, true),
                     is_tag ? DROP_VLAN_NESTED : DROP_NONE);
  }
}

static void test_arp_round_trip(void **state)
{
  (void)state;
  struct arp_message in = {.op = ARP_REPLY, .sender_mac = src, .target_mac = dst};
  struct arp_message out;
  in.sender_ip.addr = 0x04030201;
  in.target_ip.addr = 0x08070605;
  u8_t bytes[ARP_LEN];
  arp_build(bytes, &in);
  static const u8_t head[] = {0, 1, 8, 0, 6, 4, 0, 2};
  assert_memory_equal(bytes, head, sizeof head);
  assert_int_equal(arp_parse(&out, bytes, sizeof bytes), DROP_NONE);
  assert_int_equal(out.op, in.op);
  assert_memory_equal(&out.sender_mac, &src, sizeof src);
  assert_memory_equal(&out.target_mac, &dst, sizeof dst);
  assert_int_equal(out.sender_ip.addr, in.sender_ip.addr);
  assert_int_equal(out.target_ip.addr, in.target_ip.addr);
  for (size_t len = 0; len < ARP_LEN; len++) {
    assert_int_equal(arp_parse(&out, len > 0 ? bytes : NULL, len), DROP_ARP_SHORT);
  }
}

static void test_arp_head_byte_by_byte(void **state)
{
  (void)state;
  struct arp_message m = {.op = ARP_REQUEST, .sender_mac = src};
  for (size_t at = 0; at < 8; at++) {
    for (unsigned value = 0; value < 256; value++) {
      u8_t bytes[ARP_LEN];
      struct arp_message out;
      arp_build(bytes, &m);
      bool is_same = bytes[at] == value;
      bytes[at] = (u8_t)value;
      bool is_reply = at == 7 && value == ARP_REPLY;
      enum drop_reason bad = at < 6 ? DROP_ARP_BAD_FORMAT : DROP_ARP_BAD_OPCODE;
      assert_int_equal(arp_parse(&out, bytes, sizeof bytes), is_same || is_reply ? DROP_NONE : bad);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_plain_header),          cmocka_unit_test(test_every_tag),
      cmocka_unit_test(test_tag_as_a_type),         cmocka_unit_test(test_every_length),
      cmocka_unit_test(test_every_inner_type),      cmocka_unit_test(test_arp_round_trip),
      cmocka_unit_test(test_arp_head_byte_by_byte),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
