/**
 * @file
 * Names: who is asked, what comes back, waiting, cancelling, failing allocations. A resolver of the
 * test's stands for DNS.
 * needs: threads
 * variants: messages checked
 */
#include "api.h"
#include <stdlib.h>
#include "lwip/api.h"
#include "lwip/dns.h"
#include "lwip/mem.h"
#include "lwip/netdb.h"
#include "lwip/netif.h"
#include "lwip/sockets.h"
#include "gossamer/resolver.h"
#include "compat/posix/arpa/inet.h"
#include "compat/posix/net/if.h"
#include "compat/posix/netdb.h"
#include "compat/posix/sys/socket.h"
#include "compat/stdc/errno.h"

/** What the test's resolver says. */
struct oracle {
  struct resolver resolver;
  const char *name; /* the one that it knows */
  const char *canonical;
  const char *addr[8]; /* up to NULL */
  enum resolve_status otherwise;
  bool is_slow;                  /* answers when told to */
  struct resolve_query *waiting; /* the last one that was not answered */
  unsigned started;
  unsigned cancelled;
  u8_t families; /* last asked for */
  sys_sem_t asked;
};
static struct oracle oracle;

static void oracle_answer(struct resolve_query *q)
{
  ip_addr_t addr[LWIP_ARRAYSIZE(oracle.addr)];
  size_t count = 0;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(oracle.addr) && oracle.addr[i] != NULL; i++) {
    if (ipaddr_aton(oracle.addr[i], &addr[count]) &&
        (resolve_family_of(&addr[count]) & q->families) != 0) {
      count++;
    }
  }
  struct resolve_answer a = {.status = oracle.otherwise};
  if (oracle.name != NULL && strcmp(q->name, oracle.name) == 0) {
    a.status = count > 0 ? RESOLVE_OK : RESOLVE_NO_DATA;
    a.addr = addr;
    a.count = count;
    a.canonical = oracle.canonical;
  }
  resolve_done(q, &a);
}

static void oracle_start(struct resolver *r, struct resolve_query *q)
{
  assert_ptr_equal(r, &oracle.resolver);
  oracle.started++;
  oracle.families = q->families;
  if (oracle.is_slow) {
    oracle.waiting = q;
    sys_sem_signal(&oracle.asked);
  } else {
    oracle_answer(q);
  }
}

static void oracle_cancel(struct resolver *r, struct resolve_query *q)
{
  assert_ptr_equal(r, &oracle.resolver);
  assert_ptr_equal(q, oracle.waiting);
  oracle.waiting = NULL;
  oracle.cancelled++;
}

static int oracle_setup(void **state)
{
  memset(&oracle, 0, sizeof oracle);
  oracle.resolver.start = oracle_start;
  oracle.resolver.cancel = oracle_cancel;
  oracle.otherwise = RESOLVE_NO_NAME;
  if (api_setup(state) != 0) {
    return -1;
  }
  oracle.asked = api_sem();
  LOCK_TCPIP_CORE();
  resolver_add(&oracle.resolver);
  resolver_add(&oracle.resolver); /* harmless */
  UNLOCK_TCPIP_CORE();
  return 0;
}

static int oracle_teardown(void **state)
{
  LOCK_TCPIP_CORE();
  resolver_remove(&oracle.resolver);
  resolver_remove(&oracle.resolver);
  UNLOCK_TCPIP_CORE();
  sys_sem_free(&oracle.asked);
  return api_teardown(state);
}
#define ORACLE_TEST(function)                                                                      \
  cmocka_unit_test_setup_teardown(function, oracle_setup, oracle_teardown)

/** The oracle knows `name`, with addresses of the families of this build. */
static void knows(const char *name)
{
  oracle.name = name;
  oracle.addr[0] = "192.0.2.1";
  oracle.addr[1] = "192.0.2.2";
  oracle.addr[2] = "2001:db8::1";
  oracle.addr[3] = "2001:db8::2";
}

