/**
 * @file
 * DNS: a message, read as the answer to the question that it repeats.
 * needs: ipv4
 */
#include "common.h"
#include "lwip/def.h"
#include "lwip/prot/dns.h"
#include "control/dns_answer.h"
#include "wire/bytes.h"
#include "wire/dns.h"

#define ADDRS_MAX 4096

/** A name that was read: well-formed, and the same when it goes through text, where text can say
 * it. */
static void check_name(const struct dns_name *n)
{
  char text[DNS_NAME_TEXT_SIZE];
  struct dns_name again;
  size_t at = 0;
  FUZZ_ASSERT(n->len >= 1 && n->len <= DNS_NAME_MAX && n->bytes[n->len - 1] == 0);
  while (n->bytes[at] != 0) {
    FUZZ_ASSERT(n->bytes[at] <= DNS_LABEL_MAX);
    at += n->bytes[at] + 1U;
    FUZZ_ASSERT(at < n->len);
  }
  FUZZ_ASSERT(at == n->len - 1U);
  FUZZ_ASSERT(dns_name_eq(n, n));
  dns_name_to_text(n, text);
  FUZZ_ASSERT(strlen(text) < sizeof text);
  if (strchr(text, '\\') == NULL && text[0] != '\0') {
    FUZZ_ASSERT(dns_name_from_text(&again, text) && dns_name_eq(n, &again));
  }
}

static void check_names(const u8_t *msg, size_t len)
{
  struct dns_name n;
  for (size_t at = 0; at <= len && at < 600; at++) {
    size_t end = dns_name_read(&n, msg, len, at);
    FUZZ_ASSERT(end <= len && (end == 0 || end > at));
    if (end != 0) {
      check_name(&n);
    }
  }
}

static void check_records(struct dns_reader *r)
{
  struct dns_record record;
  u32_t left = (u32_t)r->left[0] + r->left[1] + r->left[2];
  u32_t seconds;
  int more;
  while ((more = dns_reader_next(r, &record)) > 0) {
    FUZZ_ASSERT(left-- > 0);
    FUZZ_ASSERT(record.data_at + record.data_len <= r->len && r->at <= r->len);
    FUZZ_ASSERT(record.ttl_s <= 0x7FFFFFFF);
    check_name(&record.owner);
    dns_soa_minimum(r->msg, r->len, &record, &seconds);
  }
  FUZZ_ASSERT(more < 0 || left == 0);
}

static void check_answer(const u8_t *msg, size_t len, const struct dns_name *asked, u16_t type)
{
  static ip_addr_t addr[ADDRS_MAX];
  struct dns_answer a;
  if (!dns_answer_fits(&a, msg, len, bytes_get16(msg), asked, type, true)) {
    return;
  }
  FUZZ_ASSERT(a.header.is_response && a.header.opcode == 0);
  if (dns_answer_read(&a)) {
    FUZZ_ASSERT(a.count <= ADDRS_MAX && a.ttl_s <= DNS_MAX_TTL);
    FUZZ_ASSERT(a.negative_ttl_s <= a.ttl_s);
    check_name(&a.name);
    if (type != DNS_RRTYPE_PTR) {
      dns_answer_addrs(&a, addr);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct dns_header h;
  struct dns_reader r;
  struct dns_name asked;
  u16_t type, rclass;
  if (size > 4096) {
    return 0;
  }
  struct exact e = exact_copy(data, size);
  check_names(e.bytes, size);
  if (dns_header_read(&h, e.bytes, size) &&
      dns_reader_init(&r, &h, e.bytes, size, &asked, &type, &rclass)) {
    check_name(&asked);
    check_records(&r);
    check_answer(e.bytes, size, &asked, type);
  }
  exact_free(e);
  return 0;
}
