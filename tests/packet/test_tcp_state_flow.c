/**
 * @file
 * TCP: who may send how much and when: windows, silly windows on both sides, Nagle, delayed ACKs
 * (RFC 9293 3.7.4, 3.8.6, RFC 5681 4.2, RFC 1122 4.2.3).
 *
 * needs: tcp; also: lean
 */
#include "packet_tcp.h"
#include "lwip/priv/tcp_hooks.h"
#include "base/fault.h"

#define DELAY_MS 200U                        /* longest delay of an ACK */
#define FULL     (LWIP_IPV4 ? 1460U : 1440U) /* payload of a full segment */

static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){0});
}

/** The peer sends `len` bytes from `*seq` on. */
static void peer_sends(u32_t *seq, size_t len)
{
  peer_says(.flags = TCP_ACK, .seq = *seq, .ack = 1, .data = pattern(len, 1), .len = len);
  *seq += (u32_t)len;
}

/** Past the ACKs that are sent at once. @return the peer's next sequence number */
static u32_t start_delaying(void)
{
  u32_t seq = 1;
  unsigned quick = 0;
  start();
  peer_sends(&seq, 1);
  while (tcp_peer_sees() != NULL) {
    quick++;
    peer_sends(&seq, 1);
  }
  assert_in_range(quick, 8, 16);
  advance(DELAY_MS);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  return seq;
}

/* --- delayed ACKs --- */

PACKET_TEST(test_first_segments_are_acknowledged_at_once)
{
  (void)start_delaying(); /* RFC 5681 4.2 allows it, and the peer's window opens sooner */
  expect_silence();
}

/* RFC 9293 3.8.6.3: an ACK is delayed by less than 0.5 s; here by 200 ms. */
PACKET_TEST(test_ack_of_a_small_segment_is_delayed)
{
  u32_t seq = start_delaying();
  peer_sends(&seq, 10);
  expect_silence();
  advance(DELAY_MS - 1);
  expect_silence();
  advance(1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  advance(10000);
  expect_silence();
}

/* RFC 5681 4.2, RFC 9293 3.8.6.3: at least every second full-sized segment. */
PACKET_TEST(test_every_second_full_segment_is_acknowledged)
{
  u32_t seq = start_delaying();
  for (unsigned i = 0; i < 5; i++) {
    peer_sends(&seq, FULL);
    expect_silence();
    peer_sends(&seq, FULL);
    expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  }
  peer_sends(&seq, FULL);
  expect_silence();
  advance(DELAY_MS);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
}

/* RFC 1122 4.2.3.2: an ACK rides on data. */
PACKET_TEST(test_delayed_ack_rides_on_data)
{
  u32_t seq = start_delaying();
  peer_sends(&seq, 10);
  app_write("x", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .data = "x");
  peer_says(.flags = TCP_ACK, .seq = seq, .ack = 2);
  advance(1000);
  expect_silence();
}

/* RFC 9293 3.8.6.3. */
PACKET_TEST(test_several_small_segments_share_an_ack)
{
  u32_t seq = start_delaying();
  peer_sends(&seq, 10);
  advance(DELAY_MS / 2);
  peer_sends(&seq, 10);
  peer_sends(&seq, 10);
  expect_silence();
  advance(DELAY_MS / 2); /* counted from the first of them */
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  expect_silence();
}

/* RFC 5681 4.2: out of order data are acknowledged at once, and so is what fills the hole. */
PACKET_TEST(test_hole_is_told_at_once)
{
  u32_t seq = start_delaying();
  u32_t behind = seq + 10;
  peer_sends(&behind, 10);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  peer_sends(&behind, 10); /* one more behind the hole */
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  peer_sends(&seq, 5); /* a part of the hole */
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  peer_sends(&seq, 5);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = behind, .len = 0);
}

/* RFC 5681 4.2. */
PACKET_TEST(test_acks_are_quick_after_a_loss)
{
  u32_t seq = start_delaying();
  u32_t behind = seq + 10;
  peer_sends(&behind, 10);
  peer_sends(&seq, 10);
  assert_int_equal(tcp_peer_ignores(), 2);
  peer_sends(&behind, 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = behind, .len = 0);
}

