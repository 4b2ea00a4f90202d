/**
 * @file
 * Soak: the programs at both ends of the connections.
 *
 * What is written at offset n of a direction is the byte n (and something) of one long pattern
 * whose period is a prime, so that a repeated or lost segment shows.
 */
#include "lwip/opt.h"

#if LWIP_TCP

#include <string.h>
#include "gossamer/tcp_cc.h"
#include "gossamer/tcp_ecn.h"
#include "gossamer/tcp_urgent.h"
#include "gossamer/tcp_user_timeout.h"
#include "sim/soak_priv.h"

#define PERIOD    65521U
#define WRITE_MAX 8192U

static u8_t pattern[PERIOD + 65536];

static void pattern_make(void)
{
  if (pattern[0] == 0) {
    for (u32_t i = 0; i < sizeof pattern; i++) {
      pattern[i] = (u8_t)((u64_t)(i % PERIOD + 1) * 0x9e3779b97f4a7c15ULL >> 53 | (i == 0));
    }
  }
}

/** What end `e` writes at `offset`. */
static const u8_t *bytes_of(const struct soak_end *e, u32_t offset)
{
  return pattern + (offset + e->conn->index * 4099U + e->side * 32003U) % PERIOD;
}

static struct soak_end *other_end(const struct soak_end *e)
{
  return &e->conn->end[1 - e->side];
}

static void end_over(struct soak_end *e, enum soak_fate fate, err_t err)
{
  e->pcb = NULL;
  e->fate = fate;
  e->error = err;
  struct soak_result *r = e->conn->soak->result;
  r->completed += fate == SOAK_DONE;
  r->failed += fate == SOAK_FAILED;
  /* ERR_RTE: even mild loss may hit all questions for the neighbour's address. */
  bool is_excused = !e->conn->soak->is_mild || err == ERR_RTE;
  if (fate == SOAK_FAILED && (!is_excused || err == ERR_CLSD)) {
    soak_fail(e->conn->soak, "connection %u side %u: error %d though nothing grave happened",
              e->conn->index, e->side, err);
  }
}

