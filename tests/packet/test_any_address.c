/**
 * @file
 * Interfaces on which every address is ours (gossamer/any_address.h), each over both IP versions:
 * TCP that is accepted, refused, ignored, held; UDP; echo; what comes is checked as ever.
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "lwip/prot/icmp6.h"
#include "lwip/priv/any_fields.h"

/** What the program does, and what it heard. */
static struct any_address any;
static struct program {
  enum any_answer answer;
  struct any_flow flow;
  struct tcp_pcb *pcb;
  unsigned syns, gone, accepted, errors, datagrams, echoes;
  err_t err;
  u16_t seqno;
  size_t len;
} program;

static int connection; /* its address stands for the program's own struct */

static enum any_answer on_syn(void *arg, struct any_syn *syn)
{
  (void)arg;
  program.syns++;
  program.flow = syn->flow;
  syn->arg = &connection;
  return program.answer;
}

static void on_gone(void *arg, struct any_syn *syn)
{
  (void)arg;
  (void)syn;
  program.gone++;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb)
{
  (void)arg;
  program.accepted++;
  program.pcb = pcb;
  return pcb->callback_arg == &connection ? ERR_OK : ERR_VAL;
}

static void on_err(void *arg, err_t err)
{
  (void)arg;
  program.errors++;
  program.err = err;
}

static enum any_answer on_datagram(void *arg, const struct any_flow *flow, struct pbuf *p)
{
  (void)arg;
  program.datagrams++;
  program.flow = *flow;
  program.len = p->tot_len;
  if (program.answer == ANY_ACCEPT) {
    pbuf_free(p);
  }
  return program.answer;
}

static enum any_answer on_echo(void *arg, const struct any_flow *flow, u16_t seqno,
                               const struct pbuf *p)
{
  (void)arg;
  program.echoes++;
  program.flow = *flow;
  program.seqno = seqno;
  program.len = p->tot_len;
  return program.answer;
}

static const char *world(bool is_v6)
{
  return is_v6 ? "2001:db8:ffff::1" : "93.184.216.34";
}

static const char *peer_addr(bool is_v6)
{
  return is_v6 ? "2001:db8::2" : "10.0.0.2";
}

static void forget(void)
{
  any_address_stop(&any);
}

/** The netif takes all; the peer calls somebody in the world. */
static void up(bool is_v6, enum any_answer answer)
{
  memset(&program, 0, sizeof program);
  memset(&any, 0, sizeof any);
  any.tcp_syn = on_syn;
  any.tcp_syn_gone = on_gone;
  any.tcp_accept = on_accept;
  any.tcp_err = on_err;
  any.udp_recv = on_datagram;
  any.echo = on_echo;
  program.answer = answer;
  packet_at_end(forget);
  tcp_peer_reset();
  if (is_v6 != tcp_peer.is_v6) {
    tcp_peer_use(is_v6);
  }
  tcp_peer.stack_addr = world(is_v6);
  assert_int_equal(any_address_start(&any, &net.netif), ERR_OK);
}

static void check_flow(bool is_v6, u16_t local_port, u16_t remote_port)
{
  ip_addr_t local = ip_of(world(is_v6));
  ip_addr_t remote = ip_of(peer_addr(is_v6));
  assert_true(ip_addr_eq(&program.flow.local, &local));
  assert_true(ip_addr_eq(&program.flow.remote, &remote));
  assert_int_equal(program.flow.local_port, local_port);
  assert_int_equal(program.flow.remote_port, remote_port);
}

/* --- TCP --- */

/** The SYN that waits. */
static struct any_syn *held(void)
{
  assert_non_null(any.syns);
  return any.syns;
}

/** The SYN has been answered: the connection stands, carries data and ends. */
static void talk(bool is_v6)
{
  ip_addr_t local = ip_of(world(is_v6));
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(program.accepted, 1);
  assert_int_equal(program.pcb->local_port, 80);
  assert_true(ip_addr_eq(&program.pcb->local_ip, &local));
  assert_int_equal(tcp_write(program.pcb, "hi", 2, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(program.pcb);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .data = "hi");
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 3);
  tcp_peer_ignores();
  assert_int_equal(tcp_close(program.pcb), ERR_OK);
  expect_no_drop();
}

static void accepts(bool is_v6)
{
  up(is_v6, ANY_ACCEPT);
  peer_says(.flags = TCP_SYN);
  check_flow(is_v6, 80, 4000);
  talk(is_v6);
}

static void accepts_later(bool is_v6)
{
  up(is_v6, ANY_LATER);
  peer_says(.flags = TCP_SYN);
  expect_silence();
  advance(1000);
  peer_says(.flags = TCP_SYN); /* once more: the program is not asked again */
  expect_drop(DROP_TCP_DUPLICATE);
  assert_int_equal(program.syns, 1);
  assert_int_equal(any_syn_accept(held()), ERR_OK);
  talk(is_v6);
}

