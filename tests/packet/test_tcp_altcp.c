/**
 * @file
 * altcp: TCP's raw API over layers; over TCP alone, and with a layer in between (features 358-360,
 * 363). RFC 9293 on the wire.
 *
 * needs: tcp
 */
#include "packet_tcp.h"

#if LWIP_ALTCP

#include "lwip/altcp.h"
#include "lwip/altcp_tcp.h"
#include "lwip/memp.h"
#include "lwip/priv/altcp_priv.h"

/* --- a layer: passes all on, with every byte turned round --- */

#define TURNED 0x55U

static unsigned layers; /* that exist */
static bool layer_close_fails;

static const struct altcp_functions layer_functions;

static err_t layer_connected(void *arg, struct altcp_pcb *inner, err_t err)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  (void)inner;
  return conn->connected != NULL ? conn->connected(conn->arg, conn, err) : ERR_OK;
}

static err_t layer_recv(void *arg, struct altcp_pcb *inner, struct pbuf *p, err_t err)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  if (conn->recv == NULL) {
    if (p != NULL) {
      altcp_recved(inner, p->tot_len);
      pbuf_free(p);
    }
    return ERR_OK;
  }
  if (p == NULL) {
    return conn->recv(conn->arg, conn, NULL, err);
  }
  struct pbuf *turned = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
  if (turned == NULL) {
    return ERR_MEM; /* offered again later */
  }
  for (u16_t i = 0; i < turned->len; i++) {
    ((u8_t *)turned->payload)[i] ^= TURNED;
  }
  err_t said = conn->recv(conn->arg, conn, turned, err);
  if (said == ERR_OK || said == ERR_ABRT) {
    pbuf_free(p);
  } else {
    pbuf_free(turned);
  }
  return said;
}

static err_t layer_sent(void *arg, struct altcp_pcb *inner, u16_t len)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  (void)inner;
  return conn->sent != NULL ? conn->sent(conn->arg, conn, len) : ERR_OK;
}

static err_t layer_poll(void *arg, struct altcp_pcb *inner)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  (void)inner;
  return conn->poll != NULL ? conn->poll(conn->arg, conn) : ERR_OK;
}

static void layer_err(void *arg, err_t err)
{
  struct altcp_pcb *conn = (struct altcp_pcb *)arg;
  altcp_err_fn tell = conn->err;
  void *tell_arg = conn->arg;
  conn->inner_conn = NULL;
  altcp_free(conn);
  if (tell != NULL) {
    tell(tell_arg, err);
  }
}

static void layer_attach(struct altcp_pcb *conn, struct altcp_pcb *inner)
{
  conn->inner_conn = inner;
  altcp_arg(inner, conn);
  altcp_recv(inner, layer_recv);
  altcp_sent(inner, layer_sent);
  altcp_err(inner, layer_err);
}

static struct altcp_pcb *layer_wrap(struct altcp_pcb *inner)
{
  struct altcp_pcb *conn = inner != NULL ? altcp_alloc() : NULL;
  if (conn != NULL) {
    conn->fns = &layer_functions;
    layer_attach(conn, inner);
    layers++;
  }
  return conn;
}

static struct altcp_pcb *layer_alloc(void *arg, u8_t ip_type)
{
  altcp_allocator_t *below = (altcp_allocator_t *)arg;
  struct altcp_pcb *inner = altcp_new_ip_type(below, ip_type);
  struct altcp_pcb *conn = layer_wrap(inner);
  if (inner != NULL && conn == NULL) {
    altcp_close(inner);
  }
  return conn;
}

static err_t layer_accept(void *arg, struct altcp_pcb *inner, err_t err)
{
  struct altcp_pcb *listener = (struct altcp_pcb *)arg;
  if (inner == NULL) {
    return listener->accept(listener->arg, NULL, err);
  }
  struct altcp_pcb *conn = layer_wrap(inner);
  return conn != NULL ? listener->accept(listener->arg, conn, err) : ERR_MEM;
}