static int outcome(const char *node, int flags, int family)
{
  struct addrinfo h, *res = NULL;
  memset(&h, 0, sizeof h);
  h.ai_flags = flags;
  h.ai_family = family;
  h.ai_socktype = SOCK_STREAM;
  int err = lwip_getaddrinfo(node, NULL, &h, &res);
  assert_true((err == 0) == (res != NULL));
  lwip_freeaddrinfo(res);
  return err;
}

static struct addrinfo *found(const char *node, int flags, int family)
{
  struct addrinfo h, *res = NULL;
  memset(&h, 0, sizeof h);
  h.ai_flags = flags;
  h.ai_family = family;
  h.ai_socktype = SOCK_DGRAM;
  assert_int_equal(lwip_getaddrinfo(node, "53", &h, &res), 0);
  return res;
}

/** How many of a list are of a family. */
static unsigned count_of(const struct addrinfo *ai, int family)
{
  unsigned n = 0;
  for (; ai != NULL; ai = ai->ai_next) {
    n += ai->ai_family == family;
  }
  return n;
}

#define FAMILIES (LWIP_IPV4 + LWIP_IPV6)

/** All answers (gaps 6: lwIP gives one). */
static void all_answers(void **state)
{
  LWIP_UNUSED_ARG(state);
  knows("www.example");
  struct addrinfo *res = found("www.example", AI_CANONNAME, AF_UNSPEC);
  assert_int_equal(count_of(res, AF_INET), LWIP_IPV4 ? 2 : 0);
  assert_int_equal(count_of(res, LWIP_IPV6 ? AF_INET6 : -1), LWIP_IPV6 ? 2 : 0);
  assert_string_equal(res->ai_canonname, "www.example");
  assert_null(res->ai_next->ai_canonname);
  lwip_freeaddrinfo(res);
  assert_int_equal(oracle.families, (LWIP_IPV4 ? RESOLVE_IP4 : 0) | (LWIP_IPV6 ? RESOLVE_IP6 : 0));
  oracle.canonical = "host.example";
  res = found("www.example", AI_CANONNAME, AF_UNSPEC);
  assert_string_equal(res->ai_canonname, "host.example");
  lwip_freeaddrinfo(res);
}

/** Results live side by side (gaps 12: with MEMP_NUM_NETDB 1 a second one was EAI_MEMORY), and one
    free() gives all of one back where the heap is libc's. */
static void results_of_the_heap(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res[20];
  knows("www.example");
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(res); i++) {
    res[i] = found("www.example", 0, AF_UNSPEC);
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(res); i++) {
    if (MEM_LIBC_MALLOC && i % 2 == 0) {
      free(res[i]);
    } else {
      lwip_freeaddrinfo(res[i]);
    }
  }
}

static void from_another_instance(void **state)
{
  LWIP_UNUSED_ARG(state);
  knows("www.example");
  struct addrinfo *res = found("www.example", 0, AF_UNSPEC);
  struct stack *mine = stack_enter(NULL);
  lwip_freeaddrinfo(res);
  stack_leave(mine);
}

/** Who has no route or no source comes last: both stay in their order here. */
static void families_and_flags(void **state)
{
  LWIP_UNUSED_ARG(state);
  knows("www.example");
  if (LWIP_IPV4 && LWIP_IPV6) {
    struct addrinfo *res = found("www.example", 0, AF_INET);
    assert_int_equal(oracle.families, RESOLVE_IP4);
    assert_int_equal(count_of(res, AF_INET), 2);
    lwip_freeaddrinfo(res);
    res = found("www.example", AI_V4MAPPED, AF_INET6);
    assert_int_equal(oracle.families, RESOLVE_IP4 | RESOLVE_IP6);
    assert_int_equal(count_of(res, AF_INET6), 2);
    lwip_freeaddrinfo(res);
    res = found("www.example", AI_V4MAPPED | AI_ALL, AF_INET6);
    assert_int_equal(count_of(res, AF_INET6), 4);
    lwip_freeaddrinfo(res);
    oracle.addr[2] = NULL;
    res = found("www.example", AI_V4MAPPED, AF_INET6);
    assert_int_equal(count_of(res, AF_INET6), 2);
    assert_int_equal(res->ai_addrlen, sizeof(struct sockaddr_storage));
    lwip_freeaddrinfo(res);
    assert_int_equal(outcome("www.example", 0, AF_INET6), EAI_NODATA);
  }
  assert_int_equal(outcome("www.example", AI_NUMERICHOST, AF_UNSPEC), EAI_NONAME);
  assert_int_equal(outcome("other.example", 0, AF_UNSPEC), EAI_NONAME);
}

