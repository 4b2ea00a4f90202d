/**
 * @file
 * DNS as a resolver (gossamer/resolver.h): queries of programs, each for one or two entries of the
 * cache, which share questions.
 *
 * State: the queries that wait. Invariant: the entries of a query count it as a user.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_DNS

#include "lwip/def.h"
#include "lwip/dns.h"
#include "lwip/mem.h"
#include "lwip/tcpip.h"
#include "gossamer/state.h"
#include "control/dns_module.h"
#include "control/dns_priv.h"

#define FAMILIES 3

/** A query. */
struct dns_job {
  struct dns_job *next;
  struct resolve_query *query;
  struct dns_entry *entry[FAMILIES]; /* IPv6, IPv4, name; NULL: not wanted */
};

struct dns_state {
  struct resolver resolver;
  struct dns_job *jobs;
};
STACK_STATE(struct dns_state, dns);

static void job_free(struct dns_job *job)
{
  for (size_t i = 0; i < FAMILIES; i++) {
    if (job->entry[i] != NULL) {
      dns_entry_release(job->entry[i]);
    }
  }
  mem_free(job);
}

static void job_unlink(struct dns_job *job)
{
  struct dns_job **at = &dns()->jobs;
  while (*at != job) {
    at = &(*at)->next;
  }
  *at = job->next;
}

/** Of two entries without addresses, the one that says more. */
static enum resolve_status worse_of(enum resolve_status a, enum resolve_status b)
{
  static const enum resolve_status order[] = {RESOLVE_NO_NAME, RESOLVE_TRY_AGAIN, RESOLVE_FAILED,
                                              RESOLVE_NO_MEMORY};
  for (size_t i = 0; i < LWIP_ARRAYSIZE(order); i++) {
    if (a == order[i] || b == order[i]) {
      return order[i];
    }
  }
  return RESOLVE_NO_DATA;
}

/** Status, lifetime and number of all that was found. @return whose canonical name to tell */
static const struct dns_entry *job_sum_up(const struct dns_job *job, struct resolve_answer *a)
{
  const struct dns_entry *named = NULL;
  a->status = RESOLVE_NO_DATA;
  a->ttl_s = DNS_MAX_TTL;
  for (size_t i = 0; i < FAMILIES; i++) {
    const struct dns_entry *e = job->entry[i];
    if (e == NULL) {
      continue;
    }
    a->is_truncated = a->is_truncated || e->is_truncated;
    if (e->status != RESOLVE_OK) {
      a->status = a->status == RESOLVE_OK ? RESOLVE_OK : worse_of(a->status, e->status);
      continue;
    }
    a->status = RESOLVE_OK;
    a->count += e->count;
    a->ttl_s = LWIP_MIN(a->ttl_s, lifetime_left_s(&e->life));
    named = named == NULL && e->canonical != NULL ? e : named;
  }
  return named;
}

/** Copies of what is told, since entries may change while the program is called. @return false: no
    memory */
static bool job_copy(const struct dns_job *job, const struct dns_entry *named,
                     struct resolve_answer *a, void **memory)
{
  size_t bytes = a->count * sizeof(ip_addr_t);
  *memory = NULL;
  if (a->status != RESOLVE_OK) {
    return true;
  }
  *memory = mem_malloc((mem_size_t)(bytes + (named != NULL ? DNS_NAME_TEXT_SIZE : 0)));
  if (*memory == NULL) {
    return false;
  }
  ip_addr_t *addr = (ip_addr_t *)*memory;
  a->addr = addr;
  for (size_t i = 0; i < FAMILIES; i++) {
    const struct dns_entry *e = job->entry[i];
    if (e != NULL && e->status == RESOLVE_OK && e->count > 0) {
      memcpy(addr, e->addr, e->count * sizeof *addr);
      addr += e->count;
    }
  }
  if (named != NULL) {
    char *text = (char *)addr;
    dns_name_to_text(named->canonical, text);
    a->canonical = text;
  }
  return true;
}