static err_t layer_connect(struct altcp_pcb *conn, const ip_addr_t *addr, u16_t port,
                           altcp_connected_fn connected)
{
  conn->connected = connected;
  return altcp_connect(conn->inner_conn, addr, port, layer_connected);
}

static struct altcp_pcb *layer_listen(struct altcp_pcb *conn, u8_t backlog, err_t *err)
{
  if (altcp_listen_with_backlog_and_err(conn->inner_conn, backlog, err) == NULL) {
    return NULL;
  }
  altcp_accept(conn->inner_conn, layer_accept);
  return conn;
}

static void layer_set_poll(struct altcp_pcb *conn, u8_t interval)
{
  altcp_poll(conn->inner_conn, layer_poll, interval);
  altcp_default_set_poll(conn, interval);
}

static void layer_abort(struct altcp_pcb *conn)
{
  bool is_listener = conn->accept != NULL;
  altcp_abort(conn->inner_conn); /* layer_err() does the rest */
  if (is_listener) {
    altcp_free(conn);
  }
}

static err_t layer_close(struct altcp_pcb *conn)
{
  if (layer_close_fails) {
    return ERR_MEM;
  }
  altcp_arg(conn->inner_conn, NULL);
  altcp_recv(conn->inner_conn, NULL);
  altcp_err(conn->inner_conn, NULL);
  err_t err = altcp_close(conn->inner_conn);
  if (err != ERR_OK) {
    layer_attach(conn, conn->inner_conn);
    return err;
  }
  altcp_free(conn);
  return ERR_OK;
}

static err_t layer_write(struct altcp_pcb *conn, const void *data, u16_t len, u8_t apiflags)
{
  u8_t turned[64];
  assert_true(len <= sizeof turned);
  for (u16_t i = 0; i < len; i++) {
    turned[i] = (u8_t)(((const u8_t *)data)[i] ^ TURNED);
  }
  return altcp_default_write(conn, turned, len, (u8_t)(apiflags | TCP_WRITE_FLAG_COPY));
}

static void layer_dealloc(struct altcp_pcb *conn)
{
  altcp_default_dealloc(conn);
  layers--;
}

static const struct altcp_functions layer_functions = {
    .set_poll = layer_set_poll,
    .recved = altcp_default_recved,
    .bind = altcp_default_bind,
    .connect = layer_connect,
    .listen = layer_listen,
    .abort = layer_abort,
    .close = layer_close,
    .shutdown = altcp_default_shutdown,
    .write = layer_write,
    .output = altcp_default_output,
    .mss = altcp_default_mss,
    .sndbuf = altcp_default_sndbuf,
    .sndqueuelen = altcp_default_sndqueuelen,
    .nagle_disable = altcp_default_nagle_disable,
    .nagle_enable = altcp_default_nagle_enable,
    .nagle_disabled = altcp_default_nagle_disabled,
    .setprio = altcp_default_setprio,
    .dealloc = layer_dealloc,
    .addrinfo = altcp_default_get_tcp_addrinfo,
    .getip = altcp_default_get_ip,
    .getport = altcp_default_get_port,
#if LWIP_TCP_KEEPALIVE
    .keepalive_disable = altcp_default_keepalive_disable,
    .keepalive_enable = altcp_default_keepalive_enable,
#endif
#ifdef LWIP_DEBUG
    .dbg_get_tcp_state = altcp_default_dbg_get_tcp_state,
#endif
};

static altcp_allocator_t over_tcp = {altcp_tcp_alloc, NULL};
static altcp_allocator_t over_layer = {layer_alloc, &over_tcp};
static altcp_allocator_t over_two_layers = {layer_alloc, &over_layer};

/* --- the program --- */

enum what { NOTHING, CLOSE, ABORT };

static struct {
  struct altcp_pcb *conn, *listener;
  unsigned connected, accepted, accept_failures, fins, errors, polls;
  size_t sent;
  err_t err;
  char heard[64];
  size_t heard_len;
  bool echoes;
  enum what on_accept, on_connected, on_recv, on_sent, on_poll; /* what it does then */
} program;

