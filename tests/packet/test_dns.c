/*
 * DNS: names to addresses, aliases, the cache, negative answers, failover (RFC 1034, 1035, 2181,
 * 2308; features 237 to 239, 242, 247).
 * Attacks are in test_dns_attack.c, servers in test_dns_servers.c, TCP in test_dns_tcp.c,
 * what programs call in tests/api/test_netdb*.c. needs: ipv4
 */
#include "dns_server.h"

#define WWW "www.example"

PACKET_TEST(test_address)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  expect_silence();
  dns_answer(&q, 60, "192.0.2.1");
  dns_told_addrs("192.0.2.1", NULL);
  assert_int_equal(told.ttl_s, 60);
  assert_string_equal(told.canonical, "");
  assert_false(told.is_truncated);
  expect_silence();
}

/* A dot at the end is no other name; upper case neither (RFC 4343). */
PACKET_TEST(test_same_name)
{
  dns_has_server(SERVER);
  dns_ask("www.example.", RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 60, "192.0.2.1");
  dns_told_addrs("192.0.2.1", NULL);
  dns_ask("WWW.Example", RESOLVE_IP4);
  dns_told_addrs("192.0.2.1", NULL);
  expect_silence();
}

/* All addresses of a name, not the first one (gaps 6). */
PACKET_TEST(test_all_addresses)
{
  char addr[16];
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  struct dns_reply r = dns_reply_to(&q, 0);
  for (unsigned i = 1; i <= 29; i++) {
    snprintf(addr, sizeof addr, "192.0.2.%u", i);
    dns_put_addr(&r, NULL, 100 + i, addr);
  }
  dns_send(&q, &r);
  assert_int_equal(told.status, RESOLVE_OK);
  assert_int_equal(told.addrs, 29);
  assert_string_equal(told.addr[28], "192.0.2.29");
  assert_int_equal(told.ttl_s, 101); /* the least */
}

#if LWIP_IPV6

/* Both questions go out at once; both answers are told together. */
PACKET_TEST(test_both_families)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4 | RESOLVE_IP6);
  struct dns_question q6 = dns_asked(SERVER, WWW, DNS_RRTYPE_AAAA);
  struct dns_question q4 = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  assert_int_not_equal(q4.port, q6.port);
  assert_int_not_equal(q4.id, q6.id);
  dns_answer(&q4, 60, "192.0.2.1");
  assert_int_equal(told.count, 0);
  dns_answer(&q6, 30, "2001:db8::1");
  assert_int_equal(told.ttl_s, 30);
  dns_told_addrs("2001:db8::1", "192.0.2.1");
}

/* One of them is enough; the other's failure does not count. */
PACKET_TEST(test_one_family_fails)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4 | RESOLVE_IP6);
  struct dns_question q6 = dns_asked(SERVER, WWW, DNS_RRTYPE_AAAA);
  struct dns_question q4 = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_refuse(&q6, 2);
  dns_answer(&q4, 60, "192.0.2.1");
  dns_told_addrs("192.0.2.1", NULL);
  dns_clear_cache();
  dns_ask("other.example", RESOLVE_IP4 | RESOLVE_IP6);
  q6 = dns_asked(SERVER, "other.example", DNS_RRTYPE_AAAA);
  q4 = dns_asked(SERVER, "other.example", DNS_RRTYPE_A);
  dns_refuse(&q6, 3);
  dns_refuse(&q4, 0);
  dns_told_status(RESOLVE_NO_NAME);
}

#endif

/* --- aliases --- */

/* RFC 1034 3.6.2: in any order of the records. */
PACKET_TEST(test_aliases)
{
  for (int order = 0; order < 2; order++) {
    dns_has_server(SERVER);
    dns_ask(WWW, RESOLVE_IP4);
    struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
    struct dns_reply r = dns_reply_to(&q, 0);
    if (order == 1) {
      dns_put_addr(&r, "host.example", 50, "192.0.2.1");
      dns_put_cname(&r, "alias.example", 70, "Host.example");
    }
    dns_put_cname(&r, NULL, 40, "alias.example");
    if (order == 0) {
      dns_put_cname(&r, "alias.example", 70, "Host.example");
      dns_put_addr(&r, "host.example", 50, "192.0.2.1");
    }
    dns_send(&q, &r);
    assert_int_equal(told.ttl_s, 40);
    assert_string_equal(told.canonical, "host.example");
    dns_told_addrs("192.0.2.1", NULL);
    dns_ask(WWW, RESOLVE_IP4); /* from the cache */
    assert_string_equal(told.canonical, "host.example");
    dns_told_addrs("192.0.2.1", NULL);
    expect_silence();
    dns_clear_cache();
  }
}

