/**
 * @file
 * Netconns over TCP: opening, reading, writing, closing, what callbacks hear.
 * needs: threads
 * needs: tcp
 * variants: messages checked
 */
#include "conn.h"

/* More than the buffers of both ends take. */
#define MUCH (TCP_SND_BUF + TCP_WND + 1000000U)

static u8_t *much;

static int fill_much(void **state)
{
  LWIP_UNUSED_ARG(state);
  much = (u8_t *)malloc(MUCH);
  for (size_t i = 0; much != NULL && i < MUCH; i++) {
    much[i] = (u8_t)(i * 7 + i / 251);
  }
  return much == NULL ? -1 : 0;
}

static int free_much(void **state)
{
  LWIP_UNUSED_ARG(state);
  free(much);
  return 0;
}

/* --- opening --- */

static void opening(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  ip_addr_t addr, peer;
  u16_t port, peer_port;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_type(b), type_of(NETCONN_TCP));
  assert_int_equal(netconn_addr(a, &addr, &port), ERR_OK);
  assert_int_equal(netconn_peer(b, &peer, &peer_port), ERR_OK);
  assert_true(ip_addr_eq(&addr, &peer));
  assert_int_equal(port, peer_port);
  assert_int_equal(netconn_err(a), ERR_OK);
  assert_int_equal(netconn_connect(a, &addr, port), ERR_ISCONN);
  assert_int_equal(netconn_listen(a), ERR_ISCONN);
  assert_int_equal(netconn_bind(a, NULL, 0), ERR_VAL);
  assert_int_equal(netconn_disconnect(a), ERR_VAL);
  conns_delete(a, b);
}

static void opening_fails(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  ip_addr_t peer;
  u16_t port;
  struct netconn *in = NULL;
  struct netconn *listener = conn_listener(NULL);
  struct netconn *conn = netconn_new(type_of(NETCONN_TCP));
  assert_int_equal(netconn_peer(conn, &peer, &port), ERR_CONN);
  assert_int_equal(netconn_bind(conn, &addr, local_port(listener)), ERR_USE);
  assert_int_equal(netconn_connect(conn, NULL, 1), ERR_ARG);
  assert_int_equal(netconn_connect(NULL, &addr, 1), ERR_ARG);
  assert_int_equal(netconn_accept(conn, &in), ERR_CLSD); /* it does not listen */
  assert_null(in);
  assert_int_equal(netconn_accept(listener, NULL), ERR_ARG);
  assert_int_equal(netconn_connect(conn, &addr, 9), ERR_RST);
  assert_int_equal(netconn_err(conn), ERR_OK); /* told */
  assert_int_equal(netconn_connect(listener, &addr, 9), ERR_ISCONN);
  netconn_set_nonblocking(listener, 1);
  assert_int_equal(netconn_accept(listener, &in), ERR_WOULDBLOCK);
  conns_delete(conn, listener);
}

static void connect_in_the_background(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netconn *b = NULL;
  size_t written;
  struct netconn *listener = conn_listener(NULL);
  struct netconn *a = netconn_new_with_callback(type_of(NETCONN_TCP), hear);
  events_forget();
  netconn_set_nonblocking(a, 1);
  LOCK_TCPIP_CORE(); /* nothing arrives */
  assert_int_equal(netconn_connect(a, &addr, local_port(listener)), ERR_INPROGRESS);
  assert_true(netconn_is_flag_set(a, NETCONN_FLAG_IN_NONBLOCKING_CONNECT));
  assert_int_equal(netconn_connect(a, &addr, local_port(listener)), ERR_ALREADY);
  assert_int_equal(netconn_write_partly(a, "x", 1, NETCONN_COPY, &written), ERR_WOULDBLOCK);
  assert_int_equal(written, 0);
  UNLOCK_TCPIP_CORE();
  await(events_of(a, NETCONN_EVT_SENDPLUS, 0) == 1);
  assert_false(netconn_is_flag_set(a, NETCONN_FLAG_IN_NONBLOCKING_CONNECT));
  assert_int_equal(netconn_connect(a, &addr, local_port(listener)), ERR_ISCONN);
  assert_int_equal(netconn_accept(listener, &b), ERR_OK);
  conns_delete(a, b);
  a = netconn_new_with_callback(type_of(NETCONN_TCP), hear);
  events_forget();
  netconn_set_nonblocking(a, 1);
  assert_int_equal(netconn_connect(a, &addr, 9), ERR_INPROGRESS);
  await(events_of(a, NETCONN_EVT_ERROR, 0) == 1);
  assert_int_equal(netconn_err(a), ERR_RST);
  conns_delete(a, listener);
}

