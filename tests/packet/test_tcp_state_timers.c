/**
 * @file
 * TCP: closed windows and their probes (RFC 9293 3.8.6.1), keepalive (3.8.4), ends of states that
 * must not last, giving up (RFC 1122 4.2.3.5).
 *
 * needs: tcp; also: lean
 */
#include "packet_tcp.h"
#include "lwip/priv/tcp_hooks.h"

#define FULL     (LWIP_IPV4 ? 1460U : 1440U) /* payload of a full segment */
#define STEP_MS  10U
#define HOUR_MS  (3600U * 1000)
#define PROBE_MS 60000U /* longest time between two probes */

static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){0});
}

/** Time until the next segment, at most `max_ms`; 0: none came. It is in *seen. */
static u32_t time_until_segment(u32_t max_ms, struct tcp_seen **seen)
{
  for (u32_t ms = STEP_MS; ms <= max_ms; ms += STEP_MS) {
    advance(STEP_MS);
    *seen = tcp_peer_sees();
    if (*seen != NULL) {
      return ms;
    }
  }
  return 0;
}

/* --- persist --- */

static void close_peers_window(void)
{
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
}

/* RFC 9293 3.8.6.1. */
PACKET_TEST(test_closed_window_stops_data)
{
  start();
  close_peers_window();
  app_write("abc", 3);
  expect_silence();
}

/* RFC 9293 3.8.6.1: probed first after the retransmission timeout. A probe is an old byte's place
   without the byte, which makes the peer answer. */
PACKET_TEST(test_closed_window_is_probed)
{
  struct tcp_seen *s = NULL;
  start();
  close_peers_window();
  app_write("abc", 3);
  u32_t ms = time_until_segment(10000, &s);
  assert_in_range(ms, 200, 1000);
  assert_int_equal(s->h.flags, TCP_ACK);
  assert_int_equal(s->seq, 0);
  assert_int_equal(s->len, 0);
}

/* ... then ever more seldom, also when each probe is answered (RFC 9293 3.8.6.1, SHLD-30). */
PACKET_TEST(test_probes_back_off)
{
  struct tcp_seen *s = NULL;
  start();
  close_peers_window();
  app_write("abc", 3);
  u32_t before_ms = time_until_segment(10000, &s);
  for (unsigned i = 0; i < 12; i++) {
    close_peers_window();
    u32_t ms = time_until_segment(PROBE_MS + 1000, &s);
    u32_t due_ms = LWIP_MIN(2 * before_ms, PROBE_MS);
    assert_in_range(ms, due_ms - STEP_MS, due_ms + STEP_MS);
    before_ms = ms;
  }
}

/* RFC 1122 4.2.2.17: a peer that answers is never given up. */
PACKET_TEST(test_probing_goes_on_as_long_as_the_peer_answers)
{
  struct tcp_seen *s = NULL;
  start();
  close_peers_window();
  app_write("abc", 3);
  for (unsigned i = 0; i < 3 * TCP_MAXRTX; i++) {
    assert_true(time_until_segment(PROBE_MS + 1000, &s) > 0);
    close_peers_window();
  }
  assert_int_equal(app.errors, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "abc");
}

/* RFC 9293 3.8.6.1. */
PACKET_TEST(test_peer_that_answers_no_probe_is_given_up)
{
  start();
  close_peers_window();
  app_write("abc", 3);
  advance((TCP_MAXRTX + 2) * PROBE_MS);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  assert_in_range(tcp_peer_ignores(), TCP_MAXRTX, TCP_MAXRTX + 1);
}

/* The back-off is over when the window opens (RFC 9293 3.8.6.1). */
PACKET_TEST(test_back_off_ends_with_the_window_open)
{
  struct tcp_seen *s = NULL;
  start();
  close_peers_window();
  app_write("abc", 3);
  advance(20000);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "abc");
  assert_in_range(time_until_segment(10000, &s), 10, 1000); /* lost: sent again soon */
  assert_int_equal(s->seq, 1);
}

/* The window update was lost: the answer to a probe tells (RFC 9293 3.8.6.1). */
PACKET_TEST(test_probe_finds_the_window_open)
{
  struct tcp_seen *s = NULL;
  start();
  close_peers_window();
  app_write("abc", 3);
  assert_true(time_until_segment(10000, &s) > 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 3000);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "abc");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 4);
  advance(HOUR_MS);
  expect_silence();
}