/* The server did not look the target up: it is asked for (gaps 6). */
PACKET_TEST(test_alias_target_is_asked_for)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_cname(&r, NULL, 40, "a.other.test");
  dns_send(&q, &r);
  q = dns_asked(SERVER, "a.other.test", DNS_RRTYPE_A);
  r = dns_reply_to(&q, 0);
  dns_put_cname(&r, NULL, 30, "b.other.test");
  dns_send(&q, &r);
  q = dns_asked(SERVER, "b.other.test", DNS_RRTYPE_A);
  dns_answer(&q, 50, "192.0.2.7");
  assert_int_equal(told.ttl_s, 30);
  assert_string_equal(told.canonical, "b.other.test"); /* not in the question's random case */
  dns_told_addrs("192.0.2.7", NULL);
}

/* ... but not for ever. */
PACKET_TEST(test_endless_aliases)
{
  char name[32] = WWW;
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  for (unsigned i = 0; i <= 8; i++) {
    struct dns_question q = dns_asked(SERVER, name, DNS_RRTYPE_A);
    struct dns_reply r = dns_reply_to(&q, 0);
    snprintf(name, sizeof name, "n%u.example", i);
    dns_put_cname(&r, NULL, 40, name);
    dns_send(&q, &r);
  }
  dns_told_status(RESOLVE_FAILED);
  expect_silence();
}

/* B13-214: aliases in a circle. */
PACKET_TEST(test_aliases_in_a_circle)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_cname(&r, NULL, 40, "b.example");
  dns_put_cname(&r, "b.example", 40, WWW);
  dns_send(&q, &r);
  expect_drop(DROP_DNS_MALFORMED);
  dns_told_status(RESOLVE_FAILED);
}

/* --- the cache --- */

PACKET_TEST(test_cache)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 60, "192.0.2.1");
  dns_told_addrs("192.0.2.1", NULL);
  advance(59000);
  dns_ask(WWW, RESOLVE_IP4);
  assert_int_equal(told.ttl_s, 1);
  dns_told_addrs("192.0.2.1", NULL);
  expect_silence();
  advance(1000);
  dns_ask(WWW, RESOLVE_IP4);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 60, "192.0.2.2");
  dns_told_addrs("192.0.2.2", NULL);
  dns_clear_cache();
  dns_ask(WWW, RESOLVE_IP4);
  dns_asked(SERVER, WWW, DNS_RRTYPE_A);
}

/* B13-215: 0 is for this answer alone, 2^31 and more are 0 (RFC 2181 8), the rest has a cap. */
PACKET_TEST(test_ttl_values)
{
  const u32_t once[] = {0, 0x80000000U, 0xFFFFFFFFU};
  dns_has_server(SERVER);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(once); i++) {
    dns_ask(WWW, RESOLVE_IP4);
    struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
    dns_answer(&q, once[i], "192.0.2.1");
    assert_int_equal(told.ttl_s, 0);
    dns_told_addrs("192.0.2.1", NULL);
  }
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 0x7FFFFFFFU, "192.0.2.1");
  assert_int_equal(told.ttl_s, DNS_MAX_TTL);
}

