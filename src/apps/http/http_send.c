/**
 * @file
 * Responses (RFC 9112 4, 6): a head, then a file, in as many pieces as TCP takes.
 *
 * Files of an image are sent from where they are. Custom ones may be gone before TCP has got rid of
 * them, so they are copied; HTTP_COPIED_MAX bounds that.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include <string.h>
#include "apps/http/http_priv.h"
#include "lwip/def.h"

#define HTTP_COPIED_MAX LWIP_MIN(TCP_SND_BUF, 65536U)
/** Bytes that fs_read_async() is asked for. */
#define PIECE_LEN LWIP_MIN(TCP_SND_BUF / 2, 8192U)

#define HEAD_MAX (sizeof HTTPD_SERVER_AGENT + 320U)
/** Content that is not longer is copied behind its head: one write, and one packet buffer. */
#define CONTENT_COPY_MAX LWIP_MIN(TCP_MSS, TCP_SND_BUF / 32U)

/* --- a response's head --- */

struct text {
  size_t len;
  char bytes[HEAD_MAX + CONTENT_COPY_MAX];
};

static void add_bytes(struct text *t, const char *bytes, size_t len)
{
  len = LWIP_MIN(len, sizeof t->bytes - t->len);
  memcpy(t->bytes + t->len, bytes, len);
  t->len += len;
}

static inline void add(struct text *t, const char *s)
{
  add_bytes(t, s, strlen(s));
}

static void add_number(struct text *t, u32_t n)
{
  char digits[10];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + n % 10);
    n /= 10;
  } while (n > 0);
  add_bytes(t, digits + at, sizeof digits - at);
}

static void add_status(struct text *t, const struct http_conn *c, unsigned status)
{
  add(t, "HTTP/1.1 ");
  add(t, http_status_text(status));
  add(t, "\r\nServer: " HTTPD_SERVER_AGENT "\r\n");
  if (!c->keeps_alive) {
    add(t, "Connection: close\r\n");
  } else if (c->version == 10) {
    add(t, "Connection: keep-alive\r\n");
  }
  if (status == 405) {
    add(t, LWIP_HTTPD_SUPPORT_POST ? "Allow: GET, HEAD, POST\r\n" : "Allow: GET, HEAD\r\n");
  }
}

static const char *content_type(const char *path)
{
  static const struct {
    const char *extension;
    const char *type;
  } types[] = {
      {"html", "text/html"},        {"htm", "text/html"},
      {"shtml", "text/html"},       {"shtm", "text/html"},
      {"ssi", "text/html"},         {"css", "text/css"},
      {"js", "text/javascript"},    {"mjs", "text/javascript"},
      {"json", "application/json"}, {"txt", "text/plain"},
      {"csv", "text/csv"},          {"xml", "text/xml"},
      {"xsl", "text/xml"},          {"svg", "image/svg+xml"},
      {"png", "image/png"},         {"gif", "image/gif"},
      {"jpg", "image/jpeg"},        {"jpeg", "image/jpeg"},
      {"bmp", "image/bmp"},         {"webp", "image/webp"},
      {"ico", "image/x-icon"},      {"woff2", "font/woff2"},
      {"mp3", "audio/mpeg"},        {"wav", "audio/wav"},
      {"mp4", "video/mp4"},         {"pdf", "application/pdf"},
      {"wasm", "application/wasm"}, {"pcapng", "application/x-pcapng"},
      {"zip", "application/zip"},
  };
  const char *name = strrchr(path, '/');
  const char *dot = name != NULL ? strrchr(name, '.') : NULL;
  if (dot == NULL) {
    return "text/plain";
  }
  for (size_t i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    if (lwip_stricmp(dot + 1, types[i].extension) == 0) {
      return types[i].type;
    }
  }
  return "application/octet-stream";
}

