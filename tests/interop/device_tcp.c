/*
 * The stack under test of the TCP interop tests.
 *
 *   interop-device_tcp --tap NAME --ip4 A.B.C.D/BITS --ip6 A/BITS [--gateway A.B.C.D]
 *                      [--loss P%] [--reorder P%] [--duplicate P%] [--corrupt P%] [--seed N]
 *                      [--rtt TIME] [--rate BITS]
 *
 * Connections have numbers, from 0 on in the order in which they are made. What they do:
 *   echo           sends back what comes; closes when the peer has and all is sent
 *   discard        reads; closes when the peer has
 *   sink SEED      compares what comes with the stream SEED (stream.h); closes when the peer has
 *   source SEED N  sends N bytes of the stream, closes its side, then all when the peer has
 *   idle           does nothing by itself, not even read
 *
 * Commands, answered with one line each:
 *   listen PORT MODE SEED N     on both families; `unlisten PORT`
 *   bind PORT                   local port of the next connect
 *   connect ADDRESS PORT MODE SEED N
 *                               the number of the connection
 *   status ID                   KEY=VALUE ..., see command_status()
 *   connections                 count=, open=, good= (closed, nothing wrong)
 *   close ID, abort ID, shut ID (our side), read ID (an idle one: from now on)
 *   write ID TEXT, urgent ID TEXT
 *   keepalive ID IDLE INTERVAL COUNT
 *                               milliseconds
 *   route A/BITS GATEWAY
 *   impair NAME VALUE ...       port/impair.h, added to what was said before
 *   impair                      a perfect line
 *   line                        what happened to frames
 *   counters                    of TCP
 *   features                    which of TCP's options this build has
 *   drops, memory, capture FILE, capture-stop, quit
 *
 * needs: ipv4
 * needs: ipv6
 * needs: tcp
 */
#include "lwip/tcp.h"
#include "gossamer/ip6_config.h"
#include "gossamer/route.h"
#include "gossamer/tcp_ecn.h"
#include "gossamer/tcp_urgent.h"
#include "device_ip.h"
#include "stream.h"

#define CONNECTIONS 4096
#define LISTENERS   16
#define CHUNK       16384

enum mode { ECHO, DISCARD, SINK, SOURCE, IDLE, MODES };
static const char *const mode_names[MODES] = {"echo", "discard", "sink", "source", "idle"};

struct task {
  enum mode mode;
  u64_t seed;
  u64_t bytes;
};

struct connection {
  struct tcp_pcb *pcb; /* NULL: not ours any more */
  struct task task;
  u64_t received;
  u64_t written;
  u64_t acked;
  s64_t wrong_at;       /* first byte that was not the stream's; -1: none */
  u64_t urgent_at;      /* end of the last urgent data heard of */
  struct pbuf *pending; /* received, and not read (idle) or not yet echoed */
  tcpflags_t agreed;    /* TF_* of the handshake */
  u32_t began_ms, ended_ms;
  err_t err; /* of the error callback */
  bool has_ecn, is_connected, has_eof, has_shut, is_closed;
};

struct listener {
  struct tcp_pcb *pcb;
  u16_t port;
  struct task task;
};

static struct connection *connections[CONNECTIONS];
static int connection_count;
static struct listener listeners[LISTENERS];
static u16_t next_local_port;

/* --- a connection's life --- */

static struct connection *connection_new(const struct task *task)
{
  struct connection *c =
      connection_count < CONNECTIONS ? (struct connection *)calloc(1, sizeof *c) : NULL;
  if (c != NULL) {
    c->task = *task;
    c->wrong_at = -1;
    c->began_ms = stack_now();
    connections[connection_count++] = c;
  }
  return c;
}

static void connection_ended(struct connection *c)
{
  c->pcb = NULL;
  c->ended_ms = stack_now();
  if (c->pending != NULL) {
    pbuf_free(c->pending);
    c->pending = NULL;
  }
}

static void close_connection(struct connection *c)
{
  struct tcp_pcb *pcb = c->pcb;
  if (pcb != NULL) {
    tcp_arg(pcb, NULL);
    if (tcp_close(pcb) == ERR_OK) {
      c->is_closed = true;
      connection_ended(c);
    } else {
      tcp_arg(pcb, c); /* the poll callback tries again */
    }
  }
}

