/**
 * @file
 * getaddrinfo() and getnameinfo() where nobody has to be asked: numbers, services, flags, errors.
 * Also against the C library's (peer.h).
 * needs: threads
 * needs: ipv4
 * needs: ipv6
 * needs: tcp
 * variants: peer
 */
#include "peer.h"

#define ANY_KIND 0
#ifndef NI_NUMERICSCOPE
#define NI_NUMERICSCOPE 0 /* not in every C library */
#endif

static struct addrinfo hints_of(int flags, int family, int socktype, int protocol)
{
  struct addrinfo h;
  memset(&h, 0, sizeof h);
  h.ai_flags = flags;
  h.ai_family = family;
  h.ai_socktype = socktype;
  h.ai_protocol = protocol;
  return h;
}

/** One of several hints; `res` is freed. */
static int outcome(const char *node, const char *serv, int flags, int family, int socktype,
                   int protocol)
{
  struct addrinfo h = hints_of(flags, family, socktype, protocol);
  struct addrinfo *res = NULL;
  int err = lwip_getaddrinfo(node, serv, &h, &res);
  if (err == 0) {
    assert_non_null(res);
    lwip_freeaddrinfo(res);
  }
  return err;
}

static struct addrinfo *found(const char *node, const char *serv, int flags, int family,
                              int socktype)
{
  struct addrinfo h = hints_of(flags, family, socktype, 0);
  struct addrinfo *res = NULL;
  assert_int_equal(lwip_getaddrinfo(node, serv, &h, &res), 0);
  assert_non_null(res);
  return res;
}

static unsigned length(const struct addrinfo *ai)
{
  unsigned n = 0;
  for (; ai != NULL; ai = ai->ai_next) {
    n++;
  }
  return n;
}

static void is_in(const struct addrinfo *ai, const char *addr, unsigned port)
{
  struct sockaddr_in sin;
  char text[64];
  assert_int_equal(ai->ai_family, AF_INET);
  assert_int_equal(ai->ai_addrlen, sizeof sin);
  memcpy(&sin, ai->ai_addr, sizeof sin);
  assert_int_equal(sin.sin_family, AF_INET);
  assert_int_equal(lwip_htons(sin.sin_port), port);
  assert_string_equal(lwip_inet_ntop(AF_INET, &sin.sin_addr, text, sizeof text), addr);
}

static void is_in6(const struct addrinfo *ai, const char *addr, unsigned port, unsigned scope)
{
  struct sockaddr_in6 sin6;
  char text[64];
  assert_int_equal(ai->ai_family, AF_INET6);
  assert_int_equal(ai->ai_addrlen, sizeof sin6);
  memcpy(&sin6, ai->ai_addr, sizeof sin6);
  assert_int_equal(sin6.sin6_family, AF_INET6);
  assert_int_equal(lwip_htons(sin6.sin6_port), port);
  assert_int_equal(sin6.sin6_scope_id, scope);
  assert_string_equal(lwip_inet_ntop(AF_INET6, &sin6.sin6_addr, text, sizeof text), addr);
}

static void numbers(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res = found("192.0.2.1", "80", 0, AF_UNSPEC, SOCK_STREAM);
  is_in(res, "192.0.2.1", 80);
  assert_int_equal(res->ai_socktype, SOCK_STREAM);
  assert_int_equal(res->ai_protocol, IPPROTO_TCP);
  assert_null(res->ai_canonname);
  assert_null(res->ai_next);
  lwip_freeaddrinfo(res);

  res = found("2001:db8::1", "65535", AI_NUMERICHOST, AF_UNSPEC, SOCK_DGRAM);
  is_in6(res, "2001:db8::1", 65535, 0);
  assert_int_equal(res->ai_socktype, SOCK_DGRAM);
  assert_int_equal(res->ai_protocol, IPPROTO_UDP);
  lwip_freeaddrinfo(res);

  res = found("fe80::1%1", "1", 0, AF_INET6, SOCK_STREAM);
  is_in6(res, "fe80::1", 1, 1);
  lwip_freeaddrinfo(res);
}

static void zone_by_name(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res =
      found(OURS_OR("fe80::1%lo0", "fe80::1%lo"), NULL, 0, AF_UNSPEC, SOCK_STREAM);
  is_in6(res, "fe80::1", 0, 1);
  lwip_freeaddrinfo(res);
  assert_int_equal(outcome("fe80::1%nosuch", NULL, AI_NUMERICHOST, AF_UNSPEC, SOCK_STREAM, 0),
                   EAI_NONAME);
}

