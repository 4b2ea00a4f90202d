/**
 * @file
 * Raw endpoints over IPv6: what they see, the checksums that they have made and verified (RFC 3542
 * 3.1, features 186, 199, 200).
 * needs: ipv6
 */
#include "packet.h"
#include "lwip/prot/ip6.h"

#define PEER "2001:db8::2"
#define US   "2001:db8::1"
enum { PROTO = 200 };

static int calls;
static u8_t seen[256];
static u16_t seen_len;
static u16_t seen_header_len;
static ip_addr_t seen_src;

/* The callback's arg: what it answers. */
static u8_t on_packet(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  (void)pcb;
  calls++;
  seen_len = pbuf_copy_partial(p, seen, sizeof seen, 0);
  seen_src = *addr;
  seen_header_len = ip_current_header_tot_len();
  if (arg == NULL) {
    return 0;
  }
  pbuf_free(p);
  return 1;
}

static char takes[] = "takes";

static struct raw_pcb *raw_pcb_for(u8_t proto, void *arg)
{
  net6_up();
  struct raw_pcb *pcb = raw_new_ip_type(IPADDR_TYPE_V6, proto);
  assert_non_null(pcb);
  raw_recv(pcb, on_packet, arg);
  calls = 0;
  return pcb;
}

static err_t send_to(struct raw_pcb *pcb, const char *dst, const void *data, size_t len)
{
  ip_addr_t addr = ip_of(dst);
  return raw_sendto(pcb, app_pbuf(data, len), &addr);
}

