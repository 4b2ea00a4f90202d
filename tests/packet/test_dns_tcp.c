/*
 * DNS over TCP, after an answer that was too long for UDP (RFC 7766 5, RFC 2181 9; security vector
 * B13-208).
 * needs: ipv4
 * needs: tcp
 */
#include "dns_server.h"
#include "packet_tcp.h"

#define WWW  "www.example"
#define PEER "10.0.0.2" /* the one of packet_tcp.h */

/** The question was asked by UDP and answered with so many addresses and the truncation bit. */
static struct dns_question truncated_by_udp(unsigned addrs)
{
  char addr[16];
  tcp_peer_reset();
  tcp_peer.port = 53;
  dns_has_server(PEER);
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(PEER, WWW, DNS_RRTYPE_A);
  struct dns_reply r = dns_reply_to(&q, 0);
  r.bytes[2] |= DNS_FLAG1_TRUNC;
  for (unsigned i = 1; i <= addrs; i++) {
    snprintf(addr, sizeof addr, "192.0.2.%u", i);
    dns_put_addr(&r, NULL, 60, addr);
  }
  dns_send(&q, &r);
  assert_int_equal(told.count, 0);
  return q;
}

/** The stack connects and asks the same by TCP: `q` becomes that question. */
static void asked_by_tcp(struct dns_question *q)
{
  const u8_t mss[4] = {2, 4, 1460 >> 8, 1460 & 0xff};
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1, .opts = mss, .opts_len = sizeof mss);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1);
  /* RFC 7766 8: the length and the message in one segment. */
  assert_int_equal(s->len, 2 + DNS_HEADER_LEN + q->len);
  assert_int_equal(bytes_get16(s->data), s->len - 2);
  const u8_t *msg = s->data + 2;
  assert_int_equal(bytes_get16(msg + 2), 0x0100);
  assert_memory_equal(msg + DNS_HEADER_LEN, q->bytes, q->len);
  assert_int_not_equal(bytes_get16(msg), q->id); /* drawn anew */
  q->id = bytes_get16(msg);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + (u32_t)s->len);
  expect_silence();
}

static u32_t acked(const struct dns_question *q)
{
  return 1 + 2 + DNS_HEADER_LEN + (u32_t)q->len;
}

/** A message behind its length. */
static size_t framed(u8_t *out, const struct dns_reply *r)
{
  bytes_put16(out, (u16_t)r->len);
  memcpy(out + 2, r->bytes, r->len);
  return 2 + r->len;
}

/** The server says these bytes, in segments of `step`. */
static void server_says(const struct dns_question *q, const u8_t *bytes, size_t len, size_t step)
{
  for (size_t at = 0; at < len; at += step) {
    peer_says(.flags = TCP_ACK | TCP_PSH, .seq = 1 + (u32_t)at, .ack = acked(q), .data = bytes + at,
              .len = LWIP_MIN(step, len - at));
  }
}

static void server_answers(const struct dns_question *q, const struct dns_reply *r)
{
  u8_t bytes[1500];
  server_says(q, bytes, framed(bytes, r), sizeof bytes);
}

static struct dns_reply whole_answer(const struct dns_question *q)
{
  char addr[16];
  struct dns_reply r = dns_reply_to(q, 0);
  for (unsigned i = 1; i <= 40; i++) {
    snprintf(addr, sizeof addr, "192.0.2.%u", i);
    dns_put_addr(&r, NULL, 60, addr);
  }
  return r;
}

static void told_whole_answer(void)
{
  assert_int_equal(told.count, 1);
  assert_int_equal(told.status, RESOLVE_OK);
  assert_false(told.is_truncated);
  assert_int_equal(told.addrs, 40);
  assert_string_equal(told.addr[39], "192.0.2.40");
  assert_int_equal(told.ttl_s, 60);
}

/** What had come by UDP is told, as not all. */
static void told_what_came_first(void)
{
  assert_int_equal(told.count, 1);
  assert_true(told.is_truncated);
  dns_told_addrs("192.0.2.1", "192.0.2.2");
  dns_queries_used = 0;
  tcp_peer_ignores();
  dns_ask(WWW, RESOLVE_IP4); /* it is not kept */
  dns_asked(PEER, WWW, DNS_RRTYPE_A);
  dns_quiet();
}

/* The whole answer comes; it is kept; our end of the connection is closed. */
PACKET_TEST(test_whole_answer)
{
  struct dns_question q = truncated_by_udp(2);
  asked_by_tcp(&q);
  struct dns_reply r = whole_answer(&q);
  server_answers(&q, &r);
  told_whole_answer();
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  while (s != NULL && (s->h.flags & TCP_FIN) == 0) {
    s = tcp_peer_sees();
  }
  assert_non_null(s);
  u32_t end = 1 + 2 + (u32_t)r.len;
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = end, .ack = acked(&q) + 1);
  expect_segment(.flags = TCP_ACK, .seq = acked(&q) + 1, .ack = end + 1);
  told.count = 0;
  dns_ask(WWW, RESOLVE_IP4);
  assert_int_equal(told.count, 1);
  assert_int_equal(told.addrs, 40);
  expect_silence();
}

/* Segments end anywhere, within the length too. */
PACKET_TEST(test_in_pieces)
{
  for (size_t step = 1; step < 8; step += 3) {
    u8_t bytes[1500];
    struct dns_question q = truncated_by_udp(0);
    asked_by_tcp(&q);
    struct dns_reply r = whole_answer(&q);
    server_says(&q, bytes, framed(bytes, &r), step);
    told_whole_answer();
    dns_quiet();
    tcp_peer_ignores();
    peer_says(.flags = TCP_RST, .seq = 1 + 2 + (u32_t)r.len);
  }
}