/** A type by a protocol, a protocol by a type, all of them for who wants any. */
static void kinds(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res = found("192.0.2.1", "9", 0, AF_UNSPEC, ANY_KIND);
  assert_int_equal(length(res), 3);
  assert_int_equal(res->ai_socktype, SOCK_STREAM);
  assert_int_equal(res->ai_next->ai_socktype, SOCK_DGRAM);
  assert_int_equal(res->ai_next->ai_next->ai_socktype, SOCK_RAW);
  is_in(res->ai_next->ai_next, "192.0.2.1", 9);
  lwip_freeaddrinfo(res);

  assert_int_equal(lwip_getaddrinfo("192.0.2.1", NULL, NULL, &res), 0);
  assert_int_equal(length(res), 3);
  lwip_freeaddrinfo(res);

  struct addrinfo h = hints_of(0, AF_UNSPEC, 0, IPPROTO_UDP);
  assert_int_equal(lwip_getaddrinfo("192.0.2.1", NULL, &h, &res), 0);
  assert_int_equal(length(res), 1);
  assert_int_equal(res->ai_socktype, SOCK_DGRAM);
  lwip_freeaddrinfo(res);

  h = hints_of(0, AF_UNSPEC, SOCK_RAW, IPPROTO_ICMP);
  assert_int_equal(lwip_getaddrinfo("192.0.2.1", NULL, &h, &res), 0);
  assert_int_equal(length(res), 1);
  assert_int_equal(res->ai_protocol, IPPROTO_ICMP);
  lwip_freeaddrinfo(res);

  h = hints_of(0, AF_UNSPEC, SOCK_DGRAM, IPPROTO_UDPLITE);
  assert_int_equal(lwip_getaddrinfo("192.0.2.1", "53", &h, &res), 0);
  assert_int_equal(res->ai_protocol, IPPROTO_UDPLITE);
  lwip_freeaddrinfo(res);
}

static void services(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res = found("192.0.2.1", "http", 0, AF_UNSPEC, SOCK_STREAM);
  is_in(res, "192.0.2.1", 80);
  lwip_freeaddrinfo(res);
  res = found("192.0.2.1", "domain", 0, AF_UNSPEC, ANY_KIND);
  assert_int_equal(length(res), 2); /* names are for ports of TCP and UDP */
  is_in(res->ai_next, "192.0.2.1", 53);
  lwip_freeaddrinfo(res);
  res = found("192.0.2.1", "tftp", 0, AF_UNSPEC, ANY_KIND);
  assert_int_equal(length(res), 1);
  assert_int_equal(res->ai_socktype, SOCK_DGRAM);
  is_in(res, "192.0.2.1", 69);
  lwip_freeaddrinfo(res);

  assert_int_equal(outcome("192.0.2.1", "nosuch", 0, AF_UNSPEC, SOCK_STREAM, 0), EAI_SERVICE);
  assert_int_equal(outcome("192.0.2.1", "tftp", 0, AF_UNSPEC, SOCK_STREAM, 0), EAI_SERVICE);
  assert_int_equal(outcome("192.0.2.1", "http", 0, AF_UNSPEC, SOCK_RAW, 0), EAI_SERVICE);
  assert_int_equal(outcome("192.0.2.1", "http", AI_NUMERICSERV, AF_UNSPEC, SOCK_STREAM, 0),
                   EAI_NONAME);
  if (!PEER_IS_KERNEL) { /* who takes it modulo 65536 connects elsewhere */
    assert_int_equal(outcome("192.0.2.1", "65536", 0, AF_UNSPEC, SOCK_STREAM, 0), EAI_SERVICE);
    assert_int_equal(outcome("192.0.2.1", "99999999999", 0, AF_UNSPEC, 0, 0), EAI_SERVICE);
    assert_int_equal(outcome("192.0.2.1", "", 0, AF_UNSPEC, SOCK_STREAM, 0), EAI_SERVICE);
  }
}

