/**
 * @file
 * TCP: headers, nobody's segments, the handshake and its options (RFC 9293 3.1, 3.2, 3.5, 3.10.7.1,
 * 3.10.7.2; RFC 7323; security vectors B9).
 *
 * needs: tcp; also: lean
 */
#include "packet_tcp.h"
#include "lwip/priv/tcp_hooks.h"

/* --- headers --- */

/** A segment as raw bytes from the peer. */
static void peer_sends_raw(const void *bytes, size_t len)
{
  if (LWIP_IPV4) {
    rx(ip4("10.0.0.2", "10.0.0.1", IP_PROTO_TCP, bytes, len));
  } else {
    rx(ip6("2001:db8::2", "2001:db8::1", IP_PROTO_TCP, bytes, len));
  }
}

/** Offset of the TCP header in a frame of the peer's. */
static size_t tcp_at(void)
{
  return tcp_peer.is_v6 ? 54 : 34;
}

/** Change 16 bits of the TCP header, and the checksum with them. */
static void change16(struct frame *f, size_t off, u16_t value)
{
  u32_t sum = (u16_t)~get16(f, tcp_at() + 16);
  sum += (u16_t)~get16(f, tcp_at() + off) + (u32_t)value;
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  put16(f, tcp_at() + off, value);
  put16(f, tcp_at() + 16, (u16_t)~sum);
}

/* Security vector B9-141. */
PACKET_TEST(test_segment_without_a_whole_header)
{
  tcp_peer_reset();
  for (size_t len = 0; len < TCP_HLEN; len++) {
    peer_sends_raw(pattern(len + 1, 1), len);
    expect_drop(DROP_TCP_SHORT);
  }
  expect_silence();
}

/* Security vector B9-142. */
PACKET_TEST(test_data_offset_too_small)
{
  tcp_peer_reset();
  for (int words = 1; words < 5; words++) {
    peer_says(.flags = TCP_SYN, .offset = words);
    expect_drop(DROP_TCP_BAD_OFFSET);
  }
  struct frame f = tcp_segment_of(&(struct tcp_said){.flags = TCP_SYN});
  put8(&f, tcp_at() + 12, 0);
  rx(f);
  expect_drop(DROP_TCP_BAD_OFFSET);
  expect_silence();
}

/* RFC 9293 3.1, security vector B9-142. */
PACKET_TEST(test_data_offset_beyond_the_segment)
{
  tcp_peer_reset();
  for (int words = 6; words < 16; words++) {
    peer_says(.flags = TCP_SYN, .offset = words);
    expect_drop(DROP_TCP_BAD_OFFSET);
  }
  expect_silence();
}

/* Security vector B9-143: bits that mean nothing yet are ignored (RFC 9293 3.1). */
PACKET_TEST(test_reserved_bits_are_ignored)
{
  tcp_establish(&(struct tcp_peer_setup){0});
  struct frame f =
      tcp_segment_of(&(struct tcp_said){.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "ab"});
  change16(&f, 12, (u16_t)(get16(&f, tcp_at() + 12) | 0x0f00));
  rx(f);
  expect_app_data("ab");
  tcp_peer_ignores();
}

/* Security vector B9-154. */
PACKET_TEST(test_wrong_checksum)
{
  tcp_peer_reset();
  peer_says(.flags = TCP_SYN, .checksum = 0x1234);
  expect_drop(DROP_TCP_BAD_CHECKSUM);
  expect_silence();
}

/* Security vector B9-157. */
PACKET_TEST(test_port_0)
{
  tcp_peer_reset();
  struct frame f = tcp_segment_of(&(struct tcp_said){.flags = TCP_SYN});
  change16(&f, 0, 0);
  rx(f);
  expect_drop(DROP_TCP_BAD_PORT);
  f = tcp_segment_of(&(struct tcp_said){.flags = TCP_SYN});
  change16(&f, 2, 0);
  rx(f);
  expect_drop(DROP_TCP_BAD_PORT);
  expect_silence();
}

