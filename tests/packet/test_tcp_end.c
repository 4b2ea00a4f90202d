/*
 * Why a connection has ended: what the error callback is told, and tcp_end_cause() in it (RFC 9293
 * 3.10.7, 3.8.3, RFC 5461 2.2).
 *
 * needs: tcp
 * also: lean
 */
#include "tcp_end_cases.h"
#include "gossamer/tcp_linger.h"

static void open(bool stands)
{
  tcp_connect_up();
  if (stands) {
    expect_segment(.flags = TCP_SYN, .seq = 0);
    peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
    expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  }
}

static void is_told(const struct end_case *c)
{
  open(c->stands);
  c->run(app.pcb);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, c->err);
  assert_int_equal(app.end, packet_is_fault_run() ? app.end : c->why);
  assert_int_equal(tcp_end_cause(), TCP_END_NONE);
}
PACKET_TEST(test_each_cause)
{
  each_end(is_told);
}

PACKET_TEST(test_abort)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  tcp_abort(app.pcb);
  assert_int_equal(app.end, TCP_END_ABORTED);
  assert_int_equal(app.err, ERR_ABRT);
}

/* Both sides have closed, and ours has not let go. */
PACKET_TEST(test_closed)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 2);
  assert_int_equal(app.errors, 1);
  assert_int_equal(app.err, ERR_CLSD);
  assert_int_equal(app.end, TCP_END_CLOSED);
}

#if LWIP_CALLBACK_API

static enum tcp_end end_heard;
static unsigned ends_heard;

static void hear_end(void *arg, err_t err)
{
  (void)arg;
  (void)err;
  end_heard = tcp_end_cause();
  ends_heard++;
}

/* An interface is removed: connections by it end, others do not. */
static void netif_removed(const char *peer, const char *peer_by_other)
{
  struct packet_net *other = net_add_netif();
  ip_addr_t to = ip_of(peer);
  bool is_v6 = IP_IS_V6(&to);
  if (is_v6) {
    net6_up();
    net6_up_on(other);
  }
  ip_addr_t to_other = ip_of(peer_by_other);
  struct tcp_pcb *stays = tcp_new_ip_type(is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  struct tcp_pcb *goes = tcp_new_ip_type(is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  if (stays == NULL || goes == NULL) {
    packet_fail(__FILE__, __LINE__, "no pcb");
  }
  tcp_err(goes, hear_end);
  assert_int_equal(tcp_connect(stays, &to, 4000, NULL), ERR_OK);
  assert_int_equal(tcp_connect(goes, &to_other, 4000, NULL), ERR_OK);
  ends_heard = 0;
  netif_remove(&other->netif);
  assert_int_equal(ends_heard, 1);
  assert_int_equal(end_heard, TCP_END_ADDRESS_GONE);
  assert_ptr_equal(tcp_active_pcbs, stays);
  tcp_abort(stays);
  tx_discard();
  ignore_drops();
}
PACKET_TEST(test_netif_removed4)
{
  netif_removed("10.0.0.2", "10.0.1.2");
}
PACKET_TEST(test_netif_removed6)
{
  netif_removed("2001:db8::2", "2001:db8:1::2");
}

static enum tcp_end ends_nested[3];

/* One connection's error callback ends another: each has its own cause. */
static void abort_other(void *arg, err_t err)
{
  (void)err;
  ends_nested[0] = tcp_end_cause();
  tcp_abort((struct tcp_pcb *)arg);
  ends_nested[1] = end_heard;
  ends_nested[2] = tcp_end_cause();
}
PACKET_TEST(test_nested)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  struct tcp_pcb *other = tcp_new();
  if (other == NULL) {
    packet_fail(__FILE__, __LINE__, "no pcb");
  }
  end_heard = TCP_END_NONE;
  tcp_err(other, hear_end);
  tcp_arg(app.pcb, other);
  tcp_err(app.pcb, abort_other);
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(ends_nested[0], TCP_END_RESET);
  assert_int_equal(ends_nested[1], TCP_END_ABORTED);
  assert_int_equal(ends_nested[2], TCP_END_RESET);
}

PACKET_TEST(test_linger)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  ends_heard = 0;
  assert_int_equal(tcp_close_linger(app.pcb, 5000, hear_end), ERR_INPROGRESS);
  tx_discard();
  advance(5000);
  assert_int_equal(ends_heard, 1);
  assert_int_equal(end_heard, TCP_END_LINGER);
}

#endif

static const struct packet_test tests[] = {
    TEST_FLAGS(test_each_cause, PACKET_ONCE),
    TEST(test_abort),
    TEST(test_closed),
#if LWIP_CALLBACK_API
    TEST_IF(LWIP_IPV4, test_netif_removed4),
    TEST_IF(LWIP_IPV6, test_netif_removed6),
    TEST(test_nested),
    TEST(test_linger),
#endif
};
PACKET_MAIN(tests)
