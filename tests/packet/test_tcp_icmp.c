/*
 * What ICMP errors do to connections (RFC 1122 4.2.3.9, RFC 5927 4, 5, RFC 5461; security vectors
 * B5-91, B5-92, B10-163). The path MTU has its own tests.
 *
 * needs: tcp
 */
#include "packet_tcp.h"

/* An error in the family that is spoken, and what it means. */
enum what { HARD_PORT, HARD_PROTO, HARD_PROHIBITED, SOFT_NET, SOFT_HOST, HINT_TIME, HINT_PARAM };

static const struct {
  u8_t type4, code4, type6, code6;
} errors[] = {
    [HARD_PORT] = {ICMP_DUR, 3, 1, 4},        [HARD_PROTO] = {ICMP_DUR, 2, 4, 1},
    [HARD_PROHIBITED] = {ICMP_DUR, 13, 1, 1}, [SOFT_NET] = {ICMP_DUR, 0, 1, 0},
    [SOFT_HOST] = {ICMP_DUR, 1, 1, 3},        [HINT_TIME] = {ICMP_TE, 0, 3, 0},
    [HINT_PARAM] = {ICMP_PP, 0, 4, 0},
};

/** A router tells of the packet in `f`. */
static void tell(enum what what, const struct frame *f)
{
  if (tcp_peer.is_v6) {
    rx(icmp6_error("2001:db8::fe", "2001:db8::1", errors[what].type6, errors[what].code6, 0, f, 0));
  } else {
    rx(icmp4_error("10.0.0.254", "10.0.0.1", errors[what].type4, errors[what].code4, 0, f, 0));
  }
}

static void expect_not_ours(void)
{
  expect_drop(tcp_peer.is_v6 ? DROP_ICMP6_NOT_OURS : DROP_ICMP_NOT_OURS);
}

/** Where the sequence number stands in a frame. */
static size_t seq_at(void)
{
  return (tcp_peer.is_v6 ? 14 + 40 : 14 + 20) + 4;
}

static void each_family_of_peers(void (*body)(bool is_v6))
{
  for (int i = 0; i < 2; i++) {
    if (i == 0 ? LWIP_IPV4 : LWIP_IPV6) {
      body(i == 1);
      ignore_drops();
      tx_discard();
    }
  }
}

static struct frame *connect(bool is_v6)
{
  tcp_peer_reset();
  tcp_peer_use(is_v6);
  tcp_connect_up();
  return expect_segment(.flags = TCP_SYN, .seq = 0)->frame;
}

static struct frame *establish_and_send(bool is_v6)
{
  tcp_establish(&(struct tcp_peer_setup){.is_v6 = is_v6, .is_active = true});
  app_write("data", 4);
  return expect_segment(.flags = TCP_ACK, .seq = 1, .len = 4)->frame;
}

/** Time passes until the connection is given up, or for ten minutes. */
static void wait_for_the_end(void)
{
  for (int i = 0; i < 600 && app.errors == 0; i++) {
    advance(1000);
    tx_discard();
  }
}

/* B5-92: what will not change ends an attempt to connect, at once. */
static void hard_errors_refuse(bool is_v6)
{
  for (int what = HARD_PORT; what <= HARD_PROHIBITED; what++) {
    packet_note("error %d: ", what);
    tell((enum what)what, connect(is_v6));
    assert_int_equal(app.errors, 1);
    assert_int_equal(app.err, ERR_RST);
    expect_silence();
  }
}
PACKET_TEST(test_hard_errors_refuse)
{
  each_family_of_peers(hard_errors_refuse);
}

/* B5-91, RFC 5927 4.1: not when the sequence number is none that is in flight. */
static void wrong_numbers_are_ignored(bool is_v6)
{
  static const u32_t wrong[] = {1, (u32_t)-1, 0x80000000U, 1000};
  struct frame syn = frame_copy(*connect(is_v6));
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wrong); i++) {
    struct frame f = frame_copy(syn);
    put32(&f, seq_at(), get32(&f, seq_at()) + wrong[i]);
    tell(HARD_PORT, &f);
    expect_not_ours();
  }
  assert_int_equal(app.errors, 0);
  assert_int_equal(app.pcb->state, SYN_SENT);
  tcp_abort(app.pcb);
}
PACKET_TEST(test_wrong_numbers_are_ignored)
{
  each_family_of_peers(wrong_numbers_are_ignored);
}

