/**
 * @file
 * The private network's DNS relay by itself: its own names, what it asks of the host's servers and
 * what it believes of them (RFC 5452), failover, bounds.
 *
 * Servers are sockets of the test at 127.0.0.2 and 127.0.0.3, with a port of its own.
 *
 * needs: threads, ipv4, ipv6, tcp
 */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <cmocka.h>
#include "hostnet/dns_relay.h"
#include "wire/dns.h"

#define CLIENT_ID   0x1234
#define PATIENCE_MS 60000
#define TYPE_A      1
#define TYPE_AAAA   28

struct fixture {
  struct loop loop;
  struct dns_relay *relay;
  int server[2]; /* at 127.0.0.2 and 127.0.0.3 */
  uint16_t port;
  char resolv_conf[64];
};
static struct fixture fx;

/** What the client was answered last. */
static struct {
  unsigned count;
  uint8_t message[DNS_RELAY_MESSAGE_MAX];
  size_t len;
} told;

static void on_answer(void *arg, const struct dns_relay_client *client, const uint8_t *message,
                      size_t len)
{
  assert_ptr_equal(arg, &told);
  assert_int_equal(client->port, 4711);
  assert_true(len <= sizeof told.message);
  memcpy(told.message, message, len);
  told.len = len;
  told.count++;
}

/** "two" has an address of each family, "empty" has none. */
static unsigned lookup(void *arg, const char *name, ip_addr_t *addrs, unsigned max, bool *exists)
{
  assert_ptr_equal(arg, &fx);
  assert_null(strchr(name, '.'));
  *exists = strcasecmp(name, "two") == 0 || strcasecmp(name, "empty") == 0;
  if (strcasecmp(name, "two") != 0) {
    return 0;
  }
  assert_true(max >= 2);
  assert_true(ipaddr_aton("10.77.0.9", &addrs[0]) != 0);
  assert_true(ipaddr_aton("fd67::9", &addrs[1]) != 0);
  return 2;
}

/* --- the host's side --- */

static int server_open(uint32_t addr, uint16_t *port)
{
  struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(*port)};
  socklen_t len = sizeof sin;
  sin.sin_addr.s_addr = htonl(addr);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof sin) != 0 ||
      getsockname(fd, (struct sockaddr *)&sin, &len) != 0) {
    close(fd);
    return -1;
  }
  *port = ntohs(sin.sin_port);
  return fd;
}

static const char two_servers[] = "nameserver 127.0.0.2\nnameserver 127.0.0.3\n";