static void let_go(struct soak_end *e, enum soak_fate fate)
{
  struct tcp_pcb *pcb = e->pcb;
  tcp_arg(pcb, NULL);
  tcp_err(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
  if (fate == SOAK_ABORTED) {
    tcp_abort(pcb);
  } else if (tcp_close(pcb) != ERR_OK) {
    tcp_abort(pcb);
    fate = SOAK_ABORTED;
  }
  end_over(e, fate, ERR_OK);
}

/** Is it time to go? @return true: the pcb is gone */
static bool may_go(struct soak_end *e)
{
  if (e->closing == SOAK_ABORT && e->written + e->received >= e->abort_at) {
    let_go(e, SOAK_ABORTED);
  } else if (e->closing == SOAK_CLOSE_EARLY && e->written == e->total) { /* perhaps with unread */
    let_go(e, SOAK_LEFT);
  } else if (e->has_shut_down && e->saw_fin && !e->is_stalled) {
    let_go(e, SOAK_DONE);
  }
  return e->pcb == NULL;
}

/** @return true: the pcb is gone */
static bool go_on_writing(struct soak_end *e)
{
  struct soak *s = e->conn->soak;
  while (e->written < e->total) {
    u32_t len = 1 + soak_below(s, e->write_len_max);
    len = LWIP_MIN(len, e->total - e->written);
    len = LWIP_MIN(len, tcp_sndbuf(e->pcb));
    u8_t flags = e->does_copy ? TCP_WRITE_FLAG_COPY : 0;
    if (len == 0 || tcp_write(e->pcb, bytes_of(e, e->written), (u16_t)len, flags) != ERR_OK) {
      break;
    }
    e->written += len;
    if (soak_hits(s, 300000)) {
      tcp_output(e->pcb);
    }
  }
  if (e->written == e->total && !e->has_shut_down && e->closing == SOAK_SHUT_DOWN) {
    e->has_shut_down = true;
    if (tcp_shutdown(e->pcb, 0, 1) != ERR_OK) {
      e->has_shut_down = false;
    }
  }
  return may_go(e);
}

static void be_urgent(struct soak_end *e)
{
#if LWIP_TCP_URGENT
  if (e->does_urgent && soak_hits(e->conn->soak, 100000)) {
    tcp_urgent_send(e->pcb);
  }
#else
  LWIP_UNUSED_ARG(e);
#endif
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct soak_end *e = (struct soak_end *)arg;
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(pcb);
  if (e == NULL || e->pcb == NULL) {
    return ERR_OK;
  }
  be_urgent(e);
  return go_on_writing(e) && e->fate == SOAK_ABORTED ? ERR_ABRT : ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  return on_sent(arg, pcb, 0);
}

static void on_error(void *arg, err_t err)
{
  struct soak_end *e = (struct soak_end *)arg;
  if (e != NULL) {
    bool is_done = err == ERR_CLSD && e->has_shut_down && e->saw_fin;
    end_over(e, is_done ? SOAK_DONE : SOAK_FAILED, err);
  }
}

static void check(struct soak_end *e, const struct pbuf *p)
{
  struct soak_end *from = other_end(e);
  for (; p != NULL; p = p->next) {
    if (e->received + p->len > from->written && from->fate != SOAK_REBOOTED) {
      soak_fail(e->conn->soak, "connection %u side %u: %u bytes received, %u written",
                e->conn->index, e->side, e->received + p->len, from->written);
    }
    if (memcmp(p->payload, bytes_of(from, e->received), p->len) != 0) {
      soak_fail(e->conn->soak, "connection %u side %u: wrong bytes behind %u", e->conn->index,
                e->side, e->received);
    }
    e->received += p->len;
    e->conn->soak->result->bytes += p->len;
  }
}

static void fin_came(struct soak_end *e)
{
  const struct soak_end *from = other_end(e);
  e->saw_fin = true;
  bool was_said = from->has_shut_down || from->fate == SOAK_LEFT;
  if (!was_said && from->fate != SOAK_REBOOTED && from->fate != SOAK_FAILED) {
    soak_fail(e->conn->soak, "connection %u side %u: an end that nobody said", e->conn->index,
              e->side);
  }
  if (was_said && e->received != from->written) {
    soak_fail(e->conn->soak, "connection %u side %u: the end behind %u of %u bytes", e->conn->index,
              e->side, e->received, from->written);
  }
}

static void stall_ends(struct sim *sim, void *arg)
{
  struct soak_end *e = (struct soak_end *)arg;
  struct sim_node *node = e->conn->soak->host[e->side];
  LWIP_UNUSED_ARG(sim);
  e->is_stalled = false;
  if (e->pcb != NULL) {
    sim_enter(node);
    u32_t unread = e->unread;
    e->unread = 0;
    while (unread > 0) {
      u16_t part = (u16_t)LWIP_MIN(unread, 0xffffU);
      tcp_recved(e->pcb, part);
      unread -= part;
    }
    may_go(e);
    sim_leave(node);
  }
}

static void consume(struct soak_end *e, struct pbuf *p)
{
  struct soak *s = e->conn->soak;
  check(e, p);
  if (!e->is_stalled && e->received >= e->stall_at) {
    e->stall_at = soak_hits(s, 500000) ? e->received + soak_below(s, 100000) : 0xffffffffU;
    e->is_stalled = true;
    sim_after(s->sim, e->stall_us, stall_ends, e);
  }
  if (e->is_stalled) {
    e->unread += p->tot_len;
  } else {
    tcp_recved(e->pcb, p->tot_len);
  }
  pbuf_free(p);
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct soak_end *e = (struct soak_end *)arg;
  LWIP_UNUSED_ARG(err);
  if (e == NULL || e->pcb == NULL) {
    return ERR_VAL; /* let_go() has taken the callback away */
  }
  if (e->pcb != pcb) {
    soak_fail(e->conn->soak, "connection %u side %u: data of another pcb", e->conn->index, e->side);
  }
  if (p == NULL) {
    fin_came(e);
  } else if (soak_hits(e->conn->soak, e->refuse_ppm)) {
    return ERR_MEM;
  } else {
    consume(e, p);
  }
  return may_go(e) && e->fate == SOAK_ABORTED ? ERR_ABRT : ERR_OK;
}

static void set_user_timeout(struct tcp_pcb *pcb, u32_t uto_ms)
{
#if LWIP_TCP_USER_TIMEOUT
  if (uto_ms > 0) {
    tcp_set_user_timeout(pcb, uto_ms);
    tcp_advertise_user_timeout(pcb, uto_ms / 1000, (uto_ms & 1) != 0);
  }
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(uto_ms);
#endif
}

static void set_options(const struct soak_end *e, struct tcp_pcb *pcb)
{
  (void)tcp_set_ecn(pcb, e->wants_ecn ? TCP_ECN_REQUEST : TCP_ECN_ACCEPT);
  (void)tcp_set_congestion_control(pcb, e->has_newreno ? "newreno" : "cubic");
  if (!e->has_nagle) {
    tcp_nagle_disable(pcb);
  }
  set_user_timeout(pcb, e->uto_ms);
}

static void adopt(struct soak_end *e, struct tcp_pcb *pcb)
{
  e->pcb = pcb;
  set_options(e, pcb);
  tcp_arg(pcb, e);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_error);
  tcp_poll(pcb, on_poll, 1);
  pcb->so_options |= SOF_KEEPALIVE;
  pcb->keep_idle = 20000;
#if LWIP_TCP_KEEPALIVE
  pcb->keep_intvl = 5000;
  pcb->keep_cnt = 6;
#endif
}