/** @return what the callback is to return */
static err_t does(enum what what, struct altcp_pcb *conn)
{
  if (what == CLOSE) {
    program.conn = NULL;
    return altcp_close(conn);
  }
  if (what == ABORT) {
    altcp_abort(conn);
    return ERR_ABRT;
  }
  return ERR_OK;
}

static err_t on_recv(void *arg, struct altcp_pcb *conn, struct pbuf *p, err_t err)
{
  (void)err;
  if (arg != &program) {
    program.err = ERR_ARG;
  }
  if (p == NULL) {
    program.fins++;
    return program.echoes ? does(CLOSE, conn) : ERR_OK;
  }
  u16_t len = (u16_t)LWIP_MIN(p->tot_len, sizeof program.heard - program.heard_len);
  pbuf_copy_partial(p, program.heard + program.heard_len, len, 0);
  if (program.echoes) {
    (void)altcp_write(conn, program.heard + program.heard_len, len, TCP_WRITE_FLAG_COPY);
    (void)altcp_output(conn);
  }
  program.heard_len += len;
  altcp_recved(conn, p->tot_len);
  pbuf_free(p);
  return does(program.on_recv, conn);
}

static err_t on_sent(void *arg, struct altcp_pcb *conn, u16_t len)
{
  (void)arg;
  program.sent += len;
  return does(program.on_sent, conn);
}

static err_t on_poll(void *arg, struct altcp_pcb *conn)
{
  (void)arg;
  program.polls++;
  return does(program.on_poll, conn);
}

static void on_err(void *arg, err_t err)
{
  program.errors++;
  program.err = arg == &program ? err : ERR_ARG;
  program.conn = NULL;
}

static void adopt(struct altcp_pcb *conn)
{
  program.conn = conn;
  altcp_arg(conn, &program);
  altcp_recv(conn, on_recv);
  altcp_sent(conn, on_sent);
  altcp_err(conn, on_err);
}

static err_t on_accept(void *arg, struct altcp_pcb *conn, err_t err)
{
  (void)arg;
  if (conn == NULL) {
    program.accept_failures++;
    return err;
  }
  program.accepted++;
  adopt(conn);
  return does(program.on_accept, conn);
}

static err_t on_connected(void *arg, struct altcp_pcb *conn, err_t err)
{
  (void)arg;
  (void)err;
  program.connected++;
  return does(program.on_connected, conn);
}

static void begin(void)
{
  tcp_peer_reset();
  memset(&program, 0, sizeof program);
  layers = 0;
  layer_close_fails = false;
}

static u8_t ip_type(void)
{
  return tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4;
}

static void listen_with(altcp_allocator_t *allocator)
{
  struct altcp_pcb *conn = altcp_new_ip_type(allocator, ip_type());
  assert_non_null(conn);
  altcp_arg(conn, &program);
  assert_int_equal(altcp_bind(conn, NULL, 80), ERR_OK);
  program.listener = altcp_listen(conn);
  if (program.listener == NULL) {
    altcp_close(conn);
  }
  assert_non_null(program.listener);
  altcp_accept(program.listener, on_accept);
}

static void peer_connects(void)
{
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
}

static void connect_with(altcp_allocator_t *allocator)
{
  ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  program.conn = altcp_new_ip_type(allocator, ip_type());
  assert_non_null(program.conn);
  adopt(program.conn);
  assert_int_equal(altcp_bind(program.conn, NULL, 80), ERR_OK);
  assert_int_equal(altcp_connect(program.conn, &to, 4000, on_connected), ERR_OK);
}

static void peer_accepts(void)
{
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(program.connected, 1);
}

static const char *turned(const char *text)
{
  static char out[64];
  size_t len = strlen(text);
  for (size_t i = 0; i <= len; i++) {
    out[i] = (char)(i < len ? text[i] ^ (char)TURNED : 0);
  }
  return out;
}

static void heard(const char *text)
{
  assert_int_equal(program.heard_len, strlen(text));
  assert_memory_equal(program.heard, text, strlen(text));
  assert_int_equal(program.err, ERR_OK);
}