/* RFC 5681 4.2: old data may mean that our ACK was lost. */
PACKET_TEST(test_old_data_are_acknowledged_at_once)
{
  u32_t seq = start_delaying();
  u32_t old = seq - 1;
  peer_sends(&old, 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
  expect_drop(DROP_TCP_DUPLICATE);
}

/* RFC 9293 3.10.7.4 step 8. */
PACKET_TEST(test_fin_is_acknowledged_at_once)
{
  u32_t seq = start_delaying();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = seq, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq + 1, .len = 0);
}

/* Two ends that delay and wait for each other are not stuck (security vector B10-188). */
PACKET_TEST(test_nagle_and_delayed_acks_do_not_lock)
{
  u32_t seq = start_delaying();
  app_write("abc", 3);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "abc");
  app_write("def", 3);
  expect_silence();
  peer_sends(&seq, 10);
  expect_silence();
  advance(DELAY_MS - 1);
  peer_says(.flags = TCP_ACK, .seq = seq, .ack = 4);
  expect_segment(.flags = TCP_ACK, .seq = 4, .ack = seq, .data = "def");
}

/* Two ends that disagree about where they are do not answer each other for ever (RFC 5961 10,
   security vector B10-175). */
static unsigned answers_to(u32_t n, u32_t seq, u32_t ack)
{
  unsigned answers = 0;
  for (u32_t i = 0; i < n; i++) {
    peer_says(.flags = TCP_ACK, .seq = seq, .ack = ack);
    answers += tcp_peer_ignores();
  }
  return answers;
}

/* RFC 5961 10, security vector B10-175. */
PACKET_TEST(test_ack_storm_dies)
{
  start();
  assert_in_range(answers_to(100, 1000000, 1), 1, 10); /* beyond the window */
  advance(1000);
  assert_in_range(answers_to(100, 0U - 1000, 1), 1, 10); /* left of it */
  advance(1000);
  assert_in_range(answers_to(100, 1, 5000), 1, 10); /* of what was not sent */
}

/* Security vector B10-183: an ACK for which there was no memory is not forgotten. */
PACKET_TEST(test_ack_without_memory_goes_later)
{
  u32_t seq = 1;
  unsigned late = 0;
  start();
  for (u32_t nth = 2; nth <= 4 && !packet_is_fault_run(); nth++) {
    fault_arm(nth);
    peer_sends(&seq, 10);
    fault_arm(0);
    if (app.pcb->rcv_nxt - tcp_peer.iss == seq && tcp_peer_ignores() == 0) {
      late++;
      advance(DELAY_MS);
      expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .len = 0);
    }
    seq = app.pcb->rcv_nxt - tcp_peer.iss;
  }
  assert_true(late > 0 || packet_is_fault_run() || !LWIP_FAULT_INJECTION);
}

/* --- our window --- */

/** Fill our window, which the application leaves full. @return the peer's next number */
static u32_t fill_window(void)
{
  u32_t seq = 1;
  u32_t edge = 1 + (u32_t)app.pcb->rcv_ann_wnd;
  app.keeps_window = true;
  while (seq != edge) {
    peer_sends(&seq, LWIP_MIN(FULL, edge - seq));
  }
  tcp_peer_ignores();
  return seq;
}

/* RFC 9293 3.8.6. */
PACKET_TEST(test_window_closes_and_data_are_refused)
{
  start();
  u32_t seq = fill_window();
  advance(DELAY_MS);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = seq, .ack = 1, .data = "!");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .wnd = 0);
}

/* RFC 9293 3.10.7.4: with a closed window ACKs count nevertheless (security vector B10-167). */
PACKET_TEST(test_ack_counts_while_our_window_is_closed)
{
  start();
  u32_t seq = fill_window();
  app_write("x", 1);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = seq, .ack = 2, .data = "probe");
  assert_int_equal(app.sent, 1);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = seq, .wnd = 0);
}