/** Give it to TCP, or keep it until TCP takes it. */
static void send_text(struct http_conn *c, const char *text, size_t len)
{
  u16_t n = (u16_t)len;
  if (altcp_sndbuf(c->pcb) >= n &&
      altcp_write(c->pcb, text, n, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE) == ERR_OK) {
    c->unacked += n;
    return;
  }
  c->buf = (char *)mem_malloc((mem_size_t)len);
  if (c->buf == NULL) {
    c->has_failed = true;
    return;
  }
  memcpy(c->buf, text, len);
  c->buf_at = 0;
  c->buf_len = (u32_t)len;
}

/** @param len  of the content; FS_LEN_UNKNOWN: not known */
static void send_file_head(struct http_conn *c, unsigned status, const char *path, int len)
{
  struct text t;
  t.len = 0;
  if (len < 0 && c->version == 11) {
    c->is_chunked = true;
    c->is_chunk_first = true;
  } else if (len < 0) {
    c->keeps_alive = false;
  }
  add_status(&t, c, status);
  add(&t, "Content-Type: ");
  add(&t, content_type(path));
  if (c->file.flags & FS_FILE_FLAGS_GZIP) {
    add(&t, "\r\nContent-Encoding: gzip");
  }
  if (len >= 0) {
    add(&t, "\r\nContent-Length: ");
    add_number(&t, (u32_t)len);
  } else if (c->is_chunked) {
    add(&t, "\r\nTransfer-Encoding: chunked");
  }
  add(&t, "\r\n\r\n");
  if (len >= 0 && !c->is_head && c->data_len > 0 && c->data_len <= CONTENT_COPY_MAX) {
    add_bytes(&t, c->data, c->data_len);
    c->data_len = 0;
  }
  send_text(c, t.bytes, t.len);
}

static bool has_extension(const char *path)
{
  const char *name = strrchr(path, '/');
  return strchr(name != NULL ? name : path, '.') != NULL;
}

/** A head of ours in front of the file, or none. */
static void begin_plain(struct http_conn *c, unsigned status, const char *path)
{
  bool is_omitted = LWIP_HTTPD_OMIT_HEADER_FOR_EXTENSIONLESS_URI && !has_extension(path);
  if (!LWIP_HTTPD_DYNAMIC_HEADERS || is_omitted || c->version == 9) {
    c->keeps_alive = false;
    return;
  }
  send_file_head(c, status, path, c->ssi != NULL ? FS_LEN_UNKNOWN : c->file.len);
}

/** The file has a head. @return how much of its beginning is that */
static void begin_with_head(struct http_conn *c)
{
  bool is_persistent = (c->file.flags & FS_FILE_FLAGS_HEADER_PERSISTENT) && c->ssi == NULL;
  c->keeps_alive = c->keeps_alive && is_persistent;
  if (c->data == NULL || (c->version != 9 && !c->is_head)) {
    return;
  }
  u32_t head_len = (u32_t)http_head_end(c->data, c->data_len, 0, false);
  if (c->is_head) {
    send_text(c, c->data, LWIP_MIN(head_len, 0xffffU));
  } else {
    c->data += head_len;
    c->data_len -= head_len;
  }
}

void http_send_file(struct http_conn *c, unsigned status, const char *path)
{
  c->phase = HTTP_PHASE_SEND;
  c->is_chunked = false;
  c->is_file_sent = false;
  c->is_line_begun = true;
  c->began_ms = LWIP_HTTPD_TIMING ? stack_now() : 0;
  c->data = c->file.data;
  c->data_len = c->file.data != NULL ? (u32_t)c->file.len : 0;
  if (LWIP_HTTPD_SSI && c->data != NULL && http_ssi_applies(&c->file, path)) {
    c->ssi = http_ssi_new(c);
    c->has_failed = c->ssi == NULL;
  }
  if (c->file.flags & FS_FILE_FLAGS_HEADER_INCLUDED) {
    begin_with_head(c);
  } else {
    begin_plain(c, status, path);
  }
  bool is_head_read =
      c->is_head && c->data == NULL && (c->file.flags & FS_FILE_FLAGS_HEADER_INCLUDED);
  if (!is_head_read && (c->is_head || c->data != NULL)) {
    c->is_file_sent = c->is_head || c->ssi == NULL;
    c->data_len = c->is_head || c->ssi != NULL ? 0 : c->data_len;
  }
}