/** A server that sends back what it hears; the peer closes first. */
static void echo_server(altcp_allocator_t *allocator, const char *on_the_wire)
{
  begin();
  program.echoes = true;
  listen_with(allocator);
  peer_connects();
  assert_int_equal(program.accepted, 1);
  peer_says(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .data = on_the_wire);
  heard("hello");
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 6, .data = on_the_wire);
  peer_says(.flags = TCP_ACK, .seq = 6, .ack = 6);
  assert_int_equal(program.sent, 5);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 6, .ack = 6);
  assert_int_equal(program.fins, 1);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 6, .ack = 7);
  peer_says(.flags = TCP_ACK, .seq = 7, .ack = 7);
  assert_null(tcp_active_pcbs);
  assert_int_equal(altcp_close(program.listener), ERR_OK);
  assert_null(tcp_listen_pcbs.listen_pcbs);
  assert_int_equal(layers, 0);
  assert_int_equal(program.errors, 0);
}

PACKET_TEST(test_echo_server)
{
  echo_server(NULL, "hello");
}

PACKET_TEST(test_echo_server_by_allocator)
{
  echo_server(&over_tcp, "hello");
}

PACKET_TEST(test_echo_server_above_a_layer)
{
  echo_server(&over_layer, turned("hello"));
}

PACKET_TEST(test_echo_server_above_two_layers)
{
  echo_server(&over_two_layers, "hello"); /* turned twice */
}

/** A client that says something, hears something, and closes first. */
static void client(altcp_allocator_t *allocator, const char *question, const char *answer)
{
  begin();
  connect_with(allocator);
  peer_accepts();
  assert_int_equal(altcp_write(program.conn, "ping", 4, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(altcp_output(program.conn), ERR_OK);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .data = question);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5, .data = answer);
  heard("pong");
  tcp_peer_ignores();
  assert_int_equal(altcp_close(program.conn), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 5, .ack = 5);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 5, .ack = 6);
  assert_int_equal(program.errors, 0);
  assert_int_equal(layers, 0);
}

PACKET_TEST(test_client)
{
  client(NULL, "ping", "pong");
}

PACKET_TEST(test_client_above_a_layer)
{
  char question[8];
  memcpy(question, turned("ping"), 5);
  client(&over_layer, question, turned("pong"));
}

PACKET_TEST(test_over_ip6)
{
  begin();
  tcp_peer_use(LWIP_IPV6);
  connect_with(&over_layer);
  peer_accepts();
  assert_true(IP_IS_V6(altcp_get_ip(program.conn, 1)) == LWIP_IPV6);
}

