/**
 * @file
 * Broadcast datagrams: who gets them, who may send them (features 96, 191, 192; B8-135).
 * needs: ipv4
 */
#include "packet.h"
#include "gossamer/netif_addr.h"
#include "base/fault.h"

#define PEER   "10.0.0.2"
#define ALL    "255.255.255.255"
#define SUBNET "10.0.0.255"

/* A pcb that may share its port and hear broadcasts in every configuration. */
static struct udp_pcb *hearer(const char *addr, u16_t port)
{
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  ip_addr_t local = ip_of(addr);
  ip_set_option(pcb, SOF_REUSEADDR | SOF_BROADCAST);
  assert_int_equal(udp_bind(pcb, &local, port), ERR_OK);
  udp_recv(pcb, app_udp_recv, NULL);
  return pcb;
}

/* `n` datagrams "hello", each at another pcb. */
static void expect_received(int n)
{
  const struct udp_pcb *at[8];
  for (int i = 0; i < n; i++) {
    struct datagram *d = app_received();
    assert_non_null(d);
    assert_int_equal(d->len, 5);
    assert_memory_equal(d->data, "hello", 5);
    at[i] = d->pcb;
    for (int k = 0; k < i; k++) {
      assert_ptr_not_equal(at[i], at[k]);
    }
  }
  assert_null(app_received());
}

static void test_any_hears_broadcasts(void)
{
  hearer("0.0.0.0", 7);
  rx(udp4(PEER, 1, ALL, 7, "hello", 5));
  expect_received(1);
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  expect_received(1);
  expect_no_drop();
}

/* A pcb bound to our address hears its subnet's broadcasts. */
static void test_bound_hears_its_subnet(void)
{
  hearer("10.0.0.1", 7);
  rx(udp4(PEER, 1, ALL, 7, "hello", 5));
  expect_received(1);
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  expect_received(1);
}

/* ... but not those of another netif's, nor of another subnet on the same one. */
static void test_bound_hears_no_other_subnet(void)
{
  struct packet_net *second = net_add_netif();
  ip4_addr_t addr = ip4_of("10.0.7.1");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  assert_int_equal(netif_add_ip4_address(&net.netif, &addr, &mask), ERR_OK);
  hearer("10.0.0.1", 7);
  rx_on(second, udp4("10.0.1.2", 1, "10.0.1.255", 7, "hello", 5));
  expect_received(0);
  rx_on(second, udp4("10.0.1.2", 1, ALL, 7, "hello", 5));
  expect_received(0);
  expect_drops(2, DROP_UDP_NO_PORT);
  rx(udp4("10.0.7.2", 1, "10.0.7.255", 7, "hello", 5));
  expect_received(0);
  expect_drop(DROP_UDP_NO_PORT);
  hearer("10.0.7.1", 7);
  rx(udp4("10.0.7.2", 1, "10.0.7.255", 7, "hello", 5));
  expect_received(1);
}

/* RFC 1122 3.2.2: no ICMP error about a broadcast. */
static void test_nobody_listens(void)
{
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  expect_drop(DROP_UDP_NO_PORT);
  rx(udp4(PEER, 1, ALL, 7, "hello", 5));
  expect_drop(DROP_UDP_NO_PORT);
  expect_silence();
}

#if SO_REUSE && SO_REUSE_RXTOALL

/* B8-135 */
static void test_all_that_share_a_port(void)
{
  hearer("0.0.0.0", 7);
  hearer("0.0.0.0", 7);
  hearer("10.0.0.1", 7);
  hearer("0.0.0.0", 8);
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  expect_received(3);
  rx(udp4(PEER, 1, "10.0.0.1", 7, "hello", 5)); /* unicast: the best one */
  expect_received(1);
}

