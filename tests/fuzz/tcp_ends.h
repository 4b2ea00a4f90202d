/**
 * @file
 * Two ends of the TCP fuzz target: instances with a listener, some connections each, and programs
 * whose callbacks do what the input has asked for: write, close, abort, shut down, on their own
 * connection or on another one.
 *
 * Whatever the programs write is one pattern by offset, so that what comes can be looked at as long
 * as the input has forged nothing.
 */
#ifndef FUZZ_TCP_ENDS_H
#define FUZZ_TCP_ENDS_H

#include "common.h"
#include "lwip/ip4.h"
#include "lwip/ip6.h"
#include "lwip/memp.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "gossamer/ip6_config.h"
#include "gossamer/stack.h"
#include "gossamer/tcp_cc.h"
#include "gossamer/tcp_urgent.h"
#include "base/fault.h"
#include "sim/tcp_invariants.h"

#define CONNS       4
#define WAITING_MAX 64
#define PORT        80
/** Simultaneous opens, from and to. */
#define PORT_BOTH 4000

#define PACKET_LEN_MAX 1600

struct packet {
  u16_t len;
  u8_t data[PACKET_LEN_MAX];
};

struct conn {
  struct end *end;
  struct tcp_pcb *pcb;
  u32_t written, received, unread;
  bool is_over; /* the end of the peer's data was told */
};

/** When a plan is carried out, and what it is. */
enum plan_when { ON_RECV, ON_END, ON_SENT, ON_POLL, ON_CONNECTED, ON_ACCEPT, ON_ERROR, ON_NOTHING };
enum plan_what {
  DO_WRITE,
  DO_CLOSE,
  DO_ABORT,
  DO_SHUT,
  DO_STOP_READING,
  DO_TAKE,
  DO_CONNECT,
  DO_URGENT
};

struct plan {
  enum plan_when when;
  enum plan_what what;
  bool is_lasting; /* not only once */
  bool is_other;   /* about the next connection, not the one that calls */
};

struct end {
  struct stack *stack;
  struct netif netif;
  struct tcp_pcb *listener;
  struct conn conn[CONNS];
  struct plan plan;
  bool refuses, keeps_window, is_ending, delays_backlog;
  u32_t used_before;
  struct packet *waiting[WAITING_MAX]; /* sent by this end */
  size_t waiting_count;
};

static struct end ends[2];
static u32_t clock_ms;
static u64_t random_state;
static bool is_honest; /* nothing was forged or changed, nobody has lost his memory */

#define PERIOD 65521U
static u8_t pattern[PERIOD + 65536];

static inline u32_t now_ms(void *ctx)
{
  (void)ctx;
  return clock_ms;
}

static inline u32_t now_us(void *ctx)
{
  (void)ctx;
  return clock_ms * 1000;
}

static inline void entropy(void *ctx, void *buf, size_t len)
{
  (void)ctx;
  for (size_t i = 0; i < len; i++) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    ((u8_t *)buf)[i] = (u8_t)(random_state >> 56);
  }
}

static inline void pattern_make(void)
{
  for (u32_t i = 0; i < sizeof pattern && pattern[0] == 0; i++) {
    u32_t n = sizeof pattern - 1 - i;
    pattern[n] = (u8_t)((n % PERIOD + 1) * 2654435761U >> 24 | (n % PERIOD == 0));
  }
}

/* --- what a program does with a connection; @return true: it has aborted it --- */

/** What callbacks of a connection are given that its program has closed: nobody calls it. */
static struct conn nobody;

static inline struct conn *alive(void *arg, const struct tcp_pcb *pcb)
{
  struct conn *c = arg;
  FUZZ_ASSERT(c != &nobody && c != NULL);
  FUZZ_ASSERT(pcb == NULL || c->pcb == pcb);
  return c;
}

static inline bool conn_abort(struct conn *c)
{
  struct tcp_pcb *pcb = c->pcb;
  if (pcb != NULL) {
    tcp_abort(pcb);
  }
  return pcb != NULL;
}

static inline bool conn_close(struct conn *c, u8_t does_reset)
{
  struct tcp_pcb *pcb = c->pcb;
  if (pcb == NULL) {
    return false;
  }
  c->pcb = NULL;
  tcp_arg(pcb, &nobody);
  if (tcp_close_ext(pcb, does_reset) != ERR_OK) {
    tcp_arg(pcb, c);
    c->pcb = pcb;
    return conn_abort(c);
  }
  return false;
}

static inline void conn_write(struct conn *c, u32_t len, u8_t flags)
{
  if (c->pcb != NULL && c->pcb->state != CLOSED &&
      tcp_write(c->pcb, pattern + c->written % PERIOD, (u16_t)len, flags) == ERR_OK) {
    c->written += len;
  }
}

static inline void conn_take(struct conn *c)
{
  u16_t part = (u16_t)LWIP_MIN(c->unread, 0xffffU);
  if (c->pcb != NULL && part > 0) {
    c->unread -= part;
    tcp_recved(c->pcb, part);
  }
}

static inline void conn_urgent(struct conn *c)
{
#if LWIP_TCP_URGENT
  if (c->pcb != NULL) {
    tcp_urgent_send(c->pcb);
  }
#else
  (void)c;
#endif
}

static inline void conn_connect(struct conn *c, u8_t how);