/* RFC 2308 5: for as long as the SOA record says. */
PACKET_TEST(test_negative_answers)
{
  for (u8_t rcode = 0; rcode <= 3; rcode = (u8_t)(rcode + 3)) {
    enum resolve_status status = rcode == 0 ? RESOLVE_NO_DATA : RESOLVE_NO_NAME;
    dns_has_server(SERVER);
    dns_ask("no.example", RESOLVE_IP4);
    struct dns_question q = dns_asked(SERVER, "no.example", DNS_RRTYPE_A);
    struct dns_reply r = dns_reply_to(&q, rcode);
    dns_put_soa(&r, 100, 20);
    dns_send(&q, &r);
    dns_told_status(status);
    advance(19000);
    dns_ask("no.example", RESOLVE_IP4);
    dns_told_status(status);
    expect_silence();
    advance(1000);
    dns_ask("no.example", RESOLVE_IP4);
    q = dns_asked(SERVER, "no.example", DNS_RRTYPE_A);
    dns_refuse(&q, rcode); /* without a lifetime it is for this time */
    dns_told_status(status);
    dns_ask("no.example", RESOLVE_IP4);
    dns_asked(SERVER, "no.example", DNS_RRTYPE_A);
    dns_quiet();
    advance(20000);
  }
}

/* RFC 2308 5: three hours at most. */
PACKET_TEST(test_negative_cap)
{
  dns_has_server(SERVER);
  dns_ask("no.example", RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, "no.example", DNS_RRTYPE_A);
  struct dns_reply r = dns_reply_to(&q, 3);
  dns_put_soa(&r, 1000000, 1000000);
  dns_send(&q, &r);
  dns_told_status(RESOLVE_NO_NAME);
  advance(10799 * 1000);
  dns_ask("no.example", RESOLVE_IP4);
  dns_told_status(RESOLVE_NO_NAME);
  advance(1000);
  dns_ask("no.example", RESOLVE_IP4);
  dns_asked(SERVER, "no.example", DNS_RRTYPE_A);
}

/* Many names: the oldest make room, and nothing runs over. */
PACKET_TEST(test_full_cache)
{
  char name[32];
  dns_has_server(SERVER);
  for (unsigned i = 0; i < 2 * DNS_TABLE_SIZE + 5; i++) {
    snprintf(name, sizeof name, "n%u.example", i);
    dns_queries_used = 0;
    dns_ask(name, RESOLVE_IP4);
    struct dns_question q = dns_asked(SERVER, name, DNS_RRTYPE_A);
    dns_answer(&q, 6000, "192.0.2.1");
    dns_told_addrs("192.0.2.1", NULL);
  }
  dns_queries_used = 0;
  dns_ask("n6.example", RESOLVE_IP4);
  dns_told_addrs("192.0.2.1", NULL);
  dns_ask("n4.example", RESOLVE_IP4);
  dns_asked(SERVER, "n4.example", DNS_RRTYPE_A);
}

/* --- several who ask --- */

/* One question for all who want the same (RFC 5452 5: no birthday attack); each hears the answer.
 */
PACKET_TEST(test_shared_question)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  dns_ask("WWW.example", RESOLVE_IP4);
  struct resolve_query *third = dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  expect_silence();
  resolve_cancel(third);
  resolve_cancel(third);
  dns_answer(&q, 0, "192.0.2.1");
  assert_int_equal(told.count, 2);
}

PACKET_TEST(test_cancelled)
{
  dns_has_server(SERVER);
  struct resolve_query *only = dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  u32_t timers = timers_count();
  resolve_cancel(only);
  assert_true(timers_count() < timers);
  dns_answer(&q, 60, "192.0.2.1"); /* nobody is there any more */
  expect_drop(DROP_UDP_NO_PORT);
  tx_discard();
  assert_int_equal(told.count, 0);
}

/* --- failover --- */

/* A silent server is asked four times, with more patience each time. */
PACKET_TEST(test_silent_server)
{
  const u32_t wait_ms[] = {1000, 2000, 4000, 8000};
  u16_t port = 0;
  u16_t id = 0;
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  for (unsigned i = 0; i < DNS_MAX_RETRIES; i++) {
    struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
    assert_int_not_equal(q.port, port); /* RFC 5452 9.2: both are new */
    assert_int_not_equal(q.id, id);
    port = q.port;
    id = q.id;
    advance(wait_ms[LWIP_MIN(i, 3)] - 1);
    expect_silence();
    assert_int_equal(told.count, 0);
    advance(1);
  }
  dns_told_status(RESOLVE_TRY_AGAIN);
  expect_silence();
}

