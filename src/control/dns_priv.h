/**
 * @file
 * The resolver's rooms: dns.c (queries of programs), dns_cache.c (what is known), dns_ask.c (one
 * question on its way), dns_answer.c (reading), dns_servers.c (whom to ask), dns_api.c
 * (lwip/dns.h).
 */
#ifndef CONTROL_DNS_PRIV_H
#define CONTROL_DNS_PRIV_H

#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "gossamer/lifetime.h"
#include "gossamer/resolver.h"
#include "wire/dns.h"

struct dns_ask;

/** What is known, or being asked, about the addresses of one IP version of one name, or the name of
    one address. */
struct dns_entry {
  struct dns_entry *next;
  struct dns_ask *ask; /* on its way; NULL: the rest is known */
  struct lifetime life;
  enum resolve_status status;
  u8_t family; /* RESOLVE_* */
  bool is_truncated;
  u16_t users;     /* queries that want it */
  size_t count;    /* addresses */
  ip_addr_t *addr; /* allocated */
  struct dns_name
      *canonical;       /* allocated, cut; NULL: the name is no alias. Of an address: its name */
  struct dns_name name; /* cut behind its end: the last member */
};

/** Bytes of an object that ends with a name. */
#define DNS_NAME_BYTES(n) (offsetof(struct dns_name, bytes) + (n)->len)

/* --- dns_cache.c --- */

/** The entry, being asked for, known, or a new one about which nothing is known (its lifetime is
    over); NULL: no memory. */
struct dns_entry *dns_entry_get(const struct dns_name *name, u8_t family);
/** Is there a valid answer? */
bool dns_entry_is_known(const struct dns_entry *e);
/** Has something been found? */
static inline bool dns_entry_has_answer(const struct dns_entry *e)
{
  return e->count > 0 || (e->family == RESOLVE_NAME && e->canonical != NULL);
}
/** No answer any more; who asks for it goes on. */
void dns_entry_empty(struct dns_entry *e);
/** Nothing but its name. */
void dns_entry_clear(struct dns_entry *e);
/** Note the answer. `ttl_s` 0: for those that wait for it alone. */
void dns_entry_set(struct dns_entry *e, enum resolve_status status, u32_t ttl_s);
/** A user less; it may be gone now. */
void dns_entry_release(struct dns_entry *e);
/** Forget what nobody waits for. */
void dns_cache_clear(void);
/** Forget everything: the instance ends. */
void dns_cache_fini(void);
u16_t dns_cache_asking(void);

/* --- dns_ask.c --- */

/** Ask for it: e->ask is set, or the entry says why not. */
void dns_ask_start(struct dns_entry *e);
/** Stop asking: dns_entry_clear() calls it. */
void dns_ask_stop(struct dns_entry *e);
/** The instance ends. */
void dns_ask_fini(void);

/* --- dns.c --- */

/** Some entry is known now: answer whoever waits for it. */
void dns_entries_changed(void);

#endif /* CONTROL_DNS_PRIV_H */
