/**
 * @file
 * DHCP messages: every way in which options may lie, overload, options in pieces (RFC 2131 2 and
 * 4.1, RFC 2132 2, RFC 3396, RFC 3442; security vectors B12-199, B12-200).
 * needs: ipv4
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/opt.h"
#include "wire/dhcp.h"

/** A message in a block of exactly its size, so that the sanitizer sees each step beyond. */
struct message {
  u8_t bytes[2000];
  size_t len;
};

static struct message begin(void)
{
  struct message msg = {.len = DHCP_FIXED_LEN};
  struct dhcp_message m = {.op = DHCP_BOOTREPLY, .chaddr = (const u8_t *)"\2\0\0\0\0\1"};
  dhcp_build(msg.bytes, &m, 6);
  return msg;
}

static void add(struct message *msg, const void *bytes, size_t len)
{
  memcpy(msg->bytes + msg->len, bytes, len);
  msg->len += len;
}

#define ADD(msg, ...) add((msg), (const u8_t[]){__VA_ARGS__}, sizeof((const u8_t[]){__VA_ARGS__}))

static u8_t *block;

static enum drop_reason parse(struct dhcp_message *m, const struct message *msg)
{
  free(block);
  block = malloc(msg->len > 0 ? msg->len : 1);
  assert_non_null(block);
  memcpy(block, msg->bytes, msg->len);
  return dhcp_parse(m, block, msg->len);
}

static int end_test(void **state)
{
  (void)state;
  free(block);
  block = NULL;
  return 0;
}

static void test_fixed_part(void **state)
{
  struct dhcp_message m;
  struct message msg = begin();
  (void)state;
  ADD(&msg, 53, 1, DHCP_OFFER, 255);
  msg.bytes[4] = 1;
  msg.bytes[7] = 4;
  msg.bytes[19] = 9;
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  assert_int_equal(m.xid, 0x01000004);
  assert_int_equal(m.type, DHCP_OFFER);
  assert_int_equal(lwip_ntohl(m.yiaddr.addr), 9);
  for (msg.len = 0; msg.len < DHCP_FIXED_LEN; msg.len++) {
    assert_int_equal(parse(&m, &msg), DROP_DHCP_SHORT);
  }
  msg = begin();
  msg.bytes[239] ^= 1;
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_COOKIE);
}

/* RFC 2132 2: END ends, PAD is nothing; END may be missing. */
static void test_end_and_pad(void **state)
{
  struct dhcp_message m;
  struct message msg = begin();
  (void)state;
  assert_int_equal(parse(&m, &msg), DROP_NONE); /* no options at all */
  assert_int_equal(m.type, 0);
  for (int i = 0; i < 900; i++) {
    ADD(&msg, 0);
  }
  ADD(&msg, 53, 1, 5);
  assert_int_equal(parse(&m, &msg), DROP_NONE); /* no END */
  assert_int_equal(m.type, 5);
  ADD(&msg, 255, 51, 200); /* behind END nothing counts */
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  assert_int_equal(dhcp_option_get(&m, 51, NULL, 0), -1);
}

static void test_option_past_the_end(void **state)
{
  struct dhcp_message m;
  struct message whole = begin();
  (void)state;
  ADD(&whole, 53, 1, 5, 51, 4, 0, 0, 1, 0);
  for (size_t cut = 1; cut < 6; cut++) { /* in the value, at the length */
    struct message msg = whole;
    msg.len -= cut;
    assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
  }
  struct message msg = begin();
  ADD(&msg, 53, 255, 5);
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
}

static void test_type_that_makes_no_sense(void **state)
{
  struct dhcp_message m;
  (void)state;
  struct message msg = begin();
  ADD(&msg, 53, 0, 255);
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
  msg = begin();
  ADD(&msg, 53, 2, 5, 5, 255);
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
  msg = begin();
  ADD(&msg, 53, 1, 5, 53, 1, 2, 255); /* twice: by RFC 3396 one of two bytes */
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
  msg = begin();
  ADD(&msg, 53, 1, 0, 255);
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
}

/* RFC 2131 4.1: options, then file, then sname; neither without being said. */
static void test_overload(void **state)
{
  static const u8_t in_file[] = {3, 4, 10, 0, 0, 1, 255};
  static const u8_t in_sname[] = {0, 0, 6, 4, 10, 0, 0, 2, 255};
  (void)state;
  for (u8_t overload = 0; overload <= 3; overload++) {
    struct dhcp_message m;
    struct message msg = begin();
    memcpy(msg.bytes + DHCP_FILE_OFS, in_file, sizeof in_file);
    memcpy(msg.bytes + DHCP_SNAME_OFS, in_sname, sizeof in_sname);
    if (overload != 0) {
      ADD(&msg, 52, 1, overload);
    }
    ADD(&msg, 53, 1, 5, 255);
    assert_int_equal(parse(&m, &msg), DROP_NONE);
    assert_int_equal(dhcp_option_get(&m, 3, NULL, 0), (overload & 1) ? 4 : -1);
    assert_int_equal(dhcp_option_get(&m, 6, NULL, 0), (overload & 2) ? 4 : -1);
  }
}

