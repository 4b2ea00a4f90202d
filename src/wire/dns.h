/**
 * @file
 * DNS messages (RFC 1035 4, RFC 9267): bytes to structs and back, nothing else. Numbers are in host
 * order. Nothing recurs and nothing loops without moving on.
 */
#ifndef WIRE_DNS_H
#define WIRE_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/arch.h"

#define DNS_NAME_MAX       255 /* bytes on the wire, with the end (RFC 1035 2.3.4) */
#define DNS_LABEL_MAX      63
#define DNS_HEADER_LEN     12
#define DNS_QUERY_LEN_MAX  (DNS_HEADER_LEN + DNS_NAME_MAX + 4)
#define DNS_NAME_TEXT_SIZE (4 * DNS_NAME_MAX) /* room for any name as text */

/** A name as on the wire, without pointers: labels, each behind its length, and the end. */
struct dns_name {
  u8_t len; /* of all of it; 0: none */
  u8_t bytes[DNS_NAME_MAX];
};

/** Text with dots, with one at the end or without. @return false: it cannot be a name */
bool dns_name_from_text(struct dns_name *n, const char *text);

/**
 * To text, without a dot at the end. Dots within labels, backslashes and what is not printable are
 * written as \DDD (RFC 1035 5.1), so that a name with a NUL does not end there.
 */
void dns_name_to_text(const struct dns_name *n, char text[DNS_NAME_TEXT_SIZE]);

/** ASCII letters to lower case. */
void dns_name_to_lower(struct dns_name *n);

/** The same, but for upper and lower case of ASCII (RFC 4343)? */
bool dns_name_eq(const struct dns_name *a, const struct dns_name *b);

/**
 * Read the name at `at` of a message. Pointers lead backwards only, before the beginning of what
 * has been read so far, and not into the header.
 *
 * @return where it goes on behind the name; 0: malformed
 */
size_t dns_name_read(struct dns_name *n, const u8_t *msg, size_t len, size_t at);

/** The bits of a header. */
struct dns_header {
  u16_t id;
  bool is_response;
  u8_t opcode;
  bool is_truncated;
  u8_t rcode;
  u16_t questions;
  u16_t records[3]; /* of each section */
};

/** @return false: too short */
bool dns_header_read(struct dns_header *h, const u8_t *msg, size_t len);

enum dns_section { DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL };

struct dns_record {
  struct dns_name owner;
  enum dns_section section;
  u16_t type;
  u16_t rclass;
  u32_t ttl_s; /* 0 for those with the top bit set (RFC 2181 8) */
  size_t data_at;
  u16_t data_len;
};

/** Where a reader of records is. */
struct dns_reader {
  const u8_t *msg;
  size_t len;
  size_t at;
  u16_t left[3]; /* records of each section */
};

/**
 * Begin to read a message with one question.
 *
 * @param name  gets the question's, with its `type` and `rclass`
 * @return false: there is not exactly one, or it is malformed
 */
bool dns_reader_init(struct dns_reader *r, const struct dns_header *h, const u8_t *msg, size_t len,
                     struct dns_name *name, u16_t *type, u16_t *rclass);

/** @return 1: a record; 0: there are no more; -1: malformed */
int dns_reader_next(struct dns_reader *r, struct dns_record *record);

/** A question, recursion desired. @return its length, DNS_QUERY_LEN_MAX at most */
size_t dns_query_build(u8_t *msg, u16_t id, const struct dns_name *name, u16_t type);

/** Seconds for which a negative answer is good, from the data of an SOA record (RFC 2308 5): its
    last member. @return false: malformed */
bool dns_soa_minimum(const u8_t *msg, size_t len, const struct dns_record *soa, u32_t *seconds);

#endif /* WIRE_DNS_H */
