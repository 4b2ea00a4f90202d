/**
 * @file
 * TCP: explicit congestion notification (RFC 3168 6.1, RFC 8311 4.1, RFC 8511).
 *
 * needs: tcp
 */
#include "tcp_loss.h"
#include "base/fault.h"
#include "gossamer/tcp_ecn.h"
#include "wire/ecn.h"

#define ECE TCP_ECE
#define CWR TCP_CWR
#define ACK TCP_ACK
#define SYN TCP_SYN

/* --- negotiation --- */

/** The peer asks for it, by a SYN with these options. */
static void ask(const u8_t *opts, size_t opts_len)
{
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = SYN | ECE | CWR, .opts = opts, .opts_len = opts_len);
}

/** A connection with ECN; its round trip takes 100 ms. */
static void begin_ecn_with(const u8_t *opts, size_t opts_len)
{
  ask(opts, opts_len);
  expect_segment(.flags = SYN | ACK | ECE, .seq = 0, .ack = 1, .tos = ECN_NOT_ECT);
  advance(100);
  tcp_peer.wnd = 8000; /* times 128 */
  peer_says(.flags = ACK, .seq = 1, .ack = 1);
  if (app.pcb == NULL || !tcp_has_ecn(app.pcb)) {
    packet_fail(__FILE__, __LINE__, "no connection with ECN");
  }
  tcp_nagle_disable(app.pcb);
}

static void begin_ecn(void)
{
  begin_ecn_with(opts_sack, sizeof opts_sack);
}

/* RFC 3168 6.1.1: whoever asks gets it; neither SYN nor SYN-ACK may be marked; pure ACKs neither
   (6.1.4) */
PACKET_TEST(test_agrees_when_asked)
{
  begin_ecn();
  write_segments(1);
  expect_segment(.flags = ACK, .seq = 1, .len = MSS, .tos = ECN_ECT0);
  peer_says(.flags = ACK, .seq = 1, .ack = SEQ(1), .data = "x");
  expect_segment(.flags = ACK, .seq = SEQ(1), .ack = 2, .len = 0, .tos = ECN_NOT_ECT);
}

/* RFC 3168 6.1.1: without both flags a SYN does not ask */
PACKET_TEST(test_not_asked)
{
  static const u8_t flags[] = {0, ECE, CWR};
  for (unsigned i = 0; i < sizeof flags; i++) {
    packet_note("flags %02x: ", flags[i]);
    tcp_peer_reset();
    tcp_peer.port = (u16_t)(4000 + i);
    if (app.listener == NULL) {
      tcp_peer.stack_port = (u16_t)(80 + i);
      tcp_listen_up();
    }
    peer_says(.flags = SYN | flags[i], .opts = opts_sack, .opts_len = sizeof opts_sack);
    expect_segment(.flags = SYN | ACK, .seq = 0, .ack = 1);
    peer_says(.flags = ACK, .seq = 1, .ack = 1);
    assert_non_null(app.pcb);
    assert_false(tcp_has_ecn(app.pcb));
    app_write("x", 1);
    expect_segment(.flags = ACK, .seq = 1, .len = 1, .tos = ECN_NOT_ECT);
    /* A mark means nothing, nor does an echo. */
    u32_t cwnd = app.pcb->cwnd;
    peer_says(.flags = ACK | ECE, .seq = 1, .ack = 2, .data = "y", .ecn = ECN_CE);
    expect_segment(.flags = ACK, .seq = 2, .ack = 2);
    assert_true(app.pcb->cwnd >= cwnd);
  }
}

