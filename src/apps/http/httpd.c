/**
 * @file
 * The HTTP server: listeners, connections in their queues, and who gives way.
 *
 * State: listeners, a queue of connections for each thing that they may wait for, one timer for the
 * first whose time is up. Without connections it is not set.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include <string.h>
#include "apps/http/http_priv.h"
#include "lwip/altcp_tcp.h"
#include "lwip/def.h"

struct listener {
  struct listener *next;
  struct altcp_pcb *pcb;
  altcp_allocator_t layers; /* whose `arg` is used as long as it listens */
};

struct queue {
  struct http_conn *first;
  struct http_conn **last;
};

struct httpd_state {
  struct listener *listeners;
  struct queue queue[HTTP_QUEUE_COUNT];
  u32_t count; /* of connections */
  struct timer timer;
  struct stack_exit at_exit;
  struct http_scratch scratch;
};

STACK_STATE(struct httpd_state, httpd);

HTTP_CONN_POOL(struct http_conn);

static const u32_t timeout_ms[HTTP_QUEUE_UNTIMED] = {
    [HTTP_QUEUE_IDLE] = HTTPD_IDLE_TIMEOUT_MS,
    [HTTP_QUEUE_HEAD] = HTTPD_HEAD_TIMEOUT_MS,
    [HTTP_QUEUE_LINGER] = HTTPD_LINGER_MS,
    [HTTP_QUEUE_STALL] = HTTPD_STALL_TIMEOUT_MS,
};

struct http_scratch *http_scratch(void)
{
  return &httpd()->scratch;
}

u32_t httpd_connections(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  return httpd()->count;
}

/* --- queues --- */

static void on_time(struct timer *t);

static void unlink_conn(struct http_conn *c)
{
  struct queue *q = &httpd()->queue[c->queue];
  *c->pprev = c->next;
  if (c->next != NULL) {
    c->next->pprev = c->pprev;
  } else {
    q->last = c->pprev;
  }
}

static void append_conn(struct http_conn *c, enum http_queue queue)
{
  struct queue *q = &httpd()->queue[queue];
  if (q->last == NULL) {
    q->last = &q->first;
  }
  c->queue = (u8_t)queue;
  c->since_ms = stack_now();
  c->next = NULL;
  c->pprev = q->last;
  *q->last = c;
  q->last = &c->next;
  if (queue < HTTP_QUEUE_UNTIMED) {
    timer_set_sooner(&httpd()->timer, on_time, timeout_ms[queue]);
  }
}

void http_queue_set(struct http_conn *c, enum http_queue queue)
{
  unlink_conn(c);
  append_conn(c, queue);
}

/** Milliseconds until the first of a queue has to go; 0: it has. */
static u32_t time_left(const struct http_conn *first, u32_t limit_ms)
{
  u32_t waited = stack_now() - first->since_ms;
  return waited < limit_ms ? limit_ms - waited : 0;
}

static void on_time(struct timer *t)
{
  LWIP_UNUSED_ARG(t);
  for (int i = 0; i < HTTP_QUEUE_UNTIMED; i++) {
    struct queue *q = &httpd()->queue[i];
    while (q->first != NULL && time_left(q->first, timeout_ms[i]) == 0) {
      http_conn_expire(q->first); /* ends it or puts it elsewhere, or behind */
    }
    if (q->first != NULL) {
      timer_set_sooner(&httpd()->timer, on_time, time_left(q->first, timeout_ms[i]));
    }
  }
}

/** End the connection that has waited for its client longest. @return false: none waits */
static bool kill_oldest(void)
{
  for (int i = 0; i < HTTP_QUEUE_UNTIMED; i++) {
    struct http_conn *oldest = httpd()->queue[i].first;
    if (oldest != NULL) {
      (void)http_conn_end(oldest, true);
      return true;
    }
  }
  return false;
}

/* --- connections --- */

static bool is_full(void)
{
  u32_t limit = HTTPD_MAX_CONNECTIONS;
  return limit > 0 && httpd()->count >= limit;
}