static void shut_connection(struct connection *c)
{
  if (c->pcb != NULL && !c->has_shut) {
    c->has_shut = tcp_shutdown(c->pcb, 0, 1) == ERR_OK;
  }
}

/** Write of the stream what there is room for; our side's end behind the last of it. */
static void feed(struct connection *c)
{
  static u8_t buf[CHUNK];
  while (c->written < c->task.bytes) {
    u64_t rest = c->task.bytes - c->written;
    u16_t len = (u16_t)LWIP_MIN(rest, LWIP_MIN((u32_t)tcp_sndbuf(c->pcb), CHUNK));
    if (len == 0 || (len < CHUNK / 2 && len < rest)) {
      break;
    }
    stream_fill(c->task.seed, c->written, buf, len);
    u8_t flags = TCP_WRITE_FLAG_COPY | (len < rest ? TCP_WRITE_FLAG_MORE : 0);
    if (tcp_write(c->pcb, buf, len, flags) != ERR_OK) {
      break;
    }
    c->written += len;
  }
  if (c->written == c->task.bytes) {
    shut_connection(c);
  }
  tcp_output(c->pcb);
}

/** Send of what is pending what there is room for. */
static void echo_pending(struct connection *c)
{
  while (c->pending != NULL) {
    struct pbuf *p = c->pending;
    if (tcp_sndbuf(c->pcb) < p->len ||
        tcp_write(c->pcb, p->payload, p->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      break;
    }
    c->written += p->len;
    tcp_recved(c->pcb, p->len);
    c->pending = p->next;
    if (c->pending != NULL) {
      pbuf_ref(c->pending);
    }
    pbuf_free(p);
  }
  tcp_output(c->pcb);
}

static void check_stream(struct connection *c, const struct pbuf *p)
{
  u64_t at = c->received;
  for (const struct pbuf *q = p; q != NULL && c->wrong_at < 0; q = q->next) {
    size_t same = stream_differs(c->task.seed, at, (const u8_t *)q->payload, q->len);
    if (same < q->len) {
      c->wrong_at = (s64_t)(at + same);
    }
    at += q->len;
  }
}

/** Read what came. Takes `p`. */
static void consume(struct connection *c, struct pbuf *p)
{
  if (c->task.mode == SINK) {
    check_stream(c, p);
  }
  c->received += p->tot_len;
  tcp_recved(c->pcb, p->tot_len);
  pbuf_free(p);
}

static void keep(struct connection *c, struct pbuf *p)
{
  if (c->pending == NULL) {
    c->pending = p;
  } else {
    pbuf_cat(c->pending, p);
  }
}

/** The peer has closed: what is left to do? */
static void after_eof(struct connection *c)
{
  bool all_sent = c->task.mode != SOURCE || c->has_shut;
  if (c->has_eof && c->pcb != NULL && c->pending == NULL && all_sent && c->task.mode != IDLE) {
    close_connection(c);
  }
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct connection *c = (struct connection *)arg;
  (void)pcb;
  (void)err;
  if (p == NULL) {
    c->has_eof = true;
  } else if (c->task.mode == IDLE) {
    keep(c, p);
  } else if (c->task.mode == ECHO) {
    c->received += p->tot_len;
    keep(c, p);
    echo_pending(c);
  } else {
    consume(c, p);
  }
  after_eof(c);
  return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct connection *c = (struct connection *)arg;
  (void)pcb;
  if (c == NULL) {
    return ERR_OK;
  }
  c->acked += len;
  if (c->task.mode == SOURCE && !c->has_shut) {
    feed(c);
  } else if (c->task.mode == ECHO) {
    echo_pending(c);
  }
  after_eof(c);
  return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  return arg != NULL ? on_sent(arg, pcb, 0) : ERR_OK;
}

static void on_err(void *arg, err_t err)
{
  struct connection *c = (struct connection *)arg;
  if (c != NULL) {
    c->err = err;
    connection_ended(c);
  }
}

static void on_urgent(void *arg, struct tcp_pcb *pcb)
{
  struct connection *c = (struct connection *)arg;
  c->urgent_at = c->received + tcp_urgent_ahead(pcb);
}

static void begin(struct connection *c)
{
  c->is_connected = true;
  c->agreed = c->pcb->flags;
  c->has_ecn = tcp_has_ecn(c->pcb);
  if (c->task.mode == SOURCE) {
    feed(c);
  }
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)pcb;
  (void)err;
  begin((struct connection *)arg);
  return ERR_OK;
}

