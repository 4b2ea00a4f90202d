/**
 * @file
 * TCP: the selective acknowledgements that we send (RFC 2018 3, 4; RFC 2883 4), how many fit (RFC
 * 7323 3.2), and which end of the stream of options they leave to data.
 *
 * needs: tcp
 */
#include "packet_tcp.h"

#if LWIP_TCP_SACK_OUT

static const u8_t sack[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 1, 4, 2};

static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = sack, .opts_len = sizeof sack});
}

static void start_with_timestamps(void)
{
  static const u8_t sack_ts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = sack_ts, .opts_len = sizeof sack_ts);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  tcp_peer.has_timestamps = LWIP_TCP_TIMESTAMPS;
  tcp_peer.tsval = 2U - now_ms();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
}

/** Five bytes at `seq`; what the stack answers is left. */
static void peer_sends_at(u32_t seq)
{
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = seq, .ack = 1, .data = "12345");
}

/* RFC 2018 4: the first block is the one that the segment belongs to, the others follow in the
   order in which they were reported last. */
PACKET_TEST(test_blocks_are_the_latest_first)
{
  start();
  peer_sends_at(11);
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 1, .sack = {{11, 16}});
  peer_sends_at(31);
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 2, .sack = {{31, 36}, {11, 16}});
  peer_sends_at(21);
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 3, .sack = {{21, 26}, {31, 36}, {11, 16}});
  peer_sends_at(16); /* joins two */
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 2, .sack = {{11, 26}, {31, 36}});
  peer_sends_at(1);
  expect_segment(.flags = TCP_ACK, .ack = 6, .sacks = 2, .sack = {{11, 26}, {31, 36}});
  peer_sends_at(6);
  expect_segment(.flags = TCP_ACK, .ack = 26, .sacks = 1, .sack = {{31, 36}});
  peer_sends_at(26);
  expect_segment(.flags = TCP_ACK, .ack = 36, .sacks = 0);
}

/* RFC 2018 3: at most four blocks fit, with timestamps (RFC 7323 3.2) three; the oldest are left
   out. */
PACKET_TEST(test_as_many_blocks_as_fit)
{
  start();
  for (u32_t i = 1; i <= 6; i++) {
    peer_sends_at(1 + 10 * i);
  }
  unsigned most = LWIP_MIN(4U, (unsigned)LWIP_TCP_MAX_SACK_NUM);
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .ack = 1);
  assert_int_equal(seen->opts.num_sacks, most);
  assert_int_equal(seen->opts.sack[0].left - tcp_peer.iss, 61);
  assert_int_equal(seen->h.header_len, TCP_HLEN + 4 + 8 * most);
  tcp_abort(app.pcb);
  tcp_close(app.listener);
  tx_discard();
  start_with_timestamps();
  for (u32_t i = 1; i <= 6; i++) {
    peer_sends_at(1 + 10 * i);
  }
  most = LWIP_MIN(LWIP_TCP_TIMESTAMPS ? 3U : 4U, (unsigned)LWIP_TCP_MAX_SACK_NUM);
  seen = expect_segment(.flags = TCP_ACK, .ack = 1);
  assert_int_equal(seen->opts.num_sacks, most);
}

/* ... whatever the order in which they came. */
PACKET_TEST(test_latest_blocks_in_any_order)
{
  static const u32_t order[] = {41, 11, 61, 31, 51, 21}; /* RFC 2018 4 */
  start();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(order); i++) {
    peer_sends_at(order[i]);
  }
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .ack = 1);
  assert_int_equal(seen->opts.num_sacks, LWIP_MIN(4, LWIP_TCP_MAX_SACK_NUM));
  for (unsigned i = 0; i < seen->opts.num_sacks; i++) {
    assert_int_equal(seen->opts.sack[i].left - tcp_peer.iss, order[5 - i]);
  }
}