PACKET_TEST(test_second_server)
{
  dns_has_two_servers();
  dns_ask(WWW, RESOLVE_IP4);
  dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  advance(1000);
  struct dns_question q = dns_asked(SERVER2, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 0, "192.0.2.1");
  dns_told_addrs("192.0.2.1", NULL);
  /* Who has answered is asked first from now on. */
  dns_ask(WWW, RESOLVE_IP4);
  dns_asked(SERVER2, WWW, DNS_RRTYPE_A);
  advance(1000);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 0, "192.0.2.2");
  dns_told_addrs("192.0.2.2", NULL);
}

/* B13-208: a server that cannot tell; the next one is asked at once. */
PACKET_TEST(test_server_cannot_tell)
{
  const u8_t rcodes[] = {1, 2, 4, 5};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(rcodes); i++) {
    u8_t rcode = rcodes[i];
    dns_has_two_servers();
    dns_ask(WWW, RESOLVE_IP4);
    struct frame *f = tx();
    assert_non_null(f);
    struct dns_question first = dns_question_of(f);
    dns_refuse(&first, rcode);
    f = tx();
    assert_non_null(f);
    struct dns_question second = dns_question_of(f);
    assert_string_not_equal(first.server, second.server);
    dns_refuse(&second, rcode);
    dns_told_status(rcode == 2 ? RESOLVE_TRY_AGAIN : RESOLVE_FAILED);
    expect_silence();
  }
}

/* No such name is an answer: nobody else is asked (gaps 6). */
PACKET_TEST(test_no_name_is_an_answer)
{
  dns_has_two_servers();
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_refuse(&q, 3);
  dns_told_status(RESOLVE_NO_NAME);
  expect_silence();
}

/* ICMP says that nobody serves there: no need to wait. */
PACKET_TEST(test_port_unreachable)
{
  dns_has_two_servers();
  dns_ask(WWW, RESOLVE_IP4);
  struct frame *f = tx();
  assert_non_null(f);
  rx(icmp4_error(SERVER, US, ICMP_DUR, ICMP_DUR_PORT, 0, f, 0));
  struct dns_question q = dns_asked(SERVER2, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 0, "192.0.2.1");
  dns_told_addrs("192.0.2.1", NULL);
}

PACKET_TEST(test_no_server)
{
  dns_has_server(SERVER);
  dns_clear_servers(false);
  dns_ask(WWW, RESOLVE_IP4);
  dns_told_status(RESOLVE_TRY_AGAIN);
  expect_silence();
}

/* --- truncation --- */

/* RFC 2181 9, B13-208: what fitted is told, as not all; it is not kept. Here nobody answers by
   TCP; test_dns_tcp.c has the rest. */
PACKET_TEST(test_truncated)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  struct dns_reply r = dns_reply_to(&q, 0);
  r.bytes[2] |= DNS_FLAG1_TRUNC;
  dns_put_addr(&r, NULL, 60, "192.0.2.1");
  dns_put_addr(&r, NULL, 60, "192.0.2.2");
  r.len -= 3;
  dns_send(&q, &r);
  advance(5000);
  tx_discard();
  assert_true(told.is_truncated);
  dns_told_addrs("192.0.2.1", NULL);
  dns_ask(WWW, RESOLVE_IP4);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  r = dns_reply_to(&q, 0);
  r.bytes[2] |= DNS_FLAG1_TRUNC;
  dns_send(&q, &r);
  advance(5000);
  tx_discard();
  assert_true(told.is_truncated);
  dns_told_status(RESOLVE_FAILED);
}

/* --- names of addresses (RFC 1035 3.5, RFC 3596 2.5) --- */

/** Ask for the name of this address. @return the question */
static struct dns_question name_asked(const char *addr, const char *name)
{
  static char text[RESOLVE_ADDRESS_NAME_SIZE];
  ip_addr_t a = ip_of(addr);
  resolve_name_of_address(&a, text);
  assert_string_equal(text, name);
  dns_has_server(SERVER);
  dns_ask(text, RESOLVE_NAME);
  return dns_asked(SERVER, name, DNS_RRTYPE_PTR);
}

