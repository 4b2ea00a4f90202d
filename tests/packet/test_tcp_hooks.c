/**
 * @file
 * TCP's hooks: a segment is looked at before a connection or listener gets it, options are added to
 * every segment that leaves (as RFC 2385 and RFC 5925 need it), initial sequence numbers are
 * somebody else's. The program brings its own build of the files that call them.
 *
 * needs: tcp
 */
#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "lwip/prot/tcp.h"
#include "lwip/tcp.h"

static u32_t hook_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                      u16_t remote_port);
static err_t hook_in(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len,
                     u8_t *opt2, struct pbuf *p);
static u8_t hook_len(const struct tcp_pcb *pcb, u8_t len);
static u32_t *hook_add(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb, u32_t *opts);

#define LWIP_HOOK_TCP_ISN(local, lport, remote, rport) hook_isn(local, lport, remote, rport)
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p)                             \
  hook_in(pcb, hdr, optlen, opt1len, opt2, p)
#define LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, len)        hook_len(pcb, len)
#define LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, hdr, pcb, opts) hook_add(p, hdr, pcb, opts)
#include "packet_tcp.h"
#include "transport/tcp/tcp_input.c"
#include "transport/tcp/tcp_isn.c"
#include "transport/tcp/tcp_segment.c"

/** An option for experiments (RFC 4727, RFC 6994), not a multiple of four bytes long. */
static const u8_t experiment[6] = {253, 6, 0x12, 0x34, 0xab, 0xcd};

/* What the hooks shall do, and what they saw. */
static struct {
  bool has_isn;
  u32_t isn;
  u16_t isn_ports[2];
  err_t verdict;
  unsigned seen;
  struct tcp_pcb *seen_pcb;
  enum tcp_state seen_state;
  u32_t seq, ack;
  u16_t ports[2], wnd, optlen, payload_len;
  u8_t options[40];
  bool adds;
  unsigned added;
  const struct tcp_pcb *adds_for;
  u8_t len_before;
} hooks;

static void reset(void)
{
  memset(&hooks, 0, sizeof hooks);
}

static void begin(void)
{
  reset();
  packet_at_end(reset);
  tcp_peer_reset();
}

static u32_t hook_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                      u16_t remote_port)
{
  LWIP_UNUSED_ARG(local);
  LWIP_UNUSED_ARG(remote);
  hooks.isn_ports[0] = local_port;
  hooks.isn_ports[1] = remote_port;
  return hooks.isn;
}

static err_t hook_in(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len,
                     u8_t *opt2, struct pbuf *p)
{
  hooks.seen++;
  hooks.seen_pcb = pcb;
  hooks.seen_state = pcb->state;
  hooks.seq = hdr->seqno;
  hooks.ack = hdr->ackno;
  hooks.ports[0] = hdr->src;
  hooks.ports[1] = hdr->dest;
  hooks.wnd = hdr->wnd;
  hooks.optlen = optlen;
  memcpy(hooks.options, hdr + 1, optlen);
  hooks.payload_len = p->tot_len;
  return (opt1len == optlen && opt2 == NULL) ? hooks.verdict : ERR_ARG;
}

static u8_t hook_len(const struct tcp_pcb *pcb, u8_t len)
{
  LWIP_UNUSED_ARG(pcb);
  hooks.len_before = len;
  return (u8_t)(len + (hooks.adds ? sizeof experiment : 0));
}

static u32_t *hook_add(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb, u32_t *opts)
{
  bool is_header = p->payload == hdr;
  hooks.adds_for = pcb;
  if (hooks.adds && is_header) {
    hooks.added++;
    memcpy(opts, experiment, sizeof experiment);
    return opts + 2;
  }
  return opts;
}

/** The stack's segment carries the option behind its own. */
static void check_experiment(const struct tcp_seen *seen, unsigned own_len)
{
  const u8_t *options = seen->data - (seen->h.header_len - TCP_HLEN);
  assert_int_equal(seen->h.header_len, TCP_HLEN + own_len + 8);
  assert_memory_equal(options + own_len, experiment, sizeof experiment);
  assert_int_equal(options[own_len + 6], 0); /* the list ends (RFC 9293 3.2) */
}