/** As if the other end had not agreed on it: nothing has been sent yet. */
static void drop_sack(const struct soak_end *e, struct tcp_pcb *pcb)
{
  if (!e->has_sack) {
    tcp_clear_flags(pcb, TF_SACK);
  }
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(err);
  drop_sack((struct soak_end *)arg, pcb);
  return on_sent(arg, pcb, 0);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct soak_end *e = (struct soak_end *)arg;
  if (err != ERR_OK || pcb == NULL) {
    return ERR_VAL;
  }
  if (e->fate != SOAK_OPEN || e->pcb != NULL) {
    tcp_abort(pcb); /* the ghost of a connection before */
    return ERR_ABRT;
  }
  adopt(e, pcb);
  drop_sack(e, pcb);
  return go_on_writing(e) && e->fate == SOAK_ABORTED ? ERR_ABRT : ERR_OK;
}

void soak_listen(struct soak *s, unsigned side)
{
  for (unsigned i = 0; i < s->conns; i++) {
    struct soak_conn *c = &s->conn[i];
    if (c->opener == side || c->is_simultaneous) {
      continue;
    }
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    LWIP_ASSERT("no pcb", pcb != NULL);
    err_t err = tcp_bind(pcb, NULL, (u16_t)(SOAK_PORT + i));
    LWIP_ASSERT("port is taken", err == ERR_OK);
    struct tcp_pcb *listener = tcp_listen(pcb);
    LWIP_ASSERT("no listener", listener != NULL);
    tcp_arg(listener, &c->end[side]);
    tcp_accept(listener, on_accept);
  }
}

static void end_connect(struct soak_end *e)
{
  ip_addr_t remote;
  struct soak *s = e->conn->soak;
  u16_t port = (u16_t)(SOAK_PORT + e->conn->index);
  soak_addr(s, 1 - e->side, e->conn->is_v6, &remote);
  sim_enter(s->host[e->side]);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  err_t err = pcb == NULL ? ERR_MEM : ERR_OK;
  if (pcb != NULL) {
    adopt(e, pcb);
    err = e->conn->is_simultaneous ? tcp_bind(pcb, NULL, port) : ERR_OK;
    err = err == ERR_OK ? tcp_connect(pcb, &remote, port, on_connected) : err;
    if (err != ERR_OK) {
      tcp_arg(pcb, NULL);
      tcp_abort(pcb);
    }
  }
  if (err != ERR_OK) {
    end_over(e, SOAK_FAILED, err);
  }
  sim_leave(s->host[e->side]);
}

