/*
 * TCP follows the path MTU (RFC 1191, RFC 8201, RFC 5927, RFC 6691; security vectors B5-91, B5-94,
 * B10-187): no segment is longer, none is fragmented, and what was too long goes again at once.
 *
 * needs: tcp
 */
#include "gossamer/pmtu.h"
#include "gossamer/route.h"
#include "gossamer/tcp_urgent.h"
#include "packet_tcp.h"
#include "transport/tcp/tcp_priv.h"

#if LWIP_PMTU_DISCOVERY

#if LWIP_IPV6 && LWIP_ND6
#include "router6.h"
#endif

#define DONT_FRAGMENT 0x4000 /* of the IPv4 header */

#define LONG    1440U /* data of a segment at first: as much as the peer takes */
#define SHORT   1220U /* ... once the path MTU is path_mtu(), IPv6's least */
#define ALL_MAX (16 * LONG)

static const u8_t opts_sack[] = {2, 4, LONG >> 8, LONG & 0xff, 4, 2, 1, 1};
static const u8_t opts_plain[] = {2, 4, LONG >> 8, LONG & 0xff};
static const u8_t opts_stamp[] = {2, 4, LONG >> 8, LONG & 0xff, 4, 2, 1, 1, 8, 10,
                                  0, 0, 0,         1,           0, 0, 0, 0, 1, 1};

/** Each test for each IP version of the build. */
#define FAMILIES(name)                                                                             \
  PACKET_TEST(name##_ip4)                                                                          \
  {                                                                                                \
    if (LWIP_IPV4) {                                                                               \
      name(false);                                                                                 \
    }                                                                                              \
  }                                                                                                \
  PACKET_TEST(name##_ip6)                                                                          \
  {                                                                                                \
    if (LWIP_IPV6) {                                                                               \
      name(true);                                                                                  \
    }                                                                                              \
  }

static u16_t headers(void)
{
  return tcp_peer.is_v6 ? 60 : 40;
}

static u16_t path_mtu(void)
{
  return (u16_t)(SHORT + headers());
}

/** A connection with a round-trip time of 100 ms; the peer's SYN has these options. */
static void begin(bool is_v6, const u8_t *opts, size_t opts_len)
{
  tcp_peer_reset();
  tcp_peer_use(is_v6);
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = opts_len);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  tcp_peer.has_timestamps = opts == opts_stamp;
  tcp_peer.tsval = 2U - now_ms();
  advance(100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  tcp_nagle_disable(app.pcb);
}

/** A router tells that the packet in `f` was too long. */
static void too_big(struct frame *f, u16_t mtu)
{
  if (tcp_peer.is_v6) {
    rx(icmp6_error("2001:db8::fe", "2001:db8::1", T6_TOO_BIG, 0, mtu, f, 0));
  } else {
    rx(icmp4_error("10.0.0.254", "10.0.0.1", ICMP_DUR, ICMP_DUR_FRAG, mtu, f, 0));
  }
}

static void expect_not_ours(void)
{
  expect_drop(tcp_peer.is_v6 ? DROP_ICMP6_NOT_OURS : DROP_ICMP_NOT_OURS);
}

static ip_addr_t peer(void)
{
  return ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
}

static u16_t known_mtu(void)
{
  ip_addr_t dst = peer();
  return pmtu_get(&dst, 1500);
}

/** The next segment, whole, and such that no router fragments it. */
static struct tcp_seen *expect_whole(u32_t seq, u32_t len)
{
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .seq = seq, .len = len);
  if (!tcp_peer.is_v6) {
    assert_int_equal(get16(seen->frame, 20), DONT_FRAGMENT);
  }
  return seen;
}

static const u8_t *all;

/** The program writes `len` bytes; segments of LONG come. @return the first one's frame */
static struct frame *send_long(u32_t len)
{
  struct frame *first = NULL;
  all = pattern(ALL_MAX, 3);
  app_write(all, len);
  for (u32_t at = 0; at < len; at += LONG) {
    struct tcp_seen *seen = expect_whole(1 + at, LWIP_MIN(LONG, len - at));
    first = at == 0 ? seen->frame : first;
  }
  expect_silence();
  return first;
}

/** Hear the stack out, acknowledging each burst, until all `len` bytes have come; nothing may be
    longer than the path takes. */
static void hear_out(u32_t len, u32_t acked)
{
  for (int turns = 0; acked < 1 + len && turns < 100; turns++) {
    struct tcp_seen *s = tcp_peer_sees();
    for (; s != NULL; s = tcp_peer_sees()) {
      assert_true(s->frame->len - 14 <= path_mtu());
      assert_memory_equal(s->data, all + s->seq - 1, s->len);
      if (s->seq <= acked && s->seq + s->len > acked) {
        acked = (u32_t)(s->seq + s->len);
      }
    }
    advance(10);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = acked);
  }
  assert_int_equal(acked, 1 + len);
  assert_int_equal(app.sent, len);
  assert_int_equal(app.pcb->snd_una, app.pcb->snd_nxt);
}