/** Who is accepted has what its listener had, but waits in its calls. */
static void accepted(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netconn *b = NULL;
  struct netconn *listener = conn_listener(hear);
  struct netconn *a = netconn_new(type_of(NETCONN_TCP));
  events_forget();
  netconn_set_nonblocking(listener, 1);
#if LWIP_SO_RCVBUF
  netconn_set_recvbufsize(listener, 1234);
#endif
  assert_int_equal(netconn_connect(a, &addr, local_port(listener)), ERR_OK);
  await(events_of(listener, NETCONN_EVT_RCVPLUS, 0) == 1);
  assert_int_equal(netconn_accept(listener, &b), ERR_OK);
  await(events_of(listener, NETCONN_EVT_RCVMINUS, 0) == 1);
  assert_false(netconn_is_nonblocking(b));
  assert_ptr_equal(b->callback, hear);
#if LWIP_SO_RCVBUF
  assert_int_equal(netconn_get_recvbufsize(b), 1234);
#endif
  conns_delete(a, b);
  assert_int_equal(netconn_delete(listener), ERR_OK);
}

/** Who is beyond the backlog waits for its turn; and a listener that ends resets who waits. */
static void backlog(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netconn *a[3];
  struct netconn *b[2];
  struct pbuf *p;
  struct netconn *listener = conn_bound(NETCONN_TCP, NULL);
  u16_t port = local_port(listener);
  LOCK_TCPIP_CORE();
  u32_t before = drop_count(DROP_TCP_BACKLOG);
  UNLOCK_TCPIP_CORE();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(a); i++) {
    a[i] = netconn_new(type_of(NETCONN_TCP));
  }
  assert_int_equal(netconn_listen_with_backlog(listener, 1), ERR_OK);
  assert_int_equal(netconn_connect(a[0], &addr, port), ERR_OK);
  await(listener->queue_count == 1);
  netconn_set_nonblocking(a[1], 1);
  assert_int_equal(netconn_connect(a[1], &addr, port), ERR_INPROGRESS);
  await(drop_count(DROP_TCP_BACKLOG) > before);
  assert_int_equal(netconn_accept(listener, &b[0]), ERR_OK);
  assert_int_equal(netconn_accept(listener, &b[1]), ERR_OK); /* its SYN comes again */
  assert_int_equal(netconn_listen_with_backlog(listener, 8), ERR_OK);
  assert_int_equal(netconn_connect(a[2], &addr, port), ERR_OK);
  await(listener->queue_count == 1);
  assert_int_equal(netconn_delete(listener), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(a[2], &p), ERR_RST);
  conns_delete(a[0], b[0]);
  conns_delete(a[1], b[1]);
  assert_int_equal(netconn_delete(a[2]), ERR_OK);
}

/* --- reading --- */

static void reading(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct netbuf *buf = NULL;
  struct pbuf *p = NULL;
  void *data;
  u16_t len;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_write(a, "hello", 5, NETCONN_COPY), ERR_OK);
  assert_int_equal(netconn_recv(b, &buf), ERR_OK);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_int_equal(len, 5);
  assert_memory_equal(data, "hello", 5);
  assert_int_equal(netbuf_fromport(buf), local_port(a));
  netbuf_delete(buf);
  assert_int_equal(netconn_recv_tcp_pbuf_flags(b, &p, NETCONN_DONTBLOCK), ERR_WOULDBLOCK);
  assert_null(p);
  netconn_set_nonblocking(b, 1);
  assert_int_equal(netconn_recv(b, &buf), ERR_WOULDBLOCK);
  assert_null(buf);
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_WOULDBLOCK);
  assert_int_equal(netconn_recv_udp_raw_netbuf(b, &buf), ERR_ARG);
  assert_int_equal(netconn_recv_tcp_pbuf(b, NULL), ERR_ARG);
  assert_int_equal(netconn_recv(b, NULL), ERR_ARG);
  assert_int_equal(netconn_recv(NULL, &buf), ERR_ARG);
  struct pbuf *nothing = NULL;
  assert_int_equal(netconn_recv_tcp_pbuf(NULL, &nothing), ERR_ARG);
  assert_int_equal(netconn_recv_tcp_pbuf_flags(NULL, &nothing, NETCONN_DONTBLOCK), ERR_ARG);
  assert_int_equal(netconn_recv_tcp_pbuf_flags(b, NULL, NETCONN_DONTBLOCK), ERR_ARG);
  conns_delete(a, b);
}