static void test_overload_that_lies(void **state)
{
  static const u8_t bad[][4] = {{52, 1, 0, 255}, {52, 1, 4, 255}, {52, 0, 255, 255}};
  struct dhcp_message m;
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct message msg = begin();
    add(&msg, bad[i], sizeof bad[i]);
    assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
  }
  /* The field without END is whole; an option beyond it is not, though the message goes on. */
  struct message msg = begin();
  ADD(&msg, 52, 1, 3, 53, 1, 5, 255);
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  msg.bytes[DHCP_FILE_OFS + 126] = 3;
  msg.bytes[DHCP_FILE_OFS + 127] = 1;
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
  msg.bytes[DHCP_FILE_OFS + 127] = 0;
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  msg.bytes[DHCP_SNAME_OFS + 63] = 3; /* a code, no room for its length */
  assert_int_equal(parse(&m, &msg), DROP_DHCP_BAD_OPTION);
  /* A field that says that it is overloaded makes no more fields, and no loop. */
  msg = begin();
  ADD(&msg, 52, 1, 1, 255);
  memcpy(msg.bytes + DHCP_FILE_OFS, "\x34\x01\x03\xff", 4);
  memcpy(msg.bytes + DHCP_SNAME_OFS, "\x35\x01\x05\xff", 4);
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  assert_int_equal(m.type, 0);
}

/* RFC 3396: pieces anywhere, in the order options, file, sname. */
static void test_pieces(void **state)
{
  struct dhcp_message m;
  struct message msg = begin();
  char text[16] = {0};
  (void)state;
  ADD(&msg, 15, 2, 'a', 'b', 52, 1, 3, 15, 0, 15, 1, 'c', 53, 1, 5, 255);
  memcpy(msg.bytes + DHCP_FILE_OFS,
         "\x0f\x02"
         "de\xff",
         5);
  memcpy(msg.bytes + DHCP_SNAME_OFS,
         "\x0f\x01"
         "f\xff",
         4);
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  assert_int_equal(dhcp_option_get(&m, 15, text, sizeof text), 6);
  assert_string_equal(text, "abcdef");
  memset(text, 0, sizeof text);
  assert_int_equal(dhcp_option_get(&m, 15, text, 3), 6); /* no more than there is room for */
  assert_string_equal(text, "abc");
}

static void test_long_option_in_pieces(void **state)
{
  struct dhcp_message m;
  struct message msg = begin();
  u8_t value[600];
  (void)state;
  for (int piece = 0; piece < 3; piece++) {
    ADD(&msg, 43, 200);
    memset(msg.bytes + msg.len, 'a' + piece, 200);
    msg.len += 200;
  }
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  assert_int_equal(dhcp_option_get(&m, 43, value, sizeof value), 600);
  assert_int_equal(value[199], 'a');
  assert_int_equal(value[200], 'b');
  assert_int_equal(value[599], 'c');
}

