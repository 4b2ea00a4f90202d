/**
 * @file
 * TCP: urgent data (RFC 9293 3.8.5, RFC 6093; security vectors: AMNESIA:33 2020-17437, URGENT/11,
 * INFRA:HALT 2021-31400).
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "gossamer/tcp_urgent.h"

static unsigned told;
static u32_t ahead; /* when it was told */
static bool aborts;

static void on_urgent(void *arg, struct tcp_pcb *pcb)
{
  (void)arg;
  told++;
  ahead = tcp_urgent_ahead(pcb);
  if (aborts) {
    tcp_abort(pcb);
  }
}

static void start(void)
{
  told = 0;
  ahead = 0;
  aborts = false;
  tcp_establish(&(struct tcp_peer_setup){0});
  tcp_urgent(app.pcb, on_urgent);
}

/* RFC 9293 3.8.5 (MUST-32, 62): the program hears, and the pointer names the byte behind. */
PACKET_TEST(test_urgent_data_are_told)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 1, .ack = 1, .urgent = 3, .data = "abcdef");
  assert_int_equal(told, 1);
  assert_int_equal(ahead, 3);
  expect_app_data("abcdef"); /* in line */
  assert_int_equal(tcp_urgent_ahead(app.pcb), 0);
  tcp_peer_ignores();
}

/* MUST-31: of any length, also more than the segment has, or than has come (RFC 9293 3.8.5). */
PACKET_TEST(test_urgent_data_that_are_yet_to_come)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 1, .ack = 1, .urgent = 60000, .data = "abc");
  assert_int_equal(ahead, 60000);
  assert_int_equal(tcp_urgent_ahead(app.pcb), 59997);
  tcp_peer_ignores();
}

/* MUST-32: again only when the mark has moved on (RFC 9293 3.8.5). */
PACKET_TEST(test_urgent_data_are_told_once)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 1, .ack = 1, .urgent = 10);
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 1, .ack = 1, .urgent = 10, .data = "a");
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 2, .ack = 1, .urgent = 5, .data = "b");
  assert_int_equal(told, 1);
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 3, .ack = 1, .urgent = 9, .data = "c");
  assert_int_equal(told, 2);
  assert_int_equal(ahead, 9);
  tcp_peer_ignores();
}

/* RFC 9293 3.8.5. */
PACKET_TEST(test_pointer_without_the_flag_means_nothing)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .urgent = 3, .data = "abcdef");
  assert_int_equal(told, 0);
  tcp_peer_ignores();
}

/* URGENT/11, AMNESIA:33: odd pointers (RFC 6093). */
PACKET_TEST(test_odd_pointers)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 1, .ack = 1, .urgent = 0, .data = "abc");
  assert_int_equal(told, 0);
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 4, .ack = 1, .urgent = 0xffff);
  assert_int_equal(ahead, 0xffff);
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 0U - 60000, .ack = 1, .urgent = 0xffff);
  assert_int_equal(told, 1); /* left of the window: not believed */
  peer_says(.flags = TCP_ACK | TCP_URG | TCP_FIN, .seq = 4, .ack = 1, .urgent = 1, .data = "d");
  expect_app_data("abcd");
  assert_int_equal(app.fins, 1);
  tcp_peer_ignores();
}

/* RFC 9293 3.8.5. */
PACKET_TEST(test_urgent_mark_behind_the_end)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 2, .ack = 1, .urgent = 5);
  assert_int_equal(told, 0);
  tcp_peer_ignores();
}

/* RFC 9293 3.8.5. */
PACKET_TEST(test_urgent_callback_aborts)
{
  start();
  aborts = true;
  peer_says(.flags = TCP_ACK | TCP_URG, .seq = 1, .ack = 1, .urgent = 3, .data = "abcdef");
  expect_app_data("");
  assert_null(tcp_active_pcbs);
  tcp_peer_ignores();
}

/* RFC 9293 3.8.5: the sender marks; each segment before the mark says so. */
PACKET_TEST(test_we_send_urgent_data)
{
  start();
  assert_int_equal(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_urgent_send(app.pcb), ERR_OK);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK | TCP_URG, .seq = 1, .data = "abc");
  assert_int_equal(s->h.urgent, 3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 4);
  app_write("d", 1);
  s = expect_segment(.flags = TCP_ACK, .seq = 4, .data = "d");
  assert_int_equal(s->h.urgent, 0);
}

/* RFC 9293 3.8.5. */
PACKET_TEST(test_urgent_data_are_told_to_a_closed_window)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  assert_int_equal(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_urgent_send(app.pcb), ERR_OK);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK | TCP_URG, .seq = 1, .len = 0);
  assert_int_equal(s->h.urgent, 3);
}

/* RFC 9293 3.8.5. */
PACKET_TEST(test_urgent_data_are_sent_again_as_such)
{
  struct tcp_seen *s = NULL;
  start();
  assert_int_equal(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_urgent_send(app.pcb), ERR_OK);
  tcp_peer_ignores();
  advance(3000);
  s = expect_segment(.flags = TCP_ACK | TCP_URG, .seq = 1, .data = "abc");
  assert_int_equal(s->h.urgent, 3);
  tcp_peer_ignores();
}

/* RFC 9293 3.8.5. */
PACKET_TEST(test_urgent_without_data)
{
  start();
  assert_int_equal(tcp_urgent_send(app.pcb), ERR_VAL);
  expect_silence();
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  assert_int_equal(tcp_urgent_send(app.pcb), ERR_CONN);
  tcp_peer_ignores();
}

static const struct packet_test tests[] = {
    TEST(test_urgent_data_are_told),
    TEST(test_urgent_data_that_are_yet_to_come),
    TEST(test_urgent_data_are_told_once),
    TEST(test_pointer_without_the_flag_means_nothing),
    TEST(test_odd_pointers),
    TEST(test_urgent_mark_behind_the_end),
    TEST(test_urgent_callback_aborts),
    TEST(test_we_send_urgent_data),
    TEST(test_urgent_data_are_told_to_a_closed_window),
    TEST(test_urgent_data_are_sent_again_as_such),
    TEST(test_urgent_without_data),
};

PACKET_MAIN(tests)
