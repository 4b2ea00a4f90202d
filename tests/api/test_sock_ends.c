/**
 * @file
 * Sockets: connections that end by themselves. Each function says why, once: ETIMEDOUT where the
 * peer has fallen silent, ECONNRESET where it wants no more, ECONNABORTED where this host gave up.
 * Also against the kernel (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"
#if PEER_IS_KERNEL
#include <linux/filter.h>
#else
#include "blocked.h"
#include "wire.h"
#include "lwip/api.h"
#include "gossamer/tcp_user_timeout.h"
#endif

static char byte = 'x';

/* --- a network that can fall silent --- */

/** The listener, which is the other host's, and what it hears at. */
static struct {
  int listener;
  struct sockaddr_in name;
} far_end;

#if PEER_IS_KERNEL

static void on_far_end(void (*run)(int *s), int *s)
{
  run(s);
}

static void network_up(void)
{
  far_end.listener = peer_listener(&far_end.name);
  assert_int_equal(lwip_listen(far_end.listener, 64), 0);
}

static void network_down(void)
{
  assert_int_equal(lwip_close(far_end.listener), 0);
}

/** `s` hears nothing any more: the kernel drops all that comes. */
static void be_deaf(int *s)
{
  struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
  struct sock_fprog all = {.len = 1, .filter = &drop};
  assert_int_equal(setsockopt(*s, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all), 0);
}

static void fall_silent(int *peers, unsigned count)
{
  be_deaf(&far_end.listener);
  for (unsigned i = 0; i < count; i++) {
    be_deaf(&peers[i]);
  }
}

#else

static struct wire wire;

/** Run in the instance of the other end. */
static void on_far_end(void (*run)(int *s), int *s)
{
  struct stack *before = stack_enter(wire.end[1].instance);
  run(s);
  stack_leave(before);
}

static void listen_there(int *s)
{
  far_end.name = peer_loopback(4000);
  far_end.name.sin_addr.s_addr = lwip_htonl(0x0a000002UL);
  *s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_bind(*s, SA(far_end.name), sizeof far_end.name), 0);
  assert_int_equal(lwip_listen(*s, 64), 0);
}

static struct stack *outside;

static void network_up(void)
{
  wire_up(&wire);
  on_far_end(listen_there, &far_end.listener);
  outside = stack_enter(wire.end[0].instance);
}

static void close_there(int *s)
{
  assert_int_equal(lwip_close(*s), 0);
}

static void network_down(void)
{
  on_far_end(close_there, &far_end.listener);
  stack_leave(outside);
  wire_down(&wire);
}

static void fall_silent(int *peers, unsigned count)
{
  LWIP_UNUSED_ARG(peers);
  LWIP_UNUSED_ARG(count);
  wire_loses(&wire, 1);
}

#endif

static void accept_one(int *s)
{
  *s = lwip_accept(far_end.listener, NULL, NULL);
  assert_true(*s >= 0);
}

/** No lingering: nobody answers. */
static void abandon(int *s)
{
  struct linger l = {.l_onoff = 1, .l_linger = 0};
  assert_int_equal(lwip_setsockopt(*s, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
  assert_int_equal(lwip_close(*s), 0);
}

/** A connection to the far end. */
static void open_pair(int *s, int *peer)
{
  *s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(*s, SA(far_end.name), sizeof far_end.name), 0);
  on_far_end(accept_one, peer);
}

/* --- what each function says --- */

/** All that can be asked of a socket that has ended: the functions of peer.h, and these. */
enum { BY_SO_ERROR = PEER_MOVERS, BY_POLL, BY_SELECT, BY_CONNECT, WAYS };

/** Sockets with the same fate, one for each way to ask. */
struct fate {
  int s[WAYS];
  int peer[WAYS];
};

/** It was told why: there is nothing left to tell. */
static void is_over(int s)
{
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);
  assert_int_equal(peer_move(BY_RECV, s, &byte, 1), 0);
  assert_fails(peer_move(BY_SEND, s, &byte, 1), EPIPE);
  assert_int_equal(peer_poll(s, POLLIN | POLLOUT) & (POLLIN | POLLOUT | POLLERR | POLLHUP),
                   POLLIN | POLLOUT | POLLHUP);
}

