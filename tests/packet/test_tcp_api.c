/**
 * @file
 * TCP's raw API as documented: what tcp_write() takes and keeps, how much room there is, polling,
 * wrong calls, addresses, priorities. RFC 9293 3.9.1 is the interface that it has to offer.
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "base/fault.h"

#define FULL (LWIP_IPV4 ? 1460U : 1440U) /* payload of a full segment */

static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){0});
}

static err_t write_copy(const void *data, u16_t len)
{
  return tcp_write(app.pcb, data, len, TCP_WRITE_FLAG_COPY);
}

/** Is this a run in which the test may let allocations fail itself? */
static bool may_fail(void)
{
  return LWIP_FAULT_INJECTION && !packet_is_fault_run();
}

/* --- tcp_write() --- */

/* RFC 9293 3.9.1.2: with TCP_WRITE_FLAG_COPY the buffer is the program's again at once. */
PACKET_TEST(test_write_with_copy)
{
  char data[] = "before";
  start();
  assert_int_equal(write_copy(data, 6), ERR_OK);
  memcpy(data, "behind", 6);
  assert_int_equal(tcp_output(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .data = "before");
}

/* Without the flag nothing is copied before the segment is built (RFC 9293 3.9.1.2). */
PACKET_TEST(test_write_without_copy)
{
  static char data[7];
  memcpy(data, "before", sizeof data);
  start();
  assert_int_equal(tcp_write(app.pcb, data, 6, 0), ERR_OK);
  memcpy(data, "behind", 6);
  assert_int_equal(tcp_output(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_ACK, .seq = 1,
                 .data = LWIP_NETIF_TX_SINGLE_PBUF ? "before" : "behind");
}

/* Referenced and copied bytes keep their order, and a copy does not go into what is referenced
   (RFC 9293 3.9.1.2). */
PACKET_TEST(test_copied_and_referenced_bytes_alternate)
{
  static const char *const parts[] = {"one ", "two ", "three ", "four ", "five "};
  start();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(parts); i++) {
    u8_t flags = (i & 1U) ? TCP_WRITE_FLAG_COPY : 0;
    assert_int_equal(tcp_write(app.pcb, parts[i], (u16_t)strlen(parts[i]), flags), ERR_OK);
  }
  tcp_output(app.pcb);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "one two three four five ");
}

/* RFC 9293 3.9.1.2 (SHLD-27 to MUST-61): what ends a write without MORE is pushed. */
PACKET_TEST(test_more_means_no_push)
{
  start();
  assert_int_equal(tcp_write(app.pcb, "a", 1, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE), ERR_OK);
  tcp_output(app.pcb);
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  assert_int_equal(seen->h.flags & TCP_PSH, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  app_write("b", 1);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 2, .data = "b");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 3);
  app_write(pattern(FULL + 1, 1), FULL + 1); /* only the last segment of a write is */
  seen = expect_segment(.flags = TCP_ACK, .seq = 3, .len = FULL);
  assert_int_equal(seen->h.flags & TCP_PSH, 0);
}

/* RFC 9293 3.9.1.2: in which states there is something to write to. */
PACKET_TEST(test_write_by_state)
{
  tcp_peer_reset();
  struct tcp_pcb *closed = tcp_new();
  assert_non_null(closed);
  assert_int_equal(tcp_write(closed, "x", 1, TCP_WRITE_FLAG_COPY), ERR_CONN);
  tcp_abort(closed);
  tcp_listen_up();
  assert_int_equal(tcp_write(app.listener, "x", 1, TCP_WRITE_FLAG_COPY), ERR_CONN);
  tcp_close(app.listener);
  tcp_connect_up();
  assert_int_equal(write_copy("x", 1), ERR_OK); /* SYN_SENT: waits for the handshake */
  expect_segment(.flags = TCP_SYN, .seq = 0, .len = 0);
  peer_says(.flags = TCP_SYN, .seq = 0);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .len = 0);
  assert_int_equal(write_copy("y", 1), ERR_OK); /* SYN_RCVD */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "xy");
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 3);
  expect_segment(.flags = TCP_ACK, .seq = 3, .ack = 2);
  app_write("z", 1); /* CLOSE_WAIT */
  expect_segment(.flags = TCP_ACK, .seq = 3, .ack = 2, .data = "z");
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  assert_int_equal(write_copy("x", 1), ERR_CONN); /* LAST_ACK */
}

