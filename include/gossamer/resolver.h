/**
 * @file
 * Names to addresses, whoever knows them: the one way in which the stack asks, and how a program
 * plugs in its own source of answers (multicast DNS, a host's resolver, a table).
 *
 * A query is a struct of the asker's, in use until `done` is called or the query is cancelled:
 *
 *     static void found(struct resolve_query *q, const struct resolve_answer *a) { ... }
 *     q.name = "www.example.org"; q.families = RESOLVE_IP4 | RESOLVE_IP6; q.done = found;
 *     resolve_start(&q);
 *
 * Who is asked, in this order: "localhost" and names that end in ".localhost" (RFC 6761 6.3, always
 * this host), the local host list (lwip/dns.h), resolvers that were added, the last one first, and
 * DNS. Numbers such as "10.0.0.1" are no names: ipaddr_aton() knows them.
 *
 * Threads: all with the core lock held; callbacks have it, too.
 */
#ifndef GOSSAMER_RESOLVER_H
#define GOSSAMER_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/* struct resolve_query.families */
#define RESOLVE_IP4 0x01U
#define RESOLVE_IP6 0x02U
/** By itself: the name of an address, which stands in `name` (resolve_name_of_address()). It comes
    as the answer's `canonical`; there are no addresses. */
#define RESOLVE_NAME 0x04U

/** Room for any name that resolve_name_of_address() makes. */
#define RESOLVE_ADDRESS_NAME_SIZE 73

/** The name to ask RESOLVE_NAME for: "1.2.0.192.in-addr.arpa" (RFC 1035 3.5), "1.0 ... .ip6.arpa"
    (RFC 3596 2.5). */
void resolve_name_of_address(const ip_addr_t *addr, char name[RESOLVE_ADDRESS_NAME_SIZE]);

/** The bit of an address. */
static inline u8_t resolve_family_of(const ip_addr_t *addr)
{
  LWIP_UNUSED_ARG(addr);
  return IP_IS_V6(addr) ? RESOLVE_IP6 : RESOLVE_IP4;
}

enum resolve_status {
  RESOLVE_OK,
  RESOLVE_NO_NAME,   /* there is no such name, or it cannot be one */
  RESOLVE_NO_DATA,   /* there is, without addresses of these families */
  RESOLVE_TRY_AGAIN, /* nobody has answered in time, or there is nobody to ask */
  RESOLVE_FAILED,    /* the answers are of no use */
  RESOLVE_NO_MEMORY,
  RESOLVE_NOT_MINE /* a resolver's word to ask the next one; no asker gets it */
};

/** Valid during the call of `done`. */
struct resolve_answer {
  enum resolve_status status;
  const ip_addr_t *addr; /* all of them, as they came; RESOLVE_OK only */
  size_t count;
  /** What the name is an alias of, in lower case; NULL: of nothing. RESOLVE_NAME: the name. Bytes
      that are not printable, blanks, and dots and backslashes within a label come as \DDD, decimal
      (RFC 4343 2.1): no name holds a zero. */
  const char *canonical;
  u32_t ttl_s;       /* seconds that it is good for */
  bool is_truncated; /* there are more, which did not fit; RESOLVE_FAILED: none did */
};

struct resolver;

struct resolve_query {
  const char *name; /* stays there until the end of the query; a dot at the end is fine */
  u8_t families;    /* RESOLVE_* */
  /** Called once, perhaps by resolve_start() itself. It may start this query again, or free it. */
  void (*done)(struct resolve_query *q, const struct resolve_answer *a);
  void *arg; /* the asker's own */

  struct resolver *resolver;  /* private: who works on it; NULL: nobody */
  void *work;                 /* the resolver's own */
  struct resolve_query *next; /* the resolver's own */
};

/** Start. Nothing is waited for: `done` tells. */
void resolve_start(struct resolve_query *q);

/** End a query without an answer; harmless for one that is over and not reused. */
void resolve_cancel(struct resolve_query *q);

/** One that answers queries: storage is the program's. Set both functions, zero the rest. */
struct resolver {
  /** Answer by resolve_done(), now or later. */
  void (*start)(struct resolver *r, struct resolve_query *q);
  /** The asker wants no answer any more: forget the query. */
  void (*cancel)(struct resolver *r, struct resolve_query *q);
  struct resolver *next; /* private */
  bool is_linked;        /* private */
};

/** Ask it from now on, before all others; harmless for one that is linked. */
void resolver_add(struct resolver *r);

/** Ask it no more. It has answered all its queries before. */
void resolver_remove(struct resolver *r);

/** A resolver's answer to a query. RESOLVE_NOT_MINE: the next one is asked. */
void resolve_done(struct resolve_query *q, const struct resolve_answer *a);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_RESOLVER_H */
