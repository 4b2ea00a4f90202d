/**
 * @file
 * A driver with a hardware that segments and sums (gossamer/offload.h): what TCP hands it, what
 * comes of that on the wire, what happens where no hardware does it; and coalesced packets
 * received.
 *
 * The hardware is ours: it sees what offload_describe() says and the frame's bytes, nothing else.
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "gossamer/offload.h"

#if LWIP_OFFLOAD

#define MSS 1460U

/* --- the hardware --- */

static struct {
  netif_linkoutput_fn wire;
  struct offload_frame last; /* the last packet that was not finished */
  u16_t last_len;
  unsigned supers;  /* packets to be cut */
  unsigned partial; /* only to be summed */
  unsigned whole;   /* finished */
  u8_t rx_flags;    /* to be said of what comes in */
  u16_t rx_segment_len;
} nic;

static u16_t get_be16(const u8_t *at)
{
  return (u16_t)(at[0] << 8 | at[1]);
}

static void put_be16(u8_t *at, u32_t value)
{
  at[0] = (u8_t)(value >> 8);
  at[1] = (u8_t)value;
}

/** One's complement sum of big-endian words. */
static u32_t sum_up(u32_t sum, const u8_t *bytes, size_t len)
{
  for (size_t i = 0; i < len; i++) {
    sum += (i & 1) ? bytes[i] : (u32_t)bytes[i] << 8;
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

static err_t to_wire(struct netif *netif, u8_t *bytes, size_t len)
{
  struct pbuf p = {.payload = bytes, .len = (u16_t)len, .tot_len = (u16_t)len, .ref = 1};
  return nic.wire(netif, &p);
}

/** Sum from the transport header on, the field included, and store the complement. */
static void finish_checksum(u8_t *frame, size_t len, const struct offload_frame *o)
{
  u8_t *l4 = frame + o->checksum_start;
  put_be16(l4 + o->checksum_offset, 0xffff ^ sum_up(0, l4, len - o->checksum_start));
}

static void cut_one(u8_t *out, const u8_t *frame, size_t len, const struct offload_frame *o,
                    unsigned index, size_t *out_len)
{
  size_t offset = (size_t)index * o->segment_len;
  size_t rest = len - o->header_len - offset;
  size_t n = LWIP_MIN(rest, o->segment_len);
  size_t l3 = o->gso == NETIF_OFFLOAD_TSO4 ? o->checksum_start - 20U : o->checksum_start - 40U;
  u8_t *tcp = out + o->checksum_start;
  memcpy(out, frame, o->header_len);
  memcpy(out + o->header_len, frame + o->header_len + offset, n);
  *out_len = o->header_len + n;
  size_t l4_len = *out_len - o->checksum_start;
  if (o->gso == NETIF_OFFLOAD_TSO4) {
    put_be16(out + l3 + 2, (u32_t)(*out_len - l3));
    put_be16(out + l3 + 4, get_be16(frame + l3 + 4) + index);
    put_be16(out + l3 + 10, 0);
    put_be16(out + l3 + 10, 0xffff ^ sum_up(0, out + l3, 20));
  } else {
    put_be16(out + l3 + 4, (u32_t)(*out_len - l3 - 40));
  }
  u32_t seq = ((u32_t)get_be16(tcp + 4) << 16 | get_be16(tcp + 6)) + (u32_t)offset;
  put_be16(tcp + 4, seq >> 16);
  put_be16(tcp + 6, seq & 0xffff);
  tcp[13] &= (u8_t) ~((index != 0 ? TCP_CWR : 0) | (n < rest ? TCP_FIN | TCP_PSH : 0));
  /* The pseudo header's length is now this segment's: what was is subtracted, what is is added. */
  u8_t lengths[4];
  put_be16(lengths, 0xffff ^ (u32_t)(len - o->checksum_start));
  put_be16(lengths + 2, (u32_t)l4_len);
  put_be16(tcp + 16, sum_up(get_be16(tcp + 16), lengths, sizeof lengths));
  finish_checksum(out, *out_len, o);
}

static err_t nic_linkoutput(struct netif *netif, struct pbuf *p)
{
  static u8_t frame[0x10000];
  static u8_t out[2000];
  struct offload_frame o;
  size_t len = pbuf_copy_partial(p, frame, p->tot_len, 0);
  if (!offload_describe(netif, p, &o)) {
    nic.whole++;
    return to_wire(netif, frame, len);
  }
  nic.last = o;
  nic.last_len = p->tot_len;
  if (o.gso == 0) {
    nic.partial++;
    finish_checksum(frame, len, &o);
    return to_wire(netif, frame, len);
  }
  nic.supers++;
  for (unsigned i = 0; o.header_len + i * o.segment_len < len; i++) {
    size_t out_len;
    cut_one(out, frame, len, &o, i, &out_len);
    to_wire(netif, out, out_len);
  }
  return ERR_OK;
}

static err_t nic_input(struct pbuf *p, struct netif *netif)
{
  offload_received(p, nic.rx_flags, nic.rx_segment_len);
  return ethernet_input(p, netif);
}

static void nic_up(u8_t features, u16_t max_len)
{
  memset(&nic, 0, sizeof nic);
  nic.wire = net.netif.linkoutput;
  net.netif.linkoutput = nic_linkoutput;
  net.netif.input = nic_input;
  netif_offload_declare(&net.netif, features, max_len);
}

static void forget_counts(void)
{
  nic.supers = nic.partial = nic.whole = 0;
}

/** MSS 1460 and what `more` says. */
static void establish(const u8_t *opts, size_t opts_len)
{
  tcp_establish(&(struct tcp_peer_setup){.opts = opts, .opts_len = opts_len});
  forget_counts();
}

/* --- sending --- */

/** Segments of `one` bytes each, from relative sequence number `seq` on, hold these bytes. */
static void expect_stream(u32_t seq, const u8_t *bytes, size_t len, size_t one)
{
  while (len > 0) {
    size_t n = LWIP_MIN(len, one);
    struct tcp_seen *s = tcp_peer_sees();
    assert_non_null(s);
    assert_int_equal(s->seq, seq);
    assert_int_equal(s->len, n);
    assert_memory_equal(s->data, bytes, n);
    seq += (u32_t)n;
    bytes += n;
    len -= n;
  }
}

static void one_for_many(bool is_v6)
{
  const u8_t *bytes = pattern(10 * MSS, 1);
  unsigned l3_len = is_v6 ? 40 : 20;
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  tcp_establish(&(struct tcp_peer_setup){.is_v6 = is_v6});
  forget_counts();
  app_write(bytes, 10 * MSS);
  assert_int_equal(nic.supers, 1);
  assert_int_equal(nic.partial + nic.whole, 0);
  assert_int_equal(nic.last.gso, is_v6 ? NETIF_OFFLOAD_TSO6 : NETIF_OFFLOAD_TSO4);
  assert_true(nic.last.needs_checksum);
  assert_false(nic.last.has_cwr);
  assert_int_equal(nic.last.checksum_start, 14 + l3_len);
  assert_int_equal(nic.last.checksum_offset, 16);
  assert_int_equal(nic.last.header_len, 14 + l3_len + 20);
  assert_int_equal(nic.last.segment_len, is_v6 ? MSS - 20 : MSS);
  assert_int_equal(nic.last_len, 14 + l3_len + 20 + 10 * (is_v6 ? MSS - 20 : MSS));
}

PACKET_TEST(test_one_packet_for_many)
{
  one_for_many(!LWIP_IPV4);
  expect_stream(1, pattern(10 * MSS, 1), (LWIP_IPV4 ? MSS : MSS - 20) * 10,
                LWIP_IPV4 ? MSS : MSS - 20);
  expect_silence();
}

PACKET_TEST(test_one_packet_for_many_by_ip6)
{
  one_for_many(LWIP_IPV6);
  assert_true(tcp_peer_ignores() == 10);
}

/** What an IPv4 segment's identification is: one more than that before (RFC 6864 is content). */
PACKET_TEST(test_identifications_ascend)
{
  nic_up(NETIF_OFFLOAD_TSO4, 65535);
  establish(NULL, 0);
  app_write(pattern(3 * MSS, 1), 3 * MSS);
  if (LWIP_IPV4) {
    u16_t first = get16(tcp_peer_sees()->frame, 18);
    assert_int_equal(get16(tcp_peer_sees()->frame, 18), (u16_t)(first + 1));
    assert_int_equal(get16(tcp_peer_sees()->frame, 18), (u16_t)(first + 2));
  }
}

/** Only what was declared, and only what fits. */
PACKET_TEST(test_what_is_declared)
{
  netif_offload_declare(&net.netif, NETIF_OFFLOAD_TSO4, 65535);
  assert_int_equal(net.netif.offload, NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TCP_CHECKSUM);
  assert_int_equal(net.netif.offload_max, OFFLOAD_LEN_MAX);
  nic_up(LWIP_IPV4 ? NETIF_OFFLOAD_TSO6 : NETIF_OFFLOAD_TSO4, 65535); /* not for this family */
  establish(NULL, 0);
  app_write(pattern(2 * MSS, 1), 2 * MSS);
  assert_int_equal(nic.supers, 0);
  assert_int_equal(nic.partial, 2);
  tcp_peer_ignores();
}

PACKET_TEST(test_longest_packet)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 5000);
  establish(NULL, 0);
  app_write(pattern(7 * 1440, 1), 7 * 1440);
  assert_true(nic.supers >= 2);
  assert_true(nic.last_len <= 14 + 5000);
  expect_stream(1, pattern(7 * 1440, 1), 6 * (LWIP_IPV4 ? MSS : 1440), LWIP_IPV4 ? MSS : 1440);
}