/* RFC 6528 is only our choice: a program may bring its own numbers. */
PACKET_TEST(test_initial_sequence_number_of_the_hook)
{
  begin();
  hooks.isn = 0x12345678;
  tcp_listen_up();
  peer_says(.flags = TCP_SYN);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  assert_int_equal(seen->h.seq, 0x12345678);
  assert_int_equal(hooks.isn_ports[0], 80);
  assert_int_equal(hooks.isn_ports[1], 4000);
}

/* RFC 9293 3.1: the hook sees the header in host order, all options, and the payload. */
PACKET_TEST(test_segments_are_seen)
{
  static const u8_t options[] = {2, 4, 5, 0xb4, 253, 5, 1, 2, 3, 0, 0, 0};
  begin();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = options, .opts_len = sizeof options);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  assert_int_equal(hooks.seen, 1);
  assert_ptr_equal(hooks.seen_pcb, app.listener);
  assert_int_equal(hooks.seen_state, LISTEN);
  assert_int_equal(hooks.seq, tcp_peer.iss);
  assert_int_equal(hooks.ports[0], 4000);
  assert_int_equal(hooks.ports[1], 80);
  assert_int_equal(hooks.optlen, sizeof options);
  assert_memory_equal(hooks.options, options, sizeof options);
  assert_int_equal(hooks.payload_len, 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 1000);
  assert_int_equal(hooks.wnd, 1000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "hello");
  expect_app_data("hello");
  assert_int_equal(hooks.payload_len, 5);
  assert_int_equal(hooks.ack, tcp_peer.stack_iss + 1);
  assert_ptr_equal(hooks.seen_pcb, app.pcb);
}

/* RFC 2385 2.0: what a module refuses is dropped without an answer. */
PACKET_TEST(test_segments_are_refused)
{
  begin();
  hooks.verdict = ERR_VAL;
  tcp_listen_up();
  peer_says(.flags = TCP_SYN);
  expect_drop(DROP_TCP_HOOK);
  expect_silence();
  hooks.verdict = ERR_OK;
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.accepted, 1);
  hooks.verdict = ERR_VAL;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "no");
  expect_drop(DROP_TCP_HOOK);
  peer_says(.flags = TCP_RST, .seq = 1);
  expect_drop(DROP_TCP_HOOK);
  expect_silence();
  assert_int_equal(app.errors, 0);
  assert_int_equal(app.len, 0);
}

/* RFC 2385 4.3, RFC 6691 2: every segment has the option, and data make room for it. */
PACKET_TEST(test_options_are_added)
{
  begin();
  hooks.adds = true;
  tcp_establish(&(struct tcp_peer_setup){0});
  assert_int_equal(hooks.added, 1);
  u32_t full = app.pcb->mss - 8U;
  app_write(pattern(3000, 1), 3000);
  for (unsigned i = 0; i < 2; i++) {
    struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .seq = 1 + i * full, .len = full);
    check_experiment(seen, 0);
    assert_ptr_equal(hooks.adds_for, app.pcb);
  }
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 2 * full);
  check_experiment(expect_segment(.flags = TCP_ACK, .len = 3000 - 2 * full), 0);
  tcp_abort(app.pcb);
  check_experiment(expect_segment(.flags = TCP_RST | TCP_ACK), 0);
}

/* The SYN-ACK of a half-open connection is its listener's; a reset of no connection nobody's
   (RFC 2385 2.0, RFC 9293 3.10.7.1). */
PACKET_TEST(test_options_without_a_connection)
{
  begin();
  hooks.adds = true;
  tcp_listen_up();
  peer_says(.flags = TCP_SYN);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  check_experiment(seen, 4); /* behind the MSS */
  assert_int_equal(hooks.len_before, 4);
  assert_non_null(hooks.adds_for);
  peer_says(.flags = TCP_SYN, .dst_port = 81);
  check_experiment(expect_segment(.flags = TCP_RST | TCP_ACK), 0);
  assert_null(hooks.adds_for);
}

/* RFC 2018 3, RFC 7323 3.2: with another's option and timestamps two SACK blocks are left room for;
   none where the data leave none. */