static void poll_tells(int s, int error)
{
  const int bits = POLLIN | POLLOUT | POLLERR | POLLHUP;
  assert_int_equal(peer_poll(s, POLLIN | POLLOUT) & bits, bits);
  assert_int_equal(peer_poll(s, 0) & bits, POLLERR | POLLHUP); /* asked for or not */
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), error);
}

/** Readable and writable, as calls end at once; for POSIX an error is an exception, too. */
static void select_tells(int s, int error)
{
  struct timeval t = {.tv_sec = PEER_PATIENCE_MS / 1000, .tv_usec = 0};
  fd_set in, out, except;
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_ZERO(&except);
  FD_SET(s, &in);
  FD_SET(s, &out);
  FD_SET(s, &except);
  assert_int_equal(lwip_select(s + 1, &in, &out, &except, &t), OURS_OR(3, 2));
  assert_true(FD_ISSET(s, &in));
  assert_true(FD_ISSET(s, &out));
  assert_int_equal(FD_ISSET(s, &except) != 0, OURS_OR(1, 0));
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), error);
}

/** It has ended, or will while this waits: `how` says why, then nobody does any more. */
static void says(unsigned how, int s, int error)
{
  if (how >= PEER_READERS) { /* who reads waits for it */
    assert_true((peer_poll(s, 0) & POLLERR) != 0);
  }
  switch (how) {
  case BY_SO_ERROR:
    assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), error);
    break;
  case BY_POLL:
    poll_tells(s, error);
    break;
  case BY_SELECT:
    select_tells(s, error);
    break;
  default:
    assert_fails(peer_move(how, s, &byte, 1), error);
  }
  is_over(s);
}

static void open_all(struct fate *f)
{
  for (unsigned how = 0; how < BY_CONNECT; how++) {
    open_pair(&f->s[how], &f->peer[how]);
  }
}

static void all_say(struct fate *f, int error)
{
  for (unsigned how = 0; how < BY_CONNECT; how++) {
    says(how, f->s[how], error);
    assert_int_equal(lwip_close(f->s[how]), 0);
    on_far_end(abandon, &f->peer[how]);
  }
}

/** A socket whose attempt to connect is soon given up. `limit_ms` 0: only after minutes */
static int impatient(int limit_ms)
{
  int s = peer_socket(SOCK_STREAM);
  assert_int_equal(peer_set(s, IPPROTO_TCP, TCP_USER_TIMEOUT, limit_ms), 0);
#if PEER_IS_KERNEL
  assert_int_equal(peer_set(s, IPPROTO_TCP, TCP_SYNCNT, 1), 0); /* some know no other way */
#endif
  return s;
}

/** Attempts that nobody answers, in the background. */
static void begin_all(struct fate *f, int limit_ms)
{
  for (unsigned how = 0; how < WAYS; how++) {
    f->s[how] = impatient(limit_ms);
    assert_int_equal(lwip_fcntl(f->s[how], F_SETFL, O_NONBLOCK), 0);
    assert_fails(lwip_connect(f->s[how], SA(far_end.name), sizeof far_end.name), EINPROGRESS);
  }
}

static void attempts_say(struct fate *f, int error)
{
  for (unsigned how = 0; how < WAYS; how++) {
    int s = f->s[how];
    assert_true((peer_poll(s, 0) & POLLERR) != 0);
    if (how == BY_CONNECT) {
      assert_fails(lwip_connect(s, SA(far_end.name), sizeof far_end.name), error);
      assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);
    } else {
      says(how, s, error);
    }
    assert_int_equal(lwip_close(s), 0);
  }
}

