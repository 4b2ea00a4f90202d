/*
 * DNS: what the configuration names: servers, names without a server, a resolver of the program's
 * (features 243, 244, 249, 250). The sources that read it are compiled once more, here.
 * needs: ipv4
 */
#include "lwip/ip_addr.h"

static int resolve_by_hook(const char *name, ip_addr_t *addr);

#define DNS_SERVER_ADDRESS(a)          ipaddr_aton("10.0.0.53", a)
#define FALLBACK_DNS_SERVER_ADDRESS(a) ipaddr_aton("10.0.0.54", a)
#define DNS_LOCAL_HOSTLIST_INIT                                                                    \
  {                                                                                                \
    DNS_LOCAL_HOSTLIST_ELEM("printer", IPADDR4_INIT_BYTES(10, 0, 0, 9))                            \
  }
#define LWIP_HOOK_DNS_EXTERNAL_RESOLVE(name, addr, found, arg, type, err)                          \
  ((void)(found), (void)(arg), (void)(type), *(err) = ERR_OK, resolve_by_hook(name, addr))

#include "control/dns_api.c"
#include "control/dns_local.c"
#include "control/dns_servers.c"

#include "dns_server.h"

static int resolve_by_hook(const char *name, ip_addr_t *addr)
{
  return strcmp(name, "by.hook") == 0 && ipaddr_aton("192.0.2.7", addr);
}

/** Servers that are not answered are asked in turn, the fallback as the last. */
PACKET_TEST(test_servers)
{
  ip_addr_t addr = ip_of("10.0.0.53");
  assert_true(ip_addr_eq(dns_getserver(0), &addr));
  packet_at_end(dns_quiet);
  memset(&told, 0, sizeof told);
  dns_queries_used = 0;
  dns_ask("www.example", RESOLVE_IP4);
  struct dns_question q = dns_asked("10.0.0.53", "www.example", DNS_RRTYPE_A);
  dns_refuse(&q, 2);
  advance(0);
  q = dns_asked("10.0.0.54", "www.example", DNS_RRTYPE_A);
  dns_answer(&q, 60, "192.0.2.1");
  dns_told_addrs("192.0.2.1", NULL);
  dns_clear_servers(true);
  assert_true(ip_addr_isany(dns_getserver(0)));
  dns_clear_cache();
  dns_ask("www.example", RESOLVE_IP4);
  q = dns_asked("10.0.0.54", "www.example", DNS_RRTYPE_A); /* though place 0 is empty */
  dns_answer(&q, 60, "192.0.2.2");
  dns_told_addrs("192.0.2.2", NULL);
}

/** Only where a list without memory made the stack ask. */
static void on_found(const char *name, const ip_addr_t *addr, void *arg)
{
  (void)name;
  (void)addr;
  (void)arg;
  assert_true(packet_is_fault_run());
}

PACKET_TEST(test_names)
{
  ip_addr_t addr, expected = ip_of("10.0.0.9");
  dns_queries_used = 0;
  packet_at_end(dns_quiet);
  assert_int_equal(dns_gethostbyname("printer", &addr, on_found, NULL), ERR_OK);
  assert_true(ip_addr_eq(&addr, &expected));
  assert_int_equal(dns_gethostbyname("by.hook", &addr, on_found, NULL), ERR_OK);
  expected = ip_of("192.0.2.7");
  assert_true(ip_addr_eq(&addr, &expected));
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_servers, PACKET_ONCE),
    TEST_FLAGS(test_names, PACKET_ONCE),
};
PACKET_MAIN(tests)
