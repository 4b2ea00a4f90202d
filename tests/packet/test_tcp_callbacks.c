/**
 * @file
 * From within any callback a program may do anything, also end the connection that it is called
 * about, another one, or the listener: nothing is touched behind it (RFC 9293 3.9.1 leaves the
 * interface's threading to us). Also closing and shutting down in every state.
 *
 * needs: tcp
 */
#include "packet_tcp.h"

/* --- what happens in which callback --- */

enum event { ON_CONNECTED, ON_ACCEPT, ON_RECV, ON_FIN, ON_SENT, ON_POLL, EVENT_COUNT };
enum action { ABORT, CLOSE, SHUT_DOWN, CLOSE_OTHER, ABORT_OTHER, CLOSE_LISTENER, ACTION_COUNT };

static const char *const event_names[] = {"connected", "accept", "recv", "fin", "sent", "poll"};
static const char *const action_names[] = {"abort",       "close",       "shutdown",
                                           "close other", "abort other", "close listener"};

/* The program. */
static struct {
  enum event at;
  enum action what;
  struct tcp_pcb *other;
  bool is_done;
  unsigned heard_later; /* events after the connection was given up */
  unsigned errors, other_errors;
  bool has_ended;
} prog;

static err_t act(struct tcp_pcb *pcb, enum event event)
{
  if (prog.has_ended) {
    prog.heard_later++;
  }
  if (event != prog.at || prog.is_done) {
    return ERR_OK;
  }
  prog.is_done = true;
  switch (prog.what) {
  case ABORT:
    prog.has_ended = true;
    tcp_abort(pcb);
    return ERR_ABRT;
  case CLOSE:
    prog.has_ended = true;
    return tcp_close(pcb);
  case SHUT_DOWN:
    return tcp_shutdown(pcb, 0, 1);
  case CLOSE_OTHER:
    return tcp_close(prog.other);
  case ABORT_OTHER:
    tcp_abort(prog.other);
    return ERR_OK;
  default:
    if (app.listener != NULL) {
      tcp_close(app.listener);
      app.listener = NULL;
    }
    return ERR_OK;
  }
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  (void)arg;
  (void)err;
  if (p != NULL) {
    tcp_recved(pcb, p->tot_len);
    app.len += p->tot_len;
    pbuf_free(p);
  }
  return act(pcb, p != NULL ? ON_RECV : ON_FIN);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  (void)arg;
  (void)len;
  return act(pcb, ON_SENT);
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  (void)arg;
  return act(pcb, ON_POLL);
}

static void on_err(void *arg, err_t err)
{
  (void)arg;
  (void)err;
  prog.errors++;
}

static void on_other_err(void *arg, err_t err)
{
  (void)arg;
  (void)err;
  prog.other_errors++;
}

static void adopt(struct tcp_pcb *pcb)
{
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
  tcp_poll(pcb, on_poll, 2);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  return act(pcb, ON_CONNECTED);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  adopt(pcb);
  app.accepted++;
  tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY);
  return act(pcb, ON_ACCEPT);
}

/** Another connection, of which the peer's port is 5000. */
static struct tcp_pcb *open_other(void)
{
  tcp_peer.port = 5000;
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  struct tcp_pcb *pcb = app.pcb;
  assert_non_null(pcb);
  tcp_err(pcb, on_other_err);
  app.pcb = NULL;
  tcp_peer.port = 4000;
  return pcb;
}

/** A connection on which all of it happens, in one or two segments where that can be. */
static void talk(void)
{
  bool is_active = prog.at == ON_CONNECTED;
  if (is_active) {
    struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
    assert_non_null(pcb);
    ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
    adopt(pcb);
    tcp_peer.stack_port = 2000;
    assert_int_equal(tcp_bind(pcb, NULL, 2000), ERR_OK);
    assert_int_equal(tcp_write(pcb, "x", 1, 0), ERR_CONN);
    assert_int_equal(tcp_connect(pcb, &to, 4000, on_connected), ERR_OK);
    assert_int_equal(tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY), ERR_OK);
    expect_segment(.flags = TCP_SYN, .seq = 0);
    peer_says(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .data = "early", .len = 5);
  } else {
    tcp_accept(app.listener, on_accept);
    peer_says(.flags = TCP_SYN);
    expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "early");
  }
  advance(1000); /* a poll, and what is left of the stack's segments */
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 6, .ack = 6, .data = "late");
  advance(1000);
  tcp_peer_ignores();
}

static void take_back(void)
{
  for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    tcp_poll(pcb, NULL, 0); /* goes on for ever if the test ends before the connection does */
  }
  memset(&prog, 0, sizeof prog);
}

