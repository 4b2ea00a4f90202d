/** @file What a well-formed message answers to a question: aliases followed, addresses, how long.
 */
#ifndef CONTROL_DNS_ANSWER_H
#define CONTROL_DNS_ANSWER_H

#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "wire/dns.h"

/** A message, and what was read of it. */
struct dns_answer {
  const u8_t *msg;
  size_t len;
  struct dns_header header;
  struct dns_name
      name; /* first the question's, then what it is an alias of, or an address's name */
  u16_t type;
  bool is_alias;
  size_t count; /* addresses of `name`; of a PTR question, names: `name` is the first */
  u32_t ttl_s;  /* of all that led there, the least */
  u32_t
      negative_ttl_s; /* without addresses: for how long there are none (RFC 2308 5); 0: unknown */
};

/**
 * Check that it is the response to a question.
 *
 * @param asked     the question
 * @param is_exact  upper and lower case have to be as asked
 */
bool dns_answer_fits(struct dns_answer *a, const u8_t *msg, size_t len, u16_t id,
                     const struct dns_name *asked, u16_t type, bool is_exact);

/** Read the records of one that fits. @return false: malformed */
bool dns_answer_read(struct dns_answer *a);

/** Its addresses, `a->count` of them; it is not about a PTR question. */
void dns_answer_addrs(const struct dns_answer *a, ip_addr_t *addr);

#endif /* CONTROL_DNS_ANSWER_H */
