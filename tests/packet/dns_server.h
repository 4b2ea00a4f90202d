/*
 * DNS for tests: questions that the stack sent, answers record by record, what programs were told.
 */
#ifndef DNS_SERVER_H
#define DNS_SERVER_H

#include <stdio.h>
#include "packet.h"
#include "lwip/dns.h"
#include "lwip/prot/dns.h"
#include "gossamer/resolver.h"
#include "gossamer/timer.h"
#include "wire/bytes.h"
#include "wire/dns.h"

#define SERVER  "10.0.0.53"
#define SERVER2 "10.0.0.54"
#define US      "10.0.0.1"

/** A question as it was sent. */
struct dns_question {
  char server[16];
  u16_t port; /* ours */
  u16_t id;
  u16_t type;
  char name[DNS_NAME_TEXT_SIZE]; /* in lower case */
  u8_t bytes[DNS_QUERY_LEN_MAX]; /* behind the header */
  size_t len;
};

/** An answer under construction. */
struct dns_reply {
  u8_t bytes[1400];
  size_t len;
};

/* --- what a program asked for and was told --- */

struct dns_told {
  unsigned count; /* calls */
  enum resolve_status status;
  size_t addrs;
  char addr[40][48]; /* as text */
  char canonical[DNS_NAME_TEXT_SIZE];
  u32_t ttl_s;
  bool is_truncated;
};
static struct dns_told told;
static struct resolve_query dns_queries[8];
static unsigned dns_queries_used;

static inline void dns_quiet(void)
{
  for (unsigned i = 0; i < dns_queries_used; i++) {
    resolve_cancel(&dns_queries[i]);
  }
  dns_clear_servers(false);
  dns_clear_cache();
}

/** The stack has this server; everything is forgotten at the end of the body. */
static inline void dns_has_server(const char *server)
{
  ip_addr_t addr = ip_of(server);
  memset(&told, 0, sizeof told);
  memset(dns_queries, 0, sizeof dns_queries);
  dns_queries_used = 0;
  packet_at_end(dns_quiet);
  dns_setserver(0, &addr);
}

static inline void dns_has_two_servers(void)
{
  ip_addr_t addr = ip_of(SERVER2);
  dns_has_server(SERVER);
  dns_setserver(1, &addr);
}

static void dns_was_told(struct resolve_query *q, const struct resolve_answer *a)
{
  LWIP_UNUSED_ARG(q);
  told.count++;
  told.status = a->status;
  told.addrs = a->count;
  told.ttl_s = a->ttl_s;
  told.is_truncated = a->is_truncated;
  snprintf(told.canonical, sizeof told.canonical, "%s", a->canonical != NULL ? a->canonical : "");
  for (size_t i = 0; i < a->count && i < LWIP_ARRAYSIZE(told.addr); i++) {
    ipaddr_ntoa_r(&a->addr[i], told.addr[i], sizeof told.addr[i]);
  }
}

static inline struct resolve_query *dns_ask(const char *name, u8_t families)
{
  struct resolve_query *q = &dns_queries[dns_queries_used++];
  q->name = name;
  q->families = families;
  q->done = dns_was_told;
  resolve_start(q);
  advance(0);
  return q;
}

/* --- the server's side --- */

static inline struct dns_question dns_question_of(const struct frame *f)
{
  struct dns_question q;
  struct dns_name name;
  memset(&q, 0, sizeof q);
  assert_true(f->len >= 14 + 20 + 8 + DNS_HEADER_LEN);
  const u8_t *ip = f->data + 14;
  const u8_t *udp = ip + 20;
  const u8_t *msg = udp + 8;
  size_t len = bytes_get16(udp + 4) - 8U;
  assert_int_equal(ip[9], IP_PROTO_UDP);
  assert_int_equal(bytes_get16(udp + 2), 53);
  snprintf(q.server, sizeof q.server, "%u.%u.%u.%u", ip[16], ip[17], ip[18], ip[19]);
  q.port = bytes_get16(udp);
  q.id = bytes_get16(msg);
  assert_int_equal(bytes_get16(msg + 2), 0x0100); /* a query, recursion desired */
  assert_int_equal(bytes_get16(msg + 4), 1);
  assert_int_equal(bytes_get32(msg + 6), 0);
  assert_int_equal(bytes_get16(msg + 10), 0);
  size_t at = dns_name_read(&name, msg, len, DNS_HEADER_LEN);
  assert_int_equal(at + 4, len);
  dns_name_to_text(&name, q.name);
  for (char *c = q.name; *c != '\0'; c++) {
    *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
  }
  q.type = bytes_get16(msg + at);
  assert_int_equal(bytes_get16(msg + at + 2), DNS_RRCLASS_IN);
  q.len = len - DNS_HEADER_LEN;
  memcpy(q.bytes, msg + DNS_HEADER_LEN, q.len);
  return q;
}

/** The next question that was sent: it must be one, to `server`. */
static inline struct dns_question dns_asked(const char *server, const char *name, u16_t type)
{
  struct frame *f = tx();
  assert_non_null(f);
  struct dns_question q = dns_question_of(f);
  assert_string_equal(q.server, server);
  assert_string_equal(q.name, name);
  assert_int_equal(q.type, type);
  return q;
}

