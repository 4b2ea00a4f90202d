/*
 * DNS: answers that are none: forged, malformed, of other names (RFC 5452, RFC 9267; security
 * vectors B13).
 * needs: ipv4
 */
#include "dns_server.h"

#define WWW "www.example"

/** A question is on its way. */
static struct dns_question asking(void)
{
  dns_has_server(SERVER);
  dns_ask(WWW, RESOLVE_IP4);
  return dns_asked(SERVER, WWW, DNS_RRTYPE_A);
}

static struct dns_reply right_reply(const struct dns_question *q)
{
  struct dns_reply r = dns_reply_to(q, 0);
  dns_put_addr(&r, NULL, 60, "192.0.2.1");
  return r;
}

/** The question still waits, and the right answer is taken. */
static void still_asking(const struct dns_question *q)
{
  struct dns_reply r = right_reply(q);
  assert_int_equal(told.count, 0);
  expect_silence();
  dns_send(q, &r);
  dns_told_addrs("192.0.2.1", NULL);
}

/** This is no answer to it: it is as if nothing had come. */
static void mismatch(const struct dns_question *q, const struct dns_reply *r)
{
  dns_send(q, r);
  expect_drop(DROP_DNS_MISMATCH);
  assert_int_equal(told.count, 0);
}

/* B13-208: shorter than a header, and than the question. */
PACKET_TEST(test_short)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  size_t question_end = DNS_HEADER_LEN + q.len;
  for (r.len = 0; r.len < question_end; r.len++) {
    mismatch(&q, &r);
  }
  still_asking(&q);
}

/* B13-208: a question, another kind of operation; B13-209: another id. */
PACKET_TEST(test_wrong_header)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  r.bytes[2] &= 0x7F;
  mismatch(&q, &r);
  for (unsigned opcode = 1; opcode < 16; opcode++) {
    r = right_reply(&q);
    r.bytes[2] |= (u8_t)(opcode << 3);
    mismatch(&q, &r);
  }
  for (unsigned bit = 0; bit < 16; bit++) {
    r = right_reply(&q);
    bytes_put16(r.bytes, q.id ^ (u16_t)(1U << bit));
    mismatch(&q, &r);
  }
  still_asking(&q);
}

/* B13-209: from another host, from another port, to another port of ours. */
PACKET_TEST(test_wrong_end)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  dns_send_as(&q, &r, SERVER2, 53);
  expect_drop(DROP_UDP_NO_PORT);
  dns_send_as(&q, &r, SERVER, 5353);
  expect_drop(DROP_UDP_NO_PORT);
  struct dns_question other = q;
  other.port = (u16_t)(q.port ^ 1);
  dns_send(&other, &r);
  expect_drop(DROP_UDP_NO_PORT);
  tx_discard();
  still_asking(&q);
}

/* Another name, type, class; none, two questions. */
PACKET_TEST(test_wrong_question)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  r.bytes[DNS_HEADER_LEN + 1] = 'x';
  mismatch(&q, &r);
  r = right_reply(&q);
  r.bytes[DNS_HEADER_LEN + q.len - 3] = DNS_RRTYPE_AAAA;
  mismatch(&q, &r);
  r = right_reply(&q);
  r.bytes[DNS_HEADER_LEN + q.len - 1] = DNS_RRCLASS_CH;
  mismatch(&q, &r);
  r = right_reply(&q);
  bytes_put16(r.bytes + 4, 0);
  mismatch(&q, &r);
  bytes_put16(r.bytes + 4, 2);
  mismatch(&q, &r);
  still_asking(&q);
}

/* The case of letters is as random as the id, in the first round. */
PACKET_TEST(test_wrong_case)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  r.bytes[DNS_HEADER_LEN + 1] ^= 0x20;
  mismatch(&q, &r);
  still_asking(&q);
  /* A server that changes it is asked again, and believed then. */
  dns_clear_cache();
  dns_ask(WWW, RESOLVE_IP4);
  dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  advance(1000);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  r = right_reply(&q);
  r.bytes[DNS_HEADER_LEN + 1] ^= 0x20;
  dns_send(&q, &r);
  dns_told_addrs("192.0.2.1", NULL);
}

/* An answer to an earlier sending comes to a port that is no more. */
PACKET_TEST(test_late_answer)
{
  struct dns_question first = asking();
  advance(1000);
  struct dns_question second = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  struct dns_reply r = right_reply(&first);
  dns_send(&first, &r);
  expect_drop(DROP_UDP_NO_PORT);
  tx_discard();
  still_asking(&second);
}

