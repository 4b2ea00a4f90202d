/**
 * @file
 * Loopback: 127.0.0.1 on "lo", own addresses on every netif, the queue's limit, no recursion.
 * RFC 1122 3.2.1.3 (g).
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/stats.h"
#include "gossamer/timer.h"
#include "base/fault.h"

static struct netif *lo(void)
{
  return netif_find("lo0");
}

static void send_udp(struct udp_pcb *pcb, const char *to, u16_t port, const char *text)
{
  ip_addr_t dst = ip_of(to);
  assert_int_equal(udp_sendto(pcb, app_pbuf(text, strlen(text)), &dst, port), ERR_OK);
}

static void test_the_interface(void)
{
  assert_non_null(lo());
  assert_ptr_equal(lo(), netif_get_loopif());
  assert_true(netif_is_up(lo()) && netif_is_link_up(lo()));
  assert_int_equal(netif_ip4_addr(lo())->addr, ip4_of("127.0.0.1").addr);
  assert_int_equal(netif_ip4_netmask(lo())->addr, ip4_of("255.0.0.0").addr);
  assert_true(netif_is_flag_set(lo(), NETIF_FLAG_IGMP));
}

static void test_localhost(void)
{
  struct udp_pcb *server = app_udp("127.0.0.1", 7);
  struct udp_pcb *client = app_udp(NULL, 1000);
  send_udp(client, "127.0.0.1", 7, "hello");
  assert_non_null(lo()->loop_first); /* never from within the call that sends */
  advance(0);
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_ptr_equal(d->pcb, server);
  assert_int_equal(ip_2_ip4(&d->src)->addr, ip4_of("127.0.0.1").addr);
  assert_memory_equal(d->data, "hello", 5);
  expect_silence();
  expect_no_drop();
}

/* A ping to ourselves is answered over the loopback, and the answer is nobody's. */
static void test_ping_to_localhost(void)
{
  struct frame ping = ping4("127.0.0.1", "127.0.0.1", 1, 2, "self", 4);
  assert_int_equal(netif_loop_output(lo(), app_pbuf(ping.data + 14, ping.len - 14)), ERR_OK);
  expect_drop(DROP_ICMP_UNWANTED_REPLY);
  assert_int_equal(lo()->mib2_counters.ifinucastpkts, 2);
  expect_silence();
}

static void test_own_address_of_a_netif(void)
{
  app_udp(NULL, 7);
  struct udp_pcb *client = app_udp(NULL, 1000);
  send_udp(client, "10.0.0.1", 7, "me");
  advance(0);
  expect_datagram("10.0.0.1", 1000, "me", 2);
  expect_silence();
}

static void test_polling_instead_of_timers(void)
{
  app_udp(NULL, 7);
  struct udp_pcb *client = app_udp(NULL, 1000);
  send_udp(client, "127.0.0.1", 7, "one");
  send_udp(client, "10.0.0.1", 7, "two");
  netif_poll(lo());
  assert_null(lo()->loop_first);
  assert_non_null(net.netif.loop_first);
  netif_poll_all();
  assert_null(net.netif.loop_first);
  netif_poll_all(); /* nothing waits: nothing happens */
  struct datagram *d = app_received();
  assert_non_null(d);
  assert_memory_equal(d->data, "one", 3);
  expect_datagram("10.0.0.1", 1000, "two", 3);
}

/* The queue is bounded, the sender told. */
static void test_full_queue(void)
{
  app_udp(NULL, 7);
  struct udp_pcb *client = app_udp(NULL, 1000);
  ip_addr_t dst = ip_of("127.0.0.1");
  for (int i = 0; i < LWIP_LOOPBACK_MAX_PBUFS; i++) {
    send_udp(client, "127.0.0.1", 7, "x");
  }
  assert_int_equal(udp_sendto(client, app_pbuf("y", 1), &dst, 7), ERR_MEM);
  expect_drop(DROP_LOOP_FULL); /* lets the timers run */
  assert_null(lo()->loop_first);
  send_udp(client, "127.0.0.1", 7, "z");
  advance(0);
  expect_no_drop();
}