static void resolv_conf_write(const char *text)
{
  char temporary[sizeof fx.resolv_conf + 4];
  snprintf(temporary, sizeof temporary, "%s.new", fx.resolv_conf);
  FILE *f = fopen(temporary, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
  assert_int_equal(rename(temporary, fx.resolv_conf), 0);
}

static int up(void **state)
{
  (void)state;
  memset(&fx, 0, sizeof fx);
  memset(&told, 0, sizeof told);
  for (int tries = 0; tries < 100; tries++) { /* a port that is free at both addresses */
    fx.port = 0;
    fx.server[0] = server_open(0x7F000002, &fx.port);
    fx.server[1] = server_open(0x7F000003, &fx.port);
    if (fx.server[1] >= 0) {
      break;
    }
    close(fx.server[0]);
  }
  assert_true(fx.server[0] >= 0 && fx.server[1] >= 0);
  snprintf(fx.resolv_conf, sizeof fx.resolv_conf, "/tmp/gossamer-resolv-XXXXXX");
  int fd = mkstemp(fx.resolv_conf);
  assert_true(fd >= 0);
  close(fd);
  resolv_conf_write("# a comment\nsearch x\n  nameserver 127.0.0.2 \n");
  assert_true(loop_open(&fx.loop));
  const struct dns_relay_config config = {.loop = &fx.loop,
                                          .resolv_conf = fx.resolv_conf,
                                          .port = fx.port,
                                          .domain = "gossamer",
                                          .lookup = lookup,
                                          .arg = &fx};
  fx.relay = dns_relay_new(&config);
  assert_non_null(fx.relay);
  return 0;
}

static int down(void **state)
{
  (void)state;
  dns_relay_free(fx.relay);
  loop_close(&fx.loop);
  for (int i = 0; i < 2; i++) {
    if (fx.server[i] >= 0) {
      close(fx.server[i]);
    }
  }
  unlink(fx.resolv_conf);
  return 0;
}

/** One round of the network's thread. @return false: nothing happened for so long */
static bool turn(int wait_ms)
{
  struct epoll_event e;
  int relay_ms = dns_relay_wait_ms(fx.relay);
  int n =
      epoll_wait(fx.loop.epoll_fd, &e, 1, relay_ms >= 0 && relay_ms < wait_ms ? relay_ms : wait_ms);
  if (n > 0) {
    struct io *io = (struct io *)e.data.ptr;
    io->ready(io, e.events);
  }
  dns_relay_tick(fx.relay);
  return n > 0 || relay_ms >= 0;
}

static void turn_until_told(unsigned count)
{
  for (int waited_ms = 0; told.count < count; waited_ms += 100) {
    assert_true(waited_ms < PATIENCE_MS);
    turn(100);
  }
  assert_int_equal(told.count, count);
}

/* --- the client's side --- */

static size_t query_make(uint8_t *out, const char *name, uint16_t type)
{
  struct dns_name n;
  assert_true(dns_name_from_text(&n, name));
  return dns_query_build(out, CLIENT_ID, &n, type);
}

static void ask_bytes(const uint8_t *message, size_t len)
{
  struct dns_relay_client client = {.port = 4711, .answer = on_answer, .arg = &told};
  dns_relay_query(fx.relay, &client, message, len);
}

static void ask(const char *name, uint16_t type)
{
  uint8_t query[DNS_QUERY_LEN_MAX];
  ask_bytes(query, query_make(query, name, type));
}

static void told_head(struct dns_header *h, unsigned count)
{
  assert_int_equal(told.count, count);
  assert_true(dns_header_read(h, told.message, told.len));
  assert_int_equal(h->id, CLIENT_ID);
  assert_true(h->is_response);
}

static void told_rcode(unsigned count, unsigned rcode)
{
  struct dns_header h;
  told_head(&h, count);
  assert_int_equal(h.rcode, rcode);
  assert_int_equal(h.records[0], 0);
}

/** One address record, with this data. */
static void told_record(unsigned count, uint16_t type, const void *data, size_t len)
{
  struct dns_header h;
  struct dns_reader r;
  struct dns_record record;
  struct dns_name name;
  u16_t asked_type, rclass;
  told_head(&h, count);
  assert_int_equal(h.rcode, 0);
  assert_int_equal(h.records[0], 1);
  assert_true(dns_reader_init(&r, &h, told.message, told.len, &name, &asked_type, &rclass));
  assert_int_equal(dns_reader_next(&r, &record), 1);
  assert_true(dns_name_eq(&record.owner, &name));
  assert_int_equal(record.type, type);
  assert_int_equal(record.data_len, len);
  assert_memory_equal(told.message + record.data_at, data, len);
  assert_int_equal(dns_reader_next(&r, &record), 0);
}

/* --- the servers' side --- */

struct heard {
  uint8_t message[DNS_RELAY_MESSAGE_MAX];
  size_t len;
  struct sockaddr_in from;
};

static void server_hears(int fd, struct heard *h)
{
  for (int waited_ms = 0;; waited_ms += 20) {
    socklen_t len = sizeof h->from;
    ssize_t got = recvfrom(fd, h->message, sizeof h->message, MSG_DONTWAIT,
                           (struct sockaddr *)&h->from, &len);
    if (got >= 0) {
      h->len = (size_t)got;
      return;
    }
    assert_true(waited_ms < PATIENCE_MS);
    turn(20);
  }
}

static void server_says(int fd, const struct heard *h, const uint8_t *message, size_t len)
{
  assert_int_equal(sendto(fd, message, len, 0, (const struct sockaddr *)&h->from, sizeof h->from),
                   (int)len);
}

/** The question with one record 192.0.2.`last`. */
static size_t answer_make(uint8_t *out, const struct heard *h, uint8_t last)
{
  const uint8_t record[] = {0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, last};
  memcpy(out, h->message, h->len);
  out[2] |= 0x80;
  out[7] = 1;
  memcpy(out + h->len, record, sizeof record);
  return h->len + sizeof record;
}

static void server_answers(int fd, const struct heard *h, uint8_t last)
{
  uint8_t message[DNS_QUERY_LEN_MAX + 16];
  server_says(fd, h, message, answer_make(message, h, last));
}

/* --- tests --- */

static const uint8_t addr4[] = {10, 77, 0, 9};
static const uint8_t addr6[16] = {0xFD, 0x67, [15] = 9};

static void test_own_names(void **state)
{
  (void)state;
  ask("two.gossamer", TYPE_A);
  told_record(1, TYPE_A, addr4, 4);
  ask("two", TYPE_AAAA);
  told_record(2, TYPE_AAAA, addr6, 16);
  ask("TWO.Gossamer", TYPE_A);
  told_record(3, TYPE_A, addr4, 4);
  ask("two.gossamer", 16);
  told_rcode(4, 0);
  ask("empty.gossamer", TYPE_A);
  told_rcode(5, 0);
  ask("nosuch.gossamer", TYPE_A);
  told_rcode(6, 3);
  ask("two.two.gossamer", TYPE_A);
  told_rcode(7, 3);
}

/* Names of one label that are not of the network, and others, are asked of the first server. */
static void test_forwarded(void **state)
{
  const char *const names[] = {"other", "www.example", "two.example", "gossamer.example"};
  (void)state;
  for (unsigned i = 0; i < 4; i++) {
    const uint8_t data[] = {192, 0, 2, (uint8_t)i};
    struct heard h;
    ask(names[i], TYPE_A);
    server_hears(fx.server[0], &h);
    server_answers(fx.server[0], &h, (uint8_t)i);
    turn_until_told(i + 1);
    told_record(i + 1, TYPE_A, data, 4);
  }
  assert_int_equal(dns_relay_wait_ms(fx.relay), -1);
}

/* Ids and ports are drawn anew for each query. */
static void test_ids_and_ports_vary(void **state)
{
  struct heard h[16];
  unsigned same_id = 0, same_port = 0;
  (void)state;
  for (unsigned i = 0; i < 16; i++) {
    ask("www.example", TYPE_A);
    server_hears(fx.server[0], &h[i]);
    for (unsigned k = 0; k < i; k++) {
      same_id += memcmp(h[i].message, h[k].message, 2) == 0;
      same_port += h[i].from.sin_port == h[k].from.sin_port;
    }
  }
  assert_true(same_id < 2);
  assert_int_equal(same_port, 0);
}

/* Other ids, other questions, a query, another host: the right answer is waited for. */
static void test_forged(void **state)
{
  const uint8_t right[] = {192, 0, 2, 1};
  uint8_t lie[DNS_QUERY_LEN_MAX + 16];
  struct heard h;
  (void)state;
  ask("www.example", TYPE_A);
  server_hears(fx.server[0], &h);
  size_t len = answer_make(lie, &h, 66);
  lie[1] ^= 1;
  server_says(fx.server[0], &h, lie, len);
  answer_make(lie, &h, 66);
  lie[13] ^= 1;
  server_says(fx.server[0], &h, lie, len);
  answer_make(lie, &h, 66);
  lie[2] &= 0x7F;
  server_says(fx.server[0], &h, lie, len);
  answer_make(lie, &h, 66);
  server_says(fx.server[1], &h, lie, len);
  server_says(fx.server[0], &h, lie, 11);
  server_says(fx.server[0], &h, lie, 0);
  server_answers(fx.server[0], &h, 1);
  turn_until_told(1);
  told_record(1, TYPE_A, right, 4);
}

/* The kernel says that nobody is there: the next one is asked at once; after the last, SERVFAIL. */
static void test_nobody_serves(void **state)
{
  const uint8_t data[] = {192, 0, 2, 2};
  struct heard h;
  (void)state;
  resolv_conf_write(two_servers);
  close(fx.server[0]);
  fx.server[0] = -1;
  ask("www.example", TYPE_A);
  server_hears(fx.server[1], &h);
  server_answers(fx.server[1], &h, 2);
  turn_until_told(1);
  told_record(1, TYPE_A, data, 4);
  close(fx.server[1]);
  fx.server[1] = -1;
  ask("www.example", TYPE_A);
  turn_until_told(2);
  told_rcode(2, 2);
}

/* The first one is silent. */
static void test_second_server(void **state)
{
  const uint8_t data[] = {192, 0, 2, 3};
  struct heard h;
  (void)state;
  resolv_conf_write(two_servers);
  ask("www.example", TYPE_A);
  server_hears(fx.server[1], &h);
  server_answers(fx.server[1], &h, 3);
  turn_until_told(1);
  told_record(1, TYPE_A, data, 4);
}

/* The file of the host's servers changes, is empty, or gone. */
static void test_servers_change(void **state)
{
  struct sockaddr_storage addr;
  socklen_t len;
  struct heard h;
  (void)state;
  resolv_conf_write("nameserver 127.0.0.3\n");
  ask("www.example", TYPE_A);
  server_hears(fx.server[1], &h);
  server_answers(fx.server[1], &h, 3);
  turn_until_told(1);
  assert_true(dns_relay_server(fx.relay, &addr, &len));
  assert_int_equal(addr.ss_family, AF_INET);
  resolv_conf_write("nameserver\nnameserver x\nname 127.0.0.2\n");
  ask("www.example", TYPE_A);
  told_rcode(2, 2);
  assert_false(dns_relay_server(fx.relay, &addr, &len));
  unlink(fx.resolv_conf);
  ask("www.example", TYPE_A);
  told_rcode(3, 2);
}

/* Bytes that are no query: nothing, FORMERR or NOTIMP, and never anything to a server. */
static void test_no_queries(void **state)
{
  uint8_t query[DNS_QUERY_LEN_MAX];
  uint8_t bad[DNS_QUERY_LEN_MAX];
  size_t len = query_make(query, "www.example", TYPE_A);
  (void)state;
  for (size_t cut = 0; cut < len; cut++) {
    ask_bytes(query, cut);
  }
  assert_int_equal(told.count, len - DNS_HEADER_LEN);
  told.count = 0;
  memcpy(bad, query, len);
  bad[2] |= 0x80; /* a response */
  ask_bytes(bad, len);
  assert_int_equal(told.count, 0);
  memcpy(bad, query, len);
  bad[2] |= 0x28; /* another operation */
  ask_bytes(bad, len);
  told_rcode(1, 4);
  memcpy(bad, query, len);
  bad[5] = 2; /* two questions */
  ask_bytes(bad, len);
  told_rcode(2, 1);
  memcpy(bad, query, len);
  bad[12] = 0xC0; /* a pointer */
  ask_bytes(bad, len);
  told_rcode(3, 1);
  assert_int_equal(dns_relay_wait_ms(fx.relay), -1);
}

/* Random bytes behind a header: at most an answer each. */
static void test_noise(void **state)
{
  uint32_t seed = 1;
  (void)state;
  for (unsigned i = 0; i < 2000; i++) {
    uint8_t bytes[64] = {0x12, 0x34, 1, 0, 0, 1};
    for (size_t at = 12; at < sizeof bytes; at++) {
      seed = seed * 1664525U + 1013904223U;
      bytes[at] = (uint8_t)(seed >> (at % 2 ? 24 : 29)); /* short labels */
    }
    unsigned before = told.count;
    ask_bytes(bytes, 12 + seed % 52);
    assert_true(told.count <= before + 1);
  }
}

/* Many queries: the oldest ones are forgotten, the newest are answered. */
static void test_many(void **state)
{
  char name[32];
  struct heard first, h;
  (void)state;
  ask("n0.example", TYPE_A);
  server_hears(fx.server[0], &first);
  for (unsigned i = 1; i <= DNS_RELAY_QUERIES_MAX; i++) {
    snprintf(name, sizeof name, "n%u.example", i);
    ask(name, TYPE_A);
    server_hears(fx.server[0], &h);
  }
  server_answers(fx.server[0], &first, 1);
  server_answers(fx.server[0], &h, 2);
  turn_until_told(1);
  assert_memory_equal(told.message + 12, h.message + 12, h.len - 12);
}

/* Longer than fits: said to be truncated. */
static void test_too_long(void **state)
{
  uint8_t message[DNS_RELAY_MESSAGE_MAX + 1] = {0};
  struct dns_header header;
  struct heard h;
  (void)state;
  ask("www.example", TYPE_A);
  server_hears(fx.server[0], &h);
  answer_make(message, &h, 1);
  server_says(fx.server[0], &h, message, sizeof message);
  turn_until_told(1);
  told_head(&header, 1);
  assert_true(header.is_truncated);
  assert_int_equal(header.records[0], 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_own_names),      TEST(test_forwarded),     TEST(test_ids_and_ports_vary),
      TEST(test_forged),         TEST(test_nobody_serves), TEST(test_second_server),
      TEST(test_servers_change), TEST(test_no_queries),    TEST(test_noise),
      TEST(test_many),           TEST(test_too_long),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
