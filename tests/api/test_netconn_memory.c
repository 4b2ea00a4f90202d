/**
 * @file
 * Netconns and memory: what is received is the driver's own buffer, and whatever allocation fails,
 * nothing is lost but the call that wanted it.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "wire.h"
#include "conn.h"

/* --- the same bytes from the driver to the program --- */

/* What the driver has handed in, and is longer than bare headers; with the core lock of nobody: the
   driver's thread writes it before the stack, and so the test, can know of the frame. */
static struct {
  const u8_t *from[16];
  const u8_t *to[16];
  unsigned count;
} frames;

static err_t watch_input(struct pbuf *p, struct netif *netif)
{
  bool is_receiver = ((const struct wire_end *)netif->state)->number == 2;
  if (is_receiver && p->len == p->tot_len && p->len > 500 &&
      frames.count < LWIP_ARRAYSIZE(frames.from)) {
    frames.from[frames.count] = (const u8_t *)p->payload;
    frames.to[frames.count] = (const u8_t *)p->payload + p->len;
    frames.count++;
  }
  return tcpip_input(p, netif);
}

static bool is_in_a_frame(const void *data, u16_t len)
{
  const u8_t *bytes = (const u8_t *)data;
  for (unsigned i = 0; i < frames.count; i++) {
    if (bytes >= frames.from[i] && bytes + len <= frames.to[i]) {
      return true;
    }
  }
  return false;
}

static struct netconn *conn_on(struct wire_end *end, enum netconn_type t)
{
  struct stack *before = stack_enter(end->instance);
  struct netconn *conn = netconn_new(t);
  stack_leave(before);
  assert_non_null(conn);
  return conn;
}

static ip_addr_t address_of(u8_t number)
{
  ip_addr_t addr;
  memset(&addr, 0, sizeof addr);
  ip_addr_set_ip4_u32(&addr, lwip_htonl(0x0a000000UL + number));
  return addr;
}

static void stream_is_not_copied(void **state)
{
  LWIP_UNUSED_ARG(state);
  static const u8_t block[1000] = {1, 2, 3};
  static struct wire w;
  struct netconn *in;
  struct pbuf *p;
  struct netbuf *buf;
  void *data;
  u16_t len;
  ip_addr_t to = address_of(2);
  frames.count = 0;
  wire_up_with(&w, watch_input);
  struct netconn *listener = conn_on(&w.end[1], NETCONN_TCP);
  struct netconn *conn = conn_on(&w.end[0], NETCONN_TCP);
  assert_int_equal(netconn_bind(listener, NULL, 80), ERR_OK);
  assert_int_equal(netconn_listen(listener), ERR_OK);
  assert_int_equal(netconn_connect(conn, &to, 80), ERR_OK);
  assert_int_equal(netconn_accept(listener, &in), ERR_OK);
  assert_int_equal(netconn_write(conn, block, sizeof block, NETCONN_COPY), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(in, &p), ERR_OK);
  assert_int_equal(p->len, sizeof block);
  assert_memory_equal(p->payload, block, sizeof block);
  assert_true(is_in_a_frame(p->payload, p->len));
  struct stack *before = stack_enter(w.end[1].instance);
  pbuf_free(p);
  stack_leave(before);
  assert_int_equal(netconn_write(conn, block, sizeof block, NETCONN_NOCOPY), ERR_OK);
  assert_int_equal(netconn_recv(in, &buf), ERR_OK);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_true(is_in_a_frame(data, len));
  before = stack_enter(w.end[1].instance);
  netbuf_delete(buf);
  stack_leave(before);
  conns_delete(conn, in);
  assert_int_equal(netconn_delete(listener), ERR_OK);
  wire_down(&w);
}

static void datagram_is_not_copied(void **state)
{
  LWIP_UNUSED_ARG(state);
  static const u8_t block[1000] = {1, 2, 3};
  static struct wire w;
  struct netbuf *buf;
  void *data;
  u16_t len;
  ip_addr_t to = address_of(2);
  frames.count = 0;
  wire_up_with(&w, watch_input);
  struct netconn *a = conn_on(&w.end[0], NETCONN_UDP);
  struct netconn *b = conn_on(&w.end[1], NETCONN_UDP);
  assert_int_equal(netconn_bind(b, NULL, 80), ERR_OK);
  struct stack *before = stack_enter(w.end[0].instance);
  buf = netbuf_new();
  assert_int_equal(netbuf_ref(buf, block, sizeof block), ERR_OK);
  assert_int_equal(netconn_sendto(a, buf, &to, 80), ERR_OK);
  netbuf_delete(buf);
  stack_leave(before);
  assert_int_equal(netconn_recv(b, &buf), ERR_OK);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_int_equal(len, sizeof block);
  assert_memory_equal(data, block, sizeof block);
  assert_true(is_in_a_frame(data, len));
  before = stack_enter(w.end[1].instance);
  netbuf_delete(buf);
  stack_leave(before);
  conns_delete(a, b);
  wire_down(&w);
}

/* --- no memory --- */

/** Let each allocation of `call` fail once, until it has none left to fail. The core lock is held,
    so nobody else allocates. @return how often it failed */
static unsigned each_failing(bool (*call)(void *arg), void *arg)
{
  for (u32_t nth = 1;; nth++) {
    assert_true(nth < 100);
    LOCK_TCPIP_CORE();
    fault_arm(nth);
    bool is_done = call(arg);
    bool has_failed = fault_count() >= nth;
    fault_arm(0);
    UNLOCK_TCPIP_CORE();
    if (!has_failed) {
      assert_true(is_done);
      return nth - 1;
    }
  }
}

