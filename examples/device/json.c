/**
 * @file
 * Writing JSON. No state but the caller's struct.
 */
#include <string.h>
#include "json.h"

static void put(struct json *j, const char *text, size_t len)
{
  if (j->len < j->size) {
    size_t room = j->size - j->len;
    memcpy(j->buf + j->len, text, len < room ? len : room);
  }
  j->len += len;
}

static void put_text(struct json *j, const char *text)
{
  put(j, text, strlen(text));
}

/** How many bytes the UTF-8 character at `s` has; 0: it is none (RFC 3629 4). */
static size_t utf8_len(const unsigned char *s)
{
  static const struct {
    unsigned char first, last, second_min, second_max, len;
  } forms[] = {
      {0x20, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
      {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
      {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
  };
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    if (s[0] < forms[i].first || s[0] > forms[i].last) {
      continue;
    }
    size_t n = 1;
    if (forms[i].len > 1 && (s[1] < forms[i].second_min || s[1] > forms[i].second_max)) {
      return 0;
    }
    for (n = 2; n < forms[i].len && (s[n] & 0xc0) == 0x80; n++) {
    }
    return (forms[i].len == 1 || n == forms[i].len) ? forms[i].len : 0;
  }
  return 0;
}

/** One character. @return how many bytes of `s` it was */
static size_t put_char(struct json *j, const char *s)
{
  static const char hex[] = "0123456789abcdef";
  unsigned char c = (unsigned char)*s;
  size_t len = utf8_len((const unsigned char *)s);
  if (c == '"' || c == '\\') {
    put(j, "\\", 1);
    put(j, s, 1);
    return 1;
  }
  if (c < 0x20) {
    char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    put(j, escape, sizeof escape);
    return 1;
  }
  if (len == 0) {
    put_text(j, "\\ufffd");
    return 1;
  }
  put(j, s, len);
  return len;
}

static void put_string(struct json *j, const char *s)
{
  put(j, "\"", 1);
  while (*s != '\0') {
    s += put_char(j, s);
  }
  put(j, "\"", 1);
}

/** What stands in front of a value. */
static void begin(struct json *j, const char *key)
{
  if (j->needs_comma) {
    put(j, ",", 1);
  }
  j->needs_comma = true;
  if (key != NULL) {
    put_string(j, key);
    put(j, ":", 1);
  }
}

void json_init(struct json *j, char *buf, size_t size)
{
  *j = (struct json){.buf = buf, .size = buf != NULL ? size : 0};
}

static void open_with(struct json *j, const char *key, const char *bracket)
{
  begin(j, key);
  put(j, bracket, 1);
  j->needs_comma = false;
}

static void close_with(struct json *j, const char *bracket)
{
  put(j, bracket, 1);
  j->needs_comma = true;
}

void json_object(struct json *j, const char *key)
{
  open_with(j, key, "{");
}

void json_object_end(struct json *j)
{
  close_with(j, "}");
}

void json_array(struct json *j, const char *key)
{
  open_with(j, key, "[");
}

void json_array_end(struct json *j)
{
  close_with(j, "]");
}

void json_string(struct json *j, const char *key, const char *value)
{
  if (value == NULL) {
    json_null(j, key);
    return;
  }
  begin(j, key);
  put_string(j, value);
}

void json_number(struct json *j, const char *key, u64_t value)
{
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  begin(j, key);
  put(j, digits + at, sizeof digits - at);
}

void json_bool(struct json *j, const char *key, bool value)
{
  begin(j, key);
  put_text(j, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
  begin(j, key);
  put_text(j, "null");
}

void json_address(struct json *j, const char *key, const ip_addr_t *addr)
{
  char text[IPADDR_STRLEN_MAX];
  bool is_shown = !ip_addr_isany(addr) && ipaddr_ntoa_r(addr, text, sizeof text) != NULL;
  json_string(j, key, is_shown ? text : NULL);
}
