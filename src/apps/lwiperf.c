/**
 * @file
 * iPerf 2 over TCP. A connection's first 24 bytes may be the client's wishes (struct client_header
 * of iperf 2), six words in network order: flags, threads, port, buffer length, bandwidth, amount.
 * All that follows is the digits "0123456789" again and again.
 *
 * State: the list of sessions: listeners and connections. A session's owner is the listener that
 * took it, or the session whose way back it is; aborting the owner aborts it.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include <string.h>
#include "lwip/apps/lwiperf.h"
#include "lwip/apps/lwiperf_opts.h"
#include "lwip/def.h"
#include "lwip/mem.h"
#include "lwip/tcp.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "wire/bytes.h"

#define HEADER_LEN 24U

/* Flags of the header. What iperf 2.1 adds stands in the bits between. */
#define ASKS_FOR_WAY_BACK 0x80000000U
#define AT_ONCE           0x00000001U

/** Time to send, in units of -10 ms. */
#define TEN_SECONDS ((u32_t)-1000)

/** So long the other side may take until it begins with the way back. */
#define WAY_BACK_WAIT_MS (10000U + LWIPERF_TCP_MAX_IDLE_SEC * 1000U)

/* tcp_poll() counts half seconds. */
#define POLL_INTERVAL 2U

enum role { LISTENER, SERVER, CLIENT };

struct session {
  struct session *next;
  struct session *owner;
  struct tcp_pcb *pcb; /* NULL: the other side has ended it */
  lwiperf_report_fn report;
  void *report_arg;
  u8_t role;
  bool is_once;          /* a listener for the way back: of `peer` alone, and one connection */
  u8_t idle_s;           /* nothing has moved for so long */
  u8_t header_len;       /* so much of it has come, or gone out */
  ip_addr_t peer;        /* of a connection, or of the only one who may connect */
  struct timer patience; /* a listener for the way back, until it is used */
  u32_t begin_ms;
  u64_t bytes; /* received, or written */
  u64_t acked;
  u8_t header[HEADER_LEN];
};

struct lwiperf_state {
  struct session *sessions;
  struct stack_exit at_exit;
};

STACK_STATE(struct lwiperf_state, lwiperf);

/* One full segment may begin with any digit. */
static const char digits[] = "0123456789";
#define TEN(x)      x x x x x x x x x x
#define PATTERN_LEN 1460U
static const char pattern[] = TEN(TEN("0123456789")) TEN("0123456789"
                                                         "0123456789"
                                                         "0123456789"
                                                         "0123456789"
                                                         "0123456789");

static struct session *start_client(const struct session *like, const ip_addr_t *addr, u16_t port,
                                    const u8_t header[HEADER_LEN]);

/* --- sessions --- */

static void end_all(void)
{
  while (lwiperf()->sessions != NULL) {
    lwiperf_abort(lwiperf()->sessions);
  }
}

static struct session *session_new(enum role role, struct session *owner, lwiperf_report_fn report,
                                   void *report_arg)
{
  struct session *s = (struct session *)LWIPERF_ALLOC(struct session);
  if (s == NULL) {
    return NULL;
  }
  memset(s, 0, sizeof *s);
  s->role = (u8_t)role;
  s->owner = owner;
  s->report = report;
  s->report_arg = report_arg;
  s->next = lwiperf()->sessions;
  lwiperf()->sessions = s;
  lwiperf()->at_exit.fn = end_all;
  stack_at_exit(&lwiperf()->at_exit);
  return s;
}

/** Take it off the list; what it owned stands by itself from now on. */
static void forget(struct session *gone)
{
  struct session **at = &lwiperf()->sessions;
  while (*at != NULL) {
    if (*at == gone) {
      *at = gone->next;
      continue;
    }
    if ((*at)->owner == gone) {
      (*at)->owner = NULL;
    }
    at = &(*at)->next;
  }
}

static void session_free(struct session *s)
{
  forget(s);
  LWIPERF_FREE(struct session, s);
}

static void report(const struct session *s, enum lwiperf_report_type how, const ip_addr_t *local,
                   u16_t local_port, u16_t peer_port)
{
  u32_t ms = stack_now() - s->begin_ms;
  u64_t kbits = ms > 0 ? s->bytes * 8 / ms : 0;
  if (s->report != NULL) {
    s->report(s->report_arg, how, local, local_port, &s->peer, peer_port,
              (u32_t)LWIP_MIN(s->bytes, 0xffffffffU), ms, (u32_t)LWIP_MIN(kbits, 0xffffffffU));
  }
}

