/*
 * Resets in answer to segments that nobody wants are limited, and the limit leaks nothing (security
 * vectors B10-172, B10-193; RFC 5961 10). Signs of life; challenge ACKs.
 *
 * needs: tcp
 */
#include <stdio.h>
#include "packet_tcp.h"

/** A SYN to a port where nobody listens. */
static void knock(u16_t from_port)
{
  peer_says(.flags = TCP_SYN, .src_port = from_port, .dst_port = 9);
}

static u32_t before[DROP_REASON_COUNT];

/** Drops for this reason since begin(): a build with one instance goes on counting. */
static u32_t dropped(enum drop_reason why)
{
  return drop_count(why) - before[why];
}

static u32_t limited(void)
{
  return dropped(DROP_TCP_RST_LIMITED);
}

static void begin(void)
{
  tcp_peer_reset();
  before[DROP_TCP_RST_LIMITED] = drop_count(DROP_TCP_RST_LIMITED);
  before[DROP_TCP_NO_PORT] = drop_count(DROP_TCP_NO_PORT);
  before[DROP_TCP_BAD_CHECKSUM] = drop_count(DROP_TCP_BAD_CHECKSUM);
}

/** Knock `times` times. @return how many resets came */
static unsigned resets_to(unsigned times)
{
  unsigned n = 0;
  for (unsigned i = 0; i < times; i++) {
    knock((u16_t)(1024 + i));
    struct tcp_seen *s = tcp_peer_sees();
    if (s != NULL) {
      assert_int_equal(s->h.flags, TCP_RST | TCP_ACK);
      n++;
    }
  }
  tcp_peer.stack_port = 80;
  return n;
}

/* B10-193: one address hears so many at a time, what is not sent is counted, and time heals. */
PACKET_TEST(test_resets_to_one_address_are_limited)
{
  begin();
  unsigned n = resets_to(200);
  assert_in_range(n, 32, 66);
  assert_int_equal(limited(), 200 - n);
  assert_int_equal(dropped(DROP_TCP_NO_PORT), n);
  assert_int_equal(resets_to(10), 0);
  advance(2000);
  assert_in_range(resets_to(200), 32, 66);
}

/* ... by a price that nobody can foretell: two floods alike are not answered alike. */
PACKET_TEST(test_what_is_left_of_the_budget_tells_nothing)
{
  unsigned first = 0;
  bool differs = false;
  begin();
  for (int i = 0; i < 8; i++) {
    unsigned n = resets_to(100);
    first = i == 0 ? n : first;
    differs = differs || n != first;
    advance(5000);
  }
  assert_true(differs);
}

/* All addresses together: no more than LWIP_TCP_RST_RATE_LIMIT a second. */
PACKET_TEST(test_resets_to_all_are_limited)
{
  if (!LWIP_IPV4) {
    return;
  }
  begin();
  unsigned n = 0;
  for (unsigned i = 0; i < 2 * LWIP_TCP_RST_RATE_LIMIT; i++) {
    char src[24];
    snprintf(src, sizeof src, "192.0.%u.%u", 2 + i / 200, 1 + i % 200);
    struct frame f = tcp_segment_of(&(struct tcp_said){.flags = TCP_SYN, .dst_port = 9});
    /* the checksum counts what changes in the address */
    u32_t old = get32(&f, 26);
    ip_addr_t addr = ip_of(src);
    u32_t after = lwip_ntohl(ip_addr_get_ip4_u32(&addr));
    u32_t sum = (u16_t)~get16(&f, 14 + 20 + 16);
    sum += (u16_t) ~(old >> 16) + (u32_t)(u16_t)~old + (after >> 16) + (after & 0xffff);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    put16(&f, 14 + 20 + 16, (u16_t)~sum);
    put32(&f, 26, after);
    ip4_fix_checksum(&f);
    rx(f);
    n += tx() != NULL ? 1 : 0;
  }
  assert_in_range(n, LWIP_TCP_RST_RATE_LIMIT / 2, LWIP_TCP_RST_RATE_LIMIT);
  assert_int_equal(limited(), 2 * LWIP_TCP_RST_RATE_LIMIT - n);
  assert_int_equal(dropped(DROP_TCP_BAD_CHECKSUM), 0);
}

/* RFC 9293 3.10.7.1: never in answer to a reset; and a flood of those costs the budget nothing. */
PACKET_TEST(test_resets_are_not_answered)
{
  begin();
  for (unsigned i = 0; i < 200; i++) {
    peer_says(.flags = TCP_RST, .src_port = (u16_t)(1024 + i), .dst_port = 9);
  }
  expect_silence();
  assert_int_equal(dropped(DROP_TCP_NO_PORT), 200);
  assert_int_equal(limited(), 0);
  assert_in_range(resets_to(100), 32, 66);
}

/* A listener's, a half-open and an opening connection's resets count alike; the connection stands.
 */
PACKET_TEST(test_wrong_acknowledgements_are_limited_too)
{
  begin();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  unsigned n = 0;
  for (unsigned i = 0; i < 200; i++) {
    peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1000 + i);
    n += tcp_peer_sees() != NULL ? 1 : 0;
  }
  assert_in_range(n, 32, 66);
  assert_int_equal(limited(), 200 - n);
  assert_int_equal(app.pcb->state, SYN_SENT);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.connected, 1);
}

/* A reset that belongs to a connection is never held back. */
PACKET_TEST(test_aborts_are_not_limited)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  resets_to(200);
  tcp_abort(app.pcb);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
}

/* RFC 5961 10, CVE-2016-5696: each connection has a budget of its own for challenge ACKs: what a
   stranger uses up with one says nothing about another. */
