/**
 * @file
 * What TCP tells those who watch (gossamer/tcp_info.h): one connection in detail, all of them as a
 * list.
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "gossamer/tcp_cc.h"
#include "gossamer/tcp_info.h"

static struct tcp_connection_info info_now(void)
{
  struct tcp_connection_info info;
  assert_int_equal(tcp_get_connection_info(app.pcb, &info), ERR_OK);
  return info;
}

/** MSS 1400, window scale 3, timestamps are not offered, SACK is. */
static const u8_t many[] = {2, 4, 1400 >> 8, 1400 & 0xff, 4, 2, 1, 1, 1, 3, 3, 3};

PACKET_TEST(test_new_connection)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = many, .opts_len = sizeof many});
  struct tcp_connection_info info = info_now();
  assert_int_equal(info.state, ESTABLISHED);
  assert_false(info.is_closed);
  assert_int_equal(info.options, (LWIP_WND_SCALE ? TCP_INFO_WINDOW_SCALE : 0) |
                                     (LWIP_TCP_SACK_OUT ? TCP_INFO_SACK : 0));
  assert_int_equal(info.snd_shift, LWIP_WND_SCALE ? 3 : 0);
  assert_int_equal(info.rcv_shift, LWIP_WND_SCALE ? TCP_RCV_SCALE : 0);
  assert_int_equal(info.snd_mss, 1400);
  assert_int_equal(info.pmtu, 1500);
  assert_int_equal(info.phase, TCP_INFO_OPEN);
  assert_int_equal(info.ssthresh, TCP_INFO_NO_SSTHRESH);
  assert_int_equal(info.cwnd, app.pcb->cwnd);
  assert_string_equal(info.congestion_control, tcp_congestion_control_name(0));
  assert_int_equal(info.snd_wnd, 65535U << (LWIP_WND_SCALE ? 3 : 0));
  assert_int_equal(info.unsent + info.unacked + info.in_flight + info.sacked + info.lost, 0);
  assert_int_equal(info.retransmits + info.timeouts_in_a_row + info.rcv_queued, 0);
  assert_int_equal(info.delivery_rate, 0);
  assert_int_equal(info.rcv_wnd, app.pcb->rcv_wnd);
}

PACKET_TEST(test_timestamps_agreed)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_peer.has_timestamps = true;
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_int_equal(info_now().options & TCP_INFO_TIMESTAMPS,
                   LWIP_TCP_TIMESTAMPS ? TCP_INFO_TIMESTAMPS : 0);
}

/** RFC 6298: times are in the units that their names say. */
PACKET_TEST(test_times)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = many, .opts_len = sizeof many});
  for (u32_t i = 0; i < 60; i++) {
    app_write("x", 1);
    tcp_peer_ignores();
    advance(100);
    tcp_peer_ignores(); /* perhaps a probe of the tail */
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2 + i);
  }
  struct tcp_connection_info info = info_now();
  assert_in_range(info.srtt_us, 90000, 101000);
  assert_true(info.rttvar_us < 60000);
  assert_in_range(info.rto_ms, LWIP_TCP_RTO_MIN_MS, 500);
  assert_int_equal(info.last_sent_ms, 100);
  assert_int_equal(info.last_heard_ms, 0);
  advance(1500);
  info = info_now();
  assert_int_equal(info.last_sent_ms, 1600);
  assert_int_equal(info.last_heard_ms, 1500);
}

PACKET_TEST(test_queues)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = many, .opts_len = sizeof many});
  app_write(pattern(20 * 1400, 1), 20 * 1400);
  assert_int_equal(tcp_peer_ignores(), 10);
  struct tcp_connection_info info = info_now();
  assert_int_equal(info.unacked, 10 * 1400);
  assert_int_equal(info.in_flight, 10 * 1400);
  assert_int_equal(info.unsent, 10 * 1400);
  app.refuses_data = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "later");
  assert_int_equal(info_now().rcv_queued, 5);
  tcp_peer_ignores();
}

/** RFC 6675: what has arrived behind a hole, what is lost, what went again. */
PACKET_TEST(test_loss)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = many, .opts_len = sizeof many});
  app_write(pattern(10 * 1400, 1), 10 * 1400);
  assert_int_equal(tcp_peer_ignores(), 10);
  for (u32_t i = 1; i < 6; i++) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{1401, 1401 + i * 1400}});
  }
  struct tcp_connection_info info = info_now();
  assert_int_equal(info.phase, TCP_INFO_RECOVERY);
  assert_int_equal(info.retransmits, LWIP_TCP_INFO);
  assert_int_not_equal(info.ssthresh, TCP_INFO_NO_SSTHRESH);
#if LWIP_TCP_SACK_IN
  assert_int_equal(info.sacked, 5 * 1400);
  assert_int_equal(info.lost, 1400);
  assert_int_equal(info.in_flight, 10 * 1400 - 5 * 1400); /* the lost one is out again */
#endif
  tcp_peer_ignores();
  advance(10000);
  tcp_peer_ignores();
  info = info_now();
  assert_int_equal(info.phase, TCP_INFO_LOSS);
  assert_true(info.timeouts_in_a_row > 0);
  assert_true(!LWIP_TCP_INFO || info.retransmits > 1);
}