/* RFC 9293 3.9.1.2. */
PACKET_TEST(test_write_refuses_nonsense)
{
  start();
  assert_int_equal(tcp_write(NULL, "x", 1, 0), ERR_ARG);
  assert_int_equal(tcp_write(app.pcb, NULL, 1, 0), ERR_ARG);
  assert_int_equal(tcp_write(app.pcb, NULL, 0, 0), ERR_OK);
  tcp_output(app.pcb);
  expect_silence();
  assert_int_equal(tcp_sndqueuelen(app.pcb), 0);
}

/* --- room --- */

/* tcp_sndbuf() is what tcp_write() takes, all of it and not a byte more (RFC 9293 3.9.1.2). */
PACKET_TEST(test_room_to_write)
{
  start();
  if (!MEM_LIBC_MALLOC) {
    return; /* the heap is full before the send buffer is */
  }
  u32_t room = TCP_SND_BUF;
  assert_int_equal(tcp_sndbuf(app.pcb), LWIP_MIN(room, 0xffffU));
  tcp_peer.wnd = 0;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  while (room > 0) {
    u16_t part = (u16_t)LWIP_MIN(room, 60000U);
    assert_int_equal(write_copy(pattern(part, 1), part), ERR_OK);
    room -= part;
    assert_int_equal(tcp_sndbuf(app.pcb), LWIP_MIN(room, 0xffffU));
  }
  u16_t queuelen = tcp_sndqueuelen(app.pcb);
  assert_int_equal(write_copy("x", 1), ERR_MEM);
  assert_int_equal(tcp_sndqueuelen(app.pcb), queuelen);
  assert_int_equal(app.pcb->snd_buf, 0);
}

/* A writer hears of room as soon as an ACK frees it, before anything else is sent; what it writes
   then leaves with the same event (RFC 9293 3.10.7.4 step 5). */
PACKET_TEST(test_room_comes_back_with_the_acknowledgement)
{
  start();
  app_write("abc", 3);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "abc");
  assert_int_equal(app.pcb->snd_buf, TCP_SND_BUF - 3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 3);
  assert_int_equal(app.sent, 2);
  assert_int_equal(app.pcb->snd_buf, TCP_SND_BUF - 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 4);
  assert_int_equal(app.sent, 3);
  assert_int_equal(app.pcb->snd_buf, TCP_SND_BUF);
  assert_int_equal(tcp_sndqueuelen(app.pcb), 0);
}

static err_t write_one_more(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  (void)arg;
  app.sent += len;
  return app.sent < 6 ? tcp_write(pcb, "go on", 5, TCP_WRITE_FLAG_COPY) : ERR_OK;
}

PACKET_TEST(test_writer_is_woken_at_once)
{
  start();
  tcp_sent(app.pcb, write_one_more);
  app_write("a", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2); /* RFC 9293 3.9.1.2: no timer in between */
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 2, .data = "go on");
}

/* The queue is bounded in pbufs, too (TCP_SND_QUEUELEN), whatever their size
   (security vector B10-184). */
PACKET_TEST(test_queue_is_bounded_in_pbufs)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  u32_t count = 0;
  while (count < TCP_SND_QUEUELEN && tcp_write(app.pcb, "x", 1, 0) == ERR_OK) {
    count++;
    assert_true(tcp_sndqueuelen(app.pcb) <= count);
  }
  assert_true(count > 1);
  if (!LWIP_NETIF_TX_SINGLE_PBUF && MEMP_MEM_MALLOC) {
    assert_int_equal(count, TCP_SND_QUEUELEN);
    assert_int_equal(tcp_write(app.pcb, "x", 1, 0), ERR_MEM);
    assert_int_equal(write_copy(pattern(FULL, 1), FULL), ERR_MEM);
    assert_int_equal(app.pcb->snd_buf, TCP_SND_BUF - count);
  }
}