/** AI_ADDRCONFIG: not of families that we have no address of; where we have none, of all. */
static void configured_families(void **state)
{
  LWIP_UNUSED_ARG(state);
  knows("www.example");
  assert_int_equal(outcome("www.example", AI_ADDRCONFIG, AF_UNSPEC), 0);
  assert_int_equal(oracle.families, (LWIP_IPV4 ? RESOLVE_IP4 : 0) | (LWIP_IPV6 ? RESOLVE_IP6 : 0));
  assert_int_equal(outcome("localhost", AI_ADDRCONFIG, AF_UNSPEC), 0);
#if LWIP_IPV4
  ip4_addr_t addr, mask;
  IP4_ADDR(&addr, 10, 0, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  LOCK_TCPIP_CORE();
  netif_set_addr(netif_find("lo0"), &addr, &mask, &addr);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(outcome("www.example", AI_ADDRCONFIG, AF_UNSPEC), 0);
  assert_int_equal(oracle.families, RESOLVE_IP4);
  oracle.started = 0;
  assert_int_equal(outcome("www.example", AI_ADDRCONFIG, LWIP_IPV6 ? AF_INET6 : AF_INET),
                   LWIP_IPV6 ? EAI_NONAME : 0);
  assert_int_equal(oracle.started, LWIP_IPV6 ? 0 : 1);
#endif
}

static void resolver_errors(void **state)
{
  LWIP_UNUSED_ARG(state);
  const struct {
    enum resolve_status status;
    int eai;
    int of_address; /* getnameinfo() */
    int h;
  } said[] = {
      {RESOLVE_NO_NAME, EAI_NONAME, EAI_NONAME, HOST_NOT_FOUND},
      {RESOLVE_NO_DATA, EAI_NODATA, EAI_NONAME, NO_DATA},
      {RESOLVE_TRY_AGAIN, EAI_AGAIN, EAI_AGAIN, TRY_AGAIN},
      {RESOLVE_FAILED, EAI_FAIL, EAI_FAIL, NO_RECOVERY},
      {RESOLVE_NO_MEMORY, EAI_MEMORY, EAI_MEMORY, NO_RECOVERY},
  };
  char host[NI_MAXHOST];
  struct addrinfo *nobody = found(LWIP_IPV4 ? "192.0.2.1" : "2001:db8::1", 0, AF_UNSPEC);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(said); i++) {
    oracle.otherwise = said[i].status;
    assert_int_equal(outcome("x.example", 0, AF_UNSPEC), said[i].eai);
    assert_null(lwip_gethostbyname("x.example"));
    assert_int_equal(h_errno, said[i].h);
    ip_addr_t addr[DNS_MAX_HOST_IP];
    assert_int_equal(netconn_gethostbyname("x.example", addr),
                     said[i].status == RESOLVE_NO_MEMORY ? ERR_MEM : ERR_VAL);
    assert_int_equal(lwip_getnameinfo(nobody->ai_addr, nobody->ai_addrlen, host, sizeof host, NULL,
                                      0, NI_NAMEREQD),
                     said[i].of_address);
    assert_int_equal(
        lwip_getnameinfo(nobody->ai_addr, nobody->ai_addrlen, host, sizeof host, NULL, 0, 0), 0);
  }
  lwip_freeaddrinfo(nobody);
}

