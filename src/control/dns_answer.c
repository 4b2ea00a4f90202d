/**
 * @file
 * Reading answers: RFC 1034 3.6.2 (aliases), RFC 2181 5.4.1 (only the answer section answers),
 * RFC 2308 (that there is none), RFC 5452 3 (what fits).
 *
 * No state. Only records whose owner is the name that was asked for, or what that is an alias of,
 * mean anything: whatever else a server adds is not believed.
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/priv/dns_hooks.h"
#include "lwip/prot/dns.h"
#include "wire/bytes.h"
#include "control/dns_answer.h"

#define ALIASES_MAX 16 /* in one message */

bool dns_answer_fits(struct dns_answer *a, const u8_t *msg, size_t len, u16_t id,
                     const struct dns_name *asked, u16_t type, bool is_exact)
{
  struct dns_reader r;
  u16_t rclass;
  memset(a, 0, sizeof *a);
  a->msg = msg;
  a->len = len;
  if (!dns_header_read(&a->header, msg, len) || a->header.id != id || !a->header.is_response ||
      a->header.opcode != 0 ||
      !dns_reader_init(&r, &a->header, msg, len, &a->name, &a->type, &rclass)) {
    return false;
  }
  return a->type == type && rclass == DNS_RRCLASS_IN && dns_name_eq(&a->name, asked) &&
         (!is_exact || memcmp(a->name.bytes, asked->bytes, asked->len) == 0);
}

static size_t addr_len_of(u16_t type)
{
  return type == DNS_RRTYPE_AAAA ? 16 : 4;
}

static bool is_ours(const struct dns_answer *a, const struct dns_record *record, u16_t type)
{
  return record->type == type && record->rclass == DNS_RRCLASS_IN &&
         dns_name_eq(&record->owner, &a->name);
}

/** Does it answer: an address, or the name of one? */
static bool is_answer(const struct dns_answer *a, const struct dns_record *record)
{
  return record->section == DNS_ANSWER && is_ours(a, record, a->type) &&
         (a->type == DNS_RRTYPE_PTR || record->data_len == addr_len_of(a->type));
}

/** Start over with the records; the question was fine once. */
static void rewind_to_records(const struct dns_answer *a, struct dns_reader *r)
{
  struct dns_name name;
  u16_t type, rclass;
  dns_reader_init(r, &a->header, a->msg, a->len, &name, &type, &rclass);
}

/** Count the answers about a->name. @return false: malformed */
static bool count_answers(struct dns_answer *a)
{
  struct dns_reader r;
  struct dns_record record;
  u32_t ttl_s = a->ttl_s;
  int more;
  rewind_to_records(a, &r);
  while ((more = dns_reader_next(&r, &record)) > 0) {
    if (is_answer(a, &record)) {
      a->count++;
      ttl_s = LWIP_MIN(ttl_s, record.ttl_s);
    }
  }
  a->ttl_s = ttl_s;
  return more == 0 || a->header.is_truncated; /* what is cut off is no fault */
}

/** a->name becomes the name that the first record of this type tells. @return false: none does */
static bool follow_name(struct dns_answer *a, u16_t type)
{
  struct dns_reader r;
  struct dns_record record;
  rewind_to_records(a, &r);
  while (dns_reader_next(&r, &record) > 0 && record.section == DNS_ANSWER) {
    size_t end = record.data_at + record.data_len;
    if (is_ours(a, &record, type)) {
      struct dns_name target;
      if (dns_name_read(&target, a->msg, a->len, record.data_at) != end) {
        return false;
      }
      a->name = target;
      a->is_alias = true;
      a->ttl_s = LWIP_MIN(a->ttl_s, record.ttl_s);
      return true;
    }
  }
  return false;
}

/** For how long there is nothing. */
static void find_negative_ttl(struct dns_answer *a)
{
  struct dns_reader r;
  struct dns_record record;
  u32_t minimum;
  rewind_to_records(a, &r);
  while (dns_reader_next(&r, &record) > 0) {
    if (record.section == DNS_AUTHORITY && record.type == DNS_RRTYPE_SOA &&
        record.rclass == DNS_RRCLASS_IN && dns_soa_minimum(a->msg, a->len, &record, &minimum)) {
      a->negative_ttl_s = LWIP_MIN(LWIP_MIN(minimum, record.ttl_s), a->ttl_s);
      return;
    }
  }
}

bool dns_answer_read(struct dns_answer *a)
{
  a->ttl_s = DNS_MAX_TTL;
  for (int aliases = 0; aliases <= ALIASES_MAX; aliases++) {
    if (!count_answers(a)) {
      return false;
    }
    if (a->count > 0) {
      return a->type != DNS_RRTYPE_PTR || follow_name(a, DNS_RRTYPE_PTR);
    }
    if (!follow_name(a, DNS_RRTYPE_CNAME)) {
      find_negative_ttl(a);
      return true;
    }
  }
  return false; /* a circle */
}

void dns_answer_addrs(const struct dns_answer *a, ip_addr_t *addr)
{
  struct dns_reader r;
  struct dns_record record;
  size_t i = 0;
  rewind_to_records(a, &r);
  while (i < a->count && dns_reader_next(&r, &record) > 0) {
    if (is_answer(a, &record)) {
      dns_addr_from_bytes(&addr[i++], a->msg + record.data_at, a->type == DNS_RRTYPE_AAAA);
    }
  }
}