static struct http_conn *conn_new(void)
{
  struct http_conn *c = is_full() ? NULL : HTTP_CONN_ALLOC(struct http_conn);
  if (c == NULL && LWIP_HTTPD_KILL_OLD_ON_CONNECTIONS_EXCEEDED && kill_oldest()) {
    c = HTTP_CONN_ALLOC(struct http_conn);
  }
  if (c == NULL) {
    return NULL;
  }
  memset(c, 0, sizeof *c);
  httpd()->count++;
  append_conn(c, HTTP_QUEUE_HEAD);
  return c;
}

void http_conn_free(struct http_conn *c)
{
  unlink_conn(c);
  HTTP_CONN_FREE(c);
  if (--httpd()->count == 0) {
    timer_cancel(&httpd()->timer);
  }
}

static err_t on_accept(void *arg, struct altcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (pcb == NULL || err != ERR_OK) {
    if (LWIP_HTTPD_KILL_OLD_ON_CONNECTIONS_EXCEEDED) {
      (void)kill_oldest(); /* there was no memory for it; there is for the next one */
    }
    return ERR_VAL;
  }
  struct http_conn *c = conn_new();
  return c != NULL ? http_conn_accept(c, pcb) : ERR_MEM;
}

/* --- listeners --- */

/** A connection that has not ended; one that runs is freed later. */
static struct http_conn *find_conn(void)
{
  for (int i = 0; i < HTTP_QUEUE_COUNT; i++) {
    struct http_conn *c = httpd()->queue[i].first;
    while (c != NULL && c->pcb == NULL) {
      c = c->next;
    }
    if (c != NULL) {
      return c;
    }
  }
  return NULL;
}

static void end_all(void)
{
  struct http_conn *c;
  while ((c = find_conn()) != NULL) {
    (void)http_conn_end(c, true);
  }
  while (httpd()->listeners != NULL) {
    struct listener *l = httpd()->listeners;
    httpd()->listeners = l->next;
    altcp_accept(l->pcb, NULL);
    (void)altcp_close(l->pcb);
    mem_free(l);
  }
}

void httpd_stop(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  end_all();
}

static err_t listen_at(struct listener *l, u16_t port)
{
  l->pcb = altcp_new_ip_type(l->layers.alloc != NULL ? &l->layers : NULL, IPADDR_TYPE_ANY);
  if (l->pcb == NULL) {
    return ERR_MEM;
  }
  altcp_setprio(l->pcb, HTTPD_TCP_PRIO);
  err_t err = altcp_bind(l->pcb, IP_ANY_TYPE, port);
  struct altcp_pcb *listening = NULL;
  if (err == ERR_OK) {
    listening = altcp_listen_with_backlog_and_err(l->pcb, TCP_DEFAULT_LISTEN_BACKLOG, &err);
  }
  if (listening == NULL) {
    (void)altcp_close(l->pcb);
    return err;
  }
  l->pcb = listening;
  altcp_arg(l->pcb, l);
  altcp_accept(l->pcb, on_accept);
  return ERR_OK;
}

err_t httpd_start(u16_t port, const struct altcp_allocator_s *layers)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct listener *l = (struct listener *)mem_malloc(sizeof *l);
  if (l == NULL) {
    return ERR_MEM;
  }
  memset(l, 0, sizeof *l);
  if (layers != NULL) {
    l->layers = *layers;
  }
  err_t err = listen_at(l, port);
  if (err != ERR_OK) {
    mem_free(l);
    return err;
  }
  l->next = httpd()->listeners;
  httpd()->listeners = l;
  httpd()->at_exit.fn = end_all;
  stack_at_exit(&httpd()->at_exit);
  return ERR_OK;
}

void httpd_init(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  err_t err = httpd_start(HTTPD_SERVER_PORT, NULL);
  if (err != ERR_OK) {
    LWIP_DEBUGF(HTTPD_DEBUG | LWIP_DBG_LEVEL_SEVERE, ("httpd_init: %d\n", (int)err));
  }
}

#endif /* LWIP_TCP && LWIP_CALLBACK_API */