/* RFC 1191 6.4, RFC 8201 5.4: what was too long goes again at once, in pieces that fit; the first
   alone, then in slow start up to where cwnd was; no congestion. */
static void recut(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct frame *f = send_long(4 * LONG);
  u32_t cwnd = app.pcb->cwnd;
  advance(50);
  too_big(f, path_mtu());
  expect_whole(1, SHORT);
  expect_silence();
  assert_int_equal(known_mtu(), path_mtu());
  assert_true(app.pcb->ssthresh >= cwnd);
  too_big(f, path_mtu()); /* the other segments' errors say nothing new */
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  expect_whole(1 + SHORT, SHORT);
  expect_whole(1 + 2 * SHORT, SHORT);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 3 * SHORT);
  expect_whole(1 + 3 * SHORT, SHORT);
  expect_whole(1 + 4 * SHORT, 4 * LONG - 4 * SHORT);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 4 * LONG);
  assert_int_equal(app.sent, 4 * LONG);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  expect_no_drop();
}
FAMILIES(recut)

/* The same with timestamps: options count (RFC 6691 2). */
static void recut_beside_options(bool is_v6)
{
  begin(is_v6, opts_stamp, sizeof opts_stamp);
  all = pattern(ALL_MAX, 3);
  app_write(all, 4 * LONG);
  struct tcp_seen *first = expect_whole(1, LONG - 12);
  tcp_peer_ignores();
  too_big(first->frame, path_mtu());
  struct tcp_seen *again = expect_whole(1, SHORT - 12);
  assert_int_equal(again->frame->len, 14 + path_mtu());
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT - 12);
  hear_out(4 * LONG, 1 + SHORT - 12);
}
FAMILIES(recut_beside_options)

/* A peer without SACK: from the first byte on, once. */
static void recut_without_sack(bool is_v6)
{
  begin(is_v6, opts_plain, sizeof opts_plain);
  struct frame *f = send_long(6 * LONG);
  u32_t cwnd = app.pcb->cwnd;
  too_big(f, path_mtu());
  expect_whole(1, SHORT);
  expect_silence();
  assert_true(app.pcb->ssthresh >= cwnd);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  hear_out(6 * LONG, 1 + SHORT);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
}
FAMILIES(recut_without_sack)

/* What has arrived behind holes is not sent again; the holes are filled in pieces that fit. */
static void recut_around_sacked(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct frame *f = send_long(6 * LONG);
  advance(50);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{1 + 2 * LONG, 1 + 3 * LONG}});
  expect_silence();
  too_big(f, path_mtu());
  if (LWIP_TCP_SACK_IN) {
    expect_whole(1, SHORT);
    expect_silence();
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT, .sack = {{1 + 2 * LONG, 1 + 3 * LONG}});
    expect_whole(1 + SHORT, SHORT);
    expect_whole(1 + 2 * SHORT, 2 * LONG - 2 * SHORT);
    tcp_peer_ignores();
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 3 * LONG);
    expect_whole(1 + 3 * LONG, SHORT);
    tcp_peer_ignores();
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 3 * LONG + SHORT);
    hear_out(6 * LONG, 1 + 3 * LONG + SHORT);
  }
}
FAMILIES(recut_around_sacked)

/* During fast recovery: what was repaired with a segment too long is repaired again, and ssthresh
   is not reduced a second time. */
static void recut_in_recovery(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  send_long(8 * LONG);
  advance(50);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{1 + LONG, 1 + 2 * LONG}});
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{1 + LONG, 1 + 3 * LONG}});
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{1 + LONG, 1 + 4 * LONG}});
  struct tcp_seen *repair = expect_whole(1, LONG);
  u32_t ssthresh = app.pcb->ssthresh;
  tcp_peer_ignores();
  too_big(repair->frame, path_mtu());
  expect_whole(1, SHORT);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 4 * LONG);
  hear_out(8 * LONG, 1 + 4 * LONG);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
}
FAMILIES(recut_in_recovery)

