/**
 * @file
 * TCP: what programs bound (gossamer/tcp_limits.h): segment size (RFC 9293 3.7.1), receive window
 * (RFC 9293 3.8.6), delayed acknowledgements (RFC 9293 3.8.6.3).
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "gossamer/tcp_limits.h"
#include "transport/tcp/tcp_priv.h"

/* RFC 9293 3.8.6.3: not delayed, and what is owed at once. */
PACKET_TEST(test_quick_ack)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  tcp_set_quick_ack(app.pcb, false);
  assert_false(tcp_is_quick_ack(app.pcb));
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "a");
  expect_silence(); /* delayed */
  tcp_set_quick_ack(app.pcb, true);
  assert_true(tcp_is_quick_ack(app.pcb));
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 2, .len = 0);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 1, .data = "b");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 3, .len = 0);
  tcp_set_quick_ack(app.pcb, false);
  peer_says(.flags = TCP_ACK, .seq = 3, .ack = 1, .data = "c");
  expect_silence();
  advance(TCP_DELACK_MS);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 4, .len = 0);
}

PACKET_TEST(test_quick_ack_of_a_listener_is_nothing)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_set_quick_ack(app.listener, true);
  assert_false(tcp_is_quick_ack(app.listener));
  expect_silence();
}

#if LWIP_TCP_LIMITS

static const u8_t scaled[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 0};

static struct tcp_pcb *unconnected(void)
{
  tcp_peer_reset();
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, tcp_peer.stack_port), ERR_OK);
  return pcb;
}

/** @return its SYN */
static struct tcp_seen *connect_it(struct tcp_pcb *pcb)
{
  ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  assert_int_equal(tcp_connect(pcb, &to, tcp_peer.port, NULL), ERR_OK);
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  return s;
}

/* RFC 9293 3.7.1 (MUST-14, 16). */
PACKET_TEST(test_segment_bound_before_connecting)
{
  struct tcp_pcb *pcb = unconnected();
  assert_int_equal(tcp_get_max_segment(pcb), TCP_MSS);
  assert_int_equal(tcp_set_max_segment(pcb, TCP_MAX_SEGMENT_MIN - 1), ERR_VAL);
  assert_int_equal(tcp_set_max_segment(pcb, 600), ERR_OK);
  assert_int_equal(tcp_get_max_segment(pcb), 600);
  struct tcp_seen *s = connect_it(pcb);
  assert_int_equal(s->opts.mss, 600);
  peer_says(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .opts = scaled,
            .opts_len = sizeof scaled);
  assert_int_equal(pcb->state, ESTABLISHED);
  assert_int_equal(tcp_get_max_segment(pcb), 600);
  tcp_peer_ignores();
  assert_int_equal(tcp_write(pcb, pattern(1000, 1), 1000, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_output(pcb), ERR_OK);
  s = tcp_peer_sees();
  assert_non_null(s);
  assert_int_equal(s->len, 600);
  tcp_peer_ignores();
  tcp_abort(pcb);
  tcp_peer_ignores();
}

PACKET_TEST(test_segment_bound_of_a_listener)
{
  tcp_peer_reset();
  tcp_listen_up();
  assert_int_equal(tcp_set_max_segment(app.listener, 500), ERR_OK);
  assert_int_equal(tcp_get_max_segment(app.listener), 500);
  peer_says(.flags = TCP_SYN, .opts = scaled, .opts_len = sizeof scaled);
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  assert_int_equal(s->opts.mss, 500);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_int_equal(tcp_get_max_segment(app.pcb), 500);
  tcp_peer_ignores();
}

/** While it stands it can be lowered, not raised. */
PACKET_TEST(test_segment_bound_of_a_connection)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(tcp_set_max_segment(app.pcb, 400), ERR_OK);
  assert_int_equal(tcp_get_max_segment(app.pcb), 400);
  app_write(pattern(450, 1), 450);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = 400);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 401);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 401, .ack = 1, .len = 50);
  assert_int_equal(tcp_set_max_segment(app.pcb, 1000), ERR_OK);
  assert_int_equal(tcp_get_max_segment(app.pcb), 400);
  tcp_peer_ignores();
}

