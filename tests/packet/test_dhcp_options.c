/*
 * DHCP client: what options of an acknowledgement do to the netif, and malformed messages on the
 * wire (RFC 2132, RFC 3396, RFC 3442; security vectors B12-199, B12-200; features 119; gaps 3).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_DHCP

#include "dhcp_text.h"
#include "lwip/dns.h"
#include "gossamer/route.h"
#include "base/fault.h"

/** A client that waits for its acknowledgement, which has nothing but an hour yet. */
static struct answer begin_ack(void)
{
  go_requesting();
  struct answer a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  put_u32(&a, DHCP_OPTION_LEASE_TIME, 3600);
  return a;
}

static void expect_mask(const char *dotted)
{
  assert_int_equal(netif_ip4_netmask(NETIF)->addr, ip4_of(dotted).addr);
}

static void expect_gateway(const char *dotted)
{
  assert_int_equal(netif_ip4_gw(NETIF)->addr, ip4_of(dotted).addr);
}

/* --- mask and router --- */

/* B12-200: a mask with holes, of the wrong length, of nothing: as if it were not there. */
PACKET_TEST(test_masks)
{
  static const u8_t bad[][5] = {{255, 0, 255, 0}, {0, 0, 0, 0}, {255, 255, 255, 253}};
  for (unsigned i = 0; i <= LWIP_ARRAYSIZE(bad); i++) {
    packet_note("row %u: ", i);
    struct answer a = begin_ack();
    if (i < LWIP_ARRAYSIZE(bad)) {
      put_bytes(&a, DHCP_OPTION_SUBNET_MASK, bad[i], 4);
    } else {
      put_bytes(&a, DHCP_OPTION_SUBNET_MASK, "\xff\xff\xff", 3);
    }
    say(&a);
    pass_check();
    expect_mask("255.0.0.0"); /* 10.0.0.251 is of class A */
    assert_int_equal(netif_dhcp_data(NETIF)->flags & DHCP_FLAG_SUBNET_MASK_GIVEN, 0);
    dhcp_off();
  }
}

PACKET_TEST(test_mask_given)
{
  struct answer a = begin_ack();
  put_addr(&a, DHCP_OPTION_SUBNET_MASK, "255.255.240.0");
  say(&a);
  pass_check();
  expect_mask("255.255.240.0");
  assert_int_equal(netif_dhcp_data(NETIF)->flags & DHCP_FLAG_SUBNET_MASK_GIVEN,
                   DHCP_FLAG_SUBNET_MASK_GIVEN);
}

/* B12-200: a count of routers that is not whole; several; none that can be one. */
PACKET_TEST(test_routers)
{
  struct answer a = begin_ack();
  put_bytes(&a, DHCP_OPTION_ROUTER, "\x0a\x00\x00\xfe\x0a", 5);
  say(&a);
  pass_check();
  expect_gateway("0.0.0.0");
  dhcp_off();
  a = begin_ack();
  put_bytes(&a, DHCP_OPTION_ROUTER, "\x0a\x00\x00\xfe\x0a\x00\x00\x03", 8);
  say(&a);
  pass_check();
  expect_gateway("10.0.0.254");
  dhcp_off();
  a = begin_ack();
  put_addr(&a, DHCP_OPTION_ROUTER, "224.0.0.1");
  say(&a);
  pass_check();
  expect_gateway("0.0.0.0");
}

/* --- classless routes (RFC 3442) --- */

static unsigned routes_count(void)
{
  struct ip_route_entry r;
  unsigned n = 0;
  while (ip_route_get(n, &r)) {
    n++;
  }
  return n;
}

static const u8_t two_routes[] = {24, 192, 168, 5, 10, 0, 0, 3, 16, 172, 16, 0, 0, 0, 0};

/* ... take the place of routers, even without a default route among them. */
PACKET_TEST(test_classless_routes)
{
  struct answer a = begin_ack();
  put_addr(&a, DHCP_OPTION_ROUTER, "10.0.0.254");
  put_bytes(&a, DHCP_OPTION_CLASSLESS_ROUTES, two_routes, sizeof two_routes);
  say(&a);
  pass_check();
  expect_gateway("0.0.0.0");
  assert_int_equal(routes_count(), 2);
  struct ip_route_entry r;
  ip_addr_t dst = ip_of("192.168.5.9");
  const struct ip_route_entry *found = ip_route_lookup(&dst, NULL, -1);
  assert_non_null(found);
  assert_int_equal(ip_2_ip4(&found->gateway)->addr, ip4_of("10.0.0.3").addr);
  assert_true(ip_route_get(1, &r));
  dhcp_stop(NETIF);
  assert_int_equal(routes_count(), 0);
}

