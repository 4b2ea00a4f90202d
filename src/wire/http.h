/**
 * @file
 * Requests of HTTP/1.1, 1.0 and 0.9 (RFC 9112, RFC 9110): bytes to a struct, nothing else. What two
 * readers could understand differently is refused.
 */
#ifndef WIRE_HTTP_H
#define WIRE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/arch.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_METHOD_KNOWN, HTTP_METHOD_OTHER };

/** A request's head. `at` members count from its first byte. */
struct http_request {
  enum http_method method; /* KNOWN: of RFC 9110, but none of those */
  u8_t version;            /* 11, 10 or 9 */
  u16_t target_at;         /* path and parameters; an authority in front is left out */
  u16_t target_len;
  u16_t fields_at; /* first line behind the request line */
  u16_t len;       /* of all of it, with the empty line */
  u32_t content_length;
  bool has_content_length;
  bool is_chunked;
  bool is_coded; /* in a transfer coding other than "chunked" alone */
  bool wants_close;
  bool wants_keep_alive;
  bool expects_continue;
  bool expects_other;
};

/**
 * Where the head ends.
 *
 * @param from  so many bytes were looked at before, in vain
 * @param has_v09  a first line without a version is all of a request
 * @return its length; 0: not yet
 */
size_t http_head_end(const char *bytes, size_t len, size_t from, bool has_v09);

/**
 * Read a head.
 *
 * @param len  as http_head_end() said, 65535 at most
 * @return 0; otherwise the status to answer with: 400, 501 (a transfer coding), 505, 413
 */
unsigned http_request_read(struct http_request *r, const char *head, size_t len);

/**
 * Decode the path of a target in place, and take it apart.
 *
 * @param target  terminated; gets the path, decoded, terminated
 * @param query   gets what stands behind the '?'; NULL: nothing
 * @return false: an escape is broken or hides a NUL, '/' or '\', or a part is "." or ".."
 */
bool http_path_decode(char *target, char **query);

/** Is there `token` in a list with commas (RFC 9110 5.6.1)? Upper and lower case are the same. */
bool http_list_has(const char *list, size_t len, const char *token);

/** Status code and reason phrase (RFC 9112 4), e.g. "404 Not Found". */
const char *http_status_text(unsigned status);

#endif /* WIRE_HTTP_H */