/** Less than two segments' room: no use. */
PACKET_TEST(test_longest_packet_is_too_short)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 2000);
  establish(NULL, 0);
  app_write(pattern(2 * MSS, 1), 2 * MSS);
  assert_int_equal(nic.supers, 0);
  assert_true(nic.partial >= 2);
  tcp_peer_ignores();
}

/** Timestamps are in every segment: 12 bytes less of payload (RFC 7323). */
PACKET_TEST(test_with_timestamps)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  tcp_peer_reset();
  tcp_listen_up();
  tcp_peer.has_timestamps = true;
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  u16_t one = (u16_t)(app.pcb->mss - 12);
  app_write(pattern(4U * one, 1), 4U * one);
  assert_int_equal(nic.supers, 1);
  assert_int_equal(nic.last.segment_len, one);
  for (int i = 0; i < 4; i++) {
    struct tcp_seen *s = tcp_peer_sees();
    assert_non_null(s);
    assert_true(s->opts.has & TCP_HAS_TIMESTAMP);
    assert_int_equal(s->len, one);
  }
}

/** RFC 9293 3.7.4: what does not fill a segment waits, unless Nagle's algorithm is off. */
PACKET_TEST(test_rest)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(NULL, 0);
  u16_t one = tcp_mss(app.pcb);
  app_write(pattern(3U * one + 100, 1), 3U * one + 100);
  for (int i = 0; i < 3; i++) {
    expect_segment(.flags = TCP_ACK, .seq = 1 + i * (long long)one, .ack = 1, .len = one);
  }
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 3U * one + 1);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 3LL * one + 1, .ack = 1, .len = 100);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 3U * one + 101);
  tcp_nagle_disable(app.pcb);
  forget_counts();
  app_write(pattern(3U * one + 100, 2), 3U * one + 100);
  assert_int_equal(nic.supers, 1);
  assert_int_equal(nic.partial, 0);
  expect_stream(3U * one + 101, pattern(3U * one + 100, 2), 3U * one + 100, one);
}