static void take_over(struct connection *c, struct tcp_pcb *pcb)
{
  c->pcb = pcb;
  tcp_arg(pcb, c);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
  tcp_poll(pcb, on_poll, 2);
  tcp_urgent(pcb, on_urgent);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  const struct listener *l = (const struct listener *)arg;
  struct connection *c = err == ERR_OK && pcb != NULL ? connection_new(&l->task) : NULL;
  if (c == NULL) {
    return ERR_MEM;
  }
  take_over(c, pcb);
  begin(c);
  return ERR_OK;
}

/* --- commands --- */

static bool parse_task(char *const args[], struct task *task)
{
  for (int i = 0; i < MODES; i++) {
    if (strcmp(args[0], mode_names[i]) == 0) {
      *task = (struct task){(enum mode)i, strtoull(args[1], NULL, 10), strtoull(args[2], NULL, 10)};
      return true;
    }
  }
  return false;
}

static void answer_wrong(void)
{
  answer("what?");
}

static void command_listen(struct device *d, char *args[COMMAND_ARGS])
{
  char *task_args[3] = {args[2], args[3], args[4]};
  struct listener *l = NULL;
  (void)d;
  for (int i = 0; i < LISTENERS && l == NULL; i++) {
    l = listeners[i].pcb == NULL ? &listeners[i] : NULL;
  }
  if (l == NULL || !parse_task(task_args, &l->task)) {
    answer_wrong();
    return;
  }
  err_t err = ERR_MEM;
  l->port = (u16_t)atoi(args[1]);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb != NULL && (err = tcp_bind(pcb, IP_ANY_TYPE, l->port)) == ERR_OK) {
    l->pcb = tcp_listen_with_backlog_and_err(pcb, 255, &err);
  }
  if (l->pcb == NULL && pcb != NULL) {
    tcp_abort(pcb);
  } else if (l->pcb != NULL) {
    tcp_arg(l->pcb, l);
    tcp_accept(l->pcb, on_accept);
  }
  answer_err(err);
}

static void command_unlisten(struct device *d, char *args[COMMAND_ARGS])
{
  err_t err = ERR_ARG;
  (void)d;
  for (int i = 0; i < LISTENERS; i++) {
    if (listeners[i].pcb != NULL && listeners[i].port == atoi(args[1])) {
      err = tcp_close(listeners[i].pcb);
      listeners[i].pcb = NULL;
    }
  }
  answer_err(err);
}

static void command_bind(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  next_local_port = (u16_t)atoi(args[1]);
  answer("ok 0");
}

static void command_connect(struct device *d, char *args[COMMAND_ARGS])
{
  ip_addr_t addr;
  struct task task;
  (void)d;
  if (!ipaddr_aton(args[1], &addr) || !parse_task(args + 3, &task)) {
    answer_wrong();
    return;
  }
  struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(&addr));
  struct connection *c = pcb != NULL ? connection_new(&task) : NULL;
  if (c == NULL) {
    answer_err(ERR_MEM);
    return;
  }
  err_t err = ERR_OK;
  if (next_local_port != 0) {
    ip_set_option(pcb, SOF_REUSEADDR);
    err = tcp_bind(pcb, NULL, next_local_port);
    next_local_port = 0;
  }
  take_over(c, pcb);
  (void)tcp_set_ecn(pcb, TCP_ECN_REQUEST);
  err = err == ERR_OK ? tcp_connect(pcb, &addr, (u16_t)atoi(args[2]), on_connected) : err;
  if (err != ERR_OK) {
    tcp_arg(pcb, NULL);
    tcp_abort(pcb);
    connection_ended(c);
    answer_err(err);
    return;
  }
  printf("%d\n", connection_count - 1);
  fflush(stdout);
}

static struct connection *connection_of(const char *number)
{
  int i = atoi(number);
  return i >= 0 && i < connection_count ? connections[i] : NULL;
}

/** state: of the pcb, "ENDED" without one; err: of the error callback; wrong: -1 if all was right.
 */