void http_send_status(struct http_conn *c, unsigned status)
{
  struct text t;
  const char *text = http_status_text(status);
  t.len = 0;
  c->phase = HTTP_PHASE_SEND;
  c->is_chunked = false;
  c->is_file_sent = true;
  if (c->version != 9) {
    add_status(&t, c, status);
    add(&t, "Content-Type: text/plain\r\nContent-Length: ");
    add_number(&t, (u32_t)strlen(text) + 1U);
    add(&t, "\r\n\r\n");
  }
  if (!c->is_head) {
    add(&t, text);
    add(&t, "\n");
  }
  send_text(c, t.bytes, t.len);
}

void http_send_continue(struct http_conn *c)
{
  static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
  if (altcp_write(c->pcb, text, sizeof text - 1, 0) == ERR_OK) { /* a client can do without */
    c->unacked += sizeof text - 1;
  }
}

static void free_buf(struct http_conn *c)
{
  if (c->buf != NULL) {
    mem_free(c->buf);
    c->buf = NULL;
  }
}

void http_send_end(struct http_conn *c)
{
  free_buf(c);
  http_ssi_free(c->ssi);
  c->ssi = NULL;
  c->data = NULL;
  c->data_len = 0;
  c->is_waiting = false;
  if (c->has_file) {
    c->has_file = false;
    fs_close(&c->file);
  }
}

/* --- pieces --- */

/** What stands in front of a chunk; `len` 0: of the end. @return its length */
static size_t chunk_head(struct http_conn *c, char text[HTTP_CHUNK_HEAD], u32_t len)
{
  static const char hex[] = "0123456789abcdef";
  size_t at = 0;
  int shift = 28;
  if (!c->is_chunk_first) {
    memcpy(text, "\r\n", 2);
    at = 2;
  }
  c->is_chunk_first = false;
  while (shift > 0 && len >> shift == 0) {
    shift -= 4;
  }
  for (; shift >= 0; shift -= 4) {
    text[at++] = hex[len >> shift & 15U];
  }
  memcpy(text + at, "\r\n", 2);
  return at + 2;
}

void http_send_buf(struct http_conn *c, u32_t len)
{
  char head[HTTP_CHUNK_HEAD];
  c->buf_at = HTTP_CHUNK_HEAD;
  c->buf_len = HTTP_CHUNK_HEAD + len;
  if (c->is_chunked) {
    size_t head_len = chunk_head(c, head, len);
    c->buf_at -= (u32_t)head_len;
    memcpy(c->buf + c->buf_at, head, head_len);
  }
}

void http_send_data(struct http_conn *c, const char *data, u32_t len)
{
  char head[HTTP_CHUNK_HEAD];
  c->data = data;
  c->data_len = len;
  if (c->is_chunked) {
    send_text(c, head, chunk_head(c, head, len));
  }
}

static void on_ready(void *arg)
{
  struct http_conn *c = (struct http_conn *)arg;
  c->is_waiting = false;
  c->is_outside = true;
  (void)http_conn_run(c);
}

/** How much of a piece belongs to the file's head. A request of HEAD wants no more. */
static u32_t head_part(struct http_conn *c, const char *bytes, u32_t len)
{
  for (u32_t i = 0; i < len; i++) {
    if (bytes[i] == '\n' && !c->is_line_begun) {
      c->is_file_sent = true;
      return i + 1;
    }
    c->is_line_begun = bytes[i] != '\n' && (c->is_line_begun || bytes[i] != '\r');
  }
  return len;
}

