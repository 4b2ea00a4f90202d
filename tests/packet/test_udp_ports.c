/**
 * @file
 * Local UDP ports: who may share one, and which one who asked for none gets (RFC 6056, B11-195).
 * needs: ipv4
 */
#include "packet.h"

static struct udp_pcb *pcb_with(u8_t options)
{
  struct udp_pcb *pcb = udp_new();
  assert_non_null(pcb);
  ip_set_option(pcb, options);
  return pcb;
}

static err_t bind_to(struct udp_pcb *pcb, const char *addr, u16_t port)
{
  ip_addr_t local = ip_of(addr);
  return udp_bind(pcb, &local, port);
}

static void test_same_port(void)
{
  app_udp(NULL, 7);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 7), ERR_USE);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 8), ERR_OK);
}

static void test_any_conflicts_with_specific(void)
{
  app_udp("10.0.0.1", 7);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 7), ERR_USE);
  app_udp(NULL, 8);
  assert_int_equal(bind_to(pcb_with(0), "10.0.0.1", 8), ERR_USE);
}

static void test_two_addresses(void)
{
  app_udp("10.0.0.1", 7);
  assert_int_equal(bind_to(pcb_with(0), "10.0.0.9", 7), ERR_OK);
  assert_int_equal(bind_to(pcb_with(0), "10.0.0.9", 7), ERR_USE);
}

#if SO_REUSE
/* Both must agree. */
static void test_reuse(void)
{
  struct udp_pcb *a = pcb_with(SOF_REUSEADDR);
  assert_int_equal(bind_to(a, "0.0.0.0", 7), ERR_OK);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 7), ERR_USE);
  assert_int_equal(bind_to(pcb_with(SOF_REUSEADDR), "0.0.0.0", 7), ERR_OK);
  ip_reset_option(a, SOF_REUSEADDR);
  assert_int_equal(bind_to(pcb_with(SOF_REUSEADDR), "0.0.0.0", 7), ERR_USE);
}
#endif

static void test_netifs(void)
{
  struct packet_net *second = net_add_netif();
  struct udp_pcb *a = pcb_with(0);
  struct udp_pcb *b = pcb_with(0);
  udp_bind_netif(a, &net.netif);
  udp_bind_netif(b, &second->netif);
  assert_int_equal(bind_to(a, "0.0.0.0", 7), ERR_OK);
  assert_int_equal(bind_to(b, "0.0.0.0", 7), ERR_OK);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 7), ERR_USE);
}

static void test_bind_again(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  app_udp(NULL, 9);
  assert_int_equal(bind_to(pcb, "0.0.0.0", 7), ERR_OK);
  assert_int_equal(bind_to(pcb, "10.0.0.1", 7), ERR_OK);
  assert_int_equal(bind_to(pcb, "10.0.0.1", 8), ERR_OK);
  assert_int_equal(bind_to(pcb, "10.0.0.1", 9), ERR_USE);
  assert_int_equal(pcb->local_port, 8);
  rx(udp4("10.0.0.2", 1, "10.0.0.1", 8, "x", 1));
  expect_datagram("10.0.0.2", 1, "x", 1);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 7), ERR_OK);
}

/* A connected pcb keeps its port. */
static void test_connected_pcb_conflicts(void)
{
  struct udp_pcb *pcb = app_udp(NULL, 7);
  ip_addr_t peer = ip_of("10.0.0.2");
  assert_int_equal(udp_connect(pcb, &peer, 1), ERR_OK);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 7), ERR_USE);
  assert_int_equal(bind_to(pcb_with(0), "10.0.0.9", 7), ERR_USE);
  udp_remove(pcb);
  assert_int_equal(bind_to(pcb_with(0), "0.0.0.0", 7), ERR_OK);
}

static void test_ports_are_unpredictable(void)
{
  enum { COUNT = 64 };
  u16_t ports[COUNT];
  int neighbours = 0;
  u16_t lowest = 0xFFFF;
  u16_t highest = 0;
  for (int i = 0; i < COUNT; i++) {
    struct udp_pcb *pcb = udp_new();
    assert_non_null(pcb);
    assert_int_equal(udp_bind(pcb, NULL, 0), ERR_OK);
    ports[i] = pcb->local_port;
    assert_in_range((u32_t)ports[i], UDP_LOCAL_PORT_RANGE_START, UDP_LOCAL_PORT_RANGE_END);
    lowest = LWIP_MIN(lowest, ports[i]);
    highest = LWIP_MAX(highest, ports[i]);
    for (int k = 0; k < i; k++) {
      assert_int_not_equal(ports[i], ports[k]);
    }
    neighbours += (i > 0 && (ports[i] == ports[i - 1] + 1 || ports[i] == ports[i - 1] - 1));
  }
  assert_true(neighbours < 4);
  assert_true(highest - lowest > (UDP_LOCAL_PORT_RANGE_END - UDP_LOCAL_PORT_RANGE_START) / 2);
}

/* An unbound pcb gets its port when it sends or connects. */
static void test_port_on_send(void)
{
  struct udp_pcb *pcb = pcb_with(0);
  ip_addr_t dst = ip_of("10.0.0.2");
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 9), ERR_OK);
  assert_in_range((u32_t)pcb->local_port, UDP_LOCAL_PORT_RANGE_START, UDP_LOCAL_PORT_RANGE_END);
  check_udp(check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_UDP), pcb->local_port, 9, "x", 1);
  u16_t port = pcb->local_port;
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 9), ERR_OK);
  assert_int_equal(pcb->local_port, port);
}

#undef udp_new_ip_type
#undef udp_remove

/* The search ends: with all ports taken, and with one left. */
static void test_all_ports_taken(void)
{
  enum { RANGE = UDP_LOCAL_PORT_RANGE_END - UDP_LOCAL_PORT_RANGE_START + 1 };
  static struct udp_pcb *pcbs[RANGE];
  if (MEMP_NUM_UDP_PCB < RANGE + 2) {
    assert_true(MEMP_NUM_UDP_PCB < RANGE); /* cannot happen with so few pcbs */
    return;
  }
  for (u32_t i = 0; i < RANGE; i++) {
    pcbs[i] = udp_new_ip_type(IPADDR_TYPE_V4);
    assert_non_null(pcbs[i]);
    u16_t port = (u16_t)(UDP_LOCAL_PORT_RANGE_START + i);
    assert_int_equal(udp_bind(pcbs[i], NULL, port), ERR_OK);
  }
  struct udp_pcb *late = udp_new_ip_type(IPADDR_TYPE_V4);
  assert_non_null(late);
  assert_int_equal(udp_bind(late, NULL, 0), ERR_USE);
  assert_int_equal(late->local_port, 0);
  udp_remove(pcbs[1234]);
  assert_int_equal(udp_bind(late, NULL, 0), ERR_OK);
  assert_int_equal(late->local_port, UDP_LOCAL_PORT_RANGE_START + 1234);
  while (udp_pcbs != NULL) {
    udp_remove(udp_pcbs);
  }
}

static const struct packet_test tests[] = {
    TEST(test_same_port),
    TEST(test_any_conflicts_with_specific),
    TEST(test_two_addresses),
#if SO_REUSE
    TEST(test_reuse),
#endif
    TEST(test_netifs),
    TEST(test_bind_again),
    TEST(test_connected_pcb_conflicts),
    TEST(test_ports_are_unpredictable),
    TEST(test_port_on_send),
    /* thousands of allocations: a fault run for each would take hours */
    TEST_FLAGS(test_all_ports_taken, PACKET_ONCE),
};
PACKET_MAIN(tests)
