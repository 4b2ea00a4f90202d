/**
 * @file
 * TCP: listeners, their backlog, what becomes of their children; who may bind which port; who goes
 * when there is no pcb left.
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "base/fault.h"

/* The peer calls from another port each time. */
static void peer_calls_from(u16_t port)
{
  tcp_peer.port = port;
  peer_says(.flags = TCP_SYN);
}

static void peer_connects_from(u16_t port)
{
  peer_calls_from(port);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
}

static void listen_up(u8_t backlog)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_backlog_set(app.listener, backlog);
}

static err_t accept_and_delay(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  tcp_backlog_delayed(pcb);
  app.accepted++;
  app.pcb = pcb;
  return ERR_OK;
}

PACKET_TEST(test_full_backlog_refuses_no_genuine_client)
{
  /* RFC 9293 3.9.1 leaves the queue to us: nobody waits here without having been heard. */
  listen_up(2);
  tcp_accept(app.listener, accept_and_delay);
  peer_connects_from(4001);
  peer_connects_from(4002);
  peer_calls_from(4003);
  expect_drop(DROP_TCP_BACKLOG);
  expect_silence();
  tcp_backlog_accepted(app.pcb); /* there is room for one more */
  peer_connects_from(4003);
  assert_int_equal(app.accepted, 3);
  expect_no_drop();
}

/* RFC 9293 3.10.7.2. */
PACKET_TEST(test_accepting_twice_frees_one_place)
{
  listen_up(1);
  tcp_accept(app.listener, accept_and_delay);
  peer_connects_from(4001);
  tcp_backlog_accepted(app.pcb);
  tcp_backlog_accepted(app.pcb);
  peer_connects_from(4002);
  peer_calls_from(4003);
  expect_drop(DROP_TCP_BACKLOG);
}

/* RFC 9293 3.10.7.4 step 2. */
PACKET_TEST(test_delayed_connection_that_ends_leaves_the_backlog)
{
  listen_up(1);
  tcp_accept(app.listener, accept_and_delay);
  peer_connects_from(4001);
  peer_says(.flags = TCP_RST, .seq = 1);
  peer_connects_from(4002);
  assert_int_equal(app.accepted, 2);
}

/* RFC 9293 3.10.5. */
PACKET_TEST(test_program_that_refuses_resets_the_connection)
{
  listen_up(1);
  app.accept_returns = ERR_MEM;
  peer_connects_from(4001);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  assert_null(tcp_active_pcbs);
  app.accept_returns = ERR_OK;
  peer_connects_from(4002);
  assert_int_equal(app.accepted, 1);
}

static err_t accept_and_abort(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  tcp_abort(pcb);
  return ERR_ABRT;
}

/* RFC 9293 3.10.5. */
PACKET_TEST(test_program_that_aborts_in_accept)
{
  listen_up(1);
  tcp_accept(app.listener, accept_and_abort);
  peer_connects_from(4001);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  assert_null(tcp_active_pcbs);
  expect_silence();
}

static err_t accept_and_close_listener(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  tcp_close(app.listener);
  app.listener = NULL;
  app.pcb = pcb;
  app.accepted++;
  return ERR_OK;
}

/* RFC 9293 3.10.4. */
PACKET_TEST(test_listener_closed_by_its_own_accept)
{
  listen_up(4);
  tcp_accept(app.listener, accept_and_close_listener);
  peer_connects_from(4001);
  assert_int_equal(app.accepted, 1);
  app_write("alive", 5);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "alive");
  peer_calls_from(4002);
  expect_segment(.flags = TCP_RST | TCP_ACK, .ack = 1);
  expect_drop(DROP_TCP_NO_PORT);
}

PACKET_TEST(test_half_open_connections_are_reset_with_their_listener)
{
  /* Security vector B10-191. */
  listen_up(4);
  peer_connects_from(4001);
  peer_calls_from(4002);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  tcp_close(app.listener);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_RST, .seq = 1);
  expect_drop(DROP_TCP_NO_PORT);
  assert_int_equal(app.pcb->state, ESTABLISHED); /* the one that had been accepted */
  advance(60000);
  expect_silence();
}

/* RFC 9293 3.10.4. */
PACKET_TEST(test_delayed_connection_outlives_its_listener)
{
  listen_up(1);
  tcp_accept(app.listener, accept_and_delay);
  peer_connects_from(4001);
  tcp_close(app.listener);
  tcp_backlog_accepted(app.pcb);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 2);
}