/* RFC 9293 3.9.2.3 (MUST-57), security vector B10-159: no connections with groups. */
PACKET_TEST(test_segment_to_a_group)
{
  u8_t syn[TCP_HLEN];
  struct tcp_header h = {
      .src_port = 4000, .dst_port = 80, .flags = TCP_SYN, .header_len = TCP_HLEN};
  tcp_peer_reset();
  tcp_listen_up();
  tcp_build(syn, &h);
  if (LWIP_IPV4) {
    rx(ip4("10.0.0.2", "10.0.0.255", IP_PROTO_TCP, syn, sizeof syn));
    expect_drop(DROP_TCP_GROUP);
    rx(ip4("10.0.0.2", "255.255.255.255", IP_PROTO_TCP, syn, sizeof syn));
    expect_drop(DROP_TCP_GROUP);
  }
  if (LWIP_IPV6) {
    tcp_peer_use(true);
    rx(ip6("2001:db8::2", "ff02::1", IP_PROTO_TCP, syn, sizeof syn));
    expect_drop(DROP_TCP_GROUP);
  }
  expect_silence();
}

/* --- nobody's segments: RFC 9293 3.10.7.1 --- */

struct stray {
  const char *what;
  u8_t flags;
  u16_t len;
  u8_t reply; /* flags; 0: none */
  u32_t reply_ack;
  enum drop_reason drop;
};

#define ACKED 1000U /* what a segment with ACK acknowledges */

static void run_strays(const struct stray *rows, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const struct stray *r = &rows[i];
    packet_note("%s: ", r->what);
    peer_says(.flags = r->flags, .ack = ACKED, .data = r->len > 0 ? "0123456789" : NULL,
              .len = r->len);
    if (r->reply & TCP_ACK) {
      struct tcp_seen *s = expect_segment(.flags = r->reply, .ack = r->reply_ack, .len = 0);
      assert_int_equal(s->h.seq, 0);
    } else if (r->reply != 0) {
      struct tcp_seen *s = expect_segment(.flags = r->reply, .seq = ACKED, .len = 0);
      assert_int_equal(s->h.ack, 0);
    }
    expect_silence();
    expect_drop(r->drop);
  }
}

/* RFC 9293 3.10.7.1. */
PACKET_TEST(test_segments_for_nobody)
{
  static const struct stray rows[] = {
      {"SYN", TCP_SYN, 0, TCP_RST | TCP_ACK, 1, DROP_TCP_NO_PORT},
      {"SYN, data", TCP_SYN, 10, TCP_RST | TCP_ACK, 11, DROP_TCP_NO_PORT},
      {"FIN", TCP_FIN, 0, TCP_RST | TCP_ACK, 1, DROP_TCP_NO_PORT},
      {"SYN, FIN", TCP_SYN | TCP_FIN, 0, TCP_RST | TCP_ACK, 2, DROP_TCP_NO_PORT},
      {"SYN, FIN, data", TCP_SYN | TCP_FIN, 10, TCP_RST | TCP_ACK, 12, DROP_TCP_NO_PORT},
      {"no flags", 0, 0, TCP_RST | TCP_ACK, 0, DROP_TCP_NO_PORT},
      {"data", 0, 10, TCP_RST | TCP_ACK, 10, DROP_TCP_NO_PORT},
      {"ACK", TCP_ACK, 0, TCP_RST, 0, DROP_TCP_NO_PORT},
      {"ACK, data", TCP_ACK, 10, TCP_RST, 0, DROP_TCP_NO_PORT},
      {"SYN, ACK", TCP_SYN | TCP_ACK, 0, TCP_RST, 0, DROP_TCP_NO_PORT},
      {"FIN, ACK", TCP_FIN | TCP_ACK, 0, TCP_RST, 0, DROP_TCP_NO_PORT},
      {"RST", TCP_RST, 0, 0, 0, DROP_TCP_NO_PORT},
      {"RST, ACK", TCP_RST | TCP_ACK, 0, 0, 0, DROP_TCP_NO_PORT},
      {"RST, SYN", TCP_RST | TCP_SYN, 0, 0, 0, DROP_TCP_NO_PORT},
      {"RST, SYN, ACK, FIN, data", TCP_RST | TCP_SYN | TCP_ACK | TCP_FIN, 10, 0, 0,
       DROP_TCP_NO_PORT},
  };
  tcp_peer_reset();
  run_strays(rows, LWIP_ARRAYSIZE(rows));
}

