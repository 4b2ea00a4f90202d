/**
 * @file
 * Raw IP endpoints (features 199, 200).
 * needs: ipv4
 */
#include "packet.h"
#include "lwip/igmp.h"
#include "lwip/prot/ip4.h"
#include "base/fault.h"

#define PEER "10.0.0.2"
#define US   "10.0.0.1"
enum { PROTO = 200 };

static int calls;
static u8_t seen[128];
static u16_t seen_len;
static ip_addr_t seen_src;

/* The callback's arg: what it answers. */
static u8_t on_packet(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  (void)pcb;
  calls++;
  seen_len = pbuf_copy_partial(p, seen, sizeof seen, 0);
  seen_src = *addr;
  if (arg == NULL) {
    return 0;
  }
  pbuf_free(p);
  return 1;
}

static char takes[] = "takes";

static struct raw_pcb *raw_pcb_for(u8_t proto, void *arg)
{
  struct raw_pcb *pcb = raw_new(proto);
  assert_non_null(pcb);
  raw_recv(pcb, on_packet, arg);
  calls = 0;
  return pcb;
}

static void test_packet_starts_at_the_ip_header(void)
{
  raw_pcb_for(PROTO, takes);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  assert_int_equal(seen_len, IP_HLEN + 5);
  assert_int_equal(seen[0], 0x45);
  assert_int_equal(seen[9], PROTO);
  assert_memory_equal(seen + IP_HLEN, "hello", 5);
  ip_addr_t peer = ip_of(PEER);
  assert_true(ip_addr_eq(&seen_src, &peer));
  expect_no_drop();
  expect_silence();
}

static void test_options_are_shown(void)
{
  struct ip4_spec spec = ip4_spec_of(PEER, US, PROTO);
  spec.options = "\1\1\1";
  spec.options_len = 3;
  raw_pcb_for(PROTO, takes);
  rx(ip4_opts(spec, "hello", 5));
  assert_int_equal(seen_len, IP_HLEN + 4 + 5);
  assert_int_equal(seen[0], 0x46);
}

static void test_other_protocol(void)
{
  struct frame f = ip4(PEER, US, PROTO + 1, "eight by", 8);
  raw_pcb_for(PROTO, takes);
  rx(f);
  assert_int_equal(calls, 0);
  check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PROTO, &f);
  expect_drop(DROP_IP4_NO_PROTO);
}

/* Seen but not taken: the stack's handler goes on. */
static void test_not_taken(void)
{
  raw_pcb_for(IP_PROTO_UDP, NULL);
  app_udp(NULL, 7);
  rx(udp4(PEER, 1, US, 7, "hello", 5));
  assert_int_equal(calls, 1);
  expect_datagram(PEER, 1, "hello", 5);
}

static void test_taken(void)
{
  raw_pcb_for(IP_PROTO_UDP, takes);
  app_udp(NULL, 7);
  rx(udp4(PEER, 1, US, 7, "hello", 5));
  assert_int_equal(calls, 1);
  expect_no_datagram();
  expect_no_drop();
}

/* Heard by a raw endpoint: no "protocol unreachable", though nobody took it. */
static void test_heard_protocol_is_reachable(void)
{
  raw_pcb_for(PROTO, NULL);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  expect_silence();
  expect_no_drop();
}

/* All see it until one takes it; the latest is asked first. */
static void test_several(void)
{
  raw_pcb_for(PROTO, NULL);
  struct raw_pcb *taker = raw_pcb_for(PROTO, takes);
  raw_pcb_for(PROTO, NULL);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 2);
  raw_remove(taker);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 4);
}

static void test_bound_address(void)
{
  ip_addr_t us = ip_of(US);
  ip_addr_t other = ip_of("10.0.0.9");
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  assert_int_equal(raw_bind(pcb, &other), ERR_OK);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 0);
  assert_int_equal(raw_bind(pcb, &us), ERR_OK);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 1);
}

static void test_connected(void)
{
  ip_addr_t peer = ip_of(PEER);
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  assert_int_equal(raw_connect(pcb, &peer), ERR_OK);
  rx(ip4("10.0.0.3", US, PROTO, "hello", 5));
  assert_int_equal(calls, 0);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  raw_disconnect(pcb);
  rx(ip4("10.0.0.3", US, PROTO, "hello", 5));
  assert_int_equal(calls, 2);
}

