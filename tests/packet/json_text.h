/*
 * Reading JSON (RFC 8259) in tests: is it valid, and what stands at a path such as
 * "interfaces.0.addresses.1.state"?
 */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/** A place in the text; `at` NULL: an error was found. */
struct json_place {
  const char *at, *end;
};

static inline struct json_place json_none(void)
{
  return (struct json_place){NULL, NULL};
}

static inline bool json_take(struct json_place *p, char c)
{
  if (p->at == NULL || p->at == p->end || *p->at != c) {
    return false;
  }
  p->at++;
  return true;
}

static inline bool json_is_hex(char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline struct json_place json_skip_string(struct json_place p)
{
  if (!json_take(&p, '"')) {
    return json_none();
  }
  while (p.at != p.end && *p.at != '"') {
    if ((unsigned char)*p.at < 0x20) {
      return json_none();
    }
    if (*p.at++ != '\\') {
      continue;
    }
    size_t digits = p.at != p.end && *p.at == 'u' ? 4 : 0;
    if (p.at == p.end || strchr("\"\\/bfnrtu", *p.at++) == NULL ||
        (size_t)(p.end - p.at) < digits) {
      return json_none();
    }
    for (; digits > 0; digits--) {
      if (!json_is_hex(*p.at++)) {
        return json_none();
      }
    }
  }
  return json_take(&p, '"') ? p : json_none();
}

/** Numbers of this writer: whole and not negative. */
static inline struct json_place json_skip_number(struct json_place p)
{
  const char *begin = p.at;
  while (p.at != p.end && *p.at >= '0' && *p.at <= '9') {
    p.at++;
  }
  bool is_number = p.at != begin && (p.at - begin == 1 || *begin != '0');
  return is_number ? p : json_none();
}

static inline struct json_place json_skip_word(struct json_place p, const char *word)
{
  size_t len = strlen(word);
  if ((size_t)(p.end - p.at) < len || memcmp(p.at, word, len) != 0) {
    return json_none();
  }
  p.at += len;
  return p;
}

static inline struct json_place json_skip(struct json_place p);

/** A member or an element, its key too. */
static inline struct json_place json_skip_item(struct json_place p, bool has_key)
{
  if (has_key) {
    p = json_skip_string(p);
    if (!json_take(&p, ':')) {
      return json_none();
    }
  }
  return json_skip(p);
}

static inline struct json_place json_skip_list(struct json_place p, char close, bool has_key)
{
  p.at++;
  if (json_take(&p, close)) {
    return p;
  }
  do {
    p = json_skip_item(p, has_key);
  } while (json_take(&p, ','));
  return json_take(&p, close) ? p : json_none();
}

/** Behind the value that begins here. */
static inline struct json_place json_skip(struct json_place p)
{
  if (p.at == NULL || p.at == p.end) {
    return json_none();
  }
  switch (*p.at) {
  case '{':
    return json_skip_list(p, '}', true);
  case '[':
    return json_skip_list(p, ']', false);
  case '"':
    return json_skip_string(p);
  case 't':
    return json_skip_word(p, "true");
  case 'f':
    return json_skip_word(p, "false");
  case 'n':
    return json_skip_word(p, "null");
  default:
    return json_skip_number(p);
  }
}

static inline bool json_is_valid(const char *text, size_t len)
{
  struct json_place p = json_skip((struct json_place){text, text + len});
  return p.at != NULL && p.at == p.end;
}

/** The member or element that is called `name`, of the value that begins here. */
static inline struct json_place json_child(struct json_place p, const char *name, size_t name_len)
{
  bool has_key = p.at != NULL && p.at != p.end && *p.at == '{';
  unsigned long index = 0, wanted = has_key ? 0 : strtoul(name, NULL, 10);
  if (p.at == NULL || (!has_key && *p.at != '[')) {
    return json_none();
  }
  p.at++;
  do {
    struct json_place key = p;
    if (has_key) {
      p = json_skip_string(p);
      bool is_it = p.at != NULL && (size_t)(p.at - key.at) == name_len + 2 &&
                   memcmp(key.at + 1, name, name_len) == 0;
      if (!json_take(&p, ':')) {
        return json_none();
      }
      if (is_it) {
        return p;
      }
    } else if (index++ == wanted && *p.at != ']') {
      return p;
    }
    p = json_skip(p);
  } while (json_take(&p, ','));
  return json_none();
}

/** The text of the value at a path, quotes and all; NULL: there is none. Valid until the next. */
static inline const char *json_at(const char *text, size_t len, const char *path)
{
  static char found[256];
  struct json_place p = {text, text + len};
  while (p.at != NULL && *path != '\0') {
    size_t name_len = strcspn(path, ".");
    p = json_child(p, path, name_len);
    path += name_len + (path[name_len] == '.');
  }
  struct json_place after = json_skip(p);
  size_t size = after.at != NULL ? (size_t)(after.at - p.at) : sizeof found;
  if (size >= sizeof found) {
    return NULL;
  }
  memcpy(found, p.at, size);
  found[size] = '\0';
  return found;
}

#endif /* JSON_TEXT_H */