static void reading_without_peer(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct pbuf *p = NULL;
  struct netbuf *buf = NULL;
  struct netconn *listener = conn_listener(NULL);
  struct netconn *conn = netconn_new(type_of(NETCONN_TCP));
  assert_int_equal(netconn_recv_tcp_pbuf(conn, &p), ERR_CONN);
  assert_int_equal(netconn_recv(conn, &buf), ERR_CONN);
  assert_int_equal(netconn_recv_tcp_pbuf(listener, &p), ERR_ARG);
  conns_delete(conn, listener);
}

/** The window opens when the program says so. */
static void reading_is_told_by_the_program(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p = NULL;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_write(a, much, 1000, NETCONN_COPY), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf_flags(b, &p, NETCONN_NOAUTORCVD), ERR_OK);
  LOCK_TCPIP_CORE();
  u32_t before = b->pcb.tcp->rcv_wnd;
  UNLOCK_TCPIP_CORE();
  assert_int_equal(p->tot_len, 1000);
  assert_int_equal(netconn_tcp_recvd(b, 400), ERR_OK);
  assert_int_equal(netconn_tcp_recvd(b, 600), ERR_OK);
  LOCK_TCPIP_CORE();
  assert_true(b->pcb.tcp->rcv_wnd >= before + 1000);
  UNLOCK_TCPIP_CORE();
  pbuf_free(p);
  assert_int_equal(netconn_tcp_recvd(NULL, 1), ERR_ARG);
  conns_delete(a, b);
}

static void end_of_data_may_wait(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct pbuf *p = NULL;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_write(a, "x", 1, NETCONN_COPY), ERR_OK);
  assert_int_equal(netconn_shutdown(a, 0, 1), ERR_OK);
  await(netconn_is_flag_set(b, NETCONN_FIN_RX_PENDING));
  assert_int_equal(netconn_recv_tcp_pbuf_flags(b, &p, NETCONN_NOFIN), ERR_OK);
  pbuf_free(p);
  assert_int_equal(netconn_recv_tcp_pbuf_flags(b, &p, NETCONN_NOFIN), ERR_WOULDBLOCK);
  assert_true(netconn_is_flag_set(b, NETCONN_FIN_RX_PENDING));
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_CLSD);
  assert_false(netconn_is_flag_set(b, NETCONN_FIN_RX_PENDING));
  assert_int_equal(netconn_recv_tcp_pbuf(b, &p), ERR_CLSD);
  conns_delete(a, b);
}

/* --- writing --- */

static void write_all(struct calling *c)
{
  c->err = netconn_write(c->conn, much, MUCH, NETCONN_NOCOPY);
}

static void writing_waits_for_room(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct calling c;
  conn_streams(&a, &b, NULL);
  call_begin(&c, write_all, a);
  expect_stream(b, much, MUCH);
  call_end(&c);
  assert_int_equal(c.err, ERR_OK);
  conns_delete(a, b);
}

/** Fill the buffers without waiting. @return how much they took */
static size_t fill_up(struct netconn *conn, u8_t apiflags)
{
  size_t all = 0, part = 0;
  err_t err;
  while ((err = netconn_write_partly(conn, much + all, MUCH - all, apiflags, &part)) == ERR_OK) {
    assert_true(part > 0);
    all += part;
    assert_true(all < MUCH);
  }
  assert_int_equal(err, ERR_WOULDBLOCK);
  assert_int_equal(part, 0);
  return all;
}

static void writing_in_part(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  conn_streams(&a, &b, hear);
  events_forget();
  assert_int_equal(netconn_write(a, much, MUCH, NETCONN_COPY | NETCONN_DONTBLOCK), ERR_VAL);
  size_t all = fill_up(a, NETCONN_COPY | NETCONN_DONTBLOCK);
  await(events_of(a, NETCONN_EVT_SENDMINUS, 0) > 0);
  events_forget();
  expect_stream(b, much, all);
  await(events_of(a, NETCONN_EVT_SENDPLUS, -1) > 0);
  netconn_set_nonblocking(a, 1);
  assert_int_equal(netconn_write(a, "x", 1, NETCONN_COPY), ERR_VAL); /* how much would be lost */
  all = fill_up(a, NETCONN_NOCOPY);
  expect_stream(b, much, all);
  conns_delete(a, b);
}

