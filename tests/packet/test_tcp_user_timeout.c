/*
 * How long a connection waits for its peer: the user timeout (RFC 9293 3.8.3, 3.10.8; RFC 1122
 * 4.2.3.5), its option (RFC 5482), beside keepalive and closed windows.
 *
 * needs: tcp
 */
#include "gossamer/tcp_user_timeout.h"
#include "packet_tcp.h"

#if LWIP_TCP_USER_TIMEOUT

static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
}

/** Milliseconds until the program hears that the connection is gone, at most `max_ms`. The peer is
    silent; what is sent to it is thrown away. */
static u32_t time_of_death(u32_t max_ms)
{
  u32_t begin_ms = now_ms();
  while (app.errors == 0 && now_ms() - begin_ms < max_ms) {
    advance(50);
    tx_discard();
  }
  return now_ms() - begin_ms;
}

/* RFC 1122 4.2.3.5: without one: TCP_MAXRTX tries, far beyond R2's 100 seconds. */
PACKET_TEST(test_default_is_by_tries)
{
  start();
  assert_int_equal(tcp_get_user_timeout(app.pcb), 0);
  app_write("data", 4);
  assert_true(time_of_death(2000000) > 100000);
  assert_int_equal(app.err, ERR_ABRT);
}

/* RFC 9293 3.8.3: data are not acknowledged for so long, to the millisecond. */
PACKET_TEST(test_unacknowledged_data)
{
  start();
  tcp_set_user_timeout(app.pcb, 5000);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 5000);
  app_write("data", 4);
  tx_discard();
  advance(4999);
  tx_discard();
  assert_int_equal(app.errors, 0);
  advance(1);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
  expect_silence();
}

/* Longer than all tries would take: they do not count. */
PACKET_TEST(test_longer_than_the_tries)
{
  start();
  tcp_set_user_timeout(app.pcb, 3000000);
  app_write("data", 4);
  u32_t died_ms = time_of_death(4000000);
  assert_int_equal(app.errors, 1);
  assert_in_range(died_ms, 3000000, 3000050);
}

/* Any progress begins the time anew. */
PACKET_TEST(test_progress)
{
  start();
  tcp_set_user_timeout(app.pcb, 5000);
  app_write(pattern(6000, 1), 6000);
  for (u32_t i = 0; i < 5; i++) {
    advance(4900);
    tx_discard();
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + (i + 1) * 1000);
    assert_int_equal(app.errors, 0);
  }
  u32_t died_ms = time_of_death(10000);
  assert_in_range(died_ms, 4950, 5050);
}

/* ... but what is no progress does not. */
PACKET_TEST(test_duplicates_are_no_progress)
{
  start();
  tcp_set_user_timeout(app.pcb, 5000);
  app_write("data", 4);
  for (int i = 0; i < 10 && app.errors == 0; i++) {
    advance(500);
    tx_discard();
    if (app.errors == 0) {
      peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
    }
  }
  assert_int_equal(app.errors, 1);
}

/* Nothing waits for an idle peer: it may be silent for ever; and what is written after a long pause
   has all the time. */
PACKET_TEST(test_idle_is_not_waiting)
{
  start();
  tcp_set_user_timeout(app.pcb, 5000);
  app_write("data", 4);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  tx_discard();
  advance(10000000);
  assert_int_equal(app.errors, 0);
  app_write("data", 4);
  u32_t died_ms = time_of_death(10000);
  assert_in_range(died_ms, 5000, 5050);
}

/* Set while something waits: it applies to that; and taken away in time, it does not. */
PACKET_TEST(test_set_while_waiting)
{
  start();
  app_write("data", 4);
  advance(3000);
  tcp_set_user_timeout(app.pcb, 4000);
  tcp_set_user_timeout(app.pcb, 0);
  advance(2000);
  tx_discard();
  assert_int_equal(app.errors, 0);
  tcp_set_user_timeout(app.pcb, 4000); /* has passed */
  advance(1);
  assert_int_equal(app.errors, 1);
}

/* The FIN is waited for like data. */
PACKET_TEST(test_fin)
{
  start();
  tcp_set_user_timeout(app.pcb, 5000);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  u32_t died_ms = time_of_death(20000);
  assert_in_range(died_ms, 5000, 5050);
}

/* RFC 1122 4.2.2.17 keeps a peer for ever that answers probes of its closed window; a user timeout
   does not: data are not taken. */