static void no_name(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res = found(NULL, "80", 0, AF_INET, SOCK_STREAM);
  is_in(res, "127.0.0.1", 80);
  assert_null(res->ai_next);
  lwip_freeaddrinfo(res);
  res = found(NULL, "80", 0, AF_INET6, SOCK_STREAM);
  is_in6(res, "::1", 80, 0);
  lwip_freeaddrinfo(res);
  res = found(NULL, "80", AI_PASSIVE, AF_INET, SOCK_STREAM);
  is_in(res, "0.0.0.0", 80);
  lwip_freeaddrinfo(res);
  res = found(NULL, "80", AI_PASSIVE, AF_INET6, SOCK_STREAM);
  is_in6(res, "::", 80, 0);
  lwip_freeaddrinfo(res);
  res = found(NULL, "80", AI_PASSIVE, AF_UNSPEC, SOCK_STREAM);
  assert_int_equal(length(res), 2);
  assert_int_equal(res->ai_family, OURS_OR(AF_INET6, AF_INET));
  lwip_freeaddrinfo(res);
  res = found(NULL, "80", 0, AF_UNSPEC, SOCK_STREAM);
  assert_int_equal(length(res), 2);
  is_in6(res, "::1", 80, 0); /* RFC 6724 6 */
  is_in(res->ai_next, "127.0.0.1", 80);
  lwip_freeaddrinfo(res);
  /* With a name, AI_PASSIVE means nothing. */
  res = found("192.0.2.1", "80", AI_PASSIVE, AF_UNSPEC, SOCK_STREAM);
  is_in(res, "192.0.2.1", 80);
  lwip_freeaddrinfo(res);
}

static void mapped(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res = found("192.0.2.1", "80", AI_V4MAPPED, AF_INET6, SOCK_STREAM);
  is_in6(res, "::ffff:192.0.2.1", 80, 0);
  lwip_freeaddrinfo(res);
  res = found("192.0.2.1", "80", AI_V4MAPPED, AF_INET, SOCK_STREAM); /* no meaning there */
  is_in(res, "192.0.2.1", 80);
  lwip_freeaddrinfo(res);
  res = found("2001:db8::1", "80", AI_V4MAPPED | AI_ALL, AF_INET6, SOCK_STREAM);
  assert_int_equal(length(res), 1);
  is_in6(res, "2001:db8::1", 80, 0);
  lwip_freeaddrinfo(res);
  res = found("::ffff:192.0.2.7", "80", 0, AF_INET6, SOCK_STREAM);
  is_in6(res, "::ffff:192.0.2.7", 80, 0);
  lwip_freeaddrinfo(res);
}

static void canonical_name(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res = found("192.0.2.1", NULL, AI_CANONNAME, AF_UNSPEC, ANY_KIND);
  assert_string_equal(res->ai_canonname, "192.0.2.1");
  assert_null(res->ai_next->ai_canonname);
  lwip_freeaddrinfo(res);
}

static void errors(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(outcome(NULL, NULL, 0, AF_UNSPEC, SOCK_STREAM, 0), EAI_NONAME);
  assert_int_equal(outcome("192.0.2.1", "80", 1 << 20, AF_UNSPEC, SOCK_STREAM, 0), EAI_BADFLAGS);
  assert_int_equal(outcome(NULL, "80", AI_CANONNAME, AF_UNSPEC, SOCK_STREAM, 0), EAI_BADFLAGS);
  assert_int_equal(outcome("192.0.2.1", "80", 0, 99, SOCK_STREAM, 0), EAI_FAMILY);
  assert_int_equal(outcome("192.0.2.1", "80", 0, AF_UNSPEC, 77, 0), EAI_SOCKTYPE);
  assert_int_equal(outcome("192.0.2.1", "80", 0, AF_UNSPEC, SOCK_STREAM, IPPROTO_UDP),
                   EAI_SOCKTYPE);
  assert_int_equal(outcome("192.0.2.1", "80", 0, AF_INET6, SOCK_STREAM, 0), EAI_ADDRFAMILY);
  assert_int_equal(outcome("2001:db8::1", "80", 0, AF_INET, SOCK_STREAM, 0), EAI_ADDRFAMILY);
  const char *const no_numbers[] = {
      "host.example", "1.2.3.4.5", "1.2.3.256", "::1::", "1.2.3.4 x", "fe80::1%", ":", ""};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(no_numbers); i++) {
    assert_int_equal(outcome(no_numbers[i], "80", AI_NUMERICHOST, AF_UNSPEC, SOCK_STREAM, 0),
                     EAI_NONAME);
  }
  if (!PEER_IS_KERNEL) { /* which dies of it */
    errno = 0;
    assert_int_equal(lwip_getaddrinfo("192.0.2.1", "80", NULL, NULL), EAI_SYSTEM);
    assert_int_equal(errno, EFAULT);
  }
}