/* RFC 2018 3: every ACK tells of the hole, those on data, too; full segments get shorter for it. */
PACKET_TEST(test_blocks_on_data)
{
  start();
  peer_sends_at(11);
  tcp_peer_ignores();
  u16_t mss = app.pcb->mss;
  app_write(pattern(2U * mss - 24, 1), 2U * mss - 24);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = mss - 12, .sacks = 1,
                 .sack = {{11, 16}});
  expect_segment(.flags = TCP_ACK, .seq = 1U + mss - 12, .ack = 1, .len = mss - 12, .sacks = 1,
                 .sack = {{11, 16}});
  tcp_peer_ignores();
  peer_sends_at(1);
  tcp_peer_ignores();
  peer_sends_at(6);
  expect_segment(.flags = TCP_ACK, .ack = 16, .sacks = 0);
  peer_says(.flags = TCP_ACK, .seq = 16, .ack = 1U + 2 * mss - 24);
  tcp_peer_ignores();
  app_write(pattern(mss, 1), mss);
  expect_segment(.flags = TCP_ACK, .seq = 1U + 2 * mss - 24, .len = mss, .sacks = 0);
}

/* RFC 2018 2: who has not permitted them gets none. */
PACKET_TEST(test_no_blocks_without_permission)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  peer_sends_at(11);
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 0);
}

/* RFC 2883 4.1.1: a segment that came before is reported, once, in front of all others. */
PACKET_TEST(test_duplicate_segment)
{
  start();
  peer_sends_at(1);
  peer_sends_at(1);
  expect_segment(.flags = TCP_ACK, .ack = 6, .sacks = 1, .sack = {{1, 6}});
  peer_sends_at(6);
  expect_segment(.flags = TCP_ACK, .ack = 11, .sacks = 0);
}

/* RFC 2883 4.2.1: a part that came before; 4.3: a part of what waits behind a hole. */
PACKET_TEST(test_duplicate_part)
{
  start();
  peer_sends_at(1);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "45xyz");
  expect_segment(.flags = TCP_ACK, .ack = 9, .sacks = 1, .sack = {{4, 6}});
  expect_app_data("12345xyz");
  peer_sends_at(21);
  expect_segment(.flags = TCP_ACK, .ack = 9, .sacks = 1, .sack = {{21, 26}});
  peer_says(.flags = TCP_ACK, .seq = 23, .ack = 1, .data = "345xyz");
  expect_segment(.flags = TCP_ACK, .ack = 9, .sacks = 2, .sack = {{23, 26}, {21, 29}});
  peer_says(.flags = TCP_ACK, .seq = 18, .ack = 1, .data = "0001"); /* overlaps in front */
  expect_segment(.flags = TCP_ACK, .ack = 9, .sacks = 2, .sack = {{21, 22}, {18, 29}});
}

/* RFC 2883 4.1.2: the same behind a hole: the D-SACK, then the block that it is a part of. */
PACKET_TEST(test_duplicate_behind_a_hole)
{
  start();
  peer_sends_at(21);
  peer_sends_at(31);
  peer_sends_at(21);
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 3, .sack = {{21, 26}, {21, 26}, {31, 36}});
  peer_sends_at(41);
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 3, .sack = {{41, 46}, {21, 26}, {31, 36}});
}

/* RFC 2883 4.2.3: what a larger segment swallows came twice. */
PACKET_TEST(test_swallowed_segment)
{
  start();
  peer_sends_at(21);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 19, .ack = 1, .data = "0012345xx");
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 2, .sack = {{21, 26}, {19, 28}});
}

/* RFC 2018 8: what was reported may be given up, and then is reported no more. */
PACKET_TEST(test_blocks_that_were_given_up)
{
  start();
  peer_sends_at(11);
  tcp_peer_ignores();
  pbuf_free_ooseq();
  assert_null(app.pcb->ooseq);
  peer_sends_at(31);
  expect_segment(.flags = TCP_ACK, .ack = 1, .sacks = 1, .sack = {{31, 36}});
}

static const struct packet_test tests[] = {
    TEST(test_blocks_are_the_latest_first),
    TEST(test_as_many_blocks_as_fit),
    TEST(test_latest_blocks_in_any_order),
    TEST(test_blocks_on_data),
    TEST(test_no_blocks_without_permission),
    TEST(test_duplicate_segment),
    TEST(test_duplicate_part),
    TEST(test_duplicate_behind_a_hole),
    TEST(test_swallowed_segment),
    TEST(test_blocks_that_were_given_up),
};

#else

/* RFC 2018 2: without the option none is offered. */
PACKET_TEST(test_sack_is_not_offered)
{
  tcp_peer_reset();
  tcp_connect_up();
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_int_equal(seen->opts.has & TCP_HAS_SACK_OK, 0);
}

static const struct packet_test tests[] = {TEST(test_sack_is_not_offered)};

#endif

PACKET_MAIN(tests)
