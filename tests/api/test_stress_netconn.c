/**
 * @file
 * Stress of netconns: 16 threads make random calls on netconns that all share, in two instances
 * with a wire between them. A netconn is a pointer: who uses one holds it, any thread may end it
 * meanwhile (netconn_prepare_delete()), and who lets go last deletes it. Callbacks read and write.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "wire.h"
#include "stress.h"
#include "lwip/api.h"
#include "lwip/netbuf.h"
#include "lwip/priv/conn_fields.h"

enum { SLOTS = 40, PORT = 7000, PORTS = 4, WAIT_MS = 3, DATA = 0x5a, DATA_MAX = 20000 };

enum kind { STREAM, LISTENER, DATAGRAM, RAW };

/** A netconn that threads hold; `holds` and what a slot has are under `net.lock`. */
struct shared {
  struct netconn *conn;
  struct stack *instance;
  enum kind kind;
  unsigned holds;
};

static struct {
  struct wire wire;
  pthread_mutex_t lock;
  struct shared *slot[SLOTS];
  atomic_ulong opened, connected, accepted, sent, received, events, heard_in_callback;
  u8_t data[DATA_MAX];
} net;

/* --- holding --- */

static void let_go(struct stress_thread *t, struct shared *s)
{
  if (s == NULL) {
    return;
  }
  stack_leave(NULL);
  pthread_mutex_lock(&net.lock);
  bool is_last = --s->holds == 0;
  pthread_mutex_unlock(&net.lock);
  if (is_last) {
    stress_does(t, "delete", s->kind);
    stress_check(netconn_delete(s->conn) == ERR_OK);
    free(s);
  }
}

static struct shared *hold(struct stress_thread *t)
{
  pthread_mutex_lock(&net.lock);
  struct shared *s = net.slot[stress_random(t, SLOTS)];
  if (s != NULL) {
    s->holds++;
  }
  pthread_mutex_unlock(&net.lock);
  if (s != NULL) {
    stack_enter(s->instance); /* netbufs and pbufs are the instance's */
  }
  return s;
}

/** One of this kind, if some tries find it. */
static struct shared *hold_kind(struct stress_thread *t, enum kind kind)
{
  struct shared *s = hold(t);
  for (int i = 0; i < 16 && (s == NULL || s->kind != kind); i++) {
    let_go(t, s);
    s = hold(t);
  }
  return s;
}

/** Put `s` (NULL: nothing) into a slot; what was there is ended, whoever uses it. */
static void put(struct stress_thread *t, struct shared *s)
{
  u32_t i = stress_random(t, SLOTS);
  pthread_mutex_lock(&net.lock);
  struct shared *before = net.slot[i];
  net.slot[i] = s;
  pthread_mutex_unlock(&net.lock);
  if (before != NULL) {
    stress_does(t, "prepare", before->kind);
    stress_check(netconn_prepare_delete(before->conn) == ERR_OK);
    let_go(t, before);
  }
}

static void share(struct stress_thread *t, struct netconn *conn, struct stack *instance,
                  enum kind kind)
{
  struct shared *s = (struct shared *)malloc(sizeof *s);
  stress_check(s != NULL);
  *s = (struct shared){.conn = conn, .instance = instance, .kind = kind, .holds = 1};
  atomic_fetch_add(&net.opened, 1);
  put(t, s);
}

static void do_end(struct stress_thread *t)
{
  put(t, NULL);
}

/* --- opening --- */

static u16_t any_port(struct stress_thread *t)
{
  return (u16_t)(PORT + stress_random(t, PORTS));
}

/** In any thread, with the core lock: it may read what is there. */
static void on_event(struct netconn *conn, enum netconn_evt evt, u16_t len)
{
  struct pbuf *p;
  LWIP_UNUSED_ARG(len);
  unsigned long count = atomic_fetch_add(&net.events, 1);
  if (evt == NETCONN_EVT_RCVPLUS && NETCONNTYPE_GROUP(netconn_type(conn)) == NETCONN_TCP &&
      count % 8 == 0 &&
      netconn_recv_tcp_pbuf_flags(conn, &p, NETCONN_DONTBLOCK | NETCONN_NOFIN) == ERR_OK) {
    pbuf_free(p);
    atomic_fetch_add(&net.heard_in_callback, 1);
  }
}

static struct netconn *open_conn(struct stress_thread *t, enum netconn_type type, u8_t proto,
                                 struct stack **instance)
{
  *instance = net.wire.end[stress_random(t, 2)].instance;
  if (stress_one_in(t, 2)) {
    type = (enum netconn_type)(type | CONN_TYPE_V6); /* hears IPv4, too */
  }
  struct stack *before = stack_enter(*instance);
  stress_does(t, "new", (int)type);
  struct netconn *conn =
      netconn_new_with_proto_and_callback(type, proto, stress_one_in(t, 2) ? on_event : NULL);
  stack_leave(before);
  stress_check(conn != NULL);
  /* These are not under a lock: before others see it. */
  netconn_set_nonblocking(conn, stress_one_in(t, 2));
  if (!stress_one_in(t, 20)) {
    netconn_set_recvtimeout(conn, 1 + stress_random(t, WAIT_MS));
    netconn_set_sendtimeout(conn, (s32_t)(1 + stress_random(t, WAIT_MS)));
  }
  return conn;
}