/** Features 357-363: what TCP knows, asked through `allocator`'s layers. */
static void asks(altcp_allocator_t *allocator)
{
  ip_addr_t addr;
  u16_t port;
  begin();
  connect_with(allocator);
  peer_accepts();
  struct altcp_pcb *conn = program.conn;
  ip_addr_t ours = ip_of(tcp_peer.is_v6 ? "2001:db8::1" : "10.0.0.1");
  ip_addr_t peers = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  assert_int_equal(altcp_get_tcp_addrinfo(conn, 1, &addr, &port), ERR_OK);
  assert_true(ip_addr_eq(&addr, &ours));
  assert_int_equal(port, 80);
  assert_int_equal(altcp_get_tcp_addrinfo(conn, 0, &addr, &port), ERR_OK);
  assert_true(ip_addr_eq(&addr, &peers));
  assert_int_equal(port, 4000);
  assert_true(ip_addr_eq(altcp_get_ip(conn, 1), &ours));
  assert_true(ip_addr_eq(altcp_get_ip(conn, 0), &peers));
  assert_int_equal(altcp_get_port(conn, 1), 80);
  assert_int_equal(altcp_get_port(conn, 0), 4000);
  assert_int_equal(altcp_mss(conn), tcp_mss(tcp_active_pcbs));
  assert_int_equal(altcp_sndbuf(conn), TCPWND16(TCP_SND_BUF));
  assert_int_equal(altcp_sndqueuelen(conn), 0);
  assert_int_equal(altcp_write(conn, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(altcp_sndqueuelen(conn), 1);
  assert_false(altcp_nagle_disabled(conn));
  altcp_nagle_disable(conn);
  assert_true(altcp_nagle_disabled(conn));
  assert_true(tcp_nagle_disabled(tcp_active_pcbs));
  altcp_nagle_enable(conn);
  assert_false(altcp_nagle_disabled(conn));
  altcp_setprio(conn, TCP_PRIO_MAX);
  assert_int_equal(tcp_active_pcbs->prio, TCP_PRIO_MAX);
#ifdef LWIP_DEBUG
  assert_int_equal(altcp_dbg_get_tcp_state(conn), ESTABLISHED);
#endif
}

PACKET_TEST(test_asks_tcp)
{
  asks(NULL);
}

PACKET_TEST(test_asks_tcp_through_a_layer)
{
  asks(&over_layer);
}

/** A listener is less than a connection: nothing of it may be read or written as one. */
PACKET_TEST(test_asks_a_listener)
{
  u16_t port = 1;
  begin();
  listen_with(&over_layer);
  struct altcp_pcb *conn = program.listener;
  assert_int_equal(altcp_mss(conn), 0);
  assert_int_equal(altcp_sndbuf(conn), 0);
  assert_int_equal(altcp_sndqueuelen(conn), 0);
  altcp_nagle_disable(conn);
  altcp_nagle_enable(conn);
  assert_false(altcp_nagle_disabled(conn));
  altcp_poll(conn, on_poll, 1);
#if LWIP_TCP_KEEPALIVE
  altcp_keepalive_enable(conn, 1, 1, 1);
  altcp_keepalive_disable(conn);
#endif
  assert_int_equal(altcp_get_port(conn, 1), 80);
  assert_int_equal(altcp_get_tcp_addrinfo(conn, 0, NULL, &port), ERR_OK);
  assert_int_equal(port, 0);
  assert_int_equal(altcp_write(conn, "x", 1, 0), ERR_CONN);
  advance(1000);
  assert_int_equal(program.polls, 0);
  peer_connects();
  assert_int_equal(program.accepted, 1);
  altcp_abort(program.conn);
  altcp_abort(conn);
  assert_null(tcp_listen_pcbs.listen_pcbs);
  assert_int_equal(layers, 0);
}

#if LWIP_TCP_KEEPALIVE
/** Feature 363, RFC 9293 3.8.4: probes after the time asked for, then the connection is given up.
 */
PACKET_TEST(test_keepalive)
{
  begin();
  connect_with(&over_layer);
  peer_accepts();
  altcp_keepalive_enable(program.conn, 10000, 1000, 2);
  advance(9000);
  expect_silence();
  advance(1500);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  altcp_keepalive_disable(program.conn);
  advance(60000);
  expect_silence();
  altcp_keepalive_enable(program.conn, 10000, 1000, 2);
  advance(60000);
  assert_int_equal(program.errors, 1);
  assert_int_equal(program.err, ERR_ABRT);
  assert_int_equal(layers, 0);
}

PACKET_TEST(test_keepalive_of_zeros_is_by_default)
{
  begin();
  connect_with(NULL);
  peer_accepts();
  altcp_keepalive_enable(program.conn, 0, 0, 0);
  assert_int_equal(tcp_active_pcbs->keep_idle, TCP_KEEPIDLE_DEFAULT);
  assert_int_equal(tcp_active_pcbs->keep_intvl, TCP_KEEPINTVL_DEFAULT);
  assert_int_equal(tcp_active_pcbs->keep_cnt, TCP_KEEPCNT_DEFAULT);
  altcp_abort(program.conn);
}
#endif

PACKET_TEST(test_poll)
{
  begin();
  connect_with(&over_layer);
  peer_accepts();
  altcp_poll(program.conn, on_poll, 2);
  assert_int_equal(program.conn->pollinterval, 2);
  advance(2100);
  assert_int_equal(program.polls, 2);
  program.on_poll = ABORT;
  advance(1000);
  assert_int_equal(program.polls, 3);
  assert_int_equal(program.errors, 1);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
}

PACKET_TEST(test_reset_by_the_peer)
{
  begin();
  connect_with(&over_layer);
  peer_accepts();
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(program.errors, 1);
  assert_int_equal(program.err, ERR_RST);
  assert_int_equal(layers, 0);
}

PACKET_TEST(test_connection_refused)
{
  begin();
  connect_with(&over_layer);
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_RST | TCP_ACK, .ack = 1);
  assert_int_equal(program.connected, 0);
  assert_int_equal(program.errors, 1);
  assert_int_equal(program.err, ERR_RST);
  assert_int_equal(layers, 0);
}

/** RFC 9293 3.6: our half ends, the peer's goes on. */
PACKET_TEST(test_shutdown_of_one_direction)
{
  begin();
  connect_with(&over_layer);
  peer_accepts();
  assert_int_equal(altcp_shutdown(program.conn, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = turned("late"));
  heard("late");
  assert_non_null(program.conn);
  assert_int_equal(altcp_write(program.conn, "x", 1, 0), ERR_CONN);
}

PACKET_TEST(test_shutdown_of_both_directions_closes)
{
  begin();
  connect_with(NULL);
  peer_accepts();
  assert_int_equal(altcp_shutdown(program.conn, 1, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_RST, .seq = 1, .ack = 2);
  assert_int_equal(program.errors, 0); /* it is not the program's any more */
  connect_with(&over_layer);
  assert_int_equal(altcp_shutdown(program.conn, 1, 1), ERR_OK);
  assert_int_equal(layers, 0);
}

/** A layer that cannot close now stays as it was. */
PACKET_TEST(test_close_that_fails)
{
  begin();
  connect_with(&over_layer);
  peer_accepts();
  layer_close_fails = true;
  assert_int_equal(altcp_close(program.conn), ERR_MEM);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = turned("still"));
  heard("still");
  layer_close_fails = false;
  assert_int_equal(altcp_close(program.conn), ERR_OK);
  assert_int_equal(layers, 0);
}

/** Closing and aborting from within every callback. */
static void from_callbacks(altcp_allocator_t *allocator, enum what what)
{
  for (int at = 0; at < 4; at++) {
    begin();
    tcp_peer.port = (u16_t)(4000 + at);
    packet_note("callback %d: ", at);
    program.on_accept = at == 0 ? what : NOTHING;
    program.on_recv = at == 1 ? what : NOTHING;
    program.on_sent = at == 2 ? what : NOTHING;
    program.on_poll = at == 3 ? what : NOTHING;
    listen_with(allocator);
    peer_connects();
    if (program.conn != NULL) {
      assert_int_equal(altcp_write(program.conn, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
      assert_int_equal(altcp_output(program.conn), ERR_OK);
      altcp_poll(program.conn, on_poll, 4); /* goes on for ever if the test ends before */
      tcp_peer_ignores();
      peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "y");
      advance(2500);
    }
    assert_null(program.conn);
    assert_int_equal(program.accepted, 1);
    assert_int_equal(program.errors, what == ABORT);
    assert_int_equal(layers, allocator == &over_layer); /* the listener's */
    tcp_peer_ignores();
    peer_says(.flags = TCP_RST, .seq = at == 0 ? 1 : 2);
    ignore_drops();
    tcp_peer_ignores();
    altcp_close(program.listener);
  }
  packet_note("%s", "");
}

PACKET_TEST(test_close_from_callbacks)
{
  from_callbacks(NULL, CLOSE);
}

PACKET_TEST(test_close_from_callbacks_above_a_layer)
{
  from_callbacks(&over_layer, CLOSE);
}

PACKET_TEST(test_abort_from_callbacks)
{
  from_callbacks(NULL, ABORT);
}

PACKET_TEST(test_abort_from_callbacks_above_a_layer)
{
  from_callbacks(&over_layer, ABORT);
}

PACKET_TEST(test_close_and_abort_when_connected)
{
  for (int what = CLOSE; what <= ABORT; what++) {
    begin();
    tcp_peer.port = (u16_t)(4000 + what);
    program.on_connected = (enum what)what;
    program.conn = altcp_new_ip_type(&over_layer, ip_type());
    assert_non_null(program.conn);
    adopt(program.conn);
    ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
    assert_int_equal(altcp_bind(program.conn, NULL, 80), ERR_OK);
    assert_int_equal(altcp_connect(program.conn, &to, tcp_peer.port, on_connected), ERR_OK);
    expect_segment(.flags = TCP_SYN, .seq = 0);
    peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
    assert_int_equal(program.connected, 1);
    assert_int_equal(program.errors, what == ABORT);
    assert_null(program.conn);
    assert_int_equal(layers, 0);
    tcp_peer_ignores();
    peer_says(.flags = TCP_RST, .seq = 1);
    ignore_drops();
  }
}

/** Data that the program refuses come again (tcp_recv_fn). */
static err_t refuses(void *arg, struct altcp_pcb *conn, struct pbuf *p, err_t err)
{
  (void)arg;
  (void)conn;
  (void)p;
  (void)err;
  return ERR_MEM;
}

PACKET_TEST(test_refused_data_come_again)
{
  begin();
  connect_with(&over_layer);
  peer_accepts();
  altcp_recv(program.conn, refuses);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = turned("again"));
  altcp_recv(program.conn, on_recv);
  advance(1000);
  heard("again");
}

/** With nobody to hear them, data are consumed, and their end is no end of the pcb. */
PACKET_TEST(test_nobody_listens)
{
  begin();
  connect_with(NULL);
  peer_accepts();
  altcp_recv(program.conn, NULL);
  altcp_sent(program.conn, NULL);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "data");
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 5, .ack = 1);
  tcp_peer_ignores();
  assert_int_equal(altcp_write(program.conn, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(altcp_close(program.conn), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_PSH | TCP_ACK, .seq = 1, .ack = 6, .data = "x");
}

/** A TCP pcb that stands already becomes altcp's. */
PACKET_TEST(test_wrap)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  memset(&program, 0, sizeof program);
  struct altcp_pcb *conn = altcp_tcp_wrap(app.pcb);
  assert_non_null(conn);
  adopt(conn);
  app.pcb = NULL;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "mine");
  heard("mine");
  assert_int_equal(app.len, 0);
  assert_null(altcp_tcp_wrap(NULL));
}