/* RFC 9293 3.10.7.2, security vectors B9-155, B10-159. */
PACKET_TEST(test_segments_for_a_listener)
{
  static const struct stray rows[] = {
      {"RST", TCP_RST, 0, 0, 0, DROP_TCP_BAD_RST},
      {"RST, ACK", TCP_RST | TCP_ACK, 0, 0, 0, DROP_TCP_BAD_RST},
      {"RST, SYN", TCP_RST | TCP_SYN, 0, 0, 0, DROP_TCP_BAD_RST},
      {"ACK", TCP_ACK, 0, TCP_RST, 0, DROP_TCP_BAD_ACK},
      {"ACK, data", TCP_ACK, 10, TCP_RST, 0, DROP_TCP_BAD_ACK},
      {"FIN, ACK", TCP_FIN | TCP_ACK, 0, TCP_RST, 0, DROP_TCP_BAD_ACK},
      {"SYN, ACK", TCP_SYN | TCP_ACK, 0, TCP_RST, 0, DROP_TCP_BAD_ACK},
      {"no flags", 0, 0, 0, 0, DROP_TCP_NO_SYN},
      {"data", 0, 10, 0, 0, DROP_TCP_NO_SYN},
      {"FIN", TCP_FIN, 0, 0, 0, DROP_TCP_NO_SYN},
      {"FIN, PSH, URG", TCP_FIN | TCP_PSH | TCP_URG, 10, 0, 0, DROP_TCP_NO_SYN},
      {"SYN, FIN", TCP_SYN | TCP_FIN, 0, 0, 0, DROP_TCP_NO_SYN},
  };
  tcp_peer_reset();
  tcp_listen_up();
  run_strays(rows, LWIP_ARRAYSIZE(rows));
  assert_null(tcp_active_pcbs);
}

/* --- options of the peer's SYN --- */

#define UNSAID   0 /* MSS: what RFC 9293 3.7.1 assumes */
#define NO_SHIFT (-1)

struct options_row {
  const char *what;
  u8_t opts[40];
  u8_t len;
  u16_t mss;
  int shift;
  u32_t flags; /* TF_SACK, TF_TIMESTAMP */
};

#define MSS(n) 2, 4, (n) >> 8, (n)&0xff
#define TS     8, 10, 1, 2, 3, 4, 0, 0, 0, 0

