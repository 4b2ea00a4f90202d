/**
 * @file
 * The receive window grows with what the path carries and the program consumes, no further than
 * there is memory, and never goes back (RFC 9293 3.8.6.2.1).
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "transport/tcp/tcp_priv.h"

#if LWIP_TCP_RCV_AUTOTUNE

#define RTT_MS 100U
#define CHUNK  40000U

/** Where the peer stands. */
static struct {
  u32_t seq;   /* next to say */
  u32_t right; /* edge of the window that it was told of */
  bool went_back;
} sender;

/** What the stack has said of its window. */
static void hear(void)
{
  struct tcp_seen *s;
  while ((s = tcp_peer_sees()) != NULL) {
    u32_t right = s->ack + ((u32_t)s->h.wnd << TCP_RCV_SCALE);
    sender.went_back = sender.went_back || right < sender.right;
    sender.right = LWIP_MAX(sender.right, right);
  }
}

/** A connection whose handshake took a round trip of 100 ms. */
static void establish(const u8_t *opts, size_t opts_len)
{
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = opts_len);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .wnd = 0xffff);
  advance(RTT_MS);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  sender.seq = 1;
  sender.right = 1 + 0xffff;
  sender.went_back = false;
  hear();
}

static const u8_t scaled[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 0};

/** The peer says up to `len` bytes, as far as the window allows, spread over a round trip. */
static u32_t round_trip(u32_t len)
{
  u32_t said = 0;
  u32_t step = packet_is_fault_run() ? RTT_MS / 2 : 2; /* few allocations, or it takes too long */
  len = LWIP_MIN(len, sender.right - sender.seq);
  for (u32_t ms = 0; ms < RTT_MS; ms += step) {
    u32_t until = len * (ms + step) / RTT_MS;
    while (said < until) {
      u32_t n = LWIP_MIN(until - said, CHUNK);
      peer_says(.flags = TCP_ACK, .seq = sender.seq, .ack = 1, .len = n, .data = pattern(CHUNK, 1));
      sender.seq += n;
      said += n;
      app.len = app.taken = 0; /* what the harness would keep */
    }
    advance(step);
  }
  hear();
  return said;
}

/** A fault run of a long test is a short one. */
static bool is_cut_short(void)
{
  if (packet_is_fault_run()) {
    round_trip(5000);
    round_trip(5000);
  }
  return packet_is_fault_run();
}

static u32_t window(void)
{
  return sender.right - sender.seq;
}

/** A sender that starts slowly, up to `path` bytes in a round trip, is not held back by us; after a
    few round trips the window is twice what the path carries. */
PACKET_TEST(test_grows_with_the_path)
{
  const u32_t path = LWIP_MIN(600000U, LWIP_TCP_RCV_MEM / 6);
  establish(scaled, sizeof scaled);
  if (is_cut_short()) {
    return;
  }
  u32_t cwnd = 14600;
  for (int i = 0; i < 8; i++) {
    u32_t want = LWIP_MIN(cwnd, path);
    assert_int_equal(round_trip(want), want);
    cwnd *= 2;
  }
  assert_true(window() >= 2 * path);
  assert_true(window() <= 5 * path);
  u32_t before = tcp_rcv_limit(app.pcb);
  for (int i = 0; i < 5; i++) {
    round_trip(path);
  }
  assert_true(tcp_rcv_limit(app.pcb) <= LWIP_MAX(before, 5 * path));
  assert_false(sender.went_back);
  expect_no_drop();
}

/** TCP_WND is the cap. */
PACKET_TEST(test_cap)
{
  establish(scaled, sizeof scaled);
  if (is_cut_short()) {
    return;
  }
  for (int i = 0; i < 10; i++) {
    round_trip(TCP_WND);
  }
  u32_t cap = LWIP_MIN((u32_t)TCP_WND, LWIP_TCP_RCV_MEM);
  assert_true(tcp_rcv_limit(app.pcb) <= TCP_WND);
  assert_true(tcp_rcv_limit(app.pcb) >= cap / 2);
  assert_false(sender.went_back);
}

/** Who has little to say needs no more. */
PACKET_TEST(test_little_data)
{
  establish(scaled, sizeof scaled);
  if (is_cut_short()) {
    return;
  }
  for (int i = 0; i < 20; i++) {
    assert_int_equal(round_trip(5000), 5000);
    advance(500);
  }
  assert_true(tcp_rcv_limit(app.pcb) <= 0xffff);
  assert_false(sender.went_back);
}

