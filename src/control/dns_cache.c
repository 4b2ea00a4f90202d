/**
 * @file
 * What the resolver knows, and for how long: RFC 1035 7.4, RFC 2308 5, RFC 2181 8.
 *
 * State: a list of entries, the last used one first, at most two (IPv4, IPv6) for each of
 * DNS_TABLE_SIZE names; one timer for the first end of a lifetime. The oldest one that nobody waits
 * for makes room.
 *
 * Invariants: entries with users or an ask stay; those without, whose life is over, are gone as
 * soon as the timer comes.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_DNS

#include "lwip/def.h"
#include "lwip/mem.h"
#include "gossamer/state.h"
#include "control/dns_priv.h"

struct dns_cache_state {
  struct dns_entry *first;
  u16_t count;
  struct timer timer;
};
STACK_STATE(struct dns_cache_state, cache);

static void cache_expire(struct timer *t);

static void cache_timer_set(void)
{
  u32_t wait_ms = TIMER_NEVER;
  for (struct dns_entry *e = cache()->first; e != NULL; e = e->next) {
    if (e->users == 0 && e->ask == NULL) {
      wait_ms = LWIP_MIN(wait_ms, lifetime_wait_ms(&e->life));
    }
  }
  lifetime_timer_set(&cache()->timer, cache_expire, wait_ms);
}

void dns_entry_empty(struct dns_entry *e)
{
  mem_free(e->addr);
  mem_free(e->canonical);
  e->addr = NULL;
  e->count = 0;
  e->canonical = NULL;
  e->is_truncated = false;
}

void dns_entry_clear(struct dns_entry *e)
{
  dns_ask_stop(e);
  dns_entry_empty(e);
  lifetime_start(&e->life, 0);
}

static void entry_free(struct dns_entry **at)
{
  struct dns_entry *e = *at;
  *at = e->next;
  cache()->count--;
  dns_entry_clear(e);
  mem_free(e);
}

static bool entry_is_over(const struct dns_entry *e)
{
  return e->users == 0 && e->ask == NULL && lifetime_is_over(&e->life);
}

static void cache_expire(struct timer *t)
{
  LWIP_UNUSED_ARG(t);
  struct dns_entry **at = &cache()->first;
  while (*at != NULL) {
    if (entry_is_over(*at)) {
      entry_free(at);
    } else {
      at = &(*at)->next;
    }
  }
  cache_timer_set();
}

/** @return the link to it, or the last one */
static struct dns_entry **entry_find(const struct dns_name *name, u8_t family)
{
  struct dns_entry **at = &cache()->first;
  while (*at != NULL && ((*at)->family != family || !dns_name_eq(&(*at)->name, name))) {
    at = &(*at)->next;
  }
  return at;
}

/** Let the oldest one that nobody wants go. */
static void make_room(void)
{
  struct dns_entry **victim = NULL;
  for (struct dns_entry **at = &cache()->first; *at != NULL; at = &(*at)->next) {
    if ((*at)->users == 0 && (*at)->ask == NULL) {
      victim = at;
    }
  }
  if (victim != NULL) {
    entry_free(victim);
  }
}

static struct dns_entry *entry_new(const struct dns_name *name, u8_t family)
{
  const size_t bytes = offsetof(struct dns_entry, name) + DNS_NAME_BYTES(name);
  if (cache()->count >= 2 * DNS_TABLE_SIZE) {
    make_room();
  }
  if (cache()->count >= 2 * DNS_TABLE_SIZE) {
    return NULL;
  }
  struct dns_entry *e = (struct dns_entry *)mem_malloc((mem_size_t)bytes);
  if (e != NULL) {
    memset(e, 0, bytes);
    e->family = family;
    memcpy(&e->name, name, DNS_NAME_BYTES(name));
    cache()->count++;
  }
  return e;
}

struct dns_entry *dns_entry_get(const struct dns_name *name, u8_t family)
{
  struct dns_entry **at = entry_find(name, family);
  struct dns_entry *e = *at;
  if (e != NULL) {
    *at = e->next;
  } else {
    e = entry_new(name, family);
  }
  if (e != NULL) {
    e->next = cache()->first;
    cache()->first = e;
  }
  return e;
}

bool dns_entry_is_known(const struct dns_entry *e)
{
  return e->ask == NULL && !lifetime_is_over(&e->life);
}

void dns_entry_set(struct dns_entry *e, enum resolve_status status, u32_t ttl_s)
{
  e->status = status;
  lifetime_start(&e->life, ttl_s);
}

void dns_entry_release(struct dns_entry *e)
{
  e->users--;
  if (e->users == 0) {
    dns_ask_stop(e); /* nobody wants the answer */
  }
  if (entry_is_over(e)) {
    entry_free(entry_find(&e->name, e->family));
  }
  cache_timer_set();
}

void dns_cache_clear(void)
{
  struct dns_entry **at = &cache()->first;
  while (*at != NULL) {
    if ((*at)->users == 0) {
      entry_free(at);
    } else {
      at = &(*at)->next;
    }
  }
  cache_timer_set();
}

void dns_cache_fini(void)
{
  while (cache()->first != NULL) {
    entry_free(&cache()->first);
  }
  timer_cancel(&cache()->timer);
}

u16_t dns_cache_asking(void)
{
  u16_t count = 0;
  for (const struct dns_entry *e = cache()->first; e != NULL; e = e->next) {
    count = (u16_t)(count + (e->ask != NULL));
  }
  return count;
}

#endif /* LWIP_DNS */