/** POSIX: any part of a list may be freed by itself. */
static void freed_in_parts(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct addrinfo *res = found("192.0.2.1", "9", AI_CANONNAME, AF_UNSPEC, ANY_KIND);
  if (PEER_IS_KERNEL) {
    lwip_freeaddrinfo(res);
    return;
  }
  struct addrinfo *rest = res->ai_next;
  res->ai_next = NULL;
  lwip_freeaddrinfo(rest);
  is_in(res, "192.0.2.1", 9);
  assert_string_equal(res->ai_canonname, "192.0.2.1");
  lwip_freeaddrinfo(res);
  res = found("192.0.2.1", "9", 0, AF_UNSPEC, ANY_KIND);
  rest = res->ai_next;
  res->ai_next = NULL;
  lwip_freeaddrinfo(res);
  is_in(rest, "192.0.2.1", 9);
  lwip_freeaddrinfo(rest);
  lwip_freeaddrinfo(NULL);
}

/* --- getnameinfo() --- */

static struct sockaddr_in in_of(const char *addr, unsigned port)
{
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof sin);
  sin.sin_family = AF_INET;
  sin.sin_port = lwip_htons((uint16_t)port);
  assert_int_equal(lwip_inet_pton(AF_INET, addr, &sin.sin_addr), 1);
  return sin;
}

static struct sockaddr_in6 in6_of(const char *addr, unsigned port, unsigned scope)
{
  struct sockaddr_in6 sin6;
  memset(&sin6, 0, sizeof sin6);
  sin6.sin6_family = AF_INET6;
  sin6.sin6_port = lwip_htons((uint16_t)port);
  sin6.sin6_scope_id = scope;
  assert_int_equal(lwip_inet_pton(AF_INET6, addr, &sin6.sin6_addr), 1);
  return sin6;
}

#define NUMERIC (NI_NUMERICHOST | NI_NUMERICSERV)

static void names_are_numbers(void **state)
{
  LWIP_UNUSED_ARG(state);
  char host[NI_MAXHOST], serv[NI_MAXSERV];
  struct sockaddr_in sin = in_of("192.0.2.1", 80);
  assert_int_equal(
      lwip_getnameinfo(SA(sin), sizeof sin, host, sizeof host, serv, sizeof serv, NUMERIC), 0);
  assert_string_equal(host, "192.0.2.1");
  assert_string_equal(serv, "80");
  struct sockaddr_in6 sin6 = in6_of("2001:db8::1", 65535, 0);
  assert_int_equal(
      lwip_getnameinfo(SA(sin6), sizeof sin6, host, sizeof host, serv, sizeof serv, NUMERIC), 0);
  assert_string_equal(host, "2001:db8::1");
  assert_string_equal(serv, "65535");
  sin6 = in6_of("::ffff:192.0.2.9", 0, 0);
  assert_int_equal(
      lwip_getnameinfo(SA(sin6), sizeof sin6, host, sizeof host, serv, sizeof serv, NUMERIC), 0);
  assert_string_equal(host, "::ffff:192.0.2.9");
  assert_string_equal(serv, "0");
  assert_int_equal(
      lwip_getnameinfo(SA(sin), sizeof sin, host, sizeof host, NULL, 0, NI_NUMERICHOST | NI_NOFQDN),
      0);
  assert_string_equal(host, "192.0.2.1");
}

static void names_of_zones(void **state)
{
  LWIP_UNUSED_ARG(state);
  char host[NI_MAXHOST];
  struct sockaddr_in6 sin6 = in6_of("fe80::1", 0, 1);
  assert_int_equal(lwip_getnameinfo(SA(sin6), sizeof sin6, host, sizeof host, NULL, 0, NUMERIC), 0);
  assert_string_equal(host, OURS_OR("fe80::1%lo0", "fe80::1%lo"));
  if (!PEER_IS_KERNEL) {
    assert_int_equal(lwip_getnameinfo(SA(sin6), sizeof sin6, host, sizeof host, NULL, 0,
                                      NUMERIC | NI_NUMERICSCOPE),
                     0);
    assert_string_equal(host, "fe80::1%1");
  }
  sin6 = in6_of("fe80::1", 0, 200);
  assert_int_equal(lwip_getnameinfo(SA(sin6), sizeof sin6, host, sizeof host, NULL, 0, NUMERIC), 0);
  assert_string_equal(host, "fe80::1%200");
}