PACKET_TEST(test_challenges_are_counted_per_connection)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  for (unsigned i = 0; i < 50; i++) {
    peer_says(.flags = TCP_SYN, .seq = 100);
  }
  assert_in_range(tcp_peer_ignores(), 5, 10);
  peer_says(.flags = TCP_SYN, .seq = 100);
  expect_silence();
  tcp_peer.port++;
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  for (unsigned i = 0; i < 50; i++) {
    peer_says(.flags = TCP_SYN, .seq = 100);
  }
  assert_in_range(tcp_peer_ignores(), 5, 10);
}

/* B10-173: how many there are in a second is left to chance, so that who counts them on his own
   connection learns nothing either. */
PACKET_TEST(test_challenges_have_jitter)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  unsigned seen = 0;
  for (unsigned second = 0; second < 40; second++) {
    for (unsigned i = 0; i < 12; i++) {
      peer_says(.flags = TCP_SYN, .seq = 100);
    }
    unsigned n = tcp_peer_ignores();
    assert_in_range(n, 5, 10);
    seen |= 1U << n;
    advance(1000);
  }
  assert_true((seen & (seen - 1)) != 0); /* more than one number */
  ignore_drops();
}

/* B10-193, RFC 9293 3.10.7.1: a reset of no connection has what the segment says about numbers, and
   nothing else of it: no options, no data, no other flags, no marks. */
PACKET_TEST(test_resets_mirror_nothing)
{
  static const u8_t opts[] = {8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 28, 4, 1, 44, 1, 1, 1, 0};
  static const u8_t flags[] = {TCP_SYN, TCP_ACK, TCP_FIN | TCP_ACK, 0};
  begin();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(flags); i++) {
    peer_says(.flags = flags[i] | TCP_URG | TCP_PSH | TCP_ECE | TCP_CWR, .seq = 100, .ack = 7,
              .data = "some data", .urgent = 5, .opts = opts, .opts_len = sizeof opts, .ecn = 3,
              .dst_port = 9);
    struct tcp_seen *s = tcp_peer_sees();
    assert_non_null(s);
    assert_int_equal(s->h.flags, (flags[i] & TCP_ACK) ? TCP_RST : TCP_RST | TCP_ACK);
    assert_int_equal(s->h.header_len, TCP_HLEN);
    assert_int_equal(s->h.wnd, 0);
    assert_int_equal(s->h.urgent, 0);
    assert_int_equal(s->len, 0);
    assert_int_equal(s->tos, 0);
  }
  expect_silence();
  tcp_peer.stack_port = 80;
}

/* RFC 9293 3.8.4, 3.10.7.4: segments that are not acceptable are no signs of life. Whoever forges
   them, knowing nothing but addresses and ports, keeps no dead connection. */
PACKET_TEST(test_forged_segments_are_no_signs_of_life)
{
  static const struct tcp_said forged[] = {
      {.flags = TCP_ACK, .seq = 0x10000000, .ack = 1}, /* out of the window */
      {.flags = TCP_ACK, .seq = 1, .ack = 0x10000000}, /* acknowledges what was not sent */
      {.flags = TCP_RST, .seq = 1000},                 /* in the window, not exact */
      {.flags = TCP_SYN, .seq = 1000},
      {.flags = 0, .seq = 1}, /* no ACK */
      {.flags = TCP_ACK, .seq = 0x10000000, .ack = 1, .data = "x"},
  };
  tcp_establish(&(struct tcp_peer_setup){0});
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  app.pcb->keep_idle = 1000;
#if LWIP_TCP_KEEPALIVE
  app.pcb->keep_intvl = 100;
  app.pcb->keep_cnt = 3;
#endif
  tcp_output(app.pcb);
  for (unsigned i = 0; i < 20; i++) {
    advance(100);
    if (app.pcb == NULL) {
      break;
    }
    peer_says(.flags = forged[i % 6].flags, .seq = forged[i % 6].seq, .ack = forged[i % 6].ack,
              .data = forged[i % 6].data);
  }
#if LWIP_TCP_KEEPALIVE
  assert_null(app.pcb);
  assert_int_equal(app.err, ERR_ABRT);
#endif
}

/* ... but what a peer says that lives is one: an empty acknowledgement, or data. */
PACKET_TEST(test_acceptable_segments_are_signs_of_life)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  app.pcb->keep_idle = 1000;
  tcp_output(app.pcb);
  for (unsigned i = 0; i < 20; i++) {
    advance(900);
    peer_says(.flags = TCP_ACK, .seq = 1 + i / 2, .ack = 1, .data = i % 2 != 0 ? "x" : NULL);
    struct tcp_seen *s = tcp_peer_sees();
    assert_true(s == NULL || s->seq == 1); /* no probe */
  }
}

static const struct packet_test tests[] = {
    TEST(test_resets_to_one_address_are_limited),
    TEST_FLAGS(test_what_is_left_of_the_budget_tells_nothing, PACKET_ONCE),
    TEST_FLAGS(test_resets_to_all_are_limited, PACKET_ONCE),
    TEST(test_resets_are_not_answered),
    TEST(test_wrong_acknowledgements_are_limited_too),
    TEST(test_aborts_are_not_limited),
    TEST(test_resets_mirror_nothing),
    TEST(test_challenges_are_counted_per_connection),
    TEST_FLAGS(test_challenges_have_jitter, PACKET_ONCE),
    TEST(test_forged_segments_are_no_signs_of_life),
    TEST(test_acceptable_segments_are_signs_of_life),
};
PACKET_MAIN(tests)