/* What is drawn anew for each question cannot be guessed from the last one. */
PACKET_TEST(test_ids_and_ports_vary)
{
  u16_t id[32], port[32];
  unsigned same_ids = 0, same_ports = 0, steps = 0;
  char name[32];
  dns_has_server(SERVER);
  for (unsigned i = 0; i < 32; i++) {
    snprintf(name, sizeof name, "n%u.example", i);
    dns_queries_used = 0;
    struct resolve_query *query = dns_ask(name, RESOLVE_IP4);
    struct dns_question q = dns_asked(SERVER, name, DNS_RRTYPE_A);
    resolve_cancel(query);
    id[i] = q.id;
    port[i] = q.port;
    for (unsigned k = 0; k < i; k++) {
      same_ids += id[k] == id[i];
      same_ports += port[k] == port[i];
    }
    steps += i > 0 && (u16_t)(port[i] - port[i - 1]) < 64;
  }
  assert_true(same_ids < 2);
  assert_true(same_ports < 3);
  assert_true(steps < 5);
}

/* --- records --- */

/** The server's answer cannot be read: it is as if it could not tell. */
static void malformed(struct dns_reply *r, const struct dns_question *q)
{
  dns_send(q, r);
  expect_drop(DROP_DNS_MALFORMED);
  dns_told_status(RESOLVE_FAILED);
  expect_silence();
}

/* B13-211: counts that lie. */
PACKET_TEST(test_counts_that_lie)
{
  for (int section = 0; section < 3; section++) {
    struct dns_question q = asking();
    struct dns_reply r = right_reply(&q);
    bytes_put16(r.bytes + 6 + 2 * section, 0xFFFF);
    malformed(&r, &q);
  }
}

/* B13-214: cut anywhere. */
PACKET_TEST(test_cut)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  size_t whole = r.len;
  for (size_t len = DNS_HEADER_LEN + q.len; len < whole; len++) {
    r = right_reply(&q);
    r.len = len;
    malformed(&r, &q);
    q = asking();
  }
}

/* B13-214: data beyond the message, and of the wrong length for an address. */
PACKET_TEST(test_wrong_data_lengths)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  bytes_put16(r.bytes + r.len - 6, 5);
  malformed(&r, &q);
  q = asking();
  r = right_reply(&q);
  bytes_put16(r.bytes + r.len - 6, 0xFFFF);
  malformed(&r, &q);
  const size_t lens[] = {0, 3, 5, 16};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lens); i++) {
    const u8_t data[16] = {192, 0, 2, 9};
    q = asking();
    r = dns_reply_to(&q, 0);
    dns_put_raw(&r, 0, NULL, DNS_RRTYPE_A, 60, data, lens[i]);
    dns_put_addr(&r, NULL, 60, "192.0.2.1");
    dns_send(&q, &r);
    dns_told_addrs("192.0.2.1", NULL);
    dns_clear_cache();
  }
}

/** An answer whose record has this owner, as bytes. */
static void bad_owner(const void *owner, size_t len)
{
  struct dns_question q = asking();
  struct dns_reply r = dns_reply_to(&q, 0);
  const u8_t rest[] = {0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};
  dns_put(&r, owner, len);
  dns_put(&r, rest, sizeof rest);
  dns_count(&r, 0);
  malformed(&r, &q);
}

/* B13-212: pointers to themselves, forward, in chains, beyond the end, into the header; label types
   that are none; labels beyond the end; names without an end or too long. */
PACKET_TEST(test_names)
{
  struct dns_question q = asking();
  u8_t here = (u8_t)(DNS_HEADER_LEN + q.len);
  dns_quiet();
  const u8_t self[] = {0xC0, here};
  const u8_t forward[] = {0xC0, (u8_t)(here + 4)};
  const u8_t beyond[] = {0xFF, 0xFF};
  const u8_t header[] = {0xC0, 0};
  const u8_t header_end[] = {0xC0, 11};
  const u8_t loop[] = {1, 'a', 0xC0, here};
  const u8_t type40[] = {0x41, 'a', 0};
  const u8_t type80[] = {0x81, 'a', 0};
  const u8_t long_label[] = {63, 'a'};
  bad_owner(self, sizeof self);
  bad_owner(forward, sizeof forward);
  bad_owner(beyond, sizeof beyond);
  bad_owner(header, sizeof header);
  bad_owner(header_end, sizeof header_end);
  bad_owner(loop, sizeof loop);
  bad_owner(type40, sizeof type40);
  bad_owner(type80, sizeof type80);
  bad_owner(long_label, sizeof long_label);
  u8_t too_long[256 + 1];
  memset(too_long, 0, sizeof too_long);
  for (unsigned i = 0; i < 4; i++) { /* 4 times 64 bytes, and the end: 257 */
    too_long[64 * i] = 63;
    memset(too_long + 64 * i + 1, 'a', 63);
  }
  bad_owner(too_long, sizeof too_long);
}