static void names_of_services(void **state)
{
  LWIP_UNUSED_ARG(state);
  char serv[NI_MAXSERV];
  struct sockaddr_in sin = in_of("192.0.2.1", 80);
  assert_int_equal(
      lwip_getnameinfo(SA(sin), sizeof sin, NULL, 0, serv, sizeof serv, NI_NUMERICHOST), 0);
  assert_string_equal(serv, "http");
  sin.sin_port = lwip_htons(69);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, NULL, 0, serv, sizeof serv, NI_DGRAM), 0);
  assert_string_equal(serv, "tftp");
  sin.sin_port = lwip_htons(59999);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, NULL, 0, serv, sizeof serv, 0), 0);
  assert_string_equal(serv, "59999");
}

static void name_errors(void **state)
{
  LWIP_UNUSED_ARG(state);
  char host[NI_MAXHOST], serv[NI_MAXSERV];
  struct sockaddr_in sin = in_of("192.0.2.1", 80);
  struct sockaddr_in6 sin6 = in6_of("2001:db8::1", 0, 0);
  assert_int_equal(
      lwip_getnameinfo(SA(sin), sizeof sin, host, sizeof host, serv, sizeof serv, 1 << 20),
      EAI_BADFLAGS);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, NULL, 0, NULL, 0, 0),
                   OURS_OR(EAI_NONAME, 0));
  assert_int_equal(lwip_getnameinfo(SA(sin), 1, host, sizeof host, NULL, 0, NUMERIC), EAI_FAMILY);
  assert_int_equal(lwip_getnameinfo(SA(sin), 7, host, sizeof host, NULL, 0, NUMERIC), EAI_FAMILY);
  assert_int_equal(lwip_getnameinfo(SA(sin6), 20, host, sizeof host, NULL, 0, NUMERIC), EAI_FAMILY);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, host, 9, NULL, 0, NUMERIC), EAI_OVERFLOW);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, host, 10, NULL, 0, NUMERIC), 0);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, NULL, 0, serv, 2, NUMERIC), EAI_OVERFLOW);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, NULL, 0, serv, 3, NUMERIC), 0);
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, host, sizeof host, NULL, 0,
                                    NI_NUMERICHOST | NI_NAMEREQD),
                   EAI_NONAME);
  sin.sin_family = 99;
  assert_int_equal(lwip_getnameinfo(SA(sin), sizeof sin, host, sizeof host, NULL, 0, NUMERIC),
                   EAI_FAMILY);
  if (!PEER_IS_KERNEL) {
    errno = 0;
    assert_int_equal(lwip_getnameinfo(NULL, 16, host, sizeof host, NULL, 0, NUMERIC), EAI_SYSTEM);
    assert_int_equal(errno, EFAULT);
  }
}

static void texts(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int codes[] = {0,          EAI_NONAME, EAI_SERVICE,   EAI_FAIL,     EAI_MEMORY,
                       EAI_FAMILY, EAI_AGAIN,  EAI_BADFLAGS,  EAI_SOCKTYPE, EAI_OVERFLOW,
                       EAI_SYSTEM, EAI_NODATA, EAI_ADDRFAMILY};
  const char *unknown = lwip_gai_strerror(12345);
  assert_non_null(unknown);
  for (unsigned i = 1; i < LWIP_ARRAYSIZE(codes); i++) {
    assert_non_null(lwip_gai_strerror(codes[i]));
    assert_true(PEER_IS_KERNEL || strcmp(lwip_gai_strerror(codes[i]), unknown) != 0);
    for (unsigned k = 0; k < i; k++) {
      assert_int_not_equal(codes[i], codes[k]);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(numbers),           API_TEST(zone_by_name),   API_TEST(kinds),
      API_TEST(services),          API_TEST(no_name),        API_TEST(mapped),
      API_TEST(canonical_name),    API_TEST(errors),         API_TEST(freed_in_parts),
      API_TEST(names_are_numbers), API_TEST(names_of_zones), API_TEST(names_of_services),
      API_TEST(name_errors),       API_TEST(texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