/** A burst after a long silence is not what the path carries at a time. */
PACKET_TEST(test_bursts)
{
  establish(scaled, sizeof scaled);
  round_trip(10000);
  for (int i = 0; i < 5; i++) {
    advance(10000);
    peer_says(.flags = TCP_ACK, .seq = sender.seq, .ack = 1, .len = CHUNK,
              .data = pattern(CHUNK, 1));
    sender.seq += CHUNK;
    app.len = app.taken = 0;
    hear();
  }
  assert_true(tcp_rcv_limit(app.pcb) <= 0xffff);
}

/** Who does not read gets no more to read; what he was promised stays his. */
PACKET_TEST(test_slow_reader)
{
  establish(scaled, sizeof scaled);
  if (is_cut_short()) {
    return;
  }
  app.keeps_window = true;
  for (int i = 0; i < 20; i++) {
    round_trip(20000);
  }
  assert_true(tcp_rcv_limit(app.pcb) <= 0xffff);
  assert_true(window() < CHUNK);
  assert_false(sender.went_back);
  u32_t said = sender.seq - 1;
  advance(5000);
  while (said > 0) { /* all at once, at last */
    u16_t n = (u16_t)LWIP_MIN(said, 20000);
    tcp_recved(app.pcb, n);
    said -= n;
  }
  hear();
  assert_true(window() >= 0xffff - TCP_MSS);
  assert_true(tcp_rcv_limit(app.pcb) <= 0xffff);
}

/** All connections together get what the receive buffers can hold. */
PACKET_TEST(test_memory)
{
  establish(scaled, sizeof scaled);
  if (is_cut_short()) {
    return;
  }
  struct tcp_state_all *all = tcp_all();
  all->rcv_granted = LWIP_TCP_RCV_MEM - 50000; /* others have the rest */
  for (int i = 0; i < 10; i++) {
    round_trip(TCP_WND);
  }
  assert_in_range(tcp_rcv_limit(app.pcb), 0x10000, 0xffff + 50000);
  assert_true(all->rcv_granted <= LWIP_TCP_RCV_MEM);
  tcp_abort(app.pcb);
  assert_in_range(all->rcv_granted, LWIP_TCP_RCV_MEM - 50000, LWIP_TCP_RCV_MEM - 50000);
  all->rcv_granted = 0;
  tx_discard();
}

/** After receive buffers have run out nothing grows for a while. */
PACKET_TEST(test_buffers_ran_out)
{
  establish(scaled, sizeof scaled);
  if (is_cut_short()) {
    return;
  }
  pbuf_free_ooseq();
  for (int i = 0; i < 8; i++) {
    round_trip(60000);
  }
  assert_true(tcp_rcv_limit(app.pcb) <= 0xffff);
  for (int i = 0; i < 8; i++) {
    round_trip(60000);
  }
  assert_true(tcp_rcv_limit(app.pcb) > 0xffff);
}

/** Without scaling there is nothing to tune: the window is what its field can say. */
PACKET_TEST(test_without_scaling)
{
  static const u8_t plain[] = {2, 4, 1460 >> 8, 1460 & 0xff};
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = plain, .opts_len = sizeof plain);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .wnd = 0xffff);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = CHUNK, .data = pattern(CHUNK, 1));
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  assert_int_equal(s->h.wnd, 0xffff);
  assert_int_equal(app.pcb->rcv_wnd, 0xffff);
}

/** More than was announced is not taken, though the pcb could count it. */
PACKET_TEST(test_beyond_what_was_announced)
{
  establish(scaled, sizeof scaled);
  peer_says(.flags = TCP_ACK, .seq = sender.right + 1, .ack = 1, .data = "far");
  expect_drop(DROP_TCP_OUT_OF_WINDOW);
  assert_int_equal(app.pcb->rcv_wnd, TCP_WND); /* lwIP's programs read this */
  tx_discard();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_grows_with_the_path, PACKET_ONCE),
    TEST_FLAGS(test_cap, PACKET_ONCE),
    TEST_FLAGS(test_little_data, PACKET_ONCE),
    TEST_FLAGS(test_bursts, PACKET_ONCE),
    TEST_FLAGS(test_slow_reader, PACKET_ONCE),
    TEST_FLAGS(test_memory, PACKET_ONCE),
    TEST_FLAGS(test_buffers_ran_out, PACKET_ONCE),
    TEST_FLAGS(test_without_scaling, PACKET_ONCE),
    TEST_FLAGS(test_beyond_what_was_announced, PACKET_ONCE),
};

PACKET_MAIN(tests)

#else

PACKET_TEST(test_nothing)
{
  assert_int_equal(LWIP_TCP_RCV_AUTOTUNE, 0);
}

static const struct packet_test tests[] = {TEST(test_nothing)};

PACKET_MAIN(tests)

#endif