/* RFC 5461 4.2: "unreachable" about the first SYN changes nothing, a route may come up; about the
   second it ends the attempt, and the program hears why. */
static void unreachable_while_connecting(bool is_v6)
{
  for (int what = SOFT_NET; what <= SOFT_HOST; what++) {
    packet_note("error %d: ", what);
    tell((enum what)what, connect(is_v6));
    assert_int_equal(app.errors, 0);
    advance(1000);
    struct tcp_seen *again = expect_segment(.flags = TCP_SYN, .seq = 0);
    tell((enum what)what, again->frame);
    assert_int_equal(app.errors, 1);
    assert_int_equal(app.err, ERR_RTE);
    expect_no_drop();
  }
}
PACKET_TEST(test_unreachable_while_connecting)
{
  each_family_of_peers(unreachable_while_connecting);
}

/* RFC 1122 4.2.3.9: the attempt goes on, and may succeed. */
static void route_comes_up(bool is_v6)
{
  tell(SOFT_NET, connect(is_v6));
  advance(1000);
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.connected, 1);
  assert_int_equal(app.errors, 0);
  tcp_abort(app.pcb);
}
PACKET_TEST(test_route_comes_up)
{
  each_family_of_peers(route_comes_up);
}

/* RFC 1122 4.2.3.9: time exceeded, parameter problem: nothing ends, ever. */
static void hints_while_connecting(bool is_v6)
{
  struct frame *f = connect(is_v6);
  tell(HINT_TIME, f);
  tell(HINT_PARAM, f);
  advance(1000);
  f = expect_segment(.flags = TCP_SYN, .seq = 0)->frame;
  tell(HINT_TIME, f);
  tell(HINT_PARAM, f);
  expect_no_drop();
  assert_int_equal(app.errors, 0);
  assert_int_equal(app.pcb->state, SYN_SENT);
  tcp_abort(app.pcb);
}
PACKET_TEST(test_hints_while_connecting)
{
  each_family_of_peers(hints_while_connecting);
}

/* B5-92, RFC 5927 5.2: a connection that stands is ended by no error at all. */
static void nothing_ends_what_stands(bool is_v6)
{
  struct frame *f = establish_and_send(is_v6);
  for (int what = HARD_PORT; what <= HINT_PARAM; what++) {
    tell((enum what)what, f);
    expect_no_drop();
  }
  assert_int_equal(app.errors, 0);
  assert_int_equal(app.pcb->state, ESTABLISHED);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  assert_int_equal(app.sent, 4);
  tcp_abort(app.pcb);
}
PACKET_TEST(test_nothing_ends_what_stands)
{
  each_family_of_peers(nothing_ends_what_stands);
}

/* RFC 5461 2.2: but when it is given up in the end, the program hears what the reason was. */
static void reason_is_remembered(bool is_v6)
{
  tell(SOFT_HOST, establish_and_send(is_v6));
  assert_int_equal(app.errors, 0);
  wait_for_the_end();
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_RTE);
}
PACKET_TEST(test_reason_is_remembered)
{
  each_family_of_peers(reason_is_remembered);
}

/* ... unless something has been acknowledged since. */
static void reason_is_forgotten(bool is_v6)
{
  tell(SOFT_HOST, establish_and_send(is_v6));
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5);
  app_write("more", 4);
  wait_for_the_end();
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_ABRT);
}
PACKET_TEST(test_reason_is_forgotten)
{
  each_family_of_peers(reason_is_forgotten);
}

static const struct packet_test tests[] = {
    TEST(test_hard_errors_refuse),           TEST(test_wrong_numbers_are_ignored),
    TEST(test_unreachable_while_connecting), TEST(test_route_comes_up),
    TEST(test_hints_while_connecting),       TEST(test_nothing_ends_what_stands),
    TEST(test_reason_is_remembered),         TEST(test_reason_is_forgotten),
};
PACKET_MAIN(tests)