/* TCP_OVERSIZE: small writes share a pbuf, so that they need not each have one of the queue's
   (RFC 9293 3.7.4). */
PACKET_TEST(test_small_writes_share_a_pbuf)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  for (unsigned i = 0; i < 100; i++) {
    assert_int_equal(write_copy("0123456789", 10), ERR_OK);
  }
  /* The first stands alone: it is mostly sent at once. */
  assert_int_equal(tcp_sndqueuelen(app.pcb), TCP_OVERSIZE >= 1000 ? 2 : 100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 5000);
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .seq = 1, .len = 1000);
  for (unsigned i = 0; i < 100; i++) {
    assert_memory_equal(seen->data + 10U * i, "0123456789", 10);
  }
}

/* --- memory --- */

/* RFC 9293 3.10.2. */
PACKET_TEST(test_write_without_memory)
{
  start();
  if (!may_fail()) {
    return;
  }
  for (unsigned copy = 0; copy < 2; copy++) {
    fault_arm(1);
    u8_t flags = copy ? TCP_WRITE_FLAG_COPY : 0;
    err_t err = tcp_write(app.pcb, pattern(FULL, 1), (u16_t)FULL, flags);
    fault_arm(0);
    assert_int_equal(err, ERR_MEM);
    assert_int_equal(app.pcb->snd_buf, TCP_SND_BUF);
    assert_int_equal(tcp_sndqueuelen(app.pcb), 0);
  }
  app_write("now", 3);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "now");
}

/* Where memory is short, small segments are not held back to become larger ones (RFC 9293 3.7.4):
   what is freed when they are acknowledged is what the program waits for. */
PACKET_TEST(test_nagle_does_not_wait_when_memory_is_short)
{
  start();
  if (!may_fail()) {
    return;
  }
  app_write("a", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  app_write("b", 1);
  expect_silence(); /* Nagle */
  fault_arm(1);
  assert_int_equal(tcp_write(app.pcb, pattern(FULL, 1), (u16_t)FULL, 0), ERR_MEM);
  fault_arm(0);
  assert_int_equal(tcp_output(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_ACK, .seq = 2, .data = "b");
  app_write("c", 1);
  expect_silence(); /* ... and is back */
}

/* No memory for the segment: it is tried again without any other event (RFC 9293 3.8.1). */
PACKET_TEST(test_output_without_memory)
{
  start();
  if (!may_fail()) {
    return;
  }
  assert_int_equal(write_copy("abc", 3), ERR_OK);
  fault_arm(1);
  assert_int_equal(tcp_output(app.pcb), ERR_OK);
  fault_arm(0);
  expect_silence();
  advance(2000);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "abc");
}

/* --- receiving --- */

/* More than was received cannot be given back: the window has its size (RFC 9293 3.8.6). */
PACKET_TEST(test_recved_too_much)
{
  start();
  tcp_recved(app.pcb, 60000);
  tcp_recved(NULL, 1);
  assert_int_equal(app.pcb->rcv_wnd, TCP_WND_MAX(app.pcb));
  expect_silence();
  tcp_recved(app.listener, 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 2);
}

/* Without a receive callback data are consumed, and the peer's end closes our side
   (RFC 9293 3.10.3). */
PACKET_TEST(test_nobody_receives)
{
  start();
  tcp_recv(app.pcb, NULL);
  for (u32_t i = 0; i < 4; i++) {
    peer_says(.flags = TCP_ACK, .seq = 1 + i * FULL, .ack = 1, .data = pattern(FULL, 1),
              .len = FULL);
  }
  assert_int_equal(app.pcb->rcv_wnd, TCP_WND_MAX(app.pcb));
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1 + 4 * FULL, .ack = 1);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 2 + 4 * FULL);
  peer_says(.flags = TCP_ACK, .seq = 2 + 4 * FULL, .ack = 2);
  assert_null(tcp_active_pcbs);
}

/* --- tcp_poll() --- */