/* A FIN needs room, too (RFC 9293 3.8.6.1). */
PACKET_TEST(test_fin_waits_for_a_closed_window)
{
  struct tcp_seen *s = NULL;
  start();
  close_peers_window();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_silence();
  assert_true(time_until_segment(10000, &s) > 0);
  assert_int_equal(s->h.flags, TCP_ACK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 1, .len = 0);
}

/* RFC 9293 3.8.6.1, security vector B10-165. */
PACKET_TEST(test_window_closed_at_the_handshake)
{
  struct tcp_seen *s = NULL;
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1, .wnd = -1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  app_write("abc", 3);
  expect_silence();
  assert_true(time_until_segment(10000, &s) > 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "abc");
}

/* RFC 9293 3.8.6, vector B10-170: the window closes over what is sent; what is old is sent again,
   and as long as the peer answers it is not given up. */
PACKET_TEST(test_window_closes_over_data_in_flight)
{
  struct tcp_seen *s = NULL;
  start();
  app_write(pattern(FULL, 1), FULL);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = FULL);
  close_peers_window();
  for (unsigned i = 0; i < 2 * TCP_MAXRTX; i++) {
    assert_true(time_until_segment(2 * PROBE_MS, &s) > 0);
    assert_int_equal(s->seq, 1);
    close_peers_window();
  }
  assert_int_equal(app.errors, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_true(time_until_segment(2000, &s) > 0);
  assert_int_equal(s->seq, 1);
  assert_int_equal(s->len, FULL);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL);
  assert_int_equal(app.sent, FULL);
}

/* Security vector B10-181: a probe counts for nothing in SND.NXT; ACKs stand at SND.NXT. */
PACKET_TEST(test_acks_stand_at_snd_nxt)
{
  start();
  app_write(pattern(2 * FULL, 1), 2 * FULL);
  assert_int_equal(tcp_peer_ignores(), 2);
  advance(1000); /* sent again from SND.UNA */
  assert_true(tcp_peer_ignores() > 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  expect_segment(.flags = TCP_ACK, .seq = 1 + 2 * FULL, .ack = 2, .len = 0);
}

/* RFC 9293 3.10.5, security vector B10-181. */
PACKET_TEST(test_resets_stand_at_snd_nxt)
{
  start();
  app_write(pattern(2 * FULL, 1), 2 * FULL);
  assert_int_equal(tcp_peer_ignores(), 2);
  advance(1000);
  assert_true(tcp_peer_ignores() > 0);
  tcp_abort(app.pcb);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1 + 2 * FULL, .ack = 1);
}

/* --- keepalive --- */

static void keep_alive(void)
{
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  app.pcb->keep_idle = 10000;
#if LWIP_TCP_KEEPALIVE
  app.pcb->keep_intvl = 1000;
  app.pcb->keep_cnt = 3;
#endif
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
}

/* RFC 9293 3.8.4: keepalives must be asked for. */
PACKET_TEST(test_no_keepalive_unless_asked)
{
  start();
  advance(24 * HOUR_MS);
  expect_silence();
  assert_int_equal(app.errors, 0);
}

/* RFC 9293 3.8.4. */
PACKET_TEST(test_default_keepalive_time_is_two_hours)
{
  start();
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  advance(2 * HOUR_MS - 1);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1, .len = 0);
}

/* RFC 9293 3.8.4, security vector B10-189. */
PACKET_TEST(test_idle_peer_is_probed)
{
  start();
  keep_alive();
  advance(9999);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1, .len = 0);
}

/* RFC 9293 3.8.4. */
PACKET_TEST(test_peer_that_answers_lives)
{
  start();
  keep_alive();
  for (unsigned i = 0; i < 20; i++) {
    advance(10000);
    expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1, .len = 0);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
    expect_silence();
  }
  assert_int_equal(app.errors, 0);
}

/* One lost probe means nothing (RFC 9293 3.8.4, MUST-27). */
PACKET_TEST(test_peer_that_answers_a_later_probe_lives)
{
  start();
  keep_alive();
  advance(10000 + tcp_keep_intvl_ms(app.pcb));
  assert_int_equal(tcp_peer_ignores(), 2);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  advance(9999);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1, .len = 0);
}

/* RFC 9293 3.8.4. */
PACKET_TEST(test_silent_peer_is_given_up)
{
  start();
  keep_alive();
  u32_t count = tcp_keep_count(app.pcb);
  advance(10000 + count * tcp_keep_intvl_ms(app.pcb) - 1);
  assert_int_equal(tcp_peer_ignores(), count);
  assert_int_equal(app.errors, 0);
  advance(1);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
}

