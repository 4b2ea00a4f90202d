/**
 * @file
 * One connection of the HTTP server: what TCP says to it, and how it ends.
 *
 * A client is to read our last answer even if it is still sending: TCP answers data that nobody
 * reads by a reset, which may overtake what the client has not read. So we close our direction, and
 * listen on for a while (RFC 9112 9.6).
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include "apps/http/http_priv.h"

#define COMPACT_COUNT 8

/* --- the end --- */

static void release(struct http_conn *c)
{
  if (c->rx != NULL) {
    pbuf_free(c->rx);
    c->rx = NULL;
  }
  http_post_end(c);
  http_send_end(c);
  http_conn_free(c);
}

static void detach(struct altcp_pcb *pcb)
{
  altcp_arg(pcb, NULL);
  altcp_recv(pcb, NULL);
  altcp_sent(pcb, NULL);
  altcp_err(pcb, NULL);
  altcp_poll(pcb, NULL, 0);
}

/** End it. @return HTTP_GONE */
enum http_next http_conn_end(struct http_conn *c, bool is_abort)
{
  struct altcp_pcb *pcb = c->pcb;
  c->pcb = NULL;
  if (pcb != NULL) {
    detach(pcb);
    if (is_abort || altcp_close(pcb) != ERR_OK) {
      altcp_abort(pcb);
      c->was_aborted = true;
    }
  }
  if (c->is_running) {
    return HTTP_GONE; /* http_conn_run() frees it */
  }
  release(c);
  return HTTP_GONE;
}

/** All is said: close our direction; the rest when TCP has got rid of it. */
static enum http_next finish(struct http_conn *c)
{
  if (c->has_fin && c->unacked == 0) {
    return http_conn_end(c, false);
  }
  c->phase = HTTP_PHASE_LINGER;
  err_t err = altcp_shutdown(c->pcb, 0, 1);
  if (err != ERR_OK && LWIP_HTTPD_ABORT_ON_CLOSE_MEM_ERROR) {
    return http_conn_end(c, true);
  }
  http_queue_set(c, c->must_linger ? HTTP_QUEUE_LINGER : HTTP_QUEUE_STALL);
  return HTTP_GO_ON;
}

static enum http_next linger(struct http_conn *c)
{
  if (c->rx != NULL) {
    c->lingered += c->rx->tot_len;
    http_conn_eat(c, c->rx->tot_len);
  }
  if (c->lingered > HTTPD_LINGER_BYTES) {
    return http_conn_end(c, true);
  }
  if (c->has_fin || (c->unacked == 0 && !c->must_linger)) {
    return http_conn_end(c, false);
  }
  return HTTP_WAIT;
}

void http_conn_expire(struct http_conn *c)
{
  bool is_late_head = c->queue == HTTP_QUEUE_HEAD && c->rx != NULL;
  bool is_late_body = c->queue == HTTP_QUEUE_STALL && c->phase == HTTP_PHASE_BODY;
  if (is_late_head || is_late_body) {
    http_post_end(c);
    c->keeps_alive = false;
    http_answer_error(c, 408);
    c->must_linger = true;
    c->is_outside = true;
    http_queue_set(c, HTTP_QUEUE_STALL);
    (void)http_conn_run(c);
    return;
  }
  (void)http_conn_end(c, c->queue == HTTP_QUEUE_STALL);
}

/* --- what comes --- */

void http_conn_eat(struct http_conn *c, u16_t len)
{
  c->rx = pbuf_free_header(c->rx, len);
  if (c->rx != NULL && c->rx->tot_len == 0) {
    pbuf_free(c->rx);
    c->rx = NULL;
  }
  altcp_recved(c->pcb, len);
}