static void test_connected_ones_too(void)
{
  ip_addr_t peer = ip_of(PEER);
  ip_addr_t other = ip_of("10.0.0.3");
  hearer("0.0.0.0", 7);
  assert_int_equal(udp_connect(hearer("0.0.0.0", 7), &peer, 1), ERR_OK);
  assert_int_equal(udp_connect(hearer("0.0.0.0", 7), &other, 1), ERR_OK);
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  expect_received(2);
}

/* Who changes his datagram changes nobody else's. */
static void scribble(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                     u16_t port)
{
  (void)arg;
  (void)pcb;
  (void)addr;
  (void)port;
  for (u16_t i = 0; i < p->tot_len; i++) {
    pbuf_put_at(p, i, 'X');
  }
  pbuf_free(p);
}

static void test_copies_are_apart(void)
{
  udp_recv(hearer("0.0.0.0", 7), scribble, NULL);
  hearer("0.0.0.0", 7);
  udp_recv(hearer("0.0.0.0", 7), scribble, NULL);
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  expect_received(1);
}

static struct udp_pcb *victims[4];
static int calls;

static void remove_all(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                       u16_t port)
{
  (void)arg;
  (void)pcb;
  (void)addr;
  (void)port;
  pbuf_free(p);
  calls++;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(victims); i++) {
    if (victims[i] != NULL) {
      udp_remove(victims[i]);
      victims[i] = NULL;
    }
  }
}

/* B8-139: the first callback closes all, itself too. */
static void test_callback_removes_all(void)
{
  calls = 0;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(victims); i++) {
    victims[i] = NULL;
  }
  for (size_t i = 0; i < LWIP_ARRAYSIZE(victims); i++) {
    victims[i] = hearer("0.0.0.0", 7);
    udp_recv(victims[i], remove_all, NULL);
  }
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  assert_int_equal(calls, 1);
  assert_null(udp_pcbs);
}

/* B8-139: it closes the one that comes next, or that was before; the others still get theirs. */
static void test_callback_removes_one(void)
{
  for (size_t which = 0; which < 3; which++) {
    struct udp_pcb *pcbs[3];
    calls = 0;
    for (size_t i = 0; i < LWIP_ARRAYSIZE(victims); i++) {
      victims[i] = NULL;
    }
    for (size_t i = 0; i < 3; i++) {
      pcbs[i] = hearer("0.0.0.0", 7);
    }
    udp_recv(pcbs[1], remove_all, NULL);
    victims[0] = pcbs[which];
    rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
    assert_int_equal(calls, 1);
    int others = 0;
    while (app_received() != NULL) {
      others++;
    }
    assert_in_range(others, 1, 2);
    assert_true(which != 1 || others == 2);
    while (udp_pcbs != NULL) {
      udp_remove(udp_pcbs);
    }
  }
}

/* A pcb that is bound elsewhere during the walk. */
static void rebind(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                   u16_t port)
{
  (void)addr;
  (void)port;
  pbuf_free(p);
  calls++;
  assert_int_equal(udp_bind(pcb, NULL, (u16_t)(100 + calls)), ERR_OK);
  assert_int_equal(udp_bind(*(struct udp_pcb **)arg, NULL, (u16_t)(200 + calls)), ERR_OK);
}

static void test_callback_rebinds(void)
{
  struct udp_pcb *a = hearer("0.0.0.0", 7);
  struct udp_pcb *b = hearer("0.0.0.0", 7);
  hearer("0.0.0.0", 7);
  calls = 0;
  udp_recv(a, rebind, &b);
  udp_recv(b, rebind, &a);
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  assert_int_equal(calls, 1);
  expect_received(1);
}

#if LWIP_FAULT_INJECTION
static void fail_next_allocation(void *arg, struct udp_pcb *pcb, struct pbuf *p,
                                 const ip_addr_t *addr, u16_t port)
{
  (void)arg;
  (void)pcb;
  (void)addr;
  (void)port;
  pbuf_free(p);
  calls++;
  fault_arm(1);
}