static void detach(struct tcp_pcb *pcb)
{
  tcp_arg(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_err(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
}

/** End a connection, tell the program and forget it. @return for the callback to return */
static err_t session_end(struct session *s, enum lwiperf_report_type how)
{
  struct tcp_pcb *pcb = s->pcb;
  bool is_done = how == LWIPERF_TCP_DONE_SERVER || how == LWIPERF_TCP_DONE_CLIENT;
  err_t result = ERR_OK;
  ip_addr_t local = *IP_ADDR_ANY;
  u16_t local_port = 0;
  u16_t peer_port = 0;
  if (pcb != NULL) {
    ip_addr_copy(local, pcb->local_ip);
    local_port = pcb->local_port;
    peer_port = pcb->remote_port;
    detach(pcb);
    if (!is_done || tcp_close(pcb) != ERR_OK) {
      tcp_abort(pcb);
      result = ERR_ABRT;
    }
  }
  forget(s);
  report(s, how, &local, local_port, peer_port); /* may begin or abort others */
  LWIPERF_FREE(struct session, s);
  return result;
}

static void listener_end(struct session *s)
{
  if (s->pcb != NULL) {
    tcp_arg(s->pcb, NULL);
    tcp_accept(s->pcb, NULL);
    (void)tcp_close(s->pcb);
  }
  timer_cancel(&s->patience);
  session_free(s);
}

static bool is_idle_for_too_long(struct session *s)
{
  return ++s->idle_s >= LWIPERF_TCP_MAX_IDLE_SEC;
}

static void on_err(void *arg, err_t err)
{
  struct session *s = (struct session *)arg;
  LWIP_UNUSED_ARG(err);
  if (s != NULL) {
    s->pcb = NULL;
    (void)session_end(s, LWIPERF_TCP_ABORTED_REMOTE);
  }
}

/* --- client --- */

static bool is_over(const struct session *s)
{
  s32_t amount = (s32_t)bytes_get32(s->header + 20);
  if (amount < 0) {
    return stack_now() - s->begin_ms >= (u32_t)-amount * 10U;
  }
  return s->bytes >= (u32_t)amount;
}

/** The next that is to be sent: the header, then digits. */
static u16_t next_bytes(const struct session *s, const void **bytes)
{
  if (s->header_len < HEADER_LEN) {
    *bytes = s->header + s->header_len;
    return (u16_t)(HEADER_LEN - s->header_len);
  }
  *bytes = pattern + s->bytes % (sizeof digits - 1);
  return PATTERN_LEN;
}

static err_t send_more(struct session *s)
{
  while (!is_over(s)) {
    const void *bytes;
    u16_t len = (u16_t)LWIP_MIN(next_bytes(s, &bytes), tcp_sndbuf(s->pcb));
    bool is_header = s->header_len < HEADER_LEN;
    err_t err =
        len > 0 ? tcp_write(s->pcb, bytes, len, is_header ? TCP_WRITE_FLAG_COPY : 0) : ERR_MEM;
    if (err == ERR_MEM) {
      (void)tcp_output(s->pcb);
      return ERR_OK; /* goes on when something is acknowledged */
    }
    if (err != ERR_OK) {
      return session_end(s, LWIPERF_TCP_ABORTED_LOCAL_TXERROR);
    }
    s->header_len = (u8_t)(is_header ? s->header_len + len : HEADER_LEN);
    s->bytes += len;
  }
  if (s->acked < s->bytes) { /* what only waits in our queue is no throughput */
    (void)tcp_output(s->pcb);
    return ERR_OK;
  }
  return session_end(s, LWIPERF_TCP_DONE_CLIENT);
}

static err_t client_on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct session *s = (struct session *)arg;
  LWIP_UNUSED_ARG(pcb);
  s->idle_s = 0;
  s->acked += len;
  return send_more(s);
}

static err_t client_on_poll(void *arg, struct tcp_pcb *pcb)
{
  struct session *s = (struct session *)arg;
  LWIP_UNUSED_ARG(pcb);
  if (is_idle_for_too_long(s)) {
    return session_end(s, LWIPERF_TCP_ABORTED_LOCAL);
  }
  return pcb->state == SYN_SENT ? ERR_OK : send_more(s);
}

/** The server has nothing to say but, since iperf 2.1, that it has understood. */
static err_t client_on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct session *s = (struct session *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return session_end(s, LWIPERF_TCP_ABORTED_REMOTE);
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t client_on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct session *s = (struct session *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  s->idle_s = 0;
  s->begin_ms = stack_now();
  return send_more(s);
}

/** Connect to send what `header` says. @param like  whose owner and report it gets */
static struct session *start_client(const struct session *like, const ip_addr_t *addr, u16_t port,
                                    const u8_t header[HEADER_LEN])
{
  struct session *s = session_new(CLIENT, like->owner, like->report, like->report_arg);
  if (s == NULL) {
    return NULL;
  }
  ip_addr_copy(s->peer, *addr);
  memcpy(s->header, header, HEADER_LEN);
  s->begin_ms = stack_now();
  s->pcb = tcp_new_ip_type(IP_GET_TYPE(addr));
  if (s->pcb == NULL) {
    session_free(s);
    return NULL;
  }
  tcp_arg(s->pcb, s);
  tcp_sent(s->pcb, client_on_sent);
  tcp_recv(s->pcb, client_on_recv);
  tcp_poll(s->pcb, client_on_poll, POLL_INTERVAL);
  tcp_err(s->pcb, on_err);
  if (tcp_connect(s->pcb, addr, port, client_on_connected) != ERR_OK) {
    detach(s->pcb);
    tcp_abort(s->pcb);
    session_free(s);
    return NULL;
  }
  return s;
}

/* --- server --- */

static bool wants_way_back(const struct session *s, bool at_once)
{
  u32_t flags = bytes_get32(s->header);
  return s->header_len == HEADER_LEN && (flags & ASKS_FOR_WAY_BACK) &&
         ((flags & AT_ONCE) != 0) == at_once;
}

static void start_way_back(struct session *s)
{
  u8_t header[HEADER_LEN];
  memcpy(header, s->header, HEADER_LEN);
  bytes_put32(header, 0); /* and not back again */
  (void)start_client(s, &s->peer, (u16_t)bytes_get32(header + 8), header);
}

/** The header, or so much of it as this pbuf brings. */
static void take_header(struct session *s, const struct pbuf *p)
{
  if (s->header_len == HEADER_LEN) {
    return;
  }
  u16_t len = LWIP_MIN(p->tot_len, HEADER_LEN - s->header_len);
  (void)pbuf_copy_partial(p, s->header + s->header_len, len, 0);
  s->header_len = (u8_t)(s->header_len + len);
  if (wants_way_back(s, true)) {
    start_way_back(s);
  }
}

/** Are they the digits, as a client sends them whose buffer holds whole tens of them? */
static bool is_pattern(const struct session *s, const struct pbuf *p)
{
  u64_t at = s->bytes;
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    for (u16_t i = 0; i < q->len; i++, at++) {
      if (at >= HEADER_LEN && ((const char *)q->payload)[i] != digits[at % (sizeof digits - 1)]) {
        return false;
      }
    }
  }
  return true;
}

static err_t server_on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct session *s = (struct session *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    if (wants_way_back(s, false)) {
      start_way_back(s);
    }
    return session_end(s, LWIPERF_TCP_DONE_SERVER);
  }
  if (s->bytes == 0) {
    s->begin_ms = stack_now();
  }
  take_header(s, p);
  bool is_good = !LWIPERF_CHECK_RX_DATA || is_pattern(s, p);
  s->bytes += p->tot_len;
  s->idle_s = 0;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return is_good ? ERR_OK : session_end(s, LWIPERF_TCP_ABORTED_LOCAL_DATAERROR);
}

