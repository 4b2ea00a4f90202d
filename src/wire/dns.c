/**
 * @file
 * DNS messages: RFC 1035 4, RFC 2181 8, RFC 2308 5; RFC 9267 says how others got them wrong.
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/prot/dns.h"
#include "wire/bytes.h"
#include "wire/dns.h"

#define POINTER_BITS 0xC0U

/* --- names --- */

bool dns_name_from_text(struct dns_name *n, const char *text)
{
  size_t label_at = 0;
  size_t at = 1;
  n->len = 0;
  if (text[0] == '\0') {
    return false;
  }
  for (;; text++) {
    bool is_end = *text == '\0';
    if (!is_end && *text != '.') {
      if (at >= DNS_NAME_MAX - 1) {
        return false;
      }
      n->bytes[at++] = (u8_t)*text;
      continue;
    }
    size_t label_len = at - label_at - 1;
    if (is_end && label_len == 0 && label_at > 0) {
      break; /* a dot at the end */
    }
    if (label_len == 0 || label_len > DNS_LABEL_MAX) {
      return false;
    }
    n->bytes[label_at] = (u8_t)label_len;
    label_at = at++;
    if (is_end) {
      break;
    }
  }
  n->bytes[label_at] = 0;
  n->len = (u8_t)(label_at + 1);
  return true;
}

static bool is_plain(u8_t c)
{
  return c > ' ' && c < 0x7F && c != '.' && c != '\\';
}

static char *put_escaped(char *out, u8_t c)
{
  *out++ = '\\';
  *out++ = (char)('0' + c / 100);
  *out++ = (char)('0' + c / 10 % 10);
  *out++ = (char)('0' + c % 10);
  return out;
}

void dns_name_to_text(const struct dns_name *n, char text[DNS_NAME_TEXT_SIZE])
{
  char *out = text;
  for (size_t at = 0; at < n->len && n->bytes[at] != 0; at += n->bytes[at] + 1U) {
    if (at > 0) {
      *out++ = '.';
    }
    for (size_t i = 1; i <= n->bytes[at]; i++) {
      u8_t c = n->bytes[at + i];
      if (is_plain(c)) {
        *out++ = (char)c;
      } else {
        out = put_escaped(out, c);
      }
    }
  }
  *out = '\0';
}

static u8_t to_lower(u8_t c)
{
  return c >= 'A' && c <= 'Z' ? (u8_t)(c + ('a' - 'A')) : c;
}

/* Lengths of labels are below 'A', so it does not change them. */
void dns_name_to_lower(struct dns_name *n)
{
  for (size_t i = 0; i < n->len; i++) {
    n->bytes[i] = to_lower(n->bytes[i]);
  }
}

/* Lengths of labels are below 'A', so they may be compared like text. */
bool dns_name_eq(const struct dns_name *a, const struct dns_name *b)
{
  if (a->len != b->len) {
    return false;
  }
  for (size_t i = 0; i < a->len; i++) {
    if (to_lower(a->bytes[i]) != to_lower(b->bytes[i])) {
      return false;
    }
  }
  return true;
}

size_t dns_name_read(struct dns_name *n, const u8_t *msg, size_t len, size_t at)
{
  size_t end = 0;    /* behind the first pointer */
  size_t begin = at; /* of the labels that are read now */
  size_t out = 0;
  n->len = 0;
  while (at < len) {
    u8_t label_len = msg[at];
    if ((label_len & POINTER_BITS) == POINTER_BITS) {
      if (len - at < 2) {
        return 0;
      }
      size_t target = bytes_get16(msg + at) & 0x3FFFU;
      end = end != 0 ? end : at + 2;
      if (target >= begin || target < DNS_HEADER_LEN) {
        return 0;
      }
      begin = at = target;
      continue;
    }
    /* With two bits of the pointer's, the length is above DNS_LABEL_MAX. */
    if (label_len > DNS_LABEL_MAX || label_len + 1U > len - at ||
        label_len + 1U > DNS_NAME_MAX - out) {
      return 0;
    }
    memcpy(n->bytes + out, msg + at, label_len + 1U);
    out += label_len + 1U;
    at += label_len + 1U;
    if (label_len == 0) {
      n->len = (u8_t)out;
      return end != 0 ? end : at;
    }
  }
  return 0;
}