static void test_bound_netif(void)
{
  struct packet_net *second = net_add_netif();
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  raw_bind_netif(pcb, &second->netif);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 0);
  rx_on(second, ip4("10.0.1.2", "10.0.1.1", PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  ip_addr_t dst = ip_of("10.0.1.2");
  tx_discard();
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &dst), ERR_OK);
  check_ip4(tx_on(second), "10.0.1.1", "10.0.1.2", PROTO);
  raw_bind_netif(pcb, NULL);
  assert_int_equal(pcb->netif_idx, NETIF_NO_INDEX);
}

static void test_no_callback(void)
{
  raw_recv(raw_pcb_for(PROTO, NULL), NULL, NULL);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  expect_drop(DROP_IP4_NO_PROTO);
}

static void test_broadcast(void)
{
  ip_addr_t us = ip_of(US);
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  ip_set_option(pcb, SOF_BROADCAST);
  rx(ip4(PEER, "10.0.0.255", PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  assert_int_equal(raw_bind(pcb, &us), ERR_OK);
  rx(ip4(PEER, "255.255.255.255", PROTO, "hello", 5));
  assert_int_equal(calls, 2);
}

#if SO_REUSE && SO_REUSE_RXTOALL
/* Of a group's packet everybody who says so gets a copy, whoever takes his. */
static void test_multicast_copies(void)
{
  ip4_addr_t group = ip4_of("239.1.2.3");
  assert_int_equal(igmp_joingroup_netif(&net.netif, &group), ERR_OK);
  for (int i = 0; i < 3; i++) {
    struct raw_pcb *pcb = raw_pcb_for(PROTO, i == 0 ? NULL : takes);
    ip_set_option(pcb, SOF_REUSEADDR);
  }
  rx(ip4(PEER, "239.1.2.3", PROTO, "hello", 5));
  assert_int_equal(calls, 3);
  expect_no_drop();
}

#if LWIP_FAULT_INJECTION
static u8_t fail_next_allocation(void *arg, struct raw_pcb *pcb, struct pbuf *p,
                                 const ip_addr_t *addr)
{
  (void)arg;
  (void)pcb;
  (void)p;
  (void)addr;
  fault_arm(1);
  return 0;
}

static void test_no_memory_for_a_copy(void)
{
  ip4_addr_t group = ip4_of("239.1.2.3");
  assert_int_equal(igmp_joingroup_netif(&net.netif, &group), ERR_OK);
  for (int i = 0; i < 3; i++) {
    struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
    ip_set_option(pcb, SOF_REUSEADDR);
    if (i == 2) {
      raw_recv(pcb, fail_next_allocation, NULL); /* the latest is the first */
    }
  }
  rx(ip4(PEER, "239.1.2.3", PROTO, "hello", 5));
  fault_arm(0);
  assert_int_equal(calls, 1);
  expect_drop(DROP_RAW_NO_MEMORY);
}
#endif
#endif

static struct raw_pcb *victims[3];

static u8_t remove_all(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  (void)arg;
  (void)pcb;
  (void)p;
  (void)addr;
  calls++;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(victims); i++) {
    if (victims[i] != NULL) {
      raw_remove(victims[i]);
      victims[i] = NULL;
    }
  }
  return 0;
}

static void test_callback_removes(void)
{
  for (size_t which = 0; which < 4; which++) {
    struct raw_pcb *pcbs[3];
    memset(victims, 0, sizeof victims);
    for (size_t i = 0; i < 3; i++) {
      pcbs[i] = raw_new(PROTO);
      assert_non_null(pcbs[i]);
      raw_recv(pcbs[i], i == 1 ? remove_all : on_packet, NULL);
    }
    for (size_t i = 0; i < 3; i++) {
      victims[i] = (which == 3 || which == i) ? pcbs[i] : NULL;
    }
    calls = 0;
    rx(ip4(PEER, US, PROTO, "hello", 5));
    /* from the latest on: the first pcb is still to come when the middle one is called */
    assert_int_equal(calls, (which == 0 || which == 3) ? 2 : 3);
    for (size_t i = 0; i < 3; i++) {
      if (which != 3 && which != i) {
        raw_remove(pcbs[i]);
      }
    }
  }
  expect_silence();
}

static void test_send(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  ip_addr_t peer = ip_of(PEER);
  struct pbuf *p = app_pbuf("hello", 5);
  const void *payload = p->payload;
  pcb->ttl = 9;
  pcb->tos = 0x10;
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &peer), ERR_OK); /* resolves ARP */
  assert_non_null(tx());
  assert_int_equal(raw_sendto(pcb, p, &peer), ERR_OK);
  struct frame *f = check_ip4(tx(), US, PEER, PROTO);
  assert_int_equal(get8(f, 22), 9);
  assert_int_equal(get8(f, 15), 0x10);
  assert_memory_equal(f->data + 34, "hello", 5);
  assert_ptr_equal(p->payload, payload);
  assert_int_equal(p->tot_len, 5);
  assert_int_equal(raw_connect(pcb, &peer), ERR_OK);
  assert_int_equal(raw_send(pcb, p), ERR_OK);
  check_ip4(tx(), US, PEER, PROTO);
}