/* B13-212: a chain of pointers as long as a message can hold: each leads back, so it ends; B13-220:
   and nothing recurs. */
PACKET_TEST(test_chain_of_pointers)
{
  struct dns_question q = asking();
  struct dns_reply r = dns_reply_to(&q, 0);
  u8_t chain[200];
  u16_t at = (u16_t)(r.len + 12);
  bytes_put16(chain, 0xC00C);
  for (unsigned i = 1; i < sizeof chain / 2; i++) {
    bytes_put16(chain + 2 * i, (u16_t)(0xC000U | (at + 2 * (i - 1))));
  }
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_TXT, 60, chain, sizeof chain);
  const u8_t rest[] = {0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};
  u8_t owner[2];
  bytes_put16(owner, (u16_t)(0xC000U | (at + sizeof chain - 2)));
  dns_put(&r, owner, 2);
  dns_put(&r, rest, sizeof rest);
  dns_count(&r, 0);
  dns_send(&q, &r);
  dns_told_addrs("192.0.2.1", NULL);
}

/* B13-215: records of other names mean nothing, nor those of other classes or sections (B13-214).
 */
PACKET_TEST(test_records_that_mean_nothing)
{
  const u8_t evil[4] = {6, 6, 6, 6};
  struct dns_question q = asking();
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_addr(&r, "evil.example", 60, "6.6.6.6");
  dns_put_addr(&r, "wwwx.example", 60, "6.6.6.6");
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_TXT, 60, evil, sizeof evil);
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_A, 60, evil, sizeof evil);
  r.bytes[r.len - 4 - 8] = 0x80; /* the class's top bit: mDNS's, not here */
  dns_put_addr(&r, NULL, 60, "192.0.2.1");
  dns_put_raw(&r, 1, NULL, DNS_RRTYPE_A, 60, evil, sizeof evil);
  dns_put_raw(&r, 2, NULL, DNS_RRTYPE_A, 60, evil, sizeof evil);
  dns_send(&q, &r);
  dns_told_addrs("192.0.2.1", NULL);
  /* And nothing of it is remembered for others. */
  dns_ask("evil.example", RESOLVE_IP4);
  q = dns_asked(SERVER, "evil.example", DNS_RRTYPE_A);
  dns_quiet();
}

/* An alias in the authority section leads nowhere. */
PACKET_TEST(test_alias_in_another_section)
{
  struct dns_question q = asking();
  struct dns_reply r = dns_reply_to(&q, 0);
  struct dns_name n;
  assert_true(dns_name_from_text(&n, "evil.example"));
  dns_put_raw(&r, 1, NULL, DNS_RRTYPE_CNAME, 60, n.bytes, n.len);
  dns_put_raw(&r, 2, "evil.example", DNS_RRTYPE_A, 60, "\6\6\6\6", 4);
  dns_send(&q, &r);
  dns_told_status(RESOLVE_NO_DATA);
  expect_silence();
}

/* An alias to something that is no name. */
PACKET_TEST(test_alias_to_no_name)
{
  const u8_t self[] = {0xC0, 0xFF};
  const u8_t more[] = {1, 'a', 0, 7};
  struct dns_question q = asking();
  struct dns_reply r = dns_reply_to(&q, 0);
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_CNAME, 60, self, sizeof self);
  dns_send(&q, &r);
  dns_told_status(RESOLVE_NO_DATA);
  dns_ask(WWW, RESOLVE_IP4);
  q = dns_asked(SERVER, WWW, DNS_RRTYPE_A);
  r = dns_reply_to(&q, 0);
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_CNAME, 60, more, sizeof more);
  dns_send(&q, &r);
  dns_told_status(RESOLVE_NO_DATA);
}

/* B13-217: bytes that are no letters come out escaped, also NULs. */
PACKET_TEST(test_strange_canonical_name)
{
  const u8_t name[] = {5, 'a', 0, '.', '\\', 0xFF, 1, 'b', 0};
  struct dns_question q = asking();
  struct dns_reply r = dns_reply_to(&q, 0);
  const u8_t rest[] = {0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};
  dns_put_raw(&r, 0, NULL, DNS_RRTYPE_CNAME, 60, name, sizeof name);
  dns_put(&r, name, sizeof name);
  dns_put(&r, rest, sizeof rest);
  dns_count(&r, 0);
  dns_send(&q, &r);
  assert_string_equal(told.canonical, "a\\000\\046\\092\\255.b");
  dns_told_addrs("192.0.2.1", NULL);
}