/* After a timeout, whose repetition was too long as well. */
static void recut_after_timeout(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  all = pattern(ALL_MAX, 3);
  app_write(all, 4 * LONG);
  tcp_peer_ignores();
  struct tcp_seen *again = NULL;
  for (int i = 0; i < 40 && (again == NULL || again->seq != 1); i++) {
    advance(100); /* the probe at the tail comes first */
    again = tcp_peer_sees();
  }
  assert_non_null(again);
  assert_int_equal(again->len, LONG);
  tcp_peer_ignores();
  too_big(again->frame, path_mtu());
  expect_whole(1, SHORT);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  hear_out(4 * LONG, 1 + SHORT);
}
FAMILIES(recut_after_timeout)

/* The FIN stays behind the last byte. */
static void recut_with_fin(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  all = pattern(ALL_MAX, 3);
  assert_int_equal(tcp_write(app.pcb, all, 2 * LONG, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  struct tcp_seen *first = expect_whole(1, LONG);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 1 + LONG, .len = LONG);
  too_big(first->frame, path_mtu());
  expect_whole(1, SHORT);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  expect_whole(1 + SHORT, SHORT);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 1 + 2 * SHORT, .len = 2 * LONG - 2 * SHORT);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2 + 2 * LONG);
  assert_int_equal(app.sent, 2 * LONG);
  assert_int_equal(app.pcb->state, FIN_WAIT_2);
}
FAMILIES(recut_with_fin)

/* A full segment with a FIN has one sequence number more than data: it fits all the same. */
static void full_segment_and_fin(bool is_v6, const u8_t *opts, size_t opts_len)
{
  begin(is_v6, opts, opts_len);
  all = pattern(ALL_MAX, 3);
  app_write(all, SHORT);
  struct tcp_seen *first = expect_whole(1, SHORT);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 1 + SHORT, .len = 0);
  too_big(first->frame, path_mtu());
  expect_silence();
}

static void fin_takes_no_room(bool is_v6)
{
  full_segment_and_fin(is_v6, opts_sack, sizeof opts_sack);
}
FAMILIES(fin_takes_no_room)

static void fin_takes_no_room_without_sack(bool is_v6)
{
  full_segment_and_fin(is_v6, opts_plain, sizeof opts_plain);
}
FAMILIES(fin_takes_no_room_without_sack)

#if LWIP_TCP_URGENT
/* RFC 9293 3.8.5: the mark stays where it is, counted from each new segment. */
static void recut_with_urgent_pointer(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  all = pattern(ALL_MAX, 3);
  assert_int_equal(tcp_write(app.pcb, all, 2 * LONG, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_urgent_send(app.pcb), ERR_OK);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK | TCP_URG, .seq = 1, .len = LONG);
  assert_int_equal(s->h.urgent, 2 * LONG);
  tcp_peer_ignores();
  too_big(s->frame, path_mtu());
  s = expect_segment(.flags = TCP_ACK | TCP_URG, .seq = 1, .len = SHORT);
  assert_int_equal(s->h.urgent, 2 * LONG);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  s = expect_segment(.flags = TCP_ACK | TCP_URG, .seq = 1 + SHORT, .len = SHORT);
  assert_int_equal(s->h.urgent, 2 * LONG - SHORT);
}
FAMILIES(recut_with_urgent_pointer)
#endif

/* RFC 5927 4.1, B5-91, B5-94: who does not know a sequence number in flight, the ports and the
   addresses, changes nothing, neither for us nor for others. */
static void forged(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct frame sent = frame_copy(*send_long(2 * LONG));
  size_t at = is_v6 ? 14 + 40 : 14 + 20;
  u32_t first = get32(&sent, at + 4);
  static const s32_t wrong[] = {-1, 2 * (s32_t)LONG, 0x10000, -0x10000, INT32_MIN};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wrong); i++) {
    struct frame f = frame_copy(sent);
    put32(&f, at + 4, first + (u32_t)wrong[i]);
    too_big(&f, path_mtu());
    expect_not_ours();
  }
  for (unsigned port = 0; port < 2; port++) {
    struct frame f = frame_copy(sent);
    put16(&f, at + 2 * port, (u16_t)(get16(&f, at + 2 * port) + 1));
    too_big(&f, path_mtu());
    expect_not_ours();
  }
  struct frame f = frame_copy(sent);
  put8(&f, at - 1, 77); /* another destination */
  if (!is_v6) {
    put16(&f, 24, 0);
    ip4_fix_checksum(&f);
  }
  too_big(&f, path_mtu());
  expect_not_ours();
  expect_silence();
  assert_int_equal(known_mtu(), 1500);
  assert_int_equal(app.pcb->mss, LONG);
  put32(&sent, at + 4, first + 2 * LONG - 1); /* the last byte in flight */
  too_big(&sent, path_mtu());
  expect_no_drop();
  expect_whole(1, SHORT);
}
FAMILIES(forged)

