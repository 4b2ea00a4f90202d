/**
 * @file
 * The device's JSON writer: commas, escapes, room (RFC 8259).
 * with: device
 */
#include <stdlib.h>
#include "packet.h"
#include "json.h"
#include "json_text.h"

static char buf[512];

static const char *written(const struct json *j)
{
  assert_true(json_is_whole(j));
  buf[j->len] = '\0';
  return buf;
}

static struct json begun(void)
{
  struct json j;
  json_init(&j, buf, sizeof buf - 1);
  return j;
}

PACKET_TEST(test_commas)
{
  struct json j = begun();
  json_object(&j, NULL);
  json_array(&j, "empty");
  json_array_end(&j);
  json_array(&j, "list");
  json_number(&j, NULL, 1);
  json_object(&j, NULL);
  json_object_end(&j);
  json_null(&j, NULL);
  json_array_end(&j);
  json_bool(&j, "yes", true);
  json_bool(&j, "no", false);
  json_object_end(&j);
  assert_string_equal(written(&j), "{\"empty\":[],\"list\":[1,{},null],\"yes\":true,\"no\":false}");
}

PACKET_TEST(test_numbers)
{
  struct json j = begun();
  json_array(&j, NULL);
  json_number(&j, NULL, 0);
  json_number(&j, NULL, 10);
  json_number(&j, NULL, 0xffffffffffffffffULL);
  json_array_end(&j);
  assert_string_equal(written(&j), "[0,10,18446744073709551615]");
}

static const char *escaped(const char *text)
{
  struct json j = begun();
  json_string(&j, NULL, text);
  return written(&j);
}

/* RFC 8259 7, 8.1: quotes, backslashes and control characters are escaped; the rest is UTF-8. */
PACKET_TEST(test_escapes)
{
  assert_string_equal(escaped("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
  assert_string_equal(escaped("\n\x01\x1f\x7f"), "\"\\u000a\\u0001\\u001f\x7f\"");
  assert_string_equal(escaped(""), "\"\"");
  assert_string_equal(escaped("\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xa1"),
                      "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xa1\"");
  struct json j = begun();
  json_string(&j, NULL, NULL);
  assert_string_equal(written(&j), "null");
}

/* RFC 3629 3, 4: overlong forms, surrogates, what is beyond U+10FFFF, and torn characters */
PACKET_TEST(test_bad_utf8)
{
  static const struct {
    const char *text;
    unsigned bad; /* bytes that are none of a character */
  } cases[] = {
      {"\xff", 1},         {"\x80", 1},         {"\xc0\xaf", 2},         {"\xc3", 1},
      {"\xe2\x82", 2},     {"\xed\xa0\x80", 3}, {"\xf4\x90\x80\x80", 4}, {"\xe0\x80\xaf", 3},
      {"\xf0\x9f\x92", 3}, {"\xc3\x28", 1}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    const char *out = escaped(cases[i].text);
    unsigned count = 0;
    for (const char *at = out; (at = strstr(at, "\\ufffd")) != NULL; at++) {
      count++;
    }
    packet_note("case %u", i);
    assert_int_equal(count, cases[i].bad);
    assert_true(json_is_valid(out, strlen(out)));
  }
}

/* All bytes, one at a time: what comes out is JSON. */
PACKET_TEST(test_every_byte)
{
  for (int c = 1; c < 256; c++) {
    char text[2] = {(char)c, '\0'};
    const char *out = escaped(text);
    assert_true(json_is_valid(out, strlen(out)));
  }
}

PACKET_TEST(test_addresses)
{
  ip_addr_t any = *IP_ADDR_ANY;
  struct json j = begun();
  json_array(&j, NULL);
  json_address(&j, NULL, &any);
#if LWIP_IPV4
  ip_addr_t four = ip_of("10.0.0.1");
  json_address(&j, NULL, &four);
#else
  ip_addr_t six = ip_of("2001:db8::1");
  json_address(&j, NULL, &six);
#endif
  json_array_end(&j);
  assert_string_equal(written(&j), LWIP_IPV4 ? "[null,\"10.0.0.1\"]" : "[null,\"2001:db8::1\"]");
}

/* Nothing is written beyond the room, and the length is told all the same. */
PACKET_TEST(test_room)
{
  struct json whole = begun();
  json_string(&whole, NULL, "0123456789");
  for (size_t room = 0; room <= whole.len; room++) {
    char small[16];
    struct json j;
    memset(small, '#', sizeof small);
    json_init(&j, room > 0 ? small : NULL, room);
    json_string(&j, NULL, "0123456789");
    assert_int_equal(j.len, whole.len);
    assert_int_equal(json_is_whole(&j), room == whole.len);
    assert_memory_equal(small, buf, room);
    assert_int_equal(small[room], '#');
  }
}

/* The reader of these tests refuses what is no JSON. */
PACKET_TEST(test_reader)
{
  static const char *const bad[] = {"",      "{",     "[1,]",   "{\"a\"}",     "{\"a\":}",
                                    "[1 2]", "nul",   "\"\n\"", "01",          "\"\\x\"",
                                    "[1]x",  "{1:2}", "\"ab",   "\"\\u12g4\"", "[,1]"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    packet_note("%s", bad[i]);
    assert_false(json_is_valid(bad[i], strlen(bad[i])));
  }
  const char *good = "{\"a\":[1,{\"b\":\"x\"}],\"c\":null}";
  assert_true(json_is_valid(good, strlen(good)));
  assert_string_equal(json_at(good, strlen(good), "a.1.b"), "\"x\"");
  assert_string_equal(json_at(good, strlen(good), "c"), "null");
  assert_null(json_at(good, strlen(good), "a.2"));
  assert_null(json_at(good, strlen(good), "d"));
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_commas, PACKET_ONCE),     TEST_FLAGS(test_numbers, PACKET_ONCE),
    TEST_FLAGS(test_escapes, PACKET_ONCE),    TEST_FLAGS(test_bad_utf8, PACKET_ONCE),
    TEST_FLAGS(test_every_byte, PACKET_ONCE), TEST_FLAGS(test_addresses, PACKET_ONCE),
    TEST_FLAGS(test_room, PACKET_ONCE),       TEST_FLAGS(test_reader, PACKET_ONCE),
};

PACKET_MAIN(tests)
