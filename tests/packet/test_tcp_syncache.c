/**
 * @file
 * TCP: half-open connections as records, and SYN cookies (RFC 4987; RFC 9293 3.10.7.4 for
 * SYN-RECEIVED; security vectors B10-160, 161).
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "base/fault.h"
#include "lwip/priv/tcp_syncache_fields.h"

static unsigned half_open(void)
{
  unsigned n = 0;
  struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs;
  struct tcp_half_open **list = l != NULL ? tcp_half_open_list(l) : NULL;
  for (struct tcp_half_open *h = list != NULL ? *list : NULL; h != NULL; h = h->next) {
    n++;
  }
  return n;
}

static void listen_up(u8_t backlog)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_backlog_set(app.listener, backlog);
}

static const u8_t all_options[20] = {2,    4, 1400 >> 8, 1400 & 0xff, 4, 2, 8, 10, 0, 0,
                                     0x10, 0, 0,         0,           0, 0, 3, 3,  5, 0};

/** A SYN that has been answered. */
static void half_open_up(u8_t backlog)
{
  listen_up(backlog);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_null(tcp_active_pcbs);
  assert_int_equal(half_open(), 1);
}

PACKET_TEST(test_no_pcb_before_the_handshake_is_complete)
{
  half_open_up(4);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
  assert_int_equal(half_open(), 0);
  assert_int_equal(app.pcb->state, ESTABLISHED);
  assert_int_equal(app.pcb->mss, LWIP_IPV4 ? 536 : 1220); /* nothing was said: RFC 9293 3.7.1 */
  expect_no_drop();
  advance(60000);
  expect_silence(); /* and no timer is left */
}

/* RFC 9293 3.10.7.4. */
PACKET_TEST(test_data_with_the_last_acknowledgement)
{
  half_open_up(4);
  peer_says(.flags = TCP_ACK | TCP_PSH | TCP_FIN, .seq = 1, .ack = 1, .data = "at once");
  expect_app_data("at once");
  assert_int_equal(app.fins, 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 9);
}

/* RFC 9293 3.10.7.4. */
PACKET_TEST(test_data_behind_a_lost_acknowledgement)
{
  half_open_up(4);
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "later");
  assert_int_equal(app.accepted, 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "but");
  expect_app_data("butlater");
}

/* RFC 4987 3.4. */
PACKET_TEST(test_options_are_remembered)
{
  listen_up(4);
  tcp_peer.has_timestamps = true;
  peer_says(.flags = TCP_SYN, .opts = all_options, .opts_len = 19);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(seen->opts.tsecr, 0x1000);
  u8_t has = seen->opts.has;
  tcp_peer.tsval = 0x1001 - now_ms();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 1000);
  assert_int_equal(app.accepted, 1);
  assert_int_equal(app.pcb->mss, 1400);
  assert_int_equal((app.pcb->flags & TF_SACK) != 0, (has & TCP_HAS_SACK_OK) != 0);
  assert_int_equal((app.pcb->flags & TF_TIMESTAMP) != 0, (has & TCP_HAS_TIMESTAMP) != 0);
  assert_int_equal((has & TCP_HAS_WND_SHIFT) != 0, LWIP_WND_SCALE);
  assert_int_equal(app.pcb->snd_wnd, LWIP_WND_SCALE ? 1000 << 5 : 1000);
}

PACKET_TEST(test_syn_ack_is_repeated_with_back_off)
{
  half_open_up(4); /* RFC 6298 5.5, RFC 9293 3.8.3 */
  u32_t due_ms = LWIP_TCP_RTO_TIME;
  for (int i = 0; i < 3; i++) {
    advance(due_ms - 1);
    expect_silence();
    advance(1);
    expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
    due_ms *= 2;
  }
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
}

/* RFC 9293 3.8.3. */
PACKET_TEST(test_it_is_given_up)
{
  half_open_up(4);
  unsigned repeated = 0;
  for (int i = 0; i < 120; i++) {
    advance(1000);
    repeated += tcp_peer_ignores();
  }
  assert_true(repeated >= 3 && repeated <= TCP_SYNMAXRTX);
  assert_int_equal(half_open(), 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_RST, .seq = 1);
  expect_drop(DROP_TCP_BAD_ACK);
}