PACKET_TEST(test_options_beside_sack_blocks)
{
  static const u8_t sack_ts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};
  begin();
  hooks.adds = true;
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = sack_ts, .opts_len = sizeof sack_ts);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  tcp_peer.has_timestamps = true;
  tcp_peer.tsval = 2U - now_ms();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  for (u32_t hole = 0; hole < 4; hole++) {
    tcp_peer_ignores();
    peer_says(.flags = TCP_ACK, .seq = 11 + 10 * hole, .ack = 1, .data = "xxxxx");
  }
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .ack = 1);
  if (LWIP_TCP_SACK_OUT && LWIP_TCP_TIMESTAMPS) {
    assert_int_equal(seen->opts.num_sacks, 2); /* 20 + 12 + 8 + 4 + 16 */
    assert_int_equal(seen->h.header_len, 60);
  }
}

static const u8_t sack[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 1, 4, 2};

/** As tcp_establish(), with our numbers beginning at `isn`. */
static void establish_at(u32_t isn, u16_t peer_port)
{
  begin();
  tcp_peer.port = peer_port;
  hooks.isn = isn;
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = sack, .opts_len = sizeof sack);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(tcp_peer.stack_iss, isn);
  advance(50);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
}

/** Loss, repair, a round trip, a closed window and the end, with the numbers wrapping inside. */
static void live_at(u32_t isn, u16_t peer_port)
{
  packet_note("ISN %lx: ", (unsigned long)isn);
  establish_at(isn, peer_port);
  u32_t mss = app.pcb->mss;
  app_write(pattern(5 * mss, 1), 5 * mss);
  for (u32_t i = 0; i < 5; i++) {
    expect_segment(.flags = TCP_ACK, .seq = 1 + i * mss, .ack = 1, .len = mss);
  }
  advance(50); /* the first is lost */
  for (u32_t i = 2; i <= 5; i++) {
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{1 + mss, 1 + i * mss}});
  }
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .len = mss); /* and nothing else */
  assert_null(tcp_peer_sees());
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + 5 * mss);
  assert_int_equal(app.sent, 5 * mss);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  assert_in_range(app.pcb->srtt_us8 / 8, 40000, 60000);
  u32_t seq = 1 + 5 * mss;
  app_write("x", 1);
  expect_segment(.flags = TCP_ACK, .seq = seq, .data = "x");
  advance(5000); /* a timeout */
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = seq + 1, .wnd = -1);
  app_write("y", 1);
  advance(10000);
  struct tcp_seen *probe = tcp_peer_sees();
  assert_non_null(probe);
  assert_int_equal(probe->seq, seq); /* an old number */
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = seq + 1);
  expect_segment(.flags = TCP_ACK, .seq = seq + 1, .data = "y");
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = seq + 2, .ack = 1);
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = seq + 3);
  expect_segment(.flags = TCP_ACK, .seq = seq + 3, .ack = 2);
  assert_null(tcp_active_pcbs);
  tcp_close(app.listener);
  app.listener = NULL;
  ignore_drops();
}

/* RFC 9293 3.4, security vector B10-166: the wrap in the SYN, the data, a repair, a probe, the FIN.
   (The peer's own numbers wrap in every test.) */
PACKET_TEST(test_our_numbers_wrap_anywhere)
{
  static const u32_t isns[] = {0xffffffff, 0xfffffffe, 0xfffff000, 0xfffff448, 0xffffe395,
                               0x7fffffff, 0x80000000, 0x7ffff000, 0};
  size_t step = packet_is_fault_run() ? 4 : 1;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(isns); i += step) {
    if (LWIP_TCP_RACK) {
      live_at(isns[i], (u16_t)(4000 + i));
    }
  }
  packet_note("%s", "");
}

static const struct packet_test tests[] = {
    TEST(test_our_numbers_wrap_anywhere),  TEST(test_initial_sequence_number_of_the_hook),
    TEST(test_segments_are_seen),          TEST(test_segments_are_refused),
    TEST(test_options_are_added),          TEST(test_options_without_a_connection),
    TEST(test_options_beside_sack_blocks),
};

PACKET_MAIN(tests)
