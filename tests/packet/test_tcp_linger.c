/*
 * Closing and hearing how it ends, what SO_LINGER is made of (RFC 9293 3.6, 3.10.4; RFC 1122
 * 4.2.2.13): tcp_close_linger().
 *
 * needs: tcp
 */
#include "gossamer/tcp_linger.h"
#include "packet_tcp.h"

static struct heard {
  unsigned count;
  err_t err;
  void *arg;
} heard;

static int token;

static void on_done(void *arg, err_t err)
{
  heard.count++;
  heard.err = err;
  heard.arg = arg;
}

static void start(void)
{
  memset(&heard, 0, sizeof heard);
  tcp_establish(&(struct tcp_peer_setup){0});
  tcp_arg(app.pcb, &token);
}

/** The program closes `data` behind it; all is sent. */
static void close_behind(const char *data, u32_t linger_ms)
{
  app_write(data, strlen(data));
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = data);
  assert_int_equal(tcp_close_linger(app.pcb, linger_ms, on_done), ERR_INPROGRESS);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1 + (u32_t)strlen(data), .len = 0);
}

#define expect_heard(n, e)                                                                         \
  do {                                                                                             \
    assert_int_equal(heard.count, (n));                                                            \
    assert_int_equal(heard.err, (e));                                                              \
    assert_int_equal(app.errors, 0);                                                               \
  } while (0)

/* Data and FIN are acknowledged: heard once, when both are; what follows concerns nobody. */
PACKET_TEST(test_all_arrives)
{
  start();
  close_behind("data", 5000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  assert_int_equal(heard.count, 0);
  assert_int_equal(app.sent, 0); /* the other callbacks are not called any more */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 6);
  expect_heard(1, ERR_OK);
  assert_ptr_equal(heard.arg, &token);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 6);
  expect_segment(.flags = TCP_ACK, .seq = 6, .ack = 2);
  advance(1000000);
  expect_heard(1, ERR_OK);
  assert_null(tcp_active_pcbs);
}

/* ... FIN-WAIT-2 lasts no longer than after tcp_close(), whatever time was given. */
PACKET_TEST(test_fin_wait_2_ends)
{
  start();
  close_behind("data", 3600000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 6);
  expect_heard(1, ERR_OK);
  advance(TCP_FIN_WAIT_TIMEOUT - 1);
  assert_non_null(tcp_active_pcbs);
  advance(1);
  assert_null(tcp_active_pcbs);
  expect_heard(1, ERR_OK);
}

/* The peer has closed first: its last ACK ends all. */
PACKET_TEST(test_last_ack)
{
  start();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  tcp_peer_ignores();
  close_behind("data", 5000);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 6);
  expect_heard(1, ERR_OK);
  assert_null(tcp_active_pcbs);
}

/* Both close at the same time. */
PACKET_TEST(test_closing)
{
  start();
  close_behind("data", 5000);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 6, .ack = 2);
  assert_int_equal(heard.count, 0);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 6);
  expect_heard(1, ERR_OK);
}

/* ... and the peer's FIN comes with the last acknowledgement. */
PACKET_TEST(test_fin_with_the_last_acknowledgement)
{
  start();
  close_behind("data", 5000);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 6);
  expect_segment(.flags = TCP_ACK, .seq = 6, .ack = 2);
  expect_heard(1, ERR_OK);
}

/* The time is over: the connection is reset. */
PACKET_TEST(test_time_is_over)
{
  start();
  close_behind("data", 5000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5); /* progress does not prolong it */
  advance(4999);
  tcp_peer_ignores();
  assert_int_equal(heard.count, 0);
  advance(1);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 6, .ack = 1);
  expect_heard(1, ERR_TIMEOUT);
  assert_null(tcp_active_pcbs);
}

/* What is still waiting for a closed window, too. */
PACKET_TEST(test_time_is_over_for_what_was_not_sent)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  app_write("data", 4);
  assert_int_equal(tcp_close_linger(app.pcb, 5000, on_done), ERR_INPROGRESS);
  advance(5000);
  expect_heard(1, ERR_TIMEOUT);
  assert_null(tcp_active_pcbs);
}

/* The peer resets the connection meanwhile. */
PACKET_TEST(test_peer_resets)
{
  start();
  close_behind("data", 5000);
  peer_says(.flags = TCP_RST, .seq = 1);
  expect_heard(1, ERR_RST);
  assert_null(tcp_active_pcbs);
}