/** Read, or write more and more, until that fails. */
static int move_until_it_fails(unsigned how, int s)
{
  static char much[100000];
  ssize_t done;
  do {
    done = peer_move(how, s, much, sizeof much);
  } while (done > 0);
  return (int)done;
}

/* --- ETIMEDOUT --- */

/** As long as this nobody hears of the peer before he gives up. */
#define LIMIT_MS 50

/**
 * The peer has fallen silent: data that it does not acknowledge (RFC 5482: a user timeout), an idle
 * connection that is probed (RFC 9293 3.8.4), and attempts to connect. All at once, so that this
 * takes no longer than the slowest.
 */
static void silence(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct fate unheard, idle, begun;
  int peers[2 * BY_CONNECT];
  unsigned count = 0;
  peer_ignore_signals();
  network_up();
  open_all(&unheard);
  open_all(&idle);
  for (unsigned how = 0; how < BY_CONNECT; how++) {
    assert_int_equal(peer_set(unheard.s[how], IPPROTO_TCP, TCP_USER_TIMEOUT, LIMIT_MS), 0);
    assert_int_equal(peer_set(idle.s[how], SOL_SOCKET, SO_KEEPALIVE, 1), 0);
    assert_int_equal(peer_set(idle.s[how], IPPROTO_TCP, TCP_KEEPIDLE, 1), 0);
    assert_int_equal(peer_set(idle.s[how], IPPROTO_TCP, TCP_KEEPINTVL, 1), 0);
    assert_int_equal(peer_set(idle.s[how], IPPROTO_TCP, TCP_KEEPCNT, 1), 0);
    peers[count++] = unheard.peer[how];
    peers[count++] = idle.peer[how];
  }
  fall_silent(peers, count);
  begin_all(&begun, LIMIT_MS);
  for (unsigned how = 0; how < BY_CONNECT; how++) {
    assert_int_equal(lwip_send(unheard.s[how], &byte, 1, 0), 1);
  }
  all_say(&unheard, ETIMEDOUT);
  all_say(&idle, ETIMEDOUT);
  attempts_say(&begun, ETIMEDOUT);
  network_down();
}

/** ... while somebody waits for room, or for an answer to his SYN. */
static void silence_ends_waiting(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s[PEER_MOVERS];
  int peer[PEER_MOVERS];
  peer_ignore_signals();
  network_up();
  for (unsigned how = PEER_READERS; how < PEER_MOVERS; how++) {
    open_pair(&s[how], &peer[how]);
    assert_int_equal(peer_set(s[how], IPPROTO_TCP, TCP_USER_TIMEOUT, LIMIT_MS), 0);
  }
  fall_silent(peer + PEER_READERS, PEER_MOVERS - PEER_READERS);
  for (unsigned how = PEER_READERS; how < PEER_MOVERS; how++) {
    assert_fails(move_until_it_fails(how, s[how]), ETIMEDOUT);
    is_over(s[how]);
    assert_int_equal(lwip_close(s[how]), 0);
    on_far_end(abandon, &peer[how]);
  }
  int late = impatient(LIMIT_MS);
  assert_fails(lwip_connect(late, SA(far_end.name), sizeof far_end.name), ETIMEDOUT);
  assert_int_equal(peer_get(late, SOL_SOCKET, SO_ERROR), 0);
  assert_int_equal(lwip_close(late), 0);
  network_down();
}

/* --- ECONNRESET --- */

static void reset_by_the_peer(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct fate f;
  peer_ignore_signals();
  network_up();
  open_all(&f);
  for (unsigned how = 0; how < BY_CONNECT; how++) {
    on_far_end(abandon, &f.peer[how]);
    says(how, f.s[how], ECONNRESET);
    assert_int_equal(lwip_close(f.s[how]), 0);
  }
  network_down();
}

/* --- before it was accepted --- */

static struct sockaddr_in near_end;