static void test_packet_starts_at_the_ip_header(void)
{
  raw_pcb_for(PROTO, takes);
  rx(ip6(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  assert_int_equal(seen_len, 40 + 5);
  assert_int_equal(seen[0] >> 4, 6);
  assert_int_equal(seen[6], PROTO);
  assert_memory_equal(seen + 40, "hello", 5);
  ip_addr_t peer = ip_of(PEER);
  assert_true(ip_addr_eq(&seen_src, &peer));
  expect_no_drop();
  expect_silence();
}

/* All headers in front of the payload are shown, and told by ip_current_header_tot_len(). */
static void test_extension_headers_are_shown(void)
{
  struct ip6_spec spec = ip6_spec_of(PEER, US, PROTO);
  ip6_ext_add(&spec, NH_HOP_BY_HOP, "", 0);
  ip6_ext_add(&spec, NH_DEST, "\x1e\x0c............", 14);
  raw_pcb_for(PROTO, takes);
  rx(ip6_opts(spec, "hello", 5));
  assert_int_equal(calls, 1);
  assert_int_equal(seen_header_len, 40 + 8 + 16);
  assert_int_equal(seen_len, 40 + 8 + 16 + 5);
  assert_memory_equal(seen + 40 + 8 + 16, "hello", 5);
  expect_no_drop();
}

static void test_other_protocol(void)
{
  struct frame f = ip6(PEER, US, PROTO + 1, "eight by", 8);
  raw_pcb_for(PROTO, takes);
  rx(f);
  assert_int_equal(calls, 0);
  check_icmp6_error(tx(), T6_PARAMETER, 1, &f);
  expect_drop(DROP_IP6_NO_PROTO);
}

/* Heard but not taken: "unknown next header" would be wrong. */
static void test_not_taken_and_no_handler(void)
{
  raw_pcb_for(PROTO, NULL);
  rx(ip6(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  expect_silence();
}

/* Seen but not taken: the stack's handler goes on. */
static void test_not_taken(void)
{
  raw_pcb_for(NH_UDP, NULL);
  app_udp("::", 7);
  struct udp6_spec spec = udp6_spec_of(PEER, 1, US, 7);
  ip6_ext_add(&spec.ip, NH_DEST, "", 0);
  rx(udp6_opts(spec, "hello", 5));
  assert_int_equal(calls, 1);
  expect_datagram(PEER, 1, "hello", 5);
}

/* One family's packets are none of the other's business. */
static void test_sees_its_family_alone(void)
{
#if LWIP_IPV4
  struct raw_pcb *pcb4 = raw_new(PROTO);
  assert_non_null(pcb4);
  net6_up();
  raw_recv(pcb4, on_packet, takes);
  calls = 0;
  rx(ip6(PEER, US, PROTO, "hello", 5));
  assert_int_equal(calls, 0);
  expect_drop(DROP_IP6_NO_PROTO);
  tx_discard();
  raw_remove(pcb4);
  raw_pcb_for(PROTO, takes);
  ignore_drops();
  rx(ip4("10.0.0.2", "10.0.0.1", PROTO, "hello", 5));
  assert_int_equal(calls, 0);
  expect_drop(DROP_IP4_NO_PROTO);
#endif
}

static void test_bound_and_connected(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  ip_addr_t us = ip_of(US);
  ip_addr_t peer = ip_of(PEER);
  assert_int_equal(raw_bind(pcb, &us), ERR_OK);
  assert_int_equal(raw_connect(pcb, &peer), ERR_OK);
  rx(ip6(PEER, US, PROTO, "a", 1));
  assert_int_equal(calls, 1);
  rx(ip6("2001:db8::3", US, PROTO, "a", 1));
  rx(ip6("fe80::2", "fe80::ff:fe00:1", PROTO, "a", 1));
  assert_int_equal(calls, 1);
  tx_discard();
  assert_int_equal(raw_send(pcb, app_pbuf("hello", 5)), ERR_OK);
  struct frame *f = check_ip6(tx(), US, PEER, PROTO);
  assert_memory_equal(f->data + IP6_PAYLOAD_AT, "hello", 5);
}

/* --- checksums --- */

/* RFC 3542 3.1: always computed for ICMPv6, whatever the program wrote there. */
static void test_icmp6_checksum_is_made(void)
{
  static const u8_t echo[] = {T6_ECHO_REQUEST, 0, 0xde, 0xad, 0x12, 0x34, 0, 1, 'd', 'a', 't'};
  struct raw_pcb *pcb = raw_pcb_for(NH_ICMP6, NULL);
  assert_int_equal(pcb->chksum_reqd, 1);
  assert_int_equal(pcb->chksum_offset, 2);
  assert_int_equal(send_to(pcb, PEER, echo, sizeof echo), ERR_OK);
  struct frame *f = check_icmp6(tx(), T6_ECHO_REQUEST, 0);
  check_ip6(f, US, PEER, NH_ICMP6);
  assert_memory_equal(f->data + IP6_PAYLOAD_AT + 4, echo + 4, sizeof echo - 4);
  assert_int_equal(send_to(pcb, "fe80::2", echo, sizeof echo), ERR_OK);
  check_ip6(check_icmp6(tx(), T6_ECHO_REQUEST, 0), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6);
  assert_int_equal(send_to(pcb, PEER, echo, 3), ERR_VAL); /* no room for it */
}

/* A ping program hears the answers, and not those that were damaged. */
static void test_icmp6_checksum_is_verified(void)
{
  raw_pcb_for(NH_ICMP6, takes);
  struct frame f = icmp6(PEER, US, T6_ECHO_REPLY, 0, 0x12340001, "data", 4);
  rx(f);
  assert_int_equal(calls, 1);
  assert_int_equal(seen_len, 40 + 8 + 4);
  f.data[f.len - 1] ^= 1;
  rx(f);
  assert_int_equal(calls, 1);
  expect_drop(DROP_ICMP6_BAD_CHECKSUM);
}

/* IPV6_CHECKSUM: a place of the program's choice */
static void test_checksum_elsewhere(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  u8_t data[10] = {1, 2, 3, 4, 0xff, 0xff, 7, 8, 9, 10};
  pcb->chksum_reqd = 1;
  pcb->chksum_offset = 4;
  assert_int_equal(send_to(pcb, PEER, data, sizeof data), ERR_OK);
  struct frame *f = check_ip6(tx(), US, PEER, PROTO);
  u16_t sum = get16(f, IP6_PAYLOAD_AT + 4);
  memset(data + 4, 0, 2);
  assert_int_equal(sum, checksum6(US, PEER, PROTO, data, sizeof data));
  assert_int_equal(send_to(pcb, PEER, data, 5), ERR_VAL);

  u16_t back = checksum6(PEER, US, PROTO, data, sizeof data);
  data[4] = (u8_t)(back >> 8);
  data[5] = (u8_t)back;
  rx(ip6(PEER, US, PROTO, data, sizeof data));
  assert_int_equal(calls, 1);
  data[9] ^= 1;
  ignore_drops();
  rx(ip6(PEER, US, PROTO, data, sizeof data));
  rx(ip6(PEER, US, PROTO, data, 5)); /* ends before the place */
  assert_int_equal(calls, 1);
  expect_drops(2, DROP_IP6_NO_PROTO);
}

static void test_no_checksum_unless_asked(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  assert_int_equal(pcb->chksum_reqd, 0);
  assert_int_equal(send_to(pcb, PEER, "hello", 5), ERR_OK);
  assert_memory_equal(check_ip6(tx(), US, PEER, PROTO)->data + IP6_PAYLOAD_AT, "hello", 5);
}

/* --- sending --- */

static void test_header_included(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  struct ip6_spec spec = ip6_spec_of(US, PEER, PROTO);
  spec.hop_limit = 3;
  spec.flow = 0x12345;
  struct frame f = ip6_opts(spec, "hello", 5);
  raw_set_flags(pcb, RAW_FLAGS_HDRINCL);
  assert_int_equal(send_to(pcb, PEER, f.data + IP6_AT, f.len - IP6_AT), ERR_OK);
  struct frame *sent = check_ip6(tx(), US, PEER, PROTO);
  assert_memory_equal(sent->data + IP6_AT, f.data + IP6_AT, f.len - IP6_AT);
  assert_int_equal(send_to(pcb, PEER, f.data + IP6_AT, 39), ERR_VAL);
}

static void test_ends_of_families(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, NULL);
  assert_int_equal(send_to(pcb, "::ffff:10.0.0.2", "x", 1), ERR_VAL); /* it is for IPv6 alone */
#if LWIP_IPV4
  assert_int_equal(send_to(pcb, "10.0.0.2", "x", 1), ERR_VAL);
#endif
  expect_silence();
}

static void test_netif_is_removed(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  struct packet_net *other = net_add_netif();
  net6_up_on(other);
  raw_bind_netif(pcb, &other->netif);
  rx(ip6(PEER, US, PROTO, "x", 1));
  assert_int_equal(calls, 0);
  netif_remove(&other->netif);
  rx(ip6(PEER, US, PROTO, "x", 1));
  assert_int_equal(calls, 0);
  tx_discard();
  assert_int_equal(send_to(pcb, PEER, "x", 1), ERR_RTE);
  raw_bind_netif(pcb, NULL);
  rx(ip6(PEER, US, PROTO, "x", 1));
  assert_int_equal(calls, 1);
  assert_int_equal(send_to(pcb, PEER, "x", 1), ERR_OK);
}

/* As lwIP: who is bound to an address follows when another one takes its place. */
static void test_bound_address_changes(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  ip_addr_t us = ip_of(US);
  ip6_addr_t next = ip6_of("2001:db8::77");
  assert_int_equal(raw_bind(pcb, &us), ERR_OK);
  netif_ip6_addr_set(&net.netif, 1, &next);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_PREFERRED);
  tx_discard();
  rx(ip6(PEER, "2001:db8::77", PROTO, "hello", 5));
  assert_int_equal(calls, 1);
  assert_int_equal(send_to(pcb, PEER, "x", 1), ERR_OK);
  check_ip6(tx(), "2001:db8::77", PEER, PROTO);
}

#if LWIP_RAW_ERRORS
static int errors;
static err_t last_error;

static void on_error(void *arg, struct raw_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)arg;
  (void)pcb;
  (void)e;
  errors++;
  last_error = err;
}

static void test_errors(void)
{
  struct raw_pcb *pcb = raw_pcb_for(PROTO, takes);
  ip_addr_t peer = ip_of(PEER);
  errors = 0;
  raw_err(pcb, on_error);
  assert_int_equal(raw_connect(pcb, &peer), ERR_OK);
  assert_int_equal(raw_send(pcb, app_pbuf("eight by", 8)), ERR_OK);
  struct frame sent = frame_copy(*check_ip6(tx(), US, PEER, PROTO));
  rx(icmp6_error(PEER, US, T6_PARAMETER, 1, 6, &sent, 0));
  assert_int_equal(errors, 1);
  assert_int_equal(last_error, ERR_CONN);
  expect_no_drop();
}
#endif

static const struct packet_test tests[] = {
    TEST(test_packet_starts_at_the_ip_header),
    TEST(test_extension_headers_are_shown),
    TEST(test_other_protocol),
    TEST(test_not_taken_and_no_handler),
    TEST(test_not_taken),
    TEST(test_sees_its_family_alone),
    TEST(test_bound_and_connected),
    TEST_FLAGS(test_icmp6_checksum_is_made, PACKET_ONCE),
    TEST(test_icmp6_checksum_is_verified),
    TEST(test_checksum_elsewhere),
    TEST_FLAGS(test_no_checksum_unless_asked, PACKET_ONCE),
    TEST_FLAGS(test_header_included, PACKET_ONCE),
    TEST_FLAGS(test_ends_of_families, PACKET_ONCE),
    TEST(test_netif_is_removed),
    TEST(test_bound_address_changes),
#if LWIP_RAW_ERRORS
    TEST(test_errors),
#endif
};

PACKET_MAIN(tests)