static const struct options_row options_rows[] = {
    {"none", {0}, 0, UNSAID, NO_SHIFT, 0},
    {"MSS", {MSS(1000)}, 4, 1000, NO_SHIFT, 0},
    {"MSS 0", {MSS(0)}, 4, 64, NO_SHIFT, 0},
    {"MSS 1", {MSS(1)}, 4, 64, NO_SHIFT, 0},
    {"MSS 47", {MSS(47)}, 4, 64, NO_SHIFT, 0},
    {"MSS 48", {MSS(48)}, 4, 64, NO_SHIFT, 0},
    {"MSS 64", {MSS(64)}, 4, 64, NO_SHIFT, 0},
    {"MSS 65", {MSS(65)}, 4, 65, NO_SHIFT, 0},
    {"MSS 65535", {MSS(65535)}, 4, 65535, NO_SHIFT, 0},
    {"MSS of length 3", {2, 3, 4, 1, 1, 1}, 8, UNSAID, NO_SHIFT, 0},
    {"MSS of length 5", {2, 5, 4, 0, 0, 1}, 8, UNSAID, NO_SHIFT, 0},
    {"MSS of length 0", {2, 0, 4, 0}, 4, UNSAID, NO_SHIFT, 0},
    {"MSS of length 1", {2, 1, 4, 0}, 4, UNSAID, NO_SHIFT, 0},
    {"MSS beyond the end", {1, 1, 2, 4}, 4, UNSAID, NO_SHIFT, 0},
    {"kind alone at the end", {1, 1, 1, 2}, 4, UNSAID, NO_SHIFT, 0},
    {"length 255", {2, 255, 4, 0}, 4, UNSAID, NO_SHIFT, 0},
    {"MSS behind padding", {1, 1, 1, 1, MSS(1000)}, 8, 1000, NO_SHIFT, 0},
    {"MSS behind the end", {0, 1, 1, 1, MSS(1000)}, 8, UNSAID, NO_SHIFT, 0},
    {"MSS, then a malformed one", {MSS(1000), 3, 0, 7, 0}, 8, 1000, NO_SHIFT, 0},
    {"malformed, then MSS", {3, 1, 7, 0, MSS(1000)}, 8, UNSAID, NO_SHIFT, 0},
    {"wrong length, then MSS", {3, 4, 7, 0, MSS(1000)}, 8, 1000, NO_SHIFT, 0},
    {"unknown, then MSS", {200, 6, 1, 2, 3, 4, 1, 1, MSS(1000)}, 12, 1000, NO_SHIFT, 0},
    {"MD5", {19, 18, [18] = 1, 1, 2, 4, 3, 232}, 24, 1000, NO_SHIFT, 0},
    {"TCP-AO", {29, 4, 1, 2, MSS(1000)}, 8, 1000, NO_SHIFT, 0},
    {"TFO without a cookie", {34, 2, 1, 1, MSS(1000)}, 8, 1000, NO_SHIFT, 0},
    {"TFO of length 3", {34, 3, 1, 1, MSS(1000)}, 8, 1000, NO_SHIFT, 0},
    {"TFO of length 5", {34, 5, 1, 1, 1, 1, 1, 1, MSS(1000)}, 12, 1000, NO_SHIFT, 0},
    {"TFO of length 19", {34, 19, [19] = 1, MSS(1000)}, 24, 1000, NO_SHIFT, 0},
    {"shift 0", {MSS(1000), 1, 3, 3, 0}, 8, 1000, 0, 0},
    {"shift 7", {MSS(1000), 1, 3, 3, 7}, 8, 1000, 7, 0},
    {"shift 14", {MSS(1000), 1, 3, 3, 14}, 8, 1000, 14, 0},
    {"shift 15", {MSS(1000), 1, 3, 3, 15}, 8, 1000, 14, 0},
    {"shift 255", {MSS(1000), 1, 3, 3, 255}, 8, 1000, 14, 0},
    {"shift of length 2", {MSS(1000), 1, 1, 3, 2}, 8, 1000, NO_SHIFT, 0},
    {"shift of length 4", {MSS(1000), 3, 4, 7, 0}, 8, 1000, NO_SHIFT, 0},
    {"SACK permitted", {MSS(1000), 4, 2, 1, 1}, 8, 1000, NO_SHIFT, TF_SACK},
    {"SACK permitted of length 3", {MSS(1000), 4, 3, 0, 1}, 8, 1000, NO_SHIFT, 0},
    {"SACK blocks", {MSS(1000), 5, 10, [14] = 1, 1}, 16, 1000, NO_SHIFT, 0},
    {"timestamp", {MSS(1000), 1, 1, TS}, 16, 1000, NO_SHIFT, TF_TIMESTAMP},
    {"timestamp of length 9", {MSS(1000), 8, 9, [13] = 1, 1, 1}, 16, 1000, NO_SHIFT, 0},
    {"timestamp of length 11", {MSS(1000), 8, 11, [15] = 1}, 16, 1000, NO_SHIFT, 0},
    {"all", {MSS(1000), 4, 2, TS, 1, 3, 3, 2}, 20, 1000, 2, TF_SACK | TF_TIMESTAMP},
    {"40 bytes of padding", {1, [39] = 1}, 40, UNSAID, NO_SHIFT, 0},
};

static u16_t mss_of_row(const struct options_row *r)
{
  u16_t unsaid = tcp_peer.is_v6 ? 1220 : 536;
  u16_t route = (u16_t)(net.netif.mtu - (tcp_peer.is_v6 ? 60 : 40));
  return LWIP_MIN(LWIP_MIN(r->mss == UNSAID ? unsaid : r->mss, route), TCP_MSS);
}

static void check_options(const struct options_row *r, bool is_v6)
{
  packet_note("%s: ", r->what);
  tcp_establish(&(struct tcp_peer_setup){
      .is_active = true, .is_v6 = is_v6, .opts = r->opts, .opts_len = r->len});
  u32_t possible = (LWIP_TCP_SACK_OUT ? TF_SACK : 0) | (LWIP_TCP_TIMESTAMPS ? TF_TIMESTAMP : 0);
  assert_int_equal(app.pcb->mss, mss_of_row(r));
  assert_int_equal(app.pcb->flags & (TF_SACK | TF_TIMESTAMP), r->flags & possible);
  assert_int_equal(tcp_snd_shift(app.pcb), LWIP_WND_SCALE && r->shift > 0 ? r->shift : 0);
  assert_int_equal((app.pcb->flags & TF_WND_SCALE) != 0, LWIP_WND_SCALE && r->shift != NO_SHIFT);
  tcp_abort(app.pcb);
  tcp_peer_ignores();
}