/** The FIN goes with the last segment, and with no other. */
PACKET_TEST(test_fin)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(NULL, 0);
  u16_t one = tcp_mss(app.pcb);
  assert_int_equal(
      tcp_write(app.pcb, pattern(3U * one + 7, 1), (u16_t)(3U * one + 7), TCP_WRITE_FLAG_COPY),
      ERR_OK);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  assert_int_equal(nic.supers, 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = one);
  expect_segment(.flags = TCP_ACK, .seq = 1LL + one, .ack = 1, .len = one);
  expect_segment(.flags = TCP_ACK, .seq = 1LL + 2 * one, .ack = 1, .len = one);
  expect_segment(.flags = TCP_FIN | TCP_PSH | TCP_ACK, .seq = 1LL + 3 * one, .ack = 1, .len = 7);
}

/** The peer's window and the congestion window hold. */
PACKET_TEST(test_windows)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(NULL, 0);
  u16_t one = tcp_mss(app.pcb);
  app_write(pattern(60000, 1), 60000);
  assert_int_equal(tcp_peer_ignores(), 10); /* RFC 6928 */
  forget_counts();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 10U * one + 1, .wnd = (s32_t)(5U * one + 99));
  assert_int_equal(nic.supers, 1);
  assert_int_equal(tcp_peer_ignores(), 5);
}