/* A listener may refuse */
PACKET_TEST(test_listener_without_ecn)
{
  tcp_peer_reset();
  tcp_listen_up();
  assert_int_equal(tcp_set_ecn(app.listener, TCP_ECN_OFF), ERR_OK);
  peer_says(.flags = SYN | ECE | CWR, .opts = opts_sack, .opts_len = sizeof opts_sack);
  expect_segment(.flags = SYN | ACK, .seq = 0, .ack = 1);
  peer_says(.flags = ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_false(tcp_has_ecn(app.pcb));
}

/* What it wants is inherited from the pcb that becomes the listener, and by its connections */
PACKET_TEST(test_listener_inherits)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(pcb);
  tcp_peer_reset();
  assert_int_equal(tcp_set_ecn(pcb, TCP_ECN_OFF), ERR_OK);
  err_t err = tcp_bind(pcb, NULL, tcp_peer.stack_port);
  assert_int_equal(err, ERR_OK);
  struct tcp_pcb *listener = tcp_listen(pcb);
  if (listener == NULL) {
    tcp_abort(pcb);
  }
  assert_non_null(listener);
  peer_says(.flags = SYN | ECE | CWR, .opts = opts_sack, .opts_len = sizeof opts_sack);
  expect_segment(.flags = SYN | ACK, .seq = 0, .ack = 1);
}

/** The stack connects, asking for it. */
static void connect_asking(void)
{
  tcp_peer_reset();
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  if (pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "no pcb");
  }
  ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  assert_int_equal(tcp_set_ecn(pcb, TCP_ECN_REQUEST), ERR_OK);
  app.pcb = pcb;
  err_t err = tcp_bind(pcb, NULL, tcp_peer.stack_port);
  assert_int_equal(err, ERR_OK);
  err = tcp_connect(pcb, &to, tcp_peer.port, NULL);
  assert_int_equal(err, ERR_OK);
  expect_segment(.flags = SYN | ECE | CWR, .seq = 0, .tos = ECN_NOT_ECT);
}

static void answer(u8_t flags)
{
  peer_says(.flags = flags, .seq = 0, .ack = 1, .opts = opts_sack, .opts_len = sizeof opts_sack);
}

/* RFC 3168 6.1.1 */
PACKET_TEST(test_asks)
{
  connect_asking();
  answer(SYN | ACK | ECE);
  expect_segment(.flags = ACK, .seq = 1, .ack = 1, .tos = ECN_NOT_ECT);
  assert_true(tcp_has_ecn(app.pcb));
  assert_int_equal(tcp_set_ecn(app.pcb, TCP_ECN_OFF), ERR_ISCONN);
  app_write("x", 1);
  expect_segment(.flags = ACK, .seq = 1, .len = 1, .tos = ECN_ECT0);
}

/* RFC 3168 6.1.1: a peer that knows nothing of it; 6.1.1.2: one that reflects what it does not
   know, or only CWR */
PACKET_TEST(test_answers_that_do_not_agree)
{
  static const u8_t flags[] = {0, ECE | CWR, CWR};
  for (unsigned i = 0; i < sizeof flags; i++) {
    packet_note("flags %02x: ", flags[i]);
    connect_asking();
    answer(SYN | ACK | flags[i]);
    expect_segment(.flags = ACK, .seq = 1, .ack = 1);
    assert_false(tcp_has_ecn(app.pcb));
    app_write("x", 1);
    expect_segment(.flags = ACK, .seq = 1, .len = 1, .tos = ECN_NOT_ECT);
    tcp_abort(app.pcb);
    app.pcb = NULL;
    expect_segment(.flags = TCP_RST | ACK, .tos = ECN_NOT_ECT);
  }
}

/* RFC 3168 6.1.1.1: a SYN that is not answered is sent again without the flags; then no data may be
   marked, whatever comes late (6.1.1) */
PACKET_TEST(test_syn_falls_back)
{
  connect_asking();
  advance(LWIP_TCP_RTO_TIME);
  expect_segment(.flags = SYN, .seq = 0);
  answer(SYN | ACK | ECE);
  expect_segment(.flags = ACK, .seq = 1, .ack = 1);
  assert_false(tcp_has_ecn(app.pcb));
}

/* The default is to agree, not to ask (LWIP_TCP_ECN_DEFAULT) */
PACKET_TEST(test_does_not_ask_by_default)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = SYN, .seq = 0);
  answer(SYN | ACK | ECE);
  expect_segment(.flags = ACK, .seq = 1, .ack = 1);
  assert_false(tcp_has_ecn(app.pcb));
}