PACKET_TEST(test_strangers_at_a_listener)
{
  /* RFC 9293 3.10.7.2; security vector B10-159. */
  listen_up(1);
  peer_says(.flags = TCP_RST, .seq = 1);
  expect_drop(DROP_TCP_BAD_RST);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 7);
  expect_segment(.flags = TCP_RST, .seq = 7);
  expect_drop(DROP_TCP_BAD_ACK);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 9);
  expect_segment(.flags = TCP_RST, .seq = 9);
  expect_drop(DROP_TCP_BAD_ACK);
  peer_says(.flags = TCP_SYN | TCP_FIN);
  expect_drop(DROP_TCP_NO_SYN);
  peer_says(.flags = 0, .seq = 1, .data = "x");
  expect_drop(DROP_TCP_NO_SYN);
  expect_silence();
  assert_null(tcp_active_pcbs);
}

PACKET_TEST(test_half_open_connection_is_given_up)
{
  /* RFC 1122 4.2.3.5: SYN-ACKs are repeated a few times, then the place is free again. */
  listen_up(1);
  peer_calls_from(4001);
  unsigned answers = tcp_peer_ignores();
  for (int i = 0; i < 100; i++) {
    advance(1000);
    answers += tcp_peer_ignores();
  }
  assert_true(answers >= 3 && answers <= 1 + TCP_SYNMAXRTX);
  peer_connects_from(4002);
  assert_int_equal(app.accepted, 1);
}

/* --- binding --- */

static struct tcp_pcb *bound(const char *addr, u16_t port, bool reuse, err_t want)
{
  ip_addr_t ip = ip_of(addr);
  struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(&ip));
  if (pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "no pcb");
  }
  if (reuse) {
    ip_set_option(pcb, SOF_REUSEADDR);
  }
  err_t err = tcp_bind(pcb, &ip, port);
  if (err != want) {
    packet_fail(__FILE__, __LINE__, "tcp_bind(%s, %u) is %d, not %d", addr, port, err, want);
  }
  return pcb;
}

static struct tcp_pcb *listening(const char *addr, u16_t port, bool reuse)
{
  struct tcp_pcb *l = tcp_listen(bound(addr, port, reuse, ERR_OK));
  if (l == NULL) {
    packet_fail(__FILE__, __LINE__, "tcp_listen() failed");
  }
  return l;
}

/* RFC 9293 3.10.1. */
PACKET_TEST(test_a_port_is_bound_once)
{
  tcp_peer_reset();
  const char *ours = LWIP_IPV4 ? "10.0.0.1" : "2001:db8::1";
  const char *any = LWIP_IPV4 ? "0.0.0.0" : "::";
  bound(any, 80, false, ERR_OK);
  bound(any, 80, false, ERR_USE);
  bound(ours, 80, false, ERR_USE);
  bound(ours, 80, true, ERR_USE); /* both must want to share */
  bound(any, 81, true, ERR_OK);
  bound(any, 81, true, SO_REUSE ? ERR_OK : ERR_USE);
  bound(ours, 81, false, ERR_USE);
  bound(ours, 82, false, ERR_OK);
  bound(any, 82, false, ERR_USE);
}

/* RFC 9293 3.3.1. */
PACKET_TEST(test_families_share_ports)
{
  tcp_peer_reset();
  if (LWIP_IPV4 && LWIP_IPV6) {
    bound("0.0.0.0", 80, false, ERR_OK);
    bound("::", 80, false, ERR_OK);
    struct tcp_pcb *both = tcp_new_ip_type(IPADDR_TYPE_ANY);
    assert_non_null(both);
    assert_int_equal(tcp_bind(both, IP_ANY_TYPE, 80), ERR_USE);
  }
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 81), ERR_OK);
}

/* RFC 9293 3.10.1. */
PACKET_TEST(test_two_listeners_of_one_address_cannot_be)
{
  tcp_peer_reset();
  const char *any = LWIP_IPV4 ? "0.0.0.0" : "::";
  err_t err;
  listening(any, 80, true);
  struct tcp_pcb *second = bound(any, 80, true, SO_REUSE ? ERR_OK : ERR_USE);
  if (SO_REUSE) {
    assert_null(tcp_listen_with_backlog_and_err(second, 1, &err));
    assert_int_equal(err, ERR_USE);
  }
}

/* RFC 9293 3.9.1.7. */
PACKET_TEST(test_netifs_share_ports)
{
  tcp_peer_reset();
  struct packet_net *other = net_add_netif();
  struct tcp_pcb *a = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(a);
  tcp_bind_netif(a, &net.netif);
  assert_int_equal(tcp_bind(a, NULL, 80), ERR_OK);
  struct tcp_pcb *b = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(b);
  tcp_bind_netif(b, &other->netif);
  assert_int_equal(tcp_bind(b, NULL, 80), ERR_OK);
  struct tcp_pcb *c = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(c);
  assert_int_equal(tcp_bind(c, NULL, 80), ERR_USE);
}