PACKET_TEST(test_duplicate_syn_is_answered_again)
{
  half_open_up(4); /* B10-161 */
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  expect_drop(DROP_TCP_DUPLICATE);
  assert_int_equal(half_open(), 1);
}

PACKET_TEST(test_another_syn_is_challenged)
{
  half_open_up(4); /* RFC 5961 4 */
  peer_says(.flags = TCP_SYN, .seq = 100);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_BAD_SYN);
  unsigned answers = 0;
  for (int i = 0; i < 50; i++) {
    peer_says(.flags = TCP_SYN, .seq = 100);
    answers += tcp_peer_ignores();
  }
  assert_true(answers < 10);
  expect_drops(50, DROP_TCP_BAD_SYN);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
}

PACKET_TEST(test_reset_removes_it)
{
  half_open_up(4); /* RFC 9293 3.10.7.4: back to LISTEN */
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(half_open(), 0);
  assert_int_equal(app.errors, 0);
  advance(60000);
  expect_silence();
}

PACKET_TEST(test_only_the_exact_reset_removes_it)
{
  half_open_up(4); /* RFC 5961 3 */
  peer_says(.flags = TCP_RST, .seq = 2);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_BAD_RST);
  peer_says(.flags = TCP_RST, .seq = 0);
  expect_silence();
  expect_drop(DROP_TCP_BAD_RST);
  assert_int_equal(half_open(), 1);
}

/* RFC 9293 3.10.7.4 step 5. */
PACKET_TEST(test_wrong_acknowledgement_is_reset)
{
  half_open_up(4);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 7);
  expect_segment(.flags = TCP_RST, .seq = 7);
  expect_drop(DROP_TCP_BAD_ACK);
  assert_int_equal(half_open(), 1);
}

/* RFC 9293 3.10.7.4 step 1. */
PACKET_TEST(test_what_is_not_acceptable_is_acknowledged)
{
  half_open_up(4);
  peer_says(.flags = TCP_ACK, .seq = 0x7000000, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_OUT_OF_WINDOW);
  peer_says(.flags = TCP_ACK, .seq = (u32_t)-10, .ack = 1, .data = "old");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_DUPLICATE);
  peer_says(.flags = 0, .seq = 1, .data = "x");
  expect_drop(DROP_TCP_NO_ACK);
  assert_int_equal(half_open(), 1);
}

PACKET_TEST(test_timestamps_protect_it)
{
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  listen_up(4); /* RFC 7323 5.2 */
  peer_says(.flags = TCP_SYN, .opts = all_options, .opts_len = 19);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_NO_TIMESTAMP);
  tcp_peer.has_timestamps = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .tsval = 0xfff);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_PAWS);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .tsval = 0x1000);
  assert_int_equal(app.accepted, 1);
}

/** An ICMP error about the SYN-ACK that was sent last. */
static void unreachable(u32_t seq_error, u8_t code)
{
  peer_says(.flags = TCP_SYN); /* makes it be sent again */
  struct frame *f = tx();
  if (f == NULL) {
    packet_fail(__FILE__, __LINE__, "no SYN-ACK");
  }
  struct frame about = frame_copy(*f);
  put32(&about, 38, get32(&about, 38) + seq_error);
  rx(icmp4_error("10.0.0.254", "10.0.0.1", ICMP_DUR, code, 0, &about, 0));
  ignore_drops();
}

PACKET_TEST(test_icmp_unreachable_removes_it)
{
  if (!LWIP_IPV4) {
    return;
  }
  half_open_up(4); /* RFC 5927: only with the right sequence number */
  unreachable(1, ICMP_DUR_PORT);
  assert_int_equal(half_open(), 1);
  unreachable(0, ICMP_DUR_HOST); /* RFC 5461: routes come back */
  assert_int_equal(half_open(), 1);
  unreachable(0, ICMP_DUR_PORT);
  assert_int_equal(half_open(), 0);
}