static err_t server_on_poll(void *arg, struct tcp_pcb *pcb)
{
  struct session *s = (struct session *)arg;
  LWIP_UNUSED_ARG(pcb);
  return is_idle_for_too_long(s) ? session_end(s, LWIPERF_TCP_ABORTED_LOCAL) : ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct session *listener = (struct session *)arg;
  if (err != ERR_OK || pcb == NULL || listener == NULL) {
    return ERR_VAL;
  }
  if (listener->is_once && !ip_addr_cmp(&pcb->remote_ip, &listener->peer)) {
    return ERR_VAL;
  }
  struct session *s = session_new(SERVER, listener->is_once ? listener->owner : listener,
                                  listener->report, listener->report_arg);
  if (s == NULL) {
    return ERR_MEM;
  }
  s->pcb = pcb;
  s->begin_ms = stack_now();
  ip_addr_copy(s->peer, pcb->remote_ip);
  tcp_arg(pcb, s);
  tcp_recv(pcb, server_on_recv);
  tcp_poll(pcb, server_on_poll, POLL_INTERVAL);
  tcp_err(pcb, on_err);
  if (listener->is_once) {
    listener_end(listener);
  }
  return ERR_OK;
}

static struct session *start_listener(struct session *owner, const ip_addr_t *addr, u16_t port,
                                      lwiperf_report_fn report_fn, void *report_arg)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(addr));
  if (pcb == NULL) {
    return NULL;
  }
  struct session *s = session_new(LISTENER, owner, report_fn, report_arg);
  bool is_bound = s != NULL && tcp_bind(pcb, addr, port) == ERR_OK;
  struct tcp_pcb *lpcb = is_bound ? tcp_listen_with_backlog(pcb, TCP_DEFAULT_LISTEN_BACKLOG) : NULL;
  if (lpcb == NULL) {
    (void)tcp_close(pcb);
    if (s != NULL) {
      session_free(s);
    }
    return NULL;
  }
  s->pcb = lpcb;
  tcp_arg(lpcb, s);
  tcp_accept(lpcb, on_accept);
  return s;
}