static unsigned heard[4];
static err_t count_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)pcb;
  heard[*(const unsigned char *)arg] += err == ERR_OK;
  return ERR_OK;
}

static const unsigned char marks[4] = {0, 1, 2, 3};

static void mark(struct tcp_pcb *listener, unsigned which)
{
  tcp_arg(listener, (void *)(mem_ptr_t)&marks[which]);
  tcp_accept(listener, count_accept);
}

/* RFC 9293 3.9.1.7. */
PACKET_TEST(test_the_listener_that_fits_best)
{
  tcp_peer_reset();
  memset(heard, 0, sizeof heard);
  tcp_peer.stack_port = 80;
  if (!LWIP_IPV4) {
    net6_up();
  }
  struct tcp_pcb *any = listening(LWIP_IPV4 ? "0.0.0.0" : "::", 80, true);
  mark(any, 0);
  peer_connects_from(4001);
  assert_int_equal(heard[0], 1);
  if (!SO_REUSE) {
    return;
  }
  struct tcp_pcb *ours = listening(LWIP_IPV4 ? "10.0.0.1" : "2001:db8::1", 80, true);
  mark(ours, 1);
  peer_connects_from(4002);
  assert_int_equal(heard[1], 1);
  tcp_close(ours);
  peer_connects_from(4003);
  assert_int_equal(heard[0], 2);
}

/* RFC 9293 3.10.7.1. */
PACKET_TEST(test_listener_of_another_netif_hears_nothing)
{
  listen_up(1);
  struct packet_net *other = net_add_netif();
  tcp_bind_netif(app.listener, &other->netif);
  peer_calls_from(4001);
  expect_segment(.flags = TCP_RST | TCP_ACK, .ack = 1);
  expect_drop(DROP_TCP_NO_PORT);
  tcp_bind_netif(app.listener, &net.netif);
  peer_connects_from(4002);
  assert_int_equal(app.accepted, 1);
}

/* RFC 9293 3.9.1.7. */
PACKET_TEST(test_dual_stack_listener)
{
  tcp_peer_reset();
  memset(heard, 0, sizeof heard);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, IP_ANY_TYPE, 80), ERR_OK);
  struct tcp_pcb *listener = tcp_listen(pcb);
  assert_non_null(listener);
  mark(listener, 2);
  peer_connects_from(4001);
  if (LWIP_IPV4 && LWIP_IPV6) {
    tcp_peer_use(true);
    peer_connects_from(4002);
    assert_int_equal(heard[2], 2);
    assert_true(IP_IS_V6(&tcp_active_pcbs->remote_ip));
    assert_true(IP_IS_V4(&tcp_active_pcbs->next->remote_ip));
  }
}

/* --- who goes when there is no pcb --- */

static unsigned ended;
static void on_end(void *arg, err_t err)
{
  (void)arg;
  ended += err == ERR_ABRT;
}

/** An established connection of this priority from this port. */
static struct tcp_pcb *connection(u16_t port, u8_t prio)
{
  peer_connects_from(port);
  struct tcp_pcb *pcb = app.pcb;
  if (pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "no connection");
  }
  tcp_setprio(pcb, prio);
  tcp_err(pcb, on_end);
  return pcb;
}

/* RFC 9293 3.10.5. */
PACKET_TEST(test_without_pcbs_the_least_important_connection_goes)
{
  if (packet_is_fault_run() || !LWIP_FAULT_INJECTION) {
    return;
  }
  listen_up(255);
  ended = 0;
  connection(4001, TCP_PRIO_NORMAL);
  advance(10);
  connection(4002, TCP_PRIO_MIN);
  advance(10);
  connection(4003, TCP_PRIO_MIN);
  fault_arm(1);
  assert_non_null(tcp_new());
  assert_int_equal(ended, 1);
  assert_int_equal(tcp_peer_sees()->h.dst_port, 4002); /* of two, the one idle for longer */
  fault_arm(1);
  assert_non_null(tcp_new());
  assert_int_equal(tcp_peer_sees()->h.dst_port, 4003);
  fault_arm(1);
  assert_null(tcp_new()); /* what is left is as important */
  fault_arm(0);
  assert_int_equal(ended, 2);
}