/* RFC 3168 6.1.1 with RFC 9293 3.5: both ask at the same time; an answer without the flag takes
   it back */
PACKET_TEST(test_simultaneous_open)
{
  for (unsigned is_bleached = 0; is_bleached < 2; is_bleached++) {
    connect_asking();
    peer_says(.flags = SYN | ECE | CWR, .opts = opts_sack, .opts_len = sizeof opts_sack);
    expect_segment(.flags = SYN | ACK | ECE, .seq = 0, .ack = 1);
    answer(is_bleached ? SYN | ACK : SYN | ACK | ECE);
    assert_int_equal(app.pcb->state, ESTABLISHED);
    assert_int_equal(tcp_has_ecn(app.pcb), !is_bleached);
    tcp_abort(app.pcb);
    app.pcb = NULL;
    tcp_peer_ignores();
  }
}

/* RFC 3168 6.1.1: the peer has given up asking */
PACKET_TEST(test_syn_again_without_the_flags)
{
  ask(opts_sack, sizeof opts_sack);
  expect_segment(.flags = SYN | ACK | ECE, .seq = 0, .ack = 1);
  peer_says(.flags = SYN, .opts = opts_sack, .opts_len = sizeof opts_sack);
  expect_segment(.flags = SYN | ACK, .seq = 0, .ack = 1);
  peer_says(.flags = ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_false(tcp_has_ecn(app.pcb));
}

/* RFC 3168 6.1.1: our SYN-ACK again is like the first */
PACKET_TEST(test_syn_ack_again)
{
  ask(opts_sack, sizeof opts_sack);
  expect_segment(.flags = SYN | ACK | ECE, .seq = 0, .ack = 1);
  advance(LWIP_TCP_RTO_TIME);
  expect_segment(.flags = SYN | ACK | ECE, .seq = 0, .ack = 1, .tos = ECN_NOT_ECT);
}

/** Answered by a cookie, with these options. @return the flags */
static u8_t cookie(const u8_t *opts, size_t len)
{
  tcp_peer_reset();
  tcp_listen_up();
  tcp_backlog_set(app.listener, 1);
  for (u16_t i = 0; i < 2; i++) {
    tcp_peer.port = (u16_t)(4000 + i);
    peer_says(.flags = SYN | ECE | CWR, .opts = opts, .opts_len = len);
    if (i == 0) {
      expect_segment(.flags = SYN | ACK | ECE, .seq = 0);
    }
  }
  struct tcp_seen *seen = tcp_peer_sees();
  if (seen == NULL) {
    packet_fail(__FILE__, __LINE__, "no cookie");
  }
  return seen->h.flags;
}

/* RFC 3168 6.1.1, RFC 4987 3.6: a cookie remembers ECN in its timestamp */
PACKET_TEST(test_cookie_remembers)
{
  static const u8_t with_timestamp[] = {2, 4, 4, 0, 1, 1, 8, 10, 0, 0, 0x10, 0, 0, 0, 0, 0};
  assert_int_equal(cookie(with_timestamp, sizeof with_timestamp), SYN | ACK | ECE);
  tcp_peer.has_timestamps = true;
  peer_says(.flags = ACK, .seq = 1, .ack = 1, .tsval = 0x1001);
  assert_non_null(app.pcb);
  assert_true(tcp_has_ecn(app.pcb));
}

/* ... and without one it does not agree */
PACKET_TEST(test_cookie_refuses)
{
  assert_int_equal(cookie(opts_plain, sizeof opts_plain), SYN | ACK);
  peer_says(.flags = ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_false(tcp_has_ecn(app.pcb));
}

PACKET_TEST(test_wrong_mode)
{
  begin_ecn();
  assert_int_equal(tcp_set_ecn(app.listener, (enum tcp_ecn_mode)3), ERR_VAL);
  assert_int_equal(tcp_set_ecn(app.pcb, TCP_ECN_OFF), ERR_ISCONN);
  assert_false(tcp_has_ecn(app.listener));
}

/* --- which segments are marked --- */

/* RFC 3168 6.1.5, 6.1.4: neither what is sent again nor a FIN without data is marked */
PACKET_TEST(test_retransmissions_are_not_marked)
{
  begin_ecn();
  write_segments(2);
  expect_segment(.flags = ACK, .seq = SEQ(0), .len = MSS, .tos = ECN_ECT0);
  expect_segment(.flags = ACK, .seq = SEQ(1), .len = MSS, .tos = ECN_ECT0);
  advance(app.pcb->rto_ms); /* tail loss probe, then the timeout */
  expect_segment(.flags = ACK, .seq = SEQ(1), .len = MSS, .tos = ECN_NOT_ECT);
  advance(1000);
  expect_segment(.flags = ACK, .seq = SEQ(0), .len = MSS, .tos = ECN_NOT_ECT);
  tcp_peer_ignores();
  peer_acks(2);
  tcp_close(app.pcb);
  app.pcb = NULL;
  expect_segment(.flags = ACK | TCP_FIN, .seq = SEQ(2), .tos = ECN_NOT_ECT);
}

/* RFC 3168 6.1.5: nor by fast retransmit */
PACKET_TEST(test_fast_retransmit_is_not_marked)
{
  begin_ecn();
  write_segments(6);
  tcp_peer_ignores();
  advance(100);
  peer_sacks(0, 1, 5);
  expect_segment(.flags = ACK, .seq = SEQ(0), .len = MSS, .tos = ECN_NOT_ECT);
}

/* RFC 3168 6.1.6: window probes carry neither mark nor CWR; new data behind them do */
PACKET_TEST(test_window_probes_are_not_marked)
{
  begin_ecn();
  write_segments(1);
  expect_number(0);
  peer_says(.flags = ACK | ECE, .seq = 1, .ack = SEQ(1), .wnd = -1);
  write_segments(1);
  advance(2000);
  expect_segment(.flags = ACK, .seq = SEQ(1) - 1, .len = 0, .tos = ECN_NOT_ECT);
  tcp_peer_ignores();
  peer_says(.flags = ACK, .seq = 1, .ack = SEQ(1));
  expect_segment(.flags = ACK | CWR, .seq = SEQ(1), .len = MSS, .tos = ECN_ECT0);
}

/* RFC 3168 5, 6.1.1: the ECN field is TCP's, the rest of the type of service the program's */
PACKET_TEST(test_type_of_service_of_the_program)
{
  begin_ecn();
  app.pcb->tos = 0xb9; /* with ECT(1) */
  write_segments(1);
  expect_segment(.flags = ACK, .seq = 1, .len = MSS, .tos = 0xb8 | ECN_ECT0);
  peer_says(.flags = ACK, .seq = 1, .ack = SEQ(1), .data = "x");
  expect_segment(.flags = ACK, .seq = SEQ(1), .tos = 0xb8);
  tcp_abort(app.pcb);
  tcp_close(app.listener);
  tcp_peer_ignores();
  begin(100);
  app.pcb->tos = 0xbb;
  write_segments(1);
  expect_segment(.flags = ACK, .seq = 1, .len = MSS, .tos = 0xb8);
}

/* --- receiving --- */

/** The peer's data: byte k, marked or not. @return the answer's flags */
static u8_t data(u32_t k, u8_t flags, u8_t ecn)
{
  peer_says(.flags = (u8_t)(ACK | flags), .seq = k, .ack = 1, .data = "x", .ecn = ecn);
  struct tcp_seen *seen = tcp_peer_sees();
  if (seen == NULL) {
    packet_fail(__FILE__, __LINE__, "no acknowledgement");
  }
  return seen->h.flags;
}

/* RFC 3168 6.1.3: a mark is echoed until CWR has come, and again if that is marked */
PACKET_TEST(test_marks_are_echoed_until_cwr)
{
  begin_ecn();
  assert_int_equal(data(1, 0, ECN_ECT0), ACK);
  assert_int_equal(data(2, 0, ECN_CE), ACK | ECE);
  assert_int_equal(data(3, 0, ECN_ECT0), ACK | ECE);
  assert_int_equal(data(4, 0, ECN_NOT_ECT), ACK | ECE);
  assert_int_equal(data(5, CWR, ECN_ECT0), ACK);
  assert_int_equal(data(6, 0, ECN_ECT1), ACK);
  assert_int_equal(data(7, CWR, ECN_CE), ACK | ECE);
  assert_int_equal(data(8, CWR, ECN_ECT0), ACK);
}

/* RFC 3168 6.1.3: our data echo it as well */
PACKET_TEST(test_data_echo_marks)
{
  begin_ecn();
  assert_int_equal(data(1, 0, ECN_CE), ACK | ECE);
  write_segments(1);
  expect_segment(.flags = ACK | ECE, .seq = 1, .ack = 2, .len = MSS, .tos = ECN_ECT0);
}

/* RFC 3168 6.1.3: no ACK is withheld that would tell of a new mark */
PACKET_TEST(test_mark_is_told_at_once)
{
  begin_ecn();
  assert_int_equal(data(1, 0, ECN_ECT0), ACK);
  app.pcb->quick_acks = 0;
  peer_says(.flags = ACK, .seq = 2, .ack = 1, .data = "x", .ecn = ECN_ECT0);
  expect_silence();
  peer_says(.flags = ACK, .seq = 3, .ack = 1, .data = "y", .ecn = ECN_CE);
  expect_segment(.flags = ACK | ECE, .seq = 1, .ack = 4);
}

/* RFC 3168 6.1.3: marks behind a hole count */
PACKET_TEST(test_mark_behind_a_hole)
{
  begin_ecn();
  assert_int_equal(data(3, 0, ECN_CE), ACK | ECE);
}

/* RFC 3168 6.1.5: marks on what is outside of the window do not; 6.1.4: nor on pure ACKs */
PACKET_TEST(test_marks_that_do_not_count)
{
  begin_ecn();
  assert_int_equal(data(1, 0, ECN_ECT0), ACK);
  assert_int_equal(data(1, 0, ECN_CE), ACK); /* known already */
  assert_int_equal(data(0x40000000, 0, ECN_CE), ACK);
  peer_says(.flags = ACK, .seq = 2, .ack = 1, .ecn = ECN_CE);
  assert_int_equal(data(2, 0, ECN_ECT0), ACK);
  ignore_drops();
}

/* RFC 3168 6.1.6: a mark on a probe of our closed window does */
PACKET_TEST(test_mark_on_a_window_probe)
{
  begin_ecn();
  app.pcb->rcv_wnd = app.pcb->rcv_ann_wnd = 0;
  assert_int_equal(data(1, 0, ECN_CE), ACK | ECE);
  ignore_drops();
}

/* RFC 3168 5 with RFC 8200 7: the traffic class of IPv6 */
PACKET_TEST(test_ipv6)
{
  tcp_peer_reset();
  if (LWIP_IPV6) {
    tcp_peer_use(true);
  }
  tcp_listen_up();
  peer_says(.flags = SYN | ECE | CWR, .opts = opts_sack, .opts_len = sizeof opts_sack);
  expect_segment(.flags = SYN | ACK | ECE, .seq = 0, .ack = 1, .tos = ECN_NOT_ECT);
  peer_says(.flags = ACK, .seq = 1, .ack = 1);
  assert_non_null(app.pcb);
  assert_int_equal(data(1, 0, ECN_CE), ACK | ECE);
  app_write("x", 1);
  expect_segment(.flags = ACK | ECE, .seq = 1, .len = 1, .tos = ECN_ECT0);
}

/* --- slowing down --- */

/** 20 segments are out, cwnd is their size, in congestion avoidance or in slow start. */
static void twenty_out(bool is_slow_start)
{
  app.pcb->cwnd = 20 * MSS;
  app.pcb->ssthresh = (tcpwnd_size_t)(is_slow_start ? 1000 * MSS : 20 * MSS);
  write_segments(60);
  assert_int_equal(tcp_peer_ignores(), 20);
  advance(100);
}

static void echo(u32_t k)
{
  peer_says(.flags = ACK | ECE, .seq = 1, .ack = SEQ(k));
}

/* RFC 8511 3: CUBIC's factor is 0.85, Reno's 0.8; 4: in slow start that of losses; RFC 3168 6.1.2:
   ssthresh, too */
PACKET_TEST(test_how_much_slower)
{
  static const struct {
    const char *cc;
    bool is_slow_start;
    u32_t cwnd;
  } cases[] = {{"cubic", false, 17 * MSS},
               {"cubic", true, 14 * MSS},
               {"newreno", false, 16 * MSS},
               {"newreno", true, 10 * MSS}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    packet_note("%s: ", cases[i].cc);
    begin_ecn();
    tcp_set_congestion_control(app.pcb, cases[i].cc);
    twenty_out(cases[i].is_slow_start);
    echo(1);
    assert_int_equal(app.pcb->cwnd, cases[i].cwnd);
    assert_int_equal(app.pcb->ssthresh, cases[i].cwnd);
    assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN); /* nothing is repaired */
    tcp_abort(app.pcb);
    tcp_close(app.listener);
    tcp_peer_ignores();
  }
}

/* RFC 3168 6.1.2: once per window of data; what is echoed by the ACK of just that window is of it,
   because CWR stands behind it */
PACKET_TEST(test_once_per_window)
{
  begin_ecn();
  twenty_out(false);
  echo(1);
  assert_int_equal(app.pcb->cwnd, 17 * MSS);
  for (u32_t k = 2; k <= 20; k++) {
    echo(k);
    assert_int_equal(app.pcb->cwnd, 17 * MSS); /* and no growth */
  }
  echo(20);
  assert_int_equal(app.pcb->cwnd, 17 * MSS);
  echo(21);
  assert_true(app.pcb->cwnd < 15 * MSS);
}

/* RFC 3168 6.1.2: the first new data say that we have slowed down, once */
PACKET_TEST(test_cwr_on_the_first_new_data)
{
  begin_ecn();
  twenty_out(false);
  echo(1);
  expect_silence(); /* 19 are out, 17 may be */
  peer_acks(4);
  expect_segment(.flags = ACK | CWR, .seq = SEQ(20), .len = MSS, .tos = ECN_ECT0);
  expect_silence();
  peer_acks(6);
  expect_segment(.flags = ACK, .seq = SEQ(21), .len = MSS, .tos = ECN_ECT0);
}

/* ... also when the segment could not be built at first */
PACKET_TEST(test_cwr_waits_for_memory)
{
  begin_ecn();
  twenty_out(false);
  echo(1);
  expect_silence();
  app.pcb->cwnd = 22 * MSS;
  if (!packet_is_fault_run()) {
    fault_arm(2); /* the record of the transmission, then the segment */
    tcp_output(app.pcb);
    fault_arm(0);
    expect_silence();
  }
  tcp_output(app.pcb);
  expect_segment(.flags = ACK | CWR, .seq = SEQ(20), .len = MSS, .tos = ECN_ECT0);
}

/* RFC 3168 6.1.2: the window does not grow by what echoes a mark */
PACKET_TEST(test_no_growth)
{
  begin_ecn();
  twenty_out(true);
  echo(1);
  u32_t cwnd = app.pcb->cwnd;
  echo(10);
  assert_int_equal(app.pcb->cwnd, cwnd);
}

/* RFC 3168 6.1.2, 6.1.3: a loss in the same window is not answered a second time ... */
static void mark_then_loss(void)
{
  twenty_out(false);
  echo(1);
  u32_t ssthresh = app.pcb->ssthresh;
  peer_sacks(1, 2, 6);
  peer_sacks(1, 2, 8);
  peer_sacks(1, 2, 9);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
  expect_segment(.flags = ACK, .seq = SEQ(1), .len = MSS, .tos = ECN_NOT_ECT);
}

PACKET_TEST(test_mark_then_loss)
{
  begin_ecn();
  mark_then_loss();
}

PACKET_TEST(test_mark_then_loss_without_sack)
{
  begin_ecn_with(opts_plain, sizeof opts_plain);
  mark_then_loss();
}

/* ... but the loss of what carried CWR is, and CWR is sent again with new data (6.1.2) */
PACKET_TEST(test_loss_of_cwr)
{
  begin_ecn();
  twenty_out(false);
  echo(1);
  peer_acks(20); /* all of the window */
  expect_segment(.flags = ACK | CWR, .seq = SEQ(20), .len = MSS);
  assert_true(tcp_peer_ignores() > 10);
  u32_t ssthresh = app.pcb->ssthresh;
  advance(100);
  peer_says(.flags = ACK | ECE, .seq = 1, .ack = SEQ(20), .sack = {{SEQ(21), SEQ(26)}});
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  assert_true(app.pcb->ssthresh < ssthresh);
  expect_segment(.flags = ACK, .seq = SEQ(20), .len = MSS, .tos = ECN_NOT_ECT);
  peer_says(.flags = ACK | ECE, .seq = 1, .ack = SEQ(20), .sack = {{SEQ(21), SEQ(32)}});
  struct tcp_seen *seen = tcp_peer_sees();
  assert_non_null(seen);
  assert_int_equal(seen->h.flags & CWR, CWR);
}

/* RFC 3168 6.1.2: marks during recovery, and of the window before, are answered by it */
PACKET_TEST(test_loss_then_mark)
{
  begin_ecn();
  twenty_out(false);
  peer_sacks(1, 2, 6);
  peer_sacks(1, 2, 9);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  u32_t ssthresh = app.pcb->ssthresh;
  assert_int_equal(ssthresh, 14 * MSS);
  peer_says(.flags = ACK | ECE, .seq = 1, .ack = SEQ(1), .sack = {{SEQ(2), SEQ(20)}});
  assert_int_equal(app.pcb->ssthresh, ssthresh);
  echo(20);
  assert_int_equal(app.pcb->ca_state, TCP_CA_OPEN);
  echo(20);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
  echo(21);
  assert_true(app.pcb->ssthresh < ssthresh);
}

/* RFC 3168 6.1.2: after a timeout, too: CWR goes with the first new data, marks of before are
   answered already */
PACKET_TEST(test_timeout_then_mark)
{
  begin_ecn();
  app.pcb->cwnd = app.pcb->ssthresh = 20 * MSS;
  write_segments(20);
  advance(2000);
  tcp_peer_ignores();
  assert_int_equal(app.pcb->ca_state, TCP_CA_LOSS);
  u32_t ssthresh = app.pcb->ssthresh;
  write_segments(20);
  echo(20);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
  expect_segment(.flags = ACK | CWR, .seq = SEQ(20), .len = MSS, .tos = ECN_ECT0);
}

/* RFC 3168 6.1.2: a loss that was none is not taken back once marks have come as well */
PACKET_TEST(test_mark_forbids_undo)
{
  begin_ecn();
  twenty_out(false);
  peer_sacks(0, 1, 5);
  assert_int_equal(app.pcb->ca_state, TCP_CA_RECOVERY);
  u32_t ssthresh = app.pcb->ssthresh;
  tcp_peer_ignores();
  echo(5);
  peer_says(.flags = ACK, .seq = 1, .ack = SEQ(5), .sack = {{SEQ(0), SEQ(1)}}); /* D-SACK */
  assert_int_equal(app.pcb->ssthresh, ssthresh);
}

/* RFC 3168 6.1.2: at one segment the next one waits for the retransmission timeout */
PACKET_TEST(test_window_of_one_segment)
{
  begin_ecn();
  app.pcb->cwnd = MSS;
  app.pcb->ssthresh = 2 * MSS;
  write_segments(3);
  expect_number(0);
  expect_silence();
  advance(100);
  u32_t rto_ms = app.pcb->rto_ms;
  echo(1);
  assert_int_equal(app.pcb->cwnd, MSS);
  expect_silence();
  advance(rto_ms - 1);
  expect_silence();
  advance(1);
  expect_segment(.flags = ACK | CWR, .seq = SEQ(1), .len = MSS, .tos = ECN_ECT0);
  expect_silence();
  peer_acks(2);
  expect_number(2); /* nothing is marked, nothing waits */
}

/* RFC 3168 6.1.2: two segments become one, though ssthresh stays at two (RFC 9438 4.6) */
PACKET_TEST(test_window_of_two_segments)
{
  begin_ecn();
  app.pcb->cwnd = app.pcb->ssthresh = 2 * MSS;
  tcp_set_congestion_control(app.pcb, "newreno");
  write_segments(4);
  tcp_peer_ignores();
  app.pcb->ssthresh = 3 * MSS; /* slow start: a half */
  echo(1);
  assert_int_equal(app.pcb->cwnd, MSS);
  assert_int_equal(app.pcb->ssthresh, 2 * MSS);
  expect_silence();
}

/* An old acknowledgement echoes nothing */
PACKET_TEST(test_old_acknowledgement)
{
  begin_ecn();
  twenty_out(false);
  peer_acks(3);
  u32_t ssthresh = app.pcb->ssthresh;
  echo(2);
  assert_int_equal(app.pcb->ssthresh, ssthresh);
}

static const struct packet_test tests[] = {
    TEST(test_agrees_when_asked),
    TEST(test_not_asked),
    TEST(test_listener_without_ecn),
    TEST(test_listener_inherits),
    TEST(test_asks),
    TEST(test_answers_that_do_not_agree),
    TEST(test_syn_falls_back),
    TEST(test_does_not_ask_by_default),
    TEST(test_simultaneous_open),
    TEST(test_syn_again_without_the_flags),
    TEST(test_syn_ack_again),
    TEST(test_cookie_remembers),
    TEST(test_cookie_refuses),
    TEST(test_wrong_mode),
    TEST(test_retransmissions_are_not_marked),
    TEST(test_fast_retransmit_is_not_marked),
    TEST(test_window_probes_are_not_marked),
    TEST(test_type_of_service_of_the_program),
    TEST(test_marks_are_echoed_until_cwr),
    TEST(test_data_echo_marks),
    TEST(test_mark_is_told_at_once),
    TEST(test_mark_behind_a_hole),
    TEST(test_marks_that_do_not_count),
    TEST(test_mark_on_a_window_probe),
    TEST(test_ipv6),
    TEST_FLAGS(test_how_much_slower, PACKET_ONCE),
    TEST_FLAGS(test_once_per_window, PACKET_ONCE),
    TEST_FLAGS(test_cwr_on_the_first_new_data, PACKET_ONCE),
    TEST_FLAGS(test_cwr_waits_for_memory, PACKET_ONCE),
    TEST_FLAGS(test_no_growth, PACKET_ONCE),
    TEST_FLAGS(test_mark_then_loss, PACKET_ONCE),
    TEST_FLAGS(test_mark_then_loss_without_sack, PACKET_ONCE),
    TEST_FLAGS(test_loss_of_cwr, PACKET_ONCE),
    TEST_FLAGS(test_loss_then_mark, PACKET_ONCE),
    TEST_FLAGS(test_timeout_then_mark, PACKET_ONCE),
    TEST_FLAGS(test_mark_forbids_undo, PACKET_ONCE),
    TEST_FLAGS(test_window_of_one_segment, PACKET_ONCE),
    TEST_FLAGS(test_window_of_two_segments, PACKET_ONCE),
    TEST_FLAGS(test_old_acknowledgement, PACKET_ONCE),
};

PACKET_MAIN(tests)