static void do_listener(struct stress_thread *t)
{
  struct stack *instance;
  struct netconn *conn = open_conn(t, NETCONN_TCP, 0, &instance);
  if (netconn_bind(conn, IP_ANY_TYPE, any_port(t)) == ERR_OK) {
    netconn_listen_with_backlog(conn, (u8_t)stress_random(t, 8));
  }
  share(t, conn, instance, LISTENER);
}

static void do_client(struct stress_thread *t)
{
  ip_addr_t to;
  struct stack *instance;
  struct netconn *conn = open_conn(t, NETCONN_TCP, 0, &instance);
  stress_address(t, &to);
  netconn_set_sendtimeout(conn, (s32_t)(1 + stress_random(t, 10 * WAIT_MS)));
  stress_does(t, "connect", -1);
  if (netconn_connect(conn, &to, any_port(t)) == ERR_OK) {
    atomic_fetch_add(&net.connected, 1);
  }
  share(t, conn, instance, STREAM);
}

static void do_datagrams(struct stress_thread *t)
{
  ip_addr_t to;
  struct stack *instance;
  struct netconn *conn = open_conn(t, NETCONN_UDP, 0, &instance);
  stress_address(t, &to);
  netconn_bind(conn, IP_ANY_TYPE, any_port(t));
  if (stress_one_in(t, 2)) {
    netconn_connect(conn, &to, any_port(t));
  }
  share(t, conn, instance, DATAGRAM);
}

static void do_raw(struct stress_thread *t)
{
  struct stack *instance;
  struct netconn *conn = open_conn(t, NETCONN_RAW, 253, &instance);
  share(t, conn, instance, RAW);
}

static void do_accept(struct stress_thread *t)
{
  struct shared *s = hold_kind(t, LISTENER);
  struct netconn *conn = NULL;
  if (s == NULL) {
    return;
  }
  stress_does(t, "accept", s->kind);
  err_t err = netconn_accept(s->conn, &conn);
  stress_check((err == ERR_OK) == (conn != NULL));
  if (conn != NULL) {
    atomic_fetch_add(&net.accepted, 1);
    share(t, conn, s->instance, STREAM);
  }
  let_go(t, s);
}

/* --- data --- */

static void check_data(const struct pbuf *p)
{
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    for (u16_t i = 0; i < q->len; i++) {
      stress_check(((const u8_t *)q->payload)[i] == DATA);
    }
  }
  atomic_fetch_add(&net.received, p->tot_len);
}

static void recv_pbuf(struct stress_thread *t, struct shared *s)
{
  struct pbuf *p = NULL;
  u8_t flags = stress_one_in(t, 3) ? NETCONN_DONTBLOCK : 0;
  bool is_mine = stress_one_in(t, 3);
  flags |= is_mine ? NETCONN_NOAUTORCVD : 0;
  err_t err = netconn_recv_tcp_pbuf_flags(s->conn, &p, flags);
  stress_check((err == ERR_OK) == (p != NULL));
  if (p != NULL) {
    check_data(p);
    if (is_mine) {
      netconn_tcp_recvd(s->conn, p->tot_len);
    }
    pbuf_free(p);
  }
}

static void do_recv(struct stress_thread *t)
{
  struct shared *s = hold_kind(t, stress_one_in(t, 2) ? STREAM : DATAGRAM);
  struct netbuf *buf = NULL;
  if (s == NULL) {
    return;
  }
  stress_does(t, "recv", s->kind);
  if (stress_one_in(t, 2)) {
    recv_pbuf(t, s);
  } else {
    err_t err = netconn_recv(s->conn, &buf);
    stress_check((err == ERR_OK) == (buf != NULL));
  }
  if (buf != NULL) {
    if (s->kind != RAW) {
      check_data(buf->p);
    }
    netbuf_delete(buf);
  }
  let_go(t, s);
}

static void do_write(struct stress_thread *t)
{
  struct shared *s = hold_kind(t, STREAM);
  size_t written = 0;
  size_t len = stress_random(t, DATA_MAX);
  size_t first = stress_random(t, (u32_t)len + 1);
  struct netvector vec[2] = {{.ptr = net.data, .len = first},
                             {.ptr = net.data, .len = len - first}};
  u8_t flags = (u8_t)(stress_one_in(t, 2) ? NETCONN_COPY : NETCONN_NOCOPY);
  if (s == NULL) {
    return;
  }
  flags |= stress_one_in(t, 4) ? NETCONN_MORE : 0;
  flags |= stress_one_in(t, 4) ? NETCONN_DONTBLOCK : 0;
  stress_does(t, "write", s->kind);
  netconn_write_vectors_partly(s->conn, vec, 2, flags, &written);
  stress_check(written <= len);
  atomic_fetch_add(&net.sent, written);
  let_go(t, s);
}