/* RFC 9293 3.10.4. */
PACKET_TEST(test_without_pcbs_closed_connections_go_first)
{
  if (packet_is_fault_run() || !LWIP_FAULT_INJECTION) {
    return;
  }
  listen_up(255);
  ended = 0;
  connection(4001, TCP_PRIO_MAX);
  tcp_close(app.pcb);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  connection(4002, TCP_PRIO_MIN);
  fault_arm(1);
  assert_non_null(tcp_new());
  fault_arm(0);
  assert_int_equal(ended, 0);
  assert_int_equal(tcp_peer_sees()->h.dst_port, 4001);
}

static void fail_nth_in_rx(u16_t port, u32_t nth)
{
  tcp_peer.port = port;
  struct frame f = tcp_segment_of(&(struct tcp_said){.flags = TCP_SYN});
  fault_arm(nth);
  rx(f);
  fault_arm(0);
}

/* RFC 9293 3.10.7.2. */
PACKET_TEST(test_syn_without_memory_is_told_to_the_program)
{
  if (packet_is_fault_run() || !LWIP_FAULT_INJECTION || LWIP_TCP_SYN_COOKIES) {
    return;
  }
  listen_up(255);
  for (u32_t nth = 2; nth < 8; nth++) /* the first is the frame itself */ {
    ignore_drops();
    fail_nth_in_rx((u16_t)(4000 + nth), nth);
    if (drop_count(DROP_TCP_NO_MEMORY) > 0) {
      break;
    }
    tcp_peer_ignores();
  }
  expect_drop(DROP_TCP_NO_MEMORY);
  expect_silence();
}

/* --- what a connection has from its listener, and lists that shrink in the middle --- */

/* RFC 9293 3.9.1.9, 3.9.2: traffic class, hop limit, argument and priority are the listener's. */
PACKET_TEST(test_connection_inherits)
{
  static int arg;
  tcp_peer_reset();
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 80), ERR_OK);
  tcp_arg(pcb, &arg);
  tcp_setprio(pcb, 99);
  pcb->tos = 0x28;
  pcb->ttl = 77;
  struct tcp_pcb *listener = tcp_listen(pcb);
  assert_non_null(listener);
  tcp_accept(listener, accept_and_delay);
  tcp_peer.port = 4001;
  peer_says(.flags = TCP_SYN);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(seen->ttl, 77);
  assert_int_equal(seen->tos & 0xfc, 0x28);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_ptr_equal(app.pcb->callback_arg, &arg);
  assert_int_equal(app.pcb->prio, 99);
  app_write("x", 1);
  seen = expect_segment(.flags = TCP_ACK, .seq = 1, .data = "x");
  assert_int_equal(seen->ttl, 77);
  assert_int_equal(seen->tos & 0xfc, 0x28);
}

/* RFC 9293 3.10.1: what tcp_listen() says. */
PACKET_TEST(test_errors_of_listen)
{
  err_t err = ERR_VAL;
  tcp_peer_reset();
  assert_null(tcp_listen_with_backlog_and_err(NULL, 1, &err));
  assert_int_equal(err, ERR_ARG);
  struct tcp_pcb *pcb = tcp_new();
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 81), ERR_OK);
  if (LWIP_FAULT_INJECTION && !packet_is_fault_run()) {
    fault_arm(1);
    struct tcp_pcb *none = tcp_listen_with_backlog_and_err(pcb, 1, &err);
    fault_arm(0);
    assert_null(none);
    assert_int_equal(err, ERR_MEM);
    assert_int_equal(pcb->state, CLOSED); /* still the program's */
  }
  struct tcp_pcb *listener = tcp_listen_with_backlog_and_err(pcb, 1, &err);
  if (listener == NULL) {
    tcp_abort(pcb);
  }
  assert_non_null(listener);
  assert_int_equal(err, ERR_OK);
  assert_null(tcp_listen_with_backlog_and_err(listener, 1, &err));
  assert_int_equal(err, ERR_CLSD);
  assert_int_equal(tcp_bind(listener, NULL, 82), ERR_VAL);
  tcp_close(listener);
}

/* RFC 9293 3.10.4: a listener that is not the latest goes, and it alone. */
PACKET_TEST(test_older_listener_goes)
{
  tcp_peer_reset();
  tcp_listen_up();
  struct tcp_pcb *older = app.listener;
  tcp_peer.stack_port = 81;
  tcp_listen_up();
  tcp_close(older);
  tcp_peer.stack_port = 80;
  peer_calls_from(4001);
  expect_segment(.flags = TCP_RST | TCP_ACK, .ack = 1);
  tcp_peer.stack_port = 81;
  peer_connects_from(4002);
  assert_int_equal(app.accepted, 1);
}