static void try_once(enum event at, enum action what)
{
  packet_note("%s in %s: ", action_names[what], event_names[at]);
  memset(&prog, 0, sizeof prog);
  prog.at = at;
  prog.what = what;
  tcp_peer_reset();
  tcp_listen_up();
  prog.other = open_other();
  ignore_drops();
  talk();
  assert_true(prog.is_done);
  assert_int_equal(prog.heard_later, 0);
  assert_int_equal(prog.errors, what == ABORT ? 1 : 0);
  assert_int_equal(prog.other_errors, what == ABORT_OTHER ? 1 : 0);
  if (what == ABORT) {
    assert_ptr_equal(tcp_active_pcbs, prog.other);
    assert_null(prog.other->next);
  }
  while (tcp_active_pcbs != NULL) {
    tcp_abort(tcp_active_pcbs);
  }
  if (app.listener != NULL) {
    tcp_close(app.listener);
  }
  tx_discard();
}

/* RFC 9293 3.9.1.5, 3.9.1.4: the program may abort or close whenever it runs. */
PACKET_TEST(test_anything_in_any_callback)
{
  packet_at_end(take_back);
  for (int at = 0; at < EVENT_COUNT; at++) {
    for (int what = 0; what < ACTION_COUNT; what++) {
      try_once((enum event)at, (enum action)what);
    }
  }
  packet_note("%s", "");
}

/* --- the error callback --- */

static void on_err_do_more(void *arg, err_t err)
{
  (void)arg;
  prog.errors++;
  app.err = err;
  tcp_abort(prog.other);
  struct tcp_pcb *pcb = tcp_new();
  if (pcb != NULL) {
    tcp_abort(pcb);
  }
  if (app.listener != NULL) {
    tcp_close(app.listener);
    app.listener = NULL;
  }
}

/* The pcb is gone when the error callback runs; others may be ended there (RFC 9293 3.10.7.4). */
PACKET_TEST(test_error_callback_ends_others)
{
  take_back();
  packet_at_end(take_back);
  tcp_peer_reset();
  tcp_listen_up();
  prog.other = open_other();
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  tcp_err(app.pcb, on_err_do_more);
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(prog.errors, 1);
  assert_int_equal(prog.other_errors, 1);
  assert_int_equal(app.err, ERR_RST);
  assert_null(tcp_active_pcbs);
  assert_null(tcp_listen_pcbs.listen_pcbs);
}

/* An accept callback is needed: nobody else can take the connection (RFC 9293 3.10.7.2). */
PACKET_TEST(test_nobody_accepts)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_accept(app.listener, NULL);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  assert_null(tcp_active_pcbs);
}

/* ERR_ABRT that is not true does no harm. */
static err_t lie(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  (void)arg;
  (void)pcb;
  app.sent += len;
  return ERR_ABRT;
}

/* RFC 9293 3.10.5. */
PACKET_TEST(test_callback_that_lies_about_aborting)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  tcp_sent(app.pcb, lie);
  app_write("a", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "b");
  assert_int_equal(app.sent, 1);
  expect_app_data("b");
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
}

/* --- shutdown in all combinations (RFC 9293 3.6, 3.9.1.4) --- */

/* RFC 9293 3.6. */
PACKET_TEST(test_shut_down_nothing)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(tcp_shutdown(app.pcb, 0, 0), ERR_OK);
  expect_silence();
  assert_int_equal(app.pcb->state, ESTABLISHED);
  app_write("on", 2);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "on");
}

/* RFC 9293 3.6, 3.10.4. */
PACKET_TEST(test_shut_down_both_is_closing)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(tcp_shutdown(app.pcb, 1, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_int_equal(app.fins, 0); /* it is not the program's any more */
  assert_null(tcp_active_pcbs);
}

/* RFC 9293 3.6, 3.10.4. */
PACKET_TEST(test_shut_down_sending_twice)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_silence();
  assert_int_equal(app.pcb->state, FIN_WAIT_2);
  assert_int_equal(tcp_shutdown(app.pcb, 1, 0), ERR_OK); /* now the other half, too */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "x");
  expect_app_data("");
  tcp_peer_ignores();
}

/* RFC 9293 3.6, 3.10.4. */
PACKET_TEST(test_shut_down_after_the_peer_has)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .ack = 2);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  assert_int_equal(app.pcb->state, LAST_ACK);
}