/** A response with the question repeated and no records. */
static inline struct dns_reply dns_reply_to(const struct dns_question *q, u8_t rcode)
{
  struct dns_reply r;
  memset(&r, 0, sizeof r);
  bytes_put16(r.bytes, q->id);
  r.bytes[2] = DNS_FLAG1_RESPONSE | DNS_FLAG1_RD;
  r.bytes[3] = DNS_FLAG2_RA | rcode;
  bytes_put16(r.bytes + 4, 1);
  memcpy(r.bytes + DNS_HEADER_LEN, q->bytes, q->len);
  r.len = DNS_HEADER_LEN + q->len;
  return r;
}

/** Count one more record of a section: 0 answer, 1 authority, 2 additional. */
static inline void dns_count(struct dns_reply *r, int section)
{
  u8_t *count = r->bytes + 6 + 2 * section;
  bytes_put16(count, (u16_t)(bytes_get16(count) + 1));
}

static inline void dns_put(struct dns_reply *r, const void *data, size_t len)
{
  assert_true(r->len + len <= sizeof r->bytes);
  memcpy(r->bytes + r->len, data, len);
  r->len += len;
}

/** A name; NULL: a pointer to the question's. */
static inline void dns_put_name(struct dns_reply *r, const char *name)
{
  struct dns_name n;
  if (name == NULL) {
    dns_put(r, "\xC0\x0C", 2);
  } else {
    assert_true(dns_name_from_text(&n, name));
    dns_put(r, n.bytes, n.len);
  }
}

static inline void dns_put_raw(struct dns_reply *r, int section, const char *owner, u16_t type,
                               u32_t ttl_s, const void *data, size_t len)
{
  u8_t fixed[10];
  bytes_put16(fixed, type);
  bytes_put16(fixed + 2, DNS_RRCLASS_IN);
  bytes_put32(fixed + 4, ttl_s);
  bytes_put16(fixed + 8, (u16_t)len);
  dns_put_name(r, owner);
  dns_put(r, fixed, sizeof fixed);
  dns_put(r, data, len);
  dns_count(r, section);
}

/** An address record. */
static inline void dns_put_addr(struct dns_reply *r, const char *owner, u32_t ttl_s,
                                const char *addr)
{
  ip_addr_t a = ip_of(addr);
  if (IP_IS_V6_VAL(a)) {
    dns_put_raw(r, 0, owner, DNS_RRTYPE_AAAA, ttl_s, ip_2_ip6(&a)->addr, 16);
  } else {
    dns_put_raw(r, 0, owner, DNS_RRTYPE_A, ttl_s, &ip_2_ip4(&a)->addr, 4);
  }
}

static inline void dns_put_cname(struct dns_reply *r, const char *owner, u32_t ttl_s,
                                 const char *target)
{
  struct dns_name n;
  assert_true(dns_name_from_text(&n, target));
  dns_put_raw(r, 0, owner, DNS_RRTYPE_CNAME, ttl_s, n.bytes, n.len);
}

/** An SOA record in the authority section. */
static inline void dns_put_soa(struct dns_reply *r, u32_t ttl_s, u32_t minimum_s)
{
  u8_t data[2 + 20] = {0}; /* two names that are the root */
  bytes_put32(data + 2 + 16, minimum_s);
  dns_put_raw(r, 1, "example", DNS_RRTYPE_SOA, ttl_s, data, sizeof data);
}

static inline void dns_send_as(const struct dns_question *q, const struct dns_reply *r,
                               const char *from, u16_t from_port)
{
  rx_exact(udp4(from, from_port, US, q->port, r->bytes, r->len));
}

static inline void dns_send(const struct dns_question *q, const struct dns_reply *r)
{
  dns_send_as(q, r, q->server, 53);
}

/** Answer with one address. */
static inline void dns_answer(const struct dns_question *q, u32_t ttl_s, const char *addr)
{
  struct dns_reply r = dns_reply_to(q, 0);
  dns_put_addr(&r, NULL, ttl_s, addr);
  dns_send(q, &r);
}

/** Answer that there is no such name (3), or another error, without more. */
static inline void dns_refuse(const struct dns_question *q, u8_t rcode)
{
  struct dns_reply r = dns_reply_to(q, rcode);
  dns_send(q, &r);
}

/** Exactly these addresses, once, and in this order. */
static inline void dns_told_addrs(const char *first, const char *second)
{
  assert_int_equal(told.count, 1);
  assert_int_equal(told.status, RESOLVE_OK);
  assert_int_equal(told.addrs, second != NULL ? 2 : 1);
  assert_string_equal(told.addr[0], first);
  if (second != NULL) {
    assert_string_equal(told.addr[1], second);
  }
  told.count = 0;
}

static inline void dns_told_status(enum resolve_status status)
{
  assert_int_equal(told.count, 1);
  assert_int_equal(told.status, status);
  assert_int_equal(told.addrs, 0);
  told.count = 0;
}

#endif /* DNS_SERVER_H */