static void put_ptr(struct dns_reply *r, const char *owner, const char *name)
{
  struct dns_name n;
  assert_true(dns_name_from_text(&n, name));
  dns_put_raw(r, 0, owner, DNS_RRTYPE_PTR, 60, n.bytes, n.len);
}

static void told_name(const char *name)
{
  assert_int_equal(told.count, 1);
  assert_int_equal(told.status, RESOLVE_OK);
  assert_int_equal(told.addrs, 0);
  assert_string_equal(told.canonical, name);
  told.count = 0;
}

PACKET_TEST(test_name_of_address)
{
  struct dns_question q = name_asked("192.0.2.107", "107.2.0.192.in-addr.arpa");
  struct dns_reply r = dns_reply_to(&q, 0);
  put_ptr(&r, NULL, "host.example");
  put_ptr(&r, NULL, "other.example");
  dns_send(&q, &r);
  assert_int_equal(told.ttl_s, 60);
  told_name("host.example");
  dns_ask("107.2.0.192.in-addr.arpa", RESOLVE_NAME); /* from the cache */
  told_name("host.example");
  expect_silence();
}

/* B13-217: who has the address says what it is called; bytes that are no letters come escaped. */
PACKET_TEST(test_strange_name_of_address)
{
  static const u8_t name[] = {6, 'a', 0, '.', '\n', 0x1B, ';', 1, 'B', 0};
  struct dns_question q = name_asked("192.0.2.107", "107.2.0.192.in-addr.arpa");
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_PTR, 60, name, sizeof name);
  dns_send(&q, &r);
  told_name("a\\000\\046\\010\\027;.b");
}

/* RFC 2317: where a network is divided below the dots, names are aliases. */
PACKET_TEST(test_name_by_an_alias)
{
  struct dns_question q = name_asked("192.0.2.1", "1.2.0.192.in-addr.arpa");
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_cname(&r, NULL, 60, "1.0/25.2.0.192.in-addr.arpa");
  put_ptr(&r, "1.0/25.2.0.192.in-addr.arpa", "host.example");
  dns_send(&q, &r);
  told_name("host.example");
}

PACKET_TEST(test_no_name_of_address)
{
  struct dns_question q = name_asked("192.0.2.1", "1.2.0.192.in-addr.arpa");
  dns_refuse(&q, 3);
  dns_told_status(RESOLVE_NO_NAME);
  dns_queries_used = 0;
  q = name_asked("192.0.2.2", "2.2.0.192.in-addr.arpa");
  struct dns_reply r = dns_reply_to(&q, 0); /* a name that is none */
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_PTR, 60, "\3ab", 3);
  dns_send(&q, &r);
  expect_drop(DROP_DNS_MALFORMED);
  dns_told_status(RESOLVE_FAILED);
}

#if LWIP_IPV6