static err_t count_polls(void *arg, struct tcp_pcb *pcb)
{
  (void)pcb;
  ++*(unsigned *)arg;
  return ERR_OK;
}

/* RFC 9293 3.9.1.8. */
PACKET_TEST(test_poll_in_half_seconds)
{
  static unsigned polls;
  polls = 0;
  start();
  tcp_arg(app.pcb, &polls);
  tcp_poll(app.pcb, count_polls, 4);
  advance(1999);
  assert_int_equal(polls, 0);
  advance(1);
  assert_int_equal(polls, 1);
  advance(8000);
  assert_int_equal(polls, 5);
  tcp_poll(app.pcb, count_polls, 1);
  advance(1000);
  assert_int_equal(polls, 7);
  tcp_poll(app.pcb, count_polls, 0);
  advance(10000);
  assert_int_equal(polls, 7);
  tcp_poll(app.pcb, NULL, 1); /* nobody to call */
  advance(1000);
  assert_int_equal(polls, 7);
  tcp_poll(app.pcb, count_polls, 1);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  advance(1000);
  assert_int_equal(polls, 7);
}

/* What a poll writes is sent without tcp_output(). */
static err_t write_in_poll(void *arg, struct tcp_pcb *pcb)
{
  (void)arg;
  tcp_poll(pcb, NULL, 0);
  return tcp_write(pcb, "tick", 4, TCP_WRITE_FLAG_COPY);
}

/* RFC 9293 3.10.2. */
PACKET_TEST(test_poll_sends_what_it_writes)
{
  start();
  tcp_poll(app.pcb, write_in_poll, 1);
  advance(500);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "tick");
}

/* --- who and where --- */

/* RFC 9293 3.9.1.6. */
PACKET_TEST(test_addresses_of_a_connection)
{
  ip_addr_t addr;
  u16_t port = 0;
  start();
  assert_int_equal(tcp_get_tcp_addrinfo(app.pcb, 1, &addr, &port), ERR_OK);
  assert_true(ip_addr_eq(&addr, &app.pcb->local_ip));
  assert_int_equal(port, 80);
  assert_int_equal(tcp_get_tcp_addrinfo(app.pcb, 0, &addr, &port), ERR_OK);
  assert_true(ip_addr_eq(&addr, &app.pcb->remote_ip));
  assert_int_equal(port, 4000);
  assert_int_equal(tcp_get_tcp_addrinfo(app.pcb, 1, NULL, NULL), ERR_OK);
  assert_int_equal(port, 4000);
  assert_int_equal(tcp_get_tcp_addrinfo(NULL, 1, &addr, &port), ERR_VAL);
}

/* What is said to nobody, or to a listener that has no such member, does nothing
   (RFC 9293 3.10). */
PACKET_TEST(test_calls_without_a_connection)
{
  static unsigned polls;
  tcp_peer_reset();
  tcp_arg(NULL, &polls);
  tcp_recv(NULL, NULL);
  tcp_sent(NULL, NULL);
  tcp_err(NULL, NULL);
  tcp_accept(NULL, NULL);
  tcp_poll(NULL, NULL, 1);
  tcp_setprio(NULL, 1);
  tcp_abort(NULL);
  assert_int_equal(tcp_close(NULL), ERR_ARG);
  assert_int_equal(tcp_shutdown(NULL, 1, 1), ERR_ARG);
  assert_int_equal(tcp_bind(NULL, NULL, 1), ERR_ARG);
  tcp_listen_up();
  tcp_recv(app.listener, NULL);
  tcp_sent(app.listener, NULL);
  tcp_err(app.listener, NULL);
  tcp_poll(app.listener, count_polls, 1);
  tcp_arg(app.listener, &polls);
  polls = 0;
  advance(2000);
  assert_int_equal(polls, 0);
  assert_int_equal(tcp_shutdown(app.listener, 1, 1), ERR_CONN);
  assert_int_equal(tcp_output(app.listener), ERR_OK);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
  assert_ptr_equal(app.pcb->callback_arg, &polls); /* inherited */
}

static struct tcp_pcb *new_pcb(void)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(pcb);
  return pcb;
}

