/**
 * @file
 * POST: content for the program, and the file that it names as the answer.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include <string.h>
#include "apps/http/http_priv.h"

/** Answer with a file that the program named in the scratch's uri, or with `status`. */
static void answer(struct http_conn *c, unsigned status)
{
  char *uri = http_scratch()->uri;
  uri[LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN] = '\0';
  if (uri[0] != '\0') {
    http_answer(c, uri, NULL);
  } else {
    http_answer_error(c, status);
  }
}

/** An answer before all content has come: the rest would look like the next request. */
static void answer_early(struct http_conn *c, unsigned status)
{
  c->keeps_alive = c->keeps_alive && c->body_left == 0;
  c->must_linger = c->body_left > 0;
  answer(c, status);
}

void http_post_begin(struct http_conn *c, const struct http_request *r)
{
  struct http_scratch *s = http_scratch();
  char target[LWIP_HTTPD_MAX_REQUEST_URI_LEN + 2];
  u8_t is_auto = 1;
  strcpy(target, s->uri);
  s->uri[0] = '\0';
  c->body_left = r->content_length;
  c->body_held = 0;
  if (httpd_post_begin(c, target, s->head, r->len, (int)r->content_length, s->uri,
                       LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN + 1, &is_auto) != ERR_OK) {
    answer_early(c, 403);
    return;
  }
  c->is_posting = true;
  c->is_manual = LWIP_HTTPD_POST_MANUAL_WND && !is_auto;
  c->phase = HTTP_PHASE_BODY;
  if (r->expects_continue && r->version == 11 && c->body_left > 0 && c->rx == NULL) {
    http_send_continue(c);
  }
  http_queue_set(c, HTTP_QUEUE_STALL);
}

static void finish(struct http_conn *c)
{
  http_scratch()->uri[0] = '\0';
  c->is_posting = false;
  httpd_post_finished(c, http_scratch()->uri, LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN + 1);
}

void http_post_end(struct http_conn *c)
{
  if (c->is_posting) {
    finish(c);
  }
}

/** Take the part of rx that belongs to this content. @return NULL: no memory to cut it */
static struct pbuf *cut(struct http_conn *c)
{
  struct pbuf *p = c->rx;
  if (p->tot_len <= c->body_left) {
    c->rx = NULL;
    return p;
  }
  struct pbuf *part = pbuf_alloc(PBUF_RAW, (u16_t)c->body_left, PBUF_RAM);
  if (part != NULL) {
    (void)pbuf_copy_partial_pbuf(part, p, (u16_t)c->body_left, 0);
    c->rx = pbuf_free_header(p, (u16_t)c->body_left);
  }
  return part;
}

/** The program holds nothing of the content any more. */
static void consume_all(struct http_conn *c)
{
  while (c->body_held > 0 && c->pcb != NULL) {
    httpd_post_data_recved(c, (u16_t)LWIP_MIN(c->body_held, 0xffffU));
  }
}

enum http_next http_post_take(struct http_conn *c)
{
  err_t err = ERR_OK;
  if (c->rx != NULL && c->body_left > 0) {
    struct pbuf *p = cut(c);
    if (p == NULL) {
      http_conn_poll(c);
      return HTTP_WAIT;
    }
    u16_t len = p->tot_len;
    c->body_left -= len;
    c->body_held += c->is_manual ? len : 0U;
    if (!c->is_manual) {
      altcp_recved(c->pcb, len);
    }
    http_queue_set(c, HTTP_QUEUE_STALL);
    err = httpd_post_receive_data(c, p);
  }
  if (c->pcb == NULL) {
    return HTTP_GONE;
  }
  if (c->body_left == 0 || err != ERR_OK) {
    consume_all(c);
    finish(c);
    answer_early(c, 404);
    return HTTP_GO_ON;
  }
  if (c->has_fin) {
    return http_conn_end(c, false);
  }
  if (c->body_held > 0) {
    http_queue_set(c, HTTP_QUEUE_UNTIMED); /* the client may have to wait for the program */
  }
  return HTTP_WAIT;
}

void httpd_post_data_recved(void *connection, u16_t recved_len)
{
  struct http_conn *c = (struct http_conn *)connection;
  LWIP_ASSERT_CORE_LOCKED();
  recved_len = (u16_t)LWIP_MIN(recved_len, c->body_held);
  if (recved_len == 0 || c->pcb == NULL) {
    return;
  }
  c->body_held -= recved_len;
  altcp_recved(c->pcb, recved_len);
  if (c->phase == HTTP_PHASE_BODY && c->body_held == 0) {
    http_queue_set(c, HTTP_QUEUE_STALL);
  }
}

#endif /* LWIP_TCP && LWIP_CALLBACK_API */
