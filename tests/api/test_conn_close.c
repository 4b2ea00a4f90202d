/**
 * @file
 * Netconns: who deletes or ends one, from any thread, ends the calls that wait in it (ERR_CLSD). A
 * thread that is cancelled while it waits leaves nothing behind.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "blocked.h"
#include "lwip/netbuf.h"

enum { DATA_LEN = 65536 };

static const char data[DATA_LEN];
static const ip_addr_t nobody = IPADDR4_INIT_BYTES(10, 0, 0, 9);

/* --- calls that wait --- */

static int call_recv(struct blocked *b)
{
  struct netbuf *buf;
  return netconn_recv(b->conn, &buf);
}

static int call_recv_pbuf(struct blocked *b)
{
  struct pbuf *p;
  return netconn_recv_tcp_pbuf(b->conn, &p);
}

static int call_recv_netbuf(struct blocked *b)
{
  struct netbuf *buf;
  return netconn_recv_udp_raw_netbuf(b->conn, &buf);
}

static int call_accept(struct blocked *b)
{
  struct netconn *conn;
  return netconn_accept(b->conn, &conn);
}

static int call_connect(struct blocked *b)
{
  return netconn_connect(b->conn, &nobody, 9);
}

static int call_write(struct blocked *b)
{
  err_t err;
  do {
    err = netconn_write(b->conn, data, sizeof data, NETCONN_COPY);
  } while (err == ERR_OK);
  return err;
}

static int call_write_vectors(struct blocked *b)
{
  struct netvector vec[2] = {{.ptr = data, .len = 1}, {.ptr = data, .len = sizeof data}};
  size_t written;
  err_t err;
  do {
    err = netconn_write_vectors_partly(b->conn, vec, 2, NETCONN_NOCOPY, &written);
  } while (err == ERR_OK);
  return err;
}

/** To 10.0.0.9, when the netif has no room. The netbuf is the caller's, and static here. */
static int call_send(struct blocked *b)
{
  static struct netbuf buf;
  struct pbuf p = {.payload = (void *)(uintptr_t)data, .len = 4, .tot_len = 4, .ref = 1};
  p.type_internal = PBUF_ROM;
  buf.p = &p;
  buf.ptr = &p;
  return netconn_sendto(b->conn, &buf, &nobody, 9);
}

/* --- netconns to wait in --- */

static struct netif netif;
static struct netconn *other; /* the peer of a stream */

static struct netconn *udp(void)
{
  return netconn_new(NETCONN_UDP);
}

static struct netconn *raw(void)
{
  return netconn_new_with_proto_and_callback(NETCONN_RAW, 253, NULL);
}

static struct netconn *tcp(void)
{
  return netconn_new(NETCONN_TCP);
}

static struct netconn *listener(void)
{
  struct netconn *conn = tcp();
  assert_int_equal(netconn_bind(conn, IP4_ADDR_ANY, 7), ERR_OK);
  assert_int_equal(netconn_listen(conn), ERR_OK);
  return conn;
}

static struct netconn *stream(void)
{
  const ip_addr_t to = IPADDR4_INIT_BYTES(127, 0, 0, 1);
  struct netconn *in = listener();
  struct netconn *conn = tcp();
  assert_int_equal(netconn_connect(conn, &to, 7), ERR_OK);
  assert_int_equal(netconn_accept(in, &other), ERR_OK);
  assert_int_equal(netconn_delete(in), ERR_OK);
  return conn;
}

static const struct {
  const char *name;
  struct netconn *(*open)(void);
  int (*call)(struct blocked *b);
  bool is_full; /* the netif to 10.0.0.9 */
} matrix[] = {
    {"recv, TCP", stream, call_recv, false},
    {"recv_tcp_pbuf", stream, call_recv_pbuf, false},
    {"recv, UDP", udp, call_recv, false},
    {"recv_udp_raw_netbuf, UDP", udp, call_recv_netbuf, false},
    {"recv, raw", raw, call_recv, false},
    {"recv_udp_raw_netbuf, raw", raw, call_recv_netbuf, false},
    {"accept", listener, call_accept, false},
    {"connect", tcp, call_connect, false},
    {"write", stream, call_write, false},
    {"write_vectors", stream, call_write_vectors, false},
    {"sendto, UDP", udp, call_send, true},
    {"sendto, raw", raw, call_send, true},
};