PACKET_TEST(test_name_of_ip6_address)
{
  struct dns_question q = name_asked(
      "2001:db8::12", "2.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
  struct dns_reply r = dns_reply_to(&q, 0);
  put_ptr(&r, NULL, "six.example");
  dns_send(&q, &r);
  told_name("six.example");
  dns_queries_used = 0;
  name_asked("::ffff:192.0.2.1", "1.2.0.192.in-addr.arpa");
}

#endif

/* --- lwip/dns.h --- */

static unsigned found_count;
static bool found_none;
static ip_addr_t found_addr;
static const char *found_name;

static void found(const char *name, const ip_addr_t *addr, void *arg)
{
  LWIP_UNUSED_ARG(name);
  found_name = (const char *)arg;
  found_count++;
  found_none = addr == NULL;
  if (addr != NULL) {
    ip_addr_copy(found_addr, *addr);
  }
}

PACKET_TEST(test_gethostbyname)
{
  ip_addr_t addr[DNS_MAX_HOST_IP];
  ip_addr_t want = ip_of("192.0.2.1");
  static const char mine[] = "mine";
  found_count = 0;
  dns_has_server(SERVER);
  assert_int_equal(dns_gethostbyname("192.0.2.1", addr, found, NULL), ERR_OK);
  assert_true(ip_addr_eq(addr, &want));
  assert_int_equal(dns_gethostbyname(WWW, addr, found, (void *)(uintptr_t)mine), ERR_INPROGRESS);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_answer(&q, 60, "192.0.2.1");
  assert_int_equal(found_count, 1);
  assert_ptr_equal(found_name, mine);
  assert_true(!found_none && ip_addr_eq(&found_addr, &want));
  assert_int_equal(dns_gethostbyname(WWW, addr, found, NULL), ERR_OK);
  assert_int_equal(dns_gethostbyname("localhost", addr, found, NULL), ERR_OK);
  assert_int_equal(found_count, 1);
  assert_int_equal(dns_gethostbyname(NULL, addr, found, NULL), ERR_ARG);
  assert_int_equal(dns_gethostbyname("", addr, found, NULL), ERR_ARG);
  assert_int_equal(dns_gethostbyname("x", NULL, found, NULL), ERR_ARG);
  assert_int_equal(dns_gethostbyname("a..b", addr, found, NULL), ERR_VAL);
  dns_clear_servers(false);
  assert_int_equal(dns_gethostbyname("x.example", addr, found, NULL), ERR_VAL);
  assert_int_equal(found_count, 1);
}

/* Both orders; the second IP version is asked only for want of the first. */
PACKET_TEST(test_orders)
{
  ip_addr_t addr[DNS_MAX_HOST_IP];
  found_count = 0;
  dns_has_server(SERVER);
  assert_int_equal(dns_gethostbyname_addrtype(WWW, addr, found, NULL, LWIP_DNS_ADDRTYPE_IPV4_IPV6),
                   ERR_INPROGRESS);
  struct dns_question q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  expect_silence();
  if (!LWIP_IPV6) {
    return;
  }
  dns_refuse(&q, 0);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_AAAA);
  assert_int_equal(found_count, 0);
  dns_answer(&q, 0, "2001:db8::1");
  assert_int_equal(found_count, 1);
  assert_true(!found_none && IP_IS_V6_VAL(found_addr));
  assert_int_equal(dns_gethostbyname_addrtype(WWW, addr, found, NULL, LWIP_DNS_ADDRTYPE_IPV6_IPV4),
                   ERR_INPROGRESS);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_AAAA);
  dns_refuse(&q, 3);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  dns_refuse(&q, 3);
  assert_int_equal(found_count, 2);
  assert_true(found_none);
  assert_int_equal(
      dns_gethostbyname_addrtype("2001:db8::1", addr, found, NULL, LWIP_DNS_ADDRTYPE_IPV4),
      ERR_ARG);
}

/* The instance ends while questions are on their way: the harness looks for what is left. */
PACKET_TEST(test_end_while_asking)
{
  ip_addr_t addr[DNS_MAX_HOST_IP];
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  assert_int_equal(dns_gethostbyname("x.example", addr, found, NULL), ERR_INPROGRESS);
  tx_discard();
}

static const struct packet_test tests[] = {
    TEST(test_address),
    TEST(test_same_name),
    TEST(test_all_addresses),
#if LWIP_IPV6
    TEST(test_both_families),
    TEST(test_one_family_fails),
#endif
    TEST(test_aliases),
    TEST(test_alias_target_is_asked_for),
    TEST(test_endless_aliases),
    TEST(test_aliases_in_a_circle),
    TEST(test_cache),
    TEST(test_ttl_values),
    TEST(test_negative_answers),
    TEST(test_negative_cap),
    TEST_FLAGS(test_full_cache, PACKET_ONCE),
    TEST(test_shared_question),
    TEST(test_cancelled),
    TEST(test_silent_server),
    TEST(test_second_server),
    TEST(test_server_cannot_tell),
    TEST(test_no_name_is_an_answer),
    TEST(test_port_unreachable),
    TEST(test_no_server),
    TEST(test_truncated),
    TEST(test_name_of_address),
    TEST(test_strange_name_of_address),
    TEST(test_name_by_an_alias),
    TEST(test_no_name_of_address),
#if LWIP_IPV6
    TEST(test_name_of_ip6_address),
#endif
    TEST(test_gethostbyname),
    TEST(test_orders),
    TEST(test_end_while_asking),
};

PACKET_MAIN(tests)