/* The second of three copies fails; the third receiver gets the original. */
static void test_no_memory_for_a_copy(void)
{
  calls = 0;
  hearer("0.0.0.0", 7);
  hearer("0.0.0.0", 7);
  udp_recv(hearer("0.0.0.0", 7), fail_next_allocation, NULL); /* the latest is the first */
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  fault_arm(0);
  assert_int_equal(calls, 1);
  expect_drop(DROP_UDP_NO_MEMORY);
  expect_received(1);
}
#endif

#endif /* SO_REUSE && SO_REUSE_RXTOALL */

#if IP_SOF_BROADCAST_RECV
/* Only for those who asked for broadcasts. */
static void test_receiver_without_option(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  rx(udp4(PEER, 1, SUBNET, 7, "hello", 5));
  expect_drop(DROP_UDP_BROADCAST_REFUSED);
  rx(udp4(PEER, 1, ALL, 7, "hello", 5));
  expect_drop(DROP_UDP_BROADCAST_REFUSED);
  rx(udp4(PEER, 1, SUBNET, 8, "hello", 5));
  expect_drop(DROP_UDP_NO_PORT);
  expect_silence();
  ip_set_option(pcb, SOF_BROADCAST);
  rx(udp4(PEER, 1, ALL, 7, "hello", 5));
  expect_received(1);
}
#endif

#if IP_SOF_BROADCAST
static void test_sender_needs_option(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t subnet = ip_of(SUBNET);
  ip_addr_t all = ip_of(ALL);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &subnet, 9), ERR_VAL);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &all, 9), ERR_VAL);
  expect_silence();
  ip_set_option(pcb, SOF_BROADCAST);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &subnet, 9), ERR_OK);
  struct frame *f = check_udp(check_ip4(tx(), "10.0.0.1", SUBNET, IP_PROTO_UDP), 7, 9, "x", 1);
  check_eth(f, broadcast_mac, our_mac, 0x0800);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &all, 9), ERR_OK);
  f = check_udp(check_ip4(tx(), "10.0.0.1", ALL, IP_PROTO_UDP), 7, 9, "x", 1);
  check_eth(f, broadcast_mac, our_mac, 0x0800);
}
#endif

/* A DHCP client: a netif without an address sends from and hears as 0.0.0.0. */
static void test_netif_without_address(void)
{
  struct udp_pcb *pcb = hearer("0.0.0.0", 68);
  netif_set_addr(&net.netif, IP4_ADDR_ANY4, IP4_ADDR_ANY4, IP4_ADDR_ANY4);
  assert_int_equal(udp_connect(pcb, IP4_ADDR_ANY, 67), ERR_OK);
  tx_discard();
  ip_addr_t all = ip_of(ALL);
  assert_int_equal(
      udp_sendto_if_src(pcb, app_pbuf("discover", 8), &all, 67, &net.netif, IP4_ADDR_ANY), ERR_OK);
  check_udp(check_ip4(tx(), "0.0.0.0", ALL, IP_PROTO_UDP), 68, 67, "discover", 8);
  rx(udp4("10.0.0.254", 67, ALL, 68, "hello", 5));
  expect_received(1);
}

static const struct packet_test tests[] = {
    TEST(test_any_hears_broadcasts),
    TEST(test_bound_hears_its_subnet),
    TEST(test_bound_hears_no_other_subnet),
    TEST(test_nobody_listens),
#if SO_REUSE && SO_REUSE_RXTOALL
    TEST(test_all_that_share_a_port),
    TEST(test_connected_ones_too),
    TEST(test_copies_are_apart),
    TEST(test_callback_removes_all),
    TEST(test_callback_removes_one),
    TEST(test_callback_rebinds),
#if LWIP_FAULT_INJECTION
    TEST(test_no_memory_for_a_copy),
#endif
#endif
#if IP_SOF_BROADCAST_RECV
    TEST(test_receiver_without_option),
#endif
#if IP_SOF_BROADCAST
    TEST(test_sender_needs_option),
#endif
    TEST(test_netif_without_address),
};
PACKET_MAIN(tests)