static err_t connect_to(struct tcp_pcb *pcb, const char *addr, u16_t port)
{
  ip_addr_t to = ip_of(addr);
  return tcp_connect(pcb, &to, port, NULL);
}

/* Security vector B10-190: there is no connection to groups, to nobody, or to oneself. */
PACKET_TEST(test_connect_to_nonsense)
{
  static const char *const nobody[] = {
#if LWIP_IPV4
    "255.255.255.255",
    "10.0.0.255",
    "224.0.0.1",
    "0.0.0.0",
#else
    "ff02::1",
    "::",
#endif
  };
  tcp_peer_reset();
  struct tcp_pcb *pcb = new_pcb();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(nobody); i++) {
    packet_note("%s: ", nobody[i]);
    assert_int_equal(connect_to(pcb, nobody[i], 80), ERR_VAL);
  }
  packet_note("%s", "");
  ip_addr_t to = ip_of(LWIP_IPV4 ? "10.0.0.2" : "2001:db8::2");
  assert_int_equal(tcp_connect(pcb, &to, 0, NULL), ERR_VAL);
  assert_int_equal(tcp_connect(NULL, &to, 80, NULL), ERR_ARG);
  assert_int_equal(tcp_connect(pcb, NULL, 80, NULL), ERR_ARG);
  assert_int_equal(pcb->state, CLOSED);
  expect_silence();
  tcp_abort(pcb);
}

#if LWIP_IPV4 && LWIP_IPV6
/* Security vector B10-190: nor to or from an address of the other family. */
PACKET_TEST(test_connect_to_the_other_family)
{
  ip_addr_t six = ip_of("2001:db8::2");
  tcp_peer_reset();
  net6_up();
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_V4);
  assert_non_null(pcb);
  assert_int_equal(tcp_connect(pcb, &six, 80, NULL), ERR_VAL);
  tcp_abort(pcb);
  pcb = tcp_new_ip_type(IPADDR_TYPE_V6);
  assert_non_null(pcb);
  assert_int_equal(connect_to(pcb, "10.0.0.2", 80), ERR_VAL);
  tcp_abort(pcb);
  pcb = tcp_new_ip_type(IPADDR_TYPE_ANY); /* of both */
  assert_non_null(pcb);
  assert_int_equal(connect_to(pcb, "10.0.0.2", 80), ERR_OK);
  struct frame *f = tx();
  assert_non_null(f);
  assert_int_equal(get16(f, 12), ETHTYPE_IP);
  tcp_abort(pcb);
  pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  assert_non_null(pcb);
  assert_int_equal(tcp_connect(pcb, &six, 80, NULL), ERR_OK);
  f = tx();
  assert_non_null(f);
  assert_int_equal(get16(f, 12), ETHTYPE_IPV6);
  tcp_abort(pcb);
}
#endif

/* Security vector B10-190: one connection of each two ends, and none of one end with itself. */
PACKET_TEST(test_connect_twice)
{
  tcp_peer_reset();
  const char *us = LWIP_IPV4 ? "10.0.0.1" : "2001:db8::1";
  const char *them = LWIP_IPV4 ? "10.0.0.2" : "2001:db8::2";
  struct tcp_pcb *pcb = new_pcb();
  assert_int_equal(tcp_bind(pcb, NULL, 80), ERR_OK);
  assert_int_equal(connect_to(pcb, us, 80), ERR_USE);
  assert_int_equal(connect_to(pcb, them, 81), ERR_OK);
  assert_int_equal(connect_to(pcb, them, 82), ERR_ISCONN);
  assert_int_equal(tcp_bind(pcb, NULL, 83), ERR_VAL);
  assert_null(tcp_listen(pcb));
  tcp_abort(pcb);
}