/* RFC 9293 3.10.7.4 step 1. */
PACKET_TEST(test_reset_counts_while_our_window_is_closed)
{
  start();
  u32_t seq = fill_window();
  peer_says(.flags = TCP_RST, .seq = seq);
  assert_int_equal(app.err, ERR_RST);
}

/* A closed window has room for nothing, so no RST in it is challenged but the exact one counts
   (RFC 5961 3.2). */
PACKET_TEST(test_reset_beside_a_closed_window_is_ignored)
{
  start();
  u32_t seq = fill_window();
  peer_says(.flags = TCP_RST, .seq = seq + 1);
  expect_silence();
  expect_drop(DROP_TCP_BAD_RST);
}

/* Security vectors B10-167, 189: probes of a closed window are answered without limit. */
PACKET_TEST(test_window_probes_are_answered_each)
{
  start();
  u32_t seq = fill_window();
  advance(DELAY_MS);
  tcp_peer_ignores();
  for (unsigned i = 0; i < 50; i++) {
    peer_says(.flags = TCP_ACK, .seq = i % 2 ? seq : seq - 1, .ack = 1, .data = "?");
    expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .wnd = 0);
  }
}

/* RFC 9293 3.8.6.2.2: the window is opened by large steps (security vector B10-188). */
PACKET_TEST(test_window_opens_by_large_steps)
{
  start();
  u32_t seq = fill_window();
  u32_t step = LWIP_MIN(TCP_WND / 2, TCP_WND_UPDATE_THRESHOLD);
  for (u32_t i = 1; i < step; i++) {
    tcp_recved(app.pcb, 1);
  }
  expect_silence();
  tcp_recved(app.pcb, 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .wnd = step);
}

/* ... also in ACKs that are sent for another reason (RFC 9293 3.8.6.2.2). */
PACKET_TEST(test_little_room_is_not_announced)
{
  start();
  u32_t seq = fill_window();
  tcp_recved(app.pcb, LWIP_MIN(TCP_MSS, TCP_WND / 2) - 1);
  peer_says(.flags = TCP_ACK, .seq = seq - 1, .ack = 1, .data = "?");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .wnd = 0);
  tcp_recved(app.pcb, 1);
  peer_says(.flags = TCP_ACK, .seq = seq - 1, .ack = 1, .data = "?");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq, .wnd = LWIP_MIN(TCP_MSS, TCP_WND / 2));
}

/* RFC 9293 3.8.6: what was announced stays, whatever is read (security vector B10-171). */
static void check_right_edge(u32_t shift)
{
  u32_t seq = 1;
  u32_t edge = 1;
  for (unsigned i = 1; i < 60; i++) {
    peer_sends(&seq, (i * 37U) % FULL + 1);
    advance(DELAY_MS);
    struct tcp_seen *s = tcp_peer_sees();
    while (s != NULL) {
      assert_true(seq_geq(s->ack + ((u32_t)s->h.wnd << shift), edge));
      edge = s->ack + ((u32_t)s->h.wnd << shift);
      s = tcp_peer_sees();
    }
    if (i % 3 == 0) {
      tcp_recved(app.pcb, (u16_t)(i * 11));
    }
  }
}

/* RFC 9293 3.8.6, security vector B10-171. */
PACKET_TEST(test_right_edge_never_moves_left)
{
  start();
  app.keeps_window = true;
  check_right_edge(0);
}

/* RFC 7323 2.4, security vector B10-171. */
PACKET_TEST(test_right_edge_never_moves_left_with_scaling)
{
  static const u8_t opts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 0};
  tcp_establish(&(struct tcp_peer_setup){.opts = opts, .opts_len = sizeof opts});
  app.keeps_window = true;
  check_right_edge(tcp_rcv_shift(app.pcb));
}

/* RFC 9293 3.10.7.4: what begins left of the window or ends right of it is cut. */
PACKET_TEST(test_overlap_on_the_left_is_cut)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc");
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 1, .data = "bcdef");
  expect_app_data("abcdef");
  tcp_peer_ignores();
}