/** @return true: `c` was aborted, or closed: its callback must not touch it any more */
static inline bool conn_do(struct conn *c, enum plan_what what)
{
  if (what == DO_ABORT) {
    return conn_abort(c);
  }
  if (what == DO_CLOSE) {
    return conn_close(c, 1);
  }
  if (what == DO_CONNECT) {
    conn_connect(c, 0);
  } else if (c->pcb != NULL && what == DO_WRITE) {
    conn_write(c, 3000, TCP_WRITE_FLAG_COPY);
  } else if (c->pcb != NULL && what == DO_SHUT) {
    tcp_shutdown(c->pcb, 0, 1);
  } else if (c->pcb != NULL && what == DO_STOP_READING) {
    tcp_shutdown(c->pcb, 1, 0);
  } else if (what == DO_TAKE) {
    conn_take(c);
  } else if (what == DO_URGENT) {
    conn_urgent(c);
  }
  return false;
}

/** Something happened. @return what the callback has to return */
static inline err_t happens(struct conn *c, enum plan_when when)
{
  struct plan plan = c->end->plan;
  struct tcp_pcb *before = c->pcb;
  if (plan.when != when || c->end->is_ending) {
    return ERR_OK;
  }
  if (!plan.is_lasting) {
    c->end->plan.when = ON_NOTHING;
  }
  struct conn *about = plan.is_other ? &c->end->conn[(c - c->end->conn + 1) % CONNS] : c;
  bool is_aborted = conn_do(about, plan.what);
  return is_aborted && about == c && before != NULL ? ERR_ABRT : ERR_OK;
}

/* --- callbacks --- */

static inline void look_at(struct conn *c, const struct pbuf *p)
{
  for (; p != NULL; p = p->next) {
    FUZZ_ASSERT(!is_honest || memcmp(p->payload, pattern + c->received % PERIOD, p->len) == 0);
    c->received += p->len;
  }
}

static inline err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct conn *c = alive(arg, pcb);
  (void)err;
  if (p == NULL) {
    FUZZ_ASSERT(!c->is_over);
    c->is_over = true;
    return happens(c, ON_END);
  }
  if (c->end->refuses) {
    return ERR_MEM;
  }
  look_at(c, p);
  if (c->end->keeps_window) {
    c->unread += p->tot_len;
  } else {
    tcp_recved(pcb, p->tot_len);
  }
  pbuf_free(p);
  return happens(c, ON_RECV);
}

static inline err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  (void)len;
  return happens(alive(arg, pcb), ON_SENT);
}

static inline err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  return happens(alive(arg, pcb), ON_POLL);
}

static inline err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  FUZZ_ASSERT(err == ERR_OK);
  return happens(alive(arg, pcb), ON_CONNECTED);
}

static inline void on_error(void *arg, err_t err)
{
  struct conn *c = alive(arg, NULL);
  FUZZ_ASSERT(err != ERR_OK && c->pcb != NULL);
  c->pcb = NULL;
  happens(c, ON_ERROR);
}

#if LWIP_TCP_URGENT
static inline void on_urgent(void *arg, struct tcp_pcb *pcb)
{
  alive(arg, pcb);
}
#endif

static inline void adopt(struct conn *c, struct tcp_pcb *pcb)
{
  c->pcb = pcb;
  c->written = c->received = c->unread = 0;
  c->is_over = false;
  tcp_arg(pcb, c);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_error);
#if LWIP_TCP_URGENT
  tcp_urgent(pcb, on_urgent);
#endif
}

static inline err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct end *e = arg;
  struct conn *c = e->conn;
  while (c < e->conn + CONNS && c->pcb != NULL) {
    c++;
  }
  if (err != ERR_OK || pcb == NULL || c == e->conn + CONNS || e->is_ending) {
    return ERR_MEM;
  }
  adopt(c, pcb);
  if (e->delays_backlog) {
    tcp_backlog_delayed(pcb);
  }
  return happens(c, ON_ACCEPT);
}

/** `how`: 1: by IPv6; 2: from and to the same port, so that both may begin. */
static inline void conn_connect(struct conn *c, u8_t how)
{
  ip_addr_t remote;
  struct end *e = c->end;
  u16_t both = (u16_t)(PORT_BOTH + (c - e->conn));
  if (c->pcb != NULL || e->is_ending) {
    return;
  }
  bool is_v6 = LWIP_IPV6 && (!LWIP_IPV4 || (how & 1));
  const char *text[2] = {is_v6 ? "2001:db8::1" : "10.0.0.1", is_v6 ? "2001:db8::2" : "10.0.0.2"};
  FUZZ_ASSERT(ipaddr_aton(text[e == &ends[0]], &remote));
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL) {
    return;
  }
  adopt(c, pcb);
  if (((how & 2) && tcp_bind(pcb, NULL, both) != ERR_OK) ||
      tcp_connect(pcb, &remote, (how & 2) ? both : PORT, on_connected) != ERR_OK) {
    tcp_err(pcb, NULL); /* a program that connects again when told would never come back */
    c->pcb = NULL;
    tcp_abort(pcb);
  }
}

/** Listen, or listen no more: `backlog` 0. */
static inline void end_listen(struct end *e, u8_t backlog)
{
  if (e->listener != NULL) {
    FUZZ_ASSERT(tcp_close(e->listener) == ERR_OK);
    e->listener = NULL;
  }
  struct tcp_pcb *pcb = backlog > 0 ? tcp_new_ip_type(IPADDR_TYPE_ANY) : NULL;
  if (pcb == NULL) {
    return;
  }
  e->listener = tcp_bind(pcb, NULL, PORT) == ERR_OK ? tcp_listen_with_backlog(pcb, backlog) : NULL;
  if (e->listener == NULL) {
    tcp_abort(pcb);
    return;
  }
  tcp_arg(e->listener, e);
  tcp_accept(e->listener, on_accept);
}

#endif /* FUZZ_TCP_ENDS_H */