/* RFC 9293 3.3.1: connections leave their list in any order. */
PACKET_TEST(test_connections_go_in_any_order)
{
  static const u8_t orders[][3] = {{1, 0, 2}, {1, 2, 0}, {0, 1, 2}, {2, 1, 0}, {0, 2, 1}};
  tcp_peer_reset();
  tcp_listen_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(orders); i++) {
    struct tcp_pcb *pcbs[3];
    for (unsigned k = 0; k < 3; k++) {
      peer_connects_from((u16_t)(4001 + 3 * i + k));
      pcbs[k] = tcp_active_pcbs;
    }
    for (unsigned k = 0; k < 3; k++) {
      unsigned left = 0;
      tcp_abort(pcbs[orders[i][k]]);
      for (struct tcp_pcb *p = tcp_active_pcbs; p != NULL && left < 4; p = p->next) {
        left++;
      }
      assert_int_equal(left, 2 - k);
    }
    tx_discard();
  }
}

#if LWIP_IPV4 && LWIP_IPV6
/* RFC 9293 3.9.1.7: of two that listen to both families, the one that is bound to the netif. */
PACKET_TEST(test_dual_stack_listeners_on_netifs)
{
  struct tcp_pcb *listeners[2];
  tcp_peer_reset();
  memset(heard, 0, sizeof heard);
  for (unsigned i = 0; i < 2; i++) {
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    assert_non_null(pcb);
    tcp_bind_netif(pcb, i == 0 ? &net.netif : NULL);
    ip_set_option(pcb, SOF_REUSEADDR);
    assert_int_equal(tcp_bind(pcb, IP_ANY_TYPE, 80), ERR_OK);
    listeners[i] = tcp_listen(pcb);
    assert_non_null(listeners[i]);
    mark(listeners[i], i);
  }
  peer_connects_from(4001);
  assert_int_equal(heard[0], 1);
  struct tcp_pcb *four = tcp_new_ip_type(IPADDR_TYPE_V4); /* its own family counts more */
  assert_non_null(four);
  ip_set_option(four, SOF_REUSEADDR);
  assert_int_equal(tcp_bind(four, NULL, 80), ERR_OK);
  four = tcp_listen(four);
  assert_non_null(four);
  mark(four, 2);
  peer_connects_from(4002);
  assert_int_equal(heard[2], 1);
  tcp_peer_use(true);
  peer_connects_from(4003);
  assert_int_equal(heard[0], 2);
}
#endif

/* Calls that concern nobody. RFC 9293 3.10. */
PACKET_TEST(test_backlog_of_nobody)
{
  tcp_backlog_delayed(NULL);
  tcp_backlog_accepted(NULL);
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  tcp_backlog_delayed(app.pcb); /* it has no listener */
  assert_int_equal(app.pcb->flags & TF_BACKLOGPEND, 0);
}

static const struct packet_test tests[] = {
    TEST(test_full_backlog_refuses_no_genuine_client),
    TEST(test_accepting_twice_frees_one_place),
    TEST(test_delayed_connection_that_ends_leaves_the_backlog),
    TEST(test_program_that_refuses_resets_the_connection),
    TEST(test_program_that_aborts_in_accept),
    TEST(test_listener_closed_by_its_own_accept),
    TEST(test_half_open_connections_are_reset_with_their_listener),
    TEST(test_delayed_connection_outlives_its_listener),
    TEST(test_strangers_at_a_listener),
    TEST(test_half_open_connection_is_given_up),
    TEST(test_a_port_is_bound_once),
    TEST(test_families_share_ports),
    TEST(test_two_listeners_of_one_address_cannot_be),
    TEST(test_netifs_share_ports),
    TEST(test_the_listener_that_fits_best),
    TEST(test_listener_of_another_netif_hears_nothing),
    TEST(test_dual_stack_listener),
    TEST(test_without_pcbs_the_least_important_connection_goes),
    TEST(test_without_pcbs_closed_connections_go_first),
    TEST_FLAGS(test_syn_without_memory_is_told_to_the_program, PACKET_ONCE),
    TEST_FLAGS(test_connection_inherits, PACKET_ONCE),
    TEST_FLAGS(test_errors_of_listen, PACKET_ONCE),
    TEST_FLAGS(test_older_listener_goes, PACKET_ONCE),
    TEST_FLAGS(test_connections_go_in_any_order, PACKET_ONCE),
    TEST_FLAGS(test_backlog_of_nobody, PACKET_ONCE),
#if LWIP_IPV4 && LWIP_IPV6
    TEST_FLAGS(test_dual_stack_listeners_on_netifs, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)