static bool try_new(void *arg)
{
  struct netconn *conn = netconn_new(*(const enum netconn_type *)arg);
  netconn_delete(conn);
  return conn != NULL;
}

static void making(void **state)
{
  LWIP_UNUSED_ARG(state);
  enum netconn_type types[] = {NETCONN_TCP, NETCONN_UDP, NETCONN_RAW};
  const memp_t pools[] = {MEMP_NETCONN, MEMP_TCP_PCB, MEMP_UDP_PCB, MEMP_RAW_PCB};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    assert_int_equal(each_failing(try_new, &types[i]), 2); /* netconn and pcb */
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(pools); i++) {
    assert_int_equal(api_pool_used(pools[i]), 0);
  }
}

static bool try_listen(void *arg)
{
  err_t err = netconn_listen((struct netconn *)arg);
  assert_true(err == ERR_OK || err == ERR_MEM);
  return err == ERR_OK;
}

static void listening(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *conn = conn_bound(NETCONN_TCP, NULL);
  assert_true(each_failing(try_listen, conn) > 0);
  struct netconn *client = netconn_new(NETCONN_TCP);
  ip_addr_t addr = loop_addr();
  assert_int_equal(netconn_connect(client, &addr, local_port(conn)), ERR_OK);
  conns_delete(conn, client);
}

static bool try_send(void *arg)
{
  ip_addr_t addr = loop_addr();
  struct netconn *conn = (struct netconn *)arg;
  struct netbuf *buf = netbuf_new();
  if (buf == NULL || netbuf_ref(buf, "x", 1) != ERR_OK) {
    netbuf_delete(buf);
    return false;
  }
  err_t err = netconn_sendto(conn, buf, &addr, conn->pcb.udp->local_port);
  netbuf_delete(buf);
  assert_true(err == ERR_OK || err == ERR_WOULDBLOCK);
  return err == ERR_OK;
}

static void sending(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netbuf *buf;
  struct netconn *conn = conn_bound(NETCONN_UDP, NULL);
  assert_true(each_failing(try_send, conn) >= 2);
  assert_int_equal(netconn_recv(conn, &buf), ERR_OK); /* the last of them at least */
  netbuf_delete(buf);
  assert_int_equal(netconn_delete(conn), ERR_OK);
}

static size_t all_written;

static bool try_write(void *arg)
{
  static const u8_t zeros[5000];
  size_t written;
  err_t err = netconn_write_partly((struct netconn *)arg, zeros, sizeof zeros,
                                   NETCONN_COPY | NETCONN_DONTBLOCK, &written);
  assert_true(err == ERR_OK ? written > 0 : err == ERR_WOULDBLOCK && written == 0);
  all_written += written;
  return written == sizeof zeros;
}

/** What was taken arrives, all of it and nothing else. */
static void writing(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  size_t received = 0;
  conn_streams(&a, &b, NULL);
  all_written = 0;
  assert_true(each_failing(try_write, a) > 0);
  assert_int_equal(netconn_shutdown(a, 0, 1), ERR_OK);
  while (netconn_recv_tcp_pbuf(b, &p) == ERR_OK) {
    received += p->tot_len;
    pbuf_free(p);
  }
  assert_int_equal(received, all_written);
  conns_delete(a, b);
}

static bool try_recv(void *arg)
{
  struct netbuf *buf = NULL;
  err_t err = netconn_recv((struct netconn *)arg, &buf);
  if (err != ERR_OK) {
    assert_int_equal(err, ERR_MEM);
    return false;
  }
  assert_int_equal(netbuf_len(buf), 4);
  netbuf_delete(buf);
  return true;
}

/** No memory for the netbuf: the data stay. */
static void receiving(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_write(a, "data", 4, NETCONN_COPY), ERR_OK);
  await(b->recv_avail == 4);
  assert_int_equal(each_failing(try_recv, b), 1);
  assert_int_equal(b->recv_avail, 0);
  conns_delete(a, b);
}

/** No memory for one more connection: it is reset, and the next is accepted. */
static void accepting(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct pbuf *p;
  struct netconn *in;
  static void *all[MEMP_NUM_NETCONN];
  unsigned count = 0;
  struct netconn *listener = conn_listener(NULL);
  struct netconn *conn = netconn_new(NETCONN_TCP);
  u16_t port = local_port(listener);
  while (count < LWIP_ARRAYSIZE(all) && (all[count] = memp_malloc(MEMP_NETCONN)) != NULL) {
    count++;
  }
  err_t err = netconn_connect(conn, &addr, port);
  if (err == ERR_OK) {
    err = netconn_recv_tcp_pbuf(conn, &p);
  }
  assert_int_equal(err, ERR_RST);
  while (count > 0) {
    memp_free(MEMP_NETCONN, all[--count]);
  }
  assert_int_equal(netconn_delete(conn), ERR_OK);
  conn = netconn_new(NETCONN_TCP);
  assert_int_equal(netconn_connect(conn, &addr, port), ERR_OK);
  assert_int_equal(netconn_accept(listener, &in), ERR_OK);
  conns_delete(conn, in);
  assert_int_equal(netconn_delete(listener), ERR_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stream_is_not_copied),
      cmocka_unit_test(datagram_is_not_copied),
      API_TEST(making),
      API_TEST(listening),
      API_TEST(sending),
      API_TEST(writing),
      API_TEST(receiving),
      API_TEST(accepting),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