static int listen_here(void)
{
  int s = peer_socket(SOCK_STREAM);
  near_end = peer_loopback(0);
  near_end.sin_addr.s_addr = INADDR_ANY;
  socklen_t len = sizeof near_end;
  assert_int_equal(lwip_bind(s, SA(near_end), sizeof near_end), 0);
  assert_int_equal(lwip_listen(s, 4), 0);
  assert_int_equal(lwip_getsockname(s, SA(near_end), &len), 0);
  near_end.sin_addr.s_addr = lwip_htonl(OURS_OR(0x0a000001UL, INADDR_LOOPBACK));
  return s;
}

static void connect_from_there(int *s)
{
  *s = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(*s, SA(near_end), sizeof near_end), 0);
}

/** Reset before it was accepted: accept() gives it all the same, and it says itself what became of
    it. So accept() has no ECONNABORTED, neither here nor in the kernel. */
static void reset_before_accept(void **state)
{
  LWIP_UNUSED_ARG(state);
  int peer;
  network_up();
  int listener = listen_here();
  on_far_end(connect_from_there, &peer);
  on_far_end(abandon, &peer);
  int s = lwip_accept(listener, NULL, NULL);
  assert_true(s >= 0);
  assert_fails(lwip_recv(s, &byte, 1, 0), ECONNRESET);
  peer_close(s, listener);
  network_down();
}

/* --- ECONNABORTED: no program can make the kernel give a connection up --- */

#if !PEER_IS_KERNEL

/** Take this host's address away, and with it all connections of it. */
static void move_away(void)
{
  ip4_addr_t addr, mask;
  IP4_ADDR(&addr, 10, 0, 0, 9);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  assert_int_equal(netifapi_netif_set_addr(&wire.end[0].netif, &addr, &mask, NULL), ERR_OK);
}

static void address_gone(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct fate stands, begun;
  network_up();
  open_all(&stands);
  fall_silent(NULL, 0); /* else some would be answered */
  begin_all(&begun, 0);
  move_away();
  all_say(&stands, ECONNABORTED);
  attempts_say(&begun, ECONNABORTED);
  network_down();
}

static void address_gone_before_accept(void **state)
{
  LWIP_UNUSED_ARG(state);
  int peer;
  network_up();
  int listener = listen_here();
  on_far_end(connect_from_there, &peer);
  assert_true((peer_poll(listener, POLLIN) & POLLIN) != 0);
  move_away();
  int s = lwip_accept(listener, NULL, NULL);
  assert_true(s >= 0);
  assert_fails(lwip_recv(s, &byte, 1, 0), ECONNABORTED);
  is_over(s);
  peer_close(s, listener);
  on_far_end(abandon, &peer);
  network_down();
}

/** A thread that waits in a call. */
struct waiter {
  struct blocked thread; /* first: blocked.h knows this alone */
  unsigned how;
};

static int wait_in_call(struct blocked *b)
{
  unsigned how = ((struct waiter *)(void *)b)->how;
  struct pollfd fd = {.fd = b->s, .events = POLLIN, .revents = 0};
  fd_set in;
  switch (how) {
  case BY_POLL:
    return lwip_poll(&fd, 1, -1);
  case BY_SELECT:
    FD_ZERO(&in);
    FD_SET(b->s, &in);
    return lwip_select(b->s + 1, &in, NULL, NULL, NULL);
  case BY_CONNECT:
    return lwip_connect(b->s, SA(far_end.name), sizeof far_end.name);
  default:
    return move_until_it_fails(how, b->s);
  }
}