static void refuses(bool is_v6)
{
  up(is_v6, ANY_REFUSE);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = ANY, .ack = 1);
  expect_drop(DROP_ANY_REFUSED);
  program.answer = ANY_LATER;
  peer_says(.flags = TCP_SYN);
  any_syn_refuse(held());
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = ANY, .ack = 1);
  expect_drop(DROP_ANY_REFUSED);
  assert_null(any.syns);
}

static void ignores(bool is_v6)
{
  up(is_v6, ANY_IGNORE);
  peer_says(.flags = TCP_SYN);
  expect_drop(DROP_ANY_IGNORED);
  advance(1000);
  peer_says(.flags = TCP_SYN);
  expect_drop(DROP_ANY_IGNORED);
  expect_silence();
  assert_int_equal(program.syns, 2); /* it is asked again */
}

static void tells_unreachable(bool is_v6)
{
  up(is_v6, ANY_LATER);
  struct tcp_said syn = {.flags = TCP_SYN};
  struct frame f = tcp_segment_of(&syn);
  rx(f);
  any_syn_unreachable(held(), ANY_UNREACHABLE_NET);
  struct frame *error = tx();
  if (is_v6) {
    check_icmp6(error, ICMP6_TYPE_DUR, ICMP6_DUR_NO_ROUTE);
  } else {
    check_icmp(error, ICMP_DUR, ICMP_DUR_NET);
  }
  /* It quotes ports and sequence number, by which it is believed (RFC 5927 4.1). */
  size_t headers = is_v6 ? 14 + 40 : 14 + 20;
  assert_memory_equal(error->data + headers + 8 + headers - 14, f.data + headers, 8);
  expect_drop(DROP_ANY_IGNORED);
  expect_silence();
}

static void peer_gives_up(bool is_v6)
{
  up(is_v6, ANY_LATER);
  peer_says(.flags = TCP_SYN);
  peer_says(.flags = TCP_RST, .seq = 500); /* not of this SYN */
  expect_drop(DROP_TCP_BAD_RST);
  assert_int_equal(program.gone, 0);
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(program.gone, 1);
  assert_null(any.syns);
  ignore_drops();
  peer_says(.flags = TCP_SYN);
  tcp_peer.iss += 77; /* another connection by the same ports */
  peer_says(.flags = TCP_SYN);
  assert_int_equal(program.gone, 2);
  assert_int_equal(program.syns, 3);
  assert_int_equal(any_syn_accept(held()), ERR_OK);
  talk(is_v6);
}

static void time_is_over(bool is_v6)
{
  up(is_v6, ANY_LATER);
  peer_says(.flags = TCP_SYN);
  advance(TCP_SYN_RCVD_TIMEOUT - 1);
  assert_int_equal(program.gone, 0);
  advance(1);
  assert_int_equal(program.gone, 1);
  assert_null(any.syns);
  expect_silence();
}

/** The handshake does not come to an end: the program hears by tcp_err. */
static void handshake_fails(bool is_v6)
{
  up(is_v6, ANY_ACCEPT);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(program.accepted, 0);
  assert_int_equal(program.errors, 1);
  assert_null(tcp_active_pcbs);
}

static void listeners_come_first(bool is_v6)
{
  up(is_v6, ANY_REFUSE);
  tcp_peer.stack_addr = NULL;
  struct tcp_pcb *pcb = tcp_new_ip_type(is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 80), ERR_OK);
  struct tcp_pcb *listener = tcp_listen(pcb);
  assert_non_null(listener);
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(program.syns, 0);
  (void)tcp_close(listener);
  tcp_peer_ignores();
  peer_says(.flags = TCP_SYN); /* our own address, a port that nobody has */
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = ANY, .ack = 1);
  assert_int_equal(program.syns, 1);
}

static void strangers_are_reset(bool is_v6)
{
  up(is_v6, ANY_LATER);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_RST, .seq = ANY, .ack = ANY);
  expect_drop(DROP_TCP_NO_PORT);
  peer_says(.flags = TCP_SYN | TCP_FIN);
  expect_segment(.flags = TCP_RST | TCP_ACK, .seq = ANY, .ack = ANY);
  expect_drop(DROP_TCP_NO_PORT);
  assert_int_equal(program.syns, 0);
}