/* RFC 4987 3.4. */
PACKET_TEST(test_over_ip6)
{
  tcp_peer_reset();
  tcp_peer_use(LWIP_IPV6);
  tcp_listen_up();
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  advance(LWIP_TCP_RTO_TIME);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "six");
  expect_app_data("six");
}

PACKET_TEST(test_closing_the_listener_resets_all)
{
  half_open_up(4); /* B10-191 */
  tcp_peer.port = 4001;
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  tcp_close(app.listener);
  assert_int_equal(tcp_peer_sees()->h.dst_port, 4000);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  advance(60000);
  expect_silence();
}

/* RFC 4987 3.4. */
PACKET_TEST(test_without_pcbs_it_waits)
{
  if (packet_is_fault_run() || !LWIP_FAULT_INJECTION) {
    return;
  }
  half_open_up(4);
  struct frame f = tcp_segment_of(&(struct tcp_said){.flags = TCP_ACK, .seq = 1, .ack = 1});
  fault_arm(2); /* the first is the frame itself */
  rx(f);
  fault_arm(0);
  expect_drop(DROP_TCP_NO_MEMORY);
  assert_int_equal(app.err, ERR_MEM);
  assert_int_equal(half_open(), 1);
  advance(LWIP_TCP_RTO_TIME);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
}

/* RFC 4987 3.6. */
PACKET_TEST(test_without_records_there_are_cookies)
{
  if (packet_is_fault_run() || !LWIP_FAULT_INJECTION || !LWIP_TCP_SYN_COOKIES) {
    return;
  }
  listen_up(4);
  struct frame f = tcp_segment_of(&(struct tcp_said){.flags = TCP_SYN});
  fault_arm(2); /* the first is the frame itself */
  rx(f);
  fault_arm(0);
  assert_int_equal(half_open(), 0);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
}

/* --- floods --- */

/** SYNs that nobody will acknowledge. */
static void flood(unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    tcp_peer.port = (u16_t)(10000 + i);
    peer_says(.flags = TCP_SYN);
    tcp_peer_ignores();
  }
  tcp_peer.port = 4000;
}

PACKET_TEST(test_flood_does_not_keep_clients_away)
{
  listen_up(8); /* B10-160 */
  flood(packet_is_fault_run() ? 10 : 10000);
  assert_int_equal(half_open(), 8);
  assert_null(tcp_active_pcbs);
  peer_says(.flags = TCP_SYN, .opts = all_options, .opts_len = 4);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  flood(packet_is_fault_run() ? 10 : 1000); /* meanwhile */
  tcp_peer.stack_iss = 0;
  peer_says(.flags = TCP_SYN, .opts = all_options, .opts_len = 4);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "genuine");
  expect_app_data("genuine");
  assert_int_equal(app.accepted, 1);
}

/** The backlog is full of others, and then the peer calls with these options. */
static struct tcp_seen *cookie_for(const u8_t *opts, size_t len)
{
  listen_up(1);
  flood(1);
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = len);
  assert_int_equal(half_open(), 1);
  return expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
}

/* RFC 4987 3.6. */
PACKET_TEST(test_cookie_makes_a_connection)
{
  if (!LWIP_TCP_SYN_COOKIES) {
    return;
  }
  cookie_for(all_options, 4); /* MSS 1400: the table has 1360 below that */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "hello");
  expect_app_data("hello");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 6);
  assert_int_equal(app.pcb->mss, 1360);
  assert_int_equal(app.pcb->flags & (TF_SACK | TF_TIMESTAMP | TF_WND_SCALE), 0);
  app_write("and back", 8);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 6, .data = "and back");
}