PACKET_TEST(test_classless_default_route)
{
  struct answer a = begin_ack();
  put_bytes(&a, DHCP_OPTION_CLASSLESS_ROUTES, "\x00\x0a\x00\x00\x05", 5);
  put_addr(&a, DHCP_OPTION_ROUTER, "10.0.0.254");
  say(&a);
  pass_check();
  expect_gateway("10.0.0.5");
  assert_int_equal(routes_count(), 0);
}

/* Renewals bring what there is now. */
PACKET_TEST(test_routes_change)
{
  struct answer a = begin_ack();
  put_bytes(&a, DHCP_OPTION_CLASSLESS_ROUTES, two_routes, sizeof two_routes);
  say(&a);
  pass_check();
  assert_int_equal(dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  put_bytes(&a, DHCP_OPTION_CLASSLESS_ROUTES, two_routes, 8);
  say(&a);
  assert_int_equal(routes_count(), 1);
  assert_int_equal(dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  put_addr(&a, DHCP_OPTION_ROUTER, "10.0.0.254");
  say(&a);
  assert_int_equal(routes_count(), 0);
  expect_gateway("10.0.0.254");
}

/* More than there is room for, and a list that breaks off: what is whole counts. */
PACKET_TEST(test_many_routes)
{
  struct answer a = begin_ack();
  u8_t list[250];
  size_t len = 0;
  for (u8_t i = 0; i < 30; i++) {
    memcpy(list + len, (const u8_t[]){24, 192, 168, i, 10, 0, 0, 3}, 8);
    len += 8;
  }
  put_bytes(&a, DHCP_OPTION_CLASSLESS_ROUTES, list, len);
  put_bytes(&a, DHCP_OPTION_CLASSLESS_ROUTES, list, 5);
  say(&a);
  pass_check();
  assert_int_equal(routes_count(), LWIP_DHCP_MAX_ROUTES);
}

PACKET_TEST(test_broken_routes)
{
  struct answer a = begin_ack();
  put_bytes(&a, DHCP_OPTION_CLASSLESS_ROUTES, "\x21\x0a\x00\x00\x05\x0a\x00\x00\x01", 9);
  say(&a);
  pass_check();
  assert_int_equal(routes_count(), 0);
}

/* --- MTU and domain --- */

PACKET_TEST(test_mtu)
{
  static const u16_t mtus[] = {0, 68, 575, 1300, 1499, 1500, 1501, 65535};
  u16_t driver_mtu = NETIF->mtu;
  u16_t least = LWIP_IPV6 ? 1280 : 576;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(mtus); i++) {
    packet_note("row %u: ", i);
    u16_t be = lwip_htons(mtus[i]);
    struct answer a = begin_ack();
    put_bytes(&a, DHCP_OPTION_MTU, &be, 2);
    say(&a);
    pass_check();
    bool is_taken = mtus[i] >= least && mtus[i] < driver_mtu;
    assert_int_equal(NETIF->mtu, is_taken ? mtus[i] : driver_mtu);
    dhcp_stop(NETIF);
    assert_int_equal(NETIF->mtu, driver_mtu);
    dhcp_off();
    tx_discard();
  }
}

PACKET_TEST(test_domain)
{
  struct dhcp_lease lease;
  struct answer a = begin_ack();
  put_bytes(&a, DHCP_OPTION_DOMAIN_NAME, "lab.", 4);
  put_bytes(&a, DHCP_OPTION_DOMAIN_NAME, "test", 4); /* RFC 3396 */
  say(&a);
  pass_check();
  assert_true(dhcp_lease_get(NETIF, &lease));
  assert_string_equal(lease.domain, "lab.test");
  assert_int_equal(dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  put_bytes(&a, DHCP_OPTION_DOMAIN_NAME, pattern(200, 1), 200); /* longer than is kept */
  say(&a);
  assert_true(dhcp_lease_get(NETIF, &lease));
  assert_string_equal(lease.domain, "");
  assert_int_equal(dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  put_bytes(&a, DHCP_OPTION_DOMAIN_NAME, "l\x1b\xff\0b", 5); /* bytes, up to a zero */
  say(&a);
  assert_true(dhcp_lease_get(NETIF, &lease));
  assert_string_equal(lease.domain, "l\x1b\xff");
}

/* --- name servers --- */

#if LWIP_DNS

static unsigned dns_count(void)
{
  unsigned n = 0;
  for (u8_t i = 0; i < DNS_MAX_SERVERS; i++) {
    n += !ip_addr_isany(dns_getserver(i));
  }
  return n;
}

/* B12-200: lengths of 0, 3, 5; servers that nobody can be. */
PACKET_TEST(test_dns_lengths)
{
  static const u8_t bytes[] = {10, 0, 0, 2, 10, 0, 0, 3};
  static const u8_t nobody[] = {224, 0, 0, 1, 0, 0, 0, 0};
  for (size_t len = 0; len <= sizeof bytes; len++) {
    packet_note("length %zu: ", len);
    struct answer a = begin_ack();
    put_bytes(&a, DHCP_OPTION_DNS_SERVER, bytes, len);
    say(&a);
    assert_int_equal(dns_count(), len == 4 ? 1 : len == 8 ? LWIP_MIN(2, DNS_MAX_SERVERS) : 0);
    dhcp_off();
    assert_int_equal(dns_count(), 0);
    tx_discard();
  }
  struct answer a = begin_ack();
  put_bytes(&a, DHCP_OPTION_DNS_SERVER, nobody, sizeof nobody);
  say(&a);
  assert_int_equal(dns_count(), 0);
}

/* gaps 3: servers that a new acknowledgement does not name are gone; 96: the program's stay. */
PACKET_TEST(test_dns_changes)
{
  ip_addr_t own = ip_of("10.0.0.77");
  dns_setserver(0, &own);
  struct answer a = begin_ack();
  put_bytes(&a, DHCP_OPTION_DNS_SERVER, "\x0a\x00\x00\x02", 4);
  say(&a);
  pass_check();
  assert_int_equal(dns_count(), LWIP_MIN(2, DNS_MAX_SERVERS));
  assert_true(ip_addr_eq(dns_getserver(0), &own));
  assert_int_equal(dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  say(&a);
  assert_int_equal(dns_count(), 1);
  assert_true(ip_addr_eq(dns_getserver(0), &own));
  dns_setserver(0, NULL);
}

#define DNS_TESTS TEST(test_dns_lengths), TEST(test_dns_changes),
#else
#define DNS_TESTS
#endif

/* --- malformed (B12-199) --- */

static void expect_refused(struct answer *a, enum drop_reason why)
{
  u8_t state = dhcp_state();
  say(a);
  expect_drop(why);
  assert_int_equal(dhcp_state(), state);
}

PACKET_TEST(test_malformed)
{
  go_requesting();
  struct answer a = answer_of(DHCP_ACK);
  a.is_ended = true;
  a.len = DHCP_FIXED_LEN - 1;
  expect_refused(&a, DROP_DHCP_SHORT);
  a = answer_of(DHCP_ACK);
  a.bytes[236] ^= 1;
  expect_refused(&a, DROP_DHCP_BAD_COOKIE);
  a = answer_of(DHCP_ACK); /* an option beyond the end */
  a.bytes[a.len++] = DHCP_OPTION_DNS_SERVER;
  a.bytes[a.len++] = 200;
  a.is_ended = true;
  expect_refused(&a, DROP_DHCP_BAD_OPTION);
  a = answer_of(DHCP_ACK); /* a code alone */
  a.bytes[a.len++] = DHCP_OPTION_DNS_SERVER;
  a.is_ended = true;
  expect_refused(&a, DROP_DHCP_BAD_OPTION);
  a = answer_of(DHCP_ACK); /* type twice */
  put_bytes(&a, DHCP_OPTION_MESSAGE_TYPE, "\x02", 1);
  expect_refused(&a, DROP_DHCP_BAD_OPTION);
  a = answer_of(DHCP_ACK); /* overload that breaks off */
  put_bytes(&a, DHCP_OPTION_OVERLOAD, "\x03", 1);
  a.bytes[DHCP_SNAME_OFS] = DHCP_OPTION_ROUTER;
  a.bytes[DHCP_SNAME_OFS + 1] = 63;
  expect_refused(&a, DROP_DHCP_BAD_OPTION);
}

/* A message longer than we said we take. */
PACKET_TEST(test_too_long)
{
  go_requesting();
  struct answer a = answer_of(DHCP_ACK);
  u8_t bytes[1473] = {0};
  memcpy(bytes, a.bytes, a.len);
  struct udp_spec spec = udp_spec_of(SERVER, 67, "255.255.255.255", 68);
  struct frame whole = udp4_opts(spec, bytes, sizeof bytes);
  struct frame part[2];
  size_t count = ip4_fragments(whole, 1200, part, 2);
  for (size_t i = 0; i < count; i++) {
    rx(part[i]);
  }
  expect_drop(DROP_DHCP_SHORT);
  assert_int_equal(dhcp_state(), DHCP_STATE_REQUESTING);
}

/* In pieces it takes memory to read it (the first allocation is the harness's); one loss is no more
 * than a lost message. */
PACKET_TEST(test_no_memory_to_join)
{
  u8_t bytes[300];
  go_requesting();
  struct answer a = answer_of(DHCP_ACK);
  memset(bytes, 0, sizeof bytes);
  memcpy(bytes, a.bytes, a.len);
  struct frame part[2];
  struct udp_spec spec = udp_spec_of(SERVER, 67, "255.255.255.255", 68);
  ip4_fragments(udp4_opts(spec, bytes, sizeof bytes), 200, part, 2);
  u32_t before = drop_count(DROP_DHCP_NO_MEMORY);
  for (u32_t nth = 2; nth < 20 && drop_count(DROP_DHCP_NO_MEMORY) == before; nth++) {
    rx(part[0]);
    fault_arm(nth);
    rx(part[1]);
    fault_arm(0);
    assert_int_equal(dhcp_state(), DHCP_STATE_REQUESTING);
  }
  assert_int_equal(drop_count(DROP_DHCP_NO_MEMORY), before + 1);
  rx(part[0]);
  rx(part[1]);
  pass_check();
}

/* END missing, a run of PAD, options of no length: no harm. */
PACKET_TEST(test_odd_but_whole)
{
  go_requesting();
  struct answer a = answer_of(DHCP_ACK);
  put_bytes(&a, DHCP_OPTION_NTP, NULL, 0);
  memset(a.bytes + a.len, DHCP_OPTION_PAD, 300);
  a.len += 300;
  put_bytes(&a, DHCP_OPTION_DOMAIN_NAME, NULL, 0);
  a.is_ended = true;
  say(&a);
  pass_check();
}

/* A lease whose options stand in the fields for names. */
PACKET_TEST(test_overload)
{
  go_requesting();
  struct answer a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  put_bytes(&a, DHCP_OPTION_OVERLOAD, "\x03", 1);
  memcpy(a.bytes + DHCP_FILE_OFS, "\x01\x04\xff\xff\xff\x00\x33\x04\x00\x00\x01\x00\xff", 13);
  memcpy(a.bytes + DHCP_SNAME_OFS, "\x03\x04\x0a\x00\x00\xfe\xff", 7);
  say(&a);
  pass_check();
  expect_mask("255.255.255.0");
  expect_gateway("10.0.0.254");
  struct dhcp_lease lease;
  advance_to(56000);
  assert_true(dhcp_lease_get(NETIF, &lease));
  assert_int_equal(lease.left_s, 200);
}

/* Every byte of an acknowledgement (where allocations fail: every 16th), wrong in turn: no crash,
   and a lease or none. */
PACKET_TEST(test_every_byte_wrong)
{
  go_requesting();
  struct answer good = answer_of(DHCP_ACK);
  for (size_t i = 0; i < good.len; i += packet_is_fault_run() ? 16 : 1) {
    struct answer a = good;
    a.bytes[i] ^= 0xff;
    say(&a);
    if (dhcp_state() != DHCP_STATE_REQUESTING) {
      dhcp_off();
      tx_discard();
      go_requesting();
      good = answer_of(DHCP_ACK);
    }
    ignore_drops();
  }
  say(&good);
  pass_check();
}

static const struct packet_test tests[] = {
    TEST(test_masks),
    TEST(test_mask_given),
    TEST(test_routers),
    TEST_IF(LWIP_DHCP_MAX_ROUTES >= 2, test_classless_routes),
    TEST_IF(LWIP_DHCP_MAX_ROUTES >= 2, test_classless_default_route),
    TEST_IF(LWIP_DHCP_MAX_ROUTES >= 2, test_routes_change),
    TEST_IF(LWIP_DHCP_MAX_ROUTES > 0, test_many_routes),
    TEST_IF(LWIP_DHCP_MAX_ROUTES > 0, test_broken_routes),
    TEST_IF(LWIP_DHCP_ENABLE_MTU_UPDATE, test_mtu),
    TEST_IF(LWIP_DHCP_DOMAIN_LEN > 0, test_domain),
    DNS_TESTS TEST(test_malformed),
    TEST_IF(IP_REASSEMBLY, test_too_long),
    TEST_FLAGS(test_no_memory_to_join,
               LWIP_FAULT_INJECTION &&IP_REASSEMBLY ? PACKET_ONCE : PACKET_NEVER),
    TEST(test_odd_but_whole),
    TEST(test_overload),
    TEST_FLAGS(test_every_byte_wrong, PACKET_NO_CHAINED),
};

#else

static void test_no_dhcp(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_dhcp, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