static void test_send_without_headroom(void)
{
  static char text[] = "hello";
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  ip_addr_t peer = ip_of(PEER);
  struct pbuf *p = pbuf_alloc_reference(text, 5, PBUF_ROM);
  assert_non_null(p);
  app_own(p);
  assert_int_equal(raw_sendto(pcb, p, &peer), ERR_OK);
  assert_memory_equal(check_ip4(tx(), US, PEER, PROTO)->data + 34, "hello", 5);
  assert_ptr_equal(p->payload, text);
}

static void test_send_from_source(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  ip_addr_t peer = ip_of(PEER);
  ip_addr_t src = ip_of("10.0.0.99");
  assert_int_equal(raw_sendto_if_src(pcb, app_pbuf("x", 1), &peer, &net.netif, &src), ERR_OK);
  check_ip4(tx(), "10.0.0.99", PEER, PROTO);
}

/* The program's own header goes out as it is. */
static void test_send_with_header(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  ip_addr_t peer = ip_of(PEER);
  struct ip4_spec spec = ip4_spec_of(US, PEER, 99);
  spec.ttl = 77;
  struct frame f = ip4_opts(spec, "hello", 5);
  raw_set_flags(pcb, RAW_FLAGS_HDRINCL);
  assert_int_equal(raw_sendto(pcb, app_pbuf(f.data + 14, IP_HLEN + 5), &peer), ERR_OK);
  struct frame *sent = check_ip4(tx(), US, PEER, 99);
  assert_int_equal(get8(sent, 22), 77);
  assert_memory_equal(sent->data + 34, "hello", 5);
  assert_int_equal(raw_sendto(pcb, app_pbuf(f.data + 14, IP_HLEN - 1), &peer), ERR_VAL);
  expect_silence();
}

static void test_wrong_calls(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  ip_addr_t peer = ip_of(PEER);
  struct pbuf *p = app_pbuf("x", 1);
  assert_int_equal(raw_sendto(NULL, p, &peer), ERR_ARG);
  assert_int_equal(raw_sendto(pcb, NULL, &peer), ERR_ARG);
  assert_int_equal(raw_sendto(pcb, p, NULL), ERR_ARG);
  assert_int_equal(raw_send(NULL, p), ERR_ARG);
  assert_int_equal(raw_sendto_if_src(pcb, p, &peer, NULL, &peer), ERR_ARG);
  assert_int_equal(raw_bind(NULL, &peer), ERR_VAL);
  assert_int_equal(raw_bind(pcb, NULL), ERR_VAL);
  assert_int_equal(raw_connect(pcb, NULL), ERR_VAL);
  assert_int_equal(raw_sendto(pcb, app_pbuf(pattern(65516, 1), 65516), &peer), ERR_VAL);
  (raw_remove)(NULL);
  netif_set_default(NULL);
  ip_addr_t far = ip_of("192.0.2.1");
  assert_int_equal(raw_sendto(pcb, p, &far), ERR_RTE);
  expect_silence();
}

#if IP_SOF_BROADCAST
static void test_broadcast_needs_option(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  ip_addr_t all = ip_of("10.0.0.255");
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &all), ERR_VAL);
  ip_set_option(pcb, SOF_BROADCAST);
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &all), ERR_OK);
  check_ip4(tx(), US, "10.0.0.255", PROTO);
}
#endif