PACKET_TEST(test_closed_window)
{
  start();
  tcp_set_user_timeout(app.pcb, 30000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  app_write("data", 4);
  u32_t begin_ms = now_ms();
  while (app.errors == 0 && now_ms() - begin_ms < 60000) {
    advance(100);
    if (tcp_peer_sees() != NULL && app.errors == 0) {
      peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
    }
  }
  assert_in_range(now_ms() - begin_ms, 30000, 30100);
}

/* ... and a window that opens is progress. */
PACKET_TEST(test_window_opens)
{
  start();
  tcp_set_user_timeout(app.pcb, 5000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  app_write("data", 4);
  advance(4000);
  tx_discard();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = 4);
  u32_t died_ms = time_of_death(20000);
  assert_in_range(died_ms, 5000, 5050);
}

/* An attempt to connect: what comes first, time or tries. */
PACKET_TEST(test_connecting)
{
  tcp_peer_reset();
  tcp_connect_up();
  tcp_set_user_timeout(app.pcb, 2500);
  u32_t died_ms = time_of_death(10000);
  assert_in_range(died_ms, 2500, 2550);
  tcp_peer_reset();
  tcp_connect_up();
  tcp_set_user_timeout(app.pcb, 10000000);
  time_of_death(2000000);
  assert_int_equal(app.errors, 1);
}

#if LWIP_TCP_KEEPALIVE
static void keep_alive(u32_t idle_ms, u32_t intvl_ms, u8_t count)
{
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  app.pcb->keep_idle = idle_ms;
  app.pcb->keep_intvl = intvl_ms;
  app.pcb->keep_cnt = count;
  tcp_output(app.pcb);
}

/* RFC 5482 4.2: keepalive ends nothing that the user timeout would keep; as Linux has it, the
   number of probes does not count beside it, nor the interval. */
PACKET_TEST(test_keepalive_is_overridden)
{
  start();
  keep_alive(1000, 1000, 2);
  tcp_set_user_timeout(app.pcb, 10000);
  u32_t died_ms = time_of_death(20000);
  assert_in_range(died_ms, 10000, 10050);
  start();
  keep_alive(1000, 600000, 9);
  tcp_set_user_timeout(app.pcb, 10000);
  died_ms = time_of_death(20000);
  assert_in_range(died_ms, 10000, 10050);
}

/* Without a probe nobody is given up; whoever answers lives. */
PACKET_TEST(test_keepalive_probes_at_least_once)
{
  start();
  keep_alive(20000, 1000, 9);
  tcp_set_user_timeout(app.pcb, 5000);
  advance(19999);
  expect_silence();
  assert_int_equal(app.errors, 0);
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  advance(19000);
  assert_int_equal(app.errors, 0);
  u32_t died_ms = time_of_death(20000);
  assert_in_range(died_ms, 1000, 1100);
  assert_int_equal(app.errors, 1);
}
#endif

/* --- the option (RFC 5482) --- */

#define UTO(value) 28, 4, ((value) >> 8) & 0xff, (value)&0xff

/** The peer's segment carries the option. */
static void peer_tells(u16_t value)
{
  u8_t opts[] = {UTO(value)};
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .opts = opts, .opts_len = sizeof opts);
}

static bool tells(const struct tcp_seen *s, u16_t value)
{
  return (s->opts.has & TCP_HAS_USER_TIMEOUT) && s->opts.user_timeout == value;
}

/* Off unless asked for: nothing is sent, what comes is ignored. */
PACKET_TEST(test_option_is_off)
{
  tcp_peer_reset();
  tcp_connect_up();
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_false(s->opts.has & TCP_HAS_USER_TIMEOUT);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  s = expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_false(s->opts.has & TCP_HAS_USER_TIMEOUT);
  peer_tells(300);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 0);
  assert_int_equal(tcp_get_peer_user_timeout(app.pcb), 0);
}

/* RFC 5482 3: with the SYN, with the first segment behind it, then no more; and when the time
   changes. */
PACKET_TEST(test_option_is_told)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 500, true), ERR_OK);
  advance(1000);
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_true(tells(s, 500));
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  s = expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_true(tells(s, 500));
  app_write("data", 4);
  s = expect_segment(.flags = TCP_ACK, .seq = 1, .len = 4);
  assert_false(s->opts.has & TCP_HAS_USER_TIMEOUT);
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 40000, true), ERR_OK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  app_write("more", 4);
  s = expect_segment(.flags = TCP_ACK, .seq = 5, .len = 4);
  assert_true(tells(s, 0x8000 | (40000 / 60))); /* 3.3: minutes, when seconds do not fit */
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 0x7fff * 60, true), ERR_OK);
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 0x7fff * 60 + 1, true), ERR_VAL);
}

/** A connection comes to a listener that has the option. */
static void be_connected(void)
{
  static const u8_t opts[] = {2, 4, 5, 0xb4, 4, 2, 1, 3, 3, 7, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};
  tcp_peer_reset();
  tcp_listen_up();
  tcp_set_user_timeout(app.listener, 3000);
  assert_int_equal(tcp_get_user_timeout(app.listener), 3000);
  assert_int_equal(tcp_advertise_user_timeout(app.listener, 500, true), ERR_OK);
  assert_int_equal(tcp_get_peer_user_timeout(app.listener), 0);
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = sizeof opts);
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_true(tells(s, 500));
  u8_t known = LWIP_TCP_TIMESTAMPS ? TCP_HAS_TIMESTAMP : 0;
  assert_int_equal(s->opts.has & TCP_HAS_TIMESTAMP, known); /* beside all others */
  tcp_peer.has_timestamps = known != 0;
  tcp_peer.tsval = 2U - now_ms();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
}