/* RFC 9293 3.10.4. */
PACKET_TEST(test_shut_down_without_a_connection)
{
  tcp_peer_reset();
  struct tcp_pcb *pcb = tcp_new();
  assert_non_null(pcb);
  assert_int_equal(tcp_shutdown(pcb, 0, 1), ERR_CONN);
  assert_int_equal(tcp_shutdown(pcb, 1, 1), ERR_CONN);
  tcp_abort(pcb);
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_CONN); /* SYN_SENT */
  assert_int_equal(app.pcb->state, SYN_SENT);
}

/* --- close and abort where nothing has begun, or all has ended (RFC 9293 3.10.4, 3.10.5) --- */

static unsigned pcbs_of(const struct tcp_pcb *list)
{
  unsigned n = 0;
  for (; list != NULL; list = list->next) {
    n++;
  }
  return n;
}

/* RFC 9293 3.10.4. */
PACKET_TEST(test_close_before_a_connection)
{
  tcp_peer_reset();
  unsigned before = pcbs_of(tcp_bound_pcbs);
  struct tcp_pcb *pcb = tcp_new();
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 80), ERR_OK);
  assert_int_equal(pcbs_of(tcp_bound_pcbs), before + 1);
  assert_int_equal(tcp_close(pcb), ERR_OK);
  assert_int_equal(pcbs_of(tcp_bound_pcbs), before);
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_int_equal(tcp_close(app.pcb), ERR_OK); /* SYN_SENT: nobody is told */
  assert_null(tcp_active_pcbs);
  assert_int_equal(app.errors, 0);
  expect_silence();
  advance(10000);
  expect_silence();
}

PACKET_TEST(test_abort_before_a_connection)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  tcp_abort(app.pcb);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  assert_null(tcp_active_pcbs);
  expect_silence(); /* RFC 9293 3.10.5: no reset where there is nothing to reset */
  tcp_listen_up();
  tcp_abort(app.listener);
  app.listener = NULL;
  assert_null(tcp_listen_pcbs.listen_pcbs);
}

PACKET_TEST(test_abort_in_time_wait)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_int_equal(app.pcb->state, TIME_WAIT);
  tcp_abort(app.pcb);
  expect_silence(); /* RFC 9293 3.10.5 */
  assert_null(tcp_active_pcbs);
}

/* tcp_close_ext(): unread data are no reason for a reset when the program says so. */
PACKET_TEST(test_close_with_unread_data)
{
  for (u8_t rst = 0; rst < 2; rst++) {
    tcp_establish(&(struct tcp_peer_setup){0});
    app.keeps_window = true;
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "unread");
    tcp_peer_ignores();
    assert_int_equal(tcp_close_ext(app.pcb, rst), ERR_OK);
    if (rst) {
      expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 7); /* RFC 2525 2.17 */
      assert_null(tcp_active_pcbs);
    } else {
      expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 7);
      peer_says(.flags = TCP_RST, .seq = 7);
    }
    tcp_close(app.listener);
    app.keeps_window = false;
  }
}

/* --- addresses go (RFC 9293 3.9.2) --- */

/* RFC 9293 3.9.2. */
PACKET_TEST(test_address_goes)
{
  tcp_peer_reset();
  if (!LWIP_IPV4) {
    return;
  }
  tcp_listen_up();
  prog.other_errors = 0;
  struct tcp_pcb *other = open_other();
  assert_non_null(other);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  netif_set_link_down(&net.netif); /* an address that stays */
  netif_set_link_up(&net.netif);
  assert_int_equal(app.errors, 0);
#if LWIP_IPV4
  ip4_addr_t addr = ip4_of("10.0.0.77");
  netif_set_ipaddr(&net.netif, &addr);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  assert_int_equal(prog.other_errors, 1);
  assert_null(tcp_active_pcbs);
  addr = ip4_of("10.0.0.1");
  netif_set_ipaddr(&net.netif, &addr);
#endif
  tx_discard();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_anything_in_any_callback, PACKET_NO_GUARD | PACKET_NO_TRAILER),
    TEST(test_error_callback_ends_others),
    TEST(test_nobody_accepts),
    TEST(test_callback_that_lies_about_aborting),
    TEST(test_shut_down_nothing),
    TEST(test_shut_down_both_is_closing),
    TEST(test_shut_down_sending_twice),
    TEST(test_shut_down_after_the_peer_has),
    TEST_FLAGS(test_shut_down_without_a_connection, PACKET_ONCE),
    TEST_FLAGS(test_close_before_a_connection, PACKET_ONCE),
    TEST_FLAGS(test_abort_before_a_connection, PACKET_ONCE),
    TEST(test_abort_in_time_wait),
    TEST(test_close_with_unread_data),
    TEST_FLAGS(test_address_goes, PACKET_ONCE),
};

PACKET_MAIN(tests)