/* --- messages --- */

bool dns_header_read(struct dns_header *h, const u8_t *msg, size_t len)
{
  if (len < DNS_HEADER_LEN) {
    return false;
  }
  h->id = bytes_get16(msg);
  h->is_response = (msg[2] & DNS_FLAG1_RESPONSE) != 0;
  h->opcode = (msg[2] >> 3) & 0x0F;
  h->is_truncated = (msg[2] & DNS_FLAG1_TRUNC) != 0;
  h->rcode = msg[3] & DNS_FLAG2_ERR_MASK;
  h->questions = bytes_get16(msg + 4);
  for (int i = 0; i < 3; i++) {
    h->records[i] = bytes_get16(msg + 6 + 2 * i);
  }
  return true;
}

bool dns_reader_init(struct dns_reader *r, const struct dns_header *h, const u8_t *msg, size_t len,
                     struct dns_name *name, u16_t *type, u16_t *rclass)
{
  r->msg = msg;
  r->len = len;
  memcpy(r->left, h->records, sizeof r->left);
  if (h->questions != 1) {
    return false;
  }
  r->at = dns_name_read(name, msg, len, DNS_HEADER_LEN);
  if (r->at == 0 || len - r->at < 4) {
    return false;
  }
  *type = bytes_get16(msg + r->at);
  *rclass = bytes_get16(msg + r->at + 2);
  r->at += 4;
  return true;
}

int dns_reader_next(struct dns_reader *r, struct dns_record *record)
{
  int section = DNS_ANSWER;
  while (section <= DNS_ADDITIONAL && r->left[section] == 0) {
    section++;
  }
  if (section > DNS_ADDITIONAL) {
    return 0;
  }
  size_t at = dns_name_read(&record->owner, r->msg, r->len, r->at);
  if (at == 0 || r->len - at < 10) {
    return -1;
  }
  const u8_t *b = r->msg + at;
  record->section = (enum dns_section)section;
  record->type = bytes_get16(b);
  record->rclass = bytes_get16(b + 2);
  record->ttl_s = bytes_get32(b + 4);
  record->ttl_s = record->ttl_s > 0x7FFFFFFFU ? 0 : record->ttl_s;
  record->data_len = bytes_get16(b + 8);
  record->data_at = at + 10;
  if (record->data_len > r->len - record->data_at) {
    return -1;
  }
  r->at = record->data_at + record->data_len;
  r->left[section]--;
  return 1;
}

size_t dns_query_build(u8_t *msg, u16_t id, const struct dns_name *name, u16_t type)
{
  memset(msg, 0, DNS_HEADER_LEN);
  bytes_put16(msg, id);
  msg[2] = DNS_FLAG1_RD;
  bytes_put16(msg + 4, 1);
  memcpy(msg + DNS_HEADER_LEN, name->bytes, name->len);
  bytes_put16(msg + DNS_HEADER_LEN + name->len, type);
  bytes_put16(msg + DNS_HEADER_LEN + name->len + 2, DNS_RRCLASS_IN);
  return DNS_HEADER_LEN + name->len + 4U;
}

bool dns_soa_minimum(const u8_t *msg, size_t len, const struct dns_record *soa, u32_t *seconds)
{
  struct dns_name skipped;
  size_t end = soa->data_at + soa->data_len;
  size_t at = dns_name_read(&skipped, msg, len, soa->data_at);
  at = at != 0 ? dns_name_read(&skipped, msg, len, at) : 0;
  if (at == 0 || at > end || end - at != 20) {
    return false;
  }
  *seconds = bytes_get32(msg + at + 16);
  return true;
}