/** Ten segments of 1400 bytes per 100 ms are 140,000 bytes per second. */
PACKET_TEST(test_delivery_rate)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = many, .opts_len = sizeof many});
  u32_t acked = 0;
  u32_t sent = 0;
  for (u32_t i = 0; i < 200; i++) { /* every 10 ms: one goes, the one of 100 ms before arrives */
    if (i >= 10) {
      acked += 1400;
      peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + acked);
    }
    if (sent < 190 * 1400) {
      app_write(pattern(1400, i), 1400);
      sent += 1400;
    }
    tcp_peer_ignores();
    advance(10);
    tcp_peer_ignores();
  }
  struct tcp_connection_info info = info_now();
  assert_int_equal(info.in_flight, 0);
  assert_int_equal(info.delivery_rate, 0);
  app_write(pattern(1400, 1), 1400);
  for (u32_t i = 0; i < 9; i++) {
    advance(10);
    app_write(pattern(1400, 1), 1400);
  }
  info = info_now();
  assert_in_range(info.delivery_rate, 120000, 160000);
  tcp_peer_ignores();
}

PACKET_TEST(test_not_a_connection)
{
  struct tcp_connection_info info;
  tcp_peer_reset();
  tcp_listen_up();
  assert_int_equal(tcp_get_connection_info(app.listener, &info), ERR_CONN);
  assert_int_equal(tcp_get_connection_info(NULL, &info), ERR_ARG);
}

/* --- the list --- */

static struct tcp_listed lines[8];
static unsigned lines_max;

static bool note_line(const struct tcp_listed *line, void *arg)
{
  unsigned *count = (unsigned *)arg;
  lines[(*count)++] = *line;
  return *count < lines_max;
}

static unsigned list_up_to(unsigned max)
{
  unsigned count = 0;
  lines_max = max;
  unsigned said = tcp_list_connections(note_line, &count);
  assert_int_equal(said, count);
  return count;
}

PACKET_TEST(test_list)
{
  assert_int_equal(list_up_to(8), 0);
  tcp_establish(&(struct tcp_peer_setup){0});
  struct tcp_pcb *standing = app.pcb;
  peer_says(.flags = TCP_SYN, .src_port = 5001); /* half-open */
  tcp_peer_ignores();
  tcp_peer.stack_port = 80;
  assert_int_equal(list_up_to(8), 3);
  assert_int_equal(lines[0].state, LISTEN);
  assert_int_equal(lines[0].local_port, 80);
  assert_int_equal(lines[0].remote_port, 0);
  assert_true(ip_addr_isany(&lines[0].remote));
  assert_non_null(lines[0].listener);
  assert_null(lines[0].pcb);
  unsigned half = lines[1].state == SYN_RCVD ? 1 : 2; /* a record, or a pcb without a SYN cache */
  unsigned full = 3 - half;
  assert_int_equal(lines[half].state, SYN_RCVD);
  assert_int_equal(lines[half].local_port, 80);
  assert_int_equal(lines[half].remote_port, 5001);
  ip_addr_t peer = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  ip_addr_t us = ip_of(tcp_peer.is_v6 ? "2001:db8::1" : "10.0.0.1");
  assert_true(ip_addr_eq(&lines[half].remote, &peer));
  assert_true(ip_addr_eq(&lines[half].local, &us));
  assert_int_equal(lines[full].state, ESTABLISHED);
  assert_ptr_equal(lines[full].pcb, standing);
  assert_int_equal(lines[full].remote_port, 4000);
  assert_true(ip_addr_eq(&lines[full].remote, &peer));
  assert_int_equal(list_up_to(1), 1);
  assert_int_equal(list_up_to(2), 2);
}

PACKET_TEST(test_list_of_timewait)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  app.pcb = NULL;
  tcp_peer_ignores();
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  tcp_peer_ignores();
  advance(1000);
  assert_int_equal(list_up_to(8), 1);
  assert_int_equal(lines[0].state, TIME_WAIT);
  assert_null(lines[0].pcb);
  assert_int_equal(lines[0].local_port, 80);
  assert_int_equal(lines[0].remote_port, 4000);
  assert_int_equal(lines[0].left_ms, 2 * (u32_t)TCP_MSL - 1000);
  advance(2 * TCP_MSL);
  assert_int_equal(list_up_to(8), 0);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_new_connection, PACKET_ONCE),
    TEST_FLAGS(test_timestamps_agreed, PACKET_ONCE),
    TEST_FLAGS(test_times, PACKET_ONCE),
    TEST_FLAGS(test_queues, PACKET_ONCE),
    TEST_FLAGS(test_loss, PACKET_ONCE),
    TEST_FLAGS(test_delivery_rate, PACKET_ONCE),
    TEST_FLAGS(test_not_a_connection, PACKET_ONCE),
    TEST_FLAGS(test_list, PACKET_ONCE),
    TEST_FLAGS(test_list_of_timewait, PACKET_ONCE),
};

PACKET_MAIN(tests)