/* ... nor does anybody when nothing is in flight. */
static void forged_when_idle(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct frame *f = send_long(LONG);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + LONG);
  too_big(f, path_mtu());
  expect_not_ours();
  assert_int_equal(known_mtu(), 1500);
}
FAMILIES(forged_when_idle)

/* B5-94, RFC 8201 4: below the floor counts as the floor: 576 for IPv4, whose routers then fragment
   what they must; 1280 for IPv6. And never up. */
static void floor_of_the_path(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct frame *f = send_long(2 * LONG);
  u16_t least = is_v6 ? PMTU_IP6_FLOOR : PMTU_IP4_FLOOR;
  too_big(f, 68);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK, .seq = 1, .len = least - headers());
  if (!is_v6) {
    assert_int_equal(get16(s->frame, 20), 0);
  }
  too_big(f, 1400);
  expect_silence();
  assert_int_equal(known_mtu(), least);
  expect_no_drop();
}
FAMILIES(floor_of_the_path)

/* RFC 1191 5, 7.1: a router that does not tell: the plateau below the quoted packet's length. */
PACKET_TEST(test_old_router)
{
  if (!LWIP_IPV4) {
    return;
  }
  begin(false, opts_sack, sizeof opts_sack);
  struct frame *f = send_long(2 * LONG);
  too_big(f, 0);
  struct tcp_seen *s = expect_whole(1, 1006 - 40);
  too_big(s->frame, 0);
  expect_whole(1, 576 - 40);
}

/* RFC 1191 6.3, RFC 8201 4: after ten minutes a better path is found, up to what the peer takes. */
static void growth(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct frame *f = send_long(2 * LONG);
  too_big(f, path_mtu());
  hear_out(2 * LONG, 1);
  app_write(all, LONG);
  expect_whole(1 + 2 * LONG, SHORT);
  expect_whole(1 + 2 * LONG + SHORT, LONG - SHORT);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 3 * LONG);
  advance(PMTU_AGE_MS);
  app_write(all, 2 * LONG);
  struct tcp_seen *s = expect_whole(1 + 3 * LONG, LONG);
  expect_whole(1 + 4 * LONG, LONG);
  too_big(s->frame, path_mtu()); /* it is no better */
  expect_whole(1 + 3 * LONG, SHORT);
}
FAMILIES(growth)

/* A window of one segment, as after a timeout, is one of the segments that are sent now. */
static void growth_after_a_timeout(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  ip_addr_t dst = peer();
  assert_true(pmtu_lower(&dst, path_mtu()));
  all = pattern(ALL_MAX, 3);
  app_write(all, SHORT);
  expect_whole(1, SHORT);
  app.pcb->cwnd = SHORT;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  advance(PMTU_AGE_MS);
  assert_non_null(app.pcb);
  app.pcb->cwnd = SHORT;
  app.pcb->send_time_ms = now_ms();
  app_write(all, LONG);
  expect_whole(1 + SHORT, LONG);
}
FAMILIES(growth_after_a_timeout)

/* What one connection has found out, others to the same destination know; so does a probe at the
   tail (RFC 8985 7), which is sent without anything from the peer. */
static void shared_by_connections(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct tcp_pcb *first = app.pcb;
  u32_t first_iss = tcp_peer.stack_iss;
  all = pattern(ALL_MAX, 3);
  app_write(all, LONG);
  expect_whole(1, LONG);
  tcp_peer.port++;
  peer_says(.flags = TCP_SYN, .opts = opts_sack, .opts_len = sizeof opts_sack);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  tcp_nagle_disable(app.pcb);
  assert_ptr_not_equal(app.pcb, first);
  too_big(send_long(2 * LONG), path_mtu());
  expect_whole(1, SHORT);
  expect_silence();
  tcp_abort(app.pcb);
  tcp_peer_ignores();
  tcp_peer.port--;
  tcp_peer.stack_iss = first_iss;
  struct tcp_seen *s = NULL;
  for (int i = 0; i < 40 && s == NULL; i++) {
    advance(100);
    s = tcp_peer_sees();
  }
  assert_non_null(s);
  assert_true(s->frame->len - 14 <= path_mtu());
  assert_int_equal(first->mss, SHORT);
}
FAMILIES(shared_by_connections)