/** RFC 3168 6.1.2: that the window was reduced is said once. */
PACKET_TEST(test_cwr_is_in_the_first_segment)
{
  static const u8_t mss[] = {2, 4, 1400 >> 8, 1400 & 0xff};
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN | TCP_ECE | TCP_CWR, .opts = mss, .opts_len = sizeof mss);
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  if (!(s->h.flags & TCP_ECE)) {
    return; /* a build without ECN */
  }
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  app_write(pattern(40 * 1400, 1), 40 * 1400);
  assert_int_equal(tcp_peer_ignores(), 10);
  forget_counts();
  peer_says(.flags = TCP_ACK | TCP_ECE, .seq = 1, .ack = 10 * 1400 + 1);
  assert_int_equal(nic.supers, 1);
  assert_true(nic.last.has_cwr);
  s = tcp_peer_sees();
  assert_non_null(s);
  assert_true(s->h.flags & TCP_CWR);
  assert_true((s->tos & 3) != 0);
  while ((s = tcp_peer_sees()) != NULL) {
    assert_false(s->h.flags & TCP_CWR);
    assert_true((s->tos & 3) != 0);
  }
}

/** Hardware does not know urgent pointers: each segment by itself (RFC 9293 3.8.5). */
PACKET_TEST(test_urgent_data_go_one_by_one)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(NULL, 0);
#if LWIP_TCP_URGENT
  app.pcb->snd_is_urgent = true;
  app.pcb->snd_up = app.pcb->snd_nxt + 1;
  app_write(pattern(3 * MSS, 1), 3 * MSS);
  assert_int_equal(nic.supers, 0);
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  assert_true(s->h.flags & TCP_URG);
#endif
  tcp_peer_ignores();
}

/** What was lost of a packet goes again as the segment that it was; the rest does not. */
static void lose_one(const u8_t *opts, size_t opts_len, bool has_sack)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(opts, opts_len);
  u32_t one = tcp_mss(app.pcb);
  app_write(pattern(10U * one, 1), 10U * one);
  assert_int_equal(tcp_peer_ignores(), 10);
  advance(20);
  tcp_peer_ignores(); /* a tail loss probe */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2U * one + 1);
  for (u32_t i = 3; i < 10; i++) { /* the third is missing */
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2U * one + 1,
              .sack = {{has_sack ? 3U * one + 1 : 0, has_sack ? (i + 1) * one + 1 : 0}});
  }
  advance(50);
  forget_counts();
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  assert_int_equal(s->seq, 2U * one + 1);
  assert_int_equal(s->len, one);
  assert_memory_equal(s->data, pattern(10U * one, 1) + 2U * one, one);
  assert_null(tcp_peer_sees());
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 10U * one + 1);
  assert_int_equal(app.sent, 10U * one);
  advance(5000);
  expect_silence();
}

PACKET_TEST(test_loss_with_sack)
{
  static const u8_t opts[] = {2, 4, 1400 >> 8, 1400 & 0xff, 4, 2, 1, 1};
  lose_one(opts, sizeof opts, true);
}

PACKET_TEST(test_loss_without_sack)
{
  lose_one(NULL, 0, false);
}

/** Nothing comes back: the timeout repeats one segment. */
PACKET_TEST(test_timeout)
{
  static const u8_t opts[] = {2, 4, 1400 >> 8, 1400 & 0xff, 4, 2, 1, 1};
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(opts, sizeof opts);
  app_write(pattern(10 * 1400, 1), 10 * 1400);
  assert_int_equal(tcp_peer_ignores(), 10);
  forget_counts();
  advance(5000);
  struct tcp_seen *s;
  while ((s = tcp_peer_sees()) != NULL) {
    assert_true(s->len <= 1400);
  }
  assert_int_equal(nic.supers, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 10 * 1400 + 1);
  assert_int_equal(app.sent, 10 * 1400);
}

/** An acknowledgement in the middle of a packet measures its round trip, too (RFC 6298 3). */
PACKET_TEST(test_round_trip_within_a_packet)
{
  static const u8_t opts[] = {2, 4, 1400 >> 8, 1400 & 0xff, 4, 2, 1, 1};
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(opts, sizeof opts);
  app_write(pattern(10 * 1400, 1), 10 * 1400);
  tcp_peer_ignores();
  advance(80);
  u32_t before = app.pcb->srtt_us8;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2 * 1400 + 1);
  assert_true(app.pcb->srtt_us8 > before);
}

