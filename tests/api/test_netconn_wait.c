/**
 * @file
 * Netconns: how long calls wait, and that they return when another thread ends the netconn.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: messages checked
 */
#include "conn.h"

/* An interface whose driver is busy (its frames are refused), or swallows all. */
struct hole {
  struct netif netif;
  bool is_busy;
};

static err_t hole_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *addr)
{
  const struct hole *h = (const struct hole *)netif->state;
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  return h->is_busy ? ERR_MEM : ERR_OK;
}

static err_t hole_init(struct netif *netif)
{
  netif->name[0] = 'h';
  netif->name[1] = 'o';
  netif->output = hole_output;
  netif->mtu = 1500;
  netif->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void hole_open(struct hole *h)
{
  const ip4_addr_t ours = {PP_HTONL(0x0a000001UL)};
  const ip4_addr_t mask = {PP_HTONL(0xffffff00UL)};
  memset(h, 0, sizeof *h);
  LOCK_TCPIP_CORE();
  assert_non_null(netif_add(&h->netif, &ours, &mask, NULL, h, hole_init, netif_input));
  netif_set_up(&h->netif);
  UNLOCK_TCPIP_CORE();
}

static void hole_close(struct hole *h)
{
  LOCK_TCPIP_CORE();
  netif_remove(&h->netif);
  UNLOCK_TCPIP_CORE();
}

static ip_addr_t nobody(void)
{
  ip_addr_t addr;
  memset(&addr, 0, sizeof addr);
  ip_addr_set_ip4_u32(&addr, PP_HTONL(0x0a000002UL));
  return addr;
}

/* --- the calls that wait --- */

static void wait_in_recv(struct calling *c)
{
  struct netbuf *buf;
  c->err = netconn_recv(c->conn, &buf);
}

static void wait_in_recv_pbuf(struct calling *c)
{
  struct pbuf *p;
  c->err = netconn_recv_tcp_pbuf(c->conn, &p);
}

static void wait_in_accept(struct calling *c)
{
  struct netconn *in;
  c->err = netconn_accept(c->conn, &in);
}

static void wait_in_connect(struct calling *c)
{
  ip_addr_t addr = nobody();
  c->err = netconn_connect(c->conn, &addr, 9);
}

static void wait_in_write(struct calling *c)
{
  static const u8_t block[10000];
  do {
    c->err = netconn_write_partly(c->conn, block, sizeof block, NETCONN_NOCOPY, &c->len);
  } while (c->err == ERR_OK && c->len == sizeof block);
}

static void wait_in_send(struct calling *c)
{
  ip_addr_t addr = nobody();
  struct netbuf *buf = netbuf_new();
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
  c->err = netconn_sendto(c->conn, buf, &addr, 9);
  netbuf_delete(buf);
}

/** A netconn in which `run` waits. */
static struct netconn *conn_for(void (*run)(struct calling *), struct netconn **other)
{
  *other = NULL;
  if (run == wait_in_accept) {
    return conn_listener(NULL);
  }
  if (run == wait_in_recv || run == wait_in_send) {
    return netconn_new(NETCONN_UDP);
  }
  if (run == wait_in_connect) {
    return netconn_new(NETCONN_TCP);
  }
  struct netconn *conn;
  conn_streams(&conn, other, NULL);
  return conn;
}

static void (*const waiting_calls[])(struct calling *) = {
    wait_in_recv, wait_in_recv_pbuf, wait_in_accept, wait_in_connect, wait_in_write, wait_in_send,
};

/* --- another thread ends the netconn --- */

static void end_while_waiting(err_t (*end)(struct netconn *conn), bool is_kept)
{
  static struct hole hole;
  unsigned before = api_pool_used(MEMP_NETCONN);
  hole_open(&hole);
  hole.is_busy = true;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(waiting_calls); i++) {
    struct netconn *other;
    struct calling c[2];
    struct netconn *conn = conn_for(waiting_calls[i], &other);
    if (end == netconn_close && NETCONNTYPE_GROUP(netconn_type(conn)) == NETCONN_UDP) {
      assert_int_equal(netconn_delete(conn), ERR_OK);
      continue;
    }
    /* A second connect is an error at once. */
    unsigned threads = waiting_calls[i] == wait_in_connect ? 1 : 2;
    for (unsigned t = 0; t < threads; t++) {
      call_begin(&c[t], waiting_calls[i], conn);
    }
    await(conn->users == threads);
    assert_int_equal(end(conn), ERR_OK);
    for (unsigned t = 0; t < threads; t++) {
      call_end(&c[t]);
      assert_int_equal(c[t].err, ERR_CLSD);
    }
    if (is_kept) {
      assert_int_equal(netconn_delete(conn), ERR_OK);
    }
    assert_int_equal(netconn_delete(other), ERR_OK);
  }
  hole_close(&hole);
  assert_int_equal(api_pool_used(MEMP_NETCONN), before);
}