/* During the handshake: the connection begins with what is known; our own MSS option is about the
   way back, and stays (RFC 9293 3.7.1). */
static void learnt_from_the_syn_ack(bool is_v6)
{
  tcp_peer_reset();
  tcp_peer_use(is_v6);
  tcp_listen_up();
  u16_t mss = (u16_t)LWIP_MIN(1500 - headers(), TCP_MSS);
  peer_says(.flags = TCP_SYN, .opts = opts_sack, .opts_len = sizeof opts_sack);
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(s->opts.mss, mss);
  too_big(s->frame, path_mtu());
  expect_no_drop();
  assert_int_equal(known_mtu(), path_mtu());
  peer_says(.flags = TCP_SYN, .opts = opts_sack, .opts_len = sizeof opts_sack);
  s = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(s->opts.mss, mss);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  all = pattern(ALL_MAX, 3);
  app_write(all, LONG);
  expect_whole(1, SHORT);
}
FAMILIES(learnt_from_the_syn_ack)

/* ... and the same where we connect. */
static void learnt_from_the_syn(bool is_v6)
{
  tcp_peer_reset();
  tcp_peer_use(is_v6);
  tcp_connect_up();
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN, .seq = 0);
  too_big(s->frame, path_mtu());
  expect_silence();
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1, .opts = opts_sack, .opts_len = sizeof opts_sack);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  all = pattern(ALL_MAX, 3);
  app_write(all, LONG);
  expect_whole(1, SHORT);
}
FAMILIES(learnt_from_the_syn)

/* A netif's MTU changes: segments follow, down and up, but never beyond what the peer takes. */
static void mtu_of_the_link(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  all = pattern(ALL_MAX, 3);
  net.netif.mtu = path_mtu();
  app_write(all, LONG);
  expect_whole(1, SHORT);
  expect_whole(1 + SHORT, LONG - SHORT);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + LONG);
  net.netif.mtu = 9000;
  app_write(all, 2 * LONG);
  expect_whole(1 + LONG, LONG);
  expect_whole(1 + 2 * LONG, LONG);
  net.netif.mtu = 1500;
}
FAMILIES(mtu_of_the_link)

#if LWIP_IPV6 && LWIP_ND6
/* RFC 8201 5.2, RFC 4861 6.3.4: a router names the link's MTU. */
PACKET_TEST(test_mtu_of_an_advertisement)
{
  static struct nd_options options;
  begin(true, opts_sack, sizeof opts_sack);
  options.len = 0;
  nd_opt_mtu(&options, path_mtu());
  router_says(ra_of(0xfe, 0), &options);
  tx_discard();
  all = pattern(ALL_MAX, 3);
  app_write(all, LONG);
  expect_whole(1, SHORT);
  expect_whole(1 + SHORT, LONG - SHORT);
}
#endif

static struct ip_route_entry other_route;

static void remove_route(void)
{
  (void)ip_route_remove(&other_route);
}

/* Another route, by a link that takes less: what is in flight does not fit there, and goes again.
 */
PACKET_TEST(test_route_changes)
{
  if (!LWIP_IPV4 || LWIP_NUM_ROUTES == 0) {
    return;
  }
  begin(false, opts_sack, sizeof opts_sack);
  struct packet_net *other = net_add_netif();
  other->netif.mtu = path_mtu();
  send_long(LONG);
  other_route = (struct ip_route_entry){
      .netif = &other->netif, .prefix = peer(), .gateway = ip_of("10.0.1.9"), .prefix_len = 32};
  packet_at_end(remove_route);
  assert_int_equal(ip_route_add(&other_route), ERR_OK);
  app_write(all + LONG, LONG);
  assert_null(tx());
  u32_t len = 0;
  for (struct frame *f = tx_on(other); f != NULL; f = tx_on(other)) {
    assert_true(f->len - 14 <= path_mtu());
    len += (u32_t)(f->len - 14 - headers());
  }
  assert_true(len >= SHORT);
  assert_int_equal(app.pcb->mss, SHORT);
}