/** Names that cannot be any are not asked for (gaps 6: labels of 64 bytes and more went out). */
static void impossible_names(void **state)
{
  LWIP_UNUSED_ARG(state);
  char name[300];
  knows("www.example");
  oracle.otherwise = RESOLVE_FAILED;
  memset(name, 'a', sizeof name);
  name[64] = '\0';
  assert_int_equal(outcome(name, 0, AF_UNSPEC), EAI_NONAME);
  name[63] = '\0';
  assert_int_equal(outcome(name, 0, AF_UNSPEC), EAI_FAIL);
  memset(name, 'a', sizeof name);
  for (unsigned i = 50; i < sizeof name; i += 50) {
    name[i] = '.';
  }
  name[254] = '\0';
  assert_int_equal(outcome(name, 0, AF_UNSPEC), EAI_NONAME);
  name[253] = '\0';
  assert_int_equal(outcome(name, 0, AF_UNSPEC), EAI_FAIL);
  oracle.started = 0;
  const char *const no_names[] = {"", ".", "..", "a..b", ".a", "a.."};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(no_names); i++) {
    assert_int_equal(outcome(no_names[i], 0, AF_UNSPEC), EAI_NONAME);
  }
  assert_int_equal(oracle.started, 0);
}

/** RFC 6761 6.3: nobody is asked about localhost. */
static void localhost(void **state)
{
  LWIP_UNUSED_ARG(state);
  const char *const names[] = {"localhost", "LOCALHOST", "localhost.", "a.b.localhost"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(names); i++) {
    struct addrinfo *res = found(names[i], 0, AF_UNSPEC);
    assert_int_equal(count_of(res, AF_INET), LWIP_IPV4);
    assert_int_equal(count_of(res, LWIP_IPV6 ? AF_INET6 : -1), LWIP_IPV6);
    lwip_freeaddrinfo(res);
  }
  assert_int_equal(oracle.started, 0);
  assert_int_equal(outcome("notlocalhost", 0, AF_UNSPEC), EAI_NONAME);
  assert_int_equal(oracle.started, 1);
}

static void local_hosts(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr, other, got;
  char host[NI_MAXHOST];
  const char *text = LWIP_IPV4 ? "10.1.1.1" : "2001:db8::1:1";
  assert_int_equal(ipaddr_aton(text, &addr), 1);
  assert_int_equal(ipaddr_aton(LWIP_IPV4 ? "10.1.1.2" : "2001:db8::1:2", &other), 1);
  u8_t type = LWIP_IPV4 ? LWIP_DNS_ADDRTYPE_IPV4 : LWIP_DNS_ADDRTYPE_IPV6;
  LOCK_TCPIP_CORE();
  assert_int_equal(dns_local_addhost("printer", &addr), ERR_OK);
  assert_int_equal(dns_local_addhost("printer", &other), ERR_OK);
  assert_int_equal(dns_local_addhost(NULL, &other), ERR_ARG);
  assert_int_equal(dns_local_addhost("x", NULL), ERR_ARG);
  assert_int_equal(dns_local_lookup("Printer", &got, type), ERR_OK);
  assert_true(ip_addr_eq(&got, &addr));
  assert_int_equal(dns_local_lookup("scanner", &got, type), ERR_ARG);
  assert_int_equal(dns_local_iterate(NULL, NULL), 2);
  UNLOCK_TCPIP_CORE();
  struct addrinfo *res = found("PRINTER.", 0, AF_UNSPEC);
  assert_non_null(res->ai_next);
  struct sockaddr_storage name;
  memcpy(&name, res->ai_addr, res->ai_addrlen);
  assert_int_equal(lwip_getnameinfo((struct sockaddr *)(void *)&name, res->ai_addrlen, host,
                                    sizeof host, NULL, 0, NI_NAMEREQD),
                   0);
  assert_string_equal(host, "printer");
  lwip_freeaddrinfo(res);
  assert_int_equal(oracle.started, 0);
  LOCK_TCPIP_CORE();
  assert_int_equal(dns_local_removehost("printer", &addr), 1);
  assert_int_equal(dns_local_removehost(NULL, NULL), 1);
  assert_int_equal(dns_local_removehost(NULL, NULL), 0);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(outcome("printer", 0, AF_UNSPEC), EAI_NONAME);
  assert_int_equal(oracle.started, 1);
}