/* --- what programs call --- */

void *lwiperf_start_tcp_server(const ip_addr_t *local_addr, u16_t local_port,
                               lwiperf_report_fn report_fn, void *report_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  return local_addr != NULL ? start_listener(NULL, local_addr, local_port, report_fn, report_arg)
                            : NULL;
}

void *lwiperf_start_tcp_server_default(lwiperf_report_fn report_fn, void *report_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip_addr_t any = *IP_ADDR_ANY;
  IP_SET_TYPE_VAL(any, LWIPERF_SERVER_IP_TYPE);
  return start_listener(NULL, &any, LWIPERF_TCP_PORT_DEFAULT, report_fn, report_arg);
}

static void on_impatience(struct timer *t)
{
  listener_end(TIMER_OWNER(t, struct session, patience));
}

/** A port for the way back; told in the header. @return false: there is none */
static bool open_way_back(struct session *client, const ip_addr_t *from)
{
  ip_addr_t any = *IP_ADDR_ANY;
  IP_SET_TYPE_VAL(any, IP_GET_TYPE(from));
  struct session *s = start_listener(client, &any, 0, client->report, client->report_arg);
  if (s == NULL) {
    return false;
  }
  s->is_once = true;
  ip_addr_copy(s->peer, *from);
  timer_set(&s->patience, on_impatience, WAY_BACK_WAIT_MS);
  bytes_put32(client->header + 8, s->pcb->local_port);
  return true;
}

void *lwiperf_start_tcp_client(const ip_addr_t *remote_addr, u16_t remote_port,
                               enum lwiperf_client_type type, lwiperf_report_fn report_fn,
                               void *report_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  u8_t header[HEADER_LEN] = {0};
  const struct session like = {.report = report_fn, .report_arg = report_arg};
  if (remote_addr == NULL) {
    return NULL;
  }
  if (type != LWIPERF_CLIENT) {
    bytes_put32(header, type == LWIPERF_DUAL ? ASKS_FOR_WAY_BACK | AT_ONCE : ASKS_FOR_WAY_BACK);
  }
  bytes_put32(header + 4, 1);
  bytes_put32(header + 20, TEN_SECONDS);
  struct session *s = start_client(&like, remote_addr, remote_port, header);
  if (s != NULL && type != LWIPERF_CLIENT && !open_way_back(s, remote_addr)) {
    s->report = NULL; /* nothing has begun */
    lwiperf_abort(s);
    s = NULL;
  }
  return s;
}

void *lwiperf_start_tcp_client_default(const ip_addr_t *remote_addr, lwiperf_report_fn report_fn,
                                       void *report_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  return lwiperf_start_tcp_client(remote_addr, LWIPERF_TCP_PORT_DEFAULT, LWIPERF_CLIENT, report_fn,
                                  report_arg);
}

static struct session *owned_by(const struct session *owner)
{
  struct session *s = lwiperf()->sessions;
  while (s != NULL && s->owner != owner) {
    s = s->next;
  }
  return s;
}

static bool is_session(const void *handle)
{
  const struct session *s = lwiperf()->sessions;
  while (s != NULL && s != handle) {
    s = s->next;
  }
  return s != NULL;
}

static void abort_one(struct session *s)
{
  if (s->role == LISTENER) {
    listener_end(s);
  } else {
    (void)session_end(s, LWIPERF_TCP_ABORTED_LOCAL);
  }
}

void lwiperf_abort(void *lwiperf_session)
{
  LWIP_ASSERT_CORE_LOCKED();
  while (is_session(lwiperf_session)) {
    struct session *owned = owned_by((struct session *)lwiperf_session);
    abort_one(owned != NULL ? owned : (struct session *)lwiperf_session);
  }
}

#endif