static void do_send(struct stress_thread *t)
{
  struct shared *s = hold_kind(t, stress_one_in(t, 4) ? RAW : DATAGRAM);
  ip_addr_t to;
  u16_t len = (u16_t)(1 + stress_random(t, 4000));
  if (s == NULL) {
    return;
  }
  struct netbuf *buf = netbuf_new();
  stress_check(buf != NULL);
  stress_address(t, &to);
  if (stress_one_in(t, 2)) {
    netbuf_ref(buf, net.data, len);
  } else {
    memcpy(netbuf_alloc(buf, len), net.data, len);
  }
  stress_does(t, "send", s->kind);
  err_t err = stress_one_in(t, 2) ? netconn_send(s->conn, buf)
                                  : netconn_sendto(s->conn, buf, &to, any_port(t));
  atomic_fetch_add(&net.sent, err == ERR_OK ? len : 0);
  netbuf_delete(buf);
  let_go(t, s);
}

/* --- what may be done to any --- */

static void do_any(struct stress_thread *t)
{
  struct shared *s = hold(t);
  ip_addr_t addr;
  u16_t port;
  if (s == NULL) {
    return;
  }
  stress_does(t, "any", s->kind);
  stress_address(t, &addr);
  switch (stress_random(t, 9)) {
  case 0:
    netconn_bind(s->conn, &addr, any_port(t));
    break;
  case 1:
    netconn_bind_if(s->conn, (u8_t)stress_random(t, 4));
    break;
  case 2:
    netconn_connect(s->conn, &addr, any_port(t));
    break;
  case 3:
    netconn_disconnect(s->conn);
    break;
  case 4:
    netconn_shutdown(s->conn, (u8_t)stress_random(t, 2), (u8_t)stress_random(t, 2));
    break;
  case 5:
    netconn_close(s->conn);
    break;
  case 6:
    netconn_listen(s->conn);
    break;
  case 7:
    netconn_err(s->conn);
    break;
  default:
    netconn_getaddr(s->conn, &addr, &port, (u8_t)stress_random(t, 2));
    break;
  }
  let_go(t, s);
}

/** A group comes and goes. */
static void do_group(struct stress_thread *t)
{
  struct shared *s = hold_kind(t, DATAGRAM);
  ip_addr_t group;
  if (s == NULL) {
    return;
  }
  ip_addr_set_ip4_u32(&group, lwip_htonl(0xe8010100UL + stress_random(t, 3)));
  stress_does(t, "group", s->kind);
  netconn_join_leave_group(s->conn, &group, IP4_ADDR_ANY,
                           stress_one_in(t, 2) ? NETCONN_JOIN : NETCONN_LEAVE);
  let_go(t, s);
}

/* --- the run --- */

static void step(struct stress_thread *t)
{
  static const struct stress_act acts[] = {
      {do_listener, 8}, {do_client, 40}, {do_datagrams, 8}, {do_raw, 4},
      {do_accept, 40},  {do_recv, 60},   {do_write, 40},    {do_send, 20},
      {do_any, 16},     {do_group, 4},   {do_end, 16},
  };
  stress_act(t, acts, LWIP_ARRAYSIZE(acts));
}

static void test_random_calls(void **state)
{
  static struct stress stress = {.threads = 16, .steps = 2000, .step = step, .reap = do_end};
  LWIP_UNUSED_ARG(state);
  memset(net.data, DATA, sizeof net.data);
  pthread_mutex_init(&net.lock, NULL);
  wire_up(&net.wire);
  wire_loses(&net.wire, 50);
  stress_go(&stress);
  for (int i = 0; i < SLOTS; i++) {
    let_go(&stress.watcher, net.slot[i]);
  }
  printf("# %lu netconns, %lu connects, %lu accepts, %lu bytes sent, %lu received, %lu events, %lu "
         "read in callbacks\n",
         atomic_load(&net.opened), atomic_load(&net.connected), atomic_load(&net.accepted),
         atomic_load(&net.sent), atomic_load(&net.received), atomic_load(&net.events),
         atomic_load(&net.heard_in_callback));
  for (int i = 0; i < 2; i++) {
    struct stack *before = stack_enter(net.wire.end[i].instance);
    assert_int_equal(api_pool_used(MEMP_NETCONN), 0);
    assert_int_equal(api_pool_used(MEMP_NETBUF), 0);
    assert_false(tcpip_core_is_held());
    stack_leave(before);
  }
  assert_int_not_equal(atomic_load(&net.accepted), 0);
  wire_down(&net.wire);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_calls),
  };
  stress_arguments(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
