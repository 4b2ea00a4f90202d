/**
 * @file
 * Taking a request off what has come (RFC 9112), and what to do about it.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include <string.h>
#include "apps/http/http_priv.h"

/** A client that asks on and on without taking the answers waits at so many bytes. */
#define UNACKED_MAX 65535U

/** Lines may be empty in front of a request (RFC 9112 2.2). */
static void skip_empty_lines(struct http_conn *c)
{
  while (c->rx != NULL) {
    u8_t first = pbuf_get_at(c->rx, 0);
    if (first != '\r' && first != '\n') {
      return;
    }
    http_conn_eat(c, 1);
  }
}

/** Keep what has come of a head in memory of its size, not in packet buffers. */
static void keep_part(struct http_conn *c, u16_t len)
{
  struct pbuf *kept = pbuf_alloc(PBUF_RAW, len, PBUF_RAM);
  if (kept == NULL) {
    return; /* as it is, then */
  }
  (void)pbuf_take(kept, http_scratch()->head, len);
  pbuf_free(c->rx);
  c->rx = kept;
}

static enum http_next refuse(struct http_conn *c, unsigned status)
{
  c->keeps_alive = false;
  c->must_linger = true;
  http_answer_error(c, status);
  return HTTP_GO_ON;
}

/** The head is not whole. */
static enum http_next wait_for_more(struct http_conn *c, u16_t len)
{
  if (len >= HTTP_HEAD_MAX) {
    bool is_line = memchr(http_scratch()->head, '\n', len) == NULL;
    return refuse(c, is_line ? 414 : 431);
  }
  if (c->has_fin) {
    return http_conn_end(c, false);
  }
  if (!LWIP_HTTPD_SUPPORT_REQUESTLIST) {
    return refuse(c, 400);
  }
  if (c->queue != HTTP_QUEUE_HEAD) {
    http_queue_set(c, HTTP_QUEUE_HEAD);
  }
  c->scanned = len;
  keep_part(c, len);
  return HTTP_WAIT;
}

/** The request's target, terminated, where it may be taken apart. */
static char *target_copy(const struct http_request *r)
{
  struct http_scratch *s = http_scratch();
  const char *target = s->head + r->target_at;
  bool has_path = r->target_len > 0 && target[0] == '/';
  s->uri[0] = '/'; /* an absolute target may have none (RFC 9110 4.2.3) */
  memcpy(s->uri + (has_path ? 0 : 1), target, r->target_len);
  s->uri[r->target_len + (has_path ? 0U : 1U)] = '\0';
  return s->uri;
}

/** What must be refused although it is well-formed. @return 0: nothing */
static unsigned check(const struct http_request *r)
{
  if (r->target_len > LWIP_HTTPD_MAX_REQUEST_URI_LEN) {
    return 414;
  }
  if (r->method == HTTP_METHOD_OTHER) {
    return 501;
  }
  if (r->method == HTTP_METHOD_KNOWN || (r->method == HTTP_POST && !LWIP_HTTPD_SUPPORT_POST)) {
    return 405;
  }
  if (r->is_chunked || (r->method == HTTP_POST && !r->has_content_length)) {
    return 411;
  }
  return r->expects_other ? 417 : 0;
}

static enum http_next begin(struct http_conn *c, const struct http_request *r)
{
  unsigned status = check(r);
  if (status != 0) {
    return refuse(c, status);
  }
  c->keeps_alive = LWIP_HTTPD_SUPPORT_11_KEEPALIVE && !r->wants_close &&
                   (r->version == 11 || (r->version == 10 && r->wants_keep_alive));
  char *uri = target_copy(r);
  if (r->method == HTTP_POST) {
    http_post_begin(c, r);
    return HTTP_GO_ON;
  }
  if (r->content_length > 0) { /* content that means nothing (RFC 9110 9.3.1) */
    c->keeps_alive = false;
    c->must_linger = true;
  }
  http_answer(c, uri, r);
  return HTTP_GO_ON;
}

enum http_next http_request_take(struct http_conn *c)
{
  struct http_request r;
  char *head = http_scratch()->head;
  if (c->unacked > UNACKED_MAX) {
    http_queue_set(c, HTTP_QUEUE_STALL);
    return HTTP_WAIT;
  }
  if (c->scanned == 0) {
    skip_empty_lines(c);
  }
  if (c->rx == NULL) {
    return c->has_fin ? http_conn_end(c, false) : HTTP_WAIT;
  }
  u16_t len = pbuf_copy_partial(c->rx, head, (u16_t)LWIP_MIN(c->rx->tot_len, HTTP_HEAD_MAX), 0);
  head[len] = '\0';
  size_t end = http_head_end(head, len, c->scanned, LWIP_HTTPD_SUPPORT_V09);
  if (end == 0) {
    c->version = 11;
    c->is_head = false;
    return wait_for_more(c, len);
  }
  unsigned status = http_request_read(&r, head, end);
  http_conn_eat(c, (u16_t)end);
  c->scanned = 0;
  c->version = status == 0 ? r.version : 11; /* a mistake is answered in full */
  c->is_head = r.method == HTTP_HEAD;
  c->must_linger = false;
  return status != 0 ? refuse(c, status) : begin(c, &r);
}

#endif /* LWIP_TCP && LWIP_CALLBACK_API */