static void deleted_while_waiting(void **state)
{
  LWIP_UNUSED_ARG(state);
  end_while_waiting(netconn_delete, false);
}

static void ended_while_waiting(void **state)
{
  LWIP_UNUSED_ARG(state);
  end_while_waiting(netconn_prepare_delete, true);
}

static void closed_while_waiting(void **state)
{
  LWIP_UNUSED_ARG(state);
  end_while_waiting(netconn_close, true);
}

/** Calls on one that has ended. */
static void calls_on_the_ended(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netconn *a, *b, *in;
  struct pbuf *p;
  struct netbuf *buf = netbuf_new();
  struct netbuf *got;
  u16_t port;
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
  conn_streams(&a, &b, NULL);
  struct netconn *udp = conn_bound(NETCONN_UDP, NULL);
  assert_int_equal(netconn_prepare_delete(a), ERR_OK);
  assert_int_equal(netconn_prepare_delete(udp), ERR_OK);
  assert_int_equal(netconn_prepare_delete(udp), ERR_OK);
  assert_int_equal(netconn_prepare_delete(NULL), ERR_OK);
  assert_int_equal(netconn_delete(NULL), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(a, &p), ERR_CLSD);
  assert_int_equal(netconn_write(a, "x", 1, NETCONN_COPY), ERR_CLSD);
  assert_int_equal(netconn_close(a), ERR_CONN);
  assert_int_equal(netconn_shutdown(a, 1, 0), ERR_CONN);
  assert_int_equal(netconn_accept(a, &in), ERR_CLSD);
  assert_int_equal(netconn_tcp_recvd(a, 1), ERR_OK);
  assert_int_equal(netconn_recv(udp, &got), ERR_CLSD);
  assert_int_equal(netconn_sendto(udp, buf, &addr, 9), ERR_CLSD);
  assert_int_equal(netconn_bind(udp, NULL, 0), ERR_VAL);
  assert_int_equal(netconn_connect(udp, &addr, 9), ERR_CLSD);
  assert_int_equal(netconn_disconnect(udp), ERR_VAL);
  assert_int_equal(netconn_addr(udp, &addr, &port), ERR_CONN);
  assert_int_equal(netconn_err(udp), ERR_OK);
  conns_delete(a, b);
  assert_int_equal(netconn_delete(udp), ERR_OK);
  netbuf_delete(buf);
}

/* --- time --- */

#define TIMEOUT_MS 20

/** A write that has written a part is no failure yet. */
static void run_to_error(struct calling *c)
{
  do {
    c->run(c);
  } while (c->err == ERR_OK);
}

/** Each call gives up when its time is over, not before, and can be made again. */
static void timeouts(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct hole hole;
  hole_open(&hole);
  hole.is_busy = true;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(waiting_calls); i++) {
    struct netconn *other;
    struct calling c = {.run = waiting_calls[i]};
    c.conn = conn_for(waiting_calls[i], &other);
#if LWIP_SO_RCVTIMEO && LWIP_SO_SNDTIMEO
    netconn_set_recvtimeout(c.conn, TIMEOUT_MS);
    netconn_set_sendtimeout(c.conn, TIMEOUT_MS);
    assert_int_equal(netconn_get_recvtimeout(c.conn), TIMEOUT_MS);
    assert_int_equal(netconn_get_sendtimeout(c.conn), TIMEOUT_MS);
    u32_t begin_ms = sys_now();
    run_to_error(&c);
    assert_true(sys_now() - begin_ms >= TIMEOUT_MS);
    err_t expected = c.run == wait_in_send ? ERR_WOULDBLOCK : ERR_TIMEOUT;
    assert_int_equal(c.err, expected);
    if (c.run != wait_in_connect) { /* one attempt at a time */
      run_to_error(&c);
      assert_int_equal(c.err, expected);
    }
#endif
    assert_int_equal(netconn_delete(c.conn), ERR_OK);
    assert_int_equal(netconn_delete(other), ERR_OK);
  }
  hole_close(&hole);
}

