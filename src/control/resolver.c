/**
 * @file
 * Who knows a name: this host itself (RFC 6761 6.3), the local list, then the resolvers in turn.
 *
 * State: the list of resolvers. Invariant: a query with `resolver` set is known to that one, which
 * has not answered it.
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/mem.h"
#include "lwip/tcpip.h"
#include "lwip/priv/dns_hooks.h"
#include "gossamer/resolver.h"
#include "gossamer/state.h"
#include "control/dns_local.h"

#define NAME_MAX_LEN  253 /* RFC 1035 2.3.4, as text without a dot at the end */
#define LABEL_MAX_LEN 63

struct resolver_state {
  struct resolver *first;
};
STACK_STATE(struct resolver_state, resolvers);

/** Length without a dot at the end. */
static size_t name_len(const char *name)
{
  size_t len = strlen(name);
  return len > 0 && name[len - 1] == '.' ? len - 1 : len;
}

/** Could it be one: labels of 1 to 63 bytes, 253 in all? */
static bool name_is_sane(const char *name)
{
  size_t len = name_len(name);
  size_t label_len = 0;
  if (len == 0 || len > NAME_MAX_LEN) {
    return false;
  }
  for (size_t i = 0; i <= len; i++) {
    if (i < len && name[i] != '.') {
      label_len++;
      continue;
    }
    if (label_len == 0 || label_len > LABEL_MAX_LEN) {
      return false;
    }
    label_len = 0;
  }
  return true;
}

bool name_is_localhost(const char *name)
{
  static const char localhost[] = "localhost";
  size_t len = name_len(name);
  if (len < sizeof localhost - 1) {
    return false;
  }
  size_t at = len - (sizeof localhost - 1);
  return lwip_strnicmp(name + at, localhost, sizeof localhost - 1) == 0 &&
         (at == 0 || name[at - 1] == '.');
}

/** Loopback addresses of these families. @return how many, at most 2 */
static size_t localhost_find(u8_t families, ip_addr_t *addr)
{
  size_t count = 0;
  if (LWIP_IPV6 && (families & RESOLVE_IP6) != 0) {
    ip_addr_set_loopback(1, &addr[count]);
    count++;
  }
  if (LWIP_IPV4 && (families & RESOLVE_IP4) != 0) {
    ip_addr_set_loopback(0, &addr[count]);
    count++;
  }
  return count;
}

static void finish(struct resolve_query *q, const struct resolve_answer *a)
{
  q->resolver = NULL;
  q->done(q, a);
}

static void finish_without(struct resolve_query *q, enum resolve_status status)
{
  const struct resolve_answer a = {.status = status};
  finish(q, &a);
}

static void finish_with(struct resolve_query *q, const ip_addr_t *addr, size_t count)
{
  const struct resolve_answer a = {.status = RESOLVE_OK, .addr = addr, .count = count};
  finish(q, &a);
}

/** @return true: the local list has it, and the query is over */
static bool answer_from_list(struct resolve_query *q)
{
  size_t count = dns_local_find(q->name, q->families, NULL, 0);
  if (count == 0) {
    return false;
  }
  ip_addr_t *addr = (ip_addr_t *)mem_malloc((mem_size_t)(count * sizeof *addr));
  if (addr == NULL) {
    finish_without(q, RESOLVE_NO_MEMORY);
    return true;
  }
  dns_local_find(q->name, q->families, addr, count);
  finish_with(q, addr, count);
  mem_free(addr);
  return true;
}

static void ask(struct resolve_query *q, struct resolver *r)
{
  q->resolver = r;
  if (r == NULL) {
    finish_without(q, RESOLVE_TRY_AGAIN);
  } else {
    r->start(r, q);
  }
}

void resolve_start(struct resolve_query *q)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip_addr_t addr[2];
  q->resolver = NULL;
  q->work = NULL;
  if (!name_is_sane(q->name)) {
    finish_without(q, RESOLVE_NO_NAME);
  } else if (name_is_localhost(q->name)) {
    size_t count = localhost_find(q->families, addr);
    if (count > 0) {
      finish_with(q, addr, count);
    } else {
      finish_without(q, RESOLVE_NO_DATA);
    }
  } else if (!answer_from_list(q)) {
    ask(q, resolvers()->first);
  }
}

void resolve_cancel(struct resolve_query *q)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct resolver *r = q->resolver;
  if (r != NULL) {
    q->resolver = NULL;
    r->cancel(r, q);
  }
}

void resolve_done(struct resolve_query *q, const struct resolve_answer *a)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("resolve_done: the query is over", q->resolver != NULL);
  if (a->status == RESOLVE_NOT_MINE) {
    q->work = NULL;
    ask(q, q->resolver->next);
  } else {
    finish(q, a);
  }
}

static char *put_decimal(char *at, u8_t value)
{
  if (value >= 100) {
    *at++ = (char)('0' + value / 100);
  }
  if (value >= 10) {
    *at++ = (char)('0' + value / 10 % 10);
  }
  *at++ = (char)('0' + value % 10);
  return at;
}

void resolve_name_of_address(const ip_addr_t *addr, char name[RESOLVE_ADDRESS_NAME_SIZE])
{
  static const char digits[] = "0123456789abcdef";
  u8_t bytes[16];
  size_t len = dns_addr_to_bytes(addr, bytes);
  for (size_t i = len; i-- > 0;) {
    if (len == 4) {
      name = put_decimal(name, bytes[i]);
    } else {
      *name++ = digits[bytes[i] & 0x0F];
      *name++ = '.';
      *name++ = digits[bytes[i] >> 4];
    }
    *name++ = '.';
  }
  strcpy(name, len == 4 ? "in-addr.arpa" : "ip6.arpa");
}

void resolver_add(struct resolver *r)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!r->is_linked) {
    r->next = resolvers()->first;
    resolvers()->first = r;
    r->is_linked = true;
  }
}

void resolver_remove(struct resolver *r)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct resolver **at = &resolvers()->first;
  while (*at != NULL && *at != r) {
    at = &(*at)->next;
  }
  if (*at != NULL) {
    *at = r->next;
    r->is_linked = false;
  }
}

static void resolver_fini(void)
{
  resolvers()->first = NULL;
}

const struct net_module resolver_module = {.name = "resolver", .fini = resolver_fini};
