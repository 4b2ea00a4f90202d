/**
 * @file
 * Writing JSON (RFC 8259) into memory of a given size.
 *
 * Commas, quotes and escapes are the writer's; keys must be given in objects and be NULL in arrays.
 * It writes no more than there is room for and goes on counting, as snprintf() does: a first pass
 * over no memory tells how much a second one needs.
 */
#ifndef EXAMPLES_DEVICE_JSON_H
#define EXAMPLES_DEVICE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/arch.h"
#include "lwip/ip_addr.h"

struct json {
  char *buf; /* NULL: count only */
  size_t size;
  size_t len;       /* of the whole text, also beyond `size` */
  bool needs_comma; /* in front of the next member */
};

void json_init(struct json *j, char *buf, size_t size);

/** Has all of it found room? */
static inline bool json_is_whole(const struct json *j)
{
  return j->len <= j->size;
}

void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

/** NULL: null. What is no UTF-8 becomes U+FFFD. */
void json_string(struct json *j, const char *key, const char *value);
void json_number(struct json *j, const char *key, u64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/** An address as text; "any" becomes null. */
void json_address(struct json *j, const char *key, const ip_addr_t *addr);

#endif /* EXAMPLES_DEVICE_JSON_H */