static void command_status(struct device *d, char *args[COMMAND_ARGS])
{
  static const char *const states[] = {"CLOSED",      "LISTEN",     "SYN_SENT",   "SYN_RCVD",
                                       "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
                                       "CLOSING",     "LAST_ACK",   "TIME_WAIT"};
  const struct connection *c = connection_of(args[1]);
  (void)d;
  if (c == NULL) {
    answer_wrong();
    return;
  }
  printf("state=%s connected=%d received=%llu written=%llu acked=%llu wrong=%lld eof=%d closed=%d "
         "err=%d ms=%u sack=%d timestamps=%d scaling=%d ecn=%d urgent=%llu\n",
         c->pcb != NULL ? states[c->pcb->state] : "ENDED", c->is_connected,
         (unsigned long long)c->received, (unsigned long long)c->written,
         (unsigned long long)c->acked, (long long)c->wrong_at, c->has_eof, c->is_closed, c->err,
         (unsigned)((c->pcb != NULL ? stack_now() : c->ended_ms) - c->began_ms),
         (c->agreed & TF_SACK) != 0, (c->agreed & TF_TIMESTAMP) != 0,
         (c->agreed & TF_WND_SCALE) != 0, c->has_ecn, (unsigned long long)c->urgent_at);
  fflush(stdout);
}

static void command_connections(struct device *d, char *args[COMMAND_ARGS])
{
  int open = 0, good = 0;
  (void)d;
  (void)args;
  for (int i = 0; i < connection_count; i++) {
    const struct connection *c = connections[i];
    open += c->pcb != NULL;
    good += c->is_closed && c->err == ERR_OK && c->wrong_at < 0;
  }
  printf("count=%d open=%d good=%d\n", connection_count, open, good);
  fflush(stdout);
}

/** What a command does to an open connection. */
static err_t act(struct connection *c, char *args[COMMAND_ARGS])
{
  err_t err = ERR_OK;
  if (strcmp(args[0], "close") == 0) {
    close_connection(c);
    return c->is_closed ? ERR_OK : ERR_MEM;
  }
  if (strcmp(args[0], "abort") == 0) {
    struct tcp_pcb *pcb = c->pcb;
    tcp_arg(pcb, NULL);
    connection_ended(c);
    tcp_abort(pcb);
  } else if (strcmp(args[0], "shut") == 0) {
    shut_connection(c);
    err = c->has_shut ? ERR_OK : ERR_MEM;
  } else if (strcmp(args[0], "read") == 0) {
    struct pbuf *p = c->pending;
    c->pending = NULL;
    c->task.mode = c->task.seed != 0 ? SINK : DISCARD;
    while (p != NULL) { /* one by one: a window may be longer than tcp_recved() can say */
      struct pbuf *rest = p->next;
      if (rest != NULL) {
        pbuf_ref(rest);
        pbuf_dechain(p);
      }
      consume(c, p);
      p = rest;
    }
    after_eof(c);
  } else {
    err = tcp_write(c->pcb, args[2], (u16_t)strlen(args[2]), TCP_WRITE_FLAG_COPY);
    err = err == ERR_OK && args[0][0] == 'u' ? tcp_urgent_send(c->pcb) : err;
    c->written += strlen(args[2]);
    tcp_output(c->pcb);
  }
  return err;
}

static void command_act(struct device *d, char *args[COMMAND_ARGS])
{
  struct connection *c = connection_of(args[1]);
  (void)d;
  if (c == NULL || c->pcb == NULL) {
    answer_err(ERR_CONN);
  } else {
    answer_err(act(c, args));
  }
}

static void command_keepalive(struct device *d, char *args[COMMAND_ARGS])
{
  struct connection *c = connection_of(args[1]);
  (void)d;
  if (c == NULL || c->pcb == NULL) {
    answer_err(ERR_CONN);
    return;
  }
  ip_set_option(c->pcb, SOF_KEEPALIVE);
  c->pcb->keep_idle = (u32_t)atoi(args[2]);
#if LWIP_TCP_KEEPALIVE
  c->pcb->keep_intvl = (u32_t)atoi(args[3]);
  c->pcb->keep_cnt = (u32_t)atoi(args[4]);
#endif
  tcp_output(c->pcb);
  answer_err(ERR_OK);
}

static struct impair_settings line_settings;