/** Held SYNs are bounded. (A thousand of them are too many for a run per allocation.) */
static void table_is_full(bool is_v6)
{
  up(is_v6, ANY_LATER);
  for (unsigned i = 0; i < LWIP_ANY_ADDRESS_SYNS && !packet_is_fault_run(); i++) {
    tcp_peer.port = (u16_t)(5000 + i);
    peer_says(.flags = TCP_SYN);
  }
  assert_true(packet_is_fault_run() || any.syns_count == LWIP_ANY_ADDRESS_SYNS);
  if (packet_is_fault_run()) {
    return;
  }
  tcp_peer.port = 4999;
  peer_says(.flags = TCP_SYN);
  expect_drop(DROP_TCP_BACKLOG);
  expect_silence();
}

static void netif_goes(bool is_v6)
{
  up(is_v6, ANY_LATER);
  peer_says(.flags = TCP_SYN);
  netif_remove(&net.netif);
  assert_int_equal(program.gone, 1);
  assert_null(any.netif);
  any_address_stop(&any); /* harmless */
}

static void another_netif_goes(bool is_v6)
{
  up(is_v6, ANY_ACCEPT);
  struct packet_net *other = net_add_netif();
  peer_says(.flags = TCP_SYN);
  netif_remove(&other->netif);
  assert_int_equal(program.errors, 0); /* its address was never that one's */
  talk(is_v6);
}

static void stops(bool is_v6)
{
  up(is_v6, ANY_LATER);
  peer_says(.flags = TCP_SYN);
  any_address_stop(&any);
  assert_int_equal(program.gone, 0);
  ignore_drops();
  peer_says(.flags = TCP_SYN);
  tx_discard();
  assert_int_equal(program.syns, 1);
  assert_int_equal(any_address_start(&any, &net.netif), ERR_OK);
  assert_int_equal(any_address_start(&any, &net.netif), ERR_USE);
}

/* --- UDP --- */

static struct frame datagram(bool is_v6, const char *src, const char *dst, const char *data)
{
  return is_v6 ? udp6(src, 4000, dst, 53, data, strlen(data))
               : udp4(src, 4000, dst, 53, data, strlen(data));
}

static void datagram_is_answered(bool is_v6)
{
  up(is_v6, ANY_ACCEPT);
  rx(datagram(is_v6, peer_addr(is_v6), world(is_v6), "who?"));
  assert_int_equal(program.datagrams, 1);
  assert_int_equal(program.len, 4);
  check_flow(is_v6, 53, 4000);
  expect_no_drop();
  assert_int_equal(any_udp_send(&any, &program.flow, app_pbuf("me", 2)), ERR_OK);
  struct frame *f = tx();
  f = is_v6 ? check_ip6(f, world(true), peer_addr(true), IP_PROTO_UDP)
            : check_ip4(f, world(false), peer_addr(false), IP_PROTO_UDP);
  check_udp(f, 53, 4000, "me", 2);
}

static void datagram_is_refused(bool is_v6)
{
  up(is_v6, ANY_REFUSE);
  struct frame f = datagram(is_v6, peer_addr(is_v6), world(is_v6), "who?");
  rx(f);
  if (is_v6) {
    check_icmp6_error(tx(), ICMP6_TYPE_DUR, ICMP6_DUR_PORT, &f);
  } else {
    check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PORT, &f);
  }
  expect_drop(DROP_UDP_NO_PORT);
  program.answer = ANY_IGNORE;
  rx(f);
  expect_silence();
  expect_drop(DROP_ANY_IGNORED);
}

static void datagram_is_refused_later(bool is_v6)
{
  up(is_v6, ANY_ACCEPT);
  rx(datagram(is_v6, peer_addr(is_v6), world(is_v6), "who?"));
  any_udp_unreachable(&any, &program.flow, ANY_UNREACHABLE_HOST);
  if (is_v6) {
    check_icmp6(tx(), ICMP6_TYPE_DUR, ICMP6_DUR_ADDRESS);
  } else {
    check_icmp(tx(), ICMP_DUR, ICMP_DUR_HOST);
  }
}

/* --- ICMP --- */

static struct frame ping(bool is_v6)
{
  return is_v6 ? ping6(peer_addr(true), world(true), 7, 9, "abcd", 4)
               : ping4(peer_addr(false), world(false), 7, 9, "abcd", 4);
}

static void check_answer(bool is_v6)
{
  struct frame *f = tx();
  if (is_v6) {
    check_pong6(check_ip6(f, world(true), peer_addr(true), IP6_NEXTH_ICMP6), 7, 9, "abcd", 4);
  } else {
    check_pong(check_ip4(f, world(false), peer_addr(false), IP_PROTO_ICMP), 7, 9, "abcd", 4);
  }
}

static void echo_is_answered(bool is_v6)
{
  up(is_v6, ANY_ACCEPT);
  rx(ping(is_v6));
  check_answer(is_v6);
  check_flow(is_v6, 0, 7);
  any.echo = NULL;
  rx(ping(is_v6));
  check_answer(is_v6);
  expect_no_drop();
}