#if LWIP_MULTICAST_TX_OPTIONS
static void test_multicast_options(void)
{
  struct packet_net *second = net_add_netif();
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  ip_addr_t group = ip_of("239.1.2.3");
  assert_int_equal(igmp_joingroup_netif(&second->netif, ip_2_ip4(&group)), ERR_OK);
  tx_discard();
  raw_set_multicast_ttl(pcb, 3);
  raw_set_multicast_netif_index(pcb, netif_get_index(&second->netif));
  raw_set_flags(pcb, RAW_FLAGS_MULTICAST_LOOP);
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &group), ERR_OK);
  assert_int_equal(get8(check_ip4(tx_on(second), "10.0.1.1", "239.1.2.3", PROTO), 22), 3);
  advance(1);
  assert_int_equal(calls, 1);
}
#endif

#if LWIP_RAW_ERRORS
static int errors;
static err_t last_error;

static void on_error(void *arg, struct raw_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)arg;
  assert_non_null(e);
  errors++;
  last_error = err;
  raw_remove(pcb);
}

static void test_errors(void)
{
  struct raw_pcb *connected = raw_pcb_for(PROTO, NULL);
  struct raw_pcb *open = raw_pcb_for(PROTO, NULL);
  struct raw_pcb *elsewhere = raw_pcb_for(PROTO, NULL);
  ip_addr_t peer = ip_of(PEER);
  ip_addr_t other = ip_of("10.0.0.3");
  errors = 0;
  raw_err(connected, on_error);
  raw_err(open, on_error);
  raw_err(elsewhere, on_error);
  assert_int_equal(raw_connect(connected, &peer), ERR_OK);
  assert_int_equal(raw_connect(elsewhere, &other), ERR_OK);
  assert_int_equal(raw_send(connected, app_pbuf("hellohello", 10)), ERR_OK);
  struct frame sent = frame_copy(*check_ip4(tx(), US, PEER, PROTO));
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PROTO, 0, &sent, 0));
  assert_int_equal(errors, 2);
  assert_int_equal(last_error, ERR_CONN);
  expect_no_drop();
  rx(icmp4_error(PEER, US, ICMP_DUR, ICMP_DUR_PROTO, 0, &sent, 0));
  assert_int_equal(errors, 2);
  expect_drop(DROP_ICMP_NOT_OURS);
}
#endif

/* As lwIP: who is bound to an address follows when another one takes its place. */
static void test_bound_address_changes(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  ip_addr_t us = ip_of(US);
  ip_addr_t next = ip_of("10.0.0.77");
  assert_int_equal(raw_bind(pcb, &us), ERR_OK);
  netif_set_ipaddr(&net.netif, ip_2_ip4(&next));
  tx_discard();
  assert_true(ip_addr_eq(&pcb->local_ip, &next));
  rx(ip4(PEER, "10.0.0.77", PROTO, "hello", 5));
  assert_int_equal(calls, 1);
}

static void test_netif_is_removed(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  struct packet_net *other = net_add_netif();
  ip_addr_t dst = ip_of(PEER);
  raw_bind_netif(pcb, &other->netif);
  netif_remove(&other->netif);
  assert_int_equal(pcb->netif_idx, NETIF_NO_INDEX);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 0);
  tx_discard();
  assert_int_equal(raw_sendto(pcb, app_pbuf("x", 1), &dst), ERR_RTE);
  raw_bind_netif(pcb, NULL);
  rx(ip4(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 1);
}

static const struct packet_test tests[] = {
    TEST(test_bound_address_changes),
    TEST(test_netif_is_removed),
    TEST(test_packet_starts_at_the_ip_header),
    TEST(test_options_are_shown),
    TEST(test_other_protocol),
    TEST(test_not_taken),
    TEST(test_taken),
    TEST(test_heard_protocol_is_reachable),
    TEST(test_several),
    TEST(test_bound_address),
    TEST(test_connected),
    TEST(test_bound_netif),
    TEST(test_no_callback),
    TEST(test_broadcast),
#if SO_REUSE && SO_REUSE_RXTOALL
    TEST(test_multicast_copies),
#if LWIP_FAULT_INJECTION
    TEST(test_no_memory_for_a_copy),
#endif
#endif
    TEST(test_callback_removes),
    TEST(test_send),
    TEST(test_send_without_headroom),
    TEST(test_send_from_source),
    TEST(test_send_with_header),
    TEST(test_wrong_calls),
#if IP_SOF_BROADCAST
    TEST(test_broadcast_needs_option),
#endif
#if LWIP_MULTICAST_TX_OPTIONS
    TEST(test_multicast_options),
#endif
#if LWIP_RAW_ERRORS
    TEST(test_errors),
#endif
};
PACKET_MAIN(tests)