/* RFC 9293 3.10.7.4 step 1, security vector B10-167. */
PACKET_TEST(test_overlap_on_the_right_is_cut)
{
  start();
  u32_t seq = fill_window();
  tcp_recved(app.pcb, 10000);
  tcp_peer_ignores();
  app.taken = app.len;
  u32_t room = app.pcb->rcv_wnd;
  for (u32_t left = room - 3; left > 0;) {
    u32_t len = LWIP_MIN(left, FULL);
    peer_sends(&seq, len);
    left -= len;
  }
  app.taken = app.len;
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = seq, .ack = 1, .data = "xyz...");
  expect_app_data("xyz");
  assert_int_equal(app.fins, 0);
  assert_int_equal(app.pcb->state, ESTABLISHED);
}

/* --- the peer's window --- */

PACKET_TEST(test_peers_window_is_filled_and_no_more)
{
  tcp_establish(&(struct tcp_peer_setup){.wnd = 4000});
  app_write(pattern(10000, 1), 10000);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = FULL);
  expect_segment(.flags = TCP_ACK, .seq = 1 + FULL, .len = FULL);
  expect_silence(); /* 1080 more would be a silly segment: RFC 9293 3.8.6.2.1 */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL);
  expect_segment(.flags = TCP_ACK, .seq = 1 + 2 * FULL, .len = FULL);
}

/* RFC 9293 3.8.6.2.1 (3): half of the largest window seen is worth a segment. */
PACKET_TEST(test_peer_with_a_tiny_buffer)
{
  tcp_establish(&(struct tcp_peer_setup){.wnd = 100});
  app_write(pattern(300, 1), 300);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = 100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 101, .wnd = 49);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 101, .wnd = 50);
  expect_segment(.flags = TCP_ACK, .seq = 101, .len = 50);
}

/* RFC 9293 3.8.6.2.1 (4): and a silly segment is better than none after a while. */
PACKET_TEST(test_small_window_is_used_in_the_end)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 100);
  app_write(pattern(1000, 1), 1000);
  expect_silence();
  advance(99);
  expect_silence();
  advance(101);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = 100, .data = pattern(100, 1));
  expect_silence();
}

/* Security vector B10-188: windows of one byte yield no stream of tiny segments. */
PACKET_TEST(test_window_of_one_byte)
{
  start();
  app_write(pattern(FULL, 1), FULL);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = FULL);
  for (unsigned i = 1; i <= 20; i++) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL, .wnd = 1);
  }
  app_write(pattern(FULL, 1), FULL);
  expect_silence();
  advance(100);
  expect_silence();
}

/* RFC 9293 3.10.7.4: an older segment does not bring an older window (vector B10-170). */
PACKET_TEST(test_older_segment_leaves_the_window)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc", .wnd = 3000);
  assert_int_equal(app.pcb->snd_wnd, 3000);
  peer_says(.flags = TCP_ACK, .seq = 5, .ack = 1, .data = "e", .wnd = 2000); /* newest */
  assert_int_equal(app.pcb->snd_wnd, 2000);
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "d", .wnd = 9999);
  assert_int_equal(app.pcb->snd_wnd, 2000);
  expect_app_data("abcde");
}

/* RFC 9293 3.10.7.4 step 5. */
PACKET_TEST(test_older_ack_leaves_the_window)
{
  start();
  app_write("abc", 3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 4, .wnd = 3000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .wnd = 9999);
  assert_int_equal(app.pcb->snd_wnd, 3000);
  tcp_peer_ignores();
}

/* RFC 9293 3.8.6: a window that shrinks is borne; new data keep inside of it. */
PACKET_TEST(test_window_shrinks_below_what_is_sent)
{
  start();
  app_write(pattern(2 * FULL, 1), 2 * FULL);
  assert_int_equal(tcp_peer_ignores(), 2);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 1000);
  app_write(pattern(FULL, 1), FULL);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 2 * FULL, .wnd = 3000);
  expect_segment(.flags = TCP_ACK, .seq = 1 + 2 * FULL, .len = FULL);
}