static void start_row(unsigned i, struct blocked *b)
{
  blocked_netif_up(&netif, matrix[i].is_full);
  *b = (struct blocked){.conn = matrix[i].open(), .call = matrix[i].call};
  assert_non_null(b->conn);
  blocked_start(b);
}

static void end_row(void)
{
  assert_int_equal(netconn_delete(other), ERR_OK);
  other = NULL;
  blocked_netif_down(&netif);
  assert_int_equal(api_pool_used(MEMP_NETCONN), 0);
  assert_int_equal(api_pool_used(MEMP_NETBUF), 0);
}

static void delete_ends_each_call(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(matrix); i++) {
    struct blocked b;
    start_row(i, &b);
    u32_t start_ms = blocked_clock_ms();
    assert_int_equal(netconn_delete(b.conn), ERR_OK);
    blocked_end(&b, start_ms);
    printf("# %s: %u ms\n", matrix[i].name, (unsigned)b.took_ms);
    assert_int_equal(b.result, ERR_CLSD);
    end_row();
  }
}

/** The netconn is there until it is deleted; what is called then is told the same. */
static void prepare_delete_ends_each_call(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(matrix); i++) {
    struct blocked b;
    start_row(i, &b);
    u32_t start_ms = blocked_clock_ms();
    assert_int_equal(netconn_prepare_delete(b.conn), ERR_OK);
    blocked_end(&b, start_ms);
    assert_int_equal(b.result, ERR_CLSD);
    assert_int_not_equal(b.call(&b), ERR_OK);
    assert_int_equal(netconn_delete(b.conn), ERR_OK);
    end_row();
  }
}

static void thread_ends_in_each_call(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(matrix); i++) {
    struct blocked b;
    void *result;
    start_row(i, &b);
    assert_int_equal(pthread_cancel(b.id), 0);
    assert_int_equal(pthread_join(b.id, &result), 0);
    assert_ptr_equal(result, PTHREAD_CANCELED);
    assert_int_equal(blocked_count_conn(b.conn), 0);
    assert_false(tcpip_core_is_held());
    assert_int_equal(netconn_delete(b.conn), ERR_OK);
    end_row();
  }
}

/** Many threads in one netconn. */
static void many_in_one(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked b[8];
  struct netconn *conn = listener();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(b); i++) {
    b[i] = (struct blocked){.conn = conn, .call = call_accept};
    blocked_start(&b[i]);
  }
  u32_t start_ms = blocked_clock_ms();
  assert_int_equal(netconn_delete(conn), ERR_OK);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(b); i++) {
    blocked_end(&b[i], start_ms);
    assert_int_equal(b[i].result, ERR_CLSD);
  }
}

/** A close that lingers is a wait like others: who deletes the netconn ends it, and what TCP has to
    tell in the end, nobody hears. */
static int call_prepare_delete(struct blocked *b)
{
  return netconn_prepare_delete(b->conn);
}

static void delete_ends_a_lingerer(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct blocked b = {.conn = stream(), .call = call_prepare_delete};
  size_t written;
  while (netconn_write_partly(b.conn, data, sizeof data, NETCONN_COPY | NETCONN_DONTBLOCK,
                              &written) == ERR_OK) {
  }
  b.conn->linger = 1000;
  blocked_start(&b);
  u32_t start_ms = blocked_clock_ms();
  assert_int_equal(netconn_delete(b.conn), ERR_OK);
  blocked_end(&b, start_ms);
  assert_int_equal(b.result, ERR_OK);
  assert_int_equal(netconn_delete(other), ERR_OK); /* resets what lingers */
  other = NULL;
  api_settle();
  assert_int_equal(api_pool_used(MEMP_NETCONN), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(delete_ends_each_call),    API_TEST(prepare_delete_ends_each_call),
      API_TEST(thread_ends_in_each_call), API_TEST(many_in_one),
      API_TEST(delete_ends_a_lingerer),
  };
  return cmocka_run_group_tests(tests, NULL, blocked_print_worst);
}