static void name_of_this_host(void **state)
{
  LWIP_UNUSED_ARG(state);
  char host[NI_MAXHOST];
  struct addrinfo *res = found("localhost", 0, AF_UNSPEC);
  assert_int_equal(
      lwip_getnameinfo(res->ai_addr, res->ai_addrlen, host, sizeof host, NULL, 0, NI_NAMEREQD), 0);
  assert_string_equal(host, "localhost");
  lwip_freeaddrinfo(res);
  knows("www.example");
  res = found("www.example", 0, AF_UNSPEC);
  assert_int_equal(
      lwip_getnameinfo(res->ai_addr, res->ai_addrlen, host, sizeof host, NULL, 0, NI_NAMEREQD),
      EAI_NONAME);
  assert_int_equal(lwip_getnameinfo(res->ai_addr, res->ai_addrlen, host, sizeof host, NULL, 0, 0),
                   0);
  lwip_freeaddrinfo(res);
}

/* --- gethostbyname() --- */

#define HOST_LEN (LWIP_IPV4 ? 4 : 16)

static void is_host(const struct hostent *h)
{
  unsigned count = 0;
  assert_string_equal(h->h_name, "host.example");
  assert_string_equal(h->h_aliases[0], "www.example");
  assert_null(h->h_aliases[1]);
  assert_int_equal(h->h_addrtype, LWIP_IPV4 ? AF_INET : AF_INET6); /* gaps 6 */
  assert_int_equal(h->h_length, HOST_LEN);
  while (h->h_addr_list[count] != NULL) {
    count++;
  }
  assert_int_equal(count, 2);
  const u8_t ip4[] = {192, 0, 2, 1};
  const u8_t ip6[16] = {0x20, 1, 0x0d, 0xb8, [15] = 1};
  assert_memory_equal(h->h_addr, LWIP_IPV4 ? ip4 : ip6, HOST_LEN);
}

static void host_by_name(void **state)
{
  LWIP_UNUSED_ARG(state);
  knows("www.example");
  oracle.canonical = "host.example";
  struct hostent *h = lwip_gethostbyname("www.example");
  assert_non_null(h);
  is_host(h);
  h = lwip_gethostbyname(LWIP_IPV4 ? "192.0.2.9" : "2001:db8::9");
  assert_non_null(h);
  assert_string_equal(h->h_name, LWIP_IPV4 ? "192.0.2.9" : "2001:db8::9");
  assert_null(h->h_aliases[0]);
  assert_non_null(h->h_addr_list[0]);
  assert_null(h->h_addr_list[1]);
  if (LWIP_IPV4 && LWIP_IPV6) {
    assert_null(lwip_gethostbyname("2001:db8::9"));
    assert_int_equal(h_errno, HOST_NOT_FOUND);
  }
  assert_null(lwip_gethostbyname(NULL));
}

static void host_by_name_r(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[256 + 1];
  struct hostent h, *result = NULL;
  int error = 0;
  knows("www.example");
  oracle.canonical = "host.example";
  for (size_t at = 0; at < 2; at++) { /* wherever the buffer begins */
    assert_int_equal(
        lwip_gethostbyname_r("www.example", &h, buf + at, sizeof buf - at, &result, &error), 0);
    assert_ptr_equal(result, &h);
    is_host(&h);
  }
  bool fits = false;
  for (size_t len = 0; len < sizeof buf; len++) {
    char *exact = (char *)malloc(len + 1);
    int err = lwip_gethostbyname_r("www.example", &h, exact, len, &result, &error);
    assert_int_equal(err, fits ? 0 : err);
    assert_true(err == 0 || err == ERANGE);
    assert_true((err == 0) == (result != NULL));
    fits = err == 0;
    free(exact);
  }
  assert_true(fits);
  assert_int_equal(lwip_gethostbyname_r("x.example", &h, buf, sizeof buf, &result, &error), -1);
  assert_null(result);
  assert_int_equal(error, HOST_NOT_FOUND);
  assert_int_equal(lwip_gethostbyname_r(NULL, &h, buf, sizeof buf, &result, &error), EINVAL);
  assert_int_equal(lwip_gethostbyname_r("x", NULL, buf, sizeof buf, &result, &error), EINVAL);
  assert_int_equal(lwip_gethostbyname_r("x", &h, NULL, 9, &result, NULL), EINVAL);
  assert_int_equal(lwip_gethostbyname_r("x", &h, buf, sizeof buf, NULL, &error), EINVAL);
}