static void never_waits_when_told_so(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct hole hole;
  hole_open(&hole);
  hole.is_busy = true;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(waiting_calls); i++) {
    struct netconn *other;
    struct calling c = {.run = waiting_calls[i]};
    c.conn = conn_for(waiting_calls[i], &other);
    netconn_set_nonblocking(c.conn, 1);
    assert_true(netconn_is_nonblocking(c.conn));
    run_to_error(&c);
    assert_int_equal(c.err, c.run == wait_in_connect ? ERR_INPROGRESS : ERR_WOULDBLOCK);
    assert_int_equal(netconn_delete(c.conn), ERR_OK);
    assert_int_equal(netconn_delete(other), ERR_OK);
  }
  hole_close(&hole);
}

/** Back-pressure: a sender waits until its driver has room. */
static void sender_waits_for_the_driver(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct hole hole;
  struct calling c;
  hole_open(&hole);
  hole.is_busy = true;
  struct netconn *conn = netconn_new(NETCONN_UDP);
  call_begin(&c, wait_in_send, conn);
  await(conn->users == 1);
  LOCK_TCPIP_CORE();
  hole.is_busy = false;
  UNLOCK_TCPIP_CORE();
  call_end(&c);
  assert_int_equal(c.err, ERR_OK);
  assert_int_equal(netconn_delete(conn), ERR_OK);
  hole_close(&hole);
}

/** An interface goes while somebody connects by it. */
static void interface_goes_while_connecting(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct hole hole;
  struct calling c;
  hole_open(&hole);
  struct netconn *conn = netconn_new(NETCONN_TCP);
  call_begin(&c, wait_in_connect, conn);
  await(conn->users == 1);
  hole_close(&hole);
  call_end(&c);
  assert_int_equal(c.err, ERR_ABRT);
  assert_int_equal(netconn_delete(conn), ERR_OK);
}

/** In callbacks nobody may wait. */
static void call_in_callback(void *arg)
{
  struct calling *c = (struct calling *)arg;
  c->run(c);
  sys_sem_signal(&c->done);
}

static void callbacks_do_not_wait(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *other;
  struct calling c = {.run = wait_in_recv, .done = api_sem()};
  c.conn = conn_for(wait_in_recv, &other);
  assert_int_equal(tcpip_callback(call_in_callback, &c), ERR_OK);
  api_await(&c.done);
  assert_int_equal(c.err, ERR_WOULDBLOCK);
  sys_sem_free(&c.done);
  assert_int_equal(netconn_delete(c.conn), ERR_OK);
}

/** Threads that want a semaphore of their own have it made and unmade. */
static void thread_begins_and_ends(struct calling *c)
{
  netconn_thread_init();
  struct netconn *conn = netconn_new(NETCONN_UDP);
  struct netbuf *buf;
  assert_non_null(conn);
#if LWIP_SO_RCVTIMEO
  netconn_set_recvtimeout(conn, 1);
  c->err = netconn_recv(conn, &buf);
#endif
  netconn_delete(conn);
  netconn_thread_cleanup();
}

static void threads_have_semaphores(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct calling c;
  call_begin(&c, thread_begins_and_ends, NULL);
  call_end(&c);
  assert_int_equal(c.err, ERR_TIMEOUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(deleted_while_waiting),
      API_TEST(ended_while_waiting),
      API_TEST(closed_while_waiting),
      API_TEST(calls_on_the_ended),
      API_TEST(timeouts),
      API_TEST(never_waits_when_told_so),
      API_TEST(sender_waits_for_the_driver),
      API_TEST(interface_goes_while_connecting),
      API_TEST(callbacks_do_not_wait),
      API_TEST(threads_have_semaphores),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