/** ERR_USE and its like come through. */
PACKET_TEST(test_errors_of_tcp)
{
  err_t err = ERR_OK;
  begin();
  listen_with(NULL);
  struct altcp_pcb *conn = altcp_new_ip_type(&over_layer, ip_type());
  assert_non_null(conn);
  assert_int_equal(altcp_bind(conn, NULL, 80), ERR_USE);
  assert_int_equal(altcp_connect(conn, NULL, 80, on_connected), ERR_ARG);
  assert_int_equal(altcp_write(conn, "x", 1, 0), ERR_CONN);
  assert_int_equal(altcp_shutdown(conn, 0, 1), ERR_CONN);
  assert_null(altcp_listen_with_backlog_and_err(program.listener, 1, &err));
  assert_int_equal(err, ERR_CLSD);
  assert_int_equal(altcp_close(conn), ERR_OK);
}

/** No connection: every function says so. */
PACKET_TEST(test_no_connection)
{
  ip_addr_t addr;
  u16_t port;
  err_t err = ERR_OK;
  altcp_allocator_t none = {NULL, NULL};
  assert_null(altcp_new(&none));
  assert_null(altcp_new_ip6(&none));
  altcp_arg(NULL, NULL);
  altcp_accept(NULL, NULL);
  altcp_recv(NULL, NULL);
  altcp_sent(NULL, NULL);
  altcp_poll(NULL, NULL, 1);
  altcp_err(NULL, NULL);
  altcp_recved(NULL, 1);
  altcp_abort(NULL);
  altcp_free(NULL);
  altcp_setprio(NULL, 1);
  altcp_nagle_disable(NULL);
  altcp_nagle_enable(NULL);
  assert_int_equal(altcp_nagle_disabled(NULL), 0);
  assert_int_equal(altcp_bind(NULL, NULL, 0), ERR_VAL);
  assert_int_equal(altcp_connect(NULL, NULL, 0, NULL), ERR_VAL);
  assert_null(altcp_listen_with_backlog_and_err(NULL, 0, &err));
  assert_int_equal(err, ERR_VAL);
  assert_null(altcp_listen_with_backlog(NULL, 0));
  assert_int_equal(altcp_close(NULL), ERR_VAL);
  assert_int_equal(altcp_shutdown(NULL, 1, 1), ERR_VAL);
  assert_int_equal(altcp_write(NULL, "", 0, 0), ERR_VAL);
  assert_int_equal(altcp_output(NULL), ERR_VAL);
  assert_int_equal(altcp_mss(NULL) + altcp_sndbuf(NULL) + altcp_sndqueuelen(NULL), 0);
  assert_int_equal(altcp_get_tcp_addrinfo(NULL, 1, &addr, &port), ERR_VAL);
  assert_null(altcp_get_ip(NULL, 1));
  assert_int_equal(altcp_get_port(NULL, 1), 0);
}