PACKET_TEST(test_checksum_alone)
{
  nic_up(NETIF_OFFLOAD_TCP_CHECKSUM, 0);
  establish(NULL, 0);
  app_write(pattern(3000, 1), 3000);
  assert_int_equal(nic.supers + nic.whole, 0);
  assert_int_equal(nic.last.gso, 0);
  assert_int_equal(nic.last.header_len, 0);
  assert_int_equal(nic.last.checksum_offset, 16);
  assert_true(nic.partial >= 2);
  tcp_peer_ignores(); /* checks the sums */
}

#if LWIP_VLAN_PCP
/** A tag that finds no room in the packet's first pbuf moves everything by four bytes. */
PACKET_TEST(test_tagged)
{
  nic_up(NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
  establish(NULL, 0);
  app.pcb->netif_hints.tci = 0x2005;
  app_write(pattern(3 * MSS, 1), 3 * MSS);
  assert_int_equal(nic.supers, 1);
  assert_int_equal(nic.last.checksum_start, 14 + 4 + (LWIP_IPV4 ? 20 : 40));
  struct frame *f = tx();
  assert_non_null(f);
  check_vlan(f, 0x2005);
  tx_discard();
}
#endif

#if LWIP_IPV4

/* --- where no hardware does it --- */

/** The hardware goes while a packet waits for its neighbour's address: it is cut in software. */
PACKET_TEST(test_hardware_goes)
{
  struct packet_net *other = net_add_netif();
  const u8_t *bytes = pattern(5 * 1000, 1);
  u8_t tcp[20 + 5000] = {0};
  struct tcp_header h = {.src_port = 5, .dst_port = 6, .seq = 0xfffffc00U, .header_len = 20};
  h.flags = TCP_ACK | TCP_PSH | TCP_FIN | TCP_CWR;
  tcp_build(tcp, &h);
  memcpy(tcp + 20, bytes, 5000);
  nic_up(0, 0);
  nic.rx_segment_len = 1000;
  rx_exact(ip4("10.0.0.2", "10.0.1.7", IP_PROTO_TCP, tcp, sizeof tcp)); /* a wrong checksum */
  u16_t id = 0;
  for (u32_t i = 0; i < 5; i++) {
    struct frame *f = tx_on(other);
    assert_non_null(f);
    check_ip4(f, "10.0.0.2", "10.0.1.7", IP_PROTO_TCP);
    size_t at = ip4_payload_at(f);
    assert_int_equal(ip4_payload_len(f), 1020);
    assert_int_equal(get32(f, at + 4), 0xfffffc00U + 1000 * i);
    u8_t flags = (u8_t)(TCP_ACK | (i == 0 ? TCP_CWR : 0) | (i == 4 ? TCP_PSH | TCP_FIN : 0));
    assert_int_equal(get8(f, at + 13), flags);
    assert_memory_equal(f->data + at + 20, bytes + 1000 * i, 1000);
    assert_int_equal(get16(f, 18), i == 0 ? get16(f, 18) : (u16_t)(id + 1));
    id = get16(f, 18);
    put16(f, at + 16, 0);
    u8_t all[12 + 1020] = {10, 0, 0, 2, 10, 0, 1, 7, 0, IP_PROTO_TCP, 1020 >> 8, 1020 & 0xff};
    memcpy(all + 12, f->data + at, 1020);
    assert_int_not_equal(checksum_of(all, sizeof all), 0);
  }
  assert_null(tx_on(other));
}

/** A coalesced packet goes on as segments; what they are too long for is said (RFC 1191). */
PACKET_TEST(test_forwarded_segments_are_too_long)
{
  struct packet_net *other = net_add_netif();
  u8_t tcp[20 + 4000] = {0};
  struct tcp_header h = {.src_port = 5, .dst_port = 6, .header_len = 20, .flags = TCP_ACK};
  tcp_build(tcp, &h);
  other->netif.mtu = 900;
  nic_up(0, 0);
  nic.rx_segment_len = 1000;
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.7", IP_PROTO_TCP);
  spec.frag = IP_DF;
  rx_exact(ip4_opts(spec, tcp, sizeof tcp));
  check_icmp(tx(), ICMP_DUR, ICMP_DUR_FRAG);
  expect_drop(DROP_IP4_FWD_TOO_BIG);
  spec.frag = 0;
  rx_exact(ip4_opts(spec, tcp, sizeof tcp));
  unsigned fragments = 0;
  while (tx_on(other) != NULL) {
    fragments++;
  }
  assert_int_equal(fragments, 8); /* two of each of four segments */
}

/** A checksum that only covers the pseudo header is completed for a netif that does not. */
PACKET_TEST(test_forwarded_partial_checksums)
{
  struct packet_net *other = net_add_netif();
  u8_t udp[8 + 11] = {0, 53, 0, 54, 0, 19};
  u8_t pseudo[12] = {10, 0, 0, 2, 10, 0, 1, 7, 0, IP_PROTO_UDP, 0, 19};
  memcpy(udp + 8, "hello there", 11);
  put_be16(udp + 6, sum_up(0, pseudo, sizeof pseudo));
  nic_up(0, 0);
  nic.rx_flags = PBUF_OFFLOAD_PARTIAL;
  rx(ip4("10.0.0.2", "10.0.1.7", IP_PROTO_UDP, udp, sizeof udp));
  check_udp(check_ip4(tx_on(other), "10.0.0.2", "10.0.1.7", IP_PROTO_UDP), 53, 54, "hello there",
            11);
}

/** What cannot be cut is not sent in some other shape. */
PACKET_TEST(test_what_cannot_be_cut)
{
  struct packet_net *other = net_add_netif();
  nic_up(0, 0);
  nic.rx_segment_len = 100;
  rx(udp4("10.0.0.2", 1, "10.0.1.7", 2, "hello", 5));
  assert_null(tx_on(other));
  expect_drop(DROP_IP4_FWD_NO_MEMORY);
  nic.rx_segment_len = OFFLOAD_SEGMENT_MIN - 1; /* nobody sends such segments */
  rx(udp4("10.0.0.2", 1, "10.0.1.7", 2, "hello", 5));
  assert_non_null(tx_on(other));
}

/** To a netif whose hardware cuts, a packet goes on as it came. */
PACKET_TEST(test_forwarded_as_one)
{
  struct packet_net *other = net_add_netif();
  u8_t tcp[20 + 4000] = {0};
  u8_t pseudo[12] = {10, 0, 1, 2, 10, 0, 0, 7, 0, IP_PROTO_TCP, 4020 >> 8, 4020 & 0xff};
  struct tcp_header h = {.src_port = 5, .dst_port = 6, .header_len = 20, .flags = TCP_ACK};
  tcp_build(tcp, &h);
  put_be16(tcp + 16, sum_up(0, pseudo, sizeof pseudo));
  nic_up(NETIF_OFFLOAD_TSO4, 65535);
  other->netif.input = nic_input;
  nic.rx_flags = PBUF_OFFLOAD_PARTIAL;
  nic.rx_segment_len = 1000;
  rx_on(other, ip4("10.0.1.2", "10.0.0.7", IP_PROTO_TCP, tcp, sizeof tcp));
  tx_discard();
  assert_int_equal(nic.supers, 1);
  assert_int_equal(nic.last.segment_len, 1000);
  forget_counts();
  nic.rx_flags = PBUF_OFFLOAD_VERIFIED; /* nothing that a hardware could start from */
  rx_on(other, ip4("10.0.1.2", "10.0.0.7", IP_PROTO_TCP, tcp, sizeof tcp));
  assert_int_equal(nic.supers, 0);
  assert_int_equal(nic.whole, 4);
}

/** No driver sees a whole datagram that came in fragments: its word is not taken. */
PACKET_TEST(test_fragments_are_verified)
{
  struct frame parts[4];
  u8_t udp[8 + 100] = {0, 53, 0, 54, 0, 108, 0x12, 0x34}; /* a wrong checksum */
  app_udp("10.0.0.1", 54);
  nic_up(0, 0);
  nic.rx_flags = PBUF_OFFLOAD_VERIFIED;
  size_t n =
      ip4_fragments(ip4("10.0.0.2", "10.0.0.1", IP_PROTO_UDP, udp, sizeof udp), 64, parts, 4);
  for (size_t i = 0; i < n; i++) {
    rx(parts[i]);
  }
  expect_drop(DROP_UDP_BAD_CHECKSUM);
  rx(ip4("10.0.0.2", "10.0.0.1", IP_PROTO_UDP, udp, sizeof udp));
  assert_non_null(app_received());
}

#endif

#if LWIP_IPV6 && LWIP_IPV4
PACKET_TEST(test_software_cuts_ip6)
{
  u8_t tcp[20 + 3000] = {0};
  struct tcp_header h = {.src_port = 5, .dst_port = 6, .seq = 7, .header_len = 20};
  h.flags = TCP_ACK | TCP_PSH;
  tcp_build(tcp, &h);
  memcpy(tcp + 20, pattern(3000, 3), 3000);
  net6_up();
  nic_up(0, 0);
  nic.rx_segment_len = 1000;
  rx_exact(ip6("2001:db8::2", "2001:db8:99::7", IP_PROTO_TCP, tcp, sizeof tcp));
  ignore_drops(); /* forwarded back, or there is no route: what goes, goes as segments */
  struct frame *f;
  unsigned seen = 0;
  while ((f = tx()) != NULL) {
    if (get8(f, 14 + 6) == IP_PROTO_TCP) {
      assert_int_equal(get16(f, 18), 1020);
      assert_int_equal(get32(f, 14 + 40 + 4), 7 + 1000 * seen);
      assert_int_equal((get8(f, 14 + 40 + 13) & TCP_PSH) != 0, seen == 2);
      seen++;
    }
  }
  assert_true(seen == 0 || seen == 3);
}
#endif

/* --- receiving --- */

/** `segments` full segments of `one` bytes as one packet. */
static void peer_says_many(u32_t seq, u32_t segments, u32_t one, u8_t flags)
{
  nic.rx_flags = flags;
  nic.rx_segment_len = (u16_t)(flags != 0 ? one : 0);
  peer_says(.flags = TCP_ACK | TCP_PSH, .seq = seq, .ack = 1, .len = (size_t)segments * one,
            .data = pattern((size_t)segments * one, 9));
  nic.rx_flags = 0;
  nic.rx_segment_len = 0;
}

/** Past the quick acknowledgements at the start; `one` is known as the size of segments. */
static u32_t past_quick_acks(u32_t one)
{
  u32_t seq = 1;
  while (app.pcb->quick_acks > 0) {
    peer_says_many(seq, 1, one, 0);
    seq += one;
  }
  tcp_peer_ignores();
  app.taken = app.len;
  return seq;
}

/** RFC 5681 4.2: at least every second segment is acknowledged, also when they come as one. */
static void acknowledged(u8_t flags)
{
  nic_up(0, 0);
  establish(NULL, 0);
  u32_t one = tcp_mss(app.pcb);
  u32_t seq = past_quick_acks(one);
  peer_says_many(seq, 5, one, flags);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq + 5 * one);
  expect_app_bytes(pattern(5 * one, 9), 5 * one);
  seq += 5 * one;
  peer_says_many(seq, 1, one, 0); /* one segment: after a while */
  expect_silence();
  peer_says_many(seq + one, 1, one, 0); /* two: at once */
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = seq + 2 * one);
  assert_int_equal(app.pcb->rcv_mss, one);
}