static void test_no_memory_for_the_copy(void)
{
  struct pbuf *p = app_pbuf("x", 1);
  fault_arm(1);
  assert_int_equal(netif_loop_output(lo(), p), ERR_MEM);
  expect_drop(DROP_LOOP_NO_MEMORY);
  assert_null(lo()->loop_first);
}

/** Answers every datagram with itself, for ever. */
static u32_t echo_count;

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  LWIP_UNUSED_ARG(arg);
  echo_count++;
  udp_sendto(pcb, p, addr, port);
  pbuf_free(p);
}

/* Two sockets that answer each other neither nest nor keep the stack from anything else. */
static void test_ping_pong_takes_turns(void)
{
  struct udp_pcb *a = app_udp(NULL, 7);
  struct udp_pcb *b = app_udp(NULL, 8);
  udp_recv(a, echo, NULL);
  udp_recv(b, echo, NULL);
  echo_count = 0;
  send_udp(a, "127.0.0.1", 8, "ball");
  netif_poll(lo());
  assert_int_equal(echo_count, 1);
  netif_poll(lo());
  assert_int_equal(echo_count, 2);
  sys_check_timeouts();
  assert_true(echo_count >= 3 && echo_count <= 5);
  udp_remove(a);
  udp_remove(b);
  advance(0);
}

static void test_queue_goes_with_the_netif(void)
{
  struct packet_net *other = net_add_netif();
  assert_int_equal(netif_loop_output(&other->netif, app_pbuf("x", 1)), ERR_OK);
  netif_remove(&other->netif);
  expect_drop(DROP_NETIF_DOWN);
  advance(0);
}

/* What its sender lets go of is delivered as it is; what he may change is copied. */
static void test_given_packets_are_not_copied(void)
{
  for (int is_given = 0; is_given <= 1; is_given++) {
    struct frame ping = ping4("127.0.0.1", "127.0.0.1", 1, 2, "self", 4);
    static const u8_t either = PBUF_FLAG_GIVEN | PBUF_FLAG_LOOPED;
    struct pbuf *p = pbuf_alloc(PBUF_LINK, (u16_t)(ping.len - 14), PBUF_RAM);
    assert_non_null(p);
    pbuf_take(p, ping.data + 14, p->tot_len);
    p->flags |= is_given ? PBUF_FLAG_GIVEN : 0;
    err_t err = netif_loop_output(lo(), p);
    bool is_same = lo()->loop_first == p;
    u8_t flags = lo()->loop_first != NULL ? lo()->loop_first->flags & either : 0;
    pbuf_free(p);
    assert_int_equal(err, ERR_OK);
    assert_int_equal(is_same, is_given);
    assert_int_equal(flags, PBUF_FLAG_LOOPED);
    expect_drop(DROP_ICMP_UNWANTED_REPLY);
  }
}

static void test_counters(void)
{
  u32_t xmit = lwip_stats.link.xmit;
  u32_t recv = lwip_stats.link.recv;
  app_udp(NULL, 7);
  send_udp(app_udp(NULL, 1000), "127.0.0.1", 7, "count me");
  advance(0);
  assert_int_equal(lwip_stats.link.xmit, xmit + 1);
  assert_int_equal(lwip_stats.link.recv, recv + 1);
  assert_int_equal(lo()->mib2_counters.ifoutucastpkts, 1);
  assert_int_equal(lo()->mib2_counters.ifinucastpkts, 1);
  assert_int_equal(lo()->mib2_counters.ifinoctets, 20 + 8 + 8);
  expect_datagram("127.0.0.1", 1000, "count me", 8);
}

static void test_idle_loopback_needs_no_timer(void)
{
  advance(1000000);
  assert_int_equal(timers_count(), 0);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_the_interface, PACKET_ONCE),
    TEST(test_localhost),
    TEST(test_ping_to_localhost),
    TEST(test_own_address_of_a_netif),
    TEST(test_polling_instead_of_timers),
    TEST(test_full_queue),
    TEST(test_no_memory_for_the_copy),
    TEST(test_ping_pong_takes_turns),
    TEST(test_queue_goes_with_the_netif),
    TEST(test_given_packets_are_not_copied),
    TEST(test_counters),
    TEST(test_idle_loopback_needs_no_timer),
};

PACKET_MAIN(tests)
