/**
 * @file
 * Requests of HTTP (RFC 9112 2 to 6). A line ends with CR LF or LF alone (2.2); CR alone, NUL,
 * white space in front of a colon (5.1), folded lines (5.2), a length and a transfer coding
 * together, or lengths that differ (6.3), and more than one Host (3.2) are what smuggling is made
 * of: refused.
 */
#include "wire/http.h"

#include <string.h>

static char lower(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/** Is it `word` (given in lower case), but for case? */
static bool is_word(const char *s, size_t len, const char *word)
{
  size_t i = 0;
  while (i < len && word[i] != '\0' && lower(s[i]) == word[i]) {
    i++;
  }
  return i == len && word[i] == '\0';
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

/** A character of a token (RFC 9110 5.6.2): letters, digits, and "!#$%&'*+-.^_`|~". */
static bool is_token_char(char c)
{
  static const u32_t bits[8] = {0, 0x03ff6cfa, 0xc7fffffe, 0x57ffffff};
  u8_t at = (u8_t)c;
  return (bits[at / 32] >> at % 32 & 1U) != 0;
}

/* --- where it ends --- */

/** "GET /path" and no version (RFC 1945 4.1)? */
static bool is_simple_request(const char *line, size_t len)
{
  return len > 4 && memcmp(line, "GET ", 4) == 0 && memchr(line + 4, ' ', len - 4) == NULL;
}

static const char *find_lf(const char *bytes, size_t at, size_t len)
{
  return at < len ? (const char *)memchr(bytes + at, '\n', len - at) : NULL;
}

size_t http_head_end(const char *bytes, size_t len, size_t from, bool has_v09)
{
  const char *lf = find_lf(bytes, 0, len);
  if (lf != NULL && has_v09 && is_simple_request(bytes, (size_t)(lf - bytes))) {
    return (size_t)(lf - bytes) + 1;
  }
  if (lf != NULL && from > 3) {
    lf = find_lf(bytes, from - 3, len); /* what came last may have been LF, or LF CR */
  }
  while (lf != NULL) {
    size_t at = (size_t)(lf - bytes) + 1;
    if (at < len && bytes[at] == '\n') {
      return at + 1;
    }
    if (at + 1 < len && bytes[at] == '\r' && bytes[at + 1] == '\n') {
      return at + 2;
    }
    lf = find_lf(bytes, at, len);
  }
  return 0;
}

/* --- request line --- */

struct line {
  const char *at;
  size_t len; /* without the end of the line */
};

/** The next line, and go on behind it. @return false: there is none, or it has a CR inside */
static bool line_next(struct line *line, const char **at, const char *end)
{
  const char *lf = *at < end ? (const char *)memchr(*at, '\n', (size_t)(end - *at)) : NULL;
  if (lf == NULL) {
    return false;
  }
  line->at = *at;
  line->len = (size_t)(lf - *at);
  *at = lf + 1;
  if (line->len > 0 && lf[-1] == '\r') {
    line->len--;
  }
  return line->len == 0 || memchr(line->at, '\r', line->len) == NULL;
}

static enum http_method method_of(const char *s, size_t len)
{
  static const struct {
    const char *name;
    enum http_method method;
  } known[] = {{"get", HTTP_GET},
               {"head", HTTP_HEAD},
               {"post", HTTP_POST},
               {"put", HTTP_METHOD_KNOWN},
               {"delete", HTTP_METHOD_KNOWN},
               {"options", HTTP_METHOD_KNOWN},
               {"trace", HTTP_METHOD_KNOWN},
               {"connect", HTTP_METHOD_KNOWN},
               {"patch", HTTP_METHOD_KNOWN}};
  for (size_t i = 0; i < len; i++) {
    if (s[i] < 'A' || s[i] > 'Z') { /* methods differ by case (RFC 9110 9.1) */
      return HTTP_METHOD_OTHER;
    }
  }
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    if (is_word(s, len, known[i].name)) {
      return known[i].method;
    }
  }
  return HTTP_METHOD_OTHER;
}

/** Take "http://host" off the front of a target in absolute form (RFC 9112 3.2.2). */
static void skip_authority(const char **at, const char *end)
{
  static const char *const schemes[] = {"http://", "https://"};
  for (size_t i = 0; i < 2; i++) {
    size_t len = strlen(schemes[i]);
    if ((size_t)(end - *at) > len && is_word(*at, len, schemes[i])) {
      *at += len;
      while (*at < end && **at != '/' && **at != '?') {
        (*at)++;
      }
      return;
    }
  }
}

static unsigned target_read(struct http_request *r, const char *head, const char *at,
                            const char *end)
{
  for (const char *c = at; c < end; c++) {
    if (*c <= ' ' || *c > '~' || *c == '#') {
      return 400;
    }
  }
  const char *before = at;
  skip_authority(&at, end);
  bool is_path = at < end && *at == '/';
  bool is_absolute = at != before;
  bool is_other = r->method == HTTP_METHOD_KNOWN || r->method == HTTP_METHOD_OTHER;
  if (end == before || (!is_path && !is_absolute && !is_other)) {
    return 400;
  }
  r->target_at = (u16_t)(at - head);
  r->target_len = (u16_t)(end - at);
  return 0;
}

/** "HTTP/1.1" @return 0: no version at all */
static unsigned version_read(const char *s, size_t len)
{
  if (len != 8 || memcmp(s, "HTTP/", 5) != 0 || !is_digit(s[5]) || s[6] != '.' || !is_digit(s[7])) {
    return 0;
  }
  return (unsigned)(s[5] - '0') * 10U + (unsigned)(s[7] - '0');
}

static unsigned request_line_read(struct http_request *r, const char *head, const struct line *line)
{
  const char *end = line->at + line->len;
  const char *space = (const char *)memchr(line->at, ' ', line->len);
  if (space == NULL || space == line->at) {
    return 400;
  }
  for (const char *c = line->at; c < space; c++) {
    if (!is_token_char(*c)) {
      return 400;
    }
  }
  r->method = method_of(line->at, (size_t)(space - line->at));
  const char *target = space + 1;
  space = (const char *)memchr(target, ' ', (size_t)(end - target));
  if (space == NULL) {
    r->version = 9;
    return r->method == HTTP_GET ? target_read(r, head, target, end) : 400;
  }
  unsigned version = version_read(space + 1, (size_t)(end - space) - 1U);
  if (version == 0) {
    return 400;
  }
  if (version / 10 != 1) {
    return 505;
  }
  r->version = version == 10 ? 10 : 11; /* a higher one is compatible (RFC 9110 2.5) */
  return target_read(r, head, target, space);
}

/* --- fields --- */

struct fields {
  unsigned hosts;
  bool is_too_long;
};

static unsigned content_length_read(struct http_request *r, struct fields *f,
                                    const struct line *value)
{
  u32_t n = 0;
  if (value->len == 0) {
    return 400;
  }
  for (size_t i = 0; i < value->len; i++) {
    if (!is_digit(value->at[i])) {
      return 400;
    }
    u32_t digit = (u32_t)(value->at[i] - '0');
    f->is_too_long = f->is_too_long || n > (0x7fffffffU - digit) / 10U;
    n = f->is_too_long ? 0x7fffffffU : n * 10U + digit;
  }
  if (r->has_content_length && r->content_length != n) {
    return 400;
  }
  r->has_content_length = true;
  r->content_length = n;
  return 0;
}

static void transfer_encoding_read(struct http_request *r, const struct line *value)
{
  bool is_first = !r->is_chunked && !r->is_coded;
  r->is_coded = !is_first || !is_word(value->at, value->len, "chunked");
  r->is_chunked = !r->is_coded;
}

static unsigned field_use(struct http_request *r, struct fields *f, const struct line *name,
                          const struct line *value)
{
  switch (lower(name->at[0])) {
  case 'h':
    f->hosts += is_word(name->at, name->len, "host");
    break;
  case 'c':
    if (is_word(name->at, name->len, "content-length")) {
      return content_length_read(r, f, value);
    }
    if (is_word(name->at, name->len, "connection")) {
      r->wants_close = r->wants_close || http_list_has(value->at, value->len, "close");
      r->wants_keep_alive =
          r->wants_keep_alive || http_list_has(value->at, value->len, "keep-alive");
    }
    break;
  case 't':
    if (is_word(name->at, name->len, "transfer-encoding")) {
      transfer_encoding_read(r, value);
    }
    break;
  case 'e':
    if (is_word(name->at, name->len, "expect")) {
      bool is_continue = is_word(value->at, value->len, "100-continue");
      r->expects_continue = r->expects_continue || is_continue;
      r->expects_other = r->expects_other || !is_continue;
    }
    break;
  default:
    break;
  }
  return 0;
}

/** "name: value" @return false: malformed */
static bool field_split(const struct line *line, struct line *name, struct line *value)
{
  size_t i = 0;
  while (i < line->len && is_token_char(line->at[i])) {
    i++;
  }
  if (i == 0 || i == line->len || line->at[i] != ':') {
    return false;
  }
  name->at = line->at;
  name->len = i++;
  while (i < line->len && is_blank(line->at[i])) {
    i++;
  }
  value->at = line->at + i;
  value->len = line->len - i;
  while (value->len > 0 && is_blank(value->at[value->len - 1])) {
    value->len--;
  }
  for (i = 0; i < value->len; i++) {
    u8_t c = (u8_t)value->at[i];
    if ((c < 0x20 && c != '\t') || c == 0x7f) {
      return false;
    }
  }
  return true;
}

/** What all fields together must be. */
static unsigned fields_check(const struct http_request *r, const struct fields *f)
{
  bool has_coding = r->is_chunked || r->is_coded;
  if (f->hosts > 1 || (f->hosts == 0 && r->version == 11)) {
    return 400;
  }
  if (has_coding && (r->has_content_length || r->version != 11)) {
    return 400;
  }
  if (r->is_coded) {
    return 501;
  }
  return f->is_too_long ? 413 : 0;
}

unsigned http_request_read(struct http_request *r, const char *head, size_t len)
{
  const char *at = head;
  const char *end = head + len;
  struct fields f = {0, false};
  struct line line, name, value;
  memset(r, 0, sizeof *r);
  r->len = (u16_t)len;
  if (!line_next(&line, &at, end)) {
    return 400;
  }
  unsigned status = request_line_read(r, head, &line);
  r->fields_at = (u16_t)(at - head);
  if (status != 0) {
    return status;
  }
  if (r->version == 9) {
    return at == end ? 0 : 400;
  }
  while (line_next(&line, &at, end)) {
    if (line.len == 0) {
      return at == end ? fields_check(r, &f) : 400;
    }
    status = field_split(&line, &name, &value) ? field_use(r, &f, &name, &value) : 400;
    if (status != 0) {
      return status;
    }
  }
  return 400;
}

bool http_list_has(const char *list, size_t len, const char *token)
{
  size_t at = 0;
  while (at < len) {
    size_t end = at;
    while (end < len && list[end] != ',') {
      end++;
    }
    size_t last = end;
    while (at < last && is_blank(list[at])) {
      at++;
    }
    while (last > at && is_blank(list[last - 1])) {
      last--;
    }
    if (is_word(list + at, last - at, token)) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

/* --- path --- */

static int hex_digit(char c)
{
  char l = lower(c);
  if (is_digit(c)) {
    return c - '0';
  }
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/** The character that an escape stands for (RFC 3986 2.1); -1: none, or one that must not hide */
static int escape_read(const char *s)
{
  int high = s[0] == '%' ? hex_digit(s[1]) : -1;
  int low = high >= 0 ? hex_digit(s[2]) : -1;
  int c = low >= 0 ? high * 16 + low : -1;
  return c == 0 || c == '/' || c == '\\' ? -1 : c;
}

/** Is a part of the path "." or ".."? */
static bool has_dots(const char *path)
{
  for (const char *at = path; at != NULL; at = strchr(at + 1, '/')) {
    size_t dots = strspn(at + 1, ".");
    if ((dots == 1 || dots == 2) && (at[1 + dots] == '/' || at[1 + dots] == '\0')) {
      return true;
    }
  }
  return false;
}

bool http_path_decode(char *target, char **query)
{
  char *to = target;
  *query = strchr(target, '?');
  if (*query != NULL) {
    *(*query)++ = '\0';
  }
  for (const char *from = target; *from != '\0'; from++) {
    int c = (u8_t)*from;
    if (c == '%') {
      c = escape_read(from);
      from += 2;
    }
    if (c < 0 || c == '\\') {
      return false;
    }
    *to++ = (char)c;
  }
  *to = '\0';
  return target[0] == '/' && !has_dots(target);
}

const char *http_status_text(unsigned status)
{
  static const struct {
    u16_t status;
    const char *text;
  } texts[] = {
      {200, "200 OK"},
      {400, "400 Bad Request"},
      {403, "403 Forbidden"},
      {404, "404 Not Found"},
      {405, "405 Method Not Allowed"},
      {408, "408 Request Timeout"},
      {411, "411 Length Required"},
      {413, "413 Content Too Large"},
      {414, "414 URI Too Long"},
      {417, "417 Expectation Failed"},
      {431, "431 Request Header Fields Too Large"},
      {501, "501 Not Implemented"},
      {505, "505 HTTP Version Not Supported"},
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (texts[i].status == status) {
      return texts[i].text;
    }
  }
  return "500 Internal Server Error";
}