/* RFC 9293 3.7.1, RFC 7323 2.3, security vectors B9-145, B9-146, B9-152, B9-153. */
PACKET_TEST(test_options_of_the_syn)
{
  size_t step = packet_is_fault_run() ? 9 : 1;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(options_rows); i += step) {
    check_options(&options_rows[i], false);
  }
}

/* RFC 9293 3.7.1. */
PACKET_TEST(test_options_of_the_syn_over_ip6)
{
  size_t step = packet_is_fault_run() ? 9 : 1;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(options_rows); i += step) {
    check_options(&options_rows[i], LWIP_IPV6);
  }
}

/* A tiny MSS still carries data beside all options (security vector B9-145, CVE-2019-11479). */
PACKET_TEST(test_tiny_mss_carries_data)
{
  static const u8_t opts[] = {MSS(1), 1, 1, TS};
  tcp_establish(&(struct tcp_peer_setup){.is_active = true, .opts = opts, .opts_len = sizeof opts});
  app_write(pattern(1000, 1), 1000);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_true(s->len >= 20);
  tcp_peer_ignores();
}

/* Security vectors B9-146, B9-147: options of the handshake say nothing later. */
PACKET_TEST(test_options_of_the_syn_later)
{
  static const u8_t later[] = {MSS(100), 1, 3, 3, 9, 1, 1, 4, 2};
  tcp_establish(&(struct tcp_peer_setup){0});
  u16_t mss = app.pcb->mss;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 1000, .opts = later,
            .opts_len = sizeof later);
  assert_int_equal(app.pcb->mss, mss);
  assert_int_equal(app.pcb->flags & (TF_SACK | TF_WND_SCALE), 0);
  assert_int_equal(app.pcb->snd_wnd, 1000);
}

/* RFC 7323 2.2, security vector B10-165: the window of a SYN is not scaled, then or later. */
PACKET_TEST(test_window_of_the_syn_is_not_scaled)
{
  static const u8_t opts[] = {MSS(1460), 1, 3, 3, 4};
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1, .wnd = 1000, .opts = opts,
            .opts_len = sizeof opts);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.pcb->snd_wnd, 1000);
}

/* --- our SYN and SYN-ACK --- */

PACKET_TEST(test_our_syn_offers_all)
{
  tcp_peer_reset();
  tcp_connect_up();
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN, .seq = 0, .len = 0);
  unsigned has = TCP_HAS_MSS | (LWIP_WND_SCALE ? TCP_HAS_WND_SHIFT : 0) |
                 (LWIP_TCP_SACK_OUT ? TCP_HAS_SACK_OK : 0) |
                 (LWIP_TCP_TIMESTAMPS ? TCP_HAS_TIMESTAMP : 0);
  assert_int_equal(s->opts.has, has);
  assert_int_equal(s->h.ack, 0);
  assert_int_equal(s->opts.tsecr, 0);
  /* RFC 9293 3.7.1 (MUST-16), RFC 6691 2: of the interface, without options */
  assert_int_equal(s->opts.mss, LWIP_MIN(TCP_MSS, LWIP_IPV4 ? 1460 : 1440));
}

/* RFC 7323 1.3, 3.2, RFC 2018 2: only what the peer has offered. */
PACKET_TEST(test_our_syn_ack_offers_nothing_unasked)
{
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN);
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .len = 0);
  assert_int_equal(s->opts.has, TCP_HAS_MSS);
  peer_says(.flags = TCP_RST, .seq = 1);
}

/* RFC 7323 1.3, RFC 2018 2. */
PACKET_TEST(test_our_syn_ack_accepts_what_is_offered)
{
  static const u8_t opts[] = {MSS(1460), 4, 2, TS, 1, 3, 3, 2};
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = sizeof opts);
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  unsigned has = TCP_HAS_MSS | (LWIP_WND_SCALE ? TCP_HAS_WND_SHIFT : 0) |
                 (LWIP_TCP_SACK_OUT ? TCP_HAS_SACK_OK : 0) |
                 (LWIP_TCP_TIMESTAMPS ? TCP_HAS_TIMESTAMP : 0);
  assert_int_equal(s->opts.has, has);
  assert_int_equal(s->opts.tsecr, LWIP_TCP_TIMESTAMPS ? 0x01020304 : 0);
  peer_says(.flags = TCP_RST, .seq = 1);
}