/* B12-200: values of the wrong length are none. */
static void test_values(void **state)
{
  (void)state;
  for (u8_t len = 0; len <= 9; len++) {
    struct dhcp_message m;
    struct message msg = begin();
    u32_t number = 7;
    u16_t half = 7;
    ip4_addr_t addrs[2];
    ADD(&msg, 51, len, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    msg.len -= 9U - len;
    assert_int_equal(parse(&m, &msg), DROP_NONE);
    assert_int_equal(dhcp_option_u32(&m, 51, &number), len == 4);
    assert_int_equal(number, len == 4 ? 0x01020304 : 7);
    assert_int_equal(dhcp_option_u16(&m, 51, &half), len == 2);
    assert_int_equal(half, len == 2 ? 0x0102 : 7);
    assert_int_equal(dhcp_option_addrs(&m, 51, addrs, 2), len % 4 == 0 ? len / 4 : 0);
  }
}

static void test_more_addresses_than_room(void **state)
{
  struct dhcp_message m;
  struct message msg = begin();
  ip4_addr_t addrs[2] = {{0}, {0x55}};
  (void)state;
  ADD(&msg, 6, 12, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  assert_int_equal(dhcp_option_addrs(&m, 6, addrs, 1), 3);
  assert_int_equal(addrs[0].addr, 0x01010101);
  assert_int_equal(addrs[1].addr, 0x55);
}

/* The iterator shows each piece with its place. */
static void test_iteration(void **state)
{
  struct dhcp_message m;
  struct dhcp_option o = {0};
  struct message msg = begin();
  (void)state;
  ADD(&msg, 0, 52, 1, 1, 7, 0, 255);
  memcpy(msg.bytes + DHCP_FILE_OFS, "\x08\x01x\xff", 4);
  assert_int_equal(parse(&m, &msg), DROP_NONE);
  assert_true(dhcp_option_next(&m, &o));
  assert_int_equal(o.code, 52);
  assert_int_equal(o.at, DHCP_FIXED_LEN + 3);
  assert_true(dhcp_option_next(&m, &o));
  assert_int_equal(o.code, 7);
  assert_int_equal(o.len, 0);
  assert_true(dhcp_option_next(&m, &o));
  assert_int_equal(o.code, 8);
  assert_int_equal(o.at, DHCP_FILE_OFS + 2);
  assert_false(dhcp_option_next(&m, &o));
  assert_false(dhcp_option_next(&m, &o));
}

/* RFC 3442. */
static void test_routes(void **state)
{
  static const u8_t list[] = {0,    10, 0, 0, 1, 8,  10, 10, 0, 0, 2,  17, 10, 17,
                              0xff, 10, 0, 0, 3, 32, 1,  2,  3, 4, 10, 0,  0,  4};
  static const u8_t want_len[] = {0, 8, 17, 32};
  static const u32_t want_prefix[] = {0, 0x0a000000, 0x0a118000, 0x01020304};
  const u8_t *b = list;
  size_t left = sizeof list;
  (void)state;
  for (unsigned i = 0; i < 4; i++) {
    u8_t len;
    ip4_addr_t prefix;
    ip4_addr_t gateway;
    size_t used = dhcp_route_parse(b, left, &len, &prefix, &gateway);
    assert_int_not_equal(used, 0);
    assert_int_equal(len, want_len[i]);
    assert_int_equal(lwip_ntohl(prefix.addr), want_prefix[i]);
    assert_int_equal(lwip_ntohl(gateway.addr), 0x0a000001 + i);
    for (size_t cut = 0; cut < used; cut++) {
      assert_int_equal(dhcp_route_parse(b, cut, &len, &prefix, &gateway), 0);
    }
    b += used;
    left -= used;
  }
  assert_int_equal(left, 0);
  u8_t len;
  ip4_addr_t a;
  ip4_addr_t g;
  assert_int_equal(dhcp_route_parse((const u8_t *)"\x21\1\2\3\4\5\1\2\3\4", 10, &len, &a, &g), 0);
}

/* --- writing --- */

static void test_writer(void **state)
{
  u8_t out[DHCP_MIN_OPTIONS_LEN];
  struct dhcp_writer w = {.bytes = out, .size = sizeof out};
  u8_t big[300] = {0};
  (void)state;
  dhcp_put_u8(&w, 53, 1);
  dhcp_put_u16(&w, 57, 0x0102);
  dhcp_put(&w, 12, big, 300); /* longer than an option can be */
  dhcp_put(&w, 12, big, 59);  /* than the room, with END */
  assert_int_equal(w.len, 7);
  dhcp_put(&w, 12, big, 58);
  assert_int_equal(w.len, 7 + 60);
  dhcp_put_u8(&w, 1, 1);
  assert_int_equal(w.len, 7 + 60);
  assert_int_equal(dhcp_put_end(out, sizeof out, w.len), sizeof out);
  assert_int_equal(out[67], 255);
  /* A hook that wrote too much loses the end of it. */
  assert_int_equal(dhcp_put_end(out, sizeof out, 500), sizeof out);
  assert_int_equal(out[67], 255);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(test_fixed_part, end_test),
      cmocka_unit_test_teardown(test_end_and_pad, end_test),
      cmocka_unit_test_teardown(test_option_past_the_end, end_test),
      cmocka_unit_test_teardown(test_type_that_makes_no_sense, end_test),
      cmocka_unit_test_teardown(test_overload, end_test),
      cmocka_unit_test_teardown(test_overload_that_lies, end_test),
      cmocka_unit_test_teardown(test_pieces, end_test),
      cmocka_unit_test_teardown(test_long_option_in_pieces, end_test),
      cmocka_unit_test_teardown(test_values, end_test),
      cmocka_unit_test_teardown(test_more_addresses_than_room, end_test),
      cmocka_unit_test_teardown(test_iteration, end_test),
      cmocka_unit_test_teardown(test_routes, end_test),
      cmocka_unit_test(test_writer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