/* The window closes meanwhile: what waits for it goes in pieces that fit. */
static void window_probe_fits(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  all = pattern(ALL_MAX, 3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  app_write(all, 2 * LONG);
  expect_silence();
  ip_addr_t dst = peer();
  assert_true(pmtu_lower(&dst, path_mtu()));
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_whole(1, SHORT);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  hear_out(2 * LONG, 1 + SHORT);
}
FAMILIES(window_probe_fits)

/* One router after another is narrower; each time all is cut anew. */
static void narrower_and_narrower(bool is_v6)
{
  begin(is_v6, opts_sack, sizeof opts_sack);
  struct frame *f = send_long(10 * LONG);
  for (u16_t mtu = (u16_t)(path_mtu() + 180); mtu >= path_mtu(); mtu = (u16_t)(mtu - 30)) {
    too_big(f, mtu);
    struct tcp_seen *s = expect_whole(1, (u32_t)mtu - headers());
    f = s->frame;
    tcp_peer_ignores();
  }
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + SHORT);
  hear_out(10 * LONG, 1 + SHORT);
}
FAMILIES(narrower_and_narrower)

#define TEST_FAMILIES(name) TEST(name##_ip4), TEST(name##_ip6)
#define TEST_FAMILIES_IF(condition, name)                                                          \
  TEST_IF(condition, name##_ip4), TEST_IF(condition, name##_ip6)

/** Segments of a connection whose listener wants none of "don't fragment". */
PACKET_TEST(test_never_df)
{
  if (!LWIP_IPV4) {
    return;
  }
  tcp_peer_reset();
  tcp_listen_up();
  ip_set_option(app.listener, SOF_DF_NEVER);
  peer_says(.flags = TCP_SYN, .opts = opts_plain, .opts_len = sizeof opts_plain);
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(get16(s->frame, 20) & DONT_FRAGMENT, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  app_write("x", 1);
  s = expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .data = "x", .len = 1);
  assert_int_equal(get16(s->frame, 20) & DONT_FRAGMENT, 0);
  ip_reset_option(app.pcb, SOF_DF_NEVER);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
  app_write("y", 1);
  s = expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 2, .ack = 1, .data = "y", .len = 1);
  assert_int_equal(get16(s->frame, 20) & DONT_FRAGMENT, DONT_FRAGMENT);
}

/** One that probes the path by itself asks the link alone. */
static void probing(bool is_v6)
{
  ip_addr_t to;
  begin(is_v6, opts_plain, sizeof opts_plain);
  to = peer();
  assert_true(pmtu_lower(&to, path_mtu()));
  ip_set_option(app.pcb, SOF_DF_NEVER | SOF_DF_ALWAYS);
  app_write(pattern(LONG, 1), LONG);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .len = LONG);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + LONG);
  ip_reset_option(app.pcb, SOF_DF_NEVER | SOF_DF_ALWAYS);
  app_write(pattern(LONG, 1), LONG);
  expect_segment(.flags = TCP_ACK, .seq = 1 + LONG, .ack = 1, .len = SHORT);
  tcp_peer_ignores();
}
FAMILIES(probing)

static const struct packet_test tests[] = {
    TEST_FAMILIES(recut),
    TEST_FAMILIES_IF(LWIP_TCP_TIMESTAMPS, recut_beside_options),
    TEST_FAMILIES(recut_without_sack),
    TEST_FAMILIES(recut_around_sacked),
    TEST_FAMILIES_IF(LWIP_TCP_SACK_IN, recut_in_recovery),
    TEST_FAMILIES(recut_after_timeout),
    TEST_FAMILIES(recut_with_fin),
    TEST_FAMILIES(fin_takes_no_room),
    TEST_FAMILIES(fin_takes_no_room_without_sack),
#if LWIP_TCP_URGENT
    TEST_FAMILIES(recut_with_urgent_pointer),
#endif
    TEST_FAMILIES(forged),
    TEST_FAMILIES(forged_when_idle),
    TEST_FAMILIES(floor_of_the_path),
    TEST(test_old_router),
    TEST_FAMILIES(growth),
    TEST_FAMILIES(growth_after_a_timeout),
    TEST_FAMILIES(shared_by_connections),
    TEST_FAMILIES(learnt_from_the_syn_ack),
    TEST_FAMILIES(learnt_from_the_syn),
    TEST_FAMILIES(mtu_of_the_link),
#if LWIP_IPV6 && LWIP_ND6
    TEST(test_mtu_of_an_advertisement),
#endif
    TEST(test_route_changes),
    TEST_FAMILIES(window_probe_fits),
    TEST_FAMILIES(narrower_and_narrower),
    TEST(test_never_df),
    TEST_FAMILIES(probing),
};
PACKET_MAIN(tests)

#endif