/** A response has been sent. */
static enum http_next sent_all(struct http_conn *c)
{
  if (LWIP_HTTPD_TIMING && c->has_file) {
    LWIP_DEBUGF(HTTPD_DEBUG_TIMING | LWIP_DBG_TRACE,
                ("httpd: TCP took a file of %d bytes within %" U32_F " ms\n", c->file.len,
                 stack_now() - c->began_ms));
  }
  http_send_end(c);
  if (!c->keeps_alive) {
    return finish(c);
  }
  c->phase = HTTP_PHASE_HEAD;
  http_queue_set(c, HTTP_QUEUE_IDLE);
  return HTTP_GO_ON;
}

static enum http_next run_phase(struct http_conn *c)
{
  enum http_next next;
  switch (c->phase) {
  case HTTP_PHASE_HEAD:
    return http_request_take(c);
  case HTTP_PHASE_BODY:
    return http_post_take(c);
  case HTTP_PHASE_SEND:
    next = http_send_more(c);
    return next == HTTP_GO_ON ? sent_all(c) : next;
  default:
    return linger(c);
  }
}

/** What must wait is not to hold a packet buffer for each few bytes. */
static void compact(struct http_conn *c)
{
  if (c->rx != NULL && pbuf_clen(c->rx) >= COMPACT_COUNT) {
    c->rx = pbuf_coalesce(c->rx, PBUF_RAW);
  }
}

err_t http_conn_run(struct http_conn *c)
{
  enum http_next next = HTTP_GO_ON;
  if (c->is_running) { /* called back from what it calls */
    return ERR_OK;
  }
  c->is_running = true;
  while (next == HTTP_GO_ON && c->pcb != NULL) {
    next = run_phase(c);
  }
  c->is_running = false;
  if (c->pcb != NULL) {
    compact(c);
    if (c->is_outside) {
      c->is_outside = false;
      (void)altcp_output(c->pcb);
    }
    return ERR_OK;
  }
  bool was_aborted = c->was_aborted;
  release(c);
  return was_aborted ? ERR_ABRT : ERR_OK;
}

static err_t on_recv(void *arg, struct altcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct http_conn *c = (struct http_conn *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    c->has_fin = true;
  } else if (p->tot_len == 0) {
    pbuf_free(p);
  } else if (c->rx == NULL) {
    c->rx = p;
  } else if ((u32_t)c->rx->tot_len + p->tot_len > 0xffffU) {
    return ERR_MEM; /* offered again */
  } else {
    pbuf_cat(c->rx, p);
  }
  return http_conn_run(c);
}

static err_t on_sent(void *arg, struct altcp_pcb *pcb, u16_t len)
{
  struct http_conn *c = (struct http_conn *)arg;
  LWIP_UNUSED_ARG(pcb);
  c->unacked -= LWIP_MIN(c->unacked, len);
  if (c->queue == HTTP_QUEUE_STALL && c->phase != HTTP_PHASE_BODY) {
    http_queue_set(c, HTTP_QUEUE_STALL);
  }
  return http_conn_run(c);
}

static err_t on_poll(void *arg, struct altcp_pcb *pcb)
{
  struct http_conn *c = (struct http_conn *)arg;
  c->is_polled = false;
  altcp_poll(pcb, NULL, 0);
  return http_conn_run(c);
}

void http_conn_poll(struct http_conn *c)
{
  if (!c->is_polled) {
    c->is_polled = true;
    altcp_poll(c->pcb, on_poll, 1);
  }
}

static void on_err(void *arg, err_t err)
{
  struct http_conn *c = (struct http_conn *)arg;
  LWIP_UNUSED_ARG(err);
  c->pcb = NULL;
  if (!c->is_running) {
    release(c);
  }
}

err_t http_conn_accept(struct http_conn *c, struct altcp_pcb *pcb)
{
  c->pcb = pcb;
  altcp_setprio(pcb, HTTPD_TCP_PRIO);
  altcp_arg(pcb, c);
  altcp_recv(pcb, on_recv);
  altcp_sent(pcb, on_sent);
  altcp_err(pcb, on_err);
  altcp_nagle_disable(pcb); /* the end of a response must not wait for its beginning's ACK */
  return ERR_OK;
}

#endif /* LWIP_TCP && LWIP_CALLBACK_API */
