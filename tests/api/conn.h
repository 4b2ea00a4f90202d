/**
 * @file
 * What tests of netconns share: pairs over loopback in the first family that the build has, a
 * record of events, threads that call something, waiting for conditions.
 */
#ifndef TESTS_API_CONN_H
#define TESTS_API_CONN_H

#include "api.h"
#include <stdlib.h>
#include "lwip/api.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "lwip/priv/conn_fields.h"
#include "gossamer/drop.h"

#define IS_V6 (!LWIP_IPV4)

/** A type of netconn in the family of the tests. */
static inline enum netconn_type type_of(enum netconn_type t)
{
  return (enum netconn_type)((unsigned)t | (IS_V6 ? CONN_TYPE_V6 : 0));
}

static inline ip_addr_t loop_addr(void)
{
  ip_addr_t a;
  memset(&a, 0, sizeof a);
  ip_addr_set_loopback(IS_V6, &a);
  return a;
}

/** Wait until `condition` holds, which is asked with the core lock. */
#define await(condition)                                                                           \
  do {                                                                                             \
    bool await_holds = false;                                                                      \
    for (unsigned await_ms = 0; await_ms < API_PATIENCE_MS && !await_holds; await_ms++) {          \
      LOCK_TCPIP_CORE();                                                                           \
      await_holds = (condition);                                                                   \
      UNLOCK_TCPIP_CORE();                                                                         \
      if (!await_holds) {                                                                          \
        sys_msleep(1);                                                                             \
      }                                                                                            \
    }                                                                                              \
    assert_true(await_holds);                                                                      \
  } while (0)

/* --- events --- */

struct event {
  const struct netconn *conn;
  enum netconn_evt evt;
  u16_t len;
};

/** What callbacks were told since events_forget(); with the core lock. */
static struct {
  struct event all[20000]; /* of a transfer of megabytes, too */
  unsigned count;
} heard;

static inline void hear(struct netconn *conn, enum netconn_evt evt, u16_t len)
{
  if (heard.count < LWIP_ARRAYSIZE(heard.all)) {
    heard.all[heard.count++] = (struct event){conn, evt, len};
  }
}

static inline void events_forget(void)
{
  LOCK_TCPIP_CORE();
  heard.count = 0;
  UNLOCK_TCPIP_CORE();
}

/** How often `conn` was told this; len -1: whatever the length. With the core lock. */
static inline unsigned events_of(const struct netconn *conn, enum netconn_evt evt, int len)
{
  unsigned count = 0;
  for (unsigned i = 0; i < heard.count; i++) {
    const struct event *e = &heard.all[i];
    count += e->conn == conn && e->evt == evt && (len < 0 || e->len == len);
  }
  return count;
}

/** The first events of `conn` are these. */
static inline void expect_events(const struct netconn *conn, const struct event *expected,
                                 unsigned count)
{
  unsigned n = 0;
  LOCK_TCPIP_CORE();
  for (unsigned i = 0; i < heard.count && n < count; i++) {
    if (heard.all[i].conn == conn) {
      assert_int_equal(heard.all[i].evt, expected[n].evt);
      assert_int_equal(heard.all[i].len, expected[n].len);
      n++;
    }
  }
  UNLOCK_TCPIP_CORE();
  assert_int_equal(n, count);
}

/* --- pairs --- */

static inline u16_t local_port(struct netconn *conn)
{
  ip_addr_t addr;
  u16_t port = 0;
  assert_int_equal(netconn_addr(conn, &addr, &port), ERR_OK);
  return port;
}

/** Bound to a port of the loopback address. */
static inline struct netconn *conn_bound(enum netconn_type t, netconn_callback callback)
{
  ip_addr_t addr = loop_addr();
  struct netconn *conn = netconn_new_with_callback(type_of(t), callback);
  assert_non_null(conn);
  assert_int_equal(netconn_bind(conn, &addr, 0), ERR_OK);
  return conn;
}

static inline struct netconn *conn_listener(netconn_callback callback)
{
  struct netconn *conn = conn_bound(NETCONN_TCP, callback);
  assert_int_equal(netconn_listen(conn), ERR_OK);
  return conn;
}

/** Two ends of a connection; `b` was accepted. */
static inline void conn_streams(struct netconn **a, struct netconn **b, netconn_callback callback)
{
  ip_addr_t addr = loop_addr();
  struct netconn *listener = conn_listener(callback);
  *a = netconn_new_with_callback(type_of(NETCONN_TCP), callback);
  assert_non_null(*a);
  assert_int_equal(netconn_connect(*a, &addr, local_port(listener)), ERR_OK);
  assert_int_equal(netconn_accept(listener, b), ERR_OK);
  assert_int_equal(netconn_delete(listener), ERR_OK);
}

static inline void conns_delete(struct netconn *a, struct netconn *b)
{
  assert_int_equal(netconn_delete(a), ERR_OK);
  assert_int_equal(netconn_delete(b), ERR_OK);
}

/** Receive so many bytes, which are these. */
static inline void expect_stream(struct netconn *conn, const u8_t *data, size_t len)
{
  while (len > 0) {
    struct pbuf *p = NULL;
    assert_int_equal(netconn_recv_tcp_pbuf(conn, &p), ERR_OK);
    assert_true(p->tot_len <= len);
    for (const struct pbuf *q = p; q != NULL; q = q->next) {
      assert_memory_equal(q->payload, data, q->len);
      data += q->len;
      len -= q->len;
    }
    pbuf_free(p);
  }
}

/** A call in another thread. */
struct calling {
  void (*run)(struct calling *c);
  struct netconn *conn;
  struct stack *instance;
  err_t err;
  size_t len;
  sys_sem_t done;
};

static inline void call_thread(void *arg)
{
  struct calling *c = (struct calling *)arg;
  struct stack *before = stack_enter(c->instance);
  c->run(c);
  stack_leave(before);
  sys_sem_signal(&c->done);
}

static inline void call_begin(struct calling *c, void (*run)(struct calling *c),
                              struct netconn *conn)
{
  memset(c, 0, sizeof *c);
  c->run = run;
  c->conn = conn;
  c->instance = stack_current();
  c->done = api_sem();
  sys_thread_new("call", call_thread, c, 0, 0);
}

static inline void call_end(struct calling *c)
{
  api_await(&c->done);
  sys_sem_free(&c->done);
}

#endif /* TESTS_API_CONN_H */