static void writing_pieces(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  struct netvector v[] = {{much, 3},         {NULL, 0}, {much + 3, 0},       {much + 3, 70000},
                          {much + 70003, 1}, {NULL, 0}, {much + 70004, 9996}};
  size_t written = 77;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_write_vectors_partly(a, v, 0, NETCONN_COPY, &written), ERR_OK);
  assert_int_equal(written, 0);
  assert_int_equal(netconn_write_vectors_partly(a, NULL, 0, NETCONN_COPY, NULL), ERR_OK);
  assert_int_equal(netconn_write_vectors_partly(a, NULL, 2, NETCONN_COPY, NULL), ERR_ARG);
  netconn_set_nonblocking(a, 1);
  size_t done = 0, received = 0;
  while (done < 80000) { /* go on behind what was taken, in the middle of a piece */
    struct netvector rest = {much + done, 80000 - done};
    struct netvector *pieces = done == 0 ? v : &rest;
    u16_t count = done == 0 ? LWIP_ARRAYSIZE(v) : 1;
    err_t err = netconn_write_vectors_partly(a, pieces, count, NETCONN_COPY, &written);
    assert_true(err == ERR_OK || err == ERR_WOULDBLOCK);
    done += written;
    expect_stream(b, much + received, done - received);
    received = done;
  }
  netconn_set_nonblocking(a, 0);
  assert_int_equal(netconn_write_vectors_partly(a, v, LWIP_ARRAYSIZE(v), NETCONN_NOCOPY, &written),
                   ERR_OK);
  assert_int_equal(written, 80000);
  expect_stream(b, much, 80000);
  conns_delete(a, b);
}

static void writing_more_later(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_write(a, much, 10, NETCONN_COPY | NETCONN_MORE), ERR_OK);
  LOCK_TCPIP_CORE();
  assert_true((a->pcb.tcp->flags & TF_MORE) != 0);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(netconn_write(a, much + 10, 10, NETCONN_COPY), ERR_OK);
  LOCK_TCPIP_CORE();
  assert_true((a->pcb.tcp->flags & TF_MORE) == 0);
  UNLOCK_TCPIP_CORE();
  expect_stream(b, much, 20);
  conns_delete(a, b);
}

static void writing_fails(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netconn *a, *b;
  size_t written = 77;
  struct netconn *conn = netconn_new(type_of(NETCONN_TCP));
  struct netconn *listener = conn_listener(NULL);
  struct netconn *udp = netconn_new(type_of(NETCONN_UDP));
  assert_int_equal(netconn_write_partly(conn, "x", 1, 0, &written), ERR_CONN);
  assert_int_equal(written, 0);
  assert_int_equal(netconn_write(listener, "x", 1, NETCONN_COPY), ERR_CONN);
  assert_int_equal(netconn_write(udp, "x", 1, NETCONN_COPY), ERR_VAL);
  assert_int_equal(netconn_write(NULL, "x", 1, NETCONN_COPY), ERR_ARG);
  assert_int_equal(netconn_write(conn, NULL, 1, NETCONN_COPY), ERR_ARG);
  struct netvector piece = {.ptr = "x", .len = 1};
  assert_int_equal(netconn_write_partly(NULL, "x", 1, NETCONN_COPY, &written), ERR_ARG);
  assert_int_equal(netconn_write_partly(conn, NULL, 1, NETCONN_COPY, &written), ERR_ARG);
  assert_int_equal(netconn_write_vectors_partly(NULL, &piece, 1, NETCONN_COPY, &written), ERR_ARG);
  assert_int_equal(netconn_write_vectors_partly(conn, &piece, 1, NETCONN_COPY, &written), ERR_CONN);
  assert_int_equal(netconn_write_vectors_partly(udp, &piece, 1, NETCONN_COPY, &written), ERR_VAL);
  conns_delete(conn, listener);
  assert_int_equal(netconn_delete(udp), ERR_OK);
  conn_streams(&a, &b, NULL);
  assert_int_equal(netconn_write_partly(a, NULL, 0, NETCONN_COPY, &written), ERR_OK);
  assert_int_equal(written, 0);
  assert_int_equal(netconn_shutdown(a, 0, 1), ERR_OK);
  assert_int_equal(netconn_write(a, "x", 1, NETCONN_COPY), ERR_CLSD);
  conns_delete(a, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(opening),
      API_TEST(opening_fails),
      API_TEST(connect_in_the_background),
      API_TEST(accepted),
      API_TEST(backlog),
      API_TEST(reading),
      API_TEST(reading_without_peer),
      API_TEST(reading_is_told_by_the_program),
      API_TEST(end_of_data_may_wait),
      API_TEST(writing_waits_for_room),
      API_TEST(writing_in_part),
      API_TEST(writing_pieces),
      API_TEST(writing_more_later),
      API_TEST(writing_fails),
  };
  return cmocka_run_group_tests(tests, fill_much, free_much);
}
