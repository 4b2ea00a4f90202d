/**
 * @file
 * Netconns over TCP: closing by halves and as a whole, resets, and what callbacks hear in between.
 * needs: threads
 * needs: tcp
 * variants: messages checked
 */
#include "conn.h"

static void send_text(struct netconn *conn, const char *text)
{
  assert_int_equal(netconn_write(conn, text, strlen(text), NETCONN_COPY), ERR_OK);
}

static void expect_text(struct netconn *conn, const char *text)
{
  expect_stream(conn, (const u8_t *)text, strlen(text));
}

/** All of what was said is heard, by each direction on its own. */
static void half_closed(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  struct netbuf *buf;
  conn_streams(&a, &b, NULL);
  send_text(a, "last words");
  assert_int_equal(netconn_shutdown(a, 0, 1), ERR_OK);
  assert_int_equal(netconn_shutdown(a, 0, 1), ERR_OK); /* no matter */
  expect_text(b, "last words");
  assert_int_equal(netconn_recv(b, &buf), ERR_CLSD);
  send_text(b, "answer");
  expect_text(a, "answer");
  assert_int_equal(netconn_close(b), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(a, &p), ERR_CLSD);
  assert_int_equal(netconn_err(a), ERR_OK); /* in order */
  assert_int_equal(netconn_err(b), ERR_OK);
  conns_delete(a, b);
}

/** Who reads no more has what comes thrown away, and the peer does not notice. */
static void deaf(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_shutdown(b, 1, 0), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_CLSD);
  send_text(a, "nobody hears this");
  await(a->pcb.tcp->snd_una == a->pcb.tcp->snd_nxt);
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_CLSD);
  send_text(b, "but");
  expect_text(a, "but");
  conns_delete(a, b);
}

static void closed(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_shutdown(a, 0, 0), ERR_OK); /* nothing */
  send_text(a, "end");
  assert_int_equal(netconn_close(a), ERR_OK);
  assert_int_equal(netconn_write(a, "x", 1, NETCONN_COPY), ERR_CLSD);
  assert_int_equal(netconn_recv_tcp_pbuf(a, &p), ERR_CLSD);
  expect_text(b, "end");
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_CLSD);
  conns_delete(a, b);
}

static void closing_what_is_not_connected(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *in;
  ip_addr_t addr = loop_addr();
  struct netconn *listener = conn_listener(NULL);
  struct netconn *conn = netconn_new(type_of(NETCONN_TCP));
  u16_t port = local_port(listener);
  assert_int_equal(netconn_shutdown(listener, 1, 0), ERR_CONN);
  assert_int_equal(netconn_shutdown(conn, 0, 1), ERR_CONN);
  assert_int_equal(netconn_close(listener), ERR_OK);
  assert_int_equal(netconn_accept(listener, &in), ERR_CLSD);
  assert_int_equal(netconn_close(listener), ERR_CONN);
  assert_int_equal(netconn_connect(conn, &addr, port), ERR_RST); /* nobody is there any more */
  assert_int_equal(netconn_delete(conn), ERR_OK);
  conn = netconn_new(type_of(NETCONN_TCP));
  assert_int_equal(netconn_close(conn), ERR_OK);
  assert_int_equal(netconn_connect(conn, &addr, port), ERR_CLSD);
  conns_delete(conn, listener);
}

/** Data that were not read when their reader went: the peer hears that (RFC 2525 2.17). */
static void reset_by_the_peer(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  size_t written;
  for (unsigned i = 0; i < 3; i++) {
    conn_streams(&a, &b, NULL);
    send_text(a, "unread");
    await(b->recv_avail == 6);
    assert_int_equal(netconn_delete(b), ERR_OK);
    await(a->pcb.tcp == NULL);
    if (i == 0) { /* the first call of whatever kind is told, and the others that it is over */
      assert_int_equal(netconn_recv_tcp_pbuf(a, &p), ERR_RST);
    } else if (i == 1) {
      assert_int_equal(netconn_write_partly(a, "x", 1, NETCONN_COPY, &written), ERR_RST);
    } else {
      assert_int_equal(netconn_err(a), ERR_RST);
    }
    assert_int_equal(netconn_err(a), ERR_OK);
    assert_int_equal(netconn_recv_tcp_pbuf(a, &p), ERR_CLSD);
    assert_int_equal(netconn_write(a, "x", 1, NETCONN_COPY), ERR_CLSD);
    assert_int_equal(netconn_close(a), ERR_CONN);
    assert_int_equal(netconn_delete(a), ERR_OK);
  }
}

/** What came before a reset can be read still. */
static void data_before_a_reset(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  conn_streams(&a, &b, NULL);
  send_text(b, "heard");
  await(a->recv_avail == 5);
  send_text(a, "unread");
  await(b->recv_avail == 6);
  assert_int_equal(netconn_delete(b), ERR_OK);
  await(a->pcb.tcp == NULL);
  expect_text(a, "heard");
  assert_int_equal(netconn_recv_tcp_pbuf(a, &p), ERR_RST);
  assert_int_equal(netconn_delete(a), ERR_OK);
}

/* --- events --- */