/* RFC 4987 3.6. */
PACKET_TEST(test_cookie_in_the_timestamp)
{
  if (!LWIP_TCP_SYN_COOKIES || !LWIP_TCP_TIMESTAMPS) {
    return;
  }
  struct tcp_seen *seen = cookie_for(all_options, 19);
  u8_t has = seen->opts.has;
  tcp_peer.has_timestamps = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 1000, .tsval = 0x1001);
  assert_int_equal(app.accepted, 1);
  assert_true(app.pcb->flags & TF_TIMESTAMP);
  assert_int_equal((app.pcb->flags & TF_SACK) != 0, (has & TCP_HAS_SACK_OK) != 0);
  assert_int_equal(app.pcb->snd_wnd, LWIP_WND_SCALE ? 1000 << 5 : 1000);
  u32_t tsval = tcp_peer.stack_tsval;
  advance(5);
  app_write("x", 1);
  seen = expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
  assert_true((s32_t)(seen->opts.tsval - tsval) > 0); /* our clock does not go back */
}

/* RFC 4987 3.6. */
PACKET_TEST(test_cookie_without_timestamps_has_no_scale_and_no_sack)
{
  if (!LWIP_TCP_SYN_COOKIES) {
    return;
  }
  static const u8_t opts[12] = {2, 4, 1400 >> 8, 1400 & 0xff, 4, 2, 3, 3, 5};
  struct tcp_seen *seen = cookie_for(opts, 9);
  assert_int_equal(seen->opts.has, TCP_HAS_MSS); /* what will be forgotten is not agreed on */
}

/* RFC 4987 3.6, RFC 9293 3.10.7.2. */
PACKET_TEST(test_forged_cookie_is_reset)
{
  if (!LWIP_TCP_SYN_COOKIES) {
    return;
  }
  cookie_for(all_options, 4);
  for (u32_t bit = 0; bit < 32; bit++) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + (1UL << bit));
    expect_segment(.flags = TCP_RST);
    expect_drop(DROP_TCP_BAD_ACK);
  }
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 1); /* not what was begun with */
  expect_segment(.flags = TCP_RST);
  expect_drop(DROP_TCP_BAD_ACK);
  tcp_peer.port = 4001; /* nor by whom */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_RST);
  expect_drop(DROP_TCP_BAD_ACK);
  assert_int_equal(app.accepted, 0);
}

/* RFC 4987 3.6. */
PACKET_TEST(test_old_cookie_is_reset)
{
  if (!LWIP_TCP_SYN_COOKIES) {
    return;
  }
  cookie_for(all_options, 4);
  u32_t iss = tcp_peer.stack_iss;
  advance(128000);
  tcp_peer_ignores();
  tcp_peer.stack_iss = iss;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_RST, .seq = 1);
  expect_drop(DROP_TCP_BAD_ACK);
}

static err_t accept_and_delay(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  tcp_backlog_delayed(pcb);
  app.accepted++;
  return ERR_OK;
}

/* RFC 4987 3.6. */
PACKET_TEST(test_slow_program_gets_no_cookies)
{
  listen_up(1); /* a full queue of complete connections is the program's wish */
  tcp_accept(app.listener, accept_and_delay);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  tcp_peer.port = 4001;
  peer_says(.flags = TCP_SYN);
  expect_drop(DROP_TCP_BACKLOG);
  expect_silence();
}

/** In a flood all places are taken by records, of which a genuine client's may be one: who comes
    with a cookie must not push it out, or that client is reset (RFC 4987 3.6). */
PACKET_TEST(test_cookie_leaves_the_unproved_their_places)
{
  if (!LWIP_TCP_SYN_COOKIES) {
    return;
  }
  cookie_for(all_options, 4);
  tcp_accept(app.listener, accept_and_delay);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
  assert_int_equal(half_open(), 1);
  tcp_peer.port = 4001;
  peer_says(.flags = TCP_SYN);
  expect_drop(DROP_TCP_BACKLOG);
}

/** The first data of a client with a cookie may be lost, or refused while nobody accepts; what it
    sends behind them must not end it by a reset (RFC 4987 3.6). */