/* Security vector B10-189: whatever comes puts the next probe off. */
PACKET_TEST(test_data_put_keepalive_off)
{
  start();
  keep_alive();
  advance(9000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  tcp_peer_ignores();
  advance(9999);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 2, .len = 0);
}

/* RFC 9293 3.8.4: a time that is set when keepalive is on already counts as one that is set before.
 */
PACKET_TEST(test_keepalive_time_in_any_order)
{
  start();
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  (void)tcp_output(app.pcb);
  app.pcb->keep_idle = 10000;
  (void)tcp_output(app.pcb);
  advance(9999);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1, .len = 0);
  app.pcb->keep_idle = 1; /* not in the midst of probes */
  (void)tcp_output(app.pcb);
  advance(10);
  expect_silence();
}

PACKET_TEST(test_keepalive_time_before_the_option)
{
  start();
  app.pcb->keep_idle = 10000;
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  (void)tcp_output(app.pcb);
  advance(9999);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1, .len = 0);
}

PACKET_TEST(test_keepalive_time_is_lengthened)
{
  start();
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  app.pcb->keep_idle = 10000;
  (void)tcp_output(app.pcb);
  advance(5000);
  app.pcb->keep_idle = 60000;
  (void)tcp_output(app.pcb);
  advance(54999);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 1, .len = 0);
}

/* RFC 9293 3.8.4: only when nothing is outstanding; retransmissions find out then. */
PACKET_TEST(test_no_keepalive_beside_data)
{
  start();
  app.pcb->keep_idle = 5000;
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  app_write("x", 1);
  advance(60000);
  struct tcp_seen *s = tcp_peer_sees();
  while (s != NULL) {
    assert_int_equal(s->seq, 1); /* no probe at 0 */
    s = tcp_peer_sees();
  }
  assert_int_equal(app.errors, 0);
}

/* RFC 9293 3.8.4. */
PACKET_TEST(test_keepalive_while_the_peer_has_closed)
{
  start();
  keep_alive();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1);
  tcp_peer_ignores();
  advance(10000);
  expect_segment(.flags = TCP_ACK, .seq = 0, .ack = 2, .len = 0);
}

/* RFC 9293 3.8.4. */
PACKET_TEST(test_keepalive_switched_off_again)
{
  start();
  keep_alive();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1);
  tcp_peer_ignores();
  ip_reset_option(app.pcb, SOF_KEEPALIVE);
  advance(HOUR_MS);
  expect_silence();
  assert_non_null(app.pcb);
  assert_int_equal(app.pcb->state, CLOSE_WAIT);
}

/* Security vector B10-189: probes with and without a byte are answered. */
PACKET_TEST(test_peers_keepalives_are_answered)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 0, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = 0);
  peer_says(.flags = TCP_ACK, .seq = 0, .ack = 1, .data = "\0", .len = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = 0);
}

/* --- states that must not last --- */

/* RFC 1122 4.2.2.20: nobody waits in FIN-WAIT-2 for ever (security vector B10-179). */
PACKET_TEST(test_closed_connection_leaves_fin_wait_2)
{
  start();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  assert_int_equal(tcp_active_pcbs->state, FIN_WAIT_2);
  advance(TCP_FIN_WAIT_TIMEOUT);
  assert_null(tcp_active_pcbs);
}

/* ... but whoever has only shut down sending may wait for data as long as he likes
   (RFC 9293 3.6). */
PACKET_TEST(test_half_closed_connection_stays)
{
  start();
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  advance(24 * HOUR_MS);
  assert_non_null(app.pcb);
  assert_int_equal(app.pcb->state, FIN_WAIT_2);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .data = "late");
  expect_app_data("late");
  tcp_peer_ignores();
}

/* RFC 9293 3.8.3. */
PACKET_TEST(test_nobody_answers_the_fin)
{
  start();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  advance(HOUR_MS);
  assert_null(tcp_active_pcbs);
  assert_int_equal(app.errors, 0); /* the program has let go of it */
  assert_true(tcp_peer_ignores() > 1);
}

/* RFC 9293 3.8.3, security vector B10-179. */
PACKET_TEST(test_nobody_answers_the_last_fin)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  assert_int_equal(tcp_active_pcbs->state, LAST_ACK);
  advance(HOUR_MS);
  assert_null(tcp_active_pcbs);
  tcp_peer_ignores();
}

/* A closed connection with much to send lasts as long as it goes on, however slowly
   (RFC 9293 3.10.4). */