/** From the first window on. */
PACKET_TEST(test_window_bound_of_a_listener)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_set_receive_limit(app.listener, 4096);
  assert_true(tcp_has_receive_limit(app.listener));
  peer_says(.flags = TCP_SYN, .opts = scaled, .opts_len = sizeof scaled);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .wnd = 4096);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_true(tcp_has_receive_limit(app.pcb));
  app.keeps_window = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = pattern(1000, 1), .len = 1000);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1001, .len = 0,
                 .wnd = (4096 - 1000 + (1 << TCP_RCV_SCALE) - 1) >> TCP_RCV_SCALE);
  tcp_recved(app.pcb, 1000);
  tcp_peer_ignores();
}

/** What goes back to the program does not open it wider, and is told when it is worth it. */
PACKET_TEST(test_small_window_opens_again)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_set_receive_limit(app.listener, 1024);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .wnd = 1024);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  app.keeps_window = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = pattern(1024, 1), .len = 1024);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1025, .len = 0, .wnd = 0);
  tcp_recved(app.pcb, 500);
  expect_silence(); /* RFC 9293 3.8.6.2.2: less than half of it */
  tcp_recved(app.pcb, 24);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1025, .len = 0, .wnd = 524);
  tcp_recved(app.pcb, 500);
  tcp_peer_ignores();
}

/* RFC 9293 3.8.6 (SHLD-14): what was promised stays promised, and is filled first. */
PACKET_TEST(test_window_bound_of_a_connection)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_false(tcp_has_receive_limit(app.pcb));
  u32_t promised = app.pcb->rcv_ann_wnd;
  u32_t said = 0;
  tcp_set_receive_limit(app.pcb, 1000);
  for (; said < 8400; said += 1400) {
    peer_says(.flags = TCP_ACK, .seq = 1 + said, .ack = 1, .data = pattern(1400, 1), .len = 1400);
    expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1401 + said, .len = 0,
                   .wnd = (long long)promised - 1400 - said);
  }
  tcp_set_receive_limit(app.pcb, promised);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1 + said, .len = 0, .wnd = (long long)promised);
}

/** Segments smaller than the unit of the window do not move its edge for ever. */
PACKET_TEST(test_small_segments_fill_the_window)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_set_receive_limit(app.listener, 1024);
  peer_says(.flags = TCP_SYN, .opts = scaled, .opts_len = sizeof scaled);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  app.keeps_window = true;
  u32_t said = 0;
  while (said < 10000 && app.pcb->rcv_ann_wnd > 0 && app.len == said) {
    peer_says(.flags = TCP_ACK, .seq = 1 + said, .ack = 1, .data = pattern(16, 1), .len = 16);
    said += 16;
    tcp_peer_ignores();
  }
  assert_in_range(app.len, 1024, 1024 + 2 * TCP_MSS);
  tcp_recved(app.pcb, (u16_t)app.len);
  tcp_peer_ignores();
}

PACKET_TEST(test_window_bound_before_connecting)
{
  struct tcp_pcb *pcb = unconnected();
  tcp_set_receive_limit(pcb, 3000);
  assert_true(tcp_has_receive_limit(pcb));
  struct tcp_seen *s = connect_it(pcb);
  assert_in_range(s->h.wnd, 3000, 3000 + (1 << TCP_RCV_SCALE) - 1);
  tcp_abort(pcb);
  tcp_peer_ignores();
}

#define LIMITS_TESTS                                                                               \
  TEST(test_segment_bound_before_connecting), TEST(test_segment_bound_of_a_listener),              \
      TEST(test_segment_bound_of_a_connection), TEST(test_window_bound_of_a_listener),             \
      TEST(test_small_window_opens_again), TEST(test_window_bound_of_a_connection),                \
      TEST(test_window_bound_before_connecting), TEST(test_small_segments_fill_the_window),

#else

#define LIMITS_TESTS

#endif

static const struct packet_test tests[] = {
    LIMITS_TESTS TEST(test_quick_ack),
    TEST(test_quick_ack_of_a_listener_is_nothing),
};

PACKET_MAIN(tests)