/* RFC 5482 3: the option is in SYN-ACKs; the connection has what its listener has. */
PACKET_TEST(test_option_in_syn_ack)
{
  be_connected();
  app_write("data", 4);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK, .seq = 1, .len = 4);
  assert_true(tells(s, 500));
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  app_write("more", 4);
  s = expect_segment(.flags = TCP_ACK, .seq = 5, .len = 4);
  assert_false(s->opts.has & TCP_HAS_USER_TIMEOUT);
}

/* RFC 9293 3.8.3: a connection waits as long as its listener said. */
PACKET_TEST(test_listener_is_inherited)
{
  be_connected();
  assert_int_equal(tcp_get_user_timeout(app.pcb), 3000);
  app_write("x", 1);
  assert_in_range(time_of_death(10000), 2950, 3100);
  assert_int_equal(app.err, ERR_ABRT);
}

/* RFC 6691 2: a full segment with the option has less data. */
PACKET_TEST(test_option_takes_room)
{
  start();
  tcp_nagle_disable(app.pcb);
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 500, true), ERR_OK);
  u16_t mss = app.pcb->mss;
  app_write(pattern(2U * mss, 1), 2U * mss);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK, .seq = 1, .len = mss - 4);
  assert_true(tells(s, 500));
  expect_segment(.flags = TCP_ACK, .seq = 1U + mss - 4, .len = mss);
}

/* RFC 5482 3.1: the longer of both times, between the limits. */
PACKET_TEST(test_option_is_adopted)
{
  start();
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 10, true), ERR_OK);
  peer_tells(20);
  assert_int_equal(tcp_get_user_timeout(app.pcb), LWIP_TCP_UTO_MIN_MS);
  peer_tells(200);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 200000);
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 300, true), ERR_OK);
  peer_tells(200);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 300000);
  peer_tells(0x8000 | 10);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 600000);
  assert_int_equal(tcp_get_peer_user_timeout(app.pcb), 600);
  peer_tells(0xffff);
  assert_int_equal(tcp_get_user_timeout(app.pcb), LWIP_TCP_UTO_MAX_MS);
}

/* RFC 5482 3.1: what the program has set, the peer does not change; but the program can know. */
PACKET_TEST(test_what_is_set_stays)
{
  start();
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 300, true), ERR_OK);
  tcp_set_user_timeout(app.pcb, 7000);
  peer_tells(1000);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 7000);
  assert_int_equal(tcp_get_peer_user_timeout(app.pcb), 1000);
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 300, true), ERR_OK);
  peer_tells(1000);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 1000000);
}

/* RFC 5482 3.4: 0 is reserved; another length is another option. Nor is a segment believed that is
   not acceptable. */
PACKET_TEST(test_strange_options)
{
  static const u8_t strange[][8] = {{UTO(0)},         {UTO(0x8000)}, {28, 3, 1, 1},
                                    {28, 5, 1, 1, 1}, {28, 2},       {28, 6, 1, 1, 1, 1}};
  start();
  assert_int_equal(tcp_advertise_user_timeout(app.pcb, 300, true), ERR_OK);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(strange); i++) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .opts = strange[i], .opts_len = 8);
  }
  static const u8_t good[] = {UTO(1000)};
  peer_says(.flags = TCP_ACK, .seq = 0x10000000, .ack = 1, .opts = good, .opts_len = 4);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 0x10000000, .opts = good, .opts_len = 4);
  assert_int_equal(tcp_get_user_timeout(app.pcb), 0);
  assert_int_equal(tcp_get_peer_user_timeout(app.pcb), 0);
  ignore_drops();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_default_is_by_tries, PACKET_ONCE),
    TEST(test_unacknowledged_data),
    TEST_FLAGS(test_longer_than_the_tries, PACKET_ONCE),
    TEST(test_progress),
    TEST(test_duplicates_are_no_progress),
    TEST(test_idle_is_not_waiting),
    TEST(test_set_while_waiting),
    TEST(test_fin),
    TEST(test_closed_window),
    TEST(test_window_opens),
    TEST_FLAGS(test_connecting, PACKET_ONCE),
#if LWIP_TCP_KEEPALIVE
    TEST(test_keepalive_is_overridden),
    TEST(test_keepalive_probes_at_least_once),
#endif
    TEST(test_option_is_off),
    TEST(test_option_is_told),
    TEST(test_option_in_syn_ack),
    TEST(test_listener_is_inherited),
    TEST(test_option_takes_room),
    TEST(test_option_is_adopted),
    TEST(test_what_is_set_stays),
    TEST(test_strange_options),
};
PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