PACKET_TEST(test_closed_connection_sends_all)
{
  tcp_establish(&(struct tcp_peer_setup){.wnd = 1000});
  app_write(pattern(10000, 1), 10000);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  for (u32_t i = 1; i <= 10; i++) {
    advance(TCP_MSL);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 1000 * i);
  }
  assert_non_null(tcp_active_pcbs);
  advance(1000);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 10002);
  assert_int_equal(tcp_active_pcbs->state, FIN_WAIT_2);
}

/* CLOSE-WAIT lasts as long as the program wants, and wakes nobody (security vector B10-179). */
PACKET_TEST(test_close_wait_is_quiet)
{
  start();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1);
  tcp_peer_ignores();
  assert_int_equal(app.pcb->timers_set, 0);
  advance(24 * HOUR_MS);
  expect_silence();
  assert_non_null(app.pcb);
  assert_int_equal(app.pcb->state, CLOSE_WAIT);
}

/* RFC 9293 3.8.4. */
PACKET_TEST(test_established_is_quiet)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  tcp_peer_ignores();
  assert_int_equal(app.pcb->timers_set, 0);
}

/* RFC 9293 3.8.3 (R2): data that nobody acknowledges end the connection. */
PACKET_TEST(test_peer_that_acknowledges_nothing_is_given_up)
{
  start();
  app_write("abc", 3);
  advance(HOUR_MS);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  assert_in_range(tcp_peer_ignores(), TCP_MAXRTX, TCP_MAXRTX + 3);
}

/* RFC 9293 3.8.3. */
PACKET_TEST(test_peer_that_answers_no_syn_is_given_up)
{
  tcp_peer_reset();
  tcp_connect_up();
  advance(HOUR_MS);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  assert_int_equal(tcp_peer_ignores(), TCP_SYNMAXRTX + 1);
}

/* RFC 6298 5: 1 s, then doubled. */
PACKET_TEST(test_syn_is_repeated_ever_more_seldom)
{
  struct tcp_seen *s = NULL;
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  for (u32_t due_ms = LWIP_TCP_RTO_TIME; due_ms < 30000; due_ms *= 2) {
    u32_t ms = time_until_segment(60000, &s);
    assert_in_range(ms, due_ms - STEP_MS, due_ms + STEP_MS);
    assert_int_equal(s->h.flags, TCP_SYN);
    assert_int_equal(s->seq, 0);
  }
}

static const struct packet_test tests[] = {
    TEST(test_closed_window_stops_data),
    TEST(test_closed_window_is_probed),
    TEST(test_probes_back_off),
    TEST(test_probing_goes_on_as_long_as_the_peer_answers),
    TEST(test_peer_that_answers_no_probe_is_given_up),
    TEST(test_back_off_ends_with_the_window_open),
    TEST(test_probe_finds_the_window_open),
    TEST(test_fin_waits_for_a_closed_window),
    TEST(test_window_closed_at_the_handshake),
    TEST(test_window_closes_over_data_in_flight),
    TEST(test_acks_stand_at_snd_nxt),
    TEST(test_resets_stand_at_snd_nxt),
    TEST(test_no_keepalive_unless_asked),
    TEST(test_default_keepalive_time_is_two_hours),
    TEST(test_idle_peer_is_probed),
    TEST_IF(LWIP_TCP_KEEPALIVE, test_peer_that_answers_lives),
    TEST_IF(LWIP_TCP_KEEPALIVE, test_peer_that_answers_a_later_probe_lives),
    TEST(test_silent_peer_is_given_up),
    TEST(test_data_put_keepalive_off),
    TEST(test_no_keepalive_beside_data),
    TEST(test_keepalive_time_in_any_order),
    TEST(test_keepalive_time_before_the_option),
    TEST(test_keepalive_time_is_lengthened),
    TEST(test_keepalive_while_the_peer_has_closed),
    TEST(test_keepalive_switched_off_again),
    TEST(test_peers_keepalives_are_answered),
    TEST(test_closed_connection_leaves_fin_wait_2),
    TEST(test_half_closed_connection_stays),
    TEST(test_nobody_answers_the_fin),
    TEST(test_nobody_answers_the_last_fin),
    TEST(test_closed_connection_sends_all),
    TEST(test_close_wait_is_quiet),
    TEST(test_established_is_quiet),
    TEST(test_peer_that_acknowledges_nothing_is_given_up),
    TEST(test_peer_that_answers_no_syn_is_given_up),
    TEST(test_syn_is_repeated_ever_more_seldom),
};

PACKET_MAIN(tests)