/* --- netconns --- */

static void netconns(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr[DNS_MAX_HOST_IP], want;
  knows("www.example");
  assert_int_equal(netconn_gethostbyname("www.example", addr), ERR_OK);
  assert_int_equal(ipaddr_aton(LWIP_IPV4 ? "192.0.2.1" : "2001:db8::1", &want), 1);
  assert_true(ip_addr_eq(addr, &want));
  if (LWIP_IPV4 && LWIP_IPV6) {
    assert_int_equal(netconn_gethostbyname_addrtype("www.example", addr, NETCONN_DNS_IPV6_IPV4),
                     ERR_OK);
    assert_true(IP_IS_V6(addr));
    oracle.addr[2] = NULL;
    assert_int_equal(netconn_gethostbyname_addrtype("www.example", addr, NETCONN_DNS_IPV6_IPV4),
                     ERR_OK);
    assert_false(IP_IS_V6(addr));
    assert_int_equal(netconn_gethostbyname_addrtype("www.example", addr, NETCONN_DNS_IPV6),
                     ERR_VAL);
    assert_int_equal(netconn_gethostbyname_addrtype("192.0.2.1", addr, NETCONN_DNS_IPV6), ERR_VAL);
  }
  assert_int_equal(netconn_gethostbyname(LWIP_IPV4 ? "192.0.2.1" : "2001:db8::1", addr), ERR_OK);
  assert_true(ip_addr_eq(addr, &want));
  assert_int_equal(netconn_gethostbyname(NULL, addr), ERR_ARG);
  assert_int_equal(netconn_gethostbyname("www.example", NULL), ERR_ARG);
}

/* --- waiting --- */

static void say(void *arg)
{
  LWIP_UNUSED_ARG(arg);
  struct resolve_query *q = oracle.waiting;
  oracle.waiting = NULL;
  oracle_answer(q);
}

struct asker {
  struct stack *instance;
  sys_sem_t done;
  int err;
};

static void asker_run(void *arg)
{
  struct asker *a = (struct asker *)arg;
  struct stack *before = stack_enter(a->instance);
  a->err = outcome("www.example", 0, AF_UNSPEC);
  stack_leave(before);
  sys_sem_signal(&a->done);
}

static void waits_for_the_answer(void **state)
{
  struct asker a = {.instance = (struct stack *)*state, .done = api_sem(), .err = -1};
  knows("www.example");
  oracle.is_slow = true;
  sys_thread_new("asker", asker_run, &a, 0, 0);
  api_await(&oracle.asked);
  api_settle(); /* the tcpip thread serves meanwhile */
  assert_int_equal(tcpip_callback(say, NULL), ERR_OK);
  api_await(&a.done);
  assert_int_equal(a.err, 0);
  sys_sem_free(&a.done);
}

static void ask_in_callback(void *arg)
{
  struct asker *a = (struct asker *)arg;
  a->err = outcome("www.example", 0, AF_UNSPEC);
  sys_sem_signal(&a->done);
}

/** The tcpip thread never waits: what is not known at once is for later. */
static void never_waits_in_callbacks(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct asker a = {.done = api_sem(), .err = -1};
  knows("www.example");
  oracle.is_slow = true;
  assert_int_equal(tcpip_callback(ask_in_callback, &a), ERR_OK);
  api_await(&a.done);
  assert_int_equal(a.err, EAI_AGAIN);
  assert_int_equal(oracle.cancelled, 1);
  oracle.is_slow = false;
  assert_int_equal(tcpip_callback(ask_in_callback, &a), ERR_OK);
  api_await(&a.done);
  assert_int_equal(a.err, 0);
  sys_sem_free(&a.done);
}

/* --- resolvers in turn --- */

static unsigned second_started;
static void second_start(struct resolver *r, struct resolve_query *q)
{
  const struct resolve_answer a = {.status = RESOLVE_NOT_MINE};
  LWIP_UNUSED_ARG(r);
  second_started++;
  resolve_done(q, &a);
}

static void second_cancel(struct resolver *r, struct resolve_query *q)
{
  LWIP_UNUSED_ARG(r);
  LWIP_UNUSED_ARG(q);
}