static void job_finish(struct dns_job *job)
{
  struct resolve_answer a = {.count = 0};
  void *memory;
  struct resolve_query *q = job->query;
  const struct dns_entry *named = job_sum_up(job, &a);
  if (!job_copy(job, named, &a, &memory)) {
    memset(&a, 0, sizeof a);
    a.status = RESOLVE_NO_MEMORY;
  }
  job_unlink(job);
  job_free(job);
  resolve_done(q, &a);
  mem_free(memory);
}

static bool job_is_complete(const struct dns_job *job)
{
  bool is_complete = true;
  for (size_t i = 0; i < FAMILIES; i++) {
    is_complete = is_complete && (job->entry[i] == NULL || job->entry[i]->ask == NULL);
  }
  return is_complete;
}

void dns_entries_changed(void)
{
  struct dns_job *job = dns()->jobs;
  while (job != NULL) {
    if (job_is_complete(job)) {
      job_finish(job);
      job = dns()->jobs; /* programs were called */
    } else {
      job = job->next;
    }
  }
}

/** Have the entry of one family, and see that it gets known. @return false: no memory */
static bool job_want(struct dns_job *job, size_t i, const struct dns_name *name, u8_t family)
{
  struct dns_entry *e = dns_entry_get(name, family);
  if (e == NULL) {
    return false;
  }
  job->entry[i] = e;
  e->users++;
  if (e->ask == NULL && !dns_entry_is_known(e)) {
    dns_entry_clear(e);
    dns_ask_start(e);
  }
  return true;
}

static struct dns_job *job_new(struct resolve_query *q, const struct dns_name *name)
{
  static const u8_t family[FAMILIES] = {RESOLVE_IP6, RESOLVE_IP4, RESOLVE_NAME};
  struct dns_job *job = (struct dns_job *)mem_malloc(sizeof *job);
  bool is_ok = job != NULL;
  if (is_ok) {
    memset(job, 0, sizeof *job);
    job->query = q;
  }
  for (size_t i = 0; i < FAMILIES && is_ok; i++) {
    if ((q->families & family[i]) != 0) {
      is_ok = job_want(job, i, name, family[i]);
    }
  }
  if (!is_ok && job != NULL) {
    job_free(job);
    job = NULL;
  }
  return job;
}

static void dns_start(struct resolver *r, struct resolve_query *q)
{
  struct dns_name name;
  struct resolve_answer none = {.status = RESOLVE_NO_NAME};
  LWIP_UNUSED_ARG(r);
  if (!dns_name_from_text(&name, q->name)) {
    resolve_done(q, &none);
    return;
  }
  struct dns_job *job = job_new(q, &name);
  if (job == NULL) {
    none.status = RESOLVE_NO_MEMORY;
    resolve_done(q, &none);
    return;
  }
  job->next = dns()->jobs;
  dns()->jobs = job;
  q->work = job;
  if (job_is_complete(job)) {
    job_finish(job);
  }
}

static void dns_cancel(struct resolver *r, struct resolve_query *q)
{
  struct dns_job *job = (struct dns_job *)q->work;
  LWIP_UNUSED_ARG(r);
  job_unlink(job);
  job_free(job);
}

void dns_clear_cache(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  dns_cache_clear();
}

void dns_init(void)
{
}

void dns_tmr(void)
{
}

static void dns_module_init(void)
{
  memset(dns(), 0, sizeof *dns());
  dns()->resolver.start = dns_start;
  dns()->resolver.cancel = dns_cancel;
  resolver_add(&dns()->resolver);
}

static void dns_module_fini(void)
{
  while (dns()->jobs != NULL) {
    struct dns_job *job = dns()->jobs;
    dns()->jobs = job->next;
    job_free(job);
  }
  dns_cache_fini();
  dns_ask_fini();
  resolver_remove(&dns()->resolver);
}

const struct net_module dns_module = {
    .name = "dns", .init = dns_module_init, .fini = dns_module_fini};

#endif /* LWIP_DNS */