/* Our own listener answers over the loop (RFC 9293 3.9.2): both ends are ours. */
PACKET_TEST(test_connect_to_our_own_listener)
{
  tcp_peer_reset();
  tcp_listen_up();
  struct tcp_pcb *pcb = new_pcb();
  err_t err = connect_to(pcb, LWIP_IPV4 ? "10.0.0.1" : "2001:db8::1", 80);
  if (!LWIP_NETIF_LOOPBACK || err != ERR_OK) {
    tcp_abort(pcb);
    return;
  }
  advance(100);
  assert_int_equal(pcb->state, ESTABLISHED);
  assert_int_equal(app.accepted, 1);
  assert_int_equal(tcp_write(pcb, "me", 2, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(pcb);
  advance(100);
  expect_app_data("me");
  tcp_abort(pcb);
  advance(100);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_RST);
}

/* RFC 7323 5.4: our clock begins somewhere, also where we call. */
PACKET_TEST(test_timestamps_of_our_call_hide_the_uptime)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  tcp_peer_reset();
  tcp_connect_up();
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_true((seen->opts.has & TCP_HAS_TIMESTAMP) != 0);
  u32_t distance = seen->opts.tsval - now_ms();
  assert_true(distance > 1000 && distance < 0U - 1000U);
}

PACKET_TEST(test_bind_to_nonsense)
{
  tcp_peer_reset();
  struct tcp_pcb *pcb = new_pcb();
  ip_addr_t group = ip_of(LWIP_IPV4 ? "224.0.0.1" : "ff02::1");
  assert_int_equal(tcp_bind(pcb, &group, 80), ERR_VAL);
  assert_int_equal(pcb->local_port, 0);
  assert_int_equal(tcp_bind(pcb, NULL, 0), ERR_OK);
  assert_true(pcb->local_port >= 0xc000); /* RFC 6335 6 */
  tcp_abort(pcb);
}

/* RFC 9293 3.10.1: without a route there is no call. */
PACKET_TEST(test_connect_without_a_route)
{
  tcp_peer_reset();
  struct tcp_pcb *pcb = new_pcb();
  netif_set_down(&net.netif);
  assert_int_equal(connect_to(pcb, LWIP_IPV4 ? "10.0.0.2" : "2001:db8::2", 80), ERR_RTE);
  assert_int_equal(pcb->state, CLOSED);
  netif_set_up(&net.netif);
  tcp_abort(pcb);
  tx_discard();
}

static const struct packet_test tests[] = {
    TEST(test_write_with_copy),
    TEST(test_write_without_copy),
    TEST(test_copied_and_referenced_bytes_alternate),
    TEST(test_more_means_no_push),
    TEST(test_write_by_state),
    TEST(test_write_refuses_nonsense),
    TEST_FLAGS(test_room_to_write, PACKET_ONCE),
    TEST(test_room_comes_back_with_the_acknowledgement),
    TEST(test_writer_is_woken_at_once),
    TEST_FLAGS(test_queue_is_bounded_in_pbufs, PACKET_ONCE),
    TEST_FLAGS(test_small_writes_share_a_pbuf, PACKET_ONCE),
    TEST(test_write_without_memory),
    TEST(test_nagle_does_not_wait_when_memory_is_short),
    TEST(test_output_without_memory),
    TEST(test_recved_too_much),
    TEST(test_nobody_receives),
    TEST_FLAGS(test_poll_in_half_seconds, PACKET_ONCE),
    TEST_FLAGS(test_poll_sends_what_it_writes, PACKET_ONCE),
    TEST_FLAGS(test_addresses_of_a_connection, PACKET_ONCE),
    TEST_FLAGS(test_calls_without_a_connection, PACKET_ONCE),
    TEST_FLAGS(test_connect_to_nonsense, PACKET_ONCE),
#if LWIP_IPV4 && LWIP_IPV6
    TEST_FLAGS(test_connect_to_the_other_family, PACKET_ONCE),
#endif
    TEST_FLAGS(test_connect_twice, PACKET_ONCE),
    TEST_FLAGS(test_connect_to_our_own_listener, PACKET_ONCE),
    TEST_FLAGS(test_timestamps_of_our_call_hide_the_uptime, PACKET_ONCE),
    TEST_FLAGS(test_bind_to_nonsense, PACKET_ONCE),
    TEST_FLAGS(test_connect_without_a_route, PACKET_ONCE),
};

PACKET_MAIN(tests)