static void command_impair(struct device *d, char *args[COMMAND_ARGS])
{
  if (args[1][0] == '\0') {
    memset(&line_settings, 0, sizeof line_settings);
    answer_err(ethdev_impair(d->dev[0], NULL));
    return;
  }
  for (int i = 1; i + 1 < COMMAND_ARGS && args[i][0] != '\0'; i += 2) {
    if (impair_option(&line_settings, args[i], args[i + 1]) != 1) {
      answer_wrong();
      return;
    }
  }
  answer_err(ethdev_impair(d->dev[0], &line_settings));
}

static void print_line(const char *name, const struct impair *line)
{
  const struct impair_counters *c = impair_counters(line);
  printf("%s.frames=%u %s.lost=%u %s.duplicated=%u %s.corrupted=%u %s.reordered=%u "
         "%s.queue_full=%u ",
         name, (unsigned)c->frames, name, (unsigned)c->lost, name, (unsigned)c->duplicated, name,
         (unsigned)c->corrupted, name, (unsigned)c->reordered, name, (unsigned)c->queue_full);
}

static void command_line(struct device *d, char *args[COMMAND_ARGS])
{
  (void)args;
  print_line("tx", d->dev[0]->line_tx);
  print_line("rx", d->dev[0]->line_rx);
  printf("dropped=%u ", (unsigned)d->dev[0]->tx_dropped);
  answer("");
}

static void command_counters(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("in=%u out=%u again=%u resets=%u errors=%u opens=%u accepts=%u memerr=%u\n",
         (unsigned)lwip_stats.mib2.tcpinsegs, (unsigned)lwip_stats.mib2.tcpoutsegs,
         (unsigned)lwip_stats.mib2.tcpretranssegs, (unsigned)lwip_stats.mib2.tcpoutrsts,
         (unsigned)lwip_stats.mib2.tcpinerrs, (unsigned)lwip_stats.mib2.tcpactiveopens,
         (unsigned)lwip_stats.mib2.tcppassiveopens, (unsigned)lwip_stats.tcp.memerr);
  fflush(stdout);
}

static void command_features(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("sack=%d timestamps=%d scaling=%d ecn=%d\n", LWIP_TCP_SACK_OUT, LWIP_TCP_TIMESTAMPS,
         LWIP_WND_SCALE, LWIP_TCP_ECN);
  fflush(stdout);
}

/** `route A/BITS GATEWAY` */
static void command_route(struct device *d, char *args[COMMAND_ARGS])
{
  struct ip_route_entry route = {.netif = d->dev[0]->netif};
  char *slash = strchr(args[1], '/');
  if (slash == NULL) {
    answer_wrong();
    return;
  }
  *slash = '\0';
  route.prefix_len = (u8_t)atoi(slash + 1);
  bool is_right = ipaddr_aton(args[1], &route.prefix) && ipaddr_aton(args[2], &route.gateway);
  answer_err(is_right ? ip_route_add(&route) : ERR_ARG);
}

static const struct command commands[] = {
    {"listen", command_listen},
    {"unlisten", command_unlisten},
    {"bind", command_bind},
    {"connect", command_connect},
    {"status", command_status},
    {"connections", command_connections},
    {"close", command_act},
    {"abort", command_act},
    {"shut", command_act},
    {"read", command_act},
    {"write", command_act},
    {"urgent", command_act},
    {"keepalive", command_keepalive},
    {"impair", command_impair},
    {"line", command_line},
    {"counters", command_counters},
    {"features", command_features},
    {"route", command_route},
    {NULL, NULL},
};

/* --- arguments --- */

static bool set_line_option(struct device *d, const char *option, const char *value)
{
  return d->count > 0 && strncmp(option, "--", 2) == 0 &&
         impair_option(&line_settings, option + 2, value) == 1 &&
         ethdev_impair(d->dev[0], &line_settings) == ERR_OK;
}

int main(int argc, char **argv)
{
  static struct device d = {.commands = commands};
  lwip_init();
  if (!set_options(&d, argc, argv, set_line_option)) {
    return 1;
  }
  int status = run_device(&d, IP_ANY_TYPE);
  for (int i = 0; i < connection_count; i++) {
    if (connections[i]->pcb != NULL) {
      tcp_arg(connections[i]->pcb, NULL);
      tcp_abort(connections[i]->pcb);
      connection_ended(connections[i]);
    }
    free(connections[i]);
  }
  close_device(&d);
  return status;
}