/* Nobody serves TCP there. */
PACKET_TEST(test_refused)
{
  truncated_by_udp(2);
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_RST | TCP_ACK, .ack = 1);
  told_what_came_first();
}

/* A server that takes the connection and says nothing, one that does not, and one that stops within
   the answer. */
PACKET_TEST(test_silent)
{
  for (int how = 0; how < 3; how++) {
    struct dns_question q = truncated_by_udp(2);
    if (how != 1) {
      asked_by_tcp(&q);
    }
    if (how == 2) {
      u8_t bytes[1500];
      struct dns_reply r = whole_answer(&q);
      server_says(&q, bytes, framed(bytes, &r) - 1, 500);
    }
    advance(4999);
    assert_int_equal(told.count, 0);
    advance(1);
    told_what_came_first();
  }
}

/* It ends the connection, before or within the answer. */
PACKET_TEST(test_early_end)
{
  const size_t lens[] = {0, 1, 2, 100};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lens); i++) {
    u8_t bytes[1500];
    struct dns_question q = truncated_by_udp(2);
    asked_by_tcp(&q);
    struct dns_reply r = whole_answer(&q);
    framed(bytes, &r);
    server_says(&q, bytes, lens[i], sizeof bytes);
    peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1 + (u32_t)lens[i], .ack = acked(&q));
    told_what_came_first();
    peer_says(.flags = TCP_RST, .seq = 2 + (u32_t)lens[i]);
    tcp_peer_ignores();
  }
}

/* Lengths that no answer has. */
PACKET_TEST(test_bad_lengths)
{
  const u16_t lens[] = {0, 1, DNS_HEADER_LEN - 1};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lens); i++) {
    u8_t bytes[2 + DNS_HEADER_LEN] = {0};
    struct dns_question q = truncated_by_udp(2);
    asked_by_tcp(&q);
    bytes_put16(bytes, lens[i]);
    server_says(&q, bytes, sizeof bytes, sizeof bytes);
    told_what_came_first();
    ignore_drops(); /* what comes to an end that is closed */
    peer_says(.flags = TCP_RST, .seq = 1 + sizeof bytes);
    tcp_peer_ignores();
  }
}

/* B13-209: another id; another question; not a response. */
PACKET_TEST(test_other_answer)
{
  for (int how = 0; how < 3; how++) {
    struct dns_question q = truncated_by_udp(2);
    asked_by_tcp(&q);
    struct dns_reply r = whole_answer(&q);
    if (how == 0) {
      bytes_put16(r.bytes, (u16_t)(q.id ^ 1));
    } else if (how == 1) {
      r.bytes[DNS_HEADER_LEN + 1] ^= 0x20; /* a letter's case */
    } else {
      r.bytes[2] &= 0x7F;
    }
    server_answers(&q, &r);
    expect_drop(DROP_DNS_MISMATCH);
    told_what_came_first();
    peer_says(.flags = TCP_RST, .seq = 1 + 2 + (u32_t)r.len);
    tcp_peer_ignores();
  }
}

/* Truncated by TCP too: that is as much as there is, and no circle. */
PACKET_TEST(test_truncated_again)
{
  struct dns_question q = truncated_by_udp(1);
  asked_by_tcp(&q);
  struct dns_reply r = dns_reply_to(&q, 0);
  r.bytes[2] |= DNS_FLAG1_TRUNC;
  dns_put_addr(&r, NULL, 60, "192.0.2.1");
  dns_put_addr(&r, NULL, 60, "192.0.2.2");
  server_answers(&q, &r);
  assert_true(told.is_truncated);
  dns_told_addrs("192.0.2.1", "192.0.2.2");
  tcp_peer_ignores();
  expect_silence();
}

/* What the server says by TCP counts: here that there is no such name after all. */
PACKET_TEST(test_no_name)
{
  struct dns_question q = truncated_by_udp(2);
  asked_by_tcp(&q);
  struct dns_reply r = dns_reply_to(&q, 3);
  server_answers(&q, &r);
  dns_told_status(RESOLVE_NO_NAME);
}

/* Nothing came by UDP, and TCP fails: the next server is asked. */
PACKET_TEST(test_next_server)
{
  struct dns_question q = truncated_by_udp(0);
  ip_addr_t second = ip_of(SERVER2);
  dns_setserver(1, &second);
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_RST | TCP_ACK, .ack = 1);
  q = dns_asked(SERVER2, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 60, "192.0.2.9");
  dns_told_addrs("192.0.2.9", NULL);
}

/* Nobody wants the answer any more. */
PACKET_TEST(test_cancelled)
{
  for (int how = 0; how < 2; how++) {
    struct dns_question q = truncated_by_udp(2);
    if (how == 1) {
      asked_by_tcp(&q);
    }
    resolve_cancel(&dns_queries[0]);
    assert_int_equal(told.count, 0);
    tcp_peer_ignores();
    assert_null(tcp_active_pcbs);
    dns_quiet();
  }
}

/* The instance ends meanwhile: the harness looks for what is left. */
PACKET_TEST(test_end_while_asking)
{
  struct dns_question q = truncated_by_udp(2);
  asked_by_tcp(&q);
}

static const struct packet_test tests[] = {
    TEST(test_whole_answer), TEST(test_in_pieces),       TEST(test_refused),
    TEST(test_silent),       TEST(test_early_end),       TEST(test_bad_lengths),
    TEST(test_other_answer), TEST(test_truncated_again), TEST(test_no_name),
    TEST(test_next_server),  TEST(test_cancelled),       TEST(test_end_while_asking),
};

PACKET_MAIN(tests)