static void one_after_the_other(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct resolver second = {.start = second_start, .cancel = second_cancel};
  second_started = 0;
  knows("www.example");
  LOCK_TCPIP_CORE();
  resolver_add(&second);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(outcome("www.example", 0, AF_UNSPEC), 0);
  assert_int_equal(second_started, 1);
  assert_int_equal(oracle.started, 1);
  LOCK_TCPIP_CORE();
  resolver_remove(&second);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(outcome("www.example", 0, AF_UNSPEC), 0);
  assert_int_equal(second_started, 1);
}

/** A program that knows nothing of lwIP, by POSIX's headers and names (macros here; functions:
    test_sock_names.c). */
static void names_of_posix(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM};
  struct addrinfo *res = NULL;
  struct hostent h, *result = NULL;
  char host[NI_MAXHOST], serv[NI_MAXSERV], buf[256], name[IF_NAMESIZE];
  const char *number = LWIP_IPV4 ? "127.0.0.1" : "::1";
  int error;
  assert_int_equal(getaddrinfo(number, "domain", &hints, &res), 0);
  assert_int_equal(getnameinfo(res->ai_addr, res->ai_addrlen, host, sizeof host, serv, sizeof serv,
                               NI_NUMERICHOST | NI_DGRAM),
                   0);
  assert_string_equal(host, number);
  assert_string_equal(serv, "domain");
  int s = socket(res->ai_family, res->ai_socktype, res->ai_protocol);
  assert_true(s >= 0);
  assert_int_equal(closesocket(s), 0);
  freeaddrinfo(res);
  assert_string_equal(gai_strerror(0), lwip_gai_strerror(0));
  assert_non_null(gethostbyname(number));
  assert_int_equal(gethostbyname_r(number, &h, buf, sizeof buf, &result, &error), 0);
  assert_non_null(if_indextoname(1, name));
  assert_int_equal(inet_pton(AF_INET6, "x", buf), LWIP_IPV6 ? 0 : -1);
}

/* --- memory --- */

/** Each allocation of a call fails once: an error, nothing lost, and the next call works. */
static void no_memory(void **state)
{
  LWIP_UNUSED_ARG(state);
  knows("www.example");
  oracle.canonical = "host.example";
  u32_t nth = 0;
  int err;
  do {
    fault_arm(++nth);
    err = outcome("www.example", AI_CANONNAME, AF_UNSPEC);
    assert_true(err == 0 || err == EAI_MEMORY);
  } while (fault_count() >= nth);
  assert_int_equal(err, 0);
  assert_true(nth > 4);
  nth = 0;
  struct hostent *h;
  do {
    fault_arm(++nth);
    h = lwip_gethostbyname("www.example");
    assert_true(h != NULL || h_errno == NO_RECOVERY);
  } while (fault_count() >= nth);
  assert_non_null(h);
  nth = 0;
  ip_addr_t addr[DNS_MAX_HOST_IP];
  err_t e;
  do {
    fault_arm(++nth);
    e = netconn_gethostbyname("www.example", addr);
    assert_true(e == ERR_OK || e == ERR_MEM);
  } while (fault_count() >= nth);
  assert_int_equal(e, ERR_OK);
  fault_arm(0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      ORACLE_TEST(all_answers),
      ORACLE_TEST(results_of_the_heap),
      ORACLE_TEST(from_another_instance),
      ORACLE_TEST(families_and_flags),
      ORACLE_TEST(configured_families),
      ORACLE_TEST(resolver_errors),
      ORACLE_TEST(impossible_names),
      ORACLE_TEST(localhost),
      ORACLE_TEST(local_hosts),
      ORACLE_TEST(name_of_this_host),
      ORACLE_TEST(host_by_name),
      ORACLE_TEST(host_by_name_r),
      ORACLE_TEST(netconns),
      ORACLE_TEST(waits_for_the_answer),
      ORACLE_TEST(never_waits_in_callbacks),
      ORACLE_TEST(one_after_the_other),
      ORACLE_TEST(names_of_posix),
      ORACLE_TEST(no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