static void echo_is_answered_later(bool is_v6)
{
  up(is_v6, ANY_LATER);
  rx(ping(is_v6));
  expect_silence();
  expect_no_drop();
  assert_int_equal(program.seqno, 9);
  assert_int_equal(program.len, 4);
  assert_int_equal(any_echo_reply(&any, &program.flow, program.seqno, app_pbuf("abcd", 4)), ERR_OK);
  check_answer(is_v6);
}

static void echo_is_refused(bool is_v6)
{
  up(is_v6, ANY_REFUSE);
  rx(ping(is_v6));
  if (is_v6) {
    check_icmp6(tx(), ICMP6_TYPE_DUR, ICMP6_DUR_PROHIBITED);
  } else {
    check_icmp(tx(), ICMP_DUR, 13);
  }
  expect_drop(DROP_ANY_REFUSED);
  program.answer = ANY_IGNORE;
  rx(ping(is_v6));
  expect_silence();
  expect_drop(DROP_ANY_IGNORED);
}

/* --- what is nobody's all the same --- */

/** Sources and destinations that may not come from a wire (security vectors B2-38, B1-23). */
static void martians(bool is_v6)
{
  static const char *const bad4[][2] = {
      {"10.0.0.1", "93.184.216.34"}, {"127.0.0.1", "93.184.216.34"}, {"224.0.0.9", "93.184.216.34"},
      {"10.0.0.2", "127.0.0.1"},     {"10.0.0.2", "240.0.0.1"},      {"10.0.0.2", "0.0.0.7"}};
  static const char *const bad6[][2] = {{"2001:db8::1", "2001:db8:ffff::1"},
                                        {"::1", "2001:db8:ffff::1"},
                                        {"ff02::9", "2001:db8:ffff::1"},
                                        {"2001:db8::2", "::1"},
                                        {"2001:db8::2", "::ffff:1.2.3.4"}};
  up(is_v6, ANY_ACCEPT);
  size_t count = is_v6 ? LWIP_ARRAYSIZE(bad6) : LWIP_ARRAYSIZE(bad4);
  for (size_t i = 0; i < count; i++) {
    const char *const *pair = is_v6 ? bad6[i] : bad4[i];
    rx(datagram(is_v6, pair[0], pair[1], "x"));
  }
  assert_int_equal(program.datagrams, 0);
  expect_silence();
}

/** Link-local addresses are the link's own. */
static void link_local(bool is_v6)
{
  up(is_v6, ANY_ACCEPT);
  rx(is_v6 ? udp6("fe80::2", 4000, "fe80::77", 53, "x", 1)
           : udp4("10.0.0.2", 4000, "169.254.7.7", 53, "x", 1));
  assert_int_equal(program.datagrams, 0);
  tx_discard();
  ignore_drops();
}

#define BOTH(name)                                                                                 \
  PACKET_TEST(test_##name##_4)                                                                     \
  {                                                                                                \
    name(false);                                                                                   \
  }                                                                                                \
  PACKET_TEST(test_##name##_6)                                                                     \
  {                                                                                                \
    name(true);                                                                                    \
  }

BOTH(accepts)
BOTH(accepts_later)
BOTH(refuses)
BOTH(ignores)
BOTH(tells_unreachable)
BOTH(peer_gives_up)
BOTH(time_is_over)
BOTH(handshake_fails)
BOTH(listeners_come_first)
BOTH(strangers_are_reset)
BOTH(table_is_full)
BOTH(netif_goes)
BOTH(another_netif_goes)
BOTH(stops)
BOTH(datagram_is_answered)
BOTH(datagram_is_refused)
BOTH(datagram_is_refused_later)
BOTH(echo_is_answered)
BOTH(echo_is_answered_later)
BOTH(echo_is_refused)
BOTH(martians)
BOTH(link_local)

#define EACH(name) TEST_IF(LWIP_IPV4, test_##name##_4), TEST_IF(LWIP_IPV6, test_##name##_6)

static const struct packet_test tests[] = {EACH(accepts),
                                           EACH(accepts_later),
                                           EACH(refuses),
                                           EACH(ignores),
                                           EACH(tells_unreachable),
                                           EACH(peer_gives_up),
                                           EACH(time_is_over),
                                           EACH(handshake_fails),
                                           EACH(listeners_come_first),
                                           EACH(strangers_are_reset),
                                           EACH(table_is_full),
                                           EACH(netif_goes),
                                           EACH(another_netif_goes),
                                           EACH(stops),
                                           EACH(datagram_is_answered),
                                           EACH(datagram_is_refused),
                                           EACH(datagram_is_refused_later),
                                           EACH(echo_is_answered),
                                           EACH(echo_is_answered_later),
                                           EACH(echo_is_refused),
                                           EACH(martians),
                                           EACH(link_local)};
PACKET_MAIN(tests)