/* RFC 7323 2.3. */
PACKET_TEST(test_window_is_scaled)
{
  static const u8_t opts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 4};
  tcp_establish(&(struct tcp_peer_setup){.opts = opts, .opts_len = sizeof opts, .wnd = 1000});
  assert_int_equal(app.pcb->snd_wnd, LWIP_WND_SCALE ? 16000 : 1000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 2000);
  assert_int_equal(app.pcb->snd_wnd, LWIP_WND_SCALE ? 32000 : 2000);
}

/* --- Nagle --- */

/* RFC 9293 3.7.4. */
PACKET_TEST(test_nagle_holds_a_small_segment_back)
{
  start();
  app_write("a", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  app_write("b", 1);
  app_write("c", 1);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .data = "bc");
}

/* RFC 9293 3.7.4. */
PACKET_TEST(test_nagle_lets_full_segments_go)
{
  start();
  app_write("a", 1);
  app_write(pattern(FULL + 5, 1), FULL + 5);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  expect_segment(.flags = TCP_ACK, .seq = 2, .len = FULL);
  expect_silence();
}

/* RFC 9293 3.7.4. */
PACKET_TEST(test_nagle_can_be_switched_off)
{
  start();
  tcp_nagle_disable(app.pcb);
  app_write("a", 1);
  app_write("b", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 2, .data = "b");
}

/* RFC 9293 3.7.4, 3.10.4. */
PACKET_TEST(test_close_ends_nagles_wait)
{
  start();
  app_write("a", 1);
  app_write("b", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .data = "a");
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 2, .data = "b");
}

/* RFC 9293 3.9.1.2: PSH on the last segment of what was written. */
PACKET_TEST(test_last_segment_is_pushed)
{
  start();
  app_write(pattern(FULL + 5, 1), FULL + 5);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK, .seq = 1, .len = FULL);
  assert_int_equal(s->h.flags, TCP_ACK); /* without PSH */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1 + FULL, .len = 5);
}

static const struct packet_test tests[] = {
    TEST(test_first_segments_are_acknowledged_at_once),
    TEST(test_ack_of_a_small_segment_is_delayed),
    TEST(test_every_second_full_segment_is_acknowledged),
    TEST(test_delayed_ack_rides_on_data),
    TEST(test_several_small_segments_share_an_ack),
    TEST_IF(TCP_QUEUE_OOSEQ, test_hole_is_told_at_once),
    TEST_IF(TCP_QUEUE_OOSEQ, test_acks_are_quick_after_a_loss),
    TEST(test_old_data_are_acknowledged_at_once),
    TEST(test_fin_is_acknowledged_at_once),
    TEST(test_nagle_and_delayed_acks_do_not_lock),
    TEST(test_ack_storm_dies),
    TEST_FLAGS(test_ack_without_memory_goes_later, PACKET_ONCE),
    TEST(test_window_closes_and_data_are_refused),
    TEST(test_ack_counts_while_our_window_is_closed),
    TEST(test_reset_counts_while_our_window_is_closed),
    TEST(test_reset_beside_a_closed_window_is_ignored),
    TEST(test_window_probes_are_answered_each),
    TEST(test_window_opens_by_large_steps),
    TEST(test_little_room_is_not_announced),
    TEST(test_right_edge_never_moves_left),
    TEST(test_right_edge_never_moves_left_with_scaling),
    TEST(test_overlap_on_the_left_is_cut),
    TEST(test_overlap_on_the_right_is_cut),
    TEST(test_peers_window_is_filled_and_no_more),
    TEST(test_peer_with_a_tiny_buffer),
    TEST(test_small_window_is_used_in_the_end),
    TEST(test_window_of_one_byte),
    TEST_IF(TCP_QUEUE_OOSEQ, test_older_segment_leaves_the_window),
    TEST(test_older_ack_leaves_the_window),
    TEST(test_window_shrinks_below_what_is_sent),
    TEST(test_window_is_scaled),
    TEST(test_nagle_holds_a_small_segment_back),
    TEST(test_nagle_lets_full_segments_go),
    TEST(test_nagle_can_be_switched_off),
    TEST(test_close_ends_nagles_wait),
    TEST(test_last_segment_is_pushed),
};

PACKET_MAIN(tests)