PACKET_TEST(test_coalesced_is_acknowledged)
{
  acknowledged(PBUF_OFFLOAD_VERIFIED);
}

PACKET_TEST(test_coalesced_untold_is_acknowledged)
{
  acknowledged(0);
}

/** All at once, from the first byte on, and as much as a packet can hold. */
PACKET_TEST(test_64_kib)
{
  nic_up(0, 0);
  establish(NULL, 0);
  peer_says_many(1, 44, MSS, 0);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 44 * MSS + 1);
  expect_app_bytes(pattern(44 * MSS, 9), 44 * MSS);
  expect_no_drop();
}

/** Behind a hole, and over known data: cut like any segment. */
PACKET_TEST(test_coalesced_out_of_order)
{
  nic_up(0, 0);
  establish(NULL, 0);
  peer_says(.flags = TCP_ACK, .seq = 1 + 1000 + 5 * 500, .ack = 1, .len = 500,
            .data = pattern(500, 4));
  tcp_peer_ignores();
  peer_says_many(1 + 1000, 5, 500, PBUF_OFFLOAD_VERIFIED);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_app_data("");
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = 1500, .data = pattern(1500, 5));
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1 + 1000 + 6 * 500);
  assert_int_equal(app.len, 1000 + 6 * 500);
}

/** The driver's word about the checksum, or none. */
PACKET_TEST(test_whose_checksum)
{
  nic_up(0, 0);
  establish(NULL, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "hello", .checksum = 0x1234);
  expect_drop(DROP_TCP_BAD_CHECKSUM);
  nic.rx_flags = PBUF_OFFLOAD_VERIFIED;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "hello", .checksum = 0x1234);
  expect_app_data("hello");
  nic.rx_flags = PBUF_OFFLOAD_PARTIAL;
  peer_says(.flags = TCP_ACK, .seq = 6, .ack = 1, .data = "there", .checksum = 0x1234);
  expect_app_data("there");
  tcp_peer_ignores();
}