/* B13-213: the longest name that there is, as question and as alias. */
PACKET_TEST(test_longest_name)
{
  char text[254];
  memset(text, 'a', sizeof text);
  for (unsigned i = 63; i < 253; i += 64) {
    text[i] = '.';
  }
  text[253] = '\0';
  dns_has_server(SERVER);
  dns_ask(text, RESOLVE_IP4);
  struct dns_question q = dns_asked(SERVER, text, DNS_RRTYPE_A);
  assert_int_equal(q.len, 255 + 4);
  struct dns_reply r = dns_reply_to(&q, 0);
  text[0] = 'b';
  dns_put_cname(&r, NULL, 60, text);
  dns_put_addr(&r, text, 60, "192.0.2.1");
  dns_send(&q, &r);
  assert_string_equal(told.canonical, text);
  dns_told_addrs("192.0.2.1", NULL);
}

/* SOA records that are cut, or longer than they are. */
PACKET_TEST(test_bad_soa)
{
  u8_t data[32] = {0};
  for (size_t len = 0; len <= sizeof data; len++) {
    if (len == 22) {
      continue; /* the right one */
    }
    struct dns_question q = asking();
    struct dns_reply r = dns_reply_to(&q, 3);
    memset(data + 2, 0xFF, sizeof data - 2);
    dns_put_raw(&r, 1, "example", DNS_RRTYPE_SOA, 60, data, len);
    dns_send(&q, &r);
    dns_told_status(RESOLVE_NO_NAME);
    dns_ask(WWW, RESOLVE_IP4); /* not remembered */
    dns_asked(SERVER, WWW, DNS_RRTYPE_A);
    dns_quiet();
  }
}

/* An answer in pieces of one byte needs memory to be read: without it, it is lost, and asked for
   again. */
PACKET_TEST(test_no_memory_to_read)
{
  struct dns_question q = asking();
  struct dns_reply r = right_reply(&q);
  static u8_t huge[1501];
  memcpy(huge, r.bytes, r.len);
  struct pbuf *whole = pbuf_alloc(PBUF_RAW, 1400, PBUF_RAM);
  struct pbuf *rest = pbuf_alloc(PBUF_RAW, 101, PBUF_RAM);
  if (whole == NULL || rest == NULL) {
    (void)(whole != NULL && pbuf_free(whole));
    (void)(rest != NULL && pbuf_free(rest));
    whole = NULL;
  }
  assert_non_null(whole);
  pbuf_cat(whole, rest);
  pbuf_take(whole, huge, sizeof huge);
  for (struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next) {
    if (pcb->local_port == q.port) {
      ip_addr_t from = ip_of(SERVER);
      pcb->recv(pcb->recv_arg, pcb, whole, &from, 53);
      break;
    }
  }
  expect_drop(DROP_DNS_NO_MEMORY);
  still_asking(&q);
}

/* Random bytes behind a right header, many times: never more than an answer that cannot be read. */
PACKET_TEST(test_noise)
{
  ignore_drops();
  for (u32_t seed = 1; seed <= 200; seed++) {
    struct dns_question q = asking();
    struct dns_reply r = dns_reply_to(&q, 0);
    bytes_put16(r.bytes + 6, 3);
    bytes_put16(r.bytes + 8, 3);
    dns_put(&r, pattern(100, seed), 100);
    dns_send(&q, &r);
    assert_true(told.count <= 1);
    dns_quiet();
    tx_discard();
  }
}

static const struct packet_test tests[] = {
    TEST(test_short),
    TEST(test_wrong_header),
    TEST(test_wrong_end),
    TEST(test_wrong_question),
    TEST(test_wrong_case),
    TEST(test_late_answer),
    TEST_FLAGS(test_ids_and_ports_vary, PACKET_ONCE),
    TEST(test_counts_that_lie),
    TEST(test_cut),
    TEST(test_wrong_data_lengths),
    TEST(test_names),
    TEST(test_chain_of_pointers),
    TEST(test_records_that_mean_nothing),
    TEST(test_alias_in_another_section),
    TEST(test_alias_to_no_name),
    TEST(test_strange_canonical_name),
    TEST(test_longest_name),
    TEST(test_bad_soa),
    TEST_FLAGS(test_no_memory_to_read, PACKET_ONCE),
    TEST(test_noise),
};

PACKET_MAIN(tests)