static enum http_piece read_piece(struct http_conn *c)
{
  if (!LWIP_HTTPD_DYNAMIC_FILE_READ) {
    return HTTP_PIECE_NONE;
  }
  if (c->buf == NULL) {
    c->buf = (char *)mem_malloc(HTTP_CHUNK_HEAD + PIECE_LEN);
    c->buf_len = 0;
    c->buf_at = 0;
  }
  if (c->buf == NULL) {
    return HTTP_PIECE_LATER;
  }
  c->is_waiting = true; /* the callback may come at once */
  int n = fs_read_async(&c->file, c->buf + HTTP_CHUNK_HEAD, (int)PIECE_LEN, on_ready, c);
  if (n == FS_READ_DELAYED) {
    return HTTP_PIECE_LATER;
  }
  c->is_waiting = false;
  if (n <= 0) {
    /* a file that ends too soon: the client sees that the connection does, too */
    c->keeps_alive = c->keeps_alive && fs_bytes_left(&c->file) <= 0;
    return HTTP_PIECE_NONE;
  }
  u32_t len = (u32_t)n;
  http_send_buf(c, c->is_head ? head_part(c, c->buf + HTTP_CHUNK_HEAD, len) : len);
  return HTTP_PIECE;
}

static enum http_piece next_piece(struct http_conn *c)
{
  static const char end[] = "0\r\n\r\n";
  if (c->is_file_sent) {
    return HTTP_PIECE_NONE;
  }
  enum http_piece piece = c->ssi != NULL ? http_ssi_next(c) : read_piece(c);
  if (piece != HTTP_PIECE_NONE) {
    return piece;
  }
  c->is_file_sent = true;
  if (c->is_chunked) {
    const char *text = c->is_chunk_first ? end : "\r\n0\r\n\r\n";
    free_buf(c);
    send_text(c, text, strlen(text));
    return HTTP_PIECE;
  }
  return HTTP_PIECE_NONE;
}

/* --- into TCP --- */

/** Write what TCP takes of `*len` bytes. @return false: not all */
static bool write_some(struct http_conn *c, const char *bytes, u32_t *at, u32_t len, bool is_copied)
{
  u32_t limit = http_max_unacked(c->pcb);
  if (is_copied) {
    limit = LWIP_MIN(limit, HTTP_COPIED_MAX);
  }
  while (*at < len) {
    u32_t room = c->unacked < limit ? LWIP_MIN(limit - c->unacked, altcp_sndbuf(c->pcb)) : 0;
    u16_t n = (u16_t)LWIP_MIN(LWIP_MIN(room, len - *at), 0xffffU);
    if (n == 0) {
      return false;
    }
    if (altcp_write(c->pcb, bytes + *at, n, is_copied ? TCP_WRITE_FLAG_COPY : 0) != ERR_OK) {
      http_conn_poll(c);
      return false;
    }
    c->unacked += n;
    *at += n;
  }
  return true;
}

/** Get rid of what there is. @return false: TCP does not take it all now */
static bool flush(struct http_conn *c)
{
  if (c->buf != NULL && c->buf_len > 0) {
    if (!write_some(c, c->buf, &c->buf_at, c->buf_len, true)) {
      return false;
    }
    free_buf(c);
  }
  if (c->data_len == 0) {
    return true;
  }
  u32_t at = 0;
  bool is_done = write_some(c, c->data, &at, c->data_len, http_file_is_custom(&c->file));
  c->data += at;
  c->data_len -= at;
  return is_done;
}

enum http_next http_send_more(struct http_conn *c)
{
  enum http_piece piece = HTTP_PIECE;
  if (c->is_waiting) {
    return HTTP_WAIT;
  }
  while (piece == HTTP_PIECE && !c->has_failed) {
    piece = flush(c) ? next_piece(c) : HTTP_PIECE_LATER;
  }
  if (c->has_failed) {
    return http_conn_end(c, true);
  }
  if (piece == HTTP_PIECE_NONE) {
    return HTTP_GO_ON;
  }
  if (!c->is_waiting && c->unacked == 0) {
    http_conn_poll(c); /* memory is short */
  }
  enum http_queue queue = c->is_waiting ? HTTP_QUEUE_UNTIMED : HTTP_QUEUE_STALL;
  if (c->queue != queue) {
    http_queue_set(c, queue);
  }
  return HTTP_WAIT;
}

#endif /* LWIP_TCP && LWIP_CALLBACK_API */