static void events_of_a_connection(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  events_forget();
  conn_streams(&a, &b, hear);
  send_text(a, "12345");
  await(b->recv_avail == 5);
  await(events_of(a, NETCONN_EVT_SENDPLUS, 5) == 1); /* all is acknowledged */
  expect_text(b, "12345");
  assert_int_equal(netconn_close(a), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_CLSD);
  const struct event of_a[] = {{a, NETCONN_EVT_SENDPLUS, 0},  /* connected */
                               {a, NETCONN_EVT_SENDPLUS, 5},  /* acknowledged */
                               {a, NETCONN_EVT_RCVPLUS, 0},   /* nothing is read any more ... */
                               {a, NETCONN_EVT_SENDPLUS, 0}}; /* ... nor written */
  const struct event of_b[] = {{b, NETCONN_EVT_RCVPLUS, 5},
                               {b, NETCONN_EVT_RCVMINUS, 5},
                               {b, NETCONN_EVT_RCVPLUS, 0},   /* the end has come ... */
                               {b, NETCONN_EVT_RCVMINUS, 0}}; /* ... and is told */
  expect_events(a, of_a, LWIP_ARRAYSIZE(of_a));
  expect_events(b, of_b, LWIP_ARRAYSIZE(of_b));
  conns_delete(a, b);
}

static void events_of_a_full_buffer(void **state)
{
  LWIP_UNUSED_ARG(state);
  static const u8_t block[60000];
  struct netconn *a, *b;
  size_t all = 0, written;
  conn_streams(&a, &b, hear);
  events_forget();
  netconn_set_nonblocking(a, 1);
  while (netconn_write_partly(a, block, sizeof block, NETCONN_NOCOPY, &written) == ERR_OK) {
    all += written;
  }
  await(events_of(a, NETCONN_EVT_SENDMINUS, 0) > 0); /* once, until the next SENDPLUS */
  enum netconn_evt last = NETCONN_EVT_SENDPLUS;
  LOCK_TCPIP_CORE();
  for (unsigned i = 0; i < heard.count; i++) {
    enum netconn_evt evt = heard.all[i].evt;
    if (heard.all[i].conn == a && evt == NETCONN_EVT_SENDMINUS) {
      assert_int_equal(last, NETCONN_EVT_SENDPLUS);
    }
    last = heard.all[i].conn == a ? evt : last;
  }
  UNLOCK_TCPIP_CORE();
  events_forget();
  while (all > 0) {
    struct pbuf *p = NULL;
    assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_OK);
    all -= p->tot_len;
    pbuf_free(p);
  }
  await(events_of(a, NETCONN_EVT_SENDPLUS, -1) > 0);
  conns_delete(a, b);
}

static void events_of_a_reset(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  conn_streams(&a, &b, hear);
  send_text(a, "unread");
  await(b->recv_avail == 6 && events_of(a, NETCONN_EVT_SENDPLUS, 6) == 1);
  events_forget();
  assert_int_equal(netconn_delete(b), ERR_OK);
  await(a->pcb.tcp == NULL);
  const struct event expected[] = {
      {a, NETCONN_EVT_ERROR, 0}, {a, NETCONN_EVT_RCVPLUS, 0}, {a, NETCONN_EVT_SENDPLUS, 0}};
  expect_events(a, expected, LWIP_ARRAYSIZE(expected));
  assert_int_equal(netconn_delete(a), ERR_OK);
}

/** Who is deleted is told nothing more. */
static void no_events_of_the_deleted(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  conn_streams(&a, &b, hear);
  events_forget();
  assert_int_equal(netconn_prepare_delete(a), ERR_OK);
  await(b->conditions != 0 && events_of(b, NETCONN_EVT_RCVPLUS, 0) == 1);
  LOCK_TCPIP_CORE();
  for (unsigned i = 0; i < heard.count; i++) {
    assert_ptr_not_equal(heard.all[i].conn, a);
  }
  UNLOCK_TCPIP_CORE();
  conns_delete(a, b);
}

#if LWIP_SO_LINGER
static void linger(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p;
  conn_streams(&a, &b, NULL);
  a->linger = 0;
  assert_int_equal(netconn_delete(a), ERR_OK); /* reset */
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_RST);
  assert_int_equal(netconn_delete(b), ERR_OK);
  conn_streams(&a, &b, NULL);
  a->linger = 600;
  send_text(a, "all arrives");
  assert_int_equal(netconn_delete(a), ERR_OK);
  LOCK_TCPIP_CORE();
  assert_int_equal(b->recv_avail, 11); /* it has, when the call returns */
  UNLOCK_TCPIP_CORE();
  expect_text(b, "all arrives");
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_CLSD);
  assert_int_equal(netconn_delete(b), ERR_OK);
}
#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
    API_TEST(half_closed),
    API_TEST(deaf),
    API_TEST(closed),
    API_TEST(closing_what_is_not_connected),
    API_TEST(reset_by_the_peer),
    API_TEST(data_before_a_reset),
    API_TEST(events_of_a_connection),
    API_TEST(events_of_a_full_buffer),
    API_TEST(events_of_a_reset),
    API_TEST(no_events_of_the_deleted),
#if LWIP_SO_LINGER
    API_TEST(linger),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