/** A layer whose inner connection is gone, and one with an empty table. */
PACKET_TEST(test_layer_without_a_connection)
{
  static const struct altcp_functions nothing = {0};
  struct altcp_pcb conn = {.fns = &layer_functions};
  assert_int_equal(altcp_output(&conn), ERR_VAL);
  assert_int_equal(altcp_sndbuf(&conn), 0);
  altcp_default_set_poll(&conn, 1);
  conn.fns = &nothing;
  assert_int_equal(altcp_close(&conn), ERR_VAL);
  assert_int_equal(altcp_write(&conn, "x", 1, 0), ERR_VAL);
  conn.fns = NULL;
  altcp_abort(&conn);
  assert_null(altcp_get_ip(&conn, 0));
}

/** What a program leaves behind goes with the instance, layers and all: the harness counts. */
PACKET_TEST(test_left_to_the_end_of_the_instance)
{
  begin();
  listen_with(&over_layer);
  peer_connects();
  assert_non_null(altcp_new_ip_type(&over_two_layers, ip_type()));
  assert_true(layers >= 4);
}

static const struct packet_test tests[] = {
    TEST(test_echo_server),
    TEST(test_echo_server_by_allocator),
    TEST(test_echo_server_above_a_layer),
    TEST(test_echo_server_above_two_layers),
    TEST(test_client),
    TEST(test_client_above_a_layer),
    TEST(test_over_ip6),
    TEST(test_asks_tcp),
    TEST(test_asks_tcp_through_a_layer),
    TEST(test_asks_a_listener),
#if LWIP_TCP_KEEPALIVE
    TEST(test_keepalive),
    TEST(test_keepalive_of_zeros_is_by_default),
#endif
    TEST(test_poll),
    TEST(test_reset_by_the_peer),
    TEST(test_connection_refused),
    TEST(test_shutdown_of_one_direction),
    TEST(test_shutdown_of_both_directions_closes),
    TEST(test_close_that_fails),
    TEST(test_close_from_callbacks),
    TEST(test_close_from_callbacks_above_a_layer),
    TEST(test_abort_from_callbacks),
    TEST(test_abort_from_callbacks_above_a_layer),
    TEST(test_close_and_abort_when_connected),
    TEST(test_refused_data_come_again),
    TEST(test_nobody_listens),
    TEST(test_wrap),
    TEST(test_errors_of_tcp),
    TEST(test_no_connection),
    TEST(test_layer_without_a_connection),
    TEST(test_left_to_the_end_of_the_instance),
};

PACKET_MAIN(tests)

#else

PACKET_TEST(test_nothing)
{
  assert_int_equal(LWIP_ALTCP, 0);
}

static const struct packet_test tests[] = {TEST(test_nothing)};

PACKET_MAIN(tests)

#endif