/* --- loopback --- */

#if LWIP_HAVE_LOOPIF
static size_t looped;

static err_t on_loop_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  (void)arg;
  (void)err;
  if (p != NULL) {
    looped += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK;
}

static err_t on_loop_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  tcp_recv(pcb, on_loop_recv);
  return ERR_OK;
}

/** "lo" takes packets of 64 KiB: what one writes the other gets in a few. */
PACKET_TEST(test_loopback)
{
  ip_addr_t to = ip_of(LWIP_IPV4 ? "127.0.0.1" : "::1");
  u8_t type = LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6;
  looped = 0;
  struct tcp_pcb *pcb = tcp_new_ip_type(type);
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 80), ERR_OK);
  app.listener = tcp_listen(pcb);
  assert_non_null(app.listener);
  tcp_accept(app.listener, on_loop_accept);
  pcb = tcp_new_ip_type(type);
  assert_non_null(pcb);
  assert_int_equal(tcp_connect(pcb, &to, 80, NULL), ERR_OK);
  advance(10);
  assert_int_equal(pcb->state, ESTABLISHED);
  u32_t before = lwip_stats.tcp.recv;
  for (int i = 0; i < 4; i++) {
    assert_int_equal(tcp_write(pcb, pattern(50000, 1), 50000, TCP_WRITE_FLAG_COPY), ERR_OK);
  }
  assert_int_equal(tcp_output(pcb), ERR_OK);
  advance(100);
  assert_int_equal(looped, 200000);
  assert_true(lwip_stats.tcp.recv - before < 60); /* 137 segments, and their acknowledgements */
}
#endif