void soak_conn_start(struct sim *sim, void *conn)
{
  struct soak_conn *c = (struct soak_conn *)conn;
  LWIP_UNUSED_ARG(sim);
  c->is_started = true;
  end_connect(&c->end[c->opener]);
  if (c->is_simultaneous) {
    end_connect(&c->end[1 - c->opener]);
  }
}

void soak_host_died(struct soak *s, unsigned side)
{
  for (unsigned i = 0; i < s->conns; i++) {
    struct soak_end *e = &s->conn[i].end[side];
    if (e->pcb != NULL) {
      end_over(e, SOAK_REBOOTED, ERR_OK);
    }
  }
}

/** The side that was never opened is over when the opener is, if that had reason not to. */
bool soak_conn_is_over(const struct soak_conn *c)
{
  const struct soak_end *a = &c->end[c->opener];
  const struct soak_end *b = &c->end[1 - c->opener];
  if (!c->is_started || a->fate == SOAK_OPEN) {
    return false;
  }
  return b->fate != SOAK_OPEN || (b->pcb == NULL && a->fate != SOAK_DONE);
}

static void end_plan(struct soak *s, struct soak_conn *c, unsigned side)
{
  static const u32_t sizes[] = {1, 100, 3000, 20000, 20000, 60000, 200000, 20000, 200000, 1000000};
  struct soak_end *e = &c->end[side];
  memset(e, 0, sizeof *e);
  e->conn = c;
  e->side = side;
  u32_t size = soak_below(s, LWIP_ARRAYSIZE(sizes));
  e->total = soak_below(s, sizes[size]);
  e->write_len_max = soak_hits(s, 200000) && e->total < 3000 ? 10 : WRITE_MAX;
  e->does_copy = soak_hits(s, 600000);
  e->refuse_ppm = soak_hits(s, 200000) ? soak_below(s, 500000) : 0;
  e->stall_at = soak_hits(s, 200000) ? soak_below(s, 50000) : 0xffffffffU;
  e->stall_us = soak_below(s, 30000000);
  u32_t how = soak_below(s, 100);
  bool is_polite = s->is_mild || how < 80;
  e->closing = is_polite ? SOAK_SHUT_DOWN : (how < 90 ? SOAK_CLOSE_EARLY : SOAK_ABORT);
  e->abort_at = soak_below(s, e->total + 1);
  e->wants_ecn = soak_hits(s, 500000);
  e->has_nagle = soak_hits(s, 700000);
  e->has_sack = soak_hits(s, 800000);
  e->has_newreno = soak_hits(s, 300000);
  e->does_urgent = soak_hits(s, 100000);
  e->uto_ms = !s->is_mild && soak_hits(s, 100000) ? 1000 + soak_below(s, 100000) : 0;
}

void soak_conn_plan(struct soak *s, unsigned index)
{
  struct soak_conn *c = &s->conn[index];
  pattern_make();
  c->soak = s;
  c->index = index;
  c->opener = soak_below(s, 2);
  c->is_simultaneous = !s->is_mild && soak_hits(s, 50000);
  c->is_v6 = LWIP_IPV6 && (!LWIP_IPV4 || soak_hits(s, 500000));
  end_plan(s, c, 0);
  end_plan(s, c, 1);
  u64_t wait_us = soak_hits(s, 300000) ? 0 : soak_below(s, 15000000);
  sim_after(s->sim, 6 * SIM_SECOND + wait_us, soak_conn_start, c); /* when hosts have settled */
}

#endif