PACKET_TEST(test_data_behind_a_lost_cookie)
{
  if (!LWIP_TCP_SYN_COOKIES) {
    return;
  }
  cookie_for(all_options, 4);
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "two");
  expect_drop(DROP_TCP_BAD_ACK);
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 7, .ack = 1);
  expect_drop(DROP_TCP_BAD_ACK);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "one");
  expect_app_data("one");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 4);

  advance(128000); /* no cookie holds any more: who is nobody's is told so */
  tcp_peer_ignores();
  tcp_peer.port = 4001;
  peer_says(.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "two");
  expect_segment(.flags = TCP_RST);
  expect_drop(DROP_TCP_BAD_ACK);
}

/* RFC 9293 3.10.7.4 step 1 at the edges; an answer is an ACK and no SYN-ACK: no options of those,
   and the window is scaled (RFC 7323 2.2). */
PACKET_TEST(test_answers_of_a_half_open_connection)
{
  listen_up(4);
  peer_says(.flags = TCP_SYN, .opts = all_options, .opts_len = sizeof all_options);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  tcp_peer.has_timestamps = true;
  tcp_peer.tsval = 0x10000000U - now_ms();
  ignore_drops();
  peer_says(.flags = TCP_ACK, .seq = 0, .ack = 1, .data = "x"); /* the SYN's own number */
  expect_drop(DROP_TCP_DUPLICATE);
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(seen->opts.has, LWIP_TCP_TIMESTAMPS ? TCP_HAS_TIMESTAMP : 0);
  /* not more than the connection will have room for: its window must not shrink */
  u32_t wnd = LWIP_TCP_RCV_AUTOTUNE ? LWIP_MIN((u32_t)TCP_WND, 0xffffU) : (u32_t)TCP_WND;
  u32_t units = (wnd + (1U << TCP_RCV_SCALE) - 1) >> TCP_RCV_SCALE;
  assert_int_equal(seen->h.wnd, LWIP_MIN(0xffffU, units));
  peer_says(.flags = TCP_ACK, .seq = 2 + (units << TCP_RCV_SCALE), .ack = 1);
  expect_drop(DROP_TCP_OUT_OF_WINDOW);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  if (LWIP_TCP_TIMESTAMPS) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .no_timestamp = true); /* RFC 7323 3.2 */
    expect_drop(DROP_TCP_NO_TIMESTAMP);
    expect_silence();
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .tsval = 1); /* RFC 7323 5.3 */
    expect_drop(DROP_TCP_PAWS);
    expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  }
  assert_int_equal(half_open(), 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
}

static const struct packet_test tests[] = {
    TEST(test_no_pcb_before_the_handshake_is_complete),
    TEST(test_data_with_the_last_acknowledgement),
    TEST(test_data_behind_a_lost_acknowledgement),
    TEST(test_options_are_remembered),
    TEST(test_syn_ack_is_repeated_with_back_off),
    TEST(test_it_is_given_up),
    TEST(test_duplicate_syn_is_answered_again),
    TEST(test_another_syn_is_challenged),
    TEST(test_reset_removes_it),
    TEST(test_only_the_exact_reset_removes_it),
    TEST(test_wrong_acknowledgement_is_reset),
    TEST(test_what_is_not_acceptable_is_acknowledged),
    TEST(test_timestamps_protect_it),
    TEST(test_icmp_unreachable_removes_it),
    TEST(test_over_ip6),
    TEST(test_closing_the_listener_resets_all),
    TEST_FLAGS(test_without_pcbs_it_waits, PACKET_ONCE),
    TEST_FLAGS(test_without_records_there_are_cookies, PACKET_ONCE),
    TEST_FLAGS(test_flood_does_not_keep_clients_away, PACKET_ONCE),
    TEST(test_cookie_makes_a_connection),
    TEST(test_cookie_in_the_timestamp),
    TEST(test_cookie_without_timestamps_has_no_scale_and_no_sack),
    TEST(test_forged_cookie_is_reset),
    TEST(test_old_cookie_is_reset),
    TEST(test_slow_program_gets_no_cookies),
    TEST(test_cookie_leaves_the_unproved_their_places),
    TEST(test_data_behind_a_lost_cookie),
    TEST(test_answers_of_a_half_open_connection),
};

PACKET_MAIN(tests)