static const struct packet_test tests[] = {
    TEST_FLAGS(test_one_packet_for_many, PACKET_ONCE),
    TEST_FLAGS(test_one_packet_for_many_by_ip6, PACKET_ONCE),
    TEST_FLAGS(test_identifications_ascend, PACKET_ONCE),
    TEST_FLAGS(test_what_is_declared, PACKET_ONCE),
    TEST_FLAGS(test_longest_packet, PACKET_ONCE),
    TEST_FLAGS(test_longest_packet_is_too_short, PACKET_ONCE),
    TEST_FLAGS(test_with_timestamps, PACKET_ONCE),
    TEST_FLAGS(test_rest, PACKET_ONCE),
    TEST_FLAGS(test_fin, PACKET_ONCE),
    TEST_FLAGS(test_windows, PACKET_ONCE),
    TEST_FLAGS(test_cwr_is_in_the_first_segment, PACKET_ONCE),
    TEST_FLAGS(test_urgent_data_go_one_by_one, PACKET_ONCE),
    TEST_FLAGS(test_loss_with_sack, PACKET_ONCE),
    TEST_FLAGS(test_loss_without_sack, PACKET_ONCE),
    TEST_FLAGS(test_timeout, PACKET_ONCE),
    TEST_FLAGS(test_round_trip_within_a_packet, PACKET_ONCE),
    TEST_FLAGS(test_checksum_alone, PACKET_ONCE),
#if LWIP_VLAN_PCP
    TEST_FLAGS(test_tagged, PACKET_ONCE),
#endif
#if LWIP_IPV4
    TEST(test_hardware_goes),
    TEST(test_forwarded_segments_are_too_long),
    TEST(test_forwarded_partial_checksums),
    TEST(test_what_cannot_be_cut),
    TEST(test_forwarded_as_one),
    TEST(test_fragments_are_verified),
#endif
#if LWIP_IPV6 && LWIP_IPV4
    TEST(test_software_cuts_ip6),
#endif
    TEST(test_coalesced_is_acknowledged),
    TEST(test_coalesced_untold_is_acknowledged),
    TEST(test_64_kib),
    TEST(test_coalesced_out_of_order),
    TEST(test_whose_checksum),
#if LWIP_HAVE_LOOPIF
    TEST_FLAGS(test_loopback, PACKET_ONCE),
#endif
};

PACKET_MAIN(tests)

#else

PACKET_TEST(test_nothing)
{
  assert_int_equal(LWIP_OFFLOAD, 0);
}

static const struct packet_test tests[] = {TEST(test_nothing)};

PACKET_MAIN(tests)

#endif