/* RFC 2525 2.17: the peer goes on sending, to nobody: a reset, and that is heard. */
PACKET_TEST(test_data_for_nobody)
{
  start();
  close_behind("data", 5000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "late");
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 6);
  expect_heard(1, ERR_ABRT);
  assert_null(tcp_active_pcbs);
}

/* ... not twice where the last acknowledgement came along. */
PACKET_TEST(test_data_for_nobody_with_the_last_acknowledgement)
{
  start();
  close_behind("data", 5000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 6, .data = "late");
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 6);
  expect_heard(1, ERR_OK);
  assert_null(tcp_active_pcbs);
}

/* Time 0: a reset at once; what was not sent is thrown away, nobody is called. */
PACKET_TEST(test_no_time)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  app_write("data", 4);
  assert_int_equal(tcp_close_linger(app.pcb, 0, on_done), ERR_OK);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1, .len = 0);
  assert_int_equal(heard.count, 0);
  assert_int_equal(app.errors, 0);
  assert_null(tcp_active_pcbs);
}

/* RFC 2525 2.17: data that the program has not taken reset the connection at once, here too. */
PACKET_TEST(test_unread_data)
{
  start();
  app.keeps_window = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "unread");
  tcp_peer_ignores();
  assert_int_equal(tcp_close_linger(app.pcb, 5000, on_done), ERR_OK);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 7);
  assert_int_equal(heard.count, 0);
}

/* Shut down before: there is less to wait for ... */
PACKET_TEST(test_shut_down_before)
{
  start();
  app_write("data", 4);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  tcp_peer_ignores();
  assert_int_equal(tcp_close_linger(app.pcb, 5000, on_done), ERR_INPROGRESS);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 6);
  expect_heard(1, ERR_OK);
}

/* ... or nothing. */
PACKET_TEST(test_nothing_to_wait_for)
{
  start();
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  tcp_peer_ignores();
  assert_int_equal(tcp_close_linger(app.pcb, 5000, on_done), ERR_OK);
  advance(TCP_FIN_WAIT_TIMEOUT);
  assert_int_equal(heard.count, 0);
}

/* What never stood is gone at once. */
PACKET_TEST(test_not_connected)
{
  memset(&heard, 0, sizeof heard);
  tcp_peer_reset();
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  assert_non_null(pcb);
  assert_int_equal(tcp_close_linger(pcb, 5000, on_done), ERR_OK);
  tcp_listen_up();
  assert_int_equal(tcp_close_linger(app.listener, 0, on_done), ERR_OK);
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_int_equal(tcp_close_linger(app.pcb, 5000, on_done), ERR_OK);
  assert_int_equal(tcp_close_linger(NULL, 5000, on_done), ERR_ARG);
  assert_int_equal(heard.count, 0);
}

/** Ends whatever connection there is, as opening others might for lack of memory. */
static void on_done_take_memory(void *arg, err_t err)
{
  on_done(arg, err);
  struct tcp_pcb *pcb = tcp_active_pcbs;
  if (pcb != NULL) {
    tcp_abort(pcb);
  }
}

/* In the callback anything may be done: even what ends the connection itself. */
PACKET_TEST(test_callback_ends_it)
{
  start();
  app_write("data", 4);
  tcp_peer_ignores();
  assert_int_equal(tcp_close_linger(app.pcb, 5000, on_done_take_memory), ERR_INPROGRESS);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 6);
  expect_heard(1, ERR_OK);
  assert_null(tcp_active_pcbs);
}

/* Nobody need hear. */
PACKET_TEST(test_nobody_listens)
{
  start();
  app_write("data", 4);
  tcp_peer_ignores();
  assert_int_equal(tcp_close_linger(app.pcb, 5000, NULL), ERR_INPROGRESS);
  tcp_peer_ignores();
  advance(5000);
  assert_null(tcp_active_pcbs);
  assert_int_equal(app.errors, 0);
}

static const struct packet_test tests[] = {
    TEST(test_all_arrives),
    TEST(test_fin_wait_2_ends),
    TEST(test_last_ack),
    TEST(test_closing),
    TEST(test_fin_with_the_last_acknowledgement),
    TEST(test_time_is_over),
    TEST(test_time_is_over_for_what_was_not_sent),
    TEST(test_peer_resets),
    TEST(test_data_for_nobody),
    TEST(test_data_for_nobody_with_the_last_acknowledgement),
    TEST(test_no_time),
    TEST(test_unread_data),
    TEST(test_shut_down_before),
    TEST(test_nothing_to_wait_for),
    TEST(test_not_connected),
    TEST(test_callback_ends_it),
    TEST(test_nobody_listens),
};
PACKET_MAIN(tests)