/* Security vector B10-177. */
PACKET_TEST(test_syn_ack_without_timestamp_means_none)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  assert_int_equal(app.pcb->flags & (TF_TIMESTAMP | TF_SACK | TF_WND_SCALE), 0);
  app_write("x", 1);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK, .seq = 1, .data = "x");
  assert_int_equal(s->opts.has, 0);
}

/* --- opening --- */

/* RFC 9293 3.5, figure 7: both ends call each other. */
PACKET_TEST(test_simultaneous_open)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1, .len = 0);
  assert_int_equal(app.connected, 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(app.connected, 1);
  expect_silence();
  app_write("a", 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "a");
}

/* RFC 9293 3.5. */
PACKET_TEST(test_simultaneous_open_with_an_ack)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "hi");
  assert_int_equal(app.connected, 1);
  expect_app_data("hi");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 3);
}

/* The options of the peer's SYN count, and the SYN-ACK answers them (RFC 9293 3.5). */
PACKET_TEST(test_simultaneous_open_with_options)
{
  static const u8_t opts[] = {MSS(1000), 1, 3, 3, 2};
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = sizeof opts);
  struct tcp_seen *s = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(s->opts.has, TCP_HAS_MSS | (LWIP_WND_SCALE ? TCP_HAS_WND_SHIFT : 0));
  assert_int_equal(app.pcb->mss, 1000);
}

/* Each SYN of the peer is answered by a SYN-ACK: ours was lost (RFC 9293 3.10.7.4). */
PACKET_TEST(test_simultaneous_open_with_losses)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  expect_drop(DROP_TCP_DUPLICATE);
  advance(2000); /* and by time */
  assert_true(tcp_peer_ignores() > 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.connected, 1);
}

/* The peer's SYN-ACK is lost and sent again: it hears that we have heard it (RFC 5961 4.2). */
PACKET_TEST(test_late_syn_ack_is_challenged)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  peer_says(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_drop(DROP_TCP_BAD_SYN);
}

/* RFC 9293 3.10.4: a FIN waits until the connection stands. */
PACKET_TEST(test_close_before_the_handshake_is_complete)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_null(tcp_active_pcbs);
  assert_int_equal(app.connected, 0);
}

/* Data may be queued as soon as tcp_connect() has returned (RFC 9293 3.10.2). */
PACKET_TEST(test_data_wait_for_the_handshake)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  app_write("early", 5);
  expect_silence();
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  struct tcp_seen *s = expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "early");
  assert_int_equal(s->len, 5);
  expect_silence();
}

/* RFC 9293 3.10.7.3: the SYN-ACK may carry data. */
PACKET_TEST(test_syn_ack_with_data)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1, .data = "hello");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 6);
  expect_app_data("hello");
}

static const struct packet_test tests[] = {
    TEST(test_segment_without_a_whole_header),
    TEST(test_data_offset_too_small),
    TEST(test_data_offset_beyond_the_segment),
    TEST(test_reserved_bits_are_ignored),
    TEST(test_wrong_checksum),
    TEST(test_port_0),
    TEST(test_segment_to_a_group),
    TEST(test_segments_for_nobody),
    TEST(test_segments_for_a_listener),
    TEST(test_options_of_the_syn),
    TEST(test_options_of_the_syn_over_ip6),
    TEST(test_tiny_mss_carries_data),
    TEST(test_options_of_the_syn_later),
    TEST(test_window_of_the_syn_is_not_scaled),
    TEST(test_our_syn_offers_all),
    TEST(test_our_syn_ack_offers_nothing_unasked),
    TEST(test_our_syn_ack_accepts_what_is_offered),
    TEST(test_syn_ack_without_timestamp_means_none),
    TEST(test_simultaneous_open),
    TEST(test_simultaneous_open_with_an_ack),
    TEST(test_simultaneous_open_with_options),
    TEST(test_simultaneous_open_with_losses),
    TEST(test_late_syn_ack_is_challenged),
    TEST(test_close_before_the_handshake_is_complete),
    TEST(test_data_wait_for_the_handshake),
    TEST(test_syn_ack_with_data),
};

PACKET_MAIN(tests)