static void address_gone_ends_waiting(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct fate f;
  struct waiter w[WAYS];
  network_up();
  open_all(&f);
  f.s[BY_CONNECT] = peer_socket(SOCK_STREAM);
  fall_silent(NULL, 0);
  memset(w, 0, sizeof w);
  for (unsigned how = 0; how < WAYS; how++) {
    if (how != BY_SO_ERROR) {
      w[how].how = how;
      w[how].thread.s = f.s[how];
      w[how].thread.call = wait_in_call;
      blocked_start(&w[how].thread);
    }
  }
  u32_t start_ms = blocked_clock_ms();
  move_away();
  for (unsigned how = 0; how < WAYS; how++) {
    if (how != BY_SO_ERROR) {
      bool is_poll = how == BY_POLL || how == BY_SELECT;
      blocked_end(&w[how].thread, start_ms);
      assert_int_equal(w[how].thread.result, is_poll ? 1 : -1);
      assert_int_equal(w[how].thread.error, is_poll ? 0 : ECONNABORTED);
      assert_int_equal(peer_get(f.s[how], SOL_SOCKET, SO_ERROR), is_poll ? ECONNABORTED : 0);
    }
  }
  for (unsigned how = 0; how < WAYS; how++) {
    assert_int_equal(lwip_close(f.s[how]), 0);
    if (how != BY_CONNECT) {
      on_far_end(abandon, &f.peer[how]);
    }
  }
  network_down();
}

/* --- netconns: docs/netconn.md --- */

static struct netconn *impatient_netconn(void)
{
  struct netconn *conn = netconn_new(NETCONN_TCP);
  assert_non_null(conn);
  LOCK_TCPIP_CORE();
  tcp_set_user_timeout(conn->pcb.tcp, LIMIT_MS);
  UNLOCK_TCPIP_CORE();
  return conn;
}

/** Who waits is told, and nobody after him. */
static void netconns(void **state)
{
  LWIP_UNUSED_ARG(state);
  enum { WRITES, READS, ASKS, CONNS };
  struct netconn *conn[CONNS];
  int peer[CONNS];
  struct pbuf *p = NULL;
  ip_addr_t addr = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  network_up();
  for (unsigned i = 0; i < CONNS; i++) {
    conn[i] = impatient_netconn();
    assert_int_equal(netconn_connect(conn[i], &addr, 4000), ERR_OK);
    on_far_end(accept_one, &peer[i]);
  }
  struct netconn *late = impatient_netconn();
  fall_silent(NULL, 0);
  for (unsigned i = 0; i < CONNS; i++) {
    assert_int_equal(netconn_write(conn[i], &byte, 1, NETCONN_COPY), ERR_OK);
  }
  assert_int_equal(netconn_connect(late, &addr, 4000), ERR_TIMEOUT);
  assert_int_equal(netconn_err(late), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(conn[READS], &p), ERR_ABRT);
  /* One after the other: each may take a moment yet. */
  err_t err = ERR_OK;
  for (unsigned ms = 0; ms < API_PATIENCE_MS && err == ERR_OK; ms++) {
    sys_msleep(1);
    err = netconn_write(conn[WRITES], &byte, 1, NETCONN_COPY);
  }
  assert_int_equal(err, ERR_ABRT);
  err = ERR_OK;
  for (unsigned ms = 0; ms < API_PATIENCE_MS && err == ERR_OK; ms++) {
    sys_msleep(1);
    err = netconn_err(conn[ASKS]);
  }
  assert_int_equal(err, ERR_ABRT);
  for (unsigned i = 0; i < CONNS; i++) {
    assert_int_equal(netconn_err(conn[i]), ERR_OK);
    assert_int_equal(netconn_recv_tcp_pbuf(conn[i], &p), ERR_CLSD);
    assert_int_equal(netconn_write(conn[i], &byte, 1, NETCONN_COPY), ERR_CLSD);
    assert_int_equal(netconn_delete(conn[i]), ERR_OK);
    on_far_end(abandon, &peer[i]);
  }
  assert_int_equal(netconn_delete(late), ERR_OK);
  network_down();
}

#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(silence),
    cmocka_unit_test(silence_ends_waiting),
    cmocka_unit_test(reset_by_the_peer),
    cmocka_unit_test(reset_before_accept),
#if !PEER_IS_KERNEL
    cmocka_unit_test(address_gone),
    cmocka_unit_test(address_gone_before_accept),
    cmocka_unit_test(address_gone_ends_waiting),
    cmocka_unit_test(netconns),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
